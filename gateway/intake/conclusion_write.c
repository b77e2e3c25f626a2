#include "gateway/fingerprint/fingerprint.h"
#include "gateway/intake/conclusion.h"
#include "gateway/intake/copy_text.h"
#include "gateway/intake/race.h"

/* Columns of lines before those of codes and amounts, and room for the names of all. */
enum { LINE_COLUMNS = 3, LINE_TARGET_MAX = 256 };

/* The codes and amounts of the widest form of a batch: what no form of it has is not sent. */
struct width {
    size_t codes;
    size_t amounts;
};

enum { FINDING_COLUMNS = 22 };

static const char finding_target[] =
    "intake.finding (submission, n, ordinal, report, code, severity, line, \"column\", byte_offset,"
    " xpath, cell, subject, found, expected, difference, title, fix, basis, technical,"
    " suspect, contributors, difference_repeats)";

enum { SIGNATURE_COLUMNS = 10 };

static const char signature_target[] =
    "intake.report_signature (submission, n, report, ordinal, role, signer, valid, failed_step,"
    " certificate, signed_at)";

static void
put_line(struct store_copy *copy, const struct columns *columns, const struct filed *filed,
         size_t row, struct width width)
{
    store_copy_row(copy);
    store_copy_number(copy, filed->report);
    store_copy_date(copy, filed->period.end);
    store_copy_integer(copy, (int32_t)row);
    for (size_t i = 0; i < width.codes; i++) {
        if (i < columns->code_count && columns->code_states[i][row] == CELL_PRESENT) {
            store_copy_text(copy, columns_code(columns, i, row));
        } else {
            store_copy_null(copy);
        }
    }
    for (size_t i = 0; i < width.amounts; i++) {
        if (i < columns->amount_count && columns->amount_states[i][row] == CELL_PRESENT) {
            store_copy_number(copy, columns->amounts[i][row]);
        } else {
            store_copy_null(copy);
        }
    }
}

static bool
keeps_lines(const struct concluding *item, size_t report)
{
    return item->decided->reports[report].verdict == VERDICT_ACCEPTED
           && item->filed[report].readable;
}

static size_t
larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* How many lines the items keep, and how wide the widest of them is. */
static size_t
measure_lines(const struct concluding *items, size_t count, struct width *width)
{
    size_t lines = 0;

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < conclusion_report_count(&items[i]); j++) {
            const struct columns *columns = &items[i].decided->reports[j].report->columns;
            if (keeps_lines(&items[i], j)) {
                lines += columns->row_count;
                width->codes = larger(width->codes, columns->code_count);
                width->amounts = larger(width->amounts, columns->amount_count);
            }
        }
    }
    return lines;
}

static void
put_lines(struct store_copy *copy, const struct concluding *item, struct width width)
{
    for (size_t i = 0; i < conclusion_report_count(item); i++) {
        const struct columns *columns = &item->decided->reports[i].report->columns;
        for (size_t row = 0; keeps_lines(item, i) && row < columns->row_count; row++) {
            put_line(copy, columns, &item->filed[i], row, width);
        }
    }
}

/* intake.line (report, period_end, ordinal, c1, ..., a1, ...), as far as the width goes. */
static enum err
name_lines(struct arena *arena, struct width width, const char **target, struct fault *fault)
{
    struct buf text = buf_create(arena, LINE_TARGET_MAX);

    buf_append(&text, STR("intake.line (report, period_end, ordinal"));
    for (size_t i = 0; i < width.codes; i++) {
        buf_format(&text, ", c%zu", i + 1);
    }
    for (size_t i = 0; i < width.amounts; i++) {
        buf_format(&text, ", a%zu", i + 1);
    }
    buf_append(&text, STR(")"));
    buf_byte(&text, '\0');
    if (!buf_ok(&text)) {
        return FAIL(fault, ERR_MEMORY, "columns of lines");
    }
    *target = buf_str(&text).data;
    return ERR_OK;
}

static enum err
copy_lines(struct store *store, struct arena *arena, const struct concluding *items, size_t count,
           struct fault *fault)
{
    struct store_copy *copy = NULL;
    const char        *target = NULL;
    struct width       width = {0};

    if (measure_lines(items, count, &width) == 0) {
        return ERR_OK;
    }
    TRY(name_lines(arena, width, &target, fault));
    TRY(store_copy_begin(store, arena, target, LINE_COLUMNS + width.codes + width.amounts, &copy,
                         fault));
    for (size_t i = 0; i < count; i++) {
        put_lines(copy, &items[i], width);
    }
    return store_copy_end(copy, fault);
}

/* Where rows go, and memory for what is composed for them. */
struct writing {
    struct store_copy *copy;
    struct arena      *arena;
};

