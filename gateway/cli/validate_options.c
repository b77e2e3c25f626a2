#include "gateway/cli/validate_options.h"

#include <string.h>

enum option {
    OPTION_HELP,
    OPTION_QUIET,
    OPTION_JSON,
    OPTION_CSV,
    OPTION_FORMAT,
    OPTION_NO_COLOR,
    OPTION_RULES,
    OPTION_TRUST,
    OPTION_AT,
    OPTION_ENV,
};

static const struct spelling {
    const char *name;
    enum option option;
    bool        has_value;
} spellings[] = {
    {"--help",     OPTION_HELP,     false},
    {"-h",         OPTION_HELP,     false},
    {"--quiet",    OPTION_QUIET,    false},
    {"-q",         OPTION_QUIET,    false},
    {"--json",     OPTION_JSON,     false},
    {"--csv",      OPTION_CSV,      false},
    {"--no-color", OPTION_NO_COLOR, false},
    {"--format",   OPTION_FORMAT,   true },
    {"--rules",    OPTION_RULES,    true },
    {"--trust",    OPTION_TRUST,    true },
    {"--at",       OPTION_AT,       true },
    {"--env",      OPTION_ENV,      true },
};

/* The arguments on their way, and what they have said so far. */
struct reading {
    int                     argc;
    char                  **argv;
    int                     next;
    struct validate_options options;
    unsigned                seen; /* a bit for each option that was given */
};

static const struct spelling *
spelling_of(struct str name)
{
    for (size_t i = 0; i < ARRAY_COUNT(spellings); i++) {
        if (str_equal(name, str_of(spellings[i].name))) {
            return &spellings[i];
        }
    }
    return NULL;
}

static enum err
set_format(struct validate_options *options, enum validate_format format, struct fault *fault)
{
    if (options->format != VALIDATE_TEXT && options->format != format) {
        return FAIL(fault, ERR_USAGE, "--json, --csv i --format wykluczają się");
    }
    options->format = format;
    return ERR_OK;
}

static enum err
set_named_format(struct validate_options *options, const char *value, struct fault *fault)
{
    static const struct {
        const char          *name;
        enum validate_format format;
    } formats[] = {
        {"text",    VALIDATE_TEXT   },
        {"json",    VALIDATE_JSON   },
        {"csv",     VALIDATE_CSV    },
        {"sarif",   VALIDATE_SARIF  },
        {"ess",     VALIDATE_ESS    },
        {"ess-csv", VALIDATE_ESS_CSV},
    };

    for (size_t i = 0; i < ARRAY_COUNT(formats); i++) {
        if (strcmp(value, formats[i].name) == 0) {
            return set_format(options, formats[i].format, fault);
        }
    }
    return FAIL(fault, ERR_USAGE,
                "--format: „%s”, a może być text, json, csv, sarif, ess albo ess-csv", value);
}

static enum err
set_environment(struct validate_options *options, const char *value, struct fault *fault)
{
    if (strcmp(value, "test") == 0) {
        options->environment = ENVIRONMENT_TEST;
    } else if (strcmp(value, "prod") == 0) {
        options->environment = ENVIRONMENT_PROD;
    } else {
        return FAIL(fault, ERR_USAGE, "--env: „%s”, a może być test albo prod", value);
    }
    return ERR_OK;
}

static enum err
set_at(struct validate_options *options, const char *value, struct fault *fault)
{
    if (!moment_parse_when(str_of(value), &options->at)) {
        return FAIL(fault, ERR_USAGE,
                    "--at: „%s” nie jest datą (2026-07-24) ani chwilą z przesunięciem "
                    "(2026-07-24T09:00:00+02:00)",
                    value);
    }
    options->at_given = true;
    return ERR_OK;
}

