#include "gateway/desk/trail_endpoint.h"

enum { STATUS_OK = 200, PAGE = 100 };

/* What the trail notes, in words; what stands in none of these tables is left to detail. */
#define KINDS                                                                                  \
    "('people.person', 'osoba'), ('people.secret', 'dane logowania'),"                         \
    " ('people.identity', 'certyfikat osoby'), ('people.appointment', 'rola'),"                \
    " ('people.invitation', 'zaproszenie'), ('registry.credential', 'token albo certyfikat')," \
    " ('registry.setting', 'ustawienie'), ('obligation.exemption', 'zwolnienie'),"             \
    " ('obligation.nothing_to_report', 'oświadczenie „nic do wykazania”'),"               \
    " ('obligation.filed_elsewhere', 'przekazanie poza bramą'),"                              \
    " ('obligation.internal_due', 'termin wewnętrzny'),"                                      \
    " ('obligation.revocation', 'cofnięcie wpisu')"
#define FIELDS                                                                                    \
    "(1, 'role', 'rola'), (2, 'unit', 'jednostka'), (3, 'office', 'urząd'),"                     \
    " (4, 'name', 'imię i nazwisko'), (5, 'email', 'adres e-mail'), (6, 'password', 'hasło'),"  \
    " (7, 'totp', 'aplikacja z kodami'), (8, 'label', 'opis'), (9, 'form', 'formularz'),"         \
    " (10, 'period', 'okres'), (11, 'due_on', 'dzień'), (12, 'filed_on', 'dzień przekazania')," \
    " (13, 'place', 'gdzie'), (14, 'first_end', 'od'), (15, 'last_end', 'do'),"                   \
    " (16, 'valid_from', 'od'), (17, 'valid_to', 'do'), (18, 'expires_at', 'ważne do'),"         \
    " (19, 'accepted_at', 'przyjęte'), (20, 'revoked_at', 'unieważnione'),"                     \
    " (21, 'ended_at', 'zakończone'), (22, 'basis', 'podstawa')"
/* A unit by its REGON, a moment to the minute in Warsaw, a secret by the fact alone. */
#define VALUE                                                                   \
    "CASE WHEN f.key = 'unit' THEN (SELECT x.regon FROM registry.unit x"        \
    "   WHERE x.unit = (a.detail ->> f.key)::bigint)"                           \
    "  WHEN a.detail ->> f.key = '***' THEN 'zmienione'"                        \
    "  WHEN f.key LIKE '%\\_at' THEN to_char((a.detail ->> f.key)::timestamptz" \
    "   AT TIME ZONE 'Europe/Warsaw', 'YYYY-MM-DD HH24:MI')"                    \
    "  ELSE a.detail ->> f.key END"

static const char trail_sql[] =
    "SELECT a.entry, a.at, a.person, a.appointment, a.program, a.act, a.object_kind, a.object,"
    " u.regon, a.office, a.detail::text,"
    " concat_ws('; ', k.title || CASE a.act WHEN 'insert' THEN ': dodano'"
    "   WHEN 'update' THEN ': zmieniono' ELSE '' END,"
    "  (SELECT string_agg(f.title || ': ' || coalesce(" VALUE ", 'brak'), '; ' ORDER BY f.place)"
    "   FROM (VALUES " FIELDS ") f (place, key, title) WHERE a.detail ? f.key))"
    " FROM people.audit a LEFT JOIN registry.unit u USING (unit)"
    " LEFT JOIN (VALUES " KINDS ") k (kind, title) ON k.kind = a.object_kind"
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
    json_member(json, "detail_text", store_text(rows, row, 11));
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
