/*
 * amount_parse accepts exactly -?(0|[1-9][0-9]*)\.[0-9]{scale} of at most 17 digits that is not a
 * negative zero, told by a second matcher that knows only this grammar; and what it read is written
 * back as the same text. The first byte of an input chooses the scale.
 */
#include "validators/base/amount.h"

#include <stdint.h>
#include <string.h>

enum { SCALES = 7, MEMORY = 4096 };

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static bool
is_digit(struct str text, size_t at)
{
    return at < text.size && strchr("0123456789", text.data[at]) != NULL && text.data[at] != '\0';
}

/* Digits from `at` on, and how many of them are not zero. */
static size_t
count_digits(struct str text, size_t at, size_t *nonzero)
{
    size_t count = 0;

    for (; is_digit(text, at + count); count++) {
        *nonzero += text.data[at + count] != '0' ? 1 : 0;
    }
    return count;
}

static bool
matches(struct str text, size_t scale)
{
    size_t begin = text.size > 0 && text.data[0] == '-' ? 1 : 0;
    size_t nonzero = 0;
    size_t digits = count_digits(text, begin, &nonzero);
    size_t at = begin + digits;

    if (digits == 0 || (digits > 1 && text.data[begin] == '0')) {
        return false;
    }
    if (scale > 0) {
        if (at >= text.size || text.data[at] != '.') {
            return false;
        }
        at++;
        if (count_digits(text, at, &nonzero) != scale) {
            return false;
        }
        at += scale;
    }
    bool negative_zero = begin == 1 && nonzero == 0;
    return at == text.size && digits + scale <= AMOUNT_DIGITS_MAX && !negative_zero;
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    int               scale = data[0] % SCALES;
    struct str        text = {(const char *)data + 1, size - 1};
    int64_t           amount = INT64_MIN;
    enum amount_fault fault = amount_parse(text, scale, &amount);

    ENSURE((fault == AMOUNT_OK) == matches(text, (size_t)scale));
    ENSURE((fault == AMOUNT_OK) == (amount != INT64_MIN));
    if (fault == AMOUNT_OK) {
        struct arena *arena = arena_create(MEMORY);
        struct buf    out = buf_create(arena, AMOUNT_TEXT_MAX);
        ENSURE(amount >= -AMOUNT_MAX && amount <= AMOUNT_MAX);
        amount_write(&out, amount, scale);
        ENSURE(buf_ok(&out) && str_equal(buf_str(&out), text));
        arena_destroy(arena);
    }
    return 0;
}
