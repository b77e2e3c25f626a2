#include "gateway/fingerprint/fingerprint.h"
#include "gateway/people/appointment.h"
#include "gateway/people/invitation.h"
#include "gateway/people/password.h"
#include "gateway/people/people_session.h"
#include "gateway/people/sign_in.h"
#include "gateway/people/totp.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/people/town.h"

#include <string.h>

#define PASSWORD STR("poprawna klacz bateria")

static struct cluster *cluster;
static struct town     town;

static int
start(void **state)
{
    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    return password_warm_up(&town.fault) == ERR_OK ? 0 : -1;
}

static int
stop(void **state)
{
    (void)state;
    cluster_stop(cluster);
    return 0;
}

/* A town of its own for every test. */
static int
begin(void **state)
{
    static int  number = 0;
    static char name[24];

    (void)state;
    number++;
    (void)snprintf(name, sizeof name, "people_%d", number);
    town_begin(&town, cluster, name);
    return 0;
}

static int
end(void **state)
{
    (void)state;
    town_end(&town);
    return 0;
}

static struct people_session
enter(const char *word)
{
    struct people_session session = {0};
    const unsigned char  *digest = word == NULL ? NULL : town_digest(&town, word);

    assert_int_equal(store_begin(town.desk, &town.fault), ERR_OK);
    assert_int_equal(people_session_enter(town.desk, town.arena, digest, &session, &town.fault),
                     ERR_OK);
    return session;
}

static void
commit(void)
{
    assert_int_equal(store_commit(town.desk, &town.fault), ERR_OK);
}

static struct invitation
to_be_sender(const char *email)
{
    return (struct invitation){
        .email = str_of(email),
        .name = STR("Jan Nowak"),
        .role = STR("sender"),
        .unit = TOWN_MIDDLE,
        .valid_from = {2026, 1, 1}
    };
}

static struct str
invite(const char *as, const struct invitation *invitation)
{
    struct uuid id = {{0}};
    struct str  token = {0};

    (void)enter(as);
    assert_int_equal(invitation_make(town.desk, town.arena, invitation, &id, &token, &town.fault),
                     ERR_OK);
    commit();
    return token;
}

static enum err
accept_as(const char *as, struct str token, struct str password, struct invitation_welcome *welcome)
{
    (void)enter(as);
    enum err got = invitation_accept(town.desk, town.arena, token, password, welcome, &town.fault);
    if (got == ERR_OK) {
        commit();
    } else {
        store_rollback(town.desk);
    }
    return got;
}

static struct sign_in_result
sign_in(const char *email, struct str secret, int64_t steps)
{
    int                   code = 0;
    struct sign_in_result result = {0};

    const char *now = town_ask(&town, "SELECT floor(extract(epoch FROM now()))::bigint / 30");
    int64_t     step = 0;
    assert_true(str_to_number(str_of(now), &step));
    assert_int_equal(totp_code(secret, step + steps, &code, &town.fault), ERR_OK);
    const struct sign_in attempt = {.email = str_of(email),
                                    .password = PASSWORD,
                                    .code = str_format(town.arena, "%06d", code),
                                    .address = STR("192.0.2.1")};
    assert_int_equal(sign_in_try(town.desk, town.arena, &attempt, &result, &town.fault), ERR_OK);
    return result;
}

/* The secret of somebody's authenticator, as stored. */
static struct str
secret_of(const char *email)
{
    struct str  sql = str_format(town.arena,
                                 "SELECT encode(totp, 'hex') FROM people.secret JOIN people.person"
                                  " USING (person) WHERE email = '%s'",
                                 email);
    const char *hex = town_ask(&town, sql.data);
    char       *bytes = ARENA_NEW(town.arena, char, TOTP_SECRET_SIZE);

    assert_int_equal(strlen(hex), 2 * TOTP_SECRET_SIZE);
    for (size_t i = 0; i < TOTP_SECRET_SIZE; i++) {
        const char pair[] = {hex[2 * i], hex[2 * i + 1], '\0'};
        bytes[i] = (char)strtol(pair, NULL, 16);
    }
    return (struct str){bytes, TOTP_SECRET_SIZE};
}

