#include "gateway/smup/smup.h"

#include "gateway/smup/smup_columns.h"

enum { SCRIPT_MAX = 4 * 1024 * 1024, PRECISION = 19, LEVELS_MAX = 32 };

/* Everything that one view is made of. */
struct view {
    const struct catalogue    *catalogue;
    struct str                 code; /* of the form */
    struct str                 level;
    struct str                 name; /* "rb_27s_jednostki" */
    const struct smup_columns *columns;
    struct buf                *out;
};

/* A text as a literal of SQL. */
static void
write_literal(struct buf *out, struct str text)
{
    buf_byte(out, '\'');
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '\'') {
            buf_byte(out, '\'');
        }
        buf_byte(out, text.data[i]);
    }
    buf_byte(out, '\'');
}

/* "l.a1 * 0.01": exact, and of the scale that the column has. */
static void
write_value(struct buf *out, const struct smup_column *column, size_t slot)
{
    if (slot == 0) {
        buf_append(out, column->is_amount ? STR("NULL::numeric") : STR("NULL::text"));
        return;
    }
    if (!column->is_amount) {
        buf_format(out, "l.c%zu", slot);
        return;
    }
    if (column->scale == 0) {
        buf_format(out, "l.a%zu::numeric", slot);
        return;
    }
    buf_format(out, "l.a%zu * 0.%.*s1", slot, column->scale - 1, "000000");
}

/* The lines of one version of the form. */
static void
write_version(const struct view *view, const struct form *form)
{
    size_t                   count = 0;
    const struct smup_fixed *fixed = smup_columns_fixed(&count);

    buf_append(view->out, STR("SELECT "));
    for (size_t i = 0; i < count; i++) {
        buf_format(view->out, "%s, ", fixed[i].expression);
    }
    for (size_t i = 0; i < view->columns->count; i++) {
        const struct smup_column *column = &view->columns->items[i];
        buf_append(view->out, i == 0 ? STR("") : STR(", "));
        write_value(view->out, column, smup_columns_slot(form, column));
    }
    buf_append(view->out, STR("\nFROM intake.report r JOIN intake.line l"
                              " ON l.report = r.report AND l.period_end = r.period_end"
                              "\nWHERE r.in_force @> at AND r.form = "));
    write_literal(view->out, form->code);
    buf_append(view->out, STR(" AND r.form_version = "));
    write_literal(view->out, form->version);
    buf_append(view->out, STR(" AND r.level = "));
    write_literal(view->out, view->level);
}

static void
write_function(const struct view *view)
{
    size_t                   count = 0;
    const struct smup_fixed *fixed = smup_columns_fixed(&count);
    bool                     first = true;

    buf_format(view->out, "CREATE FUNCTION smup.%.*s_as_of(at timestamptz)\nRETURNS TABLE (",
               STR_ARG(view->name));
    for (size_t i = 0; i < count; i++) {
        buf_format(view->out, "\"%s\" %s, ", fixed[i].name, fixed[i].type);
    }
    for (size_t i = 0; i < view->columns->count; i++) {
        const struct smup_column *column = &view->columns->items[i];
        buf_format(view->out, "%s\"%.*s\" %s", i == 0 ? "" : ", ", STR_ARG(column->name),
                   column->is_amount ? "numeric" : "text");
    }
    /* STABLE, plain SQL and with the caller's rights: the planner sees through it. */
    buf_append(view->out, STR(")\nLANGUAGE sql STABLE AS $lines$\n"));
    for (size_t i = 0; i < view->catalogue->form_count; i++) {
        if (str_equal(view->catalogue->forms[i].code, view->code)) {
            buf_append(view->out, first ? STR("") : STR("\nUNION ALL\n"));
            write_version(view, &view->catalogue->forms[i]);
            first = false;
        }
    }
    buf_append(view->out, STR("\n$lines$;\n"));
}

