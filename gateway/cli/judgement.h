#ifndef GATEWAY_CLI_JUDGEMENT_H
#define GATEWAY_CLI_JUDGEMENT_H

#include "gateway/cli/input.h"
#include "gateway/cli/set_group.h"
#include "gateway/cli/validate_options.h"
#include "validators/decision/decision.h"

/*
 * Everything that `brama validate` does before it prints: definitions, trust, files, the checkers
 * in their sandboxes, the decision. What it prints is in text_report.h, json_report.h,
 * csv_report.h, export_report.h.
 */
struct judged_file {
    const struct input        *input;
    const struct decided_file *decided;
};

struct unreadable_file {
    struct str name;
    struct str why;
};

struct judgement {
    const struct judged_file     *files; /* those that could be read, in the order given */
    size_t                        file_count;
    const struct unreadable_file *unreadable; /* told on stderr, and in JSON */
    size_t                        unreadable_count;
    bool                          trust_given;
    struct set_groups             sets;
    moment                        at;        /* of the arrival that it was judged for */
    const struct catalogue       *catalogue; /* that it was judged with */
};

/*
 * now: the arrival, unless the options name another. Fails with ERR_FILE (--rules or --trust cannot
 * be read), ERR_CATALOGUE, ERR_SYNTAX (--trust is not PEM), ERR_MEMORY, ERR_SYSTEM.
 */
MUST_USE enum err judgement_make(struct arena *arena, const struct validate_options *options,
                                 moment now, struct judgement *out, struct fault *fault);

/* Findings of each severity, and what was counted only. */
struct judgement_tally {
    size_t by_severity[SEVERITY_ERROR + 1];
    size_t proposed;
    size_t cut;
    size_t reports;
};

void judgement_count(struct judgement_tally *tally, const struct told_list *list);

struct judgement_tally judgement_tally(const struct judgement *judgement);

#endif
