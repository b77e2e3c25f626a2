#include "gateway/admin/admin_command.h"
#include "gateway/definitions/definitions.h"
#include "gateway/registry/registry.h"
#include "gateway/release/release.h"
#include "tests/support/cluster.h"
#include "tests/support/command.h"
#include "tests/support/expect.h"
#include "tests/support/revision.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARENA_MAX = 64 * 1024 * 1024, WORDS_MAX = 32, SAID_MAX = 64 * 1024 };

static char          database[200]; /* of --database, for the test at hand */
static char          name[32];
static struct arena *arena;

/* What one run has said, and its exit code. */
static char out[SAID_MAX];
static char err[SAID_MAX];

static int
set_up(void **state)
{
    static int number;

    (void)state;
    (void)snprintf(name, sizeof name, "admin%d", number++);
    (void)cluster_database(cluster_shared, name);
    (void)snprintf(database, sizeof database, "%s:%d/%s", cluster_host(cluster_shared),
                   cluster_port(cluster_shared), name);
    arena = arena_create(ARENA_MAX);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

static void
read_file(FILE *file, char *text)
{
    rewind(file);
    text[fread(text, 1, SAID_MAX - 1, file)] = '\0';
    (void)fclose(file);
}

/* `brama admin LINE`, in a process of its own; words are cut at '|'. */
static int
admin_with(const char *line, const char *place)
{
    char  text[2048];
    char  where[sizeof database];
    char *argv[WORDS_MAX] = {"admin"};
    int   argc = 1;
    int   status = 0;
    FILE *said = tmpfile();
    FILE *complained = tmpfile();

    assert_true(snprintf(text, sizeof text, "%s", line) < (int)sizeof text);
    for (char *rest = line[0] == '\0' ? NULL : text, *word = NULL;
         (word = strsep(&rest, "|")) != NULL;) {
        argv[argc++] = word;
    }
    if (place != NULL) {
        argv[argc++] = "--database";
        assert_true(snprintf(where, sizeof where, "%s", place) < (int)sizeof where);
        argv[argc++] = where;
    }
    (void)fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)dup2(fileno(said), STDOUT_FILENO);
        (void)dup2(fileno(complained), STDERR_FILENO);
        int code = admin_command(argc, argv);
        (void)fflush(NULL);
        _exit(code);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    read_file(said, out);
    read_file(complained, err);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int
admin(const char *line)
{
    return admin_with(line, database);
}

static const char *
ask(const char *sql)
{
    return cluster_ask(cluster_shared, arena, name, sql).data;
}

#define GMINA                                         \
    "unit|add|--regon|990000016|--codes|99/01/02/3/"  \
    "0|--type|ZB-TEST|--kind|jst|--name|Gmina|--from" \
    "|2020-01-01"
#define SCHOOL                                                                                     \
    "unit|add|--regon|990001010|--codes|99/01/02/3/0|--type|JB|--kind|jednostka-budzetowa|--name|" \
    "Szkoła|--parent|990000016|--from|2020-01-01"

static void
wrong_call_is_refused_with_a_reason_and_changes_nothing(void **state)
{
    static const struct {
        const char *line;
        int         want;
        const char *words;
    } cases[] = {
        {"",                                                                                2, "nie ma takiego polecenia"         },
        {"unit",                                                                            2, "nie ma takiego polecenia"         },
        {"unit|remove",                                                                     2, "nie ma takiego polecenia"         },
        {"unit|list|all",                                                                   2, "zbędny argument „all”"       },
        {"unit|list|--regon|990000016",                                                     2, "nieznana opcja --regon"           },
        {"unit|add|--regon",                                                                2, "po --regon brakuje wartości"     },
        {"unit|add|--regon|1|--regon|2",                                                    2, "--regon stoi dwa razy"            },
        {"unit|close",                                                                      2, "brakuje argumentu"                },
        {"unit|add",                                                                        2, "brakuje --regon"                  },
        {"unit|add|--regon|990000016|--codes|99/01/02/3|--type|JB|--kind|jst|--name|x",     2,
         "--codes"                                                                                                                },
        {"unit|add|--regon|990000016|--codes|99/01//3/0|--type|JB|--kind|jst|--name|x",     2,
         "--codes"                                                                                                                },
        {"unit|add|--regon|990000016|--codes|99/01/02/3/0/1|--type|JB|--kind|jst|--name|x", 2,
         "--codes"                                                                                                                },
        {"unit|add|--regon|990000017|--codes|99/01/02/3/0|--type|JB|--kind|jst|--name|x",   2,
         "zgodną cyfrę kontrolną"                                                                                              },
        {"unit|add|--regon|990000016|--nip|1234567890|--codes|99/01/02/3/0|--type|JB|--kind|jst"
         "|--name|x",                                                              2, "NIP „1234567890”"             },
        {"unit|add|--regon|990000016|--codes|99/01/02/3/0|--type|JB|--kind|zamek|--name|x", 1,
         "rodzaju „zamek” nie ma w rejestrze; rodzaje: cuw, instytucja-kultury, "                                             },
        {"unit|add|--regon|990000016|--codes|AA/01/02/3/0|--type|JB|--kind|jst|--name|x",   2,
         "WK „AA”: możliwe wartości to parzysta liczba od 02 do 32"                                                         },
        {"unit|add|--regon|990000016|--codes|99/1/02/3/0|--type|JB|--kind|jst|--name|x",    2,
         "PK „1”"                                                                                                             },
        {"unit|add|--regon|990000016|--codes|99/01/02/Q/0|--type|JB|--kind|jst|--name|x",   2,
         "GT „Q”: możliwe wartości to 0, 1, 2, 3 albo litera Z"                                                             },
        {"unit|add|--regon|990000016|--codes|99/01/02/3/9|--type|JB|--kind|jst|--name|x",   2,
         "PT „9”"                                                                                                             },
        {"unit|add|--regon|990000016|--codes|99/01/02/3/0|--type|jb|--kind|jst|--name|x",   2,
         "Typ „jb”"                                                                                                           },
        {"unit|add|--regon|990000016|--codes|99/01/02/3/0|--type||--kind|jst|--name|x",     2,
         "brakuje --type"                                                                                                         },
        {"unit|add|--regon|990000016|--codes|99/01/02/3/0|--type|JB|--kind|jst|--name| ",   2,
         "nazwa jednostki jest pusta"                                                                                             },
        {"unit|add|--regon|990000016|--codes|99/01/02/3/0|--type|JB|--kind|jst|--name|x|--parent"
         "|990001010",                                                             1, "nie ma w rejestrze"               },
        {"unit|add|--regon|990000016|--codes|99/01/02/3/0|--type|JB|--kind|jst|--name|x|--from"
         "|2026-02-29",                                                            2, "to nie jest dzień"               },
        {"unit|close|990000016|--to|2026-01-01|--basis|x",                                  1, "nie ma w rejestrze"               },
        {"unit|close|990000016",                                                            2, "brakuje --to"                     },
        {"unit|close|990000016|--to|2026-01-01",                                            2, "brakuje --basis"                  },
        {"unit|show|990000016",                                                             1, "nie ma w rejestrze"               },
        {"unit|show",                                                                       2, "brakuje argumentu"                },
        {"unit|show|990000016|--at|wczoraj",                                                1, "nie ma w rejestrze"               },
        {"unit|change|990000016|--basis|x",                                                 2, "brakuje --from"                   },
        {"unit|change|990000016|--from|2026-01-01",                                         2, "brakuje --basis"                  },
        {"unit|change|990000016|--from|2026-13-01|--basis|x",                               2, "to nie jest dzień"               },
        {"unit|change|990000017|--from|2026-01-01|--basis|x",                               2, "cyfrę kontrolną"                },
        {"unit|move|990000016|--from|2026-01-01|--basis|x",                                 1, "nie ma w rejestrze"               },
        {"unit|serve|990000016|--by|990001010|--basis|x",                                   2, "brakuje --from"                   },
        {"unit|serve|990000016|--from|2026-01-01|--by|990001010|--basis|x",                 1,
         "nie ma w rejestrze"                                                                                                     },
        {"unit|release|990000016|--by|990001010|--basis|x",                                 2, "brakuje --to"                     },
        {"unit|succeed|990000016|--from|2026-01-01|--by|990001010",                         2, "brakuje --basis"                  },
        {"unit|assign|990000016|--from|2026-01-01|--basis|x",                               1, "nie ma w rejestrze"               },
        {"unit|export|x",                                                                   2, "zbędny argument"                 },
        {"unit|export|--dry-run",                                                           2, "nieznana opcja"                   },
        {"office|add|Rio-Lodz|--kind|rio|--name|x|--basis|x",                               1, "małe litery"                     },
        {"office|add|rio-lodz|--kind|rio|--name|x|--basis|x",                               1, "jest już w rejestrze"            },
        {"office|add|wojewoda|--kind|inny|--name|x|--basis|x",                              1, "a rodzaj to"                      },
        {"office|add|wojewoda|--kind|dysponent|--name|x",                                   2, "brakuje --basis"                  },
        {"trait|add|990000016|--trait|rachunek-223|--from|2026-01-01",                      2, "brakuje --basis"                  },
        {"trait|add|990000016|--from|2026-01-01|--basis|x",                                 2, "brakuje --trait"                  },
        {"trait|add|990000016|--trait|rachunek-223|--basis|x",                              2, "brakuje --from"                   },
        {"trait|add|990000016|--trait|rachunek-223|--from|2026-01-01|--basis|x",            1,
         "nie ma w rejestrze"                                                                                                     },
        {"trait|end|990000016|--trait|rachunek-223|--basis|x",                              2, "brakuje --to"                     },
        {"trait|import|/nonexistent.csv|--basis|x",                                         3, "nie ma takiego pliku ani katalogu"},
        {"trait|import|/nonexistent.csv",                                                   2, "brakuje --basis"                  },
        {"unit|import|/nonexistent.csv",                                                    3, "nie ma takiego pliku ani katalogu"},
        {"token|create",                                                                    2, "brakuje --unit"                   },
        {"token|create|--unit|990000016",                                                   1, "nie ma w rejestrze"               },
        {"token|revoke|7",                                                                  1, "nie ma ważnego tokenu"           },
        {"token|revoke|x",                                                                  1, "nie ma ważnego tokenu"           },
        {"webhook|add|--unit|990000016",                                                    2, "brakuje --url"                    },
        {"webhook|add|--unit|990000016|--url|https://przyklad.pl",                          1, "nie ma w rejestrze"               },
        {"webhook|remove|x",                                                                2, "to nie jest numer"                },
        {"webhook|remove|7",                                                                1, "nie ma adresu o numerze 7"        },
        {"webhook|enable|7",                                                                1, "nie ma adresu o numerze 7"        },
        {"webhook|redeliver|7",                                                             1, "nie ma wiadomości o numerze 7"   },
        {"cert|bind|/nonexistent.pem|--unit|990000016",                                     1, "nie ma w rejestrze"               },
        {"clock|set|wczoraj",                                                               2, "to nie jest chwila"               },
        {"submission|retry|7",                                                              2, "to nie jest numer złożenia"     },
        {"unit|add|--regon|990000016|--codes|99/01/02/3/0|--type|XX|--kind|jst|--name|x",   1,
         "Typu „XX” nie ma w obowiązujących definicjach; typy: JB, ZB-TEST, ORGAN-TEST."                                    },
        {"submission|retry|0199a2c4-7d10-7a31-9c55-0f6f1c2b3d4e",                           1, "nie ma takiego złożenia"        },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(admin(cases[i].line) == cases[i].want, cases[i].line);
        EXPECT(strstr(err, cases[i].words) != NULL, cases[i].line);
        EXPECT(out[0] == '\0', cases[i].line);
    }
    assert_string_equal(ask("SELECT (SELECT count(*) FROM registry.unit)"
                            " + (SELECT count(*) FROM registry.credential)"),
                        "0");
}

static void
database_that_is_not_there_is_told_by_code_5(void **state)
{
    static const struct {
        const char *place;
        int         want;
    } cases[] = {
        {"/nonexistent:5432/brama", 5},
        {"/tmp:5432",               2},
        {"5432/brama",              2},
        {"/tmp:0/brama",            2},
        {"/tmp:65536/brama",        2},
        {":5432/brama",             2},
        {"/tmp:5432/",              2},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(admin_with("unit|list", cases[i].place) == cases[i].want, cases[i].place);
        EXPECT(err[0] != '\0' && out[0] == '\0', cases[i].place);
    }
    assert_int_equal(admin_with("unit|list|--config|/nonexistent.conf", NULL), 3);
    assert_null(strstr(err, "--config")); /* it was given */
    if (access("/etc/brama/bramad.conf", F_OK) != 0) {
        assert_int_equal(admin_with("unit|list", NULL), 3);
        assert_non_null(strstr(err, "nie ma takiego pliku ani katalogu. Podaj konfigurację bramy: "
                                    "--config PLIK"));
    }
    assert_int_equal(admin("unit|list|--config|/nonexistent.conf"), 2);
    assert_non_null(strstr(err, "wystarczy jedno"));
    assert_int_equal(admin_with("--help", NULL), 0);
    assert_non_null(strstr(out, "Użycie: brama admin CO"));
    assert_int_equal(admin_with("", NULL), 2);
    assert_non_null(strstr(err, "Użycie: brama admin"));
    assert_string_equal(out, "");
}

/* Every task has its part, that stands alone; what is no task has none. */
static void
help_of_a_task_is_its_part_alone(void **state)
{
    static const char *const tasks[] = {"unit add",
                                        "unit list",
                                        "unit kinds",
                                        "unit show",
                                        "unit change",
                                        "unit move",
                                        "unit close",
                                        "unit serve",
                                        "unit release",
                                        "unit succeed",
                                        "unit assign",
                                        "unit unassign",
                                        "unit import",
                                        "unit export",
                                        "office list",
                                        "office add",
                                        "trait kinds",
                                        "trait list",
                                        "trait add",
                                        "trait end",
                                        "trait import",
                                        "token create",
                                        "token list",
                                        "token revoke",
                                        "cert bind",
                                        "cert list",
                                        "cert revoke",
                                        "person invite",
                                        "person restore",
                                        "clock show",
                                        "clock set",
                                        "clock reset",
                                        "submission list",
                                        "submission retry",
                                        "obligations generate",
                                        "obligations exempt",
                                        "obligations nothing",
                                        "obligations elsewhere",
                                        "obligations internal-due",
                                        "obligations outage",
                                        "obligations revoke",
                                        "control-amounts import",
                                        "plan import",
                                        "plausibility",
                                        "correction list",
                                        "objection list",
                                        "objection answer",
                                        "mail status",
                                        "mail list",
                                        "mail test",
                                        "mail retry",
                                        "mail mute",
                                        "mail unmute",
                                        "webhook add",
                                        "webhook list",
                                        "webhook remove",
                                        "webhook enable",
                                        "webhook log",
                                        "webhook redeliver",
                                        "demo",
                                        "demo-country"};
    static const char *const unknown[] = {"people|--help", "unit|remove|--help", "x|y|-h"};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(tasks); i++) {
        char line[64];
        (void)snprintf(line, sizeof line, "%s|--help", tasks[i]);
        for (char *at = strchr(line, ' '); at != NULL; at = NULL) {
            *at = '|';
        }
        EXPECT(admin_with(line, NULL) == 0 && err[0] == '\0', line);
        EXPECT(strstr(out, "Użycie: brama admin ") == out, line);
        EXPECT(strstr(strchr(out, '\n'), tasks[i]) != NULL, line);
        EXPECT(strlen(out) < 1500, line);
    }
    for (size_t i = 0; i < ARRAY_COUNT(unknown); i++) {
        EXPECT(admin_with(unknown[i], NULL) == 2 && out[0] == '\0', unknown[i]);
        EXPECT(strstr(err, "nie ma takiego polecenia") != NULL, unknown[i]);
    }
    assert_int_equal(admin_with("obligations|exempt|--help", NULL), 0);
    assert_non_null(strstr(out, "Obowiązki sprawozdawcze (każdy wpis: --by KTO --basis PODSTAWA"));
    assert_non_null(strstr(out, "zwolnij z okresów"));
    assert_null(strstr(out, "obligations nothing"));
    assert_null(strstr(out, "Kwoty, z którymi"));
    assert_int_equal(admin_with("demo|--help", NULL), 0);
    assert_null(strstr(out, "demo-country"));
    assert_int_equal(admin_with("unit|--help", NULL), 0);
    assert_non_null(strstr(out, "\n  unit add --regon"));
    assert_non_null(strstr(out, "\n  unit unassign REGON"));
    assert_null(strstr(out, "trait kinds"));
}

