#include "tests/scenario/gateway/office.h"
#include "tests/support/expect.h"

#include <openssl/evp.h>
#include <string.h>

/*
 * What a sender and those beside it see of filing, through nginx and TLS. Every test files
 * documents of its own, so that none depends on another.
 */
static struct cluster *cluster;
static struct office   office;

#define SETTINGS "answer_wait_ms = 30000\n"

static int
start(void **state)
{
    const struct station_options options = {.settings = SETTINGS};

    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    office_open(&office, cluster, "filing", &options, true);
    return 0;
}

static int
stop(void **state)
{
    (void)state;
    office_close(&office);
    cluster_stop(cluster);
    return 0;
}

#define VALUE(answer, path) office_value(arena, &(answer), path)
#define EXPECT_VALUE(answer, path, wanted) assert_string_equal(VALUE(answer, path), wanted)

static struct http_answer
get(struct arena *arena, const char *token, const char *path)
{
    return office_get(&office, arena, token, path, NULL);
}

/* "/api/v1/submissions/ID" and what stands behind it. */
static const char *
path_of(struct arena *arena, const struct http_answer *filed, const char *behind)
{
    const char *id = office_value(arena, filed, "id");

    assert_true(strlen(id) == UUID_TEXT_SIZE);
    return str_format(arena, "/api/v1/submissions/%s%s", id, behind).data;
}

static const char *
hex_of(struct arena *arena, struct str bytes)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    struct buf    hex = buf_create(arena, 65);

    ENSURE(EVP_Digest(bytes.data, bytes.size, digest, NULL, EVP_sha256(), NULL) == 1);
    buf_hex(&hex, digest, 32);
    return str_copy(arena, buf_str(&hex)).data;
}

static const char *
count_all(struct arena *arena)
{
    return office_ask(&office, arena,
                      "SELECT (SELECT count(*) FROM intake.submission) || ' '"
                      " || (SELECT count(*) FROM intake.document) || ' '"
                      " || (SELECT count(*) FROM intake.log)")
        .data;
}

/* One receipt of a submission: sealed by us, about this document, and to be seen as a page. */
static void
expect_receipt(struct arena *arena, const struct http_answer *filed, size_t index,
               const char *sha256)
{
    const char *url = VALUE(*filed, str_format(arena, "receipts.%zu.url", index).data);
    const char *number = VALUE(*filed, str_format(arena, "receipts.%zu.number", index).data);
    const char *path = strstr(url, "/api/v1/");

    assert_non_null(path);
    struct http_answer xml =
        office_get(&office, arena, office.gmina_token, path, "application/xml");
    assert_int_equal(xml.status, 200);
    struct reading reading = office_receipt(&office, arena, xml.body);
    assert_int_equal(reading.step, READING_GOOD);
    assert_true(str_equal(reading.facts.number, str_of(number)));
    for (size_t i = 0; i < reading.facts.report_count; i++) {
        const struct receipt_report *report = &reading.facts.reports[i];
        assert_int_equal(date_compare(report->due, (struct date){2026, 7, 10}), 0);
        assert_int_equal(str_equal(report->timeliness, STR("in_time")),
                         str_equal(report->verdict, STR("accepted")));
    }
    struct buf hex = buf_create(arena, 65);
    buf_hex(&hex, reading.facts.document_sha256, 32);
    assert_true(str_equal(buf_str(&hex), str_of(sha256)));
    struct http_answer page = office_get(&office, arena, office.gmina_token, path, "text/html");
    assert_int_equal(page.status, 200);
    assert_true(office_has(&page, number));
    assert_true(office_has(&page, "<!DOCTYPE html>") || office_has(&page, "<!doctype html>"));
}

