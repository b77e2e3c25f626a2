#include "validators/document/grammar.h"

/* Sorted by the parent's role. */
static const struct word {
    const char *name;
    enum role   parent;
    enum role   role;
    size_t      slot;
} words[] = {
    {"PaczkaSprawozdan",        ROLE_DOCUMENT,      ROLE_PACKAGE,             0                     },
    {"Okres",                   ROLE_PACKAGE,       ROLE_PERIOD,              0                     },
    {"Jednostki",               ROLE_PACKAGE,       ROLE_UNITS,               0                     },
    {"Rok",                     ROLE_PERIOD,        ROLE_PERIOD_FIELD,        GRAMMAR_PERIOD_YEAR   },
    {"TypOkresu",               ROLE_PERIOD,        ROLE_PERIOD_FIELD,        GRAMMAR_PERIOD_TYPE   },
    {"Okres",                   ROLE_PERIOD,        ROLE_PERIOD_FIELD,        GRAMMAR_PERIOD_NUMBER },
    {"Jednostka",               ROLE_UNITS,         ROLE_UNIT,                0                     },
    {"Nazwa",                   ROLE_UNIT,          ROLE_UNIT_FIELD,          UNIT_NAME             },
    {"Typ",                     ROLE_UNIT,          ROLE_UNIT_FIELD,          UNIT_TYPE             },
    {"Regon",                   ROLE_UNIT,          ROLE_UNIT_FIELD,          UNIT_REGON            },
    {"WK",                      ROLE_UNIT,          ROLE_UNIT_FIELD,          UNIT_WK               },
    {"PK",                      ROLE_UNIT,          ROLE_UNIT_FIELD,          UNIT_PK               },
    {"GK",                      ROLE_UNIT,          ROLE_UNIT_FIELD,          UNIT_GK               },
    {"GT",                      ROLE_UNIT,          ROLE_UNIT_FIELD,          UNIT_GT               },
    {"PT",                      ROLE_UNIT,          ROLE_UNIT_FIELD,          UNIT_PT               },
    {"Sprawozdania",            ROLE_UNIT,          ROLE_REPORTS,             0                     },
    {"Podpisy",                 ROLE_UNIT,          ROLE_SIGNATURES,          0                     },
    {"Okres",                   ROLE_REPORT,        ROLE_REPORT_PERIOD,       0                     },
    {"Jednostka",               ROLE_REPORT,        ROLE_REPORT_UNIT,         0                     },
    {"Naglowek",                ROLE_REPORT,        ROLE_HEADER,              0                     },
    {"Pozycje",                 ROLE_REPORT,        ROLE_ROWS,                0                     },
    {"Rok",                     ROLE_REPORT_PERIOD, ROLE_REPORT_PERIOD_FIELD, GRAMMAR_PERIOD_YEAR   },
    {"TypOkresu",               ROLE_REPORT_PERIOD, ROLE_REPORT_PERIOD_FIELD, GRAMMAR_PERIOD_TYPE   },
    {"Okres",                   ROLE_REPORT_PERIOD, ROLE_REPORT_PERIOD_FIELD, GRAMMAR_PERIOD_NUMBER },
    {"Nazwa",                   ROLE_REPORT_UNIT,   ROLE_REPORT_UNIT_FIELD,   UNIT_NAME             },
    {"Typ",                     ROLE_REPORT_UNIT,   ROLE_REPORT_UNIT_FIELD,   UNIT_TYPE             },
    {"Regon",                   ROLE_REPORT_UNIT,   ROLE_REPORT_UNIT_FIELD,   UNIT_REGON            },
    {"WK",                      ROLE_REPORT_UNIT,   ROLE_REPORT_UNIT_FIELD,   UNIT_WK               },
    {"PK",                      ROLE_REPORT_UNIT,   ROLE_REPORT_UNIT_FIELD,   UNIT_PK               },
    {"GK",                      ROLE_REPORT_UNIT,   ROLE_REPORT_UNIT_FIELD,   UNIT_GK               },
    {"GT",                      ROLE_REPORT_UNIT,   ROLE_REPORT_UNIT_FIELD,   UNIT_GT               },
    {"PT",                      ROLE_REPORT_UNIT,   ROLE_REPORT_UNIT_FIELD,   UNIT_PT               },
    {"Wersja",                  ROLE_HEADER,        ROLE_HEADER_FIELD,        GRAMMAR_HEADER_VERSION},
    {"DataSprawozdania",        ROLE_HEADER,        ROLE_HEADER_FIELD,        GRAMMAR_HEADER_DATE   },
    {"DostepneGrupyParagrafow", ROLE_HEADER,        ROLE_HEADER_FIELD,        GRAMMAR_HEADER_GROUPS },
    {"Uwagi",                   ROLE_HEADER,        ROLE_HEADER_FIELD,        GRAMMAR_HEADER_REMARKS},
    {"Pozycja",                 ROLE_ROWS,          ROLE_ROW,                 0                     },
};

