#include "CCURLShims.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

int tessera_http_prepare(void) {
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? 0 : -1;
}

long tessera_http_date(const char *text) {
    return (long)curl_getdate(text, NULL);
}

void *tessera_http_open(void) {
    return curl_easy_init();
}

void tessera_http_close(void *session) {
    curl_easy_cleanup(session);
}

static enum tessera_http_outcome outcome(CURLcode code) {
    switch (code) {
    case CURLE_OK: return TESSERA_HTTP_ANSWERED;
    case CURLE_WRITE_ERROR: return TESSERA_HTTP_ENDED;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_PARTIAL_FILE:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR: return TESSERA_HTTP_BROKEN;
    default: return TESSERA_HTTP_FAILED;
    }
}

void tessera_http_send(void *session, const struct tessera_http_request *request, struct tessera_http_result *result) {
    CURL *curl = session;
    result->reason[0] = 0;
    result->status = 0;
    result->url = result->location = NULL;
    // Options go, connections and what is known of hosts stay.
    curl_easy_reset(curl);
    struct curl_slist *lines = NULL;
    CURLcode code = CURLE_OK;
    for (int i = 0; i < request->line_count; i++) {
        struct curl_slist *longer = curl_slist_append(lines, request->lines[i]);
        if (!longer) code = CURLE_OUT_OF_MEMORY;
        else lines = longer;
    }
    // An option that cannot be set is one that must not be passed over.
#define SET(option, value) do { if (code == CURLE_OK) code = curl_easy_setopt(curl, option, value); } while (0)
    SET(CURLOPT_ERRORBUFFER, result->reason);
    SET(CURLOPT_URL, request->url);
    SET(CURLOPT_NOBODY, (long)request->is_head);
    SET(CURLOPT_FOLLOWLOCATION, (long)request->follows);
    SET(CURLOPT_MAXREDIRS, 10L);
#if LIBCURL_VERSION_NUM >= 0x075500
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
    SET(CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
    SET(CURLOPT_REDIR_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    SET(CURLOPT_HTTPHEADER, lines);
    SET(CURLOPT_USERAGENT, "tessera");
    SET(CURLOPT_CONNECTTIMEOUT, request->connect_seconds);
    SET(CURLOPT_LOW_SPEED_LIMIT, 1L);
    SET(CURLOPT_LOW_SPEED_TIME, request->silent_seconds);
    // As the program curl does; the library by itself knows only the authorities of the system.
    const char *authorities = getenv("CURL_CA_BUNDLE");
    if (!authorities) authorities = getenv("SSL_CERT_FILE");
    if (authorities && *authorities) SET(CURLOPT_CAINFO, authorities);
    // The time limit of a name's look-up must not be a signal in a process with threads.
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_HEADERFUNCTION, request->header);
    SET(CURLOPT_HEADERDATA, request->context);
    SET(CURLOPT_WRITEFUNCTION, request->body);
    SET(CURLOPT_WRITEDATA, request->context);
#undef SET
    if (code == CURLE_OK) code = curl_easy_perform(curl);
    result->outcome = outcome(code);
    if (!result->reason[0]) snprintf(result->reason, sizeof result->reason, "%s", curl_easy_strerror(code));
    char *text = NULL;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &result->status);
    if (curl_easy_getinfo(curl, CURLINFO_EFFECTIVE_URL, &text) == CURLE_OK) result->url = text;
    text = NULL;
    if (curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &text) == CURLE_OK) result->location = text;
    // Both point into this frame.
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, (char *)NULL);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, (struct curl_slist *)NULL);
    curl_slist_free_all(lines);
}
