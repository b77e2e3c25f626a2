#include "gateway/receipt/reading.h"

#include "gateway/receipt/imprint.h"
#include "gateway/receipt/layout.h"
#include "gateway/receipt/notary.h"
#include "validators/base/parcel.h"

#include <string.h>

enum { DIGEST_SIZE = 32 };

/* A run of exactly size_max bytes, all of it from the arena now, so that a full one means nothing
 * but that the text is longer than the one it is compared with. */
static enum err
buf_of(struct arena *arena, size_t size_max, struct buf *out, struct fault *fault)
{
    char *room = arena_alloc(arena, size_max + 1, 1);

    if (room == NULL) {
        return FAIL(fault, ERR_MEMORY, "reading a receipt");
    }
    *out =
        (struct buf){.arena = arena, .data = room, .capacity = size_max + 1, .size_max = size_max};
    return ERR_OK;
}

/* Whether text stands in bytes at *at; moves on, else *at is the first byte that differs. */
static bool
stands_there(struct str bytes, size_t *at, struct str text)
{
    struct str there = str_slice(bytes, *at, text.size);
    size_t     same = 0;

    while (same < there.size && there.data[same] == text.data[same]) {
        same++;
    }
    *at += same;
    return same == text.size;
}

/* A receipt taken apart, and what came of writing it anew. */
struct opened {
    struct receipt_facts facts;
    struct imprint       imprint;
    size_t               place;    /* first byte that differs */
    struct str           document; /* as its digest sees it; .data == NULL: the bytes differ */
};

/* Facts and imprint written anew must be these bytes. */
static enum err
compare(struct arena *arena, struct str bytes, struct opened *opened, struct fault *fault)
{
    struct buf   text;
    struct buf   mark;
    struct buf   key;
    struct fault ignored = {0}; /* facts that no receipt can state: not a receipt of ours */
    size_t       at = 0;

    TRY(buf_of(arena, bytes.size, &text, fault));
    TRY(buf_of(arena, bytes.size, &mark, fault));
    TRY(buf_of(arena, bytes.size, &key, fault));
    bool same = receipt_write(&text, &opened->facts, &ignored) == ERR_OK;
    imprint_write_key(&key, &opened->imprint);
    imprint_write(&mark, &opened->imprint, buf_str(&key));
    struct str whole = buf_str(&text);
    struct str before = str_slice(whole, 0, whole.size - (same ? LAYOUT_END.size : 0));
    same = stands_there(bytes, &at, before) && same && buf_ok(&mark) && buf_ok(&key)
           && stands_there(bytes, &at, buf_str(&mark)) && stands_there(bytes, &at, LAYOUT_END)
           && at == bytes.size;
    opened->place = at;
    opened->document = same ? whole : (struct str){0};
    return ERR_OK;
}

/* Take the bytes apart, strictly; opened->document stays empty when they are no receipt of ours. */
static enum err
open_receipt(struct arena *arena, struct str bytes, struct opened *opened, struct fault *fault)
{
    struct scan scan = {.arena = arena, .text = bytes};

    layout_read(&scan, &opened->facts);
    imprint_read(&scan, &opened->imprint);
    scan_literal(&scan, LAYOUT_END);
    if (scan.starved) {
        return FAIL(fault, ERR_MEMORY, "reading a receipt");
    }
    opened->place = scan.at;
    return scan.bad ? ERR_OK : compare(arena, bytes, opened, fault);
}

enum err
reading_make(struct arena *arena, struct str bytes, struct str trust_pem, struct reading *out,
             struct fault *fault)
{
    struct opened         opened = {0};
    struct notary_opinion opinion = {0};

    if (bytes.size <= RECEIPT_SIZE_MAX) {
        TRY(open_receipt(arena, bytes, &opened, fault));
    }
    if (opened.document.data == NULL) {
        *out = (struct reading){.step = READING_SHAPE, .place = opened.place};
        return ERR_OK;
    }
    TRY(notary_examine(arena, opened.document, &opened.imprint, trust_pem, &opinion, fault));
    *out = (struct reading){.step = opinion.step,
                            .has_facts = true,
                            .facts = opened.facts,
                            .signed_at = opened.imprint.signed_at,
                            .sealed_by = opinion.sealed_by};
    memcpy(out->certificate_sha256, opened.imprint.chain[0].sha256, DIGEST_SIZE);
    return ERR_OK;
}

