#include "gateway/admin/country.h"

#include "gateway/admin/country_name.h"

enum {
    ROWS_MAX = COUNTRY_NUMBERS_MAX,
    TIES_MAX = 40000,
    CITY_PK_FIRST = 61,
    MERGER_EVERY = 20, /* one JST in so many has merged two schools */
    CUW_EVERY = 6,     /* one gmina in so many has a CUW; every city has one */
    LONG_EVERY = 50,
};

const struct date        country_merger_day = {2025, 9, 1};
static const struct date first_day = {2020, 1, 1};
static const struct date last_day_before = {2025, 8, 31};

/* Of each województwo: how many powiaty, cities with the rights of one, and gminy without those. */
static const struct {
    const char *wk;
    const char *rio;
    int         powiaty;
    int         cities;
    int         gminy;
} regions[COUNTRY_WOJEWODZTWA] = {
    {"02", "rio-wroclaw",      26, 4,  165},
    {"04", "rio-bydgoszcz",    19, 4,  140},
    {"06", "rio-lublin",       20, 4,  209},
    {"08", "rio-zielona-gora", 12, 2,  80 },
    {"10", "rio-lodz",         21, 3,  174},
    {"12", "rio-krakow",       19, 3,  180},
    {"14", "rio-warszawa",     37, 5,  309},
    {"16", "rio-opole",        11, 1,  70 },
    {"18", "rio-rzeszow",      21, 4,  156},
    {"20", "rio-bialystok",    14, 3,  116},
    {"22", "rio-gdansk",       16, 4,  119},
    {"24", "rio-katowice",     17, 19, 148},
    {"26", "rio-kielce",       13, 1,  101},
    {"28", "rio-olsztyn",      19, 2,  114},
    {"30", "rio-poznan",       31, 4,  222},
    {"32", "rio-szczecin",     18, 3,  110},
};

enum tier { GMINA, CITY, POWIAT, REGION, ZWIAZEK, TIERS };

/* What stands below a JST, at least and how many more at most. Typ of all but JB is a model. */
static const struct body {
    const char *title; /* with a number behind it */
    const char *kind;
    const char *type;
    bool        is_jop;
    struct {
        unsigned least;
        unsigned more;
    } count[TIERS];
} bodies[] = {
    {"SZKOŁA PODSTAWOWA NR",
     "jednostka-budzetowa",                                                       "JB",
     false,                                                                                       {[GMINA] = {4, 5}, [CITY] = {40, 30}}                                    },
    {"PRZEDSZKOLE NR",                                     "jednostka-budzetowa", "JB",    false, {[GMINA] = {2, 4}, [CITY] = {30, 20}}                                    },
    {"ZESPÓŁ SZKÓŁ PONADPODSTAWOWYCH NR",
     "jednostka-budzetowa",                                                       "JB",
     false,                                                                                       {[CITY] = {15, 10}, [POWIAT] = {6, 8}, [REGION] = {8, 6}}                },
    {"OŚRODEK POMOCY SPOŁECZNEJ NR",
     "jednostka-budzetowa",                                                       "JB",
     false,                                                                                       {[GMINA] = {1, 1}, [CITY] = {1, 2}}                                      },
    {"DOM POMOCY SPOŁECZNEJ NR",
     "jednostka-budzetowa",                                                       "JB",
     false,                                                                                       {[CITY] = {3, 4}, [POWIAT] = {2, 3}}                                     },
    {"PORADNIA PSYCHOLOGICZNO-PEDAGOGICZNA NR",
     "jednostka-budzetowa",                                                       "JB",
     false,                                                                                       {[CITY] = {2, 3}, [POWIAT] = {1, 2}, [REGION] = {1, 2}}                  },
    {"ZARZĄD DRÓG NR",
     "jednostka-budzetowa",                                                       "JB",
     false,                                                                                       {[CITY] = {1, 1}, [POWIAT] = {1, 1}, [REGION] = {1, 1}}                  },
    {"ZAKŁAD GOSPODARKI KOMUNALNEJ NR",
     "zaklad-budzetowy",                                                          "ZB",
     false,                                                                                       {[GMINA] = {0, 2}, [CITY] = {1, 2}, [ZWIAZEK] = {0, 2}}                  },
    {"BIBLIOTEKA PUBLICZNA NR",
     "instytucja-kultury",                                                        "IK",
     true,                                                                                        {[GMINA] = {1, 2}, [CITY] = {1, 2}, [POWIAT] = {0, 2}, [REGION] = {1, 2}}},
    {"CENTRUM KULTURY NR",
     "instytucja-kultury",                                                        "IK",
     true,                                                                                        {[GMINA] = {1, 2}, [CITY] = {5, 8}, [REGION] = {8, 6}}                   },
    {"SAMODZIELNY PUBLICZNY ZAKŁAD OPIEKI ZDROWOTNEJ NR",
     "spzoz",                                                                     "SPZOZ",
     true,                                                                                        {[GMINA] = {0, 2}, [CITY] = {1, 3}, [POWIAT] = {0, 2}, [REGION] = {5, 6}}},
    {"FUNDACJA SAMORZĄDOWA NR",                           "osoba-prawna",        "OP",    true,  {[CITY] = {0, 3}, [REGION] = {1, 3}}                                     },
};
enum { SCHOOL = 0, TITLE_MAX = 128 };

