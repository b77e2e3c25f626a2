#include "tests/support/defect.h"

/* Identity, headers, cells, and what must not stand in a report at all. */

static void
bad_regon(struct envelope *package)
{
    package->units[0].regon = STR("990001011");
}

static void
same_regon(struct envelope *package)
{
    package->units[1].regon = package->units[0].regon;
}

static void
unknown_territory(struct envelope *package)
{
    package->units[0].wk = STR("98");
}

static void
unknown_kind(struct envelope *package)
{
    package->units[0].kind = STR("XX");
}

static void
unknown_period_kind(struct envelope *package)
{
    package->period_kind = STR("Tydzien");
}

static void
unknown_period(struct envelope *package)
{
    package->period = STR("5");
}

static void
unknown_form(struct envelope *package)
{
    package->units[0].reports[0].tag = STR("Rb-99x");
}

static void
same_report_id(struct envelope *package)
{
    package->units[1].reports[0].id = package->units[0].reports[0].id;
}

static void
lang_on_root(struct envelope *package)
{
    package->inherited = STR(" xml:lang=\"pl\"");
    package->root_attributes = package->inherited;
}

static void
namespace_on_root(struct envelope *package)
{
    package->declaration = STR(" xmlns:obcy=\"urn:obcy\"");
    package->root_attributes = package->declaration;
}

