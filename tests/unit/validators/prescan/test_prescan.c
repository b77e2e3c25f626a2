#include "tests/support/expect.h"
#include "validators/base/buf.h"
#include "validators/prescan/prescan.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MIB = 1024 * 1024, PACKAGE_MEMORY = 64 * MIB };

/* The verdict on exactly these bytes, in a block of their own so that ASan sees any step beyond. */
static struct prescan_result
judge(struct arena *arena, struct str bytes, const struct prescan_limits *limits)
{
    char                 *copy = malloc(bytes.size > 0 ? bytes.size : 1);
    struct prescan_result result = {0};
    struct fault          fault = {0};

    ENSURE(copy != NULL);
    if (bytes.size > 0) {
        memcpy(copy, bytes.data, bytes.size);
    }
    struct str borrowed = {copy, bytes.size};
    assert_int_equal(prescan_check(arena, borrowed, limits, &result, &fault), ERR_OK);
    /* Before the bytes go, their slices move into the arena. */
    result.refusal.found = str_copy(arena, result.refusal.found);
    result.refusal.subject = str_copy(arena, result.refusal.subject);
    free(copy);
    return result;
}

static bool
has_code(const struct prescan_result *result, int code)
{
    char wanted[FINDING_CODE_MAX];

    (void)snprintf(wanted, sizeof wanted, "XML-%03d", code);
    return code == PRESCAN_CLEAN ? !result->refused
                                 : result->refused && strcmp(result->refusal.code, wanted) == 0;
}

static void
expect(struct str bytes, int code, size_t offset, const char *found, const char *row)
{
    struct arena         *arena = arena_create(MIB);
    struct prescan_result result = judge(arena, bytes, &prescan_limits_default);

    if (!has_code(&result, code)) {
        print_error("got \"%s\" at %u\n", result.refusal.code, result.refusal.offset);
    }
    EXPECT(has_code(&result, code), row);
    EXPECT(result.refusal.offset == offset, row);
    EXPECT(result.refusal.report == (code == PRESCAN_CLEAN ? 0 : FINDING_OF_PACKAGE), row);
    EXPECT(found == NULL || str_equal(result.refusal.found, str_of(found)), row);
    arena_destroy(arena);
}

struct row {
    const char *name;
    const char *bytes;
    size_t      size;
    int         code;
    size_t      offset;
    const char *found; /* NULL: not looked at */
};

#define BYTES(literal) literal, sizeof(literal) - 1

static void
run(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        expect((struct str){rows[i].bytes, rows[i].size}, rows[i].code, rows[i].offset,
               rows[i].found, rows[i].name);
    }
}

static const struct row honest[] = {
    {"one element",                             BYTES("<a/>"),                                                               0, 0, NULL},
    {"byte order mark",                         BYTES("\xEF\xBB\xBF<a/>"),                                                   0, 0, NULL},
    {"mark and declaration",                    BYTES("\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-8\"?><a/>"),         0,
     0,                                                                                                                            NULL},
    {"upper case, single quotes",               BYTES("<?xml version='1.0' encoding='UTF-8'?>\n<a></a>"),                    0, 0,
     NULL                                                                                                                              },
    {"mixed case",                              BYTES("<?xml version=\"1.0\" encoding=\"uTf-8\" standalone=\"yes\" ?><a/>"), 0,
     0,                                                                                                                            NULL},
    {"no encoding",                             BYTES("<?xml version = \"1.0\"?><a/>"),                                      0, 0, NULL},
    {"white space first",                       BYTES("\r\n\t <a/>"),                                                        0, 0, NULL},
    {"no-break space U+FEFF in a text",         BYTES("<a>\xEF\xBB\xBF</a>"),                                                0, 0, NULL},
    {"attributes and entities",
     BYTES("<a b = \"&amp;&lt;&gt;&quot;&apos;\" c='\"'>&#9;&#xA;&#x10FFFF;</a >"),                                          0, 0, NULL},
    {"Polish letters in names",                 BYTES("<Dzia\xC5\x82 \xC5\xBC=\"1\">\xC4\x85</Dzia\xC5\x82>"),               0, 0,
     NULL                                                                                                                              },
    {"comment with markup",                     BYTES("<a><!-- <!DOCTYPE x> <?pi?> &nbsp; --></a>"),                         0, 0, NULL},
    {"CDATA with markup",                       BYTES("<a><![CDATA[<!DOCTYPE x><?pi?>&nbsp;]]></a>"),                        0, 0, NULL},
    {"question mark in a text",                 BYTES("<a>? ! > ]]</a>"),                                                    0, 0, NULL},
    {"DEL and C1",                              BYTES("<a>\x7F\xC2\x80\xC2\x9F</a>"),                                        0, 0, NULL},
    {"first and last of each plane",
     BYTES("<a>\xEE\x80\x80\xEF\xBF\xBD\xF0\x90\x80\x80\xF4\x8F\xBF\xBF\xED\x9F\xBF</a>"),                                   0, 0,
     NULL                                                                                                                              },
    {"U+1FFFE is a character",                  BYTES("<a>\xF0\x9F\xBF\xBE</a>"),                                            0, 0, NULL},
    {"tags that do not match are the parser's", BYTES("<a><b></a></c></d>"),                                                 0, 0, NULL},
    {"unclosed element is the parser's",        BYTES("<a><b>text"),                                                         0, 0, NULL},
    {"text behind the root is the parser's",    BYTES("<a/>x"),                                                              0, 0, NULL},
};

static void
prescan_passes_what_it_can_tell_apart(void **state)
{
    (void)state;
    run(honest, ARRAY_COUNT(honest));
}

