#include "gateway/admin/admin_command.h"

#include "gateway/admin/admin.h"
#include "gateway/admin/admin_help.h"
#include "gateway/registry/event.h"

#include <stdio.h>
#include <string.h>

#define MEMORY_MAX ((size_t)512 * 1024 * 1024)
#define OUTPUT_MAX ((size_t)128 * 1024 * 1024)

enum { DONE = 0, REFUSED = 1, USAGE = 2, UNREADABLE = 3, UNREACHABLE = 5 };

#define BIT(option) ADMIN_OPTION(OPTION_##option)

/* clang-format off */
static const struct {
    const char *noun;
    const char *verb;
    admin_task *run;
    uint64_t    options; /* beside those of the connection */
    bool        argument;
} tasks[] = {
    {"unit", "add", unit_task_add, BIT(REGON) | BIT(NIP) | BIT(CODES) | BIT(TYPE) | BIT(KIND)
        | BIT(NAME) | BIT(JOP) | BIT(PARENT) | BIT(FROM) | BIT(TO) | BIT(BASIS), false},
    {"unit", "list", unit_task_list, 0, false},
    {"unit", "kinds", unit_task_kinds, 0, false},
    {"unit", "show", unit_show_task, BIT(AT), true},
    {"unit", "change", unit_event_task_change, BIT(NIP) | BIT(CODES) | BIT(TYPE) | BIT(KIND) | BIT(NAME)
        | BIT(JOP) | BIT(FROM) | BIT(BASIS), true},
    {"unit", "move", unit_event_task_move, BIT(PARENT) | BIT(FROM) | BIT(BASIS), true},
    {"unit", "close", unit_task_close, BIT(TO) | BIT(BASIS), true},
    {"unit", "serve", unit_event_task_serve, BIT(BY) | BIT(FROM) | BIT(TO) | BIT(BASIS), true},
    {"unit", "release", unit_event_task_release, BIT(BY) | BIT(TO) | BIT(BASIS), true},
    {"unit", "succeed", unit_event_task_succeed, BIT(BY) | BIT(KIND) | BIT(FROM) | BIT(BASIS), true},
    {"unit", "assign", unit_event_task_assign, BIT(OFFICE) | BIT(FROM) | BIT(TO) | BIT(BASIS), true},
    {"unit", "unassign", unit_event_task_unassign, BIT(OFFICE) | BIT(TO) | BIT(BASIS), true},
    {"unit", "import", unit_import_task, BIT(FROM) | BIT(BASIS) | BIT(DRY_RUN), true},
    {"unit", "export", unit_import_task_export, 0, false},
    {"office", "list", office_task_list, 0, false},
    {"office", "add", office_task_add, BIT(KIND) | BIT(NAME) | BIT(BASIS), true},
    {"trait", "kinds", trait_task_kinds, 0, false},
    {"trait", "list", trait_task_list, BIT(UNIT), false},
    {"trait", "add", trait_task_add, BIT(TRAIT) | BIT(OFFICE) | BIT(FROM) | BIT(TO) | BIT(BASIS), true},
    {"trait", "end", trait_task_end, BIT(TRAIT) | BIT(OFFICE) | BIT(TO) | BIT(BASIS), true},
    {"trait", "import", trait_task_import, BIT(BASIS) | BIT(DRY_RUN), true},
    {"token", "create", token_task_create, BIT(UNIT) | BIT(LABEL) | BIT(EXPIRES) | BIT(SCOPES), false},
    {"token", "list", token_task_list, BIT(UNIT), false},
    {"token", "revoke", token_task_revoke, 0, true},
    {"cert", "bind", cert_task_bind, BIT(UNIT) | BIT(LABEL) | BIT(EXPIRES) | BIT(SCOPES), true},
    {"cert", "list", cert_task_list, BIT(UNIT), false},
    {"cert", "revoke", cert_task_revoke, 0, true},
    {"person", "invite", person_task_invite, BIT(EMAIL) | BIT(NAME) | BIT(ROLE) | BIT(UNIT)
        | BIT(OFFICE), false},
    {"person", "restore", person_task_restore, BIT(EMAIL) | BIT(BY) | BIT(BASIS), false},
    {"clock", "show", clock_task_show, 0, false},
    {"clock", "set", clock_task_set, 0, true},
    {"clock", "reset", clock_task_reset, 0, false},
    {"submission", "list", submission_task_list, BIT(PARKED), false},
    {"submission", "retry", submission_task_retry, BIT(ALL_PARKED) | BIT(DRY_RUN), true},
    {"obligations", "generate", obligation_task_generate, BIT(PERIOD) | BIT(DRY_RUN) | BIT(BY),
        false},
    {"obligations", "exempt", obligation_task_exempt, BIT(UNIT) | BIT(FORM) | BIT(FROM) | BIT(TO)
        | BIT(BASIS) | BIT(BY), false},
    {"obligations", "nothing", obligation_task_nothing, BIT(UNIT) | BIT(FORM) | BIT(PERIOD)
        | BIT(LEVEL) | BIT(VARIANT) | BIT(BASIS) | BIT(BY), false},
    {"obligations", "elsewhere", obligation_task_elsewhere, BIT(UNIT) | BIT(FORM) | BIT(PERIOD)
        | BIT(LEVEL) | BIT(VARIANT) | BIT(ON) | BIT(PLACE) | BIT(BASIS) | BIT(BY), false},
    {"obligations", "internal-due", obligation_task_internal, BIT(UNIT) | BIT(FORM) | BIT(PERIOD)
        | BIT(ON) | BIT(BASIS) | BIT(BY), false},
    {"obligations", "outage", obligation_task_outage, BIT(FROM) | BIT(TO) | BIT(DESCRIPTION)
        | BIT(EVIDENCE) | BIT(BY), true},
    {"obligations", "revoke", obligation_task_revoke, BIT(BASIS) | BIT(BY), true},
    {"control-amounts", "import", figure_task_control, BIT(PERIOD) | BIT(BY) | BIT(BASIS) | BIT(DRY_RUN),
        true},
    {"plan", "import", plan_task_import, BIT(PERIOD) | BIT(BY) | BIT(BASIS) | BIT(DRY_RUN), true},
    {"plausibility", "", figure_task_plausibility, BIT(PERIOD) | BIT(BY) | BIT(DRY_RUN), false},
    {"correction", "list", correction_task_list, 0, false},
    {"objection", "list", objection_task_list, BIT(OPEN), false},
    {"objection", "answer", objection_task_answer, BIT(DECISION) | BIT(REMEDY) | BIT(RELEASE)
        | BIT(REASON) | BIT(ALIKE), true},
    {"mail", "status", mail_task_status, 0, false},
    {"mail", "list", mail_task_list, 0, false},
    {"mail", "test", mail_task_test, 0, true},
    {"mail", "retry", mail_task_retry, 0, false},
    {"mail", "mute", mail_task_mute, BIT(KIND), true},
    {"mail", "unmute", mail_task_unmute, BIT(KIND), true},
    {"webhook", "add", webhook_task_add, BIT(UNIT) | BIT(URL) | BIT(EVENTS) | BIT(LABEL), false},
    {"webhook", "list", webhook_task_list, 0, false},
    {"webhook", "remove", webhook_task_remove, 0, true},
    {"webhook", "enable", webhook_task_enable, 0, true},
    {"webhook", "log", webhook_task_log, 0, true},
    {"webhook", "redeliver", webhook_task_redeliver, 0, true},
    {"demo", "", demo_task_load, 0, false},
    {"demo-country", "", country_task_load, BIT(SEED) | BIT(ADD), false},
};
/* clang-format on */