bool
reading_is_quotable(const struct reading *reading)
{
    return reading->has_facts
           && (reading->step == READING_GOOD || reading->step == READING_ISSUER
               || reading->step == READING_VALIDITY);
}

const char *
reading_step_text(enum reading_step step)
{
    static const char *const texts[READING_STEP_COUNT] = {
        [READING_GOOD] = "pieczęć jest ważna, a treść niezmieniona",
        [READING_SHAPE] =
            "to nie jest UPO wystawione przez bramę albo zmieniono jego zapis; pobierz "
            "UPO z bramy jeszcze raz i zapisz je bez otwierania w edytorze",
        [READING_DIGEST] = "treść UPO zmieniono po opieczętowaniu: jej skrót się nie zgadza",
        [READING_PROPERTIES] =
            "zmieniono czas pieczęci albo wskazanie certyfikatu: skrót tych danych "
            "się nie zgadza",
        [READING_CERTIFICATE] = "certyfikat w UPO nie jest tym, na który wskazuje pieczęć",
        [READING_VALUE] = "wartość pieczęci nie pasuje do treści i certyfikatu: UPO zmieniono albo "
                          "wystawił je ktoś inny",
        [READING_ISSUER] =
            "treść jest niezmieniona, ale nie wiadomo, czyja to pieczęć: jej certyfikatu nie ma "
            "wśród zaufanych",
        [READING_VALIDITY] = "certyfikat pieczęci nie był ważny w chwili jej złożenia",
    };

    ENSURE(step >= READING_GOOD && step < READING_STEP_COUNT);
    return texts[step];
}

void
reading_encode(struct buf *out, const struct reading *reading)
{
    parcel_put_number(out, (uint64_t)reading->step);
    parcel_put_number(out, reading->place);
    parcel_put_truth(out, reading->has_facts);
    parcel_put_number(out, (uint64_t)reading->signed_at);
    parcel_put_text(out, reading->sealed_by);
    parcel_put_array(out, reading->certificate_sha256, DIGEST_SIZE, 1);
    if (reading->has_facts) {
        receipt_facts_encode(out, &reading->facts);
    }
}

enum err
reading_decode(struct arena *arena, struct str bytes, struct reading *out, struct fault *fault)
{
    struct parcel  parcel = {.arena = arena, .bytes = bytes};
    struct reading reading = {.step = (enum reading_step)parcel_number(&parcel, READING_VALIDITY)};
    size_t         used = 0;

    reading.place = (size_t)parcel_number(&parcel, RECEIPT_SIZE_MAX);
    reading.has_facts = parcel_truth(&parcel);
    reading.signed_at = (instant)parcel_number(&parcel, INT64_MAX);
    reading.sealed_by = parcel_text(&parcel);
    parcel_bytes(&parcel, reading.certificate_sha256, DIGEST_SIZE);
    if (parcel.starved) {
        return FAIL(fault, ERR_MEMORY, "reading of a receipt");
    }
    /* Facts come with every step but SHAPE. */
    if (parcel.bad || reading.has_facts != (reading.step != READING_SHAPE)
        || (reading.has_facts && !layout_instant_valid(reading.signed_at))) {
        return FAIL(fault, ERR_WIRE, "reading of a receipt: byte %zu", parcel.at);
    }
    struct str rest = str_slice(bytes, parcel.at, bytes.size);
    if (reading.has_facts) {
        TRY(receipt_facts_decode(arena, rest, &used, &reading.facts, fault));
    }
    if (used != rest.size) {
        return FAIL(fault, ERR_WIRE, "reading of a receipt: bytes behind its end");
    }
    *out = reading;
    return ERR_OK;
}
