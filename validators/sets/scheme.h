#ifndef VALIDATORS_SETS_SCHEME_H
#define VALIDATORS_SETS_SCHEME_H

#include "validators/relation/vocabulary.h"
#include "validators/sets/sets.h"
#include "validators/sets/side.h"
#include "validators/vtl/vtl.h"

/*
 * What sets_compile makes: operands, rules, and a script for each rule.
 *
 * A script reads datasets named like operands (dataset.h) and makes one called like the code with
 * '_' for '-', by "<-". Its measures say what was compared: Jest (what the charged report has),
 * Powinno (what it is held against), Zgodne (whether that will do). Its identifiers say where:
 * Kolumna and the codes of the charged form name the cell, Jednostka and Wariant the report.
 */
#define SCHEME_FOUND STR("Jest")
#define SCHEME_EXPECTED STR("Powinno")
#define SCHEME_AGREES STR("Zgodne")
#define SCHEME_COLUMN STR("Kolumna")

struct sets {
    const struct catalogue *catalogue;
    struct vtl_domains      domains;
    struct sets_operand    *operands;
    size_t                  operand_count;
    struct sets_rule       *rules;   /* by code */
    struct vtl_script     **scripts; /* of the rules */
    struct side            *sides;   /* likewise: what Powinno adds up */
    size_t                  rule_count;
};

/* Operands and rules of all sets, with scripts that are not compiled yet. As sets_compile. */
MUST_USE enum err scheme_open(struct arena *arena, const struct catalogue *catalogue,
                              struct sets **out, struct fault *fault);

/*
 * Compile the script of a rule, whose entry, path, vtl and charges are set: fills scope, operands
 * and side. ERR_CATALOGUE with *problem, ERR_MEMORY.
 */
MUST_USE enum err scheme_compile(struct arena *arena, struct sets *sets, size_t rule,
                                 struct vtl_problem *problem, struct fault *fault);

/* The newest version of an operand's form; NULL: there is none. */
const struct form *scheme_form(const struct catalogue *catalogue, struct str code);

/* The period of an operand; false when there is none (nothing is earlier in the year). */
MUST_USE bool scheme_period(const struct sets_key *key, enum sets_when when, struct period *out);

/* Whether a rule is one of a set: its scope and number, and all its forms are filed then. */
bool scheme_applies(const struct sets *sets, const struct sets_rule *rule,
                    const struct sets_key *key);

/* Whether two periods are one. */
bool scheme_same_period(const struct period *a, const struct period *b);

#endif
