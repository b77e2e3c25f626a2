#include "gateway/setbook/account.h"

#include "gateway/answer/json.h"
#include "gateway/setbook/telling.h"

enum {
    PENDING_MAX = 256 * 1024, /* of JSON */
    PENDING_ITEM = 16 * 1024, /* room for one, and the end */
    PENDING_ITEMS_MAX = 200,
    AWAITED_ITEMS_MAX = 8, /* on a receipt */
    AWAITED_MAX = 2000,
    AWAITED_ITEM = 8 * 1024,
};

static const struct str idle = STR_INIT("żadna reguła zestawu nie miała jeszcze czego porównać");

/* What moves the state of the set; of information nobody needs to know that it waits. */
static bool
is_shown(const struct telling *telling, const struct sets_answer *answer)
{
    return answer->severity > SEVERITY_INFO
           && telling_has_rule(telling->tools, answer->rule, answer->severity)
           && (answer->outcome == SETS_PENDING || answer->outcome == SETS_NOT_EVALUATED);
}

static void
write_missing(const struct telling *telling, struct json *json, const struct sets_answer *answer,
              const struct sets_missing *missing)
{
    json_object_begin(json);
    json_member(json, "rule", answer->rule->entry->code);
    json_member(json, "form", missing->operand->title);
    json_member(json, "level", missing->operand->levels);
    json_member(json, "period", place_period(telling->arena, &missing->period));
    json_member(json, "unit", missing->name);
    json_member(json, "reason", STR(""));
    json_object_end(json);
}

static void
write_reason(struct json *json, const struct sets_answer *answer)
{
    json_object_begin(json);
    json_member(json, "rule", answer->rule->entry->code);
    json_member(json, "form", STR(""));
    json_member(json, "level", STR(""));
    json_member(json, "period", STR(""));
    json_member(json, "unit", STR(""));
    json_member(json, "reason", answer->reason);
    json_object_end(json);
}

/* [{"rule", "form", "level", "period", "unit", "reason"}, ...]: what is missing, or why not. */
static enum err
tell_pending(const struct telling *telling, struct fault *fault)
{
    const struct sets_judgement *judgement = telling->judgement;
    struct buf                   text = buf_create(telling->arena, PENDING_MAX);
    struct json                  json = json_create(&text);
    size_t                       items = 0;

    json_array_begin(&json);
    for (size_t i = 0; i < judgement->answer_count; i++) {
        const struct sets_answer *answer = &judgement->answers[i];
        if (!is_shown(telling, answer)) {
            continue;
        }
        if (answer->outcome == SETS_NOT_EVALUATED) {
            write_reason(&json, answer);
        }
        for (size_t j = 0; answer->outcome == SETS_PENDING && j < answer->missing_count
                           && items < PENDING_ITEMS_MAX && text.size < PENDING_MAX - PENDING_ITEM;
             j++, items++) {
            write_missing(telling, &json, answer, &answer->missing[j]);
        }
    }
    json_array_end(&json);
    if (!buf_ok(&text)) {
        return FAIL(fault, ERR_MEMORY, "what a set waits for");
    }
    telling->out->pending = buf_str(&text);
    return ERR_OK;
}

static bool
same_missing(const struct sets_missing *a, const struct sets_missing *b)
{
    return str_equal(a->operand->title, b->operand->title)
           && str_equal(a->operand->levels, b->operand->levels)
           && date_days(a->period.end) == date_days(b->period.end) && str_equal(a->unit, b->unit);
}

/* The same report may be awaited by several rules: it is named once. */
static bool
is_told_before(const struct telling *telling, size_t answer, size_t missing)
{
    const struct sets_judgement *judgement = telling->judgement;
    const struct sets_missing   *wanted = &judgement->answers[answer].missing[missing];

    for (size_t i = 0; i <= answer; i++) {
        const struct sets_answer *earlier = &judgement->answers[i];
        size_t                    end = i == answer ? missing : earlier->missing_count;
        for (size_t j = 0;
             is_shown(telling, earlier) && earlier->outcome == SETS_PENDING && j < end; j++) {
            if (same_missing(&earlier->missing[j], wanted)) {
                return true;
            }
        }
    }
    return false;
}

static void
write_awaited(const struct telling *telling, struct buf *text, const struct sets_missing *missing)
{
    struct str period = place_period(telling->arena, &missing->period);

    buf_format(text, "%s%.*s %.*s za %.*s", text->size > 0 ? "; " : "",
               STR_ARG(missing->operand->title), STR_ARG(missing->operand->levels),
               STR_ARG(period));
    if (missing->name.size > 0) {
        buf_format(text, " (%.*s)", STR_ARG(missing->name));
    }
}

