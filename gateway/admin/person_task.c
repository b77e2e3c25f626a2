#include "gateway/admin/admin.h"
#include "gateway/people/account.h"
#include "gateway/people/invitation.h"

#include <stdio.h>

enum { REASON_SIZE_MAX = 1000, DAY_SIZE_MAX = 40 };

/* Where this role is held, and what it is called: "unit", "office" or "gateway". */
static enum err
read_role(struct admin *admin, struct str *held_at, struct str *title, struct fault *fault)
{
    static const char sql[] =
        "SELECT (SELECT held_at FROM people.role WHERE role = $1),"
        " (SELECT title FROM people.role WHERE role = $1),"
        " string_agg(role || ' (' || title || ')', ', ' ORDER BY held_at DESC, role)"
        " FROM people.role";
    struct str              role = admin->options.values[OPTION_ROLE];
    struct store_parameters parameters = store_parameters_create(admin->arena);
    struct store_rows       rows = {0};

    store_put_text(&parameters, role);
    TRY(store_run(admin->store, sql, &parameters, admin->arena, &rows, fault));
    if (store_is_null(&rows, 0, 0)) {
        return FAIL(fault, ERR_USAGE, "--role: roli „%.*s” nie ma; role: %.*s",
                    STR_ARG(str_slice(role, 0, 40)), STR_ARG(store_text(&rows, 0, 2)));
    }
    *held_at = store_text(&rows, 0, 0);
    *title = store_text(&rows, 0, 1);
    return ERR_OK;
}

/* A role is held in a unit, in an office or for the whole gateway, and nowhere else. */
static enum err
check_place(struct admin *admin, struct fault *fault)
{
    static const struct {
        struct str  held_at;
        bool        unit;
        bool        office;
        const char *cure;
    } places[] = {
        {STR_INIT("unit"),    true,  false, "w jednostce: podaj --unit REGON, bez --office"},
        {STR_INIT("office"),  false, true,  "w urzędzie: podaj --office KOD, bez --unit"  },
        {STR_INIT("gateway"), false, false, "w całej bramie: bez --unit i bez --office"   },
    };
    const struct str *values = admin->options.values;
    struct str        held_at = {0};
    struct str        title = {0};

    TRY(read_role(admin, &held_at, &title, fault));
    for (size_t i = 0; i < ARRAY_COUNT(places); i++) {
        bool fits = (values[OPTION_UNIT].data != NULL) == places[i].unit
                    && (values[OPTION_OFFICE].data != NULL) == places[i].office;
        if (str_equal(held_at, places[i].held_at) && !fits) {
            return FAIL(fault, ERR_USAGE, "rolę %.*s (%.*s) nadaje się %s",
                        STR_ARG(values[OPTION_ROLE]), STR_ARG(title), places[i].cure);
        }
    }
    return ERR_OK;
}

static enum err
check_office(struct admin *admin, struct str office, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(admin->arena);
    struct store_rows       rows = {0};

    store_put_text(&parameters, office);
    TRY(store_run(admin->store, "SELECT 1 FROM registry.office WHERE office = $1", &parameters,
                  admin->arena, &rows, fault));
    if (office.data != NULL && store_row_count(&rows) == 0) {
        return FAIL(fault, ERR_DENIED,
                    "urzędu „%.*s” nie ma w rejestrze; kody podaje brama admin office list",
                    STR_ARG(str_slice(office, 0, 40)));
    }
    return ERR_OK;
}

/* The role, and where it is held: a unit by its REGON, an office by its code, or nowhere. */
static enum err
read_place(struct admin *admin, struct invitation *out, struct fault *fault)
{
    const struct str    *values = admin->options.values;
    struct registry_unit unit = {0};

    TRY(check_place(admin, fault));
    TRY(check_office(admin, values[OPTION_OFFICE], fault));
    if (values[OPTION_UNIT].data != NULL) {
        TRY(admin_find_unit(admin, values[OPTION_UNIT], &unit, fault));
    }
    out->role = values[OPTION_ROLE];
    out->unit = unit.unit;
    out->office = values[OPTION_OFFICE];
    return ERR_OK;
}

