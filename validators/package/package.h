#ifndef VALIDATORS_PACKAGE_PACKAGE_H
#define VALIDATORS_PACKAGE_PACKAGE_H

#include "validators/base/moment.h"
#include "validators/columns/columns.h"
#include "validators/element/element.h"

/*
 * What the pass over one file has read: the package, its units, its reports as columns, and its
 * signatures. Plain data; everything lives in one arena. Filled by validators/document (and, across
 * a process boundary, by checked_decode), the signatures' facts by validators/signature.
 *
 * Nothing here has been judged: a text stands as it stood in the file, well formed or not. Fields
 * that were absent have .text.data == NULL.
 */
enum { REPORT_NONE = -1, PACKAGE_REPORTS_MAX = 5000, FORM_UNKNOWN = -1 };

/* A leaf of the file: its text as it stands (not trimmed) and the byte of its start tag's '<'. */
struct field {
    struct str text;
    uint32_t   offset;
};

/* The eight children of Jednostka, in the order of the file format (domain.md 5). */
enum unit_field {
    UNIT_NAME,
    UNIT_TYPE,
    UNIT_REGON, /* padded with spaces to 14 in the file; package_trim() takes them off */
    UNIT_WK,
    UNIT_PK,
    UNIT_GK,
    UNIT_GT,
    UNIT_PT,
    UNIT_FIELD_COUNT
};

struct unit_identity {
    struct field fields[UNIT_FIELD_COUNT];
    uint32_t     offset; /* of <Jednostka> */
};

/* Okres: Rok, TypOkresu, Okres. */
struct period_fields {
    struct field year;
    struct field type;
    struct field number;
    uint32_t     offset; /* of <Okres> */
};

struct report_header {
    struct field version; /* Wersja */
    struct field date;    /* DataSprawozdania */
    struct field groups;  /* DostepneGrupyParagrafow; absent in Rb-27s */
    struct field remarks; /* Uwagi; optional */
};

enum report_state {
    REPORT_READ,          /* columns are filled, the schema of the form was applied to the end */
    REPORT_NO_FORM,       /* no form of the catalogue has this element's name; columns are empty */
    REPORT_NO_DEFINITION, /* the form has no definition for this period; columns are empty */
    REPORT_CUT,           /* more than FINDING_REPORT_MAX findings: the schema was cut off there */
    REPORT_LIMIT,         /* left out because a limit of the package was reached before it */
};

struct report {
    enum report_state    state;
    int32_t              form;    /* index into the catalogue's forms, or FORM_UNKNOWN */
    uint32_t             unit;    /* index into package.units */
    uint32_t             ordinal; /* among reports of the same element name in this unit, from 1 */
    struct str           element; /* "Rb-27s" */
    struct str           id;      /* attribute Id, .data == NULL when absent */
    struct period_fields period;
    struct unit_identity identity; /* the copy of the unit's fields inside the report */
    struct report_header header;
    struct columns       columns;
    uint32_t             start; /* byte of '<' of the report element */
    uint32_t             end;   /* byte behind its end tag */
    /* Namespace declarations in scope that stand outside the report, innermost last. */
    const struct element_declaration *scope;
    size_t                            scope_count;
};

struct package_unit {
    struct unit_identity identity;
    uint32_t             report_from; /* reports [report_from, report_from + report_count) */
    uint32_t             report_count;
    uint32_t             signature_from;
    uint32_t             signature_count;
};

/* Which step of the verification failed; SIGNATURE_STEP_NONE = all passed. */
enum signature_step {
    SIGNATURE_STEP_NONE,
    SIGNATURE_STEP_PROFILE,     /* outside the accepted profile, refused by name */
    SIGNATURE_STEP_REFERENCE,   /* cannot be tied to exactly one report of its unit */
    SIGNATURE_STEP_REPORT,      /* digest of the report element */
    SIGNATURE_STEP_PROPERTIES,  /* digest of its own SignedProperties */
    SIGNATURE_STEP_CERTIFICATE, /* SigningCertificate does not name the certificate in KeyInfo */
    SIGNATURE_STEP_VALUE,       /* SignatureValue over SignedInfo */
    SIGNATURE_STEP_TIME,        /* SigningTime missing, unreadable or in the future */
    SIGNATURE_STEP_VALIDITY,    /* certificate not valid at SigningTime or at arrival */
    SIGNATURE_STEP_ISSUER,      /* no path to the trust store */
    SIGNATURE_STEP_ROLE,        /* no role, or none that the policy knows */
    SIGNATURE_STEP_COUNT
};

struct package_signature {
    struct element_table              table; /* the whole ds:Signature; not sent across processes */
    const struct element_declaration *scope; /* as struct report.scope, for inclusive C14N */
    size_t                            scope_count;
    uint32_t                          unit;
    uint32_t                          ordinal; /* among the unit's signatures, from 1 */
    uint32_t                          start;
    uint32_t                          end;

    /* Facts, filled by signature_check. */
    int32_t             report; /* index into package.reports, or REPORT_NONE */
    enum signature_step failed_step;
    bool                trusted;    /* path to the trust store found */
    bool                time_known; /* signing_time was read */
    moment              signing_time;
    struct str          role;        /* as claimed: "Główny Księgowy" */
    struct str          policy_role; /* the policy's name of that role; empty if it knows none */
    struct str          signer;      /* the certificate's CN; never its serialNumber */
    unsigned char       certificate_sha256[32];
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
};

/* A field's text without surrounding white space (REGON's padding). */
struct str package_trim(const struct field *field);

/* "/PaczkaSprawozdan/Jednostki/Jednostka[2]" */
struct str package_unit_xpath(struct arena *arena, uint32_t unit);

/* ".../Sprawozdania/Rb-27s[1]" followed by suffix, e.g. "/Naglowek/Wersja" (may be empty). */
struct str package_report_xpath(struct arena *arena, const struct report *report,
                                struct str suffix);

/* ".../Pozycje/Pozycja[14]/PL"; an empty name means the Pozycja itself. row from 0. */
struct str package_cell_xpath(struct arena *arena, const struct report *report, size_t row,
                              struct str name);

const char *unit_field_name(enum unit_field field);        /* the element's name: "Regon" */
const char *signature_step_name(enum signature_step step); /* "skrot-sprawozdania", for machines */

#endif
