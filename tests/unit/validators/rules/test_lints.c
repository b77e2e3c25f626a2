#include "tests/support/expect.h"
#include "tests/unit/validators/rules/shelf.h"
#include "validators/rules/lints.h"
#include "validators/xml/guard.h"

#include <string.h>

enum { ARENA_MAX = 256 * 1024 * 1024 };

#define VTL "rb-27s/2025-1/rules.vtl"

static enum err
run_lints(struct arena *arena, const struct shelf_edit *edit, struct lints_summary *out,
          struct fault *fault)
{
    const struct catalogue *catalogue = NULL;

    TRY(shelf_load(arena, edit, &catalogue, fault));
    return lints_run(arena, catalogue, out, fault);
}

static const struct {
    const char       *name;
    struct shelf_edit edit;
    size_t            refused;
    size_t            notices;
    const char       *text; /* of the first remark */
    unsigned          line;
    unsigned          column;
} rows[] = {
    {"as it is",                                    {NULL, NULL, NULL},                              0, 0, NULL,        0,  0 },
    {"syntax",                                      {VTL, "RB27S_003: NZ >= 0", "RB27S_003: NZ >="}, 1, 0, "errorcode", 18, 20},
    {"unknown column",                              {VTL, "NP >= 0", "NX >= 0"},                     1, 0, "NX",        20, 14},
    {"a level, and a code of another rule",
     {VTL, "NZ >= 0 errorcode \"RB27S-003\"", "NZ >= 0 errorcode \"RB27S-004\" errorlevel 1"},
     2,                                                                                                 0,
     "wagę uwagi podaje rules.xml",                                                                                    18,
     55                                                                                                                       },
    {"a code without an entry",
     {VTL, "RB27S_017: substr(Rozdzial, 1, 3) = Dzial errorcode \"RB27S-017\"",
      "RB27S_099: substr(Rozdzial, 1, 3) = Dzial errorcode \"RB27S-099\""},
     1,                                                                                                 0,
     "nie ma opisu w rules.xml",                                                                                        44,
     3                                                                                                                        },
    {"a bare quotient and a bad code",
     {VTL, "NP >= 0 errorcode \"RB27S-005\"", "NP / 2 >= 0 errorcode \"nadpłaty\""},
     2,                                                                                                 0,
     "iloraz powinien",                                                                                                 20,
     17                                                                                                                       },
    {"each of four rules, two of them on one line",
     {VTL, "RB27S_003: NZ >= 0 errorcode \"RB27S-003\";",
      "/* ąę */ RB27S_103: NQ >= 0 errorcode \"RB27S-103\"; RB27S_104: NZ >= errorcode \"x\";\n"
      "RB27S_105: NZ >= \"x\" errorcode \"RB27S-105\"; RB27S_003: NZ / 2 >= 0 errorcode "
      "\"RB27S-003\";"},
     4,                                                                                                 0,
     "NQ",                                                                                                              18,
     23                                                                                                                       },
    {"what no rule can be left out for",
     {VTL, "(variable Dzial", "(variable Dzal"},
     1,                                                                                                 0,
     "Dzal",                                                                                                            7,
     42                                                                                                                       },
    {"a ruleset without its end",
     {VTL, "end datapoint ruleset;", "datapoint ruleset;"},
     1,                                                                                                 0,
     "po regule powinien",                                                                                              45,
     1                                                                                                                        },
    {"the last rule of a ruleset",
     {VTL, "= Dzial errorcode", "= Dzial = errorcode"},
     1,                                                                                                 0,
     "errorcode",                                                                                                       44,
     47                                                                                                                       },
    {"a scale beyond the limit",
     {VTL, "NP >= 0", "NP * 0.1234567890123456 * 0.1 >= 0"},
     0,                                                                                                 1,
     "18",                                                                                                              20,
     38                                                                                                                       },
};

static void
everything_to_mend_is_said_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena        *arena = arena_create(ARENA_MAX);
        struct lints_summary summary = {0};
        struct fault         fault = {0};

        EXPECT(run_lints(arena, &rows[i].edit, &summary, &fault) == ERR_OK, fault.text);
        for (size_t j = 0; j < summary.remark_count; j++) {
            print_message("%s: %u:%u %s\n", rows[i].name, summary.remarks[j].problem.line,
                          summary.remarks[j].problem.column, summary.remarks[j].problem.text);
        }
        EXPECT(summary.script_count >= 2, rows[i].name);
        EXPECT(summary.refused == rows[i].refused, rows[i].name);
        EXPECT(summary.remark_count == rows[i].refused + rows[i].notices, rows[i].name);
        if (rows[i].text != NULL) {
            const struct lint_remark *first = &summary.remarks[0];
            EXPECT(strstr(first->problem.text, rows[i].text) != NULL, first->problem.text);
            EXPECT(first->problem.line == rows[i].line, rows[i].name);
            EXPECT(first->problem.column == rows[i].column, rows[i].name);
            EXPECT(str_equal(first->path, STR(VTL)), rows[i].name);
        }
        arena_destroy(arena);
    }
}

/* That a rule is on trial follows from its severity; a text that says so would outlive it. */
static void
no_text_says_that_a_rule_is_on_trial(void **state)
{
    struct arena           *arena = arena_create(ARENA_MAX);
    const struct catalogue *catalogue = NULL;
    struct fault            fault = {0};

    (void)state;
    assert_int_equal(shelf_load(arena, NULL, &catalogue, &fault), ERR_OK);
    for (size_t i = 0; i < catalogue->entry_count; i++) {
        struct str text = catalogue->entries[i].explain;
        struct str name = str_copy(arena, catalogue->entries[i].code);
        EXPECT(text.size == 0 || memmem(text.data, text.size, "na próbie", 10) == NULL, name.data);
    }
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_text_says_that_a_rule_is_on_trial),
        cmocka_unit_test(everything_to_mend_is_said_with_its_place),
    };

    guard_initialise();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
