#include "gateway/desk/webhook_endpoint.h"

#include "gateway/desk/entry.h"
#include "gateway/outbox/delivery.h"
#include "gateway/outbox/subscriber.h"

#include <openssl/evp.h>

enum {
    STATUS_OK = 200,
    STATUS_CREATED = 201,
    STATUS_EMPTY = 204,
    EVENTS_SIZE_MAX = 512,
    SECRET_BASE64_SIZE = 44
};

static void
write_events(struct json *json, struct str events)
{
    struct str word = {0};

    json_key(json, "events");
    json_array_begin(json);
    while (str_cut(&events, ' ', &word)) {
        json_text(json, word);
    }
    json_array_end(json);
}

static void
write_webhook(struct json *json, const struct call *call, const struct subscriber *subscriber)
{
    json_key(json, "id");
    json_number(json, subscriber->endpoint);
    json_member(json, "regon", subscriber->regon);
    json_member(json, "url", subscriber->url);
    write_events(json, subscriber->events);
    json_member(json, "label", subscriber->label);
    call_write_instant(json, call, "created_at", subscriber->created);
    call_write_instant(json, call, "secret_since", subscriber->secret_since);
    call_write_instant(json, call, "disabled_at", subscriber->disabled);
    json_member(json, "reason", subscriber->reason);
    json_key(json, "waiting");
    json_number(json, subscriber->waiting);
}

static enum err
answer(struct call *call, int status, const struct subscriber *subscriber, struct str secret,
       struct fault *fault)
{
    struct buf  body = call_body(call);
    struct json json = json_create(&body);

    json_object_begin(&json);
    write_webhook(&json, call, subscriber);
    if (secret.size > 0) {
        json_member(&json, "secret", secret);
    }
    json_object_end(&json);
    return call_answer(call, status, &body, fault);
}

enum err
webhook_endpoint_list(struct call *call, struct fault *fault)
{
    struct subscriber *list = NULL;
    size_t             count = 0;
    struct buf         body = call_body(call);
    struct json        json = json_create(&body);

    TRY(subscriber_list(call->store, call->arena, &list, &count, fault));
    json_object_begin(&json);
    json_key(&json, "items");
    json_array_begin(&json);
    for (size_t i = 0; i < count; i++) {
        json_object_begin(&json);
        write_webhook(&json, call, &list[i]);
        json_object_end(&json);
    }
    json_array_end(&json);
    json_object_end(&json);
    return call_answer(call, STATUS_OK, &body, fault);
}

static enum err
read_events(const struct entry *entry, struct str *out, struct fault *fault)
{
    struct call *call = entry->call;
    struct str   words[ENTRY_WORDS_MAX];
    size_t       count = 0;
    struct buf   list = buf_create(call->arena, EVENTS_SIZE_MAX);

    TRY(entry_words(entry, "events", words, &count, fault));
    for (size_t i = 0; i < count; i++) {
        if (words[i].size == 0 || !str_has_word(subscriber_events(), words[i])
            || str_has_word(buf_str(&list), words[i])) {
            struct str detail = str_format(call->arena, "Pole events: każde raz, z tych: %.*s.",
                                           STR_ARG(subscriber_events()));
            return call_refuse(call, PROBLEM_BAD_DATA, detail, fault);
        }
        buf_append(&list, list.size == 0 ? STR("") : STR(" "));
        buf_append(&list, words[i]);
    }
    *out = buf_str(&list);
    return ERR_OK;
}

static enum err
check_url(struct call *call, struct str url, struct fault *fault)
{
    const char *wrong = subscriber_url_fault(url);

    wrong = wrong == NULL ? subscriber_host_fault(url) : wrong;
    if (wrong == NULL) {
        return ERR_OK;
    }
    return call_refuse(call, PROBLEM_BAD_DATA, str_format(call->arena, "Pole url: %s.", wrong),
                       fault);
}

