#ifndef GATEWAY_REGISTRY_UNIT_IMPORT_H
#define GATEWAY_REGISTRY_UNIT_IMPORT_H

#include "gateway/registry/registry.h"

/*
 * Many units at once, compared with the registry and entered as sets: sixty thousand take seconds.
 * As brama_admin, inside one transaction of the caller's: stage, list, then apply or roll back.
 *
 * A line means the unit with its REGON, Typ and first day (without a first day: the newest with
 * that REGON and Typ); when there is none, a new unit. What is not in the file is left alone.
 */
struct unit_import_row {
    struct registry_unit unit; /* valid_from with year 0: not said; unit and parent are not read */
    struct str           parent;       /* REGON; may be empty */
    struct str           offices;      /* codes with spaces between, in any order; may be empty */
    struct str           cause;        /* why the caller refuses it; may be empty */
    struct str           cause_if_new; /* why it does if the line means a new unit; may be empty */
    size_t               line;         /* in the file, from 1 */
};

struct unit_import_file {
    const struct unit_import_row *rows;
    size_t                        count;
    struct date day; /* from which changes hold, and new units that say no first day */
};

enum unit_import_kind {
    UNIT_IMPORT_ADDED,
    UNIT_IMPORT_CHANGED, /* one difference for each field */
    UNIT_IMPORT_CLOSED,
    UNIT_IMPORT_REFUSED,
    UNIT_IMPORT_KINDS
};

struct unit_import_difference {
    enum unit_import_kind kind;
    size_t                line;
    struct str            regon;
    struct str            name;
    struct str            field; /* CHANGED: as the column is named */
    struct str            old;   /* CHANGED */
    struct str            now;   /* CHANGED: what it becomes; CLOSED: last day; REFUSED: why */
};

struct unit_import_result {
    const struct unit_import_difference *differences; /* in the order of lines */
    size_t                               count;
    size_t                               units[UNIT_IMPORT_KINDS]; /* lines, not fields */
    size_t                               untouched;
};

/* Compare; nothing is entered. */
MUST_USE enum err unit_import_stage(struct store *store, struct arena *arena,
                                    const struct unit_import_file *file,
                                    struct unit_import_result *out, struct fault *fault);

/* Enter what was staged, with nothing refused. ERR_DENIED when the database refuses all the same:
 * roll back then. */
MUST_USE enum err unit_import_apply(struct store *store, struct arena *arena, struct date day,
                                    struct fault *fault);

/* One line of an export: what unit_import would leave untouched. Sorted by REGON, Typ, first day.
 */
MUST_USE enum err unit_import_export(struct store *store, struct arena *arena, struct date day,
                                     struct unit_import_row **out, size_t *count,
                                     struct fault *fault);

#endif
