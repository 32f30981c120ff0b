package io.varve.journal.kafka;

import io.varve.journal.JournalException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes the journal's topic where there is none, and refuses one that would lose records: each
 * setting that is wrong is named, with what it must be.
 */
final class TopicSetup {
    /** As long as the clients ask brokers that do not answer. */
    private static final Duration WAIT = Duration.ofSeconds(60);

    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);
    private static final String FOREVER = "-1";

    private final KafkaJournalConfig config;
    private final KafkaClients clients;

    TopicSetup(KafkaJournalConfig config, KafkaClients clients) {
        this.config = config;
        this.clients = clients;
    }

    /**
     * @return the brokers' own name of the topic: another one under the same name has another
     * @throws JournalException when there is none and none may be made, or it is not safe
     */
    Uuid run() {
        try (Admin admin = clients.admin()) {
            if (config.mayCreate()) {
                create(admin);
            }
            TopicDescription topic = describe(admin);
            List<String> problems = new ArrayList<>();
            checkReplicas(topic, problems);
            checkSettings(settings(admin), problems);
            if (!problems.isEmpty()) {
                throw new JournalException(
                        "topic %s is not safe for a journal: %s"
                                .formatted(config.topic(), String.join("; ", problems)));
            }
            return topic.topicId();
        }
    }

    private void create(Admin admin) {
        NewTopic topic =
                new NewTopic(config.topic(), 1, (short) config.replicas())
                        .configs(
                                Map.of(
                                        "cleanup.policy",
                                        "delete",
                                        "retention.ms",
                                        FOREVER,
                                        "retention.bytes",
                                        FOREVER,
                                        "compression.type",
                                        "producer",
                                        "unclean.leader.election.enable",
                                        "false",
                                        "min.insync.replicas",
                                        String.valueOf(config.minInSyncReplicas()),
                                        "max.message.bytes",
                                        String.valueOf(KafkaClients.MAX_MESSAGE_BYTES)));
        try {
            admin.createTopics(List.of(topic)).all().get(WAIT.toMillis(), TimeUnit.MILLISECONDS);
            config.events()
                    .accept(new KafkaJournalEvent.TopicCreated(config.topic(), config.replicas()));
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw clients.told("topic cannot be made: " + config.topic(), e.getCause());
            }
        } catch (TimeoutException | InterruptedException e) {
            throw ended("topic cannot be made: " + config.topic(), e);
        }
    }

    /** One that was just made may not be known to all brokers yet. */
    private TopicDescription describe(Admin admin) {
        long deadline = System.nanoTime() + WAIT.toNanos();
        while (true) {
            try {
                return Objects.requireNonNull(
                                admin.describeTopics(List.of(config.topic()))
                                        .topicNameValues()
                                        .get(config.topic()))
                        .get(WAIT.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
                        || !config.mayCreate()
                        || System.nanoTime() > deadline) {
                    throw clients.told("topic cannot be used: " + config.topic(), e.getCause());
                }
                LockSupport.parkNanos(POLL_INTERVAL.toNanos());
            } catch (TimeoutException | InterruptedException e) {
                throw ended("topic cannot be used: " + config.topic(), e);
            }
        }
    }

    private void checkReplicas(TopicDescription topic, List<String> problems) {
        if (topic.partitions().size() != 1) {
            problems.add(
                    "it has %d partitions and must have 1".formatted(topic.partitions().size()));
        }
        for (TopicPartitionInfo partition : topic.partitions()) {
            int replicas = partition.replicas().size();
            if (replicas < config.replicas()) {
                problems.add(
                        "it has %d replicas, journal.kafka.replicas is %d"
                                .formatted(replicas, config.replicas()));
            }
        }
    }

    private Map<String, String> settings(Admin admin) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, config.topic());
        KafkaFuture<Config> described =
                Objects.requireNonNull(
                        admin.describeConfigs(List.of(resource)).values().get(resource));
        try {
            Map<String, String> settings = new HashMap<>();
            for (ConfigEntry entry :
                    described.get(WAIT.toMillis(), TimeUnit.MILLISECONDS).entries()) {
                settings.put(entry.name(), String.valueOf(entry.value()));
            }
            return settings;
        } catch (ExecutionException e) {
            throw clients.told("settings of topic cannot be read", e.getCause());
        } catch (TimeoutException | InterruptedException e) {
            throw ended("settings of topic cannot be read", e);
        }
    }

    private void checkSettings(Map<String, String> settings, List<String> problems) {
        mustBe(settings, "cleanup.policy", "delete", problems);
        mustBe(settings, "retention.ms", FOREVER, problems);
        mustBe(settings, "retention.bytes", FOREVER, problems);
        mustBe(settings, "unclean.leader.election.enable", "false", problems);
        mustBeAtLeast(settings, "min.insync.replicas", config.minInSyncReplicas(), problems);
        mustBeAtLeast(settings, "max.message.bytes", KafkaClients.MAX_MESSAGE_BYTES, problems);
    }

    private static void mustBe(
            Map<String, String> settings, String name, String wanted, List<String> problems) {
        String value = settings.getOrDefault(name, "not told");
        if (!value.equals(wanted)) {
            problems.add("%s is %s and must be %s".formatted(name, value, wanted));
        }
    }

    private static void mustBeAtLeast(
            Map<String, String> settings, String name, long least, List<String> problems) {
        String value = settings.getOrDefault(name, "0");
        if (Long.parseLong(value) < least) {
            problems.add("%s is %s and must be at least %d".formatted(name, value, least));
        }
    }

    private JournalException ended(String what, Exception fault) {
        if (fault instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return clients.told(what, fault);
    }
}
