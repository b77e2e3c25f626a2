#include "tests/scenario/gateway/office.h"
#include "tests/support/command.h"
#include "tests/support/expect.h"

#include <string.h>
#include <sys/stat.h>

/*
 * Corrections and withdrawals through nginx and TLS, and by `brama`: what they change, why, and
 * what is refused. One correction is filed for all tests, by the gmina, of the first school.
 */
static struct cluster *cluster;
static struct office   office;
static struct arena   *kept;
static const char     *first_id;
static const char     *second_id;
static const char     *first_receipt;
static const char     *second_receipt;
static const char     *token_file;

#define VALUE(answer, path) office_value(arena, &(answer), path)
#define EXPECT_VALUE(answer, path, wanted) assert_string_equal(VALUE(answer, path), wanted)

static void
write_token(void)
{
    struct str path = str_format(kept, "%s/token-of-gmina", station_folder(office.station));
    FILE      *file = fopen(path.data, "we");

    const char *token = strstr(office.gmina_token, "brk_");

    ENSURE(file != NULL && token != NULL && fprintf(file, "%s\n", token) > 0 && fclose(file) == 0);
    ENSURE(chmod(path.data, S_IRUSR | S_IWUSR) == 0);
    token_file = path.data;
}

static int
start(void **state)
{
    const struct station_options options = {.settings = "answer_wait_ms = 30000\n"};

    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    office_open(&office, cluster, "corrections", &options, true);
    kept = arena_create(OFFICE_ROOM);
    write_token();
    struct http_answer first =
        office_file(&office, kept,
                    &(struct office_filing){.key = "wydatki",
                                            .body = office_sample(kept, "wydatki-2026-q2.xml")});
    office_set_clock(&office, "2026-07-25T09:00:00+02:00");
    struct http_answer second = office_file(
        &office, kept,
        &(struct office_filing){.key = "korekta",
                                .body = office_sample(kept, "korekta-wydatki-2026-q2.xml")});
    ENSURE(first.status == 201 && second.status == 201);
    ENSURE(strcmp(office_value(kept, &second, "verdict"), "accepted") == 0);
    first_id = office_value(kept, &first, "id");
    second_id = office_value(kept, &second, "id");
    first_receipt = office_value(kept, &first, "reports.0.receipt");
    second_receipt = office_value(kept, &second, "reports.0.receipt");
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
reason_path(struct arena *arena, const char *id, const char *ordinal)
{
    return str_format(arena, "/api/v1/submissions/%s/reports/%s/reason", id, ordinal).data;
}

/* What is sent to change something; NULL leaves a header out. */
struct change {
    const char *method;
    const char *path;
    const char *token;
    const char *type;     /* "Content-Type: ..." */
    const char *if_match; /* "If-Match: ..." */
    struct str  body;
};

static struct http_answer
send(struct arena *arena, const struct change *change)
{
    struct http_request request = {
        .method = change->method, .path = change->path, .body = change->body};
    size_t count = 0;

    if (change->token != NULL) {
        request.headers[count++] = change->token;
    }
    if (change->type != NULL) {
        request.headers[count++] = change->type;
    }
    if (change->if_match != NULL) {
        request.headers[count++] = change->if_match;
    }
    return http_ask(arena, office.target, &request);
}

#define JSON "Content-Type: application/json"

static void
a_correction_names_what_it_lacks_and_what_it_changes(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    struct http_answer told =
        get(arena, office.gmina_token, str_format(arena, "/api/v1/submissions/%s", second_id).data);
    struct http_answer before =
        get(arena, office.gmina_token, str_format(arena, "/api/v1/submissions/%s", first_id).data);

    (void)state;
    EXPECT_VALUE(told, "reports.0.correction.outside_window", "false");
    EXPECT_VALUE(told, "withdrawn_at", "");
    EXPECT_VALUE(before, "reports.0.correction", "");
    struct http_answer difference = get(
        arena, office.gmina_token,
        str_format(arena, "/api/v1/submissions/%s/diff?against=%s", second_receipt, first_id).data);
    assert_int_equal(difference.status, 200);
    EXPECT_VALUE(difference, "reports.0.rows.changed", "24");
    EXPECT_VALUE(difference, "reports.0.rows.added", "8");
    EXPECT_VALUE(difference, "reports.0.rows.removed", "9");
    EXPECT_VALUE(difference, "reports.0.totals.0.difference", "-2881281.00");
    arena_destroy(arena);
}

static void
the_public_page_names_what_superseded(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    const char        *path = str_format(arena, "/api/v1/receipts/%s", first_receipt).data;
    struct http_answer json = get(arena, NULL, path);
    struct http_answer page = office_get(&office, arena, NULL, path, "text/html");
    struct http_answer current =
        get(arena, NULL, str_format(arena, "/api/v1/receipts/%s", second_receipt).data);

    (void)state;
    EXPECT_VALUE(json, "reports.0.superseded_by.number", second_receipt);
    EXPECT_VALUE(json, "reports.0.superseded_by.version", "1");
    EXPECT_VALUE(current, "reports.0.superseded_by", "");
    assert_true(office_has(&page, "zastąpione: obowiązuje wersja 1, wpłynęło"));
    assert_true(office_has(&page, second_receipt));
    assert_false(office_has(&page, "przyczyn"));
    arena_destroy(arena);
}

/* Refused, and nothing of it is kept. */
static void
every_refusal_of_a_reason_is_exact(void **state)
{
    struct arena *arena = arena_create(OFFICE_ROOM);
    const char   *good = reason_path(arena, second_id, "1");
    struct str    body = STR("{\"code\":\"blad-kwoty\"}");
    struct buf    longest = buf_create(arena, 8192);

    (void)state;
    buf_append(&longest, STR("{\"code\":\"inna\",\"text\":\""));
    for (int i = 0; i < 1001; i++) {
        buf_append(&longest, STR("ą"));
    }
    buf_append(&longest, STR("\"}"));
    const struct {
        const char   *name;
        struct change change;
        int           status;
        const char   *slug;
    } cases[] = {
        {"nobody",
         {"PUT", good, NULL, JSON, "If-Match: \"0\"", body},
         401,                                                                                           "brak-uwierzytelnienia"},
        {"a stranger",
         {"PUT", good, office.foreign_token, JSON, "If-Match: \"0\"", body},
         404,                                                                                           "nie-znaleziono"       },
        {"no such method",
         {"DELETE", good, office.gmina_token, NULL, NULL, {0}},
         405,                                                                                           "zla-metoda"           },
        {"post",
         {"POST", good, office.gmina_token, JSON, "If-Match: \"0\"", body},
         405,                                                                                           "zla-metoda"           },
        {"no content",
         {"PUT", good, office.gmina_token, JSON, "If-Match: \"0\"", {0}},
         400,                                                                                           "zla-tresc"            },
        {"XML",
         {"PUT", good, office.gmina_token, "Content-Type: application/xml", "If-Match: \"0\"",
          body},
         415,                                                                                           "to-nie-json"          },
        {"no JSON",
         {"PUT", good, office.gmina_token, JSON, "If-Match: \"0\"", STR("{")},
         400,                                                                                           "zla-tresc"            },
        {"a list",
         {"PUT", good, office.gmina_token, JSON, "If-Match: \"0\"", STR("[]")},
         400,                                                                                           "zla-tresc"            },
        {"no code",
         {"PUT", good, office.gmina_token, JSON, "If-Match: \"0\"", STR("{}")},
         400,                                                                                           "zla-tresc"            },
        {"a number",
         {"PUT", good, office.gmina_token, JSON, "If-Match: \"0\"", STR("{\"code\":1}")},
         400,                                                                                           "zla-tresc"            },
        {"a code twice",
         {"PUT", good, office.gmina_token, JSON, "If-Match: \"0\"",
          STR("{\"code\":\"inna\",\"code\":\"inna\"}")},
         400,                                                                                           "zla-tresc"            },
        {"no such code",
         {"PUT", good, office.gmina_token, JSON, "If-Match: \"0\"", STR("{\"code\":\"tak\"}")},
         422,                                                                                           "zle-dane"             },
        {"other without words",
         {"PUT", good, office.gmina_token, JSON, "If-Match: \"0\"",
          STR("{\"code\":\"inna\",\"text\":\" \"}")},
         422,                                                                                           "zle-dane"             },
        {"too many words",
         {"PUT", good, office.gmina_token, JSON, "If-Match: \"0\"", buf_str(&longest)},
         422,                                                                                           "zle-dane"             },
        {"a control character",
         {"PUT", good, office.gmina_token, JSON, "If-Match: \"0\"",
          STR("{\"code\":\"inna\",\"text\":\"a\\u0007\"}")},
         422,                                                                                           "zle-dane"             },
        {"no If-Match",         {"PUT", good, office.gmina_token, JSON, NULL, body},               428, "brak-if-match"        },
        {"another state",
         {"PUT", good, office.gmina_token, JSON, "If-Match: \"1\"", body},
         412,                                                                                           "ktos-zmienil"         },
        {"no tag of ours",
         {"PUT", good, office.gmina_token, JSON, "If-Match: W/\"0\"", body},
         412,                                                                                           "ktos-zmienil"         },
        {"any state",
         {"PUT", good, office.gmina_token, JSON, "If-Match: *", body},
         412,                                                                                           "ktos-zmienil"         },
        {"no correction",
         {"PUT", reason_path(arena, first_id, "1"), office.gmina_token, JSON, "If-Match: \"0\"",
          body},
         409,                                                                                           "stan-nie-pozwala"     },
        {"no such report",
         {"PUT", reason_path(arena, second_id, "2"), office.gmina_token, JSON, "If-Match: \"0\"",
          body},
         404,                                                                                           "nie-znaleziono"       },
        {"report 0",
         {"PUT", reason_path(arena, second_id, "0"), office.gmina_token, JSON, "If-Match: \"0\"",
          body},
         404,                                                                                           "nie-znaleziono"       },
        {"no such submission",
         {"PUT", reason_path(arena, "01980000-0000-7000-8000-0000000000ff", "1"),
          office.gmina_token, JSON, "If-Match: \"0\"", body},
         404,                                                                                           "nie-znaleziono"       },
        {"no identifier",
         {"PUT", reason_path(arena, "x", "1"), office.gmina_token, JSON, "If-Match: \"0\"", body},
         404,                                                                                           "nie-znaleziono"       },
    };

    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct http_answer answer = send(arena, &cases[i].change);
        if (answer.status != cases[i].status) {
            fail_msg("%s: %d %.*s", cases[i].name, answer.status, STR_ARG(answer.body));
        }
        EXPECT(office_has(&answer, cases[i].slug), cases[i].name);
    }
    assert_string_equal(
        office_ask(&office, arena, "SELECT count(*) FROM intake.correction_reason").data, "0");
    arena_destroy(arena);
}

