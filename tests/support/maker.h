#ifndef TESTS_SUPPORT_MAKER_H
#define TESTS_SUPPORT_MAKER_H

#include "tests/support/authority.h"

#include <stdint.h>

/*
 * Makes signed BeSTi@ packages of exactly the shape of the real ones (domain.md 5), for tests,
 * benchmarks and demonstrations: any number of units and rows, any one thing wrong.
 *
 * The same options and the same keys give the same bytes (but for signatures by ECDSA). All names
 * and numbers are invented: units of territory 99, REGON 99000101x upwards. A zeroed structure
 * asks for one school with Rb-27s and Rb-28s of Q2 2026, five and thirty-four rows, two
 * signatures, nothing wrong. A JST (Typ ZB-TEST, ORGAN-TEST) is signed by its skarbnik and zarząd.
 */
enum maker_form { MAKER_RB27S = 1U << 0U, MAKER_RB28S = 1U << 1U };

enum { MAKER_UNITS_MAX = 100000 };

struct maker_options {
    uint64_t    seed;
    size_t      units;       /* 0: 1, or what the fault needs */
    size_t      first_unit;  /* number of the first of them: its name and REGON */
    size_t      rows;        /* per report; 0: as in the sample files */
    unsigned    forms;       /* enum maker_form; 0: both */
    const char *sheet;       /* tag of sheet.h: one report of this form instead of them; or NULL */
    int         year;        /* 0: 2026, or as the sheet says */
    const char *period_kind; /* TypOkresu; NULL: "Kwartal" */
    int         period;      /* 0: 2, or as the sheet says */
    int         times;       /* every amount so many times over: 2 of a second quarter; 0: once */
    int         version;     /* Wersja */
    const char *date;     /* DataSprawozdania and day of signing; NULL: 9 days after the period */
    const char *kind;     /* Typ; NULL: "JB", or as the sheet says */
    const char *variant;  /* in Naglowek: "<Dysponent>kbw</Dysponent>"; NULL: nothing */
    unsigned    features; /* see maker_feature */
    const char *fault;    /* see maker_fault_name, or one of the sheet; NULL: nothing is wrong */
};

/*
 * The package as bytes in arena. A fault raises units and forms to what it needs. Room: about
 * 1.5 kB per row of the largest report, 40 kB per signature.
 * Fails with ERR_USAGE (unknown fault, too many units or rows, a date that cannot be read, a fault
 * that finds no place in a report of these options), ERR_CRYPTO or ERR_MEMORY.
 */
MUST_USE enum err maker_package(struct arena *arena, const struct maker_options *options,
                                const struct authority *authority, struct str *out,
                                struct fault *fault);

/* REGON of the unit of this number; empty when arena is full. */
struct str maker_regon(struct arena *arena, size_t unit);

/* What can be asked for beyond the sample files: bits for features, by name, one line each. */
size_t      maker_feature_count(void);
const char *maker_feature_name(size_t index);
const char *maker_feature_text(size_t index);
unsigned    maker_feature(const char *name); /* 0: there is none */

/* What can be wrong, by name, one line each. */
size_t      maker_fault_count(void);
const char *maker_fault_name(size_t index);
const char *maker_fault_text(size_t index);

#endif
