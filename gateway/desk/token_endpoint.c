#include "gateway/desk/token_endpoint.h"

#include "gateway/desk/entry.h"
#include "gateway/fingerprint/fingerprint.h"
#include "gateway/registry/credential.h"

enum { STATUS_OK = 200, STATUS_CREATED = 201, STATUS_EMPTY = 204, LABEL_SIZE_MAX = 200 };

static void
write_token(struct json *json, const struct call *call, const struct registry_credential *token)
{
    json_key(json, "id");
    json_number(json, token->credential);
    json_member(json, "regon", token->regon);
    json_member(json, "office", token->office);
    json_member(json, "label", token->label);
    json_key(json, "scopes");
    json_array_begin(json);
    for (unsigned i = 0; i < SCOPE_COUNT; i++) {
        if (((unsigned)token->scopes & (1U << i)) != 0) {
            json_text(json, str_of(registry_scope_word((int)(1U << i))));
        }
    }
    json_array_end(json);
    call_write_uuid(json, call, "made_in", token->made_in);
    call_write_instant(json, call, "created_at", token->created);
    call_write_instant(json, call, "expires_at", token->expires);
    call_write_instant(json, call, "revoked_at", token->revoked);
    call_write_instant(json, call, "last_used_at", token->last_used);
}

enum err
token_endpoint_list(struct call *call, struct fault *fault)
{
    struct registry_credential *list = NULL;
    size_t                      count = 0;
    struct buf                  body = call_body(call);
    struct json                 json = json_create(&body);

    TRY(registry_list_credentials(call->store, call->arena, 0, &list, &count, fault));
    json_object_begin(&json);
    json_key(&json, "items");
    json_array_begin(&json);
    for (size_t i = 0; i < count; i++) {
        if (!list[i].is_certificate) {
            json_object_begin(&json);
            write_token(&json, call, &list[i]);
            json_object_end(&json);
        }
    }
    json_array_end(&json);
    json_object_end(&json);
    return call_answer(call, STATUS_OK, &body, fault);
}

static enum err
read_scopes(struct call *call, const struct entry *entry, int *out, struct fault *fault)
{
    struct str words[ENTRY_WORDS_MAX];
    size_t     count = 0;

    TRY(entry_words(entry, "scopes", words, &count, fault));
    for (size_t i = 0; i < count; i++) {
        int scope = registry_scope_of(words[i]);
        if (scope == 0) {
            return call_refuse(call, PROBLEM_BAD_DATA,
                               STR("Pole scopes: zakresy to submissions:write, submissions:read, "
                                   "obligations:read, obligations:feed, registry:write."),
                               fault);
        }
        if (scope == SCOPE_REVIEW) {
            return call_refuse(
                call, PROBLEM_BAD_DATA,
                STR("Pole scopes: zakresu review:* nie można dostać, bo brama nie ma "
                    "jeszcze API przeglądu sprawozdań."),
                fault);
        }
        *out |= scope;
    }
    return ERR_OK;
}

