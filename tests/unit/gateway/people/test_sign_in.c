#include "gateway/people/sign_in.h"

#include "gateway/people/password.h"
#include "gateway/people/people_session.h"
#include "gateway/people/totp.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/people/town.h"

#include <sodium.h>
#include <string.h>
#include <time.h>

#define PASSWORD STR("poprawna klacz bateria")
#define EMAIL STR("head@example.test")
#define HERE STR("192.0.2.1")
#define ELSEWHERE STR("198.51.100.7")
#define TOTP_SECRET STR("12345678901234567890")

static struct cluster *cluster;
static struct town     town;

static int
start(void **state)
{
    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    town_begin(&town, cluster, "sign_in");
    return password_warm_up(&town.fault) == ERR_OK ? 0 : -1;
}

static int
stop(void **state)
{
    (void)state;
    town_end(&town);
    cluster_stop(cluster);
    return 0;
}

/* The head has an account again as on the first day; nobody has tried anything. */
static int
begin(void **state)
{
    struct str hash = {0};

    (void)state;
    assert_int_equal(password_hash(town.arena, PASSWORD, &hash, &town.fault), ERR_OK);
    town_run(&town, "TRUNCATE people.attempt; DELETE FROM people.recovery_code;"
                    "DELETE FROM people.secret");
    struct str sql = str_format(
        town.arena,
        "INSERT INTO people.secret (person, password, totp) VALUES (md5('head')::uuid, '%s',"
        " '12345678901234567890'); UPDATE people.person SET closed_at = NULL;"
        "INSERT INTO people.recovery_code VALUES (md5('head')::uuid, sha256('ABCDEFGH23456722'))",
        hash.data);
    town_run(&town, sql.data);
    return 0;
}

/* The code of a moment so many steps from now, by the clock that the database has too. */
static struct str
code_at(int64_t steps)
{
    int code = 0;

    assert_int_equal(
        totp_code(TOTP_SECRET, time(NULL) / TOTP_STEP_SECONDS + steps, &code, &town.fault), ERR_OK);
    return str_format(town.arena, "%06d", code);
}

static struct sign_in_result
attempt(struct str email, struct str password, struct str code, struct str address)
{
    const struct sign_in  sign_in = {.provider = SIGN_IN_PASSWORD,
                                     .email = email,
                                     .password = password,
                                     .code = code,
                                     .address = address};
    struct sign_in_result result = {0};

    assert_int_equal(sign_in_try(town.desk, town.arena, &sign_in, &result, &town.fault), ERR_OK);
    return result;
}

static void
password_and_code_give_a_session_of_that_person(void **state)
{
    struct people_session session = {0};

    (void)state;
    struct sign_in_result result = attempt(EMAIL, PASSWORD, code_at(0), HERE);
    assert_int_equal(result.outcome, SIGN_IN_DONE);
    assert_int_equal(result.token.size, SECRET_TEXT_SIZE);
    assert_int_equal(store_begin(town.desk, &town.fault), ERR_OK);
    assert_int_equal(
        people_session_enter(town.desk, town.arena, result.digest, &session, &town.fault), ERR_OK);
    store_rollback(town.desk);
    assert_true(uuid_equal(session.person, result.person));
    assert_int_equal(session.role, PERMISSION_ROLE_HEAD);
    assert_int_equal(session.unit, TOWN_MIDDLE);
    /* What is kept is the digest of what was given, and nothing of it. */
    struct str sql =
        str_format(town.arena, "SELECT count(*) FROM people.session WHERE digest = sha256('%s')",
                   result.token.data);
    assert_string_equal(town_ask(&town, sql.data), "1");
    assert_string_equal(town_ask(&town, "SELECT count(*) FROM people.attempt"), "0");
}

static void
anything_wrong_is_refused_in_one_way(void **state)
{
    struct str code = code_at(0);
    const struct {
        const char *name;
        struct str  email;
        struct str  password;
        struct str  code;
    } cases[] = {
        {"no such account",       STR("nikt@example.test"),   PASSWORD,                      code                   },
        {"wrong password",        EMAIL,                      STR("poprawna klacz baterie"), code                   },
        {"no password",           EMAIL,                      STR(""),                       code                   },
        {"wrong code",            EMAIL,                      PASSWORD,                      STR("000000")          },
        {"no code",               EMAIL,                      PASSWORD,                      STR("")                },
        {"code of long ago",      EMAIL,                      PASSWORD,                      code_at(-20)           },
        {"no account at all",     STR(""),                    STR(""),                       STR("")                },
        {"somebody else's code",  STR("sender@example.test"), PASSWORD,                      code                   },
        {"unknown recovery code", EMAIL,                      PASSWORD,                      STR("ABCDEFGH23456723")},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str            address = str_format(town.arena, "192.0.2.%zu", 10 + i);
        struct sign_in_result result =
            attempt(cases[i].email, cases[i].password, cases[i].code, address);
        EXPECT(result.outcome == SIGN_IN_REFUSED, cases[i].name);
        EXPECT(result.token.size == 0 && uuid_is_nil(result.person), cases[i].name);
        EXPECT(result.wait_seconds == 0, cases[i].name);
    }
}

