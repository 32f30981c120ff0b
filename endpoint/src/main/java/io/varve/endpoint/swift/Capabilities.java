package io.varve.endpoint.swift;

import io.varve.endpoint.link.Links;
import io.varve.endpoint.server.HttpResponse;

import java.util.List;

/** {@code /info}: what this server can do, for clients that ask first. Safe for many threads. */
final class Capabilities {
    private final SwiftConfig config;

    Capabilities(SwiftConfig config) {
        this.config = config;
    }

    private static byte[] document(SwiftConfig config) {
        JsonText json = new JsonText().startObject();
        swift(json, config);
        json.name("slo")
                .startObject()
                .member("max_manifest_segments", StaticManifests.MAX_SEGMENTS)
                .member("max_manifest_size", StaticManifests.MAX_MANIFEST_BYTES)
                .member("yield_frequency", 10)
                .member("min_segment_size", 1)
                .member("allow_async_delete", true)
                .endObject();
        tempUrl(json);
        formPost(json);
        json.name("staticweb").startObject().endObject();
        json.name("bulk_upload")
                .startObject()
                .member("max_containers_per_extraction", BulkUpload.MAX_CONTAINERS)
                .member("max_failed_extractions", BulkUpload.MAX_FAILURES)
                .endObject();
        json.name("bulk_delete")
                .startObject()
                .member("max_deletes_per_request", BulkDelete.MAX_DELETES)
                .member("max_failed_deletes", BulkDelete.MAX_FAILURES)
                .endObject();
        json.name("tempauth").startObject().member("account_acls", true).endObject();
        json.name("symlink")
                .startObject()
                .member("symloop_max", Links.MAX_STEPS)
                .member("static_links", true)
                .endObject();
        json.name("object_versioning").startObject().endObject();
        json.name("versioned_writes").startObject();
        list(json, "allowed_flags", List.of("x-versions-location", "x-history-location"));
        json.endObject();
        json.name("account_quotas").startObject().endObject();
        json.name("container_quotas").startObject().endObject();
        containerSync(json, config.sync());
        return json.endObject().bytes();
    }

    private static void swift(JsonText json, SwiftConfig config) {
        json.name("swift")
                .startObject()
                .member("version", "2.30.1")
                .member("strict_cors_mode", true)
                .name("policies")
                .startList();
        for (int i = 0; i < config.policies().size(); i++) {
            String name = config.policies().get(i);
            json.startObject().member("name", name).member("aliases", name);
            if (i == 0) {
                json.member("default", true);
            }
            json.endObject();
        }
        json.endList()
                .member("allow_account_management", false)
                .member("account_autocreate", true)
                .member("max_file_size", Limits.MAX_FILE_BYTES)
                .member("max_meta_name_length", Limits.MAX_META_NAME)
                .member("max_meta_value_length", Limits.MAX_META_VALUE)
                .member("max_meta_count", Limits.MAX_META_COUNT)
                .member("max_meta_overall_size", Limits.MAX_META_OVERALL)
                .member("max_header_size", Limits.MAX_HEADER_BYTES)
                .member("max_object_name_length", Limits.MAX_OBJECT_NAME_BYTES)
                .member("container_listing_limit", Limits.LISTING_LIMIT)
                .member("account_listing_limit", Limits.LISTING_LIMIT)
                .member("max_account_name_length", Limits.MAX_ACCOUNT_NAME_BYTES)
                .member("max_container_name_length", Limits.MAX_CONTAINER_NAME_BYTES)
                .member("extra_header_count", 0)
                .endObject();
    }

    private static void tempUrl(JsonText json) {
        json.name("tempurl").startObject();
        list(json, "methods", TempUrls.METHODS);
        list(json, "incoming_remove_headers", List.of("x-timestamp"));
        list(json, "incoming_allow_headers", List.of());
        list(json, "outgoing_remove_headers", List.of("x-object-meta-*"));
        list(json, "outgoing_allow_headers", List.of("x-object-meta-public-*"));
        list(json, "allowed_digests", TempUrls.DIGESTS);
        list(json, "deprecated_digests", List.of("sha1"));
        json.endObject();
    }

    private static void formPost(JsonText json) {
        json.name("formpost").startObject();
        list(json, "allowed_digests", TempUrls.DIGESTS);
        list(json, "deprecated_digests", List.of("sha1"));
        json.endObject();
    }

    private static void containerSync(JsonText json, SwiftConfig.Sync sync) {
        json.name("container_sync").startObject().name("realms").startObject();
        sync.realms()
                .clusters()
                .forEach(
                        (realm, clusters) -> {
                            json.name(realm).startObject().name("clusters").startObject();
                            for (String cluster : clusters) {
                                json.name(cluster).startObject();
                                if (sync.isCurrent(realm, cluster)) {
                                    json.member("current", true);
                                }
                                json.endObject();
                            }
                            json.endObject().endObject();
                        });
        json.endObject().endObject();
    }

    private static void list(JsonText json, String name, List<String> values) {
        json.name(name).startList();
        values.forEach(json::value);
        json.endList();
    }

    HttpResponse answer(SwiftRequest request) {
        return request.respond(200)
                .header("Content-Type", "application/json; charset=UTF-8")
                .body(document(config));
    }
}
