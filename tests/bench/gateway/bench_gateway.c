/*
 * The whole way of a submission, measured: clients over keep-alive TLS, nginx, the gateway, a
 * durable PostgreSQL, all on this machine; and beside it, in the same run, the floors that each
 * part stands on: the judgement of the same reports as "brama validate" makes it, a bare ECDSA
 * signature, COPY of the same rows, nginx that answers 200 to the same bodies.
 *
 * Usage: bench_gateway FOLDER [reports [country]]: FOLDER for files; country: beside sixty thousand
 * other units.
 */
#include "gateway/admin/admin_command.h"
#include "gateway/checker/checker.h"
#include "gateway/definitions/definitions.h"
#include "tests/bench/gateway/cost.h"
#include "tests/bench/gateway/load.h"
#include "tests/support/command.h"
#include "tests/support/edge.h"
#include "tests/support/maker.h"
#include "validators/decision/decision.h"
#include "validators/signature/signature.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    ROOM_MIB = 4096,
    PLACE_MAX = 300,
    UNITS = 4,
    JST = 256,
    PERIODS = 4, /* of a year */
    RECEIPT_BYTES = 3500,
    SIGNATURES = 2000,
    VALIDATE_FILES = 1000,
    BATCH = 64,
};

#define JUDGED_AT INT64_C(1784890000) /* 2026-07-24: all certificates of the tests are valid */

static const char database[] = "bench";

/* What is measured: rows of a report, with or without signatures, from how many clients at once.
 * The more of them, the larger the batches: a last day is not 32 clients. */
struct shape {
    const char *name;
    size_t      rows;
    bool        is_signed;
    size_t      connections;
    size_t      share; /* of the number of reports asked for, in percent */
};

static const struct shape shapes[] = {
    {"50 rows, unsigned",              50,   false, 128, 100},
    {"50 rows, unsigned, few clients", 50,   false, 32,  50 },
    {"50 rows, two signatures",        50,   true,  128, 50 },
    {"1,000 rows, unsigned",           1000, false, 32,  10 },
    {"1,000 rows, two signatures",     1000, true,  32,  10 },
};

struct bench {
    struct arena       *arena;
    const char         *folder;
    struct definitions  definitions;
    struct cluster     *cluster;
    struct station     *station;
    struct edge        *edge;
    const char         *tokens[JST];
    const struct shape *shape;
    struct str         *documents;
    size_t              count;
};

/* Floors, microseconds of processor time a report. */
struct floors {
    double validate;
    double signature;
    double copy_backend;
    double copy_client;
    double edge;
};

static double
own_cpu(void)
{
    struct timespec now = {0};

    ENSURE(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) == 0);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void
make_documents(struct bench *bench, size_t reports)
{
    struct fault fault = {0};

    bench->count = reports * bench->shape->share / 100;
    bench->documents = ARENA_NEW(bench->arena, struct str, bench->count);
    ENSURE(bench->documents != NULL);
    for (size_t i = 0; i < bench->count; i++) {
        struct arena              *scratch = arena_create((size_t)256 << 20U);
        struct str                 made = {0};
        const struct maker_options options = {
            /* What a unit reports grows from quarter to quarter, so that rules between them hold.
             */
            .seed = i % ((size_t)JST * UNITS) + 1,
            .times = (int)(bench->shape - shapes) + 1,
            .first_unit = (i % JST) * UNITS + (i / JST) % UNITS,
            .rows = bench->shape->rows,
            .forms = MAKER_RB28S,
            /* A period for each shape, so that none corrects another's reports. */
            .year = 2025 + (int)(bench->shape - shapes) / PERIODS,
            .period = (int)(bench->shape - shapes) % PERIODS + 1,
            .version = (int)(i / ((size_t)JST * UNITS)),
            .features = bench->shape->is_signed ? 0 : maker_feature("unsigned"),
        };
        ENSURE(maker_package(scratch, &options, station_authority(bench->station), &made, &fault)
               == ERR_OK);
        bench->documents[i] = str_copy(bench->arena, made);
        ENSURE(bench->documents[i].data != NULL);
        arena_destroy(scratch);
    }
}

static void
register_units(struct bench *bench)
{
    for (size_t i = 0; i < JST; i++) {
        struct str regon = maker_regon(bench->arena, 5000 + i);
        int64_t    top = station_unit(bench->station, regon.data, "GMINA PRZYKŁADOWO", "jst", 0);
        for (size_t j = 0; j < UNITS; j++) {
            size_t     unit = i * UNITS + j;
            struct str school = maker_regon(bench->arena, unit);
            struct str name =
                str_format(bench->arena, "SZKOŁA PODSTAWOWA NR %zu W PRZYKŁADOWIE", unit + 1);
            (void)station_unit(bench->station, school.data, name.data, "jednostka-budzetowa", top);
        }
        bench->tokens[i] = station_token(bench->station, top);
    }
}

