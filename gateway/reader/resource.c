#include "gateway/reader/resource.h"

#include "gateway/reader/account_page_resource.h"
#include "gateway/reader/completeness_resource.h"
#include "gateway/reader/content_resource.h"
#include "gateway/reader/diff_resource.h"
#include "gateway/reader/explanation_resource.h"
#include "gateway/reader/findings_resource.h"
#include "gateway/reader/forms_resource.h"
#include "gateway/reader/groups_resource.h"
#include "gateway/reader/keys_resource.h"
#include "gateway/reader/objections_resource.h"
#include "gateway/reader/obligations_resource.h"
#include "gateway/reader/problem_resource.h"
#include "gateway/reader/public_receipt_resource.h"
#include "gateway/reader/questions_resource.h"
#include "gateway/reader/reason_resource.h"
#include "gateway/reader/receipt_resource.h"
#include "gateway/reader/rules_resource.h"
#include "gateway/reader/service_resource.h"
#include "gateway/reader/sets_resource.h"
#include "gateway/reader/start_resource.h"
#include "gateway/reader/submission_resource.h"
#include "gateway/reader/submissions_resource.h"
#include "gateway/reader/unexpected_resource.h"

/* clang-format off */
static const struct resource resources[] = {
    {"/api/v1/submissions", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON, FORMAT_CSV}, submissions_resource_answer},
    {"/api/v1/submissions/{id}", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON}, submission_resource_answer},
    {"/api/v1/submissions/{id}/findings", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON, FORMAT_CSV, FORMAT_SARIF, FORMAT_ESS, FORMAT_ESS_CSV}, findings_resource_answer},
    {"/api/v1/findings/groups", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON, FORMAT_CSV}, groups_resource_answer},
    {"/api/v1/submissions/{id}/content", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_XML}, content_resource_answer},
    {"/api/v1/submissions/{id}/diff", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON, FORMAT_CSV}, diff_resource_answer},
    {"/api/v1/submissions/{id}/receipt", RESOURCE_RECEIPT, RESOURCE_STORED, {FORMAT_XML, FORMAT_HTML}, receipt_resource_answer},
    {"/api/v1/obligations", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON, FORMAT_CSV}, obligations_resource_answer},
    {"/api/v1/obligations.ics", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_ICS}, obligations_resource_answer_calendar},
    {"/api/v1/obligations/unexpected", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON}, unexpected_resource_answer},
    {"/api/v1/completeness", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON, FORMAT_CSV}, completeness_resource_answer},
    {"/api/v1/completeness/missing", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON, FORMAT_CSV}, obligations_resource_answer_missing},
    {"/api/v1/sets", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON}, sets_resource_answer},
    {"/api/v1/sets/{id}", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON}, sets_resource_answer_one},
    {"/api/v1/submissions/{id}/reports/{ordinal}/reason", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON}, reason_resource_answer},
    {"/api/v1/submissions/{id}/reports/{ordinal}/findings/{fid}/explanation", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON}, explanation_resource_answer},
    {"/api/v1/explanation-codes", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_JSON}, explanation_resource_answer_codes},
    {"/api/v1/questions", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON, FORMAT_CSV}, questions_resource_answer},
    {"/api/v1/objections", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON, FORMAT_CSV}, objections_resource_answer},
    {"/api/v1/correction-reasons", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_JSON}, reason_resource_answer_codes},
    {"/api/v1/receipts/{number}", RESOURCE_PUBLIC, RESOURCE_STORED, {FORMAT_JSON, FORMAT_HTML}, public_receipt_resource_answer},
    {"/api/v1/forms", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_JSON}, forms_resource_answer_all},
    {"/api/v1/forms/{code}/{version}", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_JSON}, forms_resource_answer_one},
    {"/api/v1/forms/{code}/{version}/schema.xsd", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_XML}, forms_resource_answer_schema},
    {"/api/v1/rules", RESOURCE_PUBLIC, RESOURCE_STORED, {FORMAT_JSON}, rules_resource_answer},
    {"/api/v1/forms/{code}/{version}/structure", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_JSON}, forms_resource_answer_structure},
    {"/api/v1/forms/{code}/{version}/example", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_XML}, forms_resource_answer_example},
    {"/api/v1/keys", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_JSON, FORMAT_PEM}, keys_resource_answer},
    {"/api/v1/status", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_JSON, FORMAT_HTML}, service_resource_answer_status},
    {"/api/v1/limits", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_JSON}, service_resource_answer_limits},
    {"/api/v1/openapi.json", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_JSON}, service_resource_answer_openapi},
    {"/problemy", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_HTML, FORMAT_JSON}, problem_resource_answer_all},
    {"/problemy/{slug}", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_HTML, FORMAT_JSON}, problem_resource_answer_one},
    {"/upo", RESOURCE_PUBLIC, RESOURCE_STORED, {FORMAT_HTML}, public_receipt_resource_answer_form},
    {"/zaproszenie", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_HTML}, account_page_resource_invitation},
    {"/powrot", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_HTML}, account_page_resource_return},
    {"/konto.js", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_JS}, account_page_resource_script},
    {"/", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_HTML}, start_resource_answer},
};
/* clang-format on */

size_t
resource_count(void)
{
    return ARRAY_COUNT(resources);
}

const struct resource *
resource_at(size_t index)
{
    ENSURE(index < resource_count());
    return &resources[index];
}

static bool
is_at(const struct resource *resource, const struct address *address)
{
    struct str rest = str_of(resource->path[1] == '\0' ? NULL : resource->path + 1);
    struct str piece = {0};
    size_t     i = 0;

    for (; str_cut(&rest, '/', &piece); i++) {
        if (i == address->segment_count) {
            return false;
        }
        if (piece.data[0] != '{' && !str_equal(piece, address->segments[i])) {
            return false;
        }
    }
    return i == address->segment_count;
}

const struct resource *
resource_find(const struct address *address)
{
    for (size_t i = 0; i < ARRAY_COUNT(resources); i++) {
        if (is_at(&resources[i], address)) {
            return &resources[i];
        }
    }
    return NULL;
}
