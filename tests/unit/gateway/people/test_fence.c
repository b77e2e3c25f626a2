#include "gateway/people/people_session.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/people/town.h"

#include <string.h>

/*
 * The second fence alone: every role tries, with SQL of its own and no check of ours, every action
 * at every relation. What goes must be what the table of permissions says, cell by cell.
 */
static struct cluster *cluster;
static struct town     town;

static int
start(void **state)
{
    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    town_begin(&town, cluster, "fence");
    town_run(&town, "SET session_replication_role = replica;"
                    "INSERT INTO registry.unit_trait (unit, trait, valid_from)"
                    " SELECT unit, 'rachunek-223', '2020-01-01' FROM registry.unit");
    town_run(&town, TOWN_OBJECTIONS_SQL);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    town_end(&town);
    cluster_stop(cluster);
    return 0;
}

/* What an action is in SQL: $1 the unit or NULL, $2 the office or NULL. It went when a row comes
 * back. */
static const struct {
    enum permission_action action;
    const char            *sql;
} deeds[] = {
    {PERMISSION_ACTION_READ_PEOPLE,
     "SELECT 1 FROM people.appointment a JOIN people.person USING (person)"
     " WHERE a.unit IS NOT DISTINCT FROM $1 AND a.office IS NOT DISTINCT FROM $2"
     " AND a.person <> people.me()"                                                                                                  },
    {PERMISSION_ACTION_KEEP_TOKENS,
     "UPDATE registry.credential SET revoked_at = now() WHERE unit IS NOT DISTINCT FROM $1"
     " AND office IS NOT DISTINCT FROM $2 AND (unit, office) IS DISTINCT FROM (NULL, NULL)"
     " RETURNING 1"                                                                                                                  },
    {PERMISSION_ACTION_KEEP_TOKENS,
     "INSERT INTO registry.credential (unit, office, is_certificate, digest, scopes, label,"
     " made_in, expires_at) VALUES ($1, $2, false, sha256('new'), 2, '',"
     " people.my_appointment(), now() + interval '1 day') RETURNING 1"                                                               },
    {PERMISSION_ACTION_ADD_UNIT,
     "INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt, type, kind, name, parent, valid_from)"
     " SELECT '990001079', '02', '01', '02', '2', '0', 'JB', 'jednostka-budzetowa', 'Nowa', $1,"
     " '2026-01-01' WHERE $2 IS NULL RETURNING 1"                                                                                    },
    {PERMISSION_ACTION_KEEP_UNIT,
     "UPDATE registry.unit SET valid_to = '2026-12-31' WHERE unit = $1 AND $2 IS NULL"
     " RETURNING 1"                                                                                                                  },
    {PERMISSION_ACTION_KEEP_UNIT,
     "UPDATE registry.unit SET name = 'Inna', kind = 'cuw', nip = NULL WHERE unit = $1"
     " AND $2 IS NULL RETURNING 1"                                                                                                   },
    {PERMISSION_ACTION_KEEP_UNIT,
     "INSERT INTO registry.succession (predecessor, successor, kind, day, basis)"
     " SELECT $1, CASE people.my_role() WHEN 'supervisor' THEN 8 ELSE 7 END, 'merge',"
     " '2026-01-01', 'x' WHERE $2 IS NULL RETURNING 1"                                                                               },
    {PERMISSION_ACTION_GIVE_BOOKS,       "INSERT INTO registry.service (unit, provider, valid_from)"
                                   " SELECT $1, 8, '2026-01-01' WHERE $2 IS NULL RETURNING 1"      },
    {PERMISSION_ACTION_KEEP_TRAITS,
     "INSERT INTO registry.unit_trait (unit, trait, valid_from)"
     " SELECT $1, 'zadania-zlecone', '2026-01-01' WHERE $2 IS NULL RETURNING 1"                                                      },
    {PERMISSION_ACTION_KEEP_TRAITS,
     "UPDATE registry.unit_trait SET valid_to = '2026-12-31' WHERE unit = $1 AND $2 IS NULL"
     " AND trait = 'rachunek-223' RETURNING 1"                                                                                       },
    {PERMISSION_ACTION_READ_TRAIL,       "SELECT 1 FROM people.audit WHERE unit IS NOT DISTINCT FROM $1"
                                   " AND office IS NOT DISTINCT FROM $2"                           },
    {PERMISSION_ACTION_KEEP_WEBHOOKS,
     "SELECT 1 FROM courier.endpoint JOIN courier.delivery USING (endpoint)"
     " WHERE unit IS NOT DISTINCT FROM $1 AND $2 IS NULL"                                                                            },
    {PERMISSION_ACTION_KEEP_WEBHOOKS,    "INSERT INTO courier.endpoint (unit, url, events, label)"
                                      " SELECT $1, 'https://x.example.test', "
                                      "'{submission.accepted}', '' WHERE $2 IS NULL RETURNING 1"},
    {PERMISSION_ACTION_KEEP_WEBHOOKS,
     "UPDATE courier.endpoint SET removed_at = now() WHERE unit IS NOT DISTINCT FROM $1"
     " AND $2 IS NULL RETURNING 1"                                                                                                   },
    {PERMISSION_ACTION_KEEP_WEBHOOKS,
     "UPDATE courier.delivery SET next_at = now() WHERE delivery = 1000 + $1 AND $2 IS NULL"
     " RETURNING 1"                                                                                                                  },
    {PERMISSION_ACTION_KEEP_WEBHOOKS,
     "INSERT INTO courier.secret (endpoint, secret) SELECT 1000 + $1, sha256('x')"
     " WHERE $2 IS NULL RETURNING 1"                                                                                                 },
    {PERMISSION_ACTION_READ_DUTY,
     "SELECT 1 FROM obligation.duty WHERE unit IS NOT DISTINCT FROM $1 AND $2 IS NULL"                                               },
    {PERMISSION_ACTION_READ_DUTY,
     "SELECT 1 FROM obligation.entry WHERE unit IS NOT DISTINCT FROM $1 AND $2 IS NULL"
     " AND kind = 'exemption'"                                                                                                       },
    {PERMISSION_ACTION_READ_DUTY,
     "SELECT 1 FROM obligation.entry WHERE duty = 100 + $1 AND $2 IS NULL AND kind = 'elsewhere'"                                    },
    {PERMISSION_ACTION_DECLARE,
     "INSERT INTO obligation.nothing_to_report (duty, declared_at, basis, entered_by)"
     " SELECT $1, now(), 'x', people.me()::text WHERE $2 IS NULL RETURNING 1"                                                        },
    {PERMISSION_ACTION_DECLARE,
     "INSERT INTO obligation.filed_elsewhere (duty, filed_on, place, basis, entered_by)"
     " SELECT $1, '2025-01-08', 'x', 'x', people.me()::text WHERE $2 IS NULL RETURNING 1"                                            },
    {PERMISSION_ACTION_DECLARE,
     "INSERT INTO obligation.revocation (what, number, basis, entered_by)"
     " SELECT 'elsewhere', 1000 + $1, 'x', people.me()::text WHERE $2 IS NULL RETURNING 1"                                           },
    {PERMISSION_ACTION_EXEMPT,
     "INSERT INTO obligation.exemption (unit, form, first_end, basis, entered_by)"
     " SELECT $1, 'RBN', '2024-01-01', 'x', people.me()::text WHERE $2 IS NULL RETURNING 1"                                          },
    {PERMISSION_ACTION_EXEMPT,
     "INSERT INTO obligation.revocation (what, number, basis, entered_by)"
     " SELECT 'exemption', 1000 + $1, 'x', people.me()::text WHERE $2 IS NULL RETURNING 1"                                           },
    {PERMISSION_ACTION_SET_INTERNAL_DUE,
     "INSERT INTO obligation.internal_due (unit, form, period, due_on, basis, entered_by)"
     " SELECT $1, 'RBN', '2024-Q4', '2025-01-08', 'x', people.me()::text WHERE $2 IS NULL"
     " RETURNING 1"                                                                                                                  },
    {PERMISSION_ACTION_ANSWER_OBJECTION,
     "SELECT 1 FROM people.answer_objection(CASE $2 WHEN 'rio-wroclaw' THEN 1 WHEN 'rio-opole'"
     " THEN 2 ELSE 424242 END, 0, 'declined', '', '', 'x', false) a WHERE a.result = 'done'"
     " AND $1 IS NULL"                                                                                                               },
    {PERMISSION_ACTION_ANSWER_OBJECTION,
     "SELECT 1 FROM people.rule_objections(CASE $2 WHEN 'rio-wroclaw' THEN 1 WHEN 'rio-opole'"
     " THEN 2 ELSE 424242 END, 0, false, 1) o WHERE $1 IS NULL"                                                                      },
    {PERMISSION_ACTION_DELEGATE,
     "INSERT INTO people.invitation (digest, email, name, role, unit, office, valid_from, valid_to,"
     " delegator, basis, made_by, expires_at) VALUES (sha256('d'), 'x@example.test', 'X',"
     " people.my_role(), $1, $2, '2026-01-01', '2026-12-31', people.my_appointment(), 'nr 7',"
     " people.me(), now() + interval '1 day') RETURNING 1"                                                                           },
};

