#include "validators/rules/figure.h"

enum { SCALE = 2, TECHNICAL_MAX = 256 };

/* What the report says where a figure belongs. */
struct sum {
    amount_wide amount;
    bool        stands; /* in some position */
    bool        unknown;
    size_t      row; /* the first that has it */
};

static amount_wide
distance(amount_wide a, amount_wide b)
{
    return a > b ? a - b : b - a;
}

static amount_wide
size_of(amount_wide a)
{
    return a < 0 ? -a : a;
}

enum match { MATCH_NO, MATCH_YES, MATCH_UNKNOWN };

/* The codes of a figure as the report's columns number them. */
struct wanted {
    size_t   codes[COLUMNS_CODES_MAX];
    uint32_t texts[COLUMNS_CODES_MAX]; /* ABSENT_TEXT: no position has it */
    size_t   count;
    bool     possible; /* the form has all of them */
};

#define ABSENT_TEXT UINT32_MAX

static uint32_t
find_text(const struct columns *columns, struct str text)
{
    for (size_t i = 0; i < columns->text_count; i++) {
        if (str_equal(columns->texts[i], text)) {
            return (uint32_t)i;
        }
    }
    return ABSENT_TEXT;
}

static struct wanted
read_key(const struct inspection *inspection, const struct figure *figure)
{
    struct wanted wanted = {.possible = true};
    struct str    names = figure->by;
    struct str    values = figure->key;
    struct str    name = {0};
    struct str    value = {0};

    while (wanted.possible && str_cut(&names, ' ', &name) && str_cut(&values, ' ', &value)) {
        int code = form_code_index(inspection->form, name);
        wanted.possible = code >= 0 && wanted.count < COLUMNS_CODES_MAX;
        if (wanted.possible) {
            wanted.codes[wanted.count] = (size_t)code;
            wanted.texts[wanted.count] = find_text(&inspection->report->columns, value);
            wanted.count++;
        }
    }
    return wanted;
}

/* Whether a position has the codes of a figure. */
static enum match
match_row(const struct columns *columns, const struct wanted *wanted, size_t row)
{
    enum match match = wanted->possible ? MATCH_YES : MATCH_NO;

    for (size_t i = 0; i < wanted->count && match != MATCH_NO; i++) {
        size_t code = wanted->codes[i];
        if (columns->code_states[code][row] == CELL_UNKNOWN) {
            match = MATCH_UNKNOWN;
        } else if (columns->codes[code][row] != wanted->texts[i]) {
            match = MATCH_NO;
        }
    }
    return match;
}

/* named: a mark for each position that the figure may be about; may be NULL. */
static struct sum
add_up(const struct inspection *inspection, const struct figure *figure, bool *named)
{
    const struct columns *columns = &inspection->report->columns;
    struct wanted         wanted = read_key(inspection, figure);
    int                   slot = form_amount_index(inspection->form, figure->column);
    struct sum            sum = {0};

    for (size_t row = 0; slot >= 0 && row < columns->row_count; row++) {
        enum match match = match_row(columns, &wanted, row);
        if (match == MATCH_NO) {
            continue;
        }
        if (named != NULL) {
            named[row] = true;
        }
        sum.unknown = sum.unknown || match == MATCH_UNKNOWN
                      || columns->amount_states[slot][row] == CELL_UNKNOWN;
        sum.row = sum.stands ? sum.row : row;
        sum.stands = true;
        sum.amount += columns->amounts[slot][row];
    }
    return sum;
}

static bool
control_differs(const struct rule_entry *entry, const struct figure *figure, const struct sum *sum)
{
    (void)entry;
    return sum->amount != figure->amount;
}

static bool
last_year_differs(const struct rule_entry *entry, const struct figure *figure,
                  const struct sum *sum)
{
    amount_wide now = size_of(sum->amount);
    amount_wide before = size_of(figure->amount);
    amount_wide larger = now > before ? now : before;
    amount_wide smaller = now > before ? before : now;

    return smaller > 0 && larger > smaller * entry->limits.factor
           && distance(sum->amount, figure->amount) >= entry->limits.floor;
}

static bool
peers_differ(const struct rule_entry *entry, const struct figure *figure, const struct sum *sum)
{
    amount_wide away = distance(sum->amount, figure->amount);

    return sum->stands && figure->peers >= entry->limits.peers && figure->spread > 0
           && away > (amount_wide)figure->spread * entry->limits.spreads
           && away >= entry->limits.floor;
}

