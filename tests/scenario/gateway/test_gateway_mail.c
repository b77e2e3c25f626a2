#include "gateway/page_guard/page_guard.h"
#include "tests/scenario/gateway/office.h"
#include "tests/support/command.h"
#include "tests/support/expect.h"
#include "tests/support/post_keys.h"
#include "tests/support/receiver.h"
#include "tests/support/relay.h"
#include "tests/support/watch.h"

#include <fcntl.h>
#include <openssl/sha.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Letters of a whole gateway: real desk, real courier, a real relay on this machine that behaves
 * and does not. Nothing is lost, nothing waits for it, and a secret stands in its letter alone.
 */
enum { ROOM = 64 << 20, FILINGS = 3, LETTERS = 6, TOGETHER = 4 };

enum { TOKEN_SIZE = 43, MESSAGE_ID_MAX = 128, TEXT_MAX = 4096 };

#define PASSWORD "cztery zwykle slowa tu"

static struct cluster  *cluster;
static struct arena    *arena;
static const char      *keys;
static struct relay    *relay;
static struct receiver *receiver;
static struct office    office;

static int
start(void **state)
{
    (void)state;
    arena = arena_create(ROOM);
    cluster = cluster_start(CLUSTER_DURABLE);
    keys = post_keys_make(arena);
    const char *path = post_keys_path(arena, keys, "mail.password");
    int         fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    assert_true(fd >= 0 && write(fd, "tajne\n", 6) == 6);
    return close(fd);
}

static int
stop(void **state)
{
    (void)state;
    post_keys_remove(arena, keys);
    cluster_stop(cluster);
    arena_destroy(arena);
    return 0;
}

/* Anna keeps the gmina, Jan keeps the books of the first school and signs in, too. */
static void
appoint(void)
{
    struct str sql = str_format(
        arena,
        "INSERT INTO people.person (person, email, name, confirmed_at) VALUES"
        " (md5('anna')::uuid, 'anna@urzad.example', 'Anna Żak', now()),"
        " (md5('jan')::uuid, 'jan@szkola.example', 'Jan Kos', now());"
        "INSERT INTO people.appointment (appointment, person, role, unit, valid_from) VALUES"
        " (md5('aanna')::uuid, md5('anna')::uuid, 'supervisor', %lld, '2020-01-01'),"
        " (md5('ajan')::uuid, md5('jan')::uuid, 'treasurer', %lld, '2020-01-01');"
        "INSERT INTO people.session (digest, person, appointment, provider, expires_at) VALUES"
        " (sha256(rpad('anna', 43, '-')::bytea), md5('anna')::uuid, md5('aanna')::uuid, 'password',"
        " now() + interval '1 hour')",
        (long long)office.gmina, (long long)office.schools[0]);

    cluster_run(cluster, office.database, sql.data);
}

static void
open_office(const char *database, const char *more)
{
    relay = relay_start(post_keys_path(arena, keys, "server.pem"),
                        post_keys_path(arena, keys, "server.key"));
    receiver = receiver_start(post_keys_path(arena, keys, "server.pem"),
                              post_keys_path(arena, keys, "server.key"));
    struct str settings = str_format(
        arena,
        "webhook_key = %s/webhook.key\ncourier_trust = %s/root.pem\nwebhook_loopback = 1\n"
        "answer_wait_ms = 60000\nmail_url = smtp://localhost:%u\nmail_from = brama@urzad.example\n"
        "mail_name = Brama Przykładowa\nmail_user = brama\nmail_password = %s/mail.password\n"
        "mail_results_minutes = 5\n%s",
        keys, keys, relay_port(relay), keys, more);
    const struct station_options options = {.settings = settings.data, .failpoints = true};
    office_open(&office, cluster, database, &options, false);
    appoint();
}

static void
close_office(void)
{
    office_close(&office);
    relay_stop(relay);
    receiver_stop(receiver);
}

static const char *
ask(const char *sql)
{
    return office_ask(&office, arena, sql).data;
}

static bool
await_letters(size_t wanted)
{
    for (int i = 0; i < WATCH_TRIES_MAX; i++) {
        if (relay_count(relay) >= wanted) {
            return true;
        }
        watch_rest();
    }
    return false;
}

