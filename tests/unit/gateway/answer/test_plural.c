#include "gateway/answer/plural.h"
#include "validators/base/ensure.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
plural_form_follows_polish_grammar(void **state)
{
    static const struct {
        size_t      count;
        const char *want;
    } cases[] = {
        {0,       "plików"},
        {1,       "plik"   },
        {2,       "pliki"  },
        {3,       "pliki"  },
        {4,       "pliki"  },
        {5,       "plików"},
        {9,       "plików"},
        {10,      "plików"},
        {11,      "plików"},
        {12,      "plików"},
        {13,      "plików"},
        {14,      "plików"},
        {15,      "plików"},
        {20,      "plików"},
        {21,      "plików"},
        {22,      "pliki"  },
        {24,      "pliki"  },
        {25,      "plików"},
        {100,     "plików"},
        {101,     "plików"},
        {102,     "pliki"  },
        {111,     "plików"},
        {112,     "plików"},
        {114,     "plików"},
        {115,     "plików"},
        {122,     "pliki"  },
        {124,     "pliki"  },
        {1000,    "plików"},
        {1002,    "pliki"  },
        {1012,    "plików"},
        {1022,    "pliki"  },
        {1112,    "plików"},
        {1000001, "plików"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char *got = plural_form(&plural_file, cases[i].count);
        if (strcmp(got, cases[i].want) != 0) {
            fail_msg("%zu %s, not %s", cases[i].count, cases[i].want, got);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plural_form_follows_polish_grammar),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
