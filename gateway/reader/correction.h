#ifndef GATEWAY_READER_CORRECTION_H
#define GATEWAY_READER_CORRECTION_H

/*
 * Whether report r, a row of intake.report, corrects another: one of its key was accepted before,
 * and it is not the same report byte for byte (PREDECESSOR_CODE_SAME), which changes nothing and
 * of which nobody asks why. For a statement's SELECT.
 */
#define CORRECTION_OF(r)                                                                  \
    "(" r ".corrects AND NOT EXISTS (SELECT FROM intake.finding same"                     \
    " WHERE same.submission = " r ".submission AND same.n = " r ".n AND same.report = " r \
    ".ordinal AND same.code = 'PACZKA-021'))"

#endif
