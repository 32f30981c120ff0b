package io.varve.endpoint.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An identity in two PEM files: the certificate chain, and the key as PKCS#8, PKCS#1 (RSA) or SEC 1
 * (EC), not encrypted.
 */
final class PemFiles {
    private static final Pattern BLOCK =
            Pattern.compile(
                    "-----BEGIN ([A-Z0-9 ]+)-----\\s*([A-Za-z0-9+/=\\s]*?)\\s*-----END \\1-----");
    private static final String RSA_ENCRYPTION = "1.2.840.113549.1.1.1";

    private PemFiles() {}

    static Identity read(Path certificateFile, Path keyFile) {
        List<X509Certificate> chain = chain(certificateFile);
        PublicKey publicKey = chain.getFirst().getPublicKey();
        PrivateKey key = key(keyFile, publicKey);
        Identity identity = new Identity(key, chain);
        if (!text(keyFile).contains(pairLine(identity)) && !belongTogether(key, publicKey)) {
            throw new TlsException(
                    "the key in "
                            + keyFile
                            + " is not that of the certificate in "
                            + certificateFile);
        }
        return identity;
    }

    /**
     * A key file that also tells which certificate it was written for. Whoever reads both needs no
     * signature then to find that they belong together, which is a tenth of a start's work.
     */
    static String keyText(Identity identity) {
        return pem("PRIVATE KEY", identity.key().getEncoded()) + pairLine(identity);
    }

    /** A hash of both, so that damage to either is noticed too. */
    private static String pairLine(Identity identity) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(identity.key().getEncoded());
            digest.update(identity.certificate().getEncoded());
            return "varve-pair: " + HexFormat.of().formatHex(digest.digest()) + "\n";
        } catch (GeneralSecurityException e) {
            throw new TlsException("bad certificate: " + e.getMessage(), e);
        }
    }

    static List<X509Certificate> chain(Path file) {
        List<X509Certificate> chain = new ArrayList<>();
        for (Block block : blocks(file)) {
            if (!block.type().equals("CERTIFICATE")) {
                continue;
            }
            try {
                chain.add(
                        (X509Certificate)
                                CertificateFactory.getInstance("X.509")
                                        .generateCertificate(
                                                new ByteArrayInputStream(block.bytes())));
            } catch (GeneralSecurityException e) {
                throw new TlsException("bad certificate in " + file + ": " + e.getMessage(), e);
            }
        }
        if (chain.isEmpty()) {
            throw new TlsException("no certificate (PEM) in " + file);
        }
        return List.copyOf(chain);
    }

    private static PrivateKey key(Path file, PublicKey publicKey) {
        for (Block block : blocks(file)) {
            byte[] pkcs8 =
                    switch (block.type()) {
                        case "PRIVATE KEY" -> block.bytes();
                        case "RSA PRIVATE KEY" -> pkcs8OfPkcs1(block.bytes());
                        case "EC PRIVATE KEY" -> wrap(ecAlgorithm(publicKey), block.bytes());
                        case "ENCRYPTED PRIVATE KEY" ->
                                throw new TlsException("the key in " + file + " is encrypted");
                        default -> new byte[0];
                    };
            if (pkcs8.length > 0) {
                return decode(file, pkcs8, publicKey.getAlgorithm());
            }
        }
        throw new TlsException("no private key (PEM) in " + file);
    }

    private static PrivateKey decode(Path file, byte[] pkcs8, String algorithm) {
        try {
            return KeyFactory.getInstance(algorithm)
                    .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new TlsException(
                    "bad %s key in %s: %s".formatted(algorithm, file, e.getMessage()), e);
        }
    }

    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return Der.sequence(Der.integer(0), algorithm, Der.octets(key));
    }

    static byte[] pkcs8OfPkcs1(byte[] pkcs1) {
        // NULL parameters, as RFC 3279 has it.
        return wrap(Der.sequence(Der.oid(RSA_ENCRYPTION), new byte[] {5, 0}), pkcs1);
    }

    /**
     * The certificate's own algorithm identifier, curve included (SEC 1 keys may leave it out): the
     * first element inside its SubjectPublicKeyInfo.
     */
    private static byte[] ecAlgorithm(PublicKey publicKey) {
        if (!publicKey.getAlgorithm().equals("EC")) {
            throw new TlsException("an EC key, but the certificate is " + publicKey.getAlgorithm());
        }
        byte[] info = publicKey.getEncoded();
        int start = info[1] >= 0 ? 2 : 2 + (info[1] & 0x7F);
        return Arrays.copyOfRange(info, start, start + 2 + info[start + 1]);
    }

    private static boolean belongTogether(PrivateKey key, PublicKey publicKey) {
        String algorithm =
                switch (publicKey.getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> publicKey.getAlgorithm();
                };
        try {
            byte[] probe = {1, 2, 3};
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(probe);
            byte[] signed = signature.sign();
            signature.initVerify(publicKey);
            signature.update(probe);
            return signature.verify(signed);
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    private record Block(String type, byte[] bytes) {}

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new TlsException(file + " does not exist", e);
        } catch (IOException e) {
            throw new TlsException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static List<Block> blocks(Path file) {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(text(file));
        while (matcher.find()) {
            byte[] bytes = Base64.getMimeDecoder().decode(matcher.group(2));
            blocks.add(new Block(matcher.group(1), bytes));
        }
        return blocks;
    }

    static String pem(String type, byte[] bytes) {
        Base64.Encoder encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(type, encoder.encodeToString(bytes), type);
    }
}
