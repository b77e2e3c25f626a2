#include "gateway/bramad/supervisor.h"

#include "gateway/log/log.h"
#include "gateway/wire/blob.h"
#include "gateway/wire/wire.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/*
 * The real supervisor, with roles that only tell what happens to them: this program is exec'ed
 * anew as each of them. What they tell goes over a socket that they inherit in place of the
 * listening one.
 */
enum {
    SAID_MAX = 512,
    TEXT_MAX = 80,
    LINKS_MAX = 32,
    HANG_MS = 20000,
    SILENCE_SECONDS = 2,
    PATH_ROOM = 128,
    STRAY_FD = 200
};

/* ---- the roles ---- */

static struct str
scenario_of(const struct role_context *context)
{
    return context->config->node;
}

static bool
plays(const struct role_context *context, const char *scenario)
{
    return str_equal(scenario_of(context), str_of(scenario));
}

static void
say(const struct role_context *context, const char *what, const struct link *link)
{
    char text[TEXT_MAX];
    int  size = 0;

    if (link == NULL) {
        size = snprintf(text, sizeof text, "%s %u %s %d", role_kind_name(context->role),
                        context->slot, what, (int)getpid());
    } else {
        size = snprintf(text, sizeof text, "%s %u %s %s %u", role_kind_name(context->role),
                        context->slot, what, role_kind_name(link->peer), link->slot);
    }
    ENSURE(send(context->listen, text, (size_t)size, MSG_NOSIGNAL) == size);
}

struct ends {
    size_t      count;
    int         fds[LINKS_MAX];
    struct link links[LINKS_MAX];
};

static void
lose(const struct role_context *context, struct ends *ends, size_t index)
{
    say(context, "lost", &ends->links[index]);
    (void)close(ends->fds[index]);
    ends->fds[index] = -1;
}

static size_t
links_with(const struct ends *ends, enum role_kind peer)
{
    size_t count = 0;

    for (size_t i = 0; i < ends->count; i++) {
        count += ends->links[i].peer == peer;
    }
    return count;
}

static enum err
take_order(struct role_context *context, struct ends *ends, enum role_order *order,
           struct fault *fault)
{
    struct link link = {0};
    int         end = -1;

    TRY(role_order(context, order, &link, &end, fault));
    if (*order == ROLE_ORDER_LINK) {
        ENSURE(ends->count < LINKS_MAX);
        ends->fds[ends->count] = end;
        ends->links[ends->count++] = link;
        say(context, "link", &link);
        if (plays(context, "renew") && context->role == ROLE_WORKER && link.peer == ROLE_CHECKER
            && links_with(ends, ROLE_CHECKER) == 1) {
            TRY(role_renew_checker(context, fault));
        }
    }
    if (*order == ROLE_ORDER_STOP) {
        say(context, "stop", NULL);
    }
    return ERR_OK;
}

static enum err
attend(struct role_context *context, struct fault *fault)
{
    struct ends     ends = {0};
    enum role_order order = ROLE_ORDER_NONE;
    bool            stubborn = plays(context, "stubborn") && context->role == ROLE_WORKER;

    while (order != ROLE_ORDER_GONE && (order != ROLE_ORDER_STOP || stubborn)) {
        struct pollfd watched[LINKS_MAX + 1] = {
            {.fd = context->control, .events = POLLIN}
        };
        for (size_t i = 0; i < ends.count; i++) {
            watched[i + 1] = (struct pollfd){.fd = ends.fds[i], .events = POLLIN};
        }
        size_t count = ends.count;
        ENSURE(poll(watched, count + 1, -1) > 0);
        for (size_t i = 0; i < count; i++) {
            if (watched[i + 1].revents != 0) {
                lose(context, &ends, i);
            }
        }
        if (watched[0].revents != 0) {
            TRY(take_order(context, &ends, &order, fault));
        }
    }
    return ERR_OK;
}

/* A checker of this scenario is worn out as soon as its worker is there, twice. */
static enum err
wear_out(struct role_context *context, struct fault *fault)
{
    struct link     link = {0};
    enum role_order order = ROLE_ORDER_NONE;
    int             end = -1;

    TRY(role_wait_order(context, &order, &link, &end, fault));
    if (order == ROLE_ORDER_LINK) {
        say(context, "link", &link);
    }
    return ERR_OK;
}

