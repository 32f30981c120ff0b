package io.varve.endpoint.keystone;

import com.fasterxml.jackson.databind.JsonNode;

import io.varve.endpoint.identity.Ec2Keys;
import io.varve.endpoint.identity.Login;
import io.varve.endpoint.identity.Logins;
import io.varve.endpoint.identity.RoleNames;
import io.varve.endpoint.identity.Token;
import io.varve.endpoint.json.Json;
import io.varve.endpoint.server.HttpResponse;
import io.varve.journal.record.RoleScope;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;

/**
 * {@code /v3/s3tokens} and {@code /v3/ec2tokens}: another service asks whose signature it has been
 * given. As Keystone does since it was found that anybody could turn a signed URL into a token, it
 * answers only a service or an administrator.
 */
final class SignatureOperations {
    private final TokenDocument tokens;

    SignatureOperations(TokenDocument tokens) {
        this.tokens = tokens;
    }

    void addTo(Routes routes) {
        routes.add("POST", "/v3/s3tokens", "CheckS3Signature", this::s3)
                .add("POST", "/v3/ec2tokens", "CheckEc2Signature", this::ec2);
    }

    private HttpResponse s3(Call call) throws IOException {
        requireService(call, "s3tokens_validate");
        JsonNode credentials = credentials(call);
        Ec2Keys.Ec2Key key = key(call, credentials);
        byte[] text;
        try {
            text = Base64.getUrlDecoder().decode(urlSafe(Texts.required(credentials, "token")));
        } catch (IllegalArgumentException _) {
            throw KeystoneRefusal.badRequest("'token' is not Base64");
        }
        String signature = Texts.required(credentials, "signature");
        if (!Ec2Signatures.matchesS3(
                new String(text, StandardCharsets.UTF_8), key.secret(), signature)) {
            throw KeystoneRefusal.unauthorized();
        }
        return answer(call, key, null);
    }

    private static String urlSafe(String base64) {
        return base64.replace('+', '-').replace('/', '_');
    }

    private HttpResponse ec2(Call call) throws IOException {
        requireService(call, "ec2tokens_validate");
        JsonNode credentials = credentials(call);
        Ec2Keys.Ec2Key key = key(call, credentials);
        if (!Ec2Signatures.matchesEc2(credentials, key.secret(), call.http().receivedAt())) {
            throw KeystoneRefusal.unauthorized();
        }
        Login login =
                call.service()
                        .logins()
                        .issue(
                                key.user(),
                                new Logins.Wish.Scoped(RoleScope.project(key.project().id())),
                                Set.of(Token.Method.EC2));
        Login.Granted granted = AuthOperations.granted(login);
        return answer(call, key, granted);
    }

    private static void requireService(Call call, String action) {
        if (!call.access().hasRole(RoleNames.SERVICE)) {
            call.requireAdmin(action);
        }
    }

    private static JsonNode credentials(Call call) throws IOException {
        JsonNode document = call.document();
        for (String name : new String[] {"credentials", "credential", "ec2Credentials"}) {
            if (document.path(name).isObject()) {
                return document.path(name);
            }
        }
        throw KeystoneRefusal.badRequest("request must include credentials");
    }

    private static Ec2Keys.Ec2Key key(Call call, JsonNode credentials) {
        return call.service()
                .ec2Keys()
                .find(Texts.required(credentials, "access"))
                .orElseThrow(KeystoneRefusal::unauthorized);
    }

    /**
     * @param granted the token that is given; null to tell what it would say, and give none
     */
    private HttpResponse answer(Call call, Ec2Keys.Ec2Key key, Login.@Nullable Granted granted) {
        Login login =
                granted != null
                        ? granted
                        : call.service()
                                .logins()
                                .issue(
                                        key.user(),
                                        new Logins.Wish.Scoped(
                                                RoleScope.project(key.project().id())),
                                        Set.of(Token.Method.EC2));
        Login.Granted known = AuthOperations.granted(login);
        HttpResponse.Builder out = call.respond(200).header("Content-Type", "application/json");
        if (granted != null) {
            out.header("X-Subject-Token", granted.text());
        }
        return out.body(Json.write(tokens.of(known.access(), call.urls(), true)));
    }
}
