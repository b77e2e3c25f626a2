#include "gateway/wire/filing.h"

#include "validators/base/parcel.h"

enum { STATUS_MAX = 599 };

void
filing_encode(struct buf *out, const struct filing *filing)
{
    parcel_put_number(out, filing->handle);
    parcel_put_number(out, (uint64_t)filing->purpose);
    parcel_put_array(out, &filing->id, 1, sizeof filing->id);
    parcel_put_array(out, &filing->request, 1, sizeof filing->request);
    parcel_put_number(out, (uint64_t)filing->subject);
    parcel_put_number(out, (uint64_t)filing->credential);
    parcel_put_array(out, &filing->appointment, 1, sizeof filing->appointment);
    parcel_put_text(out, filing->key);
    parcel_put_array(out, filing->sha256, sizeof filing->sha256, 1);
    parcel_put_number(out, filing->size);
    parcel_put_number(out, (uint64_t)filing->first_byte);
    parcel_put_number(out, (uint64_t)filing->last_byte);
    parcel_put_truth(out, filing->strict);
    parcel_put_text(out, filing->objection);
    parcel_put_text(out, filing->objection_reason);
    parcel_put_array(out, &filing->about, 1, sizeof filing->about);
    parcel_put_number(out, filing->set);
    parcel_put_number(out, filing->report);
    parcel_put_number(out, filing->finding);
    parcel_put_number(out, filing->revision);
    parcel_put_truth(out, filing->partial);
}

bool
filing_decode(struct arena *arena, struct str body, struct filing *out)
{
    struct parcel parcel = {.arena = arena, .bytes = body};
    struct filing filing = {0};

    filing.handle = parcel_number(&parcel, UINT64_MAX);
    filing.purpose = (enum filing_purpose)parcel_number(&parcel, FILING_OBJECT);
    parcel_bytes(&parcel, &filing.id, sizeof filing.id);
    parcel_bytes(&parcel, &filing.request, sizeof filing.request);
    filing.subject = (int64_t)parcel_number(&parcel, INT64_MAX);
    filing.credential = (int64_t)parcel_number(&parcel, INT64_MAX);
    parcel_bytes(&parcel, &filing.appointment, sizeof filing.appointment);
    filing.key = parcel_text(&parcel);
    parcel_bytes(&parcel, filing.sha256, sizeof filing.sha256);
    filing.size = parcel_number(&parcel, UINT64_MAX);
    filing.first_byte = (instant)parcel_number(&parcel, INT64_MAX);
    filing.last_byte = (instant)parcel_number(&parcel, INT64_MAX);
    filing.strict = parcel_truth(&parcel);
    filing.objection = parcel_text(&parcel);
    filing.objection_reason = parcel_text(&parcel);
    parcel_bytes(&parcel, &filing.about, sizeof filing.about);
    filing.set = parcel_number(&parcel, INT64_MAX);
    filing.report = (uint32_t)parcel_number(&parcel, UINT32_MAX);
    filing.finding = parcel_number(&parcel, INT64_MAX);
    filing.revision = (uint32_t)parcel_number(&parcel, FILING_REVISION_NONE);
    filing.partial = parcel_truth(&parcel);
    if (parcel.bad || parcel.starved || parcel.at != body.size || filing.purpose < FILING_SUBMIT
        || filing.key.size > FILING_KEY_MAX || filing.objection.size > FILING_OBJECTION_MAX
        || filing.objection_reason.size > FILING_OBJECTION_REASON_MAX) {
        return false;
    }
    *out = filing;
    return true;
}

void
filing_news_encode(struct buf *out, const struct filing_news *news)
{
    parcel_put_number(out, news->handle);
    parcel_put_number(out, (uint64_t)news->kind);
    parcel_put_array(out, &news->id, 1, sizeof news->id);
    parcel_put_truth(out, news->decided);
    parcel_put_truth(out, news->by_key);
    parcel_put_number(out, (uint64_t)news->status);
    parcel_put_number(out, news->revision);
}

bool
filing_news_decode(struct str body, struct filing_news *out)
{
    struct parcel      parcel = {.bytes = body};
    struct filing_news news = {0};

    news.handle = parcel_number(&parcel, UINT64_MAX);
    news.kind = (enum filing_news_kind)parcel_number(&parcel, FILING_FAILED);
    parcel_bytes(&parcel, &news.id, sizeof news.id);
    news.decided = parcel_truth(&parcel);
    news.by_key = parcel_truth(&parcel);
    news.status = (int)parcel_number(&parcel, STATUS_MAX);
    news.revision = (uint32_t)parcel_number(&parcel, FILING_REVISION_MAX);
    if (parcel.bad || parcel.at != body.size || news.kind < FILING_ADMITTED) {
        return false;
    }
    *out = news;
    return true;
}
