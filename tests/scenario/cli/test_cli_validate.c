#include "tests/scenario/cli/program.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ARENA_MAX = 256 * 1024 * 1024 };

static const char *const finding_keys[] = {"code",
                                           "severity",
                                           "title",
                                           "cell",
                                           "line",
                                           "column",
                                           "offset",
                                           "xpath",
                                           "found",
                                           "expected",
                                           "difference",
                                           "suspect",
                                           "difference_repeats",
                                           "contributors",
                                           "fix",
                                           "basis",
                                           "technical"};
static const char *const report_keys[] = {
    "form",    "unit",   "unit_name", "period",     "version",      "level",        "variant",
    "verdict", "reason", "findings",  "signatures", "findings_cut", "not_evaluated"};
static const char *const file_keys[] = {"file",    "sha256", "verdict",      "findings",
                                        "reports", "reason", "findings_cut", "groups"};
static const char *const signature_keys[] = {"role", "signer", "valid", "failed_step"};

static void
expect_keys(const json_t *object, const char *const *keys, size_t count)
{
    assert_int_equal(json_object_size(object), count);
    for (size_t i = 0; i < count; i++) {
        if (json_object_get(object, keys[i]) == NULL) {
            fail_msg("key %s is missing", keys[i]);
        }
    }
}

/* Run with --json and read what came; the caller releases it. */
static json_t *
judge(struct arena *arena, const struct program *program, int exit_code)
{
    struct program_result got = program_run(arena, program);
    json_error_t          error;
    json_t *answer = json_loadb(got.out.data, got.out.size, JSON_REJECT_DUPLICATES, &error);

    if (answer == NULL || got.exit_code != exit_code || got.err.size > 0) {
        fail_msg("exit code %d: %s%s", got.exit_code, got.out.data, got.err.data);
    }
    return json_object_get(answer, "files") == NULL ? NULL : answer;
}

static const char *
text(const json_t *object, const char *key)
{
    const char *value = json_string_value(json_object_get(object, key));

    return value == NULL ? "" : value;
}

/* How many findings of this code stand in the list; their severity must be the given one. */
static size_t
count_code(const json_t *owner, const char *code, const char *severity)
{
    const json_t *findings = json_object_get(owner, "findings");
    size_t        count = 0;

    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *finding = json_array_get(findings, i);
        if (strcmp(text(finding, "code"), code) == 0) {
            assert_string_equal(text(finding, "severity"), severity);
            count++;
        }
    }
    return count;
}

static size_t
count_severity(const json_t *owner, const char *severity)
{
    const json_t *findings = json_object_get(owner, "findings");
    size_t        count = 0;

    for (size_t i = 0; i < json_array_size(findings); i++) {
        count += strcmp(text(json_array_get(findings, i), "severity"), severity) == 0;
    }
    return count;
}

static const json_t *
file_at(const json_t *answer, size_t file)
{
    return json_array_get(json_object_get(answer, "files"), file);
}

static const json_t *
report_at(const json_t *answer, size_t file, size_t report)
{
    return json_array_get(json_object_get(file_at(answer, file), "reports"), report);
}

/* Both signatures of a report: valid, or failed at this step. */
static void
expect_signatures(const json_t *report, const char *failed_step)
{
    const json_t *signatures = json_object_get(report, "signatures");

    assert_int_equal(json_array_size(signatures), 2);
    for (size_t i = 0; i < 2; i++) {
        const json_t *signature = json_array_get(signatures, i);
        expect_keys(signature, signature_keys, ARRAY_COUNT(signature_keys));
        assert_int_equal(json_is_true(json_object_get(signature, "valid")), failed_step == NULL);
        assert_string_equal(text(signature, "failed_step"), failed_step == NULL ? "" : failed_step);
        assert_string_not_equal(text(signature, "role"), "");
        assert_string_not_equal(text(signature, "signer"), "");
    }
}

