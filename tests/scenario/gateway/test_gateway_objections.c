#include "tests/scenario/gateway/office.h"
#include "tests/support/command.h"
#include "tests/support/expect.h"

#include <string.h>
#include <sys/stat.h>

/*
 * A filing that objects to a rule, through nginx and TLS and by `brama`: what it changes, what its
 * receipt says, what is refused before a body is taken.
 */
static struct cluster *cluster;
static struct office   office;
static struct arena   *kept;
static struct str      package; /* one school, Rb-28S, rejected by RB28S-004 alone */

#define VALUE(answer, path) office_value(arena, &(answer), path)
#define EXPECT_VALUE(answer, path, wanted) assert_string_equal(VALUE(answer, path), wanted)
#define OBJECTION "/api/v1/submissions?objection=RB28S-004&reason=wymagalne%20gdzie%20indziej"

static struct str
make(uint64_t seed, const char *wrong)
{
    const struct maker_options options = {.seed = seed,
                                          .first_unit = OFFICE_MADE_FROM + seed % OFFICE_MADE,
                                          .rows = 3,
                                          .forms = MAKER_RB28S,
                                          .version = (int)seed,
                                          .fault = wrong};
    struct fault               fault = {0};
    struct str                 bytes = {0};

    ENSURE(maker_package(kept, &options, station_authority(office.station), &bytes, &fault)
           == ERR_OK);
    return bytes;
}

static int
start(void **state)
{
    const struct station_options options = {.settings = "answer_wait_ms = 30000\n"};

    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    office_open(&office, cluster, "objections", &options, true);
    kept = arena_create(OFFICE_ROOM);
    package = make(1, "rule-s28-04b");
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    office_close(&office);
    cluster_stop(cluster);
    arena_destroy(kept);
    return 0;
}

static struct http_answer
file(struct arena *arena, const char *path, const char *key, struct str body)
{
    return office_file(&office, arena,
                       &(struct office_filing){.path = path, .key = key, .body = body});
}

static void
every_refusal_comes_before_a_body_is_taken(void **state)
{
    static const struct {
        const char *query;
        int         status;
        const char *slug;
    } cases[] = {
        {"objection=RB28S-004",                                    400, "zly-parametr"           },
        {"reason=powod",                                           400, "zly-parametr"           },
        {"objection=&reason=powod",                                400, "zly-parametr"           },
        {"objection=RB28S-004&reason=",                            400, "zly-parametr"           },
        {"objection=RB28S-004&reason=%20%20",                      400, "zly-parametr"           },
        {"objection=RB28S-004&reason=a%0Ab",                       400, "zly-parametr"           },
        {"objection=RB28S-004&reason=%FF",                         400, "zly-parametr"           },
        {"objection=RB28S-004&reason=%zz",                         400, "zly-parametr"           },
        {"objection=RB28S-004&objection=RB28S-005&reason=powod",   400, "zly-parametr"           },
        {"objection=RB28S-004,RB28S-004&reason=powod",             400, "zly-parametr"           },
        {"objection=rb28s-004&reason=powod",                       400, "zly-parametr"           },
        {"objection=RB28S&reason=powod",                           400, "zly-parametr"           },
        {"objection=RB28S-004;DROP&reason=powod",                  400, "zly-parametr"           },
        {"objection=A-1,A-2,A-3,A-4,A-5,A-6,A-7,A-8,A-9&reason=p", 400, "zly-parametr"           },
        {"objection=XSD-001&reason=powod",                         422, "zastrzezenie-niemozliwe"},
        {"objection=PODPIS-030&reason=powod",                      422, "zastrzezenie-niemozliwe"},
        {"objection=TOZSAMOSC-003&reason=powod",                   422, "zastrzezenie-niemozliwe"},
        {"objection=RB28S-004,PACZKA-001&reason=powod",            422, "zastrzezenie-niemozliwe"},
    };
    struct arena *arena = arena_create(OFFICE_ROOM);

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str         path = str_format(arena, "/api/v1/submissions?%s", cases[i].query);
        struct str         type = str_format(arena, "/problemy/%s\"", cases[i].slug);
        struct http_answer answer = file(arena, path.data, "odmowa", package);
        if (answer.status != cases[i].status || !office_has(&answer, type.data)) {
            print_message("%s: %d %.*s\n", cases[i].query, answer.status, STR_ARG(answer.body));
        }
        EXPECT(answer.status == cases[i].status && office_has(&answer, type.data), cases[i].query);
    }
    assert_string_equal(office_ask(&office, arena, "SELECT count(*) FROM intake.submission").data,
                        "0");
    arena_destroy(arena);
}

