#ifndef GATEWAY_RELEASE_RELEASE_HISTORY_H
#define GATEWAY_RELEASE_RELEASE_HISTORY_H

#include "gateway/definitions/definitions.h"
#include "gateway/release/release.h"

/*
 * Definitions that were, or will be, in force: those of releases, and before the first release
 * those that came with the program. All live in arena; errors are those of the store and of
 * definitions_load_bundle.
 */
struct release_history {
    const struct definitions **items; /* newest first */
    size_t                     count;
};

MUST_USE enum err release_history_at(struct store *store, struct arena *arena, instant at,
                                     struct definitions *out, struct fault *fault);

/* The catalogue alone of a release. */
MUST_USE enum err release_history_catalogue(struct store *store, struct arena *arena,
                                            const struct release    *release,
                                            const struct catalogue **out, struct fault *fault);

/* All that are in force at any time from that day, in Warsaw, until just before then. */
MUST_USE enum err release_history_since(struct store *store, struct arena *arena, struct date day,
                                        instant until, struct release_history *out,
                                        struct fault *fault);

#endif
