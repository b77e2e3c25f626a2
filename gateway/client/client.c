#include "gateway/client/client.h"

#include "gateway/ticks/ticks.h"

#include <errno.h>
#include <openssl/evp.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

enum {
    MILLISECONDS = 1000,
    NANOSECONDS_PER_MS = 1000000,
    PAUSE_FIRST_MS = 1000,
    PAUSE_LAST_MS = 30000,
    PAUSE_LEAST_MS = 100,
    ATTEMPT_MS = 120000,
    DICE_PARTS = 1024, /* of which chance takes at most 255 */
    DIGEST_SIZE = 32,
    DIGEST_BASE64_SIZE = 45,
    AUTHORITY_MAX = 300,
};

struct client {
    struct client_settings settings;
    struct transfer       *transfer;
    const char            *authorization; /* a whole header, or NULL */
};

bool
client_key_valid(struct str key)
{
    for (size_t i = 0; i < key.size; i++) {
        if (key.data[i] <= ' ' || key.data[i] > '~') {
            return false;
        }
    }
    return key.size >= 1 && key.size <= CLIENT_KEY_SIZE_MAX;
}

/* Name and port and nothing else: no user, no path, no query, no blanks. */
static bool
is_authority(struct str text)
{
    static const struct str allowed =
        STR_INIT("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]");

    for (size_t i = 0; i < text.size; i++) {
        if (memchr(allowed.data, text.data[i], allowed.size) == NULL) {
            return false;
        }
    }
    return text.size >= 1 && text.size <= AUTHORITY_MAX;
}

static enum err
take_server(struct str *server, struct fault *fault)
{
    static const struct str scheme = STR_INIT("https://");

    if (str_ends_with(*server, STR("/"))) {
        server->size--;
    }
    if (!str_starts_with(*server, scheme)
        || !is_authority(str_slice(*server, scheme.size, server->size))) {
        return FAIL(
            fault, ERR_USAGE,
            "adres serwera „%.*s” powinien mieć postać https://nazwa albo https://nazwa:port",
            (int)(server->size < AUTHORITY_MAX ? server->size : AUTHORITY_MAX),
            server->data == NULL ? "" : server->data);
    }
    return ERR_OK;
}

enum err
client_create(struct arena *arena, const struct client_settings *settings, struct client **out,
              struct fault *fault)
{
    struct client *client = ARENA_NEW(arena, struct client, 1);

    if (client == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci na połączenie");
    }
    client->settings = *settings;
    TRY(take_server(&client->settings.server, fault));
    if (settings->token.size > 0) {
        client->authorization =
            str_format(arena, "Authorization: Bearer %.*s", STR_ARG(settings->token)).data;
        if (client->authorization == NULL) {
            return FAIL(fault, ERR_MEMORY, "brak pamięci na połączenie");
        }
    }
    TRY(transfer_create(arena, &settings->transfer, &client->transfer, fault));
    *out = client;
    return ERR_OK;
}

static const char *
digest_header(struct arena *arena, const unsigned char *sha256)
{
    unsigned char base64[DIGEST_BASE64_SIZE];

    ENSURE(EVP_EncodeBlock(base64, sha256, DIGEST_SIZE) == DIGEST_BASE64_SIZE - 1);
    return str_format(arena, "Content-Digest: sha-256=:%s:", (const char *)base64).data;
}

/* Headers of a request; false when the arena is full. */
static bool
write_headers(const struct client *client, struct arena *arena,
              const struct client_request *request, struct transfer_request *out)
{
    size_t count = 0;

    out->headers[count++] = str_format(arena, "Accept: %s", request->accept).data;
    if (client->authorization != NULL) {
        out->headers[count++] = client->authorization;
    }
    if (request->change == CLIENT_PUT_JSON || request->change == CLIENT_PUT_CSV) {
        out->headers[count++] = request->change == CLIENT_PUT_JSON
                                    ? "Content-Type: application/json"
                                    : "Content-Type: text/csv; charset=utf-8";
        out->headers[count++] = "Expect:";
    }
    if (request->if_match.size > 0) {
        out->headers[count++] =
            str_format(arena, "If-Match: %.*s", STR_ARG(request->if_match)).data;
    }
    if (request->body.data != NULL && request->change == CLIENT_NO_CHANGE) {
        out->headers[count++] = "Content-Type: application/xml";
        out->headers[count++] = "Expect:"; /* one round trip, not two */
        out->headers[count++] =
            str_format(arena, "Prefer: wait=%lld", (long long)request->wait_seconds).data;
    }
    if (request->sha256 != NULL) {
        out->headers[count++] = digest_header(arena, request->sha256);
    }
    if (request->key.size > 0) {
        out->headers[count++] =
            str_format(arena, "Idempotency-Key: %.*s", STR_ARG(request->key)).data;
    }
    for (size_t i = 0; i < count; i++) {
        if (out->headers[i] == NULL) {
            return false;
        }
    }
    return true;
}