/* The database dies, and the courier has noticed. */
static void
lose_database(void)
{
    size_t before = watch_log_count(office.station, "courier.failed");

    cluster_kill(cluster);
    assert_true(watch_log(office.station, "courier.failed", before + 1));
}

/* POST at the desk by Anna; session false: by nobody. */
static struct http_answer
post(const char *path, struct str body, bool session)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    char          cookie[TOKEN_SIZE + 1];
    struct str    csrf = {0};
    struct fault  fault = {0};

    memset(cookie, '-', TOKEN_SIZE);
    memcpy(cookie, "anna", 4);
    cookie[TOKEN_SIZE] = '\0';
    (void)SHA256((const unsigned char *)cookie, TOKEN_SIZE, digest);
    assert_int_equal(page_guard_token(arena, digest, &csrf, &fault), ERR_OK);
    struct http_request request = {
        .method = "POST",
        .path = path,
        .headers = {"Content-Type: application/json",
                    session ? str_format(arena, "Cookie: __Host-brama=%s", cookie).data : NULL,
                    str_format(arena, "X-CSRF-Token: %.*s", STR_ARG(csrf)).data},
        .body = body,
    };
    return http_ask(arena, office.target, &request);
}

static void
invite(const char *email)
{
    struct str         body = str_format(arena,
                                         "{\"email\":\"%s\",\"name\":\"Zofia Żółć\",\"role\":\"head\","
                                                 "\"regon\":\"990001010\"}",
                                         email);
    struct http_answer answer = post("/api/v1/invitations", body, true);

    if (answer.status != 201) {
        print_message("%d %.*s\n", answer.status, STR_ARG(answer.body));
    }
    assert_int_equal(answer.status, 201);
    assert_true(office_has(&answer, "\"token\":null"));
    assert_true(office_has(&answer, "\"sent\":true"));
}

static void
file_one(void)
{
    struct arena              *room = arena_create(192 << 20);
    static unsigned            filed;
    struct str                 key = str_format(room, "zlozenie-%u", filed++);
    const struct office_filing filing = {.key = key.data, .body = office_package(&office, room)};
    struct http_answer         answer = office_file(&office, room, &filing);

    assert_int_equal(answer.status, 201);
    arena_destroy(room);
}

/* The text of a letter: soft breaks taken out; what is quoted stays so. */
static struct str
text_of(const struct relay_letter *letter)
{
    struct buf out = buf_create(arena, RELAY_LETTER_MAX);
    struct str rest = {letter->bytes, letter->size};

    while (rest.size > 0) {
        if (str_starts_with(rest, STR("=\r\n"))) {
            rest = str_slice(rest, 3, rest.size);
        } else {
            buf_byte(&out, rest.data[0]);
            rest = str_slice(rest, 1, rest.size);
        }
    }
    return buf_str(&out);
}

static struct str
letter_at(size_t index, struct relay_letter *letter)
{
    assert_true(relay_letter(relay, index, letter));
    return text_of(letter);
}

/* What stands behind a mark, up to the end of its line. */
static struct str
behind(struct str text, const char *mark)
{
    const char *found = memmem(text.data, text.size, mark, strlen(mark));

    assert_non_null(found);
    struct str rest = str_slice(text, (size_t)(found - text.data) + strlen(mark), text.size);
    return str_slice(rest, 0, strcspn(rest.data, "\r\n"));
}

static bool
has(struct str text, const char *part)
{
    return memmem(text.data, text.size, part, strlen(part)) != NULL;
}

