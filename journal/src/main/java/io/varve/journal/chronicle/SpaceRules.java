package io.varve.journal.chronicle;

import io.varve.journal.record.AccountChange.ChangeAccountSettings;
import io.varve.journal.record.BucketChange.ChangeBucketSettings;
import io.varve.journal.record.BucketChange.CreateBucket;
import io.varve.journal.record.BucketChange.CreateSnapshot;
import io.varve.journal.record.BucketChange.DeleteBucket;
import io.varve.journal.record.BucketChange.RemoveSnapshot;
import io.varve.journal.record.BucketChange.SetVersioning;
import io.varve.journal.record.Change;
import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.IdentityChange.AddApplicationCredential;
import io.varve.journal.record.IdentityChange.AddEc2Credential;
import io.varve.journal.record.IdentityChange.GrantRole;
import io.varve.journal.record.IdentityChange.PutDomain;
import io.varve.journal.record.IdentityChange.PutProject;
import io.varve.journal.record.IdentityChange.PutRole;
import io.varve.journal.record.IdentityChange.PutUser;
import io.varve.journal.record.IdentityChange.Remove;
import io.varve.journal.record.IdentityChange.RemoveApplicationCredential;
import io.varve.journal.record.IdentityChange.RemoveEc2Credential;
import io.varve.journal.record.IdentityChange.RevokeTokens;
import io.varve.journal.record.IdentityChange.WithdrawRole;
import io.varve.journal.record.ObjectChange.CopyObject;
import io.varve.journal.record.ObjectChange.DeleteObject;
import io.varve.journal.record.ObjectChange.EraseHistory;
import io.varve.journal.record.ObjectChange.ExpireObject;
import io.varve.journal.record.ObjectChange.PutObject;
import io.varve.journal.record.ObjectChange.RemoveVersion;
import io.varve.journal.record.ObjectChange.RestoreVersion;
import io.varve.journal.record.ObjectChange.SetAttributes;
import io.varve.journal.record.ObjectChange.TransitionVersion;
import io.varve.journal.record.ObjectChange.WithdrawObject;
import io.varve.journal.record.TopologyChange;
import io.varve.journal.record.TopologyChange.ChangePlacementMap;
import io.varve.journal.record.TopologyChange.PutDevice;
import io.varve.journal.record.TopologyChange.PutPool;
import io.varve.journal.record.TopologyChange.RemoveDevice;
import io.varve.journal.record.TopologyChange.RemovePool;
import io.varve.journal.record.TopologyChange.SetDeviceState;
import io.varve.journal.record.UploadChange.AbortUpload;
import io.varve.journal.record.UploadChange.CompleteUpload;
import io.varve.journal.record.UploadChange.PutPart;
import io.varve.journal.record.UploadChange.StartUpload;
import io.varve.journal.record.WindowChange;

/** Which changes may use the last of the space: those that can lead to there being more. */
final class SpaceRules {
    private SpaceRules() {}

    static boolean freesSpace(Change change) {
        return switch (change) {
            case DeleteBucket _, DeleteObject _, ExpireObject _ -> true;
            case RemoveVersion _, WithdrawObject _, EraseHistory _ -> true;
            case AbortUpload _, WindowChange _ -> true;
            case RemoveSnapshot _ -> true;
            case CreateSnapshot _ -> false;
            case CreateBucket _, SetVersioning _, PutObject _, CopyObject _ -> false;
            case ChangeBucketSettings _, ChangeAccountSettings _, SetAttributes _ -> false;
            case RestoreVersion _, TransitionVersion _ -> false;
            case StartUpload _, PutPart _, CompleteUpload _ -> false;
            case IdentityChange identity -> takesAccessAway(identity);
            case TopologyChange topology -> mendsStorage(topology);
        };
    }

    /** Frees nothing, but whoever must be locked out must be so on a full site too. */
    private static boolean takesAccessAway(IdentityChange change) {
        return switch (change) {
            case Remove _, WithdrawRole _, RevokeTokens _ -> true;
            case RemoveApplicationCredential _, RemoveEc2Credential _ -> true;
            case PutDomain _, PutProject _, PutUser _, PutRole _, GrantRole _ -> false;
            case AddApplicationCredential _, AddEc2Credential _ -> false;
        };
    }

    /**
     * A device that fails must be replaced on a full site too, and more devices may be its cure.
     */
    private static boolean mendsStorage(TopologyChange change) {
        return switch (change) {
            case ChangePlacementMap _, PutDevice _, SetDeviceState _, RemoveDevice _ -> true;
            case RemovePool _ -> true;
            case PutPool _ -> false;
        };
    }
}
