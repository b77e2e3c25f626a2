#include "tests/support/expect.h"
#include "tests/unit/gateway/reader/duties.h"
#include "tests/unit/gateway/reader/world.h"

#include <jansson.h>
#include <string.h>

static struct world world;

static int
begin(void **state)
{
    *state = cluster_start(CLUSTER_FAST);
    world_begin(&world, *state, "obligations");
    world_run(&world, DUTIES_SQL);
    return 0;
}

static int
end(void **state)
{
    world_end(&world);
    cluster_stop(*state);
    return 0;
}

static json_t *
read_json(int64_t who, const char *target)
{
    struct reply reply = world_get(&world, who, target);
    json_t      *value = json_loadb(reply.body.data, reply.body.size, JSON_REJECT_DUPLICATES, NULL);

    if (reply.status != 200 || value == NULL) {
        fail_msg("%d %s: %.*s", reply.status, target, STR_ARG(reply.body));
    }
    return value;
}

/* "7 2" of the items' numbers, in their order. */
static const char *
ids_of(int64_t who, const char *target)
{
    json_t    *answer = read_json(who, target);
    struct buf text = buf_create(world.arena, 4096);
    size_t     i = 0;
    json_t    *item = NULL;

    json_array_foreach(json_object_get(answer, "items"), i, item)
    {
        buf_format(&text, "%s%lld", i == 0 ? "" : " ",
                   (long long)json_integer_value(json_object_get(item, "id")));
    }
    buf_byte(&text, '\0');
    json_decref(answer);
    return text.data;
}

static void
list_holds_what_is_seen_in_order_of_terms(void **state)
{
    static const struct {
        int64_t     who;
        const char *target;
        const char *want;
    } cases[] = {
        {WORLD_GMINA,    "/api/v1/obligations",                          "1 2 3 5 8 6 7"},
        {WORLD_SCHOOL,   "/api/v1/obligations",                          "2 5 7"        },
        {WORLD_OFFICE,   "/api/v1/obligations",                          ""             },
        {WORLD_STRANGER, "/api/v1/obligations",                          "4 9"          },
        {WORLD_GMINA,    "/api/v1/obligations?state=late",               "1 3 8"        },
        {WORLD_GMINA,    "/api/v1/obligations?state=waived",             "5"            },
        {WORLD_GMINA,    "/api/v1/obligations?state=superseded",         "6"            },
        {WORLD_GMINA,    "/api/v1/obligations?state=fulfilled",          "2"            },
        {WORLD_GMINA,    "/api/v1/obligations?state=not_due",            "7"            },
        {WORLD_GMINA,    "/api/v1/obligations?only=questioned",          "2"            },
        {WORLD_GMINA,    "/api/v1/obligations?only=missing",             "1 8"          },
        {WORLD_GMINA,    "/api/v1/obligations?only=open",                "1 8 7"        },
        {WORLD_GMINA,    "/api/v1/obligations?period=2090-Q2",           "6 7"          },
        {WORLD_GMINA,    "/api/v1/obligations?form=RB28S",               "5 8"          },
        {WORLD_GMINA,    "/api/v1/obligations?level=zbiorcze",           "1"            },
        {WORLD_GMINA,    "/api/v1/obligations?unit=990001040",           "3 8 6"        },
        {WORLD_GMINA,    "/api/v1/obligations?unit=990002015",           ""             },
        {WORLD_GMINA,    "/api/v1/obligations?jst=990001010&form=RB28S", "5 8"          },
        {WORLD_GMINA,    "/api/v1/obligations?region=99",                "1 2 3 5 8 6 7"},
        {WORLD_GMINA,    "/api/v1/obligations?region=9902",              ""             },
        {WORLD_GMINA,    "/api/v1/obligations?office=rio-lodz",          "1"            },
        {WORLD_GMINA,    "/api/v1/completeness/missing",                 "1 8"          },
        {WORLD_STRANGER, "/api/v1/completeness/missing",                 "4"            },
        {WORLD_GMINA,    "/api/v1/completeness/missing?form=RB28S",      "8"            },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char *ids = ids_of(cases[i].who, cases[i].target);
        if (strcmp(ids, cases[i].want) != 0) {
            fail_msg("%s as %d: \"%s\", not \"%s\"", cases[i].target, (int)cases[i].who, ids,
                     cases[i].want);
        }
    }
}

