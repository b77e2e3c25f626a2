#ifndef TESTS_SUPPORT_DICE_H
#define TESTS_SUPPORT_DICE_H

#include "validators/base/buf.h"

#include <stdint.h>

/*
 * Pseudo-random numbers for made-up data: SplitMix64 (Steele, Lea, Flood 2014). The same seed
 * gives the same numbers on every machine. Not for keys.
 */
struct dice {
    uint64_t state; /* the seed at first; any value is a good one */
};

uint64_t dice_roll(struct dice *dice);

/* 0 .. sides - 1, sides >= 1; the bias of the remainder is far below what a test can see. */
uint64_t dice_below(struct dice *dice, uint64_t sides);

/* True in percent of 100 cases. */
bool dice_chance(struct dice *dice, unsigned percent);

/* 32 lower-case hexadecimal digits, as a GUID without dashes; .data == NULL when arena is full. */
struct str dice_guid(struct dice *dice, struct arena *arena);

#endif
