#include "gateway/registry/event.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/desk/counter_stand.h"

#include <pthread.h>
#include <string.h>

/* What a JST does with its own units, and what it may not: in exact words. */

/* The supervisor of the CUW, with the ETag of that unit as it is. */
static struct reply
post(const char *path, int unit, const char *body)
{
    struct petition petition = counter_petition(&counter, PETITION_POST, path, "supervisor", body);
    struct str      sql = str_format(town.arena, "SELECT registry.revision_of(%d)", unit);

    petition.if_match = str_format(town.arena, "\"%s\"", town_ask(&town, sql.data));
    return counter_send(&counter, &petition);
}

#define SCHOOL "/api/v1/units/990001010"

static void
school_gets_another_name_and_keeps_what_it_was(void **state)
{
    (void)state;
    struct reply reply =
        post(SCHOOL "/changes", TOWN_CHILD,
             "{\"name\":\"Zespół Szkół\",\"since\":\"2026-01-01\",\"basis\":\"uchwała nr 7\"}");
    assert_int_equal(reply.status, 200);
    assert_true(counter_says(&reply, "\"name\":\"Zespół Szkół\""));
    assert_string_equal(
        town_ask(&town, "SELECT string_agg(name, ' ') FROM (SELECT name FROM"
                        " registry.units_at('2025-12-31') WHERE unit = 3 UNION ALL SELECT name FROM"
                        " registry.units_at('2026-01-01') WHERE unit = 3) x"),
        "Szkoła Zespół Szkół");
    assert_string_equal(
        town_ask(&town, "SELECT basis || ' ' || (operator = md5('supervisor')::uuid::text) FROM"
                        " registry.change WHERE unit = 3 ORDER BY change DESC LIMIT 1"),
        "uchwała nr 7 true");
    struct reply seen = counter_ask(&counter, PETITION_GET, SCHOOL, "sender", "");
    assert_true(counter_says(&seen, "\"name\":\"Zespół Szkół\""));
    assert_true(counter_says(&seen, "\"parent\":\"990000022\""));
}

static void
two_schools_merge_and_their_reports_go_on(void **state)
{
    (void)state;
    struct reply reply = post(SCHOOL "/succession", TOWN_CHILD,
                              "{\"successor\":\"990001062\",\"kind\":\"merge\",\"day\":"
                              "\"2026-09-01\",\"basis\":\"uchwała nr 8\"}");
    assert_int_equal(reply.status, 201);
    assert_true(counter_says(&reply, "\"valid_to\":\"2026-08-31\""));
    assert_string_equal(town_ask(&town, "SELECT registry.successor_at(3, '2026-09-01')"), "8");
    struct reply seen = counter_ask(&counter, PETITION_GET, SCHOOL, "supervisor", "");
    assert_true(counter_says(&seen, "\"successors\":[{\"regon\":\"990001062\""));
    reply = post("/api/v1/units/990001062/succession", TOWN_SPARE,
                 "{\"successor\":\"990001010\",\"kind\":\"merge\",\"day\":\"2026-09-02\",\"basis\":"
                 "\"x\"}");
    stand_expect_refusal(
        &reply, 422,
        "Jednostka o REGON 990001010 nie może zastąpić jednostki 990001062, którą sama "
        "zastąpiła.");
}

static void
cuw_stops_doing_the_books_on_a_day(void **state)
{
    (void)state;
    struct reply reply =
        post(SCHOOL "/services/ending", TOWN_CHILD,
             "{\"provider\":\"990000039\",\"valid_to\":\"2026-12-31\",\"basis\":\"porozumienie\"}");
    assert_int_equal(reply.status, 200);
    assert_string_equal(
        town_ask(&town, "SELECT valid_to FROM registry.service WHERE unit = 3 AND provider = 5"),
        "2026-12-31");
    reply =
        post(SCHOOL "/services/ending", TOWN_CHILD,
             "{\"provider\":\"990000039\",\"valid_to\":\"2027-12-31\",\"basis\":\"porozumienie\"}");
    stand_expect_refusal(
        &reply, 422,
        "Jednostka o REGON 990001010 nie jest obsługiwana przez 990000039 po tym dniu.");
}

