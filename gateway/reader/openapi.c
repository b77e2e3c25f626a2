#include "gateway/reader/openapi.h"

/* The file OPENAPI_FILE, byte for byte, in the read-only data of the program. */
__asm__(".pushsection .rodata.openapi, \"a\", @progbits\n"
        ".balign 16\n"
        "openapi_from:\n"
        ".incbin \"" OPENAPI_FILE "\"\n"
        "openapi_to:\n"
        ".byte 0\n"
        ".popsection\n");

extern const char openapi_from[] __attribute__((visibility("hidden")));
extern const char openapi_to[] __attribute__((visibility("hidden")));

struct str
openapi_text(void)
{
    return (struct str){openapi_from, (size_t)(openapi_to - openapi_from)};
}
