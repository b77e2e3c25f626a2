#ifndef TESTS_UNIT_VALIDATORS_RELATION_RELATION_FIXTURE_H
#define TESTS_UNIT_VALIDATORS_RELATION_RELATION_FIXTURE_H

#include "validators/relation/relation.h"

/*
 * Relations as text, both ways, so that a test is a table of texts:
 *
 *     "JST:is OKRES:it PLAN:mn2 | 01 2026Q1 10.00 | 02 2026Q1 _"
 *
 * A component is NAME:<role><type>: roles i, m, a; types n<scale>, z (integer), s, b, t. A cell is
 * its value, _ (null), ? (unknown) or ! (failed); "" is the empty string. Numbers have exactly the
 * digits of their scale and may need 128 bits. What does not parse is a bug of the test.
 */
struct fixture {
    struct arena      *arena;
    struct vocabulary *vocabulary;
};

struct fixture fixture_create(void); /* destroy its arena */

/* Loaded as dataset number `dataset`. */
struct relation fixture_relation(const struct fixture *fixture, uint32_t dataset, const char *text);

/* The same, refused or not, for tests of the refusal. */
enum err fixture_try(const struct fixture *fixture, const char *text, struct relation *out,
                     struct fault *fault);

/* NUL-terminated, in the order of components and rows. */
const char *fixture_text(const struct fixture *fixture, const struct relation *relation);

/* "0:3 1:-" for each row, joined by ", ": dataset and ordinal of each lane; a group is "g". */
const char *fixture_origins(const struct fixture *fixture, const struct relation *relation);

/* The numbers of components, "PLAN WYK"; returns how many. */
size_t fixture_numbers(const struct relation *relation, const char *names, size_t *numbers);

#endif
