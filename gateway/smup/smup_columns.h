#ifndef GATEWAY_SMUP_SMUP_COLUMNS_H
#define GATEWAY_SMUP_SMUP_COLUMNS_H

#include "validators/catalogue/catalogue.h"

/* The columns of one form's views: those of its newest version, then what only older ones have. */
enum { SMUP_COLUMNS_MAX = 64 };

struct smup_column {
    struct str name;    /* element name in lower case: "rozdzial" */
    struct str comment; /* "kol. 4 Plan (po zmianach)" */
    bool       is_amount;
    int        scale; /* of an amount */
};

struct smup_columns {
    struct smup_column items[SMUP_COLUMNS_MAX];
    size_t             count;
};

/* ERR_CATALOGUE: a name that cannot stand as a column, or two that are one; ERR_MEMORY. */
MUST_USE enum err smup_columns_read(struct arena *arena, const struct catalogue *catalogue,
                                    struct str code, struct smup_columns *out, struct fault *fault);

/* Where a version keeps a column: its number from 1 in c or a; 0: it has none of this name. */
size_t smup_columns_slot(const struct form *form, const struct smup_column *column);

/* A name as an identifier of SQL: lower case, '-' as '_'. ERR_CATALOGUE: other letters. */
MUST_USE enum err smup_columns_identifier(struct arena *arena, struct str name, struct str *out,
                                          struct fault *fault);

/* Columns of every view that are no columns of the form, in order: name and where it comes from. */
struct smup_fixed {
    const char *name;
    const char *type;
    const char *expression;
};
const struct smup_fixed *smup_columns_fixed(size_t *count);

#endif