/*
 * What "brama validate" does with a report, in this process, once definitions are there: neither
 * its start nor its child for each file is in it.
 */
static double
floor_of_validate(const struct bench *bench)
{
    size_t       count = bench->count < VALIDATE_FILES ? bench->count : VALIDATE_FILES;
    struct fault fault = {0};
    double       before = own_cpu();

    for (size_t i = 0; i < count; i++) {
        struct arena                *arena = arena_create((size_t)256 << 20U);
        const struct decided_file   *decided = NULL;
        struct checker_answer        answer = {0};
        const struct check_request   file = {.bytes = bench->documents[i],
                                             .limits = &prescan_limits_default,
                                             .catalogue = bench->definitions.catalogue,
                                             .schemas = bench->definitions.schemas,
                                             .at = JUDGED_AT};
        const struct checker_request request = {
            .files = &file, .file_count = 1, .limits = checker_limits_default};
        checker_run_here(arena, &request, &answer);
        ENSURE(answer.end == CHECKER_DONE);
        const struct decision_file    checked = {.bytes = file.bytes, .checked = &answer.checked};
        const struct decision_request question = {.catalogue = file.catalogue,
                                                  .rules = bench->definitions.rules,
                                                  .at = JUDGED_AT,
                                                  .files = &checked,
                                                  .file_count = 1};
        ENSURE(decision_make(arena, &question, &decided, &fault) == ERR_OK);
        ENSURE(decided->report_count == 1);
        arena_destroy(arena);
    }
    return (own_cpu() - before) / (double)count;
}

static double
floor_of_signature(void)
{
    static unsigned char receipt[RECEIPT_BYTES];
    unsigned char        signature[128];
    EVP_PKEY            *key = EVP_EC_gen("P-256");
    double               before = own_cpu();

    for (size_t i = 0; i < SIGNATURES; i++) {
        EVP_MD_CTX *context = EVP_MD_CTX_new();
        size_t      size = sizeof signature;
        ENSURE(context != NULL && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1
               && EVP_DigestSign(context, signature, &size, receipt, sizeof receipt) == 1);
        EVP_MD_CTX_free(context);
    }
    double each = (own_cpu() - before) / SIGNATURES;
    EVP_PKEY_free(key);
    return each;
}

/* One report's rows: ten columns of codes and amounts, the rest absent, as Rb-28S has them. */
static void
copy_report(struct store_copy *copy, size_t report, size_t rows)
{
    for (size_t row = 0; row < rows; row++) {
        store_copy_row(copy);
        store_copy_number(copy, (int64_t)report);
        store_copy_date(copy, (struct date){2026, 6, 30});
        store_copy_integer(copy, (int32_t)row);
        for (size_t i = 0; i < 8; i++) {
            store_copy_text(copy, i < 5 ? STR("80101") : (struct str){0});
        }
        for (size_t i = 0; i < 24; i++) {
            if (i < 6) {
                store_copy_number(copy, (int64_t)(row * 1000 + i));
            } else {
                store_copy_null(copy);
            }
        }
    }
}

static void
floor_of_copy(const struct bench *bench, struct floors *floors)
{
    static const char target[] =
        "public.floor (report, period_end, ordinal, c1, c2, c3, c4, c5, c6, c7, c8, a1, a2, a3, "
        "a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15, a16, a17, a18, a19, a20, a21, a22, "
        "a23, a24)";
    struct arena        *arena = arena_create((size_t)1 << 30U);
    struct store_address address = station_database(bench->station);
    struct store        *store = NULL;
    struct store_copy   *copy = NULL;
    struct fault         fault = {0};
    pid_t                postmaster = cost_postmaster(bench->cluster);

    cluster_run(bench->cluster, database,
                "DROP TABLE IF EXISTS public.floor; CREATE TABLE public.floor (LIKE intake.line); "
                "GRANT ALL ON public.floor TO brama_writer");
    ENSURE(store_open(arena, &address, STORE_WRITER, &store, &fault) == ERR_OK);
    double backend = cost_of_tree(postmaster);
    double client = own_cpu();
    for (size_t i = 0; i < bench->count; i += BATCH) {
        struct arena *scratch = arena_create((size_t)256 << 20U);
        ENSURE(store_begin(store, &fault) == ERR_OK);
        ENSURE(store_copy_begin(store, scratch, target, 35, &copy, &fault) == ERR_OK);
        for (size_t j = i; j < i + BATCH && j < bench->count; j++) {
            copy_report(copy, j, bench->shape->rows);
        }
        ENSURE(store_copy_end(copy, &fault) == ERR_OK && store_commit(store, &fault) == ERR_OK);
        arena_destroy(scratch);
    }
    floors->copy_client = (own_cpu() - client) / (double)bench->count;
    floors->copy_backend = (cost_of_tree(postmaster) - backend) / (double)bench->count;
    arena_destroy(arena);
}

