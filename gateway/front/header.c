#include "gateway/front/header.h"

#include <string.h>
#include <strings.h>

enum {
    TOKEN_SIZE_MAX = 256,
    SESSION_TOKEN_SIZE = 43,
    WAIT_DIGITS_MAX = 6,
    SEXTET_BITS = 6,
    OCTET_BITS = 8,
    OCTET = 0xFF,
};

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* ASCII letters of either case are the same (RFC 9110, 5.6). */
static bool
same_word(struct str text, const char *word)
{
    return text.size == strlen(word) && strncasecmp(text.data, word, text.size) == 0;
}

/* Blanks and tabs at both ends away (RFC 9110: OWS). */
static struct str
trim(struct str text)
{
    while (text.size > 0 && (text.data[0] == ' ' || text.data[0] == '\t')) {
        text = str_slice(text, 1, text.size - 1);
    }
    while (text.size > 0 && (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '\t')) {
        text.size--;
    }
    return text;
}

static bool
is_token(struct str name)
{
    static const char marks[] = "!#$%&'*+-.^_`|~";

    for (size_t i = 0; i < name.size; i++) {
        char at = name.data[i];
        bool letter = (at >= 'a' && at <= 'z') || (at >= 'A' && at <= 'Z');
        bool digit = at >= '0' && at <= '9';
        if (!letter && !digit && (at == '\0' || strchr(marks, at) == NULL)) {
            return false;
        }
    }
    return name.size > 0;
}

bool
header_field_valid(struct str name, struct str value)
{
    for (size_t i = 0; i < value.size; i++) {
        unsigned char at = (unsigned char)value.data[i];
        if ((at < 0x20 && at != '\t') || at == 0x7F) {
            return false;
        }
    }
    return is_token(name);
}

bool
header_key_valid(struct str text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < 0x20 || text.data[i] > 0x7E) {
            return false;
        }
    }
    return text.size >= 1 && text.size <= HEADER_KEY_MAX;
}

/* The value of one character of base64, -1 for any other. */
static int
sextet(char character)
{
    const char *found = character == '\0' ? NULL : strchr(alphabet, character);

    return found == NULL ? -1 : (int)(found - alphabet);
}

/* Base64 of exactly 32 bytes: 43 characters, one '=', and no bits left over (RFC 4648, 3.5). */
static bool
decode_digest(struct str text, unsigned char *out)
{
    unsigned pending = 0;
    unsigned bits = 0;
    size_t   size = 0;

    if (text.size != 44 || text.data[43] != '=') {
        return false;
    }
    for (size_t i = 0; i < 43; i++) {
        int value = sextet(text.data[i]);
        if (value < 0) {
            return false;
        }
        pending = pending << SEXTET_BITS | (unsigned)value;
        bits += SEXTET_BITS;
        if (bits >= OCTET_BITS) {
            bits -= OCTET_BITS;
            out[size++] = (unsigned char)(pending >> bits & OCTET);
        }
    }
    return (pending & ((1U << bits) - 1)) == 0;
}

static bool
is_member_key(struct str key)
{
    for (size_t i = 0; i < key.size; i++) {
        if (strchr("abcdefghijklmnopqrstuvwxyz0123456789_-.*", key.data[i]) == NULL
            || key.data[i] == '\0') {
            return false;
        }
    }
    return key.size > 0;
}

/* A byte sequence of RFC 8941: base64 between colons. */
static bool
take_sequence(struct str value, struct str *base64)
{
    if (value.size < 2 || value.data[0] != ':' || value.data[value.size - 1] != ':') {
        return false;
    }
    *base64 = str_slice(value, 1, value.size - 2);
    for (size_t i = 0; i < base64->size; i++) {
        if (sextet(base64->data[i]) < 0 && base64->data[i] != '=') {
            return false;
        }
    }
    return true;
}