static const char give_sql[] =
    "INSERT INTO people.invitation (digest, email, name, role, unit, office, valid_from, made_by,"
    " expires_at) VALUES (sha256('g'), 'x@example.test', 'X', $3, $1, $2, '2026-01-01',"
    " people.me(), now() + interval '1 day') RETURNING 1";

struct cell {
    enum permission_role     role;
    enum permission_action   action;
    enum permission_relation relation;
    int64_t                  unit; /* TOWN_MISSING: one that is not there */
    struct str               office;
};

static const char *
name_of(const struct cell *cell)
{
    return str_format(town.arena, "%s: %s, %s (unit %lld)", permission_role_word(cell->role),
                      permission_action_word(cell->action),
                      permission_relation_word(cell->relation), (long long)cell->unit)
        .data;
}

/* Enter as the role; the public has no session. */
static void
enter(enum permission_role role)
{
    struct people_session session = {0};
    const unsigned char  *digest = town_digest(&town, permission_role_word(role));

    assert_int_equal(people_session_enter(town.desk, town.arena, digest, &session, &town.fault),
                     ERR_OK);
    EXPECT(session.role == role, permission_role_word(role));
}

static bool
goes(struct store *store, const struct cell *cell, const char *sql, const char *word)
{
    struct store_parameters parameters = store_parameters_create(town.arena);

    if (cell->unit == 0) {
        store_put_null(&parameters, STORE_NUMBER);
    } else {
        store_put_number(&parameters, cell->unit);
    }
    store_put_text(&parameters, cell->office.size == 0 ? (struct str){0} : cell->office);
    if (word != NULL) {
        store_put_text(&parameters, str_of(word));
    }
    struct store_rows rows = {0};
    enum err          got = store_run(store, sql, &parameters, town.arena, &rows, &town.fault);

    EXPECT(got == ERR_OK || got == ERR_STORE || got == ERR_STORE_UNFIT, name_of(cell));
    return got == ERR_OK && store_row_count(&rows) > 0;
}

