#include "gateway/submission/coded.h"

#include "gateway/intake/correction_reason.h"
#include "gateway/intake/explanation.h"
#include "gateway/problem/unfamiliar.h"

#include <jansson.h>

enum { ASCII_SPACE = 0x20, ASCII_DELETE = 0x7F, CONTINUATION = 0x80, CONTINUATION_MASK = 0xC0 };

#define MEMBERS "code text"
#define CODE_OTHER STR("inna")

_Static_assert((int)CODED_TEXT_MAX == (int)CORRECTION_REASON_TEXT_MAX, "one limit of words");
_Static_assert((int)CODED_TEXT_MAX == (int)EXPLANATION_TEXT_MAX, "one limit of words");

size_t
coded_count_characters(struct str text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.size; i++) {
        count += ((unsigned char)text.data[i] & CONTINUATION_MASK) != CONTINUATION ? 1 : 0;
    }
    return count;
}

bool
coded_is_plain(struct str text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if ((byte < ASCII_SPACE && byte != '\n' && byte != '\t') || byte == ASCII_DELETE) {
            return false;
        }
    }
    return true;
}

struct str
coded_find_fault(const struct bench *bench, struct arena *arena, const struct coded_source *source,
                 instant now, const struct coded *coded)
{
    const struct dictionary *codes =
        catalogue_dictionary(bench->definitions.catalogue, str_of(source->dictionary));
    struct date today = moment_warsaw_date(now / INSTANT_PER_SECOND);

    if (coded->unfamiliar.data != NULL) {
        return unfamiliar_detail(arena, UNFAMILIAR_FIELD, coded->unfamiliar, STR(MEMBERS));
    }
    if (codes == NULL || dictionary_find(codes, coded->code, today) == NULL) {
        return str_format(arena, "%s ma być jednym z kodów, które podaje %s.", source->code_name,
                          source->codes_url);
    }
    if (coded_count_characters(coded->text) > CODED_TEXT_MAX) {
        return str_format(arena,
                          "%s może mieć najwyżej 1000 znaków. Skróć opis; szczegóły zostaw w "
                          "aktach.",
                          source->text_name);
    }
    if (!coded_is_plain(coded->text)) {
        return str_format(arena, "%s ma znak sterujący. Zapisz opis zwykłym tekstem.",
                          source->text_name);
    }
    if (str_equal(coded->code, CODE_OTHER) && coded->text.size == 0) {
        return str_format(arena, "Przy kodzie inna: %s ma mieć opis słowami.", source->text_name);
    }
    return (struct str){0};
}

static struct str
find_unfamiliar(struct arena *arena, json_t *entered)
{
    const char *name = NULL;
    json_t     *value = NULL;

    json_object_foreach(entered, name, value)
    {
        if (!str_has_word(STR(MEMBERS), str_of(name))) {
            return str_copy(arena, str_of(name));
        }
    }
    return (struct str){0};
}

/* The members; false: not such. */
static bool
read_members(struct arena *arena, json_t *entered, struct coded *out)
{
    const json_t *code = json_object_get(entered, "code");
    const json_t *text = json_object_get(entered, "text");

    if (!json_is_string(code) || (text != NULL && !json_is_null(text) && !json_is_string(text))) {
        return false;
    }
    out->code = str_copy(arena, (struct str){json_string_value(code), json_string_length(code)});
    out->text = STR("");
    out->unfamiliar = find_unfamiliar(arena, entered);
    if (json_is_string(text)) {
        out->text = str_copy(
            arena, str_trim((struct str){json_string_value(text), json_string_length(text)}));
    }
    return out->code.data != NULL && out->text.data != NULL;
}

bool
coded_read(struct arena *arena, struct str body, struct coded *out)
{
    json_t *entered = json_loadb(body.data, body.size, JSON_REJECT_DUPLICATES, NULL);
    bool    read = json_is_object(entered) && read_members(arena, entered, out);

    json_decref(entered); /* accepts NULL */
    return read;
}
