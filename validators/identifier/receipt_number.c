#include "validators/identifier/receipt_number.h"

#include <string.h>

enum { DATE_SIZE = 8, SERIAL_SIZE = 12, CRC_SIZE = 2, CRC_POLYNOMIAL = 0x07 };

uint8_t
receipt_number_crc(struct str bytes)
{
    unsigned crc = 0;

    for (size_t i = 0; i < bytes.size; i++) {
        crc ^= (unsigned char)bytes.data[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc << 1 ^ ((crc & 0x80U) != 0 ? CRC_POLYNOMIAL : 0U)) & 0xFFU;
        }
    }
    return (uint8_t)crc;
}

static bool
can_stand(struct str regon)
{
    return identifier_regon(regon) == IDENTIFIER_OK || str_equal(regon, STR(RECEIPT_NUMBER_NOBODY));
}

void
receipt_number_write(struct buf *out, const struct receipt_number *number)
{
    char head[RECEIPT_NUMBER_SIZE_MAX + 1];

    ENSURE(can_stand(str_of(number->regon)));
    ENSURE(date_valid(number->date) && number->serial <= RECEIPT_NUMBER_SERIAL_MAX);
    (void)snprintf(head, sizeof head, "%s-%04d%02d%02d-%012llX", number->regon, number->date.year,
                   number->date.month, number->date.day, (unsigned long long)number->serial);
    buf_append(out, str_of(head));
    buf_format(out, "-%02X", receipt_number_crc(str_of(head)));
}

/* Upper-case hexadecimal only: a number has one spelling, and the sum is that of the spelling. */
static bool
read_hex(struct str text, size_t size, uint64_t *out)
{
    static const char digits[] = "0123456789ABCDEF";
    uint64_t          value = 0;

    for (size_t i = 0; i < text.size; i++) {
        const char *digit = memchr(digits, text.data[i], sizeof digits - 1);
        if (digit == NULL) {
            return false;
        }
        value = value << 4 | (uint64_t)(digit - digits);
    }
    *out = value;
    return text.size == size;
}

static bool
read_date(struct str text, struct date *out)
{
    int64_t number = 0;

    if (text.size != DATE_SIZE || !str_to_number(text, &number)) {
        return false;
    }
    *out = (struct date){.year = (int)(number / 10000),
                         .month = (int)(number / 100 % 100),
                         .day = (int)(number % 100)};
    return true;
}

enum identifier_fault
receipt_number_parse(struct str text, struct receipt_number *out)
{
    struct receipt_number number = {0};
    struct str            rest = text;
    struct str            regon = {0};
    struct str            date = {0};
    struct str            serial = {0};
    struct str            crc = {0};
    uint64_t              sum = 0;

    if (text.size == 0) {
        return IDENTIFIER_EMPTY;
    }
    if (!str_cut(&rest, '-', &regon) || !str_cut(&rest, '-', &date) || !str_cut(&rest, '-', &serial)
        || !str_cut(&rest, '-', &crc) || rest.data != NULL || regon.size > RECEIPT_NUMBER_REGON_MAX
        || !str_all_digits(regon) || !read_date(date, &number.date)
        || !read_hex(serial, SERIAL_SIZE, &number.serial) || !read_hex(crc, CRC_SIZE, &sum)) {
        return IDENTIFIER_SHAPE;
    }
    if (receipt_number_crc(str_slice(text, 0, text.size - CRC_SIZE - 1)) != sum) {
        return IDENTIFIER_CHECK_DIGIT;
    }
    if (!can_stand(regon) || !date_valid(number.date)) {
        return IDENTIFIER_BASE;
    }
    memcpy(number.regon, regon.data, regon.size);
    *out = number;
    return IDENTIFIER_OK;
}
