#include "tests/scenario/cli/program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ARENA_MAX = 256 * 1024 * 1024 };

/* Exit codes of design.md 9, and a piece of what must be said. */
static const struct {
    const char *name;
    const char *arguments[PROGRAM_ARGUMENTS_MAX];
    int         exit_code;
    const char *out; /* "" = nothing is asked */
    const char *err;
} cases[] = {
  /* clang-format off */
    {"no command",                                {NULL},                                                         2, "",                                                                              "Użycie: brama"                        },
    {"unknown command",                           {"podpisz", NULL},                                              2, "",                                                                              "podpisz: nie ma takiego polecenia"     },
    {"help",                                      {"--help", NULL},                                               0, "Przykłady",                                                                    ""                                      },
    {"help of validate",                          {"validate", "--help", NULL},                                   0, "Kody wyjścia",                                                                 ""                                      },
    {"help of validate beside a file",
     {"validate", PROGRAM_DOCHODY, "-h", NULL},
     0,                                                                                                              "--trust PEM",
     ""                                                                                                                                                                                                                                       },
    {"help of explain",                           {"explain", "--help", NULL},                                    0, "Przykład",                                                                     ""                                      },
    {"help of rules",                             {"rules", "--help", NULL},                                      0, "Przykład",                                                                     ""                                      },
    {"help of vtl",                               {"vtl", "--help", NULL},                                        0, "--in",                                                                          ""                                      },
    {"version",                                   {"version", NULL},                                              0, "definicje sha256:",                                                             ""                                      },
    {"--version",                                 {"--version", NULL},                                            0, "brama 0.",                                                                      ""                                      },
    {"version of something",                      {"version", "x", NULL},                                         2, "",                                                                              "x"                                     },

    {"help of diff",                              {"diff", "--help", NULL},                                       0, "WCZEŚNIEJSZE PÓŹNIEJSZE",                                                    ""                                      },
    {"diff of one",                               {"diff", PROGRAM_DOCHODY, NULL},                                2, "",                                                                              "podaj dwa pliki albo dwa numery"       },
    {"diff of three",                             {"diff", "a", "b", "c", NULL},                                  2, "",                                                                              "podaj dwa pliki albo dwa numery"       },
    {"diff of a file and a number",
     {"diff", PROGRAM_DOCHODY, "0199a2c4-7d10-7a31-9c55-0f6f1c2b3d4e", NULL},
     2,                                                                                                              "",
     "jedno to plik, a drugie numer"                                                                                                                                                                                                          },
    {"diff in two forms",                         {"diff", "--json", "--csv", "a", "b", NULL},                    2, "",                                                                              "wykluczają się"                      },
    {"diff of files as CSV",
     {"diff", "--csv", PROGRAM_DOCHODY, PROGRAM_DOCHODY, NULL},
     2,                                                                                                              "",
     "--csv jest tylko dla złożeń"                                                                                                                                                                                                         },
    {"diff with what is not there",
     {"diff", PROGRAM_DOCHODY, "nie-ma.xml", NULL},
     3,                                                                                                              "",
     "nie-ma.xml"                                                                                                                                                                                                                             },
    {"diff of numbers, but where",
     {"diff", "0199a2c4-7d10-7a31-9c55-0f6f1c2b3d4e", "0199a2c4-7d10-7a31-9c55-0f6f1c2b3d4f", NULL},
     2,                                                                                                              "",
     "nie wiadomo, dokąd"                                                                                                                                                                                                                    },
    {"diff of a file with itself",
     {"diff", PROGRAM_DOCHODY, PROGRAM_DOCHODY, NULL},
     0,                                                                                                              "bez zmian\n",
     ""                                                                                                                                                                                                                                       },
    {"diff of a correction",
     {"diff", PROGRAM_WYDATKI, PROGRAM_KOREKTA, NULL},
     0,                                                                                                              "24 zmienione, 8 dodanych, 9 usuniętych\n",
     ""                                                                                                                                                                                                                                       },
    {"diff of a correction, its totals",
     {"diff", PROGRAM_WYDATKI, PROGRAM_KOREKTA, NULL},
     0,                                                                                                              "  razem\n      kol. 5 Plan (po zmianach): 15",
     ""                                                                                                                                                                                                                                       },
    {"diff of a correction as JSON",
     {"diff", "--json", PROGRAM_WYDATKI, PROGRAM_KOREKTA, NULL},
     0,                                                                                                              "\"before\":\"231040.00\",\"after\":\"467637.00\",\"difference\":\"236597.00\"",
     ""                                                                                                                                                                                                                                       },
    {"diff of other forms",
     {"diff", PROGRAM_DOCHODY, PROGRAM_KOREKTA, NULL},
     1,                                                                                                              "nie ma we wcześniejszym pliku",
     ""                                                                                                                                                                                                                                       },

    {"nothing to validate",                       {"validate", NULL},                                             2, "",                                                                              "nie podano żadnego pliku"             },
    {"unknown option",
     {"validate", "--jsn", PROGRAM_DOCHODY, NULL},
     2,                                                                                                              "",
     "nieznana opcja „--jsn”"                                                                                                                                                                                                             },
    {"two formats",
     {"validate", "--json", "--csv", PROGRAM_DOCHODY, NULL},
     2,                                                                                                              "",
     "wykluczają się"                                                                                                                                                                                                                       },
    {"value missing",                             {"validate", PROGRAM_DOCHODY, "--at", NULL},                    2, "",                                                                              "brakuje wartości"                     },
    {"value empty",                               {"validate", PROGRAM_DOCHODY, "--at=", NULL},                   2, "",                                                                              "pusta"                                 },
    {"value not wanted",                          {"validate", PROGRAM_DOCHODY, "--json=1", NULL},                2, "",                                                                              "nie ma wartości"                      },
    {"no such day",                               {"validate", PROGRAM_DOCHODY, "--at", "2026-02-30", NULL},      2, "",                                                                              "2026-02-30"                            },
    {"moment without zone",
     {"validate", PROGRAM_DOCHODY, "--at", "2026-07-24T09:00:00", NULL},
     2,                                                                                                              "",
     "--at"                                                                                                                                                                                                                                   },
    {"no such environment",
     {"validate", PROGRAM_DOCHODY, "--env", "dev", NULL},
     2,                                                                                                              "",
     "test albo prod"                                                                                                                                                                                                                         },
    {"stdin twice",                               {"validate", "-", "-", NULL},                                   2, "",                                                                              "tylko raz"                             },
    {"empty name",                                {"validate", "", NULL},                                         2, "",                                                                              "pusta"                                 },
    {"--trust is no PEM",
     {"validate", PROGRAM_DOCHODY, "--trust", "CMakeLists.txt", NULL},
     3,                                                                                                              "",
     "--trust"                                                                                                                                                                                                                                },
    {"--rules is empty of definitions",
     {"validate", PROGRAM_DOCHODY, "--rules", "tests/samples", NULL},
     2,                                                                                                              "",
     "brama: "                                                                                                                                                                                                                                },

    {"no such file",
     {"validate", "/nonexistent.xml", NULL},
     3,                                                                                                              "0 plików, 0 sprawozdań: niczego nie sprawdzono",
     "nie ma takiego pliku"                                                                                                                                                                                                                   },
    {"folder",                                    {"validate", "tests", NULL},                                    3, "",                                                                              "katalog"                               },
    {"unreadable beside a good one",
     {"validate", "/nonexistent.xml", PROGRAM_DOCHODY, PROGRAM_AT, NULL},
     3,                                                                                                              "1 plik, 3 sprawozdania",
     "/nonexistent.xml"                                                                                                                                                                                                                       },
    {"unreadable in JSON, behind a good one",
     {"validate", "/nonexistent.xml", PROGRAM_DOCHODY, PROGRAM_AT, "--json", NULL},
     3,                                                                                                              "{\"file\":\"/nonexistent.xml\",\"sha256\":null,\"verdict\":\"undecided\","
     "\"reason\":\"nie ma takiego pliku",                                                                                                                                                      "/nonexistent.xml"                      },
    {"unreadable alone in JSON",
     {"validate", "tests", "--json", NULL},
     3,                                                                                                              "\"reason\":\"to jest katalog, nie plik\"",
     "katalog"                                                                                                                                                                                                                                },
    {"--rules without a catalogue is named",
     {"validate", PROGRAM_DOCHODY, "--rules", "tests/samples", NULL},
     2,                                                                                                              "",
     "--rules tests/samples: catalogue.xml: nie ma takiego pliku"                                                                                                                                                                             },
    {"--trust that is no PEM is named",
     {"validate", PROGRAM_DOCHODY, "--trust", "CMakeLists.txt", NULL},
     3,                                                                                                              "",
     "--trust CMakeLists.txt: nie ma w nim żadnego certyfikatu w postaci PEM"                                                                                                                                                                },
    {"version has its help",                      {"version", "--help", NULL},                                    0, "Użycie: brama version",                                                        ""                                      },
    {"unreadable beside a bad one",
     {"validate", PROGRAM_ZMIENIONA, "/nonexistent.xml", NULL},
     3,                                                                                                              "PODPIS-030",
     "/nonexistent.xml"                                                                                                                                                                                                                       },
    {"no such --trust",
     {"validate", PROGRAM_DOCHODY, "--trust", "/nonexistent.pem", NULL},
     3,                                                                                                              "",
     "/nonexistent.pem"                                                                                                                                                                                                                       },
    {"no such --rules",
     {"validate", PROGRAM_DOCHODY, "--rules", "/nonexistent", NULL},
     3,                                                                                                              "",
     "brama: "                                                                                                                                                                                                                                },

    {"good",                                      {"validate", PROGRAM_DOCHODY, PROGRAM_TRUST, PROGRAM_AT, NULL}, 0, "✔ bez błędów",                                                             ""                                      },
    {"good by the definitions of the tree",
     {"validate", PROGRAM_DOCHODY, PROGRAM_TRUST, PROGRAM_AT, "--rules=schemas", NULL},
     0,                                                                                                              "✔",
     ""                                                                                                                                                                                                                                       },
    {"good behind --",                            {"validate", PROGRAM_AT, "--", PROGRAM_DOCHODY, NULL},          0, "Rb-27S",                                                                        ""                                      },
    {"good, --env=test",
     {"validate", PROGRAM_DOCHODY, PROGRAM_AT, "--env=test", NULL},
     0,                                                                                                              "Rb-27S",
     ""                                                                                                                                                                                                                                       },
    {"territory 99 in prod",
     {"validate", PROGRAM_DOCHODY, PROGRAM_AT, "--env", "prod", NULL},
     1,                                                                                                              "TOZSAMOSC-",
     ""                                                                                                                                                                                                                                       },
    {"signed after arrival",
     {"validate", PROGRAM_DOCHODY, "--at", "2026-01-01", NULL},
     1,                                                                                                              "PODPIS-",
     ""                                                                                                                                                                                                                                       },
    {"before the period is over",
     {"validate", PROGRAM_DOCHODY, "--at", "2026-06-29", NULL},
     1,                                                                                                              "PACZKA-020",
     ""                                                                                                                                                                                                                                       },
    {"on its last day",
     {"validate", PROGRAM_DOCHODY, "--at", "2026-06-30", "--csv", NULL},
     1,                                                                                                              "PODPIS-052",
     ""                                                                                                                                                                                                                                       },
    {"not XML",                                   {"validate", "CMakeLists.txt", NULL},                           1, "CMakeLists.txt:1:1  XML-",                                                      ""                                      },
    {"no file at all on stdin",                   {"validate", "-", NULL},                                        1, "-:1:1  XML-001",                                                                ""                                      },

    {"explain",                                   {"explain", "RB28S-002", NULL},                                 0, "Co zrobić:",                                                                   ""                                      },
    {"explain says that a rule is on trial",
     {"explain", "RBZ-006", NULL},
     0,                                                                                                              "Reguła jest na próbie: jej wynik liczymy",
     ""                                                                                                                                                                                                                                       },
    {"explain says where it is",
     {"explain", "RB27S-001", NULL},
     0,                                                                                                              "Reguła jest częściowo na próbie",
     ""                                                                                                                                                                                                                                       },
    {"explain shows placeholders",                {"explain", "TOZSAMOSC-003", NULL},                             0, "‹jest›",                                                                    ""                                      },
    {"explain by a folder",
     {"explain", "RB28S-002", "--rules", "schemas", NULL},
     0,                                                                                                              "Podstawa:",
     ""                                                                                                                                                                                                                                       },
    {"explain in small letters",                  {"explain", "rb28s-002", NULL},                                 0, "RB28S-002  ",                                                                   ""                                      },
    {"help of a command",                         {"help", "submit", NULL},                                       0, "Użycie: brama submit",                                                         ""                                      },
    {"help of help",                              {"help", "help", NULL},                                         0, "Użycie: brama POLECENIE",                                                      ""                                      },
    {"help of nothing",                           {"help", "nic", NULL},                                          2, "",                                                                              "nic: nie ma takiego polecenia"         },
    {"calendar tells its exit codes",             {"calendar", "--help", NULL},                                   0, "Kody wyjścia:",                                                                ""                                      },
    {"rules tell their exit codes",               {"rules", "--help", NULL},                                      0, "Kody wyjścia:",                                                                ""                                      },
    {"explain tells its exit codes",              {"explain", "--help", NULL},                                    0, "Kody wyjścia:",                                                                ""                                      },
    {"explain nothing",                           {"explain", NULL},                                              2, "",                                                                              "podaj jeden kod"                       },
    {"explain two",                               {"explain", "XML-001", "XML-002", NULL},                        2, "",                                                                              "podaj jeden kod"                       },
    {"explain an unknown code",                   {"explain", "RB99-001", NULL},                                  2, "",                                                                              "nie ma takiego kodu"                   },
    {"explain a prefix",                          {"explain", "RB28S-00", NULL},                                  2, "",                                                                              "nie ma takiego kodu"                   },
    {"rules list",                                {"rules", "list", NULL},                                        0, "RB27S-001  ",                                                                   ""                                      },
    {"rules list shows placeholders",             {"rules", "list", NULL},                                        0, "‹jest›",                                                                    ""                                      },
    {"one cause of several reports is told once",
     {"validate", PROGRAM_TEN_SAM_REGON, NULL},
     1,                                                                                                              "ta sama uwaga w 2 sprawozdaniach (2 jednostki, razem 2 uwagi): TOZSAMOSC-003  REGON … stoi w paczce więcej niż raz\n",
     ""                                                                                                                                                                                                                                       },
    {"rules lint",                                {"rules", "lint", NULL},                                        0, " 0 do poprawienia",                                                             ""                                      },
    {"rules mutate",                              {"rules", "mutate", NULL},                                      0, " 0 niezauważonych",                                                            ""                                      },
    {"rules without a verb",                      {"rules", NULL},                                                2, "",                                                                              "list, lint, test albo mutate"          },
    {"rules with both verbs",
     {"rules", "list", "test", NULL},
     2,                                                                                                              "",
     "list, lint, test albo mutate"                                                                                                                                                                                                           },
    {"calendar of a month",
     {"calendar", "--due", "2026-02", "--form", "rb-nds", NULL},
     0,                                                                                                              "do 20 lutego 2026 r. (piątek)",
     ""                                                                                                                                                                                                                                       },
    {"calendar of a period",
     {"calendar", "--period", "2024-Q3", "--form=RBZ", NULL},
     0,                                                                                                              "27 października 2024 r. (niedziela)",
     ""                                                                                                                                                                                                                                       },
    {"calendar of a month's report",
     {"calendar", "--period", "2024-10", "--form", "Rb-27S", NULL},
     0,                                                                                                              "12 listopada 2024 r.",
     ""                                                                                                                                                                                                                                       },
    {"calendar with its basis",
     {"calendar", "--year", "2026", NULL},
     0,                                                                                                              "Podstawa: rozporządzenie",
     ""                                                                                                                                                                                                                                       },
    {"calendar as JSON",
     {"calendar", "--year=2026", "--form", "Rb-ST", "--json", NULL},
     0,                                                                                                              "\"due\":\"2027-02-22\"",
     ""                                                                                                                                                                                                                                       },
    {"calendar as CSV",
     {"calendar", "--year=2026", "--form", "Rb-ST", "--csv", NULL},
     0,                                                                                                              "2027-02-22;Rb-ST;zbiorcze",
     ""                                                                                                                                                                                                                                       },
    {"calendar as CSV, for people",
     {"calendar", "--year=2026", "--form", "Rb-27S", "--csv", NULL},
     0,                                                                                                              ";zarząd JST;",
     ""                                                                                                                                                                                                                                       },
    {"calendar by a folder",
     {"calendar", "--year", "2026", "--rules", "schemas", NULL},
     0,                                                                                                              "kalendarz v1",
     ""                                                                                                                                                                                                                                       },
    {"calendar of no term",
     {"calendar", "--period", "2026-07", "--form", "Rb-ST", NULL},
     0,                                                                                                              "0 terminów",
     ""                                                                                                                                                                                                                                       },
    {"help of calendar",                          {"calendar", "--help", NULL},                                   0, "Przykłady",                                                                    ""                                      },
    {"calendar of nothing",                       {"calendar", NULL},                                             2, "",                                                                              "podaj jedno z: --year, --period, --due"},
    {"calendar of two things",
     {"calendar", "--year", "2026", "--due", "2026-02", NULL},
     2,                                                                                                              "",
     "podaj jedno z"                                                                                                                                                                                                                          },
    {"calendar in two formats",
     {"calendar", "--year", "2026", "--json", "--csv", NULL},
     2,                                                                                                              "",
     "wykluczają się"                                                                                                                                                                                                                       },
    {"calendar of a word",                        {"calendar", "2026", NULL},                                     2, "",                                                                              "„2026” nie jest opcją"            },
    {"calendar of no year",
     {"calendar", "--year", "26", NULL},
     2,                                                                                                              "",
     "--year to rok od 1996 do 2199"                                                                                                                                                                                                          },
    {"calendar of a year too early",              {"calendar", "--year", "1995", NULL},                           2, "",                                                                              "a jest „1995”"                     },
    {"calendar of a year too late",               {"calendar", "--year", "2200", NULL},                           2, "",                                                                              "a jest „2200”"                     },
    {"calendar of a year and more",
     {"calendar", "--year", "2026-02", NULL},
     2,                                                                                                              "",
     "a jest „2026-02”"                                                                                                                                                                                                                   },
    {"calendar of quarter 5",                     {"calendar", "--period", "2026-Q5", NULL},                      2, "",                                                                              "a jest „2026-Q5”"                  },
    {"calendar of quarter 0",                     {"calendar", "--period", "2026-Q0", NULL},                      2, "",                                                                              "a jest „2026-Q0”"                  },
    {"calendar of month 13",                      {"calendar", "--period", "2026-13", NULL},                      2, "",                                                                              "a jest „2026-13”"                  },
    {"calendar of month 7",                       {"calendar", "--period", "2026-7", NULL},                       2, "",                                                                              "a jest „2026-7”"                   },
    {"calendar of no period",                     {"calendar", "--period", "Q2", NULL},                           2, "",                                                                              "a jest „Q2”"                       },
    {"calendar of no month",                      {"calendar", "--due", "2026", NULL},                            2, "",                                                                              "--due ma postać 2026-02"              },
    {"calendar of month 0",
     {"calendar", "--due", "2026-00", NULL},
     2,                                                                                                              "",
     "--due ma postać 2026-02"                                                                                                                                                                                                               },
    {"calendar of no form",
     {"calendar", "--year", "2026", "--form", "Rb-99", NULL},
     2,                                                                                                              "",
     "nie zna formularza „Rb-99”"                                                                                                                                                                                                         },
    {"calendar of no folder",
     {"calendar", "--year", "2026", "--rules", "/nonexistent", NULL},
     3,                                                                                                              "",
     "/nonexistent"                                                                                                                                                                                                                           },
    {"rules of no folder",
     {"rules", "list", "--rules", "/nonexistent", NULL},
     3,                                                                                                              "",
     "/nonexistent"                                                                                                                                                                                                                           },
    {"an option twice", {"validate", PROGRAM_DOCHODY, "--at", "2026-07-10", "--at", "2026-07-11", NULL}, 2, "", "opcja --at stoi dwa razy"},
    {"an option twice, by two names", {"validate", PROGRAM_DOCHODY, "-q", "--quiet", NULL}, 2, "", "opcja --quiet stoi dwa razy"},
    {"an option twice, of a gateway", {"list", "--limit", "2", "--limit=3", NULL}, 2, "", "opcja --limit stoi dwa razy"},
    {"a flag twice, of a gateway", {"list", "--json", "--json", NULL}, 2, "", "opcja --json stoi dwa razy"},
    {"an option twice, of definitions", {"rules", "list", "--rules", "schemas", "--rules", "schemas", NULL}, 2, "", "opcja --rules stoi dwa razy"},
    {"an option without its value", {"rules", "lint", "--rules", NULL}, 2, "", "po --rules brakuje wartości"},
    {"an option that definitions do not know", {"explain", "XML-001", "--json", NULL}, 2, "", "nieznana opcja „--json”"},
    {"explain a code with a slip", {"explain", "RB27S_01", NULL}, 2, "", "RB27S_01: nie ma takiego kodu, najbliższy to RB27S-001; zobacz: brama rules list"},
    {"explain a code with blanks", {"explain", " xsd-42 ", NULL}, 2, "", "najbliższy to XSD-042;"},
    {"explain a code that is near none", {"explain", "ABCDEFGH", NULL}, 2, "", "ABCDEFGH: nie ma takiego kodu; zobacz"},
    {"explain a code of two letters", {"explain", "RB", NULL}, 2, "", "RB: nie ma takiego kodu; zobacz"},
    {"explain a code that a gateway may know", {"explain", "ABCDEFGH", NULL}, 2, "", "jeśli kod podała brama, ma definicje nowsze niż ten program"},
    {"help names what rules can do", {"--help", NULL}, 0, "list, lint, test, mutate", ""},
  /* clang-format on */
};