static void
invited_person_accepts_once_and_signs_in(void **state)
{
    struct invitation         invitation = to_be_sender(" Jan@Example.Test ");
    struct invitation_welcome welcome = {0};
    struct invitation_offer   offer = {0};
    struct people_session     session = {0};
    bool                      found = false;

    (void)state;
    struct str token = invite("head", &invitation);
    assert_int_equal(invitation_look(town.desk, town.arena, token, &offer, &found, &town.fault),
                     ERR_OK);
    assert_true(found && !offer.known && str_equal(offer.email, STR("jan@example.test")));
    assert_int_equal(accept_as(NULL, token, PASSWORD, &welcome), ERR_OK);
    assert_true(str_starts_with(welcome.totp_uri, STR("otpauth://totp/Brama:jan%40example.test?")));
    assert_int_equal(accept_as(NULL, token, PASSWORD, &welcome), ERR_DENIED);

    struct sign_in_result result = sign_in("jan@example.test", secret_of("jan@example.test"), 0);
    assert_int_equal(result.outcome, SIGN_IN_DONE);
    assert_int_equal(store_begin(town.desk, &town.fault), ERR_OK);
    assert_int_equal(
        people_session_enter(town.desk, town.arena, result.digest, &session, &town.fault), ERR_OK);
    store_rollback(town.desk);
    assert_int_equal(session.role, PERMISSION_ROLE_SENDER);
    assert_int_equal(session.unit, TOWN_MIDDLE);
    assert_true(uuid_equal(session.appointment, welcome.appointment));
    /* Of the ten codes and the link only digests are kept. */
    for (size_t i = 0; i < INVITATION_RECOVERY_CODES; i++) {
        struct str sql = str_format(town.arena,
                                    "SELECT count(*) FROM people.recovery_code WHERE digest ="
                                    " sha256('%.*s')",
                                    STR_ARG(welcome.codes[i]));
        assert_string_equal(town_ask(&town, sql.data), "1");
    }
}

static void
link_that_is_old_revoked_or_invented_opens_nothing(void **state)
{
    static const char *const ends[] = {
        "ALTER TABLE people.invitation DISABLE TRIGGER guard; UPDATE people.invitation SET"
        " expires_at = now(); ALTER TABLE people.invitation ENABLE TRIGGER guard",
        "UPDATE people.invitation SET revoked_at = now()",
        "ALTER TABLE people.invitation DISABLE TRIGGER guard; UPDATE people.invitation SET digest ="
        " sha256('other'); ALTER TABLE people.invitation ENABLE TRIGGER guard",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(ends); i++) {
        struct invitation         invitation = to_be_sender("jan@example.test");
        struct invitation_welcome welcome = {0};
        struct invitation_offer   offer = {0};
        bool                      found = true;
        town_run(&town, "ALTER TABLE people.invitation DISABLE TRIGGER guard;"
                        "DELETE FROM people.invitation;"
                        "ALTER TABLE people.invitation ENABLE TRIGGER guard");
        struct str token = invite("head", &invitation);
        town_run(&town, ends[i]);
        assert_int_equal(invitation_look(town.desk, town.arena, token, &offer, &found, &town.fault),
                         ERR_OK);
        EXPECT(!found, ends[i]);
        EXPECT(accept_as(NULL, token, PASSWORD, &welcome) == ERR_DENIED, ends[i]);
    }
    assert_string_equal(
        town_ask(&town, "SELECT count(*) FROM people.person WHERE email = 'jan@example.test'"),
        "0");
}

/* An invitation is no way into an account that somebody has: its holder must be signed in. */
static void
account_that_exists_is_not_taken_over_by_an_invitation(void **state)
{
    struct invitation         invitation = to_be_sender("reviewer@example.test");
    struct invitation_welcome welcome = {0};

    (void)state;
    struct str token = invite("head", &invitation);
    assert_int_equal(accept_as(NULL, token, PASSWORD, &welcome), ERR_DENIED);
    assert_int_equal(accept_as("sender", token, PASSWORD, &welcome), ERR_DENIED);
    assert_int_equal(accept_as("reviewer", token, (struct str){0}, &welcome), ERR_OK);
    assert_int_equal(welcome.totp_uri.size, 0);
    assert_string_equal(town_ask(&town, "SELECT count(*) FROM people.secret"), "0");
    /* They act as before until they turn to the new appointment. */
    struct people_session session = enter("reviewer");
    assert_int_equal(session.role, PERMISSION_ROLE_REVIEWER);
    store_rollback(town.desk);
}

