#include "gateway/people/objection_answer.h"
#include "gateway/people/people_session.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/people/town.h"

#include <stdio.h>
#include <string.h>

/* What owners of rules say of objections, in a real PostgreSQL, as brama_desk and brama_admin. */
static struct cluster *cluster;

struct bench {
    struct town   town;
    struct store *admin;
    struct fault  fault;
    char          name[32];
};

static int
start(void **state)
{
    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    cluster_stop(cluster);
    return 0;
}

static int
open_bench(void **state)
{
    static unsigned     number;
    static struct bench bench;

    bench = (struct bench){0};
    (void)snprintf(bench.name, sizeof bench.name, "answer%u", number++);
    town_begin(&bench.town, cluster, bench.name);
    town_run(&bench.town, TOWN_OBJECTIONS_SQL);
    const struct store_address address = {str_of(cluster_host(cluster)), cluster_port(cluster),
                                          str_of(bench.name)};
    *state = &bench;
    return store_open(bench.town.arena, &address, STORE_ADMIN, &bench.admin, &bench.fault)
           != ERR_OK;
}

static int
close_bench(void **state)
{
    struct bench *bench = *state;

    town_end(&bench->town);
    return 0;
}

static const char *
ask(const struct bench *bench, const char *sql)
{
    return town_ask(&bench->town, sql);
}

/* As the person of a role; the transaction is committed when it was answered. */
static enum objection_end
answer_as(struct bench *bench, const char *role, const struct objection_answer *wanted,
          int64_t *count)
{
    struct people_session   session = {0};
    struct objection_answer answer = *wanted;
    struct store           *desk = bench->town.desk;

    assert_int_equal(store_begin(desk, &bench->fault), ERR_OK);
    assert_int_equal(people_session_enter(desk, bench->town.arena, town_digest(&bench->town, role),
                                          &session, &bench->fault),
                     ERR_OK);
    assert_int_equal(
        objection_answer_put(desk, bench->town.arena, OBJECTION_OWNER, &answer, &bench->fault),
        ERR_OK);
    assert_int_equal(store_commit(desk, &bench->fault), ERR_OK);
    *count = answer.count;
    return answer.end;
}

static struct objection_answer
declining(int64_t objection, int64_t revision)
{
    return (struct objection_answer){.objection = objection,
                                     .revision = revision,
                                     .outcome = STR("declined"),
                                     .reason = STR("suma jest w instrukcji")};
}

static const char *
answers(const struct bench *bench)
{
    return ask(bench,
               "SELECT coalesce(string_agg(concat_ws(' ', o.objection, a.revision, a.outcome,"
               " a.remedy, a.office), ', ' ORDER BY a.answer), '') FROM intake.objection_answer a"
               " JOIN intake.objection o USING (submission, report, code)");
}

/* Whole or not: the words, what goes with what, and how long. */
static void
answer_is_whole_or_refused_with_what_is_wrong(void **state)
{
    static const char digest[] = "00112233445566778899aabbccddeeff"
                                 "00112233445566778899aabbccddeeff";
    static const struct {
        const char *outcome;
        const char *remedy;
        const char *release;
        size_t      characters;
        bool        whole;
    } cases[] = {
        {"declined",  "",            "",         1,    true },
        {"declined",  "",            "",         1000, true },
        {"declined",  "",            "",         1001, false},
        {"declined",  "",            "",         0,    false},
        {"declined",  "rule-change", "",         1,    false},
        {"declined",  "",            digest,     1,    false},
        {"accepted",  "rule-change", "",         1,    true },
        {"accepted",  "rule-off",    "",         1,    true },
        {"accepted",  "",            "",         1,    false},
        {"accepted",  "rule",        "",         1,    false},
        {"accepted",  "rule-off",    digest,     1,    false},
        {"accepted",  "release",     digest,     1,    true },
        {"accepted",  "release",     "",         1,    false},
        {"accepted",  "release",     digest + 1, 1,    false},
        {"accepted",  "release",     "g",        1,    false},
        {"",          "",            "",         1,    false},
        {"Accepted",  "rule-change", "",         1,    false},
        {"undecided", "",            "",         1,    false},
    };
    struct bench *bench = *state;

    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct buf reason = buf_create(bench->town.arena, 4096);
        for (size_t j = 0; j < cases[i].characters; j++) {
            buf_append(&reason, STR("ż"));
        }
        const struct objection_answer answer = {.outcome = str_of(cases[i].outcome),
                                                .remedy = str_of(cases[i].remedy),
                                                .release = str_of(cases[i].release),
                                                .reason = buf_str(&reason)};
        struct str name = str_format(bench->town.arena, "%s %s %s %zu", cases[i].outcome,
                                     cases[i].remedy, cases[i].release, cases[i].characters);
        EXPECT((objection_answer_fault(&answer) == NULL) == cases[i].whole, name.data);
    }
}