static void
unit_is_added_listed_and_closed(void **state)
{
    (void)state;
    assert_int_equal(admin(GMINA), 0);
    assert_int_equal(admin(SCHOOL), 0);
    assert_int_equal(admin(SCHOOL), 1);
    assert_non_null(strstr(err, "jest już w rejestrze"));
    assert_int_equal(admin("unit|close|990001010|--to|2019-12-31|--basis|uchwała"), 1);
    assert_int_equal(admin("unit|close|990001010|--to|2026-06-30|--basis|uchwała"), 0);
    assert_int_equal(admin("unit|list"), 0);
    assert_non_null(strstr(out, "990001010\tJB\t99/01/02/3/0\tjednostka-budzetowa\t2020-01-01\t"
                                "2026-06-30\t990000016\tSzkoła\n"));
    assert_non_null(
        strstr(out, "990000016\tZB-TEST\t99/01/02/3/0\tjst\t2020-01-01\t-\t-\tGmina\n"));
}

static void
import_takes_all_rows_or_none(void **state)
{
    char  path[] = "/tmp/brama-import-XXXXXX";
    char  line[64];
    int   fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");

    (void)state;
    assert_non_null(file);
    (void)fputs("regon;nip;wk;pk;gk;gt;pt;typ;rodzaj;nazwa;nadrzedna;od;do;jop;odbiorcy\n"
                "990000016;;99;01;02;3;0;ZB-TEST;jst;Gmina;;2020-01-01;;;gus rio-lodz\n"
                "990001010;;99;01;02;3;0;JB;jednostka-budzetowa;Szkoła;990000016;;;;\n"
                "990001011;;99;01;02;3;0;JB;jednostka-budzetowa;Zła;990000016;;;;\n",
                file);
    assert_int_equal(fflush(file), 0);
    (void)snprintf(line, sizeof line, "unit|import|%s", path);
    assert_int_equal(admin(line), 1);
    assert_non_null(strstr(out, "wiersz 4\todrzucona\t990001011\tZła\tREGON „990001011”"));
    assert_string_equal(ask("SELECT count(*) FROM registry.unit"), "0");
    assert_int_equal(fseek(file, -2, SEEK_END), 0);
    long end = ftell(file);
    assert_int_equal(ftruncate(fd, end
                                       - (long)strlen("990001011;;99;01;02;3;0;JB;"
                                                      "jednostka-budzetowa;Zła;990000016;;;")),
                     0);
    assert_int_equal(admin(line), 0);
    assert_non_null(strstr(out, "Dopisane: 2, zmienione: 0"));
    assert_string_equal(ask("SELECT count(*) FROM registry.unit WHERE parent IS NOT NULL"), "1");
    (void)fclose(file);
    (void)unlink(path);
}

static int
import_text_with(const char *text, const char *options)
{
    char  path[] = "/tmp/brama-import-XXXXXX";
    char  line[64];
    FILE *file = fdopen(mkstemp(path), "w");

    assert_non_null(file);
    (void)fprintf(
        file, "regon;nip;wk;pk;gk;gt;pt;typ;rodzaj;nazwa;nadrzedna;od;do;jop;odbiorcy\n%s", text);
    assert_int_equal(fclose(file), 0);
    (void)snprintf(line, sizeof line, "unit|import|%s%s", path, options);
    int code = admin(line);
    (void)unlink(path);
    return code;
}

static int
import_text(const char *text)
{
    return import_text_with(text, "");
}

static void
import_says_what_is_wrong_and_what_would_be_right(void **state)
{
    static const struct {
        const char *text;
        const char *said; /* on either stream */
    } cases[] = {
        {"",                                                           "nie ma żadnej jednostki"              },
        {"990000016;;99;01;02;3;0;ZB-TEST;jst;Gmina;;31.12.2020;;;\n",
         "odrzucona\t990000016\tGmina\t„31.12.2020” to nie jest dzień w postaci RRRR-MM-DD"               },
        {"990000016;;99;01;02;3;0;ZB-TEST;jst;Gmina\n",
         "odrzucona\t990000016\tGmina\tma mieć 15 pól rozdzielonych średnikami"                             },
        {"990000016;;AA;01;02;3;0;ZB-TEST;jst;Gmina;;;;;\n",           "WK „AA”: możliwe wartości"       },
        {"990000016;;99;01;02;3;0;zz;jst;Gmina;;;;;\n",                "Typ „zz”: ma być taki jak w pliku"},
        {"990000016;;99;01;02;3;0;XX;jst;Gmina;;;;;\n",
         "Typu „XX” nie ma w obowiązujących definicjach; typy: JB, ZB-TEST"                              },
        {"990000016;;99;01;02;3;0;ZB-TEST;zamek;Gmina;;;;;\n",
         "rodzaju „zamek” nie ma w rejestrze; rodzaje: cuw, "                                              },
        {"990000016;;99;01;02;3;0;ZB-TEST;jst; ;;;;;\n",               "nazwa jednostki jest pusta"            },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(import_text(cases[i].text) == 1, cases[i].said);
        EXPECT(strstr(out, cases[i].said) != NULL || strstr(err, cases[i].said) != NULL,
               cases[i].said);
    }
    assert_string_equal(ask("SELECT count(*) FROM registry.unit"), "0");
    assert_int_equal(admin("unit|kinds"), 0);
    assert_non_null(strstr(out, "urzad\turząd jednostki samorządu terytorialnego\n"));
}

static void
import_tells_all_that_is_wrong_together(void **state)
{
    (void)state;
    assert_int_equal(
        import_text("990000016;;99;01;02;3;0;ZB-TEST;jst;Gmina;;2020-01-01;;;\n"
                    "990001010;;99;01;02;3;0;JB;jednostka-budzetowa;A;990000016;jutro;;;\n"
                    "990001011;;99;01;02;3;0;JB;jednostka-budzetowa;B;990000016;;;;\n"
                    "x\n"
                    "990001027;;99;01;02;3;0;JB;jednostka-budzetowa;C;990000099;;;;\n"),
        1);
    assert_non_null(strstr(out, "wiersz 3\todrzucona\t990001010\tA\t„jutro” to nie jest dzień"));
    assert_non_null(strstr(out, "wiersz 4\todrzucona\t990001011\tB\tREGON „990001011”"));
    assert_non_null(strstr(out, "wiersz 5\todrzucona\tx\t-\tma mieć 15 pól"));
    assert_non_null(strstr(out, "wiersz 6\todrzucona\t990001027\tC\t"));
    assert_non_null(strstr(out, "odrzucone: 4"));
    assert_string_equal(ask("SELECT count(*) FROM registry.unit"), "0");
}

