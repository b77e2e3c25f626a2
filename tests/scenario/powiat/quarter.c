#include "tests/scenario/powiat/quarter.h"

#include "tests/support/dice.h"
#include "validators/base/ensure.h"

#include <string.h>

enum { CUW_OF_TOWN = QUARTER_JSTS, CUW_OF_VILLAGE };
enum { MERGE_FIRST = 20, MERGE_SECOND = 29, CLOSED = 33, LATE_FIRST = 40, LATE_COUNT = 6 };
enum { TOWN = 1, VILLAGE = 2 }; /* JST of the CUW; the schools that are merged are of VILLAGE */
enum { SECONDS_OF_DAY = 86400, SIDES = 4 };

static const struct date merge_day = {2026, 5, 15};

static const struct {
    struct date end;
    int         month;
    const char *name;
} periods[QUARTER_PERIODS] = {
    {{2026, 4, 30}, 4, "2026-04"},
    {{2026, 5, 31}, 5, "2026-05"},
    {{2026, 6, 30}, 0, "2026-Q2"},
};

/* What is being drawn of one unit for one period. */
struct draw {
    struct quarter *quarter;
    struct dice     dice;
    size_t          unit;
    int             period;
    int             day; /* after the period, of the newest filing */
    int             version;
    int             amount; /* of the newest filing of all */
};

struct date
quarter_period_end(int period)
{
    return periods[period].end;
}

int
quarter_month(int period)
{
    return periods[period].month;
}

const char *
quarter_period(int period)
{
    return periods[period].name;
}

/* Warsaw is two hours before UTC from April to July. */
instant
quarter_midnight(struct date day)
{
    return (date_days(day) * SECONDS_OF_DAY - (instant)2 * 3600) * INSTANT_PER_SECOND;
}

static struct date
day_after(struct date day, int count)
{
    return date_of_days(date_days(day) + count);
}

static void
place_unit(struct quarter_unit *unit, size_t number)
{
    *unit = (struct quarter_unit){
        .jst = number < QUARTER_JSTS ? number : number % QUARTER_JSTS,
        .is_jst = number < QUARTER_JSTS,
        .is_late = number >= LATE_FIRST && number < LATE_FIRST + LATE_COUNT,
        .valid_from = {2020, 1, 1}
    };
    if (!unit->is_jst && !unit->is_late && unit->jst == TOWN && number % 2 == 0) {
        unit->provider = CUW_OF_TOWN;
        unit->served_from = (struct date){2026, 5, 8};
    }
    if (!unit->is_jst && !unit->is_late && unit->jst == VILLAGE && number % 2 == 0) {
        unit->provider = CUW_OF_VILLAGE;
        unit->served_from = (struct date){2026, 1, 1};
        unit->served_to = (struct date){2026, 6, 30};
    }
}

static void
place_merger(struct quarter *quarter)
{
    static const size_t merged[] = {MERGE_FIRST, MERGE_SECOND};

    for (size_t i = 0; i < sizeof merged / sizeof *merged; i++) {
        quarter->units[merged[i]].provider = 0;
        quarter->units[merged[i]].valid_to = day_after(merge_day, -1);
        quarter->units[merged[i]].merged_on = merge_day;
    }
    quarter->units[QUARTER_MERGED] = (struct quarter_unit){.jst = VILLAGE, .valid_from = merge_day};
}

static void
place_units(struct quarter *quarter)
{
    for (size_t i = 0; i < QUARTER_PLACES; i++) {
        place_unit(&quarter->units[i], i);
    }
    quarter->units[CUW_OF_TOWN] = (struct quarter_unit){
        .jst = TOWN, .is_cuw = true, .valid_from = {2020, 1, 1}
    };
    quarter->units[CUW_OF_VILLAGE] = (struct quarter_unit){
        .jst = VILLAGE, .is_cuw = true, .valid_from = {2020, 1, 1}
    };
    quarter->units[CLOSED].valid_to = periods[1].end;
    place_merger(quarter);
    quarter->units[QUARTER_NOBODY].provider = 0;
}

/* Most often the unit itself, its JST or who serves it, whether it may on that day or not; now and
 * then a stranger. Who is not registered yet cannot send. */
static size_t
draw_sender(struct draw *draw)
{
    const struct quarter_unit *unit = &draw->quarter->units[draw->unit];

    if (dice_chance(&draw->dice, 3)) {
        return (unit->jst + 1) % QUARTER_JSTS;
    }
    if (unit->provider != 0 && dice_chance(&draw->dice, 60)) {
        return unit->provider;
    }
    if (unit->merged_on.year != 0 && dice_chance(&draw->dice, 50)) {
        return QUARTER_MERGED;
    }
    if (unit->is_late || draw->unit == QUARTER_NOBODY || dice_chance(&draw->dice, 50)) {
        return unit->jst;
    }
    return draw->unit;
}

static bool
has_unit(const struct quarter_document *document, size_t unit)
{
    bool has = false;

    for (size_t i = 0; i < document->count; i++) {
        has = has || document->filings[i].unit == unit;
    }
    return has;
}

