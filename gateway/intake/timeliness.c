#include "gateway/intake/timeliness.h"

static struct str
unit_text(const struct concluding *item, const struct report *report, enum unit_field field)
{
    return package_trim(&item->decided->package->units[report->unit].identity.fields[field]);
}

/* What the calendar is asked about a report; false: too little is known of it. */
static bool
make_question(const struct concluding *item, size_t at, struct calendar_question *out)
{
    const struct decided_report *decided = &item->decided->reports[at];
    const struct report         *report = decided->report;
    const struct filed          *filed = &item->filed[at];

    if (!filed->has_key) {
        return false;
    }
    *out = (struct calendar_question){.form = decided->form->code,
                                      .level = decided->level,
                                      .jst_type =
                                          calendar_jst_type_of(unit_text(item, report, UNIT_GT),
                                                               unit_text(item, report, UNIT_PT)),
                                      .period_type = filed->period.type->name,
                                      .year = filed->period.year,
                                      .number = filed->period.number};
    return calendar_unit_kind_read(item->units[report->unit].kind, &out->unit);
}

/*
 * The term of a form that is filed once, or once for each dysponent or group. What a report says of
 * itself is asked first; one that says nothing may still be one of several.
 */
static bool
find_term(const struct calendar *calendar, const struct decided_report *decided,
          struct calendar_question *question, struct calendar_term *out)
{
    static const enum calendar_variant variants[] = {[FORM_VARIANT_DYSPONENT] =
                                                         CALENDAR_PER_DYSPONENT,
                                                     [FORM_VARIANT_TASK] = CALENDAR_PER_DYSPONENT,
                                                     [FORM_VARIANT_JOP] = CALENDAR_PER_JOP};

    const struct form    *form = decided->form;
    bool                  said = decided->variant.size > 0 && form->variant_count > 0;
    enum calendar_variant first = said ? variants[form->variants[0].kind] : CALENDAR_PLAIN;

    question->variant = first;
    if (calendar_due(calendar, question, out)) {
        return true;
    }
    question->variant = first == CALENDAR_PLAIN ? CALENDAR_PER_DYSPONENT : CALENDAR_PLAIN;
    return calendar_due(calendar, question, out);
}

static enum timeliness
judge(const struct concluding *item, size_t at, struct date due)
{
    enum verdict verdict = item->decided->reports[at].verdict;
    struct date  day = moment_warsaw_date(item->queued->arrived / INSTANT_PER_SECOND);

    if (verdict != VERDICT_ACCEPTED && verdict != VERDICT_UNDECIDED) {
        return TIMELINESS_NONE;
    }
    if (date_compare(day, due) <= 0) {
        return TIMELINESS_IN_TIME;
    }
    if (item->filed[at].twin != TIMELINESS_NONE) {
        return item->filed[at].twin;
    }
    return item->before[at].corrected ? TIMELINESS_CORRECTION : TIMELINESS_LATE;
}

/* A correction after its window is received all the same: it is for the recipient to say. */
static void
judge_window(const struct concluding *item, size_t at, const struct calendar_term *term,
             struct filed_term *out)
{
    struct date day = moment_warsaw_date(item->queued->arrived / INSTANT_PER_SECOND);

    if (item->decided->reports[at].verdict != VERDICT_ACCEPTED || !item->before[at].corrected) {
        return;
    }
    out->window_until = term->correction_until;
    out->outside =
        term->correction_until.year != 0 && date_compare(day, term->correction_until) > 0;
    if (out->outside) {
        out->recipient = str_of(calendar_recipient_title(term->entry->recipient));
    }
}

void
timeliness_settle(const struct calendar *calendar, enum environment environment,
                  struct concluding *item)
{
    for (size_t i = 0; i < conclusion_report_count(item); i++) {
        struct calendar_question question = {0};
        struct calendar_term     term = {0};
        struct filed_term       *out = &item->filed[i].term;
        *out = (struct filed_term){0};
        if (make_question(item, i, &question)
            && find_term(calendar, &item->decided->reports[i], &question, &term)
            && (!term.model || environment == ENVIRONMENT_TEST)) {
            *out =
                (struct filed_term){.due = term.due,
                                    .timeliness = judge(item, i, term.due),
                                    .calendar = calendar->version,
                                    .basis = term.basis,
                                    .recipients = 1U << term.entry->recipient | term.entry->copies};
            judge_window(item, i, &term, out);
        }
    }
}

struct str
timeliness_code(enum timeliness timeliness)
{
    static const struct str codes[] = {[TIMELINESS_NONE] = {0},
                                       [TIMELINESS_IN_TIME] = STR_INIT("in_time"),
                                       [TIMELINESS_LATE] = STR_INIT("late"),
                                       [TIMELINESS_CORRECTION] = STR_INIT("correction")};

    ENSURE((size_t)timeliness < ARRAY_COUNT(codes));
    return codes[timeliness];
}
