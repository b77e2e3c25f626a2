#include "tests/support/expect.h"
#include "tests/unit/validators/document/forms.h"
#include "validators/base/amount.h"
#include "validators/document/pass.h"

#include <string.h>
#include <time.h>

enum { MEBIBYTE = 1024 * 1024, ARENA_SIZE = 512 * MEBIBYTE, COLUMNS = 16 * 1024 };

static struct arena *constants;
static struct forms  forms;

/* One reading: its arena, what came out. */
struct reading {
    struct arena    *arena;
    struct package   package;
    struct findings *findings;
    enum err         err;
    struct fault     fault;
};

static struct reading
read_chunks(struct str bytes, size_t chunk_size)
{
    struct reading    reading = {.arena = arena_create(ARENA_SIZE)};
    struct pass_input input = {.bytes = bytes,
                               .catalogue = &forms.catalogue,
                               .schemas = forms.schemas,
                               .chunk_size = chunk_size};

    reading.findings = findings_create(reading.arena);
    reading.err =
        pass_run(reading.arena, &input, &reading.package, reading.findings, &reading.fault);
    return reading;
}

static struct reading
read_text(struct str bytes)
{
    struct reading reading = {.arena = arena_create(ARENA_SIZE)};

    reading.findings = findings_create(reading.arena);
    reading.err = document_read(reading.arena, bytes, &forms.catalogue, forms.schemas,
                                &reading.package, reading.findings, &reading.fault);
    return reading;
}

static void
release(struct reading *reading)
{
    arena_destroy(reading->arena);
}

/* "XSD-042 XSD-010": all codes in order. */
static const char *
codes_of(const struct reading *reading)
{
    struct buf codes = buf_create(reading->arena, COLUMNS);

    for (size_t i = 0; i < findings_count(reading->findings); i++) {
        buf_format(&codes, "%s%s", i == 0 ? "" : " ", findings_at(reading->findings, i)->code);
    }
    buf_byte(&codes, '\0');
    return codes.data;
}

#define UNIT_FIELDS                                                                          \
    "<Nazwa>SZKOŁA</Nazwa><Typ>JB</Typ><Regon>990001010     </Regon><WK>99</WK><PK>01</PK>" \
    "<GK>02</GK><GT>3</GT><PT>0</PT>"
#define PERIOD "<Okres><Rok>2026</Rok><TypOkresu>Kwartal</TypOkresu><Okres>2</Okres></Okres>"
#define HEADER \
    "<Naglowek><Wersja>0</Wersja><DataSprawozdania>2026-07-09</DataSprawozdania></Naglowek>"
#define CODES "<Dzial>801</Dzial><Rozdzial>80101</Rozdzial><Paragraf>069</Paragraf><P4>0</P4>"
#define ROW(cells) "<Pozycja>" CODES cells "</Pozycja>"
#define UNIT_COPY "<Jednostka>" UNIT_FIELDS "</Jednostka>"
#define REPORT(rows) \
    "<Rb-27s Id=\"Rb27s_1\">" PERIOD UNIT_COPY HEADER "<Pozycje>" rows "</Pozycje></Rb-27s>"
#define SIGNATURES(inside) "<Podpisy>" inside "</Podpisy>"
#define SIGNATURE(inside) \
    "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">" inside "</ds:Signature>"
#define UNIT_OF(reports, signatures) \
    "<Jednostka>" UNIT_FIELDS "<Sprawozdania>" reports "</Sprawozdania>" signatures "</Jednostka>"
#define UNITS_OF(units)                                                             \
    "<PaczkaSprawozdan Wersja=\"0.3\">" PERIOD "<Jednostki>" units "</Jednostki></" \
    "PaczkaSprawozdan>"
#define PACKAGE(reports) UNITS_OF(UNIT_OF(reports, ""))
#define CELLS(rows) PACKAGE(REPORT(rows))

