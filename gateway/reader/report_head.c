#include "gateway/reader/report_head.h"

#include "gateway/reader/saying.h"

void
report_head_members(struct json *json, const struct store_rows *rows, size_t row)
{
    json_member(json, "submission",
                saying_uuid(json->out->arena, store_uuid(rows, row, REPORT_HEAD_SUBMISSION)));
    json_key(json, "report");
    json_number(json, store_number(rows, row, REPORT_HEAD_REPORT));
    json_member(json, "form", store_text(rows, row, REPORT_HEAD_FORM));
    json_member(json, "form_title", store_text(rows, row, REPORT_HEAD_FORM_TITLE));
    json_member(json, "period", store_text(rows, row, REPORT_HEAD_PERIOD));
    json_member(json, "level", store_text(rows, row, REPORT_HEAD_LEVEL));
    json_key(json, "unit");
    json_object_begin(json);
    json_member(json, "name", store_text(rows, row, REPORT_HEAD_UNIT_NAME));
    json_member(json, "regon", store_text(rows, row, REPORT_HEAD_REGON));
    json_object_end(json);
}

void
report_head_fields(struct csv *csv, struct arena *arena, const struct store_rows *rows, size_t row)
{
    static const enum report_head texts[] = {REPORT_HEAD_FORM_TITLE, REPORT_HEAD_PERIOD,
                                             REPORT_HEAD_LEVEL, REPORT_HEAD_UNIT_NAME,
                                             REPORT_HEAD_REGON};

    csv_field(csv, saying_uuid(arena, store_uuid(rows, row, REPORT_HEAD_SUBMISSION)));
    csv_number(csv, (uint64_t)store_number(rows, row, REPORT_HEAD_REPORT));
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        csv_field(csv, store_text(rows, row, texts[i]));
    }
}
