package io.varve.projections.namespace;

import io.varve.projections.ViewBatch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The accounts. Those in use are kept in memory, and their rows are written once per batch.
 * Single-threaded: owned by the fold.
 */
final class AccountTable {
    private final ViewBatch batch;
    private final Map<String, AccountState> kept = new HashMap<>();
    private final Map<String, AccountState> changed = new LinkedHashMap<>();

    AccountTable(ViewBatch batch) {
        this.batch = batch;
    }

    AccountState find(String name) {
        return kept.computeIfAbsent(name, n -> new AccountState(AccountRow.read(batch, n)));
    }

    /** As {@link #find}, for an account that the caller is about to change. */
    AccountState change(String name) {
        AccountState state = find(name);
        changed.put(name, state);
        return state;
    }

    /** Writes the rows of the accounts that have changed since the last call. */
    List<Account> settle() {
        List<Account> accounts = new ArrayList<>(changed.size());
        for (AccountState state : changed.values()) {
            Account account = state.toAccount();
            byte[] key = NamespaceKeys.account(account.name());
            if (account.isEmpty()) {
                batch.delete(key);
            } else {
                batch.put(key, AccountRow.encode(account));
            }
            accounts.add(account);
        }
        changed.clear();
        return accounts;
    }

    int keptCount() {
        return kept.size();
    }

    /** Only after {@link #settle}, and with all that holds on to a state. */
    void forgetKept() {
        kept.clear();
    }
}