/* The sample of three good units: verdicts, a receipt per unit and one for the sender. */
static void
three_good_reports_get_four_receipts_and_their_lines(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    struct str         body = office_sample(arena, "dochody-2026-q2.xml");
    struct http_answer filed =
        office_file(&office, arena, &(struct office_filing){.key = "dochody", .body = body});
    const char *sha256 = hex_of(arena, body);

    (void)state;
    assert_int_equal(filed.status, 201);
    EXPECT_VALUE(filed, "state", "decided");
    EXPECT_VALUE(filed, "verdict", "accepted");
    EXPECT_VALUE(filed, "sha256", sha256);
    EXPECT_VALUE(filed, "findings.error", "0");
    for (size_t i = 0; i < OFFICE_SCHOOLS; i++) {
        EXPECT_VALUE(filed, str_format(arena, "reports.%zu.verdict", i).data, "accepted");
        EXPECT_VALUE(filed, str_format(arena, "reports.%zu.in_force", i).data, "true");
        EXPECT_VALUE(filed, str_format(arena, "reports.%zu.signatures.0.valid", i).data, "true");
        EXPECT_VALUE(filed, str_format(arena, "reports.%zu.due", i).data, "2026-07-10");
        EXPECT_VALUE(filed, str_format(arena, "reports.%zu.on_time", i).data, "true");
        EXPECT_VALUE(filed, str_format(arena, "reports.%zu.calendar", i).data, "1");
    }
    EXPECT_VALUE(filed, "reports.3", "");
    EXPECT_VALUE(filed, "receipts.0.kind", "summary");
    EXPECT_VALUE(filed, "receipts.1.kind", "unit");
    EXPECT_VALUE(filed, "receipts.3.kind", "unit");
    EXPECT_VALUE(filed, "receipts.4", "");
    for (size_t i = 0; i < OFFICE_SCHOOLS + 1; i++) {
        expect_receipt(arena, &filed, i, sha256);
    }
    struct http_answer content = get(arena, office.gmina_token, path_of(arena, &filed, "/content"));
    assert_int_equal(content.status, 200);
    assert_true(str_equal(content.body, body));
    const char *lines = office_ask(&office, arena,
                                   "SELECT count(DISTINCT regon) FROM smup.rb_27s_jednostki"
                                   " WHERE regon LIKE '99000101%' OR regon LIKE '99000102%'"
                                   " OR regon LIKE '99000103%'")
                            .data;
    assert_string_equal(lines, "3");
    arena_destroy(arena);
}

static void
expect_findings(struct arena *arena, const struct http_answer *filed, const char *code)
{
    struct http_answer json = get(arena, office.gmina_token, path_of(arena, filed, "/findings"));
    struct http_answer csv = office_get(&office, arena, office.gmina_token,
                                        path_of(arena, filed, "/findings"), "text/csv");

    assert_int_equal(json.status, 200);
    assert_int_equal(csv.status, 200);
    assert_true(office_has(&json, code));
    assert_true(office_has(&csv, code));
    assert_true(office_has(&json, "\"line\":"));
}

static const struct {
    const char *file;
    const char *code;
    const char *step; /* of a signature; empty: no signature is at fault */
} rejections[] = {
    {"zle-zmieniona-po-podpisie.xml", "PODPIS-",    "skrot-sprawozdania"},
    {"zle-ten-sam-regon.xml",         "TOZSAMOSC-", ""                  },
};

static void
a_rejection_is_sealed_and_names_step_and_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(rejections); i++) {
        struct arena      *arena = arena_create(OFFICE_ROOM);
        struct str         body = office_sample(arena, rejections[i].file);
        struct http_answer filed = office_file(
            &office, arena, &(struct office_filing){.key = rejections[i].file, .body = body});
        assert_int_equal(filed.status, 201);
        EXPECT_VALUE(filed, "verdict", "rejected");
        expect_receipt(arena, &filed, 0, hex_of(arena, body));
        expect_findings(arena, &filed, rejections[i].code);
        if (rejections[i].step[0] != '\0') {
            const char *named =
                str_format(arena, "\"failed_step\":\"%s\"", rejections[i].step).data;
            EXPECT(office_has(&filed, named), rejections[i].file);
        }
        struct http_answer receipt =
            get(arena, office.gmina_token, path_of(arena, &filed, "/receipt"));
        EXPECT(office_has(&receipt, "rejected"), rejections[i].file);
        EXPECT(office_has(&receipt, rejections[i].code), rejections[i].file);
        arena_destroy(arena);
    }
}

static void
expect_words(struct arena *arena, const char *sql, const char *wanted)
{
    assert_string_equal(office_ask(&office, arena, sql).data, wanted);
}

/* As the reader of one unit sees it, in a transaction of its own. */
static const char as_reader[] =
    "SET ROLE brama_reader;"
    "SELECT set_config('brama.units', '{%lld}', false);"
    "SELECT string_agg(DISTINCT regon || '/' || version, ' ') FROM smup.rb_28s_jednostki";

