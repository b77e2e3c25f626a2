#ifndef VALIDATORS_DOCUMENT_FRAME_H
#define VALIDATORS_DOCUMENT_FRAME_H

#include "validators/base/buf.h"
#include "validators/document/document.h"

/*
 * The elements that are open while the pass stands somewhere in the file: a bounded stack. Names
 * are interned by the parser, so that equal names are equal pointers. Knows nothing of libxml2.
 */
enum { FRAME_SEEN_MAX = 32 };

/* What an open element is to us; decided once, at its start tag (grammar.h). */
enum role {
    ROLE_DOCUMENT, /* above the root: only as a parent */
    ROLE_PACKAGE,
    ROLE_PERIOD,
    ROLE_PERIOD_FIELD,
    ROLE_UNITS,
    ROLE_UNIT,
    ROLE_UNIT_FIELD,
    ROLE_REPORTS,    /* Sprawozdania */
    ROLE_SIGNATURES, /* Podpisy */
    ROLE_REPORT,
    ROLE_REPORT_PERIOD,
    ROLE_REPORT_PERIOD_FIELD,
    ROLE_REPORT_UNIT,
    ROLE_REPORT_UNIT_FIELD,
    ROLE_HEADER,
    ROLE_HEADER_FIELD,
    ROLE_ROWS,
    ROLE_ROW,
    ROLE_CODE,
    ROLE_AMOUNT,
    ROLE_SIGNATURE,
    ROLE_SIGNATURE_PART, /* anything inside a Signature */
    ROLE_OTHER,          /* unknown to us: the schema of where it stands judges it */
    ROLE_SKIPPED,        /* has its finding, or stands inside such an element: not looked into */
    ROLE_COUNT
};

/* Who judges an element by a schema. */
enum judge { JUDGE_NONE, JUDGE_SHELL, JUDGE_REPORT };

enum impurity { IMPURITY_NONE, IMPURITY_COMMENT, IMPURITY_CDATA, IMPURITY_INSTRUCTION };

struct frame {
    const char   *name; /* local name, interned */
    enum role     role;
    size_t        slot; /* which field, code or amount of its kind */
    enum judge    judge;
    enum impurity impurity; /* the first of them that stood directly inside it */
    uint32_t      start;    /* byte of '<' */
    uint32_t      ordinal;  /* among siblings of its name, from 1; 0 = not counted by name */
    uint32_t      place;    /* among all its siblings, from 1 */
    size_t        declaration_count; /* namespace declarations that it put into scope */
    uint32_t      child_count;
    size_t        seen_count;
    struct {
        const char *name;
        uint32_t    count;
    } seen[FRAME_SEEN_MAX]; /* names of its children so far */
};

struct frames {
    struct frame items[DOCUMENT_DEPTH_MAX];
    size_t       count;
    struct frame document; /* the parent of the root */
};

/* The innermost open element; above the root a frame of ROLE_DOCUMENT. */
struct frame *frame_top(struct frames *frames);

/* Open a child of the innermost element; NULL when DOCUMENT_DEPTH_MAX is reached. */
struct frame *frame_push(struct frames *frames, const char *name);

void frame_pop(struct frames *frames);

/* Whether an element of this role is open. */
bool frame_inside(const struct frames *frames, enum role role);

/*
 * "/PaczkaSprawozdan/Jednostki/Jednostka[2]/Nazwa": [n] always for what repeats in the format
 * (units, reports, rows, signatures), else when it is not the first of its name. An element that
 * was not counted by name, because its parent has too many names, is "*[n]" among all children.
 */
void frame_xpath(const struct frames *frames, struct buf *out);

#endif
