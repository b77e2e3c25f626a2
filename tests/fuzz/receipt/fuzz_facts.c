/*
 * Bytes from a sandbox or a worker that may have been taken over: a parcel of facts, and a reading.
 * Property: refused, or what they mean is whole: encoded again and decoded again it gives the same
 * bytes, and the signer either states it or says that it cannot.
 */
#include "gateway/receipt/reading.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum { ARENA_MAX = 64 << 20 };

static void
try_facts(struct arena *arena, struct str bytes)
{
    struct receipt_facts facts = {0};
    struct receipt_facts again = {0};
    struct buf           first = buf_create(arena, ARENA_MAX / 8);
    struct buf           second = buf_create(arena, ARENA_MAX / 8);
    struct buf           text = buf_create(arena, ARENA_MAX / 8);
    struct fault         fault = {0};
    size_t               used = 0;

    if (receipt_facts_decode(arena, bytes, &used, &facts, &fault) != ERR_OK) {
        ENSURE(used == 0 && fault.text[0] != '\0');
        return;
    }
    ENSURE(used <= bytes.size);
    receipt_facts_encode(&first, &facts);
    ENSURE(str_equal(buf_str(&first), str_slice(bytes, 0, used)));
    ENSURE(receipt_facts_decode(arena, buf_str(&first), &used, &again, &fault) == ERR_OK);
    receipt_facts_encode(&second, &again);
    ENSURE(str_equal(buf_str(&first), buf_str(&second)));
    enum err written = receipt_write(&text, &facts, &fault);
    ENSURE(written == ERR_OK || written == ERR_USAGE || written == ERR_LIMIT);
}

static void
try_reading(struct arena *arena, struct str bytes)
{
    struct reading reading = {0};
    struct buf     out = buf_create(arena, ARENA_MAX / 8);
    struct fault   fault = {0};

    if (reading_decode(arena, bytes, &reading, &fault) == ERR_OK) {
        reading_encode(&out, &reading);
        ENSURE(str_equal(buf_str(&out), bytes));
    } else {
        ENSURE(fault.text[0] != '\0');
    }
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena *arena = arena_create(ARENA_MAX);
    struct str    bytes = {(const char *)data, size};

    try_facts(arena, bytes);
    try_reading(arena, bytes);
    arena_destroy(arena);
    return 0;
}
