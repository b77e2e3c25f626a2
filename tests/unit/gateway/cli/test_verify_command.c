#include "gateway/cli/verify_command.h"

#include "gateway/cli/exit_code.h"
#include "tests/support/expect.h"
#include "tests/support/receipts.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MEMORY = 64 << 20, OUTPUT_MAX = 65536 };

static const char report[] = "<PaczkaSprawozdan/>\n";

static char folder[64];

/* Files of the tests, by their names in folder. */
static const char *
path(struct arena *arena, const char *name)
{
    struct str text = str_format(arena, "%s/%s", folder, name);

    assert_non_null(text.data);
    return text.data;
}

static void
save(const char *name, struct str bytes)
{
    struct arena *arena = arena_create(MEMORY);
    FILE         *file = fopen(path(arena, name), "wbe");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
    assert_int_equal(fclose(file), 0);
    arena_destroy(arena);
}

static const char *const names[] = {"upo.xml",     "zmienione.xml", "root.pem",    "inne.pem",
                                    "raport.xml",  "inny.xml",      "nie-pem.pem", "wydruk.pdf",
                                    "wydruk.html", "output"};

static int
make_files(void **state)
{
    struct arena        *arena = arena_create(MEMORY);
    struct receipts_seal made = {0};
    struct receipts_seal other = {0};
    struct seal         *seal = NULL;
    struct receipt_facts facts = receipts_typical(arena);
    struct str           receipt = {0};
    struct fault         fault = {0};

    (void)state;
    assert_int_equal(unsetenv("BRAMA_SERVER"), 0);
    (void)snprintf(folder, sizeof folder, "%s", "/tmp/brama-verify-XXXXXX");
    assert_non_null(mkdtemp(folder));
    assert_int_equal(receipts_seal(arena, RECEIPTS_ECDSA, &made, &fault), ERR_OK);
    assert_int_equal(receipts_seal(arena, RECEIPTS_ECDSA, &other, &fault), ERR_OK);
    assert_int_equal(seal_create(arena, made.key, made.chain, &seal, &fault), ERR_OK);
    (void)SHA256((const unsigned char *)report, sizeof report - 1, facts.document_sha256);
    facts.sender_name = STR("Gmina \x1B[31m Próbna"); /* a terminal must not obey it */
    assert_int_equal(seal_receipt(arena, seal, &facts, RECEIPTS_MORNING, &receipt, &fault), ERR_OK);
    save("upo.xml", receipt);
    char *digit = memmem(receipt.data, receipt.size, "<Indeks>42", 10);
    assert_non_null(digit);
    digit[9] = '3';
    save("zmienione.xml", receipt);
    save("root.pem", made.root);
    save("inne.pem", other.root);
    save("raport.xml", str_of(report));
    save("inny.xml", STR("<PaczkaSprawozdan></PaczkaSprawozdan>\n"));
    save("wydruk.pdf", STR("%PDF-1.7\n"));
    save("wydruk.html", STR("<!DOCTYPE html>\n<html lang=\"pl\"></html>\n"));
    save("nie-pem.pem", STR("to nie jest PEM\n"));
    arena_destroy(arena);
    return 0;
}

static int
remove_files(void **state)
{
    struct arena *arena = arena_create(MEMORY);

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        (void)unlink(path(arena, names[i]));
    }
    (void)rmdir(folder);
    arena_destroy(arena);
    return 0;
}

/* Run the command with its standard output in a file; words that name a file of ours become paths.
 */
