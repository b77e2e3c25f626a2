#include "gateway/setbook/setbook.h"

#include "gateway/setbook/record.h"
#include "gateway/setbook/weighing.h"

enum { REFUSAL_MAX = 4096, REFUSAL_FINDINGS_MAX = 10 };

struct judging {
    bool anew;    /* ask again what is owed */
    bool give_up; /* do not judge at all */
};

static const struct account *
account_of(const struct setbook *book, int64_t owner, enum sets_scope scope,
           const struct period *period)
{
    const struct sets_key key = {.scope = scope, .period = *period};
    const struct place   *place = place_find(book->places.now, book->places.now_count, owner, &key);

    return place == NULL ? NULL : &book->accounts[place - book->places.now];
}

/* The sets of one submission: those of its reports' units and JST. */
static bool
is_touched_by(const struct setbook *book, size_t item, const struct account *account)
{
    for (size_t i = 0; i < book->places.member_count; i++) {
        const struct place_member *member = &book->places.members[i];
        const struct filed        *filed = &book->items[member->item].filed[member->ordinal];
        if (member->item == item
            && (account == account_of(book, member->jst, SETS_OF_JST, &filed->period)
                || account == account_of(book, filed->unit, SETS_OF_UNIT, &filed->period))) {
            return true;
        }
    }
    return false;
}

/*
 * With a batch, under the head of the log, within a few lines. A sender who has asked for it
 * (strict) is not accepted before the set is known, however large.
 */
static bool
is_judged_now(const struct setbook *book, size_t at)
{
    for (size_t i = 0; i < book->item_count; i++) {
        const struct concluding *item = &book->items[i];
        if (item->queued->strict && item->queued->decided_n == 0
            && is_touched_by(book, i, &book->accounts[at])) {
            return false;
        }
    }
    return book->item_count > 0;
}

static enum err
judge_places(const struct setbook_tools *tools, struct arena *arena, struct judging how,
             struct setbook *book, struct fault *fault)
{
    const struct holdings_request request = {
        .places = &book->places, .items = book->items, .anew = how.anew};
    struct holdings holdings = {0};
    struct stock    stock = {0};

    book->count = book->places.now_count;
    book->accounts = ARENA_NEW(arena, struct account, book->count + 1);
    if (book->accounts == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu sets", book->count);
    }
    if (book->count == 0) {
        return ERR_OK;
    }
    TRY(holdings_read(tools, arena, &request, &holdings, fault));
    TRY(stock_of_batch(arena, book->items, &book->places, &stock, fault));
    struct weighing *weighings = ARENA_NEW(arena, struct weighing, book->count);
    if (weighings == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu sets", book->count);
    }
    for (size_t i = 0; i < book->count; i++) {
        holdings.items[i].failed = how.give_up;
        weighings[i] = (struct weighing){.holding = &holdings.items[i],
                                         .now = is_judged_now(book, i),
                                         .account = &book->accounts[i]};
    }
    return weighing_all(tools, arena, &stock, weighings, book->count, fault);
}

static size_t
charge(const struct account *account, int64_t report, struct filed_charge *out)
{
    size_t count = 0;

    for (size_t i = 0; account != NULL && i < account->finding_count; i++) {
        const struct account_finding *finding = &account->findings[i];
        if (finding->report == report) {
            out[count] =
                (struct filed_charge){.code = finding->code,
                                      .severity = finding->severity,
                                      .cell = finding->cell,
                                      .title = finding->shared ? finding->about : finding->title};
            count++;
        }
    }
    return count;
}

/*
 * A report states the set of its unit: of a JST that is the set of the whole JST. What charges it
 * stands on it whichever set that is found in. A report that is not in force states nothing.
 */
static enum err
state_report(struct arena *arena, const struct setbook *book, const struct place_member *member,
             struct filed *filed, struct fault *fault)
{
    const struct account *whole = account_of(book, member->jst, SETS_OF_JST, &filed->period);
    const struct account *alone = account_of(book, filed->unit, SETS_OF_UNIT, &filed->period);
    const struct account *own = filed->unit == member->jst && whole != NULL ? whole : alone;
    size_t                room =
        (whole == NULL ? 0 : whole->finding_count) + (alone == NULL ? 0 : alone->finding_count);
    struct filed_charge *charges = ARENA_NEW(arena, struct filed_charge, room + 1);

    if (charges == NULL) {
        return FAIL(fault, ERR_MEMORY, "findings of a set");
    }
    filed->set.charges = charges;
    filed->set.charge_count = charge(whole, filed->report, charges);
    filed->set.charge_count += charge(alone, filed->report, &charges[filed->set.charge_count]);
    if (own != NULL) {
        filed->set.state = own->state;
        filed->set.awaited = own->reason.size > 0 ? own->reason : own->awaited;
    }
    return ERR_OK;
}

