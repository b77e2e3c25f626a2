#include "tests/proof/audit.h"

#include "tests/support/leaf.h"

#include <errno.h>
#include <libpq-fe.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zstd.h>

enum { ROOM = 256 << 20, SETTLE_MS = 60000, LOOK_NS = 20000000, DOCUMENT_MAX = 32 << 20 };

/* A claim about the whole database: the query counts what speaks against it. */
struct claim {
    const char *name;
    const char *against;
};

/* Accepted by the newest decision of its submission, and with a key. */
#define STANDING                                                                         \
    "(SELECT * FROM intake.report r WHERE verdict = 1 AND unit IS NOT NULL "             \
    "AND NOT EXISTS (SELECT 1 FROM intake.decision d WHERE d.submission = r.submission " \
    "AND d.n > r.n AND d.kind = 'decision')) standing"

static const struct claim claims[] = {
    {"a key of a sender stands for one submission",
     "SELECT count(*) FROM (SELECT 1 FROM intake.submission GROUP BY subject, key "
     "HAVING count(*) > 1) x"                                                                          },
    {"one body of a sender is in force once, unless it was rejected before",
     "SELECT count(*) FROM (SELECT 1 FROM intake.submission WHERE verdict <> 3 "
     "GROUP BY subject, sha256 HAVING count(*) > 1) x"                                                 },
    {"every submission has its document",
     "SELECT count(*) FROM intake.submission s LEFT JOIN intake.document d USING (submission) "
     "WHERE d.submission IS NULL"                                                                      },
    {"every document has its submission",
     "SELECT count(*) FROM intake.document d LEFT JOIN intake.submission s USING (submission) "
     "WHERE s.submission IS NULL"                                                                      },
    {"nothing is left undecided",                                                                    "SELECT count(*) FROM intake.submission WHERE state NOT IN "
                                  "('decided', 'parked', 'withdrawn')"},
    {"decisions of a submission are numbered without a gap",
     "SELECT count(*) FROM (SELECT submission, max(n) AS top, count(*) AS many "
     "FROM intake.decision GROUP BY submission) x JOIN intake.submission s USING (submission) "
     "WHERE top <> many OR top <> s.n"                                                                 },
    {"a submission names its newest decision, whatever was delivered after it",
     "SELECT count(*) FROM intake.submission s WHERE s.decided_n <> coalesce((SELECT max(d.n) "
     "FROM intake.decision d WHERE d.submission = s.submission AND d.kind = 'decision'), 0)"           },
    {"every decision has a row of the log, and the other way round",
     "SELECT count(*) FROM intake.decision d FULL JOIN (SELECT * FROM intake.log "
     "WHERE kind <> 'flag') l ON l.submission = d.submission AND l.n = d.n AND l.index = "
     "d.log_index "
     "WHERE d.submission IS NULL OR l.index IS NULL"                                                   },
    {"every withdrawal has one flag in the log, made of its facts, and the other way round",
     "SELECT count(*) FROM (SELECT * FROM intake.submission WHERE state = 'withdrawn') s FULL JOIN "
     "(SELECT * FROM intake.log WHERE kind = 'flag') l ON l.submission = s.submission "
     "WHERE s.sha256 IS NULL "
     "OR l.leaf IS DISTINCT FROM " LEAF_OF_WITHDRAWAL                                                  },
    {"what is withdrawn was not accepted",
     "SELECT count(*) FROM intake.submission s JOIN intake.report r ON r.submission = s.submission "
     "AND r.n = s.decided_n WHERE s.state = 'withdrawn' AND r.verdict = 1"                             },
    {"the log has no gap",
     "SELECT count(*) FROM (SELECT index, lag(index, 1, 0::bigint) OVER (ORDER BY index) AS before "
     "FROM intake.log) x WHERE index <> before + 1"                                                    },
    {"the head of the log is its last row",
     "SELECT count(*) FROM intake.log_head h WHERE h.index <> (SELECT max(index) FROM intake.log) "
     "OR h.chain <> (SELECT chain FROM intake.log ORDER BY index DESC LIMIT 1)"                        },
    {"every leaf is what the facts make it",
     "SELECT count(*) FROM intake.log l JOIN intake.decision d ON d.submission = l.submission "
     "AND d.n = l.n JOIN intake.submission s ON s.submission = d.submission "
     "WHERE l.kind <> 'flag' AND l.leaf <> " LEAF_SQL                                                  },
    {"every link of the chain is made of the one before and the leaf",
     "SELECT count(*) FROM (SELECT chain, leaf, lag(chain, 1, decode(repeat('00', 32), 'hex')) "
     "OVER (ORDER BY index) AS before FROM intake.log) x "
     "WHERE chain <> sha256(before || leaf)"                                                           },
    {"the log follows the order of commit: decision times never go back by more than a batch takes",
     "SELECT count(*) FROM (SELECT at, lag(at) OVER (ORDER BY index) AS before FROM intake.log) x "
     "WHERE at < before - interval '1 minute'"                                                         },
    {"every decision has a receipt",
     "SELECT count(*) FROM intake.decision d WHERE NOT EXISTS (SELECT 1 FROM intake.receipt r "
     "WHERE r.submission = d.submission AND r.n = d.n)"                                                },
    {"every receipt has the digest that is noted beside it",
     "SELECT count(*) FROM intake.receipt WHERE sha256(bytes) <> sha256"                               },
    {"every receipt names its number, its submission and its place in the log",
     "SELECT count(*) FROM intake.receipt r JOIN intake.decision d USING (submission, n) "
     "WHERE position(r.number IN convert_from(r.bytes, 'UTF8')) = 0 "
     "OR position(r.submission::text IN convert_from(r.bytes, 'UTF8')) = 0 "
     "OR position(d.log_index::text IN convert_from(r.bytes, 'UTF8')) = 0"                             },
    {"accepted reports have all their lines, others have none",
     "SELECT count(*) FROM intake.report r LEFT JOIN (SELECT report, count(*) AS lines "
     "FROM intake.line GROUP BY report) l USING (report) WHERE coalesce(l.lines, 0) <> "
     "CASE WHEN r.verdict = 1 THEN r.row_count ELSE 0 END"                                             },
    {"every line belongs to a report",
     "SELECT count(*) FROM intake.line l LEFT JOIN intake.report r USING (report) "
     "WHERE r.report IS NULL"                                                                          },
    {"every report belongs to a decision",
     "SELECT count(*) FROM intake.report r LEFT JOIN intake.decision d USING (submission, n) "
     "WHERE d.submission IS NULL"                                                                      },
    {"every receipt belongs to a decision, every decision to a submission",
     "SELECT (SELECT count(*) FROM intake.receipt LEFT JOIN intake.decision d USING (submission, "
     "n) "
     "WHERE d.kind IS NULL) + (SELECT count(*) FROM intake.decision d LEFT JOIN intake.submission "
     "s "
     "USING (submission) WHERE s.subject IS NULL)"                                                     },
    {"every report stands on one receipt of a unit, and on the summary if there is one",
     "SELECT count(*) FROM intake.report r WHERE (SELECT count(*) FROM intake.receipt c "
     "WHERE c.submission = r.submission AND c.n = r.n AND c.kind = 'unit' "
     "AND r.ordinal = ANY (c.reports)) <> 1 OR EXISTS (SELECT 1 FROM intake.receipt c "
     "WHERE c.submission = r.submission AND c.n = r.n AND c.kind = 'summary' "
     "AND NOT r.ordinal = ANY (c.reports))"                                                            },
    {"every unit knows what another has filed for it, and of nothing else",
     "SELECT count(*) FROM (SELECT DISTINCT r.unit, s.ordinal, s.subject FROM intake.report r "
     "JOIN intake.submission s USING (submission) WHERE r.unit <> s.subject) x "
     "FULL JOIN intake.concern c USING (unit, ordinal, subject) "
     "WHERE NOT (x IS NOT NULL AND c IS NOT NULL)"                                                     },
    {"what offices are sent is noted for the unit and for the country",
     "SELECT count(*) FROM intake.report r JOIN intake.submission s USING (submission) "
     "CROSS JOIN (VALUES (2, true), (4, true), (8, false), (16, false), (32, true)) k (bit, "
     "placed) "
     "WHERE r.verdict = 1 AND r.unit IS NOT NULL AND r.addressed_to & k.bit <> 0 "
     "AND NOT EXISTS (SELECT 1 FROM intake.addressing a WHERE a.kind = k.bit "
     "AND a.place = CASE WHEN k.placed THEN r.unit ELSE 0 END AND a.ordinal = s.ordinal)"              },
    {"of every key the highest version, then the latest arrival, then the latest entry is in force",
     "SELECT count(*) FROM (SELECT DISTINCT ON (unit, form, period_end, period_type, level, "
     "variant) report, in_force FROM " STANDING " ORDER BY "
     "unit, form, period_end, period_type, level, variant, version DESC, arrived DESC, "
     "log_index DESC) x WHERE in_force IS NULL OR NOT upper_inf(in_force)"                             },
    {"only one report of a key is in force, now and at any time",
     "SELECT count(*) FROM intake.report a JOIN intake.report b USING (unit, form, period_end, "
     "period_type, level, variant) WHERE a.report < b.report AND a.in_force && b.in_force"             },
    {"only accepted reports were ever in force, and no decision that another followed is",
     "SELECT (SELECT count(*) FROM intake.report WHERE NOT isempty(in_force) AND verdict <> 1) "
     "+ (SELECT count(*) FROM intake.report WHERE upper_inf(in_force) "
     "AND report NOT IN (SELECT report FROM " STANDING "))"                                            },
    {"a decision tells of itself once",
     "SELECT count(*) FROM (SELECT 1 FROM intake.outbox GROUP BY submission, n "
     "HAVING count(*) > 1) x"                                                                          },
    {"nothing is held by a transaction that nobody finishes",
     "SELECT count(*) FROM pg_prepared_xacts"                                                          },
};

