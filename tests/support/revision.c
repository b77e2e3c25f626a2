#include "tests/support/revision.h"

#include <string.h>

#define BUNDLE_MAX ((size_t)128 << 20U)

static struct str
revised(struct arena *arena, struct str bytes, const struct revision *revision)
{
    const char *at = memmem(bytes.data, bytes.size, revision->old, strlen(revision->old));
    struct buf  out = buf_create(arena, BUNDLE_MAX);

    ENSURE(at != NULL);
    size_t before = (size_t)(at - bytes.data);
    buf_append(&out, str_slice(bytes, 0, before));
    buf_append(&out, str_of(revision->new));
    buf_append(&out, str_slice(bytes, before + strlen(revision->old), bytes.size));
    ENSURE(buf_ok(&out));
    return buf_str(&out);
}

struct str
revision_bundle(struct arena *arena, const struct bundle *from, const struct revision *revisions,
                size_t count)
{
    struct bundle_file *files = ARENA_NEW(arena, struct bundle_file, from->file_count);
    struct buf          out = buf_create(arena, BUNDLE_MAX);
    struct fault        fault = {0};

    ENSURE(files != NULL);
    memcpy(files, from->files, from->file_count * sizeof *files);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; revisions[i].path != NULL && j < from->file_count; j++) {
            if (str_equal(files[j].path, str_of(revisions[i].path))) {
                files[j].bytes = revised(arena, files[j].bytes, &revisions[i]);
            }
        }
    }
    ENSURE(bundle_write(&out, files, from->file_count, &fault) == ERR_OK);
    return buf_str(&out);
}
