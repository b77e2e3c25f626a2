#ifndef VALIDATORS_CALENDAR_CALENDAR_H
#define VALIDATORS_CALENDAR_CALENDAR_H

#include "validators/calendar/entry.h"

/*
 * Who owes which report, to whom and until when: calendar/<version>/calendar.xml of the bundle,
 * read once, then constant for ever. There is no clock here: a question names a period, the answer
 * names days. Knows no unit, only kinds of unit (the registry's words), and no report: whether one
 * was in time is the caller's comparison of its data wpływu with `due`.
 *
 * Dates: the rule of the entry gives the day; a shift (an entry with a legal basis of its own, such
 * as Dz.U. 2020 poz. 570) moves it; a day off is moved to the next working day (workday.h).
 *
 * What no text of law in hand confirms is marked model. A model term is an answer for TEST; in PROD
 * nobody may be told by it that he is late.
 */
enum {
    CALENDAR_QUESTION_DAYS_MAX = 60,
    CALENDAR_FORMS_MAX = 100,
    CALENDAR_ENTRIES_MAX = 1000, /* of all forms together */
    CALENDAR_SHIFTS_MAX = 200,
    CALENDAR_TERMS_MAX = 20000, /* of one enumeration */
};

struct calendar {
    struct str                   version;        /* "1" */
    struct str                   workday_basis;  /* why a day off moves a term */
    int                          question_days;  /* working days to answer a query; 0: no term */
    struct str                   question_basis; /* who says so */
    unsigned char                sha256[32];     /* of the bytes of calendar.xml */
    const struct calendar_entry *entries;
    size_t                       entry_count;
    const struct calendar_shift *shifts;
    size_t                       shift_count;
};

/* One report that is due: an entry for one period. Texts live as long as the calendar. */
struct calendar_term {
    const struct calendar_entry *entry;
    const struct calendar_shift *shift; /* that moved it, or NULL */
    int                          year;
    int                          number;
    struct date                  period_end;
    struct date                  nominal;          /* by the rule or the shift, before days off */
    struct date                  due;              /* the last day in time */
    struct date                  correction_until; /* year 0: no end is stated */
    bool                         model;            /* of the entry or of its shift */
    struct str                   basis;            /* of the shift, else of the entry */
};

/*
 * Read the calendar that catalogue.xml names; it borrows catalogue and bundle. Fails with
 * ERR_CATALOGUE naming file and line (no calendar, an unknown word, element or attribute, a rule
 * that cannot be read, a term given twice for one period and kind of unit, a shift that moves
 * nothing, ...), or ERR_MEMORY.
 */
MUST_USE enum err calendar_load(struct arena *arena, const struct catalogue *catalogue,
                                const struct calendar **out, struct fault *fault);

/* The term of one report. */
struct calendar_question {
    struct str              form; /* code: "RB27S" */
    struct str              level;
    enum calendar_variant   variant;
    enum calendar_unit_kind unit;
    enum calendar_jst_type  jst_type;    /* CALENDAR_JST_TYPES: not known */
    struct str              period_type; /* "Kwartal" */
    int                     year;
    int                     number;
};

/*
 * False when no such report is owed (the kind of unit, the period, the level, or the form is not in
 * the calendar); *out untouched. A jst_type that is not known owes what every type owes.
 */
MUST_USE bool calendar_due(const struct calendar          *calendar,
                           const struct calendar_question *question, struct calendar_term *out);

/* Which terms an enumeration gives. */
struct calendar_span {
    int         year;        /* of the period; 0: any whose due day is in the bounds below */
    struct str  period_type; /* empty: any */
    int         number;      /* 0: any */
    struct str  form;        /* code; empty: any */
    struct date due_from;    /* year 0: unbounded; both needed when year is 0 */
    struct date due_to;
};

/*
 * All terms of a span in a total order: due day, form, level, variant, period, line of the entry.
 * ERR_LIMIT above CALENDAR_TERMS_MAX, ERR_USAGE when neither year nor both bounds are given,
 * ERR_MEMORY.
 */
MUST_USE enum err calendar_terms(struct arena *arena, const struct calendar *calendar,
                                 const struct calendar_span *span, const struct calendar_term **out,
                                 size_t *count, struct fault *fault);

/* "2024-Q3", "2024-10": as decisions and receipts name a period. .data == NULL: the arena is full.
 */
struct str calendar_period(struct arena *arena, const struct calendar_term *term);

/*
 * "Rb-27S zbiorcze za III kwartał 2024 r.: do 22 października 2024 r. (wtorek), odbiorca: RIO."
 * and, when the day was moved, why. .data == NULL when the arena is full.
 */
struct str calendar_sentence(struct arena *arena, const struct calendar *calendar,
                             const struct calendar_term *term);

#endif
