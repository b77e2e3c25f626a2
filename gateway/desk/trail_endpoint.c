#include "gateway/desk/trail_endpoint.h"

enum { STATUS_OK = 200, PAGE = 100 };

static const char trail_sql[] =
    "SELECT a.entry, a.at, a.person, a.appointment, a.program, a.act, a.object_kind, a.object,"
    " u.regon, a.office, a.detail::text FROM people.audit a LEFT JOIN registry.unit u USING (unit)"
    " WHERE ($1 = 0 OR a.entry < $1) AND ($2 = 0 OR a.unit = $2) ORDER BY a.entry DESC LIMIT $3";

static void
write_entry(struct json *json, const struct call *call, const struct store_rows *rows, size_t row)
{
    json_object_begin(json);
    json_key(json, "entry");
    json_number(json, store_number(rows, row, 0));
    call_write_instant(json, call, "at", store_instant(rows, row, 1));
    call_write_uuid(json, call, "person", store_uuid(rows, row, 2));
    call_write_uuid(json, call, "appointment", store_uuid(rows, row, 3));
    json_member(json, "program", store_text(rows, row, 4));
    json_member(json, "act", store_text(rows, row, 5));
    json_member(json, "object_kind", store_text(rows, row, 6));
    json_member(json, "object", store_text(rows, row, 7));
    json_member(json, "regon", store_text(rows, row, 8));
    json_member(json, "office", store_text(rows, row, 9));
    json_member(json, "detail", store_text(rows, row, 10)); /* JSON, as text */
    json_object_end(json);
}

static enum err
answer(struct call *call, const struct store_rows *rows, struct fault *fault)
{
    struct buf  body = call_body(call);
    struct json json = json_create(&body);
    size_t      count = store_row_count(rows);

    json_object_begin(&json);
    json_key(&json, "items");
    json_array_begin(&json);
    for (size_t i = 0; i < count; i++) {
        write_entry(&json, call, rows, i);
    }
    json_array_end(&json);
    json_member(&json, "next_cursor",
                count == PAGE
                    ? str_format(call->arena, "%lld", (long long)store_number(rows, count - 1, 0))
                    : (struct str){0});
    json_object_end(&json);
    return call_answer(call, STATUS_OK, &body, fault);
}

enum err
trail_endpoint_list(struct call *call, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(call->arena);
    struct store_rows       rows = {0};
    struct str              cursor = call_parameter(call, "cursor");
    struct str              regon = call_parameter(call, "regon");
    int64_t                 before = 0;
    int64_t                 unit = 0;
    bool                    allowed = true;

    if (cursor.size > 0 && !str_to_number(cursor, &before)) {
        return call_refuse(call, PROBLEM_BAD_PARAMETER,
                           STR("Parametr cursor: podaj next_cursor poprzedniej strony."), fault);
    }
    TRY(call_find_unit(call, regon, &unit, fault));
    if (regon.size > 0) {
        TRY(call_may(call, PERMISSION_ACTION_READ_TRAIL, unit, (struct str){0}, &allowed, fault));
    }
    if (!allowed || (regon.size > 0 && unit == 0)) {
        return call_refuse_absent(call, fault);
    }
    store_put_number(&parameters, before);
    store_put_number(&parameters, unit);
    store_put_integer(&parameters, PAGE);
    TRY(store_run(call->store, trail_sql, &parameters, call->arena, &rows, fault));
    return answer(call, &rows, fault);
}