static enum err
apply(struct validate_options *options, enum option option, const char *value, struct fault *fault)
{
    switch (option) {
    case OPTION_HELP:
        options->help = true;
        return ERR_OK;
    case OPTION_QUIET:
        options->quiet = true;
        return ERR_OK;
    case OPTION_JSON:
        return set_format(options, VALIDATE_JSON, fault);
    case OPTION_CSV:
        return set_format(options, VALIDATE_CSV, fault);
    case OPTION_FORMAT:
        return set_named_format(options, value, fault);
    case OPTION_NO_COLOR:
        options->colouring = SCREEN_COLOUR_NEVER;
        return ERR_OK;
    case OPTION_RULES:
        options->rules = value;
        return ERR_OK;
    case OPTION_TRUST:
        options->trust = value;
        return ERR_OK;
    case OPTION_AT:
        return set_at(options, value, fault);
    case OPTION_ENV:
        return set_environment(options, value, fault);
    }
    return FAIL(fault, ERR_USAGE, "nieznana opcja");
}

static enum err
take_option(struct reading *reading, const char *argument, struct fault *fault)
{
    struct str             rest = str_of(argument);
    struct str             name = rest;
    bool                   inline_value = str_cut(&rest, '=', &name) && rest.data != NULL;
    const struct spelling *spelling = spelling_of(name);

    if (spelling == NULL) {
        return FAIL(fault, ERR_USAGE, "nieznana opcja „%.*s”", STR_ARG(name));
    }
    if ((reading->seen & 1U << spelling->option) != 0) {
        return FAIL(fault, ERR_USAGE, "opcja %s stoi dwa razy; podaj ją raz", spelling->name);
    }
    reading->seen |= 1U << spelling->option;
    if (!spelling->has_value) {
        if (inline_value) {
            return FAIL(fault, ERR_USAGE, "opcja %s nie ma wartości", spelling->name);
        }
        return apply(&reading->options, spelling->option, "", fault);
    }
    const char *value = rest.data;
    if (!inline_value) {
        if (reading->next == reading->argc) {
            return FAIL(fault, ERR_USAGE, "po %s brakuje wartości", spelling->name);
        }
        value = reading->argv[reading->next];
        reading->next++;
    }
    if (value == NULL || value[0] == '\0') {
        return FAIL(fault, ERR_USAGE, "wartość opcji %s jest pusta", spelling->name);
    }
    return apply(&reading->options, spelling->option, value, fault);
}

static enum err
take_file(struct validate_options *options, const char *path, struct fault *fault)
{
    if (path[0] == '\0') {
        return FAIL(fault, ERR_USAGE, "nazwa pliku jest pusta");
    }
    for (size_t i = 0; strcmp(path, "-") == 0 && i < options->file_count; i++) {
        if (strcmp(options->files[i], "-") == 0) {
            return FAIL(fault, ERR_USAGE, "wejście standardowe (-) można podać tylko raz");
        }
    }
    options->files[options->file_count] = path;
    options->file_count++;
    return ERR_OK;
}

static enum err
take_argument(struct reading *reading, bool *only_files, struct fault *fault)
{
    const char *argument = reading->argv[reading->next];

    reading->next++;
    if (!*only_files && strcmp(argument, "--") == 0) {
        *only_files = true;
        return ERR_OK;
    }
    if (!*only_files && argument[0] == '-' && argument[1] != '\0') {
        return take_option(reading, argument, fault);
    }
    return take_file(&reading->options, argument, fault);
}

enum err
validate_options_read(struct arena *arena, int argc, char **argv, struct validate_options *out,
                      struct fault *fault)
{
    struct reading reading = {.argc = argc, .argv = argv, .next = 1};
    bool           only_files = false;

    reading.options.environment = ENVIRONMENT_TEST;
    reading.options.files = ARENA_NEW(arena, const char *, (size_t)argc);
    if (reading.options.files == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    while (reading.next < argc) {
        TRY(take_argument(&reading, &only_files, fault));
    }
    if (reading.options.file_count == 0 && !reading.options.help) {
        return FAIL(fault, ERR_USAGE, "nie podano żadnego pliku");
    }
    *out = reading.options;
    return ERR_OK;
}
