#include "gateway/problem/problem_page.h"

#include <strings.h>

static bool
is_media(struct str media, struct str wanted)
{
    return media.size == wanted.size && strncasecmp(media.data, wanted.data, wanted.size) == 0;
}

bool
problem_page_is_wanted(struct str accept)
{
    struct str range = {0};

    while (str_cut(&accept, ',', &range)) {
        struct str media = {0};
        struct str rest = range;
        (void)str_cut(&rest, ';', &media);
        media = str_trim(media);
        if (is_media(media, STR("text/html"))) {
            return !str_equal(str_trim(rest), STR("q=0"));
        }
        if (is_media(media, STR("application/json"))
            || is_media(media, STR("application/problem+json"))) {
            return false;
        }
    }
    return false;
}

void
problem_page_write(struct buf *out, enum problem problem, struct str detail, struct uuid request)
{
    page_begin(out, str_of(problem_title(problem)));
    if (detail.size > 0) {
        page_paragraph(out, detail);
    }
    buf_format(out, "<p><a href=\"/problemy/%s\">Co to znaczy i co zrobić</a></p>\n",
               problem_slug(problem));
    buf_format(out, "<p>Kod HTTP: %d", problem_status(problem));
    if (!uuid_is_nil(request)) {
        buf_append(out, STR("; numer żądania: "));
        uuid_write(out, request);
    }
    buf_append(out, STR("</p>\n"));
    page_end(out);
}
