#ifndef TESTS_SUPPORT_DRAFT_H
#define TESTS_SUPPORT_DRAFT_H

#include "tests/support/authority.h"

/*
 * Packages put together by hand from units: any rows, any faults, and still validly signed when a
 * test wants to see one fault alone. Where maker.h makes many good reports with one thing wrong,
 * this makes few bytes per report, thousands of them, each as the test says. A zeroed unit with a
 * number of its own is accepted when the authority is trusted: one signed Rb-28s of Q2 2026.
 * Aborts when memory is short: then no test of it can say anything.
 */
enum draft_signing { DRAFT_SIGNED, DRAFT_UNSIGNED, DRAFT_ACCOUNTANT_ONLY };

struct draft_unit {
    size_t             number;         /* of name, REGON and Ids; 0 .. 999,999 */
    enum draft_signing signing;        /* of every report */
    bool               both;           /* an Rb-27s stands before the Rb-28s */
    bool               swapped;        /* behind it */
    int                version;        /* Wersja */
    bool               forged;         /* Wersja is one higher than what was signed */
    const char        *date;           /* DataSprawozdania; NULL: 2026-07-09 */
    const char        *tag;            /* instead of Rb-28s */
    bool               bare;           /* without what the header of an Rb-28s alone has */
    const char        *kind;           /* Typ; NULL: JB */
    bool               by_council;     /* skarbnik and zarząd have signed: of a JST */
    const char        *regon;          /* NULL: a good one */
    const char        *province;       /* WK; NULL: 14 */
    const char        *district;       /* PK; NULL: 01 */
    const char        *community;      /* GK; NULL: 01 */
    const char        *type;           /* GT; NULL: 1 */
    const char        *district_type;  /* PT; NULL: 0 */
    int                month;          /* of 2026; 0: its second quarter */
    const char        *signed_on;      /* day of signing; NULL: 2026-07-09 */
    bool               income_alone;   /* an Rb-27s and no Rb-28s */
    struct str         rows;           /* of the Rb-28s; empty: one that no rule finds fault with */
    struct str         income_rows;    /* of the Rb-27s, likewise */
    const char        *shell_name;     /* Nazwa outside the report; NULL: the same as inside */
    const char        *shell_type;     /* GT outside the report; NULL: the same as inside */
    const char        *shell_more;     /* between PT and Sprawozdania; NULL: nothing */
    const char        *signature_more; /* behind the last Signature; NULL: nothing */
};

enum { DRAFT_ROWS_MAX = 3240 };

/* Rows of Rb-28s that differ in their classification, one kind of fault in each. */
enum draft_rows {
    DRAFT_ROWS_QUERIED, /* more spent of the village fund than in all */
    DRAFT_ROWS_DOUBTED, /* spent above committed above planned: three findings */
    DRAFT_ROWS_WARNED,  /* more committed than planned */
    DRAFT_ROWS_BROKEN,  /* Dzial is no number: the schema objects */
    DRAFT_ROWS_OVERDUE, /* more liabilities due than there are: rejects */
    DRAFT_ROWS_COUNT
};

/*
 * Rows first to first + count, below DRAFT_ROWS_MAX, so that several kinds can stand in one report;
 * all of a classification that the dictionaries know.
 */
struct str draft_rows(struct arena *arena, enum draft_rows kind, size_t first, size_t count);

/* The Jednostka element. */
struct str draft_unit(struct arena *arena, const struct authority *authority,
                      const struct draft_unit *unit);

/* The whole file; tail stands behind Jednostki, most often empty. */
struct str draft_package(struct arena *arena, const struct str *units, size_t count,
                         const char *tail);

/* The same for a month of 2026; 0: its second quarter, as above. The units are of that month, too.
 */
struct str draft_package_of(struct arena *arena, int month, const struct str *units, size_t count);

/* REGON of the unit of this number. */
struct str draft_regon(struct arena *arena, size_t number);

/* Id of the Rb-28s of the unit of this number ("Rb28s_..."), and of its Rb-27s. */
struct str draft_id(struct arena *arena, size_t number);
struct str draft_other_id(struct arena *arena, size_t number);

#endif
