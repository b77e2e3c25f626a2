#include "tests/scenario/gateway/office.h"
#include "tests/support/expect.h"

#include <string.h>

/*
 * Queries of accepted reports and what is answered to them, through nginx and TLS. One school has a
 * report of the first quarter and one of the second, each with the same query: the day of the
 * report stands before the end of its period.
 */
static struct cluster *cluster;
static struct office   office;
static struct arena   *kept;
static const char     *first_id;  /* of the first quarter */
static const char     *second_id; /* of the second */
static const char     *first_query;
static const char     *second_query; /* numbers of the findings */

#define VALUE(answer, path) office_value(arena, &(answer), path)
#define EXPECT_VALUE(answer, path, wanted) assert_string_equal(VALUE(answer, path), wanted)
#define JSON "Content-Type: application/json"
#define CSV "Content-Type: text/csv; charset=utf-8"
#define HEAD "plik;kod;nr uwagi;wpis;kod wyjaśnienia;wyjaśnienie\r\n"

static const char *
file_quarter(int quarter, int version, const char *key)
{
    const struct maker_options options = {.seed = 7,
                                          .first_unit = OFFICE_MADE_FROM,
                                          .rows = 3,
                                          .forms = MAKER_RB28S,
                                          .period = quarter,
                                          .version = version,
                                          .date = quarter == 1 ? "2026-03-30" : "2026-06-29"};
    struct fault               fault = {0};
    struct str                 bytes = {0};

    ENSURE(maker_package(kept, &options, station_authority(office.station), &bytes, &fault)
           == ERR_OK);
    struct http_answer filed =
        office_file(&office, kept, &(struct office_filing){.key = key, .body = bytes});
    ENSURE(filed.status == 201);
    ENSURE(strcmp(office_value(kept, &filed, "verdict"), "accepted") == 0);
    return office_value(kept, &filed, "id");
}

static const char *
number_of_query(const char *id)
{
    return office_ask(&office, kept,
                      str_format(kept,
                                 "SELECT ordinal FROM intake.finding WHERE submission = '%s'"
                                 " AND severity = 'query'",
                                 id)
                          .data)
        .data;
}

/* The school owes its report of the second quarter. */
static void
make_duty(void)
{
    struct str sql = str_format(
        kept,
        "INSERT INTO obligation.matter (form, form_title, level, year, period_type, period_number,"
        " period, period_end, opens_at) VALUES ('RB28S', 'Rb-28S', 'jednostkowe', 2026, 'Kwartal',"
        " 2, '2026-Q2', '2026-06-30', '2026-07-01');"
        "INSERT INTO obligation.term (calendar, matter, kind, jst_types, recipient,"
        " recipient_title, rule, nominal_on, due_on, due_before, empty_allowed, nothing_allowed,"
        " model, basis) SELECT '1', matter, 'jednostka-budzetowa', 0, 'zarzad-jst', '', '',"
        " '2026-07-10', '2026-07-10', '2030-01-01', true, false, false, 'b' FROM obligation.matter;"
        "INSERT INTO obligation.duty (unit, matter, term, way, jst, powiat, due_before)"
        " SELECT u.unit, t.matter, t.term, 1, 1, '9901', '2030-01-01' FROM obligation.term t,"
        " registry.unit u WHERE u.regon = '%.*s'",
        STR_ARG(maker_regon(kept, OFFICE_MADE_FROM)));

    cluster_run(cluster, "explanations", sql.data);
}

static const char *
duty_queries(struct arena *arena)
{
    return office_ask(&office, arena, "SELECT sum(open_queries) FROM obligation.duty").data;
}

static int
start(void **state)
{
    const struct station_options options = {.settings = "answer_wait_ms = 30000\n"};

    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    office_open(&office, cluster, "explanations", &options, true);
    kept = arena_create(OFFICE_ROOM);
    make_duty();
    first_id = file_quarter(1, 0, "pierwszy");
    second_id = file_quarter(2, 0, "drugi");
    first_query = number_of_query(first_id);
    second_query = number_of_query(second_id);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    office_close(&office);
    cluster_stop(cluster);
    arena_destroy(kept);
    return 0;
}

