#include "tests/support/expect.h"
#include "validators/catalogue/catalogue.h"

#include <string.h>

/* A whole little catalogue; each case below replaces one file of it (or takes it away). */
#define TEXTS(inner) "<rules owner='B'>" inner "</rules>"
#define WORDS "<title>t</title><fix>f</fix><basis>b</basis>"
#define RULE(code) "<rule code='" code "'>" WORDS "<applies severity='error'/></rule>"
#define FORM_HEAD                                                                              \
    "<form code='F' element='Rb-f' title='F' name='n' version='1' basis='b' status='certain' " \
    "from='2025-01-01' to='2026-12-31' xsd='x.xsd' rules='r.xml' vtl='r.vtl' ruleset='R'>"
#define FORM_COLUMNS                                                        \
    "<code name='Dzial' title='Dział' label='dz.' key='true' digits='3'/>" \
    "<amount name='PL' number='4' title='Plan' scale='2'/>"
#define SYMBOL_COLUMN                                                                        \
    "<code name='Symbol' title='Wiersz' label='wiersz' key='true' digits='0' lines='true'/>" \
    "<amount name='PL' number='4' title='Plan' scale='2'/>"
#define VARIANT(element, kind, place, status) \
    "<variant element='" element "' kind='" kind "' place='" place "' status='" status "'/>"
#define CATALOGUE(inner)                                                               \
    "<catalogue version='1'><package version='0.3' xsd='p.xsd'/><texts path='t.xml'/>" \
    "<form path='f/form.xml'/><policy path='policy.xml'/>" inner "</catalogue>"
#define TYPES                                                                                \
    "<period-type name='Kwartal' title='kwartał' count='4' months='3' status='confirmed'/>" \
    "<period-type name='Miesiac' title='miesiąc' count='12' months='1' status='model'/>"    \
    "<level type='JB' level='jednostkowe' environments='test prod'/>"                        \
    "<level type='ZB' level='zbiorcze' environments='test'/>"                                \
    "<dictionary name='d' path='d.csv' complete='true'/>"
#define POLICY(inner)                                                                           \
    "<policy version='1' revocation='none' clock-skew-seconds='300' rsa-bits-min='2048'>" inner \
    "</policy>"
#define HEADER "key;name;from;to;source\n"

struct shelf {
    const char *path;
    const char *text;
};

static const struct shelf whole[] = {
    {"catalogue.xml", CATALOGUE(TYPES)                                                               },
    {"d.csv",
     HEADER "010;jeden;;2024-12-31;x\n010;dwa;2025-01-01;;x\r\n\n009;dziewięć;2000-01-01;;x\n"     },
    {"f/form.xml",    FORM_HEAD FORM_COLUMNS "</form>"                                               },
    {"f/r.vtl",       "x"                                                                            },
    {"f/r.xml",       TEXTS(RULE("F-001"))                                                           },
    {"f/x.xsd",       "<xsd/>"                                                                       },
    {"p.xsd",         "<xsd/>"                                                                       },
    {"policy.xml",    POLICY("<requirement levels='jednostkowe'><role name='gk'>"
                          "<claim>Główny Księgowy</claim></role></requirement>")},
    {"t.xml",         TEXTS(RULE("XML-001"))                                                         },
};

/* A second version of the form, for the years behind the first one's. */
#define NEXT_HEAD(code, element, version, from)                                                \
    "<form code='" code "' element='" element "' title='F' name='n' version='" version         \
    "' basis='b' status='certain' from='" from "' to='' xsd='x.xsd' rules='r.xml' vtl='r.vtl'" \
    " ruleset='R'>" FORM_COLUMNS "</form>"
#define TWO_FORMS CATALOGUE(TYPES "<form path='g/form.xml'/>")

enum { CHANGES_MAX = 6 };

static const char *
text_of(const struct shelf *file, const struct shelf *changes)
{
    for (size_t i = 0; i < CHANGES_MAX && changes[i].path != NULL; i++) {
        if (strcmp(changes[i].path, file->path) == 0) {
            return changes[i].text;
        }
    }
    return file->text;
}

static bool
is_new(const struct shelf *change)
{
    for (size_t i = 0; i < ARRAY_COUNT(whole); i++) {
        if (strcmp(whole[i].path, change->path) == 0) {
            return false;
        }
    }
    return true;
}

/* `whole` with files replaced or added; an empty text takes one away. */
static void
parse_changed(struct arena *arena, const struct shelf *changes, struct bundle *out)
{
    struct bundle_file files[ARRAY_COUNT(whole) + CHANGES_MAX];
    size_t             count = 0;
    struct buf         bytes = buf_create(arena, 1 << 16);

    for (size_t i = 0; i < ARRAY_COUNT(whole); i++) {
        const char *text = text_of(&whole[i], changes);
        if (text[0] != '\0') {
            files[count] = (struct bundle_file){str_of(whole[i].path), str_of(text)};
            count++;
        }
    }
    for (size_t i = 0; i < CHANGES_MAX && changes[i].path != NULL; i++) {
        if (is_new(&changes[i])) {
            files[count] = (struct bundle_file){str_of(changes[i].path), str_of(changes[i].text)};
            count++;
        }
    }
    assert_int_equal(bundle_write(&bytes, files, count, NULL), ERR_OK);
    assert_int_equal(bundle_parse(arena, buf_str(&bytes), out, NULL), ERR_OK);
}

static enum err
load_changed(struct arena *arena, const struct shelf *changes, const struct catalogue **out,
             struct fault *fault)
{
    struct bundle *bundle = ARENA_NEW(arena, struct bundle, 1);

