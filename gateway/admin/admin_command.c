#include "gateway/admin/admin_command.h"

#include "gateway/admin/admin.h"
#include "gateway/registry/event.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MEMORY_MAX ((size_t)512 * 1024 * 1024)
#define OUTPUT_MAX ((size_t)128 * 1024 * 1024)

enum { USER_ROOM = 4096 };

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
    {"correction", "list", correction_task_list, 0, false},
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

/* Two texts, because one string of the standard holds 4,095 bytes. */
static const char help_of_units[] =
    "Użycie: brama admin CO DZIAŁANIE [opcje]\n"
    "\n"
    "Rejestr jednostek:\n"
    "  unit add --regon REGON --codes WK/PK/GK/GT/PT --type TYP --kind RODZAJ --name NAZWA\n"
    "           [--nip NIP] [--jop 42|62|82] [--parent REGON] [--from DZIEŃ] [--to DZIEŃ]\n"
    "                          dopisz jednostkę (bez --from: od dziś); TYP jak w pliku\n"
    "                          sprawozdania, np. JB\n"
    "  unit list               wypisz jednostki\n"
    "  unit kinds              wypisz rodzaje jednostek (RODZAJ)\n"
    "  unit show REGON [--at DZIEŃ]\n"
    "                          jednostka, jaka była tego dnia, i wszystkie jej zmiany\n"
    "  unit import PLIK.csv [--dry-run] [--from DZIEŃ]\n"
    "                          dopisz, zmień i zamknij jednostki według pliku: wszystkie albo\n"
    "                          żadnej; zmiany obowiązują od DNIA (bez --from: od dziś); "
    "jednostek,\n"
    "                          których w pliku nie ma, nie rusza; z --dry-run tylko pokaż "
    "różnice;\n"
    "                          pierwszy wiersz pliku:\n"
    "                          "
    "regon;nip;wk;pk;gk;gt;pt;typ;rodzaj;nazwa;nadrzedna;od;do;jop;odbiorcy\n"
    "  unit export             wypisz cały rejestr w tej samej postaci\n"
    "  office list, office add KOD --kind RODZAJ --name NAZWA\n"
    "                          urzędy, do których sprawozdają JST\n"
    "\n"
    "Zdarzenia w rejestrze, zawsze z podstawą (--basis TEKST):\n"
    "  unit change REGON --from DZIEŃ [--name NAZWA] [--nip NIP] [--codes WK/PK/GK/GT/PT]\n"
    "              [--type TYP] [--kind RODZAJ] [--jop 42|62|82|\"\"]\n"
    "  unit move REGON --parent REGON --from DZIEŃ\n"
    "  unit close REGON --to DZIEŃ\n"
    "                          zamknij jednostkę z końcem dnia; ponownie: przesuń ten dzień;\n"
    "                          na nowo otwiera ją unit import z pustą kolumną „do”\n"
    "  unit serve REGON --by REGON --from DZIEŃ [--to DZIEŃ]\n"
    "                          jednostka --by (CUW) obsługuje ją, widzi i składa za nią\n"
    "  unit release REGON --by REGON --to DZIEŃ\n"
    "  unit succeed REGON --by REGON --kind merge|split|rename|new-regon|takeover --from DZIEŃ\n"
    "                          od tego dnia jej miejsce zajmuje --by; przy new-regon następca\n"
    "                          powstaje z jej danych\n"
    "  unit assign REGON --office KOD --from DZIEŃ [--to DZIEŃ]\n"
    "  unit unassign REGON --office KOD --to DZIEŃ\n"
    "\n"
    "Cechy jednostek: od nich zależy, kto składa Rb-34S, Rb-27ZZ, Rb-50 i Rb-28NWS:\n"
    "  trait kinds             wypisz cechy (CECHA)\n"
    "  trait list [--unit REGON]\n"
    "  trait add REGON --trait CECHA --from DZIEŃ --basis TEKST [--to DZIEŃ] [--office DYSPONENT]\n"
    "  trait end REGON --trait CECHA --to DZIEŃ --basis TEKST [--office DYSPONENT]\n"
    "  trait import PLIK.csv --basis TEKST [--dry-run]\n"
    "                          wpisz cechy według pliku: wszystkie albo żadną; czego w pliku nie\n"
    "                          ma, tego nie rusza; pierwszy wiersz pliku:\n"
    "                          regon;cecha;dysponent;od;do\n"
    "\n";

