#ifndef VALIDATORS_CALENDAR_ENTRY_H
#define VALIDATORS_CALENDAR_ENTRY_H

#include "validators/calendar/due_rule.h"
#include "validators/catalogue/catalogue.h"

/* What stands in a calendar.xml: terms, the regulations that moved some of them, and the words of
 * its attributes. Filled by calendar_load, read by everybody. */

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
    CALENDAR_ORGAN,
    CALENDAR_OSOBA_PRAWNA,
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

/* What makes several reports of one form, level and period of one unit: nothing; one for each
 * dysponent (Rb-27ZZ, Rb-50); one for each JOP group of legal persons (Rb-Z, Rb-N of a JST). */
enum calendar_variant {
    CALENDAR_PLAIN,
    CALENDAR_PER_DYSPONENT,
    CALENDAR_PER_JOP,
    CALENDAR_VARIANTS,
};

/* What the registry must say of who owes it, or of a unit below that JST (registry.trait). */
enum calendar_trait {
    CALENDAR_OF_ALL, /* nothing */
    CALENDAR_RACHUNEK_223,
    CALENDAR_ZADANIA_ZLECONE,
    CALENDAR_WYDATKI_NIEWYGASAJACE,
    CALENDAR_TRAITS,
};

/* One `term` of calendar.xml. */
struct calendar_entry {
    struct str                form;  /* code: "RB27S" */
    struct str                title; /* "Rb-27S" */
    struct str                level; /* "zbiorcze" */
    enum calendar_variant     variant;
    unsigned                  units;     /* mask of enum calendar_unit_kind, never 0 */
    unsigned                  jst_types; /* mask of enum calendar_jst_type; 0 = all */
    enum calendar_trait       trait;
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
    struct str                basis;  /* legal basis */
    struct str                source; /* who confirms the day, or that nobody does */
    uint32_t                  line;   /* of calendar.xml */
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

/* Words of data and their Polish titles: "zarzad-jst" and "zarząd JST". */
const char *calendar_unit_kind_name(enum calendar_unit_kind kind);
const char *calendar_unit_kind_title(enum calendar_unit_kind kind);
const char *calendar_jst_type_name(enum calendar_jst_type type);
const char *calendar_jst_type_title(enum calendar_jst_type type);
const char *calendar_recipient_name(enum calendar_recipient recipient);
const char *calendar_recipient_title(enum calendar_recipient recipient);
const char *calendar_trait_name(enum calendar_trait trait);       /* "", "rachunek-223" */
const char *calendar_trait_title(enum calendar_trait trait);      /* "prowadzi rachunek ..." */
const char *calendar_variant_name(enum calendar_variant variant); /* "", "dysponent", "jop" */

/* What the codes GT and PT say of a JST; CALENDAR_JST_TYPES: none of these. */
enum calendar_jst_type calendar_jst_type_of(struct str gt, struct str pt);

/* False when the word is unknown; *out untouched. */
MUST_USE bool calendar_unit_kind_read(struct str word, enum calendar_unit_kind *out);

#endif
