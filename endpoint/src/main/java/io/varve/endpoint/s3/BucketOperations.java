package io.varve.endpoint.s3;

import io.varve.endpoint.access.AccessList;
import io.varve.endpoint.access.Grant;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.ObjectStore;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Versioning;
import io.varve.projections.namespace.Bucket;
import io.varve.projections.namespace.Outcome;

import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Buckets as a whole: list, create, look at, delete, versioning. Safe for use by many threads. */
final class BucketOperations {
    private static final int MAX_BUCKETS = 10_000;

    /** What a client means by this is no region at all. */
    private static final String DEFAULT_REGION = "us-east-1";

    private final ObjectStore store;
    private final Resources resources;
    private final S3Config config;

    BucketOperations(ObjectStore store, Resources resources, S3Config config) {
        this.store = store;
        this.resources = resources;
        this.config = config;
    }

    HttpResponse list(S3Call call) {
        if (call.requester().account() == null) {
            throw S3Error.ACCESS_DENIED.refusal();
        }
        QueryParameters query = call.query();
        int limit = maxBuckets(call);
        String prefix = query.firstOrEmpty("prefix");
        String token = Paging.nonEmpty(call, "continuation-token");
        String region = Paging.nonEmpty(call, "bucket-region");
        boolean elsewhere = region != null && !region.equals(config.region());
        List<Bucket> found =
                elsewhere
                        ? List.of()
                        : store.view()
                                .buckets(
                                        call.account(),
                                        prefix,
                                        token == null ? null : Paging.afterOf(token),
                                        limit + 1);
        boolean more = found.size() > limit;
        List<Bucket> page = more ? found.subList(0, limit) : found;
        XmlWriter xml = XmlWriter.document("ListAllMyBucketsResult");
        owner(xml, "Owner", call.party(call.account()));
        xml.start("Buckets");
        for (Bucket bucket : page) {
            xml.start("Bucket")
                    .element("Name", bucket.name())
                    .element("CreationDate", Timestamps.iso(bucket.createdMicros()))
                    .element("BucketRegion", config.region())
                    .end();
        }
        xml.end();
        if (!prefix.isEmpty()) {
            xml.element("Prefix", prefix);
        }
        if (more) {
            xml.element("ContinuationToken", Paging.token(page.getLast().name()));
        }
        return call.document(xml);
    }

    private static int maxBuckets(S3Call call) {
        String value = call.query().first("max-buckets");
        if (value == null) {
            return MAX_BUCKETS;
        }
        try {
            int max = Integer.parseInt(value);
            if (max >= 1 && max <= MAX_BUCKETS) {
                return max;
            }
        } catch (NumberFormatException e) {
            // Refused below, like one out of range.
        }
        throw S3Refusal.invalidArgument(
                "Argument max-buckets must be an integer between 1 and 10000",
                "max-buckets",
                value);
    }

    static void owner(XmlWriter xml, String element, S3Call.Party party) {
        xml.start(element)
                .element("ID", party.id())
                .element("DisplayName", party.shownName())
                .end();
    }

    HttpResponse create(S3Call call) throws IOException {
        String name = call.bucketName();
        if (!BucketNames.valid(name, config.legacyBucketNames())) {
            throw S3Error.INVALID_BUCKET_NAME.refusal().with("BucketName", name);
        }
        if (!call.requester().mayOwn()) {
            throw S3Error.ACCESS_DENIED.refusal();
        }
        SortedMap<String, String> settings = settings(call);
        if (Boolean.parseBoolean(call.header("x-amz-bucket-object-lock-enabled"))) {
            throw S3Refusal.notImplementedHeader("x-amz-bucket-object-lock-enabled");
        }
        requireLocation(call, RequestDocument.read(call, RequestDocument.MAX_SETTINGS_BYTES));
        Outcome outcome =
                store.change(
                        call.caller(),
                        new BucketChange.CreateBucket(
                                store.names().storedName(call.account(), name),
                                call.account(),
                                settings));
        Outcomes.expect(Outcome.BucketCreated.class, outcome, call);
        return call.respond(200).header("Location", "/" + name).build();
    }

