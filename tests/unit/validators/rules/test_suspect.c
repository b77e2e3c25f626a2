#include "tests/support/expect.h"
#include "tests/unit/validators/rules/shelf.h"
#include "validators/rules/specimen.h"
#include "validators/rules/suspect.h"
#include "validators/xml/guard.h"
#include "validators/xml/tree.h"

#include <string.h>

enum { ARENA_MAX = 256 * 1024 * 1024 };

#define ROW28 "<row Dzial='801' Rozdzial='80101' Grupa='1100' Paragraf='421' P4='0' "
#define LINE(symbol, amount) "<row Symbol='" symbol "' W='" amount "'/>"
#define LINEZ(symbol, columns) "<row Symbol='" symbol "' " columns "/>"
#define ROW27 "<row Dzial='801' Rozdzial='80101' Paragraf='075' P4='0' "

/* A sum of columns that is shown, beside the sums of lines. */
#define BASIS                                                                                   \
    "rozporządzenie w sprawie sprawozdań jednostek sektora finansów publicznych w zakresie " \
    "operacji finansowych (Dz.U. 2020 poz. 2396)"
#define SUM_OF_COLUMNS(severity)                                                          \
    "<fix>Sprawdź kolumny K3, K4, K9, K10, K11, K12, K13 i K14 tej pozycji.</fix>\n    " \
    "<basis>" BASIS "</basis>\n    <applies severity=\"" severity "\"/>"
static const struct shelf_edit shown = {"rb-z/2025-1/rules.xml", SUM_OF_COLUMNS("proposed"),
                                        SUM_OF_COLUMNS("query")};

/* clang-format off */
/* What is told of a report: "code@position suspect", one line for each finding of a formula. */
static const struct {
    const char *name;
    const char *element;
    const char *okres;
    const char *rows;
    const char *told;
} rows[] = {
    {"one slip makes three comparisons false",    "Rb-28s", "2",
     ROW28 "PL='100.00' ZA='100.00' WW='900.00' WFS='0.00'/>",
     "RB28S-001@1 kol. 7 Wydatki wykonane\nRB28S-002@1 kol. 7 Wydatki wykonane\n"    },
    {"a single finding has no suspect",           "Rb-28s", "2", ROW28 "PL='100.00' ZA='80.00' WW='90.00'/>",
     "RB28S-002@1 -\n"                                                               },
    {"two slips that no one cell explains",       "Rb-28s", "2",
     ROW28 "PL='100.00' ZA='50.00' WW='60.00' ZW='6.00' ZO='5.00'/>",
     "RB28S-004@1 -\nRB28S-002@1 -\n"                                                },
    {"a change that breaks another rule is none", "Rb-28s", "2",
     ROW28 "PL='10.00' ZA='20.00' WW='20.00' WFS='20.00'/>",
     "RB28S-001@1 kol. 5 Plan (po zmianach)\nRB28S-003@1 kol. 5 Plan (po zmianach)\n"},
    {"an absent cell may be the one",             "Rb-28s", "2", ROW28 "ZA='20.00' WW='20.00'/>",
     "RB28S-001@1 kol. 5 Plan (po zmianach)\nRB28S-003@1 kol. 5 Plan (po zmianach)\n"},
    {"an unreadable cell is never the one",       "Rb-28s", "2",
     ROW28 "PL='!x' ZA='20.00' WW='30.00' ZO='1.00' ZW='2.00' LU='2.00'/>",
     "RB28S-004@1 -\nRB28S-002@1 -\n"                                                },
    {"each position has its own",                 "Rb-28s", "2",
     ROW28
     "PL='100.00' ZA='100.00' WW='900.00'/>"
     "<row Dzial='801' Rozdzial='80101' Grupa='1100' Paragraf='422' P4='0' PL='1.00' ZA='9.00' "
     "WW='9.00'/>",                                                                                           "RB28S-001@1 kol. 7 Wydatki wykonane\n"
     "RB28S-001@2 kol. 5 Plan (po zmianach)\n"
     "RB28S-002@1 kol. 7 Wydatki wykonane\n"
     "RB28S-003@2 kol. 5 Plan (po zmianach)\n"                    },
    {"negative arrears beside the balance",       "Rb-27s", "2",
     ROW27 "NA='100.00' DW='50.00' NO='40.00' NZ='45.00'/>",
     "RB27S-001@1 kol. 8 Należności pozostałe do zapłaty ogółem\n"
     "RB27S-004@1 kol. 8 Należności pozostałe do zapłaty ogółem\n"             },
    {"a line that two sums read", "Rb-nds", "2",
     LINE("A", "100.00") LINE("A1", "90.00") LINE("A2", "40.00") LINE("B1", "50.00")
     LINE("B", "50.00") LINE("C", "50.00") LINE("C1", "10.00"),
     "RBNDS-001@1 wiersz A1 Dochody bieżące, Wykonanie\n"
     "RBNDS-004@7 wiersz A1 Dochody bieżące, Wykonanie\n"},
    {"a line that does not stand there", "Rb-nds", "2",
     LINE("A", "100.00") LINE("A2", "40.00") LINE("C", "100.00") LINE("C1", "60.00"),
     "RBNDS-001@1 wiersz A1 Dochody bieżące, Wykonanie\n"
     "RBNDS-004@4 wiersz A1 Dochody bieżące, Wykonanie\n"},
    {"one sum of lines has no suspect", "Rb-nds", "2",
     LINE("A", "100.00") LINE("A1", "60.00") LINE("A2", "30.00") LINE("C", "100.00") LINE("C1", "60.00"),
     "RBNDS-001@1 -\n"},
    {"a line that cannot be read is never the one", "Rb-nds", "2",
     LINE("A", "100.00") LINE("A1", "!x") LINE("A2", "40.00") LINE("B", "10.00") LINE("B1", "9.00")
     LINE("C", "90.00") LINE("C1", "1.00"),
     "RBNDS-002@4 -\n"},
    {"two sums of lines in one column", "Rb-z", "2",
     LINEZ("E", "K3='10.00' K4='10.00'") LINEZ("E1", "K3='10.00' K4='17.00'")
     LINEZ("E1.1", "K3='10.00' K4='10.00'"),
     "RBZ-001@1 wiersz E1 Papiery wartościowe, kol. 4 Sektor finansów publicznych\n"
     "RBZ-002@2 wiersz E1 Papiery wartościowe, kol. 4 Sektor finansów publicznych\n"
     "RBZ-006@2 wiersz E1 Papiery wartościowe, kol. 4 Sektor finansów publicznych\n"},
    {"the crossing of a line and a column", "Rb-z", "2",
     LINEZ("E", "K3='10.00' K4='17.00'") LINEZ("E1", "K3='10.00' K4='10.00'")
     LINEZ("E1.1", "K3='10.00' K4='10.00'"),
     "RBZ-001@1 wiersz E Zobowiązania według tytułów dłużnych ogółem, kol. 4 Sektor finansów publicznych\n"
     "RBZ-006@1 wiersz E Zobowiązania według tytułów dłużnych ogółem, kol. 4 Sektor finansów publicznych\n"},
    {"of two cells that explain as much none is told", "Rb-z", "2",
     LINEZ("E", "K3='10.00' K4='10.00'") LINEZ("E1", "K3='9.00' K4='10.00'")
     LINEZ("E2", "K3='2.00' K4='1.00'"),
     "RBZ-001@1 wiersz E2 Kredyty i pożyczki, kol. 3 Wierzyciele krajowi ogółem\n"
     "RBZ-001@1 -\nRBZ-002@2 -\nRBZ-002@2 -\nRBZ-003@3 -\n"
     "RBZ-003@3 wiersz E2 Kredyty i pożyczki, kol. 4 Sektor finansów publicznych\n"
     "RBZ-006@2 wiersz E1 Papiery wartościowe, kol. 4 Sektor finansów publicznych\n"
     "RBZ-006@3 wiersz E2 Kredyty i pożyczki, kol. 3 Wierzyciele krajowi ogółem\n"},
};
/* clang-format on */

