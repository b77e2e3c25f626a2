#include "gateway/release/release.h"

#include "gateway/fingerprint/fingerprint.h"

#include <string.h>
#include <strings.h>

#define COLUMNS \
    "r.release, r.definitions, r.author, r.publisher, r.reason, r.published_at, r.active_from"
#define FIRST "ORDER BY r.active_from DESC, r.release DESC LIMIT 1"

static const char at_sql[] =
    "SELECT " COLUMNS ", true FROM intake.release r WHERE r.active_from <= $1 " FIRST;

static const char now_sql[] = "SELECT " COLUMNS ", true FROM intake.release r, registry.setting s "
                              "WHERE r.active_from <= now() + s.clock_offset " FIRST;

static const char list_sql[] =
    "SELECT " COLUMNS ", r.release = (SELECT r.release FROM intake.release r "
    "   WHERE r.active_from <= now() + s.clock_offset " FIRST ") "
    "FROM intake.release r, registry.setting s ORDER BY r.active_from DESC, r.release DESC";

static const char bundle_sql[] =
    "SELECT bytes FROM intake.material WHERE sha256 = $1 AND kind = 'definitions'";

static const char material_sql[] = "INSERT INTO intake.material (sha256, kind, bytes)"
                                   " VALUES ($1, 'definitions', $2) ON CONFLICT DO NOTHING";

static const char publish_sql[] =
    "INSERT INTO intake.release (definitions, author, publisher, reason, published_at, active_from)"
    " VALUES ($1, $2, $3, $4, $5, $6) RETURNING release";

/* Any number that nobody else locks by: those of units are small, those of bytes are negative. */
#define TURN "4611686018427387904"
static const char turn_sql[] = "SELECT pg_try_advisory_lock(" TURN ")";
static const char over_sql[] = "SELECT pg_advisory_unlock(" TURN ")";

static void
read_row(const struct store_rows *rows, size_t row, struct release *out)
{
    *out = (struct release){.release = store_number(rows, row, 0),
                            .author = store_text(rows, row, 2),
                            .publisher = store_text(rows, row, 3),
                            .reason = store_text(rows, row, 4),
                            .published = store_instant(rows, row, 5),
                            .active_from = store_instant(rows, row, 6),
                            .in_force = store_truth(rows, row, 7)};
    ENSURE(store_text(rows, row, 1).size == RELEASE_SHA256_SIZE);
    memcpy(out->sha256, store_text(rows, row, 1).data, RELEASE_SHA256_SIZE);
}

static void
read_first(const struct store_rows *rows, struct release *out)
{
    *out = (struct release){0};
    if (store_row_count(rows) > 0) {
        read_row(rows, 0, out);
    }
}

enum err
release_at(struct store *store, struct arena *arena, instant at, struct release *out,
           struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_instant(&parameters, at);
    TRY(store_run(store, at_sql, &parameters, arena, &rows, fault));
    read_first(&rows, out);
    return ERR_OK;
}

enum err
release_now(struct store *store, struct arena *arena, struct release *out, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store, now_sql, NULL, arena, &rows, fault));
    read_first(&rows, out);
    return ERR_OK;
}

enum err
release_list(struct store *store, struct arena *arena, struct release **out, size_t *count,
             struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store, list_sql, NULL, arena, &rows, fault));
    *count = store_row_count(&rows);
    *out = ARENA_NEW(arena, struct release, *count + 1);
    if (*out == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu releases", *count);
    }
    for (size_t i = 0; i < *count; i++) {
        read_row(&rows, i, &(*out)[i]);
    }
    return ERR_OK;
}

enum err
release_bundle(struct store *store, struct arena *arena,
               const unsigned char sha256[RELEASE_SHA256_SIZE], struct str *out,
               struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};
    unsigned char           found[RELEASE_SHA256_SIZE];

    store_put_bytes(&parameters, fingerprint_str(sha256));
    TRY(store_run(store, bundle_sql, &parameters, arena, &rows, fault));
    if (store_row_count(&rows) == 0) {
        return FAIL(fault, ERR_STORE, "a bundle that a release names is not in the store");
    }
    struct str bytes = store_text(&rows, 0, 0);
    TRY(fingerprint_of(bytes, found, fault));
    if (!fingerprint_equal(found, sha256)) {
        return FAIL(fault, ERR_STORE, "the stored bundle is not the one that its digest names");
    }
    *out = bytes;
    return ERR_OK;
}

bool
release_is_passing(enum err got)
{
    return got == ERR_STORE_LOST || got == ERR_STORE_CONFLICT || got == ERR_STORE_UNFIT
           || got == ERR_MEMORY;
}

/* Names are compared as people read them. */
static bool
same_person(struct str one, struct str other)
{
    struct str a = str_trim(one);
    struct str b = str_trim(other);

    return a.size == b.size && (a.size == 0 || strncasecmp(a.data, b.data, a.size) == 0);
}

enum err
release_publish(struct store *store, struct arena *arena, struct str bundle,
                struct release *release, struct fault *fault)
{
    struct store_parameters material = store_parameters_create(arena);
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    if (same_person(release->author, release->publisher)) {
        return FAIL(fault, ERR_DENIED,
                    "autor i publikujący to ta sama osoba („%.*s”); definicje publikuje ktoś inny, "
                    "niż je napisał",
                    STR_ARG(str_slice(release->author, 0, 60)));
    }
    if (release->active_from < release->published) {
        return FAIL(fault, ERR_DENIED, "definicje nie mogą zacząć obowiązywać w przeszłości");
    }
    TRY(fingerprint_of(bundle, release->sha256, fault));
    store_put_bytes(&material, fingerprint_str(release->sha256));
    store_put_bytes(&material, bundle);
    TRY(store_run(store, material_sql, &material, arena, NULL, fault));
    store_put_bytes(&parameters, fingerprint_str(release->sha256));
    store_put_text(&parameters, str_trim(release->author));
    store_put_text(&parameters, str_trim(release->publisher));
    store_put_text(&parameters, str_trim(release->reason));
    store_put_instant(&parameters, release->published);
    store_put_instant(&parameters, release->active_from);
    TRY(store_run(store, publish_sql, &parameters, arena, &rows, fault));
    release->release = store_number(&rows, 0, 0);
    return ERR_OK;
}

enum err
release_turn(struct store *store, struct arena *arena, bool *mine, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(store, turn_sql, NULL, arena, &rows, fault));
    *mine = store_truth(&rows, 0, 0);
    return ERR_OK;
}

enum err
release_turn_over(struct store *store, struct arena *arena, struct fault *fault)
{
    return store_run(store, over_sql, NULL, arena, NULL, fault);
}