/* An account of art. 223 since 2020, entered by the operator. */
static void
give_account(void)
{
    town_run(&town, "INSERT INTO registry.unit_trait (unit, trait, valid_from)"
                    " VALUES (3, 'rachunek-223', '2020-01-01')");
}

static void
jst_keeps_the_traits_of_its_units_and_of_itself(void **state)
{
    (void)state;
    give_account();
    struct reply reply = post(SCHOOL "/traits", TOWN_CHILD,
                              "{\"trait\":\"zadania-zlecone\",\"valid_from\":\"2026-01-01\","
                              "\"valid_to\":\"2026-06-30\",\"basis\":\"umowa nr 4\"}");
    assert_int_equal(reply.status, 201);
    assert_true(counter_says(&reply, "\"trait\":\"zadania-zlecone\""));
    assert_true(counter_says(&reply, "\"valid_to\":\"2026-06-30\",\"basis\":\"umowa nr 4\""));
    reply = post(SCHOOL "/traits/ending", TOWN_CHILD,
                 "{\"trait\":\"rachunek-223\",\"valid_to\":\"2026-03-31\",\"basis\":\"uchwała\"}");
    assert_int_equal(reply.status, 200);
    assert_string_equal(
        town_ask(&town, "SELECT string_agg(trait || ' ' || valid_from || ' ' || valid_to, ';'"
                        " ORDER BY trait) FROM registry.unit_trait WHERE unit = 3"),
        "rachunek-223 2020-01-01 2026-03-31;zadania-zlecone 2026-01-01 2026-06-30");
    assert_string_equal(town_ask(&town,
                                 "SELECT string_agg(what || ' ' || basis, ';' ORDER BY change)"
                                 " FROM registry.change WHERE unit = 3 AND operator ="
                                 " md5('supervisor')::uuid::text AND what LIKE 'unit_trait %'"),
                        "unit_trait added umowa nr 4;unit_trait changed uchwała");
    reply = post("/api/v1/units/990000022/traits", TOWN_MIDDLE,
                 "{\"trait\":\"wydatki-niewygasajace\",\"valid_from\":\"2026-01-01\",\"basis\":"
                 "\"uchwała nr 5\"}");
    assert_int_equal(reply.status, 201);
    struct reply seen = counter_ask(&counter, PETITION_GET, SCHOOL "/traits", "sender", "");
    assert_true(counter_says(&seen, "\"regon\":\"990001010\""));
    assert_true(counter_says(&seen, "\"valid_to\":\"2026-03-31\""));
}

static void
what_is_wrong_with_a_trait_is_said_in_these_words(void **state)
{
    static const struct {
        const char *path;
        const char *body;
        const char *detail;
    } cases[] = {
        {"/traits",        "{\"valid_from\":\"2026-01-01\",\"basis\":\"x\"}",
         "Pole trait: jest wymagane."                                                                                                                                                 },
        {"/traits",        "{\"trait\":\"rachunek-223\",\"basis\":\"x\"}",
         "Pole valid_from: podaj dzień, RRRR-MM-DD."                                                                                                                                 },
        {"/traits",        "{\"trait\":\"zadania-zlecone\",\"valid_from\":\"2026-01-01\"}",
         "Pole basis: jest wymagane."                                                                                                                                                 },
        {"/traits",        "{\"trait\":\"zamek\",\"valid_from\":\"2026-01-01\",\"basis\":\"x\"}",
         "Jednostka o REGON 990001010 nie może mieć takiej cechy: nie ma jej w spisie cech."                                                                                        },
        {"/traits",        "{\"trait\":\"rachunek-223\",\"valid_from\":\"2026-01-01\",\"basis\":\"x\"}",
         "Jednostka o REGON 990001010 ma już tę cechę w tym czasie."                                                                                                               },
        {"/traits",
         "{\"trait\":\"zadania-zlecone\",\"valid_from\":\"2026-01-02\",\"valid_to\":\"2026-01-01\","
         "\"basis\":\"x\"}",                                                                             "Jednostka o REGON 990001010 nie może stracić cechy, zanim ją dostanie."  },
        {"/traits",
         "{\"trait\":\"zadania-zlecone\",\"dysponent\":\"rio-wroclaw\",\"valid_from\":"
         "\"2026-01-01\",\"basis\":\"x\"}",                                                              "Jednostka o REGON 990001010: dysponenta podaje się tylko przy zadaniach zleconych, a "
         "„rio-wroclaw” ma być kodem dysponenta z rejestru urzędów."                                                                },
        {"/traits/ending", "{\"trait\":\"rachunek-223\",\"basis\":\"x\"}",
         "Pole valid_to: podaj dzień, RRRR-MM-DD."                                                                                                                                   },
        {"/traits/ending",
         "{\"trait\":\"zadania-zlecone\",\"valid_to\":\"2026-01-01\",\"basis\":\"x\"}",                  "Jednostka o REGON 990001010 nie ma po tym dniu cechy „zadania-zlecone”."},
        {"/traits/ending",
         "{\"trait\":\"rachunek-223\",\"valid_to\":\"2019-12-31\",\"basis\":\"x\"}",                     "Jednostka o REGON 990001010 ma tę cechę dopiero po podanym ostatnim dniu."},
    };

    (void)state;
    give_account();
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str   path = str_format(town.arena, SCHOOL "%s", cases[i].path);
        struct reply reply = post(path.data, TOWN_CHILD, cases[i].body);
        stand_expect_refusal(&reply, 422, cases[i].detail);
    }
    struct petition stale = counter_petition(
        &counter, PETITION_POST, SCHOOL "/traits", "supervisor",
        "{\"trait\":\"zadania-zlecone\",\"valid_from\":\"2026-01-01\",\"basis\":\"x\"}");
    stale.if_match = STR("\"0\"");
    struct reply reply = counter_send(&counter, &stale);
    assert_int_equal(reply.status, 412);
    assert_string_equal(town_ask(&town, "SELECT count(*) FROM registry.unit_trait WHERE unit = 3"),
                        "1");
}

