#include "gateway/admin/admin_help.h"

#include "validators/base/str.h"

enum { WHAT_MAX = 64 };

static const char help_of_units[] =
    "Użycie: brama admin CO DZIAŁANIE [opcje]\n"
    "\n"
    "Rejestr jednostek:\n"
    "  unit add --regon REGON --codes WK/PK/GK/GT/PT --type TYP --kind RODZAJ --name NAZWA\n"
    "           [--nip NIP] [--jop 42|62|82] [--parent REGON] [--from DZIEŃ] [--to DZIEŃ]\n"
    "                          dopisz jednostkę (bez --from: od dziś); TYP jak w pliku\n"
    "                          sprawozdania, np. JB, jeden z tych, które znają definicje\n"
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
    "                          powstaje z jej danych, z jej cechami, obsługą, urzędami i\n"
    "                          jednostkami pod nią; ludziom i programom nadaje się role na nowo\n"
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
    "Obowiązki sprawozdawcze (każdy wpis: --by KTO --basis PODSTAWA, przerwa: --by KTO\n"
    "--evidence DOWÓD):\n"
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
    "  obligations outage add --from CHWILA --to CHWILA --description CO --evidence DOWÓD --by "
    "KTO\n"
    "                          zapisz niedostępność bramy; terminu nie przesuwa\n"
    "  obligations outage list wypisz przerwy\n"
    "  obligations revoke WPIS cofnij wpis, np. exemption/12\n"
    "\n"
    "Kwoty, z którymi porównuje się sprawozdania (wydanie raz zapisane się nie zmienia):\n"
    "  control-amounts import PLIK.csv --period OKRES --by KTO --basis PODSTAWA [--dry-run]\n"
    "                          kwoty ogłoszone dla JST, cała lista za okres; wypisuje różnice;\n"
    "                          pierwszy wiersz pliku: regon;rozdzial;paragraf;kwota\n"
    "  plan import PLIK.csv --period OKRES --by KTO --basis PODSTAWA [--dry-run]\n"
    "                          plany JST z uchwał po zmianach, cały wykaz za okres; pierwszy\n"
    "                          wiersz pliku: regon;formularz;dzial;rozdzial;paragraf;p4;wiersz;\n"
    "                          kwota (formularz: RB27S, RB28S, RBNDS)\n"
    "  plausibility [--period OKRES] [--dry-run]\n"
    "                          kwoty sprzed roku i mediany jednostek tego samego rodzaju (bez\n"
    "                          --period: dla sprawozdań za ostatni zakończony kwartał)\n"
    "\n";

static const char help_of_objections[] =
    "Zastrzeżenia do reguł:\n"
    "  objection list [--open] numery, powody i odpowiedzi; z --open tylko te bez odpowiedzi\n"
    "  objection answer NUMER --decision accepted|declined --reason TEKST\n"
    "                          [--remedy rule-change|rule-off|release] [--release SKRÓT] "
    "[--alike]\n"
    "                          odpowiedz za właściciela reguły: uznane (i co z tego wynika) albo\n"
    "                          nieuznane; z --alike także na starsze do tej reguły bez\n"
    "                          odpowiedzi.\n"
    "                          Składający widzi odpowiedź przy złożeniu; UPO się nie zmienia\n"
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
    "                          (wyniki), agenda (zastrzeżenia i korekty), endpoint (wyłączone\n"
    "                          webhooki); i wysyłaj je znowu\n"
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

/* Several texts, because one string of the standard holds 4,095 bytes. */
static const char *const texts[] = {help_of_units,      help_of_others, help_of_obligations,
                                    help_of_objections, help_of_mail,   help_of_webhooks};

void
admin_help_write(FILE *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        (void)fputs(texts[i], out);
    }
}

/* Where one line stands in the texts above: how far from the margin it begins. */
static size_t
indent_of(struct str line)
{
    size_t count = 0;

    while (count < line.size && line.data[count] == ' ') {
        count++;
    }
    return count;
}

/* Whether a line is about it: "  unit add --regon ...", "  token list, cert list [...]". */
static bool
is_about(struct str line, struct str what)
{
    struct str rest = line;
    struct str piece = {0};

    while (rest.size > 0 && str_cut(&rest, ',', &piece)) {
        struct str begin = str_slice(piece, indent_of(piece), what.size);
        struct str behind = str_slice(piece, indent_of(piece) + what.size, 1);
        if (str_equal(begin, what) && (behind.size == 0 || behind.data[0] == ' ')) {
            return true;
        }
    }
    return false;
}

/* What is on its way through a text. */
struct excerpt {
    FILE      *out;
    struct str what;
    struct str head; /* lines of it that stand at the margin, not written yet */
    bool       told; /* the entry that the line belongs to is written */
};

static void
take_line(struct excerpt *excerpt, struct str line)
{
    size_t indent = indent_of(line);

    if (line.size == 0) {
        excerpt->head = (struct str){0};
        excerpt->told = false;
    } else if (indent == 0) {
        bool more = excerpt->head.size > 0;
        excerpt->head = more ? (struct str){excerpt->head.data,
                                            (size_t)(line.data - excerpt->head.data) + line.size}
                             : line;
        return;
    } else if (indent == 2) {
        excerpt->told = is_about(line, excerpt->what);
    }
    if (!excerpt->told) {
        return;
    }
    if (excerpt->head.size > 0) {
        (void)fprintf(excerpt->out, "%.*s\n", STR_ARG(excerpt->head));
        excerpt->head = (struct str){0};
    }
    (void)fprintf(excerpt->out, "%.*s\n", STR_ARG(line));
}

void
admin_help_write_part(FILE *out, const char *noun, const char *verb)
{
    char           what[WHAT_MAX];
    struct excerpt excerpt = {.out = out};

    (void)snprintf(what, sizeof what, "%s%s%s", noun, verb == NULL ? "" : " ",
                   verb == NULL ? "" : verb);
    excerpt.what = str_of(what);
    (void)fprintf(out, "Użycie: brama admin %s ...\n\n", what);
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        struct str rest = str_of(texts[i]);
        struct str line = {0};
        while (rest.data != NULL && str_cut(&rest, '\n', &line)) {
            take_line(&excerpt, line);
        }
    }
    (void)fputs(
        "\nPrzy każdym: --config PLIK albo --database MIEJSCE:PORT/NAZWA, --operator NAZWA.\n"
        "Całą pomoc pokaże brama admin --help.\n",
        out);
}
