#include "gateway/submission/verification.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/submission/workshop.h"

#include <string.h>

/* What POST /receipts/verification says of a receipt that is good, as far as the store decides. */
static bool
is_superseded(struct workshop *workshop, struct str number, const char *name)
{
    enum { ANSWER_MAX = 16 * 1024 };
    struct reading reading = {.step = READING_GOOD, .has_facts = true};
    struct buf     answer = buf_create(workshop->arena, ANSWER_MAX);
    struct fault   fault = {0};

    reading.facts.number = number;
    assert_int_equal(
        verification_write(workshop->bench.store, workshop->arena, &reading, &answer, &fault),
        ERR_OK);
    buf_byte(&answer, '\0');
    bool superseded = strstr(buf_str(&answer).data, "\"status\":\"superseded\"") != NULL;
    bool current = strstr(buf_str(&answer).data, "\"status\":\"current\"") != NULL;
    EXPECT(superseded != current, name);
    return superseded;
}

/* What the public address of the same receipt says: its own columns, as the reader reads them. */
static bool
is_superseded_in_public(const struct workshop *workshop, struct str number)
{
    return workshop_number(
               workshop,
               str_format(workshop->arena,
                          "SELECT (p.n < p.newest OR EXISTS (SELECT FROM"
                          " jsonb_array_elements(coalesce(p.reports, '[]')) r"
                          " WHERE r ->> 'verdict' = '1' AND r ->> 'in_force' = 'false'))::integer"
                          " FROM intake.public_receipt('%.*s') p",
                          STR_ARG(number))
                   .data)
           == 1;
}

/* What becomes of a submission after the decision that has number 1, and which receipt is asked
 * about then. */
static const struct {
    const char *name;
    const char *after; /* empty: nothing */
    int         n;
    bool        superseded;
} cases[] = {
    {"nothing has happened since",                  "",                                   1, false},
    {"an attempt to decide again failed",
     "INSERT INTO intake.work (submission, cause, attempts)"
     " SELECT submission, 'retry', 3 FROM intake.submission",                             1, false},
    {"the delivery of that attempt",
     "INSERT INTO intake.work (submission, cause, attempts)"
     " SELECT submission, 'retry', 3 FROM intake.submission",                             2, false},
    {"it was decided again",
     "INSERT INTO intake.work (submission, cause)"
     " SELECT submission, 'retry' FROM intake.submission",                                1, true },
    {"the decision that came of that",
     "INSERT INTO intake.work (submission, cause)"
     " SELECT submission, 'retry' FROM intake.submission",                                2, false},
    {"another report of the same key came instead",
     "UPDATE intake.report SET in_force = '{[2026-01-01,2026-02-01)}' WHERE ordinal = 0", 1, true },
};

static void
both_addresses_say_the_same_of_every_receipt(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char      *name = cases[i].name;
        struct workshop *workshop = workshop_open();
        (void)workshop_send(workshop, WORKSHOP_GMINA, 1, "k",
                            workshop_sample(workshop, "dochody-2026-q2.xml"));
        if (cases[i].after[0] != '\0') {
            workshop_run(workshop, cases[i].after);
        }
        (void)workshop_take(workshop);
        struct str number = workshop_ask(
            workshop,
            str_format(workshop->arena,
                       "SELECT number FROM intake.receipt WHERE n = %d AND ordinal = 0", cases[i].n)
                .data);
        EXPECT(is_superseded(workshop, number, name) == cases[i].superseded, name);
        EXPECT(is_superseded_in_public(workshop, number) == cases[i].superseded, name);
        workshop_close(workshop);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_addresses_say_the_same_of_every_receipt),
    };

    return cmocka_run_group_tests(tests, workshop_start, workshop_stop);
}
