#include "gateway/desk/entry.h"

#include "gateway/problem/unfamiliar.h"

#include <jansson.h>

static void
release(void *object)
{
    json_decref(object);
}

/* Whoever misspells a name must hear of it: what it was to change would stay as it is. */
static enum err
check_names(struct call *call, json_t *object, struct fault *fault)
{
    struct str  known = str_of(call->endpoint->names);
    const char *name = NULL;
    json_t     *value = NULL;

    json_object_foreach(object, name, value)
    {
        if (!str_has_word(known, str_of(name))) {
            return call_refuse(
                call, PROBLEM_BAD_DATA,
                unfamiliar_detail(call->arena, UNFAMILIAR_FIELD, str_of(name), known), fault);
        }
    }
    return ERR_OK;
}

enum err
entry_read(struct call *call, struct entry *out, struct fault *fault)
{
    json_error_t error = {0};
    struct str   body = call->petition->body;
    json_t      *object =
        json_loadb(body.data == NULL ? "" : body.data, body.size, JSON_REJECT_DUPLICATES, &error);

    if (object != NULL && !arena_defer(call->arena, release, object)) {
        json_decref(object);
        return FAIL(fault, ERR_MEMORY, "no room for a body");
    }
    *out = (struct entry){.call = call, .object = object};
    if (!json_is_object(object)) {
        out->object = NULL;
        return call_refuse(call, PROBLEM_BAD_BODY,
                           STR("Treść żądania ma być obiektem JSON w UTF-8, w którym żadna nazwa "
                               "nie powtarza się."),
                           fault);
    }
    return check_names(call, object, fault);
}

static enum err
refuse(const struct entry *entry, const char *name, const char *wanted, struct fault *fault)
{
    struct str detail = str_format(entry->call->arena, "Pole %s: %s.", name, wanted);

    return call_refuse(entry->call, PROBLEM_BAD_DATA, detail, fault);
}

static enum err
take(const struct entry *entry, const char *name, struct str *out, struct fault *fault)
{
    const json_t *member = json_object_get(entry->object, name);

    *out = (struct str){0};
    if (call_is_refused(entry->call) || member == NULL || json_is_null(member)) {
        return ERR_OK;
    }
    if (!json_is_string(member)) {
        return refuse(entry, name, "ma być tekstem w cudzysłowie", fault);
    }
    *out = (struct str){json_string_value(member), json_string_length(member)};
    return ERR_OK;
}

enum err
entry_secret(const struct entry *entry, const char *name, struct str *out, struct fault *fault)
{
    return take(entry, name, out, fault);
}

enum err
entry_text(const struct entry *entry, const char *name, struct str *out, struct fault *fault)
{
    struct str text = {0};

    TRY(take(entry, name, &text, fault));
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte < 0x20U || byte == 0x7FU) {
            return refuse(entry, name, "zawiera znak sterujący; usuń go", fault);
        }
    }
    *out = str_trim(text);
    return ERR_OK;
}

enum err
entry_need(const struct entry *entry, const char *name, struct str *out, struct fault *fault)
{
    TRY(entry_text(entry, name, out, fault));
    if (out->size == 0 && !call_is_refused(entry->call)) {
        return refuse(entry, name, "jest wymagane", fault);
    }
    return ERR_OK;
}

enum err
entry_date(const struct entry *entry, const char *name, struct date *out, struct fault *fault)
{
    struct str text = {0};

    *out = (struct date){0};
    TRY(entry_text(entry, name, &text, fault));
    if (text.size > 0 && !date_parse(text, out)) {
        return refuse(entry, name, "ma być dniem w postaci RRRR-MM-DD", fault);
    }
    return ERR_OK;
}

enum err
entry_uuid(const struct entry *entry, const char *name, struct uuid *out, struct fault *fault)
{
    struct str text = {0};

    *out = (struct uuid){{0}};
    TRY(entry_text(entry, name, &text, fault));
    if (text.size > 0
        && (text.size != UUID_TEXT_SIZE || !uuid_parse(text, out) || uuid_is_nil(*out))) {
        return refuse(entry, name, "ma być identyfikatorem, który brama podała", fault);
    }
    return ERR_OK;
}

static enum err
read_words(const struct entry *entry, const char *name, size_t least, struct str *out,
           size_t *count, struct fault *fault)
{
    const json_t *list = json_object_get(entry->object, name);
    size_t        size = json_array_size(list);

    *count = 0;
    if (call_is_refused(entry->call)) {
        return ERR_OK;
    }
    if (!json_is_array(list) || size < least || size > ENTRY_WORDS_MAX) {
        return refuse(entry, name,
                      least == 0 ? "ma być listą najwyżej 16 tekstów"
                                 : "ma być listą od 1 do 16 tekstów",
                      fault);
    }
    for (size_t i = 0; i < size; i++) {
        const json_t *item = json_array_get(list, i);
        if (!json_is_string(item)) {
            return refuse(entry, name, "ma być listą tekstów", fault);
        }
        out[i] = (struct str){json_string_value(item), json_string_length(item)};
    }
    *count = size;
    return ERR_OK;
}

enum err
entry_words(const struct entry *entry, const char *name, struct str out[ENTRY_WORDS_MAX],
            size_t *count, struct fault *fault)
{
    return read_words(entry, name, 1, out, count, fault);
}

enum err
entry_words_or_none(const struct entry *entry, const char *name, struct str out[ENTRY_WORDS_MAX],
                    size_t *count, struct fault *fault)
{
    return read_words(entry, name, 0, out, count, fault);
}
