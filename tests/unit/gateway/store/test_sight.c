#include "gateway/store/store.h"
#include "tests/support/cluster.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/store/filed.h"

#include <string.h>

enum { ARENA_MAX = 64 * 1024 * 1024 };

static struct cluster      *cluster;
static struct store_address address;
static struct arena        *arena;
static struct fault         fault;
static struct store        *reader;

static int
start(void **state)
{
    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    address = cluster_database(cluster, "sight");
    cluster_run(cluster, "sight", FILED_SQL);
    arena = arena_create(ARENA_MAX);
    assert_int_equal(store_open(arena, &address, STORE_READER, &reader, &fault), ERR_OK);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    arena_destroy(arena);
    cluster_stop(cluster);
    return 0;
}

static struct str
read_text(const char *sql)
{
    struct store_rows rows = {0};
    enum err          got = store_run(reader, sql, NULL, arena, &rows, &fault);

    EXPECT(got == ERR_OK, fault.text);
    EXPECT(store_row_count(&rows) == 1, sql);
    return store_is_null(&rows, 0, 0) ? STR("-") : store_text(&rows, 0, 0);
}

static void
enter(int64_t credential)
{
    struct store_parameters parameters = store_parameters_create(arena);

    store_put_number(&parameters, credential);
    assert_int_equal(
        store_run(reader, "SELECT registry.enter($1)", &parameters, arena, NULL, &fault), ERR_OK);
}

/* What is seen, as lists of last digits of submissions, of numbers of reports and receipts; of
 * findings and signatures as submission:report, -1 being the package. */
/* clang-format off */
static const struct {
    const char *name;
    int64_t     credential;
    const char *filed;   /* submission, document, decision alike */
    const char *reports; /* report and line alike */
    const char *parts;   /* finding, report_signature alike */
    const char *receipts;
} sights[] = {
    {"gmina sees all below it", 1, "1,3", "1,2,3", "1:-1,1:1,1:2,3:-1,3:3", "S2,S3,U1,U2,U3"},
    {"urząd sees its own and its schools'", 2, "1,3", "1,2,3", "1:-1,1:1,1:2,3:-1,3:3", "S2,S3,U1,U2,U3"},
    {"school sees its own, and of the urząd's what is about it", 3, "1,3", "1,3", "1:1,3:-1,3:3", "S3,U1,U3"},
    {"sibling sees what is about it alone", 4, "1", "2", "1:2", "U2"},
    {"foreign gmina sees its own", 5, "5", "5", "5:-1,5:5", "S5,U5"},
    {"revoked credential", 6, "-", "-", "-", "-"},
    {"expired credential", 7, "-", "-", "-", "-"},
    {"credential that is not there", 99, "-", "-", "-", "-"},
};
/* clang-format on */

static void
credential_sees_its_own_subtree_and_nothing_else(void **state)
{
    static const char *const filed_tables[] = {"submission", "document", "decision"};
    static const char *const part_tables[] = {"finding", "report_signature"};
    static const char *const report_tables[] = {"report", "line"};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(sights); i++) {
        assert_int_equal(store_begin(reader, &fault), ERR_OK);
        enter(sights[i].credential);
        for (size_t t = 0; t < ARRAY_COUNT(filed_tables); t++) {
            struct str sql = str_format(arena,
                                        "SELECT string_agg(right(submission::text, 1), ',' ORDER BY"
                                        " submission) FROM intake.%s",
                                        filed_tables[t]);
            EXPECT(str_equal(read_text(sql.data), str_of(sights[i].filed)), sights[i].name);
        }
        for (size_t t = 0; t < ARRAY_COUNT(part_tables); t++) {
            struct str sql = str_format(arena,
                                        "SELECT string_agg(right(submission::text, 1) || ':' ||"
                                        " report, ',' ORDER BY submission, report) FROM intake.%s",
                                        part_tables[t]);
            EXPECT(str_equal(read_text(sql.data), str_of(sights[i].parts)), sights[i].name);
        }
        for (size_t t = 0; t < ARRAY_COUNT(report_tables); t++) {
            struct str sql = str_format(arena,
                                        "SELECT string_agg(report::text, ',' ORDER BY report)"
                                        " FROM intake.%s",
                                        report_tables[t]);
            EXPECT(str_equal(read_text(sql.data), str_of(sights[i].reports)), sights[i].name);
        }
        EXPECT(str_equal(read_text("SELECT string_agg(number, ',' ORDER BY number COLLATE \"C\")"
                                   " FROM intake.receipt"),
                         str_of(sights[i].receipts)),
               sights[i].name);
        store_rollback(reader);
    }
}

