#include "validators/catalogue/bundle.h"

#include <string.h>

static const struct str magic = {"BRAMA-BUNDLE 1", 14};

struct str
bundle_file(const struct bundle *bundle, struct str path)
{
    size_t low = 0;
    size_t high = bundle->file_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int    order = str_compare(bundle->files[middle].path, path);
        if (order == 0) {
            return bundle->files[middle].bytes;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return (struct str){0};
}

/* "<size> <path>" of one file of the index. */
static enum err
read_index_line(struct str line, struct bundle_file *out, struct fault *fault)
{
    struct str path = line;
    struct str size = {0};
    int64_t    number = 0;

    if (!str_cut(&path, ' ', &size) || !str_to_number(size, &number) || path.size == 0
        || path.size > BUNDLE_PATH_MAX || number > BUNDLE_SIZE_MAX) {
        return FAIL(fault, ERR_CATALOGUE, "bundle: bad index line '%.*s'", STR_ARG(line));
    }
    *out = (struct bundle_file){
        .path = path, .bytes = {"", (size_t)number}
    };
    return ERR_OK;
}

/* The index up to its empty line; *rest then begins with the first file's bytes. */
static enum err
read_index(struct str *rest, struct bundle_file *files, size_t *count, struct fault *fault)
{
    struct str line = {0};

    *count = 0;
    while (str_cut(rest, '\n', &line) && line.size > 0) {
        if (*count == BUNDLE_FILES_MAX) {
            return FAIL(fault, ERR_CATALOGUE, "bundle: more than %d files", BUNDLE_FILES_MAX);
        }
        TRY(read_index_line(line, &files[*count], fault));
        if (*count > 0 && str_compare(files[*count - 1].path, files[*count].path) >= 0) {
            return FAIL(fault, ERR_CATALOGUE, "bundle: '%.*s' out of order",
                        STR_ARG(files[*count].path));
        }
        (*count)++;
    }
    return ERR_OK;
}

enum err
bundle_parse(struct arena *arena, struct str bytes, struct bundle *out, struct fault *fault)
{
    struct str          rest = bytes;
    struct str          line = {0};
    size_t              count = 0;
    struct bundle_file *files = ARENA_NEW(arena, struct bundle_file, BUNDLE_FILES_MAX);

    if (files == NULL) {
        return FAIL(fault, ERR_MEMORY, "index of the bundle");
    }
    if (bytes.size > BUNDLE_SIZE_MAX || !str_cut(&rest, '\n', &line) || !str_equal(line, magic)) {
        return FAIL(fault, ERR_CATALOGUE, "not a bundle of schemas");
    }
    TRY(read_index(&rest, files, &count, fault));
    for (size_t i = 0; i < count; i++) {
        struct str body = str_slice(rest, 0, files[i].bytes.size);
        if (body.size != files[i].bytes.size) {
            return FAIL(fault, ERR_CATALOGUE, "bundle: '%.*s' is cut off", STR_ARG(files[i].path));
        }
        files[i].bytes = body.size == 0 ? STR("") : body;
        rest = str_slice(rest, body.size, rest.size);
    }
    if (rest.size != 0) {
        return FAIL(fault, ERR_CATALOGUE, "bundle: %zu bytes behind the last file", rest.size);
    }
    *out = (struct bundle){.bytes = bytes, .files = files, .file_count = count};
    return ERR_OK;
}

static int
compare_paths(const void *a, const void *b)
{
    const struct bundle_file *file_a = a;
    const struct bundle_file *file_b = b;

    return str_compare(file_a->path, file_b->path);
}

enum err
bundle_write(struct buf *out, struct bundle_file *files, size_t file_count, struct fault *fault)
{
    if (file_count > BUNDLE_FILES_MAX) {
        return FAIL(fault, ERR_LIMIT, "więcej niż %d plików definicji", BUNDLE_FILES_MAX);
    }
    qsort(files, file_count, sizeof *files, compare_paths);
    buf_append(out, magic);
    buf_byte(out, '\n');
    for (size_t i = 0; i < file_count; i++) {
        if (files[i].path.size == 0 || files[i].path.size > BUNDLE_PATH_MAX
            || memchr(files[i].path.data, '\n', files[i].path.size) != NULL) {
            return FAIL(
                fault, ERR_USAGE,
                "nazwa pliku definicji jest pusta, za długa albo ma znak końca wiersza: „%.*s”",
                STR_ARG(files[i].path));
        }
        buf_format(out, "%zu %.*s\n", files[i].bytes.size, STR_ARG(files[i].path));
    }
    buf_byte(out, '\n');
    for (size_t i = 0; i < file_count; i++) {
        buf_append(out, files[i].bytes);
    }
    if (!buf_ok(out)) {
        return FAIL(fault, ERR_LIMIT, "definicje mają razem więcej niż %zu bajtów", out->size_max);
    }
    return ERR_OK;
}
