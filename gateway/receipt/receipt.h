#ifndef GATEWAY_RECEIPT_RECEIPT_H
#define GATEWAY_RECEIPT_RECEIPT_H

#include "gateway/receipt/receipt_outage.h"
#include "validators/base/err.h"
#include "validators/base/uuid.h"

/*
 * The receipt (UPO): what the gateway states about a decision, as facts. The text of a receipt is a
 * function of its facts alone: fixed order, canonical bytes by construction (Exclusive C14N without
 * DOM; limits.md A2), so that the same facts give the same bytes but for the signature. The form is
 * schemas/upo/1.0/upo-1-0.xsd. Pure: no clock, no key, no database.
 *
 * Receipts state facts, not legal opinions (design.md 2.8). All texts are UTF-8 without characters
 * that XML forbids; the writer replaces what is not by U+FFFD.
 */
enum receipt_kind {
    RECEIPT_UNIT = 1, /* of one unit's reports in one decision */
    RECEIPT_SUMMARY,  /* for the sender of a package of several units */
    RECEIPT_DELIVERY, /* of arrival alone: nothing is decided (parked, receive-only, junk) */
};

/* A finding as it stands on the receipt. */
struct receipt_finding {
    struct str code;
    struct str severity; /* "error", "query", "warning"; information is left out */
    struct str cell;     /* in the form's words; may be empty */
    struct str title;
    uint32_t   line; /* of the file; 0: none */
    uint32_t   column;
};

struct receipt_report {
    struct str    form;         /* "Rb-27S" */
    struct str    form_name;    /* "sprawozdanie z wykonania ..."; empty when there is no form */
    struct str    form_version; /* "2025-1" */
    struct str    unit_name;    /* for the summary */
    struct str    unit_regon;
    struct str    period;     /* "2026-Q2" */
    struct str    level;      /* "jednostkowe" */
    struct str    variant;    /* "wojewoda-lodzki/powiat"; mostly empty */
    struct str    version;    /* Wersja as it stands */
    struct str    verdict;    /* "accepted", "held", "rejected", "undecided" */
    struct str    reason;     /* may be empty */
    struct date   due;        /* the last day in time; year 0: the calendar names none */
    struct str    timeliness; /* "in_time", "late", "correction"; empty: nothing is stated */
    struct str    calendar;   /* version of the calendar that named the day */
    struct str    due_basis;  /* legal basis of that day */
    struct str    outside;    /* a correction after its window: until when, and to whom it is put */
    struct str    set_state;  /* "consistent", "inconsistent", "incomplete"; empty: not stated */
    struct str    set_awaited; /* what the set waits for, or why it was not judged */
    unsigned char sha256[32];
    struct str signers; /* "główny księgowy: Anna P.; kierownik: Jan P." of valid signatures */
    const struct receipt_finding *findings;
    size_t                        finding_count;
    size_t                        finding_cut; /* more there were */
};

struct receipt_facts {
    enum receipt_kind             kind;
    struct str                    number;      /* "990001018-20260710-00000000002A-6E" */
    struct str                    environment; /* "TEST", "PROD" */
    struct str                    receiver;    /* the body that receives */
    struct uuid                   submission;
    int64_t                       n; /* of the decision */
    struct str                    sender_name;
    struct str                    sender_regon;
    struct str                    unit_name;  /* UNIT only */
    struct str                    unit_regon; /* UNIT only */
    struct str                    unit_codes; /* "99/01/01/1/0", UNIT only */
    instant                       first_byte;
    instant                       last_byte;
    instant                       arrived; /* data wpływu */
    instant                       decided;
    unsigned char                 document_sha256[32];
    uint64_t                      document_size;
    struct uuid                   first_submission; /* these bytes were rejected then; nil: never */
    instant                       first_arrived;
    const struct receipt_outage  *outages;
    size_t                        outage_count;
    struct str                    verdict; /* worst of the reports on it */
    struct str                    reason;
    const struct receipt_report  *reports;
    size_t                        report_count;
    const struct receipt_finding *findings; /* of the package, as far as they concern the unit */
    size_t                        finding_count;
    uint64_t                      listed_count; /* of the package; 0: here are all of them */
    struct str                    listed_on;    /* the number of the summary that lists those */
    unsigned char                 definitions_sha256[32];
    unsigned char                 trust_sha256[32];
    unsigned char                 registry_sha256[32];
    unsigned char                 calendar_sha256[32];  /* zeros: made without a calendar */
    unsigned char                 reference_sha256[32]; /* zeros: held against no figures */
    struct str                    engine;               /* "brama 0.2.0" */
    uint64_t                      log_index;
    unsigned char                 log_leaf[32];
    struct str                    note; /* "nie zastępuje przekazania w BeSTi@ ..." */
};

enum { RECEIPT_SIZE_MAX = 32 * 1024 * 1024 }; /* the largest summary, of 5,000 units: 14 MiB */

/* "accepted" -> "przyjęte przez bramę", "late" -> "po terminie", "consistent" -> "zgodny". */
struct str receipt_verdict_text(struct str verdict);
struct str receipt_timeliness_text(struct str timeliness);
struct str receipt_set_text(struct str state);

/* Facts as bytes, for the signer (parcel.h), and back. ERR_WIRE, ERR_MEMORY, ERR_LIMIT. */
void              receipt_facts_encode(struct buf *out, const struct receipt_facts *facts);
MUST_USE enum err receipt_facts_decode(struct arena *arena, struct str bytes, size_t *used,
                                       struct receipt_facts *out, struct fault *fault);

/* The document without its signature: the canonical bytes whose digest is signed. */
MUST_USE enum err receipt_write(struct buf *out, const struct receipt_facts *facts,
                                struct fault *fault);

/* The page that a person reads and prints: complete HTML, no script, no foreign resource. */
MUST_USE enum err receipt_write_html(struct buf *out, const struct receipt_facts *facts,
                                     struct fault *fault);

#endif
