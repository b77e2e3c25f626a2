#ifndef VALIDATORS_CATALOGUE_ENTRY_H
#define VALIDATORS_CATALOGUE_ENTRY_H

#include "validators/base/moment.h"

/*
 * One code of a finding with all that is said of it: the `rule` element of a rules.xml. How severe
 * it is depends on level, kind of period, environment, date and whether a trust store was given;
 * the first `applies` that matches decides, none matching means that the check is off.
 */
enum severity {
    SEVERITY_OFF = 0,
    SEVERITY_PROPOSED, /* shadow: counted, not shown */
    SEVERITY_INFO,
    SEVERITY_WARNING,
    SEVERITY_QUERY, /* accepted, must be explained or corrected */
    SEVERITY_ERROR, /* rejects */
};

/* What was decided of a report; the zero value is "could not be decided" (design.md 2.4). */
enum verdict { VERDICT_UNDECIDED = 0, VERDICT_ACCEPTED, VERDICT_HELD, VERDICT_REJECTED };

/* The circumstances in which a severity is asked for. A mask of 0 or an empty text = not known. */
struct circumstances {
    struct str  level;       /* "jednostkowe" */
    int         period_kind; /* enum period_kind */
    int         environment; /* enum environment */
    bool        trust_given;
    struct date period_end;   /* year 0 = not known */
    struct str  switched_off; /* codes that are off, whatever applies: "RB27S-001 RB28S-004" */
};

struct applies {
    enum severity severity;
    enum verdict  verdict;      /* VERDICT_UNDECIDED or VERDICT_HELD when has_verdict */
    bool          has_verdict;  /* the finding itself makes the report undecided or held */
    struct str    levels;       /* space-separated; empty = any */
    int           periods;      /* mask of enum period_kind; 0 = any */
    int           environments; /* mask; 0 = any */
    int           trust;        /* 0 = any, 1 = given, 2 = absent */
    struct date   from;         /* by the period's end; year 0 = unbounded */
    struct date   to;
};

/* Of a check against figures of other units or years; 0: the check does not ask. */
struct entry_limits {
    int     peers;   /* units at least, or nothing is said */
    int     spreads; /* how many times the spread is far */
    int     factor;  /* how many times as much is far */
    int64_t floor;   /* grosze: what is nearer is never far */
};

enum { ENTRY_OF_NO_FORM = -1 };

struct rule_entry {
    struct str            code;   /* "RB27S-001" */
    struct str            domain; /* "S27-01", may be empty */
    struct str            owner;  /* "MF" */
    struct str            points; /* name of the column that a finding points at, may be empty */
    struct str            check;  /* name of a structural check written in C, may be empty */
    struct str            by;     /* of a figure: codes whose values tell one from another */
    struct entry_limits   limits;
    struct str            title;     /* what is wrong, with placeholders */
    struct str            explain;   /* longer, for `brama explain`; may be empty */
    struct str            fix;       /* what to do */
    struct str            basis;     /* legal or technical basis */
    struct str            path;      /* file of the bundle in which it stands */
    bool                  of_schema; /* a form's schema says so, if it stands in a report */
    bool                  of_set;    /* a rule between reports (validators/sets) */
    int32_t               form;      /* version whose rule it is, by index; ENTRY_OF_NO_FORM */
    const struct applies *applies;
    size_t                applies_count;
};

/* The first matching `applies`, or NULL: the rule is off in these circumstances, or switched off.
 */
const struct applies *entry_applies(const struct rule_entry    *entry,
                                    const struct circumstances *circumstances);

/* The place of its code in codes (',' between them) as one bit; 0: codes do not name it. */
uint32_t entry_named(const struct rule_entry *entry, struct str codes);

/*
 * Whether codes name a rule that its sender may object to: the arithmetic of a
 * form, a rule of its VTL. What a file is, who stands in it and who has signed it, and what a
 * structural check finds cannot be objected to.
 */
bool entry_objected(const struct rule_entry *entry, struct str codes);

/* Whether it is a rule, of a form or between reports, that may be switched off: not the schema, nor
 * what a file is, who stands in it and who has signed it. */
bool entry_is_rule(const struct rule_entry *entry);

const char *severity_name(enum severity severity); /* "error" */
const char *verdict_name(enum verdict verdict);    /* "accepted" */

#endif
