#include "gateway/wire/petition.h"

#include "validators/base/parcel.h"

static const char *const names[PETITION_METHOD_COUNT] = {
    [PETITION_GET] = "GET",     [PETITION_POST] = "POST",     [PETITION_PUT] = "PUT",
    [PETITION_PATCH] = "PATCH", [PETITION_DELETE] = "DELETE",
};

const char *
petition_method_name(enum petition_method method)
{
    return method > 0 && method < PETITION_METHOD_COUNT ? names[method] : "";
}

void
petition_encode(struct buf *out, const struct petition *petition)
{
    const struct str texts[] = {petition->path,   petition->query, petition->content_type,
                                petition->origin, petition->csrf,  petition->if_match,
                                petition->address};

    parcel_put_number(out, petition->handle);
    parcel_put_number(out, (uint64_t)petition->method);
    parcel_put_array(out, &petition->request, 1, sizeof petition->request);
    parcel_put_truth(out, petition->has_session);
    parcel_put_array(out, petition->session, sizeof petition->session, 1);
    parcel_put_truth(out, petition->has_key);
    parcel_put_array(out, petition->key, sizeof petition->key, 1);
    parcel_put_truth(out, petition->has_token);
    parcel_put_array(out, petition->token, sizeof petition->token, 1);
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        parcel_put_text(out, texts[i]);
    }
}

bool
petition_decode(struct arena *arena, struct str body, struct petition *out)
{
    struct parcel     parcel = {.arena = arena, .bytes = body};
    struct petition   petition = {0};
    struct str *const texts[] = {&petition.path,   &petition.query, &petition.content_type,
                                 &petition.origin, &petition.csrf,  &petition.if_match,
                                 &petition.address};

    petition.handle = parcel_number(&parcel, UINT64_MAX);
    petition.method = (enum petition_method)parcel_number(&parcel, PETITION_METHOD_COUNT - 1);
    parcel_bytes(&parcel, &petition.request, sizeof petition.request);
    petition.has_session = parcel_truth(&parcel);
    parcel_bytes(&parcel, petition.session, sizeof petition.session);
    petition.has_key = parcel_truth(&parcel);
    parcel_bytes(&parcel, petition.key, sizeof petition.key);
    petition.has_token = parcel_truth(&parcel);
    parcel_bytes(&parcel, petition.token, sizeof petition.token);
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        *texts[i] = parcel_text(&parcel);
    }
    if (parcel.bad || parcel.starved || parcel.at != body.size || petition.method < PETITION_GET) {
        return false;
    }
    *out = petition;
    return true;
}