static void
owner_answers_objections_to_rules_of_their_office_alone(void **state)
{
    struct bench                 *bench = *state;
    const struct objection_answer own = declining(1, 0);
    const struct objection_answer foreign = declining(2, 0);
    const struct objection_answer absent = declining(99, 0);
    int64_t                       count = -1;

    assert_int_equal(answer_as(bench, "rule-owner", &foreign, &count), OBJECTION_ABSENT);
    assert_int_equal(answer_as(bench, "rule-owner", &absent, &count), OBJECTION_ABSENT);
    for (int role = PERMISSION_ROLE_PUBLIC + 1; role < PERMISSION_ROLE_COUNT; role++) {
        const char *word = permission_role_word((enum permission_role)role);
        bool        owner = role == PERMISSION_ROLE_RULE_OWNER;
        EXPECT(owner || answer_as(bench, word, &own, &count) == OBJECTION_ABSENT, word);
    }
    assert_string_equal(answers(bench), "");
    assert_int_equal(answer_as(bench, "rule-owner", &own, &count), OBJECTION_ANSWERED);
    assert_int_equal(count, 1);
    assert_string_equal(answers(bench), "1 1 declined  rio-wroclaw");
    assert_string_equal(ask(bench, "SELECT kind || ' ' || n FROM intake.outbox"),
                        "submission.objection_answered 1");
    /* In the trail, without its words. */
    assert_string_equal(ask(bench,
                            "SELECT object_kind || ' ' || office || ' ' || (detail ? 'reason')"
                            " FROM people.audit ORDER BY entry DESC LIMIT 1"),
                        "intake.objection_answer rio-wroclaw false");
}

/* Of two who have seen the same, the second is told; who has seen the newer one may change it. */
static void
answer_that_somebody_changed_is_not_written_over(void **state)
{
    struct bench                 *bench = *state;
    const struct objection_answer first = declining(1, 0);
    const struct objection_answer second = declining(1, 1);
    int64_t                       count = -1;

    assert_int_equal(answer_as(bench, "rule-owner", &first, &count), OBJECTION_ANSWERED);
    assert_int_equal(answer_as(bench, "rule-owner", &first, &count), OBJECTION_CHANGED);
    assert_int_equal(answer_as(bench, "rule-owner", &second, &count), OBJECTION_ANSWERED);
    assert_string_equal(ask(bench, "SELECT string_agg(revision::text, ',' ORDER BY revision)"
                                   " FROM intake.objection_answer"),
                        "1,2"); /* both stay */
    for (int i = 2; i < 100; i++) {
        const struct objection_answer next = declining(1, i);
        assert_int_equal(answer_as(bench, "rule-owner", &next, &count), OBJECTION_ANSWERED);
    }
    const struct objection_answer last = declining(1, 100);
    assert_int_equal(answer_as(bench, "rule-owner", &last, &count), OBJECTION_TOO_MANY);
}

static void
answer_for_a_rule_reaches_what_has_no_answer_yet(void **state)
{
    struct bench           *bench = *state;
    struct objection_answer one = declining(3, 0);
    int64_t                 count = -1;

    town_run(&bench->town,
             "INSERT INTO intake.objection (objection, submission, n, report, code, form_version,"
             " owner, reason, decided_at) OVERRIDING SYSTEM VALUE VALUES"
             " (4, md5('s2')::uuid, 1, 1, 'RB27S-001', '2025-1', 'RIO', 'x', now()),"
             " (5, md5('s2')::uuid, 1, 1, 'RB27S-002', '2025-1', 'RIO', 'x', now())");
    assert_int_equal(answer_as(bench, "rule-owner", &one, &count), OBJECTION_ANSWERED);
    struct objection_answer all = declining(4, 0);
    all.alike = true;
    assert_int_equal(answer_as(bench, "rule-owner", &all, &count), OBJECTION_ANSWERED);
    assert_int_equal(count, 2); /* 1 and 4; 3 has one, 5 is of another rule */
    assert_string_equal(ask(bench, "SELECT string_agg(DISTINCT o.objection::text, ',')"
                                   " FROM intake.objection_answer a JOIN intake.objection o"
                                   " USING (submission, report, code)"),
                        "1,3,4");
    assert_string_equal(ask(bench, "SELECT count(*) FROM intake.outbox"), "2"); /* a submission */
}

