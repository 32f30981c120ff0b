#!/usr/bin/env bash
# Backups that nobody can delete: restic by way of rclone, into a bucket whose policy (without
# principal) denies the deletion of all but locks.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
HOST=${HTTPS_ENDPOINT#https://}
cat > .s3cfg <<CFG
[default]
access_key = $AWS_ACCESS_KEY_ID
secret_key = $AWS_SECRET_ACCESS_KEY
host_base = $HOST
host_bucket = $HOST
use_https = True
check_ssl_certificate = True
check_ssl_hostname = True
ca_certs_file = $CA_CERTIFICATE
CFG
s3cmd() { command s3cmd -c .s3cfg --no-progress "$@"; }
cat > rclone.conf <<CFG
[cloud]
type = s3
provider = Other
region = eu-central-1
endpoint = $HTTPS_ENDPOINT
access_key_id = $AWS_ACCESS_KEY_ID
secret_access_key = $AWS_SECRET_ACCESS_KEY
acl = private
bucket_acl = private
upload_concurrency = 8
CFG
export RCLONE_CONFIG=$PWD/rclone.conf RCLONE_CA_CERT=$CA_CERTIFICATE RESTIC_PASSWORD=secret
backup() {
  restic -o rclone.program=rclone -o rclone.args='serve restic --stdio --append-only' -r rclone:cloud:vault/repository "$@"
}
denied() { if "$@" > err 2>&1; then fail "not denied: $*"; fi; }

s3cmd mb s3://vault
cat > policy <<'JSON'
{"Version": "2012-10-17", "Statement": [{"Sid": "keep", "Effect": "Deny",
  "Action": ["s3:DeleteObject", "s3:DeleteObjectVersion"],
  "NotResource": ["arn:aws:s3:::vault/repository/locks/*", "arn:aws:s3:::vault"]}]}
JSON
s3cmd setpolicy policy s3://vault
echo kept > kept.txt
s3cmd put kept.txt s3://vault/kept.txt
denied s3cmd rm s3://vault/kept.txt
grep -q AccessDenied err || fail "denied in another way: $(cat err)"
rclone lsd cloud: > out
grep -q ' vault$' out || fail 'rclone does not see the bucket'

tree tree "$FILES"
backup init
backup backup tree
echo changed > tree/changed
backup backup tree
[ "$(backup snapshots --json | jq length)" = 2 ] || fail 'not two snapshots'
backup forget --keep-last 1 > err 2>&1 || true
[ "$(backup snapshots --json | jq length)" = 2 ] || fail 'a snapshot was forgotten'
denied rclone purge cloud:vault/repository/data
backup check --read-data
backup restore latest --target restored
same_tree tree restored/tree

s3cmd delpolicy s3://vault
backup check
rclone purge cloud:vault
