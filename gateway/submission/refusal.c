#include "gateway/submission/refusal.h"

struct json
refusal_begin(const struct refusal *refusal, enum problem problem, struct str detail)
{
    struct json json = json_create(refusal->answer);

    problem_begin(&json, problem, refusal->bench->config->public_url, detail, (struct str){0},
                  refusal->filing->request);
    refusal->news->status = problem_status(problem);
    return json;
}

enum err
refusal_make(const struct refusal *refusal, enum problem problem, struct str detail)
{
    struct json json = refusal_begin(refusal, problem, detail);

    json_object_end(&json);
    return ERR_OK;
}

enum err
refusal_mandate(const struct refusal *refusal, enum mandate_state state)
{
    static const struct {
        enum problem problem;
        const char  *detail;
    } refusals[] = {
        [MANDATE_EXPIRED] = {PROBLEM_EXPIRED_CREDENTIAL,
                             "Nic nie zostało zmienione. Administrator jednostki może wydać nowe."          },
        [MANDATE_REVOKED] = {PROBLEM_REVOKED_CREDENTIAL,
                             "Nic nie zostało zmienione. Zapytaj administratora jednostki, "
                             "dlaczego je odwołano."                                                          },
        [MANDATE_ENDED] = {PROBLEM_NO_SESSION,
                             "Powołanie, w którym działasz, już się skończyło, więc nic nie zostało "
                           "zmienione. Zaloguj się ponownie i wybierz inne: PUT /api/v1/session."             },
        [MANDATE_LACKING] = {PROBLEM_NO_SCOPE,           "W roli, w której działasz, nie można tego robić."},
    };

    ENSURE((size_t)state < ARRAY_COUNT(refusals) && refusals[state].detail != NULL);
    return refusal_make(refusal, refusals[state].problem, str_of(refusals[state].detail));
}

struct mandate
refusal_mandate_of(const struct filing *filing)
{
    return (struct mandate){.subject = filing->subject,
                            .credential = filing->credential,
                            .appointment = filing->appointment};
}