static void
a_reason_is_given_replaced_and_never_lost(void **state)
{
    struct arena *arena = arena_create(OFFICE_ROOM);
    const char   *path = reason_path(arena, second_id, "1");
    struct change change = {.method = "PUT",
                            .path = path,
                            .token = office.gmina_token,
                            .type = JSON,
                            .if_match = "If-Match: \"0\"",
                            .body = STR("{\"code\":\"blad-kwoty\"}")};

    (void)state;
    struct http_answer nothing = get(arena, office.gmina_token, path);
    EXPECT_VALUE(nothing, "wanted", "true");
    EXPECT_VALUE(nothing, "reason", "");
    assert_true(str_equal(http_header(&nothing, "ETag"), STR("\"0\"")));
    struct http_answer first = send(arena, &change);
    assert_int_equal(first.status, 200);
    assert_true(str_equal(http_header(&first, "ETag"), STR("\"1\"")));
    /* The same again, as when the answer was lost. */
    struct http_answer again = send(arena, &change);
    assert_int_equal(again.status, 200);
    EXPECT_VALUE(again, "revision", "1");
    /* The school itself knows better, and says so from what it has read. */
    change.token = office.school_token;
    change.body = STR("{\"code\":\"inna\",\"text\":\" faktura z czerwca \"}");
    struct http_answer late = send(arena, &change);
    assert_int_equal(late.status, 412);
    change.if_match = "If-Match: \"1\"";
    struct http_answer second = send(arena, &change);
    assert_int_equal(second.status, 200);
    struct http_answer told = get(arena, office.gmina_token, path);
    assert_true(str_equal(http_header(&told, "ETag"), STR("\"2\"")));
    EXPECT_VALUE(told, "reason.code", "inna");
    EXPECT_VALUE(told, "reason.text", "faktura z czerwca");
    EXPECT_VALUE(told, "reason.given_by.regon", "990001010");
    EXPECT_VALUE(told, "history.0.code", "blad-kwoty");
    EXPECT_VALUE(told, "history.0.given_by.name", "GMINA PRZYKŁADOWO");
    struct http_answer shown = get(arena, office.school_token,
                                   str_format(arena, "/api/v1/submissions/%s", second_id).data);
    EXPECT_VALUE(shown, "reports.0.correction.reason.text", "faktura z czerwca");
    struct http_answer foreign = get(arena, office.foreign_token, path);
    assert_int_equal(foreign.status, 404);
    arena_destroy(arena);
}