static void
sleep_ms(int64_t pause)
{
    struct timespec left = {.tv_sec = pause / MILLISECONDS,
                            .tv_nsec = pause % MILLISECONDS * NANOSECONDS_PER_MS};

    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
}

static bool
is_busy(int status)
{
    return status == 429 || status == 502 || status == 503 || status == 504;
}

/* Doubling, and up to a quarter more by chance, so that clients do not come back all at once. */
static int64_t
pause_after(unsigned attempt, struct str retry_after)
{
    int64_t       seconds = 0;
    int64_t       pause = PAUSE_FIRST_MS;
    unsigned char dice = 0;

    for (unsigned i = 1; i < attempt && pause < PAUSE_LAST_MS; i++) {
        pause *= 2;
    }
    if (pause > PAUSE_LAST_MS) {
        pause = PAUSE_LAST_MS;
    }
    if (str_to_number(retry_after, &seconds) && seconds <= INT32_MAX) {
        pause = seconds * MILLISECONDS > PAUSE_LEAST_MS ? seconds * MILLISECONDS : PAUSE_LEAST_MS;
    }
    if (getrandom(&dice, sizeof dice, GRND_NONBLOCK) != (ssize_t)sizeof dice) {
        dice = 0; /* without chance there is no harm */
    }
    return pause + pause * dice / DICE_PARTS;
}

/* Whether there is time for another attempt; then the pause before it is over. */
static bool
wait_for_next(const struct client *client, int64_t deadline, int64_t pause, const char *why)
{
    if (ticks_ms() + pause > deadline) {
        return false;
    }
    if (client->settings.notice != NULL) {
        client->settings.notice(client->settings.object, why, pause);
    }
    sleep_ms(pause);
    return true;
}

enum err
client_send(struct client *client, struct arena *arena, const struct client_request *request,
            struct transfer_answer *out, struct fault *fault)
{
    struct transfer_request sent = {
        .is_post = request->body.data != NULL || request->change != CLIENT_NO_CHANGE,
        .is_put = request->change == CLIENT_PUT_JSON || request->change == CLIENT_PUT_CSV,
        .body = request->body.data == NULL ? STR("") : request->body};
    int64_t deadline = ticks_ms() + client->settings.retry_ms;

    sent.time_max_ms = ATTEMPT_MS + request->wait_seconds * MILLISECONDS;
    sent.url = str_format(arena, "%.*s%s", STR_ARG(client->settings.server), request->path).data;
    if (sent.url == NULL || !write_headers(client, arena, request, &sent)) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci na żądanie");
    }
    for (unsigned attempt = 1;; attempt++) {
        struct transfer_answer answer = {0};
        struct fault           why = {0};
        bool                   again = false;
        enum err got = transfer_run(client->transfer, arena, &sent, &answer, &again, &why);

        if (got == ERR_OK && is_busy(answer.status)) {
            again = true;
            (void)FAIL(&why, ERR_NETWORK, "serwer jest zajęty (HTTP %d)", answer.status);
        }
        if (!again
            || !wait_for_next(client, deadline, pause_after(attempt, answer.retry_after),
                              why.text)) {
            *out = answer;
            return got == ERR_OK ? got : FAIL(fault, got, "%s", why.text);
        }
    }
}

struct str
client_path(const struct client *client, struct str url)
{
    struct str server = client->settings.server;

    if (str_starts_with(url, server)) {
        url = str_slice(url, server.size, url.size);
    }
    if (!str_starts_with(url, STR("/api/v1/"))) {
        return (struct str){0};
    }
    for (size_t i = 0; i < url.size; i++) {
        if (url.data[i] <= ' ' || url.data[i] > '~') {
            return (struct str){0};
        }
    }
    return url;
}
