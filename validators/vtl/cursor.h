#ifndef VALIDATORS_VTL_CURSOR_H
#define VALIDATORS_VTL_CURSOR_H

#include "validators/vtl/lexer.h"
#include "validators/vtl/script.h"

/*
 * What the two parsers (statements, expressions) share: a reading position over tokens and the
 * script that grows. Its arrays are made as long as the tokens, so that adding to them cannot fail.
 */
struct cursor {
    struct arena       *arena;
    const struct token *token; /* the next one; TOKEN_END is never passed */
    struct vtl_script  *script;
    struct vtl_problem *problem;
    struct fault       *fault;
};

/* The next token is this word (or sign): step over it. */
bool cursor_take_word(struct cursor *cursor, enum word word);
bool cursor_take_sign(struct cursor *cursor, const char *sign);

/* The same, where nothing else may stand: the problem says what is missing and after what. */
MUST_USE enum err cursor_need_word(struct cursor *cursor, enum word word, const char *after);
MUST_USE enum err cursor_need_sign(struct cursor *cursor, const char *sign, const char *after);

/* A name of the author's own; what: "nazwa reguły". */
MUST_USE enum err cursor_need_name(struct cursor *cursor, const char *what, struct str *out);

/* A constant after "errorcode", in a set: sign and number, string, true, false, null. */
MUST_USE enum err cursor_constant(struct cursor *cursor, uint32_t *out);

/* "„x”" or "koniec skryptu", for messages: bounded, never empty. */
struct str cursor_shown(const struct cursor *cursor);

/* Complain at the next token, which is not what was expected; a foreign operator is named. */
enum err cursor_unexpected(struct cursor *cursor, const char *expected);

/* Add a node whose children are the given nodes. */
uint32_t cursor_add(struct cursor *cursor, struct node node, const uint32_t *children,
                    size_t child_count);

#endif
