#include "tests/scenario/powiat/record.h"

#include "gateway/reader/clerk.h"
#include "tests/support/draft.h"
#include "tests/support/expect.h"

#include <string.h>

#include <openssl/evp.h>

#define ROOM ((size_t)256 << 20U)
#define MICROSECONDS(moment) "(extract(epoch FROM " moment ") * 1000000)::bigint"
#define LINES(columns) \
    "SELECT string_agg(x.line, E'\\n') FROM (SELECT concat_ws(' ', " columns ") AS line "

enum { DIGEST_SIZE = 32 };

static const char reports_sql[] =
    LINES("s.key, r.regon, r.form, r.period, r.level, 'v' || r.version, r.verdict,"
          " r.unit IS NOT NULL, " MICROSECONDS(
              "r.arrived") ", coalesce(r.due::text, '-'),"
                           " coalesce(nullif(r.timeliness, ''), '-'), r.corrects, r.outside_window,"
                           " coalesce(upper_inf(r.in_force), false),"
                           " coalesce((SELECT sum(l.a1) / 100 FROM intake.line l WHERE l.report = "
                           "r.report), 0)"
                           "::bigint") "FROM intake.submission s JOIN intake.report r"
                                       " ON r.submission = s.submission AND r.n = s.decided_n) x";

static const char duties_sql[] = LINES(
    "u.regon, d.form, d.period, d.level, d.due_on, d.state, coalesce(d.superseded_why, '-'),"
    " coalesce(h.regon, '-'), coalesce(" MICROSECONDS(
        "d.first_arrived") ", 0),"
                           " coalesce(" MICROSECONDS(
                               "d.last_arrived") ", 0),"
                                                 " coalesce(" MICROSECONDS(
                                                     "d.accepted_at") ", 0), "
                                                                      "coalesce(d.last_verdict, "
                                                                      "-1),"
                                                                      " coalesce(r.version, -1), "
                                                                      "d.open_queries") "FROM "
                                                                                        "registry."
                                                                                        "setting "
                                                                                        "s, "
                                                                                        "obligation"
                                                                                        ".standing("
                                                                                        "now() + "
                                                                                        "s.clock_"
                                                                                        "offset) d"
                                                                                        " JOIN "
                                                                                        "registry."
                                                                                        "unit u ON "
                                                                                        "u.unit = "
                                                                                        "d.unit"
                                                                                        " LEFT "
                                                                                        "JOIN "
                                                                                        "registry."
                                                                                        "unit h ON "
                                                                                        "h.unit = "
                                                                                        "d."
                                                                                        "superseded"
                                                                                        "_by"
                                                                                        " LEFT "
                                                                                        "JOIN "
                                                                                        "intake."
                                                                                        "report r "
                                                                                        "ON "
                                                                                        "r.report "
                                                                                        "= d.report"
                                                                                        " WHERE "
                                                                                        "d.powiat "
                                                                                        "= '1401' "
                                                                                        "AND "
                                                                                        "d.form IN "
                                                                                        "('RB27S', "
                                                                                        "'RB28S')) "
                                                                                        "x";

static const char changes_sql[] =
    LINES("c.what, u.regon, c.operator") "FROM registry.change c JOIN registry.unit u ON u.unit = "
                                         "c.unit WHERE u.wk = '14') x";

static const char asked_sql[] =
    LINES("u.regon, r.form, r.period, r.level") "FROM intake.set_finding f"
                                                " JOIN intake.report r USING (report)"
                                                " JOIN registry.unit u ON u.unit = r.unit"
                                                " WHERE f.severity = 'query'"
                                                " AND f.closed_at IS NULL"
                                                " AND upper_inf(r.in_force)) x";

static struct cashbook
read_cashbook(const struct scene *scene, const char *sql)
{
    return cashbook_read(scene->arena, workshop_ask(scene->workshop, sql));
}

struct cashbook
record_reports(const struct scene *scene)
{
    return read_cashbook(scene, reports_sql);
}

struct cashbook
record_duties(const struct scene *scene)
{
    return read_cashbook(scene, duties_sql);
}

struct cashbook
record_changes(const struct scene *scene)
{
    return read_cashbook(scene, changes_sql);
}

void
record_set_clock(const struct scene *scene)
{
    workshop_run(scene->workshop, "UPDATE registry.setting SET clock_offset ="
                                  " '2026-07-16 12:00+02' - now()");
}

struct cashbook
record_asked(const struct scene *scene)
{
    return read_cashbook(scene, asked_sql);
}

/* The line of this form and level in the CSV of one period, or zeroes: nothing of it is owed. */
static struct str
find_counts(struct str csv, const char *start)
{
    struct str line = {0};

    while (str_cut(&csv, '\n', &line)) {
        struct str key = {0};
        struct str title = {0};
        line = str_trim(line);
        if (str_starts_with(line, str_of(start)) && str_cut(&line, ';', &key)
            && str_cut(&line, ';', &title)) {
            return line;
        }
    }
    return STR("0;0;0;0;0;0;0;0;0;0");
}

