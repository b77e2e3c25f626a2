#include "validators/signature/c14n.h"

#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <stdint.h>
#include <string.h>

/*
 * Property: whenever libxml2 reads the input (our flags, UTF-8, no DTD), our canonical form of its
 * root and of a chosen descendant, inclusive and exclusive, is libxml2's, byte for byte.
 *
 * Left out, each for a reason: what c14n.h states as beyond its limits; xml:* attributes on an
 * ancestor (our caller refuses such files); what libxml2 itself cannot do (it refuses relative
 * namespace names in inclusive mode, which Canonical XML only deprecates).
 */
enum { OUTPUT_MAX = 1024 * 1024, ANCESTORS_MAX = 300, SCOPE_MAX = 2000 };

struct collected {
    char  *data;
    size_t size;
    bool   full;
};

/* The chosen element in the bytes. */
struct place {
    size_t start;
    size_t end;
};

static bool
collect(void *user, struct str piece)
{
    struct collected *collected = user;

    if (piece.size > OUTPUT_MAX - collected->size) {
        collected->full = true;
        return false;
    }
    memcpy(collected->data + collected->size, piece.data, piece.size);
    collected->size += piece.size;
    return true;
}

static size_t
behind(struct str text, size_t from, const char *mark)
{
    const char *found = memmem(text.data + from, text.size - from, mark, strlen(mark));

    ENSURE(found != NULL); /* libxml2 said that the input is well-formed */
    return (size_t)(found - text.data) + strlen(mark);
}

static size_t
behind_tag(struct str text, size_t at)
{
    while (text.data[at] != '>') {
        if (text.data[at] == '"' || text.data[at] == '\'') {
            at =
                (size_t)((const char *)memchr(text.data + at + 1, text.data[at], text.size - at - 1)
                         - text.data);
        }
        at++;
    }
    return at + 1;
}

static size_t
behind_markup(struct str text, size_t at)
{
    struct str rest = str_slice(text, at, text.size);

    if (str_starts_with(rest, STR("<!--"))) {
        return behind(text, at + 4, "-->");
    }
    if (str_starts_with(rest, STR("<![CDATA["))) {
        return behind(text, at, "]]>");
    }
    return str_starts_with(rest, STR("<?")) ? behind(text, at, "?>") : behind_tag(text, at);
}

/* The element number `wanted` (from 0, in document order) by a walk of its own over the bytes. */
static struct place
find_element(struct str text, size_t wanted)
{
    struct place place = {0};
    size_t       number = 0;
    size_t       depth = 0;
    size_t       depth_wanted = 0;
    const char  *found = memchr(text.data, '<', text.size);

    while (found != NULL) {
        size_t at = (size_t)(found - text.data);
        size_t end = behind_markup(text, at);
        bool   is_end = text.data[at + 1] == '/';
        bool   is_start = !is_end && text.data[at + 1] != '!' && text.data[at + 1] != '?';
        bool   is_empty = is_start && text.data[end - 2] == '/';
        if (is_start && number++ == wanted) {
            place.start = at;
            depth_wanted = depth;
            if (is_empty) {
                place.end = end;
                return place;
            }
        }
        depth += (is_start && !is_empty) ? 1 : 0;
        depth -= is_end ? 1 : 0;
        if (is_end && number > wanted && depth == depth_wanted) {
            place.end = end;
            return place;
        }
        found = memchr(text.data + end, '<', text.size - end);
    }
    ENSURE(number > wanted); /* libxml2 has seen it, so it is there */
    return place;
}

static xmlNodePtr
next_element(xmlNodePtr root, xmlNodePtr node)
{
    if (xmlFirstElementChild(node) != NULL) {
        return xmlFirstElementChild(node);
    }
    while (node != root && xmlNextElementSibling(node) == NULL) {
        node = node->parent;
    }
    return node == root ? NULL : xmlNextElementSibling(node);
}

static int
is_inside(void *user, xmlNodePtr node, xmlNodePtr parent)
{
    xmlNodePtr chosen = user;
    xmlNodePtr it = node->type == XML_NAMESPACE_DECL ? parent : node;

    while (it != NULL && it != chosen) {
        it = it->parent;
    }
    return it == chosen;
}

