#include "gateway/people/password.h"
#include "gateway/reader/openapi.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/desk/counter.h"

#include <jansson.h>
#include <string.h>

/*
 * Every role at every endpoint with what stands in every relation to it: what the desk answers must
 * be what the table of permissions says. An endpoint without a recipe here fails the test.
 */
static struct cluster *cluster;
static struct town     town;
static struct counter  counter;
static json_t         *openapi;

static int
start(void **state)
{
    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    town_begin(&town, cluster, "matrix");
    town_run(&town, TOWN_OBJECTIONS_SQL);
    counter_begin(&counter, &town);
    openapi = json_loadb(openapi_text().data, openapi_text().size, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(openapi);
    return password_warm_up(&town.fault) == ERR_OK ? 0 : -1;
}

static int
stop(void **state)
{
    (void)state;
    json_decref(openapi);
    counter_end(&counter);
    town_end(&town);
    cluster_stop(cluster);
    return 0;
}

struct cell {
    const struct endpoint   *endpoint;
    enum permission_role     role;
    enum permission_relation relation;
    int64_t                  unit;
    struct str               office;
    enum permission_role     given;   /* of an invitation */
    bool                     program; /* a token with registry:write, made in that role */
};

/* Where an endpoint's object comes from. */
enum target {
    TARGET_NOTHING,     /* no object: asked once, at NONE */
    TARGET_OWN,         /* always the asker's own place: asked once, at OWN */
    TARGET_PARENT,      /* the unit above, in the body */
    TARGET_UNIT,        /* the unit in the path */
    TARGET_KEPT,        /* the same, with its ETag */
    TARGET_REGON,       /* the unit in the query or the body; the own office without one */
    TARGET_APPOINTMENT, /* an id, of something at the place */
    TARGET_INVITATION,
    TARGET_TOKEN,
    TARGET_DUTY,      /* the unit's, that nothing was said of */
    TARGET_ENTERED,   /* the unit's, that was handed over elsewhere */
    TARGET_EXEMPTION, /* the unit's; its webhook and the message to it have the same number */
    TARGET_OBJECTION, /* to a rule of the office */
};

static bool
may(const struct cell *cell, enum permission_action action)
{
    return permission_holds(cell->role, action, cell->relation);
}

static bool
ever(const struct cell *cell, enum permission_action action)
{
    return permission_ever(cell->role, action);
}

/* What belongs to a place that is not there is asked for by a number that is not there. */
static bool
is_there(const struct cell *cell)
{
    return cell->unit != 0 || cell->office.size > 0;
}

static int
same_for_all_401(const struct cell *cell)
{
    (void)cell;
    return 401;
}

static int
same_for_all_404(const struct cell *cell)
{
    (void)cell;
    return 404;
}

static int
own_200(const struct cell *cell)
{
    (void)cell;
    return 200;
}

static int
own_204(const struct cell *cell)
{
    (void)cell;
    return 204;
}

static int
any_200(const struct cell *cell)
{
    return ever(cell, cell->endpoint->action) ? 200 : 403;
}

static int
any_201(const struct cell *cell)
{
    return ever(cell, cell->endpoint->action) ? 201 : 403;
}

static int
of_place(const struct cell *cell, int good)
{
    if (!ever(cell, cell->endpoint->action)) {
        return 403;
    }
    return is_there(cell) && may(cell, cell->endpoint->action) ? good : 404;
}

static int
place_200(const struct cell *cell)
{
    return of_place(cell, 200);
}

static int
place_201(const struct cell *cell)
{
    return of_place(cell, 201);
}

static int
place_204(const struct cell *cell)
{
    return of_place(cell, 204);
}

/* What is ended is a supervisor's appointment; that of an office, a reviewer's. */
static int
ended(const struct cell *cell, int good)
{
    enum permission_action gift =
        cell->office.size > 0 ? PERMISSION_ACTION_GIVE_REVIEWER : PERMISSION_ACTION_GIVE_SUPERVISOR;
    int seen = of_place(cell, good);

    return seen == good && !may(cell, gift) ? 403 : seen;
}

static int
ended_200(const struct cell *cell)
{
    return ended(cell, 200);
}

static int
ended_204(const struct cell *cell)
{
    return ended(cell, 204);
}

/* Whoever is meant has not signed in yet, and has nothing to get back. */
static int
restored_422(const struct cell *cell)
{
    return ended(cell, 422);
}

/* Nobody of the town has a password, whatever is shown. */
static int
own_422(const struct cell *cell)
{
    (void)cell;
    return 422;
}

/* Nothing waits to be confirmed. */
static int
own_409(const struct cell *cell)
{
    (void)cell;
    return 409;
}

static int
revoked_204(const struct cell *cell)
{
    if (!ever(cell, PERMISSION_ACTION_INVITE)) {
        return 403;
    }
    if (!is_there(cell) || !may(cell, PERMISSION_ACTION_READ_PEOPLE)) {
        return 404;
    }
    if (!ever(cell, PERMISSION_ACTION_GIVE_SUPERVISOR)) {
        return 403;
    }
    return may(cell, PERMISSION_ACTION_GIVE_SUPERVISOR) ? 204 : 404;
}

static int
invited_201(const struct cell *cell)
{
    enum permission_action gift = PERMISSION_ACTION_INVITE;

    assert_true(permission_gift(cell->given, &gift));
    if (!ever(cell, PERMISSION_ACTION_INVITE) || !ever(cell, gift)) {
        return 403;
    }
    return may(cell, gift) ? 201 : 404;
}

/* %s of the body: "regon" or "office" of the place as a member of JSON. */
static const struct recipe {
    enum petition_method method;
    const char          *path;
    enum target          target;
    const char          *body;
    int (*want)(const struct cell *cell);
} recipes[] = {
    {PETITION_POST,   "/api/v1/session",                          TARGET_NOTHING,     "{}",                       same_for_all_401},
    {PETITION_GET,    "/api/v1/session",                          TARGET_NOTHING,     "",                         own_200         },
    {PETITION_PUT,    "/api/v1/session",                          TARGET_NOTHING,     "{\"appointment\":null}",   own_200         },
    {PETITION_DELETE, "/api/v1/session",                          TARGET_NOTHING,     "",                         own_204         },
    {PETITION_GET,    "/api/v1/invitations",                      TARGET_NOTHING,     "",                         any_200         },
    {PETITION_POST,   "/api/v1/invitations",                      TARGET_REGON,
     "{\"email\":\"x@example.test\",\"name\":\"X\"",                                                              invited_201     },
    {PETITION_POST,   "/api/v1/invitations/acceptance",           TARGET_NOTHING,
     "{\"token\":\"nothing\",\"password\":\"poprawna klacz bateria\"}",                                           same_for_all_404},
    {PETITION_DELETE, "/api/v1/invitations/{id}",                 TARGET_INVITATION,  "",                         revoked_204     },
    {PETITION_POST,   "/api/v1/delegations",                      TARGET_OWN,
     "{\"email\":\"x@example.test\",\"name\":\"X\",\"basis\":\"nr 7\","
     "\"valid_to\":\"2199-12-31\"}",                                                                              any_201         },
    {PETITION_GET,    "/api/v1/appointments",                     TARGET_REGON,       "",                         place_200       },
    {PETITION_GET,    "/api/v1/appointments/{id}",                TARGET_APPOINTMENT, "",                         place_200       },
    {PETITION_PATCH,  "/api/v1/appointments/{id}",                TARGET_APPOINTMENT,
     "{\"valid_to\":\"2199-12-31\"}",                                                                             ended_200       },
    {PETITION_DELETE, "/api/v1/appointments/{id}",                TARGET_APPOINTMENT, "",                         ended_204       },
    {PETITION_POST,   "/api/v1/appointments/{id}/restoration",    TARGET_APPOINTMENT, "",                         restored_422    },
    {PETITION_PUT,    "/api/v1/account/password",                 TARGET_NOTHING,
     "{\"password\":\"x\",\"new_password\":\"poprawna klacz bateria\"}",                                          own_422         },
    {PETITION_POST,   "/api/v1/account/authenticator",            TARGET_NOTHING,
     "{\"password\":\"x\",\"code\":\"000000\"}",                                                                  own_422         },
    {PETITION_PUT,    "/api/v1/account/authenticator",            TARGET_NOTHING,     "{\"code\":\"000000\"}",
     own_409                                                                                                                      },
    {PETITION_GET,    "/api/v1/account/letters",                  TARGET_NOTHING,     "",                         own_200         },
    {PETITION_PUT,    "/api/v1/account/letters",                  TARGET_NOTHING,     "{\"muted\":[\"digest\"]}", own_200         },
    {PETITION_GET,    "/api/v1/account/certificates",             TARGET_NOTHING,     "",                         own_200         },
    {PETITION_POST,   "/api/v1/account/certificates",             TARGET_NOTHING,     "{\"password\":\"x\"}",
     own_422                                                                                                                      },
    {PETITION_DELETE, "/api/v1/account/certificates/{id}",        TARGET_NOTHING,     "",                         same_for_all_404},
    {PETITION_POST,   "/api/v1/account/restoration",              TARGET_NOTHING,
     "{\"token\":\"nothing\",\"password\":\"poprawna klacz bateria\"}",                                           same_for_all_404},
    {PETITION_GET,    "/api/v1/tokens",                           TARGET_NOTHING,     "",                         any_200         },
    {PETITION_POST,   "/api/v1/tokens",                           TARGET_REGON,
     "{\"label\":\"F-K\",\"scopes\":[\"submissions:read\"]",                                                      place_201       },
    {PETITION_DELETE, "/api/v1/tokens/{id}",                      TARGET_TOKEN,       "",                         place_204       },
    {PETITION_GET,    "/api/v1/obligations/{id}/entries",         TARGET_DUTY,        "",                         place_200       },
    {PETITION_POST,   "/api/v1/obligations/{id}/nothing",         TARGET_DUTY,        "{\"basis\":\"nr 9\"}",
     place_201                                                                                                                    },
    {PETITION_POST,   "/api/v1/obligations/{id}/elsewhere",       TARGET_DUTY,
     "{\"filed_on\":\"2025-01-08\",\"basis\":\"UPO 7\"}",                                                         place_201       },
    {PETITION_POST,   "/api/v1/obligations/{id}/revocation",      TARGET_ENTERED,
     "{\"kind\":\"elsewhere\",\"basis\":\"nr 9\"}",                                                               place_200       },
    {PETITION_GET,    "/api/v1/units/{regon}/obligation-entries", TARGET_UNIT,        "",                         place_200       },
    {PETITION_POST,   "/api/v1/units/{regon}/exemptions",         TARGET_UNIT,
     "{\"form\":\"RBN\",\"first_end\":\"2024-01-01\",\"basis\":\"nr 9\"}",                                        place_201       },
    {PETITION_POST,   "/api/v1/exemptions/{id}/revocation",       TARGET_EXEMPTION,   "{\"basis\":\"nr 9\"}",
     place_200                                                                                                                    },
    {PETITION_POST,   "/api/v1/units/{regon}/internal-dues",      TARGET_UNIT,
     "{\"form\":\"RBN\",\"period\":\"2024-Q4\",\"due_on\":\"2025-01-08\",\"basis\":\"nr 9\"}",                    place_201       },
    {PETITION_GET,    "/api/v1/webhooks",                         TARGET_NOTHING,     "",                         any_200         },
    {PETITION_POST,   "/api/v1/webhooks",                         TARGET_REGON,
     "{\"url\":\"https://fk.example.test/\",\"events\":[\"submission.accepted\"]",                                place_201       },
    {PETITION_DELETE, "/api/v1/webhooks/{id}",                    TARGET_EXEMPTION,   "",                         place_204       },
    {PETITION_POST,   "/api/v1/webhooks/{id}/secret",             TARGET_EXEMPTION,   "",                         place_201       },
    {PETITION_POST,   "/api/v1/webhooks/{id}/activation",         TARGET_EXEMPTION,   "",                         place_200       },
    {PETITION_GET,    "/api/v1/webhooks/{id}/deliveries",         TARGET_EXEMPTION,   "",                         place_200       },
    {PETITION_POST,   "/api/v1/deliveries/{id}/redelivery",       TARGET_EXEMPTION,   "",                         place_204       },
    {PETITION_GET,    "/api/v1/rule-objections",                  TARGET_NOTHING,     "",                         any_200         },
    {PETITION_GET,    "/api/v1/rule-objections/{id}",             TARGET_OBJECTION,   "",                         place_200       },
    {PETITION_PUT,    "/api/v1/rule-objections/{id}",             TARGET_OBJECTION,
     "{\"outcome\":\"declined\",\"reason\":\"x\"}",                                                               place_200       },
    {PETITION_GET,    "/api/v1/trail",                            TARGET_REGON,       "",                         place_200       },
    {PETITION_POST,   "/api/v1/units",                            TARGET_PARENT,
     "{\"regon\":\"990009000\",\"name\":\"Nowa\",\"type\":\"JB\",\"kind\":\"jednostka-budzetowa\","
     "\"valid_from\":\"2026-01-01\"",                                                                             place_201       },
    {PETITION_GET,    "/api/v1/units/{regon}",                    TARGET_UNIT,        "",                         place_200       },
    {PETITION_PATCH,  "/api/v1/units/{regon}",                    TARGET_KEPT,
     "{\"valid_to\":\"2199-12-31\",\"basis\":\"uchwała nr 7\"}",                                                 place_200       },
    {PETITION_POST,   "/api/v1/units/{regon}/services/ending",    TARGET_KEPT,
     "{\"provider\":\"990000039\",\"valid_to\":\"2026-12-31\",\"basis\":\"nr 8\"}",                               place_200       },
    {PETITION_GET,    "/api/v1/units/{regon}/traits",             TARGET_UNIT,        "",                         place_200       },
    {PETITION_POST,   "/api/v1/units/{regon}/traits",             TARGET_KEPT,
     "{\"trait\":\"zadania-zlecone\",\"valid_from\":\"2026-01-01\",\"basis\":\"nr 9\"}",                          place_201       },
    {PETITION_POST,   "/api/v1/units/{regon}/traits/ending",      TARGET_KEPT,
     "{\"trait\":\"rachunek-223\",\"valid_to\":\"2026-12-31\",\"basis\":\"nr 9\"}",                               place_200       },
    {PETITION_POST,   "/api/v1/units/{regon}/changes",            TARGET_KEPT,
     "{\"jop\":\"42\",\"since\":\"2026-01-01\",\"basis\":\"nr 8\"}",                                              place_200       },
    {PETITION_POST,   "/api/v1/units/{regon}/succession",         TARGET_KEPT,
     "{\"successor\":\"990001062\",\"kind\":\"merge\",\"day\":\"2026-01-01\",\"basis\":\"nr 8\"}",                place_201       },
    {PETITION_POST,   "/api/v1/units/{regon}/services",           TARGET_UNIT,
     "{\"provider\":\"990001062\",\"valid_from\":\"2026-01-01\",\"basis\":\"uchwała nr 8\"}",                    place_201       },
};

static const struct recipe *
recipe_of(const struct endpoint *endpoint)
{
    for (size_t i = 0; i < ARRAY_COUNT(recipes); i++) {
        if (recipes[i].method == endpoint->method && strcmp(recipes[i].path, endpoint->path) == 0) {
            return &recipes[i];
        }
    }
    return NULL;
}

static const char *
name_of(const struct cell *cell)
{
    return str_format(town.arena, "%s %s as %s with %s, giving %s",
                      petition_method_name(cell->endpoint->method), cell->endpoint->path,
                      permission_role_word(cell->role), permission_relation_word(cell->relation),
                      permission_role_word(cell->given))
        .data;
}

/* What the cells before have changed is as it was. */
static void
restore(void)
{
    town_run(&town,
             "ALTER TABLE people.appointment DISABLE TRIGGER guard;"
             "UPDATE people.appointment SET ended_at = NULL, valid_to = NULL, revision = 1"
             " WHERE ended_at IS NOT NULL OR valid_to IS NOT NULL;"
             "ALTER TABLE people.appointment ENABLE TRIGGER guard;"
             "UPDATE registry.credential SET revoked_at = NULL WHERE revoked_at IS NOT NULL;"
             "UPDATE people.session s SET ended_at = NULL, digest = sha256(rpad(r.role, 43, "
             "'-')::bytea),"
             " appointment = md5('a' || r.role)::uuid FROM people.role r"
             " WHERE s.person = md5(r.role)::uuid;"
             "ALTER TABLE registry.unit DISABLE TRIGGER USER;"
             "ALTER TABLE registry.service DISABLE TRIGGER USER;"
             "DELETE FROM registry.unit WHERE unit > 8;"
             "DELETE FROM registry.service WHERE provider = 8;"
             "UPDATE registry.unit SET valid_to = NULL, jop = '', since = valid_from"
             " WHERE valid_to IS NOT NULL OR jop <> '';"
             "UPDATE registry.service SET valid_to = NULL WHERE valid_to IS NOT NULL;"
             "ALTER TABLE registry.unit ENABLE TRIGGER USER;"
             "ALTER TABLE registry.service ENABLE TRIGGER USER;"
             "SET session_replication_role = replica;"
             "DELETE FROM registry.succession;"
             "DELETE FROM registry.unit_trait;"
             "INSERT INTO registry.unit_trait (unit, trait, valid_from)"
             " SELECT unit, 'rachunek-223', '2020-01-01' FROM registry.unit;"
             "DELETE FROM registry.unit_history;"
             "DELETE FROM obligation.nothing_to_report;"
             "DELETE FROM obligation.filed_elsewhere WHERE elsewhere < 1000;"
             "DELETE FROM obligation.exemption WHERE exemption < 1000;"
             "DELETE FROM obligation.internal_due;"
             "DELETE FROM obligation.revocation;"
             "DELETE FROM intake.objection_answer;"
             "DELETE FROM courier.secret;"
             "DELETE FROM courier.endpoint WHERE endpoint < 1000;"
             "UPDATE courier.endpoint SET removed_at = NULL WHERE removed_at IS NOT NULL;"
             "SET session_replication_role = DEFAULT;"
             "SELECT obligation.apply(ARRAY(SELECT duty FROM obligation.duty));"
             "TRUNCATE people.invitation, people.attempt;"
             "INSERT INTO people.invitation (invitation, digest, email, name, role, unit,"
             " valid_from, expires_at) SELECT md5('i' || unit)::uuid, sha256(regon::bytea),"
             " 'z@example.test', 'Z', 'supervisor', unit, '2026-01-01', now() + interval '1 day'"
             " FROM registry.unit");
}

/* Of duties and what was entered about them: numbers of the town. */
static const char *
number_of(const struct cell *cell, enum target target)
{
    if (target == TARGET_OBJECTION) {
        return str_equal(cell->office, STR(TOWN_OWN_OFFICE))     ? "1"
               : str_equal(cell->office, STR(TOWN_OTHER_OFFICE)) ? "2"
                                                                 : "424242";
    }
    int64_t number = cell->unit
                     + (target == TARGET_DUTY      ? 0
                        : target == TARGET_ENTERED ? 100
                                                   : 1000);

    return cell->unit == 0 ? "424242" : str_format(town.arena, "%lld", (long long)number).data;
}

static const char *
id_of(const struct cell *cell, enum target target)
{
    struct str place = cell->office.size > 0
                           ? str_format(town.arena, "office = '%.*s'", STR_ARG(cell->office))
                           : str_format(town.arena, "unit = %lld", (long long)cell->unit);
    struct str sql = {0};

    if (target >= TARGET_DUTY) {
        return number_of(cell, target);
    }
    if (target == TARGET_TOKEN) {
        sql = str_format(town.arena,
                         "SELECT min(credential) FROM registry.credential WHERE %s AND label = ''",
                         place.data);
    } else if (target == TARGET_INVITATION) {
        sql =
            str_format(town.arena, "SELECT invitation FROM people.invitation WHERE %s", place.data);
    } else {
        sql = str_format(town.arena,
                         "SELECT appointment FROM people.appointment a JOIN people.person p USING"
                         " (person) WHERE %s AND role IN ('supervisor', 'reviewer')"
                         " AND p.confirmed_at IS NULL",
                         place.data);
    }
    const char *id = is_there(cell) ? town_ask(&town, sql.data) : "";
    return id[0] != '\0'            ? id
           : target == TARGET_TOKEN ? "424242"
                                    : "00000000-0000-4000-8000-000000000000";
}

static const char *
regon_of(const struct cell *cell)
{
    struct str sql = str_format(town.arena, "SELECT regon FROM registry.unit WHERE unit = %lld",
                                (long long)cell->unit);

    return cell->unit == 0 ? "999999999" : town_ask(&town, sql.data);
}

/* The path with the id in place of its brace, or with the unit behind it. */
static const char *
address_of(const struct cell *cell, const struct recipe *recipe)
{
    if (recipe->target >= TARGET_APPOINTMENT) {
        const char *brace = strchr(recipe->path, '{');
        return str_format(town.arena, "%.*s%s%s", (int)(brace - recipe->path), recipe->path,
                          id_of(cell, recipe->target), strchr(brace, '}') + 1)
            .data;
    }
    if (recipe->target == TARGET_UNIT || recipe->target == TARGET_KEPT) {
        const char *brace = strchr(recipe->path, '{');
        return str_format(town.arena, "%.*s%s%s", (int)(brace - recipe->path), recipe->path,
                          regon_of(cell), strchr(brace, '}') + 1)
            .data;
    }
    if (recipe->target == TARGET_REGON && recipe->method == PETITION_GET
        && cell->office.size == 0) {
        return str_format(town.arena, "%s?regon=%s", recipe->path, regon_of(cell)).data;
    }
    return recipe->path;
}

static const char *
body_of(const struct cell *cell, const struct recipe *recipe)
{
    bool is_invitation = strcmp(recipe->path, "/api/v1/invitations") == 0;

    if (recipe->target == TARGET_PARENT) {
        return str_format(town.arena, "%s,\"parent\":\"%s\"}", recipe->body, regon_of(cell)).data;
    }
    if (recipe->target != TARGET_REGON || recipe->method == PETITION_GET) {
        return recipe->body;
    }
    bool       nowhere = is_invitation ? cell->unit == 0 : cell->office.size > 0;
    struct str place = cell->office.size > 0 && is_invitation
                           ? str_format(town.arena, "\"office\":\"%.*s\"", STR_ARG(cell->office))
                       : nowhere ? STR("\"regon\":null")
                                 : str_format(town.arena, "\"regon\":\"%s\"", regon_of(cell));
    if (strcmp(recipe->path, "/api/v1/webhooks") == 0) {
        return str_format(town.arena, "%s,%.*s}", recipe->body, STR_ARG(place)).data;
    }
    struct str rest =
        is_invitation ? str_format(town.arena, "\"role\":\"%s\"", permission_role_word(cell->given))
                      : str_format(town.arena, "\"expires_on\":\"%s\"",
                                   town_ask(&town, "SELECT current_date + 30"));
    return str_format(town.arena, "%s,%s,%s}", recipe->body, place.data, rest.data).data;
}

/* What openapi.json says of an answer of this status; NULL: nothing. */
static json_t *
response_of(const struct endpoint *endpoint, int status)
{
    char        name[8];
    char        text[16];
    const char *method = petition_method_name(endpoint->method);
    size_t      i = 0;

    for (; method[i] != '\0'; i++) {
        name[i] = (char)(method[i] - 'A' + 'a');
    }
    name[i] = '\0';
    (void)snprintf(text, sizeof text, "%d", status);
    json_t *path = json_object_get(json_object_get(openapi, "paths"), endpoint->path);
    return json_object_get(json_object_get(json_object_get(path, name), "responses"), text);
}

/* The schema of an answer of JSON, its reference followed. */
static json_t *
schema_of(json_t *response)
{
    json_t     *content = json_object_get(response, "content");
    json_t     *schema = json_object_get(json_object_get(content, "application/json"), "schema");
    const char *ref = json_string_value(json_object_get(schema, "$ref"));
    json_t     *all = json_object_get(json_object_get(openapi, "components"), "schemas");

    return ref == NULL ? NULL : json_object_get(all, strrchr(ref, '/') + 1);
}

/* Every member of an answer is described, every required one is there. */
static void
check_described(const struct cell *cell, const struct reply *reply)
{
    json_t     *response = response_of(cell->endpoint, reply->status);
    json_t     *schema = schema_of(response);
    json_t     *value = json_loadb(reply->body.data, reply->body.size, 0, NULL);
    const char *key = NULL;
    json_t     *item = NULL;

    EXPECT(response != NULL, name_of(cell));
    if (schema != NULL) {
        json_object_foreach(value, key, item)
        {
            EXPECT(json_object_get(json_object_get(schema, "properties"), key) != NULL, key);
        }
        size_t index = 0;
        json_array_foreach(json_object_get(schema, "required"), index, item)
        {
            EXPECT(json_object_get(value, json_string_value(item)) != NULL, name_of(cell));
        }
    }
    EXPECT((schema != NULL) == (reply->status == 200 || reply->status == 201), name_of(cell));
    json_decref(value);
}

/* What a page of ours would have read before. */
static struct str
tag_of(const struct cell *cell, const struct recipe *recipe)
{
    bool entered = recipe->target == TARGET_UNIT || recipe->target > TARGET_DUTY;

    if (recipe->target == TARGET_OBJECTION) {
        return STR("\"0\"");
    }
    if (recipe->target != TARGET_KEPT) {
        return entered ? STR("\"2\"") : STR("\"1\"");
    }
    struct str sql =
        str_format(town.arena, "SELECT registry.revision_of(%lld)", (long long)cell->unit);
    return str_format(town.arena, "\"%s\"", town_ask(&town, sql.data));
}

static size_t tried;
static size_t wrong; /* all of them are told */

/* What a token opens at the desk. */
static bool
is_for_programs(const struct endpoint *endpoint)
{
    return strncmp(endpoint->path, "/api/v1/units", strlen("/api/v1/units")) == 0
           && strstr(endpoint->path, "exemptions") == NULL
           && strstr(endpoint->path, "internal-dues") == NULL
           && strstr(endpoint->path, "obligation-entries") == NULL;
}

static void
try_cell(const struct cell *cell, const struct recipe *recipe)
{
    const char *word =
        cell->role == PERMISSION_ROLE_PUBLIC ? NULL : permission_role_word(cell->role);
    bool open = permission_ever(PERMISSION_ROLE_PUBLIC, cell->endpoint->action);
    int  want = word == NULL && !open                                        ? 401
                : cell->program && !open && !is_for_programs(cell->endpoint) ? 403
                                                                             : recipe->want(cell);

    struct petition petition = counter_petition(&counter, recipe->method, address_of(cell, recipe),
                                                word, body_of(cell, recipe));
    petition.if_match = tag_of(cell, recipe);
    if (cell->program) {
        counter_bear(&counter, &petition, town_token(&town, "program"));
    }
    struct reply reply = counter_send(&counter, &petition);
    if (reply.status != want) {
        print_message("%s: %d, not %d: %.*s\n", name_of(cell), reply.status, want,
                      STR_ARG(reply.body));
        wrong++;
    }
    /* A refusal says nothing of what it refuses, and nothing is answered that is not ours. */
    EXPECT(want < 400 || !counter_says(&reply, "Obca"), name_of(cell));
    EXPECT(str_equal(reply.content_type, reply.status >= 400   ? STR("application/problem+json")
                                         : reply.status == 204 ? STR("")
                                                               : STR("application/json")),
           name_of(cell));
    EXPECT(counter_says(&reply, "Cache-Control: no-store"), name_of(cell));
    check_described(cell, &reply);
    tried++;
    if (recipe->method != PETITION_GET && (want < 400 || want == 401)) {
        restore();
    }
}

/* A role is given where it is held: reviewers at offices, operators nowhere. */
static void
try_gifts(struct cell *cell, const struct recipe *recipe)
{
    const struct cell place = *cell;

    for (int given = PERMISSION_ROLE_PUBLIC + 1; given < PERMISSION_ROLE_COUNT; given++) {
        bool of_office = given == PERMISSION_ROLE_REVIEWER || given == PERMISSION_ROLE_RULE_OWNER;
        bool of_gateway = given == PERMISSION_ROLE_OPERATOR || given == PERMISSION_ROLE_AUDITOR;
        *cell = place;
        cell->given = (enum permission_role)given;
        if (of_office && place.relation == PERMISSION_RELATION_FOREIGN) {
            cell->unit = 0;
            cell->office = STR(TOWN_OTHER_OFFICE);
        }
        bool fits =
            of_gateway ? !is_there(cell) : is_there(cell) && of_office == (cell->office.size > 0);
        if (fits) {
            try_cell(cell, recipe);
        }
    }
}

static void
try_relation(const struct endpoint *endpoint, const struct recipe *recipe,
             enum permission_role role, enum permission_relation relation)
{
    struct cell cell = {.endpoint = endpoint, .role = role, .relation = relation};
    bool        exists = town_place(role, relation, &cell.unit, &cell.office);

    if (recipe->target == TARGET_NOTHING && relation != PERMISSION_RELATION_NONE) {
        return;
    }
    if (recipe->target == TARGET_OWN && relation != PERMISSION_RELATION_OWN) {
        return;
    }
    if (!exists && recipe->target != TARGET_OWN) {
        return;
    }
    if (recipe->want == invited_201) {
        try_gifts(&cell, recipe);
    } else {
        try_cell(&cell, recipe);
    }
}

static void
every_cell_is_answered_as_the_table_says(void **state)
{
    (void)state;
    restore();
    for (size_t i = 0; i < endpoint_count(); i++) {
        const struct endpoint *endpoint = endpoint_at(i);
        const struct recipe   *recipe = recipe_of(endpoint);
        EXPECT(recipe != NULL, endpoint->path);
        for (int role = 0; role < PERMISSION_ROLE_COUNT; role++) {
            for (int relation = 0; relation < PERMISSION_RELATION_COUNT; relation++) {
                try_relation(endpoint, recipe, (enum permission_role)role,
                             (enum permission_relation)relation);
            }
        }
    }
    print_message("%zu cells\n", tried);
    assert_int_equal(wrong, 0);
    assert_int_equal(endpoint_count(), ARRAY_COUNT(recipes));
}

/* A program that keeps units may do with them what who made it may, and nothing else at the desk.
 */
static void
programs_keep_units_as_their_makers_and_nothing_else(void **state)
{
    size_t before = tried;

    (void)state;
    restore();
    for (size_t i = 0; i < endpoint_count(); i++) {
        const struct endpoint *endpoint = endpoint_at(i);
        const struct recipe   *recipe = recipe_of(endpoint);
        for (int relation = 0; relation < PERMISSION_RELATION_COUNT; relation++) {
            struct cell cell = {.endpoint = endpoint,
                                .role = PERMISSION_ROLE_SUPERVISOR,
                                .relation = (enum permission_relation)relation,
                                .given = PERMISSION_ROLE_HEAD,
                                .program = true};
            bool        placed = recipe->target != TARGET_NOTHING && recipe->target != TARGET_OWN;
            bool        exists = town_place(cell.role, cell.relation, &cell.unit, &cell.office);
            bool        self_exists = !placed && relation == PERMISSION_RELATION_NONE;
            if ((placed && exists) || self_exists) {
                try_cell(&cell, recipe);
            }
        }
    }
    print_message("%zu cells of programs\n", tried - before);
    assert_int_equal(wrong, 0);
    assert_true(tried - before > 150);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_is_answered_as_the_table_says),
        cmocka_unit_test(programs_keep_units_as_their_makers_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