static const char *const jop_of[TIERS] = {
    [GMINA] = "42", [CITY] = "42", [POWIAT] = "62", [REGION] = "82", [ZWIAZEK] = "42"};

struct maker {
    struct arena           *arena;
    struct country_dice     dice;
    unsigned                series;
    unsigned                nips; /* given out or without a check digit */
    struct unit_import_row *rows;
    size_t                  row_count;
    struct country_tie     *services;
    size_t                  service_count;
    struct country_tie     *successions;
    size_t                  succession_count;
    size_t                  jst_count;
    bool                    starved;
};

/* The JST that is being filled. */
struct home {
    enum tier            tier;
    struct registry_unit unit;  /* codes */
    struct str           place; /* "BRZEZIOWICE" */
    struct str           cuw;   /* REGON; empty: none */
};

static struct str
next_nip(struct maker *maker)
{
    struct str nip = STR("");

    while (nip.size == 0 && nip.data != NULL) {
        nip = country_nip(maker->arena, maker->series, maker->nips);
        maker->nips++;
    }
    return nip;
}

/* One more unit with the codes of home; it gets its numbers here. */
static struct unit_import_row *
add(struct maker *maker, const struct home *home, const char *kind, const char *type,
    struct str name)
{
    ENSURE(maker->row_count < ROWS_MAX);
    struct unit_import_row *row = &maker->rows[maker->row_count];
    unsigned                number = (unsigned)maker->row_count;
    bool                    is_long = number % LONG_EVERY == LONG_EVERY - 1;

    *row = (struct unit_import_row){.unit = home->unit, .line = number + 1};
    row->unit.regon = is_long ? country_regon_long(maker->arena, maker->series, number)
                              : country_regon(maker->arena, maker->series, number);
    row->unit.nip = next_nip(maker);
    row->unit.kind = str_of(kind);
    row->unit.type = str_of(type);
    row->unit.name = name;
    row->unit.valid_from = first_day;
    row->parent = home->unit.regon;
    maker->starved = maker->starved || name.data == NULL || row->unit.regon.data == NULL
                     || row->unit.nip.data == NULL;
    maker->row_count++;
    return row;
}

static void
tie(struct country_tie *ties, size_t *count, struct str unit, struct str other)
{
    ENSURE(*count < TIES_MAX);
    ties[*count] = (struct country_tie){unit, other};
    (*count)++;
}

static void
add_bodies(struct maker *maker, const struct home *home, const struct body *body)
{
    unsigned more = body->count[home->tier].more;
    unsigned count =
        body->count[home->tier].least + (more == 0 ? 0 : country_roll(&maker->dice, more));

    for (unsigned i = 0; i < count; i++) {
        struct str name =
            str_format(maker->arena, "%s %u (%.*s)", body->title, i + 1, STR_ARG(home->place));
        struct unit_import_row *row = add(maker, home, body->kind, body->type, name);
        row->unit.jop = body->is_jop ? str_of(jop_of[home->tier]) : STR("");
        if (home->cuw.size > 0 && body == &bodies[SCHOOL]) {
            tie(maker->services, &maker->service_count, row->unit.regon, home->cuw);
        }
    }
}

/* The first two schools became one. */
static void
merge_schools(struct maker *maker, const struct home *home, size_t first)
{
    struct str name = str_format(maker->arena, "ZESPÓŁ SZKOLNY (%.*s)", STR_ARG(home->place));
    struct unit_import_row *merged = add(maker, home, "jednostka-budzetowa", "JB", name);

    merged->unit.valid_from = country_merger_day;
    for (size_t i = first; i < first + 2; i++) {
        maker->rows[i].unit.valid_to = last_day_before;
        tie(maker->successions, &maker->succession_count, maker->rows[i].unit.regon,
            merged->unit.regon);
    }
}

