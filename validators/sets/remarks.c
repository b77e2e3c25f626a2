#include "validators/sets/remarks.h"

#include "validators/evaluation/places.h"
#include "validators/sets/scheme.h"
#include "validators/vtl/script.h"

/* The script at hand. */
struct reader {
    const struct vtl_script *script;
    struct places            places;
    struct vtl_problem      *problems;
    size_t                   count;
    struct vtl_problem       unkept;
};

static void
complain(struct reader *reader, const struct node *node, const char *text)
{
    size_t              at = reader->count++;
    struct vtl_problem *problem =
        at < REMARKS_OF_SCRIPT_MAX ? &reader->problems[at] : &reader->unkept;

    (void)problem_set(problem, node->place, NULL, "%s", text);
}

static bool
is_constant(const struct node *node)
{
    return node->kind <= NODE_STRING;
}

/* Two datasets: rows whose identifiers the other side does not have are left out. */
static bool
couples_datasets(const struct vtl_script *script, const struct node *node)
{
    return node->kind >= NODE_MULTIPLY && node->kind <= NODE_XOR && node->count == 2
           && !is_constant(script_child(script, node, 0))
           && !is_constant(script_child(script, node, 1));
}

static void
read_value(struct reader *reader, const struct node *node)
{
    if (node->kind == NODE_JOIN && node->option != NODE_JOIN_FULL) {
        complain(reader, node,
                 node->option == NODE_JOIN_INNER
                     ? "inner_join pomija wiersze, których nie ma po drugiej stronie, więc reguła "
                       "przechodzi, gdy czegoś brakuje; użyj full_join i nvl"
                     : "left_join pomija wiersze, których nie ma po lewej stronie, więc reguła "
                       "przechodzi, gdy czegoś tam brakuje; użyj full_join i nvl");
    } else if (node->kind == NODE_INTERSECT || node->kind == NODE_IF || node->kind == NODE_CASE) {
        complain(reader, node,
                 "to działanie na zbiorach danych pomija wiersze, których nie ma we wszystkich; "
                 "złącz je przez full_join i nvl");
    } else if (couples_datasets(reader->script, node)) {
        complain(reader, node,
                 "działanie na dwóch zbiorach danych pomija wiersze, które ma tylko jeden z nich, "
                 "więc reguła przechodzi, gdy czegoś brakuje; złącz je przez full_join i nvl");
    }
}

/* Whether a quotient stands in round(x / y, n). */
static bool
is_rounded(const struct vtl_script *script, uint32_t quotient)
{
    for (uint32_t i = quotient; i < script->node_count; i++) {
        const struct node *node = &script->nodes[i];
        if (node->kind == NODE_ROUND && node->count == 2 && script->links[node->first] == quotient
            && script_child(script, node, 1)->kind != NODE_OMITTED) {
            return true;
        }
    }
    return false;
}

enum err
remarks_on(struct arena *arena, const struct vtl_script *script, struct vtl_problem *problems,
           size_t *count, struct fault *fault)
{
    struct reader reader = {.script = script, .problems = problems};

    TRY(places_find(arena, script, &reader.places, fault));
    for (uint32_t i = 0; i < script->node_count; i++) {
        const struct node *node = &script->nodes[i];
        if (reader.places.values[i] != 0) {
            read_value(&reader, node);
        }
        if (node->kind == NODE_DIVIDE && !is_rounded(script, i)) {
            complain(&reader, node,
                     "iloraz powinien stać w „round(x / y, n)”, aby liczba miejsc po przecinku "
                     "była ustalona");
        }
    }
    *count = reader.count;
    return ERR_OK;
}

/* The remarks on all scripts, as they are collected. */
struct remarks {
    struct arena       *arena;
    struct lint_remark *items;
    size_t              count;
    size_t              capacity;
};

static enum err
add(struct remarks *remarks, struct str path, const struct vtl_problem *problem,
    struct fault *fault)
{
    struct lint_remark *items = arena_reserve(remarks->arena, remarks->items, remarks->count,
                                              &remarks->capacity, sizeof *items);

    if (items == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu remarks", remarks->count + 1);
    }
    remarks->items = items;
    items[remarks->count++] = (struct lint_remark){.path = path, .problem = *problem};
    return ERR_OK;
}

static enum err
read_rule(struct remarks *remarks, struct sets *sets, size_t number, struct fault *fault)
{
    struct vtl_problem *problems =
        ARENA_NEW(remarks->arena, struct vtl_problem, REMARKS_OF_SCRIPT_MAX);
    struct str path = sets->rules[number].path;
    size_t     count = 0;

    if (problems == NULL) {
        return FAIL(fault, ERR_MEMORY, "remarks on %.*s", STR_ARG(path));
    }
    enum err got = scheme_compile(remarks->arena, sets, number, &problems[0], fault);
    if (got == ERR_CATALOGUE) {
        return add(remarks, path, &problems[0], fault);
    }
    TRY(got);
    TRY(remarks_on(remarks->arena, sets->scripts[number], problems, &count, fault));
    for (size_t i = 0; i < count && i < REMARKS_OF_SCRIPT_MAX; i++) {
        TRY(add(remarks, path, &problems[i], fault));
    }
    return ERR_OK;
}

enum err
remarks_run(struct arena *arena, const struct catalogue *catalogue, struct lints_summary *out,
            struct fault *fault)
{
    struct remarks remarks = {.arena = arena};
    struct sets   *sets = NULL;

    TRY(scheme_open(arena, catalogue, &sets, fault));
    for (size_t i = 0; i < sets->rule_count; i++) {
        TRY(read_rule(&remarks, sets, i, fault));
    }
    *out = (struct lints_summary){.remarks = remarks.items,
                                  .remark_count = remarks.count,
                                  .script_count = sets->rule_count,
                                  .refused = remarks.count};
    return ERR_OK;
}