static void
good_samples_are_accepted_with_all_signatures_valid(void **state)
{
    static const struct {
        const char *path;
        size_t      reports;
    } samples[] = {
        {PROGRAM_DOCHODY, 3},
        {PROGRAM_WYDATKI, 3},
        {PROGRAM_KOREKTA, 1},
        {PROGRAM_OBA,     2},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(samples); i++) {
        struct arena  *arena = arena_create(ARENA_MAX);
        struct program program = {
            .arguments = {"validate", samples[i].path, "--json", PROGRAM_TRUST, PROGRAM_AT, NULL}
        };
        json_t *answer = judge(arena, &program, 0);
        assert_string_equal(text(file_at(answer, 0), "verdict"), "accepted");
        assert_int_equal(json_array_size(json_object_get(file_at(answer, 0), "reports")),
                         samples[i].reports);
        for (size_t r = 0; r < samples[i].reports; r++) {
            const json_t *report = report_at(answer, 0, r);
            assert_string_equal(text(report, "verdict"), "accepted");
            assert_string_equal(text(report, "period"), "2026-Q2");
            assert_string_equal(text(report, "level"), "jednostkowe");
            assert_int_equal(count_severity(report, "error"), 0);
            expect_signatures(report, NULL);
        }
        json_decref(answer);
        arena_destroy(arena);
    }
}

static void
unknown_issuer_is_a_warning_without_trust(void **state)
{
    struct arena  *arena = arena_create(ARENA_MAX);
    struct program program = {
        .arguments = {"validate", PROGRAM_DOCHODY, "--json", PROGRAM_AT, NULL}
    };
    json_t *answer = judge(arena, &program, 0);

    (void)state;
    assert_string_equal(text(file_at(answer, 0), "verdict"), "accepted");
    assert_int_equal(count_code(file_at(answer, 0), "PODPIS-071", "warning"), 1);
    expect_signatures(report_at(answer, 0, 0), NULL);
    json_decref(answer);
    arena_destroy(arena);
}

static void
changed_report_names_its_digest_in_both_signatures(void **state)
{
    struct arena  *arena = arena_create(ARENA_MAX);
    struct program program = {
        .arguments = {"validate", PROGRAM_ZMIENIONA, "--json", PROGRAM_TRUST, PROGRAM_AT, NULL}
    };
    json_t       *answer = judge(arena, &program, 1);
    const json_t *report = report_at(answer, 0, 0);

    (void)state;
    assert_string_equal(text(file_at(answer, 0), "verdict"), "rejected");
    assert_string_equal(text(report, "verdict"), "rejected");
    assert_int_equal(count_code(report, "PODPIS-030", "error"), 2);
    assert_int_equal(count_code(report, "RB28S-002", "warning"), 1);
    expect_signatures(report, "skrot-sprawozdania");
    json_decref(answer);
    arena_destroy(arena);
}

static void
shared_regon_rejects_both_units_and_names_them(void **state)
{
    struct arena  *arena = arena_create(ARENA_MAX);
    struct program program = {
        .arguments = {"validate", PROGRAM_TEN_SAM_REGON, "--json", PROGRAM_TRUST, PROGRAM_AT,
                      NULL}
    };
    json_t *answer = judge(arena, &program, 1);

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const json_t *report = report_at(answer, 0, i);
        const json_t *finding = json_array_get(json_object_get(report, "findings"), 0);
        assert_string_equal(text(report, "verdict"), "rejected");
        assert_string_equal(text(report, "unit"), "990001010");
        assert_int_equal(count_code(report, "TOZSAMOSC-003", "error"), 1);
        assert_non_null(strstr(text(finding, "title"), "NR 1 W PRZYKŁADOWIE"));
        assert_non_null(strstr(text(finding, "title"), "NR 2 W PRZYKŁADOWIE"));
        expect_signatures(report, NULL);
    }
    json_decref(answer);
    arena_destroy(arena);
}

