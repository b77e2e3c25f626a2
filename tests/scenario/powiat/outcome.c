#include "tests/scenario/powiat/outcome.h"

#include "validators/base/ensure.h"

/* Ten days after the period, moved from Sunday 10 May 2026; the 22nd of the month after it. */
static const struct date unit_terms[QUARTER_PERIODS] = {
    {2026, 5, 11},
    {2026, 6, 10},
    {2026, 7, 10},
};
static const struct date jst_terms[QUARTER_PERIODS] = {
    {2026, 5, 22},
    {2026, 6, 22},
    {2026, 7, 22},
};

const char *
outcome_form_code(enum outcome_form form)
{
    return form == OUTCOME_INCOME ? "RB27S" : "RB28S";
}

const char *
outcome_level(const struct quarter_unit *unit)
{
    return unit->is_jst ? "zbiorcze" : "jednostkowe";
}

struct date
outcome_due(const struct quarter_unit *unit, int period)
{
    return unit->is_jst ? jst_terms[period] : unit_terms[period];
}

bool
outcome_same_key(const struct outcome *a, const struct outcome *b)
{
    return a->filing->unit == b->filing->unit && a->form == b->form
           && a->document->period == b->document->period;
}

static bool
is_within(struct date day, struct date from, struct date to)
{
    return date_compare(day, from) >= 0 && (to.year == 0 || date_compare(day, to) <= 0);
}

/* For itself, for what is below it, for whom it serves on that day, and for those whose place it
 * has taken by then. */
static bool
may_send(const struct quarter *quarter, const struct quarter_document *document, size_t number)
{
    const struct quarter_unit *unit = &quarter->units[number];

    return document->sender == number || document->sender == unit->jst
           || (unit->provider != 0 && document->sender == unit->provider
               && is_within(document->day, unit->served_from, unit->served_to))
           || (document->sender == QUARTER_MERGED && unit->merged_on.year != 0
               && date_compare(unit->merged_on, document->day) <= 0);
}

static void
judge(const struct quarter *quarter, struct outcome *outcome)
{
    const struct quarter_document *document = outcome->document;
    const struct quarter_filing   *filing = outcome->filing;
    const struct quarter_unit     *unit = &quarter->units[filing->unit];
    struct date                    end = quarter_period_end(document->period);

    outcome->is_placed =
        filing->unit != QUARTER_NOBODY && may_send(quarter, document, filing->unit);
    if (filing->unit == QUARTER_NOBODY && filing->fault != QUARTER_FORGED) {
        outcome->verdict = OUTCOME_UNDECIDED;
    } else if (!outcome->is_placed || filing->fault == QUARTER_FORGED
               || (unit->merged_on.year != 0 && date_compare(unit->merged_on, end) <= 0)) {
        outcome->verdict = OUTCOME_REJECTED;
    } else {
        outcome->verdict = filing->fault == QUARTER_ONE_SIGNED ? OUTCOME_HELD : OUTCOME_ACCEPTED;
    }
    outcome->queries = (outcome->form == OUTCOME_SPENDING && filing->queried ? 1 : 0)
                       + (is_within(document->day, unit->valid_from, unit->valid_to) ? 0 : 1);
}

static const char *
tell_timeliness(const struct outcome *outcome, struct date due)
{
    if (!outcome->is_placed || outcome->verdict != OUTCOME_ACCEPTED) {
        return "-";
    }
    if (date_compare(outcome->document->day, due) <= 0) {
        return "in_time";
    }
    return outcome->corrects ? "correction" : "late";
}

/* Of the monthly reports of a JST corrections end with the term; of the quarter, in autumn; what is
 * owed to the own JST may be corrected without end. */
static bool
is_outside(const struct outcome *outcome, const struct quarter_unit *unit, struct date due)
{
    return outcome->corrects && unit->is_jst && quarter_month(outcome->document->period) != 0
           && date_compare(outcome->document->day, due) > 0;
}

static bool
beats(const struct outcome *a, const struct outcome *b)
{
    return a->filing->version != b->filing->version ? a->filing->version > b->filing->version
                                                    : a->document->arrived > b->document->arrived;
}

static void
compare_versions(const struct outcomes *outcomes, struct outcome *outcome)
{
    const struct quarter_unit *unit = &outcomes->quarter->units[outcome->filing->unit];
    struct date                due = outcome_due(unit, outcome->document->period);

    outcome->in_force = outcome->verdict == OUTCOME_ACCEPTED;
    for (size_t i = 0; i < outcomes->count && outcome->verdict == OUTCOME_ACCEPTED; i++) {
        const struct outcome *other = &outcomes->items[i];
        if (other != outcome && other->verdict == OUTCOME_ACCEPTED
            && outcome_same_key(other, outcome)) {
            outcome->corrects =
                outcome->corrects || other->document->arrived < outcome->document->arrived;
            outcome->in_force = outcome->in_force && !beats(other, outcome);
        }
    }
    outcome->timeliness = tell_timeliness(outcome, due);
    outcome->is_outside = is_outside(outcome, unit, due);
}

static void
add(struct outcomes *outcomes, const struct quarter_document *document,
    const struct quarter_filing *filing, enum outcome_form form)
{
    struct outcome *outcome = &outcomes->items[outcomes->count];

    *outcome = (struct outcome){.document = document, .filing = filing, .form = form};
    judge(outcomes->quarter, outcome);
    outcomes->count++;
}

static void
add_document(struct outcomes *outcomes, const struct quarter_document *document)
{
    for (size_t i = 0; i < document->count; i++) {
        const struct quarter_filing *filing = &document->filings[i];
        if (filing->income) {
            add(outcomes, document, filing, OUTCOME_INCOME);
        }
        if (filing->spending) {
            add(outcomes, document, filing, OUTCOME_SPENDING);
        }
    }
}

struct outcomes
outcomes_of(struct arena *arena, const struct quarter *quarter)
{
    struct outcomes outcomes = {.quarter = quarter,
                                .items = ARENA_NEW(arena, struct outcome, quarter->report_count)};

    ENSURE(outcomes.items != NULL);
    for (size_t i = 0; i < quarter->document_count; i++) {
        add_document(&outcomes, &quarter->documents[i]);
    }
    for (size_t i = 0; i < outcomes.count; i++) {
        compare_versions(&outcomes, &outcomes.items[i]);
    }
    return outcomes;
}
