#include "tests/support/expect.h"
#include "tests/unit/validators/rules/shelf.h"
#include "validators/rules/specimen.h"
#include "validators/xml/guard.h"
#include "validators/xml/tree.h"

#include <string.h>

enum { ARENA_MAX = 256 * 1024 * 1024 };

#define ROW27 "<row Dzial='801' Rozdzial='80101' Paragraf='075' P4='0' "
#define LINE(symbol, amount) "<row Symbol='" symbol "' W='" amount "'/>"

/* One more line in each sum: the limit of the list, and one beyond it. */
static const struct shelf_edit ten = {
    "rb-nds/2025-1/rules.vtl", "nvl(A, 0) = nvl(A1, 0) + nvl(A2, 0) ",
    "nvl(A, 0) = nvl(A1, 0) + nvl(A2, 0) + nvl(A21, 0) + nvl(B, 0) + nvl(B1, 0) + nvl(B2, 0) + "
    "nvl(C, 0) + nvl(C1, 0) + nvl(D1, 0) + nvl(D11, 0) "};
static const struct shelf_edit twelve = {
    "rb-nds/2025-1/rules.vtl", "nvl(A, 0) = nvl(A1, 0) + nvl(A2, 0) ",
    "nvl(A, 0) = nvl(A1, 0) + nvl(A2, 0) + nvl(A21, 0) + nvl(B, 0) + nvl(B1, 0) + nvl(B2, 0) + "
    "nvl(C, 0) + nvl(C1, 0) + nvl(D1, 0) + nvl(D11, 0) + nvl(D12, 0) + nvl(E, 0) "};

/* clang-format off */
/* What is told of one rule: "found: amount cell @position | ...; expected: ...". */
static const struct {
    const char              *name;
    const struct shelf_edit *edit;
    const char              *element;
    const char              *okres;
    const char              *rows;
    const char              *code;
    const char              *told;
} rows[] = {
    {"the largest first, and what is absent last",                 NULL, "Rb-nds", "2",
     LINE("A", "100.00") LINE("A1", "7.00") LINE("A2", "90.00"),                                                                                    "RBNDS-001",
     "expected: 90,00 wiersz A2 @3 | 7,00 wiersz A1 @2"                                                                                                                                                                 },
    {"a line that does not stand there",                           NULL,                                       "Rb-nds", "2",
     LINE("A", "100.00") LINE("A2", "90.00"),                                                                                                                                           "RBNDS-001",
     "expected: 90,00 wiersz A2 @2 | - wiersz A1 @0"                                                                                                                                                                    },
    {"what is taken off has its sign, and its size counts",        NULL,                                       "Rb-nds", "2",
     LINE("A", "10.00") LINE("B", "30.00") LINE("C", "5.00"),                                                                                                             "RBNDS-003",
     "expected: -30,00 wiersz B @2 | 10,00 wiersz A @1"                                                                                                                                                                 },
    {"both sides of a balance",                                    NULL,                                       "Rb-27s", "2",
     ROW27 "NA='100.00' DW='40.00' NO='50.00' NP='0.00'/>",                                                                         "RB27S-001",
     "found: 50,00 kol. 8 @1 | 0,00 kol. 10 @1; expected: 100,00 kol. 5 @1 | -40,00 kol. 7 @1"                                                                                                                          },
    {"a sum of absolute values lists what is not zero",            NULL,                                       "Rb-27s", "1m",
     ROW27 "NA='-3.00' NO='0.00' SU='4.00'/>",                                                                                                "RB27S-011",
     "found: 4,00 kol. 12 @1 | 3,00 kol. 5 @1"                                                                                                                                                                          },
    {"a comparison of two cells has none",                         NULL,                                       "Rb-nds", "2",
     LINE("A2", "1.00") LINE("A21", "2.00") LINE("A", "1.00"),                                                                                                            "RBNDS-005", ""                             },
    {"as many as the limit says",                                  &ten,                                       "Rb-nds", "2",
     LINE("A", "1.00") LINE("D11", "2.00"),                                                                                                                                             "RBNDS-001",
     "expected: 2,00 wiersz D11 @2 | - wiersz A1 @0 | - wiersz A2 @0 | - wiersz A21 @0 | - wiersz B "
     "@0 | - wiersz B1 @0 | - wiersz B2 @0 | - wiersz C @0 | - wiersz C1 @0 | - wiersz D1 @0"                                                                                                                           },
    {"two more than the limit are counted and added up",           &twelve,                                    "Rb-nds", "2",
     LINE("A", "1.00") LINE("A1", "12.00") LINE("A2", "11.00") LINE("A21", "10.00")
         LINE("B", "9.00") LINE("B1", "8.00") LINE("B2", "7.00") LINE("C", "6.00")
             LINE("C1", "5.00") LINE("D1", "4.00") LINE("D11", "3.00") LINE("D12", "2.00")
                 LINE("E", "1.00"),                                                                                                                                                     "RBNDS-001",
     "expected: 12,00 wiersz A1 @2 | 11,00 wiersz A2 @3 | 10,00 wiersz A21 @4 | 9,00 wiersz B @5 | "
     "8,00 wiersz B1 @6 | 7,00 wiersz B2 @7 | 6,00 wiersz C @8 | 5,00 wiersz C1 @9 | 4,00 wiersz D1 "
     "@10 | 3,00 wiersz D11 @11 | +2 3,00"                                                                                                                                                                              },
    {"a sum that does not stand there", NULL, "Rb-nds", "2", LINE("A1", "90.00"), "RBNDS-001",
     "expected: 90,00 wiersz A1 @1 | - wiersz A2 @0"},
};
/* clang-format on */

