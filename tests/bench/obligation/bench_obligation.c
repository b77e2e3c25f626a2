#include "gateway/definitions/definitions.h"
#include "gateway/obligation/generation.h"
#include "gateway/obligation/settling.h"
#include "tests/bench/gateway/cost.h"
#include "tests/unit/gateway/reader/world.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * What a country owes for one quarter: duties made, made again, counted, listed, settled, on a
 * durable cluster, as the roles do it. Yardsticks are bare statements over the same rows: INSERT
 * ... SELECT into a table with the same indexes, count(*). The country is made by SQL: 2,809 JST
 * with their urząd and 20 units each; every urząd does delegated tasks, half of the units have an
 * account of art. 223. Answers are whole ones, by the reader; the best of ROUNDS.
 * Beside times stands the processor time of all of PostgreSQL, which a busy machine moves little.
 */
enum { ROUNDS = 7, BATCH = 8, SETTLED = 4000, SCHOOL = 3000, OFFICE = 3001 };

static const char country_sql[] =
    "SELECT setval(pg_get_serial_sequence('registry.unit', 'unit'), 1000);"
    "INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt, type, kind, name, valid_from)"
    " SELECT lpad((100000000 + n)::text, 9, '0'), lpad((2 + 2 * (n % 16))::text, 2, '0'),"
    " CASE WHEN n < 16 THEN '00' ELSE lpad((1 + n / 16 % 20)::text, 2, '0') END,"
    " CASE WHEN n < 330 THEN '00' ELSE lpad((1 + n / 330)::text, 2, '0') END,"
    " CASE WHEN n < 330 THEN '0' ELSE (1 + n % 3)::text END,"
    " CASE WHEN n < 16 THEN '3' WHEN n < 330 THEN '1' ELSE '0' END, 'ZB-TEST', 'jst',"
    " 'JST ' || n, '2020-01-01' FROM generate_series(0, 2808) n;"
    "INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt, type, kind, name, parent, valid_from)"
    " SELECT lpad((200000000 + j.unit * 100 + n)::text, 9, '0'), j.wk, j.pk, j.gk, j.gt, j.pt,"
    " 'JB', CASE WHEN n = 0 THEN 'urzad' WHEN n < 19 THEN 'jednostka-budzetowa'"
    " WHEN n = 19 THEN 'instytucja-kultury' ELSE 'zaklad-budzetowy' END,"
    " 'Jednostka ' || j.unit || '/' || n, j.unit, '2020-01-01' FROM registry.unit j"
    " CROSS JOIN generate_series(0, 20) n WHERE j.kind = 'jst' AND j.name LIKE 'JST %';"
    "INSERT INTO registry.unit_trait (unit, trait, valid_from) SELECT unit,"
    " CASE WHEN kind = 'urzad' THEN 'zadania-zlecone' ELSE 'rachunek-223' END, '2020-01-01'"
    " FROM registry.unit WHERE kind = 'urzad' OR (kind = 'jednostka-budzetowa' AND unit % 2 = 0);"
    "ANALYZE registry.unit; ANALYZE registry.unit_trait;"
    "INSERT INTO registry.credential (credential, unit, is_certificate, digest, scopes, label,"
    " expires_at) OVERRIDING SYSTEM VALUE SELECT 3000, unit, false, sha256('s'), 3, '',"
    " now() + interval '1 year' FROM registry.unit WHERE kind = 'jednostka-budzetowa'"
    " ORDER BY unit DESC LIMIT 1;";

static const char yardstick_sql[] =
    "CREATE TABLE public.yardstick (LIKE obligation.duty INCLUDING DEFAULTS);"
    "ALTER TABLE public.yardstick ADD PRIMARY KEY (duty);"
    "CREATE UNIQUE INDEX ON public.yardstick (unit, matter, variant);"
    "CREATE INDEX ON public.yardstick (matter);";

/* Eight of ten are here, a ninth of them too late; the ministry gets copies of all of it, so that
 * its credential (OFFICE) sees the country. */
