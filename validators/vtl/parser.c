#include "validators/vtl/parser.h"

#include "validators/vtl/expression.h"

#include <string.h>

/* "components A, B" of a statement; it waits until all rulesets are known. */
struct listed {
    const struct token *token; /* the first name */
    size_t              count;
};

struct parser {
    struct cursor cursor;
    struct listed listed[VTL_STATEMENTS_MAX]; /* per statement */
};

#define COMPLAIN(parser, place, ...) \
    problem_set((parser)->cursor.problem, (place), (parser)->cursor.fault, __VA_ARGS__)

static enum err
find_twin(struct parser *parser, const struct script_ruleset *ruleset, struct str name,
          struct vtl_place place)
{
    for (size_t i = 0; i < ruleset->variable_count; i++) {
        if (str_equal(ruleset->variables[i].alias, name)) {
            return COMPLAIN(parser, place, "zmienna „%.*s” stoi w nagłówku zestawu już wcześniej",
                            STR_ARG(name));
        }
    }
    return ERR_OK;
}

static enum err
read_variable(struct parser *parser, struct script_ruleset *ruleset)
{
    struct cursor         *cursor = &parser->cursor;
    struct script_variable variable = {.place = cursor->token->place};

    TRY(cursor_need_name(cursor, "nazwa zmiennej", &variable.name));
    variable.alias = variable.name;
    struct vtl_place alias_place = variable.place;
    if (cursor_take_word(cursor, WORD_AS)) {
        alias_place = cursor->token->place;
        TRY(cursor_need_name(cursor, "nazwa zastępcza zmiennej", &variable.alias));
    }
    TRY(find_twin(parser, ruleset, variable.alias, alias_place));
    if (ruleset->variable_count == VTL_COMPONENTS_MAX) {
        return COMPLAIN(parser, variable.place, "nagłówek zestawu ma więcej niż %d zmiennych",
                        VTL_COMPONENTS_MAX);
    }
    ruleset->variables[ruleset->variable_count++] = variable;
    return ERR_OK;
}

static enum err
read_signature(struct parser *parser, struct script_ruleset *ruleset)
{
    struct cursor         *cursor = &parser->cursor;
    struct script_variable variables[VTL_COMPONENTS_MAX];

    TRY(cursor_need_sign(cursor, "(", "define datapoint ruleset i nazwie"));
    if (lexer_is_word(cursor->token, WORD_VALUEDOMAIN)) {
        return COMPLAIN(parser, cursor->token->place,
                        "zestaw reguł na dziedzinach („valuedomain”) nie należy do podzbioru VTL "
                        "przyjętego przez bramę; wymień zmienne po słowie „variable”");
    }
    TRY(cursor_need_word(cursor, WORD_VARIABLE, "("));
    ruleset->variables = variables;
    do {
        TRY(read_variable(parser, ruleset));
    } while (cursor_take_sign(cursor, ","));
    ruleset->variables = ARENA_NEW(cursor->arena, struct script_variable, ruleset->variable_count);
    if (ruleset->variables == NULL) {
        return FAIL(cursor->fault, ERR_MEMORY, "signature of a ruleset");
    }
    memcpy(ruleset->variables, variables, ruleset->variable_count * sizeof *variables);
    TRY(cursor_need_sign(cursor, ")", "variable i nazwach zmiennych"));
    return cursor_need_word(cursor, WORD_IS, ")");
}

static enum err
read_constant(struct parser *parser, const char *what, struct script_constant *out)
{
    struct cursor *cursor = &parser->cursor;
    uint32_t       made = 0;

    TRY(cursor_constant(cursor, &made));
    const struct node *node = &cursor->script->nodes[made];
    if (node->kind != NODE_STRING && node->kind != NODE_INTEGER) {
        return COMPLAIN(parser, node->place, "po „%s” powinien stać napis albo liczba całkowita",
                        what);
    }
    *out = (struct script_constant){
        .text = node->text, .is_text = node->kind == NODE_STRING, .place = node->place};
    return ERR_OK;
}

