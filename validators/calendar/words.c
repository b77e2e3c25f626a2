#include "validators/calendar/words.h"

#include "validators/calendar/calendar.h"

const char *const calendar_words_unit_kinds[] = {
    [CALENDAR_JST] = "jst",
    [CALENDAR_URZAD] = "urzad",
    [CALENDAR_JEDNOSTKA_BUDZETOWA] = "jednostka-budzetowa",
    [CALENDAR_ZAKLAD_BUDZETOWY] = "zaklad-budzetowy",
    [CALENDAR_INSTYTUCJA_KULTURY] = "instytucja-kultury",
    [CALENDAR_SPZOZ] = "spzoz",
    [CALENDAR_ZWIAZEK] = "zwiazek",
    [CALENDAR_CUW] = "cuw",
    [CALENDAR_ORGAN] = "organ",
    [CALENDAR_OSOBA_PRAWNA] = "osoba-prawna",
    [CALENDAR_UNIT_KINDS] = NULL};

const char *const calendar_words_jst_types[] = {[CALENDAR_GMINA] = "gmina",
                                                [CALENDAR_MIASTO_NPP] = "miasto-npp",
                                                [CALENDAR_POWIAT] = "powiat",
                                                [CALENDAR_WOJEWODZTWO] = "wojewodztwo",
                                                [CALENDAR_JST_TYPES] = NULL};

const char *const calendar_words_recipients[] = {[CALENDAR_TO_ZARZAD_JST] = "zarzad-jst",
                                                 [CALENDAR_TO_RIO] = "rio",
                                                 [CALENDAR_TO_DYSPONENT] = "dysponent",
                                                 [CALENDAR_TO_MF] = "mf",
                                                 [CALENDAR_TO_GUS] = "gus",
                                                 [CALENDAR_TO_ORGAN_NADZORUJACY] =
                                                     "organ-nadzorujacy",
                                                 [CALENDAR_RECIPIENTS] = NULL};

const char *const calendar_words_variants[] = {[CALENDAR_PLAIN] = "",
                                               [CALENDAR_PER_DYSPONENT] = "dysponent",
                                               [CALENDAR_PER_JOP] = "jop",
                                               [CALENDAR_VARIANTS] = NULL};

const char *const calendar_words_traits[] = {[CALENDAR_OF_ALL] = "",
                                             [CALENDAR_RACHUNEK_223] = "rachunek-223",
                                             [CALENDAR_ZADANIA_ZLECONE] = "zadania-zlecone",
                                             [CALENDAR_WYDATKI_NIEWYGASAJACE] =
                                                 "wydatki-niewygasajace",
                                             [CALENDAR_TRAITS] = NULL};

const char *
calendar_unit_kind_name(enum calendar_unit_kind kind)
{
    ENSURE((size_t)kind < CALENDAR_UNIT_KINDS);
    return calendar_words_unit_kinds[kind];
}

const char *
calendar_unit_kind_title(enum calendar_unit_kind kind)
{
    static const char *const titles[] = {[CALENDAR_JST] = "JST",
                                         [CALENDAR_URZAD] = "urząd JST",
                                         [CALENDAR_JEDNOSTKA_BUDZETOWA] = "jednostka budżetowa",
                                         [CALENDAR_ZAKLAD_BUDZETOWY] = "zakład budżetowy",
                                         [CALENDAR_INSTYTUCJA_KULTURY] = "instytucja kultury",
                                         [CALENDAR_SPZOZ] = "SPZOZ",
                                         [CALENDAR_ZWIAZEK] = "związek JST",
                                         [CALENDAR_CUW] = "CUW",
                                         [CALENDAR_ORGAN] = "organ JST",
                                         [CALENDAR_OSOBA_PRAWNA] = "inna samorządowa osoba prawna"};

    ENSURE((size_t)kind < ARRAY_COUNT(titles));
    return titles[kind];
}

