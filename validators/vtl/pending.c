#include "validators/vtl/pending.h"

struct open *
pending_top(struct pending *pending)
{
    return pending->open_count == 0 ? NULL : &pending->open[pending->open_count - 1];
}

enum scope
pending_scope(const struct pending *pending)
{
    return pending->open_count == 0 ? pending->scope : pending->open[pending->open_count - 1].scope;
}

enum err
pending_open(struct pending *pending, struct open open)
{
    struct cursor *cursor = pending->cursor;

    if (pending->open_count == VTL_DEPTH_MAX) {
        return problem_set(cursor->problem, cursor->token->place, cursor->fault,
                           "wyrażenie ma więcej niż %d zagnieżdżeń; podziel regułę na prostsze",
                           VTL_DEPTH_MAX);
    }
    open.scope = pending_scope(pending);
    open.base = pending->operand_count;
    open.token = cursor->token;
    pending->open[pending->open_count++] = open;
    return ERR_OK;
}

enum err
pending_operand(struct pending *pending, uint32_t node)
{
    struct cursor *cursor = pending->cursor;

    if (pending->operand_count == PENDING_OPERANDS_MAX) {
        return problem_set(cursor->problem, cursor->token->place, cursor->fault,
                           "wyrażenie ma naraz otwartych więcej niż %d argumentów i gałęzi; "
                           "podziel regułę na prostsze",
                           PENDING_OPERANDS_MAX);
    }
    pending->operands[pending->operand_count++] = node;
    return ERR_OK;
}

void
pending_wrap(struct pending *pending, struct node node, size_t base)
{
    size_t count = pending->operand_count - base;

    ENSURE(base < PENDING_OPERANDS_MAX);
    pending->operands[base] = cursor_add(pending->cursor, node, &pending->operands[base], count);
    pending->operand_count = base + 1;
}

void
pending_close(struct pending *pending, enum node_kind kind, size_t base)
{
    const struct open *open = pending_top(pending);

    pending_wrap(pending,
                 (struct node){.kind = kind,
                               .option = open->option,
                               .place = open->token->place,
                               .text = open->token->text},
                 base);
    pending->open_count--;
}

void
pending_reduce(struct pending *pending, int strength)
{
    for (struct open *open = pending_top(pending); open != NULL; open = pending_top(pending)) {
        if (open->kind == OPEN_UNARY) {
            pending_close(pending, open->node, open->base);
        } else if (open->kind == OPEN_BINARY && open->strength >= strength) {
            pending_close(pending, open->node, open->base - 1);
        } else if (strength == PENDING_STRENGTH_NONE && open->kind == OPEN_ELSE) {
            pending_close(pending, NODE_IF, open->base);
        } else if (strength == PENDING_STRENGTH_NONE && open->kind == OPEN_CASE_ELSE) {
            pending_close(pending, NODE_CASE, open->base);
        } else {
            return;
        }
    }
}

/* What waits at the end of an expression, or at a word that does not belong to it, is not closed.
 */
enum err
pending_refuse(struct pending *pending)
{
    static const char *const missing[] = {
        [OPEN_BINARY] = "",    [OPEN_UNARY] = "",    [OPEN_PAREN] = ")",
        [OPEN_CALL] = ")",     [OPEN_IF] = "then",   [OPEN_THEN] = "else",
        [OPEN_ELSE] = "",      [OPEN_CASE] = "then", [OPEN_CASE_THEN] = "else",
        [OPEN_CASE_ELSE] = "", [OPEN_CLAUSE] = "]",  [OPEN_ASSIGN] = "]",
        [OPEN_HAVING] = "]",   [OPEN_JOIN] = ")",    [OPEN_JOIN_BODY] = ")",
    };
    struct cursor     *cursor = pending->cursor;
    const struct open *open = pending_top(pending);
    struct str         shown = cursor_shown(cursor);

    if (cursor->token->kind == TOKEN_WORD
        && lexer_word_class(cursor->token->word) == WORD_FOREIGN) {
        return cursor_unexpected(cursor, "");
    }
    return problem_set(cursor->problem, cursor->token->place, cursor->fault,
                       "po „%.*s” (wiersz %u, znak %u) brakuje „%s”; stoi tu „%.*s”",
                       STR_ARG(open->token->text), open->token->place.line,
                       open->token->place.column, missing[open->kind], STR_ARG(shown));
}