static void
invitation_says_what_it_may_not_be(void **state)
{
    struct invitation cases[] = {to_be_sender("jan@example.test"), to_be_sender("jan@example.test"),
                                 to_be_sender("jan@example.test"), to_be_sender("jan@example.test"),
                                 to_be_sender("jan@example.test")};
    struct uuid       id = {{0}};
    struct str        token = {0};

    (void)state;
    cases[0].valid_to = (struct date){2025, 12, 31};
    cases[1].unit = TOWN_FOREIGN;
    cases[2].role = STR("supervisor");
    cases[3].role = STR("nikt");
    cases[4].unit = 0;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        (void)enter("head");
        assert_int_equal(
            invitation_make(town.desk, town.arena, &cases[i], &id, &token, &town.fault),
            ERR_DENIED);
        assert_true(strlen(town.fault.text) > 0 && token.size == 0);
        store_rollback(town.desk);
    }
}

static void
session_lives_half_an_hour_idle_and_twelve_in_all(void **state)
{
    static const struct {
        const char *name;
        const char *sql;
        bool        lives;
    } cases[] = {
        {"idle 29 minutes", "seen_at = now() - interval '29 minutes'",                   true },
        {"idle 30 minutes", "seen_at = now() - interval '30 minutes 1 second'",          false},
        {"before its end",  "seen_at = now(), expires_at = now() + interval '1 minute'", true },
        {"at its end",      "expires_at = now()",                                        false},
        {"signed out",      "expires_at = now() + interval '1 hour', ended_at = now()",  false},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str sql = str_format(town.arena, "UPDATE people.session SET %s", cases[i].sql);
        town_run(&town, sql.data);
        struct people_session session = enter("head");
        store_rollback(town.desk);
        EXPECT((session.session != 0) == cases[i].lives, cases[i].name);
        EXPECT((session.role == PERMISSION_ROLE_HEAD) == cases[i].lives, cases[i].name);
    }
    assert_string_equal(town_ask(&town, "SELECT count(*) FROM people.session WHERE expires_at >"
                                        " started_at + interval '12 hours'"),
                        "0");
}

/* Use keeps a session alive, to its end and no longer. */
static void
use_is_noted_once_a_minute(void **state)
{
    (void)state;
    town_run(&town, "UPDATE people.session SET seen_at = now() - interval '59 s'");
    (void)enter("head");
    commit();
    assert_string_equal(town_ask(&town, "SELECT count(*) FROM people.session WHERE seen_at > now()"
                                        " - interval '30 s'"),
                        "0");
    town_run(&town, "UPDATE people.session SET seen_at = now() - interval '61 s'");
    (void)enter("head");
    commit();
    assert_string_equal(town_ask(&town, "SELECT count(*) FROM people.session WHERE seen_at > now()"
                                        " - interval '30 s'"),
                        "1");
}

static void
sign_out_ends_the_session_and_no_other(void **state)
{
    (void)state;
    (void)enter("head");
    assert_int_equal(
        people_session_close(town.desk, town.arena, town_digest(&town, "head"), &town.fault),
        ERR_OK);
    commit();
    assert_int_equal(enter("head").session, 0);
    store_rollback(town.desk);
    assert_int_not_equal(enter("sender").session, 0);
    store_rollback(town.desk);
}

/* Fixation: what was known before the change of role opens nothing after it. */
static void
turning_to_another_appointment_gives_another_token(void **state)
{
    struct uuid   second = {{0}};
    struct str    token = {0};
    unsigned char fresh[SECRET_DIGEST_SIZE];

    (void)state;
    town_run(&town, "INSERT INTO people.appointment (appointment, person, role, office, valid_from)"
                    " VALUES (md5('second')::uuid, md5('head')::uuid, 'reviewer', 'rio-opole',"
                    " '2020-01-01')");
    assert_true(uuid_parse(str_of(town_ask(&town, "SELECT md5('second')::uuid")), &second));
    (void)enter("head");
    assert_int_equal(people_session_turn(town.desk, town.arena, town_digest(&town, "head"), second,
                                         &token, &town.fault),
                     ERR_OK);
    commit();
    assert_true(token.size > 0);
    assert_int_equal(enter("head").session, 0);
    store_rollback(town.desk);
    struct people_session session = {0};
    assert_int_equal(fingerprint_of(token, fresh, &town.fault), ERR_OK);
    assert_int_equal(store_begin(town.desk, &town.fault), ERR_OK);
    assert_int_equal(people_session_enter(town.desk, town.arena, fresh, &session, &town.fault),
                     ERR_OK);
    assert_int_equal(session.role, PERMISSION_ROLE_REVIEWER);
    assert_string_equal(session.office.data, TOWN_OTHER_OFFICE);
    store_rollback(town.desk);
}

