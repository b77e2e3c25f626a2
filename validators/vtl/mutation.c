#include "validators/vtl/mutation.h"

#include "validators/vtl/lexer.h"
#include "validators/vtl/parser.h"
#include "validators/vtl/script.h"

#include <string.h>

enum { BECOMES_MAX = 2, DIGITS_MAX = 17 };

static const struct {
    const char *sign;
    const char *becomes[BECOMES_MAX]; /* NULL: no more */
} signs[] = {
    {"+",  {"-", NULL} },
    {"-",  {"+", NULL} },
    {"*",  {"+", NULL} },
    {"/",  {"*", NULL} },
    {"=",  {"<>", NULL}},
    {"<>", {"=", NULL} },
    {"<",  {"<=", ">"} },
    {"<=", {"<", ">="} },
    {">",  {">=", "<"} },
    {">=", {">", "<="} },
};

static const struct {
    enum word   word;
    const char *becomes;
} words[] = {
    {WORD_AND,    "or"    },
    {WORD_OR,     "and"   },
    {WORD_XOR,    "or"    },
    {WORD_NOT,    ""      },
    {WORD_IN,     "not_in"},
    {WORD_NOT_IN, "in"    },
    {WORD_TRUE,   "false" },
    {WORD_FALSE,  "true"  },
    {WORD_ABS,    ""      },
};

/* Of expressions over datasets: a join that leaves out what one side does not have. */
static const struct {
    enum word   word;
    const char *becomes[BECOMES_MAX]; /* NULL: no more */
} joins[] = {
    {WORD_FULL_JOIN,  {"left_join", "inner_join"}},
    {WORD_LEFT_JOIN,  {"inner_join", NULL}       },
    {WORD_INNER_JOIN, {"left_join", NULL}        },
};

/* What no code, symbol or column is called. */
static const char foreign[] = "?";

/* The list as it grows, and the rule that is being changed. */
struct listing {
    struct arena                *arena;
    struct mutation             *items;
    size_t                       count;
    size_t                       capacity;
    const struct script_ruleset *ruleset;
    struct str                   rule;
};

static enum err
add(struct listing *listing, const struct token *token, struct str becomes, struct fault *fault)
{
    struct mutation *items = arena_reserve(listing->arena, listing->items, listing->count,
                                           &listing->capacity, sizeof *items);

    if (items == NULL || becomes.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu mutations", listing->count + 1);
    }
    listing->items = items;
    items[listing->count] = (struct mutation){
        .rule = listing->rule, .place = token->place, .was = token->text, .becomes = becomes};
    listing->count++;
    return ERR_OK;
}

static enum err
add_sign(struct listing *listing, const struct token *token, struct fault *fault)
{
    for (size_t i = 0; i < ARRAY_COUNT(signs); i++) {
        if (!lexer_is_sign(token, signs[i].sign)) {
            continue;
        }
        for (size_t j = 0; j < BECOMES_MAX && signs[i].becomes[j] != NULL; j++) {
            TRY(add(listing, token, str_of(signs[i].becomes[j]), fault));
        }
    }
    return ERR_OK;
}

static enum err
add_word(struct listing *listing, const struct token *token, struct fault *fault)
{
    for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
        if (token->word == words[i].word) {
            return add(listing, token, str_of(words[i].becomes), fault);
        }
    }
    return ERR_OK;
}

/* A column is taken for the ones that stand beside it in the ruleset's list. */
static enum err
add_name(struct listing *listing, const struct token *token, struct fault *fault)
{
    const struct script_ruleset *ruleset = listing->ruleset;

    for (size_t i = 0; i < ruleset->variable_count; i++) {
        if (!str_equal(ruleset->variables[i].alias, token->text)) {
            continue;
        }
        if (i > 0) {
            TRY(add(listing, token, ruleset->variables[i - 1].alias, fault));
        }
        if (i + 1 < ruleset->variable_count) {
            TRY(add(listing, token, ruleset->variables[i + 1].alias, fault));
        }
    }
    return ERR_OK;
}

/* One larger: 0 becomes 1, 199 becomes 200. */
static enum err
add_integer(struct listing *listing, const struct token *token, struct fault *fault)
{
    long long value = 0;

    if (token->text.size > DIGITS_MAX) {
        return ERR_OK;
    }
    for (size_t i = 0; i < token->text.size; i++) {
        value = value * 10 + (token->text.data[i] - '0');
    }
    return add(listing, token, str_format(listing->arena, "%lld", value + 1), fault);
}

/* Ten or more larger: 0.01 becomes 10.01. */
static enum err
add_number(struct listing *listing, const struct token *token, struct fault *fault)
{
    return add(listing, token, str_format(listing->arena, "1%.*s", STR_ARG(token->text)), fault);
}

