package io.varve.endpoint.swift;

import io.varve.endpoint.cors.CorsRule;
import io.varve.endpoint.cors.CorsRules;
import io.varve.endpoint.server.HttpHeaders;
import io.varve.endpoint.server.HttpResponse;
import io.varve.projections.namespace.Bucket;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a browser is told about requests that a page of another site makes: before them, and with
 * each answer. The container's metadata says which pages may; where it says nothing of one, the
 * rules that S3 has for the bucket do. Who asks does not matter here. Safe for use by many threads.
 */
final class CrossOrigin {
    private static final String ANY = "*";

    /** What a page may see of every answer. */
    private static final List<String> EXPOSED =
            List.of(
                    "cache-control",
                    "content-language",
                    "content-type",
                    "expires",
                    "last-modified",
                    "pragma",
                    "etag",
                    "x-timestamp",
                    "x-trans-id",
                    "x-openstack-request-id");

    private final Containers containers;

    CrossOrigin(Containers containers) {
        this.containers = containers;
    }

    /** The answer to OPTIONS. Nobody need say who they are. */
    HttpResponse preflight(SwiftCall call) {
        String origin = call.header("origin");
        String methods = methods(call);
        HttpResponse.Builder out = call.respond(200).header("Allow", methods);
        if (origin == null || origin.isEmpty() || call.path().isAccount()) {
            return out.header("Content-Type", "text/html; charset=UTF-8").build();
        }
        String method = call.request().headerOrEmpty("access-control-request-method");
        List<String> wanted = names(call.request().headerOrEmpty("access-control-request-headers"));
        Map<String, String> settings = settings(call);
        Optional<CorsRule> own =
                CorsRules.ofSwift(settings).filter(rule -> allowsOrigin(rule, origin));
        if (own.isPresent() && names(methods).contains(method)) {
            return allowed(out, own.get(), origin, methods, wanted);
        }
        Optional<CorsRule> shared =
                CorsRules.ofDocument(settings)
                        .flatMap(rules -> rules.rule(origin, method))
                        .filter(rule -> wanted.stream().allMatch(rule::allowsHeader));
        if (shared.isEmpty()) {
            throw StatusPage.UNAUTHORIZED.refusal().header("Allow", methods);
        }
        out.headers(shared.get().told(origin));
        if (!wanted.isEmpty()) {
            out.header("Access-Control-Allow-Headers", String.join(", ", wanted));
        }
        return out.build();
    }

    private static HttpResponse allowed(
            HttpResponse.Builder out,
            CorsRule rule,
            String origin,
            String methods,
            List<String> wanted) {
        boolean every = isEvery(rule);
        out.header("Access-Control-Allow-Origin", every ? ANY : origin);
        if (!rule.maxAge().isEmpty()) {
            out.header("Access-Control-Max-Age", rule.maxAge());
        }
        out.header("Access-Control-Allow-Methods", methods);
        String vary = every ? "" : "Origin";
        if (!wanted.isEmpty()) {
            out.header("Access-Control-Allow-Headers", String.join(", ", wanted));
            vary += (vary.isEmpty() ? "" : ", ") + "Access-Control-Request-Headers";
        }
        return vary.isEmpty() ? out.build() : out.header("Vary", vary).build();
    }

    /** Origins of Swift's metadata are whole, or one that means all. */
    private static boolean allowsOrigin(CorsRule rule, String origin) {
        return rule.origins().contains(origin) || rule.origins().contains(ANY);
    }

    /** Only where there is no other origin beside it is the answer the same for everybody. */
    private static boolean isEvery(CorsRule rule) {
        return rule.origins().equals(List.of(ANY));
    }

    private static String methods(SwiftCall call) {
        return call.path().isObject() ? SwiftOperation.ALLOWED + ", COPY" : SwiftOperation.ALLOWED;
    }

    private static List<String> names(String header) {
        return List.of(header.split(",", -1)).stream()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }

    private Map<String, String> settings(SwiftCall call) {
        return containers
                .find(call.account(), call.containerName())
                .map(Bucket::settings)
                .orElse(Collections.emptySortedMap());
    }

    /** The answer with what the browser needs to hand it to the page that asked. */
    HttpResponse told(SwiftCall call, HttpResponse response) {
        String origin = call.header("origin");
        if (origin == null
                || origin.isEmpty()
                || call.path().isAccount()
                || call.request().method().equals("OPTIONS")) {
            return response;
        }
        Map<String, String> settings = settings(call);
        Optional<CorsRule> own =
                CorsRules.ofSwift(settings).filter(rule -> allowsOrigin(rule, origin));
        HttpHeaders added =
                own.isPresent()
                        ? exposing(own.get(), origin, response.headers())
                        : CorsRules.ofDocument(settings)
                                .flatMap(rules -> rules.rule(origin, call.request().method()))
                                .map(rule -> rule.told(origin))
                                .orElse(HttpHeaders.EMPTY);
        return added.fields().isEmpty() ? response : with(response, added);
    }

    private static HttpHeaders exposing(CorsRule rule, String origin, HttpHeaders answered) {
        Set<String> exposed = new TreeSet<>(EXPOSED);
        for (HttpHeaders.Field field : answered.fields()) {
            String name = field.name().toLowerCase(Locale.ROOT);
            if (name.startsWith("x-container-meta") || name.startsWith("x-object-meta")) {
                exposed.add(name);
            }
        }
        rule.exposed().forEach(name -> exposed.add(name.toLowerCase(Locale.ROOT)));
        HttpHeaders.Builder added = new HttpHeaders.Builder();
        added.add("Access-Control-Expose-Headers", String.join(", ", exposed));
        added.add("Access-Control-Allow-Origin", isEvery(rule) ? ANY : origin);
        if (!isEvery(rule)) {
            added.add("Vary", "Origin");
        }
        return added.build();
    }

    private static HttpResponse with(HttpResponse response, HttpHeaders added) {
        HttpHeaders.Builder headers = new HttpHeaders.Builder();
        headers.addAll(response.headers().fields());
        for (HttpHeaders.Field field : added.fields()) {
            String before = response.headers().firstOr("Vary", "");
            boolean varies = field.name().equals("Vary") && !before.isEmpty();
            headers.set(field.name(), varies ? before + ", " + field.value() : field.value());
        }
        return new HttpResponse(
                response.status(), headers.build(), response.body(), response.close());
    }
}
