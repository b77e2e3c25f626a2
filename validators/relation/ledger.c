#include "validators/relation/ledger.h"

#include "validators/relation/column.h"

#include <string.h>

/* Who gives a slot a value in a place, by number + 1; two, for none takes its own sum. */
struct supply {
    uint32_t first, second;
};

/* An item of a rule: which slot of the place its code has. */
struct entry {
    uint32_t       slot;
    bool           negative;
    const uint8_t *when;
};

struct formula {
    const struct hierarchy_rule *rule;
    struct entry                 left;
    struct entry                *entries;
    struct relation_value        sum;
};

struct ledger {
    const struct hierarchy *hierarchy;
    const uint32_t         *codes; /* the column of codes */
    uint32_t               *slots; /* per id of the vocabulary: one more than its slot, or 0 */
    uint32_t                slot_count;
    uint32_t               *rows;     /* per slot, or RELATION_NOWHERE */
    uint32_t               *pending;  /* per slot: formulas that equal it and have no order yet */
    struct supply          *supplies; /* per slot, in the place at hand */
    struct formula         *formulas;
    uint32_t               *order; /* formulas, each after those whose sums it may take */
    const uint32_t         *place; /* the rows of the place at hand */
    size_t                  place_count;
};

/* An item as it stands in a place. */
struct sight {
    bool                  found;
    struct relation_value value;
};

static uint32_t
slot_of(struct ledger *ledger, uint32_t code)
{
    if (ledger->slots[code] == 0) {
        ledger->slots[code] = ++ledger->slot_count;
    }
    return ledger->slots[code] - 1;
}

static enum err
make_formula(struct arena *arena, struct ledger *ledger, size_t at, struct fault *fault)
{
    const struct hierarchy_rule *rule = &ledger->hierarchy->rules[at];
    struct formula              *formula = &ledger->formulas[at];

    formula->rule = rule;
    formula->left.slot = slot_of(ledger, rule->left);
    formula->entries = ARENA_NEW(arena, struct entry, rule->item_count);
    if (formula->entries == NULL) {
        return FAIL(fault, ERR_MEMORY, "a rule of %zu items", rule->item_count);
    }
    for (size_t i = 0; i < rule->item_count; i++) {
        const struct hierarchy_item *item = &rule->items[i];
        /* All codes that no row has share one slot, which stays empty. */
        uint32_t slot = slot_of(ledger, item->code);
        formula->entries[i] = (struct entry){slot, item->negative, item->when};
    }
    return ERR_OK;
}

static enum err
make_slots(struct arena *arena, struct ledger *ledger, struct fault *fault)
{
    ledger->pending = ARENA_NEW(arena, uint32_t, ledger->slot_count);
    ledger->supplies = ARENA_NEW(arena, struct supply, ledger->slot_count);
    ledger->rows = ARENA_NEW(arena, uint32_t, ledger->slot_count);
    if (ledger->pending == NULL || ledger->supplies == NULL || ledger->rows == NULL) {
        return FAIL(fault, ERR_MEMORY, "the slots of %u codes", ledger->slot_count);
    }
    for (size_t slot = 0; slot < ledger->slot_count; slot++) {
        ledger->rows[slot] = RELATION_NOWHERE;
    }
    for (size_t i = 0; i < ledger->hierarchy->rule_count; i++) {
        const struct formula *formula = &ledger->formulas[i];
        ledger->pending[formula->left.slot] += formula->rule->relation == HIERARCHY_EQUAL;
    }
    return ERR_OK;
}

/* Whether all formulas whose sums this one may take, itself apart, have their order. */
static bool
is_ready(const struct ledger *ledger, const struct formula *formula)
{
    for (size_t i = 0; i < formula->rule->item_count; i++) {
        uint32_t slot = formula->entries[i].slot;
        bool     own = formula->left.slot == slot && formula->rule->relation == HIERARCHY_EQUAL;
        if (ledger->pending[slot] != own) {
            return false;
        }
    }
    return true;
}

static enum err
sort_formulas(struct arena *arena, struct ledger *ledger, struct fault *fault)
{
    size_t count = ledger->hierarchy->rule_count;
    size_t sorted = 0;
    bool   done[HIERARCHY_RULES_MAX] = {false};
    bool   priority = ledger->hierarchy->input == HIERARCHY_DATASET_PRIORITY;

    ledger->order = ARENA_NEW(arena, uint32_t, count);
    if (ledger->order == NULL) {
        return FAIL(fault, ERR_MEMORY, "the order of %zu rules", count);
    }
    for (size_t before = SIZE_MAX; sorted < count && sorted != before;) {
        before = sorted;
        for (size_t i = 0; i < count; i++) {
            const struct formula *formula = &ledger->formulas[i];
            if (!done[i] && (!priority || is_ready(ledger, formula))) {
                done[i] = true;
                ledger->pending[formula->left.slot] -= formula->rule->relation == HIERARCHY_EQUAL;
                ledger->order[sorted++] = (uint32_t)i;
            }
        }
    }
    if (sorted < count) {
        return FAIL(fault, ERR_USAGE, "%zu rules compute each other in a circle", count - sorted);
    }
    return ERR_OK;
}

