package io.varve.endpoint.access;

import com.fasterxml.jackson.databind.JsonNode;

import io.varve.endpoint.access.PolicyCondition.Quantifier;
import io.varve.endpoint.access.PolicyStatement.Patterns;
import io.varve.endpoint.access.PolicyStatement.Principals;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.json.JsonException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Reads a policy's JSON. What it does not know it refuses, since to ignore a word of a policy is to
 * change what it says.
 */
final class PolicyReader {
    private static final Set<String> VERSIONS = Set.of("2008-10-17", "2012-10-17");
    private static final Set<String> POLICY_FIELDS = Set.of("Version", "Id", "Statement");
    private static final Set<String> STATEMENT_FIELDS =
            Set.of(
                    "Sid",
                    "Effect",
                    "Principal",
                    "NotPrincipal",
                    "Action",
                    "NotAction",
                    "Resource",
                    "NotResource",
                    "Condition");
    private static final String IF_EXISTS = "ifexists";

    /** What stands for a policy that cannot be read. */
    static final BucketPolicy DENY_ALL =
            new BucketPolicy(
                    false,
                    List.of(
                            new PolicyStatement(
                                    true,
                                    Principals.UNSTATED,
                                    new Patterns(false, List.of("*")),
                                    new Patterns(false, List.of("*")),
                                    List.of())));

    private PolicyReader() {}

    static BucketPolicy read(String document) throws PolicyException {
        JsonNode root;
        try {
            root = Json.read(document);
        } catch (JsonException e) {
            throw new PolicyException("Policies must be valid JSON: " + e.getMessage());
        }
        requireObject(root, "Policies must be valid JSON and the first byte must be '{'");
        requireKnown(root, POLICY_FIELDS);
        String version = text(root, "Version", "2008-10-17");
        if (!VERSIONS.contains(version)) {
            throw new PolicyException("The policy must contain a valid version string");
        }
        List<PolicyStatement> statements = new ArrayList<>();
        for (JsonNode statement : oneOrMany(root.get("Statement"))) {
            statements.add(statement(statement));
        }
        if (statements.isEmpty()) {
            throw new PolicyException("Missing required field Statement");
        }
        return new BucketPolicy(version.equals("2012-10-17"), statements);
    }

    private static PolicyStatement statement(JsonNode node) throws PolicyException {
        requireObject(node, "Statement is not an object");
        requireKnown(node, STATEMENT_FIELDS);
        text(node, "Sid", "");
        String effect = text(node, "Effect", "");
        if (!effect.equals("Allow") && !effect.equals("Deny")) {
            throw new PolicyException("Invalid effect: " + effect);
        }
        Patterns actions = patterns(node, "Action", "NotAction");
        for (String action : actions.patterns()) {
            if (!action.equals("*") && action.indexOf(':') <= 0) {
                throw new PolicyException("Policy has invalid action");
            }
        }
        Patterns resources = patterns(node, "Resource", "NotResource");
        for (String resource : resources.patterns()) {
            if (!resource.equals("*") && !resource.startsWith("arn:")) {
                throw new PolicyException("Policy has invalid resource");
            }
        }
        return new PolicyStatement(
                effect.equals("Deny"),
                principals(node),
                actions,
                new Patterns(
                        resources.excluded(),
                        resources.patterns().stream().map(PolicyReader::ofS3).toList()),
                conditions(node.get("Condition")));
    }

    /** Resources have no region or account of their own: {@code arn:aws:s3:::bucket/key}. */
    private static String ofS3(String resource) {
        String[] fields = resource.split(":", 6);
        boolean ours =
                fields.length == 6
                        && Glob.matches(fields[1], "aws")
                        && Glob.matches(fields[2], "s3");
        return ours ? "arn:aws:s3:::" + fields[5] : resource;
    }

    private static Patterns patterns(JsonNode node, String name, String notName)
            throws PolicyException {
        JsonNode stated = node.get(name);
        JsonNode excluded = node.get(notName);
        if ((stated == null) == (excluded == null)) {
            throw new PolicyException("Missing required field " + name);
        }
        List<String> patterns = new ArrayList<>();
        for (JsonNode pattern : oneOrMany(stated == null ? excluded : stated)) {
            patterns.add(text(pattern, name));
        }
        if (patterns.isEmpty()) {
            throw new PolicyException("Missing required field " + name);
        }
        return new Patterns(stated == null, patterns);
    }

