#!/usr/bin/env bash
# Keystone does not run. Tokens and keys that were used before go on, others are told to come again.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
code() { curl -s -o out -w '%{http_code}' "$@"; }
blue=$(cat blue)
[ "$(code -H "X-Auth-Token: $(cat token-alice)" "$ENDPOINT/v1/AUTH_$blue/films/film")" = 200 ] || fail "$(cat out)"
same out film
for token in token-otto made-up; do
  text=$token
  if [ -e "$token" ]; then text=$(cat "$token"); fi
  status=$(code -H "X-Auth-Token: $text" "$ENDPOINT/v1/AUTH_$(cat yellow)")
  [ "$status" = 503 ] || fail "$token: $status $(cat out)"
done
python3 - <<'END'
import boto3, json, os
from botocore.client import Config
from botocore.exceptions import ClientError

def client(name, version, secret=None):
    key = json.load(open(name + ".json"))
    return boto3.client("s3", endpoint_url=os.environ["ENDPOINT"], region_name="us-east-1",
                        aws_access_key_id=key["access"], aws_secret_access_key=secret or key["secret"],
                        config=Config(signature_version=version, retries={"total_max_attempts": 1}))

for version in ["s3v4", "s3"]:
    assert client("alice", version).get_object(Bucket="films", Key="film")["Body"].read() == b"a film\n"
    for name, secret in [("otto", None), ("alice", "perhaps a new one")]:
        try:
            client(name, version, secret).list_buckets()
            raise SystemExit("nobody could know: " + name)
        except ClientError as e:
            assert e.response["ResponseMetadata"]["HTTPStatusCode"] == 503, e.response
END
