#include "tests/support/expect.h"
#include "tests/unit/gateway/reader/world.h"

#include <jansson.h>
#include <string.h>

/*
 * Questions of a unit beside those of a country: they are found along an index, and what a page
 * costs is counted in buffers of the database, which no load of the machine changes.
 */
enum {
    RIO = 700,
    PAGE = 50,
    OF_SCHOOL = 60,
    OF_SISTER = 7,
    BY_SISTER = 5, /* filed by her, of the stranger */
    OF_OTHERS = 4000,
    BUFFERS_MAX = 10000
};

static struct cluster *cluster;
static struct world    world;

/* $unit's reports, filed by $subject, each with one query; every second one is explained. */
static const char file_sql[] =
    "WITH made AS (INSERT INTO intake.submission (submission, ordinal, subject, credential, key,"
    " sha256, size, first_byte, arrived, first_arrived, state, verdict, n, decided_n, decided_at)"
    " SELECT gen_random_uuid(), %lld + i, %d, %d, 'made' || %lld + i, sha256((%lld +"
    " i)::text::bytea), 15, t, t, t, 'decided', 1, 1, 1, t FROM generate_series(1, %d) i, LATERAL"
    " (SELECT timestamptz '2026-07-10T09:00:00+02' + (%lld + i) * interval '1 second' AS t) t"
    " RETURNING *), "
    "reported AS (INSERT INTO intake.report (report, submission, n, ordinal, unit, unit_name, "
    "regon,"
    " type, wk, pk, gk, gt, pt, element, form, form_version, form_title, year, period_type,"
    " period_number, period, period_end, level, variant, version, verdict, reason, sha256,"
    " start_byte, end_byte, row_count, arrived, log_index, addressed_to, in_force)"
    " SELECT 1000000 + m.ordinal, m.submission, 1, 0, u.unit, u.name, u.regon, 'JB', '99', '01',"
    " '01', '1', '0', 'Rb-27s', 'RB27S', '2025-1', 'Rb-27S', 2026, 'Kwartal', 2, '2026-Q2',"
    " '2026-06-30', 'jednostkowe', 'v' || m.ordinal, 1, 1, '', sha256('x'), 0, 1, 1, m.arrived,"
    " m.ordinal, 2, tstzmultirange(tstzrange(m.decided_at, NULL))"
    " FROM made m JOIN registry.unit u ON u.unit = %d RETURNING *), "
    "found AS (INSERT INTO intake.finding SELECT submission, n, 1, 0, 'RB27S-003', 'query', 1, 1,"
    " 1, '', '', '', '', '', '', '', '', '', '' FROM reported), "
    "explained AS (INSERT INTO intake.explanation (submission, report, mark, revision, code, text,"
    " given_at, unit, credential, n, finding) SELECT submission, 0,"
    " intake.finding_mark('RB27S-003', '', '', '', '', ''), 1, 'inne', 'x', now(), %d, %d, 1, 1"
    " FROM made WHERE ordinal %% 2 = 0) "
    "INSERT INTO intake.question (submission, report, asked_at, days, until, calendar, unit,"
    " subject) SELECT r.submission, 0, r.arrived, 7, '2099-01-01', '1', r.unit, %d FROM reported r"
    " ORDER BY r.log_index;"
    "INSERT INTO intake.concern SELECT r.unit, s.ordinal, s.subject FROM intake.report r JOIN"
    " intake.submission s USING (submission) WHERE s.ordinal >= %lld AND r.unit <> s.subject;"
    "ANALYZE intake.submission, intake.report, intake.finding, intake.question, intake.explanation";

static void
file(int64_t from, int count, int unit, int subject)
{
    long long at = (long long)from;

    world_run(&world, str_format(world.arena, file_sql, at, subject, subject, at, at, count, at,
                                 unit, unit, subject, subject, at)
                          .data);
}

