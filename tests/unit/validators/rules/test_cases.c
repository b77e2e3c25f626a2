#include "tests/support/expect.h"
#include "tests/unit/validators/rules/shelf.h"
#include "validators/rules/cases.h"
#include "validators/xml/guard.h"

#include <string.h>

enum { ARENA_MAX = 256 * 1024 * 1024, RULES_OF_RB27S = 25 };

#define RB27S "rb-27s/2025-1/"
#define RB28S "rb-28s/2025-1/"
#define RB28NWS "rb-28nws/2025-1/"
#define RB30S "rb-30s/2025-1/"
#define RBNDS "rb-nds/2025-1/"
#define RBZ "rb-z/2025-1/"

static enum err
run_cases(struct arena *arena, const struct shelf_edit *edit, struct cases_summary *out,
          struct fault *fault)
{
    const struct catalogue *catalogue = NULL;
    const struct rules     *rules = NULL;

    TRY(shelf_load(arena, edit, &catalogue, fault));
    TRY(rules_compile(arena, catalogue, &rules, fault));
    return cases_run(arena, catalogue, rules, out, fault);
}

static void
print_failed(const struct cases_summary *summary)
{
    for (size_t i = 0; i < summary->result_count; i++) {
        const struct case_result *it = &summary->results[i];
        if (!it->passed) {
            print_message("%.*s:%u „%.*s”: chciano: %.*s, jest: %.*s\n", STR_ARG(it->path),
                          it->line, STR_ARG(it->name), STR_ARG(it->wanted), STR_ARG(it->got));
        }
    }
    for (size_t i = 0; i < summary->coverage_count; i++) {
        const struct case_coverage *it = &summary->coverage[i];
        if (it->quiet == 0 || it->loud == 0) {
            print_message("%.*s: %zu quiet, %zu loud\n", STR_ARG(it->entry->code), it->quiet,
                          it->loud);
        }
    }
}