static const char all_sql[] =
    "SELECT concat_ws(' ', (SELECT count(*) FROM intake.submission),"
    " (SELECT count(*) FROM intake.document), (SELECT count(*) FROM intake.decision),"
    " (SELECT count(*) FROM intake.report), (SELECT count(*) FROM intake.line),"
    " (SELECT count(*) FROM intake.finding), (SELECT count(*) FROM intake.report_signature),"
    " (SELECT count(*) FROM intake.receipt))";

static void
nothing_is_seen_before_entering_nor_after_the_transaction(void **state)
{
    (void)state;
    assert_true(str_equal(read_text(all_sql), STR("0 0 0 0 0 0 0 0")));
    assert_int_equal(store_begin(reader, &fault), ERR_OK);
    enter(1);
    assert_true(str_equal(read_text(all_sql), STR("2 2 2 3 3 5 5 5")));
    assert_int_equal(store_commit(reader, &fault), ERR_OK);
    assert_true(str_equal(read_text(all_sql), STR("0 0 0 0 0 0 0 0")));
    /* Who enters twice has the second one's sight alone. */
    assert_int_equal(store_begin(reader, &fault), ERR_OK);
    enter(1);
    enter(5);
    assert_true(str_equal(read_text(all_sql), STR("1 1 1 1 1 2 2 2")));
    enter(6);
    assert_true(str_equal(read_text(all_sql), STR("0 0 0 0 0 0 0 0")));
    store_rollback(reader);
    /* Outside a transaction each statement is one. */
    enter(1);
    assert_true(str_equal(read_text(all_sql), STR("0 0 0 0 0 0 0 0")));
}

#define FILED(digit) "0199a2c4-7d10-7a31-9c55-00000000000" digit

/* Each sees what it has filed and asks for; who is revoked, over or not there, or asks for what
 * another has filed, brings nothing in, though the other asks for it, too. */
/* clang-format off */
static const struct {
    const char *name;
    const char *who;
    const char *ids;
    const char *units; /* as told, in the order of who */
    const char *filed;
    const char *reports; /* of these two, what lists of last digits above are */
} gatherings[] = {
    {"a school, that sees more when alone", "3", FILED("3"), "3", "3", "3"},
    {"two of their own", "3,5", FILED("3") "," FILED("5"), "3,5", "3,5", "3,5"},
    {"two, the other way round", "5,3", FILED("5") "," FILED("3"), "5,3", "3,5", "3,5"},
    {"the same twice", "3,3", FILED("3") "," FILED("3"), "3,3", "3", "3"},
    {"what holds a report of the school", "3,5", FILED("1") "," FILED("5"), "-,5", "5", "5"},
    {"what another has filed and asks for", "3,5", FILED("5") "," FILED("5"), "-,5", "5", "5"},
    {"what a unit below has filed", "1", FILED("3"), "-", "-", "-"},
    {"two who ask for each other's", "3,5", FILED("5") "," FILED("3"), "-,-", "-", "-"},
    {"who is revoked, over, not there", "6,7,99,0,3",
     FILED("3") "," FILED("3") "," FILED("3") "," FILED("3") "," FILED("3"), "-,-,-,-,3", "3", "3"},
    {"one who asks for nothing", "3", "", "-", "-", "-"},
    {"an id that nobody asks for", "3", FILED("3") "," FILED("5"), "3,-", "3", "3"},
};
/* clang-format on */

