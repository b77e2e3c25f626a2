#include "gateway/receipt/reading.h"

#include "gateway/receipt/armour.h"
#include "gateway/receipt/signet.h"
#include "tests/support/expect.h"
#include "tests/support/receipts.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

enum { MEMORY = 64 << 20 };

/* Seals made once, for all tests. */
static struct arena        *shop;
static struct receipts_seal seals[RECEIPTS_SEAL_KIND_COUNT];

static int
open_shop(void **state)
{
    struct fault fault = {0};

    (void)state;
    shop = arena_create(MEMORY);
    for (enum receipts_seal_kind kind = 0; kind < RECEIPTS_SEAL_KIND_COUNT; kind++) {
        assert_int_equal(receipts_seal(shop, kind, &seals[kind], &fault), ERR_OK);
    }
    return 0;
}

static int
close_shop(void **state)
{
    (void)state;
    arena_destroy(shop);
    return 0;
}

static struct str
sealed(struct arena *arena, enum receipts_seal_kind kind, const struct receipt_facts *facts,
       instant at)
{
    struct seal *seal = NULL;
    struct str   receipt = {0};
    struct fault fault = {0};

    assert_int_equal(seal_create(arena, seals[kind].key, seals[kind].chain, &seal, &fault), ERR_OK);
    assert_int_equal(seal_receipt(arena, seal, facts, at, &receipt, &fault), ERR_OK);
    return receipt;
}

static struct str
typical(struct arena *arena, enum receipts_seal_kind kind)
{
    struct receipt_facts facts = receipts_typical(arena);

    return sealed(arena, kind, &facts, RECEIPTS_MORNING + 99000);
}

/* The step, in memory of its own. */
static enum reading_step
step_of(struct str bytes, struct str trust)
{
    struct arena  *arena = arena_create(MEMORY);
    struct reading reading = {0};
    struct fault   fault = {0};

    assert_int_equal(reading_make(arena, bytes, trust, &reading, &fault), ERR_OK);
    assert_int_equal(reading.has_facts, reading.step != READING_SHAPE);
    assert_true(reading.place <= bytes.size);
    arena_destroy(arena);
    return reading.step;
}

static void
a_receipt_reads_as_what_was_stated(void **state)
{
    struct arena        *arena = arena_create(MEMORY);
    struct receipt_facts facts = receipts_typical(arena);
    struct str           bytes = typical(arena, RECEIPTS_ECDSA);
    struct reading       reading = {0};
    struct fault         fault = {0};

    (void)state;
    assert_int_equal(reading_make(arena, bytes, seals[RECEIPTS_ECDSA].root, &reading, &fault),
                     ERR_OK);
    assert_int_equal(reading.step, READING_GOOD);
    assert_true(reading.signed_at == RECEIPTS_MORNING + 99000);
    assert_true(str_equal(reading.sealed_by, STR("Pieczęć próbna bramy")));
    assert_true(str_equal(reading.facts.number, facts.number));
    assert_true(str_equal(reading.facts.sender_name, facts.sender_name));
    assert_true(reading.facts.arrived == facts.arrived);
    assert_int_equal(reading.facts.report_count, 2);
    assert_true(
        str_equal(reading.facts.reports[0].findings[1].title, facts.reports[0].findings[1].title));
    assert_int_equal(reading.facts.reports[0].finding_cut, 7);
    arena_destroy(arena);
}

/* The property: write, seal, read gives the same facts, which give the same bytes. */
static void
a_thousand_random_receipts_read_as_stated(void **state)
{
    struct dice   dice = {20260710};
    struct arena *arena = arena_create(MEMORY);
    struct seal  *seal = NULL;
    struct fault  fault = {0};

    (void)state;
    assert_int_equal(
        seal_create(arena, seals[RECEIPTS_ECDSA].key, seals[RECEIPTS_ECDSA].chain, &seal, &fault),
        ERR_OK);
    for (size_t i = 0; i < 1000; i++) {
        struct arena        *one = arena_create(MEMORY);
        struct receipt_facts facts = receipts_random(one, &dice);
        struct buf           before = buf_create(one, RECEIPT_SIZE_MAX);
        struct buf           after = buf_create(one, RECEIPT_SIZE_MAX);
        struct str           receipt = {0};
        struct reading       reading = {0};
        assert_int_equal(seal_receipt(one, seal, &facts, facts.decided, &receipt, &fault), ERR_OK);
        assert_int_equal(reading_make(one, receipt, (struct str){0}, &reading, &fault), ERR_OK);
        assert_int_equal(reading.step, READING_ISSUER); /* nobody is trusted: all else is good */
        assert_int_equal(receipt_write(&before, &facts, &fault), ERR_OK);
        assert_int_equal(receipt_write(&after, &reading.facts, &fault), ERR_OK);
        assert_true(str_equal(buf_str(&before), buf_str(&after)));
        arena_destroy(one);
    }
    arena_destroy(arena);
}

