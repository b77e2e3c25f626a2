#include "gateway/definitions/definitions.h"
#include "tests/support/expect.h"
#include "validators/calendar/calendar.h"

#include <string.h>

#define ROOM ((size_t)256 << 20U)

/* The calendar of schemas/, as it is built into the programs. */
static struct arena          *kept;
static const struct calendar *calendar;

static int
load(void **state)
{
    const struct catalogue *catalogue = NULL;
    struct fault            fault = {0};

    (void)state;
    kept = arena_create(ROOM);
    ENSURE(definitions_catalogue(kept, NULL, &catalogue, &fault) == ERR_OK);
    if (calendar_load(kept, catalogue, &calendar, &fault) != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    return 0;
}

static int
unload(void **state)
{
    (void)state;
    arena_destroy(kept);
    return 0;
}

static struct date
day(const char *text)
{
    struct date date = {0};

    EXPECT(date_parse(str_of(text), &date), text);
    return date;
}

enum { QUARTER, MONTH };

/* One term that is due: the period and its day as published, moved off days off by hand. */
struct golden {
    const char *due;
    const char *nominal;
    const char *form;
    const char *level;
    int         variant;
    int         type;
    int         year;
    int         number;
    int         unit;
    int         recipient;
    int         model;
};

#define ZB "zbiorcze"
#define LA "łączne"
#define JE "jednostkowe"
#define OR "jednostkowe-organ"
#define RIO CALENDAR_TO_RIO
#define DYS CALENDAR_TO_DYSPONENT
#define ZAR CALENDAR_TO_ZARZAD_JST
#define PER_D CALENDAR_PER_DYSPONENT
#define PER_J CALENDAR_PER_JOP
#define JST CALENDAR_JST
#define URZ CALENDAR_URZAD
#define ORG CALENDAR_ORGAN
#define BUD CALENDAR_JEDNOSTKA_BUDZETOWA
#define ZAK CALENDAR_ZAKLAD_BUDZETOWY
#define KUL CALENDAR_INSTYTUCJA_KULTURY

/* clang-format off */
static const struct golden october_2024[] = {
    {"2024-10-08", "2024-10-08", "RB27ZZ", JE, PER_D, QUARTER, 2024, 3, BUD, ZAR, 0},
    {"2024-10-08", "2024-10-08", "RB27ZZ", JE, PER_D, QUARTER, 2024, 3, URZ, ZAR, 0},
    {"2024-10-10", "2024-10-10", "RB27S",  JE, 0,     QUARTER, 2024, 3, BUD, ZAR, 0},
    {"2024-10-10", "2024-10-10", "RB28S",  JE, 0,     QUARTER, 2024, 3, BUD, ZAR, 0},
    {"2024-10-10", "2024-10-10", "RB28S",  JE, 0,     QUARTER, 2024, 3, URZ, ZAR, 0},
    {"2024-10-10", "2024-10-10", "RB30S",  JE, 0,     QUARTER, 2024, 3, ZAK, ZAR, 0},
    {"2024-10-10", "2024-10-10", "RB34S",  JE, 0,     QUARTER, 2024, 3, BUD, ZAR, 0},
    {"2024-10-10", "2024-10-10", "RB50",   JE, PER_D, QUARTER, 2024, 3, BUD, ZAR, 0},
    {"2024-10-10", "2024-10-10", "RB50",   JE, PER_D, QUARTER, 2024, 3, URZ, ZAR, 0},
    {"2024-10-10", "2024-10-10", "RBZ",    JE, 0,     QUARTER, 2024, 3, BUD, ZAR, 0},
    {"2024-10-10", "2024-10-10", "RBN",    JE, 0,     QUARTER, 2024, 3, ZAK, ZAR, 0},
    {"2024-10-14", "2024-10-14", "RBZ",    JE, 0,     QUARTER, 2024, 3, KUL, ZAR, 0},
    {"2024-10-14", "2024-10-14", "RBN",    JE, 0,     QUARTER, 2024, 3, CALENDAR_OSOBA_PRAWNA, ZAR, 0},
    {"2024-10-14", "2024-10-12", "RB27ZZ", ZB, PER_D, QUARTER, 2024, 3, JST, DYS, 0},
    {"2024-10-14", "2024-10-14", "RB50",   ZB, PER_D, QUARTER, 2024, 3, JST, DYS, 0},
    {"2024-10-21", "2024-10-21", "RB27S",  JE, 0,     QUARTER, 2024, 3, URZ, ZAR, 0},
    {"2024-10-21", "2024-10-21", "RB27S",  OR, 0,     QUARTER, 2024, 3, ORG, ZAR, 0},
    {"2024-10-22", "2024-10-22", "RB27S",  ZB, 0,     QUARTER, 2024, 3, JST, RIO, 0},
    {"2024-10-22", "2024-10-22", "RB28S",  ZB, 0,     QUARTER, 2024, 3, JST, RIO, 0},
    {"2024-10-22", "2024-10-22", "RBNDS",  ZB, 0,     QUARTER, 2024, 3, JST, RIO, 0},
    {"2024-10-22", "2024-10-22", "RB30S",  ZB, 0,     QUARTER, 2024, 3, JST, RIO, 0},
    {"2024-10-22", "2024-10-22", "RB34S",  ZB, 0,     QUARTER, 2024, 3, JST, RIO, 0},
    {"2024-10-22", "2024-10-22", "RBZ",    LA, 0,     QUARTER, 2024, 3, JST, RIO, 0},
    {"2024-10-22", "2024-10-22", "RBN",    LA, 0,     QUARTER, 2024, 3, JST, RIO, 0},
    {"2024-10-28", "2024-10-27", "RBZ",    LA, PER_J, QUARTER, 2024, 3, JST, RIO, 0},
    {"2024-10-28", "2024-10-27", "RBN",    LA, PER_J, QUARTER, 2024, 3, JST, RIO, 0},
};

static const struct golden february_2025[] = {
    {"2025-02-03", "2025-02-01", "RB27S",  JE, 0,     QUARTER, 2024, 4, BUD, ZAR, 1},
    {"2025-02-03", "2025-02-01", "RB28S",  JE, 0,     QUARTER, 2024, 4, BUD, ZAR, 1},
    {"2025-02-03", "2025-02-01", "RB28S",  JE, 0,     QUARTER, 2024, 4, URZ, ZAR, 1},
    {"2025-02-03", "2025-02-01", "RB30S",  JE, 0,     QUARTER, 2024, 4, ZAK, ZAR, 1},
    {"2025-02-03", "2025-02-01", "RB34S",  JE, 0,     QUARTER, 2024, 4, BUD, ZAR, 1},
    {"2025-02-03", "2025-02-01", "RB50",   JE, PER_D, QUARTER, 2024, 4, BUD, ZAR, 1},
    {"2025-02-03", "2025-02-01", "RB50",   JE, PER_D, QUARTER, 2024, 4, URZ, ZAR, 1},
    {"2025-02-03", "2025-02-01", "RBZ",    JE, 0,     QUARTER, 2024, 4, ZAK, ZAR, 1},
    {"2025-02-03", "2025-02-01", "RBZ",    JE, 0,     QUARTER, 2024, 4, KUL, ZAR, 1},
    {"2025-02-03", "2025-02-01", "RBN",    JE, 0,     QUARTER, 2024, 4, BUD, ZAR, 1},
    {"2025-02-03", "2025-02-01", "RBN",    JE, 0,     QUARTER, 2024, 4, KUL, ZAR, 1},
    {"2025-02-03", "2025-02-01", "RBUZ",   JE, 0,     QUARTER, 2024, 4, BUD, ZAR, 1},
    {"2025-02-10", "2025-02-10", "RB27ZZ", ZB, PER_D, QUARTER, 2024, 4, JST, DYS, 0},
    {"2025-02-10", "2025-02-10", "RB27S",  JE, 0,     MONTH,   2025, 1, BUD, ZAR, 0},
    {"2025-02-10", "2025-02-10", "RB28S",  JE, 0,     MONTH,   2025, 1, BUD, ZAR, 0},
    {"2025-02-10", "2025-02-10", "RB28S",  JE, 0,     MONTH,   2025, 1, URZ, ZAR, 0},
    {"2025-02-17", "2025-02-15", "RB50",   ZB, PER_D, QUARTER, 2024, 4, JST, DYS, 0},
    {"2025-02-20", "2025-02-20", "RB27S",  JE, 0,     QUARTER, 2024, 4, URZ, ZAR, 1},
    {"2025-02-20", "2025-02-20", "RB27S",  OR, 0,     QUARTER, 2024, 4, ORG, ZAR, 1},
    {"2025-02-20", "2025-02-20", "RB27S",  ZB, 0,     QUARTER, 2024, 4, JST, RIO, 0},
    {"2025-02-20", "2025-02-20", "RB28S",  ZB, 0,     QUARTER, 2024, 4, JST, RIO, 0},
    {"2025-02-20", "2025-02-20", "RBPDP",  ZB, 0,     QUARTER, 2024, 4, JST, RIO, 0},
    {"2025-02-20", "2025-02-20", "RBST",   ZB, 0,     QUARTER, 2024, 4, JST, RIO, 0},
    {"2025-02-20", "2025-02-20", "RBNDS",  ZB, 0,     QUARTER, 2024, 4, JST, RIO, 0},
    {"2025-02-20", "2025-02-20", "RB30S",  ZB, 0,     QUARTER, 2024, 4, JST, RIO, 0},
    {"2025-02-20", "2025-02-20", "RB34S",  ZB, 0,     QUARTER, 2024, 4, JST, RIO, 0},
    {"2025-02-21", "2025-02-21", "RB27S",  JE, 0,     MONTH,   2025, 1, URZ, ZAR, 0},
    {"2025-02-21", "2025-02-21", "RB27S",  OR, 0,     MONTH,   2025, 1, ORG, ZAR, 0},
    {"2025-02-24", "2025-02-22", "RB27S",  ZB, 0,     MONTH,   2025, 1, JST, RIO, 0},
    {"2025-02-24", "2025-02-22", "RB28S",  ZB, 0,     MONTH,   2025, 1, JST, RIO, 0},
    {"2025-02-24", "2025-02-23", "RBZ",    LA, 0,     QUARTER, 2024, 4, JST, RIO, 0},
    {"2025-02-24", "2025-02-23", "RBN",    LA, 0,     QUARTER, 2024, 4, JST, RIO, 0},
    {"2025-02-24", "2025-02-23", "RBUZ",   LA, 0,     QUARTER, 2024, 4, JST, RIO, 0},
    {"2025-02-25", "2025-02-25", "RBZ",    LA, PER_J, QUARTER, 2024, 4, JST, RIO, 0},
    {"2025-02-25", "2025-02-25", "RBN",    LA, PER_J, QUARTER, 2024, 4, JST, RIO, 0},
    {"2025-02-25", "2025-02-25", "RBUZ",   LA, PER_J, QUARTER, 2024, 4, JST, RIO, 0},
};

static const struct golden february_2026[] = {
    {"2026-02-02", "2026-02-01", "RB27S",  JE, 0,     QUARTER, 2025, 4, BUD, ZAR, 1},
    {"2026-02-02", "2026-02-01", "RB28S",  JE, 0,     QUARTER, 2025, 4, BUD, ZAR, 1},
    {"2026-02-02", "2026-02-01", "RB28S",  JE, 0,     QUARTER, 2025, 4, URZ, ZAR, 1},
    {"2026-02-02", "2026-02-01", "RB30S",  JE, 0,     QUARTER, 2025, 4, ZAK, ZAR, 1},
    {"2026-02-02", "2026-02-01", "RB34S",  JE, 0,     QUARTER, 2025, 4, BUD, ZAR, 1},
    {"2026-02-02", "2026-02-01", "RB50",   JE, PER_D, QUARTER, 2025, 4, BUD, ZAR, 1},
    {"2026-02-02", "2026-02-01", "RB50",   JE, PER_D, QUARTER, 2025, 4, URZ, ZAR, 1},
    {"2026-02-02", "2026-02-01", "RBZ",    JE, 0,     QUARTER, 2025, 4, ZAK, ZAR, 1},
    {"2026-02-02", "2026-02-01", "RBZ",    JE, 0,     QUARTER, 2025, 4, KUL, ZAR, 1},
    {"2026-02-02", "2026-02-01", "RBN",    JE, 0,     QUARTER, 2025, 4, BUD, ZAR, 1},
    {"2026-02-02", "2026-02-01", "RBN",    JE, 0,     QUARTER, 2025, 4, KUL, ZAR, 1},
    {"2026-02-02", "2026-02-01", "RBUZ",   JE, 0,     QUARTER, 2025, 4, KUL, ZAR, 1},
    {"2026-02-10", "2026-02-10", "RB27ZZ", ZB, PER_D, QUARTER, 2025, 4, JST, DYS, 0},
    {"2026-02-10", "2026-02-10", "RB27S",  JE, 0,     MONTH,   2026, 1, BUD, ZAR, 0},
    {"2026-02-10", "2026-02-10", "RB28S",  JE, 0,     MONTH,   2026, 1, BUD, ZAR, 0},
    {"2026-02-10", "2026-02-10", "RB28S",  JE, 0,     MONTH,   2026, 1, URZ, ZAR, 0},
    {"2026-02-16", "2026-02-15", "RB50",   ZB, PER_D, QUARTER, 2025, 4, JST, DYS, 0},
    {"2026-02-20", "2026-02-20", "RB27S",  JE, 0,     QUARTER, 2025, 4, URZ, ZAR, 1},
    {"2026-02-20", "2026-02-20", "RB27S",  OR, 0,     QUARTER, 2025, 4, ORG, ZAR, 1},
    {"2026-02-20", "2026-02-20", "RB27S",  ZB, 0,     QUARTER, 2025, 4, JST, RIO, 0},
    {"2026-02-20", "2026-02-20", "RB28S",  ZB, 0,     QUARTER, 2025, 4, JST, RIO, 0},
    {"2026-02-20", "2026-02-20", "RBPDP",  ZB, 0,     QUARTER, 2025, 4, JST, RIO, 0},
    {"2026-02-20", "2026-02-20", "RBST",   ZB, 0,     QUARTER, 2025, 4, JST, RIO, 0},
    {"2026-02-20", "2026-02-20", "RBNDS",  ZB, 0,     QUARTER, 2025, 4, JST, RIO, 0},
    {"2026-02-20", "2026-02-20", "RB30S",  ZB, 0,     QUARTER, 2025, 4, JST, RIO, 0},
    {"2026-02-20", "2026-02-20", "RB34S",  ZB, 0,     QUARTER, 2025, 4, JST, RIO, 0},
    {"2026-02-23", "2026-02-21", "RB27S",  JE, 0,     MONTH,   2026, 1, URZ, ZAR, 0},
    {"2026-02-23", "2026-02-21", "RB27S",  OR, 0,     MONTH,   2026, 1, ORG, ZAR, 0},
    {"2026-02-23", "2026-02-22", "RB27S",  ZB, 0,     MONTH,   2026, 1, JST, RIO, 0},
    {"2026-02-23", "2026-02-22", "RB28S",  ZB, 0,     MONTH,   2026, 1, JST, RIO, 0},
    {"2026-02-23", "2026-02-23", "RBZ",    LA, 0,     QUARTER, 2025, 4, JST, RIO, 0},
    {"2026-02-23", "2026-02-23", "RBN",    LA, 0,     QUARTER, 2025, 4, JST, RIO, 0},
    {"2026-02-23", "2026-02-23", "RBUZ",   LA, 0,     QUARTER, 2025, 4, JST, RIO, 0},
    {"2026-02-25", "2026-02-25", "RBZ",    LA, PER_J, QUARTER, 2025, 4, JST, RIO, 0},
    {"2026-02-25", "2026-02-25", "RBN",    LA, PER_J, QUARTER, 2025, 4, JST, RIO, 0},
    {"2026-02-25", "2026-02-25", "RBUZ",   LA, PER_J, QUARTER, 2025, 4, JST, RIO, 0},
};

/* Days off of every kind, and the two dates of January. */
static const struct golden single[] = {
    {"2025-01-22", "2025-01-22", "RB27S",  ZB, 0,     MONTH,   2024, 12, JST, RIO, 0},
    {"2026-01-22", "2026-01-22", "RB28S",  ZB, 0,     MONTH,   2025, 12, JST, RIO, 0},
    {"2025-01-31", "2025-01-31", "RB27ZZ", JE, PER_D, QUARTER, 2024, 4,  BUD, ZAR, 0},
    {"2026-02-02", "2026-01-31", "RB27ZZ", JE, PER_D, QUARTER, 2025, 4,  BUD, ZAR, 0},
    /* A Sunday before 11 November. */
    {"2024-11-12", "2024-11-10", "RB27S",  JE, 0,     MONTH,   2024, 10, BUD, ZAR, 0},
    /* Easter Sunday, and Easter Monday. */
    {"2020-04-14", "2020-04-12", "RB27ZZ", ZB, PER_D, QUARTER, 2020, 1,  JST, DYS, 0},
    {"2030-04-23", "2030-04-22", "RBNDS",  ZB, 0,     QUARTER, 2030, 1,  JST, RIO, 0},
    /* A Saturday before 24 December, a day off since 2025. */
    {"2029-12-27", "2029-12-22", "RB27S",  ZB, 0,     MONTH,   2029, 11, JST, RIO, 0},
    {"2024-12-23", "2024-12-22", "RB27S",  ZB, 0,     MONTH,   2024, 11, JST, RIO, 0},
    /* Moved by Dz.U. 2020 poz. 570, 21 days; what it did not name stays. */
    {"2020-05-13", "2020-05-13", "RB27S",  ZB, 0,     QUARTER, 2020, 1,  JST, RIO, 0},
    {"2020-05-13", "2020-05-13", "RB28NWS", ZB, 0,    QUARTER, 2020, 1,  JST, RIO, 0},
    {"2020-05-05", "2020-05-05", "RB50",   ZB, PER_D, QUARTER, 2020, 1,  JST, DYS, 0},
    {"2020-05-13", "2020-05-13", "RBZ",    LA, 0,     QUARTER, 2020, 1,  JST, RIO, 1},
    {"2020-05-18", "2020-05-18", "RBN",    LA, PER_J, QUARTER, 2020, 1,  JST, RIO, 1},
    {"2020-04-10", "2020-04-10", "RB27S",  JE, 0,     QUARTER, 2020, 1,  BUD, ZAR, 0},
    {"2020-07-22", "2020-07-22", "RB27S",  ZB, 0,     QUARTER, 2020, 2,  JST, RIO, 0},
    {"2021-04-22", "2021-04-22", "RB27S",  ZB, 0,     QUARTER, 2021, 1,  JST, RIO, 0},
    {"2026-07-22", "2026-07-22", "RB28NWS", ZB, 0,    QUARTER, 2026, 2,  JST, RIO, 0},
    {"2026-07-10", "2026-07-10", "RB28NWS", JE, 0,    QUARTER, 2026, 2,  CALENDAR_CUW, ZAR, 0},
};
/* clang-format on */

static struct calendar_question
question_of(const struct golden *row)
{
    return (struct calendar_question){.form = str_of(row->form),
                                      .level = str_of(row->level),
                                      .variant = (enum calendar_variant)row->variant,
                                      .unit = (enum calendar_unit_kind)row->unit,
                                      .jst_type = CALENDAR_GMINA,
                                      .period_type =
                                          row->type == MONTH ? STR("Miesiac") : STR("Kwartal"),
                                      .year = row->year,
                                      .number = row->number};
}

/* Who owes it at all (domain: a form that follows from a task is owed by who has it). */
static enum calendar_trait
trait_of(struct str form)
{
    static const struct {
        const char         *form;
        enum calendar_trait trait;
    } conditional[] = {
        {"RB34S",   CALENDAR_RACHUNEK_223         },
        {"RB27ZZ",  CALENDAR_ZADANIA_ZLECONE      },
        {"RB50",    CALENDAR_ZADANIA_ZLECONE      },
        {"RB28NWS", CALENDAR_WYDATKI_NIEWYGASAJACE},
    };

    for (size_t i = 0; i < ARRAY_COUNT(conditional); i++) {
        if (str_equal(form, str_of(conditional[i].form))) {
            return conditional[i].trait;
        }
    }
    return CALENDAR_OF_ALL;
}

static void
expect_golden(const struct golden *row)
{
    struct calendar_question question = question_of(row);
    struct calendar_term     term = {0};
    char                     name[100];

    (void)snprintf(name, sizeof name, "%s %s %s %d/%d", row->due, row->form, row->level, row->year,
                   row->number);
    EXPECT(calendar_due(calendar, &question, &term), name);
    EXPECT(date_compare(term.nominal, day(row->nominal)) == 0, name);
    EXPECT(date_compare(term.due, day(row->due)) == 0, name);
    EXPECT(term.entry->recipient == (enum calendar_recipient)row->recipient, name);
    EXPECT(term.model == (row->model == 1), name);
    EXPECT(term.entry->trait == trait_of(str_of(row->form)), name);
    EXPECT(term.basis.size > 0 && term.entry->source.size > 0, name);
}

static bool
same_report(const struct golden *row, const struct calendar_term *term)
{
    struct str type = row->type == MONTH ? STR("Miesiac") : STR("Kwartal");

    return str_equal(term->entry->form, str_of(row->form))
           && str_equal(term->entry->level, str_of(row->level))
           && term->entry->variant == (enum calendar_variant)row->variant
           && (term->entry->units & 1U << row->unit) != 0
           && str_equal(term->entry->period_type->name, type) && term->year == row->year
           && term->number == row->number && date_compare(term->due, day(row->due)) == 0;
}

/* The days of the table, and no day that the table does not name. */
static void
expect_month(const struct golden *rows, size_t count, const char *from, const char *to)
{
    struct arena               *arena = arena_create(ROOM);
    const struct calendar_term *terms = NULL;
    size_t                      term_count = 0;
    struct calendar_span        span = {.due_from = day(from), .due_to = day(to)};

    for (size_t i = 0; i < count; i++) {
        expect_golden(&rows[i]);
    }
    assert_int_equal(calendar_terms(arena, calendar, &span, &terms, &term_count, NULL), ERR_OK);
    for (size_t i = 0; i < term_count; i++) {
        size_t found = 0;
        while (found < count && !same_report(&rows[found], &terms[i])) {
            found++;
        }
        EXPECT(found < count, calendar_sentence(arena, calendar, &terms[i]).data);
    }
    arena_destroy(arena);
}

static void
october_2024_is_as_published(void **state)
{
    (void)state;
    expect_month(october_2024, ARRAY_COUNT(october_2024), "2024-10-01", "2024-10-31");
}

static void
february_2025_is_as_published(void **state)
{
    (void)state;
    expect_month(february_2025, ARRAY_COUNT(february_2025), "2025-02-01", "2025-02-28");
}

static void
february_2026_is_as_published(void **state)
{
    struct golden rows[ARRAY_COUNT(february_2026) + 2];

    (void)state;
    memcpy(rows, february_2026, sizeof february_2026);
    /* 31 January 2026 was a Saturday. */
    rows[ARRAY_COUNT(february_2026)] = (struct golden){
        "2026-02-02", "2026-01-31", "RB27ZZ", JE, PER_D, QUARTER, 2025, 4, BUD, ZAR, 0};
    rows[ARRAY_COUNT(february_2026) + 1] = (struct golden){
        "2026-02-02", "2026-01-31", "RB27ZZ", JE, PER_D, QUARTER, 2025, 4, URZ, ZAR, 0};
    expect_month(rows, ARRAY_COUNT(rows), "2026-02-01", "2026-02-28");
}

static void
days_off_and_regulations_move_a_day(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(single); i++) {
        expect_golden(&single[i]);
    }
}

