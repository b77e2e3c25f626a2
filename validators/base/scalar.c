#include "validators/base/scalar.h"

enum { TAIL_BITS = 6, TAIL_MASK = 0x3F };

/* Well-formed sequences by their first byte: what the second byte may be, and the length. */
static const struct {
    size_t        size;
    uint32_t      mask; /* of the first byte's own bits */
    unsigned char first_min;
    unsigned char first_max;
    unsigned char second_min;
    unsigned char second_max;
} forms[] = {
    {1, 0x7F, 0x00, 0x7F, 0x00, 0xFF},
    {2, 0x1F, 0xC2, 0xDF, 0x80, 0xBF},
    {3, 0x0F, 0xE0, 0xE0, 0xA0, 0xBF},
    {3, 0x0F, 0xE1, 0xEC, 0x80, 0xBF},
    {3, 0x0F, 0xED, 0xED, 0x80, 0x9F},
    {3, 0x0F, 0xEE, 0xEF, 0x80, 0xBF},
    {4, 0x07, 0xF0, 0xF0, 0x90, 0xBF},
    {4, 0x07, 0xF1, 0xF3, 0x80, 0xBF},
    {4, 0x07, 0xF4, 0xF4, 0x80, 0x8F},
};

static const struct scalar replacement = {
    SCALAR_REPLACEMENT, {"\xEF\xBF\xBD", 3}
};

static unsigned char
byte_at(struct str text, size_t at)
{
    return (unsigned char)text.data[at];
}

/* The row of `forms` that the text begins with, or ARRAY_COUNT(forms). */
static size_t
form_of(struct str text)
{
    size_t form = 0;

    while (
        form < ARRAY_COUNT(forms)
        && (byte_at(text, 0) < forms[form].first_min || byte_at(text, 0) > forms[form].first_max)) {
        form++;
    }
    if (form == ARRAY_COUNT(forms) || text.size < forms[form].size) {
        return ARRAY_COUNT(forms);
    }
    for (size_t i = 1; i < forms[form].size; i++) {
        unsigned char min = i == 1 ? forms[form].second_min : 0x80;
        unsigned char max = i == 1 ? forms[form].second_max : 0xBF;
        if (byte_at(text, i) < min || byte_at(text, i) > max) {
            return ARRAY_COUNT(forms);
        }
    }
    return form;
}

bool
scalar_next(struct str *rest, struct scalar *out)
{
    if (rest->size == 0) {
        return false;
    }
    size_t form = form_of(*rest);
    size_t size = 1;
    if (form == ARRAY_COUNT(forms)) {
        *out = replacement;
    } else {
        size = forms[form].size;
        out->value = byte_at(*rest, 0) & forms[form].mask;
        out->bytes = (struct str){rest->data, size};
        for (size_t i = 1; i < size; i++) {
            out->value = out->value << TAIL_BITS | (byte_at(*rest, i) & (uint32_t)TAIL_MASK);
        }
    }
    *rest = (struct str){rest->data + size, rest->size - size};
    return true;
}
