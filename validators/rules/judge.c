#include "validators/rules/judge.h"

#include "validators/rules/answers.h"
#include "validators/rules/compiled.h"
#include "validators/rules/crossing.h"
#include "validators/rules/suspect.h"
#include "validators/rules/trial.h"

/* How severe a rule is here; SEVERITY_OFF when it is off or was not asked for. */
static enum severity
severity_here(const struct inspection *inspection, const struct rule_entry *entry)
{
    const struct applies *applies = entry_applies(entry, &inspection->circumstances);

    if (inspection->only.size > 0 && !str_equal(inspection->only, entry->code)) {
        return SEVERITY_OFF;
    }
    return applies == NULL ? SEVERITY_OFF : applies->severity;
}

/* What the formulas of a form say, by view. */
struct both {
    struct answers by_position;
    struct answers by_column;
};

struct hints {
    struct suspects  suspects;
    struct crossings crossings;
};

static enum err
judge_rule(struct inspection *inspection, const struct compiled_rule *rule,
           const struct both *answers, enum severity severity, struct fault *fault)
{
    bool          by_column = rule->view == FORMULAS_BY_COLUMN;
    struct charge charge = {.entry = rule->entry, .severity = severity};

    if (rule->formula != NULL) {
        return answers_tell(inspection, by_column ? &answers->by_column : &answers->by_position,
                            rule->formula, severity, fault);
    }
    return rule->check == STRUCTURE_COUNT ? figure_run(inspection, rule->figure, &charge, fault)
                                          : structure_run(inspection, rule->check, &charge, fault);
}

/* The rules of one severity, by code. */
static enum err
judge_severity(struct inspection *inspection, const struct compiled_form *form,
               const struct both *answers, enum severity severity, struct fault *fault)
{
    for (size_t i = 0; i < form->rule_count; i++) {
        const struct compiled_rule *rule = &form->rules[i];
        if (severity_here(inspection, rule->entry) != severity) {
            continue;
        }
        TRY(judge_rule(inspection, rule, answers, severity, fault));
    }
    return ERR_OK;
}

/* The formulas whose findings a sender sees. */
static uint64_t
shown_formulas(const struct inspection *inspection, const struct formulas *formulas)
{
    uint64_t shown = 0;

    for (size_t i = 0; i < formulas->count && i < TRIAL_RULES_MAX; i++) {
        bool is_shown = severity_here(inspection, formulas->items[i].entry) > SEVERITY_PROPOSED;
        shown |= is_shown ? UINT64_C(1) << i : 0;
    }
    return shown;
}

/* Which cells to look at first: of positions, or of lines and columns together. */
static enum err
find_hints(struct inspection *inspection, const struct compiled_form *form, struct both *answers,
           struct hints *hints, struct fault *fault)
{
    struct crossing_side sides[CROSSING_VIEWS] = {
        [FORMULAS_BY_POSITION] = {&answers->by_position,
                                  shown_formulas(inspection, &form->formulas)     },
        [FORMULAS_BY_COLUMN] = {&answers->by_column,
                                  shown_formulas(inspection, &form->line_formulas)},
    };

    if (form->line_formulas.plan == NULL) {
        answers->by_position.suspects = &hints->suspects;
        return suspect_search(inspection, &answers->by_position, sides[FORMULAS_BY_POSITION].shown,
                              &hints->suspects, fault);
    }
    answers->by_position.crossings = &hints->crossings;
    answers->by_column.crossings = &hints->crossings;
    crossing_search(inspection, sides, &hints->crossings);
    return ERR_OK;
}

enum err
judge_report(struct inspection *inspection, struct fault *fault)
{
    const struct compiled_form *form = &inspection->request->rules->forms[inspection->report->form];
    struct both                 answers = {0};
    struct hints                hints = {0};

    TRY(answers_find(inspection, &form->formulas, &answers.by_position, fault));
    if (form->line_formulas.plan != NULL) {
        TRY(answers_find(inspection, &form->line_formulas, &answers.by_column, fault));
    }
    TRY(find_hints(inspection, form, &answers, &hints, fault));
    for (int severity = SEVERITY_ERROR; severity > SEVERITY_OFF; severity--) {
        TRY(judge_severity(inspection, form, &answers, (enum severity)severity, fault));
    }
    return ERR_OK;
}
