package io.varve.endpoint.tls;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/**
 * The certificate and key of the HTTPS listeners. {@link #sslContext} stays the same while what it
 * presents follows the files: connections that are open go on, new ones get the new certificate.
 *
 * <p>{@link #refresh} is called by one thread from time to time; the rest is safe for use by many.
 */
public final class TlsIdentity {
    private static final System.Logger LOG = System.getLogger(TlsIdentity.class.getName());
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);

    private final Path certificateFile;
    private final Path keyFile;
    private final List<String> generatedFor;
    private final Clock clock;
    private final CurrentIdentity keyManager;
    private final SSLContext context;
    private Stamp stamp;

    private TlsIdentity(
            Path certificateFile,
            Path keyFile,
            List<String> generatedFor,
            Clock clock,
            Identity identity) {
        this.certificateFile = certificateFile;
        this.keyFile = keyFile;
        this.generatedFor = generatedFor;
        this.clock = clock;
        this.keyManager = new CurrentIdentity(identity);
        this.context = context(keyManager);
        this.stamp = Stamp.of(certificateFile, keyFile);
    }

    /**
     * The operator's own files.
     *
     * @throws TlsException when they cannot be used
     */
    public static TlsIdentity configured(Path certificateFile, Path keyFile, Clock clock) {
        Identity identity = PemFiles.read(certificateFile, keyFile);
        warnWhenExpired(identity, certificateFile, clock);
        return new TlsIdentity(certificateFile, keyFile, List.of(), clock, identity);
    }

    /**
     * A certificate of our own, kept in the directory. Made anew when there is none, when it is
     * about to expire, or when it lacks one of the required names.
     *
     * @param required names and addresses it must be good for
     * @param wished further ones for when it is made
     */
    public static TlsIdentity generated(
            Path directory, List<String> required, List<String> wished, Clock clock) {
        Path certificateFile = directory.resolve("certificate.pem");
        Path keyFile = directory.resolve("key.pem");
        Set<String> names = new LinkedHashSet<>(required);
        names.addAll(wished);
        List<String> all = List.copyOf(names);
        Identity identity = kept(certificateFile, keyFile, required, clock.instant());
        if (identity == null) {
            identity = generate(certificateFile, keyFile, all, clock.instant());
        }
        return new TlsIdentity(certificateFile, keyFile, all, clock, identity);
    }

    /** For listeners; presents the current certificate to each new connection. */
    public SSLContext sslContext() {
        return context;
    }

    /** The certificate that new connections get now. */
    public X509Certificate certificate() {
        return keyManager.identity().certificate();
    }

    public Path certificateFile() {
        return certificateFile;
    }

    /**
     * Takes what has changed since the last call: new files, or for a generated certificate the
     * need of a new one. Files that cannot be used (one is replaced and the other not yet) leave
     * the current certificate in place.
     *
     * @return whether new connections get another certificate than before
     */
    public boolean refresh() {
        Stamp now = Stamp.of(certificateFile, keyFile);
        boolean expiring = !generatedFor.isEmpty() && expiresSoon(certificate(), clock.instant());
        if (now.equals(stamp) && !expiring) {
            return false;
        }
        try {
            Identity next =
                    expiring
                            ? generate(certificateFile, keyFile, generatedFor, clock.instant())
                            : PemFiles.read(certificateFile, keyFile);
            keyManager.replace(next);
            stamp = Stamp.of(certificateFile, keyFile);
            LOG.log(Level.INFO, "now presenting the certificate in " + certificateFile);
            return true;
        } catch (TlsException e) {
            LOG.log(Level.WARNING, "keeping the certificate in use: " + e.getMessage());
            stamp = now;
            return false;
        }
    }

    private static SSLContext context(KeyManager keyManager) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keyManager}, null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new TlsException("this Java runtime has no TLS: " + e.getMessage(), e);
        }
    }

    private static @Nullable Identity kept(
            Path certificateFile, Path keyFile, List<String> required, Instant now) {
        if (!Files.exists(certificateFile) || !Files.exists(keyFile)) {
            return null;
        }
        Identity identity;
        try {
            identity = PemFiles.read(certificateFile, keyFile);
        } catch (TlsException e) {
            LOG.log(Level.WARNING, "making a new certificate: " + e.getMessage());
            return null;
        }
        boolean good =
                !expiresSoon(identity.certificate(), now)
                        && names(identity.certificate()).containsAll(lowerCase(required));
        return good ? identity : null;
    }

    private static Set<String> lowerCase(List<String> names) {
        Set<String> lower = new HashSet<>();
        names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
        return lower;
    }

    /** Its alternative names, in lower case; addresses as Java writes them. */
    static Set<String> names(X509Certificate certificate) {
        Set<String> names = new HashSet<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            for (List<?> name : all == null ? List.<List<?>>of() : all) {
                String text = String.valueOf(name.get(1)).toLowerCase(Locale.ROOT);
                names.add(text.equals("0:0:0:0:0:0:0:1") ? "::1" : text);
            }
        } catch (CertificateParsingException e) {
            throw new TlsException("bad names in a certificate: " + e.getMessage(), e);
        }
        return names;
    }

    private static boolean expiresSoon(X509Certificate certificate, Instant now) {
        return certificate.getNotAfter().toInstant().isBefore(now.plus(RENEW_BEFORE));
    }

    private static void warnWhenExpired(Identity identity, Path file, Clock clock) {
        Instant notAfter = identity.certificate().getNotAfter().toInstant();
        if (notAfter.isBefore(clock.instant())) {
            LOG.log(Level.WARNING, "the certificate in " + file + " has expired on " + notAfter);
        }
    }

    /** The key first: a certificate without its key is noticed and made anew. */
    private static Identity generate(
            Path certificateFile, Path keyFile, List<String> names, Instant now) {
        Identity identity = SelfSigned.create(names, now);
        try {
            PrivateFile.write(keyFile, PemFiles.keyText(identity));
            PrivateFile.write(
                    certificateFile,
                    PemFiles.pem("CERTIFICATE", identity.certificate().getEncoded()));
        } catch (IOException | GeneralSecurityException e) {
            throw new TlsException("cannot keep a certificate: " + e.getMessage(), e);
        }
        return identity;
    }

    /** What tells changed files from unchanged ones. */
    private record Stamp(FileTime certificateTime, long certificateSize, FileTime keyTime) {
        private static final FileTime ABSENT = FileTime.fromMillis(0);

        static Stamp of(Path certificateFile, Path keyFile) {
            try {
                return new Stamp(
                        Files.getLastModifiedTime(certificateFile),
                        Files.size(certificateFile),
                        Files.getLastModifiedTime(keyFile));
            } catch (IOException _) {
                return new Stamp(ABSENT, 0, ABSENT);
            }
        }
    }
}
