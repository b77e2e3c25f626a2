#include "validators/prescan/opening.h"

#include "validators/prescan/scan.h"

#include <string.h>
#include <strings.h>

enum {
    BLANKS_MAX = 64 * 1024, /* white space skipped in search of the first "<" */
    LOOK_MAX = 4096,        /* how far into an archive its member names are looked for */
};

struct magic {
    struct str  bytes;
    const char *name;
};

/* A str for a table; literals with NUL bytes keep their size. */
#define BYTES(literal)                  \
    {                                   \
        "" literal, sizeof(literal) - 1 \
    }

/* Bytes that begin XML (or any text) in another encoding. Longer ones stand before their
 * beginnings. */
static const struct magic encodings[] = {
    {BYTES("\xFF\xFE\0\0"),     "UTF-32"},
    {BYTES("\0\0\xFE\xFF"),     "UTF-32"},
    {BYTES("<\0\0\0"),          "UTF-32"},
    {BYTES("\0\0\0<"),          "UTF-32"},
    {BYTES("\xFF\xFE"),         "UTF-16"},
    {BYTES("\xFE\xFF"),         "UTF-16"},
    {BYTES("<\0"),              "UTF-16"},
    {BYTES("\0<"),              "UTF-16"},
    {BYTES("+/v"),              "UTF-7" },
    {BYTES("+ADw"),             "UTF-7" },
    {BYTES("\x4C\x6F\xA7\x94"), "EBCDIC"},
};

static const struct magic kinds[] = {
    {BYTES("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
     "arkusz Excela albo inny dokument w starym formacie Office (XLS, DOC)"                      },
    {BYTES("%PDF-"),                            "dokument PDF"                                   },
    {BYTES("\x1F\x8B"),                         "archiwum gzip"                                  },
    {BYTES("7z\xBC\xAF\x27\x1C"),               "archiwum 7z"                                    },
    {BYTES("Rar!"),                             "archiwum RAR"                                   },
    {BYTES("{\\rtf"),                           "dokument tekstowy RTF"                          },
    {BYTES("{"),                                "plik JSON"                                      },
    {BYTES("["),                                "plik JSON"                                      },
    {BYTES("-----BEGIN"),                       "certyfikat albo klucz w formacie PEM"           },
    {BYTES("\x30\x80"),                         "podpis elektroniczny zapisany osobno (P7S, SIG)"},
    {BYTES("\x30\x82"),                         "podpis elektroniczny zapisany osobno (P7S, SIG)"},
    {BYTES("\x30\x83"),                         "podpis elektroniczny zapisany osobno (P7S, SIG)"},
};

/* Members by which a ZIP archive is known to be a document of an office program. */
static const struct magic members[] = {
    {BYTES("xl/"),                                            "arkusz Excela (XLSX)"     },
    {BYTES("word/"),                                          "dokument Worda (DOCX)"    },
    {BYTES("application/vnd.oasis.opendocument.spreadsheet"), "arkusz kalkulacyjny (ODS)"},
    {BYTES("application/vnd.oasis.opendocument.text"),        "dokument tekstowy (ODT)"  },
};

static const struct str zip = BYTES("PK\3\4");
static const struct str byte_order_mark = BYTES("\xEF\xBB\xBF");

static const char *
find_magic(const struct magic *table, size_t count, struct str bytes)
{
    for (size_t i = 0; i < count; i++) {
        if (str_starts_with(bytes, table[i].bytes)) {
            return table[i].name;
        }
    }
    return NULL;
}

static const char *
name_zip(struct str bytes)
{
    struct str look = str_slice(bytes, 0, LOOK_MAX);

    for (size_t i = 0; i < ARRAY_COUNT(members); i++) {
        if (memmem(look.data, look.size, members[i].bytes.data, members[i].bytes.size) != NULL) {
            return members[i].name;
        }
    }
    return "archiwum ZIP";
}

/* Equal but for the case of ASCII letters; other is in small letters. */
static bool
same_word(struct str word, const char *other)
{
    struct str small = str_of(other);

    for (size_t i = 0; i < word.size && i < small.size; i++) {
        char byte = word.data[i];
        char folded = (char)(byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte);
        if (folded != small.data[i]) {
            return false;
        }
    }
    return word.size == small.size;
}

static bool
is_html(struct str text)
{
    static const char *const beginnings[] = {"<!doctype html", "<html>", "<html "};

    for (size_t i = 0; i < ARRAY_COUNT(beginnings); i++) {
        if (same_word(str_slice(text, 0, strlen(beginnings[i])), beginnings[i])) {
            return true;
        }
    }
    return false;
}

/* Does a byte stand here that no text has? */
static bool
is_binary(struct str bytes)
{
    struct str look = str_slice(bytes, 0, LOOK_MAX);

    for (size_t i = 0; i < look.size; i++) {
        if ((unsigned char)look.data[i] < ' ' && !scan_is_blank(look.data[i])) {
            return true;
        }
    }
    return false;
}

/* What the text that begins at its first character is, if not XML; NULL for XML. */
static const char *
name_other(struct str text)
{
    if (str_starts_with(text, STR("<"))) {
        return is_html(text) ? "strona HTML" : NULL;
    }
    if (str_starts_with(text, zip)) {
        return name_zip(text);
    }
    const char *name = find_magic(kinds, ARRAY_COUNT(kinds), text);
    if (name != NULL) {
        return name;
    }
    return is_binary(text) ? "plik binarny" : "zwykły tekst";
}

static void
refuse(struct refusal *out, enum prescan_code code, size_t offset, struct str found)
{
    *out = (struct refusal){.code = code, .offset = offset, .found = found};
}

static void
check_kind(struct str bytes, size_t from, struct refusal *out)
{
    size_t end = bytes.size - from > BLANKS_MAX ? from + BLANKS_MAX : bytes.size;
    size_t first = scan_skip_blanks(bytes.data, from, end);

    if (first == bytes.size) {
        refuse(out, PRESCAN_EMPTY, 0, (struct str){0});
        return;
    }
    if (first == end) {
        return; /* so long a white space is refused as a text, where it ends to be allowed */
    }
    const char *name = name_other(str_slice(bytes, first, bytes.size));
    if (name != NULL) {
        refuse(out, PRESCAN_NOT_XML, first, str_of(name));
    }
}

size_t
opening_check(struct str bytes, struct refusal *out)
{
    const char *encoding = find_magic(encodings, ARRAY_COUNT(encodings), bytes);
    size_t      from = str_starts_with(bytes, byte_order_mark) ? byte_order_mark.size : 0;

    if (encoding != NULL) {
        refuse(out, PRESCAN_WIDE_ENCODING, 0, str_of(encoding));
    } else if (from > 0 && str_starts_with(str_slice(bytes, from, bytes.size), byte_order_mark)) {
        refuse(out, PRESCAN_SECOND_BOM, from, (struct str){0});
    } else {
        check_kind(bytes, from, out);
    }
    return from;
}

/* One name="value" of the declaration; both empty when the next bytes are none. */
struct pair {
    struct str name;
    struct str value;
    size_t     offset;
};

static bool
is_word_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z')
           || (byte >= '0' && byte <= '9') || byte == '.' || byte == '_' || byte == '-';
}

