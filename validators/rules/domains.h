#ifndef VALIDATORS_RULES_DOMAINS_H
#define VALIDATORS_RULES_DOMAINS_H

#include "validators/catalogue/catalogue.h"
#include "validators/vtl/data.h"

/*
 * The dictionaries of the catalogue as value domains of VTL, in the catalogue's order: their names
 * in upper case with '_' for '-' ("paragrafy-dochodow" is PARAGRAFY_DOCHODOW), and the codes that
 * are valid on a day. Both borrow the catalogue. ERR_MEMORY.
 */
MUST_USE enum err domains_name(struct arena *arena, const struct catalogue *catalogue,
                               struct vtl_domains *out, struct fault *fault);

/* One for each name, each ascending. */
MUST_USE enum err domains_values(struct arena *arena, const struct catalogue *catalogue,
                                 struct date on, const struct vtl_domain_values **out,
                                 struct fault *fault);

#endif
