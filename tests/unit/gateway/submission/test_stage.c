#include "tests/support/expect.h"
#include "tests/unit/gateway/submission/workshop.h"

#include <string.h>

/* What every decision leaves behind, whatever its verdict. */
static void
expect_whole(const struct workshop *workshop, const char *name)
{
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.log") > 0, name);
    EXPECT(workshop_number(workshop,
                           "SELECT count(*) FROM intake.decision d WHERE NOT EXISTS (SELECT 1 FROM"
                           " intake.receipt r WHERE r.submission = d.submission AND r.n = d.n)")
               == 0,
           name);
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.decision")
               == workshop_number(workshop, "SELECT count(*) FROM intake.log"),
           name);
    EXPECT(workshop_number(workshop, "SELECT index FROM intake.log_head")
               == workshop_number(workshop, "SELECT count(*) FROM intake.log"),
           name);
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.submission"
                                     " WHERE state = 'decided' AND owner IS NOT NULL")
               == 0,
           name);
    EXPECT(workshop_number(workshop,
                           "SELECT count(*) FROM intake.report r WHERE (SELECT count(*) FROM"
                           " intake.receipt c WHERE c.submission = r.submission AND c.n = r.n"
                           " AND c.kind = 'unit' AND r.ordinal = ANY (c.reports)) <> 1")
               == 0,
           name);
    EXPECT(workshop_number(workshop, "SELECT count(*) FROM (SELECT DISTINCT r.unit, s.ordinal FROM"
                                     " intake.report r JOIN intake.submission s USING (submission)"
                                     " WHERE r.unit <> s.subject) x FULL JOIN intake.concern c"
                                     " USING (unit, ordinal) WHERE x IS NULL OR c IS NULL")
               == 0,
           name);
}

/* One sample, alone. */
static const struct {
    const char *name;
    const char *file;
    int64_t     subject;
    int         verdict; /* as intake.submission has it: 0 undecided, 1 accepted, 3 rejected */
    int         reports;
    int         accepted; /* of them */
    int         receipts;
    int         kinds; /* 1 unit, 2 with a summary */
    const char *code;  /* a finding that is there; NULL: none of error */
} samples[] = {
    {"revenue of three schools",       "dochody-2026-q2.xml",           WORKSHOP_GMINA,       1, 3, 3, 4, 2, NULL},
    {"expenses of three schools",      "wydatki-2026-q2.xml",           WORKSHOP_GMINA,       1, 3, 3, 4, 2, NULL},
    {"both of one school",             "oba-2026-q2-jedna-szkola.xml",  WORKSHOP_GMINA,       1, 2, 2, 1, 1, NULL},
    {"altered after it was signed",    "zle-zmieniona-po-podpisie.xml", WORKSHOP_GMINA,       3, 1, 0, 1, 1,
     "PODPIS-030"                                                                                                },
    {"one REGON for two units",        "zle-ten-sam-regon.xml",         WORKSHOP_GMINA,       3, 2, 0, 3, 2,
     "TOZSAMOSC-003"                                                                                             },
    {"filed by somebody else's gmina", "dochody-2026-q2.xml",           WORKSHOP_OTHER_GMINA, 3, 3, 0, 4, 2,
     "TOZSAMOSC-012"                                                                                             },
};

static void
samples_are_concluded_as_they_deserve(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(samples); i++) {
        const char          *name = samples[i].name;
        struct workshop     *workshop = workshop_open();
        struct str           bytes = workshop_sample(workshop, samples[i].file);
        struct workshop_told told = workshop_send(workshop, samples[i].subject, 1, "k", bytes);

        EXPECT(told.news.kind == FILING_DECIDED && told.news.handle == 1, name);
        EXPECT(uuid_equal(told.news.id, workshop_id(1)), name);
        EXPECT(workshop_count(workshop, FILING_ADMITTED) == 1, name);
        EXPECT(workshop_number(workshop, "SELECT verdict FROM intake.submission")
                   == samples[i].verdict,
               name);
        EXPECT(str_equal(workshop_ask(workshop, "SELECT state FROM intake.submission"),
                         STR("decided")),
               name);
        EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.report")
                   == samples[i].reports,
               name);
        EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.report WHERE verdict = 1"
                                         " AND upper_inf(in_force)")
                   == samples[i].accepted,
               name);
        EXPECT((workshop_number(workshop, "SELECT count(*) FROM intake.line") > 0)
                   == (samples[i].accepted > 0),
               name);
        EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.receipt")
                   == samples[i].receipts,
               name);
        EXPECT(workshop_number(workshop, "SELECT count(DISTINCT kind) FROM intake.receipt")
                   == samples[i].kinds,
               name);
        struct str found = workshop_ask(
            workshop,
            "SELECT coalesce(max(code), '') FROM intake.finding WHERE severity = 'error'");
        EXPECT(str_equal(found, str_of(samples[i].code)), name);
        expect_whole(workshop, name);
        workshop_close(workshop);
    }
}

static void
an_unknown_unit_is_undecided_and_its_neighbours_are_not(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    workshop_run(workshop, "UPDATE registry.unit SET regon = '990009990'"
                           " WHERE regon = '990001027'");
    (void)workshop_send(workshop, WORKSHOP_GMINA, 1, "k",
                        workshop_sample(workshop, "dochody-2026-q2.xml"));
    assert_int_equal(workshop_number(workshop, "SELECT verdict FROM intake.submission"), 0);
    assert_true(str_equal(workshop_ask(workshop, "SELECT string_agg(verdict::text, ' ' ORDER BY"
                                                 " ordinal) FROM intake.report"),
                          STR("1 0 1")));
    assert_true(str_equal(
        workshop_ask(workshop, "SELECT reason FROM intake.report WHERE ordinal = 1"),
        STR("Jednostki o numerze REGON 990001027 nie ma w rejestrze bramy: jednostka nieznana")));
    expect_whole(workshop, "unknown unit");
    workshop_close(workshop);
}

static void
junk_is_rejected_with_a_receipt_for_its_sender(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    (void)workshop_send(workshop, WORKSHOP_GMINA, 1, "k", STR("to nie jest XML"));
    assert_int_equal(workshop_number(workshop, "SELECT verdict FROM intake.submission"), 3);
    assert_true(str_equal(workshop_ask(workshop, "SELECT kind || ' ' || regon FROM intake.receipt"),
                          STR("summary 990000022")));
    expect_whole(workshop, "junk");
    workshop_close(workshop);
}

static void
a_correction_takes_the_place_of_the_report_before_it(void **state)
{
    struct workshop *workshop = workshop_open();
    const char      *in_force = "SELECT string_agg(version::text, ' ' ORDER BY regon, version)"
                                " FROM intake.report WHERE upper_inf(in_force)";

    (void)state;
    (void)workshop_send(workshop, WORKSHOP_GMINA, 1, "a",
                        workshop_sample(workshop, "wydatki-2026-q2.xml"));
    (void)workshop_send(workshop, WORKSHOP_GMINA, 2, "b",
                        workshop_sample(workshop, "korekta-wydatki-2026-q2.xml"));
    assert_true(str_equal(workshop_ask(workshop, in_force), STR("1 0 0")));
    assert_int_equal(
        workshop_number(workshop,
                        "SELECT count(*) FROM intake.finding WHERE code ~ 'PACZKA-01[89]'"),
        0);
    workshop_close(workshop);
}

