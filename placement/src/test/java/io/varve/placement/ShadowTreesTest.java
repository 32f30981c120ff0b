package io.varve.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Map;

class ShadowTreesTest {
    private static final String HEAD =
            """
            device 0 osd.0 class hdd
            device 1 osd.1
            device 2 osd.2 class ssd
            type 0 osd
            type 1 host
            type 10 root
            host h0 {
              id -2
              alg straw2
              item osd.0 weight 1.0
              item osd.1 weight 1.0
            }
            """;

    @Test
    void idsAreGivenRootByRootClassByClassChildrenFirst() {
        CrushMap map =
                CrushText.parse(
                        HEAD
                                + """
                                root default {
                                  id -1
                                  alg straw2
                                  item h0
                                  item osd.2 weight 0.5
                                }
                                host h1 {
                                  alg straw2
                                  item osd.2 weight 1
                                }
                                root other {
                                  alg straw2
                                  item h1
                                  item h0
                                }
                                root far {
                                  id -20
                                  alg straw2
                                  item h1
                                }
                                """);
        assertEquals(Map.of("hdd", -5, "ssd", -7), shadows(map, "h1"));
        assertEquals(Map.of("hdd", -6, "ssd", -8), shadows(map, "far"));
        assertEquals(Map.of("hdd", -9, "ssd", -11), shadows(map, "h0"));
        assertEquals(Map.of("hdd", -10, "ssd", -12), shadows(map, "other"));
        assertEquals(Map.of("hdd", -13, "ssd", -14), shadows(map, "default"));
    }

    @Test
    void givenIdsStayAndMissingOnesFillTheGaps() {
        CrushMap map =
                CrushText.parse(
                        HEAD.replace("id -2\n", "id -2\n  id -7 class hdd\n  id -4 class odd\n")
                                + """
                                root default {
                                  id -1
                                  alg straw2
                                  item h0
                                }
                                """);
        assertEquals(Map.of("hdd", -7, "ssd", -5, "odd", -4), shadows(map, "h0"));
        assertEquals(Map.of("hdd", -3, "ssd", -6, "odd", -8), shadows(map, "default"));
    }

    @Test
    void aUniformDomainCannotBeTakenByClass() {
        String uniform = HEAD.replace("straw2", "uniform");
        String rule = "rule r { id 0 type replicated step take h0 class hdd step emit }";
        assertEquals(Map.of(), shadows(CrushText.parse(uniform), "h0"));
        CrushMapException e =
                assertThrows(CrushMapException.class, () -> CrushText.parse(uniform + rule));
        assertTrue(e.toString().contains("uniform h0 cannot be split"), e.toString());
    }

    @Test
    void aClassRuleReachesDevicesOfThatClassOnly() {
        Seeds.each(
                10,
                random -> {
                    CrushMap plain = RandomMaps.cluster(random, 8, false);
                    CrushRule rule =
                            ClusterLayout.copies(1, "on_ssd", -1, "ssd", ClusterLayout.HOST_TYPE);
                    CrushMap map = RandomMaps.with(plain, rule);
                    for (int x = 0; x < 200; x++) {
                        for (int device : map.map(1, x, 2, Reweights.NONE)) {
                            assertEquals("ssd", map.device(device).orElseThrow().deviceClass());
                        }
                    }
                });
    }

    private static Map<String, Integer> shadows(CrushMap map, String domain) {
        return map.domain(domain).orElseThrow().shadowIds();
    }
}
