#include "tests/support/draft.h"
#include "tests/support/expect.h"
#include "tests/support/judging.h"

/* Many findings elsewhere in a file never make a bad report look good. */
#define ROOM ((size_t)1 << 30U)

enum { BAD_ROWS = FINDING_REPORT_MAX + 1, FILLING = 20 };

static const char hidden[] = "<Ukryte><Rb-28s Id=\"x\"/></Ukryte>";

/* One good signed unit, then so many that fill the list of the file with 100 findings each. */
static struct str
filled_package(struct arena *arena, size_t floods, const char *tail)
{
    struct str units[1 + FILLING + 1];
    struct str rows = draft_rows(arena, DRAFT_ROWS_BROKEN, 0, BAD_ROWS);

    assert_true(floods < ARRAY_COUNT(units));
    for (size_t i = 0; i <= floods; i++) {
        struct draft_unit unit = {.number = i};
        if (i > 0) {
            unit.signing = DRAFT_UNSIGNED;
            unit.rows = rows;
        }
        units[i] = draft_unit(arena, judging_authority(), &unit);
    }
    return draft_package(arena, units, floods + 1, tail);
}

static void
fault_of_the_package_is_not_forgotten_when_the_list_is_full(void **state)
{
    static const size_t floods[] = {0, FILLING - 1, FILLING, FILLING + 1};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(floods); i++) {
        struct arena              *arena = arena_create(ROOM);
        struct str                 name = str_format(arena, "%zu full reports", floods[i]);
        struct str                 file = filled_package(arena, floods[i], hidden);
        const struct decided_file *decided = judging_decide(arena, &file, 1);

        EXPECT(decided->report_count == floods[i] + 1, name.data);
        EXPECT(decided->verdict != VERDICT_ACCEPTED, name.data);
        for (size_t j = 0; j < decided->report_count; j++) {
            EXPECT(decided->reports[j].verdict != VERDICT_ACCEPTED, name.data);
        }
        arena_destroy(arena);
    }
}

static void
full_list_does_not_take_a_good_report_with_it(void **state)
{
    static const size_t floods[] = {0, FILLING - 1, FILLING, FILLING + 1};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(floods); i++) {
        struct arena              *arena = arena_create(ROOM);
        struct str                 name = str_format(arena, "%zu full reports", floods[i]);
        struct str                 file = filled_package(arena, floods[i], "");
        const struct decided_file *decided = judging_decide(arena, &file, 1);

        EXPECT(decided->reports[0].verdict == VERDICT_ACCEPTED, name.data);
        for (size_t j = 1; j < decided->report_count; j++) {
            EXPECT(decided->reports[j].verdict != VERDICT_ACCEPTED, name.data);
        }
        arena_destroy(arena);
    }
}

/* Reports that are not accepted, each for a reason that the flood could push out of sight. */
static const struct {
    const char       *name;
    enum verdict      verdict;
    struct draft_unit unit;
} victims[] = {
    {"unsigned",                 VERDICT_HELD,      {.number = 9000, .signing = DRAFT_UNSIGNED}       },
    {"one signature",            VERDICT_HELD,      {.number = 9001, .signing = DRAFT_ACCOUNTANT_ONLY}},
    {"Typ XX",                   VERDICT_UNDECIDED, {.number = 9002, .kind = "XX"}                    },
    {"REGON with a wrong digit", VERDICT_REJECTED,  {.number = 9003, .regon = "111111111"}            },
    {"name unlike the package",  VERDICT_REJECTED,  {.number = 9004, .shell_name = "INNA SZKOŁA"}    },
    {"changed after signing",    VERDICT_REJECTED,  {.number = 9007, .forged = true}                  },
    {"unknown form",             VERDICT_UNDECIDED, {.number = 9005, .tag = "Rb-77x"}                 },
    {"control",                  VERDICT_ACCEPTED,  {.number = 9006}                                  },
};

/* Behind a flood a report may also be left undecided (design.md 9), never be accepted. */
static void
expect_victims(struct arena *arena, const struct decided_file *decided, struct str flood,
               bool room_for_all)
{
    for (size_t i = 0; i < ARRAY_COUNT(victims); i++) {
        struct str   id = draft_id(arena, victims[i].unit.number);
        enum verdict verdict = judging_report(decided, id)->verdict;
        bool         left_out = verdict == VERDICT_UNDECIDED && !room_for_all;

        if (verdict != victims[i].verdict && !left_out) {
            fail_msg("%s behind %s: %s instead of %s", victims[i].name, flood.data,
                     judging_verdict(verdict), judging_verdict(victims[i].verdict));
        }
    }
}

static struct str
flooded_package(struct arena *arena, const struct draft_unit *filler, size_t count)
{
    struct str *units = ARENA_NEW(arena, struct str, count + ARRAY_COUNT(victims));

    assert_non_null(units);
    for (size_t i = 0; i < count; i++) {
        struct draft_unit unit = *filler;
        unit.number = i;
        units[i] = draft_unit(arena, judging_authority(), &unit);
    }
    for (size_t i = 0; i < ARRAY_COUNT(victims); i++) {
        units[count + i] = draft_unit(arena, judging_authority(), &victims[i].unit);
    }
    return draft_package(arena, units, count + ARRAY_COUNT(victims), "");
}

/* Unsigned units of a doubtful identity: one finding of that, two for information otherwise. */
static void
doubts_about_other_units_let_no_bad_report_through(void **state)
{
    static const struct {
        const char       *name;
        size_t            count;
        struct draft_unit unit;
        const char       *code;
    } floods[] = {
        {"600 queries",      600,  {.signing = DRAFT_UNSIGNED, .district = "00"}, "TOZSAMOSC-008"},
        {"2001 queries",     2001, {.signing = DRAFT_UNSIGNED, .district = "00"}, "TOZSAMOSC-008"},
        {"2001 information", 2001, {.signing = DRAFT_UNSIGNED, .province = "99"}, "TOZSAMOSC-005"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(floods); i++) {
        struct arena *arena = arena_create(ROOM);
        struct str    file = flooded_package(arena, &floods[i].unit, floods[i].count);

        const struct decided_file *decided = judging_decide(arena, &file, 1);
        expect_victims(arena, decided, str_of(floods[i].name),
                       floods[i].count < FINDING_PACKAGE_MAX);
        EXPECT(judging_told(&decided->reports[0].findings, floods[i].code) != NULL, floods[i].name);
        arena_destroy(arena);
    }
}

/* The same reports when the check itself, not the rules, has filled the list. */
static void
broken_rows_of_other_units_let_no_bad_report_through(void **state)
{
    static const size_t counts[] = {0, FILLING - 1, FILLING, FILLING + 1};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(counts); i++) {
        struct arena           *arena = arena_create(ROOM);
        const struct draft_unit filler = {
            .signing = DRAFT_UNSIGNED, .rows = draft_rows(arena, DRAFT_ROWS_BROKEN, 0, BAD_ROWS)};
        struct str file = flooded_package(arena, &filler, counts[i]);

        expect_victims(arena, judging_decide(arena, &file, 1),
                       str_format(arena, "%zu full reports", counts[i]), counts[i] < FILLING);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fault_of_the_package_is_not_forgotten_when_the_list_is_full),
        cmocka_unit_test(full_list_does_not_take_a_good_report_with_it),
        cmocka_unit_test(doubts_about_other_units_let_no_bad_report_through),
        cmocka_unit_test(broken_rows_of_other_units_let_no_bad_report_through),
    };

    return cmocka_run_group_tests(tests, judging_load, judging_unload);
}
