#include "gateway/letter/letter_digest.h"

#include "gateway/answer/plural.h"

enum { TEXT_MAX = 128 * 1024, SUBJECT_MAX = 256 };

static const struct plural answers = {"odpowiedź", "odpowiedzi", "odpowiedzi"};
static const struct plural letters = {"list", "listy", "listów"};

static const char *
words_of(enum letter_standing standing)
{
    static const char *const words[] = {
        [LETTER_MISSING] = "nie złożono",
        [LETTER_PENDING] = "czeka na rozstrzygnięcie",
        [LETTER_HELD] = "brakuje podpisu",
        [LETTER_RETURNED] = "zwrócone do poprawy",
        [LETTER_QUERY] = "przyjęte, jest pytanie do wyjaśnienia",
        [LETTER_CHARGED] = "przyjęte, jest uwaga z porównania z innymi sprawozdaniami",
        [LETTER_CLEARED] = "uwag z porównania z innymi sprawozdaniami już nie ma",
    };

    return words[standing];
}

/* "  Rb-27S, 2026-Q2, SZKOŁA PODSTAWOWA NR 1" */
static void
write_what(struct buf *out, const struct letter_line *line)
{
    buf_append(out, STR("  "));
    letter_text_plain(out, line->form);
    buf_append(out, STR(", "));
    letter_text_plain(out, line->period);
    if (line->unit.size > 0) {
        buf_append(out, STR(", "));
        letter_text_plain(out, line->unit);
    }
    buf_byte(out, '\n');
}

static void
write_duty(struct buf *out, const struct letter_line *line)
{
    write_what(out, line);
    buf_append(out, STR("    termin "));
    date_write_polish(out, line->due);
    if (line->internal.year != 0) {
        buf_append(out, STR(" (wewnętrzny "));
        date_write_polish(out, line->internal);
        buf_append(out, STR(")"));
    }
    buf_format(out, "; %s\n", words_of(line->standing));
}

static void
write_rest(struct buf *out, int64_t all, int64_t shown)
{
    if (all > shown) {
        size_t rest = (size_t)(all - shown);
        buf_format(out, "  i jeszcze %zu %s\n", rest, plural_form(&plural_report, rest));
    }
}

/* Those that are late, or those that are not; with how many there are in all. */
static void
write_part(struct buf *out, const struct letter_digest *digest, bool late)
{
    int64_t all = late ? digest->late : digest->soon;
    int64_t shown = 0;

    if (all == 0) {
        return;
    }
    buf_format(out, "%s (%lld)\n", late ? "Po terminie" : "Termin w ciągu 7 dni", (long long)all);
    for (size_t i = 0; i < digest->count; i++) {
        if (digest->lines[i].late == late) {
            write_duty(out, &digest->lines[i]);
            shown++;
        }
    }
    write_rest(out, all, shown);
    buf_byte(out, '\n');
}

/* "  Zofia Żółć <zofia@szkola.example>, SZKOŁA PODSTAWOWA NR 1" */
static void
write_refused(struct buf *out, const struct letter_digest *digest)
{
    if (digest->refused_count == 0) {
        return;
    }
    buf_format(out, "Zaproszenia, których nie przyjęła poczta odbiorcy (%zu)\n",
               digest->refused_count);
    for (size_t i = 0; i < digest->refused_count; i++) {
        const struct letter_refused *refused = &digest->refused[i];
        buf_append(out, STR("  "));
        letter_text_plain(out, refused->name);
        buf_append(out, STR(", "));
        letter_text_plain(out, refused->email);
        if (refused->place.size > 0) {
            buf_append(out, STR(", "));
            letter_text_plain(out, refused->place);
        }
        buf_byte(out, '\n');
    }
    buf_append(out, STR("  Sprawdź adres, cofnij zaproszenie i wyślij nowe.\n\n"));
}

static void
write_subject(struct buf *out, const struct letter_digest *digest)
{
    buf_append(out, STR("Sprawozdania: "));
    if (digest->late > 0) {
        buf_format(out, "%lld po terminie", (long long)digest->late);
    }
    if (digest->soon > 0) {
        buf_format(out, "%s%lld z terminem w ciągu 7 dni", digest->late > 0 ? ", " : "",
                   (long long)digest->soon);
    }
    if (digest->late == 0 && digest->soon == 0) {
        buf_append(out, digest->omitted > 0 ? STR("pominięte listy")
                                            : STR("zaproszenia, które nie doszły"));
    }
}

struct letter_text
letter_digest_duties(struct arena *arena, const struct letter_digest *digest)
{
    struct buf subject = buf_create(arena, SUBJECT_MAX);
    struct buf text = buf_create(arena, TEXT_MAX);

    write_subject(&subject, digest);
    letter_text_plain(&text, digest->name);
    buf_append(&text, STR(",\n\nstan na "));
    date_write_polish(&text, digest->day);
    buf_append(&text, STR(":\n\n"));
    write_part(&text, digest, true);
    write_part(&text, digest, false);
    write_refused(&text, digest);
    if (digest->omitted > 0) {
        buf_format(&text,
                   "Pominęliśmy %lld %s, bo dziennie wysyłamy do jednej osoby najwyżej %lld.\n"
                   "Wszystko, o czym były, jest w Bramie.\n\n",
                   (long long)digest->omitted, plural_form(&letters, (size_t)digest->omitted),
                   (long long)digest->day_max);
    }
    buf_append(&text, STR("Liczy się data wpływu. Co już złożono, zobaczysz w Bramie.\n"));
    letter_text_end(&text, digest->public_url, STR("przypomnienia"));
    return letter_text_finish(&subject, &text);
}

