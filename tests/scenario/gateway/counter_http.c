#include "tests/support/edge.h"
#include "tests/unit/gateway/desk/counter.h"

#include <string.h>

enum { LINE_MAX_OURS = 1024 }; /* COUNTER_OVER_TLS: 1 through nginx, 0 at the front's socket */

void
counter_begin(struct counter *counter, struct town *town)
{
    static const struct station_options options = {0};

    *counter = (struct counter){.town = town};
    counter->station = station_create(town->cluster, town->database, &options);
    counter->edge = COUNTER_OVER_TLS ? edge_start(counter->station) : NULL;
}

void
counter_end(struct counter *counter)
{
    edge_stop(counter->edge);
    station_destroy(counter->station);
}

static struct str
token_of(const struct counter *counter, const unsigned char *digest)
{
    for (size_t i = 0; i < COUNTER_TOKENS_MAX; i++) {
        if (memcmp(counter->tokens[i].digest, digest, PETITION_DIGEST_SIZE) == 0) {
            return counter->tokens[i].token;
        }
    }
    return (struct str){0};
}

/* "Name: value", as curl wants it; an empty value: curl leaves the header out. */
static const char *
line(const struct counter *counter, const char *name, struct str value)
{
    return str_format(counter->town->arena, "%s: %.*s", name, STR_ARG(value)).data;
}

/* The headers that the desk has made, without those of the front. */
static struct str
own_headers(const struct counter *counter, const struct http_answer *answer)
{
    static const char *const names[] = {"Set-Cookie", "Clear-Site-Data", "ETag", "Retry-After",
                                        "Cache-Control"};
    struct buf               out = buf_create(counter->town->arena, LINE_MAX_OURS);

    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        struct str value = http_header(answer, names[i]);
        if (value.size > 0) {
            buf_format(&out, "%s: %.*s\r\n", names[i], STR_ARG(value));
        }
    }
    return buf_str(&out);
}

struct reply
counter_send(struct counter *counter, const struct petition *petition)
{
    struct str cookie = str_format(counter->town->arena, "__Host-brama=%.*s",
                                   STR_ARG(token_of(counter, petition->session)));
    struct str bearer = str_format(counter->town->arena, "Bearer %.*s",
                                   STR_ARG(token_of(counter, petition->token)));
    bool       asked = petition->query.size > 0;
    struct str path = str_format(counter->town->arena, "%.*s%s%.*s", STR_ARG(petition->path),
                                 asked ? "?" : "", STR_ARG(petition->query));
    struct http_request request = {
        .method = petition_method_name(petition->method),
        .path = path.data,
        .headers = {line(counter, "Content-Type", petition->content_type),
                    line(counter, "Origin", petition->origin),
                    line(counter, "X-CSRF-Token", petition->csrf),
                    line(counter, "If-Match", petition->if_match),
                    line(counter, "X-Brama-Client-Address", petition->address),
                    "X-Request-Id: 0199a2c4-7d10-7a31-9c55-0f6f1c2b3d4e", petition->has_token     ? line(counter, "Authorization", bearer)
                    : petition->has_session ? line(counter, "Cookie", cookie)
                                            : NULL},
        .body = petition->body,
    };
    struct http_answer answer = http_ask(counter->town->arena,
                                         counter->edge == NULL ? station_target(counter->station)
                                                               : edge_target(counter->edge),
                                         &request);

    return (struct reply){.handle = petition->handle,
                          .status = answer.status,
                          .content_type = http_header(&answer, "Content-Type"),
                          .headers = own_headers(counter, &answer),
                          .body = answer.body};
}
