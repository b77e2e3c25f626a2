#include "gateway/people/password.h"
#include "gateway/people/people_session.h"
#include "gateway/people/totp.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/desk/counter_stand.h"

#include <jansson.h>
#include <string.h>

static int
begin(void **state)
{
    (void)stand_begin(state);
    stand_give_passwords();
    return 0;
}

static bool
is_problem(const struct reply *reply, int status, const char *slug)
{
    struct str type = str_format(town.arena, "\"type\":\"" COUNTER_ORIGIN "/problemy/%s\"", slug);

    return reply->status == status && counter_says(reply, type.data)
           && str_equal(reply->content_type, STR("application/problem+json"));
}

/* A body that signs in: the code of so many steps from now. */
static const char *
credentials(const char *email, const char *password, int64_t steps)
{
    int64_t step = 0;
    int     code = 0;

    assert_true(str_to_number(
        str_of(town_ask(&town, "SELECT floor(extract(epoch FROM now()))::bigint / 30")), &step));
    assert_int_equal(totp_code(STR(STAND_TOTP_SECRET), step + steps, &code, &town.fault), ERR_OK);
    return str_format(town.arena, "{\"email\":\"%s\",\"password\":\"%s\",\"code\":\"%06d\"}", email,
                      password, code)
        .data;
}

static struct reply
sign_in_from(const char *address, const char *body)
{
    struct petition petition =
        counter_petition(&counter, PETITION_POST, "/api/v1/session", NULL, body);

    petition.address = str_of(address);
    return counter_send(&counter, &petition);
}

/* The token in the cookie that an answer gives. */
static struct str
cookie_of(const struct reply *reply)
{
    static const char begins[] = "Set-Cookie: __Host-brama=";
    const char       *found = strstr(str_copy(town.arena, reply->headers).data, begins);

    assert_non_null(found);
    return (struct str){found + strlen(begins), strcspn(found + strlen(begins), ";")};
}

/* A petition as that cookie's. */
static struct petition
with_cookie(enum petition_method method, const char *target, struct str token, const char *body)
{
    struct petition petition = counter_petition(&counter, method, target, NULL, body);

    counter_sign(&counter, &petition, token);
    return petition;
}

static void
sign_in_gives_a_cookie_of_this_host_alone(void **state)
{
    (void)state;
    struct reply reply =
        sign_in_from("192.0.2.1", credentials("head@example.test", STAND_PASSWORD, 0));
    assert_int_equal(reply.status, 201);
    struct str token = cookie_of(&reply);
    assert_int_equal(token.size, SECRET_TEXT_SIZE);
    assert_true(counter_says(&reply, "; Path=/; Secure; HttpOnly; SameSite=Lax\r\n"));
    assert_false(counter_says(&reply, "Domain"));
    assert_string_equal(stand_member(&reply, "email"), "head@example.test");
    /* What the page gets does not hold the cookie. */
    struct str body = str_copy(town.arena, reply.body);
    struct str copy = str_copy(town.arena, token);
    assert_null(strstr(body.data, copy.data));
    struct petition petition = with_cookie(PETITION_GET, "/api/v1/session", token, "");
    assert_int_equal(counter_send(&counter, &petition).status, 200);
}

/* Enumeration: the same bytes for an account that is not there and a password that is wrong. */
static void
refusal_of_a_sign_in_does_not_say_what_was_wrong(void **state)
{
    const char *const bodies[] = {
        credentials("nikt@example.test", STAND_PASSWORD, 0),
        credentials("head@example.test", "niepoprawna klacz", 0),
        credentials("head@example.test", STAND_PASSWORD, -9),
        "{\"email\":\"head@example.test\"}",
        "{}",
        "{\"email\":\"head@example.test\",\"password\":null,\"code\":\"000000\"}",
    };
    struct reply first = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(bodies); i++) {
        struct str   address = str_format(town.arena, "192.0.2.%zu", 10 + i);
        struct reply reply = sign_in_from(address.data, bodies[i]);
        EXPECT(is_problem(&reply, 401, "nieudane-logowanie"), bodies[i]);
        EXPECT(i == 0 || str_equal(reply.body, first.body), bodies[i]);
        EXPECT(i == 0 || str_equal(reply.headers, first.headers), bodies[i]);
        first = reply;
    }
}