static const struct defect table[] = {
    DEFECT("amount-one-decimal", "PL of the first row is '12.5'", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", "12.5", NULL))),
    DEFECT("amount-three-decimals", "PL of the first row is '12.345'", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", "12.345", NULL))),
    DEFECT("amount-no-decimals", "PL of the first row is '12'", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", "12", NULL))),
    DEFECT("amount-polish", "PL of the first row is '1 234,50'", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", "1 234,50", NULL))),
    DEFECT("amount-comma", "PL of the first row is '1234,50'", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", "1234,50", NULL))),
    DEFECT("amount-space", "PL of the first row is '1 234.50'", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", "1 234.50", NULL))),
    DEFECT("amount-exponent", "PL of the first row is '1e5'", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", "1e5", NULL))),
    DEFECT("amount-plus", "PL of the first row is '+5.00'", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", "+5.00", NULL))),
    DEFECT("amount-25-digits", "PL of the first row is '1234567890123456789012345.00'",
           DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", "1234567890123456789012345.00", NULL))),
    DEFECT("amount-18-digits", "PL of the first row is '1234567890123456.00'", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", "1234567890123456.00", NULL))),
    DEFECT("amount-empty", "PL of the first row is ''", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", "", NULL))),
    DEFECT("amount-nan", "PL of the first row is 'NaN'", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", "NaN", NULL))),
    DEFECT("amount-infinity", "PL of the first row is 'INF'", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", "INF", NULL))),
    DEFECT("amount-leading-zeros", "PL of the first row is '007.00'", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", "007.00", NULL))),
    DEFECT("amount-negative-zero", "PL of the first row is '-0.00'", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", "-0.00", NULL))),
    DEFECT("amount-words", "PL of the first row is 'sto'", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", "sto", NULL))),
    DEFECT("amount-underscore", "PL of the first row is '1_000.00'", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", "1_000.00", NULL))),
    DEFECT("amount-no-break-space", "PL has a no-break space among its digits", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", "1 234.50", NULL))),
    DEFECT("amount-padded", "PL has blanks around the number", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", " 1234.50 ", NULL))),
    DEFECT("amount-17-digits", "PL has 17 digits, as many as there may be: good", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", "123456789012345.00", NULL))),
    DEFECT("amount-comment", "a comment stands inside the number in PL", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", "100<!-- -->0.00", "1000.00"))),
    DEFECT("amount-cdata", "a CDATA section stands inside the number in PL", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", "1<![CDATA[00]]>0.00", "1000.00"))),
    DEFECT("amount-element", "an element stands inside the number in PL", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", "1<b>00</b>0.00", NULL))),
    DEFECT("amount-character-reference", "PL is written with character references", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PL", "&#49;000.00", "1000.00"))),
    DEFECT("position-twice", "the first row stands there twice",
           DEFECT_EDITS(DEFECT_EDIT(TWICE, REPORT, "Pozycja", NULL, NULL))),
    DEFECT("chapter-part-missing", "the first row has no Dzial",
           DEFECT_EDITS(DEFECT_EDIT(REMOVE, REPORT, "Dzial", NULL, NULL))),
    DEFECT("chapter-letters", "Rozdzial of the first row has letters",
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "Rozdzial", "8O101", NULL))),
    DEFECT("chapter-of-other-part", "Rozdzial does not begin with its Dzial",
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "Dzial", "926", NULL))),
    DEFECT("paragraph-four-digits", "Paragraf of the first row has four digits", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "Paragraf", "0690", NULL))),
    DEFECT("unknown-element", "the first row has an element Ekstra",
           DEFECT_EDITS(DEFECT_EDIT(AFTER, REPORT, "PL", "<Ekstra>1.00</Ekstra>", NULL))),
    DEFECT("element-twice", "the first row has PL twice",
           DEFECT_EDITS(DEFECT_EDIT(TWICE, REPORT, "PL", NULL, NULL))),
    DEFECT("header-missing", "the report has no Naglowek",
           DEFECT_EDITS(DEFECT_EDIT(REMOVE, REPORT, "Naglowek", NULL, NULL))),
    DEFECT("rows-missing", "the report has an empty Pozycje: good (zeros are left out)",
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "Pozycje", "", NULL))),
    DEFECT("text-between-rows", "letters stand between Naglowek and Pozycje",
           DEFECT_EDITS(DEFECT_EDIT(BEFORE, REPORT, "Pozycje", "xyz", NULL))),
    DEFECT("header-regon-differs", "REGON in the report is not the one of its unit",
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "Regon", "990001990     ", NULL))),
    DEFECT("header-name-differs", "Nazwa in the report is not the one of its unit",
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "Nazwa", "INNA JEDNOSTKA", NULL))),
    DEFECT("header-territory-differs", "PK in the report is not the one of its unit",
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "PK", "07", NULL))),
    DEFECT("header-period-differs", "Rok in the report is not the one of the package",
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "Rok", "2025", NULL))),
    DEFECT("regon-check-digit", "REGON with a wrong check digit, everywhere", .plan = bad_regon),
    DEFECT("regon-twice", "two units with one REGON", .units = 2, .plan = same_regon),
    DEFECT("territory-98", "WK 98, everywhere", .plan = unknown_territory),
    DEFECT("kind-unknown", "Typ XX, everywhere", .plan = unknown_kind),
    DEFECT("period-kind-unknown", "TypOkresu Tydzien, everywhere", .plan = unknown_period_kind),
    DEFECT("period-number-5", "Okres 5 of a Kwartal, everywhere", .plan = unknown_period),
    DEFECT("form-unknown", "the report is a Rb-99x", .plan = unknown_form),
    DEFECT("version-text", "Wersja is a word",
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "Wersja", "jeden", NULL))),
    DEFECT("version-negative", "Wersja is -1",
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "Wersja", "-1", NULL))),
    DEFECT("date-before-period-end", "DataSprawozdania is in the middle of the period",
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "DataSprawozdania", "2026-05-15", NULL))),
    DEFECT("date-after-arrival", "DataSprawozdania is years ahead",
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "DataSprawozdania", "2031-01-10", NULL))),
    DEFECT("date-impossible", "DataSprawozdania is 2026-02-30",
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "DataSprawozdania", "2026-02-30", NULL))),
    DEFECT("date-polish", "DataSprawozdania is 9.07.2026",
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "DataSprawozdania", "9.07.2026", NULL))),
    DEFECT("groups-flag-text", "DostepneGrupyParagrafow is 'nie'", DEFECT_RB28S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "DostepneGrupyParagrafow", "nie", NULL))),
    DEFECT("report-ids-equal", "two reports with one Id", .units = 2, .plan = same_report_id),
    DEFECT("xinclude", "an XInclude element stands in Naglowek",
           DEFECT_EDITS(DEFECT_EDIT(LAST, REPORT, "Naglowek",
                                    "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" "
                                    "href=\"file:///etc/passwd\" parse=\"text\"></xi:include>",
                                    NULL))),
    DEFECT("xsi-nil", "PL has xsi:nil", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(
               ATTRIBUTE, REPORT, "PL",
               " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"", NULL))),
    DEFECT("xsi-type", "PL has xsi:type", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(
               ATTRIBUTE, REPORT, "PL",
               " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"anyType\"",
               NULL))),
    DEFECT("xsi-schema-location", "Naglowek has xsi:schemaLocation",
           DEFECT_EDITS(DEFECT_EDIT(ATTRIBUTE, REPORT, "Naglowek",
                                    " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                                    "xsi:schemaLocation=\"urn:obcy http://zlo.example/x.xsd\"",
                                    NULL))),
    DEFECT("xsi-no-namespace-location", "Naglowek has xsi:noNamespaceSchemaLocation",
           DEFECT_EDITS(DEFECT_EDIT(ATTRIBUTE, REPORT, "Naglowek",
                                    " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
                                    "xsi:noNamespaceSchemaLocation=\"http://zlo.example/x.xsd\"",
                                    NULL))),
    DEFECT("namespace-on-report", "the report is in a foreign default namespace", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(ATTRIBUTE, REPORT, "Rb-27s", " xmlns=\"urn:obcy\"", NULL))),
    DEFECT("namespace-on-row", "the first row is in a foreign default namespace",
           DEFECT_EDITS(DEFECT_EDIT(ATTRIBUTE, REPORT, "Pozycja", " xmlns=\"urn:obcy\"", NULL))),
    DEFECT("namespace-prefix-on-cell", "PL has a foreign prefix", DEFECT_RB27S,
           DEFECT_EDITS(
               DEFECT_EDIT(BEFORE, REPORT, "PL", "<o:PL xmlns:o=\"urn:obcy\">1.00</o:PL>", NULL),
               DEFECT_EDIT(REMOVE, REPORT, "PL", NULL, NULL))),
    DEFECT("attribute-on-cell", "PL has an attribute", DEFECT_RB27S,
           DEFECT_EDITS(DEFECT_EDIT(ATTRIBUTE, REPORT, "PL", " waluta=\"EUR\"", NULL))),
    DEFECT("xml-lang-on-root", "xml:lang on the root, unknown to the signers",
           DEFECT_EDITS(
               DEFECT_EDIT(ATTRIBUTE, PACKAGE, "PaczkaSprawozdan", " xml:lang=\"pl\"", NULL))),
    DEFECT("xml-lang-on-root-signed", "xml:lang on the root, known to the signers",
           .plan = lang_on_root),
    DEFECT("namespace-on-root", "a namespace declared on the root, unknown to the signers",
           DEFECT_EDITS(DEFECT_EDIT(ATTRIBUTE, PACKAGE, "PaczkaSprawozdan",
                                    " xmlns:obcy=\"urn:obcy\"", NULL))),
    DEFECT("namespace-on-root-signed", "a namespace declared on the root, known to the signers",
           .plan = namespace_on_root),
    DEFECT("default-namespace-on-root", "a default namespace on the root",
           DEFECT_EDITS(
               DEFECT_EDIT(ATTRIBUTE, PACKAGE, "PaczkaSprawozdan", " xmlns=\"urn:obcy\"", NULL))),
    DEFECT("package-version", "Wersja of the package is 0.4",
           DEFECT_EDITS(DEFECT_EDIT(VALUE, PACKAGE, "<PaczkaSprawozdan Wersja=\"", "0.4", NULL))),
    DEFECT("processing-instruction", "a processing instruction stands before the units",
           DEFECT_EDITS(DEFECT_EDIT(BEFORE, PACKAGE, "Jednostki", "<?zrob cokolwiek?>", NULL))),
    DEFECT("doctype", "a DOCTYPE stands before the root",
           DEFECT_EDITS(DEFECT_EDIT(BEFORE, PACKAGE, "PaczkaSprawozdan",
                                    "<!DOCTYPE PaczkaSprawozdan>", NULL))),
    DEFECT("entity-unknown", "an entity that nobody declared",
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "Nazwa", "&nazwa;", NULL))),
};

const struct defect *
defect_cells(size_t *count)
{
    *count = ARRAY_COUNT(table);
    return table;
}
