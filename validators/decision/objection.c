#include "validators/decision/objection.h"

#include "validators/decision/working.h"

/* "RB28S-004, RB28S-006": those of the objection that this report is accepted in spite of. */
static enum err
join_codes(struct docket *docket, struct fault *fault)
{
    struct str rest = docket->objection.codes;
    struct str code = {0};
    struct str joined = STR("");

    while (rest.size > 0 && str_cut(&rest, ',', &code)) {
        bool met = false;
        for (size_t i = 0; i < docket->count; i++) {
            met =
                met || (docket->items[i].objected && str_equal(docket->items[i].entry->code, code));
        }
        if (met) {
            joined = str_format(docket->arena, "%.*s%s%.*s", STR_ARG(joined),
                                joined.size > 0 ? ", " : "", STR_ARG(code));
        }
        if (joined.data == NULL) {
            return FAIL(fault, ERR_MEMORY, "rules of an objection");
        }
    }
    docket->objected = joined;
    return ERR_OK;
}

static enum err
enter_report(struct docket *docket, int32_t report, struct fault *fault)
{
    if (!docket->has_objected || docket_verdict(docket) == VERDICT_REJECTED) {
        return ERR_OK;
    }
    TRY(join_codes(docket, fault));
    struct finding finding = {.code = OBJECTION_CODE_FILED,
                              .report = report,
                              .offset = docket->report->start,
                              .subject = docket->objected,
                              .expected = docket->form == NULL ? STR("") : docket->form->version,
                              .found = docket->objection.reason};

    finding.xpath = package_report_xpath(docket->arena, docket->report, (struct str){0});
    return docket_add(docket, &finding, fault);
}

/* What came of one code of an objection, over all reports; NULL: it did what it was for. */
static const char *
judge(const struct working *working, struct str code)
{
    const char *outcome = OBJECTION_CODE_IDLE;

    for (size_t i = 0; i < working->report_count; i++) {
        const struct docket *docket = &working->reports[i];
        for (size_t j = 0; j < docket->count; j++) {
            const struct told *told = &docket->items[j];
            if (told->severity != SEVERITY_ERROR || !str_equal(told->entry->code, code)) {
                continue;
            }
            if (told->objected && docket_verdict(docket) != VERDICT_REJECTED) {
                return NULL;
            }
            outcome = told->objected ? OBJECTION_CODE_BEATEN : OBJECTION_CODE_BARRED;
        }
    }
    return outcome;
}

enum err
objection_enter(struct working *working, struct fault *fault)
{
    struct str rest = working->file->objection.codes;
    struct str code = {0};

    for (size_t i = 0; i < working->report_count; i++) {
        TRY(enter_report(&working->reports[i], (int32_t)i, fault));
    }
    while (rest.size > 0 && str_cut(&rest, ',', &code)) {
        const char    *outcome = judge(working, code);
        struct finding finding = {.report = FINDING_OF_PACKAGE, .subject = code};
        if (outcome != NULL) {
            (void)snprintf(finding.code, sizeof finding.code, "%s", outcome);
            TRY(docket_add(&working->package, &finding, fault));
        }
    }
    return ERR_OK;
}
