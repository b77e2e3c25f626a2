#include "gateway/intake/admission.h"

#include "gateway/failpoint/failpoint.h"
#include "gateway/fingerprint/fingerprint.h"
#include "gateway/intake/claim.h"
#include "gateway/intake/copy_text.h"
#include "gateway/intake/packing.h"

#include <string.h>

/* Each lost race shows the work of somebody else; so many in a row do not happen by chance. */
enum { ATTEMPTS_MAX = 8, SUBMISSION_COLUMNS = 16, DOCUMENT_COLUMNS = 3 };

static const char submission_target[] =
    "intake.submission (submission, subject, credential, appointment, key, sha256, size,"
    " first_byte, arrived, strict, follows, first_arrived, owner, lease_until,"
    " objection, objection_reason)";
static const char document_target[] = "intake.document (submission, encoding, bytes)";

/* A batch on its way in. */
struct admitting {
    const struct admission_batch *batch;
    struct claims                 claims;
    struct packing               *packing; /* made when the first document is packed */
    struct str                   *packed;  /* kept over a repeated attempt; .data NULL: not yet */
    const char                  **encodings;
};

static bool
key_is_good(struct str key)
{
    return key.size >= 1 && key.size <= ADMISSION_KEY_MAX && str_is_utf8(key)
           && memchr(key.data, '\0', key.size) == NULL;
}

static enum err
check_batch(const struct admission_batch *batch, struct fault *fault)
{
    if (batch->count > ADMISSION_BATCH_MAX) {
        return FAIL(fault, ERR_USAGE, "a batch of %zu documents, at most %d are admitted at once",
                    batch->count, ADMISSION_BATCH_MAX);
    }
    for (size_t i = 0; i < batch->count; i++) {
        if (!key_is_good(batch->arrivals[i].key)) {
            return FAIL(fault, ERR_USAGE, "document %zu of the batch: its key of %zu bytes is none",
                        i, batch->arrivals[i].key.size);
        }
    }
    return ERR_OK;
}

static enum err
admitting_create(struct store *store, struct arena *arena, const struct admission_batch *batch,
                 struct admitting *out, struct fault *fault)
{
    struct claim *items = ARENA_NEW(arena, struct claim, batch->count);
    struct str   *packed = ARENA_NEW(arena, struct str, batch->count);
    const char  **encodings = ARENA_NEW(arena, const char *, batch->count);

    if (items == NULL || packed == NULL || encodings == NULL) {
        return FAIL(fault, ERR_MEMORY, "a batch of %zu documents", batch->count);
    }
    *out = (struct admitting){
        .batch = batch,
        .claims = {.store = store, .arena = arena, .items = items, .count = batch->count},
        .packed = packed,
        .encodings = encodings
    };
    return ERR_OK;
}

static enum err
pack_new(struct admitting *admitting, struct fault *fault)
{
    struct arena *arena = admitting->claims.arena;

    for (size_t i = 0; i < admitting->claims.count; i++) {
        const struct claim *claim = &admitting->claims.items[i];
        if (claim->result.admission != ADMISSION_NEW || admitting->encodings[i] != NULL) {
            continue;
        }
        if (admitting->packing == NULL) {
            TRY(packing_create(arena, &admitting->packing, fault));
        }
        TRY(packing_pack(admitting->packing, arena, claim->arrival->bytes, &admitting->packed[i],
                         &admitting->encodings[i], fault));
    }
    return ERR_OK;
}

/* Whose it is: of a program, or of a person. */
static void
put_filer(struct store_copy *copy, const struct arrival *arrival)
{
    if (uuid_is_nil(arrival->appointment)) {
        store_copy_number(copy, arrival->credential);
        store_copy_null(copy);
    } else {
        store_copy_null(copy);
        store_copy_uuid(copy, arrival->appointment);
    }
}

