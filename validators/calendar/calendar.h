#ifndef VALIDATORS_CALENDAR_CALENDAR_H
#define VALIDATORS_CALENDAR_CALENDAR_H

#include "validators/calendar/due_rule.h"
#include "validators/catalogue/catalogue.h"

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
    CALENDAR_FORMS_MAX = 100,
    CALENDAR_ENTRIES_MAX = 1000, /* of all forms together */
    CALENDAR_SHIFTS_MAX = 200,
    CALENDAR_TERMS_MAX = 20000, /* of one enumeration */
};

/* Kinds of unit as in registry.unit_kind, bit 1 << kind of a mask. */
enum calendar_unit_kind {
    CALENDAR_JST,
    CALENDAR_URZAD,
    CALENDAR_JEDNOSTKA_BUDZETOWA,
    CALENDAR_ZAKLAD_BUDZETOWY,
    CALENDAR_INSTYTUCJA_KULTURY,
    CALENDAR_SPZOZ,
    CALENDAR_ZWIAZEK,
    CALENDAR_CUW,
    CALENDAR_UNIT_KINDS,
};

/* Which JST owe it, for terms that not all of them owe (Rb-PDP); bit 1 << type of a mask. */
enum calendar_jst_type {
    CALENDAR_GMINA,
    CALENDAR_MIASTO_NPP, /* town with the rights of a powiat */
    CALENDAR_POWIAT,
    CALENDAR_WOJEWODZTWO,
    CALENDAR_JST_TYPES,
};

enum calendar_recipient {
    CALENDAR_TO_ZARZAD_JST,
    CALENDAR_TO_RIO,
    CALENDAR_TO_DYSPONENT,
    CALENDAR_TO_MF,
    CALENDAR_TO_GUS,
    CALENDAR_TO_ORGAN_NADZORUJACY,
    CALENDAR_RECIPIENTS,
};

/*
 * What makes several reports of one form, level and period of one unit: nothing; one for each
 * dysponent (Rb-27ZZ, Rb-50); one for each JOP group of legal persons (Rb-Z, Rb-N of a JST).
 */
enum calendar_variant {
    CALENDAR_PLAIN,
    CALENDAR_PER_DYSPONENT,
    CALENDAR_PER_JOP,
    CALENDAR_VARIANTS
};

/* One `term` of calendar.xml. */
struct calendar_entry {
    struct str                form;  /* code: "RB27S" */
    struct str                title; /* "Rb-27S" */
    struct str                level; /* "zbiorcze" */
    enum calendar_variant     variant;
    unsigned                  units;     /* mask of enum calendar_unit_kind, never 0 */
    unsigned                  jst_types; /* mask of enum calendar_jst_type; 0 = all */
    const struct period_type *period_type;
    unsigned                  numbers; /* bit 1 << Okres, never 0 */
    struct due_rule           due;
    struct due_rule           correction;
    enum calendar_recipient   recipient;
    unsigned                  copies;        /* mask of enum calendar_recipient, "do wiadomości" */
    bool                      empty_allowed; /* a report without amounts may be filed */
    bool                      nothing_allowed; /* "nic do wykazania" fulfils it without a report */
    bool                      model;
    struct date               from; /* by the period's end; year 0 = unbounded */
    struct date               to;
    struct str                basis; /* legal basis */
    struct str source; /* whose calendar or text confirms the day, or that none does */
    uint32_t   line;   /* of calendar.xml */
};

/* One `shift`: terms of one period moved by a regulation. */
struct calendar_shift {
    struct str                forms;  /* space-separated codes */
    struct str                levels; /* space-separated; empty = any */
    const struct period_type *period_type;
    int                       year;
    unsigned                  numbers; /* bit 1 << Okres */
    int                       days;    /* later than the rule says; 0: `on` holds */
    struct date               on;
    bool                      model;
    struct str                basis;
    struct str                source;
    uint32_t                  line;
};

struct calendar {
    struct str                   version;       /* "1" */
    struct str                   workday_basis; /* why a day off moves a term */
    unsigned char                sha256[32];    /* of the bytes of calendar.xml */
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

/* Words of data and their Polish titles: "zarzad-jst" and "zarząd JST". */
const char *calendar_unit_kind_name(enum calendar_unit_kind kind);
const char *calendar_jst_type_name(enum calendar_jst_type type);
const char *calendar_recipient_name(enum calendar_recipient recipient);
const char *calendar_recipient_title(enum calendar_recipient recipient);
const char *calendar_variant_name(enum calendar_variant variant); /* "", "dysponent", "jop" */

/* False when the word is unknown; *out untouched. */
MUST_USE bool calendar_unit_kind_read(struct str word, enum calendar_unit_kind *out);

/*
 * "Rb-27S zbiorcze za III kwartał 2024 r.: do 22 października 2024 r. (wtorek), odbiorca: RIO."
 * and, when the day was moved, why. .data == NULL when the arena is full.
 */
struct str calendar_sentence(struct arena *arena, const struct calendar *calendar,
                             const struct calendar_term *term);

#endif
