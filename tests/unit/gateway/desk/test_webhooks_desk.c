#include "tests/support/expect.h"
#include "tests/unit/gateway/desk/counter_stand.h"

#include <string.h>

/* Webhooks as people keep them: what is shown, what is refused and in which words, what stays. */

static struct reply
make(const char *word, const char *url)
{
    struct str body =
        str_format(town.arena, "{\"url\":\"%s\",\"events\":[\"submission.accepted\"]}", url);

    return counter_ask(&counter, PETITION_POST, "/api/v1/webhooks", word, body.data);
}

/* The secret of an answer, as the database keeps it. */
static const char *
secret_in(const struct reply *reply)
{
    const char *text = strstr(str_copy(town.arena, reply->body).data, "\"secret\":\"whsec_");

    assert_non_null(text);
    struct str sql = str_format(town.arena, "SELECT encode(decode('%.*s', 'base64'), 'hex')", 44,
                                text + strlen("\"secret\":\"whsec_"));
    return town_ask(&town, sql.data);
}

#define ALIVE                                                                              \
    "SELECT coalesce(string_agg(encode(secret, 'hex'), ' ' ORDER BY since DESC), '') FROM" \
    " courier.secret s JOIN courier.endpoint e USING (endpoint) WHERE e.endpoint < 1000"   \
    " AND coalesce(s.expires_at > now(), true)"

static void
secret_is_shown_once_and_changed_with_a_day_between(void **state)
{
    (void)state;
    struct reply made = make("head", "https://fk.example.test/odbior");
    assert_int_equal(made.status, 201);
    const char *first = secret_in(&made);
    assert_string_equal(town_ask(&town, ALIVE), first);
    struct reply list = counter_ask(&counter, PETITION_GET, "/api/v1/webhooks", "head", "");
    assert_true(counter_says(&list, "https://fk.example.test/odbior"));
    assert_false(counter_says(&list, "whsec_"));
    assert_false(counter_says(&list, "\"secret\""));

    struct str path =
        str_format(town.arena, "/api/v1/webhooks/%s/secret",
                   town_ask(&town, "SELECT endpoint FROM courier.endpoint WHERE endpoint < 1000"));
    struct reply second = counter_ask(&counter, PETITION_POST, path.data, "treasurer", "");
    assert_int_equal(second.status, 201);
    const char *newer = secret_in(&second);
    assert_string_equal(town_ask(&town, ALIVE), str_format(town.arena, "%s %s", newer, first).data);
    assert_string_equal(
        town_ask(&town, "SELECT count(*) FROM courier.secret WHERE expires_at BETWEEN now() +"
                        " interval '23 hours 50 minutes' AND now() + interval '24 hours'"),
        "1");
    struct reply third = counter_ask(&counter, PETITION_POST, path.data, "head", "");
    assert_string_equal(town_ask(&town, ALIVE),
                        str_format(town.arena, "%s %s", secret_in(&third), newer).data);
}

static void
addresses_that_are_no_strangers_business_are_refused(void **state)
{
    static const struct {
        const char *url;
        const char *detail;
    } cases[] = {
        {"http://fk.example.test/",                  "Pole url: adres ma się zaczynać od https://."         },
        {"https://u:p@fk.example.test/",
         "Pole url: po dwukropku ma stać numer portu od 1 do 65535."                                         },
        {"https://127.0.0.1/",
         "Pole url: po https:// ma stać publiczny adres IP albo nazwa serwera w internecie."                 },
        {"https://169.254.169.254/latest/meta-data",
         "Pole url: po https:// ma stać publiczny adres IP albo nazwa serwera w internecie."                 },
        {"https://[::1]/",
         "Pole url: po https:// ma stać publiczny adres IP albo nazwa serwera w internecie."                 },
        {"https://localhost:8443/",                  "Pole url: po https:// ma stać pełna nazwa serwera w "
                                    "internecie, na przykład fk.gmina.pl."},
        {"",                                         "Pole url: jest wymagane."                               },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct reply reply = make("head", cases[i].url);
        stand_expect_refusal(&reply, 422, cases[i].detail);
    }
    assert_string_equal(
        town_ask(&town, "SELECT count(*) FROM courier.endpoint WHERE endpoint < 1000"), "0");
}

