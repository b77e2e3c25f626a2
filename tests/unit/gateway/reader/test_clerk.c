#include "tests/support/expect.h"
#include "tests/unit/gateway/reader/sets.h"
#include "tests/unit/gateway/reader/world.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct world world;

static int
begin(void **state)
{
    *state = cluster_start(CLUSTER_FAST);
    world_begin(&world, *state, "clerk");
    return 0;
}

static int
end(void **state)
{
    world_end(&world);
    cluster_stop(*state);
    return 0;
}

/* The slug of a refusal; empty when the answer is none. */
static struct str
slug_of(const struct reply *reply)
{
    struct str marker = STR("/problemy/");
    struct str body = reply->body;

    if (!str_equal(reply->content_type, STR("application/problem+json"))) {
        return (struct str){0};
    }
    while (body.size > marker.size && !str_starts_with(body, marker)) {
        body = str_slice(body, 1, body.size);
    }
    struct str rest = str_slice(body, marker.size, body.size);
    struct str slug = {0};
    (void)str_cut(&rest, '"', &slug);
    return slug;
}

static bool
contains(struct str text, const char *wanted)
{
    return memmem(text.data, text.size, wanted, strlen(wanted)) != NULL;
}

static void
every_refusal_is_exact(void **state)
{
    static const struct {
        int64_t     who;
        const char *target;
        const char *accept;
        int         status;
        const char *slug;
    } cases[] = {
        {3, "/api/v1/submissions?limit=0",                                    "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?limit=501",                                  "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?limit=-1",                                   "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?limit=1000000000",                           "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?limit=1e2",                                  "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?limit=01",                                   "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?limit=9999999999999999999",                  "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?limit=5&limit=6",                            "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?lim%69t=5&limit=6",                          "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?limit=%00",                                  "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?limit=%",                                    "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?limit=%4",                                   "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?limit=%zz",                                  "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?state=%ff",                                  "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?state=%c0%af",                               "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?=5",                                         "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?state=Decided",                              "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?state=decided'--",                           "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?verdict=3",                                  "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?unit=12345678",                              "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?unit=1234567890",                            "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?unit='%20OR%201=1",                          "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?from=2026-02-30",                            "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?to=yesterday",                               "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?cursor=abc",                                 "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?cursor=000000000000000500000000",            "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?period=2026-Q9",                             "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?period=2026-13",                             "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?period=2026-Q",                              "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?period=202",                                 "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?period=2026%25",                             "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?unknown=1",                                  "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?format=doc",                                 "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions?format=xml",                                 "",                                     406, "nieobslugiwana-postac"},
        {3, "/api/v1/submissions",                                            "image/png",                            406, "nieobslugiwana-postac"},
        {3, "/api/v1/submissions",                                            "application/json;q=0, text/csv;q=0.0", 406,
         "nieobslugiwana-postac"                                                                                                                  },
        {0, "/api/v1/submissions",                                            "",                                     401, "brak-uwierzytelnienia"},
        {0, "/api/v1/submissions/" WORLD_REJECTED,                            "",                                     401, "brak-uwierzytelnienia"},
        {3, "/api/v1/submissions/",                                           "",                                     404, "nie-znaleziono"       },
        {3, "/api/v1//submissions",                                           "",                                     404, "nie-znaleziono"       },
        {3, "/api/v1/submissions/../submissions",                             "",                                     404, "nie-znaleziono"       },
        {3, "/api/v1/submissions/%2e%2e%2f",                                  "",                                     404, "nie-znaleziono"       },
        {3, "/api/v1/submissions/1",                                          "",                                     404, "nie-znaleziono"       },
        {3, "/api/v1/submissions/'%20OR%201=1",                               "",                                     404, "nie-znaleziono"       },
        {3, "/api/v1/submissions/01980000-0000-7000-8000-00000000000G",       "",                                     404, "nie-znaleziono"       },
        {3, "/api/v1/submissions/" WORLD_REJECTED "%00",                      "",                                     400, "zle-zadanie"          },
        {3, "/api/v1/submissions/%ff",                                        "",                                     400, "zle-zadanie"          },
        {3, "/api/v1/submissions/%",                                          "",                                     400, "zle-zadanie"          },
        {3, "/api/v1/submissions/" WORLD_REJECTED "/content?report=0",        "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions/" WORLD_REJECTED "/content?report=2",        "",                                     404, "nie-znaleziono"       },
        {3, "/api/v1/submissions/" WORLD_REJECTED "/content?report=1000000",  "",                                     404,
         "nie-znaleziono"                                                                                                                         },
        {3, "/api/v1/submissions/" WORLD_REJECTED "/content?report=1000001",  "",                                     400,
         "zly-parametr"                                                                                                                           },
        {3, "/api/v1/submissions/" WORLD_REJECTED "/findings?n=3",            "",                                     404, "nie-znaleziono"       },
        {3, "/api/v1/submissions/" WORLD_REJECTED "/findings?n=32768",        "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions/" WORLD_REJECTED "/findings?severity=fatal", "",                                     400,
         "zly-parametr"                                                                                                                           },
        {3, "/api/v1/submissions/" WORLD_REJECTED "/receipt?n=3",             "",                                     404, "nie-znaleziono"       },
        {3, "/api/v1/submissions/" WORLD_REJECTED "/receipt?n=0",             "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions/" WORLD_REJECTED "/receipt?unit=x",          "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions/" WORLD_REJECTED "/receipt?unit=990001040",  "",                                     404,
         "nie-znaleziono"                                                                                                                         },
        {3, "/api/v1/submissions/" WORLD_REJECTED "/receipt?kind=upo",        "",                                     400, "zly-parametr"         },
        {3, "/api/v1/submissions/" WORLD_RECEIVED "/receipt",                 "",                                     404, "upo-jeszcze-niegotowe"},
        {3, "/api/v1/submissions/" WORLD_REJECTED "/receipt",                 "text/csv",                             406,
         "nieobslugiwana-postac"                                                                                                                  },
        {0, "/api/v1/receipts/1",                                             "",                                     404, "nie-znaleziono"       },
        {0, "/api/v1/receipts/990001010-20260710-00000000002A-00",            "",                                     404, "nie-znaleziono"       },
        {0, "/api/v1/receipts/'",                                             "",                                     404, "nie-znaleziono"       },
        {0, "/api/v1/forms/RB27S/1999",                                       "",                                     404, "nie-znaleziono"       },
        {0, "/api/v1/forms/RB27S",                                            "",                                     404, "nie-znaleziono"       },
        {0, "/problemy/nie-ma",                                               "",                                     404, "nie-znaleziono"       },
        {0, "/api/v1",                                                        "",                                     404, "nie-znaleziono"       },
        {0, "/a/b/c/d/e/f/g/h/i",                                             "",                                     404, "nie-znaleziono"       },
        {0, "x",                                                              "",                                     400, "zle-zadanie"          },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct reply reply = world_get_as(&world, cases[i].who, cases[i].target, cases[i].accept);
        EXPECT(reply.status == cases[i].status, cases[i].target);
        EXPECT(str_equal(slug_of(&reply), str_of(cases[i].slug)), cases[i].target);
        EXPECT(str_is_utf8(reply.body), cases[i].target);
    }
}

static void
a_malformed_parameter_is_named(void **state)
{
    (void)state;
    struct reply limit = world_get(&world, 3, "/api/v1/submissions?limit=x");
    struct reply twice = world_get(&world, 3, "/api/v1/submissions?from=a&from=a");
    struct reply typed =
        world_get(&world, 0, "/api/v1/receipts/990001010-20260710-00000000002A-00");

    assert_true(contains(limit.body, "Parametr limit:"));
    assert_true(contains(twice.body, "Parametr from stoi w adresie dwa razy"));
    assert_true(contains(typed.body, "literówka"));
}

