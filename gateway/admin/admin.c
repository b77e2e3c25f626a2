#include "gateway/admin/admin.h"

#include "gateway/answer/plain.h"
#include "gateway/config/config.h"
#include "gateway/release/release_history.h"
#include "validators/identifier/identifier.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FILE_SIZE_MAX = 64 * 1024 * 1024, USER_ROOM = 4096 };
enum { DAY_SECONDS = 86400, OFFSET_MAX_SECONDS = 7200 };

#define DEFAULT_CONFIG "/etc/brama/bramad.conf"

static enum err
address_of_config(struct admin *admin, struct store_address *out, struct fault *fault)
{
    struct str            given = admin->options.values[OPTION_CONFIG];
    const char           *path = given.data == NULL ? DEFAULT_CONFIG : given.data;
    struct config        *config = ARENA_NEW(admin->arena, struct config, 1);
    struct config_faults *faults = ARENA_NEW(admin->arena, struct config_faults, 1);

    if (config == NULL || faults == NULL) {
        return FAIL(fault, ERR_MEMORY, "%.100s", path);
    }
    enum err got = config_load(admin->arena, path, config, faults, fault);
    if (got == ERR_CONFIG && faults->count > 0) {
        return FAIL(fault, ERR_CONFIG, "„%.100s”, wiersz %zu: %.*s", path, faults->items[0].line,
                    STR_ARG(faults->items[0].text));
    }
    if (got == ERR_FILE && given.data == NULL) {
        struct str cause = str_copy(admin->arena, str_of(fault->text));
        return FAIL(fault, ERR_FILE,
                    "%.*s. Podaj konfigurację bramy: --config PLIK (ops/run wypisuje, gdzie jest "
                    "jego), albo samą bazę: --database MIEJSCE:PORT/NAZWA",
                    STR_ARG(cause));
    }
    TRY(got);
    admin->public_url = str_copy(admin->arena, config->public_url);
    *out =
        (struct store_address){config->database_host, config->database_port, config->database_name};
    return ERR_OK;
}

/* The last sign of this kind, so that a folder with colons and slashes can stand before it. */
static bool
cut_last(struct str text, char sign, struct str *before, struct str *behind)
{
    const char *at = text.size == 0 ? NULL : memrchr(text.data, sign, text.size);

    if (at == NULL) {
        return false;
    }
    size_t size = (size_t)(at - text.data);
    *before = str_slice(text, 0, size);
    *behind = str_slice(text, size + 1, text.size - size - 1);
    return true;
}

enum err
admin_address(struct admin *admin, struct store_address *out, struct fault *fault)
{
    struct str text = admin->options.values[OPTION_DATABASE];
    struct str place = {0};
    struct str port = {0};

    if (text.data == NULL) {
        return address_of_config(admin, out, fault);
    }
    if (admin->options.values[OPTION_CONFIG].data != NULL) {
        return FAIL(fault, ERR_USAGE, "podano --config i --database; wystarczy jedno");
    }
    if (!cut_last(text, '/', &place, &out->database) || out->database.size == 0
        || !cut_last(place, ':', &out->host, &port) || out->host.size == 0
        || !str_to_number(port, &out->port) || out->port < 1 || out->port > UINT16_MAX) {
        return FAIL(fault, ERR_USAGE,
                    "--database ma mieć postać MIEJSCE:PORT/NAZWA, np. /run/postgresql:5432/brama");
    }
    return ERR_OK;
}

enum err
admin_check_numbers(struct str regon, struct str nip, struct fault *fault)
{
    if (identifier_regon(regon) != IDENTIFIER_OK) {
        return FAIL(fault, ERR_USAGE,
                    "REGON „%.*s”: ma mieć 9 albo 14 cyfr i zgodną cyfrę kontrolną",
                    STR_ARG(str_slice(regon, 0, 40)));
    }
    if (nip.size > 0 && identifier_nip(nip) != IDENTIFIER_OK) {
        return FAIL(fault, ERR_USAGE, "NIP „%.*s”: ma mieć 10 cyfr i zgodną cyfrę kontrolną",
                    STR_ARG(str_slice(nip, 0, 40)));
    }
    return ERR_OK;
}

enum err
admin_find_unit(struct admin *admin, struct str regon, struct registry_unit *out,
                struct fault *fault)
{
    bool found = false;

    TRY(admin_check_numbers(regon, STR(""), fault));
    TRY(registry_find_unit(admin->store, admin->arena, regon, out, &found, fault));
    if (!found) {
        return FAIL(fault, ERR_DENIED, "jednostki o REGON %.*s nie ma w rejestrze", STR_ARG(regon));
    }
    return ERR_OK;
}

enum err
admin_now(struct admin *admin, instant *out, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(admin->store, "SELECT now() + clock_offset FROM registry.setting", NULL,
                  admin->arena, &rows, fault));
    ENSURE(store_row_count(&rows) == 1);
    *out = store_instant(&rows, 0, 0);
    return ERR_OK;
}