static void
a_correction_is_in_force_and_the_past_stays(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    struct http_answer first =
        office_file(&office, arena,
                    &(struct office_filing){.key = "wydatki",
                                            .body = office_sample(arena, "wydatki-2026-q2.xml")});
    struct http_target by_certificate = *office.target;

    (void)state;
    assert_int_equal(first.status, 201);
    EXPECT_VALUE(first, "verdict", "accepted");
    expect_words(arena,
                 "SELECT string_agg(DISTINCT version::text, ' ') FROM smup.rb_28s_jednostki"
                 " WHERE regon = '990001010'",
                 "0");
    /* Two weeks later, by the program of the gmina, whose certificate is bound by its key. */
    office_set_clock(&office, "2026-07-25T09:00:00+02:00");
    const char *folder = station_folder(office.station);
    by_certificate.certificate = str_format(arena, "%s/keys/sender.pem", folder).data;
    by_certificate.key = str_format(arena, "%s/keys/sender.key", folder).data;
    station_bind(office.station, office.gmina, by_certificate.certificate);
    const struct http_request request = {
        .method = "POST",
        .path = "/api/v1/submissions",
        .headers = {"Content-Type: application/xml", "Idempotency-Key: korekta"},
        .body = office_sample(arena, "korekta-wydatki-2026-q2.xml")
    };
    struct http_answer second = http_ask(arena, &by_certificate, &request);
    assert_int_equal(second.status, 201);
    EXPECT_VALUE(second, "verdict", "accepted");
    EXPECT_VALUE(second, "reports.0.version", "1");
    EXPECT_VALUE(second, "reports.0.in_force", "true");
    EXPECT_VALUE(second, "reports.0.due", "2026-07-10");
    EXPECT_VALUE(second, "reports.0.timeliness", "correction");
    assert_memory_equal(VALUE(second, "received_at"), "2026-07-25T09:0", 15);
    const char *now = "SELECT string_agg(DISTINCT version::text, ' ') FROM"
                      " smup.rb_28s_jednostki WHERE regon = '990001010'";
    expect_words(arena, now, "1");
    expect_words(arena,
                 "SELECT string_agg(DISTINCT version::text, ' ') FROM smup.rb_28s_jednostki_as_of("
                 "(SELECT max(lower(in_force)) - interval '1 microsecond' FROM intake.report"
                 " WHERE regon = '990001010' AND form = 'RB28S')) WHERE regon = '990001010'",
                 "0");
    struct http_answer again = get(arena, office.gmina_token, path_of(arena, &first, ""));
    EXPECT_VALUE(again, "reports.0.in_force", "false");
    EXPECT_VALUE(again, "reports.0.timeliness", "in_time");
    EXPECT_VALUE(again, "reports.1.in_force", "true");
    struct http_answer known =
        get(arena, office.gmina_token,
            str_format(arena, "/api/v1/receipts/%s", VALUE(first, "reports.0.receipt")).data);
    EXPECT_VALUE(known, "superseded", "true");
    arena_destroy(arena);
}

static void
the_views_show_a_unit_nothing_of_others(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    struct http_answer filed = office_file(
        &office, arena,
        &(struct office_filing){.key = "oba",
                                .body = office_sample(arena, "oba-2026-q2-jedna-szkola.xml")});

    (void)state;
    assert_true(filed.status == 201);
    struct str seen =
        office_ask(&office, arena, str_format(arena, as_reader, (long long)office.schools[0]).data);
    assert_true(seen.size > 0);
    assert_null(strchr(seen.data, ' '));
    assert_memory_equal(seen.data, "990001010/", 10);
    struct str foreign =
        office_ask(&office, arena, str_format(arena, as_reader, (long long)office.foreign).data);
    assert_true(foreign.size == 0);
    arena_destroy(arena);
}