static void
pages_follow_one_another_without_loss_or_repetition(void **state)
{
    struct buf seen = buf_create(world.arena, 4096);
    struct str cursor = {0};
    size_t     pages = 0;

    (void)state;
    do {
        struct str   target = cursor.size == 0
                                  ? STR("/api/v1/obligations?limit=2")
                                  : str_format(world.arena, "/api/v1/obligations?limit=2&cursor=%.*s",
                                               STR_ARG(cursor));
        struct reply reply = world_get(&world, WORLD_GMINA, target.data);
        json_t      *page = read_json(WORLD_GMINA, target.data);
        json_t      *next = json_object_get(page, "next_cursor");
        buf_format(&seen, "%s ", ids_of(WORLD_GMINA, target.data));
        EXPECT((world_header(&reply, "Link").size > 0) == json_is_string(next), "Link");
        cursor = json_is_string(next) ? str_copy(world.arena, str_of(json_string_value(next)))
                                      : (struct str){0};
        json_decref(page);
        pages++;
    } while (cursor.size > 0 && pages < 10);
    assert_int_equal(pages, 4);
    assert_true(str_equal(buf_str(&seen), STR("1 2 3 5 8 6 7 ")));
}

static void
wrong_parameters_are_refused_by_name(void **state)
{
    static const struct {
        const char *target;
        const char *name;
    } cases[] = {
        {"/api/v1/obligations?limit=0",                         "limit" },
        {"/api/v1/obligations?limit=501",                       "limit" },
        {"/api/v1/obligations?state=overdue",                   "state" },
        {"/api/v1/obligations?unit=123",                        "unit"  },
        {"/api/v1/obligations?jst=Gmina",                       "jst"   },
        {"/api/v1/obligations?region=1",                        "region"},
        {"/api/v1/obligations?region=100",                      "region"},
        {"/api/v1/obligations?region=10021",                    "region"},
        {"/api/v1/obligations?region=1%25",                     "region"},
        {"/api/v1/obligations?only=all",                        "only"  },
        {"/api/v1/obligations?cursor=000000000000000000000000", "cursor"},
        {"/api/v1/completeness?by=gmina",                       "by"    },
        {"/api/v1/completeness/missing?limit=x",                "limit" },
        {"/api/v1/obligations.ics?unit=x",                      "unit"  },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct reply reply = world_get(&world, WORLD_GMINA, cases[i].target);
        EXPECT(reply.status == 400, cases[i].target);
        EXPECT(memmem(reply.body.data, reply.body.size, cases[i].name, strlen(cases[i].name))
                   != NULL,
               cases[i].target);
    }
    assert_int_equal(world_get(&world, 0, "/api/v1/obligations").status, 401);
}

/* An office sees what is owed to it and what it gets copies of, and no unit's own. */
static void
office_sees_what_is_addressed_to_it(void **state)
{
    static const struct {
        const char *offices;
        const char *want;
    } cases[] = {
        {"{rio-lodz}",  "2"},
        {"{gus}",       "1"},
        {"{rio-opole}", "0"},
        {"{}",          "0"},
    };
    struct store_address address = world.clerk.address;
    struct store        *reader = NULL;
    struct fault         fault = {0};

    (void)state;
    assert_int_equal(store_open(world.arena, &address, STORE_READER, &reader, &fault), ERR_OK);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct store_rows rows = {0};
        struct str sql = str_format(world.arena, "SELECT set_config('brama.offices', '%s', false)",
                                    cases[i].offices);
        assert_int_equal(store_script(reader, sql.data, &fault), ERR_OK);
        assert_int_equal(store_run(reader, "SELECT count(*)::text FROM obligation.duty", NULL,
                                   world.arena, &rows, &fault),
                         ERR_OK);
        EXPECT(str_equal(store_text(&rows, 0, 0), str_of(cases[i].want)), cases[i].offices);
    }
}

