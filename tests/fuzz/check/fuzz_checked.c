/*
 * Bytes from a checker that may have been taken over. Property: they are refused, or what they mean
 * is whole and canonical: written again and read again it gives the same bytes.
 */
#include "tests/support/sketch.h"
#include "validators/check/checked.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum { ARENA_MAX = 64 << 20 };

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena           *arena = arena_create(ARENA_MAX);
    struct fault            fault = {0};
    struct checked          checked = {0};
    struct checked          again = {0};
    struct buf              first = buf_create(arena, ARENA_MAX / 4);
    struct buf              second = buf_create(arena, ARENA_MAX / 4);
    const struct catalogue *catalogue = sketch_catalogue(arena);
    struct str              bytes = {(const char *)data, size};

    if (checked_decode(arena, bytes, SKETCH_FILE_SIZE, catalogue, &checked, &fault) == ERR_OK) {
        ENSURE(checked_encode(&checked, &first, &fault) == ERR_OK);
        ENSURE(checked_decode(arena, buf_str(&first), SKETCH_FILE_SIZE, catalogue, &again, &fault)
               == ERR_OK);
        ENSURE(checked_encode(&again, &second, &fault) == ERR_OK);
        ENSURE(str_equal(buf_str(&first), buf_str(&second)));
    } else {
        ENSURE(checked.findings == NULL && fault.text[0] != '\0');
    }
    arena_destroy(arena);
    return 0;
}