/* A package of a unit that nobody has registered: undecided. */
static struct http_answer
file_undecided(struct arena *arena, size_t unit, const char *key)
{
    const struct maker_options options = {
        .seed = unit, .first_unit = unit, .rows = 3, .forms = MAKER_RB27S};
    struct fault fault = {0};
    struct str   bytes = {0};

    assert_int_equal(
        maker_package(arena, &options, station_authority(office.station), &bytes, &fault), ERR_OK);
    struct http_answer filed =
        office_file(&office, arena, &(struct office_filing){.key = key, .body = bytes});
    EXPECT_VALUE(filed, "verdict", "undecided");
    return filed;
}

static const char *
withdrawal_path(struct arena *arena, const char *id)
{
    return str_format(arena, "/api/v1/submissions/%s/withdrawal", id).data;
}

static void
what_is_undecided_is_withdrawn_and_may_be_filed_again(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    struct http_answer filed = file_undecided(arena, 7001, "do-wycofania");
    const char        *id = VALUE(filed, "id");
    struct change      change = {
             .method = "POST", .path = withdrawal_path(arena, id), .token = office.gmina_token};

    (void)state;
    struct http_answer first = send(arena, &change);
    assert_int_equal(first.status, 200);
    EXPECT_VALUE(first, "state", "withdrawn");
    struct http_answer again = send(arena, &change);
    assert_true(str_equal(first.body, again.body));
    struct http_answer told =
        get(arena, office.gmina_token, str_format(arena, "/api/v1/submissions/%s", id).data);
    EXPECT_VALUE(told, "state", "withdrawn");
    EXPECT_VALUE(told, "state_text", "Wycofane");
    EXPECT_VALUE(told, "withdrawn_at", VALUE(first, "withdrawn_at"));
    struct http_answer list =
        get(arena, office.gmina_token, "/api/v1/submissions?state=withdrawn&limit=1");
    EXPECT_VALUE(list, "items.0.id", id);
    struct http_answer anew = file_undecided(arena, 7001, "jeszcze-raz");
    assert_int_equal(anew.status, 201);
    EXPECT_VALUE(anew, "follows", id);
    assert_string_equal(
        office_ask(
            &office, arena,
            "SELECT count(*) FROM (SELECT chain, leaf, lag(chain, 1, decode(repeat('00', 32),"
            " 'hex')) OVER (ORDER BY index) AS before FROM intake.log) x"
            " WHERE chain <> sha256(before || leaf)")
            .data,
        "0");
    arena_destroy(arena);
}

