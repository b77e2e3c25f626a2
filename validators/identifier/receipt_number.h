#ifndef VALIDATORS_IDENTIFIER_RECEIPT_NUMBER_H
#define VALIDATORS_IDENTIFIER_RECEIPT_NUMBER_H

#include "validators/base/moment.h"
#include "validators/identifier/identifier.h"

/*
 * The number of a receipt: "REGON-YYYYMMDD-XXXXXXXXXXXX-CC", after the numbers of KSeF. REGON has 9
 * or 14 digits, X is the serial in upper-case hexadecimal, CC the CRC-8 (polynomial 0x07, start 0)
 * of everything before the last hyphen.
 *
 * One wrong character, or two swapped neighbours, is always caught without asking anybody: one byte
 * is a burst of at most 8 bits, and a swap changes the sum by d * (x^8 + 1), which the polynomial
 * divides only for d = 0xFD, a difference that no two characters of a number have.
 */
enum {
    RECEIPT_NUMBER_SIZE_MAX = 39, /* with a REGON of 14 digits */
    RECEIPT_NUMBER_REGON_MAX = 14,
};

#define RECEIPT_NUMBER_SERIAL_MAX UINT64_C(0xFFFFFFFFFFFF)

/* Stands for a REGON where there is none that can be one; nobody has it. */
#define RECEIPT_NUMBER_NOBODY "000000000"

struct receipt_number {
    char        regon[RECEIPT_NUMBER_REGON_MAX + 1]; /* NUL-terminated */
    struct date date;                                /* in Warsaw, of data wpływu */
    uint64_t    serial;                              /* at most RECEIPT_NUMBER_SERIAL_MAX */
};

/* Append the number. It must be one: a valid REGON (or NOBODY) and date, a serial in range. */
void receipt_number_write(struct buf *out, const struct receipt_number *number);

/*
 * Read exactly one number. IDENTIFIER_CHECK_DIGIT: it has been mistyped. IDENTIFIER_BASE: REGON or
 * date cannot be, though the sum agrees. *out is set only for IDENTIFIER_OK.
 */
enum identifier_fault receipt_number_parse(struct str text, struct receipt_number *out);

/* CRC-8 with polynomial 0x07, start 0, no reflection: 0xF4 for "123456789". */
uint8_t receipt_number_crc(struct str bytes);

#endif
