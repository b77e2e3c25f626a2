/*
 * How fast prescan reads an honest package, beside the fastest thing that one can do with the same
 * bytes: look for every "<" with memchr. Usage: bench_prescan [FILE ...]; default the sample
 * packages.
 *
 * The units of each file are repeated until the package has some 10 MB, so that start-up costs
 * vanish; the runs of both are interleaved and their medians of CPU time are printed.
 */
#include "validators/base/buf.h"
#include "validators/prescan/prescan.h"

#include <string.h>
#include <time.h>

enum { RUNS = 21, PACKAGE_SIZE = 10 * 1000 * 1000, MEMORY = 64 * 1024 * 1024 };

static const char *const samples[] = {
    BRAMA_SOURCE_DIR "/tests/samples/dochody-2026-q2.xml",
    BRAMA_SOURCE_DIR "/tests/samples/wydatki-2026-q2.xml",
};

static struct str
read_file(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");

    if (file == NULL) {
        perror(path);
        exit(2);
    }
    (void)fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    ENSURE(size >= 0);
    char *data = ARENA_NEW(arena, char, (size_t)size + 1);
    ENSURE(data != NULL && fread(data, 1, (size_t)size, file) == (size_t)size);
    (void)fclose(file);
    return (struct str){data, (size_t)size};
}

static size_t
find(struct str text, const char *piece)
{
    const char *found = memmem(text.data, text.size, piece, strlen(piece));

    ENSURE(found != NULL);
    return (size_t)(found - text.data);
}

/* The same package with its units repeated up to PACKAGE_SIZE. */
static struct str
repeat_units(struct arena *arena, struct str file)
{
    size_t     begin = find(file, "<Jednostka>");
    size_t     end = find(file, "</Jednostki>");
    struct str units = str_slice(file, begin, end - begin);
    struct buf out = buf_create(arena, (size_t)2 * PACKAGE_SIZE);

    buf_append(&out, str_slice(file, 0, begin));
    while (out.size < PACKAGE_SIZE) {
        buf_append(&out, units);
    }
    buf_append(&out, str_slice(file, end, file.size));
    ENSURE(buf_ok(&out));
    return buf_str(&out);
}

static double
cpu_seconds(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static size_t
count_less(struct str text)
{
    const char *at = text.data;
    const char *end = text.data + text.size;
    size_t      count = 0;

    while ((at = memchr(at, '<', (size_t)(end - at))) != NULL) {
        at++;
        count++;
    }
    return count;
}

static int
compare(const void *a, const void *b)
{
    const double *left = a;
    const double *right = b;

    return (*left > *right) - (*left < *right);
}

static void
measure(const char *path)
{
    struct arena *arena = arena_create(MEMORY);
    struct str    package = repeat_units(arena, read_file(arena, path));
    double        ours[RUNS];
    double        yardstick[RUNS];
    size_t        tags = 0;

    for (size_t i = 0; i < RUNS; i++) {
        struct arena         *scratch = arena_create(PRESCAN_MEMORY_MAX);
        struct prescan_result result = {0};
        double                start = cpu_seconds();
        enum err got = prescan_check(scratch, package, &prescan_limits_default, &result, NULL);
        ours[i] = cpu_seconds() - start;
        ENSURE(got == ERR_OK && !result.refused);
        start = cpu_seconds();
        tags = count_less(package);
        yardstick[i] = cpu_seconds() - start;
        arena_destroy(scratch);
    }
    qsort(ours, RUNS, sizeof ours[0], compare);
    qsort(yardstick, RUNS, sizeof yardstick[0], compare);
    double megabytes = (double)package.size / 1e6;
    (void)printf("prescan %.0f MB/s   memchr('<') %.0f MB/s   %.1f MB, %zu tags, %s\n",
                 megabytes / ours[RUNS / 2], megabytes / yardstick[RUNS / 2], megabytes, tags,
                 path);
    arena_destroy(arena);
}

int
main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        measure(argv[i]);
    }
    for (size_t i = 0; argc == 1 && i < ARRAY_COUNT(samples); i++) {
        measure(samples[i]);
    }
    return 0;
}
