#include "tests/scenario/client/canned.h"

#include "tests/support/mould.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    PATH_MAX_SIZE = 256,
    REQUEST_MAX = 1024 * 1024,
    ANSWER_MAX = 64 * 1024,
    ANNOUNCED_TOO_MUCH = 100,
    CANNOT_RUN = 126,
    BACKLOG = 8,
};

static void
run(const char *program, const char *argument, const char *last)
{
    int   status = 0;
    pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        (void)execlp(program, program, argument, last, (char *)NULL);
        _exit(CANNOT_RUN);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

const char *
canned_certificates(struct arena *arena)
{
    char pattern[] = "/tmp/brama-client-XXXXXX";

    assert_non_null(mkdtemp(pattern));
    struct str folder = str_format(arena, "%s/certs", pattern);
    mould_certificates(folder.data);
    return folder.data;
}

void
canned_forget(const char *folder)
{
    char parent[PATH_MAX_SIZE];

    (void)snprintf(parent, sizeof parent, "%s", folder);
    *strrchr(parent, '/') = '\0';
    run("rm", "-rf", parent);
}

static SSL_CTX *
context_of(const char *certificates)
{
    char     path[PATH_MAX_SIZE];
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());

    assert_non_null(context);
    (void)snprintf(path, sizeof path, "%s/server.pem", certificates);
    assert_int_equal(SSL_CTX_use_certificate_chain_file(context, path), 1);
    (void)snprintf(path, sizeof path, "%s/server.key", certificates);
    assert_int_equal(SSL_CTX_use_PrivateKey_file(context, path, SSL_FILETYPE_PEM), 1);
    return context;
}

static int
listen_somewhere(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t          size = sizeof address;
    int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, BACKLOG), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

/* Bytes of the request that must still come, once its head is there; else one more. */
static size_t
missing(const char *request, size_t size)
{
    static const char name[] = "\r\nContent-Length: ";
    const char       *end = memmem(request, size, "\r\n\r\n", 4);

    if (end == NULL) {
        return 1;
    }
    const char *length = memmem(request, (size_t)(end - request), name, sizeof name - 1);
    size_t      whole = (size_t)(end - request) + 4
                   + (length == NULL ? 0 : strtoul(length + sizeof name - 1, NULL, 10));
    return whole > size ? whole - size : 0;
}

static size_t
read_request(SSL *connection, char *request)
{
    size_t size = 0;
    int    got = 1;

    while (got > 0 && size < REQUEST_MAX && missing(request, size) > 0) {
        got = SSL_read(connection, request + size, (int)(REQUEST_MAX - size));
        size += got > 0 ? (size_t)got : 0;
    }
    return size;
}

static const struct canned_step *
step_for(const struct canned_step *steps, unsigned *used, const char *request, size_t size)
{
    for (size_t i = 0; i < CANNED_STEPS_MAX && steps[i].request != NULL; i++) {
        size_t wanted = strlen(steps[i].request);
        if (size >= wanted && memcmp(request, steps[i].request, wanted) == 0
            && (steps[i].times == 0 || used[i] < steps[i].times)) {
            used[i]++;
            return &steps[i];
        }
    }
    return NULL;
}

static void
answer(SSL *connection, const struct canned_step *step)
{
    static char text[ANSWER_MAX];
    size_t      announced = strlen(step->body);
    char        length[64] = "";

    if (step->manner == CANNED_CUT) {
        announced += ANNOUNCED_TOO_MUCH;
    }
    if (step->manner != CANNED_ENDLESS) {
        (void)snprintf(length, sizeof length, "Content-Length: %zu\r\n", announced);
    }
    int size =
        snprintf(text, sizeof text,
                 "HTTP/1.1 %s\r\nContent-Type: application/json\r\nX-Request-Id: req-1\r\n"
                 "Connection: close\r\n%s%s\r\n%s",
                 step->status, length, step->headers == NULL ? "" : step->headers, step->body);
    int sent = SSL_write(connection, text, size);
    while (step->manner == CANNED_ENDLESS && sent > 0) {
        sent = SSL_write(connection, text, sizeof text);
    }
}

static void
serve(SSL_CTX *context, int fd, const struct canned_step *steps, unsigned *used, int requests)
{
    static char request[REQUEST_MAX];
    SSL        *connection = SSL_new(context);

    (void)SSL_set_fd(connection, fd);
    if (SSL_accept(connection) == 1) {
        size_t                    size = read_request(connection, request);
        const struct canned_step *step = step_for(steps, used, request, size);
        (void)!write(requests, request, size);
        if (step != NULL && step->manner != CANNED_SILENT) {
            answer(connection, step);
            (void)SSL_shutdown(connection);
        }
    }
    SSL_free(connection);
    (void)close(fd);
}

static _Noreturn void
serve_for_ever(SSL_CTX *context, int listening, const struct canned_step *steps, int requests)
{
    unsigned used[CANNED_STEPS_MAX] = {0};

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)signal(SIGPIPE, SIG_IGN);
    for (;;) {
        int fd = accept(listening, NULL, NULL);
        if (fd >= 0) {
            serve(context, fd, steps, used, requests);
        }
    }
}

struct canned
canned_start(const char *certificates, const struct canned_step *steps)
{
    struct canned canned = {.requests = memfd_create("requests", MFD_CLOEXEC)};
    SSL_CTX      *context = context_of(certificates);
    int           listening = listen_somewhere(&canned.port);

    assert_true(canned.requests >= 0);
    canned.process = fork();
    assert_true(canned.process >= 0);
    if (canned.process == 0) {
        serve_for_ever(context, listening, steps, canned.requests);
    }
    assert_int_equal(close(listening), 0);
    SSL_CTX_free(context);
    return canned;
}

void
canned_aim(struct arena *arena, const char *certificates, const struct canned *canned,
           struct program *program)
{
    size_t count = 0;

    while (program->arguments[count] != NULL) {
        count++;
    }
    program->arguments[count++] = "--server";
    program->arguments[count++] = str_format(arena, "https://localhost:%d", canned->port).data;
    program->arguments[count++] = "--ca";
    program->arguments[count++] = str_format(arena, "%s/root.pem", certificates).data;
}

struct str
canned_stop(struct arena *arena, const struct canned *canned)
{
    struct stat status;

    assert_int_equal(kill(canned->process, SIGKILL), 0);
    assert_int_equal(waitpid(canned->process, NULL, 0), canned->process);
    assert_int_equal(fstat(canned->requests, &status), 0);
    size_t size = (size_t)status.st_size;
    char  *bytes = ARENA_NEW(arena, char, size + 1);
    assert_non_null(bytes);
    assert_int_equal(pread(canned->requests, bytes, size, 0), (ssize_t)size);
    assert_int_equal(close(canned->requests), 0);
    return (struct str){bytes, size};
}
