#include "tests/scenario/gateway/roster.h"
#include "tests/scenario/gateway/staff.h"
#include "tests/support/command.h"
#include "tests/support/draft.h"

#include <string.h>

/*
 * Class K of the attacks (reference: 16 seeds): files that are well made and should not have been
 * sent so. Through nginx and TLS, each with its exact answer: what was decided of the file and of
 * each report, under which code and how severely, in which words, the state of the set, and that
 * the sealed receipt says the same. Whoever files what is another's learns nothing of it.
 */
enum { UNITS_FROM = 3000, MADE_FROM = 400, ROWS_MAX = 64, FACTS_MAX = 3, REPORTS_MAX = 4 };

/* In the registry alone: no file says it, so that no answer to a stranger may. */
#define SECRET_NAME "NIEJAWNA"
#define NOW "2026-07-10T09:00:00+02:00"

enum by { BY_JST, BY_STRANGER, BY_CERTIFICATE }; /* the certificate is the stranger's */

enum standing {
    STANDING_OURS, /* a school of the JST */
    STANDING_JST,  /* the JST itself */
    STANDING_UNKNOWN,
    STANDING_CLOSED, /* a school that was closed last year */
};

/* What is filed, and what comes of it. A row has a JST of its own. */
struct filing {
    const char       *seed;
    const char       *name;
    enum by           by;
    enum standing     standing;
    bool              first; /* the JST has filed it before, with this Wersja: accepted */
    int               first_version;
    const char       *at;   /* when it is filed; NULL: NOW */
    bool              made; /* by maker.h; otherwise drawn, as draft.h makes it */
    const char       *fault;
    const char       *sheet;
    int               year;
    struct draft_unit drawn;
    const char       *verdict; /* of the file */
    const char       *reports; /* of each report */
    const char       *code;    /* of a finding; NULL: there is none */
    const char       *severity;
    const char       *title;            /* a part of its words */
    const char       *facts[FACTS_MAX]; /* "reports.0.set.state=incomplete" of the answer */
};

#define INCOME(cells)                                                                        \
    STR_INIT("<Pozycja><Dzial>801</Dzial><Rozdzial>80101</Rozdzial><Paragraf>069</Paragraf>" \
             "<P4>0</P4>" cells "</Pozycja>")
#define LINE(symbol, amount) \
    "<Pozycja><Symbol>" symbol "</Symbol><P>" amount "</P><W>" amount "</W></Pozycja>"
#define BALANCE(amount) \
    STR_INIT(LINE("A", amount) LINE("A1", amount) LINE("B", amount) LINE("B1", amount))

static const struct filing filings[] = {
#define FILING(...) {__VA_ARGS__},
#include "tests/scenario/gateway/class_k.def"
#undef FILING
};

static struct cluster    *cluster;
static struct office      office;
static struct arena      *ground;
static struct http_target certificate; /* the stranger's */
static const char        *stranger;    /* its token */
static struct {
    int64_t     jst;
    int64_t     unit;
    const char *token;
} places[ARRAY_COUNT(filings)];

/* ---- the registry ---- */

static const char *
regon_of(size_t row)
{
    const struct filing *filing = &filings[row];

    return filing->made ? maker_regon(ground, MADE_FROM + row).data
                        : draft_regon(ground, UNITS_FROM + row).data;
}

static void
register_row(size_t row)
{
    const struct filing *filing = &filings[row];
    bool                 alone = filing->standing == STANDING_JST;
    const char          *regon =
        alone ? regon_of(row) : draft_regon(ground, UNITS_FROM + ROWS_MAX + row).data;

    places[row].jst = station_unit(office.station, regon, "GMINA " SECRET_NAME, "jst", 0);
    places[row].token = station_token(office.station, places[row].jst);
    cluster_run(cluster, office.database,
                str_format(ground, "UPDATE registry.unit SET type = 'ZB-TEST' WHERE unit = %lld",
                           (long long)places[row].jst)
                    .data);
    if (filing->standing == STANDING_OURS || filing->standing == STANDING_CLOSED) {
        places[row].unit = station_unit(office.station, regon_of(row), "SZKOŁA " SECRET_NAME,
                                        "jednostka-budzetowa", places[row].jst);
    }
    if (filing->standing == STANDING_CLOSED) {
        cluster_run(cluster, office.database,
                    str_format(ground,
                               "UPDATE registry.unit SET valid_to = '2025-12-31' WHERE unit ="
                               " %lld",
                               (long long)places[row].unit)
                        .data);
    }
}

