#include "tests/unit/gateway/intake/setting.h"

#include "gateway/fingerprint/fingerprint.h"

#include <stdlib.h>
#include <string.h>

#define ROOM ((size_t)512 << 20U)
#define ARRIVED (INT64_C(1783666800) * INSTANT_PER_SECOND) /* 2026-07-10T09:00+02:00 */

enum { LEASE_SECONDS = 30, REPORT_SIZE = 64 };

static struct cluster *cluster;
static unsigned        databases;

static const struct form_code   codes[] = {{.name = STR_INIT("Dzial")},
                                           {.name = STR_INIT("Rozdzial")},
                                           {.name = STR_INIT("Paragraf")},
                                           {.name = STR_INIT("P4")}};
static const struct form_amount amounts[] = {{.name = STR_INIT("PL")}, {.name = STR_INIT("NA")},
                                             {.name = STR_INIT("DW")}, {.name = STR_INIT("SN")},
                                             {.name = STR_INIT("SZ")}, {.name = STR_INIT("UM")}};
static const struct form        form = {.code = STR_INIT("RB27S"),
                                        .element = STR_INIT("Rb-27s"),
                                        .title = STR_INIT("Rb-27S"),
                                        .version = STR_INIT("2025-1"),
                                        .codes = codes,
                                        .code_count = ARRAY_COUNT(codes),
                                        .amounts = amounts,
                                        .amount_count = ARRAY_COUNT(amounts)};
static const struct period_type period_types[] = {
    {.name = STR_INIT("Kwartal"), .count = 4,  .months = 3},
    {.name = STR_INIT("Miesiac"), .count = 12, .months = 1},
};
static const struct catalogue  catalogue = {.forms = &form,
                                            .form_count = 1,
                                            .period_types = period_types,
                                            .period_type_count = ARRAY_COUNT(period_types)};
static const struct rule_entry entry = {.code = STR_INIT("RB27S-001"), .basis = STR_INIT("§ 5")};

static const char registry_sql[] =
    "INSERT INTO registry.unit (regon, wk, pk, gk, gt, pt, type, kind, name, parent, valid_from) "
    "SELECT (990000000 + i)::text, '99', '01', '01', '1', '0', 'JB',"
    "       CASE i WHEN 1 THEN 'jst' ELSE 'jednostka-budzetowa' END, 'Jednostka ' || i,"
    "       CASE i WHEN 1 THEN NULL ELSE 1 END, DATE '2020-01-01' "
    "FROM generate_series(1, 8) i ORDER BY i;"
    "INSERT INTO registry.credential (unit, is_certificate, digest, scopes, label, expires_at) "
    "VALUES (1, false, decode(repeat('ab', 32), 'hex'), 3, 'test', '2099-01-01')";

int
setting_start(void **state)
{
    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    return 0;
}

int
setting_start_durable(void **state)
{
    (void)state;
    cluster = cluster_start(CLUSTER_DURABLE);
    return 0;
}

int
setting_stop(void **state)
{
    (void)state;
    cluster_stop(cluster);
    return 0;
}

struct store *
setting_connect(const struct setting *setting)
{
    struct store *store = NULL;
    struct fault  fault = {0};

    if (store_open(setting->arena, &setting->address, STORE_WRITER, &store, &fault) != ERR_OK) {
        (void)fprintf(stderr, "%s\n", fault.text);
        abort();
    }
    return store;
}

struct setting
setting_open(void)
{
    struct setting setting = {.arena = arena_create(ROOM), .lock_key = 1};

    databases++;
    struct str name = str_format(setting.arena, "intake%u", databases);
    setting.name = name.data;
    setting.address = cluster_database(cluster, name.data);
    cluster_run(cluster, name.data, registry_sql);
    setting.store = setting_connect(&setting);
    return setting;
}

void
setting_close(struct setting *setting)
{
    arena_destroy(setting->arena);
}

void
setting_run(const struct setting *setting, const char *sql)
{
    cluster_run(cluster, setting->name, sql);
}

struct str
setting_ask(const struct setting *setting, const char *sql)
{
    return cluster_ask(cluster, setting->arena, setting->name, sql);
}

int64_t
setting_number(const struct setting *setting, const char *sql)
{
    return strtoll(setting_ask(setting, sql).data, NULL, 10);
}

