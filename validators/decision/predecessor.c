#include "validators/decision/predecessor.h"

#include "validators/decision/docket.h"
#include "validators/rules/rules.h"

#include <inttypes.h>
#include <string.h>

enum { DATE_SIZE_MAX = 64 };

/* The code under which this report is told, or NULL. What is decided again meets itself, with one
 * arrival. */
static const char *
code_for(const struct predecessor_request *request, const struct decided_report *report,
         const struct predecessor *predecessor)
{
    int64_t version = 0;

    if (!predecessor->exists || report->verdict == VERDICT_REJECTED
        || !str_to_number(report->version, &version) || version > predecessor->version) {
        return NULL;
    }
    if (predecessor->same_bytes) {
        return request->arrived > predecessor->arrived ? PREDECESSOR_CODE_SAME : NULL;
    }
    return version == predecessor->version ? PREDECESSOR_CODE_EQUAL : PREDECESSOR_CODE_HIGHER;
}

/* "10 lipca 2026 r., 09:00:00" */
static enum err
write_arrival(struct arena *arena, instant arrived, struct str *out, struct fault *fault)
{
    struct buf text = buf_create(arena, DATE_SIZE_MAX);

    moment_write_polish(&text, arrived / INSTANT_PER_SECOND);
    if (!buf_ok(&text)) {
        return FAIL(fault, ERR_MEMORY, "arrival of a predecessor");
    }
    *out = buf_str(&text);
    return ERR_OK;
}

/* One file while its predecessors are told. */
struct telling {
    struct arena                     *arena;
    const struct predecessor_request *request;
    const struct decided_file        *file;
    struct place_index                places;
};

static struct docket
open_docket(const struct telling *telling, size_t ordinal)
{
    const struct predecessor_request *request = telling->request;
    const struct decided_report      *report = &telling->file->reports[ordinal];
    const struct rules_request        rules = {.catalogue = request->catalogue,
                                               .package = telling->file->package,
                                               .environment = request->environment,
                                               .trust_given = request->trust_given};

    return (struct docket){.arena = telling->arena,
                           .catalogue = request->catalogue,
                           .report = report->report,
                           .form = report->form,
                           .circumstances = rules_circumstances(&rules, (int32_t)ordinal)};
}

/* Of two reports of one Wersja the later one counts, as soon as it is accepted. */
static struct str
name_counting(const struct telling *telling, size_t ordinal, struct str other)
{
    const struct predecessor *predecessor = &telling->request->predecessors[ordinal];

    if (telling->file->reports[ordinal].verdict == VERDICT_ACCEPTED
        && telling->request->arrived >= predecessor->arrived) {
        return STR("to z tego pliku");
    }
    return str_format(telling->arena, "tamto, z %.*s", STR_ARG(other));
}

static struct str
expected_for(const struct telling *telling, size_t ordinal, const struct finding *finding)
{
    const struct predecessor *predecessor = &telling->request->predecessors[ordinal];

    if (strcmp(finding->code, PREDECESSOR_CODE_SAME) == 0) {
        return STR("");
    }
    return strcmp(finding->code, PREDECESSOR_CODE_EQUAL) == 0
               ? name_counting(telling, ordinal, finding->subject)
               : str_format(telling->arena, "%" PRId64, predecessor->version);
}

/* The finding with its words, alone in a list. */
static enum err
word(const struct telling *telling, size_t ordinal, struct told_list *out, struct fault *fault)
{
    const struct decided_report *report = &telling->file->reports[ordinal];
    const struct predecessor    *predecessor = &telling->request->predecessors[ordinal];
    struct docket                docket = open_docket(telling, ordinal);
    struct finding               finding = {.report = (int32_t)ordinal,
                                            .offset = report->report->header.version.offset,
                                            .found = report->version};
    struct str                   reason = {0};

    (void)snprintf(finding.code, sizeof finding.code, "%s",
                   code_for(telling->request, report, predecessor));
    TRY(write_arrival(telling->arena, predecessor->arrived, &finding.subject, fault));
    finding.expected = expected_for(telling, ordinal, &finding);
    finding.xpath = package_report_xpath(telling->arena, report->report, STR("/Naglowek/Wersja"));
    if (finding.expected.data == NULL || finding.xpath.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "finding of a predecessor");
    }
    TRY(docket_add_aside(&docket, &finding, fault));
    return docket_close(&docket, &telling->places, 0, out, &reason, fault);
}

/* The list with one more, in the order in which findings are listed. */
static enum err
insert(struct arena *arena, const struct told_list *list, const struct told *told,
       struct told_list *out, struct fault *fault)
{
    struct told *items = ARENA_NEW(arena, struct told, list->count + 1);
    size_t       at = 0;

    if (items == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu findings", list->count + 1);
    }
    while (at < list->count && docket_order(&list->items[at], told) <= 0) {
        items[at] = list->items[at];
        at++;
    }
    items[at] = *told;
    for (size_t i = at; i < list->count; i++) {
        items[i + 1] = list->items[i];
    }
    *out = *list;
    out->items = items;
    out->count = list->count + 1;
    return ERR_OK;
}

static size_t
count_told(const struct predecessor_request *request, const struct decided_file *file)
{
    size_t count = 0;

    for (size_t i = 0; i < file->report_count; i++) {
        count += code_for(request, &file->reports[i], &request->predecessors[i]) != NULL ? 1 : 0;
    }
    return count;
}

static enum err
tell_reports(struct arena *arena, const struct predecessor_request *request,
             const struct decided_file *file, struct decided_report *reports, struct fault *fault)
{
    struct telling telling = {.arena = arena, .request = request, .file = file};

    TRY(place_index_create(arena, request->bytes, &telling.places, fault));
    for (size_t i = 0; i < file->report_count; i++) {
        struct told_list told = {0};
        reports[i] = file->reports[i];
        if (code_for(request, &reports[i], &request->predecessors[i]) != NULL) {
            TRY(word(&telling, i, &told, fault));
        }
        if (told.count > 0) {
            TRY(insert(arena, &file->reports[i].findings, &told.items[0], &reports[i].findings,
                       fault));
        }
    }
    return ERR_OK;
}

enum err
predecessor_tell(struct arena *arena, const struct predecessor_request *request,
                 const struct decided_file *file, const struct decided_file **out,
                 struct fault *fault)
{
    if (count_told(request, file) == 0) {
        *out = file;
        return ERR_OK;
    }
    struct decided_file   *copy = ARENA_NEW(arena, struct decided_file, 1);
    struct decided_report *reports = ARENA_NEW(arena, struct decided_report, file->report_count);
    if (copy == NULL || reports == NULL) {
        return FAIL(fault, ERR_MEMORY, "%zu reports", file->report_count);
    }
    TRY(tell_reports(arena, request, file, reports, fault));
    *copy = *file;
    copy->reports = reports;
    *out = copy;
    return ERR_OK;
}
