#include "validators/signature/plain.h"

#include "validators/signature/plain_block.h"

#include <string.h>

static size_t
behind_text(struct str bytes, size_t at)
{
    while (bytes.size - at >= PLAIN_BLOCK_SIZE) {
        unsigned ends = plain_block_text(bytes.data + at);
        if (ends != 0) {
            return at + (size_t)__builtin_ctz(ends);
        }
        at += PLAIN_BLOCK_SIZE;
    }
    while (at < bytes.size && !plain_block_ends_text(bytes.data[at])) {
        at++;
    }
    return at;
}

/* At most PLAIN_NAME_MAX bytes on. */
static size_t
behind_name(struct str bytes, size_t at)
{
    size_t end = bytes.size - at > PLAIN_NAME_MAX ? at + PLAIN_NAME_MAX : bytes.size;

    while (end - at >= PLAIN_BLOCK_SIZE) {
        unsigned ends = plain_block_name(bytes.data + at);
        if (ends != 0) {
            return at + (size_t)__builtin_ctz(ends);
        }
        at += PLAIN_BLOCK_SIZE;
    }
    while (at < end && !plain_block_ends_name(bytes.data[at])) {
        at++;
    }
    return at;
}

/* "<name>" at `at`; its size, or 0 when it is something else or too deep. */
static size_t
take_start(struct str bytes, size_t at, struct plain_nesting *nesting, size_t mark)
{
    size_t name = at + 1;
    size_t end = behind_name(bytes, name);

    if (end == name || end == bytes.size || bytes.data[end] != '>'
        || nesting->depth == C14N_DEPTH_MAX) {
        return 0;
    }
    nesting->open[nesting->depth] = (struct plain_open){
        .name = {bytes.data + name, end - name},
          .mark = mark
    };
    nesting->depth++;
    return end + 1 - at;
}

/* "</name>" of the innermost element; its size, or 0 when it is something else. */
static size_t
take_end(struct str bytes, size_t at, struct plain_nesting *nesting, size_t mark)
{
    const struct plain_open *open = &nesting->open[nesting->depth - 1];
    size_t                   size = open->name.size + 3;

    if (open->mark != mark || bytes.size - at < size || bytes.data[at + size - 1] != '>'
        || memcmp(bytes.data + at + 2, open->name.data, open->name.size) != 0) {
        return 0;
    }
    nesting->depth--;
    return size;
}

size_t
plain_take(struct str bytes, struct plain_nesting *nesting, size_t mark)
{
    size_t at = 0;
    size_t size = 1;

    while (nesting->depth > 0 && size > 0) {
        at = behind_text(bytes, at);
        if (bytes.size - at < 2 || bytes.data[at] != '<') {
            break;
        }
        size = bytes.data[at + 1] == '/' ? take_end(bytes, at, nesting, mark)
                                         : take_start(bytes, at, nesting, mark);
        at += size;
    }
    return at;
}