    assert_non_null(bundle);
    parse_changed(arena, changes, bundle);
    return catalogue_load(arena, bundle, out, fault);
}

static enum err
load(struct arena *arena, struct shelf change, const struct catalogue **out, struct fault *fault)
{
    const struct shelf changes[CHANGES_MAX] = {change};

    return load_changed(arena, changes, out, fault);
}

/* The form in two versions, the second one as given. */
static enum err
load_two(struct arena *arena, const char *second, const struct catalogue **out, struct fault *fault)
{
    const struct shelf changes[CHANGES_MAX] = {
        {"catalogue.xml", TWO_FORMS                         },
        {"g/form.xml",    second                            },
        {"g/r.vtl",       "x"                               },
        {"g/r.xml",       TEXTS(RULE("F-001") RULE("F-002"))},
        {"g/x.xsd",       "<xsd/>"                          },
    };

    return load_changed(arena, changes, out, fault);
}

static const struct {
    const char  *name;
    struct shelf change;
    const char  *complaint;
} refusals[] = {
    {"no catalogue",                                      {"catalogue.xml", ""},                                           "catalogue.xml: nie ma takiego pliku"              },
    {"not XML",
     {"catalogue.xml", "<catalogue>"},
     "catalogue.xml:1: XML jest w tym miejscu źle zapisany"                                                                                                                  },
    {"a DTD",                                             {"catalogue.xml", "<!DOCTYPE a [<!ENTITY e 'x'>]><catalogue/>"}, "DTD"                                              },
    {"another top",                                       {"catalogue.xml", "<katalog/>"},                                 "element główny ma się nazywać „catalogue”"},
    {"no package",                                        {"catalogue.xml", "<catalogue/>"},                               "package albo policy"                              },
    {"unknown period kind",
     {"t.xml",
      TEXTS("<rule code='XML-001'>" WORDS "<applies severity='error' periods='week'/></rule>")},
     "nieznane słowo „week”"                                                                                                                                             },
    {"months do not fill a year",
     {"catalogue.xml", CATALOGUE("<period-type name='x' title='x' count='4' months='4'/>")},
     "to nie rok"                                                                                                                                                             },
    {"bad environment",
     {"catalogue.xml", CATALOGUE("<level type='x' level='zbiorcze' environments='demo'/>")},
     "nieznane słowo „demo”"                                                                                                                                             },
    {"a level that is misspelt",
     {"catalogue.xml", CATALOGUE("<level type='x' level='zbiorczy' environments='test'/>")},
     "nieznane słowo „zbiorczy”"                                                                                                                                         },
    {"a word of a dictionary that is misspelt",
     {"catalogue.xml", CATALOGUE("<dictionary name='x' path='d.csv' complet='true'/>")},
     "nieznany atrybut „complet”"                                                                                                                                         },
    {"a level with a word that is misspelt",
     {"catalogue.xml", CATALOGUE("<level type='x' level='zbiorcze' environment='test'/>")},
     "nieznany atrybut „environment”"                                                                                                                                     },
    {"severity at a level that is misspelt",
     {"t.xml",
      TEXTS("<rule code='XML-001'>" WORDS "<applies severity='error' levels='jednostka'/></rule>")},
     "nieznane słowo „jednostka”"                                                                                                                                        },
    {"severity narrowed by a word that is misspelt",
     {"t.xml", TEXTS("<rule code='XML-001'>" WORDS
                     "<applies severity='error' level='jednostkowe'/></rule>")},
     "t.xml:1: nieznany atrybut „level”"                                                                                                                                  },
    {"severity that ends before it begins",
     {"t.xml", TEXTS("<rule code='XML-001'>" WORDS
                     "<applies severity='error' from='2025-01-02' to='2025-01-01'/></rule>")},
     "t.xml:1: dzień to jest wcześniejszy niż from: „2025-01-01”"                                                                                                      },
    {"severity with something in it",
     {"t.xml",
      TEXTS("<rule code='XML-001'>" WORDS "<applies severity='error'><levels/></applies></rule>")},
     "nieznany element „levels”"                                                                                                                                          },
    {"a word of a rule that is misspelt",
     {"t.xml", TEXTS("<rule code='XML-001' point='x'>" WORDS "<applies severity='error'/></rule>")},
     "nieznany atrybut „point”"                                                                                                                                           },
    {"a text of a rule that is misspelt",
     {"t.xml", TEXTS("<rule code='XML-001'>" WORDS
                     "<explane>e</explane><applies severity='error'/></rule>")},
     "nieznany element „explane”"                                                                                                                                         },
    {"something else among the rules",
     {"t.xml", TEXTS("<regula code='XML-002'/>" RULE("XML-001"))},
     "nieznany element „regula”"                                                                                                                                          },
    {"a word of a form that is misspelt",
     {"f/form.xml",
      "<form code='F' element='Rb-f' title='F' name='n' version='1' basis='b' "
      "statu='model' xsd='x.xsd' rules='r.xml' vtl='r.vtl' ruleset='R'>" FORM_COLUMNS "</form>"},
     "nieznany atrybut „statu”"                                                                                                                                           },
    {"a part of a form that is misspelt",
     {"f/form.xml", FORM_HEAD FORM_COLUMNS "<peroid type='Kwartal' numbers='1'/></form>"},
     "nieznany element „peroid”"                                                                                                                                          },
    {"a form that ends before it begins",
     {"f/form.xml", "<form code='F' element='Rb-f' title='F' name='n' version='1' basis='b' "
                    "status='certain' from='2026-01-01' to='2025-12-31' xsd='x.xsd' rules='r.xml' "
                    "vtl='r.vtl' ruleset='R'>" FORM_COLUMNS "</form>"},
     "dzień to jest wcześniejszy niż from: „2025-12-31”"                                                                                                               },
    {"a form at a level that is misspelt",
     {"f/form.xml", FORM_HEAD FORM_COLUMNS "<level name='lączne'/></form>"},
     "nieznane słowo „lączne”"                                                                                                                                          },
    {"dictionary entry that ends before it begins",
     {"d.csv", HEADER "1;a;2025-01-02;2025-01-01;x\n"},
     "d.csv:2: dzień to jest wcześniejszy niż from:"                                                                                                                       },
    {"dictionary key with a space",
     {"d.csv", HEADER "1;a;;;x\n2 ;a;;;x\n"},
     "d.csv:3: klucz ma spację na brzegu:"                                                                                                                                   },
    {"dictionary in another encoding",
     {"d.csv", HEADER "1;Le\x9Cnictwo;;;x\n"},
     "d.csv:2: wiersz nie jest zapisany w UTF-8"                                                                                                                              },
    {"level of a form that is not there",
     {"catalogue.xml",
      CATALOGUE("<level type='x' level='zbiorcze' forms='F G' environments='test'/>")},
     "Typ x: nie ma formularza „G”"                                                                                                                                       },
    {"dictionary missing",
     {"catalogue.xml", CATALOGUE("<dictionary name='x' path='e.csv' complete='true'/>")},
     "e.csv: nie ma takiego pliku"                                                                                                                                            },
    {"calendar without a path",
     {"catalogue.xml", CATALOGUE("<calendar/>")},
     "brakuje atrybutu „path”"                                                                                                                                            },
    {"dictionary header",                                 {"d.csv", "key;name\n1;2\n"},                                    "d.csv:1: nagłówek ma brzmieć"                  },
    {"dictionary short line",                             {"d.csv", HEADER "1;2;3\n"},                                     "d.csv:2: wiersz ma mieć pięć pól"             },
    {"dictionary long line",                              {"d.csv", HEADER "1;2;;;x;y\n"},                                 "d.csv:2: wiersz ma mieć pięć pól"             },
    {"dictionary bad date",                               {"d.csv", HEADER "1;2;2025-02-30;;x\n"},                         "d.csv:2: to nie jest data"                        },
    {"dictionary no key",                                 {"d.csv", HEADER ";2;;;x\n"},                                    "brakuje klucza albo nazwy"                        },
    {"dictionary overlap",
     {"d.csv", HEADER "1;a;;2025-01-01;x\n1;b;2025-01-01;;x\n"},
     "klucz obowiązuje dwa razy tego samego dnia"                                                                                                                            },
    {"dictionary twice unbounded",
     {"d.csv", HEADER "1;a;;;x\n1;b;;;x\n"},
     "klucz obowiązuje dwa razy"                                                                                                                                             },
    {"code form",                                         {"t.xml", TEXTS(RULE("xml-001"))},                               "to nie jest kod"                                  },
    {"code digits",                                       {"t.xml", TEXTS(RULE("XML-01"))},                                "to nie jest kod"                                  },
    {"code too long",                                     {"t.xml", TEXTS(RULE("ABCDEFGHIJKL-001"))},                      "to nie jest kod"                                  },
    {"code twice",                                        {"t.xml", TEXTS(RULE("XML-001") RULE("XML-001"))},               "stoi dwa razy"                                    },
    {"code in two files",                                 {"t.xml", TEXTS(RULE("F-001"))},                                 "stoi dwa razy"                                    },
    {"placeholder misspelt",
     {"t.xml",
      TEXTS("<rule code='XML-009'><title>t {foun}</title><fix>f</fix><basis>b</basis><applies "
            "severity='info'/></rule>")},
     "„{foun}”"                                                                                                                                                           },
    {"placeholder not closed",
     {"t.xml",
      TEXTS("<rule code='XML-009'><title>t {found</title><fix>f</fix><basis>b</basis><applies "
            "severity='info'/></rule>")},
     "„{}”"                                                                                                                                                               },
    {"placeholder with a space",
     {"t.xml", TEXTS("<rule code='XML-009'><title>{found "
                     "}</title><fix>f</fix><basis>b</basis><applies severity='info'/></rule>")},
     "„{found }”"                                                                                                                                                         },
    {"column in a text of packages",
     {"t.xml", TEXTS("<rule code='XML-009'><title>{PL}</title><fix>f</fix><basis>b</basis><applies "
                     "severity='info'/></rule>")},
     "„{PL}”"                                                                                                                                                             },
    {"no owner",                                          {"t.xml", "<rules/>"},                                           "brakuje atrybutu „owner”"                     },
    {"no fix",
     {"t.xml", TEXTS("<rule code='XML-001'><title>t</title><basis>b</basis>"
                     "<applies severity='error'/></rule>")},
     "brakuje tytułu, rady albo podstawy"                                                                                                                                    },
    {"no severity",
     {"t.xml", TEXTS("<rule code='XML-001'>" WORDS "<applies/></rule>")},
     "brakuje atrybutu „severity”"                                                                                                                                        },
    {"no applies",
     {"t.xml", TEXTS("<rule code='XML-001'>" WORDS "</rule>")},
     "elementu applies nie ma"                                                                                                                                                },
    {"severity unknown",
     {"t.xml", TEXTS("<rule code='XML-001'>" WORDS "<applies severity='fatal'/></rule>")},
     "nieznane słowo „fatal”"                                                                                                                                            },
    {"a finding that accepts",
     {"t.xml",
      TEXTS("<rule code='XML-001'>" WORDS "<applies severity='error' verdict='accepted'/></rule>")},
     "uwaga nie może dać sprawozdaniu wyniku"                                                                                                                               },
    {"column twice",
     {"f/form.xml",
      FORM_HEAD FORM_COLUMNS "<amount name='PL' number='5' title='t' scale='2'/></form>"},
     "kolumna podana dwa razy: „PL”"                                                                                                                                      },
    {"code and amount alike",
     {"f/form.xml",
      FORM_HEAD FORM_COLUMNS "<amount name='Dzial' number='5' title='t' scale='2'/></form>"},
     "kolumna podana dwa razy: „Dzial”"                                                                                                                                   },
    {"no amounts",                                        {"f/form.xml", FORM_HEAD "</form>"},                             "kolumn kwot nie ma"                               },
    {"scale too large",
     {"f/form.xml", FORM_HEAD "<amount name='PL' number='5' title='t' scale='7'/></form>"},
     "to nie jest liczba z dozwolonego zakresu: „7”"                                                                                                                      },
    {"a line without its code",
     {"f/form.xml", FORM_HEAD FORM_COLUMNS "<line symbol='A' title='t'/></form>"},
     "potrzebują jednego elementu code"                                                                                                                                      },
    {"a code of lines without lines",
     {"f/form.xml", FORM_HEAD SYMBOL_COLUMN "</form>"},
     "potrzebują jednego elementu code"                                                                                                                                      },
    {"two codes of lines",
     {"f/form.xml", FORM_HEAD
      "<code name='X' title='t' label='t' key='true' digits='0' lines='true'/>" SYMBOL_COLUMN
      "<line symbol='A' title='t'/></form>"},
     "potrzebują jednego elementu code"                                                                                                                                      },
    {"a symbol that is no key",
     {"f/form.xml",
      FORM_HEAD "<code name='X' title='t' label='t' key='false' digits='0' lines='true'/>"
                "<amount name='PL' title='t' scale='2'/><line symbol='A' title='t'/></form>"},
     "symbol wiersza nie jest kluczem pozycji: „X”"                                                                                                                       },
    {"a line given twice",
     {"f/form.xml",
      FORM_HEAD SYMBOL_COLUMN "<line symbol='A' title='t'/><line symbol='A' title='u'/></form>"},
     "wiersz podany dwa razy: „A”"                                                                                                                                        },
    {"a symbol that VTL cannot read",
     {"f/form.xml", FORM_HEAD SYMBOL_COLUMN "<line symbol='1A' title='t'/></form>"},
     "to nie jest symbol wiersza: „1A”"                                                                                                                                   },
    {"a symbol with a space",
     {"f/form.xml", FORM_HEAD SYMBOL_COLUMN "<line symbol='A 1' title='t'/></form>"},
     "to nie jest symbol wiersza: „A 1”"                                                                                                                                  },
    {"a symbol of 21 letters",
     {"f/form.xml",
      FORM_HEAD SYMBOL_COLUMN "<line symbol='ABCDEFGHIJKLMNOPQRSTU' title='t'/></form>"},
     "to nie jest symbol wiersza"                                                                                                                                             },
    {"lines of two scales",
     {"f/form.xml", FORM_HEAD SYMBOL_COLUMN "<amount name='N' title='t' scale='0'/>"
                                            "<line symbol='A' title='t'/></form>"},
     "mają jedną skalę"                                                                                                                                                    },
    {"rules over lines that are not there",
     {"f/form.xml",
      "<form code='F' element='Rb-f' title='F' name='n' version='1' basis='b'"
      " status='certain' xsd='x.xsd' rules='r.xml' vtl='r.vtl' line-ruleset='R'>" FORM_COLUMNS
      "</form>"},
     "formularz nie ma wierszy dla zestawu reguł „R”"                                                                                                                    },
    {"no rules at all",
     {"f/form.xml",
      "<form code='F' element='Rb-f' title='F' name='n' version='1' basis='b'"
      " status='certain' xsd='x.xsd' rules='r.xml' vtl='r.vtl'>" FORM_COLUMNS "</form>"},
     "brakuje atrybutu „ruleset”"                                                                                                                                         },
    {"a variant of no name",
     {"f/form.xml", FORM_HEAD VARIANT("", "jop", "Naglowek", "certain") FORM_COLUMNS "</form>"},
     "brakuje atrybutu „element”"                                                                                                                                         },
    {"a variant of no kind",
     {"f/form.xml",
      FORM_HEAD "<variant element='X' place='Naglowek' status='certain'/>" FORM_COLUMNS "</form>"},
     "brakuje atrybutu „kind”"                                                                                                                                            },
    {"a variant of an unknown kind",
     {"f/form.xml", FORM_HEAD VARIANT("X", "gmina", "Naglowek", "certain") FORM_COLUMNS "</form>"},
     "nieznane słowo „gmina”"                                                                                                                                            },
    {"a variant at another place",
     {"f/form.xml", FORM_HEAD VARIANT("X", "jop", "Pozycje", "certain") FORM_COLUMNS "</form>"},
     "nieznane słowo „Pozycje”"                                                                                                                                          },
    {"a variant that is a model, in a form that is none",
     {"f/form.xml", FORM_HEAD VARIANT("X", "jop", "Naglowek", "model") FORM_COLUMNS "</form>"},
     "a jego wariant jest tylko wzorem: „X”"                                                                                                                              },
    {"two variants of one kind",
     {"f/form.xml", FORM_HEAD VARIANT("X", "jop", "Naglowek", "certain")
                        VARIANT("Y", "jop", "Naglowek", "certain") FORM_COLUMNS "</form>"},
     "wariant podany dwa razy: „Y”"                                                                                                                                       },
    {"two variants of one name",
     {"f/form.xml", FORM_HEAD VARIANT("X", "jop", "Naglowek", "certain")
                        VARIANT("X", "dysponent", "Naglowek", "certain") FORM_COLUMNS "</form>"},
     "wariant podany dwa razy: „X”"                                                                                                                                       },
    {"three variants",
     {"f/form.xml", FORM_HEAD VARIANT("X", "jop", "Naglowek", "certain")
                        VARIANT("Y", "dysponent", "Naglowek", "certain") VARIANT(
                            "Z", "rodzaj-zadania", "Naglowek", "certain") FORM_COLUMNS "</form>"},
     "za dużo wariantów"                                                                                                                                                    },
    {"a period that is no number",
     {"f/form.xml", FORM_HEAD FORM_COLUMNS "<period type='Kwartal' numbers='1 x'/></form>"},
     "to nie jest numer okresu: „x”"                                                                                                                                      },
    {"a thirteenth period",
     {"f/form.xml", FORM_HEAD FORM_COLUMNS "<period type='Kwartal' numbers='12 13'/></form>"},
     "to nie jest numer okresu: „13”"                                                                                                                                     },
    {"a level without a name",
     {"f/form.xml", FORM_HEAD FORM_COLUMNS "<level/></form>"},
     "brakuje atrybutu „name”"                                                                                                                                            },
    {"no schema",                                         {"f/x.xsd", ""},                                                 "nie ma takiego pliku: „f/x.xsd”"              },
    {"no VTL",                                            {"f/r.vtl", ""},                                                 "nie ma takiego pliku: „f/r.vtl”"              },
    {"no rules",                                          {"f/r.xml", ""},                                                 "nie ma takiego pliku"                             },
    {"a version given twice",
     {"catalogue.xml", CATALOGUE(TYPES "<form path='f/form.xml'/>")},
     "mają tę samą nazwę wersji"                                                                                                                                          },
    {"policy without clock",
     {"policy.xml", "<policy version='1' revocation='none'/>"},
     "clock-skew-seconds"                                                                                                                                                     },
    {"policy revocation",
     {"policy.xml", "<policy version='1' revocation='maybe'/>"},
     "nieznane słowo „maybe”"                                                                                                                                            },
    {"role without claims",
     {"policy.xml", POLICY("<requirement><role name='r'/></requirement>")},
     "rola bez żadnego elementu claim"                                                                                                                                       },
};

