#include "tests/unit/gateway/outbox/mailroom.h"

#include <stdio.h>

static struct cluster *cluster;

int
mailroom_start(void **state)
{
    (void)state;
    cluster = cluster_start(CLUSTER_FAST);
    return 0;
}

int
mailroom_stop(void **state)
{
    (void)state;
    cluster_stop(cluster);
    return 0;
}

int
mailroom_open(void **state)
{
    static unsigned        number;
    static struct mailroom room;

    room = (struct mailroom){0};
    (void)snprintf(room.name, sizeof room.name, "mailroom%u", number++);
    town_begin(&room.town, cluster, room.name);
    const struct store_address address = {str_of(cluster_host(cluster)), cluster_port(cluster),
                                          str_of(room.name)};
    *state = &room;
    return store_open(room.town.arena, &address, STORE_COURIER, &room.courier, &room.fault)
           != ERR_OK;
}

int
mailroom_close(void **state)
{
    struct mailroom *room = *state;

    town_end(&room->town);
    return 0;
}

const char *
mailroom_ask(const struct mailroom *room, const char *sql)
{
    return town_ask(&room->town, sql);
}

struct uuid
mailroom_person(const struct mailroom *room, const char *word)
{
    struct uuid id = {{0}};
    struct str  sql = str_format(room->town.arena, "SELECT md5('%s')::uuid", word);

    ENSURE(uuid_parse(str_of(mailroom_ask(room, sql.data)), &id));
    return id;
}