bool
header_content_digest(struct str text, unsigned char sha256[HEADER_SHA256_SIZE])
{
    unsigned char found[HEADER_SHA256_SIZE] = {0};
    struct str    piece;
    size_t        count = 0;

    while (str_cut(&text, ',', &piece)) {
        struct str key;
        struct str value = trim(piece);
        struct str base64;

        if (!str_cut(&value, '=', &key) || !is_member_key(key) || !take_sequence(value, &base64)) {
            return false;
        }
        if (!str_equal(key, STR("sha-256"))) {
            continue;
        }
        if (!decode_digest(base64, found)) {
            return false;
        }
        count++;
    }
    if (count != 1) {
        return false;
    }
    memcpy(sha256, found, sizeof found);
    return true;
}

bool
header_is_xml(struct str text)
{
    struct str type;

    if (!str_cut(&text, ';', &type)) {
        return false;
    }
    type = trim(type);
    return same_word(type, "application/xml") || same_word(type, "text/xml");
}

bool
header_is_json(struct str text)
{
    struct str type;

    return str_cut(&text, ';', &type) && same_word(trim(type), "application/json");
}

bool
header_is_csv(struct str text)
{
    struct str type;

    return str_cut(&text, ';', &type) && same_word(trim(type), "text/csv");
}

enum header_coding
header_content_coding(struct str text)
{
    text = trim(text);
    if (text.size == 0 || same_word(text, "identity")) {
        return HEADER_CODING_NONE;
    }
    return same_word(text, "gzip") || same_word(text, "x-gzip") ? HEADER_CODING_GZIP
                                                                : HEADER_CODING_OTHER;
}

static void
read_preference(struct str piece, struct header_preference *preference)
{
    struct str name;
    struct str value = piece;

    if (!str_cut(&value, '=', &name)) {
        return;
    }
    name = trim(name);
    if (same_word(name, "respond-async") && value.data == NULL) {
        preference->respond_async = true;
        return;
    }
    value = trim(value);
    int64_t seconds = 0;
    if (same_word(name, "wait") && value.size <= WAIT_DIGITS_MAX
        && str_to_number(value, &seconds)) {
        preference->wait_seconds = seconds;
    }
}

struct header_preference
header_prefer(struct str text)
{
    struct header_preference preference = {.wait_seconds = -1};
    struct str               piece;

    while (str_cut(&text, ',', &piece)) {
        read_preference(trim(piece), &preference);
    }
    return preference;
}

bool
header_bearer(struct str text, struct str *token)
{
    struct str rest = trim(text);
    struct str scheme;

    if (!str_cut(&rest, ' ', &scheme) || !same_word(scheme, "Bearer")) {
        return false;
    }
    rest = trim(rest);
    for (size_t i = 0; i < rest.size; i++) {
        /* token68 of RFC 9110: what a token of ours is made of, and little more. */
        if (sextet(rest.data[i]) < 0
            && (rest.data[i] == '\0' || strchr("-._~=", rest.data[i]) == NULL)) {
            return false;
        }
    }
    if (rest.size == 0 || rest.size > TOKEN_SIZE_MAX) {
        return false;
    }
    *token = rest;
    return true;
}

static bool
is_session_token(struct str text)
{
    for (size_t i = 0; i < text.size; i++) {
        char at = text.data[i];
        bool letter = (at >= 'a' && at <= 'z') || (at >= 'A' && at <= 'Z');
        if (!letter && !(at >= '0' && at <= '9') && at != '-' && at != '_') {
            return false;
        }
    }
    return text.size == SESSION_TOKEN_SIZE;
}

bool
header_cookie(struct str text, struct str *token)
{
    struct str rest = text;
    struct str piece = {0};
    size_t     found = 0;
    struct str value = {0};

    while (rest.size > 0 && str_cut(&rest, ';', &piece)) {
        struct str one = str_trim(piece);
        struct str name = {0};
        if (str_cut(&one, '=', &name) && str_equal(name, STR("__Host-brama"))) {
            value = one;
            found++;
        }
    }
    if (found != 1 || !is_session_token(value)) {
        return false;
    }
    *token = value;
    return true;
}
