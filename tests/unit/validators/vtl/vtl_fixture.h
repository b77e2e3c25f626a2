#ifndef TESTS_UNIT_VALIDATORS_VTL_VTL_FIXTURE_H
#define TESTS_UNIT_VALIDATORS_VTL_VTL_FIXTURE_H

#include "validators/vtl/vtl.h"

/*
 * A small dataset for tests of the rule language, one row unless said: N = 12.50, M = -3.25 and
 * Z = 0.00 are numbers of scale 2, I = 7 and J = -7 integers, S = "abcdef", E = "", P = " łódź ",
 * D = "750" strings, T and F booleans; NN, NI, NS and NB are null; U is an unknown number. Dom is
 * a domain that holds "600" and "750".
 */
enum { FIXTURE_COMPONENTS = 15 };

struct fixture {
    struct vtl_component     components[FIXTURE_COMPONENTS];
    struct vtl_column        columns[FIXTURE_COMPONENTS];
    int64_t                  values[FIXTURE_COMPONENTS];
    uint32_t                 ids[FIXTURE_COMPONENTS];
    uint8_t                  states[FIXTURE_COMPONENTS];
    struct vtl_domain_values domain;
    struct vtl_binding       binding;
    struct vtl_data          data;
};

/* "define datapoint ruleset R (variable ...) is R1: <rule> end datapoint ruleset;" */
struct str fixture_script(struct arena *arena, const char *rule);

void fixture_fill(struct fixture *fixture);

/* Parse and bind a whole script's ruleset R. */
enum err fixture_bind(struct arena *arena, struct fixture *fixture, struct str script,
                      struct vtl_plan **out, struct vtl_problem *problem);

/* The outcome of one rule on the row; VTL_OUTCOMES if it has a problem (kept in *problem). */
enum vtl_outcome fixture_outcome(struct arena *arena, const char *rule,
                                 struct vtl_problem *problem);

#endif