static void
no_altered_byte_goes_unseen(void **state)
{
    static const unsigned char    masks[] = {0x01, 0x20, 0x80, 0xFF};
    const enum receipts_seal_kind kinds[] = {RECEIPTS_ECDSA, RECEIPTS_RSA};

    (void)state;
    for (size_t kind = 0; kind < ARRAY_COUNT(kinds); kind++) {
        struct arena *arena = arena_create(MEMORY);
        struct str    bytes = typical(arena, kinds[kind]);
        struct str    altered = str_copy(arena, bytes);
        assert_int_equal(step_of(altered, seals[kinds[kind]].root), READING_GOOD);
        for (size_t at = 0; at < bytes.size; at++) {
            char *byte = (char *)altered.data + at;
            /* All masks once is enough: what follows the imprint's method is the same code. */
            size_t mask_count = kinds[kind] == RECEIPTS_ECDSA ? ARRAY_COUNT(masks) : 1;
            for (size_t i = 0; i < mask_count; i++) {
                *byte = (char)((unsigned char)bytes.data[at] ^ masks[i]);
                if (step_of(altered, seals[kinds[kind]].root) == READING_GOOD) {
                    fail_msg("byte %zu with mask %02x", at, masks[i]);
                }
            }
            *byte = bytes.data[at];
        }
        arena_destroy(arena);
    }
}

static struct str
without(struct arena *arena, struct str bytes, size_t at, size_t count)
{
    struct buf out = buf_create(arena, MEMORY);

    buf_append(&out, str_slice(bytes, 0, at));
    buf_append(&out, str_slice(bytes, at + count, bytes.size));
    return buf_str(&out);
}

static struct str
with(struct arena *arena, struct str bytes, size_t at, struct str more)
{
    struct buf out = buf_create(arena, MEMORY);

    buf_append(&out, str_slice(bytes, 0, at));
    buf_append(&out, more);
    buf_append(&out, str_slice(bytes, at, bytes.size));
    return buf_str(&out);
}

static void
nothing_cut_off_put_in_or_doubled_goes_unseen(void **state)
{
    static const char *const more[] = {" ", "\n", "<a></a>", "<!-- -->", "&amp;", "0"};
    struct arena            *arena = arena_create(MEMORY);
    struct str               bytes = typical(arena, RECEIPTS_ECDSA);
    struct str               root = seals[RECEIPTS_ECDSA].root;

    (void)state;
    for (size_t at = 0; at < bytes.size; at++) {
        struct arena *one = arena_create(MEMORY);
        assert_int_not_equal(step_of((struct str){bytes.data, at}, root), READING_GOOD);
        const char *piece = more[at % ARRAY_COUNT(more)];
        struct str  doubled = str_slice(bytes, at, 1 + at % 200);
        struct str  changed[] = {without(one, bytes, at, 1), with(one, bytes, at, str_of(piece)),
                                 with(one, bytes, at, doubled)};
        /* Each place is hit by one of them, each kind of place by all. */
        assert_int_not_equal(step_of(changed[at % ARRAY_COUNT(changed)], root), READING_GOOD);
        arena_destroy(one);
    }
    assert_int_equal(step_of(with(arena, bytes, bytes.size, STR("\n")), root), READING_SHAPE);
    assert_int_equal(step_of(with(arena, bytes, 0, STR("\xEF\xBB\xBF")), root), READING_SHAPE);
    arena_destroy(arena);
}

static void
what_is_no_receipt_is_told_so(void **state)
{
    static const char *const texts[] = {
        "",
        " ",
        "<UPO/>",
        "<UPO></UPO>",
        "<?xml version=\"1.0\"?><UPO xmlns=\"https://brama.gov.example/schematy/upo/1-0\"></UPO>",
        "<UPO xmlns=\"https://brama.gov.example/schematy/upo/1-0\">",
        "<UPO xmlns=\"https://brama.gov.example/schematy/upo/1-0\"></UPO>",
        "PK\x03\x04",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        EXPECT(step_of(str_of(texts[i]), (struct str){0}) == READING_SHAPE, texts[i]);
    }
}

