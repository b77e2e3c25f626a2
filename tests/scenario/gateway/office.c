#include "tests/scenario/gateway/office.h"

#include "tests/support/command.h"
#include "tests/support/watch.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { TRIES_MAX = 4800, SMALL_ROOM = 1 << 20, FILE_MAX = 1 << 20, PEM_MAX = 16384 };

static void
register_units(struct office *office)
{
    static const struct {
        const char *regon;
        const char *name;
    } schools[OFFICE_SCHOOLS] = {
        {"990001010", "SZKOŁA PODSTAWOWA NR 1 W PRZYKŁADOWIE"},
        {"990001027", "SZKOŁA PODSTAWOWA NR 2 W PRZYKŁADOWIE"},
        {"990001033", "SZKOŁA PODSTAWOWA NR 3 W PRZYKŁADOWIE"},
    };
    struct arena   *arena = arena_create(SMALL_ROOM);
    struct station *station = office->station;

    office->gmina = station_unit(station, "990000016", "GMINA PRZYKŁADOWO", "jst", 0);
    for (size_t i = 0; i < OFFICE_SCHOOLS; i++) {
        office->schools[i] = station_unit(station, schools[i].regon, schools[i].name,
                                          "jednostka-budzetowa", office->gmina);
    }
    for (size_t i = OFFICE_MADE_FROM; i < OFFICE_MADE_FROM + OFFICE_MADE; i++) {
        (void)station_unit(station, maker_regon(arena, i).data, "SZKOŁA", "jednostka-budzetowa",
                           office->gmina);
    }
    office->foreign = station_unit(station, maker_regon(arena, 9000).data, "SZKOŁA OBCA",
                                   "jednostka-budzetowa", 0);
    office->gmina_token = station_token(station, office->gmina);
    office->school_token = station_token(station, office->schools[0]);
    office->foreign_token = station_token(station, office->foreign);
    arena_destroy(arena);
}

void
office_set_clock(const struct office *office, const char *when)
{
    struct arena *arena = arena_create(SMALL_ROOM);
    struct str    sql = str_format(
           arena, "UPDATE registry.setting SET clock_offset = timestamptz '%s' - now()", when);

    cluster_run(office->cluster, office->database, sql.data);
    arena_destroy(arena);
}

void
office_migrate(const struct office *office)
{
    struct arena     *arena = arena_create(SMALL_ROOM);
    struct buf        told = buf_create(arena, SMALL_ROOM / 2);
    struct str        config = str_format(arena, "%s/bramad.conf", station_folder(office->station));
    static const char bramad[] = BRAMA_BINARY_DIR "/gateway/bramad/bramad";
    const char *const words[] = {bramad, "migrate", "--config", config.data, NULL};

    ENSURE(command_run(words, (struct str){0}, &told) == 0);
    arena_destroy(arena);
}

void
office_open(struct office *office, struct cluster *cluster, const char *database,
            const struct station_options *options, bool with_edge)
{
    *office = (struct office){.cluster = cluster, .database = database};
    (void)cluster_database(cluster, database);
    office_set_clock(office, "2026-07-10T09:00:00+02:00");
    office->station = station_create(cluster, database, options);
    office_migrate(office);
    register_units(office);
    office->target = station_target(office->station);
    if (with_edge) {
        office->edge = edge_start(office->station);
        office->target = edge_target(office->edge);
    }
}

void
office_close(struct office *office)
{
    edge_stop(office->edge);
    station_destroy(office->station);
    *office = (struct office){0};
}

int64_t
office_jst(const struct office *office, struct arena *arena, const char *regon)
{
    int64_t jst = station_unit(office->station, regon, "GMINA", "jst", 0);

    cluster_run(office->cluster, office->database,
                str_format(arena,
                           "UPDATE registry.unit SET type = 'ZB-TEST', wk = '14', gk = '01',"
                           " gt = '1' WHERE unit = %lld",
                           (long long)jst)
                    .data);
    return jst;
}

struct http_answer
office_file(const struct office *office, struct arena *arena, const struct office_filing *filing)
{
    struct http_request request = {
        .method = "POST",
        .path = filing->path == NULL ? "/api/v1/submissions" : filing->path,
        .headers = {"Content-Type: application/xml"},
        .body = filing->body,
    };
    size_t      count = 1;
    struct str  key = str_format(arena, "Idempotency-Key: %s", filing->key ? filing->key : "");
    const char *rest[] = {filing->token == NULL ? office->gmina_token : filing->token,
                          filing->prefer, filing->digest, filing->key == NULL ? NULL : key.data};

    for (size_t i = 0; i < ARRAY_COUNT(rest); i++) {
        if (rest[i] != NULL && rest[i][0] != '\0') {
            request.headers[count] = rest[i];
            count++;
        }
    }
    return http_ask(arena, office->target, &request);
}

struct http_answer
office_get(const struct office *office, struct arena *arena, const char *token, const char *path,
           const char *accept)
{
    struct http_request request = {.method = "GET", .path = path};
    size_t              count = 0;

    if (token != NULL) {
        request.headers[count] = token;
        count++;
    }
    if (accept != NULL) {
        request.headers[count] = str_format(arena, "Accept: %s", accept).data;
    }
    return http_ask(arena, office->target, &request);
}

const char *
office_keep(const struct office *office, struct arena *arena, const char *name, struct str bytes)
{
    const char *path = str_format(arena, "%s/%s", station_folder(office->station), name).data;
    FILE       *file = fopen(path, "we");

    ENSURE(file != NULL && fwrite(bytes.data, 1, bytes.size, file) == bytes.size
           && fclose(file) == 0 && chmod(path, S_IRUSR | S_IWUSR) == 0);
    return path;
}

