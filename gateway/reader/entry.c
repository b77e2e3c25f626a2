#include "gateway/reader/entry.h"

#include <inttypes.h>
#include <string.h>

enum { ENTER_SIZE_MAX = 160 };

enum err
entry_make(const struct asked *asked, enum resource_access access, struct fault *fault)
{
    const struct question *question = asked->question;
    struct buf             script = buf_create(asked->arena, ENTER_SIZE_MAX);

    buf_append(&script, STR("BEGIN READ ONLY; SELECT "));
    if (access != RESOURCE_PUBLIC && question->is_person) {
        buf_format(&script, "people.enter_as(%s, '\\x",
                   question->shown == QUESTION_SESSION ? "true" : "false");
        buf_hex(&script, question->digest, sizeof question->digest);
        buf_append(&script, STR("')"));
    } else {
        buf_format(&script, "registry.enter_living(%" PRId64 ")",
                   access != RESOURCE_PUBLIC ? question->credential : 0);
    }
    buf_byte(&script, '\0');
    if (!buf_ok(&script)) {
        return FAIL(fault, ERR_MEMORY, "no room for a statement");
    }
    return store_script(asked->tools->store, buf_str(&script).data, fault);
}

enum err
entry_refuse_ended(struct asked *asked, struct fault *fault)
{
    bool expired = strcmp(store_sqlstate(asked->tools->store), "BR001") == 0;

    asked_header(asked, "WWW-Authenticate", STR("Bearer"));
    return asked_refuse(asked, expired ? PROBLEM_EXPIRED_CREDENTIAL : PROBLEM_REVOKED_CREDENTIAL,
                        asked->question->kind == QUESTION_FILED
                            ? STR("Plik wpłynął, zanim to się stało, i jest zapisany. Odczyta go "
                                  "ważny token albo certyfikat tej jednostki.")
                            : STR("Administrator jednostki może wydać nowe."),
                        fault);
}