static const char filled_sql[] =
    "INSERT INTO obligation.way (office, copied) SELECT office, coalesce(copied, '{}') || '{mf}'"
    " FROM obligation.way WHERE NOT coalesce(copied, '{}') @> '{mf}' ON CONFLICT DO NOTHING;"
    "UPDATE obligation.duty d SET way = n.way,"
    "  accepted_at = CASE WHEN duty % 10 < 8"
    "   THEN due_before - interval '8 days' + (duty % 9) * interval '1 day' END,"
    "  last_arrived = CASE WHEN duty % 10 < 8 THEN due_before END,"
    "  last_verdict = CASE WHEN duty % 10 < 8 THEN 1 END,"
    "  report = CASE WHEN duty % 10 < 8 THEN duty END,"
    "  open_queries = (duty % 50 = 0)::integer"
    " FROM obligation.way o JOIN obligation.way n ON n.office IS NOT DISTINCT FROM o.office"
    "  AND n.copied = CASE WHEN o.copied @> '{mf}' THEN o.copied"
    "   ELSE coalesce(o.copied, '{}') || '{mf}' END"
    " WHERE o.way = d.way;"
    "INSERT INTO registry.credential (credential, office, is_certificate, digest, scopes, label,"
    " expires_at) OVERRIDING SYSTEM VALUE VALUES (3001, 'mf', false, sha256('o'), 2, '',"
    " now() + interval '1 year');";

/* One accepted report for each of so many units, in submissions of their own. */
static const char reports_sql[] =
    "SELECT setval('intake.submission_ordinal', 1000);"
    "INSERT INTO intake.submission (submission, subject, credential, key, sha256, size, first_byte,"
    " arrived, first_arrived, state, n) SELECT ('0199a2c4-7d10-7a31-9c55-' || lpad(u.unit::text, "
    "12,"
    " '0'))::uuid, u.unit, 1, 'b', sha256('b'), 1, now(), now(), now(), 'decided', 1"
    " FROM registry.unit u WHERE u.kind = 'jednostka-budzetowa' AND u.name LIKE 'Jednostka%'"
    " ORDER BY u.unit LIMIT 4000;"
    "INSERT INTO intake.decision SELECT s.submission, 1, 'decision', 1, NULL, now(), sha256('x'),"
    " sha256('x'), sha256('x'), 'e', 1000000 + s.subject, 0, 0 FROM intake.submission s"
    " WHERE s.key = 'b';"
    "INSERT INTO intake.report SELECT 10000000 + u.unit, s.submission, 1, 0, u.unit, u.name,"
    " u.regon, u.type, u.wk, u.pk, u.gk, u.gt, u.pt, 'Rb-27s', 'RB27S', '1', 'Rb-27S', 2026,"
    " 'Kwartal', 2, '2026-Q2', '2026-06-30', 'jednostkowe', '', 0, 1, '', sha256('x'), 0, 1, 1,"
    " s.arrived, 1000000 + u.unit, tstzmultirange(tstzrange(now(), NULL)) FROM registry.unit u"
    " JOIN intake.submission s ON s.subject = u.unit AND s.key = 'b'; ANALYZE intake.report;"
    "ANALYZE intake.decision;";

static struct world world;

