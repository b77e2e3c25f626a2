#include "validators/decision/working.h"

#include "validators/decision/grouping.h"

enum err
working_tell(struct docket *docket, const char *code, int32_t report, struct str technical,
             struct fault *fault)
{
    struct finding finding = {.report = report, .technical = technical};

    (void)snprintf(finding.code, sizeof finding.code, "%s", code);
    if (docket->report != NULL) {
        finding.offset = docket->report->start;
        finding.subject = docket->report->element;
        finding.xpath = package_report_xpath(docket->arena, docket->report, (struct str){0});
    }
    return docket_add(docket, &finding, fault);
}

/* The report's signatures, in the order of the file; they all stand in its unit. */
static enum err
list_signatures(struct arena *arena, const struct package *package, int32_t report,
                struct decided_report *out, struct fault *fault)
{
    const struct package_unit *unit = &package->units[package->reports[report].unit];
    uint32_t                  *indices = ARENA_NEW(arena, uint32_t, unit->signature_count);

    if (indices == NULL) {
        return FAIL(fault, ERR_MEMORY, "signatures of a report");
    }
    for (uint32_t i = 0; i < unit->signature_count; i++) {
        if (package->signatures[unit->signature_from + i].report == report) {
            indices[out->signature_count] = unit->signature_from + i;
            out->signature_count++;
        }
    }
    out->signatures = indices;
    return ERR_OK;
}

/* "2026-Q2", "2026-03"; "2026, kwartał 5" of one that there is not; else as it stands in the file.
 */
static struct str
period_text(struct arena *arena, const struct catalogue *catalogue,
            const struct period_fields *fields)
{
    struct period period = {0};
    struct str    year = package_trim(&fields->year);
    struct str    type = package_trim(&fields->type);
    struct str    number = package_trim(&fields->number);

    if (!catalogue_period(catalogue, year, type, number, &period)) {
        return catalogue_period_words(arena, catalogue, year, type, number);
    }
    if (period.kind == PERIOD_MONTH) {
        return str_format(arena, "%d-%02d", period.year, period.number);
    }
    return str_format(arena, "%d-Q%d", period.year, period.number);
}

static enum err
describe(struct arena *arena, const struct working *working, const struct docket *docket,
         struct decided_report *out, struct fault *fault)
{
    const struct report *report = docket->report;

    out->report = report;
    out->form = docket->form;
    out->form_title = catalogue_title(working->rules.catalogue, report->element);
    out->unit_name = package_trim(&report->identity.fields[UNIT_NAME]);
    out->unit_regon = package_trim(&report->identity.fields[UNIT_REGON]);
    out->version = package_trim(&report->header.version);
    out->level = docket->circumstances.level;
    out->variant = package_variant(arena, report);
    out->period = period_text(arena, working->rules.catalogue, &report->period);
    if (out->period.data == NULL || out->variant.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "period or variant of a report");
    }
    return ERR_OK;
}

/* Findings of a docket that are more than information and take room. */
static size_t
count_serious(const struct docket *docket)
{
    size_t count = 0;

    for (size_t i = 0; i < docket->count; i++) {
        count += docket->items[i].severity > SEVERITY_INFO && !docket->items[i].aside ? 1 : 0;
    }
    return count < FINDING_REPORT_MAX ? count : FINDING_REPORT_MAX;
}

static size_t
count_info(const struct docket *docket)
{
    size_t count = 0;

    for (size_t i = 0; i < docket->count; i++) {
        count += docket->items[i].severity == SEVERITY_INFO && !docket->items[i].aside ? 1 : 0;
    }
    return count;
}

/* What the file's list has room for; information never takes the place of anything else. */
struct room {
    size_t serious;
    size_t info;
};

/* One file while its dockets are closed, one after another. */
struct closing {
    struct arena      *arena;
    struct working    *working;
    struct place_index places;
    struct room        room;
    struct str         package_fault; /* the title of what rejects all reports; or empty */
};

static struct room
measure_room(const struct working *working, size_t taken)
{
    size_t left = FINDING_PACKAGE_MAX - taken;
    size_t serious = 0;

    for (size_t i = 0; i < working->report_count; i++) {
        serious += count_serious(&working->reports[i]);
    }
    return (struct room){.serious = left, .info = serious < left ? left - serious : 0};
}

/* The file's room is used up: what was found of this report is not listed, it stays undecided. */
static enum err
drop(struct docket *docket, int32_t report, struct fault *fault)
{
    docket->cut += docket->count;
    docket->count = 0;
    docket->has_error = false;
    docket->has_form_error = false;
    docket->has_held = false;
    docket->has_objected = false;
    docket->objected = (struct str){0};
    docket->inherited = false;
    return working_tell(docket, DECISION_CODE_LIMIT, report, (struct str){0}, fault);
}

static size_t
smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static enum err
close_report(struct closing *closing, uint32_t report, struct decided_report *out,
             struct fault *fault)
{
    struct working *working = closing->working;
    struct docket  *docket = &working->reports[report];
    size_t          serious = count_serious(docket);
    size_t          info = smaller(count_info(docket), closing->room.info);

    if (serious > closing->room.serious) {
        TRY(drop(docket, (int32_t)report, fault));
        serious = 1; /* the finding that says so */
        info = 0;
    }
    info = smaller(info, FINDING_REPORT_MAX - serious);
    TRY(describe(closing->arena, working, docket, out, fault));
    TRY(docket_close(docket, &closing->places, serious + info, &out->findings, &out->reason,
                     fault));
    if (docket->inherited && out->reason.size == 0) {
        out->reason = closing->package_fault;
    }
    out->verdict = docket_verdict(docket);
    out->objected = out->verdict == VERDICT_ACCEPTED ? docket->objected : (struct str){0};
    out->objected_owners = docket->objected_owners;
    out->not_evaluated = working->not_evaluated[report];
    closing->room.serious -= smaller(serious, closing->room.serious);
    closing->room.info -= info;
    return list_signatures(closing->arena, working->rules.package, (int32_t)report, out, fault);
}

static enum err
close_reports(struct closing *closing, struct decided_file *out, struct fault *fault)
{
    size_t                 count = closing->working->report_count;
    struct decided_report *reports = ARENA_NEW(closing->arena, struct decided_report, count);

    if (reports == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu reports", count);
    }
    for (uint32_t i = 0; i < count; i++) {
        TRY(close_report(closing, i, &reports[i], fault));
        out->verdict = decision_worse(out->verdict, reports[i].verdict);
    }
    out->reports = reports;
    out->report_count = count;
    return ERR_OK;
}

enum err
working_close(struct arena *arena, struct working *working, struct decided_file *out,
              struct fault *fault)
{
    struct closing closing = {.arena = arena, .working = working};
    struct str     reason = {0};

    *out = (struct decided_file){.name = working->file->name, .package = working->rules.package};
    TRY(place_index_create(arena, working->file->bytes, &closing.places, fault));
    TRY(docket_close(&working->package, &closing.places, FINDING_REPORT_MAX, &out->findings,
                     &reason, fault));
    out->reason = reason;
    out->verdict = docket_verdict(&working->package);
    closing.package_fault =
        out->findings.count > 0 ? out->findings.items[0].title : (struct str){0};
    closing.room = measure_room(working, out->findings.count);
    TRY(close_reports(&closing, out, fault));
    return grouping_make(arena, out, &out->groups, &out->group_count, fault);
}
