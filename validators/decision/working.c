#include "validators/decision/working.h"

enum { KEPT_FOR_LIMIT = 1 }; /* of the file's room, for the finding that says so */

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

/* "2026-Q2", "2026-03"; as it stands in the file when nobody knows it. */
static struct str
period_text(struct arena *arena, const struct catalogue *catalogue,
            const struct period_fields *fields)
{
    struct period period = {0};
    struct str    year = package_trim(&fields->year);
    struct str    type = package_trim(&fields->type);
    struct str    number = package_trim(&fields->number);

    if (!catalogue_period(catalogue, year, type, number, &period)) {
        return str_format(arena, "%.*s %.*s %.*s", STR_ARG(year), STR_ARG(type), STR_ARG(number));
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
    out->form_title = docket->form == NULL ? report->element : docket->form->title;
    out->unit_name = package_trim(&report->identity.fields[UNIT_NAME]);
    out->unit_regon = package_trim(&report->identity.fields[UNIT_REGON]);
    out->version = package_trim(&report->header.version);
    out->level = docket->circumstances.level;
    out->period = period_text(arena, working->rules.catalogue, &report->period);
    if (out->period.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "period of a report");
    }
    return ERR_OK;
}

/* The file's room is used up: what was found of this report is not listed, it stays undecided. */
static enum err
drop(struct docket *docket, int32_t report, struct fault *fault)
{
    docket->cut += docket->count;
    docket->count = 0;
    docket->has_error = false;
    docket->has_held = false;
    return working_tell(docket, DECISION_CODE_LIMIT, report, (struct str){0}, fault);
}

static enum err
close_report(struct arena *arena, struct working *working, uint32_t report,
             const struct place_index *places, struct decided_report *out, size_t *room,
             struct fault *fault)
{
    struct docket *docket = &working->reports[report];

    if (docket->count > 0 && *room <= KEPT_FOR_LIMIT) {
        TRY(drop(docket, (int32_t)report, fault));
    }
    size_t listed = *room < FINDING_REPORT_MAX ? *room : FINDING_REPORT_MAX;
    listed = listed == 0 && docket->count > 0 ? KEPT_FOR_LIMIT : listed;

    TRY(describe(arena, working, docket, out, fault));
    TRY(docket_close(docket, places, listed, &out->findings, &out->reason, fault));
    out->verdict = docket_verdict(docket);
    out->not_evaluated = working->not_evaluated[report];
    *room -= out->findings.count < *room ? out->findings.count : *room;
    return list_signatures(arena, working->rules.package, (int32_t)report, out, fault);
}

enum verdict
verdict_worse(enum verdict a, enum verdict b)
{
    static const int badness[] = {[VERDICT_ACCEPTED] = 0,
                                  [VERDICT_HELD] = 1,
                                  [VERDICT_UNDECIDED] = 2,
                                  [VERDICT_REJECTED] = 3};

    return badness[a] >= badness[b] ? a : b;
}

static enum err
close_reports(struct arena *arena, struct working *working, const struct place_index *places,
              struct decided_file *out, struct fault *fault)
{
    struct decided_report *reports = ARENA_NEW(arena, struct decided_report, working->report_count);
    size_t                 room = FINDING_PACKAGE_MAX - out->findings.count;

    if (reports == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu reports", working->report_count);
    }
    for (uint32_t i = 0; i < working->report_count; i++) {
        TRY(close_report(arena, working, i, places, &reports[i], &room, fault));
        out->verdict = verdict_worse(out->verdict, reports[i].verdict);
    }
    out->reports = reports;
    out->report_count = working->report_count;
    return ERR_OK;
}

enum err
working_close(struct arena *arena, struct working *working, struct decided_file *out,
              struct fault *fault)
{
    struct place_index places = {0};
    struct str         reason = {0};

    *out = (struct decided_file){.name = working->file->name, .package = working->rules.package};
    TRY(place_index_create(arena, working->file->bytes, &places, fault));
    TRY(docket_close(&working->package, &places, FINDING_REPORT_MAX, &out->findings, &reason,
                     fault));
    out->verdict = docket_verdict(&working->package);
    return close_reports(arena, working, &places, out, fault);
}