/* Definitions of two owners may name a rule alike: each answers for their own. */
static void
answer_for_a_rule_reaches_no_objection_of_another_owner(void **state)
{
    struct bench *bench = *state;
    int64_t       count = -1;

    town_run(&bench->town,
             "INSERT INTO intake.objection (objection, submission, n, report, code, form_version,"
             " owner, reason, decided_at) OVERRIDING SYSTEM VALUE VALUES"
             " (4, md5('s2')::uuid, 1, 1, 'RB27S-001', '2024-1', 'MF', 'x', now()),"
             " (5, md5('s2')::uuid, 1, 2, 'RB27S-001', '2025-1', 'rio', 'x', now())");
    struct objection_answer all = declining(5, 0);
    all.alike = true;
    assert_int_equal(answer_as(bench, "rule-owner", &all, &count), OBJECTION_ANSWERED);
    assert_int_equal(count, 3); /* 1, 3 and 5 */
    assert_string_equal(ask(bench, "SELECT count(*) FROM intake.objection_answer a JOIN"
                                   " intake.objection o USING (submission, report, code)"
                                   " WHERE o.owner = 'MF'"),
                        "0");
    struct objection_answer foreign = declining(4, 0); /* the operator: of that one's owner */
    foreign.alike = true;
    town_run(&bench->town,
             "INSERT INTO intake.objection (objection, submission, n, report, code, form_version,"
             " owner, reason, decided_at) OVERRIDING SYSTEM VALUE VALUES"
             " (-1, md5('s2')::uuid, 1, 3, 'RB27S-001', '2025-1', 'RIO', 'x', now())");
    assert_int_equal(objection_answer_put(bench->admin, bench->town.arena, OBJECTION_OPERATOR,
                                          &foreign, &bench->fault),
                     ERR_OK);
    assert_int_equal(foreign.count, 1);
}

/* One that came after the one that is answered stood, maybe, on no list that anybody read. */
static void
answer_for_a_rule_reaches_nothing_newer_than_the_one_it_names(void **state)
{
    struct bench           *bench = *state;
    struct objection_answer all = declining(1, 0);
    struct objection_answer by_operator = declining(3, 0);
    int64_t                 count = -1;

    all.alike = true;
    by_operator.alike = true;
    assert_int_equal(answer_as(bench, "rule-owner", &all, &count), OBJECTION_ANSWERED);
    assert_int_equal(count, 1); /* 3 is newer */
    town_run(&bench->town,
             "INSERT INTO intake.objection (objection, submission, n, report, code, form_version,"
             " owner, reason, decided_at) OVERRIDING SYSTEM VALUE VALUES"
             " (4, md5('s2')::uuid, 1, 1, 'RB27S-001', '2025-1', 'RIO', 'x', now())");
    assert_int_equal(objection_answer_put(bench->admin, bench->town.arena, OBJECTION_OPERATOR,
                                          &by_operator, &bench->fault),
                     ERR_OK);
    assert_int_equal(by_operator.count, 1); /* 1 has an answer, 4 is newer */
    assert_string_equal(answers(bench), "1 1 declined  rio-wroclaw, 3 1 declined ");
}

