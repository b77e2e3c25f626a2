#include "gateway/intake/addressing.h"

#include "validators/calendar/entry.h"

static bool
is_sent(const struct concluding *item, size_t at)
{
    return item->decided != NULL && item->decided->reports[at].verdict == VERDICT_ACCEPTED
           && item->filed[at].unit != 0
           && (item->filed[at].term.recipients & ~(1U << CALENDAR_TO_ZARZAD_JST)) != 0;
}

enum err
addressing_note(struct store *store, struct arena *arena, const struct concluding *items,
                size_t count, struct fault *fault)
{
    static const char       sql[] = "SELECT intake.note_addressed($1, $2, $3)";
    struct store_parameters parameters = store_parameters_create(arena);
    size_t                  room = 1;
    size_t                  found = 0;

    for (size_t i = 0; i < count; i++) {
        room += conclusion_report_count(&items[i]);
    }
    struct uuid *ids = ARENA_NEW(arena, struct uuid, room);
    int64_t     *units = ARENA_NEW(arena, int64_t, room);
    int64_t     *kinds = ARENA_NEW(arena, int64_t, room);
    if (ids == NULL || units == NULL || kinds == NULL) {
        return FAIL(fault, ERR_MEMORY, "recipients of %zu reports", room);
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < conclusion_report_count(&items[i]); j++) {
            ids[found] = items[i].queued->id;
            units[found] = items[i].filed[j].unit;
            kinds[found] = (int64_t)items[i].filed[j].term.recipients;
            found += is_sent(&items[i], j) ? 1 : 0;
        }
    }
    if (found == 0) {
        return ERR_OK;
    }
    store_put_uuids(&parameters, ids, found);
    store_put_numbers(&parameters, units, found);
    store_put_numbers(&parameters, kinds, found);
    return store_run(store, sql, &parameters, arena, NULL, fault);
}
