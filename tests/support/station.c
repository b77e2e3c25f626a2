#include "tests/support/station.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ROOM = 64 << 20, PATH_ROOM = 256, TEXT_ROOM = 8192, READY_MS = 60000, REGON_ROOM = 16 };

struct station {
    struct arena          *arena;
    struct cluster        *cluster;
    const char            *database;
    struct station_options options;
    char                   folder[PATH_ROOM];
    const char            *config;
    const char            *log;
    const char            *certificate;
    struct authority      *authority;
    struct failpoint_page *failpoints;
    struct http_target     target;
    pid_t                  bramad;
    unsigned               tokens;
};

/* A text of the station's own, or the end of the test. */
#define TEXT(station, ...) (kept((station), str_format((station)->arena, __VA_ARGS__)))

static const char *
kept(const struct station *station, struct str text)
{
    (void)station;
    ENSURE(text.data != NULL);
    return text.data;
}

static _Noreturn void
give_up(const struct station *station, const char *what)
{
    (void)fprintf(stderr, "station: %s; see %s\n", what, station->log);
    abort();
}

/* Run a program to its end; it must succeed. */
static void
run(const struct station *station, const char *const *arguments)
{
    int   status = 0;
    pid_t child = fork();

    if (child == 0) {
        (void)execv(arguments[0], (char *const *)arguments);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
        give_up(station, arguments[0]);
    }
}

static void
write_file(const struct station *station, const char *path, struct str text)
{
    FILE *file = fopen(path, "we");

    if (file == NULL || fwrite(text.data, 1, text.size, file) != text.size || fclose(file) != 0) {
        give_up(station, path);
    }
}

static void
make_keys(struct station *station)
{
    struct fault fault = {0};
    struct str   trust = {0};
    const char  *keys = TEXT(station, "%s/keys", station->folder);

    run(station, (const char *const[]){BRAMA_SOURCE_DIR "/certs/make", keys, NULL});
    station->certificate = TEXT(station, "%s/root.pem", keys);
    ENSURE(authority_open(station->arena, BRAMA_BINARY_DIR "/tests/support", &station->authority,
                          &fault)
           == ERR_OK);
    ENSURE(authority_pem(station->arena, station->authority, AUTHORITY_CA, &trust, &fault)
           == ERR_OK);
    write_file(station, TEXT(station, "%s/trust.pem", station->folder), trust);
}

static void
write_config(struct station *station)
{
    struct buf text = buf_create(station->arena, TEXT_ROOM);

    buf_format(&text, "environment = test\n");
    buf_format(&text, "listen = %s/front.sock\n", station->folder);
    buf_format(&text, "health_address = 127.0.0.1:0\n");
    buf_format(&text, "state_folder = %s/state\n", station->folder);
    buf_format(&text, "seal_key = %s/keys/seal.key\n", station->folder);
    buf_format(&text, "seal_certificate = %s/keys/seal.pem\n", station->folder);
    buf_format(&text, "trust = %s/trust.pem\n", station->folder);
    buf_format(&text, "public_url = https://localhost:8443\n");
    buf_format(&text, "receiver = Brama (TEST)\n");
    buf_format(&text, "database_host = %s\n", cluster_host(station->cluster));
    buf_format(&text, "database_port = %d\n", cluster_port(station->cluster));
    buf_format(&text, "database_name = %s\n", station->database);
    buf_format(&text, "disk_reserve_bytes = 0\n");
    if (station->options.settings != NULL) {
        buf_append(&text, str_of(station->options.settings));
    }
    ENSURE(buf_ok(&text));
    write_file(station, station->config, buf_str(&text));
}

static void
make_failpoints(struct station *station)
{
    const char  *path = TEXT(station, "%s/failpoints", station->folder);
    struct fault fault = {0};
    int          fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0 || ftruncate(fd, sizeof *station->failpoints) != 0
        || failpoint_map(fd, &station->failpoints, &fault) != ERR_OK) {
        give_up(station, path);
    }
    ENSURE(close(fd) == 0);
}

