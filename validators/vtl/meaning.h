#ifndef VALIDATORS_VTL_MEANING_H
#define VALIDATORS_VTL_MEANING_H

#include "validators/vtl/code.h"
#include "validators/vtl/script.h"

/*
 * What each node of a rule means: its type, and the instruction that computes it. Operators are
 * VTL 2.2's; types are checked here, and every mistake names the operator and its place.
 */
enum meaning_type {
    MEANING_NUMBER,
    MEANING_INTEGER, /* may stand wherever a number may */
    MEANING_STRING,
    MEANING_BOOLEAN,
    MEANING_PERIOD,
    MEANING_NULL,    /* the constant null: takes the type of its surroundings */
    MEANING_OMITTED, /* "_" */
};

struct meaning {
    enum meaning_type type;
    uint32_t          at; /* instruction; unused for null and omitted */
};

enum { TYPING_NOTICES_MAX = 32 };

struct formula_source;

struct typing {
    struct code                 *code;
    const struct vtl_script     *script;
    const struct vtl_binding    *binding;
    const struct script_ruleset *ruleset;  /* NULL: of a formula */
    const struct formula_source *source;   /* NULL: of a rule */
    struct meaning              *meanings; /* per node of the script */
    struct vtl_domain_values    *sets;     /* room for one per node of the script */
    size_t                       set_count;
    uint64_t                     components; /* read since this was cleared */
    struct vtl_problem          *notices;    /* TYPING_NOTICES_MAX */
    size_t                       notice_count;
    struct vtl_problem          *problem;
    struct fault                *fault;
};

const char *meaning_name(enum meaning_type type); /* "liczba" ... */
bool        meaning_is_number(enum meaning_type type);
bool        meaning_in_numbers(enum meaning_type type); /* held in registers of numbers */

/* A string that is written out, where a period is wanted. */
MUST_USE enum err meaning_period(struct typing *typing, const struct node *node, size_t argument,
                                 struct meaning *out);

/* Child `argument` (from 0) of a node. */
struct meaning meaning_child(const struct typing *typing, const struct node *node, size_t argument);
struct vtl_place meaning_place(const struct typing *typing, const struct node *node,
                               size_t argument);

/* A constant null of a type. */
uint32_t meaning_null(struct typing *typing, enum meaning_type type);

/* The value of a child as wanted; null becomes a null of that type. */
MUST_USE enum err meaning_need(struct typing *typing, const struct node *node, size_t argument,
                               enum meaning_type wanted, uint32_t *out);

/* The child is not what its operator wants: say so. */
enum err meaning_refuse(struct typing *typing, const struct node *node, size_t argument,
                        enum meaning_type wanted);

#endif
