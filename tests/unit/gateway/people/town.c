#include "tests/unit/gateway/people/town.h"

#include "gateway/fingerprint/fingerprint.h"
#include "gateway/people/secret.h"

#include <string.h>

enum { ARENA_MAX = 64 * 1024 * 1024 };

/* Persons are made of their role's word, so that a row names itself. */
static const char town_sql[] =
    "INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt, type, kind, name, parent, valid_from)"
    " VALUES ('990000016', '02', '01', '02', '2', '0', 'ZB-TEST', 'jst', 'Gmina', NULL,"
    " '2020-01-01'),"
    " ('990000022', '02', '01', '02', '2', '0', 'JB', 'cuw', 'CUW', 1, '2020-01-01'),"
    " ('990001010', '02', '01', '02', '2', '0', 'JB', 'jednostka-budzetowa', 'Szkoła', 2,"
    " '2020-01-01'),"
    " ('990001027', '02', '01', '02', '2', '0', 'JB', 'jednostka-budzetowa', 'Dom kultury', 1,"
    " '2020-01-01'),"
    " ('990000039', '16', '01', '03', '2', '0', 'ZB-TEST', 'jst', 'Obca gmina', NULL,"
    " '2020-01-01'),"
    " ('990001040', '16', '01', '03', '2', '0', 'JB', 'jednostka-budzetowa', 'Obsługiwana', 5,"
    " '2020-01-01'),"
    " ('990001056', '16', '01', '03', '2', '0', 'JB', 'jednostka-budzetowa', 'Obca szkoła', 5,"
    " '2020-01-01'),"
    " ('990001062', '02', '01', '02', '2', '0', 'JB', 'jednostka-budzetowa', 'Wolna', 2,"
    " '2020-01-01');"
    "INSERT INTO registry.service (unit, provider, valid_from) VALUES (6, 2, '2020-01-01');"
    "INSERT INTO registry.service (unit, provider, valid_from) SELECT unit, 5, '2020-01-01'"
    " FROM registry.unit WHERE unit <> 5;"
    "INSERT INTO registry.unit_office (unit, office, valid_from) VALUES"
    " (1, 'rio-wroclaw', '2020-01-01'), (5, 'rio-opole', '2020-01-01');"
    "INSERT INTO people.person (person, email, name, confirmed_at)"
    " SELECT md5(role)::uuid, role || '@example.test', 'Osoba ' || role, now() FROM people.role;"
    "INSERT INTO people.appointment (appointment, person, role, unit, office, valid_from)"
    " SELECT md5('a' || role)::uuid, md5(role)::uuid, role, CASE held_at WHEN 'unit' THEN 2 END,"
    " CASE held_at WHEN 'office' THEN 'rio-wroclaw' END, '2020-01-01' FROM people.role;"
    "INSERT INTO people.session (digest, person, appointment, provider, expires_at)"
    " SELECT sha256(rpad(role, 43, '-')::bytea), md5(role)::uuid, md5('a' || role)::uuid, "
    "'password',"
    " now() + interval '1 hour' FROM people.role;";

