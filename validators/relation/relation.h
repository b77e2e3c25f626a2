#ifndef VALIDATORS_RELATION_RELATION_H
#define VALIDATORS_RELATION_RELATION_H

#include "validators/base/amount.h"
#include "validators/relation/notation.h"
#include "validators/relation/vocabulary.h"

/*
 * A VTL dataset as a value: ordered components (identifiers, measures, attributes) and columns.
 * Knows nothing of VTL's text, of forms, XML and files. The operators of the language over whole
 * datasets are the other nouns of this folder; semantics are those of the VTL 2.2 Reference Manual
 * (sdmx-twg/vtl, v2.2/docs/reference_manual), each header names its chapter.
 *
 * A relation is immutable once made, a plain value that may be copied: results share with their
 * operands what has not changed, so everything lives in the operands' arenas as well. Relations
 * that meet in an operator have the same vocabulary. Work space of an operator is taken beside its
 * arena, never more than that arena has left, and given back before it returns.
 *
 * Limits: RELATION_ROWS_MAX rows, RELATION_COMPONENTS_MAX components; bytes are bounded by the
 * arena. Beyond: ERR_LIMIT, ERR_MEMORY. Of more than RELATION_LANES_MAX operands a row remembers
 * the first (origin.h).
 * A call that contradicts a structure (a name twice, types that differ) is ERR_USAGE: a binder has
 * found it before; the message is for its author. On failure *out is untouched.
 */
enum {
    RELATION_ROWS_MAX = 1 << 26,
    RELATION_COMPONENTS_MAX = 128,
    RELATION_LANES_MAX = 32,
    RELATION_SCALE_MAX = 18,
};

#define RELATION_NONE SIZE_MAX      /* no such component */
#define RELATION_NOWHERE UINT32_MAX /* no such row */

enum relation_role { RELATION_IDENTIFIER, RELATION_MEASURE, RELATION_ATTRIBUTE };

enum relation_type {
    RELATION_NUMBER,
    RELATION_INTEGER,
    RELATION_STRING,
    RELATION_BOOLEAN,
    RELATION_TIME_PERIOD, /* timespan.h; the frequency is part of each value */
    RELATION_TYPES,
};

/* Of one cell, as in columns.h and the rule language. A greater one wins when cells meet. */
enum relation_state {
    RELATION_ABSENT = 0, /* null */
    RELATION_PRESENT = 1,
    RELATION_UNKNOWN = 2, /* stands in a file, but cannot be read */
    RELATION_FAILED = 3,  /* overflowed, or was divided by zero */
};

struct relation_component {
    struct str             name; /* matched exactly: case matters */
    enum relation_role     role;
    enum relation_type     type;
    int                    scale;    /* of RELATION_NUMBER: digits after the point; else 0 */
    enum relation_notation notation; /* of RELATION_STRING; else RELATION_PLAIN */
};

/*
 * One array of row_count cells (not NULL without rows either). Strings have ids (vocabulary.h; 0
 * unless present), all others values (booleans 0 or 1), or wide where a number does not fit 64
 * bits: a column is wide only if one of its values needs it. A value is 0 unless its state is
 * RELATION_PRESENT. states NULL: all are present; of strings: those with an id are, the others
 * null.
 */
struct relation_column {
    const int64_t     *values;
    const amount_wide *wide;
    const uint32_t    *ids;
    const uint8_t     *states; /* enum relation_state */
};

struct relation_lane; /* where rows come from: origin.h */

struct relation {
    struct vocabulary               *vocabulary;
    size_t                           component_count;
    const struct relation_component *components;
    const struct relation_column    *columns;
    size_t                           row_count;
    size_t                           lane_count;
    const struct relation_lane      *lanes;
};

/* A cell by itself. Of strings the number is their id. */
struct relation_value {
    enum relation_state state;
    amount_wide         number; /* 0 unless present */
};

/*
 * A dataset as it was loaded. Everything reachable from made is borrowed for the life of *out, its
 * lanes are ignored: *out has one, dataset is the caller's number for it. ERR_USAGE names component
 * and row (from 0): identifiers are present in every row. relation_duplicate finds equal ones.
 */
MUST_USE enum err relation_create(struct arena *arena, const struct relation *made,
                                  uint32_t dataset, struct relation *out, struct fault *fault);

/* Two rows with the same identifiers: the first that repeats one, and the row it repeats. */
struct relation_duplicate {
    bool     found;
    uint32_t first;
    uint32_t second; /* first < second */
};

MUST_USE enum err relation_duplicate(struct arena *arena, const struct relation *relation,
                                     struct relation_duplicate *out, struct fault *fault);

size_t relation_find(const struct relation *relation, struct str name); /* or RELATION_NONE */

/* The identifiers, ascending; numbers has room for RELATION_COMPONENTS_MAX. Returns how many. */
size_t relation_identifiers(const struct relation *relation, size_t *numbers);

enum relation_state   relation_state(const struct relation *relation, size_t component, size_t row);
struct relation_value relation_value(const struct relation *relation, size_t component, size_t row);

#endif
