#include "validators/decision/objection.h"

#include "validators/decision/working.h"

/* Whose rule it is; its findings may all have been cut. */
static struct str
owner_of(const struct docket *docket, struct str code)
{
    const struct catalogue *catalogue = docket->catalogue;

    for (size_t i = 0; i < catalogue->entry_count; i++) {
        const struct rule_entry *entry = &catalogue->entries[i];
        if (entry->form == docket->report->form && str_equal(entry->code, code)) {
            return entry->owner;
        }
    }
    return STR("");
}

/* "RB28S-004, RB28S-006": those of the objection that this report is accepted in spite of. */
static enum err
join_codes(struct docket *docket, struct fault *fault)
{
    struct str rest = docket->objection.codes;
    struct str code = {0};
    struct str joined = STR("");
    struct str owners = STR("");

    for (uint32_t bit = 1; rest.size > 0 && str_cut(&rest, ',', &code); bit <<= 1) {
        if ((docket->fired_objected & bit) != 0) {
            joined = str_format(docket->arena, "%.*s%s%.*s", STR_ARG(joined),
                                joined.size > 0 ? ", " : "", STR_ARG(code));
            owners =
                str_format(docket->arena, "%.*s%s%.*s", STR_ARG(owners),
                           joined.size > code.size ? "," : "", STR_ARG(owner_of(docket, code)));
        }
        if (joined.data == NULL || owners.data == NULL) {
            return FAIL(fault, ERR_MEMORY, "rules of an objection");
        }
    }
    docket->objected = joined;
    docket->objected_owners = owners;
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

/*
 * What came of one code of an objection, over all reports; NULL: it did what it was for. Goes by
 * what has fired, listed or not.
 */
static const char *
judge(const struct working *working, uint32_t bit)
{
    const char *outcome = OBJECTION_CODE_IDLE;

    for (size_t i = 0; i < working->report_count; i++) {
        const struct docket *docket = &working->reports[i];
        if ((docket->fired_objected & bit) != 0) {
            if (docket_verdict(docket) != VERDICT_REJECTED) {
                return NULL;
            }
            outcome = OBJECTION_CODE_BEATEN;
        } else if ((docket->fired_barred & bit) != 0) {
            outcome = OBJECTION_CODE_BARRED;
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
    for (uint32_t bit = 1; rest.size > 0 && str_cut(&rest, ',', &code); bit <<= 1) {
        const char    *outcome = judge(working, bit);
        struct finding finding = {.report = FINDING_OF_PACKAGE, .subject = code};
        if (outcome != NULL) {
            (void)snprintf(finding.code, sizeof finding.code, "%s", outcome);
            TRY(docket_add(&working->package, &finding, fault));
        }
    }
    return ERR_OK;
}
