#ifndef VALIDATORS_CATALOGUE_CATALOGUE_H
#define VALIDATORS_CATALOGUE_CATALOGUE_H

#include "validators/base/moment.h"
#include "validators/catalogue/bundle.h"
#include "validators/catalogue/complaints.h"
#include "validators/catalogue/dictionary.h"
#include "validators/catalogue/entry.h"
#include "validators/catalogue/form.h"
#include "validators/catalogue/period.h"
#include "validators/catalogue/policy.h"

/*
 * Everything that is data: forms and their versions, rules and texts, dictionaries, period types,
 * levels, signature policy. Read once from a bundle of schemas/ (bundle.h), then constant for ever;
 * any number of threads and forked processes may read it. Knows how the data are kept, not what
 * they are for: applying a rule is validators/rules, compiling a schema validators/document.
 */
enum environment { ENVIRONMENT_TEST = 1, ENVIRONMENT_PROD = 2 }; /* bits: entry.h uses masks */

/* Typ of a unit -> level of its reports. */
struct level_type {
    struct str name;  /* value of Typ: "JB" */
    struct str level; /* "jednostkowe" */
    struct str forms; /* codes, with a space between, for which it holds; empty: all others */
    int        environments; /* mask of enum environment in which it is known */
};

struct catalogue {
    const struct bundle      *bundle;
    unsigned char             sha256[32];      /* of the bundle */
    struct str                package_version; /* "0.3" */
    struct str                package_xsd;     /* bytes of the schema of the package shell */
    const struct form        *forms;
    size_t                    form_count;
    const struct rule_entry  *entries; /* of all areas and forms, by code, then by path */
    size_t                    entry_count;
    const struct dictionary  *dictionaries;
    size_t                    dictionary_count;
    const struct period_type *period_types;
    size_t                    period_type_count;
    const struct level_type  *levels;
    size_t                    level_count;
    struct signature_policy   policy;
    struct str                calendar_path; /* of the bundle; empty: none (validators/calendar) */
    const struct str         *sets; /* paths of rules.xml between reports (validators/sets) */
    size_t                    set_count;
};

/*
 * Read and check a whole bundle. The catalogue borrows the bundle's bytes; both live in arena.
 * Fails with ERR_CATALOGUE naming file and line of the first fault (a rule without text, a code
 * given twice in one version of a form, a column slot used twice, a VTL rule without entry, ...),
 * or ERR_MEMORY.
 */
MUST_USE enum err catalogue_load(struct arena *arena, const struct bundle *bundle,
                                 const struct catalogue **out, struct fault *fault);

/*
 * All that catalogue_load refuses a bundle for, as far as one thing does not hide another: the
 * first of each rule, form, level and dictionary; if there is none of these, the first of the
 * whole.
 */
MUST_USE enum err catalogue_survey(struct arena *arena, const struct bundle *bundle,
                                   struct complaints *out, struct fault *fault);

/* The form version for this element name and period end; -1 (FORM_UNKNOWN): none. */
int32_t catalogue_form(const struct catalogue *catalogue, struct str element, struct date end);

/* Whether any version of any form has this element name ("Rb-27s"). */
bool catalogue_knows_element(const struct catalogue *catalogue, struct str element);

/*
 * What is said of a code in a version of a form (by index), NULL when the code is unknown. Two
 * versions have one code each for itself; elsewhere (ENTRY_OF_NO_FORM) the newest version's is
 * meant. A code that no form has is the same everywhere.
 */
const struct rule_entry *catalogue_entry(const struct catalogue *catalogue, int32_t form,
                                         const char *code);

/* NULL when there is none. */
const struct dictionary *catalogue_dictionary(const struct catalogue *catalogue, struct str name);

/* "Rb-27S" for the element "Rb-27s", whatever the period; the element itself if it has no form. */
struct str catalogue_title(const struct catalogue *catalogue, struct str element);

/* Whether a form of this element name is filed several times by one unit for one period. */
bool catalogue_repeats(const struct catalogue *catalogue, struct str element);

/* False when type is unknown, or year or number are not numbers in range; *out untouched. */
MUST_USE bool catalogue_period(const struct catalogue *catalogue, struct str year, struct str type,
                               struct str number, struct period *out);

/* The period of these numbers; false when there is none, *out untouched. */
MUST_USE bool catalogue_period_at(const struct period_type *type, int year, int number,
                                  struct period *out);

/* The fields of a period for a person, whether there is such a period or not: "2026, kwartał 5",
 * "2026, Dekada 2". Without data when arena is full. */
struct str catalogue_period_words(struct arena *arena, const struct catalogue *catalogue,
                                  struct str year, struct str type, struct str number);

const struct period_type *catalogue_period_type(const struct catalogue *catalogue,
                                                struct str              name); /* or NULL */

/* Every level there is, by its name in data; NULL ends them. */
extern const char *const catalogue_level_names[];

/*
 * The level of a report, by the Typ of its unit and its form (NULL: no form is known); empty when
 * Typ is unknown in this environment. A JST adds up Rb-Z and Rb-N as łączne, others as zbiorcze.
 */
struct str catalogue_level(const struct catalogue *catalogue, const struct form *form,
                           struct str type, enum environment environment);

#endif