/* What there is to be seen at every place: a head, a supervisor, a token, a report. */
static const char places_sql[] =
    "INSERT INTO people.person (person, email, name) SELECT md5('p' || unit)::uuid,"
    " 'p' || unit || '@example.test', 'Osoba ' || unit FROM registry.unit"
    " UNION ALL SELECT md5(office)::uuid, office || '@example.test', office FROM registry.office;"
    "INSERT INTO people.appointment (person, role, unit, valid_from)"
    " SELECT md5('p' || unit)::uuid, role, unit, '2020-01-01' FROM registry.unit,"
    " (VALUES ('head'), ('supervisor')) r (role) WHERE unit <> 8;"
    "INSERT INTO people.appointment (person, role, office, valid_from)"
    " SELECT md5(office)::uuid, 'reviewer', office, '2020-01-01' FROM registry.office;"
    "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, label, expires_at)"
    " SELECT unit, false, sha256(regon::bytea), 3, '', '2099-01-01' FROM registry.unit"
    " WHERE unit <> 8;"
    "INSERT INTO registry.credential (office, is_certificate, digest, scopes, label, expires_at)"
    " SELECT office, false, sha256(office::bytea), 2, '', '2099-01-01' FROM registry.office;"
    "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, label, made_in,"
    " expires_at) VALUES (2, false, sha256(rpad('program', 43, '-')::bytea), 8, 'program',"
    " md5('asupervisor')::uuid, now() + interval '1 day');"
    "INSERT INTO intake.report SELECT unit, md5('s' || unit)::uuid, 1, 0, unit, name, regon, type,"
    " wk, pk, gk, gt, pt, 'Rb-27s', 'RB27S', '1', '', 2026, 'Kwartal', 2, '2026-Q2', '2026-06-30',"
    " 'jednostkowe', '', 0, 1, '', sha256('x'), 0, 1, 1, now(), 1, NULL FROM registry.unit"
    " WHERE unit <> 8;"
    "SET session_replication_role = replica;"
    "UPDATE intake.report SET addressed_to = registry.recipient_bit('rio')::smallint;"
    "SET session_replication_role = DEFAULT;"
    "INSERT INTO intake.line (report, period_end, ordinal, a1)"
    " SELECT report, period_end, 0, 1 FROM intake.report;";

/* What is owed: duties n (RBN, nothing said of it yet) and 100 + n (RBZ, handed over elsewhere) of
 * unit n, all to its zarząd, its exemption 1000 + n from RBZ of another year, the webhook 1000 + n
 * and the message 1000 + n to it. */
static const char duties_sql[] =
    "INSERT INTO obligation.way (office) VALUES (NULL);"
    "INSERT INTO obligation.matter (form, form_title, level, year, period_type, period_number,"
    " period, period_end, opens_at) SELECT f, 'Formularz ' || f, 'jednostkowe', 2024, 'Kwartal', 4,"
    " '2024-Q4', '2024-12-31', '2025-01-01 00:00+01' FROM (VALUES ('RBN'), ('RBZ')) x (f);"
    "INSERT INTO obligation.term (calendar, matter, kind, jst_types, recipient, recipient_title,"
    " rule, nominal_on, due_on, due_before, empty_allowed, nothing_allowed, model, basis)"
    " SELECT '1', m.matter, k, 0, 'zarzad-jst', 'zarząd JST', 'd+10', '2025-01-10', '2025-01-10',"
    " '2025-01-11 00:00+01', false, true, false, 'rozporządzenie' FROM obligation.matter m,"
    " (VALUES ('jst'), ('cuw'), ('jednostka-budzetowa')) x (k);"
    "INSERT INTO obligation.duty (duty, unit, jst, matter, term, way, due_before, powiat)"
    " OVERRIDING SYSTEM VALUE SELECT u.unit + 100 * (m.matter - 1), u.unit,"
    " CASE WHEN u.unit BETWEEN 5 AND 7 THEN 5 ELSE 1 END, m.matter, t.term, 1, t.due_before,"
    " u.wk || u.pk FROM registry.unit u, obligation.matter m JOIN obligation.term t"
    " ON t.matter = m.matter WHERE t.kind = u.kind;"
    "INSERT INTO obligation.filed_elsewhere (elsewhere, duty, filed_on, place, basis, entered_by)"
    " OVERRIDING SYSTEM VALUE SELECT 1000 + d.unit, d.duty, '2025-01-09', 'BeSTi@', 'pismo', 'X'"
    " FROM obligation.duty d WHERE d.duty > 100;"
    "INSERT INTO obligation.exemption (exemption, unit, form, first_end, last_end, basis,"
    " entered_by) OVERRIDING SYSTEM VALUE SELECT 1000 + unit, unit, 'RBZ', '2020-01-01',"
    " '2020-12-31', 'ustawa', 'X' FROM registry.unit;"
    "SELECT obligation.apply(ARRAY(SELECT duty FROM obligation.duty));"
    "INSERT INTO courier.endpoint (endpoint, unit, url, events, label) OVERRIDING SYSTEM VALUE"
    " SELECT 1000 + unit, unit, 'https://fk.example.test/' || unit, '{submission.accepted}', ''"
    " FROM registry.unit;"
    "INSERT INTO courier.delivery (delivery, endpoint, webhook_id, type, body) OVERRIDING SYSTEM"
    " VALUE SELECT endpoint, endpoint, 'msg_' || endpoint, 'submission.accepted', '{}'"
    " FROM courier.endpoint;";

