#ifndef VALIDATORS_RULES_LINTS_H
#define VALIDATORS_RULES_LINTS_H

#include "validators/rules/rules.h"
#include "validators/vtl/vtl.h"

/*
 * All that has to be mended in the scripts of a catalogue, not only the first of it: what
 * rules_compile would refuse one at a time, and what the language does but an author may not have
 * meant (a number cut to fewer places). Printing is the caller's.
 */
enum { LINTS_OF_FORM_MAX = 100 };

struct lint_remark {
    struct str         path;    /* of the script, within the bundle */
    struct vtl_problem problem; /* what to mend, and where */
    bool               notice;  /* the script runs nevertheless */
};

struct lints_summary {
    const struct lint_remark *remarks; /* by form, then in the order of the script */
    size_t                    remark_count;
    size_t                    script_count;
    size_t                    refused; /* remarks that are no notices */
};

/* The scripts of all forms. ERR_MEMORY. */
MUST_USE enum err lints_run(struct arena *arena, const struct catalogue *catalogue,
                            struct lints_summary *out, struct fault *fault);

#endif
