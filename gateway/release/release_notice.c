#include "gateway/release/release_notice.h"

#include "validators/catalogue/formula_text.h"
#include "validators/element/element.h"
#include "validators/xml/tree.h"

enum {
    TEXT_MAX = 1000,
    MONTHS_AROUND = 14, /* period ends looked at, before and after the day in force */
    MONTHS_OF_YEAR = 12,
    TERMS_AHEAD_DAYS = 100,
    KINDS = 3,
    COMPLAINTS_OF_ENTRY = 3,
};

#define PUBLICATION_PATH STR("publication.xml")

/* What publication.xml says. */
struct publication {
    int                  days;
    struct element_table table; /* exceptions */
};

/* An entry as it stood: in what is in force when the new one begins, and in all of the trial. */
struct past {
    const struct rule_entry  *before;
    const struct rule_entry **trial;
    size_t                    trial_count;
};

struct noticing {
    struct arena                        *arena;
    const struct release_notice_request *request;
    struct publication                   publication;
    const struct rule_entry            **trial; /* room for struct past */
    struct release_complaint            *complaints;
    size_t                               count;
};

/* How an entry's severity moves, over all circumstances that can be. */
struct movement {
    bool begins;  /* it rejects where it did not */
    bool untried; /* and was not on trial there */
    bool rejects; /* it rejects where it did already */
    int  kinds;   /* mask of enum period_kind where it rejects */
};

static enum err
read_publication(struct arena *arena, const struct catalogue *catalogue, struct publication *out,
                 struct fault *fault)
{
    struct str bytes = bundle_file(catalogue->bundle, PUBLICATION_PATH);
    int64_t    days = RELEASE_NOTICE_DAYS;

    *out = (struct publication){.days = RELEASE_NOTICE_DAYS};
    if (bytes.data == NULL) {
        return ERR_OK;
    }
    TRY(xml_tree_read(arena, bytes, PUBLICATION_PATH, &out->table, fault));
    struct str given = element_attribute(&out->table, 0, "notice-days");
    if (given.data != NULL && (!str_to_number(given, &days) || days > RELEASE_NOTICE_DAYS_MAX)) {
        return FAIL(fault, ERR_CATALOGUE, "publication.xml: notice-days ma być liczbą od 0 do %d",
                    RELEASE_NOTICE_DAYS_MAX);
    }
    out->days = (int)days;
    return ERR_OK;
}

/* The days are those of the definitions in force: a release cannot shorten its own notice. The
 * exceptions are its own. */
static enum err
read_publications(struct noticing *noticing, struct fault *fault)
{
    struct publication before = {0};

    TRY(read_publication(noticing->arena, noticing->request->before->catalogue, &before, fault));
    TRY(read_publication(noticing->arena, noticing->request->after->catalogue,
                         &noticing->publication, fault));
    if (before.days > noticing->publication.days) {
        noticing->publication.days = before.days;
    }
    return ERR_OK;
}

/* An exception counts with a legal basis alone. */
static bool
is_excepted(const struct noticing *noticing, struct str code)
{
    const struct element_table *table = &noticing->publication.table;
    int32_t                     at =
        table->count == 0 ? ELEMENT_NONE : element_child(table, 0, STR(""), STR("exception"));

    while (at != ELEMENT_NONE) {
        if (str_equal(element_attribute(table, at, "code"), code)
            && str_trim(element_attribute(table, at, "basis")).size > 0) {
            return true;
        }
        at = element_next(table, at);
    }
    return false;
}

/* The same version of the form in another catalogue; of a new version the newest there is. */
static int32_t
find_form(const struct catalogue *catalogue, const struct form *form)
{
    int32_t found = ENTRY_OF_NO_FORM;

    for (size_t i = 0; i < catalogue->form_count; i++) {
        if (str_equal(catalogue->forms[i].code, form->code)
            && (found == ENTRY_OF_NO_FORM
                || str_equal(catalogue->forms[i].version, form->version))) {
            found = (int32_t)i;
        }
    }
    return found;
}

static const struct rule_entry *
find_entry(const struct noticing *noticing, const struct catalogue *before,
           const struct rule_entry *entry)
{
    const struct catalogue *after = noticing->request->after->catalogue;
    int32_t                 form = ENTRY_OF_NO_FORM;

    if (entry->form != ENTRY_OF_NO_FORM) {
        form = find_form(before, &after->forms[entry->form]);
    }
    return catalogue_entry(before, form, entry->code.data);
}