/* The first that lives says nothing more after its birth; the second is a good one. */
static enum err
fall_silent(struct role_context *context, struct fault *fault)
{
    char path[PATH_ROOM];

    (void)snprintf(path, sizeof path, "%s/silent", getenv("BRAMA_TEST_FOLDER"));
    int made = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (made < 0) {
        return attend(context, fault);
    }
    (void)close(made);
    for (;;) {
        (void)pause();
    }
}

/* One checker and one worker that cannot start. */
static bool
is_stillborn(const struct role_context *context)
{
    return (context->role == ROLE_CHECKER && context->slot == 0)
           || (context->role == ROLE_WORKER && context->slot == 1);
}

static enum err
any_role(struct role_context *context, struct fault *fault)
{
    const struct wire_message nonsense = {
        .kind = WIRE_JOB, .fds = {-1, -1}
    };

    say(context, "born", NULL);
    if (plays(context, "stillborn") && is_stillborn(context)) {
        return FAIL(fault, ERR_FILE, "its definitions cannot be read");
    }
    TRY(role_ready(context, fault));
    if (plays(context, "nonsense") && context->role == ROLE_READER) {
        TRY(wire_send(context->control, &nonsense, fault));
    }
    if (plays(context, "second-ready") && context->role == ROLE_READER) {
        TRY(role_ready(context, fault));
    }
    if (plays(context, "foreign-renew") && context->role == ROLE_READER) {
        const struct wire_message renew = {
            .kind = WIRE_RENEW, .fds = {-1, -1}
        };
        TRY(wire_send(context->control, &renew, fault));
    }
    if (plays(context, "silent-once") && context->role == ROLE_READER) {
        return fall_silent(context, fault);
    }
    if (plays(context, "worn-out") && context->role == ROLE_CHECKER) {
        return wear_out(context, fault);
    }
    return attend(context, fault);
}

/* ---- the table ---- */

static int64_t
one(const struct config *config)
{
    (void)config;
    return 1;
}

static int64_t
workers(const struct config *config)
{
    return config->workers;
}

static struct str
no_user(const struct config *config)
{
    (void)config;
    return (struct str){0};
}

/* Only in its own scenario: elsewhere a busy machine must not look like silence. */
static int64_t
silence_ms(const struct config *config)
{
    return config->silence_seconds * 1000;
}

static const struct role_entry entries[] = {
    {ROLE_SIGNER,  any_role, ROLE_INHERITS_LISTEN, false, false, one,     no_user, silence_ms},
    {ROLE_CHECKER, any_role, ROLE_INHERITS_LISTEN, true,  false, workers, no_user, silence_ms},
    {ROLE_WORKER,  any_role, ROLE_INHERITS_LISTEN, false, false, workers, no_user, silence_ms},
    {ROLE_READER,  any_role, ROLE_INHERITS_LISTEN, false, false, one,     no_user, silence_ms},
    {ROLE_FRONT,   any_role, ROLE_INHERITS_LISTEN, false, true,  one,     no_user, silence_ms},
};

static const struct role_peers peers[] = {
    {ROLE_FRONT,  ROLE_WORKER,  false},
    {ROLE_FRONT,  ROLE_READER,  false},
    {ROLE_WORKER, ROLE_CHECKER, true },
    {ROLE_WORKER, ROLE_SIGNER,  false},
};

static const struct role_table table = {entries, ARRAY_COUNT(entries), peers, ARRAY_COUNT(peers)};

/* ---- the test's side ---- */

struct bench {
    pid_t supervisor;
    int   ear;                      /* what roles say */
    int   ready;                    /* a byte comes when all are ready */
    char  said[SAID_MAX][TEXT_MAX]; /* not yet asked for; empty: taken */
    int   said_count;
};

static void
write_ready(void *object)
{
    const int *fd = object;

    ENSURE(write(*fd, "r", 1) == 1);
}

