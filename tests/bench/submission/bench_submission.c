#include "tests/support/maker.h"
#include "tests/unit/gateway/submission/workshop.h"

#include <stdio.h>
#include <time.h>

/*
 * Microseconds a document by stage, with the real store beside (fsync off: the disk is not what is
 * measured) and checker and signer in this process: one package of one unit, 50 rows, two
 * signatures, each of a JST of its own, in batches of BENCH_BATCH.
 */
enum { BENCH_BATCH = 64, BENCH_BATCHES = 10, NANOSECONDS_PER_US = 1000, ROWS = 50 };

#define ROOM ((size_t)2 << 30U)

static double
now_us(void)
{
    struct timespec now;

    ENSURE(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / NANOSECONDS_PER_US;
}

static void
register_units(struct workshop *workshop, struct arena *arena)
{
    for (size_t i = 0; i < BENCH_BATCH; i++) {
        struct str sql = str_format(
            arena,
            "INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt, type, kind, name, valid_from)"
            " VALUES ('%.*s', '99', '01', '02', '3', '0', 'JB', 'jst', 'B', '2020-01-01')"
            " ON CONFLICT DO NOTHING",
            STR_ARG(maker_regon(arena, 100 + i)));
        workshop_run(workshop, sql.data);
    }
}

static struct str
make(struct arena *arena, const struct authority *authority, size_t unit, int version)
{
    const struct maker_options options = {.seed = unit,
                                          .units = 1,
                                          .first_unit = 100 + unit,
                                          .rows = ROWS,
                                          .forms = MAKER_RB27S,
                                          .version = version};
    struct str                 bytes = {0};
    struct fault               fault = {0};

    ENSURE(maker_package(arena, &options, authority, &bytes, &fault) == ERR_OK);
    return bytes;
}

int
main(void)
{
    static const char *const names[STAGE_COUNT] = {"admit", "check", "decide", "conclude"};
    stage_work *const        stages[STAGE_COUNT] = {stage_admit, stage_check, stage_decide,
                                                    stage_conclude};
    double                   spent[STAGE_COUNT] = {0};
    void                    *state = NULL;
    struct arena            *arena = arena_create(ROOM);
    struct authority        *authority = NULL;
    struct fault             fault = {0};

    ENSURE(workshop_start(&state) == 0);
    ENSURE(authority_create(arena, &authority, &fault) == ERR_OK);
    struct workshop *workshop = workshop_open();
    register_units(workshop, arena);
    int64_t first =
        workshop_number(workshop, "SELECT min(unit) FROM registry.unit WHERE name = 'B'");
    for (size_t i = 0; i < BENCH_BATCHES; i++) {
        struct batch      batch = workshop_batch();
        const struct part part = {.count = BENCH_BATCH};
        for (size_t j = 0; j < BENCH_BATCH; j++) {
            struct str key = str_format(arena, "%zu/%zu", i, j);
            (void)workshop_file(workshop, &batch, first + (int64_t)j, i * BENCH_BATCH + j + 1,
                                key.data, make(arena, authority, j, (int)i));
        }
        for (size_t stage = 0; stage < STAGE_COUNT; stage++) {
            double begun = now_us();
            if (stages[stage](&workshop->bench, &batch, &part, &fault) != ERR_OK) {
                (void)fprintf(stderr, "%s: %s\n", names[stage], fault.text);
                return 1;
            }
            spent[stage] += now_us() - begun;
        }
        batch_destroy(&batch);
        workshop->told_count = 0;
    }
    for (size_t stage = 0; stage < STAGE_COUNT; stage++) {
        printf("%-9s %8.1f us a document\n", names[stage],
               spent[stage] / (BENCH_BATCH * BENCH_BATCHES));
    }
    printf("decided   %lld\n",
           (long long)workshop_number(
               workshop, "SELECT count(*) FROM intake.submission WHERE state = 'decided'"));
    workshop_close(workshop);
    arena_destroy(arena);
    return workshop_stop(&state);
}
