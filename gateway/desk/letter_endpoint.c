#include "gateway/desk/letter_endpoint.h"

#include "gateway/desk/entry.h"
#include "gateway/people/account.h"

enum { STATUS_OK = 200 };

enum err
letter_endpoint_show(struct call *call, struct fault *fault)
{
    struct buf  body = call_body(call);
    struct json json = json_create(&body);
    struct str  kinds = {0};
    struct str  kind = {0};

    TRY(account_muted(call->store, call->arena, &kinds, fault));
    json_object_begin(&json);
    json_key(&json, "muted");
    json_array_begin(&json);
    while (str_cut(&kinds, ' ', &kind)) {
        if (kind.size > 0) {
            json_text(&json, kind);
        }
    }
    json_array_end(&json);
    json_object_end(&json);
    return call_answer(call, STATUS_OK, &body, fault);
}

enum err
letter_endpoint_mute(struct call *call, struct fault *fault)
{
    static const struct str known = STR_INIT("digest results agenda endpoint");
    struct entry            entry = {0};
    struct str              kinds[ENTRY_WORDS_MAX];
    size_t                  count = 0;

    TRY(entry_read(call, &entry, fault));
    TRY(entry_words_or_none(&entry, "muted", kinds, &count, fault));
    if (call_is_refused(call)) {
        return ERR_OK;
    }
    for (size_t i = 0; i < count; i++) {
        if (kinds[i].size == 0 || !str_has_word(known, kinds[i])) {
            return call_refuse(call, PROBLEM_BAD_DATA,
                               STR("Pole muted: wyłączyć można listy digest, results, agenda i "
                                   "endpoint. "
                                   "Listów o dostępie do konta nie da się wyłączyć."),
                               fault);
        }
    }
    TRY(account_mute(call->store, call->arena, kinds, count, fault));
    return letter_endpoint_show(call, fault);
}