/* Send a sample that came whole at this time from this sender; number names it. */
static void
send_from(struct workshop *workshop, int64_t subject, uint64_t number, const char *file,
          const char *arrived)
{
    struct batch batch = workshop_batch();
    struct str   key = str_format(workshop->arena, "%d", (int)number);
    moment       at = 0;

    assert_true(moment_parse(str_of(arrived), &at));
    struct submission *submission =
        workshop_file(workshop, &batch, subject, number, key.data, workshop_sample(workshop, file));
    submission->filing.first_byte = at * INSTANT_PER_SECOND;
    submission->filing.last_byte = at * INSTANT_PER_SECOND;
    stage_run(&workshop->bench, &batch, STAGE_ADMIT);
    batch_destroy(&batch);
}

static void
send_at(struct workshop *workshop, uint64_t number, const char *file, const char *arrived)
{
    send_from(workshop, WORKSHOP_GMINA, number, file, arrived);
}

/* Every row of a report, in the order of the log: form, number of the decision, what is stated. */
static const char terms_sql[] =
    "SELECT string_agg(concat_ws(' ', r.form, r.n, r.due, r.timeliness, 'v' || r.calendar), ', '"
    " ORDER BY r.log_index, r.ordinal) FROM intake.report r";

/* How many rows of reports have a receipt that says the same of them. */
static const char stated_sql[] =
    "SELECT count(*) FROM intake.report r JOIN intake.receipt c ON c.submission = r.submission"
    " AND c.n = r.n AND c.kind = 'unit' AND r.ordinal = ANY (c.reports)"
    " WHERE position(format('<Termin>%s</Termin><Terminowosc>%s</Terminowosc>', r.due,"
    " r.timeliness) IN convert_from(c.bytes, 'UTF8')) > 0"
    " AND position('<WersjaKalendarza>1</WersjaKalendarza><PodstawaTerminu>'"
    " IN convert_from(c.bytes, 'UTF8')) > 0";

static void
rows_and_receipts_state_the_term_and_keep_it_when_decided_again(void **state)
{
    struct workshop *workshop = workshop_open();
    const char      *before = "RB27S 1 2026-07-10 in_time v1, RB28S 1 2026-07-10 in_time v1,"
                              " RB28S 1 2026-07-10 correction v1";

    (void)state;
    send_at(workshop, 1, "oba-2026-q2-jedna-szkola.xml", "2026-07-10T23:59:59+02:00");
    send_at(workshop, 2, "korekta-wydatki-2026-q2.xml", "2026-07-25T09:00:00+02:00");
    assert_string_equal(workshop_ask(workshop, terms_sql).data, before);
    assert_int_equal(workshop_number(workshop, stated_sql), 3);
    assert_int_equal(workshop_number(workshop, "SELECT count(DISTINCT calendar) FROM"
                                               " intake.decision WHERE length(calendar) = 32"),
                     1);
    workshop_run(workshop, "INSERT INTO intake.work (submission, cause)"
                           " SELECT submission, 'retry' FROM intake.submission");
    while (workshop_take(workshop) > 0) {
    }
    struct str after = str_format(
        workshop->arena, "%s, %s", before,
        "RB27S 2 2026-07-10 in_time v1, RB28S 2 2026-07-10 in_time v1, RB28S 2 2026-07-10"
        " correction v1");
    assert_string_equal(workshop_ask(workshop, terms_sql).data, after.data);
    assert_int_equal(workshop_number(workshop, stated_sql), 6);
    expect_whole(workshop, "terms");
    workshop_close(workshop);
}

static void
who_files_for_the_first_time_after_the_term_is_late(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    send_at(workshop, 1, "oba-2026-q2-jedna-szkola.xml", "2026-07-11T00:00:00+02:00");
    assert_string_equal(workshop_ask(workshop, terms_sql).data,
                        "RB27S 1 2026-07-10 late v1, RB28S 1 2026-07-10 late v1");
    assert_int_equal(workshop_number(workshop, stated_sql), 2);
    workshop_close(workshop);
}

/* From the registry to the term: an urząd files with the Typ of a budget unit, and later than one.
 */
static void
the_kind_of_the_unit_finds_its_term(void **state)
{
    static const struct {
        const char *kind;
        const char *want;
    } cases[] = {
        {"jednostka-budzetowa", "RB27S 1 2026-07-10 in_time v1, RB28S 1 2026-07-10 in_time v1"},
        {"cuw",                 "RB27S 1 2026-07-10 in_time v1, RB28S 1 2026-07-10 in_time v1"},
        {"urzad",               "RB27S 1 2026-07-21 in_time v1, RB28S 1 2026-07-10 in_time v1"},
        {"organ",               "RB27S 1  v, RB28S 1  v"                                      },
        {"spzoz",               "RB27S 1  v, RB28S 1  v"                                      },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct workshop *workshop = workshop_open();
        workshop_run(workshop, str_format(workshop->arena,
                                          "SELECT set_config('brama.dated', 'on', false);"
                                          " UPDATE registry.unit SET kind = '%s'"
                                          " WHERE regon = '990001010'",
                                          cases[i].kind)
                                   .data);
        send_at(workshop, 1, "oba-2026-q2-jedna-szkola.xml", "2026-07-10T09:00:00+02:00");
        EXPECT(str_equal(workshop_ask(workshop, terms_sql), str_of(cases[i].want)), cases[i].kind);
        workshop_close(workshop);
    }
}

/* What is stated in the end of every report, in the order in which they came. */
static const char stated_at_last_sql[] =
    "SELECT string_agg(concat_ws(' ', right(r.regon, 4), r.form, r.timeliness), ', '"
    " ORDER BY r.arrived, r.ordinal) FROM intake.report r"
    " JOIN intake.submission s ON s.submission = r.submission AND s.decided_n = r.n";

/* Packages of which each has a report of one key, and when they came. */
enum { ORDERED = 3 };
static const struct {
    const char *file;
    const char *arrived;
} ordered[ORDERED] = {
    {"oba-2026-q2-jedna-szkola.xml", "2026-07-10T09:00:00+02:00"},
    {"korekta-wydatki-2026-q2.xml",  "2026-07-25T09:00:00+02:00"},
    {"wydatki-2026-q2.xml",          "2026-07-26T09:00:00+02:00"},
};

static const size_t orders[][ORDERED] = {
    {0, 1, 2},
    {0, 2, 1},
    {1, 0, 2},
    {1, 2, 0},
    {2, 0, 1},
    {2, 1, 0},
};

