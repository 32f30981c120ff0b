package io.varve.endpoint.s3;

import io.varve.endpoint.cors.CorsRule;
import io.varve.endpoint.cors.CorsRules;
import io.varve.endpoint.server.HttpHeaders;
import io.varve.endpoint.server.HttpRequest;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectStore;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a browser is told about requests that a page of another site makes: before them, and with
 * each answer. Who asks does not matter here; they are authenticated besides. Safe for use by many
 * threads.
 */
final class CrossOrigin {
    /** A browser asks before anybody has said who they are. */
    private static final String NOBODY = "";

    private final ObjectStore store;
    private final S3Config config;

    CrossOrigin(ObjectStore store, S3Config config) {
        this.store = store;
        this.config = config;
    }

    /** The answer to the question that a browser asks first. */
    HttpResponse preflight(S3Request request) {
        String origin = request.header("origin");
        if (origin == null) {
            throw S3Error.BAD_REQUEST.refusal(
                    "Insufficient information. Origin request header needed.");
        }
        String method = request.headerOrEmpty("access-control-request-method");
        if (method.isEmpty()) {
            throw S3Error.BAD_REQUEST.refusal("Invalid Access-Control-Request-Method: " + method);
        }
        List<String> headers = names(request.headerOrEmpty("access-control-request-headers"));
        CorsRule rule =
                rules(request.address())
                        .flatMap(rules -> rules.rule(origin, method))
                        .filter(r -> headers.stream().allMatch(r::allowsHeader))
                        .orElseThrow(() -> forbidden(request, method));
        HttpResponse.Builder out = request.respond(200);
        rule.told(origin).fields().forEach(field -> out.header(field.name(), field.value()));
        if (!headers.isEmpty()) {
            out.header("Access-Control-Allow-Headers", String.join(", ", headers));
        }
        return out.build();
    }

    private static List<String> names(String header) {
        List<String> names = new ArrayList<>();
        for (String name : header.split(",", -1)) {
            if (!name.isBlank()) {
                names.add(name.strip());
            }
        }
        return names;
    }

    private S3Refusal forbidden(S3Request request, String method) {
        boolean enabled = rules(request.address()).isPresent();
        return (enabled
                        ? S3Error.ACCESS_FORBIDDEN.refusal(
                                "CORSResponse: This CORS request is not allowed. This is usually"
                                        + " because the evalution of Origin, request method /"
                                        + " Access-Control-Request-Method or"
                                        + " Access-Control-Request-Headers are not whitelisted by"
                                        + " the resource's CORS spec.")
                        : S3Error.ACCESS_FORBIDDEN.refusal())
                .with("Method", method)
                .with("ResourceType", request.address().level().name());
    }

    private Optional<CorsRules> rules(RequestAddress address) {
        return store.view()
                .bucket(
                        BucketNames.storedName(
                                store.names(), NOBODY, BucketAtTime.of(address.bucket()).name()))
                .flatMap(bucket -> CorsRules.of(bucket.settings()));
    }

    /** The answer with what the browser needs to hand it to the page that asked. */
    HttpResponse told(HttpRequest http, HttpResponse response) {
        String origin = http.headers().firstOr("Origin", "");
        if (origin.isEmpty() || http.method().equals("OPTIONS")) {
            return response;
        }
        Optional<CorsRule> rule;
        try {
            RequestAddress address =
                    RequestAddress.parse(http.host(), http.rawPath(), config.baseDomains());
            rule = rules(address).flatMap(rules -> rules.rule(origin, http.method()));
        } catch (S3Refusal refusal) {
            // The answer already says what is wrong with the address.
            return response;
        }
        if (rule.isEmpty()) {
            return response;
        }
        HttpHeaders.Builder headers = new HttpHeaders.Builder();
        headers.addAll(response.headers().fields());
        headers.addAll(rule.get().told(origin).fields());
        return new HttpResponse(
                response.status(), headers.build(), response.body(), response.close());
    }
}
