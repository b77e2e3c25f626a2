#include "validators/vtl/meaning.h"

#include "validators/relation/timespan.h"

static const char *const type_names[] = {
    [MEANING_NUMBER] = "liczba", [MEANING_INTEGER] = "liczba całkowita",
    [MEANING_STRING] = "napis",  [MEANING_BOOLEAN] = "wartość logiczna",
    [MEANING_NULL] = "null",     [MEANING_OMITTED] = "„_”",
    [MEANING_PERIOD] = "okres",
};

const char *
meaning_name(enum meaning_type type)
{
    return type_names[type];
}

struct meaning
meaning_child(const struct typing *typing, const struct node *node, size_t argument)
{
    return typing->meanings[typing->script->links[node->first + argument]];
}

struct vtl_place
meaning_place(const struct typing *typing, const struct node *node, size_t argument)
{
    return typing->script->nodes[typing->script->links[node->first + argument]].place;
}

bool
meaning_is_number(enum meaning_type type)
{
    return type == MEANING_NUMBER || type == MEANING_INTEGER;
}

bool
meaning_in_numbers(enum meaning_type type)
{
    return meaning_is_number(type) || type == MEANING_PERIOD;
}

enum err
meaning_period(struct typing *typing, const struct node *node, size_t argument, struct meaning *out)
{
    const struct node *child = script_child(typing->script, node, argument);
    int64_t            period = 0;

    if (child->kind != NODE_STRING) {
        return meaning_refuse(typing, node, argument, MEANING_PERIOD);
    }
    if (!timespan_parse(child->text, &period)) {
        return problem_set(typing->problem, child->place, typing->fault,
                           "„%.*s” nie jest zapisem okresu, np. 2026, 2026Q1 albo 2026M03",
                           STR_ARG(str_slice(child->text, 0, 60)));
    }
    *out = (struct meaning){MEANING_PERIOD, code_number(typing->code, period, 0)};
    return ERR_OK;
}

uint32_t
meaning_null(struct typing *typing, enum meaning_type type)
{
    struct plan_instruction null = {.a = PLAN_NONE, .b = PLAN_NONE, .c = PLAN_NONE, .null = true};

    if (meaning_in_numbers(type)) {
        return code_null(typing->code);
    }
    null.op = type == MEANING_STRING ? PLAN_TEXT : PLAN_TRUTH;
    return code_emit(typing->code, null);
}

enum err
meaning_refuse(struct typing *typing, const struct node *node, size_t argument,
               enum meaning_type wanted)
{
    return problem_set(typing->problem, meaning_place(typing, node, argument), typing->fault,
                       "„%.*s” oczekuje tu wartości typu: %s, a stoi: %s", STR_ARG(node->text),
                       meaning_name(wanted),
                       meaning_name(meaning_child(typing, node, argument).type));
}

enum err
meaning_need(struct typing *typing, const struct node *node, size_t argument,
             enum meaning_type wanted, uint32_t *out)
{
    struct meaning meaning = meaning_child(typing, node, argument);

    if (meaning.type == MEANING_NULL) {
        *out = meaning_null(typing, wanted);
        return ERR_OK;
    }
    if (wanted == MEANING_PERIOD && meaning.type == MEANING_STRING) {
        TRY(meaning_period(typing, node, argument, &meaning));
    }
    if (meaning.type != wanted && !(wanted == MEANING_NUMBER && meaning.type == MEANING_INTEGER)) {
        return meaning_refuse(typing, node, argument, wanted);
    }
    *out = meaning.at;
    return ERR_OK;
}