void
setting_cut_at(const struct setting *setting, const char *table, const char *when)
{
    bool at_commit = strcmp(when, "COMMIT") == 0;

    setting_run(setting, "CREATE OR REPLACE FUNCTION public.cut() RETURNS trigger "
                         "LANGUAGE plpgsql SECURITY DEFINER AS "
                         "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); "
                         "PERFORM pg_sleep(60); RETURN NULL; END $$;"
                         "GRANT USAGE ON SCHEMA public TO PUBLIC");
    struct str sql =
        at_commit ? str_format(setting->arena,
                               "CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON %s DEFERRABLE "
                               "INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.cut()",
                               table)
                  : str_format(setting->arena,
                               "CREATE TRIGGER cut BEFORE %s ON %s FOR EACH ROW "
                               "EXECUTE FUNCTION public.cut()",
                               when, table);
    setting_run(setting, sql.data);
}

void
setting_mend(const struct setting *setting, const char *table)
{
    setting_run(setting, str_format(setting->arena, "DROP TRIGGER cut ON %s", table).data);
}

struct uuid
setting_id(uint64_t number)
{
    unsigned char random[UUID_RANDOM_SIZE] = {0};

    memcpy(random, &number, sizeof number);
    return uuid_of_time(INT64_C(1783666800000) + number, random);
}

struct arrival
setting_arrival(const struct setting *setting, uint64_t number, const char *key, struct str body)
{
    struct arrival arrival = {.id = setting_id(number),
                              .subject = 1,
                              .credential = 1,
                              .key = str_copy(setting->arena, str_of(key)),
                              .bytes = body,
                              .first_byte = ARRIVED + (instant)number,
                              .last_byte = ARRIVED + (instant)number + 1000};
    struct fault   fault = {0};

    ENSURE(fingerprint_of(body, arrival.sha256, &fault) == ERR_OK);
    return arrival;
}

struct queued
setting_admit(const struct setting *setting, struct store *store, uint64_t number, const char *body)
{
    struct str             key = str_format(setting->arena, "key-%llu", (unsigned long long)number);
    struct arrival         arrival = setting_arrival(setting, number, key.data, str_of(body));
    struct admission_batch batch = {
        &arrival, 1, {STR("test/0"), LEASE_SECONDS}
    };
    struct admitted admitted = {0};
    struct queued   queued = {0};
    struct fault    fault = {0};

    if (admission_run(store, setting->arena, &batch, &admitted, &fault) != ERR_OK
        || queue_look(store, setting->arena, &admitted.id, 1, &queued, &fault) != ERR_OK) {
        (void)fprintf(stderr, "%s\n", fault.text);
        abort();
    }
    return queued;
}

static struct field
field(struct str text)
{
    return (struct field){.text = text};
}

static void
fill_columns(struct arena *arena, size_t rows, struct columns *out)
{
    ENSURE(columns_create(arena, ARRAY_COUNT(codes), ARRAY_COUNT(amounts), out));
    for (size_t i = 0; i < rows; i++) {
        ENSURE(columns_add_row(out, (uint32_t)i));
        ENSURE(columns_set_code(out, 0, CELL_PRESENT, STR("801"), 0));
        ENSURE(columns_set_code(out, 1, CELL_PRESENT, STR("80101"), 0));
        ENSURE(columns_set_code(out, 2, CELL_PRESENT, STR("069"), 0));
        ENSURE(columns_set_code(out, 3, CELL_ABSENT, STR(""), 0));
        for (size_t j = 0; j + 1 < ARRAY_COUNT(amounts); j++) {
            columns_set_amount(out, j, CELL_PRESENT, (int64_t)(i * 1000 + j) - 5, 0);
        }
        columns_set_amount(out, ARRAY_COUNT(amounts) - 1, CELL_ABSENT, 0, 0);
    }
}

static struct unit_identity
identity_of(const struct setting *setting, int64_t unit)
{
    struct str regon = str_format(setting->arena, "%lld     ", 990000000 + (long long)unit);

    return (struct unit_identity){
        .fields = {field(STR("Jednostka")), field(STR("JB")), field(regon), field(STR("99")),
                   field(STR("01")), field(STR("01")), field(STR("1")), field(STR("0"))}
    };
}

