#include "gateway/submission/links.h"

#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/signer/signer.h"
#include "gateway/store/store.h"
#include "gateway/submission/checking.h"
#include "gateway/ticks/ticks.h"
#include "gateway/wire/blob.h"

#include <unistd.h>

enum {
    NO_END = -1,
    SIGNER_TIMEOUT_MS = 5000,
    SOCKETS_MAX = LINK_SLOTS_MAX + 3,
    NEWS_MEMORY = 16 * 1024,
    NEWS_SIZE_MAX = 256,
};

#define STALE_MEMORY ((size_t)4 * WIRE_BODY_MAX)

struct links
links_create(struct role_context *context)
{
    struct links links = {
        .context = context, .signer = NO_END, .checker = NO_END, .checker_gone_ms = ticks_ms()};

    for (size_t i = 0; i < LINK_SLOTS_MAX; i++) {
        links.fronts[i] = NO_END;
    }
    metrics_mark(METRIC_STORE_READY, context->slot, false); /* whatever our last life knew */
    metrics_mark(METRIC_SIGNER_READY, context->slot, false);
    store_while_waiting(role_pulse);
    return links;
}

static void
drop(int *end)
{
    if (*end >= 0) {
        (void)close(*end); /* a socket whose other end is gone or replaced */
    }
    *end = NO_END;
}

void
links_drop_checker(struct links *links)
{
    drop(&links->checker);
    links->checker_documents = 0;
    links->checker_told = false;
    links->checker_gone_ms = ticks_ms();
}

void
links_drop_front(struct links *links, unsigned front)
{
    drop(&links->fronts[front]);
}

static void
drop_signer(struct links *links)
{
    drop(&links->signer);
    metrics_mark(METRIC_SIGNER_READY, links->context->slot, false);
}

void
links_close(struct links *links)
{
    for (unsigned i = 0; i < LINK_SLOTS_MAX; i++) {
        links_drop_front(links, i);
    }
    links_drop_checker(links);
    drop(&links->signer);
}

/* A new end replaces the older one of the same neighbour. */
static void
take_link(struct links *links, const struct link *link, int end)
{
    if (link->peer == ROLE_FRONT && link->slot < LINK_SLOTS_MAX) {
        links_drop_front(links, link->slot);
        links->fronts[link->slot] = end;
    } else if (link->peer == ROLE_CHECKER) {
        links_drop_checker(links);
        links->checker = end;
    } else if (link->peer == ROLE_SIGNER) {
        drop(&links->signer);
        links->signer = end;
        metrics_mark(METRIC_SIGNER_READY, links->context->slot, true);
    } else {
        (void)close(end); /* nobody that a worker talks to */
    }
}

/* All orders that are there now. */
static enum err
take_orders(struct links *links, struct fault *fault)
{
    enum role_order order = ROLE_ORDER_NONE;

    do {
        struct link link = {0};
        int         end = NO_END;
        TRY(role_order(links->context, &order, &link, &end, fault));
        if (order == ROLE_ORDER_LINK) {
            take_link(links, &link, end);
        }
        links->stopping = links->stopping || order == ROLE_ORDER_STOP || order == ROLE_ORDER_GONE;
    } while (order == ROLE_ORDER_LINK);
    return ERR_OK;
}

/* In the middle of something, which is not gone on with when we are to end. */
static enum err
take_orders_meanwhile(struct links *links, struct fault *fault)
{
    TRY(take_orders(links, fault));
    if (links->stopping) {
        return FAIL(fault, ERR_PEER, "told to end");
    }
    return ERR_OK;
}

static bool
has_something(int end)
{
    struct fault fault = {0};
    int          index = NO_END;

    return end >= 0 && wire_wait(&end, 1, 0, &index, &fault) == ERR_OK && index == 0;
}

bool
links_has_message(const struct links *links, unsigned front)
{
    return has_something(links->fronts[front]);
}

void
links_break(struct links *links, const struct fault *why)
{
    if (links->broken.code == ERR_OK) {
        links->broken = *why;
    }
}

/* Between questions nothing is due from a neighbour but its end, or an answer that came too late.
 */
static bool
is_gone(struct links *links, int end)
{
    struct arena       *arena = arena_create(STALE_MEMORY);
    struct wire_message message = {
        .fds = {NO_END, NO_END}
    };
    enum wire_got got = WIRE_GOT_NOTHING;
    struct fault  fault = {0};
    enum err      received = wire_receive(arena, end, &message, &got, &fault);

    if (received == ERR_OK && got == WIRE_GOT_MESSAGE) {
        wire_dispose(&message);
    }
    arena_destroy(arena);
    if (received != ERR_OK && received != ERR_PEER) {
        links_break(links, &fault);
    }
    return received == ERR_PEER || got == WIRE_GOT_END;
}

static void
notice_ends(struct links *links)
{
    if (has_something(links->checker) && is_gone(links, links->checker)) {
        links_drop_checker(links);
    }
    if (has_something(links->signer) && is_gone(links, links->signer)) {
        drop_signer(links);
    }
}

