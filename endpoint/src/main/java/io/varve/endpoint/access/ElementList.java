package io.varve.endpoint.access;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * An access list of elements as Swift writes it: who may, separated by commas.
 *
 * <pre>
 *  .r:*  .r:host  .r:.domain  .r:-host    where the request was referred from; the last counts
 *  .rlistings                             those referrers may list, too
 *  project:user  project:*  *:user  *:*   users, each half by id or name
 *  name                                   a role, a project or a user id
 * </pre>
 */
public record ElementList(List<String> elements) {
    public static final ElementList NONE = new ElementList(List.of());

    static final String EVERYONE = ".r:*";
    static final String LISTINGS = ".rlistings";
    static final String ANY_USER = "*:*";

    private static final String REFERRER = ".r:";
    private static final Set<String> REFERRER_NAMES = Set.of(".r", ".ref", ".referer", ".referrer");

    public ElementList {
        elements = List.copyOf(elements);
    }

    /**
     * As Swift takes it from a header: cleaned, in order.
     *
     * @param writing whether it is to say who may write, which no referrer can
     * @throws AccessListException when an element is none
     */
    public static ElementList parse(String text, boolean writing) throws AccessListException {
        List<String> elements = new ArrayList<>();
        for (String raw : text.split(",", -1)) {
            String element = raw.strip();
            if (!element.isEmpty()) {
                elements.add(clean(element, writing));
            }
        }
        return new ElementList(elements);
    }

    private static String clean(String element, boolean writing) throws AccessListException {
        int colon = element.indexOf(':');
        if (colon < 0 || !element.startsWith(".")) {
            return element;
        }
        String name = element.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        if (!REFERRER_NAMES.contains(name)) {
            throw new AccessListException("Unknown designator '" + name + "' in ACL: " + element);
        }
        if (writing) {
            throw new AccessListException("Referrers not allowed in write ACL: " + element);
        }
        String host = element.substring(colon + 1).strip();
        boolean negated = host.startsWith("-");
        if (negated) {
            host = host.substring(1).strip();
        }
        if (host.length() > 1 && host.startsWith("*")) {
            host = host.substring(1).strip();
        }
        if (host.isEmpty() || host.equals(".")) {
            throw new AccessListException(
                    "No host/domain value after referrer designation in ACL: " + element);
        }
        return REFERRER + (negated ? "-" : "") + host;
    }

    /** As Swift shows it in a header. */
    public String text() {
        return String.join(",", elements);
    }

    public boolean isEmpty() {
        return elements.isEmpty();
    }

    /** Whether an element names the user, their project or one of their roles. */
    public boolean names(Requester requester) {
        return !requester.isAnonymous()
                && elements.stream().anyMatch(element -> names(element, requester));
    }

    private static boolean names(String element, Requester who) {
        if (element.startsWith(".")) {
            return false;
        }
        int colon = element.indexOf(':');
        if (colon < 0) {
            return element.equals(who.account())
                    || element.equals(who.accountName())
                    || element.equals(who.user())
                    || who.roles().stream().anyMatch(element::equalsIgnoreCase);
        }
        String project = element.substring(0, colon);
        String user = element.substring(colon + 1);
        return (project.equals("*") || isOneOf(project, who.account(), who.accountName()))
                && (user.equals("*") || isOneOf(user, who.user(), who.userName()));
    }

    private static boolean isOneOf(String text, @Nullable String id, @Nullable String name) {
        return text.equals(id) || text.equals(name);
    }

    /**
     * Whether the page that a request was referred from lets it in.
     *
     * @param referrer the request's header; null when there is none
     */
    public boolean admitsReferrer(@Nullable String referrer) {
        String from = host(referrer);
        boolean admitted = false;
        for (String element : elements) {
            if (!element.startsWith(REFERRER)) {
                continue;
            }
            String host = element.substring(REFERRER.length());
            boolean negated = host.startsWith("-");
            String wanted = negated ? host.substring(1) : host;
            if (matches(wanted, from) || (!negated && wanted.equals("*"))) {
                admitted = !negated;
            }
        }
        return admitted;
    }

    private static boolean matches(String wanted, String host) {
        return wanted.equals(host) || (wanted.startsWith(".") && host.endsWith(wanted));
    }

    private static String host(@Nullable String referrer) {
        if (referrer == null) {
            return "unknown";
        }
        try {
            String host = new URI(referrer.strip()).getHost();
            return host == null ? "unknown" : host.toLowerCase(Locale.ROOT);
        } catch (URISyntaxException e) {
            return "unknown";
        }
    }

    /** Whether those whom a referrer lets in may list, too. */
    public boolean admitsListings() {
        return elements.contains(LISTINGS);
    }

    boolean has(String element) {
        return elements.contains(element);
    }
}