enum err
ledger_create(struct arena *arena, const struct hierarchy *hierarchy, struct ledger **out,
              struct fault *fault)
{
    struct ledger *ledger = ARENA_NEW(arena, struct ledger, 1);
    size_t         texts = hierarchy->operand->vocabulary->count;

    if (ledger == NULL) {
        return FAIL(fault, ERR_MEMORY, "a ledger");
    }
    ledger->hierarchy = hierarchy;
    ledger->codes = hierarchy->operand->columns[hierarchy->code].ids;
    ledger->slots = ARENA_NEW(arena, uint32_t, texts);
    ledger->formulas = ARENA_NEW(arena, struct formula, hierarchy->rule_count);
    if (ledger->slots == NULL || ledger->formulas == NULL) {
        return FAIL(fault, ERR_MEMORY, "the codes of %zu rules", hierarchy->rule_count);
    }
    for (size_t i = 0; i < hierarchy->rule_count; i++) {
        TRY(make_formula(arena, ledger, i, fault));
    }
    TRY(make_slots(arena, ledger, fault));
    TRY(sort_formulas(arena, ledger, fault));
    *out = ledger;
    return ERR_OK;
}

static bool
missing_is_zero(const struct ledger *ledger)
{
    enum hierarchy_mode mode = ledger->hierarchy->mode;

    return mode == HIERARCHY_NON_ZERO || mode == HIERARCHY_PARTIAL_ZERO
           || mode == HIERARCHY_ALWAYS_ZERO;
}

/* What another rule computes for a slot here: the first, in their order, that gives a value. */
static bool
take_computed(const struct ledger *ledger, uint32_t slot, size_t self, struct relation_value *out)
{
    const struct supply *supply = &ledger->supplies[slot];
    uint32_t             from = supply->first == self + 1 ? supply->second : supply->first;

    if (from != 0) {
        *out = ledger->formulas[from - 1].sum;
    }
    return from != 0;
}

/* Formulas are computed in another order than that of the rules, which decides here. */
static void
supply_sum(struct ledger *ledger, size_t at)
{
    struct supply *supply = &ledger->supplies[ledger->formulas[at].left.slot];
    uint32_t       number = (uint32_t)at + 1;

    if (supply->first == 0 || number < supply->first) {
        supply->second = supply->first;
        supply->first = number;
    } else if (supply->second == 0 || number < supply->second) {
        supply->second = number;
    }
}

static struct sight
look(const struct ledger *ledger, uint32_t slot, size_t self)
{
    const struct hierarchy *hierarchy = ledger->hierarchy;
    struct sight            sight = {.found = ledger->rows[slot] != RELATION_NOWHERE};

    if (sight.found) {
        sight.value =
            column_value(&hierarchy->operand->columns[hierarchy->measure], ledger->rows[slot]);
    }
    if (hierarchy->input == HIERARCHY_DATASET_PRIORITY && sight.value.state == RELATION_ABSENT
        && take_computed(ledger, slot, self, &sight.value)) {
        sight.found = true;
    } else if (!sight.found && missing_is_zero(ledger)) {
        sight.value.state = RELATION_PRESENT;
    }
    return sight;
}

/* Whether an item takes part here: its own condition speaks of its row. */
static bool
takes_part(const struct ledger *ledger, const struct entry *entry)
{
    uint32_t row = ledger->rows[entry->slot];

    return entry->when == NULL || row == RELATION_NOWHERE || entry->when[row] == 1;
}

/* One more summand; null and worse spread. False if the sum leaves 128 bits. */
static bool
add(struct relation_value *sum, const struct relation_value *value, bool negative)
{
    bool both = sum->state == RELATION_PRESENT && value->state == RELATION_PRESENT;

    if (sum->state >= RELATION_UNKNOWN || value->state >= RELATION_UNKNOWN) {
        sum->state = sum->state > value->state ? sum->state : value->state;
    } else if (!both) {
        sum->state = RELATION_ABSENT;
    }
    if (!both) {
        sum->number = 0;
        return true;
    }
    return negative ? !__builtin_sub_overflow(sum->number, value->number, &sum->number)
                    : !__builtin_add_overflow(sum->number, value->number, &sum->number);
}

/* What the items of a side have in common, for the modes. */
struct muster {
    bool all_known; /* every item is there and not null */
    bool any_found;
    bool any_not_zero; /* some item is there and not 0 */
};

static void
enrol(struct muster *muster, const struct sight *sight)
{
    bool zero = sight->value.state == RELATION_PRESENT && sight->value.number == 0;

    muster->all_known = muster->all_known && sight->found && sight->value.state != RELATION_ABSENT;
    muster->any_found = muster->any_found || sight->found;
    muster->any_not_zero = muster->any_not_zero || (sight->found && !zero);
}

