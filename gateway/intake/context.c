#include "gateway/intake/context.h"

#include "gateway/fingerprint/fingerprint.h"
#include "gateway/store/store.h"
#include "validators/base/parcel.h"

#include <string.h>

/* From which form on something is kept. */
enum { CONTEXT_WITH_SWITCHES = 2, CONTEXT_WITH_SETS = 3, CONTEXT_WITH_PERIOD_TOPS = 4 };
enum { CONTEXT_FORM = 4, COUNT_MAX = 1 << 20, CONTEXT_COLUMNS = 3 };

static const char target[] = "intake.context (submission, n, bytes)";

/* Numbers below zero, which a parcel does not know. */
static void
put_signed(struct buf *out, int64_t number)
{
    parcel_put_number(out, (uint64_t)number);
}

static int64_t
read_signed(struct parcel *parcel)
{
    return (int64_t)parcel_number(parcel, UINT64_MAX);
}

static void
put_unit(struct buf *out, const struct registry_answer *unit)
{
    parcel_put_number(out, (uint64_t)unit->standing);
    put_signed(out, unit->unit);
    put_signed(out, unit->top);
    put_signed(out, unit->period_top);
    parcel_put_text(out, unit->name);
    parcel_put_text(out, unit->kind);
    parcel_put_text(out, unit->registered);
}

/* Before it was kept, the set of a report was that of the JST above its unit on the day. */
static struct registry_answer
read_unit(struct parcel *parcel, uint64_t form)
{
    struct registry_answer unit = {
        .standing = (enum registry_standing)parcel_number(parcel, STANDING_GOOD)};

    unit.unit = read_signed(parcel);
    unit.top = read_signed(parcel);
    unit.period_top = form >= CONTEXT_WITH_PERIOD_TOPS ? read_signed(parcel) : unit.top;
    unit.name = parcel_text(parcel);
    unit.kind = parcel_text(parcel);
    unit.registered = parcel_text(parcel);
    return unit;
}

/* Most reports are the first of their key, and nothing is to be said of them. */
static bool
has_before(const struct concluding *item, size_t at)
{
    return item->before[at].exists || item->before[at].corrected || item->before[at].has_later
           || item->filed[at].twin != TIMELINESS_NONE;
}

static void
put_before(struct buf *out, const struct before *before)
{
    parcel_put_truth(out, before->exists);
    parcel_put_truth(out, before->corrected);
    parcel_put_truth(out, before->has_later);
    put_signed(out, before->report);
    parcel_put_array(out, before->submission.bytes, UUID_SIZE, 1);
    put_signed(out, before->version);
    put_signed(out, before->arrived);
    put_signed(out, before->log_index);
    parcel_put_array(out, before->sha256, FINGERPRINT_SIZE, 1);
}

static struct before
read_before(struct parcel *parcel)
{
    struct before before = {.exists = parcel_truth(parcel)};

    before.corrected = parcel_truth(parcel);
    before.has_later = parcel_truth(parcel);
    before.report = read_signed(parcel);
    parcel_bytes(parcel, before.submission.bytes, UUID_SIZE);
    before.version = (int32_t)read_signed(parcel);
    before.arrived = read_signed(parcel);
    before.log_index = read_signed(parcel);
    parcel_bytes(parcel, before.sha256, FINGERPRINT_SIZE);
    return before;
}

static void
put_outages(struct buf *out, const struct filed_outages *outages)
{
    parcel_put_number(out, outages->count);
    for (size_t i = 0; i < outages->count; i++) {
        put_signed(out, outages->items[i].began);
        put_signed(out, outages->items[i].ended);
        parcel_put_text(out, outages->items[i].what);
    }
}

static void
read_outages(struct parcel *parcel, struct filed_outages *out)
{
    size_t               count = (size_t)parcel_number(parcel, COUNT_MAX);
    struct filed_outage *items = parcel_room(parcel, count, sizeof *items);

    for (size_t i = 0; !parcel->bad && i < count; i++) {
        items[i].began = read_signed(parcel);
        items[i].ended = read_signed(parcel);
        items[i].what = parcel_text(parcel);
    }
    *out = (struct filed_outages){items, count};
}

static void
put_set(struct buf *out, const struct filed_set *set)
{
    bool told = set->state.size > 0 || set->charge_count > 0;

    parcel_put_truth(out, told);
    if (!told) {
        return;
    }
    parcel_put_text(out, set->state);
    parcel_put_text(out, set->awaited);
    parcel_put_number(out, set->charge_count);
    for (size_t i = 0; i < set->charge_count; i++) {
        parcel_put_text(out, set->charges[i].code);
        parcel_put_text(out, set->charges[i].severity);
        parcel_put_text(out, set->charges[i].cell);
        parcel_put_text(out, set->charges[i].title);
    }
}