/*
 * The secret of a link alone on stdout, so that a script can keep it; it is stored nowhere. Where
 * it is opened, and until when, is for the one who reads.
 */
static void
give(struct admin *admin, struct str token, const char *page, instant until, const char *more)
{
    struct buf last_day = buf_create(admin->arena, DAY_SIZE_MAX);
    struct str url = admin->public_url.size > 0 ? admin->public_url : STR("ADRES-BRAMY");

    date_write_polish(&last_day, moment_warsaw_date(until / INSTANT_PER_SECOND));
    buf_append(&admin->out, token);
    buf_byte(&admin->out, '\n');
    (void)fprintf(
        stderr,
        "Otwiera się pod adresem %.*s/%s#TOKEN (TOKEN to wiersz, który stoi sam), raz, do "
        "%.*s Nie da się go pokazać ponownie.%s\n",
        STR_ARG(url), page, STR_ARG(buf_str(&last_day)), more);
}

/* The moment at which a link that is made now ends; by the clock of the database. */
static enum err
read_end(struct admin *admin, instant *out, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(admin->arena);
    struct store_rows       rows = {0};

    store_put_integer(&parameters, INVITATION_DAYS);
    TRY(store_run(admin->store, "SELECT now() + make_interval(days => $1)", &parameters,
                  admin->arena, &rows, fault));
    *out = store_instant(&rows, 0, 0);
    return ERR_OK;
}

enum err
person_task_invite(struct admin *admin, struct fault *fault)
{
    const struct str *values = admin->options.values;
    struct invitation invitation = {0};
    struct str        token = {0};
    instant           now = 0;
    instant           until = 0;

    TRY(admin_options_need(&admin->options, OPTION_EMAIL, fault));
    TRY(admin_options_need(&admin->options, OPTION_NAME, fault));
    TRY(admin_options_need(&admin->options, OPTION_ROLE, fault));
    TRY(read_place(admin, &invitation, fault));
    TRY(admin_now(admin, &now, fault));
    invitation.email = values[OPTION_EMAIL];
    invitation.name = values[OPTION_NAME];
    invitation.valid_from = moment_warsaw_date(now / INSTANT_PER_SECOND);
    TRY(invitation_make(admin->store, admin->arena, &invitation, &invitation.invitation, &token,
                        fault));
    TRY(read_end(admin, &until, fault));
    give(admin, token, "zaproszenie", until, "");
    return ERR_OK;
}

enum err
person_task_restore(struct admin *admin, struct fault *fault)
{
    const struct str   *values = admin->options.values;
    struct account_help help = {.email = values[OPTION_EMAIL],
                                .operator= values[OPTION_BY],
                                .reason = values[OPTION_BASIS]};
    struct str          token = {0};
    instant             until = 0;

    TRY(admin_options_need(&admin->options, OPTION_EMAIL, fault));
    TRY(admin_options_need(&admin->options, OPTION_BY, fault));
    TRY(admin_options_need(&admin->options, OPTION_BASIS, fault));
    if (str_trim(help.operator).size == 0 || str_trim(help.reason).size == 0
        || help.reason.size > REASON_SIZE_MAX) {
        return FAIL(fault, ERR_USAGE,
                    "--by: podaj, kto przywraca dostęp; --basis: dlaczego i jak sprawdzono, kto o "
                    "to prosi (najwyżej %d bajtów)",
                    REASON_SIZE_MAX);
    }
    TRY(account_help(admin->store, admin->arena, &help, &token, fault));
    if (token.size == 0) {
        return FAIL(fault, ERR_DENIED,
                    "Z adresem „%.*s” nikt się jeszcze nie logował, albo konto jest zamknięte; "
                    "nową osobę zaprasza person invite",
                    STR_ARG(str_slice(help.email, 0, 40)));
    }
    TRY(read_end(admin, &until, fault));
    give(admin, token, "powrot", until,
         " Użycie go kończy wszystko, czym ta osoba logowała się dotąd.");
    return ERR_OK;
}
