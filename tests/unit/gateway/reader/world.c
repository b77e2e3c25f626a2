#include "tests/unit/gateway/reader/world.h"

#include "gateway/definitions/definitions.h"
#include "gateway/receipt/seal.h"
#include "tests/support/authority.h"
#include "tests/support/expect.h"
#include "validators/identifier/receipt_number.h"

#include <string.h>

#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#define EXPECT_OK(call, fault)            \
    do {                                  \
        if ((call) != ERR_OK) {           \
            fail_msg("%s", (fault).text); \
        }                                 \
    } while (0)

#define MEMORY ((size_t)2048 * 1024 * 1024)

/* 2026-07-10T09:00:00.412+02:00 */
#define ARRIVED (INT64_C(1783666800) * INSTANT_PER_SECOND + 412000)

static const char registry_sql[] =
    "INSERT INTO registry.unit (unit, regon, wk, pk, gk, gt, pt, type, kind, name, parent,"
    " valid_from) OVERRIDING SYSTEM VALUE VALUES"
    " (1, '990001010', '99', '01', '01', '1', '0', 'JST', 'jst', 'Gmina Przykładowa', NULL, "
    "'2020-01-01'),"
    " (2, '990001027', '99', '01', '01', '1', '0', 'UR', 'urzad', 'Urząd Gminy', 1, '2020-01-01'),"
    " (3, '990001033', '99', '01', '01', '1', '0', 'JB', 'jednostka-budzetowa', 'Szkoła nr 1', 1, "
    "'2020-01-01'),"
    " (4, '990001040', '99', '01', '01', '1', '0', 'JB', 'jednostka-budzetowa', 'Szkoła nr 2', 1, "
    "'2020-01-01'),"
    " (5, '990002015', '99', '02', '01', '1', '0', 'JST', 'jst', 'Gmina Obca', NULL, '2020-01-01');"
    "INSERT INTO registry.credential (credential, unit, is_certificate, digest, scopes, label,"
    " expires_at, revoked_at) OVERRIDING SYSTEM VALUE"
    " SELECT i, CASE WHEN i > 5 THEN 3 ELSE i END, i = 8, decode(repeat(lpad(to_hex(i), 2, '0'), "
    "32), 'hex'),"
    "  CASE WHEN i = 8 THEN 2 ELSE 3 END, 'test',"
    "  CASE WHEN i = 6 THEN now() - interval '1 second' ELSE now() + interval '1 year' END,"
    "  CASE WHEN i = 7 THEN now() END FROM generate_series(1, 8) i;"
    "UPDATE registry.setting SET clock_offset = interval '-90 days -1 second';";

