#include "gateway/front/petitioner.h"

#include "gateway/front/body.h"
#include "gateway/front/inquiry.h"
#include "gateway/wire/petition.h"

#include <string.h>

enum { PETITIONS_MAX = 32 }; /* with the desk at once */

static enum petition_method
method_of(const struct request *request)
{
    for (int method = PETITION_GET; method < PETITION_METHOD_COUNT; method++) {
        const char *name = petition_method_name((enum petition_method)method);
        if (str_equal(request->method, str_of(name))) {
            return (enum petition_method)method;
        }
    }
    return PETITION_GET; /* HEAD: the library leaves the body out */
}

static struct petition
compose(const struct request *request)
{
    struct petition petition = request->petition;

    petition.handle = request->handle;
    petition.method = method_of(request);
    petition.request = request->id;
    petition.path = request->path;
    petition.query = request->query;
    petition.has_key = request->credential_kind == QUESTION_CERTIFICATE;
    memcpy(petition.key, request->known_by, sizeof petition.key);
    memcpy(petition.token, request->known_by, sizeof petition.token);
    return petition;
}

/* False when no desk can take it now. */
static bool
send_petition(struct exchange *exchange, struct request *request)
{
    struct arena   *scratch = arena_create(4 * (size_t)WIRE_BODY_MAX);
    struct buf      body = buf_create(scratch, WIRE_BODY_MAX);
    struct petition petition = compose(request);
    int             slot = peers_choose(&exchange->peers, PEER_DESK, 0, PETITIONS_MAX, SIZE_MAX);

    petition_encode(&body, &petition);
    ENSURE(buf_ok(&body)); /* every part of it is bounded where it is read */
    struct wire_message message = {
        WIRE_PETITION, buf_str(&body), {request->spooled ? request->spool.fd : -1, -1}
    };
    bool sent = slot >= 0 && peers_send(&exchange->peers, PEER_DESK, (unsigned)slot, &message, 0);
    request->peer = slot;
    arena_destroy(scratch);
    return sent;
}

void
petitioner_ask(struct exchange *exchange, struct request *request)
{
    if (request->spooled && !body_finish(exchange, request)) {
        return;
    }
    request_enter(request, REQUEST_ASKING);
    request->asked = send_petition(exchange, request);
    if (!request->asked) {
        request->peer = REQUEST_NO_PEER;
        exchange_refuse(exchange, request, PROBLEM_UNAVAILABLE,
                        STR("Nic nie zostało zmienione. Spróbuj ponownie za chwilę."));
        exchange_settle(exchange, request);
    }
}

bool
petitioner_take(struct exchange *exchange, unsigned slot, struct arena *scratch,
                struct wire_message *message)
{
    struct reply reply = {0};

    peers_finished(&exchange->peers, PEER_DESK, slot, 0);
    if (!reply_decode(scratch, message->body, &reply)) {
        return false;
    }
    struct request *request = requests_find(&exchange->requests, reply.handle);
    if (request == NULL || !request->asked || request->peer != (int)slot
        || request->action.action != ROUTE_DESK || request->phase != REQUEST_ASKING) {
        return true; /* who asked has left */
    }
    request->asked = false;
    request->peer = REQUEST_NO_PEER;
    inquiry_keep(exchange, request, &reply, message);
    exchange_settle(exchange, request);
    return true;
}

void
petitioner_lost(struct exchange *exchange, unsigned slot)
{
    peers_remove(&exchange->peers, PEER_DESK, slot);
    for (size_t i = 0; i < exchange->requests.top; i++) {
        struct request *request = exchange->requests.items[i];
        if (request == NULL || !request->asked || request->peer != (int)slot
            || request->action.action != ROUTE_DESK) {
            continue;
        }
        request->asked = false;
        request->peer = REQUEST_NO_PEER;
        exchange_refuse(exchange, request, PROBLEM_UNAVAILABLE,
                        STR("Nie wiadomo, czy zmiana została zapisana. Sprawdź, zanim ją "
                            "powtórzysz."));
        exchange_settle(exchange, request);
    }
}