static void
every_sample_reads_to_its_counts(void **state)
{
    static const struct {
        const char *path;
        size_t      units, reports, signatures, rows;
    } samples[] = {
        {"tests/samples/dochody-2026-q2.xml",           3, 3, 6, 15},
        {"tests/samples/korekta-wydatki-2026-q2.xml",   1, 1, 2, 0 },
        {"tests/samples/oba-2026-q2-jedna-szkola.xml",  1, 2, 4, 0 },
        {"tests/samples/wydatki-2026-q2.xml",           3, 3, 6, 0 },
        {"tests/samples/zle-ten-sam-regon.xml",         0, 0, 0, 0 },
        {"tests/samples/zle-zmieniona-po-podpisie.xml", 1, 1, 2, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(samples); i++) {
        const char    *name = samples[i].path;
        struct arena  *arena = arena_create(MEBIBYTE);
        struct str     bytes = forms_file(arena, BRAMA_SOURCE_DIR, name);
        struct reading reading = read_text(bytes);

        EXPECT(reading.err == ERR_OK && reading.package.complete, name);
        EXPECT(findings_count(reading.findings) == 0, codes_of(&reading));
        EXPECT(samples[i].units == 0 || reading.package.unit_count == samples[i].units, name);
        EXPECT(samples[i].units == 0 || reading.package.report_count == samples[i].reports, name);
        EXPECT(samples[i].units == 0 || reading.package.signature_count == samples[i].signatures,
               name);
        for (size_t k = 0; k < reading.package.report_count; k++) {
            const struct report *report = &reading.package.reports[k];
            EXPECT(report->state == REPORT_READ && report->columns.row_count > 0, name);
            EXPECT(bytes.data[report->start] == '<' && bytes.data[report->end - 1] == '>', name);
            EXPECT(report->header.version.text.size == 1, name);
        }
        for (size_t k = 0; k < reading.package.signature_count; k++) {
            const struct package_signature *signature = &reading.package.signatures[k];
            EXPECT(signature->table.count > 30 && signature->table.open == ELEMENT_NONE, name);
            EXPECT(bytes.data[signature->start] == '<', name);
            EXPECT(bytes.data[signature->end - 1] == '>', name);
        }
        release(&reading);
        arena_destroy(arena);
    }
}

static const struct {
    const char *name;
    const char *text;
    const char *codes;
} faults[] = {
    {"a good package",                                                                  CELLS(ROW("<PL>1.00</PL>")),                                            ""},
    {"no row",                                                                          CELLS(""),                                                              ""},
    {"cells in another order",                                                          CELLS("<Pozycja><PL>1.00</PL>" CODES "</Pozycja>"),                     ""},
    {"remarks",                                                                         CELLS(ROW("<Uwagi>tak</Uwagi>")),                                       ""},
    {"white space",                                                                     UNITS_OF("\n " UNIT_OF("\n " REPORT("") "\n ",                          "\n ") "\n "),""},
    {"character references in a cell",                                                                                 CELLS(ROW("<PL>&#49;.0&#x30;</PL>")),                                                                                                                        ""},
    {"a comment elsewhere",                                                                                 UNITS_OF("<!-- x -->" UNIT_OF(REPORT("<!-- x -->"),                                                                                                                                   "")),""},
    {"a form without definition",                                                                               PACKAGE("<Rb-NDS><Cokolwiek/></Rb-NDS>"),                                                                                                                                                     ""},
 /* structure */
    {"another root",                                                                               "<Paczka/>", "XSD-004"},
    {"a report as root",                                                                        REPORT(""),                                                                                                                                              "XSD-025"                                                                                               },
    {"unknown element in a row",                                                                        CELLS(ROW("<XX>1.00</XX>")), "XSD-001"},
    {"unknown element in the shell",                                                                        UNITS_OF("<Inne/>" UNIT_OF(REPORT(""),                                                                                                                                              "")),                                                                                                                                                                                                                                         "XSD-001"},
    {"fields in another order",
     PACKAGE("<Rb-27s Id=\"a\">" UNIT_COPY PERIOD HEADER "<Pozycje/></Rb-27s>"),"XSD-001"},
    {"a missing code",
     CELLS("<Pozycja><Dzial>801</Dzial><Paragraf>069</Paragraf><P4>0</P4></Pozycja>"),                                                                         "XSD-002"                                                                                                                                                                                                                                                                                                                    },
    {"an empty row",  CELLS("<Pozycja/>"),"XSD-002"},
    {"no header",                                                             PACKAGE("<Rb-27s Id=\"a\">" PERIOD UNIT_COPY "</Rb-27s>"),                                                                                                                                    "XSD-002"                                                                                                                                                                                                                                                                                                                                                                                                                                                                 },
    {"no units","<PaczkaSprawozdan Wersja=\"0.3\">" PERIOD "</PaczkaSprawozdan>","XSD-002"},
    {"an amount twice",                                                      CELLS(ROW("<PL>1.00</PL><PL>2.00</PL>")),                                                                                                                                                                                                                              "XSD-003"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                         },
    {"a code twice",CELLS(ROW("<Dzial>801</Dzial>")),"XSD-003"},
    {"a header twice",
     PACKAGE("<Rb-27s Id=\"a\">" PERIOD UNIT_COPY HEADER HEADER "<Pozycje/></Rb-27s>"),                                                                                                                                                                                                                                                                                                        "XSD-003"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             },
    {"text in the shell", UNITS_OF("abc" UNIT_OF(REPORT(""),"")),"XSD-005"},
    {"text in a row",                                                CELLS(ROW("abc")),                                                                                                                                                                                                                                                                                                                                                            "XSD-005"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                         },
    {"text among reports",                                                                   PACKAGE("abc" REPORT("")),                                                                         "XSD-005"},
    {"text among signatures",                                                              UNITS_OF(UNIT_OF(REPORT(""),                                         SIGNATURES("abc"))),"XSD-005"},
    {"an element in a cell",                                                           CELLS(ROW("<PL>1.<b/>00</PL>")),                                         "XSD-006"},
    {"an element in a field",
     PACKAGE("<Rb-27s Id=\"a\">" PERIOD UNIT_COPY
             "<Naglowek><Wersja>0<b/></Wersja><DataSprawozdania>2026-07-09</DataSprawozdania></"
             "Naglowek>"
             "<Pozycje/></Rb-27s>"),
     "XSD-006"},
    {"no report",                                                                                 PACKAGE(""),                                                                                                                                 "XSD-028"},
    {"two elements of units",
     "<PaczkaSprawozdan Wersja=\"0.3\">" PERIOD
     "<Jednostki>" UNIT_OF(REPORT(""),                                                                                                                                             "") "</Jednostki><Jednostki>" UNIT_OF(
         REPORT(""),          "") "</Jednostki></PaczkaSprawozdan>",
     "XSD-003 XSD-025"},
 /* attributes */
    {"an attribute on a cell",                                                                                 CELLS(ROW("<PL a=\"1\">1.00</PL>")),                                                                                                                                 "XSD-007"},
    {"an attribute on a row",                                            CELLS("<Pozycja b=\"2\">" CODES "</Pozycja>"),                                                                                                                                         "XSD-007"},
    {"two unknown attributes",CELLS("<Pozycja a=\"1\" b=\"2\">" CODES "</Pozycja>"),
     "XSD-007 XSD-007"},
    {"no Id",PACKAGE("<Rb-27s>" PERIOD UNIT_COPY HEADER "<Pozycje/></Rb-27s>"),"XSD-008"},
    {"a bad Id",                                                               PACKAGE("<Rb-27s Id=\"1 2\">" PERIOD UNIT_COPY HEADER "<Pozycje/></Rb-27s>"),
     "XSD-010"                                                                                                                                                                                                  },
    {"no version of a package",
     "<PaczkaSprawozdan Wersja=\"nowa\">" PERIOD
     "<Jednostki>" UNIT_OF(REPORT(""),                                                                                                                                                                        "") "</Jednostki></PaczkaSprawozdan>",
     "XSD-010"},
    {"xsi:type",
     CELLS("<Pozycja xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
           " xsi:type=\"Okres\">" CODES "</Pozycja>"),
     "XSD-020"},
    {"xsi:nil",
     CELLS(ROW("<PL xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
               " xsi:nil=\"true\">1.00</PL>")),
     "XSD-020"},
    {"xsi:schemaLocation",
     "<PaczkaSprawozdan Wersja=\"0.3\""
     " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
     " xsi:noNamespaceSchemaLocation=\"http://example.org/a.xsd\" xsi:schemaLocation=\"a "
     "b\">" PERIOD "<Jednostki>" UNIT_OF(REPORT(""),                                                                                                          "") "</Jednostki></PaczkaSprawozdan>",
     "XSD-020 XSD-020"},
    {"xml:lang",
     "<PaczkaSprawozdan Wersja=\"0.3\" xml:lang=\"pl\">" PERIOD
     "<Jednostki>" UNIT_OF(REPORT(""),                                                                                                                 "") "</Jednostki></PaczkaSprawozdan>",
     "XSD-021"},
    {"a foreign attribute",                                                              CELLS("<Pozycja xmlns:o=\"urn:o\" o:a=\"1\">" CODES "</Pozycja>"),
     "XSD-022"},
    {"a foreign element",                                                                                 CELLS(ROW("<PL xmlns=\"urn:o\">1.00</PL>")),                                                                                                                                              "XSD-023"},
    {"a foreign package",                                                                         "<PaczkaSprawozdan xmlns=\"urn:o\" Wersja=\"0.3\"/>",                                                                                                                                               "XSD-023"},
    {"a foreign report",                                                                         PACKAGE("<o:Inne xmlns:o=\"urn:o\"/>"),                                                                                                                                               "XSD-023"                                                                                                                                                               },
    {"XInclude",
     CELLS(ROW("<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\""
               " href=\"file:///etc/passwd\"/>")),
     "XSD-024"},
 /* signature wrapping */
    {"a report in a report",                                                                        CELLS(ROW("<Rb-27s Id=\"x\"/>")),"XSD-025"},
    {"a report in the unit",
     UNITS_OF("<Jednostka>" UNIT_FIELDS
              "<Sprawozdania>" REPORT("") "</Sprawozdania><Rb-28s/></Jednostka>"),
     "XSD-025"},
    {"a report among signatures",                                                                         UNITS_OF(UNIT_OF(REPORT(""),                                                                                                                                               SIGNATURES(REPORT("")))),                                                                                                "XSD-025"},
    {"a report in a signature",
     UNITS_OF(UNIT_OF(REPORT(""),                                                                                                                                               SIGNATURES(SIGNATURE("<ds:Object>" REPORT("") "</ds:Object>")))),
     "XSD-025"},
    {"a report in an unknown form",                                                                         PACKAGE("<Rb-X><A>" REPORT("") "</A></Rb-X>"),                                                                                                                                               "XSD-025"                                                                                                                                                                                                                                                                                             },
    {"a report in a foreign element",
     PACKAGE(REPORT("") "<o:W xmlns:o=\"urn:o\">" REPORT("") "</o:W>"),"XSD-023 XSD-025"},
    {"a signature in a report",                                                       CELLS(ROW(SIGNATURE(""))),"XSD-026"},
    {"a signature among reports",                                                     PACKAGE(REPORT("") SIGNATURE("")),      "XSD-026"},
    {"a signature in a signature",
     UNITS_OF(UNIT_OF(REPORT(""),                                                                                         SIGNATURES(SIGNATURE(SIGNATURE(""))))),"XSD-026"},
    {"something else among signatures",                                                         UNITS_OF(UNIT_OF(REPORT(""),                                                SIGNATURES("<Signature/>"))),
     "XSD-027"},
 /* leaves */
    {"a comment in a cell",                                                       CELLS(ROW("<PL>1<!-- -->2.00</PL>")),                                        "XSD-029"},
    {"a comment in a bad cell",                                                      CELLS(ROW("<PL>1<!-- -->2</PL>")),                                                                                                                               "XSD-029"},
    {"a comment in a field",
     "<PaczkaSprawozdan Wersja=\"0.3\"><Okres><Rok>20<!-- -->26</Rok>"
     "<TypOkresu>Kwartal</TypOkresu><Okres>2</Okres></Okres><Jednostki>" UNIT_OF(
         REPORT(""),                                                                                                                       "") "</Jednostki></PaczkaSprawozdan>",
     "XSD-029"},
    {"CDATA in a cell",                                                                         CELLS(ROW("<PL><![CDATA[1.00]]></PL>")),                                                                                                                                               "XSD-030"},
    {"CDATA in a code",
     CELLS("<Pozycja><Dzial><![CDATA[801]]></Dzial><Rozdzial>80101</Rozdzial>"
           "<Paragraf>069</Paragraf><P4>0</P4></Pozycja>"),
     "XSD-030"                                                     },
    {"an instruction in a cell",                                                                        CELLS(ROW("<PL>1.<?a b?>00</PL>")),                "XSD-031"},
    {"empty",                                            CELLS(ROW("<PL/>")),                                                                                                                                                 "XSD-040"},
    {"spaces",CELLS(ROW("<PL>  </PL>")),"XSD-040"},
    {"a space",                             CELLS(ROW("<PL>1 234.50</PL>")),                                                                                                                                                 "XSD-041"},
    {"a space before",CELLS(ROW("<PL> 1.50</PL>")),                      "XSD-041"},
    {"a comma",                   CELLS(ROW("<PL>1 234,50</PL>")),"XSD-042"},
    {"an exponent",                                                                                       CELLS(ROW("<PL>1e5</PL>")),                                                                                                                                                                                                                                                                    "XSD-043"                                                                                                                                                                                                                                                                                                                                      },
    {"a plus",                      CELLS(ROW("<PL>+5.00</PL>")),"XSD-044"},
    {"one decimal",                                                                              CELLS(ROW("<PL>12.5</PL>")),                                                                                                                      "XSD-045"                                                                                          },
    {"three decimals",                                CELLS(ROW("<PL>12.345</PL>")),                                                                                                                                                              "XSD-046"                                                                                                                                                                                                       },
    {"a leading zero",CELLS(ROW("<PL>012.34</PL>")),"XSD-047"},
    {"minus zero",                                CELLS(ROW("<PL>-0.00</PL>")),                                                                                                                                                           "XSD-048"                                                                                                                                            },
    {"overlong",CELLS(ROW("<PL>1234567890123456.00</PL>")),"XSD-049"},
    {"a word",                     CELLS(ROW("<PL>brak</PL>")),"XSD-050"},
    {"a short code",
     CELLS("<Pozycja><Dzial>80</Dzial><Rozdzial>80101</Rozdzial>"
           "<Paragraf>069</Paragraf><P4>0</P4></Pozycja>"),
     "XSD-051"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                  },
    {"an empty code",
     CELLS("<Pozycja><Dzial/><Rozdzial>80101</Rozdzial>"
           "<Paragraf>069</Paragraf><P4>0</P4></Pozycja>"),
     "XSD-051"},
    {"two bad cells behind an unknown one",                                                               CELLS(ROW("<XX/><PL>1</PL><NA>2</NA>")),
     "XSD-001 XSD-045 XSD-045"                                                                                                                                                                                                                                                                                                                                                                                     },
 /* fields */
    {"a bad year",
     "<PaczkaSprawozdan Wersja=\"0.3\"><Okres><Rok>26</Rok>"
     "<TypOkresu>Kwartal</TypOkresu><Okres>2</Okres></Okres><Jednostki>" UNIT_OF(
         REPORT(""),                                                                                                                                                                           "") "</Jednostki></PaczkaSprawozdan>",
     "XSD-010"},
    {"a date that is none",
     PACKAGE(
         "<Rb-27s Id=\"a\">" PERIOD UNIT_COPY "<Naglowek><Wersja>0"
         "</Wersja><DataSprawozdania>2026-02-30</DataSprawozdania></Naglowek><Pozycje/></Rb-27s>"),
     "XSD-015"},
    {"an empty name",
     UNITS_OF("<Jednostka><Nazwa/><Typ>JB</Typ><Regon>990001010     </Regon>"
              "<WK>99</WK><PK>01</PK><GK>02</GK><GT>3</GT><PT>0</PT><Sprawozdania>" REPORT(
                  "") "</Sprawozdania></Jednostka>"),
     "XSD-012"                                                                                                                                                                                                                                                                                                                                                                    },
    {"a flag that is none",
     PACKAGE("<Rb-28s Id=\"a\">" PERIOD UNIT_COPY "<Naglowek><Wersja>0"
             "</Wersja><DataSprawozdania>2026-07-09</DataSprawozdania><DostepneGrupyParagrafow>tak"
             "</DostepneGrupyParagrafow></Naglowek><Pozycje/></Rb-28s>"),
     "XSD-011"},
 /* not well-formed */
    {"nothing",                                                                    " ","XML-095"},
    {"cut off",                                                             "<PaczkaSprawozdan Wersja=\"0.3\"><Okres>",                                                             "XML-090"},
    {"a mismatched tag",                                                                   "<PaczkaSprawozdan Wersja=\"0.3\"><Okres></Rok></PaczkaSprawozdan>",
     "XML-091"},
    {"a mismatched tag at the end",                                                             "<PaczkaSprawozdan Wersja=\"0.3\"></Paczka>",                                                                                       "XML-091"},
    {"an attribute twice",                                                                         "<PaczkaSprawozdan a='1' a='2'/>",                                                                         "XML-092"},
    {"an unbound prefix",                                                                         "<PaczkaSprawozdan Wersja=\"0.3\"><a:b/></PaczkaSprawozdan>",                                         "XML-093"},
    {"text behind",                                                                "<Paczka/>abc", "XSD-004 XML-094"},
    {"two roots",                                                     "<Paczka/><Paczka/>",                   "XSD-004 XML-094"},
    {"text before",                                                              "abc<Paczka/>",                           "XML-095"},
    {"hyphens in a comment",                                                               "<PaczkaSprawozdan Wersja=\"0.3\"><!-- -- --></PaczkaSprawozdan>",
     "XML-096"},
    {"a DOCTYPE",                                                                     "<!DOCTYPE a><a/>",                                                              "XML-098"},
};

static void
each_fault_is_one_finding(void **state)
{
    size_t failures = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(faults); i++) {
        struct reading reading = read_text(str_of(faults[i].text));
        const char    *codes = codes_of(&reading);

        EXPECT(reading.err == ERR_OK, faults[i].name);
        if (strcmp(codes, faults[i].codes) != 0) {
            print_error("%s: expected \"%s\", got \"%s\"\n", faults[i].name, faults[i].codes,
                        codes);
        }
        failures += strcmp(codes, faults[i].codes) == 0 ? 0 : 1;
        EXPECT(reading.package.complete == (strstr(codes, "XML-") == NULL), faults[i].name);
        release(&reading);
    }
    EXPECT(failures == 0, "see above");
}

