#include "gateway/outbox/delivery.h"
#include "gateway/outbox/subscriber.h"
#include "tests/support/cluster.h"
#include "tests/support/expect.h"

#include <stdio.h>
#include <string.h>

/* From the outbox to receivers, in a real PostgreSQL, as brama_courier. */
enum { ROOM = 64 << 20, ALL = 100 };

struct bench {
    struct arena *arena;
    struct store *store; /* brama_courier */
    struct fault  fault;
    char          name[32];
};

/* Units 1 (a JST), 2 below it, 3 foreign; what is filed by 2 and 3. */
static const char units_sql[] =
    "INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt, type, kind, name, parent, valid_from) "
    "SELECT (990000000 + i)::text, '99', '01', '01', '1', '0', 'JB', 'jst', 'Jednostka ' || i,"
    " CASE i WHEN 2 THEN 1 END, DATE '2020-01-01' FROM generate_series(1, 3) i ORDER BY i;"
    "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, label, expires_at) "
    "VALUES (1, false, decode(repeat('ab', 32), 'hex'), 3, 'test', '2099-01-01')";

static int
open_bench(void **state)
{
    static unsigned     number;
    static struct bench bench;

    bench = (struct bench){.arena = arena_create(ROOM)};
    (void)snprintf(bench.name, sizeof bench.name, "outbox%u", number++);
    struct store_address address = cluster_database(cluster_shared, bench.name);
    cluster_run(cluster_shared, bench.name, units_sql);
    *state = &bench;
    return store_open(bench.arena, &address, STORE_COURIER, &bench.store, &bench.fault) != ERR_OK;
}

static int
close_bench(void **state)
{
    struct bench *bench = *state;

    arena_destroy(bench->arena);
    return 0;
}

static const char *
ask(const struct bench *bench, const char *sql)
{
    return cluster_ask(cluster_shared, bench->arena, bench->name, sql).data;
}

static void
run(const struct bench *bench, const char *sql)
{
    cluster_run(cluster_shared, bench->name, sql);
}

/* A submission of this number, by this unit, decided so (verdict; -1: parked), and its message. */
static void
file(const struct bench *bench, int number, int unit, int verdict)
{
    struct str sql = str_format(
        bench->arena,
        "INSERT INTO intake.submission (submission, subject, credential, key, sha256, size,"
        " first_byte, arrived, first_arrived, state, verdict, n) VALUES"
        " ('00000000-0000-0000-0000-%012d', %d, 1, 'k%d', sha256('x'), 1, now(), now(), now(),"
        " '%s', %d, 1);"
        "INSERT INTO intake.decision (submission, n, kind, verdict, decided_at, definitions, trust,"
        " registry, engine, log_index, finding_count, cut) VALUES"
        " ('00000000-0000-0000-0000-%012d', 1, '%s', %d, '2026-07-10T09:00:00.25+02:00',"
        " sha256('x'), sha256('x'), sha256('x'), 'e', 1, 0, 0);"
        "INSERT INTO intake.outbox (kind, submission, n) VALUES"
        " ('submission.%s', '00000000-0000-0000-0000-%012d', 1)",
        number, unit, number, verdict < 0 ? "parked" : "decided", verdict < 0 ? 0 : verdict, number,
        verdict < 0 ? "delivery" : "decision", verdict < 0 ? 0 : verdict,
        verdict < 0 ? "parked" : "decided", number);

    run(bench, sql.data);
}

static void
add_endpoint(const struct bench *bench, int unit, const char *events)
{
    struct str sql = str_format(bench->arena,
                                "INSERT INTO courier.endpoint (unit, url, events, label) VALUES"
                                " (%d, 'https://przyklad.pl/%d', string_to_array('%s', ' '), '')",
                                unit, unit, events);

    run(bench, sql.data);
}

static int64_t
spread(struct bench *bench)
{
    int64_t count = -1;

    assert_int_equal(delivery_spread(bench->store, bench->arena, DELIVERY_WITHOUT_STAMPS, ALL,
                                     &count, &bench->fault),
                     ERR_OK);
    return count;
}

static size_t
claim(struct bench *bench, struct delivery **list)
{
    size_t count = 0;

    assert_int_equal(delivery_claim(bench->store, bench->arena,
                                    &(struct delivery_wish){.count_max = ALL}, list, &count,
                                    &bench->fault),
                     ERR_OK);
    return count;
}