static const char in_order[] = "1010 RB27S in_time, 1010 RB28S in_time, 1010 RB28S correction,"
                               " 1010 RB28S correction, 1027 RB28S late, 1033 RB28S late";

static void
what_is_late_in_the_end_does_not_depend_on_the_order_of_decisions(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(orders); i++) {
        struct workshop *workshop = workshop_open();
        struct str       name = str_format(workshop->arena, "order %zu", i);
        for (size_t j = 0; j < ORDERED; j++) {
            size_t at = orders[i][j];
            send_at(workshop, at + 1, ordered[at].file, ordered[at].arrived);
        }
        while (workshop_take(workshop) > 0) {
        }
        EXPECT(str_equal(workshop_ask(workshop, stated_at_last_sql), str_of(in_order)), name.data);
        EXPECT(workshop_number(workshop, stated_sql)
                   == workshop_number(workshop, "SELECT count(*) FROM intake.report"),
               name.data);
        expect_whole(workshop, name.data);
        workshop_close(workshop);
    }
}

/* The Rb-28s of one school came twice in time; of the two others, once. */
static void
what_corrects_in_time_does_not_depend_on_the_order_of_decisions(void **state)
{
    static const struct {
        const char *file;
        const char *arrived;
    } versions[] = {
        {"oba-2026-q2-jedna-szkola.xml", "2026-07-10T09:00:00+02:00"},
        {"wydatki-2026-q2.xml",          "2026-07-10T10:00:00+02:00"},
    };

    (void)state;
    for (size_t first = 0; first < ARRAY_COUNT(versions); first++) {
        struct workshop *workshop = workshop_open();
        struct str       name = str_format(workshop->arena, "version %zu first", first);
        for (size_t i = 0; i < ARRAY_COUNT(versions); i++) {
            size_t at = (first + i) % ARRAY_COUNT(versions);
            send_at(workshop, at + 1, versions[at].file, versions[at].arrived);
        }
        EXPECT(workshop_take(workshop) == first, name.data);
        EXPECT(workshop_take(workshop) == 0, name.data);
        EXPECT(str_equal(workshop_ask(workshop,
                                      "SELECT string_agg(concat_ws(' ', r.form,"
                                      " r.timeliness, r.corrects), ', ' ORDER BY r.arrived,"
                                      " r.ordinal) FROM intake.report r JOIN intake.submission s"
                                      " ON s.submission = r.submission AND s.decided_n = r.n"),
                         STR("RB27S in_time f, RB28S in_time f, RB28S in_time t,"
                             " RB28S in_time f, RB28S in_time f")),
               name.data);
        expect_whole(workshop, name.data);
        workshop_close(workshop);
    }
}

/* The school is entered in the registry only after all have come. */
static void
what_waited_for_its_unit_is_late_or_not_whatever_the_order_of_work(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(orders); i++) {
        struct workshop *workshop = workshop_open();
        struct str       name = str_format(workshop->arena, "order %zu", i);
        workshop_run(workshop, "UPDATE registry.unit SET regon = '990009990'"
                               " WHERE regon = '990001010'");
        for (size_t j = 0; j < ORDERED; j++) {
            send_at(workshop, j + 1, ordered[j].file, ordered[j].arrived);
        }
        workshop_run(workshop, "UPDATE registry.unit SET regon = '990001010'"
                               " WHERE regon = '990009990'");
        for (size_t j = 0; j < ORDERED; j++) {
            workshop_run(workshop, str_format(workshop->arena,
                                              "INSERT INTO intake.work (submission, cause)"
                                              " SELECT submission, 'unit-registered'"
                                              " FROM intake.submission ORDER BY arrived"
                                              " OFFSET %zu LIMIT 1",
                                              orders[i][j])
                                       .data);
        }
        while (workshop_take(workshop) > 0) {
        }
        EXPECT(str_equal(workshop_ask(workshop, stated_at_last_sql), str_of(in_order)), name.data);
        workshop_close(workshop);
    }
}

/* And back again: what had come first is accepted no more. */
static void
a_correction_of_what_is_no_longer_accepted_is_late(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    for (size_t i = 0; i + 1 < ORDERED; i++) {
        send_at(workshop, i + 1, ordered[i].file, ordered[i].arrived);
    }
    assert_string_equal(workshop_ask(workshop, stated_at_last_sql).data,
                        "1010 RB27S in_time, 1010 RB28S in_time, 1010 RB28S correction");
    workshop_run(workshop, "UPDATE registry.unit SET regon = '990009990' WHERE regon ="
                           " '990001010';"
                           "INSERT INTO intake.work (submission, cause) SELECT submission, 'retry'"
                           " FROM intake.submission ORDER BY arrived LIMIT 1");
    assert_int_equal(workshop_take(workshop), 1);
    workshop_run(workshop, "UPDATE registry.unit SET regon = '990001010'"
                           " WHERE regon = '990009990'");
    assert_int_equal(workshop_number(workshop,
                                     "SELECT count(*) FROM intake.work WHERE done_at IS NULL"
                                     " AND cause = 'earlier-decided'"),
                     1);
    assert_int_equal(workshop_take(workshop), 1);
    assert_int_equal(workshop_take(workshop), 0);
    assert_string_equal(workshop_ask(workshop, stated_at_last_sql).data,
                        "1010 RB27S , 1010 RB28S , 1010 RB28S late");
    expect_whole(workshop, "back again");
    workshop_close(workshop);
}

/* A school sends by itself what its gmina has filed for it in time. */
static void
the_same_report_byte_for_byte_is_no_correction(void **state)
{
    enum { SCHOOL = 2 };

    struct workshop *workshop = workshop_open();
    const char      *told = "SELECT count(*) FROM intake.finding WHERE code = 'PACZKA-021'";

    (void)state;
    send_at(workshop, 1, "oba-2026-q2-jedna-szkola.xml", "2026-07-10T23:59:59+02:00");
    assert_int_equal(workshop_number(workshop, told), 0);
    send_from(workshop, SCHOOL, 2, "oba-2026-q2-jedna-szkola.xml", "2026-07-15T09:00:00+02:00");
    assert_string_equal(workshop_ask(workshop, terms_sql).data,
                        "RB27S 1 2026-07-10 in_time v1, RB28S 1 2026-07-10 in_time v1,"
                        " RB27S 1 2026-07-10 in_time v1, RB28S 1 2026-07-10 in_time v1");
    assert_int_equal(workshop_number(workshop, told), 2);
    assert_int_equal(workshop_number(workshop, stated_sql), 4);
    expect_whole(workshop, "the same report again");
    workshop_close(workshop);
}

static void
what_is_rejected_has_a_term_and_no_timeliness(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    send_at(workshop, 1, "zle-zmieniona-po-podpisie.xml", "2026-07-10T09:00:00+02:00");
    assert_string_equal(workshop_ask(workshop, terms_sql).data, "RB28S 1 2026-07-10  v1");
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.receipt WHERE"
                                               " position('Terminowosc' IN convert_from(bytes,"
                                               " 'UTF8')) > 0"),
                     0);
    workshop_close(workshop);
}

