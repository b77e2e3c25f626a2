#ifndef GATEWAY_INTAKE_EXPLANATION_H
#define GATEWAY_INTAKE_EXPLANATION_H

#include "gateway/intake/mandate.h"

/*
 * What a sender answers to queries of accepted reports. It changes no verdict and no receipt; what
 * is given stays, a better answer is the next revision. It belongs to the finding, not to the
 * decision that told it (intake.finding_mark), so that a decision made again keeps it. Whether a
 * code is one of the dictionary and a text within its limits is the caller's to say.
 *
 * A finding of a set (gateway/setbook) is answered by who may for the report that it charges.
 *
 * A state is named by the decision and the revision together: a tag of one before means nothing
 * when findings were numbered anew.
 */
enum {
    EXPLANATION_REVISION_MAX = 100,
    EXPLANATION_TEXT_MAX = 1000,    /* characters */
    EXPLANATION_ENTRIES_MAX = 2000, /* as many findings a package may have */
    EXPLANATION_TAG_UNIT = 128,     /* tag = decision * this + revision */
};

enum explanation_end {
    EXPLANATION_NONE = 0, /* not looked at */
    EXPLANATION_KEPT,
    EXPLANATION_SAME,     /* it stands there already, word for word: nothing is written */
    EXPLANATION_ABSENT,   /* no such finding of a report, or somebody else's */
    EXPLANATION_NO_QUERY, /* it asks for nothing, or its report is not accepted */
    EXPLANATION_CHANGED,  /* another state holds: somebody was first, or it was decided again */
    EXPLANATION_OTHER,    /* the finding has another code than `wanted` */
    EXPLANATION_TWICE,    /* another entry answers a finding that is alike with other words */
    EXPLANATION_FULL,     /* so often that no further one is kept */
    EXPLANATION_CLOSED,   /* the set was judged again, and it is found there no more */
};

struct explanation_entry {
    uint32_t             report;  /* ordinal in the package, from 1; 0: whichever it is of */
    uint64_t             finding; /* number in the newest decision, from 1; of a set: its own */
    uint32_t             tag;     /* that it follows */
    struct str           wanted;  /* code of its rule, as the sender has it; empty: any */
    struct str           code;
    struct str           text; /* may be empty */
    enum explanation_end end;  /* filled, as the next */
    uint32_t             now;  /* the tag that holds now; 0 for ABSENT */
};

struct explanation_request {
    struct uuid               id;      /* of the submission, or */
    uint64_t                  set;     /* of the set; 0: of a submission */
    struct mandate            mandate; /* who filed, or may file for the units of the reports */
    struct explanation_entry *entries;
    size_t                    count;
    bool                      partial;   /* keep what is good although some is not */
    bool                      look_only; /* fill the ends and write nothing */
};

struct explanation {
    enum mandate_state mandate; /* anything but HOLDS: nothing was looked at */
    size_t             kept;
    size_t             same;
    size_t             faults; /* entries of any other end */
    bool               open;   /* something was written: the caller settles duties and commits */
};

/*
 * One transaction. When out->open is false it has ended and nothing is written. ERR_STORE and its
 * like, ERR_MEMORY: it has ended, too.
 */
MUST_USE enum err explanation_give(struct store *store, struct arena *arena,
                                   const struct explanation_request *request,
                                   struct explanation *out, struct fault *fault);

#endif