static void
register_stranger(void)
{
    const char *folder = station_folder(office.station);

    stranger = office.foreign_token;
    certificate = *office.target;
    certificate.certificate = str_format(ground, "%s/keys/sender.pem", folder).data;
    certificate.key = str_format(ground, "%s/keys/sender.key", folder).data;
    station_bind(office.station, office.foreign, certificate.certificate);
}

/* What is owed, as an operator has it made. */
static void
generate_duties(void)
{
    const char *config = str_format(ground, "%s/bramad.conf", station_folder(office.station)).data;
    const char *const words[] = {(BRAMA_BINARY_DIR "/gateway/cli/brama"),
                                 "admin",
                                 "obligations",
                                 "generate",
                                 "--period",
                                 "2026-Q2",
                                 "--by",
                                 "test",
                                 "--config",
                                 config,
                                 NULL};
    struct buf        told = buf_create(ground, (size_t)1 << 20U);

    ENSURE(command_run(words, (struct str){0}, &told) == 0);
}

static int
start(void **state)
{
    const struct station_options options = {.settings = "answer_wait_ms = 30000\n"};

    (void)state;
    ENSURE(ARRAY_COUNT(filings) <= ROWS_MAX);
    ground = arena_create(OFFICE_ROOM);
    cluster = cluster_start(CLUSTER_FAST);
    office_open(&office, cluster, "class_k", &options, true);
    register_stranger();
    for (size_t i = 0; i < ARRAY_COUNT(filings); i++) {
        register_row(i);
    }
    generate_duties();
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

/* ---- files ---- */

static struct str
make(size_t row)
{
    const struct filing       *filing = &filings[row];
    const struct maker_options options = {.seed = row,
                                          .first_unit = MADE_FROM + row,
                                          .year = filing->year,
                                          .date = filing->year == 0 ? NULL : "2026-07-09",
                                          .sheet = filing->sheet,
                                          .fault = filing->fault};
    struct fault               fault = {0};
    struct str                 bytes = {0};

    ENSURE(maker_package(ground, &options, station_authority(office.station), &bytes, &fault)
           == ERR_OK);
    return bytes;
}

static struct str
draw(size_t row, int version)
{
    struct draft_unit unit = filings[row].drawn;

    unit.number = UNITS_FROM + row;
    unit.version = version;
    unit.province = unit.province == NULL ? "99" : unit.province;
    unit.community = unit.community == NULL ? "02" : unit.community;
    unit.type = unit.type == NULL ? "3" : unit.type;
    if (filings[row].standing == STANDING_JST) {
        unit.kind = "ZB-TEST";
        unit.by_council = true;
    }
    struct str text = draft_unit(ground, station_authority(office.station), &unit);
    return draft_package_of(ground, unit.month, &text, 1);
}

/* As the JST, the stranger, or by the stranger's certificate. */
static struct http_answer
send(enum by by, const char *token, const char *key, struct str body)
{
    struct http_request request = {
        .method = "POST",
        .path = "/api/v1/submissions",
        .headers = {"Content-Type: application/xml",
                    str_format(ground, "Idempotency-Key: %s", key).data,
                    by == BY_CERTIFICATE ? NULL
                    : by == BY_STRANGER  ? stranger
                                         : token},
        .body = body
    };

    return http_ask(ground, by == BY_CERTIFICATE ? &certificate : office.target, &request);
}

static struct http_answer
get(size_t row, const char *id, const char *behind)
{
    const char         *path = str_format(ground, "/api/v1/submissions/%s%s", id, behind).data;
    struct http_request request = {.method = "GET", .path = path};
    enum by             by = filings[row].by;

    if (by != BY_CERTIFICATE) {
        request.headers[0] = by == BY_STRANGER ? stranger : places[row].token;
    }
    return http_ask(ground, by == BY_CERTIFICATE ? &certificate : office.target, &request);
}

/* ---- what comes of them ---- */

static const char *
verdicts_of(const struct http_answer *filed)
{
    struct buf  out = buf_create(ground, 256);
    const char *verdict = "-";

    for (size_t i = 0; i < REPORTS_MAX && verdict[0] != '\0'; i++) {
        verdict = office_value(ground, filed, str_format(ground, "reports.%zu.verdict", i).data);
        if (verdict[0] != '\0') {
            buf_format(&out, "%s%s", i == 0 ? "" : " ", verdict);
        }
    }
    buf_byte(&out, '\0');
    ENSURE(buf_ok(&out));
    return buf_str(&out).data;
}

/* The place of the first finding of this code in a list of them; -1: there is none. */
static int
finding_of(const struct http_answer *findings, const char *code)
{
    enum { LOOKED_AT = 50 };

    for (int i = 0; i < LOOKED_AT; i++) {
        const char *found =
            office_value(ground, findings, str_format(ground, "items.%d.code", i).data);
        if (strcmp(found, code) == 0) {
            return i;
        }
    }
    return -1;
}

static bool
tells_finding(size_t row, const char *id)
{
    const struct filing *filing = &filings[row];
    struct http_answer   findings = get(row, id, "/findings");
    int                  at = filing->code == NULL ? 0 : finding_of(&findings, filing->code);

    if (filing->code == NULL) {
        /* Nothing is wrong with it: what is told is for information. */
        return findings.status == 200 && !office_has(&findings, "\"severity\":\"error\"")
               && !office_has(&findings, "\"severity\":\"query\"");
    }
    const char *severity =
        office_value(ground, &findings, str_format(ground, "items.%d.severity", at).data);
    const char *title =
        office_value(ground, &findings, str_format(ground, "items.%d.title", at).data);
    bool good = findings.status == 200 && at >= 0 && strcmp(severity, filing->severity) == 0
                && strstr(title, filing->title) != NULL;
    if (!good) {
        print_error("%d: %s, %s\n%.*s\n", at, severity, title, STR_ARG(findings.body));
    }
    return good;
}

/* The receipt is sealed and says the same, with the code where somebody must do something. */
static bool
is_receipted(size_t row, const char *id)
{
    const struct filing *filing = &filings[row];
    struct http_answer   receipt = get(row, id, "/receipt");
    struct reading       reading = office_receipt(&office, ground, receipt.body);
    bool                 weighs = filing->code != NULL && strcmp(filing->severity, "info") != 0;

    return receipt.status == 200 && reading.step == READING_GOOD
           && str_equal(reading.facts.verdict, str_of(filing->verdict))
           && str_equal(reading.facts.environment, STR("TEST"))
           && (!weighs || office_has(&receipt, filing->code))
           && (filing->by == BY_JST || !office_has(&receipt, SECRET_NAME));
}

static bool
states_facts(const struct filing *filing, const struct http_answer *filed)
{
    bool good = true;

    for (size_t i = 0; i < FACTS_MAX && filing->facts[i] != NULL; i++) {
        struct str rest = str_of(filing->facts[i]);
        struct str path = {0};
        (void)str_cut(&rest, '=', &path);
        const char *value = office_value(ground, filed, str_copy(ground, path).data);
        if (!str_equal(str_of(value), rest)) {
            print_error("%s, not %s\n", value, filing->facts[i]);
            good = false;
        }
    }
    return good;
}

static bool
is_as_wanted(size_t row, const struct http_answer *filed)
{
    const struct filing *filing = &filings[row];
    const char          *id = office_value(ground, filed, "id");

    return filed->status == 201
           && strcmp(office_value(ground, filed, "verdict"), filing->verdict) == 0
           && strcmp(verdicts_of(filed), filing->reports) == 0 && states_facts(filing, filed)
           && tells_finding(row, id) && is_receipted(row, id)
           && (filing->by == BY_JST || !office_has(filed, SECRET_NAME));
}

/* What was filed before is in force, whatever a stranger has sent since. */
static bool
stands_as_before(size_t row, const char *first)
{
    const char        *path = str_format(ground, "/api/v1/submissions/%s", first).data;
    struct http_answer own = office_get(&office, ground, places[row].token, path, NULL);
    struct http_answer theirs = office_get(&office, ground, stranger, path, NULL);

    return strcmp(office_value(ground, &own, "reports.0.in_force"), "true") == 0
           && strcmp(office_value(ground, &own, "reports.1"), "") == 0 && theirs.status == 404;
}

/* And what nobody of the unit's has filed is owed as before: nothing has come in for it. */
static bool
is_owed_as_before(size_t row)
{
    const char *path =
        str_format(ground, "/api/v1/obligations?period=2026-Q2&form=RB28S&unit=%s", regon_of(row))
            .data;
    struct http_answer owed = office_get(&office, ground, places[row].token, path, NULL);

    return owed.status == 200 && strcmp(office_value(ground, &owed, "items.0.state"), "due") == 0
           && strcmp(office_value(ground, &owed, "items.0.first_received_at"), "") == 0;
}

static bool
is_untouched(size_t row, const char *first)
{
    if (filings[row].by == BY_JST || filings[row].standing == STANDING_UNKNOWN) {
        return true;
    }
    return first == NULL ? is_owed_as_before(row) : stands_as_before(row, first);
}

static void
file_row(size_t row, size_t *wrong)
{
    const struct filing *filing = &filings[row];
    const char          *first = NULL;
    const char          *key = str_format(ground, "wiersz-%zu", row).data;

    if (filing->first) {
        struct http_answer before =
            send(BY_JST, places[row].token, "pierwsze", draw(row, filing->first_version));
        EXPECT(strcmp(office_value(ground, &before, "verdict"), "accepted") == 0, filing->name);
        first = office_value(ground, &before, "id");
    }
    office_set_clock(&office, filing->at == NULL ? NOW : filing->at);
    struct str         body = filing->made ? make(row) : draw(row, filing->drawn.version);
    struct http_answer filed = send(filing->by, places[row].token, key, body);
    if (!is_as_wanted(row, &filed) || !is_untouched(row, first)) {
        print_error("%s, %s: %d %s\n%.*s\n", filing->seed, filing->name, filed.status,
                    verdicts_of(&filed), STR_ARG(filed.body));
        (*wrong)++;
    }
    office_set_clock(&office, NOW);
}

static void
every_file_gets_its_exact_answer(void **state)
{
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(filings); i++) {
        file_row(i, &wrong);
    }
    assert_int_equal(wrong, 0);
}