/* What the registry refuses is no fault of the call: that is ERR_DENIED. */
static int
exit_code_of(enum err got)
{
    if (got == ERR_USAGE) {
        return USAGE;
    }
    if (got == ERR_FILE || got == ERR_CONFIG) {
        return UNREADABLE;
    }
    return got == ERR_STORE_LOST || got == ERR_STORE_CONFLICT ? UNREACHABLE : REFUSED;
}

/* What stands before the database's own words, which are English; "" before words of ours. */
static const char *
introduction(enum err code)
{
    switch (code) {
    case ERR_STORE_LOST:
        return "baza danych jest nieosiągalna; sprawdź, czy działa i czy adres jest właściwy. "
               "Szczegóły: ";
    case ERR_STORE_UNCERTAIN:
        return "nie wiadomo, czy baza danych to zapisała: wypisz i porównaj. Szczegóły: ";
    case ERR_STORE_CONFLICT:
        return "w tej samej chwili zapisywał ktoś inny; powtórz polecenie. Szczegóły: ";
    case ERR_STORE:
        return "baza danych odmówiła. Szczegóły: ";
    default:
        return "";
    }
}

static int
complain(size_t task, const struct fault *fault, int exit_code)
{
    (void)fprintf(stderr, "brama admin %s%s%s: %s%s\n", tasks[task].noun,
                  tasks[task].verb[0] == '\0' ? "" : " ", tasks[task].verb,
                  introduction(fault->code), fault->text);
    if (exit_code == USAGE) {
        (void)fputs("Sposób użycia pokaże „brama admin --help”.\n", stderr);
    }
    return exit_code;
}

