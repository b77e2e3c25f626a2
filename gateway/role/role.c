#include "gateway/role/role.h"

#include "gateway/ticks/ticks.h"
#include "gateway/wire/wire.h"

#include <unistd.h>

enum { NO_FD = -1 };

/* A process is one role and has one supervisor. */
static struct {
    int     control;
    int64_t last_ms;
} pulse = {.control = NO_FD};

/* Larger than any message of the supervisor; what came is dropped with it. */
#define ORDER_MEMORY ((size_t)2 * WIRE_BODY_MAX)

/* The new end belongs to the caller from here on. */
static enum err
take_link(struct wire_message *message, enum role_order *order, struct link *link, int *end,
          struct fault *fault)
{
    if (message->fds[0] < 0 || message->fds[1] >= 0 || !link_decode(message->body, link)) {
        return FAIL(fault, ERR_WIRE, "the supervisor's link cannot be read");
    }
    *end = message->fds[0];
    message->fds[0] = -1;
    *order = ROLE_ORDER_LINK;
    return ERR_OK;
}

/* Who does not hear it now hears the next one. */
static void
say_alive(int control)
{
    const struct wire_message message = {
        .kind = WIRE_ALIVE, .fds = {NO_FD, NO_FD}
    };

    enum err sent = wire_send_now(control, &message, NULL);
    (void)sent; /* full or gone: the supervisor has not looked for long, or never will */
}

void
role_pulse(void)
{
    int64_t now = pulse.control == NO_FD ? 0 : ticks_ms();

    if (pulse.control != NO_FD && now - pulse.last_ms >= ROLE_PULSE_MS) {
        pulse.last_ms = now;
        say_alive(pulse.control);
    }
}

static enum err
take_order(struct wire_message *message, enum role_order *order, struct link *link, int *end,
           struct fault *fault)
{
    switch (message->kind) {
    case WIRE_PING:
        *order = ROLE_ORDER_NONE;
        return ERR_OK;
    case WIRE_LINK:
        return take_link(message, order, link, end, fault);
    case WIRE_STOP:
        *order = ROLE_ORDER_STOP;
        return ERR_OK;
    default:
        return FAIL(fault, ERR_WIRE, "the supervisor sent a message of kind %d",
                    (int)message->kind);
    }
}

/* Receive in memory of its own, so that orders never use up the memory of the process. */
static enum err
receive_order(struct arena *arena, int control, enum role_order *order, struct link *link, int *end,
              struct fault *fault)
{
    struct wire_message message = {
        .fds = {-1, -1}
    };
    enum wire_got got = WIRE_GOT_NOTHING;

    TRY(wire_receive(arena, control, &message, &got, fault));
    if (got == WIRE_GOT_END) {
        *order = ROLE_ORDER_GONE;
        return ERR_OK;
    }
    if (got == WIRE_GOT_NOTHING) {
        *order = ROLE_ORDER_NONE;
        return ERR_OK;
    }
    enum err taken = take_order(&message, order, link, end, fault);
    if (message.kind == WIRE_PING) {
        say_alive(control);
    }
    wire_dispose(&message);
    return taken;
}

static enum err
wait_and_receive(struct role_context *context, int timeout_ms, enum role_order *order,
                 struct link *link, int *end, struct fault *fault)
{
    int index = -1;

    *order = ROLE_ORDER_NONE;
    *end = -1;
    TRY(wire_wait(&context->control, 1, timeout_ms, &index, fault));
    if (index < 0) {
        return ERR_OK;
    }
    struct arena *arena = arena_create(ORDER_MEMORY);
    enum err      got = receive_order(arena, context->control, order, link, end, fault);
    arena_destroy(arena);
    return got;
}

enum err
role_order(struct role_context *context, enum role_order *order, struct link *link, int *end,
           struct fault *fault)
{
    return wait_and_receive(context, 0, order, link, end, fault);
}

enum err
role_wait_order(struct role_context *context, enum role_order *order, struct link *link, int *end,
                struct fault *fault)
{
    do {
        TRY(wait_and_receive(context, -1, order, link, end, fault));
    } while (*order == ROLE_ORDER_NONE);
    return ERR_OK;
}

static enum err
say(struct role_context *context, enum wire_kind kind, struct fault *fault)
{
    const struct wire_message message = {
        .kind = kind, .fds = {-1, -1}
    };

    return wire_send(context->control, &message, fault);
}

enum err
role_ready(struct role_context *context, struct fault *fault)
{
    pulse.control = context->control;
    return say(context, WIRE_READY, fault);
}

enum err
role_renew_checker(struct role_context *context, struct fault *fault)
{
    ENSURE(context->role == ROLE_WORKER);
    return say(context, WIRE_RENEW, fault);
}
