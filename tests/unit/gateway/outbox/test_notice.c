#include "gateway/outbox/notice.h"
#include "gateway/people/permission.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/people/town.h"

#include <stdio.h>
#include <string.h>

/* Who is told what without having asked, in a real PostgreSQL, as brama_courier. */
enum { ALL = 100, DAY_MAX = 3 };

struct bench {
    struct town   town;
    struct store *courier;
    struct fault  fault;
    char          name[32];
};

/* A form for one quarter, and a duty of each unit of the town due in so many days. */
static const char calendar_sql[] =
    "UPDATE registry.setting SET clock_offset = (timestamp '2026-07-15 12:00'"
    " AT TIME ZONE 'Europe/Warsaw') - now();"          /* a Wednesday */
    "SELECT setval('obligation.duty_duty_seq', 1000);" /* the town has duties of its own */
    "INSERT INTO obligation.matter (form, form_title, level, year, period_type, period_number,"
    " period, period_end, opens_at) VALUES ('RB27S', 'Rb-27S', 'jednostkowe', 2026, 'Kwartal', 2,"
    " '2026-Q2', '2026-06-30', '2020-01-01');";

/* A duty is never deleted; the next case wants an empty table. */
static const char nothing_owed_sql[] = "SET session_replication_role = replica;"
                                       "DELETE FROM obligation.duty;"
                                       "SET session_replication_role = DEFAULT;";

static int
open_bench(void **state)
{
    static unsigned     number;
    static struct bench bench;

    bench = (struct bench){0};
    (void)snprintf(bench.name, sizeof bench.name, "notice%u", number++);
    town_begin(&bench.town, cluster_shared, bench.name);
    town_run(&bench.town, nothing_owed_sql);
    town_run(&bench.town, calendar_sql);
    const struct store_address address = {str_of(cluster_host(cluster_shared)),
                                          cluster_port(cluster_shared), str_of(bench.name)};
    *state = &bench;
    return store_open(bench.town.arena, &address, STORE_COURIER, &bench.courier, &bench.fault)
           != ERR_OK;
}

static int
close_bench(void **state)
{
    struct bench *bench = *state;

    town_end(&bench->town);
    return 0;
}

static const char *
ask(const struct bench *bench, const char *sql)
{
    return town_ask(&bench->town, sql);
}

/* Duties of these units (SQL: a list of numbers) due in so many days; each call its own form. */
static void
owe(const struct bench *bench, const char *units, int days)
{
    static int number;
    struct str sql = str_format(
        bench->town.arena,
        "WITH m AS (INSERT INTO obligation.matter (form, form_title, level, year, period_type,"
        "    period_number, period, period_end, opens_at) VALUES ('F%d', 'Rb-%d', 'jednostkowe',"
        "    2026, 'Kwartal', 2, '2026-Q2', '2026-06-30', '2020-01-01') RETURNING matter),"
        " t AS (INSERT INTO obligation.term (calendar, matter, kind, jst_types, recipient,"
        "    recipient_title, rule, nominal_on, due_on, due_before, empty_allowed, nothing_allowed,"
        "    model, basis) SELECT '1', m.matter, 'jst', 0, 'rio', 'RIO', 'd+10',"
        "    registry.today() + %d, registry.today() + %d,"
        "    (registry.today() + %d + 1)::timestamp AT TIME ZONE 'Europe/Warsaw', true, true, "
        "false,"
        "    'x' FROM m RETURNING term, matter, due_before)"
        " INSERT INTO obligation.duty (unit, jst, matter, term, way, due_before, powiat)"
        " SELECT u.unit, 1, t.matter, t.term, 1, t.due_before, '0201' FROM t, registry.unit u"
        " WHERE u.unit IN (%s)",
        number, number, days, days, days, units);

    number++;
    town_run(&bench->town, sql.data);
}

static struct uuid
person(const struct bench *bench, const char *word)
{
    struct uuid id = {{0}};
    struct str  sql = str_format(bench->town.arena, "SELECT md5('%s')::uuid", word);

    assert_true(uuid_parse(str_of(ask(bench, sql.data)), &id));
    return id;
}

static struct notice_duties
duties_of(struct bench *bench, const char *word, int64_t count_max)
{
    struct notice_duties duties = {0};

    assert_int_equal(notice_duties_of(bench->courier, bench->town.arena, person(bench, word),
                                      count_max, &duties, &bench->fault),
                     ERR_OK);
    return duties;
}