static const struct row openings[] = {
    {"empty",                        BYTES(""),                                                             PRESCAN_EMPTY,         0, NULL                       },
    {"mark only",                    BYTES("\xEF\xBB\xBF"),                                                 PRESCAN_EMPTY,         0, NULL                       },
    {"blanks only",                  BYTES(" \r\n\t"),                                                      PRESCAN_EMPTY,         0, NULL                       },
    {"XLS",                          BYTES("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0"),                         PRESCAN_NOT_XML,       0,
     "arkusz Excela albo inny dokument w starym formacie Office (XLS, DOC)"                                                                                      },
    {"XLSX",                         BYTES("PK\3\4\x14\0\6\0[Content_Types].xml PK\3\4 xl/workbook.xml"),   PRESCAN_NOT_XML,
     0,                                                                                                                               "arkusz Excela (XLSX)"     },
    {"DOCX",                         BYTES("PK\3\4\x14\0word/document.xml"),                                PRESCAN_NOT_XML,       0, "dokument Worda (DOCX)"    },
    {"ODS",                          BYTES("PK\3\4mimetypeapplication/vnd.oasis.opendocument.spreadsheet"), PRESCAN_NOT_XML,
     0,                                                                                                                               "arkusz kalkulacyjny (ODS)"},
    {"ZIP",                          BYTES("PK\3\4\x14\0paczka.xml"),                                       PRESCAN_NOT_XML,       0, "archiwum ZIP"             },
    {"PDF",                          BYTES("%PDF-1.7\n"),                                                   PRESCAN_NOT_XML,       0, "dokument PDF"             },
    {"gzip",                         BYTES("\x1F\x8B\x08\0"),                                               PRESCAN_NOT_XML,       0, "archiwum gzip"            },
    {"7z",                           BYTES("7z\xBC\xAF\x27\x1C"),                                           PRESCAN_NOT_XML,       0, "archiwum 7z"              },
    {"RAR",                          BYTES("Rar!\x1A\x07"),                                                 PRESCAN_NOT_XML,       0, "archiwum RAR"             },
    {"HTML",                         BYTES("<HTML><body>"),                                                 PRESCAN_NOT_XML,       0, "strona HTML"              },
    {"HTML with DOCTYPE",            BYTES("\n<!doctype HTML>"),                                            PRESCAN_NOT_XML,       1, "strona HTML"              },
    {"JSON object",                  BYTES("\xEF\xBB\xBF {\"a\":1}"),                                       PRESCAN_NOT_XML,       4, "plik JSON"                },
    {"JSON array",                   BYTES("[1]"),                                                          PRESCAN_NOT_XML,       0, "plik JSON"                },
    {"RTF",                          BYTES("{\\rtf1"),                                                      PRESCAN_NOT_XML,       0, "dokument tekstowy RTF"    },
    {"PEM",                          BYTES("-----BEGIN CERTIFICATE-----"),                                  PRESCAN_NOT_XML,       0,
     "certyfikat albo klucz w formacie PEM"                                                                                                                      },
    {"detached signature",           BYTES("\x30\x82\x01\x01"),                                             PRESCAN_NOT_XML,       0,
     "podpis elektroniczny zapisany osobno (P7S, SIG)"                                                                                                           },
    {"CSV",                          BYTES("Dzial;Rozdzial\r\n801;80101"),                                  PRESCAN_NOT_XML,       0, "zwyk\xC5\x82y tekst"      },
    {"Windows-1250 text",            BYTES("Dzia\xB3"),                                                     PRESCAN_NOT_XML,       0, "zwyk\xC5\x82y tekst"      },
    {"other binary",
     BYTES("\x7F"
           "ELF\2\1\1"),
     PRESCAN_NOT_XML,                                                                                                              0, "plik binarny"             },
    {"UTF-16LE with mark",           BYTES("\xFF\xFE<\0a\0/\0>\0"),                                         PRESCAN_WIDE_ENCODING, 0, "UTF-16"                   },
    {"UTF-16BE with mark",           BYTES("\xFE\xFF\0<\0a\0/\0>"),                                         PRESCAN_WIDE_ENCODING, 0, "UTF-16"                   },
    {"UTF-16LE bare",                BYTES("<\0?\0x\0m\0l\0"),                                              PRESCAN_WIDE_ENCODING, 0, "UTF-16"                   },
    {"UTF-16BE bare",                BYTES("\0<\0?\0x\0m\0l"),                                              PRESCAN_WIDE_ENCODING, 0, "UTF-16"                   },
    {"UTF-32LE with mark",           BYTES("\xFF\xFE\0\0<\0\0\0"),                                          PRESCAN_WIDE_ENCODING, 0, "UTF-32"                   },
    {"UTF-32BE with mark",           BYTES("\0\0\xFE\xFF\0\0\0<"),                                          PRESCAN_WIDE_ENCODING, 0, "UTF-32"                   },
    {"UTF-32LE bare",                BYTES("<\0\0\0a\0\0\0"),                                               PRESCAN_WIDE_ENCODING, 0, "UTF-32"                   },
    {"UTF-32BE bare",                BYTES("\0\0\0<\0\0\0a"),                                               PRESCAN_WIDE_ENCODING, 0, "UTF-32"                   },
    {"UTF-7",                        BYTES("+ADw-a+AD4-"),                                                  PRESCAN_WIDE_ENCODING, 0, "UTF-7"                    },
    {"UTF-7 with mark",              BYTES("+/v8-<a/>"),                                                    PRESCAN_WIDE_ENCODING, 0, "UTF-7"                    },
    {"EBCDIC",                       BYTES("\x4C\x6F\xA7\x94\x93"),                                         PRESCAN_WIDE_ENCODING, 0, "EBCDIC"                   },
    {"declared UTF-8, bytes UTF-16", BYTES("<\0?\0x\0m\0l\0 \0e\0"),                                        PRESCAN_WIDE_ENCODING, 0,
     "UTF-16"                                                                                                                                                    },
    {"second mark",                  BYTES("\xEF\xBB\xBF\xEF\xBB\xBF<a/>"),                                 PRESCAN_SECOND_BOM,    3, NULL                       },
};

static void
prescan_names_what_is_not_xml(void **state)
{
    (void)state;
    run(openings, ARRAY_COUNT(openings));
}

