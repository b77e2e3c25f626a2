#ifndef VALIDATORS_PACKAGE_UNIT_H
#define VALIDATORS_PACKAGE_UNIT_H

#include "validators/base/str.h"

/* How a package names a unit and a period: leaves of the file, as they stand there. */

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

const char *unit_field_name(enum unit_field field); /* the element's name: "Regon" */

#endif
