#include "validators/sets/presence.h"

#include <stdlib.h>

/* A report while reports are put in order: qsort knows no context. */
struct ranked {
    const struct sets_report *report;
    uint32_t                  number;
};

static int
compare_periods(const struct period *a, const struct period *b)
{
    if (a->year != b->year) {
        return a->year < b->year ? -1 : 1;
    }
    int types = str_compare(a->type->name, b->type->name);
    return types != 0 ? types : a->number - b->number;
}

static int
compare_reports(const void *a, const void *b)
{
    const struct sets_report *report_a = ((const struct ranked *)a)->report;
    const struct sets_report *report_b = ((const struct ranked *)b)->report;
    const int                 orders[] = {
                        str_compare(report_a->unit, report_b->unit),
                        str_compare(report_a->variant, report_b->variant),
                        str_compare(report_a->level, report_b->level),
                        compare_periods(&report_a->period, &report_b->period),
    };

    for (size_t i = 0; i < ARRAY_COUNT(orders); i++) {
        if (orders[i] != 0) {
            return orders[i];
        }
    }
    return 0;
}

static bool
fits(const struct sets_operand *operand, const struct period *period, struct str form,
     struct str level, const struct period *of)
{
    return str_equal(operand->form, form) && str_has_word(operand->levels, level)
           && scheme_same_period(period, of);
}

static enum err
find_reports(struct arena *arena, const struct sets_operand *operand,
             const struct sets_facts *facts, struct presence_operand *out, struct fault *fault)
{
    struct ranked *ranked = ARENA_NEW(arena, struct ranked, facts->report_count + 1);
    uint32_t      *reports = ARENA_NEW(arena, uint32_t, facts->report_count + 1);
    size_t         count = 0;

    if (ranked == NULL || reports == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu reports of a set", facts->report_count);
    }
    for (size_t i = 0; i < facts->report_count; i++) {
        const struct sets_report *report = &facts->reports[i];
        if (fits(operand, &out->period, report->form->code, report->level, &report->period)) {
            ranked[count++] = (struct ranked){report, (uint32_t)i};
        }
    }
    qsort(ranked, count, sizeof *ranked, compare_reports);
    for (size_t i = 0; i < count; i++) {
        reports[i] = ranked[i].number;
    }
    out->reports = reports;
    out->report_count = count;
    return ERR_OK;
}

static int
compare_missing(const void *a, const void *b)
{
    const struct sets_missing *missing_a = a;
    const struct sets_missing *missing_b = b;
    int                        units = str_compare(missing_a->unit, missing_b->unit);

    return units != 0 ? units : str_compare(missing_a->name, missing_b->name);
}

/* What is awaited, or one nameless report where nobody knows. */
static enum err
find_missing(struct arena *arena, const struct sets_operand *operand,
             const struct sets_facts *facts, struct presence_operand *out, struct fault *fault)
{
    struct sets_missing *missing = ARENA_NEW(arena, struct sets_missing, facts->awaited_count + 1);

    if (missing == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu reports awaited", facts->awaited_count);
    }
    out->missing = missing;
    for (size_t i = 0; i < facts->awaited_count; i++) {
        const struct sets_awaited *awaited = &facts->awaited[i];
        if (fits(operand, &out->period, awaited->form, awaited->level, &awaited->period)) {
            missing[out->missing_count++] =
                (struct sets_missing){operand, out->period, awaited->unit, awaited->name};
        }
    }
    bool unsure = !facts->awaited_known && (out->report_count == 0 || operand->many);
    out->pending = out->missing_count > 0 || unsure;
    if (out->missing_count == 0 && (unsure || out->report_count == 0)) {
        missing[0] = (struct sets_missing){.operand = operand, .period = out->period};
        out->missing_count = 1;
    }
    qsort(missing, out->missing_count, sizeof *missing, compare_missing);
    return ERR_OK;
}

enum err
presence_find(struct arena *arena, const struct sets *sets, const struct sets_facts *facts,
              struct presence *out, struct fault *fault)
{
    *out = (struct presence){.sets = sets, .facts = facts};
    for (size_t i = 0; i < sets->operand_count; i++) {
        const struct sets_operand *operand = &sets->operands[i];
        if (operand->scope != facts->key.scope
            || !scheme_period(&facts->key, operand->when, &out->operands[i].period)) {
            continue;
        }
        TRY(find_reports(arena, operand, facts, &out->operands[i], fault));
        TRY(find_missing(arena, operand, facts, &out->operands[i], fault));
    }
    return ERR_OK;
}

/* Of the operands that a rule reads. */
struct census {
    bool   any;   /* one of them has a report */
    bool   named; /* somebody awaits a certain report */
    bool   pending;
    bool   void_of; /* a required one is known not to exist */
    size_t missing;
};

static struct census
count_operands(const struct presence *presence, const struct sets_rule *rule)
{
    struct census census = {0};

    for (size_t i = 0; i < presence->sets->operand_count; i++) {
        const struct presence_operand *operand = &presence->operands[i];
        if ((rule->operands >> i & 1) == 0) {
            continue;
        }
        bool known_void = operand->report_count == 0 && !operand->pending;
        census.any = census.any || operand->report_count > 0;
        census.named = census.named || (operand->pending && presence->facts->awaited_known);
        census.pending = census.pending || operand->pending;
        census.void_of = census.void_of || (known_void && !presence->sets->operands[i].optional);
        census.missing += operand->missing_count;
    }
    return census;
}

enum err
presence_outcome(struct arena *arena, const struct presence *presence, const struct sets_rule *rule,
                 struct sets_answer *out, struct fault *fault)
{
    struct census        census = count_operands(presence, rule);
    struct sets_missing *missing = ARENA_NEW(arena, struct sets_missing, census.missing + 1);
    size_t               count = 0;
    bool                 nothing = !census.any && !census.named;

    if (missing == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu reports missing", census.missing);
    }
    if (nothing || census.void_of) {
        out->outcome = SETS_IDLE;
    } else {
        out->outcome = census.pending ? SETS_PENDING : SETS_HOLDS;
    }
    for (size_t i = 0; i < presence->sets->operand_count; i++) {
        const struct presence_operand *operand = &presence->operands[i];
        bool told = out->outcome == SETS_PENDING ? operand->pending : operand->report_count == 0;
        for (size_t j = 0; (rule->operands >> i & 1) != 0 && told && j < operand->missing_count;
             j++) {
            missing[count++] = operand->missing[j];
        }
    }
    out->missing = missing;
    out->missing_count = out->outcome == SETS_HOLDS ? 0 : count;
    return ERR_OK;
}
