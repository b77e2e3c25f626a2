#include "tests/scenario/http/stand.h"

#include "gateway/front/front.h"
#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/wire/wire.h"
#include "tests/support/command.h"
#include "tests/support/self_signed.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TEXT = 1024, BACKLOG = 1024, TRIES = 400, PAUSE_US = 25000, CONFIG_MAX = 262144 };

/* A child dies with its test. */
static pid_t
start_child(void)
{
    pid_t child = fork();

    ENSURE(child >= 0);
    if (child == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    }
    return child;
}

static void
hand_over(const struct stand *stand, enum role_kind peer, unsigned slot, int end)
{
    struct arena       *arena = arena_create(WIRE_BODY_MAX);
    struct buf          body = buf_create(arena, 1024);
    struct link         link = {peer, slot};
    struct fault        fault = {0};
    struct wire_message message = {
        WIRE_LINK, {0  },
         { end, -1}
    };

    link_encode(&body, &link);
    message.body = buf_str(&body);
    ENSURE(wire_send(stand->control, &message, &fault) == ERR_OK);
    (void)close(end);
    arena_destroy(arena);
}

static pid_t
start_peer(const struct stand *stand, enum role_kind kind, unsigned slot)
{
    int          ends[2];
    struct fault fault = {0};

    ENSURE(wire_pair(ends, &fault) == ERR_OK);
    pid_t child = start_child();
    if (child == 0) {
        (void)close(ends[0]);
        (void)close(stand->control);
        if (kind == ROLE_WORKER) {
            peers_worker(ends[1], stand->page);
        }
        peers_reader(ends[1], stand->page);
    }
    (void)close(ends[1]);
    hand_over(stand, kind, slot, ends[0]);
    return child;
}

static void
end_child(pid_t child)
{
    if (child > 0) {
        (void)kill(child, SIGKILL);
        (void)waitpid(child, NULL, 0);
    }
}

static int
listen_unix(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int                fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    ENSURE(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0);
    ENSURE(listen(fd, BACKLOG) == 0);
    return fd;
}

/* A socket at a free port of loopback; listening when asked for. */
static int
bind_loopback(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t          size = sizeof address;
    int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    ENSURE(fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address) == 0);
    ENSURE(getsockname(fd, (struct sockaddr *)&address, &size) == 0);
    *port = ntohs(address.sin_port);
    return fd;
}

_Noreturn static void
be_front(struct stand *stand, int control, int listening, int health)
{
    struct arena       *arena = arena_create((size_t)256 * 1024 * 1024);
    struct fault        fault = {0};
    struct role_context context = {.role = ROLE_FRONT,
                                   .control = control,
                                   .key = -1,
                                   .listen = listening,
                                   .health = health,
                                   .config = &stand->config,
                                   .arena = arena};
    char                path[128];

    (void)snprintf(path, sizeof path, "%s/log", stand->folder);
    log_open("front", 0, open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (front_role(&context, &fault) != ERR_OK) {
        (void)fprintf(stderr, "front: %s\n", fault.text);
        _exit(1);
    }
    arena_destroy(arena);
    _exit(0);
}

static void
start_front(struct stand *stand)
{
    int          control[2];
    int          listening = listen_unix(stand->socket);
    int          health = bind_loopback(&stand->health_port);
    struct fault fault = {0};

    ENSURE(listen(health, BACKLOG) == 0 && wire_pair(control, &fault) == ERR_OK);
    stand->control = control[0];
    stand->front = start_child();
    if (stand->front == 0) {
        (void)close(control[0]);
        be_front(stand, control[1], listening, health);
    }
    (void)close(control[1]);
    (void)close(listening);
    (void)close(health);
}

static void
await_ready(const struct stand *stand)
{
    struct arena       *arena = arena_create(2 * (size_t)WIRE_BODY_MAX);
    struct fault        fault = {0};
    enum wire_got       got = WIRE_GOT_NOTHING;
    struct wire_message message = {
        .fds = {-1, -1}
    };

    ENSURE(wire_receive(arena, stand->control, &message, &got, &fault) == ERR_OK);
    ENSURE(got == WIRE_GOT_MESSAGE && message.kind == WIRE_READY);
    arena_destroy(arena);
}

static void
run(const char *const *words, struct buf *out)
{
    ENSURE(command_run(words, (struct str){0}, out) == 0);
}

static bool
answers(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool               open = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;

    (void)close(fd);
    return open;
}

static bool
launch_nginx(struct stand *stand)
{
    char path[128];

    (void)snprintf(path, sizeof path, "%s/nginx.conf", stand->folder);
    stand->nginx = start_child();
    if (stand->nginx == 0) {
        int quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);
        (void)dup2(quiet, STDERR_FILENO);
        (void)dup2(quiet, STDOUT_FILENO);
        (void)prctl(PR_SET_PDEATHSIG, SIGTERM); /* its own children end with it only then */
        (void)execl("/usr/sbin/nginx", "nginx", "-c", path, "-e", "stderr", (char *)NULL);
        _exit(1);
    }
    for (int i = 0; i < TRIES; i++) {
        if (answers(stand->port)) {
            return true;
        }
        if (waitpid(stand->nginx, NULL, WNOHANG) == stand->nginx) {
            return false; /* somebody else has taken the port meanwhile */
        }
        (void)usleep(PAUSE_US);
    }
    return false;
}

