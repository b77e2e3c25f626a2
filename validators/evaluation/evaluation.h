#ifndef VALIDATORS_EVALUATION_EVALUATION_H
#define VALIDATORS_EVALUATION_EVALUATION_H

#include "validators/vtl/vtl.h"

#include "validators/relation/relation.h"

/*
 * Scripts over datasets: the statements of a script (validators/vtl) worked out with the operators
 * of validators/relation. Structures, names and types follow the VTL 2.2 Reference Manual; whatever
 * does not fit is a problem at line:column. Knows no forms and no files.
 *
 * A script over empty relations is checked as one over full ones: the structure of a result
 * depends on the structures of its operands alone. So compiling is running over no rows.
 *
 * Deviations that the manual allows: numbers are exact (vtl.h), avg and quotients have at least 12
 * digits. A row that overflows or divides by zero has a failed cell, and so has a row of which a
 * condition cannot tell (doubt.h); what reads such a cell fails. Attributes are not viral:
 * operators over whole datasets drop them. An absent answer of "if" and "case" counts as false.
 * count(x) counts the values that are there, count() and count(dataset) rows.
 */
struct evaluation_dataset {
    struct str      name;
    struct relation relation;
    bool            persistent; /* of results */
};

struct evaluation_world {
    struct vocabulary               *vocabulary; /* of all relations */
    const struct evaluation_dataset *datasets;
    size_t                           dataset_count;
    struct vtl_domains               domains;
    const struct vtl_domain_values  *domain_values; /* in the order of domains.names */
};

/* Something that could not be worked out in some rows, and did not stop the script. */
struct evaluation_notice {
    struct vtl_problem problem;
    size_t             row_count;
    uint32_t           dataset; /* the first such row's, if it has one; else UINT32_MAX */
    uint32_t           row;
};

enum { EVALUATION_NOTICES_MAX = 64 };

struct evaluation {
    struct evaluation_dataset *results; /* in the order of the statements */
    size_t                     result_count;
    struct evaluation_notice   notices[EVALUATION_NOTICES_MAX];
    size_t                     notice_count;
};

/*
 * The names of datasets that a script reads and does not make itself, each once, in the order of
 * their first appearance, with the place where it stands.
 */
struct evaluation_input {
    struct str       name;
    struct vtl_place place;
};

MUST_USE enum err evaluation_inputs(struct arena *arena, const struct vtl_script *script,
                                    const struct evaluation_input **out, size_t *count,
                                    struct fault *fault);

/*
 * Work out all statements. Results share with the datasets what has not changed. ERR_SYNTAX: the
 * script does not fit the structures; ERR_LIMIT: a limit of the engine; both with
 * *problem. ERR_MEMORY.
 */
MUST_USE enum err evaluation_run(struct arena *arena, const struct vtl_script *script,
                                 const struct evaluation_world *world, struct evaluation *out,
                                 struct vtl_problem *problem, struct fault *fault);

#endif
