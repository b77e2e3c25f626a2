#include "gateway/front/parameter.h"
#include "gateway/front/queue.h"
#include "gateway/front/route.h"
#include "tests/support/expect.h"

enum { MEMORY = 1024 * 1024, SENDERS = 8, IN_FLIGHT = 4 };

static void
turns_go_round_by_sender_in_each_lane(void **state)
{
    /* Who sends which, and the order in which they are taken. */
    static const struct {
        int64_t         credential;
        enum queue_lane lane;
    } sent[] = {
        {1, QUEUE_ERRANDS},
        {1, QUEUE_FILINGS},
        {1, QUEUE_FILINGS},
        {1, QUEUE_FILINGS},
        {2, QUEUE_FILINGS},
        {3, QUEUE_FILINGS},
        {2, QUEUE_FILINGS},
    };
    static const size_t order[] = {1, 4, 5, 2, 6, 3, 0};
    struct arena       *arena = arena_create(MEMORY);
    struct queue       *queue = queue_create(arena, SENDERS);
    struct request      requests[ARRAY_COUNT(sent)] = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(sent); i++) {
        assert_true(queue_admit(queue, &requests[i], sent[i].credential, IN_FLIGHT));
        queue_push(queue, sent[i].lane, &requests[i]);
    }
    for (size_t i = 0; i < ARRAY_COUNT(order); i++) {
        assert_int_equal(queue_count(queue), ARRAY_COUNT(order) - i);
        enum queue_lane lane = sent[order[i]].lane;
        assert_ptr_equal(queue_next(queue, lane), &requests[order[i]]);
        queue_pop(queue, lane);
        assert_true((queue_next(queue, QUEUE_ERRANDS) == NULL) == (lane == QUEUE_ERRANDS));
    }
    assert_null(queue_next(queue, QUEUE_FILINGS));
    arena_destroy(arena);
}

static void
a_sender_has_at_most_so_many_in_flight(void **state)
{
    struct arena  *arena = arena_create(MEMORY);
    struct queue  *queue = queue_create(arena, SENDERS);
    struct request requests[IN_FLIGHT + 1] = {0};
    struct request other = {0};

    (void)state;
    for (size_t i = 0; i < IN_FLIGHT; i++) {
        assert_true(queue_admit(queue, &requests[i], 5, IN_FLIGHT));
    }
    assert_false(queue_admit(queue, &requests[IN_FLIGHT], 5, IN_FLIGHT));
    assert_true(queue_admit(queue, &other, 6, IN_FLIGHT));
    queue_dismiss(queue, &requests[0]);
    assert_true(queue_admit(queue, &requests[IN_FLIGHT], 5, IN_FLIGHT));
    arena_destroy(arena);
}

static void
what_is_removed_is_not_taken_and_what_comes_back_is_first(void **state)
{
    struct arena  *arena = arena_create(MEMORY);
    struct queue  *queue = queue_create(arena, SENDERS);
    struct request requests[3] = {0};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        assert_true(queue_admit(queue, &requests[i], 1, IN_FLIGHT));
        queue_push(queue, QUEUE_FILINGS, &requests[i]);
    }
    queue_remove(queue, &requests[1]);
    queue_pop(queue, QUEUE_FILINGS);
    assert_ptr_equal(queue_next(queue, QUEUE_FILINGS), &requests[2]);
    queue_push_again(queue, QUEUE_FILINGS, &requests[0]);
    assert_ptr_equal(queue_next(queue, QUEUE_FILINGS), &requests[0]);
    queue_remove(queue, &requests[0]);
    queue_remove(queue, &requests[2]);
    assert_null(queue_next(queue, QUEUE_FILINGS));
    assert_int_equal(queue_count(queue), 0);
    arena_destroy(arena);
}

static void
parameters_are_read_or_refused(void **state)
{
    static const struct {
        const char          *query;
        enum parameter_found found;
        int64_t              value;
    } cases[] = {
        {"",              PARAMETER_ABSENT, 0 },
        {"waiting=1",     PARAMETER_ABSENT, 0 },
        {"wait=0",        PARAMETER_GOOD,   0 },
        {"a=b&wait=24",   PARAMETER_GOOD,   24},
        {"wait=25&x",     PARAMETER_GOOD,   25},
        {"wait=26",       PARAMETER_BAD,    0 },
        {"wait",          PARAMETER_BAD,    0 },
        {"wait=",         PARAMETER_BAD,    0 },
        {"wait=+1",       PARAMETER_BAD,    0 },
        {"wait=1&wait=1", PARAMETER_BAD,    0 },
        {"wait=%31",      PARAMETER_BAD,    0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        int64_t value = 0;
        EXPECT(parameter_number(str_of(cases[i].query), STR("wait"), 25, &value) == cases[i].found,
               cases[i].query);
        EXPECT(value == cases[i].value, cases[i].query);
    }
}

static void
paths_have_one_route(void **state)
{
    static const struct {
        const char *path;
        const char *name;
    } cases[] = {
        {"/api/v1/submissions",            "/api/v1/submissions"           },
        {"/api/v1/submissions/1",          "/api/v1/submissions/{}"        },
        {"/api/v1/submissions/1/receipt",  "/api/v1/submissions/{}/receipt"},
        {"/api/v1/receipts/verification",  "/api/v1/receipts/verification" },
        {"/api/v1/receipts/1",             "/api/v1/receipts/{}"           },
        {"/api/v1/submissions/",           NULL                            },
        {"/api/v1//submissions",           NULL                            },
        {"/api/v1/submissions/1/other",    NULL                            },
        {"/api/v1/submissions/1/receipt/", NULL                            },
        {"/",                              "/"                             },
        {"/upo",                           "/upo"                          },
        {"/upo/1",                         NULL                            },
        {"/problemy",                      "/problemy"                     },
        {"/problemy/",                     NULL                            },
        {"",                               NULL                            },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const struct route *route = route_find(str_of(cases[i].path));
        EXPECT((route == NULL) == (cases[i].name == NULL), cases[i].path);
        EXPECT(route == NULL || str_equal(str_of(route->name), str_of(cases[i].name)),
               cases[i].path);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(turns_go_round_by_sender_in_each_lane),
        cmocka_unit_test(a_sender_has_at_most_so_many_in_flight),
        cmocka_unit_test(what_is_removed_is_not_taken_and_what_comes_back_is_first),
        cmocka_unit_test(parameters_are_read_or_refused),
        cmocka_unit_test(paths_have_one_route),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
