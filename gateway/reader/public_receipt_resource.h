#ifndef GATEWAY_READER_PUBLIC_RECEIPT_RESOURCE_H
#define GATEWAY_READER_PUBLIC_RECEIPT_RESOURCE_H

#include "gateway/reader/asked.h"

/* GET /receipts/{number}: what anyone may know who has the number of a receipt: no amounts, no
 * findings. */
MUST_USE enum err public_receipt_resource_answer(struct asked *asked, struct fault *fault);

/* GET /upo?numer=...: the same as a page behind a form; 404 with the form for a number of nobody.
 */
MUST_USE enum err public_receipt_resource_answer_form(struct asked *asked, struct fault *fault);

#endif
