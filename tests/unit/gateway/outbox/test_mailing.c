#include "gateway/fingerprint/fingerprint.h"
#include "gateway/outbox/mail_log.h"
#include "gateway/outbox/mailing.h"
#include "gateway/people/account.h"
#include "gateway/people/invitation.h"
#include "gateway/people/people_session.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/people/town.h"

#include <stdio.h>
#include <string.h>

/* Letters from whoever writes them to the relay's answer, in a real PostgreSQL: written by the
 * desk, read by the courier, looked at by brama_admin. */
enum { ALL = 100, DAY_MAX = 3 };

struct bench {
    struct town   town;
    struct store *courier;
    struct store *admin;
    struct fault  fault;
    char          name[32];
};

static int
open_bench(void **state)
{
    static unsigned     number;
    static struct bench bench;

    bench = (struct bench){0};
    (void)snprintf(bench.name, sizeof bench.name, "mailing%u", number++);
    town_begin(&bench.town, cluster_shared, bench.name);
    town_run(&bench.town, "UPDATE registry.setting SET clock_offset = (timestamp '2026-07-15 12:00'"
                          " AT TIME ZONE 'Europe/Warsaw') - now()");
    const struct store_address address = {str_of(cluster_host(cluster_shared)),
                                          cluster_port(cluster_shared), str_of(bench.name)};
    *state = &bench;
    return store_open(bench.town.arena, &address, STORE_COURIER, &bench.courier, &bench.fault)
               != ERR_OK
           || store_open(bench.town.arena, &address, STORE_ADMIN, &bench.admin, &bench.fault)
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

static void
add_letters(const struct bench *bench, int count)
{
    struct str sql = str_format(bench->town.arena,
                                "INSERT INTO courier.letter (kind, email, name, subject, body)"
                                " SELECT 'digest', 'p' || i || '@x.pl', 'P', 's', 'b'"
                                " FROM generate_series(1, %d) i",
                                count);

    town_run(&bench->town, sql.data);
}

static size_t
claim(struct bench *bench, struct mailing **out)
{
    size_t count = 0;

    assert_int_equal(mailing_claim(bench->courier, bench->town.arena,
                                   &(struct mailing_wish){.count_max = ALL}, out, &count,
                                   &bench->fault),
                     ERR_OK);
    return count;
}

/* One, as while the relay fails. */
static const char *
claim_in_turn(struct bench *bench)
{
    const struct mailing_wish wish = {.count_max = 1, .in_turn = true};
    struct mailing           *list = NULL;
    size_t                    count = 0;

    assert_int_equal(
        mailing_claim(bench->courier, bench->town.arena, &wish, &list, &count, &bench->fault),
        ERR_OK);
    return count == 1 ? str_copy(bench->town.arena, list[0].email).data : "";
}

static bool
record(struct bench *bench, const struct mailing *mailing, enum mailing_end end)
{
    const struct mailing_attempt attempt = {
        .end = end, .status = 250, .outcome = STR("tak"), .pause_ms = 60000};
    bool over = false;

    assert_int_equal(
        mailing_record(bench->courier, bench->town.arena, mailing, &attempt, &over, &bench->fault),
        ERR_OK);
    return over;
}

/* As a desk: the session of this role, in a transaction. */
static void
enter(struct bench *bench, const char *word)
{
    struct people_session session = {0};

    assert_int_equal(store_begin(bench->town.desk, &bench->fault), ERR_OK);
    assert_int_equal(people_session_enter(bench->town.desk, bench->town.arena,
                                          town_digest(&bench->town, word), &session, &bench->fault),
                     ERR_OK);
    assert_true(session.session != 0);
}

static void
commit(struct bench *bench)
{
    assert_int_equal(store_commit(bench->town.desk, &bench->fault), ERR_OK);
}

/* An invitation of a new sender by the head, and its letter; nothing when there is none. */
static enum err
make_invitation(struct bench *bench, const char *email, struct uuid *id)
{
    struct invitation invitation = {
        .email = str_of(email),
        .name = STR("Nowa Osoba"),
        .role = STR("sender"),
        .unit = TOWN_MIDDLE,
        .valid_from = {2020, 1, 1}
    };
    struct str token = {0};

    enter(bench, "head");
    assert_int_equal(invitation_make(bench->town.desk, bench->town.arena, &invitation, id, &token,
                                     &bench->fault),
                     ERR_OK);
    enum err got =
        invitation_post(bench->town.desk, bench->town.arena, *id, DAY_MAX, &bench->fault);
    if (got == ERR_OK) {
        commit(bench);
    } else {
        store_rollback(bench->town.desk);
    }
    return got;
}

static enum err
try_to_invite(struct bench *bench, const char *email)
{
    struct uuid id = {{0}};

    return make_invitation(bench, email, &id);
}

static struct uuid
invite(struct bench *bench, const char *email)
{
    struct uuid id = {{0}};

    assert_int_equal(make_invitation(bench, email, &id), ERR_OK);
    return id;
}

static void
letter_is_claimed_once_and_comes_again_when_its_courier_died(void **state)
{
    struct bench   *bench = *state;
    struct mailing *list = NULL;

    add_letters(bench, 3);
    assert_int_equal(claim(bench, &list), 3);
    assert_int_equal(claim(bench, &list), 0);
    town_run(&bench->town, "UPDATE courier.letter SET next_at = now()"); /* the lease is over */
    assert_int_equal(claim(bench, &list), 3);
    assert_false(record(bench, &list[0], MAILING_SENT));
    assert_false(record(bench, &list[0], MAILING_LATER)); /* the one that came back to life */
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.letter WHERE state = 'sent'"
                                   " AND attempts = 1 AND ended_at IS NOT NULL"),
                        "1");
    town_run(&bench->town, "UPDATE courier.letter SET next_at = now() WHERE state = 'waiting'");
    assert_int_equal(claim(bench, &list), 2);
}