static void
unit_moves_within_its_jst_alone(void **state)
{
    (void)state;
    struct reply reply =
        post(SCHOOL "/changes", TOWN_CHILD,
             "{\"parent\":\"990001062\",\"since\":\"2026-01-01\",\"basis\":\"uchwała nr 9\"}");
    assert_int_equal(reply.status, 200);
    assert_string_equal(town_ask(&town, "SELECT parent FROM registry.unit WHERE unit = 3"), "8");
    reply = post("/api/v1/units/990001062/changes", TOWN_SPARE,
                 "{\"parent\":\"990001010\",\"since\":\"2026-01-02\",\"basis\":\"x\"}");
    stand_expect_refusal(
        &reply, 422,
        "Jednostka o REGON 990001062 nie może stać pod tą jednostką: wypadałaby pod "
        "sobą samą albo głębiej niż osiem szczebli.");
}

/* What the operator has entered stands, whichever day is given; the rest of the unit is kept. */
static void
move_to_another_jst_is_not_taken_back_at_the_desk(void **state)
{
    static const char *const days[] = {"2099-01-01", "2099-02-01", "2026-01-01"};
    static const char        said[] =
        "Pole parent: w rejestrze jest już wpisane przejście tej jednostki do innej JST. Jeżeli to "
        "pomyłka, poprawi ją operator bramy.";

    (void)state;
    town_run(&town, "UPDATE registry.unit SET parent = 5, since = '2099-01-01' WHERE unit = 3");
    for (size_t i = 0; i < ARRAY_COUNT(days); i++) {
        struct reply reply =
            post(SCHOOL "/changes", TOWN_CHILD,
                 str_format(town.arena,
                            "{\"parent\":\"990001062\",\"since\":\"%s\",\"basis\":\"x\"}", days[i])
                     .data);
        stand_expect_refusal(&reply, 422, said);
    }
    struct reply reply = post(SCHOOL "/changes", TOWN_CHILD,
                              "{\"name\":\"Inna\",\"since\":\"2099-01-01\",\"basis\":\"x\"}");
    assert_int_equal(reply.status, 200);
    assert_string_equal(town_ask(&town, "SELECT parent FROM registry.unit WHERE unit = 3"), "5");
}