static void
those_who_enter_together_see_what_they_filed_and_ask_for(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(gatherings); i++) {
        const char *name = gatherings[i].name;
        struct str  sql = str_format(arena,
                                     "SELECT string_agg(coalesce(e.unit::text, '-'), ',')"
                                      " FROM registry.enter_together('{%s}', '{%s}') e",
                                     gatherings[i].who, gatherings[i].ids);
        assert_int_equal(store_script(reader, "BEGIN READ ONLY", &fault), ERR_OK);
        EXPECT(str_equal(read_text(sql.data), str_of(gatherings[i].units)), name);
        EXPECT(str_equal(read_text("SELECT string_agg(right(submission::text, 1), ',' ORDER BY"
                                   " submission) FROM intake.submission"),
                         str_of(gatherings[i].filed)),
               name);
        EXPECT(str_equal(read_text("SELECT string_agg(report::text, ',' ORDER BY report)"
                                   " FROM intake.line"),
                         str_of(gatherings[i].reports)),
               name);
        store_rollback(reader);
    }
}

/* Every table that tells of a submission, and none that tells of duties. */
static void
what_is_asked_for_together_is_the_whole_of_it_and_nothing_else(void **state)
{
    (void)state;
    assert_int_equal(store_begin(reader, &fault), ERR_OK);
    enter(5);
    struct str alone = read_text(all_sql);
    store_rollback(reader);
    assert_int_equal(store_script(reader, "BEGIN READ ONLY", &fault), ERR_OK);
    assert_true(str_equal(read_text("SELECT count(e.unit)::text FROM registry.enter_together("
                                    "'{5}', '{" FILED("5") "}') e"),
                          STR("1")));
    assert_true(str_equal(read_text(all_sql), alone));
    assert_true(str_equal(read_text("SELECT concat_ws(' ', (SELECT count(*) FROM intake.concern),"
                                    " (SELECT count(*) FROM obligation.duty),"
                                    " (SELECT count(*) FROM obligation.stray))"),
                          STR("0 0 0")));
    assert_true(str_equal(read_text("SELECT count(*)::text"
                                    " FROM registry.enter_together('{}', '{}') e"),
                          STR("0")));
    assert_true(str_equal(read_text(all_sql), STR("0 0 0 0 0 0 0 0")));
    store_rollback(reader);
    assert_int_equal(store_begin(reader, &fault), ERR_OK);
    enter(5);
    assert_true(str_equal(read_text(all_sql), alone)); /* nothing of it is left */
    store_rollback(reader);
}

static void
read_only_transaction_may_enter(void **state)
{
    (void)state;
    assert_int_equal(store_script(reader, "BEGIN READ ONLY", &fault), ERR_OK);
    enter(5);
    assert_true(str_equal(read_text(all_sql), STR("1 1 1 1 1 2 2 2")));
    store_rollback(reader);
}

static void
reader_reaches_no_other_table_and_no_partition(void **state)
{
    static const char *const attempts[] = {
        "SELECT * FROM registry.credential",
        "SELECT * FROM intake.line_2026",
        "SELECT * FROM intake.line_other",
        "SELECT * FROM intake.log",
        "SELECT * FROM intake.claim_key",
        "SELECT * FROM intake.work",
        "SELECT * FROM intake.outbox",
        "UPDATE registry.credential SET last_used_at = now()",
        "SET row_security = off; SELECT * FROM intake.report",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(attempts); i++) {
        EXPECT(store_script(reader, attempts[i], &fault) == ERR_STORE_UNFIT, attempts[i]);
        EXPECT(strcmp(store_sqlstate(reader), "42501") == 0, attempts[i]);
    }
}