static enum err
add_token(struct listing *listing, const struct token *token, struct fault *fault)
{
    switch (token->kind) {
    case TOKEN_SIGN:
        return add_sign(listing, token, fault);
    case TOKEN_WORD:
        return add_word(listing, token, fault);
    case TOKEN_NAME:
        return add_name(listing, token, fault);
    case TOKEN_INTEGER:
        return add_integer(listing, token, fault);
    case TOKEN_NUMBER:
        return add_number(listing, token, fault);
    case TOKEN_STRING:
    case TOKEN_END:
        break;
    }
    return ERR_OK;
}

static bool
same_place(struct vtl_place left, struct vtl_place right)
{
    return left.line == right.line && left.column == right.column;
}

static enum err
add_join(struct listing *listing, const struct token *token, struct fault *fault)
{
    for (size_t i = 0; i < ARRAY_COUNT(joins); i++) {
        if (token->kind != TOKEN_WORD || token->word != joins[i].word) {
            continue;
        }
        for (size_t j = 0; j < BECOMES_MAX && joins[i].becomes[j] != NULL; j++) {
            TRY(add(listing, token, str_of(joins[i].becomes[j]), fault));
        }
    }
    return ERR_OK;
}

/* A token of an expression over datasets: names stay, constants of text become another. */
static enum err
add_dataset_token(struct listing *listing, const struct token *token, struct fault *fault)
{
    if (token->kind == TOKEN_NAME) {
        return ERR_OK;
    }
    if (token->kind == TOKEN_STRING) {
        return add(listing, token, str_of(foreign), fault);
    }
    TRY(add_join(listing, token, fault));
    return add_token(listing, token, fault);
}

/* What follows the condition of a rule. */
static bool
ends_rule(const struct token *token)
{
    return token->kind == TOKEN_END || lexer_is_word(token, WORD_ERRORCODE)
           || lexer_is_word(token, WORD_ERRORLEVEL) || lexer_is_word(token, WORD_END)
           || lexer_is_sign(token, ";");
}

/* tokens: from anywhere before the rule. *next: the token after its condition. */
static enum err
add_rule(struct listing *listing, const struct token *tokens, const struct script_rule *rule,
         const struct token **next, struct fault *fault)
{
    const struct token *token = tokens;

    while (!same_place(token->place, rule->place)) {
        ENSURE(token->kind != TOKEN_END);
        token++;
    }
    listing->rule = rule->name;
    token++; /* of its name: the rest is ": condition" */
    while (!ends_rule(token)) {
        TRY(add_token(listing, token, fault));
        token++;
    }
    *next = token;
    return ERR_OK;
}

enum err
mutation_list(struct arena *arena, struct str text, struct mutation **out, size_t *count,
              struct vtl_problem *problem, struct fault *fault)
{
    struct listing      listing = {.arena = arena};
    struct vtl_script  *script = NULL;
    struct token       *tokens = NULL;
    size_t              token_count = 0;
    const struct token *next = NULL;

    TRY(parser_parse(arena, text, &script, problem, fault));
    TRY(lexer_read(arena, text, &tokens, &token_count, problem, fault));
    next = tokens;
    for (size_t i = 0; i < script->ruleset_count; i++) {
        listing.ruleset = &script->rulesets[i];
        for (size_t j = 0; j < listing.ruleset->rule_count; j++) {
            TRY(add_rule(&listing, next, &listing.ruleset->rules[j], &next, fault));
        }
    }
    *out = listing.items;
    *count = listing.count;
    return ERR_OK;
}

enum err
mutation_list_datasets(struct arena *arena, struct str text, struct mutation **out, size_t *count,
                       struct vtl_problem *problem, struct fault *fault)
{
    struct listing listing = {.arena = arena};
    struct token  *tokens = NULL;
    size_t         token_count = 0;

    TRY(lexer_read(arena, text, &tokens, &token_count, problem, fault));
    for (size_t i = 0; i < token_count; i++) {
        TRY(add_dataset_token(&listing, &tokens[i], fault));
    }
    *out = listing.items;
    *count = listing.count;
    return ERR_OK;
}

enum err
mutation_apply(struct arena *arena, struct str text, const struct mutation *mutation,
               struct str *out, struct fault *fault)
{
    size_t before = (size_t)(mutation->was.data - text.data);
    size_t after = text.size - before - mutation->was.size;
    size_t size = before + mutation->becomes.size + after;
    char  *copy = ARENA_NEW(arena, char, size + 1);

    if (copy == NULL) {
        return FAIL(fault, ERR_MEMORY, "a script of %zu bytes", size);
    }
    memcpy(copy, text.data, before);
    memcpy(copy + before, mutation->becomes.data, mutation->becomes.size);
    memcpy(copy + before + mutation->becomes.size, mutation->was.data + mutation->was.size, after);
    *out = (struct str){copy, size};
    return ERR_OK;
}
