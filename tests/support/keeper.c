#include "tests/support/keeper.h"

#include "tests/support/mould.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <libpq-fe.h>
#include <limits.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    KEEPERS_MAX = 4,
    CHILDREN_MAX = 128,
    WAIT_MS = 60000,
    STEP_MS = 10,
    SOCKETS_ONLY = 0711,
    STEPS_OF_GRACE = 1000,
};

/* Of /dev/shm, for the clusters of tests that run beside each other. */
static const uint64_t MEMORY_MIN = (uint64_t)3 << 30U;

struct keeper {
    char  folder[64];
    char  data[80];
    int   alive;      /* write end of the pipe: closed means that the test is over */
    pid_t guard;      /* the process that waits for that */
    pid_t postmaster; /* 0: none runs */
};

static void
give_up(const char *what)
{
    (void)fprintf(stderr, "cluster: %s: %s\n", what, strerror(errno));
    abort();
}

/* PostgreSQL refuses root: give everything up for the user of its package. */
static void
become_postgres(void)
{
    struct passwd *user = geteuid() == 0 ? getpwnam("postgres") : NULL;

    if (geteuid() != 0) {
        return;
    }
    if (user == NULL || setgroups(0, NULL) != 0 || setgid(user->pw_gid) != 0
        || setuid(user->pw_uid) != 0) {
        give_up("becoming the user postgres");
    }
}

static void
redirect(int fd, const char *path, int flags)
{
    int opened = open(path, flags | O_CLOEXEC, 0600);

    if (opened < 0 || dup2(opened, fd) < 0) {
        give_up(path);
    }
    (void)close(opened);
}

/* In a child: become the program argv, with input from a file and output into the server's log. */
static void
become_program(const struct keeper *keeper, char *const *argv, const char *input)
{
    char log[96];

    (void)snprintf(log, sizeof log, "%s/log", keeper->folder);
    redirect(STDIN_FILENO, input, O_RDONLY); /* as ourselves: it may be ours alone to read */
    become_postgres();
    redirect(STDOUT_FILENO, log, O_WRONLY | O_CREAT | O_APPEND);
    (void)dup2(STDOUT_FILENO, STDERR_FILENO);
    if (chdir(keeper->folder) != 0) {
        _exit(127);
    }
    (void)execv(argv[0], argv);
    _exit(127);
}

static pid_t
spawn(const struct keeper *keeper, char *const *argv, const char *input)
{
    pid_t pid = fork();

    if (pid < 0) {
        give_up("fork");
    }
    if (pid == 0) {
        (void)setsid();
        become_program(keeper, argv, input);
    }
    return pid;
}

static void
print_log(const struct keeper *keeper)
{
    char  path[96];
    char  line[512];
    FILE *file = NULL;

    (void)snprintf(path, sizeof path, "%s/log", keeper->folder);
    file = fopen(path, "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        (void)fputs(line, stderr);
    }
    if (file != NULL) {
        (void)fclose(file);
    }
}

static void
run_program(const struct keeper *keeper, char *const *argv, const char *input)
{
    int   status = 0;
    pid_t pid = spawn(keeper, argv, input);

    if (waitpid(pid, &status, 0) != pid || status != 0) {
        print_log(keeper);
        give_up(argv[0]);
    }
}

static int
remove_entry(const char *path, const struct stat *about, int type, struct FTW *where)
{
    (void)about;
    (void)type;
    (void)where;
    (void)remove(path);
    return 0;
}

/* The postmaster of this cluster, from the file it keeps; 0 when that is stale. */
static pid_t
find_postmaster(const struct keeper *keeper)
{
    char  path[PATH_MAX];
    char  place[PATH_MAX] = "";
    FILE *file = NULL;
    long  pid = 0;

    (void)snprintf(path, sizeof path, "%s/postmaster.pid", keeper->data);
    file = fopen(path, "re");
    if (file == NULL) {
        return 0;
    }
    if (fgets(path, sizeof path, file) != NULL) {
        pid = strtol(path, NULL, 10);
    }
    (void)fclose(file);
    (void)snprintf(path, sizeof path, "/proc/%ld/cwd", pid);
    ssize_t size = readlink(path, place, sizeof place - 1);
    return size > 0 && strcmp(place, keeper->data) == 0 ? (pid_t)pid : 0;
}

