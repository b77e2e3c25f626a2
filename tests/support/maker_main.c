#include "tests/support/evil.h"
#include "tests/support/maker.h"
#include "tests/support/sheet.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

/* maker: writes one made-up package. Exit codes: 0 written, 1 failed, 2 usage. */
static const char help[] =
    "maker: writes a signed, made-up BeSTi@ package of the real shape\n"
    "\n"
    "  --out FILE         where the package goes (- is standard output)\n"
    "  --ca-out FILE      where the certificate of the issuing authority goes (PEM)\n"
    "  --keys FOLDER      keep and reuse the keys here; without it every run has new ones\n"
    "  --seed N           same seed, same keys: same bytes\n"
    "  --units N          units in the package (1)\n"
    "  --first-unit N     number of the first of them: its name and REGON (0)\n"
    "  --rows N           rows of every report (5 in Rb-27s, 34 in Rb-28s)\n"
    "  --form NAME        Rb-27s, Rb-28s, both (both), or one of --list-forms\n"
    "  --year N           Rok (2026)\n"
    "  --period-kind NAME TypOkresu (Kwartal)\n"
    "  --period N         Okres (2)\n"
    "  --version N        Wersja of every report (0)\n"
    "  --date YYYY-MM-DD  DataSprawozdania and day of signing (9 days after the period)\n"
    "  --kind NAME        Typ of every unit (JB)\n"
    "  --with FEATURE     what the usual package does not show; may be repeated\n"
    "  --fault NAME       the one thing that is wrong\n"
    "  --evil NAME        no package, but bytes made to hurt a reader of XML\n"
    "  --list-forms       the forms that a package has one report of\n"
    "  --list-features    the features\n"
    "  --list-faults      the faults\n"
    "  --list-evil        the evil inputs\n"
    "  --help             this text\n";

enum { ARENA_SIZE_MAX_MIB = 6144 };

enum flag {
    FLAG_OUT = 1000,
    FLAG_CA_OUT,
    FLAG_KEYS,
    FLAG_SEED,
    FLAG_UNITS,
    FLAG_FIRST_UNIT,
    FLAG_ROWS,
    FLAG_FORM,
    FLAG_YEAR,
    FLAG_PERIOD_KIND,
    FLAG_PERIOD,
    FLAG_VERSION,
    FLAG_DATE,
    FLAG_KIND,
    FLAG_WITH,
    FLAG_FAULT,
    FLAG_EVIL,
    FLAG_LIST_FORMS,
    FLAG_LIST_FEATURES,
    FLAG_LIST_FAULTS,
    FLAG_LIST_EVIL,
    FLAG_HELP,
};

static const struct option flags[] = {
    {"out",           required_argument, NULL, FLAG_OUT          },
    {"ca-out",        required_argument, NULL, FLAG_CA_OUT       },
    {"keys",          required_argument, NULL, FLAG_KEYS         },
    {"seed",          required_argument, NULL, FLAG_SEED         },
    {"units",         required_argument, NULL, FLAG_UNITS        },
    {"first-unit",    required_argument, NULL, FLAG_FIRST_UNIT   },
    {"rows",          required_argument, NULL, FLAG_ROWS         },
    {"form",          required_argument, NULL, FLAG_FORM         },
    {"year",          required_argument, NULL, FLAG_YEAR         },
    {"period-kind",   required_argument, NULL, FLAG_PERIOD_KIND  },
    {"period",        required_argument, NULL, FLAG_PERIOD       },
    {"version",       required_argument, NULL, FLAG_VERSION      },
    {"date",          required_argument, NULL, FLAG_DATE         },
    {"kind",          required_argument, NULL, FLAG_KIND         },
    {"with",          required_argument, NULL, FLAG_WITH         },
    {"fault",         required_argument, NULL, FLAG_FAULT        },
    {"evil",          required_argument, NULL, FLAG_EVIL         },
    {"list-forms",    no_argument,       NULL, FLAG_LIST_FORMS   },
    {"list-features", no_argument,       NULL, FLAG_LIST_FEATURES},
    {"list-faults",   no_argument,       NULL, FLAG_LIST_FAULTS  },
    {"list-evil",     no_argument,       NULL, FLAG_LIST_EVIL    },
    {"help",          no_argument,       NULL, FLAG_HELP         },
    {NULL,            0,                 NULL, 0                 },
};

/* The command line, read. */
struct call {
    struct maker_options options;
    const char          *out;
    const char          *ca_out;
    const char          *keys;
    const char          *evil;  /* one of evil.h instead of a package; NULL: none */
    int                  shown; /* a flag that only prints something; 0: none */
};

static bool
read_form(const char *text, struct maker_options *options)
{
    static const struct {
        const char *name;
        unsigned    forms;
    } names[] = {
        {"Rb-27s", MAKER_RB27S},
        {"Rb-28s", MAKER_RB28S},
        {"both",   0          }
    };

    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        if (strcmp(names[i].name, text) == 0) {
            options->forms = names[i].forms;
            return true;
        }
    }
    options->sheet = text;
    return sheet_find(text) != NULL;
}

static bool
read_text(struct call *call, int flag, const char *text)
{
    const char **places[] = {
        /* by distance from the first flag */
        [0] = &call->out,
        [FLAG_CA_OUT - FLAG_OUT] = &call->ca_out,
        [FLAG_KEYS - FLAG_OUT] = &call->keys,
        [FLAG_PERIOD_KIND - FLAG_OUT] = &call->options.period_kind,
        [FLAG_DATE - FLAG_OUT] = &call->options.date,
        [FLAG_KIND - FLAG_OUT] = &call->options.kind,
        [FLAG_FAULT - FLAG_OUT] = &call->options.fault,
        [FLAG_EVIL - FLAG_OUT] = &call->evil,
    };
    size_t place = (size_t)(flag - FLAG_OUT);

    if (place >= ARRAY_COUNT(places) || places[place] == NULL) {
        return false;
    }
    *places[place] = text;
    return true;
}

