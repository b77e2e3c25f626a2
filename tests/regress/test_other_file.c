#include "tests/support/draft.h"
#include "tests/support/expect.h"
#include "tests/support/judging.h"

/* Another file that is decided at the same time never changes a verdict (design.md 2.5). */
#define ROOM ((size_t)1 << 30U)

enum {
    UNITS = 40,
    FINDINGS_EACH = FINDING_PACKAGE_MAX / UNITS,
    DOUBTS_EACH = 3, /* findings of a doubted row */
    OF_THE_FILE = 1  /* information about the file takes room too */
};

static struct str
rows_of(struct arena *arena, size_t findings)
{
    size_t     doubted = findings / DOUBTS_EACH;
    struct str rows = draft_rows(arena, DRAFT_ROWS_DOUBTED, 0, doubted);
    struct str rest = draft_rows(arena, DRAFT_ROWS_QUERIED, doubted, findings % DOUBTS_EACH);

    return str_format(arena, "%.*s%.*s", STR_ARG(rows), STR_ARG(rest));
}

/* Units of fifty findings each; the fortieth has as many as the sum still needs. */
static struct str
full_package(struct arena *arena, size_t findings, size_t units, const char *date)
{
    size_t     last = findings - OF_THE_FILE - (size_t)(UNITS - 1) * FINDINGS_EACH;
    struct str usual = rows_of(arena, FINDINGS_EACH);
    struct str parts[UNITS];

    for (size_t i = 0; i < units; i++) {
        struct draft_unit unit = {.number = i,
                                  .signing = DRAFT_UNSIGNED,
                                  .date = date,
                                  .rows = i + 1 < UNITS ? usual : rows_of(arena, last)};
        parts[i] = draft_unit(arena, judging_authority(), &unit);
    }
    return draft_package(arena, parts, units, "");
}

/* All that is listed, information about reports apart: that may be left out for the rest. */
static size_t
total_findings(const struct decided_file *file)
{
    size_t total = file->findings.count;

    for (size_t i = 0; i < file->report_count; i++) {
        const struct told_list *list = &file->reports[i].findings;
        for (size_t j = 0; j < list->count; j++) {
            total += list->items[j].severity > SEVERITY_INFO ? 1 : 0;
        }
    }
    return total;
}

static void
expect_same_verdicts(const struct decided_file *alone, const struct decided_file *together,
                     struct str name)
{
    EXPECT(alone->report_count == together->report_count, name.data);
    EXPECT(alone->verdict == together->verdict, name.data);
    for (size_t i = 0; i < alone->report_count; i++) {
        if (alone->reports[i].verdict != together->reports[i].verdict) {
            fail_msg("%s, report %zu: alone %s, together %s", name.data, i + 1,
                     judging_verdict(alone->reports[i].verdict),
                     judging_verdict(together->reports[i].verdict));
        }
    }
}

/* The later of two files with equal Wersja is asked about it, and no more than asked. */
static void
expect_question(const struct decided_file *later, struct str name)
{
    const struct told *told = NULL;

    for (size_t i = 0; told == NULL && i < later->report_count; i++) {
        told = judging_told(&later->reports[i].findings, "PACZKA-006");
    }
    EXPECT(told != NULL, name.data);
    EXPECT(told != NULL && told->severity == SEVERITY_QUERY, name.data);
}

/* others: how many of the same reports the other file has. */
static void
try_together(struct arena *arena, size_t findings, size_t others, struct str full,
             const struct decided_file *full_alone)
{
    struct str other = full_package(arena, findings, others, "2026-07-08");

    const struct decided_file *other_alone = judging_decide(arena, &other, 1);
    for (size_t first = 0; first < 2; first++) {
        struct str name = str_format(arena, "%zu findings, %zu reports in the %s file", findings,
                                     others, first == 0 ? "later" : "earlier");
        struct str files[] = {first == 0 ? full : other, first == 0 ? other : full};

        const struct decided_file *together = judging_decide(arena, files, 2);
        expect_same_verdicts(full_alone, &together[first], name);
        expect_same_verdicts(other_alone, &together[1 - first], name);
        expect_question(&together[1], name);
    }
}

static void
question_about_the_version_changes_no_verdict_when_the_list_is_full(void **state)
{
    static const size_t findings[] = {FINDING_PACKAGE_MAX - 1, FINDING_PACKAGE_MAX,
                                      FINDING_PACKAGE_MAX + 1};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(findings); i++) {
        struct arena *arena = arena_create(ROOM);
        struct str    full = full_package(arena, findings[i], UNITS, "2026-07-09");

        const struct decided_file *alone = judging_decide(arena, &full, 1);
        try_together(arena, findings[i], 1, full, alone);
        try_together(arena, findings[i], UNITS, full, alone);
        arena_destroy(arena);
    }
}

/* What the claim above rests on: the file has exactly as many findings as it says. */
static void
list_is_full_exactly_at_its_limit(void **state)
{
    static const struct {
        size_t       findings;
        enum verdict verdict;
    } rows[] = {
        {FINDING_PACKAGE_MAX - 1, VERDICT_HELD     },
        {FINDING_PACKAGE_MAX,     VERDICT_HELD     },
        {FINDING_PACKAGE_MAX + 1, VERDICT_UNDECIDED},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena *arena = arena_create(ROOM);
        struct str    file = full_package(arena, rows[i].findings, UNITS, NULL);

        const struct decided_file *decided = judging_decide(arena, &file, 1);
        assert_int_equal(decided->verdict, rows[i].verdict);
        if (rows[i].verdict == VERDICT_HELD) {
            assert_int_equal(total_findings(decided), rows[i].findings);
        }
        arena_destroy(arena);
    }
}

static void
question_about_the_version_is_listed_in_a_report_whose_own_list_is_full(void **state)
{
    static const size_t findings[] = {0, FINDING_REPORT_MAX - 1, FINDING_REPORT_MAX,
                                      FINDING_REPORT_MAX + 1};

    static const char *const dates[] = {"2026-07-09", "2026-07-08"};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(findings); i++) {
        struct arena *arena = arena_create(ROOM);
        struct str    name = str_format(arena, "%zu findings of its own", findings[i]);
        struct str    files[ARRAY_COUNT(dates)];

        for (size_t j = 0; j < ARRAY_COUNT(dates); j++) {
            struct draft_unit unit = {
                .date = dates[j], .rows = draft_rows(arena, DRAFT_ROWS_QUERIED, 0, findings[i])};
            struct str part = draft_unit(arena, judging_authority(), &unit);
            files[j] = draft_package(arena, &part, 1, "");
        }
        const struct decided_file *together = judging_decide(arena, files, 2);
        EXPECT(together[0].verdict == VERDICT_ACCEPTED, name.data);
        EXPECT(together[1].verdict == VERDICT_ACCEPTED, name.data);
        expect_question(&together[1], name);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(list_is_full_exactly_at_its_limit),
        cmocka_unit_test(question_about_the_version_changes_no_verdict_when_the_list_is_full),
        cmocka_unit_test(question_about_the_version_is_listed_in_a_report_whose_own_list_is_full),
    };

    return cmocka_run_group_tests(tests, judging_load, judging_unload);
}
