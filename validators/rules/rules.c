#include "validators/rules/rules.h"

#include "validators/rules/compiled.h"
#include "validators/rules/judge.h"
#include "validators/rules/survey.h"

enum { SCRATCH_MAX = 128 * 1024 * 1024, DATE_TEXT_MAX = 64 };

static const struct form *
form_of(const struct rules_request *request, const struct report *report)
{
    return report->form == FORM_UNKNOWN ? NULL : &request->catalogue->forms[report->form];
}

struct circumstances
rules_circumstances(const struct rules_request *request, int32_t report)
{
    struct circumstances here = {.environment = (int)request->environment,
                                 .trust_given = request->trust_given,
                                 .switched_off = request->switched_off};
    struct period        period = {0};

    if (report == FINDING_OF_PACKAGE) {
        return here;
    }
    ENSURE(report >= 0 && (size_t)report < request->package->report_count);
    const struct report *it = &request->package->reports[report];
    if (catalogue_period(request->catalogue, package_trim(&it->period.year),
                         package_trim(&it->period.type), package_trim(&it->period.number),
                         &period)) {
        here.period_kind = (int)period.kind;
        here.period_end = period.end;
    }
    here.level =
        catalogue_level(request->catalogue, form_of(request, it),
                        package_trim(&it->identity.fields[UNIT_TYPE]), request->environment);
    return here;
}

bool
rules_ask_figures(const struct rules *rules, int32_t form)
{
    const struct compiled_form *compiled = &rules->forms[form];

    for (size_t i = 0; i < compiled->rule_count; i++) {
        const struct compiled_rule *rule = &compiled->rules[i];
        if (rule->formula == NULL && rule->check == STRUCTURE_COUNT) {
            return true;
        }
    }
    return false;
}

enum err
rules_package(struct arena *arena, const struct rules_request *request, struct findings *findings,
              struct fault *fault)
{
    struct survey survey = {.scratch = arena_create(SCRATCH_MAX),
                            .request = request,
                            .entries = request->rules->survey,
                            .findings = findings};
    enum err      got = survey_run(&survey, fault);

    (void)arena; /* nothing outlives the survey but the findings, which have their own */
    arena_destroy(survey.scratch);
    return got;
}

enum err
rules_report(struct arena *arena, const struct rules_request *request, uint32_t report,
             struct findings *findings, struct rules_tally *tally, struct fault *fault)
{
    struct inspection inspection = {.request = request, .findings = findings, .tally = tally};

    (void)arena; /* as above */
    *tally = (struct rules_tally){0};
    if (!inspection_open(&inspection, report)) {
        return ERR_OK;
    }
    inspection.scratch = arena_create(SCRATCH_MAX);
    enum err got = judge_report(&inspection, fault);
    arena_destroy(inspection.scratch);
    return got;
}

struct str
rules_date(struct arena *scratch, struct date date)
{
    struct buf text = buf_create(scratch, DATE_TEXT_MAX);

    date_write_polish(&text, date);
    return buf_str(&text);
}
