#ifndef VALIDATORS_PACKAGE_REPORT_H
#define VALIDATORS_PACKAGE_REPORT_H

#include "validators/columns/columns.h"
#include "validators/element/element.h"
#include "validators/package/unit.h"

/* One form of one unit for one period, as it was read; not judged. */
enum { FORM_UNKNOWN = -1, REPORT_VARIANTS_MAX = 2 };

struct report_header {
    struct field version; /* Wersja */
    struct field date;    /* DataSprawozdania */
    struct field groups;  /* DostepneGrupyParagrafow; absent in Rb-27s */
    struct field remarks; /* Uwagi; optional */
    /* What the form lists as its variants, in that order; optional. */
    struct field variants[REPORT_VARIANTS_MAX];
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
    uint32_t             start;      /* byte of '<' of the report element */
    uint32_t             end;        /* byte behind its end tag */
    uint32_t             rows_start; /* byte of '<' of Pozycje; 0 when there is none */
    /* Namespace declarations in scope that stand outside the report, innermost last. */
    const struct element_declaration *scope;
    size_t                            scope_count;
};

#endif
