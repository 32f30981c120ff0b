package io.varve.projections.identity;

import io.varve.journal.record.KeptSecret;
import io.varve.projections.EntityReader;
import io.varve.projections.EntityWriter;

/** The values of identity's rows. */
final class IdentityRows {
    private IdentityRows() {}

    static byte[] of(Domain d) {
        return new EntityWriter()
                .text(d.id())
                .text(d.name())
                .text(d.description())
                .flag(d.enabled())
                .number(d.createdMicros())
                .number(d.position())
                .toBytes();
    }

    static Domain domain(byte[] value) {
        return EntityReader.read(
                value,
                r -> new Domain(r.text(), r.text(), r.text(), r.flag(), r.number(), r.number()));
    }

    static byte[] of(Project p) {
        return new EntityWriter()
                .text(p.id())
                .text(p.domainId())
                .text(p.name())
                .text(p.description())
                .flag(p.enabled())
                .number(p.createdMicros())
                .number(p.position())
                .toBytes();
    }

    static Project project(byte[] value) {
        return EntityReader.read(
                value,
                r ->
                        new Project(
                                r.text(),
                                r.text(),
                                r.text(),
                                r.text(),
                                r.flag(),
                                r.number(),
                                r.number()));
    }

    static byte[] of(User u) {
        return new EntityWriter()
                .text(u.id())
                .text(u.domainId())
                .text(u.name())
                .text(u.email())
                .text(u.description())
                .flag(u.enabled())
                .text(u.defaultProjectId())
                .text(u.password().text())
                .number(u.passwordMicros())
                .number(u.tokensAfterMicros())
                .number(u.createdMicros())
                .number(u.position())
                .toBytes();
    }

    static User user(byte[] value) {
        return EntityReader.read(
                value,
                r ->
                        new User(
                                r.text(),
                                r.text(),
                                r.text(),
                                r.text(),
                                r.text(),
                                r.flag(),
                                r.text(),
                                new KeptSecret(r.text()),
                                r.number(),
                                r.number(),
                                r.number(),
                                r.number()));
    }

    static byte[] of(Role role) {
        return new EntityWriter()
                .text(role.id())
                .text(role.name())
                .text(role.description())
                .number(role.createdMicros())
                .number(role.position())
                .toBytes();
    }

    static Role role(byte[] value) {
        return EntityReader.read(
                value, r -> new Role(r.text(), r.text(), r.text(), r.number(), r.number()));
    }

    static byte[] of(ApplicationCredential c) {
        return new EntityWriter()
                .text(c.id())
                .text(c.userId())
                .text(c.projectId())
                .text(c.name())
                .text(c.description())
                .text(c.secret().text())
                .texts(c.roleIds())
                .number(c.expiresMicros())
                .flag(c.unrestricted())
                .number(c.createdMicros())
                .toBytes();
    }

    static ApplicationCredential applicationCredential(byte[] value) {
        return EntityReader.read(
                value,
                r ->
                        new ApplicationCredential(
                                r.text(),
                                r.text(),
                                r.text(),
                                r.text(),
                                r.text(),
                                new KeptSecret(r.text()),
                                r.texts(),
                                r.number(),
                                r.flag(),
                                r.number()));
    }

    static byte[] of(Ec2Credential c) {
        return new EntityWriter()
                .text(c.access())
                .text(c.userId())
                .text(c.projectId())
                .text(c.secret().text())
                .number(c.createdMicros())
                .toBytes();
    }

    static Ec2Credential ec2Credential(byte[] value) {
        return EntityReader.read(
                value,
                r ->
                        new Ec2Credential(
                                r.text(),
                                r.text(),
                                r.text(),
                                new KeptSecret(r.text()),
                                r.number()));
    }

    static byte[] ofText(String text) {
        return new EntityWriter().text(text).toBytes();
    }

    static String text(byte[] value) {
        return EntityReader.read(value, EntityReader::text);
    }

    static byte[] ofNumber(long number) {
        return new EntityWriter().number(number).toBytes();
    }

    static long number(byte[] value) {
        return EntityReader.read(value, EntityReader::number);
    }
}