static const struct {
    const char      *name;
    enum figure_kind kind;
    bool (*differs)(const struct rule_entry *, const struct figure *, const struct sum *);
    bool whole; /* positions that no figure names are held against zero */
} checks[FIGURE_CHECK_COUNT] = {
    [FIGURE_CHECK_CONTROL] = {"control-amount", FIGURE_CONTROL,   control_differs,   false},
    [FIGURE_CHECK_CONTROL_ABSENT] = {"control-absent", FIGURE_CONTROL,   NULL,              false},
    [FIGURE_CHECK_LAST_YEAR] = {"like-last-year", FIGURE_LAST_YEAR, last_year_differs, false},
    [FIGURE_CHECK_PEERS] = {"like-peers",     FIGURE_PEERS,     peers_differ,      false},
    [FIGURE_CHECK_PLAN] = {"plan-amount",    FIGURE_PLAN,      control_differs,   true },
};

static bool
is_meant(const struct inspection *inspection, const struct figure *figure, enum figure_kind kind,
         const struct rule_entry *entry)
{
    return figure->report == (uint32_t)inspection->ordinal && figure->kind == kind
           && str_equal(figure->column, entry->points);
}

/* "§ 027", "rozdz. 75801, § 292": where a figure belongs, in the form's own words. */
static bool
name_place(struct inspection *inspection, const struct figure *figure, const struct sum *sum,
           struct finding *finding)
{
    struct str codes[COLUMNS_CODES_MAX] = {{0}};
    struct str names = figure->by;
    struct str values = figure->key;
    struct str name = {0};
    struct str value = {0};

    while (str_cut(&names, ' ', &name) && str_cut(&values, ' ', &value)) {
        int code = form_code_index(inspection->form, name);
        if (code >= 0) {
            codes[code] = value;
        }
    }
    for (size_t i = 0; figure->by.size == 0 && i < inspection->form->code_count; i++) {
        codes[i] = columns_code(&inspection->report->columns, i, sum->row);
    }
    finding->subject = form_cell(inspection->scratch, inspection->form, codes, (struct str){0});
    if (finding->subject.size == 0 && figure->by.size == 0) {
        finding->subject = STR("pozycja bez klasyfikacji");
    }
    if (sum->stands) {
        struct cell_place place = {.row = sum->row, .column = figure->column};
        return inspection_point(inspection, &place, finding) && finding->subject.data != NULL;
    }
    finding->offset = inspection->report->start;
    finding->cell = form_cell(inspection->scratch, inspection->form, codes, figure->column);
    finding->xpath = package_report_xpath(inspection->scratch, inspection->report, STR("/Pozycje"));
    return finding->subject.data != NULL && finding->cell.data != NULL
           && finding->xpath.data != NULL;
}

/* Of peers: how far apart they are, and how many; no unit is named. */
static bool
write_peers(struct inspection *inspection, const struct figure *figure, struct finding *finding)
{
    struct buf text = buf_create(inspection->scratch, TECHNICAL_MAX);

    buf_append(&text, STR("mediana "));
    amount_write_polish(&text, figure->amount, SCALE);
    buf_append(&text, STR(" zł, rozrzut (mediana odchyleń) "));
    amount_write_polish(&text, figure->spread, SCALE);
    buf_format(&text, " zł, porównano %lld", (long long)figure->peers);
    finding->technical = buf_str(&text);
    return buf_ok(&text);
}

static enum err
tell(struct inspection *inspection, const struct charge *charge, const struct figure *figure,
     const struct sum *sum, struct fault *fault)
{
    struct finding finding = {
        .found = inspection_amount(inspection->scratch, sum->amount, SCALE),
        .expected = inspection_amount(inspection->scratch, figure->amount, SCALE),
        .difference =
            inspection_amount(inspection->scratch, distance(sum->amount, figure->amount), SCALE)};

    if (!name_place(inspection, figure, sum, &finding)
        || (figure->kind == FIGURE_PEERS && !write_peers(inspection, figure, &finding))) {
        return FAIL(fault, ERR_MEMORY, "finding of a figure");
    }
    return inspection_list(inspection, charge, &finding, fault);
}

