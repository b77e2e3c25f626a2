#include "validators/vtl/ruleset.h"

#include "validators/vtl/expression.h"

#include <string.h>

#define COMPLAIN(cursor, place, ...) \
    problem_set((cursor)->problem, (place), (cursor)->fault, __VA_ARGS__)

struct signature {
    struct script_variable variables[VTL_COMPONENTS_MAX];
    size_t                 count;
};

static enum err
find_twin(struct cursor *cursor, const struct signature *signature, struct str name,
          struct vtl_place place)
{
    for (size_t i = 0; i < signature->count; i++) {
        if (str_equal(signature->variables[i].alias, name)) {
            return COMPLAIN(cursor, place, "zmienna „%.*s” stoi w nagłówku zestawu już wcześniej",
                            STR_ARG(name));
        }
    }
    return ERR_OK;
}

static enum err
read_variable(struct cursor *cursor, struct signature *signature)
{
    struct script_variable variable = {.place = cursor->token->place};

    TRY(cursor_need_name(cursor, "nazwa zmiennej", &variable.name));
    variable.alias = variable.name;
    struct vtl_place alias_place = variable.place;
    if (cursor_take_word(cursor, WORD_AS)) {
        alias_place = cursor->token->place;
        TRY(cursor_need_name(cursor, "nazwa zastępcza zmiennej", &variable.alias));
    }
    TRY(find_twin(cursor, signature, variable.alias, alias_place));
    if (signature->count == VTL_COMPONENTS_MAX) {
        return COMPLAIN(cursor, variable.place, "nagłówek zestawu ma więcej niż %d zmiennych",
                        VTL_COMPONENTS_MAX);
    }
    signature->variables[signature->count++] = variable;
    return ERR_OK;
}

enum err
ruleset_variables(struct cursor *cursor, struct script_variable **out, size_t *count)
{
    struct signature signature = {0};

    do {
        TRY(read_variable(cursor, &signature));
    } while (cursor_take_sign(cursor, ","));
    *out = ARENA_NEW(cursor->arena, struct script_variable, signature.count);
    if (*out == NULL) {
        return FAIL(cursor->fault, ERR_MEMORY, "signature of a ruleset");
    }
    memcpy(*out, signature.variables, signature.count * sizeof signature.variables[0]);
    *count = signature.count;
    return ERR_OK;
}

static enum err
read_signature(struct cursor *cursor, struct script_ruleset *ruleset)
{
    TRY(cursor_need_sign(cursor, "(", "define datapoint ruleset i nazwie"));
    if (lexer_is_word(cursor->token, WORD_VALUEDOMAIN)) {
        return COMPLAIN(cursor, cursor->token->place,
                        "zestaw reguł na dziedzinach („valuedomain”) nie należy do podzbioru VTL "
                        "przyjętego przez bramę; wymień zmienne po słowie „variable”");
    }
    TRY(cursor_need_word(cursor, WORD_VARIABLE, "("));
    TRY(ruleset_variables(cursor, &ruleset->variables, &ruleset->variable_count));
    TRY(cursor_need_sign(cursor, ")", "variable i nazwach zmiennych"));
    return cursor_need_word(cursor, WORD_IS, ")");
}

static enum err
read_constant(struct cursor *cursor, const char *what, struct script_constant *out)
{
    uint32_t made = 0;

    TRY(cursor_constant(cursor, &made));
    const struct node *node = &cursor->script->nodes[made];
    if (node->kind != NODE_STRING && node->kind != NODE_INTEGER) {
        return COMPLAIN(cursor, node->place, "po „%s” powinien stać napis albo liczba całkowita",
                        what);
    }
    *out = (struct script_constant){
        .text = node->text, .is_text = node->kind == NODE_STRING, .place = node->place};
    return ERR_OK;
}

