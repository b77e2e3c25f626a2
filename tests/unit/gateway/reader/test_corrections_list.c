#include "tests/support/expect.h"
#include "tests/unit/gateway/reader/world.h"

#include <jansson.h>
#include <string.h>

/*
 * Corrections that came after their window: who is told of which, page by page, and what a page
 * costs a unit beside those of a country, counted in buffers of the database.
 */
enum {
    RIO = 700,
    OTHER_RIO,
    GUS,
    TO_ZARZAD = 1, /* of addressed_to */
    TO_RIO = 2,
    TO_BOTH = 18, /* and to GUS */
    OF_SCHOOL = 10,
    OF_SISTER = 3,
    OF_OTHERS = 2000,
    BUFFERS_MAX = 4000
};

static struct cluster *cluster;
static struct world    world;

/* What a unit files of itself, all of it alike. */
struct making {
    int64_t     from; /* numbers of submissions and reports begin behind it */
    int         count;
    int         unit;
    int         kinds;  /* of offices that it is sent to */
    const char *window; /* how it stands to its window: corrects, window_until, outside_window */
    int         verdict;
    int n; /* the submission was decided once more after it when it is 1, not when it is 2 */
};

#define AFTER "true, '2026-07-05', true"
#define WITHIN "true, '2026-07-31', false"

static const char file_sql[] =
    "WITH made AS (INSERT INTO intake.submission (submission, ordinal, subject, credential, key,"
    " sha256, size, first_byte, arrived, first_arrived, state, verdict, n, decided_n, decided_at)"
    " SELECT gen_random_uuid(), %lld + i, %d, %d, 'made' || %lld + i, sha256((%lld +"
    " i)::text::bytea), 15, t, t, t, 'decided', 1, 2, 2, t FROM generate_series(1, %d) i, LATERAL"
    " (SELECT timestamptz '2026-07-10T09:00:00+02' + (%lld + i) * interval '1 second' AS t) t"
    " RETURNING *), "
    "reported AS (INSERT INTO intake.report (report, submission, n, ordinal, unit, unit_name,"
    " regon, type, wk, pk, gk, gt, pt, element, form, form_version, form_title, year, period_type,"
    " period_number, period, period_end, level, variant, version, verdict, reason, sha256,"
    " start_byte, end_byte, row_count, arrived, log_index, addressed_to, in_force, recipient,"
    " window_basis, corrects, window_until, outside_window)"
    " SELECT 1000000 + m.ordinal, m.submission, %d, 0, u.unit, u.name, u.regon, 'JB', '99', '01',"
    " '01', '1', '0', 'Rb-27s', 'RB27S', '2025-1', 'Rb-27S', 2026, 'Kwartal', 2, '2026-Q2',"
    " '2026-06-30', 'jednostkowe', '', 2, %d, '', sha256('x'), 0, 1, 1, m.arrived,"
    " m.ordinal, %d, NULL, 'RIO', 'par. 15', %s FROM made m JOIN registry.unit u ON u.unit = %d"
    " RETURNING submission, log_index) "
    "INSERT INTO intake.correction_reason (submission, report, revision, code, text, given_at,"
    " unit, credential) SELECT submission, 0, v, 'blad-ksiegowy', CASE v WHEN 2 THEN 'faktura'"
    " ELSE '' END, '2026-07-11', %d, %d FROM reported, generate_series(1, 2) v"
    " WHERE log_index %% 2 = 0;"
    "ANALYZE intake.submission, intake.report, intake.correction_reason";

static void
file(const struct making *making)
{
    long long at = (long long)making->from;

    world_run(&world, str_format(world.arena, file_sql, at, making->unit, making->unit, at, at,
                                 making->count, at, making->n, making->verdict, making->kinds,
                                 making->window, making->unit, making->unit, making->unit)
                          .data);
}

