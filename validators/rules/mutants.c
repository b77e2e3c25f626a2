#include "validators/rules/mutants.h"

#include "validators/rules/cases.h"
#include "validators/rules/compiled.h"

enum { SCRATCH_MAX = 256 * 1024 * 1024 };

enum fate { FATE_NOTICED, FATE_SURVIVED, FATE_UNFIT };

struct trial {
    struct arena           *arena;
    const struct catalogue *catalogue;
    const struct rules     *rules;
    int32_t                 form;
    struct mutant          *survivors;
    size_t                  survivor_count;
    size_t                  survivor_capacity;
    size_t                  fates[FATE_UNFIT + 1];
};

/* A change that does not bind, or that the lint refuses, is none that an author could publish. */
static enum err
compile_mutant(struct arena *scratch, const struct trial *trial, const struct mutation *mutation,
               const struct rules **out, struct fault *fault)
{
    struct rules_edit edit = {
        .catalogue = trial->catalogue, .rules = trial->rules, .form = trial->form};
    struct fault refused = {0};

    TRY(mutation_apply(scratch, trial->catalogue->forms[trial->form].vtl, mutation, &edit.vtl,
                       fault));
    enum err got = compiled_edit(scratch, &edit, out, &refused);
    if (got == ERR_CATALOGUE) {
        *out = NULL;
        return ERR_OK;
    }
    return got == ERR_OK ? ERR_OK : FAIL(fault, got, "%s", refused.text);
}

static const struct rule_entry *
find_entry(const struct formulas *formulas, struct str rule)
{
    for (size_t i = 0; i < formulas->count; i++) {
        if (str_equal(formulas->items[i].rule->name, rule)) {
            return formulas->items[i].entry;
        }
    }
    return NULL;
}

static const struct rule_entry *
entry_of(const struct trial *trial, struct str rule)
{
    const struct compiled_form *form = &trial->rules->forms[trial->form];
    const struct rule_entry    *entry = find_entry(&form->formulas, rule);

    return entry == NULL ? find_entry(&form->line_formulas, rule) : entry;
}

static enum err
find_fate(struct arena *scratch, const struct trial *trial, const struct mutation *mutation,
          enum fate *out, struct fault *fault)
{
    bool                 passed = false;
    struct case_question question = {.catalogue = trial->catalogue,
                                     .form = trial->form,
                                     .entry = entry_of(trial, mutation->rule)};

    TRY(compile_mutant(scratch, trial, mutation, &question.rules, fault));
    if (question.rules == NULL) {
        *out = FATE_UNFIT;
        return ERR_OK;
    }
    TRY(cases_pass(scratch, &question, &passed, fault));
    *out = passed ? FATE_SURVIVED : FATE_NOTICED;
    return ERR_OK;
}

static enum err
add_survivor(struct trial *trial, const struct mutation *mutation, struct fault *fault)
{
    struct mutant *survivors = arena_reserve(trial->arena, trial->survivors, trial->survivor_count,
                                             &trial->survivor_capacity, sizeof *survivors);
    const struct form form = trial->catalogue->forms[trial->form];

    if (survivors == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu survivors", trial->survivor_count + 1);
    }
    trial->survivors = survivors;
    survivors[trial->survivor_count] =
        (struct mutant){.entry = entry_of(trial, mutation->rule),
                        .path = str_format(trial->arena, "%.*srules.vtl", STR_ARG(form.folder)),
                        .mutation = *mutation};
    trial->survivor_count++;
    return ERR_OK;
}

static enum err
try_mutation(struct trial *trial, const struct mutation *mutation, struct fault *fault)
{
    struct arena *scratch = arena_create(SCRATCH_MAX);
    enum fate     fate = FATE_NOTICED;
    enum err      got = find_fate(scratch, trial, mutation, &fate, fault);

    arena_destroy(scratch);
    TRY(got);
    trial->fates[fate]++;
    return fate == FATE_SURVIVED ? add_survivor(trial, mutation, fault) : ERR_OK;
}

static enum err
try_form(struct trial *trial, struct fault *fault)
{
    struct mutation   *mutations = NULL;
    size_t             count = 0;
    struct vtl_problem problem = {0};
    struct str         vtl = trial->catalogue->forms[trial->form].vtl;

    if (vtl.size == 0) {
        return ERR_OK;
    }
    TRY(mutation_list(trial->arena, vtl, &mutations, &count, &problem, fault));
    for (size_t i = 0; i < count; i++) {
        /* A ruleset that the form does not name binds to nothing here. */
        if (entry_of(trial, mutations[i].rule) != NULL) {
            TRY(try_mutation(trial, &mutations[i], fault));
        }
    }
    return ERR_OK;
}

enum err
mutants_run(struct arena *arena, const struct catalogue *catalogue, const struct rules *rules,
            struct mutants_summary *out, struct fault *fault)
{
    struct trial trial = {.arena = arena, .catalogue = catalogue, .rules = rules};

    for (size_t i = 0; i < catalogue->form_count; i++) {
        trial.form = (int32_t)i;
        TRY(try_form(&trial, fault));
    }
    *out = (struct mutants_summary){.survivors = trial.survivors,
                                    .survivor_count = trial.survivor_count,
                                    .noticed = trial.fates[FATE_NOTICED],
                                    .unfit = trial.fates[FATE_UNFIT]};
    return ERR_OK;
}
