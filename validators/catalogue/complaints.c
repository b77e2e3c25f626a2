#include "validators/catalogue/complaints.h"

enum err
complaints_keep(struct complaints *complaints, enum err got, struct fault *fault)
{
    if (got != ERR_CATALOGUE || complaints == NULL || complaints->count == COMPLAINTS_MAX) {
        return got;
    }
    ENSURE(fault != NULL);
    struct str *items = arena_reserve(complaints->arena, complaints->items, complaints->count,
                                      &complaints->capacity, sizeof *items);
    struct str  text = str_copy(complaints->arena, str_of(fault->text));
    if (items == NULL || text.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu complaints", complaints->count + 1);
    }
    complaints->items = items;
    items[complaints->count++] = text;
    *fault = (struct fault){0};
    return ERR_OK;
}