static void
catalogue_load_refuses_a_faulty_bundle_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) {
        struct arena           *arena = arena_create(16 << 20);
        struct fault            fault = {0};
        const struct catalogue *catalogue = NULL;
        enum err                got = load(arena, refusals[i].change, &catalogue, &fault);

        EXPECT(got == ERR_CATALOGUE, refusals[i].name);
        EXPECT(catalogue == NULL, refusals[i].name);
        if (strstr(fault.text, refusals[i].complaint) == NULL) {
            fail_msg("%s: '%s'", refusals[i].name, fault.text);
        }
        arena_destroy(arena);
    }
}

static void
catalogue_load_reads_the_whole_bundle(void **state)
{
    struct arena           *arena = arena_create(16 << 20);
    struct fault            fault = {0};
    const struct catalogue *catalogue = NULL;

    (void)state;
    assert_int_equal(load(arena, (struct shelf){0}, &catalogue, &fault), ERR_OK);
    assert_int_equal(catalogue->form_count, 1);
    assert_int_equal(catalogue->entry_count, 2);
    assert_true(str_equal(catalogue->forms[0].folder, STR("f/")));
    assert_true(catalogue_knows_element(catalogue, STR("Rb-f")));
    assert_false(catalogue_knows_element(catalogue, STR("Rb-F")));
    assert_non_null(catalogue_entry(catalogue, 0, "F-001"));
    assert_null(catalogue_entry(catalogue, 0, "F-002"));
    assert_int_equal(catalogue->policy.clock_skew_seconds, 300);
    arena_destroy(arena);
}

