#include "gateway/cli/set_group.h"

#include "validators/package/package.h"

#include <stdlib.h>

/* Nobody outside can choose what is hashed here: the files are the asker's own. */
enum { SEED = 1 };

/* A report that may stand in a set. */
struct candidate {
    struct set_member member;
    struct period     period;
    struct str        jst;  /* the five codes */
    struct str        unit; /* REGON */
    int64_t           version;
    size_t            ordinal; /* in the order given */
};

/* All of them, and the sets that come of them. */
struct grouping {
    struct arena             *arena;
    const struct set_request *request;
    struct candidate         *items;
    size_t                    count;
    struct judged_set        *sets;
    size_t                    set_count;
    size_t                    set_capacity;
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

/* By key; of one key the report that holds comes first. */
static int
compare_candidates(const void *a, const void *b)
{
    const struct candidate *one = a;
    const struct candidate *other = b;
    const int               orders[] = {
                      str_compare(one->jst, other->jst),
                      str_compare(one->unit, other->unit),
                      str_compare(one->member.report->form->code, other->member.report->form->code),
                      str_compare(one->member.report->level, other->member.report->level),
                      str_compare(one->member.report->variant, other->member.report->variant),
                      compare_periods(&one->period, &other->period),
    };

    for (size_t i = 0; i < ARRAY_COUNT(orders); i++) {
        if (orders[i] != 0) {
            return orders[i];
        }
    }
    if (one->version != other->version) {
        return one->version > other->version ? -1 : 1;
    }
    return one->ordinal > other->ordinal ? -1 : 1;
}

static bool
is_same_report(const struct candidate *a, const struct candidate *b)
{
    return str_equal(a->jst, b->jst) && str_equal(a->unit, b->unit)
           && str_equal(a->member.report->form->code, b->member.report->form->code)
           && str_equal(a->member.report->level, b->member.report->level)
           && str_equal(a->member.report->variant, b->member.report->variant)
           && compare_periods(&a->period, &b->period) == 0;
}

static enum err
add_candidate(struct grouping *grouping, const struct set_member *member, size_t ordinal,
              struct fault *fault)
{
    const struct report    *report = member->report->report;
    const struct field     *fields = report->identity.fields;
    struct candidate       *out = &grouping->items[grouping->count];
    const struct catalogue *catalogue = grouping->request->catalogue;

    if (report->state != REPORT_READ || member->report->form == NULL
        || member->report->level.size == 0 || member->report->verdict == VERDICT_REJECTED
        || !catalogue_period(catalogue, package_trim(&report->period.year),
                             package_trim(&report->period.type),
                             package_trim(&report->period.number), &out->period)) {
        return ERR_OK;
    }
    out->member = *member;
    out->unit = member->report->unit_regon;
    out->ordinal = ordinal;
    if (!str_to_number(member->report->version, &out->version)) {
        out->version = -1; /* below every version that can be read */
    }
    out->jst = str_format(
        grouping->arena, "%.*s %.*s %.*s %.*s %.*s", STR_ARG(package_trim(&fields[UNIT_WK])),
        STR_ARG(package_trim(&fields[UNIT_PK])), STR_ARG(package_trim(&fields[UNIT_GK])),
        STR_ARG(package_trim(&fields[UNIT_GT])), STR_ARG(package_trim(&fields[UNIT_PT])));
    if (out->jst.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    grouping->count++;
    return ERR_OK;
}

/* Sort, and keep the first of each key. */
static enum err
collect(struct grouping *grouping, struct fault *fault)
{
    const struct set_request *request = grouping->request;
    size_t                    kept = 0;

    grouping->items = ARENA_NEW(grouping->arena, struct candidate, request->member_count + 1);
    if (grouping->items == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    for (size_t i = 0; i < request->member_count; i++) {
        TRY(add_candidate(grouping, &request->members[i], i, fault));
    }
    qsort(grouping->items, grouping->count, sizeof *grouping->items, compare_candidates);
    for (size_t i = 0; i < grouping->count; i++) {
        if (kept == 0 || !is_same_report(&grouping->items[kept - 1], &grouping->items[i])) {
            grouping->items[kept++] = grouping->items[i];
        }
    }
    grouping->count = kept;
    return ERR_OK;
}

static struct str
period_text(struct arena *arena, const struct period *period)
{
    return str_format(arena, period->kind == PERIOD_MONTH ? "%d-%02d" : "%d-Q%d", period->year,
                      period->number);
}

/* What a JST calls itself in its own reports, else its codes. */
static struct str
jst_name(struct arena *arena, const struct candidate *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!str_starts_with(items[i].member.report->level, STR("jednostkowe"))) {
            return items[i].member.report->unit_name;
        }
    }
    return str_format(arena, "JST %.*s", STR_ARG(items[0].jst));
}

static enum err
add_set(struct grouping *grouping, const struct sets_facts *facts, const struct candidate *items,
        struct fault *fault)
{
    struct set_member *members =
        ARENA_NEW(grouping->arena, struct set_member, facts->report_count + 1);
    struct judged_set *sets = arena_reserve(grouping->arena, grouping->sets, grouping->set_count,
                                            &grouping->set_capacity, sizeof *sets);
    bool               unit = facts->key.scope == SETS_OF_UNIT;