static bool
reader_of(struct bench *bench, const char *word, const char *kind, struct notice_reader *out)
{
    const struct notice_wish wish = {person(bench, word), str_of(kind), DAY_MAX};

    assert_int_equal(notice_reader_of(bench->courier, bench->town.arena, &wish, out, &bench->fault),
                     ERR_OK);
    return out->wants;
}

static void
write_letter(struct bench *bench, const char *word, const char *kind)
{
    const struct str     text[2] = {STR("s"), STR("b")};
    struct notice_reader reader = {0};

    assert_true(reader_of(bench, word, kind, &reader));
    assert_int_equal(
        notice_write(bench->courier, bench->town.arena, &reader, str_of(kind), text, &bench->fault),
        ERR_OK);
}

/* Every role, every place of the town: a duty is told of exactly where the table of permissions
 * lets that role read reports, to those who look after what is owed. */
static void
digest_tells_of_a_unit_whoever_may_read_its_reports(void **state)
{
    struct bench *bench = *state;

    owe(bench, "1, 2, 3, 4, 5, 6, 7, 8", 3);
    for (int r = 1; r < PERMISSION_ROLE_COUNT; r++) {
        enum permission_role role = (enum permission_role)r;
        const char          *word = permission_role_word(role);
        bool                 keeps = strcmp(word, "head") == 0 || strcmp(word, "treasurer") == 0
                     || strcmp(word, "service-head") == 0 || strcmp(word, "supervisor") == 0;
        struct notice_duties duties = duties_of(bench, word, ALL);
        for (int p = 0; p < PERMISSION_RELATION_COUNT; p++) {
            enum permission_relation relation = (enum permission_relation)p;
            struct str               office = {0};
            int64_t                  unit = 0;
            bool                     told = false;
            if (!town_place(role, relation, &unit, &office) || unit == 0) {
                continue;
            }
            struct str sql =
                str_format(bench->town.arena, "SELECT name FROM registry.unit WHERE unit = %lld",
                           (long long)unit);
            struct str name = str_of(ask(bench, sql.data));
            for (size_t i = 0; i < duties.count; i++) {
                told = told || str_equal(duties.items[i].unit, name);
            }
            EXPECT(
                told == (keeps && permission_holds(role, PERMISSION_ACTION_READ_REPORT, relation)),
                word);
        }
        if (!keeps) {
            EXPECT(duties.count == 0, word);
        }
    }
}

/* What ended is told to nobody: an appointment, a delegation's giver, an account. */
static void
who_is_no_more_is_told_nothing(void **state)
{
    struct bench        *bench = *state;
    struct notice_reader reader = {0};

    owe(bench, "2", 3);
    assert_int_equal(duties_of(bench, "head", ALL).count, 1);
    town_run(&bench->town, "UPDATE people.appointment SET ended_at = now()"
                           " WHERE person = md5('head')::uuid");
    assert_int_equal(duties_of(bench, "head", ALL).count, 0);
    assert_int_equal(duties_of(bench, "treasurer", ALL).count, 1);
    town_run(&bench->town,
             "UPDATE people.person SET closed_at = now() WHERE person = md5('treasurer')::uuid");
    assert_int_equal(duties_of(bench, "treasurer", ALL).count, 0);
    assert_false(reader_of(bench, "treasurer", "digest", &reader));
    assert_false(reader_of(bench, "p1", "digest", &reader)); /* has never signed in */
}

/* News: 7, 3, 1 and 0 days before a term, and on the day after. */
static void
digest_has_news_on_these_days_and_on_no_others(void **state)
{
    static const struct {
        int  days;
        bool told; /* at all */
        bool news;
    } cases[] = {
        {8,    false, false},
        {7,    true,  true },
        {6,    true,  false},
        {4,    true,  false},
        {3,    true,  true },
        {2,    true,  false},
        {1,    true,  true },
        {0,    true,  true },
        {-1,   true,  true },
        {-366, true,  false},
        {-367, false, false},
    };
    struct bench *bench = *state;

    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        town_run(&bench->town, nothing_owed_sql);
        owe(bench, "2", cases[i].days);
        struct notice_duties duties = duties_of(bench, "head", ALL);
        struct str           name = str_format(bench->town.arena, "%d days", cases[i].days);
        EXPECT((duties.count == 1) == cases[i].told, name.data);
        EXPECT(duties.news == cases[i].news, name.data);
        EXPECT(duties.late == (cases[i].told && cases[i].days < 0 ? 1 : 0), name.data);
        EXPECT(duties.soon == (cases[i].told && cases[i].days >= 0 ? 1 : 0), name.data);
    }
}

