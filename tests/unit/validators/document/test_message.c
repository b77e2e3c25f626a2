#include "tests/support/expect.h"
#include "validators/document/feed.h"
#include "validators/document/message.h"
#include "validators/document/schema.h"
#include "validators/xml/guard.h"

#include <string.h>

enum { ARENA_SIZE = 1024 * 1024, HEARD_MAX = 16 };

/* Codes of libxml2 that our schemas cannot raise, and what they would have to contain. */
static const struct {
    int         from;
    int         to;
    const char *reason;
} unraisable[] = {
    {XML_SCHEMAV_NOROOT,                   XML_SCHEMAV_CONSTRUCT,                "not used by 2.9"      },
    {XML_SCHEMAV_NOTSIMPLE,                XML_SCHEMAV_FACET,                    "not used by 2.9"      },
    {XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_2, XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_3,
     "xs:list, xs:union"                                                                                },
    {XML_SCHEMAV_CVC_FACET_VALID,          XML_SCHEMAV_CVC_FACET_VALID,          "no further facet"     },
    {XML_SCHEMAV_CVC_COMPLEX_TYPE_2_4,     XML_SCHEMAV_CVC_COMPLEX_TYPE_2_4,     "1871 is raised"       },
    {XML_SCHEMAV_CVC_ELT_2,                XML_SCHEMAV_CVC_ELT_7,                "nillable, fixed, xsi" },
    {XML_SCHEMAV_CVC_ATTRIBUTE_1,          XML_SCHEMAV_CVC_ATTRIBUTE_4,          "fixed attributes"     },
    {XML_SCHEMAV_CVC_COMPLEX_TYPE_3_1,     XML_SCHEMAV_CVC_COMPLEX_TYPE_3_1,     "wildcards"            },
    {XML_SCHEMAV_CVC_COMPLEX_TYPE_5_1,     XML_SCHEMAV_CVC_COMPLEX_TYPE_5_2,     "xs:ID"                },
    {XML_SCHEMAV_DOCUMENT_ELEMENT_MISSING, XML_SCHEMAV_CVC_COMPLEX_TYPE_1,       "the root is fed"      },
    {XML_SCHEMAV_CVC_AU,                   XML_SCHEMAV_CVC_TYPE_2,               "fixed, abstract types"},
    {XML_SCHEMAV_CVC_IDC,                  XML_SCHEMAV_MISC,                     "xs:unique, xs:any"    },
};

/* The constructs named above, as they would stand in a schema. */
static const char *const banned[] = {
    "<xs:any",     "<xs:anyAttribute", "<xs:unique", "<xs:key",   "<xs:keyref", "<xs:list",
    "<xs:union",   "nillable",         "fixed=",     "abstract=", "xs:ID\"",    "<xs:import",
    "<xs:include", "default=",         "xs:gMonth",  "xs:gDay",
};

static bool
is_unraisable(int code)
{
    for (size_t i = 0; i < ARRAY_COUNT(unraisable); i++) {
        if (code >= unraisable[i].from && code <= unraisable[i].to) {
            return true;
        }
    }
    return false;
}

static void
every_libxml2_code_is_mapped_or_cannot_be_raised(void **state)
{
    (void)state;
    for (int code = XML_SCHEMAV_NOROOT; code <= XML_SCHEMAV_MISC; code++) {
        char name[32];
        bool mapped = message_find(code)->libxml_code == code;
        (void)snprintf(name, sizeof name, "libxml2 code %d", code);
        EXPECT(mapped != is_unraisable(code), name);
    }
    EXPECT(strcmp(message_find(1)->code, "XSD-019") == 0, "anything else is still a finding");
}

static struct str
read_file(struct arena *arena, const char *path)
{
    char full[4096];

    (void)snprintf(full, sizeof full, "%s/schemas/%s", BRAMA_SOURCE_DIR, path);
    FILE *file = fopen(full, "rb");
    EXPECT(file != NULL, full);
    char  *data = ARENA_NEW(arena, char, 65536);
    size_t size = fread(data, 1, 65535, file);
    (void)fclose(file);
    return (struct str){data, size};
}

static void
our_schemas_contain_nothing_that_is_banned(void **state)
{
    static const char *const paths[] = {"package/0.3/package.xsd", "rb-27s/2025-1/report.xsd",
                                        "rb-28s/2025-1/report.xsd"};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(paths); i++) {
        struct arena *arena = arena_create(ARENA_SIZE);
        struct str    text = read_file(arena, paths[i]);
        for (size_t k = 0; k < ARRAY_COUNT(banned); k++) {
            EXPECT(memmem(text.data, text.size, banned[k], strlen(banned[k])) == NULL, banned[k]);
        }
        arena_destroy(arena);
    }
}

