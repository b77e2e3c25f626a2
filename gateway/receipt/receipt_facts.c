#include "gateway/receipt/escape.h"
#include "gateway/receipt/layout.h"

#include <string.h>

/* Facts as a parcel: the same tables, a number or a text for each field, a count for each list. */
static void
encode_text(struct buf *out, struct str text)
{
    struct buf repaired = buf_create(out->arena, SIZE_MAX / 2);

    if (text.size > 0 && !str_is_utf8(text)) {
        escape_repair(&repaired, text);
        out->full = out->full || !buf_ok(&repaired);
        text = buf_str(&repaired);
    }
    parcel_put_text(out, text);
}

/* Year, month and day; zeros for none. */
static void
encode_date(struct buf *out, const char *place)
{
    struct date date;

    memcpy(&date, place, sizeof date);
    parcel_put_number(out, (uint64_t)(uint32_t)date.year);
    parcel_put_number(out, (uint64_t)(uint32_t)date.month);
    parcel_put_number(out, (uint64_t)(uint32_t)date.day);
}

static void
decode_date(struct parcel *parcel, char *place)
{
    struct date date = {0};

    date.year = (int)parcel_number(parcel, MOMENT_YEAR_MAX);
    date.month = (int)parcel_number(parcel, 12);
    date.day = (int)parcel_number(parcel, 31);
    parcel->bad = parcel->bad || !layout_date_valid(date);
    memcpy(place, &date, sizeof date);
}

static void
encode_field(struct buf *out, const struct layout_field *field, const char *place)
{
    struct str text = {0};
    uint64_t   number = 0;

    switch (field->shape) {
    case LAYOUT_TEXT:
    case LAYOUT_OPTION:
    case LAYOUT_VERDICT:
    case LAYOUT_SEVERITY:
    case LAYOUT_TIMELINESS:
    case LAYOUT_SET:
        memcpy(&text, place, sizeof text);
        encode_text(out, text);
        return;
    case LAYOUT_DATE:
        encode_date(out, place);
        return;
    case LAYOUT_DIGEST:
    case LAYOUT_DIGEST_OPTION:
    case LAYOUT_UUID:
        parcel_put_array(out, place, field->size, 1);
        return;
    default:
        memcpy(&number, place, field->size); /* little-endian, as everything we run on */
        parcel_put_number(out, number);
    }
}

static void
encode_fields(struct buf *out, struct layout_fields fields, const void *object)
{
    for (size_t i = 0; i < fields.count; i++) {
        encode_field(out, &fields.fields[i], (const char *)object + fields.fields[i].offset);
    }
}

static void
encode_findings(struct buf *out, const struct receipt_finding *findings, size_t count)
{
    parcel_put_number(out, count);
    for (size_t i = 0; i < count; i++) {
        encode_fields(out, layout_finding, &findings[i]);
    }
}

void
receipt_facts_encode(struct buf *out, const struct receipt_facts *facts)
{
    for (size_t i = 0; i < LAYOUT_GROUP_COUNT; i++) {
        encode_fields(out, layout_groups[i].fields, facts);
    }
    parcel_put_number(out, facts->outage_count);
    for (size_t i = 0; i < facts->outage_count; i++) {
        encode_fields(out, layout_outage, &facts->outages[i]);
    }
    encode_findings(out, facts->findings, facts->finding_count);
    parcel_put_number(out, facts->report_count);
    for (size_t i = 0; i < facts->report_count; i++) {
        const struct receipt_report *report = &facts->reports[i];
        encode_fields(out, layout_report, report);
        encode_findings(out, report->findings, report->finding_count);
    }
}

/* The largest number that this field may hold. */
static uint64_t
number_max(const struct layout_field *field)
{
    if (field->shape == LAYOUT_KIND) {
        return RECEIPT_DELIVERY;
    }
    return field->size == sizeof(uint32_t) ? UINT32_MAX : (uint64_t)INT64_MAX;
}

