package io.varve.endpoint.keystone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.varve.endpoint.identity.Ids;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.server.HttpResponse;
import io.varve.journal.record.IdentityChange;
import io.varve.journal.record.RoleScope;
import io.varve.projections.identity.Ec2Credential;

import java.io.IOException;

/** {@code /v3/users/ID/credentials/OS-EC2}: the access keys that S3 requests are signed with. */
final class Ec2Operations {
    private static final String COLLECTION = "/v3/users/{}/credentials/OS-EC2";

    void addTo(Routes routes) {
        routes.add("POST", COLLECTION, "CreateEc2Credential", this::create)
                .add("GET", COLLECTION, "ListEc2Credentials", this::list)
                .add("GET", COLLECTION + "/{}", "GetEc2Credential", this::show)
                .add("DELETE", COLLECTION + "/{}", "DeleteEc2Credential", this::delete);
    }

    private HttpResponse create(Call call) throws IOException {
        String userId = call.parameter(0);
        call.requireManagesCredentials(userId, "ec2_create_credential");
        JsonNode body = call.document();
        String projectId = Texts.required(body, "tenant_id");
        requireUser(call, userId);
        if (call.view().project(projectId).isEmpty()) {
            throw KeystoneRefusal.notFound("project", projectId);
        }
        requireRole(call, userId, projectId);
        String access = Ids.draw();
        add(call, access, Ids.draw(), userId, projectId);
        Ec2Credential credential = find(call, userId, access);
        String secret = call.service().ec2Keys().secret(credential);
        return call.member(201, "credential", Documents.ec2(credential, secret, call.urls()));
    }

    static void requireUser(Call call, String userId) {
        if (call.view().user(userId).isEmpty()) {
            throw KeystoneRefusal.notFound("user", userId);
        }
    }

    /**
     * Nobody gets keys for a project they have nothing to do with; an administrator may prepare.
     */
    static void requireRole(Call call, String userId, String projectId) {
        if (!call.mayUseKeysFor(projectId)) {
            throw KeystoneRefusal.forbidden("identity:ec2_create_credential");
        }
        RoleScope scope = RoleScope.project(projectId);
        boolean held =
                call.view().grantsOf(userId).stream()
                        .anyMatch(grant -> grant.scope().equals(scope));
        if (!held) {
            call.requireAdmin("ec2_create_credential");
        }
    }

    static void add(Call call, String access, String secret, String userId, String projectId) {
        call.change(
                new IdentityChange.AddEc2Credential(
                        access, userId, projectId, call.service().siteKey().seal(secret, access)),
                "credential",
                access);
    }

    private static Ec2Credential find(Call call, String userId, String access) {
        return call.view()
                .ec2Credential(access)
                .filter(credential -> credential.userId().equals(userId))
                .filter(credential -> call.mayUseKeysFor(credential.projectId()))
                .orElseThrow(() -> KeystoneRefusal.notFound("credential", access));
    }

    private HttpResponse list(Call call) {
        String userId = call.parameter(0);
        call.requireManagesCredentials(userId, "ec2_list_credentials");
        requireUser(call, userId);
        ArrayNode list = Json.array();
        for (Ec2Credential credential : call.view().ec2CredentialsOf(userId)) {
            if (call.mayUseKeysFor(credential.projectId())) {
                String secret = call.service().ec2Keys().secret(credential);
                list.add(Documents.ec2(credential, secret, call.urls()));
            }
        }
        return call.list("credentials", list);
    }

    private HttpResponse show(Call call) {
        call.requireManagesCredentials(call.parameter(0), "ec2_get_credential");
        Ec2Credential credential = find(call, call.parameter(0), call.parameter(1));
        String secret = call.service().ec2Keys().secret(credential);
        return call.member(200, "credential", Documents.ec2(credential, secret, call.urls()));
    }

    private HttpResponse delete(Call call) {
        String userId = call.parameter(0);
        call.requireManagesCredentials(userId, "ec2_delete_credential");
        Ec2Credential found = find(call, userId, call.parameter(1));
        call.change(
                new IdentityChange.RemoveEc2Credential(userId, found.access()),
                "credential",
                call.parameter(1));
        return call.noContent();
    }
}
