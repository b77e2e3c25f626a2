#ifndef GATEWAY_READER_DOSSIER_SQL_H
#define GATEWAY_READER_DOSSIER_SQL_H

/*
 * The statement behind dossier_read: seven sorts of rows in one answer, since a round trip costs
 * more than the empty columns, and every filing pays it. $1: the submissions; $2: of each the unit
 * that must have filed it, 0: whatever may be seen, DOSSIER_OFFICE: whatever
 * an office may see.
 */
enum dossier_part {
    PART_SUBMISSION,
    PART_REPORT,
    PART_COUNT,
    PART_SIGNATURE,
    PART_RECEIPT,
    PART_OUTAGE,
    PART_OBJECTION
};

enum dossier_column {
    COLUMN_AT, /* which of the submissions, from 1 */
    COLUMN_PART,
    COLUMN_MAJOR, /* order within the part; of a receipt -n, so that the newest comes first */
    COLUMN_MINOR,
    COLUMN_VERDICT,
    COLUMN_NUMBER,
    COLUMN_NUMBER2,
    COLUMN_FLAG,
    COLUMN_TEXT1,
    COLUMN_TEXT2,
    COLUMN_TEXT3,
    COLUMN_TEXT4,
    COLUMN_TEXT5,
    COLUMN_TEXT6,
    COLUMN_TEXT7,
    COLUMN_TEXT8,
    COLUMN_TEXT9,
    COLUMN_TEXT10,
    COLUMN_TEXT11,
    COLUMN_BYTES, /* of a report what is told of its set: JSON in UTF-8 */
    COLUMN_AT1,
    COLUMN_AT2,
    COLUMN_AT3,
    COLUMN_LINK,
    COLUMN_AT4,
    COLUMN_NUMBER3,
    COLUMN_TEXT12,
    COLUMN_TEXT13,
    COLUMN_TEXT14,
    COLUMN_TEXT15,
    COLUMN_TEXT16,
    COLUMN_TEXT17
};

/* Always the same pointer: the store knows its prepared statements by it. */
const char *dossier_sql(void);

#endif
