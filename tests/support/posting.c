#include "tests/support/posting.h"

#include "validators/base/amount.h"

/* A paragraph and, in Rb-28S, the group that it belongs to. */
struct paragraph {
    int number;
    int group;
};

enum { TAX_PARAGRAPH_MAX = 60 };

static const struct paragraph revenue[] = {
    {69, 0},
    {75, 0},
    {83, 0},
    {92, 0},
    {97, 0}
};

static const struct paragraph taxes[] = {
    {31, 0},
    {32, 0},
    {33, 0},
    {34, 0},
    {36, 0},
    {50, 0}
};

/* As observed in real files (domain.md 1.3). */
static const struct paragraph spending[] = {
    {302, 1300},
    {324, 1300},
    {401, 1400},
    {404, 1400},
    {411, 1400},
    {412, 1400},
    {414, 1100},
    {417, 1400},
    {421, 1100},
    {422, 1100},
    {424, 1100},
    {426, 1100},
    {427, 1100},
    {428, 1100},
    {430, 1100},
    {436, 1100},
    {439, 1100},
    {441, 1100},
    {444, 1100},
    {448, 1100},
    {453, 1100},
    {470, 1100},
    {471, 1400},
    {479, 1400},
    {480, 1400},
    {605, 1600},
    {606, 1600},
};

static const int school_chapters[] = {80101, 80103, 80148};

static const int tax_chapters[] = {75615, 75616, 75618};

static const int real_chapters[] = {
    60004, 60016, 60017, 70005, 71004, 75011, 75022, 75023, 75075, 75095, 75412, 75414,
    75416, 75495, 75814, 80101, 80103, 80104, 80106, 80113, 80146, 80148, 80149, 80150,
    80195, 85153, 85154, 85195, 85202, 85203, 85205, 85212, 85213, 85214, 85215, 85216,
    85219, 85228, 85230, 85295, 85401, 85404, 85415, 85495, 90001, 90002, 90003, 90004,
    90005, 90013, 90015, 90095, 92109, 92116, 92120, 92195, 92601, 92605, 92695,
};

/* All positions that a report may take its rows from: chapters x paragraphs x digits of P4. */
struct pool {
    const int              *chapters;
    size_t                  chapter_count;
    const struct paragraph *paragraphs;
    size_t                  paragraph_count;
    const char             *digits;
    size_t                  digit_count;
};

enum { DIGITS = 10, CHAPTER_FIRST = 10001, CHAPTERS_OF_DIVISION = 99, CHAPTER_STEP = 100 };

static size_t
pool_size(const struct pool *pool)
{
    return pool->chapter_count * pool->paragraph_count * pool->digit_count;
}

static struct pool
few(enum posting_form form, unsigned traits)
{
    bool        with_p4 = (traits & POSTING_P4) != 0;
    struct pool pool = {school_chapters,      ARRAY_COUNT(school_chapters), revenue,
                        ARRAY_COUNT(revenue), with_p4 ? "79" : "0",         with_p4 ? 2 : 1};

    if (form == POSTING_RB28S) {
        pool.paragraphs = spending;
        pool.paragraph_count = ARRAY_COUNT(spending);
    } else if ((traits & POSTING_TAXES) != 0) {
        pool.chapters = tax_chapters;
        pool.chapter_count = ARRAY_COUNT(tax_chapters);
        pool.paragraphs = taxes;
        pool.paragraph_count = ARRAY_COUNT(taxes);
    }
    return pool;
}

/* Chapters nnn01 .. nnn99 of the divisions 100, 101, ... */
static const int *
made_up_chapters(struct arena *arena, size_t count)
{
    int *chapters = ARENA_NEW(arena, int, count);

    for (size_t i = 0; chapters != NULL && i < count; i++) {
        size_t division = i / CHAPTERS_OF_DIVISION;
        chapters[i] = CHAPTER_FIRST + (int)(division * CHAPTER_STEP + i % CHAPTERS_OF_DIVISION);
    }
    return chapters;
}

/* The smallest pool that holds count rows. */
static enum err
choose_pool(struct arena *arena, enum posting_form form, unsigned traits, size_t count,
            struct pool *out, struct fault *fault)
{
    struct pool pool = few(form, traits);

    if (pool_size(&pool) < count) {
        pool.chapters = real_chapters;
        pool.chapter_count = ARRAY_COUNT(real_chapters);
    }
    if (pool_size(&pool) < count) {
        pool.digits = (traits & POSTING_P4) != 0 ? "123456789" : "0123456789";
        pool.digit_count = (traits & POSTING_P4) != 0 ? DIGITS - 1 : DIGITS;
    }
    if (pool_size(&pool) < count) {
        pool.chapter_count = count / (pool.paragraph_count * pool.digit_count) + 1;
        pool.chapters = made_up_chapters(arena, pool.chapter_count);
    }
    if (pool.chapters == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu chapters", pool.chapter_count);
    }
    *out = pool;
    return ERR_OK;
}

static struct posting
position_at(const struct pool *pool, size_t index)
{
    size_t                  digit = index % pool->digit_count;
    size_t                  rest = index / pool->digit_count;
    const struct paragraph *paragraph = &pool->paragraphs[rest % pool->paragraph_count];

    return (struct posting){.chapter = pool->chapters[rest / pool->paragraph_count],
                            .paragraph = paragraph->number,
                            .p4 = pool->digits[digit] - '0',
                            .group = paragraph->group};
}

/* 0 .. limit, in grosze */
static int64_t
amount_up_to(struct dice *dice, int64_t limit)
{
    return (int64_t)dice_below(dice, (uint64_t)limit + 1);
}