static const struct row declarations[] = {
    {"windows-1250",                 BYTES("<?xml version=\"1.0\" encoding=\"windows-1250\"?><a/>"),
     PRESCAN_DECLARED_ENCODING,                                                                                                                 30, "windows-1250"},
    {"ISO-8859-2",                   BYTES("<?xml version=\"1.0\" encoding='ISO-8859-2'?><a>\xB3</a>"),
     PRESCAN_DECLARED_ENCODING,                                                                                                                 30, "ISO-8859-2"  },
    {"UTF-7",                        BYTES("<?xml version=\"1.0\" encoding=\"UTF-7\"?><a/>"),                    PRESCAN_DECLARED_ENCODING,
     30,                                                                                                                                            "UTF-7"       },
    {"UTF-16 under an UTF-8 mark",
     BYTES("\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>"),
     PRESCAN_DECLARED_ENCODING,                                                                                                                 33, "UTF-16"      },
    {"EBCDIC name",                  BYTES("<?xml version=\"1.0\" encoding=\"ebcdic-cp-us\"?><a/>"),
     PRESCAN_DECLARED_ENCODING,                                                                                                                 30, NULL          },
    {"US-ASCII",                     BYTES("<?xml version=\"1.0\" encoding=\"US-ASCII\"?><a/>"),
     PRESCAN_DECLARED_ENCODING,                                                                                                                 30, NULL          },
    {"UTF8 is no name",              BYTES("<?xml version=\"1.0\" encoding=\"UTF8\"?><a/>"),
     PRESCAN_DECLARED_ENCODING,                                                                                                                 30, "UTF8"        },
    {"unknown name",                 BYTES("<?xml version=\"1.0\" encoding=\"x\"?><a/>"),                        PRESCAN_DECLARED_ENCODING,
     30,                                                                                                                                            "x"           },
    {"empty name",                   BYTES("<?xml version=\"1.0\" encoding=\"\"?><a/>"),                         PRESCAN_BAD_DECLARATION,       19,
     NULL                                                                                                                                                         },
    {"name with a blank",            BYTES("<?xml version=\"1.0\" encoding=\"UTF-8 \"?><a/>"),
     PRESCAN_BAD_DECLARATION,                                                                                                                   19, NULL          },
    {"version 1.1",                  BYTES("<?xml version=\"1.1\"?><a/>"),                                       PRESCAN_VERSION,               15, "1.1"         },
    {"version 1.00",                 BYTES("<?xml version=\"1.00\"?><a/>"),                                      PRESCAN_VERSION,               15, "1.00"        },
    {"no version",                   BYTES("<?xml encoding=\"UTF-8\"?><a/>"),                                    PRESCAN_BAD_DECLARATION,       5,  NULL          },
    {"version last",                 BYTES("<?xml encoding=\"UTF-8\" version=\"1.0\"?><a/>"),
     PRESCAN_BAD_DECLARATION,                                                                                                                   5,  NULL          },
    {"version twice",                BYTES("<?xml version=\"1.0\" version=\"1.0\"?><a/>"),                       PRESCAN_BAD_DECLARATION,
     19,                                                                                                                                            NULL          },
    {"encoding twice",               BYTES("<?xml version=\"1.0\" encoding=\"UTF-8\" encoding=\"UTF-8\"?><a/>"),
     PRESCAN_BAD_DECLARATION,                                                                                                                   36, NULL          },
    {"standalone maybe",             BYTES("<?xml version=\"1.0\" standalone=\"maybe\"?><a/>"),
     PRESCAN_BAD_DECLARATION,                                                                                                                   19, NULL          },
    {"standalone before encoding",
     BYTES("<?xml version=\"1.0\" standalone=\"no\" encoding=\"UTF-8\"?><a/>"),
     PRESCAN_BAD_DECLARATION,                                                                                                                   35, NULL          },
    {"quotes differ",                BYTES("<?xml version=\"1.0'?><a/>"),                                        PRESCAN_BAD_DECLARATION,       5,  NULL          },
    {"no quotes",                    BYTES("<?xml version=1.0?><a/>"),                                           PRESCAN_BAD_DECLARATION,       5,  NULL          },
    {"no blank between",             BYTES("<?xml version=\"1.0\"encoding=\"UTF-8\"?><a/>"),
     PRESCAN_BAD_DECLARATION,                                                                                                                   19, NULL          },
    {"nothing inside",               BYTES("<?xml ?><a/>"),                                                      PRESCAN_BAD_DECLARATION,       5,  NULL          },
    {"unfinished",                   BYTES("<?xml version=\"1.0\""),                                             PRESCAN_CUT_OFF,               0,  NULL          },
    {"upper case is an instruction", BYTES("<?XML version=\"1.0\"?><a/>"),                                       PRESCAN_INSTRUCTION,           0,
     "XML"                                                                                                                                                        },
    {"behind a blank",               BYTES(" <?xml version=\"1.0\"?><a/>"),                                      PRESCAN_MISPLACED_DECLARATION, 1,
     NULL                                                                                                                                                         },
    {"twice",                        BYTES("<?xml version=\"1.0\"?><?xml version=\"1.0\"?><a/>"),
     PRESCAN_MISPLACED_DECLARATION,                                                                                                             21, NULL          },
    {"behind the root",              BYTES("<a/><?xml version=\"1.0\"?>"),                                       PRESCAN_MISPLACED_DECLARATION, 4,
     NULL                                                                                                                                                         },
};

static void
prescan_refuses_other_encodings_and_odd_declarations(void **state)
{
    (void)state;
    run(declarations, ARRAY_COUNT(declarations));
}