#define OLD_UNIT(type) "990001010;;99;01;02;3;0;" type ";jednostka-budzetowa;"
#define NEW_UNIT(type) "990001027;;99;01;02;3;0;" type ";jednostka-budzetowa;"

/* XX was taken out of the definitions after the school was entered with it. */
static void
import_judges_a_typ_only_where_it_is_new(void **state)
{
    static const struct {
        const char *text;
        int         code;
        const char *said;
    } cases[] = {
        {OLD_UNIT("XX") "Szkoła;990000016;2020-01-01;;;\n",                             0, "bez zmian: 1, odrzucone: 0"                },
        {OLD_UNIT("XX") "Szkoła;990000016;;;;\n",                                       0, "bez zmian: 1, odrzucone: 0"                },
        {OLD_UNIT("XX") "Liceum;990000016;;;;\n",                                        0, "nazwa:\tSzkoła\t→\tLiceum"              },
        {OLD_UNIT("XX") "Szkoła;990000016;;2020-02-01;;\n",                             0, "ostatni dzień:\t2020-02-01"               },
        {OLD_UNIT("XX") "Szkoła;990009990;;;;\n",                                       1, "o REGON 990009990 nie ma"                  },
        {OLD_UNIT("xx") "Szkoła;990000016;;;;\n",                                       1, "Typ „xx”: ma być taki"                },
        {OLD_UNIT("YY") "Szkoła;990000016;;;;\n",                                       1, "990001010\tSzkoła\tTypu „YY” nie ma w"},
        {OLD_UNIT("XX") "Szkoła;990000016;2021-01-01;;;\n",                             1, "\tTypu „XX” nie ma w"                  },
        {NEW_UNIT("XX") "Nowa;990000016;;;;\n",                                          1, "990001027\tNowa\tTypu „XX” nie ma w"   },
        {OLD_UNIT("XX") "Szkoła;990000016;;;;\n" NEW_UNIT("XX") "Nowa;990000016;;;;\n", 1,
         "bez zmian: 1, odrzucone: 1"                                                                                                   },
    };

    (void)state;
    assert_int_equal(admin(GMINA), 0);
    assert_int_equal(admin(SCHOOL), 0);
    (void)ask("UPDATE registry.unit SET type = 'XX' WHERE regon = '990001010' RETURNING type");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(import_text_with(cases[i].text, "|--dry-run") == cases[i].code, cases[i].text);
        EXPECT(strstr(out, cases[i].said) != NULL, cases[i].text);
    }
    assert_string_equal(ask("SELECT name || type FROM registry.unit WHERE regon = '990001010'"),
                        "SzkołaXX");
    assert_int_equal(import_text(cases[2].text), 0);
    assert_string_equal(ask("SELECT name || type FROM registry.unit WHERE regon = '990001010'"),
                        "LiceumXX");
}

/* An empty file, none, a folder: each is called what it is. */
static void
file_that_is_no_table_is_called_what_it_is(void **state)
{
    static const struct {
        const char *line;
        int         want;
        const char *said;
    } cases[] = {
        {"unit|import|/dev/null",           1, "plik jest pusty; pierwszy wiersz ma nazwać kolumny"},
        {"unit|import|/tmp/brama-brak.csv", 3, "„/tmp/brama-brak.csv”: nie ma takiego pliku"    },
        {"unit|import|/tmp",                3, "„/tmp”: to jest katalog, nie plik"              },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(admin(cases[i].line) == cases[i].want, cases[i].line);
        EXPECT(strstr(err, cases[i].said) != NULL, err);
    }
}

/* Whoever gives no first day learns what that leaves out: it cannot be put right afterwards. */
static void
a_unit_that_begins_today_is_said_to_owe_nothing_from_before(void **state)
{
    (void)state;
    assert_int_equal(admin(GMINA), 0);
    assert_null(strstr(out, "Uwaga"));
    assert_int_equal(admin("unit|add|--regon|990001010|--codes|99/01/02/3/0|--type|JB|--kind"
                           "|jednostka-budzetowa|--name|Szkoła|--parent|990000016"),
                     0);
    assert_non_null(strstr(out, "Uwaga: jednostka jest w rejestrze od dziś: za okresy, które "
                                "skończyły się wcześniej, nic nie jest winna"));
    assert_string_equal(ask("SELECT valid_from = registry.today() FROM registry.unit"
                            " WHERE regon = '990001010'"),
                        "t");
}

/* Closing tells what goes on behind the last day; nobody is let in for a closed unit; an import
 * with an empty last day opens it again. */
static void
closing_a_unit_says_what_it_leaves_open(void **state)
{
    (void)state;
    assert_int_equal(admin(GMINA), 0);
    assert_int_equal(admin(SCHOOL), 0);
    assert_int_equal(admin("token|create|--unit|990000016"), 0);
    assert_int_equal(admin("unit|close|990000016|--to|2020-12-31|--basis|uchwała"), 0);
    assert_non_null(strstr(out, "Uwaga: jednostki, które jej podlegają po tym dniu: 1;"));
    assert_non_null(strstr(out, "Uwaga: ważne tokeny i certyfikaty tej jednostki: 1;"));
    assert_null(strstr(out, "przyjęte sprawozdania"));
    assert_int_equal(admin("token|create|--unit|990000016"), 1);
    assert_non_null(strstr(err, "jest zamknięta z końcem dnia 2020-12-31"));
    assert_int_equal(import_text("990000016;;99;01;02;3;0;ZB-TEST;jst;Gmina;;2020-01-01;;;\n"), 0);
    assert_int_equal(admin("token|create|--unit|990000016"), 0);
    assert_int_equal(admin("unit|close|990001010|--to|2020-12-31|--basis|uchwała"), 0);
    assert_null(strstr(out, "Uwaga"));
}

static void
token_is_shown_once_and_only_its_digest_is_kept(void **state)
{
    (void)state;
    assert_int_equal(admin(GMINA), 0);
    assert_int_equal(admin("token|create|--unit|990000016|--label|kadry|--scopes|submit"), 0);
    assert_int_equal(strlen(out), 9 + 43 + 1);
    assert_int_equal(strncmp(out, "brk_test_", 9), 0);
    for (size_t i = 9; i < 52; i++) {
        assert_true(isalnum((unsigned char)out[i]) || out[i] == '-' || out[i] == '_');
    }
    assert_null(strstr(err, "brk_"));
    out[52] = '\0';
    struct str sql = str_format(
        arena,
        "SELECT scopes || label || is_certificate::text || (expires_at > now() +"
        " interval '364 days')::text FROM registry.credential WHERE digest = sha256('%s')",
        out);
    assert_string_equal(ask(sql.data), "1kadryfalsetrue");
    assert_int_equal(admin("token|list"), 0);
    assert_null(strstr(out, "brk_"));
    assert_non_null(strstr(out, "\t990000016\tsubmit\t"));
    assert_int_equal(admin("cert|list"), 0);
    assert_null(strstr(out, "990000016"));
    assert_int_equal(admin("cert|revoke|1"), 1);
    assert_int_equal(admin("token|revoke|1"), 0);
    assert_int_equal(admin("token|revoke|1"), 1);
    assert_string_equal(ask("SELECT revoked_at IS NOT NULL FROM registry.credential"), "t");
}

#define SAMPLE "tests/samples/urzad-certyfikacji-przyklad.pem"

static void
token_of_a_calendar_is_of_its_own_kind(void **state)
{
    (void)state;
    assert_int_equal(admin(GMINA), 0);
    assert_int_equal(admin("token|create|--unit|990000016|--scopes|feed"), 0);
    assert_int_equal(strncmp(out, "brf_test_", 9), 0);
    assert_non_null(strstr(err, "/api/v1/obligations.ics?token="));
    assert_null(strstr(err, "brf_"));
    assert_string_equal(ask("SELECT scopes FROM registry.credential"), "32");
    assert_int_equal(admin("token|list"), 0);
    assert_non_null(strstr(out, "\t990000016\tfeed\t"));
    assert_null(strstr(out, "brf_"));
    assert_int_equal(admin("token|revoke|1"), 0);
    assert_string_equal(ask("SELECT revoked_at IS NOT NULL FROM registry.credential"), "t");
}

static void
token_of_prod_and_odd_options_of_credentials(void **state)
{
    static const struct {
        const char *line;
        const char *words;
    } cases[] = {
        {"token|create|--unit|990000016|--expires|2020-01-01",  "przyszły dzień" },
        {"token|create|--unit|990000016|--expires|jutro",       "przyszły dzień" },
        {"token|create|--unit|990000016|--scopes|admin",        "„admin”"      },
        {"token|create|--unit|990000016|--scopes|submit,",      "„”"           },
        {"token|create|--unit|990000016|--scopes|",             "„”"           },
        {"token|create|--unit|990000016|--scopes|registry",     "„registry”"   },
        {"token|create|--unit|990000016|--scopes|feed,read",    "żadnego innego"  },
        {"cert|bind|" SAMPLE "|--unit|990000016|--scopes|feed", "dla tokenu"       },
        {"token|create|--unit|990000017",                       "cyfrę kontrolną"},
    };

    (void)state;
    assert_int_equal(admin(GMINA), 0);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(admin(cases[i].line) == 2, cases[i].line);
        EXPECT(strstr(err, cases[i].words) != NULL, cases[i].line);
    }
    cluster_run(cluster_shared, name, "UPDATE registry.setting SET environment = 'PROD'");
    assert_int_equal(admin("token|create|--unit|990000016|--expires|2099-12-31"), 0);
    assert_int_equal(strncmp(out, "brk_live_", 9), 0);
    assert_string_equal(ask("SELECT expires_at AT TIME ZONE 'Europe/Warsaw'"
                            " FROM registry.credential"),
                        "2099-12-31 23:59:59");
}

