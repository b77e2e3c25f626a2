/*
 * What one question costs, warm: elapsed time, processor time of the reader and of its database
 * process. In a database of 20,000 submissions with a report, four signatures and a receipt each.
 */
#include "tests/unit/gateway/reader/world.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { WARM = 200, ROUNDS = 5000, NANOSECONDS = 1000000000 };

static const char fill_sql[] =
    "INSERT INTO intake.submission (submission, ordinal, subject, credential, key, sha256, size,"
    " first_byte, arrived, first_arrived, state, verdict, n, decided_at)"
    " SELECT gen_random_uuid(), 1000 + i, 1 + i % 5, 1 + i % 5, 'b' || i, decode(repeat('aa', 32), "
    "'hex'),"
    " 1000, t, t, t, 'decided', 1, 1, t FROM generate_series(1, 20000) i, LATERAL (SELECT now() AS "
    "t) t;"
    "INSERT INTO intake.decision SELECT submission, 1, 'decision', 1, NULL, decided_at, '\\x01', "
    "'\\x02',"
    " '\\x03', 'bench', ordinal, 0, 0 FROM intake.submission WHERE ordinal > 1000;"
    "INSERT INTO intake.report SELECT 1000000 + ordinal, submission, 1, 0, subject, 'Szkoła', "
    "'990001033',"
    " 'JB', '99', '01', '01', '1', '0', 'Rb-27s', 'RB27S', '2025-1', 'Rb-27S', 2026, 'Kwartal', 2, "
    "'2026-Q2',"
    " '2026-06-30', 'jednostkowe', '', 1, 1, '', '\\x00', 0, 5, 50, arrived, ordinal, NULL"
    " FROM intake.submission WHERE ordinal > 1000;"
    "INSERT INTO intake.report_signature SELECT submission, 1, 0, o, 'kierownik', 'Jan', true, '', "
    "'\\x04',"
    " arrived FROM intake.submission, generate_series(0, 3) o WHERE ordinal > 1000;"
    "INSERT INTO intake.receipt SELECT 'N' || ordinal, submission, 1, 'unit', 0, subject, "
    "'990001033', '<U/>',"
    " '\\x05', '{0}' FROM intake.submission WHERE ordinal > 1000;"
    "ANALYZE;";

static double
seconds_of(clockid_t clock)
{
    struct timespec now = {0};

    ENSURE(clock_gettime(clock, &now) == 0);
    return (double)now.tv_sec + (double)now.tv_nsec / NANOSECONDS;
}

/* Processor time of a process so far, in seconds. */
static double
seconds_of_process(long pid)
{
    char               path[64];
    unsigned long long used = 0;

    (void)snprintf(path, sizeof path, "/proc/%ld/schedstat", pid);
    FILE *file = fopen(path, "r");
    /* NOLINTNEXTLINE(cert-err34-c): the kernel wrote the number */
    if (file == NULL || fscanf(file, "%llu", &used) != 1) {
        used = 0;
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return (double)used / NANOSECONDS;
}

static long
backend_of(struct world *world)
{
    struct store_rows rows = {0};
    struct fault      fault = {0};

    ENSURE(store_run(world->clerk.tools.store, "SELECT pg_backend_pid()", NULL, world->arena, &rows,
                     &fault)
           == ERR_OK);
    return (long)store_number(&rows, 0, 0);
}

static void
ask_one(struct world *world, const struct question *question, int status)
{
    struct arena *arena = arena_create((size_t)256 * 1024 * 1024);
    struct reply  reply = {0};

    clerk_answer(&world->clerk, arena, question, 1, &reply);
    ENSURE(reply.status == status);
    arena_destroy(arena);
}

/* As many as are answered together, of five senders. */
static void
ask_together(struct world *world, const struct question *questions, int status)
{
    struct arena *arena = arena_create((size_t)256 * 1024 * 1024);
    struct reply  replies[CLERK_TOGETHER_MAX] = {0};

    ENSURE(clerk_answer_together(&world->clerk, arena, questions, CLERK_TOGETHER_MAX, 1, replies));
    ENSURE(replies[CLERK_TOGETHER_MAX - 1].status == status);
    arena_destroy(arena);
}

static void
measure(struct world *world, const char *name, const struct question *question, int status,
        void (*ask)(struct world *world, const struct question *question, int status))
{
    for (int i = 0; i < WARM; i++) {
        ask(world, question, status);
    }
    long   backend = backend_of(world);
    double elapsed = seconds_of(CLOCK_MONOTONIC);
    double own = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    double theirs = seconds_of_process(backend);
    for (int i = 0; i < ROUNDS; i++) {
        ask(world, question, status);
    }
    elapsed = seconds_of(CLOCK_MONOTONIC) - elapsed;
    own = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - own;
    theirs = seconds_of_process(backend) - theirs;
    const double scale = 1e6 / ROUNDS;
    (void)printf("%-24s %7.1f us elapsed %7.1f us reader %7.1f us database\n", name,
                 elapsed * scale, own * scale, theirs * scale);
}

int
main(void)
{
    struct cluster *cluster = cluster_start(CLUSTER_FAST);
    struct world    world;

    world_begin(&world, cluster, "bench");
    world_run(&world, fill_sql);
    struct uuid     id = {0};
    struct question who = {.kind = QUESTION_WHO};
    memset(who.digest, WORLD_SCHOOL, sizeof who.digest);
    struct str text = cluster_ask(cluster, world.arena, world.database,
                                  "SELECT submission FROM intake.submission WHERE ordinal = 12002");
    ENSURE(uuid_parse(text, &id));
    struct question filed = {.kind = QUESTION_FILED, .credential = 1, .id = id};
    struct question together[CLERK_TOGETHER_MAX];
    for (size_t i = 0; i < CLERK_TOGETHER_MAX; i++) {
        struct str sql = str_format(
            world.arena, "SELECT submission FROM intake.submission WHERE ordinal = %zu", 12000 + i);
        together[i] =
            (struct question){.kind = QUESTION_FILED, .credential = 1 + (int64_t)((11000 + i) % 5)};
        ENSURE(uuid_parse(cluster_ask(cluster, world.arena, world.database, sql.data),
                          &together[i].id));
    }
    struct question one = {.kind = QUESTION_GET,
                           .credential = 1,
                           .path =
                               str_format(world.arena, "/api/v1/submissions/%.*s", STR_ARG(text))};
    struct question receipt = one;
    receipt.path = str_format(world.arena, "%.*s/receipt", STR_ARG(one.path));
    struct question list = {
        .kind = QUESTION_GET, .credential = 1, .path = STR("/api/v1/submissions")};

    measure(&world, "who", &who, 200, ask_one);
    measure(&world, "filed", &filed, 201, ask_one);
    measure(&world, "32 filed together", together, 201, ask_together);
    measure(&world, "submission", &one, 200, ask_one);
    measure(&world, "receipt", &receipt, 200, ask_one);
    measure(&world, "list of 50", &list, 200, ask_one);
    world_end(&world);
    cluster_stop(cluster);
    return 0;
}
