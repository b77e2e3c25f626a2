#include "gateway/courier/trouble.h"

#include "validators/base/ensure.h"

#include <curl/curl.h>
#include <stddef.h>

const char *
trouble_text(int code)
{
    static const struct {
        CURLcode    code;
        const char *text;
    } troubles[] = {
        {CURLE_COULDNT_RESOLVE_HOST,     "nazwy serwera nie da się odnaleźć"                    },
        {CURLE_COULDNT_CONNECT,          "serwer nie przyjmuje połączeń"                        },
        {CURLE_OPERATION_TIMEDOUT,       "serwer nie odpowiedział na czas"                        },
        {CURLE_GOT_NOTHING,              "serwer zamknął połączenie bez odpowiedzi"            },
        {CURLE_PEER_FAILED_VERIFICATION, "certyfikat serwera nie jest zaufany albo nie jest dla "
                                         "tego adresu"     },
        {CURLE_SSL_CONNECT_ERROR,        "bezpiecznego połączenia (TLS) nie udało się zawrzeć"},
        {CURLE_WRITE_ERROR,              "odpowiedź serwera jest za długa"                       },
        {CURLE_USE_SSL_FAILED,           "serwer nie daje bezpiecznego połączenia (TLS)"         },
        {CURLE_LOGIN_DENIED,             "serwer nie przyjął nazwy użytkownika albo hasła"     },
        {CURLE_URL_MALFORMAT,            "adresu nie da się zrozumieć"                           },
    };

    for (size_t i = 0; i < ARRAY_COUNT(troubles); i++) {
        if (troubles[i].code == (CURLcode)code) {
            return troubles[i].text;
        }
    }
    return "połączenie urwało się";
}
