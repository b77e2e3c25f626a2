#include "gateway/intake/conclusion.h"

#include "gateway/fingerprint/fingerprint.h"
#include "gateway/intake/conclusion_leaf.h"

#include <string.h>

static const char now_sql[] =
    "SELECT now(), (extract(epoch FROM clock_offset) * 1000000)::bigint FROM registry.setting";

/* In the order of the keys, each once: two workers that want the same ones then do not halve them
 * between each other. */
static const char lock_sql[] =
    "SELECT q.key, pg_try_advisory_xact_lock(q.key) "
    "FROM (SELECT DISTINCT key FROM unnest($1::bigint[]) k (key) ORDER BY key) q";

static const char head_sql[] = "SELECT index, chain, newest_switch FROM intake.lock_head()";

static const char material_sql[] =
    "INSERT INTO intake.material (sha256, kind, bytes) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

size_t
conclusion_report_count(const struct concluding *item)
{
    return item->decided == NULL ? 0 : item->decided->report_count;
}

bool
conclusion_has_reference(const struct concluding *item)
{
    static const unsigned char none[sizeof item->reference_sha256] = {0};

    return memcmp(item->reference_sha256, none, sizeof none) != 0;
}

size_t
conclusion_finding_count(const struct concluding *item, size_t *cut)
{
    const struct decided_file *decided = item->decided;
    size_t                     count = decided == NULL ? 0 : decided->findings.count;

    *cut = decided == NULL ? 0 : decided->findings.cut;
    for (size_t i = 0; i < conclusion_report_count(item); i++) {
        count += decided->reports[i].findings.count;
        *cut += decided->reports[i].findings.cut;
    }
    return count;
}

enum err
conclusion_begin(struct store *store, struct arena *arena, instant *now, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_begin(store, fault));
    TRY(store_run(store, now_sql, NULL, arena, &rows, fault));
    if (store_row_count(&rows) != 1) {
        return FAIL(fault, ERR_STORE, "registry.setting must have one row");
    }
    *now = store_instant(&rows, 0, 0) + store_number(&rows, 0, 1);
    return ERR_OK;
}

enum err
conclusion_lock(struct store *store, struct arena *arena, const int64_t *keys, size_t count,
                bool *obtained, struct fault *fault)
{
    struct store_rows       rows = {0};
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_numbers(&parameters, keys, count);
    TRY(store_run(store, lock_sql, &parameters, arena, &rows, fault));
    for (size_t i = 0; i < count; i++) {
        obtained[i] = false;
        for (size_t j = 0; j < store_row_count(&rows); j++) {
            obtained[i] =
                obtained[i] || (store_number(&rows, j, 0) == keys[i] && store_truth(&rows, j, 1));
        }
    }
    return ERR_OK;
}

enum err
conclusion_head(struct store *store, struct arena *arena, struct concluding *items, size_t count,
                struct fault *fault)
{
    unsigned char     chain[FINGERPRINT_SIZE];
    struct store_rows rows = {0};

    TRY(store_run(store, head_sql, NULL, arena, &rows, fault));
    if (store_is_null(&rows, 0, 0) || store_text(&rows, 0, 1).size != sizeof chain) {
        return FAIL(fault, ERR_STORE, "intake.log_head must have one row with a chain of 32 bytes");
    }
    for (size_t i = 0; i < count; i++) {
        if (items[i].decided != NULL && items[i].switches != store_number(&rows, 0, 2)) {
            return FAIL(fault, ERR_PEER, "a rule was switched while this was decided");
        }
    }
    uint64_t index = (uint64_t)store_number(&rows, 0, 0);
    memcpy(chain, store_text(&rows, 0, 1).data, sizeof chain);
    for (size_t i = 0; i < count; i++) {
        index++;
        items[i].log_index = index;
        TRY(conclusion_leaf(arena, &items[i], items[i].log_leaf, fault));
        TRY(fingerprint_of_two(fingerprint_str(chain), fingerprint_str(items[i].log_leaf), chain,
                               fault));
        memcpy(items[i].log_chain, chain, sizeof chain);
    }
    return ERR_OK;
}

enum err
conclusion_material(struct store *store, struct arena *arena, const char *kind,
                    const unsigned char sha256[32], struct str bytes, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_bytes(&parameters, fingerprint_str(sha256));
    store_put_text(&parameters, str_of(kind));
    store_put_bytes(&parameters, bytes.data == NULL ? STR("") : bytes);
    return store_run(store, material_sql, &parameters, arena, NULL, fault);
}
