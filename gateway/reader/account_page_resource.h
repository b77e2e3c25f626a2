#ifndef GATEWAY_READER_ACCOUNT_PAGE_RESOURCE_H
#define GATEWAY_READER_ACCOUNT_PAGE_RESOURCE_H

#include "gateway/reader/asked.h"

/*
 * The pages that links of letters lead to, /zaproszenie and /powrot: a password, an authenticator,
 * recovery codes, the first sign-in. The same for everybody: the secret of a link stands behind #,
 * which no browser sends, and our script gives it to the desk in the body of a POST. Without
 * scripts they say what to do.
 */
MUST_USE enum err account_page_resource_invitation(struct asked *asked, struct fault *fault);
MUST_USE enum err account_page_resource_return(struct asked *asked, struct fault *fault);

/* /konto.js */
MUST_USE enum err account_page_resource_script(struct asked *asked, struct fault *fault);

#endif
