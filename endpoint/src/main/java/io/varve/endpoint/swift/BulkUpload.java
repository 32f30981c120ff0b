package io.varve.endpoint.swift;

import io.varve.endpoint.archive.ArchiveException;
import io.varve.endpoint.archive.TarEntry;
import io.varve.endpoint.archive.TarReader;
import io.varve.endpoint.large.LargeObjectException;
import io.varve.endpoint.server.BodyException;
import io.varve.endpoint.server.HttpHeaders;
import io.varve.endpoint.server.HttpResponse;
import io.varve.endpoint.store.StoreException;
import io.varve.projections.namespace.Bucket;

import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Puts every file of an archive that is the body of one request. The archive is read as it comes,
 * and each file is put as if it had been sent by itself. Safe for use by many threads.
 */
final class BulkUpload {
    static final int MAX_CONTAINERS = 10_000;
    static final int MAX_FAILURES = 1000;
    static final int BUFFER_BYTES = 64 << 10;
    private static final int MAX_SHOWN_NAME =
            Limits.MAX_CONTAINER_NAME_BYTES + Limits.MAX_OBJECT_NAME_BYTES + 2;

    /** What programs call attributes of files that are metadata or the type of an object. */
    private static final Set<String> METADATA =
            Set.of("SCHILY.xattr.user.meta.", "LIBARCHIVE.xattr.user.meta.");

    private static final Set<String> TYPE =
            Set.of("SCHILY.xattr.user.mime_type", "LIBARCHIVE.xattr.user.mime_type");

    private final Containers containers;
    private final Operations operations;

    BulkUpload(Containers containers, Operations operations) {
        this.containers = containers;
        this.operations = operations;
    }

    /** How an archive is packed besides being one. */
    private enum Packing {
        NONE,
        GZIP,
        BZIP2;

        InputStream unpacked(InputStream body) throws IOException {
            return switch (this) {
                case NONE -> body;
                case GZIP -> gunzipped(body);
                case BZIP2 -> new BZip2CompressorInputStream(body, true);
            };
        }
    }

    private static InputStream gunzipped(InputStream body) throws IOException {
        try {
            return new GZIPInputStream(body, BUFFER_BYTES);
        } catch (ZipException | EOFException e) {
            // Told in the words of the program that Swift leaves this to.
            throw new ZipException("not a gzip file");
        }
    }

    static boolean isAsked(SwiftCall call) {
        return call.request().method().equals("PUT") && call.query().has("extract-archive");
    }

    HttpResponse handle(SwiftCall call) throws IOException {
        Packing packing = packing(call.query().firstOrEmpty("extract-archive"));
        if (call.request().http().contentLength().isEmpty() && !call.request().http().chunked()) {
            throw StatusPage.LENGTH_REQUIRED.refusal("Missing Content-Length header.");
        }
        String type = BulkReport.contentType(call.request());
        Extraction extraction = new Extraction(call);
        extraction.run(packing);
        return call.respond(200)
                .header("Content-Type", type)
                .body(extraction.report.written(type, "extract").getBytes(StandardCharsets.UTF_8));
    }

    private static Packing packing(String name) {
        return switch (stripDots(name.toLowerCase(Locale.ROOT))) {
            case "tar" -> Packing.NONE;
            case "tar.gz" -> Packing.GZIP;
            case "tar.bz2" -> Packing.BZIP2;
            default -> throw StatusPage.BAD_REQUEST.refusal("Unsupported archive format");
        };
    }