static struct http_answer
get(struct arena *arena, const char *token, const char *path)
{
    return office_get(&office, arena, token, path, NULL);
}

static const char *
path_of(struct arena *arena, const char *id, const char *report, const char *finding)
{
    return str_format(arena, "/api/v1/submissions/%s/reports/%s/findings/%s/explanation", id,
                      report, finding)
        .data;
}

/* What is sent to change something; NULL leaves a header out. */
struct change {
    const char *path;
    const char *token;
    const char *type;
    const char *if_match;
    struct str  body;
};

static struct http_answer
put(struct arena *arena, const struct change *change)
{
    struct http_request request = {.method = "PUT", .path = change->path, .body = change->body};
    const char *const   headers[] = {change->token, change->type, change->if_match};
    size_t              count = 0;

    for (size_t i = 0; i < ARRAY_COUNT(headers); i++) {
        if (headers[i] != NULL) {
            request.headers[count++] = headers[i];
        }
    }
    return http_ask(arena, office.target, &request);
}

/* The state of a query as GET tells it, for If-Match. */
static const char *
tag_of(struct arena *arena, const char *id, const char *finding)
{
    struct http_answer told = get(arena, office.gmina_token, path_of(arena, id, "1", finding));

    assert_int_equal(told.status, 200);
    return str_format(arena, "If-Match: \"%s\"", VALUE(told, "query.tag")).data;
}

static struct http_answer
explain(struct arena *arena, const char *id, const char *finding, const char *body)
{
    return put(arena, &(struct change){path_of(arena, id, "1", finding), office.gmina_token, JSON,
                                       tag_of(arena, id, finding), str_of(body)});
}

static const char *
words(struct arena *arena, size_t characters)
{
    struct buf out = buf_create(arena, 2 * characters + 1);

    for (size_t i = 0; i < characters; i++) {
        buf_append(&out, STR("ż"));
    }
    buf_byte(&out, '\0');
    ENSURE(buf_ok(&out));
    return buf_str(&out).data;
}

static void
a_query_is_open_until_its_day(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    const char        *path = str_format(arena, "/api/v1/submissions/%s", second_id).data;
    struct http_answer submission = get(arena, office.gmina_token, path);
    struct http_answer told =
        get(arena, office.gmina_token, path_of(arena, second_id, "1", second_query));
    struct http_answer listed = get(arena, office.gmina_token, "/api/v1/questions?state=open");
    struct http_answer late = get(arena, office.gmina_token, "/api/v1/questions?state=late");

    (void)state;
    EXPECT_VALUE(submission, "findings.open_queries", "1");
    EXPECT_VALUE(submission, "reports.0.findings.open_queries", "1");
    EXPECT_VALUE(told, "query.state", "open");
    EXPECT_VALUE(told, "query.days", "7");
    EXPECT_VALUE(told, "query.until", "2026-07-21");
    EXPECT_VALUE(told, "query.late", "false");
    EXPECT_VALUE(told, "query.tag", "128");
    EXPECT_VALUE(told, "explanation", "");
    EXPECT_VALUE(told, "previous", "");
    EXPECT_VALUE(listed, "items.0.submission", second_id);
    EXPECT_VALUE(listed, "items.1.submission", first_id);
    EXPECT_VALUE(listed, "items.0.open_queries", "1");
    EXPECT_VALUE(late, "items", "[]");
    arena_destroy(arena);
}

static void
nobody_sees_or_answers_queries_of_others(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    const char        *path = path_of(arena, second_id, "1", second_query);
    struct http_answer seen = get(arena, office.foreign_token, path);
    struct http_answer listed = get(arena, office.foreign_token, "/api/v1/questions");
    struct http_answer nobody = get(arena, NULL, "/api/v1/questions");
    struct http_answer given =
        put(arena, &(struct change){path, office.foreign_token, JSON, "If-Match: \"128\"",
                                    STR("{\"code\":\"zmiana-organizacyjna\"}")});
    struct http_answer list = put(
        arena,
        &(struct change){str_format(arena, "/api/v1/submissions/%s/explanations", second_id).data,
                         office.foreign_token, CSV, NULL,
                         str_format(arena, HEAD "%s;RB28S-015;%s;128;stale-zjawisko;\r\n",
                                    second_id, second_query)});

    (void)state;
    assert_int_equal(seen.status, 404);
    EXPECT_VALUE(listed, "items", "[]");
    assert_int_equal(nobody.status, 401);
    assert_int_equal(given.status, 404);
    assert_int_equal(list.status, 422);
    EXPECT_VALUE(list, "faults.0.line", "2");
    assert_string_equal(office_ask(&office, arena, "SELECT count(*) FROM intake.explanation").data,
                        "0");
    arena_destroy(arena);
}

