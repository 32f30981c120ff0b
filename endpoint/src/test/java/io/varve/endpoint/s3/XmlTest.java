package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Random;

class XmlTest {

    private static XmlCursor open(String document) {
        return XmlCursor.open(document.getBytes(StandardCharsets.UTF_8), "a");
    }

    @Test
    void readsChildrenWithAnyNamespace() {
        XmlCursor xml =
                open(
                        "<?xml version='1.0'?><!-- c --><x:a"
                                + " xmlns:x='urn:x'><x:b>1</x:b><c><d/></c>\n"
                                + "<b>t</b></x:a>");
        assertTrue(xml.nextChild());
        assertEquals("b", xml.name());
        assertEquals(1, xml.integer());
        assertTrue(xml.nextChild());
        xml.skip();
        assertTrue(xml.nextChild());
        assertEquals("t", xml.text());
        assertFalse(xml.nextChild());
    }

    @Test
    void readsTextWithReferencesAndSections() {
        XmlCursor xml = open("\uFEFF<a><b>&lt;&amp;&#65;<![CDATA[<x>]]>&#xD;\u00fc</b></a>");
        assertTrue(xml.nextChild());
        assertEquals("<&A<x>\rü", xml.text());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "<b/>",
                "<a>",
                "<a></b>",
                "<a/><a/>",
                "<a>text</a>",
                "<!DOCTYPE a><a/>",
                "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
                "<a>&x;</a>",
                "<a \u0000/>",
            })
    void refusesWhatIsMalformed(String document) {
        S3Refusal refusal =
                assertThrows(
                        S3Refusal.class,
                        () -> {
                            XmlCursor xml = open(document);
                            while (xml.nextChild()) {
                                xml.skip();
                            }
                        });
        assertEquals(S3Error.MALFORMED_XML, refusal.error());
    }

    @Test
    void refusesWhatIsTooDeep() {
        XmlCursor shallow = open("<a>" + "<b>".repeat(10) + "</b>".repeat(10) + "</a>");
        assertTrue(shallow.nextChild());
        shallow.skip();
        XmlCursor skipped = open("<a>" + "<b>".repeat(20) + "</b>".repeat(20) + "</a>");
        assertTrue(skipped.nextChild());
        assertThrows(S3Refusal.class, skipped::skip);
        XmlCursor read = open("<a>" + "<b>".repeat(20) + "</b>".repeat(20) + "</a>");
        assertThrows(
                S3Refusal.class,
                () -> {
                    while (read.nextChild()) {
                        assertEquals("b", read.name());
                    }
                });
    }

    /** Documents of a client are bytes of anybody's choice. */
    @Test
    void neverFailsButByRefusal() {
        byte[] good =
                ("<?xml version='1.0' encoding='UTF-8'?><a x='1'><b>t&amp;</b>"
                                + "<!--c--><![CDATA[]]><d><e/></d></a>")
                        .getBytes(StandardCharsets.UTF_8);
        for (int seed = 0; seed < 1500; seed++) {
            Random random = new Random(seed);
            byte[] bytes = good.clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                XmlCursor xml = XmlCursor.open(bytes, "a");
                while (xml.nextChild()) {
                    xml.skip();
                }
            } catch (S3Refusal refusal) {
                assertEquals(S3Error.MALFORMED_XML, refusal.error(), "seed " + seed);
            }
        }
    }

    @Test
    void escapesWhatItWrites() {
        String text =
                new String(
                        XmlWriter.plainDocument("a")
                                .element("b", "<&>\"'\r\n\t\u0001\uFFFEü\uD83E\uDD80")
                                .element("n", -5)
                                .element("t", true)
                                .finish(),
                        StandardCharsets.UTF_8);
        assertEquals(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        + "<a><b>&lt;&amp;&gt;&quot;'&#xd;\n\t&#x1;&#xfffe;ü\uD83E\uDD80</b>"
                        + "<n>-5</n><t>true</t></a>",
                text);
    }
}
