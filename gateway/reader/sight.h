#ifndef GATEWAY_READER_SIGHT_H
#define GATEWAY_READER_SIGHT_H

/*
 * Who sees what, as pieces of the reader's statements (design.md 2.15): the first fence, behind
 * which row-level security says the same once more. A submission is seen whole by who filed it and
 * by those above. A unit that it has reports of sees it in part: its own reports, their findings
 * and signatures, its own receipts, and the worst verdict of its own reports as that of the file.
 * An office (a recipient) sees the accepted reports that are addressed to it, in the same way, and
 * no receipts; these conditions are asked for offices alone, so that they cost nobody else.
 */

/* Behind "x.unit = ". */
#define SIGHT_UNITS "ANY ((SELECT registry.seen_units())::bigint[])"

/* Of submission s: it is seen, whole or in part. */
#define SIGHT_SUBMISSION "(s.subject = " SIGHT_UNITS " OR intake.is_concerned(s.ordinal))"

/* Of submission s, and of a report: an office sees something of it, and it itself. */
#define SIGHT_OFFICE "intake.has_addressed(s.submission, s.decided_n)"
#define SIGHT_ADDRESSED(r) \
    "(" r ".verdict = 1 AND registry.is_addressed(" r ".unit, " r ".addressed_to))"

/* An office that asks is there for the whole country; asked once for a statement. */
#define SIGHT_EVERYWHERE \
    "(SELECT coalesce(bool_or(p.place = 0), false) FROM registry.seen_places() p)"

/* The worst of the verdicts that a query gives; undecided when it gives none. */
#define SIGHT_VERDICT(query)                                            \
    "coalesce((SELECT v.verdict FROM (" query ") v (verdict)"           \
    " ORDER BY array_position('{1,2,0,3}'::smallint[], v.verdict) DESC" \
    " LIMIT 1), 0::smallint)"

#endif
