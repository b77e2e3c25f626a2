#include "gateway/wire/job.h"

#include "validators/base/parcel.h"

#include <string.h>

void
job_encode(struct buf *out, const struct job *job)
{
    parcel_put_number(out, job->handle);
    parcel_put_number(out, (uint64_t)job->kind);
    parcel_put_number(out, job->size);
    parcel_put_number(out, (uint64_t)job->at);
}

bool
job_decode(struct str body, struct job *out)
{
    struct parcel parcel = {.bytes = body};
    struct job    job = {0};

    job.handle = parcel_number(&parcel, UINT64_MAX);
    job.kind = (enum job_kind)parcel_number(&parcel, JOB_DEFINITIONS);
    job.size = parcel_number(&parcel, UINT64_MAX);
    job.at = (moment)parcel_number(&parcel, INT64_MAX);
    if (parcel.bad || parcel.at != body.size || job.kind < JOB_PACKAGE) {
        return false;
    }
    *out = job;
    return true;
}

bool
job_material_equal(const struct job_material *one, const struct job_material *other)
{
    return memcmp(one->definitions_sha256, other->definitions_sha256, JOB_DIGEST_SIZE) == 0
           && memcmp(one->trust_sha256, other->trust_sha256, JOB_DIGEST_SIZE) == 0;
}

void
job_begun_encode(struct buf *out, const struct job_begun *begun)
{
    parcel_put_number(out, begun->handle);
    parcel_put_array(out, begun->material.definitions_sha256, JOB_DIGEST_SIZE, 1);
    parcel_put_array(out, begun->material.trust_sha256, JOB_DIGEST_SIZE, 1);
}

bool
job_begun_decode(struct str body, struct job_begun *out)
{
    struct parcel    parcel = {.bytes = body};
    struct job_begun begun = {.handle = parcel_number(&parcel, UINT64_MAX)};

    parcel_bytes(&parcel, begun.material.definitions_sha256, JOB_DIGEST_SIZE);
    parcel_bytes(&parcel, begun.material.trust_sha256, JOB_DIGEST_SIZE);
    if (parcel.bad || parcel.at != body.size) {
        return false;
    }
    *out = begun;
    return true;
}

void
job_done_encode(struct buf *out, const struct job_done *done)
{
    parcel_put_number(out, done->handle);
    parcel_put_number(out, (uint64_t)done->failed);
    parcel_put_text(out, done->text);
}

bool
job_done_decode(struct arena *arena, struct str body, struct job_done *out)
{
    struct parcel   parcel = {.arena = arena, .bytes = body};
    struct job_done done = {0};

    done.handle = parcel_number(&parcel, UINT64_MAX);
    done.failed = (enum err)parcel_number(&parcel, ERR_STORE);
    done.text = parcel_text(&parcel);
    if (parcel.bad || parcel.starved || parcel.at != body.size) {
        return false;
    }
    *out = done;
    return true;
}
