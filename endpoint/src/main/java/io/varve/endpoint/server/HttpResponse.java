package io.varve.endpoint.server;

/**
 * One answer.
 *
 * <p>The server adds {@code Content-Length} or {@code Transfer-Encoding}, {@code Date}, {@code
 * Connection} and nothing else; a handler must not set those.
 *
 * @param close whether the connection ends with this answer. The server also ends it by itself
 *     where it must, e.g. after a refusal that leaves a large body unread
 */
public record HttpResponse(int status, HttpHeaders headers, HttpBody body, boolean close) {
    public HttpResponse {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("not a final status: " + status);
        }
    }

    public static Builder status(int status) {
        return new Builder(status);
    }

    /** Not safe for use by several threads. */
    public static final class Builder {
        private final int status;
        private final HttpHeaders.Builder headers = new HttpHeaders.Builder();
        private boolean close;

        private Builder(int status) {
            this.status = status;
        }

        public Builder header(String name, String value) {
            headers.add(name, value);
            return this;
        }

        public Builder headers(HttpHeaders more) {
            headers.addAll(more.fields());
            return this;
        }

        public Builder closeConnection() {
            close = true;
            return this;
        }

        public HttpResponse build() {
            return body(HttpBody.NONE);
        }

        public HttpResponse body(byte[] bytes) {
            return body(new HttpBody.Bytes(bytes));
        }

        public HttpResponse body(HttpBody body) {
            return new HttpResponse(status, headers.build(), body, close);
        }
    }
}
