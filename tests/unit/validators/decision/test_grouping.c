#include "tests/support/expect.h"
#include "validators/decision/grouping.h"

#include <string.h>

enum { ARENA_MAX = 1 << 20, REPORTS_MAX = 4, FINDINGS_MAX = 4 };

static const struct rule_entry entries[] = {
    {.code = STR_INIT("A-001")},
    {.code = STR_INIT("B-002")},
    {.code = STR_INIT("C-003")},
};

/* A finding: rule (-1 ends the list), severity, difference. */
struct one {
    int           entry;
    enum severity severity;
    const char   *difference;
};

#define END                  \
    {                        \
        -1, SEVERITY_OFF, "" \
    }

/* Up to four reports of units; groups as "code severity findings/reports/units difference*n". */
static const struct {
    const char *name;
    uint32_t    units[REPORTS_MAX];
    struct one  findings[REPORTS_MAX][FINDINGS_MAX];
    const char *groups;
} rows[] = {
    {"nothing",                                        {0, 1, 2, 3}, {{END}, {END}, {END}, {END}}, ""},
    {"one report makes no group",
     {0, 1, 2, 3},
     {{{0, SEVERITY_ERROR, "1,00"}, {0, SEVERITY_ERROR, "1,00"}, END}, {END}, {END}, {END}},
     ""                                                                                              },
    {"two units",
     {0, 1, 2, 3},
     {{{0, SEVERITY_QUERY, ""}, END}, {END}, {END}, {{0, SEVERITY_QUERY, ""}, END}},
     "A-001 query 2/2/2 *0\n"                                                                        },
    {"two reports of one unit",
     {5, 5, 2, 3},
     {{{0, SEVERITY_ERROR, "1,00"}, END}, {{0, SEVERITY_ERROR, "2,00"}, END}, {END}, {END}},
     "A-001 error 2/2/1 *0\n"                                                                        },
    {"information is none",
     {0, 1, 2, 3},
     {{{0, SEVERITY_INFO, ""}, END}, {{0, SEVERITY_INFO, ""}, END}, {END}, {END}},
     ""                                                                                              },
    {"the worst severity counts",
     {0, 1, 2, 3},
     {{{0, SEVERITY_WARNING, ""}, END}, {{0, SEVERITY_ERROR, ""}, END}, {END}, {END}},
     "A-001 error 2/2/2 *0\n"                                                                        },
    {"a difference that stands three times",
     {0, 1, 2, 3},
     {{{0, SEVERITY_ERROR, "5,00"}, {0, SEVERITY_ERROR, "7,00"}, END},
      {{0, SEVERITY_ERROR, "7,00"}, END},
      {{0, SEVERITY_ERROR, "7,00"}, END},
      {{0, SEVERITY_ERROR, "5,00"}, END}},
     "A-001 error 5/4/4 7,00*3\n"                                                                    },
    {"no difference repeats",
     {0, 1, 2, 3},
     {{{0, SEVERITY_ERROR, "5,00"}, END}, {{0, SEVERITY_ERROR, "6,00"}, END}, {END}, {END}},
     "A-001 error 2/2/2 *0\n"                                                                        },
    {"severity, then units, then findings, then code",
     {0, 1, 2, 0},
     {{{2, SEVERITY_WARNING, ""}, {1, SEVERITY_WARNING, ""}, {0, SEVERITY_QUERY, ""}, END},
      {{2, SEVERITY_WARNING, ""}, {1, SEVERITY_WARNING, ""}, {0, SEVERITY_QUERY, ""}, END},
      {{2, SEVERITY_WARNING, ""}, END},
      {{1, SEVERITY_WARNING, ""}, END}},
     "A-001 query 2/2/2 *0\nC-003 warning 3/3/3 *0\nB-002 warning 3/3/2 *0\n"                        },
};

static size_t
fill(struct told *told, const struct one *findings)
{
    size_t count = 0;

    while (findings[count].entry >= 0) {
        told[count] = (struct told){.entry = &entries[findings[count].entry],
                                    .severity = findings[count].severity,
                                    .finding = {.difference = str_of(findings[count].difference)}};
        count++;
    }
    return count;
}

static struct str
describe(struct arena *arena, const struct finding_group *groups, size_t count)
{
    struct str text = STR("");

    for (size_t i = 0; i < count; i++) {
        const struct finding_group *it = &groups[i];
        text = str_format(arena, "%.*s%.*s %s %zu/%zu/%zu %.*s*%zu\n", STR_ARG(text),
                          STR_ARG(it->entry->code), severity_name(it->severity), it->findings,
                          it->reports, it->units, STR_ARG(it->difference), it->difference_count);
    }
    return text;
}

static void
findings_of_one_code_are_one_group(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena               *arena = arena_create(ARENA_MAX);
        struct told                 told[REPORTS_MAX][FINDINGS_MAX] = {0};
        struct report               reports[REPORTS_MAX] = {0};
        struct decided_report       decided[REPORTS_MAX] = {0};
        struct decided_file         file = {.reports = decided, .report_count = REPORTS_MAX};
        const struct finding_group *groups = NULL;
        size_t                      count = 0;
        struct fault                fault = {0};

        for (size_t j = 0; j < REPORTS_MAX; j++) {
            reports[j].unit = rows[i].units[j];
            decided[j].report = &reports[j];
            decided[j].findings.items = told[j];
            decided[j].findings.count = fill(told[j], rows[i].findings[j]);
        }
        EXPECT(grouping_make(arena, &file, &groups, &count, &fault) == ERR_OK, rows[i].name);
        struct str got = describe(arena, groups, count);
        if (!str_equal(got, str_of(rows[i].groups))) {
            fail_msg("%s:\n%.*s", rows[i].name, STR_ARG(got));
        }
        arena_destroy(arena);
    }
}

static void
no_room_is_an_error(void **state)
{
    struct arena               *arena = arena_create(1);
    struct decided_file         file = {0};
    const struct finding_group *groups = NULL;
    size_t                      count = 0;
    struct fault                fault = {0};

    (void)state;
    assert_int_equal(grouping_make(arena, &file, &groups, &count, &fault), ERR_MEMORY);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_of_one_code_are_one_group),
        cmocka_unit_test(no_room_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