static const char help_of_others[] =
    "Uprawnienia do składania i czytania:\n"
    "  token create --unit REGON [--label OPIS] [--expires DZIEŃ] [--scopes ZAKRESY]\n"
    "                          utwórz token; pokaże się ten jeden raz. Zakresy po przecinku:\n"
    "                          submit, read, obligations (bez --scopes wszystkie trzy); albo samo\n"
    "                          feed: token do adresu kalendarza, który nic innego nie otwiera;\n"
    "                          registry:write daje sobie administrator JST (POST /api/v1/tokens),\n"
    "                          review:* jeszcze nie ma\n"
    "  cert bind PLIK.pem --unit REGON [--label OPIS] [--expires DZIEŃ] [--scopes ZAKRESY]\n"
    "                          powiąż certyfikat klienta z jednostką (bez --expires: do końca\n"
    "                          ważności certyfikatu)\n"
    "  token list, cert list [--unit REGON]\n"
    "  token revoke NUMER, cert revoke NUMER\n"
    "\n"
    "Ludzie:\n"
    "  person invite --email ADRES --name IMIĘ-I-NAZWISKO --role ROLA [--unit REGON | --office "
    "KOD]\n"
    "                          zaproś pierwsze osoby; resztę zapraszają one same\n"
    "  person restore --email ADRES --by KTO --basis DLACZEGO\n"
    "                          odnośnik do odzyskania dostępu dla kogoś, komu nikt inny nie może\n"
    "                          pomóc (ma role w kilku JST i stracił wszystko); zostaje ślad\n"
    "\n"
    "Zegar środowiska testowego:\n"
    "  clock show              ile wynosi przesunięcie\n"
    "  clock set KIEDY         np. 2026-07-10T09:00:00+02:00 albo 2026-07-10; nie wcześniej niż\n"
    "                          to, co już zapisano\n"
    "  clock reset             wróć do czasu zegara\n"
    "\n"
    "Złożenia:\n"
    "  submission list [--parked]   nierozstrzygnięte; z --parked tylko odłożone\n"
    "  submission retry NUMER       rozstrzygnij jeszcze raz\n"
    "  submission retry --all-parked [--dry-run]\n"
    "                               rozstrzygnij jeszcze raz wszystkie odłożone; z --dry-run "
    "tylko\n"
    "                               podaj, ile ich jest\n"
    "  correction list              korekty po oknie, do przedstawienia odbiorcom\n"
    "\n";

static const char help_of_obligations[] =
    "Obowiązki sprawozdawcze (każdy wpis: --by KTO --basis PODSTAWA):\n"
    "  obligations generate [--period OKRES] [--dry-run]\n"
    "                          wyznacz obowiązki z kalendarza i rejestru; powtórzone niczego nie\n"
    "                          zmienia; bez --period: okresy bieżące\n"
    "  obligations exempt --unit REGON --form KOD --from DZIEŃ [--to DZIEŃ]\n"
    "                          zwolnij z okresów, które kończą się w tych dniach\n"
    "  obligations nothing --unit REGON --form KOD --period OKRES [--level POZIOM]\n"
    "           [--variant WARIANT]\n"
    "                          zapisz oświadczenie „nic do wykazania”\n"
    "  obligations elsewhere --unit REGON --form KOD --period OKRES --on DZIEŃ [--level POZIOM]\n"
    "           [--variant WARIANT] [--place GDZIE]\n"
    "                          zapisz, że przekazano poza bramą (bez --place: BeSTi@)\n"
    "                          WARIANT: plain, jop (osobne dla grup osób prawnych), dysponent\n"
    "                          albo kod dysponenta, którego dotyczy\n"
    "  obligations internal-due --unit REGON --form KOD --period OKRES [--on DZIEŃ]\n"
    "                          termin wewnętrzny jednostki albo całej JST (bez --on: cofnij)\n"
    "  obligations outage add --from CHWILA --to CHWILA --description CO --evidence DOWÓD\n"
    "                          zapisz niedostępność bramy; terminu nie przesuwa\n"
    "  obligations outage list wypisz przerwy\n"
    "  obligations revoke WPIS cofnij wpis, np. exemption/12\n"
    "\n";