static enum severity
severity_in(const struct rule_entry *entry, const struct circumstances *circumstances)
{
    const struct applies *applies = entry == NULL ? NULL : entry_applies(entry, circumstances);

    return applies == NULL ? SEVERITY_OFF : applies->severity;
}

/* On trial, or rejecting already, all the time. */
static bool
was_tried(const struct past *past, const struct circumstances *circumstances, enum severity was)
{
    bool tried = was == SEVERITY_PROPOSED || was == SEVERITY_ERROR;

    for (size_t i = 0; tried && i < past->trial_count; i++) {
        was = severity_in(past->trial[i], circumstances);
        tried = was == SEVERITY_PROPOSED || was == SEVERITY_ERROR;
    }
    return tried;
}

static void
look(const struct past *past, const struct rule_entry *after,
     const struct circumstances *circumstances, struct movement *movement)
{
    enum severity was = severity_in(past->before, circumstances);

    if (severity_in(after, circumstances) != SEVERITY_ERROR) {
        return;
    }
    movement->kinds |= circumstances->period_kind;
    movement->rejects = movement->rejects || was == SEVERITY_ERROR;
    movement->begins = movement->begins || was != SEVERITY_ERROR;
    movement->untried =
        movement->untried || (was != SEVERITY_ERROR && !was_tried(past, circumstances, was));
}

/* All levels, kinds and environments on one period's end. */
static void
look_at_day(const struct catalogue *catalogue, const struct past *past,
            const struct rule_entry *after, struct date end, struct movement *movement)
{
    static const int kinds[KINDS] = {PERIOD_MONTH, PERIOD_QUARTER, PERIOD_YEAR};

    for (size_t i = 0; i < catalogue->level_count * KINDS * 2; i++) {
        const struct circumstances circumstances = {
            .level = catalogue->levels[i / (size_t)(2 * KINDS)].level,
            .period_kind = kinds[i / 2 % KINDS],
            .environment = i % 2 == 0 ? ENVIRONMENT_TEST : ENVIRONMENT_PROD,
            .trust_given = true,
            .period_end = end};
        look(past, after, &circumstances, movement);
    }
}

static struct movement
move_of(const struct noticing *noticing, const struct past *past, const struct rule_entry *after)
{
    struct movement movement = {0};
    struct date     day = noticing->request->active_from;

    for (int i = -MONTHS_AROUND; i <= MONTHS_AROUND; i++) {
        int month = day.year * MONTHS_OF_YEAR + day.month - 1 + i;
        look_at_day(noticing->request->after->catalogue, past, after,
                    date_month_end(month / MONTHS_OF_YEAR, month % MONTHS_OF_YEAR + 1), &movement);
    }
    return movement;
}

static bool
formula_changed(const struct noticing *noticing, const struct rule_entry *before,
                const struct rule_entry *after)
{
    if (before == NULL || before->form == ENTRY_OF_NO_FORM || after->form == ENTRY_OF_NO_FORM) {
        return false;
    }
    return !str_equal(
        formula_text(&noticing->request->before->catalogue->forms[before->form], before->code),
        formula_text(&noticing->request->after->catalogue->forms[after->form], after->code));
}

static enum err
complain(struct noticing *noticing, const struct rule_entry *entry, struct str text,
         struct fault *fault)
{
    if (text.data == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    noticing->complaints[noticing->count] =
        (struct release_complaint){.path = entry->path, .code = entry->code, .text = text};
    noticing->count++;
    return ERR_OK;
}

static enum err
complain_of_days(struct noticing *noticing, const struct rule_entry *entry, const char *what,
                 struct fault *fault)
{
    const struct release_notice_request *request = noticing->request;
    int64_t    earliest = date_days(request->published) + noticing->publication.days;
    struct buf day = buf_create(noticing->arena, TEXT_MAX);

