package io.varve.journal.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;

import io.varve.journal.ChangeGenerator;
import io.varve.journal.record.AccountChange;
import io.varve.journal.record.Attributes;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Draft;
import io.varve.journal.record.RequestId;
import io.varve.journal.wire.AttributeWire;
import io.varve.journal.wire.AttributesWire;
import io.varve.journal.wire.ChangeBucketSettingsWire;
import io.varve.journal.wire.CreateBucketWire;
import io.varve.journal.wire.RecordWire;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Settings of buckets, accounts and objects on the wire. */
class SettingsCodecTest {
    private static Draft decode(RecordWire.Builder wire) {
        byte[] bytes = wire.setSchemaVersion(RecordCodec.SCHEMA_VERSION).build().toByteArray();
        return RecordCodec.decode(ByteBuffer.wrap(bytes));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 12, 13, 14, 15})
    void givesBackWhatWasEncoded(int type) {
        ChangeGenerator generator = new ChangeGenerator(type);
        for (int i = 0; i < 200; i++) {
            Draft draft = generator.draft(generator.change(type));
            byte[] bytes = RecordCodec.encode(draft);
            assertEquals(draft, RecordCodec.decode(ByteBuffer.wrap(bytes)));
        }
    }

    @Test
    void readsAttributesAndBucketsThatWereWrittenWithoutSettings() throws Exception {
        byte[] attributes = HexFormat.of().parseHex("0a060a01611201621206" + "0a0163120164");
        assertEquals(
                new Attributes(new TreeMap<>(Map.of("a", "b")), new TreeMap<>(Map.of("c", "d"))),
                ContentCodec.decode(AttributesWire.parseFrom(attributes)));
        RecordWire.Builder wire =
                RecordWire.newBuilder()
                        .setCreateBucket(
                                CreateBucketWire.newBuilder().setName("b").setOwner("alice"));
        assertEquals(new BucketChange.CreateBucket("b", "alice"), decode(wire).change());
    }

    @Test
    void refusesNamesOutOfOrder() {
        AttributeWire b = AttributeWire.newBuilder().setName("b").build();
        AttributeWire a = AttributeWire.newBuilder().setName("a").build();
        var set = ChangeBucketSettingsWire.newBuilder().setBucketId(1).addSet(b).addSet(a);
        assertThrows(
                MalformedRecordException.class,
                () -> decode(RecordWire.newBuilder().setChangeBucketSettings(set)));
        var removed = ChangeBucketSettingsWire.newBuilder().setBucketId(1);
        removed.addRemovedBytes(ByteString.copyFromUtf8("b"));
        removed.addRemovedBytes(ByteString.copyFromUtf8("a"));
        assertThrows(
                MalformedRecordException.class,
                () -> decode(RecordWire.newBuilder().setChangeBucketSettings(removed)));
    }

    @Test
    void refusesASettingWithoutName() {
        var change =
                new AccountChange.ChangeAccountSettings(
                        "alice", new TreeMap<>(Map.of("", "x")), new TreeSet<>());
        Draft draft = new Draft(new RequestId(1, 2), "alice", change);
        assertThrows(IllegalArgumentException.class, () -> RecordCodec.encode(draft));
    }
}
