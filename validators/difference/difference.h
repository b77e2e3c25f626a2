#ifndef VALIDATORS_DIFFERENCE_DIFFERENCE_H
#define VALIDATORS_DIFFERENCE_DIFFERENCE_H

#include "validators/base/amount.h"
#include "validators/base/err.h"
#include "validators/catalogue/form.h"
#include "validators/columns/columns.h"

/*
 * What a correction changes: two versions of one report, position by position. Positions belong
 * together by the key columns of the form. Of several with one key those that are equal are paired
 * first, the rest in the order in which they stand; what is then left over was added or removed.
 *
 * The result has one order, whatever the order of the positions in the files: by the key columns
 * (absent before present before unreadable, texts by their bytes), then as above. An amount that is
 * absent is 0, as the format leaves zeros out, so that 0 beside nothing is no change. A cell that
 * cannot be read is always told, with no difference. Knows no unit, no verdict and no law.
 */
enum {
    DIFFERENCE_ROWS_MAX = 200000,  /* of one version; more is ERR_LIMIT */
    DIFFERENCE_CELLS_MAX = 100000, /* listed; positions beyond are counted only */
};

#define DIFFERENCE_NO_ROW SIZE_MAX

enum difference_kind { DIFFERENCE_CHANGED = 1, DIFFERENCE_ADDED, DIFFERENCE_REMOVED };

struct difference_cell {
    bool            is_amount; /* else a code that is no part of the key */
    size_t          column;    /* of the form's amounts, or codes */
    enum cell_state before;
    enum cell_state after;
    int64_t         before_amount; /* 0 unless present */
    int64_t         after_amount;
    bool            known; /* amounts: both can be read, and their difference is */
    int64_t         difference;
};

/* One position; rows from 0, as they stand in the columns. */
struct difference_row {
    enum difference_kind          kind;
    size_t                        before; /* DIFFERENCE_NO_ROW: added */
    size_t                        after;  /* DIFFERENCE_NO_ROW: removed */
    const struct difference_cell *cells;  /* codes before amounts, in the order of the form */
    size_t                        cell_count;
};

/* The sum of a column over all positions. */
struct difference_total {
    bool    known; /* every cell can be read, and both sums and the difference fit */
    int64_t before;
    int64_t after;
    int64_t difference;
};

struct difference {
    const struct form           *form;
    const struct columns        *before;
    const struct columns        *after;
    const struct difference_row *rows;
    size_t                       row_count;
    size_t                       same; /* counts of positions, listed or not */
    size_t                       changed;
    size_t                       added;
    size_t                       removed;
    size_t                       not_listed;
    struct difference_total      totals[COLUMNS_AMOUNTS_MAX]; /* one for each amount of the form */
};

/*
 * Compare two versions. Columns without rows may be empty of columns as well. The result borrows
 * all three and lives in arena. ERR_LIMIT above DIFFERENCE_ROWS_MAX, ERR_MEMORY.
 */
MUST_USE enum err difference_make(struct arena *arena, const struct form *form,
                                  const struct columns *before, const struct columns *after,
                                  struct difference *out, struct fault *fault);

/* "dz. 801, rozdz. 80101, § 069": where a position stands. .data == NULL: the arena is full. */
struct str difference_place(struct arena *arena, const struct difference *difference,
                            const struct difference_row *row);

/* The text of a code of one side of a position; empty when it is absent or cannot be read. */
struct str difference_code(const struct columns *columns, size_t code, size_t row);

#endif
