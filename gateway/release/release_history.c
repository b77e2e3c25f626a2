#include "gateway/release/release_history.h"

/* Of no release: those built in. */
static enum err
load(struct store *store, struct arena *arena, const struct release *release,
     struct definitions *out, struct fault *fault)
{
    struct str bytes = {0};

    if (release->release == 0) {
        return definitions_load(arena, NULL, out, fault);
    }
    TRY(release_bundle(store, arena, release->sha256, &bytes, fault));
    return definitions_load_bundle(arena, bytes, out, fault);
}

enum err
release_history_at(struct store *store, struct arena *arena, instant at, struct definitions *out,
                   struct fault *fault)
{
    struct release release = {0};

    TRY(release_at(store, arena, at, &release, fault));
    return load(store, arena, &release, out, fault);
}

enum err
release_history_catalogue(struct store *store, struct arena *arena, const struct release *release,
                          const struct catalogue **out, struct fault *fault)
{
    struct bundle *bundle = ARENA_NEW(arena, struct bundle, 1);
    struct str     bytes = {0};

    if (bundle == NULL) {
        return FAIL(fault, ERR_MEMORY, "a bundle");
    }
    TRY(release_bundle(store, arena, release->sha256, &bytes, fault));
    TRY(bundle_parse(arena, bytes, bundle, fault));
    return catalogue_load(arena, bundle, out, fault);
}

static enum err
add(struct store *store, struct arena *arena, const struct release *release,
    struct release_history *history, struct fault *fault)
{
    struct definitions *definitions = ARENA_NEW(arena, struct definitions, 1);

    if (definitions == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    TRY(load(store, arena, release, definitions, fault));
    history->items[history->count] = definitions;
    history->count++;
    return ERR_OK;
}

enum err
release_history_since(struct store *store, struct arena *arena, struct date day, instant until,
                      struct release_history *out, struct fault *fault)
{
    static const struct release built_in = {0};
    struct release             *releases = NULL;
    size_t                      count = 0;
    bool                        whole = false;

    TRY(release_list(store, arena, &releases, &count, fault));
    *out =
        (struct release_history){.items = ARENA_NEW(arena, const struct definitions *, count + 1)};
    if (out->items == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    for (size_t i = 0; i < count && !whole; i++) {
        moment from = releases[i].active_from / INSTANT_PER_SECOND;
        if (releases[i].active_from >= until) {
            continue; /* of two of one time the later published, which comes first, holds */
        }
        TRY(add(store, arena, &releases[i], out, fault));
        until = releases[i].active_from;
        whole = date_compare(moment_warsaw_date(from), day) <= 0;
    }
    return whole ? ERR_OK : add(store, arena, &built_in, out, fault);
}