/* "Rb-27S zbiorcze za 2026-Q2; Rb-28S jednostkowe za 2026-Q2 (SP 1); i jeszcze 4". */
static enum err
tell_awaited(const struct telling *telling, struct fault *fault)
{
    const struct sets_judgement *judgement = telling->judgement;
    struct buf                   text = buf_create(telling->arena, AWAITED_MAX + AWAITED_ITEM);
    size_t                       items = 0;

    for (size_t i = 0; i < judgement->answer_count; i++) {
        const struct sets_answer *answer = &judgement->answers[i];
        bool waits = is_shown(telling, answer) && answer->outcome == SETS_PENDING;
        for (size_t j = 0; waits && j < answer->missing_count && items < PENDING_ITEMS_MAX; j++) {
            if (is_told_before(telling, i, j)) {
                continue;
            }
            if (items < AWAITED_ITEMS_MAX && text.size < AWAITED_MAX) {
                write_awaited(telling, &text, &answer->missing[j]);
            }
            items++;
        }
    }
    if (items > AWAITED_ITEMS_MAX) {
        buf_format(&text, "; i jeszcze %zu", items - AWAITED_ITEMS_MAX);
    }
    if (!buf_ok(&text)) {
        return FAIL(fault, ERR_MEMORY, "what a set waits for");
    }
    telling->out->awaited = buf_str(&text);
    return ERR_OK;
}

static bool
has_compared(const struct setbook_tools *tools, const struct sets_judgement *judgement)
{
    for (size_t i = 0; i < judgement->answer_count; i++) {
        const struct sets_answer *answer = &judgement->answers[i];
        if (answer->severity >= SEVERITY_WARNING && answer->compared > 0
            && telling_has_rule(tools, answer->rule, answer->severity)) {
            return true;
        }
    }
    return false;
}

enum sets_state
account_state(const struct setbook_tools *tools, const struct sets_judgement *judgement)
{
    enum sets_state state = SETS_CONSISTENT;

    if (tools->switched_off.size == 0) {
        return judgement->state;
    }
    if (!has_compared(tools, judgement)) {
        state = SETS_INCOMPLETE;
    }
    for (size_t i = 0; i < judgement->answer_count; i++) {
        const struct sets_answer *answer = &judgement->answers[i];
        if (!telling_has_rule(tools, answer->rule, answer->severity)
            || answer->severity < SEVERITY_WARNING) {
            continue;
        }
        if (answer->outcome == SETS_FAILS) {
            return SETS_INCONSISTENT;
        }
        if (answer->outcome == SETS_PENDING || answer->outcome == SETS_NOT_EVALUATED) {
            state = SETS_INCOMPLETE;
        }
    }
    return state;
}

/* The first reason for which a rule that is shown was not judged. */
static struct str
reason_of(const struct telling *telling)
{
    const struct sets_judgement *judgement = telling->judgement;

    for (size_t i = 0; i < judgement->answer_count; i++) {
        if (is_shown(telling, &judgement->answers[i])
            && judgement->answers[i].outcome == SETS_NOT_EVALUATED) {
            return judgement->answers[i].reason;
        }
    }
    return (struct str){0};
}

enum err
account_make(const struct setbook_tools *tools, struct arena *arena, const struct holding *holding,
             const struct sets_judgement *judgement, struct account *out, struct fault *fault)
{
    const struct telling telling = {
        .tools = tools, .arena = arena, .holding = holding, .judgement = judgement, .out = out};

    *out = (struct account){.holding = holding,
                            .state = str_of(sets_state_name(account_state(tools, judgement))),
                            .reason = str_copy(arena, reason_of(&telling))};
    if (out->reason.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "why a set was not judged");
    }
    TRY(tell_pending(&telling, fault));
    TRY(tell_awaited(&telling, fault));
    out->idle = out->reason.size == 0 && out->awaited.size == 0 && !has_compared(tools, judgement)
                && str_equal(out->state, str_of(sets_state_name(SETS_INCOMPLETE)));
    if (out->idle) {
        out->reason = idle;
    }
    return telling_findings(&telling, fault);
}

enum err
account_give_up(struct arena *arena, const struct holding *holding, struct str reason,
                struct account *out, struct fault *fault)
{
    *out = (struct account){.holding = holding,
                            .state = str_of(sets_state_name(SETS_INCOMPLETE)),
                            .reason = reason,
                            .pending = STR("[]"),
                            .awaited = STR(""),
                            .findings = ARENA_NEW(arena, struct account_finding, 1)};
    if (out->findings == NULL) {
        return FAIL(fault, ERR_MEMORY, "a set that was not judged");
    }
    return ERR_OK;
}

bool
account_has_moved(const struct account *account)
{
    size_t kept = 0;

    if (account->deferred) {
        return false;
    }
    for (size_t i = 0; i < account->finding_count; i++) {
        kept += account->findings[i].kept != 0 ? 1 : 0;
    }
    return kept != account->finding_count || kept != account->holding->finding_count;
}

bool
account_has_changed(const struct account *account)
{
    const struct holding *holding = account->holding;

    return account_has_moved(account) || !holding->exists || !holding->is_current
           || holding->owed_is_new || !str_equal(holding->state, account->state)
           || !str_equal(holding->reason, account->reason)
           || !str_equal(holding->pending, account->pending);
}