/* The correction first: the lower Wersja is accepted, is asked about, and brings nothing about. */
static void
a_lower_version_is_accepted_with_a_query_and_replaces_nothing(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    (void)workshop_send(workshop, WORKSHOP_GMINA, 1, "a",
                        workshop_sample(workshop, "korekta-wydatki-2026-q2.xml"));
    (void)workshop_send(workshop, WORKSHOP_GMINA, 2, "b",
                        workshop_sample(workshop, "wydatki-2026-q2.xml"));
    assert_int_equal(workshop_number(workshop, "SELECT min(verdict) FROM intake.submission"), 1);
    assert_true(str_equal(
        workshop_ask(workshop, "SELECT string_agg(code || ' ' || severity || ' ' || expected, ',')"
                               " FROM intake.finding WHERE code ~ 'PACZKA-01[89]'"),
        STR("PACZKA-019 query 1")));
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.report"
                                               " WHERE upper_inf(in_force)"),
                     3);
    workshop_close(workshop);
}

static void
repeats_are_answered_and_change_nothing(void **state)
{
    struct workshop     *workshop = workshop_open();
    struct str           bytes = workshop_sample(workshop, "dochody-2026-q2.xml");
    struct workshop_told told = workshop_send(workshop, WORKSHOP_GMINA, 1, "k", bytes);

    (void)state;
    assert_int_equal(told.news.kind, FILING_DECIDED);
    told = workshop_send(workshop, WORKSHOP_GMINA, 2, "k", bytes);
    assert_int_equal(told.news.kind, FILING_REPEAT);
    assert_true(told.news.decided);
    assert_true(told.news.by_key);
    assert_true(uuid_equal(told.news.id, workshop_id(1)));
    told = workshop_send(workshop, WORKSHOP_GMINA, 3, "another", bytes);
    assert_int_equal(told.news.kind, FILING_REPEAT);
    assert_false(told.news.by_key);
    told = workshop_send(workshop, WORKSHOP_GMINA, 4, "k", STR("inne bajty"));
    assert_int_equal(told.news.kind, FILING_KEY_REUSED);
    told = workshop_send(workshop, WORKSHOP_GMINA, 1, "k", bytes); /* handed over again */
    assert_int_equal(told.news.kind, FILING_DECIDED);
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.submission"), 1);
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.log"), 1);
    workshop_close(workshop);
}

static void
what_a_credential_files_after_its_end_is_refused_and_not_stored(void **state)
{
    static const struct {
        const char           *change;
        enum filing_news_kind kind;
    } cases[] = {
        {"UPDATE registry.credential SET expires_at = now()", FILING_EXPIRED},
        {"UPDATE registry.credential SET revoked_at = now()", FILING_REVOKED},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct workshop *workshop = workshop_open();
        struct str       bytes = workshop_sample(workshop, "dochody-2026-q2.xml");
        workshop_run(workshop, cases[i].change);
        struct workshop_told told = workshop_send(workshop, WORKSHOP_GMINA, 1, "k", bytes);
        EXPECT(told.news.kind == cases[i].kind, cases[i].change);
        EXPECT(workshop_count(workshop, FILING_ADMITTED) == 0, cases[i].change);
        EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.submission") == 0,
               cases[i].change);
        workshop_close(workshop);
    }
}

static void
without_a_signer_nothing_is_concluded_and_nothing_counted(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    workshop->signer_away = true;
    struct workshop_told told = workshop_send(workshop, WORKSHOP_GMINA, 1, "k",
                                              workshop_sample(workshop, "dochody-2026-q2.xml"));
    assert_int_equal(told.news.kind, FILING_ADMITTED);
    workshop->signer_away = false;
    workshop->sign_failures = 1; /* it goes while it is asked */
    assert_int_equal(workshop_take(workshop), 1);
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.decision"), 0);
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.log"), 0);
    assert_int_equal(workshop_number(workshop, "SELECT attempts FROM intake.submission"), 0);
    assert_int_equal(workshop_take(workshop), 1);
    assert_int_equal(workshop_number(workshop, "SELECT verdict FROM intake.submission"), 1);
    assert_true(workshop->told[workshop->told_count - 1].to_all);
    assert_int_equal(workshop->told[workshop->told_count - 1].news.kind, FILING_DECIDED);
    expect_whole(workshop, "signer");
    workshop_close(workshop);
}

static void
without_a_checker_what_is_admitted_waits(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    workshop->checker_away = true;
    (void)workshop_send(workshop, WORKSHOP_GMINA, 1, "k", STR("<a/>"));
    assert_int_equal(workshop_number(workshop, "SELECT attempts FROM intake.submission"), 0);
    workshop->checker_away = false;
    assert_int_equal(workshop_take(workshop), 1);
    assert_int_equal(workshop_number(workshop, "SELECT verdict FROM intake.submission"), 3);
    workshop_close(workshop);
}

/* What it cost is written down with memory that the batch could not take. */
static void
a_document_that_takes_all_memory_alone_costs_an_attempt_and_among_others_none(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    workshop->checker_greedy = true;
    (void)workshop_send(workshop, WORKSHOP_GMINA, 1, "k", STR("<a/>"));
    assert_int_equal(workshop_number(workshop, "SELECT attempts FROM intake.submission"), 1);
    struct batch batch = workshop_batch();
    (void)workshop_file(workshop, &batch, WORKSHOP_GMINA, 2, "l", STR("<b/>"));
    (void)workshop_file(workshop, &batch, WORKSHOP_GMINA, 3, "m", STR("<c/>"));
    stage_run(&workshop->bench, &batch, STAGE_ADMIT);
    batch_destroy(&batch);
    assert_int_equal(workshop_number(workshop, "SELECT sum(attempts) FROM intake.submission"), 1);
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.submission "
                                               "WHERE owner IS NULL"),
                     3);
    assert_int_equal(workshop->bench.alone, 2);
    workshop_close(workshop);
}

static void
fill_with_junk(struct workshop *workshop, struct batch *batch, size_t killer)
{
    for (size_t i = 0; i < BATCH_DOCUMENTS_MAX; i++) {
        struct str key = str_format(workshop->arena, "key %zu", i);
        struct str bytes =
            i == killer ? STR(WORKSHOP_KILLER) : str_format(workshop->arena, "<a n='%03zu'/>", i);
        (void)workshop_file(workshop, batch, WORKSHOP_GMINA, i + 1, key.data, bytes);
    }
}

