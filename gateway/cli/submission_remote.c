#include "gateway/cli/submission_remote.h"

#include "gateway/cli/member.h"
#include "gateway/cli/output.h"
#include "gateway/cli/progress.h"
#include "gateway/ticks/ticks.h"
#include "validators/base/uuid.h"
#include "validators/identifier/receipt_number.h"

#include <string.h>

enum {
    POLL_SECONDS = 25,
    PAGES_MAX = 1000,
    CURSOR_MAX = 512,
    NUMBER_MAX = 64,
    MILLISECONDS = 1000,
};

bool
submission_remote_is_final(const json_t *submission)
{
    struct str state = member_text(submission, "state");

    return str_equal(state, STR("decided")) || str_equal(state, STR("parked"))
           || str_equal(state, STR("withdrawn"));
}

enum exit_code
submission_remote_exit_code(const json_t *submission)
{
    if (!submission_remote_is_final(submission)
        || str_equal(member_text(submission, "verdict"), STR("accepted"))) {
        return EXIT_ACCEPTED;
    }
    return EXIT_NOT_ACCEPTED;
}

/* The id goes into addresses, so it must be nothing but one. */
enum exit_code
submission_remote_take(const struct remote *remote, json_t *submission,
                       struct submission_remote *out)
{
    struct str  id = member_text(submission, "id");
    struct uuid uuid;

    if (!uuid_parse(id, &uuid)) {
        remote_complain("odpowiedź serwera nie jest tym, co przysyła brama; sprawdź --server",
                        (struct str){0});
        return EXIT_UNAVAILABLE;
    }
    *out = (struct submission_remote){.remote = *remote, .submission = submission, .id = id.data};
    return EXIT_ACCEPTED;
}

/* GET below the submission; suffix begins with '/' or '?' or is empty. */
static enum exit_code
ask(const struct remote *remote, const char *id, const char *suffix, int64_t wait, json_t **out)
{
    struct transfer_answer answer = {0};
    struct client_request  request = {
         .path = str_format(remote->arena, "/api/v1/submissions/%s%s", id, suffix).data,
         .accept = "application/json",
         .wait_seconds = wait,
    };

    if (request.path == NULL) {
        remote_complain("brak pamięci", (struct str){0});
        return EXIT_NOT_ACCEPTED;
    }
    return remote_ask(remote, &request, &answer, out);
}

bool
submission_remote_is_id(const char *typed)
{
    struct receipt_number number;
    struct uuid           uuid;
    enum identifier_fault wrong = receipt_number_parse(str_of(typed), &number);
    bool                  good = uuid_parse(str_of(typed), &uuid);

    /* A mistyped number of a receipt is no id either. */
    if (!good
        && (wrong == IDENTIFIER_OK || wrong == IDENTIFIER_CHECK_DIGIT
            || wrong == IDENTIFIER_BASE)) {
        screen_complain(str_of(typed), "to numer UPO, a potrzebny jest numer złożenia: stoi w UPO "
                                       "jako „Identyfikator złożenia”, wypisze go też brama list");
    } else if (!good) {
        screen_complain(str_of(typed), "to nie jest numer złożenia; ma postać "
                                       "0199a2c4-7d10-7a31-9c55-0f6f1c2b3d4e, wypisze go brama "
                                       "list");
    }
    return good;
}

enum exit_code
submission_remote_get(const struct remote *remote, const char *id, struct submission_remote *out)
{
    json_t        *submission = NULL;
    enum exit_code code = EXIT_USAGE;

    if (!submission_remote_is_id(id)) {
        return code;
    }
    code = ask(remote, id, "", 0, &submission);
    return code == EXIT_ACCEPTED ? submission_remote_take(remote, submission, out) : code;
}

enum exit_code
submission_remote_wait(struct submission_remote *submission, struct str name)
{
    int64_t deadline = ticks_ms() + submission->remote.options->wait_seconds * MILLISECONDS;
    int64_t left = submission->remote.options->wait_seconds;

    while (!submission_remote_is_final(submission->submission)) {
        char           suffix[sizeof "?wait=25"];
        json_t        *now = NULL;
        enum exit_code code = EXIT_UNAVAILABLE;

        if (left <= 0) {
            screen_complain(name, "brama jeszcze sprawdza; plik wpłynął i nic nie przepadnie, "
                                  "zapytaj później: brama status");
            return code;
        }
        progress_tell(name, member_text(submission->submission, "state_text"));
        left = left < POLL_SECONDS ? left : POLL_SECONDS;
        (void)snprintf(suffix, sizeof suffix, "?wait=%d", (int)left);
        code = ask(&submission->remote, submission->id, suffix, left, &now);
        if (code != EXIT_ACCEPTED) {
            return code;
        }
        submission->submission = now;
        left = (deadline - ticks_ms()) / MILLISECONDS;
    }
    progress_end();
    return EXIT_ACCEPTED;
}