/* The whole table of who sees what. */
static void
everybody_sees_what_is_theirs_and_nothing_else(void **state)
{
    enum { NOBODY = 0, ASKERS = 8 };
    static const int64_t askers[ASKERS] = {NOBODY,        WORLD_GMINA,  WORLD_OFFICE,
                                           WORLD_SCHOOL,  WORLD_SISTER, WORLD_STRANGER,
                                           WORLD_EXPIRED, WORLD_REVOKED};
    static const struct {
        const char *target;
        int         status[ASKERS]; /* nobody gmina office school sister stranger expired revoked */
    } cases[] = {
  /* filed by the gmina for both schools */
        {"/api/v1/submissions/" WORLD_PACKAGE,                           {401, 200, 404, 200, 200, 404, 401, 401}},
        {"/api/v1/submissions/" WORLD_PACKAGE "/findings",
         {401, 200, 404, 200, 200, 404, 401, 401}                                                                },
        {"/api/v1/submissions/" WORLD_PACKAGE "/content",                {401, 200, 404, 403, 403, 404, 401, 401}},
        {"/api/v1/submissions/" WORLD_PACKAGE "/content?report=1",
         {401, 200, 404, 200, 404, 404, 401, 401}                                                                },
        {"/api/v1/submissions/" WORLD_PACKAGE "/content?report=2",
         {401, 200, 404, 404, 200, 404, 401, 401}                                                                },
        {"/api/v1/submissions/" WORLD_PACKAGE "/receipt",                {401, 200, 404, 200, 200, 404, 401, 401}},
        {"/api/v1/submissions/" WORLD_PACKAGE "/receipt?unit=990001033",
         {401, 200, 404, 200, 404, 404, 401, 401}                                                                },
        {"/api/v1/submissions/" WORLD_PACKAGE "/receipt?unit=990001040",
         {401, 200, 404, 404, 200, 404, 401, 401}                                                                },
        {"/api/v1/submissions/" WORLD_PACKAGE "/receipt?kind=summary",
         {401, 200, 404, 404, 404, 404, 401, 401}                                                                },
 /* filed by a school */
        {"/api/v1/submissions/" WORLD_REJECTED,                          {401, 200, 404, 200, 404, 404, 401, 401}},
        {"/api/v1/submissions/" WORLD_REJECTED "/findings",
         {401, 200, 404, 200, 404, 404, 401, 401}                                                                },
        {"/api/v1/submissions/" WORLD_REJECTED "/findings?n=1",
         {401, 200, 404, 200, 404, 404, 401, 401}                                                                },
        {"/api/v1/submissions/" WORLD_REJECTED "/content",
         {401, 200, 404, 200, 404, 404, 401, 401}                                                                },
        {"/api/v1/submissions/" WORLD_REJECTED "/receipt",
         {401, 200, 404, 200, 404, 404, 401, 401}                                                                },
        {"/api/v1/submissions/" WORLD_RECEIVED,                          {401, 200, 404, 200, 404, 404, 401, 401}},
        {"/api/v1/submissions/" WORLD_FOREIGN,                           {401, 404, 404, 404, 404, 200, 401, 401}},
        {"/api/v1/submissions/" WORLD_FOREIGN "/content",                {401, 404, 404, 404, 404, 200, 401, 401}},
        {"/api/v1/submissions/" WORLD_FOREIGN "/findings",
         {401, 404, 404, 404, 404, 200, 401, 401}                                                                },
        {"/api/v1/submissions/" WORLD_FOREIGN "/receipt",                {401, 404, 404, 404, 404, 404, 401, 401}},
        {"/api/v1/submissions/" WORLD_MISSING,                           {401, 404, 404, 404, 404, 404, 401, 401}},
        {"/api/v1/submissions",                                          {401, 200, 200, 200, 200, 200, 401, 401}},
        {"/api/v1/forms",                                                {200, 200, 200, 200, 200, 200, 200, 200}},
        {"/api/v1/rules",                                                {200, 200, 200, 200, 200, 200, 200, 200}},
        {"/api/v1/keys",                                                 {200, 200, 200, 200, 200, 200, 200, 200}},
        {"/api/v1/status",                                               {200, 200, 200, 200, 200, 200, 200, 200}},
        {"/api/v1/limits",                                               {200, 200, 200, 200, 200, 200, 200, 200}},
        {"/api/v1/openapi.json",                                         {200, 200, 200, 200, 200, 200, 200, 200}},
        {"/",                                                            {200, 200, 200, 200, 200, 200, 200, 200}},
        {"/upo",                                                         {200, 200, 200, 200, 200, 200, 200, 200}},
        {"/problemy",                                                    {200, 200, 200, 200, 200, 200, 200, 200}},
        {"/problemy/zly-parametr",                                       {200, 200, 200, 200, 200, 200, 200, 200}},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        for (size_t who = 0; who < ASKERS; who++) {
            struct reply reply = world_get(&world, askers[who], cases[i].target);
            if (reply.status != cases[i].status[who]) {
                fail_msg("%s asked by %d: %d, not %d", cases[i].target, (int)askers[who],
                         reply.status, cases[i].status[who]);
            }
        }
    }
}

/* Foreign and missing must not be told apart: apart from the address itself, the same bytes. */
static void
foreign_and_missing_look_the_same(void **state)
{
    static const char *const parts[] = {"", "/findings", "/content", "/receipt"};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(parts); i++) {
        struct str foreign =
            str_format(world.arena, "/api/v1/submissions/" WORLD_FOREIGN "%s", parts[i]);
        struct str missing =
            str_format(world.arena, "/api/v1/submissions/" WORLD_MISSING "%s", parts[i]);
        struct reply a = world_get(&world, WORLD_SCHOOL, foreign.data);
        struct reply b = world_get(&world, WORLD_SCHOOL, missing.data);
        assert_true(str_equal(a.headers, b.headers));
        assert_int_equal(a.body.size, b.body.size);
        json_t *one = json_loadb(a.body.data, a.body.size, 0, NULL);
        json_t *other = json_loadb(b.body.data, b.body.size, 0, NULL);
        (void)json_object_del(one, "instance");
        (void)json_object_del(other, "instance");
        assert_true(json_equal(one, other));
        json_decref(one);
        json_decref(other);
    }
}

static json_t *
json_of(const struct reply *reply)
{
    json_t *json = json_loadb(reply->body.data, reply->body.size, JSON_REJECT_DUPLICATES, NULL);

    assert_int_equal(reply->status, 200);
    assert_non_null(json);
    return json;
}

static int64_t
number_at(const json_t *json, const char *object, const char *key)
{
    return json_integer_value(json_object_get(json_object_get(json, object), key));
}

/* What the two schools see of the package that the gmina filed for both. */
static void
expect_parts(void)
{
    static const struct {
        int64_t     who;
        const char *regon;
        const char *foreign; /* stands nowhere in what it sees */
        const char *verdict;
        int64_t     ordinal;
        int64_t     errors;
        size_t      findings;
        const char *content;
    } parts[] = {
        {WORLD_SCHOOL, "990001033", "990001040", "accepted", 1, 0, 0, "<A/>"},
        {WORLD_SISTER, "990001040", "990001033", "rejected", 2, 1, 2, "<B/>"},
    };

    for (size_t i = 0; i < ARRAY_COUNT(parts); i++) {
        struct reply  reply = world_get(&world, parts[i].who, "/api/v1/submissions/" WORLD_PACKAGE);
        json_t       *json = json_of(&reply);
        const json_t *reports = json_object_get(json, "reports");
        const json_t *receipts = json_object_get(json, "receipts");
        const char   *verdict = json_string_value(json_object_get(json, "verdict"));
        EXPECT(json_array_size(reports) == 1 && json_array_size(receipts) == 1, parts[i].regon);
        EXPECT(strcmp(verdict, parts[i].verdict) == 0, parts[i].regon);
        EXPECT(json_integer_value(json_object_get(json_array_get(reports, 0), "ordinal"))
                   == parts[i].ordinal,
               parts[i].regon);
        EXPECT(number_at(json, "findings", "error") == parts[i].errors, parts[i].regon);
        EXPECT(number_at(json, "findings", "info") == 0, parts[i].regon); /* of the package */
        EXPECT(contains(reply.body, parts[i].regon), parts[i].regon);
        EXPECT(!contains(reply.body, parts[i].foreign), parts[i].regon);
        json_decref(json);

        reply = world_get(&world, parts[i].who, "/api/v1/submissions/" WORLD_PACKAGE "/findings");
        json = json_of(&reply);
        EXPECT(json_array_size(json_object_get(json, "items")) == parts[i].findings,
               parts[i].regon);
        json_decref(json);

        struct str target = str_format(world.arena, "/api/v1/submissions/%s/content?report=%d",
                                       WORLD_PACKAGE, (int)parts[i].ordinal);
        reply = world_get(&world, parts[i].who, target.data);
        EXPECT(str_equal(reply.body, str_of(parts[i].content)), parts[i].regon);
        reply = world_get(&world, parts[i].who, "/api/v1/submissions/" WORLD_PACKAGE "/content");
        EXPECT(reply.status == 403 && contains(reply.body, "report"), parts[i].regon);
    }
    static const struct {
        int64_t     who;
        const char *query;
        size_t      count;
    } lists[] = {
        {WORLD_SISTER,   "",                               1},
        {WORLD_SISTER,   "?verdict=rejected",              1},
        {WORLD_SISTER,   "?verdict=accepted",              0},
        {WORLD_SISTER,   "?unit=990001040&period=2026-Q2", 1},
        {WORLD_SISTER,   "?unit=990001033",                0},
        {WORLD_SISTER,   "?state=parked",                  0},
        {WORLD_SISTER,   "?to=2026-07-01",                 0},
        {WORLD_SCHOOL,   "",                               5},
        {WORLD_SCHOOL,   "?verdict=accepted",              1},
        {WORLD_SCHOOL,   "?unit=990001040",                0},
        {WORLD_GMINA,    "",                               5}, /* each once */
        {WORLD_OFFICE,   "",                               0},
        {WORLD_STRANGER, "",                               1},
    };
    for (size_t i = 0; i < ARRAY_COUNT(lists); i++) {
        struct str   target = str_format(world.arena, "/api/v1/submissions%s", lists[i].query);
        struct reply reply = world_get(&world, lists[i].who, target.data);
        json_t      *json = json_of(&reply);
        EXPECT(json_array_size(json_object_get(json, "items")) == lists[i].count, target.data);
        EXPECT(lists[i].who != WORLD_SISTER || !contains(reply.body, "\"report_count\":2"),
               target.data);
        json_decref(json);
    }
}

