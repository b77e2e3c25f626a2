#include "gateway/admin/admin.h"

enum column {
    COLUMN_RECIPIENT,
    COLUMN_FORM,
    COLUMN_PERIOD,
    COLUMN_REGON,
    COLUMN_NAME,
    COLUMN_VERSION,
    COLUMN_ARRIVED,
    COLUMN_UNTIL,
    COLUMN_BASIS,
    COLUMN_SUBMISSION
};

/* Of the newest decisions, by recipient, in the order of arrival. */
static const char outside_sql[] =
    "SELECT r.recipient, r.form_title, r.period, r.regon, r.unit_name,"
    " coalesce(r.version::text, '?'), to_char(r.arrived AT TIME ZONE 'Europe/Warsaw',"
    " 'YYYY-MM-DD HH24:MI'), r.window_until::text, r.window_basis, r.submission::text"
    " FROM intake.report r JOIN intake.submission s ON s.submission = r.submission"
    " AND s.decided_n = r.n WHERE intake.came_late(r)"
    " ORDER BY r.recipient, r.arrived, r.log_index, r.ordinal";

enum err
correction_task_list(struct admin *admin, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(admin->store, outside_sql, NULL, admin->arena, &rows, fault));
    buf_append(&admin->out, STR("odbiorca\tformularz\tokres\tREGON\tjednostka\tWersja\twpłynęło\t"
                                "koniec okna\tpodstawa\tzłożenie\n"));
    for (size_t row = 0; row < store_row_count(&rows); row++) {
        for (size_t i = COLUMN_RECIPIENT; i <= COLUMN_SUBMISSION; i++) {
            admin_print(admin, store_text(&rows, row, i), i == COLUMN_SUBMISSION);
        }
    }
    return ERR_OK;
}
