#include "gateway/courier/carrier.h"
#include "tests/support/expect.h"
#include "tests/support/post_keys.h"
#include "tests/support/receiver.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* Real TLS with receivers that behave, and that do not. */
enum { ROOM = 16 << 20, TIME_MS = 1500, ANSWER_MAX = 1000, WAIT_MS = 50, TURNS_MAX = 2000 };

static struct arena    *arena;
static const char      *keys;
static struct receiver *receiver;
static struct receiver *impostor; /* its certificate is of another authority */
static int              idle[2];  /* a pipe that says nothing */

static int
start(void **state)
{
    (void)state;
    arena = arena_create(ROOM);
    keys = post_keys_make(arena);
    receiver = receiver_start(post_keys_path(arena, keys, "server.pem"),
                              post_keys_path(arena, keys, "server.key"));
    impostor = receiver_start(post_keys_path(arena, keys, "sender.pem"),
                              post_keys_path(arena, keys, "sender.key"));
    return pipe2(idle, O_CLOEXEC);
}

static int
stop(void **state)
{
    (void)state;
    receiver_stop(receiver);
    receiver_stop(impostor);
    post_keys_remove(arena, keys);
    arena_destroy(arena);
    return close(idle[0]) + close(idle[1]);
}

static struct carrier *
new_carrier(struct arena *room, bool loopback)
{
    struct carrier         *carrier = NULL;
    struct fault            fault = {0};
    struct carrier_settings settings = {
        .trust_pem = post_keys_read(room, post_keys_path(room, keys, "root.pem")),
        .loopback = loopback};

    assert_int_equal(carrier_create(room, &settings, &carrier, &fault), ERR_OK);
    return carrier;
}

static struct carrier_request
request_to(struct arena *room, const char *host, unsigned port, const char *path)
{
    return (struct carrier_request){
        .way = CARRIER_WEBHOOK,
        .url = str_format(room, "https://%s:%u%s", host, port, path).data,
        .headers = {"Content-Type: application/json"},
        .body = STR("{}"),
        .time_max_ms = TIME_MS,
        .answer_max = ANSWER_MAX,
    };
}

/* One exchange to its end. */
static struct carrier_answer
run(struct arena *room, struct carrier *carrier, const struct carrier_request *request)
{
    struct carrier_answer answer = {0};
    struct fault          fault = {0};
    void                 *object = NULL;
    bool                  readable = false;

    assert_int_equal(carrier_begin(carrier, room, request, &answer, &fault), ERR_OK);
    assert_int_equal(carrier_running(carrier), 1);
    for (int i = 0; i < TURNS_MAX && object == NULL; i++) {
        assert_int_equal(carrier_turn(carrier, idle[0], WAIT_MS, &readable, &fault), ERR_OK);
        assert_false(readable);
        (void)carrier_take(carrier, &object, &answer);
    }
    assert_ptr_equal(object, &answer);
    assert_int_equal(carrier_running(carrier), 0);
    return answer;
}

/* clang-format off */
static const struct {
    const char *path;
    int         status;
    bool        whole;
    const char *trouble;
} cases[] = {
    {"/ok",       204, true,  ""},
    {"/404",      404, true,  ""},
    {"/410",      410, true,  ""},
    {"/500",      500, true,  ""},
    {"/redirect", 302, true,  ""},
    {"/huge",     200, false, "za długa"},
    {"/drip",     200, false, "na czas"},
    {"/silent",   0,   false, "na czas"},
    {"/close",    0,   false, "bez odpowiedzi"},
    {"/garbage",  0,   false, "urwało się"},
};
/* clang-format on */

static void
every_receiver_comes_to_an_end_in_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena          *room = arena_create(ROOM);
        struct carrier        *carrier = new_carrier(room, true);
        struct carrier_request request =
            request_to(room, "localhost", receiver_port(receiver), cases[i].path);
        struct carrier_answer answer = run(room, carrier, &request);
        const char           *trouble = answer.trouble == NULL ? "" : answer.trouble;
        if (answer.status != cases[i].status || strstr(trouble, cases[i].trouble) == NULL) {
            print_message("%s: %d %s\n", cases[i].path, answer.status, trouble);
        }
        EXPECT(answer.status == cases[i].status, cases[i].path);
        EXPECT(answer.whole == cases[i].whole, cases[i].path);
        EXPECT(strstr(trouble, cases[i].trouble) != NULL, cases[i].path);
        EXPECT(answer.body.size <= ANSWER_MAX, cases[i].path);
        EXPECT(answer.ms < (long)10 * TIME_MS, cases[i].path);
        arena_destroy(room);
    }
    assert_int_equal(receiver_count(receiver, "/ok"), 1); /* no redirect was followed */
}

