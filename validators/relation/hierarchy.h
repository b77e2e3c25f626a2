#ifndef VALIDATORS_RELATION_HIERARCHY_H
#define VALIDATORS_RELATION_HIERARCHY_H

#include "validators/relation/relation.h"

/*
 * check_hierarchy (Reference Manual, Data validation operators: Check hierarchy): relations between
 * the codes of one identifier, A = A1 + A2, in each combination of the other identifiers (a
 * "place"). Where the manual's table and its text differ, the text holds: partial modes want one
 * row to be there, whatever its measure; for non_zero a null measure is not zero.
 *
 * A missing row counts as null or as 0 by the mode; a null measure stays null. A rule makes a
 * result row as its mode says; comparison is exact, of null it is null. Unknown and failed measures
 * make the result so. With DATASET_PRIORITY, an item that has no row, or a null, takes what another
 * rule "item = ..." computes there, the first of them that gives one.
 *
 * The result: the identifiers of the operand with the left code, the rule's name as one more,
 * bool_var, the measure (of the left item) and the imbalance, left - right. Rows come by place (in
 * the order of its first row), then by rule. One lane: the row of the left item. Linear in rows,
 * for each rule.
 */
enum hierarchy_mode {
    HIERARCHY_NON_NULL,     /* every item is there and not null */
    HIERARCHY_NON_ZERO,     /* some item is there and not 0; missing is 0 */
    HIERARCHY_PARTIAL_NULL, /* some item is there; missing is null */
    HIERARCHY_PARTIAL_ZERO,
    HIERARCHY_ALWAYS_NULL,
    HIERARCHY_ALWAYS_ZERO,
};

enum hierarchy_input { HIERARCHY_DATASET, HIERARCHY_DATASET_PRIORITY };

enum hierarchy_relation {
    HIERARCHY_EQUAL,
    HIERARCHY_LESS,
    HIERARCHY_LESS_OR_EQUAL,
    HIERARCHY_GREATER,
    HIERARCHY_GREATER_OR_EQUAL,
};

/* when: one byte per row of the operand; the item takes part where its row has 1, or has no row. */
struct hierarchy_item {
    uint32_t       code; /* id of the code; 0: no row has it */
    bool           negative;
    const uint8_t *when; /* NULL: always */
};

/* when: the rule is for places where the first of its rows that is there, left first, has 1. */
struct hierarchy_rule {
    uint32_t                     name; /* an id, for the result */
    uint32_t                     left; /* id of a code, not 0 */
    enum hierarchy_relation      relation;
    const struct hierarchy_item *items;
    size_t                       item_count;
    const uint8_t               *when; /* NULL: always */
};

enum { HIERARCHY_RULES_MAX = 1000, HIERARCHY_ITEMS_MAX = 1000 /* of one rule */ };

struct hierarchy {
    const struct relation       *operand;
    size_t                       code;    /* an identifier of strings */
    size_t                       measure; /* a number or integer */
    enum hierarchy_mode          mode;
    enum hierarchy_input         input;
    const struct hierarchy_rule *rules;
    size_t                       rule_count;
    struct str                   ruleid, bool_var, imbalance; /* names in the result; borrowed */
};

struct hierarchy_result {
    struct relation relation;
    const uint32_t *rules; /* per row: the rule that made it */
};

/* ERR_USAGE: components that are not what is said above, rules that compute each other in a circle
 * (with DATASET_PRIORITY). ERR_LIMIT: a sum leaves 128 bits; too many rules, items or rows. */
MUST_USE enum err hierarchy_check(struct arena *arena, const struct hierarchy *hierarchy,
                                  struct hierarchy_result *out, struct fault *fault);

#endif