static void
write_view(const struct view *view)
{
    size_t                   count = 0;
    const struct smup_fixed *fixed = smup_columns_fixed(&count);

    buf_format(view->out, "CREATE VIEW smup.%.*s WITH (security_invoker = true) AS\nSELECT ",
               STR_ARG(view->name));
    for (size_t i = 0; i < count; i++) {
        buf_format(view->out, "f.\"%s\", ", fixed[i].name);
    }
    for (size_t i = 0; i < view->columns->count; i++) {
        const struct smup_column *column = &view->columns->items[i];
        buf_format(view->out, "%sf.\"%.*s\"", i == 0 ? "" : ", ", STR_ARG(column->name));
        if (column->is_amount) {
            buf_format(view->out, "::numeric(%d, %d) AS \"%.*s\"", PRECISION, column->scale,
                       STR_ARG(column->name));
        }
    }
    buf_format(view->out, "\nFROM smup.%.*s_as_of(now()) f;\n", STR_ARG(view->name));
}

static void
write_rights_and_comments(const struct view *view)
{
    buf_format(view->out,
               "REVOKE ALL ON FUNCTION smup.%.*s_as_of(timestamptz) FROM PUBLIC;\n"
               "GRANT EXECUTE ON FUNCTION smup.%.*s_as_of(timestamptz) TO brama_reader;\n"
               "GRANT SELECT ON smup.%.*s TO brama_reader;\n",
               STR_ARG(view->name), STR_ARG(view->name), STR_ARG(view->name));
    for (size_t i = 0; i < view->columns->count; i++) {
        const struct smup_column *column = &view->columns->items[i];
        buf_format(view->out, "COMMENT ON COLUMN smup.%.*s.\"%.*s\" IS ", STR_ARG(view->name),
                   STR_ARG(column->name));
        write_literal(view->out, column->comment);
        buf_append(view->out, STR(";\n"));
    }
}

/* What a level adds to the name of its view; the aggregate is the plain one. */
static enum err
suffix_of(struct arena *arena, struct str level, struct str *out, struct fault *fault)
{
    static const struct {
        struct str level;
        struct str suffix;
    } known[] = {
        {STR_INIT("zbiorcze"),          STR_INIT("")          },
        {STR_INIT("jednostkowe"),       STR_INIT("_jednostki")},
        {STR_INIT("jednostkowe-organ"), STR_INIT("_organ")    },
        {STR_INIT("łączne"),          STR_INIT("_laczne")   },
    };
    struct str name = {0};

    for (size_t i = 0; i < ARRAY_COUNT(known); i++) {
        if (str_equal(level, known[i].level)) {
            *out = known[i].suffix;
            return ERR_OK;
        }
    }
    TRY(smup_columns_identifier(arena, level, &name, fault));
    *out = str_format(arena, "_%.*s", STR_ARG(name));
    return out->data == NULL ? FAIL(fault, ERR_MEMORY, "views") : ERR_OK;
}

static enum err
write_form_at_level(struct arena *arena, struct view *view, const struct form *form,
                    struct fault *fault)
{
    struct str suffix = {0};
    struct str stem = {0};

    TRY(suffix_of(arena, view->level, &suffix, fault));
    TRY(smup_columns_identifier(arena, form->element, &stem, fault));
    view->name = str_format(arena, "%.*s%.*s", STR_ARG(stem), STR_ARG(suffix));
    if (view->name.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "views");
    }
    write_function(view);
    write_view(view);
    write_rights_and_comments(view);
    return ERR_OK;
}

/* Whether some version of the form is filed at this level. */
static bool
form_filed_at(const struct catalogue *catalogue, struct str code, struct str level)
{
    for (size_t i = 0; i < catalogue->form_count; i++) {
        const struct form *form = &catalogue->forms[i];
        if (str_equal(form->code, code) && form_has_level(form, level)) {
            return true;
        }
    }
    return false;
}

/* Whether an earlier entry of the catalogue's list has the same level. */
static bool
level_seen(const struct catalogue *catalogue, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (str_equal(catalogue->levels[i].level, catalogue->levels[index].level)) {
            return true;
        }
    }
    return false;
}

static bool
code_seen(const struct catalogue *catalogue, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (str_equal(catalogue->forms[i].code, catalogue->forms[index].code)) {
            return true;
        }
    }
    return false;
}