/* The statement's own conditions hold also where row-level security does not. */
static void
conditions_of_our_own_hold_without_row_level_security(void **state)
{
    static const char *const targets[] = {
        "/api/v1/submissions/" WORLD_FOREIGN,
        "/api/v1/submissions/" WORLD_FOREIGN "/findings",
        "/api/v1/submissions/" WORLD_FOREIGN "/content",
        "/api/v1/submissions/" WORLD_PACKAGE "/content?report=2",
        "/api/v1/submissions/" WORLD_PACKAGE "/receipt?unit=990001040",
        "/api/v1/submissions/" WORLD_PACKAGE "/receipt?kind=summary",
    };

    (void)state;
    world_run(&world, "ALTER ROLE brama_reader BYPASSRLS");
    for (size_t i = 0; i < ARRAY_COUNT(targets); i++) {
        struct reply reply = world_get(&world, WORLD_SCHOOL, targets[i]);
        EXPECT(reply.status == 404, targets[i]);
    }
    expect_parts();
    world_run(&world, "ALTER ROLE brama_reader NOBYPASSRLS");
}

static void
a_unit_sees_its_part_of_what_another_filed(void **state)
{
    (void)state;
    expect_parts();
}

/* And the other way round: whatever a statement of ours forgets, the database does not show. */
static void
row_level_security_shows_nothing_of_others(void **state)
{
    static const char *const tables[] = {"submission", "document", "decision",
                                         "finding",    "report",   "report_signature"};
    struct cluster          *cluster = *state;

    for (size_t i = 0; i < ARRAY_COUNT(tables); i++) {
        struct str all =
            str_format(world.arena,
                       "SET ROLE brama_reader; SELECT registry.enter(4); "
                       "SELECT count(*) FROM intake.%s WHERE submission <> '" WORLD_PACKAGE "'",
                       tables[i]);
        struct str none = str_format(
            world.arena, "SET ROLE brama_reader; SELECT count(*) FROM intake.%s", tables[i]);
        EXPECT(str_equal(cluster_ask(cluster, world.arena, world.database, all.data), STR("0")),
               tables[i]);
        EXPECT(str_equal(cluster_ask(cluster, world.arena, world.database, none.data), STR("0")),
               tables[i]);
    }
}

static void
states_are_told_as_they_are(void **state)
{
    static const struct {
        const char *id;
        const char *state;
        const char *verdict; /* NULL: null */
        bool        pending;
        int         filed; /* status of POST's answer */
    } cases[] = {
        {WORLD_PACKAGE,  "decided",  "rejected",  false, 201},
        {WORLD_REJECTED, "decided",  "rejected",  false, 201},
        {WORLD_RECEIVED, "received", NULL,        true,  202},
        {WORLD_CHECKING, "checking", NULL,        true,  202},
        {WORLD_PARKED,   "parked",   "undecided", false, 202},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str      target = str_format(world.arena, "/api/v1/submissions/%s", cases[i].id);
        struct reply    reply = world_get(&world, WORLD_GMINA, target.data);
        json_t         *json = json_of(&reply);
        json_t         *verdict = json_object_get(json, "verdict");
        struct question filed = {.kind = QUESTION_FILED, .credential = WORLD_GMINA};
        ENSURE(uuid_parse(str_of(cases[i].id), &filed.id));
        struct reply answer = world_ask(&world, &filed);

        EXPECT(strcmp(json_string_value(json_object_get(json, "state")), cases[i].state) == 0,
               cases[i].id);
        EXPECT(json_is_null(verdict) == (cases[i].verdict == NULL), cases[i].id);
        EXPECT(cases[i].verdict == NULL
                   || strcmp(json_string_value(verdict), cases[i].verdict) == 0,
               cases[i].id);
        EXPECT(reply.pending == cases[i].pending, cases[i].id);
        EXPECT(uuid_is_nil(reply.awaits) != cases[i].pending, cases[i].id);
        EXPECT(answer.status == cases[i].filed, cases[i].id);
        EXPECT(str_equal(answer.body, reply.body), cases[i].id);
        EXPECT(str_equal(world_header(&answer, "Location"), target), cases[i].id);
        EXPECT(world_header(&answer, "Idempotent-Replayed").size == 0, cases[i].id);
        json_decref(json);
    }
}

static void
a_repeat_is_answered_200_and_says_so(void **state)
{
    struct question filed = {.kind = QUESTION_FILED, .credential = WORLD_SCHOOL, .repeat = true};

    (void)state;
    ENSURE(uuid_parse(STR(WORLD_REJECTED), &filed.id));
    struct reply other_key = world_ask(&world, &filed);
    filed.key_repeat = true;
    struct reply same_key = world_ask(&world, &filed);

    assert_int_equal(other_key.status, 200);
    assert_int_equal(same_key.status, 200);
    assert_int_equal(world_header(&other_key, "Idempotent-Replayed").size, 0);
    assert_true(str_equal(world_header(&same_key, "Idempotent-Replayed"), STR("true")));
}

struct filing {
    const char *name;
    int64_t     credential;
    const char *id;
    int         status;
};

/* What each has filed itself. */
static const struct filing filings[] = {
    {"a package",          WORLD_GMINA,    WORLD_PACKAGE,  201},
    {"a rejected one",     WORLD_SCHOOL,   WORLD_REJECTED, 201},
    {"one that waits",     WORLD_SCHOOL,   WORLD_RECEIVED, 202},
    {"a parked one",       WORLD_SCHOOL,   WORLD_PARKED,   202},
    {"the same once more", WORLD_SCHOOL,   WORLD_REJECTED, 201},
    {"another sender's",   WORLD_STRANGER, WORLD_FOREIGN,  201},
};

/* What is answered behind a fence of the asker's own only, seen or not. */
static const struct filing others[] = {
    {"with reports of the asker", WORLD_SCHOOL,   WORLD_PACKAGE,  201},
    {"of a unit below the asker", WORLD_GMINA,    WORLD_REJECTED, 201},
    {"of a stranger",             WORLD_GMINA,    WORLD_FOREIGN,  404},
    {"of nobody",                 WORLD_GMINA,    WORLD_MISSING,  404},
    {"asked by a stranger",       WORLD_STRANGER, WORLD_PACKAGE,  404},
};

static struct question
question_of(const struct filing *filing, uint64_t handle)
{
    struct question question = {
        .handle = handle, .kind = QUESTION_FILED, .credential = filing->credential};

    ENSURE(uuid_parse(str_of(filing->id), &question.id));
    return question;
}

static size_t
ask_together(struct question *questions, struct reply *replies)
{
    for (size_t i = 0; i < ARRAY_COUNT(filings); i++) {
        questions[i] = question_of(&filings[i], i + 1);
    }
    return clerk_answer_together(&world.clerk, world.arena, questions, ARRAY_COUNT(filings), 1,
                                 replies)
               ? ARRAY_COUNT(filings)
               : 0;
}

static void
check_alone(const struct question *question, const struct reply *together, const char *name)
{
    struct reply alone = world_ask(&world, question);

    EXPECT(alone.status == together->status, name);
    EXPECT(str_equal(alone.body, together->body), name);
    EXPECT(str_equal(alone.headers, together->headers), name);
    EXPECT(str_equal(alone.content_type, together->content_type), name);
    EXPECT(alone.pending == together->pending, name);
    EXPECT(uuid_equal(alone.awaits, together->awaits), name);
}

