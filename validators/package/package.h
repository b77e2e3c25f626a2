#ifndef VALIDATORS_PACKAGE_PACKAGE_H
#define VALIDATORS_PACKAGE_PACKAGE_H

#include "validators/package/report.h"
#include "validators/package/signature.h"
#include "validators/package/unit.h"

/*
 * What the pass over one file has read: the package, its units, its reports as columns, and its
 * signatures. Plain data; everything lives in one arena. Filled by validators/document (and, across
 * a process boundary, by checked_decode), the signatures' facts by validators/signature.
 *
 * Nothing here has been judged: a text stands as it stood in the file, well formed or not. Fields
 * that were absent have .text.data == NULL.
 */
enum {
    PACKAGE_REPORTS_MAX = 5000,
    PACKAGE_UNITS_MAX = 5000,
    PACKAGE_SIGNATURES_MAX = 10000,
    PACKAGE_VARIANT_MAX = 40, /* bytes of one value in a variant */
};

struct package_unit {
    struct unit_identity identity;
    uint32_t             end; /* byte of its end tag or behind it; 0: the file broke off before */
    uint32_t             report_from; /* reports [report_from, report_from + report_count) */
    uint32_t             report_count;
    uint32_t             signature_from;
    uint32_t             signature_count;
};

struct package {
    bool                      complete; /* the file was read to its end as well-formed XML */
    struct field              version;  /* attribute Wersja of PaczkaSprawozdan */
    struct period_fields      period;
    struct package_unit      *units;
    size_t                    unit_count;
    struct report            *reports;
    size_t                    report_count;
    struct package_signature *signatures;
    size_t                    signature_count;
    bool foreign_attribute; /* xml:* on an ancestor: no signature can be read */
    bool shell_cut;         /* a fault outside the reports had no room in the list */
};

/* A field's text without surrounding white space (REGON's padding). */
struct str package_trim(const struct field *field);

/*
 * The variant of the report key: the values of its header with a slash between: "wojewoda-lodzki",
 * "wojewoda-lodzki/powiat", "/powiat", "42". Empty when there is none, or when one is anything else
 * than 1 to PACKAGE_VARIANT_MAX letters of ASCII, digits, '-', '_' and '.': the schema refuses
 * that. .data == NULL when arena is full.
 */
struct str package_variant(struct arena *arena, const struct report *report);

/* "/PaczkaSprawozdan/Jednostki/Jednostka[2]" */
struct str package_unit_xpath(struct arena *arena, uint32_t unit);

/* ".../Sprawozdania/Rb-27s[1]" followed by suffix, e.g. "/Naglowek/Wersja" (may be empty). */
struct str package_report_xpath(struct arena *arena, const struct report *report,
                                struct str suffix);

/*
 * ".../Pozycje": what holds the positions, with its first byte in *offset; the report itself when
 * there is no such element. For a finding about what does not stand there.
 */
struct str package_rows_xpath(struct arena *arena, const struct report *report, uint32_t *offset);

/* ".../Pozycje/Pozycja[14]/PL"; an empty name means the Pozycja itself. row from 0. */
struct str package_cell_xpath(struct arena *arena, const struct report *report, size_t row,
                              struct str name);

#endif
