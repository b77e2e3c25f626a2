#include "gateway/submission/checking.h"

#include "gateway/wire/blob.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/*
 * A worker that has two documents read, with a supervisor and a checker that the test plays: what
 * they say stands in their sockets before they are asked. The supervisor's word is the order to
 * end.
 */
enum { DOCUMENTS = 2, LONG_MS = 600000, MIB = 1024 * 1024 };

static const struct job_material ours = {.definitions_sha256 = {1}, .trust_sha256 = {2}};
static const struct job_material others_definitions = {.definitions_sha256 = {3},
                                                       .trust_sha256 = {2}};
static const struct job_material others_trust = {.definitions_sha256 = {1}, .trust_sha256 = {3}};

struct scene {
    struct arena       *arena;
    struct config       config;
    struct role_context context;
    struct links        links;
    int                 supervisor;
    int                 checker;
};

static int
join(int *mine)
{
    int ends[2] = {-1, -1};

    assert_int_equal(wire_pair(ends, NULL), ERR_OK);
    *mine = ends[0];
    return ends[1];
}

static void
scene_open(struct scene *scene)
{
    *scene = (struct scene){
        .arena = arena_create(MIB),
        .config = {.checker_deadline_ms = LONG_MS, .checker_documents_max = 1000}
    };
    scene->context = (struct role_context){.role = ROLE_WORKER, .config = &scene->config};
    scene->context.control = join(&scene->supervisor);
    scene->links = links_create(&scene->context);
    scene->links.checker = join(&scene->checker);
    scene->links.material = ours;
}

static void
scene_close(struct scene *scene)
{
    links_close(&scene->links);
    (void)close(scene->context.control);
    (void)close(scene->supervisor);
    if (scene->checker >= 0) {
        (void)close(scene->checker);
    }
    arena_destroy(scene->arena);
}

static void
say(int socket, enum wire_kind kind, struct str body)
{
    const struct wire_message message = {
        .kind = kind, .body = body, .fds = {-1, -1}
    };

    assert_int_equal(wire_send(socket, &message, NULL), ERR_OK);
}

/* What a checker does over the first of the two. */
struct word {
    const char                *name;
    const struct job_material *begun;    /* NULL: it says nothing of the kind */
    bool                       nonsense; /* then something that means nothing */
    bool                       ends;
    enum checker_link_end      want;   /* of the first document; the second never has an answer */
    bool                       renew;  /* the supervisor is asked to replace it */
    bool                       broken; /* the worker has to end */
};

static void
play(const struct scene *scene, const struct word *word)
{
    struct buf body = buf_create(scene->arena, 1024);

    if (word->begun != NULL) {
        job_begun_encode(&body, &(struct job_begun){.handle = 1, .material = *word->begun});
        say(scene->checker, WIRE_BEGUN, buf_str(&body));
    }
    if (word->nonsense) {
        say(scene->checker, WIRE_SEALED, STR("x"));
    }
    say(scene->supervisor, WIRE_STOP, (struct str){0});
}

static bool
was_asked_to_renew(const struct scene *scene)
{
    struct wire_message message = {0};
    enum wire_got       got = WIRE_GOT_NOTHING;
    int                 index = -1;

    assert_int_equal(wire_wait(&scene->supervisor, 1, 0, &index, NULL), ERR_OK);
    if (index < 0) {
        return false;
    }
    assert_int_equal(wire_receive(scene->arena, scene->supervisor, &message, &got, NULL), ERR_OK);
    return got == WIRE_GOT_MESSAGE && message.kind == WIRE_RENEW;
}

static void
a_document_is_blamed_only_once_it_was_begun_and_never_for_an_order_to_end(void **state)
{
    static const struct word cases[] = {
        {"says nothing",      NULL,                false, false, CHECKER_LINK_NONE,      true,  false},
        {"ends",              NULL,                false, true,  CHECKER_LINK_NONE,      false, false},
        {"talks nonsense",    NULL,                true,  false, CHECKER_LINK_NONE,      true,  false},
        {"reads",             &ours,               false, false, CHECKER_LINK_NONE,      true,  false},
        {"ends over it",      &ours,               false, true,  CHECKER_LINK_GONE,      false, false},
        {"garbles it",        &ours,               true,  false, CHECKER_LINK_MALFORMED, true,  false},
        {"other definitions", &others_definitions, true,  false, CHECKER_LINK_NONE,      true,  true },
        {"other trust",       &others_trust,       true,  true,  CHECKER_LINK_NONE,      true,  true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct scene  scene;
        struct unread documents[DOCUMENTS] = {0};
        struct fault  fault = {0};
        scene_open(&scene);
        for (size_t j = 0; j < DOCUMENTS; j++) {
            documents[j] = (struct unread){.kind = JOB_PACKAGE, .size = 4};
            assert_int_equal(blob_of("d", STR("<a/>"), &documents[j].document, NULL), ERR_OK);
        }
        play(&scene, &cases[i]);
        if (cases[i].ends) { /* it takes what it is given, and is gone */
            assert_int_equal(shutdown(scene.checker, SHUT_WR), 0);
        }
        assert_int_equal(
            checking_run(&scene.links, scene.arena, documents, DOCUMENTS, LONG_MS, &fault),
            ERR_PEER);
        if (documents[0].answer.end != cases[i].want
            || documents[1].answer.end != CHECKER_LINK_NONE) {
            fail_msg("%s: %d and %d", cases[i].name, (int)documents[0].answer.end,
                     (int)documents[1].answer.end);
        }
        if (was_asked_to_renew(&scene) != cases[i].renew) {
            fail_msg("%s: renewed otherwise", cases[i].name);
        }
        if ((links_wait(&scene.links, 0, &fault) != ERR_OK) != cases[i].broken) {
            fail_msg("%s: broken otherwise", cases[i].name);
        }
        for (size_t j = 0; j < DOCUMENTS; j++) {
            (void)close(documents[j].document);
        }
        scene_close(&scene);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_blamed_only_once_it_was_begun_and_never_for_an_order_to_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
