package io.varve.perf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** The script {@code bin/varve}, as a user starts it. */
@Tag("slow")
final class LauncherTest {
    private static final long FIRST_START_MINUTES_MAX = 15;
    private static final double CPU_SECONDS_MAX = 0.5;

    @Test
    void startsWithinHalfASecondOfCpu() throws Exception {
        String first = run("bin/varve --version");
        assertTrue(first.contains("varve "), first);

        String timed = run("TIMEFORMAT='cpu %U %S'; time bin/varve --version");

        assertEquals(2, timed.lines().count(), timed);
        String[] words = timed.substring(timed.indexOf("cpu ")).strip().split(" ", -1);
        double cpuSeconds = Double.parseDouble(words[1]) + Double.parseDouble(words[2]);
        assertTrue(cpuSeconds < CPU_SECONDS_MAX, () -> "CPU seconds: " + cpuSeconds);
    }

    private static String run(String command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("bash", "-c", command)
                        .directory(SourceTree.top().toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(FIRST_START_MINUTES_MAX, TimeUnit.MINUTES), output);
        assertEquals(0, process.exitValue(), output);
        return output;
    }
}