static void
brute_force_is_made_to_wait_and_nobody_else_is(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        struct reply reply =
            sign_in_from("203.0.113.9", credentials("head@example.test", "zgaduje haslo", 0));
        assert_true(is_problem(&reply, 401, "nieudane-logowanie"));
    }
    struct reply sixth =
        sign_in_from("203.0.113.9", credentials("head@example.test", STAND_PASSWORD, 0));
    assert_true(is_problem(&sixth, 429, "poczekaj-z-logowaniem"));
    assert_true(counter_says(&sixth, "Retry-After: "));
    assert_int_equal(
        sign_in_from("192.0.2.1", credentials("head@example.test", STAND_PASSWORD, 0)).status, 201);
}

/* Fixation: a session that was there before signing in is not the one that is there after it, and
 * nobody becomes somebody by bringing a token along. */
static void
sign_in_takes_no_session_that_was_brought_along(void **state)
{
    (void)state;
    struct petition petition =
        counter_petition(&counter, PETITION_POST, "/api/v1/session", "sender",
                         credentials("head@example.test", STAND_PASSWORD, 0));
    struct reply reply = counter_send(&counter, &petition);
    assert_int_equal(reply.status, 201);
    struct reply before = counter_ask(&counter, PETITION_GET, "/api/v1/session", "sender", "");
    assert_string_equal(stand_member(&before, "email"), "sender@example.test");
    struct reply invented = counter_ask(&counter, PETITION_GET, "/api/v1/session", "invented", "");
    assert_true(is_problem(&invented, 401, "brak-sesji"));
}

static void
cookie_opens_nothing_after_the_sign_out(void **state)
{
    (void)state;
    struct reply out = counter_ask(&counter, PETITION_DELETE, "/api/v1/session", "head", "");
    assert_int_equal(out.status, 204);
    assert_true(counter_says(
        &out, "Set-Cookie: __Host-brama=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"));
    struct reply reply = counter_ask(&counter, PETITION_GET, "/api/v1/session", "head", "");
    assert_true(is_problem(&reply, 401, "brak-sesji"));
    reply = counter_ask(&counter, PETITION_DELETE, "/api/v1/session", "head", "");
    assert_true(is_problem(&reply, 401, "brak-sesji"));
}

