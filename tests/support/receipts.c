#include "tests/support/receipts.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

enum { TEXT_MAX = 60, LIST_MAX = 4 };

/* One certificate to be made. */
struct wish {
    const char *name;
    EVP_PKEY   *key;
    const char *until;
    const char *usage;
    const char *constraints;
    long        serial;
};

static bool
add_extension(X509 *certificate, int nid, const char *value)
{
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    bool            added = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;

    X509_EXTENSION_free(extension);
    return added;
}

static X509 *
issue(const struct wish *wish, X509 *issuer, EVP_PKEY *issuer_key)
{
    X509      *made = X509_new();
    X509_NAME *name = X509_get_subject_name(made);
    bool       good =
        X509_set_version(made, X509_VERSION_3) == 1
        && ASN1_INTEGER_set(X509_get_serialNumber(made), wish->serial) == 1
        && X509_NAME_add_entry_by_txt(name, "C", MBSTRING_UTF8, (const unsigned char *)"PL", -1, -1,
                                      0)
               == 1
        && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)wish->name,
                                      -1, -1, 0)
               == 1
        && X509_set_issuer_name(made, issuer == NULL ? name : X509_get_subject_name(issuer)) == 1
        && ASN1_TIME_set_string_X509(X509_getm_notBefore(made), "20250101000000Z") == 1
        && ASN1_TIME_set_string_X509(X509_getm_notAfter(made), wish->until) == 1
        && X509_set_pubkey(made, wish->key) == 1
        && add_extension(made, NID_basic_constraints, wish->constraints)
        && add_extension(made, NID_key_usage, wish->usage)
        && X509_sign(made, issuer_key, EVP_sha256()) > 0;

    if (!good) {
        X509_free(made);
        return NULL;
    }
    return made;
}

static struct str
take_text(struct arena *arena, BIO *memory)
{
    char      *text = NULL;
    long       size = BIO_get_mem_data(memory, &text);
    struct str kept = str_copy(arena, (struct str){text, (size_t)size});

    (void)BIO_free(memory); /* memory only */
    return kept;
}

static struct str
certificate_pem(struct arena *arena, X509 *first, X509 *second)
{
    BIO *memory = BIO_new(BIO_s_mem());

    ENSURE(memory != NULL && PEM_write_bio_X509(memory, first) == 1);
    ENSURE(second == NULL || PEM_write_bio_X509(memory, second) == 1);
    return take_text(arena, memory);
}

static struct str
key_pem(struct arena *arena, EVP_PKEY *key)
{
    BIO *memory = BIO_new(BIO_s_mem());

    ENSURE(memory != NULL && PEM_write_bio_PrivateKey(memory, key, NULL, NULL, 0, NULL, NULL) == 1);
    return take_text(arena, memory);
}

static EVP_PKEY *
make_key(enum receipts_seal_kind kind)
{
    switch (kind) {
    case RECEIPTS_RSA:
        return EVP_RSA_gen(2048);
    case RECEIPTS_WEAK:
        return EVP_RSA_gen(1024);
    case RECEIPTS_OTHER_CURVE:
        return EVP_EC_gen("P-384");
    default:
        return EVP_EC_gen("P-256");
    }
}

enum err
receipts_seal(struct arena *arena, enum receipts_seal_kind kind, struct receipts_seal *out,
              struct fault *fault)
{
    static const char long_lived[] = "20400101000000Z";
    static const char issues[] = "critical,keyCertSign,cRLSign";
    const bool        wrong = kind == RECEIPTS_WRONG_USAGE;

    struct wish root = {"Korzen probny", EVP_EC_gen("P-256"), long_lived,
                        issues,          "critical,CA:TRUE",  1};
    struct wish issuer = {
        "Wystawca probny", EVP_EC_gen("P-256"), long_lived, issues, "critical,CA:TRUE", 2};
    struct wish seal = {"Pieczęć próbna bramy",
                        make_key(kind),
                        kind == RECEIPTS_SHORT_LIVED ? "20260630000000Z" : long_lived,
                        wrong ? "critical,keyEncipherment"
                              : "critical,digitalSignature,nonRepudiation",
                        "CA:FALSE",
                        3};
    X509       *top = issue(&root, NULL, root.key);
    X509       *middle = top == NULL ? NULL : issue(&issuer, top, root.key);
    X509       *leaf = middle == NULL ? NULL : issue(&seal, middle, issuer.key);

