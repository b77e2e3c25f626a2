#ifndef GATEWAY_ADMIN_ADMIN_H
#define GATEWAY_ADMIN_ADMIN_H

#include "gateway/admin/admin_options.h"
#include "gateway/definitions/definitions.h"
#include "gateway/registry/credential.h"
#include "gateway/registry/registry.h"

/* What becomes of a run that did what was asked. */
enum admin_end {
    ADMIN_COMMIT = 0,
    ADMIN_LOOK,   /* nothing is kept: a dry run */
    ADMIN_REFUSE, /* nothing is kept, and what is printed says why */
};

/* One run of `brama admin`: what was asked, the database, and what will be printed. */
struct admin {
    struct arena        *arena;
    struct admin_options options;
    struct store        *store;
    struct buf           out; /* printed when the task has succeeded, as a whole */
    enum admin_end       end;
    struct str           public_url; /* of the configuration; empty with --database */
};

/* Of each task: done, or why not, in the operator's words. ERR_USAGE also when the registry
 * refuses. */
typedef enum err admin_task(struct admin *admin, struct fault *fault);

admin_task unit_task_add, unit_task_list, unit_task_close, unit_task_kinds;
admin_task unit_import_task, unit_import_task_export, unit_show_task;
admin_task unit_event_task_change, unit_event_task_move, unit_event_task_serve,
    unit_event_task_release;
admin_task unit_event_task_assign, unit_event_task_unassign, unit_event_task_succeed;
admin_task office_task_add, office_task_list;
admin_task trait_task_kinds, trait_task_list, trait_task_add, trait_task_end, trait_task_import;
admin_task country_task_load;
admin_task token_task_create, token_task_list, token_task_revoke;
admin_task cert_task_bind, cert_task_list, cert_task_revoke;
admin_task person_task_invite, person_task_restore;
admin_task clock_task_show, clock_task_set, clock_task_reset;
admin_task demo_task_load;
admin_task correction_task_list;
admin_task objection_task_list, objection_task_answer;
admin_task figure_task_control, figure_task_plausibility;
admin_task plan_task_import;
admin_task submission_task_list, submission_task_retry;
admin_task obligation_task_generate, obligation_task_exempt, obligation_task_nothing,
    obligation_task_elsewhere, obligation_task_internal, obligation_task_outage,
    obligation_task_revoke;
admin_task webhook_task_add, webhook_task_list, webhook_task_remove, webhook_task_enable;
admin_task mail_task_status, mail_task_list, mail_task_test, mail_task_retry;
admin_task mail_task_mute, mail_task_unmute;
admin_task webhook_task_log, webhook_task_redeliver;

/* The database of --database HOST:PORT/NAME or of the file of --config. ERR_USAGE, ERR_FILE,
 * ERR_CONFIG. */
MUST_USE enum err admin_address(struct admin *admin, struct store_address *out,
                                struct fault *fault);

/* The unit with this REGON, checked to its digit; ERR_USAGE when there is none. */
MUST_USE enum err admin_find_unit(struct admin *admin, struct str regon, struct registry_unit *out,
                                  struct fault *fault);

/* The time of the gateway, with TEST's offset; its day in Warsaw. */
MUST_USE enum err admin_now(struct admin *admin, instant *out, struct fault *fault);
MUST_USE enum err admin_today(struct admin *admin, struct date *out, struct fault *fault);

/* The definitions in force: of a release, else the program's. ERR_CATALOGUE, ERR_STORE. */
MUST_USE enum err admin_definitions(struct admin *admin, struct definitions *out,
                                    struct fault *fault);

/* Who works here: --operator, or the user of the machine. */
MUST_USE enum err admin_operator(struct admin *admin, struct str *out, struct fault *fault);

/* ERR_DENIED in PROD; what: of whom that is said, "rejestr pokazowy da się wczytać". */
MUST_USE enum err admin_need_test(struct admin *admin, const char *what, struct fault *fault);

/* "99/01/02/3/0" into the five codes of *unit; ERR_USAGE. */
MUST_USE enum err admin_codes(struct str text, struct registry_unit *unit, struct fault *fault);

/* ERR_USAGE when the option was given and is no date; otherwise as it was, when not given. */
MUST_USE enum err admin_date(const struct admin *admin, enum admin_option option, struct date *out,
                             struct fault *fault);

/* The first moment of a day in Warsaw. */
instant admin_begin_of(struct date day);

/* ERR_USAGE unless REGON and NIP (which may be empty) are right to their check digits. */
MUST_USE enum err admin_check_numbers(struct str regon, struct str nip, struct fault *fault);

/* The bytes of the file that the argument names, at most 64 MiB. ERR_FILE. */
MUST_USE enum err admin_file(const struct admin *admin, struct str *out, struct fault *fault);

/* A word of the database, and what an operator is told in its place. */
struct admin_word {
    struct str word;
    struct str said;
};

/* Itself when it is none of them. */
struct str admin_say(const struct admin_word *words, size_t count, struct str word);

/* One field of a line on the screen, harmless to a terminal; `last` ends the line. */
void admin_print(struct admin *admin, struct str text, bool last);
void admin_print_date(struct admin *admin, struct date date, bool last); /* year 0: "-" */
void admin_print_instant(struct admin *admin, instant at, bool last);    /* 0: "-" */

/* Say how many submissions will be decided again, since the registry has grown. */
MUST_USE enum err admin_wake(struct admin *admin, struct fault *fault);

/* What the tasks of tokens and certificates share: the options of a new credential; the list of one
 * kind; to revoke the one whose number is the argument. */
MUST_USE enum err admin_credential(struct admin *admin, struct registry_credential *out,
                                   struct fault *fault);
MUST_USE enum err admin_list_credentials(struct admin *admin, bool certificates,
                                         struct fault *fault);
MUST_USE enum err admin_revoke(struct admin *admin, bool certificate, struct fault *fault);

#endif