static enum err
read_codes(struct parser *parser, struct script_rule *rule)
{
    struct cursor *cursor = &parser->cursor;

    if (cursor_take_word(cursor, WORD_ERRORCODE)) {
        TRY(read_constant(parser, "errorcode", &rule->errorcode));
        if (!rule->errorcode.is_text) {
            return COMPLAIN(parser, rule->errorcode.place,
                            "po „errorcode” powinien stać napis w cudzysłowach");
        }
    }
    if (cursor_take_word(cursor, WORD_ERRORLEVEL)) {
        TRY(read_constant(parser, "errorlevel", &rule->errorlevel));
    }
    return ERR_OK;
}

static enum err
read_rule(struct parser *parser, struct script_rule *rule)
{
    struct cursor *cursor = &parser->cursor;

    rule->place = cursor->token->place;
    if (cursor->token->kind == TOKEN_END || !lexer_is_sign(cursor->token + 1, ":")) {
        return COMPLAIN(parser, rule->place,
                        "reguła nie ma nazwy; zacznij ją od nazwy i dwukropka, np. „R_001: ...”");
    }
    TRY(cursor_need_name(cursor, "nazwa reguły", &rule->name));
    TRY(cursor_need_sign(cursor, ":", "nazwie reguły"));
    rule->first_node = (uint32_t)cursor->script->node_count;
    rule->when = NODE_NONE;
    if (cursor_take_word(cursor, WORD_WHEN)) {
        TRY(expression_parse(cursor, &rule->when));
        TRY(cursor_need_word(cursor, WORD_THEN, "when"));
    }
    TRY(expression_parse(cursor, &rule->then));
    rule->last_node = (uint32_t)cursor->script->node_count - 1;
    return read_codes(parser, rule);
}

static enum err
add_rule(struct parser *parser, struct script_ruleset *ruleset, size_t *capacity)
{
    struct cursor *cursor = &parser->cursor;

    if (ruleset->rule_count == VTL_RULES_MAX) {
        return COMPLAIN(parser, cursor->token->place,
                        "zestaw ma więcej niż %d reguł; podziel go na mniejsze", VTL_RULES_MAX);
    }
    struct script_rule *rules =
        arena_reserve(cursor->arena, ruleset->rules, ruleset->rule_count, capacity, sizeof *rules);
    if (rules == NULL) {
        return FAIL(cursor->fault, ERR_MEMORY, "%zu rules of a ruleset", ruleset->rule_count + 1);
    }
    ruleset->rules = rules;
    struct script_rule *rule = &ruleset->rules[ruleset->rule_count];
    TRY(read_rule(parser, rule));
    for (size_t i = 0; i < ruleset->rule_count; i++) {
        if (str_equal(ruleset->rules[i].name, rule->name)) {
            return COMPLAIN(parser, rule->place,
                            "reguła o nazwie „%.*s” stoi w zestawie już w wierszu %u",
                            STR_ARG(rule->name), ruleset->rules[i].place.line);
        }
    }
    ruleset->rule_count++;
    return ERR_OK;
}

static const struct script_ruleset *
find_ruleset(const struct vtl_script *script, struct str name)
{
    for (size_t i = 0; i < script->ruleset_count; i++) {
        if (str_equal(script->rulesets[i].name, name)) {
            return &script->rulesets[i];
        }
    }
    return NULL;
}

