#include "tests/unit/gateway/desk/counter_stand.h"

#include "gateway/people/password.h"
#include "tests/support/expect.h"

#include <jansson.h>

enum { NAME_MAX_OURS = 32 };

struct cluster *cluster;
struct town     town;
struct counter  counter;

int
stand_start(void **state)
{
    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    return password_warm_up(&town.fault) == ERR_OK ? 0 : -1;
}

int
stand_stop(void **state)
{
    (void)state;
    cluster_stop(cluster);
    return 0;
}

int
stand_begin(void **state)
{
    static int  number = 0;
    static char name[NAME_MAX_OURS];

    (void)state;
    number++;
    (void)snprintf(name, sizeof name, "stand_%d", number);
    town_begin(&town, cluster, name);
    counter_begin(&counter, &town);
    return 0;
}

int
stand_end(void **state)
{
    (void)state;
    counter_end(&counter);
    town_end(&town);
    return 0;
}

void
stand_give_passwords(void)
{
    struct str hash = {0};

    assert_int_equal(password_hash(town.arena, STR(STAND_PASSWORD), &hash, &town.fault), ERR_OK);
    struct str sql = str_format(town.arena,
                                "INSERT INTO people.secret (person, password, totp) SELECT"
                                " md5(role)::uuid, '%s', '" STAND_TOTP_SECRET "' FROM people.role",
                                hash.data);
    town_run(&town, sql.data);
}

void
stand_expect_refusal(const struct reply *reply, int status, const char *detail)
{
    struct str wanted = str_format(town.arena, "\"detail\":\"%s\"", detail);

    if (reply->status != status || !counter_says(reply, wanted.data)) {
        print_message("%d %.*s\n", reply->status, STR_ARG(reply->body));
    }
    EXPECT(reply->status == status && counter_says(reply, wanted.data), detail);
}

const char *
stand_member(const struct reply *reply, const char *name)
{
    json_t     *object = json_loadb(reply->body.data, reply->body.size, 0, NULL);
    const char *text = json_string_value(json_object_get(object, name));
    struct str  copy = str_copy(town.arena, str_of(text));

    json_decref(object);
    return copy.data;
}
