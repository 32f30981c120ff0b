package io.varve.endpoint.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;

final class TlsIdentityTest {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final List<String> NAMES = List.of("localhost", "127.0.0.1", "::1");

    @TempDir private Path directory;

    private static Clock at(Instant instant) {
        return Clock.fixed(instant, ZoneOffset.UTC);
    }

    private TlsIdentity generated(Instant now, List<String> required) {
        return TlsIdentity.generated(
                directory.resolve("tls"), required, List.of("myhost"), at(now));
    }

    @Test
    void generatesACertificateForAllNames() throws Exception {
        X509Certificate certificate = generated(START, NAMES).certificate();
        assertEquals(
                Set.of("localhost", "127.0.0.1", "::1", "myhost"), TlsIdentity.names(certificate));
        certificate.checkValidity(java.util.Date.from(START));
        assertEquals(-1, certificate.getBasicConstraints());
        assertEquals(List.of("1.3.6.1.5.5.7.3.1"), certificate.getExtendedKeyUsage());
        assertEquals(3, certificate.getVersion());
        certificate.verify(certificate.getPublicKey());
    }

    @Test
    void keepsTheCertificateAcrossRestarts() {
        X509Certificate first = generated(START, NAMES).certificate();
        assertEquals(first, generated(START.plus(Duration.ofDays(700)), NAMES).certificate());
    }

    @Test
    void onlyItsOwnerCanReadTheKey() throws IOException {
        generated(START, NAMES);
        Path key = directory.resolve("tls/key.pem");
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
    }

    @Test
    void makesANewOneBeforeItExpiresAndWhenANameIsMissing() {
        X509Certificate first = generated(START, NAMES).certificate();
        X509Certificate later = generated(START.plus(Duration.ofDays(800)), NAMES).certificate();
        assertNotEquals(first, later);
        X509Certificate wider =
                generated(START.plus(Duration.ofDays(800)), List.of("s3.example.org"))
                        .certificate();
        assertTrue(TlsIdentity.names(wider).contains("s3.example.org"));
    }

    @Test
    void makesANewOneWhenTheFilesAreDamaged() throws IOException {
        X509Certificate first = generated(START, NAMES).certificate();
        Files.writeString(directory.resolve("tls/key.pem"), "garbage");
        assertNotEquals(first, generated(START, NAMES).certificate());
    }

    @Test
    void makesANewOneWhenTheFilesAreNotOfOnePair() throws Exception {
        X509Certificate first = generated(START, NAMES).certificate();
        Path key = directory.resolve("tls/key.pem");
        String kept = Files.readString(key);
        String other =
                PemFiles.pem("PRIVATE KEY", SelfSigned.create(NAMES, START).key().getEncoded());
        Files.writeString(key, other + kept.substring(kept.indexOf("varve-pair")));
        assertNotEquals(first, generated(START, NAMES).certificate());
    }

    @Test
    void refreshTakesChangedFilesAndKeepsTheOldOnesWhileTheyDoNotMatch() throws Exception {
        Path certificateFile = directory.resolve("c.pem");
        Path keyFile = directory.resolve("k.pem");
        Identity first = SelfSigned.create(NAMES, START);
        Identity second = SelfSigned.create(NAMES, START);
        write(first, certificateFile, keyFile, 1);
        TlsIdentity identity = TlsIdentity.configured(certificateFile, keyFile, at(START));
        assertFalse(identity.refresh());

        write(certificateFile, PemFiles.pem("CERTIFICATE", second.certificate().getEncoded()), 2);
        assertFalse(identity.refresh(), "the key is still the old one");
        assertEquals(first.certificate(), identity.certificate());

        write(keyFile, PemFiles.pem("PRIVATE KEY", second.key().getEncoded()), 3);
        assertTrue(identity.refresh());
        assertEquals(second.certificate(), identity.certificate());
        assertFalse(identity.refresh());
    }

    private static void write(Identity identity, Path certificateFile, Path keyFile, int time)
            throws Exception {
        write(
                certificateFile,
                PemFiles.pem("CERTIFICATE", identity.certificate().getEncoded()),
                time);
        write(keyFile, PemFiles.pem("PRIVATE KEY", identity.key().getEncoded()), time);
    }

    private static void write(Path file, String text, int time) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(START.plusSeconds(time)));
    }

    @Test
    void readsSec1AndPkcs1Keys() throws Exception {
        Identity identity = SelfSigned.create(NAMES, START);
        Path certificateFile = directory.resolve("c.pem");
        Path keyFile = directory.resolve("k.pem");
        write(identity, certificateFile, keyFile, 1);
        byte[] scalar = ((ECPrivateKey) identity.key()).getS().toByteArray();
        byte[] sec1 = Der.sequence(Der.integer(1), Der.octets(fixed(scalar, 32)));
        Files.writeString(keyFile, PemFiles.pem("EC PRIVATE KEY", sec1));
        assertEquals(identity.key(), PemFiles.read(certificateFile, keyFile).key());
    }

    @Test
    void readsAnRsaKeyWithoutPkcs8() throws Exception {
        RSAPrivateCrtKey key = (RSAPrivateCrtKey) smallRsa().generateKeyPair().getPrivate();
        byte[] pkcs1 =
                Der.sequence(
                        Der.integer(0),
                        Der.integer(key.getModulus()),
                        Der.integer(key.getPublicExponent()),
                        Der.integer(key.getPrivateExponent()),
                        Der.integer(key.getPrimeP()),
                        Der.integer(key.getPrimeQ()),
                        Der.integer(key.getPrimeExponentP()),
                        Der.integer(key.getPrimeExponentQ()),
                        Der.integer(key.getCrtCoefficient()));
        byte[] wrapped = PemFiles.pkcs8OfPkcs1(pkcs1);
        assertArrayEquals(key.getEncoded(), wrapped);
    }

    /** The form is the same at every size, and large ones take seconds to find. */
    private static KeyPairGenerator smallRsa() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(1024);
        return generator;
    }

    private static byte[] fixed(byte[] number, int length) {
        byte[] fixed = new byte[length];
        int from = Math.max(0, number.length - length);
        int count = number.length - from;
        System.arraycopy(number, from, fixed, length - count, count);
        return fixed;
    }

    @Test
    void saysWhatIsWrongWithFiles() throws Exception {
        Path certificateFile = directory.resolve("c.pem");
        Path keyFile = directory.resolve("k.pem");
        assertMessage("does not exist", certificateFile, keyFile);
        write(SelfSigned.create(NAMES, START), certificateFile, keyFile, 1);
        Files.writeString(keyFile, "nothing");
        assertMessage("no private key", certificateFile, keyFile);
        Files.writeString(keyFile, PemFiles.pem("ENCRYPTED PRIVATE KEY", new byte[9]));
        assertMessage("encrypted", certificateFile, keyFile);
        byte[] other = SelfSigned.create(NAMES, START).key().getEncoded();
        Files.writeString(keyFile, PemFiles.pem("PRIVATE KEY", other));
        assertMessage("is not that of the certificate", certificateFile, keyFile);
    }

    private static void assertMessage(String expected, Path certificateFile, Path keyFile) {
        TlsException e =
                assertThrows(
                        TlsException.class,
                        () -> TlsIdentity.configured(certificateFile, keyFile, at(START)));
        assertTrue(String.valueOf(e.getMessage()).contains(expected), e.getMessage());
    }
}
