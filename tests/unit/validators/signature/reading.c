#include "reading.h"

#include <libxml/parser.h>
#include <string.h>

enum { ELEMENTS_MAX = 200000, DEPTH_MAX = 300, TABLE_MAX = 4096, TEXT_MAX = 65536 };

struct reading {
    struct arena  *arena;
    struct str     bytes;
    struct package package;
    uint32_t      *starts;
    uint32_t      *ends;
    size_t         number; /* of the next element in document order */
};

static size_t
behind(struct str text, size_t from, const char *mark)
{
    const char *found = memmem(text.data + from, text.size - from, mark, strlen(mark));

    ENSURE(found != NULL);
    return (size_t)(found - text.data) + strlen(mark);
}

static size_t
behind_tag(struct str text, size_t at)
{
    char quote = '\0';

    while (quote != '\0' || text.data[at] != '>') {
        char byte = text.data[at];
        if (quote == '\0' && (byte == '"' || byte == '\'')) {
            quote = byte;
        } else if (byte == quote) {
            quote = '\0';
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

/* Where each element begins and ends, in document order. */
static void
find_places(struct reading *reading)
{
    struct str  text = reading->bytes;
    size_t      open[DEPTH_MAX];
    size_t      depth = 0;
    size_t      count = 0;
    const char *found = memchr(text.data, '<', text.size);

    while (found != NULL) {
        size_t at = (size_t)(found - text.data);
        size_t end = behind_markup(text, at);
        if (text.data[at + 1] == '/') {
            depth--;
            reading->ends[open[depth]] = (uint32_t)end;
        } else if (text.data[at + 1] != '!' && text.data[at + 1] != '?') {
            ENSURE(count < ELEMENTS_MAX && depth < DEPTH_MAX);
            reading->starts[count] = (uint32_t)at;
            reading->ends[count] = (uint32_t)end;
            if (text.data[end - 2] != '/') {
                open[depth] = count;
                depth++;
            }
            count++;
        }
        found = memchr(text.data + end, '<', text.size - end);
    }
}

static struct str
text_of(const xmlChar *text)
{
    return str_of((const char *)text);
}

/* False when the table is full. */
static bool
fill_open(struct element_table *table, struct element *event, const xmlNode *node)
{
    struct element_attribute   attributes[64];
    struct element_declaration declarations[64];

    for (xmlAttrPtr it = node->properties; it != NULL; it = it->next) {
        attributes[event->attribute_count++] = (struct element_attribute){
            text_of(it->ns == NULL ? NULL : it->ns->href), text_of(it->name),
            text_of(it->children == NULL ? BAD_CAST "" : it->children->content)};
    }
    for (xmlNsPtr it = node->nsDef; it != NULL; it = it->next) {
        declarations[event->declaration_count++] =
            (struct element_declaration){text_of(it->prefix), text_of(it->href)};
    }
    event->space = text_of(node->ns == NULL ? NULL : node->ns->href);
    event->name = text_of(node->name);
    event->attributes = attributes;
    event->declarations = declarations;
    return element_open(table, event, NULL) == ERR_OK;
}

/* The whole element into the table, without recursion; false when it does not fit. */
static bool
/* NOLINTNEXTLINE(readability-function-cognitive-complexity): a plain walk over a DOM. */
fill_table(struct reading *reading, struct element_table *table, xmlNodePtr top)
{
    size_t     number = reading->number;
    xmlNodePtr node = top;
    size_t     numbers[DEPTH_MAX];
    size_t     depth = 0;

    while (node != NULL) {
        if (node->type == XML_ELEMENT_NODE) {
            struct element event = {.start = reading->starts[number], .end = reading->ends[number]};
            numbers[depth++] = number++;
            if (!fill_open(table, &event, node)) {
                return false;
            }
            if (node->children != NULL) {
                node = node->children;
                continue;
            }
        } else if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) {
            ENSURE(element_text(table, text_of(node->content), NULL) == ERR_OK);
        }
        if (node->type != XML_TEXT_NODE && node->type != XML_ELEMENT_NODE) {
            element_mark_impure(table);
        }
        if (node->type == XML_ELEMENT_NODE) {
            element_close(table, reading->ends[numbers[--depth]]);
        }
        while (node != top && node->next == NULL) {
            node = node->parent;
            element_close(table, reading->ends[numbers[--depth]]);
        }
        node = node == top ? NULL : node->next;
    }
    return true;
}

static bool
is_child(const xmlNode *node, const char *name, const char *parent, const char *grandparent)
{
    return (name == NULL || strcmp((const char *)node->name, name) == 0) && node->parent != NULL
           && node->parent->type == XML_ELEMENT_NODE
           && strcmp((const char *)node->parent->name, parent) == 0 && node->parent->parent != NULL
           && node->parent->parent->type == XML_ELEMENT_NODE
           && strcmp((const char *)node->parent->parent->name, grandparent) == 0;
}

static void
add_scope(struct reading *reading, const xmlNode *node, const struct element_declaration **scope,
          size_t *count)
{
    struct element_declaration *items = ARENA_NEW(reading->arena, struct element_declaration, 64);
    const xmlNode              *way[DEPTH_MAX];
    size_t                      depth = 0;

    ENSURE(items != NULL);
    *count = 0;
    for (const xmlNode *it = node->parent; it->type == XML_ELEMENT_NODE; it = it->parent) {
        way[depth++] = it;
    }
    while (depth-- > 0) {
        for (xmlNsPtr ns = way[depth]->nsDef; ns != NULL; ns = ns->next) {
            items[*count].prefix = str_copy(reading->arena, text_of(ns->prefix));
            items[(*count)++].uri = str_copy(reading->arena, text_of(ns->href));
        }
    }
    *scope = items;
}

static void
add_report(struct reading *reading, xmlNodePtr node)
{
    struct package      *package = &reading->package;
    struct report       *report = &package->reports[package->report_count];
    struct package_unit *unit = &package->units[package->unit_count - 1];
    xmlChar             *id = xmlGetNoNsProp(node, BAD_CAST "Id");

    unit->report_from =
        unit->report_count == 0 ? (uint32_t)package->report_count : unit->report_from;
    *report =
        (struct report){.unit = (uint32_t)package->unit_count - 1,
                        .ordinal = unit->report_count + 1,
                        .element = str_copy(reading->arena, text_of(node->name)),
                        .id = id == NULL ? (struct str){0} : str_copy(reading->arena, text_of(id)),
                        .start = reading->starts[reading->number],
                        .end = reading->ends[reading->number]};
    add_scope(reading, node, &report->scope, &report->scope_count);
    xmlFree(id);
    unit->report_count++;
    package->report_count++;
}

static void
add_signature(struct reading *reading, xmlNodePtr node)
{
    struct package           *package = &reading->package;
    struct package_signature *signature = &package->signatures[package->signature_count];
    struct package_unit      *unit = &package->units[package->unit_count - 1];

    *signature = (struct package_signature){
        .table = element_table_create(reading->arena, TABLE_MAX, TEXT_MAX),
        .unit = (uint32_t)package->unit_count - 1,
        .ordinal = unit->signature_count + 1,
        .start = reading->starts[reading->number],
        .end = reading->ends[reading->number]};
    add_scope(reading, node, &signature->scope, &signature->scope_count);
    if (fill_table(reading, &signature->table, node)) { /* else it is dropped, as the pass does */
        unit->signature_count++;
        package->signature_count++;
    }
}

static void
take_element(struct reading *reading, xmlNodePtr node)
{
    if (is_child(node, "Jednostka", "Jednostki", "PaczkaSprawozdan")) {
        reading->package.unit_count++;
    } else if (is_child(node, NULL, "Sprawozdania", "Jednostka")) {
        add_report(reading, node);
    } else if (is_child(node, "Signature", "Podpisy", "Jednostka")) {
        add_signature(reading, node);
    }
    reading->number++;
}

static xmlNodePtr
next_element(xmlNodePtr node)
{
    if (xmlFirstElementChild(node) != NULL) {
        return xmlFirstElementChild(node);
    }
    while (node != NULL && node->type == XML_ELEMENT_NODE && xmlNextElementSibling(node) == NULL) {
        node = node->parent;
    }
    return node == NULL || node->type != XML_ELEMENT_NODE ? NULL : xmlNextElementSibling(node);
}

struct package
reading_package(struct arena *arena, struct str bytes)
{
    struct reading reading = {.arena = arena, .bytes = bytes, .package = {.complete = true}};
    xmlDocPtr      doc = xmlReadMemory(bytes.data, (int)bytes.size, NULL, NULL,
                                       XML_PARSE_NONET | XML_PARSE_BIG_LINES);

    if (doc == NULL) {
        reading.package.complete = false;
        return reading.package;
    }
    reading.starts = ARENA_NEW(arena, uint32_t, ELEMENTS_MAX);
    reading.ends = ARENA_NEW(arena, uint32_t, ELEMENTS_MAX);
    reading.package.units = ARENA_NEW(arena, struct package_unit, 1000);
    reading.package.reports = ARENA_NEW(arena, struct report, 2000);
    reading.package.signatures = ARENA_NEW(arena, struct package_signature, 4000);
    ENSURE(reading.starts != NULL && reading.ends != NULL && reading.package.units != NULL
           && reading.package.reports != NULL && reading.package.signatures != NULL);
    find_places(&reading);
    for (xmlNodePtr it = xmlDocGetRootElement(doc); it != NULL; it = next_element(it)) {
        take_element(&reading, it);
    }
    xmlFreeDoc(doc);
    return reading.package;
}
