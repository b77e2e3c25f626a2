#include "validators/signature/complaint.h"

#include <string.h>

enum { NAME_MAX_BYTES = 80 };

static const struct {
    char                code[FINDING_CODE_MAX];
    enum signature_step step;
} complaints[COMPLAINT_COUNT] = {
    [COMPLAINT_UNKNOWN_ELEMENT] = {"PODPIS-001", SIGNATURE_STEP_PROFILE    },
    [COMPLAINT_MISSING_ELEMENT] = {"PODPIS-002", SIGNATURE_STEP_PROFILE    },
    [COMPLAINT_UNKNOWN_ATTRIBUTE] = {"PODPIS-003", SIGNATURE_STEP_PROFILE    },
    [COMPLAINT_MISSING_ATTRIBUTE] = {"PODPIS-004", SIGNATURE_STEP_PROFILE    },
    [COMPLAINT_IMPURE] = {"PODPIS-005", SIGNATURE_STEP_PROFILE    },
    [COMPLAINT_CANONICALIZATION] = {"PODPIS-006", SIGNATURE_STEP_PROFILE    },
    [COMPLAINT_SIGNATURE_METHOD] = {"PODPIS-007", SIGNATURE_STEP_PROFILE    },
    [COMPLAINT_DIGEST_METHOD] = {"PODPIS-008", SIGNATURE_STEP_PROFILE    },
    [COMPLAINT_TRANSFORM] = {"PODPIS-009", SIGNATURE_STEP_PROFILE    },
    [COMPLAINT_BASE64] = {"PODPIS-010", SIGNATURE_STEP_PROFILE    },
    [COMPLAINT_OWN_REFERENCE] = {"PODPIS-011", SIGNATURE_STEP_PROFILE    },
    [COMPLAINT_TARGET] = {"PODPIS-012", SIGNATURE_STEP_PROFILE    },
    [COMPLAINT_REPEATED_ID] = {"PODPIS-013", SIGNATURE_STEP_PROFILE    },
    [COMPLAINT_BEYOND_LIMITS] = {"PODPIS-014", SIGNATURE_STEP_PROFILE    },
    [COMPLAINT_TOO_MANY_CERTIFICATES] = {"PODPIS-015", SIGNATURE_STEP_CERTIFICATE},
    [COMPLAINT_TOO_MUCH_WORK] = {"PODPIS-016", SIGNATURE_STEP_VALUE      },
    [COMPLAINT_UNTIED] = {"PODPIS-020", SIGNATURE_STEP_REFERENCE  },
    [COMPLAINT_REPORT_DIGEST] = {"PODPIS-030", SIGNATURE_STEP_REPORT     },
    [COMPLAINT_PROPERTIES_DIGEST] = {"PODPIS-031", SIGNATURE_STEP_PROPERTIES },
    [COMPLAINT_CERTIFICATE_DIGEST] = {"PODPIS-032", SIGNATURE_STEP_CERTIFICATE},
    [COMPLAINT_SERIAL] = {"PODPIS-033", SIGNATURE_STEP_CERTIFICATE},
    [COMPLAINT_ISSUER_NAME] = {"PODPIS-034", SIGNATURE_STEP_CERTIFICATE},
    [COMPLAINT_CERTIFICATE_UNREADABLE] = {"PODPIS-035", SIGNATURE_STEP_CERTIFICATE},
    [COMPLAINT_VALUE] = {"PODPIS-040", SIGNATURE_STEP_VALUE      },
    [COMPLAINT_VALUE_LENGTH] = {"PODPIS-041", SIGNATURE_STEP_VALUE      },
    [COMPLAINT_KEY_KIND] = {"PODPIS-042", SIGNATURE_STEP_VALUE      },
    [COMPLAINT_KEY_SHORT] = {"PODPIS-043", SIGNATURE_STEP_VALUE      },
    [COMPLAINT_KEY_ODD] = {"PODPIS-044", SIGNATURE_STEP_VALUE      },
    [COMPLAINT_TIME_MISSING] = {"PODPIS-050", SIGNATURE_STEP_TIME       },
    [COMPLAINT_TIME_UNREADABLE] = {"PODPIS-051", SIGNATURE_STEP_TIME       },
    [COMPLAINT_TIME_FUTURE] = {"PODPIS-052", SIGNATURE_STEP_TIME       },
    [COMPLAINT_NOT_YET_VALID] = {"PODPIS-060", SIGNATURE_STEP_VALIDITY   },
    [COMPLAINT_EXPIRED_AT_SIGNING] = {"PODPIS-061", SIGNATURE_STEP_VALIDITY   },
    [COMPLAINT_INVALID_AT_ARRIVAL] = {"PODPIS-062", SIGNATURE_STEP_VALIDITY   },
    [COMPLAINT_KEY_USAGE] = {"PODPIS-063", SIGNATURE_STEP_VALIDITY   },
    [COMPLAINT_AUTHORITY] = {"PODPIS-064", SIGNATURE_STEP_VALIDITY   },
    [COMPLAINT_WEAK_CERTIFICATE] = {"PODPIS-065", SIGNATURE_STEP_VALIDITY   },
    [COMPLAINT_UNKNOWN_ISSUER] = {"PODPIS-070", SIGNATURE_STEP_ISSUER     },
    [COMPLAINT_BROKEN_PATH] = {"PODPIS-072", SIGNATURE_STEP_ISSUER     },
    [COMPLAINT_REVOCATION_UNKNOWN] = {"PODPIS-073", SIGNATURE_STEP_NONE       },
    [COMPLAINT_ROLE_MISSING] = {"PODPIS-080", SIGNATURE_STEP_ROLE       },
    [COMPLAINT_ROLE_UNKNOWN] = {"PODPIS-081", SIGNATURE_STEP_ROLE       },
};

