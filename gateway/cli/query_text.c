#include "gateway/cli/query_text.h"

#include "gateway/cli/member.h"
#include "gateway/cli/objection_text.h"

#include <inttypes.h>

/* A finding of a set is known by its own number, and says whose report it charges. */
static void
write_place(struct screen *screen, const json_t *finding)
{
    const json_t *charged = member_object(finding, "report");

    if (charged == NULL) {
        screen_format(screen, "sprawozdanie %" PRId64, member_number(finding, "report"));
        return;
    }
    screen_text(screen, member_text(charged, "form"));
    screen_format(screen, ", ");
    screen_text(screen, member_text(member_object(charged, "unit"), "name"));
}

void
query_text_write(struct screen *screen, const json_t *finding)
{
    const json_t *query = member_object(finding, "query");
    const json_t *explanation = member_object(query, "explanation");
    const json_t *objection = member_object(finding, "objection");

    const json_t *own = json_object_get(finding, "id");
    struct str    title = member_text(finding, "title");

    screen_format(screen, "%4" PRId64 "  ", member_number(finding, own != NULL ? "id" : "ordinal"));
    screen_text(screen, member_text(finding, "code"));
    screen_format(screen, "  ");
    screen_text(screen, title.size > 0 ? title : member_text(finding, "about"));
    screen_format(screen, "\n      ");
    write_place(screen, finding);
    screen_piece(screen, ", ", member_text(finding, "cell"));
    screen_format(screen, "\n      ");
    screen_text(screen, member_text(query, "state_text"));
    if (member_text(query, "until").size > 0) {
        screen_format(screen, ", do ");
        screen_text(screen, member_text(query, "until"));
    }
    if (explanation != NULL) {
        screen_format(screen, ": ");
        screen_text(screen, member_text(explanation, "code"));
        screen_format(screen, member_text(explanation, "text").size > 0 ? ", " : "");
        screen_text(screen, member_text(explanation, "text"));
    }
    screen_format(screen, "\n");
    if (objection != NULL) {
        objection_text_write(screen, member_text(finding, "code"),
                             member_object(objection, "answer"));
    }
}
