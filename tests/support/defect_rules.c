#include "tests/support/defect.h"

/* Each rule inside a form broken once, in the first row (domain.md 2.1). */

static const struct defect table[] = {
    DEFECT("rule-s27-01", "Rb-27S: NA - DW is not NO - NP", DEFECT_RB27S,
           DEFECT_CELLS("<PL>1000.00</PL><NA>1000.00</NA><DW>900.00</DW>")),
    DEFECT("rule-s27-01-deductions", "Rb-27S: NA - PO - DW is not NO - NP, with PO", DEFECT_RB27S,
           DEFECT_CELLS("<PL>1000.00</PL><NA>1000.00</NA><PO>50.00</PO><DW>900.00</DW>")),
    DEFECT("rule-s27-02", "Rb-27S: NZ is more than NO", DEFECT_RB27S,
           DEFECT_CELLS(
               "<PL>1000.00</PL><NA>1000.00</NA><DW>900.00</DW><NO>100.00</NO><NZ>150.00</NZ>")),
    DEFECT("rule-s27-02-negative", "Rb-27S: NP is negative", DEFECT_RB27S,
           DEFECT_CELLS(
               "<PL>1000.00</PL><NA>1000.00</NA><DW>900.00</DW><NO>50.00</NO><NP>-50.00</NP>")),
    DEFECT("rule-s27-03", "Rb-27S: SO where the paragraph is no tax", DEFECT_RB27S,
           DEFECT_CELLS("<PL>1000.00</PL><NA>900.00</NA><DW>900.00</DW><SO>10.00</SO>")),
    DEFECT("rule-s27-04", "Rb-27S of a month with more than PL and DW", DEFECT_RB27S,
           .traits = POSTING_PLAN_AND_DONE,
           DEFECT_CELLS("<PL>1000.00</PL><NA>900.00</NA><DW>900.00</DW>")),
    DEFECT("rule-s28-01", "Rb-28S: WW is more than PL (and, with it, ZA more than PL)",
           DEFECT_RB28S, DEFECT_CELLS("<PL>1000.00</PL><ZA>1500.00</ZA><WW>1200.00</WW>")),
    DEFECT("rule-s28-02a", "Rb-28S: WW is more than ZA", DEFECT_RB28S,
           DEFECT_CELLS("<PL>1000.00</PL><ZA>500.00</ZA><WW>600.00</WW>")),
    DEFECT("rule-s28-02b", "Rb-28S: ZA is more than PL", DEFECT_RB28S,
           DEFECT_CELLS("<PL>1000.00</PL><ZA>1200.00</ZA><WW>600.00</WW>")),
    DEFECT(
        "rule-s28-04a", "Rb-28S: ZW is not LU + RB", DEFECT_RB28S,
        DEFECT_CELLS("<PL>1000.00</PL><ZA>900.00</ZA><WW>600.00</WW><ZO>200.00</ZO><ZW>100.00</ZW>"
                     "<LU>20.00</LU><RB>30.00</RB>")),
    DEFECT(
        "rule-s28-04b", "Rb-28S: ZW is more than ZO", DEFECT_RB28S,
        DEFECT_CELLS("<PL>1000.00</PL><ZA>900.00</ZA><WW>600.00</WW><ZO>50.00</ZO><ZW>100.00</ZW>"
                     "<LU>40.00</LU><RB>60.00</RB>")),
    DEFECT("rule-s28-05", "Rb-28S: WFS is more than WW", DEFECT_RB28S,
           DEFECT_CELLS("<PL>1000.00</PL><ZA>900.00</ZA><WW>600.00</WW><WFS>700.00</WFS>")),
    DEFECT("rule-s28-06", "Rb-28S: Grupa does not agree with the paragraph", DEFECT_RB28S,
           DEFECT_EDITS(DEFECT_EDIT(CONTENT, REPORT, "Grupa", "1810", NULL))),
    DEFECT("rule-s28-month", "Rb-28S of a month with more than PL and WW", DEFECT_RB28S,
           .traits = POSTING_PLAN_AND_DONE,
           DEFECT_CELLS("<PL>1000.00</PL><ZA>900.00</ZA><WW>600.00</WW>")),
};

const struct defect *
defect_rules(size_t *count)
{
    *count = ARRAY_COUNT(table);
    return table;
}