/* So they are counted to the internal day of a JST, when that is the earlier one; the term itself
 * is far, or it is near and the internal day is no earlier. */
static void
digest_reminds_of_internal_days_as_of_terms(void **state)
{
    static const struct {
        int  due;
        int  internal;
        bool told;
        bool news;
    } cases[] = {
        {30, 8,  false, false},
        {30, 7,  true,  true },
        {30, 6,  true,  false},
        {30, 3,  true,  true },
        {30, 1,  true,  true },
        {30, 0,  true,  true },
        {30, -1, true,  false},
        {8,  8,  false, false},
        {8,  9,  false, false},
        {7,  9,  true,  true },
    };
    struct bench *bench = *state;

    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        town_run(&bench->town, nothing_owed_sql);
        owe(bench, "2", cases[i].due);
        struct str sql = str_format(
            bench->town.arena, "UPDATE obligation.duty SET internal_on = registry.today() + %d",
            cases[i].internal);
        town_run(&bench->town, sql.data);
        struct notice_duties duties = duties_of(bench, "head", ALL);
        struct str name = str_format(bench->town.arena, "%d %d", cases[i].due, cases[i].internal);
        EXPECT((duties.count == 1) == cases[i].told, name.data);
        EXPECT(duties.news == cases[i].news, name.data);
        EXPECT(duties.soon == (cases[i].told ? 1 : 0), name.data);
        EXPECT(duties.count == 0
                   || (duties.items[0].internal.year != 0) == (cases[i].internal < cases[i].due),
               name.data);
    }
}

/* Late ones first, and then whatever has its day first, of either kind. */
static void
earlier_internal_day_is_the_more_urgent(void **state)
{
    struct bench *bench = *state;

    owe(bench, "2", 30);
    town_run(&bench->town, "UPDATE obligation.duty SET internal_on = registry.today() + 1");
    owe(bench, "2", 2);
    owe(bench, "2", -1);
    struct notice_duties duties = duties_of(bench, "head", 2);
    assert_int_equal(duties.count, 2);
    assert_true(duties.items[0].late);
    assert_true(duties.items[1].internal.year != 0);
}

/* On a Monday there is news as long as anything is late. */
static void
late_duty_is_told_again_on_mondays(void **state)
{
    struct bench *bench = *state;

    owe(bench, "2", -9);
    for (int i = 0; i < 14; i++) {
        bool monday = strcmp(ask(bench, "SELECT extract(isodow FROM registry.today())"), "1") == 0;
        assert_true(duties_of(bench, "head", ALL).news == monday);
        town_run(&bench->town, "UPDATE registry.setting SET clock_offset = clock_offset + '1 day'");
    }
}

/* Filed, exempted, superseded, in time but undecided: nothing that anybody has to do. */
static void
settled_duty_is_not_told(void **state)
{
    static const struct {
        const char *change;
        size_t      told;
    } cases[] = {
        {"last_verdict = 3, last_arrived = now()",                               1},
        {"last_verdict = 2, last_arrived = now()",                               1},
        {"accepted_at = now()",                                                  0},
        {"nothing_at = now()",                                                   0},
        {"elsewhere_at = now()",                                                 0},
        {"exemption = 1",                                                        0},
        {"superseded_on = '2026-01-01', superseded_why = 'closed'",              0},
        {"pending_at = due_before - interval '1 hour', last_verdict = 0",        0},
        {"pending_at = due_before, last_verdict = 0, last_arrived = due_before", 1},
    };
    struct bench *bench = *state;

    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        town_run(&bench->town, nothing_owed_sql);
        owe(bench, "2", 3);
        struct str sql =
            str_format(bench->town.arena, "UPDATE obligation.duty SET %s", cases[i].change);
        town_run(&bench->town, sql.data);
        EXPECT(duties_of(bench, "head", ALL).count == cases[i].told, cases[i].change);
    }
}

static void
lines_are_cut_and_counts_are_whole(void **state)
{
    struct bench *bench = *state;

    for (int i = 0; i < 4; i++) {
        owe(bench, "2", -5 + i);
    }
    owe(bench, "2", 5);
    struct notice_duties duties = duties_of(bench, "head", 2);
    assert_int_equal(duties.count, 2);
    assert_int_equal(duties.late, 4);
    assert_int_equal(duties.soon, 1);
    assert_true(duties.items[0].late);
    duties = duties_of(bench, "head", 5);
    assert_int_equal(duties.count, 5);
    assert_false(duties.items[4].late);
}

