package io.varve.endpoint.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.varve.devices.HostAddress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DevicePlaceTest {
    @Test
    void namesAHostAndADirectoryOfIt() {
        DevicePlace place = DevicePlace.parse("varve://node1.example.org:9450/ssd/d0");
        assertEquals(new HostAddress("node1.example.org", 9450), place.host());
        assertEquals("ssd/d0", place.directory());
        assertEquals("varve://node1.example.org:9450/ssd/d0", place.toString());
    }

    @Test
    void takesAnAddressOfSixteenBytesInBrackets() {
        DevicePlace place = DevicePlace.parse("varve://[fd00::1]:9450/d0");
        assertEquals(new HostAddress("fd00::1", 9450), place.host());
        assertEquals("varve://[fd00::1]:9450/d0", place.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "devices/host0/ssd",
                "/mnt/a",
                "varve://node1/d0",
                "varve://node1:9450/",
                "varve://node1:0/d0",
                "varve://node1:65536/d0",
                "varve://:9450/d0"
            })
    void takesWhateverElseForADirectory(String text) {
        DevicePlace place = DevicePlace.parse(text);
        assertNull(place.host());
        assertEquals(text, place.directory());
    }
}
