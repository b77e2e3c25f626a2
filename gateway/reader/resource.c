#include "gateway/reader/resource.h"

#include "gateway/reader/account_page_resource.h"
#include "gateway/reader/completeness_resource.h"
#include "gateway/reader/content_resource.h"
#include "gateway/reader/corrections_resource.h"
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
    {"/api/v1/submissions", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON, FORMAT_CSV}, "limit cursor state verdict period form unit from to format", submissions_resource_answer},
    {"/api/v1/submissions/{id}", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON}, "wait", submission_resource_answer},
    {"/api/v1/submissions/{id}/findings", RESOURCE_SENDER, RESOURCE_STORED | RESOURCE_DEFINED, {FORMAT_JSON, FORMAT_CSV, FORMAT_SARIF, FORMAT_ESS, FORMAT_ESS_CSV}, "n severity report grouped limit cursor format", findings_resource_answer},
    {"/api/v1/findings/groups", RESOURCE_SENDER, RESOURCE_STORED | RESOURCE_DEFINED, {FORMAT_JSON, FORMAT_CSV}, "period form limit cursor format", groups_resource_answer},
    {"/api/v1/submissions/{id}/content", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_XML}, "report", content_resource_answer},
    {"/api/v1/submissions/{id}/diff", RESOURCE_SENDER, RESOURCE_STORED | RESOURCE_DEFINED, {FORMAT_JSON, FORMAT_CSV}, "against format", diff_resource_answer},
    {"/api/v1/submissions/{id}/receipt", RESOURCE_RECEIPT, RESOURCE_STORED, {FORMAT_XML, FORMAT_HTML}, "n unit kind stamped number format wait", receipt_resource_answer},
    {"/api/v1/obligations", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON, FORMAT_CSV}, "limit cursor period form level state only unit jst region office format", obligations_resource_answer},
    {"/api/v1/obligations.ics", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_ICS}, "token period form level state only limit unit jst region office", obligations_resource_answer_calendar},
    {"/api/v1/obligations/unexpected", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON}, "limit cursor", unexpected_resource_answer},
    {"/api/v1/completeness", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON, FORMAT_CSV}, "by period form level unit jst region office format", completeness_resource_answer},
    {"/api/v1/completeness/missing", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON, FORMAT_CSV}, "limit cursor period form level state unit jst region office format", obligations_resource_answer_missing},
    {"/api/v1/sets", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON}, "period state limit cursor", sets_resource_answer},
    {"/api/v1/sets/{id}", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON, FORMAT_CSV}, "format", sets_resource_answer_one},
    {"/api/v1/sets/{id}/findings/{fid}/explanation", RESOURCE_SENDER, RESOURCE_STORED | RESOURCE_DEFINED, {FORMAT_JSON}, "", explanation_resource_answer_set},
    {"/api/v1/submissions/{id}/reports/{ordinal}/reason", RESOURCE_SENDER, RESOURCE_STORED | RESOURCE_DEFINED, {FORMAT_JSON}, "", reason_resource_answer},
    {"/api/v1/submissions/{id}/reports/{ordinal}/findings/{fid}/explanation", RESOURCE_SENDER, RESOURCE_STORED | RESOURCE_DEFINED, {FORMAT_JSON}, "", explanation_resource_answer},
    {"/api/v1/explanation-codes", RESOURCE_PUBLIC, RESOURCE_DEFINED, {FORMAT_JSON}, "", explanation_resource_answer_codes},
    {"/api/v1/questions", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON, FORMAT_CSV}, "state period form unit limit cursor format", questions_resource_answer},
    {"/api/v1/objections", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON, FORMAT_CSV}, "code limit cursor format", objections_resource_answer},
    {"/api/v1/corrections", RESOURCE_SENDER, RESOURCE_STORED, {FORMAT_JSON, FORMAT_CSV}, "period form unit limit cursor format", corrections_resource_answer},
    {"/api/v1/correction-reasons", RESOURCE_PUBLIC, RESOURCE_DEFINED, {FORMAT_JSON}, "", reason_resource_answer_codes},
    {"/api/v1/receipts/{number}", RESOURCE_PUBLIC, RESOURCE_STORED, {FORMAT_JSON, FORMAT_HTML}, "format", public_receipt_resource_answer},
    {"/api/v1/forms", RESOURCE_PUBLIC, RESOURCE_DEFINED, {FORMAT_JSON}, "", forms_resource_answer_all},
    {"/api/v1/forms/{code}/{version}", RESOURCE_PUBLIC, RESOURCE_DEFINED, {FORMAT_JSON}, "", forms_resource_answer_one},
    {"/api/v1/forms/{code}/{version}/schema.xsd", RESOURCE_PUBLIC, RESOURCE_DEFINED, {FORMAT_XML}, "", forms_resource_answer_schema},
    {"/api/v1/rules", RESOURCE_PUBLIC, RESOURCE_STORED | RESOURCE_DEFINED, {FORMAT_JSON}, "form", rules_resource_answer},
    {"/api/v1/forms/{code}/{version}/structure", RESOURCE_PUBLIC, RESOURCE_DEFINED, {FORMAT_JSON}, "view", forms_resource_answer_structure},
    {"/api/v1/forms/{code}/{version}/example", RESOURCE_PUBLIC, RESOURCE_DEFINED, {FORMAT_XML}, "", forms_resource_answer_example},
    {"/api/v1/keys", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_JSON, FORMAT_PEM}, "format", keys_resource_answer},
    {"/api/v1/status", RESOURCE_PUBLIC, RESOURCE_DEFINED, {FORMAT_JSON, FORMAT_HTML}, "format", service_resource_answer_status},
    {"/api/v1/limits", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_JSON}, "", service_resource_answer_limits},
    {"/api/v1/openapi.json", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_JSON}, "", service_resource_answer_openapi},
    {"/problemy", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_HTML, FORMAT_JSON}, "format", problem_resource_answer_all},
    {"/problemy/{slug}", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_HTML, FORMAT_JSON}, "format", problem_resource_answer_one},
    {"/upo", RESOURCE_PUBLIC, RESOURCE_STORED, {FORMAT_HTML}, "numer", public_receipt_resource_answer_form},
    {"/zaproszenie", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_HTML}, "", account_page_resource_invitation},
    {"/powrot", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_HTML}, "", account_page_resource_return},
    {"/konto.js", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_JS}, "", account_page_resource_script},
    {"/", RESOURCE_PUBLIC, RESOURCE_APART, {FORMAT_HTML}, "", start_resource_answer},
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

struct str
resource_unfamiliar(const struct resource *resource, const struct address *address)
{
    struct str known = str_of(resource->parameters);

    /* Every address takes format, and says which ones it has. */
    for (size_t i = 0; i < address->parameter_count; i++) {
        struct str name = address->parameters[i].name;
        if (str_starts_with(str_of(resource->path), STR("/api/")) && !str_has_word(known, name)
            && !str_equal(name, STR("format"))) {
            return name;
        }
    }
    return (struct str){0};
}
