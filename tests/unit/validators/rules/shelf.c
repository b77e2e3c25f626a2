#include "tests/unit/validators/rules/shelf.h"

#include <fts.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define ROOT BRAMA_SOURCE_DIR "/schemas/"

/* What is being put together. */
static struct {
    struct arena      *arena;
    struct bundle_file files[BUNDLE_FILES_MAX];
    size_t             count;
} shelf;

static struct str
read_whole(const char *path, size_t size)
{
    char *bytes = ARENA_NEW(shelf.arena, char, size + 1);
    FILE *file = fopen(path, "rb");

    ENSURE(bytes != NULL && file != NULL && fread(bytes, 1, size, file) == size);
    ENSURE(fclose(file) == 0);
    return (struct str){bytes, size};
}

static void
take_file(const char *path, size_t size)
{
    ENSURE(shelf.count < BUNDLE_FILES_MAX);
    shelf.files[shelf.count] =
        (struct bundle_file){.path = str_copy(shelf.arena, str_of(path + strlen(ROOT))),
                             .bytes = read_whole(path, size)};
    shelf.count++;
}

static void
take_all(void)
{
    char        root[] = ROOT;
    char *const roots[] = {root, NULL};
    FTS        *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);

    ENSURE(walk != NULL);
    for (FTSENT *it = fts_read(walk); it != NULL; it = fts_read(walk)) {
        if (it->fts_info == FTS_F) {
            take_file(it->fts_path, (size_t)it->fts_statp->st_size);
        }
    }
    ENSURE(fts_close(walk) == 0);
}

static void
change(const struct shelf_edit *edit)
{
    for (size_t i = 0; i < shelf.count; i++) {
        struct bundle_file *file = &shelf.files[i];
        if (!str_equal(file->path, str_of(edit->path))) {
            continue;
        }
        const char *at = strstr(file->bytes.data, edit->from);
        ENSURE(at != NULL);
        const char *rest = at + strlen(edit->from);
        file->bytes = str_format(shelf.arena, "%.*s%s%s", (int)(at - file->bytes.data),
                                 file->bytes.data, edit->to, rest);
        return;
    }
    ENSURE(false);
}

static void
copy_folder(const struct shelf_twin *twin)
{
    struct str folder = str_of(twin->folder);
    size_t     count = shelf.count;

    for (size_t i = 0; i < count; i++) {
        struct str path = shelf.files[i].path;
        if (!str_starts_with(path, folder)) {
            continue;
        }
        ENSURE(shelf.count < BUNDLE_FILES_MAX);
        shelf.files[shelf.count].path = str_format(
            shelf.arena, "%s%.*s", twin->copy, STR_ARG(str_slice(path, folder.size, path.size)));
        shelf.files[shelf.count].bytes = shelf.files[i].bytes;
        shelf.count++;
    }
}

/* What has been put together, read. */
static enum err
load(struct arena *arena, const struct catalogue **out, struct fault *fault)
{
    struct buf     bytes = buf_create(arena, BUNDLE_SIZE_MAX);
    struct bundle *bundle = ARENA_NEW(arena, struct bundle, 1);

    ENSURE(bundle != NULL);
    TRY(bundle_write(&bytes, shelf.files, shelf.count, fault));
    TRY(bundle_parse(arena, buf_str(&bytes), bundle, fault));
    return catalogue_load(arena, bundle, out, fault);
}

enum err
shelf_load(struct arena *arena, const struct shelf_edit *edit, const struct catalogue **out,
           struct fault *fault)
{
    shelf.arena = arena;
    shelf.count = 0;
    take_all();
    if (edit != NULL && edit->path != NULL) {
        change(edit);
    }
    return load(arena, out, fault);
}

enum err
shelf_load_twin(struct arena *arena, const struct shelf_twin *twin, const struct catalogue **out,
                struct fault *fault)
{
    shelf.arena = arena;
    shelf.count = 0;
    take_all();
    copy_folder(twin);
    for (size_t i = 0; i < twin->edit_count; i++) {
        change(&twin->edits[i]);
    }
    return load(arena, out, fault);
}