static void
invitation_reaches_its_reader_and_opens_the_account(void **state)
{
    static struct relay_letter letter;

    (void)state;
    open_office("invited", "");
    invite("zofia@szkola.example");
    assert_true(await_letters(1));
    struct str text = letter_at(0, &letter);
    assert_string_equal(letter.from, "brama@urzad.example");
    assert_string_equal(letter.to, "zofia@szkola.example");
    assert_true(letter.over_tls);
    assert_non_null(strstr(letter.bytes, "\r\nTo: =?UTF-8?Q?Zofia=20=C5=BB=C3=B3=C5=82=C4=87?=\r\n"
                                         " <zofia@szkola.example>\r\n"));
    struct str secret = behind(text, "/zaproszenie#");
    assert_int_equal(secret.size, TOKEN_SIZE);
    assert_true(office_await(&office, "SELECT state || status FROM courier.letter", "sent250"));

    struct str body =
        str_format(arena, "{\"token\":\"%.*s\",\"password\":\"" PASSWORD "\"}", STR_ARG(secret));
    struct http_answer answer = post("/api/v1/invitations/acceptance", body, false);
    assert_int_equal(answer.status, 201);
    answer = post("/api/v1/invitations/acceptance", body, false);
    assert_int_equal(answer.status, 404); /* once */
    assert_string_equal(ask("SELECT count(*) FROM people.person p JOIN people.appointment a USING"
                            " (person) WHERE p.email = 'zofia@szkola.example' AND a.role = 'head'"),
                        "1");
    /* Neither the database nor the log ever had it. */
    struct str sql =
        str_format(arena, "SELECT count(*) FROM courier.letter l WHERE l::text LIKE '%%%.*s%%'",
                   STR_ARG(secret));
    assert_string_equal(ask(sql.data), "0");
    assert_false(has(post_keys_read(arena, station_log(office.station)), secret.data));
    assert_true(office_metric(&office, "brama_letters_total{outcome=\"sent\"}") == 1);
    close_office();
}

static void
relay_that_is_down_loses_nothing_and_delays_nobody(void **state)
{
    static const char          failures[] = "brama_mail_relay_failures_total";
    static struct relay_letter letter;

    (void)state;
    open_office("down", "");
    struct str sql =
        str_format(arena,
                   "INSERT INTO courier.endpoint (unit, url, events, label) VALUES (%lld,"
                   " 'https://localhost:%u/ok', '{submission.accepted,submission.rejected,"
                   "submission.awaiting_signatures}', 'test')",
                   (long long)office.gmina, receiver_port(receiver));
    cluster_run(cluster, office.database, sql.data);
    relay_be(relay, RELAY_BUSY);
    for (int i = 0; i < LETTERS; i++) {
        invite(str_format(arena, "osoba%d@szkola.example", i).data);
    }
    for (int i = 0; i < WATCH_TRIES_MAX && office_metric(&office, failures) < 1; i++) {
        watch_rest();
    }
    assert_true(office_metric(&office, failures) >= 1);
    for (int i = 0; i < FILINGS; i++) {
        file_one();
    }
    assert_true(office_await(
        &office, "SELECT count(*) FROM courier.delivery WHERE state = 'delivered'", "3"));
    assert_int_equal(relay_count(relay), 0);
    assert_string_equal(ask("SELECT count(*) FROM courier.letter WHERE state = 'waiting'"
                            " AND attempts = 0"),
                        "6");

    /* The hour is over. */
    relay_be(relay, RELAY_GOOD);
    for (int i = 0; i < WATCH_TRIES_MAX && relay_count(relay) < LETTERS; i++) {
        cluster_run(cluster, office.database,
                    "UPDATE courier.letter SET next_at = now() WHERE state = 'waiting'"
                    " AND next_at < now() + interval '1 minute'");
        watch_rest();
    }
    assert_true(
        office_await(&office, "SELECT count(*) FROM courier.letter WHERE state = 'sent'", "6"));
    assert_int_equal(relay_count(relay), LETTERS); /* each once */
    for (size_t i = 0; i < LETTERS; i++) {
        size_t     found = 0;
        struct str to = str_format(arena, "osoba%zu@szkola.example", i);
        for (size_t j = 0; j < LETTERS; j++) {
            (void)letter_at(j, &letter);
            found += strcmp(letter.to, to.data) == 0 ? 1 : 0;
        }
        EXPECT(found == 1, to.data);
    }
    assert_string_equal(ask("SELECT count(*) FROM courier.delivery WHERE state = 'delivered'"),
                        "3");
    close_office();
}

/* Letters that end while the database is away run no more: when the relay fails after that, one of
 * them is tried again all the same. */
