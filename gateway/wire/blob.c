#include "gateway/wire/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOB_SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };

/* A mapping, for the end of its arena. */
struct mapping {
    void  *data;
    size_t size;
};

enum err
blob_create(const char *name, int *fd, struct fault *fault)
{
    int made = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (made < 0) {
        return FAIL(fault, ERR_SYSTEM, "memfd_create: %s", strerrordesc_np(errno));
    }
    *fd = made;
    return ERR_OK;
}

enum err
blob_append(int fd, struct str bytes, struct fault *fault)
{
    while (bytes.size > 0) {
        ssize_t written = write(fd, bytes.data, bytes.size);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return FAIL(fault, ERR_SYSTEM, "memfd: %s", strerrordesc_np(errno));
        }
        bytes = (struct str){bytes.data + written, bytes.size - (size_t)written};
    }
    return ERR_OK;
}

enum err
blob_seal(int fd, struct fault *fault)
{
    if (fcntl(fd, F_ADD_SEALS, BLOB_SEALS) != 0) {
        return FAIL(fault, ERR_WIRE, "a blob cannot be sealed: %s", strerrordesc_np(errno));
    }
    return ERR_OK;
}

enum err
blob_of(const char *name, struct str bytes, int *fd, struct fault *fault)
{
    int made = -1;

    TRY(blob_create(name, &made, fault));
    enum err got = blob_append(made, bytes, fault);
    if (got == ERR_OK) {
        got = blob_seal(made, fault);
    }
    if (got != ERR_OK) {
        (void)close(made); /* a memfd of ours that nobody has seen */
        return got;
    }
    *fd = made;
    return ERR_OK;
}

static enum err
size_of(int fd, size_t size_max, size_t *size, struct fault *fault)
{
    struct stat status = {0};

    if (fstat(fd, &status) != 0 || status.st_size < 0) {
        return FAIL(fault, ERR_WIRE, "a blob without a size");
    }
    if ((uint64_t)status.st_size > size_max) {
        return FAIL(fault, ERR_LIMIT, "a blob of %lld bytes, more than %zu",
                    (long long)status.st_size, size_max);
    }
    *size = (size_t)status.st_size;
    return ERR_OK;
}

static void
unmap(void *object)
{
    struct mapping *mapping = object;

    (void)munmap(mapping->data, mapping->size); /* our own mapping */
}

enum err
blob_map(struct arena *arena, int fd, size_t size_max, struct str *out, struct fault *fault)
{
    size_t size = 0;
    int    seals = fcntl(fd, F_GET_SEALS);

    if (seals < 0 || (seals & BLOB_SEALS) != BLOB_SEALS) {
        return FAIL(fault, ERR_WIRE, "a blob that is not sealed");
    }
    TRY(size_of(fd, size_max, &size, fault));
    if (size == 0) {
        *out = STR("");
        return ERR_OK;
    }
    struct mapping *mapping = ARENA_NEW(arena, struct mapping, 1);
    if (mapping == NULL) {
        return FAIL(fault, ERR_MEMORY, "no room for a mapping");
    }
    *mapping = (struct mapping){mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0), size};
    if (mapping->data == MAP_FAILED) {
        return FAIL(fault, ERR_SYSTEM, "mmap: %s", strerrordesc_np(errno));
    }
    if (!arena_defer(arena, unmap, mapping)) {
        unmap(mapping);
        return FAIL(fault, ERR_MEMORY, "no room for a mapping");
    }
    *out = (struct str){mapping->data, size};
    return ERR_OK;
}

enum err
blob_take(struct arena *arena, int fd, size_t size_max, struct str *out, struct fault *fault)
{
    size_t size = 0;
    size_t done = 0;

    TRY(blob_seal(fd, fault));
    TRY(size_of(fd, size_max, &size, fault));
    char *bytes = ARENA_NEW(arena, char, size + 1);
    if (bytes == NULL) {
        return FAIL(fault, ERR_MEMORY, "no room for a blob of %zu bytes", size);
    }
    while (done < size) {
        ssize_t got = pread(fd, bytes + done, size - done, (off_t)done);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return FAIL(fault, ERR_SYSTEM, "a blob cannot be read");
        }
        done += (size_t)got;
    }
    *out = (struct str){bytes, size};
    return ERR_OK;
}
