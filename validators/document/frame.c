#include "validators/document/frame.h"

/* The ordinal of a child of this name, or 0 when the parent has more names than we keep. */
static uint32_t
count_child(struct frame *parent, const char *name)
{
    parent->child_count++;
    for (size_t i = 0; i < parent->seen_count; i++) {
        if (parent->seen[i].name == name) {
            parent->seen[i].count++;
            return parent->seen[i].count;
        }
    }
    if (parent->seen_count == FRAME_SEEN_MAX) {
        return 0;
    }
    parent->seen[parent->seen_count].name = name;
    parent->seen[parent->seen_count].count = 1;
    parent->seen_count++;
    return 1;
}

struct frame *
frame_top(struct frames *frames)
{
    return frames->count == 0 ? &frames->document : &frames->items[frames->count - 1];
}

struct frame *
frame_push(struct frames *frames, const char *name)
{
    struct frame *parent = frame_top(frames);

    if (frames->count == ARRAY_COUNT(frames->items)) {
        return NULL;
    }
    /* Field by field: the table of names is large and is bounded by its count. */
    struct frame *frame = &frames->items[frames->count];
    frame->name = name;
    frame->role = ROLE_OTHER;
    frame->slot = 0;
    frame->judge = JUDGE_NONE;
    frame->impurity = IMPURITY_NONE;
    frame->start = 0;
    frame->ordinal = count_child(parent, name);
    frame->place = parent->child_count;
    frame->declaration_count = 0;
    frame->child_count = 0;
    frame->seen_count = 0;
    frames->count++;
    return frame;
}

void
frame_pop(struct frames *frames)
{
    ENSURE(frames->count > 0);
    frames->count--;
}

bool
frame_inside(const struct frames *frames, enum role role)
{
    for (size_t i = 0; i < frames->count; i++) {
        if (frames->items[i].role == role) {
            return true;
        }
    }
    return false;
}

static bool
repeats(enum role role)
{
    return role == ROLE_UNIT || role == ROLE_REPORT || role == ROLE_ROW || role == ROLE_SIGNATURE;
}

void
frame_xpath(const struct frames *frames, struct buf *out)
{
    for (size_t i = 0; i < frames->count; i++) {
        const struct frame *frame = &frames->items[i];
        if (frame->ordinal == 0) {
            buf_format(out, "/*[%u]", frame->place);
        } else if (frame->ordinal > 1 || repeats(frame->role)) {
            buf_format(out, "/%s[%u]", frame->name, frame->ordinal);
        } else {
            buf_format(out, "/%s", frame->name);
        }
    }
}