    if (leaf != NULL) {
        *out = (struct receipts_seal){.key = key_pem(arena, seal.key),
                                      .certificate = certificate_pem(arena, leaf, NULL),
                                      .chain = certificate_pem(arena, leaf, middle),
                                      .issuer = certificate_pem(arena, middle, NULL),
                                      .root = certificate_pem(arena, top, NULL)};
    }
    bool made = leaf != NULL;
    X509_free(leaf);
    X509_free(middle);
    X509_free(top);
    EVP_PKEY_free(seal.key);
    EVP_PKEY_free(issuer.key);
    EVP_PKEY_free(root.key);
    return made ? ERR_OK : FAIL(fault, ERR_CRYPTO, "certificates of a seal");
}

static const struct receipt_finding typical_findings[] = {
    {STR_INIT("RB27S-001"), STR_INIT("error"),   STR_INIT("wiersz 3, „Dochody wykonane”"),
     STR_INIT("Suma < części & więcej > mniej: 1\xC2\xA0"
              "234,50 zł"),
     41,                                                      18},
    {STR_INIT("RB27S-014"),
     STR_INIT("query"),
     {0},
     STR_INIT("Wiersz pierwszy\r\nwiersz drugi\tdalej"),
     0,                                                       0 },
    {STR_INIT("RB27S-020"), STR_INIT("warning"), STR_INIT("dział 801"),
     STR_INIT("żółć \xF0\x9F\x93\x84 ]]> koniec"),   212, 1 },
};

#define EVENING (RECEIPTS_MORNING - INT64_C(42600) * 1000000) /* 21:10 of the day before */

static const struct receipt_outage typical_outages[] = {
    {EVENING - INT64_C(7200000000), EVENING - INT64_C(6600000000), 0,
     STR_INIT("strona nie odpowiadała")                                      },
    {EVENING,                       EVENING + INT64_C(5400000000), EVENING + INT64_C(720000000),
     STR_INIT("nie dało się składać plików <przerwa u dostawcy łącza>")},
};

struct receipt_facts
receipts_typical(struct arena *arena)
{
    struct receipt_report *reports = ARENA_NEW(arena, struct receipt_report, 2);
    struct receipt_outage *outages =
        ARENA_NEW(arena, struct receipt_outage, ARRAY_COUNT(typical_outages));
    struct receipt_facts facts = {
        .kind = RECEIPT_UNIT,
        .number = STR("990001018-20260710-00000000002A-6E"),
        .environment = STR("TEST"),
        .receiver = STR("Brama próbna"),
        .submission = uuid_of_time(1783666800412, (const unsigned char *)"0123456789"),
        .n = 1,
        .sender_name = STR("Gmina Próbna & Spółka"),
        .sender_regon = STR("990001018"),
        .unit_name = STR("Szkoła Podstawowa nr 1 w Łękołodach"),
        .unit_regon = STR("990001024"),
        .unit_codes = STR("99/01/01/1/0"),
        .first_byte = RECEIPTS_MORNING - 250000,
        .last_byte = RECEIPTS_MORNING,
        .arrived = RECEIPTS_MORNING,
        .decided = RECEIPTS_MORNING + 77000,
        .document_size = 26412,
        .outages = outages,
        .outage_count = ARRAY_COUNT(typical_outages),
        .verdict = STR("rejected"),
        .reports = reports,
        .report_count = 2,
        .engine = STR("brama 0.2.0"),
        .log_index = 42,
        .note = STR("Nie zastępuje przekazania w BeSTi@, dopóki przepis nie wskaże bramy."),
    };

    ENSURE(reports != NULL && outages != NULL);
    memcpy(outages, typical_outages, sizeof typical_outages);
    memset(facts.document_sha256, 0xA5, sizeof facts.document_sha256);
    memset(facts.definitions_sha256, 0x5A, sizeof facts.definitions_sha256);
    memset(facts.calendar_sha256, 0x3C, sizeof facts.calendar_sha256);
    memset(facts.log_leaf, 0x0F, sizeof facts.log_leaf);
    reports[0] =
        (struct receipt_report){.form = STR("Rb-27S"),
                                .form_name = STR("sprawozdanie z wykonania planu dochodów"),
                                .form_version = STR("2025-1"),
                                .period = STR("2026-Q2"),
                                .level = STR("jednostkowe"),
                                .version = STR("1"),
                                .verdict = STR("rejected"),
                                .signers = STR("główny księgowy: Anna Przykładowa"),
                                .findings = typical_findings,
                                .finding_count = ARRAY_COUNT(typical_findings),
                                .finding_cut = 7};
    reports[1] = (struct receipt_report){
        .form = STR("Rb-28S"),
        .period = STR("2026-Q2"),
        .verdict = STR("accepted"),
        .due = {2026, 7, 10},
        .timeliness = STR("in_time"),
        .calendar = STR("1"),
        .due_basis = STR("rozporządzenie (Dz.U. 2025 poz. 133)"),
        .outside = STR(
            "okno korekt trwało do 30 września 2026 r.; przyjęto i przedstawiono odbiorcy: RIO"),
        .set_state = STR("incomplete"),
        .set_awaited = STR("Rb-28S zbiorcze za 2026-Q2; Rb-NDS zbiorcze za 2026-Q2"),
        .findings = typical_findings + 1,
        .finding_count = 1
    };
    return facts;
}

