#include "gateway/admin/published.h"
#include "gateway/reference/plausibility.h"

enum { REGON, CHAPTER, PARAGRAPH, AMOUNT, FIELDS };

static const char *const columns[FIELDS] = {"regon", "rozdzial", "paragraf", "kwota"};

/* What a list may speak of, and when. */
#define POSITIONS STR("kwoty-kontrolne")

/* The quarter that has ended last: its reports are coming in. */
static enum err
last_period(struct admin *admin, const struct catalogue *catalogue, struct period *out,
            struct fault *fault)
{
    struct date today = {0};

    TRY(admin_today(admin, &today, fault));
    int        quarter = (today.month - 1) / 3;
    struct str year = str_format(admin->arena, "%d", quarter == 0 ? today.year - 1 : today.year);
    struct str number = str_format(admin->arena, "%d", quarter == 0 ? 4 : quarter);
    return catalogue_period(catalogue, year, STR("Kwartal"), number, out)
               ? ERR_OK
               : FAIL(fault, ERR_USAGE, "there is no quarter before %d-%d", today.year,
                      today.month);
}

/* What may be spoken of on the last day of the period. */
struct spoken {
    const struct dictionary *positions;
    struct date              on;
};

static enum err
read_row(struct arena *arena, const void *about, const struct str *fields, struct control_row *out,
         struct fault *fault)
{
    const struct spoken *spoken = about;
    bool                 chapter = fields[CHAPTER].size > 0;
    struct str           key = chapter ? str_format(arena, "%.*s %.*s", STR_ARG(fields[CHAPTER]),
                                                    STR_ARG(fields[PARAGRAPH]))
                                       : fields[PARAGRAPH];

    if (key.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "a row of a list");
    }
    if (dictionary_find(spoken->positions, key, spoken->on) == NULL) {
        return FAIL(fault, ERR_SYNTAX,
                    "„%.*s” nie ma w słowniku kwot kontrolnych na ostatni dzień okresu",
                    STR_ARG(str_slice(key, 0, 40)));
    }
    TRY(published_amount(fields[AMOUNT], &out->amount, fault));
    out->regon = fields[REGON];
    out->form = STR("RB27S");
    out->field = STR("DW");
    out->by = chapter ? STR("Rozdzial Paragraf") : STR("Paragraf");
    out->key = key;
    return ERR_OK;
}

enum err
figure_task_control(struct admin *admin, struct fault *fault)
{
    struct definitions definitions = {0};
    struct period      period = {0};
    struct published   list = {.kind = CONTROL_HANDED_OVER, .period = &period};

    TRY(published_begin(admin, &definitions, &period, fault));
    const struct dictionary *positions = catalogue_dictionary(definitions.catalogue, POSITIONS);
    if (positions == NULL) {
        return FAIL(fault, ERR_CATALOGUE, "there is no dictionary %.*s", STR_ARG(POSITIONS));
    }
    const struct spoken         spoken = {.positions = positions, .on = period.end};
    const struct published_file file = {columns, FIELDS, read_row, &spoken};
    TRY(published_read(admin, &file, &list, fault));
    return published_enter(admin, &list, fault);
}

enum err
figure_task_plausibility(struct admin *admin, struct fault *fault)
{
    struct definitions         definitions = {0};
    struct period              period = {0};
    struct plausibility_counts counts = {0};
    struct str                 by = admin->options.values[OPTION_BY];

    TRY(admin_definitions(admin, &definitions, fault));
    TRY(admin->options.values[OPTION_PERIOD].data == NULL
            ? last_period(admin, definitions.catalogue, &period, fault)
            : published_period(admin, definitions.catalogue, &period, fault));
    const struct plausibility_wish wish = {.catalogue = definitions.catalogue,
                                           .period = &period,
                                           .by = by.data == NULL ? STR("brama admin") : by};
    TRY(plausibility_make(admin->store, admin->arena, &wish, &counts, fault));
    buf_format(&admin->out, "kwoty jednostek\t%lld\nkwoty rodzajów jednostek\t%lld\n",
               (long long)counts.units, (long long)counts.peers);
    if (!counts.is_new || admin->options.values[OPTION_DRY_RUN].data != NULL) {
        admin->end = ADMIN_LOOK;
        buf_append(&admin->out, counts.is_new
                                    ? STR("To była próba: nie zapisano niczego\n")
                                    : STR("Takie samo wydanie już obowiązuje; nie zapisano "
                                          "niczego\n"));
        return ERR_OK;
    }
    buf_format(&admin->out, "Zapisano jako wydanie %lld\n", (long long)counts.edition);
    return ERR_OK;
}