/* Filings are locked by the rows as they stand, whatever the days are. */
static void
circle_by_dates_is_refused_at_the_desk(void **state)
{
    (void)state;
    struct reply reply =
        post(SCHOOL "/changes", TOWN_CHILD,
             "{\"parent\":\"990001062\",\"since\":\"2027-01-01\",\"basis\":\"uchwała nr 9\"}");
    assert_int_equal(reply.status, 200);
    reply = post("/api/v1/units/990001062/changes", TOWN_SPARE,
                 "{\"parent\":\"990001010\",\"since\":\"2026-07-01\",\"basis\":\"x\"}");
    stand_expect_refusal(
        &reply, 422,
        "Jednostka o REGON 990001062 nie może stać pod tą jednostką: wypadałaby pod "
        "sobą samą albo głębiej niż osiem szczebli.");
    assert_string_equal(town_ask(&town, "SELECT cardinality(registry.path(3))"), "4");
}

static void
what_is_wrong_is_said_in_these_words(void **state)
{
    static const struct {
        const char *path;
        const char *body;
        int         status;
        const char *detail;
    } cases[] = {
        {SCHOOL "/changes",         "{\"since\":\"2026-01-01\",\"basis\":\"x\"}",                          422,
         "Podaj, co się zmienia: name, nip, type, kind, jop albo parent."                                                                                                                   },
        {SCHOOL "/changes",         "{\"name\":\"N\",\"basis\":\"x\"}",                                    422,
         "Pole since: podaj dzień, RRRR-MM-DD."                                                                                                                                             },
        {SCHOOL "/changes",         "{\"name\":\"N\",\"since\":\"2026-01-01\"}",                           422,
         "Pole basis: jest wymagane."                                                                                                                                                        },
        {SCHOOL "/changes",         "{\"name\":\"N\",\"since\":\"2019-01-01\",\"basis\":\"x\"}",           422,
         "Jednostki o REGON 990001010 nie było tego dnia w rejestrze."                                                                                                                      },
        {SCHOOL "/changes",         "{\"nip\":\"1234567890\",\"since\":\"2026-01-01\",\"basis\":\"x\"}",
         422,                                                                                                   "Pole nip: cyfra kontrolna się nie zgadza. Sprawdź numer w zaświadczeniu."},
        {SCHOOL "/changes",         "{\"kind\":\"zamek\",\"since\":\"2026-01-01\",\"basis\":\"x\"}",       422,
         "Jednostka o REGON 990001010 ma rodzaj albo jednostkę nadrzędną, których nie ma w "
         "rejestrze."                                                                                                                                                                        },
        {SCHOOL "/changes",         "{\"parent\":\"990000039\",\"since\":\"2026-01-01\",\"basis\":\"x\"}",
         404,                                                                                                   "Sprawdź numer i to, w czyim imieniu działasz."                            },
        {SCHOOL "/changes",         "{\"parent\":\"990000016\",\"since\":\"2026-01-01\",\"basis\":\"x\"}",
         404,                                                                                                   "Sprawdź numer i to, w czyim imieniu działasz."                            },
        {SCHOOL "/succession",
         "{\"successor\":\"990001056\",\"kind\":\"merge\",\"day\":\"2026-09-01\",\"basis\":\"x\"}",        404, "Sprawdź numer i to, w czyim imieniu działasz."                            },
        {SCHOOL "/succession",
         "{\"successor\":\"990001062\",\"kind\":\"eats\",\"day\":\"2026-09-01\",\"basis\":\"x\"}",         422,
         "Jednostka o REGON 990001010 nie może być zastąpiona przez samą siebie ani w sposób inny "
         "niż merge, split, rename, new-regon, takeover."                                                                                                                                   },
        {SCHOOL "/succession",
         "{\"successor\":\"990001062\",\"kind\":\"merge\",\"day\":\"2020-01-01\",\"basis\":\"x\"}",        422,
         "Jednostka o REGON 990001010 jest w rejestrze dopiero od tego dnia albo od późniejszego."                                                                                         },
        {SCHOOL "/services/ending",
         "{\"provider\":\"111111111\",\"valid_to\":\"2026-01-01\",\"basis\":\"x\"}",                       422,
         "Pole provider ma być REGON jednostki z rejestru."                                                                                                                                 },
        {SCHOOL "/services/ending",
         "{\"provider\":\"990000039\",\"valid_to\":\"2019-12-31\",\"basis\":\"x\"}",                       422,
         "Jednostka o REGON 990001010 zaczęła być obsługiwana później, niż podany ostatni dzień."                                                                                    },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct reply reply = post(cases[i].path, TOWN_CHILD, cases[i].body);
        stand_expect_refusal(&reply, cases[i].status, cases[i].detail);
    }
    assert_string_equal(town_ask(&town, "SELECT (SELECT count(*) FROM registry.succession)"
                                        " + (SELECT count(*) FROM registry.unit_history)"),
                        "0");
}

