#ifndef VALIDATORS_SIGNATURE_OUTPUT_H
#define VALIDATORS_SIGNATURE_OUTPUT_H

#include "validators/signature/c14n.h"

/*
 * Canonical bytes on their way to the sink: pieces of the file that follow one another are handed
 * on as one run, small pieces are gathered first. Knows the escapes of C14N, not its structure.
 * Writing never fails at the call: the first failure sticks and is asked for with output_failure.
 */
enum { OUTPUT_GATHERED_MAX = 4096 };

struct output {
    const struct c14n_sink *sink;
    struct str              run;  /* of the file, not handed on yet */
    size_t                  room; /* bytes that may still be written */
    enum err                failure;
    size_t                  gathered_size;
    char                    gathered[OUTPUT_GATHERED_MAX];
};

void output_start(struct output *output, const struct c14n_sink *sink, size_t size_max);

/* A piece of the file as it stands. */
void output_piece(struct output *output, struct str piece);

/* Bytes that live elsewhere, perhaps only during the call. */
void output_bytes(struct output *output, struct str bytes);

/* Character data, an attribute value (inside its quotes), a CDATA section, a PI, as in the file. */
void output_text(struct output *output, struct str raw);
void output_value(struct output *output, struct str raw);
void output_section(struct output *output, struct str raw);
void output_instruction(struct output *output, struct str raw);

/* Hand on what is left. */
void output_finish(struct output *output);

/* ERR_OK, ERR_LIMIT (more than size_max), ERR_SYNTAX (a bad reference) or ERR_CRYPTO (the sink). */
enum err output_failure(const struct output *output);

#endif
