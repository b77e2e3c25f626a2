#ifndef GATEWAY_ADMIN_ADMIN_HELP_H
#define GATEWAY_ADMIN_ADMIN_HELP_H

#include <stdio.h>

/* How `brama admin` is used, all of it. */
void admin_help_write(FILE *out);

/* The part of `brama admin NOUN`, or of `brama admin NOUN VERB` alone (NULL: all verbs). */
void admin_help_write_part(FILE *out, const char *noun, const char *verb);

#endif
