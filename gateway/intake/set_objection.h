#ifndef GATEWAY_INTAKE_SET_OBJECTION_H
#define GATEWAY_INTAKE_SET_OBJECTION_H

#include "gateway/intake/mandate.h"

/*
 * An objection to a rule between reports, by whoever may file for the report that it charges. It
 * comes after the fact, as no such rule rejects, and changes neither the finding nor the set: the
 * owner of the rule and those to whom the report goes see it. It belongs to what was found
 * (intake.finding_mark), once, and stays. Limits of the reason are the caller's to keep.
 */
struct set_objection_request {
    uint64_t       set;
    uint64_t       finding;
    struct mandate mandate;
    struct str     code;    /* of the rule, as the sender has it */
    struct str     owner;   /* of the rule: "MF"; may be empty */
    struct str     version; /* of the definition that the rule stands in */
    struct str     reason;
};

enum set_objection_end {
    SET_OBJECTION_KEPT = 1,
    SET_OBJECTION_SAME,    /* it stands there already, word for word */
    SET_OBJECTION_ABSENT,  /* no such finding of the set, or it charges somebody else's report */
    SET_OBJECTION_OTHER,   /* the finding has another code */
    SET_OBJECTION_CLOSED,  /* it is found no more */
    SET_OBJECTION_TAKEN,   /* there is one with another reason */
    SET_OBJECTION_REFUSED, /* the mandate does not hold, nothing was looked at */
};

struct set_objection {
    enum set_objection_end end;
    enum mandate_state     mandate;
    instant                at; /* KEPT, SAME: when it was made */
};

/* With a message in the outbox. Commits. ERR_STORE and its like, ERR_MEMORY. */
MUST_USE enum err set_objection_make(struct store *store, struct arena *arena,
                                     const struct set_objection_request *request,
                                     struct set_objection *out, struct fault *fault);

#endif
