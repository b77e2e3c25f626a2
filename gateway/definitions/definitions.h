#ifndef GATEWAY_DEFINITIONS_DEFINITIONS_H
#define GATEWAY_DEFINITIONS_DEFINITIONS_H

#include "validators/calendar/calendar.h"
#include "validators/catalogue/catalogue.h"

/*
 * All that a judgement needs besides the file: catalogue, compiled schemas, compiled rules, the
 * calendar of what is due when, from the bundle built into the program or from a folder. Loaded
 * once, before any process is forked; constant for ever after.
 */
struct document_schemas;
struct rules;
struct sets;

struct definitions {
    const struct catalogue        *catalogue;
    const struct document_schemas *schemas;
    const struct rules            *rules;
    const struct sets             *sets; /* rules between reports */
    const struct calendar         *calendar;
};

/*
 * The catalogue alone (texts, severities): folder NULL = the bundle built in. Fails with ERR_FILE
 * or ERR_LIMIT (the folder), ERR_CATALOGUE (its content; the text says file and line), ERR_MEMORY.
 */
MUST_USE enum err definitions_catalogue(struct arena *arena, const char *folder,
                                        const struct catalogue **out, struct fault *fault);

/* All that the catalogue is refused for (catalogue_survey); of the folder, ERR_FILE or ERR_LIMIT.
 */
MUST_USE enum err definitions_survey(struct arena *arena, const char *folder,
                                     struct complaints *out, struct fault *fault);

/* The catalogue with its schemas and rules compiled; makes libxml2 ready for the sandbox too. */
MUST_USE enum err definitions_load(struct arena *arena, const char *folder, struct definitions *out,
                                   struct fault *fault);

/* The same of a bundle at hand, which the definitions borrow. ERR_CATALOGUE, ERR_MEMORY. */
MUST_USE enum err definitions_load_bundle(struct arena *arena, struct str bundle,
                                          struct definitions *out, struct fault *fault);

#endif
