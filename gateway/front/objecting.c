#include "gateway/front/objecting.h"

#include "gateway/front/parameter.h"
#include "gateway/wire/filing.h"

enum { ASCII_SPACE = 0x20, ASCII_DELETE = 0x7F, CONTINUATION = 0x80, CONTINUATION_MASK = 0xC0 };
enum { CODE_MAX = 15, CODES_MAX = 8 };

/* Beginnings of codes that are of no form: what a file is, who stands in it, who has signed it. */
static const char *const barred[] = {"XML-", "XSD-", "PACZKA-", "PODPIS-", "TOZSAMOSC-", "ZESTAW-"};

static bool
is_code(struct str code)
{
    bool dashed = false;

    for (size_t i = 0; i < code.size; i++) {
        char byte = code.data[i];
        dashed = dashed || byte == '-';
        if (byte != '-' && !(byte >= 'A' && byte <= 'Z') && !(byte >= '0' && byte <= '9')) {
            return false;
        }
    }
    return dashed && code.size <= CODE_MAX;
}

static bool
is_barred(struct str code)
{
    for (size_t i = 0; i < ARRAY_COUNT(barred); i++) {
        if (str_starts_with(code, str_of(barred[i]))) {
            return true;
        }
    }
    return false;
}

/* Each of them, and none twice. */
static bool
find_code_fault(struct str codes, enum problem *problem, const char **detail)
{
    struct str rest = codes;
    struct str code = {0};
    size_t     count = 0;

    *problem = PROBLEM_BAD_PARAMETER;
    *detail = "objection to kod reguły z listy uwag, na przykład RB28S-004; kilka kodów, najwyżej "
              "8, rozdziel przecinkami i żadnego nie powtarzaj.";
    while (str_cut(&rest, ',', &code)) {
        struct str later = rest;
        struct str other = {0};
        count++;
        if (!is_code(code) || count > CODES_MAX) {
            return true;
        }
        if (is_barred(code)) {
            *problem = PROBLEM_NO_OBJECTION;
            *detail = "Nic nie zostało zapisane. Zastrzeżenie można zgłosić tylko do rachunkowej "
                      "reguły formularza, nie do budowy pliku, tożsamości jednostki ani podpisów.";
            return true;
        }
        while (str_cut(&later, ',', &other)) {
            if (str_equal(code, other)) {
                return true;
            }
        }
    }
    return false;
}

/* Plain text with something in it, of so many characters. */
static bool
is_reason(struct str text)
{
    size_t characters = 0;

    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte < ASCII_SPACE || byte == ASCII_DELETE) {
            return false;
        }
        characters += (byte & CONTINUATION_MASK) != CONTINUATION ? 1 : 0;
    }
    return characters >= 1 && characters <= OBJECTING_REASON_MAX;
}

bool
objecting_read(struct request *request, enum problem *problem, const char **detail)
{
    struct str           codes = {0};
    struct str           reason = {0};
    enum parameter_found named =
        parameter_text(request->arena, request->query, STR("objection"), &codes);
    enum parameter_found said =
        parameter_text(request->arena, request->query, STR("reason"), &reason);

    if (request->action.action != ROUTE_SUBMIT
        || (named == PARAMETER_ABSENT && said == PARAMETER_ABSENT)) {
        return true;
    }
    *problem = PROBLEM_BAD_PARAMETER;
    *detail = "Zastrzeżenie ma dwa parametry naraz, każdy raz: objection z kodem reguły i reason z "
              "powodem.";
    if (named != PARAMETER_GOOD || said != PARAMETER_GOOD) {
        return false;
    }
    if (find_code_fault(codes, problem, detail)) {
        return false;
    }
    reason = str_trim(reason);
    if (!is_reason(reason)) {
        *problem = PROBLEM_BAD_PARAMETER;
        *detail = "reason to powód zastrzeżenia: od 1 do 500 znaków zwykłego tekstu w UTF-8.";
        return false;
    }
    request->objection = codes;
    request->objection_reason = reason;
    return true;
}
