#include "validators/identifier/identifier.h"

#include <string.h>

enum {
    REGON_SIZE = 9,
    REGON_LONG_SIZE = 14,
    NIP_SIZE = 10,
    INTERNAL_SIZE = 16, /* NIP, hyphen, four digits and the check digit */
    INTERNAL_DIGITS = 14,
    CITY_PK_MIN = 61,
};

static int
digit_at(struct str text, size_t at)
{
    return text.data[at] - '0';
}

static int
weigh(struct str digits, const int *weights, size_t count)
{
    int sum = 0;

    for (size_t i = 0; i < count; i++) {
        sum += weights[i] * digit_at(digits, i);
    }
    return sum;
}

static bool
all_zeros(struct str digits)
{
    for (size_t i = 0; i < digits.size; i++) {
        if (digits.data[i] != '0') {
            return false;
        }
    }
    return true;
}

/* What every number of digits must be before its check digit is looked at. */
static enum identifier_fault
judge_digits(struct str text, bool right_size)
{
    if (text.size == 0) {
        return IDENTIFIER_EMPTY;
    }
    if (!str_all_digits(text)) {
        return IDENTIFIER_NOT_DIGITS;
    }
    if (!right_size) {
        return IDENTIFIER_LENGTH;
    }
    return all_zeros(text) ? IDENTIFIER_ALL_ZEROS : IDENTIFIER_OK;
}

static bool
regon_digit_right(struct str digits)
{
    static const int weights[] = {8, 9, 2, 3, 4, 5, 6, 7};
    static const int weights_long[] = {2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8};
    const int       *chosen = digits.size == REGON_SIZE ? weights : weights_long;

    return weigh(digits, chosen, digits.size - 1) % 11 % 10 == digit_at(digits, digits.size - 1);
}

enum identifier_fault
identifier_regon(struct str text)
{
    enum identifier_fault fault =
        judge_digits(text, text.size == REGON_SIZE || text.size == REGON_LONG_SIZE);

    if (fault != IDENTIFIER_OK) {
        return fault;
    }
    if (!regon_digit_right(text)) {
        return IDENTIFIER_CHECK_DIGIT;
    }
    struct str base = str_slice(text, 0, REGON_SIZE);
    return regon_digit_right(base) && !all_zeros(base) ? IDENTIFIER_OK : IDENTIFIER_BASE;
}

enum identifier_fault
identifier_nip(struct str text)
{
    static const int      weights[] = {6, 5, 7, 2, 3, 4, 5, 6, 7};
    enum identifier_fault fault = judge_digits(text, text.size == NIP_SIZE);

    if (fault != IDENTIFIER_OK) {
        return fault;
    }
    /* The prefix of a tax office: no leading zero, and not both of the next digits zero. */
    if (text.data[0] == '0' || (text.data[1] == '0' && text.data[2] == '0')) {
        return IDENTIFIER_SHAPE;
    }
    int remainder = weigh(text, weights, ARRAY_COUNT(weights)) % 11;
    return remainder == digit_at(text, NIP_SIZE - 1) ? IDENTIFIER_OK : IDENTIFIER_CHECK_DIGIT;
}

int
identifier_internal_digit(struct str digits)
{
    int sum = 0;

    if (digits.size != INTERNAL_DIGITS || !str_all_digits(digits)) {
        return -1;
    }
    for (size_t i = 0; i < digits.size; i++) {
        sum += (i % 2 == 0 ? 1 : 3) * digit_at(digits, i);
    }
    return sum % 10;
}

enum identifier_fault
identifier_internal(struct str text)
{
    char digits[INTERNAL_SIZE - 1];

    if (text.size == 0) {
        return IDENTIFIER_EMPTY;
    }
    if (text.size != INTERNAL_SIZE) {
        return IDENTIFIER_LENGTH;
    }
    if (text.data[NIP_SIZE] != '-') {
        return IDENTIFIER_SHAPE;
    }
    memcpy(digits, text.data, NIP_SIZE);
    memcpy(digits + NIP_SIZE, text.data + NIP_SIZE + 1, INTERNAL_SIZE - NIP_SIZE - 1);
    struct str all = {digits, sizeof digits};
    if (!str_all_digits(all)) {
        return IDENTIFIER_NOT_DIGITS;
    }
    if (identifier_internal_digit(str_slice(all, 0, INTERNAL_DIGITS))
        != digit_at(all, INTERNAL_DIGITS)) {
        return IDENTIFIER_CHECK_DIGIT;
    }
    return identifier_nip(str_slice(all, 0, NIP_SIZE)) == IDENTIFIER_OK ? IDENTIFIER_OK
                                                                        : IDENTIFIER_BASE;
}

