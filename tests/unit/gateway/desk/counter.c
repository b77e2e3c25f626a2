#include "tests/unit/gateway/desk/counter.h"

void
counter_begin(struct counter *counter, struct town *town)
{
    *counter = (struct counter){
        .town = town,
        .config = {.public_url = STR(COUNTER_ORIGIN),
                   .database_host = str_of(cluster_host(town->cluster)),
                   .database_port = cluster_port(town->cluster),
                   .database_name = str_of(town->database)},
    };
    counter->desk = desk_create(&counter->config);
}

void
counter_end(struct counter *counter)
{
    desk_close(&counter->desk);
}

/* Whether a name of a header stands there more than once. */
static bool
has_twice(struct str headers)
{
    struct str line = {0};
    struct str name = {0};

    while (headers.size > 0 && str_cut(&headers, '\n', &line) && str_cut(&line, ':', &name)) {
        struct str rest = headers;
        struct str other = {0};
        while (rest.size > 0 && str_cut(&rest, '\n', &line)) {
            if (str_cut(&line, ':', &other) && str_equal(name, other)) {
                return true;
            }
        }
    }
    return false;
}

struct reply
counter_send(struct counter *counter, const struct petition *petition)
{
    struct reply reply = {0};

    desk_answer(&counter->desk, counter->town->arena, petition, 0, &reply);
    ENSURE(reply.handle == petition->handle && !has_twice(reply.headers));
    return reply;
}
