#include "gateway/courier/mail_round.h"
#include "gateway/courier/mail_trade.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/people/town.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/*
 * Lots of letters in a real PostgreSQL, as brama_courier: one that cannot be composed ends alone.
 * What is put in from outside is cut, so the address of the pages is what is too long here: longer
 * than a letter of a receiver or an invitation holds, and not longer than a digest does.
 */
enum { URL_LONG = 20 * 1024, BODY_LONG = 400 * 1024, DAY_MAX = 5, WAIT_MS = 50, TURNS_MAX = 2000 };

struct bench {
    struct town        town;
    struct config      config;
    struct trade_tools tools;
    struct fault       fault;
    char               name[32];
};

/* An afternoon, a duty of unit 2 that is due tomorrow. */
static const char owed_sql[] =
    "SET session_replication_role = replica; DELETE FROM obligation.duty;"
    "SET session_replication_role = DEFAULT;"
    "UPDATE registry.setting SET clock_offset = (timestamp '2026-07-15 12:00'"
    " AT TIME ZONE 'Europe/Warsaw') - now();"
    "SELECT setval('obligation.duty_duty_seq', 1000);"
    "WITH m AS (INSERT INTO obligation.matter (form, form_title, level, year, period_type,"
    "    period_number, period, period_end, opens_at) VALUES ('F', 'Rb-27S', 'jednostkowe', 2026,"
    "    'Kwartal', 2, '2026-Q2', '2026-06-30', '2020-01-01') RETURNING matter),"
    " t AS (INSERT INTO obligation.term (calendar, matter, kind, jst_types, recipient,"
    "    recipient_title, rule, nominal_on, due_on, due_before, empty_allowed, nothing_allowed,"
    "    model, basis) SELECT '1', m.matter, 'jst', 0, 'rio', 'RIO', 'd+10', '2026-07-16',"
    "    '2026-07-16', '2026-07-17 00:00+02', true, true, false, 'x' FROM m"
    "    RETURNING term, matter, due_before)"
    " INSERT INTO obligation.duty (unit, jst, matter, term, way, due_before, powiat)"
    " SELECT 2, 1, t.matter, t.term, 1, t.due_before, '0201' FROM t;"
    "INSERT INTO courier.endpoint (unit, url, events, label, disabled_at, reason) VALUES"
    " (2, 'https://x.pl/', '{submission.accepted}', '', now(), 'nie odbiera')";

static int
open_bench(void **state)
{
    static unsigned     number;
    static struct bench bench;

    bench = (struct bench){0};
    (void)snprintf(bench.name, sizeof bench.name, "round%u", number++);
    town_begin(&bench.town, cluster_shared, bench.name);
    town_run(&bench.town, owed_sql);
    bench.config = (struct config){
        .public_url = STR("https://brama.example"),
        .mail_url = STR("smtp://127.0.0.1:1"),
        .mail_from = STR("brama@urzad.example"),
        .mail_day_max = DAY_MAX,
        .mail_digest_hour = 6,
        .mail_results_minutes = 5,
    };
    bench.tools.config = &bench.config;
    const struct store_address    address = {str_of(cluster_host(cluster_shared)),
                                             cluster_port(cluster_shared), str_of(bench.name)};
    const struct carrier_settings settings = {0};
    *state = &bench;
    if (carrier_create(bench.town.arena, &settings, &bench.tools.carrier, &bench.fault) != ERR_OK) {
        return 1;
    }
    return store_open(bench.town.arena, &address, STORE_COURIER, &bench.tools.store, &bench.fault)
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

/* So many bytes. */
static struct str
filled(struct bench *bench, size_t size)
{
    char *bytes = ARENA_NEW(bench->town.arena, char, size);

    assert_non_null(bytes);
    memset(bytes, 'x', size);
    return (struct str){bytes, size};
}

static void
write_all(struct bench *bench)
{
    bool more = true;

    while (more) {
        assert_int_equal(mail_round_turn(&bench->tools, &more, &bench->fault), ERR_OK);
    }
}

/* As long as the registry takes. */
static void
unit_with_the_longest_name_gets_its_letters(void **state)
{
    struct bench *bench = *state;

    town_run(&bench->town,
             "UPDATE registry.unit SET name = repeat(U&'\\+01F3EB', 1000) WHERE unit = 2");
    write_all(bench);
    assert_string_equal(ask(bench, "SELECT count(*) > 0 FROM courier.letter"
                                   " WHERE kind = 'endpoint' AND subject LIKE '%…'"),
                        "t");
    assert_string_equal(ask(bench, "SELECT count(*) > 0 FROM courier.letter"
                                   " WHERE kind = 'digest' AND body LIKE '%…%'"),
                        "t");
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.round WHERE done_at IS NOT NULL"),
                        "1");
}