struct station *
station_create(struct cluster *cluster, const char *database, const struct station_options *options)
{
    struct arena   *arena = arena_create(ROOM);
    struct station *station = ARENA_NEW(arena, struct station, 1);

    ENSURE(station != NULL);
    *station = (struct station){
        .arena = arena, .cluster = cluster, .database = database, .options = *options};
    (void)snprintf(station->folder, sizeof station->folder, "/tmp/brama-station.XXXXXX");
    ENSURE(mkdtemp(station->folder) != NULL);
    station->log = TEXT(station, "%s/bramad.log", station->folder);
    station->config = TEXT(station, "%s/bramad.conf", station->folder);
    ENSURE(mkdir(TEXT(station, "%s/state", station->folder), 0700) == 0);
    make_keys(station);
    write_config(station);
    if (options->failpoints) {
        make_failpoints(station);
    }
    station->target = (struct http_target){
        .base = "http://localhost", .unix_socket = TEXT(station, "%s/front.sock", station->folder)};
    station_start(station);
    return station;
}

/* In the child: become bramad, whose end is our end. */
static _Noreturn void
become_bramad(const struct station *station, int ready, pid_t parent)
{
    int         log = open(station->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    char        fd[REGON_ROOM];
    const char *bin = station->options.bin == NULL ? BRAMA_BINARY_DIR : station->options.bin;
    char        program[PATH_ROOM * 4];

    (void)snprintf(program, sizeof program, "%s/gateway/bramad/bramad", bin);
    (void)snprintf(fd, sizeof fd, "%d", ready);
    if (prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0) != 0 || getppid() != parent
        || dup2(log, STDERR_FILENO) < 0 || fcntl(ready, F_SETFD, 0) != 0) {
        _exit(127);
    }
    if (station->failpoints != NULL
        && setenv("BRAMA_FAILPOINTS", TEXT(station, "%s/failpoints", station->folder), 1) != 0) {
        _exit(127);
    }
    (void)execl(program, program, "--config", station->config, "--ready-fd", fd, (char *)NULL);
    _exit(127);
}

void
station_start(struct station *station)
{
    int   ready[2] = {-1, -1};
    char  byte = 0;
    pid_t parent = getpid();

    ENSURE(pipe2(ready, O_CLOEXEC) == 0);
    station->bramad = fork();
    if (station->bramad == 0) {
        become_bramad(station, ready[1], parent);
    }
    ENSURE(station->bramad > 0 && close(ready[1]) == 0);
    struct pollfd watched = {.fd = ready[0], .events = POLLIN};
    if (poll(&watched, 1, READY_MS) != 1 || read(ready[0], &byte, 1) != 1) {
        give_up(station, "bramad does not become ready");
    }
    ENSURE(close(ready[0]) == 0);
}

void
station_stop(struct station *station)
{
    int status = 0;

    ENSURE(kill(station->bramad, SIGTERM) == 0);
    ENSURE(waitpid(station->bramad, &status, 0) == station->bramad);
    station->bramad = 0;
    if (status != 0) {
        give_up(station, "bramad did not stop in good order");
    }
}

/* Call visit(pid) for every child of bramad; the number of them. */
static size_t
visit_roles(const struct station *station, bool (*visit)(pid_t pid, void *user), void *user)
{
    char  path[PATH_ROOM];
    char  line[TEXT_ROOM];
    FILE *file = NULL;
    DIR  *folder = opendir("/proc");

    ENSURE(folder != NULL);
    size_t count = 0;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        long pid = strtol(entry->d_name, NULL, 10);
        long parent = 0;
        (void)snprintf(path, sizeof path, "/proc/%ld/stat", pid);
        file = pid > 0 ? fopen(path, "re") : NULL;
        if (file == NULL) {
            continue;
        }
        const char *behind = fgets(line, sizeof line, file) == NULL ? NULL : strrchr(line, ')');
        char        state = 'Z';
        if (behind != NULL && sscanf(behind, ") %c %ld", &state, &parent) == 2
            && parent == station->bramad && state != 'Z') {
            count++;
            if (visit != NULL && visit((pid_t)pid, user)) {
                (void)fclose(file);
                break;
            }
        }
        (void)fclose(file);
    }
    (void)closedir(folder);
    return count;
}

static bool
kill_one(pid_t pid, void *user)
{
    (void)user;
    (void)kill(pid, SIGKILL); /* it may have ended already */
    return false;
}