static int
start(void **state)
{
    static const struct making makings[] = {
        {10000, OF_SCHOOL, WORLD_SCHOOL,   TO_BOTH,   AFTER,  1, 2},
        {20000, OF_SISTER, WORLD_SISTER,   TO_RIO,    AFTER,  1, 2},
        {30000, 2,         WORLD_SISTER,   TO_ZARZAD, AFTER,  1, 2}, /* sent to no office */
        {40000, 4,         WORLD_SCHOOL,   TO_BOTH,   WITHIN, 1, 2}, /* came in its window */
        {50000, 4,         WORLD_SCHOOL,   TO_BOTH,   AFTER,  3, 2}, /* returned */
        {60000, 4,         WORLD_SCHOOL,   TO_BOTH,   AFTER,  1, 1}, /* decided otherwise since */
        {70000, OF_OTHERS, WORLD_STRANGER, TO_BOTH,   AFTER,  1, 2},
        {65000, 3,         WORLD_SCHOOL,   TO_BOTH,   AFTER,  1, 2}, /* the same byte for byte */
    };

    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    world_begin(&world, cluster, "corrections");
    world_run(&world,
              "INSERT INTO registry.credential (credential, office, is_certificate, digest, scopes,"
              " label, expires_at) OVERRIDING SYSTEM VALUE SELECT 700 + n - 1, o, false, sha256(o"
              "::bytea), 2, '', now() + interval '1 year' FROM unnest('{rio-lodz,rio-opole,gus}'"
              "::text[]) WITH ORDINALITY x (o, n);"
              "INSERT INTO registry.unit_office (unit, office, valid_from) VALUES"
              " (1, 'rio-lodz', '2020-01-01')");
    for (size_t i = 0; i < ARRAY_COUNT(makings); i++) {
        file(&makings[i]);
    }
    world_run(&world, "INSERT INTO intake.finding SELECT submission, n, 1, ordinal, 'PACZKA-021',"
                      " 'info', 0, 0, 0, '', '', '', '', '', '', '', '', '', ''"
                      " FROM intake.report WHERE log_index BETWEEN 65001 AND 65003");
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    world_end(&world);
    cluster_stop(cluster);
    return 0;
}

static struct reply
ask(int64_t who, const char *query, const char *if_none_match)
{
    struct question question = {.handle = 7,
                                .kind = QUESTION_GET,
                                .credential = who,
                                .of_office = who >= RIO,
                                .path = STR("/api/v1/corrections"),
                                .query = str_of(query),
                                .if_none_match = str_of(if_none_match)};

    return world_ask(&world, &question);
}

static json_t *
list(int64_t who, const char *query)
{
    struct reply reply = ask(who, query, "");
    json_t      *page = json_loadb(reply.body.data, reply.body.size, 0, NULL);

    if (reply.status != 200 || page == NULL) {
        fail_msg("%s: %d %.*s", query, reply.status, STR_ARG(reply.body));
    }
    return page;
}

static const char *
text_of(const json_t *item, const char *name)
{
    const char *text = json_string_value(json_object_get(item, name));

    return text == NULL ? "" : text;
}

/* All pages one after another: how many there are, newest first, each once. */
static size_t
walk(int64_t who, const char *filter)
{
    const char *cursor = "";
    const char *before = "9999";
    size_t      count = 0;

    for (bool more = true; more;) {
        struct str query = str_format(world.arena, "limit=7%s%s%s", filter,
                                      cursor[0] == '\0' ? "" : "&cursor=", cursor);
        json_t    *page = list(who, query.data);
        json_t    *items = json_object_get(page, "items");
        for (size_t i = 0; i < json_array_size(items); i++) {
            const char *at = text_of(json_array_get(items, i), "received_at");
            assert_true(at[0] != '\0' && strcmp(at, before) < 0);
            before = str_copy(world.arena, str_of(at)).data;
            count++;
        }
        cursor = str_copy(world.arena, str_of(text_of(page, "next_cursor"))).data;
        more = cursor[0] != '\0';
        json_decref(page);
    }
    return count;
}