static void
every_refusal_of_a_withdrawal_is_exact(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    struct http_answer filed = file_undecided(arena, 7002, "zostaje");
    const char        *undecided = withdrawal_path(arena, VALUE(filed, "id"));
    struct http_answer junk = office_file(
        &office, arena, &(struct office_filing){.key = "smiec", .body = STR("<smiec/>")});
    const char *rejected = withdrawal_path(arena, VALUE(junk, "id"));
    const char *accepted = withdrawal_path(arena, second_id);
    const char *missing = withdrawal_path(arena, "01980000-0000-7000-8000-0000000000ff");

    (void)state;
    const struct {
        const char   *name;
        struct change change;
        int           status;
        const char   *slug;
    } cases[] = {
        {"nobody",         {"POST", undecided, NULL, NULL, NULL, {0}},                 401, "brak-uwierzytelnienia"},
        {"a stranger",
         {"POST", undecided, office.foreign_token, NULL, NULL, {0}},
         404,                                                                               "nie-znaleziono"       },
        {"a school of it",
         {"POST", undecided, office.school_token, NULL, NULL, {0}},
         404,                                                                               "nie-znaleziono"       },
        {"with content",
         {"POST", undecided, office.gmina_token, JSON, NULL, STR("{}")},
         400,                                                                               "zla-tresc"            },
        {"get",            {"GET", undecided, office.gmina_token, NULL, NULL, {0}},    405, "zla-metoda"           },
        {"delete",         {"DELETE", undecided, office.gmina_token, NULL, NULL, {0}}, 405, "zla-metoda"           },
        {"accepted",
         {"POST", accepted, office.gmina_token, NULL, NULL, {0}},
         409,                                                                               "stan-nie-pozwala"     },
        {"rejected",
         {"POST", rejected, office.gmina_token, NULL, NULL, {0}},
         409,                                                                               "stan-nie-pozwala"     },
        {"missing",        {"POST", missing, office.gmina_token, NULL, NULL, {0}},     404, "nie-znaleziono"       },
        {"no identifier",
         {"POST", withdrawal_path(arena, "x"), office.gmina_token, NULL, NULL, {0}},
         404,                                                                               "nie-znaleziono"       },
    };

    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct http_answer answer = send(arena, &cases[i].change);
        if (answer.status != cases[i].status) {
            fail_msg("%s: %d %.*s", cases[i].name, answer.status, STR_ARG(answer.body));
        }
        EXPECT(office_has(&answer, cases[i].slug), cases[i].name);
    }
    struct http_answer told =
        get(arena, office.gmina_token,
            str_format(arena, "/api/v1/submissions/%s", VALUE(filed, "id")).data);
    EXPECT_VALUE(told, "state", "decided");
    arena_destroy(arena);
}

