#include "gateway/bramad/run_command.h"

#include "gateway/bramad/announcement.h"
#include "gateway/bramad/listening.h"
#include "gateway/bramad/rehearsal.h"
#include "gateway/bramad/roles.h"
#include "gateway/bramad/settings_check.h"
#include "gateway/bramad/supervisor.h"
#include "gateway/failpoint/failpoint.h"
#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/role/file.h"
#include "gateway/wire/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define MEMORY_MAX ((size_t)16 * 1024 * 1024)

enum { NAME_SIZE = 64 };

/* What is told when all roles are ready. */
struct news {
    const char *notify_socket;
    int         ready_fd;
    unsigned    health_port;
};

struct setup {
    struct arena             *arena;
    const char               *path;
    struct str                text; /* of the configuration */
    struct config             config;
    struct supervisor_request request;
    struct news               news;
    int                       lock;
};

static void
tell_ready(void *object)
{
    const struct setup *setup = object;
    const struct news  *news = &setup->news;
    struct fault        fault = {0};

    log_begin(LOG_INFO, "bramad.ready");
    log_text("version", STR(BRAMA_VERSION));
    log_number("health_port", news->health_port);
    log_end();
    announcement_ready_line(news->ready_fd, news->health_port);
    if (announcement_notify(news->notify_socket, "READY=1", &fault) != ERR_OK) {
        log_failure("notify.failed", &fault);
    }
}

static enum err
read_config(struct setup *setup, struct fault *fault)
{
    struct config_faults *faults = ARENA_NEW(setup->arena, struct config_faults, 1);

    if (faults == NULL) {
        return FAIL(fault, ERR_MEMORY, "no room for the configuration");
    }
    TRY(file_read(setup->arena, str_of(setup->path), CONFIG_SIZE_MAX, &setup->text, fault));
    if (config_parse(setup->arena, setup->text, &setup->config, faults, fault) != ERR_OK) {
        settings_check_complain(setup->path, faults);
        return FAIL(fault, ERR_CONFIG, "w pliku ustawień są błędy; stoją wyżej");
    }
    return ERR_OK;
}

static enum err
find_user(struct str name, struct process_user *out, struct fault *fault)
{
    char text[NAME_SIZE];

    (void)snprintf(text, sizeof text, "%.*s", STR_ARG(name));
    const struct passwd *user = getpwnam(text); /* NOLINT(concurrency-mt-unsafe): one thread */
    if (user == NULL) {
        return FAIL(fault, ERR_CONFIG, "nie ma użytkownika „%s”", text);
    }
    *out = (struct process_user){.given = true, .uid = user->pw_uid, .gid = user->pw_gid};
    return ERR_OK;
}

/* Only root can give its processes away; in PROD it must. */
static enum err
find_users(struct setup *setup, struct fault *fault)
{
    for (size_t i = 0; geteuid() == 0 && i < roles_table.entry_count; i++) {
        const struct role_entry *entry = &roles_table.entries[i];
        struct str               name = entry->user(&setup->config);
        if (name.size > 0) {
            TRY(find_user(name, &setup->request.supplies.users[entry->role], fault));
        } else if (setup->config.environment == CONFIG_PROD) {
            return FAIL(fault, ERR_CONFIG,
                        "user_%s: brakuje użytkownika; w środowisku prod żadna rola nie działa "
                        "jako root",
                        role_kind_name(entry->role));
        } else {
            log_begin(LOG_WARNING, "role.as_root");
            log_text("of", str_of(role_kind_name(entry->role)));
            log_end();
        }
    }
    return ERR_OK;
}

/* -1 when the setting is empty. */
static enum err
open_key(const char *setting, struct str name, int *out, struct fault *fault)
{
    char path[PATH_MAX];

    if (name.size >= sizeof path) {
        return FAIL(fault, ERR_CONFIG, "%s: %s", setting, strerrordesc_np(ENAMETOOLONG));
    }
    (void)snprintf(path, sizeof path, "%.*s", STR_ARG(name));
    int opened = name.size == 0 ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    if (opened < 0 && name.size > 0) {
        return FAIL(fault, ERR_CONFIG, "%s: %s: %s", setting, path, strerrordesc_np(errno));
    }
    *out = opened;
    return ERR_OK;
}

/* What is signed with: receipts, and what goes out by webhook, without a key of which nothing does.
 */
static enum err
open_keys(const struct config *config, struct crew_supplies *supplies, struct fault *fault)
{
    int seal = -1;
    int webhook = -1;

    TRY(open_key("seal_key", config->seal_key, &seal, fault));
    enum err got = open_key("webhook_key", config->webhook_key, &webhook, fault);
    if (got != ERR_OK) {
        (void)close(seal); /* it was only read */
        return got;
    }
    (void)close(supplies->key); /* those of before, if any, were only read */
    (void)close(supplies->webhook_key);
    supplies->key = seal;
    supplies->webhook_key = webhook;
    return ERR_OK;
}

/*
 * The signer that is started next reads the certificate by its name and the key from what we have
 * open: both must be of one pair, and what all others would read must be good.
 */
