#include "gateway/page/page.h"

static const char style[] =
    "body{font:1.05rem/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;"
    "color:#111;background:#fff}h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.2rem}"
    "dt{font-weight:600;margin-top:.6rem}dd{margin:0;overflow-wrap:anywhere}"
    "a{color:#0b4f9e}pre{background:#f3f3f3;border:1px solid #767676;padding:.6rem;"
    "overflow-x:auto}:focus-visible{outline:3px solid #0b4f9e;outline-offset:2px}"
    "label{font-weight:600}.hint{margin:0;color:#444}.test{border:2px solid #8a4b00;padding:.6rem}"
    "input,button{font:inherit;padding:.4rem .6rem;margin:.4rem 0;max-width:100%;"
    "border:1px solid #555;box-sizing:border-box}"
    "button{background:#0b4f9e;color:#fff;border-color:#0b4f9e}"
    "footer{margin-top:2rem;border-top:1px solid #767676}@media print{body{margin:0}}";

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
    buf_append(out, STR("</main>\n<footer>\n<p><a href=\"/\">Brama sprawozdawcza: strona "
                        "główna</a></p>\n</footer>\n</body>\n</html>\n"));
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
page_code(struct buf *out, struct str text)
{
    buf_append(out, STR("<pre tabindex=\"0\">"));
    write_element(out, "code", text);
    buf_append(out, STR("</pre>\n"));
}

void
page_environment(struct buf *out, bool is_test)
{
    if (is_test) {
        buf_append(out,
                   STR("<p class=\"test\"><strong>Środowisko TEST.</strong> Co tu złożysz, jest "
                       "próbą: nikt nie odbiera tych plików jako sprawozdań.</p>\n"));
    }
}

void
page_list_begin(struct buf *out)
{
    buf_append(out, STR("<ul>\n"));
}

void
page_link(struct buf *out, struct str address, const char *name, struct str note)
{
    buf_append(out, STR("<li><a href=\""));
    page_text(out, address);
    buf_append(out, STR("\">"));
    page_text(out, str_of(name));
    buf_append(out, STR("</a>: "));
    page_text(out, note);
    buf_append(out, STR("</li>\n"));
}

void
page_list_end(struct buf *out)
{
    buf_append(out, STR("</ul>\n"));
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