static bool
same_finding(const struct finding *a, const struct finding *b)
{
    return strcmp(a->code, b->code) == 0 && a->offset == b->offset && a->report == b->report
           && str_equal(a->xpath, b->xpath) && str_equal(a->found, b->found)
           && str_equal(a->cell, b->cell);
}

static bool
same_columns(const struct columns *a, const struct columns *b)
{
    bool same = a->row_count == b->row_count;

    for (size_t i = 0; same && i < a->amount_count; i++) {
        same =
            memcmp(a->amounts[i], b->amounts[i], a->row_count * sizeof(int64_t)) == 0
            && memcmp(a->amount_offsets[i], b->amount_offsets[i], a->row_count * sizeof(uint32_t))
                   == 0;
    }
    return same;
}

static bool
same_reading(const struct reading *a, const struct reading *b)
{
    bool same = a->err == b->err && a->package.complete == b->package.complete
                && a->package.report_count == b->package.report_count
                && a->package.signature_count == b->package.signature_count
                && findings_count(a->findings) == findings_count(b->findings);

    for (size_t i = 0; same && i < findings_count(a->findings); i++) {
        same = same_finding(findings_at(a->findings, i), findings_at(b->findings, i));
    }
    for (size_t i = 0; same && i < a->package.report_count; i++) {
        const struct report *left = &a->package.reports[i];
        const struct report *right = &b->package.reports[i];
        same = left->state == right->state && left->start == right->start && left->end == right->end
               && same_columns(&left->columns, &right->columns);
    }
    return same;
}

