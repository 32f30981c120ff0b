package io.varve.endpoint.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.endpoint.server.Answer;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;

/** Projects and users by name, where an identity service tells the names. */
class OwnerNamesTest {
    private final TestClient client = new TestClient(new InMemoryStore());

    @BeforeEach
    void create() {
        client.put("/bucket-a", "").expect(200);
        client.put("/bucket-a/key", "hello").expect(200);
        bob("PUT", "/bucket-b").expect(200);
        client.request("PUT", "/bucket-b/key")
                .as(TestClient.NAMED)
                .body("hello")
                .send()
                .expect(200);
    }

    private Answer bob(String method, String target) {
        return client.request(method, target).as(TestClient.NAMED).send();
    }

    @Test
    void showsAnOwnerByName() {
        for (String target :
                List.of(
                        "/",
                        "/bucket-b",
                        "/bucket-b?list-type=2&fetch-owner=true",
                        "/bucket-b?versions",
                        "/bucket-b?acl",
                        "/bucket-b/key?acl")) {
            Answer answer = bob("GET", target).expect(200);
            assertEquals("photos", answer.all("DisplayName").getFirst(), target);
            assertEquals("account-3", answer.all("ID").getFirst(), target);
        }
    }

    @Test
    void showsAnOwnerWithoutNameById() {
        Answer answer = client.get("/bucket-a?acl").expect(200);
        assertEquals("account-1", answer.all("DisplayName").getFirst());
    }

    @Test
    void knowsAUserOfAPolicyByNameAndById() {
        for (String user : List.of("bob", "user-3")) {
            policy(user);
            bob("GET", "/bucket-a/key").expect(200);
        }
        policy("alice");
        bob("GET", "/bucket-a/key").expect(403, "AccessDenied");
    }

    private void policy(String user) {
        String policy =
                """
                {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
                 "Principal": {"AWS": "arn:aws:iam::account-3:user/%s"},
                 "Action": "s3:GetObject", "Resource": "arn:aws:s3:::bucket-a/*"}]}
                """
                        .formatted(user);
        client.put("/bucket-a?policy", policy).expect(204);
    }
}