static void
commands_exit_and_speak_as_stated(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena  *arena = arena_create(ARENA_MAX);
        struct program program = {0};
        memcpy(program.arguments, cases[i].arguments, sizeof program.arguments);
        struct program_result got = program_run(arena, &program);
        if (got.exit_code != cases[i].exit_code
            || (cases[i].out[0] != '\0' && !program_says(got.out, cases[i].out))
            || (cases[i].err[0] != '\0' && !program_says(got.err, cases[i].err))) {
            fail_msg("%s: exit code %d\nout: %s\nerr: %s", cases[i].name, got.exit_code,
                     got.out.data, got.err.data);
        }
        if (cases[i].err[0] == '\0' && got.err.size > 0) {
            fail_msg("%s: says on stderr: %s", cases[i].name, got.err.data);
        }
        arena_destroy(arena);
    }
}

static void
rules_test_finds_every_case_as_expected(void **state)
{
    struct arena  *arena = arena_create(ARENA_MAX);
    struct program program = {
        .arguments = {"rules", "test", NULL}
    };
    struct program_result got = program_run(arena, &program);

    (void)state;
    if (got.exit_code != 0 || !program_says(got.out, " 0 inaczej")) {
        fail_msg("%s%s", got.out.data, got.err.data);
    }
    arena_destroy(arena);
}

