#include "gateway/receipt/awaited.h"

#include <string.h>

/* Reports are named by their forms, "Rb-27S ... za 2026-Q2"; a sentence begins small. */
bool
awaited_names_reports(struct str awaited)
{
    return awaited.size > 0 && awaited.data[0] >= 'A' && awaited.data[0] <= 'Z'
           && memmem(awaited.data, awaited.size, " za ", strlen(" za ")) != NULL;
}
