#ifndef GATEWAY_LETTER_LETTER_TEXT_H
#define GATEWAY_LETTER_LETTER_TEXT_H

#include "validators/base/moment.h"

/*
 * What the letters of Brama say, in Polish. A letter is read by whoever can open the mailbox: form,
 * unit, period, day, state and the code of a rule that was objected to stand in it, and never an
 * amount, a number of a person or a finding.
 * Pure: facts in, a subject and a text out. Texts of others are shown on one line (answer/plain.h),
 * and a long one is cut: whatever a unit is called, its letters fit in LETTER_SIZE_MAX (letter.h).
 */
enum { LETTER_TEXT_CHARACTERS_MAX = 200 }; /* of one text of others, its "…" among them */

struct letter_text {
    struct str subject; /* .data == NULL: arena is full, or public_url is longer than any */
    struct str text;
};

/* Where the pages are, "https://brama.example". */
struct letter_link {
    struct str public_url;
    struct str
        secret;       /* of the link; stands behind '#', which no server is told and no log keeps */
    struct str name;  /* who is written to */
    struct str title; /* of the role; an invitation alone */
    struct str place; /* where it is held; may be empty */
    struct str giver; /* who made it; empty: the operator */
    instant    until;
};

struct letter_text letter_text_invitation(struct arena *arena, const struct letter_link *link);
struct letter_text letter_text_restoration(struct arena *arena, const struct letter_link *link);

/* That letters arrive. */
struct letter_text letter_text_test(struct arena *arena, struct str public_url);

/* A receiver of webhooks that was switched off. */
struct letter_endpoint {
    struct str public_url;
    struct str name;   /* who is written to */
    struct str unit;   /* whose receiver it is */
    struct str label;  /* as its owner calls it; may be empty */
    struct str reason; /* the end of a sentence */
    int64_t    endpoint;
};

struct letter_text letter_text_endpoint(struct arena *arena, const struct letter_endpoint *facts);

/* What others have written: on one line, cut. */
void letter_text_plain(struct buf *out, struct str text);

/* The end of a letter; kind: how its reader would switch such letters off, empty: they cannot. */
void letter_text_end(struct buf *out, struct str public_url, struct str kind);

/* What was written as a letter; without text when it did not fit. */
struct letter_text letter_text_finish(const struct buf *subject, const struct buf *text);

#endif
