#include "gateway/people/invitation.h"
#include "gateway/people/password.h"
#include "gateway/people/totp.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/desk/counter_stand.h"

#include <jansson.h>
#include <string.h>

/* What a person does with their own way of signing in, and what nobody does with somebody else's.
 */
#define FRESH "cztery zwykle slowa tu"
#define KEY "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"

static int
begin(void **state)
{
    (void)stand_begin(state);
    stand_give_passwords();
    town_run(&town,
             "INSERT INTO people.recovery_code SELECT md5(role)::uuid, sha256('ABCDEFGH23456722')"
             " FROM people.role;"
             "INSERT INTO people.session (digest, person, provider, expires_at) SELECT"
             " sha256('other ' || role::bytea), md5(role)::uuid, 'password',"
             " now() + interval '1 hour' FROM people.role");
    return 0;
}

static bool
is_problem(const struct reply *reply, int status, const char *slug)
{
    struct str type = str_format(town.arena, "/problemy/%s\"", slug);
    bool       good = reply->status == status && counter_says(reply, type.data);

    if (!good) {
        print_message("%d: %.*s\n", reply->status, STR_ARG(reply->body));
    }
    return good;
}

static struct reply
ask(enum petition_method method, const char *path, const char *who, const char *body)
{
    return counter_ask(&counter, method, path, who, body);
}

/* With the certificate of this key on the connection. */
static struct reply
ask_by_key(enum petition_method method, const char *path, const char *who, const char *body)
{
    struct petition petition = counter_petition(&counter, method, path, who, body);

    petition.has_key = true;
    memcpy(petition.key, KEY, sizeof petition.key);
    return counter_send(&counter, &petition);
}

static int
sign_in(const char *email, const char *password, const char *code)
{
    struct str body =
        str_format(town.arena, "{\"email\":\"%s\",\"password\":\"%s\",\"code\":\"%s\"}", email,
                   password, code);

    return ask(PETITION_POST, "/api/v1/session", NULL, body.data).status;
}

/* The code of an authenticator with this secret, so many steps from now. */
static const char *
code_of(struct str secret, int64_t steps)
{
    int64_t step = 0;
    int     code = 0;

    assert_true(str_to_number(
        str_of(town_ask(&town, "SELECT floor(extract(epoch FROM now()))::bigint / 30")), &step));
    assert_int_equal(totp_code(secret, step + steps, &code, &town.fault), ERR_OK);
    return str_format(town.arena, "%06d", code).data;
}

static const char *
sessions_of(const char *role)
{
    struct str sql = str_format(town.arena,
                                "SELECT count(*) FROM people.session WHERE ended_at IS NULL AND"
                                " person = md5('%s')::uuid",
                                role);

    return town_ask(&town, sql.data);
}

static void
a_new_password_wants_the_old_one_and_ends_other_sessions(void **state)
{
    static const struct {
        const char *body;
        const char *says;
    } refused[] = {
        {"{\"password\":\"zle\",\"new_password\":\"" FRESH "\"}",                        "Obecne hasło albo kod"},
        {"{\"password\":\"\",\"new_password\":\"" FRESH "\"}",                           "Obecne hasło albo kod"},
        {"{\"new_password\":\"" FRESH "\"}",                                             "Obecne hasło albo kod"},
        {"{\"password\":\"" STAND_PASSWORD "\",\"new_password\":\"za krotkie\"}",        "12 znaków"            },
        {"{\"password\":\"" STAND_PASSWORD "\"}",                                        "12 znaków"            },
        {"{\"password\":\"" STAND_PASSWORD "\",\"new_password\":\"123456789012\"}",
         "Takie hasło łatwo odgadnąć"                                                                        },
        {"{\"password\":\"" STAND_PASSWORD "\",\"new_password\":\"head@example.test\"}",
         "adres osoby"                                                                                           },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(refused); i++) {
        struct reply reply = ask(PETITION_PUT, "/api/v1/account/password", "head", refused[i].body);
        EXPECT(is_problem(&reply, 422, "zle-dane"), refused[i].body);
        EXPECT(counter_says(&reply, refused[i].says), refused[i].body);
    }
    assert_string_equal(sessions_of("head"), "2");
    struct reply done = ask(PETITION_PUT, "/api/v1/account/password", "head",
                            "{\"password\":\"" STAND_PASSWORD "\",\"new_password\":\"" FRESH "\"}");
    assert_int_equal(done.status, 204);
    assert_string_equal(sessions_of("head"), "1");
    assert_string_equal(sessions_of("sender"), "2");
    assert_int_equal(ask(PETITION_GET, "/api/v1/session", "head", "").status, 200);
    assert_int_equal(
        sign_in("head@example.test", STAND_PASSWORD, code_of(STR(STAND_TOTP_SECRET), 0)), 401);
    assert_int_equal(sign_in("head@example.test", FRESH, code_of(STR(STAND_TOTP_SECRET), 0)), 201);
}