static int64_t
count_of(json_t *counts, const char *name)
{
    return json_integer_value(json_object_get(counts, name));
}

/* Its credential is entered as that of the office alone, in each table. */
static void
office_counts_what_is_addressed_to_it(void **state)
{
    enum { RIO = 700, GUS };
    static const char *const by[] = {"form", "period", "wojewodztwo", "powiat", "office", "jst"};
    static const struct {
        int64_t who;
        int64_t expected;
        int64_t missing;
        int64_t submitted;
    } cases[] = {
        {RIO, 2, 1, 1},
        {GUS, 1, 1, 0},
    };

    (void)state;
    world_run(&world,
              "INSERT INTO registry.credential (credential, office, is_certificate, digest, scopes,"
              " label, expires_at) OVERRIDING SYSTEM VALUE SELECT 700 + n, office, false,"
              " sha256(office::bytea), 2, '', now() + interval '1 year'"
              " FROM (VALUES (0, 'rio-lodz'), (1, 'gus')) x (n, office)");
    for (size_t i = 0; i < ARRAY_COUNT(cases) * ARRAY_COUNT(by); i++) {
        size_t     at = i / ARRAY_COUNT(by);
        struct str target =
            str_format(world.arena, "/api/v1/completeness?by=%s", by[i % ARRAY_COUNT(by)]);
        json_t *answer = read_json(cases[at].who, target.data);
        json_t *total = json_object_get(answer, "total");
        EXPECT(count_of(total, "expected") == cases[at].expected, target.data);
        EXPECT(count_of(total, "missing") == cases[at].missing, target.data);
        EXPECT(count_of(total, "submitted") == cases[at].submitted, target.data);
        json_decref(answer);
    }
    assert_string_equal(ids_of(RIO, "/api/v1/obligations"), "1 9");
    assert_string_equal(ids_of(GUS, "/api/v1/obligations"), "1");
}

/* Duties of SCHOOL of two periods, one over, one not, for each heap that there can be; MF gets
 * copies of them, and counts them otherwise than a unit does. */
static const char heaps_sql[] =
    "INSERT INTO obligation.matter (form, form_title, level, year, period_type, period_number,"
    " period, period_end, opens_at) SELECT 'RBX', 'Rb-X', 'jednostkowe', y, 'Kwartal', 2,"
    " y || '-Q2', make_date(y, 6, 30), make_date(y, 7, 1) FROM unnest('{2021,2091}'::integer[]) y;"
    "INSERT INTO obligation.term (calendar, matter, kind, jst_types, recipient, recipient_title,"
    " rule, nominal_on, due_on, due_before, empty_allowed, nothing_allowed, model, basis)"
    " SELECT '1', m.matter, 'jst', 0, 'rio', 'RIO', 'd+10', d, d, d + 1, true, false, false, 'b'"
    " FROM obligation.matter m, LATERAL (SELECT m.period_end + 10) x (d) WHERE m.form = 'RBX';"
    "INSERT INTO obligation.way (office, copied) VALUES ('rio-lodz', '{mf}');"
    "INSERT INTO obligation.duty (unit, matter, term, jst, powiat, way, due_before, variant,"
    " accepted_at, pending_at, superseded_on, superseded_why, exemption, open_queries)"
    " SELECT 3, m.matter, t.term, 1, '9901', y.way, t.due_before, concat_ws('-', c, gone, waived, "
    "q),"
    " CASE c WHEN 1 THEN t.due_before - interval '1 us' WHEN 2 THEN t.due_before END,"
    " CASE c WHEN 3 THEN t.due_before - interval '1 us' WHEN 4 THEN t.due_before END,"
    " CASE gone WHEN 1 THEN date '2026-01-01' END, CASE gone WHEN 1 THEN 'closed' END,"
    " CASE waived WHEN 1 THEN 1 END, q FROM obligation.matter m"
    " JOIN obligation.term t USING (matter) JOIN obligation.way y ON y.copied = '{mf}',"
    " generate_series(0, 4) c, generate_series(0, 1) gone, generate_series(0, 1) waived,"
    " generate_series(0, 1) q WHERE m.form = 'RBX';"
    "INSERT INTO registry.credential (credential, office, is_certificate, digest, scopes, label,"
    " expires_at) OVERRIDING SYSTEM VALUE VALUES (700, 'mf', false, sha256('mf'), 2, '',"
    " now() + interval '1 year')";

