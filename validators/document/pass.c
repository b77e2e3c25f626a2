#include "validators/document/pass.h"

#include "validators/document/leaf.h"
#include "validators/document/opened.h"
#include "validators/document/place.h"
#include "validators/document/remark.h"
#include "validators/document/roster.h"
#include "validators/document/signing.h"
#include "validators/document/wellformed.h"
#include "validators/xml/attribute.h"

#include <string.h>

void
pass_keep(struct pass *pass, enum err err)
{
    if (err != ERR_OK && pass->err == ERR_OK) {
        pass->err = err;
        xmlStopParser(pass->guard.parser);
    }
}

size_t
pass_position(const struct pass *pass)
{
    long at = xmlByteConsumed(pass->guard.parser);

    return at < 0 || (size_t)at > pass->bytes.size ? pass->bytes.size : (size_t)at;
}

struct report *
pass_report(struct pass *pass)
{
    ENSURE(pass->package.report_count > 0);
    return &pass->package.reports[pass->package.report_count - 1];
}

struct package_unit *
pass_unit(struct pass *pass)
{
    ENSURE(pass->package.unit_count > 0);
    return &pass->package.units[pass->package.unit_count - 1];
}

static bool
stopped(const struct pass *pass)
{
    return pass->err != ERR_OK || pass->refused;
}

/* The validator that judges this element, NULL when none does or it has been cut off. */
static struct feed *
judge_of(struct pass *pass, const struct frame *frame)
{
    if (stopped(pass)) {
        return NULL;
    }
    if (frame->judge == JUDGE_SHELL) {
        return pass->shell_cut ? NULL : &pass->shell;
    }
    return frame->judge == JUDGE_REPORT && !pass->report_cut ? &pass->report : NULL;
}

/*
 * Hand the collected text to the schema. White space between elements is nobody's text; in the two
 * elements whose children the shell never sees it would count as content.
 */
static void
feed_collected(struct pass *pass, const struct frame *frame, bool at_end)
{
    struct feed *feed = judge_of(pass, frame);
    struct str   text = {pass->text, pass->text_size};
    bool         leaf = at_end && frame->child_count == 0 && frame->role != ROLE_REPORTS
                && frame->role != ROLE_SIGNATURES;

    if (feed != NULL && text.size > 0 && (leaf || str_trim(text).size > 0)) {
        feed_text(feed, text);
    }
}

static void
feed_tag(struct pass *pass, const struct frame *frame, const struct start_tag *tag)
{
    const xmlChar *kept[ATTRIBUTE_COUNT_MAX * ATTRIBUTE_PARTS];
    struct feed   *feed = judge_of(pass, frame);

    if (feed == NULL) {
        return;
    }
    pass->tag = tag;
    pass->attribute_told[0] = '\0';
    size_t count = tag->attribute_count == 0 ? 0 : opened_filter(pass, frame, tag, kept);
    feed = judge_of(pass, frame); /* a finding may have been one too many */
    if (feed != NULL) {
        feed_start(feed, tag->name, count, kept);
    }
    pass->tag = NULL;
}

static void
open_element(struct pass *pass, const struct start_tag *tag)
{
    struct frame *parent = frame_top(&pass->frames);
    bool          too_many = tag->attribute_count > ATTRIBUTE_COUNT_MAX
                    || tag->declaration_count > ATTRIBUTE_COUNT_MAX
                    || tag->declaration_count > PASS_DECLARATIONS_MAX - pass->declaration_count;

    feed_collected(pass, parent, false);
    pass->text_size = 0;
    pass->text_cut = false;
    struct frame *frame = too_many ? NULL : frame_push(&pass->frames, (const char *)tag->name);
    if (frame == NULL) {
        wellformed_limit(pass);
        return;
    }
    frame->start = place_tag_start(pass->bytes, pass_position(pass));
    opened_classify(pass, parent, frame, tag);
    opened_enter(pass, frame, tag);
    if (frame->judge == JUDGE_SHELL && !roster_declare(pass, tag)) {
        pass_keep(pass, FAIL(pass->fault, ERR_MEMORY, "namespaces"));
    }
    feed_tag(pass, frame, tag);
}