const char *
calendar_jst_type_title(enum calendar_jst_type type)
{
    static const char *const titles[] = {[CALENDAR_GMINA] = "gmina",
                                         [CALENDAR_MIASTO_NPP] = "miasto na prawach powiatu",
                                         [CALENDAR_POWIAT] = "powiat",
                                         [CALENDAR_WOJEWODZTWO] = "województwo"};

    ENSURE((size_t)type < ARRAY_COUNT(titles));
    return titles[type];
}

const char *
calendar_jst_type_name(enum calendar_jst_type type)
{
    ENSURE((size_t)type < CALENDAR_JST_TYPES);
    return calendar_words_jst_types[type];
}

const char *
calendar_recipient_name(enum calendar_recipient recipient)
{
    ENSURE((size_t)recipient < CALENDAR_RECIPIENTS);
    return calendar_words_recipients[recipient];
}

const char *
calendar_recipient_title(enum calendar_recipient recipient)
{
    static const char *const titles[] = {[CALENDAR_TO_ZARZAD_JST] = "zarząd JST",
                                         [CALENDAR_TO_RIO] = "RIO",
                                         [CALENDAR_TO_DYSPONENT] = "dysponent główny",
                                         [CALENDAR_TO_MF] = "Minister Finansów",
                                         [CALENDAR_TO_GUS] = "GUS",
                                         [CALENDAR_TO_ORGAN_NADZORUJACY] = "organ nadzorujący"};

    ENSURE((size_t)recipient < ARRAY_COUNT(titles));
    return titles[recipient];
}

const char *
calendar_trait_name(enum calendar_trait trait)
{
    ENSURE((size_t)trait < CALENDAR_TRAITS);
    return calendar_words_traits[trait];
}

const char *
calendar_trait_title(enum calendar_trait trait)
{
    static const char *const titles[] = {
        [CALENDAR_OF_ALL] = "",
        [CALENDAR_RACHUNEK_223] = "prowadzi wydzielony rachunek dochodów (art. 223 ustawy o "
                                  "finansach publicznych)",
        [CALENDAR_ZADANIA_ZLECONE] = "realizuje zadania zlecone z zakresu administracji rządowej",
        [CALENDAR_WYDATKI_NIEWYGASAJACE] = "ma wydatki, które nie wygasły z upływem roku (art. 263 "
                                           "ust. 2 ustawy o finansach publicznych)"};

    ENSURE((size_t)trait < ARRAY_COUNT(titles));
    return titles[trait];
}

const char *
calendar_variant_name(enum calendar_variant variant)
{
    ENSURE((size_t)variant < CALENDAR_VARIANTS);
    return calendar_words_variants[variant];
}

bool
calendar_unit_kind_read(struct str word, enum calendar_unit_kind *out)
{
    for (int i = 0; i < CALENDAR_UNIT_KINDS; i++) {
        if (str_equal(word, str_of(calendar_words_unit_kinds[i]))) {
            *out = (enum calendar_unit_kind)i;
            return true;
        }
    }
    return false;
}

enum calendar_jst_type
calendar_jst_type_of(struct str gt, struct str pt)
{
    static const struct {
        struct str             pt;
        enum calendar_jst_type type;
    } types[] = {
        {STR_INIT("2"), CALENDAR_MIASTO_NPP },
        {STR_INIT("1"), CALENDAR_POWIAT     },
        {STR_INIT("3"), CALENDAR_WOJEWODZTWO},
    };

    if (str_equal(gt, STR("Z"))) {
        return CALENDAR_JST_TYPES; /* a związek */
    }
    for (size_t i = 0; i < ARRAY_COUNT(types); i++) {
        if (str_equal(pt, types[i].pt)) {
            return types[i].type;
        }
    }
    bool gmina = str_equal(pt, STR("0")) && gt.size == 1 && gt.data[0] >= '1' && gt.data[0] <= '3';
    return gmina ? CALENDAR_GMINA : CALENDAR_JST_TYPES;
}
