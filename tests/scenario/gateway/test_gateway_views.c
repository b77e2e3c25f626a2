#include "gateway/page_guard/page_guard.h"
#include "gateway/people/permission.h"
#include "gateway/reader/resource.h"
#include "tests/scenario/gateway/office.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/people/town.h"

#include <string.h>

/*
 * Every role at every endpoint beside the desk, with what stands in every relation to it, through
 * nginx and TLS: a real gateway over the town, whose units have each filed a package. What is
 * answered must be what the table of permissions says. Beside it, that a person is taken for one
 * only as long as they are signed in and meant to ask.
 */
enum {
    MADE_FROM = 100,
    MADE_UNKNOWN = 300,
    CORRECTION = 90,
    UNITS = TOWN_FOREIGN,
    ROOM = 192 << 20,
    CELL_ROOM = 16 << 20
};

static struct cluster *cluster;
static struct town     town;
static struct office   office; /* its station and edge alone */
static struct arena   *room;

static const char *const tokens[UNITS + 1] = {
    [TOWN_TOP] = "990000016",     [TOWN_MIDDLE] = "990000022",    [TOWN_CHILD] = "990001010",
    [TOWN_SIBLING] = "990001027", [TOWN_OTHER_TOP] = "990000039", [TOWN_SERVED] = "990001040",
    [TOWN_FOREIGN] = "990001056",
};
static const char *filed[UNITS + 1]; /* ids of what each unit has filed */

static const char *corrected[UNITS + 1]; /* and of a correction of it */
static const char *waiting[UNITS + 1];   /* of what it may take back; NULL: it has */

enum way {
    WAY_PUBLIC,
    WAY_LIST,
    WAY_ONE,
    WAY_FILING,
    WAY_CHECKING,
    WAY_REASON,
    WAY_EXPLANATION,
    WAY_WITHDRAWAL,
    WAY_APART
};

