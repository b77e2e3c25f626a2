#include "gateway/definitions/folder.h"

#include <stdio.h>

/*
 * Build-time program: pack FOLDER FILE writes the bundle of a folder of definitions into a file,
 * which embedded.c puts into the product.
 */
enum { ARENA_MAX = 1024 * 1024 * 1024 };

static enum err
write_file(const char *path, struct str bytes, struct fault *fault)
{
    FILE *file = fopen(path, "wbe");

    if (file == NULL) {
        return FAIL(fault, ERR_FILE, "„%s” nie daje się utworzyć", path);
    }
    bool written = fwrite(bytes.data, 1, bytes.size, file) == bytes.size;
    if (fclose(file) != 0 || !written) {
        return FAIL(fault, ERR_FILE, "„%s” nie daje się zapisać", path);
    }
    return ERR_OK;
}

static enum err
pack(struct arena *arena, const char *folder, const char *path, struct fault *fault)
{
    struct str bundle = {0};

    TRY(folder_read(arena, folder, &bundle, fault));
    return write_file(path, bundle, fault);
}

int
main(int argc, char **argv)
{
    struct arena *arena = arena_create(ARENA_MAX);
    struct fault  fault = {0};

    if (argc != 3) {
        (void)fputs("usage: pack FOLDER FILE\n", stderr);
        arena_destroy(arena);
        return 2;
    }
    enum err got = pack(arena, argv[1], argv[2], &fault);
    if (got != ERR_OK) {
        (void)fprintf(stderr, "pack: %s: %s\n", argv[1], fault.text);
    }
    arena_destroy(arena);
    return got != ERR_OK;
}
