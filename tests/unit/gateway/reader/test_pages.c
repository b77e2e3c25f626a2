#include "gateway/page/page.h"
#include "gateway/reader/number_form.h"
#include "gateway/reader/problem_resource.h"
#include "tests/support/expect.h"
#include "tests/unit/gateway/reader/world.h"

#include <jansson.h>
#include <string.h>

/* The pages that people read without an account, as a browser gets them. */
enum { DEPTH_MAX = 16, NAME_MAX = 16 };

#define BROWSER "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

static struct world world;

static int
begin(void **state)
{
    *state = cluster_start(CLUSTER_FAST);
    world_begin(&world, *state, "pages");
    return 0;
}

static int
end(void **state)
{
    world_end(&world);
    cluster_stop(*state);
    return 0;
}

static size_t
count_of(struct str text, const char *what)
{
    size_t      count = 0;
    size_t      size = strlen(what);
    struct str  rest = text;
    const char *found = NULL;

    while ((found = memmem(rest.data, rest.size, what, size)) != NULL) {
        count++;
        rest = str_slice(text, (size_t)(found - text.data) + size, text.size);
    }
    return count;
}

/* Every page there is, with what stands behind it. */
static const struct {
    const char *target;
    const char *policy;
    int         status;
} pages[] = {
    {"/",                                                  PAGE_POLICY_FORM,   200},
    {"/problemy",                                          PAGE_POLICY,        200},
    {"/problemy/plik-za-duzy",                             PAGE_POLICY,        200},
    {"/api/v1/status?format=html",                         PAGE_POLICY,        200},
    {"/upo",                                               PAGE_POLICY_FORM,   200},
    {"/zaproszenie",                                       PAGE_POLICY_SCRIPT, 200},
    {"/powrot?numer=%22%3E%3Cscript%3E",                   PAGE_POLICY_SCRIPT, 200},
    {"/upo?numer=+%20+",                                   PAGE_POLICY_FORM,   200},
    {"/upo?numer=990001010-20260710-00000000002A-FD",      PAGE_POLICY_FORM,   404},
    {"/upo?numer=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", PAGE_POLICY_FORM,   404},
};

static struct reply
page_at(size_t i)
{
    return world_get_as(&world, 0, pages[i].target, BROWSER);
}

static void
every_page_is_polish_html_with_a_strict_policy_and_without_scripts(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(pages); i++) {
        struct reply page = page_at(i);
        struct str   policy = world_header(&page, "Content-Security-Policy");

        EXPECT(page.status == pages[i].status, pages[i].target);
        EXPECT(str_equal(page.content_type, STR("text/html; charset=utf-8")), pages[i].target);
        EXPECT(str_equal(policy, str_of(pages[i].policy)), pages[i].target);
        EXPECT(count_of(page.body, "<html lang=\"pl\">") == 1, pages[i].target);
        EXPECT(count_of(page.body, "<title>") == 1, pages[i].target);
        EXPECT(count_of(page.body, "<h1>") == 1, pages[i].target);
        EXPECT(count_of(page.body, "<main>") == 1, pages[i].target);
        bool scripted = strcmp(pages[i].policy, PAGE_POLICY_SCRIPT) == 0;
        EXPECT(count_of(page.body, "<script") == (scripted ? 1 : 0), pages[i].target);
        EXPECT(count_of(page.body, "<script type=\"module\" src=\"/konto.js\"></script>")
                   == (scripted ? 1 : 0),
               pages[i].target);
        EXPECT(count_of(page.body, "<noscript>") == (scripted ? 1 : 0), pages[i].target);
        EXPECT(count_of(page.body, " style=") == 0, pages[i].target);
        EXPECT(count_of(page.body, "src=") == (scripted ? 1 : 0), pages[i].target);
        EXPECT(str_is_utf8(page.body), pages[i].target);
    }
}

/* The name of the tag at the front of text, which begins behind its '<'. */
static struct str
tag_name(struct str text)
{
    size_t size = 0;

    while (size < text.size && size < NAME_MAX && strchr(" >\n", text.data[size]) == NULL) {
        size++;
    }
    return str_slice(text, 0, size);
}

static bool
is_void(struct str name)
{
    return str_has_word(STR("!DOCTYPE meta input br"), name);
}

/* Whether every element ends, and in the order in which they began. */
static bool
is_balanced(struct str page)
{
    struct str open[DEPTH_MAX];
    size_t     depth = 0;
    struct str piece = {0};
    bool       first = true;

    while (str_cut(&page, '<', &piece)) {
        struct str name = tag_name(piece);
        if (first || is_void(name)) {
            first = false;
        } else if (piece.data[0] != '/') {
            assert_true(depth < DEPTH_MAX);
            open[depth++] = name;
        } else if (depth == 0 || !str_equal(open[--depth], str_slice(name, 1, name.size))) {
            return false;
        }
    }
    return depth == 0;
}

