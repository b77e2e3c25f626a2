#ifndef VALIDATORS_FINDING_CONTRIBUTORS_H
#define VALIDATORS_FINDING_CONTRIBUTORS_H

#include "validators/base/str.h"

/*
 * What a compared amount is made of: the cells that a rule adds up on one side of its comparison,
 * the largest first, so that whoever looks for a difference begins where most of it can be. Facts
 * of the report, never an amount to enter. Plain texts; knows no forms and no rules.
 */
enum { CONTRIBUTORS_MAX = 10 };

struct contributor {
    struct str cell;   /* in the form's words: "wiersz A1 Dochody bieżące, kol. 2 Plan" */
    struct str amount; /* as it goes into the sum, with its sign; empty: the cell is absent */
    struct str xpath;
    struct str file; /* when it stands in another than the finding; else empty. Not stored. */
    uint32_t   offset;
    uint32_t   line; /* 0 until somebody has counted lines */
    uint32_t   column;
};

struct contributors {
    struct contributor *items;
    size_t              count; /* at most CONTRIBUTORS_MAX; 0: this side is no sum */
    size_t              more;  /* that are not listed */
    struct str          rest;  /* what those add up to */
};

/* Both sides of a comparison: what is found, and what it is held against. */
enum contributors_side { CONTRIBUTORS_FOUND, CONTRIBUTORS_EXPECTED, CONTRIBUTORS_SIDES };

/* A copy with all its texts; NULL when arena is full. */
struct contributors *contributors_copy(struct arena *arena, const struct contributors *sides);

/*
 * As one text for the store: a line for each contributor, with tabs between its fields. White space
 * in a field becomes a space. sides may be NULL: the empty text. .data == NULL: the arena is full.
 */
struct str contributors_pack(struct arena *arena, const struct contributors *sides);

/*
 * What contributors_pack wrote; texts are borrowed. *out NULL for the empty text. False when the
 * text is none of ours or the arena is full.
 */
MUST_USE bool contributors_unpack(struct arena *arena, struct str text,
                                  const struct contributors **out);

#endif