static enum err
refuse_recycling(void *object, struct fault *fault)
{
    const int *fd = object;

    ENSURE(write(*fd, "x", 1) == 1);
    return FAIL(fault, ERR_CONFIG, "the key is not of the certificate");
}

static int
config_blob(const char *scenario)
{
    char         text[1000];
    struct fault fault = {0};
    int          fd = -1;
    int          size = snprintf(text, sizeof text,
                                 "environment = test\nnode = %s\nseal_key = /k\nseal_certificate = /c\n"
                                          "trust = /t\npublic_url = https://localhost\nreceiver = Brama\n"
                                          "workers = 2\n",
                                 scenario);

    assert_int_equal(blob_of("config", (struct str){text, (size_t)size}, &fd, &fault), ERR_OK);
    return fd;
}

static _Noreturn void
be_supervisor(const char *scenario, int mouth, int ready)
{
    struct config             config = {.workers = 2, .readers = 1};
    struct supervisor_request request = {.when_ready = write_ready, .object = &ready};
    struct fault              fault = {0};

    request.supplies = (struct crew_supplies){
        .program = "/proc/self/exe",
        .table = &table,
        .config = &config,
        .times = {.pause_first_ms = 1, .pause_max_ms = 4, .calm_ms = 10000, .stop_ms = 50},
        .config_fd = config_blob(scenario),
        .metrics = -1,
        .listen = mouth,
        .health = -1,
        .key = -1,
        .failpoints = -1,
    };
    config.silence_seconds = strcmp(scenario, "silent-once") == 0 ? SILENCE_SECONDS : 0;
    if (strcmp(scenario, "refused") == 0) {
        request.before_recycling = refuse_recycling;
    }
    if (strcmp(scenario, "stubborn") != 0) {
        request.supplies.times.stop_ms = HANG_MS; /* whoever obeys is never killed */
    }
    log_open("supervisor", 0, open("/dev/null", O_WRONLY | O_CLOEXEC));
    _exit(supervisor_run(&request, &fault) == ERR_OK ? 0 : 1);
}

static void
bench_open(struct bench *bench, const char *scenario)
{
    int talk[2] = {-1, -1};
    int ready[2] = {-1, -1};

    *bench = (struct bench){0};
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, talk), 0);
    assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
    bench->supervisor = fork();
    assert_true(bench->supervisor >= 0);
    if (bench->supervisor == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); /* nothing outlives a failed test */
        (void)close(talk[0]);
        be_supervisor(scenario, talk[1], ready[1]);
    }
    (void)close(talk[1]);
    (void)close(ready[1]);
    bench->ear = talk[0];
    bench->ready = ready[0];
}

/* One more thing that a role said; false: all of them are gone. */
static bool
listen_once(struct bench *bench)
{
    struct pollfd watched = {.fd = bench->ear, .events = POLLIN};

    assert_int_equal(poll(&watched, 1, HANG_MS), 1);
    assert_true(bench->said_count < SAID_MAX);
    char   *text = bench->said[bench->said_count];
    ssize_t size = recv(bench->ear, text, TEXT_MAX - 1, 0);
    assert_true(size >= 0);
    text[size] = '\0';
    bench->said_count += size > 0;
    return size > 0;
}

/* Take the first text that begins so; the number at its end (a pid or a slot). */
static int
await(struct bench *bench, const char *beginning)
{
    for (int i = 0;; i++) {
        if (i == bench->said_count && !listen_once(bench)) {
            fail_msg("nobody said: %s", beginning);
        }
        char *text = bench->said[i];
        if (strncmp(text, beginning, strlen(beginning)) == 0) {
            struct str number = str_of(strrchr(text, ' ') + 1);
            int64_t    value = 0;
            assert_true(str_to_number(number, &value));
            text[0] = '\0';
            return (int)value;
        }
    }
}

static void
await_ready(struct bench *bench)
{
    struct pollfd watched = {.fd = bench->ready, .events = POLLIN};
    char          byte = 0;

    assert_int_equal(poll(&watched, 1, HANG_MS), 1);
    assert_int_equal(read(bench->ready, &byte, 1), 1);
}