static void
put_submission(struct store_copy *copy, const struct claim *claim,
               const struct admitting *admitting)
{
    const struct arrival *arrival = claim->arrival;
    const struct lease   *lease = &admitting->batch->lease;

    store_copy_row(copy);
    store_copy_uuid(copy, arrival->id);
    store_copy_number(copy, arrival->subject);
    put_filer(copy, arrival);
    store_copy_text(copy, arrival->key);
    store_copy_bytes(copy, fingerprint_str(arrival->sha256));
    store_copy_number(copy, (int64_t)arrival->bytes.size);
    store_copy_instant(copy, claim->first_byte);
    store_copy_instant(copy, claim->arrived);
    store_copy_truth(copy, arrival->strict);
    if (claim->stands) {
        store_copy_uuid(copy, claim->follows);
    } else {
        store_copy_null(copy);
    }
    store_copy_instant(copy, claim->first_arrived);
    store_copy_text(copy, lease->owner);
    store_copy_instant(copy, admitting->claims.now + (instant)lease->seconds * INSTANT_PER_SECOND);
    copy_text_put(copy, arrival->objection);
    copy_text_put(copy, arrival->objection_reason);
}

static enum err
copy_submissions(struct admitting *admitting, struct fault *fault)
{
    const struct claims *claims = &admitting->claims;
    struct store_copy   *copy = NULL;

    TRY(store_copy_begin(claims->store, claims->arena, submission_target, SUBMISSION_COLUMNS, &copy,
                         fault));
    for (size_t i = 0; i < claims->count; i++) {
        if (claims->items[i].result.admission == ADMISSION_NEW) {
            put_submission(copy, &claims->items[i], admitting);
        }
    }
    return store_copy_end(copy, fault);
}

static enum err
copy_documents(struct admitting *admitting, struct fault *fault)
{
    const struct claims *claims = &admitting->claims;
    struct store_copy   *copy = NULL;

    TRY(store_copy_begin(claims->store, claims->arena, document_target, DOCUMENT_COLUMNS, &copy,
                         fault));
    for (size_t i = 0; i < claims->count; i++) {
        if (claims->items[i].result.admission != ADMISSION_NEW) {
            continue;
        }
        store_copy_row(copy);
        store_copy_uuid(copy, claims->items[i].arrival->id);
        store_copy_text(copy, str_of(admitting->encodings[i]));
        store_copy_bytes(copy, admitting->packed[i]);
    }
    return store_copy_end(copy, fault);
}

static bool
any_new(const struct claims *claims)
{
    bool any = false;

    for (size_t i = 0; i < claims->count; i++) {
        any = any || claims->items[i].result.admission == ADMISSION_NEW;
    }
    return any;
}

static enum err
attempt(struct admitting *admitting, struct fault *fault)
{
    struct claims *claims = &admitting->claims;

    for (size_t i = 0; i < claims->count; i++) {
        claims->items[i] = (struct claim){.arrival = &admitting->batch->arrivals[i]};
    }
    TRY(store_begin(claims->store, fault));
    TRY(claim_look(claims, fault));
    TRY(claim_digests(claims, fault));
    TRY(claim_keys(claims, fault));
    FAILPOINT_REACH(ADMIT_CLAIMED);
    if (any_new(claims)) {
        TRY(pack_new(admitting, fault));
        TRY(copy_submissions(admitting, fault));
        TRY(copy_documents(admitting, fault));
    }
    FAILPOINT_REACH(ADMIT_BEFORE_COMMIT);
    return store_commit(claims->store, fault);
}

enum err
admission_run(struct store *store, struct arena *arena, const struct admission_batch *batch,
              struct admitted *out, struct fault *fault)
{
    struct admitting admitting = {0};
    enum err         failed = ERR_STORE_CONFLICT;

    TRY(check_batch(batch, fault));
    if (batch->count == 0) {
        return ERR_OK;
    }
    TRY(admitting_create(store, arena, batch, &admitting, fault));
    for (int i = 0; i < ATTEMPTS_MAX && failed == ERR_STORE_CONFLICT; i++) {
        failed = attempt(&admitting, fault);
        if (failed != ERR_OK) {
            store_rollback(store);
        }
    }
    for (size_t i = 0; failed == ERR_OK && i < batch->count; i++) {
        out[i] = admitting.claims.items[i].result;
    }
    return failed;
}