static void
all_cases_beside_the_rules_pass_and_cover_every_rule(void **state)
{
    struct arena        *arena = arena_create(ARENA_MAX);
    struct cases_summary summary = {0};
    struct fault         fault = {0};
    enum err             got = run_cases(arena, NULL, &summary, &fault);

    (void)state;
    if (got != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    print_failed(&summary);
    print_message("%zu cases, %zu rules\n", summary.result_count, summary.coverage_count);
    assert_int_equal(summary.failed, 0);
    assert_int_equal(summary.uncovered, 0);
    assert_true(summary.coverage_count >= 180);
    arena_destroy(arena);
}

/* One wrong formula each: some case beside the rule must notice. */
static const struct shelf_edit mutations[] = {
    {RB27S "rules.vtl",                         "nvl(NA, 0) - nvl(DW, 0)\n",                                              "nvl(NA, 0) + nvl(DW, 0)\n"       },
    {RB27S "rules.vtl",                         "nvl(NO, 0) - nvl(NP, 0) = nvl(NA, 0) - nvl(DW",
     "nvl(NO, 0) + nvl(NP, 0) = nvl(NA, 0) - nvl(DW"                                                                                                        },
    {RB27S "rules.vtl",                         "when nvl(PO, 0) = 0",                                                    "when nvl(PO, 0) >= 0"            },
    {RB27S "rules.vtl",                         "when PO <> 0",                                                           "when PO > 0"                     },
    {RB27S "rules.vtl",                         "- PO - nvl(DW, 0)",                                                      "- nvl(DW, 0)"                    },
    {RB27S "rules.vtl",                         "NZ >= 0",                                                                "NZ > 0"                          },
    {RB27S "rules.vtl",                         "nvl(NZ, 0) <= nvl(NO, 0)",                                               "nvl(NZ, 0) < nvl(NO, 0)"         },
    {RB27S "rules.vtl",                         "nvl(NZ, 0) <= nvl(NO, 0)",                                               "NZ <= NO"                        },
    {RB27S "rules.vtl",                         "NP >= 0",                                                                "NP <> 0"                         },
    {RB27S "rules.vtl",                         "nvl(SO, 0) = 0",                                                         "nvl(SO, 0) <= 0"                 },
    {RB27S "rules.vtl",                         "nvl(SU, 0) = 0",                                                         "nvl(SO, 0) = 0"                  },
    {RB27S "rules.vtl",                         "nvl(UZ, 0) = 0",                                                         "nvl(OT, 0) = 0"                  },
    {RB27S "rules.vtl",                         "nvl(OT, 0) = 0",                                                         "nvl(OT, 0) >= 0"                 },
    {RB27S "rules.vtl",                         "abs(nvl(SU, 0)) + abs(nvl(UZ, 0)) + abs(nvl(OT, 0)) = 0\n    errorcode",
     "nvl(SU, 0) + abs(nvl(UZ, 0)) + nvl(OT, 0) = 0\n    errorcode"                                                                                         },
    {RB27S "rules.vtl",                         "abs(nvl(NP, 0))",                                                        "nvl(NP, 0)"                      },
    {RB27S "rules.vtl",                         "nvl(DW, 0) <= nvl(PL, 0)",                                               "nvl(DW, 0) < nvl(PL, 0)"         },
    {RB27S "rules.vtl",                         "not (nvl(DW, 0) = 0)",                                                   "not (DW = 0)"                    },
    {RB27S "rules.vtl",                         "Dzial in DZIALY",                                                        "Dzial not_in DZIALY"             },
    {RB27S "rules.vtl",                         "Paragraf in PARAGRAFY_DOCHODOW",                                         "Paragraf in PARAGRAFY_WYDATKOW"  },
    {RB27S "rules.vtl",                         "substr(Rozdzial, 1, 3)",                                                 "substr(Rozdzial, 1, 2)"          },
    {RB28S "rules.vtl",                         "nvl(WW, 0) <= nvl(PL, 0)",                                               "nvl(WW, 0) < nvl(PL, 0)"         },
    {RB28S "rules.vtl",                         "nvl(WW, 0) <= nvl(ZA, 0)",                                               "nvl(WW, 0) <= nvl(PL, 0)"        },
    {RB28S "rules.vtl",                         "nvl(ZA, 0) <= nvl(PL, 0)",                                               "nvl(PL, 0) <= nvl(ZA, 0)"        },
    {RB28S "rules.vtl",                         "nvl(ZW, 0) <= nvl(ZO, 0)",                                               "nvl(ZW, 0) = nvl(ZO, 0)"         },
    {RB28S "rules.vtl",                         "nvl(LU, 0) + nvl(RB, 0)",                                                "nvl(LU, 0) - nvl(RB, 0)"         },
    {RB28S "rules.vtl",                         "nvl(WFS, 0) <= nvl(WW, 0)",                                              "nvl(WFS, 0) <= nvl(PL, 0)"       },
    {RB28S "rules.vtl",                         "P4 = \"0\" and",                                                         ""                                },
    {RB28S "rules.vtl",                         " and Paragraf in PARAGRAFY_Z_GRUPA",                                     ""                                },
    {RB28S "rules.vtl",                         "not_in PARAGRAFY_POZA_OKRESEM",                                          "in PARAGRAFY_Z_GRUPA"            },
    {RB28S "rules.vtl",                         "abs(nvl(WN, 0))",                                                        "0"                               },
    {RB27S "rules.xml",                         "check=\"date-after-arrival\"",                                           "check=\"date-before-period-end\""},
    {RB28S "form.xml",                          "label=\"P4\" key=\"true\"",                                              "label=\"P4\" key=\"false\""      },
    {"dictionaries/paragrafy-poza-okresem.csv", "2021-12-31",                                                             "2020-12-31"                      },
    {"dictionaries/grupy-paragrafow.csv",       "1400/401",                                                               "1100/401"                        },
    {RBNDS "rules.vtl",                         "nvl(A1, 0) + nvl(A2, 0)",                                                "nvl(A1, 0) - nvl(A2, 0)"         },
    {RBNDS "rules.vtl",                         "nvl(A1, 0) - nvl(B1, 0)",                                                "nvl(A1, 0) - nvl(B2, 0)"         },
    {RBNDS "rules.vtl",                         "nvl(D23, 0)",                                                            "D23"                             },
    {RBNDS "rules.vtl",                         "when Kolumna = \"P\" then nvl(C",                                        "when Kolumna <> \"X\" then nvl(C"},
    {RBNDS "rules.vtl",                         "when Kolumna = \"P\" then nvl(C",                                        "when Kolumna = \"W\" then nvl(C" },
    {RBZ "rules.vtl",                           "nvl(K9, 0)",                                                             "nvl(K4, 0)"                      },
    {RB30S "form.xml",                          "label=\"rozdz.\" key=\"true\"",                                          "label=\"rozdz.\" key=\"false\""  },
    {RB28NWS "form.xml",                        "numbers=\"1 2\"",                                                        "numbers=\"1 2 3\""               },
    {RBZ "form.xml",                            "<level name=\"jednostkowe\"",                                            "<level name=\"zbiorcze\""        },
    {RB27S "rules.xml",                         "severity=\"query\" periods=\"month\"",
     "severity=\"off\" periods=\"month\""                                                                                                                   },
};

static void
every_wrong_formula_is_noticed_by_a_case(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(mutations); i++) {
        struct arena        *arena = arena_create(ARENA_MAX);
        struct cases_summary summary = {0};
        struct fault         fault = {0};
        enum err             got = run_cases(arena, &mutations[i], &summary, &fault);

        EXPECT(got == ERR_OK, fault.text);
        EXPECT(summary.failed > 0, mutations[i].to);
        arena_destroy(arena);
    }
}