static struct str
reason_of(struct arena *arena, size_t characters)
{
    struct buf out = buf_create(arena, 64 + 6 * characters);

    buf_append(&out, STR("/api/v1/submissions?objection=RB28S-004&reason="));
    for (size_t i = 0; i < characters; i++) {
        buf_append(&out, STR("%C5%BC"));
    }
    buf_byte(&out, '\0');
    ENSURE(buf_ok(&out));
    return buf_str(&out);
}

static void
a_reason_has_at_most_so_many_characters(void **state)
{
    struct arena *arena = arena_create(OFFICE_ROOM);

    (void)state;
    for (size_t size = 499; size <= 501; size++) {
        struct str         path = reason_of(arena, size);
        struct http_answer answer = file(arena, path.data,
                                         size == 499   ? "krotki"
                                         : size == 500 ? "rowny"
                                                       : "dlugi",
                                         make(size - 490, "rule-s28-04b"));
        assert_int_equal(answer.status, size <= 500 ? 201 : 400);
        if (size <= 500) {
            EXPECT_VALUE(answer, "verdict", "accepted");
        }
    }
    arena_destroy(arena);
}

static void
after_a_rejection_the_same_bytes_are_filed_with_an_objection(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    struct http_answer first = file(arena, NULL, "pierwszy", package);
    int64_t            counted = office_metric(&office, "brama_objections_total");

    (void)state;
    EXPECT_VALUE(first, "verdict", "rejected");
    struct http_answer same = file(arena, OBJECTION, "pierwszy", package);
    assert_int_equal(same.status, 200); /* the same key: the original, whatever its verdict */
    EXPECT_VALUE(same, "id", VALUE(first, "id"));
    EXPECT_VALUE(same, "verdict", "rejected");
    struct http_answer second = file(arena, OBJECTION, "zastrzezenie", package);
    assert_int_equal(second.status, 201);
    EXPECT_VALUE(second, "verdict", "accepted");
    EXPECT_VALUE(second, "follows", VALUE(first, "id"));
    EXPECT_VALUE(second, "first_received_at", VALUE(first, "received_at"));
    EXPECT_VALUE(second, "reports.0.reason",
                 "Złożono z zastrzeżeniem do reguły RB28S-004 (definicja 2025-1): wymagalne gdzie "
                 "indziej");
    EXPECT_VALUE(second, "reports.0.in_force", "true");
    struct str path = str_format(arena, "/api/v1/submissions/%s/receipt", VALUE(second, "id"));
    struct http_answer receipt =
        office_get(&office, arena, office.gmina_token, path.data, "application/xml");
    assert_true(office_has(&receipt, "z zastrzeżeniem do reguły RB28S-004 (definicja 2025-1)"));
    assert_true(office_has(&receipt, "<Kod>PACZKA-030</Kod>"));
    assert_true(office_has(&receipt, "<PierwszeZlozenie>"));
    assert_true(office_has(&receipt, VALUE(first, "id")));
    struct http_answer third = file(arena, OBJECTION, "jeszcze", package);
    assert_int_equal(third.status, 200); /* accepted: the original and its receipt */
    EXPECT_VALUE(third, "id", VALUE(second, "id"));
    assert_true(office_await_metric(&office, "brama_objections_total", counted + 1));
    assert_string_equal(office_ask(&office, arena,
                                   "SELECT string_agg(concat_ws(' ', o.code, o.owner,"
                                   " o.form_version), ',') FROM intake.objection o"
                                   " JOIN intake.submission s USING (submission)"
                                   " WHERE s.key = 'zastrzezenie'")
                            .data,
                        "RB28S-004 MF 2025-1");
    assert_string_equal(office_ask(&office, arena,
                                   "SELECT count(*) FROM intake.outbox o JOIN intake.submission s"
                                   " USING (submission) WHERE s.key = 'zastrzezenie'"
                                   " AND o.kind = 'submission.objected'")
                            .data,
                        "1");
    arena_destroy(arena);
}

