#include "tests/unit/gateway/desk/counter.h"

#include "gateway/fingerprint/fingerprint.h"
#include "gateway/page_guard/page_guard.h"

#include <string.h>

void
counter_sign(struct counter *counter, struct petition *petition, struct str token)
{
    struct fault fault = {0};
    size_t       at = counter->token_count % COUNTER_TOKENS_MAX;

    petition->has_session = true;
    ENSURE(fingerprint_of(token, petition->session, &fault) == ERR_OK);
    ENSURE(page_guard_token(counter->town->arena, petition->session, &petition->csrf, &fault)
           == ERR_OK);
    memcpy(counter->tokens[at].digest, petition->session, sizeof petition->session);
    counter->tokens[at].token = token;
    counter->token_count++;
}

void
counter_bear(struct counter *counter, struct petition *petition, struct str token)
{
    struct fault fault = {0};
    size_t       at = counter->token_count % COUNTER_TOKENS_MAX;

    petition->has_session = false;
    petition->has_token = true;
    petition->origin = (struct str){0};
    petition->csrf = (struct str){0};
    ENSURE(fingerprint_of(token, petition->token, &fault) == ERR_OK);
    memcpy(counter->tokens[at].digest, petition->token, sizeof petition->token);
    counter->tokens[at].token = token;
    counter->token_count++;
}

struct petition
counter_petition(struct counter *counter, enum petition_method method, const char *target,
                 const char *word, const char *body)
{
    struct str      rest = str_of(target);
    struct petition petition = {.handle = 7,
                                .method = method,
                                .content_type = STR("application/json"),
                                .origin = STR(COUNTER_ORIGIN),
                                .address = STR(COUNTER_ADDRESS),
                                .body = str_of(body)};

    (void)str_cut(&rest, '?', &petition.path);
    petition.query = rest;
    if (word != NULL) {
        counter_sign(counter, &petition, town_token(counter->town, word));
    }
    return petition;
}

struct reply
counter_ask(struct counter *counter, enum petition_method method, const char *target,
            const char *word, const char *body)
{
    struct petition petition = counter_petition(counter, method, target, word, body);

    return counter_send(counter, &petition);
}

static bool
holds(struct str text, struct str part)
{
    for (size_t from = 0; from + part.size <= text.size; from++) {
        if (memcmp(text.data + from, part.data, part.size) == 0) {
            return true;
        }
    }
    return false;
}

bool
counter_says(const struct reply *reply, const char *text)
{
    return holds(reply->body, str_of(text)) || holds(reply->headers, str_of(text));
}
