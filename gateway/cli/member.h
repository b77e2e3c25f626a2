#ifndef GATEWAY_CLI_MEMBER_H
#define GATEWAY_CLI_MEMBER_H

#include "validators/base/str.h"

#include <jansson.h>

/*
 * Members of a JSON object that somebody else wrote: what is not there, or is of another kind, is
 * empty, zero or false. Texts live as long as the object.
 */
struct str    member_text(const json_t *object, const char *key);
int64_t       member_number(const json_t *object, const char *key);
bool          member_truth(const json_t *object, const char *key);
const json_t *member_object(const json_t *object, const char *key); /* or array; NULL if neither */

/* For arena_defer: an object that was parsed, with all its members. */
void member_release(void *object);

#endif
