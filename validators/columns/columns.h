#ifndef VALIDATORS_COLUMNS_COLUMNS_H
#define VALIDATORS_COLUMNS_COLUMNS_H

#include "validators/base/str.h"

/*
 * The positions of one report as typed columns: dictionary-encoded codes (Dzial, Paragraf, ...),
 * int64 amounts, and the place of every cell in the file. Every element `Pozycja` is one row, also
 * a faulty one, so a row's ordinal is the ordinal of its Pozycja. Absent is not zero, and a badly
 * formed cell is neither: it is unknown, and rules that read it are not evaluated.
 * Knows nothing of forms: which column is which stands in the catalogue. Read-only once filled.
 */
enum {
    COLUMNS_CODES_MAX = 8,
    COLUMNS_AMOUNTS_MAX = 24, /* slots a1..a24 of the store (design.md 8) */
};

enum cell_state {
    CELL_ABSENT = 0,
    CELL_PRESENT = 1,
    CELL_UNKNOWN = 2, /* stands in the file, but cannot be read */
};

struct columns {
    size_t    code_count;
    size_t    amount_count;
    size_t    row_count;
    uint32_t *codes[COLUMNS_CODES_MAX]; /* per row: index into texts; 0 unless PRESENT */
    uint8_t  *code_states[COLUMNS_CODES_MAX];
    uint32_t
            *code_offsets[COLUMNS_CODES_MAX]; /* byte of '<' of the cell's start tag; 0 if absent */
    int64_t *amounts[COLUMNS_AMOUNTS_MAX];    /* 0 unless PRESENT */
    uint8_t *amount_states[COLUMNS_AMOUNTS_MAX];
    uint32_t   *amount_offsets[COLUMNS_AMOUNTS_MAX];
    uint32_t   *row_offsets; /* byte of '<' of the Pozycja */
    size_t      text_count;
    struct str *texts; /* distinct code values; texts[0] is the empty text */

    struct arena *arena; /* the rest serves filling only */
    size_t        row_capacity;
    size_t        text_capacity;
    uint32_t     *buckets; /* open addressing over texts; a power of two */
    size_t        bucket_count;
};

/* No rows yet. Fails with ERR_MEMORY. */
MUST_USE bool columns_create(struct arena *arena, size_t code_count, size_t amount_count,
                             struct columns *out);

/* Begin the next row; false when the arena is full. */
MUST_USE bool columns_add_row(struct columns *columns, uint32_t offset);

/* Fill a cell of the last row; false when the arena is full. text is copied once per distinct
 * value. */
MUST_USE bool columns_set_code(struct columns *columns, size_t code, enum cell_state state,
                               struct str text, uint32_t offset);
void columns_set_amount(struct columns *columns, size_t slot, enum cell_state state, int64_t amount,
                        uint32_t offset);

/* The text of a code cell; empty unless PRESENT. */
struct str columns_code(const struct columns *columns, size_t code, size_t row);

/* Bytes that the filled rows and texts take, capacity not counted. */
size_t columns_bytes(const struct columns *columns);

#endif
