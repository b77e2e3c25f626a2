#ifndef GATEWAY_READER_SAYING_H
#define GATEWAY_READER_SAYING_H

#include "gateway/answer/json.h"
#include "validators/base/moment.h"
#include "validators/base/uuid.h"

/* How what the store keeps is said: the same words, times and digests in every answer. */

struct str saying_set(struct str state);   /* "consistent" -> "Zgodny" */
struct str saying_state(struct str state); /* "checking" -> "Sprawdzamy" */

/* Members "verdict" and "verdict_text"; both null when nothing is decided yet. */
void saying_verdict(struct json *json, int64_t verdict, bool is_decided);

/* A member with a time in Warsaw or UTC; null for 0. */
void saying_instant(struct json *json, const char *key, instant at);
void saying_instant_utc(struct json *json, const char *key, instant at);

/* "2026-07-10T07:00:00.412Z"; empty for 0. Appended. */
void saying_write_utc(struct buf *out, instant at);

struct str saying_uuid(struct arena *arena, struct uuid id);
struct str saying_hex(struct arena *arena, struct str bytes);
struct str saying_time(struct arena *arena, instant at); /* in Warsaw; empty for 0 */

#endif
