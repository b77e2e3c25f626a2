#include "validators/xml/tree.h"

#include "validators/xml/attribute.h"
#include "validators/xml/guard.h"

enum { CHUNK = 64 * 1024 };

/* One reading; stops at the first fault, which is kept. */
struct reading {
    struct element_table *table;
    struct fault         *fault;
    enum err              err;
};

static struct str
str_of_xml(const xmlChar *text)
{
    return str_of((const char *)text);
}

static void
keep(struct guard *guard, enum err err)
{
    struct reading *reading = guard->user;

    if (err != ERR_OK && reading->err == ERR_OK) {
        reading->err = err;
        xmlStopParser(guard->parser);
    }
}

static void
/* NOLINTNEXTLINE(readability-function-size): the signature is libxml2's. */
on_start(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
         int namespace_count, const xmlChar **namespaces, int attribute_count, int defaulted_count,
         const xmlChar **attributes)
{
    struct guard            *guard = user;
    struct reading          *reading = guard->user;
    struct element_attribute kept[ATTRIBUTE_COUNT_MAX];
    struct element           event = {.space = str_of_xml(uri),
                                      .name = str_of_xml(name),
                                      .start = (uint32_t)xmlSAX2GetLineNumber(guard->parser),
                                      .attributes = kept};

    (void)prefix;
    (void)namespace_count;
    (void)namespaces;
    (void)defaulted_count;
    if (attribute_count > ATTRIBUTE_COUNT_MAX) {
        keep(guard, FAIL(reading->fault, ERR_LIMIT, "element ma więcej niż %d atrybutów",
                         ATTRIBUTE_COUNT_MAX));
        return;
    }
    for (size_t i = 0; i < (size_t)attribute_count; i++) {
        kept[i] = attribute_at(attributes, i);
        kept[i].value = attribute_value(reading->table->arena, &kept[i]);
        if (kept[i].value.data == NULL) {
            keep(guard, FAIL(reading->fault, ERR_MEMORY, "value of an attribute"));
            return;
        }
    }
    event.attribute_count = (size_t)attribute_count;
    keep(guard, element_open(reading->table, &event, reading->fault));
}

static void
on_end(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct guard   *guard = user;
    struct reading *reading = guard->user;

    (void)name;
    (void)prefix;
    (void)uri;
    if (reading->err == ERR_OK) {
        element_close(reading->table, (uint32_t)xmlSAX2GetLineNumber(guard->parser));
    }
}

static void
on_text(void *user, const xmlChar *text, int size)
{
    struct guard   *guard = user;
    struct reading *reading = guard->user;

    if (reading->err == ERR_OK && reading->table->open != ELEMENT_NONE) {
        keep(guard, element_text(reading->table, (struct str){(const char *)text, (size_t)size},
                                 reading->fault));
    }
}

static void
push(struct guard *guard, const struct reading *reading, struct str bytes)
{
    while (bytes.size > 0 && reading->err == ERR_OK) {
        struct str piece = str_slice(bytes, 0, CHUNK);
        if (xmlParseChunk(guard->parser, piece.data, (int)piece.size, 0) != 0) {
            return;
        }
        bytes = str_slice(bytes, piece.size, bytes.size);
    }
    (void)xmlParseChunk(guard->parser, NULL, 0, 1);
}

enum err
xml_tree_read(struct arena *arena, struct str bytes, struct str name, struct element_table *out,
              struct fault *fault)
{
    struct element_table table =
        element_table_create(arena, XML_TREE_ELEMENTS_MAX, XML_TREE_TEXT_MAX);
    struct reading reading = {.table = &table, .fault = fault};
    struct guard   guard = {0};
    xmlSAXHandler  handler = {.initialized = XML_SAX2_MAGIC,
                              .startElementNs = on_start,
                              .endElementNs = on_end,
                              .characters = on_text,
                              .cdataBlock = on_text};

    if (!guard_parser(&guard, &handler, &reading)) {
        return FAIL(fault, ERR_MEMORY, "parser for %.*s", STR_ARG(name));
    }
    push(&guard, &reading, bytes);
    bool whole = guard.parser->wellFormed && !guard.refused && table.count > 0;
    int  line = xmlSAX2GetLineNumber(guard.parser);
    guard_release(&guard);
    if (reading.err != ERR_OK) {
        return reading.err;
    }
    if (!whole) {
        return FAIL(fault, ERR_CATALOGUE,
                    "%.*s:%d: XML jest w tym miejscu źle zapisany albo ma DTD", STR_ARG(name),
                    line);
    }
    *out = table;
    return ERR_OK;
}
