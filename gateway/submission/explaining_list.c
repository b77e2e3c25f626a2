#include "gateway/submission/explaining_list.h"

#include "gateway/answer/csv_reader.h"
#include "gateway/submission/coded.h"

enum name { NAME_FILE, NAME_RULE, NAME_FINDING, NAME_TAG, NAME_CODE, NAME_TEXT, NAME_COUNT };

enum { FINDING_MAX = 1000000 };

/* As gateway/finding_json/finding_view.h writes them. */
static const char *const names[NAME_COUNT] = {
    [NAME_FILE] = "plik",
    [NAME_RULE] = "kod",
    [NAME_FINDING] = "nr uwagi",
    [NAME_TAG] = "wpis",
    [NAME_CODE] = "kod wyjaśnienia",
    [NAME_TEXT] = "wyjaśnienie",
};

static const struct coded_source codes = {"wyjasnienia-zapytan", "/api/v1/explanation-codes",
                                          "Kolumna „kod wyjaśnienia”", "Kolumna „wyjaśnienie”"};

struct reading {
    const struct explaining_sent *sent;
    struct arena                 *arena;
    struct explaining_list       *list;
};

bool
explaining_list_add_fault(struct explaining_list *list, size_t line, uint64_t finding,
                          struct str detail)
{
    if (list->fault_count == EXPLAINING_LIST_FAULTS_MAX) {
        return false;
    }
    list->faults[list->fault_count] =
        (struct explaining_fault){.line = line, .finding = finding, .detail = detail};
    list->fault_count++;
    return true;
}

static bool
is_repeated(const struct explaining_list *list, uint64_t finding)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->entries[i].finding == finding) {
            return true;
        }
    }
    return false;
}

/* A number of a column; false: it is none, or too large. */
static bool
read_number(struct str text, int64_t max, uint64_t *out)
{
    int64_t number = 0;

    if (!str_to_number(text, &number) || number < 1 || number > max) {
        return false;
    }
    *out = (uint64_t)number;
    return true;
}

/* Whether the row was exported of what the list was sent to. */
static bool
is_of(const struct explaining_sent *sent, struct str file)
{
    struct uuid id = {{0}};
    uint64_t    set = 0;

    if (sent->set > 0) {
        return read_number(file, INT64_MAX, &set) && set == sent->set;
    }
    return uuid_parse(file, &id) && uuid_equal(id, sent->id);
}

/* What is wrong with a row of which only the finding is known; empty: nothing. */
static struct str
find_fault(const struct reading *reading, const struct str *cells,
           const struct explanation_entry *entry)
{
    const struct coded coded = {.code = entry->code, .text = entry->text};

    if (!is_of(reading->sent, cells[NAME_FILE])) {
        return reading->sent->set == 0
                   ? STR("Kolumna „plik” ma numer innego złożenia. Wyślij listę tam, skąd ją "
                         "pobrano.")
                   : STR("Kolumna „plik” ma numer innego zestawu. Wyślij listę tam, skąd ją "
                         "pobrano.");
    }
    if (is_repeated(reading->list, entry->finding)) {
        return STR("Ta uwaga stoi w pliku drugi raz. Zostaw jeden wiersz.");
    }
    if (reading->list->count == EXPLANATION_ENTRIES_MAX) {
        return STR("Plik ma więcej niż 2000 wyjaśnień. Podziel go na mniejsze.");
    }
    return coded_find_fault(reading->sent->bench, reading->arena, &codes, reading->sent->now,
                            &coded);
}

static void
take_row(const struct reading *reading, const struct str *cells, size_t line)
{
    struct explaining_list  *list = reading->list;
    int64_t                  finding_max = reading->sent->set == 0 ? FINDING_MAX : INT64_MAX;
    uint64_t                 tag = 0;
    struct explanation_entry entry = {
        .code = cells[NAME_CODE], .text = cells[NAME_TEXT], .wanted = cells[NAME_RULE]};

    if (entry.code.size == 0 && entry.text.size == 0) {
        list->left++;
        return;
    }
    if (!read_number(cells[NAME_FINDING], finding_max, &entry.finding)
        || !read_number(cells[NAME_TAG], FILING_REVISION_MAX, &tag)) {
        (void)explaining_list_add_fault(
            list, line, 0,
            STR("Kolumny „nr uwagi” i „wpis” mają mieć liczby z pobranej listy. Przy uwadze, która "
                "o nic nie pyta, wyjaśnienia nie podaje się."));
        return;
    }
    entry.tag = (uint32_t)tag;
    struct str wrong = find_fault(reading, cells, &entry);
    if (wrong.size > 0) {
        (void)explaining_list_add_fault(list, line, entry.finding, wrong);
        return;
    }
    list->entries[list->count] = entry;
    list->lines[list->count] = line;
    list->count++;
}

static enum err
create(struct arena *arena, struct explaining_list *out, struct fault *fault)
{
    *out = (struct explaining_list){
        .entries = ARENA_NEW(arena, struct explanation_entry, EXPLANATION_ENTRIES_MAX),
        .lines = ARENA_NEW(arena, size_t, EXPLANATION_ENTRIES_MAX),
        .faults = ARENA_NEW(arena, struct explaining_fault, EXPLAINING_LIST_FAULTS_MAX)};
    if (out->entries == NULL || out->lines == NULL || out->faults == NULL) {
        return FAIL(fault, ERR_MEMORY, "a list of explanations");
    }
    return ERR_OK;
}

/* The text of a fault of the reader, which is the sender's to mend. */
static struct str
text_of(struct arena *arena, const struct fault *fault)
{
    return str_copy(arena, str_of(fault->text));
}

/* All rows: one that cannot be read is named, and takes nothing from those behind it. */
static enum err
read_rows(const struct reading *reading, struct csv_reader *reader, const size_t *places,
          struct fault *fault)
{
    struct str fields[CSV_READER_FIELDS_MAX] = {{0}};
    struct str cells[NAME_COUNT] = {{0}};

    while (!csv_reader_ended(reader)) {
        const struct csv_reader row = *reader;
        enum err                got = csv_reader_row(reader, reading->arena, fields, fault);
        if (got == ERR_SYNTAX) {
            if (!explaining_list_add_fault(reading->list, row.line, 0,
                                           text_of(reading->arena, fault))) {
                return ERR_OK;
            }
            csv_reader_skip(reader, &row);
            *fault = (struct fault){0};
            continue;
        }
        TRY(got);
        for (size_t i = 0; i < NAME_COUNT; i++) {
            cells[i] = fields[places[i]];
        }
        take_row(reading, cells, row.line);
    }
    return ERR_OK;
}

enum err
explaining_list_read(struct arena *arena, const struct explaining_sent *sent,
                     struct explaining_list *out, struct fault *fault)
{
    const struct reading     reading = {sent, arena, out};
    struct csv_reader        reader = {0};
    size_t                   places[NAME_COUNT] = {0};
    const struct csv_columns columns = {names, NAME_COUNT, places};

    TRY(create(arena, out, fault));
    enum err got = csv_reader_open_any(arena, sent->text, &columns, &reader, fault);
    if (got == ERR_SYNTAX) {
        out->refused = text_of(arena, fault);
        return ERR_OK;
    }
    TRY(got);
    return read_rows(&reading, &reader, places, fault);
}
