package io.varve.endpoint.keystone;

import io.varve.endpoint.identity.Founding;
import io.varve.endpoint.identity.IdentityService;
import io.varve.endpoint.identity.Login;
import io.varve.endpoint.identity.Logins;
import io.varve.endpoint.server.HttpHandler;
import io.varve.endpoint.server.HttpRequest;
import io.varve.endpoint.server.HttpResponse;
import io.varve.journal.record.RoleScope;
import io.varve.projections.identity.IdentityView;
import io.varve.projections.identity.Project;
import io.varve.projections.identity.User;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * The login of Swift's older clients ({@code swift -A …/auth/v1.0 -U project:user -K password}): a
 * GET with user and key in headers, answered with a token and where the account is. The same users
 * and tokens as Keystone's protocol has. Safe for use by many threads.
 */
public final class TempAuthEndpoint implements HttpHandler {
    private final IdentityService service;
    private final String publicUrl;

    /**
     * @param publicUrl where clients find the site; empty: where they have called it
     */
    public TempAuthEndpoint(IdentityService service, String publicUrl) {
        this.service = service;
        this.publicUrl = publicUrl;
    }

    @Override
    public HttpResponse handle(HttpRequest http) {
        http.notes().operation("LogIn");
        if (!http.method().equals("GET")) {
            return refuse(http, 405, "The method is not allowed.");
        }
        try {
            return answer(http, Urls.of(http, publicUrl));
        } catch (KeystoneRefusal refusal) {
            return refuse(http, refusal.status(), refusal.message());
        }
    }

    private HttpResponse answer(HttpRequest http, Urls urls) {
        String name = header(http, "X-Auth-User", "X-Storage-User");
        String key = header(http, "X-Auth-Key", "X-Storage-Pass");
        int colon = name.indexOf(':');
        if (colon < 0) {
            return refuse(http, 401, "The user is given as project:user.");
        }
        IdentityView view = service.view();
        Optional<Project> project = project(view, name.substring(0, colon));
        // A user of the default domain, or of the project's where that is another.
        String domainId = project.map(Project::domainId).orElse(Founding.DEFAULT_DOMAIN);
        User user = view.userNamed(domainId, name.substring(colon + 1)).orElse(null);
        Logins.Wish wish =
                project.<Logins.Wish>map(
                                found -> new Logins.Wish.Scoped(RoleScope.project(found.id())))
                        .orElseGet(Logins.Wish.Nowhere::new);
        String userKey = user == null ? "tempauth " + name : user.id();
        String address = http.remoteAddress().getAddress().getHostAddress();
        Login login = service.logins().byPassword(user, userKey, key, wish, address);
        return switch (login) {
            case Login.Refused _ -> refuse(http, 401, "Unauthorized");
            case Login.TooMany(Duration delay) ->
                    HttpResponse.status(429)
                            .header("Retry-After", String.valueOf(delay.toSeconds() + 1))
                            .build();
            case Login.Granted granted -> granted(http, granted, urls);
        };
    }

    private static String header(HttpRequest http, String name, String other) {
        return http.headers().firstOr(name, http.headers().firstOr(other, ""));
    }

    private static Optional<Project> project(IdentityView view, String nameOrId) {
        return view.projectNamed(Founding.DEFAULT_DOMAIN, nameOrId)
                .or(() -> view.project(nameOrId));
    }

    private static HttpResponse granted(HttpRequest http, Login.Granted granted, Urls urls) {
        http.notes().principal(granted.access().user().id());
        Project project = granted.access().project();
        if (project == null) {
            return refuse(http, 401, "Unauthorized");
        }
        long seconds =
                Duration.between(http.receivedAt(), granted.access().token().expiresAt())
                        .toSeconds();
        return HttpResponse.status(200)
                .header("X-Auth-Token", granted.text())
                .header("X-Storage-Token", granted.text())
                .header("X-Storage-Url", urls.objectStore(project.id()))
                .header("X-Auth-Token-Expires", String.valueOf(Math.max(0, seconds)))
                .header("X-Trans-Id", "tx" + http.id())
                .header("Content-Type", "text/plain; charset=UTF-8")
                .build();
    }

    private static HttpResponse refuse(HttpRequest http, int status, String message) {
        http.notes().errorCode(String.valueOf(status));
        HttpResponse.Builder out =
                HttpResponse.status(status)
                        .header("X-Trans-Id", "tx" + http.id())
                        .header("Content-Type", "text/plain; charset=UTF-8");
        if (status == 401) {
            out.header("WWW-Authenticate", "Swift realm=\"unknown\"");
        }
        return out.body((message + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
