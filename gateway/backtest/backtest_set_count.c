#include "gateway/backtest/backtest_set_count.h"

#include "gateway/setbook/telling.h"

/* One rule as both sides have judged it; NULL: it is none of the set's on that side. */
struct pair {
    const struct sets_answer *before;
    const struct sets_answer *after;
    enum backtest_turn        turn;
};

enum backtest_turn
backtest_set_count_turn(bool before, bool after)
{
    if (after) {
        return before ? BACKTEST_SAME : BACKTEST_NEW;
    }
    return before ? BACKTEST_GONE : BACKTEST_STAYS_AWAY;
}

bool
backtest_set_count_is_told(const struct setbook_tools *tools, const struct sets_answer *answer)
{
    return answer != NULL && answer->outcome == SETS_FAILS
           && telling_has_rule(tools, answer->rule, answer->severity);
}

static enum backtest_outcome
outcome_of(const struct sets_answer *answer)
{
    switch (answer->outcome) {
    case SETS_HOLDS:
        return BACKTEST_HOLDS;
    case SETS_PENDING:
        return BACKTEST_PENDING;
    case SETS_IDLE:
        return BACKTEST_IDLE;
    case SETS_NOT_EVALUATED:
        return BACKTEST_NOT_EVALUATED;
    case SETS_FAILS:
        break;
    }
    if (answer->severity == SEVERITY_PROPOSED) {
        return BACKTEST_PROPOSED;
    }
    return answer->severity >= SEVERITY_QUERY ? BACKTEST_QUERIES : BACKTEST_WARNS;
}

static struct str
form_of(const struct backtest_set_side *side, const struct sets_answer *answer)
{
    size_t                     count = 0;
    const struct sets_operand *operands = sets_operands(side->tools->sets, &count);

    return operands[answer->rule->charges].title;
}

static enum err
count_code(struct backtest_tally *tally, const struct pair *pair, struct fault *fault)
{
    const struct sets_answer *any = pair->after != NULL ? pair->after : pair->before;
    struct backtest_code     *code = NULL;

    TRY(backtest_tally_code(tally, any->rule->entry->code, &code, fault));
    if (pair->after != NULL) {
        code->sets++;
        code->outcomes[outcome_of(pair->after)]++;
    }
    if (pair->turn != BACKTEST_STAYS_AWAY) {
        code->turns[pair->turn]++;
    }
    return ERR_OK;
}

/* A set is one of its group, however many rules charge the form; each way in which it turns, too.
 */
static enum err
count_group(struct backtest_tally *tally, const struct backtest_set_holder *holder, struct str form,
            enum backtest_turn turn, struct fault *fault)
{
    struct backtest_group *group = NULL;

    TRY(backtest_tally_group(tally, form, holder->kind, holder->region, &group, fault));
    if (group->seen != tally->sets.sets) {
        group->seen = tally->sets.sets;
        group->sets++;
        for (size_t i = 0; i < BACKTEST_TURNS; i++) {
            group->turned[i] = false;
        }
    }
    if (turn != BACKTEST_STAYS_AWAY && !group->turned[turn]) {
        group->turned[turn] = true;
        group->turns[turn]++;
    }
    return ERR_OK;
}

/* The next rule of both lists, which are in the order of codes. */
static struct pair
next_pair(const struct sets_judgement *before, const struct sets_judgement *after, size_t *i,
          size_t *j)
{
    const struct sets_answer *left = *i < before->answer_count ? &before->answers[*i] : NULL;
    const struct sets_answer *right = *j < after->answer_count ? &after->answers[*j] : NULL;

    if (left != NULL && right != NULL) {
        int order = str_compare(left->rule->entry->code, right->rule->entry->code);
        left = order <= 0 ? left : NULL;
        right = order >= 0 ? right : NULL;
    }
    *i += left != NULL ? 1 : 0;
    *j += right != NULL ? 1 : 0;
    ENSURE(left != NULL || right != NULL); /* or nobody asks for one more */
    return (struct pair){.before = left, .after = right};
}

enum err
backtest_set_count(struct backtest_tally *tally, const struct backtest_set_holder *holder,
                   const struct backtest_set_side *before, const struct backtest_set_side *after,
                   struct fault *fault)
{
    enum sets_state state_before = account_state(before->tools, before->judgement);
    enum sets_state state_after = account_state(after->tools, after->judgement);
    size_t          i = 0;
    size_t          j = 0;

    tally->sets.sets++;
    tally->sets.states[state_before][state_after]++;
    while (i < before->judgement->answer_count || j < after->judgement->answer_count) {
        struct pair pair = next_pair(before->judgement, after->judgement, &i, &j);
        struct str  form =
            pair.after != NULL ? form_of(after, pair.after) : form_of(before, pair.before);
        pair.turn = backtest_set_count_turn(backtest_set_count_is_told(before->tools, pair.before),
                                            backtest_set_count_is_told(after->tools, pair.after));
        TRY(count_code(tally, &pair, fault));
        TRY(count_group(tally, holder, form, pair.turn, fault));
    }
    return ERR_OK;
}