static void
office_and_unit_count_the_same_of_every_duty(void **state)
{
    static const char *const questions[] = {
        "?form=RBX&by=form",
        "?form=RBX&by=period",
        "?form=RBX&by=wojewodztwo",
        "?form=RBX&by=powiat",
        "?form=RBX&by=office",
        "?form=RBX&by=jst",
        "?form=RBX&period=2021-Q2",
        "?form=RBX&period=2091-Q2&by=jst",
        "?form=RBX&region=9901",
        "?form=RBX&region=98",
        "?form=RBX&jst=990001010",
        "?form=RBX&jst=990002015&by=jst",
        "?form=RBX&office=rio-lodz",
        "?form=RBX&office=rio-opole",
        "?form=RBX&level=jednostkowe",
        "?form=RBX&level=zbiorcze",
        "?form=RBX&unit=990001027",
        "?form=RBX&unit=990001027&by=powiat",
        "?form=RB0",
    };
    struct world here = {0};

    world_begin(&here, *state, "heaps");
    world_run(&here, DUTIES_SQL);
    world_run(&here, heaps_sql);
    for (size_t i = 0; i < ARRAY_COUNT(questions); i++) {
        struct str   target = str_format(here.arena, "/api/v1/completeness%s", questions[i]);
        struct reply unit = world_get(&here, WORLD_SCHOOL, target.data);
        struct reply office = world_get(&here, 700, target.data);
        EXPECT(unit.status == 200 && office.status == 200, questions[i]);
        EXPECT(str_equal(unit.body, office.body), questions[i]);
    }
    world_end(&here);
}

static void
office_turns_the_pages_of_what_is_missing(void **state)
{
    static const char want[] = "0-0-0-0 0-0-0-1 ";
    struct world      here = {0};
    struct buf        seen = buf_create(world.arena, 4096);
    struct str        cursor = STR("");
    int               pages = 0;

    world_begin(&here, *state, "missing");
    world_run(&here, DUTIES_SQL);
    world_run(&here, heaps_sql);
    do {
        struct str target =
            str_format(here.arena, "/api/v1/completeness/missing?form=RBX&limit=1%s%.*s",
                       cursor.size > 0 ? "&cursor=" : "", STR_ARG(cursor));
        struct reply reply = world_get(&here, 700, target.data);
        json_t      *page = json_loadb(reply.body.data, reply.body.size, 0, NULL);
        json_t      *item = json_array_get(json_object_get(page, "items"), 0);
        const char  *next = json_string_value(json_object_get(page, "next_cursor"));
        EXPECT(reply.status == 200 && item != NULL, target.data);
        buf_format(&seen, "%s ", json_string_value(json_object_get(item, "variant")));
        cursor = next == NULL ? STR("") : str_copy(here.arena, str_of(next));
        json_decref(page);
        pages++;
    } while (cursor.size > 0 && pages < 10);
    assert_true(str_equal(buf_str(&seen), str_of(want)));
    static const struct {
        const char *target;
        size_t      items;
    } cases[] = {
        {"/api/v1/completeness/missing",                                   2},
        {"/api/v1/obligations?only=missing&form=RBX",                      2},
        {"/api/v1/completeness/missing?period=2021-Q2",                    2},
        {"/api/v1/completeness/missing?period=2091-Q2",                    0},
        {"/api/v1/completeness/missing?form=RB27S",                        0},
        {"/api/v1/completeness/missing?state=late",                        2},
        {"/api/v1/completeness/missing?state=due",                         0},
        {"/api/v1/completeness/missing?unit=990001027",                    0},
        {"/api/v1/completeness/missing?jst=990001010&region=99",           2},
        {"/api/v1/completeness/missing?region=9902",                       0},
        {"/api/v1/completeness/missing?office=rio-lodz&level=jednostkowe", 2},
        {"/api/v1/completeness/missing?office=rio-opole",                  0},
    };
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct reply reply = world_get(&here, 700, cases[i].target);
        json_t      *page = json_loadb(reply.body.data, reply.body.size, 0, NULL);
        EXPECT(json_array_size(json_object_get(page, "items")) == cases[i].items, cases[i].target);
        json_decref(page);
    }
    world_end(&here);
}

