#ifndef VALIDATORS_VTL_FORMULA_H
#define VALIDATORS_VTL_FORMULA_H

#include "validators/vtl/meaning.h"

/*
 * One expression over the components of a dataset, to one new column. The same machine and the same
 * arithmetic as the rules of vtl.h. A node may stand for a component whatever its kind, so that an
 * operator over whole datasets is typed once per measure.
 *
 *     formula_create -> formula_load, formula_read ... -> formula_finish -> formula_run
 */
struct formula_source {
    const struct vtl_script *script;
    struct vtl_binding       binding; /* all but the ruleset */
    /* The component of a name, with its alias (.data == NULL: none); SIZE_MAX: there is none. */
    size_t (*find)(const void *names, struct str alias, struct str name);
    const void *names;
};

/* Room for the nodes of a script, used by one formula after another. */
struct formula_room {
    struct meaning           *meanings;
    struct vtl_domain_values *sets;
};

MUST_USE enum err formula_room_create(struct arena *arena, const struct vtl_script *script,
                                      struct formula_room *out, struct fault *fault);

struct formula {
    struct code   code;
    struct typing typing;
    uint32_t      output; /* instruction */
};

/* Everything lives in arena until the formula has run; notices (scales cut) are not kept. */
MUST_USE enum err formula_create(struct arena *arena, const struct formula_source *source,
                                 struct formula_room *room, struct formula *out,
                                 struct vtl_problem *problem, struct fault *fault);

/* The node has the value of a component. */
MUST_USE enum err formula_load(struct formula *formula, uint32_t node, size_t component);

/* Type the nodes first .. last, whose children have been typed or loaded. */
MUST_USE enum err formula_read(struct formula *formula, uint32_t first, uint32_t last);

struct formula_type {
    enum vtl_type type;
    int           scale; /* of VTL_NUMBER */
};

/* The value of node is what is wanted; the constant null has the type given. */
MUST_USE enum err formula_finish(struct formula *formula, uint32_t node, enum vtl_type null,
                                 struct formula_type *out);

/*
 * After finish: marks[i] = 1 for each component i whose cell the value may be as it stands, by way
 * of nvl, if and case alone. False: it may also be a text that no component has.
 */
MUST_USE bool formula_carries(const struct formula *formula, uint8_t *marks);

/* One of the first four has a value per row, the others are NULL. */
struct formula_cells {
    int64_t     *numbers; /* also periods */
    amount_wide *wide;
    uint8_t     *truths; /* VTL_FALSE, VTL_NULL, VTL_TRUE */
    uint32_t    *texts;  /* numbers of dictionary */
    uint8_t     *states; /* VTL_CELL_* */
    struct str  *dictionary;
    size_t       dictionary_count;
};

/* ERR_MEMORY, ERR_LIMIT (rows). Arrays live in arena, the dictionary with the formula. */
MUST_USE enum err formula_run(struct arena *arena, struct formula *formula,
                              const struct vtl_data *data, struct formula_cells *out,
                              struct fault *fault);

#endif