static void
an_old_password_is_not_guessed_by_who_has_the_session(void **state)
{
    static const char body[] = "{\"password\":\"zle\",\"new_password\":\"" FRESH "\"}";

    (void)state;
    for (int i = 0; i < 5; i++) {
        struct reply reply = ask(PETITION_PUT, "/api/v1/account/password", "head", body);
        assert_true(is_problem(&reply, 422, "zle-dane"));
    }
    struct reply waits = ask(PETITION_PUT, "/api/v1/account/password", "head", body);
    assert_true(is_problem(&waits, 429, "poczekaj-z-logowaniem"));
    assert_true(counter_says(&waits, "Retry-After: "));
    waits = ask(PETITION_POST, "/api/v1/account/authenticator", "head",
                "{\"password\":\"" STAND_PASSWORD "\",\"code\":\"ABCDEFGH23456722\"}");
    assert_true(is_problem(&waits, 429, "poczekaj-z-logowaniem"));
    /* Nobody else waits for it, and nothing was changed. */
    assert_int_equal(
        sign_in("sender@example.test", STAND_PASSWORD, code_of(STR(STAND_TOTP_SECRET), 0)), 201);
    assert_string_equal(sessions_of("head"), "2");
}

/* Bytes that the database has written in hexadecimal digits. */
static struct str
bytes_of(const char *hex)
{
    char *bytes = ARENA_NEW(town.arena, char, TOTP_SECRET_SIZE);

    assert_non_null(bytes);
    for (size_t i = 0; i < TOTP_SECRET_SIZE; i++) {
        unsigned value = 0;
        /* NOLINTNEXTLINE(cert-err34-c): the database wrote the digits */
        assert_int_equal(sscanf(hex + 2 * i, "%2x", &value), 1);
        bytes[i] = (char)(unsigned char)value;
    }
    return (struct str){bytes, TOTP_SECRET_SIZE};
}

static struct str
offered_secret(const char *role)
{
    struct str sql = str_format(town.arena,
                                "SELECT encode(totp, 'hex') FROM people.offered_authenticator"
                                " WHERE person = md5('%s')::uuid",
                                role);

    return bytes_of(town_ask(&town, sql.data));
}

#define AUTHENTICATOR "/api/v1/account/authenticator"

static struct reply
show_code(const char *code)
{
    return ask(PETITION_PUT, AUTHENTICATOR, "head",
               str_format(town.arena, "{\"code\":\"%s\"}", code).data);
}

/* By the code that is answered. */
static const char *
confirm(struct str secret)
{
    const char *code = code_of(secret, 0);

    assert_int_equal(show_code(code).status, 204);
    return code;
}

static const char offering[] =
    "{\"password\":\"" STAND_PASSWORD "\",\"code\":\"ABCDEFGH23456722\"}";

