#ifndef GATEWAY_REFERENCE_CONTROL_H
#define GATEWAY_REFERENCE_CONTROL_H

#include "gateway/store/store.h"
#include "validators/catalogue/catalogue.h"

/*
 * Amounts that their owner has published for JST and a period, of one kind: what was handed over to
 * them, or what their budgets have planned. An edition is the whole list of a kind. The caller has
 * begun a transaction as brama_admin and ends it. What cannot be is ERR_DENIED in Polish.
 */
enum control_kind { CONTROL_HANDED_OVER, CONTROL_PLANNED };
enum { CONTROL_KINDS = 2 };

struct control_row {
    struct str regon;
    struct str form;  /* where the amount belongs: "RB27S" */
    struct str field; /* "DW" */
    struct str by;    /* "Paragraf", "Rozdzial Paragraf" */
    struct str key;   /* "027", "75801 292" */
    int64_t    amount;
};

/* The whole list of a period. */
struct control_list {
    enum control_kind         kind;
    struct date               end;  /* of the period, its last day */
    struct str                type; /* "Kwartal" */
    const struct control_row *rows;
    size_t                    count;
};

/* What a new list changes in the one that is in force. */
struct control_change {
    struct str regon;
    struct str form;
    struct str key;
    bool       has_before;
    bool       has_after;
    int64_t    before;
    int64_t    after;
};

struct control_changes {
    struct control_change *items;
    size_t                 count;
};

/* *out: by REGON, form and key; none: the lists are alike. ERR_DENIED: a row stands twice, or there
 * is no JST with that REGON on the last day of the period. */
MUST_USE enum err control_compare(struct store *store, struct arena *arena,
                                  const struct control_list *list, struct control_changes *out,
                                  struct fault *fault);

struct control_ground {
    struct str by; /* who loads it */
    struct str basis;
    struct str level; /* of the reports that are held against it */
};

/* The list as a new edition; *edition: its number. ERR_DENIED when it says nothing new. */
MUST_USE enum err control_load(struct store *store, struct arena *arena,
                               const struct control_list *list, const struct control_ground *ground,
                               int64_t *edition, struct fault *fault);

#endif
