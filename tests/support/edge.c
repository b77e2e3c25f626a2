#include "tests/support/edge.h"

#include "tests/support/command.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROOM = 1 << 20, WORD_MAX = 256, PORT_TRIES = 20, CONNECT_TRIES = 3000, LOOK_MS = 5 };

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

/* One word of a command. */
static PRINTF_LIKE(2, 3) const char *word(const struct edge *edge, const char *format, ...)
{
    char   *text = ARENA_NEW(edge->arena, char, WORD_MAX);
    va_list arguments;

    ENSURE(text != NULL);
    va_start(arguments, format);
    int size = vsnprintf(text, WORD_MAX, format, arguments);
    va_end(arguments);
    ENSURE(size > 0 && size < WORD_MAX);
    return text;
}

/* The yardstick stands first in each server: nginx's own answer, without us. */
static void
write_config(const char *path, struct str text, bool yardstick)
{
    FILE      *file = fopen(path, "we");
    struct str line = {0};

    ENSURE(file != NULL);
    while (str_cut(&text, '\n', &line)) {
        ENSURE(fprintf(file, "%.*s\n", STR_ARG(line)) > 0);
        if (yardstick && str_equal(line, STR("    server {"))) {
            ENSURE(fputs("        location = /yardstick { return 200; }\n", file) >= 0);
        }
    }
    ENSURE(fclose(file) == 0);
}

static void
configure(const struct edge *edge, const struct station *station, bool yardstick)
{
    static const char program[] = BRAMA_SOURCE_DIR "/ops/nginx/configure";
    const char       *own = station_folder(station);
    const char *const words[] = {
        program,
        word(edge, "port=127.0.0.1:%d", edge->port),
        "names=localhost",
        word(edge, "socket=%s/front.sock", own),
        word(edge, "state=%s", edge->folder),
        word(edge, "certificate=%s/keys/server.pem", own),
        word(edge, "key=%s/keys/server.key", own),
        word(edge, "client_ca=%s/keys/client-authority.pem", own),
        word(edge, "public_url=https://localhost:%d", edge->port),
        "daemon=off",
        yardstick ? "access_log=off" : word(edge, "access_log=%s/nginx-access.log", edge->folder),
        getuid() == 0 ? "user=root" : NULL,
        NULL};
    const char *path = word(edge, "%s/nginx.conf", edge->folder);
    struct buf  text = buf_create(edge->arena, ROOM / 4);

    ENSURE(command_run(words, (struct str){0}, &text) == 0);
    write_config(path, buf_str(&text), yardstick);
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

const char *
edge_folder(const struct edge *edge)
{
    return edge->folder;
}

int
edge_port(const struct edge *edge)
{
    return edge->port;
}
