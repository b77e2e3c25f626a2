#include "gateway/front/health.h"

#include "gateway/answer/json.h"
#include "gateway/front/parameter.h"
#include "gateway/front/response.h"
#include "gateway/metrics/metrics.h"

#include <fcntl.h>
#include <microhttpd.h>
#include <string.h>

enum { ANSWER_MAX = 256 * 1024, CONNECTIONS_MAX = 32, IDLE_SECONDS = 30 };

struct health {
    const struct exchange *exchange;
    struct MHD_Daemon     *daemon;
    int                    epoll;
};

/* Linked with us, and heard by the supervisor. */
static bool
answer_all(const struct health *health, enum peer_kind kind, enum metric answering, int64_t wanted)
{
    return (int64_t)peers_living(&health->exchange->peers, kind) >= wanted
           && metrics_get(answering) >= wanted;
}

static bool
has_workers(const struct health *health)
{
    return answer_all(health, PEER_WORKER, METRIC_ANSWERING_WORKER,
                      health->exchange->config->workers);
}

static bool
has_reader(const struct health *health)
{
    return answer_all(health, PEER_READER, METRIC_ANSWERING_READER, 1);
}

static bool
has_store(const struct health *health)
{
    return metrics_get(METRIC_STORE_READY) >= health->exchange->config->workers
           && metrics_get(METRIC_READER_STORE_READY) > 0;
}

static bool
has_signer(const struct health *health)
{
    return metrics_get(METRIC_SIGNER_READY) >= health->exchange->config->workers
           && metrics_get(METRIC_ANSWERING_SIGNER) > 0;
}

/* One that is just replaced is not missed. */
static bool
has_checkers(const struct health *health)
{
    (void)health;
    return metrics_get(METRIC_CHECKERS_ABSENT) == 0;
}

/* Every worker, its checker, its store and its signer. */
static const struct {
    const char *name;
    bool (*holds)(const struct health *health);
} needs[] = {
    {"worker",  has_workers },
    {"checker", has_checkers},
    {"reader",  has_reader  },
    {"store",   has_store   },
    {"signer",  has_signer  },
};

static bool
is_ready(const struct health *health)
{
    bool ready = true;

    for (size_t i = 0; i < ARRAY_COUNT(needs); i++) {
        ready = ready && needs[i].holds(health);
    }
    return ready;
}

static void
write_ready(const struct health *health, struct buf *out, bool verbose)
{
    struct json json = json_create(out);

    if (!verbose) {
        buf_append(out, is_ready(health) ? STR("ok\n") : STR("not ready\n"));
        return;
    }
    json_object_begin(&json);
    json_key(&json, "ready");
    json_truth(&json, is_ready(health));
    for (size_t i = 0; i < ARRAY_COUNT(needs); i++) {
        json_key(&json, needs[i].name);
        json_truth(&json, needs[i].holds(health));
    }
    json_object_end(&json);
}

/* The answer to a path; the status, 404 for a path that is not there. */
static int
write_answer(const struct health *health, const char *path, bool verbose, struct buf *out,
             struct str *type)
{
    *type = STR("text/plain; charset=utf-8");
    if (strcmp(path, "/livez") == 0) {
        buf_append(out, STR("ok\n"));
        return 200;
    }
    if (strcmp(path, "/readyz") == 0) {
        write_ready(health, out, verbose);
        *type = verbose ? STR("application/json") : *type;
        return is_ready(health) ? 200 : 503;
    }
    if (strcmp(path, "/metrics") == 0) {
        *type = STR("text/plain; version=0.0.4; charset=utf-8");
        metrics_write(out, BRAMA_VERSION);
        return 200;
    }
    buf_append(out, STR("not found\n"));
    return 404;
}

static enum MHD_Result
/* NOLINTNEXTLINE(readability-function-size): the library's signature */
handle(void *object, struct MHD_Connection *connection, const char *url, const char *method,
       const char *version, const char *data, size_t *size, void **context)
{
    static int     seen; /* its address says that the head was here */
    struct health *health = object;

    (void)version;
    (void)data;
    if (*context == NULL) {
        *context = &seen;
        return MHD_YES;
    }
    if (*size > 0) {
        *size = 0; /* nothing here takes a body */
        return MHD_YES;
    }
    struct arena *arena = arena_create(2 * (size_t)ANSWER_MAX);
    struct buf    out = buf_create(arena, ANSWER_MAX);
    struct str    type = {0};
    bool          verbose =
        MHD_lookup_connection_value_n(connection, MHD_GET_ARGUMENT_KIND, "verbose", 7, NULL, NULL)
        == MHD_YES;
    int status = 405;
    if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0) {
        status = write_answer(health, url, verbose, &out, &type);
    }
    struct request request = {
        .arena = arena, .connection = connection, .answer = {status, type, {0}, buf_str(&out)}
    };
    bool queued = response_queue_copy(&request);
    arena_destroy(arena);
    return queued ? MHD_YES : MHD_NO;
}

enum err
health_open(struct arena *arena, const struct exchange *exchange, int listen, struct health **out,
            struct fault *fault)
{
    struct health *health = ARENA_NEW(arena, struct health, 1);

    if (health == NULL) {
        return FAIL(fault, ERR_MEMORY, "health");
    }
    if (fcntl(listen, F_SETFL, O_NONBLOCK) != 0) {
        return FAIL(fault, ERR_SYSTEM, "the listening socket of health");
    }
    health->exchange = exchange;
    health->daemon =
        MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, handle, health, MHD_OPTION_LISTEN_SOCKET,
                         listen, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
                         MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_END);
    if (health->daemon == NULL) {
        return FAIL(fault, ERR_SYSTEM, "libmicrohttpd does not start for health");
    }
    health->epoll = MHD_get_daemon_info(health->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    *out = health;
    return ERR_OK;
}

int
health_fd(const struct health *health)
{
    return health->epoll;
}

void
health_run(struct health *health)
{
    (void)MHD_run(health->daemon); /* fails only for a daemon of another kind */
}

int
health_timeout(const struct health *health)
{
    MHD_UNSIGNED_LONG_LONG timeout = 0;

    if (MHD_get_timeout(health->daemon, &timeout) != MHD_YES) {
        return -1;
    }
    return timeout > (MHD_UNSIGNED_LONG_LONG)INT32_MAX ? INT32_MAX : (int)timeout;
}

void
health_close(struct health *health)
{
    MHD_stop_daemon(health->daemon);
}
