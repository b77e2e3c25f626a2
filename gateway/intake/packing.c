#include "gateway/intake/packing.h"

#include <string.h>
#include <zstd.h>

enum { PACKING_LEVEL = 1 };

struct packing {
    ZSTD_CCtx *context;
};

static void
release(void *object)
{
    struct packing *packing = object;

    (void)ZSTD_freeCCtx(packing->context); /* never fails; accepts NULL */
}

enum err
packing_create(struct arena *arena, struct packing **out, struct fault *fault)
{
    struct packing *packing = ARENA_NEW(arena, struct packing, 1);

    if (packing == NULL || !arena_defer(arena, release, packing)) {
        return FAIL(fault, ERR_MEMORY, "packing of documents");
    }
    packing->context = ZSTD_createCCtx();
    if (packing->context == NULL) {
        return FAIL(fault, ERR_MEMORY, "packing of documents: zstd has no memory");
    }
    *out = packing;
    return ERR_OK;
}

enum err
packing_pack(struct packing *packing, struct arena *arena, struct str bytes, struct str *packed,
             const char **encoding, struct fault *fault)
{
    size_t room = ZSTD_compressBound(bytes.size);
    char  *data = ARENA_NEW(arena, char, room);

    if (data == NULL) {
        return FAIL(fault, ERR_MEMORY, "packing a document of %zu bytes", bytes.size);
    }
    size_t size =
        ZSTD_compressCCtx(packing->context, data, room, bytes.data, bytes.size, PACKING_LEVEL);
    if (ZSTD_isError(size)) {
        return FAIL(fault, ERR_MEMORY, "packing a document of %zu bytes: %s", bytes.size,
                    ZSTD_getErrorName(size));
    }
    bool shorter = size < bytes.size;
    *packed = shorter ? (struct str){data, size} : bytes;
    if (packed->data == NULL) {
        *packed = STR(""); /* an empty document is no absent one */
    }
    *encoding = shorter ? "zstd" : "identity";
    return ERR_OK;
}

static bool
unpack_zstd(struct arena *arena, const struct packed *packed, struct str *out)
{
    char *data = ARENA_NEW(arena, char, packed->size);

    if (data == NULL) {
        return false;
    }
    size_t got = ZSTD_decompress(data, packed->size, packed->bytes.data, packed->bytes.size);
    *out = !ZSTD_isError(got) && got == packed->size ? (struct str){data, got} : (struct str){0};
    return true;
}

enum err
packing_unpack(struct arena *arena, const struct packed *packed, struct str *out, bool *damaged,
               struct fault *fault)
{
    struct str unpacked = packed->bytes;

    if (str_equal(packed->encoding, STR("zstd")) && !unpack_zstd(arena, packed, &unpacked)) {
        return FAIL(fault, ERR_MEMORY, "unpacking a document of %zu bytes", packed->size);
    }
    *damaged = unpacked.size != packed->size;
    *out = *damaged ? (struct str){0} : unpacked;
    return ERR_OK;
}