static void
try_cell(const struct cell *cell, const char *sql, const char *word)
{
    bool want = permission_holds(cell->role, cell->action, cell->relation);

    assert_int_equal(store_begin(town.desk, &town.fault), ERR_OK);
    enter(cell->role);
    bool got = goes(town.desk, cell, sql, word);
    store_rollback(town.desk);
    if (got != want) {
        print_message("%s: %s\n", name_of(cell), got ? "LEAK" : "refused");
    }
    EXPECT(got == want, name_of(cell));
}

/* A role may be given only where it is held: an office has no head. */
static bool
is_held_at(enum permission_role given, const struct cell *cell)
{
    bool office = given == PERMISSION_ROLE_REVIEWER || given == PERMISSION_ROLE_RULE_OWNER;
    bool gateway = given == PERMISSION_ROLE_OPERATOR || given == PERMISSION_ROLE_AUDITOR;

    return gateway  ? cell->unit == 0 && cell->office.size == 0
           : office ? cell->office.size > 0
                    : cell->unit != 0;
}

static void
try_gifts(struct cell cell)
{
    for (int given = PERMISSION_ROLE_PUBLIC + 1; given < PERMISSION_ROLE_COUNT; given++) {
        struct cell gift = cell;
        assert_true(permission_gift((enum permission_role)given, &gift.action));
        if (cell.role == PERMISSION_ROLE_OPERATOR && cell.relation == PERMISSION_RELATION_FOREIGN
            && (given == PERMISSION_ROLE_REVIEWER || given == PERMISSION_ROLE_RULE_OWNER)) {
            gift.unit = 0;
            gift.office = STR(TOWN_OTHER_OFFICE);
        }
        if (is_held_at((enum permission_role)given, &gift)) {
            try_cell(&gift, give_sql, permission_role_word((enum permission_role)given));
        }
    }
}