/* What an answer says was done is looked up: a rule that is on was not switched off. */
static void
remedy_is_linked_to_the_switch_or_the_release(void **state)
{
    struct bench           *bench = *state;
    struct objection_answer off = {.objection = 1,
                                   .outcome = STR("accepted"),
                                   .remedy = STR("rule-off"),
                                   .reason = STR("reguła była za ostra")};
    int64_t                 count = -1;

    assert_int_equal(answer_as(bench, "rule-owner", &off, &count), OBJECTION_RULE_ON);
    town_run(&bench->town,
             "INSERT INTO intake.rule_switch (code, off, since, reason, publisher, at)"
             " VALUES ('RB28S-004', true, now(), 'x', 'x', now())");
    assert_int_equal(answer_as(bench, "rule-owner", &off, &count), OBJECTION_RULE_ON);
    town_run(&bench->town,
             "INSERT INTO intake.rule_switch (code, off, since, reason, publisher, at)"
             " VALUES ('RB27S-001', true, '2026-07-01', 'x', 'x', now())");
    assert_int_equal(answer_as(bench, "rule-owner", &off, &count), OBJECTION_ANSWERED);
    town_run(&bench->town,
             "INSERT INTO intake.rule_switch (code, off, since, reason, publisher, at)"
             " VALUES ('RB27S-001', false, now(), 'x', 'x', now())");
    off.revision = 1;
    assert_int_equal(answer_as(bench, "rule-owner", &off, &count), OBJECTION_RULE_ON);

    const char             *digest = ask(bench, "SELECT encode(sha256('release'), 'hex')");
    struct objection_answer release = {.objection = 1,
                                       .revision = 1,
                                       .outcome = STR("accepted"),
                                       .remedy = STR("release"),
                                       .release = str_of(digest),
                                       .reason = STR("poprawiona")};
    assert_int_equal(answer_as(bench, "rule-owner", &release, &count), OBJECTION_NO_RELEASE);
    town_run(&bench->town,
             "INSERT INTO intake.material (sha256, kind, bytes) VALUES (sha256('release'),"
             " 'definitions', 'x');"
             "INSERT INTO intake.release (definitions, author, publisher, reason, published_at,"
             " active_from) VALUES (sha256('release'), 'a', 'b', 'x', now(), now())");
    assert_int_equal(answer_as(bench, "rule-owner", &release, &count), OBJECTION_ANSWERED);

    struct objection_told told = {.objection = 1};
    assert_int_equal(objection_answer_find(bench->admin, bench->town.arena, OBJECTION_OPERATOR,
                                           &told, &bench->fault),
                     ERR_OK);
    assert_int_equal(told.objection, 1);
    assert_int_equal(told.revision, 2);
    assert_true(str_equal(told.release, str_of(digest)));
    assert_true(str_equal(told.remedy, STR("release")));
    assert_int_equal(told.off_since, 0);
}

static void
operator_sees_and_answers_all_and_pages_are_whole(void **state)
{
    struct bench           *bench = *state;
    struct objection_answer answer = declining(2, 0);
    struct objection_page   page = {.open = true};

    assert_int_equal(objection_answer_put(bench->admin, bench->town.arena, OBJECTION_OPERATOR,
                                          &answer, &bench->fault),
                     ERR_OK);
    assert_int_equal(answer.end, OBJECTION_ANSWERED);
    assert_string_equal(answers(bench), "2 1 declined "); /* of no office */
    assert_int_equal(objection_answer_list(bench->admin, bench->town.arena, OBJECTION_OPERATOR,
                                           &page, &bench->fault),
                     ERR_OK);
    assert_int_equal(page.count, 2);
    assert_int_equal(page.items[0].objection, 3);
    assert_int_equal(page.next, 0);

    struct str many = str_format(
        bench->town.arena,
        "INSERT INTO intake.objection (objection, submission, n, report, code, form_version, owner,"
        " reason, decided_at) OVERRIDING SYSTEM VALUE SELECT i, md5('s2')::uuid, 1, i, 'RB27S-001',"
        " '2025-1', 'RIO', 'x', now() FROM generate_series(10, 10 + %d - 3) i",
        OBJECTION_PAGE);
    town_run(&bench->town, many.data); /* one more than a page, with 1 and 3 */
    assert_int_equal(objection_answer_list(bench->admin, bench->town.arena, OBJECTION_OPERATOR,
                                           &page, &bench->fault),
                     ERR_OK);
    assert_int_equal(page.count, OBJECTION_PAGE);
    assert_int_equal(page.next, 0);
    town_run(&bench->town, "INSERT INTO intake.objection (objection, submission, n, report, code,"
                           " form_version, owner, reason, decided_at) OVERRIDING SYSTEM VALUE"
                           " VALUES (9, md5('s2')::uuid, 1, 9, 'RB27S-001', '2025-1', 'RIO', 'x',"
                           " now())");
    assert_int_equal(objection_answer_list(bench->admin, bench->town.arena, OBJECTION_OPERATOR,
                                           &page, &bench->fault),
                     ERR_OK);
    assert_int_equal(page.count, OBJECTION_PAGE);
    assert_int_equal(page.next, 3);
    page.before = page.next;
    assert_int_equal(objection_answer_list(bench->admin, bench->town.arena, OBJECTION_OPERATOR,
                                           &page, &bench->fault),
                     ERR_OK);
    assert_int_equal(page.count, 1);
    assert_int_equal(page.items[0].objection, 1);
}

/* Blocks that the database has looked at, of a connection and before it. */
static int64_t
buffers(struct bench *bench, struct store *store)
{
    struct store_rows rows = {0};

    for (int i = 0; i < 2; i++) { /* the second time the first one is counted */
        assert_int_equal(store_run(store, "SELECT pg_stat_force_next_flush()", NULL,
                                   bench->town.arena, NULL, &bench->fault),
                         ERR_OK);
    }
    assert_int_equal(store_run(store,
                               "SELECT (blks_hit + blks_read)::bigint FROM pg_stat_database"
                               " WHERE datname = current_database()",
                               NULL, bench->town.arena, &rows, &bench->fault),
                     ERR_OK);
    return store_number(&rows, 0, 0);
}