int
office_program(const struct office *office, struct arena *arena, const char *token,
               const char *const *words, struct str *out)
{
    enum { WORDS_MAX = 24, PRINTED_MAX = 1 << 20 };

    const char       *all[WORDS_MAX] = {BRAMA_BINARY_DIR "/gateway/cli/brama"};
    const char       *secret = office_keep(office, arena, "token", str_of(strstr(token, "brk_")));
    const char *const connection[] = {"--server",     office->target->base,
                                      "--ca",         office->target->authority,
                                      "--token-file", secret};
    struct buf        printed = buf_create(arena, PRINTED_MAX);
    size_t            count = 1;

    for (size_t i = 0; words[i] != NULL; i++) {
        all[count++] = words[i];
    }
    for (size_t i = 0; i < ARRAY_COUNT(connection); i++) {
        all[count++] = connection[i];
    }
    int code = command_run(all, (struct str){0}, &printed);
    *out = buf_str(&printed);
    return code;
}

struct http_answer
office_health(const struct office *office, struct arena *arena, const char *path)
{
    const struct http_request request = {.method = "GET", .path = path};

    return http_ask(arena, station_health(office->station), &request);
}

int64_t
office_metric(const struct office *office, const char *name)
{
    struct arena      *arena = arena_create(OFFICE_ROOM);
    struct http_answer answer = office_health(office, arena, "/metrics");
    struct str         rest = answer.body;
    struct str         line = {0};
    int64_t            value = -1;

    while (str_cut(&rest, '\n', &line)) {
        size_t size = strlen(name);
        if (str_starts_with(line, str_of(name)) && line.size > size && line.data[size] == ' ') {
            ENSURE(str_to_number(str_slice(line, size + 1, line.size), &value));
        }
    }
    arena_destroy(arena);
    return value;
}

struct str
office_sample(struct arena *arena, const char *name)
{
    struct str path = str_format(arena, "%s/tests/samples/%s", BRAMA_SOURCE_DIR, name);
    FILE      *file = fopen(path.data, "re");
    char      *bytes = ARENA_NEW(arena, char, FILE_MAX);

    ENSURE(file != NULL && bytes != NULL);
    size_t size = fread(bytes, 1, FILE_MAX, file);
    ENSURE(size > 0 && size < FILE_MAX && fclose(file) == 0);
    return (struct str){bytes, size};
}

struct str
office_package(const struct office *office, struct arena *arena)
{
    static size_t              made;
    const struct maker_options options = {.seed = made,
                                          .first_unit = OFFICE_MADE_FROM + made % OFFICE_MADE,
                                          .rows = 3,
                                          .version = (int)(made / OFFICE_MADE),
                                          .forms = MAKER_RB27S};
    struct fault               fault = {0};
    struct str                 bytes = {0};

    made++;
    ENSURE(maker_package(arena, &options, station_authority(office->station), &bytes, &fault)
           == ERR_OK);
    return bytes;
}

static const char *
text_of(struct arena *arena, const json_t *value)
{
    char      *text = json_is_string(value) || json_is_null(value)
                          ? NULL
                          : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    struct str copy = str_copy(arena, str_of(json_is_string(value) ? json_string_value(value)
                                             : text == NULL        ? ""
                                                                   : text));

    ENSURE(copy.data != NULL);
    free(text);
    return copy.data;
}

const char *
office_value(struct arena *arena, const struct http_answer *answer, const char *path)
{
    json_t       *json = json_loadb(answer->body.data, answer->body.size, 0, NULL);
    const json_t *at = json;
    struct str    rest = str_of(path);
    struct str    word = {0};

    while (at != NULL && str_cut(&rest, '.', &word)) {
        int64_t     index = 0;
        const char *name = str_copy(arena, word).data;
        at = json_is_array(at) && str_to_number(word, &index) ? json_array_get(at, (size_t)index)
                                                              : json_object_get(at, name);
    }
    const char *text = at == NULL ? "" : text_of(arena, at);
    json_decref(json);
    return text;
}

bool
office_has(const struct http_answer *answer, const char *text)
{
    return answer->body.size > 0
           && memmem(answer->body.data, answer->body.size, text, strlen(text)) != NULL;
}

struct reading
office_receipt(const struct office *office, struct arena *arena, struct str bytes)
{
    struct fault   fault = {0};
    struct reading reading = {0};
    FILE          *file = fopen(station_certificate(office->station), "re");
    char          *pem = ARENA_NEW(arena, char, PEM_MAX);

    ENSURE(file != NULL && pem != NULL);
    struct str trust = {pem, fread(pem, 1, PEM_MAX, file)};
    ENSURE(fclose(file) == 0);
    ENSURE(reading_make(arena, bytes, trust, &reading, &fault) == ERR_OK);
    return reading;
}

struct str
office_ask(const struct office *office, struct arena *arena, const char *sql)
{
    return cluster_ask(office->cluster, arena, office->database, sql);
}

bool
office_await(const struct office *office, const char *sql, const char *wanted)
{
    bool met = false;

    for (int i = 0; i < TRIES_MAX && !met; i++) {
        struct arena *arena = arena_create(SMALL_ROOM);
        met = str_equal(office_ask(office, arena, sql), str_of(wanted));
        arena_destroy(arena);
        if (!met) {
            watch_rest();
        }
    }
    return met;
}

bool
office_await_metric(const struct office *office, const char *name, int64_t wanted)
{
    for (int i = 0; i < TRIES_MAX; i++) {
        if (office_metric(office, name) == wanted) {
            return true;
        }
        watch_rest();
    }
    return false;
}
