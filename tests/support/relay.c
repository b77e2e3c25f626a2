#include "tests/support/relay.h"

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

enum {
    THREADS_MAX = 512,
    LINE_MAX_SIZE = 2048,
    LOOK_MS = 20,
    BACKLOG = 64,
    GREY_MAX = 64,
    DROP_AFTER = 8,
    HEARD_MAX = 16384,
};

struct relay {
    SSL_CTX            *tls;
    int                 listening;
    unsigned            port;
    _Atomic bool        over;
    _Atomic bool        let;
    _Atomic int         mood;
    _Atomic size_t      visits;
    pthread_t           acceptor;
    pthread_t           threads[THREADS_MAX];
    size_t              thread_count; /* of the acceptor alone */
    pthread_mutex_t     lock;
    size_t              kept_count;
    struct relay_letter kept[RELAY_KEPT_MAX];
    size_t              grey_count;
    char                grey[GREY_MAX][RELAY_WORD_MAX];
    size_t              words;
    char                heard[HEARD_MAX]; /* commands, line by line */
};

struct visit {
    struct relay       *relay;
    int                 fd;
    SSL                *ssl; /* NULL: in the clear */
    size_t              filled;
    size_t              taken;
    char                room[LINE_MAX_SIZE];
    struct relay_letter letter;
};

static bool
fill(struct visit *visit)
{
    struct pollfd watched = {.fd = visit->fd, .events = POLLIN};

    while (!visit->relay->over) {
        if ((visit->ssl != NULL && SSL_pending(visit->ssl) > 0)
            || poll(&watched, 1, LOOK_MS) == 1) {
            ssize_t got = visit->ssl != NULL ? SSL_read(visit->ssl, visit->room, sizeof visit->room)
                                             : read(visit->fd, visit->room, sizeof visit->room);
            visit->filled = got > 0 ? (size_t)got : 0;
            visit->taken = 0;
            return got > 0;
        }
    }
    return false;
}

static bool
take_byte(struct visit *visit, char *out)
{
    if (visit->taken == visit->filled && !fill(visit)) {
        return false;
    }
    *out = visit->room[visit->taken++];
    return true;
}

/* Without its CR LF; a line that is ended otherwise is no line of SMTP. */
static bool
take_line(struct visit *visit, char *line, size_t size)
{
    size_t count = 0;
    char   byte = '\0';

    while (take_byte(visit, &byte)) {
        if (byte == '\n') {
            ENSURE(count > 0 && line[count - 1] == '\r');
            line[count - 1] = '\0';
            return true;
        }
        ENSURE(count + 1 < size);
        line[count++] = byte;
        line[count] = '\0';
    }
    return false;
}

static void
say(const struct visit *visit, const char *text)
{
    size_t size = strlen(text);

    if (visit->ssl != NULL) {
        (void)SSL_write(visit->ssl, text, (int)size); /* whoever asked may be gone */
    } else if (write(visit->fd, text, size) < 0) {
        return;
    }
}

static void
wait_to_end(const struct visit *visit, const _Atomic bool *other)
{
    while (!visit->relay->over && !*other) {
        (void)poll(NULL, 0, LOOK_MS);
    }
}

static void
note(struct relay *relay, const char *line)
{
    ENSURE(pthread_mutex_lock(&relay->lock) == 0);
    size_t used = strlen(relay->heard);
    (void)snprintf(relay->heard + used, sizeof relay->heard - used, "%.8s\n", line);
    relay->words++;
    ENSURE(pthread_mutex_unlock(&relay->lock) == 0);
}

static void
keep(struct relay *relay, const struct relay_letter *letter)
{
    ENSURE(pthread_mutex_lock(&relay->lock) == 0);
    relay->kept[relay->kept_count % RELAY_KEPT_MAX] = *letter;
    relay->kept_count++;
    ENSURE(pthread_mutex_unlock(&relay->lock) == 0);
}

/* The first time that a recipient is heard of. */
static bool
is_new(struct relay *relay, const char *to)
{
    bool found = false;

    ENSURE(pthread_mutex_lock(&relay->lock) == 0);
    for (size_t i = 0; i < relay->grey_count; i++) {
        found = found || strcmp(relay->grey[i], to) == 0;
    }
    if (!found) {
        ENSURE(relay->grey_count < GREY_MAX);
        (void)snprintf(relay->grey[relay->grey_count++], RELAY_WORD_MAX, "%s", to);
    }
    ENSURE(pthread_mutex_unlock(&relay->lock) == 0);
    return !found;
}

static void
take_path(const char *line, char *out)
{
    const char *begin = strchr(line, '<');
    size_t      size = begin == NULL ? 0 : strcspn(begin + 1, ">");

    (void)snprintf(out, RELAY_WORD_MAX, "%.*s", (int)size, begin == NULL ? "" : begin + 1);
}

