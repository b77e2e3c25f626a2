#ifndef VALIDATORS_CALENDAR_READING_H
#define VALIDATORS_CALENDAR_READING_H

#include "validators/calendar/entry.h"
#include "validators/catalogue/source.h"

/*
 * The values of attributes of calendar.xml, for calendar_load. Stricter than catalogue/source.h: an
 * attribute named here must be there unless said otherwise. Faults are ERR_CATALOGUE at the line.
 */

/* Refuse what nobody would read (it would be believed to hold): elements, attributes, texts. */
MUST_USE enum err reading_refuse_unknown(const struct source *source, struct fault *fault);

/* The line of the file in which an element stands. */
uint32_t reading_line(const struct source *source, int32_t item);

/* One of the words (NULL ends them) by position. */
MUST_USE enum err reading_word(const struct source *source, int32_t item, const char *name,
                               const char *const *words, int *out, struct fault *fault);

/* One of two words: whether it is the second. */
MUST_USE enum err reading_truth(const struct source *source, int32_t item, const char *name,
                                const char *const *words, bool *out, struct fault *fault);

/* A list of words as a mask of 1 << position; 0 when the attribute is left out. */
MUST_USE enum err reading_mask(const struct source *source, int32_t item, const char *name,
                               const char *const *words, unsigned *out, struct fault *fault);

MUST_USE enum err reading_rule(const struct source *source, int32_t item, const char *name,
                               struct due_rule *out, struct fault *fault);

/* "1 2 4" of the attribute numbers as bits 1 << number, each a number that the type has. */
MUST_USE enum err reading_numbers(const struct source *source, int32_t item,
                                  const struct period_type *type, unsigned *out,
                                  struct fault *fault);

/* The attribute levels as it stands, known words only; empty when it is left out. */
MUST_USE enum err reading_levels(const struct source *source, int32_t item, struct str *out,
                                 struct fault *fault);

#endif