static double
seconds(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
must(enum err got, const struct fault *fault)
{
    if (got != ERR_OK) {
        (void)fprintf(stderr, "bench_obligation: %s\n", fault->text);
        abort();
    }
}

static void
tell(const char *what, double value, const char *unit)
{
    (void)printf("  %-44s %10.1f %s\n", what, value, unit);
    (void)fflush(stdout);
}

static void
tell_cost(const char *what, double value, const char *unit, double cpu)
{
    (void)printf("  %-44s %10.1f %s, CPU %.1f\n", what, value, unit, cpu);
    (void)fflush(stdout);
}

static struct store *
open_store(struct arena *arena, enum store_role role)
{
    struct store *store = NULL;
    struct fault  fault = {0};

    must(store_open(arena, &world.clerk.address, role, &store, &fault), &fault);
    return store;
}

static struct generation_counts
generate(const struct calendar *calendar)
{
    const struct generation_wish wish = {
        .first_end = {2026, 6, 30},
          .last_end = {2026, 6, 30},
          .by = STR("bench")
    };
    struct arena            *arena = arena_create((size_t)512 << 20U);
    struct store            *admin = open_store(arena, STORE_ADMIN);
    struct generation_counts counts = {0};
    struct fault             fault = {0};

    must(store_begin(admin, &fault), &fault);
    must(generation_run(admin, arena, calendar, &wish, &counts, &fault), &fault);
    must(store_commit(admin, &fault), &fault);
    arena_destroy(arena);
    return counts;
}

static void
measure_generation(void)
{
    const struct catalogue *catalogue = NULL;
    const struct calendar  *calendar = NULL;
    struct fault            fault = {0};

    must(definitions_catalogue(world.arena, NULL, &catalogue, &fault), &fault);
    must(calendar_load(world.arena, catalogue, &calendar, &fault), &fault);
    double                   spent = cost_of_tree(cost_postmaster(world.cluster));
    double                   from = seconds();
    struct generation_counts counts = generate(calendar);
    double                   first = seconds() - from;
    spent = cost_of_tree(cost_postmaster(world.cluster)) - spent;
    (void)printf("  %lld duties of one quarter\n", (long long)counts.added);
    tell_cost("generated", first, "s", spent / 1e6);
    tell("  for 300,000", first * 300000 / (double)counts.added, "s (bound 30)");
    world_run(&world, yardstick_sql);
    from = seconds();
    world_run(&world,
              "INSERT INTO public.yardstick (duty, unit, matter, term, variant, jst, powiat, way,"
              " created_at, due_before, open_queries) SELECT duty, unit, matter, term, variant,"
              " jst, powiat, way, created_at, due_before, open_queries FROM obligation.duty");
    tell("  yardstick: bare INSERT ... SELECT", seconds() - from, "s");
    from = seconds();
    counts = generate(calendar);
    tell("generated again, nothing to do", seconds() - from, "s");
}

/* The best time of an answer; *cpu: what it costs PostgreSQL on average, both in ms. */
static double
answer(int64_t who, const char *target, double *cpu)
{
    double best = 1e9;
    double spent = cost_of_tree(cost_postmaster(world.cluster));

    for (int i = 0; i < ROUNDS; i++) {
        double       from = seconds();
        struct reply reply = world_get(&world, who, target);
        double       took = seconds() - from;
        if (reply.status != 200) {
            (void)fprintf(stderr, "bench_obligation: %s: %d\n", target, reply.status);
            abort();
        }
        best = took < best ? took : best;
    }
    *cpu = (cost_of_tree(cost_postmaster(world.cluster)) - spent) / 1e3 / ROUNDS;
    return best * 1e3;
}

static void
tell_answer(const char *what, int64_t who, const char *target, const char *bound)
{
    double cpu = 0;
    double took = answer(who, target, &cpu);

    tell_cost(what, took, bound, cpu);
}

static double
bare(const char *sql, double *cpu)
{
    struct arena *arena = arena_create((size_t)64 << 20U);
    struct store *reader = open_store(arena, STORE_WRITER);
    struct fault  fault = {0};
    double        best = 1e9;
    double        spent = cost_of_tree(cost_postmaster(world.cluster));

    for (int i = 0; i < ROUNDS; i++) {
        double from = seconds();
        must(store_run(reader, sql, NULL, arena, NULL, &fault), &fault);
        double took = seconds() - from;
        best = took < best ? took : best;
    }
    *cpu = (cost_of_tree(cost_postmaster(world.cluster)) - spent) / 1e3 / ROUNDS;
    arena_destroy(arena);
    return best * 1e3;
}

static void
measure_completeness(void)
{
    static const char *const by[] = {"form", "wojewodztwo", "powiat", "office", "jst"};
    double                   cpu = 0;

    world_run(&world, filled_sql);
    world_run(&world, "VACUUM ANALYZE obligation.duty");
    world_run(&world, "SELECT obligation.merge_tallies()");
    world_run(&world, "VACUUM ANALYZE obligation.tally");
    for (size_t i = 0; i < ARRAY_COUNT(by); i++) {
        struct str target =
            str_format(world.arena, "/api/v1/completeness?period=2026-Q2&by=%s", by[i]);
        struct str what = str_format(world.arena, "completeness of the country by %s", by[i]);
        tell_answer(what.data, OFFICE, target.data, "ms (bound 200 for 300,000)");
    }
    double took = bare("SELECT count(*) FROM obligation.duty", &cpu);
    tell_cost("  yardstick: bare count(*)", took, "ms", cpu);
    tell_answer("first page of what is missing", OFFICE,
                "/api/v1/completeness/missing?period=2026-Q2&limit=500", "ms (bound 100)");
    tell_answer("  of all periods", OFFICE, "/api/v1/completeness/missing?limit=500",
                "ms (bound 100)");
    tell_answer("list of one unit", SCHOOL, "/api/v1/obligations", "ms (bound 10)");
}

/* A supervisor of each JST, on a morning on which everything that is missing is due soon. */
static const char people_sql[] =
    "INSERT INTO people.person (person, email, name, confirmed_at) SELECT md5('p' || unit)::uuid,"
    " 'p' || unit || '@jst.example', 'Osoba', now() FROM registry.unit WHERE name LIKE 'JST %';"
    "INSERT INTO people.appointment (appointment, person, role, unit, valid_from)"
    " SELECT md5('a' || unit)::uuid, md5('p' || unit)::uuid, 'supervisor', unit, '2020-01-01'"
    " FROM registry.unit WHERE name LIKE 'JST %';"
    "ANALYZE people.person; ANALYZE people.appointment;"
    "UPDATE registry.setting SET clock_offset = timestamptz '2026-07-08 07:00+02' - now()";

/* What of a country is told in the digests of a day, as the courier asks for it; the yardstick is
 * one bare walk over the same rows. */
static void
measure_digests(void)
{
    enum { PEOPLE = 500 };

    struct arena     *arena = arena_create((size_t)64 << 20U);
    struct store     *courier = open_store(arena, STORE_COURIER);
    struct store_rows rows = {0};
    struct fault      fault = {0};
    double            cpu = 0;

    world_run(&world, people_sql);
    double spent = cost_of_tree(cost_postmaster(world.cluster));
    double from = seconds();
    must(store_run(courier,
                   "SELECT count(DISTINCT p.person), count(*) FROM courier.digest_people("
                   "'00000000-0000-0000-0000-000000000000', 500) p (person)"
                   " CROSS JOIN LATERAL courier.digest_duties(p.person, 30) d",
                   NULL, arena, &rows, &fault),
         &fault);
    double took = seconds() - from;
    spent = cost_of_tree(cost_postmaster(world.cluster)) - spent;
    (void)printf("  digests of %lld JST, %lld lines\n", (long long)store_number(&rows, 0, 0),
                 (long long)store_number(&rows, 0, 1));
    tell_cost("one digest of a JST", took * 1e3 / PEOPLE, "ms (bound 20)", spent / 1e3 / PEOPLE);
    arena_destroy(arena);
    took = bare("SELECT count(*) FROM obligation.duty d WHERE d.filed_at IS NULL"
                " AND d.superseded_on IS NULL AND d.exemption IS NULL",
                &cpu);
    tell_cost("  yardstick: one bare walk over what the country misses", took, "ms", cpu);
    (void)printf("  digests of the country to one walk: %.1f (bound 150)\n",
                 spent / 1e3 / PEOPLE * 2809 / cpu);
}

static void
measure_settling(void)
{
    struct arena *arena = arena_create((size_t)64 << 20U);
    struct store *writer = open_store(arena, STORE_WRITER);
    struct fault  fault = {0};

    world_run(&world, reports_sql);
    world_run(&world, "SELECT pg_stat_reset_single_table_counters('obligation.duty'::regclass)");
    struct store_rows rows = {0};
    must(store_run(writer, "SELECT submission FROM intake.submission WHERE key = 'b'", NULL, arena,
                   &rows, &fault),
         &fault);
    size_t count = store_row_count(&rows);
    double from = seconds();
    double spent = cost_of_tree(cost_postmaster(world.cluster));
    for (size_t i = 0; i + BATCH <= count; i += BATCH) {
        struct arena *small = arena_create((size_t)1 << 20U);
        struct uuid   ids[BATCH];
        for (size_t j = 0; j < BATCH; j++) {
            ids[j] = store_uuid(&rows, i + j, 0);
        }
        must(settling_run(writer, small, ids, BATCH, &fault), &fault);
        arena_destroy(small);
    }
    spent = cost_of_tree(cost_postmaster(world.cluster)) - spent;
    tell_cost("settled, in batches of 8, each committed", (seconds() - from) / (double)count * 1e6,
              "us a report", spent / (double)count);
    arena_destroy(arena);
    world_run(&world, "SELECT pg_stat_force_next_flush()");
}

int
main(void)
{
    struct cluster *cluster = cluster_start(CLUSTER_DURABLE);

    (void)printf("obligation: a country of some 61,800 units\n");
    world_begin(&world, cluster, "country");
    world_run(&world, country_sql);
    measure_generation();
    measure_completeness();
    measure_digests();
    measure_settling();
    struct str hot = cluster_ask(cluster, world.arena, "country",
                                 "SELECT round(100.0 * n_tup_hot_upd / greatest(n_tup_upd, 1))"
                                 " FROM pg_stat_user_tables WHERE relid ="
                                 " 'obligation.duty'::regclass");
    (void)printf("  of those updates heap-only: %.*s %%\n", STR_ARG(hot));
    world_end(&world);
    cluster_stop(cluster);
    return 0;
}