static enum err
prepare_recycling(void *object, struct fault *fault)
{
    struct setup *setup = object;

    TRY(rehearsal_settings(setup->path, setup->text, &setup->config, fault));
    return open_keys(&setup->config, &setup->request.supplies, fault);
}

#ifdef BRAMA_FAILPOINTS
static enum err
open_failpoints(struct setup *setup, struct fault *fault)
{
    const char *path = getenv("BRAMA_FAILPOINTS"); /* NOLINT(concurrency-mt-unsafe): one thread */

    if (path == NULL) {
        return ERR_OK;
    }
    setup->request.supplies.failpoints = open(path, O_RDWR | O_CLOEXEC);
    if (setup->request.supplies.failpoints < 0) {
        return FAIL(fault, ERR_CONFIG, "BRAMA_FAILPOINTS: %s: %s", path, strerrordesc_np(errno));
    }
    return ERR_OK;
}
#else
static enum err
open_failpoints(struct setup *setup, struct fault *fault)
{
    (void)setup; /* what users run has no failpoints */
    (void)fault;
    return ERR_OK;
}
#endif

static enum err
open_all(struct setup *setup, struct fault *fault)
{
    struct crew_supplies *supplies = &setup->request.supplies;
    const struct config  *config = &setup->config;

    TRY(listening_lock(config->state_folder, &setup->lock, fault));
    TRY(listening_unix(config->listen, &supplies->users[ROLE_FRONT], config->socket_group,
                       &supplies->listen, fault));
    TRY(listening_tcp(config->health_address, &supplies->health, &setup->news.health_port, fault));
    TRY(open_keys(config, supplies, fault));
    TRY(open_failpoints(setup, fault));
    TRY(metrics_create(&supplies->metrics, fault));
    TRY(metrics_use(supplies->metrics, fault));
    return blob_of("brama-config", setup->text, &supplies->config_fd, fault);
}

/* The service manager is ours to tell, not the roles'. */
static enum err
take_environment(struct setup *setup, const struct options *options, struct fault *fault)
{
    const char *socket = getenv("NOTIFY_SOCKET"); /* NOLINT(concurrency-mt-unsafe): one thread */
    struct str  copy = str_copy(setup->arena, str_of(socket));

    if (copy.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "no room");
    }
    setup->news.notify_socket = copy.data;
    setup->news.ready_fd = options->ready_fd;
    if (options->ready_fd >= 0 && fcntl(options->ready_fd, F_SETFD, FD_CLOEXEC) != 0) {
        return FAIL(fault, ERR_USAGE, "--ready-fd %d: nie ma takiego deskryptora",
                    options->ready_fd);
    }
    if (unsetenv("NOTIFY_SOCKET") != 0 /* NOLINT(concurrency-mt-unsafe): one thread */
        || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
        return FAIL(fault, ERR_SYSTEM, "environment: %s", strerrordesc_np(errno));
    }
    return ERR_OK;
}

static enum err
run(struct setup *setup, const struct options *options, struct fault *fault)
{
    TRY(take_environment(setup, options, fault));
    TRY(read_config(setup, fault));
    TRY(find_users(setup, fault));
    TRY(rehearsal_run(setup->path, setup->text, &setup->config,
                      &setup->request.supplies.users[ROLE_WORKER], fault));
    TRY(open_all(setup, fault));
    TRY(supervisor_run(&setup->request, fault));
    log_begin(LOG_INFO, "bramad.stopped");
    log_end();
    return ERR_OK;
}

/* The socket is removed, so that nginx says at once that nobody is here. */
static void
clean_up(const struct setup *setup)
{
    const struct crew_supplies *supplies = &setup->request.supplies;
    struct str                  path = str_copy(setup->arena, setup->config.listen);

    if (supplies->listen >= 0 && path.data != NULL) {
        (void)unlink(path.data); /* the next one removes it otherwise */
    }
}

int
run_command(const struct options *options)
{
    struct setup setup = {.arena = arena_create(MEMORY_MAX), .path = options->config, .lock = -1};
    struct fault fault = {0};

    setup.request = (struct supervisor_request){
        .supplies = {.program = "/proc/self/exe",
                     .table = &roles_table,
                     .config = &setup.config,
                     .times = crew_times_default,
                     .config_fd = -1,
                     .metrics = -1,
                     .listen = -1,
                     .health = -1,
                     .key = -1,
                     .webhook_key = -1,
                     .failpoints = -1},
        .when_ready = tell_ready,
        .before_recycling = prepare_recycling,
        .object = &setup
    };
    (void)signal(SIGPIPE, SIG_IGN); /* whoever read the log may be gone */
    log_detach(STDERR_FILENO);
    log_open("supervisor", 0, STDERR_FILENO);
    enum err got = run(&setup, options, &fault);
    if (got != ERR_OK) {
        (void)fprintf(stderr, "bramad: %s\n", fault.text);
    }
    clean_up(&setup);
    arena_destroy(setup.arena);
    return got == ERR_OK ? STATUS_OK : got == ERR_USAGE ? STATUS_USAGE : STATUS_FAILED;
}