static void
events_are_known_and_named_once(void **state)
{
    static const char *const bad[] = {
        "[\"submission.exploded\"]",
        "[\"submission.accepted\",\"submission.accepted\"]",
        "[\"\"]",
        "[\"submission.accepted submission.parked\"]",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        struct str body =
            str_format(town.arena, "{\"url\":\"https://fk.example.test/\",\"events\":%s}", bad[i]);
        struct reply reply =
            counter_ask(&counter, PETITION_POST, "/api/v1/webhooks", "head", body.data);
        stand_expect_refusal(
            &reply, 422,
            "Pole events: każde raz, z tych: submission.accepted "
            "submission.awaiting_signatures submission.rejected submission.undecided "
            "submission.parked submission.withdrawn submission.objected "
            "submission.objection_answered "
            "obligation.due_soon obligation.late obligation.fulfilled obligation.waived "
            "set.consistent set.inconsistent set.incomplete.");
    }
    struct reply none = counter_ask(&counter, PETITION_POST, "/api/v1/webhooks", "head",
                                    "{\"url\":\"https://fk.example.test/\",\"events\":[]}");
    stand_expect_refusal(&none, 422, "Pole events: ma być listą od 1 do 16 tekstów.");
}

static void
unit_has_twenty_addresses_and_no_more(void **state)
{
    (void)state;
    for (int i = 1; i < 20; i++) { /* the town has entered one */
        assert_int_equal(make("head", "https://fk.example.test/").status, 201);
    }
    struct reply reply = make("head", "https://fk.example.test/");
    stand_expect_refusal(&reply, 409, "Ta jednostka ma już 20 adresów; usuń któryś.");
    assert_int_equal(
        counter_ask(&counter, PETITION_DELETE, "/api/v1/webhooks/1002", "head", "").status, 204);
    assert_int_equal(make("head", "https://fk.example.test/").status, 201);
}

static void
what_was_switched_off_is_switched_on_and_sent_again(void **state)
{
    (void)state;
    town_run(&town, "UPDATE courier.endpoint SET disabled_at = now(), reason = 'nie odebrał'"
                    " WHERE endpoint = 1002;"
                    "UPDATE courier.delivery SET state = 'failed', attempts = 10, ended_at = now()"
                    " WHERE delivery = 1002;"
                    "INSERT INTO courier.attempt (delivery, status, outcome, ms) VALUES"
                    " (1002, 500, 'serwer odpowiedział kodem 500', 7)");
    struct reply log =
        counter_ask(&counter, PETITION_GET, "/api/v1/webhooks/1002/deliveries", "head", "");
    assert_true(counter_says(&log, "\"state\":\"failed\""));
    assert_true(counter_says(&log, "\"outcome\":\"serwer odpowiedział kodem 500\""));
    struct reply early =
        counter_ask(&counter, PETITION_POST, "/api/v1/deliveries/1002/redelivery", "head", "");
    stand_expect_refusal(&early, 409,
                         "Ten adres jest wyłączony. Włącz go, a wyjdzie wszystko, co czeka.");
    struct reply on =
        counter_ask(&counter, PETITION_POST, "/api/v1/webhooks/1002/activation", "head", "");
    assert_int_equal(on.status, 200);
    assert_true(counter_says(&on, "\"disabled_at\":null"));
    struct reply again =
        counter_ask(&counter, PETITION_POST, "/api/v1/deliveries/1002/redelivery", "head", "");
    assert_int_equal(again.status, 204);
    assert_string_equal(
        town_ask(&town, "SELECT state || ' ' || attempts FROM courier.delivery WHERE delivery = "
                        "1002"),
        "waiting 0");
}

static void
what_was_removed_is_there_for_nobody(void **state)
{
    static const struct {
        enum petition_method method;
        const char          *path;
    } cases[] = {
        {PETITION_DELETE, "/api/v1/webhooks/1002"             },
        {PETITION_POST,   "/api/v1/webhooks/1002/secret"      },
        {PETITION_POST,   "/api/v1/webhooks/1002/activation"  },
        {PETITION_GET,    "/api/v1/webhooks/1002/deliveries"  },
        {PETITION_POST,   "/api/v1/deliveries/1002/redelivery"},
        {PETITION_DELETE, "/api/v1/webhooks/0"                },
        {PETITION_DELETE, "/api/v1/webhooks/x"                },
        {PETITION_POST,   "/api/v1/deliveries/x/redelivery"   },
    };

    (void)state;
    assert_int_equal(
        counter_ask(&counter, PETITION_DELETE, "/api/v1/webhooks/1002", "head", "").status, 204);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct reply reply = counter_ask(&counter, cases[i].method, cases[i].path, "head", "");
        EXPECT(reply.status == 404, cases[i].path);
    }
}