static bool
read_number(struct call *call, int flag, const char *text)
{
    int64_t number = 0;

    if (!str_to_number(str_of(text), &number)) {
        return false;
    }
    switch (flag) {
    case FLAG_SEED:
        call->options.seed = (uint64_t)number;
        return true;
    case FLAG_UNITS:
        call->options.units = (size_t)number;
        return true;
    case FLAG_FIRST_UNIT:
        call->options.first_unit = (size_t)number;
        return true;
    case FLAG_ROWS:
        call->options.rows = (size_t)number;
        return true;
    case FLAG_YEAR:
        call->options.year = (int)number;
        return true;
    case FLAG_PERIOD:
        call->options.period = (int)number;
        return true;
    case FLAG_VERSION:
        call->options.version = (int)number;
        return true;
    default:
        return false;
    }
}

static bool
read_flag(struct call *call, int flag, const char *text)
{
    unsigned feature = 0;

    switch (flag) {
    case FLAG_FORM:
        return read_form(text, &call->options);
    case FLAG_WITH:
        feature = maker_feature(text);
        call->options.features |= feature;
        return feature != 0;
    case FLAG_LIST_FORMS:
    case FLAG_LIST_FEATURES:
    case FLAG_LIST_FAULTS:
    case FLAG_LIST_EVIL:
    case FLAG_HELP:
        call->shown = flag;
        return true;
    default:
        return read_text(call, flag, text) || read_number(call, flag, text);
    }
}

static bool
read_call(int argc, char **argv, struct call *call)
{
    int flag = 0;

    /* One thread, as getopt asks for. NOLINTNEXTLINE(concurrency-mt-unsafe) */
    while ((flag = getopt_long(argc, argv, "", flags, NULL)) != -1) {
        if (flag == '?' || !read_flag(call, flag, optarg)) {
            return false;
        }
    }
    return optind == argc && (call->shown != 0 || call->out != NULL);
}

static void
show(int flag)
{
    if (flag == FLAG_HELP) {
        (void)fputs(help, stdout);
    }
    for (size_t i = 0; flag == FLAG_LIST_FAULTS && i < maker_fault_count(); i++) {
        (void)printf("%-28s %s\n", maker_fault_name(i), maker_fault_text(i));
    }
    for (size_t i = 0; flag == FLAG_LIST_FAULTS && i < sheet_fault_count(); i++) {
        const struct sheet_fault *wrong = sheet_fault_at(i);
        (void)printf("%-10s %-17s %s\n", wrong->tag, wrong->name, wrong->says);
    }
    for (size_t i = 0; flag == FLAG_LIST_FORMS && i < sheet_count(); i++) {
        (void)printf("%s\n", sheet_at(i)->tag);
    }
    for (size_t i = 0; flag == FLAG_LIST_FEATURES && i < maker_feature_count(); i++) {
        (void)printf("%-28s %s\n", maker_feature_name(i), maker_feature_text(i));
    }
    for (size_t i = 0; flag == FLAG_LIST_EVIL && i < evil_count(); i++) {
        (void)printf("%s\n", evil_name(i));
    }
}

static enum err
write_file(const char *path, struct str bytes, struct fault *fault)
{
    FILE *file = strcmp(path, "-") == 0 ? stdout : fopen(path, "we");
    bool  written = file != NULL && fwrite(bytes.data, 1, bytes.size, file) == bytes.size;

    if (file != NULL) {
        written = fclose(file) == 0 && written;
    }
    return written ? ERR_OK : FAIL(fault, ERR_FILE, "%s cannot be written", path);
}

static enum err
make_evil(struct arena *arena, const struct call *call, struct fault *fault)
{
    struct str bytes = {0};

    for (size_t i = 0; i < evil_count(); i++) {
        if (strcmp(evil_name(i), call->evil) == 0) {
            TRY(evil_write(arena, i, &bytes, fault));
            return write_file(call->out, bytes, fault);
        }
    }
    return FAIL(fault, ERR_USAGE, "no evil input named %s", call->evil);
}

static enum err
make(struct arena *arena, const struct call *call, struct fault *fault)
{
    struct authority *authority = NULL;
    struct str        text = {0};

    if (call->evil != NULL) {
        return make_evil(arena, call, fault);
    }
    if (call->keys != NULL) {
        TRY(authority_open(arena, call->keys, &authority, fault));
    } else {
        TRY(authority_create(arena, &authority, fault));
    }
    TRY(maker_package(arena, &call->options, authority, &text, fault));
    TRY(write_file(call->out, text, fault));
    if (call->ca_out != NULL) {
        TRY(authority_pem(arena, authority, AUTHORITY_CA, &text, fault));
        TRY(write_file(call->ca_out, text, fault));
    }
    return ERR_OK;
}

int
main(int argc, char **argv)
{
    struct call  call = {0};
    struct fault fault = {0};

    if (!read_call(argc, argv, &call)) {
        (void)fputs(help, stderr);
        return 2;
    }
    if (call.shown != 0) {
        show(call.shown);
        return 0;
    }
    struct arena *arena = arena_create((size_t)ARENA_SIZE_MAX_MIB << 20U);
    enum err      got = make(arena, &call, &fault);
    if (got != ERR_OK) {
        (void)fprintf(stderr, "maker: %s: %s\n", err_text(got), fault.text);
    }
    arena_destroy(arena);
    return got == ERR_OK ? 0 : 1;
}
