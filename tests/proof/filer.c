#include "tests/proof/filer.h"

#include "tests/support/maker.h"

#include <jansson.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { ROOM = 64 << 20, TRIES_MAX = 3000, PAUSE_NS = 20000000, TEXT_ROOM = 160 };

/* What a document is about to be, in turn. */
enum document_kind { KIND_GOOD, KIND_TWO_UNITS, KIND_ALTERED, KIND_JUNK, KIND_AGAIN, KIND_COUNT };

/* One document on its way. */
struct task {
    struct arena *arena;
    uint64_t      number;
    struct str    bytes;
    char          key[FILER_KEY_MAX];
    struct note  *note;
};

static void
digest_of(struct str bytes, unsigned char digest[32])
{
    ENSURE(EVP_Digest(bytes.data, bytes.size, digest, NULL, EVP_sha256(), NULL) == 1);
}

static struct str
make_package(const struct filer *filer, struct arena *arena, uint64_t number,
             enum document_kind kind)
{
    struct fault         fault = {0};
    struct str           bytes = {0};
    struct maker_options options = {
        .seed = filer->seed * 1000003 + number,
        .units = kind == KIND_TWO_UNITS ? 2 : 1,
        .first_unit = (size_t)filer->number * FILER_UNITS + (size_t)(number % (FILER_UNITS - 1)),
        .rows = 3,
        .forms = MAKER_RB27S,
        .version = (int)(number % 7),
        .fault = kind == KIND_ALTERED ? "report-altered" : NULL,
    };

    ENSURE(maker_package(arena, &options, station_authority(filer->station), &bytes, &fault)
           == ERR_OK);
    return bytes;
}

static struct str
make_document(const struct filer *filer, struct arena *arena, uint64_t number)
{
    enum document_kind kind = (enum document_kind)(number % KIND_COUNT);

    if (kind == KIND_JUNK) {
        return str_format(arena, "to nie jest XML: %u/%llu", filer->number,
                          (unsigned long long)number);
    }
    if (kind == KIND_AGAIN) { /* the good one of before, under another key */
        return make_package(filer, arena, number - KIND_AGAIN, KIND_GOOD);
    }
    return make_package(filer, arena, number, kind);
}

static void
pause_before_retry(void)
{
    const struct timespec pause = {.tv_nsec = PAUSE_NS};

    (void)nanosleep(&pause, NULL); /* a sender that waits a little less is no harm */
}

static void
complain(const struct filer *filer, const char *what, const struct http_answer *answer)
{
    filer->board->faults++;
    (void)fprintf(stderr, "proof: sender %u: %s: status %d, %.*s\n", filer->number, what,
                  answer->status, STR_ARG(str_slice(answer->body, 0, 600)));
}

/* Whether to ask again: no answer, or one that says so. */
static bool
is_transient(int status)
{
    return status == 0 || status == 429 || status >= 500;
}

/* A field of a JSON answer as text into out; empty when it is not there. */
static void
field_of(const struct http_answer *answer, const char *name, char *out, size_t size)
{
    json_t     *json = json_loadb(answer->body.data, answer->body.size, 0, NULL);
    const char *text = json_string_value(json_object_get(json, name));

    (void)snprintf(out, size, "%s", text == NULL ? "" : text);
    json_decref(json);
}

static struct http_answer
ask(const struct filer *filer, struct arena *arena, const struct http_request *request)
{
    struct http_answer answer = {0};

    for (int i = 0; i < TRIES_MAX; i++) {
        answer = http_ask(arena, station_target(filer->station), request);
        if (!is_transient(answer.status)) {
            return answer;
        }
        filer->board->unanswered++;
        pause_before_retry();
    }
    return answer;
}

static struct http_request
filing_of(const struct filer *filer, struct arena *arena, const char *key, struct str bytes)
{
    struct str header = str_format(arena, "Idempotency-Key: %s", key);

    ENSURE(header.data != NULL);
    return (struct http_request){
        .method = "POST",
        .path = "/api/v1/submissions",
        .headers = {filer->token, header.data, "Content-Type: application/xml", "Prefer: wait=2"},
        .body = bytes,
    };
}

/* File it twice at once. Both answers, when there are two, must name the same submission. */
static void
file_twice(const struct filer *filer, struct arena *arena, const struct http_request *request)
{
    const struct http_request both[2] = {*request, *request};
    struct http_answer        answers[2] = {0};
    char                      ids[2][TEXT_ROOM];

    http_ask_all(arena, station_target(filer->station), both, 2, answers);
    if (is_transient(answers[0].status) || is_transient(answers[1].status)) {
        return; /* the ordinary way comes behind this one */
    }
    field_of(&answers[0], "id", ids[0], TEXT_ROOM);
    field_of(&answers[1], "id", ids[1], TEXT_ROOM);
    if (strcmp(ids[0], ids[1]) != 0) {
        complain(filer, "two answers for one key differ", &answers[1]);
    }
    filer->board->repeats++;
}

