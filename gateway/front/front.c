#include "gateway/front/front.h"

#include "gateway/fingerprint/fingerprint.h"
#include "gateway/front/credential.h"
#include "gateway/front/health.h"
#include "gateway/front/reception.h"
#include "gateway/front/response.h"
#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/sandbox/sandbox.h"
#include "gateway/ticks/ticks.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum {
    EVENTS_MAX = 64,
    KEY_RECEPTION = 1,
    KEY_HEALTH,
    KEY_CONTROL,
    STOPPING_US = 10 * INSTANT_PER_SECOND, /* so long may bodies and answers in flight take */
};

/* The loop of this process and everything in it. */
struct front {
    struct role_context *context;
    int                  epoll;
    struct exchange      exchange;
    struct reception    *reception;
    struct health       *health; /* NULL: none was asked for */
    bool                 stopping;
    bool                 over;
    int64_t              stop_until;
    int64_t              ticked;
};

static enum err
watch(const struct front *front, int fd, uint64_t key, struct fault *fault)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = key};

    if (epoll_ctl(front->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
        return FAIL(fault, ERR_SYSTEM, "epoll_ctl: %s", strerrordesc_np(errno));
    }
    return ERR_OK;
}

/* What the libraries read or allocate when first used happens before the sandbox. */
static enum err
warm_up(struct role_context *context, struct fault *fault)
{
    unsigned char digest[CREDENTIAL_DIGEST_SIZE];
    unsigned char dice[1];

    if (OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG | OPENSSL_INIT_ADD_ALL_DIGESTS, NULL) != 1
        || RAND_bytes(dice, sizeof dice) != 1) {
        return FAIL(fault, ERR_CRYPTO, "OpenSSL does not start");
    }
    TRY(fingerprint_of(STR("warm"), digest, fault));
    tzset(); /* the library writes dates; the first one reads /etc/localtime */
    return response_prepare(context->config->public_url, fault);
}

static enum err
open_doors(struct front *front, struct fault *fault)
{
    struct role_context *context = front->context;

    TRY(exchange_create(context, front->epoll, &front->exchange, fault));
    TRY(reception_open(context->arena, &front->exchange, context->listen, &front->reception,
                       fault));
    TRY(watch(front, reception_fd(front->reception), KEY_RECEPTION, fault));
    TRY(watch(front, context->control, KEY_CONTROL, fault));
    if (context->health >= 0) {
        TRY(health_open(context->arena, &front->exchange, context->health, &front->health, fault));
        TRY(watch(front, health_fd(front->health), KEY_HEALTH, fault));
    }
    return ERR_OK;
}

static void
stop(struct front *front)
{
    if (front->stopping) {
        return;
    }
    front->stopping = true;
    front->stop_until = ticks_steady() + STOPPING_US;
    reception_quiesce(front->reception);
    exchange_hurry(&front->exchange);
}

/* Everything that the supervisor has to say now. */
static enum err
take_orders(struct front *front, struct fault *fault)
{
    enum role_order order = ROLE_ORDER_LINK;

    while (order == ROLE_ORDER_LINK) {
        struct link link = {0};
        int         end = -1;
        TRY(role_order(front->context, &order, &link, &end, fault));
        if (order == ROLE_ORDER_LINK) { /* one that cannot be used would never be made again */
            TRY(exchange_link(&front->exchange, &link, end, fault));
        }
    }
    if (order == ROLE_ORDER_STOP) {
        stop(front);
    }
    front->over = front->over || order == ROLE_ORDER_GONE;
    return ERR_OK;
}

static enum err
take_event(struct front *front, const struct epoll_event *event, struct fault *fault)
{
    enum peer_kind kind;
    unsigned       slot = 0;

    if (event->data.u64 == KEY_CONTROL) {
        return take_orders(front, fault);
    }
    if (event->data.u64 == KEY_HEALTH) {
        health_run(front->health);
    } else if (event->data.u64 == KEY_RECEPTION) {
        reception_run(front->reception);
    } else if (peers_of_event(event->data.u64, &kind, &slot)) {
        exchange_event(&front->exchange, kind, slot, event->events);
    }
    if (front->exchange.broken.code != ERR_OK) {
        return FAIL(fault, front->exchange.broken.code, "%s", front->exchange.broken.text);
    }
    return ERR_OK;
}

static int
shorter(int a, int b)
{
    if (a < 0 || b < 0) {
        return a < 0 ? b : a;
    }
    return a < b ? a : b;
}

/* How long the loop may sleep: for ever, when nobody is here. */
static int
sleep_ms(const struct front *front)
{
    bool busy = front->stopping || front->exchange.requests.count > 0;
    int  health = front->health == NULL ? -1 : health_timeout(front->health);

    return shorter(shorter(reception_timeout(front->reception), health),
                   busy ? EXCHANGE_TICK_MS : -1);
}

static void
keep_time(struct front *front)
{
    int64_t now = ticks_steady();

    if (now - front->ticked >= EXCHANGE_TICK_MS * (int64_t)1000) {
        front->ticked = now;
        exchange_tick(&front->exchange);
    }
    /* The library does not tell its epoll of those who were woken. */
    while (front->exchange.woken || reception_timeout(front->reception) == 0) {
        front->exchange.woken = false;
        reception_run(front->reception);
    }
    if (front->health != NULL && health_timeout(front->health) == 0) {
        health_run(front->health);
    }
    if (front->stopping && (front->exchange.requests.count == 0 || now > front->stop_until)) {
        front->over = true;
    }
}

static enum err
run(struct front *front, struct fault *fault)
{
    struct epoll_event events[EVENTS_MAX];

    while (!front->over) {
        int count = epoll_wait(front->epoll, events, EVENTS_MAX, sleep_ms(front));
        if (count < 0 && errno != EINTR) {
            return FAIL(fault, ERR_SYSTEM, "epoll_wait: %s", strerrordesc_np(errno));
        }
        for (int i = 0; i < count; i++) {
            TRY(take_event(front, &events[i], fault));
        }
        keep_time(front);
    }
    return ERR_OK;
}

static void
close_doors(struct front *front)
{
    reception_close(front->reception);
    if (front->health != NULL) {
        health_close(front->health);
    }
    exchange_close(&front->exchange);
    (void)close(front->epoll); /* it holds nothing any more */
}

enum err
front_role(struct role_context *context, struct fault *fault)
{
    const struct sandbox_limits limits = {0};
    struct front                front = {.context = context, .epoll = epoll_create1(EPOLL_CLOEXEC)};

    if (front.epoll < 0) {
        return FAIL(fault, ERR_SYSTEM, "epoll_create1: %s", strerrordesc_np(errno));
    }
    metrics_set(METRIC_CONNECTIONS, 0); /* those of a front before us have died with it */
    TRY(warm_up(context, fault));
    TRY(open_doors(&front, fault));
    TRY(sandbox_enter_role(SANDBOX_FRONT, &limits, fault));
    TRY(role_ready(context, fault));
    enum err got = run(&front, fault);
    close_doors(&front);
    return got;
}