    if (members == NULL || sets == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    for (size_t i = 0; i < facts->report_count; i++) {
        members[i] = items[i].member;
    }
    grouping->sets = sets;
    struct judged_set *out = &sets[grouping->set_count];
    *out =
        (struct judged_set){.scope = facts->key.scope,
                            .holder = unit ? items[0].member.report->unit_name
                                           : jst_name(grouping->arena, items, facts->report_count),
                            .regon = unit ? items[0].unit : (struct str){0},
                            .period = period_text(grouping->arena, &facts->key.period),
                            .members = members,
                            .member_count = facts->report_count};
    if (out->period.data == NULL || out->holder.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    TRY(sets_judge(grouping->arena, grouping->request->rules, facts, &out->judged, fault));
    grouping->set_count++;
    return ERR_OK;
}

/* Whether an earlier report of the run is of the same period. */
static bool
is_repeated(const struct candidate *items, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        if (compare_periods(&items[i].period, &items[at].period) == 0) {
            return true;
        }
    }
    return false;
}

/* A set for each period of a run of reports that have one holder. */
static enum err
judge_run_of(struct grouping *grouping, const struct candidate *items, size_t count,
             enum sets_scope scope, struct fault *fault)
{
    struct sets_report *reports = ARENA_NEW(grouping->arena, struct sets_report, count + 1);
    struct sets_facts   facts = {.key.scope = scope,
                                 .reports = reports,
                                 .report_count = count,
                                 .environment = grouping->request->environment,
                                 .seed = SEED};

    if (reports == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    for (size_t i = 0; i < count; i++) {
        const struct decided_report *report = items[i].member.report;
        reports[i] = (struct sets_report){.form = report->form,
                                          .level = report->level,
                                          .period = items[i].period,
                                          .unit = items[i].unit,
                                          .variant = report->variant,
                                          .columns = &report->report->columns};
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_repeated(items, i)) {
            facts.key.period = items[i].period;
            TRY(add_set(grouping, &facts, items, fault));
        }
    }
    return ERR_OK;
}

/* The end of the run that begins at `from`: reports of one JST, or of one unit of it. */
static size_t
find_end(const struct grouping *grouping, size_t from, size_t end, enum sets_scope scope)
{
    size_t at = from + 1;

    while (at < end && str_equal(grouping->items[at].jst, grouping->items[from].jst)
           && (scope == SETS_OF_JST
               || str_equal(grouping->items[at].unit, grouping->items[from].unit))) {
        at++;
    }
    return at;
}

enum err
set_groups_make(struct arena *arena, const struct set_request *request, struct set_groups *out,
                struct fault *fault)
{
    struct grouping grouping = {.arena = arena, .request = request};
    size_t          end = 0;

    TRY(collect(&grouping, fault));
    for (size_t from = 0; from < grouping.count; from = end) {
        end = find_end(&grouping, from, grouping.count, SETS_OF_JST);
        TRY(judge_run_of(&grouping, &grouping.items[from], end - from, SETS_OF_JST, fault));
        for (size_t unit = from; unit < end;) {
            size_t unit_end = find_end(&grouping, unit, end, SETS_OF_UNIT);
            TRY(judge_run_of(&grouping, &grouping.items[unit], unit_end - unit, SETS_OF_UNIT,
                             fault));
            unit = unit_end;
        }
    }
    *out = (struct set_groups){
        .rules = request->rules, .sets = grouping.sets, .count = grouping.set_count};
    return ERR_OK;
}