/* The address of the next page; false when the cursor is none. */
static bool
write_page(char *suffix, size_t size, struct str cursor)
{
    static const struct str allowed =
        STR_INIT("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~");

    for (size_t i = 0; i < cursor.size; i++) {
        if (memchr(allowed.data, cursor.data[i], allowed.size) == NULL) {
            return false;
        }
    }
    int written = snprintf(suffix, size, "/findings?limit=500%s%.*s",
                           cursor.size > 0 ? "&cursor=" : "", STR_ARG(cursor));
    return written > 0 && (size_t)written < size;
}

enum exit_code
submission_remote_findings(struct submission_remote *submission)
{
    json_t    *all = json_array();
    struct str cursor = {0};

    if (all == NULL || !arena_defer(submission->remote.arena, member_release, all)) {
        json_decref(all);
        remote_complain("brak pamięci", (struct str){0});
        return EXIT_NOT_ACCEPTED;
    }
    for (size_t page = 0; page < PAGES_MAX && (page == 0 || cursor.size > 0); page++) {
        char    suffix[CURSOR_MAX];
        json_t *answer = NULL;

        if (!write_page(suffix, sizeof suffix, cursor)) {
            remote_complain("serwer podał adres dalszego ciągu uwag, którego nie da się użyć",
                            (struct str){0});
            return EXIT_UNAVAILABLE;
        }
        enum exit_code code = ask(&submission->remote, submission->id, suffix, 0, &answer);
        if (code != EXIT_ACCEPTED) {
            return code;
        }
        (void)json_array_extend(all, json_object_get(answer, "items")); /* -1: there are none */
        cursor = member_text(answer, "next_cursor");
    }
    submission->findings = all;
    return EXIT_ACCEPTED;
}

/* A receipt's number becomes the name of a file, so it must be nothing but a number. */
static bool
is_number(struct str number)
{
    for (size_t i = 0; i < number.size; i++) {
        char byte = number.data[i];
        if (!(byte >= '0' && byte <= '9') && !(byte >= 'A' && byte <= 'Z') && byte != '-') {
            return false;
        }
    }
    return number.size >= 1 && number.size <= NUMBER_MAX && number.data[0] != '-';
}

static enum exit_code
keep_receipt(const struct remote *remote, const json_t *receipt, const char *folder)
{
    struct str             number = member_text(receipt, "number");
    struct str             path = client_path(remote->client, member_text(receipt, "url"));
    struct transfer_answer answer = {0};
    struct fault           fault = {0};
    struct client_request  request = {.path = str_copy(remote->arena, path).data,
                                      .accept = "application/xml"};

    if (!is_number(number) || path.size == 0 || request.path == NULL) {
        remote_complain("serwer podał adres UPO, którego nie da się użyć", (struct str){0});
        return EXIT_UNAVAILABLE;
    }
    enum exit_code code = remote_send(remote, &request, &answer);
    if (code != EXIT_ACCEPTED) {
        return code;
    }
    if (memmem(answer.body.data, answer.body.size, number.data, number.size) == NULL) {
        screen_complain(number, "serwer przysłał pod tym numerem inne UPO; nie zapisano go");
        return EXIT_UNVERIFIED;
    }
    struct str file = str_format(remote->arena, "%s/%.*s.xml", folder, STR_ARG(number));
    if (file.data == NULL
        || output_write(remote->arena, file.data, answer.body, &fault) != ERR_OK) {
        screen_complain(file, fault.text);
        return EXIT_UNREADABLE;
    }
    return EXIT_ACCEPTED;
}

enum exit_code
submission_remote_receipts(const struct submission_remote *submission, const char *folder)
{
    size_t        i = 0;
    const json_t *receipt = NULL;

    json_array_foreach(member_object(submission->submission, "receipts"), i, receipt)
    {
        if (member_number(receipt, "n") == member_number(submission->submission, "n")) {
            enum exit_code code = keep_receipt(&submission->remote, receipt, folder);
            if (code != EXIT_ACCEPTED) {
                return code;
            }
        }
    }
    return EXIT_ACCEPTED;
}
