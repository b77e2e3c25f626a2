#ifndef VALIDATORS_IDENTIFIER_IDENTIFIER_H
#define VALIDATORS_IDENTIFIER_IDENTIFIER_H

#include "validators/base/str.h"

/*
 * Numbers and codes that name a unit: form and check digit only. Whether such a unit exists, and
 * whether it is the one meant, is the registry's question: a real, signed report with another
 * school's REGON has been seen, its check digit being right (domain.md 0.4).
 *
 * Texts are taken as they are: padding (BeSTi@ pads REGON to 14 with spaces) is the caller's to
 * trim.
 */
enum identifier_fault {
    IDENTIFIER_OK = 0,
    IDENTIFIER_EMPTY,
    IDENTIFIER_LENGTH,      /* too few or too many characters */
    IDENTIFIER_NOT_DIGITS,  /* a letter, a space or a sign among the digits */
    IDENTIFIER_SHAPE,       /* a hyphen or a first digit where none can stand */
    IDENTIFIER_ALL_ZEROS,   /* a filled-in blank; its check digit would be right */
    IDENTIFIER_CHECK_DIGIT, /* mistyped: the check digit disagrees */
    IDENTIFIER_BASE,        /* REGON 14: its first nine digits are no REGON; InternalId: its NIP */
    IDENTIFIER_UNKNOWN_VALUE,  /* a code that is not in the list */
    IDENTIFIER_MISMATCH,       /* a code that disagrees with another one */
    IDENTIFIER_TEST_TERRITORY, /* WK 99: made up; whether it may stand here is data, not ours */
};

/* 9 or 14 digits. Weights 8 9 2 3 4 5 6 7 and 2 4 8 5 0 9 7 3 6 1 2 4 8, mod 11, 10 -> 0. */
enum identifier_fault identifier_regon(struct str text);

/* 10 digits. Weights 6 5 7 2 3 4 5 6 7, mod 11; never 10. The tax office's number is never 0xx....
 */
enum identifier_fault identifier_nip(struct str text);

/*
 * A unit under a NIP as in KSeF's InternalId: "NIP-ddddd", the last digit being the sum of the 14
 * before it with weights 1 3 1 3 ..., mod 10 (6824515772-12343).
 */
enum identifier_fault identifier_internal(struct str text);

/* The digit that ends an InternalId: of 14 digits without the hyphen; -1 for anything else. */
int identifier_internal_digit(struct str digits);

/* The five codes by which the Ministry of Finance names a local government, as they stand. */
struct identifier_territory {
    struct str wk; /* voivodeship: 02, 04 .. 32; 99 in tests */
    struct str pk; /* county: 01 .. 99; 00 for a voivodeship */
    struct str gk; /* commune: 01 .. 99; 00 where there is none */
    struct str gt; /* its type: 1 urban, 2 rural, 3 mixed, Z association, 0 none */
    struct str pt; /* type of county or association: 0 none, 1 county, 2 city with county rights,
                      3 voivodeship, 4 .. 8 others; 7, 8 associations */
};

enum identifier_code {
    IDENTIFIER_WK,
    IDENTIFIER_PK,
    IDENTIFIER_GK,
    IDENTIFIER_GT,
    IDENTIFIER_PT,
    IDENTIFIER_CODES
};

struct identifier_judgement {
    enum identifier_fault fault;
    enum identifier_code  code; /* the first one at fault, in the order of the file */
};

/*
 * Are the five codes possible, alone and together? Together only what is certain (domain.md 3): a
 * city with county rights (PT 2) has PK 61 .. 99 and GK 00, a commune (PT 0, GT 1 .. 3) has its own
 * PK and GK, only a voivodeship (PT 3) has PK 00. IDENTIFIER_TEST_TERRITORY is given only when
 * nothing else is wrong. One code may name both a commune and an association that sits there, so
 * the codes alone do not identify a filer.
 */
struct identifier_judgement identifier_territory_judge(const struct identifier_territory *codes);

const char *identifier_code_name(enum identifier_code code); /* "WK" */

/*
 * Typ of a unit as a report writes it ("JB", "ZB-TEST"): 1 .. IDENTIFIER_TYPE_MAX capitals, digits
 * and hyphens. The schema of a package takes any text; which Typ there are is data.
 */
enum { IDENTIFIER_TYPE_MAX = 30 };
bool identifier_type(struct str text);

/* "2026-Q2", "2026-06", or a whole year, "2026": a period as every list writes it. */
bool identifier_period(struct str text);

#endif
