package io.varve.journal.codec;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;

import io.varve.journal.record.AccountChange;
import io.varve.journal.record.BucketChange;
import io.varve.journal.record.Change;
import io.varve.journal.record.Draft;
import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.ObjectChange;
import io.varve.journal.record.RequestId;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.UploadChange;
import io.varve.journal.record.WindowChange;
import io.varve.journal.wire.RecordWire;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Drafts as Protobuf payloads and back. Stateless, safe for use by many threads. The same draft
 * always gives the same bytes. What {@link #encode} accepts, {@link #decode} gives back equal; both
 * refuse the same incomplete changes.
 */
public final class RecordCodec {
    /** The schema this version writes, and the newest it reads. */
    public static final int SCHEMA_VERSION = 1;

    private static final int REQUEST_ID_HIGH_TAG =
            RecordWire.REQUEST_ID_HIGH_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_FIXED64;
    private static final int REQUEST_ID_LOW_TAG =
            RecordWire.REQUEST_ID_LOW_FIELD_NUMBER << 3 | WireFormat.WIRETYPE_FIXED64;

    private RecordCodec() {}

    /**
     * @throws IllegalArgumentException when the change lacks something that it must have
     */
    public static byte[] encode(Draft draft) {
        String problem = ChangeRules.problem(draft.change());
        if (problem != null) {
            throw new IllegalArgumentException("incomplete change: " + problem);
        }
        RecordWire.Builder wire =
                RecordWire.newBuilder()
                        .setSchemaVersion(SCHEMA_VERSION)
                        .setRequestIdHigh(draft.requestId().high())
                        .setRequestIdLow(draft.requestId().low())
                        .setPrincipal(ChangeRules.wellFormed("principal", draft.principal()));
        switch (draft.change()) {
            case AccountChange change -> AccountCodec.encode(change, wire);
            case BucketChange change -> BucketCodec.encode(change, wire);
            case ObjectChange change -> ObjectCodec.encode(change, wire);
            case UploadChange change -> UploadCodec.encode(change, wire);
            case WindowChange change -> WindowCodec.encode(change, wire);
            case IdentityChange change -> IdentityCodec.encode(change, wire);
            case TopologyChange change -> TopologyCodec.encode(change, wire);
        }
        return wire.build().toByteArray();
    }

    /**
     * @throws MalformedRecordException when the bytes are no complete record of a known schema
     */
    public static Draft decode(ByteBuffer payload) {
        RecordWire wire;
        try {
            wire = RecordWire.parseFrom(payload);
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedRecordException(
                    "record is not valid Protobuf: " + e.getMessage(), e);
        }
        if (wire.getSchemaVersion() < 1 || wire.getSchemaVersion() > SCHEMA_VERSION) {
            throw new MalformedRecordException(
                    "record schema is unknown: version=%d, newest known=%d"
                            .formatted(wire.getSchemaVersion(), SCHEMA_VERSION));
        }
        Change change = decodeChange(wire);
        ContentCodec.requireKnown("record", wire);
        String problem = ChangeRules.problem(change);
        if (problem != null) {
            throw new MalformedRecordException("record is incomplete: " + problem);
        }
        return new Draft(
                new RequestId(wire.getRequestIdHigh(), wire.getRequestIdLow()),
                wire.getPrincipal(),
                change);
    }

    /**
     * The request of a record, without the rest of it, which is passed over undecoded.
     *
     * @throws MalformedRecordException when the bytes are no Protobuf message
     */
    public static RequestId requestId(ByteBuffer payload) {
        CodedInputStream in = CodedInputStream.newInstance(payload);
        long high = 0;
        long low = 0;
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                if (tag == REQUEST_ID_HIGH_TAG) {
                    high = in.readFixed64();
                } else if (tag == REQUEST_ID_LOW_TAG) {
                    low = in.readFixed64();
                } else {
                    in.skipField(tag);
                }
            }
        } catch (IOException e) {
            throw new MalformedRecordException(
                    "record is not valid Protobuf: " + e.getMessage(), e);
        }
        return new RequestId(high, low);
    }

    private static Change decodeChange(RecordWire wire) {
        return switch (wire.getChangeCase()) {
            case CREATE_BUCKET -> BucketCodec.decode(wire.getCreateBucket());
            case DELETE_BUCKET -> BucketCodec.decode(wire.getDeleteBucket());
            case SET_VERSIONING -> BucketCodec.decode(wire.getSetVersioning());
            case CHANGE_BUCKET_SETTINGS -> BucketCodec.decode(wire.getChangeBucketSettings());
            case CREATE_SNAPSHOT -> BucketCodec.decode(wire.getCreateSnapshot());
            case REMOVE_SNAPSHOT -> BucketCodec.decode(wire.getRemoveSnapshot());
            case PUT_OBJECT -> ObjectCodec.decode(wire.getPutObject());
            case COPY_OBJECT -> ObjectCodec.decode(wire.getCopyObject());
            case DELETE_OBJECT -> ObjectCodec.decode(wire.getDeleteObject());
            case SET_ATTRIBUTES -> ObjectCodec.decode(wire.getSetAttributes());
            case EXPIRE_OBJECT -> ObjectCodec.decode(wire.getExpireObject());
            case REMOVE_VERSION -> ObjectCodec.decode(wire.getRemoveVersion());
            case RESTORE_VERSION -> ObjectCodec.decode(wire.getRestoreVersion());
            case WITHDRAW_OBJECT -> ObjectCodec.decode(wire.getWithdrawObject());
            case ERASE_HISTORY -> ObjectCodec.decode(wire.getEraseHistory());
            case TRANSITION_VERSION -> ObjectCodec.decode(wire.getTransitionVersion());
            case START_UPLOAD -> UploadCodec.decode(wire.getStartUpload());
            case PUT_PART -> UploadCodec.decode(wire.getPutPart());
            case COMPLETE_UPLOAD -> UploadCodec.decode(wire.getCompleteUpload());
            case ABORT_UPLOAD -> UploadCodec.decode(wire.getAbortUpload());
            case CLOSE_WINDOW -> WindowCodec.decode(wire.getCloseWindow());
            case CONFIRM_DROPPED -> WindowCodec.decode(wire.getConfirmDropped());
            case CHANGE_ACCOUNT_SETTINGS -> AccountCodec.decode(wire.getChangeAccountSettings());
            case PUT_DOMAIN -> IdentityCodec.decode(wire.getPutDomain());
            case PUT_PROJECT -> IdentityCodec.decode(wire.getPutProject());
            case PUT_USER -> IdentityCodec.decode(wire.getPutUser());
            case PUT_ROLE -> IdentityCodec.decode(wire.getPutRole());
            case REMOVE_IDENTITY -> IdentityCodec.decode(wire.getRemoveIdentity());
            case ROLE_GRANT -> IdentityCodec.decode(wire.getRoleGrant());
            case ADD_APPLICATION_CREDENTIAL ->
                    IdentityCodec.decode(wire.getAddApplicationCredential());
            case REMOVE_APPLICATION_CREDENTIAL ->
                    IdentityCodec.decode(wire.getRemoveApplicationCredential());
            case ADD_EC2_CREDENTIAL -> IdentityCodec.decode(wire.getAddEc2Credential());
            case REMOVE_EC2_CREDENTIAL -> IdentityCodec.decode(wire.getRemoveEc2Credential());
            case REVOKE_TOKENS -> IdentityCodec.decode(wire.getRevokeTokens());
            case CHANGE_PLACEMENT_MAP -> TopologyCodec.decode(wire.getChangePlacementMap());
            case PUT_DEVICE -> TopologyCodec.decode(wire.getPutDevice());
            case SET_DEVICE_STATE -> TopologyCodec.decode(wire.getSetDeviceState());
            case REMOVE_DEVICE -> TopologyCodec.decode(wire.getRemoveDevice());
            case PUT_POOL -> TopologyCodec.decode(wire.getPutPool());
            case REMOVE_POOL -> TopologyCodec.decode(wire.getRemovePool());
            case CHANGE_NOT_SET ->
                    throw new MalformedRecordException(
                            "record has no change that this version knows: unknown fields="
                                    + wire.getUnknownFields().asMap().keySet());
        };
    }
}
