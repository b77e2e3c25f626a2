#include "gateway/desk/desk_role.h"

#include "gateway/desk/call.h"
#include "gateway/desk/desk.h"
#include "gateway/log/log.h"
#include "gateway/people/password.h"
#include "gateway/sandbox/sandbox.h"
#include "gateway/ticks/ticks.h"
#include "gateway/wire/blob.h"

#include <openssl/crypto.h>
#include <unistd.h>

enum {
    DESCRIPTORS_MAX = 64,
    BODY_IN_MESSAGE_MAX = 16 * 1024, /* what is longer goes as a blob, headers stay */
    SOCKETS_MAX = LINK_SLOTS_MAX + 1,
};

#define ANSWER_MEMORY ((size_t)16 * 1024 * 1024)
#define PROCESS_MEMORY ((size_t)256 * 1024 * 1024) /* a password takes 19 MiB for a moment */

struct counter {
    struct role_context *context;
    struct desk          desk;
    int                  fronts[LINK_SLOTS_MAX]; /* -1: none */
};

static enum err
send_reply(struct arena *arena, int front, struct reply *reply, struct fault *fault)
{
    struct buf          body = buf_create(arena, WIRE_BODY_MAX);
    struct wire_message message = {
        .kind = WIRE_REPLY, .fds = {-1, -1}
    };

    if (reply->body.size > BODY_IN_MESSAGE_MAX) {
        TRY(blob_of("answer", reply->body, &message.fds[0], fault));
        reply->body = (struct str){0};
    }
    reply_encode(&body, reply);
    message.body = buf_str(&body);
    enum err got = buf_ok(&body) ? wire_send(front, &message, fault)
                                 : FAIL(fault, ERR_LIMIT, "an answer whose headers are too long");
    wire_dispose(&message);
    return got;
}

static enum err
answer(struct counter *counter, struct arena *arena, int front, const struct wire_message *message,
       struct fault *fault)
{
    struct petition petition = {0};
    struct reply    reply = {0};

    if (message->kind != WIRE_PETITION || !petition_decode(arena, message->body, &petition)) {
        return FAIL(fault, ERR_WIRE, "the front sent something that is not a petition");
    }
    if (message->fds[0] >= 0) {
        TRY(blob_map(arena, message->fds[0], PETITION_BODY_MAX, &petition.body, fault));
    }
    desk_answer(&counter->desk, arena, &petition, ticks_steady(), &reply);
    return send_reply(arena, front, &reply, fault);
}

static void
drop_front(struct counter *counter, size_t slot)
{
    if (counter->fronts[slot] >= 0) {
        (void)close(counter->fronts[slot]);
    }
    counter->fronts[slot] = -1;
}

/*
 * One petition of this front. A front that is gone loses its link; whatever else leaves a petition
 * unanswered ends the role, because only that makes the front answer whoever waits.
 */
static enum err
take_petition(struct counter *counter, size_t slot, struct fault *fault)
{
    struct arena       *arena = arena_create(ANSWER_MEMORY);
    struct wire_message message = {
        .fds = {-1, -1}
    };
    enum wire_got got = WIRE_GOT_NOTHING;
    enum err      err = wire_receive(arena, counter->fronts[slot], &message, &got, fault);

    if (err == ERR_OK && got == WIRE_GOT_MESSAGE) {
        err = answer(counter, arena, counter->fronts[slot], &message, fault);
    }
    wire_dispose(&message);
    arena_destroy(arena);
    if (err == ERR_PEER || got == WIRE_GOT_END) {
        drop_front(counter, slot);
        return ERR_OK;
    }
    if (err != ERR_OK) {
        log_failure("desk.petition_failed", fault);
    }
    return err;
}

static enum err
take_order(struct counter *counter, enum role_order *order, struct fault *fault)
{
    struct link link = {0};
    int         end = -1;

    TRY(role_order(counter->context, order, &link, &end, fault));
    if (*order == ROLE_ORDER_LINK) {
        ENSURE(link.slot < LINK_SLOTS_MAX);
        drop_front(counter, link.slot);
        counter->fronts[link.slot] = end;
    }
    return ERR_OK;
}

/* Whatever can be read next: -1 the control socket, else the slot of a front. */
static enum err
wait_next(const struct counter *counter, int *slot, struct fault *fault)
{
    int    sockets[SOCKETS_MAX] = {counter->context->control};
    int    slots[SOCKETS_MAX] = {-1};
    size_t count = 1;
    int    index = 0;

    for (int i = 0; i < LINK_SLOTS_MAX; i++) {
        if (counter->fronts[i] >= 0) {
            sockets[count] = counter->fronts[i];
            slots[count] = i;
            count++;
        }
    }
    TRY(wire_wait(sockets, count, -1, &index, fault));
    *slot = index < 0 ? -1 : slots[index];
    return ERR_OK;
}

static enum err
work(struct counter *counter, struct fault *fault)
{
    enum role_order order = ROLE_ORDER_NONE;

    while (order != ROLE_ORDER_STOP && order != ROLE_ORDER_GONE) {
        int slot = -1;
        TRY(wait_next(counter, &slot, fault));
        if (slot < 0) {
            TRY(take_order(counter, &order, fault));
        } else {
            TRY(take_petition(counter, (size_t)slot, fault));
        }
    }
    return ERR_OK;
}

enum err
desk_role(struct role_context *context, struct fault *fault)
{
    const struct sandbox_limits limits = {
        .memory_max = PROCESS_MEMORY,
        .written_max = CALL_BODY_MAX,
        .descriptors_max = DESCRIPTORS_MAX,
        .tcp = !str_starts_with(context->config->database_host, STR("/")),
    };
    struct counter counter = {.context = context, .desk = desk_create(context->config)};

    store_while_waiting(role_pulse);
    if (OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG | OPENSSL_INIT_ADD_ALL_DIGESTS, NULL) != 1) {
        return FAIL(fault, ERR_CRYPTO, "OpenSSL does not start");
    }
    TRY(password_warm_up(fault));
    for (size_t i = 0; i < LINK_SLOTS_MAX; i++) {
        counter.fronts[i] = -1;
    }
    /* The first attempt opens the files that libpq wants to see, whether or not it succeeds. */
    desk_connect(&counter.desk, ticks_steady());
    TRY(sandbox_enter_role(SANDBOX_DESK, &limits, fault));
    TRY(role_ready(context, fault));
    enum err got = work(&counter, fault);
    desk_close(&counter.desk);
    return got;
}
