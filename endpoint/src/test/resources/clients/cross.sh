#!/usr/bin/env bash
# One object, two protocols: what the swift command writes boto3, aws and rclone read and change, and
# the other way round. docs/cross-protocol.md has every form and setting; these are the main ones.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
export OS_AUTH_URL=$ENDPOINT/v3 OS_IDENTITY_API_VERSION=3 OS_REGION_NAME=us-east-1 OS_INTERFACE=public
export OS_USERNAME=admin OS_PASSWORD=$AWS_SECRET_ACCESS_KEY OS_PROJECT_NAME=admin
export OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_NAME=Default
export AWS_CONFIG_FILE=$PWD/aws-config
s3() { aws --endpoint-url "$ENDPOINT" s3 "$@"; }
api() { aws --endpoint-url "$ENDPOINT" --output json s3api "$@"; }
refused() { if "$@" > out 2>&1; then fail "not refused: $*"; fi; }

python3 - <<'END'
import random
random.seed(11)
with open("large", "wb") as f:
    f.write(random.randbytes((12 << 20) + 321))
END
openstack ec2 credentials create -f json > key
AWS_ACCESS_KEY_ID=$(jq -r .access key) AWS_SECRET_ACCESS_KEY=$(jq -r .secret key)
export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY

# A static large object of Swift is one object for S3, with one ETag.
echo small > small.txt
swift post cross
swift upload --use-slo -S 5242880 --object-name slo cross large > out
api head-object --bucket cross --key slo > head
api list-objects-v2 --bucket cross --prefix slo > listed
[ "$(jq .ContentLength head)" = 12583233 ] || fail "head says $(cat head)"
[ "$(jq '.Contents[0].Size' listed)" = 12583233 ] || fail "listing says $(cat listed)"
[ "$(jq .ETag head)" = "$(jq '.Contents[0].ETag' listed)" ] || fail 'two ETags of one object'
jq -e '.ETag | endswith("-3\"")' head > /dev/null || fail "ETag of three segments: $(cat head)"
s3 cp s3://cross/slo slo.back --only-show-errors
same large slo.back
api get-object --bucket cross --key slo --range bytes=5242870-5242890 range > out
cmp range <(tail -c +5242871 large | head -c 21) || fail 'a range over two segments'
python3 - <<END
import boto3
s3 = boto3.client("s3", endpoint_url="$ENDPOINT")
part = s3.get_object(Bucket="cross", Key="slo", PartNumber=3)
assert part["PartsCount"] == 3 and part["ContentLength"] == 2097473, part
s3.copy({"Bucket": "cross", "Key": "slo"}, "cross", "copied")
s3.copy_object(Bucket="cross", Key="copied-whole", CopySource="cross/slo")
END
s3 sync s3://cross synced --only-show-errors
same large synced/copied-whole
s3 sync s3://cross synced > out
[ ! -s out ] || fail "a second sync has something to do: $(cat out)"

# Deleting it through S3 leaves the segments; the copies do not need them.
s3 rm s3://cross/slo --only-show-errors
[ "$(swift list cross_segments | wc -l)" = 3 ] || fail 'segments are gone with their manifest'
swift delete cross_segments > out
s3 cp s3://cross/copied copied.back --only-show-errors
same large copied.back

# A dynamic one reads as one, too.
swift upload -S 5242880 --object-name dlo cross large > out
swift stat cross dlo > out
grep -q 'Manifest:' out || fail "not dynamic: $(cat out)"
s3 cp s3://cross/dlo dlo.back --only-show-errors
same large dlo.back

# A segment that is gone is said before the first byte.
swift upload --use-slo -S 5242880 --object-name broken cross large > out
swift list cross_segments > segments
swift delete cross_segments "$(grep broken segments | sed -n 2p)" > out
refused api get-object --bucket cross --key broken got
grep -q SegmentUnavailable out || fail "said of a missing segment: $(cat out)"

# An object of parts reads through Swift, as swift and rclone do it by default.
s3 cp large s3://cross/parts --only-show-errors
swift download cross parts -o parts.back > out
same large parts.back
cat > rclone.conf <<CONF
[swift]
type = swift
env_auth = true
CONF
rclone --config rclone.conf --retries 1 copyto swift:cross/parts parts.rclone
same large parts.rclone
swift delete cross parts > out
refused api head-object --bucket cross --key parts

# rclone replaces and deletes such objects, too. To copy one at the server it wants segments.
swift() { rclone --config rclone.conf --retries 1 "$@"; }
for name in replaced moved gone; do s3 cp large "s3://cross/$name" --only-show-errors; done
swift copyto small.txt swift:cross/replaced
[ "$(swift cat swift:cross/replaced)" = small ] || fail 'rclone did not replace an object of parts'
swift --disable copy,move moveto swift:cross/moved swift:cross/elsewhere
swift copyto swift:cross/elsewhere elsewhere.back
same large elsewhere.back
swift deletefile swift:cross/gone
swift delete swift:cross --include elsewhere
for name in moved gone elsewhere; do refused api head-object --bucket cross --key "$name"; done
unset -f swift

# Metadata in UTF-8, tags, type and expiry.
echo hello > small
swift upload cross small -H 'X-Object-Meta-Color: grün' -H 'X-Delete-At: 4102444800' > out
python3 - <<END
import boto3
s3 = boto3.client("s3", endpoint_url="$ENDPOINT")
head = s3.head_object(Bucket="cross", Key="small")
from email.header import decode_header, make_header
assert str(make_header(decode_header(head["Metadata"]["color"]))) == "grün", head
assert "Fri, 01 Jan 2100" in head["Expiration"], head
s3.put_object_tagging(Bucket="cross", Key="small", Tagging={"TagSet": [{"Key": "team", "Value": "blue"}]})
END
swift post cross small -H 'X-Object-Meta-Shade: dark' -H 'Content-Type: text/x-shade'
api get-object-tagging --bucket cross --key small > out
jq -e '.TagSet[0].Value == "blue"' out > /dev/null || fail "tags after a post of Swift: $(cat out)"
api head-object --bucket cross --key small > out
jq -e '.Metadata.shade == "dark" and .ContentType == "text/x-shade"' out > /dev/null || fail "$(cat out)"

# Access lists.
api put-bucket-acl --bucket cross --acl public-read
swift stat cross > out
grep -q 'Read ACL: .r:\*,.rlistings' out || fail "of a public bucket Swift shows $(cat out)"
swift post cross -r '.r:*'
[ "$(curl -s "$ENDPOINT/cross/small")" = hello ] || fail 'public for Swift and not for S3'
api put-bucket-acl --bucket cross --acl private
[ "$(curl -s -o /dev/null -w '%{http_code}' "$ENDPOINT/cross/small")" = 403 ] || fail 'private and read'

# Quotas and versions.
swift post quota -H 'X-Container-Meta-Quota-Bytes: 10'
refused api put-object --bucket quota --key large --body large
grep -q QuotaExceeded out || fail "over a quota: $(cat out)"
swift post versions
api put-bucket-versioning --bucket versions --versioning-configuration Status=Enabled
swift upload versions small > out
echo changed > small
swift upload versions small > out
swift delete versions small > out
api list-object-versions --bucket versions > out
jq -e '(.Versions | length) == 2 and (.DeleteMarkers | length) == 1' out > /dev/null || fail "$(cat out)"
marker=$(jq -r '.DeleteMarkers[0].VersionId' out)
api delete-object --bucket versions --key small --version-id "$marker" > out
swift download versions small -o small.back > out
same small small.back
