package io.varve.endpoint.s3;

import io.varve.endpoint.access.BucketPolicy;
import io.varve.endpoint.access.PolicyException;
import io.varve.endpoint.access.PublicAccess;
import io.varve.endpoint.server.HttpResponse;
import io.varve.projections.namespace.Bucket;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** The policy of a bucket, and the rules on public access and ownership. Safe for many threads. */
final class BucketRules {
    /** The setting that keeps who owns the objects that others put. */
    static final String OWNERSHIP = "ownership";

    private static final String ENFORCED = "BucketOwnerEnforced";
    static final Set<String> OWNERSHIPS = Set.of(ENFORCED, "BucketOwnerPreferred", "ObjectWriter");

    private final Resources resources;
    private final Settings settings;

    BucketRules(Resources resources, Settings settings) {
        this.resources = resources;
        this.settings = settings;
    }

    /** Whether the bucket's owner wants no access lists at all. */
    static boolean disablesAcls(Bucket bucket) {
        return ENFORCED.equals(bucket.settings().get(OWNERSHIP));
    }

    HttpResponse policy(S3Call call) {
        String policy = policyOf(resources.bucket(call));
        return call.respond(200)
                .header("Content-Type", "application/json")
                .body(policy.getBytes(StandardCharsets.UTF_8));
    }

    private static String policyOf(Bucket bucket) {
        String policy = bucket.settings().get(BucketPolicy.SETTING);
        if (policy == null) {
            throw S3Error.NO_SUCH_BUCKET_POLICY.refusal().with("BucketName", bucket.name());
        }
        return policy;
    }

    HttpResponse putPolicy(S3Call call) throws IOException {
        Bucket bucket = resources.bucket(call);
        byte[] document = RequestDocument.read(call, RequestDocument.MAX_SETTINGS_BYTES);
        if (document.length > BucketPolicy.SIZE_BYTES_MAX) {
            throw S3Error.MALFORMED_POLICY.refusal(
                    "Policy exceeds the maximum allowed document size.");
        }
        String text = new String(document, StandardCharsets.UTF_8);
        BucketPolicy policy;
        try {
            policy = BucketPolicy.parse(text);
        } catch (PolicyException e) {
            throw S3Error.MALFORMED_POLICY.refusal(String.valueOf(e.getMessage()));
        }
        if (policy.isPublic() && PublicAccess.of(bucket.settings()).blockPolicy()) {
            throw S3Error.ACCESS_DENIED.refusal();
        }
        settings.set(call, bucket, BucketPolicy.SETTING, text);
        return call.respond(204).build();
    }

    HttpResponse deletePolicy(S3Call call) {
        settings.remove(call, resources.bucket(call), BucketPolicy.SETTING);
        return call.respond(204).build();
    }

    HttpResponse policyStatus(S3Call call) {
        Bucket bucket = resources.bucket(call);
        policyOf(bucket);
        boolean open = resources.access().evaluator().policyOf(bucket).isPublic();
        return call.document(XmlWriter.document("PolicyStatus").element("IsPublic", open));
    }

    HttpResponse publicAccess(S3Call call) {
        Bucket bucket = resources.bucket(call);
        if (!bucket.settings().containsKey(PublicAccess.SETTING)) {
            throw S3Error.NO_SUCH_PUBLIC_ACCESS_BLOCK_CONFIGURATION
                    .refusal()
                    .with("BucketName", bucket.name());
        }
        PublicAccess rules = PublicAccess.of(bucket.settings());
        return call.document(
                XmlWriter.document("PublicAccessBlockConfiguration")
                        .element("BlockPublicAcls", rules.blockAcls())
                        .element("IgnorePublicAcls", rules.ignoreAcls())
                        .element("BlockPublicPolicy", rules.blockPolicy())
                        .element("RestrictPublicBuckets", rules.restrict()));
    }

    HttpResponse putPublicAccess(S3Call call) throws IOException {
        Bucket bucket = resources.bucket(call);
        XmlCursor xml =
                XmlCursor.open(
                        RequestDocument.read(call, RequestDocument.MAX_SETTINGS_BYTES),
                        "PublicAccessBlockConfiguration");
        boolean blockAcls = false;
        boolean ignoreAcls = false;
        boolean blockPolicy = false;
        boolean restrict = false;
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "BlockPublicAcls" -> blockAcls = flag(xml);
                case "IgnorePublicAcls" -> ignoreAcls = flag(xml);
                case "BlockPublicPolicy" -> blockPolicy = flag(xml);
                case "RestrictPublicBuckets" -> restrict = flag(xml);
                default -> xml.skip();
            }
        }
        String rules = new PublicAccess(blockAcls, ignoreAcls, blockPolicy, restrict).encode();
        // An empty value would mean that there is no configuration.
        settings.set(call, bucket, PublicAccess.SETTING, rules.isEmpty() ? "none" : rules);
        return call.respond(200).build();
    }

    private static boolean flag(XmlCursor xml) {
        return Boolean.parseBoolean(xml.text().strip());
    }

    HttpResponse deletePublicAccess(S3Call call) {
        settings.remove(call, resources.bucket(call), PublicAccess.SETTING);
        return call.respond(204).build();
    }

    HttpResponse ownership(S3Call call) {
        Bucket bucket = resources.bucket(call);
        String ownership = bucket.settings().get(OWNERSHIP);
        if (ownership == null) {
            throw S3Error.OWNERSHIP_CONTROLS_NOT_FOUND.refusal().with("BucketName", bucket.name());
        }
        return call.document(
                XmlWriter.document("OwnershipControls")
                        .start("Rule")
                        .element("ObjectOwnership", ownership));
    }

    HttpResponse putOwnership(S3Call call) throws IOException {
        Bucket bucket = resources.bucket(call);
        String ownership = "";
        XmlCursor xml =
                XmlCursor.open(
                        RequestDocument.read(call, RequestDocument.MAX_SETTINGS_BYTES),
                        "OwnershipControls");
        while (xml.nextChild()) {
            while (xml.nextChild()) {
                ownership = xml.text().strip();
            }
        }
        if (!OWNERSHIPS.contains(ownership)) {
            throw S3Error.MALFORMED_XML.refusal();
        }
        settings.set(call, bucket, OWNERSHIP, ownership);
        return call.respond(200).build();
    }

    HttpResponse deleteOwnership(S3Call call) {
        settings.remove(call, resources.bucket(call), OWNERSHIP);
        return call.respond(204).build();
    }
}
