#include "gateway/bramad/check.h"

#include "gateway/role/file.h"

#include <sys/stat.h>

enum { PEM_SIZE_MAX = 4 * 1024 * 1024 };

/* The line of a setting, from 1; 0 when the file does not name it. */
static size_t
line_of(struct str text, struct str name)
{
    struct str line = {0};

    for (size_t number = 1; str_cut(&text, '\n', &line); number++) {
        line = str_trim(line);
        if (str_starts_with(line, name)) {
            struct str rest = str_trim(str_slice(line, name.size, line.size));
            if (rest.size > 0 && rest.data[0] == '=') {
                return number;
            }
        }
    }
    return 0;
}

bool
check_production(const struct check *check)
{
    return check->config->environment == CONFIG_PROD;
}

void
check_add(const struct check *check, const char *setting, struct str text)
{
    struct config_faults *faults = check->faults;

    if (faults->count < CONFIG_FAULTS_MAX && text.data != NULL) {
        faults->items[faults->count++] = (struct config_fault){
            .line = line_of(check->text, str_of(setting)),
            .text = str_format(check->arena, "%s: %.*s", setting, STR_ARG(text))};
    }
}

struct str
check_read(const struct check *check, const char *setting, struct str path)
{
    struct fault why = {0};
    struct str   bytes = {0};

    if (file_read(check->arena, path, PEM_SIZE_MAX, &bytes, &why) != ERR_OK) {
        check_add(check, setting,
                  str_format(check->arena, "nie da się odczytać pliku: %s", why.text));
        return (struct str){0};
    }
    return bytes;
}

struct signature_trust *
check_certificates(const struct check *check, const char *setting, struct str pem)
{
    struct signature_trust *trust = NULL;
    struct fault            why = {0};

    if (pem.size > 0 && signature_trust_parse(check->arena, pem, &trust, &why) != ERR_OK) {
        check_add(check, setting,
                  str_format(check->arena, "plik nie zawiera certyfikatów PEM: %s", why.text));
    }
    return trust;
}

void
check_private(const struct check *check, const char *setting, struct str path)
{
    struct str  name = str_copy(check->arena, path); /* ends with NUL */
    struct stat status = {0};

    if (name.data != NULL && stat(name.data, &status) == 0
        && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        check_add(check, setting,
                  str_format(check->arena, "plik klucza ma prawa %04o; nadaj mu 0600",
                             status.st_mode & 07777U));
    }
}
