#!/usr/bin/env bash
# Other services of a cloud ask this one's identity service about signatures: Swift's s3token middleware
# (as packaged, with its cache of secrets), keystonemiddleware's validation of tokens, and the EC2 signer of
# keystoneclient; the signatures are botocore's.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
export OS_AUTH_URL=$ENDPOINT/v3 OS_IDENTITY_API_VERSION=3 OS_USERNAME=admin OS_PASSWORD=$AWS_SECRET_ACCESS_KEY
export OS_PROJECT_NAME=admin OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_NAME=Default OS_REGION_NAME=us-east-1
{
  echo project create service-of-peers
  echo user create peer --password peers
  echo role add --user peer --project service-of-peers service
  echo user create peer-admin --password peers
  echo role add --user peer-admin --project service-of-peers admin
  echo project create violet
  echo user create vera --password veras
  echo role add --user vera --project violet member
} > setup
openstack < setup > setup.out 2>&1
OS_USERNAME=vera OS_PASSWORD=veras OS_PROJECT_NAME=violet openstack ec2 credentials create -f json > vera.json ||
  fail "$(cat setup.out)"

# Debian's own interpreter, for which the middleware is packaged, whatever else PATH holds.
/usr/bin/python3 - <<'END'
import datetime, hashlib, hmac, json, os
import requests
from botocore.auth import HmacV1Auth, SigV4Auth, SIGV4_TIMESTAMP
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from keystoneauth1 import session
from keystoneauth1.identity import v3
from keystoneclient.contrib.ec2.utils import Ec2Signer
from keystonemiddleware import auth_token
from swift.common.middleware.s3api import s3token
from swift.common.swob import Request, Response

url = os.environ["ENDPOINT"] + "/v3"
key = json.load(open("vera.json"))
PEERS = {"auth_type": "password", "auth_url": url, "password": "peers", "user_domain_id": "default",
         "project_name": "service-of-peers", "project_domain_id": "default"}


class App:
    """Stands behind the middleware, and keeps what it was told."""
    seen = None

    def __call__(self, environ, start_response):
        self.seen = dict(environ)
        return Response(body=b"in")(environ, start_response)


class Cache(dict):
    def set(self, name, value, time=0):
        self[name] = value

    def __bool__(self):
        return True


def signed(version, secret, text=b""):
    request = AWSRequest("GET", "http://swift.example.org/bucket/key", headers={}, data=text)
    credentials = Credentials(key["access"], secret)
    if version == 4:
        auth = SigV4Auth(credentials, "s3", "us-east-1")
        now = datetime.datetime.utcnow().strftime(SIGV4_TIMESTAMP)
        request.context["timestamp"] = now
        request.headers["X-Amz-Date"] = now
        string = auth.string_to_sign(request, auth.canonical_request(request))
        def check(s):
            return SigV4Auth(Credentials(key["access"], s), "s3", "us-east-1").signature(string, request)
        return string, check
    auth = HmacV1Auth(credentials)
    request.headers["Date"] = "Sat, 03 Jan 2026 00:00:00 GMT"
    string = auth.canonical_string("GET", requests.utils.urlparse(request.url), request.headers)
    def check(s):
        return HmacV1Auth(Credentials(key["access"], s)).sign_string(string)
    return string, check


def ask(filter, app, version, secret, cache, access=None):
    string, sign = signed(version, secret)
    signature = sign(secret)
    request = Request.blank("/v1/" + key["access"] + "/bucket/key")
    request.environ["swift.cache"] = cache
    request.environ["s3api.auth_details"] = {
        "access_key": access or key["access"], "signature": signature, "string_to_sign": string,
        "check_signature": lambda s: hmac.compare_digest(sign(s), signature)}
    app.seen = None
    return request.get_response(filter).status_int