static void
the_same_key_and_body_get_the_same_answer_byte_for_byte(void **state)
{
    struct arena        *arena = arena_create(OFFICE_ROOM);
    struct office_filing filing = {.key = "powtorka"};

    (void)state;
    filing.body = office_package(&office, arena);
    struct http_answer first = office_file(&office, arena, &filing);
    assert_int_equal(first.status, 201);
    assert_int_equal(http_header(&first, "Idempotent-Replayed").size, 0);
    struct http_answer receipt = get(arena, office.gmina_token, path_of(arena, &first, "/receipt"));
    const char        *before = count_all(arena);
    struct http_answer second = office_file(&office, arena, &filing);
    assert_int_equal(second.status, 200);
    assert_true(str_equal(http_header(&second, "Idempotent-Replayed"), STR("true")));
    assert_true(str_equal(first.body, second.body));
    assert_true(str_equal(http_header(&first, "Location"), http_header(&second, "Location")));
    struct http_answer again = get(arena, office.gmina_token, path_of(arena, &second, "/receipt"));
    assert_true(receipt.body.size > 0 && str_equal(receipt.body, again.body));
    filing.key = "powtorka-pod-innym-kluczem";
    struct http_answer other = office_file(&office, arena, &filing);
    assert_int_equal(other.status, 200);
    assert_int_equal(http_header(&other, "Idempotent-Replayed").size, 0);
    assert_true(str_equal(first.body, other.body));
    assert_string_equal(count_all(arena), before);
    arena_destroy(arena);
}

static void
the_same_bytes_after_a_rejection_are_a_new_submission_that_cites_the_first(void **state)
{
    struct arena        *arena = arena_create(OFFICE_ROOM);
    struct office_filing filing = {.key = "odrzucona-1", .body = STR("<Nic/>")};

    (void)state;
    struct http_answer first = office_file(&office, arena, &filing);
    assert_int_equal(first.status, 201);
    EXPECT_VALUE(first, "verdict", "rejected");
    filing.key = "odrzucona-2";
    struct http_answer second = office_file(&office, arena, &filing);
    assert_int_equal(second.status, 201);
    assert_string_not_equal(VALUE(second, "id"), VALUE(first, "id"));
    EXPECT_VALUE(second, "follows", VALUE(first, "id"));
    EXPECT_VALUE(second, "first_received_at", VALUE(first, "received_at"));
    struct http_answer xml = get(arena, office.gmina_token, path_of(arena, &second, "/receipt"));
    struct reading     reading = office_receipt(&office, arena, xml.body);
    struct buf         cited = buf_create(arena, UUID_TEXT_SIZE + 1);
    assert_int_equal(reading.step, READING_GOOD);
    uuid_write(&cited, reading.facts.first_submission);
    assert_true(str_equal(buf_str(&cited), str_of(VALUE(first, "id"))));
    assert_true(reading.facts.first_arrived < reading.facts.arrived);
    filing.key = "odrzucona-1";
    struct http_answer third = office_file(&office, arena, &filing);
    EXPECT_VALUE(third, "id", VALUE(first, "id"));
    arena_destroy(arena);
}

static void
a_key_with_another_body_is_refused_and_stores_nothing(void **state)
{
    struct arena        *arena = arena_create(OFFICE_ROOM);
    struct office_filing filing = {.key = "zajety", .body = STR("<Jeden/>")};

    (void)state;
    assert_int_equal(office_file(&office, arena, &filing).status, 201);
    const char *before = count_all(arena);
    filing.body = STR("<Drugi/>");
    struct http_answer refused = office_file(&office, arena, &filing);
    assert_int_equal(refused.status, 422);
    assert_true(office_has(&refused, "/problemy/klucz-uzyty-do-innej-tresci"));
    assert_string_equal(count_all(arena), before);
    filing.token = office.school_token; /* keys of another sender are its own */
    assert_int_equal(office_file(&office, arena, &filing).status, 201);
    arena_destroy(arena);
}

static void
who_does_not_wait_asks_later(void **state)
{
    struct arena              *arena = arena_create(OFFICE_ROOM);
    const struct office_filing filing = {.key = "bez-czekania",
                                         .prefer = "Prefer: respond-async",
                                         .body = office_package(&office, arena)};
    struct http_answer         filed = office_file(&office, arena, &filing);

    (void)state;
    assert_int_equal(filed.status, 202);
    EXPECT_VALUE(filed, "verdict", "");
    assert_true(str_equal(http_header(&filed, "Location"), str_of(path_of(arena, &filed, ""))));
    const char        *state_now = "received";
    struct http_answer later = {0};
    for (int i = 0; i < 20 && strcmp(state_now, "decided") != 0; i++) {
        later = get(arena, office.gmina_token, path_of(arena, &filed, "?wait=25"));
        assert_int_equal(later.status, 200);
        state_now = VALUE(later, "state");
    }
    EXPECT_VALUE(later, "verdict", "accepted");
    EXPECT_VALUE(later, "received_at", VALUE(filed, "received_at"));
    arena_destroy(arena);
}