static void
every_code_of_ours_has_its_texts(void **state)
{
    struct arena *arena = arena_create(ARENA_SIZE);
    struct str    rules = read_file(arena, "package/0.3/xsd.rules.xml");

    (void)state;
    for (size_t i = 0; message_at(i) != NULL; i++) {
        struct str entry = str_format(arena, "<rule code=\"%s\"", message_at(i)->code);
        EXPECT(message_at(i)->kind == MESSAGE_INTERNAL
                   || memmem(rules.data, rules.size, entry.data, entry.size) != NULL,
               message_at(i)->code);
    }
    arena_destroy(arena);
}

struct heard {
    int    codes[HEARD_MAX];
    size_t count;
};

static void
hear(void *user, xmlErrorPtr error)
{
    struct heard *heard = user;

    if (heard->count < HEARD_MAX) {
        heard->codes[heard->count] = error->code;
        heard->count++;
    }
}

#define SIMPLE(base, facet)                                                      \
    "<xs:element name='a'><xs:simpleType><xs:restriction base='" base "'>" facet \
    "</xs:restriction></xs:simpleType></xs:element>"
#define COMPLEX(inside) \
    "<xs:element name='a'><xs:complexType>" inside "</xs:complexType></xs:element>"
#define ONE_CHILD "<xs:sequence><xs:element name='b' type='xs:string'/></xs:sequence>"
#define EXTENDED "<xs:simpleContent><xs:extension base='xs:string'/></xs:simpleContent>"

/* A document of element `root`, with an attribute and a child if they are named, and a text. */
static const struct {
    const char *schema;
    const char *root, *attribute, *child, *text;
    int         code;
} bad[] = {
    {SIMPLE("xs:string",                 "<xs:pattern value='x'/>"),      "a",                            NULL,                                      NULL,"y",
     XML_SCHEMAV_CVC_PATTERN_VALID},
    {SIMPLE("xs:string",                                  "<xs:enumeration value='x'/>"),                                                "a",               NULL,      NULL,"y",
     XML_SCHEMAV_CVC_ENUMERATION_VALID},
    {SIMPLE("xs:string",  "<xs:minLength value='2'/>"),                                 "a",                                              NULL,                                                          NULL,"y",
     XML_SCHEMAV_CVC_MINLENGTH_VALID},
    {SIMPLE("xs:string",                               "<xs:maxLength value='2'/>"),                                     "a",                                                                   NULL,                                                                                           NULL,"yyy",
     XML_SCHEMAV_CVC_MAXLENGTH_VALID},
    {SIMPLE("xs:string",                              "<xs:length value='2'/>"),                                                        "a",                                                                     NULL,                                                                                                              NULL,"yyy",
     XML_SCHEMAV_CVC_LENGTH_VALID},
    {SIMPLE("xs:date",                              ""),                                                         "a",              NULL,                                                                                                                   NULL,"y",XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_1},
    {SIMPLE("xs:integer",                               "<xs:minInclusive value='5'/>"),  "a",               NULL,NULL,"4",
     XML_SCHEMAV_CVC_MININCLUSIVE_VALID},
    {SIMPLE("xs:integer","<xs:maxInclusive value='5'/>"),"a",            NULL,                                                                                                               NULL,                                                                                                                                                                   "6",
     XML_SCHEMAV_CVC_MAXINCLUSIVE_VALID},
    {SIMPLE("xs:integer",                "<xs:minExclusive value='5'/>"),                                            "a",                                                                        NULL,                                                                                                  NULL,"5",
     XML_SCHEMAV_CVC_MINEXCLUSIVE_VALID},
    {SIMPLE("xs:integer",                                  "<xs:maxExclusive value='5'/>"),                                               "a",                               NULL,                          NULL,"5",
     XML_SCHEMAV_CVC_MAXEXCLUSIVE_VALID},
    {SIMPLE("xs:decimal", "<xs:totalDigits value='2'/>"),                                "a",                                            NULL,                     NULL,"123",
     XML_SCHEMAV_CVC_TOTALDIGITS_VALID},
    {SIMPLE("xs:decimal",                               "<xs:fractionDigits value='1'/>"),                                  "a",                                                                NULL,                                                                                       NULL,"1.25",
     XML_SCHEMAV_CVC_FRACTIONDIGITS_VALID},
    {SIMPLE("xs:string",                              ""),                                                        "b",                                                                   NULL,                                                                                                            NULL,"y",XML_SCHEMAV_CVC_ELT_1},
    {SIMPLE("xs:string",                              ""),                                                         "a",                  "z",                                                                                                           NULL,"y",XML_SCHEMAV_CVC_TYPE_3_1_1},
    {SIMPLE("xs:string",                               ""),   "a",NULL,"b","y",XML_SCHEMAV_CVC_TYPE_3_1_2},
    {COMPLEX(""),  "a",NULL,NULL,"y",XML_SCHEMAV_CVC_COMPLEX_TYPE_2_1},
    {COMPLEX(EXTENDED),                 "a",               NULL,                                        "b",                                                                                                                   "y",                                                              XML_SCHEMAV_CVC_COMPLEX_TYPE_2_2                                                                                                                                                                                                                                                                                      },
    {COMPLEX(ONE_CHILD),                                  "a",                                                       NULL,                                                                                 "b",                                                                                                                                                 "y", XML_SCHEMAV_CVC_COMPLEX_TYPE_2_3                                                                                      },
    {COMPLEX(ONE_CHILD),                                  "a",                                                 NULL,                                                            "c",                                                                                   "",XML_SCHEMAV_ELEMENT_CONTENT},
    {COMPLEX(ONE_CHILD),                                  "a",                                                "z",                                          "b",                         "",XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_1},
    {COMPLEX(ONE_CHILD "<xs:attribute name='i' use='required'/>"),                                  "a",                                                NULL,                                          "b",                               "",
     XML_SCHEMAV_CVC_COMPLEX_TYPE_4},
};

