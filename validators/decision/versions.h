#ifndef VALIDATORS_DECISION_VERSIONS_H
#define VALIDATORS_DECISION_VERSIONS_H

#include "validators/decision/docket.h"

/*
 * The same report in the same Wersja in two files that are decided together, with other bytes: the
 * later one gets a query. Which of them arrives first is not known here, so that a lower Wersja
 * beside a higher one says nothing (in the order of arrival it would: design.md 6). It never
 * changes a verdict. A rejected report replaces nothing and is not compared with.
 */
struct version_item {
    const struct decision_file *file;
    size_t                      file_ordinal;
    const struct report        *report;
    int32_t                     report_ordinal;
    struct docket              *docket;
    struct str                  key; /* filled by versions_compare */
};

/* In package.rules.xml: {found} this Wersja, {expected} more than the other's, {subject} its file.
 */
#define VERSIONS_CODE_NOT_HIGHER "PACZKA-006"

MUST_USE enum err versions_compare(struct arena *arena, struct version_item *items, size_t count,
                                   struct fault *fault);

#endif
