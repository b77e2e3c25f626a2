#include "gateway/submission/renewal.h"

#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/release/release.h"
#include "gateway/release/rule_waking.h"
#include "gateway/ticks/ticks.h"

#include <string.h>

enum { LOOK_MS = 1000, SWITCHES_MEMORY = 32 * 1024 * 1024 };

#define DEFINITIONS_MEMORY ((size_t)1 << 30U)

static void
replace_arena(struct arena **kept, struct arena *newer)
{
    if (*kept != NULL) {
        arena_destroy(*kept);
    }
    *kept = newer;
}

static enum err
look_at_switches(struct renewal *renewal, struct bench *bench, struct fault *fault)
{
    struct arena        *arena = arena_create(SWITCHES_MEMORY);
    struct rule_switches switches = {0};
    enum err             got = rule_switches_read(bench->store, arena, &switches, fault);

    if (got != ERR_OK) {
        arena_destroy(arena);
        return got;
    }
    bench->switches = switches;
    replace_arena(&renewal->switches, arena);
    return ERR_OK;
}

/* Nothing points at what was in force so far: batches have memory of their own, and none is open.
 */
static void
take_over(struct renewal *renewal, struct bench *bench, struct links *links, struct arena *arena,
          const struct definitions *definitions)
{
    bench->definitions = *definitions;
    bench->frame =
        facts_frame_of(bench->environment, bench->config->receiver, definitions->catalogue->bundle);
    if (links != NULL) {
        links->material = bench_material(bench);
        links->bundle = definitions->catalogue->bundle->bytes;
        links->checker_told = false;
    }
    replace_arena(&renewal->definitions, arena);
}

static void
say_exchanged(const struct release *release)
{
    log_begin(LOG_INFO, "definitions.exchanged");
    log_number("release", release->release);
    log_end();
}

static void
say_refused(struct renewal *renewal, const struct release *release, const struct fault *why)
{
    memcpy(renewal->refused, release->sha256, sizeof renewal->refused);
    renewal->has_refused = true;
    log_begin(LOG_ERROR, "definitions.refused");
    log_number("release", release->release);
    log_fault(why);
    log_end();
}

/* Read and compile; a fault of the bundle is told and is not the caller's. */
static enum err
renew_definitions(struct renewal *renewal, struct bench *bench, struct links *links,
                  const struct release *release, struct fault *fault)
{
    struct arena      *arena = arena_create(DEFINITIONS_MEMORY);
    struct definitions definitions = {0};
    struct str         bytes = {0};

    enum err got = release_bundle(bench->store, arena, release->sha256, &bytes, fault);
    if (got == ERR_OK) {
        got = definitions_load_bundle(arena, bytes, &definitions, fault);
    }
    if (got == ERR_OK) {
        take_over(renewal, bench, links, arena, &definitions);
        say_exchanged(release);
        bench->sets = (struct rework_asking){.more = true}; /* judged by others' definitions */
        return ERR_OK;
    }
    arena_destroy(arena);
    if (release_is_passing(got)) {
        return got;
    }
    say_refused(renewal, release, fault);
    return ERR_OK;
}

static bool
is_known(const struct renewal *renewal, const struct bench *bench, const struct release *release)
{
    return release->release == 0
           || fingerprint_equal(release->sha256, bench->definitions.catalogue->sha256)
           || (renewal->has_refused && fingerprint_equal(release->sha256, renewal->refused));
}

/* Under the turn, which is given back whatever comes of it: it lives as long as the session. */
static enum err
take_turn(struct renewal *renewal, struct bench *bench, struct links *links,
          const struct release *release, struct arena *arena, struct fault *fault)
{
    struct fault unsaid = {0};
    bool         mine = false;

    TRY(release_turn(bench->store, arena, &mine, fault));
    if (!mine) {
        return ERR_OK; /* another one is at it; we look again in a while */
    }
    enum err got = renew_definitions(renewal, bench, links, release, fault);
    enum err over = release_turn_over(bench->store, arena, got == ERR_OK ? fault : &unsaid);
    return got == ERR_OK ? over : got;
}

static enum err
look_at_release(struct renewal *renewal, struct bench *bench, struct links *links,
                struct arena *arena, struct fault *fault)
{
    struct release release = {0};

    TRY(release_now(bench->store, arena, &release, fault));
    if (!is_known(renewal, bench, &release)) {
        TRY(take_turn(renewal, bench, links, &release, arena, fault));
    }
    return ERR_OK;
}

/* What whoever turned a rule has left, should he have died over it. */
static void
go_on_waking(const struct bench *bench, struct arena *arena)
{
    struct fault fault = {0};

    if (rule_waking_step(bench->store, arena, &fault) != ERR_OK) {
        metrics_add(METRIC_STORE_FAILURES, 1);
        log_failure("worker.waking_failed", &fault);
    }
}

void
renewal_look(struct renewal *renewal, struct bench *bench, struct links *links)
{
    int64_t       now = ticks_ms();
    struct arena *arena = NULL;
    struct fault  fault = {0};

    if (now < renewal->due_ms && !bench->stale) {
        return;
    }
    arena = arena_create(SWITCHES_MEMORY);
    enum err got = look_at_switches(renewal, bench, &fault);
    if (got == ERR_OK) {
        got = look_at_release(renewal, bench, links, arena, &fault);
    }
    if (got == ERR_OK) {
        bench->stale = false;
        go_on_waking(bench, arena);
    } else {
        log_failure("worker.release_unknown", &fault);
    }
    renewal->due_ms = now + LOOK_MS;
    arena_destroy(arena);
}

void
renewal_close(struct renewal *renewal)
{
    replace_arena(&renewal->definitions, NULL);
    replace_arena(&renewal->switches, NULL);
}
