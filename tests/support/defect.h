#ifndef TESTS_SUPPORT_DEFECT_H
#define TESTS_SUPPORT_DEFECT_H

#include "tests/support/autograph.h"
#include "tests/support/envelope.h"

/*
 * What can be wrong with a made-up package: a table, one thing per row, each with a name.
 *
 * A defect strikes the first unit's first report that has the form it needs, and (where it
 * concerns signatures) the accountant's signature unless it says otherwise. Whatever comes before
 * the spoilt step is right, so that "altered after signing" has signatures that were once valid,
 * and "12.5 instead of 12.50" has signatures that are valid.
 */
enum { DEFECT_EDITS_MAX = 3 };

enum defect_signers { DEFECT_FIRST_SIGNER, DEFECT_SECOND_SIGNER, DEFECT_BOTH_SIGNERS };

/* Where the signed report is hidden while an altered copy stands in its place. */
enum defect_hiding {
    DEFECT_HIDES_NOTHING,
    DEFECT_HIDES_IN_OBJECT,     /* ds:Object of its first signature */
    DEFECT_HIDES_IN_UNSIGNED,   /* xades:UnsignedProperties of its first signature */
    DEFECT_HIDES_IN_OTHER_UNIT, /* Sprawozdania of the next unit */
    DEFECT_HIDES_IN_REMARKS,    /* Naglowek/Uwagi of the altered copy */
    DEFECT_HIDES_BEHIND,        /* behind the altered copy */
    DEFECT_HIDES_BEFORE,        /* before the altered copy */
    DEFECT_HIDES_AT_END,        /* behind Jednostki */
};

struct defect {
    const char *name;
    const char *says; /* one line for --list-faults */

    size_t             units;  /* the package has at least so many; 0: any */
    unsigned           forms;  /* bits 1 << form that it must have; 0: any */
    unsigned           traits; /* that it must have */
    enum posting_form  form;   /* of the report that is struck, when forms is not 0 */
    enum defect_hiding hiding; /* see above */
    struct edit        edits[DEFECT_EDITS_MAX];

    /* The signatures that are struck, and how. A person or method of 0 changes nothing. */
    enum defect_signers     signers;
    enum authority_person   signer; /* signs, and is shown and named unless these say otherwise */
    enum authority_person   named;  /* in SigningCertificate */
    enum authority_person   shown;  /* in KeyInfo */
    enum autograph_method   method;
    enum autograph_digest   digest;
    enum autograph_key_info key_info;
    bool                    digest_of_other; /* both reports are signed with the other's digest */
    bool                    copy_has_own_id; /* a hidden report's copy has another Id than it */

    /* Before anything is written; after everything is signed. NULL: nothing. */
    void (*plan)(struct envelope *package);
    enum err (*rearrange)(struct arena *arena, struct envelope *package, struct fault *fault);
};

size_t               defect_count(void);
const struct defect *defect_at(size_t index);
const struct defect *defect_find(const char *name); /* NULL: there is none */

/* The parts of the table: identity and cells, rules of the forms, signatures, hidden reports. */
const struct defect *defect_cells(size_t *count);
const struct defect *defect_rules(size_t *count);
const struct defect *defect_signatures(size_t *count);
const struct defect *defect_references(size_t *count);
const struct defect *defect_hidings(size_t *count);

/* One row of a part, and what it is made of. (A macro each: clang-format 14 dies on the braces.) */
#define DEFECT(title, line, ...)                     \
    {                                                \
        .name = (title), .says = (line), __VA_ARGS__ \
    }
#define DEFECT_EDIT(how, where, place, what, canonical_what)                            \
    {                                                                                   \
        .mode = EDIT_##how, .stage = EDIT_STAGE_##where, .at = (place), .with = (what), \
        .canonical = (canonical_what)                                                   \
    }
#define DEFECT_EDIT_APART(how, where, place, what, canonical_place, canonical_what)     \
    {                                                                                   \
        .mode = EDIT_##how, .stage = EDIT_STAGE_##where, .at = (place), .with = (what), \
        .canonical_at = (canonical_place), .canonical = (canonical_what)                \
    }
#define DEFECT_EDITS(...) .edits = {__VA_ARGS__}
#define DEFECT_CELLS(text) DEFECT_EDITS(DEFECT_EDIT(CELLS, REPORT, NULL, text, NULL))
#define DEFECT_RB27S .forms = 1U << POSTING_RB27S, .form = POSTING_RB27S
#define DEFECT_RB28S .forms = 1U << POSTING_RB28S, .form = POSTING_RB28S

/* Put an altered copy in the place of the signed report, as defect->hiding says. */
MUST_USE enum err defect_hide(struct arena *arena, const struct defect *defect,
                              struct envelope *package, struct fault *fault);

#endif
