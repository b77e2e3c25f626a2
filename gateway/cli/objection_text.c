#include "gateway/cli/objection_text.h"

#include "gateway/cli/member.h"

void
objection_text_write(struct screen *screen, struct str rule, const json_t *answer)
{
    bool accepted = str_equal(member_text(answer, "outcome"), STR("accepted"));

    screen_piece(screen, "      zastrzeżenie do ", rule);
    screen_format(screen, answer == NULL ? ": nie ma jeszcze odpowiedzi"
                          : accepted     ? ": uznane"
                                         : ": nieuznane");
    screen_piece(screen, ": ", member_text(answer, "reason"));
    screen_format(screen, "\n");
}
