#include "tests/support/expect.h"
#include "validators/calendar/workday.h"

#include <string.h>

static struct date
day(const char *text)
{
    struct date date = {0};

    EXPECT(date_parse(str_of(text), &date), text);
    return date;
}

/* Published dates of Easter Sunday. */
static void
easter_is_as_published(void **state)
{
    static const char *const published[] = {
        "2011-04-24", "2012-04-08", "2013-03-31", "2014-04-20", "2015-04-05", "2016-03-27",
        "2017-04-16", "2018-04-01", "2019-04-21", "2020-04-12", "2021-04-04", "2022-04-17",
        "2023-04-09", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16",
        "2029-04-01", "2030-04-21", "2031-04-13", "2032-03-28", "2033-04-17", "2034-04-09",
        "2035-03-25", "1999-04-04", "2000-04-23", "2008-03-23", "2038-04-25", "2100-03-28"};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(published); i++) {
        struct date wanted = day(published[i]);
        EXPECT(date_compare(workday_easter(wanted.year), wanted) == 0, published[i]);
    }
}

static const struct {
    const char *date;
    const char *holiday; /* NULL: none */
    bool        working;
    const char *next;
} days[] = {
    {"2011-01-06", "Święto Trzech Króli",                    false, "2011-01-07"},
    {"2010-01-06", NULL,                                        true,  "2010-01-06"},
    {"2012-05-01", "Święto Państwowe 1 maja",                false, "2012-05-02"},
    {"2013-05-30", "Boże Ciało",                              false, "2013-05-31"},
    {"2014-11-11", "Narodowe Święto Niepodległości",        false, "2014-11-12"},
    {"2015-08-15", "Wniebowzięcie Najświętszej Maryi Panny", false, "2015-08-17"},
    {"2016-03-28", "Poniedziałek Wielkanocny",                 false, "2016-03-29"},
    {"2016-05-15", "Zielone Świątki",                         false, "2016-05-16"},
    {"2018-05-31", "Boże Ciało",                              false, "2018-06-01"},
    {"2018-11-12", NULL,                                        true,  "2018-11-12"},
    {"2018-12-22", NULL,                                        false, "2018-12-24"},
    {"2020-04-12", "Wielkanoc",                                 false, "2020-04-14"},
    {"2024-02-29", NULL,                                        true,  "2024-02-29"},
    {"2024-05-30", "Boże Ciało",                              false, "2024-05-31"},
    {"2024-10-12", NULL,                                        false, "2024-10-14"},
    {"2024-10-27", NULL,                                        false, "2024-10-28"},
    {"2024-11-10", NULL,                                        false, "2024-11-12"},
    {"2024-12-24", NULL,                                        true,  "2024-12-24"},
    {"2025-12-24", "Wigilia Bożego Narodzenia",                false, "2025-12-29"},
    {"2025-01-01", "Nowy Rok",                                  false, "2025-01-02"},
    {"2025-06-19", "Boże Ciało",                              false, "2025-06-20"},
    {"2025-11-01", "Wszystkich Świętych",                     false, "2025-11-03"},
    {"2026-01-06", "Święto Trzech Króli",                    false, "2026-01-07"},
    {"2026-04-06", "Poniedziałek Wielkanocny",                 false, "2026-04-07"},
    {"2026-05-03", "Święto Narodowe Trzeciego Maja",          false, "2026-05-04"},
    {"2026-06-04", "Boże Ciało",                              false, "2026-06-05"},
    {"2026-11-11", "Narodowe Święto Niepodległości",        false, "2026-11-12"},
    {"2026-12-24", "Wigilia Bożego Narodzenia",                false, "2026-12-28"},
    {"2026-12-26", "drugi dzień Bożego Narodzenia",           false, "2026-12-28"},
    {"2029-12-22", NULL,                                        false, "2029-12-27"},
    {"2030-04-22", "Poniedziałek Wielkanocny",                 false, "2030-04-23"},
    {"2035-03-26", "Poniedziałek Wielkanocny",                 false, "2035-03-27"},
    {"2035-05-24", "Boże Ciało",                              false, "2035-05-25"},
    {"2035-12-25", "pierwszy dzień Bożego Narodzenia",        false, "2035-12-27"},
};

static void
a_day_off_is_known_by_name_and_followed_by_a_working_day(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(days); i++) {
        struct date date = day(days[i].date);
        const char *holiday = workday_holiday(date);
        EXPECT((holiday == NULL) == (days[i].holiday == NULL), days[i].date);
        EXPECT(holiday == NULL || strcmp(holiday, days[i].holiday) == 0, days[i].date);
        EXPECT(workday_is(date) == days[i].working, days[i].date);
        EXPECT(date_compare(workday_next(date), day(days[i].next)) == 0, days[i].date);
    }
}

static void
so_many_working_days_after_a_day(void **state)
{
    static const struct {
        const char *from;
        int         count;
        const char *want;
    } cases[] = {
        {"2026-07-10", 1, "2026-07-13"}, /* a Friday */
        {"2026-07-11", 1, "2026-07-13"}, /* a Saturday */
        {"2026-07-10", 7, "2026-07-21"},
        {"2026-12-23", 1, "2026-12-28"},
        {"2026-12-23", 4, "2026-12-31"},
        {"2026-12-23", 5, "2027-01-04"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct date got = workday_after(day(cases[i].from), cases[i].count);
        EXPECT(date_compare(got, day(cases[i].want)) == 0, cases[i].want);
    }
}

/* Thirteen days a year, fourteen since 2025: no movable one can meet a fixed one. */
static void
every_year_has_its_number_of_holidays(void **state)
{
    (void)state;
    for (int year = 2011; year <= 2035; year++) {
        int64_t first = date_days((struct date){year, 1, 1});
        int64_t last = date_days((struct date){year, 12, 31});
        int     count = 0;
        for (int64_t at = first; at <= last; at++) {
            count += workday_holiday(date_of_days(at)) != NULL;
        }
        assert_int_equal(count, year < 2025 ? 13 : 14);
    }
}

static void
weekdays_are_counted_on_both_sides_of_the_epoch(void **state)
{
    (void)state;
    assert_string_equal(workday_name(day("2026-02-16")), "poniedziałek");
    assert_string_equal(workday_name(day("2024-10-22")), "wtorek");
    assert_string_equal(workday_name(day("2000-01-01")), "sobota");
    assert_int_equal(workday_weekday((struct date){1969, 12, 31}), 2);
    assert_int_equal(workday_weekday((struct date){1969, 12, 28}), 6);
    assert_int_equal(workday_weekday((struct date){1970, 1, 1}), 3);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(easter_is_as_published),
        cmocka_unit_test(a_day_off_is_known_by_name_and_followed_by_a_working_day),
        cmocka_unit_test(so_many_working_days_after_a_day),
        cmocka_unit_test(every_year_has_its_number_of_holidays),
        cmocka_unit_test(weekdays_are_counted_on_both_sides_of_the_epoch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