static void
filings_asked_about_together_are_answered_as_one_by_one(void **state)
{
    struct question questions[ARRAY_COUNT(filings)];
    struct reply    replies[ARRAY_COUNT(filings)];

    (void)state;
    assert_int_equal(ask_together(questions, replies), ARRAY_COUNT(filings));
    for (size_t i = 0; i < ARRAY_COUNT(filings); i++) {
        EXPECT(replies[i].handle == i + 1, filings[i].name);
        EXPECT(replies[i].status == filings[i].status, filings[i].name);
        check_alone(&questions[i], &replies[i], filings[i].name);
    }
}

/* The set is of a unit below the one that filed, and that unit asks for nothing; two who sent the
 * same wait for one submission. */
static void
filings_asked_about_together_are_told_of_sets_as_one_by_one(void **state)
{
    static const char     url[] = "\"/api/v1/sets/2\"";
    const struct filing  *package = &filings[0];
    const struct question questions[] = {question_of(package, 1), question_of(package, 2),
                                         question_of(&filings[ARRAY_COUNT(filings) - 1], 3)};
    struct reply          replies[ARRAY_COUNT(questions)];

    cluster_run(*state, world.database, SETS_SQL);
    assert_true(clerk_answer_together(&world.clerk, world.arena, questions, ARRAY_COUNT(questions),
                                      1, replies));
    check_alone(&questions[0], &replies[0], package->name);
    check_alone(&questions[1], &replies[1], "the same beside it");
    assert_non_null(memmem(replies[0].body.data, replies[0].body.size, url, strlen(url)));
    cluster_run(*state, world.database,
                "SET session_replication_role = replica; DELETE FROM intake.set_finding_value;"
                " DELETE FROM intake.set_finding; DELETE FROM intake.report_set");
}

/* Also where one who has filed it asks for the same beside them. */
static void
who_asks_for_what_another_has_filed_is_not_answered_together(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(others); i++) {
        for (size_t j = 0; j < ARRAY_COUNT(filings); j++) {
            struct question questions[] = {question_of(&filings[j], 1), question_of(&others[i], 2)};
            struct reply    replies[ARRAY_COUNT(questions)];
            EXPECT(!clerk_answer_together(&world.clerk, world.arena, questions, 2, 1, replies),
                   others[i].name);
        }
        struct question alone = question_of(&others[i], 1);
        EXPECT(world_ask(&world, &alone).status == others[i].status, others[i].name);
    }
}

/* What the front knew of a credential may be some seconds old. */
static void
what_has_ended_is_told_apart_from_what_is_not_there(void **state)
{
    static const struct {
        int64_t     credential;
        const char *slug;
    } cases[] = {
        {WORLD_EXPIRED, "token-wygasl"          },
        {WORLD_REVOKED, "poswiadczenie-odwolane"},
        {99,            "poswiadczenie-odwolane"}, /* not there any more */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct question filed = {.kind = QUESTION_FILED, .credential = cases[i].credential};
        ENSURE(uuid_parse(STR(WORLD_REJECTED), &filed.id));
        struct reply list = world_get(&world, cases[i].credential, "/api/v1/submissions");
        struct reply answer = world_ask(&world, &filed);
        struct reply after = world_get(&world, WORLD_SCHOOL, "/api/v1/submissions");
        EXPECT(list.status == 401 && str_equal(slug_of(&list), str_of(cases[i].slug)),
               cases[i].slug);
        EXPECT(str_equal(world_header(&list, "WWW-Authenticate"), STR("Bearer")), cases[i].slug);
        EXPECT(answer.status == 401 && str_equal(slug_of(&answer), str_of(cases[i].slug)),
               cases[i].slug);
        EXPECT(contains(answer.body, "jest zapisany"), cases[i].slug);
        EXPECT(after.status == 200, cases[i].slug);
    }
}

/* Whoever's credential has ended meanwhile is told so alone, and takes nobody else along. */
static void
filings_are_not_answered_together_with_one_that_has_ended(void **state)
{
    static const int64_t ended[] = {WORLD_EXPIRED, WORLD_REVOKED, 0};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(ended); i++) {
        struct question questions[] = {
            {.handle = 1, .kind = QUESTION_FILED, .credential = WORLD_SCHOOL},
            {.handle = 2, .kind = QUESTION_FILED, .credential = ended[i]    },
        };
        struct reply replies[ARRAY_COUNT(questions)];
        ENSURE(uuid_parse(STR(WORLD_REJECTED), &questions[0].id));
        questions[1].id = questions[0].id;
        assert_false(clerk_answer_together(&world.clerk, world.arena, questions, 2, 1, replies));
        assert_int_equal(world_ask(&world, &questions[0]).status, 201);
    }
}

static void
the_package_is_shown_as_the_golden_file_has_it(void **state)
{
    const char  *path = BRAMA_SOURCE_DIR "/tests/unit/gateway/reader/package.json";
    struct reply reply = world_get(&world, WORLD_GMINA, "/api/v1/submissions/" WORLD_PACKAGE);
    json_error_t why;

    (void)state;
    json_t *have = json_of(&reply);
    json_t *want = json_load_file(path, 0, &why);
    if (want == NULL || !json_equal(have, want)) {
        (void)fprintf(stderr, "%.*s\n", STR_ARG(reply.body));
        fail_msg("%s differs: %s", path, want == NULL ? why.text : "see above");
    }
    json_decref(have);
    json_decref(want);
}

/* Two units of a package may claim one REGON: the receipt of a report is not found by it. */
static void
reports_of_one_regon_have_each_their_receipt(void **state)
{
    const struct str numbers[] = {world.school, world.sister};

    (void)state;
    world_run(&world, "SET session_replication_role = replica; UPDATE intake.report SET regon = "
                      "'990001033' WHERE submission = '" WORLD_PACKAGE "'");
    struct reply  reply = world_get(&world, WORLD_GMINA, "/api/v1/submissions/" WORLD_PACKAGE);
    json_t       *json = json_of(&reply);
    const json_t *reports = json_object_get(json, "reports");
    world_run(&world, "SET session_replication_role = replica; UPDATE intake.report SET regon = "
                      "'990001040' WHERE submission = '" WORLD_PACKAGE "' AND ordinal = 1");
    assert_int_equal(json_array_size(reports), ARRAY_COUNT(numbers));
    for (size_t i = 0; i < ARRAY_COUNT(numbers); i++) {
        const char *number =
            json_string_value(json_object_get(json_array_get(reports, i), "receipt"));
        assert_true(str_equal(str_of(number), numbers[i]));
        struct str   target = str_format(world.arena, "/api/v1/submissions/%s/receipt?number=%s",
                                         WORLD_PACKAGE, number);
        struct reply receipt = world_get(&world, WORLD_GMINA, target.data);
        assert_true(str_equal(receipt.body, i == 0 ? STR("<UPO1/>") : STR("<UPO2/>")));
    }
    json_decref(json);
}

static void
what_is_known_is_not_sent_again(void **state)
{
    static const char *const targets[] = {
        "/api/v1/submissions",
        "/api/v1/submissions?limit=2",
        "/api/v1/submissions?format=csv",
        "/api/v1/submissions/" WORLD_PACKAGE,
        "/api/v1/submissions/" WORLD_PACKAGE "/findings",
        "/api/v1/submissions/" WORLD_PACKAGE "/content",
        "/api/v1/submissions/" WORLD_PACKAGE "/content?report=2",
        "/api/v1/submissions/" WORLD_PACKAGE "/receipt",
        "/api/v1/submissions/" WORLD_PACKAGE "/receipt?format=html",
        "/api/v1/forms",
        "/api/v1/keys",
        "/api/v1/openapi.json",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(targets); i++) {
        struct reply    first = world_get(&world, WORLD_GMINA, targets[i]);
        struct str      tag = world_header(&first, "ETag");
        struct str      query = str_of(targets[i]);
        struct question again = {.kind = QUESTION_GET, .credential = WORLD_GMINA};
        (void)str_cut(&query, '?', &again.path);
        again.query = query;

        EXPECT(first.status == 200 && tag.size > 2, targets[i]);
        const struct {
            struct str tags;
            int        status;
        } asked[] = {
            {tag,                    304            },
            {str_format(world.arena, "\"x\", W/%.*s", STR_ARG(tag)), 304},
            {STR("*"),                   304                                 },
            {str_slice(tag, 1,tag.size - 2), 200},
            {STR("\"x\""),                     200                                        },
            {STR("\""),                      200                         },
            {STR(","),                      200},
        };
        for (size_t k = 0; k < ARRAY_COUNT(asked); k++) {
            again.if_none_match = asked[k].tags;
            struct reply reply = world_ask(&world, &again);
            EXPECT(reply.status == asked[k].status, targets[i]);
            EXPECT((reply.body.size == 0) == (reply.status == 304), targets[i]);
            EXPECT(str_equal(world_header(&reply, "ETag"), tag), targets[i]);
        }
    }
}