/* Pieces whose spelling in XML is not their own, and others. */
static struct str
random_text(struct arena *arena, struct dice *dice, bool may_be_empty)
{
    static const char *const pieces[] = {
        "a",
        "Ź",
        "&",
        "<",
        ">",
        "\r",
        "\n",
        "\t",
        "\"",
        "'",
        "]]>",
        "&amp;",
        "<!--",
        "\xF0\x9F\x93\x84",
        "ą ę",
        " ",
        "kwota\xC2\xA0z\xC5\x82",
        "%s",
        "\xE2\x80\xAD\xE2\x80\xAC",
        "\xEF\xBF\xBD",
    };
    struct buf text = buf_create(arena, (size_t)TEXT_MAX * TEXT_MAX);
    uint64_t   count = dice_below(dice, TEXT_MAX) + (may_be_empty ? 0 : 1);

    if (may_be_empty && dice_chance(dice, 30)) {
        return (struct str){0};
    }
    for (uint64_t i = 0; i < count; i++) {
        buf_append(&text, str_of(pieces[dice_below(dice, ARRAY_COUNT(pieces))]));
    }
    ENSURE(buf_ok(&text));
    return buf_str(&text);
}

static void
random_bytes(struct dice *dice, unsigned char *out, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        out[i] = (unsigned char)dice_below(dice, 256);
    }
}

/* From 1996 to 2199. */
static instant
random_instant(struct dice *dice)
{
    const int64_t first = INT64_C(820454400000);
    const int64_t last = INT64_C(7258032000000);

    return (first + (int64_t)dice_below(dice, (uint64_t)(last - first))) * 1000;
}

static struct str
random_word(struct dice *dice, const struct str *words, size_t count)
{
    return words[dice_below(dice, count)];
}

static const struct receipt_finding *
random_findings(struct arena *arena, struct dice *dice, size_t *count)
{
    static const struct str severities[] = {STR_INIT("error"), STR_INIT("query"),
                                            STR_INIT("warning"), STR_INIT("info")};
    struct receipt_finding *list = ARENA_NEW(arena, struct receipt_finding, LIST_MAX);

    ENSURE(list != NULL);
    *count = dice_below(dice, LIST_MAX);
    for (size_t i = 0; i < *count; i++) {
        list[i] = (struct receipt_finding){
            .code = random_text(arena, dice, true),
            .severity = random_word(dice, severities, ARRAY_COUNT(severities)),
            .cell = random_text(arena, dice, true),
            .title = random_text(arena, dice, true),
            .line = (uint32_t)(dice_chance(dice, 50) ? dice_roll(dice) : 0),
            .column = (uint32_t)(dice_chance(dice, 50) ? dice_roll(dice) : 0)};
    }
    return list;
}

static const struct str verdicts[] = {STR_INIT("accepted"), STR_INIT("held"), STR_INIT("rejected"),
                                      STR_INIT("undecided")};

/* A day from 1996 to 2199 with what belongs to it. */
static void
random_due(struct arena *arena, struct dice *dice, struct receipt_report *report)
{
    static const struct str words[] = {STR_INIT("in_time"), STR_INIT("late"),
                                       STR_INIT("correction"), STR_INIT("")};

    report->due = date_of_days(9496 + (int64_t)dice_below(dice, 74000));
    report->timeliness = random_word(dice, words, ARRAY_COUNT(words));
    report->calendar = random_text(arena, dice, false);
    report->due_basis = random_text(arena, dice, false);
    report->outside = random_text(arena, dice, true);
}

static void
random_set(struct arena *arena, struct dice *dice, struct receipt_report *report)
{
    static const struct str words[] = {STR_INIT("consistent"), STR_INIT("inconsistent"),
                                       STR_INIT("incomplete")};

    report->set_state = random_word(dice, words, ARRAY_COUNT(words));
    report->set_awaited = random_text(arena, dice, true);
}

