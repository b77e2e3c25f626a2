#include "gateway/admin/admin.h"
#include "gateway/outbox/delivery.h"
#include "gateway/outbox/subscriber.h"

#include <string.h>

enum { EVENTS_MAX = 512, SHOWN_MAX = 40 };

/* The words of --events, each known, separated by blanks; the usual ones when it was not given. */
static enum err
read_events(const struct admin *admin, struct str *out, struct fault *fault)
{
    struct str rest = admin->options.values[OPTION_EVENTS];
    struct str word = {0};
    struct buf list = buf_create(admin->arena, EVENTS_MAX);

    if (rest.data == NULL) {
        *out = subscriber_usual_events();
        return ERR_OK;
    }
    while (str_cut(&rest, ',', &word)) {
        if (word.size == 0 || !str_has_word(subscriber_events(), word)
            || str_has_word(buf_str(&list), word)) {
            return FAIL(fault, ERR_USAGE, "--events: „%.*s”; można podać, każde raz: %.*s",
                        STR_ARG(str_slice(word, 0, SHOWN_MAX)), STR_ARG(subscriber_events()));
        }
        buf_append(&list, list.size == 0 ? STR("") : STR(" "));
        buf_append(&list, word);
    }
    *out = buf_str(&list);
    return buf_ok(&list) && list.size > 0 ? ERR_OK
                                          : FAIL(fault, ERR_USAGE, "--events: brakuje zdarzeń");
}

static enum err
read_number(const struct admin *admin, int64_t *out, struct fault *fault)
{
    if (!str_to_number(admin->options.argument, out) || *out < 1) {
        return FAIL(fault, ERR_USAGE, "„%.*s” to nie jest numer",
                    STR_ARG(str_slice(admin->options.argument, 0, SHOWN_MAX)));
    }
    return ERR_OK;
}

enum err
webhook_task_add(struct admin *admin, struct fault *fault)
{
    const struct str    *values = admin->options.values;
    struct registry_unit unit = {0};
    struct subscriber    endpoint = {
           .url = values[OPTION_URL],
           .label = values[OPTION_LABEL].data == NULL ? STR("") : values[OPTION_LABEL]};
    int64_t number = 0;

    TRY(admin_options_need(&admin->options, OPTION_UNIT, fault));
    TRY(admin_options_need(&admin->options, OPTION_URL, fault));
    TRY(admin_find_unit(admin, values[OPTION_UNIT], &unit, fault));
    const char *wrong = subscriber_url_fault(endpoint.url);
    if (wrong != NULL) {
        return FAIL(fault, ERR_USAGE, "--url: %s", wrong);
    }
    if (endpoint.label.size > SUBSCRIBER_LABEL_MAX) {
        return FAIL(fault, ERR_USAGE, "--label: opis może mieć najwyżej %d bajtów",
                    SUBSCRIBER_LABEL_MAX);
    }
    TRY(read_events(admin, &endpoint.events, fault));
    endpoint.unit = unit.unit;
    TRY(subscriber_add(admin->store, admin->arena, &endpoint, &number, fault));
    buf_format(&admin->out, "Dodano adres nr %lld\n", (long long)number);
    return ERR_OK;
}

/* The newest key, for whoever checks signatures. */
static enum err
print_key(struct admin *admin, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(admin->store,
                  "SELECT public_key FROM courier.signing_key ORDER BY since DESC LIMIT 1", NULL,
                  admin->arena, &rows, fault));
    if (store_row_count(&rows) == 0) {
        buf_append(&admin->out, STR("Wiadomości czekają: brama nie ma klucza do ich podpisywania "
                                    "(ustawienie webhook_key).\n"));
    } else {
        struct str key = store_text(&rows, 0, 0);
        buf_format(&admin->out, "Klucz do sprawdzania podpisów: %.*s\n", STR_ARG(key));
    }
    return ERR_OK;
}