static void
relay_that_is_away_counts_against_no_letter(void **state)
{
    struct bench   *bench = *state;
    struct mailing *list = NULL;

    add_letters(bench, 1);
    for (int i = 0; i < 5 * MAILING_ATTEMPTS_MAX; i++) {
        assert_int_equal(claim(bench, &list), 1);
        assert_false(record(bench, &list[0], MAILING_WAITS));
        assert_int_equal(claim(bench, &list), 0); /* not before its pause is over */
        town_run(&bench->town, "UPDATE courier.letter SET next_at = now()");
    }
    assert_string_equal(ask(bench, "SELECT state || attempts FROM courier.letter"), "waiting0");
    assert_int_equal(claim(bench, &list), 1);
    assert_false(record(bench, &list[0], MAILING_SENT));
}

static void
letter_is_given_up_with_the_last_attempt_and_not_before(void **state)
{
    struct bench   *bench = *state;
    struct mailing *list = NULL;

    add_letters(bench, 1);
    for (int i = 1; i <= MAILING_ATTEMPTS_MAX; i++) {
        assert_int_equal(claim(bench, &list), 1);
        assert_int_equal(list[0].attempts, i - 1);
        assert_true(record(bench, &list[0], MAILING_LATER) == (i == MAILING_ATTEMPTS_MAX));
        town_run(&bench->town, "UPDATE courier.letter SET next_at = now()");
    }
    assert_string_equal(ask(bench, "SELECT state FROM courier.letter"), "refused");
    assert_int_equal(claim(bench, &list), 0);

    add_letters(bench, 1);
    assert_int_equal(claim(bench, &list), 1);
    assert_true(record(bench, &list[0], MAILING_REFUSED));
}

static void
pauses_double_up_to_eight_hours(void **state)
{
    static const int minutes[] = {5, 5, 10, 20, 40, 80, 160, 320, 480, 480, 480};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(minutes); i++) {
        assert_int_equal(mailing_pause_ms((int)i), (int64_t)minutes[i] * 60 * 1000);
    }
}

