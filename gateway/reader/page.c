#include "gateway/reader/page.h"

static const char style[] =
    "body{font:1.05rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;"
    "color:#111;background:#fff}h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.2rem}"
    "dt{font-weight:600;margin-top:.6rem}dd{margin:0;overflow-wrap:anywhere}"
    "a{color:#0b4f9e}@media print{body{margin:0}}";

void
page_text(struct buf *out, struct str text)
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
        case '"':
            buf_append(out, STR("&quot;"));
            break;
        case '\'':
            buf_append(out, STR("&#39;"));
            break;
        default:
            buf_byte(out, text.data[i]);
        }
    }
}

static void
write_element(struct buf *out, const char *name, struct str text)
{
    buf_format(out, "<%s>", name);
    page_text(out, text);
    buf_format(out, "</%s>\n", name);
}

void
page_begin(struct buf *out, struct str title)
{
    buf_append(out,
               STR("<!DOCTYPE html>\n<html lang=\"pl\">\n<head>\n<meta charset=\"utf-8\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"));
    write_element(out, "title", title);
    buf_format(out, "<style>%s</style>\n</head>\n<body>\n<main>\n", style);
    write_element(out, "h1", title);
}

void
page_end(struct buf *out)
{
    buf_append(out, STR("</main>\n</body>\n</html>\n"));
}

void
page_paragraph(struct buf *out, struct str text)
{
    write_element(out, "p", text);
}

void
page_heading(struct buf *out, struct str text)
{
    write_element(out, "h2", text);
}

void
page_facts_begin(struct buf *out)
{
    buf_append(out, STR("<dl>\n"));
}

void
page_fact(struct buf *out, const char *name, struct str value)
{
    write_element(out, "dt", str_of(name));
    write_element(out, "dd", value);
}

void
page_facts_end(struct buf *out)
{
    buf_append(out, STR("</dl>\n"));
}