static PGconn *
open_database(struct cluster *cluster, const char *database)
{
    char port[16];

    (void)snprintf(port, sizeof port, "%d", cluster_port(cluster));
    const char *const names[] = {"host", "port", "dbname", "user", NULL};
    const char *const values[] = {cluster_host(cluster), port, database, "brama_owner", NULL};
    PGconn           *connection = PQconnectdbParams(names, values, 0);
    if (PQstatus(connection) != CONNECTION_OK) {
        (void)fprintf(stderr, "proof: %s", PQerrorMessage(connection));
        abort();
    }
    return connection;
}

static PGresult *
ask(PGconn *connection, const char *sql, int format)
{
    PGresult *result = PQexecParams(connection, sql, 0, NULL, NULL, NULL, NULL, format);

    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        (void)fprintf(stderr, "proof: %s: %s", sql, PQerrorMessage(connection));
        abort();
    }
    return result;
}

static long
count_of(PGconn *connection, const char *sql)
{
    PGresult *result = ask(connection, sql, 0);
    long      count = strtol(PQgetvalue(result, 0, 0), NULL, 10);

    PQclear(result);
    return count;
}

bool
audit_settled(struct cluster *cluster, const char *database)
{
    PGconn               *connection = open_database(cluster, database);
    const struct timespec pause = {.tv_nsec = LOOK_NS};
    long                  open = 1;

    for (int waited = 0; waited < SETTLE_MS && open > 0; waited += LOOK_NS / 1000000) {
        open = count_of(connection, "SELECT count(*) FROM intake.submission "
                                    "WHERE state NOT IN ('decided', 'parked')");
        (void)nanosleep(&pause, NULL); /* a condition is asked for again */
    }
    PQfinish(connection);
    return open == 0;
}