/* Bytes of every document: "<P><A/><B/></P>"; report 1 is <A/>, report 2 <B/>. */
static const char intake_sql[] =
    "INSERT INTO intake.submission (submission, ordinal, subject, credential, key, sha256, size,"
    " first_byte, arrived, first_arrived, state, verdict, n, decided_n, decided_at, follows)"
    " SELECT ('01980000-0000-7000-8000-00000000000' || i)::uuid, i,"
    "  (ARRAY[1,3,3,3,3,5])[i], (ARRAY[1,3,3,3,3,5])[i], 'k' || i,"
    "  decode(repeat('a' || i, 32), 'hex'), 15, t, t, t,"
    "  (ARRAY['decided','decided','received','checking','parked','decided'])[i],"
    "  (ARRAY[3,3,0,0,0,1])[i], (ARRAY[1,2,0,0,1,1])[i], (ARRAY[1,2,0,0,0,1])[i],"
    "  CASE WHEN i IN (1,2,5,6) THEN t + interval '1.5 second' END,"
    "  CASE WHEN i = 3 THEN '01980000-0000-7000-8000-000000000002'::uuid END"
    " FROM generate_series(1, 6) i,"
    "  LATERAL (SELECT '2026-07-10T09:00:00.412+02'::timestamptz + (i - 1) * interval '1 day' AS "
    "t) t;"
    "INSERT INTO intake.document SELECT submission, 'identity', '<P><A/><B/></P>' FROM "
    "intake.submission;"
    "INSERT INTO intake.decision SELECT s.submission, m, CASE WHEN s.state = 'parked' THEN "
    "'delivery'"
    "  ELSE 'decision' END, s.verdict, CASE WHEN s.state = 'parked' THEN 'trzy próby' END, "
    "s.decided_at, "
    "  decode(repeat('01', 32), 'hex'), decode(repeat('02', 32), 'hex'), decode(repeat('03', 32), "
    "'hex'),"
    "  'brama test', 100 + s.ordinal, 3, 0 FROM intake.submission s, generate_series(1, s.n) m;"
    "INSERT INTO intake.report SELECT 1000 * s.ordinal + 100 * m + o, s.submission, m, o,"
    "  CASE WHEN s.ordinal = 6 THEN 5 ELSE 3 + o END, CASE o WHEN 0 THEN 'Szkoła nr 1' ELSE "
    "'Szkoła nr 2' END,"
    "  CASE o WHEN 0 THEN '990001033' ELSE '990001040' END, 'JB', '99', '01', '01', '1', '0', "
    "'Rb-27s', 'RB27S',"
    "  '2025-1', 'Rb-27S', 2026, 'Kwartal', 2, '2026-Q2', '2026-06-30', 'jednostkowe', '', 1,"
    "  CASE WHEN s.ordinal = 1 AND o = 0 THEN 1 ELSE s.verdict END,"
    "  CASE WHEN o = 1 THEN 'TOZSAMOSC-001' ELSE '' END, decode(repeat('b' || o, 32), 'hex'),"
    "  3 + 4 * o, 7 + 4 * o, 50, s.arrived, 100 + s.ordinal,"
    "  CASE WHEN s.ordinal = 1 AND o = 0 THEN tstzmultirange(tstzrange(s.decided_at, NULL)) END,"
    "  '2026-07-10', CASE WHEN s.ordinal = 1 AND o = 0 THEN 'in_time' ELSE '' END, '1'"
    " FROM intake.submission s, generate_series(1, s.n) m, generate_series(0, CASE WHEN s.ordinal "
    "= 1 THEN 1 ELSE 0 END) o"
    " WHERE s.state = 'decided';"
    "INSERT INTO intake.finding SELECT r.submission, r.n, o, CASE WHEN o = 3 THEN -1 ELSE "
    "r.ordinal END, 'RB27S-001',"
    "  (ARRAY['error','query','info'])[o], 41, 18, 1234, '/P/A', 'dz. 801, kol. 4', '', '=1+1', "
    "'13 611 040,30', '1 200,00',"
    "  'Różnica', 'Popraw', 'rozporządzenie', '' FROM intake.report r, generate_series(1, 3) o"
    " WHERE r.verdict = 3;"
    "INSERT INTO intake.report_signature SELECT r.submission, r.n, r.ordinal, 0, 'kierownik', 'Jan "
    "Przykładowy', true, '',"
    "  decode(repeat('04', 32), 'hex'), '2026-07-09T12:00:00+02' FROM intake.report r;";

static struct str
make_number(struct arena *arena, const char *regon, uint64_t serial)
{
    struct buf            text = buf_create(arena, RECEIPT_NUMBER_SIZE_MAX);
    struct receipt_number number = {
        .date = {2026, 7, 10},
          .serial = serial
    };

    memcpy(number.regon, regon, strlen(regon) + 1);
    receipt_number_write(&text, &number);
    return buf_str(&text);
}

static struct str
pem_of(struct arena *arena, BIO *bio)
{
    char      *data = NULL;
    long       size = BIO_get_mem_data(bio, &data);
    struct str text = str_copy(arena, (struct str){data, (size_t)size});

    ENSURE(text.data != NULL);
    BIO_free(bio);
    return text;
}

