#include "gateway/front/inquiry.h"

#include "gateway/failpoint/failpoint.h"
#include "gateway/front/gate.h"
#include "gateway/log/log.h"
#include "gateway/ticks/ticks.h"
#include "gateway/wire/blob.h"

#include <string.h>

enum {
    QUESTIONS_MAX = 32, /* with one reader at once */
    BODY_SIZE_MAX = 256 * 1024 * 1024,
    ASK_AGAIN_US = 2 * INSTANT_PER_SECOND,
};

static void
append(struct exchange *exchange, struct request *request)
{
    request->next = NULL;
    request->asked = false;
    request->peer = REQUEST_NO_PEER;
    if (exchange->asking_first == NULL) {
        exchange->asking_first = request;
    } else {
        exchange->asking_last->next = request;
    }
    exchange->asking_last = request;
}

void
inquiry_forget(struct exchange *exchange, const struct request *request)
{
    struct request *before = NULL;
    struct request *at = exchange->asking_first;

    while (at != NULL && at != request) {
        before = at;
        at = at->next;
    }
    if (at == NULL) {
        return;
    }
    if (before == NULL) {
        exchange->asking_first = at->next;
    } else {
        before->next = at->next;
    }
    if (exchange->asking_last == at) {
        exchange->asking_last = before;
    }
}

static struct question
compose(const struct request *request)
{
    struct question question = {
        .handle = request->handle, .request = request->id, .shown = request->credential_kind};

    memcpy(question.digest, request->known_by, sizeof question.digest);
    if (request->phase == REQUEST_IDENTIFIED) {
        question.kind = QUESTION_WHO;
        return question;
    }
    question.credential = request->access.credential;
    question.is_person = access_is_person(&request->access);
    question.of_office = request->access.rights != 0 && request->access.subject == 0;
    if (request->action.action == ROUTE_READ) {
        question.kind = QUESTION_GET;
        question.path = request->path;
        question.query = request->query;
        question.accept = request->accept;
        question.if_none_match = request->if_none_match;
        return question;
    }
    question.kind = QUESTION_FILED;
    question.id = request->submission;
    question.repeat = request->repeat;
    question.key_repeat = request->key_repeat;
    return question;
}

/* False when no reader can take it now. */
static bool
send_question(struct exchange *exchange, struct request *request)
{
    struct arena   *scratch = arena_create(4 * (size_t)WIRE_BODY_MAX);
    struct buf      body = buf_create(scratch, WIRE_BODY_MAX);
    struct question question = compose(request);
    bool            sent = false;
    int             slot = peers_choose(&exchange->peers, PEER_READER, 0, QUESTIONS_MAX, SIZE_MAX);

    question_encode(&body, &question);
    ENSURE(buf_ok(&body)); /* every part of it is bounded where it is read */
    struct wire_message message = {
        WIRE_QUESTION, buf_str(&body), {-1, -1}
    };
    while (slot >= 0 && !sent) {
        sent = peers_send(&exchange->peers, PEER_READER, (unsigned)slot, &message, 0);
        request->peer = slot;
        slot = peers_choose(&exchange->peers, PEER_READER, 0, QUESTIONS_MAX, SIZE_MAX);
    }
    arena_destroy(scratch);
    return sent;
}

void
inquiry_run(struct exchange *exchange)
{
    while (exchange->asking_first != NULL) {
        struct request *request = exchange->asking_first;
        if (!send_question(exchange, request)) {
            return;
        }
        exchange->asking_first = request->next;
        if (exchange->asking_first == NULL) {
            exchange->asking_last = NULL;
        }
        request->asked = true;
    }
}

void
inquiry_ask(struct exchange *exchange, struct request *request)
{
    append(exchange, request);
    inquiry_run(exchange);
}

void
inquiry_ask_answer(struct exchange *exchange, struct request *request)
{
    request_enter(request, REQUEST_ASKING);
    request->woken = false;
    inquiry_ask(exchange, request);
}

