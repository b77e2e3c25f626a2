#ifndef GATEWAY_INTAKE_FILED_H
#define GATEWAY_INTAKE_FILED_H

#include "validators/base/uuid.h"
#include "validators/catalogue/catalogue.h"

/*
 * One report of a decision as the second commit files it, what was there before it, and what the
 * calendar says of it. Values; conclusion.h says who fills what and when.
 */

/* What is in force for the key of a report before this decision. */
struct before {
    bool exists;
    bool corrected; /* something of the key that had come before this one is accepted */
    bool has_later; /* something of the key that came after this one is called late, or is
                       accepted and corrects nothing */
    int64_t       report;
    struct uuid   submission;
    int32_t       version;
    instant       arrived;
    int64_t       log_index;
    unsigned char sha256[32];
    instant       since; /* also when nothing is in force: earlier than this nothing may begin */
};

/*
 * What the calendar says of a report; timeliness.h fills it. Its data wpływu is in time on the due
 * day and before. A correction is what comes later, when something of its key had come before it
 * and was accepted: that one decides about the term. The same report, byte for byte, once more
 * corrects nothing: it is as timely as it was the first time.
 */
enum timeliness { TIMELINESS_NONE = 0, TIMELINESS_IN_TIME, TIMELINESS_LATE, TIMELINESS_CORRECTION };

struct filed_term {
    struct date     due;        /* year 0: the calendar names no day; then all else is empty */
    enum timeliness timeliness; /* NONE: it has no data wpływu (held, rejected) */
    struct str      calendar;   /* version */
    struct str      basis;
    struct date window_until; /* of a correction: the last day on which one is expected; year 0: */
    bool        outside;      /* no end is stated. Outside: received later, put to the recipient */
    struct str  recipient;    /* in words; when outside */
    unsigned    recipients;   /* whom it goes to, copies too: mask of enum calendar_recipient */
};

/* What a rule of the set says of the report that it charges; no amounts of others in it. */
struct filed_charge {
    struct str code;
    struct str severity;
    struct str cell;
    struct str title;
};

/* How the set of the report stands with it. */
struct filed_set {
    struct str                 state;   /* "incomplete"; empty: nothing is stated */
    struct str                 awaited; /* what is missing, or why nothing was judged */
    const struct filed_charge *charges;
    size_t                     charge_count;
};

/* One report of a decision as it is filed. */
struct filed {
    enum timeliness twin;   /* of the first accepted report of the key with these very bytes */
    int64_t         report; /* its number in the store */
    unsigned char   sha256[32];
    int64_t         unit;     /* 0: unknown */
    bool            readable; /* period holds */
    struct period   period;
    int32_t         version; /* Wersja; INT32_MIN when it cannot be read */
    bool            has_key; /* unit, form and period are known: it can be in force */

    /* In force since (0: never), until (0: still). Filled by conclusion_finish_settle; 0 in a batch
     * with a decision again, which redecision.h settles. */
    instant from;
    instant until;

    struct filed_term term; /* set by the stage, before conclusion_finish_settle */
    struct filed_set  set;  /* and this before receipts are signed */
};

/* When the gateway could not be reached, near an arrival: as entered when it was decided. */
struct filed_outage {
    instant    began;
    instant    ended;
    struct str what; /* could not be done */
};

struct filed_outages {
    const struct filed_outage *items;
    size_t                     count;
};

#endif
