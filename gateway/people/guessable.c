#include "gateway/people/guessable.h"

#include "gateway/people/password.h"

#include <string.h>

enum { IN_A_ROW = 3, OWN_MIN = 3, YEAR_SIZE = 4, DECIMAL = 10 };

static const struct str pieces[] = {
#define GUESSABLE(piece) STR_INIT(piece),
#include "gateway/people/guessable.def"
#undef GUESSABLE
};

/* A text as it is compared, and which of its characters are obvious. */
struct folded {
    char   text[PASSWORD_SIZE_MAX];
    bool   taken[PASSWORD_SIZE_MAX];
    size_t size;
};

/* Bytes of a Polish letter, and the letter without its sign. */
static const struct {
    const char *letter;
    char        plain;
} letters[] = {
    {"ą", 'a'},
    {"ć", 'c'},
    {"ę", 'e'},
    {"ł", 'l'},
    {"ń", 'n'},
    {"ó", 'o'},
    {"ś", 's'},
    {"ź", 'z'},
    {"ż", 'z'},
    {"Ą", 'a'},
    {"Ć", 'c'},
    {"Ę", 'e'},
    {"Ł", 'l'},
    {"Ń", 'n'},
    {"Ó", 'o'},
    {"Ś", 's'},
    {"Ź", 'z'},
    {"Ż", 'z'},
};

/* The plain letter of a Polish one at the beginning of text; '\0': none stands there. */
static char
plain_of(struct str text)
{
    for (size_t i = 0; i < ARRAY_COUNT(letters); i++) {
        if (str_starts_with(text, str_of(letters[i].letter))) {
            return letters[i].plain;
        }
    }
    return '\0';
}

static void
fold(struct str text, struct folded *out)
{
    *out = (struct folded){.size = 0};
    for (size_t i = 0; i < text.size && out->size < sizeof out->text; i++) {
        char it = text.data[i];
        char plain = plain_of(str_slice(text, i, text.size));
        if (plain != '\0') {
            it = plain;
            i++; /* each of them has two bytes */
        }
        if (it >= 'A' && it <= 'Z') {
            it = (char)(it - 'A' + 'a');
        }
        out->text[out->size] = it;
        out->size++;
    }
}

static void
take(struct folded *folded, size_t from, size_t size)
{
    memset(folded->taken + from, true, size);
}

static void
take_piece(struct folded *folded, struct str piece)
{
    for (size_t from = 0; from + piece.size <= folded->size; from++) {
        if (memcmp(folded->text + from, piece.data, piece.size) == 0) {
            take(folded, from, piece.size);
        }
    }
}

static bool
is_digit(char it)
{
    return it >= '0' && it <= '9';
}

/* How far b stands behind a: digits in a circle, as 0 is behind 9. */
static int
step_of(char a, char b)
{
    int step = b - a;

    if (is_digit(a) && is_digit(b) && (step == DECIMAL - 1 || step == 1 - DECIMAL)) {
        return step > 0 ? -1 : 1;
    }
    return step;
}

/* "aaa", "4567", "gfed" */
static void
take_rows(struct folded *folded)
{
    size_t from = 0;

    for (size_t i = 1; i <= folded->size; i++) {
        int step = i < folded->size ? step_of(folded->text[i - 1], folded->text[i]) : 2;
        int first = i - from > 1 ? step_of(folded->text[from], folded->text[from + 1]) : step;
        if (step >= -1 && step <= 1 && step == first) {
            continue;
        }
        if (i - from >= IN_A_ROW) {
            take(folded, from, i - from);
        }
        from = step >= -1 && step <= 1 ? i - 1 : i;
    }
}

/* 1950 to 2049 */
static void
take_years(struct folded *folded)
{
    for (size_t i = 0; i + YEAR_SIZE <= folded->size; i++) {
        const char *at = folded->text + i;
        bool        late = memcmp(at, "19", 2) == 0 && at[2] >= '5';
        bool        early = memcmp(at, "20", 2) == 0 && at[2] < '5';
        if ((late || early) && is_digit(at[2]) && is_digit(at[3])) {
            take(folded, i, YEAR_SIZE);
        }
    }
}

/* What somebody is called: pieces of it between signs that are no letters. */
static void
take_own(struct folded *folded, struct str text)
{
    struct folded own = {.size = 0};
    size_t        from = 0;

    fold(text, &own);
    for (size_t i = 0; i <= own.size; i++) {
        bool inside = i < own.size && strchr(" .,-_+@", own.text[i]) == NULL;
        if (!inside) {
            if (i - from >= OWN_MIN) {
                take_piece(folded, (struct str){own.text + from, i - from});
            }
            from = i + 1;
        }
    }
}

size_t
guessable_left(struct str password, struct str email, struct str name)
{
    struct folded folded = {.size = 0};
    size_t        left = 0;

    fold(password, &folded);
    take_rows(&folded);
    take_years(&folded);
    take_own(&folded, email);
    take_own(&folded, name);
    for (size_t i = 0; i < ARRAY_COUNT(pieces); i++) {
        take_piece(&folded, pieces[i]);
    }
    for (size_t i = 0; i < folded.size; i++) {
        left += folded.taken[i] || folded.text[i] == ' ' ? 0 : 1;
    }
    explicit_bzero(&folded, sizeof folded);
    return left;
}
