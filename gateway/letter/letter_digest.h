#ifndef GATEWAY_LETTER_LETTER_DIGEST_H
#define GATEWAY_LETTER_LETTER_DIGEST_H

#include "gateway/letter/letter_text.h"

/*
 * Letters that collect: what the units of a person owe, once a day, and what became of what they
 * filed. At most LETTER_LINES_MAX lines, of sets that have turned LETTER_TURNED_MAX; of the rest
 * their number. Pure.
 */
enum { LETTER_LINES_MAX = 30, LETTER_TURNED_MAX = 10 };

enum letter_standing {
    LETTER_MISSING,
    LETTER_PENDING,
    LETTER_HELD,
    LETTER_RETURNED,
    LETTER_QUERY,
    LETTER_CHARGED, /* by a rule of its set */
    LETTER_CLEARED  /* of what a rule of its set had found */
};

struct letter_line {
    struct str           unit; /* empty: it is not theirs to know */
    struct str           form;
    struct str           period;
    enum letter_standing standing;
    struct date          due;      /* of a duty */
    struct date          internal; /* of a duty; year 0: none */
    bool                 late;     /* of a duty */
    struct str set; /* state of its set, "inconsistent"; empty: it is not theirs to know */
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

/* What the owner of a rule has said of an objection. */
struct letter_answer {
    struct str code;
    struct str form;
    struct str period;
    struct str unit;    /* empty: it is not theirs to know */
    struct str outcome; /* "accepted", "declined" */
    struct str remedy;  /* "rule-change", "rule-off", "release" */
};

struct letter_results {
    struct str                  public_url;
    struct str                  name;
    const struct letter_line   *lines;
    size_t                      count;
    int64_t                     all;
    const struct letter_line   *turned; /* reports that are charged in sets that have turned */
    size_t                      turned_count;
    int64_t                     turned_all;
    const struct letter_answer *answers; /* at most LETTER_TURNED_MAX */
    size_t                      answer_count;
    int64_t                     answer_all;
};

struct letter_text letter_digest_results(struct arena *arena, const struct letter_results *results);

#endif
