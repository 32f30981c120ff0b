package io.varve.projections.identity;

import java.util.List;
import java.util.Optional;

/**
 * Questions about who there is. All answers come from memory. Safe for use by many threads; each
 * call sees every change that was answered before it began. Lists are in the order of ids.
 */
public interface IdentityView {

    Optional<Domain> domain(String id);

    Optional<Domain> domainNamed(String name);

    List<Domain> domains();

    Optional<Project> project(String id);

    Optional<Project> projectNamed(String domainId, String name);

    List<Project> projects();

    Optional<User> user(String id);

    Optional<User> userNamed(String domainId, String name);

    List<User> users();

    Optional<Role> role(String id);

    Optional<Role> roleNamed(String name);

    List<Role> roles();

    /** What a user has been given. */
    List<Grant> grantsOf(String userId);

    List<Grant> grants();

    Optional<ApplicationCredential> applicationCredential(String id);

    List<ApplicationCredential> applicationCredentialsOf(String userId);

    Optional<Ec2Credential> ec2Credential(String access);

    List<Ec2Credential> ec2CredentialsOf(String userId);

    List<Ec2Credential> ec2Credentials();

    /** Whether this one token was revoked. */
    boolean revoked(String userId, String auditId);
}