static void
a_document_that_kills_its_checker_is_parked_and_63_others_are_concluded(void **state)
{
    struct workshop *workshop = workshop_open();
    struct batch     batch = workshop_batch();

    (void)state;
    fill_with_junk(workshop, &batch, 17);
    stage_run(&workshop->bench, &batch, STAGE_ADMIT);
    batch_destroy(&batch);
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.submission"
                                               " WHERE state = 'decided'"),
                     63);
    assert_int_equal(workshop_number(workshop, "SELECT max(attempts) FROM intake.submission"), 1);
    assert_int_equal(workshop_take(workshop), 1);
    assert_int_equal(workshop_number(workshop, "SELECT max(attempts) FROM intake.submission"), 2);
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.decision"), 63);
    assert_int_equal(workshop_take(workshop), 1);
    assert_true(str_equal(workshop_ask(workshop, "SELECT state || ' ' || n || ' ' || verdict FROM"
                                                 " intake.submission WHERE attempts > 0"),
                          STR("parked 1 0")));
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.receipt"
                                               " WHERE kind = 'delivery'"),
                     1);
    assert_int_equal(workshop_take(workshop), 0);
    expect_whole(workshop, "killer");
    workshop_close(workshop);
}

static void
the_one_whose_receipt_cannot_be_made_is_found_among_64(void **state)
{
    struct workshop *workshop = workshop_open();
    struct batch     batch = workshop_batch();

    (void)state;
    workshop->refuses = STR(WORKSHOP_KILLER "!");
    fill_with_junk(workshop, &batch, BATCH_DOCUMENTS_MAX);
    batch.items[40].bytes = workshop->refuses;
    batch.items[40].filing.size = workshop->refuses.size;
    struct fault fault = {0};
    assert_int_equal(fingerprint_of(workshop->refuses, batch.items[40].filing.sha256, &fault),
                     ERR_OK);
    batch.items[40].bytes = STR("<zabija />!"); /* as long, but no killer */
    assert_int_equal(fingerprint_of(batch.items[40].bytes, batch.items[40].filing.sha256, &fault),
                     ERR_OK);
    batch.items[40].filing.size = batch.items[40].bytes.size;
    workshop->refuses = batch.items[40].bytes;
    stage_run(&workshop->bench, &batch, STAGE_ADMIT);
    batch_destroy(&batch);
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.submission"
                                               " WHERE state = 'decided'"),
                     63);
    assert_int_equal(workshop_number(workshop, "SELECT sum(attempts) FROM intake.submission"), 1);
    assert_int_equal(workshop_take(workshop), 1);
    assert_int_equal(workshop_take(workshop), 1);
    assert_true(
        str_equal(workshop_ask(workshop, "SELECT state FROM intake.submission WHERE attempts > 0"),
                  STR("parked")));
    expect_whole(workshop, "halving");
    workshop_close(workshop);
}

/* What anybody may suffer from is nobody's; what only one suffers from, again and again, is its
 * own. */
static void
whoever_ends_the_signer_or_the_session_is_found_and_an_outage_blames_nobody(void **state)
{
    enum { OUTAGES = 3 * QUEUE_GIVEN_BACK_MAX, OTHERS = 3 };

    (void)state;
    for (int session = 0; session < 2; session++) {
        struct workshop *workshop = workshop_open();
        workshop->refuses = STR("<zabija-podpisujacego/>");
        workshop->signer_dies = session == 0;
        workshop->session_dies = session == 1;
        (void)workshop_send(workshop, WORKSHOP_GMINA, 1, "k", workshop->refuses);
        for (int i = 0; i < OUTAGES; i++) { /* nobody else is concluded either */
            assert_int_equal(workshop_take(workshop), 1);
        }
        assert_int_equal(workshop_number(workshop, "SELECT attempts FROM intake.submission"), 0);
        assert_int_equal(workshop_number(workshop, "SELECT given_back FROM intake.submission"),
                         OUTAGES + 1);
        for (uint64_t i = 0; i < OTHERS; i++) {
            const char *key = str_format(workshop->arena, "other-%d", (int)i).data;
            (void)workshop_send(workshop, WORKSHOP_GMINA, 2 + i, key,
                                str_format(workshop->arena, "<a n='%d'/>", (int)i));
            assert_int_equal(
                workshop_number(workshop, "SELECT attempts FROM intake.submission WHERE key = 'k'"),
                (int64_t)i);
            assert_int_equal(workshop_take(workshop), 1);
        }
        assert_int_equal(workshop_take(workshop), 1);
        assert_true(str_equal(workshop_ask(workshop, "SELECT state || ' ' || attempts"
                                                     " FROM intake.submission WHERE key = 'k'"),
                              STR("parked 3")));
        expect_whole(workshop, session == 0 ? "signer ends" : "session ends");
        workshop_close(workshop);
    }
}

/* An orderly end gives rows back for others at once, and is no failure. */
static void
a_worker_that_is_to_end_puts_nothing_off(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    workshop->signer_away = true;
    workshop->ending = true;
    (void)workshop_send(workshop, WORKSHOP_GMINA, 1, "k", STR("<a/>"));
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.submission"
                                               " WHERE owner IS NULL AND lease_until IS NULL"
                                               "   AND given_back = 0 AND attempts = 0"),
                     1);
    workshop_close(workshop);
}

static void
many_receipts_are_signed_in_small_pieces(void **state)
{
    enum { PIECE = 32 };
    struct workshop *workshop = workshop_open();
    struct batch     batch = workshop_batch();

    (void)state;
    fill_with_junk(workshop, &batch, BATCH_DOCUMENTS_MAX);
    stage_run(&workshop->bench, &batch, STAGE_ADMIT);
    batch_destroy(&batch);
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.receipt"),
                     BATCH_DOCUMENTS_MAX);
    assert_int_equal(workshop->signed_at_once, PIECE);
    workshop_close(workshop);
}

static void
receive_only_gives_a_receipt_of_delivery_and_decides_later(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    workshop->bench.receive_only = true;
    struct workshop_told told = workshop_send(workshop, WORKSHOP_GMINA, 1, "k",
                                              workshop_sample(workshop, "dochody-2026-q2.xml"));
    assert_int_equal(told.news.kind, FILING_DECIDED);
    assert_int_equal(workshop->checked, 0);
    assert_true(str_equal(workshop_ask(workshop, "SELECT state || ' ' || n FROM intake.submission"),
                          STR("received 1")));
    workshop->bench.receive_only = false;
    assert_int_equal(workshop_take(workshop), 1);
    assert_true(str_equal(
        workshop_ask(workshop, "SELECT state || ' ' || n || ' ' || verdict FROM intake.submission"),
        STR("decided 2 1")));
    assert_true(str_equal(
        workshop_ask(workshop,
                     "SELECT string_agg(kind, ' ' ORDER BY n, ordinal) FROM intake.receipt"),
        STR("delivery summary unit unit unit")));
    expect_whole(workshop, "receive-only");
    workshop_close(workshop);
}