/* "Podpis 1 (Anna Przykładowa, Główny Księgowy)" */
static struct str
subject_of(struct arena *arena, const struct package_signature *signature)
{
    struct str signer = finding_clip(arena, signature->signer, NAME_MAX_BYTES);
    struct str role = finding_clip(arena, signature->role, NAME_MAX_BYTES);

    if (signer.size == 0 && role.size == 0) {
        return str_format(arena, "Podpis %u", signature->ordinal);
    }
    return str_format(arena, "Podpis %u (%.*s%s%.*s)", signature->ordinal, STR_ARG(signer),
                      signer.size > 0 && role.size > 0 ? ", " : "", STR_ARG(role));
}

/* From 1, among siblings of the same name; 0 when it is the only one. */
static unsigned
position_of(const struct element_table *table, int32_t item)
{
    const struct element *element = &table->items[item];
    int32_t               it = element_child(table, element->parent, element->space, element->name);
    unsigned              position = 1;

    if (element_next(table, it) == ELEMENT_NONE) {
        return 0;
    }
    while (it != item) {
        it = element_next(table, it);
        position++;
    }
    return position;
}

/* ".../Podpisy/Signature[1]/SignedInfo/Reference[2]" */
static struct str
xpath_of(struct arena *arena, const struct package_signature *signature, int32_t item)
{
    const struct element_table *table = &signature->table;
    int32_t                     way[ELEMENT_DEPTH_MAX];
    size_t                      depth = 0;
    struct str                  path = package_unit_xpath(arena, signature->unit);

    path = str_format(arena, "%.*s/Podpisy/Signature[%u]", STR_ARG(path), signature->ordinal);
    for (int32_t it = item; it > 0 && depth < ELEMENT_DEPTH_MAX; it = table->items[it].parent) {
        way[depth] = it;
        depth++;
    }
    while (depth > 0 && path.data != NULL) {
        depth--;
        struct str name = table->items[way[depth]].name;
        unsigned   position = position_of(table, way[depth]);
        path = position == 0
                   ? str_format(arena, "%.*s/%.*s", STR_ARG(path), STR_ARG(name))
                   : str_format(arena, "%.*s/%.*s[%u]", STR_ARG(path), STR_ARG(name), position);
    }
    return path;
}

enum err
complaint_add(struct verification *verification, enum complaint complaint, int32_t item,
              const struct complaint_values *values, struct fault *fault)
{
    struct arena             *arena = verification->shared->arena;
    struct package_signature *signature = verification->signature;
    bool                      tied = signature->report != REPORT_NONE;
    struct finding            finding = {.report = tied ? signature->report : FINDING_OF_PACKAGE,
                                         .offset = item == ELEMENT_NONE ? signature->start
                                                                        : signature->table.items[item].start,
                                         .found = values->found,
                                         .expected = values->expected,
                                         .technical = values->technical};

    if (signature->failed_step == SIGNATURE_STEP_NONE) {
        signature->failed_step = complaints[complaint].step;
    }
    if (!tied && complaint != COMPLAINT_UNTIED) {
        if (verification->untold.size == 0) {
            verification->untold = str_of(complaints[complaint].code);
        }
        return ERR_OK;
    }
    memcpy(finding.code, complaints[complaint].code, sizeof finding.code);
    finding.subject = subject_of(arena, signature);
    finding.xpath = xpath_of(arena, signature, item);
    if (finding.subject.data == NULL || finding.xpath.data == NULL
        || findings_add(verification->shared->findings, &finding) == FINDING_NO_MEMORY) {
        return FAIL(fault, ERR_MEMORY, "a finding of a signature");
    }
    return ERR_OK;
}
