#include "gateway/front/reception.h"

#include "gateway/front/body.h"
#include "gateway/front/head.h"
#include "gateway/front/response.h"
#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/ticks/ticks.h"

#include <fcntl.h>
#include <microhttpd.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    /* Above everything that nginx lets through (its header buffers and a certificate), so that the
     * library never has to refuse a head for its size. */
    POOL_SIZE = 160 * 1024,
    KEEP_ALIVE_SECONDS = 120, /* longer than nginx keeps a connection, so that nginx closes it */
    LINGER_US = 5 * INSTANT_PER_SECOND,
    CLOSING_ROUNDS = 100,
};

struct reception {
    struct exchange   *exchange;
    struct MHD_Daemon *daemon;
    int                epoll;
    int                listen; /* after reception_quiesce, to be closed */
};

static int
socket_of(const struct request *request)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CONNECTION_FD);

    ENSURE(info != NULL);
    return info->connect_fd;
}

static void
wake(struct request *request)
{
    if (request->connection != NULL && request->suspended) {
        request->suspended = false;
        MHD_resume_connection(request->connection);
    }
}

static void
suspend(struct request *request)
{
    request->suspended = true;
    MHD_suspend_connection(request->connection);
}

/* Answer in the middle of a body; the rest of it is read and thrown away, for a while. */
static void
answer_early(struct request *request)
{
    request->lingering = true;
    request->since = ticks_steady();
    response_write(request);
}

/* A body that does not come, or a client that does not go. */
static void
cut_if_slow(struct exchange *exchange, struct request *request)
{
    int64_t now = ticks_steady();

    if (request->connection == NULL || request->suspended) {
        return;
    }
    if (request->lingering) {
        if (now - request->since > LINGER_US) {
            (void)shutdown(socket_of(request), SHUT_RDWR); /* the library then ends it */
        }
        return;
    }
    if (request->phase == REQUEST_BODY && body_is_late(exchange, request, now)) {
        spool_drop(&request->spool);
        exchange_refuse(exchange, request, PROBLEM_TIMEOUT, (struct str){0});
        answer_early(request);
        (void)shutdown(socket_of(request), SHUT_RD); /* nothing more of it is wanted */
    }
}

/* The head is read, or was and the sender is known now. The library waits for our word. */
static enum MHD_Result
judge_head(struct exchange *exchange, struct request *request)
{
    if (request->phase == REQUEST_HEAD) {
        exchange_begin(exchange, request);
    }
    if (request->phase == REQUEST_IDENTIFIED) {
        suspend(request);
        return MHD_YES;
    }
    if (request->phase == REQUEST_BODY) {
        head_judge_body(exchange, request);
    }
    request->head_done = true;
    request->active = ticks_steady();
    if (request->phase != REQUEST_ANSWERED || !request->has_body) {
        return MHD_YES; /* the answer, if there is one, goes out when the request is whole */
    }
    if (head_expects_continue(request)) {
        return response_queue(request) ? MHD_YES : MHD_NO;
    }
    answer_early(request);
    return MHD_YES;
}

static enum MHD_Result
take_body(struct exchange *exchange, struct request *request, const char *data, size_t *size)
{
    if (request->phase == REQUEST_BODY) {
        body_take(exchange, request, (struct str){data, *size});
        if (request->phase == REQUEST_ANSWERED) {
            answer_early(request);
        }
    }
    *size = 0;
    return MHD_YES;
}

static enum MHD_Result
finish(struct exchange *exchange, struct request *request)
{
    if (request->lingering) {
        return MHD_NO; /* it has its answer */
    }
    if (request->phase == REQUEST_BODY) {
        exchange_complete(exchange, request);
    }
    if (request->phase == REQUEST_ANSWERED) {
        return response_queue(request) ? MHD_YES : MHD_NO;
    }
    suspend(request);
    return MHD_YES;
}

static enum MHD_Result
/* NOLINTNEXTLINE(readability-function-size): the library's signature */
handle(void *object, struct MHD_Connection *connection, const char *url, const char *method,
       const char *version, const char *data, size_t *size, void **context)
{
    struct reception *reception = object;
    struct request   *request = *context;

    (void)url; /* request->target has it as it came */
    (void)version;
    if (request == NULL) {
        return MHD_NO; /* more requests than there is room for */
    }
    if (request->method.data == NULL) {
        request->connection = connection;
        head_read(reception->exchange, request, method);
    }
    if (!request->head_done) {
        return judge_head(reception->exchange, request);
    }
    if (*size > 0) {
        return take_body(reception->exchange, request, data, size);
    }
    return finish(reception->exchange, request);
}

/* The request line is here: the first that we hear of a request. */
static void *
begin(void *object, const char *target, struct MHD_Connection *connection)
{
    struct reception *reception = object;
    struct request   *request = requests_add(&reception->exchange->requests);

    (void)connection; /* it comes again with the head */
    if (request != NULL) {
        request->target = str_copy(request->arena, str_of(target));
    }
    return request;
}

