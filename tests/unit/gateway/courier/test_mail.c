#include "gateway/courier/mail_trade.h"
#include "gateway/outbox/mailing.h"
#include "tests/support/expect.h"
#include "tests/support/post_keys.h"
#include "tests/support/relay.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* The carrier and a real relay, with STARTTLS, which behaves and does not. */
enum { ROOM = 16 << 20, TIME_MS = 1500, ANSWER_MAX = 1000, WAIT_MS = 50, TURNS_MAX = 2000 };

static const char message[] = "From: a\r\n\r\nTreść\r\n.\r\n..kropki\r\n";

static struct arena *arena;
static const char   *keys;
static struct relay *relay;
static struct relay *impostor; /* its certificate is of another authority */
static int           idle[2];  /* a pipe that says nothing */

static int
start(void **state)
{
    (void)state;
    arena = arena_create(ROOM);
    keys = post_keys_make(arena);
    relay = relay_start(post_keys_path(arena, keys, "server.pem"),
                        post_keys_path(arena, keys, "server.key"));
    impostor = relay_start(post_keys_path(arena, keys, "sender.pem"),
                           post_keys_path(arena, keys, "sender.key"));
    return pipe2(idle, O_CLOEXEC);
}

static int
stop(void **state)
{
    (void)state;
    relay_stop(relay);
    relay_stop(impostor);
    post_keys_remove(arena, keys);
    arena_destroy(arena);
    return close(idle[0]) + close(idle[1]);
}

static struct carrier_request
request_to(struct arena *room, const char *host, unsigned port)
{
    return (struct carrier_request){
        .way = CARRIER_MAIL,
        .url = str_format(room, "smtp://%s:%u/brama.example", host, port).data,
        .body = str_of(message),
        .time_max_ms = TIME_MS,
        .answer_max = ANSWER_MAX,
        .envelope = {.from = "brama@urzad.example",
                     .to = "jan@przyklad.pl",
                     .user = "brama",
                     .password = "tajne haslo",
                     .starttls = true},
    };
}

/* One exchange to its end. */
static struct carrier_answer
run(struct arena *room, const struct carrier_request *request)
{
    const struct carrier_settings settings = {
        .trust_pem = post_keys_read(room, post_keys_path(room, keys, "root.pem"))};
    struct carrier       *carrier = NULL;
    struct carrier_answer answer = {0};
    struct fault          fault = {0};
    void                 *object = NULL;
    bool                  readable = false;

    assert_int_equal(carrier_create(room, &settings, &carrier, &fault), ERR_OK);
    assert_int_equal(carrier_begin(carrier, room, request, &answer, &fault), ERR_OK);
    for (int i = 0; i < TURNS_MAX && object == NULL; i++) {
        assert_int_equal(carrier_turn(carrier, idle[0], WAIT_MS, &readable, &fault), ERR_OK);
        (void)carrier_take(carrier, &object, &answer);
    }
    assert_ptr_equal(object, &answer);
    assert_int_equal(carrier_running(carrier), 0);
    return answer;
}

static struct mailing_attempt
judge(struct arena *room, const struct carrier_answer *answer)
{
    struct mailing_attempt attempt = {0};

    mail_trade_judge(answer, room, &attempt);
    return attempt;
}

static void
letter_reaches_the_relay_byte_for_byte(void **state)
{
    struct arena          *room = arena_create(ROOM);
    struct carrier_request request = request_to(room, "localhost", relay_port(relay));
    struct relay_letter    letter = {0};

    (void)state;
    relay_be(relay, RELAY_GOOD);
    struct carrier_answer answer = run(room, &request);
    assert_true(answer.whole);
    assert_int_equal(judge(room, &answer).end, MAILING_SENT);
    assert_true(relay_letter(relay, relay_count(relay) - 1, &letter));
    assert_string_equal(letter.bytes, message);
    assert_string_equal(letter.from, "brama@urzad.example");
    assert_string_equal(letter.to, "jan@przyklad.pl");
    assert_string_equal(letter.login, "AGJyYW1hAHRham5lIGhhc2xv"); /* \0brama\0tajne haslo */
    assert_true(letter.over_tls);
    arena_destroy(room);
}

