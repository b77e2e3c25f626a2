#include "gateway/cli/filing.h"

#include "gateway/cli/attempt.h"
#include "gateway/cli/input.h"
#include "gateway/cli/member.h"
#include "gateway/cli/progress.h"
#include "gateway/cli/set_remote.h"
#include "gateway/cli/submission_remote.h"
#include "gateway/cli/submission_text.h"

#include <string.h>

enum { FILE_SIZE_MAX = 16 * 1024 * 1024, VALIDATION_WAIT_SECONDS = 60 };

/* *why: what is wrong with the file; told already. */
static enum exit_code
read_file(struct arena *arena, const char *path, struct input *out, struct str *why)
{
    struct fault   fault = {0};
    enum exit_code code = EXIT_ACCEPTED;

    if (input_read(arena, path, FILE_SIZE_MAX, out, &fault) != ERR_OK) {
        *why = str_copy(arena, str_of(fault.text));
        code = EXIT_UNREADABLE;
    } else if (!out->whole) {
        *why = STR("plik jest dłuższy niż 16 MiB, a tyle brama przyjmuje; podziel paczkę w "
                   "programie księgowym");
        code = EXIT_REFUSED;
    } else if (out->bytes.size == 0) { /* told as `brama validate` does, with its exit code */
        *why = STR("XML-001: plik jest pusty; wygeneruj go jeszcze raz i przed wysłaniem sprawdź, "
                   "czy coś w nim jest");
        code = EXIT_NOT_ACCEPTED;
    }
    if (code != EXIT_ACCEPTED) {
        screen_complain(str_of(path), why->data);
    }
    return code;
}

/* What became of one file; reason: why it was not sent. */
static void
remember(json_t *files, const char *path, enum exit_code code, const char *reason,
         const struct submission_remote *filed)
{
    /* "s?" and "O?" take null for what is not there; a full memory ends in finish, as lost output.
     */
    json_t *file =
        json_pack("{s:s, s:i, s:s?, s:O?, s:O?}", "file", path, "exit_code", (int)code, "reason",
                  reason, "submission", filed->submission, "findings", filed->findings);

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
    remember(files, input->name.data, code, NULL,
             &(struct submission_remote){.submission = judged});
    return code;
}

/* What the options ask for beyond the answer to the filing itself. */
static enum exit_code
fetch(struct submission_remote *submission, struct str name)
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
    if (code == EXIT_ACCEPTED && !options->json) {
        set_remote_enrich(&submission->remote, submission->submission);
    }
    if (code == EXIT_ACCEPTED && options->receipts != NULL) {
        code = submission_remote_receipts(submission, options->receipts);
    }
    return code;
}

/* Whether something that was asked for in so many words cannot be had without reading. */
static bool
needs_reading(const struct submission_remote *submission)
{
    const struct remote_options *options = submission->remote.options;

    return options->receipts != NULL
           || (options->wait && !submission_remote_is_final(submission->submission));
}

/* Everything after the gateway has taken the file: whatever fails here, it is filed. */
static enum exit_code
follow(struct submission_remote *submission, struct str name)
{
    struct remote      *remote = &submission->remote;
    struct remote_right reading = {
        .absence = str_format(remote->arena,
                              "złożono pod numerem %s; uwag i UPO nie da się pobrać, bo ten token "
                              "albo certyfikat nie ma prawa odczytu (read)",
                              submission->id)
                       .data};

    remote->right = &reading;
    enum exit_code code = fetch(submission, name);
    remote->right = NULL;
    if (reading.lacking && !needs_reading(submission)) {
        code = EXIT_ACCEPTED;
    }
    if (code != EXIT_ACCEPTED && remote->options->receipts != NULL) {
        screen_complain(name, str_format(remote->arena,
                                         "plik jest złożony, ale nie zapisano wszystkich UPO; "
                                         "pobierze je: brama receipt %s",
                                         submission->id)
                                  .data);
    }
    return code == EXIT_ACCEPTED ? submission_remote_exit_code(submission->submission) : code;
}

static enum exit_code
submit(const struct remote *remote, struct screen *screen, const struct input *input, json_t *files)
{
    struct attempt           attempt = {0};
    struct submission_remote submission = {0};

    progress_tell(input->name, STR("wysyłam"));
    enum exit_code code = attempt_make(remote, input, &attempt);
    progress_end();
    if (code == EXIT_ACCEPTED) {
        code = submission_remote_take(remote, attempt.taken, &submission);
    }
    if (code == EXIT_ACCEPTED) {
        code = follow(&submission, input->name);
    }
    if (submission.submission != NULL && !remote->options->json) {
        submission_text_write(screen,
                              &(struct submission_text){
                                  .name = input->name,
                                  .news = attempt_is_repeat(&attempt) ? SUBMISSION_TEXT_REPEATED
                                                                      : SUBMISSION_TEXT_FILED,
                                  .advice = attempt_advice(remote, &attempt, submission.submission),
                                  .submission = submission.submission,
                                  .findings = submission.findings});
    }
    remember(files, input->name.data, code, NULL, &submission);
    return code;
}

enum exit_code
filing_make(const struct remote *remote, struct screen *screen, const char *path, json_t *files)
{
    struct remote  named = *remote; /* so that refusals name the file */
    struct input   input = {0};
    struct str     why = {0};
    enum exit_code code = read_file(remote->arena, path, &input, &why);

    if (code != EXIT_ACCEPTED) {
        remember(files, path, code, why.data, &(struct submission_remote){0});
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
