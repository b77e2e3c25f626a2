#include "tests/support/quarter.h"

struct str
quarter_package(struct arena *arena, const struct authority *authority,
                const struct quarter *quarter)
{
    int               amount = quarter->amount;
    struct draft_unit unit = {.number = quarter->number,
                              .kind = "ZB-TEST",
                              .by_council = true,
                              .version = quarter->version,
                              .income_alone = quarter->income,
                              .bare = true,
                              .tag = "Rb-nds"};

    unit.income_rows =
        str_format(arena,
                   "<Pozycja><Dzial>801</Dzial><Rozdzial>80101</Rozdzial><Paragraf>069</Paragraf>"
                   "<P4>0</P4><PL>%d.00</PL><NA>%d.00</NA><DW>%d.00</DW></Pozycja>",
                   amount, amount, amount);
    unit.rows = str_format(arena,
                           "<Pozycja><Symbol>A</Symbol><P>%d.00</P><W>%d.00</W></Pozycja>"
                           "<Pozycja><Symbol>A1</Symbol><P>%d.00</P><W>%d.00</W></Pozycja>"
                           "<Pozycja><Symbol>B</Symbol><P>%d.00</P><W>%d.00</W></Pozycja>"
                           "<Pozycja><Symbol>B1</Symbol><P>%d.00</P><W>%d.00</W></Pozycja>",
                           amount, amount, amount, amount, amount, amount, amount, amount);
    struct str text = draft_unit(arena, authority, &unit);
    return draft_package(arena, &text, 1, "");
}