static void
close_report(struct pass *pass)
{
    pass_report(pass)->end = (uint32_t)pass_position(pass);
    if (pass->report.validator != NULL && !pass->report_cut && feed_failed(&pass->report)) {
        pass_keep(pass, FAIL(pass->fault, ERR_PARSER, "validator of a report failed"));
    }
    feed_close(&pass->report);
    pass->report_open = false;
    pass->report_cut = false;
}

static void
close_judged(struct pass *pass, const struct frame *frame)
{
    feed_collected(pass, frame, true);
    struct feed *feed = judge_of(pass, frame);
    if (feed != NULL) {
        feed_end(feed, (const xmlChar *)frame->name);
    }
    if (!stopped(pass)) {
        leaf_close(pass);
    }
    if (frame->role == ROLE_REPORTS && frame->child_count == 0) {
        remark_add(pass, "XSD-028", &(struct finding){0});
    }
    if (frame->role == ROLE_REPORT) {
        close_report(pass);
    }
    if (frame->role == ROLE_UNIT) {
        pass->package.units[pass->package.unit_count - 1].end = (uint32_t)pass_position(pass);
    }
    roster_undeclare(pass, frame);
}

static void
close_element(struct pass *pass)
{
    const struct frame *frame = frame_top(&pass->frames);

    switch (frame->role) {
    case ROLE_SIGNATURE:
        signing_close(pass);
        break;
    case ROLE_SIGNATURE_PART:
        signing_part_close(pass);
        break;
    case ROLE_SKIPPED:
        break;
    default:
        close_judged(pass, frame);
        break;
    }
    frame_pop(&pass->frames);
    pass->text_size = 0;
    pass->text_cut = false;
    pass->pending.code = NULL;
    pass->root_closed = pass->frames.count == 0;
}

static void
/* NOLINTNEXTLINE(readability-function-size): the shape of libxml2's startElementNs. */
on_start(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *space,
         int declaration_count, const xmlChar **declarations, int attribute_count,
         int defaulted_count, const xmlChar **attributes)
{
    struct guard    *guard = user;
    struct pass     *pass = guard->user;
    struct start_tag tag = {.name = name,
                            .space = space,
                            .declaration_count = (size_t)declaration_count,
                            .declarations = declarations,
                            .attribute_count = (size_t)attribute_count,
                            .attributes = attributes};

    (void)prefix;
    (void)defaulted_count;
    if (stopped(pass)) {
        return;
    }
    /* libxml2 tells of a start tag before it has seen its end; one that is cut off never was. */
    size_t at = pass_position(pass);
    pass->tag_broken =
        at == pass->bytes.size || (pass->bytes.data[at] != '>' && pass->bytes.data[at] != '/');
    if (!pass->tag_broken) {
        open_element(pass, &tag);
    }
}

static void
on_end(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *space)
{
    struct guard *guard = user;
    struct pass  *pass = guard->user;

    (void)name;
    (void)prefix;
    (void)space;
    if (!stopped(pass)) {
        close_element(pass);
    }
}

static bool
in_signature(const struct frame *frame)
{
    return frame->role == ROLE_SIGNATURE || frame->role == ROLE_SIGNATURE_PART;
}

static void
on_text(void *user, const xmlChar *text, int size)
{
    struct guard       *guard = user;
    struct pass        *pass = guard->user;
    const struct frame *frame = frame_top(&pass->frames);
    struct str          piece = {(const char *)text, (size_t)size};

    if (stopped(pass) || frame->role == ROLE_SKIPPED || frame->role == ROLE_DOCUMENT) {
        return;
    }
    if (in_signature(frame)) {
        signing_text(pass, piece);
        return;
    }
    size_t room = PASS_TEXT_MAX - pass->text_size;
    if (piece.size > room) {
        pass->text_cut = true; /* far beyond what any leaf may hold: the schema refuses it */
        piece.size = room;
    }
    memcpy(pass->text + pass->text_size, piece.data, piece.size);
    pass->text_size += piece.size;
}

/* Something that is no text stands directly inside the innermost element. */
static void
note_impurity(struct pass *pass, enum impurity impurity)
{
    struct frame *frame = frame_top(&pass->frames);

    if (stopped(pass)) {
        return;
    }
    if (in_signature(frame)) {
        signing_impure(pass);
    } else if (frame->impurity == IMPURITY_NONE) {
        frame->impurity = impurity;
    }
}