/* An older Rb-27S beside the newer one, which differs from it in one formula. */
#define OLDER "rb-27s/2015-1/"

static const struct shelf_edit aging[] = {
    {"catalogue.xml",   "<form path=\"rb-27s/2025-1/form.xml\"/>",
     "<form path=\"rb-27s/2025-1/form.xml\"/><form path=\"" OLDER "form.xml\"/>"                          },
    {OLDER "form.xml",  "version=\"2025-1\"",                      "version=\"2015-1\""                   },
    {OLDER "form.xml",  "from=\"2021-01-01\" to=\"\"",             "from=\"2015-01-01\" to=\"2020-12-31\""},
    {OLDER "rules.vtl", "nvl(NZ, 0) <= nvl(NO, 0)",                "nvl(NZ, 0) <= nvl(NA, 0)"             },
};

static void
each_version_of_a_form_is_judged_by_its_own_rules(void **state)
{
    const struct shelf_twin twin = {RB27S, OLDER, aging, ARRAY_COUNT(aging)};
    struct arena           *arena = arena_create(ARENA_MAX);
    struct cases_summary    summary = {0};
    struct cases_summary    alone = {0};
    struct fault            fault = {0};
    const struct catalogue *catalogue = NULL;
    const struct rules     *rules = NULL;

    (void)state;
    assert_int_equal(run_cases(arena, NULL, &alone, &fault), ERR_OK);
    EXPECT(shelf_load_twin(arena, &twin, &catalogue, &fault) == ERR_OK, fault.text);
    EXPECT(rules_compile(arena, catalogue, &rules, &fault) == ERR_OK, fault.text);
    EXPECT(cases_run(arena, catalogue, rules, &summary, &fault) == ERR_OK, fault.text);
    assert_int_equal(summary.coverage_count, alone.coverage_count + RULES_OF_RB27S);
    assert_true(summary.failed > 0);
    for (size_t i = 0; i < summary.result_count; i++) {
        const struct case_result *it = &summary.results[i];
        EXPECT(it->passed || str_equal(it->path, STR(OLDER "tests/RB27S-004.xml")), it->name.data);
    }
    arena_destroy(arena);
}

static const struct {
    const char       *name;
    struct shelf_edit edit;
    const char       *complaint;
} faulty[] = {
    {"unknown column",
     {RB27S "tests/RB27S-001.xml", "NA=\"12000.00\"", "NX=\"12000.00\""},
     "RB27S-001.xml:4: formularz nie ma kolumny „NX”"                                                          },
    {"bad amount",
     {RB27S "tests/RB27S-001.xml", "NA=\"12000.00\"", "NA=\"12000\""},
     "RB27S-001.xml:4: to nie jest kwota: „12000”"                                                             },
    {"bad moment",
     {RB27S "tests/RB27S-020.xml", "at=\"2026-07-24T22:00:00Z\"", "at=\"lipiec\""},
     "atrybut at nie jest datą: „lipiec”"                                                                     },
    {"bad wish",
     {RB27S "tests/RB27S-001.xml", "expect=\"pass\"", "expect=\"ok\""},
     "RB27S-001.xml:3: nieznana wartość atrybutu expect: „ok”"                                               },
    {"other rule",
     {RB27S "tests/RB27S-001.xml", "rule=\"RB27S-001\"", "rule=\"RB27S-002\""},
     "plik jest o innej regule niż „RB27S-001”"                                                               },
    {"a word that is misspelt",
     {RB27S "tests/RB27S-020.xml", "at=\"2026-07-24T22:00:00Z\"", "dnia=\"2026-07-24T22:00:00Z\""},
     "nieznany atrybut „dnia”"                                                                                 },
    {"what is to come of it, misspelt",
     {RB27S "tests/RB27S-003.xml", "<expect row", "<expcet row"},
     "RB27S-003.xml:14: nieznany element „expcet”"                                                             },
    {"what is to be found, misspelt",
     {RB27S "tests/RB27S-003.xml", "found=", "fuond="},
     "RB27S-003.xml:14: nieznany atrybut „fuond”"                                                              },
    {"not well-formed",                 {RB27S "tests/RB27S-001.xml", "</case>", ""},               "RB27S-001.xml"},
};

