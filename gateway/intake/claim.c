#include "gateway/intake/claim.h"

#include "gateway/fingerprint/fingerprint.h"

static const char look_sql[] =
    "SELECT now(), (extract(epoch FROM c.clock_offset) * 1000000)::bigint, k.sha256, k.submission,"
    "       s.state IN ('decided', 'parked', 'withdrawn'), s.arrived,"
    "       CASE WHEN q.appointment = '00000000-0000-0000-0000-000000000000'"
    "           THEN registry.credential_ended(q.credential)"
    "           ELSE people.appointment_ended(q.appointment, q.subject) END "
    "FROM registry.setting c "
    "CROSS JOIN unnest($1::bigint[], $2::text[], $3::bigint[], $4::uuid[]) WITH ORDINALITY"
    "    q (subject, key, credential, appointment, at) "
    "LEFT JOIN intake.claim_key k ON k.subject = q.subject AND k.key = q.key "
    "LEFT JOIN intake.submission s ON s.submission = k.submission "
    "ORDER BY q.at";

static const char digests_sql[] =
    "INSERT INTO intake.claim_digest (subject, sha256, submission) "
    "SELECT q.subject, q.sha256, q.submission "
    "FROM unnest($1::bigint[], $2::bytea[], $3::uuid[]) q (subject, sha256, submission) "
    "ORDER BY q.subject, q.sha256 "
    "ON CONFLICT DO NOTHING RETURNING submission";

static const char standing_sql[] =
    "SELECT q.at, c.submission, s.state IN ('decided', 'parked', 'withdrawn'), s.arrived, "
    "s.first_arrived,"
    "       (s.state = 'decided' AND s.verdict = 3) OR s.state = 'withdrawn' "
    "FROM unnest($1::bigint[], $2::bytea[], $3::bigint[]) q (subject, sha256, at) "
    "JOIN intake.claim_digest c ON c.subject = q.subject AND c.sha256 = q.sha256 "
    "JOIN intake.submission s ON s.submission = c.submission";

/* The rows are locked in order first: an UPDATE alone would take them in any order. */
static const char follow_sql[] =
    "WITH held AS ("
    "    SELECT c.subject, c.sha256, q.new "
    "    FROM intake.claim_digest c "
    "    JOIN unnest($1::bigint[], $2::bytea[], $3::uuid[], $4::uuid[])"
    "        q (subject, sha256, old, new)"
    "        ON c.subject = q.subject AND c.sha256 = q.sha256 AND c.submission = q.old "
    "    ORDER BY c.subject, c.sha256 FOR UPDATE OF c) "
    "UPDATE intake.claim_digest c SET submission = held.new FROM held "
    "WHERE c.subject = held.subject AND c.sha256 = held.sha256 RETURNING 1";

static const char keys_sql[] = "INSERT INTO intake.claim_key (subject, key, sha256, submission) "
                               "SELECT q.subject, q.key, q.sha256, q.submission "
                               "FROM unnest($1::bigint[], $2::text[], $3::bytea[], $4::uuid[])"
                               "    q (subject, key, sha256, submission) "
                               "ORDER BY q.subject, q.key "
                               "ON CONFLICT DO NOTHING RETURNING 1";

/* Some of the claims as arrays for a statement. */
struct columns {
    size_t      count;
    int64_t     subjects[ADMISSION_BATCH_MAX];
    int64_t     credentials[ADMISSION_BATCH_MAX];
    int64_t     at[ADMISSION_BATCH_MAX]; /* index of the claim */
    struct str  keys[ADMISSION_BATCH_MAX];
    struct str  digests[ADMISSION_BATCH_MAX];
    struct uuid appointments[ADMISSION_BATCH_MAX];
    struct uuid answers[ADMISSION_BATCH_MAX];
    struct uuid follows[ADMISSION_BATCH_MAX];
};

static void
columns_add(struct columns *columns, const struct claims *claims, size_t at)
{
    const struct claim *claim = &claims->items[at];
    size_t              last = columns->count;

    columns->subjects[last] = claim->arrival->subject;
    columns->credentials[last] = claim->arrival->credential;
    columns->appointments[last] = claim->arrival->appointment;
    columns->at[last] = (int64_t)at;
    columns->keys[last] = claim->arrival->key;
    columns->digests[last] = fingerprint_str(claim->arrival->sha256);
    columns->answers[last] = claim->result.id;
    columns->follows[last] = claim->follows;
    columns->count++;
}

static bool
same_sender(const struct claim *a, const struct claim *b)
{
    return a->arrival->subject == b->arrival->subject;
}

static bool
same_body(const struct claim *a, const struct claim *b)
{
    return same_sender(a, b) && fingerprint_equal(a->arrival->sha256, b->arrival->sha256);
}

