package io.varve.endpoint.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;

class AccessListTest {
    private static final Grant PUBLIC_READ = new Grant(Grantee.EVERYONE, Permission.READ);
    private static final Grant BOB_FULL =
            new Grant(new Grantee.Account("bob"), Permission.FULL_CONTROL);
    private static final Requester BOB = new Requester("bob", null, "u", null, Set.of("member"));

    private static ElementList elements(String text) throws AccessListException {
        return ElementList.parse(text, false);
    }

    private static boolean anyone(AccessList list, AccessNeed need) {
        return list.ofBucketAllows(need, Requester.ANONYMOUS, null);
    }

    @Test
    void comesBackAsItWasKept() throws Exception {
        AccessList list =
                new AccessList(
                        List.of(
                                PUBLIC_READ,
                                BOB_FULL,
                                new Grant(Grantee.AUTHENTICATED, Permission.READ_ACP)),
                        elements(".r:*,.rlistings,a b:*"),
                        elements("p:u"));
        assertEquals(list, AccessList.of(Map.of(AccessList.SETTING, list.encode())));
        assertEquals(AccessList.PRIVATE, AccessList.of(Map.of()));
    }

    @Test
    void givesNobodyAnythingByWordsItDoesNotKnow() {
        String text = "grant READ moon\ngrant FLY everyone\nfuture x\ngrant WRITE account c\n";
        assertEquals(
                List.of(new Grant(new Grantee.Account("c"), Permission.WRITE)),
                AccessList.decode(text).grants());
    }

    @Test
    void letsListABucketThatS3MadePublicButReadNoObjectOfIt() {
        AccessList list = AccessList.ofGrants(List.of(PUBLIC_READ));
        assertTrue(anyone(list, AccessNeed.LIST));
        assertFalse(anyone(list, AccessNeed.READ_OBJECT));
        assertFalse(anyone(list, AccessNeed.WRITE_OBJECT));
        assertEquals(".r:*,.rlistings", list.shownAsRead().text());
    }

    @Test
    void letsReadTheObjectsOfAContainerThatSwiftMadePublicButNotListIt() throws Exception {
        AccessList list = AccessList.PRIVATE.withRead(elements(".r:*"));
        assertTrue(anyone(list, AccessNeed.READ_OBJECT));
        assertFalse(anyone(list, AccessNeed.LIST));
        assertEquals(List.of(PUBLIC_READ), list.shownAsGrants());
        assertTrue(anyone(list.withRead(elements(".r:*,.rlistings")), AccessNeed.LIST));
        assertFalse(anyone(AccessList.PRIVATE.withRead(elements(".rlistings")), AccessNeed.LIST));
    }

    @Test
    void showsProjectsOfSwiftAsAccountsOfS3AndTheOtherWayRound() throws Exception {
        AccessList swift =
                AccessList.PRIVATE.withRead(elements("bob:*,x:y")).withWrite(elements("*:*"));
        assertEquals(
                List.of(
                        new Grant(new Grantee.Account("bob"), Permission.READ),
                        new Grant(Grantee.AUTHENTICATED, Permission.WRITE)),
                swift.shownAsGrants());
        AccessList s3 = AccessList.ofGrants(List.of(BOB_FULL));
        assertEquals("bob:*", s3.shownAsRead().text());
        assertEquals("bob:*", s3.shownAsWrite().text());
        assertEquals(
                "",
                AccessList.ofGrants(CannedAccess.PUBLIC_READ_WRITE.grants()).shownAsWrite().text());
    }

    @Test
    void keepsOfSwiftsWordsOnlyWhatS3StatesAgain() throws Exception {
        AccessList swift =
                AccessList.PRIVATE.withRead(elements(".r:*,.rlistings,.r:host,bob:*,x:y"));
        AccessList restated = swift.withGrants(List.of(PUBLIC_READ));
        assertEquals(".r:*,.rlistings", restated.read().text());
        assertEquals(List.of(PUBLIC_READ), restated.grants());
        assertTrue(swift.withGrants(List.of()).isPrivate());
    }

    @Test
    void losesS3sReadersWhenSwiftSaysWhoMayRead() throws Exception {
        AccessList s3 = AccessList.ofGrants(List.of(PUBLIC_READ, BOB_FULL));
        AccessList closed = s3.withRead(ElementList.NONE);
        assertFalse(anyone(closed, AccessNeed.LIST));
        assertFalse(closed.ofBucketAllows(AccessNeed.LIST, BOB, null));
        assertTrue(closed.ofBucketAllows(AccessNeed.WRITE_OBJECT, BOB, null));
        assertTrue(closed.ofBucketAllows(AccessNeed.READ_BUCKET_ACL, BOB, null));
    }

    @Test
    void tellsWhatIsPublic() throws Exception {
        assertTrue(AccessList.ofGrants(List.of(PUBLIC_READ)).isPublic());
        assertTrue(AccessList.PRIVATE.withRead(elements(".r:host")).isPublic());
        assertTrue(AccessList.PRIVATE.withWrite(elements("*:*")).isPublic());
        assertFalse(AccessList.ofGrants(List.of(BOB_FULL)).isPublic());
        assertFalse(AccessList.PRIVATE.withRead(elements("bob:*")).isPublic());
        assertTrue(AccessList.PRIVATE.withRead(elements(".r:*")).withoutPublic().isPrivate());
    }
}