/* n - 1 and n are sent, n + 1 is left out and told of on the next day; links count apart. */
static void
letters_of_a_day_have_their_limit(void **state)
{
    struct bench        *bench = *state;
    struct notice_reader reader = {0};
    int64_t              omitted = -1;

    town_run(&bench->town,
             "INSERT INTO courier.letter (kind, person, email, name, link) SELECT 'restoration',"
             " md5('head')::uuid, 'h@x.pl', '', sha256(i::text::bytea)"
             " FROM generate_series(1, 9) i");
    for (int64_t i = 0; i < DAY_MAX + 2; i++) {
        assert_true(reader_of(bench, "head", "results", &reader));
        assert_int_equal(reader.room, i < DAY_MAX ? DAY_MAX - i : 0);
        write_letter(bench, "head", "results");
    }
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.letter WHERE kind = 'results'"
                                   " AND state = 'waiting'"),
                        "3");
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.letter WHERE state = 'omitted'"),
                        "2");
    assert_true(reader_of(bench, "treasurer", "results", &reader));
    assert_int_equal(reader.room, DAY_MAX); /* each person their own */

    struct uuid head = person(bench, "head");
    assert_int_equal(
        notice_omitted(bench->courier, bench->town.arena, head, &omitted, &bench->fault), ERR_OK);
    assert_int_equal(omitted, 0); /* not today: more may be left out */
    town_run(&bench->town, "UPDATE courier.letter SET day = day - 1");
    assert_true(reader_of(bench, "head", "results", &reader));
    assert_int_equal(reader.room, DAY_MAX); /* a new day */
    assert_int_equal(
        notice_omitted(bench->courier, bench->town.arena, head, &omitted, &bench->fault), ERR_OK);
    assert_int_equal(omitted, 2);
    assert_int_equal(notice_tell_omitted(bench->courier, bench->town.arena, head, &bench->fault),
                     ERR_OK);
    assert_int_equal(
        notice_omitted(bench->courier, bench->town.arena, head, &omitted, &bench->fault), ERR_OK);
    assert_int_equal(omitted, 0); /* once */
}

static void
one_digest_a_person_a_day(void **state)
{
    struct bench *bench = *state;

    write_letter(bench, "head", "digest");
    write_letter(bench, "head", "digest");
    write_letter(bench, "treasurer", "digest");
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.letter"), "2");
}

static void
who_does_not_want_a_kind_gets_the_others(void **state)
{
    struct bench        *bench = *state;
    struct notice_reader reader = {0};

    town_run(&bench->town, "INSERT INTO courier.mute (person, kind) VALUES (md5('head')::uuid,"
                           " 'digest')");
    assert_false(reader_of(bench, "head", "digest", &reader));
    assert_true(reader_of(bench, "head", "results", &reader));
    assert_true(reader_of(bench, "treasurer", "digest", &reader));
}

static bool
take_round(struct bench *bench, int64_t hour, struct notice_round *out)
{
    bool found = false;

    assert_int_equal(
        notice_round_take(bench->courier, bench->town.arena, hour, out, &found, &bench->fault),
        ERR_OK);
    return found;
}

/* From its hour on, one by one, by one courier at a time, and then no more that day. */
static void
round_goes_on_where_it_stood(void **state)
{
    struct bench        *bench = *state;
    struct notice_round  round = {0};
    struct notice_people people = {0};
    size_t               all = 0;

    town_run(&bench->town, /* 6:30 in Warsaw */
             "UPDATE registry.setting SET clock_offset = (timestamp '2026-07-10 06:30'"
             " AT TIME ZONE 'Europe/Warsaw') - now()");
    assert_false(take_round(bench, 7, &round));
    assert_true(take_round(bench, 6, &round));
    for (bool done = false; !done;) {
        assert_int_equal(store_begin(bench->courier, &bench->fault), ERR_OK);
        assert_true(take_round(bench, 6, &round));
        assert_int_equal(notice_round_people(bench->courier, bench->town.arena, round.after, 3,
                                             &people, &bench->fault),
                         ERR_OK);
        all += people.count;
        round.after = people.count == 0 ? round.after : people.items[people.count - 1];
        done = people.count < 3;
        assert_int_equal(
            notice_round_move(bench->courier, bench->town.arena, &round, done, &bench->fault),
            ERR_OK);
        assert_int_equal(store_commit(bench->courier, &bench->fault), ERR_OK);
    }
    struct str wanted = str_format(bench->town.arena, "%zu", all);
    assert_string_equal(ask(bench, "SELECT count(DISTINCT person) FROM people.appointment WHERE"
                                   " role IN ('head', 'treasurer', 'service-head', 'supervisor')"
                                   " AND unit IS NOT NULL"),
                        wanted.data);
    assert_false(take_round(bench, 6, &round));
    town_run(&bench->town, "UPDATE registry.setting SET clock_offset = clock_offset + '1 day'");
    assert_true(take_round(bench, 6, &round)); /* and the next day again */
}