static bool
record(struct bench *bench, const struct delivery *delivery, enum delivery_end end)
{
    const struct delivery_attempt attempt = {.end = end,
                                             .status = end == DELIVERY_DONE ? 204 : 500,
                                             .outcome = STR("x"),
                                             .ms = 1,
                                             .pause_ms = 60000,
                                             .reason = STR("przyczyna")};
    bool                          disabled = false;

    assert_int_equal(
        delivery_record(bench->store, bench->arena, delivery, &attempt, &disabled, &bench->fault),
        ERR_OK);
    return disabled;
}

static void
message_goes_to_those_above_who_asked_for_it(void **state)
{
    static const struct {
        int         verdict;
        const char *type;
    } rows[] = {
        {0,  "submission.undecided"          },
        {1,  "submission.accepted"           },
        {2,  "submission.awaiting_signatures"},
        {3,  "submission.rejected"           },
        {-1, "submission.parked"             },
    };
    struct bench *bench = *state;

    add_endpoint(bench, 1, str_copy(bench->arena, subscriber_events()).data);
    add_endpoint(bench, 2, "submission.rejected");
    add_endpoint(bench, 3, "submission.accepted");
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        file(bench, (int)i + 1, 2, rows[i].verdict);
    }
    assert_int_equal(spread(bench), ARRAY_COUNT(rows));
    assert_int_equal(spread(bench), 0);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct str sql = str_format(bench->arena,
                                    "SELECT type FROM courier.delivery WHERE endpoint = 1"
                                    " AND body LIKE '%%0%zu\",\"n\":1%%'",
                                    i + 1);
        EXPECT(strcmp(ask(bench, sql.data), rows[i].type) == 0, rows[i].type);
    }
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.delivery WHERE endpoint = 2"),
                        "1");
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.delivery WHERE endpoint = 3"),
                        "0");
}

static void
body_tells_what_happened_and_nothing_else(void **state)
{
    struct bench *bench = *state;

    add_endpoint(bench, 2, "submission.accepted");
    file(bench, 1, 2, 1);
    (void)spread(bench);
    assert_string_equal(ask(bench, "SELECT body FROM courier.delivery"),
                        "{\"type\":\"submission.accepted\",\"timestamp\":"
                        "\"2026-07-10T07:00:00.250Z\",\"data\":{\"id\":"
                        "\"00000000-0000-0000-0000-000000000001\",\"n\":1,\"state\":\"accepted\","
                        "\"unit\":\"990000002\",\"receipt\":\"/api/v1/submissions/"
                        "00000000-0000-0000-0000-000000000001/receipt?n=1\"}}");
    assert_string_equal(ask(bench, "SELECT webhook_id ~ '^msg_[0-9a-f]{32}$' FROM "
                                   "courier.delivery"),
                        "t");
}

/* Of what was decided, and of what was not yet. */
static void
withdrawal_is_told_as_of_its_own_time_and_stamps_nothing(void **state)
{
    struct bench *bench = *state;
    int64_t       count = -1;

    add_endpoint(bench, 2, str_copy(bench->arena, subscriber_events()).data);
    file(bench, 1, 2, 2);
    file(bench, 2, 2, 0);
    run(bench, "DELETE FROM intake.outbox;"
               "UPDATE intake.submission SET state = 'withdrawn', withdrawn_by = 1,"
               " withdrawn_at = '2026-07-11T10:00:00+02:00';"
               "INSERT INTO intake.receipt SELECT 'S' || key, submission, n, 'summary', 0, NULL,"
               " '', 'x', sha256('x'), '{}' FROM intake.submission;"
               "INSERT INTO intake.outbox (kind, submission, n)"
               " SELECT 'submission.withdrawn', submission, CASE key WHEN 'k1' THEN 1 ELSE 0 END"
               " FROM intake.submission ORDER BY key");
    assert_int_equal(delivery_spread(bench->store, bench->arena, DELIVERY_WITH_STAMPS, ALL, &count,
                                     &bench->fault),
                     ERR_OK);
    assert_int_equal(count, 2);
    for (int i = 1; i <= 2; i++) {
        struct str sql =
            str_format(bench->arena, "SELECT body FROM courier.delivery WHERE delivery = %d", i);
        struct str want = str_format(bench->arena,
                                     "{\"type\":\"submission.withdrawn\",\"timestamp\":"
                                     "\"2026-07-11T08:00:00.000Z\",\"data\":{\"id\":"
                                     "\"00000000-0000-0000-0000-%012d\",\"n\":%d,"
                                     "\"state\":\"withdrawn\",\"unit\":\"990000002\"}}",
                                     i, 2 - i);
        assert_string_equal(ask(bench, sql.data), want.data);
    }
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.stamping"), "0");
}

