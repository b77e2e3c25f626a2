#include "gateway/receipt/stamped.h"

#include "gateway/fingerprint/fingerprint.h"
#include "gateway/receipt/armour.h"

#include <string.h>

enum { PARTS_MAX = 1024 };

static const struct str value_begin = STR_INIT("<ds:SignatureValue>");
static const struct str value_begin_alone =
    STR_INIT("<ds:SignatureValue xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">");
static const struct str value_end = STR_INIT("</ds:SignatureValue>");
static const struct str end = STR_INIT("</xades:QualifyingProperties></ds:Object></ds:Signature>");
static const struct str stamp_begin =
    STR_INIT("<xades:UnsignedProperties><xades:UnsignedSignatureProperties>"
             "<xades:SignatureTimeStamp>"
             "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">"
             "</ds:CanonicalizationMethod><xades:EncapsulatedTimeStamp>");
static const struct str stamp_end =
    STR_INIT("</xades:EncapsulatedTimeStamp></xades:SignatureTimeStamp>"
             "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>");

/* Where part stands in text for the first time; false when nowhere. */
static bool
find(struct str text, struct str part, size_t *out)
{
    const char *place = text.size == 0 ? NULL : memmem(text.data, text.size, part.data, part.size);

    *out = place == NULL ? 0 : (size_t)(place - text.data);
    return place != NULL;
}

enum err
stamped_imprint(struct arena *arena, struct str receipt, unsigned char sha256[STAMPED_IMPRINT_SIZE],
                struct fault *fault)
{
    size_t from = 0;
    size_t size = 0;

    if (!find(receipt, value_begin, &from)) {
        return FAIL(fault, ERR_SYNTAX, "a receipt without a seal");
    }
    struct str value = str_slice(receipt, from + value_begin.size, receipt.size);
    if (!find(value, value_end, &size)) {
        return FAIL(fault, ERR_SYNTAX, "a receipt whose seal has no end");
    }
    struct buf text = buf_create(arena, size + PARTS_MAX);
    buf_append(&text, value_begin_alone);
    buf_append(&text, str_slice(value, 0, size));
    buf_append(&text, value_end);
    if (!buf_ok(&text)) {
        return FAIL(fault, ERR_MEMORY, "the value of a seal");
    }
    return fingerprint_of(buf_str(&text), sha256, fault);
}

enum err
stamped_write(struct arena *arena, struct str receipt, struct str token, struct str *out,
              struct fault *fault)
{
    size_t     place = 0;
    struct buf text = buf_create(arena, receipt.size + 2 * (size_t)STAMPED_TOKEN_MAX + PARTS_MAX);

    if (token.size == 0 || token.size > STAMPED_TOKEN_MAX) {
        return FAIL(fault, ERR_LIMIT, "a time stamp of %zu bytes", token.size);
    }
    if (!find(receipt, end, &place)) {
        return FAIL(fault, ERR_SYNTAX, "a receipt without a seal");
    }
    buf_append(&text, str_slice(receipt, 0, place));
    buf_append(&text, stamp_begin);
    armour_append(&text, token);
    buf_append(&text, stamp_end);
    buf_append(&text, str_slice(receipt, place, receipt.size));
    if (!buf_ok(&text)) {
        return FAIL(fault, ERR_MEMORY, "a receipt with its time stamp");
    }
    *out = buf_str(&text);
    return ERR_OK;
}

/* The parts, when they are there; what is spelt otherwise shows when it is written anew. */
static bool
cut(struct arena *arena, struct str bytes, struct buf *receipt, struct str *token)
{
    size_t begin = 0;
    size_t size = 0;

    if (!find(bytes, stamp_begin, &begin)) {
        return false;
    }
    struct str rest = str_slice(bytes, begin + stamp_begin.size, bytes.size);
    if (!find(rest, stamp_end, &size) || size > 2 * (size_t)STAMPED_TOKEN_MAX) {
        return false;
    }
    char *room = ARENA_NEW(arena, char, size + 1);
    if (room == NULL || !armour_undo(str_slice(rest, 0, size), room, token)) {
        return false;
    }
    buf_append(receipt, str_slice(bytes, 0, begin));
    buf_append(receipt, str_slice(rest, size + stamp_end.size, rest.size));
    return buf_ok(receipt);
}

enum err
stamped_split(struct arena *arena, struct str bytes, struct str *receipt, struct str *token,
              struct fault *fault)
{
    struct buf   without = buf_create(arena, bytes.size + 1);
    struct str   found = {0};
    struct str   again = {0};
    struct fault other = {0};

    *receipt = bytes;
    *token = (struct str){0};
    if (!cut(arena, bytes, &without, &found)) {
        return ERR_OK;
    }
    enum err got = stamped_write(arena, buf_str(&without), found, &again, &other);
    if (got == ERR_MEMORY) {
        return FAIL(fault, ERR_MEMORY, "a receipt with its time stamp");
    }
    if (got == ERR_OK && str_equal(again, bytes)) {
        *receipt = buf_str(&without);
        *token = found;
    }
    return ERR_OK;
}