/* Switched off, on and off again: its people are told each time it goes off, and once. */
static void
switched_off_receiver_is_told_to_who_keeps_its_tokens(void **state)
{
    struct bench           *bench = *state;
    struct notice_endpoint *list = NULL;
    size_t                  count = 0;

    town_run(&bench->town, "INSERT INTO courier.endpoint (unit, url, events, label) VALUES"
                           " (2, 'https://x.pl/', '{submission.accepted}', 'ksiegowosc')");
    for (int round = 0; round < 2; round++) {
        assert_int_equal(
            notice_take_endpoints(bench->courier, bench->town.arena, &list, &count, &bench->fault),
            ERR_OK);
        assert_int_equal(count, 0);
        town_run(&bench->town,
                 "UPDATE courier.endpoint SET disabled_at = now(), reason = 'nie odbiera'"
                 " WHERE url = 'https://x.pl/'");
        assert_int_equal(
            notice_take_endpoints(bench->courier, bench->town.arena, &list, &count, &bench->fault),
            ERR_OK);
        for (size_t i = 0; i < count; i++) {
            assert_true(str_equal(list[i].unit, STR("CUW")));
            assert_true(str_equal(list[i].reason, STR("nie odbiera")));
        }
        /* head, treasurer, service-head, supervisor, one more person in two of these places, and
         * the supervisor of the unit above */
        assert_int_equal(count, 6);
        town_run(&bench->town, "UPDATE courier.endpoint SET disabled_at = NULL");
    }
}

static size_t
take_endpoints(struct bench *bench)
{
    struct notice_endpoint *list = NULL;
    size_t                  count = 0;

    assert_int_equal(
        notice_take_endpoints(bench->courier, bench->town.arena, &list, &count, &bench->fault),
        ERR_OK);
    return count;
}

/* A school without people of its own: whoever may keep its receivers is told, and when there is
 * nobody it waits until there is. */
static void
switched_off_receiver_of_a_unit_without_people_is_told_to_supervisors_above(void **state)
{
    struct bench *bench = *state;

    town_run(&bench->town, "INSERT INTO courier.endpoint (unit, url, events, label, disabled_at)"
                           " VALUES (8, 'https://x.pl/', '{submission.accepted}', '', now())");
    assert_int_equal(take_endpoints(bench), 3); /* two of unit 2, one of unit 1 */
    assert_int_equal(take_endpoints(bench), 0);
    town_run(&bench->town, "UPDATE people.appointment SET ended_at = now()"
                           " WHERE role = 'supervisor';"
                           "UPDATE courier.endpoint SET disabled_at = now()"
                           " WHERE url = 'https://x.pl/'");
    assert_int_equal(take_endpoints(bench), 0);
    town_run(&bench->town, "INSERT INTO people.appointment (person, role, unit, valid_from)"
                           " VALUES (md5('p1')::uuid, 'supervisor', 1, '2020-01-01')");
    assert_int_equal(take_endpoints(bench), 1);
    assert_int_equal(take_endpoints(bench), 0);
}

/* ---- results ---- */

/* A submission of this number, filed by a person's appointment (NULL: by the token of unit 2), with
 * one report of this unit, form and verdict. */
