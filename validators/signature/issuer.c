#include "validators/signature/issuer.h"

#include <openssl/objects.h>
#include <openssl/x509.h>
#include <string.h>

enum { TYPE_MAX = 64 };

/* One "CN=..." of the text, its value unescaped into a buffer of the reader. */
struct part {
    int        type;    /* NID, NID_undef: any */
    bool       matches; /* any value */
    struct str value;
};

struct reader {
    struct str  text;
    size_t      at;
    struct part parts[ISSUER_PARTS_MAX];
    size_t      count;
    size_t      used;
    char        values[ISSUER_TEXT_MAX];
};

static bool
is_separator(char byte)
{
    return byte == ',' || byte == ';' || byte == '+';
}

static int
lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte;
}

static bool
equal_ignoring_case(struct str a, struct str b)
{
    if (a.size != b.size) {
        return false;
    }
    for (size_t i = 0; i < a.size; i++) {
        if (lower(a.data[i]) != lower(b.data[i])) {
            return false;
        }
    }
    return true;
}

/* The numeric identifier of "CN", "OID.2.5.4.97", "organizationIdentifier"; NID_undef if unknown.
 */
static int
type_of(struct str text)
{
    static const struct {
        struct str  name;
        const char *object;
    } others[] = {
        {{"S", 1},             "ST"          },
        {{"E", 1},             "emailAddress"},
        {{"SERIALNUMBER", 12}, "serialNumber"},
    };
    char name[TYPE_MAX + 1] = {0};

    for (size_t i = 0; i < ARRAY_COUNT(others); i++) {
        if (equal_ignoring_case(text, others[i].name)) {
            return OBJ_txt2nid(others[i].object);
        }
    }
    if (equal_ignoring_case(str_slice(text, 0, 4), STR("OID."))) {
        text = str_slice(text, 4, text.size);
    }
    if (text.size == 0 || text.size > TYPE_MAX || memchr(text.data, '\0', text.size) != NULL) {
        return NID_undef;
    }
    memcpy(name, text.data, text.size);
    return OBJ_txt2nid(name);
}

static int
hex_digit(char byte)
{
    const char *digits = "0123456789abcdef";
    const char *found = byte == '\0' ? NULL : strchr(digits, lower(byte));

    return found == NULL ? -1 : (int)(found - digits);
}

/* Behind a '\': a pair of hexadecimal digits, or the character itself. */
static char
take_escaped(struct reader *reader)
{
    struct str rest = str_slice(reader->text, reader->at, 2);
    int        high = rest.size == 2 ? hex_digit(rest.data[0]) : -1;
    int        low = rest.size == 2 ? hex_digit(rest.data[1]) : -1;

    if (high >= 0 && low >= 0) {
        reader->at += 2;
        return (char)(unsigned char)(high * 16 + low);
    }
    if (rest.size == 0) {
        return '\\'; /* nothing stands behind it */
    }
    reader->at++;
    return rest.data[0];
}

/* The value up to the next separator, quotes and escapes taken off. */
static struct str
take_value(struct reader *reader)
{
    size_t first = reader->used;
    bool   quoted = false;

    while (reader->at < reader->text.size
           && (quoted || !is_separator(reader->text.data[reader->at]))) {
        char byte = reader->text.data[reader->at];
        reader->at++;
        if (byte == '"') {
            quoted = !quoted;
            continue;
        }
        if (byte == '\\') {
            byte = take_escaped(reader);
        }
        reader->values[reader->used] = byte;
        reader->used++;
    }
    return str_trim((struct str){reader->values + first, reader->used - first});
}

static bool
read_part(struct reader *reader)
{
    struct str  rest = str_slice(reader->text, reader->at, reader->text.size);
    const char *equals = rest.size == 0 ? NULL : memchr(rest.data, '=', rest.size);

    if (equals == NULL || reader->count == ISSUER_PARTS_MAX) {
        return false;
    }
    struct part *part = &reader->parts[reader->count];
    part->type = type_of(str_trim((struct str){rest.data, (size_t)(equals - rest.data)}));
    reader->at += (size_t)(equals - rest.data) + 1;
    part->value = take_value(reader);
    part->matches = str_starts_with(part->value, STR("#"));
    reader->at++; /* the separator */
    reader->count++;
    return true;
}

/* Equal but for white space and case of letters. */
static bool
same_value(struct str a, struct str b)
{
    size_t i = 0;
    size_t j = 0;

    while (i < a.size && j < b.size) {
        if (a.data[i] == ' ' && b.data[j] == ' ') {
            i += a.size - i - str_trim(str_slice(a, i, a.size)).size;
            j += b.size - j - str_trim(str_slice(b, j, b.size)).size;
        } else if (lower(a.data[i]) == lower(b.data[j])) {
            i++;
            j++;
        } else {
            return false;
        }
    }
    return i >= a.size && j >= b.size;
}

/* Takes the first unused part that fits an entry of the certificate's name. */
static bool
match_entry(struct reader *reader, const X509_NAME_ENTRY *entry, bool *used)
{
    int            type = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
    unsigned char *utf8 = NULL;
    int            size = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(entry));

    if (size < 0) {
        return false;
    }
    struct str value = str_trim((struct str){(const char *)utf8, (size_t)size});
    size_t     at = 0;
    for (at = 0; at < reader->count; at++) {
        const struct part *part = &reader->parts[at];
        if (!used[at] && (part->type == type || part->type == NID_undef)
            && (part->matches || same_value(part->value, value))) {
            break;
        }
    }
    OPENSSL_free(utf8);
    if (at == reader->count) {
        return false;
    }
    used[at] = true;
    return true;
}

bool
issuer_matches(const X509_NAME *name, struct str text)
{
    struct reader reader = {.text = text};
    bool          used[ISSUER_PARTS_MAX] = {0};
    int           count = X509_NAME_entry_count(name);

    if (text.size == 0 || text.size > ISSUER_TEXT_MAX) {
        return false;
    }
    while (reader.at < text.size) {
        if (!read_part(&reader)) {
            return false;
        }
    }
    if (count < 1 || (size_t)count != reader.count) {
        return false;
    }
    for (int i = 0; i < count; i++) {
        if (!match_entry(&reader, X509_NAME_get_entry(name, i), used)) {
            return false;
        }
    }
    return true;
}