static enum err
write_form(struct arena *arena, const struct catalogue *catalogue, const struct form *form,
           struct buf *out, struct fault *fault)
{
    struct smup_columns columns;
    struct view         view = {
                .catalogue = catalogue, .code = form->code, .columns = &columns, .out = out};

    TRY(smup_columns_read(arena, catalogue, form->code, &columns, fault));
    for (size_t i = 0; i < catalogue->level_count; i++) {
        view.level = catalogue->levels[i].level;
        if (!level_seen(catalogue, i) && form_filed_at(catalogue, form->code, view.level)) {
            TRY(write_form_at_level(arena, &view, form, fault));
        }
    }
    return ERR_OK;
}

/* The schema holds nothing but what stands here, so that a form that is gone leaves no view. */
static const char drop_all[] =
    "DO $drop$\nDECLARE\n    thing text;\nBEGIN\n"
    "    FOR thing IN SELECT format('VIEW smup.%I', c.relname) FROM pg_class c\n"
    "        WHERE c.relnamespace = 'smup'::regnamespace AND c.relkind = 'v' LOOP\n"
    "        EXECUTE 'DROP ' || thing;\n    END LOOP;\n"
    "    FOR thing IN SELECT 'FUNCTION ' || p.oid::regprocedure FROM pg_proc p\n"
    "        WHERE p.pronamespace = 'smup'::regnamespace LOOP\n"
    "        EXECUTE 'DROP ' || thing;\n    END LOOP;\nEND\n$drop$;\n";

enum err
smup_script(struct arena *arena, const struct catalogue *catalogue, struct str *out,
            struct fault *fault)
{
    struct buf script = buf_create(arena, SCRIPT_MAX);

    buf_append(&script, str_of(drop_all));
    for (size_t i = 0; i < catalogue->form_count; i++) {
        if (!code_seen(catalogue, i)) {
            TRY(write_form(arena, catalogue, &catalogue->forms[i], &script, fault));
        }
    }
    buf_byte(&script, '\0');
    if (!buf_ok(&script)) {
        return FAIL(fault, ERR_MEMORY, "views of the monitoring store");
    }
    *out = str_slice(buf_str(&script), 0, script.size - 1);
    return ERR_OK;
}

/* The digest of what was written last stands in the comment of the schema. */
static enum err
look(struct store *owner, struct arena *arena, struct str script, bool *same, struct str *mark,
     struct fault *fault)
{
    struct store_parameters parameters = store_parameters_create(arena);
    struct store_rows       rows = {0};

    store_put_bytes(&parameters, script);
    TRY(store_run(owner,
                  "SELECT encode(sha256($1), 'hex'), encode(sha256($1), 'hex')"
                  " IS NOT DISTINCT FROM obj_description('smup'::regnamespace, 'pg_namespace')",
                  &parameters, arena, &rows, fault));
    *mark = store_text(&rows, 0, 0);
    *same = store_truth(&rows, 0, 1);
    return ERR_OK;
}

/* Inside the transaction. */
static enum err
write_views(struct store *owner, struct arena *arena, struct str script, bool *changed,
            struct fault *fault)
{
    struct str mark = {0};
    bool       same = false;

    /* Two that start at once write one after the other. */
    TRY(store_script(owner, "SELECT pg_advisory_xact_lock(hashtext('smup'))", fault));
    TRY(look(owner, arena, script, &same, &mark, fault));
    *changed = !same;
    if (same) {
        return store_commit(owner, fault);
    }
    struct str remember = str_format(arena, "COMMENT ON SCHEMA smup IS '%.*s'", STR_ARG(mark));
    if (remember.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "views of the monitoring store");
    }
    TRY(store_script(owner, script.data, fault));
    TRY(store_script(owner, remember.data, fault));
    return store_commit(owner, fault);
}

enum err
smup_views_write(struct store *owner, struct arena *arena, const struct catalogue *catalogue,
                 bool *changed, struct fault *fault)
{
    struct str script = {0};

    TRY(smup_script(arena, catalogue, &script, fault));
    TRY(store_begin(owner, fault));
    enum err got = write_views(owner, arena, script, changed, fault);
    if (got != ERR_OK) {
        store_rollback(owner);
    }
    return got;
}