/* ---- scenes ---- */

static const char everything[] = "SELECT concat_ws(' ', (SELECT count(*) FROM intake.submission),"
                                 " (SELECT count(*) FROM intake.document),"
                                 " (SELECT count(*) FROM intake.log))";

/* The numbers of a file are those above; NIP stands in no file, but where units are entered. */
static void
a_nip_with_a_bad_sum_enters_no_unit(void **state)
{
    static const struct {
        const char *nip;
        int         status;
    } cases[] = {
        {"1234563217",    422},
        {"123456321",     422},
        {"123-456-32-18", 422},
        {"1234563218",    201},
    };
    struct http_request request = {
        .method = "POST",
        .path = "/api/v1/units",
        .headers = {staff_cookie(ground, "supervisor"), staff_csrf(ground, "supervisor"),
                    STAFF_ORIGIN, "Content-Type: application/json"}
    };

    (void)state;
    staff_hire(&office, "supervisor", "supervisor", office.gmina, NULL);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        request.body =
            str_format(ground,
                       "{\"regon\":\"%.*s\",\"nip\":\"%s\",\"name\":\"Nowa\",\"type\":\"JB\","
                       "\"kind\":\"jednostka-budzetowa\",\"valid_from\":\"2026-01-01\"}",
                       STR_ARG(draft_regon(ground, UNITS_FROM - 1)), cases[i].nip);
        struct http_answer answer = http_ask(ground, office.target, &request);
        EXPECT(answer.status == cases[i].status, cases[i].nip);
        EXPECT(cases[i].status == 201
                   || (office_has(&answer, "/problemy/zle-dane\"")
                       && office_has(&answer, "cyfra kontrolna się nie zgadza")),
               cases[i].nip);
    }
}