/* Many kinds of text and faults, several bytes a letter, CRLF, a byte order mark. */
static const char varied[] = "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n" UNITS_OF(
    UNIT_OF("\r\n" REPORT(ROW(
                "<PL>1,00</PL>\r\n<Uwagi>zażółć &amp; 𝄞 jaźń</Uwagi>") "\r\n"
                                                                       "<!-- ąę -->" ROW(
                                                                           "<NA>1<![CDATA[2.00]]></"
                                                                           "NA><XX/>")
                                                                           ROW("<PL >3.00</PL "
                                                                               "><DW\r\n>4&#46;00</"
                                                                               "DW>")) "<Rb-X "
                                                                                       "a=\"ż\"/>",
            SIGNATURES(SIGNATURE("<ds:A>\r\nż&#13;</ds:A><!-- x -->"))));

static void
the_result_does_not_depend_on_chunks(void **state)
{
    struct str     bytes = {varied, sizeof varied - 1};
    struct reading whole = read_chunks(bytes, bytes.size);

    (void)state;
    EXPECT(strcmp(codes_of(&whole), "XSD-042 XSD-030 XSD-001") == 0, codes_of(&whole));
    for (size_t size = 1; size <= 200; size++) {
        char           name[64];
        struct reading pieces = read_chunks(bytes, size);
        (void)snprintf(name, sizeof name, "chunks of %zu", size);
        EXPECT(same_reading(&whole, &pieces), name);
        release(&pieces);
    }
    release(&whole);
}