/* A filter, another asker or a row that changes is another list. */
static void
the_tag_of_a_list_is_of_what_it_holds(void **state)
{
    static const struct {
        const char *what;
        int64_t     who;
        const char *target;
        const char *change; /* before it is asked for */
    } lists[] = {
        {"another page",  WORLD_GMINA,  "/api/v1/submissions?limit=2",       ""                   },
        {"a filter",      WORLD_GMINA,  "/api/v1/submissions?state=decided", ""                   },
        {"another form",  WORLD_GMINA,  "/api/v1/submissions?format=csv",    ""                   },
        {"another asker", WORLD_SCHOOL, "/api/v1/submissions",               ""                   },
        {"a new state",   WORLD_GMINA,  "/api/v1/submissions",
         "UPDATE intake.submission SET state = 'checking' WHERE submission = '" WORLD_RECEIVED "'"},
    };
    struct reply list = world_get(&world, WORLD_GMINA, "/api/v1/submissions");
    struct str   tag = str_copy(world.arena, world_header(&list, "ETag"));

    (void)state;
    assert_true(tag.size > 2);
    for (size_t i = 0; i < ARRAY_COUNT(lists); i++) {
        struct str      query = str_of(lists[i].target);
        struct question question = {
            .kind = QUESTION_GET, .credential = lists[i].who, .if_none_match = tag};
        (void)str_cut(&query, '?', &question.path);
        question.query = query;
        world_run(&world, lists[i].change[0] == '\0' ? "SELECT 1" : lists[i].change);
        struct reply reply = world_ask(&world, &question);
        EXPECT(reply.status == 200 && reply.body.size > 0, lists[i].what);
        EXPECT(!str_equal(world_header(&reply, "ETag"), tag), lists[i].what);
    }
    world_run(&world,
              "UPDATE intake.submission SET state = 'received' WHERE submission = '" WORLD_RECEIVED
              "'");
}

static json_t *
outages_of(const char *id)
{
    struct str   target = str_format(world.arena, "/api/v1/submissions/%s", id);
    struct reply reply = world_get(&world, WORLD_SCHOOL, target.data);
    json_t      *json = json_of(&reply);
    json_t      *outages = json_incref(json_object_get(json, "outages"));

    json_decref(json);
    return outages;
}

/* WORLD_REJECTED arrives on 11 July at 09:00:00.412, WORLD_RECEIVED a day later. */
static void
a_submission_tells_the_outages_known_today(void **state)
{
    (void)state;
    world_run(&world,
              "INSERT INTO obligation.outage (began, ended, description, evidence, entered_by)"
              " VALUES ('2026-07-11T08:59+02', '2026-07-11T09:30+02', 'b', 'x', 'y'),"
              " ('2026-07-10T21:10+02', '2026-07-10T22:40+02', 'a', 'x', 'y'),"
              " ('2026-07-10T20:10+02', '2026-07-10T21:40+02', 'cofnięta', 'x', 'y'),"
              " ('2026-07-11T09:01+02', '2026-07-11T09:02+02', 'potem', 'x', 'y');"
              "INSERT INTO obligation.revocation (what, number, basis, entered_by)"
              " SELECT 'outage', outage, 'z', 'y' FROM obligation.outage"
              " WHERE description = 'cofnięta'");
    json_t *rejected = outages_of(WORLD_REJECTED);
    json_t *want =
        json_pack("[{s:s,s:s,s:n,s:s},{s:s,s:s,s:s,s:s}]", "began", "2026-07-10T21:10:00.000+02:00",
                  "ended", "2026-07-10T22:40:00.000+02:00", "first_attempt", "what", "a", "began",
                  "2026-07-11T08:59:00.000+02:00", "ended", "2026-07-11T09:30:00.000+02:00",
                  "first_attempt", "2026-07-11T09:00:00.412+02:00", "what", "b");
    assert_true(json_equal(rejected, want));
    json_decref(want);
    json_decref(rejected);
    json_t *received = outages_of(WORLD_RECEIVED);
    assert_int_equal(json_array_size(received), 2); /* b and potem, both within a day before */
    json_decref(received);
    world_run(&world, "SET session_replication_role = replica; DELETE FROM obligation.outage;"
                      " DELETE FROM obligation.revocation");
}

static void
content_is_the_bytes_received_or_those_of_one_report(void **state)
{
    static const struct {
        const char *query;
        const char *body;
        const char *name;
    } cases[] = {
        {"",          "<P><A/><B/></P>", "attachment; filename=\"" WORLD_PACKAGE ".xml\""  },
        {"?report=1", "<A/>",            "attachment; filename=\"" WORLD_PACKAGE "-1.xml\""},
        {"?report=2", "<B/>",            "attachment; filename=\"" WORLD_PACKAGE "-2.xml\""},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str target = str_format(
            world.arena, "/api/v1/submissions/" WORLD_PACKAGE "/content%s", cases[i].query);
        struct reply reply = world_get(&world, WORLD_GMINA, target.data);
        EXPECT(str_equal(reply.body, str_of(cases[i].body)), target.data);
        EXPECT(str_equal(reply.content_type, STR("application/xml")), target.data);
        EXPECT(str_equal(world_header(&reply, "Content-Disposition"), str_of(cases[i].name)),
               target.data);
    }
}

/* The item of a submission in somebody's list; fails when it is not there. */
static json_t *
item_of(json_t *list, const char *id)
{
    size_t  i = 0;
    json_t *item = NULL;

    json_array_foreach(json_object_get(list, "items"), i, item)
    {
        if (strcmp(json_string_value(json_object_get(item, "id")), id) == 0) {
            return item;
        }
    }
    fail_msg("%s is not in the list", id);
    return NULL;
}

static void
the_list_names_the_reports_that_may_be_seen(void **state)
{
    static const struct {
        int64_t     who;
        const char *reports; /* REGON and verdict of each, and whether it is in force */
    } cases[] = {
        {WORLD_GMINA,  "990001033 accepted 1, 990001040 rejected 0, "},
        {WORLD_SCHOOL, "990001033 accepted 1, "                      },
        {WORLD_SISTER, "990001040 rejected 0, "                      },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct reply reply = world_get(&world, cases[i].who, "/api/v1/submissions");
        json_t      *list = json_of(&reply);
        json_t      *item = item_of(list, WORLD_PACKAGE);
        struct buf   told = buf_create(world.arena, 1000);
        json_t      *report = NULL;
        size_t       r = 0;

        json_array_foreach(json_object_get(item, "reports"), r, report)
        {
            json_t *unit = json_object_get(report, "unit");
            EXPECT(json_string_length(json_object_get(unit, "name")) > 0, cases[i].reports);
            EXPECT(json_string_length(json_object_get(report, "form")) > 0, cases[i].reports);
            buf_format(&told, "%s %s %d, ", json_string_value(json_object_get(unit, "regon")),
                       json_string_value(json_object_get(report, "verdict")),
                       json_is_true(json_object_get(report, "in_force")));
        }
        EXPECT(str_equal(buf_str(&told), str_of(cases[i].reports)), cases[i].reports);
        EXPECT(json_integer_value(json_object_get(item, "report_count")) == (json_int_t)r,
               cases[i].reports);
        json_decref(list);
    }
}

static void
the_right_receipt_is_found(void **state)
{
    static const struct {
        int64_t     who;
        const char *target;
        const char *body; /* NULL: the summary */
    } cases[] = {
        {1, WORLD_PACKAGE "/receipt",                NULL     },
        {1, WORLD_PACKAGE "/receipt?kind=summary",   NULL     },
        {1, WORLD_PACKAGE "/receipt?unit=990001033", "<UPO1/>"},
        {1, WORLD_PACKAGE "/receipt?unit=990001040", "<UPO2/>"},
        {1, WORLD_PACKAGE "/receipt?kind=unit",      "<UPO1/>"},
        {3, WORLD_PACKAGE "/receipt",                "<UPO1/>"},
        {4, WORLD_PACKAGE "/receipt",                "<UPO2/>"},
        {3, WORLD_REJECTED "/receipt",               "<N2/>"  },
        {3, WORLD_REJECTED "/receipt?n=1",           "<N1/>"  },
        {3, WORLD_REJECTED "/receipt?n=2",           "<N2/>"  },
        {3, WORLD_PARKED "/receipt",                 "<D/>"   },
        {1, WORLD_PARKED "/receipt?kind=delivery",   "<D/>"   },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str   target = str_format(world.arena, "/api/v1/submissions/%s", cases[i].target);
        struct reply reply = world_get(&world, cases[i].who, target.data);
        struct str   want = cases[i].body == NULL ? world.receipt : str_of(cases[i].body);
        EXPECT(reply.status == 200 && str_equal(reply.body, want), cases[i].target);
    }
}

