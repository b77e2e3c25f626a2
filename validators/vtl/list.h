#ifndef VALIDATORS_VTL_LIST_H
#define VALIDATORS_VTL_LIST_H

#include "validators/vtl/cursor.h"

/* Names of components, with what belongs to each, on their way to being children of a node. */
enum { LIST_MAX = 2 * VTL_COMPONENTS_MAX + 1 };

struct list {
    uint32_t nodes[LIST_MAX];
    size_t   count;
};

MUST_USE enum err list_add(struct cursor *cursor, struct list *list, uint32_t node);

/* "name" or, in a join, "alias#name"; several, with commas between them. */
MUST_USE enum err list_name(struct cursor *cursor, struct list *list);
MUST_USE enum err list_names(struct cursor *cursor, struct list *list);

#endif
