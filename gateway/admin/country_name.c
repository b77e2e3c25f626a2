#include "gateway/admin/country_name.h"

#include "validators/base/buf.h"
#include "validators/identifier/identifier.h"

enum { REGON_FIRST = 99100000, NIP_FIRST = 999100000, BRANCH = 1, DIGITS = 10 };

/* SplitMix64: every seed gives a good sequence, also 0. */
unsigned
country_roll(struct country_dice *dice, unsigned limit)
{
    dice->state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t mixed = dice->state;
    mixed = (mixed ^ (mixed >> 30U)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27U)) * UINT64_C(0x94d049bb133111eb);
    return (unsigned)((mixed ^ (mixed >> 31U)) % limit);
}

/* digits and the one digit behind them that makes them right; empty when there is none. */
static struct str
with_check_digit(struct arena *arena, struct str digits, enum identifier_fault (*judge)(struct str))
{
    for (int digit = 0; digit < DIGITS; digit++) {
        struct str whole = str_format(arena, "%.*s%d", STR_ARG(digits), digit);
        if (whole.data == NULL || judge(whole) == IDENTIFIER_OK) {
            return whole;
        }
    }
    return STR("");
}

struct str
country_regon(struct arena *arena, unsigned series, unsigned number)
{
    unsigned base = REGON_FIRST + series % COUNTRY_SERIES * COUNTRY_NUMBERS_MAX + number;

    return with_check_digit(arena, str_format(arena, "%u", base), identifier_regon);
}

struct str
country_regon_long(struct arena *arena, unsigned series, unsigned number)
{
    struct str base = country_regon(arena, series, number);

    return with_check_digit(arena, str_format(arena, "%.*s%04d", STR_ARG(base), BRANCH),
                            identifier_regon);
}

struct str
country_nip(struct arena *arena, unsigned series, unsigned number)
{
    unsigned base = NIP_FIRST + series % COUNTRY_SERIES * COUNTRY_NUMBERS_MAX + number;

    return with_check_digit(arena, str_format(arena, "%u", base), identifier_nip);
}

struct str
country_place(struct arena *arena, struct country_dice *dice)
{
    static const char *const heads[] = {
        "BRZEZ",  "KAL",  "LIP",   "MOCH",  "ZAR",   "GRAB",  "SOSN",  "JAROM",
        "WIERZB", "OLSZ", "DĘB",   "BUK",   "KLON",  "MODR",  "PIAS",  "GÓR",
        "DOL",    "STAN", "RADOM", "WOJCI", "BOROW", "MLECZ", "SREB",  "ZŁOT",
        "CZAR",   "BIAŁ", "KRAS",  "ŁĄK",   "RUD",   "SKAL",  "ŻURAW", "SOWIN"};
    static const char *const middles[] = {"", "OW", "EN", "AN", "IN", "EL", "OST", "OR"};
    static const char *const tails[] = {"ICE", "IN", "KA", "ÓW", "YNIEC", "NO", "SKO", "ANY"};
    const char              *head = heads[country_roll(dice, ARRAY_COUNT(heads))];
    const char              *middle = middles[country_roll(dice, ARRAY_COUNT(middles))];

    return str_format(arena, "%s%s%s", head, middle, tails[country_roll(dice, ARRAY_COUNT(tails))]);
}
