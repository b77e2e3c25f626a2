#include "gateway/cli/rules_backtest_command.h"

#include "gateway/admin/admin.h"
#include "gateway/backtest/backtest.h"
#include "gateway/cli/exit_code.h"
#include "gateway/cli/screen.h"
#include "gateway/release/release.h"

#include <string.h>

#define MEMORY_MAX ((size_t)3 << 30U)
#define BIT(option) ADMIN_OPTION(OPTION_##option)

static const char help[] =
    "Użycie: brama rules backtest --rules KATALOG --from DZIEŃ --to DZIEŃ [--format "
    "text|csv|json]\n"
    "\n"
    "Rozstrzyga na próbę wszystko, co wpłynęło od DNIA do DNIA włącznie: regułami, które "
    "obowiązują\n"
    "teraz (wyłączone pomija), i definicjami z katalogu (niczego nie pomija). Wypisuje, ile\n"
    "sprawozdań szkic by zatrzymał, a ile z zatrzymanych przepuścił: według formularza, rodzaju\n"
    "jednostki i województwa oraz według kodu. Nikogo nie wymienia i niczego nie zmienia.\n"
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
open_snapshot(struct admin *admin, struct fault *fault)
{
    struct store_address address = {0};

    TRY(admin_address(admin, &address, fault));
    TRY(store_open(admin->arena, &address, STORE_ADMIN, &admin->store, fault));
    TRY(store_begin(admin->store, fault));
    return store_script(admin->store, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
                        fault);
}

/* The definitions in force now: of a release, or those built in. */
static enum err
load_before(struct admin *admin, struct definitions *out, struct fault *fault)
{
    struct release release = {0};
    struct str     bytes = {0};

    TRY(release_now(admin->store, admin->arena, &release, fault));
    if (release.release == 0) {
        return definitions_load(admin->arena, NULL, out, fault);
    }
    TRY(release_bundle(admin->store, admin->arena, release.sha256, &bytes, fault));
    return definitions_load_bundle(admin->arena, bytes, out, fault);
}

static enum err
run(struct admin *admin, struct screen *screen, struct fault *fault)
{
    struct definitions      before = {0};
    struct definitions      after = {0};
    struct backtest_request request = {.before = &before, .after = &after};
    struct backtest_tally   tally = {0};
    const struct output    *output = &outputs[0];

    TRY(admin_options_need(&admin->options, OPTION_RULES, fault));
    TRY(read_span(admin, &request, fault));
    TRY(find_output(admin, &output, fault));
    TRY(definitions_load(admin->arena, admin->options.values[OPTION_RULES].data, &after, fault));
    TRY(open_snapshot(admin, fault));
    TRY(load_before(admin, &before, fault));
    TRY(backtest_tally_create(admin->arena, &tally, fault));
    TRY(backtest_run(admin->store, &request, &tally, fault));
    output->write(&screen->out, &tally);
    return ERR_OK;
}

static int
exit_code_of(enum err got)
{
    if (got == ERR_USAGE) {
        return EXIT_USAGE;
    }
    if (got == ERR_FILE || got == ERR_CONFIG) {
        return EXIT_UNREADABLE;
    }
    return got == ERR_STORE_LOST || got == ERR_STORE_CONFLICT ? EXIT_UNAVAILABLE
                                                              : EXIT_NOT_ACCEPTED;
}

static bool
asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            return true;
        }
    }
    return false;
}

static int
answer(struct admin *admin, int argc, char **argv, struct screen *screen)
{
    const uint64_t known =
        BIT(CONFIG) | BIT(DATABASE) | BIT(RULES) | BIT(FROM) | BIT(TO) | BIT(FORMAT);
    struct fault fault = {0};

    enum err got = admin_options_read(argc - 2, argv + 2, known, false, &admin->options, &fault);
    if (got == ERR_OK) {
        got = run(admin, screen, &fault);
    }
    if (got == ERR_OK) {
        return EXIT_ACCEPTED;
    }
    screen_complain(STR("backtest"), fault.text);
    return exit_code_of(got);
}

int
rules_backtest_command(int argc, char **argv)
{
    struct admin  admin = {.arena = arena_create(MEMORY_MAX)};
    struct screen screen = screen_create(admin.arena, SCREEN_COLOUR_NEVER);
    int           code = EXIT_ACCEPTED;

    if (asks_for_help(argc, argv)) {
        buf_append(&screen.out, str_of(help));
    } else {
        code = answer(&admin, argc, argv, &screen);
    }
    if (!screen_flush(&screen)) {
        code = EXIT_UNREADABLE;
    }
    arena_destroy(admin.arena);
    return code;
}
