#ifndef TESTS_SUPPORT_ENVELOPE_H
#define TESTS_SUPPORT_ENVELOPE_H

#include "tests/support/posting.h"

/*
 * A made-up BeSTi@ package (PaczkaSprawozdan 0.3) in pieces: what its units and reports say, then,
 * piece by piece, their bytes. Plain data, so that a test can spoil any piece before the next is
 * made. (The module that reads packages is called package, hence the other name.)
 */
enum { ENVELOPE_SIGNATURES_MAX = 2 };

/* What headers show beyond the sample files. Bits, beside those of enum posting_trait. */
enum envelope_trait {
    ENVELOPE_REMARKS = 1U << 16U,   /* Uwagi as last child of Naglowek */
    ENVELOPE_GROUPS = 1U << 17U,    /* DostepneGrupyParagrafow true */
    ENVELOPE_NO_FLAG = 1U << 18U,   /* no DostepneGrupyParagrafow */
    ENVELOPE_ONE_SIGN = 1U << 19U,  /* the accountant alone has signed */
    ENVELOPE_ON_BEHALF = 1U << 20U, /* "Z upoważnienia kierownika jednostki" */
    ENVELOPE_UNSIGNED = 1U << 21U,  /* nobody has signed */
};

struct envelope_report {
    enum posting_form form;
    struct str        tag; /* "Rb-27s" */
    struct str        id;  /* "Rb27s_" and 32 hexadecimal digits */
    struct str        version;
    struct str        date;    /* DataSprawozdania */
    struct str        variant; /* elements behind it, most often empty */
    struct posting   *rows;
    size_t            row_count;
    struct str        sheet;     /* rows as they stand, of a form of sheet.h; then form is none */
    struct str        raw;       /* the element as it stands in the file */
    struct str        canonical; /* and as exclusive C14N gives it */
    struct str        signatures[ENVELOPE_SIGNATURES_MAX];
    size_t            signature_count;
};

struct envelope_unit {
    struct str             name;
    struct str             kind;  /* Typ */
    struct str             regon; /* not padded */
    struct str             wk;
    struct str             pk;
    struct str             gk;
    struct str             gt;
    struct str             pt;
    struct envelope_report reports[POSTING_FORM_COUNT];
    size_t                 report_count;
    struct str             more_reports; /* behind the unit's own, unsigned; most often empty */
};

struct envelope {
    struct str            year;
    struct str            period_kind; /* TypOkresu */
    struct str            period;
    unsigned              traits; /* of posting and package */
    struct envelope_unit *units;
    size_t                unit_count;
    struct str            root_attributes; /* ` xmlns:obcy="urn:obcy"`, most often empty */
    struct str            declaration;     /* which of them the signers knew of: namespaces */
    struct str            inherited;       /* and attributes of xml: */
    struct str            tail;            /* behind Jednostki, most often empty */
};

/* Fill raw and canonical of unit's report. Fails with ERR_MEMORY. */
MUST_USE enum err envelope_write_report(struct arena *arena, const struct envelope *package,
                                        const struct envelope_unit *unit,
                                        struct envelope_report *report, struct fault *fault);

/* The whole file from its pieces. Fails with ERR_MEMORY. */
MUST_USE enum err envelope_write(struct arena *arena, const struct envelope *package,
                                 struct str *out, struct fault *fault);

#endif
