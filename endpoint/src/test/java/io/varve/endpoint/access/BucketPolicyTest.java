package io.varve.endpoint.access;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Policies, a line for each rule of the language. Quotes are written as apostrophes. */
class BucketPolicyTest {
    private static final Requester BOB =
            new Requester("p1", "photos", "u1", "bob", Set.of("member"));

    private static final Map<String, List<String>> FACTS =
            Map.of(
                    "aws:sourceip", List.of("192.0.2.7"),
                    "aws:securetransport", List.of("false"),
                    "aws:currenttime", List.of("2026-03-01T12:00:00Z"),
                    "aws:epochtime", List.of("1772366400"),
                    "aws:username", List.of("bob"),
                    "s3:prefix", List.of("home/bob/"),
                    "s3:max-keys", List.of("10"),
                    "s3:x-amz-acl", List.of("public-read"),
                    "aws:principalarn", List.of("arn:aws:iam::p1:user/bob"),
                    "x:tags", List.of("red", "blue"));

    private static BucketPolicy policy(String statement) throws PolicyException {
        return BucketPolicy.parse(
                "{'Version':'2012-10-17','Statement':%s}".formatted(statement).replace('\'', '"'));
    }

    private static AccessRequest request(Requester who, String action, @Nullable String key) {
        return new AccessRequest(
                who,
                action,
                AccessNeed.READ_OBJECT,
                key,
                null,
                name -> FACTS.getOrDefault(name, List.of()));
    }

