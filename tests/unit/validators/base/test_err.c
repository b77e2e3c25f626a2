#include "tests/support/expect.h"
#include "validators/base/err.h"

#include <errno.h>
#include <string.h>

static void
what_a_person_can_mend_is_said_in_polish(void **state)
{
    static const struct {
        int         reason;
        const char *text;
    } rows[] = {
        {ENOENT, "nie ma takiego pliku ani katalogu"},
        {EACCES, "brak uprawnień"                  },
        {EPERM,  "brak uprawnień"                  },
        {EISDIR, "to jest katalog, nie plik"        },
        {ENOSPC, "na dysku nie ma już miejsca"     },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        assert_string_equal(err_system(rows[i].reason), rows[i].text);
    }
}

static void
every_reason_has_some_text(void **state)
{
    (void)state;
    for (int reason = 0; reason <= EHWPOISON; reason++) {
        const char *system = strerrordesc_np(reason);
        EXPECT(system == NULL || strlen(err_system(reason)) > 0, system);
    }
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_person_can_mend_is_said_in_polish),
        cmocka_unit_test(every_reason_has_some_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
