#include "gateway/front/route.h"

#define GET_ONLY "GET, HEAD"
#define POST_ONLY "POST"
#define GET_PUT "GET, HEAD, PUT"
#define GET_POST "GET, HEAD, POST"

/* clang-format off */
static const struct route routes[] = {
    {"/api/v1/submissions",               {ROUTE_READ, ROUTE_READING}, {ROUTE_SUBMIT, ROUTE_SUBMITTING}, GET_POST},
    {"/api/v1/submissions/{}",            {ROUTE_READ, ROUTE_READING}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/submissions/{}/findings",   {ROUTE_READ, ROUTE_READING}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/findings/groups",           {ROUTE_READ, ROUTE_READING}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/submissions/{}/content",    {ROUTE_READ, ROUTE_READING}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/submissions/{}/diff",       {ROUTE_READ, ROUTE_READING}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/submissions/{}/receipt",    {ROUTE_READ, ROUTE_READING}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/obligations",                {ROUTE_READ, ROUTE_OBLIGATIONS}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/obligations.ics",            {ROUTE_READ, ROUTE_CALENDAR}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/obligations/unexpected",     {ROUTE_READ, ROUTE_OBLIGATIONS}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/completeness",               {ROUTE_READ, ROUTE_OBLIGATIONS}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/completeness/missing",       {ROUTE_READ, ROUTE_OBLIGATIONS}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/sets",                       {ROUTE_READ, ROUTE_READING}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/sets/{}",                    {ROUTE_READ, ROUTE_READING}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/sets/{}/findings/{}/explanation", {ROUTE_READ, ROUTE_READING}, {ROUTE_EXPLAIN_SET, ROUTE_SUBMITTING}, GET_PUT},
    {"/api/v1/sets/{}/findings/{}/objection", {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_OBJECT, ROUTE_SUBMITTING}, "PUT"},
    {"/api/v1/sets/{}/explanations",       {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_EXPLAIN_SET_ALL, ROUTE_SUBMITTING}, "PUT"},
    {"/api/v1/submissions/{}/withdrawal", {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_WITHDRAW, ROUTE_SUBMITTING}, POST_ONLY},
    {"/api/v1/submissions/{}/reports/{}/reason", {ROUTE_READ, ROUTE_READING}, {ROUTE_REASON, ROUTE_SUBMITTING}, GET_PUT},
    {"/api/v1/submissions/{}/reports/{}/findings/{}/explanation", {ROUTE_READ, ROUTE_READING}, {ROUTE_EXPLAIN, ROUTE_SUBMITTING}, GET_PUT},
    {"/api/v1/submissions/{}/explanations", {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_EXPLAIN_ALL, ROUTE_SUBMITTING}, "PUT"},
    {"/api/v1/explanation-codes",         {ROUTE_READ, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/questions",                 {ROUTE_READ, ROUTE_READING}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/objections",                {ROUTE_READ, ROUTE_READING}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/corrections",               {ROUTE_READ, ROUTE_READING}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/correction-reasons",        {ROUTE_READ, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/validations",               {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_VALIDATE, ROUTE_VALIDATING}, POST_ONLY},
    {"/api/v1/receipts/verification",     {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_VERIFY, ROUTE_PUBLIC}, POST_ONLY},
    {"/api/v1/receipts/{}",               {ROUTE_READ, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/session",                   {ROUTE_DESK, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, "GET, HEAD, POST, PUT, DELETE"},
    {"/api/v1/invitations",               {ROUTE_DESK, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, GET_POST},
    {"/api/v1/invitations/acceptance",    {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, POST_ONLY},
    {"/api/v1/invitations/{}",            {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, "DELETE"},
    {"/api/v1/delegations",               {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, POST_ONLY},
    {"/api/v1/appointments",              {ROUTE_DESK, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/appointments/{}",           {ROUTE_DESK, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, "GET, HEAD, PATCH, DELETE"},
    {"/api/v1/appointments/{}/restoration", {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, POST_ONLY},
    {"/api/v1/account/password",          {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, "PUT"},
    {"/api/v1/account/authenticator",     {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, "POST, PUT"},
    {"/api/v1/account/letters",           {ROUTE_DESK, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_PUT},
    {"/api/v1/account/certificates",      {ROUTE_DESK, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, GET_POST},
    {"/api/v1/account/certificates/{}",   {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, "DELETE"},
    {"/api/v1/account/restoration",       {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, POST_ONLY},
    {"/api/v1/tokens",                    {ROUTE_DESK, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, GET_POST},
    {"/api/v1/tokens/{}",                 {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, "DELETE"},
    {"/api/v1/webhooks",                  {ROUTE_DESK, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, GET_POST},
    {"/api/v1/webhooks/{}",               {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, "DELETE"},
    {"/api/v1/webhooks/{}/secret",        {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, POST_ONLY},
    {"/api/v1/webhooks/{}/activation",    {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, POST_ONLY},
    {"/api/v1/webhooks/{}/deliveries",    {ROUTE_DESK, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/deliveries/{}/redelivery",  {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, POST_ONLY},
    {"/api/v1/units",                     {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, POST_ONLY},
    {"/api/v1/units/{}",                  {ROUTE_DESK, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, "GET, HEAD, PATCH"},
    {"/api/v1/units/{}/services",         {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, POST_ONLY},
    {"/api/v1/units/{}/services/ending",  {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, POST_ONLY},
    {"/api/v1/units/{}/traits",           {ROUTE_DESK, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, GET_POST},
    {"/api/v1/units/{}/traits/ending",    {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, POST_ONLY},
    {"/api/v1/units/{}/changes",          {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, POST_ONLY},
    {"/api/v1/units/{}/succession",       {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, POST_ONLY},
    {"/api/v1/units/{}/obligation-entries", {ROUTE_DESK, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/units/{}/exemptions",       {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, POST_ONLY},
    {"/api/v1/units/{}/internal-dues",    {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, POST_ONLY},
    {"/api/v1/exemptions/{}/revocation",  {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, POST_ONLY},
    {"/api/v1/obligations/{}/entries",    {ROUTE_DESK, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/obligations/{}/nothing",    {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, POST_ONLY},
    {"/api/v1/obligations/{}/elsewhere",  {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, POST_ONLY},
    {"/api/v1/obligations/{}/revocation", {ROUTE_NOTHING, ROUTE_PUBLIC}, {ROUTE_DESK, ROUTE_PUBLIC}, POST_ONLY},
    {"/api/v1/rule-objections",           {ROUTE_DESK, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/rule-objections/{}",        {ROUTE_DESK, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_PUT},
    {"/api/v1/trail",                     {ROUTE_DESK, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/forms",                     {ROUTE_READ, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/forms/{}",                  {ROUTE_READ, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/forms/{}/{}",               {ROUTE_READ, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/forms/{}/{}/{}",            {ROUTE_READ, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/rules",                     {ROUTE_READ, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/keys",                      {ROUTE_READ, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/status",                    {ROUTE_READ, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/limits",                    {ROUTE_READ, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/api/v1/openapi.json",              {ROUTE_READ, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/problemy",                         {ROUTE_READ, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/problemy/{}",                      {ROUTE_READ, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/u/{}/{}",                          {ROUTE_READ, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/upo",                              {ROUTE_READ, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/zaproszenie",                      {ROUTE_READ, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/powrot",                           {ROUTE_READ, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/konto.js",                         {ROUTE_READ, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
    {"/",                                 {ROUTE_READ, ROUTE_PUBLIC}, {ROUTE_NOTHING, ROUTE_PUBLIC}, GET_ONLY},
};
/* clang-format on */

size_t
route_count(void)
{
    return ARRAY_COUNT(routes);
}

const struct route *
route_at(size_t index)
{
    ENSURE(index < route_count());
    return &routes[index];
}

/* Piece by piece; "{}" stands for any one piece that is not empty. */
static bool
matches(struct str name, struct str path)
{
    struct str want;
    struct str piece;

    while (str_cut(&name, '/', &want)) {
        if (!str_cut(&path, '/', &piece)) {
            return false;
        }
        bool any = str_equal(want, STR("{}")) && piece.size > 0;
        if (!any && !str_equal(want, piece)) {
            return false;
        }
    }
    return !str_cut(&path, '/', &piece);
}

const struct route *
route_find(struct str path)
{
    for (size_t i = 0; i < ARRAY_COUNT(routes); i++) {
        if (matches(str_of(routes[i].name), path)) {
            return &routes[i];
        }
    }
    return NULL;
}

struct str
route_segment(struct str path, size_t i)
{
    struct str piece = {0};

    path = str_slice(path, 1, path.size);
    for (size_t at = 0; at <= i; at++) {
        if (!str_cut(&path, '/', &piece)) {
            return (struct str){0};
        }
    }
    return piece;
}

/* A method that stands in `allow`. */
static bool
is_allowed(const struct route *route, struct str method)
{
    struct str rest = str_of(route->allow);
    struct str piece = {0};

    while (str_cut(&rest, ',', &piece)) {
        if (str_equal(str_trim(piece), method)) {
            return true;
        }
    }
    return false;
}

struct route_method
route_method(const struct route *route, struct str method)
{
    if (str_equal(method, STR("GET")) || str_equal(method, STR("HEAD"))) {
        return route->get;
    }
    bool writes = str_equal(method, STR("POST")) || str_equal(method, STR("PUT"));
    if (writes && is_allowed(route, method) && route->post.action != ROUTE_NOTHING) {
        return route->post;
    }
    if (is_allowed(route, method)) { /* what is neither read nor posted is the desk's alone */
        return (struct route_method){ROUTE_DESK, ROUTE_PUBLIC};
    }
    return (struct route_method){0};
}
