// What Swift needs of libcurl, whose options are set by a function with variable arguments.
#pragma once
#include <stddef.h>

/// One request.
struct tessera_http_request {
    /// The address.
    const char *url;
    /// Whether only the header is asked for.
    int is_head;
    /// Whether redirections are followed, ten at most and to HTTP only.
    int follows;
    /// Further header lines, `name: value`, and their number.
    const char *const *lines;
    int line_count;
    /// Seconds to connect in, and seconds without a byte after which a transfer is given up.
    long connect_seconds;
    long silent_seconds;
    /// Called with each line of each header, and with parts of the body; what is not `size` ends the transfer.
    size_t (*header)(char *bytes, size_t unit, size_t size, void *context);
    size_t (*body)(char *bytes, size_t unit, size_t size, void *context);
    void *context;
};

/// How a request went.
enum tessera_http_outcome {
    TESSERA_HTTP_ANSWERED,
    /// The server was not reached, or stopped in the middle: asking again may help.
    TESSERA_HTTP_BROKEN,
    /// A callback wanted no more.
    TESSERA_HTTP_ENDED,
    /// Asking again will not help.
    TESSERA_HTTP_FAILED,
};

struct tessera_http_result {
    enum tessera_http_outcome outcome;
    long status;
    /// Why there is no answer, for people.
    char reason[256];
    /// Where the answer came from in the end, and where it points to when it is a redirection that was not followed
    /// (else NULL); good until the next request of the session.
    const char *url;
    const char *location;
};

/// Seconds since 1970 of a date as HTTP writes it (RFC 9110, section 5.6.7); -1 for anything else.
long tessera_http_date(const char *text);

/// Makes libcurl ready, once per process and before all else; 0 where that worked.
int tessera_http_prepare(void);

/// A session keeps connections open from one request to the next; it is used by one thread at a time. NULL when
/// there is no memory.
void *tessera_http_open(void);
void tessera_http_close(void *session);

/// Sends a request and waits for the end of its answer.
void tessera_http_send(void *session, const struct tessera_http_request *request, struct tessera_http_result *result);
