#include "gateway/cli/near_code.h"

#include <string.h>

enum { CODE_MAX = 32, DISTANCE_MAX = 2 };

/* What was typed in the spelling of codes; .size 0: it is too long for any. */
struct spelled {
    char   letters[CODE_MAX];
    size_t size;
};

static struct spelled
spell(struct str typed)
{
    struct spelled out = {.size = 0};

    for (size_t i = 0; i < typed.size; i++) {
        char letter = typed.data[i];
        if (letter == ' ') {
            continue;
        }
        if (out.size == CODE_MAX) {
            return (struct spelled){.size = 0};
        }
        if (letter >= 'a' && letter <= 'z') {
            letter = (char)(letter - 'a' + 'A');
        }
        out.letters[out.size] = letter;
        if (letter == '_') {
            out.letters[out.size] = '-';
        }
        out.size++;
    }
    return out;
}

static size_t
least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Levenshtein's distance, a row at a time. */
static size_t
distance(const struct spelled *typed, struct str code)
{
    size_t row[CODE_MAX + 1];

    for (size_t j = 0; j <= code.size; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= typed->size; i++) {
        size_t before = row[0];
        row[0] = i;
        for (size_t j = 1; j <= code.size; j++) {
            size_t here = before + (typed->letters[i - 1] == code.data[j - 1] ? 0 : 1);
            before = row[j];
            row[j] = least(here, least(row[j], row[j - 1]) + 1);
        }
    }
    return row[code.size];
}

struct str
near_code_find(const struct catalogue *catalogue, struct str typed)
{
    struct spelled spelled = spell(typed);
    struct str     nearest = {0};
    size_t         least_far = DISTANCE_MAX + 1;

    for (size_t i = 0; i < catalogue->entry_count && spelled.size > DISTANCE_MAX; i++) {
        struct str code = catalogue->entries[i].code;
        size_t     far = code.size <= CODE_MAX ? distance(&spelled, code) : least_far;
        if (far < least_far) {
            least_far = far;
            nearest = code;
        }
    }
    return nearest;
}
