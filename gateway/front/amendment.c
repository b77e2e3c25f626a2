#include "gateway/front/amendment.h"

#include "gateway/front/body.h"
#include "gateway/front/header.h"
#include "gateway/wire/filing.h"

/* What its body is. */
enum content { CONTENT_OTHER, CONTENT_NONE, CONTENT_JSON, CONTENT_CSV };

/* Segments of the path in which numbers stand; 0: it has none. */
struct kind {
    enum content content;
    size_t       submission;
    size_t       set;
    size_t       report;
    size_t       finding;
};

static const struct kind kinds[] = {
    [ROUTE_WITHDRAW] = {CONTENT_NONE,     .submission = 3},
    [ROUTE_REASON] = {             CONTENT_JSON, .submission = 3,     .report = 5},
    [ROUTE_EXPLAIN] = {             CONTENT_JSON, .submission = 3,     .report = 5, .finding = 7},
    [ROUTE_EXPLAIN_ALL] = { CONTENT_CSV,      .submission = 3},
    [ROUTE_EXPLAIN_SET] = {            CONTENT_JSON,        .set = 3,    .finding = 5},
    [ROUTE_EXPLAIN_SET_ALL] = {             CONTENT_CSV,        .set = 3               },
    [ROUTE_OBJECT] = {  CONTENT_JSON,    .set = 3,                   .finding = 5},
};

static const struct kind *
kind_of(const struct request *request)
{
    static const struct kind other = {0};
    size_t                   action = (size_t)request->action.action;

    return action < ARRAY_COUNT(kinds) ? &kinds[action] : &other;
}

bool
amendment_is_one(const struct request *request)
{
    return kind_of(request)->content != CONTENT_OTHER;
}

size_t
amendment_size_max(const struct request *request)
{
    return kind_of(request)->content == CONTENT_CSV ? BODY_TABLE_MAX : BODY_CHANGE_MAX;
}

/* "12" or "12-open": what stands behind the number is of the state, and asks for nothing. */
static uint32_t
read_revision(struct str if_match)
{
    struct str tag = str_trim(if_match);
    struct str digits = {0};
    int64_t    number = 0;

    if (if_match.data == NULL) {
        return FILING_REVISION_NONE;
    }
    if (tag.size < 3 || !str_starts_with(tag, STR("\"")) || !str_ends_with(tag, STR("\""))) {
        return FILING_REVISION_OTHER;
    }
    tag = str_slice(tag, 1, tag.size - 2);
    if (!str_cut(&tag, '-', &digits) || !str_to_number(digits, &number)
        || number > FILING_REVISION_MAX) {
        return FILING_REVISION_OTHER;
    }
    return (uint32_t)number;
}

/* A number from 1 to max in a segment of the path; true also where there is no such segment. */
static bool
read_number(const struct request *request, size_t segment, int64_t max, uint64_t *out)
{
    int64_t number = 0;

    if (segment == 0) {
        return true;
    }
    if (!str_to_number(route_segment(request->path, segment), &number) || number < 1
        || number > max) {
        return false;
    }
    *out = (uint64_t)number;
    return true;
}

bool
amendment_place(struct request *request, struct str if_match)
{
    const struct kind *kind = kind_of(request);
    int64_t            findings_max = kind->set == 0 ? AMENDMENT_FINDINGS_MAX : INT64_MAX;

    request->revision = read_revision(if_match);
    return (kind->submission == 0
            || uuid_parse(route_segment(request->path, kind->submission), &request->about))
           && read_number(request, kind->set, INT64_MAX, &request->set)
           && read_number(request, kind->report, AMENDMENT_REPORTS_MAX, &request->report)
           && read_number(request, kind->finding, findings_max, &request->finding);
}

bool
amendment_find_fault(const struct request *request, const struct amendment *amendment,
                     enum problem *problem, const char **detail)
{
    enum content content = kind_of(request)->content;
    bool         empty = content == CONTENT_NONE;
    int64_t      size = 0;
    bool         too_long = amendment->length.data != NULL
                    && (!str_to_number(amendment->length, &size)
                        || size > (int64_t)amendment_size_max(request));

    /* clang-format off */
    const struct {
        bool         holds;
        enum problem problem;
        const char  *detail;
    } faults[] = {
        {empty && request->has_body, PROBLEM_BAD_BODY, "To żądanie nie ma treści."},
        {content == CONTENT_JSON && !request->has_body, PROBLEM_BAD_BODY,
         "To żądanie ma mieć treść w JSON."},
        {content == CONTENT_CSV && !request->has_body, PROBLEM_BAD_BODY,
         "To żądanie ma mieć treść w CSV: listę uwag z wypełnionymi kolumnami wyjaśnień."},
        {content == CONTENT_JSON && !header_is_json(amendment->content_type), PROBLEM_NOT_JSON, ""},
        {content == CONTENT_CSV && !header_is_csv(amendment->content_type), PROBLEM_NOT_CSV, ""},
        {header_content_coding(amendment->coding) != HEADER_CODING_NONE, PROBLEM_CONTENT_ENCODING,
         ""},
        {too_long, PROBLEM_TOO_LARGE, ""},
    };
    /* clang-format on */

    for (size_t i = 0; i < ARRAY_COUNT(faults); i++) {
        if (faults[i].holds) {
            *problem = faults[i].problem;
            *detail = faults[i].detail;
            return true;
        }
    }
    return false;
}
