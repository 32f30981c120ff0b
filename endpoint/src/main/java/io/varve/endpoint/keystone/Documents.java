package io.varve.endpoint.keystone;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.json.Json;
import io.varve.projections.identity.ApplicationCredential;
import io.varve.projections.identity.Domain;
import io.varve.projections.identity.Ec2Credential;
import io.varve.projections.identity.IdentityView;
import io.varve.projections.identity.Project;
import io.varve.projections.identity.Role;
import io.varve.projections.identity.User;

/** Things as Keystone's documents. */
final class Documents {
    private Documents() {}

    private static ObjectNode linked(ObjectNode object, Urls urls, String path) {
        object.putObject("links").put("self", urls.identity() + path);
        return object;
    }

    static ObjectNode domain(Domain domain, Urls urls) {
        ObjectNode node =
                Json.object()
                        .put("id", domain.id())
                        .put("name", domain.name())
                        .put("description", domain.description())
                        .put("enabled", domain.enabled());
        node.putArray("tags");
        node.putObject("options");
        return linked(node, urls, "/domains/" + domain.id());
    }

    static ObjectNode project(Project project, Urls urls) {
        ObjectNode node =
                Json.object()
                        .put("id", project.id())
                        .put("name", project.name())
                        .put("domain_id", project.domainId())
                        .put("description", project.description())
                        .put("enabled", project.enabled())
                        .put("parent_id", project.domainId())
                        .put("is_domain", false);
        node.putArray("tags");
        node.putObject("options");
        return linked(node, urls, "/projects/" + project.id());
    }

    static ObjectNode user(User user, Urls urls) {
        ObjectNode node =
                Json.object()
                        .put("id", user.id())
                        .put("name", user.name())
                        .put("domain_id", user.domainId())
                        .put("enabled", user.enabled())
                        .putNull("password_expires_at");
        putPresent(node, "default_project_id", user.defaultProjectId());
        putPresent(node, "email", user.email());
        putPresent(node, "description", user.description());
        node.putObject("options");
        return linked(node, urls, "/users/" + user.id());
    }

    private static void putPresent(ObjectNode node, String name, String value) {
        if (!value.isEmpty()) {
            node.put(name, value);
        }
    }

    static ObjectNode role(Role role, Urls urls) {
        ObjectNode node =
                Json.object()
                        .put("id", role.id())
                        .put("name", role.name())
                        .putNull("domain_id")
                        .put("description", role.description());
        node.putObject("options");
        return linked(node, urls, "/roles/" + role.id());
    }

    static ObjectNode ec2(Ec2Credential credential, String secret, Urls urls) {
        ObjectNode node =
                Json.object()
                        .put("access", credential.access())
                        .put("secret", secret)
                        .put("user_id", credential.userId())
                        .put("tenant_id", credential.projectId())
                        .putNull("trust_id");
        return linked(
                node,
                urls,
                "/users/" + credential.userId() + "/credentials/OS-EC2/" + credential.access());
    }

    static ObjectNode applicationCredential(
            ApplicationCredential credential, IdentityView view, Urls urls) {
        ObjectNode node =
                Json.object()
                        .put("id", credential.id())
                        .put("name", credential.name())
                        .put("description", credential.description())
                        .put("project_id", credential.projectId())
                        .put("user_id", credential.userId())
                        .put("unrestricted", credential.unrestricted());
        if (credential.expiresMicros() == 0) {
            node.putNull("expires_at");
        } else {
            node.put("expires_at", Texts.time(credential.expiresMicros()));
        }
        ArrayNode roles = node.putArray("roles");
        for (String id : credential.roleIds()) {
            view.role(id)
                    .ifPresent(
                            role ->
                                    roles.addObject()
                                            .put("id", role.id())
                                            .put("name", role.name())
                                            .putNull("domain_id"));
        }
        return linked(
                node,
                urls,
                "/users/" + credential.userId() + "/application_credentials/" + credential.id());
    }
}
