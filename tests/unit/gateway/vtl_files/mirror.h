#ifndef TESTS_UNIT_GATEWAY_VTL_FILES_MIRROR_H
#define TESTS_UNIT_GATEWAY_VTL_FILES_MIRROR_H

#include "tests/support/dice.h"

#include "validators/base/str.h"

/*
 * Made-up expressions, each written twice: in VTL, and as SQL that means the same by what the VTL
 * Reference Manual says, worked out by PostgreSQL with numeric. No code is shared with the engine:
 * of it the mirror knows the documented rules alone (scales, 128 bits, what fails).
 *
 * In the strict half SQL is as plain as can be: booleans, nulls and three-valued logic are those of
 * PostgreSQL. In the failing half (mirror.failing) numbers may divide by zero and leave 128 bits:
 * a cell that failed is NaN there, truth is 0, 1, null or NaN, and operators are the functions of
 * MIRROR_FUNCTIONS.
 *
 * Everything lives in mirror.arena; there is no limit but its end, which aborts the test.
 */
enum {
    MIRROR_K = 1, /* identifier k, a string */
    MIRROR_N = 2, /* identifier n, an integer */
    MIRROR_Q = 4, /* identifier q, a quarter; in SQL year * 4 + quarter - 1 */
    MIRROR_R = 8, /* identifier ruleid, of check_datapoint */
};

enum mirror_kind { MIRROR_NUMBER, MIRROR_TEXT, MIRROR_TRUTH };

enum { MIRROR_ITEMS_MAX = 12, MIRROR_POOL_MAX = 32, MIRROR_TERM_POOL_MAX = 24 };

struct mirror_item {
    struct str       name;
    enum mirror_kind kind;
    int              scale;  /* of numbers */
    int              digits; /* |value| * 10^scale < 10^digits */
};

/* A dataset: sql is a subquery in parentheses with the columns of ids and items. */
struct mirror_set {
    struct str         vtl;
    struct str         sql;
    unsigned           ids;
    struct mirror_item items[MIRROR_ITEMS_MAX]; /* measures */
    size_t             count;
};

struct mirror_term {
    struct str         vtl;
    struct str         sql;
    struct mirror_item what; /* without a name */
    bool               constant;
};

/* Every operator has a name here, so that a run can tell which it has tried. */
enum mirror_operator {
#define MIRROR_OPERATOR(name) MIRROR_OF_##name,
#include "tests/unit/gateway/vtl_files/mirror.def"
#undef MIRROR_OPERATOR
    MIRROR_OPERATORS,
};

extern const char *const mirror_operator_names[MIRROR_OPERATORS];

struct mirror {
    struct arena *arena;
    struct dice   dice;
    bool          failing;
    unsigned      rulesets;   /* defined so far */
    unsigned      results;    /* named so far */
    struct str    statements; /* before the last one */
    struct str    definitions;
    uint64_t      used[MIRROR_OPERATORS];
};

/* CREATE FUNCTION ... of what the SQL of both halves calls. */
extern const char *const mirror_functions;

/* Text in mirror.arena. */
struct str mirror_text(struct mirror *mirror, const char *format, ...) PRINTF_LIKE(2, 3);

/* A name as a script has it: words of the language stand in apostrophes. */
struct str mirror_name(struct mirror *mirror, struct str name);

/* A value over one row of a dataset, of the kind wanted; columns are "t.name". */
struct mirror_term mirror_term(struct mirror *mirror, const struct mirror_set *set,
                               enum mirror_kind wanted);

/* A condition on groups is not made of components: the same of these terms. */
struct mirror_term mirror_comparison(struct mirror *mirror, struct mirror_term a,
                                     struct mirror_term b);
struct mirror_term mirror_constant(struct mirror *mirror, enum mirror_kind kind);

/* Some operator that keeps the kind, of a (and a constant), and of a and b; one that gives truth.
 */
struct mirror_term mirror_apply(struct mirror *mirror, struct mirror_term a);
struct mirror_term mirror_pair(struct mirror *mirror, struct mirror_term a, struct mirror_term b);
struct mirror_term mirror_judge(struct mirror *mirror, struct mirror_term a, struct mirror_term b);

/* Whether the term may be used: short enough, and in the strict half far from 128 bits. */
bool mirror_is_safe(const struct mirror *mirror, const struct mirror_term *term);

/* An expression over the datasets of pool[0 .. count), of up to `steps` operators; room for
 * MIRROR_POOL_MAX. */
struct mirror_set mirror_expression(struct mirror *mirror, struct mirror_set *pool, size_t count,
                                    unsigned steps);

#endif
