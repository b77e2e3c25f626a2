#include "gateway/cli/rules_backtest_command.h"

#include "gateway/backtest/backtest_sets.h"
#include "gateway/cli/operator_command.h"

#define BIT(option) ADMIN_OPTION(OPTION_##option)

static const char help[] =
    "Użycie: brama rules backtest --rules KATALOG --from DZIEŃ --to DZIEŃ [--format "
    "text|csv|json]\n"
    "\n"
    "Rozstrzyga na próbę wszystko, co wpłynęło od DNIA do DNIA włącznie: regułami, które "
    "obowiązują\n"
    "teraz (wyłączone pomija), i definicjami z katalogu (niczego nie pomija). Wypisuje, ile\n"
    "sprawozdań szkic by zatrzymał, a ile z zatrzymanych przepuścił: według formularza, rodzaju\n"
    "jednostki i województwa oraz według kodu. Kwot spoza sprawozdań (ogłoszonych, z planu, "
    "sprzed\n"
    "roku) nie zna, więc reguł, które je czytają, nie liczy.\n"
    "\n"
    "Porównuje też zestawy, w których są obowiązujące sprawozdania z tych dni: obecne "
    "sprawozdania\n"
    "JST albo jednostki za okres, regułami i szkicem. Każda reguła między sprawozdaniami mówi, w "
    "ilu\n"
    "zestawach jest zgodna, pyta, ostrzega, jest na próbę, czeka na sprawozdanie, nie ma czego\n"
    "porównać albo nie dała się obliczyć; nowe, ustające i niezmienione niezgodności są też "
    "według\n"
    "obciążonego formularza, rodzaju JST i województwa. Osobno: ile sprawozdań zatrzymałoby\n"
    "strict=true. To stan na dziś: co było w zestawie i na co czekał w chwili złożenia, nie "
    "wiadomo.\n"
    "Zestawy późniejszych okresów, które do tych sprawozdań wracają, nie są porównywane.\n"
    "\n"
    "Nikogo nie wymienia i niczego nie zmienia.\n"
    "Działa u operatora bramy, z --database albo --config.\n"
    "\n"
    "Przykład:\n"
    "  brama rules backtest --rules ./schemas --from 2026-07-01 --to 2026-07-31 --format csv\n"
    "\n"
    "Kody wyjścia: 0 zrobione, 1 szkicu nie da się użyć, 2 wywołanie jest błędne, 3 katalogu albo\n"
    "pliku nie da się odczytać, 5 baza danych jest nieosiągalna.\n";

static const struct output {
    const char *name;
    void (*write)(struct buf *out, const struct backtest_tally *tally);
} outputs[] = {
    {"text", backtest_tally_write_text},
    {"csv",  backtest_tally_write_csv },
    {"json", backtest_tally_write_json},
};

static enum err
find_output(const struct admin *admin, const struct output **out, struct fault *fault)
{
    struct str wanted = admin->options.values[OPTION_FORMAT];

    for (size_t i = 0; i < ARRAY_COUNT(outputs); i++) {
        if (wanted.data == NULL || str_equal(wanted, str_of(outputs[i].name))) {
            *out = &outputs[i];
            return ERR_OK;
        }
    }
    return FAIL(fault, ERR_USAGE, "--format ma być text, csv albo json");
}

static enum err
read_span(const struct admin *admin, struct backtest_request *out, struct fault *fault)
{
    struct date from = {0};
    struct date to = {0};

    TRY(admin_options_need(&admin->options, OPTION_FROM, fault));
    TRY(admin_options_need(&admin->options, OPTION_TO, fault));
    TRY(admin_date(admin, OPTION_FROM, &from, fault));
    TRY(admin_date(admin, OPTION_TO, &to, fault));
    if (date_compare(to, from) < 0) {
        return FAIL(fault, ERR_USAGE, "--to jest przed --from");
    }
    out->from = admin_begin_of(from);
    out->to = admin_begin_of(date_of_days(date_days(to) + 1));
    return ERR_OK;
}

static enum err
run(struct operator_turn *turn, struct fault *fault)
{
    struct admin           *admin = &turn->admin;
    struct definitions      before = {0};
    struct definitions      after = {0};
    struct backtest_request request = {.before = &before, .after = &after};
    struct backtest_tally   tally = {0};
    const struct output    *output = &outputs[0];

    TRY(admin_options_need(&admin->options, OPTION_RULES, fault));
    TRY(read_span(admin, &request, fault));
    TRY(find_output(admin, &output, fault));
    TRY(definitions_load(admin->arena, admin->options.values[OPTION_RULES].data, &after, fault));
    TRY(operator_command_snapshot(turn, fault));
    TRY(admin_definitions(admin, &before, fault));
    TRY(backtest_tally_create(admin->arena, &tally, fault));
    TRY(backtest_run(admin->store, &request, &tally, fault));
    TRY(backtest_sets_run(admin->store, &request, &tally, fault));
    output->write(&turn->screen->out, &tally);
    return ERR_OK;
}

int
rules_backtest_command(int argc, char **argv)
{
    static const struct operator_command command = {
        .help = help,
        .about = STR_INIT("backtest"),
        .words = 2,
        .options = BIT(RULES) | BIT(FROM) | BIT(TO) | BIT(FORMAT),
        .run = run,
    };

    return operator_command_run(&command, argc, argv);
}