/* The wish is kept with the filing; a set that only waits for more is no obstacle. */
static void
strict_is_kept_and_a_right_digest_is_taken(void **state)
{
    struct arena        *arena = arena_create(OFFICE_ROOM);
    struct office_filing filing = {.path = "/api/v1/submissions?strict=true", .key = "scisle"};
    unsigned char        digest[EVP_MAX_MD_SIZE];
    unsigned char        base64[64] = {0};

    (void)state;
    filing.body = office_package(&office, arena);
    assert_int_equal(
        EVP_Digest(filing.body.data, filing.body.size, digest, NULL, EVP_sha256(), NULL), 1);
    assert_int_equal(EVP_EncodeBlock(base64, digest, 32), 44);
    filing.digest = str_format(arena, "Content-Digest: sha-256=:%s:", (char *)base64).data;
    struct http_answer filed = office_file(&office, arena, &filing);
    assert_int_equal(filed.status, 201);
    assert_string_equal(office_ask(&office, arena,
                                   "SELECT string_agg(strict::text, ' ') FROM intake.submission"
                                   " WHERE key = 'scisle'")
                            .data,
                        "true");
    arena_destroy(arena);
}

static void
junk_of_a_known_sender_is_admitted_rejected_and_receipted(void **state)
{
    static const struct {
        const char *name;
        struct str  body;
    } junk[] = {
        {"text",       STR_INIT("to nie jest XML")                         },
        {"zeros",      {"\0\0\0\0\0\0\0\0", 8}                             },
        {"entities",   STR_INIT("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")},
        {"other root", STR_INIT("<Inne xmlns='urn:x'/>")                   },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(junk); i++) {
        struct arena              *arena = arena_create(OFFICE_ROOM);
        const struct office_filing filing = {.key = str_format(arena, "smiec-%zu", i).data,
                                             .body = junk[i].body};
        struct http_answer         filed = office_file(&office, arena, &filing);
        EXPECT(filed.status == 201, junk[i].name);
        EXPECT(strcmp(VALUE(filed, "verdict"), "rejected") == 0, junk[i].name);
        expect_receipt(arena, &filed, 0, hex_of(arena, junk[i].body));
        struct http_answer content =
            get(arena, office.gmina_token, path_of(arena, &filed, "/content"));
        EXPECT(str_equal(content.body, junk[i].body), junk[i].name);
        arena_destroy(arena);
    }
}

static void
a_report_of_another_unit_is_rejected(void **state)
{
    struct arena              *arena = arena_create(OFFICE_ROOM);
    const struct office_filing filing = {
        .token = office.foreign_token, .key = "cudze", .body = office_package(&office, arena)};
    struct http_answer filed = office_file(&office, arena, &filing);

    (void)state;
    assert_int_equal(filed.status, 201);
    EXPECT_VALUE(filed, "verdict", "rejected");
    struct http_answer findings =
        get(arena, office.foreign_token, path_of(arena, &filed, "/findings"));
    assert_true(office_has(&findings, "TOZSAMOSC-012"));
    /* What somebody else put under a unit's REGON is not that unit's to see. */
    assert_int_equal(get(arena, office.gmina_token, path_of(arena, &filed, "")).status, 404);
    assert_int_equal(get(arena, office.gmina_token, path_of(arena, &filed, "/content")).status,
                     404);
    assert_string_equal(
        office_ask(&office, arena,
                   str_format(arena,
                              "SELECT count(*) FROM intake.report WHERE submission = '%s'"
                              " AND in_force IS NOT NULL",
                              VALUE(filed, "id"))
                       .data)
            .data,
        "0");
    arena_destroy(arena);
}

/* A package of a unit that nobody has registered. */
static struct str
package_of(struct arena *arena, size_t unit)
{
    const struct maker_options options = {
        .seed = unit, .first_unit = unit, .rows = 3, .forms = MAKER_RB27S};
    struct fault fault = {0};
    struct str   bytes = {0};

    assert_int_equal(
        maker_package(arena, &options, station_authority(office.station), &bytes, &fault), ERR_OK);
    return bytes;
}