/* The end of its last day in Warsaw: after today, at most a year from now. */
static enum err
read_end(struct call *call, const struct entry *entry, instant *out, struct fault *fault)
{
    struct store_rows rows = {0};
    struct str        text = {0};
    moment            at = 0;

    TRY(entry_need(entry, "expires_on", &text, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(store_run(call->store, "SELECT now(), now() + interval '366 days'", NULL, call->arena,
                  &rows, fault));
    struct date day = {0};
    bool        good = date_parse(text, &day) && moment_parse_when(text, &at);
    *out = at * INSTANT_PER_SECOND;
    if (!good || *out <= store_instant(&rows, 0, 0) || *out > store_instant(&rows, 0, 1)) {
        return call_refuse(call, PROBLEM_BAD_DATA,
                           STR("Pole expires_on: podaj dzień w postaci RRRR-MM-DD, od dzisiaj do "
                               "roku naprzód."),
                           fault);
    }
    return ERR_OK;
}

/* What is asked for; the place is that of the one who asks, unless they name another unit. */
static enum err
read_token(struct call *call, struct registry_credential *out, struct fault *fault)
{
    struct entry entry = {0};
    struct str   regon = {0};

    out->made_in = call->session.appointment;
    TRY(entry_read(call, &entry, fault));
    TRY(entry_need(&entry, "label", &out->label, fault));
    TRY(entry_text(&entry, "regon", &regon, fault));
    TRY(read_scopes(call, &entry, &out->scopes, fault));
    TRY(read_end(call, &entry, &out->expires, fault));
    if (!call_is_refused(call) && out->label.size > LABEL_SIZE_MAX) {
        return call_refuse(call, PROBLEM_BAD_DATA, STR("Pole label: najwyżej 200 bajtów."), fault);
    }
    if (regon.size > 0 && !call_is_refused(call)) {
        TRY(call_find_unit(call, regon, &out->unit, fault));
        return out->unit == 0 ? call_refuse_absent(call, fault) : ERR_OK;
    }
    out->unit = call->session.unit;
    out->office = call->session.office;
    return ERR_OK;
}

static enum err
answer_made(struct call *call, const struct registry_credential *token, struct str text,
            struct fault *fault)
{
    struct buf  body = call_body(call);
    struct json json = json_create(&body);

    json_object_begin(&json);
    write_token(&json, call, token);
    json_member(&json, "token", text);
    json_member(&json, "feed_url",
                token->scopes != SCOPE_FEED
                    ? (struct str){0}
                    : str_format(call->arena, "%.*s/api/v1/obligations.ics?token=%.*s",
                                 STR_ARG(call->config->public_url), STR_ARG(text)));
    json_object_end(&json);
    return call_answer(call, STATUS_CREATED, &body, fault);
}

/* It tells a token that stands in an address from one that must not, and TEST from PROD. */
static struct str
prefix_of(const struct registry_credential *token, bool live)
{
    if (token->scopes == SCOPE_FEED) {
        return live ? STR("brf_live_") : STR("brf_test_");
    }
    return live ? STR("brk_live_") : STR("brk_test_");
}

enum err
token_endpoint_make(struct call *call, struct fault *fault)
{
    struct registry_credential token = {0};
    unsigned char              digest[FINGERPRINT_SIZE];
    struct store_rows          rows = {0};
    struct str                 text = {0};
    bool                       allowed = false;

    TRY(read_token(call, &token, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(call_may(call, PERMISSION_ACTION_KEEP_TOKENS, token.unit, token.office, &allowed, fault));
    if (!allowed) {
        return call_refuse_absent(call, fault);
    }
    if (token.unit == 0 && (token.scopes & SCOPE_SUBMIT) != 0) {
        return call_refuse(call, PROBLEM_BAD_DATA,
                           STR("Pole scopes: odbiorca nie składa sprawozdań, więc jego token nie "
                               "może mieć submissions:write."),
                           fault);
    }
    if ((token.scopes & SCOPE_FEED) != 0 && token.scopes != SCOPE_FEED) {
        return call_refuse(call, PROBLEM_BAD_DATA,
                           STR("Pole scopes: token z zakresem obligations:feed stoi w adresie "
                               "kalendarza, więc nie może mieć żadnego innego. Utwórz dwa tokeny."),
                           fault);
    }
    if ((token.scopes & SCOPE_REGISTRY) != 0
        && (token.unit != call->session.unit
            || !permission_ever(call->session.role, PERMISSION_ACTION_KEEP_UNIT))) {
        return call_refuse(call, PROBLEM_BAD_DATA,
                           STR("Pole scopes: registry:write może mieć tylko token administratora "
                               "JST, dla jednostki, w której imieniu działa."),
                           fault);
    }
    TRY(store_run(call->store, "SELECT environment = 'PROD', now() FROM registry.setting", NULL,
                  call->arena, &rows, fault));
    token.created = store_instant(&rows, 0, 1);
    TRY(secret_make(call->arena, prefix_of(&token, store_truth(&rows, 0, 0)), &text, digest,
                    fault));
    TRY(registry_bind(call->store, call->arena, &token, digest, &token.credential, fault));
    return answer_made(call, &token, text, fault);
}

enum err
token_endpoint_revoke(struct call *call, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(call->arena);
    struct store_rows       rows = {0};
    int64_t                 id = 0;
    bool                    done = false;

    if (str_to_number(call->id, &id)) {
        store_put_number(&parameters, id);
        TRY(store_run(call->store,
                      "SELECT unit, office FROM registry.credential WHERE credential = $1"
                      " AND NOT is_certificate",
                      &parameters, call->arena, &rows, fault));
    }
    if (id > 0 && store_row_count(&rows) > 0) {
        TRY(call_may(call, PERMISSION_ACTION_KEEP_TOKENS, store_number(&rows, 0, 0),
                     store_text(&rows, 0, 1), &done, fault));
    }
    if (done) {
        TRY(registry_revoke(call->store, call->arena, id, &done, fault));
    }
    return done ? call_answer(call, STATUS_EMPTY, NULL, fault) : call_refuse_absent(call, fault);
}