static void
two_people_do_not_change_the_same_unit_unseen(void **state)
{
    static const char body[] = "{\"name\":\"N\",\"since\":\"2026-01-01\",\"basis\":\"x\"}";

    (void)state;
    struct reply seen = counter_ask(&counter, PETITION_GET, SCHOOL, "supervisor", "");
    assert_true(counter_says(&seen, "ETag: \"3\"\r\n"));
    struct petition petition =
        counter_petition(&counter, PETITION_POST, SCHOOL "/changes", "supervisor", body);
    struct reply reply = counter_send(&counter, &petition);
    assert_int_equal(reply.status, 428);
    petition.if_match = STR("\"3\"");
    reply = counter_send(&counter, &petition);
    assert_int_equal(reply.status, 200);
    assert_true(counter_says(&reply, "ETag: \"4\"\r\n"));
    reply = counter_send(&counter, &petition);
    stand_expect_refusal(
        &reply, 412, "Odczytaj jednostkę jeszcze raz i zdecyduj, czy zmiana jest nadal potrzebna.");
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

/* Until somebody waits for a lock. */
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

/* The operator has changed the name, and has not finished; what the JST has read is old by then. */
static void
change_waits_for_another_and_sees_it(void **state)
{
    static const char    body[] = "{\"jop\":\"4\",\"since\":\"2026-01-01\",\"basis\":\"x\"}";
    struct store_address address = {str_of(cluster_host(cluster)), cluster_port(cluster),
                                    str_of(town.database)};
    struct colleague     colleague = {
            .petition =
                counter_petition(&counter, PETITION_POST, SCHOOL "/changes", "supervisor", body)};
    struct arena        *arena = arena_create((size_t)16 << 20U);
    struct registry_unit unit = {0};
    struct store        *admin = NULL;
    struct fault         fault = {0};
    pthread_t            thread;
    bool                 found = false;

    (void)state;
    colleague.petition.if_match = STR("\"3\"");
    assert_int_equal(store_open(arena, &address, STORE_ADMIN, &admin, &fault), ERR_OK);
    assert_int_equal(store_begin(admin, &fault), ERR_OK);
    assert_int_equal(event_hold(admin, arena, STR("990001010"), &fault), ERR_OK);
    assert_int_equal(registry_find_unit(admin, arena, STR("990001010"), &unit, &found, &fault),
                     ERR_OK);
    unit.name = STR("Operatora");
    assert_int_equal(event_change(admin, arena, &unit, (struct date){2026, 1, 1}, &fault), ERR_OK);
    assert_int_equal(pthread_create(&thread, NULL, run_colleague, &colleague), 0);
    wait_for_waiter(admin, arena);
    assert_int_equal(store_commit(admin, &fault), ERR_OK);
    assert_int_equal(pthread_join(thread, NULL), 0);
    stand_expect_refusal(
        &colleague.reply, 412,
        "Odczytaj jednostkę jeszcze raz i zdecyduj, czy zmiana jest nadal potrzebna.");
    assert_string_equal(town_ask(&town, "SELECT name FROM registry.unit WHERE unit = 3"),
                        "Operatora");
    arena_destroy(arena);
}

/* A program that shows the token of the town. */
static struct reply
bear(enum petition_method method, const char *path, const char *token, const char *body)
{
    struct petition petition = counter_petition(&counter, method, path, NULL, body);

    counter_bear(&counter, &petition, town_token(&town, token));
    return counter_send(&counter, &petition);
}

#define NEW_UNIT                                                           \
    "{\"regon\":\"990009000\",\"name\":\"Nowa\",\"type\":\"JB\",\"kind\":" \
    "\"jednostka-budzetowa\",\"valid_from\":\"2026-01-01\"}"

static void
program_keeps_units_while_its_token_and_its_maker_last(void **state)
{
    static const struct {
        const char *change;
        int         status;
        const char *detail;
    } cases[] = {
        {"SELECT 1",                                                                                 201, NULL                                      },
        {"UPDATE registry.credential SET scopes = 7",                                                403,
         "Potrzebny jest token z zakresem registry:write, utworzony przez administratora JST dla "
         "jednostki, w której imieniu działa."                                                                                                    },
        {"UPDATE registry.credential SET scopes = 8, unit = 3",                                      403,
         "Potrzebny jest token z zakresem registry:write, utworzony przez administratora JST dla "
         "jednostki, w której imieniu działa."                                                                                                    },
        {"UPDATE registry.credential SET unit = 2, made_in = NULL",                                  403,
         "Potrzebny jest token z zakresem registry:write, utworzony przez administratora JST dla "
         "jednostki, w której imieniu działa."                                                                                                    },
        {"UPDATE registry.credential SET made_in = md5('ahead')::uuid",                              403,
         "W roli, w której działasz, nie można tego robić."                                                                                     },
        {"UPDATE registry.credential SET made_in = md5('asupervisor')::uuid, created_at = now() -"
         " interval '2 day', expires_at = now() - interval '1 s'",                          401, "Utwórz nowy token: POST /api/v1/tokens."},
        {"UPDATE registry.credential SET expires_at = now() + interval '1 day', revoked_at = now()",
         401,                                                                                             "Utwórz nowy token: POST /api/v1/tokens."},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str sql = str_format(town.arena, "%s%s", cases[i].change,
                                    i == 0 ? "" : " WHERE label = 'program'");
        town_run(&town, sql.data);
        struct reply reply = bear(PETITION_POST, "/api/v1/units", "program", NEW_UNIT);
        EXPECT(reply.status == cases[i].status, cases[i].change);
        if (cases[i].detail != NULL) {
            stand_expect_refusal(&reply, cases[i].status, cases[i].detail);
        }
    }
    struct reply unknown = bear(PETITION_POST, "/api/v1/units", "nothing", NEW_UNIT);
    stand_expect_refusal(&unknown, 401, "Sprawdź, czy token jest wklejony w całości.");
    assert_string_equal(
        town_ask(&town, "SELECT operator = 'token/' || (SELECT credential FROM registry.credential"
                        " WHERE label = 'program') FROM registry.change"
                        " WHERE what = 'unit added' ORDER BY change DESC LIMIT 1"),
        "t");
    assert_string_equal(town_ask(&town, "SELECT last_used_at IS NOT NULL FROM registry.credential"
                                        " WHERE label = 'program'"),
                        "t");
}

static void
what_is_wrong_with_a_new_unit_is_said_in_these_words(void **state)
{
    static const struct {
        const char *regon;
        const char *type;
        const char *more;
        const char *detail; /* NULL: it is good */
    } cases[] = {
        {"990009000", "jb",      "\"valid_from\":\"2026-01-01\"",
         "Pole type: „jb” nie jest Typem jednostki. Podaj go tak jak w pliku sprawozdania, np. JB: "
         "od 1 do 30 wielkich liter, cyfr i łączników."                                                                                  },
        {"990009000", "szkoła", "\"valid_from\":\"2026-01-01\"",
         "Pole type: „szkoła” nie jest Typem jednostki. Podaj go tak jak w pliku sprawozdania, np. "
         "JB: od 1 do 30 wielkich liter, cyfr i łączników."                                                                              },
        {"990009000", "",        "\"valid_from\":\"2026-01-01\"",                        "Pole type: jest wymagane."                        },
        {"990009000", "JB",      "\"nip\":\"\"",                                         "Pole valid_from: podaj pierwszy dzień jednostki."},
        {"990009001", "JB",      "\"valid_from\":\"2026-01-01\"",
         "Pole regon albo nip: cyfra kontrolna się nie zgadza. Sprawdź numer w zaświadczeniu."                                           },
        {"990009000", "JB",      "\"valid_from\":\"2026-01-01\",\"nip\":\"1234567890\"",
         "Pole regon albo nip: cyfra kontrolna się nie zgadza. Sprawdź numer w zaświadczeniu."                                           },
        {"990009000", "ZB-TEST", "\"valid_from\":\"2026-01-01\"",                        NULL                                               },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str   body = str_format(town.arena,
                                       "{\"regon\":\"%s\",\"name\":\"Nowa\",\"type\":\"%s\","
                                         "\"kind\":\"jednostka-budzetowa\",%s}",
                                       cases[i].regon, cases[i].type, cases[i].more);
        struct reply reply = bear(PETITION_POST, "/api/v1/units", "program", body.data);
        if (cases[i].detail == NULL) {
            EXPECT(reply.status == 201, cases[i].type);
        } else {
            stand_expect_refusal(&reply, 422, cases[i].detail);
        }
    }
}

/* Who made it has left: their program keeps nothing any more. */
static void
program_ends_with_the_appointment_of_its_maker(void **state)
{
    (void)state;
    town_run(&town, "UPDATE people.appointment SET ended_at = now()"
                    " WHERE appointment = md5('asupervisor')::uuid");
    struct reply reply = bear(PETITION_POST, "/api/v1/units", "program", NEW_UNIT);
    stand_expect_refusal(&reply, 401, "Utwórz nowy token: POST /api/v1/tokens.");
}

static void
program_does_nothing_else_at_the_desk(void **state)
{
    (void)state;
    struct reply reply = bear(PETITION_GET, "/api/v1/tokens", "program", "");
    stand_expect_refusal(&reply, 403,
                         "Tokenem można tu czytać i zmieniać jednostki; resztę robi osoba po "
                         "zalogowaniu.");
    reply = bear(PETITION_GET, "/api/v1/session", "program", "");
    assert_int_equal(reply.status, 403);
}

/* Where a unit lies is its JST's; a program that holds the desk's rights does not change that. */
static void
codes_are_beyond_the_desk(void **state)
{
    (void)state;
    struct str enter = str_format(
        town.arena, "BEGIN; SELECT people.enter(sha256(rpad('supervisor', 43, '-')::bytea))");
    assert_int_equal(store_script(town.desk, enter.data, &town.fault), ERR_OK);
    assert_int_equal(
        store_script(town.desk, "UPDATE registry.unit SET pk = '09' WHERE unit = 3", &town.fault),
        ERR_STORE_UNFIT);
    assert_string_equal(store_sqlstate(town.desk), "42501");
    store_rollback(town.desk);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(school_gets_another_name_and_keeps_what_it_was, stand_begin,
                                        stand_end),
        cmocka_unit_test_setup_teardown(two_schools_merge_and_their_reports_go_on, stand_begin,
                                        stand_end),
        cmocka_unit_test_setup_teardown(cuw_stops_doing_the_books_on_a_day, stand_begin, stand_end),
        cmocka_unit_test_setup_teardown(jst_keeps_the_traits_of_its_units_and_of_itself,
                                        stand_begin, stand_end),
        cmocka_unit_test_setup_teardown(what_is_wrong_with_a_trait_is_said_in_these_words,
                                        stand_begin, stand_end),
        cmocka_unit_test_setup_teardown(unit_moves_within_its_jst_alone, stand_begin, stand_end),
        cmocka_unit_test_setup_teardown(move_to_another_jst_is_not_taken_back_at_the_desk,
                                        stand_begin, stand_end),
        cmocka_unit_test_setup_teardown(circle_by_dates_is_refused_at_the_desk, stand_begin,
                                        stand_end),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_said_in_these_words, stand_begin,
                                        stand_end),
        cmocka_unit_test_setup_teardown(two_people_do_not_change_the_same_unit_unseen, stand_begin,
                                        stand_end),
        cmocka_unit_test_setup_teardown(change_waits_for_another_and_sees_it, stand_begin,
                                        stand_end),
        cmocka_unit_test_setup_teardown(program_keeps_units_while_its_token_and_its_maker_last,
                                        stand_begin, stand_end),
        cmocka_unit_test_setup_teardown(what_is_wrong_with_a_new_unit_is_said_in_these_words,
                                        stand_begin, stand_end),
        cmocka_unit_test_setup_teardown(program_ends_with_the_appointment_of_its_maker, stand_begin,
                                        stand_end),
        cmocka_unit_test_setup_teardown(program_does_nothing_else_at_the_desk, stand_begin,
                                        stand_end),
        cmocka_unit_test_setup_teardown(codes_are_beyond_the_desk, stand_begin, stand_end),
    };

    return cmocka_run_group_tests(tests, stand_start, stand_stop);
}
