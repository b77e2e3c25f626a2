#ifndef GATEWAY_READER_WISH_H
#define GATEWAY_READER_WISH_H

#include "gateway/reader/asked.h"

/*
 * Values of parameters, read strictly: each function is false when the value stands there and is
 * not what it must be; an absent one gives the value for "not asked"
 * (a text: empty, never NULL). Texts of refusals belong to
 * the resource, which knows what the parameter is for.
 */

/* One of several wishes, and whether it could be read. */
struct wish_check {
    const char *name;
    const char *wanted; /* for asked_refuse_parameter */
    bool        good;
};

/* The first that is not good; its name is NULL when all are. */
struct wish_check wish_first_bad(const struct wish_check *checks, size_t count);

/* min .. max in decimal, without sign or leading zeros. */
MUST_USE bool wish_number(const struct asked *asked, const char *name, int64_t min, int64_t max,
                          int64_t otherwise, int64_t *out);

/* One of the space-separated words of list. */
MUST_USE bool wish_word(const struct asked *asked, const char *name, struct str list,
                        struct str *out);

/* 9 or 14 digits; whether there is such a unit is not asked here. */
MUST_USE bool wish_regon(const struct asked *asked, const char *name, struct str *out);

/* "2026-Q2", "2026-06" or "2026". */
MUST_USE bool wish_period(const struct asked *asked, const char *name, struct str *out);

/* At most size_max bytes. */
MUST_USE bool wish_text(const struct asked *asked, const char *name, size_t size_max,
                        struct str *out);

/*
 * RFC 3339, or a date: its first moment in Warsaw, or for WISH_TO the first one after it.
 * Nothing earlier than *out of WISH_FROM, nothing at or after *out of WISH_TO is meant.
 */
enum wish_edge { WISH_FROM, WISH_TO };

MUST_USE bool wish_instant(const struct asked *asked, const char *name, enum wish_edge edge,
                           instant *out);

#endif
