#ifndef GATEWAY_INTAKE_CONCLUSION_LEAF_H
#define GATEWAY_INTAKE_CONCLUSION_LEAF_H

#include "gateway/intake/conclusion.h"

/*
 * The leaf of the log: SHA-256 over the facts of one decision or delivery. All of them stand in the
 * database, so that whoever can read it can compute it again; numbers are big-endian, times are
 * microseconds since 1970-01-01T00:00:00Z in two's complement:
 *
 *     11 bytes   "brama-log-1"
 *     16 bytes   submission
 *      8 bytes   n
 *      1 byte    kind: 1 decision, 2 delivery
 *     32 bytes   SHA-256 of the document (submission.sha256)
 *      8 bytes   submission.arrived
 *      8 bytes   decision.decided_at (= log.at)
 *      8 bytes   how many reports follow
 *     33 bytes   for each report of this decision, by ordinal: report.sha256, report.verdict
 *
 * The chain begins with 32 zero bytes at index 0, where there is no row; the chain of row i is
 * SHA-256(chain of row i - 1, leaf of row i).
 */
enum { CONCLUSION_LEAF_REPORT_SIZE = 33 };

/* Needs item->filed, as conclusion_context fills it. ERR_MEMORY, ERR_CRYPTO. */
MUST_USE enum err conclusion_leaf(struct arena *arena, const struct concluding *item,
                                  unsigned char leaf[32], struct fault *fault);

#endif
