#include "gateway/people/secret.h"

#include "gateway/fingerprint/fingerprint.h"

#include <openssl/crypto.h>
#include <string.h>
#include <sys/random.h>

enum { PREFIX_SIZE_MAX = 32 };

enum err
secret_random(unsigned char *out, size_t size, struct fault *fault)
{
    if (getrandom(out, size, 0) != (ssize_t)size) {
        return FAIL(fault, ERR_SYSTEM, "the system gave no random bytes");
    }
    return ERR_OK;
}

void
secret_write(struct buf *out, const unsigned char *bytes, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    unsigned          waiting = 0;
    unsigned          bits = 0;

    for (size_t i = 0; i < size; i++) {
        waiting = (waiting << 8U) | bytes[i];
        bits += 8;
        while (bits >= 6) {
            bits -= 6;
            buf_byte(out, digits[(waiting >> bits) & 63U]);
        }
    }
    if (bits > 0) {
        buf_byte(out, digits[(waiting << (6 - bits)) & 63U]);
    }
}

enum err
secret_make(struct arena *arena, struct str prefix, struct str *text,
            unsigned char digest[SECRET_DIGEST_SIZE], struct fault *fault)
{
    struct buf    out = buf_create(arena, PREFIX_SIZE_MAX + SECRET_TEXT_SIZE);
    unsigned char secret[SECRET_SIZE];

    TRY(secret_random(secret, sizeof secret, fault));
    buf_append(&out, prefix);
    secret_write(&out, secret, sizeof secret);
    explicit_bzero(secret, sizeof secret);
    if (!buf_ok(&out)) {
        return FAIL(fault, ERR_MEMORY, "no room for a secret");
    }
    TRY(fingerprint_of(buf_str(&out), digest, fault));
    *text = buf_str(&out);
    return ERR_OK;
}

enum err
secret_uuid(struct uuid *out, struct fault *fault)
{
    struct uuid uuid;

    TRY(secret_random(uuid.bytes, sizeof uuid.bytes, fault));
    uuid.bytes[6] = (unsigned char)((uuid.bytes[6] & 0x0FU) | 0x40U); /* RFC 9562, 5.4 */
    uuid.bytes[8] = (unsigned char)((uuid.bytes[8] & 0x3FU) | 0x80U);
    *out = uuid;
    return ERR_OK;
}

bool
secret_equal(struct str a, struct str b)
{
    return a.size == b.size && a.size > 0 && CRYPTO_memcmp(a.data, b.data, a.size) == 0;
}
