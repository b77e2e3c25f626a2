#include "gateway/replay/replay_target.h"

enum err
replay_target_find(struct store *store, struct arena *arena, struct str receipt,
                   struct replay_target *out, struct fault *fault)
{
    static const char number_sql[] = "SELECT submission, n FROM intake.receipt WHERE number = $1";
    static const char id_sql[] = "SELECT submission, n FROM intake.submission "
                                 "WHERE submission = $1 AND n > 0";

    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};
    struct uuid             id = {0};
    bool                    is_id = uuid_parse(receipt, &id);

    if (is_id) {
        store_put_uuid(&parameters, id);
    } else {
        store_put_text(&parameters, receipt);
    }
    TRY(store_run(store, is_id ? id_sql : number_sql, &parameters, arena, &rows, fault));
    if (store_row_count(&rows) == 0) {
        return FAIL(fault, ERR_USAGE,
                    "„%.*s”: nie ma tu UPO ani rozstrzygniętego złożenia o tym numerze",
                    STR_ARG(str_slice(receipt, 0, 60)));
    }
    *out = (struct replay_target){.submission = store_uuid(&rows, 0, 0),
                                  .n = (int)store_number(&rows, 0, 1)};
    return ERR_OK;
}