static const char *const all_links[] = {
    "front 0 link worker 0",   "front 0 link worker 1",   "front 0 link reader 0",
    "reader 0 link front 0",   "worker 0 link front 0",   "worker 1 link front 0",
    "worker 0 link checker 0", "worker 1 link checker 1", "worker 0 link signer 0",
    "worker 1 link signer 0",  "checker 0 link worker 0", "checker 1 link worker 1",
    "signer 0 link worker 0",  "signer 0 link worker 1",
};

static void
await_all(struct bench *bench, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        (void)await(bench, texts[i]);
    }
}

/* Whether something so beginning was said and not asked for. */
static bool
was_said(const struct bench *bench, const char *beginning)
{
    for (int i = 0; i < bench->said_count; i++) {
        if (strncmp(bench->said[i], beginning, strlen(beginning)) == 0) {
            return true;
        }
    }
    return false;
}

/* Stop it; its exit status. Nothing is left running. */
static int
bench_close(struct bench *bench)
{
    int status = 0;

    assert_int_equal(kill(bench->supervisor, SIGTERM), 0);
    while (listen_once(bench)) {
    }
    assert_int_equal(waitpid(bench->supervisor, &status, 0), bench->supervisor);
    (void)close(bench->ear);
    (void)close(bench->ready);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void
supervisor_links_exactly_those_of_the_table(void **state)
{
    struct bench bench;

    (void)state;
    bench_open(&bench, "plain");
    await_ready(&bench);
    await_all(&bench, all_links, ARRAY_COUNT(all_links));
    assert_int_equal(bench_close(&bench), 0);
    for (int i = 0; i < bench.said_count; i++) {
        if (strstr(bench.said[i], " link ") != NULL) {
            fail_msg("one link too many: %s", bench.said[i]);
        }
    }
}

static void
supervisor_lets_both_sides_see_a_death_and_links_anew(void **state)
{
    static const struct {
        const char *victim; /* what it says when it is born */
        const char *seen[4];
    } cases[] = {
        {"worker 0 born",
         {"front 0 lost worker 0", "checker 0 lost worker 0", "signer 0 lost worker 0",
          "worker 0 link checker 0"}},
        {"checker 1 born",
         {"worker 1 lost checker 1", "worker 1 link checker 1", "checker 1 link worker 1",
          "checker 1 born"}         },
        {"signer 0 born",
         {"worker 0 lost signer 0", "worker 1 lost signer 0", "worker 0 link signer 0",
          "worker 1 link signer 0"} },
        {"reader 0 born",
         {"front 0 lost reader 0", "front 0 link reader 0", "reader 0 link front 0",
          "reader 0 born"}          },
        {"front 0 born",
         {"worker 0 lost front 0", "worker 1 lost front 0", "worker 1 link front 0",
          "reader 0 link front 0"}  },
    };
    struct bench bench;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        bench_open(&bench, "plain");
        await_ready(&bench);
        await_all(&bench, all_links, ARRAY_COUNT(all_links));
        assert_int_equal(kill(await(&bench, cases[i].victim), SIGKILL), 0);
        await_all(&bench, cases[i].seen, ARRAY_COUNT(cases[i].seen));
        assert_int_equal(bench_close(&bench), 0);
    }
}

/* Nobody gives it work, so that nobody's document is blamed for its end. */
static void
supervisor_links_nobody_with_who_cannot_start(void **state)
{
    static const char *const links[] = {"worker 0 link checker 0", "front 0 link worker 1",
                                        "signer 0 link worker 1", "checker 1 link worker 1"};
    enum { BIRTHS = 5 };
    struct bench bench;

    (void)state;
    bench_open(&bench, "stillborn");
    (void)await(&bench, "front 0 link worker 0");
    for (int times = 0; times < BIRTHS; times++) {
        (void)await(&bench, "checker 0 born");
        (void)await(&bench, "worker 1 born");
    }
    assert_int_equal(bench_close(&bench), 0);
    for (size_t i = 0; i < ARRAY_COUNT(links); i++) {
        if (was_said(&bench, links[i])) {
            fail_msg("%s, which cannot work", links[i]);
        }
    }
}