static void
a_faulty_cases_file_is_refused_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(faulty); i++) {
        struct arena        *arena = arena_create(ARENA_MAX);
        struct cases_summary summary = {0};
        struct fault         fault = {0};

        EXPECT(run_cases(arena, &faulty[i].edit, &summary, &fault) == ERR_CATALOGUE,
               faulty[i].name);
        if (strstr(fault.text, faulty[i].complaint) == NULL) {
            fail_msg("%s: %s", faulty[i].name, fault.text);
        }
        arena_destroy(arena);
    }
}

/* Nobody would notice that they never run. */
static void
cases_of_a_rule_that_is_not_there_are_refused(void **state)
{
    const struct shelf_twin twin = {"sets/2025-1/tests/", RB27S "tests/", NULL, 0};
    struct arena           *arena = arena_create(ARENA_MAX);
    struct cases_summary    summary = {0};
    struct fault            fault = {0};
    const struct catalogue *catalogue = NULL;
    const struct rules     *rules = NULL;

    (void)state;
    EXPECT(shelf_load_twin(arena, &twin, &catalogue, &fault) == ERR_OK, fault.text);
    EXPECT(rules_compile(arena, catalogue, &rules, &fault) == ERR_OK, fault.text);
    assert_int_equal(cases_run(arena, catalogue, rules, &summary, &fault), ERR_CATALOGUE);
    assert_string_equal(fault.text,
                        RB27S "tests/ZESTAW-001.xml: obok, w pliku reguł, nie ma reguły o "
                              "tym kodzie");
    arena_destroy(arena);
}

/* form.xml names the file. */
static void
rules_may_stand_in_a_file_of_any_name(void **state)
{
    static const struct shelf_edit edit = {RB27S "form.xml", "rules=\"rules.xml\"",
                                           "rules=\"zasady.xml\""};
    const struct shelf_twin        twin = {RB27S "rules.xml", RB27S "zasady.xml", &edit, 1};
    struct arena                  *arena = arena_create(ARENA_MAX);
    struct cases_summary           summary = {0};
    struct fault                   fault = {0};
    const struct catalogue        *catalogue = NULL;
    const struct rules            *rules = NULL;

    (void)state;
    EXPECT(shelf_load_twin(arena, &twin, &catalogue, &fault) == ERR_OK, fault.text);
    EXPECT(rules_compile(arena, catalogue, &rules, &fault) == ERR_OK, fault.text);
    EXPECT(cases_run(arena, catalogue, rules, &summary, &fault) == ERR_OK, fault.text);
    assert_int_equal(summary.failed, 0);
    arena_destroy(arena);
}

/* A case that asks for something else than what happens. */
static const struct {
    const char       *name;
    struct shelf_edit edit;
    size_t            failed;
    size_t            uncovered;
} thinned[] = {
    {"one case turned round",
     {RB28S "tests/RB28S-001.xml", "expect=\"fail\"", "expect=\"pass\""},
     1,                                                                                                            0},
    {"wrong row",                          {RB28S "tests/RB28S-001.xml", "row=\"2\"", "row=\"1\""},             1, 0},
    {"wrong column",                       {RB28S "tests/RB28S-001.xml", "column=\"WW\"", "column=\"ZO\""},     1, 0},
    {"wrong amount",                       {RB28S "tests/RB28S-001.xml", "found=\"10,01\"", "found=\"10,02\""}, 1, 0},
    {"the only failing case turned round",
     {RB27S "tests/RB27S-005.xml", "expect=\"fail\"", "expect=\"pass\""},
     1,                                                                                                            1},
};

static void
coverage_and_expectations_are_not_decoration(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(thinned); i++) {
        struct arena        *arena = arena_create(ARENA_MAX);
        struct cases_summary summary = {0};
        struct fault         fault = {0};

        EXPECT(run_cases(arena, &thinned[i].edit, &summary, &fault) == ERR_OK, fault.text);
        EXPECT(summary.failed == thinned[i].failed, thinned[i].name);
        EXPECT(summary.uncovered == thinned[i].uncovered, thinned[i].name);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_cases_beside_the_rules_pass_and_cover_every_rule),
        cmocka_unit_test(every_wrong_formula_is_noticed_by_a_case),
        cmocka_unit_test(each_version_of_a_form_is_judged_by_its_own_rules),
        cmocka_unit_test(a_faulty_cases_file_is_refused_with_its_place),
        cmocka_unit_test(cases_of_a_rule_that_is_not_there_are_refused),
        cmocka_unit_test(rules_may_stand_in_a_file_of_any_name),
        cmocka_unit_test(coverage_and_expectations_are_not_decoration),
    };

    guard_initialise();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
