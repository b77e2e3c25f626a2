#ifndef GATEWAY_FINDING_JSON_ESS_H
#define GATEWAY_FINDING_JSON_ESS_H

#include "gateway/finding_json/export.h"

/*
 * Findings as a validation report of the European Statistical System (van der Loo and ten Bosch,
 * "Design of a generic machine-readable validation report structure", 1.0.0): an array of
 * validations, each an event, a rule, the data it was about, and its value, which here is always
 * "0": the rule does not hold. What holds is not listed. The rule of a form has its VTL as the
 * expression; a check that VTL cannot say has its code, in the language "brama".
 *
 * Data are named as "REGON|form|period|XPath"; source and target are the same cell, since a rule
 * judges what it reads; the cells of a sum are sources, too. Severities: error; query and warning
 * are `warning`; info is `information`.
 */

/* The array. What does not fit leaves json->out full. */
void ess_write(struct json *json, const struct export_run *run);

/* The same flat, one row a validation, after a row of names. */
void ess_write_csv(struct csv *csv, const struct export_run *run);

#endif
