#include "gateway/courier/courier.h"

#include "gateway/courier/mail_round.h"
#include "gateway/courier/mail_trade.h"
#include "gateway/courier/stamp_trade.h"
#include "gateway/courier/webhook_trade.h"
#include "gateway/failpoint/failpoint.h"
#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/outbox/delivery.h"
#include "gateway/outbox/mailing.h"
#include "gateway/outbox/turning.h"
#include "gateway/role/file.h"
#include "gateway/sandbox/sandbox.h"
#include "gateway/ticks/ticks.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum {
    POLL_MS = 500,       /* how long news may lie unseen */
    PAUSE_MS = 2000,     /* after a failure */
    STOP_MS = 2000,      /* what runs may still end */
    FORGET_MS = 3600000, /* old deliveries and letters */
    COUNT_MS = 10000,    /* letters that wait */
    ROUND_MS = 5000,     /* letters to be written */
    PASSWORD_SIZE_MAX = 1024,
    SPREAD_MAX = 1000, /* outbox rows at a time */
    KEY_SIZE_MAX = 16 * 1024,
    PEM_SIZE_MAX = 4 * 1024 * 1024,
    DESCRIPTORS_MAX = 256,
};

#define TURN_MEMORY ((size_t)8 * 1024 * 1024)
#define STORE_MEMORY ((size_t)4 * 1024 * 1024)

struct courier {
    struct role_context *context;
    struct trade_tools   tools;
    struct arena        *store_arena;
    int64_t              poll_at;
    int64_t              forget_at;
    int64_t              count_at;
    int64_t              round_at;
    int64_t              stop_at; /* 0: not told to stop */
    bool                 stopped;
};

/* The work that is looked for at every poll. */
static enum err (*const trades[])(struct trade_tools *tools, size_t *begun, struct fault *fault) = {
    webhook_trade_claim,
    stamp_trade_claim,
    mail_trade_claim,
};

static enum err
read_key(struct courier *courier, struct fault *fault)
{
    struct role_context *context = courier->context;
    struct webhook_key  *key = NULL;
    char                 pem[KEY_SIZE_MAX];

    if (context->key < 0) {
        return ERR_OK;
    }
    /* From its beginning, wherever its offset stands: that is shared with those before us. */
    ssize_t size = pread(context->key, pem, sizeof pem, 0);
    (void)close(context->key); /* it was only read */
    context->key = -1;
    if (size <= 0 || (size_t)size == sizeof pem) {
        return FAIL(fault, ERR_FILE, "webhook_key: the file cannot be read");
    }
    enum err got = webhook_key_create(context->arena, (struct str){pem, (size_t)size}, &key, fault);
    explicit_bzero(pem, sizeof pem);
    courier->tools.webhook_key = key;
    return got;
}

static enum err
read_stamp_trust(struct courier *courier, struct fault *fault)
{
    const struct config *config = courier->context->config;
    struct arena        *arena = courier->context->arena;
    struct stamp_trust  *trust = NULL;
    struct str           pem = {0};

    if (config->tsa_url.size == 0) {
        return ERR_OK;
    }
    TRY(file_read(arena, config->tsa_trust, PEM_SIZE_MAX, &pem, fault));
    TRY(stamp_trust_create(arena, pem, config->tsa_policy, &trust, fault));
    courier->tools.stamp_trust = trust;
    return ERR_OK;
}

/* The first line of its file. */
static enum err
read_mail_password(struct courier *courier, struct fault *fault)
{
    const struct config *config = courier->context->config;
    struct arena        *arena = courier->context->arena;
    struct str           text = {0};
    struct str           line = {0};

    if (config->mail_url.size == 0 || config->mail_password.size == 0) {
        return ERR_OK;
    }
    TRY(file_read(arena, config->mail_password, PASSWORD_SIZE_MAX, &text, fault));
    (void)str_cut(&text, '\n', &line);
    courier->tools.mail_password = str_copy(arena, str_trim(line)).data;
    return courier->tools.mail_password != NULL
               ? ERR_OK
               : FAIL(fault, ERR_MEMORY, "the password of the relay");
}