/* A report of those rows. */
static void
build(struct arena *arena, const struct catalogue *catalogue, size_t index,
      struct specimen *specimen)
{
    static struct element_table table;
    struct date                 end = {2026, 6, 30};
    struct fault                fault = {0};
    struct str                  text = str_format(
                         arena, "<cases rule='X'><case name='n' okres='%s' date='2026-07-09'>%s</case></cases>",
                         rows[index].okres, rows[index].rows);
    struct case_source source = {.catalogue = catalogue,
                                 .form =
                                     catalogue_form(catalogue, str_of(rows[index].element), end),
                                 .path = STR("case"),
                                 .table = &table};

    if (xml_tree_read(arena, text, source.path, &table, &fault) != ERR_OK
        || specimen_build(arena, &source, 1, specimen, &fault) != ERR_OK) {
        fail_msg("%s: %s", rows[index].name, fault.text);
    }
}

/* The findings of comparisons only: headers and dates are none of this test. */
static struct str
describe(struct arena *arena, const struct findings *findings)
{
    struct str text = STR("");

    for (size_t i = 0; i < findings_count(findings); i++) {
        const struct finding *it = findings_at(findings, i);
        if (strncmp(it->code, "RB", 2) == 0 && it->difference.size > 0) {
            text = str_format(arena, "%.*s%s@%u %.*s\n", STR_ARG(text), it->code,
                              it->offset / SPECIMEN_ROW_STEP,
                              STR_ARG(it->suspect.size > 0 ? it->suspect : STR("-")));
        }
    }
    return text;
}

static void
the_cell_that_explains_most_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena           *arena = arena_create(ARENA_MAX);
        const struct catalogue *catalogue = NULL;
        const struct rules     *rules = NULL;
        struct specimen         specimen = {0};
        struct rules_tally      tally = {0};
        struct fault            fault = {0};

        assert_int_equal(shelf_load(arena, &shown, &catalogue, &fault), ERR_OK);
        assert_int_equal(rules_compile(arena, catalogue, &rules, &fault), ERR_OK);
        build(arena, catalogue, i, &specimen);
        struct findings     *findings = findings_create(arena);
        struct rules_request request = {.catalogue = catalogue,
                                        .rules = rules,
                                        .package = &specimen.package,
                                        .environment = ENVIRONMENT_TEST,
                                        .at = specimen.at};
        assert_int_equal(rules_report(arena, &request, 0, findings, &tally, &fault), ERR_OK);
        struct str told = describe(arena, findings);
        if (!str_equal(told, str_of(rows[i].told))) {
            fail_msg("%s:\n%.*s", rows[i].name, STR_ARG(told));
        }
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cell_that_explains_most_is_named),
    };

    guard_initialise();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
