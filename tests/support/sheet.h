#ifndef TESTS_SUPPORT_SHEET_H
#define TESTS_SUPPORT_SHEET_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/*
 * Reports of the forms beside Rb-27s and Rb-28s as a table (sheet.def): the rows of one good report
 * of each, and what can be wrong with them, as a piece of the rows and what stands there instead.
 * Good means that no rule of the form says anything, the shadow rules included.
 */
struct sheet {
    const char *tag;  /* "Rb-nds" */
    const char *stem; /* of the Id: "Rbnds" */
    const char *kind; /* Typ of a unit that files it */
    int         year;
    int         quarter; /* Okres of a Kwartal */
    const char *rows;
};

struct sheet_fault {
    const char *tag; /* of the sheet */
    const char *name;
    const char *says;
    const char *from; /* stands in the rows */
    const char *to;
};

size_t              sheet_count(void);
const struct sheet *sheet_at(size_t index);
const struct sheet *sheet_find(const char *tag); /* NULL: there is none */

size_t                    sheet_fault_count(void);
const struct sheet_fault *sheet_fault_at(size_t index);
const struct sheet_fault *sheet_fault_find(const char *tag, const char *name); /* NULL: none */

/* The rows with the fault in them (NULL: good), in arena. ERR_USAGE: it finds no place; ERR_MEMORY.
 */
MUST_USE enum err sheet_rows(struct arena *arena, const struct sheet *sheet,
                             const struct sheet_fault *wrong, struct str *out, struct fault *fault);

#endif
