#include "tests/support/expect.h"
#include "tests/unit/validators/relation/relation_fixture.h"
#include "validators/base/buf.h"
#include "validators/base/moment.h"
#include "validators/relation/timespan.h"

#include <string.h>

static const struct {
    const char *text;
    const char *written; /* NULL: it is refused */
} texts[] = {
    {"2010",        "2010A"   },
    {"2010A",       "2010A"   },
    {"2010A1",      "2010A"   },
    {"2010-A1",     "2010A"   },
    {"2010S2",      "2010S2"  },
    {"2010Q4",      "2010Q4"  },
    {"2010-Q4",     "2010Q4"  },
    {"2010M1",      "2010M01" },
    {"2010M12",     "2010M12" },
    {"2010-12",     "2010M12" },
    {"2010-01-31",  "2010D031"},
    {"2012-12-31",  "2012D366"},
    {"2012D366",    "2012D366"},
    {"2010W1",      "2010W01" },
    {"2015W53",     "2015W53" },
    {"2026W53",     "2026W53" },
    {"0001A",       "0001A"   },
    {"9999D365",    "9999D365"},
    {"0001D001",    "0001D001"},
    {"0001W01",     "0001W01" },
    {"9999W52",     "9999W52" },
    {"",            NULL      },
    {"201",         NULL      },
    {"20100",       NULL      },
    {"0000",        NULL      },
    {"2010A2",      NULL      },
    {"2010A0",      NULL      },
    {"2010S0",      NULL      },
    {"2010S3",      NULL      },
    {"2010Q5",      NULL      },
    {"2010Q",       NULL      },
    {"2010M0",      NULL      },
    {"2010M13",     NULL      },
    {"2010-13",     NULL      },
    {"2010-1",      NULL      },
    {"2010-00",     NULL      },
    {"2010-02-29",  NULL      },
    {"2010-02-00",  NULL      },
    {"2010-02-1",   NULL      },
    {"2010-13-01",  NULL      },
    {"2010-02-011", NULL      },
    {"2010-",       NULL      },
    {"2010D0",      NULL      },
    {"2010D366",    NULL      },
    {"2010D1000",   NULL      },
    {"2010W53",     NULL      },
    {"2010W0",      NULL      },
    {"2010X1",      NULL      },
    {"2010q1",      NULL      },
    {"2010Q1 ",     NULL      },
    {" 2010Q1",     NULL      },
    {"2010Q-1",     NULL      },
    {"2010--Q1",    NULL      },
    {"-2010Q1",     NULL      },
    {"2010A-",      NULL      },
};

static void
periods_are_read_and_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        struct arena *arena = arena_create(4096);
        struct buf    buf = buf_create(arena, 100);
        int64_t       value = 77;
        EXPECT(timespan_parse(str_of(texts[i].text), &value) == (texts[i].written != NULL),
               texts[i].text);
        if (texts[i].written == NULL) {
            EXPECT(value == 77, texts[i].text);
        } else {
            timespan_write(&buf, value);
            EXPECT(str_equal(buf_str(&buf), str_of(texts[i].written)), texts[i].text);
        }
        arena_destroy(arena);
    }
}

static const struct {
    const char *from;
    int64_t     n;
    const char *to; /* NULL: it leaves the years */
} shifts[] = {
    {"2026A",    1,                "2027A"   },
    {"2026A",    -26,              "2000A"   },
    {"2026S1",   1,                "2026S2"  },
    {"2026S2",   1,                "2027S1"  },
    {"2026S1",   -1,               "2025S2"  },
    {"2026Q1",   4,                "2027Q1"  },
    {"2026Q1",   -4,               "2025Q1"  },
    {"2026Q4",   1,                "2027Q1"  },
    {"2026Q1",   0,                "2026Q1"  },
    {"2026M12",  1,                "2027M01" },
    {"2026M01",  -1,               "2025M12" },
    {"2026M03",  -15,              "2024M12" },
    {"2026W53",  1,                "2027W01" },
    {"2027W01",  -1,               "2026W53" },
    {"2025W52",  1,                "2026W01" },
    {"2025W01",  52,               "2026W01" },
    {"2026W01",  53,               "2027W01" },
    {"2023D365", 1,                "2024D001"},
    {"2024D059", 1,                "2024D060"},
    {"2024D366", 1,                "2025D001"},
    {"2025D001", -366,             "2024D001"},
    {"2000D001", 36525,            "2100D001"},
    {"9999A",    0,                "9999A"   },
    {"9999A",    1,                NULL      },
    {"0001A",    -1,               NULL      },
    {"9999Q4",   1,                NULL      },
    {"0001Q1",   -1,               NULL      },
    {"9999W52",  1,                NULL      },
    {"0001W01",  -1,               NULL      },
    {"9999D365", 1,                NULL      },
    {"0001D001", -1,               NULL      },
    {"2026Q1",   INT64_MAX,        NULL      },
    {"2026Q1",   INT64_MIN,        NULL      },
    {"2026Q1",   INT64_C(1) << 32, NULL      },
};