static int
start(void **state)
{
    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    world_begin(&world, cluster, "questions");
    world_run(&world,
              "INSERT INTO registry.credential (credential, office, is_certificate, digest, scopes,"
              " label, expires_at) OVERRIDING SYSTEM VALUE VALUES (700, 'rio-lodz', false,"
              " sha256('rio'), 2, '', now() + interval '1 year');"
              "INSERT INTO registry.unit_office (unit, office, valid_from) VALUES"
              " (1, 'rio-lodz', '2020-01-01')");
    file(10000, OF_SCHOOL, WORLD_SCHOOL, WORLD_SCHOOL);
    file(20000, OF_SISTER, WORLD_SISTER, WORLD_GMINA);
    file(30000, BY_SISTER, WORLD_STRANGER, WORLD_SISTER);
    file(40000, OF_OTHERS, WORLD_STRANGER, WORLD_STRANGER);
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

static json_t *
list(int64_t who, const char *query)
{
    struct question question = {.handle = 7,
                                .kind = QUESTION_GET,
                                .credential = who,
                                .of_office = who == RIO,
                                .path = STR("/api/v1/questions"),
                                .query = str_of(query)};
    struct reply    reply = world_ask(&world, &question);
    json_t         *page = json_loadb(reply.body.data, reply.body.size, 0, NULL);

    if (reply.status != 200) {
        fail_msg("%.*s", STR_ARG(reply.body));
    }
    assert_non_null(page);
    return page;
}

/* All pages one after another: how many there are, newest first, each once. */
static size_t
walk(int64_t who, const char *filter)
{
    const char *cursor = "";
    const char *before = "9999";
    size_t      count = 0;

    for (bool more = true; more;) {
        struct str  query = str_format(world.arena, "limit=%d%s%s%s", PAGE, filter,
                                      cursor[0] == '\0' ? "" : "&cursor=", cursor);
        json_t     *page = list(who, query.data);
        json_t     *items = json_object_get(page, "items");
        const char *next = json_string_value(json_object_get(page, "next_cursor"));
        for (size_t i = 0; i < json_array_size(items); i++) {
            const char *at =
                json_string_value(json_object_get(json_array_get(items, i), "asked_at"));
            assert_non_null(at);
            assert_true(strcmp(at, before) < 0);
            before = str_copy(world.arena, str_of(at)).data;
            count++;
        }
        more = next != NULL;
        cursor = more ? str_copy(world.arena, str_of(next)).data : "";
        json_decref(page);
    }
    return count;
}

static void
everybody_finds_what_is_asked_of_him_and_of_nobody_else(void **state)
{
    static const struct {
        int64_t     who;
        const char *filter;
        size_t      want;
    } cases[] = {
        {WORLD_SCHOOL,   "",                            OF_SCHOOL                        },
        {WORLD_SCHOOL,   "&state=open",                 OF_SCHOOL / 2                    },
        {WORLD_SCHOOL,   "&state=explained",            OF_SCHOOL / 2                    },
        {WORLD_SCHOOL,   "&state=late",                 0                                },
        {WORLD_SCHOOL,   "&unit=990001033",             OF_SCHOOL                        },
        {WORLD_SCHOOL,   "&unit=990001033&form=RB28S",  0                                },
        {WORLD_SCHOOL,   "&unit=990001033&period=2026", OF_SCHOOL                        },
        {WORLD_SCHOOL,   "&unit=990001033&state=open",  OF_SCHOOL / 2                    },
        {WORLD_SCHOOL,   "&unit=990001040",             0                                },
        {WORLD_SCHOOL,   "&unit=990002015",             0                                },
        {WORLD_SISTER,   "",                            OF_SISTER + BY_SISTER            },
        {WORLD_SISTER,   "&unit=990001040",             OF_SISTER                        },
        {WORLD_SISTER,   "&unit=990002015",             BY_SISTER                        },
        {WORLD_GMINA,    "",                            OF_SCHOOL + OF_SISTER + BY_SISTER},
        {WORLD_GMINA,    "&unit=990001033",             OF_SCHOOL                        },
        {WORLD_OFFICE,   "",                            0                                },
        {WORLD_STRANGER, "&unit=990001033",             0                                },
        {WORLD_STRANGER, "&unit=990002015",             OF_OTHERS + BY_SISTER            },
        {RIO,            "",                            OF_SCHOOL + OF_SISTER            },
        {RIO,            "&unit=990001033",             OF_SCHOOL                        },
        {RIO,            "&unit=990002015",             0                                },
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

static int64_t
cost_of(int64_t who, const char *filter)
{
    struct str query = str_format(world.arena, "limit=%d%s", PAGE, filter);

    json_decref(list(who, query.data)); /* plans and catalogues are read once */
    int64_t before = world_buffers(&world);
    json_decref(list(who, query.data));
    return world_buffers(&world) - before;
}

static void
a_page_costs_no_more_for_what_others_are_asked(void **state)
{
    static const struct {
        int64_t     who;
        const char *filter;
    } cases[] = {
        {WORLD_SCHOOL, ""               },
        {WORLD_SCHOOL, "&state=late"    },
        {WORLD_SCHOOL, "&unit=990001033"},
        {WORLD_SISTER, ""               },
        {WORLD_GMINA,  ""               },
        {WORLD_GMINA,  "&unit=990001040"},
        {WORLD_OFFICE, ""               },
        {RIO,          ""               },
        {RIO,          "&state=late"    },
        {RIO,          "&unit=990001033"},
        {RIO,          "&unit=990001027"},
    };
    int64_t before[ARRAY_COUNT(cases)];

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        before[i] = cost_of(cases[i].who, cases[i].filter);
        print_message("%lld%s: %lld buffers\n", (long long)cases[i].who, cases[i].filter,
                      (long long)before[i]);
        EXPECT(before[i] < BUFFERS_MAX, cases[i].filter);
    }
    file(50000, 2 * OF_OTHERS, WORLD_STRANGER, WORLD_STRANGER);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(cost_of(cases[i].who, cases[i].filter) < before[i] + before[i] / 4 + 200,
               cases[i].filter);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everybody_finds_what_is_asked_of_him_and_of_nobody_else),
        cmocka_unit_test(a_page_costs_no_more_for_what_others_are_asked),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
