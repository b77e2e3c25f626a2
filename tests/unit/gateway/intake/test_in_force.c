#include "gateway/intake/in_force.h"

#include "tests/support/dice.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/intake/setting.h"

#include <string.h>

#define SECOND ((instant)INSTANT_PER_SECOND)
#define BASE (INT64_C(1783666800) * SECOND)

enum { SUBMISSIONS = 6, ROUNDS = 200, ROUNDS_A_DATABASE = 40 };

/* In every other round something is decided again. */
static bool
is_played_again(size_t round)
{
    return round % 2 == 1;
}

/* One report of the key in one submission of a round. */
struct played {
    struct queued         queued;
    struct setting_report reports[2]; /* sometimes the key stands twice in a package */
    size_t                report_count;
};

/* What must be in force: the best of all that are accepted, by a formula that knows no order. */
static const struct played *
model(const struct played *played, const size_t *order, size_t concluded, int *version)
{
    const struct played *best = NULL;

    for (size_t i = 0; i < concluded; i++) {
        const struct played *each = &played[order[i]];
        for (size_t j = 0; j < each->report_count; j++) {
            if (each->reports[j].verdict != VERDICT_ACCEPTED || each->reports[j].unit == 0) {
                continue;
            }
            bool higher = best == NULL || each->reports[j].version > *version;
            bool as_high = best != NULL && each->reports[j].version == *version;
            if (higher || (as_high && each->queued.arrived >= best->queued.arrived)) {
                best = each;
                *version = each->reports[j].version;
            }
        }
    }
    return best;
}

static void
shuffle(struct dice *dice, size_t *order)
{
    for (size_t i = 0; i < SUBMISSIONS; i++) {
        order[i] = i;
    }
    for (size_t i = SUBMISSIONS; i > 1; i--) {
        size_t with = dice_below(dice, i);
        size_t kept = order[i - 1];
        order[i - 1] = order[with];
        order[with] = kept;
    }
}

static void
prepare(const struct setting *setting, struct dice *dice, size_t round, struct played *played)
{
    static const char *const months[] = {"1", "2", "3", "4", "5"};
    size_t                   place = round % ROUNDS_A_DATABASE;

    for (size_t i = 0; i < SUBMISSIONS; i++) {
        uint64_t number = round * SUBMISSIONS + i + 1;
        played[i].queued =
            setting_admit(setting, setting->store, number,
                          str_format(setting->arena, "%llu", (unsigned long long)number).data);
        played[i].report_count = dice_chance(dice, 10) ? 2 : 1;
        for (size_t j = 0; j < played[i].report_count; j++) {
            played[i].reports[j] = (struct setting_report){
                .unit = 1 + (int64_t)(place / ARRAY_COUNT(months)),
                .version = (int)dice_below(dice, 4),
                .verdict = dice_chance(dice, 80) ? VERDICT_ACCEPTED : VERDICT_REJECTED,
                .rows = 1,
                .period_type = "Miesiac",
                .number = months[place % ARRAY_COUNT(months)]};
        }
    }
}

static void
check(const struct setting *setting, const struct played *first, const struct played *best,
      int version)
{
    const struct setting_report *key = &first->reports[0];

    struct str sql = str_format(
        setting->arena,
        "SELECT coalesce(string_agg(s.key || ' ' || r.version, ';'), 'none') FROM intake.report r "
        "JOIN intake.submission s USING (submission) WHERE upper_inf(r.in_force) AND r.unit = %lld "
        "AND r.period_type = 'Miesiac' AND r.period_number = %s",
        (long long)key->unit, key->number);
    struct str got = setting_ask(setting, sql.data);
    struct str want = STR("none");
    if (best != NULL) {
        sql = str_format(setting->arena,
                         "SELECT key FROM intake.submission WHERE arrived = "
                         "timestamptz 'epoch' + %lld * interval '1 microsecond'",
                         (long long)best->queued.arrived);
        struct str name = setting_ask(setting, sql.data);
        want = str_format(setting->arena, "%s %d", name.data, version);
    }
    assert_string_equal(got.data, want.data);
}

/* An operator has it decided again: the same bytes, other verdicts, perhaps of an unknown unit. */
static void
set_to_work(const struct setting *setting, struct dice *dice, struct played *played)
{
    struct buf id = buf_create(setting->arena, UUID_TEXT_SIZE);

    uuid_write(&id, played->queued.id);
    setting_run(setting,
                str_format(setting->arena,
                           "INSERT INTO intake.work (submission, cause) VALUES ('%.*s', 'retry')",
                           STR_ARG(buf_str(&id)))
                    .data);
    played->queued.work = setting_number(setting, "SELECT max(work) FROM intake.work");
    for (size_t i = 0; i < played->report_count; i++) {
        bool known = dice_chance(dice, 90);
        played->reports[i].unit = known ? played->reports[i].unit : 0;
        played->reports[i].verdict = dice_chance(dice, 50) ? VERDICT_ACCEPTED : VERDICT_REJECTED;
    }
}

