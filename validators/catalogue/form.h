#ifndef VALIDATORS_CATALOGUE_FORM_H
#define VALIDATORS_CATALOGUE_FORM_H

#include "validators/base/moment.h"
#include "validators/catalogue/entry.h"

/*
 * One legal version of one form: form.xml, its schema and its rules. Columns of codes and columns
 * of amounts are numbered separately, in the order of form.xml; an amount's slot is its number here
 * and in the store (a1 is slot 0).
 *
 * What tells two positions apart are the codes with key="true". A form of lines (Rb-NDS, Rb-Z) has
 * one such code with lines="true": it holds the symbol of a line, and form.xml lists the lines with
 * their titles. The row of a line is the one that has no other key code; rows that have one are
 * details of the line, unless the code says detail="false": programs write it on every row. All
 * amounts of such a form have one scale.
 *
 * A form that is filed several times in a period says for whom, or for what, each report is: the
 * elements of its header that form.xml lists as variants. Their values are the variant of the
 * report key (package_variant).
 */
enum { FORM_LINES_MAX = 63, FORM_PERIOD_NUMBER_MAX = 12, FORM_VARIANTS_MAX = 2 };

struct form_code {
    struct str name;   /* element: "Rozdzial" */
    struct str number; /* official column: "2"; empty if the print has none */
    struct str title;  /* "Rozdział" */
    struct str label;  /* for naming a cell: "rozdz." */
    bool       key;    /* part of what must be unique among the positions */
    bool       detail; /* a position that has it is a detail of its line */
    size_t     digits; /* exact count of digits that the schema asks for; 0 = not digits */
};

struct form_amount {
    struct str name;   /* element: "PL" */
    struct str number; /* "4"; empty if the print has none */
    struct str title;  /* "Plan (po zmianach)" */
    int        scale;  /* decimals: 2 for money */
};

struct form_line {
    struct str symbol; /* "A1": a name of VTL */
    struct str title;  /* "Dochody bieżące" */
};

/* What tells several reports of one form, unit, period and level apart. */
enum form_variant_kind { FORM_VARIANT_DYSPONENT, FORM_VARIANT_TASK, FORM_VARIANT_JOP };

struct form_variant {
    enum form_variant_kind kind;
    struct str             name; /* element of Naglowek: "Dysponent" */
};

/* A period for which the form is due. */
struct form_period {
    struct str type;    /* "Kwartal" */
    int        numbers; /* mask, bit 1 << Okres */
};

struct form {
    struct str                code;    /* "RB27S": prefix of its rules */
    struct str                element; /* "Rb-27s" */
    struct str                title;   /* "Rb-27S" */
    struct str                name;    /* "sprawozdanie z wykonania planu dochodów ..." */
    struct str                version; /* "2025-1" */
    struct str                basis;   /* legal basis */
    struct str                folder;  /* of the bundle: "rb-27s/2025-1" */
    bool                      model;   /* decides in TEST only */
    bool                      repeats; /* filed once for each dysponent: several in a period */
    struct form_variant       variants[FORM_VARIANTS_MAX];
    size_t                    variant_count; /* 0: the key of its reports has no variant */
    struct date               from; /* periods that end in [from, to]; year 0 = unbounded */
    struct date               to;
    const struct form_code   *codes;
    size_t                    code_count;
    const struct form_amount *amounts;
    size_t                    amount_count;
    const struct form_line   *lines;
    size_t                    line_count; /* 0: the form has no lines */
    size_t                    line_code;  /* the code that holds their symbols */
    const struct form_period *periods;    /* none: any */
    size_t                    period_count;
    const struct str         *levels; /* at which it is filed; none: any */
    size_t                    level_count;
    struct str                xsd;          /* bytes of report.xsd */
    struct str                vtl;          /* bytes of rules.vtl; empty if none */
    struct str                vtl_ruleset;  /* of it, for each position; empty: none */
    struct str                line_ruleset; /* and for each column, over lines; empty: none */
};

/* Index of the column with this element name, or -1. */
int form_code_index(const struct form *form, struct str name);
int form_amount_index(const struct form *form, struct str name);

/* Whether reports of the form are filed at a level. */
bool form_has_level(const struct form *form, struct str level);

/* Index of the line with this symbol, or -1. */
int form_line_index(const struct form *form, struct str symbol);

/* "kol. 4 Plan (po zmianach)" or, for a code, its title. */
struct str form_column_title(struct arena *arena, const struct form *form, struct str name);

/*
 * "dz. 801, rozdz. 80101, § 069, kol. 4 Plan (po zmianach)", "wiersz A1 Dochody bieżące, kol. 2
 * Plan": a cell in the form's own words.
 * values: one text per code column, empty ones are left out; name: the column's element name, empty
 * for the position as a whole.
 */
struct str form_cell(struct arena *arena, const struct form *form, const struct str *values,
                     struct str name);

#endif