static void
decide(const struct bench *bench, int number, const char *word, int unit, const char *form,
       int verdict)
{
    struct str by =
        word == NULL ? STR("NULL") : str_format(bench->town.arena, "md5('a%s')::uuid", word);
    struct str sql = str_format(
        bench->town.arena,
        "INSERT INTO intake.submission (submission, subject, credential, appointment, key, sha256,"
        " size, first_byte, arrived, first_arrived, state, verdict, n, decided_n) VALUES"
        " ('00000000-0000-0000-0000-%012d', 2, %s, %.*s, 'k%d', sha256('x'), 1, now(), now(),"
        " now(), 'decided', %d, 1, 1);"
        "INSERT INTO intake.decision (submission, n, kind, verdict, decided_at, definitions, trust,"
        " registry, engine, log_index, finding_count, cut) VALUES"
        " ('00000000-0000-0000-0000-%012d', 1, 'decision', %d, now(), sha256('x'), sha256('x'),"
        " sha256('x'), 'e', 1, 0, 0);"
        "INSERT INTO intake.report SELECT 1000 + %d, '00000000-0000-0000-0000-%012d', 1, 0, unit,"
        " name, regon, type, wk, pk, gk, gt, pt, 'Rb-27s', '%s', '1', 'Rb-%s', 2026, 'Kwartal', 2,"
        " '2026-Q2', '2026-06-30', 'jednostkowe', '', 0, %d, '', sha256('x'), 0, 1, 1,"
        " clock_timestamp(), 1, NULL FROM registry.unit WHERE unit = %d",
        number, word == NULL ? "2" : "NULL", STR_ARG(by), number, verdict, number, verdict, number,
        number, form, form, verdict, unit);

    town_run(&bench->town, sql.data);
}

static void
note(const struct bench *bench, int number)
{
    struct str sql = str_format(
        bench->town.arena,
        "SELECT courier.note_results('00000000-0000-0000-0000-%012d', 1::smallint)", number);

    town_run(&bench->town, sql.data);
}

static size_t
take_results(struct bench *bench, const char *word, const struct notice_result **out)
{
    struct notice_results results = {0};

    assert_int_equal(notice_take_results(bench->courier, bench->town.arena, person(bench, word),
                                         ALL, &results, &bench->fault),
                     ERR_OK);
    assert_int_equal((int64_t)results.count, results.all);
    *out = results.items;
    return results.count;
}

static void
results_that_need_somebody_are_collected_for_who_filed(void **state)
{
    struct bench               *bench = *state;
    const struct notice_result *list = NULL;
    struct notice_people        people = {0};

    decide(bench, 1, "sender", 2, "A", 3); /* returned */
    decide(bench, 2, "sender", 3, "B", 2); /* no signature */
    decide(bench, 3, "sender", 2, "C", 1); /* accepted, nothing to do */
    decide(bench, 4, "sender", 2, "D", 0); /* undecided: ours to do */
    for (int i = 1; i <= 4; i++) {
        note(bench, i);
        note(bench, i); /* a message that is taken twice is told once */
    }
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.notice"), "2");
    assert_int_equal(
        notice_result_people(bench->courier, bench->town.arena, 60, ALL, &people, &bench->fault),
        ERR_OK);
    assert_int_equal(people.count, 0); /* more may come */
    town_run(&bench->town, "UPDATE courier.notice SET noted_at = now() - interval '60 minutes'"
                           " WHERE notice = 1");
    assert_int_equal(
        notice_result_people(bench->courier, bench->town.arena, 60, ALL, &people, &bench->fault),
        ERR_OK);
    assert_int_equal(people.count, 1);
    assert_int_equal(take_results(bench, "sender", &list), 2);
    assert_true(str_equal(list[0].form, STR("Rb-A")));
    assert_int_equal(list[0].verdict, 3);
    assert_true(str_equal(list[0].unit, STR("CUW")));
    assert_true(str_equal(list[1].form, STR("Rb-B")));
    assert_int_equal(list[1].verdict, 2);
    assert_int_equal(take_results(bench, "sender", &list), 0); /* once */
}

static void
results_of_a_program_go_to_senders_and_the_treasurer_of_its_unit(void **state)
{
    struct bench               *bench = *state;
    const struct notice_result *list = NULL;

    decide(bench, 1, NULL, 2, "A", 3);
    note(bench, 1);
    assert_int_equal(take_results(bench, "sender", &list), 1);
    assert_int_equal(take_results(bench, "treasurer", &list), 1);
    assert_int_equal(take_results(bench, "head", &list), 0);
    assert_int_equal(take_results(bench, "supervisor", &list), 0);
    assert_int_equal(take_results(bench, "operator", &list), 0);
}

