#include "gateway/role/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum err
read_open(struct arena *arena, int fd, struct str path, size_t size_max, struct str *out,
          struct fault *fault)
{
    struct stat status = {0};
    size_t      done = 0;

    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        return FAIL(fault, ERR_FILE, "%.*s: to nie jest zwykły plik", STR_ARG(path));
    }
    if ((uint64_t)status.st_size > size_max) {
        return FAIL(fault, ERR_LIMIT, "%.*s: plik ma więcej niż %zu bajtów", STR_ARG(path),
                    size_max);
    }
    size_t size = (size_t)status.st_size;
    char  *bytes = ARENA_NEW(arena, char, size + 1);
    if (bytes == NULL) {
        return FAIL(fault, ERR_MEMORY, "%.*s: no room", STR_ARG(path));
    }
    while (done < size) {
        ssize_t got = read(fd, bytes + done, size - done);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return FAIL(fault, ERR_FILE, "%.*s: nie da się odczytać do końca", STR_ARG(path));
        }
        done += (size_t)got;
    }
    *out = (struct str){bytes, size};
    return ERR_OK;
}

enum err
file_read(struct arena *arena, struct str path, size_t size_max, struct str *out,
          struct fault *fault)
{
    struct str name = str_copy(arena, path); /* ends with NUL */

    if (name.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "%.*s: no room", STR_ARG(path));
    }
    /* Without waiting: a path may name a pipe. */
    int fd = open(name.data, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return FAIL(fault, ERR_FILE, "%.*s: %s", STR_ARG(path), err_system(errno));
    }
    enum err got = read_open(arena, fd, path, size_max, out, fault);
    (void)close(fd); /* read only: nothing can be lost */
    return got;
}
