#include "gateway/signer/sealing.h"

#include "gateway/signer/signer.h"
#include "validators/base/parcel.h"

void
sealing_encode(struct buf *out, const struct sealing *sealing)
{
    parcel_put_number(out, sealing->handle);
    parcel_put_number(out, (uint64_t)sealing->failed);
    parcel_put_number(out, sealing->place);
}

/* Which failures a signer may report. */
static bool
is_known(enum err failed)
{
    static const enum err known[] = {ERR_OK,     ERR_LIMIT,  ERR_USAGE,
                                     ERR_MEMORY, ERR_CRYPTO, ERR_SYSTEM};

    for (size_t i = 0; i < ARRAY_COUNT(known); i++) {
        if (failed == known[i]) {
            return true;
        }
    }
    return false;
}

bool
sealing_decode(struct str body, struct sealing *out)
{
    struct parcel  parcel = {.bytes = body};
    struct sealing sealing = {.handle = parcel_number(&parcel, UINT64_MAX)};

    sealing.failed = (enum err)parcel_number(&parcel, UINT8_MAX);
    sealing.place = parcel_number(&parcel, SIGNER_BATCH_MAX);
    if (parcel.bad || parcel.at != body.size || !is_known(sealing.failed)) {
        return false;
    }
    *out = sealing;
    return true;
}

void
sealing_encode_facts(struct buf *out, const struct receipt_facts *facts, size_t count, instant at)
{
    parcel_put_number(out, (uint64_t)at);
    parcel_put_number(out, count);
    for (size_t i = 0; i < count; i++) {
        receipt_facts_encode(out, &facts[i]);
    }
}

static void
put_receipt(struct buf *out, struct str receipt)
{
    parcel_put_number(out, receipt.size);
    buf_append(out, receipt);
}

/* Facts that nobody can read are refused like those that cannot be stated: they are somebody's, and
 * the batch beside them is sound. */
static enum err
decode_facts(struct arena *arena, struct str bytes, struct receipt_facts *out, size_t *used,
             struct fault *fault)
{
    struct fault why = {0};
    enum err     got = receipt_facts_decode(arena, bytes, used, out, &why);

    if (got != ERR_OK) {
        return FAIL(fault, got == ERR_WIRE ? ERR_USAGE : got, "%s", why.text);
    }
    return ERR_OK;
}

enum err
sealing_sign(struct arena *arena, const struct seal *seal, struct str facts, struct buf *out,
             size_t *count, struct fault *fault)
{
    struct parcel        parcel = {.arena = arena, .bytes = facts};
    instant              at = (instant)parcel_number(&parcel, INT64_MAX);
    uint64_t             asked = parcel_number(&parcel, SIGNER_BATCH_MAX);
    size_t               used = 0;
    struct receipt_facts one;
    struct str           receipt = {0};

    *count = 0;
    if (parcel.bad) {
        return FAIL(fault, ERR_WIRE, "a batch of facts without its head");
    }
    parcel_put_number(out, asked);
    struct str rest = str_slice(facts, parcel.at, facts.size);
    for (; *count < asked; (*count)++) {
        TRY(decode_facts(arena, rest, &one, &used, fault));
        TRY(seal_receipt(arena, seal, &one, at, &receipt, fault));
        put_receipt(out, receipt);
        rest = str_slice(rest, used, rest.size);
    }
    if (rest.size > 0) {
        return FAIL(fault, ERR_WIRE, "%zu bytes behind a batch of facts", rest.size);
    }
    return buf_ok(out) ? ERR_OK : FAIL(fault, ERR_LIMIT, "receipts of a batch do not fit");
}

enum err
sealing_decode_receipts(struct str bytes, size_t count, struct str *receipts, struct fault *fault)
{
    struct parcel parcel = {.bytes = bytes};

    if (parcel_number(&parcel, SIGNER_BATCH_MAX) != count || parcel.bad) {
        return FAIL(fault, ERR_WIRE, "the signer answered with another number of receipts");
    }
    for (size_t i = 0; i < count; i++) {
        size_t     size = (size_t)parcel_number(&parcel, RECEIPT_SIZE_MAX);
        struct str receipt = str_slice(bytes, parcel.at, size);
        if (parcel.bad || size == 0 || receipt.size != size) {
            return FAIL(fault, ERR_WIRE, "receipt %zu of the signer is cut off", i);
        }
        parcel.at += size;
        receipts[i] = receipt;
    }
    if (parcel.at != bytes.size) {
        return FAIL(fault, ERR_WIRE, "the signer's answer has bytes behind its end");
    }
    return ERR_OK;
}