static void
notice_that_cannot_be_composed_ends_alone(void **state)
{
    struct bench *bench = *state;

    bench->config.public_url = filled(bench, URL_LONG);
    write_all(bench);
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.letter WHERE kind = 'endpoint'"),
                        "0");
    assert_string_equal(ask(bench, "SELECT told_at IS NOT NULL FROM courier.endpoint"
                                   " WHERE url = 'https://x.pl/'"),
                        "t"); /* and is not taken again */
    assert_string_equal(ask(bench, "SELECT count(*) > 0 FROM courier.letter WHERE kind = 'digest'"),
                        "t");
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.round WHERE done_at IS NOT NULL"),
                        "1");
}

/* The one exchange that runs, to its end: nobody listens there. */
static void
end_exchange(struct bench *bench)
{
    struct carrier_answer answer = {0};
    void                 *cargo = NULL;
    int                   idle[2];
    bool                  readable = false;

    assert_int_equal(pipe2(idle, O_CLOEXEC), 0);
    for (int i = 0; i < TURNS_MAX && cargo == NULL; i++) {
        assert_int_equal(
            carrier_turn(bench->tools.carrier, idle[0], WAIT_MS, &readable, &bench->fault), ERR_OK);
        (void)carrier_take(bench->tools.carrier, &cargo, &answer);
    }
    assert_non_null(cargo);
    trade_forget(cargo);
    assert_int_equal(close(idle[0]) + close(idle[1]), 0);
}

/* Whole or not at all: an invitation without a text, a text that no message holds. */
static void
letter_that_cannot_be_composed_is_refused_and_the_next_are_begun(void **state)
{
    struct bench *bench = *state;
    size_t        begun = 0;
    struct str    sql = str_format(
           bench->town.arena,
           "INSERT INTO people.invitation (digest, email, name, role, unit, valid_from, made_by,"
              " expires_at) VALUES (sha256('i'), 'zofia@szkola.example', 'Zofia', 'head', 2, "
              "'2026-01-01',"
              " md5('supervisor')::uuid, now() + interval '1 day');"
              "INSERT INTO courier.letter (kind, email, name, link, subject, body, next_at)"
              " VALUES ('invitation', 'zofia@szkola.example', 'Zofia', sha256('i'), '', '',"
              "  now() - interval '3 minutes'),"
              " ('results', 'anna@urzad.example', 'Anna', NULL, 's', repeat('x', %d),"
              "  now() - interval '2 minutes'),"
              " ('results', 'jan@urzad.example', 'Jan', NULL, 's', 'b',"
              "  now() - interval '1 minute')",
           BODY_LONG);

    town_run(&bench->town, sql.data);
    bench->config.public_url = filled(bench, URL_LONG);
    assert_int_equal(mail_trade_claim(&bench->tools, &begun, &bench->fault), ERR_OK);
    assert_string_equal(ask(bench, "SELECT string_agg(split_part(email, '@', 1) || ' ' || state"
                                   " || ' ' || outcome, ', ' ORDER BY email) FROM courier.letter"),
                        "anna refused listu nie da się utworzyć, bo jest za długi,"
                        " jan waiting ,"
                        " zofia refused listu nie da się utworzyć, bo jest za długi");
    assert_int_equal(bench->tools.mails_running, 1); /* Jan's */
    end_exchange(bench);
}