static void
nobody_turns_to_what_is_not_theirs_or_does_not_hold(void **state)
{
    static const char *const ids[] = {"SELECT md5('asupervisor')::uuid", "SELECT gen_random_uuid()",
                                      "SELECT md5('over')::uuid", "SELECT md5('later')::uuid"};

    (void)state;
    town_run(&town, "INSERT INTO people.appointment (appointment, person, role, office, valid_from,"
                    " valid_to) VALUES"
                    " (md5('over')::uuid, md5('head')::uuid, 'reviewer', 'gus', '2020-01-01',"
                    "  registry.today() - 1),"
                    " (md5('later')::uuid, md5('head')::uuid, 'reviewer', 'mf',"
                    "  registry.today() + 1, NULL)");
    for (size_t i = 0; i < ARRAY_COUNT(ids); i++) {
        struct uuid id = {{0}};
        struct str  token = {0};
        assert_true(uuid_parse(str_of(town_ask(&town, ids[i])), &id));
        (void)enter("head");
        assert_int_equal(people_session_turn(town.desk, town.arena, town_digest(&town, "head"), id,
                                             &token, &town.fault),
                         ERR_OK);
        commit();
        EXPECT(token.size == 0, ids[i]);
        EXPECT(enter("head").role == PERMISSION_ROLE_HEAD, ids[i]);
        store_rollback(town.desk);
    }
}

static struct uuid
appointment_of(const char *word)
{
    struct uuid id = {{0}};
    struct str  sql = str_format(town.arena, "SELECT md5('a%s')::uuid", word);

    assert_true(uuid_parse(str_of(town_ask(&town, sql.data)), &id));
    return id;
}

static bool
end_appointment(const char *as, const char *whose, int64_t revision, struct date last_day)
{
    bool done = false;

    (void)enter(as);
    const struct appointment_ending ending = {appointment_of(whose), revision, last_day};
    enum err got = appointment_end(town.desk, town.arena, &ending, &done, &town.fault);
    assert_true(got == ERR_OK || got == ERR_DENIED);
    if (got == ERR_OK) {
        commit();
    } else {
        store_rollback(town.desk);
    }
    return got == ERR_OK && done;
}

/* The race of a role taken away with a request of the one who had it: the session is over, their
 * tokens stop, the links that they sent open nothing. */
static void
appointment_that_ends_takes_sessions_tokens_and_links_with_it(void **state)
{
    struct invitation       invitation = to_be_sender("jan@example.test");
    struct invitation_offer offer = {0};
    bool                    found = true;

    (void)state;
    struct str token = invite("head", &invitation);
    town_run(&town, "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, label,"
                    " made_in, expires_at) VALUES (2, false, sha256('program'), 3, '',"
                    " md5('ahead')::uuid, now() + interval '1 day')");
    static const char revoked_sql[] =
        "SELECT revoked FROM registry.authenticate(false, sha256('program'))";
    assert_string_equal(town_ask(&town, revoked_sql), "f");
    assert_true(end_appointment("supervisor", "head", 1, (struct date){0}));
    assert_int_equal(enter("head").session, 0);
    store_rollback(town.desk);
    assert_string_equal(town_ask(&town, revoked_sql), "t");
    assert_int_equal(invitation_look(town.desk, town.arena, token, &offer, &found, &town.fault),
                     ERR_OK);
    assert_false(found);
}

static void
appointment_ends_at_its_revision_and_once(void **state)
{
    (void)state;
    assert_false(end_appointment("supervisor", "head", 2, (struct date){0})); /* changed by whom? */
    assert_false(end_appointment("sender", "head", 1, (struct date){0}));
    assert_false(end_appointment("head", "supervisor", 1, (struct date){0}));
    assert_true(end_appointment("supervisor", "head", 1, (struct date){2030, 12, 31}));
    assert_false(end_appointment("supervisor", "head", 1, (struct date){2029, 12, 31}));
    assert_false(end_appointment("supervisor", "head", 2, (struct date){2031, 1, 1}));
    assert_false(end_appointment("supervisor", "head", 2, (struct date){2019, 12, 31}));
    assert_true(end_appointment("supervisor", "head", 2, (struct date){0}));
    assert_false(end_appointment("supervisor", "head", 3, (struct date){0}));
}

