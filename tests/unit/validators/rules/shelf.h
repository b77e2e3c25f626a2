#ifndef TESTS_UNIT_VALIDATORS_RULES_SHELF_H
#define TESTS_UNIT_VALIDATORS_RULES_SHELF_H

#include "validators/catalogue/catalogue.h"

/*
 * The real schemas/ of the source tree as a bundle, with a file of it changed on request. Aborts
 * when schemas/ cannot be read: then no test of it can say anything.
 */
struct shelf_edit {
    const char *path; /* NULL: nothing is changed */
    const char *from; /* must stand in the file */
    const char *to;
};

MUST_USE enum err shelf_load(struct arena *arena, const struct shelf_edit *edit,
                             const struct catalogue **out, struct fault *fault);

/* The folder once more under another name, then all edits in their order. */
struct shelf_twin {
    const char              *folder; /* "rb-27s/2025-1/" */
    const char              *copy;   /* "rb-27s/2015-1/" */
    const struct shelf_edit *edits;
    size_t                   edit_count;
};

MUST_USE enum err shelf_load_twin(struct arena *arena, const struct shelf_twin *twin,
                                  const struct catalogue **out, struct fault *fault);

#endif
