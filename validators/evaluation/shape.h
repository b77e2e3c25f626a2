#ifndef VALIDATORS_EVALUATION_SHAPE_H
#define VALIDATORS_EVALUATION_SHAPE_H

#include "validators/evaluation/evaluator.h"

/* Questions about the structures of relations, and relations with another structure. */

const char *shape_type_name(enum relation_type type); /* "liczba" ... */

/* Components of one role, ascending; numbers has room for RELATION_COMPONENTS_MAX. */
size_t shape_of_role(const struct relation *relation, enum relation_role role, size_t *numbers);

/* Identifiers and measures, in this order; identifiers alone. */
MUST_USE enum err shape_bare(struct evaluator *evaluator, const struct relation *in,
                             struct relation *out);
MUST_USE enum err shape_identifiers(struct evaluator *evaluator, const struct relation *in,
                                    struct relation *out);

/* Whether every identifier of part is one of whole. */
bool shape_covers(const struct relation *whole, const struct relation *part);

/* The only measure, of the wanted type (RELATION_TYPES: any; RELATION_NUMBER: integers too). */
MUST_USE enum err shape_only_measure(struct evaluator *evaluator, const struct node *node,
                                     const struct relation *relation, enum relation_type wanted,
                                     size_t *out);

/* No identifier is called like what the operator at the node adds; a problem otherwise. */
MUST_USE enum err shape_allow(struct evaluator *evaluator, const struct node *node,
                              const struct relation *relation, const struct str *added,
                              size_t count);

/* The same measures, by name; *missing is one that only one of them has. */
bool shape_same_measures(const struct relation *a, const struct relation *b, struct str *missing);

/*
 * Components of the same names get one type and scale: a number takes the larger scale, an integer
 * beside a number becomes one. Other types that differ are a problem at the node.
 */
MUST_USE enum err shape_agree(struct evaluator *evaluator, const struct node *node,
                              struct relation *a, struct relation *b);

/* Two relations joined on the identifiers that both have, which have agreed before. */
MUST_USE enum err shape_match(struct evaluator *evaluator, const struct node *node,
                              struct relation *left, struct relation *right, struct relation *out);

#endif
