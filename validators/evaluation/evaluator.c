#include "validators/evaluation/evaluator.h"

#include <stdio.h>

const struct node *
evaluator_child(const struct evaluator *evaluator, const struct node *node, size_t child)
{
    return script_child(evaluator->script, node, child);
}

uint32_t
evaluator_number(const struct evaluator *evaluator, const struct node *node, size_t child)
{
    return evaluator->script->links[node->first + child];
}

const struct value *
evaluator_value(const struct evaluator *evaluator, const struct node *node, size_t child)
{
    return &evaluator->values[evaluator_number(evaluator, node, child)];
}

enum err
evaluator_dataset(struct evaluator *evaluator, const struct node *node, size_t child,
                  const struct relation **out)
{
    const struct value *value = evaluator_value(evaluator, node, child);

    if (value->kind != VALUE_DATASET) {
        return EVALUATOR_COMPLAIN(
            evaluator, evaluator_child(evaluator, node, child)->place,
            "„%.*s” oczekuje tu zbioru danych, a stoi wartość",
            STR_ARG(node->kind == NODE_MEMBER ? STR("#") : str_slice(node->text, 0, 40)));
    }
    *out = &value->relation;
    return ERR_OK;
}

enum err
evaluator_stop(struct evaluator *evaluator, struct vtl_place place, const char *text)
{
    (void)EVALUATOR_COMPLAIN(evaluator, place, "%s", text);
    return FAIL(evaluator->fault, ERR_LIMIT, "%u:%u: %s", place.line, place.column, text);
}

enum err
evaluator_judge(struct evaluator *evaluator, const struct node *node, enum err got)
{
    struct fault kept = evaluator->fault == NULL ? (struct fault){0} : *evaluator->fault;

    if (got == ERR_USAGE) {
        return EVALUATOR_COMPLAIN(evaluator, node->place,
                                  "tych zbiorów danych nie da się tak połączyć: ich składowe do "
                                  "tego nie pasują");
    }
    if (got == ERR_LIMIT) {
        (void)EVALUATOR_COMPLAIN(evaluator, node->place,
                                 "wynik przekracza granice obliczeń: miałby za dużo wierszy albo "
                                 "składowych, albo liczbę lub okres poza zakresem");
        return FAIL(evaluator->fault, ERR_LIMIT, "%s", kept.text);
    }
    return got;
}

enum err
evaluator_mask(struct evaluator *evaluator, const struct relation_column *column, size_t count,
               uint8_t **out)
{
    static const uint8_t outcomes[] = {
        [RELATION_ABSENT] = VTL_NULL,
        [RELATION_PRESENT] = VTL_FALSE,
        [RELATION_UNKNOWN] = VTL_NOT_EVALUATED,
        [RELATION_FAILED] = VTL_ERROR,
    };
    uint8_t *mask = ARENA_NEW(evaluator->arena, uint8_t, count + 1);

    if (mask == NULL) {
        return FAIL(evaluator->fault, ERR_MEMORY, "truth of %zu rows", count);
    }
    for (size_t i = 0; i < count; i++) {
        uint8_t state = column->states == NULL ? RELATION_PRESENT : column->states[i];
        bool    holds = state == RELATION_PRESENT && column->values[i] != 0;
        mask[i] = holds ? VTL_TRUE : outcomes[state];
    }
    *out = mask;
    return ERR_OK;
}

/* component is "alias#name". */
static bool
is_qualified(struct str component, struct str alias, struct str name)
{
    return component.size == alias.size + 1 + name.size && str_starts_with(component, alias)
           && component.data[alias.size] == '#' && str_ends_with(component, name);
}

size_t
evaluator_find(const struct relation *relation, const struct value_join *join, struct str alias,
               struct str name)
{
    if (alias.data == NULL) {
        return relation_find(relation, name);
    }
    for (size_t i = 0; i < relation->component_count; i++) {
        if (is_qualified(relation->components[i].name, alias, name)) {
            return i;
        }
    }
    for (size_t i = 0; join != NULL && i < join->count; i++) {
        if (str_equal(join->aliases[i], alias)
            && relation_find(&join->operands[i], name) != RELATION_NONE) {
            return relation_find(relation, name);
        }
    }
    return RELATION_NONE;
}

enum err
evaluator_component(struct evaluator *evaluator, const struct value *value, const struct node *name,
                    size_t *out)
{
    bool       qualified = name->kind == NODE_QUALIFIED;
    struct str alias = qualified ? evaluator_child(evaluator, name, 0)->text : (struct str){0};

    *out = evaluator_find(&value->relation, value->join, alias, name->text);
    if (*out != RELATION_NONE) {
        return ERR_OK;
    }
    return EVALUATOR_COMPLAIN(evaluator, name->place,
                              "zbiór danych nie ma składowej „%.*s%s%.*s”; wielkie i małe litery "
                              "się różnią",
                              STR_ARG(alias), qualified ? "#" : "", STR_ARG(name->text));
}

void
evaluator_notice(struct evaluator *evaluator, const struct evaluation_notice *notice)
{
    struct evaluation *out = evaluator->out;

    if (out->notice_count < EVALUATION_NOTICES_MAX) {
        out->notices[out->notice_count++] = *notice;
    }
}