/* "zestaw niezgodny" */
static const char *
state_words(struct str state)
{
    static const struct {
        struct str  state;
        const char *words;
    } states[] = {
        {STR_INIT("consistent"),   "; zestaw zgodny"   },
        {STR_INIT("inconsistent"), "; zestaw niezgodny"},
        {STR_INIT("incomplete"),   "; zestaw niepełny"},
    };

    for (size_t i = 0; i < ARRAY_COUNT(states); i++) {
        if (str_equal(state, states[i].state)) {
            return states[i].words;
        }
    }
    return "";
}

/* What somebody has to do something about. */
static void
write_results(struct buf *out, const struct letter_results *results)
{
    if (results->all == 0) {
        return;
    }
    buf_append(out, STR("brama rozstrzygnęła o sprawozdaniach, z którymi trzeba jeszcze coś "
                        "zrobić:\n\n"));
    for (size_t i = 0; i < results->count; i++) {
        write_what(out, &results->lines[i]);
        buf_format(out, "    %s\n", words_of(results->lines[i].standing));
    }
    write_rest(out, results->all, (int64_t)results->count);
    buf_append(out, STR("\nCo poprawić, podpisać albo wyjaśnić, pokaże Brama. Zwrócone "
                        "sprawozdanie nie jest złożone.\n"));
}

static void
write_turned(struct buf *out, const struct letter_results *results)
{
    if (results->turned_all == 0) {
        return;
    }
    buf_append(out, results->all > 0 ? STR("\nZmieniły się też zestawy, w których są sprawozdania:")
                                     : STR("zmieniły się zestawy, w których są sprawozdania:"));
    buf_append(out, STR("\n\n"));
    for (size_t i = 0; i < results->turned_count; i++) {
        const struct letter_line *line = &results->turned[i];
        write_what(out, line);
        buf_format(out, "    %s%s\n", words_of(line->standing), state_words(line->set));
    }
    write_rest(out, results->turned_all, (int64_t)results->turned_count);
    buf_append(out, STR("\nUwaga do zestawu nie zmienia tego, że sprawozdanie jest przyjęte. Co z "
                        "czym porównano, pokaże Brama.\n"));
}

/* What an answer means for who objected. */
static const char *
answer_words(const struct letter_answer *answer)
{
    static const struct {
        struct str  remedy;
        const char *words;
    } remedies[] = {
        {STR_INIT("rule-change"), "zastrzeżenie uznane: reguła zostanie zmieniona"          },
        {STR_INIT("rule-off"),    "zastrzeżenie uznane: reguła jest wyłączona"            },
        {STR_INIT("release"),     "zastrzeżenie uznane: regułę zmieniło wydanie definicji"},
    };

    for (size_t i = 0; i < ARRAY_COUNT(remedies); i++) {
        if (str_equal(answer->remedy, remedies[i].remedy)) {
            return remedies[i].words;
        }
    }
    return "zastrzeżenie nieuznane; sprawozdanie pozostaje przyjęte";
}

static void
write_answers(struct buf *out, const struct letter_results *results)
{
    size_t rest = (size_t)(results->answer_all - (int64_t)results->answer_count);

    if (results->answer_all == 0) {
        return;
    }
    buf_append(out, results->all + results->turned_all > 0
                        ? STR("\nSą też odpowiedzi właścicieli reguł na zastrzeżenia:\n\n")
                        : STR("są odpowiedzi właścicieli reguł na zastrzeżenia:\n\n"));
    for (size_t i = 0; i < results->answer_count; i++) {
        const struct letter_answer *answer = &results->answers[i];
        const struct letter_line    line = {
               .unit = answer->unit, .form = answer->form, .period = answer->period};
        write_what(out, &line);
        buf_append(out, STR("    "));
        letter_text_plain(out, answer->code);
        buf_format(out, ": %s\n", answer_words(answer));
    }
    if (rest > 0) {
        buf_format(out, "  i jeszcze %zu %s\n", rest, plural_form(&answers, rest));
    }
    buf_append(out, STR("\nUzasadnienie pokaże Brama przy złożeniu.\n"));
}

static void
write_results_subject(struct buf *out, const struct letter_results *results)
{
    if (results->all > 0) {
        buf_format(out, "Sprawozdania, które czekają na Ciebie: %lld", (long long)results->all);
    } else if (results->turned_all > 0) {
        buf_format(out, "Sprawozdania w zestawach, które się zmieniły: %lld",
                   (long long)results->turned_all);
    } else {
        buf_format(out, "Odpowiedzi na zastrzeżenia: %lld", (long long)results->answer_all);
    }
}

struct letter_text
letter_digest_results(struct arena *arena, const struct letter_results *results)
{
    struct buf subject = buf_create(arena, SUBJECT_MAX);
    struct buf text = buf_create(arena, TEXT_MAX);

    write_results_subject(&subject, results);
    letter_text_plain(&text, results->name);
    buf_append(&text, STR(",\n\n"));
    write_results(&text, results);
    write_turned(&text, results);
    write_answers(&text, results);
    letter_text_end(&text, results->public_url, STR("wyniki"));
    return letter_text_finish(&subject, &text);
}
