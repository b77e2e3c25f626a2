#ifndef VALIDATORS_VTL_LEXER_H
#define VALIDATORS_VTL_LEXER_H

#include "validators/vtl/limits.h"
#include "validators/vtl/problem.h"

#include "validators/base/str.h"

/*
 * Text to tokens, as VtlTokens.g4 of VTL 2.2: words in lower case, names [A-Za-z_][A-Za-z0-9_.]* or
 * 'in apostrophes', strings "without escapes", comments dropped. Knows nothing of grammar.
 */
enum token_kind {
    TOKEN_END,
    TOKEN_NAME,
    TOKEN_WORD,
    TOKEN_INTEGER,
    TOKEN_NUMBER,
    TOKEN_STRING,
    TOKEN_SIGN, /* punctuation and operators: see text */
};

enum word {
#define WORD(name, text, class) WORD_##name,
#include "validators/vtl/words.def"
#undef WORD
    WORDS_END,
};

enum word_class { WORD_PART, WORD_CALL, WORD_FOREIGN, WORD_RESERVED };

struct token {
    enum token_kind  kind;
    enum word        word; /* of TOKEN_WORD */
    struct vtl_place place;
    struct str       text; /* of strings and names: without their quotes */
};

const char     *lexer_word_text(enum word word);
enum word_class lexer_word_class(enum word word);

/* All tokens of text, closed by a TOKEN_END at its end. They borrow text and live in arena. */
MUST_USE enum err lexer_read(struct arena *arena, struct str text, struct token **out,
                             size_t *token_count, struct vtl_problem *problem, struct fault *fault);

/* The token is this word; this sign. */
bool lexer_is_word(const struct token *token, enum word word);
bool lexer_is_sign(const struct token *token, const char *sign);

#endif
