package io.varve.endpoint.server;

/**
 * The parsed head of a request.
 *
 * @param headersAreUtf8 whether every value was UTF-8 as it came
 * @param contentLength -1 when none was sent
 * @param http10 whether the client speaks HTTP/1.0: no chunked answer, no interim answer, and the
 *     connection ends with the answer
 * @param clientCloses whether the client announced that this is its last request
 */
record RequestHead(
        String method,
        String rawPath,
        String rawQuery,
        String host,
        HttpHeaders headers,
        boolean headersAreUtf8,
        long contentLength,
        boolean chunked,
        boolean expectsContinue,
        boolean http10,
        boolean clientCloses) {

    boolean hasBody() {
        return chunked || contentLength > 0;
    }
}
