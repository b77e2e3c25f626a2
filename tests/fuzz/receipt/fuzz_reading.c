/*
 * Anybody's bytes as a receipt. Property: they are refused with a place inside them, or their facts
 * written anew are those very bytes up to the imprint; never good, as nobody is trusted. What is
 * read survives the way out of the sandbox.
 */
#include "gateway/receipt/layout.h"
#include "gateway/receipt/reading.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum { ARENA_MAX = 64 << 20 };

static void
expect_same_bytes(struct arena *arena, struct str bytes, const struct reading *reading)
{
    struct buf   text = buf_create(arena, ARENA_MAX / 4);
    struct fault fault = {0};

    ENSURE(receipt_write(&text, &reading->facts, &fault) == ERR_OK);
    ENSURE(str_starts_with(bytes, str_slice(buf_str(&text), 0, text.size - LAYOUT_END.size)));
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena  *arena = arena_create(ARENA_MAX);
    struct fault   fault = {0};
    struct reading reading = {0};
    struct reading again = {0};
    struct buf     out = buf_create(arena, ARENA_MAX / 4);
    struct str     bytes = {(const char *)data, size};

    if (reading_make(arena, bytes, (struct str){0}, &reading, &fault) == ERR_OK) {
        ENSURE(reading.step != READING_GOOD && reading.place <= size);
        if (reading.has_facts) {
            expect_same_bytes(arena, bytes, &reading);
        }
        reading_encode(&out, &reading);
        ENSURE(reading_decode(arena, buf_str(&out), &again, &fault) == ERR_OK);
        ENSURE(again.step == reading.step);
    } else {
        ENSURE(fault.text[0] != '\0');
    }
    arena_destroy(arena);
    return 0;
}