static void
build(struct arena *arena, const struct catalogue *catalogue, size_t index,
      struct specimen *specimen)
{
    static struct element_table table;
    struct date                 end = {2026, 6, 30};
    struct fault                fault = {0};
    bool                        monthly = strchr(rows[index].okres, 'm') != NULL;
    struct str                  text =
        str_format(arena,
                   "<cases rule='X'><case name='n' okres-typ='%s' okres='%c' "
                   "date='2026-07-09'>%s</case></cases>",
                   monthly ? "Miesiac" : "Kwartal", rows[index].okres[0], rows[index].rows);
    struct case_source source = {.catalogue = catalogue,
                                 .form =
                                     catalogue_form(catalogue, str_of(rows[index].element), end),
                                 .path = STR("case"),
                                 .table = &table};

    if (source.form < 0 || xml_tree_read(arena, text, source.path, &table, &fault) != ERR_OK
        || specimen_build(arena, &source, 1, specimen, &fault) != ERR_OK) {
        fail_msg("%s: %s", rows[index].name, fault.text);
    }
}

/* A cell up to its title: "wiersz A1", "kol. 8". */
static struct str
shorten(struct str cell)
{
    struct str rest = cell;
    struct str piece = {0};

    (void)str_cut(&rest, ' ', &piece);
    (void)str_cut(&rest, ' ', &piece);
    return str_slice(cell, 0, (size_t)(piece.data + piece.size - cell.data));
}

static struct str
describe_side(struct arena *arena, const struct contributors *side, struct str text)
{
    for (size_t i = 0; i < side->count; i++) {
        const struct contributor *it = &side->items[i];
        struct str                cell = shorten(it->cell);
        text = str_format(arena, "%.*s%s%.*s %.*s @%u", STR_ARG(text), i > 0 ? " | " : "",
                          STR_ARG(it->amount.size > 0 ? it->amount : STR("-")), STR_ARG(cell),
                          it->offset / SPECIMEN_ROW_STEP);
    }
    return side->more == 0 ? text
                           : str_format(arena, "%.*s | +%zu %.*s", STR_ARG(text), side->more,
                                        STR_ARG(side->rest));
}

