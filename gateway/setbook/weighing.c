#include "gateway/setbook/weighing.h"

#include "gateway/log/log.h"
#include "gateway/metrics/metrics.h"

static const struct str too_long =
    STR_INIT("zestaw ma więcej pozycji, niż brama porównuje naraz; operator bramy o tym wie");
static const struct str deferred =
    STR_INIT("zestaw czeka na porównanie: razem z innymi ma wiele pozycji, więc brama porówna go "
             "zaraz po wydaniu decyzji; wynik będzie widoczny przy zestawie");
static const struct str too_large =
    STR_INIT("porównanie zestawu wymaga więcej pamięci, niż brama na nie przeznacza; operator "
             "bramy o tym wie");
static const struct str failed =
    STR_INIT("porównanie zestawu kilka razy się nie udało; operator bramy o tym wie");
static const struct str unknown_form =
    STR_INIT("sprawozdanie zestawu jest w wersji formularza, której obecne definicje nie znają; "
             "operator bramy o tym wie");

/* One set. */
struct scale {
    struct arena     *arena; /* ends with the set */
    struct holding   *holding;
    struct account   *account;
    bool              now;
    bool              any;  /* lines are needed */
    bool              left; /* there are too many */
    struct sets_facts facts;
    enum err          got; /* ERR_MEMORY: of its own arena */
    struct fault      why;
};

struct scales {
    const struct setbook_tools *tools;
    const struct stock         *stock;
    struct scale               *items;
    size_t                      count;
};

static enum err
find_needs(const struct setbook_tools *tools, struct scale *scale, struct fault *fault)
{
    struct holding *holding = scale->holding;

    scale->any = false;
    TRY(holding_facts(tools, scale->arena, holding, &scale->facts, fault));
    TRY(sets_needs(scale->arena, tools->sets, &scale->facts, holding->needs, fault));
    for (size_t i = 0; i < holding->report_count; i++) {
        scale->any = scale->any || holding->needs[i];
    }
    return ERR_OK;
}

/* Lines are needed only where a rule has all its operands, units that have not filed included. */
static enum err
prepare(const struct setbook_tools *tools, struct scale *scale, struct fault *fault)
{
    struct holding *holding = scale->holding;

    holding->needs = ARENA_NEW(scale->arena, bool, holding->report_count + 1);
    if (holding->needs == NULL) {
        return FAIL(fault, ERR_MEMORY, "a set of %zu reports", holding->report_count);
    }
    TRY(find_needs(tools, scale, fault));
    if (!scale->any) {
        return ERR_OK;
    }
    TRY(holding_ask_units(tools, scale->arena, holding, fault));
    return find_needs(tools, scale, fault);
}

static bool
is_judged(const struct scale *scale)
{
    return !scale->holding->unreadable && !scale->holding->failed;
}

static bool
wants_lines(const struct scale *scale)
{
    return is_judged(scale) && scale->got == ERR_OK && scale->any;
}

/* The lines of all that somebody waits for, in one question. */
static enum err
fetch_together(const struct scales *scales, struct arena *arena, struct fault *fault)
{
    struct stock_want *wants = ARENA_NEW(arena, struct stock_want, scales->count + 1);
    size_t             count = 0;

    if (wants == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu sets", scales->count);
    }
    for (size_t i = 0; i < scales->count; i++) {
        if (scales->items[i].now && wants_lines(&scales->items[i])) {
            wants[count] = (struct stock_want){scales->items[i].holding, &scales->items[i].left};
            count++;
        }
    }
    const struct stock_wants all = {wants, count, STOCK_LINES_NOW};
    return stock_fetch(scales->tools, arena, scales->stock, &all, fault);
}

static enum err
judge(const struct scales *scales, struct scale *scale, struct sets_judgement *out,
      struct fault *fault)
{
    if (scale->any && !scale->now) {
        const struct stock_want  want = {scale->holding, &scale->left};
        const struct stock_wants alone = {&want, 1, STOCK_LINES_MAX};
        TRY(stock_fetch(scales->tools, scale->arena, scales->stock, &alone, fault));
    }
    if (scale->left) {
        return ERR_OK;
    }
    TRY(holding_facts(scales->tools, scale->arena, scale->holding, &scale->facts, fault));
    return sets_judge(scale->arena, scales->tools->sets, &scale->facts, out, fault);
}

