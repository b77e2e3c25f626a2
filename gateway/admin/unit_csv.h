#ifndef GATEWAY_ADMIN_UNIT_CSV_H
#define GATEWAY_ADMIN_UNIT_CSV_H

#include "gateway/registry/registry.h"

/*
 * Units as a text of lines with ';' between fields, quoted where RFC 4180 asks for it, with or
 * without a byte order mark; the first line names the columns:
 *
 *     regon;nip;wk;pk;gk;gt;pt;typ;rodzaj;nazwa;nadrzedna;od;do
 *
 * nip, nadrzedna, od and do may be empty. Only the shape is looked at here.
 */
struct unit_csv_row {
    struct registry_unit unit;   /* valid_from with year 0: not said */
    struct str           parent; /* REGON; may be empty */
    size_t               line;   /* where it begins, from 1 */
};

/* ERR_SYNTAX with the line; ERR_MEMORY. Texts live in arena. */
MUST_USE enum err unit_csv_read(struct arena *arena, struct str text, struct unit_csv_row **out,
                                size_t *count, struct fault *fault);

#endif
