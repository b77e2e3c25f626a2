#include "tests/unit/gateway/submission/workshop.h"

#include "gateway/signer/signer.h"
#include "gateway/wire/blob.h"
#include "tests/support/receipts.h"
#include "validators/signature/signature.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define ROOM ((size_t)1 << 30U)
#define TRUST_PATH "tests/samples/urzad-certyfikacji-przyklad.pem"
#define ARRIVED (INT64_C(1784962800) * INSTANT_PER_SECOND) /* 2026-07-25T09:00+02:00 */

enum { SAMPLE_MAX = 1024 * 1024, DOCUMENT_MAX = 16 << 20, ANSWER_MAX = 256 << 20 };

static struct cluster         *cluster;
static struct arena           *kept;
static struct seal            *seal;
static struct definitions      definitions;
static struct signature_trust *trust;
static struct str              trusted; /* PEM; empty: the samples' issuer */
static unsigned                databases;

static const char registry_sql[] =
    "INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt, type, kind, name, parent, valid_from)"
    " VALUES ('990000022', '99', '01', '02', '3', '0', 'JB', 'jst', 'Gmina Przykładów', NULL,"
    "         '2020-01-01'),"
    "        ('990001010', '99', '01', '02', '3', '0', 'JB', 'jednostka-budzetowa', 'SP 1', 1,"
    "         '2020-01-01'),"
    "        ('990001027', '99', '01', '02', '3', '0', 'JB', 'jednostka-budzetowa', 'SP 2', 1,"
    "         '2020-01-01'),"
    "        ('990001033', '99', '01', '02', '3', '0', 'JB', 'jednostka-budzetowa', 'SP 3', 1,"
    "         '2020-01-01'),"
    "        ('990000039', '99', '01', '03', '3', '0', 'JB', 'jst', 'Gmina Inna', NULL,"
    "         '2020-01-01'),"
    "        ('990001056', '99', '01', '03', '3', '0', 'JB', 'jednostka-budzetowa', 'SP Inna', 5,"
    "         '2020-01-01');"
    "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, label, expires_at)"
    " VALUES (1, false, decode(repeat('ab', 32), 'hex'), 3, 'test', '2099-01-01'),"
    "        (5, false, decode(repeat('cd', 32), 'hex'), 3, 'test', '2099-01-01')";

static struct str
read_file(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    char *bytes = ARENA_NEW(arena, char, SAMPLE_MAX);

    ENSURE(file != NULL && bytes != NULL);
    size_t size = fread(bytes, 1, SAMPLE_MAX, file);
    ENSURE(fclose(file) == 0 && size > 0 && size < SAMPLE_MAX);
    return (struct str){bytes, size};
}

int
workshop_start(void **state)
{
    struct fault         fault = {0};
    struct receipts_seal made = {0};

    (void)state;
    kept = arena_create(ROOM);
    cluster = cluster_start(CLUSTER_FAST);
    signature_warm_up();
    ENSURE(definitions_load(kept, NULL, &definitions, &fault) == ERR_OK);
    ENSURE(signature_trust_parse(kept, read_file(kept, TRUST_PATH), &trust, &fault) == ERR_OK);
    ENSURE(receipts_seal(kept, RECEIPTS_ECDSA, &made, &fault) == ERR_OK);
    ENSURE(seal_create(kept, made.key, made.chain, &seal, &fault) == ERR_OK);
    return 0;
}

int
workshop_stop(void **state)
{
    (void)state;
    cluster_stop(cluster);
    arena_destroy(kept);
    return 0;
}

void
workshop_trust(struct str pem)
{
    struct fault fault = {0};

    trusted = pem;
    ENSURE(signature_trust_parse(kept, pem, &trust, &fault) == ERR_OK);
}

/* So that decisions name what was trusted. */
static void
name_trusted(struct bench *bench)
{
    struct fault fault = {0};

    if (trusted.size > 0) {
        bench->trust = trusted;
        ENSURE(fingerprint_of(trusted, bench->trust_sha256, &fault) == ERR_OK);
    }
}

static bool
holds(struct str text, struct str part)
{
    return part.size > 0 && text.size > 0 && memmem(text.data, text.size, part.data, part.size);
}

/* The checker's work, in this process. */
static void
read_one(struct arena *arena, struct unread *document)
{
    const struct check_request request = {.limits = &prescan_limits_default,
                                          .catalogue = definitions.catalogue,
                                          .schemas = definitions.schemas,
                                          .trust = trust,
                                          .at = document->at};
    struct check_request       asked = request;
    struct checked             checked = {0};
    struct buf                 out = buf_create(arena, ANSWER_MAX);
    struct fault               fault = {0};

    ENSURE(blob_map(arena, document->document, DOCUMENT_MAX, &asked.bytes, &fault) == ERR_OK);
    if (holds(asked.bytes, STR(WORKSHOP_KILLER))) {
        document->answer = (struct checker_link_answer){.end = CHECKER_LINK_GONE};
        return;
    }
    ENSURE(check_run(arena, &asked, &checked, &fault) == ERR_OK);
    ENSURE(checked_encode(&checked, &out, &fault) == ERR_OK);
    document->answer =
        (struct checker_link_answer){.end = CHECKER_LINK_DONE, .bytes = buf_str(&out)};
}

