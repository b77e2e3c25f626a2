#include "gateway/obligation/duty_text.h"

#include "validators/calendar/due_rule.h"

enum { TEXT_MAX = 4096, VERDICT_ACCEPTED = 1, VERDICT_HELD = 2, VERDICT_REJECTED = 3 };

struct writing {
    struct buf              *out;
    const struct duty_story *story;
    instant                  at;
};

static void
write_instant(const struct writing *writing, instant at)
{
    moment_write_polish(writing->out, at / INSTANT_PER_SECOND);
}

/* How the day follows from the period, as a clerk says it: "10 dni po końcu okresu, ". */
static void
write_rule(struct buf *out, struct str text)
{
    struct due_rule rule = {.kind = DUE_RULE_OPEN};

    if (!due_rule_read(text, &rule)) {
        return;
    }
    switch (rule.kind) {
    case DUE_RULE_DAYS:
        buf_format(out, "%d %s po końcu okresu, ", rule.count, rule.count == 1 ? "dzień" : "dni");
        break;
    case DUE_RULE_DAY_OF_MONTH:
        buf_format(out, "%d. dzień następnego miesiąca, ", rule.count);
        break;
    case DUE_RULE_DAY_OF_YEAR:
        buf_format(out, "dzień %02d.%02d następnego roku, ", rule.count, rule.month);
        break;
    case DUE_RULE_MONTHS:
        buf_format(out, "koniec %d. miesiąca po okresie, ", rule.count);
        break;
    case DUE_RULE_OPEN:
    case DUE_RULE_SAME:
        break;
    }
}

/* "10 lipca 2026 r. (10 dni po końcu okresu, podstawa, wersja 1 kalendarza)": which version it is
 * to the byte, behind its number, is for programs. */
static void
write_day(const struct writing *writing)
{
    const struct duty_story *story = writing->story;
    struct str               rest = story->calendar;
    struct str               version = {0};

    date_write_polish(writing->out, story->due_on);
    buf_append(writing->out, STR(" ("));
    write_rule(writing->out, story->rule);
    if (date_compare(story->nominal_on, story->due_on) != 0) {
        buf_append(writing->out, STR("z dnia wolnego "));
        date_write_polish(writing->out, story->nominal_on);
        buf_append(writing->out, STR(" przesunięty, "));
    }
    (void)str_cut(&rest, ' ', &version);
    buf_format(writing->out, "%.*s, wersja %.*s kalendarza)", STR_ARG(story->basis),
               STR_ARG(version));
}

static bool
is_over(const struct writing *writing)
{
    return writing->at >= writing->story->facts.due_before;
}

/* "termin mija 10 lipca 2026 r. (...)" */
static void
write_term(const struct writing *writing)
{
    buf_append(writing->out, is_over(writing) ? STR("termin minął ") : STR("termin mija "));
    write_day(writing);
}

/* What came first of all that counts as filed. */
static void
write_filed(const struct writing *writing)
{
    const struct duty_story *story = writing->story;

    if (story->accepted_at != 0 && story->accepted_at == story->facts.filed_at) {
        buf_append(writing->out, STR("Wpłynęło "));
        write_instant(writing, story->accepted_at);
    } else if (story->nothing_at != 0 && story->nothing_at == story->facts.filed_at) {
        buf_append(writing->out, STR("Oświadczenie „nic do wykazania” złożono "));
        write_instant(writing, story->nothing_at);
    } else {
        buf_append(writing->out, STR("Przekazano poza bramą, według wpisu, "));
        date_write_polish(writing->out, story->elsewhere_on);
    }
}

/* Why it is taken for filed on that day. */
static struct str
reason_of(const struct duty_story *story)
{
    if (story->accepted_at != 0 && story->accepted_at == story->facts.filed_at) {
        return STR("liczy się data wpływu pierwszej przyjętej wersji");
    }
    return story->nothing_at != 0 && story->nothing_at == story->facts.filed_at
               ? STR("kalendarz uznaje takie oświadczenie za sprawozdanie")
               : STR("liczy się wpisany dzień przekazania");
}