/* Who has typed the secret wrongly, or changes their mind, is not locked out. */
static void
an_old_authenticator_is_good_until_the_new_one_has_shown_a_code(void **state)
{
    static const char *const bad[] = {"", "000", "abcdef", "0000000"};

    (void)state;
    struct reply none = show_code("123456");
    assert_true(is_problem(&none, 409, "stan-nie-pozwala"));
    assert_true(counter_says(&none, "Zacznij od nowa: POST /api/v1/account/authenticator."));
    assert_int_equal(ask(PETITION_POST, AUTHENTICATOR, "head", offering).status, 201);
    struct str offered = offered_secret("head");
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        struct reply reply = show_code(bad[i]);
        EXPECT(is_problem(&reply, 422, "zle-dane"), bad[i]);
    }
    struct reply late = show_code(code_of(offered, -9));
    assert_true(counter_says(&late, "Kod nie pasuje do nowej aplikacji; poprzednia nadal działa. "
                                    "Sprawdź zegar telefonu i wpisz następny kod."));
    assert_string_equal(sessions_of("head"), "2");
    assert_int_equal(
        sign_in("head@example.test", STAND_PASSWORD, code_of(STR(STAND_TOTP_SECRET), 0)), 201);
    assert_int_equal(sign_in("head@example.test", STAND_PASSWORD, code_of(offered, 0)), 401);
    (void)confirm(offered);
    assert_int_equal(
        sign_in("head@example.test", STAND_PASSWORD, code_of(STR(STAND_TOTP_SECRET), 1)), 401);
    struct reply again = show_code(code_of(offered, 1));
    assert_true(is_problem(&again, 409, "stan-nie-pozwala"));
}

static void
an_offered_authenticator_waits_a_quarter_of_an_hour(void **state)
{
    (void)state;
    assert_int_equal(ask(PETITION_POST, AUTHENTICATOR, "head", offering).status, 201);
    struct str offered = offered_secret("head");
    town_run(&town, "UPDATE people.offered_authenticator SET offered_at = now()"
                    " - interval '15 minutes'");
    struct reply late = show_code(code_of(offered, 0));
    assert_true(is_problem(&late, 409, "stan-nie-pozwala"));
    town_run(&town, "UPDATE people.offered_authenticator SET offered_at = now()"
                    " - interval '14 minutes 30 seconds'");
    (void)confirm(offered);
}

/* Somebody else's session confirms nothing, and a new password ends what was offered beside the
 * old. */
static void
an_offer_is_of_one_person_and_dies_with_the_password(void **state)
{
    (void)state;
    assert_int_equal(ask(PETITION_POST, AUTHENTICATOR, "head", offering).status, 201);
    struct str   offered = offered_secret("head");
    struct reply other = ask(PETITION_PUT, AUTHENTICATOR, "sender",
                             str_format(town.arena, "{\"code\":\"%s\"}", code_of(offered, 0)).data);
    assert_true(is_problem(&other, 409, "stan-nie-pozwala"));
    assert_int_equal(ask(PETITION_PUT, "/api/v1/account/password", "head",
                         "{\"password\":\"" STAND_PASSWORD "\",\"new_password\":\"" FRESH "\"}")
                         .status,
                     204);
    struct reply late = show_code(code_of(offered, 0));
    assert_true(is_problem(&late, 409, "stan-nie-pozwala"));
}