/* The program, as the gmina; NULL ends its words. */
static int
brama(struct arena *arena, const char *const *words, struct buf *out)
{
    enum { WORDS_MAX = 24 };

    const char *all[WORDS_MAX] = {BRAMA_BINARY_DIR "/gateway/cli/brama"};
    size_t      count = 1;

    for (size_t i = 0; words[i] != NULL; i++) {
        all[count++] = words[i];
    }
    const char *const connection[] = {"--server",     office.target->base,
                                      "--ca",         office.target->authority,
                                      "--token-file", token_file};
    for (size_t i = 0; i < ARRAY_COUNT(connection); i++) {
        all[count++] = connection[i];
    }
    *out = buf_create(arena, 1 << 20);
    return command_run(all, (struct str){0}, out);
}

static bool
says(const struct buf *out, const char *text)
{
    return text[0] == '\0'
           || (buf_str(out).size > 0
               && memmem(buf_str(out).data, buf_str(out).size, text, strlen(text)) != NULL);
}

static void
the_program_compares_explains_and_withdraws(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    struct http_answer filed = file_undecided(arena, 7003, "program");
    const char        *id = VALUE(filed, "id");
    const struct {
        const char *words[8];
        int         code;
        const char *says;
    } cases[] = {
        {{"diff", first_receipt, second_receipt, NULL},
         0,                                                                                       "24 zmienione, 8 dodanych, 9 usuniętych"                           },
        {{"diff", first_id, second_id, "--csv", NULL},                                         0, ";zmieniona;dz. 801"                                                },
        {{"diff", first_id, "01980000-0000-7000-8000-0000000000ff", NULL},                     6, ""                                                                  },
        {{"reason", NULL},                                                                     0, "uzgodnienie             Uzgodnienie z innym"                       },
        {{"reason", second_id, "--code", "uzgodnienie", "--text", "z urzędem", NULL},
         0,                                                                                       "Zapisano przyczynę korekty: uzgodnienie"                          },
        {{"reason", second_id, NULL},                                                          0, "z urzędem"                                                        },
        {{"reason", second_id, "--code", "nie-ma", NULL},                                      6, ""                                                                  },
        {{"reason", second_id, "--text", "sam opis", NULL},                                    2, ""                                                                  },
        {{"reason", first_id, NULL},                                                           2, ""                                                                  },
        {{"status", second_id, NULL},                                                          0, "przyczyna korekty: uzgodnienie: z urzędem"                        },
        {{"withdraw", id, NULL},                                                               0, "Wycofane: złożenie"                                              },
        {{"withdraw", id, NULL},                                                               0, "Wycofane: złożenie"                                              },
        {{"withdraw", second_id, NULL},                                                        6, ""                                                                  },
        {{"withdraw", second_receipt, NULL},                                                   2, ""                                                                  },
        {{"submit", "--dry-run", BRAMA_SOURCE_DIR "/tests/samples/wydatki-2026-q2.xml", NULL},
         0,                                                                                       "; ta jej nie zastąpi, bo ma niższą Wersję"                     },
        {{"submit", "--dry-run", BRAMA_SOURCE_DIR "/tests/samples/dochody-2026-q2.xml", NULL},
         0,                                                                                       "wzór formularza: 2025-1; za ten okres nic jeszcze nie obowiązuje"},
        {{"list", "--state", "withdrawn", NULL},                                               0, id                                                                  },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct buf out = {0};
        int        code = brama(arena, cases[i].words, &out);
        if (code != cases[i].code || !says(&out, cases[i].says)) {
            fail_msg("%s %s: %d %.*s", cases[i].words[0],
                     cases[i].words[1] == NULL ? "" : cases[i].words[1], code,
                     STR_ARG(buf_str(&out)));
        }
    }
    arena_destroy(arena);
}