void
station_kill(struct station *station)
{
    int status = 0;

    (void)visit_roles(station, kill_one, NULL);
    ENSURE(kill(station->bramad, SIGKILL) == 0);
    ENSURE(waitpid(station->bramad, &status, 0) == station->bramad);
    station->bramad = 0;
}

/* Which role a process is: from its command line, as the supervisor wrote it. */
struct wanted {
    const char *role;
    char        slot[REGON_ROOM];
    pid_t       found;
};

static bool
is_wanted(pid_t pid, void *user)
{
    struct wanted *wanted = user;
    char           path[PATH_ROOM];
    char           line[TEXT_ROOM] = {0};
    bool           role = false;
    bool           slot = false;

    (void)snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
    FILE  *file = fopen(path, "re");
    size_t size = file == NULL ? 0 : fread(line, 1, sizeof line - 1, file);
    if (file != NULL) {
        (void)fclose(file);
    }
    for (const char *word = line; word < line + size; word += strlen(word) + 1) {
        const char *next = word + strlen(word) + 1;
        role = role || (strcmp(word, "--role") == 0 && strcmp(next, wanted->role) == 0);
        slot = slot || (strcmp(word, "--slot") == 0 && strcmp(next, wanted->slot) == 0);
    }
    wanted->found = role && slot ? pid : wanted->found;
    return role && slot;
}

pid_t
station_role(const struct station *station, enum role_kind role, unsigned slot)
{
    struct wanted wanted = {.role = role_name(role)};

    (void)snprintf(wanted.slot, sizeof wanted.slot, "%u", slot);
    (void)visit_roles(station, is_wanted, &wanted);
    return wanted.found;
}

void
station_destroy(struct station *station)
{
    if (station == NULL) {
        return;
    }
    if (station->bramad != 0) {
        station_stop(station);
    }
    if (station->failpoints != NULL) {
        ENSURE(munmap(station->failpoints, sizeof *station->failpoints) == 0);
    }
    run(station, (const char *const[]){"/bin/rm", "-rf", station->folder, NULL});
    arena_destroy(station->arena);
}

const struct http_target *
station_target(const struct station *station)
{
    return &station->target;
}

struct store_address
station_database(const struct station *station)
{
    return (struct store_address){.host = str_of(cluster_host(station->cluster)),
                                  .port = cluster_port(station->cluster),
                                  .database = str_of(station->database)};
}

const char *
station_folder(const struct station *station)
{
    return station->folder;
}

const char *
station_log(const struct station *station)
{
    return station->log;
}

const char *
station_certificate(const struct station *station)
{
    return station->certificate;
}

const struct authority *
station_authority(const struct station *station)
{
    return station->authority;
}

struct failpoint_page *
station_failpoints(const struct station *station)
{
    return station->failpoints;
}

int64_t
station_unit(struct station *station, const char *regon, const char *name, const char *kind,
             int64_t parent)
{
    int64_t     unit = 0;
    const char *sql =
        TEXT(station,
             "INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt, type, kind, name, parent, "
             "valid_from) VALUES ('%s', '99', '01', '02', '3', '0', 'JB', '%s', '%s', "
             "nullif(%lld, 0), '2020-01-01') RETURNING unit",
             regon, kind, name, (long long)parent);

    ENSURE(str_to_number(cluster_ask(station->cluster, station->arena, station->database, sql),
                         &unit));
    return unit;
}

const char *
station_token(struct station *station, int64_t unit)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    struct buf    hex = buf_create(station->arena, TEXT_ROOM);

    station->tokens++;
    const char *token = TEXT(station, "brk_test_%043u", station->tokens);
    ENSURE(EVP_Digest(token, strlen(token), digest, NULL, EVP_sha256(), NULL) == 1);
    for (size_t i = 0; i < 32; i++) {
        buf_format(&hex, "%02x", digest[i]);
    }
    cluster_run(station->cluster, station->database,
                TEXT(station,
                     "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, "
                     "label, expires_at) VALUES (%lld, false, decode('%.*s', 'hex'), 3, 'test', "
                     "'2099-01-01')",
                     (long long)unit, STR_ARG(buf_str(&hex))));
    return TEXT(station, "Authorization: Bearer %s", token);
}