static void
play_batch(const struct setting *setting, struct played **batch, size_t count, instant at)
{
    struct concluding items[SUBMISSIONS + 1];
    struct fault      fault = {0};

    for (size_t i = 0; i < count; i++) {
        items[i] =
            setting_decide(setting, &batch[i]->queued, batch[i]->reports, batch[i]->report_count);
    }
    if (setting_conclude(setting, setting->store, items, count, at, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    for (size_t i = 0; i < count; i++) {
        batch[i]->queued.n++;
        batch[i]->queued.work = 0;
    }
}

static void
play(const struct setting *setting, struct dice *dice, size_t round)
{
    struct played  played[SUBMISSIONS];
    struct played  first;
    struct played *batch[SUBMISSIONS + 1];
    size_t         order[SUBMISSIONS];
    size_t         concluded = 0;
    size_t         again = is_played_again(round) ? SUBMISSIONS : 0; /* how often, at most */
    instant        at = BASE;

    prepare(setting, dice, round, played);
    first = played[0]; /* its key stays, whatever is decided again */
    shuffle(dice, order);
    while (concluded < SUBMISSIONS || again > 0) {
        size_t count = 0;
        int    version = 0;
        if (concluded > 0 && again > 0 && (concluded == SUBMISSIONS || dice_chance(dice, 50))) {
            batch[count] = &played[order[dice_below(dice, concluded)]];
            set_to_work(setting, dice, batch[count]);
            count++;
            again--;
        }
        size_t more = concluded == SUBMISSIONS ? 0
                      : count > 0              ? dice_below(dice, SUBMISSIONS - concluded + 1)
                                               : 1 + dice_below(dice, SUBMISSIONS - concluded);
        for (size_t i = 0; i < more; i++) {
            batch[count] = &played[order[concluded]];
            count++;
            concluded++;
        }
        at += ((instant)dice_below(dice, 4) - 1) * SECOND; /* the clock may go back, or stand */
        play_batch(setting, batch, count, at);
        const struct played *best = model(played, order, concluded, &version);
        check(setting, &first, best, version);
    }
}

static void
any_order_of_versions_gives_the_same_and_never_two_at_once(void **state)
{
    struct dice    dice = {.state = 27};
    struct setting setting = {0};
    int64_t        returned = 0; /* was in force, was not, was again */

    (void)state;
    for (size_t round = 0; round < ROUNDS; round++) {
        if (round % ROUNDS_A_DATABASE == 0) {
            setting = setting_open();
        }
        play(&setting, &dice, round);
        if (round % ROUNDS_A_DATABASE == ROUNDS_A_DATABASE - 1) {
            /* One after another, without a gap where nothing was decided again; no empty range. */
            static const char pieces_sql[] =
                "SELECT count(*) FROM (SELECT unit, period_number, lower(x) AS l, lag(upper(x), 1,"
                " lower(x)) OVER (PARTITION BY unit, period_number ORDER BY x) AS u"
                " FROM intake.report, unnest(in_force) x) q "
                "WHERE u IS NULL OR l < u OR (l <> u AND (unit * 5 + period_number) % 2 = 0)";
            assert_int_equal(setting_number(&setting, pieces_sql), 0);
            assert_int_equal(setting_number(&setting, "SELECT count(*) FROM intake.report "
                                                      "WHERE isempty(in_force)"),
                             0);
            returned += setting_number(&setting, "SELECT count(*) FROM intake.report WHERE "
                                                 "(SELECT count(*) FROM unnest(in_force)) > 1");
            setting_close(&setting);
        }
    }
    assert_true(returned > 0);
}

/* Item by item in one batch: what filed says afterwards, without a database. */
struct contest {
    const char *name;
    struct {
        int          version;
        enum verdict verdict;
        instant      arrived;
        instant      decided;
    } items[3]; /* version -1: no more */
    bool    before;
    int     before_version;
    instant before_since;
    instant want_until; /* of the one before; 0: it does not end */
    struct {
        instant from, until;
    } want[3];
};

#define NONE                        \
    {                               \
        -1, VERDICT_UNDECIDED, 0, 0 \
    }

/* clang-format off */
static const struct contest contests[] = {
    {"the first",
     {{0, VERDICT_ACCEPTED, 10, 100}, NONE, NONE}, false, 0, 0, 0, {{100, 0}}},
    {"rejected",
     {{0, VERDICT_REJECTED, 10, 100}, NONE, NONE}, true, 0, 50, 0, {{0, 0}}},
    {"higher follows",
     {{1, VERDICT_ACCEPTED, 10, 100}, NONE, NONE}, true, 0, 50, 100, {{100, 0}}},
    {"lower comes late",
     {{1, VERDICT_ACCEPTED, 10, 100}, NONE, NONE}, true, 2, 50, 0, {{0, 0}}},
    {"as high, arrived earlier",
     {{1, VERDICT_ACCEPTED, 4, 100}, NONE, NONE}, true, 1, 50, 0, {{0, 0}}},
    {"as high, arrived at the same time: the log decides",
     {{1, VERDICT_ACCEPTED, 5, 100}, NONE, NONE}, true, 1, 50, 100, {{100, 0}}},
    {"clock set back",
     {{1, VERDICT_ACCEPTED, 10, 20}, NONE, NONE}, true, 0, 50, 50, {{50, 0}}},
    {"nothing in force, but once until 50, and the clock set back",
     {{1, VERDICT_ACCEPTED, 10, 20}, NONE, NONE}, false, 0, 50, 0, {{50, 0}}},
    {"three of one batch at one time: the best alone ever was",
     {{0, VERDICT_ACCEPTED, 10, 100}, {2, VERDICT_ACCEPTED, 11, 100}, {1, VERDICT_ACCEPTED, 12, 100}},
     true, 0, 50, 100, {{0, 0}, {100, 0}, {0, 0}}},
    {"three at three times",
     {{0, VERDICT_ACCEPTED, 10, 100}, {1, VERDICT_ACCEPTED, 11, 200}, {1, VERDICT_ACCEPTED, 12, 300}},
     false, 0, 0, 0, {{100, 200}, {200, 300}, {300, 0}}},
};
/* clang-format on */

static size_t
prepare_contest(const struct setting *setting, const struct contest *contest,
                struct concluding *items)
{
    size_t count = 0;

    while (count < ARRAY_COUNT(contest->items) && contest->items[count].version >= 0) {
        struct queued *queued = ARENA_NEW(setting->arena, struct queued, 1);
        assert_non_null(queued);
        queued->id = setting_id(count + 1);
        queued->arrived = contest->items[count].arrived;
        struct setting_report report = {.unit = 1,
                                        .version = contest->items[count].version,
                                        .verdict = contest->items[count].verdict};
        struct concluding    *item = &items[count];
        *item = setting_decide(setting, queued, &report, 1);
        item->decided_at = contest->items[count].decided;
        item->before = ARENA_NEW(setting->arena, struct before, 1);
        item->filed = ARENA_NEW(setting->arena, struct filed, 1);
        assert_true(item->before != NULL && item->filed != NULL);
        item->filed[0] = (struct filed){.unit = 1, .version = report.version, .has_key = true};
        assert_true(catalogue_period(item->catalogue, STR("2026"), STR("Kwartal"), STR("2"),
                                     &item->filed[0].period));
        item->before[0] = (struct before){.exists = contest->before,
                                          .report = 77,
                                          .submission = setting_id(99),
                                          .version = contest->before_version,
                                          .arrived = 5,
                                          .since = contest->before_since};
        count++;
    }
    return count;
}

static void
in_force_follows_the_table(void **state)
{
    struct setting setting = {.arena = arena_create((size_t)16 << 20U)};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(contests); i++) {
        const struct contest *contest = &contests[i];
        struct concluding     items[3];
        struct in_force_end  *ends = NULL;
        struct fault          fault = {0};
        size_t                end_count = 0;
        size_t                count = prepare_contest(&setting, contest, items);
        EXPECT(in_force_settle(setting.arena, items, count, &ends, &end_count, &fault) == ERR_OK,
               contest->name);
        EXPECT(end_count == (contest->want_until == 0 ? 0 : 1), contest->name);
        EXPECT(end_count == 0 || (ends[0].report == 77 && ends[0].until == contest->want_until),
               contest->name);
        for (size_t j = 0; j < count; j++) {
            EXPECT(items[j].filed[0].from == contest->want[j].from, contest->name);
            EXPECT(items[j].filed[0].until == contest->want[j].until, contest->name);
        }
    }
    arena_destroy(setting.arena);
}

static void
in_force_survives_every_memory_ceiling(void **state)
{
    struct setting    setting = {.arena = arena_create((size_t)16 << 20U)};
    struct concluding items[3];
    size_t            count = prepare_contest(&setting, &contests[9], items);
    bool              fitted = false;

    (void)state;
    assert_int_equal(count, 3);
    for (size_t size_max = 0; size_max <= 512; size_max += 8) {
        struct arena        *arena = arena_create(size_max);
        struct in_force_end *ends = NULL;
        struct fault         fault = {0};
        size_t               end_count = 0;
        enum err             got = in_force_settle(arena, items, count, &ends, &end_count, &fault);
        assert_true(got == ERR_OK || (got == ERR_MEMORY && ends == NULL && !fitted));
        fitted = got == ERR_OK;
        arena_destroy(arena);
    }
    assert_true(fitted);
    arena_destroy(setting.arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_force_follows_the_table),
        cmocka_unit_test(in_force_survives_every_memory_ceiling),
        cmocka_unit_test(any_order_of_versions_gives_the_same_and_never_two_at_once),
    };

    return cmocka_run_group_tests(tests, setting_start, setting_stop);
}