static void
closed_account_is_nobodys(void **state)
{
    (void)state;
    town_run(&town, "UPDATE people.person SET closed_at = now() WHERE email = 'head@example.test'");
    assert_int_equal(attempt(EMAIL, PASSWORD, code_at(0), HERE).outcome, SIGN_IN_REFUSED);
}

static void
address_is_taken_as_people_type_it(void **state)
{
    (void)state;
    assert_int_equal(attempt(STR("  Head@Example.TEST\n"), PASSWORD, code_at(0), HERE).outcome,
                     SIGN_IN_DONE);
}

static void
code_works_once_and_none_before_it_does(void **state)
{
    (void)state;
    assert_int_equal(attempt(EMAIL, PASSWORD, code_at(0), HERE).outcome, SIGN_IN_DONE);
    assert_int_equal(attempt(EMAIL, PASSWORD, code_at(0), HERE).outcome, SIGN_IN_REFUSED);
    assert_int_equal(attempt(EMAIL, PASSWORD, code_at(-1), HERE).outcome, SIGN_IN_REFUSED);
    assert_int_equal(attempt(EMAIL, PASSWORD, code_at(1), HERE).outcome, SIGN_IN_DONE);
}

static void
recovery_code_works_once(void **state)
{
    struct str code = STR("ABCDEFGH23456722");

    (void)state;
    assert_int_equal(attempt(EMAIL, PASSWORD, code, HERE).outcome, SIGN_IN_DONE);
    assert_int_equal(attempt(EMAIL, PASSWORD, code, HERE).outcome, SIGN_IN_REFUSED);
}

static void
five_tries_are_free_and_the_sixth_waits(void **state)
{
    (void)state;
    for (int i = 1; i <= 5; i++) {
        assert_int_equal(attempt(EMAIL, STR("wrong password"), STR("1"), HERE).outcome,
                         SIGN_IN_REFUSED);
    }
    struct sign_in_result sixth = attempt(EMAIL, PASSWORD, code_at(0), HERE);
    assert_int_equal(sixth.outcome, SIGN_IN_WAIT); /* the right password too: it is not looked at */
    assert_in_range(sixth.wait_seconds, 1, 30);
    /* Waiting does not count, and once it is over the right password works. */
    assert_string_equal(town_ask(&town, "SELECT max(failures) FROM people.attempt"), "5");
    town_run(&town, "UPDATE people.attempt SET last_at = last_at - interval '30 s'");
    assert_int_equal(attempt(EMAIL, PASSWORD, code_at(0), HERE).outcome, SIGN_IN_DONE);
}

static void
pauses_double_up_to_a_quarter_of_an_hour(void **state)
{
    static const struct {
        const char *failures;
        const char *seconds;
    } cases[] = {
        {"0",          "0"  },
        {"4",          "0"  },
        {"5",          "30" },
        {"6",          "60" },
        {"9",          "480"},
        {"10",         "900"},
        {"11",         "900"},
        {"2147483647", "900"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str sql = str_format(
            town.arena, "SELECT extract(epoch FROM people.pause(%s))::integer", cases[i].failures);
        EXPECT(strcmp(town_ask(&town, sql.data), cases[i].seconds) == 0, cases[i].failures);
    }
}

/* Lock-out abuse: whoever makes an account wait makes only themselves wait. */
static void
who_is_locked_out_locks_out_nobody_elsewhere(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        (void)attempt(EMAIL, STR("wrong password"), STR("1"), ELSEWHERE);
    }
    assert_int_equal(attempt(EMAIL, PASSWORD, code_at(0), ELSEWHERE).outcome, SIGN_IN_WAIT);
    assert_int_equal(attempt(STR("sender@example.test"), PASSWORD, STR("1"), ELSEWHERE).outcome,
                     SIGN_IN_REFUSED); /* another account from there: looked at */
    assert_int_equal(attempt(EMAIL, PASSWORD, code_at(0), HERE).outcome, SIGN_IN_DONE);
}

