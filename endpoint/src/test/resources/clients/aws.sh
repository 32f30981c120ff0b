#!/usr/bin/env bash
# The AWS command line: small and large objects, sync both ways, listings, deletes.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
aws() { command aws --endpoint-url "$ENDPOINT" "$@"; }

aws s3 mb s3://aws-test
echo hello > hello.txt
aws s3 cp hello.txt s3://aws-test/docs/hello.txt
[ "$(aws s3 cp s3://aws-test/docs/hello.txt -)" = hello ] || fail 'hello came back otherwise'
aws s3 ls s3://aws-test/docs/ > out
grep -q hello.txt out || fail 'hello.txt is not listed'
aws s3api head-object --bucket aws-test --key docs/hello.txt | jq -e '.ContentLength == 6' >/dev/null

large big
aws s3 cp --no-progress big s3://aws-test/big
aws s3 cp --no-progress s3://aws-test/big back
same big back
aws s3api head-object --bucket aws-test --key big | jq -er .ETag | grep -q -- '-' || fail 'not multipart'
aws s3 cp --no-progress s3://aws-test/big s3://aws-test/copy
aws s3 cp --no-progress s3://aws-test/copy - | cmp - big || fail 'the copy differs'
rm -f big back
aws s3 rm s3://aws-test/big
aws s3 rm s3://aws-test/copy

tree tree "$FILES"
aws s3 sync --only-show-errors tree s3://aws-test/tree
[ -z "$(aws s3 sync tree s3://aws-test/tree)" ] || fail 'the second sync up had something to do'
aws s3 sync --only-show-errors s3://aws-test/tree down
same_tree tree down
[ -z "$(aws s3 sync s3://aws-test/tree down)" ] || fail 'the second sync down had something to do'
listed=$(aws s3api list-objects-v2 --bucket aws-test --prefix tree/ --query 'length(Contents)')
[ "$listed" = "$FILES" ] || fail "listed $listed of $FILES"

aws configure set default.s3.signature_version s3v4
url=$(aws s3 presign s3://aws-test/docs/hello.txt)
[ "$(curl -fsS "$url")" = hello ] || fail 'the presigned URL does not work'
[ "$(curl -s -o /dev/null -w '%{http_code}' "$ENDPOINT/aws-test/docs/hello.txt")" = 403 ] ||
  fail 'an anonymous read is not refused'

if aws s3 rb s3://aws-test 2>rb.err; then fail 'a bucket that is not empty was removed'; fi
grep -q BucketNotEmpty rb.err || fail "$(cat rb.err)"
aws s3 rm --recursive --only-show-errors s3://aws-test
aws s3 rb s3://aws-test
