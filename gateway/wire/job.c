#include "gateway/wire/job.h"

#include "validators/base/parcel.h"

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
    job.kind = (enum job_kind)parcel_number(&parcel, JOB_RECEIPT);
    job.size = parcel_number(&parcel, UINT64_MAX);
    job.at = (moment)parcel_number(&parcel, INT64_MAX);
    if (parcel.bad || parcel.at != body.size || job.kind < JOB_PACKAGE) {
        return false;
    }
    *out = job;
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
