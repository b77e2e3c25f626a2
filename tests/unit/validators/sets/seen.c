#include "tests/unit/validators/sets/seen.h"

void
seen_write(struct buf *out, const struct sets_judgement *judgement,
           const struct sets_report *reports)
{
    buf_format(out, "%s\n", sets_state_name(judgement->state));
    for (size_t i = 0; i < judgement->answer_count; i++) {
        const struct sets_answer *answer = &judgement->answers[i];
        buf_format(out, "%.*s %s %zu %zu", STR_ARG(answer->rule->entry->code),
                   sets_outcome_name(answer->outcome), answer->compared, answer->failing);
        for (size_t j = 0; j < answer->missing_count; j++) {
            buf_format(out, " %.*s/%.*s", STR_ARG(answer->missing[j].operand->name),
                       STR_ARG(answer->missing[j].unit));
        }
        buf_byte(out, '\n');
    }
    for (size_t i = 0; i < judgement->finding_count; i++) {
        const struct sets_finding *finding = &judgement->findings[i];
        const struct sets_report  *charged = &reports[finding->report];
        buf_format(out, "%s %.*s/%.*s/%.*s %u %.*s %.*s %.*s", finding->finding.code,
                   STR_ARG(charged->form->code), STR_ARG(charged->unit), STR_ARG(charged->variant),
                   finding->row, STR_ARG(finding->column), STR_ARG(finding->title),
                   STR_ARG(finding->finding.cell));
        for (size_t j = 0; j < finding->contributor_count; j++) {
            const struct sets_contributor *contributor = &finding->contributors[j];
            const struct sets_report      *report = &reports[contributor->report];
            buf_format(out, " %.*s/%.*s:%lld", STR_ARG(report->unit), STR_ARG(report->variant),
                       (long long)contributor->amount);
        }
        buf_byte(out, '\n');
    }
}
