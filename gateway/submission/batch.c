#include "gateway/submission/batch.h"

#include <unistd.h>

enum err
batch_create(struct batch *out, struct fault *fault)
{
    struct arena      *arena = arena_create(BATCH_MEMORY);
    struct submission *items = ARENA_NEW(arena, struct submission, BATCH_DOCUMENTS_MAX);

    if (items == NULL) {
        arena_destroy(arena);
        return FAIL(fault, ERR_MEMORY, "a batch of submissions");
    }
    *out = (struct batch){.arena = arena, .items = items};
    return ERR_OK;
}

void
batch_destroy(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->items[i].document >= 0) {
            (void)close(batch->items[i].document); /* a memfd that was only read */
        }
    }
    arena_destroy(batch->arena);
    *batch = (struct batch){0};
}

bool
batch_has_room(const struct batch *batch, const struct batch_limits *limits, size_t size)
{
    if (batch->count == 0) {
        return true;
    }
    return batch->count < limits->documents_max && batch->bytes <= limits->bytes_max
           && size <= limits->bytes_max - batch->bytes;
}

struct submission *
batch_add(struct batch *batch, size_t size)
{
    struct submission *submission = &batch->items[batch->count];

    ENSURE(batch->count < BATCH_DOCUMENTS_MAX);
    *submission = (struct submission){.document = -1};
    batch->count++;
    batch->bytes += size;
    return submission;
}