/* A key that was used for another file: 422, as the draft of the header's norm says, and not 409,
 * which would ask to try again. Nothing of the second file is kept. */
static void
a_key_of_another_file_is_refused(void **state)
{
    struct http_answer first = send(BY_STRANGER, NULL, "zajety", STR("<Jeden/>"));
    struct str         before = office_ask(&office, ground, everything);
    struct http_answer second = send(BY_STRANGER, NULL, "zajety", STR("<Drugi/>"));

    (void)state;
    assert_int_equal(first.status, 201);
    assert_int_equal(second.status, 422);
    assert_true(office_has(&second, "/problemy/klucz-uzyty-do-innej-tresci\""));
    assert_false(office_has(&second, office_value(ground, &first, "id")));
    assert_true(str_equal(office_ask(&office, ground, everything), before));
}

static void
the_same_file_under_a_new_key_is_the_first_one(void **state)
{
    struct str         body = office_package(&office, ground);
    struct http_answer first = send(BY_JST, office.gmina_token, "pierwszy", body);
    struct str         before = office_ask(&office, ground, everything);
    struct http_answer second = send(BY_JST, office.gmina_token, "drugi", body);

    (void)state;
    assert_int_equal(first.status, 201);
    assert_int_equal(second.status, 200);
    assert_true(str_equal(first.body, second.body));
    assert_true(str_equal(office_ask(&office, ground, everything), before));
    /* Of another sender it is a file of its own, which says nothing of the first. */
    struct http_answer other = send(BY_STRANGER, NULL, "trzeci", body);
    assert_int_equal(other.status, 201);
    assert_string_equal(office_value(ground, &other, "verdict"), "rejected");
    assert_false(office_has(&other, office_value(ground, &first, "id")));
    assert_string_equal(office_value(ground, &other, "follows"), "");
}

