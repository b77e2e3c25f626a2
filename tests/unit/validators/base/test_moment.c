#include "tests/support/expect.h"
#include "validators/base/moment.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { HOUR = 3600, DAY = 86400 };

static void
date_valid_knows_months_leap_years_and_the_range(void **state)
{
    static const struct {
        struct date date;
        bool        valid;
    } rows[] = {
        {{2026, 1, 31},  true },
        {{2026, 4, 30},  true },
        {{2026, 4, 31},  false},
        {{2026, 2, 28},  true },
        {{2026, 2, 29},  false},
        {{2028, 2, 29},  true },
        {{2000, 2, 29},  true },
        {{2100, 2, 29},  false},
        {{2026, 0, 1},   false},
        {{2026, 13, 1},  false},
        {{2026, 1, 0},   false},
        {{2026, 1, 32},  false},
        {{1996, 1, 1},   true },
        {{1995, 12, 31}, false},
        {{2199, 12, 31}, true },
        {{2200, 1, 1},   false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        assert_int_equal(date_valid(rows[i].date), rows[i].valid);
    }
}

static void
date_days_count_every_day_of_the_range(void **state)
{
    struct date date = {MOMENT_YEAR_MIN, 1, 1};
    int64_t     days = date_days(date);

    (void)state;
    assert_int_equal(date_days((struct date){1970, 1, 1}), 0);
    assert_int_equal(date_days((struct date){1969, 12, 31}), -1);
    assert_int_equal(days, 9496);
    while (date.year <= MOMENT_YEAR_MAX) {
        struct date back = date_of_days(days);
        assert_true(date_valid(back) && date_compare(back, date) == 0);
        assert_int_equal(date_days(date), days);
        struct date end = date_month_end(date.year, date.month);
        date.day++;
        if (date.day > end.day) {
            date.day = 1;
            date.month = date.month % 12 + 1;
            date.year += date.month == 1 ? 1 : 0;
        }
        days++;
    }
    assert_int_equal(days, 84006); /* 2200-01-01 */
}

static void
date_compare_orders_by_the_calendar(void **state)
{
    (void)state;
    assert_true(date_compare((struct date){2026, 1, 31}, (struct date){2026, 2, 1}) < 0);
    assert_true(date_compare((struct date){2027, 1, 1}, (struct date){2026, 12, 31}) > 0);
    assert_int_equal(date_compare((struct date){2026, 1, 1}, (struct date){2026, 1, 1}), 0);
    assert_int_equal(date_month_end(2028, 2).day, 29);
    assert_int_equal(date_month_end(2100, 2).day, 28);
}

static void
date_parse_takes_one_form_only(void **state)
{
    static const struct {
        const char *text;
        bool        good;
    } rows[] = {
        {"2026-07-10",  true },
        {"2028-02-29",  true },
        {"2026-02-29",  false},
        {"2026-7-10",   false},
        {"26-07-10",    false},
        {"2026-07-10 ", false},
        {" 2026-07-10", false},
        {"2026/07/10",  false},
        {"10.07.2026",  false},
        {"2026-07-32",  false},
        {"2026-13-01",  false},
        {"1995-12-31",  false},
        {"2200-01-01",  false},
        {"",            false},
        {"2026-07-10Z", false},
        {"+026-07-10",  false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct date got = {1, 2, 3};
        EXPECT(date_parse(str_of(rows[i].text), &got) == rows[i].good, rows[i].text);
        EXPECT(rows[i].good || got.year == 1, rows[i].text);
    }
}

static const struct {
    const char *text;
    bool        zoned; /* moment_parse takes it */
    bool        local; /* moment_parse_local takes it */
    bool        when;  /* moment_parse_when takes it */
    int64_t     at;
} readings[] = {
    {"1996-01-01T00:00:00Z",           true,  true,  true,  820454400 },
    {"2026-07-10T09:00:00+02:00",      true,  true,  true,  1783666800},
    {"2026-07-10T07:00:00Z",           true,  true,  true,  1783666800},
    {"2026-07-10T07:00:00.999999999Z", true,  true,  true,  1783666800},
    {"2026-07-09T17:30:00-13:30",      true,  true,  true,  1783666800},
    {"2026-07-10T21:00:00+14:00",      true,  true,  true,  1783666800},
    {"2026-07-10T09:00:00",            false, true,  false, 1783666800},
    {"2026-01-10T09:00:00",            false, true,  false, 1768032000},
    {"2026-07-10",                     false, false, true,  1783720799},
    {"2026-01-10",                     false, false, true,  1768085999},
 /* the clocks go forward: 2026-03-29 01:00 UTC */
    {"2026-03-29T01:59:59",            false, true,  false, 1774745999},
    {"2026-03-29T02:30:00",            false, true,  false, 1774747800},
    {"2026-03-29T03:00:00",            false, true,  false, 1774746000},
 /* and back: 2026-10-25 01:00 UTC; the doubled hour is the earlier one */
    {"2026-10-25T01:59:59",            false, true,  false, 1792886399},
    {"2026-10-25T02:00:00",            false, true,  false, 1792886400},
    {"2026-10-25T02:59:59",            false, true,  false, 1792889999},
    {"2026-10-25T03:00:00",            false, true,  false, 1792893600},
    {"2026-07-10T24:00:00Z",           false, false, false, 0         },
    {"2026-07-10T09:60:00Z",           false, false, false, 0         },
    {"2026-07-10T09:00:60Z",           false, false, false, 0         },
    {"2026-07-10T09:00Z",              false, false, false, 0         },
    {"2026-07-10T09:00:00.Z",          false, false, false, 0         },
    {"2026-07-10T09:00:00z",           false, false, false, 0         },
    {"2026-07-10 09:00:00Z",           false, false, false, 0         },
    {"2026-07-10T09:00:00+2:00",       false, false, false, 0         },
    {"2026-07-10T09:00:00+0200",       false, false, false, 0         },
    {"2026-07-10T09:00:00+02",         false, false, false, 0         },
    {"2026-07-10T09:00:00+14:01",      false, false, false, 0         },
    {"2026-07-10T09:00:00+15:00",      false, false, false, 0         },
    {"2026-07-10T09:00:00+02:60",      false, false, false, 0         },
    {"2026-07-10T09:00:00Zx",          false, false, false, 0         },
    {"2026-07-10T09:00:00+02:00x",     false, false, false, 0         },
    {"2026-02-29T09:00:00Z",           false, false, false, 0         },
    {"1995-12-31T23:59:59Z",           false, false, false, 0         },
    {"2200-01-01T00:00:00Z",           false, false, false, 0         },
    {"2026-07-10T",                    false, false, false, 0         },
    {"",                               false, false, false, 0         },
};

static void
moment_readers_follow_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(readings); i++) {
        struct str text = str_of(readings[i].text);
        moment     zoned = 77;
        moment     local = 77;
        moment     when = 77;
        EXPECT(moment_parse(text, &zoned) == readings[i].zoned, readings[i].text);
        EXPECT(moment_parse_local(text, &local) == readings[i].local, readings[i].text);
        EXPECT(moment_parse_when(text, &when) == readings[i].when, readings[i].text);
        EXPECT(zoned == (readings[i].zoned ? readings[i].at : 77), readings[i].text);
        EXPECT(local == (readings[i].local ? readings[i].at : 77), readings[i].text);
        EXPECT(when == (readings[i].when ? readings[i].at : 77), readings[i].text);
    }
}

