#include "gateway/config/config.h"

#include "gateway/config/config_value.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

enum setting_type { SETTING_TEXT, SETTING_NUMBER };

/* One setting: its name in the file is its name in struct config. */
struct setting {
    const char       *name;
    enum setting_type type;
    size_t            offset; /* in struct config */
    enum config_kind  kind;   /* texts */
    const char       *fallback;
    int64_t           min; /* numbers */
    int64_t           max;
    int64_t           number;
};

static const struct setting settings[] = {
#define TEXT(field, text_kind, value)          \
    {.name = #field,                           \
     .type = SETTING_TEXT,                     \
     .offset = offsetof(struct config, field), \
     .kind = (text_kind),                      \
     .fallback = (value)},
#define NUMBER(field, smallest, largest, value) \
    {.name = #field,                            \
     .type = SETTING_NUMBER,                    \
     .offset = offsetof(struct config, field),  \
     .min = (smallest),                         \
     .max = (largest),                          \
     .number = (value)},
#include "gateway/config/config.def"
#undef TEXT
#undef NUMBER
};

enum { SETTING_COUNT = ARRAY_COUNT(settings), ENVIRONMENT = SETTING_COUNT };

/* The work on one file. seen[i] is the line of settings[i], 0 when it was not there. */
struct reading {
    struct arena         *arena;
    struct config         config;
    struct config_faults *faults;
    size_t                seen[SETTING_COUNT + 1]; /* the last one: environment */
    bool                  starved;
};

static void
tell(struct reading *reading, size_t line, struct str text)
{
    if (text.data == NULL) {
        reading->starved = true;
    } else if (reading->faults->count < CONFIG_FAULTS_MAX) {
        reading->faults->items[reading->faults->count++] = (struct config_fault){line, text};
    }
}

static void
set_text(struct reading *reading, const struct setting *setting, struct str value, size_t line)
{
    const char *expected = config_value_fault(setting->kind, value);

    if (expected != NULL) {
        tell(reading, line, str_format(reading->arena, "%s: %s", setting->name, expected));
        return;
    }
    struct str copy = str_copy(reading->arena, value);
    reading->starved = reading->starved || copy.data == NULL;
    memcpy((char *)&reading->config + setting->offset, &copy, sizeof copy);
}

static void
set_number(struct reading *reading, const struct setting *setting, struct str value, size_t line)
{
    int64_t number = 0;

    if (!str_to_number(value, &number) || number < setting->min || number > setting->max) {
        tell(reading, line,
             str_format(reading->arena, "%s: wpisz liczbę od %lld do %lld", setting->name,
                        (long long)setting->min, (long long)setting->max));
        return;
    }
    memcpy((char *)&reading->config + setting->offset, &number, sizeof number);
}

static void
set_environment(struct reading *reading, struct str value, size_t line)
{
    if (str_equal(value, STR("test"))) {
        reading->config.environment = CONFIG_TEST;
    } else if (str_equal(value, STR("prod"))) {
        reading->config.environment = CONFIG_PROD;
    } else {
        tell(reading, line, STR("environment: wpisz test albo prod"));
    }
}

/* Index of the setting, ENVIRONMENT, or SETTING_COUNT + 1 when there is none. */
static size_t
find(struct str name)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        if (str_equal(name, str_of(settings[i].name))) {
            return i;
        }
    }
    return str_equal(name, STR("environment")) ? ENVIRONMENT : SETTING_COUNT + 1;
}

static void
read_setting(struct reading *reading, struct str name, struct str value, size_t line)
{
    size_t index = find(name);

    if (index > ENVIRONMENT) {
        tell(reading, line,
             str_format(reading->arena, "nie ma ustawienia „%.*s”",
                        STR_ARG(str_slice(name, 0, CONFIG_NAME_MAX))));
        return;
    }
    if (reading->seen[index] != 0) {
        tell(reading, line,
             str_format(reading->arena, "%.*s: podane już w wierszu %zu", STR_ARG(name),
                        reading->seen[index]));
        return;
    }
    reading->seen[index] = line;
    if (index == ENVIRONMENT) {
        set_environment(reading, value, line);
    } else if (settings[index].type == SETTING_TEXT) {
        set_text(reading, &settings[index], value, line);
    } else {
        set_number(reading, &settings[index], value, line);
    }
}

static void
read_line(struct reading *reading, struct str text, size_t line)
{
    struct str value = str_trim(text);
    struct str name = {0};

    if (value.size == 0 || value.data[0] == '#') {
        return;
    }
    if (memchr(value.data, '=', value.size) == NULL) {
        tell(reading, line, STR("brakuje znaku =; wiersz ma postać: nazwa = wartość"));
        return;
    }
    (void)str_cut(&value, '=', &name); /* there is one */
    read_setting(reading, str_trim(name), str_trim(value), line);
}

/* What the file left out: its default, or a fault. */
static void
fill_rest(struct reading *reading)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        const struct setting *setting = &settings[i];
        char                 *field = (char *)&reading->config + setting->offset;
        if (reading->seen[i] != 0) {
            continue;
        }
        if (setting->type == SETTING_NUMBER) {
            memcpy(field, &setting->number, sizeof setting->number);
        } else if (setting->fallback == NULL) {
            tell(reading, 0, str_format(reading->arena, "brakuje ustawienia „%s”", setting->name));
        } else {
            struct str text = str_of(setting->fallback);
            memcpy(field, &text, sizeof text);
        }
    }
    if (reading->seen[ENVIRONMENT] == 0) {
        tell(reading, 0, STR("brakuje ustawienia „environment”"));
    }
}