static void
the_page_of_a_receipt_is_made_of_its_bytes(void **state)
{
    (void)state;
    struct reply page =
        world_get_as(&world, WORLD_GMINA, "/api/v1/submissions/" WORLD_PACKAGE "/receipt",
                     "text/html,application/xhtml+xml,application/xml;q=0.9");
    struct reply public_page = world_get_as(
        &world, 0, str_format(world.arena, "/api/v1/receipts/%.*s", STR_ARG(world.summary)).data,
        "text/html");
    const struct reply *pages[] = {&page, &public_page};

    for (size_t i = 0; i < ARRAY_COUNT(pages); i++) {
        assert_int_equal(pages[i]->status, 200);
        assert_true(str_starts_with(pages[i]->content_type, STR("text/html")));
        assert_true(contains(pages[i]->body, "lang=\"pl\""));
        assert_true(str_starts_with(world_header(pages[i], "Content-Security-Policy"),
                                    STR("default-src 'none'")));
        assert_false(contains(pages[i]->body, "<script"));
    }
    assert_true(contains(page.body, "Brama &lt;test&gt;"));
}

static void
a_public_receipt_tells_no_amounts_and_no_findings(void **state)
{
    (void)state;
    struct str   target = str_format(world.arena, "/api/v1/receipts/%.*s", STR_ARG(world.school));
    struct reply reply = world_get(&world, 0, target.data);
    json_t      *json = json_of(&reply);
    json_t      *reports = json_object_get(json, "reports");

    assert_int_equal(json_array_size(reports), 1);
    assert_true(json_is_true(json_object_get(json_array_get(reports, 0), "in_force")));
    assert_false(contains(reply.body, "611"));
    assert_false(contains(reply.body, "RB27S-001"));
    assert_false(contains(reply.body, "Szko"));
    assert_false(contains(reply.body, WORLD_PACKAGE));
    json_decref(json);
}

/* What POST /receipts/verification calls superseded, this address does too (test_verification.c).
 */
static void
a_public_receipt_is_superseded_when_its_report_is_no_longer_in_force(void **state)
{
    static const struct {
        const char *in_force;
        const char *verdict;
        bool        superseded;
    } cases[] = {
        {"'{[2026-01-01,)}'",           "1", false},
        {"'{[2026-01-01,2026-02-01)}'", "1", true },
        {"NULL",                        "1", true },
        {"NULL",                        "3", false},
        {"NULL",                        "0", false},
        {"'{[2026-01-01,)}'",           "1", false},
    };
    struct str target = str_format(world.arena, "/api/v1/receipts/%.*s", STR_ARG(world.school));

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        world_run(&world, str_format(world.arena,
                                     "SET session_replication_role = replica;"
                                     " UPDATE intake.report p SET in_force = %s, verdict = %s"
                                     " FROM intake.receipt r WHERE r.number = '%.*s'"
                                     " AND p.submission = r.submission AND p.n = r.n"
                                     " AND p.ordinal = ANY (r.reports)",
                                     cases[i].in_force, cases[i].verdict, STR_ARG(world.school))
                              .data);
        struct reply reply = world_get(&world, 0, target.data);
        struct reply page = world_get_as(&world, 0, target.data, "text/html");
        json_t      *json = json_of(&reply);
        EXPECT(json_is_true(json_object_get(json, "superseded")) == cases[i].superseded,
               cases[i].in_force);
        EXPECT(contains(page.body, "zostało zastąpione") == cases[i].superseded, cases[i].in_force);
        EXPECT(contains(page.body, ", wersja 1: "), cases[i].in_force);
        EXPECT(contains(page.body, "; nie obowiązuje: jednostka ma") == cases[i].superseded,
               cases[i].in_force);
        json_decref(json);
    }
}

static void
csv_holds_no_formula(void **state)
{
    (void)state;
    struct reply reply = world_get_as(
        &world, WORLD_SCHOOL, "/api/v1/submissions/" WORLD_REJECTED "/findings", "text/csv");

    assert_int_equal(reply.status, 200);
    assert_true(str_starts_with(reply.content_type, STR("text/csv")));
    assert_true(contains(reply.body, "'=1+1"));
    assert_false(contains(reply.body, ";=1+1"));
    world_run(&world, "UPDATE registry.unit SET name = '=cmd|x!A1' WHERE unit = 3");
    struct reply list = world_get(&world, WORLD_SCHOOL, "/api/v1/submissions?format=csv");
    world_run(&world, "UPDATE registry.unit SET name = 'Szkoła nr 1' WHERE unit = 3");
    assert_true(contains(list.body, "'=cmd|x!A1"));
    assert_false(contains(list.body, ";=cmd"));
}

/* What an amount is made of, as the store has it and as it is answered. */
static const struct {
    const char *stored; /* as SQL writes it */
    const char *json;
    const char *csv;
} contributors[] = {
    {"E'expected\\t1\\t2\\t3\\t1,00\\t/P/A\\tkol. 4\\nexpected-rest\\t2\\t5,00\\n'",
     "\"contributors\":{\"found\":null,\"expected\":{\"items\":[{\"cell\":\"kol. 4\","
     "\"amount\":\"1,00\",\"line\":1,\"column\":2,\"offset\":3,\"xpath\":\"/P/A\"}],\"more\":2,"
     "\"more_sum\":\"5,00\"}}",                                                                               "porównane z: 1,00 kol. 4 (wiersz 1, znak 2) · i jeszcze 2, razem 5,00"},
    {"E'found\\t1\\n'",                                                              "\"contributors\":null", ";;Popraw"                                                               },
    {"''",                                                                           "\"contributors\":null", ";;Popraw"                                                               },
};

static void
contributors_come_back_as_they_were_stored(void **state)
{
    static const char path[] = "/api/v1/submissions/" WORLD_REJECTED "/findings";

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(contributors); i++) {
        world_run(&world, str_format(world.arena,
                                     "ALTER TABLE intake.finding DISABLE TRIGGER USER;"
                                     "UPDATE intake.finding SET contributors = %s;"
                                     "ALTER TABLE intake.finding ENABLE TRIGGER USER",
                                     contributors[i].stored)
                              .data);
        struct reply json = world_get(&world, WORLD_SCHOOL, path);
        struct reply csv = world_get_as(&world, WORLD_SCHOOL, path, "text/csv");
        EXPECT(json.status == 200 && contains(json.body, contributors[i].json),
               contributors[i].stored);
        EXPECT(csv.status == 200 && contains(csv.body, contributors[i].csv),
               contributors[i].stored);
    }
}

/* By its media type and by its name; all findings at once, whatever page was asked for. */
static const struct {
    const char *accept;
    const char *format;
    const char *begin;
    const char *holds;
} exports[] = {
    {"application/sarif+json",                     "sarif",
     "{\"$schema\":",                                                                            "\"uri\":\"/api/v1/submissions/" WORLD_REJECTED "/content\""},
    {"application/vnd.ess.validation-report+json", "ess",
     "[{\"id\":",                                                                                "\"trigger\":\"submission " WORLD_REJECTED ", decision 2\"" },
    {"text/vnd.ess.validation-report+csv",         "ess-csv", "\xEF\xBB\xBFid;type;event.time;",
     ";990001033|Rb-27S|2026-Q2|/P/A;"                                                                                                                       },
};

static void
findings_are_exported_in_the_formats_of_others(void **state)
{
    static const char path[] = "/api/v1/submissions/" WORLD_REJECTED "/findings";

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(exports); i++) {
        struct str target =
            str_format(world.arena, "%s?limit=1&format=%s", path, exports[i].format);
        struct reply by_type = world_get_as(&world, WORLD_SCHOOL, path, exports[i].accept);
        struct reply by_name = world_get(&world, WORLD_SCHOOL, target.data);
        EXPECT(by_type.status == 200, exports[i].accept);
        EXPECT(str_starts_with(by_type.content_type, str_of(exports[i].accept)), exports[i].accept);
        EXPECT(str_starts_with(by_type.body, str_of(exports[i].begin)), exports[i].accept);
        EXPECT(contains(by_type.body, exports[i].holds), exports[i].accept);
        EXPECT(str_equal(by_name.body, by_type.body), exports[i].format);
        EXPECT(world_get_as(&world, WORLD_STRANGER, path, exports[i].accept).status == 404,
               exports[i].accept);
    }
}

static size_t
count_items(const char *target)
{
    struct reply reply = world_get(&world, WORLD_GMINA, target);
    json_t      *json = json_of(&reply);
    size_t       count = json_array_size(json_object_get(json, "items"));

    json_decref(json);
    return count;
}