static const struct row characters[] = {
    {"NUL",                         BYTES("<a>\0</a>"),                                          PRESCAN_NUL,                     3,  "U+0000"  },
    {"NUL in a tag",                BYTES("<a \0b=''/>"),                                        PRESCAN_NUL,                     3,  NULL      },
    {"U+0001",                      BYTES("<a>\x01</a>"),                                        PRESCAN_CONTROL,                 3,  "U+0001"  },
    {"U+000B",                      BYTES("<a>\x0B</a>"),                                        PRESCAN_CONTROL,                 3,  "U+000B"  },
    {"U+001F in a comment",         BYTES("<a><!--\x1F--></a>"),                                 PRESCAN_CONTROL,                 7,  "U+001F"  },
    {"U+0008 in CDATA",             BYTES("<a><![CDATA[\x08]]></a>"),                            PRESCAN_CONTROL,                 12, "U+0008"  },
    {"overlong slash",              BYTES("<a>\xC0\xAF</a>"),                                    PRESCAN_OVERLONG,                3,  "U+002F"  },
    {"overlong in three",           BYTES("<a>\xE0\x80\xAF</a>"),                                PRESCAN_OVERLONG,                3,  "U+002F"  },
    {"overlong in four",            BYTES("<a>\xF0\x82\x82\xAC</a>"),                            PRESCAN_OVERLONG,                3,  "U+20AC"  },
    {"overlong NUL",                BYTES("<a>\xC0\x80</a>"),                                    PRESCAN_OVERLONG,                3,  "U+0000"  },
    {"overlong less-than",
     BYTES("\x3C"
           "a>\xC0\xBC!DOCTYPE</a>"),
     PRESCAN_OVERLONG,                                                                                                            3,  "U+003C"  },
    {"first surrogate",             BYTES("<a>\xED\xA0\x80</a>"),                                PRESCAN_SURROGATE,               3,  "U+D800"  },
    {"last surrogate",              BYTES("<a>\xED\xBF\xBF</a>"),                                PRESCAN_SURROGATE,               3,  "U+DFFF"  },
    {"U+110000",                    BYTES("<a>\xF4\x90\x80\x80</a>"),                            PRESCAN_BEYOND_UNICODE,          3,  "U+110000"},
    {"F7",                          BYTES("<a>\xF7\xBF\xBF\xBF</a>"),                            PRESCAN_BEYOND_UNICODE,          3,  NULL      },
    {"cut by a tag",                BYTES("<a>\xC5</a>"),                                        PRESCAN_CUT_SEQUENCE,            3,  "0xC5"    },
    {"cut by another lead",         BYTES("<a>\xE2\x82\xC5\x82</a>"),                            PRESCAN_CUT_SEQUENCE,            3,  "0xE2"    },
    {"cut by the end",              BYTES("<a>\xF0\x9F\x98"),                                    PRESCAN_CUT_SEQUENCE,            3,  "0xF0"    },
    {"lone continuation",           BYTES("<a>\x80</a>"),                                        PRESCAN_STRAY_BYTE,              3,  "0x80"    },
    {"Windows-1250 letter",         BYTES("<a>szko\xB3y</a>"),                                   PRESCAN_STRAY_BYTE,              7,  "0xB3"    },
    {"F8",                          BYTES("<a>\xF8\x88\x80\x80\x80</a>"),                        PRESCAN_STRAY_BYTE,              3,  "0xF8"    },
    {"FF",                          BYTES("<a>\xFF</a>"),                                        PRESCAN_STRAY_BYTE,              3,  "0xFF"    },
    {"U+FFFE",                      BYTES("<a>\xEF\xBF\xBE</a>"),                                PRESCAN_NONCHARACTER,            3,  "U+FFFE"  },
    {"U+FFFF",                      BYTES("<a>\xEF\xBF\xBF</a>"),                                PRESCAN_NONCHARACTER,            3,  "U+FFFF"  },
    {"in a name",                   BYTES("<a\xFF/>"),                                           PRESCAN_STRAY_BYTE,              2,  NULL      },
    {"in the declaration",          BYTES("<?xml version=\"1.0\" \xFF?><a/>"),                   PRESCAN_STRAY_BYTE,              20, NULL      },
    {"far in, behind whole blocks",
     BYTES("<a>0123456789012345678901234567890123456789012345678901234567890123456789\x02</a>"),
     PRESCAN_CONTROL,                                                                                                             73, NULL      },
    {"DOCTYPE before it wins",      BYTES("<!DOCTYPE a><a>\x02</a>"),                            PRESCAN_DOCTYPE,                 0,  NULL      },
    {"DOCTYPE behind it loses",     BYTES("<a>\x02</a><!DOCTYPE a>"),                            PRESCAN_CONTROL,                 3,  NULL      },
    {"reference to NUL",            BYTES("<a>&#0;</a>"),                                        PRESCAN_BAD_CHARACTER_REFERENCE, 3,  "&#0;"    },
    {"reference to U+001F",         BYTES("<a>&#x1F;</a>"),                                      PRESCAN_BAD_CHARACTER_REFERENCE, 3,  "&#x1F;"  },
    {"reference to a surrogate",    BYTES("<a>&#xD800;</a>"),                                    PRESCAN_BAD_CHARACTER_REFERENCE, 3,
     NULL                                                                                                                                       },
    {"reference to U+FFFE",         BYTES("<a>&#xfffe;</a>"),                                    PRESCAN_BAD_CHARACTER_REFERENCE, 3,  NULL      },
    {"reference beyond",            BYTES("<a>&#x110000;</a>"),                                  PRESCAN_BAD_CHARACTER_REFERENCE, 3,  NULL      },
    {"reference that overflows",    BYTES("<a>&#x100000041;</a>"),                               PRESCAN_BAD_CHARACTER_REFERENCE, 3,
     NULL                                                                                                                                       },
    {"reference with 30 digits",    BYTES("<a b='&#999999999999999999999999999999;'/>"),
     PRESCAN_BAD_CHARACTER_REFERENCE,                                                                                             6,  NULL      },
};

static void
prescan_refuses_every_byte_that_is_no_character(void **state)
{
    (void)state;
    run(characters, ARRAY_COUNT(characters));
}

static const struct row markup[] = {
    {"plain DOCTYPE",                          BYTES("<!DOCTYPE a><a/>"),                                                  PRESCAN_DOCTYPE,           0,  NULL       },
    {"empty subset",                           BYTES("<?xml version=\"1.0\"?>\n<!DOCTYPE a []><a/>"),                      PRESCAN_DOCTYPE,           22,
     NULL                                                                                                                                                            },
    {"laughs",                                 BYTES("<!DOCTYPE l [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]><l>&b;</l>"),
     PRESCAN_DOCTYPE,                                                                                                                                 0,  NULL       },
    {"external subset",                        BYTES("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>"),                    PRESCAN_DOCTYPE,           0,
     NULL                                                                                                                                                            },
    {"http",                                   BYTES("<!DOCTYPE a PUBLIC \"x\" \"http://192.0.2.1/a.dtd\"><a/>"),          PRESCAN_DOCTYPE,           0,
     NULL                                                                                                                                                            },
    {"DOCTYPE inside the root",                BYTES("<a><!DOCTYPE a></a>"),                                               PRESCAN_DOCTYPE,           3,  NULL       },
    {"DOCTYPE behind a comment",               BYTES("<!-- x --><!DOCTYPE a><a/>"),                                        PRESCAN_DOCTYPE,           10, NULL       },
    {"DOCTYPE behind a comment of two dashes", BYTES("<!----><!DOCTYPE a><a/>"),                                           PRESCAN_DOCTYPE,           7,
     NULL                                                                                                                                                            },
    {"not hidden by an odd comment",           BYTES("<!--> --><!DOCTYPE a><a/>"),                                         PRESCAN_DOCTYPE,           9,  NULL       },
    {"DOCTYPEX",                               BYTES("<!DOCTYPEX><a/>"),                                                   PRESCAN_DOCTYPE,           0,  NULL       },
    {"lower case",                             BYTES("<!doctype a><a/>"),                                                  PRESCAN_BAD_MARKUP,        0,  "<!doctype"},
    {"ENTITY",                                 BYTES("<a><!ENTITY x 'y'></a>"),                                            PRESCAN_BAD_MARKUP,        3,  "<!ENTITY" },
    {"NOTATION",                               BYTES("<!NOTATION x SYSTEM 'y'><a/>"),                                      PRESCAN_BAD_MARKUP,        0,  NULL       },
    {"cdata in lower case",                    BYTES("<a><![cdata[x]]></a>"),                                              PRESCAN_BAD_MARKUP,        3,  NULL       },
    {"one dash",                               BYTES("<a><!- x -></a>"),                                                   PRESCAN_BAD_MARKUP,        3,  NULL       },
    {"style sheet",                            BYTES("<?xml-stylesheet href=\"a.xsl\"?><a/>"),                             PRESCAN_INSTRUCTION,       0,
     "xml-stylesheet"                                                                                                                                                },
    {"catalog",                                BYTES("<?oasis-xml-catalog catalog=\"http://192.0.2.1/\"?><a/>"),
     PRESCAN_INSTRUCTION,                                                                                                                             0,  NULL       },
    {"instruction in the content",             BYTES("<a><?php echo 1?></a>"),                                             PRESCAN_INSTRUCTION,       3,  "php"      },
    {"instruction behind the root",            BYTES("<a/><?x?>"),                                                         PRESCAN_INSTRUCTION,       4,  "x"        },
    {"instruction without a name",             BYTES("<a><? x?></a>"),                                                     PRESCAN_INSTRUCTION,       3,  ""         },
    {"nbsp",                                   BYTES("<a>&nbsp;</a>"),                                                     PRESCAN_ENTITY,            3,  "&nbsp;"   },
    {"entity in an attribute",                 BYTES("<a b=\"&x;\"/>"),                                                    PRESCAN_ENTITY,            6,  "&x;"      },
    {"case matters",                           BYTES("<a>&AMP;</a>"),                                                      PRESCAN_ENTITY,            3,  NULL       },
    {"prefix of a known one",                  BYTES("<a>&am;</a>"),                                                       PRESCAN_ENTITY,            3,  NULL       },
    {"endless name",
     BYTES(
         "<a>&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa;</a>"),
     PRESCAN_ENTITY,                                                                                                                                  3,  NULL       },
    {"ampersand alone",                        BYTES("<a>A & B</a>"),                                                      PRESCAN_AMPERSAND,         5,  "&"        },
    {"no semicolon",                           BYTES("<a>A&amp B</a>"),                                                    PRESCAN_AMPERSAND,         4,  "&amp"     },
    {"number without digits",                  BYTES("<a>&#;</a>"),                                                        PRESCAN_AMPERSAND,         3,  NULL       },
    {"hex without digits",                     BYTES("<a>&#x;</a>"),                                                       PRESCAN_AMPERSAND,         3,  NULL       },
    {"upper case X",                           BYTES("<a>&#X41;</a>"),                                                     PRESCAN_AMPERSAND,         3,  NULL       },
    {"digits and letters",                     BYTES("<a>&#12a;</a>"),                                                     PRESCAN_AMPERSAND,         3,  NULL       },
    {"less-than in a text",                    BYTES("<a>1 < 2</a>"),                                                      PRESCAN_BAD_TAG,           5,  NULL       },
    {"digit as a name",                        BYTES("<a><5/></a>"),                                                       PRESCAN_BAD_TAG,           3,  NULL       },
    {"end tag without a name",                 BYTES("<a></></a>"),                                                        PRESCAN_BAD_TAG,           3,  NULL       },
    {"attribute in an end tag",                BYTES("<a></a b=\"\">"),                                                    PRESCAN_BAD_TAG,           3,  NULL       },
    {"slash inside a tag",                     BYTES("<a / b=\"\">"),                                                      PRESCAN_BAD_TAG,           3,  NULL       },
    {"stray quote",                            BYTES("<a \"b\"/>"),                                                        PRESCAN_BAD_TAG,           3,  NULL       },
    {"tag inside a tag",                       BYTES("<a <b/>"),                                                           PRESCAN_BAD_TAG,           3,  NULL       },
    {"attribute without quotes",               BYTES("<a b=1/>"),                                                          PRESCAN_BAD_ATTRIBUTE,     3,  "b"        },
    {"attribute without a value",              BYTES("<a b/>"),                                                            PRESCAN_BAD_ATTRIBUTE,     3,  "b"        },
    {"less-than in an attribute",              BYTES("<a b=\"x><c d=\"y\"/>"),                                             PRESCAN_LESS_IN_ATTRIBUTE, 8,
     "b"                                                                                                                                                             },
};

