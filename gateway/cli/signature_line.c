#include "gateway/cli/signature_line.h"

#include "validators/package/package.h"

static const char *const step_words[SIGNATURE_STEP_COUNT] = {
    [SIGNATURE_STEP_NONE] = "",
    [SIGNATURE_STEP_PROFILE] = "podpis ma inną postać niż ta, którą brama przyjmuje",
    [SIGNATURE_STEP_REFERENCE] = "nie wiadomo, którego sprawozdania dotyczy",
    [SIGNATURE_STEP_REPORT] = "skrót sprawozdania się nie zgadza",
    [SIGNATURE_STEP_PROPERTIES] = "skrót właściwości podpisu się nie zgadza",
    [SIGNATURE_STEP_CERTIFICATE] = "podpis wskazuje inny certyfikat niż dołączony",
    [SIGNATURE_STEP_VALUE] = "wartość podpisu się nie zgadza",
    [SIGNATURE_STEP_TIME] = "czasu podpisu brak, jest nieczytelny albo z przyszłości",
    [SIGNATURE_STEP_VALIDITY] =
        "certyfikat nie był ważny w tym czasie albo nie służy do podpisywania",
    [SIGNATURE_STEP_ISSUER] = "nieznany wystawca certyfikatu",
    [SIGNATURE_STEP_ROLE] = "roli podpisującego brak albo jest nieznana",
};

/* The step's words; a step that this program does not know keeps its name. */
static struct str
words_of(struct str step)
{
    for (size_t i = 0; i < SIGNATURE_STEP_COUNT; i++) {
        if (str_equal(step, str_of(signature_step_name((enum signature_step)i)))) {
            return str_of(step_words[i]);
        }
    }
    return step;
}

void
signature_line_write(struct screen *screen, const struct signature_line *line)
{
    screen_format(screen, "      podpis: ");
    screen_text(screen, line->role.size > 0 ? line->role : STR("bez roli"));
    screen_format(screen, ", ");
    screen_text(screen, line->signer.size > 0 ? line->signer : STR("nieznana osoba"));
    screen_format(screen, " — ");
    screen_coloured(screen, line->valid ? SCREEN_GREEN : SCREEN_RED,
                    line->valid ? "ważny" : "nieważny");
    if (!line->valid) {
        screen_format(screen, ": ");
        screen_text(screen, words_of(line->failed_step));
    } else if (line->issuer_unchecked) {
        screen_format(screen, " (wystawcy nie sprawdzono: nie podano --trust)");
    }
    screen_format(screen, "\n");
}