/* One way through the figures: to count what differs, or to tell the first `listed` of it. */
struct round {
    enum figure_check    check;
    const struct charge *charge;
    bool                 counts;
    size_t               listed;
    size_t               differing;
    bool                *named; /* positions that some figure is about; NULL: nobody asks */
    bool                 any;   /* some figure is meant */
};

static enum err
hold_against(struct inspection *inspection, struct round *round, const struct figure *figure,
             const struct sum *sum, struct fault *fault)
{
    if (sum->unknown || !checks[round->check].differs(round->charge->entry, figure, sum)) {
        inspection->tally->not_evaluated += sum->unknown && round->counts ? 1 : 0;
        return ERR_OK;
    }
    if (round->differing < round->listed) {
        TRY(tell(inspection, round->charge, figure, sum, fault));
    }
    round->differing++;
    return ERR_OK;
}

/* Positions of which a whole list says nothing, that is zero. */
static enum err
go_through_rest(struct inspection *inspection, struct round *round, struct fault *fault)
{
    const struct columns *columns = &inspection->report->columns;
    const struct figure   zero = {.kind = checks[round->check].kind,
                                  .column = round->charge->entry->points};
    int                   slot = form_amount_index(inspection->form, zero.column);

    for (size_t row = 0; slot >= 0 && row < columns->row_count; row++) {
        struct sum sum = {.amount = columns->amounts[slot][row],
                          .stands = true,
                          .unknown = columns->amount_states[slot][row] == CELL_UNKNOWN,
                          .row = row};
        if (!round->named[row]) {
            TRY(hold_against(inspection, round, &zero, &sum, fault));
        }
    }
    return ERR_OK;
}

static enum err
go_through(struct inspection *inspection, struct round *round, struct fault *fault)
{
    const struct figures *figures = &inspection->request->figures;
    bool                  whole = checks[round->check].whole && inspection->form->line_count == 0;

    if (whole) {
        round->named =
            ARENA_NEW(inspection->scratch, bool, inspection->report->columns.row_count + 1);
        if (round->named == NULL) {
            return FAIL(fault, ERR_MEMORY, "positions of a report");
        }
    }
    for (size_t i = 0; i < figures->count; i++) {
        const struct figure *figure = &figures->items[i];
        if (!is_meant(inspection, figure, checks[round->check].kind, round->charge->entry)) {
            continue;
        }
        struct sum sum = add_up(inspection, figure, round->named);
        round->any = true;
        TRY(hold_against(inspection, round, figure, &sum, fault));
    }
    return whole && round->any ? go_through_rest(inspection, round, fault) : ERR_OK;
}

static enum err
tell_absent(struct inspection *inspection, const struct charge *charge, struct fault *fault)
{
    const struct figures *figures = &inspection->request->figures;
    struct finding        finding = {.offset = inspection->report->start,
                                     .cell = STR("pozycje sprawozdania")};
    size_t                listed = 0;

    for (size_t i = 0; i < figures->count; i++) {
        if (is_meant(inspection, &figures->items[i], FIGURE_CONTROL, charge->entry)) {
            return ERR_OK;
        }
    }
    finding.xpath = package_report_xpath(inspection->scratch, inspection->report, STR("/Pozycje"));
    if (finding.xpath.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "place of a finding");
    }
    TRY(inspection_count(inspection, charge, 1, &listed, fault));
    return listed == 0 ? ERR_OK : inspection_list(inspection, charge, &finding, fault);
}

enum figure_check
figure_find(struct str name)
{
    size_t i = 0;

    while (i < FIGURE_CHECK_COUNT && !str_equal(name, str_of(checks[i].name))) {
        i++;
    }
    return (enum figure_check)i;
}

enum err
figure_run(struct inspection *inspection, enum figure_check check, const struct charge *charge,
           struct fault *fault)
{
    struct round counting = {.check = check, .charge = charge, .counts = true};
    struct round telling = {.check = check, .charge = charge};

    ENSURE(check < FIGURE_CHECK_COUNT);
    if (check == FIGURE_CHECK_CONTROL_ABSENT) {
        return tell_absent(inspection, charge, fault);
    }
    TRY(go_through(inspection, &counting, fault));
    if (counting.differing == 0) {
        return ERR_OK;
    }
    TRY(inspection_count(inspection, charge, counting.differing, &telling.listed, fault));
    return telling.listed == 0 ? ERR_OK : go_through(inspection, &telling, fault);
}