enum err
admin_definitions(struct admin *admin, struct definitions *out, struct fault *fault)
{
    instant now = 0;

    TRY(admin_now(admin, &now, fault));
    return release_history_at(admin->store, admin->arena, now, out, fault);
}

enum err
admin_today(struct admin *admin, struct date *out, struct fault *fault)
{
    instant now = 0;

    TRY(admin_now(admin, &now, fault));
    *out = moment_warsaw_date(now / INSTANT_PER_SECOND);
    return ERR_OK;
}

enum err
admin_operator(struct admin *admin, struct str *out, struct fault *fault)
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
    if (name.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    *out = name;
    return ERR_OK;
}

enum err
admin_need_test(struct admin *admin, const char *what, struct fault *fault)
{
    struct store_rows rows = {0};

    TRY(store_run(admin->store, "SELECT environment = 'TEST' FROM registry.setting", NULL,
                  admin->arena, &rows, fault));
    if (!store_truth(&rows, 0, 0)) {
        return FAIL(fault, ERR_DENIED, "%s tylko w środowisku TEST", what);
    }
    return ERR_OK;
}

enum { CODES = 5 };

enum err
admin_codes(struct str text, struct registry_unit *unit, struct fault *fault)
{
    struct str *const fields[CODES] = {&unit->wk, &unit->pk, &unit->gk, &unit->gt, &unit->pt};
    struct str        rest = text;
    size_t            count = 0;
    struct str        piece = {0};

    while (str_cut(&rest, '/', &piece)) {
        if (count < CODES && piece.size > 0) {
            *fields[count] = piece;
        }
        count += piece.size > 0 ? 1 : CODES + 1;
    }
    if (count != CODES) {
        return FAIL(fault, ERR_USAGE, "--codes ma mieć postać WK/PK/GK/GT/PT, np. 99/01/02/3/0");
    }
    return ERR_OK;
}

enum err
admin_date(const struct admin *admin, enum admin_option option, struct date *out,
           struct fault *fault)
{
    struct str text = admin->options.values[option];

    if (text.data != NULL && !date_parse(text, out)) {
        return FAIL(fault, ERR_USAGE, "%s: „%.*s” to nie jest dzień w postaci RRRR-MM-DD",
                    admin_option_name(option), STR_ARG(str_slice(text, 0, 40)));
    }
    return ERR_OK;
}

/* Clocks never change at midnight, and what they show an offset earlier is the same. */
instant
admin_begin_of(struct date day)
{
    moment at = date_days(day) * DAY_SECONDS;

    return (at - moment_warsaw_offset(at - OFFSET_MAX_SECONDS)) * INSTANT_PER_SECOND;
}

struct str
admin_say(const struct admin_word *words, size_t count, struct str word)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(word, words[i].word)) {
            return words[i].said;
        }
    }
    return word;
}

void
admin_print(struct admin *admin, struct str text, bool last)
{
    plain_append(&admin->out, text.size == 0 ? STR("-") : text);
    buf_byte(&admin->out, last ? '\n' : '\t');
}

void
admin_print_date(struct admin *admin, struct date date, bool last)
{
    if (date.year == 0) {
        buf_byte(&admin->out, '-');
    } else {
        date_write(&admin->out, date);
    }
    buf_byte(&admin->out, last ? '\n' : '\t');
}

void
admin_print_instant(struct admin *admin, instant at, bool last)
{
    if (at == 0) {
        buf_byte(&admin->out, '-');
    } else {
        moment_write(&admin->out, at / INSTANT_PER_SECOND);
    }
    buf_byte(&admin->out, last ? '\n' : '\t');
}

enum err
admin_wake(struct admin *admin, struct fault *fault)
{
    size_t count = 0;

    TRY(registry_wake(admin->store, admin->arena, &count, fault));
    if (count > 0) {
        buf_format(&admin->out, "Do ponownego rozstrzygnięcia, bo jednostka jest już znana: %zu\n",
                   count);
    }
    return ERR_OK;
}

enum err
admin_file(const struct admin *admin, struct str *out, struct fault *fault)
{
    const char *path = admin->options.argument.data;
    FILE       *file = fopen(path, "re");
    struct buf  bytes = buf_create(admin->arena, FILE_SIZE_MAX);
    char        chunk[16384];
    size_t      size = 0;

    if (file == NULL) {
        return FAIL(fault, ERR_FILE, "„%.200s”: %s", path, err_system(errno));
    }
    while ((size = fread(chunk, 1, sizeof chunk, file)) > 0) {
        buf_append(&bytes, (struct str){chunk, size});
    }
    int reason = ferror(file) != 0 ? errno : 0;
    (void)fclose(file);
    if (reason != 0) {
        return FAIL(fault, ERR_FILE, "„%.200s”: %s", path, err_system(reason));
    }
    if (!buf_ok(&bytes)) {
        return FAIL(fault, ERR_FILE, "„%.200s” jest większy niż 64 MiB", path);
    }
    *out = buf_str(&bytes);
    return ERR_OK;
}
