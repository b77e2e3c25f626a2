#include "tests/scenario/http/client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void
clear(struct client *client)
{
    (void)signal(SIGPIPE, SIG_IGN); /* OpenSSL writes without MSG_NOSIGNAL */
    *client = (struct client){.fd = -1, .seen = calloc(1, CLIENT_SEEN_MAX + 1)};
    ENSURE(client->seen != NULL);
}

void
client_open_unix(struct client *client, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    clear(client);
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    client->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ENSURE(connect(client->fd, (struct sockaddr *)&address, sizeof address) == 0);
}

void
client_open_tcp(struct client *client, int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    clear(client);
    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ENSURE(setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int)) == 0);
    ENSURE(connect(client->fd, (struct sockaddr *)&address, sizeof address) == 0);
}

/* certificate, key, protocols: NULL for none. */
static void
open_tls(struct client *client, int port, const char *certificate, const char *key,
         const char *protocols)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());

    client_open_tcp(client, port);
    if (certificate != NULL) {
        ENSURE(SSL_CTX_use_certificate_file(context, certificate, SSL_FILETYPE_PEM) == 1);
        ENSURE(SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) == 1);
    }
    if (protocols != NULL) {
        ENSURE(SSL_CTX_set_alpn_protos(context, (const unsigned char *)protocols,
                                       (unsigned)strlen(protocols))
               == 0);
    }
    SSL *tls = SSL_new(context);
    ENSURE(tls != NULL && SSL_set_fd(tls, client->fd) == 1);
    ENSURE(SSL_set_tlsext_host_name(tls, "localhost") == 1);
    ENSURE(SSL_connect(tls) == 1);
    SSL_CTX_free(context);
    client->tls = tls;
    /* Who is refused in the middle of what it sends may find nobody reading on. */
    struct timeval limit = {.tv_sec = 2};
    ENSURE(setsockopt(client->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) == 0);
}

void
client_open_tls(struct client *client, int port, const char *certificate, const char *key)
{
    open_tls(client, port, certificate, key, NULL);
}

void
client_open_alpn(struct client *client, int port, const char *protocols)
{
    open_tls(client, port, NULL, NULL, protocols);
}

void
client_close(struct client *client)
{
    SSL_free(client->tls);
    if (client->fd >= 0) {
        (void)close(client->fd);
    }
    free(client->seen);
    *client = (struct client){.fd = -1};
}

bool
client_send(struct client *client, struct str bytes)
{
    while (bytes.size > 0) {
        ssize_t sent = client->tls != NULL ? SSL_write(client->tls, bytes.data, (int)bytes.size)
                                           : send(client->fd, bytes.data, bytes.size, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes = str_slice(bytes, (size_t)sent, bytes.size);
    }
    return true;
}

/* More bytes; 0 at the end, -1 when none came in time. */
static ssize_t
receive(struct client *client)
{
    struct pollfd ready = {.fd = client->fd, .events = POLLIN};
    char         *to = client->seen + client->size;
    size_t        room = CLIENT_SEEN_MAX - client->size;

    if (client->tls == NULL || SSL_pending(client->tls) == 0) {
        if (poll(&ready, 1, CLIENT_TIMEOUT_MS) <= 0) {
            return -1;
        }
    }
    ssize_t got =
        client->tls != NULL ? SSL_read(client->tls, to, (int)room) : recv(client->fd, to, room, 0);
    if (got <= 0) {
        return 0;
    }
    client->size += (size_t)got;
    client->seen[client->size] = '\0';
    return got;
}

static const char *
head_end(const struct client *client)
{
    const char *end = strstr(client->seen, "\r\n\r\n");

    return end == NULL ? NULL : end + 4;
}

void
client_header(const struct client *client, const char *name, char *out, size_t size)
{
    const char *line = strstr(client->seen, "\r\n");
    const char *end = head_end(client);

    out[0] = '\0';
    while (line != NULL && end != NULL && line + 4 < end) {
        line += 2;
        if (strncasecmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':') {
            const char *value = line + strlen(name) + 1;
            value += strspn(value, " ");
            (void)snprintf(out, size, "%.*s", (int)strcspn(value, "\r"), value);
            return;
        }
        line = strstr(line, "\r\n");
    }
}

static bool
is_whole(const struct client *client)
{
    char        length[32];
    const char *end = head_end(client);

    if (end == NULL) {
        return false;
    }
    client_header(client, "Content-Length", length, sizeof length);
    if (length[0] == '\0') {
        client_header(client, "Transfer-Encoding", length, sizeof length);
        return length[0] == '\0' || strstr(end, "0\r\n\r\n") != NULL;
    }
    return client->size - (size_t)(end - client->seen) >= strtoull(length, NULL, 10);
}

int
client_read(struct client *client)
{
    client->size = 0;
    client->seen[0] = '\0';
    while (!is_whole(client)) {
        ssize_t got = receive(client);
        if (got < 0) {
            return -1;
        }
        if (got == 0) {
            return 0;
        }
        if (strncmp(client->seen, "HTTP/1.1 100 Continue\r\n\r\n", 25) == 0) {
            client->size -= 25;
            memmove(client->seen, client->seen + 25, client->size + 1);
        }
    }
    return (int)strtol(client->seen + strcspn(client->seen, " "), NULL, 10);
}

bool
client_ended(struct client *client)
{
    client->size = 0;
    client->seen[0] = '\0';
    return receive(client) == 0;
}

const char *
client_body(const struct client *client)
{
    const char *end = head_end(client);

    return end == NULL ? "" : end;
}
