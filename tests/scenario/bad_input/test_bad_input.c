#include "tests/scenario/cli/program.h"
#include "tests/support/evil.h"
#include "tests/support/expect.h"
#include "tests/support/maker.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/*
 * What bad input gets from the real `brama validate --json`: one row per input, with the exit
 * status, the verdict of the file, all codes and the verdict of each report. A finding, never a
 * crash, a hang or an accept.
 */
enum { CODES_MAX = 64, CODE_SIZE = 16, VERDICTS_SIZE = 256 };

#define ROOM ((size_t)512 << 20U)

/*
 * Processor time of one run: a guard against hangs, not a benchmark. On a quiet machine the bound
 * is 0.8 s for anything within the caps (ops/bench has the figures); this is ten times that, once
 * more doubled for a sanitized build.
 */
enum { SECONDS_MAX = 16 };

enum { REPORT_FINDINGS_MAX = 100, FILE_FINDINGS_MAX = 2000 };

struct row {
    const char *name;
    int         exit_code;
    const char *verdict;
    const char *codes;   /* sorted, without those that every made-up package has */
    const char *reports; /* verdicts in the order of the file, "accepted*2 held" */
};

#define ROW(title, status, file_verdict, all_codes, report_verdicts) \
    {(title), (status), (file_verdict), (all_codes), (report_verdicts)},

static const struct row faults[] = {
#include "tests/scenario/bad_input/faults.def"
};

static const struct row features[] = {
#include "tests/scenario/bad_input/features.def"
};

static const struct row evils[] = {
#include "tests/scenario/bad_input/evils.def"
};

static const struct row samples[] = {
#include "tests/scenario/bad_input/samples.def"
};

/* Territory 99, no registry offline, no revocation: said of every package from here. */
static const char *const usual_codes[] = {"TOZSAMOSC-005", "TOZSAMOSC-007", "PODPIS-074"};

static struct arena     *key_arena;
static struct authority *authority;
static const char       *trust_path;

static int
make_keys(void **state)
{
    struct fault fault = {0};
    struct str   pem = {0};

    (void)state;
    key_arena = arena_create((size_t)1 << 20U);
    if (authority_open(key_arena, KEY_FOLDER, &authority, &fault) != ERR_OK
        || authority_pem(key_arena, authority, AUTHORITY_CA, &pem, &fault) != ERR_OK) {
        return -1;
    }
    trust_path = program_temporary(key_arena, pem);
    return 0;
}

static int
drop_keys(void **state)
{
    (void)state;
    program_forget(trust_path);
    arena_destroy(key_arena);
    return 0;
}

static const struct row *
row_of(const struct row *rows, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return &rows[i];
        }
    }
    fail_msg("%s has no row", name);
    return NULL;
}

/* The distinct codes of a file. */
struct codes {
    char   codes[CODES_MAX][CODE_SIZE];
    size_t count;
};

static void
add_code(struct codes *codes, const char *code)
{
    for (size_t i = 0; i < ARRAY_COUNT(usual_codes); i++) {
        if (strcmp(usual_codes[i], code) == 0) {
            return;
        }
    }
    for (size_t i = 0; i < codes->count; i++) {
        if (strcmp(codes->codes[i], code) == 0) {
            return;
        }
    }
    assert_in_range(codes->count, 0, CODES_MAX - 1);
    (void)snprintf(codes->codes[codes->count], CODE_SIZE, "%s", code);
    codes->count++;
}

static const char *
text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text == NULL ? "" : text;
}

/* Whatever went wrong, what a person reads is whole and stands at a place. */
static void
check_findings(const char *name, const json_t *owner, size_t count_max, struct codes *codes)
{
    size_t        index = 0;
    json_t       *finding = NULL;
    const json_t *findings = json_object_get(owner, "findings");

    EXPECT(json_array_size(findings) <= count_max, name);
    json_array_foreach(findings, index, finding)
    {
        const char *title = text_of(finding, "title");
        EXPECT(title[0] != '\0' && text_of(finding, "fix")[0] != '\0', name);
        EXPECT(strstr(title, "{found}") == NULL && strstr(title, "{expected}") == NULL, name);
        EXPECT(strstr(title, "{subject}") == NULL && strstr(title, "{technical}") == NULL, name);
        EXPECT(text_of(finding, "severity")[0] != '\0', name);
        EXPECT(json_integer_value(json_object_get(finding, "line")) >= 1, name);
        EXPECT(json_integer_value(json_object_get(finding, "column")) >= 1, name);
        add_code(codes, text_of(finding, "code"));
    }
}

static int
compare_codes(const void *a, const void *b)
{
    return strcmp(a, b);
}

static struct str
join_codes(struct arena *arena, struct codes *codes)
{
    struct buf out = buf_create(arena, sizeof codes->codes);

    qsort(codes->codes, codes->count, CODE_SIZE, compare_codes);
    for (size_t i = 0; i < codes->count; i++) {
        buf_format(&out, "%s%s", i == 0 ? "" : " ", codes->codes[i]);
    }
    return buf_str(&out);
}

/* "accepted*2 held" */
static struct str
join_verdicts(struct arena *arena, const json_t *reports)
{
    struct buf out = buf_create(arena, VERDICTS_SIZE);
    size_t     count = json_array_size(reports);

    for (size_t i = 0; i < count;) {
        const char *verdict = text_of(json_array_get(reports, i), "verdict");
        size_t      end = i;
        while (end < count
               && strcmp(text_of(json_array_get(reports, end), "verdict"), verdict) == 0) {
            end++;
        }
        buf_format(&out, "%s%s", i == 0 ? "" : " ", verdict);
        if (end - i > 1) {
            buf_format(&out, "*%zu", end - i);
        }
        i = end;
    }
    assert_true(buf_ok(&out));
    return buf_str(&out);
}