static void
letters_that_end_without_a_database_are_no_letters_that_run(void **state)
{
    static const char failures[] = "brama_mail_relay_failures_total";

    (void)state;
    open_office("away", "");
    relay_be(relay, RELAY_LATE);
    for (int i = 0; i < TOGETHER; i++) {
        invite(str_format(arena, "osoba%d@szkola.example", i).data);
    }
    for (int i = 0; i < WATCH_TRIES_MAX && relay_visits(relay) < TOGETHER; i++) {
        watch_rest();
    }
    assert_int_equal(relay_visits(relay), TOGETHER);
    lose_database();
    relay_let(relay);
    assert_true(await_letters(TOGETHER));
    assert_true(watch_log(office.station, "courier.unrecorded", TOGETHER));
    relay_be(relay, RELAY_BUSY);
    cluster_restart(cluster);
    cluster_run(cluster, office.database, "UPDATE courier.letter SET next_at = now()");
    for (int i = 0; i < WATCH_TRIES_MAX && office_metric(&office, failures) < 1; i++) {
        watch_rest();
    }
    assert_true(office_metric(&office, failures) >= 1);
    relay_be(relay, RELAY_GOOD);
    for (int i = 0; i < WATCH_TRIES_MAX && relay_count(relay) < (size_t)2 * TOGETHER; i++) {
        cluster_run(cluster, office.database,
                    "UPDATE courier.letter SET next_at = now() WHERE state = 'waiting'"
                    " AND next_at < now() + interval '1 minute'");
        watch_rest();
    }
    assert_true(
        office_await(&office, "SELECT count(*) FROM courier.letter WHERE state = 'sent'", "4"));
    close_office();
}

/* The relay has the letter, and we died before we knew: it goes again, under one name, and the
 * links of both work. */
static void
courier_killed_with_a_letter_in_hand_sends_it_under_the_same_name(void **state)
{
    static struct relay_letter first;
    static struct relay_letter second;

    (void)state;
    open_office("killed", "");
    struct failpoint_page *page = station_failpoints(office.station);
    page->skip = 0;
    page->reached = 0;
    page->armed = (uint32_t)FAILPOINT_COURIER_ANSWERED;
    invite("zofia@szkola.example");
    for (int i = 0; i < WATCH_TRIES_MAX && page->reached != (uint32_t)FAILPOINT_COURIER_ANSWERED;
         i++) {
        watch_rest();
    }
    assert_int_equal(page->reached, FAILPOINT_COURIER_ANSWERED);
    assert_int_equal(kill((pid_t)page->pid, SIGKILL), 0);
    page->armed = FAILPOINT_NONE;
    assert_int_equal(relay_count(relay), 1);
    /* The lease of the dead one is over sooner than in life. */
    cluster_run(cluster, office.database, "UPDATE courier.letter SET next_at = now()");
    assert_true(await_letters(2));
    assert_true(office_await(&office, "SELECT state FROM courier.letter", "sent"));
    struct str one = letter_at(0, &first);
    struct str two = letter_at(1, &second);
    assert_true(str_equal(behind(one, "Message-ID: "), behind(two, "Message-ID: ")));
    assert_true(str_equal(behind(one, "Date: "), behind(two, "Date: ")));
    struct str body = str_format(arena, "{\"token\":\"%.*s\",\"password\":\"" PASSWORD "\"}",
                                 STR_ARG(behind(one, "/zaproszenie#")));
    assert_int_equal(post("/api/v1/invitations/acceptance", body, false).status, 201);
    body = str_format(arena, "{\"token\":\"%.*s\",\"password\":\"" PASSWORD "\"}",
                      STR_ARG(behind(two, "/zaproszenie#")));
    assert_int_equal(post("/api/v1/invitations/acceptance", body, false).status, 404);
    close_office();
}

static void
refusals_end_one_letter_and_busy_mailboxes_are_tried_again(void **state)
{
    (void)state;
    open_office("refused", "");
    invite("never@szkola.example");
    invite("later@szkola.example");
    invite("zofia@szkola.example");
    assert_true(await_letters(1));
    assert_true(office_await(&office,
                             "SELECT string_agg(split_part(email, '@', 1) || ' ' || state || ' ' ||"
                             " status, ', ' ORDER BY email) FROM courier.letter"
                             " WHERE attempts = 1",
                             "later waiting 450, never refused 550, zofia sent 250"));
    assert_int_equal(relay_count(relay), 1);
    assert_string_equal(ask("SELECT count(*) FROM courier.letter WHERE state = 'waiting' AND"
                            " next_at BETWEEN now() + interval '4 minutes'"
                            " AND now() + interval '6 minutes'"),
                        "1");
    close_office();
}

