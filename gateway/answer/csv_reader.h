#ifndef GATEWAY_ANSWER_CSV_READER_H
#define GATEWAY_ANSWER_CSV_READER_H

#include "validators/base/arena.h"
#include "validators/base/err.h"
#include "validators/base/moment.h"

/*
 * A text of lines with ';' between fields, quoted where RFC 4180 asks for it, with or without a
 * byte order mark; the first line names the columns. A field that a spreadsheet would take for a
 * formula has an apostrophe before it, which is no part of it. Faults are ERR_SYNTAX and name the
 * line, in Polish.
 */
enum { CSV_READER_FIELDS_MAX = 64 };

/* A reading position; it never moves past text.size. What follows `end` is empty lines. */
struct csv_reader {
    struct str text;
    size_t     at;
    size_t     line; /* of the row that comes next */
    size_t     field_count;
    size_t     end;
};

/* Reads the first line; it must name these columns. Borrows text. */
MUST_USE enum err csv_reader_open(struct arena *arena, struct str text, const char *const *columns,
                                  size_t count, struct csv_reader *out, struct fault *fault);

/* Columns that are looked for, wherever they stand: names[i] is at places[i] of a row. */
struct csv_columns {
    const char *const *names;
    size_t             count;
    size_t            *places; /* filled */
};

/* Reads a first line that names these columns among any others, in any order. Borrows text. */
MUST_USE enum err csv_reader_open_any(struct arena *arena, struct str text,
                                      const struct csv_columns *columns, struct csv_reader *out,
                                      struct fault *fault);

/* Nothing follows but empty lines, which editors leave at the end. */
bool csv_reader_ended(const struct csv_reader *reader);

/* One line: field_count fields, trimmed. They live in arena or in the text. */
MUST_USE enum err csv_reader_row(struct csv_reader *reader, struct arena *arena, struct str *fields,
                                 struct fault *fault);

/*
 * Behind the line where a row begins that could not be read; row: as the reader was before it. A
 * quote that nobody closed takes no other row along.
 */
void csv_reader_skip(struct csv_reader *reader, const struct csv_reader *row);

/* "2026-06-30"; empty leaves *out as it is. */
MUST_USE enum err csv_reader_day(struct str text, size_t line, struct date *out,
                                 struct fault *fault);

/* Without the apostrophe that keeps a spreadsheet from computing. */
struct str csv_reader_text(struct str text);

#endif
