#ifndef GATEWAY_READER_DOSSIER_H
#define GATEWAY_READER_DOSSIER_H

#include "gateway/answer/json.h"
#include "gateway/reader/dossier_outage.h"
#include "gateway/reader/objection_reply.h"
#include "gateway/store/store.h"

/*
 * All that stands about one submission in the store, as committed: one statement, whoever asks and
 * for whatever reason, so that POST's answer, GET and the long poll cannot disagree. What the
 * entered credential may not see is not there (sight.h), and the counts are of what it sees.
 */
struct dossier_counts {
    int64_t error;
    int64_t query;
    int64_t warning;
    int64_t info;
    int64_t open; /* queries of reports in force, of sets too, that nobody has explained */
};

struct dossier_signature {
    struct str role;
    struct str signer;
    bool       valid;
    struct str failed_step;
    instant    signed_at; /* 0: not said */
};

struct dossier_correction { /* of a report that replaces an accepted one */
    bool       is_one;
    struct str window_until;   /* "2026-09-30"; empty: no end is stated */
    bool       outside_window; /* received after it, and put to the recipient */
    struct str recipient;
    struct str basis;
    int64_t    revision; /* of its reason; 0: none was given yet */
    struct str code;
    struct str text;
    instant    given_at;
};

struct dossier_report {
    int32_t                         ordinal; /* in the package, from 0 */
    struct str                      form;
    struct str                      form_version;
    struct str                      unit_name;
    struct str                      unit_regon;
    struct str                      period;
    struct str                      level;
    struct str                      variant; /* mostly empty */
    int64_t                         version; /* -1: not readable */
    int64_t                         verdict; /* enum verdict */
    struct str                      reason;
    bool                            in_force;
    struct str                      due;        /* "2026-07-22"; empty: none is named */
    struct str                      timeliness; /* "in_time", "late", "correction" or empty */
    struct str                      calendar;   /* version that named the day */
    struct dossier_correction       correction;
    int64_t                         rows;
    struct dossier_counts           counts;
    const struct dossier_signature *signatures;
    size_t                          signature_count;
    struct str                      receipt; /* its number; empty: none of its own */
    struct str                      set;     /* JSON; empty: nothing is told */
    struct objections_at            objections;
};

struct dossier_receipt {
    struct str number;
    struct str kind; /* "unit", "summary", "delivery" */
    int64_t    n;
    struct str unit_name;
    struct str unit_regon;
};

struct dossier {
    struct uuid                   id;
    struct str                    state;
    int64_t                       verdict;
    int64_t                       n; /* of the newest decision; 0: none */
    struct str                    reason;
    struct str                    sha256; /* 32 bytes */
    int64_t                       size;
    int64_t                       log_index; /* -1: none */
    instant                       arrived;
    instant                       first_arrived;
    instant                       decided_at;   /* 0: not decided */
    instant                       withdrawn_at; /* 0: not withdrawn */
    struct uuid                   follows;      /* nil: none */
    struct str                    sender_name;
    struct str                    sender_regon;
    struct dossier_counts         counts; /* of the whole file */
    const struct dossier_report  *reports;
    size_t                        report_count;
    const struct dossier_receipt *receipts; /* newest decision first */
    size_t                        receipt_count;
    const struct dossier_outage  *outages; /* the oldest first */
    size_t                        outage_count;
};

/* Not one unit: whatever a unit, or an office, may see; or nobody, who sees nothing. */
enum dossier_asker { DOSSIER_UNIT = 0, DOSSIER_NOBODY = -1, DOSSIER_OFFICE = -2 };

/* What is looked for, and what has been found. */
struct dossier_wish {
    struct uuid    id;
    int64_t        subject; /* the unit that must have filed it, or one of dossier_asker */
    bool           found;   /* filled: there is one that may be seen */
    struct dossier dossier; /* filled, when found */
};

/* Many at once, in one round trip. */
MUST_USE enum err dossier_read_all(struct store *store, struct arena *arena,
                                   struct dossier_wish *wishes, size_t count, struct fault *fault);

bool dossier_is_pending(const struct dossier *dossier); /* no final state: worth waiting for */
void dossier_write(struct json *json, const struct dossier *dossier); /* GET /submissions/{id} */

#endif