static void
equal_version_in_a_later_file_is_a_query_and_nothing_more(void **state)
{
    struct arena  *arena = arena_create(ARENA_MAX);
    struct program program = {
        .arguments = {"validate", PROGRAM_DOCHODY, PROGRAM_WYDATKI, PROGRAM_OBA, "--json",
                      PROGRAM_TRUST, PROGRAM_AT, NULL}
    };
    json_t *answer = judge(arena, &program, 0);

    (void)state;
    assert_int_equal(json_array_size(json_object_get(answer, "files")), 3);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(count_severity(report_at(answer, i, 0), "query"), 0);
        assert_int_equal(count_code(report_at(answer, 2, i), "PACZKA-006", "query"), 1);
        assert_string_equal(text(report_at(answer, 2, i), "verdict"), "accepted");
    }
    json_decref(answer);
    arena_destroy(arena);
}

static void
expect_findings_shape(const json_t *owner)
{
    const json_t *findings = json_object_get(owner, "findings");

    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *finding = json_array_get(findings, i);
        expect_keys(finding, finding_keys, ARRAY_COUNT(finding_keys));
        assert_true(json_integer_value(json_object_get(finding, "line")) >= 1);
        assert_true(json_integer_value(json_object_get(finding, "column")) >= 1);
        assert_true(json_is_integer(json_object_get(finding, "offset")));
        for (size_t k = 0; k < ARRAY_COUNT(finding_keys); k++) {
            const json_t *value = json_object_get(finding, finding_keys[k]);
            bool          made_up = strcmp(finding_keys[k], "contributors") == 0;
            assert_true(json_is_string(value) || json_is_null(value) || json_is_integer(value)
                        || (made_up && json_is_object(value)));
        }
    }
}

static void
json_has_every_key_everywhere(void **state)
{
    struct arena  *arena = arena_create(ARENA_MAX);
    struct program program = {
        .arguments = {"validate", PROGRAM_ZMIENIONA, PROGRAM_TEN_SAM_REGON, "CMakeLists.txt",
                      "--json", PROGRAM_AT, NULL}
    };
    json_t *answer = judge(arena, &program, 1);

    (void)state;
    assert_int_equal(json_object_size(answer), 2);
    assert_true(json_is_array(json_object_get(answer, "sets")));
    for (size_t f = 0; f < 3; f++) {
        const json_t *file = file_at(answer, f);
        expect_keys(file, file_keys, ARRAY_COUNT(file_keys));
        expect_findings_shape(file);
        assert_int_equal(strlen(text(file, "sha256")), 64);
        for (size_t r = 0; r < json_array_size(json_object_get(file, "reports")); r++) {
            const json_t *report = report_at(answer, f, r);
            expect_keys(report, report_keys, ARRAY_COUNT(report_keys));
            expect_findings_shape(report);
        }
    }
    json_decref(answer);
    arena_destroy(arena);
}

/* As many results as --json has findings, each at the same byte; "-" is no file for a URI. */
static void
exports_tell_the_same_findings(void **state)
{
    struct arena  *arena = arena_create(ARENA_MAX);
    struct program program = {
        .arguments = {"validate", PROGRAM_ZMIENIONA, "--json", PROGRAM_AT, NULL}
    };
    json_t       *answer = judge(arena, &program, 1);
    const json_t *own = json_object_get(report_at(answer, 0, 0), "findings");
    size_t        count =
        json_array_size(own) + json_array_size(json_object_get(file_at(answer, 0), "findings"));

    (void)state;
    program.arguments[2] = "--format=sarif";
    struct program_result got = program_run(arena, &program);
    json_t               *sarif = json_loadb(got.out.data, got.out.size, 0, NULL);
    const json_t         *run = json_array_get(json_object_get(sarif, "runs"), 0);
    const json_t         *results = json_object_get(run, "results");
    assert_int_equal(got.exit_code, 1);
    assert_int_equal(json_array_size(results), count);
    program.arguments[2] = "--format=ess";
    got = program_run(arena, &program);
    json_t *ess = json_loadb(got.out.data, got.out.size, 0, NULL);
    assert_int_equal(json_array_size(ess), count);
    assert_true(program_says(got.out, "\"time\":\"2026-07-24T23:59:59.000+02:00\""));
    program.arguments[2] = "--format=ess-csv";
    assert_true(str_starts_with(program_run(arena, &program).out, STR("\xEF\xBB\xBFid;type;")));
    json_decref(ess);
    json_decref(sarif);
    json_decref(answer);
    arena_destroy(arena);
}