    private static boolean allows(String statement) throws PolicyException {
        return policy(statement).of(request(BOB, "s3:GetObject", "home/bob/a"), "b")
                == BucketPolicy.Word.ALLOWED;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'*'|true|true",
                "{'AWS':'*'}|true|true",
                "{'AWS':'p1'}|true|false",
                "{'AWS':['p2','p1']}|true|false",
                "{'AWS':'arn:aws:iam::p1:root'}|true|false",
                "{'AWS':'arn:aws:iam::p2:root'}|false|false",
                "{'AWS':'arn:aws:iam::p1:user/bob'}|true|false",
                "{'AWS':'arn:aws:iam::p1:user/u1'}|true|false",
                "{'AWS':'arn:aws:iam::p1:user/eve'}|false|false",
                "{'AWS':'arn:aws:iam::p2:user/bob'}|false|false",
                "{'AWS':'arn:aws:iam:::user/u1'}|true|false",
                "{'AWS':'arn:aws:iam:::user/bob'}|false|false",
                "{'CanonicalUser':'p1'}|true|false",
                "{'Service':'logging.s3.amazonaws.com'}|false|false"
            })
    void speaksOfItsPrincipals(String principal, boolean bob, boolean anonymous) throws Exception {
        BucketPolicy policy =
                policy(
                        "{'Effect':'Allow','Principal':%s,'Action':'s3:*','Resource':'*'}"
                                .formatted(principal));
        assertEquals(bob, says(policy, BOB));
        assertEquals(anonymous, says(policy, Requester.ANONYMOUS));
    }

    private static boolean says(BucketPolicy policy, Requester who) {
        return policy.of(request(who, "s3:GetObject", "k"), "b") != BucketPolicy.Word.NOTHING;
    }

    @Test
    void withoutPrincipalAllowsWhoHasACredentialAndDeniesEverybody() throws Exception {
        BucketPolicy allow = policy("{'Effect':'Allow','Action':'s3:*','Resource':'*'}");
        assertEquals(true, says(allow, BOB));
        assertEquals(false, says(allow, Requester.ANONYMOUS));
        BucketPolicy deny = policy("{'Effect':'Deny','Action':'s3:*','Resource':'*'}");
        assertEquals(true, says(deny, BOB));
        assertEquals(true, says(deny, Requester.ANONYMOUS));
    }

    @Test
    void excludesPrincipals() throws Exception {
        BucketPolicy policy =
                policy(
                        "{'Effect':'Deny','NotPrincipal':{'AWS':'arn:aws:iam::p1:root'},"
                                + "'Action':'s3:*','Resource':'*'}");
        assertEquals(false, says(policy, BOB));
        assertEquals(true, says(policy, Requester.ANONYMOUS));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'Action':'s3:GetObject'|true",
                "'Action':'S3:getobject'|true",
                "'Action':['s3:PutObject','s3:Get*']|true",
                "'Action':'*'|true",
                "'Action':'s3:GetObject?'|false",
                "'Action':'s3:PutObject'|false",
                "'NotAction':'s3:PutObject'|true",
                "'NotAction':'s3:Get*'|false"
            })
    void speaksOfItsActions(String action, boolean allowed) throws Exception {
        assertEquals(
                allowed,
                allows("{'Effect':'Allow','Principal':'*',%s,'Resource':'*'}".formatted(action)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'Resource':'arn:aws:s3:::b/*'|true",
                "'Resource':'arn:aws:s3:::b/home/bob/a'|true",
                "'Resource':'arn:aws:s3:::b/HOME/bob/a'|false",
                "'Resource':'arn:aws:s3:::b/home/*/?'|true",
                "'Resource':'arn:aws:s3:::b/home/${aws:username}/*'|true",
                "'Resource':'arn:aws:s3:::b/home/${aws:userid}/*'|false",
                "'Resource':'arn:aws:s3:::b'|false",
                "'Resource':'arn:aws:s3:::c/*'|false",
                "'Resource':['arn:aws:s3:::c/*','arn:aws:s3:::*']|true",
                "'NotResource':'arn:aws:s3:::b/home/*'|false",
                "'NotResource':'arn:aws:s3:::b/public/*'|true"
            })
    void speaksOfItsResources(String resource, boolean allowed) throws Exception {
        assertEquals(
                allowed,
                allows(
                        "{'Effect':'Allow','Principal':'*','Action':'s3:*',%s}"
                                .formatted(resource)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'StringEquals':{'aws:username':'bob'}}|true",
                "{'StringEquals':{'aws:username':['eve','bob']}}|true",
                "{'StringEquals':{'aws:UserName':'Bob'}}|false",
                "{'StringEqualsIgnoreCase':{'aws:username':'BOB'}}|true",
                "{'StringNotEquals':{'aws:username':'bob'}}|false",
                "{'StringNotEquals':{'aws:username':['eve','ann']}}|true",
                "{'StringNotEquals':{'x:absent':'bob'}}|true",
                "{'StringEquals':{'x:absent':'bob'}}|false",
                "{'StringEqualsIfExists':{'x:absent':'bob'}}|true",
                "{'StringLike':{'s3:prefix':'home/${aws:username}/*'}}|true",
                "{'StringLike':{'s3:prefix':'home/x*'}}|false",
                "{'StringNotLike':{'s3:prefix':'home/*'}}|false",
                "{'NumericLessThanEquals':{'s3:max-keys':10}}|true",
                "{'NumericLessThan':{'s3:max-keys':'10'}}|false",
                "{'NumericGreaterThan':{'s3:max-keys':'9.5'}}|true",
                "{'NumericNotEquals':{'s3:max-keys':'10'}}|false",
                "{'NumericEquals':{'aws:username':'10'}}|false",
                "{'DateLessThan':{'aws:CurrentTime':'2026-03-02'}}|true",
                "{'DateGreaterThan':{'aws:CurrentTime':'2026-03-01T13:00:00+02:00'}}|true",
                "{'DateGreaterThan':{'aws:EpochTime':'1772366401'}}|false",
                "{'Bool':{'aws:SecureTransport':'false'}}|true",
                "{'Bool':{'aws:SecureTransport':true}}|false",
                "{'IpAddress':{'aws:SourceIp':'192.0.2.0/24'}}|true",
                "{'IpAddress':{'aws:SourceIp':['2001:db8::/32','192.0.2.7']}}|true",
                "{'IpAddress':{'aws:SourceIp':'192.0.2.8/30'}}|false",
                "{'NotIpAddress':{'aws:SourceIp':'192.0.2.0/24'}}|false",
                "{'ArnLike':{'aws:PrincipalArn':'arn:aws:iam::p1:user/*'}}|true",
                "{'ArnNotEquals':{'aws:PrincipalArn':'arn:aws:iam::p1:user/bob'}}|false",
                "{'Null':{'x:absent':'true'}}|true",
                "{'Null':{'aws:username':true}}|false",
                "{'ForAnyValue:StringEquals':{'x:tags':['red','green']}}|true",
                "{'ForAllValues:StringEquals':{'x:tags':['red','green']}}|false",
                "{'ForAllValues:StringEquals':{'x:tags':['red','blue','green']}}|true",
                "{'ForAllValues:StringEquals':{'x:absent':'red'}}|true",
                "{'ForAnyValue:StringEquals':{'x:absent':'red'}}|false",
                "{'StringEquals':{'aws:username':'bob','s3:x-amz-acl':'private'}}|false",
                "{'StringEquals':{'aws:username':'bob'},"
                        + "'Bool':{'aws:SecureTransport':'true'}}|false"
            })
    void holdsToItsConditions(String condition, boolean allowed) throws Exception {
        assertEquals(
                allowed,
                allows(
                        ("{'Effect':'Allow','Principal':'*','Action':'s3:*','Resource':'*',"
                                        + "'Condition':%s}")
                                .formatted(condition)));
    }

    @Test
    void deniesWhateverElseAllows() throws Exception {
        BucketPolicy policy =
                policy(
                        "[{'Effect':'Allow','Principal':'*','Action':'s3:*','Resource':'*'},"
                                + "{'Effect':'Deny','Principal':'*','Action':'s3:DeleteObject',"
                                + "'Resource':'*'}]");
        assertEquals(
                BucketPolicy.Word.DENIED, policy.of(request(BOB, "s3:DeleteObject", "k"), "b"));
        assertEquals(BucketPolicy.Word.ALLOWED, policy.of(request(BOB, "s3:GetObject", "k"), "b"));
    }

    @Test
    void takesVariablesForPlainTextInTheOldVersion() throws Exception {
        String statement =
                "{'Effect':'Allow','Principal':'*','Action':'s3:*',"
                        + "'Resource':'arn:aws:s3:::b/home/${aws:username}/*'}";
        BucketPolicy old =
                BucketPolicy.parse("{'Statement':%s}".formatted(statement).replace('\'', '"'));
        assertEquals(
                BucketPolicy.Word.NOTHING, old.of(request(BOB, "s3:GetObject", "home/bob/a"), "b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{'Version':'2012-10-17'}",
                "{'Version':'2020-01-01','Statement':[]}",
                "{'Statement':[],'Extra':1}",
                "{'Statement':{'Effect':'Maybe','Action':'s3:*','Resource':'*'}}",
                "{'Statement':{'Effect':'Allow','Resource':'*'}}",
                "{'Statement':{'Effect':'Allow','Action':'s3:*'}}",
                "{'Statement':{'Effect':'Allow','Action':'GetObject','Resource':'*'}}",
                "{'Statement':{'Effect':'Allow','Action':'s3:*','Resource':'b/*'}}",
                "{'Statement':{'Effect':'Allow','Action':'s3:*','NotAction':'x:y','Resource':'*'}}",
                "{'Statement':{'Effect':'Allow','Principal':'p1','Action':'s3:*','Resource':'*'}}",
                "{'Statement':{'Effect':'Allow','Principal':{'X':'p'},'Action':'s3:*',"
                        + "'Resource':'*'}}",
                "{'Statement':{'Effect':'Allow','Action':'s3:*','Resource':'*',"
                        + "'Condition':{'Like':{}}"
                        + "}}",
                "{'Statement':{'Effect':'Allow','Action':'s3:*','Resource':'*',"
                        + "'Condition':{'IpAddress':{'aws:SourceIp':'300.1.1.1'}}}}",
                "{'Statement':{'Effect':'Allow','Action':'s3:*','Resource':'*','Surprise':1}}"
            })
    void refusesWhatIsNoPolicy(String document) {
        String json = document.replace('\'', '"').replace("{\"Like\":{}}", "{\"Like\":{\"a\":1}}");
        assertThrows(PolicyException.class, () -> BucketPolicy.parse(json));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'Effect':'Allow','Principal':'*'|true",
                "'Effect':'Deny','Principal':'*'|false",
                "'Effect':'Allow','Principal':{'AWS':'p1'}|false",
                "'Effect':'Allow'|false",
                "'Effect':'Allow','NotPrincipal':{'AWS':'p1'}|true",
                "'Effect':'Allow','Principal':'*',"
                        + "'Condition':{'IpAddress':{'aws:SourceIp':'10.0.0.0/8'"
                        + "}}|false",
                "'Effect':'Allow','Principal':'*',"
                        + "'Condition':{'IpAddress':{'aws:SourceIp':'0.0.0.0/0'"
                        + "}}|true",
                "'Effect':'Allow','Principal':'*',"
                        + "'Condition':{'StringLike':{'aws:Referer':'x*'}}|true"
            })
    void tellsWhatIsPublic(String statement, boolean isPublic) throws Exception {
        String whole = "{%s,'Action':'s3:*','Resource':'*'}".formatted(statement);
        assertEquals(isPublic, policy(whole).isPublic());
    }

    @Test
    void takesManyAsterisksInBoundedTime() {
        String pattern = "*a".repeat(2000) + "b";
        assertDoesNotThrow(() -> Glob.matches(pattern, "a".repeat(10_000)));
    }
}
