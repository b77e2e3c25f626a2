#include "validators/vtl/parser.h"

#include "validators/vtl/expression.h"
#include "validators/vtl/hierarchical.h"
#include "validators/vtl/ruleset.h"

#define COMPLAIN(cursor, place, ...) \
    problem_set((cursor)->problem, (place), (cursor)->fault, __VA_ARGS__)

/* A ruleset's name, which no other ruleset of either kind has. */
static enum err
read_ruleset_name(struct cursor *cursor, struct str *name, struct vtl_place *place)
{
    *place = cursor->token->place;
    TRY(cursor_need_name(cursor, "nazwa zestawu reguł", name));
    if (script_ruleset_of(cursor->script, *name) != NULL
        || script_hierarchy_of(cursor->script, *name) != NULL) {
        return COMPLAIN(cursor, *place, "zestaw reguł „%.*s” jest określony już wcześniej",
                        STR_ARG(*name));
    }
    return ERR_OK;
}

static enum err
read_datapoint(struct cursor *cursor)
{
    struct vtl_script     *script = cursor->script;
    struct script_ruleset *ruleset = &script->rulesets[script->ruleset_count];

    TRY(cursor_need_word(cursor, WORD_RULESET, "define datapoint"));
    TRY(read_ruleset_name(cursor, &ruleset->name, &ruleset->place));
    TRY(ruleset_read(cursor, ruleset));
    script->ruleset_count++;
    return ERR_OK;
}

static enum err
read_hierarchical(struct cursor *cursor)
{
    struct vtl_script       *script = cursor->script;
    struct script_hierarchy *hierarchy = &script->hierarchies[script->hierarchy_count];

    TRY(cursor_need_word(cursor, WORD_RULESET, "define hierarchical"));
    TRY(read_ruleset_name(cursor, &hierarchy->name, &hierarchy->place));
    TRY(hierarchical_read(cursor, hierarchy));
    script->hierarchy_count++;
    return ERR_OK;
}

/* "define" has been read. */
static enum err
read_definition(struct cursor *cursor)
{
    if (cursor->script->ruleset_count + cursor->script->hierarchy_count == VTL_RULESETS_MAX) {
        return COMPLAIN(cursor, cursor->token->place, "skrypt ma więcej niż %d zestawów reguł",
                        VTL_RULESETS_MAX);
    }
    if (cursor_take_word(cursor, WORD_DATAPOINT)) {
        return read_datapoint(cursor);
    }
    if (cursor_take_word(cursor, WORD_HIERARCHICAL)) {
        return read_hierarchical(cursor);
    }
    return COMPLAIN(cursor, cursor->token->place,
                    "po „define” brama przyjmuje tylko „datapoint ruleset” i „hierarchical "
                    "ruleset”; stoi tu „%.*s”",
                    STR_ARG(cursor_shown(cursor)));
}

static enum err
check_result(struct cursor *cursor, const struct vtl_statement *statement)
{
    const struct vtl_script *script = cursor->script;

    for (size_t i = 0; i < script->statement_count; i++) {
        if (str_equal(script->statements[i].result, statement->result)) {
            return COMPLAIN(cursor, statement->place,
                            "wynik „%.*s” powstaje już w wierszu %u; nadaj inną nazwę",
                            STR_ARG(statement->result), script->statements[i].place.line);
        }
    }
    return ERR_OK;
}

static enum err
read_statement(struct cursor *cursor)
{
    struct vtl_script    *script = cursor->script;
    struct vtl_statement *statement = &script->statements[script->statement_count];

    if (script->statement_count == VTL_STATEMENTS_MAX) {
        return COMPLAIN(cursor, cursor->token->place, "skrypt ma więcej niż %d przypisań",
                        VTL_STATEMENTS_MAX);
    }
    statement->place = cursor->token->place;
    if (cursor->token->kind != TOKEN_NAME) {
        return cursor_unexpected(cursor, "powinno tu stać „define” albo nazwa wyniku");
    }
    TRY(cursor_need_name(cursor, "nazwa wyniku", &statement->result));
    TRY(check_result(cursor, statement));
    statement->persistent = cursor_take_sign(cursor, "<-");
    if (!statement->persistent) {
        TRY(cursor_need_sign(cursor, ":=", "nazwie wyniku"));
    }
    statement->first = (uint32_t)script->node_count;
    TRY(expression_parse(cursor, SCOPE_DATASET, &statement->root));
    script->statement_count++;
    return ERR_OK;
}