static void
everybody_is_told_of_what_is_theirs_and_of_nothing_else(void **state)
{
    static const struct {
        int64_t     who;
        const char *filter;
        size_t      want;
    } cases[] = {
        {RIO,            "",                        OF_SCHOOL + OF_SISTER    },
        {RIO,            "&unit=990001033",         OF_SCHOOL                },
        {RIO,            "&unit=990002015",         0                        },
        {RIO,            "&form=RB27S",             OF_SCHOOL + OF_SISTER    },
        {RIO,            "&form=RB28S",             0                        },
        {RIO,            "&period=2026",            OF_SCHOOL + OF_SISTER    },
        {RIO,            "&period=2026-Q2",         OF_SCHOOL + OF_SISTER    },
        {RIO,            "&period=2026-Q1",         0                        },
        {OTHER_RIO,      "",                        0                        },
        {GUS,            "",                        OF_SCHOOL + OF_OTHERS    },
        {GUS,            "&unit=990001033",         OF_SCHOOL                },
        {WORLD_SCHOOL,   "",                        OF_SCHOOL                },
        {WORLD_SCHOOL,   "&unit=990001040",         0                        },
        {WORLD_SISTER,   "",                        OF_SISTER + 2            },
        {WORLD_GMINA,    "",                        OF_SCHOOL + OF_SISTER + 2},
        {WORLD_OFFICE,   "",                        0                        },
        {WORLD_STRANGER, "&unit=990001033",         0                        },
        {WORLD_STRANGER, "&period=2026&form=RB27S", OF_OTHERS                },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        size_t got = walk(cases[i].who, cases[i].filter);
        if (got != cases[i].want) {
            print_message("%lld%s: %zu, not %zu\n", (long long)cases[i].who, cases[i].filter, got,
                          cases[i].want);
        }
        EXPECT(got == cases[i].want, cases[i].filter);
    }
}