static struct str
ask_clerk(struct clerk *clerk, const struct scene *scene, size_t jst, const char *period)
{
    struct question question = {.handle = 1,
                                .kind = QUESTION_GET,
                                .credential = scene->credentials[jst],
                                .path = STR("/api/v1/completeness"),
                                .query = str_format(scene->arena, "by=form&period=%s", period),
                                .accept = STR("text/csv")};
    struct reply    reply = {0};

    clerk_answer(clerk, scene->arena, &question, 1, &reply);
    assert_int_equal(reply.status, 200);
    return reply.body;
}

static void
add_period(struct cashbook *cashbook, struct str csv, const char *period)
{
    static const char *const matters[] = {"RB27S jednostkowe", "RB28S jednostkowe",
                                          "RB27S zbiorcze", "RB28S zbiorcze"};

    for (size_t i = 0; i < ARRAY_COUNT(matters); i++) {
        struct str start = str_format(cashbook->arena, "%s;", matters[i]);
        cashbook_add(cashbook, str_format(cashbook->arena, "%s %s;%.*s", period, matters[i],
                                          STR_ARG(find_counts(csv, start.data))));
    }
}

struct cashbook
record_completeness(const struct scene *scene, size_t jst)
{
    struct config   config = scene->workshop->config;
    struct cashbook cashbook = cashbook_create(scene->arena);

    config.public_url = STR("https://brama.test");
    config.database_host = scene->workshop->address.host;
    config.database_port = scene->workshop->address.port;
    config.database_name = scene->workshop->address.database;
    struct edition            edition = {.catalogue = scene->workshop->bench.definitions.catalogue};
    const struct reader_tools tools = {.config = &config, .edition = &edition, .version = "test"};
    struct clerk              clerk = clerk_create(&tools);
    for (int period = 0; period < QUARTER_PERIODS; period++) {
        struct str csv = ask_clerk(&clerk, scene, jst, quarter_period(period));
        add_period(&cashbook, csv, quarter_period(period));
    }
    clerk_close(&clerk);
    return cashbook;
}

void
record_expect(const struct scene *scene, const char *name, const char *sql, int64_t expected)
{
    int64_t found = workshop_number(scene->workshop, sql);

    if (found != expected) {
        fail_msg("%s: %lld, not %lld", name, (long long)found, (long long)expected);
    }
}

void
record_expect_superseded(const struct scene *scene, size_t count)
{
    record_expect(scene, "changes of duties",
                  "SELECT count(*) FROM obligation.change c JOIN obligation.duty d USING (duty)"
                  " JOIN obligation.matter m USING (matter)"
                  " WHERE d.powiat = '1401' AND m.form IN ('RB27S', 'RB28S')",
                  (int64_t)count);
    record_expect(scene, "duties that were superseded and say so",
                  "SELECT count(*) FROM obligation.change c JOIN obligation.duty d USING (duty)"
                  " JOIN obligation.matter m USING (matter)"
                  " WHERE d.powiat = '1401' AND m.form IN ('RB27S', 'RB28S')"
                  " AND c.what = 'superseded' AND c.after = d.superseded_why",
                  (int64_t)count);
}

static void
expect_chain(const struct store_rows *rows)
{
    unsigned char both[2 * DIGEST_SIZE] = {0};

    for (size_t i = 0; i < store_row_count(rows); i++) {
        struct str    leaf = store_text(rows, i, 1);
        struct str    chain = store_text(rows, i, 2);
        unsigned char digest[DIGEST_SIZE] = {0};
        assert_int_equal(store_number(rows, i, 0), (int64_t)i + 1);
        ENSURE(leaf.size == DIGEST_SIZE && chain.size == DIGEST_SIZE);
        memcpy(both + DIGEST_SIZE, leaf.data, DIGEST_SIZE);
        ENSURE(EVP_Digest(both, sizeof both, digest, NULL, EVP_sha256(), NULL) == 1);
        assert_memory_equal(chain.data, digest, DIGEST_SIZE);
        memcpy(both, digest, DIGEST_SIZE);
    }
}

void
record_expect_log(const struct scene *scene)
{
    struct arena     *arena = arena_create(ROOM);
    struct store     *owner = NULL;
    struct store_rows rows = {0};
    struct fault      fault = {0};

    ENSURE(store_open(arena, &scene->workshop->address, STORE_WRITER, &owner, &fault) == ERR_OK);
    ENSURE(store_run(owner, "SELECT index, leaf, chain FROM intake.log ORDER BY index", NULL, arena,
                     &rows, &fault)
           == ERR_OK);
    expect_chain(&rows);
    record_expect(scene, "rows of the log and decisions",
                  "SELECT (SELECT count(*) FROM intake.log) - (SELECT count(*) FROM"
                  " intake.decision d JOIN intake.log l ON l.index = d.log_index"
                  " AND l.submission = d.submission AND l.n = d.n AND l.at = d.decided_at)",
                  0);
    record_expect(scene, "the head of the log",
                  "SELECT count(*) FROM intake.log_head h JOIN intake.log l USING (index, chain)"
                  " WHERE h.index = (SELECT max(index) FROM intake.log)",
                  1);
    arena_destroy(arena);
}
