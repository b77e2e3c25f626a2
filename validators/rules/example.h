#ifndef VALIDATORS_RULES_EXAMPLE_H
#define VALIDATORS_RULES_EXAMPLE_H

#include "validators/rules/rules.h"

/*
 * A synthetic report of a form, for authors of programs: a package of the exchange format with one
 * unit of the territory of samples (99) and one report of it. Its positions are those of a passing
 * case of which no rule of the form, shadow rules included, says more than information: of
 * tests/example.xml where the form has one, else of the first rule's file that has any, there the
 * one with the most amounts. Period and Typ are the first for which the form is filed,
 * years before what the case says if that is not over yet. Nothing in
 * it was ever somebody's. It bears no signatures.
 */
enum { EXAMPLE_MAX = 256 * 1024 };

struct example_question {
    const struct catalogue *catalogue;
    const struct rules     *rules;
    int32_t                 form; /* index in the catalogue */
    struct date today; /* year 0: nobody says; else the period is one whose report is due by then */
};

/*
 * Append the package to *out; *found false: no case of the form is good for it. Fails with
 * ERR_CATALOGUE (a cases file that cannot be understood) or ERR_MEMORY.
 */
MUST_USE enum err example_write(struct arena *arena, const struct example_question *question,
                                struct buf *out, bool *found, struct fault *fault);

#endif
