/*
 * What prescan lets through, the pass reads without failing; findings stay within their caps and
 * inside the file; a complete package has no finding about well-formedness and an incomplete one
 * has it (or no room for it); every place of a report that was read lies inside that report, which
 * lies in its order; and reading twice gives the same.
 */
#include "tests/unit/validators/document/forms.h"
#include "validators/prescan/prescan.h"

#include <stdint.h>
#include <string.h>

enum { MEBIBYTE = 1024 * 1024, MEMORY = 64 * MEBIBYTE };

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

struct result {
    struct package   package;
    struct findings *findings;
};

static const struct forms *
forms_once(void)
{
    static struct forms  forms;
    static struct arena *arena; /* lives as long as the process */

    if (arena == NULL) {
        arena = arena_create((size_t)16 * MEBIBYTE);
        forms_load(arena, BRAMA_SOURCE_DIR, &forms);
    }
    return &forms;
}

static struct result
read_bytes(struct arena *arena, struct str bytes)
{
    const struct forms *forms = forms_once();
    struct result       result = {.findings = findings_create(arena)};
    struct fault        fault = {0};

    ENSURE(result.findings != NULL);
    enum err err = document_read(arena, bytes, &forms->catalogue, forms->schemas, &result.package,
                                 result.findings, &fault);
    if (err != ERR_OK) {
        (void)fprintf(stderr, "%s\n", fault.text);
    }
    ENSURE(err == ERR_OK);
    return result;
}

static void
ensure_findings(const struct result *result, size_t size)
{
    size_t of_package = 0;
    bool   broken = false;

    ENSURE(findings_count(result->findings) <= FINDING_PACKAGE_MAX);
    for (size_t i = 0; i < findings_count(result->findings); i++) {
        const struct finding *finding = findings_at(result->findings, i);
        ENSURE(finding->offset <= size);
        ENSURE(finding->report >= FINDING_OF_PACKAGE
               && finding->report < (int32_t)result->package.report_count);
        ENSURE(finding->code[0] != '\0' && finding->xpath.size <= FINDING_FIELD_MAX + 3);
        of_package += finding->report == FINDING_OF_PACKAGE ? 1 : 0;
        broken |= strncmp(finding->code, "XML-09", 6) == 0;
    }
    ENSURE(of_package <= FINDING_REPORT_MAX);
    ENSURE(!(result->package.complete && broken));
    ENSURE(result->package.complete || broken
           || findings_room(result->findings, FINDING_OF_PACKAGE) == 0);
}

static void
ensure_inside(const struct report *report, uint32_t offset)
{
    ENSURE(offset > report->start && offset < report->end);
}

static void
ensure_report(const struct report *report, struct str bytes)
{
    const struct columns *columns = &report->columns;

    ENSURE(report->start < report->end && report->end <= bytes.size);
    ENSURE(bytes.data[report->start] == '<');
    for (size_t row = 0; row < columns->row_count; row++) {
        ensure_inside(report, columns->row_offsets[row]);
        for (size_t i = 0; i < columns->code_count; i++) {
            if (columns->code_states[i][row] != CELL_ABSENT) {
                ensure_inside(report, columns->code_offsets[i][row]);
            }
        }
        for (size_t i = 0; i < columns->amount_count; i++) {
            if (columns->amount_states[i][row] != CELL_ABSENT) {
                ensure_inside(report, columns->amount_offsets[i][row]);
                ENSURE(bytes.data[columns->amount_offsets[i][row]] == '<');
            }
        }
    }
}

static void
ensure_package(const struct package *package, struct str bytes)
{
    uint32_t at = 0;

    ENSURE(package->report_count <= PACKAGE_REPORTS_MAX);
    ENSURE(package->unit_count <= PACKAGE_UNITS_MAX);
    ENSURE(package->signature_count <= PACKAGE_SIGNATURES_MAX);
    for (size_t i = 0; i < package->report_count; i++) {
        const struct report *report = &package->reports[i];
        ENSURE(report->unit < package->unit_count && report->start >= at);
        ensure_report(report, bytes);
        at = report->end;
    }
    for (size_t i = 0; i < package->signature_count; i++) {
        const struct package_signature *signature = &package->signatures[i];
        ENSURE(signature->unit < package->unit_count && signature->table.open == ELEMENT_NONE);
        ENSURE(signature->start < signature->end && signature->end <= bytes.size);
        ENSURE(signature->table.count >= 1);
    }
}

static void
ensure_equal(const struct result *a, const struct result *b)
{
    ENSURE(findings_count(a->findings) == findings_count(b->findings));
    for (size_t i = 0; i < findings_count(a->findings); i++) {
        const struct finding *left = findings_at(a->findings, i);
        const struct finding *right = findings_at(b->findings, i);
        ENSURE(strcmp(left->code, right->code) == 0 && left->offset == right->offset
               && left->report == right->report && str_equal(left->xpath, right->xpath)
               && str_equal(left->expected, right->expected));
    }
    ENSURE(a->package.complete == b->package.complete);
    ENSURE(a->package.report_count == b->package.report_count);
    ENSURE(a->package.signature_count == b->package.signature_count);
    for (size_t i = 0; i < a->package.report_count; i++) {
        ENSURE(a->package.reports[i].state == b->package.reports[i].state);
        ENSURE(a->package.reports[i].end == b->package.reports[i].end);
    }
}

int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct arena         *arena = arena_create(MEMORY);
    struct str            bytes = {(const char *)data, size};
    struct prescan_result prescan = {0};

    ENSURE(prescan_check(arena, bytes, &prescan_limits_default, &prescan, NULL) == ERR_OK);
    if (!prescan.refused) {
        struct result first = read_bytes(arena, bytes);
        struct result second = read_bytes(arena, bytes);
        ensure_findings(&first, size);
        ensure_package(&first.package, bytes);
        ensure_equal(&first, &second);
    }
    arena_destroy(arena);
    return 0;
}
