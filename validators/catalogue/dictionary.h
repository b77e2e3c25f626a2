#ifndef VALIDATORS_CATALOGUE_DICTIONARY_H
#define VALIDATORS_CATALOGUE_DICTIONARY_H

#include "validators/base/moment.h"
#include "validators/base/str.h"

struct dictionary_entry {
    struct str  key; /* the code; keys of several columns are joined by '/' */
    struct str  name;
    struct date from; /* valid [from, to] by the period's end; year 0 = unbounded */
    struct date to;
};

/* A dictionary of codes, e.g. paragraphs of revenue. Entries are sorted by key, then by from. */
struct dictionary {
    struct str                     name;     /* "paragrafy-dochodow"; in VTL PARAGRAFY_DOCHODOW */
    bool                           complete; /* false: an absent code proves nothing */
    const struct dictionary_entry *entries;
    size_t                         entry_count;
};

bool dictionary_valid_on(const struct dictionary_entry *entry, struct date on);

/* The entry of key valid on the given day, or NULL. */
const struct dictionary_entry *dictionary_find(const struct dictionary *dictionary, struct str key,
                                               struct date on);

#endif