static void
completeness_counts_each_duty_once(void **state)
{
    static const char *const by[] = {"form", "period", "wojewodztwo", "powiat", "office", "jst"};
    static const struct {
        const char *name;
        int64_t     want;
    } totals[] = {
        {"expected",   5},
        {"filed",      2},
        {"in_time",    1},
        {"late",       1},
        {"submitted",  0},
        {"missing",    2},
        {"awaited",    1},
        {"questioned", 1},
        {"waived",     1},
        {"superseded", 1},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(by); i++) {
        struct str target = str_format(world.arena, "/api/v1/completeness?by=%s", by[i]);
        json_t    *answer = read_json(WORLD_GMINA, target.data);
        json_t    *items = json_object_get(answer, "items");
        EXPECT(json_array_size(items) > 0, by[i]);
        for (size_t t = 0; t < ARRAY_COUNT(totals); t++) {
            int64_t sum = 0;
            for (size_t row = 0; row < json_array_size(items); row++) {
                sum += count_of(json_array_get(items, row), totals[t].name);
            }
            EXPECT(sum == totals[t].want, totals[t].name);
            EXPECT(count_of(json_object_get(answer, "total"), totals[t].name) == sum, by[i]);
        }
        json_decref(answer);
    }
    json_t *stranger = read_json(WORLD_STRANGER, "/api/v1/completeness?by=office");
    assert_int_equal(count_of(json_object_get(stranger, "total"), "submitted"), 1);
    assert_int_equal(json_array_size(json_object_get(stranger, "items")), 2);
    json_decref(stranger);
    json_t *form = read_json(WORLD_GMINA, "/api/v1/completeness?form=RB28S&period=2020-Q2");
    assert_int_equal(count_of(json_object_get(form, "total"), "missing"), 1);
    assert_int_equal(count_of(json_object_get(form, "total"), "waived"), 1);
    json_decref(form);
}

static void
table_and_list_are_neutral_to_a_spreadsheet(void **state)
{
    static const char *const targets[] = {
        "/api/v1/obligations?format=csv&form=RB28S",
        "/api/v1/completeness/missing?format=csv&form=RB28S",
        "/api/v1/completeness?format=csv&form=RB28S",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(targets); i++) {
        struct reply reply = world_get(&world, WORLD_GMINA, targets[i]);
        EXPECT(reply.status == 200, targets[i]);
        EXPECT(str_starts_with(reply.body, STR("\xEF\xBB\xBF")), targets[i]);
        EXPECT(memmem(reply.body.data, reply.body.size, ";'=Rb-28S", 9) != NULL, targets[i]);
        EXPECT(memmem(reply.body.data, reply.body.size, ";=Rb-28S", 8) == NULL, targets[i]);
    }
}

