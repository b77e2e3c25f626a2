#ifndef GATEWAY_ADMIN_PUBLISHED_H
#define GATEWAY_ADMIN_PUBLISHED_H

#include "gateway/admin/admin.h"
#include "gateway/answer/csv_reader.h"
#include "gateway/definitions/definitions.h"
#include "gateway/reference/control.h"

/*
 * What tasks share that load a whole list of published amounts (gateway/reference/control.h) from a
 * file: options, rows, the differences that are shown first. What a line of the file means, the
 * task knows.
 */
struct published {
    enum control_kind    kind;
    const struct period *period;
    struct control_row  *rows;
    size_t               count;
    size_t               capacity;
};

/* The options that each of them needs, the definitions in force (admin_definitions), the period of
 * --period. */
MUST_USE enum err published_begin(struct admin *admin, struct definitions *definitions,
                                  struct period *period, struct fault *fault);

/* "2026-Q2" as the catalogue knows it: only quarters are held against figures. ERR_USAGE. */
MUST_USE enum err published_period(const struct admin *admin, const struct catalogue *catalogue,
                                   struct period *out, struct fault *fault);

/* "1234,50" and "1234.50"; nothing else that a spreadsheet may write. ERR_SYNTAX. */
MUST_USE enum err published_amount(struct str text, int64_t *out, struct fault *fault);

/* What a line means, by what the task knows (about), or why it cannot be read. */
typedef enum err published_row(struct arena *arena, const void *about, const struct str *fields,
                               struct control_row *out, struct fault *fault);

struct published_file {
    const char *const *columns; /* names, in their order */
    size_t             column_count;
    published_row     *read_row;
    const void        *about;
};

/* The file of the argument, line by line; the first that cannot be read stops all, and is named.
 * Fails as csv_reader_open and csv_reader_row, and as read_row. */
MUST_USE enum err published_read(struct admin *admin, const struct published_file *file,
                                 struct published *out, struct fault *fault);

/* Print what the list changes, and load it as an edition unless it changes nothing or this is a dry
 * run. Fails as control_load. */
MUST_USE enum err published_enter(struct admin *admin, const struct published *published,
                                  struct fault *fault);

#endif
