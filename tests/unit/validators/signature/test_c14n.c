#include "tests/support/expect.h"
#include "validators/signature/base64.h"
#include "validators/signature/c14n.h"

#include <stdio.h>
#include <string.h>

enum { OUTPUT_MAX = 1024 * 1024 };

struct collected {
    char   data[OUTPUT_MAX];
    size_t size;
    size_t size_max;
};

static bool
collect(void *user, struct str piece)
{
    struct collected *collected = user;

    if (piece.size > collected->size_max - collected->size) {
        return false;
    }
    memcpy(collected->data + collected->size, piece.data, piece.size);
    collected->size += piece.size;
    return true;
}

static struct collected collected;

static enum err
canonical(const char *text, enum c14n_method method)
{
    struct c14n_sink    sink = {collect, &collected};
    struct c14n_request request = {.bytes = str_of(text), .method = method};
    struct fault        fault = {0};

    collected.size = 0;
    collected.size_max = OUTPUT_MAX;
    return c14n_write(&request, &sink, &fault);
}

static const struct {
    const char *name;
    const char *text;
    const char *inclusive;
    const char *exclusive; /* NULL: the same */
} forms[] = {
    {"empty element",           "<a/>",                                                             "<a></a>",                            NULL                                                      },
    {"white space in tags",     "<a  b = '1' ></a  >",                                              "<a b=\"1\"></a>",                    NULL                                                      },
    {"attributes are sorted",   "<a z=\"1\" a=\"2\"/>",                                             "<a a=\"2\" z=\"1\"></a>",            NULL                                                      },
    {"comments go",             "<a>1<!-- x --><!----></a>",                                        "<a>1</a>",                           NULL                                                      },
    {"CDATA is text",           "<a><![CDATA[<&>]]></a>",                                           "<a>&lt;&amp;&gt;</a>",               NULL                                                      },
    {"references",              "<a>&#65;&lt;&quot;&#13;</a>",                                      "<a>A&lt;\"&#xD;</a>",                NULL                                                      },
    {"line ends",               "<a>\r\n\r</a>",                                                    "<a>\n\n</a>",                        NULL                                                      },
    {"values",                  "<a b='\"\t&#9;&gt;'/>",                                            "<a b=\"&quot; &#x9;>\"></a>",        NULL                                                      },
    {"unused declaration",      "<a xmlns:p=\"u:1\"/>",                                             "<a xmlns:p=\"u:1\"></a>",            "<a></a>"                                                 },
    {"used further in",         "<a xmlns:p=\"u:1\"><p:b/></a>",                                    "<a xmlns:p=\"u:1\"><p:b></p:b></a>",
     "<a><p:b xmlns:p=\"u:1\"></p:b></a>"                                                                                                                                                           },
    {"superfluous",             "<a xmlns=\"u:1\"><b xmlns=\"u:1\"/></a>",                          "<a xmlns=\"u:1\"><b></b></a>",
     NULL                                                                                                                                                                                           },
    {"taken away",              "<a xmlns=\"u:1\"><b xmlns=\"\"/></a>",
     "<a xmlns=\"u:1\"><b xmlns=\"\"></b></a>",                                                                                           NULL                                                      },
    {"nothing to take away",    "<a xmlns=\"\"/>",                                                  "<a></a>",                            NULL                                                      },
    {"plain in a prefixed one", "<p:a xmlns:p=\"u:1\" xmlns=\"u:2\"><b><c>1</c></b></p:a>",
     "<p:a xmlns=\"u:2\" xmlns:p=\"u:1\"><b><c>1</c></b></p:a>",                                                                          "<p:a xmlns:p=\"u:1\"><b xmlns=\"u:2\"><c>1</c></b></p:a>"},
    {"plain after a change",    "<a xmlns=\"u:1\"><b xmlns=\"\"><c>1</c></b><c>2</c></a>",
     "<a xmlns=\"u:1\"><b xmlns=\"\"><c>1</c></b><c>2</c></a>",                                                                           NULL                                                      },
    {"by namespace, then name", "<a xmlns:p=\"u:2\" xmlns:q=\"u:1\" p:a=\"1\" q:z=\"2\" x=\"3\"/>",
     "<a xmlns:p=\"u:2\" xmlns:q=\"u:1\" x=\"3\" q:z=\"2\" p:a=\"1\"></a>",                                                               NULL                                                      },
};

static void
canonical_forms_follow_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(forms); i++) {
        const char *exclusive =
            forms[i].exclusive == NULL ? forms[i].inclusive : forms[i].exclusive;
        EXPECT(canonical(forms[i].text, C14N_INCLUSIVE) == ERR_OK, forms[i].name);
        EXPECT(str_equal((struct str){collected.data, collected.size}, str_of(forms[i].inclusive)),
               forms[i].name);
        EXPECT(canonical(forms[i].text, C14N_EXCLUSIVE) == ERR_OK, forms[i].name);
        EXPECT(str_equal((struct str){collected.data, collected.size}, str_of(exclusive)),
               forms[i].name);
    }
}