/* A code of exactly size digits; its value in *out. */
static enum identifier_fault
read_code(struct str text, size_t size, int *out)
{
    int64_t number = 0;

    if (text.size == 0) {
        return IDENTIFIER_EMPTY;
    }
    if (text.size != size) {
        return IDENTIFIER_LENGTH;
    }
    if (!str_to_number(text, &number)) {
        return IDENTIFIER_NOT_DIGITS;
    }
    *out = (int)number;
    return IDENTIFIER_OK;
}

/* The five codes as numbers; an association's GT "Z" as GT_ASSOCIATION. */
struct numbers {
    int wk;
    int pk;
    int gk;
    int gt;
    int pt;
};

enum {
    WK_FIRST = 2,
    WK_LAST = 32,
    WK_TEST = 99,
    GT_MIXED = 3,
    GT_ASSOCIATION = 10,
    PT_NONE = 0,
    PT_CITY = 2,
    PT_VOIVODESHIP = 3,
    PT_LAST = 8,
};

static enum identifier_fault
read_alone(const struct identifier_territory *codes, enum identifier_code code,
           struct numbers *numbers)
{
    bool                  fits = true;
    enum identifier_fault fault = IDENTIFIER_OK;

    switch (code) {
    case IDENTIFIER_WK:
        fault = read_code(codes->wk, 2, &numbers->wk);
        fits = numbers->wk == WK_TEST
               || (numbers->wk >= WK_FIRST && numbers->wk <= WK_LAST && numbers->wk % 2 == 0);
        break;
    case IDENTIFIER_PK:
        fault = read_code(codes->pk, 2, &numbers->pk);
        break;
    case IDENTIFIER_GK:
        fault = read_code(codes->gk, 2, &numbers->gk);
        break;
    case IDENTIFIER_GT:
        if (str_equal(codes->gt, STR("Z"))) {
            numbers->gt = GT_ASSOCIATION;
            break;
        }
        fault = read_code(codes->gt, 1, &numbers->gt);
        fits = numbers->gt <= GT_MIXED;
        break;
    default:
        fault = read_code(codes->pt, 1, &numbers->pt);
        fits = numbers->pt <= PT_LAST;
        break;
    }
    return fault == IDENTIFIER_OK && !fits ? IDENTIFIER_UNKNOWN_VALUE : fault;
}

static struct identifier_judgement
judge_together(const struct numbers *numbers)
{
    static const struct identifier_judgement pk = {IDENTIFIER_MISMATCH, IDENTIFIER_PK};
    static const struct identifier_judgement gk = {IDENTIFIER_MISMATCH, IDENTIFIER_GK};
    bool commune = numbers->pt == PT_NONE && numbers->gt >= 1 && numbers->gt <= GT_MIXED;

    if (numbers->pk == 0 && numbers->pt != PT_VOIVODESHIP) {
        return pk;
    }
    if (numbers->pt == PT_CITY && numbers->pk < CITY_PK_MIN) {
        return pk;
    }
    if ((numbers->pt == PT_CITY && numbers->gk != 0) || (commune && numbers->gk == 0)) {
        return gk;
    }
    return (struct identifier_judgement){
        numbers->wk == WK_TEST ? IDENTIFIER_TEST_TERRITORY : IDENTIFIER_OK, IDENTIFIER_WK};
}

struct identifier_judgement
identifier_territory_judge(const struct identifier_territory *codes)
{
    struct numbers numbers = {0};

    for (int code = IDENTIFIER_WK; code < IDENTIFIER_CODES; code++) {
        enum identifier_fault fault = read_alone(codes, (enum identifier_code)code, &numbers);
        if (fault != IDENTIFIER_OK) {
            return (struct identifier_judgement){fault, (enum identifier_code)code};
        }
    }
    return judge_together(&numbers);
}

const char *
identifier_code_name(enum identifier_code code)
{
    static const char *const names[] = {"WK", "PK", "GK", "GT", "PT"};

    ENSURE((size_t)code < ARRAY_COUNT(names));
    return names[code];
}

bool
identifier_type(struct str text)
{
    for (size_t i = 0; i < text.size; i++) {
        char it = text.data[i];
        if (!((it >= 'A' && it <= 'Z') || (it >= '0' && it <= '9') || it == '-')) {
            return false;
        }
    }
    return text.size > 0 && text.size <= IDENTIFIER_TYPE_MAX;
}

bool
identifier_period(struct str text)
{
    enum { YEAR_SIZE = 4, REST_SIZE = 3, MONTHS = 12, QUARTERS = 4 };

    struct str rest = str_slice(text, YEAR_SIZE, text.size);
    int64_t    number = 0;

    if (text.size < YEAR_SIZE || !str_all_digits(str_slice(text, 0, YEAR_SIZE))) {
        return false;
    }
    if (rest.size != REST_SIZE || rest.data[0] != '-') {
        return rest.size == 0;
    }
    bool is_quarter = rest.data[1] == 'Q';
    return str_to_number(str_slice(rest, is_quarter ? 2 : 1, rest.size), &number) && number >= 1
           && number <= (is_quarter ? QUARTERS : MONTHS);
}
