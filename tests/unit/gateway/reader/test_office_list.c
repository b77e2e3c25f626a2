#include "tests/support/expect.h"
#include "tests/unit/gateway/reader/world.h"

#include <jansson.h>
#include <string.h>

/*
 * The list of submissions of an office beside a country that files to others: it is found along an
 * index. What a page costs is counted in buffers of the database, which no load of the machine
 * changes.
 */
enum {
    RIO = 700,
    OTHER_RIO,
    GUS,
    MF,
    SENT = 120,
    PAGE = 50,
    MADE = 10000,
    BUFFERS_MAX = 12000,
    UNIT_BUFFERS_MAX = 4000
};

static struct cluster *cluster;
static struct world    world;

/* Accepted submissions of the stranger; of every %d'th the report goes to these kinds. */
static const char file_sql[] =
    "WITH made AS (INSERT INTO intake.submission (submission, ordinal, subject, credential, key,"
    " sha256, size, first_byte, arrived, first_arrived, state, verdict, n, decided_n, decided_at)"
    " SELECT gen_random_uuid(), %lld + i, 5, 5, 'made' || %lld + i, sha256((%lld + "
    "i)::text::bytea),"
    " 15, t, t, t, 'decided', 1, 1, 1, t FROM generate_series(1, %d) i, LATERAL (SELECT"
    " timestamptz '2026-07-10T09:00:00+02' + (%lld + i) * interval '1 second' AS t) t RETURNING *)"
    "INSERT INTO intake.report (report, submission, n, ordinal, unit, unit_name, regon, type, wk,"
    " pk, gk, gt, pt, element, form, form_version, form_title, year, period_type, period_number,"
    " period, period_end, level, variant, version, verdict, reason, sha256, start_byte, end_byte,"
    " row_count, arrived, log_index, addressed_to) SELECT 1000000 + m.ordinal, m.submission, 1, 0,"
    " CASE WHEN m.ordinal %% %d = 0 THEN %d ELSE 5 END, 'Jednostka', '990001010', 'JST', '99', "
    "'01',"
    " '01', '1', '0', 'Rb-27s', 'RB27S', '2025-1', 'Rb-27S', 2026, 'Kwartal', 2, '2026-Q2',"
    " '2026-06-30', 'zbiorcze', '', 1, 1, '', sha256('x'), 0, 1, 1, m.arrived, m.ordinal,"
    " CASE WHEN m.ordinal %% %d = 0 THEN %d ELSE 1 END FROM made m;"
    "SELECT intake.note_addressed(array_agg(r.submission), array_agg(r.unit),"
    " array_agg(r.addressed_to::bigint)) FROM intake.report r WHERE r.addressed_to & 62 <> 0;"
    "ANALYZE intake.submission, intake.report, intake.addressing";

/* made: from this ordinal on. */
static void
file(int64_t from, int every, int unit, int kinds)
{
    long long at = (long long)from;

    world_run(
        &world,
        str_format(world.arena, file_sql, at, at, at, MADE, at, every, unit, every, kinds).data);
}

