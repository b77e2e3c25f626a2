#ifndef GATEWAY_RELEASE_RELEASE_H
#define GATEWAY_RELEASE_RELEASE_H

#include "gateway/store/store.h"

/*
 * Releases of schemas/: which bundle of definitions is in force from when (intake.release). A
 * bundle is immutable and named by its digest; what is in force is the release with the latest
 * active_from that is not later than now, by the gateway's clock. Without any the definitions that
 * came with the program are. Knows nothing of what stands in a bundle.
 */
enum { RELEASE_SHA256_SIZE = 32 };

struct release {
    int64_t       release; /* 0: none */
    unsigned char sha256[RELEASE_SHA256_SIZE];
    struct str    author;
    struct str    publisher;
    struct str    reason;
    instant       published;
    instant       active_from;
    bool          in_force;
};

/* The one in force at this time; out->release 0: none. */
MUST_USE enum err release_at(struct store *store, struct arena *arena, instant at,
                             struct release *out, struct fault *fault);

/* The same at the time of the gateway now, with TEST's offset. */
MUST_USE enum err release_now(struct store *store, struct arena *arena, struct release *out,
                              struct fault *fault);

/* All of them, the newest first. */
MUST_USE enum err release_list(struct store *store, struct arena *arena, struct release **out,
                               size_t *count, struct fault *fault);

/* The bytes of a bundle; ERR_STORE when they are not there or not those of this digest. */
MUST_USE enum err release_bundle(struct store *store, struct arena *arena,
                                 const unsigned char sha256[RELEASE_SHA256_SIZE], struct str *out,
                                 struct fault *fault);

/* Whether what kept a bundle from being read or compiled may be gone the next time: a fault of the
 * bundle itself never is. */
bool release_is_passing(enum err got);

/*
 * Store the bundle and the release; release->sha256 is filled here. ERR_DENIED, in the operator's
 * words, when author and publisher are one person or it would be in force in the past.
 */
MUST_USE enum err release_publish(struct store *store, struct arena *arena, struct str bundle,
                                  struct release *release, struct fault *fault);

/* For whoever exchanges definitions while it works: true for one session at a time. */
MUST_USE enum err release_turn(struct store *store, struct arena *arena, bool *mine,
                               struct fault *fault);
MUST_USE enum err release_turn_over(struct store *store, struct arena *arena, struct fault *fault);

#endif