/* An element with a long name, text before one special thing, and more behind it. */
static const struct {
    const char *special;
    const char *canonical;
} specials[] = {
    {"",                 ""                   },
    {"&amp;",            "&amp;"              },
    {"&#65;",            "A"                  },
    {">",                "&gt;"               },
    {"\r",               "\n"                 },
    {"\r\n",             "\n"                 },
    {"=;",               "=;"                 },
    {"\xC5\xBC",         "\xC5\xBC"           },
    {"<!-- -->",         ""                   },
    {"<![CDATA[]]>",     ""                   },
    {"<?p?>",            "<?p?>"              },
    {"<b/>",             "<b></b>"            },
    {"<b ></b >",        "<b></b>"            },
    {"<b c='1'>2</b>",   "<b c=\"1\">2</b>"   },
    {"<b xmlns='u'/>",   "<b xmlns=\"u\"></b>"},
    {"<b.-_9>0</b.-_9>", "<b.-_9>0</b.-_9>"   },
};

static void
plain_parts_end_at_the_right_byte(void **state)
{
    static const int sizes[] = {1, 2, 14, 15, 16, 17, 18, 31, 32, 33, 254, 255, 256, 257, 258};
    static char      name[300];
    static char      text[2048];
    static char      wanted[2048];

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(specials) * ARRAY_COUNT(sizes) * 36; i++) {
        const char *special = specials[i % ARRAY_COUNT(specials)].special;
        const char *form = specials[i % ARRAY_COUNT(specials)].canonical;
        int         name_size = sizes[i / ARRAY_COUNT(specials) % ARRAY_COUNT(sizes)];
        int         text_size = (int)(i / ARRAY_COUNT(specials) / ARRAY_COUNT(sizes));
        memset(name, 'n', sizeof name);
        (void)sprintf(text, "<a><%.*s>%.*s%s%.*s</%.*s>\n</a>", name_size, name, text_size, name,
                      special, text_size, name, name_size, name);
        (void)sprintf(wanted, "<a><%.*s>%.*s%s%.*s</%.*s>\n</a>", name_size, name, text_size, name,
                      form, text_size, name, name_size, name);
        for (int method = C14N_INCLUSIVE; method <= C14N_EXCLUSIVE; method++) {
            EXPECT(canonical(text, (enum c14n_method)method) == ERR_OK, text);
            EXPECT(str_equal((struct str){collected.data, collected.size}, str_of(wanted)), text);
        }
    }
}

static void
what_is_no_element_is_said_and_never_read_beyond(void **state)
{
    static const char *const broken[] = {
        "",           "<",
        "<a",         "<a>",
        "<a b",       "<a b=",
        "<a b=\"",    "<a></b>",
        "<a></a",     "<a/>x",
        "<a><!--",    "<a><![CDATA[",
        "<a><?x",     "<a>&zle;</a>",
        "<a>&#;</a>", "<a>&#0;</a>",
        "<a>&</a>",   "<a>&#x110000;</a>",
        "<p:a/>",     "<a p:b=\"1\"/>",
        "text",       "</a>",
        "<a>text",    "<a></aa>",
        "<a><b></a>", "<a><b></a></b>",
        "<a><b></bb", "<a><bb></b></a>",
        "<a><b",      "<a><",
        "<a></",      "<a></b></a>",
        "<a><b>></b", "<a><p:b></p:b></a>",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(broken); i++) {
        EXPECT(canonical(broken[i], C14N_INCLUSIVE) == ERR_SYNTAX, broken[i]);
        EXPECT(canonical(broken[i], C14N_EXCLUSIVE) == ERR_SYNTAX, broken[i]);
    }
}

/* Writes "<a>" * depth and the end tags. */
static void
write_nested(char *text, int depth)
{
    text[0] = '\0';
    for (int i = 0; i < depth; i++) {
        strcat(text, "<a>");
    }
    for (int i = 0; i < depth; i++) {
        strcat(text, "</a>");
    }
}

static void
write_attributes(char *text, int count)
{
    size_t at = (size_t)sprintf(text, "<a");

    for (int i = 0; i < count; i++) {
        at += (size_t)sprintf(text + at, " a%d=\"\"", i);
    }
    (void)sprintf(text + at, "/>");
}

/* The default, xml, and count more. */
static void
write_prefixes(char *text, int count)
{
    size_t at = (size_t)sprintf(text, "<a");

    for (int i = 0; i < count - 2; i++) {
        at += (size_t)sprintf(text + at, " xmlns:p%d=\"u:1\"", i);
    }
    (void)sprintf(text + at, "/>");
}

