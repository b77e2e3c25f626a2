#include "gateway/front/spool.h"

#include "gateway/wire/blob.h"

#include <openssl/evp.h>
#include <unistd.h>
#include <zlib.h>

enum { INFLATE_STEP = 64 * 1024, GZIP_WINDOW = 15 + 16 };

struct hashing {
    EVP_MD_CTX *context;
};

struct inflating {
    z_stream stream;
    bool     open;
    bool     ended;
};

static void
use(struct spool_budget *budget, int64_t size)
{
    budget->used += size;
    if (budget->whole != NULL) {
        budget->whole->used += size;
    }
}

static bool
has_room(const struct spool_budget *budget, size_t size)
{
    return (int64_t)size <= budget->size_max - budget->used;
}

void
spool_drop(struct spool *spool)
{
    if (spool->budget != NULL && spool->fd >= 0) { /* else it was never opened */
        (void)close(spool->fd);                    /* a memfd has nothing left to flush */
        spool->fd = -1;
        use(spool->budget, -(int64_t)spool->size);
    }
    if (spool->hashing != NULL) {
        EVP_MD_CTX_free(spool->hashing->context);
        spool->hashing = NULL;
    }
    if (spool->inflating != NULL && spool->inflating->open) {
        (void)inflateEnd(&spool->inflating->stream); /* only frees */
        spool->inflating->open = false;
    }
}

static void
release(void *object)
{
    spool_drop(object);
}

static enum spool_result
begin_hashing(struct spool *spool, struct arena *arena, struct fault *fault)
{
    spool->hashing = ARENA_NEW(arena, struct hashing, 1);
    if (spool->hashing == NULL) {
        (void)FAIL(fault, ERR_MEMORY, "spool");
        return SPOOL_FAILED;
    }
    spool->hashing->context = EVP_MD_CTX_new();
    if (spool->hashing->context == NULL
        || EVP_DigestInit_ex(spool->hashing->context, EVP_sha256(), NULL) != 1) {
        (void)FAIL(fault, ERR_CRYPTO, "SHA-256 of a body");
        return SPOOL_FAILED;
    }
    return SPOOL_OK;
}

static enum spool_result
begin_inflating(struct spool *spool, struct arena *arena, struct fault *fault)
{
    spool->inflating = ARENA_NEW(arena, struct inflating, 1);
    if (spool->inflating == NULL || inflateInit2(&spool->inflating->stream, GZIP_WINDOW) != Z_OK) {
        (void)FAIL(fault, ERR_MEMORY, "inflating a body");
        return SPOOL_FAILED;
    }
    spool->inflating->open = true;
    return SPOOL_OK;
}

enum spool_result
spool_open(struct spool *spool, struct arena *arena, struct spool_budget *budget, size_t size_max,
           bool gzip, struct fault *fault)
{
    *spool = (struct spool){.budget = budget, .fd = -1, .size_max = size_max};
    if (!arena_defer(arena, release, spool)) {
        (void)FAIL(fault, ERR_MEMORY, "spool");
        return SPOOL_FAILED;
    }
    if (begin_hashing(spool, arena, fault) != SPOOL_OK
        || (gzip && begin_inflating(spool, arena, fault) != SPOOL_OK)
        || blob_create("body", &spool->fd, fault) != ERR_OK) {
        spool_drop(spool);
        return SPOOL_FAILED;
    }
    return SPOOL_OK;
}

/* Bytes of the file itself. */
static enum spool_result
write_file(struct spool *spool, struct str bytes, struct fault *fault)
{
    if (bytes.size > spool->size_max - spool->size) {
        return SPOOL_TOO_LARGE;
    }
    const struct spool_budget *budget = spool->budget;
    if (!has_room(budget->whole == NULL ? budget : budget->whole, bytes.size)) {
        return SPOOL_NO_ROOM;
    }
    if (!has_room(budget, bytes.size)) {
        return SPOOL_NO_SHARE;
    }
    if (blob_append(spool->fd, bytes, fault) != ERR_OK) {
        return SPOOL_FAILED;
    }
    spool->size += bytes.size;
    use(spool->budget, (int64_t)bytes.size);
    if (EVP_DigestUpdate(spool->hashing->context, bytes.data, bytes.size) != 1) {
        (void)FAIL(fault, ERR_CRYPTO, "SHA-256 of a body");
        return SPOOL_FAILED;
    }
    return SPOOL_OK;
}

/* One step of inflating; *more: there is more to come out of what has gone in. */
static enum spool_result
inflate_step(struct spool *spool, bool *more, struct fault *fault)
{
    char      out[INFLATE_STEP];
    z_stream *stream = &spool->inflating->stream;

    stream->next_out = (unsigned char *)out;
    stream->avail_out = sizeof out;
    int got = inflate(stream, Z_NO_FLUSH);
    if (got != Z_OK && got != Z_STREAM_END && got != Z_BUF_ERROR) {
        return SPOOL_BAD_GZIP;
    }
    size_t            size = sizeof out - stream->avail_out;
    enum spool_result result = write_file(spool, (struct str){out, size}, fault);
    if (result != SPOOL_OK) {
        return result;
    }
    spool->inflating->ended = got == Z_STREAM_END;
    *more = got == Z_OK && stream->avail_out == 0;
    return SPOOL_OK;
}

static enum spool_result
inflate_bytes(struct spool *spool, struct str bytes, struct fault *fault)
{
    bool more = true;

    if (spool->inflating->ended) {
        return SPOOL_BAD_GZIP;
    }
    spool->inflating->stream.next_in = (unsigned char *)bytes.data;
    spool->inflating->stream.avail_in = (unsigned)bytes.size;
    while (more) {
        enum spool_result result = inflate_step(spool, &more, fault);
        if (result != SPOOL_OK) {
            return result;
        }
        if (spool->size > SPOOL_RATIO_FLOOR && spool->size / SPOOL_RATIO_MAX > spool->received) {
            return SPOOL_TOO_LARGE;
        }
    }
    return spool->inflating->stream.avail_in == 0 ? SPOOL_OK : SPOOL_BAD_GZIP;
}

enum spool_result
spool_take(struct spool *spool, struct str bytes, struct fault *fault)
{
    ENSURE(spool->fd >= 0 && bytes.size <= UINT32_MAX);
    spool->received += bytes.size;
    return spool->inflating != NULL ? inflate_bytes(spool, bytes, fault)
                                    : write_file(spool, bytes, fault);
}

enum spool_result
spool_finish(struct spool *spool, struct fault *fault)
{
    unsigned size = 0;

    if (spool->inflating != NULL && !spool->inflating->ended && spool->received > 0) {
        return SPOOL_BAD_GZIP;
    }
    if (EVP_DigestFinal_ex(spool->hashing->context, spool->sha256, &size) != 1
        || size != SPOOL_DIGEST_SIZE) {
        (void)FAIL(fault, ERR_CRYPTO, "SHA-256 of a body");
        return SPOOL_FAILED;
    }
    return blob_seal(spool->fd, fault) == ERR_OK ? SPOOL_OK : SPOOL_FAILED;
}
