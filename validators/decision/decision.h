#ifndef VALIDATORS_DECISION_DECISION_H
#define VALIDATORS_DECISION_DECISION_H

#include "validators/catalogue/catalogue.h"
#include "validators/check/check.h"
#include "validators/decision/objection.h"
#include "validators/rules/rules.h"

/*
 * From checked files to verdicts: applies the rules, gives every finding its severity, texts and
 * place, and each report its verdict (design.md 2.4). Pure: the same inputs give the same decision.
 * Several files are decided together only so that they may mention each other (an equal Wersja);
 * a verdict depends on the report and the package it came in alone (design.md 2.5). What the
 * registry says is the caller's plain data; of what is in force already predecessor.h tells.
 */
/* A finding with everything that a person reads. Texts live in the arena of the decision. */
struct told {
    struct finding           finding;
    const struct rule_entry *entry;
    enum severity            severity;
    bool                     objected; /* an error that was objected to: it rejects nothing */
    bool                     aside;    /* of other files: takes no room and changes no verdict */
    uint32_t                 line, column; /* from 1; in characters */
    uint32_t                 repeats; /* cells with its difference, this one too; 0: it has none */
    struct str               title, fix; /* placeholders filled in */
};

/* Findings of one file or report, most severe first, then in the order of the file. */
struct told_list {
    const struct told *items;
    size_t             count;
    size_t             cut;      /* more were found than are listed */
    size_t             proposed; /* of shadow rules: counted, not listed */
};

struct decided_report {
    const struct report *report;
    const struct form   *form;       /* NULL when there is none for it */
    struct str           form_title; /* "Rb-27S", or the element's name */
    struct str           unit_name, unit_regon;
    struct str           period; /* "2026-Q2", "2026-03" (Q4 is the yearly one); raw if unknown */
    struct str           version, level; /* as it stands; "jednostkowe", empty if unknown */
    struct str           variant; /* "wojewoda-lodzki/powiat" (package_variant); mostly empty */
    enum verdict         verdict;
    struct str           reason; /* why undecided, held, rejected as a whole, or in spite of what */
    struct str       objected, objected_owners; /* rules that it is accepted in spite of; "MF,MF" */
    struct told_list findings;
    size_t           not_evaluated; /* rules not evaluated on some row: a cell is unknown */
    const uint32_t  *signatures;    /* indices into package.signatures */
    size_t           signature_count;
};

/* Findings of one code in several reports of a file (grouping.h). */
struct finding_group {
    const struct rule_entry *entry;
    enum severity            severity; /* the worst of them */
    size_t                   findings;
    size_t                   reports; /* at least 2 */
    size_t                   units;
    struct str               difference; /* that stands most often, if twice or more; else empty */
    size_t                   difference_count;
};

struct decided_file {
    struct str                   name; /* as the caller named it */
    const struct package        *package;
    enum verdict                 verdict;  /* the worst: rejected, undecided, held, accepted */
    struct str                   reason;   /* why the file as a whole is undecided; or empty */
    struct told_list             findings; /* of the package */
    const struct decided_report *reports;
    size_t                       report_count;
    const struct finding_group  *groups; /* most severe first */
    size_t                       group_count;
};

/* How the registry knows a unit of the package, for this sender, on the day of arrival. */
enum decision_standing {
    DECISION_UNIT_UNKNOWN = 0, /* its reports are undecided */
    DECISION_UNIT_DIFFERS,     /* its REGON is another unit's: its reports are rejected */
    DECISION_UNIT_CLOSED,      /* it was: a query, as last reports come after the last day */
    DECISION_UNIT_FOREIGN,     /* the sender may not file for it: its reports are rejected */
    DECISION_UNIT_SUCCEEDED,   /* another one reports for that period: its reports are rejected */
    DECISION_UNIT_GOOD,
};

struct decision_unit {
    enum decision_standing standing;
    struct str             registered; /* for a person; DIFFERS: its data, SUCCEEDED: by whom */
};

struct decision_file {
    struct str                  name;
    struct str                  bytes;   /* of the file, for lines and columns */
    const struct checked       *checked; /* NULL: the checker failed; the file is undecided */
    struct str                  failure; /* why, in Polish, when checked is NULL */
    const struct decision_unit *units;   /* one per unit of the package; NULL: nobody could ask */
    struct objection            objection;
    struct figures              figures; /* that its reports are held against (rules.h) */
};

struct decision_request {
    const struct catalogue     *catalogue;
    const struct rules         *rules;
    enum environment            environment;
    bool                        trust_given;
    moment                      at;
    struct str                  switched_off; /* codes of rules that are off for this arrival */
    const struct decision_file *files;
    size_t                      file_count;
};

/* *out: one decided file for each given one, in the same order. */
MUST_USE enum err decision_make(struct arena *arena, const struct decision_request *request,
                                const struct decided_file **out, struct fault *fault);

/* Order of verdicts from best to worst, for "the worst of". */
enum verdict decision_worse(enum verdict a, enum verdict b);

#endif
