#include "gateway/intake/report_row.h"

#include "gateway/fingerprint/fingerprint.h"
#include "gateway/intake/copy_text.h"
#include "gateway/intake/timeliness.h"

static const char target[] =
    "intake.report (report, submission, n, ordinal, unit, unit_name, regon, type, wk, pk, gk, gt,"
    " pt, element, form, form_version, form_title, year, period_type, period_number, period,"
    " period_end, level, variant, version, verdict, reason, sha256, start_byte, end_byte, "
    "row_count, "
    "arrived,"
    " log_index, in_force, due, timeliness, calendar, addressed_to, corrects, window_until,"
    " outside_window, recipient, window_basis)";

enum { NOT_READABLE_YEAR = 1900 };

static void
put_unit(struct store_copy *copy, const struct decided_report *decided,
         const struct unit_identity *unit)
{
    static const enum unit_field fields[] = {UNIT_TYPE, UNIT_WK, UNIT_PK,
                                             UNIT_GK,   UNIT_GT, UNIT_PT};

    copy_text_put(copy, decided->unit_name);
    copy_text_put(copy, decided->unit_regon);
    for (size_t i = 0; i < ARRAY_COUNT(fields); i++) {
        copy_text_put(copy, package_trim(&unit->fields[fields[i]]));
    }
}

static void
put_read_number(struct store_copy *copy, const struct field *field)
{
    int64_t number = 0;

    if (report_row_number(field, &number)) {
        store_copy_integer(copy, (int32_t)number);
    } else {
        store_copy_null(copy);
    }
}

static void
put_form_and_period(struct store_copy *copy, const struct decided_report *decided,
                    const struct filed *filed)
{
    const struct report *report = decided->report;
    const struct form   *form = decided->form;

    copy_text_put(copy, report->element);
    copy_text_put(copy, form == NULL ? STR("") : form->code);
    copy_text_put(copy, form == NULL ? STR("") : form->version);
    copy_text_put(copy, decided->form_title);
    put_read_number(copy, &report->period.year);
    copy_text_put(copy, package_trim(&report->period.type));
    put_read_number(copy, &report->period.number);
    copy_text_put(copy, decided->period);
    store_copy_date(copy, report_row_period_end(filed));
    copy_text_put(copy, decided->level);
    copy_text_put(copy, decided->variant);
}

/* The binary form of tstzmultirange, of which COPY knows nothing: how many ranges; of each its
 * size, flags, then each finite bound. */
static void
put_in_force(struct store_copy *copy, const struct filed *filed)
{
    enum { LOWER_INCLUSIVE = 0x02, UPPER_INFINITE = 0x10, BOUND_SIZE = 8, BYTE_BITS = 8 };
    enum { HEAD_BYTE = 3, EACH = 4 + BOUND_SIZE, RANGE = 8, SIZE_BYTE = 7 };
    const int64_t epoch = INT64_C(946684800) * INSTANT_PER_SECOND; /* 2000-01-01 */
    const instant bounds[] = {filed->from, filed->until};
    char          bytes[RANGE + 1 + 2 * EACH] = {0};

    if (filed->from == 0) {
        store_copy_null(copy);
        return;
    }
    size_t count = filed->until == 0 ? 1 : 2;
    bytes[HEAD_BYTE] = 1;
    bytes[SIZE_BYTE] = (char)(1 + count * EACH);
    bytes[RANGE] = filed->until == 0 ? LOWER_INCLUSIVE | UPPER_INFINITE : LOWER_INCLUSIVE;
    for (size_t i = 0; i < count; i++) {
        char    *bound = &bytes[RANGE + 1 + i * EACH];
        uint64_t value = (uint64_t)(bounds[i] - epoch);
        bound[HEAD_BYTE] = BOUND_SIZE;
        for (size_t j = 0; j < BOUND_SIZE; j++) {
            bound[EACH - 1 - j] = (char)(unsigned char)(value >> (BYTE_BITS * j));
        }
    }
    store_copy_bytes(copy, (struct str){bytes, RANGE + 1 + count * EACH});
}

static void
put_term(struct store_copy *copy, const struct filed_term *term)
{
    if (term->due.year == 0) {
        store_copy_null(copy);
    } else {
        store_copy_date(copy, term->due);
    }
    copy_text_put(copy, timeliness_code(term->timeliness));
    copy_text_put(copy, term->calendar);
    store_copy_small(copy, (int16_t)term->recipients);
}

bool
report_row_corrects(const struct concluding *item, size_t at)
{
    return item->decided->reports[at].verdict == VERDICT_ACCEPTED && item->before[at].corrected;
}

static void
put_correction(struct store_copy *copy, const struct concluding *item, size_t at)
{
    const struct filed_term *term = &item->filed[at].term;

    store_copy_truth(copy, report_row_corrects(item, at));
    if (term->window_until.year == 0) {
        store_copy_null(copy);
    } else {
        store_copy_date(copy, term->window_until);
    }
    store_copy_truth(copy, term->outside);
    copy_text_put(copy, term->recipient);
    copy_text_put(copy, term->outside ? term->basis : (struct str){0});
}

static void
put_report(struct store_copy *copy, const struct concluding *item, size_t at)
{
    const struct decided_report *decided = &item->decided->reports[at];
    const struct report         *report = decided->report;
    const struct filed          *filed = &item->filed[at];

    store_copy_row(copy);
    store_copy_number(copy, filed->report);
    store_copy_uuid(copy, item->queued->id);
    store_copy_small(copy, (int16_t)item->n);
    store_copy_integer(copy, (int32_t)at);
    if (filed->unit == 0) {
        store_copy_null(copy);
    } else {
        store_copy_number(copy, filed->unit);
    }
    put_unit(copy, decided, &item->decided->package->units[report->unit].identity);
    put_form_and_period(copy, decided, filed);
    put_read_number(copy, &report->header.version);
    store_copy_small(copy, (int16_t)decided->verdict);
    copy_text_put(copy, decided->reason);
    store_copy_bytes(copy, fingerprint_str(filed->sha256));
    store_copy_integer(copy, (int32_t)report->start);
    store_copy_integer(copy, (int32_t)report->end);
    store_copy_integer(copy, (int32_t)report->columns.row_count);
    store_copy_instant(copy, item->queued->arrived);
    store_copy_number(copy, (int64_t)item->log_index);
    put_in_force(copy, filed);
    put_term(copy, &filed->term);
    put_correction(copy, item, at);
}

bool
report_row_number(const struct field *field, int64_t *number)
{
    return str_to_number(package_trim(field), number) && *number >= INT32_MIN
           && *number <= INT32_MAX;
}

struct date
report_row_period_end(const struct filed *filed)
{
    return filed->readable ? filed->period.end : (struct date){NOT_READABLE_YEAR, 1, 1};
}

const char *
report_row_target(void)
{
    return target;
}

void
report_row_put(struct store_copy *copy, const struct concluding *item)
{
    for (size_t i = 0; i < conclusion_report_count(item); i++) {
        put_report(copy, item, i);
    }
}
