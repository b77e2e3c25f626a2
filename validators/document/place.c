#include "validators/document/place.h"

#include <string.h>

enum { WINDOW = 128 }; /* holds nearly every start tag; a longer one is looked for in steps */

uint32_t
place_tag_start(struct str bytes, size_t at)
{
    ENSURE(at <= bytes.size && bytes.size <= UINT32_MAX);
    while (at > 0) {
        size_t      size = at < WINDOW ? at : WINDOW;
        const char *found = memrchr(bytes.data + at - size, '<', size);
        if (found != NULL) {
            return (uint32_t)(found - bytes.data);
        }
        at -= size;
    }
    return 0;
}
