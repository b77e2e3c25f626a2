#include "tests/unit/gateway/backtest/trial.h"

#include "tests/support/expect.h"
#include "tests/support/judging.h"
#include "tests/support/revision.h"

#include <string.h>

#define KEPT_ROOM ((size_t)3 << 30U)
#define STORE_ROOM ((size_t)1 << 30U)

static struct arena      *kept;
static struct definitions in_force;

int
trial_start(void **state)
{
    struct fault fault = {0};
    struct str   pem = {0};
    int          got = judging_load(state);

    kept = arena_create(KEPT_ROOM);
    ENSURE(authority_pem(kept, judging_authority(), AUTHORITY_CA, &pem, &fault) == ERR_OK);
    got = got == 0 ? workshop_start(state) : got;
    workshop_trust(pem);
    ENSURE(definitions_load(kept, NULL, &in_force, &fault) == ERR_OK);
    return got;
}

int
trial_stop(void **state)
{
    int got = workshop_stop(state);

    arena_destroy(kept);
    return got == 0 ? judging_unload(state) : got;
}

struct arena *
trial_arena(void)
{
    return kept;
}

struct definitions
trial_draft(const char *path, const char *old, const char *new)
{
    const struct revision revision = {path, old, new};
    struct str            bytes = revision_bundle(kept, in_force.catalogue->bundle, &revision, 1);
    struct definitions    definitions = {0};
    struct fault          fault = {0};

    if (definitions_load_bundle(kept, bytes, &definitions, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    ENSURE(strcmp(old, new) == 0
           || memcmp(definitions.catalogue->sha256, in_force.catalogue->sha256,
                     sizeof in_force.catalogue->sha256)
                  != 0);
    return definitions;
}

struct backtest_tally
trial_run(const struct workshop *workshop, trial_task *task, const struct definitions *after,
          instant from, instant to)
{
    const struct backtest_request request = {
        .before = &in_force, .after = after, .from = from, .to = to};
    struct backtest_tally tally = {0};
    struct arena         *arena = arena_create(STORE_ROOM);
    struct store         *store = NULL;
    struct fault          fault = {0};

    ENSURE(store_open(arena, &workshop->address, STORE_ADMIN, &store, &fault) == ERR_OK);
    ENSURE(store_begin(store, &fault) == ERR_OK);
    ENSURE(store_script(store, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY", &fault)
           == ERR_OK);
    ENSURE(backtest_tally_create(kept, &tally, &fault) == ERR_OK);
    if (task(store, &request, &tally, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    arena_destroy(arena);
    return tally;
}