static void
prescan_refuses_doctype_instructions_entities_and_odd_tags(void **state)
{
    (void)state;
    run(markup, ARRAY_COUNT(markup));
}

static const struct row cut[] = {
    {"less-than last",            BYTES("<a><"),              PRESCAN_CUT_OFF, 3, NULL},
    {"in a name",                 BYTES("<a><bcd"),           PRESCAN_CUT_OFF, 3, NULL},
    {"behind a name",             BYTES("<a><bcd "),          PRESCAN_CUT_OFF, 3, NULL},
    {"in an attribute's name",    BYTES("<a b"),              PRESCAN_CUT_OFF, 0, NULL},
    {"before the equals sign",    BYTES("<a b "),             PRESCAN_CUT_OFF, 0, NULL},
    {"behind the equals sign",    BYTES("<a b="),             PRESCAN_CUT_OFF, 0, NULL},
    {"in a value",                BYTES("<a b=\"c"),          PRESCAN_CUT_OFF, 0, NULL},
    {"in a reference of a value", BYTES("<a b=\"&am"),        PRESCAN_CUT_OFF, 6, NULL},
    {"behind a value",            BYTES("<a b=\"c\""),        PRESCAN_CUT_OFF, 0, NULL},
    {"behind a slash",            BYTES("<a/"),               PRESCAN_CUT_OFF, 0, NULL},
    {"in an end tag",             BYTES("<a></"),             PRESCAN_CUT_OFF, 3, NULL},
    {"in an end tag's name",      BYTES("<a></a"),            PRESCAN_CUT_OFF, 3, NULL},
    {"in a reference",            BYTES("<a>&"),              PRESCAN_CUT_OFF, 3, NULL},
    {"in an entity",              BYTES("<a>&lt"),            PRESCAN_CUT_OFF, 3, NULL},
    {"in a number",               BYTES("<a>&#1"),            PRESCAN_CUT_OFF, 3, NULL},
    {"in a hex number",           BYTES("<a>&#x"),            PRESCAN_CUT_OFF, 3, NULL},
    {"in a comment",              BYTES("<a><!-- x --"),      PRESCAN_CUT_OFF, 3, NULL},
    {"in a comment's beginning",  BYTES("<a><!-"),            PRESCAN_CUT_OFF, 3, NULL},
    {"in CDATA",                  BYTES("<a><![CDATA[ x ]]"), PRESCAN_CUT_OFF, 3, NULL},
    {"in CDATA's beginning",      BYTES("<a><![CDA"),         PRESCAN_CUT_OFF, 3, NULL},
    {"in an instruction",         BYTES("<a><?x"),            PRESCAN_CUT_OFF, 3, NULL},
};

static void
prescan_says_inside_what_a_file_ends(void **state)
{
    (void)state;
    run(cut, ARRAY_COUNT(cut));
    for (size_t i = 0; i < ARRAY_COUNT(cut); i++) {
        struct arena         *arena = arena_create(MIB);
        struct prescan_result result =
            judge(arena, (struct str){cut[i].bytes, cut[i].size}, &prescan_limits_default);
        EXPECT(result.refusal.subject.size > 0, cut[i].name);
        arena_destroy(arena);
    }
}

/* A text made of pieces: before, count times piece, after. A "%" in piece is the running number. */
struct shape {
    const char *before;
    const char *piece;
    const char *after;
};

