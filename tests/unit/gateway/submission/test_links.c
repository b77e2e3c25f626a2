#include "gateway/submission/inbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* A worker's links to a supervisor, a signer and a front that the test plays. */
struct scene {
    struct config       config;
    struct role_context context;
    struct links        links;
    int                 supervisor;
    int                 signer;
    int                 front;
};

static int
join(int *mine)
{
    int          ends[2] = {-1, -1};
    struct fault fault = {0};

    assert_int_equal(wire_pair(ends, &fault), ERR_OK);
    *mine = ends[0];
    return ends[1];
}

static void
scene_open(struct scene *scene)
{
    scene->context = (struct role_context){.role = ROLE_WORKER, .config = &scene->config};
    scene->context.control = join(&scene->supervisor);
    scene->links = links_create(&scene->context);
    scene->links.signer = join(&scene->signer);
    scene->links.fronts[0] = join(&scene->front);
}

static void
scene_close(struct scene *scene)
{
    links_close(&scene->links);
    (void)close(scene->context.control);
    (void)close(scene->supervisor);
    (void)close(scene->front);
}

static void
a_signer_that_answers_too_late_is_kept_and_a_dead_one_is_not(void **state)
{
    const struct wire_message late = {
        .kind = WIRE_SEALED, .body = STR("late"), .fds = {-1, -1}
    };
    struct scene scene = {0};
    struct fault fault = {0};

    (void)state;
    scene_open(&scene);
    assert_int_equal(wire_send(scene.signer, &late, &fault), ERR_OK);
    assert_int_equal(links_wait(&scene.links, 0, &fault), ERR_OK);
    assert_true(scene.links.signer >= 0);
    (void)close(scene.signer);
    assert_int_equal(links_wait(&scene.links, 0, &fault), ERR_OK);
    assert_int_equal(scene.links.signer, -1);
    scene_close(&scene);
}

static void
a_signer_that_cannot_be_understood_ends_the_worker(void **state)
{
    struct scene scene = {0};
    struct fault fault = {0};

    (void)state;
    scene_open(&scene);
    assert_int_equal(send(scene.signer, "x", 1, 0), 1);
    assert_int_equal(links_wait(&scene.links, 0, &fault), ERR_WIRE);
    assert_int_equal(links_wait(&scene.links, 0, &fault), ERR_WIRE); /* and stays so */
    (void)close(scene.signer);
    scene_close(&scene);
}

static void
a_front_that_cannot_be_understood_ends_the_worker_and_a_dead_one_does_not(void **state)
{
    static const struct batch_limits limits = {.documents_max = 4, .bytes_max = 4096};
    const struct wire_message        nonsense = {
               .kind = WIRE_FILING, .body = STR("nonsense"), .fds = {-1, -1}
    };
    struct scene scene = {0};
    struct batch batch = {0};
    struct fault fault = {0};

    (void)state;
    scene_open(&scene);
    struct inbox inbox = {.links = &scene.links};
    assert_int_equal(batch_create(&batch, &fault), ERR_OK);
    assert_int_equal(wire_send(scene.front, &nonsense, &fault), ERR_OK);
    assert_int_equal(inbox_fill(&inbox, &batch, &limits, &fault), ERR_OK);
    assert_int_equal(links_wait(&scene.links, 0, &fault), ERR_WIRE);
    (void)close(scene.signer);
    scene_close(&scene);

    scene_open(&scene);
    (void)close(scene.front);
    assert_int_equal(inbox_fill(&inbox, &batch, &limits, &fault), ERR_OK);
    assert_int_equal(scene.links.fronts[0], -1);
    assert_int_equal(links_wait(&scene.links, 0, &fault), ERR_OK);
    assert_int_equal(batch.count, 0);
    batch_destroy(&batch);
    (void)close(scene.signer);
    scene.front = dup(scene.supervisor); /* closed with the scene */
    scene_close(&scene);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signer_that_answers_too_late_is_kept_and_a_dead_one_is_not),
        cmocka_unit_test(a_signer_that_cannot_be_understood_ends_the_worker),
        cmocka_unit_test(a_front_that_cannot_be_understood_ends_the_worker_and_a_dead_one_does_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