void
inquiry_keep(struct exchange *exchange, struct request *request, const struct reply *reply,
             const struct wire_message *message)
{
    struct fault  fault = {0};
    struct answer answer = {.status = reply->status,
                            .content_type = str_copy(request->arena, reply->content_type),
                            .headers = str_copy(request->arena, reply->headers)};

    enum err got = ERR_OK;
    if (message->fds[0] >= 0) {
        got = blob_map(request->arena, message->fds[0], BODY_SIZE_MAX, &answer.body, &fault);
    } else {
        answer.body = str_copy(request->arena, reply->body);
    }
    if (got != ERR_OK || reply->status < 200 || reply->status > 599 || answer.body.data == NULL
        || answer.headers.data == NULL || answer.content_type.data == NULL) {
        log_failure("front.reply_refused", &fault);
        exchange_refuse(exchange, request, PROBLEM_INTERNAL, (struct str){0});
        return;
    }
    request->answer = answer;
    request_enter(request, REQUEST_ANSWERED);
}

/* The submission has no final state, and the client wants to wait for it. */
static void
wait_on(struct exchange *exchange, struct request *request, const struct reply *reply)
{
    if (!uuid_is_nil(reply->awaits)) {
        request->submission = reply->awaits;
    }
    if (request->woken) {
        inquiry_ask_answer(exchange, request);
        return;
    }
    request_enter(request, REQUEST_WAITING);
    request->ask_next = ticks_steady() + ASK_AGAIN_US;
}

static void
hear_answer(struct exchange *exchange, struct request *request, const struct reply *reply,
            const struct wire_message *message)
{
    if (reply->pending && ticks_steady() < request->deadline) {
        wait_on(exchange, request, reply);
        return;
    }
    inquiry_keep(exchange, request, reply, message);
    FAILPOINT_REACH(FRONT_ANSWERING);
    exchange_settle(exchange, request);
}

/* A person may sign out, or turn to another appointment, at any moment: asked every time. */
static void
keep_access(struct exchange *exchange, const struct request *request, const struct reply *who)
{
    bool is_person = who->access_fault == ACCESS_GRANTED && who->access.credential == 0;

    if (request->credential_kind != QUESTION_SESSION && !is_person) {
        access_cache_keep(exchange->cache, request->shown, ticks_steady(), who);
    }
}

bool
inquiry_take(struct exchange *exchange, unsigned slot, struct arena *scratch,
             struct wire_message *message)
{
    struct reply reply = {0};

    peers_finished(&exchange->peers, PEER_READER, slot, 0);
    if (!reply_decode(scratch, message->body, &reply)) {
        return false;
    }
    struct request *request = requests_find(&exchange->requests, reply.handle);
    if (request == NULL || !request->asked || request->peer != (int)slot
        || request->action.action == ROUTE_DESK) {
        return true; /* who asked has left */
    }
    request->asked = false;
    request->peer = REQUEST_NO_PEER;
    if (request->phase == REQUEST_IDENTIFIED && reply.status >= 500) {
        /* The database is away: nobody knows who it is, and that is not worth keeping. */
        exchange_refuse(exchange, request, PROBLEM_UNAVAILABLE, (struct str){0});
        exchange_settle(exchange, request);
    } else if (request->phase == REQUEST_IDENTIFIED) {
        keep_access(exchange, request, &reply);
        gate_judge(exchange, request, &reply);
        exchange_settle(exchange, request);
    } else if (request->phase == REQUEST_ASKING) {
        hear_answer(exchange, request, &reply, message);
    }
    return true;
}

void
inquiry_lost(struct exchange *exchange, unsigned slot)
{
    peers_remove(&exchange->peers, PEER_READER, slot);
    for (size_t i = 0; i < exchange->requests.top; i++) {
        struct request *request = exchange->requests.items[i];
        if (request != NULL && request->asked && request->peer == (int)slot
            && request->action.action != ROUTE_DESK) {
            append(exchange, request);
        }
    }
    inquiry_run(exchange);
}