/* In the column order of posting_columns below. */
enum rb27s { PL, NA, PO, DW, NO, NZ, NP, SO, SU, UZ, OT };
enum rb28s { ZA = 1, WW, ZO, ZW, WN, LU, RB, WFS };

static const char *const posting_columns[POSTING_FORM_COUNT][POSTING_AMOUNTS_MAX] = {
    [POSTING_RB27S] = {"PL",  "NA", "PO", "DW", "NO", "NZ",     "NP",      "SO",  "SU", "UZ", "OT"},
    [POSTING_RB28S] = {"PL", "ZA",     "WW",      "ZO",      "ZW",  "WN", "LU", "RB", "WFS"},
};

/* In grosze. */
#define ZLOTY INT64_C(100)
#define HUNDRED (100 * ZLOTY)

static void
roll_revenue(struct dice *dice, unsigned traits, struct posting *row)
{
    int64_t *amounts = row->amounts;

    amounts[PL] = (int64_t)(1 + dice_below(dice, 900)) * HUNDRED;
    amounts[DW] = 1 + amount_up_to(dice, amounts[PL] - 1);
    if ((traits & POSTING_PLAN_AND_DONE) != 0) {
        return;
    }
    amounts[NO] = dice_chance(dice, 40) ? 1 + amount_up_to(dice, 500 * ZLOTY) : 0;
    amounts[NZ] = dice_chance(dice, 50) ? amount_up_to(dice, amounts[NO]) : 0;
    amounts[NP] = dice_chance(dice, 20) ? amount_up_to(dice, amounts[DW] / 10) : 0;
    if ((traits & POSTING_DEDUCTIONS) != 0) {
        amounts[PO] = 1 + amount_up_to(dice, 200 * ZLOTY);
    }
    if ((traits & POSTING_TAXES) != 0 && row->paragraph < TAX_PARAGRAPH_MAX) {
        for (int column = SO; column <= OT; column++) {
            amounts[column] = 1 + amount_up_to(dice, 3000 * ZLOTY);
        }
    }
    amounts[NA] = amounts[PO] + amounts[DW] + amounts[NO] - amounts[NP];
}

static void
roll_spending(struct dice *dice, unsigned traits, struct posting *row)
{
    int64_t *amounts = row->amounts;

    amounts[PL] = (int64_t)(1000 + dice_below(dice, 900000)) * ZLOTY;
    int64_t engaged = amounts[PL] / 3 + amount_up_to(dice, amounts[PL] * 2 / 3);
    amounts[WW] = engaged / 2 + amount_up_to(dice, engaged / 2);
    if ((traits & POSTING_PLAN_AND_DONE) != 0) {
        return;
    }
    amounts[ZA] = engaged;
    amounts[ZO] = dice_chance(dice, 50) ? amount_up_to(dice, (engaged - amounts[WW]) / 2) : 0;
    if ((traits & POSTING_LIABILITIES) != 0) {
        amounts[LU] = 1 + amount_up_to(dice, 300 * ZLOTY);
        amounts[RB] = 1 + amount_up_to(dice, 300 * ZLOTY);
        amounts[ZW] = amounts[LU] + amounts[RB];
        amounts[ZO] += amounts[ZW];
        amounts[WN] = 1 + amount_up_to(dice, amounts[PL] - amounts[WW]);
        amounts[WFS] = 1 + amount_up_to(dice, amounts[WW] / 10);
    }
}

enum err
posting_fill(struct arena *arena, struct dice *dice, enum posting_form form, unsigned traits,
             size_t count, struct posting **rows, struct fault *fault)
{
    struct pool pool = {0};

    if (count > POSTING_ROWS_MAX) {
        return FAIL(fault, ERR_USAGE, "more than %d rows", POSTING_ROWS_MAX);
    }
    TRY(choose_pool(arena, form, traits, count, &pool, fault));
    struct posting *filled = ARENA_NEW(arena, struct posting, count + 1);
    if (filled == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu rows", count);
    }
    /* Selection sampling: every set of count positions is as likely, and they come out sorted. */
    size_t size = pool_size(&pool);
    size_t kept = 0;
    for (size_t i = 0; i < size && kept < count; i++) {
        if (dice_below(dice, size - i) >= count - kept) {
            continue;
        }
        filled[kept] = position_at(&pool, i);
        (form == POSTING_RB27S ? roll_revenue : roll_spending)(dice, traits, &filled[kept]);
        kept++;
    }
    if ((traits & POSTING_PLAN_ABSENT) != 0 && form == POSTING_RB27S) {
        filled[0].amounts[PL] = 0;
    }
    *rows = filled;
    return ERR_OK;
}

static void
write_cell(struct twin *twin, const char *name, int64_t amount)
{
    twin_format(twin, "<%s>", name);
    amount_write(&twin->raw, amount, 2);
    amount_write(&twin->canonical, amount, 2);
    twin_format(twin, "</%s>", name);
}

void
posting_write(struct twin *twin, enum posting_form form, const struct posting *row, bool remarks)
{
    twin_format(twin, "<Pozycja><Dzial>%03d</Dzial><Rozdzial>%05d</Rozdzial>", row->chapter / 100,
                row->chapter);
    if (row->group != 0) {
        twin_format(twin, "<Grupa>%d</Grupa>", row->group);
    }
    twin_format(twin, "<Paragraf>%03d</Paragraf><P4>%d</P4>", row->paragraph, row->p4);
    for (size_t i = 0; i < POSTING_AMOUNTS_MAX; i++) {
        if (row->amounts[i] != 0) {
            write_cell(twin, posting_columns[form][i], row->amounts[i]);
        }
    }
    if (remarks) {
        twin_both(twin, STR("<Uwagi>Korekta planu uchwałą z 30 czerwca.</Uwagi>"));
    }
    twin_both(twin, STR("</Pozycja>"));
}