static void
supervisor_replaces_a_checker_on_the_word_of_its_worker(void **state)
{
    struct bench bench;

    (void)state;
    bench_open(&bench, "renew");
    /* Each worker asked once, for the checker of its own slot, which may be too young to say that
     * it was born. */
    for (int times = 0; times < 2; times++) {
        (void)await(&bench, "worker 0 link checker 0");
        (void)await(&bench, "worker 1 link checker 1");
    }
    (void)await(&bench, "worker 0 lost checker 0");
    (void)await(&bench, "worker 1 lost checker 1");
    (void)await(&bench, "checker 0 link worker 0");
    (void)await(&bench, "checker 1 link worker 1");
    assert_int_equal(bench_close(&bench), 0);
}

static void
supervisor_replaces_a_worn_out_checker(void **state)
{
    struct bench bench;

    (void)state;
    bench_open(&bench, "worn-out");
    for (int times = 0; times < 10; times++) {
        (void)await(&bench, "checker 0 link worker 0");
    }
    assert_int_equal(bench_close(&bench), 0);
}

static void
supervisor_ends_whoever_says_what_it_may_not(void **state)
{
    static const char *const scenarios[] = {"nonsense", "second-ready", "foreign-renew"};
    struct bench             bench;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(scenarios); i++) {
        bench_open(&bench, scenarios[i]);
        int first = await(&bench, "reader 0 born");
        int second = await(&bench, "reader 0 born");
        assert_int_not_equal(first, second);
        assert_int_equal(bench_close(&bench), 0);
    }
}

static void
supervisor_stops_the_front_before_the_others(void **state)
{
    struct bench bench;

    (void)state;
    bench_open(&bench, "plain");
    await_ready(&bench);
    await_all(&bench, all_links, ARRAY_COUNT(all_links));
    assert_int_equal(kill(bench.supervisor, SIGTERM), 0);
    (void)await(&bench, "front 0 stop");
    assert_false(was_said(&bench, "worker 0 stop"));
    assert_false(was_said(&bench, "signer 0 stop"));
    (void)await(&bench, "worker 0 lost front 0"); /* the front has ended by now */
    (void)await(&bench, "worker 0 stop");
    (void)await(&bench, "worker 1 stop");
    (void)await(&bench, "signer 0 stop");
    int status = 0;
    assert_int_equal(waitpid(bench.supervisor, &status, 0), bench.supervisor);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    (void)close(bench.ear);
    (void)close(bench.ready);
}

static void
supervisor_kills_whoever_does_not_stop(void **state)
{
    struct bench bench;

    (void)state;
    bench_open(&bench, "stubborn");
    await_ready(&bench);
    assert_int_equal(bench_close(&bench), 0);
    assert_true(was_said(&bench, "worker 0 stop"));
}

