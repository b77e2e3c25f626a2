#ifndef TESTS_SUPPORT_EDIT_H
#define TESTS_SUPPORT_EDIT_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/*
 * One change of one XML text, as data. It finds the first place named by `at` and fails loudly
 * when there is none, so that no edit can silently do nothing. It knows our own writer's shape
 * only (no element inside one of the same name).
 */
enum edit_mode {
    EDIT_NOTHING,   /* zero: an unused place in a table */
    EDIT_REPLACE,   /* the literal text at by with */
    EDIT_CONTENT,   /* all between the tags of element at by with */
    EDIT_INSIDE,    /* with is put after the fourth byte of the content of element at */
    EDIT_CELLS,     /* all amounts of the first Pozycja by with */
    EDIT_TWICE,     /* element at stands there twice */
    EDIT_REMOVE,    /* element at is gone */
    EDIT_BEFORE,    /* with is put before element at */
    EDIT_AFTER,     /* with is put after element at */
    EDIT_LAST,      /* with becomes the last child of element at */
    EDIT_ATTRIBUTE, /* with is put behind the name in the start tag of element at */
    EDIT_VALUE,     /* at is `<name attribute="`: its value becomes with */
    EDIT_FLIP,      /* another first byte of the content of element at */
    EDIT_HALF,      /* only the first half of the content of element at, in whole groups of four */
    EDIT_FLOOD,     /* with is put after element at ten thousand times */
};

/* Which text of the package is changed. All but EDIT_STAGE_LATE happen before it is signed. */
enum edit_stage {
    EDIT_STAGE_REPORT,     /* the report element; signatures stay valid */
    EDIT_STAGE_PROPERTIES, /* xades:SignedProperties */
    EDIT_STAGE_INFO,       /* ds:SignedInfo */
    EDIT_STAGE_SIGNATURE,  /* the whole ds:Signature, after it was signed */
    EDIT_STAGE_LATE,       /* the report element, after it was signed */
    EDIT_STAGE_PACKAGE,    /* the whole file, after all was signed */
};

enum { EDIT_FLOOD_COUNT = 10000 };

struct edit {
    enum edit_mode  mode;
    enum edit_stage stage;
    const char     *at;   /* element name, perhaps with its first attributes */
    const char     *with; /* {id}: of the report signed; {other}: of the unit's other report */
    const char     *canonical_at; /* what at is after Canonical XML; NULL: the same */
    const char     *canonical;    /* what `with` is after Canonical XML; NULL: the same */
};

/* Which of the two texts of a twin is changed. */
enum edit_side { EDIT_RAW, EDIT_CANONICAL };

/* What the placeholders stand for. */
struct edit_names {
    struct str id;
    struct str other;
};

/* The changed copy of text, in arena. Fails with ERR_USAGE (no such place) or ERR_MEMORY. */
MUST_USE enum err edit_apply(struct arena *arena, const struct edit *edit, enum edit_side side,
                             const struct edit_names *names, struct str *text, struct fault *fault);

/* Where needle begins in text at or after from; text.size when it does not. */
size_t edit_find(struct str text, struct str needle, size_t from);

#endif
