#include "gateway/intake/copy_text.h"

void
copy_text_put(struct store_copy *copy, struct str text)
{
    store_copy_text(copy, text.data == NULL ? STR("") : text);
}
