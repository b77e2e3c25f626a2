#include "gateway/backtest/backtest_sets.h"

#include "gateway/backtest/backtest_home.h"
#include "gateway/setbook/weighing.h"

#include <sys/random.h>

#define SWITCHES_MEMORY ((size_t)32 << 20U)
#define SLICE_MEMORY ((size_t)512 << 20U)
#define HOLDINGS_MEMORY ((size_t)512 << 20U)

enum { SIDES = BACKTEST_HOME_SIDES, BEFORE = 0, AFTER = 1 };
enum { PLACES_MAX = 64 /* that are read at a time */ };

static const char now_sql[] =
    "SELECT environment = 'PROD', now() + clock_offset FROM registry.setting";

struct testing {
    struct store                  *store;
    const struct backtest_request *request;
    struct backtest_tally         *tally;
    struct rule_switches           switches;
    struct setbook_tools           tools[SIDES];
    struct arena                  *kept;
};

/* Some sets of a home while both sides judge them. */
struct batch {
    struct backtest_home            *home;
    const struct backtest_home_spot *spots;
    size_t                           count;
    struct arena                    *arena;
    struct holdings                  holdings[SIDES];
};

/* A set on both sides. */
struct trial {
    struct arena         *arenas[SIDES];
    struct holding       *holdings[SIDES];
    struct sets_judgement judgements[SIDES];
};

/* Reports that a strict sender would not have got accepted: a rule that makes their set
 * inconsistent reads them (and whatever it charges, it reads). */
static void
mark_stopped(const struct testing *testing, struct backtest_home *home, const struct trial *trial,
             int side)
{
    const struct setbook_tools  *tools = &testing->tools[side];
    const struct sets_judgement *judgement = &trial->judgements[side];
    const struct holding        *holding = trial->holdings[side];

    for (size_t i = 0; i < judgement->answer_count; i++) {
        const struct sets_answer *answer = &judgement->answers[i];
        bool spoils = answer->severity > SEVERITY_INFO && backtest_set_count_is_told(tools, answer);
        for (size_t j = 0; spoils && j < holding->report_count; j++) {
            const struct holding_report *report = &holding->reports[j];
            struct backtest_home_member *found =
                backtest_home_find(home, report->unit, report->report);
            if (found != NULL && holding_reads(tools, holding, answer->rule, report)) {
                found->stopped[side] = true;
            }
        }
    }
}

/* *judged: false when it cannot be compared here, and is only counted. */
static enum err
judge_side(const struct testing *testing, struct trial *trial, int side, bool *judged,
           struct fault *fault)
{
    struct fault why = {0};
    enum err got = weighing_judge(&testing->tools[side], trial->arenas[side], trial->holdings[side],
                                  &trial->judgements[side], judged, &why);

    if (got == ERR_MEMORY) {
        *judged = false;
        return ERR_OK;
    }
    return got == ERR_OK ? ERR_OK : FAIL(fault, got, "%s", why.text);
}

static enum err
judge_set(const struct testing *testing, struct backtest_home *home, struct trial *trial,
          struct fault *fault)
{
    bool judged[SIDES] = {false, false};

    TRY(judge_side(testing, trial, BEFORE, &judged[BEFORE], fault));
    TRY(judge_side(testing, trial, AFTER, &judged[AFTER], fault));
    if (!judged[BEFORE] || !judged[AFTER]) {
        testing->tally->sets.unread++;
        return ERR_OK;
    }
    const struct backtest_set_side before = {&testing->tools[BEFORE], &trial->judgements[BEFORE]};
    const struct backtest_set_side after = {&testing->tools[AFTER], &trial->judgements[AFTER]};
    TRY(backtest_set_count(testing->tally, &home->holder, &before, &after, fault));
    mark_stopped(testing, home, trial, BEFORE);
    mark_stopped(testing, home, trial, AFTER);
    return ERR_OK;
}

