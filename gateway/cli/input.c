#include "gateway/cli/input.h"

#include "gateway/fingerprint/fingerprint.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE_SIZE = 256 * 1024 };

/* Room for the next piece: what the file says it has, else a piece more. */
static enum err
grow(struct arena *arena, char **bytes, size_t size, size_t *capacity, struct fault *fault)
{
    size_t wanted = *capacity == 0 ? PIECE_SIZE : *capacity * 2;

    if (size < *capacity) {
        return ERR_OK;
    }
    char *grown = arena_extend(arena, *bytes, *capacity, wanted, 1);
    if (grown == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci na treść pliku");
    }
    *bytes = grown;
    *capacity = wanted;
    return ERR_OK;
}

static enum err
read_until(struct arena *arena, int fd, size_t read_max, struct str *out, struct fault *fault)
{
    char  *bytes = NULL;
    size_t size = 0;
    size_t capacity = 0;

    for (;;) {
        TRY(grow(arena, &bytes, size, &capacity, fault));
        size_t  room = capacity < read_max ? capacity : read_max;
        ssize_t got = read(fd, bytes + size, room - size);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return FAIL(fault, ERR_FILE, "%s", err_system(errno));
        }
        size += (size_t)got;
        if (got == 0 || size == read_max) {
            *out = (struct str){bytes, size};
            return ERR_OK;
        }
    }
}

/* What a clerk reads instead of the system's English. */
static const char *
why_not_opened(int reason)
{
    switch (reason) {
    case ENOENT:
        return "nie ma takiego pliku";
    case EACCES:
        return "brak prawa do odczytu";
    default:
        return err_system(reason);
    }
}

enum err
input_look(const char *path, struct fault *fault)
{
    struct stat status;

    if (strcmp(path, "-") == 0) {
        return ERR_OK;
    }
    if (stat(path, &status) != 0 || access(path, R_OK) != 0) {
        return FAIL(fault, ERR_FILE, "%s", why_not_opened(errno));
    }
    return S_ISDIR(status.st_mode) ? FAIL(fault, ERR_FILE, "%s", err_system(EISDIR)) : ERR_OK;
}

enum err
input_read(struct arena *arena, const char *path, size_t size_max, struct input *out,
           struct fault *fault)
{
    bool         is_standard = strcmp(path, "-") == 0;
    struct input input = {.name = str_of(path)};
    int          fd = is_standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        return FAIL(fault, ERR_FILE, "%s", why_not_opened(errno));
    }
    enum err got = read_until(arena, fd, size_max + 1, &input.bytes, fault);
    if (!is_standard) {
        (void)close(fd); /* read only: nothing can be lost */
    }
    TRY(got);
    input.whole = input.bytes.size <= size_max;
    if (fingerprint_of(input.bytes, input.sha256, fault) != ERR_OK) {
        return FAIL(fault, ERR_CRYPTO, "skrót SHA-256 nie daje się policzyć");
    }
    *out = input;
    return ERR_OK;
}