static int
run(struct arena *arena, const char *line, struct str *said)
{
    char      *argv[16] = {"verify"};
    int        argc = 1;
    char      *text = ARENA_NEW(arena, char, OUTPUT_MAX);
    struct str rest = str_of(line);
    struct str word = {0};
    int        kept = dup(STDOUT_FILENO);

    while (rest.size > 0 && str_cut(&rest, ' ', &word)) {
        struct str copy = str_copy(arena, word);
        bool       named = memchr(word.data, '.', word.size) != NULL;
        argv[argc++] = (char *)(named ? path(arena, copy.data) : copy.data);
    }
    (void)fflush(stdout);
    FILE *output = fopen(path(arena, "output"), "w+be");
    assert_non_null(output);
    assert_true(dup2(fileno(output), STDOUT_FILENO) >= 0);
    int code = verify_command(argc, argv);
    (void)fflush(stdout);
    assert_true(dup2(kept, STDOUT_FILENO) >= 0);
    (void)close(kept);
    rewind(output);
    *said = (struct str){text, fread(text, 1, OUTPUT_MAX, output)};
    (void)fclose(output);
    return code;
}

static const struct {
    const char *line;
    int         code;
    const char *says; /* part of the output */
} cases[] = {
    {"upo.xml --trust root.pem",                                                    EXIT_ACCEPTED,   "✔ pieczęć jest ważna"                                      },
    {"upo.xml --trust root.pem --offline",                                          EXIT_ACCEPTED,   "990001018-20260710-00000000002A-6E"                             },
    {"upo.xml --trust root.pem --offline",                                          EXIT_ACCEPTED,   "nie pytano (--offline)"                                         },
    {"upo.xml --trust root.pem",                                                    EXIT_ACCEPTED,
     "nie pytano (podaj --server albo zmienną BRAMA_SERVER)"                                                                                                         },
    {"upo.xml --trust root.pem --json",                                             EXIT_ACCEPTED,   "\"status\":null"                                                },
    {"upo.xml --trust root.pem raport.xml",                                         EXIT_ACCEPTED,   "✔ to jest plik, którego dotyczy UPO"                         },
    {"upo.xml raport.xml --trust root.pem --json",                                  EXIT_ACCEPTED,   "\"matches\":true"                                               },
    {"upo.xml --trust root.pem --json",                                             EXIT_ACCEPTED,
     "\"due\":\"2026-07-10\",\"timeliness\":\"in_time\",\"calendar\":\"1\",\"due_basis\":"
     "\"rozporządzenie"                                                                                                                                              },
    {"upo.xml --trust root.pem --json",                                             EXIT_ACCEPTED,
     "\"due\":null,\"timeliness\":null,\"calendar\":null,\"due_basis\":null"                                                                                          },
    {"upo.xml --trust root.pem",                                                    EXIT_ACCEPTED,
     "; termin 10 lipca 2026 r., w terminie (wg kalendarza v1); zestaw niepełny, oczekuje na: "                                                                      },
    {"upo.xml --trust root.pem --json",                                             EXIT_ACCEPTED,   "\"document\":null"                                              },
    {"upo.xml --trust root.pem --json",                                             EXIT_ACCEPTED,   "\"valid\":true,\"step\":null,"                                  },
    {"upo.xml --trust root.pem --json",                                             EXIT_ACCEPTED,   "+02:00\",\"signed_at_utc\":\""                                  },
    {"upo.xml --trust root.pem --server https://localhost:1 --ca /nonexistent.pem", EXIT_UNREADABLE,
     "Stan w bramie: nie pytano (nie było jak"                                                                                                                       },
    {"--help",                                                                      EXIT_ACCEPTED,   "Użycie: brama verify"                                          },
    {"upo.xml --trust root.pem inny.xml",                                           EXIT_UNVERIFIED, "✖ to nie jest plik"                                           },
    {"upo.xml inny.xml --trust root.pem --json",                                    EXIT_UNVERIFIED, "\"matches\":false"                                              },
    {"upo.xml",                                                                     EXIT_UNVERIFIED, "nie ma wśród zaufanych"                                       },
    {"upo.xml --trust inne.pem",                                                    EXIT_UNVERIFIED,
     "✖ treść jest niezmieniona, ale nie wiadomo, czyja"                                                                                                          },
    {"upo.xml",                                                                     EXIT_UNVERIFIED, "● treść jest niezmieniona, ale nie wiadomo, czyja"          },
    {"upo.xml",                                                                     EXIT_UNVERIFIED, "nie pytano (nie wiadomo, czyja to pieczęć)"                   },
    {"zmienione.xml --trust root.pem",                                              EXIT_UNVERIFIED, "treść UPO zmieniono"                                          },
    {"zmienione.xml --trust root.pem --json",                                       EXIT_UNVERIFIED, "\"step\":\"digest\""                                            },
    {"zmienione.xml raport.xml --trust root.pem",                                   EXIT_UNVERIFIED, "nie ma z czym porównać"                                       },
    {"raport.xml --trust root.pem",                                                 EXIT_UNVERIFIED, "to nie jest UPO"                                                },
    {"upo.xml",                                                                     EXIT_UNVERIFIED, "ADRES-BRAMY/api/v1/keys?format=pem i wskaż plik w --trust PLIK"},
    {"upo.xml --offline --server https://brama:8443",                               EXIT_UNVERIFIED,
     " z https://brama:8443/api/v1/keys?format=pem i"                                                                                                                 },
    {"raport.xml upo.xml --trust root.pem",                                         EXIT_UNVERIFIED,
     "pliki stoją w odwrotnej kolejności; podaj: brama verify UPO.xml PLIK.xml"                                                                                     },
    {"inny.xml --trust root.pem",                                                   EXIT_UNVERIFIED, "to jest złożony plik, a nie UPO"                              },
    {"upo.xml upo.xml --trust root.pem",                                            EXIT_UNVERIFIED, "to też jest UPO; po UPO podaj plik"                            },
    {"wydruk.pdf --trust root.pem",                                                 EXIT_UNVERIFIED, "to wydruk: potrzebny jest plik XML"                             },
    {"wydruk.html --trust root.pem",                                                EXIT_UNVERIFIED, "to wydruk: potrzebny jest plik XML"                             },
    {"",                                                                            EXIT_USAGE,      ""                                                               },
    {"upo.xml raport.xml inny.xml",                                                 EXIT_USAGE,      ""                                                               },
    {"- -",                                                                         EXIT_USAGE,      ""                                                               },
    {"upo.xml --trust",                                                             EXIT_USAGE,      ""                                                               },
    {"upo.xml --nieznana",                                                          EXIT_USAGE,      ""                                                               },
    {"nie-ma.xml --trust root.pem",                                                 EXIT_UNREADABLE, ""                                                               },
    {"upo.xml --trust nie-ma.pem",                                                  EXIT_UNREADABLE, ""                                                               },
    {"upo.xml nie-ma.xml --trust root.pem",                                         EXIT_UNREADABLE, ""                                                               },
    {"upo.xml --trust nie-pem.pem",                                                 EXIT_UNREADABLE, ""                                                               },
};

static void
verify_follows_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena *arena = arena_create(MEMORY);
        struct str    said = {0};
        int           code = run(arena, cases[i].line, &said);
        EXPECT(code == cases[i].code, cases[i].line);
        EXPECT(memmem(said.data, said.size, cases[i].says, strlen(cases[i].says)) != NULL,
               cases[i].line);
        EXPECT(memchr(said.data, 0x1B, said.size) == NULL, cases[i].line);
        arena_destroy(arena);
    }
}

/* What an altered receipt states is not quoted, neither for people nor for programs. */
static void
an_altered_receipt_is_not_quoted(void **state)
{
    static const char *const lines[] = {"zmienione.xml --trust root.pem",
                                        "zmienione.xml --trust root.pem --json"};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(lines); i++) {
        struct arena *arena = arena_create(MEMORY);
        struct str    said = {0};
        (void)run(arena, lines[i], &said);
        EXPECT(memmem(said.data, said.size, "990001018", 9) == NULL, lines[i]);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verify_follows_the_table),
        cmocka_unit_test(an_altered_receipt_is_not_quoted),
    };

    return cmocka_run_group_tests(tests, make_files, remove_files);
}
