#include "gateway/reader/rules_resource.h"

#include "gateway/fingerprint/fingerprint.h"
#include "gateway/reader/saying.h"
#include "gateway/release/rule_switch.h"
#include "validators/catalogue/formula_text.h"

enum { DATE_SIZE = 10 };

/* What is said of rules, and what of it is asked for. */
struct shelf {
    const struct edition *edition;
    struct rule_switches  switches;
    struct str            off; /* codes that are off for what arrives now */
    struct store_rows     counts;
    instant               counted;
    instant               now;
    struct str            form; /* code; empty: all */
};

static const char now_sql[] = "SELECT now() + clock_offset FROM registry.setting";
static const char counts_sql[] =
    "SELECT code, severity, findings, reports, counted_at FROM intake.rule_count "
    "ORDER BY code COLLATE \"C\", severity";

static enum err
read_shelf(struct asked *asked, struct shelf *out, struct fault *fault)
{
    struct store     *store = asked->tools->store;
    struct store_rows now = {0};

    out->edition = asked->tools->edition;
    TRY(rule_switches_read(store, asked->arena, &out->switches, fault));
    TRY(store_run(store, counts_sql, NULL, asked->arena, &out->counts, fault));
    TRY(store_run(store, now_sql, NULL, asked->arena, &now, fault));
    out->now = store_instant(&now, 0, 0);
    out->counted = store_row_count(&out->counts) == 0 ? 0 : store_instant(&out->counts, 0, 4);
    out->off = rule_switches_off(asked->arena, &out->switches, out->now);
    out->form = asked_parameter(asked, "form");
    return out->off.data == NULL ? FAIL(fault, ERR_MEMORY, "rules that are off") : ERR_OK;
}

static void
date_member(struct json *json, const char *key, struct date date)
{
    struct buf text = buf_create(json->out->arena, DATE_SIZE);

    if (date.year != 0) {
        date_write(&text, date);
    }
    json_key(json, key);
    json_text_or_null(json, buf_str(&text));
}

/* The words of a mask; all of them when it is 0. */
static void
write_mask(struct json *json, const char *key, int mask, const char *const *words, size_t count)
{
    json_key(json, key);
    json_array_begin(json);
    for (size_t i = 0; i < count; i++) {
        if (mask == 0 || (mask & 1 << i) != 0) {
            json_text(json, str_of(words[i]));
        }
    }
    json_array_end(json);
}

static void
write_applies(struct json *json, const struct rule_entry *entry)
{
    static const char *const periods[] = {"month", "quarter", "year"};
    static const char *const environments[] = {"TEST", "PROD"};

    json_key(json, "severities");
    json_array_begin(json);
    for (size_t i = 0; i < entry->applies_count; i++) {
        const struct applies *applies = &entry->applies[i];
        json_object_begin(json);
        json_member(json, "severity", str_of(severity_name(applies->severity)));
        json_key(json, "levels");
        json_text_or_null(json, applies->levels);
        write_mask(json, "periods", applies->periods, periods, ARRAY_COUNT(periods));
        write_mask(json, "environments", applies->environments, environments,
                   ARRAY_COUNT(environments));
        date_member(json, "from", applies->from);
        date_member(json, "to", applies->to);
        json_object_end(json);
    }
    json_array_end(json);
}

static void
write_switches(struct json *json, const struct shelf *shelf, struct str code)
{
    json_key(json, "switches");
    json_array_begin(json);
    for (size_t i = 0; i < shelf->switches.count; i++) {
        const struct rule_switch *turned = &shelf->switches.items[i];
        if (str_equal(turned->code, code)) {
            json_object_begin(json);
            json_member(json, "state", turned->off ? STR("off") : STR("on"));
            saying_instant(json, "since", turned->since);
            saying_instant(json, "at", turned->at);
            json_member(json, "reason", turned->reason);
            json_object_end(json);
        }
    }
    json_array_end(json);
}