/* Others are left in peace, also by a supervisor that itself stood still for longer. */
static void
supervisor_replaces_whoever_gives_no_sign_of_life(void **state)
{
    static const char *const others[] = {"signer 0 born", "checker 0 born", "checker 1 born",
                                         "worker 0 born", "worker 1 born",  "front 0 born"};
    char                     folder[] = "/tmp/brama-silent-XXXXXX";
    char                     path[PATH_ROOM];
    struct bench             bench;
    int                      status = 0;

    (void)state;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(setenv("BRAMA_TEST_FOLDER", folder, 1), 0);
    bench_open(&bench, "silent-once");
    await_ready(&bench);
    int first = await(&bench, "reader 0 born");
    assert_int_equal(kill(bench.supervisor, SIGSTOP), 0);
    assert_int_equal(waitpid(bench.supervisor, &status, WUNTRACED), bench.supervisor);
    (void)poll(NULL, 0, 2 * SILENCE_SECONDS * 1000); /* what it would bear of nobody else */
    assert_int_equal(kill(bench.supervisor, SIGCONT), 0);
    assert_int_not_equal(await(&bench, "reader 0 born"), first);
    (void)await(&bench, "front 0 lost reader 0");
    for (size_t i = 0; i < ARRAY_COUNT(others); i++) {
        (void)await(&bench, others[i]);
        assert_false(was_said(&bench, others[i])); /* a second time */
    }
    assert_int_equal(bench_close(&bench), 0);
    (void)snprintf(path, sizeof path, "%s/silent", folder);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void
supervisor_replaces_everybody_on_sighup(void **state)
{
    static const char *const born[] = {"signer 0 born", "checker 0 born", "checker 1 born",
                                       "worker 0 born", "worker 1 born",  "reader 0 born",
                                       "front 0 born"};
    struct bench             bench;

    (void)state;
    bench_open(&bench, "plain");
    await_ready(&bench);
    await_all(&bench, born, ARRAY_COUNT(born));
    assert_int_equal(kill(bench.supervisor, SIGHUP), 0);
    await_all(&bench, born, ARRAY_COUNT(born));
    assert_int_equal(bench_close(&bench), 0);
}

static void
supervisor_replaces_nobody_when_the_reload_is_refused(void **state)
{
    struct bench bench;
    char         byte = 0;
    int          status = 0;

    (void)state;
    bench_open(&bench, "refused");
    await_ready(&bench);
    assert_int_equal(kill(bench.supervisor, SIGHUP), 0);
    assert_int_equal(read(bench.ready, &byte, 1), 1);
    assert_int_equal(byte, 'x');
    assert_int_equal(kill(bench.supervisor, SIGTERM), 0);
    (void)await(&bench, "front 0 stop");
    assert_false(was_said(&bench, "signer 0 stop")); /* the first to be replaced otherwise */
    assert_int_equal(waitpid(bench.supervisor, &status, 0), bench.supervisor);
    (void)close(bench.ear);
    (void)close(bench.ready);
}

static void
roles_do_not_outlive_the_supervisor(void **state)
{
    struct bench bench;

    (void)state;
    bench_open(&bench, "stubborn");
    await_ready(&bench);
    assert_int_equal(kill(bench.supervisor, SIGKILL), 0);
    assert_int_equal(waitpid(bench.supervisor, NULL, 0), bench.supervisor);
    while (listen_once(&bench)) { /* the last one has gone when the socket ends */
    }
    (void)close(bench.ear);
    (void)close(bench.ready);
}

static void
roles_have_no_descriptors_but_theirs(void **state)
{
    struct bench bench;
    char         path[TEXT_MAX];

    (void)state;
    int stray = fcntl(STDERR_FILENO, F_DUPFD, STRAY_FD); /* not close-on-exec, on purpose */
    assert_true(stray >= STRAY_FD);
    bench_open(&bench, "plain");
    await_ready(&bench);
    int pid = await(&bench, "reader 0 born");
    (void)snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, stray);
    assert_int_equal(access(path, F_OK), -1);
    (void)snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, BIRTH_KEY);
    assert_int_equal(access(path, F_OK), -1);
    (void)snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, BIRTH_CONTROL);
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(bench_close(&bench), 0);
    (void)close(stray);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(supervisor_links_exactly_those_of_the_table),
        cmocka_unit_test(supervisor_lets_both_sides_see_a_death_and_links_anew),
        cmocka_unit_test(supervisor_links_nobody_with_who_cannot_start),
        cmocka_unit_test(supervisor_replaces_a_checker_on_the_word_of_its_worker),
        cmocka_unit_test(supervisor_replaces_a_worn_out_checker),
        cmocka_unit_test(supervisor_ends_whoever_says_what_it_may_not),
        cmocka_unit_test(supervisor_stops_the_front_before_the_others),
        cmocka_unit_test(supervisor_kills_whoever_does_not_stop),
        cmocka_unit_test(supervisor_replaces_whoever_gives_no_sign_of_life),
        cmocka_unit_test(supervisor_replaces_everybody_on_sighup),
        cmocka_unit_test(supervisor_replaces_nobody_when_the_reload_is_refused),
        cmocka_unit_test(roles_do_not_outlive_the_supervisor),
        cmocka_unit_test(roles_have_no_descriptors_but_theirs),
    };

    if (birth_is_asked(argc, argv)) {
        birth_run(&table, argc, argv);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