static void
an_objection_that_changes_nothing_says_so(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    struct http_answer other = file(arena, "/api/v1/submissions?objection=RB28S-005&reason=powod",
                                    "inna", make(20, "rule-s28-04b"));
    struct http_answer good = file(arena, OBJECTION, "dobra", make(21, NULL));
    struct http_answer findings = office_get(
        &office, arena, office.gmina_token,
        str_format(arena, "/api/v1/submissions/%s/findings", VALUE(other, "id")).data, NULL);

    (void)state;
    EXPECT_VALUE(other, "verdict", "rejected");
    assert_true(office_has(&findings, "PACZKA-031"));
    EXPECT_VALUE(good, "verdict", "accepted");
    EXPECT_VALUE(good, "reports.0.reason", "");
    assert_string_equal(office_ask(&office, arena,
                                   "SELECT count(*) FROM intake.objection o"
                                   " JOIN intake.submission s USING (submission)"
                                   " WHERE s.key IN ('inna', 'dobra')")
                            .data,
                        "0");
    arena_destroy(arena);
}

static void
objections_are_listed_for_whom_they_concern(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    struct http_answer own =
        office_get(&office, arena, office.gmina_token, "/api/v1/objections?limit=1", NULL);
    struct http_answer foreign =
        office_get(&office, arena, office.foreign_token, "/api/v1/objections", NULL);
    struct http_answer nobody = office_get(&office, arena, NULL, "/api/v1/objections", NULL);
    struct http_answer none =
        office_get(&office, arena, office.gmina_token, "/api/v1/objections?code=RB27S-001", NULL);
    struct http_answer table =
        office_get(&office, arena, office.gmina_token, "/api/v1/objections?format=csv", NULL);

    (void)state;
    EXPECT_VALUE(own, "items.0.rule", "RB28S-004");
    EXPECT_VALUE(own, "items.0.owner", "MF");
    EXPECT_VALUE(own, "items.0.form_version", "2025-1");
    EXPECT_VALUE(own, "items.0.report.form_title", "Rb-28S");
    EXPECT_VALUE(foreign, "items", "[]");
    assert_int_equal(nobody.status, 401);
    EXPECT_VALUE(none, "items", "[]");
    assert_true(office_has(&table, "wymagalne gdzie indziej"));
    arena_destroy(arena);
}

static const char *
keep_file(struct arena *arena, const char *name, struct str bytes)
{
    const char *path = str_format(arena, "%s/%s", station_folder(office.station), name).data;
    FILE       *out = fopen(path, "we");

    ENSURE(out != NULL && fwrite(bytes.data, 1, bytes.size, out) == bytes.size && fclose(out) == 0
           && chmod(path, S_IRUSR | S_IWUSR) == 0);
    return path;
}

/* What an owner says stands beside the receipt, never in it. */
static void
an_answer_is_shown_at_the_submission_and_changes_no_receipt(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    struct str         id = office_ask(&office, arena,
                                       "SELECT submission FROM intake.submission"
                                               " WHERE key = 'zastrzezenie'");
    const char        *path = str_format(arena, "/api/v1/submissions/%s", id.data).data;
    const char        *receipt = str_format(arena, "%s/receipt", path).data;
    struct http_answer before =
        office_get(&office, arena, office.gmina_token, receipt, "application/xml");
    struct http_answer unanswered = office_get(&office, arena, office.gmina_token, path, NULL);

    (void)state;
    EXPECT_VALUE(unanswered, "reports.0.objections.0.rule", "RB28S-004");
    EXPECT_VALUE(unanswered, "reports.0.objections.0.owner", "MF");
    EXPECT_VALUE(unanswered, "reports.0.objections.0.answer", "");
    assert_string_equal(
        office_ask(
            &office, arena,
            "SELECT a.result FROM intake.objection o JOIN intake.submission s"
            " USING (submission) CROSS JOIN LATERAL intake.answer_as_operator(o.objection, 0,"
            " 'accepted', 'rule-change', '', 'suma w instrukcji jest inna', true) a"
            " WHERE s.key = 'zastrzezenie'")
            .data,
        "done");
    struct http_answer answered = office_get(&office, arena, office.gmina_token, path, NULL);
    EXPECT_VALUE(answered, "reports.0.objections.0.answer.outcome", "accepted");
    EXPECT_VALUE(answered, "reports.0.objections.0.answer.remedy", "rule-change");
    EXPECT_VALUE(answered, "reports.0.objections.0.answer.reason", "suma w instrukcji jest inna");
    EXPECT_VALUE(answered, "reports.0.objections.0.answer.release", "");
    EXPECT_VALUE(answered, "verdict", "accepted");
    struct http_answer after =
        office_get(&office, arena, office.gmina_token, receipt, "application/xml");
    assert_int_equal(after.status, 200);
    assert_true(str_equal(before.body, after.body));
    struct http_answer list =
        office_get(&office, arena, office.gmina_token, "/api/v1/objections", NULL);
    EXPECT_VALUE(list, "items.0.answer.outcome", "accepted"); /* all of the rule: alike */
    struct http_answer table =
        office_get(&office, arena, office.gmina_token, "/api/v1/objections?format=csv", NULL);
    assert_true(office_has(&table, "suma w instrukcji jest inna"));
    struct http_answer foreign = office_get(&office, arena, office.foreign_token, path, NULL);
    assert_int_equal(foreign.status, 404);

    static const char program[] = BRAMA_BINARY_DIR "/gateway/cli/brama";
    const char *const words[] = {
        program,
        "status",
        id.data,
        "--server",
        office.target->base,
        "--ca",
        office.target->authority,
        "--token-file",
        keep_file(arena, "token-odpowiedzi", str_of(strstr(office.gmina_token, "brk_"))),
        NULL};
    struct buf out = buf_create(arena, 1 << 20);
    assert_int_equal(command_run(words, (struct str){0}, &out), 0);
    assert_non_null(memmem(buf_str(&out).data, buf_str(&out).size,
                           "zastrzeżenie do RB28S-004: uznane: suma w instrukcji jest inna", 63));
    arena_destroy(arena);
}

