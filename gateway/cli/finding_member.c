#include "gateway/cli/finding_member.h"

#include "gateway/cli/member.h"

static uint32_t
place_of(const json_t *finding, const char *key)
{
    int64_t number = member_number(finding, key);

    return number >= 0 && number <= UINT32_MAX ? (uint32_t)number : 0;
}

struct finding_view
finding_member_view(const json_t *finding)
{
    return (struct finding_view){
        .code = member_text(finding, "code"),
        .severity = member_text(finding, "severity"),
        .title = member_text(finding, "title"),
        .cell = member_text(finding, "cell"),
        .line = place_of(finding, "line"),
        .column = place_of(finding, "column"),
        .found = member_text(finding, "found"),
        .expected = member_text(finding, "expected"),
        .difference = member_text(finding, "difference"),
        .suspect = member_text(finding, "suspect"),
        .fix = member_text(finding, "fix"),
        .basis = member_text(finding, "basis"),
    };
}
