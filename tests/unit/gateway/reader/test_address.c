#include "gateway/page/page.h"
#include "gateway/reader/address.h"
#include "gateway/reader/cursor.h"
#include "gateway/reader/format.h"
#include "tests/support/expect.h"

#include <string.h>

enum { MEMORY = 1024 * 1024 };

static void
addresses_are_read_strictly(void **state)
{
    static const struct {
        const char        *path;
        const char        *query;
        enum address_fault fault;
        size_t             segments;
        size_t             parameters;
        const char        *where;
    } cases[] = {
        {"/",                     "",              ADDRESS_OK,      0, 0, "" },
        {"/a",                    "",              ADDRESS_OK,      1, 0, "" },
        {"/a/b",                  "x=1",           ADDRESS_OK,      2, 1, "" },
        {"/a%2Fb",                "x=1&y=2",       ADDRESS_OK,      1, 2, "" },
        {"/%C5%BC",               "%C5%BC=%C5%BC", ADDRESS_OK,      1, 1, "" },
        {"/a/..",                 "x",             ADDRESS_OK,      2, 1, "" },
        {"/a",                    "&&x=1&&",       ADDRESS_OK,      1, 1, "" },
        {"/a",                    "x=1=2",         ADDRESS_OK,      1, 1, "" },
        {"/1/2/3/4/5/6/7/8/9",    "",              ADDRESS_OK,      9, 0, "" },
        {"/1/2/3/4/5/6/7/8/9/10", "",              ADDRESS_NOWHERE, 0, 0, "" },
        {"/a/",                   "",              ADDRESS_NOWHERE, 0, 0, "" },
        {"//a",                   "",              ADDRESS_NOWHERE, 0, 0, "" },
        {"",                      "",              ADDRESS_PATH,    0, 0, "" },
        {"a",                     "",              ADDRESS_PATH,    0, 0, "" },
        {"*",                     "",              ADDRESS_PATH,    0, 0, "" },
        {"/%",                    "",              ADDRESS_PATH,    0, 0, "" },
        {"/%1",                   "",              ADDRESS_PATH,    0, 0, "" },
        {"/%g0",                  "",              ADDRESS_PATH,    0, 0, "" },
        {"/%00",                  "",              ADDRESS_PATH,    0, 0, "" },
        {"/%0d%0a",               "",              ADDRESS_PATH,    0, 0, "" },
        {"/\x7f",                 "",              ADDRESS_PATH,    0, 0, "" },
        {"/\xff",                 "",              ADDRESS_PATH,    0, 0, "" },
        {"/%ED%A0%80",            "",              ADDRESS_PATH,    0, 0, "" },
        {"/a",                    "=1",            ADDRESS_QUERY,   0, 0, "" },
        {"/a",                    "x=%",           ADDRESS_QUERY,   0, 0, "x"},
        {"/a",                    "x=%00",         ADDRESS_QUERY,   0, 0, "x"},
        {"/a",                    "x=%C5",         ADDRESS_QUERY,   0, 0, "x"},
        {"/a",                    "%zz=1",         ADDRESS_QUERY,   0, 0, "" },
        {"/a",                    "x=1&x=1",       ADDRESS_DOUBLED, 0, 0, "x"},
        {"/a",                    "x=1&%78=2",     ADDRESS_DOUBLED, 0, 0, "x"},
        {"/a",                    "x&x",           ADDRESS_DOUBLED, 0, 0, "x"},
    };
    struct arena *arena = arena_create(MEMORY);
    struct fault  fault = {0};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct address address = {0};
        assert_int_equal(
            address_parse(arena, str_of(cases[i].path), str_of(cases[i].query), &address, &fault),
            ERR_OK);
        EXPECT(address.fault == cases[i].fault, cases[i].path);
        EXPECT(str_equal(address.wrong, str_of(cases[i].where)) || address.fault == ADDRESS_OK,
               cases[i].query);
        EXPECT(address.fault != ADDRESS_OK || address.segment_count == cases[i].segments,
               cases[i].path);
        EXPECT(address.fault != ADDRESS_OK || address.parameter_count == cases[i].parameters,
               cases[i].query);
    }
    arena_destroy(arena);
}

