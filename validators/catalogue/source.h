#ifndef VALIDATORS_CATALOGUE_SOURCE_H
#define VALIDATORS_CATALOGUE_SOURCE_H

#include "validators/base/moment.h"
#include "validators/catalogue/bundle.h"
#include "validators/element/element.h"

/*
 * One XML file of the bundle while it is being read, and the few kinds of value that stand in its
 * attributes. Every fault names file and line and is ERR_CATALOGUE: the author must mend the data.
 */
struct source {
    struct arena        *arena;
    const struct bundle *bundle;
    struct str           path;
    struct element_table table;
};

/* Open path of the bundle; its top element must be called top. */
MUST_USE enum err source_open(struct arena *arena, const struct bundle *bundle, struct str path,
                              const char *top, struct source *out, struct fault *fault);

/* "folder of path / name", in arena. */
MUST_USE enum err source_beside(const struct source *source, struct str name, struct str *out,
                                struct fault *fault);

/* A failure at the line of item: "path:line: text". */
enum err source_fail(const struct source *source, int32_t item, struct fault *fault,
                     const char *text, struct str value);

/* Children of parent called name. */
size_t source_count(const struct source *source, int32_t parent, const char *name);

/*
 * Every attribute and every child of item is one of these words, separated by spaces: one that is
 * misspelt would say nothing, and what it was to narrow would hold everywhere. The first that is
 * not is a fault.
 */
MUST_USE enum err source_only(const struct source *source, int32_t item, const char *attributes,
                              const char *children, struct fault *fault);

/* The attribute's value; absent or empty is a fault. */
MUST_USE enum err source_text(const struct source *source, int32_t item, const char *name,
                              struct str *out, struct fault *fault);

/* As above, a whole number from 0 to max. */
MUST_USE enum err source_number(const struct source *source, int32_t item, const char *name,
                                int64_t max, int *out, struct fault *fault);

/* A date, or year 0 when absent or empty. */
MUST_USE enum err source_date(const struct source *source, int32_t item, const char *name,
                              struct date *out, struct fault *fault);

/* Attributes from and to, as above; a day `to` before `from` is a fault. */
MUST_USE enum err source_days(const struct source *source, int32_t item, struct date *from,
                              struct date *to, struct fault *fault);

/* One of the words (NULL ends them) by position; absent leaves *out alone, another is a fault. */
MUST_USE enum err source_choice(const struct source *source, int32_t item, const char *name,
                                const char *const *words, int *out, struct fault *fault);

/* A space-separated attribute as a mask: word i of words gives bit 1 << i; absent gives 0. */
MUST_USE enum err source_mask(const struct source *source, int32_t item, const char *name,
                              const char *const *words, int *out, struct fault *fault);

#endif