/* The key stands for another arrival: the same body is a repeat of it, another one is refused. */
static void
settle_repeat(struct claim *claim, const unsigned char sha256[32], struct admitted original)
{
    if (!fingerprint_equal(claim->arrival->sha256, sha256)) {
        claim->result =
            (struct admitted){.admission = ADMISSION_KEY_REUSED, .id = claim->arrival->id};
        return;
    }
    bool again = uuid_equal(original.id, claim->arrival->id);
    claim->result = original;
    claim->result.admission = again ? ADMISSION_AGAIN : ADMISSION_REPEAT_KEY;
}

/*
 * The front knew the credential, a few seconds ago: what has ended since stores nothing and learns
 * nothing. What is stored already stays so, whoever hands it over again.
 */
static void
settle_ended(struct claim *claim, int64_t ended)
{
    static const enum admission admissions[] = {
        [1] = ADMISSION_EXPIRED,
        [2] = ADMISSION_REVOKED,
    };

    if (ended == 0 || claim->result.admission == ADMISSION_AGAIN) {
        return;
    }
    ENSURE((size_t)ended < ARRAY_COUNT(admissions));
    claim->wants_key = false;
    claim->result = (struct admitted){.admission = admissions[ended], .id = claim->arrival->id};
}

static void
settle_look(struct claim *claim, const struct store_rows *rows, size_t row)
{
    instant    offset = store_number(rows, row, 1);
    struct str sha256 = store_text(rows, row, 2);

    instant last = claim->arrival->last_byte;
    instant first = claim->arrival->first_byte;
    claim->first_byte = first + offset;
    claim->arrived = (last > first ? last : first) + offset;
    claim->first_arrived = claim->arrived;
    claim->wants_key = sha256.data == NULL;
    if (!claim->wants_key) {
        ENSURE(sha256.size == FINGERPRINT_SIZE);
        settle_repeat(claim, (const unsigned char *)sha256.data,
                      (struct admitted){.id = store_uuid(rows, row, 3),
                                        .final = store_truth(rows, row, 4),
                                        .arrived = store_instant(rows, row, 5)});
    }
    settle_ended(claim, store_number(rows, row, 6));
}

/* Which earlier arrival of the batch has the key; a key in the store has been settled. */
static void
settle_twins(struct claims *claims, size_t at)
{
    struct claim *claim = &claims->items[at];

    claim->same_key = CLAIM_NONE;
    claim->same_body = at;
    for (size_t i = 0; i < at && claim->wants_key; i++) {
        const struct claim *earlier = &claims->items[i];
        if (earlier->wants_key && same_sender(earlier, claim)
            && str_equal(earlier->arrival->key, claim->arrival->key)) {
            claim->same_key = i;
            claim->wants_key = false;
        }
    }
    for (size_t i = 0; i < at && claim->wants_key && claim->same_body == at; i++) {
        if (claims->items[i].wants_key && same_body(&claims->items[i], claim)) {
            claim->same_body = i;
        }
    }
}

enum err
claim_look(struct claims *claims, struct fault *fault)
{
    struct columns          columns = {0};
    struct store_rows       rows = {0};
    struct store_parameters parameters = store_parameters_create(claims->arena);

    for (size_t i = 0; i < claims->count; i++) {
        columns_add(&columns, claims, i);
    }
    store_put_numbers(&parameters, columns.subjects, columns.count);
    store_put_texts(&parameters, columns.keys, columns.count);
    store_put_numbers(&parameters, columns.credentials, columns.count);
    store_put_uuids(&parameters, columns.appointments, columns.count);
    TRY(store_run(claims->store, look_sql, &parameters, claims->arena, &rows, fault));
    if (store_row_count(&rows) != claims->count) {
        return FAIL(fault, ERR_STORE, "registry.setting must have one row");
    }
    claims->now = store_instant(&rows, 0, 0);
    for (size_t i = 0; i < claims->count; i++) {
        settle_look(&claims->items[i], &rows, i);
        settle_twins(claims, i);
    }
    return ERR_OK;
}

static void
settle_new(struct claim *claim)
{
    claim->result = (struct admitted){
        .admission = ADMISSION_NEW, .id = claim->arrival->id, .arrived = claim->arrived};
}

static enum err
insert_digests(const struct claims *claims, const struct columns *asked, struct fault *fault)
{
    struct store_rows       rows = {0};
    struct store_parameters parameters = store_parameters_create(claims->arena);

    store_put_numbers(&parameters, asked->subjects, asked->count);
    store_put_byte_strings(&parameters, asked->digests, asked->count);
    store_put_uuids(&parameters, asked->answers, asked->count);
    TRY(store_run(claims->store, digests_sql, &parameters, claims->arena, &rows, fault));
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        struct uuid inserted = store_uuid(&rows, i, 0);
        for (size_t j = 0; j < asked->count; j++) {
            if (uuid_equal(asked->answers[j], inserted)) {
                settle_new(&claims->items[asked->at[j]]);
            }
        }
    }
    return ERR_OK;
}

/* Another submission stands for the body: its answer is ours, unless it was rejected or
 * withdrawn. */