/* Whoever gave it is told once, in the digest of the next day, though nothing else is to be told.
 */
static void
invitation_that_was_refused_is_told_to_who_gave_it_once(void **state)
{
    struct bench *bench = *state;
    bool          more = false;

    town_run(&bench->town,
             "SET session_replication_role = replica; DELETE FROM obligation.duty;"
             " DELETE FROM courier.endpoint; SET session_replication_role = DEFAULT;"
             "INSERT INTO people.invitation (digest, email, name, role, unit, valid_from, made_by,"
             " expires_at) SELECT sha256(n::bytea), n || '@szkola.example', n, 'supervisor', 3,"
             " '2026-01-01', md5(w)::uuid, now() + interval '7 days' FROM (VALUES"
             " ('zofia', 'operator'), ('jan', 'operator'), ('ewa', 'operator'), ('ola', 'head'))"
             " x (n, w);"
             "INSERT INTO courier.letter (kind, email, name, link, state, ended_at)"
             " SELECT 'invitation', i.email, i.name, i.digest,"
             "  CASE i.name WHEN 'jan' THEN 'sent' ELSE 'refused' END, now()"
             " FROM people.invitation i WHERE i.email LIKE '%@szkola.example';"
             "UPDATE people.invitation SET revoked_at = now() WHERE name = 'ewa'");
    assert_int_equal(mail_round_turn(&bench->tools, &more, &bench->fault), ERR_OK);
    assert_string_equal(
        ask(bench, "SELECT string_agg(split_part(email, '@', 1) || ' ' || (body LIKE '%zofia%')"
                   " || ' ' || (body LIKE '%ola@%') || ' ' || (body LIKE '%jan@%')"
                   " || ' ' || (body LIKE '%ewa@%'), ', ' ORDER BY email)"
                   " FROM courier.letter WHERE kind = 'digest'"),
        "head false true false false, operator true false false false");
    assert_string_equal(ask(bench, "SELECT string_agg(name, ' ' ORDER BY name) FROM courier.letter"
                                   " WHERE told_at IS NOT NULL"),
                        "ola zofia");
    town_run(&bench->town,
             "UPDATE registry.setting SET clock_offset = clock_offset + interval '1 day'");
    assert_int_equal(mail_round_turn(&bench->tools, &more, &bench->fault), ERR_OK);
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.letter WHERE kind = 'digest'"),
                        "2");
}

/* A correction that came after its window, put to the offices of unit 1, and noted. */
static void
put_correction(struct bench *bench, int number)
{
    struct str sql = str_format(
        bench->town.arena,
        "INSERT INTO intake.submission (submission, subject, credential, key, sha256, size,"
        " first_byte, arrived, first_arrived, state, verdict, n, decided_n) VALUES"
        " (md5('d%d')::uuid, 2, 2, 'k%d', sha256('x'), 1, now(), now(), now(), 'decided', 1, 1, 1);"
        "INSERT INTO intake.decision (submission, n, kind, verdict, decided_at, definitions, trust,"
        " registry, engine, log_index, finding_count, cut) VALUES"
        " (md5('d%d')::uuid, 1, 'decision', 1, now(), sha256('x'), sha256('x'), sha256('x'), 'e',"
        " 1, 0, 0);"
        "INSERT INTO intake.report SELECT 1000 + %d, md5('d%d')::uuid, 1, 0, unit, name, regon,"
        " type, wk, pk, gk, gt, pt, 'Rb-27s', 'F%d', '1', 'Rb-%d', 2026, 'Kwartal', 2, '2026-Q2',"
        " '2026-06-30', 'jednostkowe', '', 0, 1, '', sha256('x'), 0, 1, 1, now(), 1,"
        " tstzmultirange(tstzrange(now(), NULL)) FROM registry.unit WHERE unit = 2;"
        "SET session_replication_role = replica;"
        "UPDATE intake.report SET corrects = true, outside_window = true,"
        " window_until = '2026-07-01', recipient = 'RIO' WHERE submission = md5('d%d')::uuid;"
        "SET session_replication_role = DEFAULT;"
        "SELECT courier.note_agenda(md5('d%d')::uuid, 1::smallint)",
        number, number, number, number, number, number, number, number, number);

    town_run(&bench->town, sql.data);
}