/* False: hang up. */
static bool
start_tls(struct visit *visit)
{
    say(visit, "220 go\r\n");
    visit->ssl = SSL_new(visit->relay->tls);
    visit->filled = visit->taken; /* nothing that was said in the clear counts */
    return visit->ssl != NULL && SSL_set_fd(visit->ssl, visit->fd) == 1
           && SSL_accept(visit->ssl) == 1;
}

/* False: hang up. */
static bool
answer_recipient(struct visit *visit, const char *line)
{
    char *to = visit->letter.to;

    take_path(line, to);
    if (strncmp(to, "hangup", 6) == 0) {
        return false;
    }
    if (strncmp(to, "mute", 4) == 0) {
        return true;
    }
    if (strncmp(to, "never", 5) == 0) {
        say(visit, "550 5.1.1 no such mailbox\r\n");
    } else if (strncmp(to, "later", 5) == 0
               || (visit->relay->mood == RELAY_GREYLISTS && is_new(visit->relay, to))) {
        say(visit, "450 4.2.0 come again\r\n");
    } else {
        say(visit, "250 ok\r\n");
    }
    return true;
}

static void
answer_sender(struct visit *visit, const char *line)
{
    enum relay_mood mood = (enum relay_mood)visit->relay->mood;

    take_path(line, visit->letter.from);
    say(visit, mood == RELAY_NO_SENDER ? "550 not you\r\n"
               : mood == RELAY_TOO_BIG ? "552 5.3.4 too big\r\n"
                                       : "250 ok\r\n");
}

/* False: hang up. */
static bool
take_letter(struct visit *visit)
{
    struct relay_letter *letter = &visit->letter;
    char                 line[LINE_MAX_SIZE];

    letter->size = 0;
    say(visit, "354 go on\r\n");
    while (take_line(visit, line, sizeof line)) {
        if (strcmp(line, ".") == 0) {
            return true;
        }
        const char *text = line[0] == '.' ? line + 1 : line;
        letter->size += (size_t)snprintf(letter->bytes + letter->size,
                                         sizeof letter->bytes - letter->size, "%s\r\n", text);
        ENSURE(letter->size < sizeof letter->bytes);
        if (visit->relay->mood == RELAY_DROPS_IN_DATA && letter->size > DROP_AFTER) {
            return false;
        }
    }
    return false;
}

static bool
answer_data(struct visit *visit)
{
    enum relay_mood mood = (enum relay_mood)visit->relay->mood;

    if (!take_letter(visit)) {
        return false;
    }
    if (mood == RELAY_REFUSES_DATA) {
        say(visit, "554 5.7.1 not this\r\n");
    } else if (mood == RELAY_LATER_DATA) {
        say(visit, "452 4.3.1 full\r\n");
    } else {
        visit->letter.over_tls = visit->ssl != NULL;
        keep(visit->relay, &visit->letter);
        say(visit, "250 ok\r\n");
    }
    return true;
}

static void
answer_hello(const struct visit *visit)
{
    bool offered = visit->ssl == NULL && visit->relay->mood != RELAY_NO_TLS;

    say(visit, offered ? "250-relay\r\n250-8BITMIME\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n"
                       : "250-relay\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n");
}

static bool
answer_rest(struct visit *visit, const char *line)
{
    if (strncasecmp(line, "AUTH PLAIN", 10) == 0) {
        (void)snprintf(visit->letter.login, RELAY_WORD_MAX, "%.*s", RELAY_WORD_MAX - 1,
                       line[10] == ' ' ? line + 11 : "");
        if (line[10] != ' ') {
            say(visit, "334 \r\n");
            if (!take_line(visit, visit->letter.login, RELAY_WORD_MAX)) {
                return false;
            }
        }
        say(visit, visit->relay->mood == RELAY_NO_LOGIN ? "535 no\r\n" : "235 ok\r\n");
    } else if (strncasecmp(line, "MAIL ", 5) == 0) {
        answer_sender(visit, line);
    } else if (strncasecmp(line, "RCPT ", 5) == 0) {
        return answer_recipient(visit, line);
    } else {
        say(visit, "502 no\r\n");
    }
    return true;
}

/* False: hang up. */
static bool
answer(struct visit *visit, const char *line)
{
    if (strncasecmp(line, "EHLO ", 5) == 0) {
        answer_hello(visit);
        return true;
    }
    if (strcasecmp(line, "STARTTLS") == 0) {
        return start_tls(visit);
    }
    if (strcasecmp(line, "DATA") == 0) {
        return answer_data(visit);
    }
    if (strcasecmp(line, "QUIT") == 0) {
        if (visit->relay->mood == RELAY_MUTE_AT_QUIT) {
            wait_to_end(visit, &visit->relay->let);
        }
        say(visit, "221 bye\r\n");
        return false;
    }
    return answer_rest(visit, line);
}