static void
a_form_is_chosen_by_the_end_of_the_period(void **state)
{
    static const struct {
        const char *name;
        struct date end;
        int32_t     form;
    } periods[] = {
        {"the day before", {2024, 12, 31}, -1},
        {"the first day",  {2025, 1, 1},   0 },
        {"the last day",   {2026, 12, 31}, 0 },
        {"the day after",  {2027, 1, 1},   -1},
    };
    struct arena           *arena = arena_create(16 << 20);
    struct fault            fault = {0};
    const struct catalogue *catalogue = NULL;

    (void)state;
    assert_int_equal(load(arena, (struct shelf){0}, &catalogue, &fault), ERR_OK);
    for (size_t i = 0; i < ARRAY_COUNT(periods); i++) {
        EXPECT(catalogue_form(catalogue, STR("Rb-f"), periods[i].end) == periods[i].form,
               periods[i].name);
    }
    arena_destroy(arena);
}

/* Each rule, form and dictionary that is wrong is told, in the order in which they are read. */
static void
everything_that_is_wrong_is_surveyed(void **state)
{
    static const struct shelf changes[CHANGES_MAX] = {
        {"t.xml",      TEXTS("<rule code='XML-1'/>" RULE("XML-002") "<rule code='XML-003' titel='x'/>")},
        {"f/form.xml", FORM_HEAD "</form>"                                                             },
        {"d.csv",      "x\n"                                                                           },
    };
    static const char *const told[] = {
        "t.xml:1: to nie jest kod w postaci PRZEDROSTEK-NNN: „XML-1”",
        "t.xml:1: nieznany atrybut „titel”",
        "f/form.xml:1: kolumn kwot nie ma albo jest ich za dużo: „f/form.xml”",
        "d.csv:1: nagłówek ma brzmieć key;name;from;to;source, a jest: „x”",
    };
    struct arena     *arena = arena_create(16 << 20);
    struct bundle     bundle = {0};
    struct complaints all = {0};
    struct fault      fault = {0};

    (void)state;
    parse_changed(arena, changes, &bundle);
    assert_int_equal(catalogue_survey(arena, &bundle, &all, &fault), ERR_OK);
    for (size_t i = 0; i < all.count && i < ARRAY_COUNT(told); i++) {
        assert_string_equal(all.items[i].data, told[i]);
    }
    assert_int_equal(all.count, ARRAY_COUNT(told));
    parse_changed(arena,
                  (const struct shelf[CHANGES_MAX]){
                      {"t.xml", TEXTS(RULE("F-001"))}
    },
                  &bundle);
    assert_int_equal(catalogue_survey(arena, &bundle, &all, &fault), ERR_OK);
    assert_int_equal(all.count, 1); /* between files */
    parse_changed(arena,
                  (const struct shelf[CHANGES_MAX]){
                      {NULL, NULL}
    },
                  &bundle);
    assert_int_equal(catalogue_survey(arena, &bundle, &all, &fault), ERR_OK);
    assert_int_equal(all.count, 0);
    arena_destroy(arena);
}

