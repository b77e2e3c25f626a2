#include "tests/scenario/powiat/duty_account.h"

#include "tests/support/draft.h"
#include "validators/base/ensure.h"

#include <string.h>

static struct date
next_day(struct date day)
{
    return date_of_days(date_days(day) + 1);
}

static void
enter(struct duty_account *duty, const struct outcome *outcome)
{
    instant arrived = outcome->document->arrived;

    if (duty->first_arrived == 0 || arrived < duty->first_arrived) {
        duty->first_arrived = arrived;
    }
    if (arrived > duty->last_arrived) {
        duty->last_arrived = arrived;
        duty->last_verdict = (int)outcome->verdict;
    }
    if (outcome->verdict == OUTCOME_ACCEPTED
        && (duty->accepted_at == 0 || arrived < duty->accepted_at)) {
        duty->accepted_at = arrived;
    }
    if (outcome->in_force) {
        duty->version = outcome->filing->version;
        duty->queries = outcome->queries;
    }
}

static void
enter_all(struct duty_account *duty, const struct outcomes *outcomes)
{
    for (size_t i = 0; i < outcomes->count; i++) {
        const struct outcome *outcome = &outcomes->items[i];
        if (outcome->is_placed && outcome->filing->unit == duty->unit && outcome->form == duty->form
            && outcome->document->period == duty->period) {
            enter(duty, outcome);
        }
    }
}

static void
enter_asked(struct arena *arena, struct duty_account *duty, const struct quarter_unit *unit,
            const struct cashbook *asked)
{
    struct str regon = draft_regon(arena, duty->unit);
    struct str line =
        str_format(arena, "%.*s %s %s %s", STR_ARG(regon), outcome_form_code(duty->form),
                   quarter_period(duty->period), outcome_level(unit));

    for (size_t i = 0; asked != NULL && duty->version >= 0 && i < asked->count; i++) {
        duty->queries += str_equal(asked->lines[i], line) ? 1 : 0;
    }
}

/* A unit owes what ends while it is there. The first generation came before anybody had heard that
 * it would end, so that what it does not owe stands there, superseded. */
static void
add(struct duty_accounts *duties, const struct outcomes *outcomes, size_t number, int kind)
{
    const struct quarter_unit *unit = &outcomes->quarter->units[number];
    int                        period = kind / OUTCOME_FORMS;
    struct date                end = quarter_period_end(period);
    struct duty_account        duty = {.unit = number,
                                       .form = (enum outcome_form)(kind % OUTCOME_FORMS),
                                       .period = period,
                                       .due = outcome_due(unit, period),
                                       .last_verdict = -1,
                                       .version = -1};

    if (date_compare(unit->valid_from, end) > 0) {
        return;
    }
    if (unit->valid_to.year != 0 && date_compare(unit->valid_to, end) < 0) {
        duty.superseded = unit->merged_on.year != 0 ? "succession" : "closed";
    }
    enter_all(&duty, outcomes);
    duties->items[duties->count] = duty;
    duties->count++;
}

struct duty_accounts
duty_accounts_of(struct arena *arena, const struct outcomes *outcomes, const struct cashbook *asked)
{
    enum { KINDS = QUARTER_PERIODS * OUTCOME_FORMS };
    struct duty_accounts duties = {
        .items = ARENA_NEW(arena, struct duty_account, (size_t)QUARTER_NOBODY * KINDS)};

    ENSURE(duties.items != NULL);
    for (size_t unit = 0; unit < QUARTER_NOBODY; unit++) {
        for (int kind = 0; kind < KINDS; kind++) {
            add(&duties, outcomes, unit, kind);
        }
    }
    for (size_t i = 0; i < duties.count; i++) {
        struct duty_account *duty = &duties.items[i];
        enter_asked(arena, duty, &outcomes->quarter->units[duty->unit], asked);
    }
    return duties;
}

const char *
duty_account_state(const struct duty_account *duty)
{
    if (duty->accepted_at != 0 && duty->accepted_at < quarter_midnight(next_day(duty->due))) {
        return "fulfilled";
    }
    if (duty->superseded != NULL) {
        return "superseded";
    }
    return duty->accepted_at != 0 || date_compare(QUARTER_LOOK, duty->due) > 0 ? "late" : "due";
}

bool
duty_account_is(const struct duty_account *duty, const char *state)
{
    return strcmp(duty_account_state(duty), state) == 0;
}
