#!/usr/bin/env bash
# The past of a bucket: read by clients as they are, and restored by varve.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
aws() { command aws --endpoint-url "$ENDPOINT" "$@"; }

aws s3 mb s3://past-test
tree tree 40
mkdir -p tree/a; echo one > tree/a/1
aws s3 sync --quiet tree s3://past-test
sleep 1.1
then=$(date -u +%Y%m%dt%H%M%Sz)
rfc=$(date -u -d "$(echo "$then" | sed -E 's/(....)(..)(..)t(..)(..)(..)z/\1-\2-\3 \4:\5:\6/')" +%Y-%m-%dT%H:%M:%SZ)
sleep 1.1
echo two > one
aws s3 cp --quiet one s3://past-test/a/1
aws s3 cp --quiet one s3://past-test/a/new
aws s3 rm --quiet --recursive s3://past-test --exclude 'a/*'

aws s3 sync --quiet "s3://past-test--asof-$then" down
same_tree tree down
aws s3 sync --dryrun "s3://past-test--asof-$then" down > again
[ -s again ] && fail 'the second sync had something to do'
aws s3api get-object --bucket past-test --key a/1 now >/dev/null
[ "$(cat now)" = two ] || fail 'now'
aws s3 cp one "s3://past-test--asof-$then/a/1" 2> refused && fail 'the past was written to'
grep -q MethodNotAllowed refused || fail 'a write to the past is refused otherwise'

mkdir -p .config/rclone
cat > .config/rclone/rclone.conf <<CFG
[varve]
type = s3
provider = Other
access_key_id = $AWS_ACCESS_KEY_ID
secret_access_key = $AWS_SECRET_ACCESS_KEY
endpoint = $ENDPOINT
region = us-east-1
CFG
rclone check --download tree "varve:past-test--asof-$then"
s3cmd --access_key="$AWS_ACCESS_KEY_ID" --secret_key="$AWS_SECRET_ACCESS_KEY" --no-ssl \
    --host="${ENDPOINT#http://}" --host-bucket="${ENDPOINT#http://}" \
    get "s3://past-test--asof-$then/a/1" from-s3cmd
cmp from-s3cmd tree/a/1 || fail 's3cmd'

aws s3api copy-object --bucket past-test --key b --copy-source "past-test--asof-$then/a/1" >/dev/null
[ "$(aws s3 cp s3://past-test/b -)" = one ] || fail 'a copy from the past'
aws s3 rm --quiet --recursive s3://past-test
aws s3 sync --quiet "s3://past-test--asof-$then" s3://past-test
aws s3 sync --quiet s3://past-test back
same_tree tree back
# curl signs no query.
snapshot() {
  python3 - "$1" "$ENDPOINT/past-test?name=kept&varve-past=snapshot" <<'PY'
import sys, urllib.request
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.session import get_session

method, url = sys.argv[1:]
request = AWSRequest(method=method, url=url, data=b"")
S3SigV4Auth(get_session().get_credentials(), "s3", "us-east-1").add_auth(request)
urllib.request.urlopen(
    urllib.request.Request(url, method=method, headers=dict(request.headers.items())))
PY
}
snapshot PUT
aws s3 rm --quiet --recursive s3://past-test
aws s3 sync --quiet s3://past-test--snap-kept kept
same_tree tree kept
snapshot DELETE
aws s3 ls s3://past-test--snap-kept 2> gone && fail 'a snapshot that is gone was listed'
echo "past $rfc read and brought back"