static void
every_refusal_is_exact_and_keeps_nothing(void **state)
{
    struct arena *arena = arena_create(OFFICE_ROOM);
    const char   *good = path_of(arena, second_id, "1", second_query);
    const char   *match = "If-Match: \"128\"";
    struct str    body = STR("{\"code\":\"zgodne-z-ksiegami\"}");
    const struct {
        struct change change;
        int           status;
        const char   *slug;
    } cases[] = {
        {{good, NULL, JSON, match, body},                                                           401, "brak-uwierzytelnienia"},
        {{good, office.gmina_token, NULL, match, body},                                             415, "to-nie-json"          },
        {{good, office.gmina_token, CSV, match, body},                                              415, "to-nie-json"          },
        {{good, office.gmina_token, JSON, NULL, body},                                              428, "brak-if-match"        },
        {{good, office.gmina_token, JSON, "If-Match: \"127\"", body},                               412, "ktos-zmienil"         },
        {{good, office.gmina_token, JSON, "If-Match: \"129\"", body},                               412, "ktos-zmienil"         },
        {{good, office.gmina_token, JSON, "If-Match: 128", body},                                   412, "ktos-zmienil"         },
        {{good, office.gmina_token, JSON, "If-Match: *", body},                                     412, "ktos-zmienil"         },
        {{good, office.gmina_token, JSON, match, STR("")},                                          400, "zla-tresc"            },
        {{good, office.gmina_token, JSON, match, STR("[]")},                                        400, "zla-tresc"            },
        {{good, office.gmina_token, JSON, match, STR("{\"code\":\"a\",\"code\":\"b\"}")},
         400,                                                                                            "zla-tresc"            },
        {{good, office.gmina_token, JSON, match, STR("{\"code\":1}")},                              400, "zla-tresc"            },
        {{good, office.gmina_token, JSON, match, STR("{\"code\":\"nie-ma\"}")},                     422, "zle-dane"             },
        {{good, office.gmina_token, JSON, match, STR("{\"code\":\"inna\",\"text\":\"  \"}")},
         422,                                                                                            "zle-dane"             },
        {{good, office.gmina_token, JSON, match, STR("{\"code\":\"inna\",\"text\":\"a\\u0007\"}")},
         422,                                                                                            "zle-dane"             },
        {{good, office.gmina_token, JSON, match,
          str_format(arena, "{\"code\":\"inna\",\"text\":\"%s\"}", words(arena, 1001))},
         422,                                                                                            "zle-dane"             },
        {{path_of(arena, second_id, "1", "3"), office.gmina_token, JSON, match, body},
         409,                                                                                            "stan-nie-pozwala"     },
        {{path_of(arena, second_id, "2", second_query), office.gmina_token, JSON, match, body},
         404,                                                                                            "nie-znaleziono"       },
        {{path_of(arena, second_id, "1", "0"), office.gmina_token, JSON, match, body},
         404,                                                                                            "nie-znaleziono"       },
        {{path_of(arena, second_id, "1", "1000001"), office.gmina_token, JSON, match, body},
         404,                                                                                            "nie-znaleziono"       },
        {{path_of(arena, second_id, "1", "99"), office.gmina_token, JSON, match, body},
         404,                                                                                            "nie-znaleziono"       },
        {{path_of(arena, "01980000-0000-7000-8000-0000000000ff", "1", "1"), office.gmina_token,
          JSON, match, body},
         404,                                                                                            "nie-znaleziono"       },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct http_answer answer = put(arena, &cases[i].change);
        struct str         type = str_format(arena, "/problemy/%s\"", cases[i].slug);
        if (answer.status != cases[i].status || !office_has(&answer, type.data)) {
            print_message("case %zu: %d %.*s\n", i, answer.status, STR_ARG(answer.body));
        }
        EXPECT(answer.status == cases[i].status && office_has(&answer, type.data), cases[i].slug);
    }
    assert_string_equal(office_ask(&office, arena, "SELECT count(*) FROM intake.explanation").data,
                        "0");
    arena_destroy(arena);
}