static void
webhook_reaches_no_address_that_is_not_public(void **state)
{
    static const char *const hosts[] = {
        "localhost", "127.0.0.1", "127.1", "2130706433", "[::1]", "0", "[::ffff:127.0.0.1]"};

    (void)state;
    size_t before = receiver_count(receiver, "/ok");
    for (size_t i = 0; i < ARRAY_COUNT(hosts); i++) {
        struct arena          *room = arena_create(ROOM);
        struct carrier        *carrier = new_carrier(room, false);
        struct carrier_request request = request_to(room, hosts[i], receiver_port(receiver), "/ok");
        struct carrier_answer  answer = run(room, carrier, &request);
        EXPECT(answer.status == 0 && !answer.whole, hosts[i]);
        EXPECT(strcmp(answer.trouble, "adres nie jest publiczny") == 0, hosts[i]);
        arena_destroy(room);
    }
    assert_int_equal(receiver_count(receiver, "/ok"), before);
}

static void
private_address_is_refused_where_loopback_is_allowed(void **state)
{
    static const char *const hosts[] = {"10.0.0.1", "169.254.169.254", "[fe80::1]", "0.0.0.0"};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(hosts); i++) {
        struct arena          *room = arena_create(ROOM);
        struct carrier        *carrier = new_carrier(room, true);
        struct carrier_request request = request_to(room, hosts[i], 443, "/ok");
        struct carrier_answer  answer = run(room, carrier, &request);
        EXPECT(strcmp(answer.trouble, "adres nie jest publiczny") == 0, hosts[i]);
        arena_destroy(room);
    }
}

static void
certificate_of_somebody_else_is_refused(void **state)
{
    struct arena          *room = arena_create(ROOM);
    struct carrier        *carrier = new_carrier(room, true);
    struct carrier_request request = request_to(room, "localhost", receiver_port(impostor), "/ok");
    struct carrier_answer  answer = run(room, carrier, &request);

    (void)state;
    assert_int_equal(answer.status, 0);
    assert_non_null(strstr(answer.trouble, "nie jest zaufany"));
    assert_int_equal(receiver_count(impostor, "/ok"), 0);
    arena_destroy(room);
}

static void
webhook_goes_by_https_alone(void **state)
{
    static const char *const urls[] = {"http://localhost/ok", "ftp://localhost/ok",
                                       "file:///etc/passwd", "gopher://localhost/ok"};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(urls); i++) {
        struct arena          *room = arena_create(ROOM);
        struct carrier        *carrier = new_carrier(room, true);
        struct carrier_request request = request_to(room, "localhost", 1, "/");
        request.url = urls[i];
        struct carrier_answer answer = run(room, carrier, &request);
        EXPECT(answer.status == 0 && !answer.whole, urls[i]);
        arena_destroy(room);
    }
}

static void
more_exchanges_than_there_is_room_for_are_refused(void **state)
{
    struct arena          *room = arena_create(ROOM);
    struct carrier        *carrier = new_carrier(room, true);
    struct carrier_request request =
        request_to(room, "localhost", receiver_port(receiver), "/silent");
    struct fault fault = {0};

    (void)state;
    for (int i = 0; i < CARRIER_RUNNING_MAX; i++) {
        assert_int_equal(carrier_begin(carrier, room, &request, room, &fault), ERR_OK);
    }
    assert_int_equal(carrier_begin(carrier, room, &request, room, &fault), ERR_LIMIT);
    assert_int_equal(carrier_running(carrier), CARRIER_RUNNING_MAX);
    arena_destroy(room); /* and ends them all */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_receiver_comes_to_an_end_in_time),
        cmocka_unit_test(webhook_reaches_no_address_that_is_not_public),
        cmocka_unit_test(private_address_is_refused_where_loopback_is_allowed),
        cmocka_unit_test(certificate_of_somebody_else_is_refused),
        cmocka_unit_test(webhook_goes_by_https_alone),
        cmocka_unit_test(more_exchanges_than_there_is_room_for_are_refused),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
