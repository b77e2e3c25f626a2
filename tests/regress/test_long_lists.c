#include "tests/support/draft.h"
#include "tests/support/expect.h"
#include "tests/support/judging.h"

#include <string.h>

/* How many findings a report has says nothing about its verdict: the worst of them does. */
#define ROOM ((size_t)512 << 20U)

enum { MANY = 3000 };

static struct str
package_of(struct arena *arena, struct str rows)
{
    struct draft_unit unit = {.rows = rows};
    struct str        bytes = draft_unit(arena, judging_authority(), &unit);

    return draft_package(arena, &bytes, 1, "");
}

static void
findings_that_reject_nothing_are_accepted_in_any_number(void **state)
{
    static const size_t counts[] = {FINDING_REPORT_MAX - 1, FINDING_REPORT_MAX,
                                    FINDING_REPORT_MAX + 1, MANY};

    static const enum draft_rows kinds[] = {DRAFT_ROWS_QUERIED, DRAFT_ROWS_WARNED};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(counts) * ARRAY_COUNT(kinds); i++) {
        struct arena *arena = arena_create(ROOM);
        size_t        count = counts[i / ARRAY_COUNT(kinds)];
        size_t        kind = i % ARRAY_COUNT(kinds);
        struct str    name = str_format(arena, "%zu rows of kind %zu", count, kind);
        struct str    file = package_of(arena, draft_rows(arena, kinds[kind], 0, count));

        const struct decided_report *report = judging_decide(arena, &file, 1)->reports;
        EXPECT(report->findings.count + report->findings.cut >= count, name.data);
        EXPECT(report->findings.count <= FINDING_REPORT_MAX, name.data);
        EXPECT(report->verdict == VERDICT_ACCEPTED, name.data);
        arena_destroy(arena);
    }
}

static void
one_error_among_thousands_of_warnings_rejects_and_stands_first(void **state)
{
    static const size_t before[] = {0, FINDING_REPORT_MAX, MANY};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(before); i++) {
        struct arena *arena = arena_create(ROOM);
        struct str    name = str_format(arena, "error behind %zu warnings", before[i]);
        struct str    head = draft_rows(arena, DRAFT_ROWS_WARNED, 0, before[i]);
        struct str    error = draft_rows(arena, DRAFT_ROWS_OVERDUE, before[i], 1);
        struct str    tail =
            draft_rows(arena, DRAFT_ROWS_WARNED, before[i] + 1, (size_t)MANY - before[i]);
        struct str file = package_of(
            arena, str_format(arena, "%.*s%.*s%.*s", STR_ARG(head), STR_ARG(error), STR_ARG(tail)));

        const struct decided_report *report = judging_decide(arena, &file, 1)->reports;
        EXPECT(report->verdict == VERDICT_REJECTED, name.data);
        EXPECT(report->findings.count > 1, name.data);
        EXPECT(report->findings.items[0].severity == SEVERITY_ERROR, name.data);
        EXPECT(strcmp(report->findings.items[0].finding.code, "RB28S-004") == 0, name.data);
        EXPECT(report->findings.items[1].severity == SEVERITY_WARNING, name.data);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_that_reject_nothing_are_accepted_in_any_number),
        cmocka_unit_test(one_error_among_thousands_of_warnings_rejects_and_stands_first),
    };

    return cmocka_run_group_tests(tests, judging_load, judging_unload);
}
