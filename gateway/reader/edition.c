#include "gateway/reader/edition.h"

#include "gateway/fingerprint/fingerprint.h"
#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"
#include "gateway/reader/examples.h"
#include "gateway/release/release_history.h"

#define MEMORY_MAX ((size_t)512 << 20U)

enum err
edition_create(struct arena *arena, const struct catalogue *catalogue, struct edition **out,
               struct fault *fault)
{
    struct edition   *edition = ARENA_NEW(arena, struct edition, 1);
    const struct str *examples = NULL;

    if (edition == NULL) {
        return FAIL(fault, ERR_MEMORY, "the reader's definitions");
    }
    TRY(examples_make(arena, catalogue, &examples, fault));
    *edition = (struct edition){.catalogue = catalogue,
                                .examples = examples,
                                .first = catalogue,
                                .first_examples = examples};
    *out = edition;
    return ERR_OK;
}

static void
dispose(struct arena *arena)
{
    if (arena != NULL) {
        arena_destroy(arena);
    }
}

void
edition_close(struct edition *edition)
{
    dispose(edition->arena);
    edition->arena = NULL;
}

static enum err
compile(struct edition *next, struct store *store, struct fault *fault)
{
    TRY(release_history_catalogue(store, next->arena, &next->release, &next->catalogue, fault));
    metrics_add(METRIC_DEFINITIONS_COMPILED, 1);
    return examples_make(next->arena, next->catalogue, &next->examples, fault);
}

/* What is in force, into the arena of `next`, which is else the edition in use. */
static enum err
read_newest(struct edition *next, struct store *store, bool *is_new, struct fault *fault)
{
    struct release newest = {0};

    TRY(release_now(store, next->arena, &newest, fault));
    *is_new = newest.release != next->release.release && newest.release != next->refused;
    if (!*is_new) {
        return ERR_OK;
    }
    next->release = newest;
    next->catalogue = next->first;
    next->examples = next->first_examples;
    if (newest.release == 0 || fingerprint_equal(newest.sha256, next->first->sha256)) {
        return ERR_OK;
    }
    return compile(next, store, fault);
}

/* What may go better later, and says nothing against a release. */
static bool
is_passing(bool is_new, enum err got)
{
    return !is_new || release_is_passing(got);
}

static void
say_failed(struct edition *edition, bool is_new, int64_t release, enum err got,
           const struct fault *fault)
{
    if (is_passing(is_new, got)) {
        metrics_add(METRIC_STORE_FAILURES, 1);
        log_failure("reader.release_unknown", fault);
        return;
    }
    edition->refused = release;
    log_begin(LOG_ERROR, "definitions.refused");
    log_number("release", release);
    log_fault(fault);
    log_end();
}

static void
say_exchanged(const struct edition *edition)
{
    log_begin(LOG_INFO, "definitions.exchanged");
    log_number("release", edition->release.release);
    log_end();
}

void
edition_renew(struct edition *edition, struct store *store, instant now)
{
    struct edition next = *edition;
    struct fault   fault = {0};
    bool           is_new = false;

    if (store == NULL || !store_is_open(store) || now < edition->look_at) {
        return;
    }
    next.arena = arena_create(MEMORY_MAX);
    enum err got = read_newest(&next, store, &is_new, &fault);
    if (got != ERR_OK) {
        say_failed(edition, is_new, next.release.release, got, &fault);
        edition->look_at = is_passing(is_new, got) ? now + EDITION_PAUSE : 0;
    } else if (is_new) {
        struct arena *old = edition->arena;
        *edition = next;
        next.arena = old;
        say_exchanged(edition);
    }
    dispose(next.arena);
}