static void
count_answer(const struct request *request)
{
    static const enum metric classes[] = {METRIC_REQUESTS_2XX, METRIC_REQUESTS_3XX,
                                          METRIC_REQUESTS_4XX, METRIC_REQUESTS_5XX};
    size_t class = (size_t)(request->answer.status / 100);

    if (class >= 2 && class <= 5) {
        metrics_add(classes[class - 2], 1);
    }
    metrics_observe(DURATION_REQUEST, ticks_steady() - request->began);
}

static void
log_answer(const struct request *request)
{
    log_begin(LOG_INFO, "http.request");
    log_uuid("request", request->id);
    log_text("method", request->method);
    log_text("route", request->route == NULL ? STR("-") : str_of(request->route->name));
    log_number("status", request->answer.status);
    log_number("ms", (ticks_steady() - request->began) / TICKS_PER_MS);
    log_number("bytes", (int64_t)request->spool.received);
    log_number("subject", request->access.subject);
    log_end();
}

static void
end(void *object, struct MHD_Connection *connection, void **context,
    enum MHD_RequestTerminationCode code)
{
    struct reception *reception = object;
    struct request   *request = *context;

    (void)connection;
    (void)code; /* whether it was answered stands in the request */
    *context = NULL;
    if (request == NULL) {
        return;
    }
    if (request->phase == REQUEST_ANSWERED) {
        count_answer(request);
    }
    if (request->method.data != NULL) {
        log_answer(request);
    }
    exchange_leave(reception->exchange, request);
}

static void
count_connection(void *object, struct MHD_Connection *connection, void **context,
                 enum MHD_ConnectionNotificationCode code)
{
    (void)object;
    (void)connection;
    (void)context;
    metrics_add(METRIC_CONNECTIONS, code == MHD_CONNECTION_NOTIFY_STARTED ? 1 : -1);
}

/* Paths and parameters are compared as they came: what is decoded here could mean two things. */
static size_t
leave_escaped(void *object, struct MHD_Connection *connection, char *text)
{
    (void)object;
    (void)connection;
    return strlen(text);
}

enum err
reception_open(struct arena *arena, struct exchange *exchange, int listen, struct reception **out,
               struct fault *fault)
{
    struct reception *reception = ARENA_NEW(arena, struct reception, 1);

    if (reception == NULL) {
        return FAIL(fault, ERR_MEMORY, "the reception");
    }
    *reception = (struct reception){.exchange = exchange, .listen = -1};
    if (fcntl(listen, F_SETFL, O_NONBLOCK) != 0) {
        return FAIL(fault, ERR_SYSTEM, "the listening socket");
    }
    reception->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handle, reception,
        MHD_OPTION_LISTEN_SOCKET, listen, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_SIZE,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)exchange->config->connections_max,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)KEEP_ALIVE_SECONDS, MHD_OPTION_STRICT_FOR_CLIENT,
        1, MHD_OPTION_URI_LOG_CALLBACK, begin, reception, MHD_OPTION_NOTIFY_COMPLETED, end,
        reception, MHD_OPTION_NOTIFY_CONNECTION, count_connection, NULL,
        MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL, MHD_OPTION_END);
    if (reception->daemon == NULL) {
        return FAIL(fault, ERR_SYSTEM, "libmicrohttpd does not start");
    }
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(reception->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    if (info == NULL) {
        MHD_stop_daemon(reception->daemon);
        return FAIL(fault, ERR_SYSTEM, "libmicrohttpd has no epoll");
    }
    reception->epoll = info->epoll_fd;
    exchange->wake = wake;
    exchange->cut = cut_if_slow;
    *out = reception;
    return ERR_OK;
}

int
reception_fd(const struct reception *reception)
{
    return reception->epoll;
}

void
reception_run(struct reception *reception)
{
    (void)MHD_run(reception->daemon); /* fails only for a daemon of another kind */
}

int
reception_timeout(const struct reception *reception)
{
    MHD_UNSIGNED_LONG_LONG timeout = 0;

    if (MHD_get_timeout(reception->daemon, &timeout) != MHD_YES) {
        return -1;
    }
    return timeout > (MHD_UNSIGNED_LONG_LONG)INT32_MAX ? INT32_MAX : (int)timeout;
}

void
reception_quiesce(struct reception *reception)
{
    reception->listen = MHD_quiesce_daemon(reception->daemon);
}

void
reception_close(struct reception *reception)
{
    exchange_refuse_all(reception->exchange); /* nobody may be suspended when the library stops */
    for (int i = 0; i < CLOSING_ROUNDS; i++) {
        reception_run(reception);
    }
    MHD_stop_daemon(reception->daemon);
    if (reception->listen >= 0) {
        (void)close(reception->listen); /* nothing is written to it */
    }
}