enum { ASKED_PAGE, ASKED_OPEN, ASKED_ONE, ASKED_COUNT };

/* A list, or the newest objection to a rule of RIO alone. */
static void
look(struct bench *bench, struct store *store, enum objection_answerer who, int asked)
{
    struct objection_page page = {.open = asked == ASKED_OPEN};
    struct objection_told told = {.objection = 3};

    if (asked == ASKED_ONE) {
        assert_int_equal(objection_answer_find(store, bench->town.arena, who, &told, &bench->fault),
                         ERR_OK);
        assert_int_equal(told.objection, 3);
        return;
    }
    assert_int_equal(objection_answer_list(store, bench->town.arena, who, &page, &bench->fault),
                     ERR_OK);
    assert_int_equal(page.count, OBJECTION_PAGE);
}

static int64_t
cost_of(struct bench *bench, enum objection_answerer who, int asked)
{
    struct store         *store = who == OBJECTION_OWNER ? bench->town.desk : bench->admin;
    struct people_session session = {0};
    int64_t               before = 0;

    for (int i = 0; i < 2; i++) { /* plans and catalogues are read once */
        before = buffers(bench, store);
        assert_int_equal(store_begin(store, &bench->fault), ERR_OK);
        if (who == OBJECTION_OWNER) {
            assert_int_equal(people_session_enter(store, bench->town.arena,
                                                  town_digest(&bench->town, "rule-owner"), &session,
                                                  &bench->fault),
                             ERR_OK);
        }
        look(bench, store, who, asked);
        assert_int_equal(store_commit(store, &bench->fault), ERR_OK);
    }
    return buffers(bench, store) - before;
}

static void
object(const struct bench *bench, int from, int count)
{
    struct str sql = str_format(
        bench->town.arena,
        "INSERT INTO intake.objection (objection, submission, n, report, code, form_version, owner,"
        " reason, decided_at) OVERRIDING SYSTEM VALUE SELECT i, md5('s2')::uuid, 1, i, 'RB27S-001',"
        " '2025-1', CASE i %% 2 WHEN 0 THEN 'RIO' ELSE 'MF' END, 'x', now()"
        " FROM generate_series(%d, %d) i",
        from, from + count - 1);

    town_run(&bench->town, sql.data);
    town_run(&bench->town, "ANALYZE intake.objection, intake.objection_answer, intake.decision");
}

static void
a_page_and_one_objection_cost_no_more_for_all_the_others(void **state)
{
    enum { FEW = 4000, MANY = 12000 };
    struct bench *bench = *state;
    int64_t       before[2][ASKED_COUNT];

    object(bench, 10, FEW);
    for (int who = OBJECTION_OWNER; who <= OBJECTION_OPERATOR; who++) {
        for (int asked = 0; asked < ASKED_COUNT; asked++) {
            before[who][asked] = cost_of(bench, (enum objection_answerer)who, asked);
        }
    }
    object(bench, 10 + FEW, MANY);
    for (int who = OBJECTION_OWNER; who <= OBJECTION_OPERATOR; who++) {
        for (int asked = 0; asked < ASKED_COUNT; asked++) {
            int64_t after = cost_of(bench, (enum objection_answerer)who, asked);
            print_message("%d %d: %lld, then %lld\n", who, asked, (long long)before[who][asked],
                          (long long)after);
            EXPECT(after < before[who][asked] + before[who][asked] / 4 + 200, "buffers");
        }
    }
}

#define ANSWER_TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        ANSWER_TEST(answer_is_whole_or_refused_with_what_is_wrong),
        ANSWER_TEST(owner_answers_objections_to_rules_of_their_office_alone),
        ANSWER_TEST(answer_that_somebody_changed_is_not_written_over),
        ANSWER_TEST(answer_for_a_rule_reaches_what_has_no_answer_yet),
        ANSWER_TEST(answer_for_a_rule_reaches_no_objection_of_another_owner),
        ANSWER_TEST(answer_for_a_rule_reaches_nothing_newer_than_the_one_it_names),
        ANSWER_TEST(remedy_is_linked_to_the_switch_or_the_release),
        ANSWER_TEST(operator_sees_and_answers_all_and_pages_are_whole),
        ANSWER_TEST(a_page_and_one_objection_cost_no_more_for_all_the_others),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
