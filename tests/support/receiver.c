#include "tests/support/receiver.h"

#include "validators/base/ensure.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { THREADS_MAX = 128, REQUEST_MAX = 65536, ANSWER_MAX = 65536, LOOK_MS = 20, BACKLOG = 64 };

struct receiver {
    SSL_CTX                *tls;
    int                     listening;
    unsigned                port;
    _Atomic bool            over;
    _Atomic bool            let;
    pthread_t               acceptor;
    pthread_t               threads[THREADS_MAX];
    size_t                  thread_count; /* of the acceptor alone */
    pthread_mutex_t         lock;
    size_t                  kept_count;
    struct receiver_request kept[RECEIVER_KEPT_MAX];
    receiver_maker         *make;
    void                   *object;
};

struct visit {
    struct receiver *receiver;
    int              fd;
    SSL             *ssl;
};

/* Wait until the other side has something, or the receiver ends. */
static bool
wait_for(const struct visit *visit)
{
    struct pollfd watched = {.fd = visit->fd, .events = POLLIN};

    while (!visit->receiver->over) {
        if (SSL_pending(visit->ssl) > 0 || poll(&watched, 1, LOOK_MS) == 1) {
            return true;
        }
    }
    return false;
}

static void
take_header(const char *head, const char *name, char *room, size_t size)
{
    const char *line = strcasestr(head, name);

    room[0] = '\0';
    if (line != NULL) {
        line += strlen(name);
        size_t length = strcspn(line, "\r\n");
        (void)snprintf(room, size, "%.*s", (int)length, line);
    }
}

/* A whole request; false when none came. */
static bool
read_request(const struct visit *visit, char *room, struct receiver_request *out)
{
    size_t size = 0;
    char  *body = NULL;
    size_t wanted = 0;

    while (size < REQUEST_MAX - 1 && wait_for(visit)) {
        int got = SSL_read(visit->ssl, room + size, (int)(REQUEST_MAX - 1 - size));
        if (got <= 0) {
            return false;
        }
        size += (size_t)got;
        room[size] = '\0';
        body = strstr(room, "\r\n\r\n");
        if (body != NULL) {
            char length[32];
            take_header(room, "Content-Length: ", length, sizeof length);
            wanted = strtoul(length, NULL, 10);
            body += 4;
        }
        if (body != NULL && size - (size_t)(body - room) >= wanted) {
            break;
        }
    }
    if (body == NULL || sscanf(room, "POST %127s HTTP/", out->path) != 1) {
        return false;
    }
    take_header(room, "webhook-id: ", out->id, sizeof out->id);
    take_header(room, "webhook-timestamp: ", out->timestamp, sizeof out->timestamp);
    take_header(room, "webhook-signature: ", out->signature, sizeof out->signature);
    take_header(room, "Content-Type: ", out->type, sizeof out->type);
    out->body_size = wanted < sizeof out->body - 1 ? wanted : sizeof out->body - 1;
    memcpy(out->body, body, out->body_size);
    out->body[out->body_size] = '\0';
    return true;
}

static void
keep(struct receiver *receiver, const struct receiver_request *request)
{
    ENSURE(pthread_mutex_lock(&receiver->lock) == 0);
    receiver->kept[receiver->kept_count % RECEIVER_KEPT_MAX] = *request;
    receiver->kept_count++;
    ENSURE(pthread_mutex_unlock(&receiver->lock) == 0);
}

static bool
say(const struct visit *visit, const char *text, size_t size)
{
    return SSL_write(visit->ssl, text, (int)size) > 0;
}

static void
say_text(const struct visit *visit, const char *text)
{
    (void)say(visit, text, strlen(text)); /* whoever asked may be gone */
}

static void
say_endlessly(const struct visit *visit, size_t piece_size, int pause_ms)
{
    char piece[1024];

    memset(piece, 'x', sizeof piece);
    say_text(visit, "HTTP/1.1 200 OK\r\n\r\n");
    while (!visit->receiver->over && say(visit, piece, piece_size)) {
        (void)poll(NULL, 0, pause_ms);
    }
}

static void
say_made(const struct visit *visit, const struct receiver_request *request)
{
    static _Thread_local char body[ANSWER_MAX];
    char                      head[256];
    struct receiver          *receiver = visit->receiver;
    size_t size = receiver->make(receiver->object, (struct str){request->body, request->body_size},
                                 body, sizeof body);

    (void)snprintf(head, sizeof head,
                   "HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\n"
                   "Content-Length: %zu\r\n\r\n",
                   size);
    say_text(visit, head);
    (void)say(visit, body, size);
}

static void
wait_to_end(const struct visit *visit, const _Atomic bool *other)
{
    while (!visit->receiver->over && !*other) {
        (void)poll(NULL, 0, LOOK_MS);
    }
}

