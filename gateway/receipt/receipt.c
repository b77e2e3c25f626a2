#include "gateway/receipt/receipt.h"

#include "gateway/receipt/escape.h"
#include "gateway/receipt/layout.h"

#include <string.h>

enum { TAG_SIZE_MAX = 64 };

/* A receipt being written; the first fact that no receipt can state is kept. */
struct writer {
    struct buf *out;
    struct str  wrong; /* element; .data == NULL: none */
};

/* Members are read through their offset in the table (layout.c says what stands there). */
static struct str
text_at(const char *place)
{
    struct str text;

    memcpy(&text, place, sizeof text);
    return text;
}

static uint64_t
number_at(const char *place, size_t size)
{
    uint64_t number = 0;

    ENSURE(size == sizeof(uint32_t) || size == sizeof number);
    memcpy(&number, place, size); /* little-endian, as everything we run on */
    return number;
}

static void
put_number(struct buf *out, uint64_t number)
{
    char   digits[20];
    size_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    buf_append(out, (struct str){digits + at, sizeof digits - at});
}

/* In one piece: a receipt has some two hundred of them. */
static void
put_tag(struct buf *out, struct str begin, struct str name)
{
    char   tag[TAG_SIZE_MAX];
    size_t size = begin.size + name.size;

    ENSURE(size < sizeof tag);
    memcpy(tag, begin.data, begin.size);
    memcpy(tag + begin.size, name.data, name.size);
    tag[size] = '>';
    buf_append(out, (struct str){tag, size + 1});
}

static void
put_text_field(struct writer *writer, const struct layout_field *field, const char *place)
{
    (void)field;
    escape_append(writer->out, text_at(place));
}

static void
put_kind_field(struct writer *writer, const struct layout_field *field, const char *place)
{
    (void)field;
    buf_append(writer->out,
               layout_kind_code((enum receipt_kind)number_at(place, sizeof(enum receipt_kind))));
}

static void
put_digest_field(struct writer *writer, const struct layout_field *field, const char *place)
{
    buf_hex(writer->out, (const unsigned char *)place, field->size);
}

static void
put_uuid_field(struct writer *writer, const struct layout_field *field, const char *place)
{
    struct uuid uuid;

    (void)field;
    memcpy(&uuid, place, sizeof uuid);
    uuid_write(writer->out, uuid);
}

static void
put_date_field(struct writer *writer, const struct layout_field *field, const char *place)
{
    struct date date;

    memcpy(&date, place, sizeof date);
    if (!layout_date_valid(date)) {
        writer->wrong = field->element;
        return;
    }
    date_write(writer->out, date);
}

static void
put_instant_field(struct writer *writer, const struct layout_field *field, const char *place)
{
    instant at = (instant)number_at(place, sizeof at);

    if (!layout_instant_valid(at)) {
        writer->wrong = field->element;
        return;
    }
    instant_write(writer->out, at);
}

static void
put_number_field(struct writer *writer, const struct layout_field *field, const char *place)
{
    uint64_t number = number_at(place, field->size);

    if (number > INT64_MAX) {
        writer->wrong = field->element;
        return;
    }
    put_number(writer->out, number);
}

typedef void put_field(struct writer *writer, const struct layout_field *field, const char *place);

static put_field *const shapes[LAYOUT_SHAPE_COUNT] = {
    [LAYOUT_TEXT] = put_text_field,       [LAYOUT_OPTION] = put_text_field,
    [LAYOUT_KIND] = put_kind_field,       [LAYOUT_VERDICT] = put_text_field,
    [LAYOUT_SEVERITY] = put_text_field,   [LAYOUT_DIGEST] = put_digest_field,
    [LAYOUT_TIMELINESS] = put_text_field, [LAYOUT_DIGEST_OPTION] = put_digest_field,
    [LAYOUT_DATE] = put_date_field,       [LAYOUT_UUID] = put_uuid_field,
    [LAYOUT_INSTANT] = put_instant_field, [LAYOUT_NUMBER] = put_number_field,
    [LAYOUT_COUNT] = put_number_field,    [LAYOUT_INSTANT_OPTION] = put_instant_field,
    [LAYOUT_SET] = put_text_field,
};

/* What stands beside: the time in UTC, or the code in words. */
static void
put_beside(struct writer *writer, const struct layout_field *field, const char *place)
{
    struct str words = {0};

    if (field->shape == LAYOUT_INSTANT || field->shape == LAYOUT_INSTANT_OPTION) {
        instant at = (instant)number_at(place, sizeof at);
        instant_write_utc(writer->out, layout_instant_valid(at) ? at : 0);
        return;
    }
    if (field->shape == LAYOUT_KIND) {
        enum receipt_kind kind = (enum receipt_kind)number_at(place, sizeof kind);
        words = layout_words(field->shape, layout_kind_code(kind));
    } else {
        words = layout_words(field->shape, text_at(place));
    }
    if (words.size == 0) {
        writer->wrong = field->element;
    }
    escape_append(writer->out, words);
}

