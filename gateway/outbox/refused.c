#include "gateway/outbox/refused.h"

enum err
refused_of(struct store *store, struct arena *arena, struct uuid person, int64_t count_max,
           struct refused_list *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_uuid(&parameters, person);
    store_put_integer(&parameters, (int32_t)count_max);
    TRY(store_run(store,
                  "SELECT r.letter, r.name, r.email, r.place"
                  " FROM courier.refused_invitations($1, $2) WITH ORDINALITY r"
                  " (letter, name, email, place, at) ORDER BY r.at",
                  &parameters, arena, &rows, fault));
    size_t          found = store_row_count(&rows);
    struct refused *list = ARENA_NEW(arena, struct refused, found + 1);
    if (list == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu invitations", found);
    }
    for (size_t i = 0; i < found; i++) {
        list[i] = (struct refused){.letter = store_uuid(&rows, i, 0),
                                   .name = store_text(&rows, i, 1),
                                   .email = store_text(&rows, i, 2),
                                   .place = store_text(&rows, i, 3)};
    }
    *out = (struct refused_list){list, found};
    return ERR_OK;
}

enum err
refused_tell(struct store *store, struct arena *arena, const struct refused_list *list,
             struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct uuid            *letters = ARENA_NEW(arena, struct uuid, list->count + 1);

    if (letters == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu invitations", list->count);
    }
    for (size_t i = 0; i < list->count; i++) {
        letters[i] = list->items[i].letter;
    }
    store_put_uuids(&parameters, letters, list->count);
    return store_run(
        store, "UPDATE courier.letter l SET told_at = now() WHERE l.letter = ANY ($1::uuid[])",
        &parameters, arena, NULL, fault);
}
