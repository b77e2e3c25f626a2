#ifndef GATEWAY_ADMIN_COUNTRY_H
#define GATEWAY_ADMIN_COUNTRY_H

#include "gateway/registry/unit_import.h"

/*
 * A made-up country as large as Poland, for trying and measuring: 16 województwa, 314 powiaty, 66
 * cities with the rights of one, 2,413 other gminy, 320 związki, the urząd and organ of each JST,
 * and the bodies below them: about 60,000 units. Numbers, codes and counts are right, names
 * invented. The same for the same seed; two seeds that differ by less than COUNTRY_SERIES share no
 * REGON.
 */
enum {
    COUNTRY_GMINY = 2479,
    COUNTRY_POWIATY = 314,
    COUNTRY_WOJEWODZTWA = 16,
    COUNTRY_ZWIAZKI = 320
};

/* One unit does something for, or instead of, another one; both by REGON. */
struct country_tie {
    struct str unit;
    struct str other; /* who serves it, or who took its place */
};

struct country {
    const struct unit_import_row *rows;
    size_t                        row_count;
    const struct country_tie     *services;
    size_t                        service_count;
    const struct country_tie     *successions; /* mergers of COUNTRY_MERGER_DAY */
    size_t                        succession_count;
};

extern const struct date country_merger_day;

MUST_USE enum err country_make(struct arena *arena, uint64_t seed, struct country *out,
                               struct fault *fault);

#endif
