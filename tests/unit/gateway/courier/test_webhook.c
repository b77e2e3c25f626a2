#include "gateway/courier/webhook.h"
#include "tests/support/expect.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

enum { ROOM = 1 << 20, TEXT_MAX = 512, RAW_MAX = 128, PUBLIC_SIZE = 32, SIGNATURE_SIZE = 64 };

static struct arena *arena;

static int
open_arena(void **state)
{
    (void)state;
    arena = arena_create(ROOM);
    return 0;
}

static int
close_arena(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

/* A new private key as PEM. */
static struct str
new_pem(const char *kind)
{
    EVP_PKEY *key = strcmp(kind, "EC") == 0 ? EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256")
                                            : EVP_PKEY_Q_keygen(NULL, NULL, kind);
    BIO      *bio = BIO_new(BIO_s_mem());
    char     *text = NULL;

    assert_non_null(key);
    assert_int_equal(PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL), 1);
    long       size = BIO_get_mem_data(bio, &text);
    struct str copy = str_copy(arena, (struct str){text, (size_t)size});
    BIO_free(bio);
    EVP_PKEY_free(key);
    return copy;
}

static size_t
undo(const char *text, unsigned char *room)
{
    int    size = EVP_DecodeBlock(room, (const unsigned char *)text, (int)strlen(text));
    size_t padding = strlen(text) - strcspn(text, "=");

    assert_true(size > 0);
    return (size_t)size - padding;
}

/* As a receiver does it, with OpenSSL alone. */
static bool
verifies(const char *public_key, const char *signature, const char *content)
{
    unsigned char raw[RAW_MAX];
    unsigned char value[RAW_MAX];

    assert_int_equal(strncmp(public_key, "whpk_", 5), 0);
    assert_int_equal(strncmp(signature, "v1a,", 4), 0);
    assert_int_equal(undo(public_key + 5, raw), PUBLIC_SIZE);
    assert_int_equal(undo(signature + 4, value), SIGNATURE_SIZE);
    EVP_PKEY   *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, raw, PUBLIC_SIZE);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool        good = EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1
                && EVP_DigestVerify(context, value, SIGNATURE_SIZE, (const unsigned char *)content,
                                    strlen(content))
                       == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(key);
    return good;
}

static void
signature_is_that_of_standard_webhooks(void **state)
{
    struct webhook_key *key = NULL;
    struct fault        fault = {0};
    struct str          signature = {0};

    (void)state;
    assert_int_equal(webhook_key_create(arena, new_pem("ED25519"), &key, &fault), ERR_OK);
    assert_int_equal(webhook_sign(arena, key,
                                  &(struct webhook_message){.id = STR("msg_1"),
                                                            .at = 1674087231,
                                                            .body = STR("{\"a\":1}")},
                                  &signature, &fault),
                     ERR_OK);
    const char *public_key = str_copy(arena, webhook_public_key(key)).data;
    const char *text = str_copy(arena, signature).data;
    assert_true(verifies(public_key, text, "msg_1.1674087231.{\"a\":1}"));
    assert_false(verifies(public_key, text, "msg_2.1674087231.{\"a\":1}"));
    assert_false(verifies(public_key, text, "msg_1.1674087232.{\"a\":1}"));
    assert_false(verifies(public_key, text, "msg_1.1674087231.{\"a\":2}"));
}

/* The example of the libraries of Standard Webhooks. */
static void
secrets_add_a_code_each_that_libraries_know(void **state)
{
    static const unsigned char known[] = {0x31, 0xf2, 0x90, 0xf6, 0xbf, 0x06, 0x29, 0x8a,
                                          0xab, 0x4f, 0x08, 0xd4, 0x3c, 0x3f, 0x08, 0x2c,
                                          0xf6, 0x48, 0xa3, 0x62, 0xda, 0x2d, 0xa4, 0xb0};
    struct webhook_key        *key = NULL;
    struct fault               fault = {0};
    struct str                 signature = {0};
    struct webhook_message     message = {
            .id = STR("msg_p5jXN8AQM9LWM0D4loKWxJek"),
            .at = 1614265330,
            .body = STR("{\"test\": 2432232314}"),
            .secrets = {{(const char *)known, sizeof known}, STR("drugi")},
    };

    (void)state;
    assert_int_equal(webhook_key_create(arena, new_pem("ED25519"), &key, &fault), ERR_OK);
    assert_int_equal(webhook_sign(arena, key, &message, &signature, &fault), ERR_OK);
    const char *text = str_copy(arena, signature).data;
    assert_int_equal(strncmp(text, "v1a,", 4), 0);
    const char *code = strstr(text, " v1,");
    assert_non_null(code);
    assert_int_equal(strncmp(code, " v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v1,", 52), 0);
    message.secrets[1] = (struct str){0};
    assert_int_equal(webhook_sign(arena, key, &message, &signature, &fault), ERR_OK);
    assert_null(strstr(strstr(str_copy(arena, signature).data, " v1,") + 1, " v1,"));
}

static void
key_that_is_not_ed25519_is_refused(void **state)
{
    const struct {
        const char *name;
        struct str  pem;
    } cases[] = {
        {"nothing",      STR("")                     },
        {"no PEM",       STR("klucz")                },
        {"cut",          str_slice(new_pem("ED25519"), 0, 60)},
        {"another kind",           new_pem("EC")                                      },
        {"to exchange",new_pem("X25519")},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct webhook_key *key = NULL;
        struct fault        fault = {0};
        EXPECT(webhook_key_create(arena, cases[i].pem, &key, &fault) == ERR_CRYPTO, cases[i].name);
        EXPECT(key == NULL && strstr(fault.text, "Ed25519") != NULL, cases[i].name);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signature_is_that_of_standard_webhooks),
        cmocka_unit_test(secrets_add_a_code_each_that_libraries_know),
        cmocka_unit_test(key_that_is_not_ed25519_is_refused),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
