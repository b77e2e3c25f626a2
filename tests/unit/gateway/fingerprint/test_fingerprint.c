#include "gateway/fingerprint/fingerprint.h"
#include "tests/support/expect.h"
#include "validators/base/buf.h"

enum { ARENA_MAX = 4096 };

/* The examples of FIPS 180-4, and the empty text. */
static const struct {
    const char *text;
    const char *sha256;
} examples[] = {
    {"",                                                         "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc",                                                      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"                                                            },
};

static void
a_fingerprint_is_that_of_the_standard_wherever_the_bytes_are_cut(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(examples); i++) {
        struct str text = str_of(examples[i].text);

        for (size_t cut = 0; cut <= text.size; cut++) {
            unsigned char sha256[FINGERPRINT_SIZE] = {0};
            struct fault  fault = {0};
            struct arena *arena = arena_create(ARENA_MAX);
            struct buf    hex = buf_create(arena, (size_t)2 * FINGERPRINT_SIZE);

            assert_int_equal(fingerprint_of_two(str_slice(text, 0, cut),
                                                str_slice(text, cut, text.size), sha256, &fault),
                             ERR_OK);
            buf_hex(&hex, sha256, sizeof sha256);
            EXPECT(str_equal(buf_str(&hex), str_of(examples[i].sha256)), examples[i].text);
            arena_destroy(arena);
        }
    }
}

static void
fingerprints_are_equal_only_when_every_byte_is(void **state)
{
    struct fault fault = {0};

    (void)state;
    for (size_t i = 0; i < FINGERPRINT_SIZE; i++) {
        unsigned char a[FINGERPRINT_SIZE];
        unsigned char b[FINGERPRINT_SIZE];

        assert_int_equal(fingerprint_of(STR("abc"), a, &fault), ERR_OK);
        assert_int_equal(fingerprint_of(STR("abc"), b, &fault), ERR_OK);
        assert_true(fingerprint_equal(a, b));
        b[i] ^= 1U;
        assert_false(fingerprint_equal(a, b));
        assert_false(str_equal(fingerprint_str(a), fingerprint_str(b)));
    }
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fingerprint_is_that_of_the_standard_wherever_the_bytes_are_cut),
        cmocka_unit_test(fingerprints_are_equal_only_when_every_byte_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
