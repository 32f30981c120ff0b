package io.varve.endpoint.swift;

import io.varve.endpoint.form.Disposition;
import io.varve.endpoint.form.FormException;
import io.varve.endpoint.form.FormField;
import io.varve.endpoint.form.FormReader;
import io.varve.endpoint.server.HttpHeaders;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.StoreException;

import org.jspecify.annotations.Nullable;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Files that a browser sends by a form which a key of the account or the container has signed:
 * whoever shows the form may put what it allows, until it expires, without a token. The fields that
 * a file depends on come before it. Safe for use by many threads.
 */
final class FormPost {
    private static final int MAX_VALUE_BYTES = 4096;
    private static final int MAX_FIELDS = 1000;

    private final TempUrls tempUrls;
    private final Operations operations;

    FormPost(TempUrls tempUrls, Operations operations) {
        this.tempUrls = tempUrls;
        this.operations = operations;
    }

    static boolean isForm(SwiftCall call) {
        return call.request().method().equals("POST") && !boundary(call).isEmpty();
    }

    private static String boundary(SwiftCall call) {
        Disposition type = Disposition.parse(call.request().headerOrEmpty("content-type"));
        return type.value().equals("multipart/form-data") ? type.parameter("boundary") : "";
    }

    HttpResponse handle(SwiftCall call) throws IOException {
        Submission submission = new Submission(call);
        try {
            submission.read(new FormReader(call.request().http().body(), boundary(call)));
        } catch (FormException | TooLarge e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
        return submission.answer();
    }

    private static SwiftRefusal invalid(String message) {
        return StatusPage.BAD_REQUEST.plain("FormPost: " + message);
    }

    private static String title(String message) {
        return UserMetadata.title(message);
    }

    /** One form on its way in. */
    private final class Submission {
        private final SwiftCall call;
        private final Map<String, String> said = new HashMap<>();
        private @Nullable StatusPage status;
        private String message = "";
        private int fileCount;

        Submission(SwiftCall call) {
            this.call = call;
        }

        void read(FormReader form) throws IOException {
            for (FormField field = form.next(); field != null; field = form.next()) {
                if (!field.isFile()) {
                    note(field, form.content());
                    continue;
                }
                if (++fileCount > number("max_file_count", "max_file_count not an integer")) {
                    status = StatusPage.BAD_REQUEST;
                    message = "max file count exceeded";
                    return;
                }
                status = put(field, form.content());
                if (status != StatusPage.CREATED) {
                    return;
                }
            }
        }

        private void note(FormField field, InputStream content) throws IOException {
            byte[] value = content.readNBytes(MAX_VALUE_BYTES);
            if (said.size() >= MAX_FIELDS) {
                throw invalid("too many fields");
            }
            if (!field.name().isEmpty()) {
                said.put(
                        field.name().toLowerCase(Locale.ROOT),
                        new String(value, StandardCharsets.UTF_8).stripTrailing());
            }
        }

        private String said(String name) {
            return said.getOrDefault(name, "");
        }

        private long number(String name, String otherwise) {
            String text = said(name).strip();
            try {
                return text.isEmpty() ? 0 : Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw invalid(otherwise);
            }
        }

        private StatusPage put(FormField field, InputStream content) throws IOException {
            long maxBytes = number("max_file_size", "max_file_size not an integer");
            TempUrls.Signed signed = verified();
            SwiftPath form = call.path();
            String name =
                    form.object().isEmpty() ? field.fileName() : form.object() + field.fileName();
            if (name.indexOf('\0') >= 0) {
                return StatusPage.PRECONDITION_FAILED;
            }
            SwiftPath path = new SwiftPath(form.prefix(), form.account(), form.container(), name);
            SwiftRequest request =
                    InnerRequest.put(
                            call.request(),
                            path,
                            headers(field),
                            OptionalLong.empty(),
                            new Capped(content, maxBytes));
            SwiftCall inner = SwiftCall.signed(request, call.account(), signed);
            try {
                operations.perform(SwiftOperation.PUT_OBJECT, inner);
                return StatusPage.CREATED;
            } catch (SwiftRefusal refusal) {
                return refusal.page();
            } catch (StoreException e) {
                return SwiftEndpoint.refusal(call.request().http(), e).page();
            }
        }

        private HttpHeaders headers(FormField field) {
            HttpHeaders.Builder headers = new HttpHeaders.Builder();
            setNumber(headers, "x_delete_at", "Unix timestamp required.");
            setNumber(headers, "x_delete_after", "Number of seconds required.");
            for (String name : new String[] {"content-type", "content-encoding"}) {
                String value = said.getOrDefault(name, field.headers().getOrDefault(name, ""));
                // A field's content may have line ends in it, a header may not.
                if (!value.isEmpty() && value.chars().noneMatch(c -> c < ' ' || c == 0x7F)) {
                    headers.set(name, value);
                }
            }
            return headers.build();
        }

        private void setNumber(HttpHeaders.Builder headers, String name, String required) {
            if (said.containsKey(name)) {
                String problem = "%s not an integer: %s".formatted(name, required);
                headers.set(name.replace('_', '-'), Long.toString(number(name, problem)));
            }
        }

        /**
         * @throws SwiftRefusal unless a key has signed what the form allows, and it has not expired
         */
        private TempUrls.Signed verified() {
            long expires = number("expires", "expires not an integer");
            if (expires < call.request().now().getEpochSecond()) {
                throw unauthorized("form expired");
            }
            String terms =
                    "%s\n%s\n%s\n%s"
                            .formatted(
                                    said("redirect"),
                                    orZero("max_file_size"),
                                    orZero("max_file_count"),
                                    orZero("expires"));
            if (!call.path().isAccount()) {
                for (TempUrls.Key key : tempUrls.keys(call.account(), call.containerName())) {
                    for (String path : paths()) {
                        if (TempUrls.matches(said("signature"), key.text(), path + "\n" + terms)) {
                            return new TempUrls.Signed(
                                    Instant.ofEpochSecond(expires), key.container());
                        }
                    }
                }
            }
            throw unauthorized("invalid signature");
        }

        private String orZero(String name) {
            return said(name).isEmpty() ? "0" : said(name);
        }

        /** The path that was signed: as the client has it, or below {@code /v1}. */
        private Set<String> paths() {
            String sent = Percent.decode(call.request().http().rawPath()).orElse("");
            return Set.copyOf(List.of(sent, call.path().canonical()));
        }

        private SwiftRefusal unauthorized(String words) {
            return new SwiftRefusal(
                            StatusPage.UNAUTHORIZED,
                            "FormPost: " + title(words),
                            "text/html; charset=UTF-8")
                    .header("Www-Authenticate", "Swift realm=\"unknown\"");
        }

        HttpResponse answer() {
            StatusPage came = status;
            if (came == null) {
                came = StatusPage.BAD_REQUEST;
                message = "no files to process";
            }
            String redirect = said("redirect");
            if (redirect.isEmpty() || redirect.chars().anyMatch(c -> c < ' ' || c == 0x7F)) {
                String body = came.line();
                if (!message.isEmpty()) {
                    body += "\r\nFormPost: " + title(message);
                }
                return call.respond(came.status())
                        .header("Content-Type", "text/plain")
                        .body(body.getBytes(StandardCharsets.UTF_8));
            }
            String location =
                    redirect
                            + (redirect.contains("?") ? '&' : '?')
                            + "status="
                            + came.status()
                            + "&message="
                            + Percent.encode(message);
            String body =
                    "<html><body><p><a href=\""
                            + XmlText.escaped(location).replace("\"", "&quot;")
                            + "\">Click to continue...</a></p></body></html>";
            return call.respond(303)
                    .header("Content-Type", "text/html; charset=UTF-8")
                    .header("Location", location)
                    .body(body.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Ends a file that is larger than the form allows. */
    private static final class Capped extends FilterInputStream {
        private long bytesLeft;

        Capped(InputStream source, long maxBytes) {
            super(source);
            this.bytesLeft = maxBytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = in.read(bytes, offset, length);
            if (read > 0) {
                bytesLeft -= read;
                if (bytesLeft < 0) {
                    throw new TooLarge();
                }
            }
            return read;
        }
    }

    /** Not a refusal of the file, but of the whole form. */
    private static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1;

        TooLarge() {
            super("max_file_size exceeded");
        }
    }
}