static void
add_home(struct maker *maker, struct home *home, const char *title, const char *rio)
{
    bool has_schools = home->tier == GMINA || home->tier == CITY;
    bool has_cuw = home->tier == CITY || (home->tier == GMINA && maker->jst_count % CUW_EVERY == 0);

    home->place = country_place(maker->arena, &maker->dice);
    struct unit_import_row *jst =
        add(maker, home, home->tier == ZWIAZEK ? "zwiazek" : "jst", "ZB-TEST",
            str_format(maker->arena, "%s %.*s", title, STR_ARG(home->place)));
    jst->parent = STR("");
    jst->offices = str_format(maker->arena, "dysponent-%.*s %s", STR_ARG(home->unit.wk), rio);
    home->unit.regon = jst->unit.regon;
    (void)add(maker, home, "urzad", "JB",
              str_format(maker->arena, "URZĄD (%.*s)", STR_ARG(home->place)));
    (void)add(maker, home, "organ", "ORGAN-TEST",
              str_format(maker->arena, "ORGAN (%.*s)", STR_ARG(home->place)));
    home->cuw =
        has_cuw
            ? add(maker, home, "cuw", "JB",
                  str_format(maker->arena, "CENTRUM USŁUG WSPÓLNYCH (%.*s)", STR_ARG(home->place)))
                  ->unit.regon
            : STR("");
    size_t first = maker->row_count;
    for (size_t i = 0; i < ARRAY_COUNT(bodies); i++) {
        add_bodies(maker, home, &bodies[i]);
    }
    if (has_schools && maker->jst_count % MERGER_EVERY == 0) {
        merge_schools(maker, home, first);
    }
    maker->jst_count++;
}

static struct home
home_at(struct maker *maker, enum tier tier, const char *wk, int pk, int gk)
{
    static const char *const pts[TIERS] = {
        [GMINA] = "0", [CITY] = "2", [POWIAT] = "1", [REGION] = "3", [ZWIAZEK] = "7"};
    struct home home = {.tier = tier};

    home.unit.wk = str_of(wk);
    home.unit.pk = str_format(maker->arena, "%02d", pk);
    home.unit.gk = str_format(maker->arena, "%02d", gk);
    home.unit.gt = STR("0");
    home.unit.pt = str_of(pts[tier]);
    maker->starved = maker->starved || home.unit.pk.data == NULL || home.unit.gk.data == NULL;
    return home;
}

/* Six in ten are rural, three mixed, one urban. */
static void
add_gmina(struct maker *maker, size_t region, int number)
{
    static const char *const types[] = {"1", "2", "2", "2", "2", "2", "2", "3", "3", "3"};
    int                      powiaty = regions[region].powiaty;
    struct home              home =
        home_at(maker, GMINA, regions[region].wk, number % powiaty + 1, number / powiaty + 1);

    home.unit.gt = str_of(types[country_roll(&maker->dice, ARRAY_COUNT(types))]);
    add_home(maker, &home, "GMINA", regions[region].rio);
}

static void
add_region(struct maker *maker, size_t region)
{
    const char *wk = regions[region].wk;
    const char *rio = regions[region].rio;
    struct home home = home_at(maker, REGION, wk, 0, 0);

    add_home(maker, &home, "WOJEWÓDZTWO", rio);
    for (int i = 0; i < regions[region].powiaty; i++) {
        home = home_at(maker, POWIAT, wk, i + 1, 0);
        add_home(maker, &home, "POWIAT", rio);
    }
    for (int i = 0; i < regions[region].cities; i++) {
        home = home_at(maker, CITY, wk, CITY_PK_FIRST + i, 0);
        add_home(maker, &home, "MIASTO", rio);
    }
    for (int i = 0; i < regions[region].gminy; i++) {
        add_gmina(maker, region, i);
    }
    /* A związek sits in a gmina and shares its first three codes. */
    for (int i = 0; i < COUNTRY_ZWIAZKI / COUNTRY_WOJEWODZTWA; i++) {
        home = home_at(maker, ZWIAZEK, wk, i % regions[region].powiaty + 1, 1);
        home.unit.gt = STR("Z");
        home.unit.pt = i < regions[region].powiaty ? STR("7") : STR("8");
        add_home(maker, &home, "ZWIĄZEK", rio);
    }
}

enum err
country_make(struct arena *arena, uint64_t seed, struct country *out, struct fault *fault)
{
    struct maker maker = {
        .arena = arena,
        .dice = {seed},
        .series = (unsigned)(seed % COUNTRY_SERIES),
        .rows = ARENA_NEW(arena, struct unit_import_row, ROWS_MAX),
        .services = ARENA_NEW(arena, struct country_tie, TIES_MAX),
        .successions = ARENA_NEW(arena, struct country_tie, TIES_MAX),
    };

    if (maker.rows == NULL || maker.services == NULL || maker.successions == NULL) {
        return FAIL(fault, ERR_MEMORY, "a country");
    }
    for (size_t region = 0; region < COUNTRY_WOJEWODZTWA && !maker.starved; region++) {
        add_region(&maker, region);
    }
    if (maker.starved) {
        return FAIL(fault, ERR_MEMORY, "a country");
    }
    *out = (struct country){maker.rows,          maker.row_count,   maker.services,
                            maker.service_count, maker.successions, maker.succession_count};
    return ERR_OK;
}
