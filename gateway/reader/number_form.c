#include "gateway/reader/number_form.h"

#include "gateway/page/page.h"

#define HINT "Stoi na początku UPO, na przykład 990001010-20260710-00000000002A-FD."

void
number_form_write(struct buf *out, struct str typed)
{
    buf_append(out, STR("<form action=\"/upo\" method=\"get\">\n"
                        "<label for=\"numer\">Numer UPO</label>\n"
                        "<p class=\"hint\" id=\"numer-hint\">" HINT "</p>\n"
                        "<input id=\"numer\" name=\"" NUMBER_FORM_PARAMETER
                        "\" aria-describedby=\"numer-hint\" size=\"40\" maxlength=\"80\" required "
                        "autocomplete=\"off\" autocapitalize=\"characters\" spellcheck=\"false\" "
                        "value=\""));
    page_text(out, typed);
    buf_append(out, STR("\">\n<button>Sprawdź numer</button>\n</form>\n"));
}

struct str
number_form_read(struct arena *arena, struct str typed)
{
    struct buf number = buf_create(arena, typed.size);

    for (size_t i = 0; i < typed.size; i++) {
        char byte = typed.data[i];
        if (byte >= 'a' && byte <= 'z') {
            buf_byte(&number, (char)(byte - 'a' + 'A'));
        } else if (byte != ' ' && byte != '+') { /* a form sends a blank as '+' */
            buf_byte(&number, byte);
        }
    }
    return buf_ok(&number) ? buf_str(&number) : (struct str){0};
}
