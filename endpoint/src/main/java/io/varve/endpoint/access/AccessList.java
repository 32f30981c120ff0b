package io.varve.endpoint.access;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who besides its owner may do what with a bucket or an object, in the words of both protocols: S3
 * speaks of grants, Swift of elements for reading and for writing. It is kept once, as the setting
 * {@link #SETTING}, so that what one protocol sets the other shows.
 *
 * <p>The two do not say quite the same. S3's READ of a bucket lets list it, and objects have access
 * lists of their own; Swift's reading elements of a container let read the objects in it, and those
 * that name users let list it. Each keeps its own meaning. Shown to the other protocol, each is put
 * into the nearest words there are.
 *
 * @param grants in S3's words, the owner's own not among them
 * @param read who may read, in Swift's words; only buckets have these
 * @param write who may write, in Swift's words; only buckets have these
 */
public record AccessList(List<Grant> grants, ElementList read, ElementList write) {
    /** The setting of a bucket or object that keeps it; without it only the owner may. */
    public static final String SETTING = "acl";

    /** S3's limit. */
    public static final int GRANTS_MAX = 100;

    /** The owner alone. */
    public static final AccessList PRIVATE =
            new AccessList(List.of(), ElementList.NONE, ElementList.NONE);

    private static final String GRANT = "grant ";
    private static final String READ = "read ";
    private static final String WRITE = "write ";
    private static final String ACCOUNT = "account ";
    private static final String EVERYONE = "everyone";
    private static final String AUTHENTICATED = "authenticated";

    public AccessList {
        grants = List.copyOf(grants);
    }

    /** In S3's words alone. */
    public static AccessList ofGrants(List<Grant> grants) {
        return new AccessList(grants, ElementList.NONE, ElementList.NONE);
    }

    /** Of a bucket or an object with these settings. */
    public static AccessList of(Map<String, String> settings) {
        String text = settings.get(SETTING);
        return text == null ? PRIVATE : decode(text);
    }

    /** A line each: {@code grant READ everyone}, {@code read .r:*}, {@code write p:*}. */
    public String encode() {
        StringBuilder text = new StringBuilder();
        for (Grant grant : grants) {
            text.append(GRANT).append(grant.permission()).append(' ');
            text.append(encode(grant.grantee())).append('\n');
        }
        read.elements().forEach(element -> text.append(READ).append(element).append('\n'));
        write.elements().forEach(element -> text.append(WRITE).append(element).append('\n'));
        return text.toString();
    }

    private static String encode(Grantee grantee) {
        return switch (grantee) {
            case Grantee.Account(String id) -> ACCOUNT + id;
            case Grantee.Everyone() -> EVERYONE;
            case Grantee.Authenticated() -> AUTHENTICATED;
        };
    }

    /** What a later version may have written and this one does not know gives nobody anything. */
    static AccessList decode(String text) {
        List<Grant> grants = new ArrayList<>();
        List<String> read = new ArrayList<>();
        List<String> write = new ArrayList<>();
        text.lines()
                .forEach(
                        line -> {
                            if (line.startsWith(READ)) {
                                read.add(line.substring(READ.length()));
                            } else if (line.startsWith(WRITE)) {
                                write.add(line.substring(WRITE.length()));
                            } else if (line.startsWith(GRANT)) {
                                decodeGrant(line.substring(GRANT.length()), grants);
                            }
                        });
        return new AccessList(grants, new ElementList(read), new ElementList(write));
    }

    private static void decodeGrant(String text, List<Grant> grants) {
        for (Permission permission : Permission.values()) {
            String start = permission.name() + " ";
            if (text.startsWith(start)) {
                Grantee grantee = decodeGrantee(text.substring(start.length()));
                if (grantee != null) {
                    grants.add(new Grant(grantee, permission));
                }
            }
        }
    }

    private static @Nullable Grantee decodeGrantee(String text) {
        return switch (text) {
            case EVERYONE -> Grantee.EVERYONE;
            case AUTHENTICATED -> Grantee.AUTHENTICATED;
            default ->
                    text.startsWith(ACCOUNT)
                            ? new Grantee.Account(text.substring(ACCOUNT.length()))
                            : null;
        };
    }

    public boolean isPrivate() {
        return grants.isEmpty() && read.isEmpty() && write.isEmpty();
    }

    /** Whether it opens anything to people whom the owner cannot name. */
    public boolean isPublic() {
        return grants.stream().anyMatch(grant -> grant.grantee().isPublic())
                || Stream.concat(read.elements().stream(), write.elements().stream())
                        .anyMatch(AccessList::isPublic);
    }

    private static boolean isPublic(String element) {
        return element.startsWith(".r:") || element.equals(ElementList.ANY_USER);
    }

    /** Without what {@link #isPublic} looks for. */
    AccessList withoutPublic() {
        return new AccessList(
                grants.stream().filter(grant -> !grant.grantee().isPublic()).toList(),
                withoutPublic(read),
                withoutPublic(write));
    }

    private static ElementList withoutPublic(ElementList list) {
        return new ElementList(list.elements().stream().filter(e -> !isPublic(e)).toList());
    }

    /** Whether this list of a bucket gives somebody what they need. */
    boolean ofBucketAllows(AccessNeed need, Requester requester, @Nullable String referrer) {
        return switch (need) {
            case LIST ->
                    grants(requester, Permission.READ)
                            || read.names(requester)
                            || (read.admitsListings() && read.admitsReferrer(referrer));
            case READ_OBJECT -> read.names(requester) || read.admitsReferrer(referrer);
            case WRITE_OBJECT -> grants(requester, Permission.WRITE) || write.names(requester);
            case READ_BUCKET_ACL -> grants(requester, Permission.READ_ACP);
            case WRITE_BUCKET_ACL -> grants(requester, Permission.WRITE_ACP);
            case READ_OBJECT_ACL, WRITE_OBJECT_ACL, OWNER_READ, OWNER_WRITE -> false;
        };
    }

    /** Whether this list of an object gives somebody what they need. */
    boolean ofObjectAllows(AccessNeed need, Requester requester) {
        return switch (need) {
            case READ_OBJECT -> grants(requester, Permission.READ);
            case READ_OBJECT_ACL -> grants(requester, Permission.READ_ACP);
            case WRITE_OBJECT_ACL -> grants(requester, Permission.WRITE_ACP);
            case LIST, WRITE_OBJECT, READ_BUCKET_ACL, WRITE_BUCKET_ACL, OWNER_READ, OWNER_WRITE ->
                    false;
        };
    }

    private boolean grants(Requester requester, Permission wanted) {
        return grants.stream()
                .anyMatch(
                        grant ->
                                grant.permission().covers(wanted)
                                        && grant.grantee().covers(requester));
    }

    /** All of it in S3's words, as near as they come; elements without any are left out. */
    public List<Grant> shownAsGrants() {
        Set<Grant> shown = new LinkedHashSet<>(grants);
        for (String element : read.elements()) {
            addGrant(shown, element, Permission.READ);
        }
        for (String element : write.elements()) {
            addGrant(shown, element, Permission.WRITE);
        }
        return List.copyOf(shown);
    }

    private static void addGrant(Set<Grant> shown, String element, Permission permission) {
        Grantee grantee = toGrantee(element);
        if (grantee != null && !shown.contains(new Grant(grantee, Permission.FULL_CONTROL))) {
            shown.add(new Grant(grantee, permission));
        }
    }

    private static @Nullable Grantee toGrantee(String element) {
        if (element.equals(ElementList.EVERYONE)) {
            return Grantee.EVERYONE;
        }
        if (element.equals(ElementList.ANY_USER)) {
            return Grantee.AUTHENTICATED;
        }
        boolean project = element.endsWith(":*") && !element.startsWith(".");
        return project ? new Grantee.Account(element.substring(0, element.length() - 2)) : null;
    }

    /** Who may read, in Swift's words, as near as they come. */
    public ElementList shownAsRead() {
        return shownAs(read, Permission.READ);
    }

    /** Who may write, in Swift's words, as near as they come: nobody without a credential. */
    public ElementList shownAsWrite() {
        return shownAs(write, Permission.WRITE);
    }

    private ElementList shownAs(ElementList own, Permission permission) {
        Set<String> shown = new LinkedHashSet<>(own.elements());
        for (Grant grant : grants) {
            if (grant.permission().covers(permission)) {
                addElements(shown, grant.grantee(), permission);
            }
        }
        return new ElementList(List.copyOf(shown));
    }

    private static void addElements(Set<String> shown, Grantee grantee, Permission permission) {
        switch (grantee) {
            case Grantee.Account(String id) -> shown.add(id + ":*");
            case Grantee.Authenticated() -> shown.add(ElementList.ANY_USER);
            case Grantee.Everyone() -> {
                if (permission == Permission.READ) {
                    shown.add(ElementList.EVERYONE);
                    shown.add(ElementList.LISTINGS);
                }
            }
        }
    }

    /**
     * After S3 has set all grants. Elements of Swift's that a grant states again keep their own
     * meaning beside it; all others are gone, since who sets grants sets all of them.
     */
    public AccessList withGrants(List<Grant> stated) {
        List<String> keptRead = restated(read, Permission.READ, stated);
        if (keptRead.contains(ElementList.EVERYONE) && read.admitsListings()) {
            keptRead.add(ElementList.LISTINGS);
        }
        List<String> keptWrite = restated(write, Permission.WRITE, stated);
        return new AccessList(stated, new ElementList(keptRead), new ElementList(keptWrite));
    }

    private static List<String> restated(
            ElementList list, Permission permission, List<Grant> stated) {
        List<String> kept = new ArrayList<>();
        for (String element : list.elements()) {
            Grantee grantee = toGrantee(element);
            if (grantee != null && stated.contains(new Grant(grantee, permission))) {
                kept.add(element);
            }
        }
        return kept;
    }

    /** After Swift has said who may read: S3's grants to read go. */
    public AccessList withRead(ElementList stated) {
        return new AccessList(withoutPermission(Permission.READ), stated, write);
    }

    /** After Swift has said who may write: S3's grants to write go. */
    public AccessList withWrite(ElementList stated) {
        return new AccessList(withoutPermission(Permission.WRITE), read, stated);
    }

    /** What gives full control gives all but this from now on. */
    private List<Grant> withoutPermission(Permission permission) {
        List<Grant> left = new ArrayList<>();
        for (Grant grant : grants) {
            if (grant.permission() == Permission.FULL_CONTROL) {
                for (Permission other : Permission.values()) {
                    if (other != permission && other != Permission.FULL_CONTROL) {
                        left.add(new Grant(grant.grantee(), other));
                    }
                }
            } else if (grant.permission() != permission) {
                left.add(grant);
            }
        }
        return left;
    }
}
