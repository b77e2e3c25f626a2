#include "gateway/page_guard/page_guard.h"

#include "gateway/fingerprint/fingerprint.h"
#include "validators/base/buf.h"

#include <openssl/crypto.h>

/* The public address without its path: scheme, host, port. */
static struct str
origin_of(struct str url)
{
    size_t end = STR("https://").size;

    while (end < url.size && url.data[end] != '/') {
        end++;
    }
    return str_slice(url, 0, end);
}

bool
page_guard_is_ours(struct str origin, struct str public_url)
{
    return origin.size == 0 || str_equal(origin, origin_of(public_url));
}

enum err
page_guard_token(struct arena *arena, const unsigned char session[PAGE_GUARD_DIGEST_SIZE],
                 struct str *out, struct fault *fault)
{
    struct buf    text = buf_create(arena, PAGE_GUARD_TOKEN_SIZE);
    unsigned char token[FINGERPRINT_SIZE];

    TRY(fingerprint_of_two(STR("brama csrf "), fingerprint_str(session), token, fault));
    buf_hex(&text, token, sizeof token);
    if (!buf_ok(&text)) {
        return FAIL(fault, ERR_MEMORY, "no room for a token");
    }
    *out = buf_str(&text);
    return ERR_OK;
}

enum err
page_guard_check(struct arena *arena, const unsigned char session[PAGE_GUARD_DIGEST_SIZE],
                 struct str shown, bool *good, struct fault *fault)
{
    struct str want = {0};

    TRY(page_guard_token(arena, session, &want, fault));
    *good = shown.size == want.size && CRYPTO_memcmp(shown.data, want.data, want.size) == 0;
    return ERR_OK;
}
