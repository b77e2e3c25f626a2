#include "gateway/admin/admin_command.h"
#include "gateway/cli/answer_command.h"
#include "gateway/cli/calendar_command.h"
#include "gateway/cli/completeness_command.h"
#include "gateway/cli/diff_command.h"
#include "gateway/cli/exit_code.h"
#include "gateway/cli/explain_command.h"
#include "gateway/cli/forms_command.h"
#include "gateway/cli/list_command.h"
#include "gateway/cli/obligations_command.h"
#include "gateway/cli/reason_command.h"
#include "gateway/cli/receipt_command.h"
#include "gateway/cli/replay_command.h"
#include "gateway/cli/rules_command.h"
#include "gateway/cli/screen.h"
#include "gateway/cli/status_command.h"
#include "gateway/cli/submit_command.h"
#include "gateway/cli/validate_command.h"
#include "gateway/cli/verify_command.h"
#include "gateway/cli/version_command.h"
#include "gateway/cli/vtl_command.h"
#include "gateway/cli/withdraw_command.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* `brama`: a table of commands. Everything it does is in the commands. */
static int help_command(int argc, char **argv);

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"validate",     validate_command    },
    {"submit",       submit_command      },
    {"status",       status_command      },
    {"list",         list_command        },
    {"receipt",      receipt_command     },
    {"withdraw",     withdraw_command    },
    {"reason",       reason_command      },
    {"answer",       answer_command      },
    {"diff",         diff_command        },
    {"verify",       verify_command      },
    {"admin",        admin_command       },
    {"explain",      explain_command     },
    {"forms",        forms_command       },
    {"rules",        rules_command       },
    {"replay",       replay_command      },
    {"calendar",     calendar_command    },
    {"obligations",  obligations_command },
    {"completeness", completeness_command},
    {"vtl",          vtl_command         },
    {"version",      version_command     },
    {"--version",    version_command     },
    {"help",         help_command        },
    {"--help",       help_command        },
    {"-h",           help_command        },
};

static const char help[] =
    "Użycie: brama POLECENIE [argumenty]\n"
    "\n"
    "Polecenia:\n"
    "  validate PLIK...   sprawdź pliki sprawozdań, bez wysyłania ich dokądkolwiek\n"
    "  submit PLIK...     złóż pliki w bramie; wynik i numery UPO\n"
    "  status [NUMER]     stan złożenia albo samej bramy\n"
    "  list               wypisz złożenia\n"
    "  receipt NUMER      pobierz UPO złożenia\n"
    "  withdraw NUMER     wycofaj złożenie, z którego nic nie przyjęto\n"
    "  reason [NUMER]     podaj albo pokaż przyczynę korekty\n"
    "  answer [NUMER]     zapytania bramy do złożenia: pokaż je albo wyjaśnij\n"
    "  diff A B           co się zmieniło między wersjami: dwa pliki albo dwa numery\n"
    "  verify UPO         sprawdź, czy UPO jest prawdziwe i niezmienione\n"
    "  explain KOD        objaśnij kod uwagi\n"
    "  forms              formularze i syntetyczne sprawozdania na wzór\n"
    "  rules              kody i reguły: list, lint, test, mutate; u operatora bramy publish,\n"
    "                     bundles, off, on, count, backtest\n"
    "  calendar           terminy sprawozdań z podstawą prawną\n"
    "  obligations        kto co ma złożyć, do kiedy i co z tego już jest\n"
    "  completeness       ile z tego, co ma być złożone, już jest\n"
    "  vtl SKRYPT         wykonaj skrypt VTL na danych z katalogu\n"
    "  replay UPO         rozstrzygnij jeszcze raz z tego, co zapisano, i porównaj\n"
    "  admin              rejestr jednostek, tokeny, zegar środowiska testowego\n"
    "  version            wersja programu i skrót definicji\n"
    "  help [POLECENIE]   ta pomoc albo pomoc polecenia, jak brama POLECENIE --help\n"
    "\n"
    "Przykłady:\n"
    "  brama validate dochody-2026-q2.xml\n"
    "  brama validate *.xml --trust wystawcy.pem --json > wynik.json\n"
    "  brama submit dochody-2026-q2.xml --wait --receipts upo\n"
    "  brama explain RB27S-001\n";

static int
refuse_command(const char *name)
{
    screen_complain(str_of(name), "nie ma takiego polecenia; zobacz: brama --help");
    return EXIT_USAGE;
}

/* `brama help submit` is `brama submit --help`. */
static int
help_command(int argc, char **argv)
{
    char  option[] = "--help";
    char *asked[] = {argc > 1 ? argv[1] : option, option, NULL};

    for (size_t i = 0; i < ARRAY_COUNT(commands) && argc > 1; i++) {
        if (commands[i].run != help_command && strcmp(argv[1], commands[i].name) == 0) {
            return commands[i].run(2, asked);
        }
    }
    if (argc > 1 && argv[1][0] != '-' && strcmp(argv[1], "help") != 0) {
        return refuse_command(argv[1]);
    }
    (void)fputs(help, stdout); /* finish() looks whether it arrived */
    return EXIT_ACCEPTED;
}

/*
 * A program started without its standard descriptors would take its files for them. What was said
 * on a closed standard output would be lost while the exit code told of success: that is refused.
 */
static bool
open_standard_descriptors(void)
{
    bool can_be_heard = fcntl(STDOUT_FILENO, F_GETFD) != -1;

    int fd = open("/dev/null", O_RDWR);

    while (fd >= 0 && fd <= STDERR_FILENO) {
        fd = open("/dev/null", O_RDWR);
    }
    return can_be_heard && (fd < 0 || close(fd) == 0);
}

/* Whoever starts us may ignore the death of children; we wait for ours. */
static bool
hear_of_children(void)
{
    return signal(SIGCHLD, SIG_DFL) != SIG_ERR;
}

/* What was printed has arrived, or it is said that it has not. */
static int
finish(int exit_code)
{
    if ((fflush(stdout) == 0 && ferror(stdout) == 0) || exit_code == EXIT_UNREADABLE) {
        return exit_code; /* an unreadable file and a lost result end alike, and were told */
    }
    screen_complain(STR("wyjście"), "wyniku nie udało się zapisać w całości");
    return EXIT_UNREADABLE;
}

int
main(int argc, char **argv)
{
    if (!open_standard_descriptors() || !hear_of_children()) {
        screen_complain(STR("wyjście"), "jest zamknięte, więc nie ma gdzie podać wyniku");
        return EXIT_UNREADABLE;
    }
    arena_keep_memory();
    if (argc < 2) {
        (void)fputs(help, stderr); /* nowhere is left to say that this failed */
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < ARRAY_COUNT(commands); i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            return finish(commands[i].run(argc - 1, argv + 1));
        }
    }
    return refuse_command(argv[1]);
}
