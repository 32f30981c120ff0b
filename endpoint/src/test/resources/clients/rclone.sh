#!/usr/bin/env bash
# rclone: sync both ways with checks, large files in parts, server-side moves.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
mkdir -p .config/rclone
cat > .config/rclone/rclone.conf <<CFG
[varve]
type = s3
provider = Other
access_key_id = $AWS_ACCESS_KEY_ID
secret_access_key = $AWS_SECRET_ACCESS_KEY
endpoint = $ENDPOINT
region = eu-central-1
acl = private
bucket_acl = private
upload_concurrency = 8
CFG

rclone mkdir varve:rclone-test
rclone lsd varve: > out
grep -q rclone-test out || fail 'the bucket is not listed'
tree tree "$FILES"
large tree/big
rclone sync --transfers 16 tree varve:rclone-test/tree
rclone check --download tree varve:rclone-test/tree
rclone sync --dry-run tree varve:rclone-test/tree 2>&1 | tee second.out
grep -q 'NOTICE: .*: Skipped' second.out && fail 'the second sync up had something to do'
rclone sync --transfers 16 varve:rclone-test/tree down
same_tree tree down
rclone sync --dry-run varve:rclone-test/tree down 2>&1 | tee second.out
grep -q 'NOTICE: .*: Skipped' second.out && fail 'the second sync down had something to do'
rclone moveto varve:rclone-test/tree/big varve:rclone-test/moved
rclone cat varve:rclone-test/moved | cmp - tree/big || fail 'the moved object differs'
rclone size varve:rclone-test --json | jq -e ".count == $FILES + 1" >/dev/null || fail 'count'
rclone purge varve:rclone-test