static enum err
read_holdings(const struct testing *testing, struct batch *batch, int side, struct fault *fault)
{
    struct places places = {.now = ARENA_NEW(batch->arena, struct place, batch->count),
                            .now_count = batch->count};
    const struct holdings_request request = {.places = &places, .anew = true};

    if (places.now == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    for (size_t i = 0; i < batch->count; i++) {
        places.now[i] = (struct place){
            .owner = batch->spots[i].owner,
            .key = {batch->spots[i].scope, batch->home->periods[side]}
        };
    }
    return holdings_read(&testing->tools[side], batch->arena, &request, &batch->holdings[side],
                         fault);
}

static enum err
judge_batch(const struct testing *testing, struct batch *batch, struct fault *fault)
{
    TRY(read_holdings(testing, batch, BEFORE, fault));
    TRY(read_holdings(testing, batch, AFTER, fault));
    for (size_t i = 0; i < batch->count; i++) {
        struct trial trial = {0};
        for (int side = 0; side < SIDES; side++) {
            trial.arenas[side] = arena_create(WEIGHING_MEMORY);
            trial.holdings[side] = &batch->holdings[side].items[i];
        }
        enum err got = judge_set(testing, batch->home, &trial, fault);
        arena_destroy(trial.arenas[BEFORE]);
        arena_destroy(trial.arenas[AFTER]);
        TRY(got);
    }
    return ERR_OK;
}

static void
count_stopped(struct backtest_set_totals *totals, const struct backtest_home *home)
{
    for (size_t i = 0; i < home->member_count; i++) {
        const struct backtest_home_member *member = &home->members[i];
        enum backtest_turn                 turn =
            backtest_set_count_turn(member->stopped[BEFORE], member->stopped[AFTER]);
        totals->reports++;
        if (turn != BACKTEST_STAYS_AWAY) {
            totals->stopped[turn]++;
        }
        totals->strict += turn == BACKTEST_NEW && member->strict ? 1 : 0;
    }
}

static enum err
judge_home(const struct testing *testing, struct backtest_home *home, struct fault *fault)
{
    if (!home->known) {
        testing->tally->sets.unread++;
        return ERR_OK;
    }
    for (size_t i = 0; i < home->spot_count; i += PLACES_MAX) {
        size_t       left = home->spot_count - i;
        struct batch batch = {.home = home,
                              .spots = &home->spots[i],
                              .count = left < PLACES_MAX ? left : PLACES_MAX,
                              .arena = arena_create(HOLDINGS_MEMORY)};
        enum err     got = judge_batch(testing, &batch, fault);
        arena_destroy(batch.arena);
        TRY(got);
    }
    count_stopped(&testing->tally->sets, home);
    return ERR_OK;
}

static enum err
take_slice(const struct testing *testing, struct backtest_home_cursor *cursor, struct arena *arena,
           bool *more, struct fault *fault)
{
    struct backtest_homes homes = {0};

    TRY(backtest_home_next(cursor, arena, &homes, fault));
    for (size_t i = 0; i < homes.count; i++) {
        TRY(judge_home(testing, &homes.items[i], fault));
    }
    *more = homes.more;
    return ERR_OK;
}

/* What both sides judge with: the rules in force as they are switched now, the draft's all on. */
static enum err
make_tools(struct testing *testing, struct fault *fault)
{
    const struct definitions *definitions[SIDES] = {testing->request->before,
                                                    testing->request->after};
    struct store_rows         rows = {0};
    uint64_t                  seed = 0;

    TRY(rule_switches_read(testing->store, testing->kept, &testing->switches, fault));
    TRY(store_run(testing->store, now_sql, NULL, testing->kept, &rows, fault));
    struct str off =
        rule_switches_off(testing->kept, &testing->switches, store_instant(&rows, 0, 1));
    if (off.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    if (getrandom(&seed, sizeof seed, 0) != (ssize_t)sizeof seed) {
        return FAIL(fault, ERR_SYSTEM, "brak losowych bajtów");
    }
    for (int side = 0; side < SIDES; side++) {
        testing->tools[side] = (struct setbook_tools){
            .store = testing->store,
            .sets = definitions[side]->sets,
            .catalogue = definitions[side]->catalogue,
            .calendar = definitions[side]->calendar,
            .environment = store_truth(&rows, 0, 0) ? ENVIRONMENT_PROD : ENVIRONMENT_TEST,
            .seed = seed,
            .switches = &testing->switches,
            .switched_off = side == BEFORE ? off : STR("")};
    }
    return ERR_OK;
}

enum err
backtest_sets_run(struct store *store, const struct backtest_request *request,
                  struct backtest_tally *tally, struct fault *fault)
{
    struct testing testing = {
        .store = store, .request = request, .tally = tally, .kept = arena_create(SWITCHES_MEMORY)};
    struct backtest_home_cursor cursor = {
        .kept = testing.kept, .tools = testing.tools, .from = request->from, .to = request->to};
    bool more = true;

    enum err got = make_tools(&testing, fault);
    while (got == ERR_OK && more) {
        struct arena *arena = arena_create(SLICE_MEMORY);
        got = take_slice(&testing, &cursor, arena, &more, fault);
        arena_destroy(arena);
    }
    arena_destroy(testing.kept);
    TRY(got);
    backtest_tally_sort(tally);
    return ERR_OK;
}