static enum err
tell_broken(const struct links *links, struct fault *fault)
{
    if (links->broken.code != ERR_OK) {
        return FAIL(fault, links->broken.code, "%s", links->broken.text);
    }
    return ERR_OK;
}

enum err
links_wait(struct links *links, int timeout_ms, struct fault *fault)
{
    int    sockets[SOCKETS_MAX] = {links->context->control, links->checker, links->signer};
    size_t count = SOCKETS_MAX - LINK_SLOTS_MAX;
    int    index = NO_END;

    TRY(tell_broken(links, fault));
    for (size_t i = 0; i < LINK_SLOTS_MAX; i++) {
        sockets[count] = links->fronts[i];
        count++;
    }
    TRY(wire_wait(sockets, count, timeout_ms, &index, fault));
    TRY(take_orders(links, fault));
    notice_ends(links);
    return tell_broken(links, fault);
}

/* The checker first: its last words stand before the link to the next one. */
enum err
links_await_checker(struct links *links, int milliseconds, bool *here, struct fault *fault)
{
    const int sockets[] = {links->checker, links->context->control};
    int       index = NO_END;

    TRY(wire_wait(sockets, ARRAY_COUNT(sockets),
                  milliseconds < ROLE_PULSE_MS ? milliseconds : ROLE_PULSE_MS, &index, fault));
    role_pulse();
    *here = index == 0;
    return index == 1 ? take_orders_meanwhile(links, fault) : ERR_OK;
}

enum err
links_pause(struct links *links, int milliseconds, struct fault *fault)
{
    int index = NO_END;

    TRY(wire_wait(&links->context->control, 1, milliseconds, &index, fault));
    return take_orders_meanwhile(links, fault);
}

static enum err
send_news(int end, const struct filing_news *news, int result, struct fault *fault)
{
    struct arena *arena = arena_create(NEWS_MEMORY);
    struct buf    body = buf_create(arena, NEWS_SIZE_MAX);

    filing_news_encode(&body, news);
    const struct wire_message message = {
        .kind = WIRE_NEWS, .body = buf_str(&body), .fds = {result, NO_END}
    };
    enum err got = wire_send(end, &message, fault);
    arena_destroy(arena);
    return got;
}

/*
 * A front that is gone asks another worker, which finds what is stored. One that lives and cannot
 * be told would wait for ever: our end tells it.
 */
static void
tell(void *self, unsigned front, const struct filing_news *news, struct str result)
{
    struct links *links = self;
    struct fault  fault = {0};
    int           blob = NO_END;

    if (links->fronts[front] < 0) {
        return;
    }
    enum err got = result.size > 0 ? blob_of("brama-answer", result, &blob, &fault) : ERR_OK;
    if (got == ERR_OK) {
        got = send_news(links->fronts[front], news, blob, &fault);
    }
    drop(&blob);
    if (got == ERR_PEER) {
        links_drop_front(links, front);
    } else if (got != ERR_OK) {
        log_failure("worker.front_lost", &fault);
        links_break(links, &fault);
    }
}

static void
tell_all(void *self, const struct filing_news *news)
{
    for (unsigned i = 0; i < LINK_SLOTS_MAX; i++) {
        tell(self, i, news, (struct str){0});
    }
}

static bool
ready(void *self)
{
    const struct links *links = self;

    return links->signer >= 0;
}

static bool
ending(void *self)
{
    const struct links *links = self;

    return links->stopping;
}

static enum err
sign(void *self, struct arena *arena, const struct unsealed *unsealed, struct str *receipts,
     struct fault *fault)
{
    struct links *links = self;

    if (links->signer < 0) {
        return FAIL(fault, ERR_PEER, "no signer now");
    }
    enum err got = signer_ask(arena, links->signer, unsealed->facts, unsealed->count, unsealed->at,
                              SIGNER_TIMEOUT_MS, receipts, fault);
    metrics_mark(METRIC_SIGNER_READY, links->context->slot, got != ERR_PEER);
    if (got == ERR_WIRE) { /* it has not understood us, or we it */
        links_break(links, fault);
        return FAIL(fault, ERR_PEER, "a signer that cannot be understood");
    }
    /* It may have answered too late just now: then it lives, and what it said is dropped. */
    if (got == ERR_PEER && has_something(links->signer) && is_gone(links, links->signer)) {
        drop_signer(links);
    }
    return got;
}

static enum err
pause_here(void *self, int milliseconds, struct fault *fault)
{
    return links_pause(self, milliseconds, fault);
}

struct neighbours
links_neighbours(struct links *links)
{
    return (struct neighbours){.self = links,
                               .check = checking_run,
                               .sign = sign,
                               .ready = ready,
                               .ending = ending,
                               .tell = tell,
                               .tell_all = tell_all,
                               .pause = pause_here};
}
