package io.varve.endpoint.s3;

import io.varve.endpoint.access.AccessList;
import io.varve.endpoint.access.CannedAccess;
import io.varve.endpoint.access.Grant;
import io.varve.endpoint.access.Grantee;
import io.varve.endpoint.access.Permission;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Grants as S3 writes them: in XML, in headers, and by the names of canned lists. */
final class Grants {
    private static final String GROUPS = "http://acs.amazonaws.com/groups/";
    private static final String ALL_USERS = GROUPS + "global/AllUsers";
    private static final String AUTHENTICATED_USERS = GROUPS + "global/AuthenticatedUsers";
    private static final Map<String, Permission> HEADERS =
            Map.of(
                    "x-amz-grant-read", Permission.READ,
                    "x-amz-grant-write", Permission.WRITE,
                    "x-amz-grant-read-acp", Permission.READ_ACP,
                    "x-amz-grant-write-acp", Permission.WRITE_ACP,
                    "x-amz-grant-full-control", Permission.FULL_CONTROL);

    private Grants() {}

    /**
     * What the headers of a request say.
     *
     * @param owner whose own grants go without saying
     * @return null when they say nothing
     */
    static @Nullable List<Grant> ofHeaders(S3Call call, String owner) {
        String canned = call.header("x-amz-acl");
        List<Grant> grants = new ArrayList<>();
        boolean stated = false;
        for (Map.Entry<String, Permission> header : HEADERS.entrySet()) {
            String value = call.header(header.getKey());
            if (value != null) {
                stated = true;
                addGrantees(grants, value, header.getValue(), owner);
            }
        }
        if (canned == null) {
            return stated ? limited(grants) : null;
        }
        if (stated) {
            throw S3Error.INVALID_REQUEST.refusal(
                    "Specifying both Canned ACLs and Header Grants is not allowed");
        }
        return CannedAccess.named(canned)
                .map(CannedAccess::grants)
                .orElseThrow(() -> S3Refusal.invalidArgument("", "x-amz-acl", canned));
    }

    /** {@code id="a", uri="…"}. */
    private static void addGrantees(
            List<Grant> grants, String header, Permission permission, String owner) {
        for (String part : header.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals < 0) {
                throw S3Refusal.invalidArgument(
                        "Argument format not recognized", "x-amz-grant", header);
            }
            String value = part.substring(equals + 1).strip();
            if (value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")) {
                value = value.substring(1, value.length() - 1);
            }
            Grantee grantee =
                    switch (part.substring(0, equals).strip()) {
                        case "id" -> account(value);
                        case "uri" -> group(value);
                        case "emailAddress" -> throw unresolvable();
                        default ->
                                throw S3Refusal.invalidArgument(
                                        "Argument format not recognized", "x-amz-grant", header);
                    };
            add(grants, grantee, permission, owner);
        }
    }

    private static Grantee account(String id) {
        if (id.isEmpty() || id.chars().anyMatch(c -> c < 0x20)) {
            throw S3Refusal.invalidArgument("Invalid id", "CanonicalUser/ID", id);
        }
        return new Grantee.Account(id);
    }

    private static Grantee group(String uri) {
        return switch (uri) {
            case ALL_USERS -> Grantee.EVERYONE;
            case AUTHENTICATED_USERS -> Grantee.AUTHENTICATED;
            default -> throw S3Refusal.invalidArgument("Invalid group uri", "Group/URI", uri);
        };
    }

    private static S3Refusal unresolvable() {
        return S3Error.UNRESOLVABLE_GRANT_BY_EMAIL_ADDRESS.refusal();
    }

    private static void add(
            List<Grant> grants, Grantee grantee, Permission permission, String owner) {
        Grant grant = new Grant(grantee, permission);
        if (!grantee.equals(new Grantee.Account(owner)) && !grants.contains(grant)) {
            grants.add(grant);
        }
    }

    private static List<Grant> limited(List<Grant> grants) {
        if (grants.size() > AccessList.GRANTS_MAX) {
            throw S3Error.INVALID_REQUEST.refusal(
                    "The access control list has more than " + AccessList.GRANTS_MAX + " grants.");
        }
        return grants;
    }

    /** From the XML of a request. */
    static List<Grant> parse(byte[] document, String owner) {
        List<Grant> grants = new ArrayList<>();
        boolean stated = false;
        XmlCursor xml = XmlCursor.open(document, "AccessControlPolicy");
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "Owner" -> requireOwner(xml, owner);
                case "AccessControlList" -> {
                    stated = true;
                    while (xml.nextChild()) {
                        addGrant(xml, grants, owner);
                    }
                }
                default -> xml.skip();
            }
        }
        if (!stated) {
            throw malformed();
        }
        return limited(grants);
    }

    /** Ownership is nothing that an access list could change. */
    private static void requireOwner(XmlCursor xml, String owner) {
        while (xml.nextChild()) {
            if (!xml.name().equals("ID")) {
                xml.skip();
            } else if (!xml.text().strip().equals(owner)) {
                throw S3Error.ACCESS_DENIED.refusal();
            }
        }
    }

    private static void addGrant(XmlCursor xml, List<Grant> grants, String owner) {
        Grantee grantee = null;
        Permission permission = null;
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "Grantee" -> grantee = grantee(xml);
                case "Permission" -> permission = permission(xml.text().strip());
                default -> xml.skip();
            }
        }
        if (grantee == null || permission == null) {
            throw malformed();
        }
        add(grants, grantee, permission, owner);
    }

    /** What it holds says what it is, whatever type it calls itself. */
    private static Grantee grantee(XmlCursor xml) {
        Grantee grantee = null;
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "ID" -> grantee = account(xml.text().strip());
                case "URI" -> grantee = group(xml.text().strip());
                case "EmailAddress" -> throw unresolvable();
                default -> xml.skip();
            }
        }
        if (grantee == null) {
            throw malformed();
        }
        return grantee;
    }

    private static Permission permission(String name) {
        for (Permission permission : Permission.values()) {
            if (permission.name().equals(name)) {
                return permission;
            }
        }
        throw malformed();
    }

    private static S3Refusal malformed() {
        return S3Error.MALFORMED_ACL.refusal();
    }

    /** The owner's full control, and what else there is. */
    static XmlWriter document(S3Call call, String owner, List<Grant> grants) {
        XmlWriter xml = XmlWriter.document("AccessControlPolicy");
        BucketOperations.owner(xml, "Owner", call.party(owner));
        xml.start("AccessControlList");
        addGrant(xml, call, new Grant(new Grantee.Account(owner), Permission.FULL_CONTROL));
        grants.forEach(grant -> addGrant(xml, call, grant));
        return xml.end();
    }

    private static void addGrant(XmlWriter xml, S3Call call, Grant grant) {
        xml.start("Grant");
        switch (grant.grantee()) {
            case Grantee.Account(String id) ->
                    xml.startTyped("Grantee", "CanonicalUser")
                            .element("ID", id)
                            .element("DisplayName", call.party(id).shownName());
            case Grantee.Everyone() -> xml.startTyped("Grantee", "Group").element("URI", ALL_USERS);
            case Grantee.Authenticated() ->
                    xml.startTyped("Grantee", "Group").element("URI", AUTHENTICATED_USERS);
        }
        xml.end().element("Permission", grant.permission().name()).end();
    }
}
