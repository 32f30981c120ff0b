package io.varve.endpoint.metrics;

import com.sun.management.UnixOperatingSystemMXBean;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.function.ObjDoubleConsumer;
import java.util.function.ToLongFunction;

/** What the Java runtime knows of itself and its process. */
public final class ProcessMetrics {
    private ProcessMetrics() {}

    public static void register(Metrics metrics) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        metrics.gauge(
                "jvm_heap_used_bytes",
                "Heap in use, garbage included.",
                () -> memory.getHeapMemoryUsage().getUsed());
        metrics.gauge(
                "jvm_heap_max_bytes",
                "Heap at its largest.",
                () -> memory.getHeapMemoryUsage().getMax());
        metrics.gauge(
                "jvm_nonheap_used_bytes",
                "Classes and compiled code.",
                () -> memory.getNonHeapMemoryUsage().getUsed());
        metrics.gauges(
                "jvm_buffer_used_bytes",
                "Memory outside the heap, by kind.",
                "pool",
                into -> {
                    for (BufferPoolMXBean pool :
                            ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
                        into.accept(pool.getName(), pool.getMemoryUsed());
                    }
                });
        metrics.counters(
                "jvm_gc_collections_total",
                "Garbage collections, by collector.",
                "collector",
                into -> collectors(into, GarbageCollectorMXBean::getCollectionCount, 1));
        metrics.counters(
                "jvm_gc_seconds_total",
                "Time in garbage collection, by collector.",
                "collector",
                into -> collectors(into, GarbageCollectorMXBean::getCollectionTime, 1e-3));
        metrics.gauge(
                "jvm_platform_threads",
                "Threads of the operating system.",
                () -> ManagementFactory.getThreadMXBean().getThreadCount());
        metrics.gauge(
                "process_start_time_seconds",
                "When the process began, since the epoch.",
                () -> ManagementFactory.getRuntimeMXBean().getStartTime() / 1000.0);
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean os) {
            registerUnix(metrics, os);
        }
    }

    private static void registerUnix(Metrics metrics, UnixOperatingSystemMXBean os) {
        metrics.counter(
                "process_cpu_seconds_total",
                "Processor time of the process.",
                () -> os.getProcessCpuTime() * 1e-9);
        metrics.gauge("process_open_fds", "Open file descriptors.", os::getOpenFileDescriptorCount);
        metrics.gauge(
                "process_max_fds",
                "Open file descriptors that are allowed.",
                os::getMaxFileDescriptorCount);
    }

    private static void collectors(
            ObjDoubleConsumer<String> into,
            ToLongFunction<GarbageCollectorMXBean> figure,
            double unit) {
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            into.accept(collector.getName(), figure.applyAsLong(collector) * unit);
        }
    }
}