static struct load
load_of(const struct bench *bench, const char *path)
{
    return (struct load){.target = edge_target(bench->edge),
                         .path = path,
                         .tokens = bench->tokens,
                         .token_count = JST,
                         .documents = bench->documents,
                         .document_count = bench->count,
                         .connections = bench->shape->connections,
                         .key_prefix = bench->shape->name};
}

static double
floor_of_edge(const struct bench *bench)
{
    struct load        load = load_of(bench, "/yardstick");
    struct load_result result = {0};
    double             before = cost_of_tree(edge_process(bench->edge));

    load_run(&load, &result);
    ENSURE(result.statuses[200] == bench->count);
    return (cost_of_tree(edge_process(bench->edge)) - before) / (double)bench->count;
}

/* Processor time of every part, now. */
struct snapshot {
    double edge;
    double postgres;
    double front;
    double workers;
    double checkers;
    double signer;
    double reader;
};

static struct snapshot
take_snapshot(const struct bench *bench)
{
    const struct station *station = bench->station;

    return (struct snapshot){
        .edge = cost_of_tree(edge_process(bench->edge)),
        .postgres = cost_of_tree(cost_postmaster(bench->cluster)),
        .front = cost_of(station_role(station, ROLE_FRONT, 0)),
        .workers = cost_of(station_role(station, ROLE_WORKER, 0))
                   + cost_of(station_role(station, ROLE_WORKER, 1)),
        .checkers = cost_of(station_role(station, ROLE_CHECKER, 0))
                    + cost_of(station_role(station, ROLE_CHECKER, 1)),
        .signer = cost_of(station_role(station, ROLE_SIGNER, 0)),
        .reader = cost_of(station_role(station, ROLE_READER, 0)),
    };
}

static void
print_result(const struct bench *bench, const struct load_result *result,
             const struct snapshot *before, const struct snapshot *after,
             const struct floors *floors)
{
    double n = (double)bench->count;
    double gateway =
        (after->front - before->front + after->workers - before->workers + after->checkers
         - before->checkers + after->signer - before->signer + after->reader - before->reader)
        / n;
    double edge = (after->edge - before->edge) / n;
    double postgres = (after->postgres - before->postgres) / n;
    double floor = floors->validate + floors->signature + floors->copy_backend + floors->copy_client
                   + floors->edge;

    (void)printf("%s: %zu reports of %zu bytes, %zu connections\n", bench->shape->name,
                 bench->count, bench->documents[0].size, bench->shape->connections);
    (void)printf("  %.0f durable receipts/s; p50 %.1f ms, p99 %.1f ms, longest %.1f ms; answers: "
                 "201 %u, 202 %u, other %u\n",
                 n / result->seconds, result->p50_ms, result->p99_ms, result->longest_ms,
                 result->statuses[201], result->statuses[202],
                 (unsigned)bench->count - result->statuses[201] - result->statuses[202]);
    (void)printf("  CPU us a report: gateway %.0f (front %.0f, worker %.0f, checker %.0f, signer "
                 "%.0f, reader %.0f), PostgreSQL %.0f, nginx %.0f: %.0f; generator %.0f\n",
                 gateway, (after->front - before->front) / n,
                 (after->workers - before->workers) / n, (after->checkers - before->checkers) / n,
                 (after->signer - before->signer) / n, (after->reader - before->reader) / n,
                 postgres, edge, gateway + postgres + edge, result->cpu_seconds * 1e6 / n);
    (void)printf("  floors: judgement %.0f, ECDSA %.0f, COPY %.0f + %.0f, nginx 200 %.0f: "
                 "%.0f; ratio %.2f\n",
                 floors->validate, floors->signature, floors->copy_backend, floors->copy_client,
                 floors->edge, floor, (gateway + postgres + edge) / floor);
}

