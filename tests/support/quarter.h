#ifndef TESTS_SUPPORT_QUARTER_H
#define TESTS_SUPPORT_QUARTER_H

#include "tests/support/draft.h"

/*
 * What a JST of drafts files for the second quarter of 2026, as one package of one report: an
 * Rb-27S zbiorcze with this income, or the Rb-NDS that states it, in whole złote. Where the two
 * differ ZESTAW-001 finds it twice, in the plan and in what was carried out.
 */
struct quarter {
    size_t number; /* of the draft */
    bool   income; /* the Rb-27S */
    int    version;
    int    amount;
};

struct str quarter_package(struct arena *arena, const struct authority *authority,
                           const struct quarter *quarter);

#endif
