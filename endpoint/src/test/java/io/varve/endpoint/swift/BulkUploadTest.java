package io.varve.endpoint.swift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.endpoint.server.Answer;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

final class BulkUploadTest {
    private static final String ACCOUNT = "/v1/AUTH_test";

    @TempDir Path directory;
    private SwiftSite site;

    @BeforeEach
    void open() {
        site = new SwiftSite(directory);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private static byte[] tar(Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (Map.Entry<String, String> file : files.entrySet()) {
                byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry entry = new TarArchiveEntry(file.getKey(), true);
                entry.setSize(content.length);
                entry.setModTime(0);
                entry.addPaxHeader("SCHILY.xattr.user.meta.origin", "tür");
                entry.addPaxHeader("SCHILY.xattr.user.mime_type", "text/x-" + content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] packed(byte[] bytes, String packing) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream to =
                packing.equals("tar.gz")
                        ? new GZIPOutputStream(out)
                        : new BZip2CompressorOutputStream(out)) {
            to.write(bytes);
        }
        return out.toByteArray();
    }

    private SwiftSite.Request upload(String path, String format, byte[] body) {
        return site.request("PUT", path + "?extract-archive=" + format).body(body);
    }

    private static Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("./one/a", "first");
        files.put("/one/b/c", "second one");
        files.put("two/ü", "third");
        files.put("alone", "no container");
        return files;
    }

    @Test
    void everyFileBecomesAnObjectOfItsContainer() throws IOException {
        byte[] tar = tar(files());
        for (String format : List.of("tar", "tar.gz", "tar.bz2")) {
            byte[] body = format.equals("tar") ? tar : packed(tar, format);
            Answer answer = upload(ACCOUNT, format, body).send().expect(200);
            assertEquals(
                    "Number Files Created: 3\nResponse Body: \nResponse Status: 201 Created\n"
                            + "Errors:\n",
                    answer.text());
            Answer object = site.get(ACCOUNT + "/one/b/c").expect(200);
            assertEquals("second one", object.text());
            assertEquals("tür", object.header("X-Object-Meta-Origin"));
            assertEquals("text/x-10", object.header("Content-Type"));
            assertEquals(List.of("a", "b/c"), site.get(ACCOUNT + "/one").lines());
            assertEquals("third", site.get(ACCOUNT + "/two/%C3%BC").text());
            site.delete(ACCOUNT + "/one/b/c").expect(204);
        }
    }

    @Test
    void whatThePathNamesComesBeforeTheNames() throws IOException {
        upload(ACCOUNT + "/base", "tar", tar(Map.of("alone", "x"))).send().expect(200);
        assertEquals("x", site.get(ACCOUNT + "/base/alone").text());
        upload(ACCOUNT + "/base/sub/", "tar", tar(Map.of("alone", "y")))
                .header("X-Delete-At", "4000000000")
                .header("X-Object-Meta-Colour", "red")
                .send()
                .expect(200);
        Answer object = site.get(ACCOUNT + "/base/sub/alone");
        assertEquals("y", object.text());
        assertEquals("red", object.header("X-Object-Meta-Colour"));
        assertEquals("4000000000", object.header("X-Delete-At"));
    }

    @Test
    void tellsWhatCouldNotBePutAndPutsTheRest() throws IOException {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("c/" + "n".repeat(1025), "too long a name");
        files.put("c/ok", "fits");
        Answer json =
                upload(ACCOUNT, "tar", tar(files))
                        .header("Accept", "application/json")
                        .send()
                        .expect(200);
        assertEquals(
                "{\"Number Files Created\": 1, \"Response Body\": \"\", \"Response Status\": "
                        + "\"400 Bad Request\", \"Errors\": [[\"c/"
                        + "n".repeat(1025)
                        + "\", \"400 Bad Request\"]]}",
                json.text());
        assertEquals("fits", site.get(ACCOUNT + "/c/ok").text());
        Answer xml =
                upload(ACCOUNT, "tar", tar(files))
                        .header("Accept", "application/xml")
                        .send()
                        .expect(200);
        assertTrue(
                xml.text().startsWith("<extract>\n<number_files_created>1</number_files_created>"),
                xml.text());
    }

    @Test
    void quotasHoldForEachFile() throws IOException {
        site.put(ACCOUNT + "/c").expect(201);
        site.request("POST", ACCOUNT + "/c")
                .header("X-Container-Meta-Quota-Bytes", "4")
                .body("")
                .send();
        Map<String, String> files = new LinkedHashMap<>();
        files.put("c/big", "12345");
        files.put("c/small", "1234");
        String text = upload(ACCOUNT, "tar", tar(files)).send().text();
        assertTrue(text.contains("c/big, 413 Request Entity Too Large\n"), text);
        assertEquals("1234", site.get(ACCOUNT + "/c/small").text());
    }

    @Test
    void whatIsNoArchiveIsRefused() throws IOException {
        byte[] noise = "This is no archive at all".repeat(100).getBytes(StandardCharsets.UTF_8);
        for (String format : List.of("tar", "tar.gz", "tar.bz2")) {
            String text = upload(ACCOUNT, format, noise).send().expect(200).text();
            assertTrue(text.contains("Response Status: 400 Bad Request\n"), text);
            assertTrue(text.contains("Response Body: Invalid Tar File: "), text);
        }
        upload(ACCOUNT, "zip", noise).send().expect(400);
        String empty = upload(ACCOUNT, "tar", new byte[1024]).send().text();
        assertTrue(empty.contains("Invalid Tar File: No Valid Files"), empty);
        byte[] cut = new byte[1536];
        System.arraycopy(tar(Map.of("c/o", "x".repeat(2000))), 0, cut, 0, cut.length);
        String ended = upload(ACCOUNT, "tar", cut).send().text();
        assertTrue(ended.contains("Invalid Tar File: unexpected end of data"), ended);
        site.get(ACCOUNT + "/c/o").expect(404);
    }

    @Test
    void strangersPutNothing() throws IOException {
        byte[] tar = tar(Map.of("c/o", "x"));
        String nobody = upload(ACCOUNT, "tar", tar).anonymous().send().expect(200).text();
        assertTrue(nobody.contains("Response Status: 401 Unauthorized\n"), nobody);
        String other = upload(ACCOUNT, "tar", tar).as(SwiftSite.STRANGER).send().text();
        assertTrue(other.contains("Response Status: 400 Bad Request\n"), other);
        assertTrue(other.contains("/v1/AUTH_test/c, 403 Forbidden\n"), other);
        assertTrue(other.contains("\nc/o, 403 Forbidden\n"), other);
        site.put(ACCOUNT + "/c").expect(201);
        site.get(ACCOUNT + "/c/o").expect(404);
        site.request("POST", ACCOUNT + "/c").header("X-Container-Write", "test2:*").body("").send();
        upload(ACCOUNT, "tar", tar).as(SwiftSite.STRANGER).send().expect(200);
        site.get(ACCOUNT + "/c/o").expect(200);
    }
}