/* The newest attempt, where it is no filing. */
static void
write_attempt(const struct writing *writing)
{
    static const struct str  words[] = {[VERDICT_HELD] = STR_INIT(", ale brakuje podpisu"),
                                        [VERDICT_REJECTED] = STR_INIT(" i zwrócono je do poprawy")};
    const struct duty_story *story = writing->story;

    if (story->last_arrived == 0
        || (story->last_verdict != VERDICT_HELD && story->last_verdict != VERDICT_REJECTED)) {
        return;
    }
    buf_append(writing->out, STR("; ostatnie wpłynęło "));
    write_instant(writing, story->last_arrived);
    buf_append(writing->out, words[story->last_verdict]);
}

/* A version that came behind the one by which it is judged. */
static void
write_later(const struct writing *writing)
{
    const struct duty_story *story = writing->story;

    if (story->accepted_at == 0 || story->accepted_at != story->facts.filed_at
        || story->last_verdict != VERDICT_ACCEPTED || story->last_arrived <= story->accepted_at) {
        return;
    }
    buf_append(writing->out, STR("; późniejsza wersja, która wpłynęła "));
    write_instant(writing, story->last_arrived);
    buf_append(writing->out, STR(", tego nie zmienia"));
}

/* "Wpłynęło 10 lipca 2026 r., 09:00:00, w terminie: był do końca dnia 10 lipca 2026 r. (...)" */
static void
tell_filed(const struct writing *writing, struct str verdict)
{
    write_filed(writing);
    buf_format(writing->out, ", %.*s: termin %s do końca dnia ", STR_ARG(verdict),
               is_over(writing) ? "był" : "jest");
    write_day(writing);
    buf_format(writing->out, ", a %.*s", STR_ARG(reason_of(writing->story)));
    write_later(writing);
}

static void
tell_fulfilled(const struct writing *writing)
{
    tell_filed(writing, STR("w terminie"));
}

static void
tell_late(const struct writing *writing)
{
    const struct duty_story *story = writing->story;

    if (story->facts.filed_at != 0) {
        tell_filed(writing, STR("po terminie"));
        return;
    }
    if (story->facts.pending_at != 0) {
        buf_append(writing->out, STR("Wpłynęło "));
        write_instant(writing, story->facts.pending_at);
        buf_append(writing->out, STR(" i czeka na rozstrzygnięcie, a "));
        write_term(writing);
        buf_append(writing->out, STR(": po terminie, bo liczy się data wpływu"));
        return;
    }
    buf_append(writing->out, STR("Nie ma przyjętego sprawozdania, a "));
    write_term(writing);
    buf_append(writing->out, STR(": po terminie"));
    write_attempt(writing);
}

static void
tell_submitted(const struct writing *writing)
{
    buf_append(writing->out, STR("Wpłynęło "));
    write_instant(writing, writing->story->facts.pending_at);
    buf_append(writing->out, STR(" i czeka na rozstrzygnięcie bramy, a "));
    write_term(writing);
    buf_append(writing->out, STR(": po przyjęciu będzie w terminie, bo liczy się data wpływu"));
}

static void
tell_due(const struct writing *writing)
{
    buf_append(writing->out, STR("Okres się skończył, a "));
    write_term(writing);
    buf_append(writing->out, STR(": sprawozdanie jest do złożenia"));
    write_attempt(writing);
}

static void
tell_not_due(const struct writing *writing)
{
    buf_append(writing->out, STR("Okres jeszcze trwa, a "));
    write_term(writing);
    buf_append(writing->out, STR(": sprawozdanie składa się po końcu okresu"));
}

static void
tell_waived(const struct writing *writing)
{
    const struct duty_story *story = writing->story;

    buf_append(writing->out, STR("Jednostka jest zwolniona z tego obowiązku"));
    if (story->exemption_basis.size > 0) {
        buf_format(writing->out, " (%.*s)", STR_ARG(story->exemption_basis));
    }
    buf_append(writing->out, STR(", choć według kalendarza "));
    write_term(writing);
}