/* A report returned to a program: the school's treasurer is told, in one letter, without a finding
 * and without an amount. */
static void
returned_reports_are_told_in_one_letter(void **state)
{
    static struct relay_letter letter;

    (void)state;
    open_office("results", "");
    for (int i = 0; i < FILINGS; i++) { /* changed after they were signed */
        struct str                 key = str_format(arena, "zle-%d", i);
        const struct office_filing filing = {
            .key = key.data,
            .token = office.school_token,
            .body = office_sample(arena, "zle-zmieniona-po-podpisie.xml"),
        };
        struct http_answer answer = office_file(&office, arena, &filing);
        assert_true(answer.status == 201 || answer.status == 200);
    }
    assert_true(office_await(&office, "SELECT count(*) > 0 FROM courier.notice", "t"));
    assert_int_equal(relay_count(relay), 0); /* collected first */
    cluster_run(cluster, office.database,
                "UPDATE courier.notice SET noted_at = noted_at - interval '5 minutes'");
    assert_true(await_letters(1));
    struct str text = letter_at(0, &letter);
    assert_string_equal(letter.to, "jan@szkola.example");
    assert_true(has(text, "2026"));
    assert_false(has(text, "PODPIS-"));
    assert_string_equal(ask("SELECT count(*) FROM courier.letter WHERE kind = 'results'"), "1");
    assert_string_equal(ask("SELECT count(*) FROM courier.notice WHERE told_at IS NULL"), "0");
    close_office();
}

/* Once a day, to the one who looks after it. */
static void
digest_of_the_day_is_sent_once(void **state)
{
    static struct relay_letter letter;

    (void)state;
    open_office("digest", "");
    assert_true(
        office_await(&office, "SELECT count(*) FROM courier.round WHERE done_at IS NOT NULL", "1"));
    assert_string_equal(ask("SELECT count(*) FROM courier.letter"), "0"); /* nothing to say */
    struct str sql = str_format(
        arena,
        "INSERT INTO obligation.way (office, copied) VALUES (NULL, NULL);"
        "INSERT INTO obligation.matter (form, form_title, level, year, period_type, period_number,"
        " period, period_end, opens_at) VALUES ('RB27S', 'Rb-27S', 'jednostkowe', 2026, 'Kwartal',"
        " 2, '2026-Q2', '2026-06-30', '2026-07-01');"
        "INSERT INTO obligation.term (calendar, matter, kind, jst_types, recipient,"
        " recipient_title, rule, nominal_on, due_on, due_before, empty_allowed, nothing_allowed,"
        " model, basis) VALUES ('1', 1, 'jst', 0, 'rio', 'RIO', 'd+10', '2026-07-10', '2026-07-10',"
        " '2026-07-11 00:00+02', true, true, false, 'x');"
        "INSERT INTO obligation.duty (unit, jst, matter, term, way, due_before, powiat) VALUES"
        " (%lld, %lld, 1, 1, 1, '2026-07-11 00:00+02', '9901');"
        "DELETE FROM courier.round",
        (long long)office.schools[0], (long long)office.gmina);
    cluster_run(cluster, office.database, sql.data);
    assert_true(await_letters(2)); /* Anna for the gmina, Jan for the school */
    assert_true(
        office_await(&office, "SELECT count(*) FROM courier.letter WHERE state = 'sent'", "2"));
    struct str text = letter_at(0, &letter);
    assert_non_null(
        strstr(letter.bytes, "\r\nSubject: =?UTF-8?Q?=5BTEST=5D=20Sprawozdania=3A=201=20z=20"));
    assert_true(has(text, "  Rb-27S, 2026-Q2, SZKO=C5=81A PODSTAWOWA NR 1 W PRZYK=C5=81ADOWIE\r\n"
                          "    termin 10 lipca 2026 r.; nie z=C5=82o=C5=BCono\r\n"));
    cluster_run(cluster, office.database, "DELETE FROM courier.round"); /* a second courier */
    assert_true(
        office_await(&office, "SELECT count(*) FROM courier.round WHERE done_at IS NOT NULL", "1"));
    assert_string_equal(ask("SELECT count(*) FROM courier.letter"), "2");
    close_office();
}