static int
start(void **state)
{
    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    world_begin(&world, cluster, "office");
    world_run(
        &world,
        "INSERT INTO registry.credential (credential, office, is_certificate, digest, scopes,"
        " label, expires_at) OVERRIDING SYSTEM VALUE SELECT 700 + n, office, false,"
        " sha256(office::bytea), 2, '', now() + interval '1 year' FROM (VALUES (0, 'rio-lodz'),"
        " (1, 'rio-opole'), (2, 'gus'), (3, 'mf')) x (n, office);"
        "INSERT INTO registry.unit_office (unit, office, valid_from) VALUES"
        " (1, 'rio-lodz', '2020-01-01'), (3, 'rio-opole', '2020-01-01')");
    /* 120 to RIO, 100 to GUS, and twice as many to nobody. */
    file(10000, (int)(MADE / SENT), 1, 2);
    file(20000, 100, 5, 16);
    file(30000, MADE + 1, 5, 1);
    file(40000, MADE * 10 + 1, 5, 1);
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
get(int64_t who, bool of_office, const char *path, const char *query)
{
    struct question question = {.handle = 7,
                                .kind = QUESTION_GET,
                                .credential = who,
                                .of_office = of_office,
                                .path = str_of(path),
                                .query = str_of(query)};

    return world_ask(&world, &question);
}

static struct reply
list(int64_t who, const char *rest)
{
    struct str target = str_format(world.arena, "limit=%d%s", PAGE, rest);

    return get(who, true, "/api/v1/submissions", target.data);
}

static json_t *
read_page(int64_t who, const char *rest)
{
    struct reply reply = list(who, rest);
    json_t      *page = json_loadb(reply.body.data, reply.body.size, 0, NULL);

    assert_int_equal(reply.status, 200);
    assert_non_null(page);
    return page;
}

/* All pages one after another: how many there are, newest first, each once. */
static size_t
walk(int64_t who, const char *filter)
{
    const char *cursor = "";
    size_t      count = 0;
    const char *before = "9999";

    for (bool more = true; more;) {
        struct str rest =
            str_format(world.arena, "%s%s%s", filter, cursor[0] == '\0' ? "" : "&cursor=", cursor);
        json_t     *page = read_page(who, rest.data);
        json_t     *items = json_object_get(page, "items");
        const char *next = json_string_value(json_object_get(page, "next_cursor"));
        for (size_t i = 0; i < json_array_size(items); i++) {
            const char *at =
                json_string_value(json_object_get(json_array_get(items, i), "received_at_utc"));
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
an_office_walks_through_all_that_it_was_sent(void **state)
{
    static const struct {
        int64_t     who;
        const char *filter;
        size_t      want;
    } cases[] = {
        {RIO,       "",                  SENT},
        {RIO,       "&verdict=accepted", SENT},
        {RIO,       "&verdict=rejected", 0   },
        {RIO,       "&period=2026",      SENT},
        {RIO,       "&period=2025",      0   },
        {RIO,       "&state=received",   0   },
        {RIO,       "&form=RB28S",       0   },
        {GUS,       "",                  100 },
        {OTHER_RIO, "",                  0   },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(walk(cases[i].who, cases[i].filter) == cases[i].want, cases[i].filter);
    }
}

static int64_t
cost_of(int64_t who, const char *rest)
{
    (void)list(who, rest); /* plans and catalogues are read once */
    int64_t before = world_buffers(&world);
    (void)list(who, rest);
    return world_buffers(&world) - before;
}

static void
a_page_costs_no_more_for_what_others_are_sent(void **state)
{
    static const struct {
        int64_t     who;
        const char *rest;
    } cases[] = {
        {RIO,       ""               },
        {RIO,       "&period=2026-Q2"},
        {RIO,       "&form=RB28S"    },
        {GUS,       ""               },
        {OTHER_RIO, ""               },
    };
    int64_t before[ARRAY_COUNT(cases)];

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        before[i] = cost_of(cases[i].who, cases[i].rest);
        print_message("%lld%s: %lld buffers\n", (long long)cases[i].who, cases[i].rest,
                      (long long)before[i]);
        EXPECT(before[i] < BUFFERS_MAX, cases[i].rest);
    }
    file(50000, MADE * 10 + 1, 5, 1);
    file(60000, MADE * 10 + 1, 5, 1);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(cost_of(cases[i].who, cases[i].rest) < before[i] + before[i] / 4 + 200,
               cases[i].rest);
    }
}

/* A school that goes below another JST: what it was sent to goes with it, and what was seen by the
 * first is asked of it no more. */
static void
what_was_sent_follows_a_unit_to_another_jst(void **state)
{
    (void)state;
    file(70000, 1000, 4, 2);
    assert_int_equal(walk(RIO, "&from=2026-07-10"), SENT + 10);
    world_run(&world, "INSERT INTO registry.unit_office (unit, office, valid_from) VALUES"
                      " (5, 'rio-opole', '2020-01-01')");
    assert_int_equal(walk(OTHER_RIO, ""), 0);
    world_run(&world, "UPDATE registry.unit SET parent = 5 WHERE unit = 4");
    assert_int_equal(walk(OTHER_RIO, ""), 10);
    assert_int_equal(walk(RIO, ""), SENT);
}

static size_t
count_objections(int64_t who)
{
    struct reply reply = get(who, true, "/api/v1/objections", "");
    json_t      *page = json_loadb(reply.body.data, reply.body.size, 0, NULL);
    size_t       count = json_array_size(json_object_get(page, "items"));

    assert_int_equal(reply.status, 200);
    json_decref(page);
    return count;
}

/* An owner of rules sees no decision of the submissions: the later ones count all the same. */
static void
whose_rule_it_is_sees_the_objections_of_the_newest_decision(void **state)
{
    (void)state;
    world_run(&world,
              "INSERT INTO intake.objection (submission, n, report, code, form_version, owner,"
              " reason, decided_at) SELECT s.submission, 1, 0, 'RB27S-001', '2025-1', 'MF', 'x',"
              " now() FROM intake.submission s WHERE s.ordinal IN (20001, 20002);"
              "INSERT INTO intake.decision (submission, n, kind, verdict, decided_at, definitions,"
              " trust, registry, engine, log_index, finding_count, cut) SELECT s.submission, 1,"
              " 'decision', 1, now(), sha256('d'), sha256('t'), sha256('r'), '1', 0, 0, 0"
              " FROM intake.submission s WHERE s.ordinal IN (20001, 20002)");
    assert_int_equal(count_objections(MF), 2);
    assert_int_equal(count_objections(GUS), 0);
    world_run(&world,
              "INSERT INTO intake.decision (submission, n, kind, verdict, decided_at, definitions,"
              " trust, registry, engine, log_index, finding_count, cut) SELECT submission, 2, x,"
              " 1, now(), sha256('d'), sha256('t'), sha256('r'), '1', 0, 0, 0"
              " FROM intake.submission s JOIN (VALUES (20001, 'decision'), (20002, 'delivery'))"
              " y (o, x) ON y.o = s.ordinal");
    assert_int_equal(count_objections(MF), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_office_walks_through_all_that_it_was_sent),
        cmocka_unit_test(a_page_costs_no_more_for_what_others_are_sent),
        cmocka_unit_test(whose_rule_it_is_sees_the_objections_of_the_newest_decision),
        cmocka_unit_test(what_was_sent_follows_a_unit_to_another_jst),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
