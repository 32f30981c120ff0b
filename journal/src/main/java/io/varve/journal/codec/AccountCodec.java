package io.varve.journal.codec;

import io.varve.journal.record.AccountChange;
import io.varve.journal.record.AccountChange.ChangeAccountSettings;
import io.varve.journal.wire.ChangeAccountSettingsWire;
import io.varve.journal.wire.RecordWire;

/** Account changes: {@code account.proto}. */
final class AccountCodec {
    private AccountCodec() {}

    static void encode(AccountChange change, RecordWire.Builder wire) {
        switch (change) {
            case ChangeAccountSettings c ->
                    wire.setChangeAccountSettings(
                            ChangeAccountSettingsWire.newBuilder()
                                    .setAccount(c.account())
                                    .addAllSet(ContentCodec.encode(c.set()))
                                    .addAllRemoved(c.removed()));
        }
    }

    static ChangeAccountSettings decode(ChangeAccountSettingsWire wire) {
        ContentCodec.requireKnown("change account settings", wire);
        return new ChangeAccountSettings(
                wire.getAccount(),
                ContentCodec.decodeEntries(wire.getSetList()),
                ContentCodec.decodeNames(wire.getRemovedList()));
    }
}
