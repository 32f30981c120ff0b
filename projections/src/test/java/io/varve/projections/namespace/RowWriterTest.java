package io.varve.projections.namespace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

final class RowWriterTest {

    @Test
    void losesNothingWhereItGrows() {
        for (int before = 180; before < 200; before++) {
            byte[] filler = new byte[before];
            ByteArrayOutputStream expected = new ByteArrayOutputStream();
            expected.writeBytes(filler);
            expected.write(7);
            expected.writeBytes(new byte[] {0, 0, 0, 1, 0, 0, 0, 2});
            expected.writeBytes("k".repeat(1000).getBytes(StandardCharsets.UTF_8));
            RowWriter row =
                    new RowWriter()
                            .raw(filler)
                            .u8(7)
                            .fixed64(1L << 32 | 2)
                            .raw(new byte[0])
                            .raw("k".repeat(1000).getBytes(StandardCharsets.UTF_8));
            assertArrayEquals(expected.toByteArray(), row.toBytes());
        }
    }
}
