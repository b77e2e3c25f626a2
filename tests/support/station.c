#include "tests/support/station.h"

#include "tests/support/family.h"
#include "tests/support/mould.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
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
    int                    log_reader; /* -1: the log is a file */
    const char            *certificate;
    struct authority      *authority;
    struct failpoint_page *failpoints;
    struct http_target     target;
    struct http_target     health;
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

static struct str
read_file(const struct station *station, const char *path)
{
    struct buf text = buf_create(station->arena, TEXT_ROOM);
    char       piece[PATH_ROOM];
    FILE      *file = fopen(path, "re");
    size_t     got = 0;

    if (file == NULL) {
        give_up(station, path);
    }
    while ((got = fread(piece, 1, sizeof piece, file)) > 0) {
        buf_append(&text, (struct str){piece, got});
    }
    ENSURE(fclose(file) == 0 && buf_ok(&text));
    return buf_str(&text);
}

static void
make_keys(struct station *station)
{
    struct fault fault = {0};
    struct str   trust = {0};
    const char  *keys = TEXT(station, "%s/keys", station->folder);

    mould_certificates(keys);
    station->certificate = TEXT(station, "%s/root.pem", keys);
    ENSURE(authority_open(station->arena, BRAMA_BINARY_DIR "/tests/support", &station->authority,
                          &fault)
           == ERR_OK);
    ENSURE(authority_pem(station->arena, station->authority, AUTHORITY_CA, &trust, &fault)
           == ERR_OK);
    struct str samples =
        read_file(station, BRAMA_SOURCE_DIR "/tests/samples/urzad-certyfikacji-przyklad.pem");
    trust = str_format(station->arena, "%.*s%.*s", STR_ARG(trust), STR_ARG(samples));
    ENSURE(trust.data != NULL);
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
    buf_format(&text, "disk_reserve_bytes = %lld\n",
               (long long)station->options.disk_reserve_bytes);
    /* Held at a failpoint, or on a busy machine, nobody gives signs of life for long. */
    if (station->options.settings == NULL
        || strstr(station->options.settings, "silence_seconds") == NULL) {
        buf_append(&text, STR("silence_seconds = 600\n"));
    }
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
    station->log_reader = -1;
    if (options->log_pipe) { /* it has a reader, who does not read */
        ENSURE(mkfifo(station->log, 0600) == 0);
        station->log_reader = open(station->log, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        ENSURE(station->log_reader >= 0);
    }
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
    int     ready[2] = {-1, -1};
    char    port[REGON_ROOM] = "";
    pid_t   parent = getpid();
    int64_t number = 0;

    ENSURE(pipe2(ready, O_CLOEXEC) == 0);
    station->bramad = fork();
    if (station->bramad == 0) {
        become_bramad(station, ready[1], parent);
    }
    ENSURE(station->bramad > 0 && close(ready[1]) == 0);
    struct pollfd watched = {.fd = ready[0], .events = POLLIN};
    if (poll(&watched, 1, READY_MS) != 1 || read(ready[0], port, sizeof port - 1) < 1
        || !str_to_number(str_trim(str_of(port)), &number)) {
        give_up(station, "bramad does not become ready");
    }
    ENSURE(close(ready[0]) == 0);
    station->health.base = TEXT(station, "http://127.0.0.1:%d", (int)number);
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

    (void)family_visit(station->bramad, kill_one, NULL);
    ENSURE(kill(station->bramad, SIGKILL) == 0);
    ENSURE(waitpid(station->bramad, &status, 0) == station->bramad);
    station->bramad = 0;
}

pid_t
station_process(const struct station *station)
{
    return station->bramad;
}

pid_t
station_role(const struct station *station, enum role_kind role, unsigned slot)
{
    return family_role(station->bramad, role, slot);
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
    if (station->log_reader >= 0) {
        ENSURE(close(station->log_reader) == 0);
    }
    run(station, (const char *const[]){"/bin/rm", "-rf", station->folder, NULL});
    arena_destroy(station->arena);
}

const struct http_target *
station_target(const struct station *station)
{
    return &station->target;
}

const struct http_target *
station_health(const struct station *station)
{
    return &station->health;
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

static void
add_credential(struct station *station, int64_t unit, bool is_certificate, struct str bytes)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    struct buf    hex = buf_create(station->arena, TEXT_ROOM);

    ENSURE(EVP_Digest(bytes.data, bytes.size, digest, NULL, EVP_sha256(), NULL) == 1);
    buf_hex(&hex, digest, 32);
    cluster_run(station->cluster, station->database,
                TEXT(station,
                     "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, "
                     "label, expires_at) VALUES (%lld, %s, decode('%.*s', 'hex'), 7, 'test', "
                     "'2099-01-01')",
                     (long long)unit, is_certificate ? "true" : "false", STR_ARG(buf_str(&hex))));
}

const char *
station_token(struct station *station, int64_t unit)
{
    station->tokens++;
    const char *token = TEXT(station, "brk_test_%043u", station->tokens);
    add_credential(station, unit, false, str_of(token));
    return TEXT(station, "Authorization: Bearer %s", token);
}

void
station_bind(struct station *station, int64_t unit, const char *certificate)
{
    FILE          *file = fopen(certificate, "re");
    X509          *read = file == NULL ? NULL : PEM_read_X509(file, NULL, NULL, NULL);
    unsigned char *spki = NULL;
    int            size = read == NULL ? 0 : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(read), &spki);

    ENSURE(size > 0 && fclose(file) == 0);
    add_credential(station, unit, true, (struct str){(const char *)spki, (size_t)size});
    OPENSSL_free(spki);
    X509_free(read);
}