static void
without_an_endpoint_the_outbox_is_emptied_all_the_same(void **state)
{
    struct bench *bench = *state;

    file(bench, 1, 2, 1);
    assert_int_equal(spread(bench), 1);
    assert_string_equal(ask(bench, "SELECT count(*) FROM intake.outbox WHERE taken_at IS NULL"),
                        "0");
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.delivery"), "0");
}

static void
message_that_cannot_be_read_waits(void **state)
{
    struct bench *bench = *state;

    add_endpoint(bench, 2, "submission.accepted");
    file(bench, 1, 2, 1);
    run(bench, "DROP POLICY carried ON registry.unit");
    assert_int_equal(spread(bench), 0);
    run(bench, "CREATE POLICY carried ON registry.unit FOR SELECT TO brama_courier USING (true)");
    assert_int_equal(spread(bench), 1);
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.delivery"), "1");
}

static void
claimed_delivery_is_nobody_elses_until_its_lease_is_over(void **state)
{
    struct bench    *bench = *state;
    struct delivery *first = NULL;
    struct delivery *again = NULL;

    add_endpoint(bench, 2, "submission.accepted");
    file(bench, 1, 2, 1);
    (void)spread(bench);
    assert_int_equal(claim(bench, &first), 1);
    assert_int_equal(claim(bench, &again), 0);
    run(bench, "UPDATE courier.delivery SET next_at = next_at - interval '60 seconds'");
    assert_int_equal(claim(bench, &again), 1);
    assert_true(str_equal(first[0].webhook_id, again[0].webhook_id));
    assert_true(str_equal(first[0].body, again[0].body));
    /* Both come to an end: it has moved once. */
    assert_false(record(bench, &first[0], DELIVERY_LATER));
    assert_false(record(bench, &again[0], DELIVERY_LATER));
    assert_string_equal(ask(bench, "SELECT attempts FROM courier.delivery"), "1");
}

static void
one_of_each_endpoint_is_claimed_and_none_of_the_busy(void **state)
{
    struct bench    *bench = *state;
    struct delivery *list = NULL;
    size_t           count = 0;
    const int64_t    busy[] = {1};

    add_endpoint(bench, 2, "submission.accepted");
    add_endpoint(bench, 1, "submission.accepted");
    file(bench, 1, 2, 1);
    file(bench, 2, 2, 1);
    (void)spread(bench);
    assert_int_equal(delivery_claim(bench->store, bench->arena,
                                    &(struct delivery_wish){ALL, busy, 1}, &list, &count,
                                    &bench->fault),
                     ERR_OK);
    assert_int_equal(count, 1);
    assert_int_equal(list[0].endpoint, 2);
    assert_int_equal(claim(bench, &list), 2);
    assert_int_equal(claim(bench, &list), 1);
    assert_int_equal(list[0].endpoint, 1);
    assert_int_equal(claim(bench, &list), 0);
}