static size_t
check_claims(PGconn *connection)
{
    size_t wrong = 0;

    for (size_t i = 0; i < ARRAY_COUNT(claims); i++) {
        long against = count_of(connection, claims[i].against);
        if (against != 0) {
            (void)fprintf(stderr, "proof: does not hold: %s (%ld)\n", claims[i].name, against);
            wrong++;
        }
    }
    return wrong;
}

/* Every document, taken out of the store by this program's own means, has the digest that stands
 * beside it. */
static size_t
check_documents(PGconn *connection)
{
    PGresult *result = ask(connection,
                           "SELECT d.encoding, d.bytes, s.sha256, s.size FROM intake.document d "
                           "JOIN intake.submission s USING (submission)",
                           1);
    char     *plain = malloc(DOCUMENT_MAX);
    size_t    wrong = 0;

    ENSURE(plain != NULL);
    for (int i = 0; i < PQntuples(result); i++) {
        const char   *bytes = PQgetvalue(result, i, 1);
        size_t        size = (size_t)PQgetlength(result, i, 1);
        unsigned char digest[32];
        if (strcmp(PQgetvalue(result, i, 0), "zstd") == 0) {
            size = ZSTD_decompress(plain, DOCUMENT_MAX, bytes, size);
            bytes = plain;
        }
        bool good = ZSTD_isError(size) == 0
                    && EVP_Digest(bytes, size, digest, NULL, EVP_sha256(), NULL) == 1
                    && memcmp(digest, PQgetvalue(result, i, 2), sizeof digest) == 0;
        wrong += good ? 0 : 1;
    }
    if (wrong > 0) {
        (void)fprintf(stderr, "proof: %zu documents are not what was sent\n", wrong);
    }
    free(plain);
    PQclear(result);
    return wrong;
}