/* False, and a line that says how, when the answer is not the row's. */
static bool
answer_agrees(struct arena *arena, const struct row *row, const struct program_result *result)
{
    struct codes codes = {.count = 0};
    size_t       index = 0;
    json_t      *report = NULL;
    json_t      *answer = json_loadb(result->out.data, result->out.size, 0, NULL);
    json_t      *file = json_array_get(json_object_get(answer, "files"), 0);
    json_t      *reports = json_object_get(file, "reports");

    check_findings(row->name, file, FILE_FINDINGS_MAX, &codes);
    json_array_foreach(reports, index, report)
    {
        check_findings(row->name, report, REPORT_FINDINGS_MAX, &codes);
    }
    struct str  got_codes = join_codes(arena, &codes);
    struct str  got_reports = join_verdicts(arena, reports);
    const char *verdict = text_of(file, "verdict");
    bool        agrees = result->exit_code == row->exit_code && strcmp(verdict, row->verdict) == 0
                  && str_equal(got_codes, str_of(row->codes))
                  && str_equal(got_reports, str_of(row->reports));
    if (!agrees) {
        print_error("%s\n  got      %d %s [%.*s] %.*s\n  expected %d %s [%s] %s\n  %.*s\n",
                    row->name, result->exit_code, verdict, STR_ARG(got_codes), STR_ARG(got_reports),
                    row->exit_code, row->verdict, row->codes, row->reports, STR_ARG(result->err));
    }
    json_decref(answer);
    return agrees;
}

static int64_t
seconds_of_children(void)
{
    struct rusage used;

    assert_int_equal(getrusage(RUSAGE_CHILDREN, &used), 0);
    return used.ru_utime.tv_sec + used.ru_stime.tv_sec;
}

static bool
file_agrees(struct arena *arena, const struct row *row, const char *path, const char *trust)
{
    struct program program = {
        .arguments = {"validate", "--json", "--trust", trust, "--at", "2026-07-24", path}
    };
    int64_t before = seconds_of_children();

    struct program_result result = program_run(arena, &program);
    EXPECT(seconds_of_children() - before <= SECONDS_MAX, row->name);
    return answer_agrees(arena, row, &result);
}

static bool
bytes_agree(struct arena *arena, const struct row *row, struct str bytes)
{
    const char *path = program_temporary(arena, bytes);
    bool        agrees = file_agrees(arena, row, path, trust_path);

    program_forget(path);
    return agrees;
}

static size_t
wrong_package(const struct row *row, const struct maker_options *options)
{
    struct arena *arena = arena_create(ROOM);
    struct fault  fault = {0};
    struct str    package = {0};

    EXPECT(maker_package(arena, options, authority, &package, &fault) == ERR_OK, row->name);
    size_t wrong = bytes_agree(arena, row, package) ? 0 : 1;
    arena_destroy(arena);
    return wrong;
}

static void
packages_with_one_fault_get_just_its_codes(void **state)
{
    size_t wrong = 0;

    (void)state;
    assert_int_equal(maker_fault_count(), ARRAY_COUNT(faults));
    for (size_t i = 0; i < maker_fault_count(); i++) {
        struct maker_options options = {.fault = maker_fault_name(i), .rows = 8};
        wrong += wrong_package(row_of(faults, ARRAY_COUNT(faults), options.fault), &options);
    }
    assert_int_equal(wrong, 0);
}

static void
packages_with_unusual_features_are_judged_by_them(void **state)
{
    size_t wrong = 0;

    (void)state;
    assert_int_equal(maker_feature_count(), ARRAY_COUNT(features));
    for (size_t i = 0; i < maker_feature_count(); i++) {
        const char          *name = maker_feature_name(i);
        struct maker_options options = {.features = maker_feature(name), .rows = 8};
        wrong += wrong_package(row_of(features, ARRAY_COUNT(features), name), &options);
    }
    assert_int_equal(wrong, 0);
}

static void
evil_inputs_get_just_their_codes(void **state)
{
    size_t wrong = 0;

    (void)state;
    assert_int_equal(evil_count(), ARRAY_COUNT(evils));
    for (size_t i = 0; i < evil_count(); i++) {
        struct arena *arena = arena_create(ROOM);
        struct fault  fault = {0};
        struct str    bytes = {0};

        assert_int_equal(evil_write(arena, i, &bytes, &fault), ERR_OK);
        if (!bytes_agree(arena, row_of(evils, ARRAY_COUNT(evils), evil_name(i)), bytes)) {
            wrong++;
        }
        arena_destroy(arena);
    }
    assert_int_equal(wrong, 0);
}

static void
samples_get_just_their_codes(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(samples); i++) {
        struct arena *arena = arena_create(ROOM);
        struct str    path = str_format(arena, "tests/samples/%s", samples[i].name);

        if (!file_agrees(arena, &samples[i], path.data,
                         "tests/samples/urzad-certyfikacji-przyklad.pem")) {
            wrong++;
        }
        arena_destroy(arena);
    }
    assert_int_equal(wrong, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_get_just_their_codes),
        cmocka_unit_test(packages_with_unusual_features_are_judged_by_them),
        cmocka_unit_test(packages_with_one_fault_get_just_its_codes),
        cmocka_unit_test(evil_inputs_get_just_their_codes),
    };

    return cmocka_run_group_tests(tests, make_keys, drop_keys);
}
