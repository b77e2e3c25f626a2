#include "validators/base/amount.h"

#include <string.h>

enum { GROUP = 3, SCALE_MAX = 6 };

static const char no_break_space[] = "\xC2\xA0";

static size_t
count_digits(struct str text, size_t from)
{
    size_t at = from;

    while (at < text.size && text.data[at] >= '0' && text.data[at] <= '9') {
        at++;
    }
    return at - from;
}

static bool
contains(struct str text, const char *piece)
{
    return memmem(text.data, text.size, piece, strlen(piece)) != NULL;
}

/* The text is known not to be an amount: which reason would a clerk name first? */
static enum amount_fault
diagnose(struct str text)
{
    static const struct {
        const char       *piece;
        enum amount_fault fault;
    } signs[] = {
        {",",            AMOUNT_COMMA},
        {" ",            AMOUNT_SPACE},
        {"\t",           AMOUNT_SPACE},
        {"\n",           AMOUNT_SPACE},
        {"\r",           AMOUNT_SPACE},
        {no_break_space, AMOUNT_SPACE},
    };

    for (size_t i = 0; i < ARRAY_COUNT(signs); i++) {
        if (contains(text, signs[i].piece)) {
            return signs[i].fault;
        }
    }
    if (text.data[0] == '+') {
        return AMOUNT_PLUS;
    }
    bool begins_as_number = count_digits(text, text.data[0] == '-' ? 1 : 0) > 0;
    if (begins_as_number && (contains(text, "e") || contains(text, "E"))) {
        return AMOUNT_EXPONENT;
    }
    return AMOUNT_NOT_A_NUMBER;
}

/* Digits before and after the point of -?digits[.digits]; false if the text has another form. */
static bool
measure(struct str text, size_t *whole, size_t *fraction)
{
    size_t at = text.data[0] == '-' ? 1 : 0;

    *whole = count_digits(text, at);
    *fraction = 0;
    at += *whole;
    if (*whole == 0) {
        return false;
    }
    if (at < text.size && text.data[at] == '.') {
        *fraction = count_digits(text, at + 1);
        at += 1 + *fraction;
    }
    return at == text.size;
}

static enum amount_fault
judge_digits(struct str text, size_t whole, size_t fraction, size_t scale)
{
    size_t first = text.data[0] == '-' ? 1 : 0;
    bool   pointless = text.data[text.size - 1] == '.' && scale == 0;

    if (fraction < scale || pointless) {
        return AMOUNT_FEW_DECIMALS;
    }
    if (fraction > scale) {
        return AMOUNT_MANY_DECIMALS;
    }
    if (whole > 1 && text.data[first] == '0') {
        return AMOUNT_LEADING_ZERO;
    }
    return whole + fraction > AMOUNT_DIGITS_MAX ? AMOUNT_TOO_LONG : AMOUNT_OK;
}

enum amount_fault
amount_parse(struct str text, int scale, int64_t *out)
{
    size_t  whole = 0;
    size_t  fraction = 0;
    int64_t amount = 0;

    ENSURE(scale >= 0 && scale <= SCALE_MAX);
    if (str_trim(text).size == 0) {
        return AMOUNT_EMPTY;
    }
    if (!measure(text, &whole, &fraction)) {
        return diagnose(text);
    }
    enum amount_fault fault = judge_digits(text, whole, fraction, (size_t)scale);
    if (fault != AMOUNT_OK) {
        return fault;
    }
    bool negative = text.data[0] == '-';
    for (size_t i = negative ? 1 : 0; i < text.size; i++) {
        if (text.data[i] != '.') {
            amount = amount * 10 + (text.data[i] - '0');
        }
    }
    if (negative && amount == 0) {
        return AMOUNT_NEGATIVE_ZERO;
    }
    *out = negative ? -amount : amount;
    return AMOUNT_OK;
}

/* Digits of the magnitude, most significant first, padded to at least scale + 1. */
static size_t
spell(int64_t amount, int scale, char digits[AMOUNT_TEXT_MAX])
{
    uint64_t magnitude = amount < 0 ? UINT64_C(0) - (uint64_t)amount : (uint64_t)amount;

    ENSURE(scale >= 0 && scale < AMOUNT_TEXT_MAX / 2);
    int size =
        snprintf(digits, AMOUNT_TEXT_MAX, "%0*llu", scale + 1, (unsigned long long)magnitude);
    ENSURE(size > scale);
    return (size_t)size;
}

static void
write_spelt(struct buf *out, int64_t amount, int scale, const char *group, const char *point)
{
    char   digits[AMOUNT_TEXT_MAX];
    size_t size = spell(amount, scale, digits);
    size_t whole = size - (size_t)scale;

    if (amount < 0) {
        buf_byte(out, '-');
    }
    for (size_t i = 0; i < whole; i++) {
        if (i > 0 && (whole - i) % GROUP == 0) {
            buf_append(out, str_of(group));
        }
        buf_byte(out, digits[i]);
    }
    if (scale > 0) {
        buf_append(out, str_of(point));
        buf_append(out, (struct str){digits + whole, (size_t)scale});
    }
}

void
amount_write(struct buf *out, int64_t amount, int scale)
{
    write_spelt(out, amount, scale, "", ".");
}

void
amount_write_polish(struct buf *out, int64_t amount, int scale)
{
    write_spelt(out, amount, scale, no_break_space, ",");
}

bool
amount_add(int64_t a, int64_t b, int64_t *out)
{
    int64_t sum = 0;

    if (__builtin_add_overflow(a, b, &sum)) {
        return false;
    }
    *out = sum;
    return true;
}

bool
amount_subtract(int64_t a, int64_t b, int64_t *out)
{
    int64_t difference = 0;

    if (__builtin_sub_overflow(a, b, &difference)) {
        return false;
    }
    *out = difference;
    return true;
}

bool
amount_narrow(amount_wide wide, int64_t *out)
{
    if (wide < INT64_MIN || wide > INT64_MAX) {
        return false;
    }
    *out = (int64_t)wide;
    return true;
}