static struct str
write_with(struct arena *arena, void (*write)(struct buf *, moment), moment at)
{
    struct buf out = buf_create(arena, 100);

    write(&out, at);
    assert_true(buf_ok(&out));
    return buf_str(&out);
}

static void
moment_is_written_in_three_ways(void **state)
{
    struct arena *arena = arena_create(16384);
    struct buf    date = buf_create(arena, 100);

    (void)state;
    assert_true(
        str_equal(write_with(arena, moment_write, 1783666800), STR("2026-07-10T09:00:00+02:00")));
    assert_true(
        str_equal(write_with(arena, moment_write, 1768032001), STR("2026-01-10T09:00:01+01:00")));
    assert_true(
        str_equal(write_with(arena, moment_write_utc, 1783666800), STR("2026-07-10T07:00:00Z")));
    assert_true(str_equal(write_with(arena, moment_write_polish, 1783666800),
                          STR("10 lipca 2026 r., 09:00:00")));
    assert_true(str_equal(write_with(arena, moment_write_polish, 1792799999),
                          STR("24 pa\xC5\xBA"
                              "dziernika 2026 r., 01:59:59")));
    date_write(&date, (struct date){2026, 9, 1});
    date_write_polish(&date, (struct date){2026, 9, 1});
    assert_true(str_equal(buf_str(&date), STR("2026-09-011 wrze\xC5\x9Bnia 2026 r.")));
    arena_destroy(arena);
}

