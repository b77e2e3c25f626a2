#ifndef VALIDATORS_BASE_ENSURE_H
#define VALIDATORS_BASE_ENSURE_H

#include <stdio.h>
#include <stdlib.h>

/*
 * Assertions that stay in release builds. A failed ENSURE is a bug of ours, never a fault of a
 * report: the process aborts, its parent starts it anew, the stored bytes survive.
 */
#define ENSURE(condition)                                                              \
    do {                                                                               \
        if (!(condition)) {                                                            \
            (void)fprintf(stderr, "%s:%d: bug: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                   \
        }                                                                              \
    } while (0)

#define ARRAY_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The caller must look at the result. */
#define MUST_USE __attribute__((warn_unused_result))

#define PRINTF_LIKE(format_at, values_at) __attribute__((format(printf, format_at, values_at)))

#endif
