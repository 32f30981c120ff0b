package io.varve.endpoint.swift;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/** In which form a listing is given. */
enum ListingFormat {
    TEXT("text/plain"),
    JSON("application/json"),
    XML("application/xml");

    private final String mediaType;

    ListingFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    String contentType() {
        return mediaType + "; charset=utf-8";
    }

    /**
     * The parameter decides, otherwise the Accept header.
     *
     * @throws SwiftRefusal when the client accepts none of them
     */
    static ListingFormat of(SwiftRequest request) {
        String format = request.query().first("format");
        if (format != null) {
            return switch (format.toLowerCase(Locale.ROOT)) {
                case "json" -> JSON;
                case "xml" -> XML;
                default -> TEXT;
            };
        }
        String accept = request.header("accept");
        return accept == null || accept.isBlank() ? TEXT : accepted(accept);
    }

    /** Whether the client takes this type. */
    static boolean accepts(SwiftRequest request, String mediaType) {
        String accept = request.header("accept");
        return accept == null || accept.isBlank() || quality(accept, mediaType) > 0;
    }

    private static ListingFormat accepted(String accept) {
        ListingFormat best = null;
        double bestQuality = 0;
        // In the order that Swift prefers them where the client does not care.
        for (Offer offer : OFFERS) {
            double quality = quality(accept, offer.mediaType());
            if (quality > bestQuality) {
                best = offer.format();
                bestQuality = quality;
            }
        }
        if (best == null) {
            throw StatusPage.NOT_ACCEPTABLE.refusal();
        }
        return best;
    }

    private record Offer(String mediaType, ListingFormat format) {}

    private static final List<Offer> OFFERS =
            List.of(
                    new Offer("text/plain", TEXT),
                    new Offer("application/json", JSON),
                    new Offer("application/xml", XML),
                    new Offer("text/xml", XML));

    /** How much the client likes this type by its most specific range; 0 when it takes none. */
    private static double quality(String accept, String mediaType) {
        int bestSpecificity = -1;
        double quality = 0;
        for (String range : accept.split(",", -1)) {
            String[] parts = range.split(";", -1);
            int specificity = specificity(parts[0].strip().toLowerCase(Locale.ROOT), mediaType);
            if (specificity > bestSpecificity) {
                bestSpecificity = specificity;
                quality = weight(parts);
            }
        }
        return quality;
    }

    private static int specificity(String range, String mediaType) {
        if (range.equals(mediaType)) {
            return 2;
        }
        if (range.equals("*/*") || range.equals("*")) {
            return 0;
        }
        boolean family =
                range.endsWith("/*")
                        && mediaType.startsWith(range.substring(0, range.length() - 1));
        return family ? 1 : -1;
    }

    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=")) {
                return number(parameter.substring(2));
            }
        }
        return 1;
    }

    private static double number(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        try {
            return Math.clamp(Double.parseDouble(text), 0, 1);
        } catch (NumberFormatException e) {
            throw StatusPage.BAD_REQUEST.refusal("Invalid Accept header");
        }
    }
}