static void
names_of_files_cannot_command_the_terminal(void **state)
{
    struct arena *arena = arena_create(ARENA_MAX);
    /* U+202E turns what follows it. NOLINTNEXTLINE(misc-misleading-bidirectional) */
    const char    *path = "/tmp/\x1B[31mnone\xE2\x80\xAE.xml";
    struct program program = {
        .arguments = {"validate", path, NULL}
    };
    struct program_result got = program_run(arena, &program);

    (void)state;
    assert_int_equal(got.exit_code, 3);
    assert_true(program_says(got.err, "\xE2\x90\x9B[31mnone\xEF\xBF\xBD.xml"));
    assert_false(program_says(got.err, "\x1B"));
    arena_destroy(arena);
}

/* Letters of two bytes: none is halved. */
static void
what_is_typed_at_length_is_told_by_its_beginning(void **state)
{
    const size_t shown = 200;

    (void)state;
    for (size_t count = shown - 1; count <= shown + 1; count++) {
        struct arena *arena = arena_create(ARENA_MAX);
        struct buf    word = buf_create(arena, 4 * shown);
        struct buf    told = buf_create(arena, 4 * shown);
        for (size_t i = 0; i < count; i++) {
            buf_append(&word, STR("ż"));
        }
        buf_append(&told, STR("brama: "));
        buf_append(&told, str_slice(buf_str(&word), 0, 2 * shown));
        buf_append(&told, count > shown ? STR("…: nie ma") : STR(": nie ma"));
        struct program program = {
            .arguments = {"explain", str_copy(arena, buf_str(&word)).data, NULL}
        };
        struct program_result got = program_run(arena, &program);
        assert_true(program_says(got.err, str_copy(arena, buf_str(&told)).data));
        arena_destroy(arena);
    }
}