/* Put another value in place of one between two marks. */
static struct str
swapped(struct arena *arena, struct str bytes, const char *before, struct str with_what)
{
    const char *found = memmem(bytes.data, bytes.size, before, strlen(before));
    struct buf  out = buf_create(arena, MEMORY);

    assert_non_null(found);
    size_t      at = (size_t)(found - bytes.data) + strlen(before);
    const char *end = memchr(bytes.data + at, '<', bytes.size - at);
    assert_non_null(end);
    buf_append(&out, str_slice(bytes, 0, at));
    buf_append(&out, with_what);
    buf_append(&out, str_slice(bytes, (size_t)(end - bytes.data), bytes.size));
    return buf_str(&out);
}

static struct str
between(struct str bytes, const char *before)
{
    const char *found = memmem(bytes.data, bytes.size, before, strlen(before));

    assert_non_null(found);
    size_t      at = (size_t)(found - bytes.data) + strlen(before);
    const char *end = memchr(bytes.data + at, '<', bytes.size - at);
    return str_slice(bytes, at, (size_t)(end - bytes.data) - at);
}

/* (r, n - s) verifies wherever (r, s) does: only the smaller s is ours. */
static void
the_twin_of_an_ecdsa_value_is_refused(void **state)
{
    static const char mark[] = "<ds:SignatureValue>";
    struct arena     *arena = arena_create(MEMORY);
    struct str        bytes = typical(arena, RECEIPTS_ECDSA);
    struct str        text = between(bytes, mark);
    char             *room = ARENA_NEW(arena, char, text.size);
    struct str        value = {0};
    unsigned char     twin[IMPRINT_ECDSA_SIZE];
    struct buf        armoured = buf_create(arena, 256);
    EC_GROUP         *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    BIGNUM           *s = BN_new();

    (void)state;
    assert_true(armour_undo(text, room, &value));
    memcpy(twin, value.data, sizeof twin);
    assert_non_null(BN_bin2bn(twin + IMPRINT_SCALAR_SIZE, IMPRINT_SCALAR_SIZE, s));
    assert_int_equal(BN_sub(s, EC_GROUP_get0_order(group), s), 1);
    assert_int_equal(BN_bn2binpad(s, twin + IMPRINT_SCALAR_SIZE, IMPRINT_SCALAR_SIZE),
                     IMPRINT_SCALAR_SIZE);
    armour_append(&armoured, (struct str){(const char *)twin, sizeof twin});
    assert_int_equal(
        step_of(swapped(arena, bytes, mark, buf_str(&armoured)), seals[RECEIPTS_ECDSA].root),
        READING_VALUE);
    BN_free(s);
    EC_GROUP_free(group);
    arena_destroy(arena);
}

static void
each_kind_of_change_is_named(void **state)
{
    static const char    second[] = "</ds:X509Certificate><ds:X509Certificate>";
    struct arena        *arena = arena_create(MEMORY);
    struct str           bytes = typical(arena, RECEIPTS_ECDSA);
    struct receipt_facts facts = receipts_typical(arena);
    struct str           other = sealed(arena, RECEIPTS_ECDSA, &facts, RECEIPTS_MORNING);
    struct str           stranger = typical(arena, RECEIPTS_SHORT_LIVED);
    struct str           root = seals[RECEIPTS_ECDSA].root;

    (void)state;
    assert_int_equal(step_of(swapped(arena, bytes, "<Indeks>", STR("43")), root), READING_DIGEST);
    assert_int_equal(
        step_of(swapped(arena, bytes, "<xades:SigningTime>", STR("2026-07-10T07:00:00.000Z")),
                root),
        READING_PROPERTIES);
    assert_int_equal(step_of(swapped(arena, bytes, "<ds:X509Certificate>",
                                     between(stranger, "<ds:X509Certificate>")),
                             root),
                     READING_CERTIFICATE);
    /* The issuer's certificate is bound as well. */
    assert_int_equal(step_of(swapped(arena, bytes, second, between(stranger, second)), root),
                     READING_CERTIFICATE);
    assert_int_equal(
        step_of(swapped(arena, bytes, "<ds:SignatureValue>", between(other, "<ds:SignatureValue>")),
                root),
        READING_VALUE);
    assert_int_equal(
        step_of(swapped(arena, bytes, "<WerdyktSlownie>", STR("przyjęte przez bramę")), root),
        READING_SHAPE);
    assert_int_equal(
        step_of(swapped(arena, bytes, "<DataWplywuUTC>", STR("2026-07-10T06:00:00.412Z")), root),
        READING_SHAPE);
    arena_destroy(arena);
}

