#include "tests/support/mould.h"

#include "gateway/fingerprint/fingerprint.h"
#include "tests/support/command.h"
#include "validators/base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOULDS BRAMA_BINARY_DIR "/tests/support/moulds"

enum { NAMED_BY = 8, ARENA_ROOM = 4 << 20, SOURCES_ROOM = 1 << 20, PIECE = 4096 };

static void
give_up(const char *what)
{
    (void)fprintf(stderr, "mould: %s: %s\n", what, strerror(errno));
    abort();
}

static const char *
path_of(struct arena *arena, const char *name, struct str made_from)
{
    unsigned char digest[FINGERPRINT_SIZE];
    struct fault  fault = {0};
    struct buf    path = buf_create(arena, PIECE);

    ENSURE(fingerprint_of(made_from, digest, &fault) == ERR_OK);
    buf_format(&path, "%s/%s-", MOULDS, name);
    buf_hex(&path, digest, NAMED_BY);
    buf_byte(&path, '\0');
    ENSURE(buf_ok(&path));
    return buf_str(&path).data;
}

/* Held until it is closed, by whatever end. */
static int
take_lock(void)
{
    if (mkdir(MOULDS, 0755) != 0 && errno != EEXIST) {
        give_up(MOULDS);
    }
    int fd = open(MOULDS "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || flock(fd, LOCK_EX) != 0) {
        give_up(MOULDS "/lock");
    }
    return fd;
}

const char *
mould_find(struct arena *arena, const char *name, struct str made_from,
           void (*make)(const char *folder, void *user), void *user)
{
    const char *path = path_of(arena, name, made_from);

    if (access(path, F_OK) == 0) {
        return path;
    }
    int lock = take_lock();
    if (access(path, F_OK) != 0) {
        struct str part = str_format(arena, "%s.part", path);
        ENSURE(part.data != NULL);
        const char *words[] = {"/bin/rm", "-rf", part.data, NULL};
        ENSURE(command_run(words, STR(""), NULL) == 0); /* of one who was killed */
        make(part.data, user);
        if (rename(part.data, path) != 0) {
            give_up(path);
        }
    }
    ENSURE(close(lock) == 0);
    return path;
}

void
mould_copy(const char *from, const char *to)
{
    const char *words[] = {"/bin/cp", "-a", "--no-target-directory", from, to, NULL};

    ENSURE(command_run(words, STR(""), NULL) == 0);
}

void
mould_append(struct buf *out, const char *path)
{
    char   piece[PIECE];
    FILE  *file = fopen(path, "re");
    size_t got = 0;

    if (file == NULL) {
        give_up(path);
    }
    while ((got = fread(piece, 1, sizeof piece, file)) > 0) {
        buf_append(out, (struct str){piece, got});
    }
    ENSURE(fclose(file) == 0);
}

static void
make_certificates(const char *folder, void *user)
{
    const char *words[] = {BRAMA_SOURCE_DIR "/certs/make", folder, NULL};

    (void)user;
    ENSURE(command_run(words, STR(""), NULL) == 0);
}

void
mould_certificates(const char *folder)
{
    struct arena *arena = arena_create(ARENA_ROOM);
    struct buf    sources = buf_create(arena, SOURCES_ROOM);
    glob_t        found = {0};

    ENSURE(glob(BRAMA_SOURCE_DIR "/certs/*", 0, NULL, &found) == 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        mould_append(&sources, found.gl_pathv[i]);
    }
    globfree(&found);
    ENSURE(buf_ok(&sources));
    mould_copy(mould_find(arena, "certificates", buf_str(&sources), make_certificates, NULL),
               folder);
    arena_destroy(arena);
}
