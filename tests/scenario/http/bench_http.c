/*
 * How many tiny filings a second go through nginx (TLS, keep-alive) and the front to test peers
 * that answer at once, beside what nginx alone answers in the same run; and the processor time of
 * each.
 */
#include "tests/scenario/http/client.h"
#include "tests/scenario/http/stand.h"
#include "tests/support/command.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS = 8, SECONDS = 4, MICROSECONDS = 1000000, ROOM = 65536 };

static const struct {
    const char *name;
    struct str  request;
    int         status;
} loads[] = {
    {"nginx alone (404)",      STR_INIT("GET /_problem/zla-metoda HTTP/1.1\r\nHost: localhost\r\n\r\n"),
     404},
    {"GET through the front",  STR_INIT("GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n"),
     200},
    {"POST through the front",
     STR_INIT("POST /api/v1/submissions HTTP/1.1\r\nHost: localhost\r\n"
              "Authorization: Bearer brk_test_good\r\nContent-Type: application/xml\r\n"
              "Idempotency-Key: k\r\nContent-Length: 4\r\n\r\n<a/>"),
     201},
    {"POST of 26 kB",
     STR_INIT("POST /api/v1/submissions HTTP/1.1\r\nHost: localhost\r\n"
              "Authorization: Bearer brk_test_good\r\nContent-Type: application/xml\r\n"
              "Idempotency-Key: k\r\nContent-Length: 26000\r\n\r\n"),
     201},
};

enum { BODY = 26000, WHOLE_MAX = BODY + 1024 };

/* The last one has a body, which goes with it in one write. */
static struct str
whole_request(size_t load)
{
    static char whole[WHOLE_MAX];
    struct str  head = loads[load].request;

    if (load + 1 < ARRAY_COUNT(loads)) {
        return head;
    }
    memcpy(whole, head.data, head.size);
    memset(whole + head.size, 'a', BODY);
    return (struct str){whole, head.size + BODY};
}

static int64_t
now_us(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * MICROSECONDS + now.tv_nsec / 1000;
}

_Noreturn static void
send_for_a_while(const struct stand *stand, size_t load, _Atomic int64_t *done)
{
    struct client client;
    struct str    request = whole_request(load);
    int64_t       until = now_us() + (int64_t)SECONDS * MICROSECONDS;

    client_open_tls(&client, stand->port, NULL, NULL);
    while (now_us() < until) {
        int got = client_send(&client, request) ? client_read(&client) : 0;
        if (got == 0) {
            client_close(&client); /* nginx ends a connection after so many requests */
            client_open_tls(&client, stand->port, NULL, NULL);
            continue;
        }
        ENSURE(got == loads[load].status);
        *done += 1;
    }
    _exit(0);
}

/* nginx works in children of its own. */
static int64_t
nginx_cpu_us(const struct stand *stand)
{
    char              parent[32];
    const char *const pgrep[] = {"pgrep", "-P", parent, NULL};
    struct arena     *arena = arena_create(ROOM);
    struct buf        said = buf_create(arena, ROOM / 4);
    struct str        line = {0};
    int64_t           child = 0;
    int64_t           total = stand_cpu_us(stand->nginx);

    (void)snprintf(parent, sizeof parent, "%d", stand->nginx);
    ENSURE(command_run(pgrep, (struct str){0}, &said) == 0);
    struct str rest = buf_str(&said);
    while (str_cut(&rest, '\n', &line)) {
        if (str_to_number(line, &child)) {
            total += stand_cpu_us((int)child);
        }
    }
    arena_destroy(arena);
    return total;
}

static void
measure(const struct stand *stand, size_t load, _Atomic int64_t *done)
{
    int64_t front = stand_cpu_us(stand->front);
    int64_t nginx = nginx_cpu_us(stand);

    *done = 0;
    for (int i = 0; i < CLIENTS; i++) {
        if (fork() == 0) {
            send_for_a_while(stand, load, done);
        }
    }
    for (int i = 0; i < CLIENTS; i++) {
        (void)wait(NULL);
    }
    front = stand_cpu_us(stand->front) - front;
    nginx = nginx_cpu_us(stand) - nginx;
    int64_t count = *done > 0 ? *done : 1;
    printf("%-24s %7lld requests/s   nginx %5.1f us   front %5.1f us CPU per request\n",
           loads[load].name, (long long)(count / SECONDS), (double)nginx / (double)count,
           (double)front / (double)count);
    (void)fflush(stdout);
}

int
main(void)
{
    static struct stand stand;
    _Atomic int64_t    *done =
        mmap(NULL, sizeof *done, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    ENSURE(done != MAP_FAILED);
    stand_start(&stand, true);
    for (size_t i = 0; i < ARRAY_COUNT(loads); i++) {
        measure(&stand, i, done);
    }
    stand_stop(&stand);
    return 0;
}