/* The registry no longer says what the duty followed from. */
static void
write_lack(const struct writing *writing)
{
    const struct duty_story *story = writing->story;

    if (story->trait.size == 0) {
        buf_append(writing->out,
                   STR("składają je tylko jednostki o pewnej cesze, a według rejestru "
                       "ostatniego dnia okresu tej cechy tu nie było"));
        return;
    }
    buf_format(writing->out,
               "składa je tylko %s %.*s, a rejestr nie podaje tego na ostatni dzień okresu",
               story->trait_below ? "JST, która sama albo której jednostka" : "jednostka, która",
               STR_ARG(story->trait));
}

static void
tell_superseded(const struct writing *writing)
{
    static const struct {
        struct str why;
        struct str words;
    } reasons[] = {
        {STR_INIT("succession"), STR_INIT("obowiązek przeszedł na następcę jednostki")       },
        {STR_INIT("closed"),     STR_INIT("jednostki nie było już ostatniego dnia okresu")     },
        {STR_INIT("registry"),   STR_INIT("jednostka tego rodzaju nie składa tego sprawozdania")},
        {STR_INIT("calendar"),   STR_INIT("kalendarz nie przewiduje już tego sprawozdania")     },
    };
    const struct duty_story *story = writing->story;

    /* The day on which it was noticed; when it came to be so, the registry says. */
    buf_append(writing->out, STR("Tego obowiązku jednostka już nie ma, co zapisano "));
    date_write_polish(writing->out, story->superseded_on);
    buf_append(writing->out, STR(": "));
    for (size_t i = 0; i < ARRAY_COUNT(reasons); i++) {
        if (str_equal(story->superseded_why, reasons[i].why)) {
            buf_append(writing->out, reasons[i].words);
        }
    }
    if (str_equal(story->superseded_why, STR("trait"))) {
        write_lack(writing);
    }
    if (story->successor.size > 0) {
        buf_format(writing->out, " (%.*s)", STR_ARG(story->successor));
    }
}

/* What may stand behind any state. */
static void
write_remarks(const struct writing *writing)
{
    const struct duty_story *story = writing->story;

    if (story->after_window) {
        buf_append(writing->out, STR("; ostatnia korekta wpłynęła po dniu, do którego kalendarz "
                                     "przewiduje korekty ("));
        date_write_polish(writing->out, story->correction_until);
        buf_append(writing->out, STR("), i oceni ją odbiorca"));
    }
    if (story->trait.size > 0 && story->superseded_why.size == 0) {
        buf_format(writing->out, "; obowiązek wynika z rejestru: %s %.*s",
                   story->trait_below ? "JST albo jej jednostka" : "jednostka",
                   STR_ARG(story->trait));
    }
    if (story->outage_began != 0) {
        buf_append(writing->out, STR("; brama była niedostępna od "));
        write_instant(writing, story->outage_began);
        buf_append(writing->out, STR(" do "));
        write_instant(writing, story->outage_ended);
        buf_append(writing->out, STR(", co nie przesuwa terminu"));
    }
}

struct str
duty_text(struct arena *arena, const struct duty_story *story, instant at)
{
    static void (*const tellers[DUTY_STATES])(const struct writing *) = {
        [DUTY_NOT_DUE] = tell_not_due,       [DUTY_DUE] = tell_due,
        [DUTY_SUBMITTED] = tell_submitted,   [DUTY_LATE] = tell_late,
        [DUTY_FULFILLED] = tell_fulfilled,   [DUTY_WAIVED] = tell_waived,
        [DUTY_SUPERSEDED] = tell_superseded,
    };
    struct buf           out = buf_create(arena, TEXT_MAX);
    const struct writing writing = {.out = &out, .story = story, .at = at};

    tellers[duty_state(&story->facts, at)](&writing);
    write_remarks(&writing);
    buf_byte(&out, '.');
    return buf_ok(&out) ? buf_str(&out) : (struct str){0};
}
