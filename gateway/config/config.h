#ifndef GATEWAY_CONFIG_CONFIG_H
#define GATEWAY_CONFIG_CONFIG_H

#include "validators/base/err.h"
#include "validators/base/str.h"

/*
 * The configuration of bramad: a text file of `name = value` lines, `#` comments, blank lines. Read
 * once; constant for ever. Every setting, its unit, its bounds and its default stand in one table
 * (config.def); ops/bramad.conf is that file with comments. Knows the form of a value, not whether
 * the file or address behind it exists.
 */
/* While documents are checked a worker renews its lease after one such part of it. */
enum { CONFIG_LEASE_PART = 6 };

enum config_environment { CONFIG_TEST = 1, CONFIG_PROD = 2 };

struct config {
    enum config_environment environment;
    struct str              node; /* name of this machine among those of one database */

    /* Where things are. Paths are absolute. */
    struct str listen;         /* Unix socket of the front, for nginx */
    struct str socket_group;   /* group that may use it; empty: only our own user */
    struct str health_address; /* "127.0.0.1:9470"; port 0: a free one, told in the log */
    struct str state_folder;
    struct str seal_key;         /* PEM, mode 0600; opened by the supervisor, inherited by signer */
    struct str seal_certificate; /* PEM: the certificate, then its chain */
    struct str trust;            /* PEM: who may issue the certificates of those who sign reports */
    struct str public_url;       /* "https://localhost:8443", without a slash at the end */
    struct str receiver;         /* name of the body that receives, on receipts */
    struct str definitions;      /* folder of schemas; empty: those built in */

    /* PostgreSQL. Names of its roles are fixed: brama_owner, _writer, _reader, _admin. */
    struct str database_host; /* folder of its socket, or an address */
    int64_t    database_port;
    struct str database_name;
    struct str database_folder; /* of its data, to watch its disk; empty: on another machine */

    /* User of each role, when started as root; empty: stay. */
    struct str user_front;
    struct str user_worker;
    struct str user_checker;
    struct str user_signer;
    struct str user_reader;
    struct str user_desk;
    struct str user_courier;

    /* What leaves here. */
    struct str webhook_key;      /* PEM, Ed25519, mode 0600; empty: no webhooks */
    struct str tsa_url;          /* time-stamping authority, RFC 3161; empty: no time stamps */
    struct str tsa_trust;        /* PEM: who issues its certificates */
    struct str tsa_policy;       /* the only one accepted, "1.2.3"; empty: any */
    struct str courier_trust;    /* PEM: issuers of the certificates of those that it connects to */
    int64_t    webhook_loopback; /* 1: webhooks may go to this machine; TEST only */

    /* Letters. */
    struct str mail_url;             /* relay, "smtp://host:587" or smtps; empty: no letters */
    int64_t    mail_starttls;        /* 1: nothing is said over smtp:// before TLS */
    struct str mail_from;            /* address of the sender */
    struct str mail_name;            /* its name */
    struct str mail_user;            /* at the relay; empty: none */
    struct str mail_password;        /* its file, mode 0600 */
    int64_t    mail_day_max;         /* letters to one person a day; those with links apart */
    int64_t    mail_digest_hour;     /* of Warsaw: from when on digests are made */
    int64_t    mail_results_minutes; /* between letters of results to one person */

    /* Processes. */
    int64_t workers; /* each has one checker */
    int64_t readers;
    int64_t silence_seconds; /* a process that gives no sign of life for so long is replaced */

    /* Limits. */
    int64_t body_bytes_max;
    int64_t spool_bytes_max;       /* of all bodies in flight */
    int64_t connections_max;       /* of the front */
    int64_t body_idle_seconds;     /* without a byte of a body */
    int64_t batch_documents_max;   /* 64 */
    int64_t batch_bytes_max;       /* 4 MiB */
    int64_t backlog_documents_max; /* admitted, not decided: above it receive-only */
    int64_t backlog_refuse_max;    /* above it 503 */
    int64_t disk_reserve_bytes;    /* less left: 503 */
    int64_t attempts_max;          /* then a submission is parked: 3 */
    int64_t lease_seconds;         /* 30 */
    int64_t checker_documents_max; /* then a checker is replaced */
    int64_t checker_deadline_ms;
    int64_t checker_memory_bytes;
    int64_t answer_wait_ms;        /* POST waits so long for the decision: 5000 */
    int64_t poll_wait_seconds_max; /* ?wait= at most: 25 */
};

/* A fault of the file. Polish, for the operator. */
struct config_fault {
    size_t     line; /* from 1; 0: the file as a whole */
    struct str text;
};

enum { CONFIG_FAULTS_MAX = 100, CONFIG_SIZE_MAX = 256 * 1024 };

struct config_faults {
    size_t              count;
    struct config_fault items[CONFIG_FAULTS_MAX];
};

/*
 * Read the text of a file. Every fault is told (unknown, doubled or missing name, value out of
 * bounds, PROD with a setting that only TEST may have): ERR_CONFIG when there is one. ERR_MEMORY.
 */
MUST_USE enum err config_parse(struct arena *arena, struct str text, struct config *out,
                               struct config_faults *faults, struct fault *fault);

/* The same from a file. ERR_FILE when it cannot be read. */
MUST_USE enum err config_load(struct arena *arena, const char *path, struct config *out,
                              struct config_faults *faults, struct fault *fault);

#endif