static enum err
make_carrier(struct courier *courier, struct fault *fault)
{
    const struct config    *config = courier->context->config;
    struct arena           *arena = courier->context->arena;
    struct carrier_settings settings = {.loopback = config->environment == CONFIG_TEST
                                                    && config->webhook_loopback != 0};

    if (courier->tools.webhook_key != NULL || str_starts_with(config->tsa_url, STR("https"))
        || config->mail_url.size > 0) {
        TRY(file_read(arena, config->courier_trust, PEM_SIZE_MAX, &settings.trust_pem, fault));
    }
    return carrier_create(arena, &settings, &courier->tools.carrier, fault);
}

/* Told once for each connection: receivers find the key at /api/v1/keys. */
static enum err
greet(struct courier *courier, struct arena *arena, struct fault *fault)
{
    if (courier->tools.webhook_key == NULL) {
        return ERR_OK;
    }
    return delivery_publish_key(courier->tools.store, arena,
                                webhook_public_key(courier->tools.webhook_key), fault);
}

static enum err
open_store(struct courier *courier, struct fault *fault)
{
    const struct config       *config = courier->context->config;
    const struct store_address address = {.host = config->database_host,
                                          .port = config->database_port,
                                          .database = config->database_name};
    struct arena              *arena = arena_create(STORE_MEMORY);
    enum err got = store_open(arena, &address, STORE_COURIER, &courier->tools.store, fault);

    if (got == ERR_OK) {
        got = greet(courier, arena, fault);
    }
    if (got != ERR_OK) {
        courier->tools.store = NULL;
        arena_destroy(arena);
        return got;
    }
    courier->store_arena = arena;
    return ERR_OK;
}

static void
close_store(struct courier *courier)
{
    if (courier->store_arena != NULL) {
        arena_destroy(courier->store_arena);
    }
    courier->store_arena = NULL;
    courier->tools.store = NULL;
}

/* What is done now and then. */
static enum err
keep_house(struct courier *courier, struct arena *arena, struct fault *fault)
{
    int64_t now = ticks_ms();
    int64_t waiting = 0;
    int64_t oldest = 0;

    if (now >= courier->forget_at) {
        courier->forget_at = now + FORGET_MS;
        TRY(delivery_forget(courier->tools.store, arena, fault));
        TRY(mailing_forget(courier->tools.store, arena, fault));
    }
    if (now >= courier->count_at) {
        courier->count_at = now + COUNT_MS;
        TRY(mailing_backlog(courier->tools.store, arena, &waiting, &oldest, fault));
        metrics_set(METRIC_LETTERS_WAITING, waiting);
        metrics_set(METRIC_LETTERS_OLDEST, oldest);
    }
    return ERR_OK;
}

/* *more: there are more to be written at once. */
static enum err
write_letters(struct courier *courier, bool *more, struct fault *fault)
{
    bool again = false;

    if (courier->tools.config->mail_url.size == 0 || ticks_ms() < courier->round_at) {
        return ERR_OK;
    }
    TRY(mail_round_turn(&courier->tools, &again, fault));
    courier->round_at = ticks_ms() + (again ? 0 : ROUND_MS);
    *more = *more || again;
    return ERR_OK;
}

/* From the outbox, and begin what is due. *more: there may be more to do at once. */
static enum err
look_for_work(struct courier *courier, struct arena *arena, bool *more, struct fault *fault)
{
    const struct trade_tools *tools = &courier->tools;
    int64_t                   spread = 0;
    int64_t                   owed = 0;
    int64_t                   turned = 0;
    unsigned                  also = 0;

    also |= tools->stamp_trust == NULL ? 0 : DELIVERY_WITH_STAMPS;
    also |= tools->config->mail_url.size == 0 ? 0 : DELIVERY_WITH_LETTERS;
    if (courier->tools.store == NULL) {
        TRY(open_store(courier, fault));
    }
    TRY(delivery_spread(courier->tools.store, arena, also, SPREAD_MAX, &spread, fault));
    TRY(delivery_spread_duties(courier->tools.store, arena, SPREAD_MAX, &owed, fault));
    TRY(turning_spread(courier->tools.store, arena, tools->config->mail_url.size > 0, SPREAD_MAX,
                       &turned, fault));
    *more = spread == SPREAD_MAX || owed == SPREAD_MAX || turned == SPREAD_MAX;
    if (spread > 0 || owed > 0 || turned > 0) {
        FAILPOINT_REACH(COURIER_SPREAD);
    }
    for (size_t i = 0; i < ARRAY_COUNT(trades); i++) {
        size_t begun = 0;
        TRY(trades[i](&courier->tools, &begun, fault));
        *more = *more || begun > 0;
    }
    TRY(write_letters(courier, more, fault));
    return keep_house(courier, arena, fault);
}