static const char *
agendas(const struct bench *bench)
{
    return ask(bench, "SELECT coalesce(string_agg(split_part(email, '@', 1) || ' '"
                      " || substr(subject, 18), ', ' ORDER BY made_at, email), '')"
                      " FROM courier.letter WHERE kind = 'agenda'");
}

static void
begin_next_day(struct bench *bench)
{
    town_run(&bench->town,
             "UPDATE registry.setting SET clock_offset = clock_offset + interval '1 day'");
}

/* Once a day, what came since the letter before; when there is nothing, none. */
static void
agenda_is_a_letter_a_person_a_day(void **state)
{
    struct bench *bench = *state;

    put_correction(bench, 1);
    write_all(bench);
    assert_string_equal(agendas(bench), "reviewer 1 korekta po upływie okna");
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.agenda WHERE told_at IS NULL"),
                        "0"); /* nor kept for a person who has never signed in */
    put_correction(bench, 2);
    put_correction(bench, 3);
    write_all(bench);
    assert_string_equal(agendas(bench), "reviewer 1 korekta po upływie okna");
    begin_next_day(bench);
    write_all(bench);
    assert_string_equal(agendas(bench), "reviewer 1 korekta po upływie okna,"
                                        " reviewer 2 korekty po upływie okna");
    begin_next_day(bench);
    write_all(bench);
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.letter WHERE kind = 'agenda'"),
                        "2");
}

/* Beyond the letters of a day it waits for the next; who does not want it never gets it. */
static void
agenda_keeps_to_the_limit_and_to_what_is_wanted(void **state)
{
    struct bench *bench = *state;
    struct str    sql = str_format(
           bench->town.arena,
           "INSERT INTO courier.letter (kind, person, email, name) SELECT 'results',"
              " md5('reviewer')::uuid, 'reviewer@example.test', 'R' FROM generate_series(1, %d)",
           DAY_MAX);

    town_run(&bench->town, sql.data);
    put_correction(bench, 1);
    write_all(bench);
    assert_string_equal(agendas(bench), "");
    begin_next_day(bench);
    write_all(bench);
    assert_string_equal(agendas(bench), "reviewer 1 korekta po upływie okna");
    town_run(&bench->town, "INSERT INTO courier.mute (person, kind)"
                           " VALUES (md5('reviewer')::uuid, 'agenda')");
    put_correction(bench, 2);
    begin_next_day(bench);
    write_all(bench);
    town_run(&bench->town, "DELETE FROM courier.mute");
    begin_next_day(bench);
    write_all(bench);
    assert_string_equal(agendas(bench), "reviewer 1 korekta po upływie okna");
}

#define ROUND_TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ROUND_TEST(unit_with_the_longest_name_gets_its_letters),
        ROUND_TEST(agenda_is_a_letter_a_person_a_day),
        ROUND_TEST(agenda_keeps_to_the_limit_and_to_what_is_wanted),
        ROUND_TEST(invitation_that_was_refused_is_told_to_who_gave_it_once),
        ROUND_TEST(notice_that_cannot_be_composed_ends_alone),
        ROUND_TEST(letter_that_cannot_be_composed_is_refused_and_the_next_are_begun),
    };

    return cmocka_run_group_tests(tests, cluster_share, cluster_unshare);
}