/* The shell sets the program's surroundings up and becomes it. */
static const struct {
    const char *name;
    const char *shell;
    const char *arguments[4];
    int         exit_code;
    const char *complaint;
} surroundings[] = {
    {"children ignored",      "trap '' CHLD; exec \"$@\"", {"validate", PROGRAM_DOCHODY, "-q"}, 0, ""           },
    {"output closed",         "exec \"$@\" >&-",           {"validate", PROGRAM_DOCHODY},       3, "jest zamkni"},
    {"output full, validate", "exec \"$@\" >/dev/full",    {"validate", PROGRAM_DOCHODY},       3, "zapisa"     },
    {"output full, explain",  "exec \"$@\" >/dev/full",    {"explain", "RB27S-001"},            3, "zapisa"     },
    {"output full, version",  "exec \"$@\" >/dev/full",    {"version"},                         3, "zapisa"     },
    {"output full, help",     "exec \"$@\" >/dev/full",    {"--help"},                          3, "zapisa"     },
};

static void
no_surroundings_lose_a_result_silently(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(surroundings); i++) {
        struct arena  *arena = arena_create(ARENA_MAX);
        struct program program = {
            .tracer = {"sh", "-c", surroundings[i].shell, "sh", NULL}
        };
        for (size_t j = 0; j < ARRAY_COUNT(surroundings[i].arguments); j++) {
            program.arguments[j] = surroundings[i].arguments[j];
        }
        struct program_result result = program_run(arena, &program);
        if (result.exit_code != surroundings[i].exit_code
            || (surroundings[i].exit_code != 0
                && !program_says(result.err, surroundings[i].complaint))) {
            fail_msg("%s: exit code %d, said: %.*s", surroundings[i].name, result.exit_code,
                     STR_ARG(result.err));
        }
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_exit_and_speak_as_stated),
        cmocka_unit_test(rules_test_finds_every_case_as_expected),
        cmocka_unit_test(what_is_typed_at_length_is_told_by_its_beginning),
        cmocka_unit_test(no_surroundings_lose_a_result_silently),
        cmocka_unit_test(names_of_files_cannot_command_the_terminal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