static void
receive(struct visit *visit)
{
    char line[LINE_MAX_SIZE] = "";

    switch ((enum relay_mood)visit->relay->mood) {
    case RELAY_LATE:
        wait_to_end(visit, &visit->relay->let);
        break;
    case RELAY_SILENT:
        wait_to_end(visit, &visit->relay->over);
        return;
    case RELAY_BUSY:
        say(visit, "421 busy\r\n");
        return;
    default:
        break;
    }
    say(visit, "220 relay\r\n");
    while (take_line(visit, line, sizeof line)) {
        note(visit->relay, line);
        if (!answer(visit, line)) {
            return;
        }
    }
}

static void *
serve(void *object)
{
    struct visit *visit = object;

    receive(visit);
    ERR_clear_error();
    SSL_free(visit->ssl);
    ENSURE(close(visit->fd) == 0);
    free(visit);
    return NULL;
}

static void *
accept_all(void *object)
{
    struct relay *relay = object;
    struct pollfd watched = {.fd = relay->listening, .events = POLLIN};

    while (!relay->over) {
        if (poll(&watched, 1, LOOK_MS) != 1) {
            continue;
        }
        struct visit *visit = calloc(1, sizeof *visit);
        ENSURE(visit != NULL && relay->thread_count < THREADS_MAX);
        visit->relay = relay;
        visit->fd = accept4(relay->listening, NULL, NULL, SOCK_CLOEXEC);
        ENSURE(visit->fd >= 0);
        relay->visits++;
        ENSURE(pthread_create(&relay->threads[relay->thread_count++], NULL, serve, visit) == 0);
    }
    return NULL;
}

struct relay *
relay_start(const char *certificate, const char *key)
{
    struct relay      *relay = calloc(1, sizeof *relay);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t          size = sizeof address;

    ENSURE(relay != NULL && signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    relay->tls = SSL_CTX_new(TLS_server_method());
    ENSURE(relay->tls != NULL && SSL_CTX_use_certificate_chain_file(relay->tls, certificate) == 1
           && SSL_CTX_use_PrivateKey_file(relay->tls, key, SSL_FILETYPE_PEM) == 1);
    relay->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ENSURE(relay->listening >= 0 && bind(relay->listening, (struct sockaddr *)&address, size) == 0
           && listen(relay->listening, BACKLOG) == 0
           && getsockname(relay->listening, (struct sockaddr *)&address, &size) == 0);
    relay->port = ntohs(address.sin_port);
    ENSURE(pthread_mutex_init(&relay->lock, NULL) == 0);
    ENSURE(pthread_create(&relay->acceptor, NULL, accept_all, relay) == 0);
    return relay;
}

void
relay_stop(struct relay *relay)
{
    relay->over = true;
    ENSURE(pthread_join(relay->acceptor, NULL) == 0);
    for (size_t i = 0; i < relay->thread_count; i++) {
        ENSURE(pthread_join(relay->threads[i], NULL) == 0);
    }
    ENSURE(close(relay->listening) == 0);
    SSL_CTX_free(relay->tls);
    free(relay);
}

unsigned
relay_port(const struct relay *relay)
{
    return relay->port;
}

void
relay_be(struct relay *relay, enum relay_mood mood)
{
    relay->let = false;
    relay->mood = (int)mood;
}

void
relay_let(struct relay *relay)
{
    relay->let = true;
}

size_t
relay_count(struct relay *relay)
{
    ENSURE(pthread_mutex_lock(&relay->lock) == 0);
    size_t count = relay->kept_count;
    ENSURE(pthread_mutex_unlock(&relay->lock) == 0);
    return count;
}

size_t
relay_visits(struct relay *relay)
{
    return relay->visits;
}

size_t
relay_words(struct relay *relay)
{
    ENSURE(pthread_mutex_lock(&relay->lock) == 0);
    size_t words = relay->words;
    ENSURE(pthread_mutex_unlock(&relay->lock) == 0);
    return words;
}

bool
relay_heard(struct relay *relay, const char *verb)
{
    ENSURE(pthread_mutex_lock(&relay->lock) == 0);
    bool found = strstr(relay->heard, verb) != NULL;
    ENSURE(pthread_mutex_unlock(&relay->lock) == 0);
    return found;
}

bool
relay_letter(struct relay *relay, size_t index, struct relay_letter *out)
{
    ENSURE(pthread_mutex_lock(&relay->lock) == 0);
    bool found = index < relay->kept_count && index + RELAY_KEPT_MAX >= relay->kept_count;
    if (found) {
        *out = relay->kept[index % RELAY_KEPT_MAX];
    }
    ENSURE(pthread_mutex_unlock(&relay->lock) == 0);
    return found;
}