static struct str
build(struct arena *arena, const struct shape *shape, size_t count)
{
    struct buf  out = buf_create(arena, (size_t)32 * MIB);
    const char *mark = strchr(shape->piece, '%');
    struct str  piece = str_of(shape->piece);

    buf_append(&out, str_of(shape->before));
    for (size_t i = 0; i < count; i++) {
        if (mark == NULL) {
            buf_append(&out, piece);
            continue;
        }
        buf_append(&out, str_slice(piece, 0, (size_t)(mark - shape->piece)));
        buf_format(&out, "%zu", i);
        buf_append(&out, str_of(mark + 1));
    }
    buf_append(&out, str_of(shape->after));
    ENSURE(buf_ok(&out));
    return buf_str(&out);
}

/* Small limits, so that each can be met alone; count n passes and n + 1 is refused. */
static const struct {
    const char           *name;
    struct shape          shape;
    size_t                most; /* pieces that pass */
    int                   code;
    struct prescan_limits limits;
} caps[] = {
#define SMALL                                                                                     \
    .bytes_max = 4000, .depth_max = 5, .attributes_max = 6, .start_tag_max = 200, .names_max = 9, \
    .text_max = 300, .comments_max = 7, .cdata_max = 8, .references_max = 11,                     \
    .declarations_max = 4
    {"bytes",
                         {"<a>", " ", "</a>"},
                         93,                                                                                 PRESCAN_TOO_LARGE,
                         {.bytes_max = 100, .depth_max = 1, .start_tag_max = 16, .names_max = 1, .text_max = 100}                           },
    {"depth",                               {"", "<a>", ""},                        5,   PRESCAN_DEPTH,          {SMALL}},
    {"depth of an empty element",
                         {"<a><a><a><a>", "<a/>", "</a>"},
                         4000,                                                                               0,
                         {.bytes_max = 20000,
      .depth_max = 5,
      .attributes_max = 1,
      .start_tag_max = 16,
      .names_max = 1}                                                                                                                       },
    {"attributes",                          {"<a", " b='1'", "/>"},                 6,   PRESCAN_ATTRIBUTES,     {SMALL}},
    {"start tag",                           {"<a b='", "x", "'/>"},                 191, PRESCAN_TAG_LENGTH,     {SMALL}},
    {"end tag",                             {"<a></a", " ", ">"},                   196, PRESCAN_TAG_LENGTH,     {SMALL}},
    {"name of an element",                  {"<", "x", ">"},                        198, PRESCAN_TAG_LENGTH,     {SMALL}},
    {"blanks in a tag",                     {"<a", " ", "/>"},                      196, PRESCAN_TAG_LENGTH,     {SMALL}},
    {"attributes' names",                   {"<a ", "x", "='1'/>"},                 191, PRESCAN_TAG_LENGTH,     {SMALL}},
    {"declaration",                         {"<?xml version='1.0'", " ", "?><a/>"}, 179, PRESCAN_TAG_LENGTH,     {SMALL}},
    {"names of elements",                   {"<a>", "<b%/>", "</a>"},               8,   PRESCAN_NAMES,          {SMALL}},
    {"names of attributes",                 {"<a>", "<a b%=''/>", "</a>"},          8,   PRESCAN_NAMES,          {SMALL}},
    {"text",                                {"<a>", "x", "</a>"},                   300, PRESCAN_TEXT_LENGTH,    {SMALL}},
    {"text to the end",                     {"<a>", "x", ""},                       300, PRESCAN_TEXT_LENGTH,    {SMALL}},
    {"text ending in a reference",          {"<a>", "x", "&lt;</a>"},               296, PRESCAN_TEXT_LENGTH,    {SMALL}},
    {"blanks before the root",              {"", " ", "<a/>"},                      300, PRESCAN_TEXT_LENGTH,    {SMALL}},
    {"comment",                             {"<a><!--", "x", "--></a>"},            300, PRESCAN_COMMENT_LENGTH, {SMALL}},
    {"CDATA",                               {"<a><![CDATA[", "x", "]]></a>"},       300, PRESCAN_CDATA_LENGTH,   {SMALL}},
    {"comments",                            {"<a>", "<!---->", "</a>"},             7,   PRESCAN_COMMENTS,       {SMALL}},
    {"CDATA sections",                      {"<a>", "<![CDATA[]]>", "</a>"},        8,   PRESCAN_CDATA_SECTIONS, {SMALL}},
    {"references in a text",                {"<a>", "&#13;", "</a>"},               11,  PRESCAN_REFERENCES,     {SMALL}},
    {"references in attributes",            {"<a b='", "&lt;", "'/>"},              11,  PRESCAN_REFERENCES,     {SMALL}},
    {"declarations of one element",         {"<a", " xmlns:b='1'", "/>"},           4,   PRESCAN_DECLARATIONS,   {SMALL}},
    {"declarations of open elements",
                         {"<a xmlns='1' xmlns:b=''>", "<a xmlns:c='1'>", ""},
                         2,                                                                                  PRESCAN_DECLARATIONS,
                         {SMALL}                                                                                                            },
    {"declarations end with their element",
                         {"<a>", "<a xmlns='1' xmlns:b='2' xmlns:c='3'></a>", "</a>"},
                         97,                                                                                 PRESCAN_TOO_LARGE,
                         {SMALL}                                                                                                            },
#undef SMALL
};

static void
prescan_keeps_every_cap_at_its_last_allowed_value(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(caps); i++) {
        for (size_t count = caps[i].most - 1; count <= caps[i].most + 1; count++) {
            struct arena         *arena = arena_create(PACKAGE_MEMORY);
            struct str            bytes = build(arena, &caps[i].shape, count);
            struct prescan_result result = judge(arena, bytes, &caps[i].limits);
            int                   want = count > caps[i].most ? caps[i].code : PRESCAN_CLEAN;
            if (!has_code(&result, want)) {
                print_error("%zu pieces, %zu bytes: got \"%s\"\n", count, bytes.size,
                            result.refusal.code);
            }
            EXPECT(has_code(&result, want), caps[i].name);
            arena_destroy(arena);
        }
    }
}

