#include "gateway/cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MODE = 0644, FOLDER_MODE = 0755 };

static bool
write_all(int fd, struct str bytes)
{
    size_t written = 0;

    while (written < bytes.size) {
        ssize_t now = write(fd, bytes.data + written, bytes.size - written);
        if (now < 0 && errno != EINTR) {
            return false;
        }
        written += now > 0 ? (size_t)now : 0;
    }
    return fchmod(fd, FILE_MODE) == 0 && fsync(fd) == 0;
}

/* Each folder on the way, as far as there is none; what stands in the way shows at the end. */
static void
make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(path, FOLDER_MODE); /* mostly it is there */
        *slash = '/';
    }
}

enum err
output_folder(const char *path, struct fault *fault)
{
    char        copy[PATH_MAX];
    struct stat status;
    int         size = snprintf(copy, sizeof copy, "%s", path);

    if (size < 1 || (size_t)size >= sizeof copy) {
        return FAIL(fault, ERR_FILE, "%s", err_system(ENAMETOOLONG));
    }
    make_folders(copy);
    if (mkdir(copy, FOLDER_MODE) != 0 && errno != EEXIST) {
        return FAIL(fault, ERR_FILE, "nie da się utworzyć tego katalogu: %s", err_system(errno));
    }
    if (stat(copy, &status) != 0 || !S_ISDIR(status.st_mode)) {
        return FAIL(fault, ERR_FILE, "to nie jest katalog");
    }
    if (access(copy, W_OK | X_OK) != 0) {
        return FAIL(fault, ERR_FILE, "nie da się tu zapisać: %s", err_system(errno));
    }
    return ERR_OK;
}

enum err
output_write(struct arena *arena, const char *path, struct str bytes, struct fault *fault)
{
    size_t size = strlen(path) + sizeof ".XXXXXX";
    char  *name = ARENA_NEW(arena, char, size);

    if (name == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci na nazwę pliku");
    }
    (void)snprintf(name, size, "%s.XXXXXX", path);
    int fd = mkostemp(name, O_CLOEXEC);
    if (fd < 0) {
        return FAIL(fault, ERR_FILE, "nie da się tu zapisać: %s", err_system(errno));
    }
    bool written = write_all(fd, bytes);
    int  reason = errno;
    if (close(fd) != 0 && written) {
        written = false;
        reason = errno;
    }
    if (written && rename(name, path) != 0) {
        written = false;
        reason = errno;
    }
    if (!written) {
        (void)unlink(name); /* what was begun is of no use to anybody */
        return FAIL(fault, ERR_FILE, "nie udało się zapisać: %s", err_system(reason));
    }
    return ERR_OK;
}
