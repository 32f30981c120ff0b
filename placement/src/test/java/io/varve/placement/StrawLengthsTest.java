package io.varve.placement;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;

class StrawLengthsTest {
    /** Weights and the lengths that Ceph computes for them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 65536,131072,131072,0 | 65536,80264,80264,0",
                "0 | 119209,476905,953679,715259,238419,953679,476905"
                        + " | 65536,81915,95669,89071,72658,95669,81915",
                "0 | 65536,0,0,65536,65536,131072,131072,0 | 65536,0,0,65536,65536,71942,71942,0",
                "0 | 2020540,2940076,865927,3768320,4541841,839516,2840920,4886036"
                        + " | 73871,78237,65790,81624,84603,65536,77810,85906",
                "0 | 4044697,84010,5312493,33583,38,615,336,10"
                        + " | 2084529,389526,2406503,303322,78218,121281,109381,65536",
                "0 | 4092788,4037017,6100222,1252458,6376521,2324758"
                        + " | 81430,81201,89270,65536,90302,72988",
                "1 | 589824,589824,196608,196608,262144 | 86859,86859,65536,65536,69642",
                "1 | 2110,60748,976,1381711,55983,18,1748809,811550"
                        + " | 127651,237910,113788,582933,234065,65536,640850,484701",
                "1 | 11600,69217,870,427 | 225492,755852,79396,65536",
                "1 | 0,65536,65536,0 | 0,65536,65536,0",
                "1 | 6422528,5570560,131072,3670016,131072,3866624,1638400,2162688"
                        + " | 125397,120869,65536,110300,65536,111445,95582,100100",
            })
    void equalCephs(int version, String weights, String lengths) {
        assertArrayEquals(numbers(lengths), StrawLengths.of(numbers(weights), version));
    }

    private static int[] numbers(String text) {
        return Arrays.stream(text.split(",", -1)).mapToInt(Integer::parseUnsignedInt).toArray();
    }
}