/* The whole life of the guard: wait for the end of the test, then clean up. */
static void
stand_guard(const struct keeper *keeper, int end)
{
    char byte = 0;

    (void)setsid();
    redirect(STDIN_FILENO, "/dev/null", O_RDONLY);
    redirect(STDOUT_FILENO, "/dev/null", O_WRONLY);
    redirect(STDERR_FILENO, "/dev/null", O_WRONLY);
    (void)dup2(end, 3); /* all else that was inherited must not be held open here */
    (void)close_range(4, ~0U, 0);
    while (read(3, &byte, 1) < 0 && errno == EINTR) {
    }
    pid_t postmaster = find_postmaster(keeper);
    for (int step = 0; step < STEPS_OF_GRACE && find_postmaster(keeper) != 0; step++) {
        (void)kill(postmaster, SIGQUIT);
        (void)poll(NULL, 0, STEP_MS);
    }
    if (find_postmaster(keeper) != 0) {
        (void)kill(postmaster, SIGKILL);
    }
    (void)umount2(keeper->data, MNT_DETACH); /* a test may have put a small disk there */
    (void)nftw(keeper->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    _exit(0);
}

static void
post_guard(struct keeper *keeper)
{
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0) {
        give_up("pipe");
    }
    keeper->guard = fork();
    if (keeper->guard < 0) {
        give_up("fork");
    }
    if (keeper->guard == 0) {
        (void)close(ends[1]);
        stand_guard(keeper, ends[0]);
    }
    (void)close(ends[0]);
    keeper->alive = ends[1];
}

static bool
memory_has_room(void)
{
    struct statvfs about;

    return statvfs("/dev/shm", &about) == 0
           && (uint64_t)about.f_bavail * about.f_frsize >= MEMORY_MIN
           && access("/dev/shm", W_OK) == 0;
}

static void
make_folder(struct keeper *keeper, enum keeper_place place)
{
    struct passwd *user = geteuid() == 0 ? getpwnam("postgres") : NULL;
    bool           in_memory = place == KEEPER_IN_MEMORY && memory_has_room();
    char           folder[sizeof keeper->folder];

    (void)snprintf(folder, sizeof folder, "%s/brama-pg-XXXXXX", in_memory ? "/dev/shm" : "/tmp");

    if (mkdtemp(folder) == NULL
        || (user != NULL && chown(folder, user->pw_uid, user->pw_gid) != 0)) {
        give_up(folder);
    }
    (void)snprintf(keeper->folder, sizeof keeper->folder, "%s", folder);
    (void)snprintf(keeper->data, sizeof keeper->data, "%s/data", folder);
}

struct keeper *
keeper_start(enum keeper_place place)
{
    static struct keeper keepers[KEEPERS_MAX];
    static size_t        count;

    ENSURE(count < KEEPERS_MAX);
    struct keeper *keeper = &keepers[count++];
    make_folder(keeper, place);
    post_guard(keeper);
    return keeper;
}

void
keeper_copy(struct keeper *keeper, const char *data)
{
    mould_copy(data, keeper->data);
}

void
keeper_initialize(struct keeper *keeper)
{
    char *const program = POSTGRES_FOLDER "/initdb";
    char *const argv[] = {program,        "--pgdata=data",     "--username=postgres",
                          "--auth=trust", "--encoding=UTF8",   "--locale=C",
                          "--no-sync",    "--no-instructions", NULL};
    run_program(keeper, argv, "/dev/null");
}

const char *
keeper_folder(const struct keeper *keeper)
{
    return keeper->folder;
}

const char *
keeper_data(const struct keeper *keeper)
{
    return keeper->data;
}