/* The JST is told that nothing waits for the report, and why; a stranger is not. */
static void
a_unit_that_is_not_obliged_is_told_so(void **state)
{
    size_t row = 0;

    (void)state;
    while (filings[row].sheet == NULL) {
        row++;
    }
    struct http_answer told =
        office_get(&office, ground, places[row].token, "/api/v1/obligations/unexpected", NULL);
    assert_int_equal(told.status, 200);
    assert_string_equal(office_value(ground, &told, "items.0.form"), "RB34S");
    assert_string_equal(office_value(ground, &told, "items.0.verdict"), "accepted");
    assert_string_equal(office_value(ground, &told, "items.0.trait"), "rachunek-223");
    assert_non_null(strstr(office_value(ground, &told, "items.0.explanation"),
                           "i jest przyjęte, ale żaden obowiązek na nie nie czekał"));
    assert_string_equal(office_value(ground, &told, "items.1"), "");
    struct http_answer theirs =
        office_get(&office, ground, stranger, "/api/v1/obligations/unexpected", NULL);
    assert_false(office_has(&theirs, SECRET_NAME));
    assert_false(office_has(&theirs, "RB34S"));
}

/* What is for trying out is told apart: territory 99 is an info here, and an error in production,
 * where the same file is judged by the same program. */
static void
a_test_file_is_rejected_in_production(void **state)
{
    static const struct {
        const char *environment;
        int         status;
        const char *verdict;
        const char *severity;
    } cases[] = {
        {"test", 0, "accepted", "info" },
        {"prod", 1, "rejected", "error"},
    };
    struct str  body = office_package(&office, ground);
    const char *folder = station_folder(office.station);
    const char *path = str_format(ground, "%s/probny.xml", folder).data;
    const char *trust = str_format(ground, "%s/trust.pem", folder).data;
    FILE       *file = fopen(path, "we");

    (void)state;
    ENSURE(file != NULL && fwrite(body.data, 1, body.size, file) == body.size);
    ENSURE(fclose(file) == 0);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        const char *const words[] = {(BRAMA_BINARY_DIR "/gateway/cli/brama"),
                                     "validate",
                                     path,
                                     "--json",
                                     "--at",
                                     NOW,
                                     "--trust",
                                     trust,
                                     "--env",
                                     cases[i].environment,
                                     NULL};
        struct buf        told = buf_create(ground, (size_t)4 << 20U);
        EXPECT(command_run(words, (struct str){0}, &told) == cases[i].status, cases[i].environment);
        struct http_answer answer = {.body = buf_str(&told)};
        EXPECT(strcmp(office_value(ground, &answer, "files.0.verdict"), cases[i].verdict) == 0,
               cases[i].environment);
        const char *finding = str_format(ground, "\"severity\":\"%s\"", cases[i].severity).data;
        EXPECT(office_has(&answer, "TOZSAMOSC-005") && office_has(&answer, finding),
               cases[i].environment);
    }
}

/* ---- the class ---- */

static const struct attack attacks[] = {
    {"unit is not the certificate's", NULL                                          },
    {"bad REGON or NIP sum",          a_nip_with_a_bad_sum_enters_no_unit           },
    {"unknown TERYT",                 NULL                                          },
    {"closed period",                 NULL                                          },
    {"future period",                 NULL                                          },
    {"correction without original",   NULL                                          },
    {"correction of another unit's",  NULL                                          },
    {"409 case",                      a_key_of_another_file_is_refused              },
    {"same content, new key",         the_same_file_under_a_new_key_is_the_first_one},
    {"sum",                           NULL                                          },
    {"form A is not form B",          NULL                                          },
    {"sign",                          NULL                                          },
    {"missing form",                  NULL                                          },
    {"unit not obliged",              a_unit_that_is_not_obliged_is_told_so         },
    {"old version of a form",         NULL                                          },
    {"test flag",                     a_test_file_is_rejected_in_production         },
};

static const char *
seed_of(size_t row)
{
    return filings[row].seed;
}

static void
every_seed_of_the_class_is_filed(void **state)
{
    (void)state;
    assert_int_equal(ARRAY_COUNT(attacks), 16);
    roster_expect(attacks, ARRAY_COUNT(attacks), seed_of, ARRAY_COUNT(filings));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_seed_of_the_class_is_filed),
    cmocka_unit_test(every_file_gets_its_exact_answer),
};

static const struct roster roster = {
    "class K", attacks, ARRAY_COUNT(attacks), tests, ARRAY_COUNT(tests), start, stop};

int
main(void)
{
    return roster_run(&roster);
}
