#include "validators/sets/variations.h"

#include "validators/sets/scheme.h"
#include "validators/sets/trials.h"

enum { SCRATCH_MAX = 512 * 1024 * 1024 };

enum fate { FATE_NOTICED, FATE_SURVIVED, FATE_UNFIT };

struct series {
    struct arena      *arena;
    const struct sets *sets;
    size_t             rule;
    struct mutant     *survivors;
    size_t             survivor_count;
    size_t             survivor_capacity;
    size_t             fates[FATE_UNFIT + 1];
};

/* The rules with one script changed; NULL: it cannot be compiled any more. */
static enum err
change(struct arena *scratch, const struct series *series, const struct mutation *mutation,
       struct sets **out, struct fault *fault)
{
    struct sets_rule   *rules = ARENA_NEW(scratch, struct sets_rule, series->sets->rule_count);
    struct vtl_script **scripts = ARENA_NEW(scratch, struct vtl_script *, series->sets->rule_count);
    struct sets        *changed = ARENA_NEW(scratch, struct sets, 1);
    struct vtl_problem  problem = {0};
    struct fault        refused = {0};

    if (rules == NULL || scripts == NULL || changed == NULL) {
        return FAIL(fault, ERR_MEMORY, "rules with a change");
    }
    *changed = *series->sets;
    changed->rules = rules;
    changed->scripts = scripts;
    rules[series->rule] = series->sets->rules[series->rule];
    rules[series->rule].operands = 0;
    TRY(mutation_apply(scratch, rules[series->rule].vtl, mutation, &rules[series->rule].vtl,
                       fault));
    enum err got = scheme_compile(scratch, changed, series->rule, &problem, &refused);
    *out = got == ERR_OK ? changed : NULL;
    return got == ERR_OK || got == ERR_CATALOGUE ? ERR_OK : FAIL(fault, got, "%s", refused.text);
}

static enum err
find_fate(struct arena *scratch, const struct series *series, const struct mutation *mutation,
          enum fate *out, struct fault *fault)
{
    struct sets *changed = NULL;
    bool         passed = false;

    TRY(change(scratch, series, mutation, &changed, fault));
    if (changed == NULL) {
        *out = FATE_UNFIT;
        return ERR_OK;
    }
    TRY(trials_pass(scratch, changed, series->rule, &passed, fault));
    *out = passed ? FATE_SURVIVED : FATE_NOTICED;
    return ERR_OK;
}

static enum err
add_survivor(struct series *series, const struct mutation *mutation, struct fault *fault)
{
    const struct sets_rule *rule = &series->sets->rules[series->rule];
    struct mutant          *survivors =
        arena_reserve(series->arena, series->survivors, series->survivor_count,
                      &series->survivor_capacity, sizeof *survivors);

    if (survivors == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu survivors", series->survivor_count + 1);
    }
    series->survivors = survivors;
    survivors[series->survivor_count] =
        (struct mutant){.entry = rule->entry, .path = rule->path, .mutation = *mutation};
    series->survivor_count++;
    return ERR_OK;
}

static enum err
try_mutation(struct series *series, const struct mutation *mutation, struct fault *fault)
{
    struct arena *scratch = arena_create(SCRATCH_MAX);
    enum fate     fate = FATE_NOTICED;
    enum err      got = find_fate(scratch, series, mutation, &fate, fault);

    arena_destroy(scratch);
    TRY(got);
    series->fates[fate]++;
    return fate == FATE_SURVIVED ? add_survivor(series, mutation, fault) : ERR_OK;
}

static enum err
try_rule(struct series *series, struct fault *fault)
{
    struct mutation   *mutations = NULL;
    size_t             count = 0;
    struct vtl_problem problem = {0};

    TRY(mutation_list_datasets(series->arena, series->sets->rules[series->rule].vtl, &mutations,
                               &count, &problem, fault));
    for (size_t i = 0; i < count; i++) {
        TRY(try_mutation(series, &mutations[i], fault));
    }
    return ERR_OK;
}

enum err
variations_run(struct arena *arena, const struct sets *sets, struct mutants_summary *out,
               struct fault *fault)
{
    struct series series = {.arena = arena, .sets = sets};

    for (series.rule = 0; series.rule < sets->rule_count; series.rule++) {
        TRY(try_rule(&series, fault));
    }
    *out = (struct mutants_summary){.survivors = series.survivors,
                                    .survivor_count = series.survivor_count,
                                    .noticed = series.fates[FATE_NOTICED],
                                    .unfit = series.fates[FATE_UNFIT]};
    return ERR_OK;
}