static void
filters_find_what_they_say(void **state)
{
    static const struct {
        const char *query;
        size_t      count;
    } cases[] = {
        {"/api/v1/submissions",                                                             5},
        {"/api/v1/submissions?state=",                                                      5},
        {"/api/v1/submissions?state=decided",                                               2},
        {"/api/v1/submissions?state=parked",                                                1},
        {"/api/v1/submissions?verdict=rejected",                                            2},
        {"/api/v1/submissions?verdict=undecided",                                           1},
        {"/api/v1/submissions?period=2026-Q2",                                              2},
        {"/api/v1/submissions?period=2026-Q3",                                              0},
        {"/api/v1/submissions?period=2026",                                                 2},
        {"/api/v1/submissions?period=2025",                                                 0},
        {"/api/v1/submissions?form=RB27S",                                                  2},
        {"/api/v1/submissions?form=RB28S",                                                  0},
        {"/api/v1/submissions?unit=990001040",                                              1},
        {"/api/v1/submissions?unit=990001033&period=2026-Q2",                               2},
        {"/api/v1/submissions?from=2026-07-10&to=2026-07-10",                               1},
        {"/api/v1/submissions?from=2026-07-11",                                             4},
        {"/api/v1/submissions?to=2026-07-09",                                               0},
        {"/api/v1/submissions?from=2026-07-10T09:00:00+02:00&to=2026-07-10T09:00:01+02:00", 1},
        {"/api/v1/submissions?from=2026-07-10T09:00:01%2B02:00",                            4},
        {"/api/v1/submissions/" WORLD_PACKAGE "/findings",                                  3},
        {"/api/v1/submissions/" WORLD_PACKAGE "/findings?severity=error",                   1},
        {"/api/v1/submissions/" WORLD_PACKAGE "/findings?report=2",                         2},
        {"/api/v1/submissions/" WORLD_PACKAGE "/findings?report=1",                         0},
        {"/api/v1/submissions/" WORLD_PACKAGE "/findings?limit=2",                          2},
        {"/api/v1/submissions/" WORLD_REJECTED "/findings?n=1",                             3},
        {"/api/v1/submissions/" WORLD_RECEIVED "/findings",                                 0},
        {"/api/v1/submissions/" WORLD_PARKED "/findings",                                   0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        EXPECT(count_items(cases[i].query) == cases[i].count, cases[i].query);
    }
}

static void
who_they_are_and_what_they_may(void **state)
{
    static const struct {
        int               digest;
        bool              certificate;
        enum access_fault fault;
        bool              may_submit;
    } cases[] = {
        {1, false, ACCESS_GRANTED, true },
        {3, false, ACCESS_GRANTED, true },
        {3, true,  ACCESS_UNKNOWN, false},
        {8, true,  ACCESS_GRANTED, false},
        {8, false, ACCESS_UNKNOWN, false},
        {6, false, ACCESS_EXPIRED, false},
        {7, false, ACCESS_REVOKED, false},
        {9, false, ACCESS_UNKNOWN, false},
        {0, false, ACCESS_UNKNOWN, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct question who = {.kind = QUESTION_WHO,
                               .shown =
                                   cases[i].certificate ? QUESTION_CERTIFICATE : QUESTION_TOKEN};
        memset(who.digest, cases[i].digest, sizeof who.digest);
        struct reply reply = world_ask(&world, &who);
        bool         granted = cases[i].fault == ACCESS_GRANTED;
        assert_int_equal(reply.status, 200);
        assert_int_equal(reply.access_fault, cases[i].fault);
        assert_int_equal(reply.access.credential, granted ? cases[i].digest : 0);
        assert_int_equal(reply.access.rights, granted
                                                  ? ACCESS_READ | ACCESS_VALIDATE
                                                        | (cases[i].may_submit ? ACCESS_SUBMIT : 0)
                                                  : 0);
    }
    struct question who = {.kind = QUESTION_WHO};
    memset(who.digest, WORLD_SCHOOL, sizeof who.digest);
    struct reply reply = world_ask(&world, &who);
    assert_int_equal(reply.clock_offset, (INT64_C(-90) * 24 * 3600 - 1) * INSTANT_PER_SECOND);
    assert_true(str_equal(reply.access.regon, STR("990001033")));
}

static void
use_is_marked_once_a_minute(void **state)
{
    const char     *sql = "SELECT last_used_at::text FROM registry.credential WHERE credential = 2";
    struct question who = {.kind = QUESTION_WHO};
    struct reply    reply = {0};

    memset(who.digest, WORLD_OFFICE, sizeof who.digest);
    assert_int_equal(cluster_ask(*state, world.arena, world.database, sql).size, 0);
    clerk_answer(&world.clerk, world.arena, &who, 1, &reply);
    clerk_tidy(&world.clerk, 1);
    struct str first = cluster_ask(*state, world.arena, world.database, sql);
    assert_true(first.size > 0);
    world_run(&world,
              "UPDATE registry.credential SET last_used_at = '2020-01-01' WHERE credential = 2");
    clerk_answer(&world.clerk, world.arena, &who, (instant)59 * INSTANT_PER_SECOND, &reply);
    clerk_tidy(&world.clerk, (instant)59 * INSTANT_PER_SECOND);
    assert_true(
        str_starts_with(cluster_ask(*state, world.arena, world.database, sql), STR("2020")));
    clerk_answer(&world.clerk, world.arena, &who, (instant)62 * INSTANT_PER_SECOND, &reply);
    clerk_tidy(&world.clerk, (instant)62 * INSTANT_PER_SECOND);
    assert_false(
        str_starts_with(cluster_ask(*state, world.arena, world.database, sql), STR("2020")));
}

/* Rows of STRANGER; their sizes are 10000 + from, ... */
static void
insert_rows(const char *ordinal, int from, int count)
{
    struct str sql = str_format(
        world.arena,
        "INSERT INTO intake.submission (submission, ordinal, subject, credential, key, sha256,"
        " size, first_byte, arrived, first_arrived) SELECT gen_random_uuid(), %s, 5, 5, 'w',"
        " decode(repeat('aa', 32), 'hex'), 10000 + i, t, t, t FROM generate_series(%d, %d) i,"
        " LATERAL (SELECT now() AS t) t",
        ordinal, from, from + count - 1);

    world_run(&world, sql.data);
}

/* A thousand rows, and new ones before every page. */
static void
a_walk_by_cursor_sees_every_row_once(void **state)
{
    enum { ROWS = 1000, FIRST = 10000 };
    bool       seen[ROWS] = {false};
    size_t     count = 0;
    struct str cursor = STR("");

    (void)state;
    insert_rows("10000 + i", 0, ROWS);
    world_run(&world, "SELECT setval('intake.submission_ordinal', 20000)");
    for (int page = 0; page < ROWS && (page == 0 || cursor.size > 0); page++) {
        insert_rows("nextval('intake.submission_ordinal')", 100000, 3);
        struct str target =
            str_format(world.arena, "/api/v1/submissions?limit=137&state=received&cursor=%.*s",
                       STR_ARG(cursor));
        struct reply reply = world_get(&world, WORLD_STRANGER, target.data);
        json_t      *json = json_of(&reply);
        json_t      *items = json_object_get(json, "items");
        for (size_t i = 0; i < json_array_size(items); i++) {
            json_int_t size = json_integer_value(json_object_get(json_array_get(items, i), "size"));
            if (size >= FIRST && size < FIRST + ROWS) {
                assert_false(seen[size - FIRST]);
                seen[size - FIRST] = true;
                count++;
            }
        }
        const char *next = json_string_value(json_object_get(json, "next_cursor"));
        cursor = next == NULL ? (struct str){0} : str_copy(world.arena, str_of(next));
        assert_int_equal(world_header(&reply, "Link").size > 0, next != NULL);
        json_decref(json);
    }
    assert_int_equal(count, ROWS);
}

static void
away_and_back_again(void **state)
{
    (void)state;
    struct cluster *cluster = *state;
    struct question filed = {.kind = QUESTION_FILED, .credential = WORLD_SCHOOL};
    struct question who = {.kind = QUESTION_WHO};
    struct question questions[ARRAY_COUNT(filings)];
    struct reply    replies[ARRAY_COUNT(filings)];

    ENSURE(uuid_parse(STR(WORLD_REJECTED), &filed.id));
    memset(who.digest, WORLD_SCHOOL, sizeof who.digest);
    cluster_kill(cluster);
    struct reply get = world_get(&world, WORLD_SCHOOL, "/api/v1/submissions");
    struct reply post = world_ask(&world, &filed);
    struct reply access = world_ask(&world, &who);
    struct reply forms = world_get(&world, 0, "/api/v1/forms");
    assert_int_equal(ask_together(questions, replies), 0); /* one by one they would be told */
    assert_int_equal(get.status, 503);
    assert_int_equal(post.status, 503);
    assert_int_equal(access.status, 503);
    assert_int_not_equal(access.access_fault, ACCESS_GRANTED);
    assert_int_equal(forms.status, 200);
    assert_true(str_equal(slug_of(&get), STR("przerwa-techniczna")));
    assert_true(world_header(&get, "Retry-After").size > 0);
    cluster_restart(cluster);
    /* Not before the pause is over, and then at once. */
    struct reply    later = {0};
    struct question list = {
        .kind = QUESTION_GET, .credential = WORLD_SCHOOL, .path = STR("/api/v1/submissions")};
    clerk_answer(&world.clerk, world.arena, &list, 3600 * (instant)INSTANT_PER_SECOND, &later);
    assert_int_equal(later.status, 200);
    /* A connection that died while nobody asked costs the asker nothing. */
    cluster_restart(cluster);
    clerk_answer(&world.clerk, world.arena, &list, 7200 * (instant)INSTANT_PER_SECOND, &later);
    assert_int_equal(later.status, 200);
}

static size_t signs_of_life;

static void
give_sign(void)
{
    signs_of_life++;
}

/* Somebody who takes connections and never says a word, as a host that has gone does. */
static int
listen_silently(int64_t *port)
{
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t          size = sizeof place;
    int                fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&place, size), 0);
    assert_int_equal(listen(fd, 16), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&place, &size), 0);
    *port = ntohs(place.sin_port);
    return fd;
}

