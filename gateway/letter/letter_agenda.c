#include "gateway/letter/letter_agenda.h"

#include "gateway/answer/plural.h"

enum { TEXT_MAX = 128 * 1024, SUBJECT_MAX = 256 };

static const struct plural objections = {"zastrzeżenie", "zastrzeżenia", "zastrzeżeń"};
static const struct plural corrections = {"korekta", "korekty", "korekt"};

static void
append_count(struct buf *out, int64_t count, const struct plural *noun)
{
    buf_format(out, "%lld %s", (long long)count, plural_form(noun, (size_t)count));
}

static void
write_subject(struct buf *out, const struct letter_agenda *agenda)
{
    buf_append(out, STR("Do rozpatrzenia: "));
    if (agenda->objections > 0) {
        append_count(out, agenda->objections, &objections);
    }
    if (agenda->corrections > 0) {
        buf_append(out, agenda->objections > 0 ? STR(", ") : STR(""));
        append_count(out, agenda->corrections, &corrections);
        buf_append(out, STR(" po upływie okna"));
    }
}

/* "Rb-27S, 2026-Q2, SZKOŁA PODSTAWOWA NR 1" */
static void
write_report(struct buf *out, const struct letter_matter *matter)
{
    letter_text_plain(out, matter->form);
    buf_append(out, STR(", "));
    letter_text_plain(out, matter->period);
    buf_append(out, STR(", "));
    letter_text_plain(out, matter->unit);
}

static void
write_objection(struct buf *out, const struct letter_matter *matter)
{
    buf_append(out, STR("  "));
    letter_text_plain(out, matter->code);
    if (matter->form.size > 0) {
        buf_append(out, STR(": "));
        write_report(out, matter);
    }
    if (matter->times > 1) {
        buf_format(out, " (%lld)", (long long)matter->times);
    }
    buf_byte(out, '\n');
}

static void
write_correction(struct buf *out, const struct letter_matter *matter)
{
    buf_append(out, STR("  "));
    write_report(out, matter);
    if (matter->times > 1) {
        buf_format(out, " (%lld)", (long long)matter->times);
    }
    buf_append(out, STR("\n    okno do "));
    date_write_polish(out, matter->until);
    buf_append(out, STR(", wpłynęła "));
    date_write_polish(out, matter->arrived);
    buf_byte(out, '\n');
}

/* Objections, or corrections; with how many there are in all. */
static void
write_part(struct buf *out, const struct letter_agenda *agenda, bool objected)
{
    int64_t rest = objected ? agenda->objections : agenda->corrections;

    if (rest == 0) {
        return;
    }
    buf_format(out, "%s (%lld)\n", objected ? "Zastrzeżenia do reguł" : "Korekty po upływie okna",
               (long long)rest);
    for (size_t i = 0; i < agenda->count; i++) {
        const struct letter_matter *matter = &agenda->matters[i];
        if ((matter->code.size > 0) == objected) {
            (objected ? write_objection : write_correction)(out, matter);
            rest -= matter->times;
        }
    }
    if (rest > 0) {
        buf_append(out, STR("  i jeszcze "));
        append_count(out, rest, objected ? &objections : &corrections);
        buf_byte(out, '\n');
    }
    buf_byte(out, '\n');
}

struct letter_text
letter_agenda(struct arena *arena, const struct letter_agenda *agenda)
{
    struct buf subject = buf_create(arena, SUBJECT_MAX);
    struct buf text = buf_create(arena, TEXT_MAX);

    write_subject(&subject, agenda);
    letter_text_plain(&text, agenda->name);
    buf_append(&text, STR(",\n\nod poprzedniego takiego listu wpłynęło:\n\n"));
    write_part(&text, agenda, true);
    write_part(&text, agenda, false);
    buf_append(&text, STR("Te sprawozdania są przyjęte. Powody zastrzeżeń i to, co zmieniają "
                          "korekty, pokaże Brama.\n"));
    letter_text_end(&text, agenda->public_url, STR("zastrzeżenia i korekty"));
    return letter_text_finish(&subject, &text);
}