static void
an_answer_is_given_replaced_and_never_lost(void **state)
{
    struct arena *arena = arena_create(OFFICE_ROOM);
    const char   *path = path_of(arena, first_id, "1", first_query);
    const char   *old = tag_of(arena, first_id, first_query);
    struct str most = str_format(arena, "{\"code\":\"inna\",\"text\":\"%s\"}", words(arena, 1000));

    (void)state;
    struct http_answer given = explain(arena, first_id, first_query,
                                       "{\"code\":\"stale-zjawisko\",\"text\":\" tak jest \"}");
    assert_int_equal(given.status, 200);
    EXPECT_VALUE(given, "revision", "1");
    EXPECT_VALUE(given, "text", "tak jest");
    struct http_answer same =
        put(arena, &(struct change){path, office.gmina_token, JSON, old,
                                    STR("{\"code\":\"stale-zjawisko\",\"text\":\"tak jest\"}")});
    assert_int_equal(same.status, 200); /* word for word: nothing is written */
    EXPECT_VALUE(same, "revision", "1");
    struct http_answer lost =
        put(arena, &(struct change){path, office.gmina_token, JSON, old, most});
    assert_int_equal(lost.status, 412);
    struct http_answer second = explain(arena, first_id, first_query, most.data);
    assert_int_equal(second.status, 200);
    EXPECT_VALUE(second, "revision", "2");
    struct http_answer told = get(arena, office.gmina_token, path);
    EXPECT_VALUE(told, "query.state", "explained");
    EXPECT_VALUE(told, "explanation.code", "inna");
    EXPECT_VALUE(told, "explanation.given_by.regon", "990000016");
    EXPECT_VALUE(told, "history.0.text", "tak jest");
    struct http_answer submission =
        get(arena, office.gmina_token, str_format(arena, "/api/v1/submissions/%s", first_id).data);
    EXPECT_VALUE(submission, "findings.open_queries", "0");
    EXPECT_VALUE(submission, "verdict", "accepted");
    assert_string_equal(
        office_ask(&office, arena,
                   "SELECT count(*) || ' ' || bool_and(NOT (detail ? 'text')) FROM people.audit"
                   " WHERE object_kind = 'intake.explanation'")
            .data,
        "2 true");
    arena_destroy(arena);
}

static void
the_same_query_of_the_next_period_offers_the_answer(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    struct http_answer told =
        get(arena, office.gmina_token, path_of(arena, second_id, "1", second_query));
    struct http_answer codes = get(arena, NULL, "/api/v1/explanation-codes");

    (void)state;
    EXPECT_VALUE(told, "previous.period", "2026-Q1");
    EXPECT_VALUE(told, "previous.code", "inna");
    EXPECT_VALUE(told, "previous.title", "Inne wyjaśnienie, opisane słowami");
    EXPECT_VALUE(told, "query.state", "open");
    EXPECT_VALUE(codes, "items.9.code", "zwrot-albo-korekta");
    arena_destroy(arena);
}

static struct http_answer
upload(struct arena *arena, const char *query, struct str body)
{
    const char *path =
        str_format(arena, "/api/v1/submissions/%s/explanations%s", second_id, query).data;

    return put(arena, &(struct change){path, office.gmina_token, CSV, NULL, body});
}

