#include "gateway/bramad/roles.h"

#include "gateway/checker/checker_role.h"
#include "gateway/courier/courier.h"
#include "gateway/desk/desk_role.h"
#include "gateway/front/front.h"
#include "gateway/reader/reader.h"
#include "gateway/signer/signer.h"
#include "gateway/submission/worker.h"

enum { MILLISECONDS = 1000 };

static int64_t
one(const struct config *config)
{
    (void)config;
    return 1;
}

static int64_t
workers(const struct config *config)
{
    return config->workers;
}

static int64_t
readers(const struct config *config)
{
    return config->readers;
}

static int64_t
silence_ms(const struct config *config)
{
    return config->silence_seconds * MILLISECONDS;
}

/* It gives no sign while it reads a document; its worker ends it when that takes too long. */
static int64_t
silence_of_checker_ms(const struct config *config)
{
    return silence_ms(config) + config->checker_deadline_ms;
}

static struct str
user_front(const struct config *config)
{
    return config->user_front;
}

static struct str
user_worker(const struct config *config)
{
    return config->user_worker;
}

static struct str
user_checker(const struct config *config)
{
    return config->user_checker;
}

static struct str
user_signer(const struct config *config)
{
    return config->user_signer;
}

static struct str
user_reader(const struct config *config)
{
    return config->user_reader;
}

static struct str
user_desk(const struct config *config)
{
    return config->user_desk;
}

static struct str
user_courier(const struct config *config)
{
    return config->user_courier;
}

/* The page of counters is writable to all who have it: not to the one that reads untrusted bytes.
 */
/* clang-format off */
static const struct role_entry entries[] = {
    {ROLE_SIGNER,  signer_role,  ROLE_INHERITS_METRICS | ROLE_INHERITS_KEY, false, false, one,
     user_signer, silence_ms},
    {ROLE_CHECKER, checker_role, 0, true, false, workers, user_checker, silence_of_checker_ms},
    {ROLE_READER,  reader_role,  ROLE_INHERITS_METRICS, false, false, readers, user_reader,
     silence_ms},
    {ROLE_DESK,    desk_role,    ROLE_INHERITS_METRICS, false, false, one, user_desk, silence_ms},
    {ROLE_WORKER,  worker_role,  ROLE_INHERITS_METRICS, false, false, workers, user_worker,
     silence_ms},
    {ROLE_COURIER, courier_role, ROLE_INHERITS_METRICS | ROLE_INHERITS_WEBHOOK_KEY, false, false,
     one, user_courier, silence_ms},
    {ROLE_FRONT,   front_role,
     ROLE_INHERITS_METRICS | ROLE_INHERITS_LISTEN | ROLE_INHERITS_HEALTH, false, true, one,
     user_front, silence_ms},
};
/* clang-format on */

static const struct role_peers peers[] = {
    {ROLE_FRONT,  ROLE_WORKER,  false},
    {ROLE_FRONT,  ROLE_READER,  false},
    {ROLE_FRONT,  ROLE_DESK,    false},
    {ROLE_WORKER, ROLE_CHECKER, true },
    {ROLE_WORKER, ROLE_SIGNER,  false},
};

const struct role_table roles_table = {entries, ARRAY_COUNT(entries), peers, ARRAY_COUNT(peers)};