/* The number of a submission, as `brama submit` says it. */
static const char *
filed_id(struct arena *arena, const struct buf *out)
{
    enum { ID_SIZE = 36 };

    struct str  text = buf_str(out);
    const char *at = memmem(text.data, text.size, "  złożenie ", strlen("  złożenie "));

    assert_non_null(at);
    return str_copy(arena, (struct str){at + strlen("  złożenie "), ID_SIZE}).data;
}

/* As the help says, with no key but the program's own. */
static void
the_program_files_anew_what_it_withdrew(void **state)
{
    const struct maker_options options = {
        .seed = 7004, .first_unit = 7004, .rows = 3, .forms = MAKER_RB27S};
    struct arena *arena = arena_create(OFFICE_ROOM);
    struct fault  fault = {0};
    struct str    bytes = {0};
    struct buf    out = {0};
    const char   *ids[3] = {NULL};

    (void)state;
    assert_int_equal(
        maker_package(arena, &options, station_authority(office.station), &bytes, &fault), ERR_OK);
    const char *path = office_keep(&office, arena, "wycofywany.xml", bytes);
    for (size_t i = 0; i < ARRAY_COUNT(ids); i++) {
        assert_int_equal(brama(arena, (const char *[]){"submit", path, "--wait", NULL}, &out), 1);
        ids[i] = filed_id(arena, &out);
        assert_true(i == 0
                    || (says(&out, "jest nowe, z nową datą wpływu") && says(&out, ids[i - 1])));
        assert_int_equal(brama(arena, (const char *[]){"submit", path, NULL}, &out), 1);
        assert_string_equal(filed_id(arena, &out), ids[i]);
        assert_false(says(&out, "jest nowe"));
        assert_int_equal(brama(arena, (const char *[]){"withdraw", ids[i], NULL}, &out), 0);
    }
    assert_string_not_equal(ids[0], ids[1]);
    assert_string_not_equal(ids[1], ids[2]);
    arena_destroy(arena);
}

