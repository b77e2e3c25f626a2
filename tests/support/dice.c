#include "tests/support/dice.h"

#include <inttypes.h>

uint64_t
dice_roll(struct dice *dice)
{
    dice->state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t mixed = dice->state;

    mixed = (mixed ^ (mixed >> 30U)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27U)) * UINT64_C(0x94d049bb133111eb);
    return mixed ^ (mixed >> 31U);
}

uint64_t
dice_below(struct dice *dice, uint64_t sides)
{
    ENSURE(sides >= 1);
    return dice_roll(dice) % sides;
}

bool
dice_chance(struct dice *dice, unsigned percent)
{
    return dice_below(dice, 100) < percent;
}

struct str
dice_guid(struct dice *dice, struct arena *arena)
{
    uint64_t high = dice_roll(dice);
    uint64_t low = dice_roll(dice);

    return str_format(arena, "%016" PRIx64 "%016" PRIx64, high, low);
}