static struct report
report_of(const struct setting *setting, const struct setting_report *wish, uint32_t at)
{
    struct report report = {
        .state = REPORT_READ,
        .unit = at,
        .element = STR("Rb-27s"),
        .period = {field(STR("2026")),
                   field(str_of(wish->period_type == NULL ? "Kwartal" : wish->period_type)),
                   field(str_of(wish->number == NULL ? "2" : wish->number)),            0},
        .identity = identity_of(setting, wish->unit),
        .header = {.version = field(str_format(setting->arena,                  "%d",                             wish->version))},
        .start = at * REPORT_SIZE,
        .end = (at + 1) * REPORT_SIZE
    };

    fill_columns(setting->arena, wish->rows, &report.columns);
    return report;
}

static struct contributor contributor = {.cell = STR_INIT("kol. 4"),
                                         .amount = STR_INIT("-3,00"),
                                         .xpath = STR_INIT("/P/A"),
                                         .offset = 8,
                                         .line = 9,
                                         .column = 10};

static const struct contributors contributors[CONTRIBUTORS_SIDES] = {
    [CONTRIBUTORS_EXPECTED] = {.items = &contributor,
                               .count = 1,
                               .more = 2,
                               .rest = STR_INIT("8,00")},
};

static struct told *
told_of(struct arena *arena, int32_t report)
{
    struct told *told = ARENA_NEW(arena, struct told, 1);

    ENSURE(told != NULL);
    *told = (struct told){
        .finding = {.code = "RB27S-001",
                    .report = report,
                    .offset = 7,
                    .found = STR("5,00"),
                    .contributors = contributors},
        .entry = &entry,
        .severity = SEVERITY_QUERY,
        .line = 3,
        .column = 4,
        .title = STR("tytuł"),
        .repeats = 4,
        .fix = STR("co zrobić")
    };
    return told;
}

static struct decided_report
decided_report_of(const struct setting *setting, const struct report *report,
                  const struct setting_report *wish, int32_t at)
{
    return (struct decided_report){
        .report = report,
        .form = &form,
        .form_title = form.title,
        .unit_name = STR("Jednostka"),
        .unit_regon = package_trim(&report->identity.fields[UNIT_REGON]),
        .period = STR("2026-Q2"),
        .version = report->header.version.text,
        .level = STR("jednostkowe"),
        .verdict = wish->verdict,
        .reason = STR(""),
        .findings = {.items = told_of(setting->arena, at), .count = 1, .cut = 2}
    };
}

static void
fill_package(const struct setting *setting, struct package *package,
             const struct setting_report *reports)
{
    for (size_t i = 0; i < package->report_count; i++) {
        package->reports[i] = report_of(setting, &reports[i], (uint32_t)i);
        package->units[i] = (struct package_unit){.identity = package->reports[i].identity,
                                                  .report_from = (uint32_t)i,
                                                  .report_count = 1};
        package->signatures[i] = (struct package_signature){
            .unit = (uint32_t)i,
            .ordinal = 1,
            .report = i == 0 ? 0 : REPORT_NONE,
            .failed_step = i == 0 ? SIGNATURE_STEP_NONE : SIGNATURE_STEP_REFERENCE,
            .time_known = i == 0,
            .signing_time = 1783612030,
            .role = STR("Główny Księgowy"),
            .policy_role = i == 0 ? STR("główny księgowy") : STR(""),
            .signer = STR("Anna Przykładowa")};
    }
}