static void
certificate_is_bound_by_the_digest_of_its_public_key(void **state)
{
    const char *const public_key[] = {"openssl", "x509", "-in", SAMPLE, "-noout", "-pubkey", NULL};
    const char *const binary[] = {"openssl", "pkey", "-pubin", "-outform", "DER", NULL};
    const char *const sum[] = {"sha256sum", NULL};
    struct buf        pem = buf_create(arena, SAID_MAX);
    struct buf        der = buf_create(arena, SAID_MAX);
    struct buf        digest = buf_create(arena, SAID_MAX);
    char              sql[200];

    (void)state;
    assert_int_equal(command_run(public_key, (struct str){0}, &pem), 0);
    assert_int_equal(command_run(binary, buf_str(&pem), &der), 0);
    assert_int_equal(command_run(sum, buf_str(&der), &digest), 0);
    assert_true(buf_str(&digest).size > 64);
    assert_int_equal(admin(GMINA), 0);
    assert_int_equal(admin("cert|bind|" SAMPLE "|--unit|990000016"), 0);
    (void)snprintf(sql, sizeof sql,
                   "SELECT is_certificate::text || scopes FROM registry.credential"
                   " WHERE encode(digest, 'hex') = '%.64s'",
                   buf_str(&digest).data);
    assert_string_equal(ask(sql), "true7");
    assert_int_equal(admin("cert|bind|" SAMPLE "|--unit|990000016"), 1);
    assert_non_null(strstr(err, "już powiązany"));
    assert_int_equal(admin("cert|bind|tests/samples/dochody-2026-q2.xml|--unit|990000016"), 3);
    assert_int_equal(admin("cert|list|--unit|990000016"), 0);
    assert_non_null(strstr(out, "990000016\tsubmit,read,obligations"));
    assert_int_equal(admin(str_format(arena, "cert|revoke|%s",
                                      ask("SELECT max(credential) FROM registry.credential"
                                          " WHERE is_certificate"))
                               .data),
                     0);
    assert_int_equal(admin("cert|bind|" SAMPLE "|--unit|990000016"), 1);
    assert_non_null(strstr(err, "unieważniono i nie można go powiązać ponownie"));
}

static void
clock_of_test_moves_and_that_of_prod_does_not(void **state)
{
    static const char far[] = "SELECT abs(extract(epoch FROM now() + clock_offset"
                              " - timestamptz '2026-07-10T07:00:00Z')) < 60 FROM registry.setting";

    (void)state;
    assert_int_equal(admin("clock|show"), 0);
    assert_non_null(strstr(out, "TEST\t"));
    assert_non_null(strstr(out, "bez przesunięcia"));
    assert_int_equal(admin("clock|set|2026-07-10T09:00:00+02:00"), 0);
    assert_non_null(strstr(out, "TEST\t2026-07-10T09:00:"));
    assert_string_equal(ask(far), "t");
    /* Nothing but seconds: a day has 24 hours in every time zone. */
    assert_string_equal(ask("SELECT extract(day FROM clock_offset) FROM registry.setting"), "0");
    assert_int_equal(admin("clock|reset"), 0);
    assert_string_equal(ask("SELECT clock_offset FROM registry.setting"), "00:00:00");
    cluster_run(cluster_shared, name, "UPDATE registry.setting SET environment = 'PROD'");
    assert_int_equal(admin("clock|set|2026-07-10"), 1);
    assert_non_null(strstr(err, "tylko w środowisku TEST"));
    assert_int_equal(admin("demo"), 1);
    assert_string_equal(ask("SELECT count(*) FROM registry.unit"), "0");
}

static void
demonstration_is_what_stands_in_the_samples_and_loads_twice(void **state)
{
    static char              sample[4 * 1024 * 1024];
    static const char *const files[] = {"tests/samples/dochody-2026-q2.xml",
                                        "tests/samples/wydatki-2026-q2.xml"};
    static const char *const schools[] = {"1", "2", "3"};

    (void)state;
    assert_int_equal(admin("demo"), 0);
    assert_int_equal(admin("demo"), 0);
    assert_null(strstr(out, "dopisano"));
    assert_string_equal(ask("SELECT count(*) FROM registry.unit"), "5");
    assert_string_equal(ask("SELECT count(DISTINCT p[cardinality(p)]) FROM registry.unit, LATERAL "
                            "(SELECT registry.path(unit)) x (p)"),
                        "1");
    for (size_t f = 0; f < ARRAY_COUNT(files); f++) {
        FILE *file = fopen(files[f], "re");
        assert_non_null(file);
        sample[fread(sample, 1, sizeof sample - 1, file)] = '\0';
        (void)fclose(file);
        for (size_t i = 0; i < ARRAY_COUNT(schools); i++) {
            char sql[400];
            (void)snprintf(
                sql, sizeof sql,
                "SELECT format('<Nazwa>%%s</Nazwa><Typ>%%s</Typ><Regon>%%s</Regon><WK>%%s"
                "</WK><PK>%%s</PK><GK>%%s</GK><GT>%%s</GT><PT>%%s</PT>', name, type,"
                " rpad(regon, 14), wk, pk, gk, gt, pt) FROM registry.unit"
                " WHERE name LIKE 'SZKOŁA%%NR %s %%'",
                schools[i]);
            EXPECT(strstr(sample, ask(sql)) != NULL, schools[i]);
        }
    }
}

/* Three submissions: one decided with a report of an unknown unit, one parked, one received. */
#define FILED(id, state, n, d)                                                            \
    "INSERT INTO intake.submission (submission, subject, credential, key, sha256, size, " \
    "first_byte,"                                                                         \
    " arrived, first_arrived, state, n, decided_n) VALUES "                               \
    "('0199a2c4-7d10-7a31-9c55-00000000000" id "', 1, 1,"                                 \
    " '" id "', sha256('" id "'), 1, now(), now(), now(), '" state "', " n ", " d ");"

static void
file_three(void)
{
    cluster_run(cluster_shared, name,
                FILED("1", "decided", "1", "1") FILED("2", "parked", "1", "0") FILED(
                    "3", "received", "0", "0") "INSERT INTO intake.report SELECT 1, submission, "
                                               "1, 0, NULL, 'x', '990001010', 'JB', '99',"
                                               " '01', '02', '3', '0', 'Rb-27s', 'RB27S', '1', "
                                               "'Rb-27S', 2026, 'Kwartal', 2, '2026-Q2',"
                                               " '2026-06-30', 'jednostkowe', '', 0, 0, 'nieznana "
                                               "jednostka', sha256('x'), 0, 1, 1, now(),"
                                               " 1, NULL FROM intake.submission WHERE key = '1'");
}

static void
closing_a_unit_counts_its_reports_behind_the_last_day(void **state)
{
    (void)state;
    assert_int_equal(admin(GMINA), 0);
    assert_int_equal(admin(SCHOOL), 0);
    assert_int_equal(admin("token|create|--unit|990000016"), 0);
    file_three();
    cluster_run(
        cluster_shared, name,
        "SET session_replication_role = replica; UPDATE intake.report SET unit = 2, verdict = 1");
    assert_int_equal(admin("unit|close|990001010|--to|2026-06-29|--basis|uchwała"), 0);
    assert_non_null(strstr(out, "które kończą się po tym dniu: 1\n"));
    assert_int_equal(admin("unit|close|990001010|--to|2026-06-30|--basis|uchwała"), 0);
    assert_null(strstr(out, "Uwaga"));
}

/* As GET /api/v1/corrections: what was accepted, corrects something and came after its window, as
 * it was decided last. */
static void
correction_is_listed_where_it_is_put_to_its_recipient(void **state)
{
    static const struct {
        const char *what;
        const char *change; /* of the report after its window */
        bool        is_listed;
    } cases[] = {
        {"after its window",        "",                                                          true },
        {"before the end of it",    "UPDATE intake.report SET outside_window = false",           false},
        {"returned",                "UPDATE intake.report SET verdict = 3",                      false},
        {"not decided",             "UPDATE intake.report SET verdict = 0",                      false},
        {"decided otherwise since", "UPDATE intake.submission SET decided_n = 2, n = 2",         false},
        {"another finding",         "UPDATE intake.finding SET code = 'PACZKA-022'",             true },
        {"of an earlier decision",  "UPDATE intake.finding SET n = 2, code = 'PACZKA-021'",      true },
        {"of its neighbour",        "UPDATE intake.finding SET report = 1, code = 'PACZKA-021'", true },
        {"the same byte for byte",  "UPDATE intake.finding SET code = 'PACZKA-021'",             false},
    };

    (void)state;
    assert_int_equal(admin(GMINA), 0);
    assert_int_equal(admin("token|create|--unit|990000016"), 0);
    file_three();
    cluster_run(cluster_shared, name,
                "INSERT INTO intake.finding SELECT submission, n, 1, ordinal, 'RB27S-001', 'info',"
                " 0, 0, 0, '', '', '', '', '', '', '', '', '', '' FROM intake.report");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str sql =
            str_format(arena,
                       "SET session_replication_role = replica;"
                       "UPDATE intake.submission SET decided_n = 1, n = 1 WHERE decided_n > 0;"
                       "UPDATE intake.finding SET n = 1, report = 0, code = 'RB27S-001';"
                       "UPDATE intake.report SET verdict = 1, reason = '', corrects = true,"
                       " outside_window = true, window_until = '2026-07-05', recipient = 'RIO';%s",
                       cases[i].change);
        cluster_run(cluster_shared, name, sql.data);
        EXPECT(admin("correction|list") == 0, cases[i].what);
        EXPECT((strstr(out, "RIO\tRb-27S\t2026-Q2\t990001010\t") != NULL) == cases[i].is_listed,
               cases[i].what);
    }
}

static void
registered_unit_wakes_what_was_undecided_for_want_of_it(void **state)
{
    (void)state;
    assert_int_equal(admin(GMINA), 0);
    assert_int_equal(admin("token|create|--unit|990000016"), 0);
    file_three();
    assert_int_equal(admin(SCHOOL), 0);
    assert_non_null(strstr(out, "bo jednostka jest już znana: 1"));
    assert_string_equal(ask("SELECT string_agg(right(submission::text, 1) || cause, ',')"
                            " FROM intake.work"),
                        "1unit-registered");
    /* While that waits, nothing is added to it. */
    assert_int_equal(admin("unit|add|--regon|990001027|--codes|99/01/02/3/0|--type|JB|--kind|"
                           "jednostka-budzetowa|--name|Inna"),
                     0);
    assert_null(strstr(out, "znana"));
    assert_int_equal(admin("submission|retry|0199a2c4-7d10-7a31-9c55-000000000001"), 1);
    assert_non_null(strstr(err, "już czeka"));
}

static void
clock_never_goes_back_behind_what_is_stored(void **state)
{
    static const char *const refused[] = {
        "clock|set|2030-05-01T12:00:00+02:00", "clock|set|2030-05-02T12:00:00+02:00",
        "clock|set|2030-05-02T11:59:59+02:00", "clock|set|2020-01-01", "clock|reset"};

    (void)state;
    assert_int_equal(admin(GMINA), 0);
    assert_int_equal(admin("token|create|--unit|990000016"), 0);
    assert_int_equal(admin("clock|set|2030-05-01T12:00:00+02:00"), 0);
    cluster_run(cluster_shared, name,
                "INSERT INTO intake.submission (submission, subject, credential, key, sha256, size,"
                " first_byte, arrived, first_arrived) VALUES"
                " ('0199a2c4-7d10-7a31-9c55-000000000009', 1, 1, '9', sha256('9'), 1, now(),"
                " '2030-05-02T12:00:00+02:00', now())");
    for (size_t i = 0; i < ARRAY_COUNT(refused); i++) {
        EXPECT(admin(refused[i]) == 1, refused[i]);
        EXPECT(strstr(err, "nie może się cofnąć przed to, co już zapisano (2 maja 2030 r., "
                           "12:00:00)")
                   != NULL,
               refused[i]);
    }
    assert_int_equal(admin("clock|set|2030-05-02T12:00:01+02:00"), 0);
    assert_int_equal(admin("clock|show"), 0);
    assert_non_null(strstr(out, "TEST\t2030-05-02T12:00:"));
}