/* The day is the gateway's: on its last day an appointment holds, on the next it does not. */
static void
appointment_holds_from_its_first_day_to_its_last(void **state)
{
    static const struct {
        const char *name;
        const char *dates;
        bool        holds;
    } cases[] = {
        {"since today",     "registry.today(), NULL",                     true },
        {"from tomorrow",   "registry.today() + 1, NULL",                 false},
        {"until today",     "registry.today() - 5, registry.today()",     true },
        {"until yesterday", "registry.today() - 5, registry.today() - 1", false},
        {"today only",      "registry.today(), registry.today()",         true },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str sql = str_format(
            town.arena,
            "WITH a AS (INSERT INTO people.appointment (person, role, office, valid_from, valid_to)"
            " SELECT md5('head')::uuid, 'reviewer', 'rio-lodz', %s RETURNING appointment)"
            " SELECT appointment FROM a",
            cases[i].dates);
        const char *id = town_ask(&town, sql.data);
        sql = str_format(town.arena, "SELECT people.holds('%s')", id);
        EXPECT(strcmp(town_ask(&town, sql.data), cases[i].holds ? "t" : "f") == 0, cases[i].name);
        sql = str_format(town.arena,
                         "UPDATE people.appointment SET ended_at = now() WHERE appointment = '%s'",
                         id);
        town_run(&town, sql.data);
    }
}

/* A stand-in for the head, in July, by a named authorisation. */
static struct invitation
stand_in(void)
{
    struct invitation invitation = to_be_sender("zastepca@example.test");

    invitation.role = STR("head");
    invitation.valid_from = (struct date){2026, 7, 1};
    invitation.valid_to = (struct date){2026, 7, 14};
    invitation.delegator = appointment_of("head");
    invitation.basis = STR("upoważnienie nr 7/2026");
    return invitation;
}

static void
delegation_needs_days_a_ground_and_an_own_appointment(void **state)
{
    struct invitation cases[] = {stand_in(), stand_in(), stand_in(), stand_in(), stand_in()};
    struct uuid       id = {{0}};
    struct str        token = {0};

    (void)state;
    cases[0].valid_to = (struct date){0};
    cases[1].basis = STR(" ");
    cases[2].delegator = appointment_of("supervisor");
    cases[3].unit = TOWN_CHILD;
    cases[4].role = STR("treasurer");
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        (void)enter("head");
        assert_int_equal(
            invitation_make(town.desk, town.arena, &cases[i], &id, &token, &town.fault),
            ERR_DENIED);
        store_rollback(town.desk);
    }
    struct invitation good = stand_in();
    assert_true(invite("head", &good).size > 0);
}

static void
delegation_holds_while_what_it_stands_on_does_and_goes_no_further(void **state)
{
    struct invitation         invitation = stand_in();
    struct invitation_welcome welcome = {0};

    (void)state;
    invitation.valid_from = (struct date){2020, 1, 2};
    invitation.valid_to = (struct date){2199, 12, 31};
    struct str token = invite("head", &invitation);
    assert_int_equal(accept_as(NULL, token, PASSWORD, &welcome), ERR_OK);
    struct sign_in_result result =
        sign_in("zastepca@example.test", secret_of("zastepca@example.test"), 0);
    struct people_session session = {0};
    assert_int_equal(store_begin(town.desk, &town.fault), ERR_OK);
    assert_int_equal(
        people_session_enter(town.desk, town.arena, result.digest, &session, &town.fault), ERR_OK);
    assert_int_equal(session.role, PERMISSION_ROLE_HEAD);
    /* It is not passed on. */
    struct invitation further = stand_in();
    struct uuid       id = {{0}};
    further.delegator = session.appointment;
    assert_int_equal(invitation_make(town.desk, town.arena, &further, &id, &token, &town.fault),
                     ERR_DENIED);
    store_rollback(town.desk);
    /* The head leaves: so does the stand-in. */
    assert_true(end_appointment("supervisor", "head", 1, (struct date){0}));
    assert_int_equal(store_begin(town.desk, &town.fault), ERR_OK);
    assert_int_equal(
        people_session_enter(town.desk, town.arena, result.digest, &session, &town.fault), ERR_OK);
    assert_int_equal(session.session, 0);
    store_rollback(town.desk);
}

static void
lists_show_what_the_one_who_asks_looks_after(void **state)
{
    static const struct {
        const char *who;
        size_t      at_middle; /* all ten at MIDDLE, or only their own */
        size_t      at_foreign;
    } cases[] = {
        {"supervisor", 7, 0},
        {"head",       7, 0},
        {"sender",     1, 0},
        {"operator",   2, 1}, /* the supervisors, whom it may let in */
        {"auditor",    0, 0},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct appointment_page page = {.unit = TOWN_MIDDLE};
        (void)enter(cases[i].who);
        assert_int_equal(appointment_list(town.desk, town.arena, &page, &town.fault), ERR_OK);
        EXPECT(page.count == cases[i].at_middle, cases[i].who);
        page = (struct appointment_page){.unit = TOWN_FOREIGN};
        assert_int_equal(appointment_list(town.desk, town.arena, &page, &town.fault), ERR_OK);
        EXPECT(page.count == cases[i].at_foreign, cases[i].who);
        store_rollback(town.desk);
    }
}