static void
values_are_decoded_once(void **state)
{
    struct arena  *arena = arena_create(MEMORY);
    struct address address = {0};
    struct fault   fault = {0};

    (void)state;
    assert_int_equal(
        address_parse(arena, STR("/a%252F"), STR("x=%2541+b&empty=&flag"), &address, &fault),
        ERR_OK);
    assert_int_equal(address.fault, ADDRESS_OK);
    assert_true(str_equal(address.segments[0], STR("a%2F")));
    assert_true(str_equal(address_parameter(&address, "x"), STR("%41+b")));
    assert_int_equal(address_parameter(&address, "empty").size, 0);
    assert_int_equal(address_parameter(&address, "flag").size, 0);
    assert_int_equal(address_parameter(&address, "none").size, 0);
    arena_destroy(arena);
}

/* path_size bytes of path, count parameters. */
static enum address_fault
fault_of_size(size_t path_size, size_t count)
{
    struct arena  *arena = arena_create(MEMORY);
    struct buf     path = buf_create(arena, path_size);
    struct buf     query = buf_create(arena, MEMORY / 4);
    struct address address = {0};
    struct fault   fault = {0};

    for (size_t i = 0; i < path_size; i++) {
        buf_byte(&path, i == 0 ? '/' : 'a');
    }
    for (size_t i = 0; i < count; i++) {
        buf_format(&query, "&p%zu=1", i);
    }
    assert_int_equal(address_parse(arena, buf_str(&path), buf_str(&query), &address, &fault),
                     ERR_OK);
    arena_destroy(arena);
    return address.fault;
}

static void
limits_hold_at_their_edges(void **state)
{
    (void)state;
    assert_int_equal(fault_of_size(ADDRESS_SIZE_MAX - 1, 0), ADDRESS_OK);
    assert_int_equal(fault_of_size(ADDRESS_SIZE_MAX, 0), ADDRESS_OK);
    assert_int_equal(fault_of_size(ADDRESS_SIZE_MAX + 1, 0), ADDRESS_NOWHERE);
    assert_int_equal(fault_of_size(2, ADDRESS_PARAMETERS_MAX - 1), ADDRESS_OK);
    assert_int_equal(fault_of_size(2, ADDRESS_PARAMETERS_MAX), ADDRESS_OK);
    assert_int_equal(fault_of_size(2, ADDRESS_PARAMETERS_MAX + 1), ADDRESS_QUERY);
    assert_int_equal(fault_of_size(2, ADDRESS_SIZE_MAX), ADDRESS_NOWHERE);
}

static void
address_parse_survives_every_memory_ceiling(void **state)
{
    (void)state;
    for (size_t ceiling = 0; ceiling < 4096; ceiling += 16) {
        struct arena  *arena = arena_create(ceiling);
        struct address address = {0};
        struct fault   fault = {0};
        enum err got = address_parse(arena, STR("/api/v1/submissions"), STR("limit=5&cursor=abc"),
                                     &address, &fault);
        assert_true(got == ERR_MEMORY || (got == ERR_OK && address.fault == ADDRESS_OK));
        arena_destroy(arena);
    }
}

static void
a_cursor_is_ours_or_nothing(void **state)
{
    static const int64_t places[] = {0, 1, 255, 1000000, INT64_MAX};
    struct arena        *arena = arena_create(MEMORY);

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(places); i++) {
        struct buf text = buf_create(arena, CURSOR_SIZE);
        int64_t    at = -1;
        cursor_write(&text, STR("one"), places[i]);
        assert_true(buf_ok(&text));
        assert_true(cursor_parse(buf_str(&text), STR("one"), &at));
        assert_true(at == places[i]);
        assert_false(cursor_parse(buf_str(&text), STR("other"), &at));
        assert_false(cursor_parse(str_slice(buf_str(&text), 0, CURSOR_SIZE - 1), STR("one"), &at));
        for (size_t k = 0; k < CURSOR_SIZE; k++) {
            char kept = text.data[k];
            text.data[k] = kept == '0' ? '1' : '0';
            assert_false(cursor_parse(buf_str(&text), STR("one"), &at));
            text.data[k] = 'F';
            assert_false(cursor_parse(buf_str(&text), STR("one"), &at));
            text.data[k] = kept;
        }
    }
    assert_false(cursor_parse((struct str){0}, STR("one"), &(int64_t){0}));
    arena_destroy(arena);
}