static void
two_versions_of_a_form_stand_side_by_side(void **state)
{
    struct arena           *arena = arena_create(16 << 20);
    struct fault            fault = {0};
    const struct catalogue *catalogue = NULL;
    const char             *second = NEXT_HEAD("F", "Rb-f", "2", "2027-01-01");

    (void)state;
    assert_int_equal(load_two(arena, second, &catalogue, &fault), ERR_OK);
    assert_int_equal(catalogue->form_count, 2);
    assert_int_equal(catalogue_form(catalogue, STR("Rb-f"), (struct date){2026, 12, 31}), 0);
    assert_int_equal(catalogue_form(catalogue, STR("Rb-f"), (struct date){2027, 1, 1}), 1);
    assert_true(str_equal(catalogue_entry(catalogue, 0, "F-001")->path, STR("f/r.xml")));
    assert_true(str_equal(catalogue_entry(catalogue, 1, "F-001")->path, STR("g/r.xml")));
    assert_true(
        str_equal(catalogue_entry(catalogue, ENTRY_OF_NO_FORM, "F-001")->path, STR("g/r.xml")));
    assert_int_equal(catalogue_entry(catalogue, 0, "F-002")->form, 1);
    assert_int_equal(catalogue_entry(catalogue, 1, "XML-001")->form, ENTRY_OF_NO_FORM);
    assert_null(catalogue_entry(catalogue, 1, "F-003"));
    arena_destroy(arena);
}

