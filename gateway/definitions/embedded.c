#include "gateway/definitions/embedded.h"

/*
 * The file EMBEDDED_FILE, byte for byte, in the read-only data of the program. The assembler copies
 * it, so its size costs no compile time and the section stays without any right to execute.
 */
__asm__(".pushsection .rodata.embedded, \"a\", @progbits\n"
        ".balign 16\n"
        "embedded_from:\n"
        ".incbin \"" EMBEDDED_FILE "\"\n"
        "embedded_to:\n"
        ".byte 0\n"
        ".popsection\n");

extern const char embedded_from[] __attribute__((visibility("hidden")));
extern const char embedded_to[] __attribute__((visibility("hidden")));

struct str
embedded_bundle(void)
{
    return (struct str){embedded_from, (size_t)(embedded_to - embedded_from)};
}