/* Whether a relay is on this machine, so that nobody listens between. */
static bool
is_own_relay(struct str url)
{
    static const struct str own[] = {STR_INIT("smtp://localhost"), STR_INIT("smtp://127.0.0.1"),
                                     STR_INIT("smtp://[::1]")};
    bool                    found = false;

    for (size_t i = 0; i < ARRAY_COUNT(own); i++) {
        struct str rest = str_slice(url, own[i].size, url.size);
        found = found || (str_starts_with(url, own[i]) && (rest.size == 0 || rest.data[0] == ':'));
    }
    return found;
}

/* Letters come from somebody; no password and, in production, no link is said in the clear. */
static void
compare_mail(struct reading *reading)
{
    const struct config *config = &reading->config;

    if (config->mail_url.size > 0 && config->mail_from.size == 0) {
        tell(reading, reading->seen[find(STR("mail_url"))],
             STR("mail_url: podaj też mail_from, bo list ma nadawcę"));
    }
    if ((config->mail_user.size > 0) != (config->mail_password.size > 0)) {
        tell(reading, reading->seen[find(STR("mail_user"))],
             STR("mail_user: podaj oba albo żadne z ustawień mail_user i mail_password"));
    }
    if (config->mail_user.size > 0 && config->mail_starttls == 0
        && str_starts_with(config->mail_url, STR("smtp://"))) {
        tell(reading, reading->seen[find(STR("mail_starttls"))],
             STR("mail_starttls: wpisz 1, bo bez TLS hasło poszłoby otwartym tekstem"));
    }
    if (config->environment == CONFIG_PROD && config->mail_starttls == 0
        && str_starts_with(config->mail_url, STR("smtp://")) && !is_own_relay(config->mail_url)) {
        tell(reading, reading->seen[find(STR("mail_starttls"))],
             STR("mail_starttls: w środowisku prod 0 może mieć tylko serwer na tej maszynie"));
    }
}

/* What must hold between settings. */
static void
compare(struct reading *reading)
{
    const struct config *config = &reading->config;

    if (config->backlog_refuse_max < config->backlog_documents_max) {
        tell(reading, reading->seen[find(STR("backlog_refuse_max"))],
             STR("backlog_refuse_max: wpisz co najmniej tyle, ile ma backlog_documents_max"));
    }
    if (config->tsa_url.size > 0 && config->tsa_trust.size == 0) {
        tell(
            reading, reading->seen[find(STR("tsa_url"))],
            STR("tsa_url: podaj też tsa_trust, bo znacznik czasu bez sprawdzenia nic nie dowodzi"));
    }
    if (config->webhook_loopback != 0 && config->environment == CONFIG_PROD) {
        tell(reading, reading->seen[find(STR("webhook_loopback"))],
             STR("webhook_loopback: 1 jest do prób; w środowisku prod wpisz 0"));
    }
    if (config->spool_bytes_max < config->body_bytes_max) {
        tell(reading, reading->seen[find(STR("spool_bytes_max"))],
             STR("spool_bytes_max: wpisz co najmniej tyle, ile ma body_bytes_max"));
    }
    compare_mail(reading);
}

enum err
config_parse(struct arena *arena, struct str text, struct config *out, struct config_faults *faults,
             struct fault *fault)
{
    const struct str mark = STR("\xEF\xBB\xBF"); /* of an editor; it is no part of a name */
    struct reading   reading = {.arena = arena, .faults = faults};
    struct str       line = {0};
    size_t           number = 0;

    faults->count = 0;
    if (!str_is_utf8(text) || memchr(text.data == NULL ? "" : text.data, '\0', text.size) != NULL) {
        tell(&reading, 0, STR("plik nie jest tekstem UTF-8"));
        return FAIL(fault, ERR_CONFIG, "plik ustawień nie jest tekstem UTF-8");
    }
    text = str_slice(text, str_starts_with(text, mark) ? mark.size : 0, text.size);
    while (str_cut(&text, '\n', &line)) {
        number++;
        read_line(&reading, line, number);
    }
    fill_rest(&reading);
    compare(&reading);
    if (reading.starved) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci na ustawienia");
    }
    if (faults->count > 0) {
        return FAIL(fault, ERR_CONFIG, "błędy w ustawieniach: %zu; pierwszy w wierszu %zu",
                    faults->count, faults->items[0].line);
    }
    *out = reading.config;
    return ERR_OK;
}

/* The whole file, at most CONFIG_SIZE_MAX bytes. */
static enum err
read_file(struct arena *arena, const char *path, struct str *out, struct fault *fault)
{
    int     fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    char   *bytes = ARENA_NEW(arena, char, CONFIG_SIZE_MAX + 1);
    size_t  size = 0;
    ssize_t got = 0;

    if (fd < 0) {
        return FAIL(fault, ERR_FILE, "„%s”: %s", path, err_system(errno));
    }
    while (bytes != NULL && size <= CONFIG_SIZE_MAX
           && (got = read(fd, bytes + size, CONFIG_SIZE_MAX + 1 - size)) > 0) {
        size += (size_t)got;
    }
    (void)close(fd); /* read only */
    if (bytes == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci na ustawienia");
    }
    if (got < 0 || size > CONFIG_SIZE_MAX) {
        return FAIL(fault, ERR_FILE, "„%s”: pliku nie da się odczytać albo ma więcej niż %d bajtów",
                    path, CONFIG_SIZE_MAX);
    }
    *out = (struct str){bytes, size};
    return ERR_OK;
}

enum err
config_load(struct arena *arena, const char *path, struct config *out, struct config_faults *faults,
            struct fault *fault)
{
    struct str text = {0};

    faults->count = 0;
    TRY(read_file(arena, path, &text, fault));
    return config_parse(arena, text, out, faults, fault);
}