static void
versions_that_cannot_be_told_apart_are_refused(void **state)
{
    static const struct {
        const char *second;
        const char *complaint;
    } cases[] = {
        {NEXT_HEAD("F", "Rb-f", "2", "2026-12-31"), "obowiązują w tych samych okresach"},
        {NEXT_HEAD("F", "Rb-f", "2", ""),           "obowiązują w tych samych okresach"},
        {NEXT_HEAD("F", "Rb-f", "1", "2027-01-01"), "mają tę samą nazwę wersji"      },
        {NEXT_HEAD("F", "Rb-g", "2", "2027-01-01"), "mają ten sam kod"                  },
        {NEXT_HEAD("G", "Rb-f", "2", "2027-01-01"), "mają ten sam kod"                  },
        {NEXT_HEAD("G", "Rb-g", "1", "2027-01-01"), "kod F-001 stoi dwa razy"            },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena           *arena = arena_create(16 << 20);
        struct fault            fault = {0};
        const struct catalogue *catalogue = NULL;

        EXPECT(load_two(arena, cases[i].second, &catalogue, &fault) == ERR_CATALOGUE,
               cases[i].complaint);
        EXPECT(strstr(fault.text, cases[i].complaint) != NULL, fault.text);
        arena_destroy(arena);
    }
}

/* "<line symbol='L0' ...>" count times. */
static const char *
form_of_lines(struct arena *arena, size_t count)
{
    struct buf text = buf_create(arena, 1 << 14);

    buf_append(&text, STR(FORM_HEAD SYMBOL_COLUMN));
    for (size_t i = 0; i < count; i++) {
        buf_format(&text, "<line symbol='L%zu' title='Wiersz %zu'/>", i, i);
    }
    buf_append(&text, STR("<period type='Kwartal' numbers='1 4'/><level name='zbiorcze'/></form>"));
    buf_byte(&text, '\0');
    assert_true(buf_ok(&text));
    return buf_str(&text).data;
}

static void
a_form_has_at_most_as_many_lines_as_vtl_takes(void **state)
{
    static const struct {
        size_t   count;
        enum err want;
    } cases[] = {
        {1,                  ERR_OK       },
        {FORM_LINES_MAX - 1, ERR_OK       },
        {FORM_LINES_MAX,     ERR_OK       },
        {FORM_LINES_MAX + 1, ERR_CATALOGUE},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct arena           *arena = arena_create(16 << 20);
        struct fault            fault = {0};
        const struct catalogue *catalogue = NULL;
        struct shelf            change = {"f/form.xml", form_of_lines(arena, cases[i].count)};

        EXPECT(load(arena, change, &catalogue, &fault) == cases[i].want, fault.text);
        EXPECT(catalogue == NULL || catalogue->forms[0].line_count == cases[i].count, "lines");
        arena_destroy(arena);
    }
}

