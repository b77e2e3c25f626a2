#include "gateway/front/amendment.h"

#include "gateway/front/body.h"
#include "gateway/front/header.h"
#include "gateway/wire/filing.h"

bool
amendment_is_one(const struct request *request)
{
    return request->action.action == ROUTE_WITHDRAW || request->action.action == ROUTE_REASON;
}

static uint32_t
read_revision(struct str if_match)
{
    struct str tag = str_trim(if_match);
    int64_t    number = 0;

    if (if_match.data == NULL) {
        return FILING_REVISION_NONE;
    }
    if (tag.size < 3 || !str_starts_with(tag, STR("\"")) || !str_ends_with(tag, STR("\""))
        || !str_to_number(str_slice(tag, 1, tag.size - 2), &number)
        || number > FILING_REVISION_MAX) {
        return FILING_REVISION_OTHER;
    }
    return (uint32_t)number;
}

bool
amendment_place(struct request *request, struct str if_match)
{
    enum { SUBMISSION_SEGMENT = 3, REPORT_SEGMENT = 5 };

    int64_t report = 0;

    if (!uuid_parse(route_segment(request->path, SUBMISSION_SEGMENT), &request->about)) {
        return false;
    }
    request->revision = read_revision(if_match);
    if (request->action.action == ROUTE_REASON
        && (!str_to_number(route_segment(request->path, REPORT_SEGMENT), &report) || report < 1
            || report > AMENDMENT_REPORTS_MAX)) {
        return false;
    }
    request->report = (uint32_t)report;
    return true;
}

bool
amendment_find_fault(const struct request *request, const struct amendment *amendment,
                     enum problem *problem, const char **detail)
{
    bool    empty = request->action.action == ROUTE_WITHDRAW;
    int64_t size = 0;
    bool    too_long = amendment->length.data != NULL
                    && (!str_to_number(amendment->length, &size) || size > BODY_CHANGE_MAX);

    const struct {
        bool         holds;
        enum problem problem;
        const char  *detail;
    } faults[] = {
        {empty && request->has_body,                                     PROBLEM_BAD_BODY,         "To żądanie nie ma treści."         },
        {!empty && !request->has_body,                                   PROBLEM_BAD_BODY,         "To żądanie ma mieć treść w JSON."},
        {!empty && !header_is_json(amendment->content_type),             PROBLEM_NOT_JSON,         ""                                     },
        {header_content_coding(amendment->coding) != HEADER_CODING_NONE, PROBLEM_CONTENT_ENCODING,
         ""                                                                                                                               },
        {too_long,                                                       PROBLEM_TOO_LARGE,        ""                                     },
    };

    for (size_t i = 0; i < ARRAY_COUNT(faults); i++) {
        if (faults[i].holds) {
            *problem = faults[i].problem;
            *detail = faults[i].detail;
            return true;
        }
    }
    return false;
}
