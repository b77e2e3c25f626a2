#include "gateway/receipt/layout.h"

#include <string.h>

enum { HEX = 16, DIGEST_SIZE_MAX = 32 };

/* The value of one element goes to its place in the struct; true: it is one. */
typedef bool take_field(struct str text, const struct layout_field *field, char *place);

static bool
take_text_field(struct str text, const struct layout_field *field, char *place)
{
    (void)field;
    memcpy(place, &text, sizeof text);
    return true;
}

static bool
take_kind_field(struct str text, const struct layout_field *field, char *place)
{
    enum receipt_kind kind = layout_kind_of(text);

    (void)field;
    memcpy(place, &kind, sizeof kind);
    return kind != 0;
}

static int
hex_value(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

static bool
take_digest_field(struct str text, const struct layout_field *field, char *place)
{
    ENSURE(field->size <= DIGEST_SIZE_MAX);
    if (text.size != 2 * field->size) {
        return false;
    }
    for (size_t i = 0; i < field->size; i++) {
        int high = hex_value(text.data[2 * i]);
        int low = hex_value(text.data[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        place[i] = (char)(unsigned char)(high * HEX + low);
    }
    return true;
}

static bool
take_uuid_field(struct str text, const struct layout_field *field, char *place)
{
    struct uuid uuid;

    (void)field;
    if (!uuid_parse(text, &uuid)) {
        return false;
    }
    memcpy(place, &uuid, sizeof uuid);
    return true;
}

static bool
take_instant_field(struct str text, const struct layout_field *field, char *place)
{
    instant at = 0;

    (void)field;
    if (!layout_instant_parse(text, &at)) {
        return false;
    }
    memcpy(place, &at, sizeof at);
    return true;
}

static bool
take_date_field(struct str text, const struct layout_field *field, char *place)
{
    struct date date = {0};

    (void)field;
    if (!date_parse(text, &date)) {
        return false;
    }
    memcpy(place, &date, sizeof date);
    return true;
}

static bool
take_number_field(struct str text, const struct layout_field *field, char *place)
{
    uint64_t number = 0;

    if (!str_all_digits(text) || text.size > 19) {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        number = number * 10 + (uint64_t)(text.data[i] - '0');
    }
    if (number > (field->size == sizeof(uint32_t) ? UINT32_MAX : (uint64_t)INT64_MAX)) {
        return false;
    }
    memcpy(place, &number, field->size); /* little-endian, as everything we run on */
    return true;
}

static take_field *const shapes[LAYOUT_SHAPE_COUNT] = {
    [LAYOUT_TEXT] = take_text_field,       [LAYOUT_OPTION] = take_text_field,
    [LAYOUT_KIND] = take_kind_field,       [LAYOUT_VERDICT] = take_text_field,
    [LAYOUT_SEVERITY] = take_text_field,   [LAYOUT_DIGEST] = take_digest_field,
    [LAYOUT_TIMELINESS] = take_text_field, [LAYOUT_DIGEST_OPTION] = take_digest_field,
    [LAYOUT_DATE] = take_date_field,       [LAYOUT_UUID] = take_uuid_field,
    [LAYOUT_INSTANT] = take_instant_field, [LAYOUT_NUMBER] = take_number_field,
    [LAYOUT_COUNT] = take_number_field,    [LAYOUT_INSTANT_OPTION] = take_instant_field,
    [LAYOUT_SET] = take_text_field,
};

static void
take_element(struct scan *scan, const struct layout_field *field, char *place)
{
    size_t     begin = scan->at;
    struct str text = scan_text(scan);

    if (!scan->bad && !shapes[field->shape](text, field, place)) {
        scan->at = begin;
        scan->bad = true;
    }
    scan_close(scan, field->element);
    if (field->beside.size > 0) {
        scan_open(scan, field->beside);
        (void)scan_raw(scan); /* it follows from the element, and is compared when written anew */
        scan_close(scan, field->beside);
    }
}

static void
take_fields(struct scan *scan, struct layout_fields fields, void *object)
{
    for (size_t i = 0; i < fields.count && !scan->bad; i++) {
        const struct layout_field *field = &fields.fields[i];
        if (scan_try_open(scan, field->element)) {
            take_element(scan, field, (char *)object + field->offset);
        }
    }
}

/* Room for one more in a list; NULL and scan->bad when the arena is full. */
static void *
room(struct scan *scan, void *list, size_t count, size_t *capacity, size_t size)
{
    void *grown = arena_reserve(scan->arena, list, count, capacity, size);

    scan->starved = scan->starved || grown == NULL;
    scan->bad = scan->bad || grown == NULL;
    return grown;
}

static void
take_findings(struct scan *scan, const struct receipt_finding **out, size_t *count)
{
    struct receipt_finding *list = NULL;
    size_t                  capacity = 0;

    if (!scan_try_open(scan, LAYOUT_FINDINGS)) {
        return;
    }
    while (scan_try_open(scan, LAYOUT_FINDING)) {
        struct receipt_finding *grown = room(scan, list, *count, &capacity, sizeof *list);
        if (grown == NULL) {
            return;
        }
        list = grown;
        *out = list;
        take_fields(scan, layout_finding, &list[(*count)++]);
        scan_close(scan, LAYOUT_FINDING);
    }
    scan_close(scan, LAYOUT_FINDINGS);
}

static void
take_outages(struct scan *scan, struct receipt_facts *facts)
{
    struct receipt_outage *list = NULL;
    size_t                 capacity = 0;

    if (!scan_try_open(scan, LAYOUT_OUTAGES)) {
        return;
    }
    while (scan_try_open(scan, LAYOUT_OUTAGE)) {
        struct receipt_outage *grown =
            room(scan, list, facts->outage_count, &capacity, sizeof *list);
        if (grown == NULL) {
            return;
        }
        list = grown;
        facts->outages = list;
        take_fields(scan, layout_outage, &list[facts->outage_count++]);
        scan_close(scan, LAYOUT_OUTAGE);
    }
    scan_close(scan, LAYOUT_OUTAGES);
}

static void
take_reports(struct scan *scan, struct receipt_facts *facts)
{
    struct receipt_report *list = NULL;
    size_t                 capacity = 0;

    if (!scan_try_open(scan, LAYOUT_REPORTS)) {
        return;
    }
    while (scan_try_open(scan, LAYOUT_REPORT)) {
        struct receipt_report *grown =
            room(scan, list, facts->report_count, &capacity, sizeof *list);
        if (grown == NULL) {
            return;
        }
        list = grown;
        facts->reports = list;
        struct receipt_report *report = &list[facts->report_count++];
        take_fields(scan, layout_report, report);
        take_findings(scan, &report->findings, &report->finding_count);
        scan_close(scan, LAYOUT_REPORT);
    }
    scan_close(scan, LAYOUT_REPORTS);
}

void
layout_read(struct scan *scan, struct receipt_facts *out)
{
    scan_literal(scan, LAYOUT_HEAD);
    for (size_t i = 0; i < LAYOUT_GROUP_COUNT; i++) {
        const struct layout_group *group = &layout_groups[i];
        if (scan_try_open(scan, group->element)) {
            take_fields(scan, group->fields, out);
            scan_close(scan, group->element);
        }
    }
    take_outages(scan, out);
    take_findings(scan, &out->findings, &out->finding_count);
    take_reports(scan, out);
}