/* clang-format off */
static const struct {
    const char      *name;
    enum relay_mood  mood;
    const char      *to;
    enum mailing_end end;
    int              status;
    const char      *outcome;
} cases[] = {
    {"good",             RELAY_GOOD,           "jan@x.pl",   MAILING_SENT,    250, "przyjęty"},
    {"mute at the end",  RELAY_MUTE_AT_QUIT,   "jan@x.pl",   MAILING_SENT,    250, "przyjęty"},
    {"no such mailbox",  RELAY_GOOD,           "never@x.pl", MAILING_REFUSED, 550, "adresata: kod 550"},
    {"mailbox busy",     RELAY_GOOD,           "later@x.pl", MAILING_LATER,   450, "adresata: kod 450"},
    {"greylisted",       RELAY_GREYLISTS,      "szary@x.pl", MAILING_LATER,   450, "adresata: kod 450"},
    {"not again",        RELAY_GREYLISTS,      "szary@x.pl", MAILING_SENT,    250, "przyjęty"},
    {"letter refused",   RELAY_REFUSES_DATA,   "jan@x.pl",   MAILING_REFUSED, 554, "treści listu: kod 554"},
    {"letter later",     RELAY_LATER_DATA,     "jan@x.pl",   MAILING_LATER,   452, "treści listu: kod 452"},
    {"dropped in data",  RELAY_DROPS_IN_DATA,  "jan@x.pl",   MAILING_LATER,   354, "urwało się w czasie"},
    {"mute at recipient", RELAY_GOOD,          "mute@x.pl",  MAILING_LATER,   250, "nie odpowiedział na adres"},
    {"hangs up there",   RELAY_GOOD,           "hangup@x.pl", MAILING_LATER,  250, "nie odpowiedział na adres"},
    {"letter too big",   RELAY_TOO_BIG,        "jan@x.pl",   MAILING_LATER, 552, "listu tej wielkości: kod 552"},
    {"sender refused",   RELAY_NO_SENDER,      "jan@x.pl",   MAILING_WAITS,   550, "odmówił nam kodem 550"},
    {"login refused",    RELAY_NO_LOGIN,       "jan@x.pl",   MAILING_WAITS,   535, "odmówił nam kodem 535"},
    {"relay busy",       RELAY_BUSY,           "jan@x.pl",   MAILING_WAITS,   421, "odmówił nam kodem 421"},
    {"relay silent",     RELAY_SILENT,         "jan@x.pl",   MAILING_WAITS,   0,   "na czas"},
    {"no TLS",           RELAY_NO_TLS,         "jan@x.pl",   MAILING_WAITS,   250, "bezpiecznego połączenia"},
};
/* clang-format on */

static void
every_relay_comes_to_an_end_that_says_whose_fault_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena          *room = arena_create(ROOM);
        struct carrier_request request = request_to(room, "localhost", relay_port(relay));
        size_t                 before = relay_count(relay);
        relay_be(relay, cases[i].mood);
        request.envelope.to = cases[i].to;
        struct carrier_answer  answer = run(room, &request);
        struct mailing_attempt attempt = judge(room, &answer);
        relay_let(relay);
        if (attempt.end != cases[i].end || answer.status != cases[i].status
            || memmem(attempt.outcome.data, attempt.outcome.size, cases[i].outcome,
                      strlen(cases[i].outcome))
                   == NULL) {
            print_message("%s: %d %d %.*s\n", cases[i].name, attempt.end, answer.status,
                          STR_ARG(attempt.outcome));
        }
        EXPECT(attempt.end == cases[i].end, cases[i].name);
        EXPECT(answer.status == cases[i].status, cases[i].name);
        EXPECT(memmem(attempt.outcome.data, attempt.outcome.size, cases[i].outcome,
                      strlen(cases[i].outcome))
                   != NULL,
               cases[i].name);
        EXPECT(relay_count(relay) - before == (cases[i].end == MAILING_SENT ? 1 : 0),
               cases[i].name);
        EXPECT(answer.ms < (long)10 * TIME_MS, cases[i].name);
        arena_destroy(room);
    }
}

