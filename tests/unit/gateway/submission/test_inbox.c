/*
 * When an errand has its turn.
 */
#include "gateway/submission/inbox.h"

#include "gateway/ticks/ticks.h"
#include "tests/support/expect.h"

enum { YOUNG_MS = 60000 }; /* to come yet: it stays young however slow the test is */

static void
an_errand_gives_way_to_filings_for_a_while_and_no_longer(void **state)
{
    static const struct {
        int64_t     waited_ms;
        bool        busy;
        bool        taken;
        const char *name;
    } cases[] = {
        {0,                    false, true,  "nothing else to do"   },
        {-YOUNG_MS,            true,  false, "filings come"         },
        {INBOX_ERRAND_WAIT_MS, true,  true,  "filings come for long"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct inbox  inbox = {.errand_count = 2};
        struct letter errand = {0};
        inbox.errands[0].taken_ms = ticks_ms() - cases[i].waited_ms;
        inbox.errands[0].filing.handle = 1;
        inbox.errands[1].taken_ms = ticks_ms() + YOUNG_MS;
        inbox.errands[1].filing.handle = 2;
        EXPECT(inbox_errand(&inbox, cases[i].busy, &errand) == cases[i].taken, cases[i].name);
        EXPECT(errand.filing.handle == (cases[i].taken ? 1 : 0), cases[i].name);
        EXPECT(inbox.errand_count == (cases[i].taken ? 1 : 2), cases[i].name);
        EXPECT(!inbox_errand(&inbox, true, &errand), cases[i].name); /* the other came just now */
    }
}

static void
an_inbox_without_errands_gives_none(void **state)
{
    struct inbox  inbox = {0};
    struct letter errand = {0};

    (void)state;
    assert_false(inbox_errand(&inbox, false, &errand));
    assert_false(inbox_errand(&inbox, true, &errand));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_errand_gives_way_to_filings_for_a_while_and_no_longer),
        cmocka_unit_test(an_inbox_without_errands_gives_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
