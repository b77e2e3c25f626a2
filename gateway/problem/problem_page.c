#include "gateway/problem/problem_page.h"

#include <strings.h>

static const char style[] =
    "body{font:1.05rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;"
    "color:#111;background:#fff}h1{font-size:1.6rem;line-height:1.25}a{color:#0b4f9e}"
    ":focus-visible{outline:3px solid #0b4f9e;outline-offset:2px}";

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

static void
write_text(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.size; i++) {
        switch (text.data[i]) {
        case '<':
            buf_append(out, STR("&lt;"));
            break;
        case '>':
            buf_append(out, STR("&gt;"));
            break;
        case '&':
            buf_append(out, STR("&amp;"));
            break;
        default:
            buf_byte(out, text.data[i]);
        }
    }
}

void
problem_page_write(struct buf *out, enum problem problem, struct str detail, struct uuid request)
{
    struct str title = str_of(problem_title(problem));

    buf_append(out, STR("<!DOCTYPE html>\n<html lang=\"pl\">\n<head>\n<meta charset=\"utf-8\">\n"
                        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                        "<title>"));
    write_text(out, title);
    buf_format(out, "</title>\n<style>%s</style>\n</head>\n<body>\n<main>\n<h1>", style);
    write_text(out, title);
    buf_append(out, STR("</h1>\n"));
    if (detail.size > 0) {
        buf_append(out, STR("<p>"));
        write_text(out, detail);
        buf_append(out, STR("</p>\n"));
    }
    buf_format(out, "<p><a href=\"/problemy/%s\">Co to znaczy i co zrobić</a></p>\n",
               problem_slug(problem));
    buf_append(out, STR("<p><a href=\"/\">Brama sprawozdawcza: strona główna</a></p>\n"));
    buf_format(out, "<p>Kod HTTP: %d", problem_status(problem));
    if (!uuid_is_nil(request)) {
        buf_append(out, STR("; numer żądania: "));
        uuid_write(out, request);
    }
    buf_append(out, STR("</p>\n</main>\n</body>\n</html>\n"));
}
