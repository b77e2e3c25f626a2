#include "gateway/registry/event.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/desk/counter_stand.h"

#include <pthread.h>
#include <string.h>

/*
 * Class N of the attacks, as far as the desk alone can be asked: members of a body that nobody
 * asked for, and a role that ends while somebody acts in it. Exact answers, and what is stored
 * then.
 */
#define SCHOOL "/api/v1/units/990001010"

/* Bodies that say more than they may are refused by the first name that is not known. */
static const struct {
    const char *name;
    const char *path;
    const char *body;
    const char *named;
    const char *table; /* nothing comes into it */
} assignments[] = {
    {"an invitation made by another",    "/api/v1/invitations",
     "{\"email\":\"x@example.test\",\"name\":\"X\",\"role\":\"head\",\"regon\":\"990001010\","
     "\"made_by\":\"11111111-1111-4111-8111-111111111111\"}",                                    "made_by",     "people.invitation"                      },
    {"an invitation for ever",           "/api/v1/invitations",
     "{\"expires_at\":\"2199-01-01T00:00:00Z\",\"email\":\"x@example.test\",\"name\":\"X\","
     "\"role\":\"head\",\"regon\":\"990001010\"}",                                               "expires_at",  "people.invitation"                      },
    {"a unit with codes of another JST", "/api/v1/units",
     "{\"regon\":\"990009000\",\"name\":\"Nowa\",\"type\":\"JB\",\"kind\":\"jednostka-budzetowa\","
     "\"valid_from\":\"2026-01-01\",\"wk\":\"99\"}",                                             "wk",          "registry.unit WHERE regon = '990009000'"},
    {"a receiver of another unit",       "/api/v1/webhooks",
     "{\"url\":\"https://fk.example.test/\",\"events\":[\"obligation.late\"],\"unit\":1}",       "unit",
     "courier.endpoint"                                                                                                                                  },
    {"a receiver that is switched off",  "/api/v1/webhooks",
     "{\"disabled_at\":\"2026-01-01\",\"url\":\"https://fk.example.test/\","
     "\"events\":[\"obligation.late\"]}",                                                        "disabled_at", "courier.endpoint"                       },
    {"a trait of another unit",          SCHOOL "/traits",
     "{\"trait\":\"zadania-zlecone\",\"valid_from\":\"2026-01-01\",\"basis\":\"x\",\"unit\":1}", "unit",        "registry.unit_trait"                    },
    {"a member in other letters",        SCHOOL "/traits",
     "{\"Trait\":\"zadania-zlecone\",\"valid_from\":\"2026-01-01\",\"basis\":\"x\"}",            "Trait",
     "registry.unit_trait"                                                                                                                               },
};

static void
members_that_nobody_asked_for_are_refused_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(assignments); i++) {
        struct petition petition = counter_petition(&counter, PETITION_POST, assignments[i].path,
                                                    "supervisor", assignments[i].body);
        struct str      words =
            str_format(town.arena, "Pola „%s” to żądanie nie zna. Zna: ", assignments[i].named);
        struct str  sql = str_format(town.arena, "SELECT count(*) FROM %s", assignments[i].table);
        const char *before = town_ask(&town, sql.data);
        petition.if_match =
            str_format(town.arena, "\"%s\"", town_ask(&town, "SELECT registry.revision_of(3)"));
        struct reply reply = counter_send(&counter, &petition);
        EXPECT(reply.status == 422 && counter_says(&reply, words.data), assignments[i].name);
        EXPECT(strcmp(town_ask(&town, sql.data), before) == 0, assignments[i].name);
    }
}