/* The package of that sender, day and period that has room and not this unit yet, or a new one. */
static struct quarter_document *
find_document(struct draw *draw, size_t sender, struct date day)
{
    struct quarter *quarter = draw->quarter;

    for (size_t i = 0; i < quarter->document_count; i++) {
        struct quarter_document *document = &quarter->documents[i];
        if (document->sender == sender && document->period == draw->period
            && date_compare(document->day, day) == 0 && document->count < QUARTER_DOCUMENT_FILINGS
            && !has_unit(document, draw->unit)) {
            return document;
        }
    }
    ENSURE(quarter->document_count < QUARTER_DOCUMENTS_MAX);
    struct quarter_document *document = &quarter->documents[quarter->document_count];
    const int64_t            seconds[SIDES] = {0, SECONDS_OF_DAY - 1,
                                               (int64_t)dice_below(&draw->dice, SECONDS_OF_DAY),
                                               (int64_t)dice_below(&draw->dice, SECONDS_OF_DAY)};
    quarter->document_count++;
    *document = (struct quarter_document){
        .sender = sender,
        .period = draw->period,
        .day = day,
        .arrived =
            quarter_midnight(day) + seconds[dice_below(&draw->dice, SIDES)] * INSTANT_PER_SECOND};
    return document;
}

static struct quarter_filing *
add_filing(struct draw *draw, enum quarter_fault fault)
{
    struct date              day = day_after(periods[draw->period].end, draw->day);
    struct quarter_document *document = find_document(draw, draw_sender(draw), day);
    struct quarter_filing   *filing = &document->filings[document->count];

    draw->amount++;
    document->count++;
    *filing = (struct quarter_filing){.unit = draw->unit,
                                      .version = draw->version,
                                      .income = true,
                                      .spending = true,
                                      .queried = dice_chance(&draw->dice, 8),
                                      .fault = fault,
                                      .amount = draw->amount};
    return filing;
}

/* A later day; false: the quarter is not looked at for so long. */
static bool
move_on(struct draw *draw)
{
    draw->day += 1 + (int)dice_below(&draw->dice, 8);
    return date_compare(day_after(periods[draw->period].end, draw->day), QUARTER_LOOK) < 0;
}

/* What was sent back or held comes again; the held one as it was, with both signatures. */
static void
draw_repair(struct draw *draw, const struct quarter_filing *spoiled)
{
    struct quarter_filing before = *spoiled;

    if (dice_chance(&draw->dice, 25) || !move_on(draw)) {
        return;
    }
    draw->version += before.fault == QUARTER_ONE_SIGNED ? 0 : 1;
    struct quarter_filing *again = add_filing(draw, QUARTER_GOOD);
    if (before.fault == QUARTER_ONE_SIGNED) {
        again->amount = before.amount;
        again->queried = before.queried;
    }
}

static void
draw_correction(struct draw *draw)
{
    draw->version++;
    struct quarter_filing *filing = add_filing(draw, QUARTER_GOOD);

    filing->income = !dice_chance(&draw->dice, 30);
    filing->spending = !filing->income || dice_chance(&draw->dice, 50);
}

/* The second one sometimes bears the lower Wersja of the two. */
static void
draw_corrections(struct draw *draw)
{
    if (!dice_chance(&draw->dice, 30) || !move_on(draw)) {
        return;
    }
    bool swapped = dice_chance(&draw->dice, 30);
    draw->version += swapped ? 1 : 0;
    draw_correction(draw);
    if (dice_chance(&draw->dice, 50) && move_on(draw)) {
        draw->version -= swapped ? 2 : 0;
        draw_correction(draw);
    }
}

/* Days after the period: most are in time, some come on the last days and the first ones after. */
static int
draw_day(struct draw *draw)
{
    bool is_jst = draw->quarter->units[draw->unit].is_jst;
    int  early = 2 + (int)dice_below(&draw->dice, 9);
    int  late = 11 + (int)dice_below(&draw->dice, 5);
    int  last = 20 + (int)dice_below(&draw->dice, 6);

    if (is_jst) {
        return draw->period < 2 && dice_chance(&draw->dice, 60) ? last : late;
    }
    return dice_chance(&draw->dice, 75) ? early : late;
}

static void
draw_filings(struct draw *draw)
{
    static const unsigned      chances[QUARTER_FAULT_COUNT] = {0, 5, 10};
    const struct quarter_unit *unit = &draw->quarter->units[draw->unit];
    unsigned                   roll = (unsigned)dice_below(&draw->dice, 100);

    draw->version = 0;
    draw->day = draw_day(draw);
    if (dice_chance(&draw->dice, unit->merged_on.year != 0 && draw->period > 0 ? 30 : 6)) {
        return; /* it owes, and sends nothing */
    }
    if (roll < chances[QUARTER_FORGED]) {
        draw_repair(draw, add_filing(draw, QUARTER_FORGED));
    } else if (roll < chances[QUARTER_ONE_SIGNED]) {
        draw_repair(draw, add_filing(draw, QUARTER_ONE_SIGNED));
    } else {
        (void)add_filing(draw, QUARTER_GOOD);
    }
    draw_corrections(draw);
}

static void
count_reports(struct quarter *quarter)
{
    for (size_t i = 0; i < quarter->document_count; i++) {
        for (size_t j = 0; j < quarter->documents[i].count; j++) {
            const struct quarter_filing *filing = &quarter->documents[i].filings[j];
            quarter->report_count += (filing->income ? 1U : 0U) + (filing->spending ? 1U : 0U);
        }
    }
}

void
quarter_draw(struct quarter *quarter, uint64_t seed)
{
    struct draw draw = {.quarter = quarter, .dice = {seed}, .amount = 100};

    memset(quarter, 0, sizeof *quarter);
    place_units(quarter);
    for (draw.period = 0; draw.period < QUARTER_PERIODS; draw.period++) {
        for (draw.unit = 0; draw.unit < QUARTER_PLACES; draw.unit++) {
            if (draw.unit != QUARTER_MERGED || draw.period > 0) {
                draw_filings(&draw);
            }
        }
    }
    count_reports(quarter);
}
