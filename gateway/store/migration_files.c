#include "gateway/store/migration_files.h"

/*
 * Each file stands byte for byte in the read-only data of the program, with a NUL behind it. The
 * list MIGRATIONS is made by CMake: MIGRATION(label, number, "name", "path") for each file.
 */
#define MIGRATION(label, number, name, path)                      \
    __asm__(".pushsection .rodata.migrations, \"a\", @progbits\n" \
            "migration_file_" #label ":\n"                        \
            ".incbin \"" path "\"\n"                              \
            ".byte 0\n"                                           \
            ".popsection\n");                                     \
    extern const char migration_file_##label[] __attribute__((visibility("hidden")));
#include MIGRATIONS
#undef MIGRATION

static const struct migration files[] = {
#define MIGRATION(label, number, name, path) {number, name, migration_file_##label},
#include MIGRATIONS
#undef MIGRATION
};

const struct migration *
migration_files(size_t *count)
{
    *count = ARRAY_COUNT(files);
    return files;
}