static bool
intern(xmlDictPtr names, struct str name, const char **out)
{
    *out = (const char *)xmlDictLookup(names, (const xmlChar *)name.data, (int)name.size);
    return *out != NULL;
}

bool
grammar_create(struct grammar *grammar, xmlDictPtr names)
{
    size_t word = 0;

    ENSURE(ARRAY_COUNT(words) <= GRAMMAR_WORDS_MAX);
    *grammar = (struct grammar){0};
    for (size_t role = 0; role < ROLE_COUNT; role++) {
        grammar->from[role] = word;
        while (word < ARRAY_COUNT(words) && words[word].parent == (enum role)role) {
            if (!intern(names, str_of(words[word].name), &grammar->names[word])) {
                return false;
            }
            word++;
        }
    }
    grammar->from[ROLE_COUNT] = word;
    ENSURE(word == ARRAY_COUNT(words));
    return true;
}

bool
grammar_use_form(struct grammar *grammar, const struct form *form, xmlDictPtr names)
{
    if (grammar->form == form) {
        return true;
    }
    ENSURE(form->code_count <= COLUMNS_CODES_MAX && form->amount_count <= COLUMNS_AMOUNTS_MAX);
    for (size_t i = 0; i < form->code_count; i++) {
        if (!intern(names, form->codes[i].name, &grammar->codes[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < form->amount_count; i++) {
        if (!intern(names, form->amounts[i].name, &grammar->amounts[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < form->variant_count; i++) {
        if (!intern(names, form->variants[i].name, &grammar->variants[i])) {
            return false;
        }
    }
    grammar->form = form;
    return true;
}

static enum role
column_role(const struct grammar *grammar, const char *name, size_t *slot)
{
    size_t code_count = grammar->form == NULL ? 0 : grammar->form->code_count;
    size_t amount_count = grammar->form == NULL ? 0 : grammar->form->amount_count;

    for (size_t i = 0; i < code_count; i++) {
        if (grammar->codes[i] == name) {
            *slot = i;
            return ROLE_CODE;
        }
    }
    for (size_t i = 0; i < amount_count; i++) {
        if (grammar->amounts[i] == name) {
            *slot = i;
            return ROLE_AMOUNT;
        }
    }
    return ROLE_OTHER;
}

static enum role
variant_role(const struct grammar *grammar, const char *name, size_t *slot)
{
    for (size_t i = 0; grammar->form != NULL && i < grammar->form->variant_count; i++) {
        if (grammar->variants[i] == name) {
            *slot = GRAMMAR_HEADER_VARIANT + i;
            return ROLE_HEADER_FIELD;
        }
    }
    return ROLE_OTHER;
}

enum role
grammar_role(const struct grammar *grammar, enum role parent, const char *name, size_t *slot)
{
    if (parent == ROLE_ROW) {
        return column_role(grammar, name, slot);
    }
    for (size_t i = grammar->from[parent]; i < grammar->from[parent + 1]; i++) {
        if (grammar->names[i] == name) {
            *slot = words[i].slot;
            return words[i].role;
        }
    }
    return parent == ROLE_HEADER ? variant_role(grammar, name, slot) : ROLE_OTHER;
}
