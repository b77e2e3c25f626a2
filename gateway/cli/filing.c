#include "gateway/cli/filing.h"

#include "gateway/cli/input.h"
#include "gateway/cli/member.h"
#include "gateway/cli/progress.h"
#include "gateway/cli/submission_remote.h"
#include "gateway/cli/submission_text.h"

#include <string.h>

enum {
    FILE_SIZE_MAX = 16 * 1024 * 1024,
    KEY_SIZE = sizeof "brama-" - 1 + (size_t)2 * INPUT_SHA256_SIZE,
    POST_WAIT_SECONDS = 5,
    VALIDATION_WAIT_SECONDS = 60
};

/* The same bytes always get the same key, so that the same command may be run again. */
static struct str
key_of(struct arena *arena, const char *wanted, const struct input *input)
{
    struct buf key = buf_create(arena, KEY_SIZE);

    if (wanted != NULL && strcmp(wanted, "auto") != 0) {
        return str_of(wanted);
    }
    buf_append(&key, STR("brama-"));
    buf_hex(&key, input->sha256, INPUT_SHA256_SIZE);
    return buf_str(&key);
}

static enum exit_code
read_file(struct arena *arena, const char *path, struct input *out)
{
    struct fault fault = {0};

    if (input_read(arena, path, FILE_SIZE_MAX, out, &fault) != ERR_OK) {
        screen_complain(str_of(path), fault.text);
        return EXIT_UNREADABLE;
    }
    if (!out->whole) {
        screen_complain(str_of(path), "plik jest dłuższy niż 16 MiB, a tyle brama przyjmuje; "
                                      "podziel paczkę w programie księgowym");
        return EXIT_REFUSED;
    }
    if (out->bytes.size == 0) { /* told as `brama validate` does, with its exit code */
        screen_complain(str_of(path), "XML-001: plik jest pusty; wygeneruj go jeszcze raz i przed "
                                      "wysłaniem sprawdź, czy jego rozmiar jest większy od zera");
        return EXIT_NOT_ACCEPTED;
    }
    return EXIT_ACCEPTED;
}

static void
remember(json_t *files, const char *path, enum exit_code code, json_t *submission, json_t *findings)
{
    /* "o?" and "O?" take null for what is not there; a full memory ends in finish, as lost output.
     */
    json_t *file = json_pack("{s:s, s:i, s:O?, s:O?}", "file", path, "exit_code", (int)code,
                             "submission", submission, "findings", findings);

    if (file != NULL) {
        (void)json_array_append_new(files, file);
    }
}

/* The one file of the answer, which has the shape of `brama validate --json`; NULL: none. */
static json_t *
only_file(const json_t *answer)
{
    json_t *file = json_array_get(json_object_get(answer, "files"), 0);

    return json_is_object(file) ? file : NULL;
}

static enum exit_code
validate(const struct remote *remote, struct screen *screen, const struct input *input,
         json_t *files)
{
    struct transfer_answer answer = {0};
    json_t                *judged = NULL;
    struct client_request  request = {
         .path = "/api/v1/validations",
         .accept = "application/json",
         .body = input->bytes,
         .sha256 = input->sha256,
         .wait_seconds = VALIDATION_WAIT_SECONDS,
    };

    progress_tell(input->name, STR("sprawdzam"));
    enum exit_code code = remote_ask(remote, &request, &answer, &judged);
    progress_end();
    const json_t *whole = judged;
    judged = only_file(judged);
    if (code == EXIT_ACCEPTED && judged == NULL) {
        remote_complain("odpowiedź serwera nie jest tym, co przysyła brama; sprawdź --server",
                        answer.request_id);
        code = EXIT_UNAVAILABLE;
    } else if (code == EXIT_ACCEPTED) {
        code = str_equal(member_text(judged, "verdict"), STR("accepted")) ? EXIT_ACCEPTED
                                                                          : EXIT_NOT_ACCEPTED;
        if (!remote->options->json) {
            submission_text_write_dry(screen, input->name, judged, whole);
        }
    }
    remember(files, input->name.data, code, judged, NULL);
    return code;
}

/* Everything after the gateway has taken the file. */
static enum exit_code
follow(struct submission_remote *submission, struct str name)
{
    const struct remote_options *options = submission->remote.options;
    enum exit_code               code = EXIT_ACCEPTED;

    if (options->wait) {
        code = submission_remote_wait(submission, name);
        progress_end();
    }
    if (code == EXIT_ACCEPTED) {
        code = submission_remote_findings(submission);
    }
    if (code == EXIT_ACCEPTED && options->receipts != NULL) {
        code = submission_remote_receipts(submission, options->receipts);
    }
    return code == EXIT_ACCEPTED ? submission_remote_exit_code(submission->submission) : code;
}

static enum exit_code
submit(const struct remote *remote, struct screen *screen, const struct input *input, json_t *files)
{
    struct transfer_answer   answer = {0};
    json_t                  *taken = NULL;
    struct submission_remote submission = {0};
    struct client_request    request = {
           .path = remote->options->strict ? "/api/v1/submissions?strict=true" : "/api/v1/submissions",
           .accept = "application/json",
           .body = input->bytes,
           .sha256 = input->sha256,
           .key = key_of(remote->arena, remote->options->key, input),
           .wait_seconds = POST_WAIT_SECONDS,
    };

    progress_tell(input->name, STR("wysyłam"));
    enum exit_code code = remote_ask(remote, &request, &answer, &taken);
    progress_end();
    if (code == EXIT_ACCEPTED) {
        code = submission_remote_take(remote, taken, &submission);
    }
    if (code == EXIT_ACCEPTED) {
        code = follow(&submission, input->name);
    }
    if (submission.submission != NULL && !remote->options->json) {
        submission_text_write(screen, &(struct submission_text){
                                          .name = input->name,
                                          .news = answer.status == 200 ? SUBMISSION_TEXT_REPEATED
                                                                       : SUBMISSION_TEXT_FILED,
                                          .submission = submission.submission,
                                          .findings = submission.findings});
    }
    remember(files, input->name.data, code, submission.submission, submission.findings);
    return code;
}

enum exit_code
filing_make(const struct remote *remote, struct screen *screen, const char *path, json_t *files)
{
    struct remote  named = *remote; /* so that refusals name the file */
    struct input   input = {0};
    enum exit_code code = read_file(remote->arena, path, &input);

    if (code != EXIT_ACCEPTED) {
        remember(files, path, code, NULL, NULL);
        return code;
    }
    named.about = input.name;
    code = remote->options->dry_run ? validate(&named, screen, &input, files)
                                    : submit(&named, screen, &input, files);
    /* What is known is shown at once; a later file may take its time. */
    return screen_flush(screen) ? code : EXIT_UNREADABLE;
}

void
filing_write_json(struct screen *screen, json_t *files)
{
    json_t *all = json_pack("{s:O}", "files", files);

    remote_write_json(screen, all);
    json_decref(all);
}
