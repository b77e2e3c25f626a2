#include "gateway/intake/in_force.h"

#include <stdlib.h>

/* A report of the batch that has a key. */
struct contender {
    const struct concluding *item;
    size_t                   item_at; /* order of the log */
    size_t                   report_at;
};

/* What is in force for one key while its contenders are gone through. */
struct holder {
    bool          exists;
    struct filed *filed;   /* of this batch; NULL: it stands in the store */
    int64_t       earlier; /* under this number */
    int32_t       version;
    instant       arrived;
    instant       from;
    instant       since; /* nothing may begin before */
};

struct settling {
    struct in_force_end *ends;
    size_t               end_count;
};

static struct filed *
filed_of(const struct contender *contender)
{
    return &contender->item->filed[contender->report_at];
}

static const struct decided_report *
report_of(const struct contender *contender)
{
    return &contender->item->decided->reports[contender->report_at];
}

static int
compare_numbers(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int
compare_keys(const struct contender *a, const struct contender *b)
{
    const struct filed *first = filed_of(a);
    const struct filed *second = filed_of(b);

    int order = compare_numbers(first->unit, second->unit);
    if (order == 0) {
        order = compare_numbers(date_days(first->period.end), date_days(second->period.end));
    }
    if (order == 0) {
        order = str_compare(first->period.type->name, second->period.type->name);
    }
    if (order == 0) {
        order = str_compare(report_of(a)->form->code, report_of(b)->form->code);
    }
    if (order == 0) {
        order = str_compare(report_of(a)->level, report_of(b)->level);
    }
    return order != 0 ? order : str_compare(report_of(a)->variant, report_of(b)->variant);
}

static int
compare_contenders(const void *left, const void *right)
{
    const struct contender *a = left;
    const struct contender *b = right;

    int order = compare_keys(a, b);
    if (order == 0) {
        order = compare_numbers((int64_t)a->item_at, (int64_t)b->item_at);
    }
    return order != 0 ? order : compare_numbers((int64_t)a->report_at, (int64_t)b->report_at);
}

static instant
later(instant a, instant b)
{
    return a > b ? a : b;
}

static void
end_holder(struct settling *settling, struct holder *holder, instant at)
{
    if (!holder->exists) {
        return;
    }
    instant until = later(at, holder->from);
    if (holder->filed == NULL) {
        settling->ends[settling->end_count] = (struct in_force_end){holder->earlier, until};
        settling->end_count++;
    } else if (until > holder->from) {
        holder->filed->until = until;
    } else {
        holder->filed->from = 0;
    }
    holder->exists = false;
    holder->since = until;
}

static void
begin_holder(struct holder *holder, const struct contender *contender)
{
    const struct concluding *item = contender->item;

    holder->exists = true;
    holder->filed = filed_of(contender);
    holder->version = holder->filed->version;
    holder->arrived = item->queued->arrived;
    holder->from = later(item->decided_at, holder->since);
    holder->filed->from = holder->from;
    holder->filed->until = 0;
}

/* Contenders come in the order of the log, so that of two equal ones the later wins. */
static bool
wins(const struct contender *contender, const struct holder *holder)
{
    int order = compare_numbers(filed_of(contender)->version, holder->version);

    if (order == 0) {
        order = compare_numbers(contender->item->queued->arrived, holder->arrived);
    }
    return !holder->exists || order >= 0;
}

static void
contend(struct settling *settling, struct holder *holder, const struct contender *contender)
{
    const struct concluding *item = contender->item;

    if (report_of(contender)->verdict == VERDICT_ACCEPTED && wins(contender, holder)) {
        end_holder(settling, holder, item->decided_at);
        begin_holder(holder, contender);
    }
}

static struct holder
holder_of(const struct contender *contender)
{
    const struct before *before = &contender->item->before[contender->report_at];

    return (struct holder){.exists = before->exists,
                           .earlier = before->report,
                           .version = before->version,
                           .arrived = before->arrived,
                           .from = before->since,
                           .since = before->since};
}

static size_t
collect(const struct concluding *items, size_t count, struct contender *contenders)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < conclusion_report_count(&items[i]); j++) {
            items[i].filed[j].from = 0;
            items[i].filed[j].until = 0;
            if (items[i].filed[j].has_key) {
                contenders[found] = (struct contender){&items[i], i, j};
                found++;
            }
        }
    }
    return found;
}

enum err
in_force_settle(struct arena *arena, const struct concluding *items, size_t count,
                struct in_force_end **ends, size_t *end_count, struct fault *fault)
{
    struct settling settling = {0};
    struct holder   holder = {0};

    size_t reports = 0;
    for (size_t i = 0; i < count; i++) {
        reports += conclusion_report_count(&items[i]);
    }
    struct contender *contenders = ARENA_NEW(arena, struct contender, reports + 1);
    settling.ends = ARENA_NEW(arena, struct in_force_end, reports + 1);
    if (contenders == NULL || settling.ends == NULL) {
        return FAIL(fault, ERR_MEMORY, "what is in force of %zu reports", reports);
    }
    size_t found = collect(items, count, contenders);
    qsort(contenders, found, sizeof *contenders, compare_contenders);
    for (size_t i = 0; i < found; i++) {
        if (i == 0 || compare_keys(&contenders[i - 1], &contenders[i]) != 0) {
            holder = holder_of(&contenders[i]);
        }
        contend(&settling, &holder, &contenders[i]);
    }
    *ends = settling.ends;
    *end_count = settling.end_count;
    return ERR_OK;
}