static void
offsets_stand_at_the_start_tag(void **state)
{
    struct str           bytes = {varied, sizeof varied - 1};
    struct reading       reading = read_text(bytes);
    const struct report *report = &reading.package.reports[0];
    const char          *row = strstr(varied, "<Pozycja>");

    (void)state;
    EXPECT(report->columns.row_offsets[0] == (uint32_t)(row - varied), "row");
    EXPECT(report->rows_start == (uint32_t)(strstr(varied, "<Pozycje>") - varied), "positions");
    EXPECT(report->columns.amount_offsets[0][0] == (uint32_t)(strstr(varied, "<PL>") - varied),
           "amount");
    EXPECT(report->columns.amount_offsets[0][2] == (uint32_t)(strstr(varied, "<PL >") - varied),
           "blank in the tag");
    EXPECT(report->columns.amounts[3][2] == 400 && report->columns.amounts[0][2] == 300, "values");
    EXPECT(report->columns.amount_states[0][0] == CELL_UNKNOWN, "a bad cell is unknown");
    EXPECT(report->columns.amount_states[2][0] == CELL_ABSENT, "absent is not zero");
    EXPECT(findings_at(reading.findings, 0)->offset == (uint32_t)(strstr(varied, "<PL>") - varied),
           "finding");
    EXPECT(str_equal(findings_at(reading.findings, 0)->xpath,
                     STR("/PaczkaSprawozdan/Jednostki/Jednostka[1]/Sprawozdania/Rb-27s[1]"
                         "/Pozycje/Pozycja[1]/PL")),
           "path");
    EXPECT(str_equal(findings_at(reading.findings, 0)->cell,
                     STR("dz. 801, rozdz. 80101, § 069, P4 0, kol. 4 Plan (po zmianach)")),
           findings_at(reading.findings, 0)->cell.data);
    EXPECT(str_equal(findings_at(reading.findings, 0)->found, STR("1,00")), "found");
    EXPECT(report->end == (uint32_t)(strstr(varied, "</Rb-27s>") + 9 - varied), "end of a report");
    EXPECT(reading.package.reports[1].state == REPORT_NO_FORM, "unknown form");
    EXPECT(reading.package.signatures[0].end
               == (uint32_t)(strstr(varied, "</ds:Signature>") + 15 - varied),
           "end of signature");
    release(&reading);
}

static void
a_bad_attribute_is_shown_as_the_document_means_it(void **state)
{
    struct reading reading = read_text(STR(
        PACKAGE("<Rb-27s Id=\"1 &amp;&#38; 2\">" PERIOD UNIT_COPY HEADER "<Pozycje/></Rb-27s>")));
    struct str     found = findings_at(reading.findings, 0)->found;

    (void)state;
    assert_string_equal(codes_of(&reading), "XSD-010");
    EXPECT(str_equal(found, STR("1 && 2")), found.data);
    release(&reading);
}

static void
every_proper_prefix_is_one_finding(void **state)
{
    struct arena *arena = arena_create(MEBIBYTE);
    struct str    bytes = forms_file(arena, BRAMA_SOURCE_DIR, "tests/samples/dochody-2026-q2.xml");

    (void)state;
    for (size_t size = 0; size < bytes.size; size += size < 2500 ? 1 : 23) {
        char           name[64];
        struct reading reading = read_text(str_slice(bytes, 0, size));
        (void)snprintf(name, sizeof name, "prefix of %zu bytes", size);
        EXPECT(reading.err == ERR_OK && !reading.package.complete, name);
        if (findings_count(reading.findings) != 1) {
            print_error("%s: %s\n", name, codes_of(&reading));
        }
        EXPECT(findings_count(reading.findings) == 1, name);
        EXPECT(findings_at(reading.findings, 0)->offset <= size, name);
        EXPECT(strncmp(findings_at(reading.findings, 0)->code, "XML-09", 6) == 0, name);
        release(&reading);
    }
    arena_destroy(arena);
}

static struct str
repeat(struct arena *arena, const char *before, const char *piece, size_t count, const char *after)
{
    struct buf buf = buf_create(arena, 256 * (size_t)MEBIBYTE);

    buf_append(&buf, str_of(before));
    for (size_t i = 0; i < count; i++) {
        buf_append(&buf, str_of(piece));
    }
    buf_append(&buf, str_of(after));
    ENSURE(buf_ok(&buf));
    return buf_str(&buf);
}

#define REPORT_START "<Rb-27s Id=\"a\">" PERIOD UNIT_COPY HEADER "<Pozycje>"
#define PACKAGE_START                                                                              \
    "<PaczkaSprawozdan Wersja=\"0.3\">" PERIOD "<Jednostki><Jednostka>" UNIT_FIELDS "<Sprawozdani" \
    "a>"
