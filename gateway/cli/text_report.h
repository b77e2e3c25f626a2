#ifndef GATEWAY_CLI_TEXT_REPORT_H
#define GATEWAY_CLI_TEXT_REPORT_H

#include "gateway/cli/judgement.h"
#include "gateway/cli/screen.h"

/*
 * `brama validate` for a person: per file its verdict and findings, per report one line, its
 * signatures and its findings as cards (ux.md 1.0), a summary at the end. "file:line:column" comes
 * first, as editors and grep expect it. Findings of severity info are one line each, at the end of
 * their list; those of proposed rules are only counted.
 */
struct text_report_end {
    int64_t elapsed_ms;
    int     exit_code;
};

void text_report_write(struct screen *screen, const struct judgement *judgement,
                       const struct text_report_end *end);

#endif
