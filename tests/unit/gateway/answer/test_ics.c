#include "gateway/answer/ics.h"
#include "tests/support/expect.h"

#include <string.h>

enum { ARENA_MAX = 1024 * 1024 };

static void
text_is_escaped_and_stays_utf8(void **state)
{
    static const struct {
        const char *value;
        const char *want;
    } cases[] = {
        {"",           "SUMMARY:\r\n"              },
        {"a;b,c\\d",   "SUMMARY:a\\;b\\,c\\\\d\r\n"},
        {"a\nb",       "SUMMARY:a\\nb\r\n"         },
        {"a\r\nEND:X", "SUMMARY:a \\nEND:X\r\n"    },
        {"a\tb\x7F",   "SUMMARY:a b \r\n"          },
        {"a\xFFz",     "SUMMARY:a\xEF\xBF\xBDz\r\n"},
        {"żółw",    "SUMMARY:żółw\r\n"       },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena *arena = arena_create(ARENA_MAX);
        struct buf    out = buf_create(arena, ARENA_MAX);
        ics_text(&out, "SUMMARY", str_of(cases[i].value));
        EXPECT(str_equal(buf_str(&out), str_of(cases[i].want)), cases[i].value);
        arena_destroy(arena);
    }
}

/* Unfolded it is the same, no line is longer than 75 octets, none begins inside a character. */
static void
long_lines_are_folded_at_75_octets(void **state)
{
    (void)state;
    for (size_t size = 1; size < 400; size++) {
        struct arena *arena = arena_create(ARENA_MAX);
        struct buf    out = buf_create(arena, ARENA_MAX);
        struct buf    value = buf_create(arena, ARENA_MAX);
        struct buf    unfolded = buf_create(arena, ARENA_MAX);
        struct str    rest = {0};
        struct str    line = {0};
        for (size_t i = 0; i < size; i++) {
            buf_append(&value, i % 3 == 0 ? STR("ż") : STR("a"));
        }
        ics_text(&out, "DESCRIPTION", buf_str(&value));
        rest = str_slice(buf_str(&out), 0, out.size - 1);
        for (bool first = true; str_cut(&rest, '\n', &line); first = false) {
            struct str plain = str_slice(line, 0, line.size - 1);
            EXPECT(plain.size <= ICS_LINE_MAX, "octets");
            EXPECT(line.data[line.size - 1] == '\r', "CR LF");
            EXPECT(first || plain.data[0] == ' ', "continued by a space");
            EXPECT(str_is_utf8(plain), "no character is broken");
            buf_append(&unfolded, first ? plain : str_slice(plain, 1, plain.size));
        }
        EXPECT(str_equal(str_slice(buf_str(&unfolded), strlen("DESCRIPTION:"), unfolded.size),
                         buf_str(&value)),
               "unfolded");
        arena_destroy(arena);
    }
}

static void
event_is_a_whole_day(void **state)
{
    struct arena          *arena = arena_create(ARENA_MAX);
    struct buf             out = buf_create(arena, ARENA_MAX);
    const struct ics_event event = {
        .uid = STR("1@brama"),
        .stamp = INT64_C(1783666800) * INSTANT_PER_SECOND,
        .sequence = 2,
        .on = {2026, 12, 31},
        .summary = STR("Rb-27S"),
        .description = STR("do końca dnia")
    };

    (void)state;
    ics_begin(&out, STR("-//Brama//PL"), STR("Terminy"));
    ics_event(&out, &event);
    ics_end(&out);
    assert_true(str_equal(
        buf_str(&out),
        STR("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Brama//PL\r\nCALSCALE:GREGORIAN\r\n"
            "X-WR-CALNAME:Terminy\r\nREFRESH-INTERVAL;VALUE=DURATION:PT4H\r\n"
            "X-PUBLISHED-TTL:PT4H\r\nBEGIN:VEVENT\r\nUID:1@brama\r\nDTSTAMP:20260710T070000Z\r\n"
            "LAST-MODIFIED:20260710T070000Z\r\nSEQUENCE:2\r\n"
            "DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\nSUMMARY:Rb-27S\r\n"
            "DESCRIPTION:do końca dnia\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")));
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_escaped_and_stays_utf8),
        cmocka_unit_test(long_lines_are_folded_at_75_octets),
        cmocka_unit_test(event_is_a_whole_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