static void
what_is_known_already_is_not_sent_again(void **state)
{
    static const char *const targets[] = {"/api/v1/obligations", "/api/v1/completeness",
                                          "/api/v1/completeness/missing",
                                          "/api/v1/obligations.ics"};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(targets); i++) {
        struct reply first = world_get(&world, WORLD_GMINA, targets[i]);
        struct reply second = world_get(&world, WORLD_GMINA, targets[i]);
        struct reply other = world_get(&world, WORLD_SCHOOL, targets[i]);
        EXPECT(world_header(&first, "ETag").size > 0, targets[i]);
        EXPECT(str_equal(world_header(&first, "ETag"), world_header(&second, "ETag")), targets[i]);
        EXPECT(!str_equal(world_header(&first, "ETag"), world_header(&other, "ETag")), targets[i]);
    }
}

static void
calendar_has_what_is_still_to_be_filed(void **state)
{
    struct reply reply = world_get(&world, WORLD_SCHOOL, "/api/v1/obligations.ics");
    struct str   rest = reply.body;
    struct str   line = {0};
    size_t       events = 0;

    (void)state;
    assert_int_equal(reply.status, 200);
    assert_true(str_equal(reply.content_type, STR("text/calendar; charset=utf-8")));
    assert_true(str_starts_with(reply.body, STR("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")));
    assert_true(str_ends_with(reply.body, STR("END:VCALENDAR\r\n")));
    while (str_cut(&rest, '\n', &line)) {
        assert_true(line.size <= 76); /* 75 and the CR */
        assert_true(line.size == 0 || line.data[line.size - 1] == '\r');
        events += str_equal(line, STR("BEGIN:VEVENT\r"));
    }
    assert_int_equal(events, 2); /* duty 7: its due day and the internal one */
    assert_non_null(memmem(reply.body.data, reply.body.size, "DTSTART;VALUE=DATE:20900710", 27));
    assert_non_null(memmem(reply.body.data, reply.body.size, "DTSTART;VALUE=DATE:20900705", 27));
    assert_non_null(memmem(reply.body.data, reply.body.size, "UID:obowiazek-7@brama\r\n", 23));
}

/* The calendar of a school, unfolded; *events: how many it has. */
static struct str
calendar_of_school(size_t *events)
{
    struct reply reply = world_get(&world, WORLD_SCHOOL, "/api/v1/obligations.ics");
    struct buf   out = buf_create(world.arena, reply.body.size + 1);
    struct str   rest = reply.body;
    struct str   line = {0};

    assert_int_equal(reply.status, 200);
    *events = 0;
    while (str_cut(&rest, '\n', &line)) {
        bool folded = str_starts_with(line, STR(" "));
        assert_true(line.size <= 76 && str_is_utf8(line));
        *events += str_equal(line, STR("BEGIN:VEVENT\r"));
        out.size -= folded && out.size > 0 ? 1 : 0; /* the end of a line that goes on */
        buf_append(&out, str_slice(line, folded, line.size > 1 ? line.size - 1 - folded : 0));
        buf_byte(&out, '\n');
    }
    assert_true(buf_ok(&out));
    return buf_str(&out);
}

static bool
calendar_says(struct str calendar, const char *text)
{
    return memmem(calendar.data, calendar.size, text, strlen(text)) != NULL;
}

/* Nothing that a unit calls itself makes a line of its own. */
static void
calendar_of_a_unit_with_a_hostile_name_is_one_calendar(void **state)
{
    static const struct {
        const char *name; /* as SQL */
        const char *want; /* the end of the line */
    } names[] = {
        {"E'A\\r\\nEND:VEVENT\\r\\nBEGIN:VEVENT\\r\\nUID:x'",
         ": A \\nEND:VEVENT \\nBEGIN:VEVENT \\nUID:x\n"                                             },
        {"E'A\\nATTACH:https://example.test/'",               ": A\\nATTACH:https://example.test/\n"},
        {"'a;b,c\\d:\"e\"'",                                  ": a\\;b\\,c\\\\d:\"e\"\n"            },
        {"E'a\\u0001\\u001B[2Jb\\u007Fc'",                    ": a  [2Jb c\n"                       },
        {"repeat('ż', 600)",                                 "żżżżżżżżżż\n"              },
        {"E'\\u202Escinp.a'",                                 "scinp.a\n"                           },
    };
    size_t events = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        world_run(&world, str_format(world.arena,
                                     "SET session_replication_role = replica;"
                                     "UPDATE registry.unit SET name = %s WHERE unit = 3",
                                     names[i].name)
                              .data);
        struct str calendar = calendar_of_school(&events);
        EXPECT(events == 2, names[i].name);
        EXPECT(calendar_says(calendar, names[i].want), names[i].name);
        EXPECT(!calendar_says(calendar, "\nATTACH"), names[i].name);
    }
}