static size_t
skip_word(struct str text, size_t from)
{
    size_t at = from;

    while (at < text.size && is_word_byte(text.data[at])) {
        at++;
    }
    return at;
}

/* Blank, name, =, quoted word; the position behind it, or `from` when something else stands there.
 */
static size_t
take_pair(struct str text, size_t from, struct pair *out)
{
    size_t name = scan_skip_blanks(text.data, from, text.size);
    size_t name_end = skip_word(text, name);
    size_t equals = scan_skip_blanks(text.data, name_end, text.size);

    if (name == from || name_end == name || equals >= text.size || text.data[equals] != '=') {
        return from;
    }
    size_t quote = scan_skip_blanks(text.data, equals + 1, text.size);
    if (quote >= text.size || (text.data[quote] != '"' && text.data[quote] != '\'')) {
        return from;
    }
    size_t value_end = skip_word(text, quote + 1);
    if (value_end >= text.size || text.data[value_end] != text.data[quote]) {
        return from;
    }
    *out = (struct pair){.name = str_slice(text, name, name_end - name),
                         .value = str_slice(text, quote + 1, value_end - quote - 1),
                         .offset = quote + 1};
    return value_end + 1;
}

/* The three parts of a declaration in their order; `offset` is that of text in the file. */
static void
check_parts(struct str text, size_t offset, struct refusal *out)
{
    struct pair pair = {0};
    size_t      at = take_pair(text, 0, &pair);

    if (!str_equal(pair.name, STR("version"))) {
        refuse(out, PRESCAN_BAD_DECLARATION, offset, (struct str){0});
        return;
    }
    if (!str_equal(pair.value, STR("1.0"))) {
        refuse(out, PRESCAN_VERSION, offset + pair.offset, pair.value);
        return;
    }
    size_t after = take_pair(text, at, &pair);
    if (after != at && str_equal(pair.name, STR("encoding")) && pair.value.size > 0) {
        if (!same_word(pair.value, "utf-8")) {
            refuse(out, PRESCAN_DECLARED_ENCODING, offset + pair.offset, pair.value);
            return;
        }
        at = after;
        after = take_pair(text, at, &pair);
    }
    if (after != at && str_equal(pair.name, STR("standalone"))
        && (str_equal(pair.value, STR("yes")) || str_equal(pair.value, STR("no")))) {
        at = after;
    }
    if (scan_skip_blanks(text.data, at, text.size) != text.size) {
        refuse(out, PRESCAN_BAD_DECLARATION, offset + at, (struct str){0});
    }
}

size_t
opening_declaration(struct str bytes, size_t from, size_t size_max, struct refusal *out)
{
    static const struct str begin = BYTES("<?xml");
    struct str              rest = str_slice(bytes, from, size_max);
    bool                    stands = str_starts_with(rest, begin)
                  && (rest.size == begin.size || scan_is_blank(rest.data[begin.size]));

    if (!stands) {
        return from;
    }
    const char *end = memmem(rest.data, rest.size, "?>", 2);
    if (end == NULL) {
        bool cut = rest.size == bytes.size - from;
        refuse(out, cut ? PRESCAN_CUT_OFF : PRESCAN_TAG_LENGTH, from, (struct str){0});
        out->subject = STR("deklaracji XML");
        out->value = size_max;
        return from;
    }
    size_t size = (size_t)(end - rest.data);
    check_parts(str_slice(rest, begin.size, size - begin.size), from + begin.size, out);
    return from + size + 2;
}