/* The relay was away for days: what it missed is not poured over it. */
static void
reminders_of_days_without_a_relay_are_not_sent(void **state)
{
    static struct relay_letter letter;

    (void)state;
    open_office("stale", "");
    cluster_run(cluster, office.database,
                "INSERT INTO courier.letter (kind, email, name, subject, body, made_at, day)"
                " SELECT 'digest', 'jan@szkola.example', 'Jan Kos', 'Sprawozdania', 'dzień ' || i,"
                " now() - i * interval '1 day', registry.today() - i"
                " FROM generate_series(0, 9) i");
    assert_true(
        office_await(&office, "SELECT count(*) FROM courier.letter WHERE state = 'dropped'", "9"));
    assert_true(
        office_await(&office, "SELECT count(*) FROM courier.letter WHERE state = 'sent'", "1"));
    assert_int_equal(relay_count(relay), 1);
    assert_true(has(letter_at(0, &letter), "dzie=C5=84 0"));
    assert_true(office_metric(&office, "brama_letters_total{outcome=\"dropped\"}") == 9);
    close_office();
}

/* `brama admin mail ...`: its exit code, and what it printed. */
static int
administer(const char *verb, const char *argument, struct str *out)
{
    struct buf  printed = buf_create(arena, 1 << 20);
    struct str  database = str_format(arena, "%s:%d/%s", cluster_host(cluster),
                                      cluster_port(cluster), office.database);
    const char *words[] = {(BRAMA_BINARY_DIR "/gateway/cli/brama"),
                           "admin",
                           "mail",
                           verb,
                           "--database",
                           database.data,
                           argument,
                           NULL};
    int         code = command_run(words, (struct str){0}, &printed);

    *out = buf_str(&printed);
    return code;
}

static void
operator_tries_the_mail_and_looks_after_it(void **state)
{
    static struct relay_letter letter;
    struct str                 out = {0};

    (void)state;
    open_office("operated", "");
    assert_int_equal(administer("test", "operator@urzad.example", &out), 0);
    assert_true(await_letters(1));
    struct str text = letter_at(0, &letter);
    assert_string_equal(letter.to, "operator@urzad.example");
    assert_true(has(text, "za=C5=BC=C3=B3=C5=82=C4=87"));
    assert_true(office_await(&office, "SELECT state FROM courier.letter", "sent"));
    assert_int_equal(administer("list", NULL, &out), 0);
    assert_true(has(out, "operator@urzad.example\twysłany\t1\t250\tprzyjęty przez serwer poczty"));
    assert_int_equal(administer("status", NULL, &out), 0);
    assert_true(has(out, "wysłany\tpróba\t1\t"));
    assert_int_equal(administer("retry", NULL, &out), 0);
    assert_true(has(out, "Do wysłania od razu: 0"));
    assert_int_equal(administer("test", "nie adres", &out), 2);
    assert_int_equal(administer("mute", "anna@urzad.example", &out), 2); /* of what? */
    close_office();
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(invitation_reaches_its_reader_and_opens_the_account),
        cmocka_unit_test(relay_that_is_down_loses_nothing_and_delays_nobody),
        cmocka_unit_test(letters_that_end_without_a_database_are_no_letters_that_run),
        cmocka_unit_test(courier_killed_with_a_letter_in_hand_sends_it_under_the_same_name),
        cmocka_unit_test(refusals_end_one_letter_and_busy_mailboxes_are_tried_again),
        cmocka_unit_test(returned_reports_are_told_in_one_letter),
        cmocka_unit_test(digest_of_the_day_is_sent_once),
        cmocka_unit_test(reminders_of_days_without_a_relay_are_not_sent),
        cmocka_unit_test(operator_tries_the_mail_and_looks_after_it),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
