#ifndef VALIDATORS_PRESCAN_REFUSAL_H
#define VALIDATORS_PRESCAN_REFUSAL_H

#include "validators/prescan/prescan.h"

/*
 * Why prescan stopped, before it is put into words: what the parts of this module hand to
 * prescan.c. A zeroed refusal is "nothing refused". The texts are literals or borrow the file.
 */
struct refusal {
    enum prescan_code code; /* PRESCAN_CLEAN: nothing */
    size_t            offset;
    struct str        subject;
    struct str        found;
    uint64_t          value; /* a byte, a code point or the limit, as the code has it */
};

#endif