static void
only_who_is_trusted_is_believed(void **state)
{
    const struct receipts_seal *ours = &seals[RECEIPTS_ECDSA];
    struct arena               *arena = arena_create(MEMORY);
    struct str                  bytes = typical(arena, RECEIPTS_ECDSA);
    struct reading              reading = {0};
    struct fault                fault = {0};
    struct receipt_facts        facts = receipts_typical(arena);

    (void)state;
    assert_int_equal(step_of(bytes, ours->root), READING_GOOD);
    assert_int_equal(step_of(bytes, ours->issuer), READING_GOOD);
    assert_int_equal(step_of(bytes, ours->certificate), READING_GOOD);
    assert_int_equal(step_of(bytes, (struct str){0}), READING_ISSUER);
    assert_int_equal(step_of(bytes, seals[RECEIPTS_RSA].root), READING_ISSUER);
    assert_int_equal(
        step_of(typical(arena, RECEIPTS_SHORT_LIVED), seals[RECEIPTS_SHORT_LIVED].root),
        READING_VALIDITY);
    assert_int_equal(step_of(sealed(arena, RECEIPTS_SHORT_LIVED, &facts,
                                    RECEIPTS_MORNING - INT64_C(30) * 86400 * INSTANT_PER_SECOND),
                             seals[RECEIPTS_SHORT_LIVED].root),
                     READING_GOOD);
    assert_int_equal(reading_make(arena, bytes, STR("to nie jest PEM"), &reading, &fault),
                     ERR_CRYPTO);
    arena_destroy(arena);
}

static void
reading_survives_every_memory_ceiling(void **state)
{
    struct arena *arena = arena_create(MEMORY);
    struct str    bytes = typical(arena, RECEIPTS_ECDSA);
    enum err      last = ERR_MEMORY;

    (void)state;
    for (size_t ceiling = 0; last == ERR_MEMORY; ceiling += 512) {
        struct arena  *small = arena_create(ceiling);
        struct reading reading = {.place = 77};
        struct fault   fault = {0};
        last = reading_make(small, bytes, seals[RECEIPTS_ECDSA].root, &reading, &fault);
        assert_true(last == ERR_OK ? reading.step == READING_GOOD
                                   : last == ERR_MEMORY && reading.place == 77);
        arena_destroy(small);
    }
    assert_int_equal(last, ERR_OK);
    arena_destroy(arena);
}

static void
a_reading_survives_the_way_out_of_the_sandbox(void **state)
{
    struct arena *arena = arena_create(MEMORY);
    struct str    good = typical(arena, RECEIPTS_ECDSA);
    const struct {
        struct str bytes;
        struct str trust;
    } cases[] = {
        {good,          seals[RECEIPTS_ECDSA].root},
        {good,          {0}                       },
        {swapped(arena, good,                       "<Indeks>", STR("9")), seals[RECEIPTS_ECDSA].root},
        {STR("to nie jest UPO"),    {0}   },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct reading reading = {0};
        struct reading again = {0};
        struct buf     out = buf_create(arena, MEMORY);
        struct buf     twice = buf_create(arena, MEMORY);
        struct fault   fault = {0};
        assert_int_equal(reading_make(arena, cases[i].bytes, cases[i].trust, &reading, &fault),
                         ERR_OK);
        reading_encode(&out, &reading);
        assert_int_equal(reading_decode(arena, buf_str(&out), &again, &fault), ERR_OK);
        assert_int_equal(again.step, reading.step);
        reading_encode(&twice, &again);
        assert_true(str_equal(buf_str(&out), buf_str(&twice)));
        buf_byte(&out, 0);
        assert_int_equal(reading_decode(arena, buf_str(&out), &again, &fault), ERR_WIRE);
        for (size_t size = 0; size + 1 < out.size; size++) {
            struct arena *small = arena_create(MEMORY);
            assert_int_equal(reading_decode(small, (struct str){out.data, size}, &again, &fault),
                             ERR_WIRE);
            arena_destroy(small);
        }
    }
    arena_destroy(arena);
}

static void
every_step_has_its_words(void **state)
{
    (void)state;
    for (enum reading_step step = 0; step < READING_STEP_COUNT; step++) {
        assert_true(strlen(reading_step_text(step)) > 10);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receipt_reads_as_what_was_stated),
        cmocka_unit_test(a_thousand_random_receipts_read_as_stated),
        cmocka_unit_test(no_altered_byte_goes_unseen),
        cmocka_unit_test(nothing_cut_off_put_in_or_doubled_goes_unseen),
        cmocka_unit_test(what_is_no_receipt_is_told_so),
        cmocka_unit_test(the_twin_of_an_ecdsa_value_is_refused),
        cmocka_unit_test(each_kind_of_change_is_named),
        cmocka_unit_test(only_who_is_trusted_is_believed),
        cmocka_unit_test(reading_survives_every_memory_ceiling),
        cmocka_unit_test(a_reading_survives_the_way_out_of_the_sandbox),
        cmocka_unit_test(every_step_has_its_words),
    };

    return cmocka_run_group_tests(tests, open_shop, close_shop);
}