static const char help_of_mail[] =
    "Poczta:\n"
    "  mail status             ile listów czeka, od kiedy, i co się stało z pozostałymi\n"
    "  mail list               ostatnie listy: do kogo, jakie, co odpowiedział serwer poczty\n"
    "  mail test ADRES         wyślij próbny list\n"
    "  mail retry              wyślij od razu, co czeka, i jeszcze raz, czego serwer nie przyjął\n"
    "                          (odnośniki i listy z ostatniej doby)\n"
    "  mail mute ADRES --kind RODZAJ\n"
    "  mail unmute ADRES --kind RODZAJ\n"
    "                          nie wysyłaj tej osobie listów: digest (przypomnienia), results\n"
    "                          (wyniki), endpoint (wyłączone webhooki); i wysyłaj je znowu\n"
    "\n";

static const char help_of_webhooks[] =
    "Powiadomienia programów (webhooki):\n"
    "  webhook add --unit REGON --url https://... [--events ZDARZENIA] [--label OPIS]\n"
    "                          powiadamiaj ten adres o złożeniach jednostki i jednostek pod nią;\n"
    "                          ZDARZENIA po przecinku, np. "
    "submission.accepted,submission.rejected\n"
    "                          (bez --events: wszystkie)\n"
    "  webhook list            adresy, ile wiadomości czeka, klucz do sprawdzania podpisów\n"
    "  webhook remove NUMER    nie powiadamiaj więcej\n"
    "  webhook enable NUMER    włącz wyłączony adres; co czekało, wyjdzie od razu\n"
    "  webhook log NUMER       ostatnie wiadomości do adresu i próby doręczenia\n"
    "  webhook redeliver NUMER wyślij jeszcze raz wiadomość o tym numerze\n"
    "\n"
    "  demo                    wczytaj rejestr pokazowy (gmina Przykładowo)\n"
    "  demo-country [--seed LICZBA] [--add]\n"
    "                          wczytaj zmyślony kraj: 2809 JST i około 60 000 jednostek; tylko do\n"
    "                          pustego rejestru, chyba że podano --add\n"
    "\n"
    "Kto zmienia: --operator NAZWA (domyślnie użytkownik systemu); zapisuje się przy każdej "
    "zmianie\n"
    "rejestru razem z podstawą i użytkownikiem bazy.\n"
    "Baza danych: --database MIEJSCE:PORT/NAZWA albo --config PLIK (domyślnie\n"
    "/etc/brama/bramad.conf).\n"
    "\n"
    "Kod wyjścia: 0 zrobione; 1 odmowa, z przyczyną; 2 złe wywołanie; 3 pliku nie można odczytać;\n"
    "5 baza danych jest nieosiągalna, to samo polecenie można powtórzyć.\n";

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
    struct str     name = admin->options.values[OPTION_OPERATOR];
    char           room[USER_ROOM];
    struct passwd  entry;
    struct passwd *user = NULL;

    if (name.data == NULL && getpwuid_r(getuid(), &entry, room, sizeof room, &user) == 0
        && user != NULL) {
        name = str_copy(admin->arena, str_of(user->pw_name));
    }
    if (name.data == NULL) {
        name = str_format(admin->arena, "uid %u", (unsigned)getuid());
    }
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

static void
print_help(FILE *out)
{
    (void)fputs(help_of_units, out);
    (void)fputs(help_of_others, out);
    (void)fputs(help_of_obligations, out);
    (void)fputs(help_of_mail, out);
    (void)fputs(help_of_webhooks, out);
}

int
admin_command(int argc, char **argv)
{
    if (asks_for_help(argc, argv)) {
        print_help(stdout);
        return DONE;
    }
    if (argc < 2) {
        print_help(stderr);
        return USAGE;
    }
    for (size_t i = 0; i < ARRAY_COUNT(tasks); i++) {
        int words = tasks[i].verb[0] == '\0' ? 1 : 2;
        if (argc > words && strcmp(argv[1], tasks[i].noun) == 0
            && (words == 1 || strcmp(argv[2], tasks[i].verb) == 0)) {
            return run(i, argc - words - 1, argv + words + 1);
        }
    }
    (void)fputs("brama admin: nie ma takiego polecenia; zobacz: brama admin --help\n", stderr);
    return USAGE;
}