/* Every way but GET, with a cookie and without what only a page of ours has. */
static void
changes_need_the_token_of_a_page_of_ours(void **state)
{
    static const char *const bad[] = {"", "0", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    size_t                   changes = 0;

    (void)state;
    for (size_t i = 0; i < endpoint_count(); i++) {
        const struct endpoint *endpoint = endpoint_at(i);
        if (endpoint->method == PETITION_GET || endpoint->action == PERMISSION_ACTION_SIGN_IN) {
            continue;
        }
        const char *word = permission_ever(PERMISSION_ROLE_SUPERVISOR, endpoint->action)
                               ? "supervisor"
                               : "rule-owner";
        for (size_t t = 0; t <= ARRAY_COUNT(bad); t++) {
            struct petition petition =
                counter_petition(&counter, endpoint->method, endpoint->path, word, "{}");
            struct petition other = counter_petition(&counter, PETITION_GET, "/", "head", "");
            petition.csrf = t < ARRAY_COUNT(bad) ? str_of(bad[t]) : other.csrf;
            struct reply reply = counter_send(&counter, &petition);
            EXPECT(is_problem(&reply, 403, "brak-csrf"), endpoint->path);
        }
        changes++;
    }
    assert_true(changes >= 9);
    assert_string_equal(town_ask(&town, "SELECT count(*) FROM people.invitation"), "0");
}

static void
foreign_pages_change_nothing(void **state)
{
    static const char *const origins[] = {
        "https://evil.example",   "http://localhost:8443",
        "https://localhost",      "https://localhost:8443.evil.example",
        "https://localhost:8444", "null",
        "https://LOCALHOST:8443", "https://localhost:8443/",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(origins); i++) {
        struct petition petition =
            counter_petition(&counter, PETITION_DELETE, "/api/v1/session", "head", "");
        petition.origin = str_of(origins[i]);
        struct reply reply = counter_send(&counter, &petition);
        EXPECT(is_problem(&reply, 403, "obce-zrodlo"), origins[i]);
        petition = counter_petition(&counter, PETITION_POST, "/api/v1/session", NULL,
                                    credentials("head@example.test", STAND_PASSWORD, 0));
        petition.origin = str_of(origins[i]);
        reply = counter_send(&counter, &petition); /* signing somebody in unasked, too */
        EXPECT(is_problem(&reply, 403, "obce-zrodlo"), origins[i]);
    }
    struct petition program =
        counter_petition(&counter, PETITION_DELETE, "/api/v1/session", "head", "");
    program.origin = (struct str){0}; /* no browser; the token of the page is there */
    assert_int_equal(counter_send(&counter, &program).status, 204);
}

static void
bodies_are_json_objects_and_say_what_is_wrong(void **state)
{
    static const struct {
        const char *body;
        const char *type;
        int         status;
        const char *slug;
    } cases[] = {
        {"{",                                                                                    "application/json",                  400, "zla-tresc"  },
        {"",                                                                                     "application/json",                  400, "zla-tresc"  },
        {"[]",                                                                                   "application/json",                  400, "zla-tresc"  },
        {"{} x",                                                                                 "application/json",                  400, "zla-tresc"  },
        {"{\"role\":\"a\",\"role\":\"b\"}",                                                      "application/json",                  400, "zla-tresc"  },
        {"{\"role\":\"\xff\"}",                                                                  "application/json",                  400, "zla-tresc"  },
        {"{}",                                                                                   "text/plain",                        415, "to-nie-json"},
        {"{}",                                                                                   "application/x-www-form-urlencoded", 415, "to-nie-json"},
        {"{}",                                                                                   "",                                  415, "to-nie-json"},
        {"{}",                                                                                   "application/json; charset=utf-8",   422, "zle-dane"   },
        {"{\"role\":7}",                                                                         "application/json",                  422, "zle-dane"   },
        {"{\"role\":\"sender\"}",                                                                "application/json",                  422, "zle-dane"   },
        {"{\"role\":\"se\\u0000nder\"}",                                                         "application/json",                  400, "zla-tresc"  },
        {"{\"role\":\"sender\",\"email\":\"a\\nb@c\",\"name\":\"A\"}",                           "application/json",                  422,
         "zle-dane"                                                                                                                                     },
        {"{\"role\":\"sender\",\"email\":\"bez-malpy\",\"name\":\"A\",\"regon\":\"990000022\"}",
         "application/json",                                                                                                          422, "zle-dane"   },
        {"{\"role\":\"sender\",\"email\":\"a@b\",\"name\":\"A\",\"valid_to\":\"31.12.2026\"}",
         "application/json",                                                                                                          422, "zle-dane"   },
        {"{\"role\":\"boss\",\"email\":\"a@b\",\"name\":\"A\"}",                                 "application/json",                  422,
         "zle-dane"                                                                                                                                     },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct petition petition = counter_petition(&counter, PETITION_POST, "/api/v1/invitations",
                                                    "supervisor", cases[i].body);
        petition.content_type = str_of(cases[i].type);
        struct reply reply = counter_send(&counter, &petition);
        EXPECT(is_problem(&reply, cases[i].status, cases[i].slug), cases[i].body);
    }
}

/* Before anything else is looked at: the table says what a GET takes, others take nothing. */
static void
a_parameter_that_nobody_knows_is_refused_by_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < endpoint_count(); i++) {
        const struct endpoint *endpoint = endpoint_at(i);
        struct str target = str_format(town.arena, "%s?cursor=&dopisek=1", endpoint->path);
        bool       paged = str_has_word(str_of(endpoint->names), STR("cursor"));
        if (strchr(endpoint->path, '{') != NULL) {
            continue; /* a brace may not stand in an address */
        }
        struct reply reply = counter_ask(&counter, endpoint->method, target.data, "supervisor",
                                         endpoint->method == PETITION_GET ? NULL : "{}");
        EXPECT(is_problem(&reply, 400, "zly-parametr"), endpoint->path);
        EXPECT(counter_says(&reply, paged && endpoint->method == PETITION_GET
                                        ? "Parametru „dopisek” ten adres nie zna."
                                        : "Parametru „cursor” ten adres nie zna."),
               endpoint->path);
    }
}