/* Rows of the table below: what stands in line 2, and what is said of it. */
static void
a_row_that_cannot_be_kept_is_named_by_its_line(void **state)
{
    struct arena *arena = arena_create(OFFICE_ROOM);
    const char   *id = second_id;
    const char   *query = second_query;
    const struct {
        struct str  row;
        const char *detail;
    } cases[] = {
        {str_format(arena, "%s;RB28S-015;%s;128;nie-ma;",           id,            query),                                     "explanation-codes"                              },
        {str_format(arena, "%s;RB28S-015;%s;128;;sam opis",         id,            query),                                     "explanation-codes"                              },
        {str_format(arena, "%s;RB28S-015;%s;128;inna;",             id,            query),                                     "słowami"                                       },
        {str_format(arena, "%s;RB28S-015;%s;128;inna;%s",           id,            query,                                      words(arena,                                       1001)),
         "1000 znaków"},
        {str_format(arena,   "%s;RB28S-015;%s;127;stale-zjawisko;",                                          id,                                        query),                                           "Pobierz uwagi"                                                },
        {str_format(arena, "%s;RB28S-001;%s;128;stale-zjawisko;",                                        id,                                      query), "innym kodzie"},
        {str_format(arena,  "%s;RB28S-015;%s;;stale-zjawisko;",                                         id,                                       query),                                              "nr uwagi"                                                                                            },
        {str_format(arena,      "%s;RB28S-015;x;128;stale-zjawisko;",                                             id),                                           "nr uwagi"},
        {str_format(arena,                "%s;RB28S-015;77;128;stale-zjawisko;",                                        id), "Nie ma takiej uwagi"  },
        {str_format(arena, "%s;RB28S-015;%s;128;stale-zjawisko;",   first_id,      query),
         "innego złożenia"},
        {str_format(arena, "%s;RB28S-015;%s;128;stale-zjawisko",    id,            query),                                     "6 pól"                              },
        {str_format(arena, "%s;RB28S-015;%s;128;\"stale-zjawisko;", id,            query),                                     "cudzysłów"                                                                                                                                                    },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str         body = str_format(arena, HEAD "%.*s\r\n", STR_ARG(cases[i].row));
        struct http_answer answer = upload(arena, "", body);
        if (answer.status != 422 || !office_has(&answer, cases[i].detail)) {
            print_message("case %zu: %d %.*s\n", i, answer.status, STR_ARG(answer.body));
        }
        EXPECT(answer.status == 422, cases[i].detail);
        EXPECT(office_has(&answer, cases[i].detail), cases[i].detail);
        EXPECT(strcmp(VALUE(answer, "faults.0.line"), "2") == 0, cases[i].detail);
    }
    struct http_answer column = upload(arena, "", STR("plik;kod\r\na;b\r\n"));
    assert_int_equal(column.status, 400);
    assert_true(office_has(&column, "brakuje kolumny"));
    struct http_answer coded = upload(arena, "", STR("plik;kod\r\n\xB9;b\r\n"));
    assert_int_equal(coded.status, 400);
    assert_true(office_has(&coded, "UTF-8"));
    struct http_answer wrong = upload(arena, "?partial=tak", STR(HEAD));
    assert_int_equal(wrong.status, 400);
    assert_string_equal(office_ask(&office, arena,
                                   str_format(arena,
                                              "SELECT count(*) FROM intake.explanation WHERE"
                                              " submission = '%s'",
                                              second_id)
                                       .data)
                            .data,
                        "0");
    arena_destroy(arena);
}

static void
a_list_is_kept_whole_or_not_unless_partly_wanted(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    struct str         mixed = str_format(arena,
                                          HEAD "%s;RB28S-015;1;128;\"inna;nikt nie zamknął\r\n"
                                                       "%s;RB28S-015;%s;128;inna;'=1+1 i \"cudzysłów\"\r\n"
                                                       "%s;;;;;\r\n"
                                                       "%s;RB28S-015;88;128;stale-zjawisko;\r\n"
                                                       "%s;RB28S-015;%s;128;stale-zjawisko;\r\n",
                                          second_id, second_id, second_query, second_id, second_id,
                                          second_id, second_query);
    struct http_answer refused = upload(arena, "", mixed);

    (void)state;
    assert_string_equal(duty_queries(arena), "1");
    assert_int_equal(refused.status, 422);
    EXPECT_VALUE(refused, "faults.0.line", "2");
    EXPECT_VALUE(refused, "faults.1.line", "5");
    EXPECT_VALUE(refused, "faults.2.line", "6");
    EXPECT_VALUE(refused, "faults.3", "");
    struct http_answer partly = upload(arena, "?partial=true", mixed);
    assert_int_equal(partly.status, 200);
    EXPECT_VALUE(partly, "kept", "1");
    EXPECT_VALUE(partly, "left", "1");
    EXPECT_VALUE(partly, "faults.0.line", "2");
    assert_string_equal(duty_queries(arena), "0"); /* what is owed counts open ones alone */
    struct http_answer told =
        get(arena, office.gmina_token, path_of(arena, second_id, "1", second_query));
    EXPECT_VALUE(told, "explanation.text", "=1+1 i \"cudzysłów\"");
    arena_destroy(arena);
}

