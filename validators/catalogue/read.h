#ifndef VALIDATORS_CATALOGUE_READ_H
#define VALIDATORS_CATALOGUE_READ_H

#include "validators/catalogue/catalogue.h"
#include "validators/catalogue/complaints.h"
#include "validators/catalogue/source.h"

/*
 * Readers of the single files of the bundle, for catalogue_load alone. Everything they return lives
 * in the arena of the bundle; every fault is ERR_CATALOGUE with file and line, or ERR_MEMORY.
 */

/* A growing list of entries from many rules.xml. */
struct entry_list {
    struct rule_entry *items;
    size_t             count;
    size_t             capacity;
    struct complaints *complaints; /* NULL: the first thing that is wrong ends all */
};

/* Append the rules of one file: top element `rules`. */
MUST_USE enum err read_rules(struct arena *arena, const struct bundle *bundle, struct str path,
                             struct entry_list *list, struct fault *fault);

/* One form.xml with its schema and VTL text; its rules are appended to list. */
MUST_USE enum err read_form(struct arena *arena, const struct bundle *bundle, struct str path,
                            struct form *out, struct entry_list *list, struct fault *fault);

/* One policy.xml. */
MUST_USE enum err read_policy(struct arena *arena, const struct bundle *bundle, struct str path,
                              struct signature_policy *out, struct fault *fault);

/*
 * One dictionary: CSV with ';', a header line `key;name;from;to;source`, UTF-8 without quotes (a
 * field cannot hold ';'). Lines may stand in any order; the same key twice needs disjoint dates.
 */
MUST_USE enum err read_dictionary(struct arena *arena, const struct bundle *bundle, struct str path,
                                  struct dictionary *out, struct fault *fault);

#endif
