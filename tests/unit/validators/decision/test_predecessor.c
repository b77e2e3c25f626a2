#include "tests/support/expect.h"
#include "tests/support/judging.h"
#include "tests/support/maker.h"

#include <string.h>

enum { ROOM = 64 << 20, UNITS = 2 };

#define ARRIVED JUDGING_ARRIVED

static struct str
make_package(struct arena *arena, const char *wrong)
{
    const struct maker_options options = {
        .units = UNITS, .rows = 3, .forms = MAKER_RB27S, .version = 2, .fault = wrong};
    struct str   bytes = {0};
    struct fault fault = {0};

    ENSURE(maker_package(arena, &options, judging_authority(), &bytes, &fault) == ERR_OK);
    return bytes;
}

/* What is in force for the key of the first report, whose Wersja is 2. */
static const struct {
    const char        *name;
    struct predecessor predecessor;
    const char        *code; /* NULL: nothing is said */
    const char        *title;
} cases[] = {
    {"nothing is in force",              {false, 2, false, ARRIVED},   NULL,                    ""                                                              },
    {"a lower Wersja is in force",       {true, 1, false, ARRIVED},    NULL,                    ""                                                              },
    {"equal, the same bytes",            {true, 2, true, ARRIVED},     NULL,                    ""                                                              },
    {"equal, the same bytes, later",
     {true, 2, true, ARRIVED - 1},
     PREDECESSOR_CODE_SAME,                                                                     "bajt w bajt, jest w bramie od 10 lipca 2026 r., 08:59:59"      },
    {"equal, the same bytes, earlier",   {true, 2, true, ARRIVED + 1}, NULL,                    ""                                                              },
    {"equal, other bytes",
     {true, 2, false, ARRIVED},
     PREDECESSOR_CODE_EQUAL,                                                                    "w wersji 2 jest w bramie od 10 lipca 2026 r., 09:00:00,"       },
    {"equal, the other one came before",
     {true, 2, false, ARRIVED - 1},
     PREDECESSOR_CODE_EQUAL,                                                                    "inna; obowiązuje to z tego pliku"                             },
    {"equal, both came at once",
     {true, 2, false, ARRIVED},
     PREDECESSOR_CODE_EQUAL,                                                                    "inna; obowiązuje to z tego pliku"                             },
    {"equal, the other one came later",
     {true, 2, false, ARRIVED + 1},
     PREDECESSOR_CODE_EQUAL,                                                                    "inna; obowiązuje tamto, z 10 lipca 2026 r., 09:00:00"         },
    {"a higher Wersja is in force",
     {true, 3, false, ARRIVED},
     PREDECESSOR_CODE_HIGHER,                                                                   "Obowiązuje wersja 3 tego sprawozdania, wyższa niż wersja 2 "},
    {"as numbers, not as texts",         {true, 10, false, ARRIVED},   PREDECESSOR_CODE_HIGHER, "wersja 10 "                                                    },
    {"higher, but the same bytes",       {true, 3, true, ARRIVED},     NULL,                    ""                                                              },
};

static enum severity
severity_of(const char *code)
{
    return strcmp(code, PREDECESSOR_CODE_SAME) == 0 ? SEVERITY_INFO : SEVERITY_QUERY;
}

static void
predecessor_tell_follows_the_table(void **state)
{
    struct arena              *arena = arena_create(ROOM);
    struct str                 file = make_package(arena, NULL);
    const struct decision_unit units[UNITS] = {{.standing = DECISION_UNIT_GOOD},
                                               {.standing = DECISION_UNIT_CLOSED}};
    const struct decided_file *decided = judging_decide_registered(arena, file, units);

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const struct predecessor   before[UNITS] = {cases[i].predecessor};
        const struct decided_file *told = judging_tell_predecessors(arena, file, decided, before);
        const char                *code = cases[i].code == NULL ? "" : cases[i].code;
        const struct told         *query = judging_told(&told->reports[0].findings, code);
        size_t                     more = cases[i].code == NULL ? 0 : 1;
        EXPECT((query != NULL) == (cases[i].code != NULL), cases[i].name);
        EXPECT(query == NULL || query->aside, cases[i].name);
        EXPECT(query == NULL || query->severity == severity_of(cases[i].code), cases[i].name);
        EXPECT(query == NULL || strstr(query->title.data, cases[i].title) != NULL, cases[i].name);
        EXPECT(query == NULL || query->column > 1, cases[i].name);
        EXPECT(told->reports[0].findings.count == decided->reports[0].findings.count + more,
               cases[i].name);
        EXPECT(told->reports[0].verdict == decided->reports[0].verdict, cases[i].name);
        EXPECT(told->verdict == decided->verdict, cases[i].name);
        EXPECT(told->reports[1].findings.items == decided->reports[1].findings.items,
               cases[i].name);
        EXPECT(cases[i].code != NULL || told == decided, cases[i].name);
    }
    arena_destroy(arena);
}

static void
it_stands_in_order_among_other_findings(void **state)
{
    struct arena              *arena = arena_create(ROOM);
    struct str                 file = make_package(arena, NULL);
    const struct decision_unit units[UNITS] = {{.standing = DECISION_UNIT_CLOSED},
                                               {.standing = DECISION_UNIT_GOOD}};
    const struct predecessor   before[UNITS] = {
          {true, 2, false, ARRIVED}
    };
    const struct decided_file *decided = judging_decide_registered(arena, file, units);
    const struct decided_file *told = judging_tell_predecessors(arena, file, decided, before);
    const struct told_list    *list = &told->reports[0].findings;

    (void)state;
    assert_true(list->count > 1);
    for (size_t i = 1; i < list->count; i++) {
        assert_true(list->items[i - 1].severity >= list->items[i].severity);
    }
    assert_int_equal(list->items[list->count - 1].severity,
                     decided->reports[0].findings.items[list->count - 2].severity);
    arena_destroy(arena);
}

static void
a_rejected_report_is_not_compared(void **state)
{
    struct arena              *arena = arena_create(ROOM);
    struct str                 file = make_package(arena, NULL);
    const struct decision_unit units[UNITS] = {{.standing = DECISION_UNIT_FOREIGN},
                                               {.standing = DECISION_UNIT_GOOD}};
    const struct predecessor   before[UNITS] = {
          {true, 2, false, ARRIVED}
    };
    const struct decided_file *decided = judging_decide_registered(arena, file, units);

    (void)state;
    assert_ptr_equal(judging_tell_predecessors(arena, file, decided, before), decided);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(predecessor_tell_follows_the_table),
        cmocka_unit_test(it_stands_in_order_among_other_findings),
        cmocka_unit_test(a_rejected_report_is_not_compared),
    };

    return cmocka_run_group_tests(tests, judging_load, judging_unload);
}
