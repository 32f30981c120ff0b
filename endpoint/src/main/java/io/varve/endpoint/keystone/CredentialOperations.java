package io.varve.endpoint.keystone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.varve.endpoint.json.Json;
import io.varve.endpoint.json.JsonException;
import io.varve.endpoint.server.HttpResponse;
import io.varve.journal.record.IdentityChange;
import io.varve.projections.identity.Ec2Credential;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * {@code /v3/credentials}: the same access keys in Keystone's general form, with the key in a blob.
 * Credentials of other types there are none.
 */
final class CredentialOperations {
    private static final String TYPE = "ec2";

    void addTo(Routes routes) {
        routes.add("POST", "/v3/credentials", "CreateCredential", this::create)
                .add("GET", "/v3/credentials", "ListCredentials", this::list)
                .add("GET", "/v3/credentials/{}", "GetCredential", this::show)
                .add("DELETE", "/v3/credentials/{}", "DeleteCredential", this::delete);
    }

    /** As Keystone derives it from the access key. */
    static String id(String access) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(access.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private HttpResponse create(Call call) throws IOException {
        JsonNode body = call.body("credential");
        if (!Texts.required(body, "type").equals(TYPE)) {
            throw KeystoneRefusal.badRequest("Only credentials of type ec2 are supported.");
        }
        String userId = Texts.or(body, "user_id", call.access().user().id());
        call.requireManagesCredentials(userId, "create_credential");
        String projectId = Texts.required(body, "project_id");
        ProjectOperations.find(call, projectId);
        Ec2Operations.requireUser(call, userId);
        Ec2Operations.requireRole(call, userId, projectId);
        JsonNode blob = blob(body);
        String access = Texts.required(blob, "access");
        String secret = Texts.required(blob, "secret");
        if (!access.matches("[!-~&&[^/,=:]]{3,128}") || !secret.matches("[!-~]{8,128}")) {
            throw KeystoneRefusal.badRequest(
                    "An access key has 3 to 128, a secret 8 to 128 visible ASCII characters, the"
                            + " access key none of / , = :");
        }
        Ec2Operations.add(call, access, secret, userId, projectId);
        Ec2Credential credential = find(call, id(access));
        return call.member(201, "credential", document(call, credential));
    }

    /** JSON within JSON: as a string, or, from some clients, as it is. */
    private static JsonNode blob(JsonNode body) {
        JsonNode blob = body.path("blob");
        try {
            JsonNode node = blob.isTextual() ? Json.read(blob.textValue()) : blob;
            if (node.isObject()) {
                return node;
            }
        } catch (JsonException e) {
            throw KeystoneRefusal.badRequest("Invalid blob in credential: " + e.getMessage());
        }
        throw KeystoneRefusal.badRequest("Invalid blob in credential");
    }

    /** Of those that who asks may see. */
    private static Ec2Credential find(Call call, String id) {
        return visible(call).stream()
                .filter(credential -> id(credential.access()).equals(id))
                .findFirst()
                .orElseThrow(() -> KeystoneRefusal.notFound("credential", id));
    }

    private static List<Ec2Credential> visible(Call call) {
        if (!call.access().mayManageCredentials()) {
            throw KeystoneRefusal.forbidden("identity:list_credentials");
        }
        return call.isAdmin()
                ? call.view().ec2Credentials()
                : call.view().ec2CredentialsOf(call.access().user().id()).stream()
                        .filter(credential -> call.mayUseKeysFor(credential.projectId()))
                        .toList();
    }

    private static ObjectNode document(Call call, Ec2Credential credential) {
        String id = id(credential.access());
        ObjectNode blob =
                Json.object()
                        .put("access", credential.access())
                        .put("secret", call.service().ec2Keys().secret(credential))
                        .putNull("trust_id");
        ObjectNode node =
                Json.object()
                        .put("id", id)
                        .put("type", TYPE)
                        .put("user_id", credential.userId())
                        .put("project_id", credential.projectId())
                        .put("blob", new String(Json.write(blob), StandardCharsets.UTF_8));
        node.putObject("links").put("self", call.urls().identity() + "/credentials/" + id);
        return node;
    }

    private HttpResponse list(Call call) {
        Query query = call.query();
        ArrayNode list = Json.array();
        for (Ec2Credential credential : visible(call)) {
            if (query.admits("type", TYPE) && query.admits("user_id", credential.userId())) {
                list.add(document(call, credential));
            }
        }
        return call.list("credentials", list);
    }

    private HttpResponse show(Call call) {
        Ec2Credential credential = find(call, call.parameter(0));
        return call.member(200, "credential", document(call, credential));
    }

    private HttpResponse delete(Call call) {
        Ec2Credential credential = find(call, call.parameter(0));
        call.change(
                new IdentityChange.RemoveEc2Credential(credential.userId(), credential.access()),
                "credential",
                call.parameter(0));
        return call.noContent();
    }
}
