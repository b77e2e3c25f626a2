/*
 * Headers and parameters: whatever the text, what is accepted keeps its promise (a key is printable
 * and short, a token has no blank, a number is within its bounds), and what is refused leaves its
 * output untouched.
 */
#include "gateway/front/credential.h"
#include "gateway/front/header.h"
#include "gateway/front/parameter.h"
#include "gateway/front/route.h"

#include <string.h>

enum { MEMORY = 128 * 1024, NUMBER_MAX = 25 };

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void
try_digests(struct str text)
{
    unsigned char digest[HEADER_SHA256_SIZE] = {0xA5};
    struct arena *arena = arena_create(MEMORY);
    struct fault  fault = {0};

    ENSURE(header_content_digest(text, digest) || digest[0] == 0xA5);
    digest[0] = 0xA5;
    if (credential_of_certificate(arena, text, digest, &fault) != ERR_OK) {
        ENSURE(digest[0] == 0xA5 && fault.code != ERR_OK);
    }
    arena_destroy(arena);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct str text = {size == 0 ? "" : (const char *)data, size};
    struct str token = {0};
    int64_t    number = -1;

    ENSURE(!header_key_valid(text) || (size >= 1 && size <= HEADER_KEY_MAX));
    if (header_bearer(text, &token)) {
        ENSURE(token.size > 0 && memchr(token.data, ' ', token.size) == NULL);
    }
    if (header_cookie(text, &token)) {
        ENSURE(token.size == 43 && memchr(token.data, ';', token.size) == NULL);
    }
    ENSURE(header_prefer(text).wait_seconds >= -1);
    enum parameter_found found = parameter_number(text, STR("wait"), NUMBER_MAX, &number);
    ENSURE((found == PARAMETER_GOOD) == (number >= 0 && number <= NUMBER_MAX));
    const struct route *route = route_find(text);
    ENSURE(route == NULL || (size > 0 && data[0] == '/'));
    ENSURE(!header_field_valid(STR("X"), text) || memchr(text.data, 0x0D, text.size) == NULL);
    (void)header_is_xml(text);
    (void)header_content_coding(text);
    try_digests(text);
    return 0;
}
