#ifndef GATEWAY_PROBLEM_UNFAMILIAR_H
#define GATEWAY_PROBLEM_UNFAMILIAR_H

#include "validators/base/arena.h"
#include "validators/base/str.h"

/*
 * A name that a request has and its address does not know: a parameter behind the "?", a member of
 * its JSON. Whoever misspells one must hear of it, or believes that it did something. The rule is
 * one for all addresses under /api/: such a request is refused by the name. Pages for people ignore
 * what they do not know, as links are passed on with marks of others.
 */
enum unfamiliar_kind { UNFAMILIAR_PARAMETER, UNFAMILIAR_FIELD };

/* What is said of it, in Polish, with the names that there are. known: space-separated. */
struct str unfamiliar_detail(struct arena *arena, enum unfamiliar_kind kind, struct str name,
                             struct str known);

/* Name of the first parameter of a query, as it came, that is not known; .data is NULL: none. */
struct str unfamiliar_find(struct str query, struct str known);

#endif