static void
write_counts(struct json *json, const struct shelf *shelf, struct str code)
{
    json_key(json, "counts");
    json_array_begin(json);
    for (size_t i = 0; i < store_row_count(&shelf->counts); i++) {
        if (str_equal(store_text(&shelf->counts, i, 0), code)) {
            json_object_begin(json);
            json_member(json, "severity", store_text(&shelf->counts, i, 1));
            json_key(json, "findings");
            json_number(json, store_number(&shelf->counts, i, 2));
            json_key(json, "reports");
            json_number(json, store_number(&shelf->counts, i, 3));
            json_object_end(json);
        }
    }
    json_array_end(json);
}

static void
write_rule(struct json *json, const struct shelf *shelf, const struct rule_entry *entry)
{
    static const struct form no_form = {0};
    const struct form       *form =
        entry->of_set ? &no_form : &shelf->edition->catalogue->forms[entry->form];

    json_object_begin(json);
    json_member(json, "code", entry->code);
    json_member(json, "kind", entry->of_set ? STR("set") : STR("form"));
    json_key(json, "form");
    json_text_or_null(json, form->code);
    json_key(json, "form_version");
    json_text_or_null(json, form->version);
    json_member(json, "domain", entry->domain);
    json_member(json, "owner", entry->owner);
    json_member(json, "title", entry->title);
    json_member(json, "explain", entry->explain);
    json_member(json, "fix", entry->fix);
    json_member(json, "basis", entry->basis);
    json_key(json, "formula");
    json_text_or_null(json, entry->of_set ? formula_text_of_set(
                                json->out->arena, shelf->edition->catalogue->bundle, entry)
                                          : formula_text(form, entry->code));
    write_applies(json, entry);
    json_member(json, "state",
                shelf->off.size > 0 && str_has_word(shelf->off, entry->code) ? STR("off")
                                                                             : STR("on"));
    write_switches(json, shelf, entry->code);
    write_counts(json, shelf, entry->code);
    json_object_end(json);
}

static bool
is_wanted(const struct shelf *shelf, const struct rule_entry *entry)
{
    return entry_is_rule(entry)
           && (shelf->form.size == 0
               || (!entry->of_set
                   && str_equal(shelf->edition->catalogue->forms[entry->form].code, shelf->form)));
}

static void
write_release(struct json *json, const struct shelf *shelf)
{
    const struct release *release = &shelf->edition->release;

    json_key(json, "release");
    if (release->release == 0) {
        json_absent(json);
        return;
    }
    json_object_begin(json);
    json_key(json, "number");
    json_number(json, release->release);
    saying_instant(json, "published", release->published);
    saying_instant(json, "active_from", release->active_from);
    json_member(json, "reason", release->reason);
    json_object_end(json);
}

static void
write_shelf(struct json *json, const struct shelf *shelf)
{
    struct str digest = {(const char *)shelf->edition->catalogue->sha256, FINGERPRINT_SIZE};

    json_object_begin(json);
    json_member(json, "definitions_sha256", saying_hex(json->out->arena, digest));
    write_release(json, shelf);
    saying_instant(json, "counted", shelf->counted);
    json_key(json, "items");
    json_array_begin(json);
    for (size_t i = 0; i < shelf->edition->catalogue->entry_count; i++) {
        if (is_wanted(shelf, &shelf->edition->catalogue->entries[i])) {
            write_rule(json, shelf, &shelf->edition->catalogue->entries[i]);
        }
    }
    json_array_end(json);
    json_object_end(json);
}

enum err
rules_resource_answer(struct asked *asked, struct fault *fault)
{
    struct shelf shelf = {0};
    struct buf   body = asked_body(asked);
    struct json  json = json_create(&body);

    TRY(read_shelf(asked, &shelf, fault));
    write_shelf(&json, &shelf);
    return asked_answer_tagged(asked, &body, fault);
}