static struct receipt_report
random_report(struct arena *arena, struct dice *dice)
{
    struct receipt_report report = {.form = random_text(arena, dice, false),
                                    .form_name = random_text(arena, dice, true),
                                    .form_version = random_text(arena, dice, true),
                                    .unit_name = random_text(arena, dice, true),
                                    .unit_regon = random_text(arena, dice, true),
                                    .period = random_text(arena, dice, true),
                                    .level = random_text(arena, dice, true),
                                    .version = random_text(arena, dice, true),
                                    .verdict = random_word(dice, verdicts, ARRAY_COUNT(verdicts)),
                                    .reason = random_text(arena, dice, true),
                                    .signers = random_text(arena, dice, true),
                                    .finding_cut = dice_below(dice, 3)};

    random_bytes(dice, report.sha256, sizeof report.sha256);
    if (dice_chance(dice, 70)) {
        random_due(arena, dice, &report);
    }
    if (dice_chance(dice, 50)) {
        random_set(arena, dice, &report);
    }
    report.findings = random_findings(arena, dice, &report.finding_count);
    return report;
}

static const struct receipt_outage *
random_outages(struct arena *arena, struct dice *dice, size_t *count)
{
    struct receipt_outage *list = ARENA_NEW(arena, struct receipt_outage, LIST_MAX);

    ENSURE(list != NULL);
    *count = dice_below(dice, LIST_MAX);
    for (size_t i = 0; i < *count; i++) {
        list[i] = (struct receipt_outage){.began = random_instant(dice),
                                          .ended = random_instant(dice),
                                          .tried = dice_chance(dice, 50) ? random_instant(dice) : 0,
                                          .what = random_text(arena, dice, false)};
    }
    return list;
}

static void
fill_numbers(struct receipt_facts *facts, struct dice *dice)
{
    facts->n = (int64_t)(dice_roll(dice) >> 1U);
    facts->log_index = dice_roll(dice) >> 1U;
    facts->document_size = dice_below(dice, 1 << 24U);
    facts->first_byte = random_instant(dice);
    facts->last_byte = random_instant(dice);
    facts->arrived = random_instant(dice);
    facts->decided = random_instant(dice);
    random_bytes(dice, facts->submission.bytes, UUID_SIZE);
    if (dice_chance(dice, 30)) {
        random_bytes(dice, facts->first_submission.bytes, UUID_SIZE);
        facts->first_arrived = random_instant(dice);
    }
    random_bytes(dice, facts->document_sha256, sizeof facts->document_sha256);
    random_bytes(dice, facts->definitions_sha256, sizeof facts->definitions_sha256);
    random_bytes(dice, facts->trust_sha256, sizeof facts->trust_sha256);
    random_bytes(dice, facts->registry_sha256, sizeof facts->registry_sha256);
    if (dice_chance(dice, 70)) {
        random_bytes(dice, facts->calendar_sha256, sizeof facts->calendar_sha256);
    }
    random_bytes(dice, facts->log_leaf, sizeof facts->log_leaf);
}

struct receipt_facts
receipts_random(struct arena *arena, struct dice *dice)
{
    struct receipt_report *reports = ARENA_NEW(arena, struct receipt_report, LIST_MAX);
    struct receipt_facts   facts = {
          .kind = (enum receipt_kind)(RECEIPT_UNIT + (int)dice_below(dice, 3)),
          .number = random_text(arena, dice, false),
          .environment = dice_chance(dice, 50) ? STR("TEST") : STR("PROD"),
          .receiver = random_text(arena, dice, true),
          .sender_name = random_text(arena, dice, true),
          .sender_regon = random_text(arena, dice, true),
          .unit_name = random_text(arena, dice, true),
          .unit_regon = random_text(arena, dice, true),
          .unit_codes = random_text(arena, dice, true),
          .verdict = random_word(dice, verdicts, ARRAY_COUNT(verdicts)),
          .reason = random_text(arena, dice, true),
          .reports = reports,
          .report_count = dice_below(dice, LIST_MAX),
          .engine = random_text(arena, dice, true),
          .note = random_text(arena, dice, true),
    };

    ENSURE(reports != NULL);
    fill_numbers(&facts, dice);
    facts.outages = random_outages(arena, dice, &facts.outage_count);
    facts.findings = random_findings(arena, dice, &facts.finding_count);
    for (size_t i = 0; i < facts.report_count; i++) {
        reports[i] = random_report(arena, dice);
    }
    return facts;
}
