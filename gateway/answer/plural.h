#ifndef GATEWAY_ANSWER_PLURAL_H
#define GATEWAY_ANSWER_PLURAL_H

#include <stddef.h>

/* A Polish noun with a number before it: 1 plik, 2 pliki, 5 plików, 22 pliki. */
struct plural {
    const char *one;
    const char *few;
    const char *many;
};

/* The one place where the rule stands (CLDR, pl: one, few, many). */
const char *plural_form(const struct plural *noun, size_t count);

extern const struct plural plural_file;
extern const struct plural plural_report;
extern const struct plural plural_error;
extern const struct plural plural_query;
extern const struct plural plural_warning;
extern const struct plural plural_info;
extern const struct plural plural_rule;
extern const struct plural plural_case;
extern const struct plural plural_unit;
extern const struct plural plural_change;
extern const struct plural plural_finding;
extern const struct plural plural_hit;
extern const struct plural plural_evaluation;

#endif
