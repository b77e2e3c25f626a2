#include "gateway/cli/remote_options.h"

#include "gateway/cli/remote_list.h"

#include <stdlib.h>

enum { OPTIONS_MAX = 40, LIST_DEFAULT = 50, N_MAX = 9999, REPORTS_MAX = 1000000 };

#define SETS_MAX INT64_C(999999999999999999)

/* Commands that answer in a form for programs, too, and those that ask for a period. */
enum {
    HAVE_JSON = REMOTE_SUBMIT | REMOTE_STATUS | REMOTE_LIST | REMOTE_VERIFY | REMOTE_OBLIGATIONS
                | REMOTE_COMPLETENESS | REMOTE_DIFF | REMOTE_WITHDRAW | REMOTE_REASON
                | REMOTE_ANSWER,
    HAVE_PERIOD = REMOTE_LIST | REMOTE_OBLIGATIONS | REMOTE_COMPLETENESS,
    HAVE_CSV = REMOTE_OBLIGATIONS | REMOTE_COMPLETENESS | REMOTE_DIFF | REMOTE_ANSWER,
};

const char remote_options_help[] =
    "Połączenie:\n"
    "  --server ADRES     adres bramy, https://nazwa[:port]; albo zmienna BRAMA_SERVER\n"
    "  --ca PEM           wystawcy certyfikatu serwera; albo zmienna BRAMA_CA; domyślnie ci,\n"
    "                     którym ufa system\n"
    "  --token-file PLIK  plik z tokenem, czytelny tylko dla właściciela (chmod 600); albo "
    "zmienna\n"
    "                     BRAMA_TOKEN_FILE; sam token można podać w zmiennej BRAMA_TOKEN, nigdy\n"
    "                     w wywołaniu, bo wywołania widzą inni użytkownicy komputera\n"
    "  --cert PEM         własny certyfikat zamiast tokenu, także gdy token jest w zmiennej; "
    "klucz\n"
    "                     w tym samym pliku albo w --cert-key\n"
    "  --cert-key PEM     klucz do --cert\n"
    "  --retry SEKUNDY    jak długo ponawiać, gdy serwer nie odpowiada albo jest zajęty; "
    "domyślnie\n"
    "                     60, 0 oznacza jedną próbę; ponawianie jest bezpieczne\n"
    "  --no-color         bez kolorów (tak samo zmienna NO_COLOR)\n"
    "  -h, --help         ta pomoc\n"
    "\n"
    "Kody wyjścia: 0 dobrze, 1 (submit, status) coś do poprawy, do podpisu albo "
    "nierozstrzygnięte,\n"
    "2 złe wywołanie, 3 pliku nie da się odczytać albo zapisać (także z tokenem albo "
    "certyfikatem),\n"
    "4 brak uprawnień albo tokenu, 5 serwer nie odpowiedział (to "
    "samo\n"
    "polecenie można powtórzyć), 6 serwer odmówił z innej przyczyny.\n";

/* The whole seconds, days or numbers of an option; an absent one keeps its default. */
static enum err
take_number(const char *name, const char *value, int64_t least, int64_t most, int64_t *out,
            struct fault *fault)
{
    int64_t number = 0;

    if (value == NULL) {
        return ERR_OK;
    }
    if (!str_to_number(str_of(value), &number) || number < least || number > most) {
        return FAIL(fault, ERR_USAGE, "%s: „%s”, a może być liczba od %lld do %lld", name, value,
                    (long long)least, (long long)most);
    }
    *out = number;
    return ERR_OK;
}

/* The environment is read once, by the only thread; an empty variable is an absent one. */
static void
take_variable(const char **value, const char *name)
{
    const char *text = getenv(name); /* NOLINT(concurrency-mt-unsafe) */

    if (*value == NULL && text != NULL && text[0] != '\0') {
        *value = text;
    }
}

/* One sender asks: what stands in the call is meant, and no variable beside it. */
static enum err
take_identity(struct remote_options *options, struct fault *fault)
{
    if (options->certificate_key != NULL && options->certificate == NULL) {
        return FAIL(fault, ERR_USAGE, "--cert-key jest kluczem do --cert, którego nie podano");
    }
    if (options->certificate != NULL && options->token_file != NULL) {
        return FAIL(fault, ERR_USAGE,
                    "--token-file i --cert naraz: brama wie, kto składa, z jednego z nich; podaj "
                    "jedno");
    }
    if (options->certificate == NULL && options->token_file == NULL) {
        take_variable(&options->token, "BRAMA_TOKEN");
    }
    if (options->certificate == NULL && options->token == NULL) {
        take_variable(&options->token_file, "BRAMA_TOKEN_FILE");
    }
    return ERR_OK;
}