static void
on_comment(void *user, const xmlChar *text)
{
    struct guard *guard = user;

    (void)text;
    note_impurity(guard->user, IMPURITY_COMMENT);
}

static void
on_instruction(void *user, const xmlChar *target, const xmlChar *data)
{
    struct guard *guard = user;

    (void)target;
    (void)data;
    note_impurity(guard->user, IMPURITY_INSTRUCTION);
}

static void
on_cdata(void *user, const xmlChar *text, int size)
{
    struct guard *guard = user;

    note_impurity(guard->user, IMPURITY_CDATA);
    on_text(user, text, size);
}

static void
push(struct pass *pass, size_t chunk_size)
{
    struct str rest = pass->bytes;

    while (rest.size > 0 && !stopped(pass) && !pass->guard.refused) {
        struct str piece = str_slice(rest, 0, chunk_size);
        (void)xmlParseChunk(pass->guard.parser, piece.data, (int)piece.size, 0);
        rest = str_slice(rest, piece.size, rest.size);
    }
    if (!stopped(pass) && !pass->guard.refused) {
        (void)xmlParseChunk(pass->guard.parser, NULL, 0, 1);
    }
    if (pass->err == ERR_OK) {
        wellformed_finish(pass);
    }
}

/* With the parser made: names interned, the shell's validator open, all bytes through. */
static void
go_through(struct pass *pass, size_t chunk_size)
{
    xmlDictPtr names = pass->guard.parser->dict;

    pass->signature_name = (const char *)xmlDictLookup(names, BAD_CAST "Signature", -1);
    if (pass->signature_name == NULL || !grammar_create(&pass->grammar, names)
        || !feed_open(&pass->shell, pass->schemas->package.compiled, remark_heard, pass)) {
        pass_keep(pass, FAIL(pass->fault, ERR_MEMORY, "validator of the package"));
        return;
    }
    push(pass, chunk_size);
    if (!stopped(pass) && !pass->shell_cut && feed_failed(&pass->shell)) {
        pass_keep(pass, FAIL(pass->fault, ERR_PARSER, "validator of the package failed"));
    }
    pass->package.complete = !stopped(pass);
}

/* The file broke off: a report in flight ends there, and a half-read signature is none. */
static void
end_what_is_open(struct pass *pass)
{
    if (pass->report_open) {
        pass_report(pass)->state = REPORT_CUT;
        pass_report(pass)->end = (uint32_t)pass->bytes.size;
    }
    if (pass->signature_recorded) {
        pass->package.signature_count--;
        pass_unit(pass)->signature_count--;
    }
}

enum err
pass_run(struct arena *arena, const struct pass_input *input, struct package *out,
         struct findings *findings, struct fault *fault)
{
    struct pass  *pass = ARENA_NEW(arena, struct pass, 1);
    char         *text = ARENA_NEW(arena, char, PASS_TEXT_MAX);
    xmlSAXHandler handler = {.initialized = XML_SAX2_MAGIC,
                             .startElementNs = on_start,
                             .endElementNs = on_end,
                             .characters = on_text,
                             .ignorableWhitespace = on_text,
                             .cdataBlock = on_cdata,
                             .comment = on_comment,
                             .processingInstruction = on_instruction,
                             .serror = wellformed_heard};

    if (pass == NULL || text == NULL) {
        return FAIL(fault, ERR_MEMORY, "the pass over a file");
    }
    *pass = (struct pass){.arena = arena,
                          .bytes = input->bytes,
                          .catalogue = input->catalogue,
                          .schemas = input->schemas,
                          .findings = findings,
                          .fault = fault,
                          .text = text};
    if (!guard_parser(&pass->guard, &handler, pass)) {
        return FAIL(fault, ERR_MEMORY, "parser");
    }
    go_through(pass, input->chunk_size);
    feed_close(&pass->report);
    feed_close(&pass->shell);
    guard_release(&pass->guard);
    if (pass->err != ERR_OK) {
        return pass->err;
    }
    end_what_is_open(pass);
    *out = pass->package;
    return ERR_OK;
}
