package io.varve.endpoint.s3;

import io.varve.journal.record.ChecksumAlgorithm;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The document of {@code CompleteMultipartUpload}: the parts in ascending order. */
record CompleteRequest(List<NamedPart> parts) {
    CompleteRequest {
        parts = List.copyOf(parts);
    }

    /**
     * A part as the client names it.
     *
     * @param etag without quotes
     */
    record NamedPart(int number, String etag, Map<ChecksumAlgorithm, String> checksums) {
        NamedPart {
            checksums = Map.copyOf(checksums);
        }
    }

    static CompleteRequest parse(byte[] document) {
        List<NamedPart> parts = new ArrayList<>();
        XmlCursor xml =
                XmlCursor.open(document, "CompleteMultipartUpload", "CompleteMultipartUploadInput");
        int last = 0;
        while (xml.nextChild()) {
            if (!xml.name().equals("Part")) {
                xml.skip();
                continue;
            }
            NamedPart part = part(xml);
            if (part.number() <= last) {
                throw S3Error.INVALID_PART_ORDER.refusal();
            }
            last = part.number();
            parts.add(part);
        }
        if (parts.isEmpty()) {
            throw S3Error.MALFORMED_XML.refusal();
        }
        return new CompleteRequest(parts);
    }

    private static NamedPart part(XmlCursor xml) {
        int number = 0;
        String etag = "";
        Map<ChecksumAlgorithm, String> checksums = new EnumMap<>(ChecksumAlgorithm.class);
        while (xml.nextChild()) {
            switch (xml.name()) {
                case "PartNumber" -> number = xml.integer();
                case "ETag" -> etag = ETags.bare(xml.text());
                default -> {
                    Optional<ChecksumAlgorithm> algorithm = ChecksumNames.ofElement(xml.name());
                    if (algorithm.isPresent()) {
                        checksums.put(algorithm.get(), xml.text().strip());
                    } else {
                        xml.skip();
                    }
                }
            }
        }
        if (etag.isEmpty()) {
            throw S3Error.MALFORMED_XML.refusal();
        }
        if (number < 1 || number > PartNumbers.MAX) {
            throw S3Refusal.invalidArgument(
                    "PartNumber must be >= 1 and <= 10000", "PartNumber", "" + number);
        }
        return new NamedPart(number, etag, checksums);
    }
}