/* SELECTs of what belongs to no place find what the gateway's own people have. */
static bool
is_tried(const struct cell *cell)
{
    bool none = cell->relation == PERMISSION_RELATION_NONE;

    return !none || cell->action != PERMISSION_ACTION_DELEGATE;
}

static void
what_goes_in_sql_is_what_the_table_says(void **state)
{
    size_t tried = 0;

    (void)state;
    for (int role = 0; role < PERMISSION_ROLE_COUNT; role++) {
        for (int relation = 0; relation < PERMISSION_RELATION_COUNT; relation++) {
            struct cell cell = {.role = (enum permission_role)role,
                                .relation = (enum permission_relation)relation};
            if (!town_place(cell.role, cell.relation, &cell.unit, &cell.office)) {
                continue;
            }
            try_gifts(cell);
            for (size_t i = 0; i < ARRAY_COUNT(deeds); i++) {
                cell.action = deeds[i].action;
                if (is_tried(&cell)) {
                    try_cell(&cell, deeds[i].sql, NULL);
                    tried++;
                }
            }
        }
    }
    assert_true(tried > 300);
}

/* Reports, through the reader: nobody but who works for the unit, or whom it is addressed to. */
static void
reports_are_seen_as_the_table_says(void **state)
{
    static const char *const sources[] = {
        "SELECT 1 FROM intake.report WHERE unit = $1 AND $2 IS NULL",
        "SELECT 1 FROM intake.line JOIN intake.report USING (report) WHERE unit = $1"
        " AND $2 IS NULL",
    };

    (void)state;
    for (int role = PERMISSION_ROLE_PUBLIC + 1; role < PERMISSION_ROLE_COUNT; role++) {
        for (int relation = 0; relation < PERMISSION_RELATION_COUNT; relation++) {
            struct cell cell = {(enum permission_role)role,
                                PERMISSION_ACTION_READ_REPORT,
                                (enum permission_relation)relation,
                                0,
                                {0}};
            if (!town_place(cell.role, cell.relation, &cell.unit, &cell.office)
                || cell.office.size > 0) {
                continue;
            }
            struct str enter_sql = str_format(town.arena,
                                              "BEGIN READ ONLY; SELECT people.enter_as(true,"
                                              " sha256(rpad('%s', 43, '-')::bytea))",
                                              permission_role_word(cell.role));
            for (size_t i = 0; i < ARRAY_COUNT(sources); i++) {
                assert_int_equal(store_script(town.reader, enter_sql.data, &town.fault), ERR_OK);
                bool got = goes(town.reader, &cell, sources[i], NULL);
                store_rollback(town.reader);
                EXPECT(got == permission_holds(cell.role, cell.action, cell.relation),
                       name_of(&cell));
            }
        }
    }
}

static void
relation_is_the_one_that_the_units_stand_in(void **state)
{
    (void)state;
    for (int role = PERMISSION_ROLE_PUBLIC + 1; role < PERMISSION_ROLE_COUNT; role++) {
        for (int relation = 0; relation < PERMISSION_RELATION_COUNT; relation++) {
            struct cell              cell = {.role = (enum permission_role)role,
                                             .relation = (enum permission_relation)relation};
            enum permission_relation got = PERMISSION_RELATION_OWN;
            if (!town_place(cell.role, cell.relation, &cell.unit, &cell.office)) {
                continue;
            }
            assert_int_equal(store_begin(town.desk, &town.fault), ERR_OK);
            enter(cell.role);
            assert_int_equal(people_session_relation(town.desk, town.arena, cell.unit, cell.office,
                                                     &got, &town.fault),
                             ERR_OK);
            EXPECT(got == cell.relation, name_of(&cell));
            assert_int_equal(people_session_relation(town.desk, town.arena, TOWN_MISSING,
                                                     (struct str){0}, &got, &town.fault),
                             ERR_OK);
            EXPECT(got == PERMISSION_RELATION_NONE, name_of(&cell));
            store_rollback(town.desk);
        }
    }
}

static const char move_back_sql[] =
    "SET session_replication_role = replica; DELETE FROM registry.unit_history;"
    "UPDATE registry.unit SET parent = CASE unit WHEN 3 THEN 2 WHEN 7 THEN 5 END,"
    " since = valid_from WHERE unit IN (3, 5, 7)";

/* What is entered ahead holds from its day: until then a unit is kept by those whom it will leave,
 * and by nobody to whom it will go. */