#define PACKAGE_END "</Sprawozdania></Jednostka></Jednostki></PaczkaSprawozdan>"
#define BAD_ROW ROW("<PL>x</PL>")

static void
a_report_is_cut_behind_its_hundredth_finding(void **state)
{
    static const struct {
        size_t            bad;
        size_t            kept;
        enum report_state state;
    } rows[] = {
        {99,  99,  REPORT_READ},
        {100, 100, REPORT_READ},
        {101, 100, REPORT_CUT }
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena  *arena = arena_create(ARENA_SIZE);
        struct str     text = repeat(arena, PACKAGE_START REPORT_START, BAD_ROW, rows[i].bad,
                                     "</Pozycje></Rb-27s>" REPORT(BAD_ROW) PACKAGE_END);
        struct reading reading = read_text(text);
        char           name[64];
        (void)snprintf(name, sizeof name, "%zu bad rows", rows[i].bad);
        EXPECT(findings_count(reading.findings) == rows[i].kept + 1, name);
        EXPECT(reading.package.reports[0].state == rows[i].state, name);
        EXPECT(reading.package.reports[1].state == REPORT_READ, name);
        EXPECT(findings_at(reading.findings, rows[i].kept)->report == 1, "the next one is judged");
        release(&reading);
        arena_destroy(arena);
    }
}

static double
cpu_seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static void
a_flood_of_faults_is_cheap(void **state)
{
    struct arena  *arena = arena_create(ARENA_SIZE);
    struct str     text = repeat(arena, PACKAGE_START REPORT_START, BAD_ROW, 60000,
                                 "</Pozycje></Rb-27s>" PACKAGE_END);
    double         before = cpu_seconds();
    struct reading reading = read_text(text);
    double         seconds = cpu_seconds() - before;

    (void)state;
    EXPECT(reading.err == ERR_OK && findings_count(reading.findings) == 100, "cut at 100");
    EXPECT(seconds < 5.0, "guard against a hang");
    EXPECT(arena_used(reading.arena) < MEBIBYTE, "and small");
    release(&reading);
    arena_destroy(arena);
}

static void
limits_of_a_package_hold_at_n(void **state)
{
    static const struct {
        const char *name;
        const char *before, *piece;
        size_t      count;
        const char *after;
        const char *code; /* "" for none */
        size_t      units, reports, signatures;
    } limits[] = {
        {"4999 reports",             PACKAGE_START,                                                  "<R/>",        4999,  PACKAGE_END,                                                           "",        1, 4999, 0    },
        {"5000 reports",             PACKAGE_START,                                                  "<R/>",        5000,  PACKAGE_END,                                                           "",        1, 5000, 0    },
        {"5001 reports",             PACKAGE_START,                                                  "<R/>",        5001,  PACKAGE_END,                                                           "XSD-061", 1, 5000, 0    },
        {"9999 signatures",          PACKAGE_START "<R/></Sprawozdania><Podpisy>",                   SIGNATURE(""), 9999,
         "</Podpisy></Jednostka></Jednostki></PaczkaSprawozdan>",                                                                                                                                 "",        1, 1,    9999 },
        {"10000 signatures",         PACKAGE_START "<R/></Sprawozdania><Podpisy>",                   SIGNATURE(""), 10000,
         "</Podpisy></Jednostka></Jednostki></PaczkaSprawozdan>",                                                                                                                                 "",        1, 1,    10000},
        {"10001 signatures",         PACKAGE_START "<R/></Sprawozdania><Podpisy>",                   SIGNATURE(""), 10001,
         "</Podpisy></Jednostka></Jednostki></PaczkaSprawozdan>",                                                                                                                                 "XSD-062", 1, 1,    10000},
        {"199 parts of a signature",
         PACKAGE_START
         "<R/></Sprawozdania><Podpisy><d:Signature xmlns:d=\"http://www.w3.org/2000/09/xmldsig#\">", "<a/>",        198,   "</d:Signature></Podpisy></Jednostka></Jednostki></PaczkaSprawozdan>", "",        1,
         1,                                                                                                                                                                                                           1    },
        {"200 parts of a signature",
         PACKAGE_START
         "<R/></Sprawozdania><Podpisy><d:Signature xmlns:d=\"http://www.w3.org/2000/09/xmldsig#\">", "<a/>",        199,   "</d:Signature></Podpisy></Jednostka></Jednostki></PaczkaSprawozdan>", "",        1,
         1,                                                                                                                                                                                                           1    },
        {"201 parts of a signature",
         PACKAGE_START
         "<R/></Sprawozdania><Podpisy><d:Signature xmlns:d=\"http://www.w3.org/2000/09/xmldsig#\">", "<a/>",        200,   "</d:Signature></Podpisy></Jednostka></Jednostki></PaczkaSprawozdan>",
         "XSD-063",                                                                                                                                                                                          1, 1,    0    },
        {"63 deep",                  PACKAGE_START "<R>",                                            "<a>",         58,    "",                                                                    "XML-090", 1, 1,    0    },
        {"64 deep",                  PACKAGE_START "<R>",                                            "<a>",         59,    "",                                                                    "XML-090", 1, 1,    0    },
        {"65 deep",                  PACKAGE_START "<R>",                                            "<a>",         60,    "",                                                                    "XML-097", 1, 1,    0    },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(limits); i++) {
        struct arena  *arena = arena_create(ARENA_SIZE);
        struct reading reading = read_text(
            repeat(arena, limits[i].before, limits[i].piece, limits[i].count, limits[i].after));
        EXPECT(reading.err == ERR_OK, limits[i].name);
        if (strcmp(codes_of(&reading), limits[i].code) != 0) {
            print_error("%s: %s\n", limits[i].name, codes_of(&reading));
        }
        EXPECT(strcmp(codes_of(&reading), limits[i].code) == 0, limits[i].name);
        EXPECT(reading.package.unit_count == limits[i].units, limits[i].name);
        EXPECT(reading.package.report_count == limits[i].reports, limits[i].name);
        EXPECT(reading.package.signature_count == limits[i].signatures, limits[i].name);
        release(&reading);
        arena_destroy(arena);
    }
}

