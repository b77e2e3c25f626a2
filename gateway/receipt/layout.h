#ifndef GATEWAY_RECEIPT_LAYOUT_H
#define GATEWAY_RECEIPT_LAYOUT_H

#include "gateway/receipt/receipt.h"
#include "gateway/receipt/scan.h"
#include "validators/base/parcel.h"

/*
 * What stands on a receipt, where, and how it is spelt: tables that the writer, the strict reader
 * and the parcel of facts all walk, so that they cannot disagree. schemas/upo/1.0/upo-1-0.xsd says
 * the same for everybody else.
 */
enum layout_shape {
    LAYOUT_TEXT,          /* struct str; the element always stands there */
    LAYOUT_OPTION,        /* struct str; no element when it is empty */
    LAYOUT_KIND,          /* enum receipt_kind; words beside it */
    LAYOUT_VERDICT,       /* struct str; words beside it */
    LAYOUT_SEVERITY,      /* struct str; words beside it */
    LAYOUT_TIMELINESS,    /* struct str; words beside it; neither when it is empty */
    LAYOUT_SET,           /* struct str; words beside it; neither when it is empty */
    LAYOUT_DIGEST,        /* 32 bytes as lower-case hexadecimal digits */
    LAYOUT_DIGEST_OPTION, /* the same; no element when all are zero */
    LAYOUT_DATE,          /* struct date; no element when its year is 0 */
    LAYOUT_UUID,
    LAYOUT_INSTANT,        /* Warsaw time with its offset; UTC beside it; whole milliseconds */
    LAYOUT_INSTANT_OPTION, /* the same; neither when it is 0 */
    LAYOUT_NUMBER,         /* 0 .. INT64_MAX */
    LAYOUT_COUNT,          /* the same; no element when it is zero */
    LAYOUT_SHAPE_COUNT
};

struct layout_field {
    struct str        element;
    struct str        beside; /* element that says the same in other words, or none */
    enum layout_shape shape;
    size_t            offset; /* in the struct of its group */
    size_t            size;
};

struct layout_fields {
    const struct layout_field *fields;
    size_t                     count;
};

/* Elements of receipt_facts that belong together. */
struct layout_group {
    struct str           element;
    struct layout_fields fields;
    bool                 optional; /* no element when all its fields are empty */
};

enum { LAYOUT_GROUP_COUNT = 9 };

extern const struct layout_group  layout_groups[LAYOUT_GROUP_COUNT];
extern const struct layout_fields layout_report;
extern const struct layout_fields layout_finding;
extern const struct layout_fields layout_outage;

/* The names of the document and its lists. */
#define LAYOUT_DOCUMENT STR("UPO")
#define LAYOUT_HEAD STR("<UPO xmlns=\"https://brama.gov.example/schematy/upo/1-0\">")
#define LAYOUT_END STR("</UPO>")
#define LAYOUT_OUTAGES STR("Niedostepnosci")
#define LAYOUT_OUTAGE STR("Niedostepnosc")
#define LAYOUT_REPORTS STR("Sprawozdania")
#define LAYOUT_REPORT STR("Sprawozdanie")
#define LAYOUT_FINDINGS STR("Uwagi")
#define LAYOUT_FINDING STR("Uwaga")

/* Words for a kind, a verdict, a severity; empty: there is no such. */
struct str layout_words(enum layout_shape shape, struct str code);

/* The code of a kind: "unit"; and back, 0 for none. */
struct str        layout_kind_code(enum receipt_kind kind);
enum receipt_kind layout_kind_of(struct str code);

/* Whether there is no element for an empty value of this shape. */
bool layout_is_optional(enum layout_shape shape);

/* Whether a date can stand on a receipt: years of moment.h, or year 0 with nothing else. */
bool layout_date_valid(struct date date);

/* Whether an instant can stand on a receipt: years of moment.h. */
bool layout_instant_valid(instant at);

/* An instant as instant_write or instant_write_utc wrote it. */
MUST_USE bool layout_instant_parse(struct str text, instant *out);

/* Facts from LAYOUT_HEAD up to what follows the last list; scan->bad when they are not there. What
 * was left out, doubled or spelt otherwise shows when the facts are written anew. */
void layout_read(struct scan *scan, struct receipt_facts *out);

#endif