static void
a_cell_of_a_line_is_named_with_its_title(void **state)
{
    struct arena           *arena = arena_create(16 << 20);
    struct fault            fault = {0};
    const struct catalogue *catalogue = NULL;
    struct shelf            change = {"f/form.xml", form_of_lines(arena, 3)};
    struct str              known[] = {STR("L2")};
    struct str              strange[] = {STR("L3")};

    (void)state;
    assert_int_equal(load(arena, change, &catalogue, &fault), ERR_OK);
    const struct form *form = &catalogue->forms[0];
    assert_true(str_equal(form_cell(arena, form, known, STR("PL")),
                          STR("wiersz L2 Wiersz 2, kol. 4 Plan")));
    assert_true(
        str_equal(form_cell(arena, form, strange, STR("PL")), STR("wiersz L3, kol. 4 Plan")));
    assert_int_equal(form_line_index(form, STR("L1")), 1);
    assert_int_equal(form_line_index(form, STR("l1")), -1);
    assert_int_equal(form->periods[0].numbers, 1 << 1 | 1 << 4);
    assert_true(form_has_level(form, STR("zbiorcze")));
    assert_false(form_has_level(form, STR("jednostkowe")));
    arena_destroy(arena);
}

static void
a_period_is_read_or_refused(void **state)
{
    static const struct {
        const char      *year, *type, *number;
        enum period_kind kind; /* PERIOD_UNKNOWN: refused */
        struct date      end;
    } periods[] = {
        {"2026", "Kwartal",  "1",  PERIOD_QUARTER, {2026, 3, 31} },
        {"2026", "Kwartal",  "4",  PERIOD_YEAR,    {2026, 12, 31}},
        {"2024", "Miesiac",  "2",  PERIOD_MONTH,   {2024, 2, 29} },
        {"2024", "Miesiac",  "12", PERIOD_MONTH,   {2024, 12, 31}},
        {"2026", "Kwartal",  "0",  PERIOD_UNKNOWN, {0}           },
        {"2026", "Kwartal",  "5",  PERIOD_UNKNOWN, {0}           },
        {"2026", "Miesiac",  "13", PERIOD_UNKNOWN, {0}           },
        {"2026", "kwartal",  "1",  PERIOD_UNKNOWN, {0}           },
        {"2026", "Polrocze", "1",  PERIOD_UNKNOWN, {0}           },
        {"1995", "Kwartal",  "1",  PERIOD_UNKNOWN, {0}           },
        {"2200", "Kwartal",  "1",  PERIOD_UNKNOWN, {0}           },
        {"",     "Kwartal",  "1",  PERIOD_UNKNOWN, {0}           },
        {"2026", "Kwartal",  "",   PERIOD_UNKNOWN, {0}           },
        {"2026", "Kwartal",  "-1", PERIOD_UNKNOWN, {0}           },
        {"2026", "Kwartal",  "1 ", PERIOD_UNKNOWN, {0}           },
    };
    struct arena           *arena = arena_create(16 << 20);
    struct fault            fault = {0};
    const struct catalogue *catalogue = NULL;

    (void)state;
    assert_int_equal(load(arena, (struct shelf){0}, &catalogue, &fault), ERR_OK);
    for (size_t i = 0; i < ARRAY_COUNT(periods); i++) {
        struct period period = {0};
        bool read = catalogue_period(catalogue, str_of(periods[i].year), str_of(periods[i].type),
                                     str_of(periods[i].number), &period);
        EXPECT(read == (periods[i].kind != PERIOD_UNKNOWN), periods[i].number);
        EXPECT(period.kind == periods[i].kind, periods[i].number);
        EXPECT(!read || date_compare(period.end, periods[i].end) == 0, periods[i].number);
    }
    arena_destroy(arena);
}

static void
a_dictionary_answers_for_a_day(void **state)
{
    static const struct {
        const char *key;
        struct date on;
        const char *name; /* NULL: no entry */
    } questions[] = {
        {"010", {2024, 12, 31}, "jeden"     },
        {"010", {2025, 1, 1},   "dwa"       },
        {"009", {2000, 1, 1},   "dziewięć"},
        {"009", {1999, 12, 31}, NULL        },
        {"01",  {2025, 1, 1},   NULL        },
        {"011", {2025, 1, 1},   NULL        },
        {"",    {2025, 1, 1},   NULL        },
    };
    struct arena           *arena = arena_create(16 << 20);
    struct fault            fault = {0};
    const struct catalogue *catalogue = NULL;

    (void)state;
    assert_int_equal(load(arena, (struct shelf){0}, &catalogue, &fault), ERR_OK);
    const struct dictionary *dictionary = catalogue_dictionary(catalogue, STR("d"));
    assert_non_null(dictionary);
    assert_null(catalogue_dictionary(catalogue, STR("e")));
    for (size_t i = 0; i < ARRAY_COUNT(questions); i++) {
        const struct dictionary_entry *entry =
            dictionary_find(dictionary, str_of(questions[i].key), questions[i].on);
        EXPECT((entry == NULL) == (questions[i].name == NULL), questions[i].key);
        EXPECT(entry == NULL || str_equal(entry->name, str_of(questions[i].name)),
               questions[i].key);
    }
    arena_destroy(arena);
}

/* By Typ, form and environment; what stands for some forms goes before what stands for the others,
 * wherever it stands. */
