#include "tests/fuzz/tape.h"

unsigned
tape_next(struct tape *tape)
{
    return tape->at < tape->size ? tape->bytes[tape->at++] : 0;
}
