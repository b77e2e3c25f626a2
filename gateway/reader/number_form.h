#ifndef GATEWAY_READER_NUMBER_FORM_H
#define GATEWAY_READER_NUMBER_FORM_H

#include "validators/base/buf.h"

/*
 * The form in which a person types the number of a receipt, and what they typed. Works without
 * scripts: GET /upo?numer=...; the page needs PAGE_POLICY_FORM.
 */
#define NUMBER_FORM_PARAMETER "numer"

/* typed: stands in the field already; may be empty. */
void number_form_write(struct buf *out, struct str typed);

/* As it was meant: without blanks, with capital letters. In arena; empty when that is full. */
struct str number_form_read(struct arena *arena, struct str typed);

#endif
