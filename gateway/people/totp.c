#include "gateway/people/totp.h"

#include "gateway/people/secret.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

enum { HMAC_SIZE = 20, COUNTER_SIZE = 8, CODE_SIZE_MAX = 16, MODULUS = 1000000, WINDOW = 1 };

enum err
totp_code(struct str secret, int64_t step, int *out, struct fault *fault)
{
    unsigned char counter[COUNTER_SIZE];
    unsigned char mac[HMAC_SIZE];
    unsigned      size = 0;

    for (size_t i = 0; i < sizeof counter; i++) {
        counter[i] = (unsigned char)((uint64_t)step >> (8 * (sizeof counter - 1 - i)));
    }
    if (HMAC(EVP_sha1(), secret.data, (int)secret.size, counter, sizeof counter, mac, &size) == NULL
        || size != sizeof mac) {
        return FAIL(fault, ERR_CRYPTO, "HMAC-SHA-1");
    }
    /* RFC 4226, 5.3: four bytes from where the last four bits say, without the sign. */
    size_t   at = mac[sizeof mac - 1] & 0x0FU;
    uint32_t number = ((uint32_t)(mac[at] & 0x7FU) << 24U) | ((uint32_t)mac[at + 1] << 16U)
                      | ((uint32_t)mac[at + 2] << 8U) | mac[at + 3];
    *out = (int)(number % MODULUS);
    return ERR_OK;
}

enum err
totp_find(struct str secret, struct str code, moment at, int64_t *step, struct fault *fault)
{
    int64_t now = at / TOTP_STEP_SECONDS;
    int64_t found = 0;

    /* All three are computed, whichever it is. */
    for (int64_t i = now - WINDOW; i <= now + WINDOW; i++) {
        char       text[CODE_SIZE_MAX];
        int        want = 0;
        struct str digits = {text, TOTP_DIGITS};
        TRY(totp_code(secret, i, &want, fault));
        for (size_t d = TOTP_DIGITS; d > 0; d--) {
            text[d - 1] = (char)('0' + want % 10);
            want /= 10;
        }
        if (secret_equal(digits, code)) {
            found = i;
        }
    }
    *step = found;
    return ERR_OK;
}

void
totp_write_secret(struct buf *out, struct str secret)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned          waiting = 0;
    unsigned          bits = 0;

    for (size_t i = 0; i < secret.size; i++) {
        waiting = (waiting << 8U) | (unsigned char)secret.data[i];
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            buf_byte(out, digits[(waiting >> bits) & 31U]);
        }
    }
    if (bits > 0) {
        buf_byte(out, digits[(waiting << (5 - bits)) & 31U]);
    }
}

/* RFC 3986, 2.3: what need not be escaped. */
static bool
is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'
           || c == '.' || c == '_' || c == '~';
}

void
totp_write_uri(struct buf *out, struct str secret, struct str account)
{
    buf_append(out, STR("otpauth://totp/Brama:"));
    for (size_t i = 0; i < account.size; i++) {
        if (is_unreserved(account.data[i])) {
            buf_byte(out, account.data[i]);
        } else {
            buf_format(out, "%%%02X", (unsigned)(unsigned char)account.data[i]);
        }
    }
    buf_append(out, STR("?secret="));
    totp_write_secret(out, secret);
    buf_format(out, "&issuer=Brama&algorithm=SHA1&digits=%d&period=%d", TOTP_DIGITS,
               TOTP_STEP_SECONDS);
}
