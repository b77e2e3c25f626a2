#ifndef TESTS_SUPPORT_EXPECT_H
#define TESTS_SUPPORT_EXPECT_H

/* cmocka wants these four before its own header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A claim about one row of a table: a failure prints the row's name. */
#define EXPECT(condition, name)                     \
    do {                                            \
        if (!(condition)) {                         \
            fail_msg("%s: %s", (name), #condition); \
        }                                           \
    } while (0)

#endif