enum err
ruleset_codes(struct cursor *cursor, struct script_constant *errorcode,
              struct script_constant *errorlevel)
{
    if (cursor_take_word(cursor, WORD_ERRORCODE)) {
        TRY(read_constant(cursor, "errorcode", errorcode));
        if (!errorcode->is_text) {
            return COMPLAIN(cursor, errorcode->place,
                            "po „errorcode” powinien stać napis w cudzysłowach");
        }
    }
    return cursor_take_word(cursor, WORD_ERRORLEVEL)
               ? read_constant(cursor, "errorlevel", errorlevel)
               : ERR_OK;
}

enum err
ruleset_rule_name(struct cursor *cursor, size_t ordinal, struct str *name, bool *named)
{
    *named = cursor->token->kind != TOKEN_END && lexer_is_sign(cursor->token + 1, ":");
    if (*named) {
        TRY(cursor_need_name(cursor, "nazwa reguły", name));
        return cursor_need_sign(cursor, ":", "nazwie reguły");
    }
    *name = str_format(cursor->arena, "%zu", ordinal);
    return name->data == NULL ? FAIL(cursor->fault, ERR_MEMORY, "name of a rule") : ERR_OK;
}

static enum err
read_rule(struct cursor *cursor, size_t ordinal, struct script_rule *rule)
{
    rule->place = cursor->token->place;
    TRY(ruleset_rule_name(cursor, ordinal, &rule->name, &rule->named));
    rule->first_node = (uint32_t)cursor->script->node_count;
    rule->when = NODE_NONE;
    if (cursor_take_word(cursor, WORD_WHEN)) {
        TRY(expression_parse(cursor, SCOPE_COMPONENT, &rule->when));
        TRY(cursor_need_word(cursor, WORD_THEN, "when"));
    }
    TRY(expression_parse(cursor, SCOPE_COMPONENT, &rule->then));
    rule->last_node = (uint32_t)cursor->script->node_count - 1;
    return ruleset_codes(cursor, &rule->errorcode, &rule->errorlevel);
}

static enum err
add_rule(struct cursor *cursor, struct script_ruleset *ruleset, size_t *capacity)
{
    if (ruleset->rule_count == VTL_RULES_MAX) {
        return COMPLAIN(cursor, cursor->token->place,
                        "zestaw ma więcej niż %d reguł; podziel go na mniejsze", VTL_RULES_MAX);
    }
    struct script_rule *rules =
        arena_reserve(cursor->arena, ruleset->rules, ruleset->rule_count, capacity, sizeof *rules);
    if (rules == NULL) {
        return FAIL(cursor->fault, ERR_MEMORY, "%zu rules of a ruleset", ruleset->rule_count + 1);
    }
    ruleset->rules = rules;
    struct script_rule *rule = &ruleset->rules[ruleset->rule_count];
    TRY(read_rule(cursor, ruleset->rule_count + 1, rule));
    for (size_t i = 0; i < ruleset->rule_count; i++) {
        if (str_equal(ruleset->rules[i].name, rule->name)) {
            return COMPLAIN(cursor, rule->place,
                            "reguła o nazwie „%.*s” stoi w zestawie już w wierszu %u",
                            STR_ARG(rule->name), ruleset->rules[i].place.line);
        }
    }
    ruleset->rule_count++;
    return ERR_OK;
}

enum err
ruleset_read(struct cursor *cursor, struct script_ruleset *out)
{
    size_t capacity = 0;

    TRY(read_signature(cursor, out));
    do {
        TRY(add_rule(cursor, out, &capacity));
    } while (cursor_take_sign(cursor, ";"));
    if (!lexer_is_word(cursor->token, WORD_END)) {
        return cursor_unexpected(cursor, "po regule powinien stać średnik albo „end datapoint "
                                         "ruleset”");
    }
    cursor->token++;
    TRY(cursor_need_word(cursor, WORD_DATAPOINT, "end"));
    return cursor_need_word(cursor, WORD_RULESET, "end datapoint");
}
