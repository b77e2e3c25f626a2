#ifndef VALIDATORS_CATALOGUE_COMPLAINTS_H
#define VALIDATORS_CATALOGUE_COMPLAINTS_H

#include "validators/base/arena.h"
#include "validators/base/err.h"
#include "validators/base/str.h"

/* What the authors of a bundle have to mend, a sentence each with file and line. */
enum { COMPLAINTS_MAX = 200 };

struct complaints {
    struct arena *arena;
    struct str   *items;
    size_t        count;
    size_t        capacity;
};

/*
 * ERR_CATALOGUE is kept, *fault emptied and ERR_OK returned, so that the next thing is looked at;
 * any other code is passed on, and so is ERR_CATALOGUE when complaints is NULL or full. ERR_MEMORY.
 */
MUST_USE enum err complaints_keep(struct complaints *complaints, enum err got, struct fault *fault);

#endif