/* Two who end the same appointment: the second hears that the first was quicker. */
static void
two_people_do_not_overwrite_each_other(void **state)
{
    (void)state;
    struct str   id = str_format(town.arena, "/api/v1/appointments/%s",
                                 town_ask(&town, "SELECT md5('ahead')::uuid"));
    struct reply seen = counter_ask(&counter, PETITION_GET, id.data, "supervisor", "");
    assert_int_equal(seen.status, 200);
    assert_true(counter_says(&seen, "ETag: \"1\"\r\n"));

    struct petition petition = counter_petition(&counter, PETITION_PATCH, id.data, "supervisor",
                                                "{\"valid_to\":\"2199-12-31\"}");
    struct reply    reply = counter_send(&counter, &petition);
    assert_true(is_problem(&reply, 428, "brak-if-match"));
    static const char *const bad[] = {"\"2\"", "\"0\"", "1", "W/\"1\"", "*", "\"\"", "\"1"};
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        petition.if_match = str_of(bad[i]);
        reply = counter_send(&counter, &petition);
        EXPECT(is_problem(&reply, 412, "ktos-zmienil"), bad[i]);
    }
    petition.if_match = STR("\"1\"");
    reply = counter_send(&counter, &petition);
    assert_int_equal(reply.status, 200);
    assert_true(counter_says(&reply, "ETag: \"2\"\r\n"));
    assert_string_equal(stand_member(&reply, "valid_to"), "2199-12-31");
    reply = counter_send(&counter, &petition);
    assert_true(is_problem(&reply, 412, "ktos-zmienil"));

    petition = counter_petition(&counter, PETITION_DELETE, id.data, "supervisor", "");
    petition.if_match = STR("\"2\"");
    assert_int_equal(counter_send(&counter, &petition).status, 204);
    petition.if_match = STR("\"3\"");
    reply = counter_send(&counter, &petition);
    assert_true(is_problem(&reply, 409, "stan-nie-pozwala"));
}

/* Nor do two who close the same unit, each on another day; what one has read is what they change.
 */
static void
two_people_do_not_close_a_unit_on_two_days(void **state)
{
    static const char *const bad[] = {"\"1\"", "\"0\"", "*", "1", "\"\"", "W/\"1\""};
    static const char        path[] = "/api/v1/units/990001010";
    struct reply             seen = counter_ask(&counter, PETITION_GET, path, "supervisor", "");

    (void)state;
    assert_int_equal(seen.status, 200);
    assert_string_equal(stand_member(&seen, "regon"), "990001010");
    struct str rest = seen.headers;
    struct str line = {0};
    struct str tag = {0};
    while (str_cut(&rest, '\n', &line)) {
        if (str_starts_with(line, STR("ETag: "))) {
            tag = str_trim(str_slice(line, 6, line.size));
        }
    }
    assert_true(tag.size > 2);
    struct petition petition =
        counter_petition(&counter, PETITION_PATCH, path, "supervisor",
                         "{\"valid_to\":\"2199-12-31\",\"basis\":\"uchwała nr 7\"}");
    struct reply reply = counter_send(&counter, &petition);
    assert_true(is_problem(&reply, 428, "brak-if-match"));
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        petition.if_match = str_of(bad[i]);
        reply = counter_send(&counter, &petition);
        EXPECT(is_problem(&reply, 412, "ktos-zmienil"), bad[i]);
    }
    assert_string_equal(town_ask(&town, "SELECT count(valid_to) FROM registry.unit"), "0");
    petition.if_match = tag;
    reply = counter_send(&counter, &petition);
    assert_int_equal(reply.status, 200);
    assert_true(counter_says(&reply, "ETag: "));
    reply = counter_send(&counter, &petition);
    assert_true(is_problem(&reply, 412, "ktos-zmienil"));
    assert_string_equal(town_ask(&town, "SELECT valid_to FROM registry.unit WHERE unit = 3"),
                        "2199-12-31");
    /* Who may not keep it does not get as far as that. */
    reply = counter_ask(&counter, PETITION_PATCH, path, "head", "{\"valid_to\":\"2199-12-31\"}");
    assert_int_equal(reply.status, 403);
    petition = counter_petition(&counter, PETITION_PATCH, "/api/v1/units/990001056", "supervisor",
                                "{\"valid_to\":\"2199-12-31\",\"basis\":\"uchwała nr 7\"}");
    petition.if_match = tag;
    reply = counter_send(&counter, &petition);
    assert_true(is_problem(&reply, 404, "nie-znaleziono"));
}

