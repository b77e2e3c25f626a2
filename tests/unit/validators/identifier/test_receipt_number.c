#include "tests/support/expect.h"
#include "validators/identifier/receipt_number.h"

#include <string.h>

static struct str
write_number(struct arena *arena, const char *regon, struct date date, uint64_t serial)
{
    struct receipt_number number = {.date = date, .serial = serial};
    struct buf            out = buf_create(arena, 64);

    memcpy(number.regon, regon, strlen(regon) + 1);
    receipt_number_write(&out, &number);
    assert_true(buf_ok(&out));
    return buf_str(&out);
}

static void
receipt_number_crc_has_the_published_check_values(void **state)
{
    (void)state;
    assert_int_equal(receipt_number_crc(STR("123456789")), 0xF4); /* CRC-8/SMBUS */
    assert_int_equal(receipt_number_crc(STR("")), 0);
    assert_int_equal(receipt_number_crc(STR("\0")), 0);
    assert_int_equal(receipt_number_crc(STR("\x01")), 0x07);
}

static void
receipt_number_reads_what_it_wrote(void **state)
{
    static const char *const regons[] = {"990001010", "123456785", "12345678512347"};
    static const uint64_t    serials[] = {0, 1, 0xABCDEF012345, RECEIPT_NUMBER_SERIAL_MAX};
    static const struct date dates[] = {
        {2026, 7,  10},
        {2028, 2,  29},
        {1996, 1,  1 },
        {2199, 12, 31}
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(regons) * ARRAY_COUNT(serials) * ARRAY_COUNT(dates); i++) {
        struct arena         *arena = arena_create(4096);
        const char           *regon = regons[i % 3];
        uint64_t              serial = serials[i / 3 % 4];
        struct date           date = dates[i / 12];
        struct str            text = write_number(arena, regon, date, serial);
        struct receipt_number read = {0};
        EXPECT(receipt_number_parse(text, &read) == IDENTIFIER_OK, regon);
        EXPECT(strcmp(read.regon, regon) == 0 && read.serial == serial, regon);
        EXPECT(date_compare(read.date, date) == 0, regon);
        EXPECT(text.size == strlen(regon) + 25 && text.size <= RECEIPT_NUMBER_SIZE_MAX, regon);
        arena_destroy(arena);
    }
}

static void
receipt_number_catches_every_wrong_character(void **state)
{
    struct arena *arena = arena_create(4096);
    struct str    text =
        write_number(arena, "12345678512347", (struct date){2026, 7, 10}, UINT64_C(0x0123456789AB));
    char changed[RECEIPT_NUMBER_SIZE_MAX];

    (void)state;
    for (size_t at = 0; at < text.size; at++) {
        for (int value = 0; value < 256; value++) {
            struct receipt_number read = {.serial = 77};
            memcpy(changed, text.data, text.size);
            changed[at] = (char)value;
            enum identifier_fault fault =
                receipt_number_parse((struct str){changed, text.size}, &read);
            assert_true((fault == IDENTIFIER_OK) == (changed[at] == text.data[at]));
            assert_true(fault == IDENTIFIER_OK || read.serial == 77);
        }
    }
    arena_destroy(arena);
}

static void
receipt_number_catches_every_swap_of_neighbours(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 3000; i++) {
        struct arena *arena = arena_create(4096);
        uint64_t      serial = i * UINT64_C(0x9E3779B97F4A) & RECEIPT_NUMBER_SERIAL_MAX;
        struct str    text = write_number(arena, i % 2 == 0 ? "990001010" : "12345678512347",
                                          date_of_days((int64_t)(20000 + i)), serial);
        for (size_t at = 0; at + 1 < text.size; at++) {
            char                  changed[RECEIPT_NUMBER_SIZE_MAX];
            struct receipt_number read = {0};
            memcpy(changed, text.data, text.size);
            changed[at] = text.data[at + 1];
            changed[at + 1] = text.data[at];
            bool same = text.data[at] == text.data[at + 1];
            assert_true(
                (receipt_number_parse((struct str){changed, text.size}, &read) == IDENTIFIER_OK)
                == same);
        }
        arena_destroy(arena);
    }
}

/* With the sum that belongs to it, so that only the thing named is wrong. */
static void
receipt_number_refuses_what_is_no_number(void **state)
{
    static const struct {
        const char           *name;
        const char           *head; /* the sum is appended */
        enum identifier_fault want;
    } rows[] = {
        {"good",             "990001010-20260710-0123456789AB",       IDENTIFIER_OK   },
        {"REGON mistyped",   "990001011-20260710-0123456789AB",       IDENTIFIER_BASE },
        {"nobody's REGON",   "000000000-20260710-0123456789AB",       IDENTIFIER_OK   },
        {"14 zeros",         "00000000000000-20260710-0123456789AB",  IDENTIFIER_BASE },
        {"month 13",         "990001010-20261310-0123456789AB",       IDENTIFIER_BASE },
        {"no leap year",     "990001010-20260229-0123456789AB",       IDENTIFIER_BASE },
        {"lower case",       "990001010-20260710-0123456789ab",       IDENTIFIER_SHAPE},
        {"serial short",     "990001010-20260710-0123456789A",        IDENTIFIER_SHAPE},
        {"serial long",      "990001010-20260710-0123456789ABC",      IDENTIFIER_SHAPE},
        {"date short",       "990001010-2026710-0123456789AB",        IDENTIFIER_SHAPE},
        {"one part more",    "990001010-20260710-0123456789AB-00",    IDENTIFIER_SHAPE},
        {"one part less",    "990001010-20260710",                    IDENTIFIER_SHAPE},
        {"REGON of 15",      "123456785123470-20260710-0123456789AB", IDENTIFIER_SHAPE},
        {"REGON of letters", "99000101A-20260710-0123456789AB",       IDENTIFIER_SHAPE},
        {"space in front",   " 990001010-20260710-0123456789AB",      IDENTIFIER_SHAPE},
        {"REGON empty",      "-20260710-0123456789AB",                IDENTIFIER_SHAPE},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena         *arena = arena_create(4096);
        struct receipt_number read = {0};
        struct str            text =
            str_format(arena, "%s-%02X", rows[i].head, receipt_number_crc(str_of(rows[i].head)));
        EXPECT(receipt_number_parse(text, &read) == rows[i].want, rows[i].name);
        arena_destroy(arena);
    }
    struct receipt_number read = {0};
    assert_int_equal(receipt_number_parse((struct str){0}, &read), IDENTIFIER_EMPTY);
    assert_int_equal(receipt_number_parse(STR("990001010-20260710-0123456789AB-"), &read),
                     IDENTIFIER_SHAPE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(receipt_number_crc_has_the_published_check_values),
        cmocka_unit_test(receipt_number_reads_what_it_wrote),
        cmocka_unit_test(receipt_number_catches_every_wrong_character),
        cmocka_unit_test(receipt_number_catches_every_swap_of_neighbours),
        cmocka_unit_test(receipt_number_refuses_what_is_no_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