static bool
is_zero(const char *place, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (place[i] != 0) {
            return false;
        }
    }
    return true;
}

static bool
is_empty(const struct layout_field *field, const char *place)
{
    bool is_text = field->shape <= LAYOUT_OPTION || field->shape == LAYOUT_TIMELINESS
                   || field->shape == LAYOUT_SET;

    return is_text ? text_at(place).size == 0 : is_zero(place, field->size);
}

static void
put_fields(struct writer *writer, struct layout_fields fields, const void *object)
{
    for (size_t i = 0; i < fields.count; i++) {
        const struct layout_field *field = &fields.fields[i];
        const char                *place = (const char *)object + field->offset;
        if (layout_is_optional(field->shape) && is_empty(field, place)) {
            continue;
        }
        put_tag(writer->out, STR("<"), field->element);
        shapes[field->shape](writer, field, place);
        put_tag(writer->out, STR("</"), field->element);
        if (field->beside.size > 0) {
            put_tag(writer->out, STR("<"), field->beside);
            put_beside(writer, field, place);
            put_tag(writer->out, STR("</"), field->beside);
        }
    }
}

static bool
is_absent(const struct layout_group *group, const struct receipt_facts *facts)
{
    for (size_t i = 0; i < group->fields.count; i++) {
        const struct layout_field *field = &group->fields.fields[i];
        if (!group->optional || !is_empty(field, (const char *)facts + field->offset)) {
            return false;
        }
    }
    return true;
}

static void
put_findings(struct writer *writer, const struct receipt_finding *findings, size_t count)
{
    if (count == 0) {
        return;
    }
    put_tag(writer->out, STR("<"), LAYOUT_FINDINGS);
    for (size_t i = 0; i < count; i++) {
        put_tag(writer->out, STR("<"), LAYOUT_FINDING);
        put_fields(writer, layout_finding, &findings[i]);
        put_tag(writer->out, STR("</"), LAYOUT_FINDING);
    }
    put_tag(writer->out, STR("</"), LAYOUT_FINDINGS);
}

static void
put_outages(struct writer *writer, const struct receipt_facts *facts)
{
    if (facts->outage_count == 0) {
        return;
    }
    put_tag(writer->out, STR("<"), LAYOUT_OUTAGES);
    for (size_t i = 0; i < facts->outage_count; i++) {
        put_tag(writer->out, STR("<"), LAYOUT_OUTAGE);
        put_fields(writer, layout_outage, &facts->outages[i]);
        put_tag(writer->out, STR("</"), LAYOUT_OUTAGE);
    }
    put_tag(writer->out, STR("</"), LAYOUT_OUTAGES);
}

static void
put_reports(struct writer *writer, const struct receipt_facts *facts)
{
    if (facts->report_count == 0) {
        return;
    }
    put_tag(writer->out, STR("<"), LAYOUT_REPORTS);
    for (size_t i = 0; i < facts->report_count; i++) {
        const struct receipt_report *report = &facts->reports[i];
        put_tag(writer->out, STR("<"), LAYOUT_REPORT);
        put_fields(writer, layout_report, report);
        put_findings(writer, report->findings, report->finding_count);
        put_tag(writer->out, STR("</"), LAYOUT_REPORT);
    }
    put_tag(writer->out, STR("</"), LAYOUT_REPORTS);
}

enum err
receipt_write(struct buf *out, const struct receipt_facts *facts, struct fault *fault)
{
    struct writer writer = {.out = out};
    size_t        before = out->size;

    buf_append(out, LAYOUT_HEAD);
    for (size_t i = 0; i < LAYOUT_GROUP_COUNT; i++) {
        const struct layout_group *group = &layout_groups[i];
        if (is_absent(group, facts)) {
            continue;
        }
        put_tag(out, STR("<"), group->element);
        put_fields(&writer, group->fields, facts);
        put_tag(out, STR("</"), group->element);
    }
    put_outages(&writer, facts);
    put_findings(&writer, facts->findings, facts->finding_count);
    put_reports(&writer, facts);
    buf_append(out, LAYOUT_END);
    if (writer.wrong.data != NULL) {
        return FAIL(fault, ERR_USAGE, "no receipt can state this as %.*s", STR_ARG(writer.wrong));
    }
    if (!buf_ok(out) || out->size - before > RECEIPT_SIZE_MAX) {
        return FAIL(fault, ERR_LIMIT, "a receipt that does not fit, or above %d bytes",
                    RECEIPT_SIZE_MAX);
    }
    return ERR_OK;
}