static enum err
finish(struct remote_options *options, const struct arguments *arguments, struct fault *fault)
{
    options->words = arguments->words;
    options->word_count = arguments->word_count;
    TRY(take_identity(options, fault));
    take_variable(&options->server, "BRAMA_SERVER");
    take_variable(&options->ca, "BRAMA_CA");
    options->retry_seconds = REMOTE_RETRY_SECONDS;
    options->wait_seconds = REMOTE_WAIT_SECONDS;
    options->limit = LIST_DEFAULT;
    TRY(take_number("--retry", options->retry, 0, REMOTE_SECONDS_MAX, &options->retry_seconds,
                    fault));
    TRY(take_number("--wait", options->wait_value, 0, REMOTE_SECONDS_MAX, &options->wait_seconds,
                    fault));
    TRY(take_number("--limit", options->limit_value, 1, REMOTE_LIST_LIMIT_MAX, &options->limit,
                    fault));
    TRY(take_number("--report", options->report_value, 1, REPORTS_MAX, &options->report, fault));
    TRY(take_number("--set", options->set_value, 1, SETS_MAX, &options->set, fault));
    TRY(take_number("--finding", options->finding_value, 1,
                    options->set > 0 ? SETS_MAX : REPORTS_MAX, &options->finding, fault));
    TRY(take_number("--n", options->n_value, 1, N_MAX, &options->n, fault));
    return ERR_OK;
}

/* An option, and the commands that know it. */
struct known {
    int             groups; /* 0: all */
    struct argument argument;
};

static void
add_known(const struct known *known, enum remote_option_group group, struct argument *taken,
          struct arguments *arguments)
{
    if (known->groups == 0 || (known->groups & (int)group) != 0) {
        taken[arguments->option_count++] = known->argument;
    }
}

enum err
remote_options_read(struct arena *arena, enum remote_option_group group, int argc, char **argv,
                    struct remote_options *out, struct fault *fault)
{
    struct remote_options options = {0};
    const struct known    all[] = {
           {0,                                {"--help", &options.help, NULL, false}               },
           {0,                                {"-h", &options.help, NULL, false}                   },
           {0,                                {"--no-color", &options.no_colour, NULL, false}      },
           {0,                                {"--server", NULL, &options.server, false}           },
           {0,                                {"--ca", NULL, &options.ca, false}                   },
           {0,                                {"--token-file", NULL, &options.token_file, false}   },
           {0,                                {"--cert", NULL, &options.certificate, false}        },
           {0,                                {"--cert-key", NULL, &options.certificate_key, false}},
           {0,                                {"--retry", NULL, &options.retry, false}             },
           {HAVE_JSON,                        {"--json", &options.json, NULL, false}               },
           {REMOTE_SUBMIT | REMOTE_STATUS,    {"--wait", &options.wait, &options.wait_value, true} },
           {REMOTE_SUBMIT,                    {"--key", NULL, &options.key, false}                 },
           {REMOTE_SUBMIT,                    {"--strict", &options.strict, NULL, false}           },
           {REMOTE_SUBMIT,                    {"--dry-run", &options.dry_run, NULL, false}         },
           {REMOTE_SUBMIT,                    {"--receipts", NULL, &options.receipts, false}       },
           {REMOTE_SUBMIT,                    {"--objection", NULL, &options.objection, false}     },
           {REMOTE_SUBMIT,                    {"--reason", NULL, &options.why, false}              },
           {REMOTE_LIST | REMOTE_OBLIGATIONS, {"--state", NULL, &options.state, false}             },
           {HAVE_PERIOD,                      {"--period", NULL, &options.period, false}           },
           {REMOTE_LIST | REMOTE_OBLIGATIONS, {"--limit", NULL, &options.limit_value, false}       },
           {REMOTE_RECEIPT,                   {"-o", NULL, &options.output, false}                 },
           {REMOTE_RECEIPT,                   {"--output", NULL, &options.output, false}           },
           {REMOTE_RECEIPT,                   {"--html", &options.html, NULL, false}               },
           {REMOTE_RECEIPT,                   {"--n", NULL, &options.n_value, false}               },
           {REMOTE_RECEIPT,                   {"--unit", NULL, &options.unit, false}               },
           {REMOTE_REASON | REMOTE_ANSWER,    {"--code", NULL, &options.code, false}               },
           {REMOTE_REASON | REMOTE_ANSWER,    {"--text", NULL, &options.text, false}               },
           {REMOTE_REASON,                    {"--report", NULL, &options.report_value, false}     },
           {REMOTE_ANSWER,                    {"--file", NULL, &options.file, false}               },
           {REMOTE_ANSWER,                    {"--finding", NULL, &options.finding_value, false}   },
           {REMOTE_ANSWER,                    {"--partial", &options.partial, NULL, false}         },
           {REMOTE_ANSWER,                    {"--set", NULL, &options.set_value, false}           },
           {REMOTE_ANSWER,                    {"--object", &options.object, NULL, false}           },
           {REMOTE_VERIFY,                    {"--offline", &options.offline, NULL, false}         },
           {REMOTE_VERIFY,                    {"--trust", NULL, &options.trust, false}             },
           {REMOTE_VERIFY,                    {"--stamp-trust", NULL, &options.stamp_trust, false} },
           {HAVE_CSV,                         {"--csv", &options.csv, NULL, false}                 },
           {REMOTE_OBLIGATIONS,               {"--ics", &options.ics, NULL, false}                 },
           {REMOTE_OBLIGATIONS,               {"--missing", &options.missing, NULL, false}         },
           {REMOTE_COMPLETENESS,              {"--by", NULL, &options.by, false}                   },
    };
    struct argument  taken[OPTIONS_MAX];
    struct arguments arguments = {.options = taken};

    for (size_t i = 0; i < ARRAY_COUNT(all); i++) {
        add_known(&all[i], group, taken, &arguments);
    }
    TRY(arguments_read(arena, argc, argv, &arguments, fault));
    TRY(finish(&options, &arguments, fault));
    *out = options;
    return ERR_OK;
}