/* The components of a check repeat the signature, in its order (VTL 2.2, check_datapoint). */
static enum err
check_components(struct cursor *cursor, const struct node *check,
                 const struct script_ruleset *ruleset)
{
    const struct vtl_script *script = cursor->script;
    const uint32_t          *names = &script->links[check->first + 2];
    size_t                   count = check->count - 2;
    bool                     same = count == ruleset->variable_count;

    for (size_t i = 0; same && i < count; i++) {
        same = script->nodes[names[i]].kind == NODE_NAME
               && str_equal(script->nodes[names[i]].text, ruleset->variables[i].name);
    }
    if (count > 0 && !same) {
        return COMPLAIN(cursor, script->nodes[names[0]].place,
                        "lista po „components” powinna powtarzać zmienne z nagłówka zestawu "
                        "„%.*s” w tej samej kolejności",
                        STR_ARG(ruleset->name));
    }
    return ERR_OK;
}

static enum err
check_rulesets(struct cursor *cursor, const struct node *check)
{
    const struct vtl_script     *script = cursor->script;
    const struct node           *named = &script->nodes[script->links[check->first + 1]];
    bool                         datapoint = check->kind == NODE_CHECK_DATAPOINT;
    const struct script_ruleset *ruleset = script_ruleset_of(script, named->text);

    if (datapoint ? ruleset == NULL : script_hierarchy_of(script, named->text) == NULL) {
        return COMPLAIN(cursor, named->place,
                        datapoint ? "zestaw reguł „%.*s” nie jest w tym skrypcie określony"
                                  : "zestaw „%.*s” (hierarchical ruleset) nie jest w tym skrypcie "
                                    "określony",
                        STR_ARG(named->text));
    }
    return datapoint ? check_components(cursor, check, ruleset) : ERR_OK;
}

static enum err
read_script(struct cursor *cursor)
{
    while (cursor->token->kind != TOKEN_END) {
        TRY(cursor_take_word(cursor, WORD_DEFINE) ? read_definition(cursor)
                                                  : read_statement(cursor));
        if (!cursor_take_sign(cursor, ";")) {
            return cursor_unexpected(cursor, "powinien tu stać średnik zamykający instrukcję");
        }
    }
    for (size_t i = 0; i < cursor->script->node_count; i++) {
        const struct node *node = &cursor->script->nodes[i];
        if (node->kind == NODE_CHECK_DATAPOINT || node->kind == NODE_CHECK_HIERARCHY) {
            TRY(check_rulesets(cursor, node));
        }
    }
    return ERR_OK;
}

enum err
parser_parse(struct arena *arena, struct str text, struct vtl_script **out,
             struct vtl_problem *problem, struct fault *fault)
{
    struct token      *tokens = NULL;
    size_t             token_count = 0;
    struct vtl_script *script = ARENA_NEW(arena, struct vtl_script, 1);

    TRY(lexer_read(arena, text, &tokens, &token_count, problem, fault));
    if (script != NULL) {
        /* A token makes at most two nodes, and each node is the child of one other. */
        script->nodes = ARENA_NEW(arena, struct node, 2 * token_count + 1);
        script->links = ARENA_NEW(arena, uint32_t, 2 * token_count + 1);
        script->rulesets = ARENA_NEW(arena, struct script_ruleset, VTL_RULESETS_MAX + 1);
        script->hierarchies = ARENA_NEW(arena, struct script_hierarchy, VTL_RULESETS_MAX + 1);
        script->statements = ARENA_NEW(arena, struct vtl_statement, VTL_STATEMENTS_MAX + 1);
    }
    if (script == NULL || script->nodes == NULL || script->links == NULL || script->rulesets == NULL
        || script->hierarchies == NULL || script->statements == NULL) {
        return FAIL(fault, ERR_MEMORY, "script of %zu tokens", token_count);
    }
    struct cursor cursor = {
        .arena = arena, .token = tokens, .script = script, .problem = problem, .fault = fault};
    TRY(read_script(&cursor));
    *out = script;
    return ERR_OK;
}