for version in [4, 2]:
    app, cache = App(), Cache()
    asking = s3token.filter_factory({}, auth_uri=url, username="peer-admin", secret_cache_duration="60", **PEERS)(app)
    assert ask(asking, app, version, key["secret"], cache) == 200
    assert app.seen["HTTP_X_TENANT_ID"] == key["project_id"], app.seen
    assert app.seen["HTTP_X_USER_NAME"] == "vera" and app.seen["HTTP_X_TENANT_NAME"] == "violet", app.seen
    assert "member" in app.seen["HTTP_X_ROLES"].split(","), app.seen
    assert app.seen["PATH_INFO"] == "/v1/AUTH_" + key["project_id"] + "/bucket/key", app.seen
    assert cache["s3secret/" + key["access"]][2] == key["secret"], "the secret was not given"
    assert ask(asking, app, version, key["secret"], cache) == 200
    assert ask(asking, app, version, "wrong", cache) == 401 and app.seen is None
    assert ask(asking, app, version, key["secret"], Cache(), "nobodys") == 401 and app.seen is None
    # Without a token of a service nobody is told anything: a signed URL must not become a token.
    alone = s3token.filter_factory({}, auth_uri=url)(app)
    assert ask(alone, app, version, key["secret"], Cache()) == 401 and app.seen is None
    # The role service may have signatures checked, but is given no secrets.
    cache = Cache()
    asking = s3token.filter_factory({}, auth_uri=url, username="peer", secret_cache_duration="60", **PEERS)(app)
    assert ask(asking, app, version, key["secret"], cache) == 200
    assert cache == {}, "a secret was given to the role service"

# Tokens, as every service of a cloud validates them.
vera = session.Session(auth=v3.Password(auth_url=url, username="vera", password="veras", project_name="violet",
                                        user_domain_id="default", project_domain_id="default"))
app = App()
validating = auth_token.AuthProtocol(app, dict(PEERS, username="peer", www_authenticate_uri=url))
def send(token):
    app.seen = None
    return Request.blank("/", headers={"X-Auth-Token": token}).get_response(validating).status_int
assert send(vera.get_token()) == 200
assert app.seen["HTTP_X_PROJECT_NAME"] == "violet" and app.seen["HTTP_X_USER_NAME"] == "vera", app.seen
assert send(vera.get_token()[:-2] + "AA") == 401 and app.seen is None

# EC2 signatures, which are made over a whole request.
peer = session.Session(auth=v3.Password(username="peer", **{k: v for k, v in PEERS.items() if k != "auth_type"}))
now = datetime.datetime.utcnow()
def ec2(credentials, secret=key["secret"], service=True):
    credentials = dict(credentials, access=key["access"], signature=Ec2Signer(secret).generate(credentials))
    headers = {"X-Auth-Token": peer.get_token()} if service else {}
    return requests.post(url + "/ec2tokens", json={"credentials": credentials}, headers=headers)
def v4(at, body=b""):
    stamp = at.strftime("%Y%m%dT%H%M%SZ")
    scope = key["access"] + at.strftime("/%Y%m%d/us-east-1/ec2/aws4_request")
    return {"host": "ec2.example.org", "verb": "POST", "path": "/", "params": {"Action": "Describe+ %ü"},
            "headers": {"Host": "ec2.example.org", "X-Amz-Date": stamp, "Authorization":
                        "AWS4-HMAC-SHA256 Credential=%s, SignedHeaders=host;x-amz-date, Signature=x" % scope},
            "body_hash": hashlib.sha256(body).hexdigest()}
def v2(at):
    return {"host": "ec2.example.org", "verb": "GET", "path": "/services/Cloud",
            "params": {"AWSAccessKeyId": key["access"], "Action": "Describe+ %ü", "SignatureVersion": "2",
                       "SignatureMethod": "HmacSHA256", "Timestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ")}}
for make in [v4, v2]:
    answer = ec2(make(now))
    assert answer.status_code == 200, (make, answer.text)
    assert answer.json()["token"]["project"]["id"] == key["project_id"], answer.text
    token = answer.headers["X-Subject-Token"]
    assert requests.get(url + "/auth/projects", headers={"X-Auth-Token": token}).status_code == 200
    assert ec2(make(now), secret="wrong").status_code == 401
    assert ec2(make(now), service=False).status_code == 401
    assert ec2(make(now - datetime.timedelta(hours=1))).status_code == 401, "an old one is taken"
    assert ec2(make(now + datetime.timedelta(hours=1))).status_code == 401, "one of the future is taken"
other = v4(now)
other["body_hash"] = v4(now, b"x")["body_hash"]
signature = Ec2Signer(key["secret"]).generate(v4(now))
answer = requests.post(url + "/ec2tokens", headers={"X-Auth-Token": peer.get_token()},
                       json={"credentials": dict(other, access=key["access"], signature=signature)})
assert answer.status_code == 401, "a signature of another body is taken"
END