static enum err
put_finding(const struct writing *writing, const struct concluding *item, const struct told *told,
            int32_t ordinal, struct fault *fault)
{
    const struct finding *finding = &told->finding;
    struct store_copy    *copy = writing->copy;
    struct str            contributors = contributors_pack(writing->arena, finding->contributors);

    if (contributors.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "contributors of a finding");
    }
    store_copy_row(copy);
    store_copy_uuid(copy, item->queued->id);
    store_copy_small(copy, (int16_t)item->n);
    store_copy_integer(copy, ordinal);
    store_copy_integer(copy, finding->report);
    store_copy_text(copy, str_of(finding->code));
    store_copy_text(copy, str_of(severity_name(told->severity)));
    store_copy_integer(copy, (int32_t)told->line);
    store_copy_integer(copy, (int32_t)told->column);
    store_copy_integer(copy, (int32_t)finding->offset);
    copy_text_put(copy, finding->xpath);
    copy_text_put(copy, finding->cell);
    copy_text_put(copy, finding->subject);
    copy_text_put(copy, finding->found);
    copy_text_put(copy, finding->expected);
    copy_text_put(copy, finding->difference);
    copy_text_put(copy, told->title);
    copy_text_put(copy, told->fix);
    copy_text_put(copy, told->entry->basis);
    copy_text_put(copy, finding->technical);
    copy_text_put(copy, finding->suspect);
    copy_text_put(copy, contributors);
    store_copy_integer(copy, (int32_t)told->repeats);
    return ERR_OK;
}

static size_t
count_findings(const struct concluding *item)
{
    size_t cut = 0;

    return conclusion_finding_count(item, &cut);
}

/* Findings are numbered from 1 through the decision: of the package first, then report by report.
 */
static enum err
put_findings(const struct writing *writing, const struct concluding *item, struct fault *fault)
{
    int32_t ordinal = 0;

    if (item->decided == NULL) {
        return ERR_OK;
    }
    for (size_t i = 0; i < item->decided->findings.count; i++) {
        ordinal++;
        TRY(put_finding(writing, item, &item->decided->findings.items[i], ordinal, fault));
    }
    for (size_t i = 0; i < conclusion_report_count(item); i++) {
        const struct told_list *findings = &item->decided->reports[i].findings;
        for (size_t j = 0; j < findings->count; j++) {
            ordinal++;
            TRY(put_finding(writing, item, &findings->items[j], ordinal, fault));
        }
    }
    return ERR_OK;
}

static void
put_signature(struct store_copy *copy, const struct concluding *item,
              const struct package_signature *signature, int32_t ordinal)
{
    bool valid = signature->failed_step == SIGNATURE_STEP_NONE;
    bool known = signature->policy_role.size > 0;

    store_copy_row(copy);
    store_copy_uuid(copy, item->queued->id);
    store_copy_small(copy, (int16_t)item->n);
    store_copy_integer(copy, signature->report);
    store_copy_integer(copy, ordinal);
    copy_text_put(copy, known ? signature->policy_role : signature->role);
    copy_text_put(copy, signature->signer);
    store_copy_truth(copy, valid);
    store_copy_text(copy, valid ? STR("") : str_of(signature_step_name(signature->failed_step)));
    store_copy_bytes(copy, fingerprint_str(signature->certificate_sha256));
    if (signature->time_known) {
        store_copy_instant(copy, signature->signing_time * INSTANT_PER_SECOND);
    } else {
        store_copy_null(copy);
    }
}

static size_t
count_signatures(const struct concluding *item)
{
    const struct package *package = item->decided == NULL ? NULL : item->decided->package;

    return package == NULL ? 0 : package->signature_count;
}

static enum err
put_signatures(const struct writing *writing, const struct concluding *item, struct fault *fault)
{
    (void)fault; /* nothing is composed for a signature */
    for (size_t i = 0; i < count_signatures(item); i++) {
        put_signature(writing->copy, item, &item->decided->package->signatures[i], (int32_t)i + 1);
    }
    return ERR_OK;
}

/* The rows of all items, by one COPY where there are any. */
struct copying {
    const char *target;
    size_t      columns;
    size_t (*count)(const struct concluding *);
    enum err (*put)(const struct writing *, const struct concluding *, struct fault *);
};

static const struct copying copyings[] = {
    {finding_target,   FINDING_COLUMNS,   count_findings,   put_findings  },
    {signature_target, SIGNATURE_COLUMNS, count_signatures, put_signatures},
};

static enum err
copy_rows(struct store *store, struct arena *arena, const struct copying *copying,
          const struct concluding *items, size_t count, struct fault *fault)
{
    struct writing writing = {.arena = arena};

    TRY(store_copy_begin(store, arena, copying->target, copying->columns, &writing.copy, fault));
    for (size_t i = 0; i < count; i++) {
        TRY(copying->put(&writing, &items[i], fault));
    }
    return store_copy_end(writing.copy, fault);
}

static size_t
count_rows(const struct copying *copying, const struct concluding *items, size_t count)
{
    size_t rows = 0;

    for (size_t i = 0; i < count; i++) {
        rows += copying->count(&items[i]);
    }
    return rows;
}

enum err
conclusion_write(struct store *store, struct arena *arena, const struct concluding *items,
                 size_t count, struct fault *fault)
{
    TRY(race_tell(store, copy_lines(store, arena, items, count, fault), fault));
    for (size_t i = 0; i < ARRAY_COUNT(copyings); i++) {
        if (count_rows(&copyings[i], items, count) > 0) {
            TRY(race_tell(store, copy_rows(store, arena, &copyings[i], items, count, fault),
                          fault));
        }
    }
    return ERR_OK;
}