static void
a_second_worker_takes_over_what_the_first_has_left(void **state)
{
    struct workshop *first = workshop_open();
    struct workshop *second = workshop_second(first, 1);
    struct batch     batch = workshop_batch();
    struct part      part = {.count = 1};
    struct fault     fault = {0};

    (void)state;
    (void)workshop_file(first, &batch, WORKSHOP_GMINA, 1, "k",
                        workshop_sample(first, "dochody-2026-q2.xml"));
    assert_int_equal(stage_admit(&first->bench, &batch, &part, &fault), ERR_OK);
    assert_int_equal(workshop_take(second), 0); /* the lease holds */
    workshop_run(first, "UPDATE intake.submission SET lease_until = now() - interval '1 second'");
    assert_int_equal(workshop_take(second), 1);
    assert_int_equal(workshop_number(first, "SELECT verdict FROM intake.submission"), 1);
    /* The first one lives after all, and goes on where it was: the decision stands. */
    stage_run(&first->bench, &batch, STAGE_CHECK);
    assert_int_equal(batch.items[0].leaving, LEAVING_ANSWERED);
    assert_int_equal(workshop_count(first, FILING_DECIDED), 1);
    assert_int_equal(workshop_number(first, "SELECT count(*) FROM intake.log"), 1);
    batch_destroy(&batch);
    workshop_close(second);
    workshop_close(first);
}

static void
a_busy_jst_is_waited_for_and_then_left_in_the_queue(void **state)
{
    struct workshop *first = workshop_open();
    struct workshop *second = workshop_second(first, 1);
    struct arena    *arena = arena_create(1 << 20);
    int64_t          key = WORKSHOP_GMINA;
    bool             obtained = false;
    instant          now = 0;
    struct fault     fault = {0};

    (void)state;
    assert_int_equal(conclusion_begin(second->bench.store, arena, &now, &fault), ERR_OK);
    assert_int_equal(conclusion_lock(second->bench.store, arena, &key, 1, &obtained, &fault),
                     ERR_OK);
    assert_true(obtained);
    (void)workshop_send(first, WORKSHOP_GMINA, 1, "k",
                        workshop_sample(first, "dochody-2026-q2.xml"));
    assert_true(first->pauses > 0);
    assert_true(first->bench.hurry);
    assert_int_equal(workshop_number(first, "SELECT count(*) FROM intake.decision"), 0);
    assert_int_equal(workshop_number(first, "SELECT attempts FROM intake.submission"), 0);
    store_rollback(second->bench.store);
    assert_int_equal(workshop_take(second), 1); /* whoever comes first */
    assert_int_equal(workshop_number(first, "SELECT verdict FROM intake.submission"), 1);
    arena_destroy(arena);
    workshop_close(second);
    workshop_close(first);
}

static void
a_connection_lost_in_between_is_made_anew_and_nothing_is_counted(void **state)
{
    struct workshop *workshop = workshop_open();
    struct str       bytes = workshop_sample(workshop, "dochody-2026-q2.xml");

    (void)state;
    workshop_run(workshop, "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                           " WHERE usename = 'brama_writer'");
    struct workshop_told told = workshop_send(workshop, WORKSHOP_GMINA, 1, "k", bytes);
    assert_int_equal(told.news.kind, FILING_DECIDED);
    assert_int_equal(workshop_number(workshop, "SELECT attempts FROM intake.submission"), 0);
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.submission"), 1);
    expect_whole(workshop, "lost");
    workshop_close(workshop);
}

/* A JST per transaction, all of a batch in one go all the same. */
static void
packages_of_one_jst_follow_one_another_in_one_batch(void **state)
{
    struct workshop *workshop = workshop_open();
    struct batch     batch = workshop_batch();
    const char      *files[] = {"wydatki-2026-q2.xml", "korekta-wydatki-2026-q2.xml",
                                "dochody-2026-q2.xml"};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(files); i++) {
        struct str key = str_format(workshop->arena, "%zu", i);
        (void)workshop_file(workshop, &batch, WORKSHOP_GMINA, i + 1, key.data,
                            workshop_sample(workshop, files[i]));
    }
    stage_run(&workshop->bench, &batch, STAGE_ADMIT);
    batch_destroy(&batch);
    assert_int_equal(workshop_count(workshop, FILING_DECIDED), 3);
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.report"
                                               " WHERE upper_inf(in_force)"),
                     6);
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.report"
                                               " WHERE NOT upper_inf(in_force)"),
                     1);
    expect_whole(workshop, "one JST");
    workshop_close(workshop);
}

/* From now on this table answers an INSERT with a SQLSTATE of this kind; NULL: no more. */
static void
break_table(const struct workshop *workshop, const char *table, const char *state)
{
    struct str drop = str_format(workshop->arena, "DROP TRIGGER IF EXISTS broken ON %s", table);

    workshop_run(workshop, drop.data);
    if (state == NULL) {
        return;
    }
    workshop_run(workshop, str_format(workshop->arena,
                                      "CREATE OR REPLACE FUNCTION public.break() RETURNS trigger "
                                      "LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken' "
                                      "USING ERRCODE = '%s'; END $$;"
                                      "CREATE TRIGGER broken BEFORE INSERT ON %s FOR EACH ROW "
                                      "EXECUTE FUNCTION public.break()",
                                      state, table)
                               .data);
}

/* What the database says while something is concluded, and what that costs the document. */
static const struct {
    const char *state;
    int         attempts;
    bool        repeated; /* at once, with pauses */
} refusals[] = {
    {"57014", 0, true }, /* the statement took too long */
    {"57P01", 0, true },
    {"53100", 0, true }, /* its disk is full */
    {"40001", 0, true },
    {"40P01", 0, true },
    {"25006", 0, true }, /* it has become a standby */
    {"26000", 0, true },
    {"42P01", 0, false}, /* a table is missing */
    {"42501", 0, false},
    {"0A000", 0, false},
    {"XX001", 0, false}, /* its data are damaged */
    {"22001", 1, false}, /* this document's values */
    {"23514", 1, false},
    {"54000", 1, false},
    {"P0001", 1, false},
};

static void
only_what_a_document_is_to_blame_for_counts_an_attempt(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        const char *name = refusals[i].state;
        struct str  key = str_format(workshop->arena, "%s", name);
        struct str  bytes = str_format(workshop->arena, "<a>%s</a>", name);
        size_t      pauses = workshop->pauses;
        break_table(workshop, "intake.decision", name);
        (void)workshop_send(workshop, WORKSHOP_GMINA, i + 1, key.data, bytes);
        EXPECT(workshop_number(workshop, "SELECT attempts FROM intake.submission"
                                         " ORDER BY ordinal DESC LIMIT 1")
                   == refusals[i].attempts,
               name);
        EXPECT((workshop->pauses > pauses) == refusals[i].repeated, name);
        EXPECT(str_equal(workshop_ask(workshop, "SELECT state || coalesce(owner, '') FROM"
                                                " intake.submission ORDER BY ordinal DESC LIMIT 1"),
                         STR("received")),
               name);
        EXPECT(store_is_open(workshop->bench.store), name); /* made anew, to give it back */
        break_table(workshop, "intake.decision", NULL);
        EXPECT(workshop_take(workshop) == 1, name);
        EXPECT(workshop_number(workshop, "SELECT verdict FROM intake.submission"
                                         " ORDER BY ordinal DESC LIMIT 1")
                   == 3,
               name);
    }
    expect_whole(workshop, "refusals");
    workshop_close(workshop);
}

