#include "gateway/definitions/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDERS_MAX = 1000 };

/* The walk: folders still to be listed, files already read. Paths are relative to root. */
struct walk {
    struct arena       *arena;
    int                 root;
    struct str          folders[FOLDERS_MAX]; /* a queue: listed ones come before `listed` */
    size_t              folder_count;
    size_t              listed;
    struct bundle_file *files;
    size_t              file_count;
    size_t              size; /* of all files */
};

static enum err
fail_reading(struct str path, struct fault *fault)
{
    return FAIL(fault, ERR_FILE, "„%.*s”: %s", STR_ARG(path), err_system(errno));
}

static size_t
depth_of(struct str path)
{
    size_t depth = path.size > 0;

    for (size_t i = 0; i < path.size; i++) {
        depth += path.data[i] == '/';
    }
    return depth;
}

/* Room is asked for one byte more than the file has, to notice one that grows meanwhile. */
static enum err
read_all(struct walk *walk, int fd, struct str path, size_t size, struct fault *fault)
{
    char  *bytes = ARENA_NEW(walk->arena, char, size + 1);
    size_t done = 0;

    if (bytes == NULL) {
        return FAIL(fault, ERR_MEMORY, "„%.*s”: brak pamięci", STR_ARG(path));
    }
    for (;;) {
        ssize_t got = read(fd, bytes + done, size + 1 - done);
        if (got < 0) {
            return fail_reading(path, fault);
        }
        done += (size_t)got;
        if (done > size || (got == 0 && done < size)) {
            return FAIL(fault, ERR_FILE, "„%.*s”: plik zmienia się podczas czytania",
                        STR_ARG(path));
        }
        if (got == 0) {
            walk->files[walk->file_count] = (struct bundle_file){
                .path = path, .bytes = {bytes, size}
            };
            walk->file_count++;
            walk->size += size;
            return ERR_OK;
        }
    }
}

static enum err
read_file(struct walk *walk, struct str path, struct fault *fault)
{
    struct stat status = {0};

    if (walk->file_count == BUNDLE_FILES_MAX) {
        return FAIL(fault, ERR_LIMIT, "więcej niż %d plików definicji", BUNDLE_FILES_MAX);
    }
    /* Non-blocking, so that a pipe put here since the listing cannot hold us up. */
    int fd = openat(walk->root, path.data, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) {
        return fail_reading(path, fault);
    }
    enum err got = ERR_OK;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        got = FAIL(fault, ERR_FILE, "„%.*s”: to nie jest zwykły plik", STR_ARG(path));
    } else if ((size_t)status.st_size > BUNDLE_SIZE_MAX - walk->size) {
        got = FAIL(fault, ERR_LIMIT, "definicje mają razem więcej niż %d bajtów", BUNDLE_SIZE_MAX);
    } else {
        got = read_all(walk, fd, path, (size_t)status.st_size, fault);
    }
    (void)close(fd); /* read only: nothing can be lost */
    return got;
}

static enum err
add_folder(struct walk *walk, struct str path, struct fault *fault)
{
    if (walk->folder_count == FOLDERS_MAX || depth_of(path) > FOLDER_DEPTH_MAX) {
        return FAIL(fault, ERR_LIMIT,
                    "„%.*s”: zbyt wiele lub zbyt głęboko zagnieżdżonych katalogów", STR_ARG(path));
    }
    walk->folders[walk->folder_count] = path;
    walk->folder_count++;
    return ERR_OK;
}

/* One name of a folder: a file is read now, a folder later. */
static enum err
take_entry(struct walk *walk, struct str folder, const char *name, struct fault *fault)
{
    struct stat status = {0};

    if (name[0] == '.') {
        return ERR_OK;
    }
    struct str path =
        str_format(walk->arena, "%.*s%s%s", STR_ARG(folder), folder.size == 0 ? "" : "/", name);

    if (path.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    if (path.size > BUNDLE_PATH_MAX) {
        return FAIL(fault, ERR_LIMIT, "„%.*s”: ścieżka dłuższa niż %d bajtów", STR_ARG(path),
                    BUNDLE_PATH_MAX);
    }
    if (fstatat(walk->root, path.data, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return fail_reading(path, fault);
    }
    if (S_ISDIR(status.st_mode)) {
        return add_folder(walk, path, fault);
    }
    if (S_ISLNK(status.st_mode)) {
        return FAIL(fault, ERR_FILE, "„%.*s”: dowiązania symboliczne są niedozwolone",
                    STR_ARG(path));
    }
    return read_file(walk, path, fault);
}

/* NULL at the end, errno then telling whether it was reached. */
static const struct dirent *
next_entry(DIR *stream)
{
    errno = 0;
    /* POSIX makes readdir safe for different streams; this one is ours alone. */
    return readdir(stream); /* NOLINT(concurrency-mt-unsafe) */
}

static enum err
list_entries(struct walk *walk, struct str folder, DIR *stream, struct fault *fault)
{
    const struct dirent *entry = next_entry(stream);

    while (entry != NULL) {
        TRY(take_entry(walk, folder, entry->d_name, fault));
        entry = next_entry(stream);
    }
    return errno == 0 ? ERR_OK : fail_reading(folder, fault);
}

static enum err
list_folder(struct walk *walk, struct str folder, struct fault *fault)
{
    int  fd = openat(walk->root, folder.size == 0 ? "." : folder.data,
                     O_RDONLY | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW);
    DIR *stream = fd < 0 ? NULL : fdopendir(fd);

    if (stream == NULL) {
        enum err got = fail_reading(folder, fault);
        if (fd >= 0) {
            (void)close(fd); /* read only: nothing can be lost */
        }
        return got;
    }
    enum err got = list_entries(walk, folder, stream, fault);
    (void)closedir(stream); /* read only: nothing can be lost */
    return got;
}

static enum err
walk_all(struct walk *walk, struct fault *fault)
{
    TRY(add_folder(walk, (struct str){0}, fault));
    while (walk->listed < walk->folder_count) {
        struct str folder = walk->folders[walk->listed];
        walk->listed++;
        TRY(list_folder(walk, folder, fault));
    }
    if (walk->file_count == 0) {
        return FAIL(fault, ERR_FILE, "katalog nie zawiera żadnego pliku");
    }
    return ERR_OK;
}

enum err
folder_read(struct arena *arena, const char *path, struct str *bundle, struct fault *fault)
{
    struct walk *walk = ARENA_NEW(arena, struct walk, 1);
    struct buf   out = buf_create(arena, (size_t)2 * BUNDLE_SIZE_MAX);

    if (walk == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    walk->arena = arena;
    walk->files = ARENA_NEW(arena, struct bundle_file, BUNDLE_FILES_MAX);
    walk->root = open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
    if (walk->root < 0) {
        return FAIL(fault, ERR_FILE, "%s", err_system(errno));
    }
    enum err got =
        walk->files == NULL ? FAIL(fault, ERR_MEMORY, "brak pamięci") : walk_all(walk, fault);
    (void)close(walk->root); /* read only: nothing can be lost */
    TRY(got);
    TRY(bundle_write(&out, walk->files, walk->file_count, fault));
    *bundle = buf_str(&out);
    return ERR_OK;
}