static void
every_change_leaves_a_row_of_the_trail_without_the_secret(void **state)
{
    (void)state;
    struct reply made = make("head", "https://fk.example.test/");
    assert_int_equal(
        counter_ask(&counter, PETITION_POST, "/api/v1/webhooks/1002/secret", "head", "").status,
        201);
    assert_int_equal(
        counter_ask(&counter, PETITION_DELETE, "/api/v1/webhooks/1002", "head", "").status, 204);
    assert_string_equal(
        town_ask(&town, "SELECT string_agg(act || ' ' || unit || ' ' || (person IS NOT NULL), ', '"
                        " ORDER BY entry) FROM people.audit"
                        " WHERE object_kind = 'courier.endpoint' AND program = 'brama_desk'"),
        "insert 2 true, update 2 true, update 2 true, update 2 true");
    struct str sql =
        str_format(town.arena, "SELECT count(*) FROM people.audit WHERE detail::text LIKE '%%%s%%'",
                   secret_in(&made));
    assert_string_equal(town_ask(&town, sql.data), "0");
}

/* Addresses bear secrets, and the trail stays for ever. */
static void
trail_has_the_host_of_an_address_alone(void **state)
{
    static const struct {
        const char *url;
        const char *host;
    } cases[] = {
        {"https://fk.example.test/odbior/s3kret",      "fk.example.test"},
        {"https://fk.example.test:9443/?token=s3kret", "fk.example.test"},
        {"https://fk.example.test?token=s3kret",       "fk.example.test"},
        {"https://fk.example.test#s3kret",             "fk.example.test"},
        {"https://u:s3kret@fk.example.test/",          "fk.example.test"},
        {"https://[2001:db8::1]:9443/s3kret",          "[2001:db8::1]"  },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str sql = str_format(town.arena,
                                    "INSERT INTO courier.endpoint (unit, url, events, label) VALUES"
                                    " (2, '%s', '{submission.accepted}', '')",
                                    cases[i].url);
        town_run(&town, sql.data);
        EXPECT(strcmp(town_ask(&town, "SELECT detail ->> 'host' FROM people.audit WHERE object_kind"
                                      " = 'courier.endpoint' ORDER BY entry DESC LIMIT 1"),
                      cases[i].host)
                   == 0,
               cases[i].url);
    }
    assert_int_equal(make("head", "https://fk.example.test/odbior/s3kret").status, 201);
    assert_int_equal(
        counter_ask(&counter, PETITION_DELETE, "/api/v1/webhooks/1002", "head", "").status, 204);
    assert_string_equal(
        town_ask(&town, "SELECT count(*) FROM people.audit WHERE object_kind = 'courier.endpoint'"
                        " AND (detail::text LIKE '%s3kret%' OR detail ? 'url')"),
        "0");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(secret_is_shown_once_and_changed_with_a_day_between,
                                        stand_begin, stand_end),
        cmocka_unit_test_setup_teardown(addresses_that_are_no_strangers_business_are_refused,
                                        stand_begin, stand_end),
        cmocka_unit_test_setup_teardown(events_are_known_and_named_once, stand_begin, stand_end),
        cmocka_unit_test_setup_teardown(unit_has_twenty_addresses_and_no_more, stand_begin,
                                        stand_end),
        cmocka_unit_test_setup_teardown(what_was_switched_off_is_switched_on_and_sent_again,
                                        stand_begin, stand_end),
        cmocka_unit_test_setup_teardown(what_was_removed_is_there_for_nobody, stand_begin,
                                        stand_end),
        cmocka_unit_test_setup_teardown(trail_has_the_host_of_an_address_alone, stand_begin,
                                        stand_end),
        cmocka_unit_test_setup_teardown(every_change_leaves_a_row_of_the_trail_without_the_secret,
                                        stand_begin, stand_end),
    };

    return cmocka_run_group_tests(tests, stand_start, stand_stop);
}
