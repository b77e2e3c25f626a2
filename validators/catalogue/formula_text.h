#ifndef VALIDATORS_CATALOGUE_FORMULA_TEXT_H
#define VALIDATORS_CATALOGUE_FORMULA_TEXT_H

#include "validators/catalogue/bundle.h"
#include "validators/catalogue/entry.h"
#include "validators/catalogue/form.h"

/*
 * The rule with this code as its author wrote it, cut out of rules.vtl: from its name to the end of
 * its errorcode, without the comments before it. Empty when the code has no formula (a structural
 * check). Borrowed. For people and for comparing two versions; nothing is compiled from it.
 */
struct str formula_text(const struct form *form, struct str code);

/* The same of a rule between reports: the script of its name beside its rules.xml, whole. The
 * arena holds its path. */
struct str formula_text_of_set(struct arena *arena, const struct bundle *bundle,
                               const struct rule_entry *entry);

#endif
