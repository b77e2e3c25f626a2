#ifndef GATEWAY_CLI_SEVERITY_WORDS_H
#define GATEWAY_CLI_SEVERITY_WORDS_H

#include "gateway/cli/screen.h"
#include "validators/catalogue/catalogue.h"

/* "błąd", "pytanie", ... */
const char *severity_words(enum severity severity);

/* "pytanie: sprawozdania jednostkowe, okres: kwartał, środowisko prod, od 2026-01-01" */
void severity_words_write(struct screen *screen, const struct applies *applies);

/* Whether it holds in all circumstances, so that nothing behind it matters. */
bool severity_words_always(const struct applies *applies);

#endif