static void
settle_standing(struct claim *claim, const struct store_rows *rows, size_t row)
{
    struct uuid standing = store_uuid(rows, row, 1);

    if (store_truth(rows, row, 5)) {
        claim->stands = true;
        claim->follows = standing;
        claim->first_arrived = store_instant(rows, row, 4);
        settle_new(claim);
        return;
    }
    bool again = uuid_equal(standing, claim->arrival->id);
    claim->result = (struct admitted){.admission = again ? ADMISSION_AGAIN : ADMISSION_REPEAT_BODY,
                                      .id = standing,
                                      .final = store_truth(rows, row, 2),
                                      .arrived = store_instant(rows, row, 3)};
}

static enum err
read_standing(const struct claims *claims, const struct columns *missing, struct fault *fault)
{
    struct store_rows       rows = {0};
    struct store_parameters parameters = store_parameters_create(claims->arena);

    store_put_numbers(&parameters, missing->subjects, missing->count);
    store_put_byte_strings(&parameters, missing->digests, missing->count);
    store_put_numbers(&parameters, missing->at, missing->count);
    TRY(store_run(claims->store, standing_sql, &parameters, claims->arena, &rows, fault));
    if (store_row_count(&rows) != missing->count) {
        return FAIL(fault, ERR_STORE_CONFLICT, "a claim that stood in the way is not to be seen");
    }
    for (size_t i = 0; i < store_row_count(&rows); i++) {
        settle_standing(&claims->items[store_number(&rows, i, 0)], &rows, i);
    }
    return ERR_OK;
}

static enum err
follow_rejected(const struct claims *claims, const struct columns *following, struct fault *fault)
{
    struct store_rows       rows = {0};
    struct store_parameters parameters = store_parameters_create(claims->arena);

    store_put_numbers(&parameters, following->subjects, following->count);
    store_put_byte_strings(&parameters, following->digests, following->count);
    store_put_uuids(&parameters, following->follows, following->count);
    store_put_uuids(&parameters, following->answers, following->count);
    TRY(store_run(claims->store, follow_sql, &parameters, claims->arena, &rows, fault));
    if (store_row_count(&rows) != following->count) {
        return FAIL(fault, ERR_STORE_CONFLICT, "another worker was first to follow a rejected one");
    }
    return ERR_OK;
}

enum err
claim_digests(struct claims *claims, struct fault *fault)
{
    struct columns asked = {0};
    struct columns missing = {0};
    struct columns following = {0};

    for (size_t i = 0; i < claims->count; i++) {
        if (claims->items[i].wants_key && claims->items[i].same_body == i) {
            claims->items[i].result.id = claims->items[i].arrival->id;
            columns_add(&asked, claims, i);
        }
    }
    if (asked.count > 0) {
        TRY(insert_digests(claims, &asked, fault));
    }
    for (size_t i = 0; i < asked.count; i++) {
        if (claims->items[asked.at[i]].result.admission == 0) {
            columns_add(&missing, claims, (size_t)asked.at[i]);
        }
    }
    if (missing.count > 0) {
        TRY(read_standing(claims, &missing, fault));
    }
    for (size_t i = 0; i < missing.count; i++) {
        if (claims->items[missing.at[i]].stands) {
            columns_add(&following, claims, (size_t)missing.at[i]);
        }
    }
    return following.count == 0 ? ERR_OK : follow_rejected(claims, &following, fault);
}

/* Within the batch, as if one had come after the other. */
static void
settle_batch(const struct claims *claims)
{
    for (size_t i = 0; i < claims->count; i++) {
        struct claim *claim = &claims->items[i];
        if (claim->same_key != CLAIM_NONE) {
            const struct claim *twin = &claims->items[claim->same_key];
            settle_repeat(claim, twin->arrival->sha256, twin->result);
        } else if (claim->same_body != i) {
            claim->result = claims->items[claim->same_body].result;
            claim->result.admission = ADMISSION_REPEAT_BODY;
        }
    }
}

enum err
claim_keys(struct claims *claims, struct fault *fault)
{
    struct columns          asked = {0};
    struct store_rows       rows = {0};
    struct store_parameters parameters = store_parameters_create(claims->arena);

    settle_batch(claims);
    for (size_t i = 0; i < claims->count; i++) {
        if (claims->items[i].wants_key) {
            columns_add(&asked, claims, i);
        }
    }
    if (asked.count == 0) {
        return ERR_OK;
    }
    store_put_numbers(&parameters, asked.subjects, asked.count);
    store_put_texts(&parameters, asked.keys, asked.count);
    store_put_byte_strings(&parameters, asked.digests, asked.count);
    store_put_uuids(&parameters, asked.answers, asked.count);
    TRY(store_run(claims->store, keys_sql, &parameters, claims->arena, &rows, fault));
    if (store_row_count(&rows) != asked.count) {
        return FAIL(fault, ERR_STORE_CONFLICT, "another worker was first to claim a key");
    }
    return ERR_OK;
}
