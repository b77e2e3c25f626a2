#include "gateway/people/password.h"

#include "gateway/people/guessable.h"

#include <sodium.h>
#include <string.h>

enum { DIFFERENT_MIN = 5, NAME_SIZE_MIN = 4, KIBIBYTE = 1024 };

/* "$argon2id$v=19$m=19456,t=2,p=1$salt$hash": the fourth piece; its product stays a size. */
enum { PARAMETERS_PIECE = 4, PARAMETER_MAX = 1 << 24 };

/* Of nobody: made once, with today's parameters, of a password that is thrown away. */
static char nobody[crypto_pwhash_STRBYTES];

enum err
password_warm_up(struct fault *fault)
{
    unsigned char secret[32];

    if (sodium_init() < 0) {
        return FAIL(fault, ERR_CRYPTO, "libsodium does not start");
    }
    if (nobody[0] != '\0') {
        return ERR_OK;
    }
    randombytes_buf(secret, sizeof secret);
    int got = crypto_pwhash_str_alg(nobody, (const char *)secret, sizeof secret, PASSWORD_PASSES,
                                    PASSWORD_MEMORY, crypto_pwhash_ALG_ARGON2ID13);
    sodium_memzero(secret, sizeof secret);
    return got == 0 ? ERR_OK : FAIL(fault, ERR_CRYPTO, "no memory for argon2id");
}

static size_t
count_characters(struct str text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.size; i++) {
        count += ((unsigned char)text.data[i] & 0xC0U) != 0x80U ? 1 : 0;
    }
    return count;
}

static size_t
count_different(struct str text)
{
    bool   seen[256] = {false};
    size_t count = 0;

    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        count += seen[byte] ? 0 : 1;
        seen[byte] = true;
    }
    return count;
}

static bool
has_control(struct str text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte < 0x20U || byte == 0x7FU) {
            return true;
        }
    }
    return false;
}

static char
lower(char letter)
{
    if (letter >= 'A' && letter <= 'Z') {
        return (char)(letter - 'A' + 'a');
    }
    return letter;
}

/* Whether text holds part, upper and lower case of ASCII alike. */
static bool
holds(struct str text, struct str part)
{
    for (size_t from = 0; from + part.size <= text.size; from++) {
        size_t same = 0;
        while (same < part.size && lower(text.data[from + same]) == lower(part.data[same])) {
            same++;
        }
        if (same == part.size) {
            return true;
        }
    }
    return false;
}

enum password_fault
password_judge(struct str password, struct str email, struct str name)
{
    struct str rest = email;
    struct str account = {0};

    if (password.size > PASSWORD_SIZE_MAX) {
        return PASSWORD_TOO_LONG;
    }
    if (!str_is_utf8(password) || has_control(password)) {
        return PASSWORD_NOT_TEXT;
    }
    if (count_characters(password) < PASSWORD_CHARACTERS_MIN) {
        return PASSWORD_TOO_SHORT;
    }
    bool named =
        str_cut(&rest, '@', &account) && account.size >= NAME_SIZE_MIN && holds(password, account);
    if (named || count_different(password) < DIFFERENT_MIN) {
        return PASSWORD_OBVIOUS;
    }
    return guessable_left(password, email, name) < GUESSABLE_LEFT_MIN ? PASSWORD_GUESSABLE
                                                                      : PASSWORD_GOOD;
}

enum err
password_hash(struct arena *arena, struct str password, struct str *out, struct fault *fault)
{
    char text[crypto_pwhash_STRBYTES];

    ENSURE(password.size <= PASSWORD_SIZE_MAX);
    if (crypto_pwhash_str_alg(text, password.data, password.size, PASSWORD_PASSES, PASSWORD_MEMORY,
                              crypto_pwhash_ALG_ARGON2ID13)
        != 0) {
        return FAIL(fault, ERR_CRYPTO, "no memory for argon2id");
    }
    struct str copy = str_copy(arena, str_of(text));
    if (copy.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "no room for a hash");
    }
    *out = copy;
    return ERR_OK;
}

/* The number of a parameter ("m=") of a hash; 0: it does not stand there, or none has so much. */
static size_t
parameter_of(struct str hash, struct str name)
{
    struct str parameters = {0};
    struct str one = {0};
    int64_t    value = 0;

    for (size_t i = 0; i < PARAMETERS_PIECE; i++) {
        (void)str_cut(&hash, '$', &parameters);
    }
    while (str_cut(&parameters, ',', &one)) {
        if (str_starts_with(one, name) && str_to_number(str_slice(one, name.size, one.size), &value)
            && value > 0 && value <= PARAMETER_MAX) {
            return (size_t)value;
        }
    }
    return 0;
}

/*
 * The work that comparing with a weaker hash has left out of what comparing with nobody's takes:
 * as many passes, over the part of the memory that is missing. Without it everybody whose hash is
 * old could be told from those who are not there. False when there is no memory for it.
 */
static bool
make_up_for(struct str hash)
{
    static const unsigned char salt[crypto_pwhash_SALTBYTES];
    unsigned char              out[crypto_pwhash_BYTES_MIN];
    size_t                     whole = (size_t)PASSWORD_MEMORY * PASSWORD_PASSES;
    size_t spent = parameter_of(hash, STR("m=")) * KIBIBYTE * parameter_of(hash, STR("t="));
    size_t missing = spent < whole ? (whole - spent) / PASSWORD_PASSES : 0;

    return missing < crypto_pwhash_MEMLIMIT_MIN
           || crypto_pwhash(out, sizeof out, "", 0, salt, PASSWORD_PASSES, missing,
                            crypto_pwhash_ALG_ARGON2ID13)
                  == 0;
}

bool
password_verify(struct str hash, struct str password)
{
    char   text[crypto_pwhash_STRBYTES] = {0};
    bool   somebody = hash.size > 0 && hash.size < sizeof text;
    size_t size = password.size > PASSWORD_SIZE_MAX ? 0 : password.size;

    ENSURE(nobody[0] != '\0'); /* warmed up */
    memcpy(text, somebody ? hash.data : nobody, somebody ? hash.size : strlen(nobody));
    bool fits =
        crypto_pwhash_str_verify(text, password.data == NULL ? "" : password.data, size) == 0;
    bool made_up = !somebody || make_up_for(hash);
    return fits && somebody && made_up && size == password.size;
}

bool
password_is_dated(struct str hash)
{
    char text[crypto_pwhash_STRBYTES] = {0};

    if (hash.size >= sizeof text) {
        return true;
    }
    memcpy(text, hash.data, hash.size);
    return crypto_pwhash_str_needs_rehash(text, PASSWORD_PASSES, PASSWORD_MEMORY) != 0;
}