static void
make_certificate(const struct stand *stand, const char *key_name, const char *name)
{
    char key[TEXT];
    char certificate[TEXT];

    (void)snprintf(key, sizeof key, "%s/%s", stand->folder, key_name);
    (void)snprintf(certificate, sizeof certificate, "%s/%s", stand->folder, name);
    self_signed_make(key, certificate, "/CN=localhost", "subjectAltName=DNS:localhost");
}

/* As root nginx works as a user of its own. */
static void
open_folders(const struct stand *stand)
{
    char folder[TEXT];

    (void)snprintf(folder, sizeof folder, "%s/nginx", stand->folder);
    ENSURE(mkdir(folder, 0777) == 0 && chmod(folder, 0777) == 0);
    ENSURE(chmod(stand->folder, 0755) == 0 && chmod(stand->socket, 0666) == 0);
}

static void
configure_nginx(const struct stand *stand)
{
    static const char configure[] = BRAMA_SOURCE_DIR "/ops/nginx/configure";
    char              words[7][TEXT];
    const char *const command[] = {
        configure,          words[0],           words[1],
        words[2],           words[3],           words[4],
        words[5],           "names=localhost",  "public_url=https://localhost",
        "header_seconds=2", "body_seconds=6",   "send_seconds=1",
        "daemon=off",       "body_max=1064960", NULL};
    struct arena *arena = arena_create(CONFIG_MAX);
    struct buf    text = buf_create(arena, CONFIG_MAX / 4);

    (void)snprintf(words[0], TEXT, "port=127.0.0.1:%d", stand->port);
    (void)snprintf(words[1], TEXT, "socket=%s", stand->socket);
    (void)snprintf(words[2], TEXT, "state=%s/nginx", stand->folder);
    (void)snprintf(words[3], TEXT, "certificate=%s/c.pem", stand->folder);
    (void)snprintf(words[4], TEXT, "key=%s/k.pem", stand->folder);
    (void)snprintf(words[5], TEXT, "client_ca=%s/c.pem", stand->folder);
    (void)snprintf(words[6], TEXT, "%s/nginx.conf", stand->folder);
    run(command, &text);
    FILE *file = fopen(words[6], "we");
    ENSURE(file != NULL && fwrite(text.data, 1, text.size, file) == text.size);
    ENSURE(fclose(file) == 0);
    arena_destroy(arena);
}

static void
start_nginx(struct stand *stand)
{
    make_certificate(stand, "k.pem", "c.pem");
    make_certificate(stand, "stranger-k.pem", "stranger.pem"); /* whom nobody vouches for */
    open_folders(stand);
    for (int i = 0; i < TRIES; i++) {
        (void)close(bind_loopback(&stand->port));
        configure_nginx(stand);
        if (launch_nginx(stand)) {
            return;
        }
    }
    ENSURE(false);
}

void
stand_say_all_is_well(bool well)
{
    for (unsigned i = 0; i < STAND_WORKERS; i++) {
        metrics_mark(METRIC_STORE_READY, i, true);
        metrics_mark(METRIC_SIGNER_READY, i, well || i > 0);
    }
    metrics_mark(METRIC_READER_STORE_READY, 0, true);
    metrics_set(METRIC_ANSWERING_WORKER, STAND_WORKERS);
    metrics_set(METRIC_ANSWERING_READER, STAND_READERS);
    metrics_set(METRIC_ANSWERING_SIGNER, 1);
}