static void
a_lost_authenticator_is_replaced_by_a_recovery_code(void **state)
{
    static const char *const refused[] = {
        "{\"password\":\"" STAND_PASSWORD "\",\"code\":\"000000\"}",
        "{\"password\":\"" STAND_PASSWORD "\"}",
        "{\"password\":\"zle\",\"code\":\"ABCDEFGH23456722\"}",
    };
    static const char good[] =
        "{\"password\":\"" STAND_PASSWORD "\",\"code\":\"ABCDEFGH23456722\"}";

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(refused); i++) {
        struct reply reply =
            ask(PETITION_POST, "/api/v1/account/authenticator", "head", refused[i]);
        EXPECT(is_problem(&reply, 422, "zle-dane"), refused[i]);
    }
    struct reply made = ask(PETITION_POST, "/api/v1/account/authenticator", "head", good);
    assert_int_equal(made.status, 201);
    assert_true(strncmp(stand_member(&made, "totp_uri"), "otpauth://", 10) == 0);
    assert_true(strncmp(stand_member(&made, "totp_qr_svg"), "<svg ", 5) == 0);
    assert_true(strncmp(stand_member(&made, "totp_qr_text"), "█", 3) == 0);
    const char *shown = confirm(offered_secret("head"));
    assert_string_equal(sessions_of("head"), "1");
    assert_string_equal(town_ask(&town, "SELECT count(*) FROM people.recovery_code"
                                        " WHERE person = md5('head')::uuid AND used_at IS NULL"),
                        "10");
    /* Codes of the old one are dead, the used one too. */
    assert_int_equal(
        sign_in("head@example.test", STAND_PASSWORD, code_of(STR(STAND_TOTP_SECRET), 0)), 401);
    assert_int_equal(sign_in("head@example.test", STAND_PASSWORD, "ABCDEFGH23456722"), 401);
    const char *hex = town_ask(&town, "SELECT encode(totp, 'hex') FROM people.secret"
                                      " WHERE person = md5('head')::uuid");
    struct str  secret = bytes_of(hex);
    /* The code that has confirmed it is used up; the next one is good. */
    assert_int_equal(sign_in("head@example.test", STAND_PASSWORD, shown), 401);
    assert_int_equal(sign_in("head@example.test", STAND_PASSWORD, code_of(secret, 1)), 201);
    struct str trail = str_of(town_ask(&town, "SELECT string_agg(detail::text, ' ')"
                                              " FROM people.audit"));
    assert_null(memmem(trail.data, trail.size, hex, strlen(hex)));
}

static void
a_certificate_is_of_one_person_and_of_no_unit(void **state)
{
    static const char path[] = "/api/v1/account/certificates";
    static const char body[] = "{\"password\":\"" STAND_PASSWORD "\"}";

    (void)state;
    struct reply reply = ask(PETITION_POST, path, "head", body);
    assert_true(is_problem(&reply, 422, "zle-dane")); /* none is shown */
    reply = ask_by_key(PETITION_POST, path, "head", "{\"password\":\"zle\"}");
    assert_true(is_problem(&reply, 422, "zle-dane"));
    reply = ask_by_key(PETITION_POST, "/api/v1/session", NULL, "");
    assert_true(is_problem(&reply, 401, "nieudane-logowanie"));
    struct reply bound = ask_by_key(PETITION_POST, path, "head", body);
    assert_int_equal(bound.status, 201);
    assert_int_equal(ask_by_key(PETITION_POST, "/api/v1/session", NULL, "").status, 201);
    reply = ask(PETITION_GET, path, "head", "");
    assert_true(counter_says(&reply, stand_member(&bound, "id")));
    reply = ask(PETITION_GET, path, "sender", "");
    assert_false(counter_says(&reply, stand_member(&bound, "id")));
    reply = ask_by_key(PETITION_POST, path, "sender", body);
    assert_true(is_problem(&reply, 422, "zle-dane"));
    struct str one = str_format(town.arena, "%s/%s", path, stand_member(&bound, "id"));
    assert_int_equal(ask(PETITION_DELETE, one.data, "sender", "").status, 404);
    assert_int_equal(ask(PETITION_DELETE, one.data, "head", "").status, 204);
    assert_int_equal(ask(PETITION_DELETE, one.data, "head", "").status, 404);
    reply = ask_by_key(PETITION_POST, "/api/v1/session", NULL, "");
    assert_true(is_problem(&reply, 401, "nieudane-logowanie"));
    assert_int_equal(ask_by_key(PETITION_POST, path, "head", body).status, 201); /* once more */
    town_run(&town, "UPDATE people.identity SET revoked_at = now(), person = md5('head')::uuid;"
                    "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, label,"
                    " expires_at) VALUES (2, true, '" KEY "', 3, '', '2099-01-01')");
    reply = ask_by_key(PETITION_POST, path, "head", body);
    assert_true(is_problem(&reply, 422, "zle-dane"));
}