static void
shifts_cross_years(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(shifts); i++) {
        int64_t from = 0;
        int64_t to = 77;
        int64_t want = 77;
        EXPECT(timespan_parse(str_of(shifts[i].from), &from), shifts[i].from);
        EXPECT(shifts[i].to == NULL || timespan_parse(str_of(shifts[i].to), &want), shifts[i].from);
        EXPECT(timespan_shift(from, shifts[i].n, &to) == (shifts[i].to != NULL), shifts[i].from);
        EXPECT(to == want, shifts[i].from);
    }
}

static const struct {
    const char *a;
    const char *b;
    int         order; /* 2: neither is before the other */
} comparisons[] = {
    {"2026Q1",   "2026Q1",   0 },
    {"2026Q1",   "2026Q2",   -1},
    {"2026M12",  "2026M02",  1 },
    {"2025A",    "2026Q1",   -1},
    {"2026Q1",   "2025A",    1 },
    {"2026A",    "2026Q1",   2 },
    {"2026Q4",   "2026A",    2 },
    {"2026A",    "2026A",    0 },
    {"2026S1",   "2026Q2",   2 },
    {"2026S1",   "2026Q3",   -1},
    {"2026M03",  "2026Q1",   2 },
    {"2026M03",  "2026Q2",   -1},
    {"2026M04",  "2026Q1",   1 },
    {"2026D090", "2026Q1",   2 },
    {"2026D091", "2026Q1",   1 },
    {"2026W01",  "2025A",    2 }, /* it begins on 29 December 2025 */
    {"2026W02",  "2025A",    1 },
    {"2026W53",  "2027A",    2 }, /* it ends on 3 January 2027 */
    {"2026D001", "2026M01",  2 },
    {"2024D060", "2024M02",  2 }, /* 29 February */
    {"2024D061", "2024M02",  1 },
    {"9999A",    "9999Q4",   2 },
    {"9998A",    "9999Q4",   -1},
    {"9999W01",  "9999D365", -1},
    {"0001A",    "0001M12",  2 },
    {"0001D365", "0002A",    -1},
};

static int
opposite(int order)
{
    return order == 2 ? 2 : -order;
}

static int
compare(int64_t a, int64_t b)
{
    int order = 77;
    if (timespan_compare(a, b, &order)) {
        return order;
    }
    assert_int_equal(order, 77);
    return 2;
}

static void
periods_are_compared_by_their_days(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(comparisons); i++) {
        int64_t a = 0;
        int64_t b = 0;
        assert_true(timespan_parse(str_of(comparisons[i].a), &a));
        assert_true(timespan_parse(str_of(comparisons[i].b), &b));
        EXPECT(compare(a, b) == comparisons[i].order, comparisons[i].a);
        EXPECT(compare(b, a) == opposite(comparisons[i].order), comparisons[i].a);
        EXPECT(timespan_order(a, b) == -timespan_order(b, a), comparisons[i].a);
        EXPECT((timespan_order(a, b) == 0) == (a == b), comparisons[i].a);
        EXPECT(comparisons[i].order == 2 || timespan_order(a, b) == comparisons[i].order,
               comparisons[i].a);
    }
}

/* Against the calendar, day by day: every day has the next number, every Monday a new week, and
 * what is encoded comes back. */
static void
neighbours_in_time_are_neighbours_in_number(void **state)
{
    int64_t day = 0;
    int64_t week = 0;

    (void)state;
    assert_true(timespan_parse(STR("1995-12-31"), &day)); /* a Sunday */
    assert_true(timespan_parse(STR("1995W52"), &week));
    int64_t begin = date_days((struct date){1996, 1, 1});
    int64_t end = date_days((struct date){2030, 1, 1});
    for (int64_t at = begin; at < end; at++) {
        struct date     date = date_of_days(at);
        struct timespan span = timespan_decode(++day);
        int64_t         of_year = at - date_days((struct date){date.year, 1, 1}) + 1;
        assert_int_equal(span.frequency, TIMESPAN_DAY);
        assert_int_equal(span.year, date.year);
        assert_int_equal(span.number, of_year);
        assert_true(timespan_encode(span) == day);
        week += (at - begin) % 7 == 0; /* 1 January 1996 was a Monday */
        span = timespan_decode(week);
        int64_t     monday = at - (at - begin) % 7;
        struct date thursday = date_of_days(monday + 3);
        assert_int_equal(span.year, thursday.year);
        int64_t weeks = (monday + 3 - date_days((struct date){thursday.year, 1, 1})) / 7;
        assert_int_equal(span.number, weeks + 1);
    }
}

