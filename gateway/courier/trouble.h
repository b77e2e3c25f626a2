#ifndef GATEWAY_COURIER_TROUBLE_H
#define GATEWAY_COURIER_TROUBLE_H

/* What a person reads in the log of deliveries instead of libcurl's English. code: a CURLcode. */
const char *trouble_text(int code);

#endif