/* The school sends by itself what its gmina has corrected for it. */
static void
the_same_report_byte_for_byte_is_asked_for_no_reason(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    struct http_answer filed = office_file(
        &office, arena,
        &(struct office_filing){.token = office.school_token,
                                .key = "to-samo",
                                .body = office_sample(arena, "korekta-wydatki-2026-q2.xml")});

    (void)state;
    EXPECT_VALUE(filed, "verdict", "accepted");
    EXPECT_VALUE(filed, "reports.0.correction", "");
    const char        *path = reason_path(arena, VALUE(filed, "id"), "1");
    struct http_answer reason = get(arena, office.school_token, path);
    EXPECT_VALUE(reason, "wanted", "false");
    arena_destroy(arena);
}

/* A validation of what was filed says what it would meet; it stores nothing. */
static void
a_validation_says_by_what_it_judged_and_what_is_in_force(void **state)
{
    struct arena *arena = arena_create(OFFICE_ROOM);
    const char   *count = "SELECT count(*) FROM intake.submission";
    struct str    before = office_ask(&office, arena, count);

    (void)state;
    struct http_answer answer =
        office_file(&office, arena,
                    &(struct office_filing){.path = "/api/v1/validations",
                                            .body = office_sample(arena, "wydatki-2026-q2.xml")});
    assert_int_equal(answer.status, 200);
    assert_int_equal(strlen(VALUE(answer, "judged_by.definitions")), 64);
    EXPECT_VALUE(answer, "judged_by.calendar", "1");
    EXPECT_VALUE(answer, "versions.0.form_version", "2025-1");
    EXPECT_VALUE(answer, "versions.0.in_force.version", "1");
    EXPECT_VALUE(answer, "versions.0.in_force.would_be_superseded", "false");
    EXPECT_VALUE(answer, "versions.1.in_force.version", "0");
    EXPECT_VALUE(answer, "versions.1.in_force.would_be_superseded", "true");
    struct http_answer other =
        office_file(&office, arena,
                    &(struct office_filing){.path = "/api/v1/validations",
                                            .body = office_sample(arena, "dochody-2026-q2.xml")});
    EXPECT_VALUE(other, "versions.0.in_force", "");
    assert_true(str_equal(office_ask(&office, arena, count), before));
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_correction_names_what_it_lacks_and_what_it_changes),
        cmocka_unit_test(the_public_page_names_what_superseded),
        cmocka_unit_test(every_refusal_of_a_reason_is_exact),
        cmocka_unit_test(a_reason_is_given_replaced_and_never_lost),
        cmocka_unit_test(what_is_undecided_is_withdrawn_and_may_be_filed_again),
        cmocka_unit_test(every_refusal_of_a_withdrawal_is_exact),
        cmocka_unit_test(a_validation_says_by_what_it_judged_and_what_is_in_force),
        cmocka_unit_test(the_program_compares_explains_and_withdraws),
        cmocka_unit_test(the_program_files_anew_what_it_withdrew),
        cmocka_unit_test(the_same_report_byte_for_byte_is_asked_for_no_reason),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