static void
parked_submission_is_listed_and_retried_once(void **state)
{
    (void)state;
    assert_int_equal(admin(GMINA), 0);
    assert_int_equal(admin("token|create|--unit|990000016"), 0);
    file_three();
    assert_int_equal(admin("submission|list|--parked"), 0);
    assert_non_null(strstr(out, "0199a2c4-7d10-7a31-9c55-000000000002\tparked\t0\t"));
    assert_null(strstr(out, "000000000003"));
    assert_int_equal(admin("submission|list"), 0);
    assert_non_null(strstr(out, "000000000003\treceived"));
    assert_non_null(strstr(out, "000000000001\tundecided\t")); /* it is what retry takes */
    cluster_run(cluster_shared, name,
                "UPDATE intake.submission SET verdict = 1 WHERE state = 'decided'");
    assert_int_equal(admin("submission|list"), 0);
    assert_null(strstr(out, "000000000001\t"));
    assert_int_equal(admin("submission|retry|0199a2c4-7d10-7a31-9c55-000000000003"), 1);
    assert_non_null(strstr(err, "nie ma czego ponawiać"));
    assert_int_equal(admin("submission|retry|0199a2c4-7d10-7a31-9c55-000000000002"), 0);
    assert_int_equal(admin("submission|retry|0199a2c4-7d10-7a31-9c55-000000000002"), 1);
    assert_string_equal(ask("SELECT count(*) FROM intake.work WHERE cause = 'retry'"), "1");
    assert_int_equal(admin("submission|list|--parked"), 0);
    assert_non_null(strstr(out, "\ttak\n"));
}

static void
all_parked_submissions_are_counted_and_then_retried_once(void **state)
{
    static const struct {
        const char *line;
        const char *complaint;
    } wrong[] = {
        {"submission|retry",                                                   "brakuje argumentu"  },
        {"submission|retry|--dry-run",                                         "brakuje argumentu"  },
        {"submission|retry|0199a2c4-7d10-7a31-9c55-000000000002|--dry-run",    "tylko razem z --all"},
        {"submission|retry|0199a2c4-7d10-7a31-9c55-000000000002|--all-parked",
         "albo numer złożenia"                                                                    },
        {"submission|retry|--all-parked|--all-parked",                         "dwa razy"           },
        {"submission|list|--all-parked",                                       "nieznana opcja"     },
    };

    (void)state;
    assert_int_equal(admin(GMINA), 0);
    assert_int_equal(admin("token|create|--unit|990000016"), 0);
    file_three();
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        EXPECT(admin(wrong[i].line) == 2, wrong[i].line);
        EXPECT(strstr(err, wrong[i].complaint) != NULL, wrong[i].line);
    }
    assert_int_equal(admin("submission|retry|--all-parked|--dry-run"), 0);
    assert_non_null(strstr(out, "ponownie: 1. Nic nie zmieniono."));
    assert_string_equal(ask("SELECT count(*) FROM intake.work"), "0");
    assert_int_equal(admin("submission|retry|--all-parked"), 0);
    assert_non_null(strstr(out, "ponownie: 1\n"));
    assert_string_equal(ask("SELECT string_agg(right(submission::text, 1) || cause, ',')"
                            " FROM intake.work"),
                        "2retry");
    assert_int_equal(admin("submission|retry|--all-parked"), 0);
    assert_non_null(strstr(out, "ponownie: 0\n"));
    assert_string_equal(ask("SELECT count(*) FROM intake.work"), "1");
}

/* Registered as the successor of another one, by a file, or by a change: it is decided then. */
static void
unknown_unit_is_woken_however_it_comes_into_the_registry(void **state)
{
    static const struct {
        const char *line;
        const char *file;
    } ways[] = {
        {"unit|succeed|990001027|--by|990001010|--kind|new-regon|--from|2026-01-01|--basis|x", ""              },
        {NULL,                                                                                 "regon;nip;wk;pk;gk;gt;pt;typ;rodzaj;nazwa;nadrzedna;od;do;jop;odbiorcy\n"
               "990001010;;99;01;02;3;0;JB;jednostka-budzetowa;Szkoła;990000016;2020-01-01;;;\n"},
    };
    char path[] = "/tmp/brama-wake-XXXXXX";
    char line[128];
    int  fd = mkstemp(path);

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(ways); i++) {
        if (i > 0) {
            assert_int_equal(tear_down(state), 0);
            assert_int_equal(set_up(state), 0);
        }
        assert_int_equal(admin(GMINA), 0);
        assert_int_equal(admin("unit|add|--regon|990001027|--codes|99/01/02/3/0|--type|JB|--kind|"
                               "jednostka-budzetowa|--name|Stara|--parent|990000016|--from|"
                               "2020-01-01"),
                         0);
        assert_int_equal(admin("token|create|--unit|990000016"), 0);
        file_three();
        assert_int_equal(ftruncate(fd, 0), 0);
        assert_int_equal(pwrite(fd, ways[i].file, strlen(ways[i].file), 0),
                         (ssize_t)strlen(ways[i].file));
        (void)snprintf(line, sizeof line, "unit|import|%s|--dry-run", path);
        if (ways[i].line == NULL) {
            /* Tried only: nothing is entered, nobody is woken. */
            assert_int_equal(admin(line), 0);
            assert_non_null(strstr(out, "dopisana\t990001010"));
            assert_non_null(strstr(out, "To była próba"));
            assert_string_equal(ask("SELECT count(*) FROM intake.work"), "0");
            *strrchr(line, '|') = '\0';
        }
        EXPECT(admin(ways[i].line == NULL ? line : ways[i].line) == 0, "way");
        EXPECT(strstr(out, "bo jednostka jest już znana: 1") != NULL, "way");
        assert_string_equal(ask("SELECT string_agg(cause, ',') FROM intake.work"),
                            "unit-registered");
        assert_string_equal(ask("SELECT count(*) FROM registry.unit WHERE regon = '990001010'"
                                " AND parent = (SELECT unit FROM registry.unit"
                                " WHERE regon = '990000016')"),
                            "1");
    }
    (void)close(fd);
    (void)unlink(path);
}

static void
history_of_a_unit_is_shown_for_any_day_with_who_and_why(void **state)
{
    static const char change[] =
        "unit|change|990001010|--from|2026-03-01|--name|Zespół Szkół|--basis|"
        "uchwała 7|--operator|Ala";
    static const char *const lines[] = {
        change,
        "unit|serve|990001010|--by|990000022|--from|2026-02-01|--basis|uchwała 8",
        "unit|release|990001010|--by|990000022|--to|2026-12-31|--basis|uchwała 9",
        "unit|assign|990000016|--office|rio-lodz|--from|2020-01-01|--basis|ustawa",
        "unit|unassign|990000016|--office|rio-lodz|--to|2026-12-31|--basis|ustawa",
        "unit|move|990001010|--parent|990000022|--from|2026-04-01|--basis|uchwała 10",
        "office|add|wojewoda-lodzki|--kind|dysponent|--name|Wojewoda|--basis|ustawa",
    };

    (void)state;
    assert_int_equal(admin(GMINA), 0);
    assert_int_equal(admin(SCHOOL), 0);
    assert_int_equal(admin("unit|add|--regon|990000022|--codes|99/01/02/3/0|--type|JB|--kind|cuw|"
                           "--name|Centrum|--parent|990000016|--from|2020-01-01"),
                     0);
    for (size_t i = 0; i < ARRAY_COUNT(lines); i++) {
        EXPECT(admin(lines[i]) == 0, lines[i]);
        EXPECT(err[0] == '\0' && out[0] != '\0', lines[i]);
    }
    assert_int_equal(admin("unit|show|990001010|--at|2026-02-28"), 0);
    assert_non_null(strstr(out, "Stan na dzień 2026-02-28\n"));
    assert_non_null(strstr(out, "\t990000016\t2020-01-01\ttak\tSzkoła\n"));
    assert_non_null(strstr(out, "990000022\tCentrum\t2026-02-01 – 2026-12-31\tuchwała 8"));
    assert_int_equal(admin("unit|show|990001010|--at|2026-04-01"), 0);
    assert_non_null(strstr(out, "\t990000022\t2020-01-01\ttak\tZespół Szkół\n"));
    assert_non_null(strstr(out, "2026-02-28\t"));
    assert_non_null(strstr(out, "brama_admin / Ala\tzmieniono jednostkę\tnazwa: Szkoła → Zespół "
                                "Szkół; obowiązuje od: 2020-01-01 → 2026-03-01\tuchwała 7\n"));
    assert_non_null(strstr(out, "\tdopisano obsługę\tobsługuje: 990000022; od: 2026-02-01\t"
                                "uchwała 8\n"));
    assert_non_null(strstr(out, "\tzmieniono obsługę\tdo: brak → 2026-12-31\tuchwała 9\n"));
    assert_non_null(strstr(out, "\tnadrzędna: 990000016 → 990000022; obowiązuje od: "));
    assert_null(strstr(out, "{\""));
    assert_non_null(strstr(out, "uchwała 7\n"));
    assert_int_equal(admin("unit|show|990001010|--at|2019-12-31"), 0);
    assert_non_null(strstr(out, "\tnie\tSzkoła\n"));
    assert_null(strstr(out, "Centrum\t2026-02-01"));
    assert_int_equal(admin("office|list"), 0);
    assert_non_null(strstr(out, "wojewoda-lodzki\tdysponent\t0\tWojewoda\n"));
    assert_int_equal(admin("unit|export"), 0);
    assert_non_null(strstr(out, "990001010;;99;01;02;3;0;JB;jednostka-budzetowa;Zespół Szkół;"
                                "990000022;2020-01-01;;;\r\n"));
    assert_string_equal(ask("SELECT count(*) FROM registry.change WHERE basis = ''"), "3");
    assert_string_equal(ask("SELECT count(*) FROM registry.change WHERE operator = ''"), "0");
}

static void
traits_are_entered_ended_and_never_twice(void **state)
{
#define ADD "trait|add|990001010|--basis|u|--trait|"
    static const struct {
        const char *line;
        int         want;
        const char *words;
    } cases[] = {
        {ADD "rachunek-223|--from|2026-01-01",                                                 0, "Dopisano cechę „rachunek-223”"                       },
        {ADD "rachunek-223|--from|2026-05-01",                                                 1, "ma już tę cechę w tym czasie"                          },
        {ADD "zadania|--from|2026-05-01",                                                      1, "takiej cechy: nie ma jej w spisie"                        },
        {ADD "zadania-zlecone|--from|2026-05-01|--to|2026-04-30",                              1, "zanim ją dostanie"                                       },
        {ADD "rachunek-223|--office|kbw|--from|2027-05-01",                                    1, "tylko przy zadaniach zleconych"                           },
        {ADD "zadania-zlecone|--office|mf|--from|2026-01-01",                                  1, "kodem dysponenta"                                         },
        {ADD "zadania-zlecone|--office|kbw|--from|2026-01-01",                                 0, "„zadania-zlecone”"                                    },
        {ADD "zadania-zlecone|--from|2026-01-01",                                              0, "„zadania-zlecone”"                                    },
        {"trait|end|990001010|--trait|rachunek-223|--to|2025-12-31|--basis|u",                 1,
         "dopiero po podanym ostatnim dniu"                                                                                                                  },
        {"trait|end|990001010|--trait|rachunek-223|--to|2026-06-30|--basis|uchwała 2",        0,
         "Zakończono cechę"                                                                                                                                },
        {"trait|end|990001010|--trait|rachunek-223|--to|2026-06-30|--basis|u",                 1,
         "nie ma po tym dniu cechy"                                                                                                                          },
        {"trait|list|--unit|990001010",                                                        0,
         "990001010\trachunek-223\t-\t2026-01-01\t2026-06-30\tSzkoła\n"                                                                                     },
        {"trait|list",                                                                         0, "990001010\tzadania-zlecone\tkbw\t2026-01-01\t-\tSzkoła\n"},
        {"trait|kinds",                                                                        0, "wydatki-niewygasajace\tma wydatki, które"                },
        {"unit|show|990001010",                                                                0, "uchwała 2\n"                                             },
        {"unit|succeed|990001010|--by|990001062|--kind|new-regon|--from|2026-05-01|--basis|r", 0,
         "ma następcę: 990001062"                                                                                                                          },
        {"trait|list|--unit|990001062",                                                        0,
         "990001062\trachunek-223\t-\t2026-05-01\t2026-06-30\tSzkoła\n"                                                                                     },
    };

    (void)state;
    assert_int_equal(admin(GMINA), 0);
    assert_int_equal(admin(SCHOOL), 0);
    assert_int_equal(admin("office|add|kbw|--kind|dysponent|--name|KBW|--basis|ustawa"), 0);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(admin(cases[i].line) == cases[i].want, cases[i].line);
        if (strstr(cases[i].want == 0 ? out : err, cases[i].words) == NULL) {
            fail_msg("%s: %s%s", cases[i].line, out, err);
        }
    }
    assert_string_equal(ask("SELECT count(*) FROM registry.change WHERE what LIKE 'unit_trait%'"),
                        "7"); /* four, and what goes on of them */
}

