#include "gateway/reader/start_resource.h"

#include "gateway/page/page.h"
#include "gateway/reader/number_form.h"

/*
 * A test gateway's certificate is issued by nobody whom a machine knows, so its commands name the
 * issuer; those of production need not.
 */
struct commands {
    struct str  url;
    const char *brama_ca; /* " --ca CA.pem", or nothing */
    const char *curl_ca;
};

static void
write_filing(struct buf *out, const struct commands *commands)
{
    page_heading(out, STR("Złóż sprawozdania"));
    page_paragraph(out, STR("Wyślij plik eksportu z BeSTi@ (paczka sprawozdań, XML) programem "
                            "brama albo z programu księgowego przez API. Potrzebny jest token albo "
                            "certyfikat jednostki; wydaje je operator bramy."));
    page_code(out, str_format(out->arena,
                              "brama submit PLIK.xml --server %.*s%s \\\n"
                              "    --token-file TOKEN --wait --receipts upo",
                              STR_ARG(commands->url), commands->brama_ca));
    page_code(out,
              str_format(out->arena,
                         "curl%s --data-binary @PLIK.xml -H 'Content-Type: application/xml' \\\n"
                         "    -H 'Authorization: Bearer TOKEN' -H 'Idempotency-Key: KLUCZ' \\\n"
                         "    %.*s/api/v1/submissions",
                         commands->curl_ca, STR_ARG(commands->url)));
    if (commands->brama_ca[0] != '\0') {
        page_paragraph(out, STR("CA.pem to wystawca certyfikatu tej bramy: w środowisku TEST jest "
                                "próbny, dlatego trzeba go wskazać. Plik daje operator; ops/run "
                                "wypisuje jego adres jako BRAMA_CA."));
    }
    page_paragraph(out, STR("KLUCZ nadaj raz dla pliku i powtarzaj przy każdej ponownej próbie: "
                            "brama pozna, że to ten sam plik, i nic nie złoży dwa razy."));
    page_paragraph(out, STR("Tylko sprawdzić, bez składania, można na własnym komputerze i bez "
                            "sieci:"));
    page_code(out, STR("brama validate PLIK.xml"));
}

static void
write_checking(struct buf *out, const struct commands *commands)
{
    page_heading(out, STR("Sprawdź UPO"));
    page_paragraph(out, STR("Po numerze każdy może zobaczyć, czy UPO wystawiła brama, co "
                            "rozstrzygnęła i czy sprawozdanie nadal obowiązuje. Kwot tu nie ma."));
    number_form_write(out, (struct str){0});
    page_paragraph(out,
                   STR("Czy sam plik UPO jest prawdziwy i niezmieniony, powie program brama. "
                       "Najpierw pobierz certyfikaty pieczęci tej bramy, potem sprawdź plik:"));
    page_code(out, str_format(out->arena, "curl%s -o pieczec.pem '%.*s/api/v1/keys?format=pem'",
                              commands->curl_ca, STR_ARG(commands->url)));
    page_code(out,
              str_format(out->arena, "brama verify UPO.xml --trust pieczec.pem --server %.*s%s",
                         STR_ARG(commands->url), commands->brama_ca));
}

static void
write_addresses(struct buf *out)
{
    static const struct {
        const char *address;
        const char *name;
        const char *note;
    } links[] = {
        {"/api/v1/status?format=html", "Stan bramy",                      "czy przyjmuje teraz pliki"          },
        {"/api/v1/forms",              "Formularze",                      "które sprawdza, z ich XSD (JSON)"  },
        {"/api/v1/openapi.json",       "Opis API",                        "OpenAPI 3.0"                        },
        {"/api/v1/limits",             "Limity",                          "rozmiar pliku i czasy (JSON)"       },
        {"/api/v1/keys",               "Certyfikaty pieczęci",           "do sprawdzania UPO bez bramy (JSON)"},
        {"/problemy",                  "Problemy, które zgłasza brama", "co znaczą i co zrobić"            },
    };

    page_heading(out, STR("Adresy"));
    page_list_begin(out);
    for (size_t i = 0; i < ARRAY_COUNT(links); i++) {
        page_link(out, str_of(links[i].address), links[i].name, str_of(links[i].note));
    }
    page_list_end(out);
}

static void
write_page(struct buf *out, const struct config *config, const char *version)
{
    bool                  is_test = config->environment == CONFIG_TEST;
    const struct commands commands = {.url = config->public_url,
                                      .brama_ca = is_test ? " --ca CA.pem" : "",
                                      .curl_ca = is_test ? " --cacert CA.pem" : ""};

    page_begin(out, STR("Brama sprawozdawcza"));
    page_environment(out, is_test);
    page_paragraph(out, STR("Brama przyjmuje sprawozdania jednostek samorządu terytorialnego i "
                            "jednostek, które im podlegają. Zapisuje datę wpływu, od razu sprawdza "
                            "budowę pliku, rachunki i podpisy, mówi, co i gdzie poprawić, i wydaje "
                            "podpisane UPO."));
    page_paragraph(out, STR("Nie zastępuje przekazania w BeSTi@, dopóki przepis nie wskaże "
                            "bramy."));
    write_filing(out, &commands);
    write_checking(out, &commands);
    write_addresses(out);
    page_paragraph(out, str_format(out->arena, "Wersja %s", version));
    page_end(out);
}

enum err
start_resource_answer(struct asked *asked, struct fault *fault)
{
    struct buf body = asked_body(asked);

    asked_header(asked, "Content-Security-Policy", STR(PAGE_POLICY_FORM));
    write_page(&body, asked->tools->config, asked->tools->version);
    return asked_answer_tagged(asked, &body, fault);
}