static void
wait_until_it_accepts(struct keeper *keeper)
{
    const char *keys[] = {"host", "port", "user", "dbname", NULL};
    const char *values[] = {keeper->folder, KEEPER_PORT_TEXT, "postgres", "postgres", NULL};

    for (int waited = 0; waited < WAIT_MS; waited += STEP_MS) {
        if (PQpingParams(keys, values, 0) == PQPING_OK) {
            return;
        }
        if (waitpid(keeper->postmaster, NULL, WNOHANG) == keeper->postmaster) {
            break;
        }
        (void)poll(NULL, 0, STEP_MS);
    }
    print_log(keeper);
    give_up("PostgreSQL does not start");
}

void
keeper_launch(struct keeper *keeper, bool durable)
{
    char        socket[96];
    char       *fsync = durable ? "fsync=on" : "fsync=off";
    char *const program = POSTGRES_FOLDER "/postgres";
    char *const port = "-cport=" KEEPER_PORT_TEXT;
    char *const argv[] = {program,
                          "-Ddata",
                          "-clisten_addresses=",
                          socket,
                          port,
                          "-cmax_connections=60",
                          durable ? "-cshared_buffers=256MB" : "-cshared_buffers=32MB",
                          "-cdynamic_shared_memory_type=mmap",
                          durable ? "-cautovacuum=on" : "-cautovacuum=off",
                          durable ? "-cmax_wal_size=4GB" : "-cmax_wal_size=256MB",
                          "-cjit=off",
                          "-c",
                          fsync,
                          NULL};

    (void)snprintf(socket, sizeof socket, "-cunix_socket_directories=%s", keeper->folder);
    keeper->postmaster = spawn(keeper, argv, "/dev/null");
    wait_until_it_accepts(keeper);
}

void
keeper_psql(struct keeper *keeper, const char *path)
{
    char *const program = POSTGRES_FOLDER "/psql";
    char *const port = "-p" KEEPER_PORT_TEXT;
    char *const argv[] = {program, "-Xq",        "-vON_ERROR_STOP=1", "-h", keeper->folder,
                          port,    "-Upostgres", "-dpostgres",        NULL};

    run_program(keeper, argv, path);
}

/* Handles of all children, so that their end can be waited for though they are not ours. */
static size_t
hold_children(pid_t parent, int *handles)
{
    char   path[64];
    FILE  *file = NULL;
    size_t count = 0;
    int    pid = 0;

    (void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", parent, parent);
    file = fopen(path, "re");
    if (file == NULL) {
        give_up(path);
    }
    while (count < CHILDREN_MAX && fscanf(file, "%d", &pid) == 1) { /* NOLINT(cert-err34-c) */
        handles[count] = pidfd_open(pid, 0);
        count += handles[count] >= 0;
    }
    (void)fclose(file);
    return count;
}

void
keeper_kill(struct keeper *keeper)
{
    int handles[CHILDREN_MAX];

    ENSURE(keeper->postmaster > 0);
    /* Stopped, it starts no new ones while they are counted. */
    (void)kill(keeper->postmaster, SIGSTOP);
    size_t count = hold_children(keeper->postmaster, handles);
    (void)kill(keeper->postmaster, SIGKILL);
    for (size_t i = 0; i < count; i++) {
        (void)pidfd_send_signal(handles[i], SIGKILL, NULL, 0);
    }
    (void)waitpid(keeper->postmaster, NULL, 0);
    for (size_t i = 0; i < count; i++) {
        struct pollfd gone = {.fd = handles[i], .events = POLLIN};
        if (poll(&gone, 1, WAIT_MS) != 1) {
            give_up("a process of PostgreSQL does not die");
        }
        (void)close(handles[i]);
    }
    keeper->postmaster = 0;
}

void
keeper_halt(struct keeper *keeper)
{
    if (keeper->postmaster == 0) {
        return;
    }
    (void)kill(keeper->postmaster, SIGINT);
    (void)waitpid(keeper->postmaster, NULL, 0);
    keeper->postmaster = 0;
}

void
keeper_open_to_all(struct keeper *keeper)
{
    if (chmod(keeper->folder, SOCKETS_ONLY) != 0) {
        give_up(keeper->folder);
    }
}

void
keeper_end(struct keeper *keeper)
{
    keeper_halt(keeper);
    (void)close(keeper->alive);
    (void)waitpid(keeper->guard, NULL, 0);
}