static void
a_digest_of_the_front_that_is_not_the_documents_stores_nothing(void **state)
{
    struct workshop *workshop = workshop_open();
    struct batch     batch = workshop_batch();

    (void)state;
    for (uint64_t i = 1; i <= 3; i++) {
        struct str key = str_format(workshop->arena, "%d", (int)i);
        (void)workshop_file(workshop, &batch, WORKSHOP_GMINA, i, key.data,
                            str_format(workshop->arena, "<a n='%d'/>", (int)i));
    }
    batch.items[1].filing.sha256[31] ^= 1U;
    stage_run(&workshop->bench, &batch, STAGE_ADMIT);
    batch_destroy(&batch);
    assert_int_equal(workshop_count(workshop, FILING_FAILED), 1);
    assert_int_equal(workshop_count(workshop, FILING_DECIDED), 2);
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.submission"), 2);
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.document"), 2);
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.claim_digest"), 2);
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.claim_key"), 2);
    expect_whole(workshop, "digest");
    workshop_close(workshop);
}

static void
checkers_that_end_before_they_read_are_not_asked_for_ever(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    workshop->checker_idle = true;
    (void)workshop_send(workshop, WORKSHOP_GMINA, 1, "k", STR("<a/>"));
    assert_int_equal(workshop_number(workshop, "SELECT attempts FROM intake.submission"), 0);
    assert_true(
        str_equal(workshop_ask(workshop, "SELECT state FROM intake.submission"), STR("received")));
    workshop->checker_idle = false;
    assert_int_equal(workshop_take(workshop), 1);
    assert_int_equal(workshop_number(workshop, "SELECT verdict FROM intake.submission"), 3);
    workshop_close(workshop);
}

/* Not even the delivery can be concluded: it is shown to the operator, and left alone. */
static void
a_delivery_that_fails_each_time_is_parked_without_a_receipt_and_can_be_retried(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    break_table(workshop, "intake.decision", "P0001");
    (void)workshop_send(workshop, WORKSHOP_GMINA, 1, "k",
                        workshop_sample(workshop, "dochody-2026-q2.xml"));
    size_t takes = 0;
    while (takes < 20 && workshop_take(workshop) > 0) {
        takes++;
    }
    assert_int_equal(takes, 5); /* two more attempts at it, the third with its delivery; two more
                                   at that alone, and one that ends it */
    assert_true(str_equal(workshop_ask(workshop, "SELECT state || ' ' || n || ' ' || verdict || ' '"
                                                 " || attempts FROM intake.submission"),
                          STR("parked 0 0 6")));
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.log"), 0);
    break_table(workshop, "intake.decision", NULL);
    assert_int_equal(workshop_take(workshop), 0);
    workshop_run(workshop, "INSERT INTO intake.work (submission, cause) "
                           "SELECT submission, 'retry' FROM intake.submission");
    assert_int_equal(workshop_take(workshop), 1);
    assert_true(str_equal(workshop_ask(workshop, "SELECT state || ' ' || n || ' ' || verdict"
                                                 " FROM intake.submission"),
                          STR("decided 1 1")));
    expect_whole(workshop, "abandoned");
    workshop_close(workshop);
}

static void
a_decision_again_that_fails_each_time_leaves_what_was_decided(void **state)
{
    struct workshop *workshop = workshop_open();

    (void)state;
    (void)workshop_send(workshop, WORKSHOP_GMINA, 1, "k",
                        workshop_sample(workshop, "dochody-2026-q2.xml"));
    workshop_run(workshop, "INSERT INTO intake.work (submission, cause, attempts) "
                           "SELECT submission, 'retry', 3 FROM intake.submission");
    assert_int_equal(workshop_take(workshop), 1);
    assert_true(str_equal(workshop_ask(workshop, "SELECT state || ' ' || n || ' ' || decided_n ||"
                                                 " ' ' || verdict FROM intake.submission"),
                          STR("decided 2 1 1")));
    assert_true(str_equal(workshop_ask(workshop, "SELECT kind || ' ' || (reason ~ 'poprzednie"
                                                 " rozstrzygnięcie pozostaje bez zmian') FROM"
                                                 " intake.decision WHERE n = 2"),
                          STR("delivery true")));
    assert_int_equal(workshop_number(workshop, "SELECT count(*) FROM intake.report"
                                               " WHERE upper_inf(in_force)"),
                     3);
    workshop_run(workshop, "INSERT INTO intake.work (submission, cause, attempts) "
                           "SELECT submission, 'retry', 6 FROM intake.submission");
    assert_int_equal(workshop_take(workshop), 1); /* ended without a word more */
    assert_int_equal(workshop_number(workshop, "SELECT n FROM intake.submission"), 2);
    assert_int_equal(workshop_take(workshop), 0);
    expect_whole(workshop, "again");
    workshop_close(workshop);
}

/* The school was moved: what is decided again concerns the JST of then and that of now. */
static void
a_decision_again_after_a_move_waits_for_both_jst(void **state)
{
    static const int64_t tops[] = {WORKSHOP_GMINA, WORKSHOP_OTHER_GMINA};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(tops); i++) {
        struct workshop *first = workshop_open();
        struct workshop *second = workshop_second(first, 1);
        bool             obtained = false;
        instant          now = 0;
        struct fault     fault = {0};
        const char      *name = i == 0 ? "the JST of then" : "the JST of now";
        (void)workshop_send(first, WORKSHOP_GMINA, 1, "k",
                            workshop_sample(first, "oba-2026-q2-jedna-szkola.xml"));
        workshop_run(first, "UPDATE registry.unit SET parent = 5 WHERE parent = 1");
        workshop_run(first, "INSERT INTO intake.work (submission, cause) "
                            "SELECT submission, 'retry' FROM intake.submission");
        ENSURE(conclusion_begin(second->bench.store, second->arena, &now, &fault) == ERR_OK);
        ENSURE(conclusion_lock(second->bench.store, second->arena, &tops[i], 1, &obtained, &fault)
               == ERR_OK);
        EXPECT(obtained, name);
        EXPECT(workshop_take(first) == 1, name);
        EXPECT(workshop_number(first, "SELECT n FROM intake.submission") == 1, name);
        store_rollback(second->bench.store);
        EXPECT(workshop_take(first) == 1, name);
        EXPECT(workshop_number(first, "SELECT n FROM intake.submission") == 2, name);
        expect_whole(first, name);
        workshop_close(second);
        workshop_close(first);
    }
}