static void
every_element_of_a_page_ends(void **state)
{
    (void)state;
    assert_true(is_balanced(STR("<!DOCTYPE html>\n<a><b>x</b></a>")));
    assert_false(is_balanced(STR("<a><b></a></b>")));
    assert_false(is_balanced(STR("<a>")));
    assert_false(is_balanced(STR("</a>")));
    for (size_t i = 0; i < ARRAY_COUNT(pages); i++) {
        EXPECT(is_balanced(page_at(i).body), pages[i].target);
    }
}

/* Every address that a page names is one of ours and answers. */
static size_t
follow(struct str page, const char *attribute)
{
    size_t      size = strlen(attribute);
    size_t      count = 0;
    const char *at = NULL;

    while ((at = memmem(page.data, page.size, attribute, size)) != NULL) {
        struct str rest = str_slice(page, (size_t)(at - page.data) + size, page.size);
        struct str target = {0};
        page = rest;
        assert_true(str_cut(&rest, '"', &target));
        struct str   name = str_copy(world.arena, target);
        struct reply reply = world_get_as(&world, 0, name.data, BROWSER);
        EXPECT(name.data[0] == '/' && reply.status == 200, name.data);
        count++;
    }
    return count;
}

static void
every_link_of_a_page_leads_somewhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(pages); i++) {
        struct reply page = page_at(i);
        EXPECT(follow(page.body, "href=\"") > 0, pages[i].target);
        (void)follow(page.body, "action=\"");
    }
    struct reply start = page_at(0);
    struct reply index = page_at(1);
    assert_int_equal(follow(start.body, "action=\""), 1);
    assert_int_equal(count_of(index.body, "href=\"/problemy/"), PROBLEM_COUNT);
}

static void
the_index_names_every_problem(void **state)
{
    struct reply index = world_get_as(&world, 0, "/problemy", BROWSER);
    struct reply list = world_get(&world, 0, "/problemy?format=json");
    json_t      *json = json_loadb(list.body.data, list.body.size, JSON_REJECT_DUPLICATES, NULL);

    (void)state;
    for (int problem = 0; problem < PROBLEM_COUNT; problem++) {
        const char *slug = problem_slug((enum problem)problem);
        json_t     *item = json_array_get(json_object_get(json, "items"), (size_t)problem);
        struct str  link = str_format(world.arena, "<a href=\"/problemy/%s\">%s</a>", slug,
                                      problem_title((enum problem)problem));
        EXPECT(count_of(index.body, link.data) == 1, slug);
        EXPECT(strcmp(json_string_value(json_object_get(item, "slug")), slug) == 0, slug);
        EXPECT(json_string_length(json_object_get(item, "cause")) > 0, slug);
        EXPECT(json_string_length(json_object_get(item, "cure")) > 0, slug);
    }
    assert_int_equal(json_array_size(json_object_get(json, "items")), PROBLEM_COUNT);
    json_decref(json);
}

static void
test_and_production_are_told_apart(void **state)
{
    const char *targets[] = {
        "/", "/upo", str_format(world.arena, "/upo?numer=%.*s", STR_ARG(world.school)).data,
        str_format(world.arena, "/api/v1/receipts/%.*s", STR_ARG(world.school)).data};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(targets); i++) {
        struct reply test = world_get_as(&world, 0, targets[i], BROWSER);
        world.config.environment = CONFIG_PROD;
        struct reply production = world_get_as(&world, 0, targets[i], BROWSER);
        world.config.environment = CONFIG_TEST;

        EXPECT(count_of(test.body, "Środowisko TEST") == 1, targets[i]);
        EXPECT(count_of(production.body, "Środowisko TEST") == 0, targets[i]);
    }
}

static struct reply
look_up(const char *number)
{
    return world_get_as(&world, 0, str_format(world.arena, "/upo?numer=%s", number).data, BROWSER);
}

static void
a_receipt_is_found_by_its_number_however_it_is_typed(void **state)
{
    struct str  number = world.summary;
    struct buf  small = buf_create(world.arena, number.size);
    const char *typed[] = {str_copy(world.arena, number).data, NULL,
                           str_format(world.arena, "+%.*s%%20", STR_ARG(number)).data};

    (void)state;
    for (size_t i = 0; i < number.size; i++) {
        char byte = number.data[i];
        if (byte >= 'A' && byte <= 'Z') {
            byte = (char)(byte - 'A' + 'a');
        }
        buf_byte(&small, byte);
    }
    typed[1] = str_copy(world.arena, buf_str(&small)).data;
    for (size_t i = 0; i < ARRAY_COUNT(typed); i++) {
        struct reply page = look_up(typed[i]);
        EXPECT(page.status == 200, typed[i]);
        EXPECT(count_of(page.body, "To poświadczenie wystawiła brama") > 0, typed[i]);
        EXPECT(count_of(page.body, str_copy(world.arena, number).data) == 1, typed[i]);
    }
}

static void
put_in_force(const char *in_force, int ordinal)
{
    world_run(&world, str_format(world.arena,
                                 "SET session_replication_role = replica; UPDATE intake.report p "
                                 "SET in_force = %s, verdict = 1"
                                 " FROM intake.receipt r WHERE r.number = '%.*s'"
                                 " AND p.submission = r.submission AND p.n = r.n"
                                 " AND p.ordinal = %d",
                                 in_force, STR_ARG(world.summary), ordinal)
                          .data);
}