static const char *
restoration_of(const char *role)
{
    struct str sql = str_format(town.arena, "SELECT md5('a%s')::uuid", role);

    return str_format(town.arena, "/api/v1/appointments/%s/restoration", town_ask(&town, sql.data))
        .data;
}

static void
access_is_given_back_by_who_may_give_all_of_it(void **state)
{
    static const struct {
        const char *who;
        const char *whose;
        int         status;
    } cases[] = {
        {"sender",       "head",       403},
        {"treasurer",    "sender",     403},
        {"reviewer",     "sender",     403},
        {"auditor",      "sender",     403},
        {"operator",     "sender",     404}, /* a place that is not the operator's */
        {"head",         "supervisor", 403},
        {"head",         "head",       403},
        {"service-head", "treasurer",  403},
        {"supervisor",   "supervisor", 422}, /* themselves */
        {"supervisor",   "reviewer",   404},
        {"head",         "sender",     201},
        {"service-head", "sender",     201},
        {"supervisor",   "head",       201},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct reply reply = ask(PETITION_POST, restoration_of(cases[i].whose), cases[i].who, "");
        if (reply.status != cases[i].status) {
            print_message("%s of %s: %d %.*s\n", cases[i].who, cases[i].whose, reply.status,
                          STR_ARG(reply.body));
        }
        EXPECT(reply.status == cases[i].status, cases[i].who);
    }
    /* Who has another role elsewhere would lose that one with it: not by this supervisor. */
    town_run(&town, "INSERT INTO people.appointment (person, role, unit, valid_from) VALUES"
                    " (md5('sender')::uuid, 'sender', 7, '2020-01-01')");
    struct reply reply = ask(PETITION_POST, restoration_of("sender"), "supervisor", "");
    assert_true(is_problem(&reply, 422, "zle-dane"));
}

static void
what_was_lost_is_dead_when_access_is_given_back(void **state)
{
    static const char path[] = "/api/v1/account/restoration";

    (void)state;
    struct reply older = ask(PETITION_POST, restoration_of("sender"), "head", "");
    struct reply offer = ask(PETITION_POST, restoration_of("sender"), "head", "");
    struct str   weak = str_format(town.arena, "{\"token\":\"%s\",\"password\":\"krotkie\"}",
                                   stand_member(&offer, "token"));
    struct str   late = str_format(town.arena, "{\"token\":\"%s\",\"password\":\"" FRESH "\"}",
                                   stand_member(&older, "token"));
    struct str   good = str_format(town.arena, "{\"token\":\"%s\",\"password\":\"" FRESH "\"}",
                                   stand_member(&offer, "token"));
    struct reply reply = ask(PETITION_POST, path, NULL, weak.data);
    assert_true(is_problem(&reply, 422, "zle-dane"));
    reply = ask(PETITION_POST, path, NULL, late.data);
    assert_true(is_problem(&reply, 404, "nie-znaleziono")); /* the newer offer took its place */
    assert_string_equal(sessions_of("sender"), "2");
    reply = ask(PETITION_POST, path, NULL, good.data);
    assert_int_equal(reply.status, 201);
    assert_string_equal(sessions_of("sender"), "0");
    assert_int_equal(
        sign_in("sender@example.test", STAND_PASSWORD, code_of(STR(STAND_TOTP_SECRET), 0)), 401);
    assert_int_equal(sign_in("sender@example.test", FRESH, code_of(STR(STAND_TOTP_SECRET), 0)),
                     401);
    assert_int_equal(sign_in("sender@example.test", FRESH, "ABCDEFGH23456722"), 401);
    json_t *object = json_loadb(reply.body.data, reply.body.size, 0, NULL);
    assert_int_equal(
        sign_in("sender@example.test", FRESH,
                json_string_value(json_array_get(json_object_get(object, "recovery_codes"), 0))),
        201);
    json_decref(object);
    reply = ask(PETITION_POST, path, NULL, good.data);
    assert_true(is_problem(&reply, 404, "nie-znaleziono"));
    assert_string_equal(town_ask(&town, "SELECT count(*) > 0 FROM people.audit WHERE object_kind ="
                                        " 'people.restoration' AND person = md5('head')::uuid"),
                        "t");
    reply = ask(PETITION_POST, restoration_of("sender"), "head", "");
    town_run(&town, "UPDATE people.restoration SET expires_at = now() WHERE used_at IS NULL");
    struct str old = str_format(town.arena, "{\"token\":\"%s\",\"password\":\"" FRESH "\"}",
                                stand_member(&reply, "token"));
    reply = ask(PETITION_POST, path, NULL, old.data);
    assert_true(is_problem(&reply, 404, "nie-znaleziono"));
}

