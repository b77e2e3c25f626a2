#include "tests/support/expect.h"
#include "tests/unit/validators/rules/shelf.h"
#include "validators/rules/mutants.h"
#include "validators/xml/guard.h"

#include <string.h>

enum { ARENA_MAX = 256 * 1024 * 1024 };

static enum err
run_mutants(struct arena *arena, const struct shelf_edit *edit, struct mutants_summary *out,
            struct fault *fault)
{
    const struct catalogue *catalogue = NULL;
    const struct rules     *rules = NULL;

    TRY(shelf_load(arena, edit, &catalogue, fault));
    TRY(rules_compile(arena, catalogue, &rules, fault));
    return mutants_run(arena, catalogue, rules, out, fault);
}

static void
print_survivors(const struct mutants_summary *summary)
{
    for (size_t i = 0; i < summary->survivor_count; i++) {
        const struct mutant *it = &summary->survivors[i];
        print_message("%.*s:%u:%u %.*s -> %.*s\n", STR_ARG(it->path), it->mutation.place.line,
                      it->mutation.place.column, STR_ARG(it->mutation.was),
                      STR_ARG(it->mutation.becomes));
    }
}

static void
every_small_change_of_every_rule_is_noticed(void **state)
{
    struct arena          *arena = arena_create(ARENA_MAX);
    struct mutants_summary summary = {0};
    struct fault           fault = {0};
    enum err               got = run_mutants(arena, NULL, &summary, &fault);

    (void)state;
    if (got != ERR_OK) {
        fail_msg("%s", fault.text);
    }
    print_survivors(&summary);
    assert_int_equal(summary.survivor_count, 0);
    assert_true(summary.noticed >= 300);
    arena_destroy(arena);
}

/* What survives when a case is weakened, or when a formula says more than it needs. */
static const struct {
    const char       *name;
    struct shelf_edit edit;
    const char       *code;
    const char       *was;
    const char       *becomes;
    unsigned          line;
    unsigned          column;
    size_t            survivors; /* the first of them is described */
} weakened[] = {
    {"no case with a plan of a grosz",
     {"rb-27s/2025-1/tests/RB27S-013.xml", "PL=\"0.01\"", "PL=\"10.00\""},
     "RB27S-013", "0",
     "1",        38,
     32, 1},
    {"a condition that null answers already",
     {"rb-28s/2025-1/rules.vtl", "RB28S_007: when P4", "RB28S_007: when not isnull(Grupa) and P4"},
     "RB28S-007", "Grupa",
     "Rozdzial", 27,
     30, 2},
    {"nvl that changes nothing",
     {"rb-27s/2025-1/rules.vtl", "RB27S_003: NZ >= 0", "RB27S_003: nvl(NZ, 0) >= 0"},
     "RB27S-003", "0",
     "1",        18,
     22, 1},
};

static void
a_survivor_is_named_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(weakened); i++) {
        struct arena          *arena = arena_create(ARENA_MAX);
        struct mutants_summary summary = {0};
        struct fault           fault = {0};

        EXPECT(run_mutants(arena, &weakened[i].edit, &summary, &fault) == ERR_OK, fault.text);
        print_survivors(&summary);
        EXPECT(summary.survivor_count == weakened[i].survivors, weakened[i].name);
        const struct mutant *it = &summary.survivors[0];
        EXPECT(str_equal(it->entry->code, str_of(weakened[i].code)), weakened[i].name);
        EXPECT(str_equal(it->mutation.was, str_of(weakened[i].was)), weakened[i].name);
        EXPECT(str_equal(it->mutation.becomes, str_of(weakened[i].becomes)), weakened[i].name);
        EXPECT(it->mutation.place.line == weakened[i].line, weakened[i].name);
        EXPECT(it->mutation.place.column == weakened[i].column, weakened[i].name);
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_small_change_of_every_rule_is_noticed),
        cmocka_unit_test(a_survivor_is_named_with_its_place),
    };

    guard_initialise();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