static void
feed_bad(const struct schema *schema, size_t row, struct heard *heard)
{
    static const char value[] = "1";
    const xmlChar    *attribute[] = {BAD_CAST bad[row].attribute, NULL, NULL, BAD_CAST value,
                                     BAD_CAST(value + 1)};
    struct feed       feed;

    EXPECT(feed_open(&feed, schema->compiled, hear, heard), "feed");
    feed_start(&feed, BAD_CAST bad[row].root, bad[row].attribute == NULL ? 0 : 1, attribute);
    if (bad[row].child != NULL) {
        feed_start(&feed, BAD_CAST bad[row].child, 0, NULL);
        feed_end(&feed, BAD_CAST bad[row].child);
    }
    if (bad[row].text[0] != '\0') {
        feed_text(&feed, str_of(bad[row].text));
    }
    feed_end(&feed, BAD_CAST bad[row].root);
    EXPECT(!feed_failed(&feed), "an invalid document is told");
    feed_close(&feed);
}

static bool
was_heard(const struct heard *heard, int code)
{
    for (size_t i = 0; i < heard->count; i++) {
        if (heard->codes[i] == code) {
            return true;
        }
    }
    return false;
}

static void
every_mapped_code_is_raised_by_a_bad_document(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        struct arena *arena = arena_create(ARENA_SIZE);
        struct schema schema = {0};
        struct fault  fault = {0};
        struct heard  heard = {0};
        struct str    text = str_format(
               arena, "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>%s</xs:schema>",
               bad[i].schema);
        EXPECT(schema_compile(arena, text, STR("test"), &schema, &fault) == ERR_OK, fault.text);
        feed_bad(&schema, i, &heard);
        EXPECT(was_heard(&heard, bad[i].code), message_find(bad[i].code)->code);
        EXPECT(message_find(bad[i].code)->libxml_code == bad[i].code, bad[i].schema);
        arena_destroy(arena);
    }
}

static void
names_are_taken_from_messages(void **state)
{
    static const char text[] =
        "Element 'a': This element is not expected. Expected is one of ( Rok, Typ, Okres ).\n";
    const char *rest = NULL;
    struct str  name = {0};

    (void)state;
    EXPECT(message_expected(text, &rest, &name) && str_equal(name, STR("Rok")), "first");
    EXPECT(message_expected(text, &rest, &name) && str_equal(name, STR("Typ")), "second");
    EXPECT(message_expected(text, &rest, &name) && str_equal(name, STR("Okres")), "third");
    EXPECT(!message_expected(text, &rest, &name), "end");
    rest = NULL;
    EXPECT(!message_expected("Element 'a': This element is not expected.", &rest, &name), "none");
    rest = NULL;
    EXPECT(!message_expected(NULL, &rest, &name), "no message");
    EXPECT(str_equal(message_attribute("Element 'a', attribute 'Id': x"), STR("Id")), "attribute");
    EXPECT(message_attribute("Element 'a': x").size == 0, "no attribute");
}

static void
a_schema_that_does_not_compile_is_told(void **state)
{
    struct arena *arena = arena_create(ARENA_SIZE);
    struct schema schema = {0};
    struct fault  fault = {0};
    struct str    text = STR("<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'>"
                                "<xs:element name='a' type='Brak'/></xs:schema>");

    (void)state;
    EXPECT(schema_compile(arena, text, STR("x.xsd"), &schema, &fault) == ERR_CATALOGUE, "code");
    EXPECT(strncmp(fault.text, "x.xsd:1:", 8) == 0, fault.text);
    EXPECT(schema.compiled == NULL, "untouched");
    arena_destroy(arena);
}

static int
setup(void **state)
{
    (void)state;
    guard_initialise();
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_libxml2_code_is_mapped_or_cannot_be_raised),
        cmocka_unit_test(our_schemas_contain_nothing_that_is_banned),
        cmocka_unit_test(every_code_of_ours_has_its_texts),
        cmocka_unit_test(every_mapped_code_is_raised_by_a_bad_document),
        cmocka_unit_test(names_are_taken_from_messages),
        cmocka_unit_test(a_schema_that_does_not_compile_is_told),
    };

    return cmocka_run_group_tests(tests, setup, NULL);
}
