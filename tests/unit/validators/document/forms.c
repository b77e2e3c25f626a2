#include "tests/unit/validators/document/forms.h"

#include "validators/xml/guard.h"

#include <string.h>

enum { PATH_SIZE = 4096, FILE_SIZE_MAX = 64 * 1024 * 1024 };

struct str
forms_file(struct arena *arena, const char *root, const char *path)
{
    char full[PATH_SIZE];

    (void)snprintf(full, sizeof full, "%s/%s", root, path);
    FILE *file = fopen(full, "rb");
    ENSURE(file != NULL);
    ENSURE(fseek(file, 0, SEEK_END) == 0);
    long size = ftell(file);
    ENSURE(size >= 0 && size <= FILE_SIZE_MAX && fseek(file, 0, SEEK_SET) == 0);
    char *data = ARENA_NEW(arena, char, (size_t)size + 1);
    ENSURE(data != NULL && fread(data, 1, (size_t)size, file) == (size_t)size);
    ENSURE(fclose(file) == 0);
    return (struct str){data, (size_t)size};
}

#define TEXT(literal)                   \
    {                                   \
        "" literal, sizeof(literal) - 1 \
    }

static const struct form_code codes_27[] = {
    {TEXT("Dzial"),    TEXT("1"), TEXT("Dział"),                  TEXT("dz."),    true, false, 3},
    {TEXT("Rozdzial"), TEXT("2"), TEXT("Rozdział"),               TEXT("rozdz."), true, false, 5},
    {TEXT("Paragraf"), TEXT("3"), TEXT("Paragraf"),                TEXT("§"),     true, false, 3},
    {TEXT("P4"),       TEXT(""),  TEXT("Czwarta cyfra paragrafu"), TEXT("P4"),     true, false, 1},
};

static const struct form_code codes_28[] = {
    {TEXT("Dzial"),    TEXT("1"), TEXT("Dział"),                  TEXT("dz."),    true, false, 3},
    {TEXT("Rozdzial"), TEXT("2"), TEXT("Rozdział"),               TEXT("rozdz."), true, false, 5},
    {TEXT("Grupa"),    TEXT("3"), TEXT("Grupa paragrafów"),       TEXT("gr."),    true, false, 4},
    {TEXT("Paragraf"), TEXT("4"), TEXT("Paragraf"),                TEXT("§"),     true, false, 3},
    {TEXT("P4"),       TEXT(""),  TEXT("Czwarta cyfra paragrafu"), TEXT("P4"),     true, false, 1},
};

static const struct form_amount amounts_27[] = {
    {TEXT("PL"), TEXT("4"),  TEXT("Plan (po zmianach)"),    2},
    {TEXT("NA"), TEXT("5"),  TEXT("Należności"),          2},
    {TEXT("PO"), TEXT("6"),  TEXT("Potrącenia"),           2},
    {TEXT("DW"), TEXT("7"),  TEXT("Dochody wykonane"),      2},
    {TEXT("NO"), TEXT("8"),  TEXT("Należności ogółem"), 2},
    {TEXT("NZ"), TEXT("9"),  TEXT("Zaległości"),          2},
    {TEXT("NP"), TEXT("10"), TEXT("Nadpłaty"),             2},
    {TEXT("SO"), TEXT("11"), TEXT("Obniżenie stawek"),     2},
    {TEXT("SU"), TEXT("12"), TEXT("Ulgi"),                  2},
    {TEXT("UZ"), TEXT("13"), TEXT("Umorzenie"),             2},
    {TEXT("OT"), TEXT("14"), TEXT("Rozłożenie na raty"),  2},
};

static const struct form_amount amounts_28[] = {
    {TEXT("PL"),  TEXT("5"),  TEXT("Plan (po zmianach)"),     2},
    {TEXT("ZA"),  TEXT("6"),  TEXT("Zaangażowanie"),         2},
    {TEXT("WW"),  TEXT("7"),  TEXT("Wydatki wykonane"),       2},
    {TEXT("ZO"),  TEXT("8"),  TEXT("Zobowiązania ogółem"), 2},
    {TEXT("ZW"),  TEXT(""),   TEXT("Wymagalne"),              2},
    {TEXT("LU"),  TEXT("9"),  TEXT("Lata ubiegłe"),          2},
    {TEXT("RB"),  TEXT("10"), TEXT("Rok bieżący"),          2},
    {TEXT("WN"),  TEXT("11"), TEXT("Niewygasające"),         2},
    {TEXT("WFS"), TEXT("12"), TEXT("Fundusz sołecki"),       2},
};

static const struct period_type quarter = {.name = TEXT("Kwartal"), .count = 4, .months = 3};

void
forms_load(struct arena *arena, const char *root, struct forms *out)
{
    struct fault fault = {0};
    struct form *forms = ARENA_NEW(arena, struct form, 2);

    guard_initialise();
    ENSURE(forms != NULL);
    forms[0] = (struct form){
        .code = STR("RB27S"),
        .element = STR("Rb-27s"),
        .folder = STR("rb-27s/2025-1"),
        .from = {2021, 1, 1},
        .codes = codes_27,
        .code_count = ARRAY_COUNT(codes_27),
        .amounts = amounts_27,
        .amount_count = ARRAY_COUNT(amounts_27),
        .xsd = forms_file(arena, root, "schemas/rb-27s/2025-1/report.xsd")
    };
    forms[1] = (struct form){.code = STR("RB28S"),
                             .element = STR("Rb-28s"),
                             .folder = STR("rb-28s/2025-1"),
                             .codes = codes_28,
                             .code_count = ARRAY_COUNT(codes_28),
                             .amounts = amounts_28,
                             .amount_count = ARRAY_COUNT(amounts_28),
                             .xsd = forms_file(arena, root, "schemas/rb-28s/2025-1/report.xsd")};
    out->catalogue = (struct catalogue){
        .package_xsd = forms_file(arena, root, "schemas/package/0.3/package.xsd"),
        .forms = forms,
        .form_count = 2,
        .period_types = &quarter,
        .period_type_count = 1};
    if (document_schemas_compile(arena, &out->catalogue, &out->schemas, &fault) != ERR_OK) {
        (void)fprintf(stderr, "%s\n", fault.text);
        ENSURE(false);
    }
}
