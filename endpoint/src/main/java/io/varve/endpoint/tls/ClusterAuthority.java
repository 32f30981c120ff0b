package io.varve.endpoint.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The authority of a cluster, and the certificates that it gives to hosts: whoever has one may ask
 * for the bytes of every object, so the authority's key is kept where no host is.
 *
 * <p>RFC 5280, P-256. A host's certificate serves both sides of a connection.
 */
public final class ClusterAuthority {
    public static final String CERTIFICATE_FILE = "authority.pem";
    public static final String KEY_FILE = "authority-key.pem";

    /** Hosts are given new ones by an operator; none of them is a browser. */
    private static final Duration VALIDITY = Duration.ofDays(10 * 365);

    private static final Duration CLOCK_SKEW = Duration.ofHours(1);
    private static final String COMMON_NAME = "2.5.4.3";
    private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String KEY_USAGE = "2.5.29.15";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";

    /** keyCertSign, and digitalSignature, each with the bits of its octet that are not used. */
    private static final byte[] SIGNS_CERTIFICATES = {0x04};

    private static final byte[] SIGNS = {(byte) 0x80};

    private ClusterAuthority() {}

    /**
     * Makes an authority in a directory that has none.
     *
     * @throws TlsException when there is one, or it cannot be kept
     */
    public static void create(Path directory, Instant now) {
        Path certificateFile = directory.resolve(CERTIFICATE_FILE);
        if (Files.exists(certificateFile) || Files.exists(directory.resolve(KEY_FILE))) {
            throw new TlsException("there is an authority already: " + directory);
        }
        KeyPair pair = pair();
        byte[] name = name("Varve cluster");
        byte[] extensions =
                Der.sequence(
                        extension(BASIC_CONSTRAINTS, true, Der.sequence(Der.bool(true))),
                        extension(KEY_USAGE, true, Der.bits(SIGNS_CERTIFICATES, 2)));
        X509Certificate certificate =
                sign(pair.getPrivate(), body(name, name, now, pair, extensions));
        keep(directory.resolve(KEY_FILE), certificateFile, pair.getPrivate(), certificate);
    }

    /**
     * Makes a host's certificate and key: files {@code NAME.pem} and {@code NAME-key.pem} in the
     * authority's directory.
     *
     * @param names what others reach the host by: host names and addresses; the first names the
     *     files
     * @throws TlsException when there is no authority, or what is made cannot be kept
     */
    public static void issue(Path directory, List<String> names, Instant now) {
        Identity authority =
                PemFiles.read(directory.resolve(CERTIFICATE_FILE), directory.resolve(KEY_FILE));
        KeyPair pair = pair();
        byte[] issuer = authority.certificate().getSubjectX500Principal().getEncoded();
        byte[] extensions =
                Der.sequence(
                        extension(BASIC_CONSTRAINTS, true, Der.sequence()),
                        extension(KEY_USAGE, true, Der.bits(SIGNS, 7)),
                        extension(
                                EXTENDED_KEY_USAGE,
                                false,
                                Der.sequence(Der.oid(SERVER_AUTH), Der.oid(CLIENT_AUTH))),
                        extension(
                                SUBJECT_ALTERNATIVE_NAME,
                                false,
                                SelfSigned.alternativeNames(names)));
        byte[] body = body(issuer, name(names.getFirst()), now, pair, extensions);
        keep(
                directory.resolve(names.getFirst() + "-key.pem"),
                directory.resolve(names.getFirst() + ".pem"),
                pair.getPrivate(),
                sign(authority.key(), body));
    }

    /**
     * What a host speaks to others of its cluster with.
     *
     * @throws TlsException when a file cannot be used
     */
    public static SSLContext context(Path certificate, Path key, Path authority) {
        Identity own = PemFiles.read(certificate, key);
        try {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            char[] inMemoryOnly = {};
            keys.setKeyEntry(
                    "host", own.key(), inMemoryOnly, own.chain().toArray(X509Certificate[]::new));
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            int number = 0;
            for (X509Certificate each : PemFiles.chain(authority)) {
                trusted.setCertificateEntry("authority-" + number++, each);
            }
            KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
            keyManagers.init(keys, inMemoryOnly);
            TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
            trustManagers.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsException("the cluster's certificates cannot be used: " + e, e);
        }
    }

    private static KeyPair pair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new TlsException("cannot generate a key: " + e.getMessage(), e);
        }
    }

    private static byte[] name(String text) {
        return Der.sequence(Der.set(Der.sequence(Der.oid(COMMON_NAME), Der.utf8(text))));
    }

    private static byte[] body(
            byte[] issuer, byte[] subject, Instant now, KeyPair pair, byte[] extensions) {
        return Der.sequence(
                Der.context(0, Der.integer(2)),
                Der.integer(new BigInteger(159, new SecureRandom()).setBit(158)),
                algorithm(),
                issuer,
                Der.sequence(Der.time(now.minus(CLOCK_SKEW)), Der.time(now.plus(VALIDITY))),
                subject,
                pair.getPublic().getEncoded(),
                Der.context(3, extensions));
    }

    private static byte[] algorithm() {
        return Der.sequence(Der.oid(ECDSA_WITH_SHA256));
    }

    private static byte[] extension(String oid, boolean critical, byte[] value) {
        return critical
                ? Der.sequence(Der.oid(oid), Der.bool(true), Der.octets(value))
                : Der.sequence(Der.oid(oid), Der.octets(value));
    }

    private static X509Certificate sign(PrivateKey key, byte[] body) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key);
            signature.update(body);
            byte[] encoded = Der.sequence(body, algorithm(), Der.bits(signature.sign(), 0));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(encoded));
        } catch (GeneralSecurityException e) {
            throw new TlsException("cannot sign a certificate: " + e.getMessage(), e);
        }
    }

    private static void keep(
            Path keyFile, Path certificateFile, PrivateKey key, X509Certificate certificate) {
        try {
            PrivateFile.write(keyFile, PemFiles.pem("PRIVATE KEY", key.getEncoded()));
            Files.writeString(
                    certificateFile, PemFiles.pem("CERTIFICATE", certificate.getEncoded()));
        } catch (IOException | GeneralSecurityException e) {
            throw new TlsException("a certificate cannot be kept: " + certificateFile, e);
        }
    }
}