static void
what_is_no_period_is_not_known(void **state)
{
    static const struct timespan none[] = {
        {TIMESPAN_FREQUENCIES, 2026,  1  },
        {TIMESPAN_YEAR,        0,     1  },
        {TIMESPAN_YEAR,        10000, 1  },
        {TIMESPAN_QUARTER,     2026,  0  },
        {TIMESPAN_QUARTER,     2026,  5  },
        {TIMESPAN_WEEK,        2025,  53 },
        {TIMESPAN_DAY,         2025,  366},
    };
    static const int64_t values[] = {0,
                                     1,
                                     -1,
                                     INT64_MAX,
                                     INT64_MIN,
                                     INT64_C(1) << 32,
                                     (INT64_C(1) << 32) + 10000,
                                     (INT64_C(7) << 32) + 2026,
                                     (INT64_C(5) << 32) - 1};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(none); i++) {
        assert_false(timespan_valid(none[i]));
    }
    for (size_t i = 0; i < ARRAY_COUNT(values); i++) {
        assert_false(timespan_known(values[i]));
    }
    assert_true(timespan_known((INT64_C(1) << 32) + 1));
    assert_true(timespan_known((INT64_C(1) << 32) + 9999));
}

static const struct {
    const char *name;
    const char *text;
    const char *component;
    int64_t     n;
    enum err    want;
    const char *result;
} timeshifts[] = {
    {"a year of quarters",        "J:is P:it M:mz | a 2026Q1 1 | a 2026Q2 _",                      "P", -4, ERR_OK,
     "J:is P:it M:mz | a 2025Q1 1 | a 2025Q2 _"                                                                                                                                       },
    {"each by its own frequency", "P:it | 2010A | 2010Q1 | 2010M01 | 2010S1 | 2010W01 | 2010D001",
     "P",                                                                                               -1, ERR_OK,    "P:it | 2009A | 2009Q4 | 2009M12 | 2009S2 | 2009W53 | 2009D365"},
    {"a measure, with nulls",     "A:iz P:mt | 1 2010A | 2 _ | 3 ?",                               "P", 1,  ERR_OK,
     "A:iz P:mt | 1 2011A | 2 _ | 3 ?"                                                                                                                                                },
    {"of nothing",                "P:it",                                                          "P", 5,  ERR_OK,    "P:it"                                                         },
    {"out of the years",          "P:it | 2010A | 9999A",                                          "P", 1,  ERR_LIMIT, "row 1"                                                        },
    {"not a period",              "P:it M:mz | 2010A 1",                                           "M", 1,  ERR_USAGE, "component 1"                                                  },
};

static void
timeshift_follows_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(timeshifts); i++) {
        struct fixture  fixture = fixture_create();
        struct relation in = fixture_relation(&fixture, 0, timeshifts[i].text);
        struct relation out = {0};
        struct fault    fault = {0};
        size_t          component = relation_find(&in, str_of(timeshifts[i].component));
        EXPECT(timespan_timeshift(fixture.arena, &in, component, timeshifts[i].n, &out, &fault)
                   == timeshifts[i].want,
               timeshifts[i].name);
        if (timeshifts[i].want == ERR_OK) {
            assert_string_equal(fixture_text(&fixture, &out), timeshifts[i].result);
            assert_string_equal(fixture_text(&fixture, &in), timeshifts[i].text);
        } else {
            EXPECT(strstr(fault.text, timeshifts[i].result) != NULL, timeshifts[i].name);
        }
        arena_destroy(fixture.arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(periods_are_read_and_written),
        cmocka_unit_test(shifts_cross_years),
        cmocka_unit_test(periods_are_compared_by_their_days),
        cmocka_unit_test(neighbours_in_time_are_neighbours_in_number),
        cmocka_unit_test(what_is_no_period_is_not_known),
        cmocka_unit_test(timeshift_follows_the_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