static void
a_file_of_traits_is_entered_as_a_whole_or_not_at_all(void **state)
{
#define TRAITS "regon;cecha;dysponent;od;do\n"
#define OF_SCHOOL "990001010;rachunek-223;;2026-01-01;"
#define OF_GMINA "990000016;zadania-zlecone;kbw;2026-01-01;"
    static const struct {
        const char *text;
        const char *options; /* behind the file */
        const char *words;
        const char *rows; /* that stand there afterwards */
        bool        refused;
    } cases[] = {
        {TRAITS OF_SCHOOL "\n" OF_GMINA "\n",                              "|--dry-run", "To była próba",                  "0", false},
        {TRAITS OF_SCHOOL "\n990000016;brak;;2026-01-01;\n",               "",
         "wiersz 3: Jednostka o REGON 990000016 nie może mieć",                                                            "0", true },
        {TRAITS "990001010;rachunek-223;;;\n",                             "",           "wiersz 2: nie ma pierwszego dnia", "0", true },
        {TRAITS "990001010;rachunek-223;;wczoraj;\n",                      "",           "to nie jest dzień",               "0", true },
        {TRAITS "990001010;rachunek-223;;2026-01-01\n",                    "",           "ma mieć 5 pól",                  "0", true },
        {"regon;cecha;od;do;dysponent\n",                                  "",           "ma mieć nazwę „dysponent”",  "0", true },
        {TRAITS "990000022;rachunek-223;;2026-01-01;\n",                   "",           "wiersz 2: ",                       "0", true },
        {"\xEF\xBB\xBF" TRAITS OF_SCHOOL "\r\n" OF_GMINA "2026-12-31\r\n", "",
         "Dopisane: 2, zmieniony ostatni dzień: 0, bez zmian: 0",                                                           "2", false},
        {TRAITS OF_SCHOOL "2026-06-30\n" OF_GMINA "2026-12-31\n",          "",
         "Dopisane: 0, zmieniony ostatni dzień: 1, bez zmian: 1",                                                           "2", false},
    };

    (void)state;
    assert_int_equal(admin(GMINA), 0);
    assert_int_equal(admin(SCHOOL), 0);
    assert_int_equal(admin("office|add|kbw|--kind|dysponent|--name|KBW|--basis|ustawa"), 0);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        char path[] = "/tmp/brama-traits-XXXXXX";
        int  fd = mkstemp(path);
        assert_true(fd >= 0);
        assert_int_equal(write(fd, cases[i].text, strlen(cases[i].text)), strlen(cases[i].text));
        (void)close(fd);
        struct str line = str_format(arena, "trait|import|%s|--basis|u%s", path, cases[i].options);
        int        code = admin(line.data);
        (void)unlink(path);
        EXPECT((code != 0) == cases[i].refused, cases[i].text);
        if (strstr(cases[i].refused ? err : out, cases[i].words) == NULL) {
            fail_msg("%s: %s%s", cases[i].text, out, err);
        }
        assert_string_equal(ask("SELECT count(*) FROM registry.unit_trait"), cases[i].rows);
    }
}

/* Writes a file, runs the line with its path behind the first words. */
static int
admin_of_file(const char *text, const char *words, const char *options)
{
    char path[] = "/tmp/brama-file-XXXXXX";
    int  fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    (void)close(fd);
    struct str full = str_format(arena, "%s|%s|%s", words, path, options);
    int        code = admin(full.data);
    (void)unlink(path);
    return code;
}

static void
list_of_published_amounts_shows_its_differences_and_is_loaded_whole(void **state)
{
#define AMOUNTS "regon;rozdzial;paragraf;kwota\n"
#define OF_PIT "990000016;;001;1250000,00\n"
#define LOAD "--period|2026-Q2|--by|Anna|--basis|pismo"
    static const struct {
        const char *text;
        const char *line;
        int         want;
        const char *words;
        const char *editions;
    } cases[] = {
        {AMOUNTS OF_PIT,                                                   LOAD "|--dry-run",                          0, "To była próba",                         "0"},
        {AMOUNTS OF_PIT,                                                   LOAD "|--dry-run",                          0, "990000016\t001\t-\t1250000.00",           "0"},
        {AMOUNTS "990000016;;069;1,00\n",                                  LOAD,                                       1, "wiersz 2: „069” nie ma w słowniku",  "0"},
        {AMOUNTS "990000016;75801;292;1,00\n",                             LOAD,                                       1, "„75801 292” nie ma w słowniku",      "0"},
        {AMOUNTS OF_PIT "990000016;;002;1 000,00\n",                       LOAD,                                       1,
         "wiersz 3: „1 000,00” to nie jest kwota",                                                                                                               "0"},
        {AMOUNTS "990000016;;002;1000\n",                                  LOAD,                                       1, "to nie jest kwota",                       "0"},
        {AMOUNTS "990000016;;002;\n",                                      LOAD,                                       1, "to nie jest kwota",                       "0"},
        {AMOUNTS OF_PIT OF_PIT,                                            LOAD,                                       1, "kwota stoi dwa razy",                     "0"},
        {AMOUNTS "990000022;;001;1,00\n",                                  LOAD,                                       1, "nie ma JST o REGON 990000022",            "0"},
        {"regon;paragraf;rozdzial;kwota\n" OF_PIT,                         LOAD,                                       1, "ma mieć nazwę „rozdzial”",          "0"},
        {AMOUNTS OF_PIT,                                                   "--period|2026-06|--by|Anna|--basis|pismo", 2,
         "to nie jest okres w postaci 2026-Q2",                                                                                                                      "0"},
        {AMOUNTS OF_PIT,                                                   "--period|2026-Q5|--by|Anna|--basis|pismo", 2,
         "to nie jest okres w postaci 2026-Q2",                                                                                                                      "0"},
        {AMOUNTS OF_PIT,                                                   "--period|2026-Q2|--basis|pismo",           2, "--by",                                    "0"},
        {AMOUNTS OF_PIT,                                                   "--period|2026-Q2|--by|Anna",               2, "--basis",                                 "0"},
        {AMOUNTS OF_PIT,                                                   LOAD,                                       0, "Dopisane: 1, usunięte: 0, zmienione: 0", "1"},
        {AMOUNTS OF_PIT,                                                   LOAD,                                       0, "Taka sama lista już obowiązuje",        "1"},
        {AMOUNTS "990000016;;001;1250000.01\n990000016;75807;292;-5,00\n", LOAD,                                       0,
         "Dopisane: 1, usunięte: 0, zmienione: 1",                                                                                                                  "2"},
        {AMOUNTS,                                                          LOAD,                                       0, "Dopisane: 0, usunięte: 2, zmienione: 0", "3"},
        {AMOUNTS "990000016;75801;292;1,00\n",                             "--period|2024-Q4|--by|Anna|--basis|pismo", 0,
         "Wczytano 1 kwot",                                                                                                                                          "4"},
    };

    (void)state;
    assert_int_equal(admin(GMINA), 0);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        int code = admin_of_file(cases[i].text, "control-amounts|import", cases[i].line);
        if (code != cases[i].want || strstr(code == 0 ? out : err, cases[i].words) == NULL) {
            fail_msg("%zu: %d %s%s, not %s", i, code, out, err, cases[i].words);
        }
        assert_string_equal(ask("SELECT count(*) FROM reference.edition"), cases[i].editions);
    }
}

/* clang-format off */
#define PLANS "regon;formularz;dzial;rozdzial;paragraf;p4;wiersz;kwota\n"
#define OF_PAY "990000016;RB28S;801;80101;401;0;;15000,00\n"
#define OF_INCOME "990000016;RBNDS;;;;;A;20000,00\n"
#define DIGITS "990000016;RB27S;801;80101;"
/* clang-format on */

static void
plan_of_a_budget_is_loaded_whole_or_not_at_all(void **state)
{
    static const struct {
        const char *text;
        int         want;
        const char *words;
        const char *editions;
    } cases[] = {
        {PLANS "990000016;RBZ;;;;;E;1,00\n",         1,
         "„RBZ” nie porównuje się za ten okres; w kolumnie „formularz” wpisz jeden z: RB27S, "
         "RB28S, RBNDS",                                                                                  "0"},
        {PLANS "990000016;;801;80101;401;0;;1,00\n", 1, "wiersz 2: planu formularza „”",              "0"},
        {PLANS "990000016;RBNDS;801;;;;A;1,00\n",    1, "kolumna „dzial” ma być pusta",              "0"},
        {PLANS "990000016;RBNDS;;;;;Z;1,00\n",       1,
         "„Z” nie może stać w kolumnie „wiersz” dla Rb-NDS; wpisz symbol wiersza tego formularza, "
         "na przykład „A”",                                                                          "0"},
        {PLANS "990000016;RBNDS;;;;;;1,00\n",        1, "„” nie może stać w kolumnie „wiersz”", "0"},
        {PLANS DIGITS "401;0;A;1,00\n",              1, "kolumna „wiersz” ma być pusta",             "0"},
        {PLANS DIGITS "4010;0;;1,00\n",              1,
         "„4010” nie może stać w kolumnie „paragraf” dla Rb-27S; wpisz 3 cyfry",                "0"},
        {PLANS DIGITS "40;0;;1,00\n",                1, "„40” nie może stać",                       "0"},
        {PLANS DIGITS "4a1;0;;1,00\n",               1, "„4a1” nie może stać",                      "0"},
        {PLANS DIGITS "401;;;1,00\n",                1, "w kolumnie „p4” dla Rb-27S; wpisz 1 cyfrę", "0"},
        {PLANS DIGITS "401;0;;1 000,00\n",           1, "to nie jest kwota",                              "0"},
        {PLANS OF_PAY OF_PAY,                        1, "kwota stoi dwa razy",                            "0"},
        {PLANS "990000022;RBNDS;;;;;A;1,00\n",       1, "nie ma JST o REGON 990000022",                   "0"},
        {PLANS OF_PAY OF_INCOME,                     0, "990000016\tRBNDS\tA\t-\t20000.00",               "1"},
        {PLANS OF_INCOME OF_PAY,                     0, "Taka sama lista już obowiązuje",               "1"},
        {PLANS OF_INCOME,                            0, "Dopisane: 0, usunięte: 1, zmienione: 0",        "2"},
    };

    (void)state;
    assert_int_equal(admin(GMINA), 0);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        int code = admin_of_file(cases[i].text, "plan|import",
                                 "--period|2026-Q2|--by|Anna|--basis|uchwała");
        if (code != cases[i].want || strstr(code == 0 ? out : err, cases[i].words) == NULL) {
            fail_msg("%zu: %d %s%s, not %s", i, code, out, err, cases[i].words);
        }
        assert_string_equal(ask("SELECT count(*) FROM reference.edition"), cases[i].editions);
    }
    assert_int_equal(admin("plan|import|/dev/null|--by|Anna|--basis|uchwała"), 2);
    assert_string_equal(ask("SELECT DISTINCT kind FROM reference.edition"), "plan");
    assert_int_equal(
        admin_of_file(PLANS OF_PAY, "plan|import", "--period|2016-Q2|--by|Anna|--basis|uchwała"),
        1);
    EXPECT(strstr(err, "ani planu żadnego innego; sprawdź --period") != NULL, err);
}