static void
note_down(const struct filer *filer, const struct filer_note *note)
{
    FILE *file = fopen(filer->notes, "ae");

    ENSURE(file != NULL && fwrite(note, sizeof *note, 1, file) == 1 && fclose(file) == 0);
}

/* Ask until the submission is decided or parked. */
static bool
wait_decided(const struct filer *filer, struct arena *arena, const struct filer_note *note)
{
    struct str path = str_format(arena, "/api/v1/submissions/%s?wait=5", note->id);
    char       state[TEXT_ROOM] = "";

    for (int i = 0; i < TRIES_MAX; i++) {
        const struct http_request request = {
            .method = "GET", .path = path.data, .headers = {filer->token}};
        struct http_answer answer = ask(filer, arena, &request);
        field_of(&answer, "state", state, sizeof state);
        if (answer.status != 200) {
            complain(filer, "an acknowledged submission cannot be read", &answer);
            return false;
        }
        if (strcmp(state, "decided") == 0 || strcmp(state, "parked") == 0) {
            return true;
        }
    }
    return false;
}

static void
read_receipt(const struct filer *filer, struct arena *arena, struct filer_note *note)
{
    struct str                path = str_format(arena, "/api/v1/submissions/%s/receipt", note->id);
    const struct http_request request = {
        .method = "GET", .path = path.data, .headers = {filer->token, "Accept: application/xml"}
    };
    struct http_answer answer = ask(filer, arena, &request);

    if (answer.status != 200) {
        complain(filer, "a decided submission has no receipt", &answer);
        return;
    }
    (void)snprintf(note->receipt_path, sizeof note->receipt_path, "%s", path.data);
    digest_of(answer.body, note->receipt_sha256);
    filer->board->decided++;
}

/* File one document until it is acknowledged; then wait for its receipt. */
static void
file_one(const struct filer *filer, uint64_t number)
{
    struct arena     *arena = arena_create(ROOM);
    struct filer_note note = {0};
    struct str        bytes = make_document(filer, arena, number);

    (void)snprintf(note.key, sizeof note.key, "proof-%llu-%u-%llu", (unsigned long long)filer->seed,
                   filer->number, (unsigned long long)number);
    digest_of(bytes, note.sha256);
    struct http_request request = filing_of(filer, arena, note.key, bytes);
    if (number % 4 == 1) {
        file_twice(filer, arena, &request);
    }
    struct http_answer answer = ask(filer, arena, &request);
    field_of(&answer, "id", note.id, sizeof note.id);
    if ((answer.status != 200 && answer.status != 201 && answer.status != 202)
        || note.id[0] == '\0') {
        complain(filer, "a filing was not acknowledged", &answer);
        arena_destroy(arena);
        return;
    }
    note_down(filer, &note); /* acknowledged: from now on it must never be lost */
    filer->board->acknowledged++;
    if (wait_decided(filer, arena, &note)) {
        read_receipt(filer, arena, &note);
        note_down(filer, &note);
    }
    arena_destroy(arena);
}

void
filer_run(const struct filer *filer)
{
    for (uint64_t number = 0; filer->board->stop == 0; number++) {
        file_one(filer, number);
    }
}

/* One acknowledged filing again: the same id, and byte for byte the same receipt. */
static bool
replay_one(const struct filer *filer, uint64_t number, const struct filer_note *note)
{
    struct arena             *arena = arena_create(ROOM);
    struct str                bytes = make_document(filer, arena, number);
    const struct http_request request = filing_of(filer, arena, note->key, bytes);
    struct http_answer        answer = ask(filer, arena, &request);
    struct filer_note         again = *note;

    field_of(&answer, "id", again.id, sizeof again.id);
    bool same = answer.status == 200 && strcmp(again.id, note->id) == 0;
    if (same) {
        read_receipt(filer, arena, &again);
        same = memcmp(again.receipt_sha256, note->receipt_sha256, sizeof again.receipt_sha256) == 0;
    }
    if (!same) {
        complain(filer, "a replay is answered otherwise", &answer);
    }
    arena_destroy(arena);
    return same;
}

size_t
filer_replay(const struct filer *filer)
{
    static const unsigned char unread[32] = {0};
    FILE                      *file = fopen(filer->notes, "re");
    struct filer_note          note = {0};
    uint64_t                   number = 0;
    size_t                     wrong = 0;

    while (file != NULL && fread(&note, sizeof note, 1, file) == 1) {
        const char *last = strrchr(note.key, '-');
        if (memcmp(note.receipt_sha256, unread, sizeof unread) == 0 || last == NULL) {
            continue;
        }
        number = strtoull(last + 1, NULL, 10);
        wrong += replay_one(filer, number, &note) ? 0 : 1;
    }
    ENSURE(file == NULL || fclose(file) == 0);
    return wrong;
}