static void
answer(const struct visit *visit, const struct receiver_request *request)
{
    static const struct {
        const char *path;
        const char *text;
    } plain[] = {
        {"/ok",       "HTTP/1.1 204 No Content\r\n\r\n"                                 },
        {"/500",      "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"                    },
        {"/404",      "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"                    },
        {"/410",      "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"                  },
        {"/redirect", "HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n"},
        {"/garbage",  "\x01\x02\x03 this is no HTTP at all\r\n\r\n"                     },
    };

    for (size_t i = 0; i < ARRAY_COUNT(plain); i++) {
        if (strcmp(request->path, plain[i].path) == 0) {
            say_text(visit, plain[i].text);
        }
    }
    if (strcmp(request->path, "/huge") == 0) {
        say_endlessly(visit, 1024, 0);
    } else if (strcmp(request->path, "/drip") == 0) {
        say_endlessly(visit, 1, LOOK_MS);
    } else if (strcmp(request->path, "/silent") == 0) {
        wait_to_end(visit, &visit->receiver->over);
    } else if (strcmp(request->path, "/late") == 0) {
        wait_to_end(visit, &visit->receiver->let);
        say_text(visit, plain[0].text);
    } else if (strcmp(request->path, "/answer") == 0) {
        say_made(visit, request);
    }
}

static void *
serve(void *object)
{
    struct visit           *visit = object;
    struct receiver_request request = {0};
    char                   *room = malloc(REQUEST_MAX);

    ENSURE(room != NULL && visit->ssl != NULL && SSL_set_fd(visit->ssl, visit->fd) == 1);
    if (SSL_accept(visit->ssl) == 1 && read_request(visit, room, &request)) {
        keep(visit->receiver, &request);
        answer(visit, &request);
        (void)SSL_shutdown(visit->ssl);
    }
    ERR_clear_error();
    SSL_free(visit->ssl);
    ENSURE(close(visit->fd) == 0);
    free(room);
    free(visit);
    return NULL;
}

static void *
accept_all(void *object)
{
    struct receiver *receiver = object;
    struct pollfd    watched = {.fd = receiver->listening, .events = POLLIN};

    while (!receiver->over) {
        if (poll(&watched, 1, LOOK_MS) != 1) {
            continue;
        }
        struct visit *visit = calloc(1, sizeof *visit);
        ENSURE(visit != NULL && receiver->thread_count < THREADS_MAX);
        *visit = (struct visit){.receiver = receiver,
                                .fd = accept4(receiver->listening, NULL, NULL, SOCK_CLOEXEC),
                                .ssl = SSL_new(receiver->tls)};
        ENSURE(visit->fd >= 0);
        ENSURE(pthread_create(&receiver->threads[receiver->thread_count++], NULL, serve, visit)
               == 0);
    }
    return NULL;
}

struct receiver *
receiver_start(const char *certificate, const char *key)
{
    struct receiver   *receiver = calloc(1, sizeof *receiver);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t          size = sizeof address;

    ENSURE(receiver != NULL && signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    receiver->tls = SSL_CTX_new(TLS_server_method());
    ENSURE(receiver->tls != NULL
           && SSL_CTX_use_certificate_chain_file(receiver->tls, certificate) == 1
           && SSL_CTX_use_PrivateKey_file(receiver->tls, key, SSL_FILETYPE_PEM) == 1);
    receiver->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ENSURE(receiver->listening >= 0
           && bind(receiver->listening, (struct sockaddr *)&address, size) == 0
           && listen(receiver->listening, BACKLOG) == 0
           && getsockname(receiver->listening, (struct sockaddr *)&address, &size) == 0);
    receiver->port = ntohs(address.sin_port);
    ENSURE(pthread_mutex_init(&receiver->lock, NULL) == 0);
    ENSURE(pthread_create(&receiver->acceptor, NULL, accept_all, receiver) == 0);
    return receiver;
}

void
receiver_stop(struct receiver *receiver)
{
    receiver->over = true;
    ENSURE(pthread_join(receiver->acceptor, NULL) == 0);
    for (size_t i = 0; i < receiver->thread_count; i++) {
        ENSURE(pthread_join(receiver->threads[i], NULL) == 0);
    }
    ENSURE(close(receiver->listening) == 0);
    SSL_CTX_free(receiver->tls);
    free(receiver);
}

unsigned
receiver_port(const struct receiver *receiver)
{
    return receiver->port;
}

size_t
receiver_count(struct receiver *receiver, const char *path)
{
    size_t count = 0;

    ENSURE(pthread_mutex_lock(&receiver->lock) == 0);
    for (size_t i = 0; i < receiver->kept_count && i < RECEIVER_KEPT_MAX; i++) {
        count += strcmp(receiver->kept[i].path, path) == 0 ? 1 : 0;
    }
    ENSURE(pthread_mutex_unlock(&receiver->lock) == 0);
    return count;
}

bool
receiver_newest(struct receiver *receiver, const char *path, struct receiver_request *out)
{
    bool found = false;

    ENSURE(pthread_mutex_lock(&receiver->lock) == 0);
    for (size_t i = receiver->kept_count; i > 0 && !found; i--) {
        found = strcmp(receiver->kept[i - 1].path, path) == 0;
        if (found) {
            *out = receiver->kept[i - 1];
        }
    }
    ENSURE(pthread_mutex_unlock(&receiver->lock) == 0);
    return found;
}

void
receiver_let(struct receiver *receiver)
{
    receiver->let = true;
}

void
receiver_answer(struct receiver *receiver, receiver_maker *make, void *object)
{
    receiver->make = make;
    receiver->object = object;
}