/* What a calendar program knows already is moved, not doubled. */
static void
calendar_counts_how_often_a_day_was_moved(void **state)
{
    static const struct {
        const char *name;
        const char *change;
        const char *due;
        const char *internal;
    } moves[] = {
        {"never",               "SELECT 1",                                      "SEQUENCE:0\nDTSTART;VALUE=DATE:20900710\n",
         "SEQUENCE:0\nDTSTART;VALUE=DATE:20900705\n"                                                                                                                     },
        {"another place",
         "INSERT INTO obligation.run (calendar, first_end, last_end, entered_by, added, superseded,"
         " restored, altered, settled) VALUES ('2', '2090-01-01', '2090-12-31', 'x', 0, 0, 0, 1, "
         "0);"
         "INSERT INTO obligation.change (duty, run, what, before, after) VALUES (7, 1, 'place', "
         "'a',"
         " 'b')",                                                                "SEQUENCE:0\nDTSTART;VALUE=DATE:20900710\n", "SEQUENCE:0\nDTSTART;VALUE=DATE:20900705\n"},
        {"the term of another",
         "INSERT INTO obligation.change (duty, run, what, before, after) VALUES (5, 1, 'term', 'a',"
         " 'b')",                                                                "SEQUENCE:0\nDTSTART;VALUE=DATE:20900710\n", "SEQUENCE:0\nDTSTART;VALUE=DATE:20900705\n"},
        {"the internal day",
         "INSERT INTO obligation.internal_due (unit, form, period, due_on, basis, entered_by) "
         "VALUES"
         " (1, 'RB27S', '2090-Q2', '2090-07-04', 'x', 'x');"
         "UPDATE obligation.duty SET internal_on = '2090-07-04' WHERE duty = 7", "SEQUENCE:0\nDTSTART;VALUE=DATE:20900710\n", "SEQUENCE:1\nDTSTART;VALUE=DATE:20900704\n"},
        {"the term",
         "INSERT INTO obligation.change (duty, run, what, before, after) VALUES (7, 1, 'term', 'a',"
         " 'b');"
         "SET session_replication_role = replica; UPDATE obligation.term SET due_on = '2090-07-12'"
         " WHERE matter = 4",                                                    "SEQUENCE:1\nDTSTART;VALUE=DATE:20900712\n", "SEQUENCE:2\nDTSTART;VALUE=DATE:20900704\n"},
    };
    size_t events = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(moves); i++) {
        world_run(&world, moves[i].change);
        struct str calendar = calendar_of_school(&events);
        EXPECT(events == 2, moves[i].name);
        EXPECT(calendar_says(calendar, moves[i].due), moves[i].name);
        EXPECT(calendar_says(calendar, moves[i].internal), moves[i].name);
        EXPECT(calendar_says(calendar, "UID:obowiazek-7@brama\n"), moves[i].name);
        EXPECT(calendar_says(calendar, "UID:obowiazek-7-wewnetrzny@brama\n"), moves[i].name);
    }
}