static void
account_that_is_not_there_waits_like_one_that_is(void **state)
{
    (void)state;
    for (int i = 1; i <= 5; i++) {
        assert_int_equal(attempt(STR("nikt@example.test"), PASSWORD, STR("1"), HERE).outcome,
                         SIGN_IN_REFUSED);
    }
    assert_int_equal(attempt(STR("nikt@example.test"), PASSWORD, STR("1"), HERE).outcome,
                     SIGN_IN_WAIT);
}

static int64_t
nanoseconds_of(struct str email)
{
    struct timespec from = {0};
    struct timespec to = {0};

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    (void)attempt(email, STR("wrong password"), STR("1"), email);
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
    return (int64_t)(to.tv_sec - from.tv_sec) * 1000000000 + (to.tv_nsec - from.tv_nsec);
}

/* The work of a password is done for nobody as for somebody: in our own processor time, of which
 * argon2id is nearly all. Without it the ratio is about a hundred. */
static void
account_that_is_not_there_costs_as_much_as_one_that_is(void **state)
{
    (void)state;
    int64_t somebody = nanoseconds_of(EMAIL);
    int64_t nobody = nanoseconds_of(STR("nikt@example.test"));
    assert_true(nobody * 10 > somebody && somebody * 10 > nobody);
}

/* Nor is somebody told from nobody by how long ago their hash was made. */
static void
account_with_an_older_hash_costs_as_much_as_any(void **state)
{
    static const struct {
        unsigned passes;
        size_t   memory;
    } older[] = {
        {1, 8192            },
        {1, (size_t)1 << 20U},
        {2, (size_t)1 << 20U},
    };

    (void)state;
    int64_t nobody = nanoseconds_of(STR("nikt@example.test"));
    for (size_t i = 0; i < ARRAY_COUNT(older); i++) {
        char old[crypto_pwhash_STRBYTES];
        assert_int_equal(crypto_pwhash_str_alg(old, PASSWORD.data, PASSWORD.size, older[i].passes,
                                               older[i].memory, crypto_pwhash_ALG_ARGON2ID13),
                         0);
        town_run(&town, "TRUNCATE people.attempt");
        town_run(&town,
                 str_format(town.arena, "UPDATE people.secret SET password = '%s'", old).data);
        int64_t somebody = nanoseconds_of(EMAIL);
        assert_true(nobody < 5 * somebody && somebody < 5 * nobody);
    }
}

/* Whoever has the password guesses codes from many addresses: counted for all of them together, in
 * the words of any other refusal. */
static void
codes_are_not_guessed_from_many_addresses(void **state)
{
    (void)state;
    for (int i = 1; i <= 5; i++) {
        struct str address = str_format(town.arena, "203.0.113.%d", i);
        assert_int_equal(attempt(EMAIL, PASSWORD, STR("000000"), address).outcome, SIGN_IN_REFUSED);
    }
    assert_int_equal(attempt(EMAIL, PASSWORD, code_at(0), HERE).outcome, SIGN_IN_REFUSED);
    town_run(&town, "UPDATE people.attempt SET last_at = last_at - interval '30 s'");
    assert_int_equal(attempt(EMAIL, PASSWORD, code_at(0), HERE).outcome, SIGN_IN_DONE);
}

static void
failures_are_forgotten_after_a_day(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        (void)attempt(EMAIL, STR("wrong password"), STR("1"), HERE);
    }
    town_run(&town, "UPDATE people.attempt SET last_at = last_at - interval '25 hours'");
    (void)attempt(STR("sender@example.test"), STR("wrong password"), STR("1"), HERE);
    assert_string_equal(town_ask(&town, "SELECT count(*) FROM people.attempt"), "1");
}

static void
older_hash_is_made_anew_at_sign_in(void **state)
{
    char old[crypto_pwhash_STRBYTES];

    (void)state;
    assert_int_equal(crypto_pwhash_str_alg(old, PASSWORD.data, PASSWORD.size, 1, (size_t)8 << 20U,
                                           crypto_pwhash_ALG_ARGON2ID13),
                     0);
    struct str sql = str_format(town.arena, "UPDATE people.secret SET password = '%s'", old);
    town_run(&town, sql.data);
    (void)attempt(EMAIL, STR("wrong password"), code_at(0), HERE);
    assert_string_equal(
        town_ask(&town, "SELECT password LIKE '$argon2id$v=19$m=8192,%' FROM people.secret"), "t");
    assert_int_equal(attempt(EMAIL, PASSWORD, code_at(0), HERE).outcome, SIGN_IN_DONE);
    assert_string_equal(town_ask(&town, "SELECT password LIKE '$argon2id$v=19$m=19456,t=2,p=1$%'"
                                        " FROM people.secret"),
                        "t");
    assert_int_equal(attempt(EMAIL, PASSWORD, code_at(1), HERE).outcome, SIGN_IN_DONE);
}