static void
write_tag(char *text, int size)
{
    memset(text, 'x', (size_t)size);
    static const char opening[] = {'<', 'a', ' ', 'b', '=', '"'};
    memcpy(text, opening, sizeof opening);
    memcpy(text + size - 3, "\"/>", 4);
}

static void
write_namespace(char *text, int size)
{
    static const char opening[] = {'<', 'a', ' ', 'x', 'm', 'l', 'n', 's', '=', '"'};
    memcpy(text, opening, sizeof opening);
    memset(text + 10, 'u', (size_t)size);
    memcpy(text + 10 + size, "\"/>", 4);
}

static const struct {
    const char *name;
    void (*write)(char *text, int count);
    int limit;
} limits[] = {
    {"depth",          write_nested,     C14N_DEPTH_MAX     },
    {"attributes",     write_attributes, C14N_ATTRIBUTES_MAX},
    {"prefixes",       write_prefixes,   C14N_PREFIXES_MAX  },
    {"start tag",      write_tag,        C14N_TAG_MAX       },
    {"namespace name", write_namespace,  C14N_NAMESPACE_MAX },
};

static void
every_limit_holds_at_its_figure(void **state)
{
    static char text[4 * C14N_TAG_MAX];

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(limits); i++) {
        for (int step = -1; step <= 1; step++) {
            limits[i].write(text, limits[i].limit + step);
            EXPECT(canonical(text, C14N_INCLUSIVE) == (step <= 0 ? ERR_OK : ERR_LIMIT),
                   limits[i].name);
        }
    }
}

/* A long namespace name written again for each of many children. */
static void
output_may_not_grow_without_end(void **state)
{
    static char text[OUTPUT_MAX];
    size_t      at = (size_t)sprintf(text, "<a xmlns:p=\"");

    (void)state;
    memset(text + at, 'u', C14N_NAMESPACE_MAX);
    at += C14N_NAMESPACE_MAX;
    at += (size_t)sprintf(text + at, "\">");
    for (int i = 0; i < 10000; i++) {
        at += (size_t)sprintf(text + at, "<p:b/>");
    }
    (void)sprintf(text + at, "</a>");
    assert_int_equal(canonical(text, C14N_INCLUSIVE), ERR_OK);
    assert_int_equal(canonical(text, C14N_EXCLUSIVE), ERR_LIMIT);
}

static void
a_sink_that_fails_stops_the_work(void **state)
{
    struct c14n_sink    sink = {collect, &collected};
    struct c14n_request request = {.bytes = STR("<a>123</a>"), .method = C14N_INCLUSIVE};

    (void)state;
    collected.size = 0;
    collected.size_max = 5;
    assert_int_equal(c14n_write(&request, &sink, NULL), ERR_CRYPTO);
}

static const struct {
    const char *text;
    const char *bytes; /* NULL: refused */
} encodings[] = {
    {"TQ==",         "M"   },
    {"TWE=",         "Ma"  },
    {"TWFu",         "Man" },
    {" T W\nF\tu\r", "Man" },
    {"TWFuTQ==",     "ManM"},
    {"",             NULL  },
    {"    ",         NULL  },
    {"T",            NULL  },
    {"TQ",           NULL  },
    {"TQ=",          NULL  },
    {"TQ===",        NULL  },
    {"TR==",         NULL  },
    {"TWF=",         NULL  },
    {"TQ==TQ==",     NULL  },
    {"=TQ=",         NULL  },
    {"TW-u",         NULL  },
    {"TW_u",         NULL  },
    {"TWF\xC2\xA0u", NULL  },
    {"====",         NULL  },
    {"TWFu=",        NULL  },
};

static void
base64_has_one_spelling(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(encodings); i++) {
        struct arena *arena = arena_create(4096);
        struct str    got = base64_decode(arena, str_of(encodings[i].text));
        EXPECT((got.data == NULL) == (encodings[i].bytes == NULL), encodings[i].text);
        EXPECT(str_equal(got, str_of(encodings[i].bytes)), encodings[i].text);
        arena_destroy(arena);
        arena = arena_create(2);
        EXPECT(base64_decode(arena, str_of(encodings[i].text)).data == NULL, encodings[i].text);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_forms_follow_the_table),
        cmocka_unit_test(plain_parts_end_at_the_right_byte),
        cmocka_unit_test(what_is_no_element_is_said_and_never_read_beyond),
        cmocka_unit_test(every_limit_holds_at_its_figure),
        cmocka_unit_test(output_may_not_grow_without_end),
        cmocka_unit_test(a_sink_that_fails_stops_the_work),
        cmocka_unit_test(base64_has_one_spelling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
