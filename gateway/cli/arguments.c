#include "gateway/cli/arguments.h"

#include <string.h>

struct reading {
    int                     argc;
    char                  **argv;
    int                     next;
    const struct arguments *arguments;
};

static const struct argument *
option_of(const struct arguments *arguments, struct str name)
{
    for (size_t i = 0; i < arguments->option_count; i++) {
        if (str_equal(name, str_of(arguments->options[i].name))) {
            return &arguments->options[i];
        }
    }
    return NULL;
}

/* The value of an option: behind its '=', or the next word. */
static enum err
take_value(struct reading *reading, const struct argument *option, const char *behind,
           struct fault *fault)
{
    if (behind == NULL && option->value_is_optional) {
        return ERR_OK;
    }
    if (behind == NULL) {
        if (reading->next == reading->argc) {
            return FAIL(fault, ERR_USAGE, "po %s brakuje wartości", option->name);
        }
        behind = reading->argv[reading->next];
        reading->next++;
    }
    if (behind[0] == '\0') {
        return FAIL(fault, ERR_USAGE, "wartość opcji %s jest pusta", option->name);
    }
    *option->value = behind;
    return ERR_OK;
}

static enum err
take_option(struct reading *reading, const char *word, struct fault *fault)
{
    const char            *sign = strchr(word, '=');
    struct str             name = str_of(word);
    const struct argument *option = NULL;

    if (sign != NULL) {
        name.size = (size_t)(sign - word);
    }
    option = option_of(reading->arguments, name);
    if (option == NULL) {
        return FAIL(fault, ERR_USAGE, "nieznana opcja „%.*s”", STR_ARG(name));
    }
    if ((option->flag != NULL && *option->flag)
        || (option->value != NULL && *option->value != NULL)) {
        return FAIL(fault, ERR_USAGE, "opcja %s stoi dwa razy; podaj ją raz", option->name);
    }
    if (option->flag != NULL) {
        *option->flag = true;
    }
    if (option->value != NULL) {
        return take_value(reading, option, sign == NULL ? NULL : sign + 1, fault);
    }
    if (sign != NULL) {
        return FAIL(fault, ERR_USAGE, "opcja %s nie ma wartości", option->name);
    }
    return ERR_OK;
}

enum err
arguments_read(struct arena *arena, int argc, char **argv, struct arguments *arguments,
               struct fault *fault)
{
    struct reading reading = {.argc = argc, .argv = argv, .next = 1, .arguments = arguments};
    bool           only_words = false;

    arguments->words = ARENA_NEW(arena, const char *, (size_t)argc);
    if (arguments->words == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    while (reading.next < argc) {
        const char *word = argv[reading.next];

        reading.next++;
        if (!only_words && strcmp(word, "--") == 0) {
            only_words = true;
        } else if (!only_words && word[0] == '-' && word[1] != '\0') {
            TRY(take_option(&reading, word, fault));
        } else if (word[0] == '\0') {
            return FAIL(fault, ERR_USAGE, "puste słowo w wywołaniu");
        } else {
            arguments->words[arguments->word_count] = word;
            arguments->word_count++;
        }
    }
    return ERR_OK;
}