/* "define" has been read. */
static enum err
read_ruleset(struct parser *parser)
{
    struct cursor         *cursor = &parser->cursor;
    struct script_ruleset *ruleset = &cursor->script->rulesets[cursor->script->ruleset_count];
    size_t                 capacity = 0;

    if (cursor->script->ruleset_count == VTL_RULESETS_MAX) {
        return COMPLAIN(parser, cursor->token->place, "skrypt ma więcej niż %d zestawów reguł",
                        VTL_RULESETS_MAX);
    }
    if (!lexer_is_word(cursor->token, WORD_DATAPOINT)) {
        return COMPLAIN(parser, cursor->token->place,
                        "po „define” brama przyjmuje tylko „datapoint ruleset”; stoi tu „%.*s”",
                        STR_ARG(cursor_shown(cursor)));
    }
    cursor->token++;
    TRY(cursor_need_word(cursor, WORD_RULESET, "define datapoint"));
    ruleset->place = cursor->token->place;
    TRY(cursor_need_name(cursor, "nazwa zestawu reguł", &ruleset->name));
    if (find_ruleset(cursor->script, ruleset->name) != NULL) {
        return COMPLAIN(parser, ruleset->place, "zestaw reguł „%.*s” jest określony już wcześniej",
                        STR_ARG(ruleset->name));
    }
    TRY(read_signature(parser, ruleset));
    do {
        TRY(add_rule(parser, ruleset, &capacity));
    } while (cursor_take_sign(cursor, ";"));
    if (!lexer_is_word(cursor->token, WORD_END)) {
        return cursor_unexpected(cursor, "po regule powinien stać średnik albo „end datapoint "
                                         "ruleset”");
    }
    cursor->token++;
    TRY(cursor_need_word(cursor, WORD_DATAPOINT, "end"));
    TRY(cursor_need_word(cursor, WORD_RULESET, "end datapoint"));
    cursor->script->ruleset_count++;
    return ERR_OK;
}

static enum err
read_listed(struct parser *parser, struct listed *listed)
{
    struct cursor *cursor = &parser->cursor;
    struct str     name;

    if (!cursor_take_word(cursor, WORD_COMPONENTS)) {
        return ERR_OK;
    }
    listed->token = cursor->token;
    do {
        TRY(cursor_need_name(cursor, "nazwa składowej", &name));
        listed->count++;
    } while (cursor_take_sign(cursor, ","));
    return ERR_OK;
}

static enum vtl_output
read_output(struct cursor *cursor)
{
    if (cursor_take_word(cursor, WORD_ALL)) {
        return VTL_OUTPUT_ALL;
    }
    if (cursor_take_word(cursor, WORD_ALL_MEASURES)) {
        return VTL_OUTPUT_ALL_MEASURES;
    }
    (void)cursor_take_word(cursor, WORD_INVALID); /* the default may be written */
    return VTL_OUTPUT_INVALID;
}

static enum err
read_check(struct parser *parser, struct vtl_statement *statement, struct listed *listed)
{
    struct cursor *cursor = &parser->cursor;

    if (!lexer_is_word(cursor->token, WORD_CHECK_DATAPOINT)) {
        return cursor_unexpected(cursor, "powinno tu stać „check_datapoint”");
    }
    cursor->token++;
    TRY(cursor_need_sign(cursor, "(", "check_datapoint"));
    statement->dataset_place = cursor->token->place;
    TRY(cursor_need_name(cursor, "nazwa zbioru danych", &statement->dataset));
    TRY(cursor_need_sign(cursor, ",", "nazwie zbioru danych"));
    TRY(cursor_need_name(cursor, "nazwa zestawu reguł", &statement->ruleset));
    TRY(read_listed(parser, listed));
    statement->output = read_output(cursor);
    return cursor_need_sign(cursor, ")", "check_datapoint i jego argumentach");
}

