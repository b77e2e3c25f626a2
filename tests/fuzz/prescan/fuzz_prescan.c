/*
 * Whatever prescan accepts is UTF-8 made of characters of XML 1.0, told by a second, simpler
 * decoder; has no DOCTYPE and no processing instruction outside comments and CDATA sections; and
 * libxml2 sees in it no DTD, no instruction, no entity, no more depth and no more attributes than
 * the caps say. Whatever it refuses has a code and a place inside the file.
 */
#include "validators/prescan/prescan.h"

#include <libxml/parser.h>
#include <stdint.h>
#include <string.h>

enum { DEPTH_MAX = 64, ATTRIBUTES_MAX = 64, MEMORY = 256 * 1024 };

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* One character by the table of the Unicode standard (3.9, table 3-7): its size, or 0. */
static size_t
decode(const unsigned char *at, size_t left)
{
    static const struct {
        unsigned char first[2];
        unsigned char second[2];
        size_t        size;
    } forms[] = {
        {{0x00, 0x7F}, {0x00, 0xFF}, 1},
        {{0xC2, 0xDF}, {0x80, 0xBF}, 2},
        {{0xE0, 0xE0}, {0xA0, 0xBF}, 3},
        {{0xE1, 0xEC}, {0x80, 0xBF}, 3},
        {{0xED, 0xED}, {0x80, 0x9F}, 3},
        {{0xEE, 0xEF}, {0x80, 0xBF}, 3},
        {{0xF0, 0xF0}, {0x90, 0xBF}, 4},
        {{0xF1, 0xF3}, {0x80, 0xBF}, 4},
        {{0xF4, 0xF4}, {0x80, 0x8F}, 4},
    };

    for (size_t i = 0; i < ARRAY_COUNT(forms); i++) {
        if (at[0] < forms[i].first[0] || at[0] > forms[i].first[1]) {
            continue;
        }
        bool good =
            forms[i].size <= left
            && (forms[i].size == 1 || (at[1] >= forms[i].second[0] && at[1] <= forms[i].second[1]));
        for (size_t k = 2; good && k < forms[i].size; k++) {
            good = at[k] >= 0x80 && at[k] <= 0xBF;
        }
        return good ? forms[i].size : 0;
    }
    return 0;
}

static void
ensure_characters(const unsigned char *data, size_t size)
{
    size_t step = 0;

    for (size_t at = 0; at < size; at += step) {
        step = decode(data + at, size - at);
        ENSURE(step > 0);
        ENSURE(data[at] >= 0x20 || data[at] == '\t' || data[at] == '\n' || data[at] == '\r');
        ENSURE(step != 3 || data[at] != 0xEF || data[at + 1] != 0xBF || data[at + 2] < 0xBE);
    }
}

static size_t
skip_behind(struct str text, size_t from, struct str piece)
{
    const char *found = memmem(text.data + from, text.size - from, piece.data, piece.size);

    ENSURE(found != NULL);
    return (size_t)(found - text.data) + piece.size;
}

static void
ensure_no_instructions(struct str text)
{
    size_t at = str_starts_with(text, STR("\xEF\xBB\xBF")) ? 3 : 0;

    if (str_starts_with(str_slice(text, at, text.size), STR("<?xml"))) {
        at += 2;
    }
    while (at < text.size) {
        struct str rest = str_slice(text, at, text.size);
        if (str_starts_with(rest, STR("<!--"))) {
            at = skip_behind(text, at + 4, STR("-->"));
        } else if (str_starts_with(rest, STR("<![CDATA["))) {
            at = skip_behind(text, at + 9, STR("]]>"));
        } else {
            ENSURE(!str_starts_with(rest, STR("<?")));
            ENSURE(!str_starts_with(rest, STR("<!")));
            at++;
        }
    }
}

struct measured {
    int    depth;
    size_t forbidden; /* events that an accepted file must not cause */
};

static void
on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
         int namespace_count, const xmlChar **namespaces, int attribute_count, int default_count,
         const xmlChar **attributes)
{
    struct measured *measured = context;

    (void)name;
    (void)prefix;
    (void)uri;
    (void)namespaces;
    (void)attributes;
    measured->depth++;
    ENSURE(measured->depth <= DEPTH_MAX);
    ENSURE(attribute_count + namespace_count <= ATTRIBUTES_MAX && default_count == 0);
}

static void
on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct measured *measured = context;

    (void)name;
    (void)prefix;
    (void)uri;
    measured->depth--;
}

static void
on_subset(void *context, const xmlChar *name, const xmlChar *external, const xmlChar *system)
{
    struct measured *measured = context;

    (void)name;
    (void)external;
    (void)system;
    measured->forbidden++;
}

static void
on_instruction(void *context, const xmlChar *target, const xmlChar *text)
{
    struct measured *measured = context;

    (void)target;
    (void)text;
    measured->forbidden++;
}

static void
on_reference(void *context, const xmlChar *name)
{
    struct measured *measured = context;

    (void)name;
    measured->forbidden++;
}

static void
ensure_libxml2_agrees(const unsigned char *data, size_t size)
{
    xmlSAXHandler   handler = {.initialized = XML_SAX2_MAGIC,
                               .internalSubset = on_subset,
                               .externalSubset = on_subset,
                               .processingInstruction = on_instruction,
                               .reference = on_reference,
                               .startElementNs = on_start,
                               .endElementNs = on_end};
    struct measured measured = {0};
    size_t          half = size / 2;

    xmlParserCtxtPtr parser = xmlCreatePushParserCtxt(&handler, &measured, NULL, 0, NULL);
    ENSURE(parser != NULL);
    (void)xmlCtxtUseOptions(parser, XML_PARSE_NONET);
    /* Not well-formed is allowed here: the parser's verdict does not matter, its events do. */
    (void)xmlParseChunk(parser, (const char *)data, (int)half, 0);
    (void)xmlParseChunk(parser, (const char *)data + half, (int)(size - half), 0);
    (void)xmlParseChunk(parser, NULL, 0, 1);
    ENSURE(measured.forbidden == 0);
    ENSURE(parser->myDoc == NULL || parser->myDoc->intSubset == NULL);
    xmlFreeDoc(parser->myDoc);
    xmlFreeParserCtxt(parser);
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena         *arena = arena_create(MEMORY);
    struct str            bytes = {(const char *)data, size};
    struct prescan_result result = {0};
    enum err              got = prescan_check(arena, bytes, &prescan_limits_default, &result, NULL);

    ENSURE(got == ERR_OK);
    if (result.refused) {
        ENSURE(strncmp(result.refusal.code, "XML-0", 5) == 0);
        ENSURE(result.refusal.offset <= size);
        ENSURE(result.refusal.report == FINDING_OF_PACKAGE);
    } else {
        ensure_characters(data, size);
        ensure_no_instructions(bytes);
        ensure_libxml2_agrees(data, size);
    }
    arena_destroy(arena);
    return 0;
}
