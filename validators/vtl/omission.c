#include "validators/vtl/omission.h"

#include "validators/vtl/lexer.h"

#include "validators/base/buf.h"

/* Tokens, closed by a TOKEN_END. */
struct tokens {
    struct token *items;
    size_t        count;
};

/* What stands in no rule. */
static bool
is_outside(const struct token *token)
{
    return lexer_is_word(token, WORD_DEFINE) || lexer_is_word(token, WORD_RULESET)
           || token->kind == TOKEN_END;
}

static bool
opens_rule(const struct token *token)
{
    return lexer_is_word(token, WORD_IS) || lexer_is_sign(token, ";");
}

static bool
closes_rule(const struct token *token)
{
    return lexer_is_word(token, WORD_END) || lexer_is_sign(token, ";");
}

/* Whether the token that opens a rule stands in a "define datapoint". */
static bool
is_in_ruleset(const struct tokens *tokens, size_t at)
{
    const struct token *items = tokens->items;

    while (at > 0 && !lexer_is_word(&items[at], WORD_DEFINE)
           && !lexer_is_word(&items[at], WORD_END)) {
        at--;
    }
    return lexer_is_word(&items[at], WORD_DEFINE) && lexer_is_word(&items[at + 1], WORD_DATAPOINT);
}

/* The tokens around the rule at a place: *before opens it, *behind closes it. */
static bool
find_rule(const struct tokens *tokens, struct vtl_place place, size_t *before, size_t *behind)
{
    const struct token *items = tokens->items;
    size_t              at = 0;

    while (at < tokens->count
           && (items[at].place.line != place.line || items[at].place.column != place.column)) {
        at++;
    }
    for (*behind = at; !closes_rule(&items[*behind]); (*behind)++) {
        if (is_outside(&items[*behind])) {
            return false;
        }
    }
    *before = *behind;
    do {
        if (*before == 0 || is_outside(&items[*before])) {
            return false;
        }
        (*before)--;
    } while (!opens_rule(&items[*before]));
    return *before < at && is_in_ruleset(tokens, *before);
}

/* A blank for each character, so that what stands behind it on its line keeps its place. */
static void
blank(struct buf *out, struct str text)
{
    enum { CONTINUATION = 0x80, CONTINUATION_MASK = 0xC0 };

    for (size_t i = 0; i < text.size; i++) {
        unsigned byte = (unsigned char)text.data[i];
        if (byte == '\n') {
            buf_byte(out, '\n');
        } else if ((byte & CONTINUATION_MASK) != CONTINUATION) {
            buf_byte(out, ' ');
        }
    }
}

/* A semicolon goes with the rule: that behind it, or else that before it. */
static void
leave_out(struct buf *out, struct str text, const struct token *before, const struct token *behind)
{
    bool   last = lexer_is_word(behind, WORD_END);
    size_t from = (size_t)(before->text.data - text.data) + (last ? 0 : before->text.size);
    size_t to = (size_t)(behind->text.data - text.data) + (last ? 0 : behind->text.size);

    if (last && lexer_is_word(before, WORD_IS)) {
        return;
    }
    buf_append(out, str_slice(text, 0, from));
    blank(out, str_slice(text, from, to - from));
    buf_append(out, str_slice(text, to, SIZE_MAX));
}

enum err
omission_make(struct arena *arena, struct str text, struct vtl_place place, struct str *out,
              struct fault *fault)
{
    struct tokens      tokens = {0};
    struct vtl_problem problem;
    size_t             before = 0;
    size_t             behind = 0;
    enum err           got = lexer_read(arena, text, &tokens.items, &tokens.count, &problem, NULL);

    *out = (struct str){0};
    if (got == ERR_SYNTAX) {
        return ERR_OK;
    }
    if (got != ERR_OK) {
        return FAIL(fault, got, "tokens of a script");
    }
    if (!find_rule(&tokens, place, &before, &behind)) {
        return ERR_OK;
    }
    struct buf copy = buf_create(arena, text.size + 1);
    leave_out(&copy, text, &tokens.items[before], &tokens.items[behind]);
    if (!buf_ok(&copy)) {
        return FAIL(fault, ERR_MEMORY, "a script of %zu bytes", text.size);
    }
    *out = copy.size == 0 ? (struct str){0} : buf_str(&copy);
    return ERR_OK;
}