/* What is not owed, each one word away from something that is. */
static void
what_is_not_owed_has_no_day(void **state)
{
    static const struct golden wrong[] = {
        {"form",              "", "RB99",    ZB, 0,     QUARTER, 2024, 3,  JST, 0, 0},
        {"no form",           "", "",        ZB, 0,     QUARTER, 2024, 3,  JST, 0, 0},
        {"level",             "", "RB27S",   LA, 0,     QUARTER, 2024, 3,  JST, 0, 0},
        {"no level",          "", "RB27S",   "", 0,     QUARTER, 2024, 3,  JST, 0, 0},
        {"unit for a JST",    "", "RB27S",   ZB, 0,     QUARTER, 2024, 3,  BUD, 0, 0},
        {"JST for a unit",    "", "RB27S",   JE, 0,     QUARTER, 2024, 3,  JST, 0, 0},
        {"organ for a JST",   "", "RB27S",   OR, 0,     QUARTER, 2024, 3,  JST, 0, 0},
        {"no zakład",        "", "RB27S",   JE, 0,     QUARTER, 2024, 3,  ZAK, 0, 0},
        {"variant",           "", "RB27S",   ZB, PER_D, QUARTER, 2024, 3,  JST, 0, 0},
        {"no variant",        "", "RB50",    ZB, 0,     QUARTER, 2024, 3,  JST, 0, 0},
        {"month of quarter",  "", "RB27S",   ZB, 0,     MONTH,   2024, 9,  JST, 0, 0},
        {"monthly Rb-NDS",    "", "RBNDS",   ZB, 0,     MONTH,   2024, 8,  JST, 0, 0},
        {"28NWS in Q3",       "", "RB28NWS", ZB, 0,     QUARTER, 2024, 3,  JST, 0, 0},
        {"Rb-UZ in Q1",       "", "RBUZ",    LA, 0,     QUARTER, 2024, 1,  JST, 0, 0},
        {"quarter 0",         "", "RB27S",   ZB, 0,     QUARTER, 2024, 0,  JST, 0, 0},
        {"quarter 5",         "", "RB27S",   ZB, 0,     QUARTER, 2024, 5,  JST, 0, 0},
        {"quarter -1",        "", "RB27S",   ZB, 0,     QUARTER, 2024, -1, JST, 0, 0},
        {"month 13",          "", "RB27S",   ZB, 0,     MONTH,   2024, 13, JST, 0, 0},
        {"month 40",          "", "RB27S",   ZB, 0,     MONTH,   2024, 40, JST, 0, 0},
        {"before it began",   "", "RB27S",   ZB, 0,     QUARTER, 2019, 4,  JST, 0, 0},
        {"year out of range", "", "RB27S",   ZB, 0,     QUARTER, 2200, 1,  JST, 0, 0},
        {"year 0",            "", "RB27S",   ZB, 0,     QUARTER, 0,    1,  JST, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        struct calendar_question question = question_of(&wrong[i]);
        struct calendar_term     term = {.year = 7};
        EXPECT(!calendar_due(calendar, &question, &term) && term.year == 7, wrong[i].due);
    }
}

static void
a_powiat_owes_no_rb_pdp_and_nobody_knows_of_a_jst_of_unknown_type(void **state)
{
    static const struct {
        enum calendar_jst_type type;
        bool                   owes;
    } rows[] = {
        {CALENDAR_GMINA,       true },
        {CALENDAR_MIASTO_NPP,  true },
        {CALENDAR_POWIAT,      false},
        {CALENDAR_WOJEWODZTWO, false},
        {CALENDAR_JST_TYPES,   false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct calendar_question question = {.form = STR("RBPDP"),
                                             .level = STR("zbiorcze"),
                                             .unit = CALENDAR_JST,
                                             .jst_type = rows[i].type,
                                             .period_type = STR("Kwartal"),
                                             .year = 2025,
                                             .number = 4};
        struct calendar_term     term = {0};
        assert_int_equal(calendar_due(calendar, &question, &term), rows[i].owes);
        question.form = STR("RBST");
        assert_true(calendar_due(calendar, &question, &term));
    }
}

static void
codes_of_a_unit_tell_the_type_of_its_jst(void **state)
{
    static const struct {
        const char            *gt;
        const char            *pt;
        enum calendar_jst_type type;
    } rows[] = {
        {"1",  "0", CALENDAR_GMINA      },
        {"2",  "0", CALENDAR_GMINA      },
        {"3",  "0", CALENDAR_GMINA      },
        {"1",  "2", CALENDAR_MIASTO_NPP },
        {"0",  "2", CALENDAR_MIASTO_NPP },
        {"0",  "1", CALENDAR_POWIAT     },
        {"0",  "3", CALENDAR_WOJEWODZTWO},
        {"0",  "0", CALENDAR_JST_TYPES  },
        {"4",  "0", CALENDAR_JST_TYPES  },
        {"Z",  "0", CALENDAR_JST_TYPES  },
        {"Z",  "2", CALENDAR_JST_TYPES  },
        {"1",  "7", CALENDAR_JST_TYPES  },
        {"1",  "8", CALENDAR_JST_TYPES  },
        {"1",  "",  CALENDAR_JST_TYPES  },
        {"",   "0", CALENDAR_JST_TYPES  },
        {"11", "0", CALENDAR_JST_TYPES  },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        EXPECT(calendar_jst_type_of(str_of(rows[i].gt), str_of(rows[i].pt)) == rows[i].type,
               rows[i].gt);
    }
}

/* Corrections, emptiness and copies of domain.md, "Correction windows" and 1.1. */
static void
windows_emptiness_and_copies_are_those_of_the_form(void **state)
{
    static const struct {
        struct golden row;
        const char   *until; /* empty: open */
        bool          empty;
        bool          nothing;
        unsigned      copies;
    } rows[] = {
  /* The last one of each row is checked by expect_golden. */
        {{"2025-02-24", "2025-02-22", "RB27S", ZB, 0, MONTH, 2025, 1, JST, RIO, 0},
         "2025-02-24", true,
         false, 1U << CALENDAR_TO_MF },
        {{"2025-04-22", "2025-04-22", "RB28S", ZB, 0, QUARTER, 2025, 1, JST, RIO, 0},
         "2025-06-30", true,
         false, 1U << CALENDAR_TO_MF },
        {{"2024-10-22", "2024-10-22", "RB28S", ZB, 0, QUARTER, 2024, 3, JST, RIO, 0},
         "2024-12-31", true,
         false, 1U << CALENDAR_TO_MF },
        {{"2025-02-20", "2025-02-20", "RB27S", ZB, 0, QUARTER, 2024, 4, JST, RIO, 0},
         "",           true,
         false, 1U << CALENDAR_TO_MF },
        {{"2025-02-24", "2025-02-23", "RBZ", LA, 0, QUARTER, 2024, 4, JST, RIO, 0},
         "2025-06-30", true,
         false, 1U << CALENDAR_TO_MF },
        {{"2024-10-10", "2024-10-10", "RBN", JE, 0, QUARTER, 2024, 3, BUD, ZAR, 0},
         "2025-03-31", true,
         false, 1U << CALENDAR_TO_GUS},
        {{"2022-10-10", "2022-10-10", "RBN", JE, 0, QUARTER, 2022, 3, BUD, ZAR, 0},
         "2023-03-31", true,
         false, 0                    },
        {{"2024-10-14", "2024-10-12", "RB27ZZ", ZB, PER_D, QUARTER, 2024, 3, JST, DYS, 0},
         "",           false,
         true,  1U << CALENDAR_TO_RIO},
        {{"2024-10-14", "2024-10-14", "RB50", ZB, PER_D, QUARTER, 2024, 3, JST, DYS, 0},
         "",           false,
         true,  1U << CALENDAR_TO_RIO},
        {{"2024-10-22", "2024-10-22", "RB30S", ZB, 0, QUARTER, 2024, 3, JST, RIO, 0},
         "",           true,
         true,  1U << CALENDAR_TO_MF },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct calendar_question question = question_of(&rows[i].row);
        struct calendar_term     term = {0};
        const char              *name = rows[i].row.form;
        expect_golden(&rows[i].row);
        EXPECT(calendar_due(calendar, &question, &term), name);
        EXPECT((term.correction_until.year == 0) == (rows[i].until[0] == '\0'), name);
        EXPECT(rows[i].until[0] == '\0'
                   || date_compare(term.correction_until, day(rows[i].until)) == 0,
               name);
        EXPECT(term.entry->empty_allowed == rows[i].empty, name);
        EXPECT(term.entry->nothing_allowed == rows[i].nothing, name);
        EXPECT(term.entry->copies == rows[i].copies, name);
    }
}

/* For every term of every year: it is a working day, not before its rule, and calendar_due agrees.
 */
static void
every_term_of_every_year_is_a_working_day_that_calendar_due_gives_too(void **state)
{
    (void)state;
    for (int year = 2020; year <= 2035; year++) {
        struct arena               *arena = arena_create(ROOM);
        const struct calendar_term *terms = NULL;
        size_t                      count = 0;
        struct calendar_span        span = {.year = year};
        assert_int_equal(calendar_terms(arena, calendar, &span, &terms, &count, NULL), ERR_OK);
        assert_true(count > 150);
        for (size_t i = 0; i < count; i++) {
            const struct calendar_term *term = &terms[i];
            struct calendar_term        again = {0};
            struct calendar_question    question = {.form = term->entry->form,
                                                    .level = term->entry->level,
                                                    .variant = term->entry->variant,
                                                    .jst_type = CALENDAR_GMINA,
                                                    .period_type = term->entry->period_type->name,
                                                    .year = term->year,
                                                    .number = term->number};
            while ((term->entry->units & 1U << question.unit) == 0) {
                question.unit++;
            }
            assert_true(calendar_due(calendar, &question, &again));
            assert_ptr_equal(again.entry, term->entry);
            assert_int_equal(date_compare(again.due, term->due), 0);
            assert_true(date_compare(term->due, term->nominal) >= 0);
            assert_true(date_days(term->due) - date_days(term->nominal) <= 5);
            assert_true(i == 0 || date_compare(terms[i - 1].due, term->due) <= 0);
        }
        arena_destroy(arena);
    }
}

static void
an_enumeration_is_narrowed_by_period_and_form(void **state)
{
    static const struct {
        const char          *name;
        struct calendar_span span;
        size_t               count;
    } rows[] = {
        {"Rb-NDS of a year",      {.year = 2025, .form = STR_INIT("RBNDS")},                         4},
        {"one quarter of Rb-NDS",
         {.year = 2025, .period_type = STR_INIT("Kwartal"), .number = 2, .form = STR_INIT("RBNDS")},
         1                                                                                            },
        {"no month of Rb-NDS",
         {.year = 2025, .period_type = STR_INIT("Miesiac"), .form = STR_INIT("RBNDS")},
         0                                                                                            },
        {"unknown form",          {.year = 2025, .form = STR_INIT("RBX")},                           0},
        {"unknown period",        {.year = 2025, .period_type = STR_INIT("Tydzien")},                0},
        {"number 13",             {.year = 2025, .number = 13},                                      0},
        {"before it began",       {.year = 1999},                                                    0},
        {"one day",               {.due_from = {2026, 2, 25}, .due_to = {2026, 2, 25}},              3},
        {"the day before",        {.due_from = {2026, 2, 24}, .due_to = {2026, 2, 24}},              0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena               *arena = arena_create(ROOM);
        const struct calendar_term *terms = NULL;
        size_t                      count = 99;
        EXPECT(calendar_terms(arena, calendar, &rows[i].span, &terms, &count, NULL) == ERR_OK,
               rows[i].name);
        EXPECT(count == rows[i].count, rows[i].name);
        arena_destroy(arena);
    }
}

static void
an_enumeration_without_bounds_is_refused(void **state)
{
    static const struct calendar_span spans[] = {
        {0                       },
        {.due_from = {2026, 1, 1}},
        {.due_to = {2026, 1, 1}  },
        {.year = 1995            },
        {.year = 2200            },
        {.due_from = {2026, 1, 1}, .due_to = {2200, 1, 1}},
        {.year = -1                       },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(spans); i++) {
        struct arena               *arena = arena_create(ROOM);
        const struct calendar_term *terms = NULL;
        size_t                      count = 0;
        assert_int_equal(calendar_terms(arena, calendar, &spans[i], &terms, &count, NULL),
                         ERR_USAGE);
        arena_destroy(arena);
    }
}

/* A form that must not be filed empty is owed by nobody who has nothing to put into it. */
static void
what_must_not_be_empty_is_owed_only_by_who_has_a_trait(void **state)
{
    size_t conditional = 0;

    (void)state;
    for (size_t i = 0; i < calendar->entry_count; i++) {
        const struct calendar_entry *entry = &calendar->entries[i];
        EXPECT(entry->trait == trait_of(entry->form), "trait");
        EXPECT(entry->empty_allowed || entry->trait != CALENDAR_OF_ALL, "empty");
        conditional += entry->trait != CALENDAR_OF_ALL;
    }
    assert_int_equal(conditional, 19);
}

static void
a_sentence_says_the_day_and_why_it_was_moved(void **state)
{
    static const struct {
        struct golden row;
        const char   *sentence;
    } rows[] = {
        {{"2024-10-22", "2024-10-22", "RB27S", ZB, 0, QUARTER, 2024, 3, JST, RIO, 0},
         "Rb-27S zbiorcze za III kwartał 2024 r.: do 22 października 2024 r. (wtorek), odbiorca: "
         "RIO, kopia: Minister Finansów."                                              },
        {{"2024-10-28", "2024-10-27", "RBZ", LA, PER_J, QUARTER, 2024, 3, JST, RIO, 0},
         "Rb-Z łączne (osób prawnych) za III kwartał 2024 r.: do 28 października 2024 r. "
         "(poniedziałek), odbiorca: RIO, kopia: GUS. Termin kończyłby się 27 października 2024 r. "
         "(niedziela), dlatego jest nim najbliższy dzień roboczy (art. 57 § 4 KPA)." },
        {{"2030-04-23", "2030-04-22", "RBNDS", ZB, 0, QUARTER, 2030, 1, JST, RIO, 0},
         "Rb-NDS zbiorcze za I kwartał 2030 r.: do 23 kwietnia 2030 r. (wtorek), odbiorca: RIO, "
         "kopia: Minister Finansów. Termin kończyłby się 22 kwietnia 2030 r. (Poniedziałek "
         "Wielkanocny), dlatego jest nim najbliższy dzień roboczy (art. 57 § 4 KPA)."},
        {{"2020-05-13", "2020-05-13", "RBZ", LA, 0, QUARTER, 2020, 1, JST, RIO, 1},
         "Rb-Z łączne za I kwartał 2020 r.: do 13 maja 2020 r. (środa), odbiorca: RIO, kopia: "
         "Minister Finansów. Termin zmienił przepis szczególny. Pozycja kalendarza nie jest "
         "jeszcze "
         "potwierdzona tekstem przepisu."                                               },
        {{"2026-07-10", "2026-07-10", "RB34S", JE, 0, QUARTER, 2026, 2, BUD, ZAR, 0},
         "Rb-34S jednostkowe za II kwartał 2026 r.: do 10 lipca 2026 r. (piątek), odbiorca: zarząd "
         "JST. Składa je tylko jednostka, która prowadzi wydzielony rachunek dochodów (art. 223 "
         "ustawy o finansach publicznych)."                                             },
        {{"2025-01-22", "2025-01-22", "RB27S", ZB, 0, MONTH, 2024, 12, JST, RIO, 0},
         "Rb-27S zbiorcze za grudzień 2024 r.: do 22 stycznia 2025 r. (środa), odbiorca: RIO, "
         "kopia: "
         "Minister Finansów."                                                          },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        struct arena            *arena = arena_create(ROOM);
        struct calendar_question question = question_of(&rows[i].row);
        struct calendar_term     term = {0};
        assert_true(calendar_due(calendar, &question, &term));
        struct str sentence = calendar_sentence(arena, calendar, &term);
        assert_string_equal(sentence.data == NULL ? "" : str_copy(arena, sentence).data,
                            rows[i].sentence);
        arena_destroy(arena);
    }
}

static void
little_memory_is_refused_and_never_a_crash(void **state)
{
    bool done = false;

    (void)state;
    for (size_t room = 0; !done; room += 509) {
        struct arena               *arena = arena_create(room);
        const struct calendar_term *terms = NULL;
        size_t                      count = 0;
        struct calendar_span        span = {.year = 2025};
        enum err got = calendar_terms(arena, calendar, &span, &terms, &count, NULL);
        assert_true(got == ERR_OK || (got == ERR_MEMORY && terms == NULL));
        done = got == ERR_OK && calendar_sentence(arena, calendar, terms).data != NULL;
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(october_2024_is_as_published),
        cmocka_unit_test(february_2025_is_as_published),
        cmocka_unit_test(february_2026_is_as_published),
        cmocka_unit_test(days_off_and_regulations_move_a_day),
        cmocka_unit_test(what_is_not_owed_has_no_day),
        cmocka_unit_test(a_powiat_owes_no_rb_pdp_and_nobody_knows_of_a_jst_of_unknown_type),
        cmocka_unit_test(codes_of_a_unit_tell_the_type_of_its_jst),
        cmocka_unit_test(windows_emptiness_and_copies_are_those_of_the_form),
        cmocka_unit_test(every_term_of_every_year_is_a_working_day_that_calendar_due_gives_too),
        cmocka_unit_test(an_enumeration_is_narrowed_by_period_and_form),
        cmocka_unit_test(an_enumeration_without_bounds_is_refused),
        cmocka_unit_test(what_must_not_be_empty_is_owed_only_by_who_has_a_trait),
        cmocka_unit_test(a_sentence_says_the_day_and_why_it_was_moved),
        cmocka_unit_test(little_memory_is_refused_and_never_a_crash),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
