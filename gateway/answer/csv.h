#ifndef GATEWAY_ANSWER_CSV_H
#define GATEWAY_ANSWER_CSV_H

#include "validators/base/buf.h"

/*
 * A writer of CSV for spreadsheets: UTF-8 with byte order mark, ';' between fields (what a Polish
 * Excel expects), lines end with CR LF, fields are quoted where RFC 4180 asks for it. A field that
 * a spreadsheet would take for a formula (it begins with = + - @, TAB or CR) gets an apostrophe
 * before it; bytes that are not UTF-8 become U+FFFD, NUL a space.
 */
struct csv {
    struct buf *out;
    bool        in_row; /* a field of the row was written, a separator is due */
};

/* Writes the byte order mark. */
struct csv csv_create(struct buf *out);
void       csv_field(struct csv *csv, struct str text);
void       csv_number(struct csv *csv, uint64_t number); /* never taken for a formula */
/* An amount of ours as amount_write gives it, with a comma for its point; never taken for a formula
 * either. Anything else is a bug. */
void csv_decimal(struct csv *csv, struct str amount);
void csv_row_end(struct csv *csv);

#endif
