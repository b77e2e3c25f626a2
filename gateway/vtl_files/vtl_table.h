#ifndef GATEWAY_VTL_FILES_VTL_TABLE_H
#define GATEWAY_VTL_FILES_VTL_TABLE_H

#include "validators/vtl/problem.h"

#include "validators/base/str.h"

/* A CSV file (RFC 4180: comma, quotes, CRLF or LF, UTF-8 with or without BOM) as texts. */
struct vtl_table {
    const struct str *cells; /* row by row, column_count each; the header is row 0 */
    size_t            column_count;
    size_t            row_count; /* with the header: at least 1 */
    const uint32_t   *lines;     /* where each row begins */
};

/* text is borrowed. ERR_SYNTAX: *problem says where; ERR_MEMORY. */
MUST_USE enum err vtl_table_read(struct arena *arena, struct str text, struct vtl_table *out,
                                 struct vtl_problem *problem, struct fault *fault);

/* One field as it stands in a file: in quotes where it must be. */
struct buf;
void vtl_table_write(struct buf *out, struct str field);

#endif