static void
certificate_signs_in_whom_it_is_bound_to(void **state)
{
    struct sign_in sign_in = {
        .provider = SIGN_IN_CERTIFICATE,
        .key = {(const char *)town_digest(&town, "a-key"), SECRET_DIGEST_SIZE}
    };
    struct sign_in_result result = {0};

    (void)state;
    assert_int_equal(sign_in_try(town.desk, town.arena, &sign_in, &result, &town.fault), ERR_OK);
    assert_int_equal(result.outcome, SIGN_IN_REFUSED);
    town_run(
        &town,
        "INSERT INTO people.identity VALUES ('certificate', sha256(rpad('a-key', 43, '-')::bytea),"
        " md5('head')::uuid)");
    assert_int_equal(sign_in_try(town.desk, town.arena, &sign_in, &result, &town.fault), ERR_OK);
    assert_int_equal(result.outcome, SIGN_IN_DONE);
    town_run(&town, "UPDATE people.identity SET revoked_at = now()");
    assert_int_equal(sign_in_try(town.desk, town.arena, &sign_in, &result, &town.fault), ERR_OK);
    assert_int_equal(result.outcome, SIGN_IN_REFUSED);
}

static void
every_sign_in_and_refusal_leaves_one_trace_without_a_secret(void **state)
{
    (void)state;
    const char *before = town_ask(&town, "SELECT max(entry) FROM people.audit");
    (void)attempt(EMAIL, PASSWORD, code_at(0), HERE);
    (void)attempt(EMAIL, STR("wrong password"), STR("1"), HERE);
    struct str sql = str_format(
        town.arena,
        "SELECT string_agg(act || ':' || (person = md5('head')::uuid)::text, ' ' ORDER BY"
        " entry) FROM people.audit WHERE entry > %s AND act LIKE 'sign-in%%'",
        before);
    assert_string_equal(town_ask(&town, sql.data), "sign-in:true");
    sql = str_format(town.arena,
                     "SELECT count(*) FROM people.audit WHERE entry > %s AND act ="
                     " 'sign-in-refused' AND person IS NULL",
                     before);
    assert_string_equal(town_ask(&town, sql.data), "1");
    assert_string_equal(town_ask(&town, "SELECT count(*) FROM people.audit WHERE detail::text LIKE"
                                        " '%argon2id%' OR detail::text LIKE '%@example.test%'"),
                        "0");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(password_and_code_give_a_session_of_that_person, begin),
        cmocka_unit_test_setup(anything_wrong_is_refused_in_one_way, begin),
        cmocka_unit_test_setup(closed_account_is_nobodys, begin),
        cmocka_unit_test_setup(address_is_taken_as_people_type_it, begin),
        cmocka_unit_test_setup(code_works_once_and_none_before_it_does, begin),
        cmocka_unit_test_setup(recovery_code_works_once, begin),
        cmocka_unit_test_setup(five_tries_are_free_and_the_sixth_waits, begin),
        cmocka_unit_test_setup(pauses_double_up_to_a_quarter_of_an_hour, begin),
        cmocka_unit_test_setup(who_is_locked_out_locks_out_nobody_elsewhere, begin),
        cmocka_unit_test_setup(account_that_is_not_there_waits_like_one_that_is, begin),
        cmocka_unit_test_setup(account_that_is_not_there_costs_as_much_as_one_that_is, begin),
        cmocka_unit_test_setup(account_with_an_older_hash_costs_as_much_as_any, begin),
        cmocka_unit_test_setup(codes_are_not_guessed_from_many_addresses, begin),
        cmocka_unit_test_setup(failures_are_forgotten_after_a_day, begin),
        cmocka_unit_test_setup(older_hash_is_made_anew_at_sign_in, begin),
        cmocka_unit_test_setup(certificate_signs_in_whom_it_is_bound_to, begin),
        cmocka_unit_test_setup(every_sign_in_and_refusal_leaves_one_trace_without_a_secret, begin),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