/* A body serves units of two JST and files for both in one package. */
static void
a_package_of_two_jst_waits_for_both(void **state)
{
    static const int64_t tops[] = {WORKSHOP_GMINA, WORKSHOP_OTHER_GMINA};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(tops); i++) {
        struct workshop *first = workshop_open();
        struct workshop *second = workshop_second(first, 1);
        struct arena    *arena = arena_create(1 << 20);
        bool             obtained = false;
        instant          now = 0;
        struct fault     fault = {0};
        const char      *name = i == 0 ? "the sender's JST" : "the JST of the served unit";
        workshop_run(first,
                     "UPDATE registry.unit SET parent = 5, since = '2026-01-01'"
                     " WHERE regon = '990001027';"
                     "INSERT INTO registry.service (unit, provider, valid_from)"
                     " SELECT unit, 1, '2026-01-01' FROM registry.unit WHERE regon = '990001027'");
        ENSURE(conclusion_begin(second->bench.store, arena, &now, &fault) == ERR_OK);
        ENSURE(conclusion_lock(second->bench.store, arena, &tops[i], 1, &obtained, &fault)
               == ERR_OK);
        EXPECT(obtained, name);
        (void)workshop_send(first, WORKSHOP_GMINA, 1, "k",
                            workshop_sample(first, "dochody-2026-q2.xml"));
        EXPECT(workshop_number(first, "SELECT count(*) FROM intake.decision") == 0, name);
        store_rollback(second->bench.store);
        EXPECT(workshop_take(first) == 1, name);
        EXPECT(str_equal(workshop_ask(first, "SELECT string_agg(verdict::text, ' ' ORDER BY"
                                             " ordinal) FROM intake.report"),
                         STR("1 1 1")),
               name);
        expect_whole(first, name);
        arena_destroy(arena);
        workshop_close(second);
        workshop_close(first);
    }
}

static void
a_regon_whose_place_is_taken_names_the_successor_for_periods_after_it(void **state)
{
    static const struct {
        const char *name;
        const char *day;
        const char *verdicts;
        const char *codes;
    } cases[] = {
        {"the period ended before",  "2026-07-01", "1 1 1", ""             },
        {"the period ends that day", "2026-06-30", "1 3 1", "TOZSAMOSC-013"},
        {"the period ends after",    "2026-04-01", "1 3 1", "TOZSAMOSC-013"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct workshop *workshop = workshop_open();
        struct str       sql = str_format(
                  workshop->arena,
                  "INSERT INTO registry.succession (predecessor, successor, kind, day) SELECT a.unit,"
                        " b.unit, 'takeover', '%s' FROM registry.unit a, registry.unit b"
                        " WHERE a.regon = '990001027' AND b.regon = '990001033'",
                  cases[i].day);
        workshop_run(workshop, sql.data);
        (void)workshop_send(workshop, WORKSHOP_GMINA, 1, "k",
                            workshop_sample(workshop, "dochody-2026-q2.xml"));
        EXPECT(str_equal(workshop_ask(workshop, "SELECT string_agg(verdict::text, ' ' ORDER BY"
                                                " ordinal) FROM intake.report"),
                         str_of(cases[i].verdicts)),
               cases[i].name);
        EXPECT(str_equal(workshop_ask(workshop, "SELECT coalesce(string_agg(code, ' '), '') FROM"
                                                " intake.finding WHERE severity = 'error'"),
                         str_of(cases[i].codes)),
               cases[i].name);
        EXPECT(workshop_number(workshop, "SELECT count(*) FROM intake.finding WHERE severity ="
                                         " 'error' AND title NOT LIKE '%SP 3 (REGON 990001033) od %"
                                         " 2026 r.%'")
                   == 0,
               cases[i].name);
        expect_whole(workshop, cases[i].name);
        workshop_close(workshop);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_are_concluded_as_they_deserve),
        cmocka_unit_test(an_unknown_unit_is_undecided_and_its_neighbours_are_not),
        cmocka_unit_test(junk_is_rejected_with_a_receipt_for_its_sender),
        cmocka_unit_test(a_correction_takes_the_place_of_the_report_before_it),
        cmocka_unit_test(rows_and_receipts_state_the_term_and_keep_it_when_decided_again),
        cmocka_unit_test(who_files_for_the_first_time_after_the_term_is_late),
        cmocka_unit_test(the_kind_of_the_unit_finds_its_term),
        cmocka_unit_test(what_is_late_in_the_end_does_not_depend_on_the_order_of_decisions),
        cmocka_unit_test(what_corrects_in_time_does_not_depend_on_the_order_of_decisions),
        cmocka_unit_test(what_waited_for_its_unit_is_late_or_not_whatever_the_order_of_work),
        cmocka_unit_test(a_correction_of_what_is_no_longer_accepted_is_late),
        cmocka_unit_test(the_same_report_byte_for_byte_is_no_correction),
        cmocka_unit_test(what_is_rejected_has_a_term_and_no_timeliness),
        cmocka_unit_test(a_lower_version_is_accepted_with_a_query_and_replaces_nothing),
        cmocka_unit_test(repeats_are_answered_and_change_nothing),
        cmocka_unit_test(what_a_credential_files_after_its_end_is_refused_and_not_stored),
        cmocka_unit_test(without_a_signer_nothing_is_concluded_and_nothing_counted),
        cmocka_unit_test(without_a_checker_what_is_admitted_waits),
        cmocka_unit_test(
            a_document_that_takes_all_memory_alone_costs_an_attempt_and_among_others_none),
        cmocka_unit_test(a_document_that_kills_its_checker_is_parked_and_63_others_are_concluded),
        cmocka_unit_test(the_one_whose_receipt_cannot_be_made_is_found_among_64),
        cmocka_unit_test(
            whoever_ends_the_signer_or_the_session_is_found_and_an_outage_blames_nobody),
        cmocka_unit_test(a_worker_that_is_to_end_puts_nothing_off),
        cmocka_unit_test(many_receipts_are_signed_in_small_pieces),
        cmocka_unit_test(receive_only_gives_a_receipt_of_delivery_and_decides_later),
        cmocka_unit_test(a_second_worker_takes_over_what_the_first_has_left),
        cmocka_unit_test(a_busy_jst_is_waited_for_and_then_left_in_the_queue),
        cmocka_unit_test(a_connection_lost_in_between_is_made_anew_and_nothing_is_counted),
        cmocka_unit_test(packages_of_one_jst_follow_one_another_in_one_batch),
        cmocka_unit_test(only_what_a_document_is_to_blame_for_counts_an_attempt),
        cmocka_unit_test(a_digest_of_the_front_that_is_not_the_documents_stores_nothing),
        cmocka_unit_test(checkers_that_end_before_they_read_are_not_asked_for_ever),
        cmocka_unit_test(
            a_delivery_that_fails_each_time_is_parked_without_a_receipt_and_can_be_retried),
        cmocka_unit_test(a_decision_again_that_fails_each_time_leaves_what_was_decided),
        cmocka_unit_test(a_decision_again_after_a_move_waits_for_both_jst),
        cmocka_unit_test(a_package_of_two_jst_waits_for_both),
        cmocka_unit_test(a_regon_whose_place_is_taken_names_the_successor_for_periods_after_it),
    };

    return cmocka_run_group_tests(tests, workshop_start, workshop_stop);
}
