#ifndef GATEWAY_INTAKE_COPY_TEXT_H
#define GATEWAY_INTAKE_COPY_TEXT_H

#include "gateway/store/store.h"

/* A text for a column that knows no NULL: an absent one is stored as the empty one. */
void copy_text_put(struct store_copy *copy, struct str text);

#endif