enum err
webhook_task_list(struct admin *admin, struct fault *fault)
{
    struct subscriber *list = NULL;
    size_t             count = 0;

    TRY(subscriber_list(admin->store, admin->arena, &list, &count, fault));
    TRY(print_key(admin, fault));
    buf_append(&admin->out,
               STR("nr\tjednostka\tczeka\twyłączony\tprzyczyna\tzdarzenia\tadres\topis\n"));
    for (size_t i = 0; i < count; i++) {
        buf_format(&admin->out, "%lld\t", (long long)list[i].endpoint);
        admin_print(admin, list[i].regon, false);
        buf_format(&admin->out, "%lld\t", (long long)list[i].waiting);
        admin_print_instant(admin, list[i].disabled, false);
        admin_print(admin, list[i].reason, false);
        admin_print(admin, list[i].events, false);
        admin_print(admin, list[i].url, false);
        admin_print(admin, list[i].label, true);
    }
    return ERR_OK;
}

static enum err
change(struct admin *admin,
       enum err (*how)(struct store *store, struct arena *arena, int64_t number, bool *found,
                       struct fault *fault),
       const char *done, const char *what, struct fault *fault)
{
    int64_t number = 0;
    bool    found = false;

    TRY(read_number(admin, &number, fault));
    TRY(how(admin->store, admin->arena, number, &found, fault));
    if (!found) {
        return FAIL(fault, ERR_DENIED, "nie ma %s o numerze %lld", what, (long long)number);
    }
    buf_format(&admin->out, "%s nr %lld\n", done, (long long)number);
    return ERR_OK;
}

enum err
webhook_task_remove(struct admin *admin, struct fault *fault)
{
    return change(admin, subscriber_remove, "Usunięto adres", "adresu", fault);
}

enum err
webhook_task_enable(struct admin *admin, struct fault *fault)
{
    return change(admin, subscriber_enable, "Włączono adres", "adresu", fault);
}

enum err
webhook_task_redeliver(struct admin *admin, struct fault *fault)
{
    return change(admin, delivery_repeat, "Do ponownego wysłania: wiadomość", "wiadomości", fault);
}

/* Also of one that was removed: its messages stay. */
static enum err
check_endpoint(struct admin *admin, int64_t number, struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(admin->arena);
    struct store_rows       rows = {0};

    store_put_number(&parameters, number);
    TRY(store_run(admin->store, "SELECT 1 FROM courier.endpoint WHERE endpoint = $1", &parameters,
                  admin->arena, &rows, fault));
    if (store_row_count(&rows) == 0) {
        return FAIL(fault, ERR_DENIED, "nie ma adresu o numerze %lld; numery podaje webhook list",
                    (long long)number);
    }
    return ERR_OK;
}

enum err
webhook_task_log(struct admin *admin, struct fault *fault)
{
    struct delivery_line *list = NULL;
    size_t                count = 0;
    int64_t               number = 0;

    TRY(read_number(admin, &number, fault));
    TRY(check_endpoint(admin, number, fault));
    TRY(delivery_list(admin->store, admin->arena, number, &list, &count, fault));
    buf_append(&admin->out, STR("nr\tzdarzenie\tstan\tpróba\tkod\twynik\tnastępna\n"));
    for (size_t i = 0; i < count; i++) {
        buf_format(&admin->out, "%lld\t", (long long)list[i].delivery);
        admin_print(admin, list[i].type, false);
        admin_print(admin,
                    str_equal(list[i].state, STR("waiting"))     ? STR("czeka")
                    : str_equal(list[i].state, STR("delivered")) ? STR("doręczona")
                                                                 : STR("niedoręczona"),
                    false);
        admin_print_instant(admin, list[i].at, false);
        buf_format(&admin->out, "%lld\t", (long long)list[i].status);
        admin_print(admin, list[i].outcome, false);
        admin_print_instant(admin, list[i].next, true);
    }
    if (count == DELIVERY_LINES_MAX) {
        buf_format(&admin->out, "To nie wszystko: pokazano %zu najnowszych\n", count);
    }
    return ERR_OK;
}
