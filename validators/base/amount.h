#ifndef VALIDATORS_BASE_AMOUNT_H
#define VALIDATORS_BASE_AMOUNT_H

#include "validators/base/buf.h"

#include <stdint.h>

/*
 * Exact amounts: int64 in the smallest unit (grosze for money: scale 2), sums in 128 bits. No
 * floating point touches an amount anywhere. |amount| <= AMOUNT_MAX, so that the sum of any two
 * fits into int64 and the sum of any number of rows fits into amount_wide.
 */
__extension__ typedef __int128 amount_wide;

enum {
    AMOUNT_DIGITS_MAX = 17, /* as xs:decimal totalDigits of our schemas, both sides of the point */
    AMOUNT_TEXT_MAX = 64,
};

#define AMOUNT_MAX INT64_C(99999999999999999)

/* Why a text is not an amount; the first reason that a clerk would name. */
enum amount_fault {
    AMOUNT_OK = 0,
    AMOUNT_EMPTY,
    AMOUNT_SPACE,         /* "1 234.50", also NBSP */
    AMOUNT_COMMA,         /* "1234,50", "1 234,50" */
    AMOUNT_EXPONENT,      /* "1e5" */
    AMOUNT_PLUS,          /* "+5.00" */
    AMOUNT_FEW_DECIMALS,  /* "12", "12.5", "12." */
    AMOUNT_MANY_DECIMALS, /* "12.345" */
    AMOUNT_LEADING_ZERO,  /* "007.00", ".50" has none before the point: AMOUNT_NOT_A_NUMBER */
    AMOUNT_NEGATIVE_ZERO, /* "-0.00" */
    AMOUNT_TOO_LONG,      /* more than AMOUNT_DIGITS_MAX digits */
    AMOUNT_NOT_A_NUMBER,
};

/*
 * Read exactly -?(0|[1-9][0-9]*)\.[0-9]{scale} (scale 0: no point), the form of the exchange
 * files (domain.md 5). *out is set only for AMOUNT_OK. scale: 0 .. 6.
 */
enum amount_fault amount_parse(struct str text, int scale, int64_t *out);

/* "13611040.30": for JSON, CSV, XML. */
void amount_write(struct buf *out, int64_t amount, int scale);

/* "13 611 040,30" with no-break spaces: for people. No currency. */
void amount_write_polish(struct buf *out, int64_t amount, int scale);

/* a + b, a - b; false on overflow of int64, *out untouched. */
MUST_USE bool amount_add(int64_t a, int64_t b, int64_t *out);
MUST_USE bool amount_subtract(int64_t a, int64_t b, int64_t *out);

/* A 128-bit sum back into int64; false if it does not fit, *out untouched. */
MUST_USE bool amount_narrow(amount_wide wide, int64_t *out);

#endif
