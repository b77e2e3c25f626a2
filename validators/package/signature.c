#include "validators/package/signature.h"

const char *
signature_step_name(enum signature_step step)
{
    static const char *const names[] = {
        [SIGNATURE_STEP_NONE] = "",
        [SIGNATURE_STEP_PROFILE] = "profil-podpisu",
        [SIGNATURE_STEP_REFERENCE] = "wskazanie-sprawozdania",
        [SIGNATURE_STEP_REPORT] = "skrot-sprawozdania",
        [SIGNATURE_STEP_PROPERTIES] = "skrot-wlasciwosci-podpisu",
        [SIGNATURE_STEP_CERTIFICATE] = "certyfikat-podpisujacego",
        [SIGNATURE_STEP_VALUE] = "wartosc-podpisu",
        [SIGNATURE_STEP_TIME] = "czas-podpisu",
        [SIGNATURE_STEP_VALIDITY] = "waznosc-certyfikatu",
        [SIGNATURE_STEP_ISSUER] = "wystawca-certyfikatu",
        [SIGNATURE_STEP_ROLE] = "rola-podpisujacego",
    };

    ENSURE((size_t)step < ARRAY_COUNT(names));
    return names[step];
}