    private static Principals principals(JsonNode node) throws PolicyException {
        JsonNode stated = node.get("Principal");
        JsonNode excluded = node.get("NotPrincipal");
        if (stated != null && excluded != null) {
            throw new PolicyException("Principal and NotPrincipal exclude each other");
        }
        JsonNode either = stated == null ? excluded : stated;
        if (either == null) {
            return Principals.UNSTATED;
        }
        List<PolicyPrincipal> named = new ArrayList<>();
        if (either.isTextual()) {
            if (!either.textValue().equals("*")) {
                throw new PolicyException("Invalid principal in policy");
            }
            named.add(new PolicyPrincipal.Anyone());
        } else {
            requireObject(either, "Invalid principal in policy");
            for (Map.Entry<String, JsonNode> kind : either.properties()) {
                addPrincipals(kind.getKey(), kind.getValue(), named);
            }
        }
        if (named.isEmpty()) {
            throw new PolicyException("Invalid principal in policy");
        }
        return new Principals(true, stated == null, List.copyOf(named));
    }

    private static void addPrincipals(String kind, JsonNode values, List<PolicyPrincipal> named)
            throws PolicyException {
        for (JsonNode value : oneOrMany(values)) {
            String text = text(value, "Principal");
            switch (kind) {
                case "AWS", "CanonicalUser" -> named.add(PolicyPrincipal.parse(text));
                case "Service", "Federated" -> named.add(new PolicyPrincipal.Foreign());
                default -> throw new PolicyException("Invalid principal in policy");
            }
        }
    }

    private static List<PolicyCondition> conditions(@Nullable JsonNode node)
            throws PolicyException {
        if (node == null) {
            return List.of();
        }
        requireObject(node, "Condition is not an object");
        List<PolicyCondition> conditions = new ArrayList<>();
        for (Map.Entry<String, JsonNode> operator : node.properties()) {
            requireObject(operator.getValue(), "Condition is not an object");
            for (Map.Entry<String, JsonNode> key : operator.getValue().properties()) {
                conditions.add(condition(operator.getKey(), key.getKey(), key.getValue()));
            }
        }
        return List.copyOf(conditions);
    }

    private static PolicyCondition condition(String operatorName, String key, JsonNode values)
            throws PolicyException {
        String name = operatorName.toLowerCase(Locale.ROOT);
        Quantifier quantifier = Quantifier.NONE;
        if (name.startsWith("foranyvalue:")) {
            quantifier = Quantifier.FOR_ANY_VALUE;
        } else if (name.startsWith("forallvalues:")) {
            quantifier = Quantifier.FOR_ALL_VALUES;
        }
        name = name.substring(name.indexOf(':') + 1);
        boolean ifExists = name.endsWith(IF_EXISTS);
        String plain = ifExists ? name.substring(0, name.length() - IF_EXISTS.length()) : name;
        ConditionOperator operator =
                ConditionOperator.named(plain)
                        .orElseThrow(
                                () ->
                                        new PolicyException(
                                                "Invalid Condition type : " + operatorName));
        List<String> wanted = new ArrayList<>();
        for (JsonNode value : oneOrMany(values)) {
            wanted.add(scalar(value, operator));
        }
        return new PolicyCondition(
                quantifier, operator, ifExists, key.toLowerCase(Locale.ROOT), List.copyOf(wanted));
    }

    private static String scalar(JsonNode value, ConditionOperator operator)
            throws PolicyException {
        if (!value.isValueNode() || value.isNull()) {
            throw new PolicyException("Invalid value in Condition");
        }
        String text = value.asText();
        boolean address =
                operator == ConditionOperator.IP_ADDRESS
                        || operator == ConditionOperator.NOT_IP_ADDRESS;
        if (address && !IpRange.valid(text)) {
            throw new PolicyException("Invalid IP address in Condition: " + text);
        }
        return text;
    }

    private static List<JsonNode> oneOrMany(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return List.of();
        }
        if (!node.isArray()) {
            return List.of(node);
        }
        List<JsonNode> many = new ArrayList<>();
        node.forEach(many::add);
        return many;
    }

    private static String text(JsonNode node, String name, String otherwise)
            throws PolicyException {
        JsonNode value = node.get(name);
        return value == null ? otherwise : text(value, name);
    }

    private static String text(JsonNode value, String name) throws PolicyException {
        if (!value.isTextual()) {
            throw new PolicyException(name + " is not a string");
        }
        return value.textValue();
    }

    private static void requireObject(JsonNode node, String otherwise) throws PolicyException {
        if (!node.isObject()) {
            throw new PolicyException(otherwise);
        }
    }

    private static void requireKnown(JsonNode node, Set<String> fields) throws PolicyException {
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (!fields.contains(field.getKey())) {
                throw new PolicyException("Unknown field " + field.getKey());
            }
        }
    }
}