/* A receipt as the signer makes it, by a key that lives as long as the test. */
static struct str
make_receipt(struct world *world)
{
    struct arena     *arena = world->arena;
    struct authority *authority = NULL;
    struct seal      *seal = NULL;
    struct str        out = {0};
    struct fault      fault = {0};
    BIO              *key = BIO_new(BIO_s_mem());
    BIO              *certificate = BIO_new(BIO_s_mem());

    EXPECT_OK(authority_open(arena, BRAMA_BINARY_DIR "/tests/support", &authority, &fault), fault);
    const struct authority_card *card = authority_card(authority, AUTHORITY_ELLIPTIC);
    const unsigned char         *der = (const unsigned char *)card->certificate.data;
    X509                        *x509 = d2i_X509(NULL, &der, (long)card->certificate.size);
    ENSURE(x509 != NULL && PEM_write_bio_X509(certificate, x509) == 1);
    ENSURE(PEM_write_bio_PrivateKey(key, card->key, NULL, NULL, 0, NULL, NULL) == 1);
    X509_free(x509);
    world->clerk.tools.seal_pem = pem_of(arena, certificate);

    struct receipt_facts facts = {
        .kind = RECEIPT_SUMMARY,
        .number = world->summary,
        .environment = STR("TEST"),
        .receiver = STR("Brama <test>"),
        .n = 1,
        .sender_name = STR("Gmina Przykładowa"),
        .sender_regon = STR("990001010"),
        .first_byte = ARRIVED,
        .last_byte = ARRIVED,
        .arrived = ARRIVED,
        .decided = ARRIVED + INSTANT_PER_SECOND,
        .document_size = 15,
        .verdict = STR("rejected"),
        .engine = STR("brama test"),
        .log_index = 101,
    };
    ENSURE(uuid_parse(STR(WORLD_PACKAGE), &facts.submission));
    EXPECT_OK(seal_create(arena, pem_of(arena, key), world->clerk.tools.seal_pem, &seal, &fault),
              fault);
    EXPECT_OK(seal_receipt(arena, seal, &facts, ARRIVED + INSTANT_PER_SECOND, &out, &fault), fault);
    return out;
}

static struct str
hex_of(struct arena *arena, struct str bytes)
{
    struct buf out = buf_create(arena, 2 * bytes.size + 1);

    buf_hex(&out, (const unsigned char *)bytes.data, bytes.size);
    return buf_str(&out);
}

static void
insert_receipts(struct world *world)
{
    struct arena *arena = world->arena;

    world->summary = make_number(arena, "990001010", 1);
    world->school = make_number(arena, "990001033", 2);
    world->sister = make_number(arena, "990001040", 3);
    world->delivery = make_number(arena, "990001033", 4);
    world->receipt = make_receipt(world);
    struct str hex = hex_of(arena, world->receipt);
    struct str sql = str_format(
        arena,
        "INSERT INTO intake.receipt VALUES"
        "('%.*s', '" WORLD_PACKAGE
        "', 1, 'summary', 0, NULL, '990001010', decode('%.*s', 'hex'), '\\x05', '{0,1}'),"
        "('%.*s', '" WORLD_PACKAGE "', 1, 'unit', 1, 3, '990001033', '<UPO1/>', '\\x06', '{0}'),"
        "('%.*s', '" WORLD_PACKAGE "', 1, 'unit', 2, 4, '990001040', '<UPO2/>', '\\x07', '{1}'),"
        "('%.*s', '" WORLD_PARKED "', 1, 'delivery', 0, NULL, '990001033', '<D/>', '\\x08', '{}'),"
        "('990001033-20260711-000000000001-00', '" WORLD_REJECTED
        "', 1, 'unit', 0, 3, '990001033', '<N1/>', '\\x09', '{0}'),"
        "('990001033-20260711-000000000002-00', '" WORLD_REJECTED
        "', 2, 'unit', 0, 3, '990001033', '<N2/>', '\\x0a', '{0}')",
        STR_ARG(world->summary), STR_ARG(hex), STR_ARG(world->school), STR_ARG(world->sister),
        STR_ARG(world->delivery));
    world_run(world, sql.data);
}

