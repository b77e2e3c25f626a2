#include "validators/vtl/joining.h"

#include "validators/vtl/clause.h"
#include "validators/vtl/list.h"

enum err
joining_open(struct pending *pending)
{
    struct cursor *cursor = pending->cursor;
    enum word      word = cursor->token->word;
    struct open    open = {.kind = OPEN_JOIN, .node = NODE_JOIN};

    open.option = word == WORD_INNER_JOIN  ? NODE_JOIN_INNER
                  : word == WORD_LEFT_JOIN ? NODE_JOIN_LEFT
                                           : NODE_JOIN_FULL;
    TRY(pending_open(pending, open));
    cursor->token++;
    return cursor_need_sign(cursor, "(", lexer_word_text(word));
}

/* An alias that no other operand of the join has. */
static enum err
check_alias(struct pending *pending, struct vtl_place place, struct str alias)
{
    struct cursor     *cursor = pending->cursor;
    const struct open *open = pending_top(pending);

    if (alias.data == NULL) {
        return problem_set(cursor->problem, place, cursor->fault,
                           "zbiór, który w złączeniu powstaje z wyrażenia, powinien mieć nazwę "
                           "zastępczą po „as”");
    }
    for (size_t i = open->base; i + 1 < pending->operand_count; i++) {
        if (str_equal(cursor->script->nodes[pending->operands[i]].text, alias)) {
            return problem_set(cursor->problem, place, cursor->fault,
                               "nazwa „%.*s” oznacza w złączeniu już inny zbiór; nadaj nazwę "
                               "zastępczą po „as”",
                               STR_ARG(alias));
        }
    }
    if (pending->operand_count - open->base > VTL_OPERANDS_MAX) {
        return problem_set(cursor->problem, place, cursor->fault,
                           "złączenie ma więcej niż %d zbiorów", VTL_OPERANDS_MAX);
    }
    return ERR_OK;
}

/* "dataset as alias" in a join. */
static enum err
read_operand(struct pending *pending)
{
    struct cursor     *cursor = pending->cursor;
    const struct node *value =
        &cursor->script->nodes[pending->operands[pending->operand_count - 1]];
    struct node node = {.kind = NODE_OPERAND, .place = value->place};

    if (cursor_take_word(cursor, WORD_AS)) {
        node.place = cursor->token->place;
        TRY(cursor_need_name(cursor, "nazwa zastępcza zbioru", &node.text));
    } else if (value->kind == NODE_NAME) {
        node.text = value->text;
    }
    TRY(check_alias(pending, node.place, node.text));
    pending_wrap(pending, node, pending->operand_count - 1);
    return ERR_OK;
}

static enum err
close_operands(struct pending *pending)
{
    struct cursor *cursor = pending->cursor;
    struct open   *open = pending_top(pending);
    struct list    children = {0};
    struct node using = {.kind = NODE_USING, .place = cursor->token->place};
    struct node node = {.kind = NODE_JOIN,
                        .option = open->option,
                        .place = open->token->place,
                        .text = open->token->text};

    if (cursor_take_word(cursor, WORD_USING)) {
        TRY(list_names(cursor, &children));
        TRY(pending_operand(pending, cursor_add(cursor, using, children.nodes, children.count)));
    }
    pending_wrap(pending, node, open->base);
    open->kind = OPEN_JOIN_BODY;
    open->call = 0;
    return ERR_OK;
}

enum err
joining_step(struct pending *pending, bool *want)
{
    struct cursor *cursor = pending->cursor;

    *want = false;
    if (pending_top(pending)->kind == OPEN_JOIN) {
        TRY(read_operand(pending));
        *want = cursor_take_sign(cursor, ",");
        return *want ? ERR_OK : close_operands(pending);
    }
    struct open *open = pending_top(pending);
    if (cursor_take_sign(cursor, ")")) {
        pending_close(pending, NODE_JOINED, open->base);
        return ERR_OK;
    }
    uint8_t order = clause_order(cursor->token);
    if (order == 0) {
        return pending_refuse(pending);
    }
    if (order <= open->call) {
        return problem_set(cursor->problem, cursor->token->place, cursor->fault,
                           "klauzula „%s” stoi w złączeniu nie na swoim miejscu; kolejność to: "
                           "filter, calc albo aggr, keep albo drop, rename, każda raz",
                           lexer_word_text(cursor->token->word));
    }
    open->call = order;
    return clause_read(pending, true, want);
}
