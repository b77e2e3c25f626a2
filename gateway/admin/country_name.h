#ifndef GATEWAY_ADMIN_COUNTRY_NAME_H
#define GATEWAY_ADMIN_COUNTRY_NAME_H

#include "validators/base/arena.h"
#include "validators/base/str.h"

#include <stdint.h>

/*
 * Numbers and names of a made-up country: right to their check digits, of ranges that no office
 * gives out (REGON 99......., NIP 999.......), the same for the same seed.
 */
struct country_dice {
    uint64_t state;
};

/* A number below limit (> 0). */
unsigned country_roll(struct country_dice *dice, unsigned limit);

enum { COUNTRY_NUMBERS_MAX = 80000, COUNTRY_SERIES = 11 };

/* The number-th of a series; .data == NULL: the arena is full. */
struct str country_regon(struct arena *arena, unsigned series, unsigned number);
struct str country_regon_long(struct arena *arena, unsigned series, unsigned number);
/* Empty where there is no check digit: one number in eleven. */
struct str country_nip(struct arena *arena, unsigned series, unsigned number);

/* Of a place, in capitals: "BRZEZIOWICE". */
struct str country_place(struct arena *arena, struct country_dice *dice);

#endif
