#ifndef VALIDATORS_DECISION_WORDING_H
#define VALIDATORS_DECISION_WORDING_H

#include "validators/catalogue/form.h"
#include "validators/finding/finding.h"
#include "validators/package/package.h"

/*
 * The texts of the catalogue with their placeholders filled in: {subject}, {found}, {expected},
 * {difference}, {cell} from the finding, {PL} and every other column of the form from the row that
 * the finding stands in. A placeholder without a value becomes "brak"; an unknown one, which the
 * catalogue refuses, stays as it stands.
 */
enum { WORDING_MAX = 4096 };

struct wording {
    const struct finding *finding;
    const struct report  *report; /* NULL: a finding of the package */
    const struct form    *form;   /* NULL: no columns */
};

/* ERR_MEMORY when arena is full; a text beyond WORDING_MAX bytes is cut. */
MUST_USE enum err wording_fill(struct arena *arena, const struct wording *wording, struct str text,
                               struct str *out, struct fault *fault);

#endif