void
town_begin(struct town *town, struct cluster *cluster, const char *name)
{
    struct store_address address = cluster_database(cluster, name);

    *town = (struct town){.cluster = cluster, .arena = arena_create(ARENA_MAX), .database = name};
    town_run(town, town_sql);
    town_run(town, places_sql);
    town_run(town, duties_sql);
    ENSURE(store_open(town->arena, &address, STORE_DESK, &town->desk, &town->fault) == ERR_OK);
    ENSURE(store_open(town->arena, &address, STORE_READER, &town->reader, &town->fault) == ERR_OK);
}

void
town_end(struct town *town)
{
    arena_destroy(town->arena);
}

void
town_run(const struct town *town, const char *sql)
{
    cluster_run(town->cluster, town->database, sql);
}

const char *
town_ask(const struct town *town, const char *sql)
{
    struct str answer = cluster_ask(town->cluster, town->arena, town->database, sql);

    return answer.data == NULL ? "" : answer.data;
}

struct str
town_token(const struct town *town, const char *word)
{
    size_t length = strlen(word);
    char  *text = ARENA_NEW(town->arena, char, SECRET_TEXT_SIZE + 1);

    ENSURE(text != NULL && length <= SECRET_TEXT_SIZE);
    for (size_t i = 0; i < SECRET_TEXT_SIZE; i++) {
        text[i] = (char)(i < length ? word[i] : '-');
    }
    return (struct str){text, SECRET_TEXT_SIZE};
}

const unsigned char *
town_digest(const struct town *town, const char *word)
{
    unsigned char *digest = ARENA_NEW(town->arena, unsigned char, FINGERPRINT_SIZE);
    struct fault   fault = {0};

    ENSURE(digest != NULL && fingerprint_of(town_token(town, word), digest, &fault) == ERR_OK);
    return digest;
}

bool
town_place(enum permission_role role, enum permission_relation relation, int64_t *unit,
           struct str *office)
{
    static const int64_t of_units[PERMISSION_RELATION_COUNT] = {
        [PERMISSION_RELATION_OWN] = TOWN_MIDDLE,    [PERMISSION_RELATION_CHILD] = TOWN_CHILD,
        [PERMISSION_RELATION_SERVED] = TOWN_SERVED, [PERMISSION_RELATION_SIBLING] = TOWN_SIBLING,
        [PERMISSION_RELATION_PARENT] = TOWN_TOP,    [PERMISSION_RELATION_FOREIGN] = TOWN_FOREIGN,
    };
    bool of_office = role == PERMISSION_ROLE_REVIEWER || role == PERMISSION_ROLE_RULE_OWNER;
    bool of_gateway = role == PERMISSION_ROLE_OPERATOR || role == PERMISSION_ROLE_AUDITOR
                      || role == PERMISSION_ROLE_PUBLIC;

    *unit = 0;
    *office = (struct str){0};
    if (relation == PERMISSION_RELATION_NONE) {
        return true;
    }
    if (of_gateway) {
        *unit = TOWN_FOREIGN;
        return relation == PERMISSION_RELATION_FOREIGN;
    }
    if (!of_office) {
        *unit = of_units[relation];
        return *unit != 0;
    }
    if (relation == PERMISSION_RELATION_OWN) {
        *office = STR(TOWN_OWN_OFFICE);
        return true;
    }
    *unit = relation == PERMISSION_RELATION_ADDRESSED ? TOWN_CHILD : TOWN_FOREIGN;
    return relation == PERMISSION_RELATION_ADDRESSED || relation == PERMISSION_RELATION_FOREIGN;
}

const char *
town_person(const struct town *town, enum permission_role role)
{
    struct str sql = str_format(town->arena, "SELECT md5('%s')::uuid", permission_role_word(role));

    return town_ask(town, sql.data);
}