void
world_begin(struct world *world, struct cluster *cluster, const char *name)
{
    const struct catalogue *catalogue = NULL;
    struct fault            fault = {0};
    struct store_address    address = cluster_database(cluster, name);
    struct reader_tools     tools = {.config = &world->config, .version = "test"};

    *world = (struct world){.cluster = cluster, .arena = arena_create(MEMORY), .database = name};
    world->config = (struct config){.environment = CONFIG_TEST,
                                    .public_url = STR("https://brama.test"),
                                    .database_host = address.host,
                                    .database_port = address.port,
                                    .database_name = address.database,
                                    .body_bytes_max = INT64_C(16) * 1024 * 1024,
                                    .poll_wait_seconds_max = 25};
    EXPECT_OK(definitions_catalogue(world->arena, NULL, &catalogue, &fault), fault);
    EXPECT_OK(edition_create(world->arena, catalogue, &tools.edition, &fault), fault);
    world->clerk = clerk_create(&tools);
    world_run(world, registry_sql);
    world_run(world, intake_sql);
    world_run(world, "INSERT INTO intake.concern SELECT DISTINCT r.unit, s.ordinal, s.subject"
                     " FROM intake.report r JOIN intake.submission s USING (submission)"
                     " WHERE r.unit <> s.subject");
    insert_receipts(world);
}

void
world_end(struct world *world)
{
    clerk_close(&world->clerk);
    edition_close(world->clerk.tools.edition);
    arena_destroy(world->arena);
}

void
world_run(const struct world *world, const char *sql)
{
    cluster_run(world->cluster, world->database, sql);
}

int64_t
world_buffers(const struct world *world)
{
    struct store     *store = world->clerk.tools.store;
    struct store_rows rows = {0};
    struct fault      fault = {0};

    for (int i = 0; i < 2; i++) { /* the second time the first one is counted */
        EXPECT_OK(
            store_run(store, "SELECT pg_stat_force_next_flush()", NULL, world->arena, NULL, &fault),
            fault);
    }
    EXPECT_OK(store_run(store,
                        "SELECT (blks_hit + blks_read)::bigint FROM pg_stat_database"
                        " WHERE datname = current_database()",
                        NULL, world->arena, &rows, &fault),
              fault);
    return store_number(&rows, 0, 0);
}

struct reply
world_ask(struct world *world, const struct question *question)
{
    struct reply reply = {0};

    clerk_answer(&world->clerk, world->arena, question, world->now + 1, &reply);
    clerk_tidy(&world->clerk, 1);
    return reply;
}

struct reply
world_get_as(struct world *world, int64_t credential, const char *target, const char *accept)
{
    struct str      query = str_of(target);
    struct question question = {.handle = 7, .kind = QUESTION_GET, .credential = credential};

    (void)str_cut(&query, '?', &question.path);
    question.query = query;
    question.accept = str_of(accept);
    return world_ask(world, &question);
}

struct reply
world_get(struct world *world, int64_t credential, const char *target)
{
    return world_get_as(world, credential, target, "");
}

struct str
world_header(const struct reply *reply, const char *name)
{
    struct str rest = reply->headers;
    struct str line = {0};

    while (rest.size > 0 && str_cut(&rest, '\n', &line)) {
        struct str value = str_slice(line, strlen(name), line.size);
        if (str_starts_with(line, str_of(name)) && str_starts_with(value, STR(": "))) {
            return str_trim(str_slice(value, 2, value.size));
        }
    }
    return (struct str){0};
}
