#!/usr/bin/env bash
# Users of an existing Keystone: swift and openstack with its tokens, aws, boto3 and s3cmd with its EC2 keys.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
host=${ENDPOINT#http://}
refused() { if "$@" >out 2>&1; then fail "not refused: $*"; fi; }
code() { curl -s -o out -w '%{http_code}' "$@"; }
export OS_AUTH_URL=$KEYSTONE OS_IDENTITY_API_VERSION=3 OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_NAME=Default
export OS_INTERFACE=public OS_REGION_NAME=RegionOne

# What an administrator of Keystone does for the storage, in one run of the command.
users='blue:alice:tenant blue:rita:reader blue:paul:plain green:bob:member yellow:otto:member green:lord:ResellerAdmin'
{
  echo project create service
  echo "user create varve --password $SERVICE_PASSWORD"
  echo role add --user varve --project service admin
  echo service create --name varve object-store
  echo "endpoint create --region RegionOne object-store public $ENDPOINT/v1/AUTH_%(project_id)s"
  for role in tenant ResellerAdmin plain; do echo "role create $role"; done
  for project in blue green yellow; do echo "project create $project"; done
  for each in $users; do
    IFS=: read -r project user role <<< "$each"
    echo "user create $user --password ${user}s"
    echo "role add --user $user --project $project $role"
  done
  # The same names in another domain are other people.
  echo domain create elsewhere
  echo project create green --domain elsewhere
  echo user create bob --domain elsewhere --password bobs
  echo role add --user bob --user-domain elsewhere --project green --project-domain elsewhere member
} > setup
OS_USERNAME=admin OS_PASSWORD=$KEYSTONE_PASSWORD OS_PROJECT_NAME=admin openstack < setup > setup.out 2>&1
OS_USERNAME=admin OS_PASSWORD=$KEYSTONE_PASSWORD OS_PROJECT_NAME=admin openstack project list --domain default -f json > projects
for project in blue green yellow; do
  jq -r --arg name $project '[.[] | select(.Name == $name)][0].ID' projects > $project
  grep -q ... $project || fail "$(cat setup.out)"
done
as() { OS_USERNAME=$2 OS_PASSWORD=$2s OS_PROJECT_NAME=$1 "${@:3}"; }
blue=$(cat blue)

# Swift, by the catalog there.
as blue alice swift post films
echo 'a film' > film
as blue alice swift upload films film
as blue alice swift stat films film > out
as blue alice openstack object list films -f value -c Name > out
grep -qx film out || fail 'the object is not listed'
as blue alice openstack token issue -f value -c id > token-alice
[ "$(code -H "X-Auth-Token: $(cat token-alice)" "$ENDPOINT/v1/AUTH_$blue/films/film")" = 200 ] || fail "$(cat out)"
same out film
as blue rita swift download films film -o - | cmp - film || fail 'a reader cannot read'
refused as blue rita swift post more
refused as blue paul swift list
refused as green bob swift --os-storage-url "$ENDPOINT/v1/AUTH_$blue" download films film -o -
as green lord swift --os-storage-url "$ENDPOINT/v1/AUTH_$blue" download films film -o - | cmp - film

# Names in access lists, of the project and the user.
as blue alice swift post -r green:bob films
as green bob swift --os-storage-url "$ENDPOINT/v1/AUTH_$blue" download films film -o - | cmp - film
refused as yellow otto swift --os-storage-url "$ENDPOINT/v1/AUTH_$blue" download films film -o -
# The same names in another domain are other people.
refused env OS_USERNAME=bob OS_PASSWORD=bobs OS_PROJECT_NAME=green OS_USER_DOMAIN_NAME=elsewhere \
  OS_PROJECT_DOMAIN_NAME=elsewhere swift --os-storage-url "$ENDPOINT/v1/AUTH_$blue" download films film -o -

# Not a token, no token, and a token of no project.
[ "$(code -H 'X-Auth-Token: gAAAAABmade-up' "$ENDPOINT/v1/AUTH_$blue")" = 401 ] || fail 'a made-up token'
[ "$(code "$ENDPOINT/v1/AUTH_$blue")" = 401 ] || fail 'no token'
env OS_USERNAME=alice OS_PASSWORD=alices openstack token issue -f value -c id > unscoped
[ "$(code -H "X-Auth-Token: $(cat unscoped)" "$ENDPOINT/v1/AUTH_$blue")" = 403 ] || fail 'a token of no project'

# S3 with EC2 keys of Keystone: Version 4 and 2, headers and presigned.
as blue alice openstack ec2 credentials create -f json > alice.json
ACCESS=$(jq -r .access alice.json) SECRET=$(jq -r .secret alice.json)
export AWS_ACCESS_KEY_ID=$ACCESS AWS_SECRET_ACCESS_KEY=$SECRET AWS_DEFAULT_REGION=us-east-1
aws --endpoint-url "$ENDPOINT" s3 cp s3://films/film - | cmp - film || fail 'aws reads another film'
python3 - <<END
import boto3, urllib.request
from botocore.client import Config
from botocore.exceptions import ClientError
for version in ["s3v4", "s3"]:
    s3 = boto3.client("s3", endpoint_url="$ENDPOINT", config=Config(signature_version=version))
    s3.put_object(Bucket="films", Key="with space+" + version, Body=b"more")
    url = s3.generate_presigned_url("get_object", {"Bucket": "films", "Key": "with space+" + version})
    assert urllib.request.urlopen(url).read() == b"more"
acl = s3.get_bucket_acl(Bucket="films")
assert acl["Owner"] == {"ID": "$blue", "DisplayName": "blue"}, acl
for version in ["s3v4", "s3"]:
    bad = boto3.client("s3", endpoint_url="$ENDPOINT", aws_access_key_id="$ACCESS",
                       aws_secret_access_key="wrong", config=Config(signature_version=version))
    try:
        bad.list_buckets()
        raise SystemExit("a wrong secret is taken")
    except ClientError as e:
        assert e.response["Error"]["Code"] == "SignatureDoesNotMatch", e.response
try:
    boto3.client("s3", endpoint_url="$ENDPOINT", aws_access_key_id="nobodys",
                 aws_secret_access_key="x").list_buckets()
    raise SystemExit("an unknown key is taken")
except ClientError as e:
    assert e.response["Error"]["Code"] == "InvalidAccessKeyId", e.response
END
cat > .s3cfg <<CFG
[default]
access_key = $ACCESS
secret_key = $SECRET
host_base = $host
host_bucket = $host
use_https = False
CFG
s3cmd -c .s3cfg ls s3://films > out
grep -q /film out || fail 's3cmd lists no film'
s3cmd -c .s3cfg --signature-v2 get s3://films/film again
same film again
as blue rita openstack ec2 credentials create -f json > rita.json
AWS_ACCESS_KEY_ID=$(jq -r .access rita.json) AWS_SECRET_ACCESS_KEY=$(jq -r .secret rita.json) \
  aws --endpoint-url "$ENDPOINT" s3 cp s3://films/film - | cmp - film
refused env AWS_ACCESS_KEY_ID="$(jq -r .access rita.json)" AWS_SECRET_ACCESS_KEY="$(jq -r .secret rita.json)" \
  aws --endpoint-url "$ENDPOINT" s3 cp film s3://films/no
grep -q AccessDenied out || fail "a reader writes: $(cat out)"

# The root credential stays, and identity is elsewhere.
AWS_ACCESS_KEY_ID=$ROOT_ACCESS AWS_SECRET_ACCESS_KEY=$ROOT_SECRET aws --endpoint-url "$ENDPOINT" s3 ls s3://films > out
[ "$(code "$ENDPOINT/v3/auth/tokens")" = 404 ] || fail "identity is served: $(cat out)"
grep -q 'no identity service' out || fail "$(cat out)"

# For when Keystone is down: nobody here has seen these.
as yellow otto openstack ec2 credentials create -f json > otto.json
as yellow otto openstack token issue -f value -c id > token-otto