static void
the_best_format_is_chosen(void **state)
{
    static const enum format xml_html[] = {FORMAT_XML, FORMAT_HTML, FORMAT_NONE};
    static const enum format json_csv[] = {FORMAT_JSON, FORMAT_CSV, FORMAT_NONE};
    static const struct {
        const enum format *offered;
        const char        *parameter;
        const char        *accept;
        enum format_fault  fault;
        enum format        format;
    } cases[] = {
        {xml_html, "",     "",                                          FORMAT_OK,          FORMAT_XML },
        {xml_html, "",     "*/*",                                       FORMAT_OK,          FORMAT_XML },
        {xml_html, "",     "text/html",                                 FORMAT_OK,          FORMAT_HTML},
        {xml_html, "",     "TEXT/HTML ; level=1",                       FORMAT_OK,          FORMAT_HTML},
        {xml_html, "",     "text/*",                                    FORMAT_OK,          FORMAT_HTML},
        {xml_html, "",     "text/xml",                                  FORMAT_OK,          FORMAT_XML },
        {xml_html, "",     "text/html,application/xml;q=0.9,*/*;q=0.8", FORMAT_OK,          FORMAT_HTML},
        {xml_html, "",     "text/html;q=0.2, application/xml;q=0.3",    FORMAT_OK,          FORMAT_XML },
        {xml_html, "",     "*/*;q=0.1, application/xml;q=0",            FORMAT_OK,          FORMAT_HTML},
        {xml_html, "html", "application/xml",                           FORMAT_OK,          FORMAT_HTML},
        {xml_html, "json", "",                                          FORMAT_NOT_OFFERED, FORMAT_NONE},
        {xml_html, "pdf",  "",                                          FORMAT_UNKNOWN,     FORMAT_NONE},
        {xml_html, "HTML", "",                                          FORMAT_UNKNOWN,     FORMAT_NONE},
        {xml_html, "",     "image/png",                                 FORMAT_NOT_OFFERED, FORMAT_NONE},
        {xml_html, "",     "*/*;q=0",                                   FORMAT_NOT_OFFERED, FORMAT_NONE},
        {json_csv, "",     "text/csv",                                  FORMAT_OK,          FORMAT_CSV },
        {json_csv, "",     "application/problem+json",                  FORMAT_NOT_OFFERED, FORMAT_NONE},
        {json_csv, "",     ",,;;,=",                                    FORMAT_NOT_OFFERED, FORMAT_NONE},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        enum format       format = FORMAT_NONE;
        enum format_fault fault = format_choose(str_of(cases[i].parameter), str_of(cases[i].accept),
                                                cases[i].offered, &format);
        EXPECT(fault == cases[i].fault, cases[i].accept);
        EXPECT(fault != FORMAT_OK || format == cases[i].format, cases[i].accept);
    }
}

static void
a_page_escapes_everything(void **state)
{
    struct arena *arena = arena_create(MEMORY);
    struct buf    page = buf_create(arena, MEMORY / 2);

    (void)state;
    page_begin(&page, STR("<script>\"&'"));
    page_facts_begin(&page);
    page_fact(&page, "x", STR("</dd><img src=x onerror='1'>"));
    page_facts_end(&page);
    page_end(&page);
    assert_true(buf_ok(&page));
    assert_null(memmem(page.data, page.size, "<script", 7));
    assert_null(memmem(page.data, page.size, "<img", 4));
    assert_non_null(memmem(page.data, page.size, "&lt;script&gt;&quot;&amp;&#39;", 30));
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_read_strictly),
        cmocka_unit_test(values_are_decoded_once),
        cmocka_unit_test(limits_hold_at_their_edges),
        cmocka_unit_test(address_parse_survives_every_memory_ceiling),
        cmocka_unit_test(a_cursor_is_ours_or_nothing),
        cmocka_unit_test(the_best_format_is_chosen),
        cmocka_unit_test(a_page_escapes_everything),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
