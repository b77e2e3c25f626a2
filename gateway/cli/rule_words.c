#include "gateway/cli/rule_words.h"

#include "validators/catalogue/placeholder.h"

void
rule_words_write(struct screen *screen, struct str text)
{
    screen_text(screen, placeholder_words(screen->out.arena, text));
}