static void
last_attempt_that_fails_switches_the_endpoint_off(void **state)
{
    struct bench    *bench = *state;
    struct delivery *list = NULL;

    add_endpoint(bench, 2, "submission.accepted");
    file(bench, 1, 2, 1);
    file(bench, 2, 2, 1);
    (void)spread(bench);
    for (int i = 1; i <= DELIVERY_ATTEMPTS_MAX; i++) {
        run(bench, "UPDATE courier.delivery SET next_at = now() WHERE delivery = 1;"
                   "UPDATE courier.delivery SET next_at = now() + interval '1 day'"
                   " WHERE delivery = 2");
        assert_int_equal(claim(bench, &list), 1);
        assert_int_equal(list[0].attempts, i - 1);
        assert_int_equal(record(bench, &list[0], DELIVERY_LATER), i == DELIVERY_ATTEMPTS_MAX);
    }
    assert_string_equal(ask(bench, "SELECT state FROM courier.delivery WHERE delivery = 1"),
                        "failed");
    assert_string_equal(ask(bench, "SELECT reason FROM courier.endpoint"), "przyczyna");
    run(bench, "UPDATE courier.delivery SET next_at = now() WHERE delivery = 2");
    assert_int_equal(claim(bench, &list), 0); /* its others wait */

    bool found = false;
    run(bench, "GRANT UPDATE ON courier.endpoint, courier.delivery TO brama_courier");
    assert_int_equal(subscriber_enable(bench->store, bench->arena, 1, &found, &bench->fault),
                     ERR_OK);
    assert_true(found);
    assert_int_equal(claim(bench, &list), 1);
}

/* Put to rights at the desk while the last attempt was under way: it begins anew. */
static void
attempt_of_before_the_receiver_was_activated_does_not_switch_it_off(void **state)
{
    struct bench    *bench = *state;
    struct delivery *list = NULL;
    bool             found = false;

    add_endpoint(bench, 2, "submission.accepted");
    file(bench, 1, 2, 1);
    (void)spread(bench);
    for (int i = 1; i <= DELIVERY_ATTEMPTS_MAX; i++) {
        run(bench, "UPDATE courier.delivery SET next_at = now()");
        assert_int_equal(claim(bench, &list), 1);
        if (i < DELIVERY_ATTEMPTS_MAX) {
            assert_false(record(bench, &list[0], DELIVERY_LATER));
        }
    }
    run(bench, "GRANT UPDATE ON courier.endpoint, courier.delivery TO brama_courier;"
               "UPDATE courier.endpoint SET disabled_at = now(), reason = 'x'");
    assert_int_equal(subscriber_enable(bench->store, bench->arena, 1, &found, &bench->fault),
                     ERR_OK);
    assert_true(found);
    assert_false(record(bench, &list[0], DELIVERY_LATER));
    assert_string_equal(ask(bench, "SELECT disabled_at IS NULL FROM courier.endpoint"), "t");
    assert_string_equal(ask(bench, "SELECT state || attempts FROM courier.delivery"), "waiting0");
}

static void
receiver_that_is_gone_is_switched_off_at_once(void **state)
{
    struct bench    *bench = *state;
    struct delivery *list = NULL;

    add_endpoint(bench, 2, "submission.accepted");
    file(bench, 1, 2, 1);
    (void)spread(bench);
    assert_int_equal(claim(bench, &list), 1);
    assert_true(record(bench, &list[0], DELIVERY_GONE));
    assert_string_equal(ask(bench, "SELECT state FROM courier.delivery"), "failed");
}

static void
delivery_that_ended_can_be_repeated_and_is_forgotten_when_old(void **state)
{
    struct bench    *bench = *state;
    struct delivery *list = NULL;
    bool             found = false;

    add_endpoint(bench, 2, "submission.accepted");
    file(bench, 1, 2, 1);
    (void)spread(bench);
    assert_int_equal(claim(bench, &list), 1);
    struct str id = list[0].webhook_id;
    assert_false(record(bench, &list[0], DELIVERY_DONE));
    assert_int_equal(claim(bench, &list), 0);
    assert_int_equal(delivery_repeat(bench->store, bench->arena, 1, &found, &bench->fault), ERR_OK);
    assert_true(found);
    assert_int_equal(claim(bench, &list), 1);
    assert_true(str_equal(list[0].webhook_id, id));
    assert_int_equal(delivery_repeat(bench->store, bench->arena, 2, &found, &bench->fault), ERR_OK);
    assert_false(found);

    assert_false(record(bench, &list[0], DELIVERY_DONE));
    run(bench, "UPDATE courier.delivery SET ended_at = now() - interval '29 days 23 hours'");
    assert_int_equal(delivery_forget(bench->store, bench->arena, &bench->fault), ERR_OK);
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.attempt"), "2");
    run(bench, "UPDATE courier.delivery SET ended_at = now() - interval '30 days 1 hour'");
    assert_int_equal(delivery_forget(bench->store, bench->arena, &bench->fault), ERR_OK);
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.attempt"), "0");
}

