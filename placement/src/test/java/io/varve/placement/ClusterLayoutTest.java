package io.varve.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ClusterLayoutTest {
    @Test
    void laysOutTheEmbeddedClusterAsText() {
        ClusterLayout layout = new ClusterLayout();
        String[] classes = {"hdd", "ssd", "nvme"};
        for (int host = 0; host < 2; host++) {
            for (int i = 0; i < 3; i++) {
                int id = host * 3 + i;
                CrushDevice device = new CrushDevice(id, "device-" + id, classes[i]);
                layout.device(device, Weight.ONE, "host-" + host, "rack-0");
            }
        }
        CrushMap map = layout.build();
        assertEquals(Tunables.JEWEL, map.tunables());
        String text = CrushText.write(map).replaceAll("\\s*#.*", "").replace("\t", "  ");
        assertEquals(EXPECTED, text.substring(text.indexOf("host host-0")).stripTrailing() + "\n");
    }

    @Test
    void aHostStandsInOnePlace() {
        ClusterLayout layout = new ClusterLayout();
        layout.device(new CrushDevice(0, "a", null), Weight.ONE, "h", "r0");
        CrushDevice second = new CrushDevice(1, "b", null);
        assertThrows(CrushMapException.class, () -> layout.device(second, Weight.ONE, "h", "r1"));
    }

    private static final String EXPECTED =
            """
            host host-0 {
              id -3
              id -5 class hdd
              id -9 class ssd
              id -13 class nvme
              alg straw2
              hash 0
              item device-0 weight 1.000
              item device-1 weight 1.000
              item device-2 weight 1.000
            }
            host host-1 {
              id -4
              id -6 class hdd
              id -10 class ssd
              id -14 class nvme
              alg straw2
              hash 0
              item device-3 weight 1.000
              item device-4 weight 1.000
              item device-5 weight 1.000
            }
            rack rack-0 {
              id -2
              id -7 class hdd
              id -11 class ssd
              id -15 class nvme
              alg straw2
              hash 0
              item host-0 weight 3.000
              item host-1 weight 3.000
            }
            root default {
              id -1
              id -8 class hdd
              id -12 class ssd
              id -16 class nvme
              alg straw2
              hash 0
              item rack-0 weight 6.000
            }
            rule copies_over_hosts {
              id 0
              type replicated
              min_size 1
              max_size 10
              step take default
              step chooseleaf firstn 0 type host
              step emit
            }
            """;
}
