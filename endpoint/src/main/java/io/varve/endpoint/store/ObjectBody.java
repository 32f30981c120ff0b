package io.varve.endpoint.store;

import io.varve.journal.record.Checksum;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * The bytes of an object on their way in, together with what the client claims of them.
 *
 * <p>The stream verifies: at its end it has checked every digest, length and signature that the
 * client sent, and throws (an {@link IOException} or a front end's own unchecked error) instead of
 * returning -1 when one does not match. So a store that has seen the end has seen the right bytes,
 * and one that has not must keep nothing.
 */
public interface ObjectBody {

    InputStream stream();

    /**
     * How many bytes will come, as far as the client said; -1 when unknown. A hint: the stream
     * enforces it.
     */
    long lengthBytes();

    /**
     * The checksums to keep with the object. Known only after the stream has ended (they may trail
     * the body).
     */
    List<Checksum> checksums();

    /**
     * Compares the content's MD5, which the store computes anyway for the ETag, with what the
     * client said it is. The store calls this once, after the end of the stream and before it
     * commits; when it throws, the body has failed.
     *
     * @param md5 the 16 bytes of the digest
     */
    default void verifyMd5(byte[] md5) throws IOException {}
}