/* Of a summary the page says how many of its reports are in force, and by REGON which. */
static void
a_summary_says_which_of_its_reports_are_in_force(void **state)
{
#define NOW "'{[2026-01-01,)}'"
#define PAST "'{[2026-01-01,2026-02-01)}'"
    static const struct {
        const char *in_force[2];
        const char *headline; /* NULL: none */
        size_t      lost;
    } cases[] = {
        {{NOW, NOW},   NULL,                                                        0},
        {{NOW, PAST},  "Z 2 przyjętych sprawozdań tego UPO nadal obowiązuje 1;", 1},
        {{PAST, PAST}, "Żadne z 2 przyjętych sprawozdań tego UPO",               2},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        put_in_force(cases[i].in_force[0], 0);
        put_in_force(cases[i].in_force[1], 1);
        struct reply page = look_up(str_copy(world.arena, world.summary).data);
        EXPECT(count_of(page.body, "zostały zastąpione") == (cases[i].headline != NULL), PAST);
        EXPECT(cases[i].headline == NULL || count_of(page.body, cases[i].headline) == 1, PAST);
        EXPECT(count_of(page.body, "; nie obowiązuje") == cases[i].lost, PAST);
        EXPECT(count_of(page.body, ", REGON 990001040") == 1, PAST);
        EXPECT(count_of(page.body, ", REGON 990001033") == 1, PAST);
        EXPECT(count_of(page.body, "Szko") == 0, PAST);
    }
#undef NOW
#undef PAST
}

static void
times_on_a_receipts_page_are_written_for_people(void **state)
{
    struct reply page = look_up(str_copy(world.arena, world.school).data);

    (void)state;
    assert_int_equal(count_of(page.body, " 2026 r., "), 2);
    assert_int_equal(count_of(page.body, " czasu polskiego (UTC: 2026-"), 2);
    assert_int_equal(count_of(page.body, "+02:00"), 0);
}

/* What is printed can be run as it stands: a test gateway's issuer is named, and so is the seal's.
 */
static void
commands_of_the_start_page_name_whom_to_trust(void **state)
{
    static const char *const always[] = {"brama verify UPO.xml --trust pieczec.pem --server ",
                                         "/api/v1/keys?format=pem"};

    (void)state;
    struct reply test = world_get_as(&world, 0, "/", BROWSER);
    world.config.environment = CONFIG_PROD;
    struct reply production = world_get_as(&world, 0, "/", BROWSER);
    world.config.environment = CONFIG_TEST;
    for (size_t i = 0; i < ARRAY_COUNT(always); i++) {
        EXPECT(count_of(test.body, always[i]) == 1, always[i]);
        EXPECT(count_of(production.body, always[i]) == 1, always[i]);
    }
    assert_int_equal(count_of(test.body, " --ca CA.pem"), 2);
    assert_int_equal(count_of(test.body, "curl --cacert CA.pem"), 2);
    assert_int_equal(count_of(production.body, "CA.pem"), 0);
    assert_int_equal(count_of(test.body, "OpenAPI 3.0"), 1);
}

static void
a_number_of_nobody_is_told_why_and_may_be_typed_again(void **state)
{
    static const struct {
        const char *typed;
        const char *wanted;
        const char *kept; /* in the field */
    } cases[] = {
        {"990001010-20260710-00000000002A-FD", "Brama nie wystawiła UPO o tym numerze.",
         "value=\"990001010-20260710-00000000002A-FD\""                                                                  },
        {"990001010-20260710-00000000002A-FE", "W numerze jest literówka",
         "value=\"990001010-20260710-00000000002A-FE\""                                                                  },
        {"7",                                  "Tak nie wygląda numer UPO",              "value=\"7\""                  },
        {"%22%3E%3Cb%3E",                      "Tak nie wygląda numer UPO",              "value=\"&quot;&gt;&lt;b&gt;\""},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct reply page = look_up(cases[i].typed);
        EXPECT(page.status == 404, cases[i].typed);
        EXPECT(count_of(page.body, cases[i].wanted) > 0, cases[i].typed);
        EXPECT(count_of(page.body, cases[i].kept) == 1, cases[i].typed);
        EXPECT(count_of(page.body, "<label for=\"numer\">") == 1, cases[i].typed);
    }
}

int
main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_page_is_polish_html_with_a_strict_policy_and_without_scripts),
        cmocka_unit_test(every_element_of_a_page_ends),
        cmocka_unit_test(every_link_of_a_page_leads_somewhere),
        cmocka_unit_test(the_index_names_every_problem),
        cmocka_unit_test(test_and_production_are_told_apart),
        cmocka_unit_test(a_receipt_is_found_by_its_number_however_it_is_typed),
        cmocka_unit_test(a_summary_says_which_of_its_reports_are_in_force),
        cmocka_unit_test(times_on_a_receipts_page_are_written_for_people),
        cmocka_unit_test(commands_of_the_start_page_name_whom_to_trust),
        cmocka_unit_test(a_number_of_nobody_is_told_why_and_may_be_typed_again),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
