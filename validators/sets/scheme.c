#include "validators/sets/scheme.h"

#include "validators/evaluation/evaluation.h"
#include "validators/rules/domains.h"
#include "validators/sets/blueprint.h"
#include "validators/sets/dataset.h"
#include "validators/sets/reach.h"

#include <stdlib.h>

/* Values of the compile-time run, and of the registers of one expression. */
static const size_t scratch_max = (size_t)64 * 1024 * 1024;

bool
scheme_same_period(const struct period *a, const struct period *b)
{
    return a->type == b->type && a->year == b->year && a->number == b->number;
}

const struct form *
scheme_form(const struct catalogue *catalogue, struct str code)
{
    const struct form *newest = NULL;

    for (size_t i = 0; i < catalogue->form_count; i++) {
        const struct form *form = &catalogue->forms[i];
        if (str_equal(form->code, code)
            && (newest == NULL || date_compare(newest->from, form->from) < 0)) {
            newest = form;
        }
    }
    return newest;
}

bool
scheme_period(const struct sets_key *key, enum sets_when when, struct period *out)
{
    const struct period *period = &key->period;

    switch (when) {
    case SETS_PREVIOUS:
        return catalogue_period_at(period->type, period->year, period->number - 1, out);
    case SETS_YEAR_AGO:
        return catalogue_period_at(period->type, period->year - 1, period->number, out);
    case SETS_LAST_YEAR_END:
        return period->type->months > 1
               && catalogue_period_at(period->type, period->year - 1, period->type->count, out);
    case SETS_SAME:
    default:
        *out = *period;
        return true;
    }
}

/* Whether a form is filed for a period. */
static bool
is_filed(const struct form *form, const struct period *period)
{
    for (size_t i = 0; i < form->period_count; i++) {
        if (str_equal(form->periods[i].type, period->type->name)) {
            return (form->periods[i].numbers >> period->number & 1) != 0;
        }
    }
    return form->period_count == 0;
}

/* Whether a version of the form is filed for a period. */
static bool
is_known(const struct catalogue *catalogue, struct str code, const struct period *period)
{
    for (size_t i = 0; i < catalogue->form_count; i++) {
        const struct form *form = &catalogue->forms[i];
        if (str_equal(form->code, code)
            && catalogue_form(catalogue, form->element, period->end) == (int32_t)i) {
            return is_filed(form, period);
        }
    }
    return false;
}

bool
scheme_applies(const struct sets *sets, const struct sets_rule *rule, const struct sets_key *key)
{
    struct period period;

    if (rule->scope != key->scope
        || (rule->numbers != 0 && (rule->numbers >> key->period.number & 1) == 0)) {
        return false;
    }
    for (size_t i = 0; i < sets->operand_count; i++) {
        const struct sets_operand *operand = &sets->operands[i];
        if ((rule->operands >> i & 1) != 0
            && (!scheme_period(key, operand->when, &period)
                || !is_known(sets->catalogue, operand->form, &period))) {
            return false;
        }
    }
    return true;
}

static enum err
fail_problem(const struct sets_rule *rule, const struct vtl_problem *problem, struct fault *fault)
{
    return FAIL(fault, ERR_CATALOGUE, "%.*s, wiersz %u, znak %u: %s", STR_ARG(rule->path),
                problem->line, problem->column, problem->text);
}

static size_t
find_operand(const struct sets *sets, struct str name)
{
    size_t i = 0;

    while (i < sets->operand_count && !str_equal(sets->operands[i].name, name)) {
        i++;
    }
    return i;
}