static void
poll_outbox(struct courier *courier)
{
    struct arena *arena = arena_create(TURN_MEMORY);
    struct fault  fault = {0};
    bool          more = false;
    enum err      got = look_for_work(courier, arena, &more, &fault);

    if (got != ERR_OK) {
        log_failure("courier.failed", &fault);
        metrics_add(METRIC_STORE_FAILURES, 1);
        close_store(courier); /* whatever it was: the next one begins anew */
    }
    courier->poll_at = ticks_ms() + (got != ERR_OK ? PAUSE_MS : more ? 0 : POLL_MS);
    arena_destroy(arena);
}

/* An end that cannot be recorded is as if it had not come: the lease ends, it is sent again. */
static void
take_ends(struct courier *courier)
{
    struct carrier_answer answer = {0};
    void                 *object = NULL;

    while (carrier_take(courier->tools.carrier, &object, &answer)) {
        struct cargo *cargo = object;
        struct fault  fault = {0};
        enum err      got = ERR_OK;
        cargo->gone(&courier->tools, cargo);
        if (courier->tools.store == NULL) {
            got = open_store(courier, &fault);
        }
        if (got == ERR_OK) {
            got = cargo->ended(&courier->tools, cargo, &answer, &fault);
        }
        if (got != ERR_OK) {
            log_failure("courier.unrecorded", &fault);
            close_store(courier);
        }
        trade_forget(cargo);
        courier->poll_at = got == ERR_OK ? 0 : courier->poll_at;
    }
}

static enum err
obey(struct courier *courier, struct fault *fault)
{
    enum role_order order = ROLE_ORDER_NONE;
    struct link     link = {0};
    int             end = -1;

    TRY(role_order(courier->context, &order, &link, &end, fault));
    if (order == ROLE_ORDER_LINK) {
        (void)close(end); /* nobody talks with the courier */
    }
    if (order == ROLE_ORDER_STOP) {
        courier->stop_at = ticks_ms() + STOP_MS;
    }
    courier->stopped = order == ROLE_ORDER_GONE;
    return ERR_OK;
}

static enum err
work(struct courier *courier, struct fault *fault)
{
    bool readable = false;

    if (courier->stop_at == 0 && ticks_ms() >= courier->poll_at) {
        poll_outbox(courier);
    }
    int64_t wait = courier->poll_at - ticks_ms();
    TRY(carrier_turn(courier->tools.carrier, courier->context->control,
                     wait < 0         ? 0
                     : wait > POLL_MS ? POLL_MS
                                      : (int)wait,
                     &readable, fault));
    if (readable) {
        TRY(obey(courier, fault));
    }
    take_ends(courier);
    if (courier->stop_at != 0) {
        courier->stopped = courier->stopped || carrier_running(courier->tools.carrier) == 0
                           || ticks_ms() >= courier->stop_at;
    }
    return ERR_OK;
}

static enum err
prepare(struct courier *courier, struct fault *fault)
{
    const struct sandbox_limits limits = {.descriptors_max = DESCRIPTORS_MAX, .tcp = true};
    struct fault                absent = {0};

    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) { /* before a key is read */
        return FAIL(fault, ERR_SYSTEM, "the courier cannot make itself undumpable");
    }
    TRY(read_key(courier, fault));
    TRY(read_stamp_trust(courier, fault));
    TRY(read_mail_password(courier, fault));
    TRY(make_carrier(courier, fault));
    /* The first attempt opens the files that libpq wants to see, whether or not it succeeds. */
    if (open_store(courier, &absent) != ERR_OK) {
        log_failure("courier.failed", &absent);
    }
    return sandbox_enter_role(SANDBOX_COURIER, &limits, fault);
}

enum err
courier_role(struct role_context *context, struct fault *fault)
{
    struct courier courier = {.context = context, .tools = {.config = context->config}};

    store_while_waiting(role_pulse);
    TRY(prepare(&courier, fault));
    TRY(role_ready(context, fault));
    while (!courier.stopped) {
        TRY(work(&courier, fault));
    }
    close_store(&courier);
    return ERR_OK;
}
