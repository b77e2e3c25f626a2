#include "tests/scenario/gateway/staff.h"

#include "gateway/fingerprint/fingerprint.h"
#include "gateway/page_guard/page_guard.h"
#include "gateway/people/password.h"
#include "gateway/people/secret.h"
#include "gateway/people/totp.h"

#include <string.h>

enum { SMALL_ROOM = 1 << 20 };

#define TOTP_SECRET "12345678901234567890"
#define COOKIE "__Host-brama="

static const char *
hash_of_password(struct arena *arena)
{
    struct fault fault = {0};
    struct str   hash = {0};

    ENSURE(password_warm_up(&fault) == ERR_OK);
    ENSURE(password_hash(arena, STR(STAFF_PASSWORD), &hash, &fault) == ERR_OK);
    return hash.data;
}

void
staff_hire(const struct office *office, const char *word, const char *role, int64_t unit,
           const char *recipient)
{
    struct arena *arena = arena_create(SMALL_ROOM);

    ENSURE(strlen(word) <= STAFF_WORD_MAX);
    cluster_run(
        office->cluster, office->database,
        str_format(
            arena,
            "INSERT INTO people.person (person, email, name, confirmed_at) VALUES"
            " (md5('%s')::uuid, '%s@example.test', 'Osoba %s', now());"
            "INSERT INTO people.secret (person, password, totp) VALUES (md5('%s')::uuid, '%s',"
            " '" TOTP_SECRET "');"
            "INSERT INTO people.appointment (appointment, person, role, unit, office, valid_from)"
            " VALUES (md5('a%s')::uuid, md5('%s')::uuid, '%s', nullif(%lld, 0), nullif('%s', ''),"
            " '2020-01-01');"
            "INSERT INTO people.session (digest, person, appointment, provider, expires_at) VALUES"
            " (sha256(rpad('%s', %d, '-')::bytea), md5('%s')::uuid, md5('a%s')::uuid, 'password',"
            " now() + interval '1 hour')",
            word, word, word, word, hash_of_password(arena), word, word, role, (long long)unit,
            recipient == NULL ? "" : recipient, word, (int)SECRET_TEXT_SIZE, word, word)
            .data);
    arena_destroy(arena);
}

static struct str
token_of(struct arena *arena, const char *word)
{
    struct buf text = buf_create(arena, SECRET_TEXT_SIZE);

    buf_append(&text, str_of(word));
    for (size_t i = strlen(word); i < SECRET_TEXT_SIZE; i++) {
        buf_byte(&text, '-');
    }
    ENSURE(buf_ok(&text));
    return buf_str(&text);
}

static struct str
given(const struct http_answer *answer)
{
    struct str cookie = http_header(answer, "Set-Cookie");

    if (!str_starts_with(cookie, STR(COOKIE))) {
        return (struct str){0};
    }
    struct str rest = str_slice(cookie, strlen(COOKIE), cookie.size);
    struct str token = {0};
    (void)str_cut(&rest, ';', &token);
    return token;
}

static const char *
cookie_line(struct arena *arena, struct str token)
{
    return str_format(arena, "Cookie: " COOKIE "%.*s", STR_ARG(token)).data;
}

static const char *
csrf_line(struct arena *arena, struct str token)
{
    unsigned char digest[FINGERPRINT_SIZE];
    struct fault  fault = {0};
    struct str    csrf = {0};

    ENSURE(fingerprint_of(token, digest, &fault) == ERR_OK);
    ENSURE(page_guard_token(arena, digest, &csrf, &fault) == ERR_OK);
    return str_format(arena, "X-CSRF-Token: %.*s", STR_ARG(csrf)).data;
}

const char *
staff_cookie(struct arena *arena, const char *word)
{
    return cookie_line(arena, token_of(arena, word));
}

const char *
staff_csrf(struct arena *arena, const char *word)
{
    return csrf_line(arena, token_of(arena, word));
}

const char *
staff_cookie_given(struct arena *arena, const struct http_answer *answer)
{
    struct str token = given(answer);

    return token.size == 0 ? NULL : cookie_line(arena, token);
}

const char *
staff_csrf_given(struct arena *arena, const struct http_answer *answer)
{
    struct str token = given(answer);

    return token.size == 0 ? NULL : csrf_line(arena, token);
}

/* By the clock of the database, which compares it: the machine's, whatever TEST says. */
struct str
staff_credentials(const struct office *office, struct arena *arena, const char *word,
                  const char *password, int64_t steps)
{
    struct fault fault = {0};
    int64_t      now = 0;
    int          code = 0;

    ENSURE(str_to_number(
        office_ask(office, arena, "SELECT floor(extract(epoch FROM now()))::bigint"), &now));
    ENSURE(totp_code(STR(TOTP_SECRET), now / TOTP_STEP_SECONDS + steps, &code, &fault) == ERR_OK);
    return str_format(arena,
                      "{\"email\":\"%s@example.test\",\"password\":\"%s\",\"code\":\"%06d\"}", word,
                      password, code);
}