/* Which operands the script reads; all of one scope, the charged one among them. */
static enum err
tie_operands(struct arena *scratch, const struct sets *sets, struct sets_rule *rule,
             const struct vtl_script *script, struct vtl_problem *problem, struct fault *fault)
{
    const struct evaluation_input *inputs = NULL;
    size_t                         count = 0;

    TRY(evaluation_inputs(scratch, script, &inputs, &count, fault));
    rule->scope = sets->operands[rule->charges].scope;
    for (size_t i = 0; i < count; i++) {
        size_t operand = find_operand(sets, inputs[i].name);
        if (operand == sets->operand_count) {
            (void)problem_set(problem, inputs[i].place, NULL,
                              "zbioru danych „%.*s” nie ma wśród elementów operand w rules.xml",
                              STR_ARG(inputs[i].name));
            return fail_problem(rule, problem, fault);
        }
        if (sets->operands[operand].scope != rule->scope) {
            (void)problem_set(
                problem, inputs[i].place, NULL,
                "„%.*s” ma inny zakres (scope) niż sprawozdanie, które reguła obciąża",
                STR_ARG(inputs[i].name));
            return fail_problem(rule, problem, fault);
        }
        rule->operands |= UINT64_C(1) << operand;
    }
    if ((rule->operands >> rule->charges & 1) == 0) {
        (void)problem_set(problem, (struct vtl_place){1, 1}, NULL,
                          "reguła nie czyta zbioru „%.*s”, który obciąża (charges)",
                          STR_ARG(sets->operands[rule->charges].name));
        return fail_problem(rule, problem, fault);
    }
    return ERR_OK;
}

/* Whether name is the code with '_' for '-'. */
static bool
is_named_after(struct str name, struct str code)
{
    bool same = name.size == code.size;

    for (size_t i = 0; same && i < code.size; i++) {
        same = name.data[i] == (code.data[i] == '-' ? '_' : code.data[i]);
    }
    return same;
}

static bool
has_measure(const struct relation *relation, struct str name, enum relation_type type)
{
    size_t at = relation_find(relation, name);

    return at != RELATION_NONE && relation->components[at].role == RELATION_MEASURE
           && (relation->components[at].type == type
               || (type == RELATION_NUMBER && relation->components[at].type == RELATION_INTEGER));
}

/* The last result is the rule's, and has what is read of it. */
static enum err
check_result(const struct sets_rule *rule, const struct vtl_script *script,
             const struct evaluation *evaluation, struct vtl_problem *problem, struct fault *fault)
{
    size_t                      count = 0;
    const struct vtl_statement *statements = vtl_statements(script, &count);
    struct vtl_place place = count == 0 ? (struct vtl_place){1, 1} : statements[count - 1].place;

    if (count == 0 || !statements[count - 1].persistent
        || !is_named_after(statements[count - 1].result, rule->entry->code)) {
        (void)problem_set(problem, place, NULL,
                          "ostatni wynik skryptu ma się nazywać jak kod %.*s (z „_” zamiast „-”) "
                          "i powstać przez „<-”",
                          STR_ARG(rule->entry->code));
        return fail_problem(rule, problem, fault);
    }
    const struct relation *result = &evaluation->results[count - 1].relation;
    if (!has_measure(result, SCHEME_FOUND, RELATION_NUMBER)
        || !has_measure(result, SCHEME_EXPECTED, RELATION_NUMBER)
        || !has_measure(result, SCHEME_AGREES, RELATION_BOOLEAN)) {
        (void)problem_set(
            problem, place, NULL,
            "wynik ma mieć miary Jest i Powinno (liczby) i Zgodne (wartość logiczną)");
        return fail_problem(rule, problem, fault);
    }
    return ERR_OK;
}

/* The columns of amounts of an operand that the script can look at. */
static enum err
find_columns(struct arena *scratch, const struct sets *sets, size_t operand,
             const struct reach_question *question, uint32_t *out, struct fault *fault)
{
    const struct form *form = scheme_form(sets->catalogue, sets->operands[operand].form);

    *out = 0;
    for (size_t slot = 0; slot < form->amount_count; slot++) {
        bool read = true;
        TRY(reach_find(scratch, question, form->amounts[slot].name, &read, fault));
        *out |= read ? UINT32_C(1) << slot : 0;
    }
    return ERR_OK;
}

/* Structures follow from structures alone: a run over no rows finds whatever does not fit. */
static enum err
run_empty(struct arena *scratch, const struct sets *sets, size_t number,
          struct vtl_problem *problem, struct fault *fault)
{
    const struct sets_rule   *rule = &sets->rules[number];
    const struct vtl_script  *script = sets->scripts[number];
    struct evaluation_dataset datasets[SETS_OPERANDS_MAX];
    struct evaluation         evaluation;
    struct vocabulary        *vocabulary = NULL;
    struct vtl_domain_values *values =
        ARENA_NEW(scratch, struct vtl_domain_values, sets->domains.count + 1);
    struct evaluation_world world = {.datasets = datasets, .domains = sets->domains};