static enum err
read_statement(struct parser *parser)
{
    struct cursor        *cursor = &parser->cursor;
    struct vtl_script    *script = cursor->script;
    struct vtl_statement *statement = &script->statements[script->statement_count];

    if (script->statement_count == VTL_STATEMENTS_MAX) {
        return COMPLAIN(parser, cursor->token->place, "skrypt ma więcej niż %d przypisań",
                        VTL_STATEMENTS_MAX);
    }
    statement->place = cursor->token->place;
    if (cursor->token->kind != TOKEN_NAME) {
        return cursor_unexpected(cursor, "powinno tu stać „define” albo nazwa wyniku");
    }
    TRY(cursor_need_name(cursor, "nazwa wyniku", &statement->result));
    for (size_t i = 0; i < script->statement_count; i++) {
        if (str_equal(script->statements[i].result, statement->result)) {
            return COMPLAIN(parser, statement->place,
                            "wynik „%.*s” powstaje już w wierszu %u; nadaj inną nazwę",
                            STR_ARG(statement->result), script->statements[i].place.line);
        }
    }
    statement->persistent = cursor_take_sign(cursor, "<-");
    if (!statement->persistent) {
        TRY(cursor_need_sign(cursor, ":=", "nazwie wyniku"));
    }
    TRY(read_check(parser, statement, &parser->listed[script->statement_count]));
    script->statement_count++;
    return ERR_OK;
}

/* The components of a statement repeat the signature, in its order (VTL 2.2, check_datapoint). */
static enum err
check_statement(struct parser *parser, size_t statement_at)
{
    const struct vtl_script     *script = parser->cursor.script;
    const struct vtl_statement  *statement = &script->statements[statement_at];
    const struct listed         *listed = &parser->listed[statement_at];
    const struct script_ruleset *ruleset = find_ruleset(script, statement->ruleset);

    if (ruleset == NULL) {
        return COMPLAIN(parser, statement->place,
                        "zestaw reguł „%.*s” nie jest w tym skrypcie określony",
                        STR_ARG(statement->ruleset));
    }
    if (listed->token == NULL) {
        return ERR_OK;
    }
    bool same = listed->count == ruleset->variable_count;
    for (size_t i = 0; same && i < listed->count; i++) {
        same = str_equal(listed->token[2 * i].text, ruleset->variables[i].name);
    }
    if (!same) {
        return COMPLAIN(parser, listed->token->place,
                        "lista po „components” powinna powtarzać zmienne z nagłówka zestawu "
                        "„%.*s” w tej samej kolejności",
                        STR_ARG(ruleset->name));
    }
    return ERR_OK;
}

static enum err
read_script(struct parser *parser)
{
    struct cursor *cursor = &parser->cursor;

    while (cursor->token->kind != TOKEN_END) {
        TRY(cursor_take_word(cursor, WORD_DEFINE) ? read_ruleset(parser) : read_statement(parser));
        if (!cursor_take_sign(cursor, ";")) {
            return cursor_unexpected(cursor, "powinien tu stać średnik zamykający instrukcję");
        }
    }
    for (size_t i = 0; i < cursor->script->statement_count; i++) {
        TRY(check_statement(parser, i));
    }
    return ERR_OK;
}

enum err
parser_parse(struct arena *arena, struct str text, struct vtl_script **out,
             struct vtl_problem *problem, struct fault *fault)
{
    struct token      *tokens = NULL;
    size_t             token_count = 0;
    struct parser      parser = {0};
    struct vtl_script *script = ARENA_NEW(arena, struct vtl_script, 1);

    TRY(lexer_read(arena, text, &tokens, &token_count, problem, fault));
    if (script != NULL) {
        /* Every node and every link to a child comes from a token of its own. */
        script->nodes = ARENA_NEW(arena, struct node, token_count + 1);
        script->links = ARENA_NEW(arena, uint32_t, token_count + 1);
        script->rulesets = ARENA_NEW(arena, struct script_ruleset, VTL_RULESETS_MAX + 1);
        script->statements = ARENA_NEW(arena, struct vtl_statement, VTL_STATEMENTS_MAX + 1);
    }
    if (script == NULL || script->nodes == NULL || script->links == NULL || script->rulesets == NULL
        || script->statements == NULL) {
        return FAIL(fault, ERR_MEMORY, "script of %zu tokens", token_count);
    }
    parser.cursor = (struct cursor){
        .arena = arena, .token = tokens, .script = script, .problem = problem, .fault = fault};
    TRY(read_script(&parser));
    *out = script;
    return ERR_OK;
}