/* How many have come since this was asked last. */
static int
count_callers(int listener)
{
    int count = 0;

    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) {
            return count;
        }
        (void)close(fd);
        count++;
    }
}

/* An attempt takes five seconds: the pause begins behind it, or each of a turn would wait so long.
 */
static void
a_turn_waits_once_for_a_database_that_is_silent(void **state)
{
    enum { ATTEMPT_AT_LEAST = 4, TURN = 8 };
    struct config       config = world.config;
    struct reader_tools tools = world.clerk.tools;
    struct question     list = {
            .kind = QUESTION_GET, .credential = WORLD_SCHOOL, .path = STR("/api/v1/submissions")};
    struct reply reply = {0};
    instant      now = INSTANT_PER_SECOND;

    (void)state;
    int listener = listen_silently(&config.database_port);
    config.database_host = STR("127.0.0.1");
    tools.config = &config;
    tools.store = NULL;
    struct clerk clerk = clerk_create(&tools);
    signs_of_life = 0;
    store_while_waiting(give_sign);
    clerk_answer(&clerk, world.arena, &list, now, &reply);
    store_while_waiting(NULL);
    assert_int_equal(reply.status, 503);
    assert_int_equal(count_callers(listener), 1);
    assert_true(signs_of_life >= 2);
    for (int i = 1; i < TURN; i++) {
        clerk_answer(&clerk, world.arena, &list,
                     now + (instant)ATTEMPT_AT_LEAST * INSTANT_PER_SECOND, &reply);
        assert_int_equal(reply.status, 503);
    }
    assert_int_equal(count_callers(listener), 0);
    clerk_answer(&clerk, world.arena, &list, now + INT64_C(3600) * INSTANT_PER_SECOND, &reply);
    assert_int_equal(count_callers(listener), 1);
    clerk_close(&clerk);
    (void)close(listener);
}

/* A delivery is the newest then; what was decided is shown all the same. */
static void
a_failed_decision_again_hides_nothing_of_what_was_decided(void **state)
{
    const char *const targets[] = {
        "/api/v1/submissions/" WORLD_PACKAGE "/findings",
        "/api/v1/submissions/" WORLD_PACKAGE "/content?report=2",
        "/api/v1/submissions/" WORLD_PACKAGE "/receipt",
        "/api/v1/submissions/" WORLD_PACKAGE "/receipt?unit=990001040",
        "/api/v1/submissions?form=RB27S&verdict=rejected",
        str_format(world.arena, "/api/v1/receipts/%.*s", STR_ARG(world.summary)).data,
    };
    struct reply before[ARRAY_COUNT(targets)];

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(targets); i++) {
        before[i] = world_get(&world, WORLD_GMINA, targets[i]);
        EXPECT(before[i].status == 200, targets[i]);
    }
    struct reply reply = world_get(&world, WORLD_GMINA, "/api/v1/submissions/" WORLD_PACKAGE);
    json_t      *was = json_of(&reply);
    world_run(&world,
              "INSERT INTO intake.decision SELECT submission, 2, 'delivery', 0, 'jeszcze raz',"
              " decided_at, definitions, trust, registry, engine, 900, 0, 0 FROM intake.decision"
              " WHERE submission = '" WORLD_PACKAGE "';"
              "INSERT INTO intake.receipt VALUES ('990001010-20260711-000000000009-00', "
              "'" WORLD_PACKAGE "', 2, 'delivery', 0, NULL, '990001010', '<D2/>', '\\x0b', '{}');"
              "UPDATE intake.submission SET n = 2 WHERE submission = '" WORLD_PACKAGE "'");
    reply = world_get(&world, WORLD_GMINA, "/api/v1/submissions/" WORLD_PACKAGE);
    json_t *is = json_of(&reply);
    assert_int_equal(json_array_size(json_object_get(is, "receipts")), 4);
    json_object_del(was, "receipts");
    json_object_del(is, "receipts");
    assert_true(json_equal(was, is));
    for (size_t i = 0; i < ARRAY_COUNT(targets); i++) {
        struct reply after = world_get(&world, WORLD_GMINA, targets[i]);
        EXPECT(after.status == 200 && str_equal(after.body, before[i].body), targets[i]);
    }
    reply = world_get(&world, WORLD_GMINA,
                      "/api/v1/submissions/" WORLD_PACKAGE "/receipt?kind=delivery");
    assert_true(str_equal(reply.body, STR("<D2/>")));
    reply = world_get(&world, WORLD_GMINA, "/api/v1/submissions/" WORLD_PACKAGE "/receipt?n=2");
    assert_true(str_equal(reply.body, STR("<D2/>")));
    json_decref(was);
    json_decref(is);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_refusal_is_exact),
        cmocka_unit_test(a_malformed_parameter_is_named),
        cmocka_unit_test(everybody_sees_what_is_theirs_and_nothing_else),
        cmocka_unit_test(foreign_and_missing_look_the_same),
        cmocka_unit_test(conditions_of_our_own_hold_without_row_level_security),
        cmocka_unit_test(a_unit_sees_its_part_of_what_another_filed),
        cmocka_unit_test(reports_of_one_regon_have_each_their_receipt),
        cmocka_unit_test(row_level_security_shows_nothing_of_others),
        cmocka_unit_test(states_are_told_as_they_are),
        cmocka_unit_test(a_repeat_is_answered_200_and_says_so),
        cmocka_unit_test(filings_asked_about_together_are_answered_as_one_by_one),
        cmocka_unit_test(filings_asked_about_together_are_told_of_sets_as_one_by_one),
        cmocka_unit_test(who_asks_for_what_another_has_filed_is_not_answered_together),
        cmocka_unit_test(what_has_ended_is_told_apart_from_what_is_not_there),
        cmocka_unit_test(filings_are_not_answered_together_with_one_that_has_ended),
        cmocka_unit_test(the_package_is_shown_as_the_golden_file_has_it),
        cmocka_unit_test(what_is_known_is_not_sent_again),
        cmocka_unit_test(the_tag_of_a_list_is_of_what_it_holds),
        cmocka_unit_test(a_submission_tells_the_outages_known_today),
        cmocka_unit_test(content_is_the_bytes_received_or_those_of_one_report),
        cmocka_unit_test(the_list_names_the_reports_that_may_be_seen),
        cmocka_unit_test(the_right_receipt_is_found),
        cmocka_unit_test(the_page_of_a_receipt_is_made_of_its_bytes),
        cmocka_unit_test(a_public_receipt_tells_no_amounts_and_no_findings),
        cmocka_unit_test(a_public_receipt_is_superseded_when_its_report_is_no_longer_in_force),
        cmocka_unit_test(csv_holds_no_formula),
        cmocka_unit_test(contributors_come_back_as_they_were_stored),
        cmocka_unit_test(findings_are_exported_in_the_formats_of_others),
        cmocka_unit_test(filters_find_what_they_say),
        cmocka_unit_test(who_they_are_and_what_they_may),
        cmocka_unit_test(use_is_marked_once_a_minute),
        cmocka_unit_test(a_walk_by_cursor_sees_every_row_once),
        cmocka_unit_test(a_turn_waits_once_for_a_database_that_is_silent),
        cmocka_unit_test(a_failed_decision_again_hides_nothing_of_what_was_decided),
        cmocka_unit_test(away_and_back_again),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