    if (values == NULL) {
        return FAIL(fault, ERR_MEMORY, "dictionaries of a script");
    }
    TRY(vocabulary_create(scratch, 1, &vocabulary, fault));
    world.vocabulary = vocabulary;
    world.domain_values = values;
    for (size_t i = 0; i < sets->operand_count; i++) {
        struct dataset empty = {0};
        if ((rule->operands >> i & 1) == 0) {
            continue;
        }
        TRY(dataset_fill(scratch, sets, i, vocabulary, &empty, fault));
        const struct reach_question question = {script, sets->operands[i].name, SCHEME_COLUMN,
                                                &empty.relation};
        TRY(find_columns(scratch, sets, i, &question, &rule->columns[i], fault));
        datasets[world.dataset_count++] =
            (struct evaluation_dataset){.name = sets->operands[i].name, .relation = empty.relation};
    }
    enum err got = evaluation_run(scratch, script, &world, &evaluation, problem, fault);
    if (got == ERR_SYNTAX || got == ERR_LIMIT) {
        return fail_problem(rule, problem, fault);
    }
    TRY(got);
    TRY(check_result(rule, script, &evaluation, problem, fault));
    sets->sides[number] = side_find(script, &evaluation);
    return ERR_OK;
}

static enum err
compile(struct arena *arena, struct arena *scratch, struct sets *sets, size_t number,
        struct vtl_problem *problem, struct fault *fault)
{
    struct sets_rule *rule = &sets->rules[number];
    enum err          got = vtl_parse(arena, rule->vtl, &sets->scripts[number], problem, fault);

    if (got == ERR_SYNTAX) {
        return fail_problem(rule, problem, fault);
    }
    TRY(got);
    rule->columns = ARENA_NEW(arena, uint32_t, SETS_OPERANDS_MAX);
    if (rule->columns == NULL) {
        return FAIL(fault, ERR_MEMORY, "what a rule reads");
    }
    TRY(tie_operands(scratch, sets, rule, sets->scripts[number], problem, fault));
    return run_empty(scratch, sets, number, problem, fault);
}

enum err
scheme_compile(struct arena *arena, struct sets *sets, size_t rule, struct vtl_problem *problem,
               struct fault *fault)
{
    struct arena *scratch = arena_create(scratch_max);
    enum err      got = compile(arena, scratch, sets, rule, problem, fault);

    arena_destroy(scratch);
    return got;
}

static int
compare_rules(const void *a, const void *b)
{
    const struct sets_rule *rule_a = a;
    const struct sets_rule *rule_b = b;

    return str_compare(rule_a->entry->code, rule_b->entry->code);
}

enum err
scheme_open(struct arena *arena, const struct catalogue *catalogue, struct sets **out,
            struct fault *fault)
{
    struct sets *sets = ARENA_NEW(arena, struct sets, 1);

    if (sets == NULL) {
        return FAIL(fault, ERR_MEMORY, "rules between reports");
    }
    sets->catalogue = catalogue;
    sets->operands = ARENA_NEW(arena, struct sets_operand, SETS_OPERANDS_MAX);
    sets->rules = ARENA_NEW(arena, struct sets_rule, catalogue->entry_count + 1);
    sets->scripts = ARENA_NEW(arena, struct vtl_script *, catalogue->entry_count + 1);
    sets->sides = ARENA_NEW(arena, struct side, catalogue->entry_count + 1);
    if (sets->operands == NULL || sets->rules == NULL || sets->scripts == NULL
        || sets->sides == NULL) {
        return FAIL(fault, ERR_MEMORY, "rules between reports");
    }
    TRY(domains_name(arena, catalogue, &sets->domains, fault));
    for (size_t i = 0; i < catalogue->set_count; i++) {
        TRY(blueprint_read(arena, catalogue->sets[i], sets, fault));
    }
    qsort(sets->rules, sets->rule_count, sizeof *sets->rules, compare_rules);
    *out = sets;
    return ERR_OK;
}