/* What the first finding of the code is made of; every one of another code is passed over. */
static struct str
describe(struct arena *arena, const struct findings *findings, const char *code)
{
    for (size_t i = 0; i < findings_count(findings); i++) {
        const struct contributors *sides = findings_at(findings, i)->contributors;
        struct str                 text = STR("");
        if (strcmp(findings_at(findings, i)->code, code) != 0) {
            continue;
        }
        if (sides != NULL && sides[CONTRIBUTORS_FOUND].count > 0) {
            text = describe_side(arena, &sides[CONTRIBUTORS_FOUND], STR("found: "));
        }
        if (sides != NULL && sides[CONTRIBUTORS_EXPECTED].count > 0) {
            text = str_format(arena, "%.*s%sexpected: ", STR_ARG(text), text.size > 0 ? "; " : "");
            text = describe_side(arena, &sides[CONTRIBUTORS_EXPECTED], text);
        }
        return text;
    }
    return STR("not found");
}

static void
a_sum_tells_what_it_is_made_of(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena           *arena = arena_create(ARENA_MAX);
        const struct catalogue *catalogue = NULL;
        const struct rules     *rules = NULL;
        struct specimen         specimen = {0};
        struct rules_tally      tally = {0};
        struct fault            fault = {0};

        EXPECT(shelf_load(arena, rows[i].edit, &catalogue, &fault) == ERR_OK, fault.text);
        EXPECT(rules_compile(arena, catalogue, &rules, &fault) == ERR_OK, fault.text);
        build(arena, catalogue, i, &specimen);
        struct findings     *findings = findings_create(arena);
        struct rules_request request = {.catalogue = catalogue,
                                        .rules = rules,
                                        .package = &specimen.package,
                                        .environment = ENVIRONMENT_TEST,
                                        .at = specimen.at};
        assert_int_equal(rules_report(arena, &request, 0, findings, &tally, &fault), ERR_OK);
        struct str told = describe(arena, findings, rows[i].code);
        if (!str_equal(told, str_of(rows[i].told))) {
            fail_msg("%s:\n%.*s", rows[i].name, STR_ARG(told));
        }
        arena_destroy(arena);
    }
}

/* The position of rows[] whose sum does not stand in the report. */
static const struct {
    const char *name;
    uint32_t    rows_start;
    uint32_t    offset;
    const char *xpath;
} places[] = {
    {"at what holds the positions",         7, 7, "/Rb-nds[1]/Pozycje"},
    {"at the report when there is nothing", 0, 5, "/Rb-nds[1]"        },
};

static void
what_does_not_stand_there_is_told_at_one_element(void **state)
{
    size_t missing = ARRAY_COUNT(rows) - 1;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(places); i++) {
        struct arena           *arena = arena_create(ARENA_MAX);
        const struct catalogue *catalogue = NULL;
        const struct rules     *rules = NULL;
        struct specimen         specimen = {0};
        struct rules_tally      tally = {0};
        struct fault            fault = {0};

        EXPECT(shelf_load(arena, NULL, &catalogue, &fault) == ERR_OK, fault.text);
        EXPECT(rules_compile(arena, catalogue, &rules, &fault) == ERR_OK, fault.text);
        build(arena, catalogue, missing, &specimen);
        specimen.report.start = 5;
        specimen.report.rows_start = places[i].rows_start;
        struct findings     *findings = findings_create(arena);
        struct rules_request request = {.catalogue = catalogue,
                                        .rules = rules,
                                        .package = &specimen.package,
                                        .environment = ENVIRONMENT_TEST,
                                        .at = specimen.at};
        assert_int_equal(rules_report(arena, &request, 0, findings, &tally, &fault), ERR_OK);
        const struct finding *finding = NULL;
        for (size_t j = 0; j < findings_count(findings); j++) {
            bool it = strcmp(findings_at(findings, j)->code, rows[missing].code) == 0;
            finding = it ? findings_at(findings, j) : finding;
        }
        assert_non_null(finding);
        EXPECT(finding->offset == places[i].offset, places[i].name);
        EXPECT(str_ends_with(finding->xpath, str_of(places[i].xpath)), places[i].name);
        EXPECT(str_starts_with(finding->cell, STR("wiersz A Dochody")), places[i].name);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sum_tells_what_it_is_made_of),
        cmocka_unit_test(what_does_not_stand_there_is_told_at_one_element),
    };

    guard_initialise();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