static void
fill(struct arena *arena)
{
    for (size_t piece = arena_size_max(arena); piece > 0; piece /= 2) {
        while (arena_alloc(arena, piece, 1) != NULL) {
        }
    }
}

static enum err
check(void *self, struct arena *arena, struct unread *documents, size_t count, int budget_ms,
      struct fault *fault)
{
    struct workshop *workshop = self;

    ENSURE(budget_ms > 0);
    if (workshop->checker_away) {
        return FAIL(fault, ERR_PEER, "no checker now");
    }
    if (workshop->checker_greedy) {
        fill(arena);
        return FAIL(fault, ERR_MEMORY, "the arena of the batch is full");
    }
    for (size_t i = 0; i < count && !workshop->checker_idle; i++) {
        if (documents[i].answer.end == CHECKER_LINK_NONE) {
            read_one(arena, &documents[i]);
            workshop->checked++;
        }
    }
    return ERR_OK;
}

/* As the server does with a session that waits for too long within a transaction. */
static void
end_sessions(const struct workshop *workshop)
{
    workshop_run(workshop, "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                           " WHERE usename = 'brama_writer' AND datname = current_database()");
}

static enum err
sign(void *self, struct arena *arena, const struct unsealed *unsealed, struct str *receipts,
     struct fault *fault)
{
    struct workshop *workshop = self;

    if (workshop->signer_away || workshop->sign_failures > 0) {
        workshop->sign_failures -= workshop->sign_failures > 0 ? 1 : 0;
        return FAIL(fault, ERR_PEER, "no signer now");
    }
    if (unsealed->count > workshop->signed_at_once) {
        workshop->signed_at_once = unsealed->count;
    }
    for (size_t i = 0; i < unsealed->count; i++) {
        const struct receipt_facts *facts = &unsealed->facts[i];
        if (facts->kind != RECEIPT_DELIVERY && facts->document_size == workshop->refuses.size) {
            if (workshop->session_dies) {
                end_sessions(workshop);
                return FAIL(fault, ERR_PEER, "no signer now");
            }
            return workshop->signer_dies ? FAIL(fault, ERR_PEER, "the signer is gone")
                                         : FAIL(fault, ERR_LIMIT, "this receipt cannot be signed");
        }
    }
    return signer_ask_here(arena, seal, unsealed->facts, unsealed->count, unsealed->at, receipts,
                           fault);
}

static bool
ready(void *self)
{
    const struct workshop *workshop = self;

    return !workshop->signer_away;
}

static bool
ending(void *self)
{
    const struct workshop *workshop = self;

    return workshop->ending;
}

static void
tell(void *self, unsigned front, const struct filing_news *news, struct str result)
{
    struct workshop *workshop = self;

    ENSURE(front == 0 && workshop->told_count < WORKSHOP_TOLD_MAX);
    workshop->told[workshop->told_count] =
        (struct workshop_told){.news = *news, .result = str_copy(workshop->arena, result)};
    workshop->told_count++;
}

static void
tell_all(void *self, const struct filing_news *news)
{
    struct workshop *workshop = self;

    tell(self, 0, news, (struct str){0});
    workshop->told[workshop->told_count - 1].to_all = true;
}

static enum err
pause_here(void *self, int milliseconds, struct fault *fault)
{
    struct workshop      *workshop = self;
    const struct timespec wait = {.tv_nsec = (long)milliseconds * 100 * 1000};

    (void)fault;
    workshop->pauses++;
    (void)nanosleep(&wait, NULL); /* a tenth of it: somebody else may be at work */
    return ERR_OK;
}

/* A bench on this database. */
static struct workshop *
make(struct str name, struct store_address address, unsigned slot)
{
    struct arena    *arena = arena_create(ROOM);
    struct workshop *workshop = ARENA_NEW(arena, struct workshop, 1);
    struct fault     fault = {0};

    ENSURE(workshop != NULL);
    *workshop = (struct workshop){.arena = arena, .name = name, .address = address};
    workshop->config = (struct config){.environment = CONFIG_TEST,
                                       .node = STR("probny"),
                                       .trust = STR(TRUST_PATH),
                                       .receiver = STR("Brama próbna"),
                                       .lease_seconds = 30,
                                       .attempts_max = 3,
                                       .body_bytes_max = DOCUMENT_MAX,
                                       .checker_deadline_ms = 20000};
    ENSURE(bench_open(arena, &workshop->config, slot, &workshop->bench, &fault) == ERR_OK);
    name_trusted(&workshop->bench);
    workshop->bench.neighbours = (struct neighbours){.self = workshop,
                                                     .check = check,
                                                     .sign = sign,
                                                     .ready = ready,
                                                     .ending = ending,
                                                     .tell = tell,
                                                     .tell_all = tell_all,
                                                     .pause = pause_here};
    ENSURE(store_open(arena, &address, STORE_WRITER, &workshop->bench.store, &fault) == ERR_OK);
    ENSURE(bench_file_material(&workshop->bench, &fault) == ERR_OK);
    return workshop;
}

struct workshop *
workshop_open(void)
{
    databases++;
    struct str           name = str_format(kept, "shop%u", databases);
    struct store_address address = cluster_database(cluster, name.data);

    cluster_run(cluster, name.data, registry_sql);
    return make(name, address, 0);
}

struct workshop *
workshop_second(const struct workshop *first, unsigned slot)
{
    return make(first->name, first->address, slot);
}

void
workshop_close(struct workshop *workshop)
{
    arena_destroy(workshop->arena);
}

struct str
workshop_sample(struct workshop *workshop, const char *name)
{
    struct str path = str_format(workshop->arena, "tests/samples/%s", name);

    return read_file(workshop->arena, path.data);
}

struct uuid
workshop_id(uint64_t number)
{
    unsigned char random[UUID_RANDOM_SIZE] = {0};

    for (size_t i = 0; i < sizeof number / 2; i++) { /* the first bytes lose some bits */
        random[sizeof random - 1 - i] = (unsigned char)(number >> (8U * i));
    }
    return uuid_of_time(ARRIVED / 1000, random);
}

struct batch
workshop_batch(void)
{
    struct batch batch = {0};
    struct fault fault = {0};

    ENSURE(batch_create(&batch, &fault) == ERR_OK);
    return batch;
}

struct submission *
workshop_file(struct workshop *workshop, struct batch *batch, int64_t subject, uint64_t number,
              const char *key, struct str bytes)
{
    struct submission *submission = batch_add(batch, bytes.size);
    struct fault       fault = {0};

    (void)workshop;
    submission->is_filing = true;
    submission->bytes = bytes;
    submission->filing = (struct filing){.handle = number,
                                         .purpose = FILING_SUBMIT,
                                         .id = workshop_id(number),
                                         .subject = subject,
                                         .credential = subject == WORKSHOP_GMINA ? 1 : 2,
                                         .key = str_of(key),
                                         .size = bytes.size,
                                         .first_byte = ARRIVED,
                                         .last_byte = ARRIVED + INSTANT_PER_SECOND};
    ENSURE(fingerprint_of(bytes, submission->filing.sha256, &fault) == ERR_OK);
    return submission;
}

struct workshop_told
workshop_send(struct workshop *workshop, int64_t subject, uint64_t number, const char *key,
              struct str bytes)
{
    struct batch batch = workshop_batch();

    (void)workshop_file(workshop, &batch, subject, number, key, bytes);
    stage_run(&workshop->bench, &batch, STAGE_ADMIT);
    batch_destroy(&batch);
    ENSURE(workshop->told_count > 0);
    return workshop->told[workshop->told_count - 1];
}

size_t
workshop_take(struct workshop *workshop)
{
    const struct queue_wish wish = {
        .lease = workshop->bench.lease, .count_max = QUEUE_TAKE_MAX, .bytes_max = 4 << 20U};
    struct batch   batch = workshop_batch();
    struct queued *rows = NULL;
    size_t         count = 0;
    struct fault   fault = {0};

    /* What was put off is due again. */
    workshop_run(workshop, "UPDATE intake.submission SET lease_until = NULL WHERE owner IS NULL");
    workshop_run(workshop, "UPDATE intake.work SET lease_until = NULL WHERE owner IS NULL");
    ENSURE(queue_take(workshop->bench.store, batch.arena, &wish, &rows, &count, &fault) == ERR_OK);
    for (size_t i = 0; i < count; i++) {
        struct submission *submission = batch_add(&batch, rows[i].bytes.size);
        submission->queued = rows[i];
        submission->bytes = rows[i].bytes;
    }
    stage_run(&workshop->bench, &batch, STAGE_CHECK);
    batch_destroy(&batch);
    return count;
}

size_t
workshop_count(const struct workshop *workshop, enum filing_news_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < workshop->told_count; i++) {
        count += workshop->told[i].news.kind == kind ? 1 : 0;
    }
    return count;
}

struct str
workshop_ask(const struct workshop *workshop, const char *sql)
{
    return cluster_ask(cluster, workshop->arena, workshop->name.data, sql);
}

int64_t
workshop_number(const struct workshop *workshop, const char *sql)
{
    int64_t number = 0;

    ENSURE(str_to_number(workshop_ask(workshop, sql), &number));
    return number;
}

void
workshop_run(const struct workshop *workshop, const char *sql)
{
    cluster_run(cluster, workshop->name.data, sql);
}

int64_t
workshop_jst(const struct workshop *workshop, struct str regon, const char *name)
{
    workshop_run(workshop,
                 str_format(workshop->arena,
                            "INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt, type, kind,"
                            " name, parent, valid_from) VALUES ('%.*s', '14', '01', '01', '1', '0',"
                            " 'ZB-TEST', 'jst', '%s', NULL, '2020-01-01')",
                            STR_ARG(regon), name)
                     .data);
    return workshop_number(
        workshop, str_format(workshop->arena, "SELECT unit FROM registry.unit WHERE regon = '%.*s'",
                             STR_ARG(regon))
                      .data);
}

struct cluster *
workshop_cluster(void)
{
    return cluster;
}
