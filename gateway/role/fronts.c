#include "gateway/role/fronts.h"

#include "gateway/wire/blob.h"
#include "validators/base/ensure.h"

#include <unistd.h>

enum {
    BODY_IN_MESSAGE_MAX = 16 * 1024, /* what is longer goes as a blob, headers stay */
    SOCKETS_MAX = LINK_SLOTS_MAX + 1,
};

static void
drop(struct fronts *fronts, size_t slot)
{
    if (fronts->ends[slot] >= 0) {
        (void)close(fronts->ends[slot]);
    }
    fronts->ends[slot] = -1;
}

static enum err
take_order(struct fronts *fronts, enum role_order *order, struct fault *fault)
{
    struct link link = {0};
    int         end = -1;

    TRY(role_order(fronts->context, order, &link, &end, fault));
    if (*order == ROLE_ORDER_LINK) {
        ENSURE(link.slot < LINK_SLOTS_MAX);
        drop(fronts, link.slot);
        fronts->ends[link.slot] = end;
    }
    return ERR_OK;
}

/* Whatever can be read next: -1 the control socket, else the slot of a front. */
static enum err
wait_next(const struct fronts *fronts, int *slot, struct fault *fault)
{
    int    sockets[SOCKETS_MAX] = {fronts->context->control};
    int    slots[SOCKETS_MAX] = {-1};
    size_t count = 1;
    int    index = 0;

    for (int i = 0; i < LINK_SLOTS_MAX; i++) {
        if (fronts->ends[i] >= 0) {
            sockets[count] = fronts->ends[i];
            slots[count] = i;
            count++;
        }
    }
    TRY(wire_wait(sockets, count, -1, &index, fault));
    *slot = index < 0 ? -1 : slots[index];
    return ERR_OK;
}

void
fronts_begin(struct fronts *fronts, struct role_context *context)
{
    fronts->context = context;
    for (size_t i = 0; i < LINK_SLOTS_MAX; i++) {
        fronts->ends[i] = -1;
    }
}

enum err
fronts_serve(struct fronts *fronts, fronts_turn *turn, void *object, struct fault *fault)
{
    enum role_order order = ROLE_ORDER_NONE;

    while (order != ROLE_ORDER_STOP && order != ROLE_ORDER_GONE) {
        int  slot = -1;
        bool gone = false;

        TRY(wait_next(fronts, &slot, fault));
        if (slot < 0) {
            TRY(take_order(fronts, &order, fault));
            continue;
        }
        TRY(turn(object, fronts->ends[slot], &gone, fault));
        if (gone) {
            drop(fronts, (size_t)slot);
        }
    }
    return ERR_OK;
}

enum err
fronts_reply(struct arena *arena, int front, struct reply *reply, struct fault *fault)
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
