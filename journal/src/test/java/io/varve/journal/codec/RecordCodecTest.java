package io.varve.journal.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;

import io.varve.journal.ChangeGenerator;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BlobRef;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Change;
import io.varve.journal.record.Checksum;
import io.varve.journal.record.ChecksumAlgorithm;
import io.varve.journal.record.ChecksumType;
import io.varve.journal.record.Draft;
import io.varve.journal.record.Manifest;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.Precondition;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.UploadChange;
import io.varve.journal.wire.PutObjectWire;
import io.varve.journal.wire.RecordWire;
import io.varve.journal.wire.SetVersioningWire;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

class RecordCodecTest {
    private static final RequestId REQUEST = new RequestId(0x0102030405060708L, -2);

    private static Draft decode(byte[] bytes) {
        return RecordCodec.decode(ByteBuffer.wrap(bytes));
    }

    private static byte[] encode(Change change) {
        return RecordCodec.encode(new Draft(REQUEST, "alice", change));
    }

    private static RecordWire wireOf(Change change) {
        try {
            return RecordWire.parseFrom(encode(change));
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void givesBackEqualWhateverIsComplete() {
        Set<Class<?>> types = new HashSet<>();
        for (long seed = 0; seed < 200; seed++) {
            ChangeGenerator changes = new ChangeGenerator(seed);
            for (int type = 0; type < ChangeGenerator.TYPES; type++) {
                Draft draft = changes.draft(changes.change(type));
                types.add(draft.change().getClass());
                byte[] bytes = RecordCodec.encode(draft);
                assertEquals(draft, decode(bytes), "seed=" + seed);
                assertEquals(draft.requestId(), RecordCodec.requestId(ByteBuffer.wrap(bytes)));
                assertArrayEquals(bytes, RecordCodec.encode(decode(bytes)), "seed=" + seed);
            }
        }
        assertEquals(leaves(Change.class), types, "the generator makes every type of change");
    }

    private static Set<Class<?>> leaves(Class<?> type) {
        Set<Class<?>> leaves = new HashSet<>();
        if (type.isSealed()) {
            for (Class<?> permitted : type.getPermittedSubclasses()) {
                leaves.addAll(leaves(permitted));
            }
        } else {
            leaves.add(type);
        }
        return leaves;
    }

    /** The bytes that are on disks already. A change here is a change of the format. */
    @Test
    void writesTheBytesOfSchemaOne() {
        assertEquals(
                "0801110807060504030201"
                        + "19feffffffffffffff2205616c696365820110"
                        + "0a06627563"
                        + "6b6574"
                        + "1206746573746572",
                HexFormat.of()
                        .formatHex(encode(new BucketChange.CreateBucket("bucket", "tester"))));

        TreeMap<String, String> headers = new TreeMap<>();
        headers.put("content-type", "text/plain");
        TreeMap<String, String> metadata = new TreeMap<>();
        metadata.put("colour", "grün");
        ObjectChange.PutObject put =
                new ObjectChange.PutObject(
                        300,
                        "a/b",
                        "d41d8cd98f00b204e9800998ecf8427e",
                        new Manifest(2, List.of(new BlobRef(1, 2, 4096, 0xCAFEBABE))),
                        new Attributes(headers, metadata),
                        List.of(
                                new Checksum(
                                        ChecksumAlgorithm.CRC32C,
                                        ChecksumType.FULL_OBJECT,
                                        "AAAAAA==")),
                        new Precondition.IfAbsent());
        assertEquals(
                "080111080706050403020119feffffffffffffff2205616c69636582028d0108ac021203612f62"
                    + "1a206434316438636439386630306232303465393830303939386563663834323765221e0802"
                    + "121a09010000000000000011020000000000000018802025bebafeca"
                    + "2a2d0a1a0a0c636f6e74656e742d74797065120a746578742f706c61696e"
                    + "120f0a06636f6c6f757212056772c3bc6e320e080210011a084141414141413d3d3a020801",
                HexFormat.of().formatHex(encode(put)));
    }

    @Test
    void refusesAnUnknownTypeOfChange() {
        RecordWire unknown =
                wireOf(new BucketChange.DeleteBucket(7)).toBuilder()
                        .clearChange()
                        .setUnknownFields(
                                UnknownFieldSet.newBuilder()
                                        .addField(
                                                99,
                                                UnknownFieldSet.Field.newBuilder()
                                                        .addLengthDelimited(ByteString.EMPTY)
                                                        .build())
                                        .build())
                        .build();
        MalformedRecordException refused =
                assertThrows(MalformedRecordException.class, () -> decode(unknown.toByteArray()));
        assertTrue(String.valueOf(refused.getMessage()).contains("99"), refused.getMessage());
    }

    @Test
    void refusesAFieldItDoesNotKnowAnywhereInARecord() {
        UnknownFieldSet extra =
                UnknownFieldSet.newBuilder()
                        .addField(1000, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build();
        RecordWire known =
                wireOf(
                        new ObjectChange.DeleteObject(
                                1, "key", null, new Precondition.IfMatch("*")));
        RecordWire inRecord = known.toBuilder().setUnknownFields(extra).build();
        RecordWire inChange =
                known.toBuilder()
                        .setDeleteObject(
                                known.getDeleteObject().toBuilder().setUnknownFields(extra))
                        .build();
        RecordWire inCondition =
                known.toBuilder()
                        .setDeleteObject(
                                known.getDeleteObject().toBuilder()
                                        .setCondition(
                                                known.getDeleteObject().getCondition().toBuilder()
                                                        .setUnknownFields(extra)))
                        .build();
        for (RecordWire wire : List.of(inRecord, inChange, inCondition)) {
            assertThrows(MalformedRecordException.class, () -> decode(wire.toByteArray()));
        }
    }

    @Test
    void refusesANewerSchema() {
        byte[] newer =
                wireOf(new BucketChange.DeleteBucket(7)).toBuilder()
                        .setSchemaVersion(RecordCodec.SCHEMA_VERSION + 1)
                        .build()
                        .toByteArray();
        MalformedRecordException refused =
                assertThrows(MalformedRecordException.class, () -> decode(newer));
        assertTrue(String.valueOf(refused.getMessage()).contains("schema"), refused.getMessage());
    }

    @Test
    void refusesARecordThatLacksARequiredField() {
        RecordWire put =
                wireOf(
                        new ObjectChange.PutObject(
                                1,
                                "key",
                                "etag",
                                Manifest.EMPTY,
                                Attributes.NONE,
                                List.of(),
                                Precondition.NONE));
        PutObjectWire whole = put.getPutObject();
        for (PutObjectWire partial :
                List.of(
                        whole.toBuilder().clearBucketId().build(),
                        whole.toBuilder().clearKey().build(),
                        whole.toBuilder().clearEtag().build(),
                        whole.toBuilder().clearManifest().build(),
                        whole.toBuilder().clearAttributes().build())) {
            byte[] bytes = put.toBuilder().setPutObject(partial).build().toByteArray();
            MalformedRecordException refused =
                    assertThrows(MalformedRecordException.class, () -> decode(bytes));
            assertTrue(
                    String.valueOf(refused.getMessage()).contains("incomplete"),
                    refused.getMessage());
        }
        byte[] unspecified =
                put.toBuilder()
                        .setSetVersioning(SetVersioningWire.newBuilder().setBucketId(1))
                        .build()
                        .toByteArray();
        assertThrows(MalformedRecordException.class, () -> decode(unspecified));
    }

    @Test
    void refusesBytesThatAreNoMessage() {
        assertThrows(MalformedRecordException.class, () -> decode(new byte[] {(byte) 0xFF, 1, 2}));
        assertThrows(MalformedRecordException.class, () -> decode(new byte[0]));
    }

    @Test
    void refusesToWriteWhatItWouldNotRead() {
        assertThrows(
                IllegalArgumentException.class, () -> encode(new BucketChange.DeleteBucket(0)));
        assertThrows(
                IllegalArgumentException.class,
                () -> encode(new UploadChange.AbortUpload(1, "", 1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> encode(new UploadChange.AbortUpload(1, "half a pair: \uD83D", 1)));
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        encode(
                                new UploadChange.StartUpload(
                                        1, "key", Attributes.NONE, ChecksumAlgorithm.CRC32, null)));
    }
}