static void
plausibility_of_a_period_is_computed_once(void **state)
{
    (void)state;
    assert_int_equal(admin("plausibility|--period|2026"), 2);
    assert_int_equal(admin("plausibility|--period|2026-06"), 2);
    assert_int_equal(admin("plausibility|--period|2026-Q2|--dry-run"), 0);
    assert_non_null(strstr(out, "To była próba"));
    assert_string_equal(ask("SELECT count(*) FROM reference.edition"), "0");
    assert_int_equal(admin("plausibility|--period|2026-Q2"), 0);
    assert_non_null(strstr(out, "kwoty jednostek\t0"));
    assert_int_equal(admin("plausibility|--period|2026-Q2"), 0);
    assert_non_null(strstr(out, "Takie samo wydanie już obowiązuje"));
    assert_string_equal(ask("SELECT count(*) FROM reference.edition"), "1");
    /* Without a period: of the quarter that has ended last. */
    static const struct {
        const char *now;
        const char *want;
    } days[] = {
        {"2027-01-01", "2026-12-31"},
        {"2027-03-31", "2026-12-31"},
        {"2027-04-01", "2027-03-31"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(days); i++) {
        struct str line = str_format(arena, "clock|set|%s", days[i].now);
        EXPECT(admin(line.data) == 0, days[i].now);
        EXPECT(admin("plausibility") == 0, days[i].now);
        EXPECT(strcmp(ask("SELECT max(period_end) FROM reference.edition"), days[i].want) == 0,
               days[i].now);
    }
}

static void
country_is_loaded_into_an_empty_registry_of_test_only(void **state)
{
    static const struct {
        const char *line;
        int         want;
        const char *words;
    } cases[] = {
        {"demo-country|--seed|x",  2, "to nie jest liczba"    },
        {"demo-country|--seed|-1", 2, "to nie jest liczba"    },
        {"demo-country|--seed",    2, "po --seed brakuje"     },
        {"demo-country|now",       2, "zbędny argument"      },
        {"demo-country",           1, "rejestr nie jest pusty"},
    };

    (void)state;
    assert_int_equal(admin(GMINA), 0);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(admin(cases[i].line) == cases[i].want, cases[i].line);
        EXPECT(strstr(err, cases[i].words) != NULL, cases[i].line);
    }
    assert_string_equal(ask("SELECT count(*) FROM registry.unit"), "1");
    assert_int_equal(admin("demo-country|--add"), 0);
    assert_string_equal(ask("SELECT count(*) > 50000 FROM registry.unit"), "t");
    assert_string_equal(ask("SELECT count(*) FROM registry.unit u WHERE u.parent IS NULL AND"
                            " registry.government(u.gt, u.pt) <> 'zwiazek' AND NOT EXISTS (SELECT 1"
                            " FROM registry.unit_office o JOIN registry.office f USING (office)"
                            " WHERE o.unit = u.unit AND f.kind = 'rio' AND f.wk = u.wk)"),
                        "1"); /* the one that was there before */
    assert_string_equal(
        ask("SELECT count(*) FROM registry.unit u WHERE u.parent IS NOT NULL AND"
            " NOT EXISTS (SELECT 1 FROM registry.unit p WHERE p.unit = u.parent"
            " AND (p.wk, p.pk, p.gk, p.gt, p.pt) = (u.wk, u.pk, u.gk, u.gt, u.pt))"),
        "0");
    assert_string_equal(ask("SELECT count(*) > 1000 FROM registry.service"), "t");
    assert_string_equal(ask("SELECT string_agg(t, ' ' ORDER BY t) FROM (SELECT trait FROM"
                            " registry.unit_trait GROUP BY 1 HAVING count(*) > 200) x (t)"),
                        "rachunek-223 wydatki-niewygasajace zadania-zlecone");
    assert_string_equal(ask("SELECT count(*) FROM registry.unit_trait x WHERE"
                            " (x.trait = 'zadania-zlecone') = (x.office IS NULL)"),
                        "0");
    assert_string_equal(
        ask("SELECT count(DISTINCT registry.successor_at(predecessor, '2025-09-01'))"
            " = count(*) / 2 AND count(*) > 100 FROM registry.succession"),
        "t");
    assert_string_equal(ask("SELECT count(*) = (SELECT count(*) FROM registry.unit)"
                            " FROM registry.change WHERE what = 'unit added'"),
                        "t");
    const char *count = ask("SELECT count(*) FROM registry.change");
    assert_int_equal(admin("demo-country|--add"), 0);
    assert_non_null(strstr(out, "dopisane teraz: 0"));
    assert_string_equal(ask("SELECT count(*) FROM registry.change"), count);
    cluster_run(cluster_shared, name, "UPDATE registry.setting SET environment = 'PROD'");
    assert_int_equal(admin("demo-country|--add|--seed|2"), 1);
    assert_non_null(strstr(err, "tylko w środowisku TEST"));
}

static void
first_people_are_invited_by_the_operator(void **state)
{
    static const struct {
        const char *line;
        int         want;
        const char *words;
    } cases[] = {
        {"person|invite|--email|a@b.test|--name|A",                                               2, "--role"                    },
        {"person|invite|--name|A|--role|operator",                                                2, "--email"                   },
        {"person|invite|--email|a@b.test|--name|A|--role|boss",                                   2,
         "roli „boss” nie ma; role: head (kierownik jednostki), sender (nadawca), "                                          },
        {"person|invite|--email|a@b.test|--name|A|--role|public",                                 2, "public"                    },
        {"person|invite|--email|a@b.test|--name|A|--role|supervisor",                             2,
         "rolę supervisor (administrator JST) nadaje się w jednostce: podaj --unit REGON"                                      },
        {"person|invite|--email|a@b.test|--name|A|--role|operator|--unit|990000016",              2,
         "w całej bramie: bez --unit i bez --office"                                                                            },
        {"person|invite|--email|bez-malpy|--name|A|--role|operator",                              1,
         "Adres e-mail „bez-malpy” ma mieć postać nazwa@domena"                                                            },
        {"person|invite|--email|a b@c.test|--name|A|--role|operator",                             1, "Adres e-mail"              },
        {"person|invite|--email|a@b@c.test|--name|A|--role|operator",                             1, "Adres e-mail"              },
        {"person|invite|--email|@c.test|--name|A|--role|operator",                                1, "Adres e-mail"              },
        {"person|invite|--email|a@|--name|A|--role|operator",                                     1, "Adres e-mail"              },
        {"person|invite|--email|a@b.test|--name| |--role|operator",                               1, "Imię i nazwisko są puste"},
        {"person|invite|--email|a@b.test|--name|A|--role|sender|--office|gus",                    2,
         "rolę sender (nadawca) nadaje się w jednostce"                                                                        },
        {"person|invite|--email|a@b.test|--name|A|--role|reviewer|--office|gus|--unit|990000016", 2,
         "w urzędzie: podaj --office KOD, bez --unit"                                                                           },
        {"person|invite|--email|a@b.test|--name|A|--role|reviewer|--office|rio-nigdzie",          1,
         "urzędu „rio-nigdzie” nie ma w rejestrze; kody podaje brama admin office list"                                     },
    };

    (void)state;
    assert_int_equal(admin(GMINA), 0);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(admin(cases[i].line) == cases[i].want, cases[i].line);
        EXPECT(strstr(err, cases[i].words) != NULL && out[0] == '\0', cases[i].line);
    }
    assert_string_equal(ask("SELECT count(*) FROM people.invitation"), "0");
    assert_int_equal(
        admin("person|invite|--email|A@B.test|--name|Anna|--role|supervisor|--unit|990000016"), 0);
    assert_int_equal(strcspn(out, "\n"), 43);
    assert_non_null(strstr(err, "ADRES-BRAMY/zaproszenie#TOKEN"));
    assert_non_null(strstr(err, "raz, do "));
    struct str sql = str_format(arena,
                                "SELECT email || ' ' || role || ' ' || (made_by IS NULL) FROM"
                                " people.invitation WHERE digest = sha256('%.43s')",
                                out);
    assert_string_equal(ask(sql.data), "a@b.test supervisor true");
    assert_int_equal(
        admin("person|invite|--email|r@b.test|--name|R|--role|reviewer|--office|rio-lodz"), 0);
}

/* For an owner who does not use the desk: what is wrong is said, and what was answered is listed.
 */
static void
operator_answers_objections_by_their_numbers(void **state)
{
#define ANSWER "objection|answer|7|--decision|"
    static const struct {
        const char *line;
        int         want;
        const char *words;
    } cases[] = {
        {"objection|answer|7|--reason|x",                          2, "--decision"          },
        {ANSWER "declined",                                        2, "--reason"            },
        {ANSWER "declined|--reason| ",                             2, "uzasadnienie"        },
        {ANSWER "maybe|--reason|x",                                2, "accepted"            },
        {ANSWER "accepted|--reason|x",                             2, "rule-change"         },
        {ANSWER "declined|--remedy|rule-off|--reason|x",           2, "uznane"              },
        {ANSWER "accepted|--remedy|release|--reason|x",            2, "skrót"              },
        {ANSWER "accepted|--remedy|rule-off|--reason|x",           1, "nie jest wyłączona"},
        {"objection|answer|siedem|--decision|declined|--reason|x", 2, "podaj numer"         },
        {"objection|answer|8|--decision|declined|--reason|x",      1, "numery wypisuje"     },
    };
#undef ANSWER

    (void)state;
    cluster_run(cluster_shared, name,
                "INSERT INTO intake.decision (submission, n, kind, verdict, decided_at,"
                " definitions, trust, registry, engine, log_index, finding_count, cut)"
                " VALUES (md5('s')::uuid, 1, 'decision', 1, now(), sha256('x'), sha256('x'),"
                " sha256('x'), 'e', 1, 0, 0);"
                "INSERT INTO intake.objection (objection, submission, n, report, code,"
                " form_version, owner, reason, decided_at) OVERRIDING SYSTEM VALUE"
                " VALUES (7, md5('s')::uuid, 1, 0, 'RB28S-004', '2025-1', 'MF', 'inna pozycja',"
                " now())");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(admin(cases[i].line) == cases[i].want, cases[i].line);
        EXPECT(strstr(err, cases[i].words) != NULL && out[0] == '\0', cases[i].line);
    }
    assert_int_equal(admin("objection|list|--open"), 0);
    assert_non_null(strstr(out, "RB28S-004\t2025-1\tMF\tinna pozycja\t-\t-\t"));
    assert_int_equal(
        admin("objection|answer|7|--decision|accepted|--remedy|rule-change|--reason|słusznie"), 0);
    assert_non_null(strstr(out, "Odpowiedziano na zastrzeżenia: 1"));
    assert_int_equal(admin("objection|list|--open"), 0);
    assert_null(strstr(out, "RB28S-004"));
    assert_int_equal(admin("objection|answer|7|--decision|declined|--reason|jednak nie"), 0);
    assert_int_equal(admin("objection|list"), 0);
    assert_non_null(strstr(out, "inna pozycja\tnieuznane\t-\tjednak nie"));
    assert_string_equal(ask("SELECT count(*) FROM intake.objection_answer"), "2");
}

