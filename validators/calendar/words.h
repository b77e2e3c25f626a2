#ifndef VALIDATORS_CALENDAR_WORDS_H
#define VALIDATORS_CALENDAR_WORDS_H

/*
 * The words of calendar.xml by position in their enums, each list ended by NULL. For the loader and
 * the functions calendar_*_name alone.
 */
extern const char *const calendar_words_unit_kinds[];
extern const char *const calendar_words_jst_types[];
extern const char *const calendar_words_recipients[];
extern const char
    *const calendar_words_variants[]; /* the first is "plain": the attribute is left out */
extern const char *const calendar_words_traits[]; /* the first: the attribute is left out */

#endif