static bool
produces(const struct ledger *ledger, const struct muster *muster)
{
    switch (ledger->hierarchy->mode) {
    case HIERARCHY_NON_NULL:
        return muster->all_known;
    case HIERARCHY_NON_ZERO:
        return muster->any_not_zero;
    case HIERARCHY_PARTIAL_NULL:
    case HIERARCHY_PARTIAL_ZERO:
        return muster->any_found;
    case HIERARCHY_ALWAYS_NULL:
    case HIERARCHY_ALWAYS_ZERO:
        break;
    }
    return true;
}

/* The rows that a rule speaks of, left first; what the place has first if none is there. */
static bool
applies(const struct ledger *ledger, const struct formula *formula)
{
    uint32_t row = ledger->rows[formula->left.slot];

    if (formula->rule->when == NULL) {
        return true;
    }
    for (size_t i = 0; row == RELATION_NOWHERE && i < formula->rule->item_count; i++) {
        row = ledger->rows[formula->entries[i].slot];
    }
    return formula->rule->when[row == RELATION_NOWHERE ? ledger->place[0] : row] == 1;
}

/* The right side of a formula: its sum, and what its items have in common. */
static bool
add_up(const struct ledger *ledger, size_t at, struct relation_value *sum, struct muster *muster)
{
    const struct formula *formula = &ledger->formulas[at];

    *sum = (struct relation_value){.state = RELATION_PRESENT};
    for (size_t i = 0; i < formula->rule->item_count; i++) {
        if (!takes_part(ledger, &formula->entries[i])) {
            continue;
        }
        struct sight sight = look(ledger, formula->entries[i].slot, at);
        enrol(muster, &sight);
        if (!add(sum, &sight.value, formula->entries[i].negative)) {
            return false;
        }
    }
    return true;
}

static enum err
compute(struct ledger *ledger, size_t at, struct fault *fault)
{
    struct formula *formula = &ledger->formulas[at];
    struct muster   muster = {.all_known = true};

    if (!add_up(ledger, at, &formula->sum, &muster)) {
        return FAIL(
            fault, ERR_LIMIT, "row %u, rule '%.*s': the sum leaves 128 bits", ledger->place[0],
            STR_ARG(vocabulary_text(ledger->hierarchy->operand->vocabulary, formula->rule->name)));
    }
    if (formula->rule->relation == HIERARCHY_EQUAL && formula->sum.state != RELATION_ABSENT
        && applies(ledger, formula) && produces(ledger, &muster)) {
        supply_sum(ledger, at);
    }
    return ERR_OK;
}

enum err
ledger_turn(struct ledger *ledger, const uint32_t *rows, size_t count, struct fault *fault)
{
    ENSURE(count > 0);
    for (size_t i = 0; i < ledger->place_count; i++) {
        uint32_t slot = ledger->slots[ledger->codes[ledger->place[i]]];
        if (slot != 0) {
            ledger->rows[slot - 1] = RELATION_NOWHERE;
        }
    }
    memset(ledger->supplies, 0, ledger->slot_count * sizeof *ledger->supplies);
    ledger->place = rows;
    ledger->place_count = count;
    for (size_t i = 0; i < count; i++) {
        uint32_t slot = ledger->slots[ledger->codes[rows[i]]];
        if (slot != 0) {
            ledger->rows[slot - 1] = rows[i];
        }
    }
    for (size_t i = 0; i < ledger->hierarchy->rule_count; i++) {
        TRY(compute(ledger, ledger->order[i], fault));
    }
    return ERR_OK;
}

static bool
holds(enum hierarchy_relation relation, amount_wide left, amount_wide right)
{
    switch (relation) {
    case HIERARCHY_EQUAL:
        return left == right;
    case HIERARCHY_LESS:
        return left < right;
    case HIERARCHY_LESS_OR_EQUAL:
        return left <= right;
    case HIERARCHY_GREATER:
        return left > right;
    case HIERARCHY_GREATER_OR_EQUAL:
        break;
    }
    return left >= right;
}

enum err
ledger_judge(const struct ledger *ledger, size_t rule, struct ledger_line *out, struct fault *fault)
{
    const struct formula *formula = &ledger->formulas[rule];
    struct sight          left = look(ledger, formula->left.slot, rule);
    struct relation_value sum;
    struct muster         muster = {.all_known = true};
    struct ledger_line    line = {
           .left = left.value, .left_row = ledger->rows[formula->left.slot], .imbalance = left.value};

    enrol(&muster, &left);
    ENSURE(add_up(ledger, rule, &sum, &muster)); /* it has been, for this place */
    line.produced = applies(ledger, formula) && produces(ledger, &muster);
    if (!add(&line.imbalance, &sum, true)) {
        return FAIL(fault, ERR_LIMIT, "row %u: the imbalance leaves 128 bits", ledger->place[0]);
    }
    line.truth.state = line.imbalance.state;
    line.truth.number = line.imbalance.state == RELATION_PRESENT
                        && holds(formula->rule->relation, left.value.number, sum.number);
    *out = line;
    return ERR_OK;
}