    /** What the headers say of the bucket's access list and of who owns objects in it. */
    private static SortedMap<String, String> settings(S3Call call) {
        SortedMap<String, String> settings = new TreeMap<>();
        List<Grant> grants = Grants.ofHeaders(call, call.account());
        if (grants != null && !grants.isEmpty()) {
            settings.put(AccessList.SETTING, AccessList.ofGrants(grants).encode());
        }
        String ownership = call.header("x-amz-object-ownership");
        if (ownership != null) {
            if (!BucketRules.OWNERSHIPS.contains(ownership)) {
                throw S3Refusal.invalidArgument(
                        "Invalid x-amz-object-ownership header: " + ownership,
                        "x-amz-object-ownership",
                        ownership);
            }
            settings.put(BucketRules.OWNERSHIP, ownership);
        }
        return settings;
    }

    /** The location may be ours, or what the client took for ours when it signed. */
    private void requireLocation(S3Call call, byte[] document) {
        if (document.length == 0) {
            return;
        }
        String location = "";
        XmlCursor xml =
                XmlCursor.open(
                        document, "CreateBucketConfiguration", "CreateBucketConfigurationRequest");
        while (xml.nextChild()) {
            if (xml.name().equals("LocationConstraint")) {
                location = xml.text().strip();
            } else if (xml.name().equals("Location") || xml.name().equals("Bucket")) {
                throw S3Error.NOT_IMPLEMENTED.refusal("Directory buckets are not implemented.");
            } else {
                xml.skip();
            }
        }
        if (!location.isEmpty()
                && !location.equals(config.region())
                && !location.equals(call.authentication().scope().region())) {
            throw S3Error.INVALID_LOCATION_CONSTRAINT
                    .refusal()
                    .with("LocationConstraint", location);
        }
    }

    HttpResponse head(S3Call call) {
        resources.bucket(call);
        return call.respond(200)
                .header("x-amz-bucket-region", config.region())
                .header("x-amz-access-point-alias", "false")
                .build();
    }

    HttpResponse delete(S3Call call) {
        Bucket bucket = resources.bucket(call);
        Outcome outcome = store.change(call.caller(), new BucketChange.DeleteBucket(bucket.id()));
        Outcomes.expectApplied(outcome, call);
        return call.respond(204).build();
    }

    HttpResponse location(S3Call call) {
        resources.bucket(call);
        XmlWriter xml = XmlWriter.document("LocationConstraint");
        if (!config.region().equals(DEFAULT_REGION)) {
            xml.text(config.region());
        }
        return call.document(xml);
    }

    HttpResponse versioning(S3Call call) {
        Bucket bucket = resources.bucket(call);
        XmlWriter xml = XmlWriter.document("VersioningConfiguration");
        switch (bucket.versioning()) {
            case OFF -> {
                // S3 says nothing of a bucket that never had it.
            }
            case ENABLED -> xml.element("Status", "Enabled");
            case SUSPENDED -> xml.element("Status", "Suspended");
        }
        return call.document(xml);
    }

    HttpResponse putVersioning(S3Call call) throws IOException {
        Bucket bucket = resources.bucket(call);
        Versioning versioning =
                requestedVersioning(RequestDocument.read(call, RequestDocument.MAX_SETTINGS_BYTES));
        Outcome outcome =
                store.change(
                        call.caller(), new BucketChange.SetVersioning(bucket.id(), versioning));
        Outcomes.expectApplied(outcome, call);
        return call.respond(200).build();
    }

    private static Versioning requestedVersioning(byte[] document) {
        String status = "";
        XmlCursor xml = XmlCursor.open(document, "VersioningConfiguration");
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "Status" -> status = xml.text().strip();
                case "MfaDelete", "MFADelete" -> {
                    if (!xml.text().strip().equals("Disabled")) {
                        throw S3Error.NOT_IMPLEMENTED.refusal("MFA delete is not implemented.");
                    }
                }
                default -> xml.skip();
            }
        }
        return switch (status) {
            case "Enabled" -> Versioning.ENABLED;
            case "Suspended" -> Versioning.SUSPENDED;
            case "" -> throw S3Error.ILLEGAL_VERSIONING_CONFIGURATION.refusal();
            default -> throw S3Error.MALFORMED_XML.refusal();
        };
    }
}
