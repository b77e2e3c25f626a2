#ifndef GATEWAY_PAGE_GUARD_PAGE_GUARD_H
#define GATEWAY_PAGE_GUARD_PAGE_GUARD_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/*
 * Whether a request that changes anything was meant by the person whose browser sent it. A browser
 * shows its cookie, and its certificate, to us from any page; what a foreign page cannot do is to
 * name our origin, and to know the token that only our pages are given. Pure.
 */
enum { PAGE_GUARD_DIGEST_SIZE = 32, PAGE_GUARD_TOKEN_SIZE = 64 };

/* Whether the header Origin names our own address, or is not there: then it was no browser. */
bool page_guard_is_ours(struct str origin, struct str public_url);

/*
 * The token that is shown besides the cookie (X-CSRF-Token): derived from the session's digest, so
 * that it need not be kept, and worth nothing without the cookie. ERR_CRYPTO, ERR_MEMORY.
 */
MUST_USE enum err page_guard_token(struct arena       *arena,
                                   const unsigned char session[PAGE_GUARD_DIGEST_SIZE],
                                   struct str *out, struct fault *fault);

/* Whether what was shown is that token; takes as long whatever was shown. The same errors. */
MUST_USE enum err page_guard_check(struct arena       *arena,
                                   const unsigned char session[PAGE_GUARD_DIGEST_SIZE],
                                   struct str shown, bool *good, struct fault *fault);

#endif