static void
move_ahead_opens_and_takes_nothing(void **state)
{
    static const struct {
        const char *days; /* from today */
        const char *child;
        const char *foreign;
        const char *kept; /* of the two */
    } cases[] = {
        {"30",  "child",   "foreign", "3"},
        {"1",   "child",   "foreign", "3"},
        {"0",   "foreign", "child",   "7"},
        {"-30", "foreign", "child",   "7"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct store_rows rows = {0};
        struct str        move = str_format(town.arena,
                                            "UPDATE registry.unit SET parent = CASE unit WHEN 3 THEN 5"
                                                   " ELSE 2 END, since = registry.today() + %s"
                                                   " WHERE unit IN (3, 7)",
                                            cases[i].days);
        assert_int_equal(store_begin(town.desk, &town.fault), ERR_OK);
        town_run(&town, move.data);
        enter(PERMISSION_ROLE_SUPERVISOR);
        assert_int_equal(store_run(town.desk,
                                   "SELECT people.relation(3, NULL), people.relation(7, NULL),"
                                   " (SELECT string_agg(k::text, ' ') FROM"
                                   "  unnest(people.kept_units()) k WHERE k IN (3, 7)),"
                                   " people.keeps_unit(3, 5), people.keeps_unit(7, 2),"
                                   " people.keeps_unit(3, 2)",
                                   NULL, town.arena, &rows, &town.fault),
                         ERR_OK);
        bool is_ahead = strcmp(cases[i].kept, "3") == 0;
        EXPECT(str_equal(store_text(&rows, 0, 0), str_of(cases[i].child)), cases[i].days);
        EXPECT(str_equal(store_text(&rows, 0, 1), str_of(cases[i].foreign)), cases[i].days);
        EXPECT(str_equal(store_text(&rows, 0, 2), str_of(cases[i].kept)), cases[i].days);
        EXPECT(store_truth(&rows, 0, 3) == is_ahead, cases[i].days);
        EXPECT(store_truth(&rows, 0, 4) != is_ahead, cases[i].days);
        EXPECT(!store_truth(&rows, 0, 5), cases[i].days); /* nobody takes the move back */
        store_rollback(town.desk);
        town_run(&town, move_back_sql);
    }
}

/* By the supervisor of MIDDLE, as the desk's change does it, of what the operator has entered. */
static void
move_ahead_is_taken_back_by_nobody_whom_it_takes_from(void **state)
{
    static const struct {
        const char *ahead;
        const char *deed;
        bool        goes;
    } cases[] = {
        {"parent = 5 WHERE unit = 3",    "parent = 2 WHERE unit = 3",    false},
        {"parent = 5 WHERE unit = 3",    "parent = 8 WHERE unit = 3",    false},
        {"parent = 5 WHERE unit = 3",    "parent = NULL WHERE unit = 3", false},
        {"parent = NULL WHERE unit = 3", "parent = 8 WHERE unit = 3",    false},
        {"parent = 2 WHERE unit = 5",    "parent = 8 WHERE unit = 5",    false},
        {"parent = 2 WHERE unit = 5",    "name = 'Inna' WHERE unit = 5", false},
        {"parent = 2 WHERE unit = 7",    "name = 'Inna' WHERE unit = 7", false},
        {"parent = 8 WHERE unit = 3",    "parent = 5 WHERE unit = 3",    false},
        {"parent = 8 WHERE unit = 3",    "parent = 2 WHERE unit = 3",    true },
        {"parent = 5 WHERE unit = 3",    "name = 'Inna' WHERE unit = 3", true },
        {"parent = NULL WHERE unit = 3", "name = 'Inna' WHERE unit = 3", true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct store_rows rows = {0};
        struct str        word = str_format(town.arena, "%s; %s", cases[i].ahead, cases[i].deed);

        town_run(&town, str_format(town.arena,
                                   "UPDATE registry.unit SET since = registry.today() + 30, %s",
                                   cases[i].ahead)
                            .data);
        assert_int_equal(store_begin(town.desk, &town.fault), ERR_OK);
        enter(PERMISSION_ROLE_SUPERVISOR);
        assert_int_equal(store_run(town.desk, "SELECT set_config('brama.dated', 'on', true)", NULL,
                                   town.arena, NULL, &town.fault),
                         ERR_OK);
        enum err got = store_run(
            town.desk,
            str_format(town.arena, "UPDATE registry.unit SET %s RETURNING 1", cases[i].deed).data,
            NULL, town.arena, &rows, &town.fault);
        EXPECT((got == ERR_OK && store_row_count(&rows) == 1) == cases[i].goes, word.data);
        store_rollback(town.desk);
        town_run(&town, move_back_sql);
    }
}

/* Offices go by the last state that is entered, in the answer and in the rows alike. */
static void
move_ahead_is_its_new_office_s_at_once(void **state)
{
    static const char sql[] = "SELECT people.relation(3, NULL), people.relation(7, NULL)";
    static const char rows_sql[] =
        "SELECT string_agg(unit::text, ' ' ORDER BY unit) FROM intake.report WHERE unit IN (3, 7)";
    struct store_rows rows = {0};

    (void)state;
    town_run(&town, "UPDATE registry.unit SET parent = CASE unit WHEN 3 THEN 5 ELSE 2 END,"
                    " since = registry.today() + 30 WHERE unit IN (3, 7)");
    assert_int_equal(store_begin(town.desk, &town.fault), ERR_OK);
    enter(PERMISSION_ROLE_REVIEWER);
    assert_int_equal(store_run(town.desk, sql, NULL, town.arena, &rows, &town.fault), ERR_OK);
    assert_true(str_equal(store_text(&rows, 0, 0), STR("foreign")));
    assert_true(str_equal(store_text(&rows, 0, 1), STR("addressed")));
    store_rollback(town.desk);
    assert_int_equal(store_script(town.reader,
                                  "BEGIN READ ONLY; SELECT people.enter_as(true,"
                                  " sha256(rpad('reviewer', 43, '-')::bytea))",
                                  &town.fault),
                     ERR_OK);
    assert_int_equal(store_run(town.reader, rows_sql, NULL, town.arena, &rows, &town.fault),
                     ERR_OK);
    assert_true(str_equal(store_text(&rows, 0, 0), STR("7")));
    store_rollback(town.reader);
    town_run(&town, move_back_sql);
}

/* Without a transaction of its own, what was entered before is gone. */
static void
what_was_entered_ends_with_the_transaction(void **state)
{
    (void)state;
    assert_int_equal(store_begin(town.desk, &town.fault), ERR_OK);
    enter(PERMISSION_ROLE_SUPERVISOR);
    assert_int_equal(store_commit(town.desk, &town.fault), ERR_OK);
    struct cell cell = {PERMISSION_ROLE_SUPERVISOR,
                        PERMISSION_ACTION_READ_PEOPLE,
                        PERMISSION_RELATION_OWN,
                        TOWN_MIDDLE,
                        {0}};
    assert_false(goes(town.desk, &cell,
                      "SELECT 1 FROM people.appointment WHERE unit = $1 AND $2 IS NULL", NULL));
    assert_false(goes(town.desk, &cell,
                      "SELECT 1 FROM registry.credential WHERE unit = $1 AND $2 IS NULL", NULL));
}

/* What brama_desk may do with each table at all; with what is not listed, nothing. */
static void
desk_has_these_rights_and_no_others(void **state)
{
    static const char want[] =
        "courier.attempt S, courier.delivery Su, courier.endpoint Siu, courier.secret siu,"
        " courier.signing_key S, migration S, obligation.duty S, obligation.entry S, "
        "obligation.exemption Si,"
        " obligation.filed_elsewhere Si, obligation.internal_due Si, obligation.matter S,"
        " obligation.nothing_to_report Si, obligation.outage S, obligation.revocation Si,"
        " obligation.term S, obligation.way S, people.appointment Su, people.audit S, "
        "people.invitation Siu, people.person "
        "S,"
        " people.role S, registry.credential siu, registry.office S,"
        " registry.service Siu, registry.setting S, registry.succession Si, registry.trait S, "
        "registry.unit Siu,"
        " registry.unit_history S, registry.unit_kind S, registry.unit_office S, "
        "registry.unit_trait Siu";
    static const char sql[] =
        "SELECT string_agg(x.name || ' ' || x.rights, ', ' ORDER BY x.name COLLATE \"C\") FROM ("
        "SELECT c.oid::regclass::text AS name,"
        " CASE WHEN has_table_privilege('brama_desk', c.oid, 'SELECT') THEN 'S'"
        " WHEN has_any_column_privilege('brama_desk', c.oid, 'SELECT') THEN 's' ELSE '' END"
        " || CASE WHEN has_table_privilege('brama_desk', c.oid, 'INSERT') THEN 'I'"
        " WHEN has_any_column_privilege('brama_desk', c.oid, 'INSERT') THEN 'i' ELSE '' END"
        " || CASE WHEN has_table_privilege('brama_desk', c.oid, 'UPDATE') THEN 'U'"
        " WHEN has_any_column_privilege('brama_desk', c.oid, 'UPDATE') THEN 'u' ELSE '' END"
        " || CASE WHEN has_table_privilege('brama_desk', c.oid, 'DELETE') THEN 'D' ELSE '' END"
        " || CASE WHEN has_table_privilege('brama_desk', c.oid, 'TRUNCATE') THEN 'T' ELSE '' END"
        " AS rights FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('r', 'p', 'v') AND n.nspname NOT LIKE 'pg_%'"
        " AND n.nspname <> 'information_schema') x WHERE x.rights <> ''";

    (void)state;
    assert_string_equal(town_ask(&town, sql), want);
    assert_string_equal(
        town_ask(&town, "SELECT has_schema_privilege('brama_desk', 'intake', 'USAGE')"), "f");
    assert_string_equal(town_ask(&town,
                                 "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb"
                                 " FROM pg_roles WHERE rolname = 'brama_desk'"),
                        "f");
}

/* Nobody enters anything about a duty in somebody else's name, nor takes back an outage, nor gives
 * a JST's unit off what an office gets as well; nobody changes what stands. */
static void
entries_are_their_authors_and_stay(void **state)
{
    static const char *const refused[] = {
        "INSERT INTO obligation.nothing_to_report (duty, declared_at, basis, entered_by)"
        " VALUES (2, now(), 'x', 'Anna Inna')",
        "INSERT INTO obligation.filed_elsewhere (duty, filed_on, place, basis, entered_by)"
        " VALUES (2, '2025-01-08', 'x', 'x', md5('head')::uuid::text)",
        "INSERT INTO obligation.exemption (unit, form, first_end, basis, entered_by)"
        " VALUES (3, 'RBN', '2024-01-01', 'x', '')",
        "INSERT INTO obligation.internal_due (unit, form, period, basis, entered_by)"
        " VALUES (2, 'RBN', '2024-Q4', 'x', 'X')",
        "INSERT INTO obligation.revocation (what, number, basis, entered_by)"
        " VALUES ('elsewhere', 1002, 'x', 'X')",
        "INSERT INTO obligation.revocation (what, number, basis, entered_by)"
        " VALUES ('outage', 1, 'x', people.me()::text)",
        "INSERT INTO obligation.exemption (unit, form, first_end, basis, entered_by)"
        " VALUES (3, 'RBO', '2024-01-01', 'x', people.me()::text)",
        "INSERT INTO obligation.exemption (unit, form, first_end, basis, entered_by)"
        " VALUES (3, 'RBC', '2024-01-01', 'x', people.me()::text)",
        "UPDATE obligation.duty SET nothing_at = now()",
        "UPDATE obligation.filed_elsewhere SET filed_on = '2025-01-01'",
        "DELETE FROM obligation.filed_elsewhere",
        "DELETE FROM obligation.revocation",
    };

    (void)state;
    town_run(
        &town,
        "INSERT INTO obligation.outage (began, ended, description, evidence, entered_by)"
        " VALUES ('2025-01-10', '2025-01-11', 'x', 'x', 'X');"
        "INSERT INTO obligation.matter (form, form_title, level, year, period_type,"
        " period_number, period, period_end, opens_at) SELECT f, f, 'jednostkowe',"
        " 2024, 'Kwartal', 4, '2024-Q4', '2024-12-31'::date, '2025-01-01'::date"
        " FROM (VALUES ('RBO'), ('RBC')) x (f);"
        "INSERT INTO obligation.term (calendar, matter, kind, jst_types, recipient,"
        " recipient_title, copies, rule, nominal_on, due_on, due_before, empty_allowed,"
        " nothing_allowed, model, basis) SELECT '1', m.matter, 'jednostka-budzetowa', 0, x.who,"
        " x.who, x.copies, 'd+10', '2025-01-10', '2025-01-10', '2025-01-11', false, true, false,"
        " 'x' FROM (VALUES ('RBO', 'rio', ''), ('RBC', 'zarzad-jst', 'gus')) x (form, who,"
        " copies) JOIN obligation.matter m ON m.form = x.form");
    for (size_t i = 0; i < ARRAY_COUNT(refused); i++) {
        assert_int_equal(store_begin(town.desk, &town.fault), ERR_OK);
        enter(PERMISSION_ROLE_SUPERVISOR);
        EXPECT(store_script(town.desk, refused[i], &town.fault) == ERR_STORE_UNFIT, refused[i]);
        EXPECT(strcmp(store_sqlstate(town.desk), "42501") == 0, refused[i]);
        store_rollback(town.desk);
    }
}

/* What a token may open: nothing that there is no API for, and units only of who keeps them, for
 * the unit in whose name they act. */
static void
scopes_are_given_as_far_as_they_go(void **state)
{
    static const struct {
        enum permission_role role;
        int                  scopes;
        int                  unit;
        bool                 goes;
    } cases[] = {
        {PERMISSION_ROLE_SUPERVISOR, 7,  TOWN_MIDDLE, true },
        {PERMISSION_ROLE_SUPERVISOR, 8,  TOWN_MIDDLE, true },
        {PERMISSION_ROLE_SUPERVISOR, 8,  TOWN_CHILD,  false},
        {PERMISSION_ROLE_SUPERVISOR, 16, TOWN_MIDDLE, false},
        {PERMISSION_ROLE_SUPERVISOR, 17, TOWN_MIDDLE, false},
        {PERMISSION_ROLE_HEAD,       3,  TOWN_MIDDLE, true },
        {PERMISSION_ROLE_HEAD,       8,  TOWN_MIDDLE, false},
        {PERMISSION_ROLE_TREASURER,  9,  TOWN_MIDDLE, false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str sql =
            str_format(town.arena,
                       "INSERT INTO registry.credential (unit, is_certificate, digest, scopes,"
                       " label, made_in, expires_at) VALUES (%d, false, sha256('s'), %d, '',"
                       " people.my_appointment(), now() + interval '1 day')",
                       cases[i].unit, cases[i].scopes);
        assert_int_equal(store_begin(town.desk, &town.fault), ERR_OK);
        enter(cases[i].role);
        EXPECT((store_script(town.desk, sql.data, &town.fault) == ERR_OK) == cases[i].goes,
               sql.data);
        store_rollback(town.desk);
    }
}

static void
secrets_and_the_trail_are_beyond_the_desk(void **state)
{
    static const char *const refused[] = {
        "SELECT * FROM people.secret",
        "SELECT * FROM people.recovery_code",
        "SELECT * FROM people.offered_authenticator",
        "SELECT people.restore_by_operator('', '', now(), '', '')",
        "SELECT * FROM people.session",
        "SELECT * FROM people.identity",
        "SELECT digest FROM registry.credential",
        "SELECT secret FROM courier.secret",
        "INSERT INTO people.audit (program, act, object_kind, object) VALUES ('', '', '', '')",
        "UPDATE people.audit SET act = ''",
        "DELETE FROM people.audit",
        ("INSERT INTO people.appointment (person, role, valid_from)"
         " VALUES (gen_random_uuid(), 'operator', '2026-01-01')"),
        "SELECT people.act_as(gen_random_uuid(), gen_random_uuid())",
        "DELETE FROM people.appointment",
        "SELECT * FROM intake.submission",
        "INSERT INTO intake.work (submission, cause) VALUES (gen_random_uuid(), 'retry')",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(refused); i++) {
        EXPECT(store_script(town.desk, refused[i], &town.fault) == ERR_STORE_UNFIT, refused[i]);
        EXPECT(strcmp(store_sqlstate(town.desk), "42501") == 0, refused[i]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_in_sql_is_what_the_table_says),
        cmocka_unit_test(reports_are_seen_as_the_table_says),
        cmocka_unit_test(relation_is_the_one_that_the_units_stand_in),
        cmocka_unit_test(move_ahead_opens_and_takes_nothing),
        cmocka_unit_test(move_ahead_is_taken_back_by_nobody_whom_it_takes_from),
        cmocka_unit_test(move_ahead_is_its_new_office_s_at_once),
        cmocka_unit_test(what_was_entered_ends_with_the_transaction),
        cmocka_unit_test(desk_has_these_rights_and_no_others),
        cmocka_unit_test(entries_are_their_authors_and_stay),
        cmocka_unit_test(scopes_are_given_as_far_as_they_go),
        cmocka_unit_test(secrets_and_the_trail_are_beyond_the_desk),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