/* The caps of design.md 9, with their real values. */
static const struct {
    const char  *name;
    struct shape shape;
    size_t       most;
    int          code;
} stated[] = {
    {"depth 64",                        {"", "<a>", ""},                                  64,            PRESCAN_DEPTH         },
    {"64 attributes",                   {"<a", " b%='1'", "/>"},                          64,            PRESCAN_ATTRIBUTES    },
    {"start tag 16 KiB",                {"<a b='", "x", "'/>"},                           16 * 1024 - 9, PRESCAN_TAG_LENGTH    },
    {"2,000 names",                     {"<a>", "<n%/>", "</a>"},                         1999,          PRESCAN_NAMES         },
    {"text 64 KiB",                     {"<a>", "x", "</a>"},                             65536,         PRESCAN_TEXT_LENGTH   },
    {"comment 64 KiB",                  {"<a><!--", "x", "--></a>"},                      65536,         PRESCAN_COMMENT_LENGTH},
    {"CDATA 64 KiB",                    {"<a><![CDATA[", "x", "]]></a>"},                 65536,         PRESCAN_CDATA_LENGTH  },
    {"10,000 comments",                 {"<a>", "<!--x-->", "</a>"},                      10000,         PRESCAN_COMMENTS      },
    {"10,000 CDATA sections",           {"<a>", "<![CDATA[x]]>", "</a>"},                 10000,         PRESCAN_CDATA_SECTIONS},
    {"250,000 references",              {"<a>", "&#13;<b/>", "</a>"},                     250000,        PRESCAN_REFERENCES    },
    {"64 declarations",                 {"<a>", "<a xmlns='1'>", ""},                     63,            PRESCAN_DEPTH         },
    {"64 declarations in two elements",
     {"<a xmlns='1'><b", " xmlns:p%='1'", ">"},
     63,                                                                                                 PRESCAN_DECLARATIONS  },
    {"16 MiB",                          {"<a>\n</a>", "<bcd>12</bcd>\r\n\n", "        "}, 1048575,       PRESCAN_TOO_LARGE     },
};

static void
prescan_states_the_caps_of_the_design(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(stated); i++) {
        for (size_t count = stated[i].most - 1; count <= stated[i].most + 1; count++) {
            struct arena         *arena = arena_create(PACKAGE_MEMORY);
            struct str            bytes = build(arena, &stated[i].shape, count);
            struct prescan_result result = judge(arena, bytes, &prescan_limits_default);
            int                   want = count > stated[i].most ? stated[i].code : PRESCAN_CLEAN;
            EXPECT(has_code(&result, want), stated[i].name);
            arena_destroy(arena);
        }
    }
    assert_int_equal(prescan_limits_default.bytes_max, 16 * MIB);
}

static void
prescan_writes_the_limit_into_the_finding(void **state)
{
    (void)state;
    static const struct shape text = {"<a>", "x", "</a>"};
    struct arena             *arena = arena_create(PACKAGE_MEMORY);
    struct prescan_result     result =
        judge(arena, build(arena, &text, 65537), &prescan_limits_default);

    assert_true(str_equal(result.refusal.expected, STR("65\xC2\xA0"
                                                       "536")));
    assert_int_equal(result.refusal.offset, 3);
    arena_destroy(arena);
}

static double
cpu_seconds(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* What took a parser seconds to hours. */
static const struct {
    const char  *name;
    struct shape shape;
    size_t       count;
    int          code;
} attacks[] = {
    {"50,000 attributes",          {"<a", " a%='1'", "/>"},                    50000,   PRESCAN_ATTRIBUTES    },
    {"200,000 attributes",         {"<a", " a%='1'", "/>"},                    200000,  PRESCAN_ATTRIBUTES    },
    {"1,000,000 names",            {"<a>", "<n%/>", "</a>"},                   1000000, PRESCAN_NAMES         },
    {"10,000 namespaces",          {"<a", " xmlns:n%='1'", "/>"},              10000,   PRESCAN_ATTRIBUTES    },
    {"depth 100,000",              {"", "<a>", ""},                            100000,  PRESCAN_DEPTH         },
    {"depth 1,000,000",            {"", "<a>", ""},                            1000000, PRESCAN_DEPTH         },
    {"14 MB text",                 {"<a>", "xxxxxxxxxxxxxx", "</a>"},          1000000, PRESCAN_TEXT_LENGTH   },
    {"14 MB comment",              {"<a><!--", "xxxxxxxxxxxxx>", "--></a>"},   1000000, PRESCAN_COMMENT_LENGTH},
    {"14 MB instruction",          {"<a><?x ", "xxxxxxxxxxxxxx", "?></a>"},    1000000, PRESCAN_INSTRUCTION   },
    {"1,500,000 comments",         {"<a>", "<!---->", "</a>"},                 1500000, PRESCAN_COMMENTS      },
    {"1,000,000 CDATA sections",   {"<a>", "<![CDATA[]]>", "</a>"},            1000000, PRESCAN_CDATA_SECTIONS},
    {"2,000,000 references",       {"<a>", "&#9;", "</a>"},                    2000000, PRESCAN_TEXT_LENGTH   },
    {"2,000,000 references apart", {"<a>", "&#9;<b/>", "</a>"},                2000000, PRESCAN_REFERENCES    },
    {"endless number",             {"<a>&#", "00000000", "65;</a>"},           2000000, PRESCAN_TEXT_LENGTH   },
    {"16 MiB of blanks",           {"", "                ", ""},               1048576, PRESCAN_TEXT_LENGTH   },
    {"16 MiB on one line",         {"<a>", "<b>12345678</b>", "</a>"},         1100000, PRESCAN_CLEAN         },
    {"16 MiB of empty elements",   {"<a>", "<b/>", "</a>"},                    4000000, PRESCAN_CLEAN         },
    {"16 MiB of Polish letters",
     {"<a>", "<b>\xC5\xBC\xC3\xB3\xC5\x82\xC4\x87</b>", "</a>"},
     1000000,                                                                           PRESCAN_CLEAN         },
    {"16 MiB of line ends",        {"<a>", "<b>\n\n\n\n\n\n\n\n</b>", "</a>"}, 1000000, PRESCAN_CLEAN         },
    {"20 MiB",                     {"<a>", "xxxxxxxxxxxxxxxxxxxx", "</a>"},    1048576, PRESCAN_TOO_LARGE     },
};

/* Bounds: 20 ms below 4 MiB, else 500 MB/s; a guard against hangs at ten times that. */
static double
guard_seconds(size_t size)
{
    double bound = size < (size_t)4 * MIB ? 0.020 : (double)size / 500e6;

#if defined(__SANITIZE_ADDRESS__) || defined(__OPTIMIZE__) == 0
    bound *= 10; /* instrumented code without optimisation */
#endif
    return 10 * bound;
}

static void
prescan_spends_little_on_attacks(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(attacks); i++) {
        struct arena         *arena = arena_create(PACKAGE_MEMORY);
        struct arena         *scratch = arena_create(PRESCAN_MEMORY_MAX);
        struct str            bytes = build(arena, &attacks[i].shape, attacks[i].count);
        struct prescan_result result = {0};
        double                start = cpu_seconds();
        enum err got = prescan_check(scratch, bytes, &prescan_limits_default, &result, NULL);
        double   spent = cpu_seconds() - start;

        EXPECT(got == ERR_OK, attacks[i].name);
        EXPECT(has_code(&result, attacks[i].code), attacks[i].name);
        EXPECT(spent < guard_seconds(bytes.size), attacks[i].name);
        arena_destroy(scratch);
        arena_destroy(arena);
    }
}

