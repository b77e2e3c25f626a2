#include "tests/support/expect.h"
#include "validators/calendar/due_rule.h"

static const struct {
    const char *rule;
    struct date period_end;
    struct date wanted;
} applied[] = {
    {"d+1",   {2024, 9, 30},  {2024, 10, 1} },
    {"d+10",  {2024, 9, 30},  {2024, 10, 10}},
    {"d+21",  {2026, 1, 31},  {2026, 2, 21} },
    {"d+366", {2024, 12, 31}, {2026, 1, 1}  },
    {"1",     {2024, 12, 31}, {2025, 1, 1}  },
    {"22",    {2024, 12, 31}, {2025, 1, 22} },
    {"22",    {2025, 1, 31},  {2025, 2, 22} },
    {"28",    {2025, 1, 31},  {2025, 2, 28} },
    {"20.02", {2024, 12, 31}, {2025, 2, 20} },
    {"31.01", {2024, 3, 31},  {2025, 1, 31} },
    {"m+1",   {2024, 1, 31},  {2024, 2, 29} },
    {"m+3",   {2024, 9, 30},  {2024, 12, 31}},
    {"m+6",   {2024, 12, 31}, {2025, 6, 30} },
    {"m+60",  {2024, 3, 31},  {2029, 3, 31} },
    {"due",   {2024, 3, 31},  {2000, 1, 1}  },
    {"open",  {2024, 3, 31},  {0, 0, 0}     },
};

static void
a_rule_gives_its_day(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(applied); i++) {
        struct due_rule rule = {0};
        EXPECT(due_rule_read(str_of(applied[i].rule), &rule), applied[i].rule);
        struct date got = due_rule_apply(&rule, applied[i].period_end, (struct date){2000, 1, 1});
        EXPECT(date_compare(got, applied[i].wanted) == 0, applied[i].rule);
    }
}

static void
what_is_no_rule_is_refused(void **state)
{
    static const char *const wrong[] = {
        "",       "0",     "29",    "022",   "22 ",      " 22",
        "+22",    "22.",   "d",     "d+",    "d+0",      "d+367",
        "d+010",  "d-1",   "d+1.5", "D+10",  "d+ 1",     "m+0",
        "m+61",   "m+",    "m+06",  "29.02", "30.02",    "31.04",
        "00.01",  "01.00", "1.02",  "01.13", "20.2",     "20-02",
        "20.02.", "Due",   "OPEN",  "open ", "tomorrow", "d+99999999999999999999",
        "-1"};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        struct due_rule rule = {.count = 77};
        EXPECT(!due_rule_read(str_of(wrong[i]), &rule), wrong[i]);
        EXPECT(rule.count == 77, wrong[i]);
    }
}

static void
limits_are_where_they_are_said_to_be(void **state)
{
    struct due_rule rule = {0};

    (void)state;
    assert_true(due_rule_read(STR("d+365"), &rule));
    assert_true(due_rule_read(STR("d+366"), &rule));
    assert_false(due_rule_read(STR("d+367"), &rule));
    assert_true(due_rule_read(STR("m+59"), &rule));
    assert_true(due_rule_read(STR("m+60"), &rule));
    assert_false(due_rule_read(STR("m+61"), &rule));
    assert_true(due_rule_read(STR("27"), &rule));
    assert_true(due_rule_read(STR("28"), &rule));
    assert_false(due_rule_read(STR("29"), &rule));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_gives_its_day),
        cmocka_unit_test(what_is_no_rule_is_refused),
        cmocka_unit_test(limits_are_where_they_are_said_to_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
