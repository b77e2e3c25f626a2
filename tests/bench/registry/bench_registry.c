#include "gateway/admin/country.h"
#include "gateway/registry/registry.h"
#include "tests/support/cluster.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/*
 * A made-up country entered, exported, compared and asked about, beside a bare COPY of the same
 * rows into a table without index or constraint, and beside the same questions to a registry of a
 * hundred units. fsync on, one connection, clients' time included.
 */
enum { SMALL = 100, CLAIMS = 8, QUESTIONS = 2000, STRIDE = 7919, US_PER_S = 1000000 };

#define ROOM ((size_t)2 << 30U)

static const struct date today = {2026, 7, 10};

struct bench {
    struct arena   *arena;
    struct cluster *cluster;
    struct store   *admin;
    struct store   *writer;
    struct store   *reader;
    struct country  country;
    const char     *name;
};

static double
seconds(void)
{
    struct timespec now = {0};

    ENSURE(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void
need(enum err got, const struct fault *fault)
{
    if (got != ERR_OK) {
        (void)fprintf(stderr, "bench_registry: %s\n", fault->text);
    }
    ENSURE(got == ERR_OK);
}

/* What was done since *from, in seconds; *from is now. */
static double
lap(double *from)
{
    double now = seconds();
    double took = now - *from;

    *from = now;
    return took;
}

static double
bare_copy(struct bench *bench)
{
    struct store_copy *copy = NULL;
    struct fault       fault = {0};
    double             from = 0;

    cluster_run(
        bench->cluster, bench->name,
        "CREATE TABLE public.bare (regon text, nip text, wk text, pk text, gk text, gt text,"
        " pt text, type text, kind text, name text, parent text, valid_from date,"
        " jop text, offices text); GRANT INSERT ON public.bare TO brama_admin;"
        " GRANT USAGE ON SCHEMA public TO brama_admin");
    from = seconds();
    need(store_begin(bench->admin, &fault), &fault);
    need(store_copy_begin(bench->admin, bench->arena, "public.bare", 14, &copy, &fault), &fault);
    for (size_t i = 0; i < bench->country.row_count; i++) {
        const struct unit_import_row *row = &bench->country.rows[i];
        const struct registry_unit   *unit = &row->unit;
        const struct str              texts[] = {unit->regon, unit->nip,  unit->wk,   unit->pk,
                                                 unit->gk,    unit->gt,   unit->pt,   unit->type,
                                                 unit->kind,  unit->name, row->parent};
        store_copy_row(copy);
        for (size_t field = 0; field < ARRAY_COUNT(texts); field++) {
            store_copy_text(copy, texts[field]);
        }
        store_copy_date(copy, unit->valid_from);
        store_copy_text(copy, unit->jop);
        store_copy_text(copy, row->offices);
    }
    need(store_copy_end(copy, &fault), &fault);
    need(store_commit(bench->admin, &fault), &fault);
    return lap(&from);
}

/* Enter, or compare only, the first count rows. */
static double
import(struct bench *bench, size_t count, bool apply)
{
    const struct unit_import_file file = {bench->country.rows, count, today};
    struct unit_import_result     result = {0};
    struct fault                  fault = {0};
    double                        from = seconds();

    need(store_begin(bench->admin, &fault), &fault);
    need(unit_import_stage(bench->admin, bench->arena, &file, &result, &fault), &fault);
    ENSURE(result.units[UNIT_IMPORT_REFUSED] == 0);
    if (apply) {
        need(unit_import_apply(bench->admin, bench->arena, today, &fault), &fault);
        need(store_commit(bench->admin, &fault), &fault);
    } else {
        ENSURE(result.untouched == count);
        store_rollback(bench->admin);
    }
    return lap(&from);
}

static struct registry_claim
claim_of(const struct bench *bench, size_t row, int64_t subject)
{
    const struct registry_unit *unit = &bench->country.rows[row].unit;

    return (struct registry_claim){
        unit->regon, unit->type, unit->wk, unit->pk, unit->gk,
        unit->gt,    unit->pt,   subject,  today,    {2026, 6, 30}
    };
}

/* Ask for units all over the first count, in batches as a worker does; subjects: who files. */
static void
ask_all(struct bench *bench, size_t count, int64_t *subjects)
{
    struct arena          *scratch = arena_create((size_t)1 << 30U);
    struct registry_claim  claims[CLAIMS];
    struct registry_answer answers[CLAIMS];
    struct fault           fault = {0};

    for (size_t i = 0; i < QUESTIONS; i++) {
        int64_t *subject = &subjects[i * CLAIMS];
        for (size_t k = 0; k < CLAIMS; k++) {
            claims[k] = claim_of(bench, (i * CLAIMS + k) * STRIDE % count, subject[k]);
        }
        need(registry_ask(bench->writer, scratch, claims, CLAIMS, answers, &fault), &fault);
        for (size_t k = 0; k < CLAIMS; k++) {
            ENSURE(answers[k].standing != STANDING_UNKNOWN);
            subject[k] = answers[k].top;
        }
    }
    arena_destroy(scratch);
}

/* Microseconds a claim, when each JST files for itself and its units. */
static double
ask(struct bench *bench, size_t count)
{
    int64_t *subjects = ARENA_NEW(bench->arena, int64_t, (size_t)QUESTIONS * CLAIMS);

    ENSURE(subjects != NULL);
    memset(subjects, 0, sizeof *subjects * QUESTIONS * CLAIMS);
    ask_all(bench, count, subjects);
    double from = seconds();
    ask_all(bench, count, subjects);
    return lap(&from) * US_PER_S / QUESTIONS / CLAIMS;
}

/* Microseconds of registry.enter for one JST with what stands below it, round trip included. */
static double
enter(struct bench *bench)
{
    struct arena           *scratch = arena_create((size_t)1 << 30U);
    struct store_parameters parameters = store_parameters_create(scratch);
    struct fault            fault = {0};
    double                  from = 0;

    cluster_run(bench->cluster, bench->name,
                "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, label,"
                " expires_at) SELECT min(unit), false, sha256('x'), 3, '', '2099-01-01'"
                " FROM registry.unit ON CONFLICT DO NOTHING; ANALYZE");
    store_put_number(&parameters, 1);
    need(store_begin(bench->reader, &fault), &fault);
    from = seconds();
    for (size_t i = 0; i < QUESTIONS; i++) {
        need(store_run(bench->reader, "SELECT registry.enter($1)", &parameters, scratch, NULL,
                       &fault),
             &fault);
    }
    double took = lap(&from) * US_PER_S / QUESTIONS;
    store_rollback(bench->reader);
    arena_destroy(scratch);
    return took;
}

static void
open_database(struct bench *bench, const char *name)
{
    struct store_address address = cluster_database(bench->cluster, name);
    struct fault         fault = {0};

    bench->name = name;
    need(store_open(bench->arena, &address, STORE_ADMIN, &bench->admin, &fault), &fault);
    need(store_open(bench->arena, &address, STORE_WRITER, &bench->writer, &fault), &fault);
    need(store_open(bench->arena, &address, STORE_READER, &bench->reader, &fault), &fault);
    cluster_run(bench->cluster, name,
                "INSERT INTO registry.office (office, kind, title, wk) SELECT 'dysponent-' || o.wk,"
                " 'dysponent', 'x', o.wk FROM registry.office o WHERE o.kind = 'rio'");
}

int
main(void)
{
    struct bench bench = {.arena = arena_create(ROOM)};
    struct fault fault = {0};
    double       from = seconds();

    need(country_make(bench.arena, 1, &bench.country, &fault), &fault);
    size_t count = bench.country.row_count;
    (void)printf("  %zu units made up in %.2f s\n", count, lap(&from));
    bench.cluster = cluster_start(CLUSTER_DURABLE);
    open_database(&bench, "small");
    (void)import(&bench, SMALL, true);
    double enter_small = enter(&bench);
    double ask_small = ask(&bench, SMALL);
    open_database(&bench, "country");
    double bare = bare_copy(&bench);
    double entered = import(&bench, count, true);
    cluster_run(bench.cluster, "country", "ANALYZE");
    double compared = import(&bench, count, false);
    from = seconds();
    struct unit_import_row *rows = NULL;
    size_t                  exported = 0;
    need(unit_import_export(bench.admin, bench.arena, today, &rows, &exported, &fault), &fault);
    ENSURE(exported == count);
    (void)printf(
        "  bare COPY %.2f s; import %.2f s (%.0f x), compare alone %.2f s, export %.2f s\n", bare,
        entered, entered / bare, compared, lap(&from));
    double ask_country = ask(&bench, count);
    double enter_country = enter(&bench);
    (void)printf("  us a claim of %d: %.0f among %d units, %.0f among %zu; registry.enter %.0f and"
                 " %.0f\n",
                 CLAIMS, ask_small, SMALL, ask_country, count, enter_small, enter_country);
    cluster_stop(bench.cluster);
    arena_destroy(bench.arena);
    return 0;
}
