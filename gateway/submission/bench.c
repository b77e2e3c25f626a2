#include "gateway/submission/bench.h"

#include "gateway/intake/conclusion.h"
#include "gateway/role/file.h"

#include <string.h>
#include <sys/random.h>

enum { TRUST_SIZE_MAX = 4 * 1024 * 1024 };

#define MATERIAL_MEMORY ((size_t)256 << 20U)

enum err
bench_open(struct arena *arena, const struct config *config, unsigned slot, struct bench *out,
           struct fault *fault)
{
    struct bench bench = {.config = config, .engine = STR("brama " BRAMA_VERSION)};
    struct str   folder = str_copy(arena, config->definitions); /* with NUL */

    bench.environment = config->environment == CONFIG_PROD ? ENVIRONMENT_PROD : ENVIRONMENT_TEST;
    bench.lease.owner = str_format(arena, "%.*s/%u", STR_ARG(config->node), slot);
    bench.lease.seconds = (int)config->lease_seconds;
    if (folder.data == NULL || bench.lease.owner.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "the worker's definitions");
    }
    TRY(definitions_load(arena, folder.size == 0 ? NULL : folder.data, &bench.definitions, fault));
    TRY(file_read(arena, config->trust, TRUST_SIZE_MAX, &bench.trust, fault));
    TRY(fingerprint_of(bench.trust, bench.trust_sha256, fault));
    bench.frame =
        facts_frame_of(bench.environment, config->receiver, bench.definitions.catalogue->bundle);
    if (getrandom(&bench.seed, sizeof bench.seed, 0) != (ssize_t)sizeof bench.seed) {
        return FAIL(fault, ERR_SYSTEM, "no random bytes");
    }
    *out = bench;
    return ERR_OK;
}

struct job_material
bench_material(const struct bench *bench)
{
    struct job_material material;

    memcpy(material.definitions_sha256, bench->definitions.catalogue->sha256, JOB_DIGEST_SIZE);
    memcpy(material.trust_sha256, bench->trust_sha256, JOB_DIGEST_SIZE);
    return material;
}

struct setbook_tools
bench_setbook(const struct bench *bench)
{
    return (struct setbook_tools){.store = bench->store,
                                  .sets = bench->definitions.sets,
                                  .catalogue = bench->definitions.catalogue,
                                  .calendar = bench->definitions.calendar,
                                  .environment = bench->environment,
                                  .seed = bench->seed,
                                  .switches = &bench->switches};
}

static enum err
file_material(struct bench *bench, struct arena *arena, struct fault *fault)
{
    const struct catalogue *catalogue = bench->definitions.catalogue;

    bench->sets = (struct rework_asking){.more = true};
    TRY(conclusion_material(bench->store, arena, "definitions", catalogue->sha256,
                            catalogue->bundle->bytes, fault));
    return conclusion_material(bench->store, arena, "trust", bench->trust_sha256, bench->trust,
                               fault);
}

enum err
bench_file_material(struct bench *bench, struct fault *fault)
{
    struct arena *arena = arena_create(MATERIAL_MEMORY);
    enum err      got = file_material(bench, arena, fault);

    arena_destroy(arena);
    return got;
}
