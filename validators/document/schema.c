#include "validators/document/schema.h"

#include "validators/xml/tree.h"

static const struct str xsd_space = {"http://www.w3.org/2001/XMLSchema", 32};

/* The first complaint of libxml2 about a schema. */
struct complaint {
    int  line;
    char text[FAULT_TEXT_MAX / 2];
};

static void
keep_first(void *user, xmlErrorPtr error)
{
    struct complaint *complaint = user;

    if (complaint->text[0] == '\0' && error->message != NULL) {
        complaint->line = error->line;
        (void)snprintf(complaint->text, sizeof complaint->text, "%s", error->message);
    }
}

static void
release_schema(void *object)
{
    xmlSchemaFree(object);
}

static enum err
compile(struct arena *arena, struct str bytes, struct str name, xmlSchemaPtr *out,
        struct fault *fault)
{
    struct complaint       complaint = {0};
    xmlSchemaParserCtxtPtr parser = xmlSchemaNewMemParserCtxt(bytes.data, (int)bytes.size);

    if (parser == NULL) {
        return FAIL(fault, ERR_MEMORY, "schema %.*s", STR_ARG(name));
    }
    xmlSchemaSetParserStructuredErrors(parser, keep_first, &complaint);
    xmlSchemaPtr schema = xmlSchemaParse(parser);
    xmlSchemaFreeParserCtxt(parser);
    if (schema == NULL) {
        return FAIL(fault, ERR_CATALOGUE, "%.*s:%d: %s", STR_ARG(name), complaint.line,
                    complaint.text);
    }
    if (!arena_defer(arena, release_schema, schema)) {
        xmlSchemaFree(schema);
        return FAIL(fault, ERR_MEMORY, "schema %.*s", STR_ARG(name));
    }
    *out = schema;
    return ERR_OK;
}

static bool
is_declaration(const struct element *item)
{
    return str_equal(item->space, xsd_space)
           && (str_equal(item->name, STR("element")) || str_equal(item->name, STR("attribute")));
}

/* The documentation of the named simple type; empty if there is no such type. */
static struct str
description(const struct element_table *table, struct str type)
{
    int32_t it = element_child(table, 0, xsd_space, STR("simpleType"));

    while (it != ELEMENT_NONE && !str_equal(element_attribute(table, it, "name"), type)) {
        it = element_next(table, it);
    }
    int32_t note = it == ELEMENT_NONE ? it : element_child(table, it, xsd_space, STR("annotation"));
    int32_t text =
        note == ELEMENT_NONE ? note : element_child(table, note, xsd_space, STR("documentation"));
    return text == ELEMENT_NONE ? (struct str){0} : str_trim(table->items[text].text);
}

static enum err
read_words(struct arena *arena, const struct element_table *table, struct schema *schema,
           struct fault *fault)
{
    struct schema_word *words = ARENA_NEW(arena, struct schema_word, table->count);

    if (words == NULL) {
        return FAIL(fault, ERR_MEMORY, "words of a schema");
    }
    for (size_t i = 0; i < table->count; i++) {
        int32_t item = (int32_t)i;
        if (!is_declaration(&table->items[i])) {
            continue;
        }
        words[schema->word_count] = (struct schema_word){
            .name = element_attribute(table, item, "name"),
            .expected = description(table, element_attribute(table, item, "type")),
            .required = !str_equal(element_attribute(table, item, "minOccurs"), STR("0"))};
        schema->word_count++;
    }
    schema->words = words;
    return ERR_OK;
}

enum err
schema_compile(struct arena *arena, struct str bytes, struct str name, struct schema *out,
               struct fault *fault)
{
    struct schema        schema = {0};
    struct element_table table = {0};

    TRY(xml_tree_read(arena, bytes, name, &table, fault));
    TRY(read_words(arena, &table, &schema, fault));
    TRY(compile(arena, bytes, name, &schema.compiled, fault));
    *out = schema;
    return ERR_OK;
}

const struct schema_word *
schema_word(const struct schema *schema, struct str name)
{
    const struct schema_word *found = NULL;

    for (size_t i = 0; i < schema->word_count; i++) {
        const struct schema_word *word = &schema->words[i];
        if (str_equal(word->name, name) && (found == NULL || found->expected.size == 0)) {
            found = word;
        }
    }
    return found;
}
