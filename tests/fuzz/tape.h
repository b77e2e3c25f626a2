#ifndef TESTS_FUZZ_TAPE_H
#define TESTS_FUZZ_TAPE_H

#include <stddef.h>

/* What is still unread of a fuzzer's input; zeros behind its end. */
struct tape {
    const unsigned char *bytes;
    size_t               size;
    size_t               at;
};

unsigned tape_next(struct tape *tape);

#endif