static void
a_unit_registered_later_is_decided_anew_as_of_the_first_arrival(void **state)
{
    enum { UNKNOWN = 7000 };
    struct arena              *arena = arena_create(OFFICE_ROOM);
    const struct office_filing filing = {.key = "nieznana", .body = package_of(arena, UNKNOWN)};
    struct http_answer         filed = office_file(&office, arena, &filing);
    const char                *id = VALUE(filed, "id");

    (void)state;
    assert_int_equal(filed.status, 201);
    EXPECT_VALUE(filed, "verdict", "undecided");
    assert_true(strlen(VALUE(filed, "reports.0.reason")) > 0);
    struct http_answer delivery =
        get(arena, office.gmina_token, path_of(arena, &filed, "/receipt"));
    assert_int_equal(delivery.status, 200);
    (void)station_unit(office.station, maker_regon(arena, UNKNOWN).data, "SZKOŁA NOWA",
                       "jednostka-budzetowa", office.gmina);
    cluster_run(cluster, office.database,
                str_format(arena,
                           "INSERT INTO intake.work (submission, cause)"
                           " VALUES ('%s', 'unit-registered')",
                           id)
                    .data);
    const char *sql =
        str_format(arena,
                   "SELECT n || ' ' || verdict FROM intake.submission WHERE submission = '%s'", id)
            .data;
    assert_true(office_await(&office, sql, "2 1"));
    struct http_answer anew = get(arena, office.gmina_token, path_of(arena, &filed, ""));
    EXPECT_VALUE(anew, "verdict", "accepted");
    EXPECT_VALUE(anew, "received_at", VALUE(filed, "received_at"));
    EXPECT_VALUE(anew, "reports.0.in_force", "true");
    struct http_answer second = get(arena, office.gmina_token, path_of(arena, &filed, "/receipt"));
    struct http_answer old = get(arena, office.gmina_token, path_of(arena, &filed, "/receipt?n=1"));
    assert_true(str_equal(old.body, delivery.body));
    struct reading one = office_receipt(&office, arena, old.body);
    struct reading two = office_receipt(&office, arena, second.body);
    assert_int_equal(two.step, READING_GOOD);
    assert_int_equal(two.facts.n, 2);
    assert_int_equal(one.facts.arrived, two.facts.arrived);
    /* What a verifier says of the first one now. */
    struct http_answer verified =
        office_file(&office, arena,
                    &(struct office_filing){
                        .path = "/api/v1/receipts/verification", .token = "", .body = old.body});
    EXPECT_VALUE(verified, "signature", "valid");
    EXPECT_VALUE(verified, "status", "superseded");
    arena_destroy(arena);
}

static void
a_school_sees_its_receipt_and_a_foreign_one_sees_nothing(void **state)
{
    static const char *const   behind[] = {"", "/findings", "/content", "/receipt"};
    struct arena              *arena = arena_create(OFFICE_ROOM);
    const struct office_filing filing = {.key = "widocznosc",
                                         .body = office_sample(arena, "wydatki-2026-q2.xml")};
    struct http_answer         filed = office_file(&office, arena, &filing);

    (void)state;
    assert_true(filed.status == 201 || filed.status == 200);
    for (size_t i = 0; i < ARRAY_COUNT(behind); i++) {
        struct http_answer foreign =
            get(arena, office.foreign_token, path_of(arena, &filed, behind[i]));
        EXPECT(foreign.status == 404, behind[i]);
        EXPECT(office_has(&foreign, "/problemy/nie-znaleziono"), behind[i]);
        struct http_answer nobody = get(arena, NULL, path_of(arena, &filed, behind[i]));
        EXPECT(nobody.status == 401, behind[i]);
    }
    struct http_answer own = get(arena, office.school_token, path_of(arena, &filed, "/receipt"));
    assert_int_equal(own.status, 200);
    struct reading reading = office_receipt(&office, arena, own.body);
    assert_int_equal(reading.facts.kind, RECEIPT_UNIT);
    assert_true(str_equal(reading.facts.unit_regon, STR("990001010")));
    struct http_answer list = get(arena, office.foreign_token, "/api/v1/submissions");
    assert_int_equal(list.status, 200);
    assert_false(office_has(&list, VALUE(filed, "id")));
    arena_destroy(arena);
}

static void
a_validation_stores_nothing(void **state)
{
    struct arena              *arena = arena_create(OFFICE_ROOM);
    const char                *before = count_all(arena);
    const struct office_filing filing = {.path = "/api/v1/validations",
                                         .body =
                                             office_sample(arena, "zle-zmieniona-po-podpisie.xml")};
    struct http_answer         answer = office_file(&office, arena, &filing);

    (void)state;
    assert_int_equal(answer.status, 200);
    EXPECT_VALUE(answer, "files.0.verdict", "rejected");
    assert_true(office_has(&answer, "PODPIS-"));
    assert_string_equal(count_all(arena), before);
    arena_destroy(arena);
}

