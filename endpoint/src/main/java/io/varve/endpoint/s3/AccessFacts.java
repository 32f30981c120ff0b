package io.varve.endpoint.s3;

import io.varve.endpoint.access.RequestFacts;
import io.varve.endpoint.access.Requester;
import io.varve.projections.namespace.ObjectVersion;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** What policies may ask about an S3 request. Nothing is computed that no policy asks for. */
record AccessFacts(S3Call call, Supplier<Optional<ObjectVersion>> object) implements RequestFacts {
    private static final String EXISTING_TAG = "s3:existingobjecttag/";
    private static final String REQUEST_TAG = "s3:requestobjecttag/";
    private static final String AMZ_HEADER = "s3:x-amz-";

    @Override
    public List<String> values(String key) {
        if (key.startsWith(EXISTING_TAG)) {
            Map<String, String> tags =
                    object.get().<Map<String, String>>map(Tags::of).orElse(Map.of());
            return tag(tags, key.substring(EXISTING_TAG.length()));
        }
        if (key.startsWith(REQUEST_TAG)) {
            return tag(Tags.ofHeader(call), key.substring(REQUEST_TAG.length()));
        }
        if (key.equals("s3:requestobjecttagkeys")) {
            return List.copyOf(Tags.ofHeader(call).keySet());
        }
        String value =
                key.startsWith(AMZ_HEADER)
                        ? call.header(key.substring("s3:".length()))
                        : value(key);
        return value == null ? List.of() : List.of(value);
    }

    private static List<String> tag(Map<String, String> tags, String name) {
        return tags.entrySet().stream()
                .filter(tag -> tag.getKey().toLowerCase(Locale.ROOT).equals(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    private @Nullable String value(String key) {
        Instant now = call.request().http().receivedAt();
        return switch (key) {
            case "aws:sourceip" -> {
                InetAddress from = call.request().http().remoteAddress().getAddress();
                yield from == null ? null : from.getHostAddress();
            }
            case "aws:securetransport" -> Boolean.toString(call.request().http().secure());
            case "aws:referer" -> call.header("referer");
            case "aws:useragent" -> call.header("user-agent");
            case "aws:currenttime" -> now.toString();
            case "aws:epochtime" -> Long.toString(now.getEpochSecond());
            case "s3:prefix" -> call.query().first("prefix");
            case "s3:delimiter" -> call.query().first("delimiter");
            case "s3:max-keys" -> call.query().first("max-keys");
            case "s3:versionid" -> call.query().first("versionId");
            default -> ofRequester(key, call.requester());
        };
    }

    private static @Nullable String ofRequester(String key, Requester requester) {
        return switch (key) {
            case "aws:username" ->
                    requester.userName() == null ? requester.user() : requester.userName();
            case "aws:userid" -> requester.user();
            case "aws:principalaccount" -> requester.account();
            case "aws:principalarn" -> requester.arn();
            case "aws:principaltype" -> requester.isAnonymous() ? "Anonymous" : "User";
            default -> null;
        };
    }
}
