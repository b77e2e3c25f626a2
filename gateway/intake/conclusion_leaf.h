#ifndef GATEWAY_INTAKE_CONCLUSION_LEAF_H
#define GATEWAY_INTAKE_CONCLUSION_LEAF_H

#include "gateway/intake/conclusion.h"

/*
 * The leaf of the log: SHA-256 over the facts of one decision or delivery. All of them stand in the
 * database, so that whoever can read it can compute it again, and whoever changes one is seen;
 * numbers are big-endian, times are microseconds since 1970-01-01T00:00:00Z in two's complement:
 *
 *     11 bytes   "brama-log-2"
 *     16 bytes   submission
 *      8 bytes   n
 *      1 byte    kind: 1 decision, 2 delivery, 3 withdrawal (a flag)
 *     32 bytes   SHA-256 of the document (submission.sha256)
 *      8 bytes   submission.arrived
 *      8 bytes   decision.decided_at (= log.at)
 *     32 bytes   SHA-256 of the facts of the decision
 *      8 bytes   how many reports follow
 *     65 bytes   for each report of this decision, by ordinal: report.sha256, report.verdict,
 * SHA-256 of the facts of the report
 *
 * Facts are texts, each behind its size in 8 bytes; NULL is a size of all ones and nothing behind
 * it. Numbers and times are written in decimal, days as days since 1970-01-01, digests in lower
 * case hexadecimal, truth as "true" or "false". A withdrawal ends with its time or, by a person,
 * with the 16 bytes of the appointment in which they acted. Of a decision:
 *
 *     submission.subject, submission.first_byte, verdict, reason, definitions, trust, registry,
 *     calendar, engine, log_index, finding_count, cut, and reference unless it is NULL
 *
 * and of a report all that never changes of its row, in the order of its columns:
 *
 *     report, unit, unit_name, regon, type, wk, pk, gk, gt, pt, element, form, form_version,
 *     form_title, year, period_type, period_number, period, period_end, level, variant, version,
 *     reason, start_byte, end_byte, row_count, arrived, log_index, due, timeliness, calendar,
 *     corrects, window_until, outside_window, recipient, window_basis, addressed_to
 *
 * The chain begins with 32 zero bytes at index 0, where there is no row; the chain of row i is
 * SHA-256(chain of row i - 1, leaf of row i). Leaves that begin with "brama-log-1" have neither
 * kind of facts; no leaf of one version can be taken for one of the other.
 */
enum { CONCLUSION_LEAF_REPORT_SIZE = 65 };

/* Needs item->filed with its terms, and item->log_index. ERR_MEMORY, ERR_CRYPTO. */
MUST_USE enum err conclusion_leaf(struct arena *arena, const struct concluding *item,
                                  unsigned char leaf[32], struct fault *fault);

/* A withdrawal: its time stands where decided_at does, n is the newest there was, no reports. */
struct conclusion_flag {
    struct uuid   id;
    int           n;
    unsigned char sha256[32];
    instant       arrived;
    instant       at;
    struct uuid   appointment; /* of a person who withdraws; nil: a program does */
};

MUST_USE enum err conclusion_leaf_flag(struct arena *arena, const struct conclusion_flag *flag,
                                       unsigned char leaf[32], struct fault *fault);

#endif