static const struct view {
    const char            *method;
    const char            *path;
    enum permission_action action;
    enum way               way;
    const char            *ask;
} views[] = {
/* clang-format off */
#define VIEW_CELL(method, path, action, way, ask) \
    {(method), (path), PERMISSION_ACTION_##action, WAY_##way, (ask)},
#include "tests/scenario/gateway/view_cells.def"
#undef VIEW_CELL
    /* clang-format on */
};

/* ---- asking ---- */

/* One who asks: a browser with the session of a role, or nobody at all. */
static const char *
cookie_of(struct arena *arena, enum permission_role role)
{
    return role == PERMISSION_ROLE_PUBLIC
               ? NULL
               : str_format(arena, "Cookie: __Host-brama=%.*s",
                            STR_ARG(town_token(&town, permission_role_word(role))))
                     .data;
}

static const char *
csrf_of(struct arena *arena, enum permission_role role)
{
    struct fault fault = {0};
    struct str   token = {0};

    if (role == PERMISSION_ROLE_PUBLIC) {
        return NULL;
    }
    ENSURE(page_guard_token(arena, town_digest(&town, permission_role_word(role)), &token, &fault)
           == ERR_OK);
    return str_format(arena, "X-CSRF-Token: %.*s", STR_ARG(token)).data;
}

/* Headers that are NULL are left out. */
static struct http_answer
ask(struct arena *arena, const char *method, const char *path, struct str body,
    const char *const headers[4])
{
    struct http_request request = {.method = method, .path = path, .body = body};
    size_t              count = 0;

    for (size_t i = 0; i < 4; i++) {
        if (headers[i] != NULL) {
            request.headers[count] = headers[i];
            count++;
        }
    }
    if (body.size > 0) {
        request.headers[count] = "Content-Type: application/xml";
    }
    return http_ask(arena, edge_target(office.edge), &request);
}

static struct http_answer
get_as(struct arena *arena, enum permission_role role, const char *path)
{
    const char *const headers[4] = {cookie_of(arena, role)};

    return ask(arena, "GET", path, (struct str){0}, headers);
}

static struct http_answer
post_as(struct arena *arena, enum permission_role role, const char *path, struct str body,
        const char *key)
{
    const char *const headers[4] = {cookie_of(arena, role), csrf_of(arena, role),
                                    "Origin: https://localhost:8443",
                                    str_format(arena, "Idempotency-Key: %s", key).data};

    return ask(arena, "POST", path, body, headers);
}

/* One that changes what was filed. Headers that are NULL are left out. */
struct change {
    const char *method;
    const char *path;
    const char *cookie;
    const char *csrf;
    const char *origin;
    const char *if_match;
    const char *body; /* JSON; NULL: none */
};

static struct http_answer
send(struct arena *arena, const struct change *change)
{
    struct http_request request = {.method = change->method, .path = change->path};
    const char *const   headers[] = {change->cookie, change->csrf, change->origin, change->if_match,
                                   change->body == NULL ? NULL : "Content-Type: application/json"};
    size_t              count = 0;

    request.body = str_of(change->body);
    for (size_t i = 0; i < ARRAY_COUNT(headers); i++) {
        if (headers[i] != NULL) {
            request.headers[count++] = headers[i];
        }
    }
    return http_ask(arena, edge_target(office.edge), &request);
}

static struct change
change_as(struct arena *arena, enum permission_role role, const char *method, const char *path)
{
    return (struct change){.method = method,
                           .path = path,
                           .cookie = cookie_of(arena, role),
                           .csrf = csrf_of(arena, role),
                           .origin = "Origin: https://localhost:8443"};
}

static bool
is_problem(const struct http_answer *answer, int status, const char *slug)
{
    struct arena *arena = arena_create(CELL_ROOM);
    struct str    type = str_format(arena, "/problemy/%s\"", slug);
    bool          good = answer->status == status && office_has(answer, type.data);

    if (!good) {
        print_message("%d: %.*s\n", answer->status, (int)str_slice(answer->body, 0, 600).size,
                      answer->body.data);
    }
    arena_destroy(arena);
    return good;
}

/* ---- the gateway ---- */

/* A package of a unit of the town: one report. */
static struct str
package_of(struct arena *arena, int64_t unit, int version)
{
    const struct maker_options options = {.seed = (uint64_t)(100 * unit + version),
                                          .first_unit = MADE_FROM + (size_t)unit,
                                          .rows = 3,
                                          .version = version,
                                          .date = version == CORRECTION ? "2026-06-29" : NULL,
                                          .forms = MAKER_RB27S};
    struct fault               fault = {0};
    struct str                 bytes = {0};

    ENSURE(maker_package(arena, &options, station_authority(office.station), &bytes, &fault)
           == ERR_OK);
    return bytes;
}

/* The units of the town get the identities of the packages that can be made. */
static void
rename_units(void)
{
    town_run(&town, "ALTER TABLE registry.unit DISABLE TRIGGER USER");
    for (int64_t unit = TOWN_TOP; unit <= UNITS; unit++) {
        struct str sql = str_format(
            room,
            "UPDATE registry.unit SET regon = '%.*s', wk = '99', pk = '01', gk = '02', gt = '3',"
            " pt = '0', type = 'JB' WHERE unit = %lld",
            STR_ARG(maker_regon(room, MADE_FROM + (size_t)unit)), (long long)unit);
        town_run(&town, sql.data);
    }
    town_run(&town, "ALTER TABLE registry.unit ENABLE TRIGGER USER;"
                    "SET session_replication_role = replica; DELETE FROM intake.line; DELETE FROM "
                    "intake.report;"
                    "UPDATE registry.setting SET clock_offset ="
                    " timestamptz '2026-07-10T09:00:00+02:00' - now()");
}

static void
file_of_each_unit(void)
{
    for (int64_t unit = TOWN_TOP; unit <= UNITS; unit++) {
        const char *const headers[4] = {
            str_format(room, "Authorization: Bearer %s", tokens[unit]).data,
            "Idempotency-Key: pierwszy", "Prefer: wait=25"};
        struct http_answer answer =
            ask(room, "POST", "/api/v1/submissions", package_of(room, unit, 0), headers);
        if (answer.status != 201
            || strcmp(office_value(room, &answer, "reports.0.verdict"), "accepted") != 0) {
            print_message("%d %.*s\n", answer.status, STR_ARG(answer.body));
        }
        EXPECT(answer.status == 201, tokens[unit]);
        EXPECT(strcmp(office_value(room, &answer, "reports.0.verdict"), "accepted") == 0,
               tokens[unit]);
        filed[unit] = office_value(room, &answer, "id");
    }
    /* What the schools filed went to the zarząd of their JST. What the two JST filed is made to
     * have gone to their regional chambers, as an aggregate does, which tests cannot make. */
    assert_string_equal(town_ask(&town, "SELECT string_agg(DISTINCT addressed_to::text, ' ')"
                                        " FROM intake.report WHERE unit IN (3, 4, 6, 7)"),
                        "1");
    town_run(&town, "SET session_replication_role = replica; UPDATE intake.report SET addressed_to "
                    "= registry.recipient_bit('rio')"
                    " WHERE unit IN (1, 5);"
                    "SELECT intake.note_addressed(array_agg(submission), array_agg(unit),"
                    " array_agg(addressed_to::bigint)) FROM intake.report WHERE unit IN (1, 5)");
}

static int
start(void **state)
{
    static const struct station_options options = {0};

    (void)state;
    room = arena_create(ROOM);
    cluster = cluster_start(CLUSTER_FAST);
    town_begin(&town, cluster, "views");
    rename_units();
    office = (struct office){.cluster = cluster, .database = "views"};
    office.station = station_create(cluster, "views", &options);
    office.edge = edge_start(office.station);
    file_of_each_unit();
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    edge_stop(office.edge);
    station_destroy(office.station);
    town_end(&town);
    cluster_stop(cluster);
    arena_destroy(room);
    return 0;
}

/* ---- cells ---- */

struct cell {
    const struct view       *view;
    enum permission_role     role;
    enum permission_relation relation;
    int64_t                  unit; /* 0: one that is not there */
};

static const char *
name_of(struct arena *arena, const struct cell *cell)
{
    return str_format(arena, "%s %s as %s with %s", cell->view->method, cell->view->path,
                      permission_role_word(cell->role), permission_relation_word(cell->relation))
        .data;
}

/* The unit that stands so to a role. To an office a JST is addressed, as what it files goes there;
 * what a school files goes to its JST. */
static bool
place(enum permission_role role, enum permission_relation relation, int64_t *unit)
{
    struct str of_office = {0};

    if (!town_place(role, relation, unit, &of_office) || of_office.size > 0) {
        return false;
    }
    if (relation == PERMISSION_RELATION_ADDRESSED) {
        *unit = TOWN_TOP;
    }
    return true;
}

/* 401 without anybody, 403 for who may never do this; 0: it depends on whose it is. */
static int
at_all(enum permission_role role, enum permission_action action)
{
    return permission_ever(role, action) ? 0 : role == PERMISSION_ROLE_PUBLIC ? 401 : 403;
}

static void
try_one(struct arena *arena, const struct cell *cell)
{
    const char *id = cell->unit == 0 ? "01980000-0000-7000-8000-0000000000ff" : filed[cell->unit];
    struct str  path = str_format(arena, "/api/v1/submissions/%s%s", id, cell->view->ask);
    int         want = at_all(cell->role, cell->view->action);

    if (want == 0) {
        bool holds =
            cell->unit != 0 && permission_holds(cell->role, cell->view->action, cell->relation);
        want = holds ? 200 : 404;
    }
    struct http_answer answer = get_as(arena, cell->role, path.data);
    if (answer.status != want) {
        print_message("%s: %d, not %d: %.*s\n", name_of(arena, cell), answer.status, want,
                      STR_ARG(str_slice(answer.body, 0, 400)));
    }
    EXPECT(answer.status == want, name_of(arena, cell));
    for (int64_t unit = TOWN_TOP; want != 200 && unit <= UNITS; unit++) {
        EXPECT(!office_has(&answer, maker_regon(arena, MADE_FROM + (size_t)unit).data),
               name_of(arena, cell));
    }
}

/* Whether the table lets a role see what a unit has filed. */
static bool
sees(enum permission_role role, enum permission_action action, int64_t unit)
{
    bool seen = false;

    for (int relation = 0; relation < PERMISSION_RELATION_COUNT; relation++) {
        int64_t at = 0;
        if (place(role, (enum permission_relation)relation, &at) && at == unit) {
            seen = seen || permission_holds(role, action, (enum permission_relation)relation);
        }
    }
    return seen;
}

static void
try_list(struct arena *arena, const struct cell *cell)
{
    int                want = at_all(cell->role, cell->view->action);
    struct http_answer answer = get_as(arena, cell->role, "/api/v1/submissions?limit=500");

    EXPECT(answer.status == (want == 0 ? 200 : want), name_of(arena, cell));
    for (int64_t unit = TOWN_TOP; unit <= UNITS; unit++) {
        bool listed = office_has(&answer, filed[unit]);
        bool may = want == 0 && sees(cell->role, cell->view->action, unit);
        if (listed != may) {
            print_message("%s, unit %lld: %s\n", name_of(arena, cell), (long long)unit,
                          listed ? "LEAK" : "not listed");
        }
        EXPECT(listed == may, name_of(arena, cell));
    }
}

static void
try_filing(struct arena *arena, const struct cell *cell)
{
    int         want = at_all(cell->role, cell->view->action);
    int         version = 1 + (int)cell->role;
    struct str  body = cell->unit == 0 ? STR("<a/>") : package_of(arena, cell->unit, version);
    const char *key = str_format(arena, "%d-%d", (int)cell->role, (int)cell->relation).data;
    const char *before = town_ask(&town, "SELECT count(*) FROM intake.submission");

    struct http_answer answer = post_as(arena, cell->role, cell->view->path, body, key);
    if (want != 0) {
        EXPECT(answer.status == want, name_of(arena, cell));
        EXPECT(strcmp(town_ask(&town, "SELECT count(*) FROM intake.submission"), before) == 0,
               name_of(arena, cell));
        return;
    }
    EXPECT(answer.status == 201, name_of(arena, cell));
    if (cell->unit == 0) {
        return; /* admitted, whatever it is: there is nobody whose it would be */
    }
    bool        holds = permission_holds(cell->role, cell->view->action, cell->relation);
    const char *verdict = office_value(arena, &answer, "reports.0.verdict");
    if (strcmp(verdict, holds ? "accepted" : "rejected") != 0) {
        print_message("%s: %.*s\n", name_of(arena, cell), STR_ARG(answer.body));
    }
    EXPECT(strcmp(verdict, holds ? "accepted" : "rejected") == 0, name_of(arena, cell));
}

static void
try_checking(struct arena *arena, const struct cell *cell)
{
    int                want = at_all(cell->role, cell->view->action);
    int64_t            unit = cell->unit == 0 ? TOWN_MIDDLE : cell->unit;
    struct http_answer answer =
        post_as(arena, cell->role, cell->view->path, package_of(arena, unit, 0), "sprawdzenie");

    if (answer.status != (want == 0 ? 200 : want)) {
        print_message("%d %.*s\n", answer.status, STR_ARG(answer.body));
    }
    EXPECT(answer.status == (want == 0 ? 200 : want), name_of(arena, cell));
}

/* What a unit files by its token. */
static const char *
file_by_token(int64_t unit, struct str package, const char *key, const char *verdict)
{
    const char *const headers[4] = {str_format(room, "Authorization: Bearer %s", tokens[unit]).data,
                                    str_format(room, "Idempotency-Key: %s", key).data,
                                    "Prefer: wait=25"};
    struct http_answer answer = ask(room, "POST", "/api/v1/submissions", package, headers);

    EXPECT(strcmp(office_value(room, &answer, "verdict"), verdict) == 0, key);
    return office_value(room, &answer, "id");
}

/* Of a unit that nobody has registered: undecided, until somebody does. */
static const char *
waiting_of(int64_t unit)
{
    static uint64_t            made;
    const struct maker_options options = {
        .seed = made, .first_unit = MADE_UNKNOWN + (size_t)made, .rows = 3, .forms = MAKER_RB27S};
    struct fault fault = {0};
    struct str   bytes = {0};

    if (waiting[unit] == NULL) {
        ENSURE(maker_package(room, &options, station_authority(office.station), &bytes, &fault)
               == ERR_OK);
        made++;
        waiting[unit] = file_by_token(unit, bytes, str_format(room, "nieznana-%d", (int)made).data,
                                      "undecided");
    }
    return waiting[unit];
}

static void
try_withdrawal(struct arena *arena, const struct cell *cell)
{
    const char *id =
        cell->unit == 0 ? "01980000-0000-7000-8000-0000000000ff" : waiting_of(cell->unit);
    struct str    path = str_format(arena, "/api/v1/submissions/%s%s", id, cell->view->ask);
    struct change change = change_as(arena, cell->role, "POST", path.data);
    int           want = at_all(cell->role, cell->view->action);
    bool          holds = want == 0 && cell->unit != 0
                 && permission_holds(cell->role, cell->view->action, cell->relation);

    /* Who may see it hears why it is not theirs to take back. */
    if (want == 0 && !holds) {
        bool sees = cell->unit != 0
                    && permission_holds(cell->role, PERMISSION_ACTION_READ_REPORT, cell->relation);
        want = sees ? 403 : 404;
    }
    struct http_answer answer = send(arena, &change);
    if (answer.status != (want != 0 ? want : 200)) {
        print_message("%s: %d: %.*s\n", name_of(arena, cell), answer.status, STR_ARG(answer.body));
    }
    EXPECT(answer.status == (want != 0 ? want : 200), name_of(arena, cell));
    struct str sql =
        str_format(arena,
                   "SELECT count(*) FROM intake.submission s JOIN people.audit a ON"
                   " a.object = s.submission::text WHERE s.submission = '%s' AND"
                   " s.state = 'withdrawn' AND s.withdrawn_in = md5('a%s')::uuid AND"
                   " a.appointment = s.withdrawn_in AND a.person = md5('%s')::uuid",
                   id, permission_role_word(cell->role), permission_role_word(cell->role));
    EXPECT(strcmp(town_ask(&town, sql.data), holds ? "1" : "0") == 0, name_of(arena, cell));
    if (holds) {
        waiting[cell->unit] = NULL;
    }
}

/* The revision of the reason of a unit's correction. */
static const char *
revision_of(struct arena *arena, int64_t unit)
{
    return town_ask(&town, str_format(arena,
                                      "SELECT count(*) FROM intake.correction_reason"
                                      " WHERE submission = '%s'",
                                      corrected[unit])
                               .data);
}

static struct change
reason_as(struct arena *arena, enum permission_role role, int64_t unit)
{
    const char   *id = unit == 0 ? "01980000-0000-7000-8000-0000000000ff" : corrected[unit];
    const char   *path = str_format(arena, "/api/v1/submissions/%s/reports/1/reason", id).data;
    struct change change = change_as(arena, role, "PUT", path);

    change.if_match =
        str_format(arena, "If-Match: \"%s\"", unit == 0 ? "0" : revision_of(arena, unit)).data;
    change.body =
        str_format(arena, "{\"code\":\"inna\",\"text\":\"%s\"}", permission_role_word(role)).data;
    return change;
}

/* The query of a unit's correction, answered. */
static struct change
explanation_as(struct arena *arena, enum permission_role role, int64_t unit)
{
    const char *id = unit == 0 ? "01980000-0000-7000-8000-0000000000ff" : corrected[unit];
    struct str  finding = str_format(arena,
                                     "SELECT ordinal FROM intake.finding WHERE submission = '%s' AND"
                                      " severity = 'query'",
                                     id);
    struct str  tag =
        str_format(arena,
                   "SELECT s.decided_n * 128 + (SELECT count(*) FROM intake.explanation"
                   " e WHERE e.submission = s.submission) FROM intake.submission s"
                   " WHERE s.submission = '%s'",
                   id);
    const char *path = str_format(arena, "/api/v1/submissions/%s/reports/1/findings/%s/explanation",
                                  id, unit == 0 ? "1" : town_ask(&town, finding.data))
                           .data;
    struct change change = change_as(arena, role, "PUT", path);

    change.if_match =
        str_format(arena, "If-Match: \"%s\"", unit == 0 ? "128" : town_ask(&town, tag.data)).data;
    change.body =
        str_format(arena, "{\"code\":\"inna\",\"text\":\"%s\"}", permission_role_word(role)).data;
    return change;
}

/* One entry of a person about a unit's correction, and what stands in its table and in the trail.
 */
static void
try_entry(struct arena *arena, const struct cell *cell, struct change change, const char *table)
{
    int  want = at_all(cell->role, cell->view->action);
    bool holds = want == 0 && cell->unit != 0
                 && permission_holds(cell->role, cell->view->action, cell->relation);

    struct http_answer answer = send(arena, &change);
    if (answer.status != (want != 0 ? want : holds ? 200 : 404)) {
        print_message("%s: %d: %.*s\n", name_of(arena, cell), answer.status, STR_ARG(answer.body));
    }
    EXPECT(answer.status == (want != 0 ? want : holds ? 200 : 404), name_of(arena, cell));
    struct str sql = str_format(
        arena,
        "SELECT count(*) FROM %s c JOIN people.audit a ON a.object"
        " = c.submission::text AND a.appointment = c.appointment WHERE c.submission ="
        " '%s' AND c.text = '%s' AND c.appointment = md5('a%s')::uuid AND c.credential"
        " IS NULL AND a.object_kind = '%s'",
        table, cell->unit == 0 ? "01980000-0000-7000-8000-0000000000ff" : corrected[cell->unit],
        permission_role_word(cell->role), permission_role_word(cell->role), table);
    EXPECT(strcmp(town_ask(&town, sql.data), holds ? "1" : "0") == 0, name_of(arena, cell));
}

static void
try_reason(struct arena *arena, const struct cell *cell)
{
    try_entry(arena, cell, reason_as(arena, cell->role, cell->unit), "intake.correction_reason");
}

static void
try_explanation(struct arena *arena, const struct cell *cell)
{
    try_entry(arena, cell, explanation_as(arena, cell->role, cell->unit), "intake.explanation");
}

/* A path with something in each of its braces that cannot be there. */
static const char *
path_of(struct arena *arena, const char *path)
{
    struct buf out = buf_create(arena, 256);
    bool       inside = false;

    for (const char *at = path; *at != '\0'; at++) {
        if (*at == '{') {
            buf_byte(&out, 'x');
        }
        inside = (inside || *at == '{') && *at != '}';
        if (!inside && *at != '}') {
            buf_byte(&out, *at);
        }
    }
    buf_byte(&out, '\0');
    ENSURE(buf_ok(&out));
    return buf_str(&out).data;
}

/* Whoever asks is told the same as nobody. */
static void
try_public(struct arena *arena, const struct cell *cell)
{
    const char        *path = path_of(arena, cell->view->path);
    bool               posts = strcmp(cell->view->method, "POST") == 0;
    struct str         body = posts ? STR("<a/>") : (struct str){0};
    struct http_answer nobody = posts ? post_as(arena, PERMISSION_ROLE_PUBLIC, path, body, "k")
                                      : get_as(arena, PERMISSION_ROLE_PUBLIC, path);
    struct http_answer answer =
        posts ? post_as(arena, cell->role, path, body, "k") : get_as(arena, cell->role, path);

    EXPECT(permission_holds(cell->role, cell->view->action, cell->relation), name_of(arena, cell));
    EXPECT(answer.status == nobody.status && answer.status != 401 && answer.status != 403
               && answer.status != 0,
           name_of(arena, cell));
    EXPECT(answer.body.size == nobody.body.size, name_of(arena, cell));
}

static size_t
try_cells(enum way way, void (*try_cell)(struct arena *, const struct cell *))
{
    bool   once = way == WAY_PUBLIC || way == WAY_LIST;
    size_t tried = 0;

    for (size_t i = 0; i < ARRAY_COUNT(views); i++) {
        for (int role = 0; views[i].way == way && role < PERMISSION_ROLE_COUNT; role++) {
            for (int relation = 0; relation < PERMISSION_RELATION_COUNT; relation++) {
                struct cell   cell = {&views[i], (enum permission_role)role,
                                      (enum permission_relation)relation, 0};
                struct arena *arena = arena_create(CELL_ROOM);
                bool          fits = once ? relation == PERMISSION_RELATION_NONE
                                          : place(cell.role, cell.relation, &cell.unit);
                if (fits) {
                    try_cell(arena, &cell);
                    tried++;
                }
                arena_destroy(arena);
            }
        }
    }
    return tried;
}

static void
a_submission_is_seen_by_whom_the_table_names(void **state)
{
    (void)state;
    assert_true(try_cells(WAY_ONE, try_one) > 150);
}

static void
a_list_holds_what_the_table_allows(void **state)
{
    (void)state;
    assert_int_equal(try_cells(WAY_LIST, try_list), PERMISSION_ROLE_COUNT);
}

static void
what_is_public_is_the_same_for_all(void **state)
{
    (void)state;
    assert_true(try_cells(WAY_PUBLIC, try_public) > 100);
}

static void
a_package_is_checked_for_whom_the_table_names(void **state)
{
    (void)state;
    assert_true(try_cells(WAY_CHECKING, try_checking) > 30);
}

static void
a_package_is_filed_by_whom_the_table_names(void **state)
{
    (void)state;
    assert_true(try_cells(WAY_FILING, try_filing) > 40);
}

static void
what_a_unit_filed_is_taken_back_by_whom_the_table_names(void **state)
{
    (void)state;
    assert_true(try_cells(WAY_WITHDRAWAL, try_withdrawal) > 40);
}

static void
a_correction_is_explained_by_whom_the_table_names(void **state)
{
    (void)state;
    for (int64_t unit = TOWN_TOP; unit <= UNITS; unit++) {
        corrected[unit] =
            file_by_token(unit, package_of(room, unit, CORRECTION), "korekta", "accepted");
    }
    assert_true(try_cells(WAY_REASON, try_reason) > 40);
}

static void
a_query_is_answered_by_whom_the_table_names(void **state)
{
    (void)state;
    assert_true(try_cells(WAY_EXPLANATION, try_explanation) > 40);
}

/* Each resource is tried, as the action that the reader takes it for. */
static void
every_resource_has_its_cells(void **state)
{
    (void)state;
    for (size_t i = 0; i < resource_count(); i++) {
        const struct resource *resource = resource_at(i);
        size_t                 found = 0;
        for (size_t v = 0; v < ARRAY_COUNT(views); v++) {
            if (strcmp(views[v].method, "GET") == 0 && strcmp(views[v].path, resource->path) == 0) {
                EXPECT((int)views[v].action == (int)resource->access, resource->path);
                found++;
            }
        }
        EXPECT(found == 1, resource->path);
    }
}

/* ---- recipients ---- */

/* What a school files goes to its JST; the office that the JST reports to sees nothing of it, nor
 * of anything that was rejected. */
static void
an_office_sees_what_is_accepted_and_sent_to_it(void **state)
{
    struct arena *arena = arena_create(CELL_ROOM);

    (void)state;
    for (int64_t unit = TOWN_MIDDLE; unit <= UNITS; unit++) {
        struct str path = str_format(arena, "/api/v1/submissions/%s", filed[unit]);
        EXPECT(is_problem(
                   &(struct http_answer[]){get_as(arena, PERMISSION_ROLE_REVIEWER, path.data)}[0],
                   404, "nie-znaleziono"),
               path.data);
    }
    struct str         whole = str_format(arena, "/api/v1/submissions/%s/content", filed[TOWN_TOP]);
    struct http_answer refused = get_as(arena, PERMISSION_ROLE_REVIEWER, whole.data);
    assert_true(is_problem(&refused, 403, "brak-roli"));
    struct str         own = str_format(arena, "/api/v1/submissions/%s", filed[TOWN_TOP]);
    struct http_answer seen = get_as(arena, PERMISSION_ROLE_REVIEWER, own.data);
    assert_string_equal(office_value(arena, &seen, "reports.0.verdict"), "accepted");
    assert_string_equal(office_value(arena, &seen, "receipts"), "[]");
    /* Its verdict turned round: nothing of it is left to be seen. */
    town_run(&town, str_format(arena,
                               "SET session_replication_role = replica; UPDATE intake.report SET "
                               "verdict = 3 WHERE submission = '%s'",
                               filed[TOWN_TOP])
                        .data);
    seen = get_as(arena, PERMISSION_ROLE_REVIEWER, own.data);
    assert_true(is_problem(&seen, 404, "nie-znaleziono"));
    struct http_answer list = get_as(arena, PERMISSION_ROLE_REVIEWER, "/api/v1/submissions");
    assert_string_equal(office_value(arena, &list, "items"), "[]");
    town_run(&town, str_format(arena,
                               "SET session_replication_role = replica; UPDATE intake.report SET "
                               "verdict = 1 WHERE submission = '%s'",
                               filed[TOWN_TOP])
                        .data);
    arena_destroy(arena);
}

/* ---- what a browser shows ---- */

static void
a_filing_by_session_is_meant_by_the_person(void **state)
{
    struct arena *arena = arena_create(CELL_ROOM);
    const char   *cookie = cookie_of(arena, PERMISSION_ROLE_HEAD);
    const char   *csrf = csrf_of(arena, PERMISSION_ROLE_HEAD);
    const char   *before = town_ask(&town, "SELECT count(*) FROM intake.submission");
    struct str    body = package_of(arena, TOWN_MIDDLE, 50);
    const struct {
        const char *name;
        const char *path;
        const char *csrf;
        const char *origin;
        const char *slug;
    } cases[] = {
        {"no token",                                    "/api/v1/submissions", NULL,            NULL,                                    "brak-csrf"                                                                                                                                 },
        {"an empty token",                              "/api/v1/submissions", "X-CSRF-Token;", NULL,                                    "brak-csrf"                                                                                                                                 },
        {"somebody else's",                             "/api/v1/submissions", csrf_of(arena,   PERMISSION_ROLE_SENDER),                 NULL,
         "brak-csrf"},
        {"a cut one",                                             "/api/v1/submissions",
         str_slice(str_of(csrf),      0,                                                                                                         70).data == NULL ? NULL : "X-CSRF-Token: 00",                                                                                                                                                                                                                                               NULL,
         "brak-csrf"},
        {"a foreign page",                                         "/api/v1/submissions",                                                          csrf,                                                                         "Origin: https://example.test",
         "obce-zrodlo"                                                                                                                                                                               },
        {"a page without name",               "/api/v1/submissions",                                                        csrf,                                                                       "Origin: null",                                                                                          "obce-zrodlo"                   },
        {"a name that starts so",                               "/api/v1/submissions",                                       csrf,
         "Origin: https://localhost:8443.example.test","obce-zrodlo"},
        {"a check, no token", "/api/v1/validations",         NULL,                        NULL,                                                                                                                                      "brak-csrf"                                                                                                                                                                                                                                                                               },
        {"a check from abroad",                                         "/api/v1/validations",                                                   csrf,                                           "Origin: http://localhost",
         "obce-zrodlo"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char *const  headers[4] = {cookie, cases[i].csrf, cases[i].origin,
                                         "Idempotency-Key: z-obcej-strony"};
        struct http_answer answer = ask(arena, "POST", cases[i].path, body, headers);
        EXPECT(is_problem(&answer, 403, cases[i].slug), cases[i].name);
    }
    assert_string_equal(town_ask(&town, "SELECT count(*) FROM intake.submission"), before);
    arena_destroy(arena);
}

/* What a foreign page has a browser send changes nothing, nor does what says no state. */
static void
a_change_by_session_is_meant_by_the_person(void **state)
{
    struct arena       *arena = arena_create(CELL_ROOM);
    const char         *foreign = "Origin: https://example.test";
    const char         *other = csrf_of(arena, PERMISSION_ROLE_SENDER);
    const char         *before = town_ask(&town, "SELECT count(*) FROM people.audit");
    const struct change reason = reason_as(arena, PERMISSION_ROLE_HEAD, TOWN_MIDDLE);
    const struct change withdrawal = change_as(
        arena, PERMISSION_ROLE_HEAD, "POST",
        str_format(arena, "/api/v1/submissions/%s/withdrawal", waiting_of(TOWN_MIDDLE)).data);
    struct change cases[12];
    const struct {
        int         status;
        const char *slug;
    } wanted[ARRAY_COUNT(cases)] = {
        {401, "brak-uwierzytelnienia"},
        {401, "brak-uwierzytelnienia"},
        {403, "brak-csrf"            },
        {403, "brak-csrf"            },
        {403, "brak-csrf"            },
        {403, "brak-csrf"            },
        {403, "obce-zrodlo"          },
        {403, "obce-zrodlo"          },
        {428, "brak-if-match"        },
        {412, "ktos-zmienil"         },
        {400, "zla-tresc"            },
        {400, "zla-tresc"            },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        cases[i] = i % 2 == 0 ? withdrawal : reason;
    }
    cases[0].cookie = cases[1].cookie = NULL;
    cases[2].csrf = cases[3].csrf = NULL;
    cases[4].csrf = cases[5].csrf = other;
    cases[6].origin = cases[7].origin = foreign;
    cases[8] = cases[9] = reason;
    cases[8].if_match = NULL;
    cases[9].if_match = "If-Match: \"77\"";
    cases[10].body = "{}";
    cases[11].body = "{\"code\":7}";
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct http_answer answer = send(arena, &cases[i]);
        EXPECT(is_problem(&answer, wanted[i].status, wanted[i].slug), wanted[i].slug);
    }
    assert_string_equal(town_ask(&town, "SELECT count(*) FROM people.audit"), before);
    arena_destroy(arena);
}

/* A stand-in of the head may what the head may, as long as both are what they are. */
static void
a_delegation_that_has_ended_changes_nothing(void **state)
{
    static const char *const ends[] = {
        "UPDATE people.appointment SET ended_at = now() WHERE delegator IS NOT NULL",
        ("UPDATE people.session SET ended_at = NULL WHERE person = md5('auditor')::uuid;"
         "UPDATE people.appointment SET ended_at = NULL, valid_to = registry.today() - 1"
         " WHERE delegator IS NOT NULL"),
        ("UPDATE people.appointment SET valid_to = '2099-12-31' WHERE delegator IS NOT NULL;"
         "UPDATE people.appointment SET ended_at = now() WHERE appointment = md5('ahead')::uuid"),
    };
    struct arena *arena = arena_create(CELL_ROOM);

    (void)state;
    town_run(&town, "INSERT INTO people.appointment (appointment, person, role, unit, valid_from,"
                    " valid_to, delegator, basis) VALUES (md5('stand-in')::uuid,"
                    " md5('auditor')::uuid, 'head', 2, '2020-01-01', '2099-12-31',"
                    " md5('ahead')::uuid, 'upoważnienie nr 7');"
                    "UPDATE people.session SET appointment = md5('stand-in')::uuid"
                    " WHERE person = md5('auditor')::uuid");
    struct change reason = reason_as(arena, PERMISSION_ROLE_AUDITOR, TOWN_MIDDLE);
    assert_int_equal(send(arena, &reason).status, 200);
    for (size_t i = 0; i < ARRAY_COUNT(ends); i++) {
        /* As it is when only its day has come: what ended it has not ended the session. */
        town_run(&town,
                 str_format(arena, "SET session_replication_role = replica; %s", ends[i]).data);
        const char   *before = revision_of(arena, TOWN_MIDDLE);
        struct change again = reason_as(arena, PERMISSION_ROLE_AUDITOR, TOWN_MIDDLE);
        struct change withdrawal = change_as(
            arena, PERMISSION_ROLE_AUDITOR, "POST",
            str_format(arena, "/api/v1/submissions/%s/withdrawal", waiting_of(TOWN_MIDDLE)).data);
        again.body = "{\"code\":\"blad-kwoty\"}";
        struct http_answer refused = send(arena, &again);
        EXPECT(is_problem(&refused, 403, "brak-roli"), ends[i]);
        refused = send(arena, &withdrawal);
        EXPECT(is_problem(&refused, 403, "brak-roli"), ends[i]);
        EXPECT(strcmp(revision_of(arena, TOWN_MIDDLE), before) == 0, ends[i]);
    }
    town_run(&town, "SET session_replication_role = replica;"
                    "UPDATE people.appointment SET ended_at = NULL WHERE appointment ="
                    " md5('ahead')::uuid;"
                    "UPDATE people.session SET appointment = md5('aauditor')::uuid WHERE person ="
                    " md5('auditor')::uuid;"
                    "DELETE FROM people.appointment WHERE delegator IS NOT NULL");
    arena_destroy(arena);
}

/* The old cookie is nobody's, the new one acts elsewhere: neither reaches what the first one did.
 */
static void
a_session_that_has_turned_changes_nothing_of_before(void **state)
{
    struct arena *arena = arena_create(CELL_ROOM);
    struct change withdrawal = change_as(
        arena, PERMISSION_ROLE_SENDER, "POST",
        str_format(arena, "/api/v1/submissions/%s/withdrawal", waiting_of(TOWN_MIDDLE)).data);
    struct change reason = reason_as(arena, PERMISSION_ROLE_SENDER, TOWN_MIDDLE);

    (void)state;
    town_run(&town, "INSERT INTO people.appointment (appointment, person, role, unit, valid_from)"
                    " VALUES (md5('elsewhere')::uuid, md5('sender')::uuid, 'sender', 7,"
                    " '2020-01-01');"
                    "UPDATE people.session SET digest = sha256('turned') WHERE person ="
                    " md5('sender')::uuid");
    struct http_answer old = send(arena, &withdrawal);
    assert_true(is_problem(&old, 401, "brak-sesji"));
    old = send(arena, &reason);
    assert_true(is_problem(&old, 401, "brak-sesji"));
    town_run(&town, "UPDATE people.session SET appointment = md5('elsewhere')::uuid, digest ="
                    " sha256(rpad('sender', 43, '-')::bytea) WHERE person = md5('sender')::uuid");
    struct http_answer elsewhere = send(arena, &withdrawal);
    assert_true(is_problem(&elsewhere, 404, "nie-znaleziono"));
    elsewhere = send(arena, &reason);
    assert_true(is_problem(&elsewhere, 404, "nie-znaleziono"));
    town_run(&town, "SET session_replication_role = replica;"
                    "UPDATE people.session SET appointment = md5('asender')::uuid WHERE person ="
                    " md5('sender')::uuid;"
                    "DELETE FROM people.appointment WHERE appointment = md5('elsewhere')::uuid");
    arena_destroy(arena);
}

static void
what_was_filed_says_in_which_appointment(void **state)
{
    struct arena      *arena = arena_create(CELL_ROOM);
    struct http_answer answer = post_as(arena, PERMISSION_ROLE_TREASURER, "/api/v1/submissions",
                                        package_of(arena, TOWN_MIDDLE, 60), "przez-skarbnika");

    (void)state;
    assert_int_equal(answer.status, 201);
    struct str sql =
        str_format(arena,
                   "SELECT appointment = md5('atreasurer')::uuid AND credential IS NULL"
                   " AND subject = %d FROM intake.submission WHERE submission = '%s'",
                   TOWN_MIDDLE, office_value(arena, &answer, "id"));
    assert_string_equal(town_ask(&town, sql.data), "t");
    /* The same key and body: the same submission, whoever of the unit sends it. */
    struct http_answer again = post_as(arena, PERMISSION_ROLE_HEAD, "/api/v1/submissions",
                                       package_of(arena, TOWN_MIDDLE, 60), "przez-skarbnika");
    assert_int_equal(again.status, 200);
    assert_string_equal(office_value(arena, &again, "id"), office_value(arena, &answer, "id"));
    arena_destroy(arena);
}

/* Nothing that is known of a session is kept: its end, and its turn, hold from the next request. */
static void
a_session_ends_at_once_everywhere(void **state)
{
    static const char *const ends[] = {
        "UPDATE people.session SET ended_at = now() WHERE person = md5('sender')::uuid",
        "UPDATE people.session SET ended_at = NULL, seen_at = now() - interval '31 minutes'"
        " WHERE person = md5('sender')::uuid",
        "UPDATE people.session SET seen_at = now(), started_at = now() - interval '11 hours',"
        " expires_at = now() - interval '1 second' WHERE person = md5('sender')::uuid",
        "UPDATE people.session SET started_at = now(), expires_at = now() + interval '1 hour',"
        " digest = sha256('turned') WHERE person = md5('sender')::uuid",
        "UPDATE people.session SET digest = sha256(rpad('sender', 43, '-')::bytea)"
        " WHERE person = md5('sender')::uuid;"
        "UPDATE people.person SET closed_at = now() WHERE person = md5('sender')::uuid",
    };
    struct arena *arena = arena_create(CELL_ROOM);

    (void)state;
    assert_int_equal(get_as(arena, PERMISSION_ROLE_SENDER, "/api/v1/submissions").status, 200);
    for (size_t i = 0; i < ARRAY_COUNT(ends); i++) {
        town_run(&town, ends[i]);
        struct http_answer reads = get_as(arena, PERMISSION_ROLE_SENDER, "/api/v1/submissions");
        EXPECT(is_problem(&reads, 401, "brak-sesji"), ends[i]);
        struct http_answer files =
            post_as(arena, PERMISSION_ROLE_SENDER, "/api/v1/submissions", STR("<a/>"), "po-koncu");
        EXPECT(is_problem(&files, 401, "brak-sesji"), ends[i]);
    }
    town_run(&town, "UPDATE people.person SET closed_at = NULL WHERE person = md5('sender')::uuid");
    assert_int_equal(get_as(arena, PERMISSION_ROLE_SENDER, "/api/v1/submissions").status, 200);
    /* Signed in, and acting for nobody. */
    town_run(&town, "UPDATE people.session SET appointment = NULL WHERE person ="
                    " md5('sender')::uuid");
    struct http_answer nobody = get_as(arena, PERMISSION_ROLE_SENDER, "/api/v1/submissions");
    assert_true(is_problem(&nobody, 403, "brak-roli"));
    assert_true(office_has(&nobody, "PUT /api/v1/session"));
    town_run(&town, "UPDATE people.session SET appointment = md5('asender')::uuid WHERE person ="
                    " md5('sender')::uuid");
    arena_destroy(arena);
}

static void
a_session_lives_on_while_it_reads(void **state)
{
    struct arena *arena = arena_create(CELL_ROOM);

    (void)state;
    town_run(&town, "UPDATE people.session SET seen_at = now() - interval '20 minutes'"
                    " WHERE person = md5('head')::uuid");
    assert_int_equal(get_as(arena, PERMISSION_ROLE_HEAD, "/api/v1/submissions").status, 200);
    assert_true(office_await(&office,
                             "SELECT seen_at > now() - interval '1 minute' FROM people.session"
                             " WHERE person = md5('head')::uuid",
                             "t"));
    arena_destroy(arena);
}

/* A certificate that is bound to a person is that person, in the one appointment that they have. */
static void
a_persons_certificate_reads_and_files_as_they_may(void **state)
{
    struct arena      *arena = arena_create(CELL_ROOM);
    struct http_target target = *edge_target(office.edge);

    (void)state;
    target.certificate =
        str_format(arena, "%s/keys/sender.pem", station_folder(office.station)).data;
    target.key = str_format(arena, "%s/keys/sender.key", station_folder(office.station)).data;
    station_bind(office.station, TOWN_FOREIGN, target.certificate);
    town_run(&town, "INSERT INTO people.identity (provider, digest, person) SELECT 'certificate',"
                    " digest, md5('head')::uuid FROM registry.credential WHERE is_certificate;"
                    "DELETE FROM registry.credential WHERE is_certificate");
    struct http_request reads = {.method = "GET", .path = "/api/v1/submissions"};
    struct http_answer  list = http_ask(arena, &target, &reads);
    assert_int_equal(list.status, 200);
    assert_true(office_has(&list, filed[TOWN_MIDDLE]));
    assert_false(office_has(&list, filed[TOWN_FOREIGN]));
    struct http_request files = {
        .method = "POST",
        .path = "/api/v1/submissions",
        .headers = {"Content-Type: application/xml", "Idempotency-Key: certyfikat",
                    "Origin: https://example.test"},
        .body = package_of(arena, TOWN_MIDDLE, 70)
    };
    struct http_answer refused = http_ask(arena, &target, &files);
    assert_true(is_problem(&refused, 403, "obce-zrodlo"));
    files.headers[2] = NULL;
    assert_int_equal(http_ask(arena, &target, &files).status, 201);
    /* With two appointments nobody knows in which: they sign in, and choose. */
    town_run(&town, "INSERT INTO people.appointment (person, role, unit, valid_from) VALUES"
                    " (md5('head')::uuid, 'sender', 7, '2020-01-01')");
    refused = http_ask(arena, &target, &reads);
    assert_true(is_problem(&refused, 403, "brak-roli"));
    town_run(&town, "UPDATE people.identity SET revoked_at = now()");
    refused = http_ask(arena, &target, &reads);
    assert_true(is_problem(&refused, 401, "nieznane-poswiadczenie"));
    arena_destroy(arena);
}

/* Tries from one address: twenty at once, then nginx says to wait, before the desk looks at
 * anything. Reading is not counted, and nor is what nobody proves anything with. */
static void
sign_ins_of_one_address_are_limited_before_the_desk(void **state)
{
    static const char *const headers[4] = {"Content-Type: application/json",
                                           "Origin: https://localhost:8443"};
    enum { TRIES = 25, FREE = 15 };
    struct arena *arena = arena_create(CELL_ROOM);
    size_t        waits = 0;

    (void)state;
    for (size_t i = 0; i < TRIES; i++) {
        struct http_request request = {
            .method = "POST",
            .path = "/api/v1/invitations/acceptance",
            .headers = {headers[0], headers[1]},
            .body = STR("{\"token\":\"x\",\"password\":\"y\"}")
        };
        struct http_answer answer = http_ask(arena, edge_target(office.edge), &request);
        assert_true(answer.status == 404 || answer.status == 429);
        assert_true(answer.status == 404 || i >= FREE);
        if (answer.status == 429) {
            assert_true(is_problem(&answer, 429, "za-duzo-zadan"));
            waits++;
        }
    }
    assert_true(waits >= 1);
    for (size_t i = 0; i < TRIES; i++) {
        assert_int_equal(get_as(arena, PERMISSION_ROLE_HEAD, "/api/v1/session").status, 200);
    }
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_resource_has_its_cells),
        cmocka_unit_test(a_submission_is_seen_by_whom_the_table_names),
        cmocka_unit_test(a_list_holds_what_the_table_allows),
        cmocka_unit_test(an_office_sees_what_is_accepted_and_sent_to_it),
        cmocka_unit_test(what_is_public_is_the_same_for_all),
        cmocka_unit_test(a_package_is_checked_for_whom_the_table_names),
        cmocka_unit_test(a_package_is_filed_by_whom_the_table_names),
        cmocka_unit_test(what_a_unit_filed_is_taken_back_by_whom_the_table_names),
        cmocka_unit_test(a_correction_is_explained_by_whom_the_table_names),
        cmocka_unit_test(a_query_is_answered_by_whom_the_table_names),
        cmocka_unit_test(a_filing_by_session_is_meant_by_the_person),
        cmocka_unit_test(a_change_by_session_is_meant_by_the_person),
        cmocka_unit_test(a_delegation_that_has_ended_changes_nothing),
        cmocka_unit_test(a_session_that_has_turned_changes_nothing_of_before),
        cmocka_unit_test(what_was_filed_says_in_which_appointment),
        cmocka_unit_test(a_session_ends_at_once_everywhere),
        cmocka_unit_test(a_session_lives_on_while_it_reads),
        cmocka_unit_test(a_persons_certificate_reads_and_files_as_they_may),
        cmocka_unit_test(sign_ins_of_one_address_are_limited_before_the_desk),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