static struct str
read_file(struct arena *arena, const char *name)
{
    struct str path = str_format(arena, "%s/%s", BRAMA_SOURCE_DIR, name);
    FILE      *file = fopen(path.data, "rb");
    struct buf out = buf_create(arena, MIB);
    int        byte = 0;

    assert_non_null(file);
    while ((byte = fgetc(file)) != EOF) {
        buf_byte(&out, (char)byte);
    }
    (void)fclose(file);
    assert_true(buf_ok(&out) && out.size > 0);
    return buf_str(&out);
}

static struct str
read_sample(struct arena *arena, const char *name)
{
    struct str path = str_format(arena, "tests/samples/%s", name);

    return read_file(arena, path.data);
}

/* Numbers that are not used stay without a text, so that nobody takes them for something else. */
static void
prescan_has_a_text_for_every_code(void **state)
{
    struct arena *arena = arena_create((size_t)4 * MIB);
    struct str    rules = read_file(arena, "schemas/package/0.3/xml.rules.xml");
    size_t        codes = 0;

    (void)state;
    for (int code = PRESCAN_EMPTY; code <= PRESCAN_DECLARATIONS; code++) {
        bool       gap = code == 19 || code == 28 || code == 29 || (code > 30 && code < 40);
        struct str rule = str_format(arena, "<rule code=\"XML-%03d\">", code);
        bool       stands = memmem(rules.data, rules.size, rule.data, rule.size) != NULL;
        EXPECT(stands == !gap, rule.data);
        codes += stands ? 1 : 0;
    }
    assert_int_equal(codes, 38);
    arena_destroy(arena);
}

static void
prescan_passes_the_samples(void **state)
{
    static const char *const names[] = {
        "dochody-2026-q2.xml",          "wydatki-2026-q2.xml",   "korekta-wydatki-2026-q2.xml",
        "oba-2026-q2-jedna-szkola.xml", "zle-ten-sam-regon.xml", "zle-zmieniona-po-podpisie.xml"};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        struct arena *arena = arena_create((size_t)4 * MIB);
        expect(read_sample(arena, names[i]), PRESCAN_CLEAN, 0, NULL, names[i]);
        arena_destroy(arena);
    }
}

/* Inside a tag: a "<" with no ">" behind it (the sample has no ">" in values). */
static bool
ends_in_a_tag(struct str bytes)
{
    size_t at = bytes.size;

    while (at > 0 && bytes.data[at - 1] != '<' && bytes.data[at - 1] != '>') {
        at--;
    }
    return at > 0 && bytes.data[at - 1] == '<';
}

/* Room for the names of a sample only, so that thousands of runs cost little. */
static struct prescan_limits
few_names(void)
{
    struct prescan_limits limits = prescan_limits_default;

    limits.names_max = 150;
    return limits;
}

static void
prescan_survives_every_prefix_of_a_sample(void **state)
{
    struct arena *arena = arena_create((size_t)4 * MIB);
    struct str    sample = read_sample(arena, "korekta-wydatki-2026-q2.xml");

    const struct prescan_limits limits = few_names();

    (void)state;
    for (size_t size = 0; size < sample.size; size++) {
        struct arena         *scratch = arena_create(MIB);
        struct str            prefix = str_slice(sample, 0, size);
        struct prescan_result result = judge(scratch, prefix, &limits);
        assert_true(result.refusal.offset <= size);
        assert_true(!ends_in_a_tag(prefix) || has_code(&result, PRESCAN_CUT_OFF));
        assert_true(size > 3 || result.refused);
        arena_destroy(scratch);
    }
    arena_destroy(arena);
}

/* Any single byte of a small file set to any value: no step beyond the bytes, offset in the file.
 */
static void
prescan_survives_every_change_of_one_byte(void **state)
{
    static const char text[] = "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-8\"?><a b='&#xA;'>"
                               "\xC5\x82&lt;<!--x--><![CDATA[y]]><c/></a>";
    const struct prescan_limits limits = few_names();

    (void)state;
    for (size_t at = 0; at < sizeof text - 1; at++) {
        for (unsigned value = 0; value < 256; value++) {
            char          changed[sizeof text];
            struct arena *arena = arena_create(MIB);
            memcpy(changed, text, sizeof text);
            changed[at] = (char)value;
            struct str            bytes = {changed, sizeof text - 1};
            struct prescan_result result = judge(arena, bytes, &limits);
            assert_true(result.refusal.offset <= bytes.size);
            assert_true(!result.refused || strlen(result.refusal.code) == 7);
            arena_destroy(arena);
        }
    }
}

static void
prescan_survives_every_memory_ceiling(void **state)
{
    static const struct str files[] = {
        {"<a/>",    4},
        {"<a>\x01", 4},
        {"x",       1}
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(files); i++) {
        bool enough = false;
        for (size_t size_max = 0; size_max <= PRESCAN_MEMORY_MAX; size_max += 64) {
            struct arena         *arena = arena_create(size_max);
            struct fault          fault = {0};
            struct prescan_result result = {.refusal.offset = 77};
            enum err got = prescan_check(arena, files[i], &prescan_limits_default, &result, &fault);
            assert_true(got == ERR_OK || got == ERR_MEMORY);
            assert_true(got == ERR_OK || (result.refusal.offset == 77 && fault.code == got));
            assert_true(!enough || got == ERR_OK);
            assert_true(arena_used(arena) <= size_max);
            enough = got == ERR_OK;
            arena_destroy(arena);
        }
        assert_true(enough);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prescan_passes_what_it_can_tell_apart),
        cmocka_unit_test(prescan_names_what_is_not_xml),
        cmocka_unit_test(prescan_refuses_other_encodings_and_odd_declarations),
        cmocka_unit_test(prescan_refuses_every_byte_that_is_no_character),
        cmocka_unit_test(prescan_refuses_doctype_instructions_entities_and_odd_tags),
        cmocka_unit_test(prescan_says_inside_what_a_file_ends),
        cmocka_unit_test(prescan_keeps_every_cap_at_its_last_allowed_value),
        cmocka_unit_test(prescan_states_the_caps_of_the_design),
        cmocka_unit_test(prescan_writes_the_limit_into_the_finding),
        cmocka_unit_test(prescan_spends_little_on_attacks),
        cmocka_unit_test(prescan_has_a_text_for_every_code),
        cmocka_unit_test(prescan_passes_the_samples),
        cmocka_unit_test(prescan_survives_every_prefix_of_a_sample),
        cmocka_unit_test(prescan_survives_every_change_of_one_byte),
        cmocka_unit_test(prescan_survives_every_memory_ceiling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
