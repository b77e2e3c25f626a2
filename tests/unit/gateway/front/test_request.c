#include "gateway/front/request.h"
#include "tests/support/expect.h"

enum { MEMORY = 1024 * 1024, CAPACITY = 8 };

/* What one front in its life gave away. */
struct life {
    struct requests requests;
    uint64_t        handles[CAPACITY];
};

static void
live(struct arena *arena, struct life *life)
{
    assert_int_equal(requests_create(arena, CAPACITY, &life->requests, NULL), ERR_OK);
    for (size_t i = 0; i < CAPACITY; i++) {
        struct request *request = requests_add(&life->requests);
        assert_non_null(request);
        life->handles[i] = request->handle;
    }
}

static void
end(struct life *life)
{
    for (size_t i = 0; i < CAPACITY; i++) {
        struct request *request = requests_find(&life->requests, life->handles[i]);
        assert_non_null(request);
        requests_remove(&life->requests, request);
    }
    assert_int_equal(life->requests.count, 0);
}

/* A worker that was in the middle of a batch tells the next front how it ended: it must not take
 * that for an answer to somebody else, who came in as early in its life. */
static void
what_was_handed_by_the_front_before_is_nobodys(void **state)
{
    struct arena *arena = arena_create(MEMORY);
    struct life   before = {0};
    struct life   now = {0};

    (void)state;
    live(arena, &before);
    live(arena, &now);
    for (size_t i = 0; i < CAPACITY; i++) {
        assert_null(requests_find(&now.requests, before.handles[i]));
        assert_null(requests_find(&before.requests, now.handles[i]));
    }
    end(&before);
    end(&now);
    arena_destroy(arena);
}

static void
a_place_that_is_used_again_has_another_handle(void **state)
{
    struct arena *arena = arena_create(MEMORY);
    struct life   life = {0};

    (void)state;
    live(arena, &life);
    assert_null(requests_add(&life.requests)); /* full */
    requests_remove(&life.requests, requests_find(&life.requests, life.handles[3]));
    assert_null(requests_find(&life.requests, life.handles[3]));
    struct request *again = requests_add(&life.requests);
    assert_non_null(again);
    assert_null(requests_find(&life.requests, life.handles[3]));
    life.handles[3] = again->handle;
    assert_ptr_equal(requests_find(&life.requests, again->handle), again);
    assert_null(requests_find(&life.requests, 0));
    assert_null(requests_find(&life.requests, UINT64_MAX));
    end(&life);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_handed_by_the_front_before_is_nobodys),
        cmocka_unit_test(a_place_that_is_used_again_has_another_handle),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
