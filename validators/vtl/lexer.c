#include "validators/vtl/lexer.h"

#include "validators/base/scalar.h"

#include <string.h>

static const struct {
    const char *text;
    enum word_class class;
} words[] = {
#define WORD(name, text, class) {text, WORD_##class},
#include "validators/vtl/words.def"
#undef WORD
};

/* Longer signs first, so that "<=" is not read as "<". */
static const char *const signs[] = {":=", "<-", "<=", "<>", ">=", "->", "||", "(", ")",
                                    "{",  "}",  "[",  "]",  ",",  ";",  ":",  "=", "<",
                                    ">",  "+",  "-",  "*",  "/",  "#",  "_"};

/* A reading position; it never moves past text.size. */
struct lexer {
    struct arena       *arena;
    struct str          text;
    size_t              at;
    struct vtl_place    place; /* of the byte at `at` */
    struct token       *tokens;
    size_t              count;
    size_t              capacity;
    struct vtl_problem *problem;
    struct fault       *fault;
};

const char *
lexer_word_text(enum word word)
{
    ENSURE((size_t)word < ARRAY_COUNT(words));
    return words[word].text;
}

enum word_class
lexer_word_class(enum word word)
{
    ENSURE((size_t)word < ARRAY_COUNT(words));
    return words[word].class;
}

bool
lexer_is_word(const struct token *token, enum word word)
{
    return token->kind == TOKEN_WORD && token->word == word;
}

bool
lexer_is_sign(const struct token *token, const char *sign)
{
    return token->kind == TOKEN_SIGN && str_equal(token->text, str_of(sign));
}

static unsigned char
peek(const struct lexer *lexer, size_t ahead)
{
    size_t at = lexer->at + ahead;

    return at < lexer->text.size ? (unsigned char)lexer->text.data[at] : 0;
}

static void
skip(struct lexer *lexer, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        unsigned char byte = (unsigned char)lexer->text.data[lexer->at++];
        if (byte == '\n') {
            lexer->place.line++;
            lexer->place.column = 1;
        } else if ((byte & 0xC0) != 0x80) {
            lexer->place.column++;
        }
    }
}

