#include "tests/support/edge.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROOM = 1 << 20, PORT_TRIES = 20, CONNECT_TRIES = 3000, LOOK_MS = 5 };

struct edge {
    struct arena      *arena;
    const char        *folder;
    int                port;
    pid_t              nginx;
    struct http_target target;
};

/* A port of the loopback that nobody has now. */
static int
free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t          size = sizeof address;
    int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    ENSURE(fd >= 0 && bind(fd, (struct sockaddr *)&address, size) == 0);
    ENSURE(getsockname(fd, (struct sockaddr *)&address, &size) == 0 && close(fd) == 0);
    return ntohs(address.sin_port);
}

static bool
answers(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                  .sin_port = htons((uint16_t)port)};
    int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    ENSURE(fd >= 0);
    bool connected = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    ENSURE(close(fd) == 0);
    return connected;
}

static void
configure(const struct edge *edge, const struct station *station, bool yardstick)
{
    const char *own = station_folder(station);
    struct str  command = str_format(
         edge->arena,
         "%s/ops/nginx/configure port=127.0.0.1:%d names=localhost socket=%s/front.sock state=%s "
          "certificate=%s/keys/server.pem key=%s/keys/server.key client_ca=%s/keys/"
          "client-authority.pem public_url=https://localhost:%d daemon=off%s%s >%s/nginx.conf",
         BRAMA_SOURCE_DIR, edge->port, own, edge->folder, own, own, own, edge->port,
        getuid() == 0 ? " user=root" : "",
        yardstick ? " | sed 's|^    server {$|&\\n        location = /yardstick { return 200; }|'"
                   : "",
         edge->folder);

    ENSURE(command.data != NULL);
    if (system(command.data) != 0) { /* NOLINT(cert-env33-c): our own script, in a test */
        (void)fprintf(stderr, "edge: %s\n", command.data);
        abort();
    }
}

/* Started, and listening; false when the port was taken meanwhile. */
static bool
launch(struct edge *edge)
{
    struct str config = str_format(edge->arena, "%s/nginx.conf", edge->folder);
    pid_t      parent = getpid();
    int        status = 0;

    edge->nginx = fork();
    if (edge->nginx == 0) {
        if (prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0) == 0 && getppid() == parent) {
            (void)execl("/usr/sbin/nginx", "nginx", "-q", "-p", edge->folder, "-c", config.data,
                        "-e", "stderr", (char *)NULL);
        }
        _exit(127);
    }
    ENSURE(edge->nginx > 0);
    for (int i = 0; i < CONNECT_TRIES; i++) {
        if (waitpid(edge->nginx, &status, WNOHANG) == edge->nginx) {
            return false;
        }
        if (answers(edge->port)) {
            return true;
        }
        (void)poll(NULL, 0, LOOK_MS); /* the condition is asked for again */
    }
    return false;
}

static struct edge *
start(const struct station *station, bool yardstick)
{
    struct arena *arena = arena_create(ROOM);
    struct edge  *edge = ARENA_NEW(arena, struct edge, 1);
    bool          running = false;

    ENSURE(edge != NULL);
    edge->arena = arena;
    edge->folder = str_format(arena, "%s/nginx", station_folder(station)).data;
    ENSURE(edge->folder != NULL && (mkdir(edge->folder, 0755) == 0 || errno == EEXIST));
    for (int i = 0; i < PORT_TRIES && !running; i++) {
        edge->port = free_port();
        configure(edge, station, yardstick);
        running = launch(edge);
    }
    ENSURE(running);
    edge->target = (struct http_target){
        .base = str_format(arena, "https://localhost:%d", edge->port).data,
        .authority = str_format(arena, "%s/keys/root.pem", station_folder(station)).data};
    return edge;
}

struct edge *
edge_start(const struct station *station)
{
    return start(station, false);
}

struct edge *
edge_start_yardstick(const struct station *station)
{
    return start(station, true);
}

void
edge_stop(struct edge *edge)
{
    int status = 0;

    if (edge == NULL) {
        return;
    }
    ENSURE(kill(edge->nginx, SIGTERM) == 0);
    ENSURE(waitpid(edge->nginx, &status, 0) == edge->nginx);
    arena_destroy(edge->arena);
}

const struct http_target *
edge_target(const struct edge *edge)
{
    return &edge->target;
}

pid_t
edge_process(const struct edge *edge)
{
    return edge->nginx;
}

int
edge_port(const struct edge *edge)
{
    return edge->port;
}