enum err
setbook_judge(const struct setbook_tools *tools, struct arena *arena, struct concluding *items,
              size_t count, struct setbook *out, struct fault *fault)
{
    *out = (struct setbook){.items = items, .item_count = count};
    TRY(place_search(arena, tools->sets, items, count, &out->places, fault));
    TRY(judge_places(tools, arena, (struct judging){0}, out, fault));
    for (size_t i = 0; i < out->places.member_count; i++) {
        const struct place_member *member = &out->places.members[i];
        const struct concluding   *item = &items[member->item];
        if (item->decided->reports[member->ordinal].verdict == VERDICT_ACCEPTED) {
            TRY(state_report(arena, out, member, &item->filed[member->ordinal], fault));
        }
    }
    return ERR_OK;
}

enum err
setbook_judge_one(const struct setbook_tools *tools, struct arena *arena, const struct place *place,
                  bool give_up, struct setbook *out, struct fault *fault)
{
    *out = (struct setbook){
        .places = {.now = ARENA_NEW(arena, struct place, 1), .now_count = 1}
    };
    if (out->places.now == NULL) {
        return FAIL(fault, ERR_MEMORY, "a set");
    }
    out->places.now[0] = *place;
    const struct judging how = {.anew = true, .give_up = give_up};
    return judge_places(tools, arena, how, out, fault);
}

enum err
setbook_write(const struct setbook_tools *tools, struct arena *arena, const struct setbook *book,
              instant now, struct fault *fault)
{
    const struct record record = {.items = book->items,
                                  .count = book->item_count,
                                  .places = &book->places,
                                  .accounts = book->accounts,
                                  .account_count = book->count,
                                  .now = now};

    if (book->places.member_count == 0 && book->count == 0) {
        return ERR_OK;
    }
    return record_write(tools, arena, &record, fault);
}

/* In "{12,15}". */
static bool
names_report(struct str reports, int64_t report)
{
    struct str rest = reports;
    struct str number = {0};
    int64_t    value = 0;
    bool       named = false;

    if (rest.size > 2) {
        rest = (struct str){rest.data + 1, rest.size - 2};
        while (!named && str_cut(&rest, ',', &number)) {
            named = str_to_number(number, &value) && value == report;
        }
    }
    return named;
}

/* Whether one of the submission's own reports is charged by the finding, or read by its rule. */
struct share {
    bool charged;
    bool read;
};

static struct share
share_of(const struct concluding *item, const struct account_finding *finding)
{
    struct share share = {0};

    for (size_t i = 0; i < conclusion_report_count(item); i++) {
        int64_t report = item->filed[i].report;
        share.charged = share.charged || finding->report == report;
        share.read = share.read || names_report(finding->reports, report);
    }
    return share;
}

/* Figures are told to whom the finding charges, and then only of reports that it may see. */
static void
write_findings(struct buf *text, const struct concluding *item, const struct account *account,
               size_t *told)
{
    for (size_t i = 0; i < account->finding_count && *told < REFUSAL_FINDINGS_MAX; i++) {
        const struct account_finding *finding = &account->findings[i];
        struct share                  share = share_of(item, finding);
        bool                          figures = share.charged && !finding->shared;
        if (!str_equal(finding->severity, STR("info")) && (share.charged || share.read)
            && text->size < REFUSAL_MAX / 2) {
            buf_format(text, "%s%.*s: %.*s",
                       *told == 0 ? "nic nie zostało przyjęte, bo nadawca zastrzegł (strict), że "
                                    "nie chce zestawu niespójnego, a taki byłby po przyjęciu: "
                                  : "; ",
                       STR_ARG(finding->code), STR_ARG(figures ? finding->title : finding->about));
            (*told)++;
        }
    }
}

enum err
setbook_refusal(struct arena *arena, const struct setbook *book, size_t item, struct str *out,
                struct fault *fault)
{
    struct buf text = buf_create(arena, REFUSAL_MAX);
    size_t     told = 0;

    *out = (struct str){0};
    for (size_t i = 0; i < book->count; i++) {
        const struct account *account = &book->accounts[i];
        if (str_equal(account->state, str_of(sets_state_name(SETS_INCONSISTENT)))
            && is_touched_by(book, item, account)) {
            write_findings(&text, &book->items[item], account, &told);
        }
    }
    if (!buf_ok(&text)) {
        return FAIL(fault, ERR_MEMORY, "why a submission is refused");
    }
    *out = buf_str(&text);
    return ERR_OK;
}