static void
level_follows_from_typ_and_form(void **state)
{
    static const struct level_type levels[] = {
        {STR_INIT("JB"), STR_INIT("jednostkowe"), STR_INIT(""),    3},
        {STR_INIT("ZB"), STR_INIT("zbiorcze"),    STR_INIT(""),    1},
        {STR_INIT("ZB"), STR_INIT("łączne"),    STR_INIT("Z N"), 1},
        {STR_INIT("W"),  STR_INIT("wybrane"),     STR_INIT("Z"),   2},
    };
    static const struct {
        const char      *form; /* NULL: none is known */
        const char      *type;
        enum environment environment;
        const char      *want;
    } cases[] = {
        {"S",  "JB", ENVIRONMENT_TEST, "jednostkowe"},
        {"Z",  "JB", ENVIRONMENT_PROD, "jednostkowe"},
        {"S",  "ZB", ENVIRONMENT_TEST, "zbiorcze"   },
        {"Z",  "ZB", ENVIRONMENT_TEST, "łączne"   },
        {"N",  "ZB", ENVIRONMENT_TEST, "łączne"   },
        {"ZN", "ZB", ENVIRONMENT_TEST, "zbiorcze"   },
        {NULL, "ZB", ENVIRONMENT_TEST, "zbiorcze"   },
        {"Z",  "ZB", ENVIRONMENT_PROD, ""           },
        {"Z",  "W",  ENVIRONMENT_PROD, "wybrane"    },
        {"S",  "W",  ENVIRONMENT_PROD, ""           },
        {NULL, "W",  ENVIRONMENT_PROD, ""           },
        {"S",  "X",  ENVIRONMENT_TEST, ""           },
    };
    const struct catalogue catalogue = {.levels = levels, .level_count = ARRAY_COUNT(levels)};

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct form form = {0};
        if (cases[i].form != NULL) {
            form.code = str_of(cases[i].form);
        }
        EXPECT(str_equal(catalogue_level(&catalogue, cases[i].form == NULL ? NULL : &form,
                                         str_of(cases[i].type), cases[i].environment),
                         str_of(cases[i].want)),
               cases[i].want);
    }
}

static void
the_first_matching_circumstances_decide(void **state)
{
    const struct applies applies[] = {
        {.severity = SEVERITY_WARNING,      .trust = 2               },
        { .severity = SEVERITY_ERROR,             .levels = STR("a b"), .periods = PERIOD_QUARTER},
        { .severity = SEVERITY_QUERY, .environments = ENVIRONMENT_PROD,      .from = {2026, 1, 1}},
    };
    const struct rule_entry entry = {.applies = applies, .applies_count = ARRAY_COUNT(applies)};
    const struct {
        const char          *name;
        struct circumstances given;
        enum severity        severity;
    } questions[] = {
        {"no trust",              {.trust_given = false},                                      SEVERITY_WARNING},
        {"level b in a quarter",
         {.trust_given = true, .level = STR("b"), .period_kind = PERIOD_QUARTER},
         SEVERITY_ERROR                                                                                        },
        {"level b in a month",
         {.trust_given = true, .level = STR("b"), .period_kind = PERIOD_MONTH},
         SEVERITY_OFF                                                                                          },
        {"part of a word",
         {.trust_given = true, .level = STR("ab"), .period_kind = PERIOD_QUARTER},
         SEVERITY_OFF                                                                                          },
        {"production, in time",
         {.trust_given = true, .environment = ENVIRONMENT_PROD, .period_end = {2026, 1, 1}},
         SEVERITY_QUERY                                                                                        },
        {"production, too early",
         {.trust_given = true, .environment = ENVIRONMENT_PROD, .period_end = {2025, 12, 31}},
         SEVERITY_OFF                                                                                          },
        {"test",                  {.trust_given = true, .environment = ENVIRONMENT_TEST},      SEVERITY_OFF    },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(questions); i++) {
        const struct applies *match = entry_applies(&entry, &questions[i].given);
        enum severity         got = match == NULL ? SEVERITY_OFF : match->severity;
        EXPECT(got == questions[i].severity, questions[i].name);
    }
}

static void
catalogue_load_survives_every_memory_ceiling(void **state)
{
    bool loaded = false;

    (void)state;
    for (size_t size_max = 0; !loaded; size_max += 2048) {
        struct arena           *arena = arena_create((1 << 18) + size_max);
        struct fault            fault = {0};
        const struct catalogue *catalogue = NULL;
        enum err                got = load(arena, (struct shelf){0}, &catalogue, &fault);

        assert_true(got == ERR_OK || got == ERR_MEMORY);
        assert_true((got == ERR_OK) == (catalogue != NULL));
        loaded = got == ERR_OK;
        arena_destroy(arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(catalogue_load_refuses_a_faulty_bundle_whole),
        cmocka_unit_test(catalogue_load_reads_the_whole_bundle),
        cmocka_unit_test(a_form_is_chosen_by_the_end_of_the_period),
        cmocka_unit_test(everything_that_is_wrong_is_surveyed),
        cmocka_unit_test(two_versions_of_a_form_stand_side_by_side),
        cmocka_unit_test(versions_that_cannot_be_told_apart_are_refused),
        cmocka_unit_test(a_form_has_at_most_as_many_lines_as_vtl_takes),
        cmocka_unit_test(a_cell_of_a_line_is_named_with_its_title),
        cmocka_unit_test(a_period_is_read_or_refused),
        cmocka_unit_test(a_dictionary_answers_for_a_day),
        cmocka_unit_test(level_follows_from_typ_and_form),
        cmocka_unit_test(the_first_matching_circumstances_decide),
        cmocka_unit_test(catalogue_load_survives_every_memory_ceiling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
