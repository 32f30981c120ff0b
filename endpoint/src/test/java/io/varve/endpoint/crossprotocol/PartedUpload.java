package io.varve.endpoint.crossprotocol;

import io.varve.endpoint.server.Answer;

import java.util.List;

/** Puts an object through S3 in parts. */
record PartedUpload(String path, List<String> parts) {

    /** All requests as one step of a row; the answer is the last one's. */
    Step step() {
        return Step.request("`POST ?uploads`, parts, `POST ?uploadId`", this::send);
    }

    private Answer send(TwoProtocols both, String bucket) {
        String target = "/" + path.replace("~", bucket);
        String upload = both.s3("POST", target + "?uploads").send().expect(200).xml("UploadId");
        StringBuilder named = new StringBuilder();
        for (int number = 1; number <= parts.size(); number++) {
            String etag =
                    both.s3("PUT", target + "?partNumber=" + number + "&uploadId=" + upload)
                            .body(parts.get(number - 1))
                            .send()
                            .expect(200)
                            .etag();
            named.append(
                    "<Part><PartNumber>%d</PartNumber><ETag>%s</ETag></Part>"
                            .formatted(number, etag));
        }
        return both.s3("POST", target + "?uploadId=" + upload)
                .body("<CompleteMultipartUpload>" + named + "</CompleteMultipartUpload>")
                .send();
    }
}