/* With mail the secret of a link is shown to nobody, and works for nobody who saw the desk's. */
static void
link_goes_out_as_a_letter_where_there_is_mail(void **state)
{
    static const char invitation[] = "{\"email\":\"nowa@x.pl\",\"name\":\"Nowa\",\"role\":"
                                     "\"sender\",\"regon\":\"990000022\"}";

    (void)state;
    struct reply shown = ask(PETITION_POST, "/api/v1/invitations", "head", invitation);
    assert_int_equal(shown.status, 201);
    assert_true(counter_says(&shown, "\"sent\":false"));
    assert_false(counter_says(&shown, "\"token\":null"));
    assert_string_equal(town_ask(&town, "SELECT count(*) FROM courier.letter"), "0");

    counter.config.mail_url = STR("smtp://localhost:1");
    counter.config.mail_day_max = 5;
    struct reply sent = ask(PETITION_POST, "/api/v1/invitations", "head", invitation);
    assert_int_equal(sent.status, 201);
    assert_true(counter_says(&sent, "\"token\":null"));
    assert_true(counter_says(&sent, "\"sent\":true"));
    sent = ask(PETITION_POST, restoration_of("sender"), "head", "");
    assert_int_equal(sent.status, 201);
    assert_true(counter_says(&sent, "\"token\":null"));
    assert_true(counter_says(&sent, "\"sent\":true"));
    assert_string_equal(town_ask(&town,
                                 "SELECT string_agg(kind || ' ' || email || ' ' || name, ', '"
                                 " ORDER BY kind) FROM courier.letter"),
                        "invitation nowa@x.pl Nowa, restoration sender@example.test Osoba sender");

    /* A delegation is an invitation, too. */
    sent = ask(PETITION_POST, "/api/v1/delegations", "head",
               "{\"email\":\"zast@x.pl\",\"name\":\"Z\",\"basis\":\"upowaznienie 1\","
               "\"valid_to\":\"2099-01-01\"}");
    assert_int_equal(sent.status, 201);
    assert_true(counter_says(&sent, "\"token\":null"));
    /* What is refused leaves no letter; what no letter reaches is refused. */
    sent = ask(PETITION_POST, "/api/v1/invitations", "head",
               "{\"email\":\"jan@żółw.pl\",\"name\":\"Jan\",\"role\":\"sender\","
               "\"regon\":\"990000022\"}");
    assert_true(is_problem(&sent, 422, "zle-dane"));
    sent = ask(PETITION_POST, "/api/v1/invitations", "sender", invitation);
    assert_int_equal(sent.status, 403);
    assert_string_equal(town_ask(&town, "SELECT count(*) FROM courier.letter"), "3");
}

/* One a day, seven days: the eighth would go out when its link is over. */
static void
invitation_that_would_go_out_too_late_is_refused(void **state)
{
    static const char invitation[] = "{\"email\":\"nowa@x.pl\",\"name\":\"Nowa\",\"role\":"
                                     "\"sender\",\"regon\":\"990000022\"}";

    (void)state;
    counter.config.mail_url = STR("smtp://localhost:1");
    counter.config.mail_day_max = 1;
    for (int i = 0; i < INVITATION_DAYS; i++) {
        assert_int_equal(ask(PETITION_POST, "/api/v1/invitations", "head", invitation).status, 201);
    }
    struct reply refused = ask(PETITION_POST, "/api/v1/invitations", "head", invitation);
    assert_true(is_problem(&refused, 422, "zle-dane"));
    assert_true(counter_says(&refused, "Zaproś tę osobę jutro."));
    assert_string_equal(town_ask(&town, "SELECT count(*) FROM people.invitation"), "7");
    assert_string_equal(town_ask(&town, "SELECT count(*) FROM courier.letter"), "7");
}