static void
link_of_a_letter_opens_the_invitation_and_the_desks_secret_is_not_needed(void **state)
{
    struct bench             *bench = *state;
    struct arena             *arena = bench->town.arena;
    struct mailing           *list = NULL;
    struct mailing_link       link = {0};
    struct invitation_welcome welcome = {0};
    struct str                secrets[2] = {{0}};
    unsigned char             digest[SECRET_DIGEST_SIZE];

    (void)invite(bench, "nowa@x.pl");
    assert_int_equal(claim(bench, &list), 1);
    assert_true(list[0].has_link);
    assert_true(str_equal(list[0].email, STR("nowa@x.pl")));
    assert_string_equal(ask(bench, "SELECT subject || body FROM courier.letter"), "");
    for (size_t i = 0; i < 2; i++) { /* two attempts: whichever letter arrived, it works */
        assert_int_equal(secret_make(arena, (struct str){0}, &secrets[i], digest, &bench->fault),
                         ERR_OK);
        assert_int_equal(mailing_open_link(bench->courier, arena, list[0].letter,
                                           fingerprint_str(digest), &link, &bench->fault),
                         ERR_OK);
        assert_true(link.open);
    }
    assert_true(str_equal(link.title, STR("nadawca")));
    assert_true(str_equal(link.place, STR("CUW")));
    assert_true(str_equal(link.giver, STR("Osoba head")));

    enter(bench, "sender"); /* anybody; a new person has no session */
    store_rollback(bench->town.desk);
    assert_int_equal(store_begin(bench->town.desk, &bench->fault), ERR_OK);
    assert_int_equal(invitation_accept(bench->town.desk, arena, secrets[0],
                                       STR("bardzo dlugie haslo"), &welcome, &bench->fault),
                     ERR_OK);
    commit(bench);
    assert_string_equal(ask(bench, "SELECT count(*) FROM people.person WHERE email = 'nowa@x.pl'"),
                        "1");
    /* Once: neither that secret nor the other one. */
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(store_begin(bench->town.desk, &bench->fault), ERR_OK);
        assert_int_equal(invitation_accept(bench->town.desk, arena, secrets[i],
                                           STR("bardzo dlugie haslo"), &welcome, &bench->fault),
                         ERR_DENIED);
        store_rollback(bench->town.desk);
    }
    /* What was used is not sent again. */
    assert_int_equal(
        mailing_open_link(bench->courier, arena, list[0].letter, STR("x"), &link, &bench->fault),
        ERR_OK);
    assert_false(link.open);
}

static void
revoked_invitation_is_not_sent(void **state)
{
    struct bench       *bench = *state;
    struct mailing     *list = NULL;
    struct mailing_link link = {0};
    bool                found = true;
    struct uuid         id = invite(bench, "nowa@x.pl");

    enter(bench, "head");
    assert_int_equal(
        invitation_revoke(bench->town.desk, bench->town.arena, id, &found, &bench->fault), ERR_OK);
    assert_true(found);
    commit(bench);
    assert_int_equal(claim(bench, &list), 1);
    assert_int_equal(mailing_open_link(bench->courier, bench->town.arena, list[0].letter, STR("x"),
                                       &link, &bench->fault),
                     ERR_OK);
    assert_false(link.open);
    assert_string_equal(ask(bench, "SELECT count(*) FROM people.link"), "0");
}

static void
nobody_sends_the_invitation_of_another(void **state)
{
    static const char *const words[] = {"sender", "treasurer", "supervisor", "operator", "auditor"};
    struct bench            *bench = *state;
    struct uuid              id = invite(bench, "nowa@x.pl");

    for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
        enter(bench, words[i]);
        EXPECT(invitation_post(bench->town.desk, bench->town.arena, id, DAY_MAX, &bench->fault)
                   == ERR_DENIED,
               words[i]);
        store_rollback(bench->town.desk);
    }
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.letter"), "1");
}