static void
pauses_grow_as_the_specification_suggests(void **state)
{
    static const int64_t seconds[] = {5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400, 86400};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(seconds); i++) {
        assert_int_equal(delivery_pause_ms((int)i + 1), seconds[i] * 1000);
    }
    assert_int_equal(delivery_pause_ms(0), 5000);
}

/* The two newest that live; one whose day is over signs nothing. */
static void
message_bears_the_secrets_that_live(void **state)
{
    struct bench    *bench = *state;
    struct delivery *list = NULL;

    add_endpoint(bench, 2, "submission.accepted");
    run(bench, "INSERT INTO courier.secret (endpoint, secret, since, expires_at) VALUES"
               " (1, decode(repeat('11', 32), 'hex'), now() - interval '3 day', now()),"
               " (1, decode(repeat('22', 32), 'hex'), now() - interval '2 day', now() + interval"
               " '1 hour'), (1, decode(repeat('33', 32), 'hex'), now() - interval '1 day', NULL)");
    file(bench, 1, 2, 1);
    assert_int_equal(spread(bench), 1);
    assert_int_equal(claim(bench, &list), 1);
    assert_int_equal(list[0].secrets[0].size, 32);
    assert_int_equal(list[0].secrets[0].data[0], 0x33);
    assert_int_equal(list[0].secrets[1].size, 32);
    assert_int_equal(list[0].secrets[1].data[0], 0x22);
    run(bench, "DELETE FROM courier.secret; UPDATE courier.delivery SET next_at = now()");
    assert_int_equal(claim(bench, &list), 1);
    assert_int_equal(list[0].secrets[0].size + list[0].secrets[1].size, 0);
}

/* Of receiver 1: over, about to be, and without an end; of 2, which was removed: without an end. */
static void
secrets_that_sign_nothing_are_forgotten(void **state)
{
    struct bench *bench = *state;

    add_endpoint(bench, 2, "submission.accepted");
    add_endpoint(bench, 3, "submission.accepted");
    run(bench, "UPDATE courier.endpoint SET removed_at = now() WHERE endpoint = 2;"
               "INSERT INTO courier.secret (endpoint, secret, expires_at) VALUES"
               " (1, decode(repeat('11', 32), 'hex'), now()),"
               " (1, decode(repeat('22', 32), 'hex'), now() + interval '1 hour'),"
               " (1, decode(repeat('33', 32), 'hex'), NULL),"
               " (2, decode(repeat('44', 32), 'hex'), NULL)");
    assert_int_equal(delivery_forget(bench->store, bench->arena, &bench->fault), ERR_OK);
    assert_string_equal(ask(bench, "SELECT string_agg(get_byte(secret, 0)::text, ' ' ORDER BY"
                                   " secret) FROM courier.secret"),
                        "34 51");
}

#define ON_A_BENCH(test) cmocka_unit_test_setup_teardown(test, open_bench, close_bench)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ON_A_BENCH(message_goes_to_those_above_who_asked_for_it),
        ON_A_BENCH(body_tells_what_happened_and_nothing_else),
        ON_A_BENCH(withdrawal_is_told_as_of_its_own_time_and_stamps_nothing),
        ON_A_BENCH(without_an_endpoint_the_outbox_is_emptied_all_the_same),
        ON_A_BENCH(message_that_cannot_be_read_waits),
        ON_A_BENCH(claimed_delivery_is_nobody_elses_until_its_lease_is_over),
        ON_A_BENCH(one_of_each_endpoint_is_claimed_and_none_of_the_busy),
        ON_A_BENCH(last_attempt_that_fails_switches_the_endpoint_off),
        ON_A_BENCH(attempt_of_before_the_receiver_was_activated_does_not_switch_it_off),
        ON_A_BENCH(receiver_that_is_gone_is_switched_off_at_once),
        ON_A_BENCH(delivery_that_ended_can_be_repeated_and_is_forgotten_when_old),
        ON_A_BENCH(message_bears_the_secrets_that_live),
        ON_A_BENCH(secrets_that_sign_nothing_are_forgotten),
        cmocka_unit_test(pauses_grow_as_the_specification_suggests),
    };

    return cmocka_run_group_tests(tests, cluster_share, cluster_unshare);
}
