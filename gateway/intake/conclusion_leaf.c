#include "gateway/intake/conclusion_leaf.h"

#include "gateway/fingerprint/fingerprint.h"

enum { LEAF_HEAD_SIZE = 92, KIND_DECISION = 1, KIND_DELIVERY = 2, BYTE_BITS = 8 };

static void
put_number(struct buf *out, uint64_t number)
{
    for (size_t i = sizeof number; i > 0; i--) {
        buf_byte(out, (char)(unsigned char)(number >> (BYTE_BITS * (i - 1))));
    }
}

static void
put_reports(struct buf *out, const struct concluding *item)
{
    for (size_t i = 0; i < item->decided->report_count; i++) {
        buf_append(out, fingerprint_str(item->filed[i].sha256));
        buf_byte(out, (char)item->decided->reports[i].verdict);
    }
}

enum err
conclusion_leaf(struct arena *arena, const struct concluding *item, unsigned char leaf[32],
                struct fault *fault)
{
    const struct queued *queued = item->queued;

    size_t     reports = item->decided == NULL ? 0 : item->decided->report_count;
    struct buf facts = buf_create(arena, LEAF_HEAD_SIZE + reports * CONCLUSION_LEAF_REPORT_SIZE);
    buf_append(&facts, STR("brama-log-1"));
    buf_append(&facts, (struct str){(const char *)queued->id.bytes, UUID_SIZE});
    put_number(&facts, (uint64_t)item->n);
    buf_byte(&facts, item->decided == NULL ? KIND_DELIVERY : KIND_DECISION);
    buf_append(&facts, fingerprint_str(queued->sha256));
    put_number(&facts, (uint64_t)queued->arrived);
    put_number(&facts, (uint64_t)item->decided_at);
    put_number(&facts, reports);
    if (reports > 0) {
        put_reports(&facts, item);
    }
    if (!buf_ok(&facts)) {
        return FAIL(fault, ERR_MEMORY, "the leaf of a decision of %zu reports", reports);
    }
    return fingerprint_of(buf_str(&facts), leaf, fault);
}