/* What the gateway exports comes back as it is: nothing changes, and nothing computes. */
static void
the_exported_list_comes_back_unchanged(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    struct http_answer list =
        get(arena, office.gmina_token,
            str_format(arena, "/api/v1/submissions/%s/findings?format=csv", second_id).data);

    (void)state;
    assert_int_equal(list.status, 200);
    assert_true(
        office_has(&list, "nr uwagi;stan zapytania;wyjaśnij do;wpis;kod wyjaśnienia;wyjaśnienie"));
    assert_true(office_has(&list, "wyjaśnione;2026-07-21;129;inna;\"'=1+1 i \"\"cudzysłów\"\"\""));
    struct http_answer back = upload(arena, "", list.body);
    assert_int_equal(back.status, 200);
    EXPECT_VALUE(back, "kept", "0");
    EXPECT_VALUE(back, "same", "1");
    arena_destroy(arena);
}

static void
the_program_shows_and_answers(void **state)
{
    struct arena *arena = arena_create(OFFICE_ROOM);
    const char   *list = office_keep(
          &office, arena, "uwagi.csv",
          str_format(arena, HEAD "%s;RB28S-015;%s;129;inna;z arkusza\r\n", second_id, second_query));
    const char *wrong = office_keep(
        &office, arena, "zle.csv",
        str_format(arena, HEAD "%s;RB28S-015;%s;130;nie-ma;\r\n", second_id, second_query));
    const struct {
        const char *arguments[8];
        int         exit;
        const char *text;
    } cases[] = {
        {{"answer", NULL},                                                                   0, "korekta-bedzie"                        },
        {{"answer", second_id, NULL},                                                        0, "wyjaśnione, do 2026-07-21: inna, =1+1"},
        {{"answer", second_id, "--csv", NULL},                                               0, "kod wyjaśnienia;wyjaśnienie"         },
        {{"answer", second_id, "--file", list, NULL},                                        0, "Zapisano wyjaśnień: 1"               },
        {{"answer", second_id, "--file", list, NULL},                                        0, "bez zmian: 1"                          },
        {{"answer", second_id, "--file", wrong, NULL},                                       6, ""                                      },
        {{"answer", second_id, "--file", wrong, "--partial", NULL},                          1, "wiersz 2: Kolumna"                     },
        {{"answer", second_id, "--finding", second_query, "--code", "stale-zjawisko", NULL},
         0,                                                                                     "zapis 3"                               },
        {{"answer", second_id, "--finding", second_query, "--code", "nie-ma", NULL},         6, ""                                      },
        {{"answer", second_id, "--finding", "99", "--code", "inna", NULL},                   2, ""                                      },
        {{"answer", second_id, "--code", "inna", NULL},                                      2, ""                                      },
        {{"answer", second_id, "--partial", NULL},                                           2, ""                                      },
        {{"answer", "--csv", NULL},                                                          2, ""                                      },
        {{"answer", second_id, "--file", "/nie/ma", NULL},                                   3, ""                                      },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct str told = {0};
        int  code = office_program(&office, arena, office.gmina_token, cases[i].arguments, &told);
        bool says = cases[i].text[0] == '\0'
                    || (told.size > 0
                        && memmem(told.data, told.size, cases[i].text, strlen(cases[i].text)));
        if (code != cases[i].exit || !says) {
            print_message("case %zu: %d %.*s\n", i, code, STR_ARG(told));
        }
        EXPECT(code == cases[i].exit && says, cases[i].text);
    }
    arena_destroy(arena);
}

