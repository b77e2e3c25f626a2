#include "tests/support/post_keys.h"

#include "tests/support/command.h"
#include "tests/support/mould.h"
#include "validators/base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { FILE_MAX = 1 << 20, PIECE = 4096 };

const char *
post_keys_path(struct arena *arena, const char *folder, const char *name)
{
    struct str path = str_format(arena, "%s/%s", folder, name);

    ENSURE(path.data != NULL);
    return path.data;
}

static void
run(const char *const *words)
{
    ENSURE(command_run(words, STR(""), NULL) == 0);
}

const char *
post_keys_make(struct arena *arena)
{
    char folder[] = "/tmp/brama-post.XXXXXX";

    ENSURE(mkdtemp(folder) != NULL);
    const char *keys = post_keys_path(arena, folder, "keys");
    mould_certificates(keys);
    return keys;
}

void
post_keys_remove(struct arena *arena, const char *folder)
{
    struct str above = str_slice(str_of(folder), 0, str_of(folder).size - (sizeof "/keys" - 1));
    struct str path = str_copy(arena, above);

    ENSURE(path.data != NULL);
    run((const char *const[]){"/bin/rm", "-rf", path.data, NULL});
}

struct str
post_keys_read(struct arena *arena, const char *path)
{
    struct buf text = buf_create(arena, FILE_MAX);
    char       piece[PIECE];
    FILE      *file = fopen(path, "re");
    size_t     got = 0;

    ENSURE(file != NULL);
    while ((got = fread(piece, 1, sizeof piece, file)) > 0) {
        buf_append(&text, (struct str){piece, got});
    }
    ENSURE(fclose(file) == 0 && buf_ok(&text));
    return buf_str(&text);
}
