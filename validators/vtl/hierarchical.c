#include "validators/vtl/hierarchical.h"

#include "validators/vtl/expression.h"
#include "validators/vtl/ruleset.h"

#include <string.h>

#define COMPLAIN(cursor, place, ...) \
    problem_set((cursor)->problem, (place), (cursor)->fault, __VA_ARGS__)

static enum err
read_signature(struct cursor *cursor, struct script_hierarchy *hierarchy)
{
    TRY(cursor_need_sign(cursor, "(", "define hierarchical ruleset i nazwie"));
    hierarchy->on_domain = cursor_take_word(cursor, WORD_VALUEDOMAIN);
    if (!hierarchy->on_domain) {
        TRY(cursor_need_word(cursor, WORD_VARIABLE, "("));
    }
    if (cursor_take_word(cursor, WORD_CONDITION)) {
        TRY(ruleset_variables(cursor, &hierarchy->conditions, &hierarchy->condition_count));
    }
    TRY(cursor_need_word(cursor, WORD_RULE, "nagłówku zestawu"));
    hierarchy->rule.place = cursor->token->place;
    TRY(cursor_need_name(cursor, "nazwa identyfikatora z pozycjami", &hierarchy->rule.name));
    hierarchy->rule.alias = hierarchy->rule.name;
    TRY(cursor_need_sign(cursor, ")", "rule i nazwie"));
    return cursor_need_word(cursor, WORD_IS, ")");
}

/* A code item: a name, or a number with its sign. */
static enum err
read_code(struct cursor *cursor, struct script_item *item)
{
    uint32_t constant = 0;

    item->place = cursor->token->place;
    if (cursor->token->kind != TOKEN_INTEGER && cursor->token->kind != TOKEN_NUMBER
        && !lexer_is_sign(cursor->token, "-") && !lexer_is_sign(cursor->token, "+")) {
        return cursor_need_name(cursor, "pozycja (kod)", &item->code);
    }
    TRY(cursor_constant(cursor, &constant));
    item->code = cursor->script->nodes[constant].text;
    return ERR_OK;
}

static enum err
read_comparison(struct cursor *cursor, enum node_kind *out)
{
    static const struct {
        const char    *sign;
        enum node_kind kind;
    } signs[] = {
        {"=",  NODE_EQUAL        },
        {">=", NODE_GREATER_EQUAL},
        {"<=", NODE_LESS_EQUAL   },
        {">",  NODE_GREATER      },
        {"<",  NODE_LESS         },
    };

    for (size_t i = 0; i < ARRAY_COUNT(signs); i++) {
        if (cursor_take_sign(cursor, signs[i].sign)) {
            *out = signs[i].kind;
            return ERR_OK;
        }
    }
    return cursor_unexpected(cursor, "po pozycji powinien stać znak: =, <, <=, > albo >=");
}

/* "+ B": the first sign may be missing. */
static enum err
read_item(struct cursor *cursor, struct script_item *item)
{
    item->negative = cursor_take_sign(cursor, "-");
    if (!item->negative) {
        (void)cursor_take_sign(cursor, "+");
    }
    TRY(read_code(cursor, item));
    if (lexer_is_sign(cursor->token, "[")) {
        return COMPLAIN(cursor, cursor->token->place,
                        "warunek przy pojedynczej pozycji nie należy do podzbioru VTL przyjętego "
                        "przez bramę; zapisz go po „when”");
    }
    return ERR_OK;
}

static enum err
read_items(struct cursor *cursor, struct script_relation *relation)
{
    struct script_item items[VTL_ITEMS_MAX];
    size_t             count = 0;

    do {
        if (count == VTL_ITEMS_MAX) {
            return COMPLAIN(cursor, cursor->token->place, "reguła ma więcej niż %d pozycji",
                            VTL_ITEMS_MAX);
        }
        items[count] = (struct script_item){0};
        TRY(read_item(cursor, &items[count]));
        count++;
    } while (lexer_is_sign(cursor->token, "+") || lexer_is_sign(cursor->token, "-"));
    relation->items = ARENA_NEW(cursor->arena, struct script_item, count);
    if (relation->items == NULL) {
        return FAIL(cursor->fault, ERR_MEMORY, "code items of a rule");
    }
    memcpy(relation->items, items, count * sizeof *items);
    relation->item_count = count;
    return ERR_OK;
}

static enum err
read_relation(struct cursor *cursor, size_t ordinal, struct script_relation *relation)
{
    bool named = false;

    relation->place = cursor->token->place;
    TRY(ruleset_rule_name(cursor, ordinal, &relation->name, &named));
    relation->first_node = (uint32_t)cursor->script->node_count;
    relation->when = NODE_NONE;
    if (cursor_take_word(cursor, WORD_WHEN)) {
        TRY(expression_parse(cursor, SCOPE_COMPONENT, &relation->when));
        TRY(cursor_need_word(cursor, WORD_THEN, "when"));
    }
    TRY(read_code(cursor, &relation->left));
    TRY(read_comparison(cursor, &relation->comparison));
    TRY(read_items(cursor, relation));
    return ruleset_codes(cursor, &relation->errorcode, &relation->errorlevel);
}

static enum err
add_relation(struct cursor *cursor, struct script_hierarchy *hierarchy, size_t *capacity)
{
    if (hierarchy->relation_count == VTL_RULES_MAX) {
        return COMPLAIN(cursor, cursor->token->place,
                        "zestaw ma więcej niż %d reguł; podziel go na mniejsze", VTL_RULES_MAX);
    }
    struct script_relation *relations =
        arena_reserve(cursor->arena, hierarchy->relations, hierarchy->relation_count, capacity,
                      sizeof *relations);
    if (relations == NULL) {
        return FAIL(cursor->fault, ERR_MEMORY, "rules of a hierarchy");
    }
    hierarchy->relations = relations;
    struct script_relation *relation = &relations[hierarchy->relation_count];
    TRY(read_relation(cursor, hierarchy->relation_count + 1, relation));
    for (size_t i = 0; i < hierarchy->relation_count; i++) {
        if (str_equal(relations[i].name, relation->name)) {
            return COMPLAIN(cursor, relation->place,
                            "reguła o nazwie „%.*s” stoi w zestawie już w wierszu %u",
                            STR_ARG(relation->name), relations[i].place.line);
        }
    }
    hierarchy->relation_count++;
    return ERR_OK;
}

enum err
hierarchical_read(struct cursor *cursor, struct script_hierarchy *out)
{
    size_t capacity = 0;

    TRY(read_signature(cursor, out));
    do {
        TRY(add_relation(cursor, out, &capacity));
    } while (cursor_take_sign(cursor, ";"));
    if (!lexer_is_word(cursor->token, WORD_END)) {
        return cursor_unexpected(cursor, "po regule powinien stać średnik albo „end hierarchical "
                                         "ruleset”");
    }
    cursor->token++;
    TRY(cursor_need_word(cursor, WORD_HIERARCHICAL, "end"));
    return cursor_need_word(cursor, WORD_RULESET, "end hierarchical");
}
