#include "validators/vtl/cursor.h"

#include <string.h>

enum { SHOWN_SIZE_MAX = 40 };

bool
cursor_take_word(struct cursor *cursor, enum word word)
{
    bool found = lexer_is_word(cursor->token, word);

    cursor->token += found ? 1 : 0;
    return found;
}

bool
cursor_take_sign(struct cursor *cursor, const char *sign)
{
    bool found = lexer_is_sign(cursor->token, sign);

    cursor->token += found ? 1 : 0;
    return found;
}

struct str
cursor_shown(const struct cursor *cursor)
{
    struct str text = cursor->token->text;

    if (cursor->token->kind == TOKEN_END) {
        return STR("koniec skryptu");
    }
    if (cursor->token->kind == TOKEN_STRING) {
        return STR("napis");
    }
    size_t size = text.size < SHOWN_SIZE_MAX ? text.size : SHOWN_SIZE_MAX;
    while (size > 0 && size < text.size && ((unsigned char)text.data[size] & 0xC0) == 0x80) {
        size--;
    }
    return (struct str){text.data, size};
}

enum err
cursor_unexpected(struct cursor *cursor, const char *expected)
{
    const struct token *token = cursor->token;
    struct str          shown = cursor_shown(cursor);

    if (token->kind == TOKEN_WORD && lexer_word_class(token->word) == WORD_FOREIGN) {
        return problem_set(cursor->problem, token->place, cursor->fault,
                           "operator „%s” nie należy do podzbioru VTL przyjętego przez bramę",
                           lexer_word_text(token->word));
    }
    return problem_set(cursor->problem, token->place, cursor->fault, "%s, a stoi „%.*s”", expected,
                       STR_ARG(shown));
}

enum err
cursor_need_word(struct cursor *cursor, enum word word, const char *after)
{
    struct str shown = cursor_shown(cursor);

    if (cursor_take_word(cursor, word)) {
        return ERR_OK;
    }
    return problem_set(cursor->problem, cursor->token->place, cursor->fault,
                       "po „%s” brakuje „%s”; stoi tu „%.*s”", after, lexer_word_text(word),
                       STR_ARG(shown));
}

enum err
cursor_need_sign(struct cursor *cursor, const char *sign, const char *after)
{
    struct str shown = cursor_shown(cursor);

    if (cursor_take_sign(cursor, sign)) {
        return ERR_OK;
    }
    return problem_set(cursor->problem, cursor->token->place, cursor->fault,
                       "po „%s” brakuje „%s”; stoi tu „%.*s”", after, sign, STR_ARG(shown));
}

enum err
cursor_need_name(struct cursor *cursor, const char *what, struct str *out)
{
    const struct token *token = cursor->token;

    if (token->kind == TOKEN_WORD) {
        return problem_set(cursor->problem, token->place, cursor->fault,
                           "powinna tu stać %s, a „%s” jest słowem zastrzeżonym języka; jeżeli to "
                           "ma być nazwa, ujmij ją w apostrofy",
                           what, lexer_word_text(token->word));
    }
    if (token->kind != TOKEN_NAME) {
        struct str shown = cursor_shown(cursor);
        return problem_set(cursor->problem, token->place, cursor->fault,
                           "powinna tu stać %s, a stoi „%.*s”", what, STR_ARG(shown));
    }
    *out = token->text;
    cursor->token++;
    return ERR_OK;
}

uint32_t
cursor_add(struct cursor *cursor, struct node node, const uint32_t *children, size_t child_count)
{
    struct vtl_script *script = cursor->script;

    node.first = (uint32_t)script->link_count;
    node.count = (uint32_t)child_count;
    if (child_count > 0) {
        memcpy(script->links + script->link_count, children, child_count * sizeof *children);
    }
    script->link_count += child_count;
    script->nodes[script->node_count] = node;
    return (uint32_t)script->node_count++;
}

/* "-5": sign and number as one text; they may stand apart, so the text is made anew. */
static enum err
signed_number(struct cursor *cursor, struct node *node)
{
    bool negative = lexer_is_sign(cursor->token, "-");

    if (negative || lexer_is_sign(cursor->token, "+")) {
        cursor->token++;
    }
    const struct token *token = cursor->token;
    if (token->kind != TOKEN_INTEGER && token->kind != TOKEN_NUMBER) {
        return cursor_unexpected(cursor, "powinna tu stać stała (liczba, napis, true, false "
                                         "albo null)");
    }
    node->kind = token->kind == TOKEN_INTEGER ? NODE_INTEGER : NODE_NUMBER;
    node->text = token->text;
    cursor->token++;
    if (negative) {
        node->text = str_format(cursor->arena, "-%.*s", STR_ARG(token->text));
        if (node->text.data == NULL) {
            return FAIL(cursor->fault, ERR_MEMORY, "constant of a script");
        }
    }
    return ERR_OK;
}

enum err
cursor_constant(struct cursor *cursor, uint32_t *out)
{
    const struct token *token = cursor->token;
    struct node         node = {.place = token->place, .text = token->text};

    if (token->kind == TOKEN_STRING) {
        node.kind = NODE_STRING;
        cursor->token++;
    } else if (cursor_take_word(cursor, WORD_TRUE)) {
        node.kind = NODE_TRUE;
    } else if (cursor_take_word(cursor, WORD_FALSE)) {
        node.kind = NODE_FALSE;
    } else if (cursor_take_word(cursor, WORD_NULL)) {
        node.kind = NODE_NULL;
    } else {
        TRY(signed_number(cursor, &node));
    }
    *out = cursor_add(cursor, node, NULL, 0);
    return ERR_OK;
}