static struct filed_set
read_set(struct parcel *parcel)
{
    struct filed_set set = {0};

    if (!parcel_truth(parcel)) {
        return set;
    }
    set.state = parcel_text(parcel);
    set.awaited = parcel_text(parcel);
    set.charge_count = (size_t)parcel_number(parcel, COUNT_MAX);
    struct filed_charge *charges = parcel_room(parcel, set.charge_count, sizeof *charges);
    for (size_t i = 0; !parcel->bad && i < set.charge_count; i++) {
        charges[i].code = parcel_text(parcel);
        charges[i].severity = parcel_text(parcel);
        charges[i].cell = parcel_text(parcel);
        charges[i].title = parcel_text(parcel);
    }
    set.charges = charges;
    return set;
}

static void
read_sets(struct parcel *parcel, struct context *out)
{
    for (size_t i = 0; !parcel->bad && i < out->report_count; i++) {
        out->sets[i] = read_set(parcel);
    }
}

void
context_encode(struct buf *out, const struct concluding *item)
{
    size_t reports = conclusion_report_count(item);

    parcel_put_number(out, CONTEXT_FORM);
    parcel_put_number(out, (uint64_t)item->environment);
    parcel_put_text(out, item->receiver);
    put_signed(out, item->queued->subject);
    parcel_put_text(out, item->queued->subject_name);
    parcel_put_text(out, item->queued->subject_regon);
    parcel_put_text(out, item->switched_off.data == NULL ? STR("") : item->switched_off);
    size_t units = item->units == NULL ? 0 : item->unit_count;
    parcel_put_number(out, units);
    for (size_t i = 0; i < units; i++) {
        put_unit(out, &item->units[i]);
    }
    parcel_put_number(out, reports);
    for (size_t i = 0; i < reports; i++) {
        parcel_put_truth(out, has_before(item, i));
        if (has_before(item, i)) {
            parcel_put_number(out, (uint64_t)item->filed[i].twin);
            put_before(out, &item->before[i]);
        }
    }
    put_outages(out, &item->outages);
    for (size_t i = 0; i < reports; i++) {
        put_set(out, &item->filed[i].set);
    }
}

static void
read_units(struct parcel *parcel, uint64_t form, struct context *out)
{
    out->unit_count = (size_t)parcel_number(parcel, COUNT_MAX);
    out->units = parcel_room(parcel, out->unit_count, sizeof *out->units);
    for (size_t i = 0; !parcel->bad && i < out->unit_count; i++) {
        out->units[i] = read_unit(parcel, form);
    }
}

static void
read_reports(struct parcel *parcel, struct context *out)
{
    out->report_count = (size_t)parcel_number(parcel, COUNT_MAX);
    out->before = parcel_room(parcel, out->report_count, sizeof *out->before);
    out->twins = parcel_room(parcel, out->report_count, sizeof *out->twins);
    out->sets = parcel_room(parcel, out->report_count, sizeof *out->sets);
    for (size_t i = 0; !parcel->bad && i < out->report_count; i++) {
        if (parcel_truth(parcel)) {
            out->twins[i] = (enum timeliness)parcel_number(parcel, TIMELINESS_CORRECTION);
            out->before[i] = read_before(parcel);
        }
    }
}

enum err
context_decode(struct arena *arena, struct str bytes, struct context *out, struct fault *fault)
{
    struct parcel  parcel = {.arena = arena, .bytes = bytes};
    struct context context = {0};

    uint64_t form = parcel_number(&parcel, CONTEXT_FORM);
    if (form == 0) {
        return FAIL(fault, ERR_WIRE, "what a decision read is kept in another form");
    }
    context.environment = (enum environment)parcel_number(&parcel, ENVIRONMENT_PROD);
    context.receiver = parcel_text(&parcel);
    context.sender = read_signed(&parcel);
    context.sender_name = parcel_text(&parcel);
    context.sender_regon = parcel_text(&parcel);
    if (form >= CONTEXT_WITH_SWITCHES) {
        context.switched_off = parcel_text(&parcel);
    }
    read_units(&parcel, form, &context);
    read_reports(&parcel, &context);
    read_outages(&parcel, &context.outages);
    if (form >= CONTEXT_WITH_SETS) {
        read_sets(&parcel, &context);
    }
    if (parcel.starved) {
        return FAIL(fault, ERR_MEMORY, "what a decision read");
    }
    if (parcel.bad || parcel.at != bytes.size) {
        return FAIL(fault, ERR_WIRE, "what a decision read: byte %zu", parcel.at);
    }
    *out = context;
    return ERR_OK;
}

enum err
context_write(struct store *store, struct arena *arena, const struct concluding *items,
              size_t count, struct fault *fault)
{
    struct store_copy *copy = NULL;
    struct buf         bytes = buf_create(arena, CONTEXT_SIZE_MAX);

    TRY(store_copy_begin(store, arena, target, CONTEXT_COLUMNS, &copy, fault));
    for (size_t i = 0; i < count; i++) {
        bytes.size = 0;
        context_encode(&bytes, &items[i]);
        if (!buf_ok(&bytes)) {
            return FAIL(fault, ERR_MEMORY, "what a decision read");
        }
        store_copy_row(copy);
        store_copy_uuid(copy, items[i].queued->id);
        store_copy_small(copy, (int16_t)items[i].n);
        store_copy_bytes(copy, buf_str(&bytes));
    }
    return store_copy_end(copy, fault);
}