static void
a_format_is_one_of_those_that_there_are(void **state)
{
    static const char *const formats[][3] = {
        {"--format=xlsx",  NULL,    NULL},
        {"--format",       "",      NULL},
        {"--format=sarif", "--csv", NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(formats); i++) {
        struct arena  *arena = arena_create(ARENA_MAX);
        struct program program = {
            .arguments = {"validate", PROGRAM_DOCHODY, formats[i][0], formats[i][1], NULL}
        };
        assert_int_equal(program_run(arena, &program).exit_code, 2);
        arena_destroy(arena);
    }
}

/* As a person reads it, and as a program: the largest amount first, with its place. */
static void
a_balance_that_is_off_tells_what_it_is_made_of(void **state)
{
    struct arena *arena = arena_create(ARENA_MAX);
    struct str    sample = program_file(arena, PROGRAM_DOCHODY);
    const char   *path =
        program_temporary(arena, program_replace(arena, sample, "<NA>55523.99<", "<NA>55643.99<"));
    struct program program = {
        .arguments = {"validate", path, PROGRAM_AT, NULL}
    };
    struct program_result got = program_run(arena, &program);

    (void)state;
    assert_true(program_says(got.out, "      Na „jest” składa się (od największej):\n"
                                      "        brak  kol. 8 "));
    assert_true(program_says(got.out, "      Na „porównane z” składa się (od największej):\n"
                                      "        55\xC2\xA0"
                                      "643,99  kol. 5 Należności  (wiersz "));
    assert_true(program_says(got.out, "        -55\xC2\xA0"
                                      "523,99  kol. 7 Dochody wykonane  ("));
    program.arguments[2] = "--csv";
    program.arguments[3] = NULL;
    got = program_run(arena, &program);
    assert_true(program_says(got.out, "porównane z: 55\xC2\xA0"
                                      "643,99 kol. 5 Należności (wiersz "));
    program_forget(path);
    arena_destroy(arena);
}

/* More than a report lists: whoever reads only the first or the last line learns of the rest, too.
 */
static void
what_is_beyond_the_limit_is_counted_where_counts_stand(void **state)
{
    static const char first[] = "<Pozycja><Dzial>801</Dzial><Rozdzial>80101</Rozdzial>"
                                "<Paragraf>069</Paragraf><P4>0</P4><PL>68000.00</PL>";
    static const char bad[] = "<Pozycja><Dzial>x</Dzial></Pozycja>";
    enum { BAD_ROWS = 300 };
    struct arena *arena = arena_create(ARENA_MAX);
    struct str    sample = program_file(arena, "tests/samples/dochody-2026-q2.xml");
    struct buf    rows = buf_create(arena, (BAD_ROWS + 1) * sizeof bad);

    (void)state;
    for (int i = 0; i < BAD_ROWS; i++) {
        buf_append(&rows, str_of(bad));
    }
    buf_append(&rows, str_of(first));
    buf_byte(&rows, '\0');
    const char *path =
        program_temporary(arena, program_replace(arena, sample, first, buf_str(&rows).data));
    struct program program = {
        .arguments = {"validate", path, NULL}
    };
    struct program_result judged = program_run(arena, &program);
    static const char     more[] = ", co najmniej 4 uwagi więcej";
    const char           *head = strstr(judged.out.data, more);
    assert_int_equal(judged.exit_code, 1);
    assert_true(program_says(judged.out, "(100 błędów, "));
    assert_non_null(head);
    assert_non_null(strstr(head + 1, more));
    program_forget(path);
    arena_destroy(arena);
}

static void
standard_input_is_judged_like_the_file(void **state)
{
    struct arena  *arena = arena_create(ARENA_MAX);
    struct program from_file = {
        .arguments = {"validate", PROGRAM_DOCHODY, "--json", PROGRAM_AT, NULL}
    };
    struct program from_input = {
        .arguments = {"validate", "-", "--json", PROGRAM_AT, NULL},
          .input = PROGRAM_DOCHODY
    };
    json_t *a = judge(arena, &from_file, 0);
    json_t *b = judge(arena, &from_input, 0);

    (void)state;
    assert_string_equal(text(file_at(b, 0), "file"), "-");
    assert_string_equal(text(file_at(a, 0), "sha256"), text(file_at(b, 0), "sha256"));
    assert_true(json_equal(json_object_get(file_at(a, 0), "reports"),
                           json_object_get(file_at(b, 0), "reports")));
    json_decref(a);
    json_decref(b);
    arena_destroy(arena);
}

static void
csv_has_one_line_per_finding(void **state)
{
    struct arena  *arena = arena_create(ARENA_MAX);
    struct program program = {
        .arguments = {"validate", PROGRAM_ZMIENIONA, "--csv", PROGRAM_TRUST, PROGRAM_AT, NULL}
    };
    struct program as_json = program;
    size_t         lines = 0;

    (void)state;
    as_json.arguments[2] = "--json";
    struct program_result got = program_run(arena, &program);
    json_t               *answer = judge(arena, &as_json, 1);
    size_t findings = json_array_size(json_object_get(file_at(answer, 0), "findings"))
                      + json_array_size(json_object_get(report_at(answer, 0, 0), "findings"));
    assert_int_equal(got.exit_code, 1);
    assert_true(str_starts_with(got.out, STR("\xEF\xBB\xBFplik;formularz;okres;")));
    for (struct str rest = got.out, line = {0}; str_cut(&rest, '\n', &line) && rest.data != NULL;) {
        lines++;
    }
    assert_int_equal(lines, findings + 1);
    json_decref(answer);
    arena_destroy(arena);
}

static void
quiet_leaves_the_exit_code_only(void **state)
{
    struct arena  *arena = arena_create(ARENA_MAX);
    struct program program = {
        .arguments = {"validate", "CMakeLists.txt", "--quiet", NULL}
    };
    struct program_result got = program_run(arena, &program);

    (void)state;
    assert_int_equal(got.exit_code, 1);
    assert_int_equal(got.out.size, 0);
    assert_int_equal(got.err.size, 0);
    arena_destroy(arena);
}

/* Without escapes and carriage returns, and without the last line, which tells the time. */
static struct str
words_of(struct arena *arena, struct str shown)
{
    struct buf out = buf_create(arena, shown.size + 1);
    bool       in_escape = false;

    for (size_t i = 0; i < shown.size; i++) {
        bool begins = shown.data[i] == '\x1B';
        if (!in_escape && !begins && shown.data[i] != '\r') {
            buf_byte(&out, shown.data[i]);
        }
        in_escape = begins || (in_escape && shown.data[i] != 'm');
    }
    while (out.size > 1 && out.data[out.size - 2] != '\n') {
        out.size--;
    }
    return buf_str(&out);
}

static void
colour_is_for_terminals_and_adds_no_meaning(void **state)
{
    static const struct {
        const char *name;
        char       *environment;
        const char *option;
        bool        on_terminal;
        bool        coloured;
    } cases[] = {
        {"terminal",              "NO_COLOR=",  NULL,         true,  true },
        {"terminal, NO_COLOR",    "NO_COLOR=1", NULL,         true,  false},
        {"terminal, --no-color",  "NO_COLOR=",  "--no-color", true,  false},
        {"terminal that is dumb", "TERM=dumb",  NULL,         true,  false},
        {"no terminal",           "NO_COLOR=",  NULL,         false, false},
    };
    struct arena *arena = arena_create(ARENA_MAX);
    struct str    words = {0};

    (void)state;
    /* One thread; only the child reads it. */
    assert_int_equal(setenv("TERM", "xterm", 1), 0); /* NOLINT(concurrency-mt-unsafe) */
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct program program = {
            .arguments = {"validate", PROGRAM_ZMIENIONA, PROGRAM_AT, cases[i].option, NULL},
            .environment = cases[i].environment,
            .on_terminal = cases[i].on_terminal
        };
        struct program_result got = program_run(arena, &program);
        struct str            plain = words_of(arena, got.out);
        if (program_says(got.out, "\x1B[") != cases[i].coloured) {
            fail_msg("%s: %s", cases[i].name, got.out.data);
        }
        assert_true(i == 0 || str_equal(plain, words));
        assert_true(program_says(plain, "✖ błąd: "));
        words = plain;
    }
    arena_destroy(arena);
}