/* Whose role was taken away while a page of theirs was open. */
static void
role_that_was_taken_away_changes_nothing_any_more(void **state)
{
    (void)state;
    town_run(&town, "UPDATE people.appointment SET ended_at = now()"
                    " WHERE appointment = md5('ahead')::uuid");
    struct reply reply = counter_ask(
        &counter, PETITION_POST, "/api/v1/invitations", "head",
        "{\"role\":\"sender\",\"regon\":\"990000022\",\"email\":\"a@b\",\"name\":\"A\"}");
    assert_true(is_problem(&reply, 401, "brak-sesji"));
}

static void
who_has_no_role_yet_is_told_to_choose(void **state)
{
    (void)state;
    town_run(&town, "UPDATE people.session SET appointment = NULL");
    struct reply reply = counter_ask(&counter, PETITION_GET, "/api/v1/tokens", "head", "");
    assert_true(is_problem(&reply, 403, "brak-roli"));
    reply = counter_ask(&counter, PETITION_GET, "/api/v1/session", "head", "");
    assert_int_equal(reply.status, 200);
    struct str body = str_format(town.arena, "{\"appointment\":\"%s\"}",
                                 town_ask(&town, "SELECT md5('ahead')::uuid"));
    reply = counter_ask(&counter, PETITION_PUT, "/api/v1/session", "head", body.data);
    assert_int_equal(reply.status, 200);
    /* Turned: what was known before opens nothing, the new cookie does. */
    struct reply old = counter_ask(&counter, PETITION_GET, "/api/v1/session", "head", "");
    assert_true(is_problem(&old, 401, "brak-sesji"));
    struct petition petition = with_cookie(PETITION_GET, "/api/v1/tokens", cookie_of(&reply), "");
    assert_int_equal(counter_send(&counter, &petition).status, 200);
}