    private static String stripDots(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && text.charAt(from) == '.') {
            from++;
        }
        while (to > from && text.charAt(to - 1) == '.') {
            to--;
        }
        return text.substring(from, to);
    }

    /** Everything came to an end before the archive did. */
    private static final class Ended extends Exception {
        private static final long serialVersionUID = 1;
        private final transient StatusPage page;
        private final String words;

        Ended(StatusPage page, String words) {
            super(page.line(), null, false, false);
            this.page = page;
            this.words = words;
        }
    }

    /** One archive on its way in. */
    private final class Extraction {
        private final SwiftCall call;
        private final String base;
        private final BulkReport report = new BulkReport();
        private final Set<String> containersSeen = new HashSet<>();
        private int containersMade;
        private int filesMade;
        private StatusPage failed = StatusPage.BAD_REQUEST;

        Extraction(SwiftCall call) {
            this.call = call;
            SwiftPath path = call.path();
            String below =
                    path.object().isEmpty()
                            ? path.container()
                            : path.container() + "/" + path.object();
            int end = below.length();
            while (end > 0 && below.charAt(end - 1) == '/') {
                end--;
            }
            this.base = below.substring(0, end);
        }

        void run(Packing packing) throws IOException {
            StatusPage status = StatusPage.CREATED;
            String words = "";
            try {
                putAll(packing);
                if (report.hasFailures()) {
                    status = failed;
                } else if (filesMade == 0) {
                    status = StatusPage.BAD_REQUEST;
                    words = "Invalid Tar File: No Valid Files";
                }
            } catch (Ended e) {
                status = e.page;
                words = e.words;
            } catch (EOFException e) {
                status = StatusPage.BAD_REQUEST;
                words = "Invalid Tar File: unexpected end of data";
            } catch (ArchiveException | ZipException e) {
                status = StatusPage.BAD_REQUEST;
                words = "Invalid Tar File: " + e.getMessage();
            } catch (BodyException e) {
                throw e;
            } catch (IOException e) {
                if (packing != Packing.BZIP2) {
                    throw e;
                }
                // Its reader has no exception of its own for what is not packed so.
                status = StatusPage.BAD_REQUEST;
                words = "Invalid Tar File: invalid compressed data";
            }
            report.fact("Response Status", status.line())
                    .fact("Response Body", words)
                    .fact("Number Files Created", filesMade);
        }

        private void putAll(Packing packing) throws IOException, Ended {
            try (InputStream body = packing.unpacked(call.request().http().body())) {
                TarReader tar = new TarReader(body);
                while (report.failureCount() < MAX_FAILURES) {
                    TarEntry entry = tar.next();
                    if (entry == null) {
                        return;
                    }
                    if (entry.kind() != TarEntry.Kind.OTHER) {
                        putEntry(tar, entry);
                    }
                }
            }
        }

        private void putEntry(TarReader tar, TarEntry entry) throws IOException, Ended {
            String name = entry.name().startsWith("./") ? entry.name().substring(2) : entry.name();
            String path = withoutSlashes(name);
            if (!base.isEmpty()) {
                path = base + "/" + path;
            }
            int slash = path.indexOf('/');
            if (slash < 0 || slash == path.length() - 1) {
                // It would be a container's name, not an object's.
                return;
            }
            StatusPage problem = problem(entry, path);
            if (problem != null) {
                report.failure(shown(path), problem.line());
                return;
            }
            String container = path.substring(0, slash);
            StatusPage noContainer = makeContainer(container);
            SwiftPath target =
                    new SwiftPath(
                            call.path().prefix(),
                            call.path().account(),
                            container,
                            path.substring(slash + 1));
            StatusPage refused = perform(target, headers(entry), entry.sizeBytes(), tar.content());
            containersSeen.add(container);
            if (refused == null) {
                filesMade++;
                return;
            }
            if (noContainer != null) {
                report.failure(
                        shown("/v1/" + call.path().account() + "/" + container),
                        noContainer.line());
            }
            report.failure(shown(path), refused.line());
            if (refused == StatusPage.UNAUTHORIZED) {
                throw unauthorized();
            }
            if (refused.status() / 100 == 5) {
                failed = StatusPage.BAD_GATEWAY;
            }
        }

        private static Ended unauthorized() {
            return new Ended(StatusPage.UNAUTHORIZED, "");
        }

        private static @Nullable StatusPage problem(TarEntry entry, String path) {
            if (path.indexOf('\uFFFD') >= 0 || path.indexOf('\0') >= 0) {
                return StatusPage.PRECONDITION_FAILED;
            }
            if (entry.sizeBytes() > Limits.MAX_FILE_BYTES) {
                return StatusPage.REQUEST_ENTITY_TOO_LARGE;
            }
            return entry.kind() == TarEntry.Kind.SPARSE || !sendable(entry)
                    ? StatusPage.BAD_REQUEST
                    : null;
        }

        /** What is wrong with the container; null when it is there. */
        private @Nullable StatusPage makeContainer(String container) throws IOException, Ended {
            if (containersSeen.contains(container)) {
                return null;
            }
            Optional<Bucket> found = containers.find(call.account(), container);
            if (found.isPresent()) {
                if (call.sender() == null && !containers.mayList(call, found.get())) {
                    throw unauthorized();
                }
                return null;
            }
            SwiftPath path =
                    new SwiftPath(call.path().prefix(), call.path().account(), container, "");
            StatusPage refused = perform(path, HttpHeaders.EMPTY, 0, InputStream.nullInputStream());
            if (refused == StatusPage.UNAUTHORIZED) {
                throw unauthorized();
            }
            if (refused == null && ++containersMade > MAX_CONTAINERS) {
                throw new Ended(
                        StatusPage.BAD_REQUEST,
                        "More than %d containers to create from tar.".formatted(MAX_CONTAINERS));
            }
            return refused;
        }

        /** Why it was refused; null when it was not. */
        private @Nullable StatusPage perform(
                SwiftPath path, HttpHeaders headers, long lengthBytes, InputStream body)
                throws IOException {
            SwiftRequest request =
                    InnerRequest.put(
                            call.request(), path, headers, OptionalLong.of(lengthBytes), body);
            SwiftCall inner = call.inner(request);
            try {
                operations.perform(SwiftOperation.of(request), inner);
                return null;
            } catch (SwiftRefusal refusal) {
                return refusal.page();
            } catch (LargeObjectException e) {
                return StatusPage.CONFLICT;
            } catch (StoreException e) {
                return SwiftEndpoint.refusal(call.request().http(), e).page();
            }
        }

        private HttpHeaders headers(TarEntry entry) {
            HttpHeaders.Builder headers = new HttpHeaders.Builder();
            call.request()
                    .headers()
                    .forEach(
                            (name, values) -> {
                                if (name.startsWith(UserMetadata.OBJECT)
                                        || name.equals("x-delete-at")
                                        || name.equals("x-delete-after")) {
                                    headers.set(name, String.join(",", values));
                                }
                            });
            entry.attributes()
                    .forEach(
                            (keyword, value) ->
                                    header(keyword).ifPresent(name -> headers.set(name, value)));
            return headers.build();
        }
    }

    /** The header that an attribute of a file becomes. */
    private static Optional<String> header(String keyword) {
        if (TYPE.contains(keyword)) {
            return Optional.of("Content-Type");
        }
        for (String prefix : METADATA) {
            if (keyword.startsWith(prefix)) {
                return Optional.of(UserMetadata.OBJECT + keyword.substring(prefix.length()));
            }
        }
        return Optional.empty();
    }

    /** Whether what becomes headers could have been sent as headers. */
    private static boolean sendable(TarEntry entry) {
        for (Map.Entry<String, String> attribute : entry.attributes().entrySet()) {
            Optional<String> name = header(attribute.getKey());
            if (name.isPresent()
                    && (name.get().chars().anyMatch(c -> c <= ' ' || c == ':' || c == 0x7F)
                            || attribute.getValue().chars().anyMatch(c -> c < ' ' || c == 0x7F))) {
                return false;
            }
        }
        return true;
    }

    private static String withoutSlashes(String path) {
        int start = 0;
        while (start < path.length() && path.charAt(start) == '/') {
            start++;
        }
        return path.substring(start);
    }

    private static String shown(String path) {
        return Percent.encode(path.substring(0, Math.min(path.length(), MAX_SHOWN_NAME)));
    }
}