    if (date_days(request->active_from) >= earliest) {
        return ERR_OK;
    }
    date_write_polish(&day, date_of_days(earliest));
    return complain(noticing, entry,
                    str_format(noticing->arena,
                               "%s, więc ogłasza się to co najmniej %d dni wcześniej: może "
                               "obowiązywać od %.*s",
                               what, noticing->publication.days, STR_ARG(buf_str(&day))),
                    fault);
}

/* The term within which the day falls: its period has ended, its last day has not come. */
static const struct calendar_term *
open_term(const struct noticing *noticing, const struct calendar_term *terms, size_t count,
          const struct movement *movement)
{
    struct date day = noticing->request->active_from;

    for (size_t i = 0; i < count; i++) {
        struct period               period = {0};
        const struct calendar_term *term = &terms[i];
        struct str                  year = str_format(noticing->arena, "%d", term->year);
        struct str                  number = str_format(noticing->arena, "%d", term->number);
        if (date_compare(term->period_end, day) < 0 && date_compare(day, term->due) <= 0
            && catalogue_period(noticing->request->after->catalogue, year,
                                term->entry->period_type->name, number, &period)
            && (movement->kinds & (int)period.kind) != 0) {
            return term;
        }
    }
    return NULL;
}

static enum err
complain_of_term(struct noticing *noticing, const struct rule_entry *entry,
                 const struct movement *movement, struct fault *fault)
{
    const struct release_notice_request *request = noticing->request;
    const struct calendar_term          *terms = NULL;
    struct calendar_span                 span = {.due_from = request->active_from};
    struct buf                           day = buf_create(noticing->arena, TEXT_MAX);
    size_t                               count = 0;

    if (entry->form == ENTRY_OF_NO_FORM) {
        return ERR_OK;
    }
    span.form = request->after->catalogue->forms[entry->form].code;
    span.due_to = date_of_days(date_days(request->active_from) + TERMS_AHEAD_DAYS);
    TRY(calendar_terms(noticing->arena, request->after->calendar, &span, &terms, &count, fault));
    const struct calendar_term *term = open_term(noticing, terms, count, movement);
    if (term == NULL) {
        return ERR_OK;
    }
    date_write_polish(&day, term->due);
    return complain(noticing, entry,
                    str_format(noticing->arena,
                               "zaostrza się między końcem okresu a ostatnim dniem terminu "
                               "(%.*s, %.*s); może obowiązywać od następnego dnia po terminie",
                               STR_ARG(term->entry->title), STR_ARG(buf_str(&day))),
                    fault);
}

static struct past
past_of(const struct noticing *noticing, const struct rule_entry *entry)
{
    const struct release_notice_request *request = noticing->request;

    for (size_t i = 0; i < request->trial_count; i++) {
        noticing->trial[i] = find_entry(noticing, request->trial[i]->catalogue, entry);
    }
    return (struct past){.before = find_entry(noticing, request->before->catalogue, entry),
                         .trial = noticing->trial,
                         .trial_count = request->trial_count};
}

static enum err
check_entry(struct noticing *noticing, const struct rule_entry *entry, struct fault *fault)
{
    const struct past past = past_of(noticing, entry);
    struct movement   movement = move_of(noticing, &past, entry);
    bool              changed = movement.rejects && formula_changed(noticing, past.before, entry);

    if ((!movement.begins && !changed) || is_excepted(noticing, entry->code)) {
        return ERR_OK;
    }
    if (movement.untried) {
        TRY(complain(noticing, entry,
                     str_format(noticing->arena,
                                "zaczyna odrzucać, a nie była na próbie: najpierw co najmniej %d "
                                "dni z wagą „proposed” w tym, co wtedy obowiązuje",
                                noticing->publication.days),
                     fault));
    }
    TRY(complain_of_days(noticing, entry,
                         movement.begins ? "zaczyna odrzucać"
                                         : "zmienia się formuła, która "
                                           "odrzuca",
                         fault));
    return complain_of_term(noticing, entry, &movement, fault);
}

enum err
release_notice_days(struct arena *arena, const struct catalogue *before,
                    const struct catalogue *after, int *days, struct fault *fault)
{
    struct publication was = {0};
    struct publication is = {0};

    TRY(read_publication(arena, before, &was, fault));
    TRY(read_publication(arena, after, &is, fault));
    *days = was.days > is.days ? was.days : is.days;
    return ERR_OK;
}

enum err
release_notice_check(struct arena *arena, const struct release_notice_request *request,
                     struct release_complaints *out, struct fault *fault)
{
    const struct catalogue *after = request->after->catalogue;
    struct noticing         noticing = {.arena = arena, .request = request};

    noticing.complaints =
        ARENA_NEW(arena, struct release_complaint, after->entry_count * COMPLAINTS_OF_ENTRY + 1);
    noticing.trial = ARENA_NEW(arena, const struct rule_entry *, request->trial_count + 1);
    if (noticing.complaints == NULL || noticing.trial == NULL) {
        return FAIL(fault, ERR_MEMORY, "brak pamięci");
    }
    TRY(read_publications(&noticing, fault));
    for (size_t i = 0; i < after->entry_count; i++) {
        TRY(check_entry(&noticing, &after->entries[i], fault));
    }
    *out = (struct release_complaints){.items = noticing.complaints, .count = noticing.count};
    return ERR_OK;
}
