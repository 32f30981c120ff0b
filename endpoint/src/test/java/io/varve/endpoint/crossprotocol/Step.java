package io.varve.endpoint.crossprotocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.s3.TestClient;
import io.varve.endpoint.server.Answer;
import io.varve.endpoint.swift.SwiftSite;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One request of a row of the matrix, what its answer must be, and what the page says of it. In
 * paths, headers and answers {@code ~} stands for the row's bucket. Owned by one test.
 */
final class Step {
    private enum Protocol {
        S3,
        SWIFT
    }

    private enum Sender {
        OWNER(""),
        STRANGER("another account: "),
        RESELLER("a reseller: "),
        ANYBODY("anybody: ");

        private final String shown;

        Sender(String shown) {
            this.shown = shown;
        }
    }

    private static final String ABSENT = "(none)";
    private static final String SHOWN_BUCKET = "bucket";

    private final Protocol protocol;
    private final String method;
    private final String path;
    private final List<String[]> headers = new ArrayList<>();
    private final List<Look> looks = new ArrayList<>();
    private Sender sender = Sender.OWNER;
    private @Nullable String body;
    private int status;
    private @Nullable String said;
    private final BiFunction<TwoProtocols, String, Answer> sent;

    /** Something of an answer that must be as expected, and is shown. */
    private record Look(String name, String expected, Function<Answer, String> actual) {}

    private Step(Protocol protocol, String method, String path) {
        this.protocol = protocol;
        this.method = method;
        this.path = path;
        this.sent = this::answered;
    }

    private Step(String said, BiFunction<TwoProtocols, String, Answer> sent) {
        this.protocol = Protocol.S3;
        this.method = "";
        this.path = "";
        this.said = said;
        this.sent = sent;
    }

    /** Several requests in one, and what the page says of them. */
    static Step request(String said, BiFunction<TwoProtocols, String, Answer> sent) {
        return new Step(said, sent);
    }

    static Step s3(String method, String path) {
        return new Step(Protocol.S3, method, path);
    }

    static Step swift(String method, String path) {
        return new Step(Protocol.SWIFT, method, path);
    }

    Step with(String header, String value) {
        headers.add(new String[] {header, value});
        return this;
    }

    Step body(String text) {
        body = text;
        return this;
    }

    Step by(String who) {
        sender =
                switch (who) {
                    case "anybody" -> Sender.ANYBODY;
                    case "another account" -> Sender.STRANGER;
                    case "a reseller" -> Sender.RESELLER;
                    default -> throw new IllegalArgumentException(who);
                };
        return this;
    }

    /** Which status it must have; otherwise any that is no error will do, and none is shown. */
    Step status(int expected) {
        status = expected;
        return this;
    }

    Step shows(String header, String expected) {
        looks.add(new Look(header, expected, answer -> answer.header(header)));
        return this;
    }

    Step hides(String header) {
        return shows(header, ABSENT);
    }

    Step text(String expected) {
        looks.add(new Look("", expected, Answer::text));
        return this;
    }

    Step bytes(long expected) {
        looks.add(
                new Look(
                        "Content-Length",
                        Long.toString(expected),
                        answer -> Long.toString(answer.announcedBytes())));
        return this;
    }

    /** Every element of this name in the document, one after another. */
    Step xml(String element, String expected) {
        looks.add(new Look(element, expected, answer -> String.join(", ", answer.all(element))));
        return this;
    }

    /** That the body has this somewhere. */
    Step part(String expected) {
        looks.add(
                new Look(
                        "",
                        expected,
                        answer -> answer.text().contains(expected) ? expected : answer.text()));
        return this;
    }

    /** What the page says in place of the request; empty when it says nothing. */
    Step say(String text) {
        said = text;
        return this;
    }

    /** Sends it, checks the answer, and gives the page's words. */
    String run(TwoProtocols both, String bucket, String row) {
        Answer answer = sent.apply(both, bucket);
        String where = row + ": " + protocol + " " + method + " " + path;
        if (status == 0) {
            assertTrue(answer.status() < 400, () -> where + ": " + answer.status() + answer.text());
        } else {
            assertEquals(status, answer.status(), () -> where + ": " + answer.text());
        }
        List<String> words = new ArrayList<>();
        for (Look look : looks) {
            String actual = look.actual().apply(answer).replace(bucket, "~");
            assertEquals(look.expected(), actual, () -> where + ": " + look.name());
            words.add(shown(look.name(), actual));
        }
        String told = said;
        return told == null ? words(words).replace("~", SHOWN_BUCKET) : told;
    }

    private String words(List<String> seen) {
        StringJoiner words = new StringJoiner(" ", sender.shown, "");
        String named = path.isEmpty() ? "account" : path;
        words.add(code(method + " " + (path.startsWith("~/") ? path.substring(2) : named)));
        headers.forEach(header -> words.add(code(header[0] + ": " + header[1])));
        if (status != 0 || !seen.isEmpty()) {
            words.add("→");
        }
        if (status != 0) {
            words.add(Integer.toString(status));
        }
        seen.forEach(words::add);
        return words.toString();
    }

    private static String shown(String name, String value) {
        if (value.equals(ABSENT)) {
            return "no " + code(name);
        }
        if (value.isEmpty()) {
            return name.isEmpty() ? "nothing" : "no " + code(name);
        }
        return code(name.isEmpty() ? value : name + ": " + value);
    }

    private static String code(String text) {
        return "`" + text.replace("|", "\\|").replace("\n", " ").strip() + "`";
    }

    private Answer answered(TwoProtocols both, String bucket) {
        String target = path.replace("~", bucket);
        String text = body == null ? null : body.replace("~", bucket);
        if (protocol == Protocol.S3) {
            TestClient.Request request = both.s3(method, "/" + target);
            headers.forEach(h -> request.header(h[0], h[1].replace("~", bucket)));
            if (text != null) {
                request.body(text);
            }
            return switch (sender) {
                case OWNER -> request.send();
                case STRANGER -> request.as(TwoProtocols.STRANGER).send();
                case RESELLER -> throw new IllegalStateException("resellers speak Swift here");
                case ANYBODY -> request.sendUnsigned();
            };
        }
        SwiftSite.Request request = both.swift(method, "/" + target);
        headers.forEach(h -> request.header(h[0], h[1].replace("~", bucket)));
        if (text != null) {
            request.body(text);
        }
        return switch (sender) {
            case OWNER -> request.send();
            case STRANGER -> request.as(SwiftSite.STRANGER).send();
            case RESELLER -> request.as(SwiftSite.RESELLER).send();
            case ANYBODY -> request.anonymous().send();
        };
    }
}