/* Declarations on ancestors, outermost first; false when there are too many or an xml:* stands. */
static bool
/* NOLINTNEXTLINE(readability-function-cognitive-complexity): a plain walk over a DOM. */
collect_scope(xmlNodePtr chosen, struct element_declaration *scope, size_t *count)
{
    xmlNodePtr ancestors[ANCESTORS_MAX];
    size_t     depth = 0;

    *count = 0;
    for (xmlNodePtr it = chosen->parent; it != NULL && it->type == XML_ELEMENT_NODE;
         it = it->parent) {
        for (xmlAttrPtr attribute = it->properties; attribute != NULL;
             attribute = attribute->next) {
            if (attribute->ns != NULL && xmlStrEqual(attribute->ns->prefix, BAD_CAST "xml")) {
                return false;
            }
        }
        if (depth == ANCESTORS_MAX) {
            return false;
        }
        ancestors[depth++] = it;
    }
    while (depth-- > 0) {
        for (xmlNsPtr ns = ancestors[depth]->nsDef; ns != NULL; ns = ns->next) {
            if (*count == SCOPE_MAX) {
                return false;
            }
            scope[*count] = (struct element_declaration){str_of((const char *)ns->prefix),
                                                         str_of((const char *)ns->href)};
            (*count)++;
        }
    }
    return true;
}

static void
compare(xmlDocPtr doc, xmlNodePtr chosen, struct str bytes, enum c14n_method method)
{
    static struct element_declaration scope[SCOPE_MAX];
    static char                       space[OUTPUT_MAX];
    struct collected                  ours = {.data = space};
    struct c14n_sink                  sink = {collect, &ours};
    struct fault                      fault = {0};
    struct c14n_request               request = {.bytes = bytes, .scope = scope, .method = method};

    if (!collect_scope(chosen, scope, &request.scope_count)) {
        return;
    }
    enum err got = c14n_write(&request, &sink, &fault);
    ENSURE(got == ERR_OK || got == ERR_LIMIT || (got == ERR_CRYPTO && ours.full));
    if (got != ERR_OK) {
        return;
    }
    xmlOutputBufferPtr theirs = xmlAllocOutputBuffer(NULL);
    int                size = xmlC14NExecute(doc, is_inside, chosen,
                              method == C14N_EXCLUSIVE ? XML_C14N_EXCLUSIVE_1_0 : XML_C14N_1_0,
                                             NULL, 0, theirs);
    if (size >= 0) {
        (void)xmlOutputBufferFlush(theirs);
        struct str expected = {(const char *)xmlOutputBufferGetContent(theirs),
                               xmlOutputBufferGetSize(theirs)};
        if (!str_equal(expected, (struct str){ours.data, ours.size})) {
            (void)fprintf(stderr, "method %d\nours:   %.*s\ntheirs: %.*s\n", (int)method,
                          (int)ours.size, ours.data, STR_ARG(expected));
        }
        ENSURE(str_equal(expected, (struct str){ours.data, ours.size}));
    }
    (void)xmlOutputBufferClose(theirs);
}

static bool
is_plain_utf8(const xmlParserCtxt *parser, const xmlDoc *doc, struct str text)
{
    return parser->wellFormed && parser->nsWellFormed && doc->intSubset == NULL
           && (doc->encoding == NULL || xmlStrcasecmp(doc->encoding, BAD_CAST "utf-8") == 0)
           && (text.data[0] == '<' || (unsigned char)text.data[0] == 0xEF
               || strchr(" \t\r\n", text.data[0]) != NULL)
           && memchr(text.data, '\0', text.size) == NULL;
}

static void
stay_silent(void *user, const char *format, ...)
{
    (void)user;
    (void)format;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* The first byte chooses a descendant, the rest is the file. */
int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    if (size < 5) {
        return 0;
    }
    xmlSetGenericErrorFunc(NULL, stay_silent);
    struct str       text = {(const char *)data + 1, size - 1};
    size_t           wanted = data[0];
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    ENSURE(parser != NULL);
    xmlDocPtr doc = xmlCtxtReadMemory(parser, text.data, (int)text.size, NULL, NULL,
                                      XML_PARSE_NONET | XML_PARSE_BIG_LINES);
    if (doc != NULL && is_plain_utf8(parser, doc, text)) {
        xmlNodePtr root = xmlDocGetRootElement(doc);
        xmlNodePtr chosen = root;
        size_t     number = 0;
        for (xmlNodePtr it = next_element(root, root); it != NULL && number < wanted;
             it = next_element(root, it)) {
            chosen = it;
            number++;
        }
        struct place whole = find_element(text, 0);
        struct place part = find_element(text, number);
        for (int method = C14N_INCLUSIVE; method <= C14N_EXCLUSIVE; method++) {
            compare(doc, root, str_slice(text, whole.start, whole.end - whole.start),
                    (enum c14n_method)method);
            compare(doc, chosen, str_slice(text, part.start, part.end - part.start),
                    (enum c14n_method)method);
        }
    }
    xmlFreeDoc(doc);
    xmlFreeParserCtxt(parser);
    return 0;
}