static void
decode_number(struct parcel *parcel, const struct layout_field *field, char *place)
{
    uint64_t number = parcel_number(parcel, number_max(field));

    if ((field->shape == LAYOUT_KIND && number < RECEIPT_UNIT)
        || ((field->shape == LAYOUT_INSTANT || field->shape == LAYOUT_INSTANT_OPTION) && number != 0
            && !layout_instant_valid((instant)number))) {
        parcel->bad = true;
        return;
    }
    memcpy(place, &number, field->size);
}

static void
decode_field(struct parcel *parcel, const struct layout_field *field, char *place)
{
    struct str text = {0};

    switch (field->shape) {
    case LAYOUT_VERDICT:
    case LAYOUT_SEVERITY:
        text = parcel_text(parcel);
        parcel->bad = parcel->bad || layout_words(field->shape, text).size == 0;
        memcpy(place, &text, sizeof text);
        return;
    case LAYOUT_TIMELINESS:
    case LAYOUT_SET:
        text = parcel_text(parcel);
        parcel->bad = parcel->bad || (text.size > 0 && layout_words(field->shape, text).size == 0);
        memcpy(place, &text, sizeof text);
        return;
    case LAYOUT_TEXT:
    case LAYOUT_OPTION:
        text = parcel_text(parcel);
        memcpy(place, &text, sizeof text);
        return;
    case LAYOUT_DATE:
        decode_date(parcel, place);
        return;
    case LAYOUT_DIGEST:
    case LAYOUT_DIGEST_OPTION:
    case LAYOUT_UUID:
        parcel_bytes(parcel, place, field->size);
        return;
    default:
        decode_number(parcel, field, place);
    }
}

static void
decode_fields(struct parcel *parcel, struct layout_fields fields, void *object)
{
    for (size_t i = 0; i < fields.count && !parcel->bad; i++) {
        decode_field(parcel, &fields.fields[i], (char *)object + fields.fields[i].offset);
    }
}

static const struct receipt_finding *
decode_findings(struct parcel *parcel, size_t *count)
{
    uint64_t                number = parcel_number(parcel, parcel->bytes.size);
    struct receipt_finding *list = parcel_room(parcel, number, sizeof *list);

    for (size_t i = 0; i < number && !parcel->bad; i++) {
        decode_fields(parcel, layout_finding, &list[i]);
    }
    *count = parcel->bad ? 0 : (size_t)number;
    return list;
}

static void
decode_outages(struct parcel *parcel, struct receipt_facts *facts)
{
    uint64_t               number = parcel_number(parcel, parcel->bytes.size);
    struct receipt_outage *list = parcel_room(parcel, number, sizeof *list);

    for (size_t i = 0; i < number && !parcel->bad; i++) {
        decode_fields(parcel, layout_outage, &list[i]);
    }
    facts->outages = list;
    facts->outage_count = parcel->bad ? 0 : (size_t)number;
}

static void
decode_reports(struct parcel *parcel, struct receipt_facts *facts)
{
    uint64_t               number = parcel_number(parcel, parcel->bytes.size);
    struct receipt_report *list = parcel_room(parcel, number, sizeof *list);

    for (size_t i = 0; i < number && !parcel->bad; i++) {
        decode_fields(parcel, layout_report, &list[i]);
        list[i].findings = decode_findings(parcel, &list[i].finding_count);
    }
    facts->reports = list;
    facts->report_count = parcel->bad ? 0 : (size_t)number;
}

enum err
receipt_facts_decode(struct arena *arena, struct str bytes, size_t *used, struct receipt_facts *out,
                     struct fault *fault)
{
    struct parcel        parcel = {.arena = arena, .bytes = bytes};
    struct receipt_facts facts = {0};

    for (size_t i = 0; i < LAYOUT_GROUP_COUNT; i++) {
        decode_fields(&parcel, layout_groups[i].fields, &facts);
    }
    decode_outages(&parcel, &facts);
    facts.findings = decode_findings(&parcel, &facts.finding_count);
    decode_reports(&parcel, &facts);
    if (parcel.starved) {
        return FAIL(fault, ERR_MEMORY, "facts of a receipt");
    }
    if (parcel.bad) {
        return FAIL(fault, ERR_WIRE, "facts of a receipt: byte %zu", parcel.at);
    }
    *used = parcel.at;
    *out = facts;
    return ERR_OK;
}