/* Every change of the registry bears a name. */
static enum err
sign(struct admin *admin, struct fault *fault)
{
    struct str name = {0};

    TRY(admin_operator(admin, &name, fault));
    return event_sign(admin->store, admin->arena, name, admin->options.values[OPTION_BASIS], fault);
}

static enum err
finish(struct admin *admin, struct fault *fault)
{
    if (admin->end == ADMIN_COMMIT) {
        return store_commit(admin->store, fault);
    }
    store_rollback(admin->store);
    return ERR_OK;
}

/* The task as one transaction: what it prints is printed when it is committed, or was to be looked
 * at only. */
static enum err
run_task(struct admin *admin, size_t task, struct fault *fault)
{
    struct store_address address = {0};

    TRY(admin_address(admin, &address, fault));
    TRY(store_open(admin->arena, &address, STORE_ADMIN, &admin->store, fault));
    TRY(store_begin(admin->store, fault));
    TRY(sign(admin, fault));
    enum err got = tasks[task].run(admin, fault);
    if (got != ERR_OK) {
        store_rollback(admin->store);
        return got;
    }
    TRY(finish(admin, fault));
    if (!buf_ok(&admin->out)) {
        return FAIL(fault, ERR_MEMORY, "zrobione, ale wynik nie mieści się w pamięci");
    }
    (void)fwrite(admin->out.data, 1, admin->out.size, stdout);
    return ERR_OK;
}

static int
run(size_t task, int count, char **argv)
{
    uint64_t     known = tasks[task].options | BIT(CONFIG) | BIT(DATABASE) | BIT(OPERATOR);
    struct fault fault = {0};
    struct admin admin = {.arena = arena_create(MEMORY_MAX)};
    int          code = DONE;

    admin.out = buf_create(admin.arena, OUTPUT_MAX);
    enum err got =
        admin_options_read(count, argv, known, tasks[task].argument, &admin.options, &fault);
    if (got == ERR_OK && tasks[task].argument && admin.options.argument.data == NULL
        && admin.options.values[OPTION_ALL_PARKED].data == NULL) {
        got = FAIL(&fault, ERR_USAGE, "brakuje argumentu");
    }
    if (got != ERR_OK) {
        code = complain(task, &fault, USAGE);
    } else {
        got = run_task(&admin, task, &fault);
        code = got == ERR_OK ? (admin.end == ADMIN_REFUSE ? REFUSED : DONE)
                             : complain(task, &fault, exit_code_of(got));
    }
    arena_destroy(admin.arena);
    return code;
}

/* Whether there is such a task; verb NULL: any of the noun. */
static bool
is_task(const char *noun, const char *verb)
{
    for (size_t i = 0; i < ARRAY_COUNT(tasks); i++) {
        if (strcmp(tasks[i].noun, noun) == 0
            && (verb == NULL || strcmp(tasks[i].verb, verb) == 0)) {
            return true;
        }
    }
    return false;
}

static int
tell_unknown(void)
{
    (void)fputs("brama admin: nie ma takiego polecenia; zobacz: brama admin --help\n", stderr);
    return USAGE;
}

/* Of what stands before --help: of all, of a noun, or of one verb of it. */
static int
help(char **argv)
{
    const char *noun = argv[1][0] == '-' ? NULL : argv[1];
    bool        has_verb = noun != NULL && argv[2][0] != '-' && !is_task(noun, "");
    const char *verb = has_verb ? argv[2] : NULL;

    if (noun == NULL) {
        admin_help_write(stdout);
        return DONE;
    }
    if (!is_task(noun, verb)) {
        return tell_unknown();
    }
    admin_help_write_part(stdout, noun, verb);
    return DONE;
}

int
admin_command(int argc, char **argv)
{
    if (admin_options_ask_help(argc - 1, argv + 1)) {
        return help(argv);
    }
    if (argc < 2) {
        admin_help_write(stderr);
        return USAGE;
    }
    for (size_t i = 0; i < ARRAY_COUNT(tasks); i++) {
        int words = tasks[i].verb[0] == '\0' ? 1 : 2;
        if (argc > words && strcmp(argv[1], tasks[i].noun) == 0
            && (words == 1 || strcmp(argv[2], tasks[i].verb) == 0)) {
            return run(i, argc - words - 1, argv + words + 1);
        }
    }
    return tell_unknown();
}