/* Verify one receipt by xmlsec1, which shares no code with ours. */
static bool
verify(const char *path, const char *certificate)
{
    int   status = 0;
    pid_t child = fork();

    if (child == 0) {
        if (freopen("/dev/null", "we", stdout) == NULL
            || freopen("/dev/null", "we", stderr) == NULL) {
            _exit(127);
        }
        (void)execlp("xmlsec1", "xmlsec1", "--verify", "--enabled-key-data", "x509",
                     "--trusted-pem", certificate, "--id-attr:Id",
                     "http://uri.etsi.org/01903/v1.3.2#:SignedProperties", path, (char *)NULL);
        _exit(127);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static size_t
check_receipts(PGconn *connection, const struct station *station)
{
    PGresult *result = ask(connection, "SELECT number, bytes FROM intake.receipt", 1);
    size_t    wrong = 0;
    char      path[512];

    (void)snprintf(path, sizeof path, "%s/receipt.xml", station_folder(station));
    for (int i = 0; i < PQntuples(result); i++) {
        FILE  *file = fopen(path, "we");
        size_t size = (size_t)PQgetlength(result, i, 1);
        ENSURE(file != NULL && fwrite(PQgetvalue(result, i, 1), 1, size, file) == size);
        ENSURE(fclose(file) == 0);
        if (!verify(path, station_certificate(station))) {
            (void)fprintf(stderr, "proof: receipt %.*s does not verify\n",
                          PQgetlength(result, i, 0), PQgetvalue(result, i, 0));
            wrong++;
        }
    }
    (void)printf("proof: %d receipts verified by xmlsec1, %zu of them wrong\n", PQntuples(result),
                 wrong);
    PQclear(result);
    return wrong;
}

/* What one sender was told was his: it is there, once, with that digest. */
static bool
is_there(PGconn *connection, const struct filer_note *note)
{
    const char *const values[] = {note->id, (const char *)note->sha256};
    const int         sizes[] = {0, sizeof note->sha256};
    const int         formats[] = {0, 1};
    PGresult         *result = PQexecParams(
                connection,
                "SELECT count(*) FROM intake.submission WHERE submission = $1::uuid AND sha256 = $2::bytea",
                2, NULL, values, sizes, formats, 0);
    bool there =
        PQresultStatus(result) == PGRES_TUPLES_OK && strcmp(PQgetvalue(result, 0, 0), "1") == 0;

    PQclear(result);
    return there;
}

static size_t
check_notes(PGconn *connection, const char *const *notes, size_t note_count)
{
    size_t            wrong = 0;
    size_t            seen = 0;
    struct filer_note note = {0};

    for (size_t i = 0; i < note_count; i++) {
        FILE *file = fopen(notes[i], "re");
        while (file != NULL && fread(&note, sizeof note, 1, file) == 1) {
            seen++;
            if (!is_there(connection, &note)) {
                (void)fprintf(stderr, "proof: LOST: acknowledged %s (key %s)\n", note.id, note.key);
                wrong++;
            }
        }
        ENSURE(file == NULL || fclose(file) == 0);
    }
    (void)printf("proof: %zu notes of senders looked up, %zu lost\n", seen, wrong);
    return wrong;
}

size_t
audit_run(struct cluster *cluster, const char *database, const struct station *station,
          const char *const *notes, size_t note_count)
{
    PGconn *connection = open_database(cluster, database);
    size_t  wrong = check_claims(connection);

    wrong += check_documents(connection);
    wrong += check_receipts(connection, station);
    wrong += check_notes(connection, notes, note_count);
    PQfinish(connection);
    return wrong;
}