static void
units_beyond_the_limit_are_one_finding(void **state)
{
    static const size_t counts[] = {4999, 5000, 5001, 5002};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(counts); i++) {
        struct arena  *arena = arena_create(ARENA_SIZE);
        struct reading reading =
            read_text(repeat(arena, "<PaczkaSprawozdan Wersja=\"0.3\">" PERIOD "<Jednostki>",
                             UNIT_OF("<R/>", ""), counts[i], "</Jednostki></PaczkaSprawozdan>"));
        bool beyond = counts[i] > PACKAGE_UNITS_MAX;
        EXPECT(strcmp(codes_of(&reading), beyond ? "XSD-060" : "") == 0, codes_of(&reading));
        EXPECT(reading.package.unit_count == (beyond ? PACKAGE_UNITS_MAX : counts[i]), "units");
        release(&reading);
        arena_destroy(arena);
    }
}

static void
reports_behind_a_full_package_are_left_out(void **state)
{
    struct arena *arena = arena_create(ARENA_SIZE);
    struct buf    text = buf_create(arena, 64 * (size_t)MEBIBYTE);

    (void)state;
    buf_append(&text, STR(PACKAGE_START));
    for (size_t report = 0; report < 22; report++) {
        buf_append(&text, STR(REPORT_START));
        for (size_t row = 0; row < 100; row++) {
            buf_append(&text, STR(BAD_ROW));
        }
        buf_append(&text, STR("</Pozycje></Rb-27s>"));
    }
    buf_append(&text, STR(PACKAGE_END));
    struct reading reading = read_text(buf_str(&text));
    EXPECT(findings_count(reading.findings) == FINDING_PACKAGE_MAX, "2000 findings");
    EXPECT(reading.package.report_count == 22, "all are listed");
    EXPECT(reading.package.reports[19].state == REPORT_READ, "the last one that fits");
    EXPECT(reading.package.reports[20].state == REPORT_LIMIT, "left out");
    EXPECT(reading.package.reports[21].header.version.text.size == 1, "its header is read");
    release(&reading);
    arena_destroy(arena);
}

/* Strings over the characters that matter, by counting; and the shapes that a counter never meets.
 */
static void
the_schema_accepts_exactly_what_amount_parse_accepts(void **state)
{
    static const char        alphabet[] = {'0', '1', '9', '.', '-', '+', ',', ' ', 'e', '\t'};
    static const char *const shapes[] = {
        "999999999999999.99",
        "-999999999999999.99",
        "9999999999999999.99",
        "100000000000000.00",
        "1000000000000000.00",
        "-0.01",
        "-0.10",
        "0.00",
        "0.01",
        "-00.01",
        "00.00",
        "\302\2401.00",
        "1.00\xC2\xA0",
        "\xD9\xA1.00",
        "1.0\xEF\xBC\x90",
        "INF",
        "NaN",
        "1.00.00",
        "--1.00",
        "10.00",
        "90.99",
        "-10.00",
        "-19.90",
        "1_000.00",
        "0x10",
        "1e5.00",
        "1.00e1",
        "1.000",
    };
    struct arena *arena = arena_create(ARENA_SIZE);

    (void)state;
    for (size_t i = 0; i < 200000 + ARRAY_COUNT(shapes); i++) {
        char   text[32] = {0};
        size_t left = i;
        if (i < ARRAY_COUNT(shapes)) {
            (void)snprintf(text, sizeof text, "%s", shapes[i]);
        } else {
            left -= ARRAY_COUNT(shapes);
            for (size_t k = 0; left > 0; k++) {
                text[k] = alphabet[left % ARRAY_COUNT(alphabet)];
                left /= ARRAY_COUNT(alphabet);
            }
        }
        int64_t amount = 0;
        bool    ours = amount_parse(str_of(text), 2, &amount) == AMOUNT_OK;
        if (i % 97 != 0 && !ours && i >= ARRAY_COUNT(shapes)) {
            continue; /* every 97th refusal and every acceptance is enough */
        }
        struct str            bytes = str_format(arena, CELLS(ROW("<SU>%s</SU>")), text);
        struct reading        reading = read_text(bytes);
        const struct columns *columns = &reading.package.reports[0].columns;
        bool                  schema = findings_count(reading.findings) == 0;
        /* A schema that refuses leaves its message; one that accepts what we refuse has none. */
        bool heard = !schema && findings_at(reading.findings, 0)->technical.size > 0;
        EXPECT(ours == schema && (ours || heard), text);
        EXPECT(!ours || columns->amounts[8][0] == amount, text);
        release(&reading);
    }
    arena_destroy(arena);
}

static void
a_duplicate_makes_the_cell_unknown(void **state)
{
    struct reading reading =
        read_text(STR(CELLS(ROW("<PL>1.00</PL><PL>2.00</PL><Dzial>900</Dzial><NA>3.00</NA>"))));
    const struct columns *columns = &reading.package.reports[0].columns;

    (void)state;
    EXPECT(columns->amount_states[0][0] == CELL_UNKNOWN, "amount");
    EXPECT(columns->code_states[0][0] == CELL_UNKNOWN, "code");
    EXPECT(columns->amounts[1][0] == 300, "the others are read");
    release(&reading);
}

static void
missing_codes_are_named(void **state)
{
    struct reading reading = read_text(STR(CELLS("<Pozycja><P4>0</P4><PL>1.00</PL></Pozycja>")));

    (void)state;
    EXPECT(str_equal(findings_at(reading.findings, 0)->expected,
                     STR("‹Dzial›, ‹Rozdzial›, ‹Paragraf›")),
           "expected");
    release(&reading);

    reading = read_text(STR(PACKAGE("<Rb-27s Id=\"a\">" UNIT_COPY "</Rb-27s>")));
    EXPECT(str_equal(findings_at(reading.findings, 0)->expected,
                     STR("przed ‹Jednostka› powinien stać ‹Okres›")),
           findings_at(reading.findings, 0)->expected.data);
    release(&reading);
}

