#ifndef VALIDATORS_VTL_VTL_H
#define VALIDATORS_VTL_VTL_H

#include "validators/vtl/data.h"
#include "validators/vtl/limits.h"
#include "validators/vtl/problem.h"
#include "validators/vtl/statement.h"

/*
 * The rule language: a subset of VTL 2.2. Scripts are read whole; here rules over one dataset are
 * compiled and run, expressions over datasets are worked out in validators/evaluation.
 *
 *     text -> vtl_parse -> script -> vtl_bind(structure) -> plan -> vtl_run(data) -> results
 *
 * Knows nothing of forms, findings, XML or files. A script and a plan are immutable; any number of
 * readers may run one plan at once, each with its own scratch arena.
 *
 * Arithmetic is exact: numbers are integers with a scale inferred at binding; + and - keep the
 * larger scale, * adds scales, a quotient has at least 12 digits (half away from zero), a scale
 * above 18 is rounded to 18 with a notice; 128 bits wherever 64 are not proven to do. Overflow and
 * division by zero are VTL_ERROR of that row and rule, never a wrong number. Comparison is exact.
 * A person's mistake in a script is a problem (ERR_SYNTAX), limits included; it never crashes us.
 */
struct vtl_script;
struct vtl_plan;

/*
 * Read a script; text is borrowed for the life of *out. ERR_SYNTAX: *problem says what and where,
 * *out is untouched. ERR_MEMORY: the arena is full.
 */
MUST_USE enum err vtl_parse(struct arena *arena, struct str text, struct vtl_script **out,
                            struct vtl_problem *problem, struct fault *fault);

const struct vtl_statement *vtl_statements(const struct vtl_script *script, size_t *count);
size_t                      vtl_ruleset_count(const struct vtl_script *script);
struct str                  vtl_ruleset_name(const struct vtl_script *script, size_t ruleset);

/*
 * What our own schemas forbid beyond the language: a rule without a name or an error code, a code
 * unlike [A-Z0-9]+-[0-9]{3} or standing twice, an error level, a quotient outside round(x / y, n),
 * what works on datasets beyond check_datapoint of one by its name.
 * Fills at most problem_max problems and returns how many there are.
 */
size_t vtl_lint(const struct vtl_script *script, struct vtl_problem *problems, size_t problem_max);

/* What a ruleset is compiled for. */
struct vtl_binding {
    struct str           ruleset;
    struct vtl_structure structure;
    struct vtl_domains   domains;
    const uint8_t       *widths; /* enum vtl_width per component; NULL: VTL_WIDTH_AMOUNT */
};

/* Check types and compile. Strings of the script and the structure stay borrowed by *out. */
MUST_USE enum err vtl_bind(struct arena *arena, const struct vtl_script *script,
                           const struct vtl_binding *binding, struct vtl_plan **out,
                           struct vtl_problem *problem, struct fault *fault);

struct vtl_rule {
    struct str       name;
    struct str       errorcode;  /* .data == NULL: none */
    struct str       errorlevel; /* as written, a string without its quotes; .data == NULL: none */
    bool             errorlevel_is_text;
    uint64_t         components; /* bit i: component i of the structure is read */
    bool             compares;   /* the (consequent) condition is number <comparison> number */
    int              scale;      /* of both operands, if compares */
    struct vtl_place place;
};

size_t                    vtl_rule_count(const struct vtl_plan *plan);
const struct vtl_rule    *vtl_rule(const struct vtl_plan *plan, size_t rule);
const struct vtl_problem *vtl_notices(const struct vtl_plan *plan, size_t *count);

/* Of one rule in one row. NOT_EVALUATED: a cell that the rule reads is unknown, whatever nvl says.
 */
enum vtl_outcome { VTL_FALSE, VTL_NULL, VTL_TRUE, VTL_NOT_EVALUATED, VTL_ERROR, VTL_OUTCOMES };

struct vtl_rule_result {
    size_t    count[VTL_OUTCOMES]; /* they add up to row_count */
    uint32_t *rows;                /* ordinals (from 0) of the first FALSE rows; NULL: none */
    size_t    row_count;           /* min(count[VTL_FALSE], options.row_max) */
    uint32_t  error_row;           /* the first one, if count[VTL_ERROR] > 0 */
    uint8_t  *outcomes;            /* enum vtl_outcome per row; NULL unless asked for */
};

struct vtl_options {
    size_t row_max;  /* FALSE rows listed per rule */
    bool   outcomes; /* keep the outcome of every row */
};

/*
 * Evaluate all rules over all rows. Registers and results live in scratch; destroy it when the
 * results have been read. results: one element per rule of the plan, filled by this call.
 * ERR_MEMORY: scratch is full. ERR_LIMIT: more than UINT32_MAX - 1 rows.
 */
MUST_USE enum err vtl_run(struct arena *scratch, const struct vtl_plan *plan,
                          const struct vtl_data *data, const struct vtl_options *options,
                          struct vtl_rule_result *results, struct fault *fault);

/* Both sides of a comparison, in units of vtl_rule.scale; known: neither null, unknown nor error.
 */
struct vtl_operands {
    amount_wide left;
    amount_wide right;
    bool        known;
};

/* Which rows of which rule to explain. */
struct vtl_question {
    size_t          rule; /* one whose vtl_rule.compares */
    const uint32_t *rows;
    size_t          row_count;
};

/* The operands of one rule's comparison in some rows, e.g. vtl_rule_result.rows. */
MUST_USE enum err vtl_operands(struct arena *scratch, const struct vtl_plan *plan,
                               const struct vtl_data *data, const struct vtl_question *question,
                               struct vtl_operands *out, struct fault *fault);

#endif
