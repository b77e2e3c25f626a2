#include "gateway/admin/admin_options.h"

#include <string.h>

static const char *const names[OPTION_COUNT] = {
    [OPTION_CONFIG] = "--config",
    [OPTION_DATABASE] = "--database",
    [OPTION_REGON] = "--regon",
    [OPTION_NIP] = "--nip",
    [OPTION_CODES] = "--codes",
    [OPTION_TYPE] = "--type",
    [OPTION_KIND] = "--kind",
    [OPTION_NAME] = "--name",
    [OPTION_PARENT] = "--parent",
    [OPTION_FROM] = "--from",
    [OPTION_TO] = "--to",
    [OPTION_UNIT] = "--unit",
    [OPTION_LABEL] = "--label",
    [OPTION_EXPIRES] = "--expires",
    [OPTION_SCOPES] = "--scopes",
    [OPTION_EMAIL] = "--email",
    [OPTION_ROLE] = "--role",
    [OPTION_BASIS] = "--basis",
    [OPTION_OPERATOR] = "--operator",
    [OPTION_AT] = "--at",
    [OPTION_BY] = "--by",
    [OPTION_JOP] = "--jop",
    [OPTION_OFFICE] = "--office",
    [OPTION_SEED] = "--seed",
    [OPTION_URL] = "--url",
    [OPTION_EVENTS] = "--events",
    [OPTION_TRAIT] = "--trait",
    [OPTION_AUTHOR] = "--author",
    [OPTION_REASON] = "--reason",
    [OPTION_RULES] = "--rules",
    [OPTION_FORMAT] = "--format",
    [OPTION_PARKED] = "--parked",
    [OPTION_ALL_PARKED] = "--all-parked",
    [OPTION_PERIOD] = "--period",
    [OPTION_FORM] = "--form",
    [OPTION_LEVEL] = "--level",
    [OPTION_VARIANT] = "--variant",
    [OPTION_ON] = "--on",
    [OPTION_PLACE] = "--place",
    [OPTION_DESCRIPTION] = "--description",
    [OPTION_EVIDENCE] = "--evidence",
    [OPTION_DRY_RUN] = "--dry-run",
    [OPTION_ADD] = "--add",
    [OPTION_DECISION] = "--decision",
    [OPTION_REMEDY] = "--remedy",
    [OPTION_RELEASE] = "--release",
    [OPTION_OPEN] = "--open",
    [OPTION_ALIKE] = "--alike",
};

const char *
admin_option_name(enum admin_option option)
{
    ENSURE(option < OPTION_COUNT);
    return names[option];
}

static size_t
find_option(const char *text, uint64_t allowed)
{
    size_t option = 0;

    while (option < OPTION_COUNT
           && ((allowed & ADMIN_OPTION(option)) == 0 || strcmp(names[option], text) != 0)) {
        option++;
    }
    return option;
}

static enum err
read_argument(const char *text, bool argument, struct admin_options *out, struct fault *fault)
{
    if (text[0] == '-' && text[1] != '\0') {
        return FAIL(fault, ERR_USAGE, "nieznana opcja %.60s", text);
    }
    if (!argument || out->argument.data != NULL) {
        return FAIL(fault, ERR_USAGE, "zbędny argument „%.60s”", text);
    }
    out->argument = str_of(text);
    return ERR_OK;
}

enum err
admin_options_read(int count, char **argv, uint64_t allowed, bool argument,
                   struct admin_options *out, struct fault *fault)
{
    *out = (struct admin_options){0};
    for (int i = 0; i < count; i++) {
        size_t option = find_option(argv[i], allowed);
        if (option == OPTION_COUNT) {
            TRY(read_argument(argv[i], argument, out, fault));
            continue;
        }
        if (out->values[option].data != NULL) {
            return FAIL(fault, ERR_USAGE, "opcja %s stoi dwa razy", names[option]);
        }
        if (option >= OPTION_PARKED) {
            out->values[option] = STR("tak");
            continue;
        }
        if (i + 1 == count || strncmp(argv[i + 1], "--", 2) == 0) {
            return FAIL(fault, ERR_USAGE, "po %s brakuje wartości", names[option]);
        }
        out->values[option] = str_of(argv[++i]);
    }
    return ERR_OK;
}

bool
admin_options_ask_help(int count, char **argv)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            return true;
        }
    }
    return false;
}

enum err
admin_options_need(const struct admin_options *options, enum admin_option option,
                   struct fault *fault)
{
    if (options->values[option].size == 0) {
        return FAIL(fault, ERR_USAGE, "brakuje %s", names[option]);
    }
    return ERR_OK;
}
