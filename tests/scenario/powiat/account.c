#include "tests/scenario/powiat/account.h"

#include "tests/scenario/powiat/duty_account.h"
#include "tests/scenario/powiat/scene.h"
#include "tests/support/draft.h"

#include <inttypes.h>

static struct str
write_day(struct arena *arena, struct date day)
{
    struct buf text = buf_create(arena, 16);

    date_write(&text, day);
    return buf_str(&text);
}

static const char *
truth(bool value)
{
    return value ? "t" : "f";
}

static struct str
write_report(struct arena *arena, const struct outcomes *outcomes, const struct outcome *outcome)
{
    const struct quarter_document *document = outcome->document;
    const struct quarter_filing   *filing = outcome->filing;
    const struct quarter_unit     *unit = &outcomes->quarter->units[filing->unit];
    struct str                     regon = draft_regon(arena, filing->unit);
    struct str                     due = STR("-");
    int version = filing->version + (filing->fault == QUARTER_FORGED ? 1 : 0);
    int amount = outcome->verdict == OUTCOME_ACCEPTED ? filing->amount : 0;

    if (outcome->is_placed) {
        due = write_day(arena, outcome_due(unit, document->period));
    }
    return str_format(
        arena, "k%td %.*s %s %s %s v%d %d %s %" PRId64 " %.*s %s %s %s %s %d",
        document - outcomes->quarter->documents, STR_ARG(regon), outcome_form_code(outcome->form),
        quarter_period(document->period), outcome_level(unit), version, (int)outcome->verdict,
        truth(outcome->is_placed), document->arrived, STR_ARG(due), outcome->timeliness,
        truth(outcome->corrects), truth(outcome->is_outside), truth(outcome->in_force), amount);
}

struct cashbook
account_reports(struct arena *arena, const struct outcomes *outcomes)
{
    struct cashbook cashbook = cashbook_create(arena);

    for (size_t i = 0; i < outcomes->count; i++) {
        cashbook_add(&cashbook, write_report(arena, outcomes, &outcomes->items[i]));
    }
    return cashbook;
}

static struct str
write_duty(struct arena *arena, const struct outcomes *outcomes, const struct duty_account *duty)
{
    const struct quarter_unit *unit = &outcomes->quarter->units[duty->unit];
    struct str                 regon = draft_regon(arena, duty->unit);
    struct str                 heir = STR("-");

    if (unit->merged_on.year != 0 && duty->superseded != NULL) {
        heir = draft_regon(arena, QUARTER_MERGED);
    }
    return str_format(
        arena, "%.*s %s %s %s %.*s %s %s %.*s %" PRId64 " %" PRId64 " %" PRId64 " %d %d %d",
        STR_ARG(regon), outcome_form_code(duty->form), quarter_period(duty->period),
        outcome_level(unit), STR_ARG(write_day(arena, duty->due)), duty_account_state(duty),
        duty->superseded == NULL ? "-" : duty->superseded, STR_ARG(heir), duty->first_arrived,
        duty->last_arrived, duty->accepted_at, duty->last_verdict, duty->version, duty->queries);
}

struct cashbook
account_duties(struct arena *arena, const struct outcomes *outcomes, const struct cashbook *asked)
{
    struct cashbook      cashbook = cashbook_create(arena);
    struct duty_accounts duties = duty_accounts_of(arena, outcomes, asked);

    for (size_t i = 0; i < duties.count; i++) {
        cashbook_add(&cashbook, write_duty(arena, outcomes, &duties.items[i]));
    }
    return cashbook;
}

/* In the order of the columns of the answer. */
enum {
    EXPECTED,
    FILED,
    IN_TIME,
    LATE,
    SUBMITTED,
    MISSING,
    AWAITED,
    QUESTIONED,
    WAIVED,
    SUPERSEDED,
    COLUMNS
};

static void
count(const struct duty_account *duty, int *counts)
{
    bool is_filed = duty->accepted_at != 0;

    if (duty_account_is(duty, "superseded")) {
        counts[SUPERSEDED]++;
        return;
    }
    counts[EXPECTED]++;
    counts[FILED] += is_filed ? 1 : 0;
    counts[IN_TIME] += duty_account_is(duty, "fulfilled") ? 1 : 0;
    counts[LATE] += duty_account_is(duty, "late") && is_filed ? 1 : 0;
    counts[MISSING] += duty_account_is(duty, "late") && !is_filed ? 1 : 0;
    counts[AWAITED] += duty_account_is(duty, "due") ? 1 : 0;
    counts[QUESTIONED] += duty->queries > 0 ? 1 : 0;
}

static struct str
write_counts(struct arena *arena, enum outcome_form form, const char *level, int period,
             const int *counts)
{
    struct buf line = buf_create(arena, 256);

    buf_format(&line, "%s %s %s", quarter_period(period), outcome_form_code(form), level);
    for (size_t i = 0; i < COLUMNS; i++) {
        buf_format(&line, ";%d", counts[i]);
    }
    return buf_str(&line);
}

static void
add_counts(struct cashbook *cashbook, const struct outcomes *outcomes,
           const struct duty_accounts *duties, size_t jst, int kind)
{
    enum outcome_form form = (enum outcome_form)(kind % OUTCOME_FORMS);
    int               period = kind / OUTCOME_FORMS % QUARTER_PERIODS;
    bool              is_jst = kind / OUTCOME_FORMS / QUARTER_PERIODS != 0;
    int               counts[COLUMNS] = {0};

    for (size_t i = 0; i < duties->count; i++) {
        const struct duty_account *duty = &duties->items[i];
        const struct quarter_unit *unit = &outcomes->quarter->units[duty->unit];
        if (duty->form == form && duty->period == period && unit->jst == jst
            && unit->is_jst == is_jst) {
            count(duty, counts);
        }
    }
    cashbook_add(cashbook, write_counts(cashbook->arena, form, is_jst ? "zbiorcze" : "jednostkowe",
                                        period, counts));
}

struct cashbook
account_completeness(struct arena *arena, const struct outcomes *outcomes,
                     const struct cashbook *asked, size_t jst)
{
    struct cashbook      cashbook = cashbook_create(arena);
    struct duty_accounts duties = duty_accounts_of(arena, outcomes, asked);

    for (int kind = 0; kind < 2 * QUARTER_PERIODS * OUTCOME_FORMS; kind++) {
        add_counts(&cashbook, outcomes, &duties, jst, kind);
    }
    return cashbook;
}

static void
add_change(struct cashbook *cashbook, const char *what, size_t unit)
{
    cashbook_add(cashbook, str_format(cashbook->arena, "%s %.*s " SCENE_OPERATOR, what,
                                      STR_ARG(draft_regon(cashbook->arena, unit))));
}

struct cashbook
account_changes(struct arena *arena, const struct quarter *quarter)
{
    struct cashbook cashbook = cashbook_create(arena);

    for (size_t i = 0; i < QUARTER_NOBODY; i++) {
        const struct quarter_unit *unit = &quarter->units[i];
        add_change(&cashbook, "unit added", i);
        if (unit->valid_to.year != 0) {
            add_change(&cashbook, "unit changed", i);
        }
        if (unit->merged_on.year != 0) {
            add_change(&cashbook, "succession added", i);
        }
        if (unit->provider != 0) {
            add_change(&cashbook, "service added", i);
        }
        if (unit->provider != 0 && unit->served_to.year != 0) {
            add_change(&cashbook, "service changed", i);
        }
    }
    return cashbook;
}