/* Not even who we are to whom. */
static void
nothing_is_said_without_tls_where_it_is_required(void **state)
{
    struct relay          *bare = relay_start(post_keys_path(arena, keys, "server.pem"),
                                              post_keys_path(arena, keys, "server.key"));
    struct arena          *room = arena_create(ROOM);
    struct carrier_request request = request_to(room, "localhost", relay_port(bare));

    (void)state;
    relay_be(bare, RELAY_NO_TLS);
    struct carrier_answer answer = run(room, &request);
    assert_false(answer.whole);
    assert_false(relay_heard(bare, "AUTH"));
    assert_false(relay_heard(bare, "MAIL"));
    assert_false(relay_heard(bare, "RCPT"));
    assert_int_equal(relay_count(bare), 0);

    /* Where it is not, a letter goes; the configuration lets no password come along. */
    request.envelope.starttls = false;
    request.envelope.user = NULL;
    answer = run(room, &request);
    assert_true(answer.whole);
    assert_false(relay_heard(bare, "AUTH"));
    assert_int_equal(relay_count(bare), 1);
    arena_destroy(room);
    relay_stop(bare);
}

static void
wrong_certificate_hears_no_password_and_no_letter(void **state)
{
    static const char *const hosts[] = {"localhost", "127.0.0.1"};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(hosts); i++) {
        struct arena          *room = arena_create(ROOM);
        struct carrier_request request = request_to(room, hosts[i], relay_port(impostor));
        struct carrier_answer  answer = run(room, &request);
        EXPECT(!answer.whole, hosts[i]);
        EXPECT(judge(room, &answer).end == MAILING_WAITS, hosts[i]);
        EXPECT(!relay_heard(impostor, "AUTH") && !relay_heard(impostor, "MAIL"), hosts[i]);
        arena_destroy(room);
    }
    assert_int_equal(relay_count(impostor), 0);
}

/* Several letters at once; one relay that is mute at the end holds up none of them. */
static void
mute_relay_holds_up_nobody(void **state)
{
    enum { LETTERS = 8 };

    const struct carrier_settings settings = {
        .trust_pem = post_keys_read(arena, post_keys_path(arena, keys, "root.pem"))};
    struct arena         *room = arena_create(ROOM);
    struct carrier       *carrier = NULL;
    struct carrier_answer answer = {0};
    struct fault          fault = {0};
    void                 *object = NULL;
    bool                  readable = false;
    size_t                ended = 0;

    (void)state;
    relay_be(relay, RELAY_MUTE_AT_QUIT);
    assert_int_equal(carrier_create(room, &settings, &carrier, &fault), ERR_OK);
    struct carrier_request request = request_to(room, "localhost", relay_port(relay));
    for (size_t i = 0; i < LETTERS; i++) {
        assert_int_equal(carrier_begin(carrier, room, &request, room, &fault), ERR_OK);
    }
    for (int i = 0; i < TURNS_MAX && ended < LETTERS; i++) {
        assert_int_equal(carrier_turn(carrier, idle[0], WAIT_MS, &readable, &fault), ERR_OK);
        while (carrier_take(carrier, &object, &answer)) {
            assert_true(answer.whole);
            assert_true(answer.ms < (long)10 * TIME_MS);
            ended++;
        }
    }
    assert_int_equal(ended, LETTERS);
    relay_let(relay);
    arena_destroy(room);
}

static void
only_smtp_is_spoken_to_a_relay(void **state)
{
    static const char *const urls[] = {"https://localhost:1/", "http://localhost:1/",
                                       "file:///etc/passwd", "ftp://localhost:1/",
                                       "telnet://localhost:1/"};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(urls); i++) {
        struct arena          *room = arena_create(ROOM);
        struct carrier_request request = request_to(room, "localhost", relay_port(relay));
        request.url = urls[i];
        struct carrier_answer answer = run(room, &request);
        EXPECT(!answer.whole && answer.status == 0, urls[i]);
        EXPECT(judge(room, &answer).end == MAILING_WAITS, urls[i]);
        arena_destroy(room);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letter_reaches_the_relay_byte_for_byte),
        cmocka_unit_test(every_relay_comes_to_an_end_that_says_whose_fault_it_is),
        cmocka_unit_test(nothing_is_said_without_tls_where_it_is_required),
        cmocka_unit_test(wrong_certificate_hears_no_password_and_no_letter),
        cmocka_unit_test(mute_relay_holds_up_nobody),
        cmocka_unit_test(only_smtp_is_spoken_to_a_relay),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
