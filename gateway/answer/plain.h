#ifndef GATEWAY_ANSWER_PLAIN_H
#define GATEWAY_ANSWER_PLAIN_H

#include "validators/base/buf.h"

/*
 * Text from a file, made safe for a terminal and for one line of it. A terminal obeys control
 * characters, and a reader is misled by characters that turn or hide text; so white space becomes
 * one space, other controls their picture (ESC: U+241B), and C1 controls, characters of direction
 * and of no width, line separators, tags, noncharacters and bytes that are not UTF-8 become U+FFFD.
 */
void plain_append(struct buf *out, struct str text);

/* The same into arena; .data == NULL when it is full. */
struct str plain_copy(struct arena *arena, struct str text);

#endif
