#include "tests/scenario/bad_input/answer.h"

#include "tests/support/expect.h"
#include "validators/base/buf.h"

#include <stdlib.h>
#include <string.h>

enum { CODES_MAX = 64, CODE_SIZE = 16, VERDICTS_SIZE = 256 };

enum { REPORT_FINDINGS_MAX = 100, FILE_FINDINGS_MAX = 2000 };

/* Territory 99, no registry offline, no revocation: said of every package from here. */
static const char *const usual_codes[] = {"TOZSAMOSC-005", "TOZSAMOSC-007", "PODPIS-074"};

const struct row *
answer_row(const struct row *rows, size_t count, const char *name)
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

bool
answer_agrees(struct arena *arena, const struct row *row, const json_t *file)
{
    struct codes codes = {.count = 0};
    size_t       index = 0;
    json_t      *report = NULL;
    json_t      *reports = json_object_get(file, "reports");

    check_findings(row->name, file, FILE_FINDINGS_MAX, &codes);
    json_array_foreach(reports, index, report)
    {
        check_findings(row->name, report, REPORT_FINDINGS_MAX, &codes);
    }
    struct str  got_codes = join_codes(arena, &codes);
    struct str  got_reports = join_verdicts(arena, reports);
    const char *verdict = text_of(file, "verdict");
    bool agrees = strcmp(verdict, row->verdict) == 0 && str_equal(got_codes, str_of(row->codes))
                  && str_equal(got_reports, str_of(row->reports));
    if (!agrees) {
        print_error("%s\n  got      %s [%.*s] %.*s\n  expected %s [%s] %s\n", row->name, verdict,
                    STR_ARG(got_codes), STR_ARG(got_reports), row->verdict, row->codes,
                    row->reports);
    }
    return agrees;
}
