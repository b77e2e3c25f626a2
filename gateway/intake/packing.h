#ifndef GATEWAY_INTAKE_PACKING_H
#define GATEWAY_INTAKE_PACKING_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/* Documents as they are stored: zstd level 1, or as they came when that is not longer. */
struct packing; /* the working memory of zstd, used for many documents */

MUST_USE enum err packing_create(struct arena *arena, struct packing **out, struct fault *fault);

/* *encoding: "zstd" or "identity". The result lives in arena, or is bytes. */
MUST_USE enum err packing_pack(struct packing *packing, struct arena *arena, struct str bytes,
                               struct str *packed, const char **encoding, struct fault *fault);

/* A document as it is stored. */
struct packed {
    struct str bytes;
    struct str encoding;
    size_t     size; /* of the document */
};

/* *damaged: these are not bytes that packing_pack has made of so many; *out is then empty. */
MUST_USE enum err packing_unpack(struct arena *arena, const struct packed *packed, struct str *out,
                                 bool *damaged, struct fault *fault);

#endif