static const struct {
    const char *name;
    instant     at;
    const char *warsaw;
    const char *utc;
} instants[] = {
    {"summer",            1783666800412000, "2026-07-10T09:00:00.412+02:00", "2026-07-10T07:00:00.412Z"},
    {"winter",            1768032001000000, "2026-01-10T09:00:01.000+01:00", "2026-01-10T08:00:01.000Z"},
    {"cut, not rounded",  1783666800999999, "2026-07-10T09:00:00.999+02:00",
     "2026-07-10T07:00:00.999Z"                                                                        },
    {"one microsecond",   1783666800000001, "2026-07-10T09:00:00.000+02:00",
     "2026-07-10T07:00:00.000Z"                                                                        },
    {"next day already",  1783634399999000, "2026-07-09T23:59:59.999+02:00",
     "2026-07-09T21:59:59.999Z"                                                                        },
    {"midnight",          1783634400000000, "2026-07-10T00:00:00.000+02:00", "2026-07-09T22:00:00.000Z"},
    {"before the change", 1774745999999999, "2026-03-29T01:59:59.999+01:00",
     "2026-03-29T00:59:59.999Z"                                                                        },
    {"after the change",  1774746000000000, "2026-03-29T03:00:00.000+02:00",
     "2026-03-29T01:00:00.000Z"                                                                        },
    {"the epoch",         0,                "1970-01-01T01:00:00.000+01:00", "1970-01-01T00:00:00.000Z"},
    {"before the epoch",  -1,               "1970-01-01T00:59:59.999+01:00", "1969-12-31T23:59:59.999Z"},
    {"a thousandth back", -1000,            "1970-01-01T00:59:59.999+01:00", "1969-12-31T23:59:59.999Z"},
};

static void
instant_is_written_in_milliseconds_never_later_than_it_was(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(instants); i++) {
        struct arena *arena = arena_create(4096);
        EXPECT(
            str_equal(write_with(arena, instant_write, instants[i].at), str_of(instants[i].warsaw)),
            instants[i].name);
        EXPECT(str_equal(write_with(arena, instant_write_utc, instants[i].at),
                         str_of(instants[i].utc)),
               instants[i].name);
        arena_destroy(arena);
    }
}

/* The zone data of the machine; without it the same rule in POSIX notation. */
static void
use_warsaw(void)
{
    bool installed = access("/usr/share/zoneinfo/Europe/Warsaw", R_OK) == 0;

    /* NOLINTNEXTLINE(concurrency-mt-unsafe): a test has one thread. */
    assert_int_equal(setenv("TZ", installed ? "Europe/Warsaw" : "CET-1CEST,M3.5.0,M10.5.0/3", 1),
                     0);
    tzset();
}

static void
compare_with_libc(moment at)
{
    time_t      libc_at = (time_t)at;
    struct tm   libc = {0};
    struct date ours = moment_warsaw_date(at);

    assert_non_null(localtime_r(&libc_at, &libc));
    assert_int_equal(moment_warsaw_offset(at), libc.tm_gmtoff);
    assert_int_equal(ours.year, libc.tm_year + 1900);
    assert_int_equal(ours.month, libc.tm_mon + 1);
    assert_int_equal(ours.day, libc.tm_mday);
}

static void
moment_agrees_with_libc_over_100_years(void **state)
{
    moment first = date_days((struct date){1996, 6, 1}) * DAY;
    moment last = date_days((struct date){2096, 1, 1}) * DAY;

    (void)state;
    use_warsaw();
    for (moment at = first; at < last; at += (moment)5 * HOUR) {
        compare_with_libc(at);
        compare_with_libc(at - 1);
    }
    /* every second of both edges of one year, every edge of all */
    for (moment at = 1774746000 - 60; at < 1774746000 + 60; at++) {
        compare_with_libc(at);
    }
    for (moment at = 1792890000 - 60; at < 1792890000 + 60; at++) {
        compare_with_libc(at);
    }
    for (moment at = first; at < last; at += HOUR) {
        if (moment_warsaw_offset(at) != moment_warsaw_offset(at - HOUR)) {
            compare_with_libc(at - 1);
            compare_with_libc(at);
        }
    }
}

static void
moment_survives_the_round_trip(void **state)
{
    moment last = date_days((struct date){2096, 1, 1}) * DAY;

    (void)state;
    for (moment at = date_days((struct date){1996, 1, 2}) * DAY; at < last;
         at += (moment)86399 * 13) {
        struct arena *arena = arena_create(4096);
        moment        local = 0;
        moment        utc = 0;
        assert_true(moment_parse(write_with(arena, moment_write, at), &local));
        assert_true(moment_parse(write_with(arena, moment_write_utc, at), &utc));
        assert_true(local == at && utc == at);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(date_valid_knows_months_leap_years_and_the_range),
        cmocka_unit_test(date_days_count_every_day_of_the_range),
        cmocka_unit_test(date_compare_orders_by_the_calendar),
        cmocka_unit_test(date_parse_takes_one_form_only),
        cmocka_unit_test(moment_readers_follow_the_table),
        cmocka_unit_test(moment_is_written_in_three_ways),
        cmocka_unit_test(instant_is_written_in_milliseconds_never_later_than_it_was),
        cmocka_unit_test(moment_agrees_with_libc_over_100_years),
        cmocka_unit_test(moment_survives_the_round_trip),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