static bool
is_digit(unsigned char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool
is_name_start(unsigned char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

static bool
is_name_part(unsigned char byte)
{
    return is_name_start(byte) || is_digit(byte) || byte == '.';
}

/* How far a comment at the reading position reaches; 0: there is none; SIZE_MAX: it never ends. */
static size_t
comment_size(const struct lexer *lexer)
{
    struct str  rest = str_slice(lexer->text, lexer->at, SIZE_MAX);
    const char *end = NULL;

    if (str_starts_with(rest, STR("//"))) {
        end = memchr(rest.data, '\n', rest.size);
        return end == NULL ? rest.size : (size_t)(end - rest.data);
    }
    if (!str_starts_with(rest, STR("/*"))) {
        return 0;
    }
    end = memmem(rest.data + 2, rest.size - 2, "*/", 2);
    return end == NULL ? SIZE_MAX : (size_t)(end - rest.data) + 2;
}

static enum err
skip_blank(struct lexer *lexer)
{
    for (;;) {
        unsigned char byte = peek(lexer, 0);
        size_t        size = comment_size(lexer);

        if (size == SIZE_MAX) {
            return problem_set(lexer->problem, lexer->place, lexer->fault,
                               "komentarz otwarty tu znakami „/*” nie ma zamknięcia „*/”");
        }
        if (size == 0
            && (byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n' || byte == '\f')) {
            size = 1;
        }
        if (size == 0) {
            return ERR_OK;
        }
        skip(lexer, size);
    }
}

/* For one token more. */
static enum err
make_room(struct lexer *lexer)
{
    struct token *tokens =
        arena_reserve(lexer->arena, lexer->tokens, lexer->count, &lexer->capacity, sizeof *tokens);

    if (tokens == NULL) {
        return FAIL(lexer->fault, ERR_MEMORY, "%zu tokens of a script", lexer->count + 1);
    }
    lexer->tokens = tokens;
    return ERR_OK;
}

/* Keep the next `bytes` bytes as a token; text is what others see of it. */
static enum err
keep(struct lexer *lexer, enum token_kind kind, size_t bytes, struct str text)
{
    if (lexer->count == VTL_TOKENS_MAX) {
        return problem_set(lexer->problem, lexer->place, lexer->fault,
                           "skrypt ma więcej niż %d słów i znaków; podziel go na mniejsze",
                           VTL_TOKENS_MAX);
    }
    TRY(make_room(lexer));
    lexer->tokens[lexer->count++] =
        (struct token){.kind = kind, .place = lexer->place, .text = text};
    skip(lexer, bytes);
    return ERR_OK;
}

/* Between two equal quotes: "string" or 'name'. */
static enum err
read_quoted(struct lexer *lexer, char quote, enum token_kind kind)
{
    const char *start = lexer->text.data + lexer->at + 1;
    size_t      left = lexer->text.size - lexer->at - 1;
    const char *end = memchr(start, quote, left);

    if (end == NULL) {
        return problem_set(lexer->problem, lexer->place, lexer->fault,
                           "%s otwarty tu znakiem %c nie ma drugiego takiego znaku na końcu",
                           kind == TOKEN_STRING ? "napis" : "zapis nazwy", quote);
    }
    struct str text = {start, (size_t)(end - start)};
    if (text.size > VTL_STRING_SIZE_MAX) {
        return problem_set(lexer->problem, lexer->place, lexer->fault,
                           "napis ma więcej niż %d bajtów", VTL_STRING_SIZE_MAX);
    }
    if (kind == TOKEN_NAME && (text.size == 0 || memchr(text.data, '\\', text.size) != NULL)) {
        return problem_set(lexer->problem, lexer->place, lexer->fault,
                           "nazwa w apostrofach jest pusta albo zawiera znak \\; zmień nazwę");
    }
    return keep(lexer, kind, text.size + 2, text);
}

static enum err
read_number(struct lexer *lexer)
{
    size_t          size = 0;
    enum token_kind kind = TOKEN_INTEGER;

    while (is_digit(peek(lexer, size))) {
        size++;
    }
    if (peek(lexer, size) == '.' && is_digit(peek(lexer, size + 1))) {
        kind = TOKEN_NUMBER;
        size++;
        while (is_digit(peek(lexer, size))) {
            size++;
        }
    }
    if (is_name_part(peek(lexer, size))) {
        return problem_set(lexer->problem, lexer->place, lexer->fault,
                           "po liczbie „%.*s” stoi „%c”; liczbę zapisz cyframi, ułamek po kropce, "
                           "a nazwy nie zaczynaj cyfrą",
                           (int)(size < 40 ? size : 40), lexer->text.data + lexer->at,
                           peek(lexer, size));
    }
    return keep(lexer, kind, size, str_slice(lexer->text, lexer->at, size));
}

static size_t
find_word(struct str text)
{
    size_t from = 0;
    size_t to = ARRAY_COUNT(words);

    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int    order = str_compare(text, str_of(words[middle].text));
        if (order == 0) {
            return middle;
        }
        if (order < 0) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    return WORDS_END;
}

static enum err
read_name(struct lexer *lexer)
{
    size_t size = 1;

    while (is_name_part(peek(lexer, size))) {
        size++;
    }
    struct str text = str_slice(lexer->text, lexer->at, size);
    size_t     word = find_word(text);
    TRY(keep(lexer, word == WORDS_END ? TOKEN_NAME : TOKEN_WORD, size, text));
    if (word != WORDS_END) {
        ENSURE(lexer->tokens != NULL && lexer->count > 0);
        lexer->tokens[lexer->count - 1].word = (enum word)word;
    }
    return ERR_OK;
}

static enum err
read_sign(struct lexer *lexer)
{
    struct str rest = str_slice(lexer->text, lexer->at, 2);

    for (size_t i = 0; i < ARRAY_COUNT(signs); i++) {
        struct str sign = str_of(signs[i]);
        if (str_starts_with(rest, sign)) {
            return keep(lexer, TOKEN_SIGN, sign.size, str_slice(rest, 0, sign.size));
        }
    }
    unsigned char byte = peek(lexer, 0);
    if (byte < 0x20 || byte == 0x7F) {
        return problem_set(lexer->problem, lexer->place, lexer->fault,
                           "znak sterujący o kodzie %u nie ma w skrypcie znaczenia; usuń go", byte);
    }
    size_t size = 1;
    while ((peek(lexer, size) & 0xC0) == 0x80) {
        size++;
    }
    return problem_set(lexer->problem, lexer->place, lexer->fault,
                       "znak „%.*s” nie ma w skrypcie znaczenia; poza napisami i nazwami "
                       "w apostrofach używaj liter bez znaków diakrytycznych",
                       byte >= 0xC2 && size <= 4 ? (int)size
                       : byte < 0x80             ? 1
                                                 : 0,
                       lexer->text.data + lexer->at);
}

static enum err
read_token(struct lexer *lexer)
{
    unsigned char byte = peek(lexer, 0);

    if (byte == '"') {
        return read_quoted(lexer, '"', TOKEN_STRING);
    }
    if (byte == '\'') {
        return read_quoted(lexer, '\'', TOKEN_NAME);
    }
    if (is_digit(byte)) {
        return read_number(lexer);
    }
    /* A lone "_" is the omitted argument of round and substr. */
    if (is_name_start(byte) && (byte != '_' || is_name_part(peek(lexer, 1)))) {
        return read_name(lexer);
    }
    return read_sign(lexer);
}

/* In another encoding no text of the script would equal what stands in the data. */
static enum err
check_encoding(const struct lexer *lexer)
{
    struct vtl_place place = lexer->place;
    struct str       rest = str_slice(lexer->text, lexer->at, SIZE_MAX);
    struct scalar    character;

    for (const char *at = rest.data; scalar_next(&rest, &character); at = rest.data) {
        if (character.bytes.data != at) {
            return problem_set(lexer->problem, place, lexer->fault,
                               "skrypt nie jest zapisany w UTF-8; zapisz go w tym kodowaniu");
        }
        bool ends = character.value == '\n';
        place = ends ? (struct vtl_place){place.line + 1, 1}
                     : (struct vtl_place){place.line, place.column + 1};
    }
    return ERR_OK;
}

enum err
lexer_read(struct arena *arena, struct str text, struct token **out, size_t *token_count,
           struct vtl_problem *problem, struct fault *fault)
{
    struct lexer lexer = {
        .arena = arena, .text = text, .place = {1, 1},
                .problem = problem, .fault = fault
    };

    if (text.size > VTL_SCRIPT_SIZE_MAX) {
        return problem_set(problem, lexer.place, fault,
                           "skrypt ma %zu bajtów, a może mieć najwyżej %d", text.size,
                           VTL_SCRIPT_SIZE_MAX);
    }
    if (str_starts_with(text, STR("\xEF\xBB\xBF"))) {
        lexer.at = 3;
    }
    TRY(check_encoding(&lexer));
    TRY(skip_blank(&lexer));
    while (lexer.at < text.size) {
        TRY(read_token(&lexer));
        TRY(skip_blank(&lexer));
    }
    TRY(make_room(&lexer));
    lexer.tokens[lexer.count] = (struct token){.kind = TOKEN_END, .place = lexer.place};
    *out = lexer.tokens;
    *token_count = lexer.count;
    return ERR_OK;
}