static void
the_program_files_with_an_objection(void **state)
{
    struct arena *arena = arena_create(OFFICE_ROOM);
    const char   *path = keep_file(arena, "paczka.xml", make(30, "rule-s28-04b"));
    const char   *token = keep_file(arena, "token", str_of(strstr(office.gmina_token, "brk_")));
    const struct {
        const char *arguments[8];
        int         exit;
        const char *text;
    } cases[] = {
        {{"submit", path, NULL},                                                                1, "RB28S-004"          },
        {{"submit", path, "--objection", "RB28S-004", NULL},                                    2, NULL                 },
        {{"submit", path, "--reason", "powód", NULL},                                          2, NULL                 },
        {{"submit", path, "--objection", "XSD-001", "--reason", "powód", NULL},                6, NULL                 },
        {{"submit", path, "--objection", "RB28S-004", "--reason", "ma & inną pozycję", NULL},
         0,                                                                                        "ma & inną pozycję"},
        {{"submit", path, "--objection", "RB28S-004", "--reason", "ma & inną pozycję", NULL},
         0,                                                                                        "ma & inną pozycję"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char *all[24] = {BRAMA_BINARY_DIR "/gateway/cli/brama"};
        size_t      count = 1;
        for (size_t j = 0; cases[i].arguments[j] != NULL; j++) {
            all[count++] = cases[i].arguments[j];
        }
        const char *const connection[] = {"--server",     office.target->base,
                                          "--ca",         office.target->authority,
                                          "--token-file", token};
        for (size_t j = 0; j < ARRAY_COUNT(connection); j++) {
            all[count++] = connection[j];
        }
        struct buf out = buf_create(arena, 1 << 20);
        int        code = command_run(all, (struct str){0}, &out);
        struct str told = buf_str(&out);
        bool       says = cases[i].text == NULL
                    || (told.size > 0
                        && memmem(told.data, told.size, cases[i].text, strlen(cases[i].text)));
        if (code != cases[i].exit || !says) {
            print_message("case %zu: %d %.*s\n", i, code, STR_ARG(told));
        }
        EXPECT(code == cases[i].exit && says, "brama submit");
    }
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_refusal_comes_before_a_body_is_taken),
        cmocka_unit_test(a_reason_has_at_most_so_many_characters),
        cmocka_unit_test(after_a_rejection_the_same_bytes_are_filed_with_an_objection),
        cmocka_unit_test(an_objection_that_changes_nothing_says_so),
        cmocka_unit_test(objections_are_listed_for_whom_they_concern),
        cmocka_unit_test(an_answer_is_shown_at_the_submission_and_changes_no_receipt),
        cmocka_unit_test(the_program_files_with_an_objection),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
