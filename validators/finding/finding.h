#ifndef VALIDATORS_FINDING_FINDING_H
#define VALIDATORS_FINDING_FINDING_H

#include "validators/base/err.h"
#include "validators/finding/contributors.h"

/*
 * What is wrong with (or worth saying of) a report or its package: data, not an error of ours.
 *
 * Whoever detects a finding knows its code, its place and its values. Texts, severity, legal basis
 * and owner stand under the code in the catalogue (schemas/, rules.xml) and are joined to it later,
 * by whoever decides (validators/decision). So the detector never words a sentence.
 *
 * Placeholders of the texts: {subject}, {found}, {expected}, {difference}, {cell} are the fields of
 * the same name; a rule's text may also name any column of its form, as {PL}.
 */
enum {
    FINDING_CODE_MAX = 16,
    FINDING_OF_PACKAGE = -1, /* report of a finding that concerns the whole file */
    FINDING_REPORT_MAX = 100,
    FINDING_PACKAGE_MAX = 2000,
    FINDING_FIELD_MAX = 400, /* bytes kept of each text field; cut at a character, with "…" */
};

struct finding {
    char       code[FINDING_CODE_MAX]; /* "RB27S-001", "XSD-004", NUL-terminated */
    int32_t    report;                 /* ordinal in the package, or FINDING_OF_PACKAGE */
    uint32_t   offset;                 /* first byte of what is meant, from the start of the file */
    struct str xpath;                  /* "/PaczkaSprawozdan/Jednostki/Jednostka[2]/Nazwa" */
    struct str cell;       /* in the form's words: "dz. 801, rozdz. 80101, § 069, kol. 4 Plan" */
    struct str subject;    /* what it is about: an element, a column, a signer, a unit */
    struct str found;      /* what stands there, as a person would read it */
    struct str expected;   /* what would have to stand there; never an amount to enter */
    struct str difference; /* of two amounts */
    struct str suspect;    /* the one cell whose change would clear this and other findings */
    struct str technical;  /* the raw message of a library, for "szczegóły techniczne" */
    /* What the two compared amounts are made of: CONTRIBUTORS_SIDES of them; NULL: no sums. */
    const struct contributors *contributors;
};

/* All findings of one file, in the order in which they were found. */
struct findings;

enum finding_room {
    FINDING_ADDED,
    FINDING_REPORT_FULL,  /* the report has FINDING_REPORT_MAX already; not added, counted as cut */
    FINDING_PACKAGE_FULL, /* the file has FINDING_PACKAGE_MAX already; not added, counted as cut */
    FINDING_NO_MEMORY,    /* the arena is full; not added */
};

/* An empty list in arena; NULL when arena is full. */
struct findings *findings_create(struct arena *arena);

/*
 * The same without the limit of the package, for findings that are cut only after they have been
 * sorted by severity. The limit of each report stays.
 */
struct findings *findings_create_unsorted(struct arena *arena);

/*
 * Add a copy of *finding, its texts included (each cut to FINDING_FIELD_MAX). The texts may borrow
 * anything that lives during the call.
 */
enum finding_room findings_add(struct findings *findings, const struct finding *finding);

size_t                findings_count(const struct findings *findings);
const struct finding *findings_at(const struct findings *findings, size_t index);

/* Room left for this report (or FINDING_OF_PACKAGE) under both limits. */
size_t findings_room(const struct findings *findings, int32_t report);

/* How many findings of this report (or of the package) were not added because a limit was reached.
 */
size_t findings_cut(const struct findings *findings, int32_t report);

/* Count more findings as cut without listing them; false when the arena is full. */
MUST_USE bool findings_add_cut(struct findings *findings, int32_t report, size_t count);

/* Text cut to at most size_max bytes, never inside a UTF-8 character, "…" appended when cut. */
struct str finding_clip(struct arena *arena, struct str text, size_t size_max);

#endif
