#include "gateway/cli/attempt.h"

#include "gateway/cli/member.h"
#include "gateway/cli/query.h"
#include "gateway/fingerprint/fingerprint.h"

#include <string.h>

enum {
    KEY_SIZE = sizeof "brama-" - 1 + (size_t)2 * INPUT_SHA256_SIZE,
    OBJECTED_KEY_SIZE = KEY_SIZE + sizeof "-" - 1 + (size_t)2 * INPUT_SHA256_SIZE,
    PATH_SIZE_MAX = 16 * 1024,
    POST_WAIT_SECONDS = 5,
    REPEATED = 200, /* the status of what had been filed before */
    REFILINGS_MAX = 100
};

/* A key of the user's own is law: nothing is filed under another. */
static bool
has_own_key(const struct remote *remote)
{
    const char *key = remote->options->key;

    return key != NULL && strcmp(key, "auto") != 0;
}

/* The same bytes always get the same key, so that the same command may be run again; with an
 * objection they are another attempt, which has a key of its own. */
static struct str
key_of(const struct remote *remote, const struct input *input)
{
    const struct remote_options *options = remote->options;
    struct buf                   key = buf_create(remote->arena, OBJECTED_KEY_SIZE);
    unsigned char                digest[INPUT_SHA256_SIZE];
    struct fault                 fault = {0};

    if (has_own_key(remote)) {
        return str_of(options->key);
    }
    buf_append(&key, STR("brama-"));
    buf_hex(&key, input->sha256, INPUT_SHA256_SIZE);
    if (options->objection != NULL
        && fingerprint_of(str_format(remote->arena, "%s %s", options->objection, options->why),
                          digest, &fault)
               == ERR_OK) {
        buf_append(&key, STR("-"));
        buf_hex(&key, digest, INPUT_SHA256_SIZE);
    }
    return buf_str(&key);
}

/* NULL: there is no room for it. */
static const char *
path_of(const struct remote *remote)
{
    const struct remote_options *options = remote->options;
    struct buf                   path = buf_create(remote->arena, PATH_SIZE_MAX);
    struct buf                   query = buf_create(remote->arena, PATH_SIZE_MAX);

    query_write(&query, "strict", options->strict ? STR("true") : (struct str){0});
    query_write(&query, "objection", str_of(options->objection));
    query_write(&query, "reason", str_of(options->why));
    buf_append(&path, STR("/api/v1/submissions"));
    if (query.size > 0) {
        buf_byte(&path, '?'); /* instead of its first '&' */
        buf_append(&path, str_slice(buf_str(&query), 1, query.size - 1));
    }
    buf_byte(&path, '\0');
    return buf_ok(&path) && buf_ok(&query) ? buf_str(&path).data : NULL;
}

static bool
is_withdrawn(const json_t *submission)
{
    return str_equal(member_text(submission, "state"), STR("withdrawn"));
}

enum exit_code
attempt_make(const struct remote *remote, const struct input *input, struct attempt *out)
{
    struct str            base = key_of(remote, input);
    struct client_request request = {
        .path = path_of(remote),
        .accept = "application/json",
        .body = input->bytes,
        .sha256 = input->sha256,
        .key = base,
        .wait_seconds = POST_WAIT_SECONDS,
    };

    if (request.path == NULL) {
        remote_complain("powód zastrzeżenia jest za długi: najwyżej 500 znaków", (struct str){0});
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < REFILINGS_MAX; i++) {
        enum exit_code code = remote_ask(remote, &request, &out->answer, &out->taken);
        if (code != EXIT_ACCEPTED || out->answer.status != REPEATED || has_own_key(remote)
            || !is_withdrawn(out->taken)) {
            return code;
        }
        out->withdrawn = member_text(out->taken, "id");
        request.key =
            str_format(remote->arena, "%.*s-%.*s", STR_ARG(base), STR_ARG(out->withdrawn));
    }
    return EXIT_ACCEPTED;
}

/* Whether a rule that was objected to stands at a report of it. */
static bool
has_objection(const json_t *submission, struct str wanted)
{
    size_t        i = 0;
    size_t        j = 0;
    const json_t *report = NULL;
    const json_t *objection = NULL;

    json_array_foreach(member_object(submission, "reports"), i, report)
    {
        json_array_foreach(member_object(report, "objections"), j, objection)
        {
            struct str rule = member_text(objection, "rule");
            if (rule.size > 0 && memmem(wanted.data, wanted.size, rule.data, rule.size) != NULL) {
                return true;
            }
        }
    }
    return false;
}

bool
attempt_is_repeat(const struct attempt *attempt)
{
    return attempt->answer.status == REPEATED;
}

/* What became of an objection that was meant; empty: what was wanted. */
static struct str
advice_on_objection(const struct remote *remote, const struct attempt *attempt,
                    const json_t *submission)
{
    struct str verdict = member_text(submission, "verdict");

    if (!attempt_is_repeat(attempt)) {
        return str_equal(verdict, STR("held"))
                   ? STR("Zastrzeżenie dotyczy tylko tego pliku: plik z brakującym podpisem złóż "
                         "także z --objection.")
                   : (struct str){0};
    }
    if (attempt->answer.replayed || has_objection(submission, str_of(remote->options->objection))) {
        return (struct str){0};
    }
    if (str_equal(verdict, STR("accepted"))) {
        return STR("Zastrzeżenia nie złożono: plik jest przyjęty, więc żadna reguła go nie "
                   "zwraca.");
    }
    return str_format(remote->arena,
                      "Zastrzeżenia nie złożono: plik jest już złożony bez niego. Żeby złożyć go z "
                      "zastrzeżeniem, wycofaj to złożenie (brama withdraw %.*s) i powtórz "
                      "polecenie%s.",
                      STR_ARG(member_text(submission, "id")),
                      has_own_key(remote) ? " z innym kluczem (--key)" : "");
}

struct str
attempt_advice(const struct remote *remote, const struct attempt *attempt, const json_t *submission)
{
    bool       repeated = attempt_is_repeat(attempt);
    struct str advice = {0};

    if (repeated && is_withdrawn(submission)) {
        return STR("To złożenie wycofano, a klucz z --key należy do niego. Żeby złożyć plik "
                   "jeszcze raz, nie podawaj --key albo podaj inny klucz.");
    }
    if (remote->options->objection != NULL) {
        advice = advice_on_objection(remote, attempt, submission);
    }
    if (advice.size > 0) {
        return advice;
    }
    if (repeated && str_equal(member_text(submission, "verdict"), STR("rejected"))) {
        return STR("Zwrócono go wtedy do poprawy. Poprawiony plik złóż tak samo; niezmieniony "
                   "złożysz jako nową próbę z nowym kluczem: --key KLUCZ.");
    }
    if (!repeated && attempt->withdrawn.size > 0) {
        return str_format(remote->arena,
                          "Poprzednie złożenie tego pliku (%.*s) wycofano; to jest nowe, z nową "
                          "datą wpływu.",
                          STR_ARG(attempt->withdrawn));
    }
    return (struct str){0};
}
