#include "gateway/replay/replay_remarks.h"

enum { SHOWN_MAX = 120 };

/* Not in the middle of a character. */
static struct str
clip(struct str text)
{
    size_t size = text.size < SHOWN_MAX ? text.size : SHOWN_MAX;

    while (size > 0 && size < text.size && ((unsigned char)text.data[size] & 0xC0U) == 0x80U) {
        size--;
    }
    return str_slice(text, 0, size);
}

static enum err
add(struct replay_remarks *remarks, const struct replay_remark *remark, struct fault *fault)
{
    remarks->worst = remark->state > remarks->worst ? remark->state : remarks->worst;
    if (remarks->count == REPLAY_REMARKS_MAX) {
        remarks->more++;
        return ERR_OK;
    }
    struct replay_remark kept = {.state = remark->state,
                                 .what = str_copy(remarks->arena, remark->what),
                                 .recorded = str_copy(remarks->arena, clip(remark->recorded)),
                                 .again = str_copy(remarks->arena, clip(remark->again))};
    if (kept.what.data == NULL || kept.recorded.data == NULL || kept.again.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    remarks->items[remarks->count] = kept;
    remarks->count++;
    return ERR_OK;
}

enum err
replay_remarks_missing(struct replay_remarks *remarks, struct str what, struct fault *fault)
{
    const struct replay_remark remark = {.state = REPLAY_MISSING, .what = what};

    return add(remarks, &remark, fault);
}

enum err
replay_remarks_differ(struct replay_remarks *remarks, struct str what, struct str recorded,
                      struct str again, struct fault *fault)
{
    const struct replay_remark remark = {
        .state = REPLAY_DIFFERS, .what = what, .recorded = recorded, .again = again};

    return add(remarks, &remark, fault);
}
