#ifndef GATEWAY_ADMIN_UNIT_CSV_H
#define GATEWAY_ADMIN_UNIT_CSV_H

#include "gateway/registry/unit_import.h"

/*
 * Units as a text of lines with ';' between fields, quoted where RFC 4180 asks for it, with or
 * without a byte order mark; the first line names the columns:
 *
 *     regon;nip;wk;pk;gk;gt;pt;typ;rodzaj;nazwa;nadrzedna;od;do;jop;odbiorcy
 *
 * nip, nadrzedna, od, do, jop and odbiorcy (codes of offices with spaces between) may be empty. A
 * field that a spreadsheet would take for a formula has an apostrophe before it, which is no part
 * of it. What is written is read as the same. Only the shape is looked at here.
 */

/*
 * What is wrong with one line is the cause of its row (unit_import.h), so that all of them are told
 * together. ERR_SYNTAX: it is no such table; ERR_MEMORY. Texts live in arena or in text.
 */
MUST_USE enum err unit_csv_read(struct arena *arena, struct str text, struct unit_import_row **out,
                                size_t *count, struct fault *fault);

/* Into out; whoever gave it asks buf_ok. */
void unit_csv_write(struct arena *arena, const struct unit_import_row *rows, size_t count,
                    struct buf *out);

#endif