static void
restoration_goes_to_the_address_of_the_account(void **state)
{
    struct bench       *bench = *state;
    struct arena       *arena = bench->town.arena;
    struct str          token = {0};
    struct str          email = {0};
    struct str          secret = {0};
    struct mailing     *list = NULL;
    struct mailing_link link = {0};
    struct uuid         appointment = {{0}};
    unsigned char       digest[SECRET_DIGEST_SIZE];

    assert_true(uuid_parse(str_of(ask(bench, "SELECT md5('asender')::uuid")), &appointment));
    enter(bench, "head");
    assert_int_equal(account_offer(bench->town.desk, arena, appointment, &token, &bench->fault),
                     ERR_OK);
    assert_true(token.size > 0);
    assert_int_equal(account_post(bench->town.desk, arena, token, DAY_MAX, &bench->fault), ERR_OK);
    commit(bench);
    assert_int_equal(claim(bench, &list), 1);
    assert_true(str_equal(list[0].email, STR("sender@example.test")));
    assert_int_equal(secret_make(arena, (struct str){0}, &secret, digest, &bench->fault), ERR_OK);
    assert_int_equal(mailing_open_link(bench->courier, arena, list[0].letter,
                                       fingerprint_str(digest), &link, &bench->fault),
                     ERR_OK);
    assert_true(link.open);
    assert_int_equal(store_begin(bench->town.desk, &bench->fault), ERR_OK);
    assert_int_equal(account_of_offer(bench->town.desk, arena, secret, &email, &bench->fault),
                     ERR_OK);
    assert_true(str_equal(email, STR("sender@example.test")));
    store_rollback(bench->town.desk);

    enter(bench, "treasurer"); /* the secret of somebody else's making */
    assert_int_equal(account_post(bench->town.desk, arena, token, DAY_MAX, &bench->fault),
                     ERR_DENIED);
    store_rollback(bench->town.desk);
}

/* n - 1 and n go at once, n + 1 tomorrow, 2 n + 1 the day after, and so on to the last day of an
 * invitation; then none. Another address, and another kind, is another count. */
static void
links_to_one_address_go_out_so_many_a_day_and_no_more(void **state)
{
    struct bench *bench = *state;

    for (int i = 1; i <= DAY_MAX * INVITATION_DAYS; i++) {
        assert_int_equal(try_to_invite(bench, "nowa@x.pl"), ERR_OK);
        struct str due = str_format(bench->town.arena, "%d", i < DAY_MAX ? i : DAY_MAX);
        assert_string_equal(
            ask(bench, "SELECT count(*) FROM courier.letter WHERE next_at <= now()"), due.data);
    }
    assert_string_equal(
        ask(bench, "SELECT string_agg(n || '@' || d, ' ' ORDER BY d) FROM (SELECT count(*) AS n,"
                   " (l.next_at + s.clock_offset) AT TIME ZONE 'Europe/Warsaw'"
                   "   - registry.today()::timestamp AS d"
                   " FROM courier.letter l, registry.setting s WHERE l.next_at > now()"
                   " GROUP BY 2) t"),
        "3@1 day 3@2 days 3@3 days 3@4 days 3@5 days 3@6 days");
    assert_int_equal(try_to_invite(bench, "nowa@x.pl"), ERR_DENIED);
    assert_string_equal(ask(bench, "SELECT count(*) FROM people.invitation"), "21");
    assert_int_equal(try_to_invite(bench, "inna@x.pl"), ERR_OK);
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.letter WHERE next_at <= now()"),
                        "4");
}

