#ifndef GATEWAY_LETTER_LETTER_DIGEST_H
#define GATEWAY_LETTER_LETTER_DIGEST_H

#include "gateway/letter/letter_text.h"

/*
 * Letters that collect: what the units of a person owe, once a day, and what became of what they
 * filed. At most LETTER_LINES_MAX lines; of the rest their number. Pure.
 */
enum { LETTER_LINES_MAX = 30 };

enum letter_standing { LETTER_MISSING, LETTER_PENDING, LETTER_HELD, LETTER_RETURNED, LETTER_QUERY };

struct letter_line {
    struct str           unit; /* empty: it is not theirs to know */
    struct str           form;
    struct str           period;
    enum letter_standing standing;
    struct date          due;      /* of a duty */
    struct date          internal; /* of a duty; year 0: none */
    bool                 late;     /* of a duty */
};

/* An invitation that could not be delivered. */
struct letter_refused {
    struct str name;
    struct str email;
    struct str place;
};

struct letter_digest {
    struct str                   public_url;
    struct str                   name; /* who is written to */
    struct date                  day;
    const struct letter_line    *lines; /* late ones first */
    size_t                       count;
    int64_t                      late;    /* all of them */
    int64_t                      soon;    /* within a week, all of them */
    int64_t                      omitted; /* letters that were left out */
    int64_t                      day_max;
    const struct letter_refused *refused; /* invitations of theirs */
    size_t                       refused_count;
};

struct letter_text letter_digest_duties(struct arena *arena, const struct letter_digest *digest);

struct letter_results {
    struct str                public_url;
    struct str                name;
    const struct letter_line *lines;
    size_t                    count;
    int64_t                   all;
};

struct letter_text letter_digest_results(struct arena *arena, const struct letter_results *results);

#endif
