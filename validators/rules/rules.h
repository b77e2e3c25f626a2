#ifndef VALIDATORS_RULES_RULES_H
#define VALIDATORS_RULES_RULES_H

#include "validators/catalogue/catalogue.h"
#include "validators/finding/finding.h"
#include "validators/package/package.h"

/*
 * The catalogue's rules over what was read: the VTL rules of a form over its columns, and the
 * structural checks that VTL cannot say (uniqueness of positions, headers equal to the package's,
 * dates, identifiers, one REGON twice). A check written in C is found through its name in the
 * attribute `check` of rules.xml, so codes, texts and severities stay data. Knows nothing of files,
 * verdicts and signatures. Compiled once, then read-only for ever.
 */
struct rules;

enum { RULES_SEVERITY_COUNT = SEVERITY_ERROR + 1 };

/*
 * What a report is held against that stands outside of it: amounts that their owner has published
 * for the unit and period, the unit's own of a year before, what units of its kind had then, or
 * what its budget has planned. Plain data that the caller has asked for, and a decision names by
 * digest; what it is depends on no other submission. Amounts are those of a column of two decimals.
 */
enum figure_kind { FIGURE_CONTROL, FIGURE_LAST_YEAR, FIGURE_PEERS, FIGURE_PLAN };

struct figure {
    uint32_t         report; /* ordinal in the package */
    enum figure_kind kind;
    struct str       column; /* "DW" */
    struct str       by;     /* codes of the form, a space between: "Rozdzial Paragraf" */
    struct str       key;    /* their values likewise: "75801 292" */
    int64_t          amount; /* PEERS: the median */
    int64_t          spread; /* PEERS: the median absolute deviation */
    int64_t          peers;  /* PEERS: how many units */
};

struct figures {
    const struct figure *items;
    size_t               count;
};

struct rules_request {
    const struct catalogue *catalogue;
    const struct rules     *rules;
    const struct package   *package;
    enum environment        environment;
    bool                    trust_given;
    moment                  at; /* arrival */
    bool       registry_asked;  /* units were looked up: nothing to say of its absence */
    struct str switched_off;    /* codes of rules that are off now: "RB27S-001 RB28S-004" */
    struct str objected;        /* codes of rules that the sender objects to, ',' between them */
    const struct findings
                  *structural; /* of the check, so that nothing is told twice; may be NULL */
    struct figures figures;    /* none: nothing is held against them */
};

/* What happened, cut findings included, so that a verdict never depends on how many were listed. */
struct rules_tally {
    size_t   fired[RULES_SEVERITY_COUNT]; /* findings by severity */
    size_t   objected;                    /* of the errors those of rules that are objected to */
    uint32_t named_objected;              /* which of request->objected those are (entry_named), */
    uint32_t named_barred;                /* and which have fired but cannot be objected to */
    size_t   not_evaluated;               /* (rule, row) pairs that read an unknown cell */
    size_t   failed; /* (rule, row) pairs that overflowed: the report cannot be decided */
};

/* Compile the VTL of every form. Fails with ERR_CATALOGUE (file, line, column, Polish text). */
MUST_USE enum err rules_compile(struct arena *arena, const struct catalogue *catalogue,
                                const struct rules **out, struct fault *fault);

/*
 * Checks of the package as a whole and of its units. Findings carry the ordinals of the reports
 * that they concern (one finding for each), or FINDING_OF_PACKAGE.
 */
MUST_USE enum err rules_package(struct arena *arena, const struct rules_request *request,
                                struct findings *findings, struct fault *fault);

/* Checks and rules of one report, most severe first. A report not read to its end is left out. */
MUST_USE enum err rules_report(struct arena *arena, const struct rules_request *request,
                               uint32_t report, struct findings *findings,
                               struct rules_tally *tally, struct fault *fault);

/* Whether rules of this form (index in the catalogue) hold its reports against figures. */
bool rules_ask_figures(const struct rules *rules, int32_t form);

/* The circumstances that decide severities of findings of a report (or of the package). */
struct circumstances rules_circumstances(const struct rules_request *request, int32_t report);

/* "10 lipca 2026 r."; .data NULL when scratch is full. */
struct str rules_date(struct arena *scratch, struct date date);

#endif