static void
text_from_files_cannot_command_the_terminal(void **state)
{
    /* U+009B is CSI as one character, U+202E turns what follows it; XML allows both. */
    /* NOLINTNEXTLINE(misc-misleading-bidirectional) */
    const char    *hidden = "PODSTAWOWA \xC2\x9Bm\xE2\x80\xAE NR 1";
    struct arena  *arena = arena_create(ARENA_MAX);
    struct str     sample = program_file(arena, PROGRAM_DOCHODY);
    struct str     spoilt = program_replace(arena, sample, "PODSTAWOWA NR 1", hidden);
    const char    *path = program_temporary(arena, spoilt);
    struct program program = {
        .arguments = {"validate", path, PROGRAM_AT, NULL}
    };
    struct program_result got = program_run(arena, &program);

    (void)state;
    program_forget(path);
    assert_int_equal(got.exit_code, 1);
    assert_true(program_says(got.out, "\xEF\xBF\xBDm\xEF\xBF\xBD NR 1"));
    assert_false(program_says(got.out, "\xC2\x9B"));
    /* NOLINTNEXTLINE(misc-misleading-bidirectional) */
    assert_false(program_says(got.out, "\xE2\x80\xAE"));
    arena_destroy(arena);
}

static void
file_longer_than_the_limit_is_refused_not_read_for_ever(void **state)
{
    struct arena  *arena = arena_create(ARENA_MAX);
    struct program program = {
        .arguments = {"validate", "/dev/zero", "--json", NULL}
    };
    json_t *answer = judge(arena, &program, 1);

    (void)state;
    assert_true(json_is_null(json_object_get(file_at(answer, 0), "sha256")));
    assert_string_equal(text(file_at(answer, 0), "verdict"), "rejected");
    json_decref(answer);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_samples_are_accepted_with_all_signatures_valid),
        cmocka_unit_test(unknown_issuer_is_a_warning_without_trust),
        cmocka_unit_test(changed_report_names_its_digest_in_both_signatures),
        cmocka_unit_test(shared_regon_rejects_both_units_and_names_them),
        cmocka_unit_test(equal_version_in_a_later_file_is_a_query_and_nothing_more),
        cmocka_unit_test(json_has_every_key_everywhere),
        cmocka_unit_test(exports_tell_the_same_findings),
        cmocka_unit_test(a_format_is_one_of_those_that_there_are),
        cmocka_unit_test(a_balance_that_is_off_tells_what_it_is_made_of),
        cmocka_unit_test(what_is_beyond_the_limit_is_counted_where_counts_stand),
        cmocka_unit_test(standard_input_is_judged_like_the_file),
        cmocka_unit_test(csv_has_one_line_per_finding),
        cmocka_unit_test(quiet_leaves_the_exit_code_only),
        cmocka_unit_test(colour_is_for_terminals_and_adds_no_meaning),
        cmocka_unit_test(text_from_files_cannot_command_the_terminal),
        cmocka_unit_test(file_longer_than_the_limit_is_refused_not_read_for_ever),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