static void
a_page_ends_where_the_next_one_begins(void **state)
{
    static const struct {
        const char *query;
        size_t      items;
        bool        more;
    } cases[] = {
        {"limit=1",  1,  true }, /* of ten */
        {"limit=9",  9,  true },
        {"limit=10", 10, false},
        {"limit=11", 10, false},
        {"",         10, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        json_t *page = list(WORLD_SCHOOL, cases[i].query);
        EXPECT(json_array_size(json_object_get(page, "items")) == cases[i].items, cases[i].query);
        EXPECT((text_of(page, "next_cursor")[0] != '\0') == cases[i].more, cases[i].query);
        json_decref(page);
    }
}

static void
what_cannot_be_asked_is_refused(void **state)
{
    json_t    *page = list(WORLD_STRANGER, "limit=1");
    struct str own = str_format(world.arena, "cursor=%s", text_of(page, "next_cursor"));
    struct str other = {0};
    const struct {
        const char *query;
        int         status;
    } cases[] = {
        {"limit=0",         400},
        {"limit=500",       200},
        {"limit=501",       400},
        {"limit=x",         400},
        {"cursor=x",        400},
        {"period=2026-Q5",  400},
        {"period=2026-Q4",  200},
        {"unit=12345678",   400},
        {"unit=123456789",  200},
        {"unit=1234567890", 400},
        {"format=xml",      406},
        {own.data,          200},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(ask(WORLD_STRANGER, cases[i].query, "").status == cases[i].status, cases[i].query);
    }
    json_decref(page);
    struct reply list_of_others = world_get(&world, WORLD_GMINA, "/api/v1/submissions?limit=1");
    page = json_loadb(list_of_others.body.data, list_of_others.body.size, 0, NULL);
    other = str_format(world.arena, "cursor=%s", text_of(page, "next_cursor"));
    EXPECT(ask(WORLD_STRANGER, other.data, "").status == 400, "the cursor of another list");
    json_decref(page);
}

static void
a_row_says_what_came_when_and_why(void **state)
{
    json_t       *page = list(RIO, "unit=990001040&limit=2");
    const json_t *last = json_array_get(json_object_get(page, "items"), 0);
    const json_t *given = json_array_get(json_object_get(page, "items"), 1);
    const json_t *reason = json_object_get(given, "reason");
    struct reply  csv = ask(RIO, "unit=990001040&limit=2&format=csv", "");

    (void)state;
    assert_string_equal(text_of(last, "form_title"), "Rb-27S");
    assert_string_equal(text_of(last, "period"), "2026-Q2");
    assert_string_equal(text_of(last, "window_until"), "2026-07-05");
    assert_string_equal(text_of(last, "recipient"), "RIO");
    assert_string_equal(text_of(last, "basis"), "par. 15");
    assert_string_equal(text_of(json_object_get(last, "unit"), "regon"), "990001040");
    assert_int_equal(json_integer_value(json_object_get(last, "report")), 1);
    assert_int_equal(json_integer_value(json_object_get(last, "version")), 2);
    assert_true(json_is_false(json_object_get(last, "in_force")));
    assert_true(json_is_null(json_object_get(last, "reason")));
    assert_string_equal(text_of(reason, "code"), "blad-ksiegowy");
    assert_string_equal(text_of(reason, "text"), "faktura");
    assert_int_equal(json_integer_value(json_object_get(reason, "revision")), 2);
    assert_int_equal(csv.status, 200);
    assert_non_null(memmem(csv.body.data, csv.body.size, "okno korekt do", 14));
    assert_non_null(memmem(csv.body.data, csv.body.size, ";2026-07-05;RIO;", 16));
    assert_non_null(memmem(csv.body.data, csv.body.size, ";blad-ksiegowy;faktura", 22));
    json_decref(page);
}

static void
an_unchanged_list_is_not_told_again(void **state)
{
    struct reply first = ask(RIO, "limit=3", "");
    struct str   tag = str_copy(world.arena, world_header(&first, "ETag"));

    (void)state;
    assert_true(tag.size > 2);
    assert_int_equal(ask(RIO, "limit=3", tag.data).status, 304);
    assert_int_equal(ask(RIO, "limit=2", tag.data).status, 200);
    assert_int_equal(ask(GUS, "limit=3", tag.data).status, 200);
}

static int64_t
cost_of(int64_t who, const char *query)
{
    json_decref(list(who, query)); /* plans and catalogues are read once */
    int64_t before = world_buffers(&world);
    json_decref(list(who, query));
    return world_buffers(&world) - before;
}

static void
a_page_costs_a_unit_no_more_for_those_of_others(void **state)
{
    static const struct {
        int64_t     who;
        const char *query;
    } cases[] = {
        {WORLD_SCHOOL, "limit=5"   },
        {WORLD_GMINA,  "limit=5"   },
        {WORLD_OFFICE, ""          },
        {WORLD_SCHOOL, "form=RB28S"},
        {GUS,          "limit=5"   },
        {RIO,          "limit=5"   },
        {RIO,          "limit=20"  },
        {OTHER_RIO,    ""          },
    };
    int64_t before[ARRAY_COUNT(cases)];

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        before[i] = cost_of(cases[i].who, cases[i].query);
        print_message("%lld %s: %lld buffers\n", (long long)cases[i].who, cases[i].query,
                      (long long)before[i]);
        EXPECT(before[i] < BUFFERS_MAX, cases[i].query);
    }
    file(&(struct making){80000, 2 * OF_OTHERS, WORLD_STRANGER, TO_BOTH, AFTER, 1, 2});
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(cost_of(cases[i].who, cases[i].query) < before[i] + before[i] / 4 + 200,
               cases[i].query);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_is_told_of_what_is_theirs_and_of_nothing_else),
        cmocka_unit_test(a_page_ends_where_the_next_one_begins),
        cmocka_unit_test(what_cannot_be_asked_is_refused),
        cmocka_unit_test(a_row_says_what_came_when_and_why),
        cmocka_unit_test(an_unchanged_list_is_not_told_again),
        cmocka_unit_test(a_page_costs_a_unit_no_more_for_those_of_others),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