static void
what_is_open_after_its_day_is_listed_as_late(void **state)
{
    struct arena *arena = arena_create(OFFICE_ROOM);
    const char   *third = file_quarter(2, 1, "korekta");

    (void)state;
    const char *path = path_of(arena, third, "1", number_of_query(third));
    office_set_clock(&office, "2026-07-21T23:00:00+02:00");
    struct http_answer open = get(arena, office.gmina_token, path);
    struct http_answer still = get(arena, office.gmina_token, "/api/v1/questions?state=late");
    EXPECT_VALUE(still, "items", "[]");
    office_set_clock(&office, "2026-07-22T00:30:00+02:00");
    struct http_answer late = get(arena, office.gmina_token, "/api/v1/questions?state=late");
    struct http_answer over = get(arena, office.gmina_token, path);
    assert_true(http_header(&open, "ETag").size > 0);
    assert_false(str_equal(http_header(&open, "ETag"), http_header(&over, "ETag")));
    EXPECT_VALUE(late, "items.0.submission", third);
    EXPECT_VALUE(late, "items.0.late", "true");
    EXPECT_VALUE(late, "items.1", "");
    assert_string_equal(duty_queries(arena), "1");
    struct http_answer given = put(
        arena, &(struct change){
                   path, office.gmina_token, JSON,
                   str_format(arena, "If-Match: %.*s", STR_ARG(http_header(&over, "ETag"))).data,
                   STR("{\"code\":\"korekta-bedzie\"}")});
    assert_int_equal(given.status, 200);
    assert_string_equal(duty_queries(arena), "0");
    late = get(arena, office.gmina_token, "/api/v1/questions?state=late");
    EXPECT_VALUE(late, "items", "[]");
    struct http_answer table =
        get(arena, office.gmina_token, "/api/v1/questions?format=csv&state=explained");
    assert_true(office_has(&table, "złożenie;nr sprawozdania;formularz"));
    assert_true(office_has(&table, third));
    arena_destroy(arena);
}

/* One finding told twice, as a decision may have it: one answer for both. */
static void
findings_that_are_alike_have_one_answer(void **state)
{
    struct arena *arena = arena_create(OFFICE_ROOM);
    struct str    differing = STR("");

    (void)state;
    const char *tag = office_ask(&office, arena,
                                 str_format(arena,
                                            "SELECT 128 * s.decided_n + coalesce(max(e.revision),"
                                            " 0) FROM intake.submission s LEFT JOIN"
                                            " intake.explanation e ON e.submission = s.submission"
                                            " AND e.finding = %s WHERE s.submission = '%s'"
                                            " GROUP BY s.decided_n",
                                            second_query, second_id)
                                     .data)
                          .data;
    (void)office_ask(&office, arena,
                     str_format(arena,
                                "INSERT INTO intake.finding SELECT (jsonb_populate_record(f,"
                                " jsonb_build_object('ordinal', 900))).* FROM intake.finding f"
                                " WHERE f.submission = '%s' AND f.ordinal = %s RETURNING 1",
                                second_id, second_query)
                         .data);
    differing = str_format(arena,
                           HEAD "%s;RB28S-015;%s;%s;inna;pierwsze\r\n"
                                "%s;RB28S-015;900;%s;inna;drugie\r\n",
                           second_id, second_query, tag, second_id, tag);
    struct http_answer twice = upload(arena, "?partial=true", differing);
    assert_int_equal(twice.status, 200);
    EXPECT_VALUE(twice, "kept", "1");
    EXPECT_VALUE(twice, "faults.0.line", "3");
    EXPECT_VALUE(twice, "faults.1", "");
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_query_is_open_until_its_day),
        cmocka_unit_test(nobody_sees_or_answers_queries_of_others),
        cmocka_unit_test(every_refusal_is_exact_and_keeps_nothing),
        cmocka_unit_test(an_answer_is_given_replaced_and_never_lost),
        cmocka_unit_test(the_same_query_of_the_next_period_offers_the_answer),
        cmocka_unit_test(a_row_that_cannot_be_kept_is_named_by_its_line),
        cmocka_unit_test(a_list_is_kept_whole_or_not_unless_partly_wanted),
        cmocka_unit_test(the_exported_list_comes_back_unchanged),
        cmocka_unit_test(the_program_shows_and_answers),
        cmocka_unit_test(what_is_open_after_its_day_is_listed_as_late),
        cmocka_unit_test(findings_that_are_alike_have_one_answer),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
