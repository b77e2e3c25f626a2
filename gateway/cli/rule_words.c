#include "gateway/cli/rule_words.h"

#include <string.h>

/* What a placeholder stands for; others are names of columns. */
static const struct {
    struct str name;
    struct str words;
} placeholders[] = {
    {{"subject", 7},     {"czego dotyczy", 13}},
    {{"found", 5},       {"jest", 4}          },
    {{"expected", 8},    {"powinno być", 12} },
    {{"difference", 10}, {"różnica", 9}     },
    {{"cell", 4},        {"komórka", 8}      },
};

static struct str
words_of(struct str placeholder)
{
    for (size_t i = 0; i < ARRAY_COUNT(placeholders); i++) {
        if (str_equal(placeholders[i].name, placeholder)) {
            return placeholders[i].words;
        }
    }
    return placeholder;
}

void
rule_words_write(struct screen *screen, struct str text)
{
    struct str literal = {0};

    while (str_cut(&text, '{', &literal)) {
        screen_text(screen, literal);
        const char *end = text.size == 0 ? NULL : memchr(text.data, '}', text.size);
        if (end == NULL) {
            continue;
        }
        struct str name = {text.data, (size_t)(end - text.data)};
        screen_format(screen, "‹");
        screen_text(screen, words_of(name));
        screen_format(screen, "›");
        text = (struct str){end + 1, text.size - name.size - 1};
    }
}