static void
a_token_is_of_the_unit_and_the_scopes_that_were_asked_for(void **state)
{
    const char *expiry = town_ask(&town, "SELECT current_date + 30");
    struct str  more =
        str_format(town.arena,
                   "{\"label\":\"F-K\",\"scopes\":[\"submissions:read\"],\"regon\":\"990001010\","
                   "\"scope_bits\":255,\"expires_on\":\"%s\"}",
                   expiry);
    struct str   body = str_format(town.arena,
                                   "{\"label\":\"F-K\",\"scopes\":[\"submissions:read\"],"
                                     "\"regon\":\"990001010\",\"expires_on\":\"%s\"}",
                                   expiry);
    struct reply refused =
        counter_ask(&counter, PETITION_POST, "/api/v1/tokens", "supervisor", more.data);
    struct reply reply =
        counter_ask(&counter, PETITION_POST, "/api/v1/tokens", "supervisor", body.data);

    (void)state;
    assert_int_equal(refused.status, 422);
    assert_int_equal(reply.status, 201);
    assert_string_equal(
        town_ask(&town, "SELECT concat_ws(' ', unit, office IS NULL, is_certificate, scopes,"
                        " made_in = md5('asupervisor')::uuid, expires_at < now() + interval '32"
                        " days') FROM registry.credential WHERE label = 'F-K'"),
        "3 t f 2 t t");
}

/* Somebody at the desk, who meanwhile alone uses the town's arena. */
struct colleague {
    struct petition petition;
    struct reply    reply;
};

static void *
run_colleague(void *object)
{
    struct colleague *colleague = object;

    colleague->reply = counter_send(&counter, &colleague->petition);
    return NULL;
}

static void
wait_for_waiter(struct store *store, struct arena *arena)
{
    enum { LOOKS_MAX = 10000 };

    for (size_t i = 0; i < LOOKS_MAX; i++) {
        struct store_rows rows = {0};
        struct fault      fault = {0};
        assert_int_equal(store_run(store, "SELECT count(*) FROM pg_locks WHERE NOT granted", NULL,
                                   arena, &rows, &fault),
                         ERR_OK);
        if (store_number(&rows, 0, 0) > 0) {
            return;
        }
    }
    fail_msg("nobody waits");
}

/* What was begun before a role ended is done as it was allowed; the next request is nobody's. */
static void
a_role_that_ends_meanwhile_ends_with_the_request_under_way(void **state)
{
    static const char    body[] = "{\"trait\":\"zadania-zlecone\",\"valid_from\":\"2026-01-01\","
                                  "\"basis\":\"x\"}";
    struct store_address address = {str_of(cluster_host(cluster)), cluster_port(cluster),
                                    str_of(town.database)};
    struct colleague     colleague = {
            .petition =
                counter_petition(&counter, PETITION_POST, SCHOOL "/traits", "supervisor", body)};
    struct arena *arena = arena_create((size_t)16 << 20U);
    struct store *admin = NULL;
    struct fault  fault = {0};
    pthread_t     thread;

    (void)state;
    colleague.petition.if_match =
        str_format(town.arena, "\"%s\"", town_ask(&town, "SELECT registry.revision_of(3)"));
    assert_int_equal(store_open(arena, &address, STORE_ADMIN, &admin, &fault), ERR_OK);
    assert_int_equal(store_begin(admin, &fault), ERR_OK);
    assert_int_equal(event_hold(admin, arena, STR("990001010"), &fault), ERR_OK);
    assert_int_equal(store_run(admin,
                               "UPDATE people.appointment SET ended_at = now()"
                               " WHERE appointment = md5('asupervisor')::uuid",
                               NULL, arena, NULL, &fault),
                     ERR_OK);
    assert_int_equal(pthread_create(&thread, NULL, run_colleague, &colleague), 0);
    wait_for_waiter(admin, arena);
    assert_int_equal(store_commit(admin, &fault), ERR_OK);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(colleague.reply.status, 201);
    struct reply next = counter_send(&counter, &colleague.petition);
    assert_int_equal(next.status, 401);
    assert_string_equal(town_ask(&town, "SELECT count(*) FROM registry.unit_trait"), "1");
    arena_destroy(arena);
}

#define AT_DESK(name) cmocka_unit_test_setup_teardown(name, stand_begin, stand_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        AT_DESK(members_that_nobody_asked_for_are_refused_by_name),
        AT_DESK(a_token_is_of_the_unit_and_the_scopes_that_were_asked_for),
        AT_DESK(a_role_that_ends_meanwhile_ends_with_the_request_under_way),
    };

    return cmocka_run_group_tests(tests, stand_start, stand_stop);
}
