package io.varve.endpoint.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A certificate that vouches for itself (RFC 5280, P-256): good for a first start, and for clients
 * that are told to trust exactly it.
 */
final class SelfSigned {
    /** Some clients refuse server certificates that are valid for more than 825 days. */
    static final Duration VALIDITY = Duration.ofDays(820);

    private static final Duration CLOCK_SKEW = Duration.ofHours(1);
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private static final String COMMON_NAME = "2.5.4.3";
    private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String KEY_USAGE = "2.5.29.15";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";

    private SelfSigned() {}

    /**
     * @param names host names (also {@code *.name}) and IP addresses; the first is the subject
     */
    static Identity create(List<String> names, Instant now) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            byte[] body = body(names, now, pair.getPublic().getEncoded());
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate());
            signature.update(body);
            byte[] encoded = Der.sequence(body, algorithm(), Der.bits(signature.sign(), 0));
            X509Certificate certificate =
                    (X509Certificate)
                            CertificateFactory.getInstance("X.509")
                                    .generateCertificate(new ByteArrayInputStream(encoded));
            certificate.verify(pair.getPublic());
            return new Identity(pair.getPrivate(), List.of(certificate));
        } catch (GeneralSecurityException e) {
            throw new TlsException("cannot generate a certificate: " + e.getMessage(), e);
        }
    }

    private static byte[] body(List<String> names, Instant now, byte[] publicKey) {
        byte[] name =
                Der.sequence(
                        Der.set(
                                Der.sequence(
                                        Der.oid(COMMON_NAME),
                                        Der.utf8("Varve at " + names.getFirst()))));
        return Der.sequence(
                Der.context(0, Der.integer(2)),
                Der.integer(new BigInteger(159, new SecureRandom()).setBit(158)),
                algorithm(),
                name,
                Der.sequence(Der.time(now.minus(CLOCK_SKEW)), Der.time(now.plus(VALIDITY))),
                name,
                publicKey,
                Der.context(3, extensions(names)));
    }

    private static byte[] algorithm() {
        return Der.sequence(Der.oid(ECDSA_WITH_SHA256));
    }

    private static byte[] extensions(List<String> names) {
        byte[] digitalSignature = Der.bits(new byte[] {(byte) 0x80}, 7);
        return Der.sequence(
                extension(BASIC_CONSTRAINTS, true, Der.sequence()),
                extension(KEY_USAGE, true, digitalSignature),
                extension(EXTENDED_KEY_USAGE, false, Der.sequence(Der.oid(SERVER_AUTH))),
                extension(SUBJECT_ALTERNATIVE_NAME, false, alternativeNames(names)));
    }

    private static byte[] extension(String oid, boolean critical, byte[] value) {
        return critical
                ? Der.sequence(Der.oid(oid), Der.bool(true), Der.octets(value))
                : Der.sequence(Der.oid(oid), Der.octets(value));
    }

    static byte[] alternativeNames(List<String> names) {
        byte[][] elements = new byte[names.size()][];
        for (int i = 0; i < elements.length; i++) {
            String name = names.get(i);
            elements[i] =
                    isAddress(name)
                            ? Der.contextPrimitive(7, addressBytes(name))
                            : Der.contextPrimitive(2, name.getBytes(StandardCharsets.US_ASCII));
        }
        return Der.sequence(elements);
    }

    static boolean isAddress(String name) {
        return name.indexOf(':') >= 0 || IPV4.matcher(name).matches();
    }

    /** Without a look-up: the name is an address in text form. */
    private static byte[] addressBytes(String address) {
        if (address.equals("::1")) {
            byte[] loopback = new byte[16];
            loopback[15] = 1;
            return loopback;
        }
        if (!IPV4.matcher(address).matches()) {
            throw new TlsException("only IPv4 addresses and ::1 are supported: " + address);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(4);
        for (String part : address.split("\\.", -1)) {
            out.write(Integer.parseInt(part));
        }
        return out.toByteArray();
    }
}
