#include "gateway/reader/service_resource.h"

#include "gateway/metrics/metrics.h"
#include "gateway/page/page.h"
#include "gateway/reader/openapi.h"
#include "gateway/reader/saying.h"

/* How the gateway is, as far as the gauges of all roles tell. */
struct standing {
    const char *state; /* "receiving", "receive-only", "refusing" */
    const char *text;
};

static struct standing
standing_now(const struct config *config)
{
    int64_t backlog = metrics_get(METRIC_BACKLOG);

    if (metrics_get(METRIC_STORE_READY) == 0 || metrics_get(METRIC_READER_STORE_READY) == 0
        || backlog > config->backlog_refuse_max) {
        return (struct standing){"refusing", "Brama chwilowo nie przyjmuje plików. Wyślij je "
                                             "ponownie za kilka minut z tym samym kluczem."};
    }
    if (metrics_get(METRIC_SIGNER_READY) == 0 || backlog > config->backlog_documents_max) {
        return (struct standing){"receive-only", "Brama przyjmuje pliki i zapisuje datę wpływu; "
                                                 "wynik sprawdzenia i UPO przyjdą później."};
    }
    return (struct standing){"receiving", "Brama przyjmuje pliki i od razu je sprawdza."};
}

static struct str
environment_name(const struct config *config)
{
    return config->environment == CONFIG_PROD ? STR("PROD") : STR("TEST");
}

static struct str
definitions_digest(const struct asked *asked)
{
    const struct catalogue *catalogue = asked->tools->edition->catalogue;
    struct str              digest = {(const char *)catalogue->sha256, sizeof catalogue->sha256};

    return saying_hex(asked->arena, digest);
}

static void
number(struct json *json, const char *key, int64_t value)
{
    json_key(json, key);
    json_number(json, value);
}

static void
write_status_json(const struct asked *asked, struct buf *out)
{
    const struct config *config = asked->tools->config;
    struct standing      standing = standing_now(config);
    struct json          json = json_create(out);

    json_object_begin(&json);
    json_member(&json, "version", str_of(asked->tools->version));
    json_member(&json, "environment", environment_name(config));
    json_key(&json, "receiving");
    json_truth(&json, !str_equal(str_of(standing.state), STR("refusing")));
    json_member(&json, "state", str_of(standing.state));
    json_member(&json, "state_text", str_of(standing.text));
    number(&json, "backlog", metrics_get(METRIC_BACKLOG));
    json_member(&json, "definitions_sha256", definitions_digest(asked));
    json_object_end(&json);
}

static void
write_status_page(const struct asked *asked, struct buf *out)
{
    const struct config *config = asked->tools->config;
    struct standing      standing = standing_now(config);
    long long            backlog = (long long)metrics_get(METRIC_BACKLOG);

    page_begin(out, STR("Stan bramy"));
    page_paragraph(out, str_of(standing.text));
    page_facts_begin(out);
    page_fact(out, "Środowisko", environment_name(config));
    page_fact(out, "Wersja", str_of(asked->tools->version));
    page_fact(out, "Pliki, które czekają na sprawdzenie", str_format(out->arena, "%lld", backlog));
    page_fact(out, "Skrót definicji formularzy i reguł", definitions_digest(asked));
    page_facts_end(out);
    page_end(out);
}

enum err
service_resource_answer_status(struct asked *asked, struct fault *fault)
{
    struct buf body = asked_body(asked);

    asked_header(asked, "Vary", STR("Accept"));
    asked_header(asked, "Cache-Control", STR("no-cache"));
    if (asked->format == FORMAT_HTML) {
        asked_header(asked, "Content-Security-Policy", STR(PAGE_POLICY));
        write_status_page(asked, &body);
    } else {
        write_status_json(asked, &body);
    }
    return asked_answer(asked, &body, fault);
}

enum err
service_resource_answer_limits(struct asked *asked, struct fault *fault)
{
    const struct config *config = asked->tools->config;
    struct buf           body = asked_body(asked);
    struct json          json = json_create(&body);

    json_object_begin(&json);
    number(&json, "body_bytes_max", config->body_bytes_max);
    number(&json, "body_idle_seconds", config->body_idle_seconds);
    number(&json, "idempotency_key_characters_max", 255);
    number(&json, "wait_seconds_max", config->poll_wait_seconds_max);
    number(&json, "page_items_max", 500);
    json_object_end(&json);
    return asked_answer_tagged(asked, &body, fault);
}

enum err
service_resource_answer_openapi(struct asked *asked, struct fault *fault)
{
    struct buf body = asked_body(asked);

    buf_append(&body, openapi_text());
    return asked_answer_tagged(asked, &body, fault);
}