/* What a rule between reports asks of an accepted report is a reason to write, while it is open. */
static void
what_a_set_asks_is_told_as_what_a_form_asks(void **state)
{
    struct bench               *bench = *state;
    const struct notice_result *list = NULL;
    static const struct {
        const char *severity;
        const char *closed_at;
        const char *form;
    } findings[] = {
        {"query",   "NULL",  "A"},
        {"warning", "NULL",  "B"},
        {"query",   "now()", "C"},
    };

    for (size_t i = 0; i < ARRAY_COUNT(findings); i++) {
        decide(bench, (int)i + 1, "sender", 2, findings[i].form, 1);
        town_run(&bench->town,
                 str_format(bench->town.arena,
                            "INSERT INTO intake.set_finding (owner, scope, period_end, period_type,"
                            " report, code, severity, cell, about, basis, definitions, opened_at,"
                            " closed_at, mark) VALUES (2, 0, '2026-06-30', 'Kwartal', %zu,"
                            " 'ZESTAW-001', '%s', 'W', '', '', '', now(), %s, gen_random_uuid())",
                            1001 + i, findings[i].severity, findings[i].closed_at)
                     .data);
        note(bench, (int)i + 1);
    }
    assert_int_equal(take_results(bench, "sender", &list), 1);
    assert_true(str_equal(list[0].form, STR("Rb-A")));
    assert_int_equal(list[0].verdict, 1);
}

/* A returned report that was put right since, and a unit that is not theirs. */
static void
what_was_put_right_is_not_told_and_foreign_units_have_no_name(void **state)
{
    struct bench               *bench = *state;
    const struct notice_result *list = NULL;

    decide(bench, 1, "sender", 2, "A", 3);
    decide(bench, 2, "sender", TOWN_FOREIGN, "B", 3);
    note(bench, 1);
    note(bench, 2);
    decide(bench, 3, "sender", 2, "A", 1);
    assert_int_equal(take_results(bench, "sender", &list), 1);
    assert_true(str_equal(list[0].form, STR("Rb-B")));
    assert_int_equal(list[0].unit.size, 0);
}

/* It was withdrawn before the letter was written: nothing to sign any more. */
static void
withdrawn_submission_is_not_told(void **state)
{
    struct bench               *bench = *state;
    const struct notice_result *list = NULL;

    decide(bench, 1, "sender", 2, "A", 2);
    decide(bench, 2, "sender", 2, "B", 2);
    note(bench, 1);
    note(bench, 2);
    town_run(&bench->town, "UPDATE intake.submission SET state = 'withdrawn', withdrawn_at = now(),"
                           " withdrawn_by = 2 WHERE key = 'k1'");
    assert_int_equal(take_results(bench, "sender", &list), 1);
    assert_true(str_equal(list[0].form, STR("Rb-B")));
}

#define NOTICE_TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        NOTICE_TEST(digest_tells_of_a_unit_whoever_may_read_its_reports),
        NOTICE_TEST(who_is_no_more_is_told_nothing),
        NOTICE_TEST(digest_has_news_on_these_days_and_on_no_others),
        NOTICE_TEST(digest_reminds_of_internal_days_as_of_terms),
        NOTICE_TEST(earlier_internal_day_is_the_more_urgent),
        NOTICE_TEST(late_duty_is_told_again_on_mondays),
        NOTICE_TEST(settled_duty_is_not_told),
        NOTICE_TEST(lines_are_cut_and_counts_are_whole),
        NOTICE_TEST(letters_of_a_day_have_their_limit),
        NOTICE_TEST(one_digest_a_person_a_day),
        NOTICE_TEST(who_does_not_want_a_kind_gets_the_others),
        NOTICE_TEST(round_goes_on_where_it_stood),
        NOTICE_TEST(switched_off_receiver_is_told_to_who_keeps_its_tokens),
        NOTICE_TEST(switched_off_receiver_of_a_unit_without_people_is_told_to_supervisors_above),
        NOTICE_TEST(results_that_need_somebody_are_collected_for_who_filed),
        NOTICE_TEST(results_of_a_program_go_to_senders_and_the_treasurer_of_its_unit),
        NOTICE_TEST(what_a_set_asks_is_told_as_what_a_form_asks),
        NOTICE_TEST(what_was_put_right_is_not_told_and_foreign_units_have_no_name),
        NOTICE_TEST(withdrawn_submission_is_not_told),
    };

    return cmocka_run_group_tests(tests, cluster_share, cluster_unshare);
}
