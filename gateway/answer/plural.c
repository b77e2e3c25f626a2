#include "gateway/answer/plural.h"

const struct plural plural_file = {"plik", "pliki", "plików"};
const struct plural plural_report = {"sprawozdanie", "sprawozdania", "sprawozdań"};
const struct plural plural_error = {"błąd", "błędy", "błędów"};
const struct plural plural_query = {"pytanie", "pytania", "pytań"};
const struct plural plural_warning = {"ostrzeżenie", "ostrzeżenia", "ostrzeżeń"};
const struct plural plural_info = {"informacja", "informacje", "informacji"};
const struct plural plural_rule = {"reguła", "reguły", "reguł"};
const struct plural plural_case = {"przypadek", "przypadki", "przypadków"};
const struct plural plural_unit = {"jednostka", "jednostki", "jednostek"};
const struct plural plural_change = {"zmiana", "zmiany", "zmian"};
const struct plural plural_finding = {"uwaga", "uwagi", "uwag"};
const struct plural plural_hit = {"trafienie", "trafienia", "trafień"};
const struct plural plural_evaluation = {"ocena", "oceny", "ocen"};

const char *
plural_form(const struct plural *noun, size_t count)
{
    size_t last = count % 10;
    size_t last_two = count % 100;

    if (count == 1) {
        return noun->one;
    }
    if (last >= 2 && last <= 4 && (last_two < 12 || last_two > 14)) {
        return noun->few;
    }
    return noun->many;
}
