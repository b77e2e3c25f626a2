#include "tests/scenario/gateway/office.h"
#include "tests/support/expect.h"

#include <string.h>

/*
 * What somebody with a right of their own tries with requests of their own making: other people's
 * things, other methods than they look, addresses and origins that are not ours. Each gets its
 * exact answer, and never a byte of another's.
 */
enum { TARGET_MAX = 512 };

#define EVIL "przejete.example"

static struct cluster *cluster;
static struct office   office;
static struct arena   *ground;
static const char     *own;     /* ids of submissions: the gmina's, */
static const char     *foreign; /* and another's, which it may not see */

static const char *
file_for(const char *token, const char *key)
{
    const struct office_filing filing = {
        .token = token, .key = key, .body = office_package(&office, ground)};
    struct http_answer answer = office_file(&office, ground, &filing);

    assert_int_equal(answer.status, 201);
    return office_value(ground, &answer, "id");
}

static int
start(void **state)
{
    const struct station_options options = {.settings = "answer_wait_ms = 30000\n"};

    (void)state;
    ground = arena_create(OFFICE_ROOM);
    cluster = cluster_start(CLUSTER_FAST);
    office_open(&office, cluster, "abuse", &options, true);
    own = file_for(NULL, "wlasna");
    foreign = file_for(office.foreign_token, "cudza");
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    office_close(&office);
    cluster_stop(cluster);
    arena_destroy(ground);
    return 0;
}

/* path with {own} and {foreign} filled in. */
static const char *
fill(const char *path)
{
    struct buf out = buf_create(ground, TARGET_MAX);

    for (const char *at = path; *at != '\0'; at++) {
        if (strncmp(at, "{own}", 5) == 0) {
            buf_append(&out, str_of(own));
            at += 4;
        } else if (strncmp(at, "{foreign}", 9) == 0) {
            buf_append(&out, str_of(foreign));
            at += 8;
        } else {
            buf_byte(&out, *at);
        }
    }
    buf_byte(&out, '\0');
    assert_true(buf_ok(&out));
    return buf_str(&out).data;
}

static const struct {
    const char *name;
    const char *method;
    const char *path;
    const char *header; /* NULL: none beside the token */
    int         status;
    const char *slug; /* NULL: no problem is told */
} tries[] = {
#define TRY_OUT(name, method, path, header, status, slug) \
    {name, method, path, header, status, slug},
#include "tests/scenario/gateway/abuses.def"
#undef TRY_OUT
};

static struct http_answer
send(size_t row)
{
    struct http_request request = {
        .method = tries[row].method,
        .path = fill(tries[row].path),
        .headers = {office.gmina_token, tries[row].header}
    };

    return http_ask(ground, office.target, &request);
}

/* Nobody's page may read it, nothing on the way may keep it, no address in it is another's. */
static bool
is_safe(const struct http_answer *answer)
{
    struct str kept = http_header(answer, "Cache-Control");

    return strcasestr(answer->headers.data, "Access-Control-") == NULL
           && strcasestr(answer->headers.data, EVIL) == NULL && !office_has(answer, EVIL)
           && (memmem(kept.data, kept.size, "private", 7) != NULL
               || memmem(kept.data, kept.size, "no-store", 8) != NULL);
}

static bool
is_as_wanted(const struct http_answer *answer, size_t row)
{
    const char *slug = tries[row].slug;

    return answer->status == tries[row].status && is_safe(answer)
           && (slug == NULL || office_has(answer, str_format(ground, "/problemy/%s\"", slug).data));
}

static void
every_try_gets_its_exact_answer(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(tries); i++) {
        struct http_answer answer = send(i);
        if (!is_as_wanted(&answer, i)) {
            print_error("%s: %d\n%.*s%.*s\n", tries[i].name, answer.status, STR_ARG(answer.headers),
                        STR_ARG(answer.body));
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static const char state_sql[] =
    "SELECT concat_ws(' ', (SELECT count(*) FROM intake.submission),"
    " (SELECT string_agg(state, ',') FROM intake.submission),"
    " (SELECT count(*) FROM intake.decision), (SELECT count(*) FROM registry.credential))";

static void
nothing_of_it_changes_anything(void **state)
{
    struct str before = office_ask(&office, ground, state_sql);

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(tries); i++) {
        (void)send(i);
    }
    assert_true(str_equal(office_ask(&office, ground, state_sql), before));
}

/* A walk over ids next to real ones: what is another's looks as what is not there. */
static void
a_foreign_id_looks_as_one_that_is_not_there(void **state)
{
    static const char *const tails[] = {"", "/receipt", "/content", "/findings"};
    struct buf               out = buf_create(ground, TARGET_MAX);
    size_t                   last = strlen(foreign) - 1;

    (void)state;
    buf_append(&out, str_slice(str_of(foreign), 0, last));
    buf_append(&out, foreign[last] == '0' ? STR("1") : STR("0"));
    buf_byte(&out, '\0');
    assert_true(buf_ok(&out));
    const char *missing = buf_str(&out).data;
    for (size_t i = 0; i < ARRAY_COUNT(tails); i++) {
        struct str theirs = str_format(ground, "/api/v1/submissions/%s%s", foreign, tails[i]);
        struct str nobodys = str_format(ground, "/api/v1/submissions/%s%s", missing, tails[i]);
        struct http_answer one = office_get(&office, ground, office.gmina_token, theirs.data, NULL);
        struct http_answer two =
            office_get(&office, ground, office.gmina_token, nobodys.data, NULL);
        EXPECT(one.status == 404 && two.status == 404, tails[i]);
        EXPECT(strcmp(office_value(ground, &one, "detail"), office_value(ground, &two, "detail"))
                   == 0,
               tails[i]);
        EXPECT(strcmp(office_value(ground, &one, "type"), office_value(ground, &two, "type")) == 0,
               tails[i]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_try_gets_its_exact_answer),
        cmocka_unit_test(nothing_of_it_changes_anything),
        cmocka_unit_test(a_foreign_id_looks_as_one_that_is_not_there),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