static void
places_are_exact_beyond_line_65535(void **state)
{
    struct arena  *arena = arena_create(ARENA_SIZE);
    struct str     text = repeat(arena, PACKAGE_START REPORT_START, "\n", 70000,
                                 BAD_ROW "</Pozycje></Rb-27s>" PACKAGE_END);
    struct reading reading = read_text(text);
    const char    *cell = strstr(text.data, "<PL>x");

    (void)state;
    EXPECT(findings_at(reading.findings, 0)->offset == (uint32_t)(cell - text.data), "offset");
    release(&reading);
    arena_destroy(arena);
}

static void
scopes_and_signatures_are_recorded(void **state)
{
    static const char text[] =
        "<PaczkaSprawozdan xmlns:a=\"urn:a\" Wersja=\"0.3\">" PERIOD
        "<Jednostki xmlns:b=\"urn:b\">" UNIT_OF(
            REPORT(""), SIGNATURES("<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" "
                                   "Id=\"x&amp;y\"><b:c>tekst<!-- --></b:c></ds:Signature>"))
            UNIT_OF(REPORT(""), "") "</Jednostki></PaczkaSprawozdan>";
    struct reading                  reading = read_text(str_of(text));
    const struct package_signature *signature = &reading.package.signatures[0];
    const struct report            *report = &reading.package.reports[1];

    (void)state;
    EXPECT(findings_count(reading.findings) == 0, codes_of(&reading));
    EXPECT(report->scope_count == 2 && str_equal(report->scope[1].uri, STR("urn:b")), "scope");
    EXPECT(signature->scope_count == 2 && signature->table.count == 2, "signature");
    EXPECT(str_equal(signature->table.items[0].attributes[0].value, STR("x&y")), "ampersand");
    EXPECT(signature->table.items[0].declaration_count == 1, "declaration");
    EXPECT(signature->table.items[1].impure, "a comment makes it impure");
    EXPECT(str_equal(signature->table.items[1].text, STR("tekst")), "text");
    EXPECT(str_equal(reading.package.version.text, STR("0.3")), "version");
    EXPECT(str_equal(report->id, STR("Rb27s_1")) && report->unit == 1, "report");
    release(&reading);
}

static void
a_form_is_chosen_by_the_period(void **state)
{
    struct reading reading = read_text(
        STR("<PaczkaSprawozdan Wersja=\"0.3\"><Okres><Rok>2019</Rok><TypOkresu>Kwartal</TypOkresu>"
            "<Okres>2</Okres></Okres><Jednostki>" UNIT_OF(REPORT(""),
                                                          "") "</Jednostki></PaczkaSprawozdan>"));

    (void)state;
    EXPECT(findings_count(reading.findings) == 0, "no finding of ours");
    EXPECT(reading.package.reports[0].state == REPORT_NO_DEFINITION, "no definition");
    EXPECT(reading.package.reports[0].form == FORM_UNKNOWN, "no form");
    EXPECT(reading.package.reports[0].identity.fields[UNIT_REGON].text.size == 14, "but read");
    release(&reading);
}

static void
xml_attributes_on_ancestors_are_marked(void **state)
{
    struct reading outside =
        read_text(STR(UNITS_OF("<Jednostka xml:space=\"preserve\">" UNIT_FIELDS
                               "<Sprawozdania>" REPORT("") "</Sprawozdania></Jednostka>")));
    struct reading inside = read_text(STR(CELLS("<Pozycja xml:lang=\"pl\">" CODES "</Pozycja>")));

    (void)state;
    EXPECT(outside.package.foreign_attribute, "on an ancestor");
    EXPECT(!inside.package.foreign_attribute, "inside a report");
    release(&outside);
    release(&inside);
}

static void
reading_survives_every_memory_ceiling(void **state)
{
    struct str bytes = {varied, sizeof varied - 1};

    (void)state;
    for (size_t size = 0; size <= (size_t)400 * 1024; size += 997) {
        char             name[64];
        struct arena    *arena = arena_create(size);
        struct findings *findings = findings_create(arena);
        struct package   package = {.unit_count = 7};
        struct fault     fault = {0};
        if (findings != NULL) {
            enum err err = document_read(arena, bytes, &forms.catalogue, forms.schemas, &package,
                                         findings, &fault);
            (void)snprintf(name, sizeof name, "ceiling of %zu", size);
            EXPECT(err == ERR_MEMORY || (err == ERR_OK && package.complete), name);
            EXPECT(err == ERR_OK || package.unit_count == 7, "untouched on failure");
        }
        arena_destroy(arena);
    }
}

static int
setup(void **state)
{
    (void)state;
    constants = arena_create((size_t)16 * MEBIBYTE);
    forms_load(constants, BRAMA_SOURCE_DIR, &forms);
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_destroy(constants);
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sample_reads_to_its_counts),
        cmocka_unit_test(each_fault_is_one_finding),
        cmocka_unit_test(the_result_does_not_depend_on_chunks),
        cmocka_unit_test(offsets_stand_at_the_start_tag),
        cmocka_unit_test(a_bad_attribute_is_shown_as_the_document_means_it),
        cmocka_unit_test(every_proper_prefix_is_one_finding),
        cmocka_unit_test(a_report_is_cut_behind_its_hundredth_finding),
        cmocka_unit_test(a_flood_of_faults_is_cheap),
        cmocka_unit_test(limits_of_a_package_hold_at_n),
        cmocka_unit_test(units_beyond_the_limit_are_one_finding),
        cmocka_unit_test(reports_behind_a_full_package_are_left_out),
        cmocka_unit_test(the_schema_accepts_exactly_what_amount_parse_accepts),
        cmocka_unit_test(a_duplicate_makes_the_cell_unknown),
        cmocka_unit_test(missing_codes_are_named),
        cmocka_unit_test(places_are_exact_beyond_line_65535),
        cmocka_unit_test(scopes_and_signatures_are_recorded),
        cmocka_unit_test(a_form_is_chosen_by_the_period),
        cmocka_unit_test(xml_attributes_on_ancestors_are_marked),
        cmocka_unit_test(reading_survives_every_memory_ceiling),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
