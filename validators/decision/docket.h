#ifndef VALIDATORS_DECISION_DOCKET_H
#define VALIDATORS_DECISION_DOCKET_H

#include "validators/decision/decision.h"
#include "validators/decision/place.h"

/* The definition is only a model here: the catalogue says with which verdict. */
#define DOCKET_CODE_MODEL "PACZKA-011"

/*
 * Everything found of one report (or of the package), while it is being decided: each finding gets
 * its severity from the circumstances, and the verdict follows from all of them, also from those
 * that the list will have no room for.
 */
struct docket {
    struct arena           *arena;
    const struct catalogue *catalogue;
    const struct report    *report; /* NULL: the package */
    const struct form      *form;   /* NULL: no definition */
    struct circumstances    circumstances;
    struct told            *items;
    size_t                  count;
    size_t                  capacity;
    size_t                  cut;            /* found, but not even in items */
    size_t                  proposed;       /* counted only */
    bool                    has_error;      /* of anything but the form's definition */
    bool                    has_form_error; /* of the form's rules or its schema */
    bool                    only_model;     /* so that has_form_error decides nothing */
    bool                    has_undecided;
    bool                    has_held;
    bool                    has_objected; /* an error of the form was objected to */
    struct objection        objection;
    uint32_t                fired_objected; /* which of its codes have fired, listed or not, */
    uint32_t   fired_barred;    /* and which of them cannot be objected to (entry_named) */
    struct str objected;        /* codes of it that changed the verdict */
    struct str objected_owners; /* of each of them, with ',' between them */
    bool       inherited;       /* the verdict comes from a fault of the whole package */
};

/* Enter a copy of *finding. ERR_CATALOGUE when its code has no entry. */
MUST_USE enum err docket_add(struct docket *docket, const struct finding *finding,
                             struct fault *fault);

/*
 * The same for what is only known because several files are decided together: it changes no verdict
 * and is listed beyond any limit, so that no file ever moves another one's findings.
 */
MUST_USE enum err docket_add_aside(struct docket *docket, const struct finding *finding,
                                   struct fault *fault);

/* Which of two findings is listed first: < 0, 0, > 0. */
int docket_order(const struct told *a, const struct told *b);

/*
 * error beats undecided beats held. What a mere model finds wrong is listed and decides nothing:
 * nobody is sent back for a rule that nobody has published.
 */
enum verdict docket_verdict(const struct docket *docket);

/*
 * The list that is shown: sorted, at most room findings and those aside, with places and words.
 * reason: the title of the first finding that made the report undecided or held, if that is its
 * verdict.
 */
MUST_USE enum err docket_close(struct docket *docket, const struct place_index *places, size_t room,
                               struct told_list *out, struct str *reason, struct fault *fault);

#endif