static void
measure(struct bench *bench, size_t reports)
{
    struct floors      floors = {0};
    struct load_result result = {0};

    make_documents(bench, reports);
    struct load load = load_of(bench, "/api/v1/submissions");
    floors.validate = floor_of_validate(bench);
    floors.signature = floor_of_signature();
    floors.edge = floor_of_edge(bench);
    floor_of_copy(bench, &floors);
    struct snapshot before = take_snapshot(bench);
    load_run(&load, &result);
    struct snapshot after = take_snapshot(bench);
    print_result(bench, &result, &before, &after, &floors);
}

/* Definitions in which nobody has to sign: only TEST takes them. */
/* Rules inside a form cost a report of fifty rows some microseconds (bench_rules); those between
 * reports are what can be left out here. */
static const char *
make_definitions(const struct bench *bench, bool without_sets)
{
    const char *own = str_format(bench->arena, "%s/schemas", bench->folder).data;
    const char *policy = str_format(bench->arena, "%s/signature-policy/1/policy.xml", own).data;
    const char *const remove[] = {"rm", "-rf", own, NULL};
    static const char whole[] = BRAMA_SOURCE_DIR "/schemas";
    const char *const copy[] = {"cp", "-r", whole, own, NULL};
    const char *const edit[] = {"sed", "-i", "/<requirement/,/<\\/requirement>/d", policy, NULL};
    const char *const sets = str_format(bench->arena, "%s/sets/2025-1", own).data;
    const char *const rules[] = {"sed", "-i", "/<rule /,/<\\/rule>/d",
                                 str_format(bench->arena, "%s/rules.xml", sets).data, NULL};
    const char *const formulas[] = {"find", sets, "-name", "*.vtl", "-delete", NULL};

    ENSURE(own != NULL && policy != NULL);
    ENSURE(command_run(remove, (struct str){0}, NULL) == 0);
    ENSURE(command_run(copy, (struct str){0}, NULL) == 0);
    ENSURE(command_run(edit, (struct str){0}, NULL) == 0);
    if (without_sets) {
        ENSURE(command_run(rules, (struct str){0}, NULL) == 0);
        ENSURE(command_run(formulas, (struct str){0}, NULL) == 0);
    }
    return str_format(bench->arena, "definitions = %s/schemas\nchecker_documents_max = 100000\n",
                      bench->folder)
        .data;
}

static void
load_definitions(struct bench *bench)
{
    struct fault fault = {0};
    struct str   folder = str_format(bench->arena, "%s/schemas", bench->folder);

    signature_warm_up();
    ENSURE(folder.data != NULL
           && definitions_load(bench->arena, folder.data, &bench->definitions, &fault) == ERR_OK);
}

/* A registry as large as the country's, beside the units that file here. */
static void
add_country(struct bench *bench)
{
    struct store_address address = station_database(bench->station);
    char                 place[PLACE_MAX];
    char                *words[] = {"admin", "demo-country", "--add", "--database", place};
    int size = snprintf(place, sizeof place, "%.*s:%lld/%.*s", STR_ARG(address.host),
                        (long long)address.port, STR_ARG(address.database));

    ENSURE(size > 0 && size < PLACE_MAX && admin_command(ARRAY_COUNT(words), words) == 0);
    /* As autovacuum does it: of what has grown, not of tables that are empty still. */
    cluster_run(bench->cluster, database, "ANALYZE registry.unit, registry.service");
}

int
main(int argc, char **argv)
{
    struct bench bench = {.arena = arena_create((size_t)ROOM_MIB << 20U)};

    if (argc < 2) {
        (void)fprintf(stderr, "usage: bench_gateway FOLDER [reports [country | without-sets]]\n");
        return 2;
    }
    bench.folder = argv[1];
    size_t                 reports = argc > 2 ? strtoul(argv[2], NULL, 10) : 4000;
    bool                   without_sets = argc > 3 && strcmp(argv[3], "without-sets") == 0;
    struct station_options options = {.settings = make_definitions(&bench, without_sets)};
    load_definitions(&bench);
    bench.cluster = cluster_start(CLUSTER_DURABLE);
    (void)cluster_database(bench.cluster, database);
    bench.station = station_create(bench.cluster, database, &options);
    bench.edge = edge_start_yardstick(bench.station);
    register_units(&bench);
    if (argc > 3 && strcmp(argv[3], "country") == 0) {
        add_country(&bench);
    }
    for (size_t i = 0; i < ARRAY_COUNT(shapes); i++) {
        bench.shape = &shapes[i];
        measure(&bench, reports);
    }
    edge_stop(bench.edge);
    station_destroy(bench.station);
    cluster_stop(bench.cluster);
    arena_destroy(bench.arena);
    return 0;
}