/* Nor does a flood of invitations keep somebody out of their account. */
static void
restoration_does_not_wait_behind_invitations(void **state)
{
    struct bench *bench = *state;
    struct str    token = {0};
    struct uuid   appointment = {{0}};

    for (int i = 0; i <= DAY_MAX; i++) {
        assert_int_equal(try_to_invite(bench, "sender@example.test"), ERR_OK);
    }
    assert_true(uuid_parse(str_of(ask(bench, "SELECT md5('asender')::uuid")), &appointment));
    enter(bench, "head");
    assert_int_equal(
        account_offer(bench->town.desk, bench->town.arena, appointment, &token, &bench->fault),
        ERR_OK);
    assert_int_equal(
        account_post(bench->town.desk, bench->town.arena, token, DAY_MAX, &bench->fault), ERR_OK);
    /* Whoever else writes to this address waits until this one is counted. */
    assert_string_equal(ask(bench, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                                   " AND database = (SELECT oid FROM pg_database"
                                   " WHERE datname = current_database())"),
                        "1");
    commit(bench);
    assert_string_equal(ask(bench, "SELECT next_at <= now() FROM courier.letter"
                                   " WHERE kind = 'restoration'"),
                        "t");
}

static void
letters_with_links_go_before_a_flood_of_others(void **state)
{
    struct bench   *bench = *state;
    struct mailing *list = NULL;
    size_t          count = 0;

    add_letters(bench, 50);
    (void)invite(bench, "nowa@x.pl");
    assert_int_equal(mailing_claim(bench->courier, bench->town.arena,
                                   &(struct mailing_wish){.count_max = 1}, &list, &count,
                                   &bench->fault),
                     ERR_OK);
    assert_int_equal(count, 1);
    assert_true(list[0].has_link);
}

/* While the relay fails one letter is tried at a time: the one that makes it fail goes behind those
 * that wait, link or not; and one that was tried already goes behind those that were not. */
static void
letter_that_the_relay_fails_at_lets_the_others_try(void **state)
{
    struct bench *bench = *state;

    (void)invite(bench, "nowa@x.pl");
    add_letters(bench, 2);
    town_run(&bench->town, "UPDATE courier.letter SET next_at = now() - CASE WHEN link IS NOT NULL"
                           " THEN interval '3 hours' WHEN email = 'p1@x.pl' THEN interval '2 hours'"
                           " ELSE interval '1 hour' END");
    for (int round = 0; round < 2; round++) {
        static const char *const turns[] = {"nowa@x.pl", "p1@x.pl", "p2@x.pl", ""};
        for (size_t i = 0; i < ARRAY_COUNT(turns); i++) {
            assert_string_equal(claim_in_turn(bench), turns[i]);
        }
        town_run(&bench->town, /* the pauses are over, in the order of the attempts */
                 "UPDATE courier.letter SET next_at = next_at - interval '1 hour'");
    }
    town_run(&bench->town, "UPDATE courier.letter SET attempts = 1 WHERE email = 'p1@x.pl'");
    assert_string_equal(claim_in_turn(bench), "nowa@x.pl");
    assert_string_equal(claim_in_turn(bench), "p2@x.pl");
    assert_string_equal(claim_in_turn(bench), "p1@x.pl");
}

static void
old_letters_are_forgotten_and_waiting_ones_never(void **state)
{
    struct bench   *bench = *state;
    struct mailing *list = NULL;
    int64_t         waiting = 0;
    int64_t         oldest = 0;

    add_letters(bench, 3);
    assert_int_equal(claim(bench, &list), 3);
    assert_false(record(bench, &list[0], MAILING_SENT));
    assert_true(record(bench, &list[1], MAILING_REFUSED));
    town_run(&bench->town, "UPDATE courier.letter SET made_at = now() - interval '90 days',"
                           " ended_at = ended_at - interval '29 days 23 hours'");
    assert_int_equal(mailing_forget(bench->courier, bench->town.arena, &bench->fault), ERR_OK);
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.letter"), "3");
    town_run(&bench->town, "UPDATE courier.letter SET ended_at = ended_at - interval '2 hours'");
    assert_int_equal(mailing_forget(bench->courier, bench->town.arena, &bench->fault), ERR_OK);
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.letter"), "1");
    assert_int_equal(
        mailing_backlog(bench->courier, bench->town.arena, &waiting, &oldest, &bench->fault),
        ERR_OK);
    assert_int_equal(waiting, 1);
    assert_true(oldest >= (int64_t)90 * 86400);
}