/* Somebody whom nobody at the desk may help: who did it and why is kept, the link is not. */
static void
operator_gives_a_way_back_with_a_name_and_a_reason(void **state)
{
    static const struct {
        const char *line;
        int         want;
        const char *words;
    } cases[] = {
        {"person|restore|--by|Jan|--basis|x",                     2, "--email"},
        {"person|restore|--email|a@b.test|--basis|x",             2, "--by"   },
        {"person|restore|--email|a@b.test|--by|Jan",              2, "--basis"},
        {"person|restore|--email|a@b.test|--by| |--basis|x",      2, "--by"   },
        {"person|restore|--email|a@b.test|--by|Jan|--basis| ",    2, "--basis"},
        {"person|restore|--email|nikt@b.test|--by|Jan|--basis|x", 1,
         "nikt się jeszcze nie logował"                                     },
        {"person|restore|--email|nowy@b.test|--by|Jan|--basis|x", 1,
         "nikt się jeszcze nie logował"                                     },
        {"person|restore|--email|byly@b.test|--by|Jan|--basis|x", 1,
         "nikt się jeszcze nie logował"                                     },
    };

    (void)state;
    cluster_run(cluster_shared, name,
                "INSERT INTO people.person (person, email, name, confirmed_at, closed_at) VALUES"
                " (gen_random_uuid(), 'a@b.test', 'A', now(), NULL),"
                " (gen_random_uuid(), 'nowy@b.test', 'N', NULL, NULL),"
                " (gen_random_uuid(), 'byly@b.test', 'B', now(), now())");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(admin(cases[i].line) == cases[i].want, cases[i].line);
        EXPECT(strstr(err, cases[i].words) != NULL && out[0] == '\0', cases[i].line);
    }
    assert_string_equal(ask("SELECT count(*) FROM people.restoration"), "0");
    assert_int_equal(
        admin("person|restore|--email|A@B.test|--by|Jan Operator|--basis|dowód w okienku, nr 7"),
        0);
    assert_int_equal(strcspn(out, "\n"), 43);
    struct str sql = str_format(arena,
                                "SELECT operator || ' ' || reason || ' ' || (made_by IS NULL) FROM"
                                " people.restoration WHERE digest = sha256('%.43s')",
                                out);
    assert_string_equal(ask(sql.data), "Jan Operator dowód w okienku, nr 7 true");
    assert_string_equal(
        ask("SELECT (detail ->> 'operator') || ' ' || (detail ->> 'reason') || ' ' || program || ' "
            "'"
            " || (detail ? 'digest') FROM people.audit WHERE object_kind = 'people.restoration'"),
        "Jan Operator dowód w okienku, nr 7 brama_admin false");
    /* A second link ends the first. */
    assert_int_equal(admin("person|restore|--email|a@b.test|--by|Jan|--basis|drugi raz"), 0);
    assert_string_equal(ask("SELECT count(*) FROM people.restoration WHERE expires_at > now()"),
                        "1");
}

static void
receiver_of_webhooks_is_added_watched_and_removed(void **state)
{
    (void)state;
    assert_int_equal(admin(GMINA), 0);
    assert_int_equal(admin("webhook|add|--unit|990000016|--url|http://przyklad.pl"), 2);
    assert_non_null(strstr(err, "zaczynać od https://"));
    assert_int_equal(
        admin("webhook|add|--unit|990000016|--url|https://przyklad.pl|--events|submission.lost"),
        2);
    assert_non_null(strstr(err, "submission.accepted"));
    assert_int_equal(admin("webhook|add|--unit|990000016|--url|https://przyklad.pl/brama|--events|"
                           "submission.accepted,submission.rejected|--label|Kadry"),
                     0);
    assert_string_equal(out, "Dodano adres nr 1\n");
    assert_int_equal(admin("webhook|list"), 0);
    assert_non_null(strstr(out, "nie ma klucza"));
    assert_non_null(strstr(out, "1\t990000016\t0\t-\t-\tsubmission.accepted submission.rejected\t"
                                "https://przyklad.pl/brama\tKadry\n"));
    cluster_run(cluster_shared, name,
                "INSERT INTO courier.delivery (endpoint, webhook_id, type, body) VALUES"
                " (1, 'msg_1', 'submission.accepted', '{}');"
                "INSERT INTO courier.attempt (delivery, status, outcome, ms) VALUES"
                " (1, 500, 'serwer odpowiedział kodem 500', 7);"
                "INSERT INTO courier.signing_key VALUES ('whpk_AAAA');"
                "UPDATE courier.endpoint SET disabled_at = now(), reason = 'x'");
    assert_int_equal(admin("webhook|log|1"), 0);
    assert_non_null(strstr(out, "1\tsubmission.accepted\tczeka\t"));
    assert_non_null(strstr(out, "\t500\tserwer odpowiedział kodem 500\t"));
    assert_int_equal(admin("webhook|redeliver|1"), 0);
    assert_int_equal(admin("webhook|enable|1"), 0);
    assert_string_equal(ask("SELECT disabled_at IS NULL AND reason = '' FROM courier.endpoint"),
                        "t");
    assert_int_equal(admin("webhook|list"), 0);
    assert_non_null(strstr(out, "Klucz do sprawdzania podpisów: whpk_AAAA\n"));
    assert_int_equal(admin("webhook|remove|1"), 0);
    assert_int_equal(admin("webhook|remove|1"), 1);
    assert_int_equal(admin("webhook|redeliver|1"), 1);
    assert_int_equal(admin("webhook|log|1"), 0);
    assert_int_equal(admin("webhook|log|2"), 1);
    assert_non_null(strstr(err, "nie ma adresu o numerze 2; numery podaje webhook list"));
    assert_string_equal(out, "");
}

/* The calendar of a release, told apart by its digest. */
static void
publish_another_calendar(void)
{
    static const struct revision revision = {"calendar/1/calendar.xml", "workday-basis=\"",
                                             "workday-basis=\"jak "};
    const struct store_address   address = {.host = str_of(cluster_host(cluster_shared)),
                                            .port = cluster_port(cluster_shared),
                                            .database = str_of(name)};
    struct arena                *room = arena_create((size_t)512 << 20U);
    const struct catalogue      *own = NULL;
    struct store                *store = NULL;
    struct fault                 fault = {0};
    struct release               release = {.author = STR("Anna"),
                                            .publisher = STR("Jan"),
                                            .reason = STR("kalendarz"),
                                            .published = 1,
                                            .active_from = 2};

    assert_int_equal(definitions_catalogue(room, NULL, &own, &fault), ERR_OK);
    assert_int_equal(store_open(room, &address, STORE_ADMIN, &store, &fault), ERR_OK);
    assert_int_equal(release_publish(store, room, revision_bundle(room, own->bundle, &revision, 1),
                                     &release, &fault),
                     ERR_OK);
    arena_destroy(room);
}

static void
obligations_go_by_the_release_in_force(void **state)
{
    static const char calendars[] =
        "SELECT string_agg(DISTINCT calendar, ' ') FROM obligation.term";

    (void)state;
    assert_int_equal(admin(GMINA), 0);
    assert_int_equal(admin("obligations|generate|--period|2026-Q2"), 0);
    const char *before = ask(calendars);
    publish_another_calendar();
    assert_int_equal(admin("obligations|generate|--period|2026-Q3"), 0);
    const char *after = ask("SELECT string_agg(DISTINCT t.calendar, ' ') FROM obligation.term t"
                            " JOIN obligation.matter m USING (matter)"
                            " WHERE m.period = '2026-Q3'");
    assert_true(before[0] != '\0' && after[0] != '\0');
    assert_string_not_equal(before, after);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(operator_answers_objections_by_their_numbers),
        TEST(operator_gives_a_way_back_with_a_name_and_a_reason),
        TEST(receiver_of_webhooks_is_added_watched_and_removed),
        TEST(wrong_call_is_refused_with_a_reason_and_changes_nothing),
        TEST(database_that_is_not_there_is_told_by_code_5),
        TEST(help_of_a_task_is_its_part_alone),
        TEST(unit_is_added_listed_and_closed),
        TEST(import_takes_all_rows_or_none),
        TEST(import_says_what_is_wrong_and_what_would_be_right),
        TEST(import_tells_all_that_is_wrong_together),
        TEST(import_judges_a_typ_only_where_it_is_new),
        TEST(file_that_is_no_table_is_called_what_it_is),
        TEST(a_unit_that_begins_today_is_said_to_owe_nothing_from_before),
        TEST(closing_a_unit_says_what_it_leaves_open),
        TEST(closing_a_unit_counts_its_reports_behind_the_last_day),
        TEST(token_is_shown_once_and_only_its_digest_is_kept),
        TEST(token_of_a_calendar_is_of_its_own_kind),
        TEST(token_of_prod_and_odd_options_of_credentials),
        TEST(first_people_are_invited_by_the_operator),
        TEST(certificate_is_bound_by_the_digest_of_its_public_key),
        TEST(clock_of_test_moves_and_that_of_prod_does_not),
        TEST(demonstration_is_what_stands_in_the_samples_and_loads_twice),
        TEST(unknown_unit_is_woken_however_it_comes_into_the_registry),
        TEST(history_of_a_unit_is_shown_for_any_day_with_who_and_why),
        TEST(traits_are_entered_ended_and_never_twice),
        TEST(a_file_of_traits_is_entered_as_a_whole_or_not_at_all),
        TEST(list_of_published_amounts_shows_its_differences_and_is_loaded_whole),
        TEST(plan_of_a_budget_is_loaded_whole_or_not_at_all),
        TEST(plausibility_of_a_period_is_computed_once),
        TEST(obligations_go_by_the_release_in_force),
        TEST(country_is_loaded_into_an_empty_registry_of_test_only),
        TEST(correction_is_listed_where_it_is_put_to_its_recipient),
        TEST(registered_unit_wakes_what_was_undecided_for_want_of_it),
        TEST(clock_never_goes_back_behind_what_is_stored),
        TEST(parked_submission_is_listed_and_retried_once),
        TEST(all_parked_submissions_are_counted_and_then_retried_once),
#undef TEST
    };

    return cmocka_run_group_tests(tests, cluster_share, cluster_unshare);
}