static void
person_switches_off_letters_but_not_those_of_the_account(void **state)
{
    static const struct {
        const char *body;
        int         status;
        const char *muted; /* afterwards, of the head */
    } cases[] = {
        {"{\"muted\":[\"digest\",\"endpoint\"]}", 200, "digest endpoint"},
        {"{\"muted\":[\"results\",\"results\"]}", 200, "results"        },
        {"{\"muted\":[\"invitation\"]}",          422, "results"        },
        {"{\"muted\":[\"restoration\"]}",         422, "results"        },
        {"{\"muted\":[\"digest results\"]}",      422, "results"        },
        {"{\"muted\":[\"\"]}",                    422, "results"        },
        {"{\"muted\":\"digest\"}",                422, "results"        },
        {"{\"muted\":[1]}",                       422, "results"        },
        {"{}",                                    422, "results"        },
        {"{\"muted\":[]}",                        200, ""               },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct reply reply = ask(PETITION_PUT, "/api/v1/account/letters", "head", cases[i].body);
        if (reply.status != cases[i].status) {
            print_message("%d %.*s\n", reply.status, STR_ARG(reply.body));
        }
        EXPECT(reply.status == cases[i].status, cases[i].body);
        EXPECT(strcmp(town_ask(&town, "SELECT coalesce(string_agg(kind, ' ' ORDER BY kind), '')"
                                      " FROM courier.mute WHERE person = md5('head')::uuid"),
                      cases[i].muted)
                   == 0,
               cases[i].body);
    }
    (void)ask(PETITION_PUT, "/api/v1/account/letters", "sender", "{\"muted\":[\"results\"]}");
    struct reply mine = ask(PETITION_GET, "/api/v1/account/letters", "sender", "");
    assert_true(counter_says(&mine, "{\"muted\":[\"results\"]}"));
    struct reply other = ask(PETITION_GET, "/api/v1/account/letters", "head", "");
    assert_true(counter_says(&other, "{\"muted\":[]}"));
    struct reply nobody = ask(PETITION_GET, "/api/v1/account/letters", NULL, "");
    assert_int_equal(nobody.status, 401);
}

int
main(void)
{
#define ACCOUNT_TEST(test) cmocka_unit_test_setup_teardown(test, begin, stand_end)
    const struct CMUnitTest tests[] = {
        ACCOUNT_TEST(a_new_password_wants_the_old_one_and_ends_other_sessions),
        ACCOUNT_TEST(an_old_password_is_not_guessed_by_who_has_the_session),
        ACCOUNT_TEST(a_lost_authenticator_is_replaced_by_a_recovery_code),
        ACCOUNT_TEST(an_old_authenticator_is_good_until_the_new_one_has_shown_a_code),
        ACCOUNT_TEST(an_offered_authenticator_waits_a_quarter_of_an_hour),
        ACCOUNT_TEST(an_offer_is_of_one_person_and_dies_with_the_password),
        ACCOUNT_TEST(a_certificate_is_of_one_person_and_of_no_unit),
        ACCOUNT_TEST(access_is_given_back_by_who_may_give_all_of_it),
        ACCOUNT_TEST(what_was_lost_is_dead_when_access_is_given_back),
        ACCOUNT_TEST(link_goes_out_as_a_letter_where_there_is_mail),
        ACCOUNT_TEST(invitation_that_would_go_out_too_late_is_refused),
        ACCOUNT_TEST(person_switches_off_letters_but_not_those_of_the_account),
    };

    return cmocka_run_group_tests(tests, stand_start, stand_stop);
}