/* A place has the name of its JST where the registry knows one, else its code alone. */
static void
places_are_named_where_the_registry_knows_them(void **state)
{
    static const struct {
        const char *by;
        const char *named;
        const char *bare;
    } cases[] = {
        {"/api/v1/completeness?by=powiat",      "\"key\":\"9901\",\"title\":\"9901 Powiat Próbny\"",
         "\"key\":\"9901\",\"title\":\"9901\""                                                                                         },
        {"/api/v1/completeness?by=wojewodztwo",
         "\"key\":\"99\",\"title\":\"99 Województwo Próbne\"",                                      "\"key\":\"99\",\"title\":\"99\""},
    };

    (void)state;
    for (int named = 0; named < 2; named++) {
        for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
            struct reply reply = world_get(&world, WORLD_GMINA, cases[i].by);
            const char  *want = named == 1 ? cases[i].named : cases[i].bare;
            assert_int_equal(reply.status, 200);
            EXPECT(memmem(reply.body.data, reply.body.size, want, strlen(want)) != NULL, want);
        }
        world_run(&world,
                  "INSERT INTO registry.unit (unit, regon, wk, pk, gk, gt, pt, type, kind, name,"
                  " valid_from) OVERRIDING SYSTEM VALUE VALUES (906, '990009017', '99', '01', '00',"
                  " '0', '1', 'JST', 'jst', 'Powiat Próbny', '2020-01-01'), (907, '990009023',"
                  " '99', '00', '00', '0', '3', 'JST', 'jst', 'Województwo Próbne', '2020-01-01')"
                  " ON CONFLICT DO NOTHING");
    }
    world_run(&world, "ALTER TABLE registry.unit DISABLE TRIGGER USER;"
                      "DELETE FROM registry.unit WHERE regon IN ('990009017', '990009023');"
                      "ALTER TABLE registry.unit ENABLE TRIGGER USER");
}

static void
every_duty_is_explained_in_one_sentence(void **state)
{
    static const struct {
        size_t      at; /* in the list of the gmina */
        const char *words;
    } cases[] = {
        {0, "Nie ma przyjętego sprawozdania, a termin minął 10 lipca 2020 r. (10 dni po końcu "
            "okresu, rozporządzenie, wersja 1 kalendarza): po terminie."                   },
        {1,
         "Wpłynęło 10 lipca 2020 r., 10:00:00, w terminie: termin był do końca dnia 10 lipca 2020"},
        {2, ", a liczy się data wpływu pierwszej przyjętej wersji."                                 },
        {3, "zwolniona z tego obowiązku (decyzja; \"pilna\")"                                         },
        {4, "ostatnie wpłynęło 9 lipca 2020 r., 10:00:00 i zwrócono je do poprawy."                },
        {5, "obowiązek przeszedł na następcę jednostki (Szkoła nr 1)."                            },
        {6, "Okres jeszcze trwa, a termin mija 10 lipca 2090 r."                                       },
    };
    json_t *answer = read_json(WORLD_GMINA, "/api/v1/obligations");
    json_t *items = json_object_get(answer, "items");

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char *told =
            json_string_value(json_object_get(json_array_get(items, cases[i].at), "explanation"));
        if (told == NULL || strstr(told, cases[i].words) == NULL) {
            fail_msg("\"%s\" without \"%s\"", told == NULL ? "" : told, cases[i].words);
        }
    }
    json_decref(answer);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(list_holds_what_is_seen_in_order_of_terms),
        cmocka_unit_test(pages_follow_one_another_without_loss_or_repetition),
        cmocka_unit_test(wrong_parameters_are_refused_by_name),
        cmocka_unit_test(office_sees_what_is_addressed_to_it),
        cmocka_unit_test(office_counts_what_is_addressed_to_it),
        cmocka_unit_test(office_and_unit_count_the_same_of_every_duty),
        cmocka_unit_test(office_turns_the_pages_of_what_is_missing),
        cmocka_unit_test(completeness_counts_each_duty_once),
        cmocka_unit_test(table_and_list_are_neutral_to_a_spreadsheet),
        cmocka_unit_test(what_is_known_already_is_not_sent_again),
        cmocka_unit_test(calendar_has_what_is_still_to_be_filed),
        cmocka_unit_test(every_duty_is_explained_in_one_sentence),
        cmocka_unit_test(places_are_named_where_the_registry_knows_them),
        cmocka_unit_test(calendar_of_a_unit_with_a_hostile_name_is_one_calendar),
        cmocka_unit_test(calendar_counts_how_often_a_day_was_moved),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