static void
what_is_public_needs_no_account(void **state)
{
    static const struct {
        const char *path;
        const char *holds;
    } resources[] = {
        {"/api/v1/forms",              "RB27S"                  },
        {"/api/v1/forms",              "SMUPU"                  },
        {"/api/v1/forms/RBNDS/2025-1", "\"symbol\":\"D111\""    },
        {"/api/v1/keys",               "\"sha256\":"            },
        {"/api/v1/status",             "\"state\":\"receiving\""},
        {"/api/v1/limits",             "{"                      },
        {"/api/v1/openapi.json",       "\"openapi\""            },
    };
    struct arena *arena = arena_create(OFFICE_ROOM);

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(resources); i++) {
        struct http_answer answer = get(arena, NULL, resources[i].path);
        EXPECT(answer.status == 200, resources[i].path);
        EXPECT(office_has(&answer, resources[i].holds), resources[i].path);
        EXPECT(http_header(&answer, "X-Request-Id").size == UUID_TEXT_SIZE, resources[i].path);
    }
    arena_destroy(arena);
}

static void
a_receipt_is_verified_by_anybody(void **state)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    struct http_answer filed = office_file(
        &office, arena,
        &(struct office_filing){.key = "publiczne", .body = office_package(&office, arena)});
    const char          *number = VALUE(filed, "receipts.0.number");
    struct office_filing question = {.path = "/api/v1/receipts/verification", .token = ""};

    (void)state;
    assert_int_equal(filed.status, 201);
    struct http_answer shown =
        get(arena, NULL, str_format(arena, "/api/v1/receipts/%s", number).data);
    assert_int_equal(shown.status, 200);
    EXPECT_VALUE(shown, "number", number);
    assert_false(office_has(&shown, "amount"));
    question.body = get(arena, office.gmina_token, path_of(arena, &filed, "/receipt")).body;
    struct http_answer good = office_file(&office, arena, &question);
    assert_int_equal(good.status, 200);
    EXPECT_VALUE(good, "signature", "valid");
    EXPECT_VALUE(good, "status", "current");
    char *altered = ARENA_NEW(arena, char, question.body.size);
    memcpy(altered, question.body.data, question.body.size);
    char *place = memmem(altered, question.body.size, "2026-07", 7);
    assert_non_null(place);
    place[3] = '7';
    question.body.data = altered;
    struct http_answer bad = office_file(&office, arena, &question);
    assert_int_equal(bad.status, 200);
    EXPECT_VALUE(bad, "signature", "invalid");
    EXPECT_VALUE(bad, "status", "unknown");
    struct http_answer none =
        get(arena, NULL, "/api/v1/receipts/990001018-20260710-000000000000-00");
    assert_int_equal(none.status, 404);
    arena_destroy(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_good_reports_get_four_receipts_and_their_lines),
        cmocka_unit_test(a_rejection_is_sealed_and_names_step_and_place),
        cmocka_unit_test(a_correction_is_in_force_and_the_past_stays),
        cmocka_unit_test(the_views_show_a_unit_nothing_of_others),
        cmocka_unit_test(the_same_key_and_body_get_the_same_answer_byte_for_byte),
        cmocka_unit_test(
            the_same_bytes_after_a_rejection_are_a_new_submission_that_cites_the_first),
        cmocka_unit_test(a_key_with_another_body_is_refused_and_stores_nothing),
        cmocka_unit_test(who_does_not_wait_asks_later),
        cmocka_unit_test(strict_is_kept_and_a_right_digest_is_taken),
        cmocka_unit_test(junk_of_a_known_sender_is_admitted_rejected_and_receipted),
        cmocka_unit_test(a_report_of_another_unit_is_rejected),
        cmocka_unit_test(a_unit_registered_later_is_decided_anew_as_of_the_first_arrival),
        cmocka_unit_test(a_school_sees_its_receipt_and_a_foreign_one_sees_nothing),
        cmocka_unit_test(a_validation_stores_nothing),
        cmocka_unit_test(what_is_public_needs_no_account),
        cmocka_unit_test(a_receipt_is_verified_by_anybody),
    };

    return cmocka_run_group_tests(tests, start, stop);
}
