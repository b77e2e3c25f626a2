#ifndef VALIDATORS_CATALOGUE_PLACEHOLDER_H
#define VALIDATORS_CATALOGUE_PLACEHOLDER_H

#include "validators/catalogue/catalogue.h"

/*
 * {name} in the texts of a rule: what whoever fills them in puts the finding's own words for. A
 * name is one of the fields below, or a column of the form that the rule belongs to. Knows nothing
 * of findings.
 */
enum placeholder_field {
    PLACEHOLDER_SUBJECT,
    PLACEHOLDER_FOUND,
    PLACEHOLDER_EXPECTED,
    PLACEHOLDER_CELL,
    PLACEHOLDER_DIFFERENCE,
    PLACEHOLDER_TECHNICAL,
    PLACEHOLDER_FIELDS,
};

/* The name of a placeholder that text begins with; empty when it begins with none. */
struct str placeholder_name(struct str text);

/* PLACEHOLDER_FIELDS when name is no field. */
enum placeholder_field placeholder_field(struct str name);

/*
 * A text for whoever has no finding at hand: "‹jest›", "‹różnica›" or the name of a column where a
 * placeholder stands. .data == NULL when arena is full.
 */
struct str placeholder_words(struct arena *arena, struct str text);

/*
 * A title for many findings at once: "…" where they differ, nothing where the title begins or ends
 * with it ("{subject}: x" is "X"). .data == NULL when arena is full.
 */
struct str placeholder_general(struct arena *arena, struct str text);

/*
 * Every placeholder in the texts of every entry has a value that may stand there. ERR_CATALOGUE
 * with file, code and name; a text of no form knows the fields only.
 */
MUST_USE enum err placeholder_check(const struct catalogue *catalogue, struct fault *fault);

#endif