static void
credential_is_recognised_and_its_use_remembered(void **state)
{
    (void)state;
    assert_true(str_equal(
        read_text("SELECT concat_ws(' ', unit, scopes, expired, revoked, name, regon, clock_offset)"
                  " FROM registry.authenticate(false, sha256('990001010'))"),
        STR("3 3 f f A 990001010 00:00:00")));
    assert_true(str_equal(read_text("SELECT concat_ws(' ', expired, revoked) FROM"
                                    " registry.authenticate(false, sha256('revoked'))"),
                          STR("f t")));
    assert_true(str_equal(read_text("SELECT concat_ws(' ', expired, revoked) FROM"
                                    " registry.authenticate(false, sha256('expired'))"),
                          STR("t f")));
    assert_true(str_equal(read_text("SELECT count(*)::text FROM"
                                    " registry.authenticate(true, sha256('990001010'))"),
                          STR("0")));
    (void)read_text("SELECT registry.used(3)::text");
    assert_true(str_equal(cluster_ask(cluster, arena, "sight",
                                      "SELECT string_agg(credential::text, ',') FROM"
                                      " registry.credential WHERE last_used_at IS NOT NULL"),
                          STR("3")));
}

static void
receipt_is_public_by_its_number_and_tells_no_amounts(void **state)
{
    static const char columns[] =
        "SELECT concat_ws(' ', kind, n, newest, regon, verdict, jsonb_array_length(reports))"
        " FROM intake.public_receipt('%s')";

    (void)state;
    assert_true(str_equal(read_text(str_format(arena, columns, "U1").data), /* NOLINT */
                          STR("unit 1 1 990001010 1 1")));
    assert_true(str_equal(read_text(str_format(arena, columns, "S2").data), /* NOLINT */
                          STR("summary 1 1  1 2")));
    assert_true(
        str_equal(read_text("SELECT count(*)::text FROM intake.public_receipt('U')"), STR("0")));
    assert_true(
        str_equal(read_text("SELECT string_agg(DISTINCT k, ' ' ORDER BY k) FROM"
                            " intake.public_receipt('U1') r, jsonb_array_elements(r.reports)"
                            " e, jsonb_object_keys(e) k"),
                  STR("by_arrived by_number by_version form in_force period regon verdict "
                      "version")));
}

static void
definer_functions_are_the_readers_alone(void **state)
{
    static const char *const calls[] = {"SELECT * FROM registry.authenticate(false, sha256('x'))",
                                        "SELECT registry.enter(1)",
                                        "SELECT registry.used(1)",
                                        "SELECT * FROM registry.enter_together('{1}', '{}')",
                                        "SELECT registry.seen_below()",
                                        "SELECT * FROM intake.questions_below()",
                                        "SELECT * FROM intake.late_below()",
                                        "SELECT * FROM intake.public_receipt('x')"};
    static const enum store_role roles[] = {STORE_WRITER, STORE_ADMIN};

    (void)state;
    for (size_t r = 0; r < ARRAY_COUNT(roles); r++) {
        struct store *store = NULL;
        assert_int_equal(store_open(arena, &address, roles[r], &store, &fault), ERR_OK);
        for (size_t i = 0; i < ARRAY_COUNT(calls); i++) {
            EXPECT(store_script(store, calls[i], &fault) == ERR_STORE_UNFIT, calls[i]);
            EXPECT(strcmp(store_sqlstate(store), "42501") == 0, calls[i]);
        }
    }
    /* A definer function that can be lured by a search path would lend the owner's rights. */
    assert_true(str_equal(cluster_ask(cluster, arena, "sight",
                                      "SELECT count(*) FROM pg_proc WHERE prosecdef AND"
                                      " pronamespace IN ('registry'::regnamespace,"
                                      " 'intake'::regnamespace) AND NOT"
                                      " coalesce(proconfig @> '{search_path=pg_catalog}', false)"),
                          STR("0")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(credential_sees_its_own_subtree_and_nothing_else),
        cmocka_unit_test(nothing_is_seen_before_entering_nor_after_the_transaction),
        cmocka_unit_test(read_only_transaction_may_enter),
        cmocka_unit_test(those_who_enter_together_see_what_they_filed_and_ask_for),
        cmocka_unit_test(what_is_asked_for_together_is_the_whole_of_it_and_nothing_else),
        cmocka_unit_test(reader_reaches_no_other_table_and_no_partition),
        cmocka_unit_test(credential_is_recognised_and_its_use_remembered),
        cmocka_unit_test(receipt_is_public_by_its_number_and_tells_no_amounts),
        cmocka_unit_test(definer_functions_are_the_readers_alone),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