/* Neither a number that brama gives to nobody nor one of another takes a role off. */
static void
who_turns_to_nothing_that_is_theirs_stays_what_they_are(void **state)
{
    static const struct {
        const char *body;
        int         status;
        const char *problem;
    } rows[] = {
        {"{\"appointment\":\"00000000-0000-0000-0000-000000000000\"}", 422, "zle-dane"      },
        {"{\"appointment\":\"nic\"}",                                  422, "zle-dane"      },
        {"{\"appointment\":7}",                                        422, "zle-dane"      },
        {"{\"appointment\":\"0199a2c4-7d10-7a31-9c55-000000000009\"}", 404, "nie-znaleziono"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct reply reply =
            counter_ask(&counter, PETITION_PUT, "/api/v1/session", "head", rows[i].body);
        EXPECT(is_problem(&reply, rows[i].status, rows[i].problem), rows[i].body);
        reply = counter_ask(&counter, PETITION_GET, "/api/v1/tokens", "head", "");
        EXPECT(reply.status == 200, rows[i].body);
    }
}

static void
invited_person_comes_in_and_signs_in(void **state)
{
    (void)state;
    struct reply made = counter_ask(
        &counter, PETITION_POST, "/api/v1/invitations", "head",
        "{\"role\":\"sender\",\"regon\":\"990000022\",\"email\":\"Jan@B.test\",\"name\":\"Jan\"}");
    assert_int_equal(made.status, 201);
    struct str   body = str_format(town.arena, "{\"token\":\"%s\",\"password\":\"za krotkie\"}",
                                   stand_member(&made, "token"));
    struct reply reply =
        counter_ask(&counter, PETITION_POST, "/api/v1/invitations/acceptance", NULL, body.data);
    assert_true(is_problem(&reply, 422, "zle-dane"));
    body = str_format(town.arena, "{\"token\":\"%s\",\"password\":\"" STAND_PASSWORD "\"}",
                      stand_member(&made, "token"));
    reply = counter_ask(&counter, PETITION_POST, "/api/v1/invitations/acceptance", NULL, body.data);
    assert_int_equal(reply.status, 201);
    assert_true(strncmp(stand_member(&reply, "totp_uri"), "otpauth://", 10) == 0);
    assert_true(strncmp(stand_member(&reply, "totp_qr_svg"), "<svg ", 5) == 0);
    assert_true(strncmp(stand_member(&reply, "totp_qr_text"), "█", 3) == 0);
    reply = counter_ask(&counter, PETITION_POST, "/api/v1/invitations/acceptance", NULL, body.data);
    assert_true(is_problem(&reply, 404, "nie-znaleziono"));
    /* The secret of a link is shown when it is made, and never again. */
    struct reply list = counter_ask(&counter, PETITION_GET, "/api/v1/invitations", "head", "");
    assert_false(counter_says(&list, "\"token\""));
}

static void
token_is_told_once_works_and_stops(void **state)
{
    struct str day = str_of(town_ask(&town, "SELECT current_date + 300"));
    struct str body = str_format(town.arena,
                                 "{\"label\":\"F-K\",\"scopes\":[\"submissions:write\","
                                 "\"submissions:read\"],\"expires_on\":\"%s\"}",
                                 day.data);

    (void)state;
    struct reply made = counter_ask(&counter, PETITION_POST, "/api/v1/tokens", "head", body.data);
    assert_int_equal(made.status, 201);
    const char *token = stand_member(&made, "token");
    assert_true(strncmp(token, "brk_test_", 9) == 0 && strlen(token) == 9 + SECRET_TEXT_SIZE);
    struct str known = str_format(town.arena,
                                  "SELECT unit || ' ' || scopes || ' ' || revoked FROM"
                                  " registry.authenticate(false, sha256('%s'))",
                                  token);
    assert_string_equal(town_ask(&town, known.data), "2 3 false");
    struct reply list = counter_ask(&counter, PETITION_GET, "/api/v1/tokens", "head", "");
    assert_false(counter_says(&list, "brk_test_"));
    struct str id = str_format(town.arena, "/api/v1/tokens/%s",
                               town_ask(&town, "SELECT max(credential) FROM registry.credential"));
    assert_int_equal(counter_ask(&counter, PETITION_DELETE, id.data, "head", "").status, 204);
    assert_string_equal(town_ask(&town, known.data), "2 3 true");
    struct reply again = counter_ask(&counter, PETITION_DELETE, id.data, "head", "");
    assert_true(is_problem(&again, 404, "nie-znaleziono"));
}

/* It stands in an address, which is told once; it has no other scope, whoever writes it. */
static void
token_of_a_calendar_is_told_with_its_address_once(void **state)
{
    struct str day = str_of(town_ask(&town, "SELECT current_date + 30"));
    struct str body = str_format(town.arena,
                                 "{\"label\":\"telefon\",\"scopes\":[\"obligations:feed\"],"
                                 "\"expires_on\":\"%s\"}",
                                 day.data);

    (void)state;
    struct reply made = counter_ask(&counter, PETITION_POST, "/api/v1/tokens", "head", body.data);
    assert_int_equal(made.status, 201);
    const char *token = stand_member(&made, "token");
    assert_true(strncmp(token, "brf_test_", 9) == 0 && strlen(token) == 9 + SECRET_TEXT_SIZE);
    struct str address = str_format(town.arena, "/api/v1/obligations.ics?token=%s", token);
    assert_true(str_ends_with(str_of(stand_member(&made, "feed_url")), address));
    struct str known = str_format(town.arena,
                                  "SELECT unit || ' ' || scopes || ' ' || revoked FROM"
                                  " registry.authenticate(false, sha256('%s'))",
                                  token);
    assert_string_equal(town_ask(&town, known.data), "2 32 false");
    struct reply list = counter_ask(&counter, PETITION_GET, "/api/v1/tokens", "head", "");
    assert_false(counter_says(&list, "brf_test_"));
    assert_true(counter_says(&list, "obligations:feed"));
    /* In the trail it stands that there is one, and not which. */
    struct str traces = str_format(town.arena,
                                   "SELECT count(*) FROM people.audit WHERE detail::text LIKE"
                                   " '%%%s%%' OR object LIKE '%%%s%%'",
                                   token, token);
    assert_string_equal(town_ask(&town, traces.data), "0");
    struct str id = str_format(town.arena, "/api/v1/tokens/%s",
                               town_ask(&town, "SELECT max(credential) FROM registry.credential"));
    assert_true(counter_ask(&counter, PETITION_DELETE, id.data, "sender", "").status == 403);
    assert_int_equal(counter_ask(&counter, PETITION_DELETE, id.data, "head", "").status, 204);
    assert_string_equal(town_ask(&town, known.data), "2 32 true");
    /* Of another kind no address is told. */
    body = str_format(town.arena,
                      "{\"label\":\"F-K\",\"scopes\":[\"obligations:read\"],\"expires_on\":\"%s\"}",
                      day.data);
    made = counter_ask(&counter, PETITION_POST, "/api/v1/tokens", "head", body.data);
    assert_true(counter_says(&made, "\"feed_url\":null"));
}

static void
token_lives_a_year_at_most_and_has_known_scopes(void **state)
{
    static const struct {
        const char *scopes;
        const char *day;
        int         status;
        const char *who;
    } cases[] = {
        {"[\"submissions:read\"]",                       "SELECT current_date + 365", 201, "head"      },
        {"[\"submissions:read\"]",                       "SELECT current_date + 367", 422, "head"      },
        {"[\"submissions:read\"]",                       "SELECT current_date - 1",   422, "head"      },
        {"[\"submissions:read\"]",                       "SELECT 'jutro'",            422, "head"      },
        {"[]",                                           "SELECT current_date + 1",   422, "head"      },
        {"[\"submissions:delete\"]",                     "SELECT current_date + 1",   422, "head"      },
        {"[\"submissions:read\",7]",                     "SELECT current_date + 1",   422, "head"      },
        {"\"submissions:read\"",                         "SELECT current_date + 1",   422, "head"      },
        {"[\"obligations:feed\"]",                       "SELECT current_date + 367", 422, "head"      },
        {"[\"obligations:feed\",\"obligations:read\"]",  "SELECT current_date + 1",   422, "head"      },
        {"[\"obligations:feed\",\"submissions:write\"]", "SELECT current_date + 1",   422, "head"      },
        {"[\"obligations:feed\"]",                       "SELECT current_date + 1",   403, "sender"    },
        {"[\"obligations:feed\"]",                       "SELECT current_date + 1",   201, "reviewer"  },
        {"[\"obligations:read\"]",                       "SELECT current_date + 1",   201, "reviewer"  },
        {"[\"review:*\",\"obligations:read\"]",          "SELECT current_date + 1",   422, "reviewer"  },
        {"[\"registry:write\"]",                         "SELECT current_date + 1",   201, "supervisor"},
        {"[\"registry:write\"]",                         "SELECT current_date + 1",   422, "head"      },
        {"[\"registry:write\"]",                         "SELECT current_date + 1",   422, "reviewer"  },
        {"[\"submissions:write\"]",                      "SELECT current_date + 1",   422, "reviewer"  },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str body =
            str_format(town.arena, "{\"label\":\"x\",\"scopes\":%s,\"expires_on\":\"%s\"}",
                       cases[i].scopes, town_ask(&town, cases[i].day));
        struct reply reply =
            counter_ask(&counter, PETITION_POST, "/api/v1/tokens", cases[i].who, body.data);
        EXPECT(reply.status == cases[i].status, body.data);
    }
}

#ifndef COUNTER_OVER_HTTP /* the front has more than the desk has, and says 405 */
static void
what_is_not_in_the_table_is_not_there(void **state)
{
    static const struct {
        enum petition_method method;
        const char          *path;
    } cases[] = {
        {PETITION_GET,   "/"                       },
        {PETITION_GET,   ""                        },
        {PETITION_GET,   "/api/v1/session/"        },
        {PETITION_GET,   "/api/v1//session"        },
        {PETITION_GET,   "/api/v1/SESSION"         },
        {PETITION_PATCH, "/api/v1/session"         },
        {PETITION_PUT,   "/api/v1/tokens/1"        },
        {PETITION_GET,   "/api/v1/appointments/a/b"},
        {PETITION_GET,   "/api/v1/submissions"     },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct reply reply =
            counter_ask(&counter, cases[i].method, cases[i].path, "supervisor", "");
        EXPECT(is_problem(&reply, 404, "nie-znaleziono"), cases[i].path);
    }
    static const char *const ids[] = {
        "1", "-1", "00000000-0000-0000-0000-000000000000", "%27%20OR%201=1", "zażółć", "a b"};
    for (size_t i = 0; i < ARRAY_COUNT(ids); i++) {
        struct str   path = str_format(town.arena, "/api/v1/appointments/%s", ids[i]);
        struct reply reply = counter_ask(&counter, PETITION_GET, path.data, "supervisor", "");
        EXPECT(is_problem(&reply, 404, "nie-znaleziono"), ids[i]);
    }
}
#endif

static void
trail_tells_who_did_what_and_no_secret(void **state)
{
    (void)state;
    (void)counter_ask(
        &counter, PETITION_POST, "/api/v1/invitations", "head",
        "{\"role\":\"sender\",\"regon\":\"990000022\",\"email\":\"jan@b.test\",\"name\":\"Jan\"}");
    struct reply trail =
        counter_ask(&counter, PETITION_GET, "/api/v1/trail?regon=990000022", "auditor", "");
    assert_int_equal(trail.status, 200);
    assert_true(counter_says(&trail, "\"object_kind\":\"people.invitation\""));
    assert_true(counter_says(&trail, "\"detail_text\":\"zaproszenie: dodano; rola: sender; "
                                     "jednostka: 990000022; od: "));
    assert_true(counter_says(&trail, town_person(&town, PERMISSION_ROLE_HEAD)));
    assert_false(counter_says(&trail, "jan@b.test"));
    assert_false(counter_says(&trail, "digest"));
}

static void
lost_database_is_said_and_comes_back(void **state)
{
    (void)state;
    assert_int_equal(counter_ask(&counter, PETITION_GET, "/api/v1/session", "head", "").status,
                     200);
    struct reply reply = {0};
    town_run(&town, "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                    " WHERE usename = 'brama_desk'");
    reply = counter_ask(&counter, PETITION_GET, "/api/v1/session", "head", "");
    assert_true(is_problem(&reply, 503, "przerwa-techniczna"));
    assert_true(counter_says(&reply, "Retry-After: 5"));
    reply = counter_ask(&counter, PETITION_GET, "/api/v1/session", "head", "");
    assert_int_equal(reply.status, 200);
}

int
main(void)
{
#define DESK_TEST(test) cmocka_unit_test_setup_teardown(test, begin, stand_end)
    const struct CMUnitTest tests[] = {
        DESK_TEST(sign_in_gives_a_cookie_of_this_host_alone),
        DESK_TEST(refusal_of_a_sign_in_does_not_say_what_was_wrong),
        DESK_TEST(brute_force_is_made_to_wait_and_nobody_else_is),
        DESK_TEST(sign_in_takes_no_session_that_was_brought_along),
        DESK_TEST(cookie_opens_nothing_after_the_sign_out),
        DESK_TEST(changes_need_the_token_of_a_page_of_ours),
        DESK_TEST(foreign_pages_change_nothing),
        DESK_TEST(bodies_are_json_objects_and_say_what_is_wrong),
        DESK_TEST(a_parameter_that_nobody_knows_is_refused_by_its_name),
        DESK_TEST(two_people_do_not_overwrite_each_other),
        DESK_TEST(two_people_do_not_close_a_unit_on_two_days),
        DESK_TEST(role_that_was_taken_away_changes_nothing_any_more),
        DESK_TEST(who_turns_to_nothing_that_is_theirs_stays_what_they_are),
        DESK_TEST(who_has_no_role_yet_is_told_to_choose),
        DESK_TEST(invited_person_comes_in_and_signs_in),
        DESK_TEST(token_is_told_once_works_and_stops),
        DESK_TEST(token_of_a_calendar_is_told_with_its_address_once),
        DESK_TEST(token_lives_a_year_at_most_and_has_known_scopes),
#ifndef COUNTER_OVER_HTTP
        DESK_TEST(what_is_not_in_the_table_is_not_there),
#endif
        DESK_TEST(trail_tells_who_did_what_and_no_secret),
        DESK_TEST(lost_database_is_said_and_comes_back),
    };

    return cmocka_run_group_tests(tests, stand_start, stand_stop);
}