enum err
weighing_judge(const struct setbook_tools *tools, struct arena *arena, struct holding *holding,
               struct sets_judgement *out, bool *judged, struct fault *fault)
{
    const struct stock  none = {0};
    const struct scales scales = {.tools = tools, .stock = &none};
    struct scale        scale = {.arena = arena, .holding = holding};

    *judged = false;
    if (!is_judged(&scale)) {
        return ERR_OK;
    }
    TRY(prepare(tools, &scale, fault));
    TRY(judge(&scales, &scale, out, fault));
    *judged = !scale.left;
    return ERR_OK;
}

static enum err
account_for(const struct scales *scales, struct scale *scale, struct arena *arena,
            struct fault *fault)
{
    struct sets_judgement judgement = {0};
    struct account       *out = scale->account;

    if (!is_judged(scale)) {
        return account_give_up(arena, scale->holding,
                               scale->holding->failed ? failed : unknown_form, out, fault);
    }
    if (scale->got == ERR_OK) {
        scale->got = judge(scales, scale, &judgement, &scale->why);
    }
    if (scale->got == ERR_OK && scale->left) {
        TRY(account_give_up(arena, scale->holding, scale->now ? deferred : too_long, out, fault));
        out->deferred = scale->now;
        return ERR_OK;
    }
    if (scale->got == ERR_OK) {
        scale->got =
            account_make(scales->tools, arena, scale->holding, &judgement, out, &scale->why);
    }
    if (scale->got == ERR_MEMORY) {
        return account_give_up(arena, scale->holding, too_large, out, fault);
    }
    return scale->got == ERR_OK ? ERR_OK : FAIL(fault, scale->got, "%s", scale->why.text);
}

static void
say_unjudged(const struct account *account)
{
    if (account->reason.size > 0 && !account->deferred && !account->idle) {
        metrics_add(METRIC_SETS_UNJUDGED, 1);
        log_begin(LOG_ERROR, "set.unjudged");
        log_number("owner", account->holding->place->owner);
        log_number("reports", (int64_t)account->holding->report_count);
        log_end();
    }
}

static enum err
weigh(const struct scales *scales, struct arena *arena, struct arena *lines, struct fault *fault)
{
    struct fault why = {0};

    for (size_t i = 0; i < scales->count; i++) {
        struct scale *scale = &scales->items[i];
        if (is_judged(scale)) {
            scale->got = prepare(scales->tools, scale, &scale->why);
        }
    }
    enum err got = fetch_together(scales, lines, &why);
    if (got != ERR_OK && got != ERR_MEMORY) {
        return FAIL(fault, got, "%s", why.text);
    }
    for (size_t i = 0; i < scales->count; i++) {
        struct scale *scale = &scales->items[i];
        if (got == ERR_MEMORY && scale->now && wants_lines(scale)) {
            scale->got = got;
        }
        TRY(account_for(scales, scale, arena, fault));
        say_unjudged(scale->account);
        arena_destroy(scale->arena);
        scale->arena = NULL;
    }
    return ERR_OK;
}

enum err
weighing_all(const struct setbook_tools *tools, struct arena *arena, const struct stock *stock,
             const struct weighing *weighings, size_t count, struct fault *fault)
{
    struct scales scales = {.tools = tools,
                            .stock = stock,
                            .items = ARENA_NEW(arena, struct scale, count + 1),
                            .count = count};

    if (scales.items == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu sets", count);
    }
    struct arena *lines = arena_create(WEIGHING_MEMORY);
    for (size_t i = 0; i < count; i++) {
        scales.items[i] = (struct scale){.arena = arena_create(WEIGHING_MEMORY),
                                         .holding = weighings[i].holding,
                                         .account = weighings[i].account,
                                         .now = weighings[i].now};
    }
    enum err got = weigh(&scales, arena, lines, fault);
    for (size_t i = 0; i < count; i++) {
        arena_destroy(scales.items[i].arena);
    }
    arena_destroy(lines);
    return got;
}
