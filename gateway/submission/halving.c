#include "gateway/submission/halving.h"

struct halving
halving_create(size_t count, size_t stage)
{
    struct halving halving = {.count = 1};

    ENSURE(count > 0);
    halving.waiting[0] = (struct part){.count = count, .stage = stage};
    return halving;
}

bool
halving_next(struct halving *halving, struct part *out)
{
    if (halving->count == 0) {
        return false;
    }
    halving->count--;
    *out = halving->waiting[halving->count];
    return true;
}

/* One more waits than before, and it is half as long: the depth is that of a binary search. */
bool
halving_split(struct halving *halving, const struct part *part, size_t stage)
{
    size_t half = part->count / 2;

    if (part->count == 1) {
        return true;
    }
    ENSURE(halving->count + 2 <= HALVING_DEPTH_MAX);
    halving->waiting[halving->count] =
        (struct part){.from = part->from + half, .count = part->count - half, .stage = stage};
    halving->waiting[halving->count + 1] =
        (struct part){.from = part->from, .count = half, .stage = stage};
    halving->count += 2;
    return false;
}

void
halving_add(struct halving *halving, const struct part *part, size_t stage)
{
    ENSURE(halving->count < HALVING_DEPTH_MAX);
    halving->waiting[halving->count] =
        (struct part){.from = part->from, .count = part->count, .stage = stage};
    halving->count++;
}
