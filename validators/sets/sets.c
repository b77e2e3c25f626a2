#include "validators/sets/scheme.h"

static const char *const state_names[SETS_STATES] = {
    [SETS_INCOMPLETE] = "incomplete",
    [SETS_CONSISTENT] = "consistent",
    [SETS_INCONSISTENT] = "inconsistent",
};
static const char *const state_words[SETS_STATES] = {
    [SETS_INCOMPLETE] = "niepełny",
    [SETS_CONSISTENT] = "zgodny",
    [SETS_INCONSISTENT] = "niezgodny",
};
static const char *const outcome_names[SETS_OUTCOMES] = {
    [SETS_NOT_EVALUATED] = "not-evaluated",
    [SETS_HOLDS] = "holds",
    [SETS_FAILS] = "fails",
    [SETS_PENDING] = "pending",
    [SETS_IDLE] = "idle",
};

const char *
sets_state_name(enum sets_state state)
{
    return state_names[state];
}

const char *
sets_state_words(enum sets_state state)
{
    return state_words[state];
}

const char *
sets_outcome_name(enum sets_outcome outcome)
{
    return outcome_names[outcome];
}

const struct sets_operand *
sets_operands(const struct sets *sets, size_t *count)
{
    *count = sets->operand_count;
    return sets->operands;
}

const struct sets_rule *
sets_rules(const struct sets *sets, size_t *count)
{
    *count = sets->rule_count;
    return sets->rules;
}

enum err
sets_compile(struct arena *arena, const struct catalogue *catalogue, const struct sets **out,
             struct fault *fault)
{
    struct sets       *sets = NULL;
    struct vtl_problem problem = {0};

    TRY(scheme_open(arena, catalogue, &sets, fault));
    for (size_t i = 0; i < sets->rule_count; i++) {
        TRY(scheme_compile(arena, sets, i, &problem, fault));
    }
    *out = sets;
    return ERR_OK;
}

/* Whether some rule of the set reads one of these operands. */
static bool
is_read(const struct sets *sets, const struct sets_key *key, uint64_t operands)
{
    for (size_t i = 0; i < sets->rule_count; i++) {
        if ((sets->rules[i].operands & operands) != 0
            && scheme_applies(sets, &sets->rules[i], key)) {
            return true;
        }
    }
    return false;
}

/* The nth set, from 0, whose operand of this `when` has this period; false when there is none. */
static bool
look_ahead(const struct period *period, enum sets_when when, int nth, struct period *out)
{
    switch (when) {
    case SETS_PREVIOUS:
        return nth == 0 && catalogue_period_at(period->type, period->year, period->number + 1, out);
    case SETS_YEAR_AGO:
        return nth == 0 && catalogue_period_at(period->type, period->year + 1, period->number, out);
    case SETS_LAST_YEAR_END:
        return period->type->months > 1 && period->number == period->type->count
               && catalogue_period_at(period->type, period->year + 1, nth + 1, out);
    case SETS_SAME:
    default:
        *out = *period;
        return nth == 0;
    }
}

static bool
is_listed(const struct sets_key *keys, size_t count, const struct sets_key *key)
{
    for (size_t i = 0; i < count; i++) {
        if (keys[i].scope == key->scope && scheme_same_period(&keys[i].period, &key->period)) {
            return true;
        }
    }
    return false;
}

size_t
sets_touched(const struct sets *sets, struct str form, struct str level,
             const struct period *period, struct sets_key *out)
{
    size_t count = 0;

    for (size_t i = 0; i < sets->operand_count; i++) {
        const struct sets_operand *operand = &sets->operands[i];
        struct sets_key            key = {.scope = operand->scope};
        if (!str_equal(operand->form, form) || !str_has_word(operand->levels, level)) {
            continue;
        }
        for (int nth = 0; look_ahead(period, operand->when, nth, &key.period); nth++) {
            if (count < SETS_TOUCHED_MAX && !is_listed(out, count, &key)
                && is_read(sets, &key, UINT64_C(1) << i)) {
                out[count++] = key;
            }
        }
    }
    return count;
}

size_t
sets_wanted(const struct sets *sets, const struct sets_key *key, struct sets_want *out)
{
    size_t count = 0;

    for (size_t i = 0; i < sets->operand_count; i++) {
        struct sets_want want = {.operand = &sets->operands[i]};
        if (sets->operands[i].scope == key->scope
            && scheme_period(key, sets->operands[i].when, &want.period)
            && is_read(sets, key, UINT64_C(1) << i)) {
            out[count++] = want;
        }
    }
    return count;
}