struct concluding
setting_decide(const struct setting *setting, const struct queued *queued,
               const struct setting_report *reports, size_t count)
{
    struct arena           *arena = setting->arena;
    struct package         *package = ARENA_NEW(arena, struct package, 1);
    struct decided_file    *file = ARENA_NEW(arena, struct decided_file, 1);
    struct decided_report  *decided = ARENA_NEW(arena, struct decided_report, count + 1);
    struct registry_answer *units = ARENA_NEW(arena, struct registry_answer, count + 1);
    char                   *bytes = ARENA_NEW(arena, char, REPORT_SIZE *(count + 1));

    ENSURE(package != NULL && file != NULL && decided != NULL && units != NULL && bytes != NULL);
    *package =
        (struct package){.complete = true,
                         .unit_count = count,
                         .report_count = count,
                         .signature_count = count,
                         .units = ARENA_NEW(arena, struct package_unit, count + 1),
                         .reports = ARENA_NEW(arena, struct report, count + 1),
                         .signatures = ARENA_NEW(arena, struct package_signature, count + 1)};
    ENSURE(package->units != NULL && package->reports != NULL && package->signatures != NULL);
    fill_package(setting, package, reports);
    enum verdict worst = count == 0 ? VERDICT_REJECTED : VERDICT_ACCEPTED;
    for (size_t i = 0; i < count; i++) {
        decided[i] = decided_report_of(setting, &package->reports[i], &reports[i], (int32_t)i);
        worst = decision_worse(worst, reports[i].verdict);
        units[i] =
            (struct registry_answer){.standing = STANDING_GOOD, .unit = reports[i].unit, .top = 1};
        (void)snprintf(&bytes[i * REPORT_SIZE], REPORT_SIZE, "report %zu of version %d", i,
                       reports[i].version);
    }
    *file = (struct decided_file){
        .package = package,
        .verdict = worst,
        .reports = decided,
        .report_count = count,
        .findings = {.items = told_of(arena, FINDING_OF_PACKAGE), .count = count == 0 ? 1 : 0}
    };
    return (struct concluding){
        .queued = queued,
        .bytes = {bytes, REPORT_SIZE * (count + 1)},
        .decided = file,
        .catalogue = &catalogue,
        .engine = STR("brama test"),
        .units = units,
        .unit_count = count,
        .n = queued->n + 1
    };
}

/* The number of a receipt is unique for ever; this one only has to be unique here. */
static struct concluded_receipt *
receipt_of(const struct setting *setting, const struct concluding *item)
{
    struct concluded_receipt *receipt = ARENA_NEW(setting->arena, struct concluded_receipt, 1);

    ENSURE(receipt != NULL);
    *receipt = (struct concluded_receipt){
        .number = str_format(setting->arena, "R-%llu", (unsigned long long)item->log_index * 8192),
        .kind = item->decided == NULL ? "delivery" : "summary",
        .regon = STR("990000001"),
        .report_count = item->decided == NULL ? 0 : item->decided->report_count,
        .bytes = str_format(setting->arena, "receipt of log index %llu",
                            (unsigned long long)item->log_index)};
    return receipt;
}

static enum err
conclude(const struct setting *setting, struct store *store, struct concluding *items, size_t count,
         struct fault *fault)
{
    bool done[QUEUE_TAKE_MAX];

    TRY(conclusion_context(store, setting->arena, items, count, done, fault));
    for (size_t i = 0; i < count; i++) {
        if (done[i]) {
            return FAIL(fault, ERR_STORE_CONFLICT, "item %zu is done", i);
        }
    }
    TRY(conclusion_write(store, setting->arena, items, count, fault));
    TRY(conclusion_head(store, setting->arena, items, count, fault));
    for (size_t i = 0; i < count; i++) {
        items[i].receipts = receipt_of(setting, &items[i]);
        items[i].receipt_count = 1;
    }
    TRY(conclusion_finish_settle(store, setting->arena, items, count, fault));
    TRY(conclusion_finish(store, setting->arena, items, count, fault));
    return store_commit(store, fault);
}

static enum err
conclude_locked(const struct setting *setting, struct store *store, struct concluding *items,
                size_t count, instant at, struct fault *fault)
{
    int64_t keys[QUEUE_TAKE_MAX];
    bool    obtained[QUEUE_TAKE_MAX];
    instant now = 0;

    ENSURE(count <= QUEUE_TAKE_MAX);
    TRY(conclusion_begin(store, setting->arena, &now, fault));
    for (size_t i = 0; i < count; i++) {
        keys[i] = setting->lock_key;
        items[i].decided_at = at == 0 ? now : at;
    }
    TRY(conclusion_lock(store, setting->arena, keys, count, obtained, fault));
    for (size_t i = 0; i < count; i++) {
        if (!obtained[i]) {
            return FAIL(fault, ERR_STORE_CONFLICT, "item %zu is locked", i);
        }
    }
    return conclude(setting, store, items, count, fault);
}

enum err
setting_conclude(const struct setting *setting, struct store *store, struct concluding *items,
                 size_t count, instant at, struct fault *fault)
{
    enum err failed = conclude_locked(setting, store, items, count, at, fault);

    if (failed != ERR_OK) {
        store_rollback(store);
    }
    return failed;
}
