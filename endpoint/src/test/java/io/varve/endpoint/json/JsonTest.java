package io.varve.endpoint.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

final class JsonTest {

    @Test
    void givesBackWhatItWrote() throws JsonException {
        byte[] document =
                Json.write(Json.object().put("größe", 3).set("list", Json.array().add("a")));
        assertEquals(
                "{\"größe\":3,\"list\":[\"a\"]}", new String(document, StandardCharsets.UTF_8));
        assertEquals("a", Json.read(document).path("list").path(0).asText());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "{",
                "{\"a\":1}x",
                "{\"a\":1} {\"b\":2}",
                "{\"a\":1,\"a\":2}",
                "{'a':1}",
                "[1,]",
                "NaN"
            })
    void refusesWhatIsNotOneDocument(String text) {
        assertThrows(JsonException.class, () -> Json.read(text));
    }

    @Test
    void refusesBytesThatAreNotUtf8() {
        byte[] document = {'"', (byte) 0xC3, (byte) 0x28, '"'};
        assertThrows(JsonException.class, () -> Json.read(document));
    }

    @Test
    void refusesNestingBeyondTheLimit() throws JsonException {
        int deep = Json.MAX_DEPTH;
        Json.read("[".repeat(deep) + "]".repeat(deep));
        assertThrows(
                JsonException.class, () -> Json.read("[".repeat(deep + 1) + "]".repeat(deep + 1)));
    }
}
