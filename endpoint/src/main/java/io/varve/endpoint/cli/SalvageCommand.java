package io.varve.endpoint.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.devices.DeviceEventLogAdapter;
import io.varve.devices.pool.BlobSalvage;
import io.varve.endpoint.identity.Founding;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.salvage.SalvageCatalog;
import io.varve.endpoint.salvage.SalvageRecovery;
import io.varve.endpoint.salvage.SalvageReport;
import io.varve.endpoint.site.EmbeddedSite;
import io.varve.endpoint.site.SiteConfig;
import io.varve.endpoint.site.SiteException;
import io.varve.endpoint.site.SiteLock;
import io.varve.journal.JournalException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** {@code varve salvage}: what devices know when the journal is lost. */
@Command(
        name = "salvage",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the objects that devices know by themselves, without journal and view, and",
            "brings them into a new site. For when every mirror of the journal is lost; the",
            "server must be stopped. What cannot be known: docs/operations/salvage.md."
        })
final class SalvageCommand implements Callable<Integer> {
    private static final String LABEL = "label.";
    private static final int DEPTH_MAX = 5;

    @Spec private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The site whose devices are read: every device below it.")
    private @Nullable Path data;

    @Option(
            names = "--device",
            paramLabel = "DIR",
            description = "A device that is elsewhere; may be given several times.")
    private List<Path> devices = new ArrayList<>();

    @Option(
            names = "--into",
            paramLabel = "DIR",
            description = "A directory for the new site; without it things are only listed.")
    private @Nullable Path into;

    @Option(
            names = "--bucket",
            paramLabel = "ID=NAME",
            description = "What a bucket is to be called; by default salvaged-ID.")
    private Map<Long, String> buckets = new HashMap<>();

    @Option(
            names = "--all-versions",
            description = "Bring older versions too, into buckets that keep versions.")
    private boolean allVersions;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() {
        if (data == null && devices.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--data or --device?");
        }
        try (SiteLock _ = lock()) {
            return run();
        } catch (IllegalArgumentException
                | IllegalStateException
                | SiteException
                | JournalException
                | IOException e) {
            throw CommandFailure.failed("not salvaged: " + e.getMessage());
        }
    }

    private @Nullable SiteLock lock() throws IOException {
        if (data != null && !Files.isDirectory(data)) {
            throw CommandFailure.failed("no site here: " + data);
        }
        return data == null ? null : SiteLock.take(data);
    }

    private int run() throws IOException {
        requireNew(into);
        List<Path> directories = new ArrayList<>(devices);
        if (data != null) {
            directories.addAll(devicesBelow(data));
        }
        if (directories.isEmpty()) {
            throw new IllegalArgumentException("no device below " + data);
        }
        try (BlobSalvage found = BlobSalvage.open(directories, new DeviceEventLogAdapter())) {
            SalvageCatalog catalog = SalvageCatalog.of(found);
            ObjectNode report = SalvageReport.of(found, catalog, buckets).json();
            if (into != null) {
                recover(found, catalog, into, report);
            }
            print(report);
            return report.path("recovered").path("failures").isEmpty() ? 0 : CommandFailure.FAILED;
        }
    }

    private static void requireNew(@Nullable Path directory) throws IOException {
        if (directory == null || !Files.exists(directory)) {
            return;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            if (entries.findAny().isPresent()) {
                throw new IllegalArgumentException(
                        "the new site's directory is not empty: " + directory);
            }
        }
    }

    private static List<Path> devicesBelow(Path site) throws IOException {
        try (Stream<Path> paths = Files.walk(site, DEPTH_MAX)) {
            return paths.filter(path -> path.getFileName().toString().startsWith(LABEL))
                    .map(Path::getParent)
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    private void recover(
            BlobSalvage found, SalvageCatalog catalog, Path directory, ObjectNode report) {
        SalvageRecovery.Result result;
        try (EmbeddedSite site = EmbeddedSite.open(SiteConfig.of(directory))) {
            result =
                    new SalvageRecovery(
                                    found,
                                    site.store(),
                                    Founding.ROOT_ACCOUNT,
                                    buckets,
                                    allVersions)
                            .run(catalog);
        }
        ObjectNode recovered = report.putObject("recovered");
        recovered.put("objects", result.objects());
        recovered.put("versions", result.versions());
        recovered.put("bytes", result.bytes());
        ArrayNode failures = recovered.putArray("failures");
        for (SalvageRecovery.Failure failure : result.failures()) {
            failures.addObject()
                    .put("bucket_id", failure.bucketId())
                    .put("key", failure.key())
                    .put("reason", failure.reason());
        }
    }

    private void print(ObjectNode report) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(new String(Json.write(report), StandardCharsets.UTF_8));
        } else {
            out.print(text(report));
        }
        out.flush();
    }

    private static String text(ObjectNode report) {
        StringBuilder text = new StringBuilder();
        text.append(IdentityText.table(report.path("devices"), "id", "directory", "blobs"));
        for (JsonNode device : report.path("devices")) {
            if (device.has("problem")) {
                text.append(
                        "%s: %s%n"
                                .formatted(
                                        device.path("directory").asText(),
                                        device.path("problem").asText()));
            }
        }
        text.append(
                IdentityText.table(
                        report.path("objects"),
                        "bucket",
                        "key",
                        "size",
                        "written",
                        "versions",
                        "whole",
                        "missing"));
        text.append(
                "%d objects are whole (%d bytes), %d are not; %d blobs cannot be read%n"
                        .formatted(
                                report.path("objects_whole").asLong(),
                                report.path("bytes").asLong(),
                                report.path("objects_incomplete").asLong(),
                                report.path("blobs_unreadable").size()));
        JsonNode recovered = report.path("recovered");
        if (!recovered.isMissingNode()) {
            text.append(
                    "%d objects are in the new site (%d versions, %d bytes)%n"
                            .formatted(
                                    recovered.path("objects").asLong(),
                                    recovered.path("versions").asLong(),
                                    recovered.path("bytes").asLong()));
        }
        for (JsonNode failure : recovered.path("failures")) {
            text.append(
                    "not brought over: %s: %s%n"
                            .formatted(
                                    failure.path("key").asText(), failure.path("reason").asText()));
        }
        return text.toString();
    }
}