/* Of ten days without a relay a person gets one digest; letters of other kinds never grow old, and
 * one that is being sent is left to its attempt. */
static void
digest_that_has_waited_for_a_day_is_dropped(void **state)
{
    static const struct {
        const char *made;
        const char *state;
    } rows[] = {
        {"now() - interval '23 hours 59 minutes'", "waiting"},
        {"now() - interval '24 hours 1 minute'",   "dropped"},
        {"now() - interval '10 days'",             "dropped"},
    };
    struct bench   *bench = *state;
    struct mailing *list = NULL;
    int64_t         count = 0;

    add_letters(bench, 1);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct str sql = str_format(bench->town.arena,
                                    "UPDATE courier.letter SET state = 'waiting', ended_at = NULL,"
                                    " made_at = %s",
                                    rows[i].made);
        bool       dropped = strcmp(rows[i].state, "dropped") == 0;
        town_run(&bench->town, sql.data);
        assert_int_equal(
            mailing_drop_stale(bench->courier, bench->town.arena, &count, &bench->fault), ERR_OK);
        EXPECT(count == (dropped ? 1 : 0), rows[i].made);
        EXPECT(strcmp(ask(bench, "SELECT state FROM courier.letter"), rows[i].state) == 0,
               rows[i].made);
    }
    assert_int_equal(claim(bench, &list), 0);

    (void)invite(bench, "nowa@x.pl");
    town_run(&bench->town, "UPDATE courier.letter SET state = 'waiting', ended_at = NULL,"
                           " made_at = now() - interval '10 days'");
    assert_int_equal(claim(bench, &list), 2);
    assert_int_equal(mailing_drop_stale(bench->courier, bench->town.arena, &count, &bench->fault),
                     ERR_OK);
    assert_int_equal(count, 0);
    town_run(&bench->town, "UPDATE courier.letter SET leased_until = now(), next_at = now()");
    assert_int_equal(mailing_drop_stale(bench->courier, bench->town.arena, &count, &bench->fault),
                     ERR_OK);
    assert_int_equal(count, 1);
    assert_int_equal(claim(bench, &list), 1);
    assert_true(list[0].has_link);
}

/* An operator who is in a hurry makes no double letters. */
static void
letter_that_is_being_sent_is_not_made_due_again(void **state)
{
    struct bench   *bench = *state;
    struct arena   *arena = bench->town.arena;
    struct mailing *sent = NULL;
    struct mailing *list = NULL;
    int64_t         due = 0;

    add_letters(bench, 2);
    assert_int_equal(claim(bench, &sent), 2);
    assert_int_equal(mail_log_retry(bench->admin, arena, &due, &bench->fault), ERR_OK);
    assert_int_equal(due, 0);
    assert_int_equal(claim(bench, &list), 0);
    assert_false(record(bench, &sent[0], MAILING_WAITS)); /* this one is not sent any more */
    assert_int_equal(mail_log_retry(bench->admin, arena, &due, &bench->fault), ERR_OK);
    assert_int_equal(due, 1);
    assert_int_equal(claim(bench, &list), 1);
    assert_true(str_equal(list[0].email, sent[0].email));
    town_run(&bench->town,
             "UPDATE courier.letter SET leased_until = now()"); /* their courier died */
    assert_int_equal(mail_log_retry(bench->admin, arena, &due, &bench->fault), ERR_OK);
    assert_int_equal(due, 2);
    assert_int_equal(claim(bench, &list), 2);
}

