package io.varve.endpoint.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Set;

class ElementListTest {
    private static final Requester BOB = new Requester("p1", "photos", "u1", "bob", Set.of("ops"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'.r:*'|.r:*",
                "' .r : * , .rlistings '|.r:*,.rlistings",
                "'.referer:*.example.com'|.r:.example.com",
                "'.ref: - .example.com'|.r:-.example.com",
                "'p1:u1,,p2:*'|p1:u1,p2:*",
                "'bob , *:*'|bob,*:*",
                "''|''"
            })
    void cleansAsSwiftDoes(String text, String cleaned) throws Exception {
        assertEquals(cleaned, ElementList.parse(text, false).text());
    }

    @ParameterizedTest
    @CsvSource({"'.r:',false", "'.r:.',false", "'.x:y',false", "'.r:*',true", "'.r:-',false"})
    void refusesWhatIsNoElement(String text, boolean writing) {
        assertThrows(AccessListException.class, () -> ElementList.parse(text, writing));
    }

    @ParameterizedTest
    @CsvSource({
        "p1:u1,true",
        "photos:bob,true",
        "p1:*,true",
        "*:u1,true",
        "*:bob,true",
        "*:*,true",
        "OPS,true",
        "p1,true",
        "p2:*,false",
        "p1:u2,false",
        "bob,false",
        ".r:*,false"
    })
    void namesUsers(String element, boolean named) throws Exception {
        ElementList list = ElementList.parse(element, false);
        assertEquals(named, list.names(BOB));
        assertFalse(list.names(Requester.ANONYMOUS));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                ".r:*|-|true",
                ".r:*|http://any.org/x|true",
                ".r:example.com|http://example.com/x|true",
                ".r:example.com|http://www.example.com/x|false",
                ".r:.example.com|http://www.example.com/x|true",
                ".r:.example.com|http://example.com/x|false",
                ".r:example.com|-|false",
                ".r:*,.r:-bad.org|http://bad.org|false",
                ".r:-bad.org,.r:*|http://bad.org|true",
                ".r:*,.r:-.bad.org|http://www.bad.org|false",
                ".rlistings|-|false",
                ".r:example.com|not a uri|false"
            })
    void admitsReferrersTheLastWordCounting(String acl, String referrer, boolean admitted)
            throws Exception {
        assertEquals(admitted, ElementList.parse(acl, false).admitsReferrer(referrer));
    }

    @Test
    void admitsListingsOnlyWhereItSaysSo() throws Exception {
        assertEquals(true, ElementList.parse(".r:*,.rlistings", false).admitsListings());
        assertEquals(false, ElementList.parse(".r:*", false).admitsListings());
    }
}