/* What changed, by whom, acting as what: without the change knowing of it. */
static void
every_change_leaves_its_trace(void **state)
{
    struct invitation         invitation = to_be_sender("jan@example.test");
    struct invitation_welcome welcome = {0};

    (void)state;
    const char *before = town_ask(&town, "SELECT max(entry) FROM people.audit");
    struct str  token = invite("head", &invitation);
    assert_int_equal(accept_as(NULL, token, PASSWORD, &welcome), ERR_OK);
    assert_true(end_appointment("supervisor", "head", 1, (struct date){0}));
    struct str sql = str_format(
        town.arena,
        "SELECT string_agg(act || ' ' || object_kind || ' ' || coalesce((SELECT split_part(email,"
        " '@', 1) FROM people.person p WHERE p.person = a.person), '-') || ' ' || program, ', '"
        " ORDER BY entry) FROM people.audit a WHERE entry > %s",
        before);
    assert_string_equal(town_ask(&town, sql.data),
                        "insert people.invitation head brama_desk,"
                        " update people.invitation - brama_desk,"
                        " insert people.person - brama_desk,"
                        " insert people.secret jan brama_desk,"
                        " insert people.appointment jan brama_desk,"
                        " update people.appointment supervisor brama_desk");
    sql = str_format(town.arena,
                     "SELECT count(*) FROM people.audit WHERE entry > %s AND (detail::text LIKE"
                     " '%%argon2%%' OR detail::text LIKE '%%jan@%%' OR detail::text LIKE"
                     " '%%Nowak%%')",
                     before);
    assert_string_equal(town_ask(&town, sql.data), "0");
}

static void
trail_is_never_rewritten_by_anybody(void **state)
{
    static const char *const tries[] = {"UPDATE people.audit SET act = ''",
                                        "DELETE FROM people.audit", "TRUNCATE people.audit"};
    struct store_address     address = {STR_INIT(""), 0, STR_INIT("")};
    struct store            *owner = NULL;

    (void)state;
    address = (struct store_address){str_of(cluster_host(cluster)), cluster_port(cluster),
                                     str_of(town.database)};
    assert_int_equal(store_open(town.arena, &address, STORE_OWNER, &owner, &town.fault), ERR_OK);
    for (size_t i = 0; i < ARRAY_COUNT(tries); i++) {
        EXPECT(store_script(owner, tries[i], &town.fault) == ERR_STORE, tries[i]);
        EXPECT(strcmp(store_sqlstate(owner), "23514") == 0, tries[i]);
    }
}

int
main(void)
{
#define PEOPLE_TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        PEOPLE_TEST(invited_person_accepts_once_and_signs_in),
        PEOPLE_TEST(link_that_is_old_revoked_or_invented_opens_nothing),
        PEOPLE_TEST(account_that_exists_is_not_taken_over_by_an_invitation),
        PEOPLE_TEST(invitation_says_what_it_may_not_be),
        PEOPLE_TEST(session_lives_half_an_hour_idle_and_twelve_in_all),
        PEOPLE_TEST(use_is_noted_once_a_minute),
        PEOPLE_TEST(sign_out_ends_the_session_and_no_other),
        PEOPLE_TEST(turning_to_another_appointment_gives_another_token),
        PEOPLE_TEST(nobody_turns_to_what_is_not_theirs_or_does_not_hold),
        PEOPLE_TEST(appointment_that_ends_takes_sessions_tokens_and_links_with_it),
        PEOPLE_TEST(appointment_ends_at_its_revision_and_once),
        PEOPLE_TEST(appointment_holds_from_its_first_day_to_its_last),
        PEOPLE_TEST(delegation_needs_days_a_ground_and_an_own_appointment),
        PEOPLE_TEST(delegation_holds_while_what_it_stands_on_does_and_goes_no_further),
        PEOPLE_TEST(lists_show_what_the_one_who_asks_looks_after),
        PEOPLE_TEST(every_change_leaves_its_trace),
        PEOPLE_TEST(trail_is_never_rewritten_by_anybody),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