void
stand_start(struct stand *stand, bool with_nginx)
{
    struct fault fault = {0};
    int          metrics = -1;

    *stand = (struct stand){.folder = "/tmp/brama-http-XXXXXX"};
    ENSURE(mkdtemp(stand->folder) != NULL);
    (void)snprintf(stand->socket, sizeof stand->socket, "%s/front.sock", stand->folder);
    stand->page =
        mmap(NULL, sizeof *stand->page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ENSURE(stand->page != MAP_FAILED);
    ENSURE(metrics_create(&metrics, &fault) == ERR_OK && metrics_use(metrics, &fault) == ERR_OK);
    stand_say_all_is_well(true);
    stand->config = (struct config){.environment = CONFIG_TEST,
                                    .public_url = STR("https://localhost"),
                                    .workers = STAND_WORKERS,
                                    .readers = STAND_READERS,
                                    .body_bytes_max = INT64_C(1024) * 1024,
                                    .spool_bytes_max = INT64_C(4) * 1024 * 1024,
                                    .connections_max = 2048,
                                    .body_idle_seconds = 1,
                                    .batch_documents_max = 64,
                                    .batch_bytes_max = INT64_C(256) * 1024,
                                    .backlog_documents_max = 100,
                                    .checker_deadline_ms = 1500,
                                    .answer_wait_ms = 5000,
                                    .poll_wait_seconds_max = 25};
    start_front(stand);
    await_ready(stand);
    for (unsigned i = 0; i < STAND_WORKERS; i++) {
        stand->workers[i] = start_peer(stand, ROLE_WORKER, i);
    }
    for (unsigned i = 0; i < STAND_READERS; i++) {
        stand->readers[i] = start_peer(stand, ROLE_READER, i);
    }
    if (with_nginx) {
        start_nginx(stand);
    }
}

void
stand_end_worker(struct stand *stand, unsigned slot)
{
    end_child(stand->workers[slot]);
    stand->workers[slot] = 0;
}

void
stand_replace_worker(struct stand *stand, unsigned slot)
{
    stand_end_worker(stand, slot);
    stand->workers[slot] = start_peer(stand, ROLE_WORKER, slot);
}

void
stand_replace_reader(struct stand *stand, unsigned slot)
{
    end_child(stand->readers[slot]);
    stand->readers[slot] = start_peer(stand, ROLE_READER, slot);
}

void
stand_stop(struct stand *stand)
{
    struct wire_message message = {
        WIRE_STOP, {0  },
         { -1, -1}
    };
    struct fault      fault = {0};
    int               status = 0;
    const char *const remove[] = {"rm", "-rf", stand->folder, NULL};

    ENSURE(wire_send(stand->control, &message, &fault) == ERR_OK);
    ENSURE(waitpid(stand->front, &status, 0) == stand->front);
    ENSURE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    (void)close(stand->control);
    if (stand->nginx > 0) {
        (void)kill(stand->nginx, SIGTERM);
        (void)waitpid(stand->nginx, NULL, 0);
    }
    for (unsigned i = 0; i < STAND_WORKERS; i++) {
        end_child(stand->workers[i]);
    }
    for (unsigned i = 0; i < STAND_READERS; i++) {
        end_child(stand->readers[i]);
    }
    run(remove, NULL);
    (void)munmap(stand->page, sizeof *stand->page);
}

int
stand_descriptors(const struct stand *stand)
{
    char path[64];
    int  count = 0;

    (void)snprintf(path, sizeof path, "/proc/%d/fd", stand->front);
    DIR *folder = opendir(path);
    ENSURE(folder != NULL);
    while (readdir(folder) != NULL) {
        count++;
    }
    (void)closedir(folder);
    return count;
}

int64_t
stand_memory(const struct stand *stand)
{
    char      path[64];
    long long total = 0;
    long long resident = 0;

    (void)snprintf(path, sizeof path, "/proc/%d/statm", stand->front);
    FILE *file = fopen(path, "re");
    /* NOLINTNEXTLINE(cert-err34-c): the kernel wrote the numbers */
    ENSURE(file != NULL && fscanf(file, "%lld %lld", &total, &resident) == 2);
    (void)fclose(file);
    return (int64_t)resident * sysconf(_SC_PAGESIZE);
}

int64_t
stand_cpu_us(pid_t process)
{
    char      path[64];
    long long ticks[4] = {0};

    (void)snprintf(path, sizeof path, "/proc/%d/stat", process);
    FILE *file = fopen(path, "re");
    ENSURE(file != NULL);
    /* NOLINTNEXTLINE(cert-err34-c): the kernel wrote the numbers */
    ENSURE(fscanf(file,
                  "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lld %lld %lld %lld",
                  &ticks[0], &ticks[1], &ticks[2], &ticks[3])
           == 4);
    (void)fclose(file);
    return (ticks[0] + ticks[1] + ticks[2] + ticks[3]) * 1000000 / sysconf(_SC_CLK_TCK);
}
