#include "gateway/admin/admin.h"

enum { TIME_SIZE_MAX = 64 };

/* What stands in registry.setting: seconds of the offset, the gateway's time, whether it is TEST.
 */
static enum err
show(struct admin *admin, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(admin->store,
                  "SELECT environment, extract(epoch FROM clock_offset)::bigint,"
                  " now() + clock_offset FROM registry.setting",
                  NULL, admin->arena, &rows, fault));
    int64_t seconds = store_number(&rows, 0, 1);
    admin_print(admin, store_text(&rows, 0, 0), false);
    admin_print_instant(admin, store_instant(&rows, 0, 2), false);
    if (seconds == 0) {
        buf_append(&admin->out, STR("bez przesunięcia\n"));
    } else {
        buf_format(&admin->out, "przesunięcie %+lld s\n", (long long)seconds);
    }
    return ERR_OK;
}

/*
 * What is stored must stay in the past: a clock behind it would give later filings earlier times.
 * at: NULL is the machine's clock.
 */
static enum err
refuse_the_past(struct admin *admin, const instant *at, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(admin->store,
                  "SELECT greatest((SELECT max(arrived) FROM intake.submission),"
                  " (SELECT max(decided_at) FROM intake.decision)), now()",
                  NULL, admin->arena, &rows, fault));
    instant wanted = at == NULL ? store_instant(&rows, 0, 1) : *at;
    if (store_is_null(&rows, 0, 0) || wanted > store_instant(&rows, 0, 0)) {
        return ERR_OK;
    }
    struct buf newest = buf_create(admin->arena, TIME_SIZE_MAX);
    moment_write_polish(&newest, store_instant(&rows, 0, 0) / INSTANT_PER_SECOND);
    return FAIL(fault, ERR_DENIED,
                "zegar nie może się cofnąć przed to, co już zapisano (%.*s): ustaw późniejszą "
                "chwilę albo zacznij od pustej bazy",
                STR_ARG(buf_str(&newest)));
}

static enum err
set_clock(struct admin *admin, const instant *at, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(admin->arena);
    struct store_rows       rows = {0};

    TRY(refuse_the_past(admin, at, fault));
    if (at == NULL) {
        store_put_null(&parameters, STORE_INSTANT);
    } else {
        store_put_instant(&parameters, *at);
    }
    /* In seconds, not days: a day of the time zone may have 23 or 25 hours. */
    TRY(store_run(admin->store,
                  "UPDATE registry.setting SET clock_offset ="
                  " coalesce(extract(epoch FROM $1 - now()), 0) * interval '1 second'"
                  " WHERE environment = 'TEST' RETURNING environment",
                  &parameters, admin->arena, &rows, fault));
    if (store_row_count(&rows) == 0) {
        return FAIL(fault, ERR_DENIED, "zegar da się przesunąć tylko w środowisku TEST");
    }
    return show(admin, fault);
}

enum err
clock_task_show(struct admin *admin, struct fault *fault)
{
    return show(admin, fault);
}

enum err
clock_task_set(struct admin *admin, struct fault *fault)
{
    moment  when = 0;
    instant at = 0;

    if (!moment_parse_when(admin->options.argument, &when)) {
        return FAIL(fault, ERR_USAGE,
                    "„%.*s” to nie jest chwila w postaci "
                    "2026-07-10T09:00:00+02:00 ani dzień 2026-07-10",
                    STR_ARG(str_slice(admin->options.argument, 0, 40)));
    }
    at = when * INSTANT_PER_SECOND;
    return set_clock(admin, &at, fault);
}

enum err
clock_task_reset(struct admin *admin, struct fault *fault)
{
    return set_clock(admin, NULL, fault);
}