static void
operator_sees_what_became_of_letters_and_mutes_kinds(void **state)
{
    struct bench         *bench = *state;
    struct arena         *arena = bench->town.arena;
    struct mailing       *list = NULL;
    struct mail_log_line *lines = NULL;
    struct mail_log_sum  *sums = NULL;
    size_t                count = 0;
    int64_t               due = 0;
    bool                  found = false;

    add_letters(bench, 2);
    assert_int_equal(claim(bench, &list), 2);
    assert_false(record(bench, &list[0], MAILING_WAITS));
    assert_true(record(bench, &list[1], MAILING_REFUSED));
    assert_int_equal(mail_log_list(bench->admin, arena, &lines, &count, &bench->fault), ERR_OK);
    assert_int_equal(count, 2);
    assert_int_equal(mail_log_sums(bench->admin, arena, &sums, &count, &bench->fault), ERR_OK);
    assert_int_equal(count, 2);
    assert_true(str_equal(sums[0].state, STR("waiting")));
    assert_int_equal(claim(bench, &list), 0);
    assert_int_equal(mail_log_retry(bench->admin, arena, &due, &bench->fault), ERR_OK);
    assert_int_equal(due, 2); /* the one that waits, and the one that was refused today */
    assert_int_equal(claim(bench, &list), 2);
    assert_true(record(bench, &list[0], MAILING_REFUSED));
    assert_false(record(bench, &list[1], MAILING_SENT));
    town_run(&bench->town, "UPDATE courier.letter SET made_at = now() - interval '25 hours'");
    assert_int_equal(mail_log_retry(bench->admin, arena, &due, &bench->fault), ERR_OK);
    assert_int_equal(due, 0); /* of yesterday, and sent */
    assert_int_equal(mail_log_test(bench->admin, arena, STR("a@x.pl"), &bench->fault), ERR_OK);
    assert_int_equal(claim(bench, &list), 1);
    assert_true(str_equal(list[0].kind, STR("test")));

    assert_int_equal(mail_log_mute(bench->admin, arena, STR("Head@Example.test"), STR("digest"),
                                   &found, &bench->fault),
                     ERR_OK);
    assert_true(found);
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.mute"), "1");
    assert_int_equal(mail_log_unmute(bench->admin, arena, STR("head@example.test"), STR("digest"),
                                     &found, &bench->fault),
                     ERR_OK);
    assert_string_equal(ask(bench, "SELECT count(*) FROM courier.mute"), "0");
    assert_int_equal(
        mail_log_mute(bench->admin, arena, STR("nikt@x.pl"), STR("digest"), &found, &bench->fault),
        ERR_OK);
    assert_false(found);
    assert_int_not_equal(mail_log_mute(bench->admin, arena, STR("head@example.test"),
                                       STR("invitation"), &found, &bench->fault),
                         ERR_OK); /* what an account depends on cannot be switched off */
}

#define MAILING_TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        MAILING_TEST(letter_is_claimed_once_and_comes_again_when_its_courier_died),
        MAILING_TEST(relay_that_is_away_counts_against_no_letter),
        MAILING_TEST(letter_is_given_up_with_the_last_attempt_and_not_before),
        cmocka_unit_test(pauses_double_up_to_eight_hours),
        MAILING_TEST(link_of_a_letter_opens_the_invitation_and_the_desks_secret_is_not_needed),
        MAILING_TEST(revoked_invitation_is_not_sent),
        MAILING_TEST(nobody_sends_the_invitation_of_another),
        MAILING_TEST(restoration_goes_to_the_address_of_the_account),
        MAILING_TEST(links_to_one_address_go_out_so_many_a_day_and_no_more),
        MAILING_TEST(restoration_does_not_wait_behind_invitations),
        MAILING_TEST(letters_with_links_go_before_a_flood_of_others),
        MAILING_TEST(letter_that_the_relay_fails_at_lets_the_others_try),
        MAILING_TEST(old_letters_are_forgotten_and_waiting_ones_never),
        MAILING_TEST(digest_that_has_waited_for_a_day_is_dropped),
        MAILING_TEST(letter_that_is_being_sent_is_not_made_due_again),
        MAILING_TEST(operator_sees_what_became_of_letters_and_mutes_kinds),
    };

    return cmocka_run_group_tests(tests, cluster_share, cluster_unshare);
}
