#include "gateway/bramad/options.h"

#include "validators/base/str.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#define CONFIG_DEFAULT "/etc/brama/bramad.conf"

const char options_help[] =
    "Użycie: bramad [--config PLIK] [--ready-fd N]\n"
    "        bramad --check-config [PLIK]\n"
    "        bramad migrate [--config PLIK] [--status]\n"
    "        bramad --version | --help\n"
    "\n"
    "Bez polecenia uruchamia bramę i działa, dopóki nie dostanie SIGTERM albo SIGINT.\n"
    "\n"
    "  --config PLIK         plik ustawień (domyślnie " CONFIG_DEFAULT ")\n"
    "  --ready-fd N          gdy brama jest gotowa, wpisz do deskryptora N wiersz z portem\n"
    "                        adresu health_address i zamknij go; ten sam port stoi\n"
    "                        w zdarzeniu bramad.ready, w polu health_port\n"
    "  --check-config        sprawdź plik ustawień oraz pliki, katalogi i użytkowników, na "
    "których\n"
    "                        wskazuje; kod 0 albo 1; bazę danych sprawdza dopiero uruchomienie\n"
    "  migrate               doprowadź bazę do wersji programu, jako rola brama_owner\n"
    "  migrate --status      tylko powiedz, ile zmian czeka; kod 0, gdy żadna\n"
    "\n"
    "Sygnały: SIGTERM i SIGINT kończą pracę po domknięciu rozpoczętych spraw, drugi taki sygnał\n"
    "natychmiast; SIGHUP wymienia procesy po kolei, z nowymi certyfikatami i definicjami\n"
    "(plik ustawień jest czytany tylko przy uruchomieniu).\n"
    "Dziennik: wiersze JSON na standardowym wyjściu błędów.\n"
    "Uruchomiony jako root, oddaje każdy proces użytkownikowi z ustawień user_*; w środowisku\n"
    "prod wszystkie muszą być podane, w test brak oznacza pracę jako root i ostrzeżenie.\n"
    "Kody zakończenia: 0 w porządku, 1 nie udało się, 2 błędne wywołanie.\n";

static bool
complain(const char *subject, const char *text)
{
    (void)fprintf(stderr, "bramad: %s: %s\n", subject, text); /* nowhere else to say it */
    return false;
}

static bool
parse_descriptor(const char *text, int *out)
{
    int64_t number = 0;

    if (!str_to_number(str_of(text), &number) || number > INT_MAX) {
        return complain(text, "to nie jest numer deskryptora");
    }
    *out = (int)number;
    return true;
}

/* Commands stand first, if at all. */
static int
parse_command(int argc, char **argv, struct options *options)
{
    static const struct {
        const char          *name;
        enum options_command command;
    } commands[] = {
        {"--check-config", OPTIONS_CHECK_CONFIG},
        {"migrate",        OPTIONS_MIGRATE     },
        {"--version",      OPTIONS_VERSION     },
        {"version",        OPTIONS_VERSION     },
        {"--help",         OPTIONS_HELP        },
        {"help",           OPTIONS_HELP        },
        {"-h",             OPTIONS_HELP        },
    };

    for (size_t i = 0; argc > 1 && i < ARRAY_COUNT(commands); i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            options->command = commands[i].command;
            return 2;
        }
    }
    return 1;
}

/* One run has one file of settings: a second one would be passed over unseen. */
static bool
name_config(const char *path, struct options *options)
{
    if (options->config_named) {
        return complain(path, "plik ustawień podano już wcześniej; można podać jeden");
    }
    options->config = path;
    options->config_named = true;
    return true;
}

static int
parse_config(const char *value, struct options *options)
{
    if (value == NULL) {
        (void)complain("--config", "brakuje nazwy pliku");
        return 0;
    }
    return name_config(value, options) ? 2 : 0;
}

static int
parse_ready_fd(const char *value, struct options *options)
{
    if (value == NULL) {
        (void)complain("--ready-fd", "brakuje numeru deskryptora");
        return 0;
    }
    return parse_descriptor(value, &options->ready_fd) ? 2 : 0;
}

static int
parse_status(const char *value, struct options *options)
{
    (void)value;
    options->status = true;
    return 1;
}

static int
parse_check(const char *value, struct options *options)
{
    (void)value;
    options->command = OPTIONS_CHECK_CONFIG;
    return 1;
}

/* Which option belongs to which commands, as a set of them, and how many words it takes. */
static const struct {
    const char *name;
    unsigned    commands;
    int (*parse)(const char *value, struct options *options);
} known[] = {
    {"--config",       1U << OPTIONS_RUN | 1U << OPTIONS_CHECK_CONFIG | 1U << OPTIONS_MIGRATE,
     parse_config                                                                                            },
    {"--ready-fd",     1U << OPTIONS_RUN,                                                      parse_ready_fd},
    {"--check-config", 1U << OPTIONS_RUN,                                                      parse_check   },
    {"--status",       1U << OPTIONS_MIGRATE,                                                  parse_status  },
};

/* One option with what belongs to it; how many words they were, 0: the call is wrong. */
static int
parse_option(char **words, int left, struct options *options)
{
    const char *value = left > 1 ? words[1] : NULL;

    for (size_t i = 0; i < ARRAY_COUNT(known); i++) {
        if (strcmp(words[0], known[i].name) == 0
            && (known[i].commands & 1U << options->command) != 0) {
            return known[i].parse(value, options);
        }
    }
    if (words[0][0] != '-' && options->command == OPTIONS_CHECK_CONFIG) {
        return name_config(words[0], options) ? 1 : 0;
    }
    (void)complain(words[0], "tego tu nie ma; zobacz: bramad --help");
    return 0;
}

bool
options_parse(int argc, char **argv, struct options *out)
{
    struct options options = {.command = OPTIONS_RUN, .config = CONFIG_DEFAULT, .ready_fd = -1};
    int            at = parse_command(argc, argv, &options);

    while (at < argc) {
        int used = parse_option(&argv[at], argc - at, &options);
        if (used == 0) {
            return false;
        }
        at += used;
    }
    *out = options;
    return true;
}