static enum err
read_webhook(struct call *call, struct subscriber *out, struct fault *fault)
{
    struct entry entry = {0};

    TRY(entry_read(call, &entry, fault));
    TRY(entry_need(&entry, "url", &out->url, fault));
    TRY(entry_text(&entry, "label", &out->label, fault));
    TRY(entry_text(&entry, "regon", &out->regon, fault));
    TRY(read_events(&entry, &out->events, fault));
    if (!call_is_refused(call) && out->label.size > SUBSCRIBER_LABEL_MAX) {
        return call_refuse(call, PROBLEM_BAD_DATA, STR("Pole label: najwyżej 200 bajtów."), fault);
    }
    if (!call_is_refused(call)) {
        TRY(check_url(call, out->url, fault));
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    out->unit = call->session.unit;
    if (out->regon.size > 0) {
        TRY(call_find_unit(call, out->regon, &out->unit, fault));
    }
    return ERR_OK;
}

/* Refused when it is not theirs to do, or there are enough. */
static enum err
check_unit(struct call *call, const struct subscriber *wanted, struct fault *fault)
{
    struct subscriber *list = NULL;
    size_t             count = 0;
    size_t             own = 0;
    bool               allowed = false;

    TRY(call_may(call, PERMISSION_ACTION_KEEP_WEBHOOKS, wanted->unit, (struct str){0}, &allowed,
                 fault));
    if (!allowed) {
        return call_refuse_absent(call, fault);
    }
    TRY(subscriber_list(call->store, call->arena, &list, &count, fault));
    for (size_t i = 0; i < count; i++) {
        own += list[i].unit == wanted->unit ? 1 : 0;
    }
    return own < SUBSCRIBER_UNIT_MAX
               ? ERR_OK
               : call_refuse(call, PROBLEM_STATE,
                             STR("Ta jednostka ma już 20 adresów; usuń któryś."), fault);
}

/* A new secret, as it is shown, once. */
static enum err
renew(struct call *call, int64_t number, struct str *text, struct fault *fault)
{
    unsigned char secret[SUBSCRIBER_SECRET_SIZE];
    unsigned char base64[SECRET_BASE64_SIZE + 1];

    TRY(secret_random(secret, sizeof secret, fault));
    TRY(subscriber_renew(call->store, call->arena, number, secret, fault));
    (void)EVP_EncodeBlock(base64, secret, sizeof secret); /* as long as it is said above */
    *text = str_format(call->arena, "whsec_%s", (const char *)base64);
    return text->size > 0 ? ERR_OK : FAIL(fault, ERR_MEMORY, "a secret of webhooks");
}

enum err
webhook_endpoint_make(struct call *call, struct fault *fault)
{
    struct subscriber subscriber = {0};
    struct str        secret = {0};
    int64_t           number = 0;
    bool              found = false;

    TRY(read_webhook(call, &subscriber, fault));
    if (!call_is_refused(call)) {
        TRY(check_unit(call, &subscriber, fault));
    }
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    subscriber.label = subscriber.label.data == NULL ? STR("") : subscriber.label;
    TRY(subscriber_add(call->store, call->arena, &subscriber, &number, fault));
    TRY(renew(call, number, &secret, fault));
    TRY(subscriber_find(call->store, call->arena, number, &subscriber, &found, fault));
    return answer(call, STATUS_CREATED, &subscriber, secret, fault);
}

/* The one of the path, or of this number; refused when it is not theirs. */
static enum err
find_numbered(struct call *call, int64_t number, struct subscriber *out, struct fault *fault)
{
    bool found = false;
    bool allowed = false;

    TRY(subscriber_find(call->store, call->arena, number, out, &found, fault));
    if (found) {
        TRY(call_may(call, PERMISSION_ACTION_KEEP_WEBHOOKS, out->unit, (struct str){0}, &allowed,
                     fault));
    }
    return allowed ? ERR_OK : call_refuse_absent(call, fault);
}

static enum err
find(struct call *call, struct subscriber *out, struct fault *fault)
{
    int64_t number = 0;

    return find_numbered(call, str_to_number(call->id, &number) ? number : 0, out, fault);
}

enum err
webhook_endpoint_renew(struct call *call, struct fault *fault)
{
    struct subscriber subscriber = {0};
    struct str        secret = {0};
    bool              found = false;

    TRY(find(call, &subscriber, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(renew(call, subscriber.endpoint, &secret, fault));
    TRY(subscriber_find(call->store, call->arena, subscriber.endpoint, &subscriber, &found, fault));
    return answer(call, STATUS_CREATED, &subscriber, secret, fault);
}

enum err
webhook_endpoint_enable(struct call *call, struct fault *fault)
{
    struct subscriber subscriber = {0};
    bool              found = false;

    TRY(find(call, &subscriber, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(subscriber_enable(call->store, call->arena, subscriber.endpoint, &found, fault));
    TRY(subscriber_find(call->store, call->arena, subscriber.endpoint, &subscriber, &found, fault));
    return answer(call, STATUS_OK, &subscriber, (struct str){0}, fault);
}

enum err
webhook_endpoint_remove(struct call *call, struct fault *fault)
{
    struct subscriber subscriber = {0};
    bool              found = false;

    TRY(find(call, &subscriber, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(subscriber_remove(call->store, call->arena, subscriber.endpoint, &found, fault));
    return call_answer(call, STATUS_EMPTY, NULL, fault);
}

static void
write_line(struct json *json, const struct call *call, const struct delivery_line *line)
{
    json_object_begin(json);
    json_key(json, "id");
    json_number(json, line->delivery);
    json_member(json, "type", line->type);
    json_member(json, "state", line->state);
    call_write_instant(json, call, "attempted_at", line->at);
    json_key(json, "status");
    json_number(json, line->status);
    json_member(json, "outcome", line->outcome);
    call_write_instant(json, call, "next_at", line->next);
    json_object_end(json);
}

enum err
webhook_endpoint_deliveries(struct call *call, struct fault *fault)
{
    struct subscriber     subscriber = {0};
    struct delivery_line *list = NULL;
    size_t                count = 0;
    struct buf            body = call_body(call);
    struct json           json = json_create(&body);

    TRY(find(call, &subscriber, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    TRY(delivery_list(call->store, call->arena, subscriber.endpoint, &list, &count, fault));
    json_object_begin(&json);
    json_key(&json, "items");
    json_array_begin(&json);
    for (size_t i = 0; i < count; i++) {
        write_line(&json, call, &list[i]);
    }
    json_array_end(&json);
    json_object_end(&json);
    return call_answer(call, STATUS_OK, &body, fault);
}

enum err
webhook_endpoint_redeliver(struct call *call, struct fault *fault)
{
    struct subscriber subscriber = {0};
    int64_t           number = 0;
    int64_t           owner = 0;
    bool              found = false;

    if (str_to_number(call->id, &number)) {
        TRY(delivery_endpoint(call->store, call->arena, number, &owner, &found, fault));
    }
    TRY(find_numbered(call, owner, &subscriber, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    if (subscriber.disabled != 0) {
        return call_refuse(call, PROBLEM_STATE,
                           STR("Ten adres jest wyłączony. Włącz go, a wyjdzie wszystko, co czeka."),
                           fault);
    }
    TRY(delivery_repeat(call->store, call->arena, number, &found, fault));
    return call_answer(call, STATUS_EMPTY, NULL, fault);
}
