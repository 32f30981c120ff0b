#!/usr/bin/env bash
# The openstack command with an openrc of version 3, then s3cmd and boto3 with the keys it has made.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
host=${ENDPOINT#http://}
root=$AWS_SECRET_ACCESS_KEY
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
export OS_AUTH_URL=$ENDPOINT/v3 OS_USER_DOMAIN_NAME=Default OS_REGION_NAME=us-east-1
export OS_INTERFACE=public OS_IDENTITY_API_VERSION=3
refused() { if "$@" >out 2>&1; then fail "not refused: $*"; fi; }

# The administrator makes a project with a user.
export OS_USERNAME=admin OS_PASSWORD=$root OS_PROJECT_NAME=admin OS_PROJECT_DOMAIN_NAME=Default
openstack token issue -f value -c id | grep -q . || fail 'no token'
openstack catalog list -f json > catalog.json
for type in identity object-store s3; do
  jq -e --arg t "$type" 'any(.[]; .Type == $t)' catalog.json >/dev/null || fail "no $type in the catalog"
done
project=$(openstack project create blue --description 'a project' -f value -c id)
openstack user create alice --project blue --password alices-password -f value -c id
openstack role create writer -f value -c id
openstack role add --user alice --project blue member
openstack role add --user alice --project blue writer
openstack role assignment list --user alice --project blue --names -f value -c Role > roles
grep -qx member roles && grep -qx writer roles || fail "roles are $(cat roles)"
openstack role remove --user alice --project blue writer
refused openstack project create blue
grep -q 409 out || fail "a name taken twice: $(cat out)"
openstack user set --email alice@example.org alice
openstack user show alice -f value -c email | grep -qx alice@example.org || fail 'the mail is not set'
openstack domain create other -f value -c id
openstack domain set --disable other
openstack domain delete other

# The user, as a public cloud's openrc has it: project by id, no domain for it.
unset OS_PROJECT_DOMAIN_NAME
export OS_USERNAME=alice OS_PASSWORD=alices-password OS_PROJECT_ID=$project OS_PROJECT_NAME=blue
refused openstack user list
grep -q 403 out || fail "a member lists users: $(cat out)"
openstack ec2 credentials create -f json > made.json
access=$(jq -r .access made.json)
secret=$(jq -r .secret made.json)
[ "$(jq -r .project_id made.json)" = "$project" ] || fail "the key is for $(jq -r .project_id made.json)"
openstack ec2 credentials list -f json -c Access -c Secret > list.json
[ "$(jq -r '.[0].Access' list.json)" = "$access" ] || fail "listed: $(cat list.json)"
[ "$(jq -r '.[0].Secret' list.json)" = "$secret" ] || fail "listed: $(cat list.json)"
openstack ec2 credentials show "$access" -f value -c secret | grep -qx "$secret" || fail 'show'

cat > .s3cfg <<CFG
[default]
access_key = $access
secret_key = $secret
host_base = $host
host_bucket = $host
use_https = False
CFG
s3cmd -c .s3cfg mb s3://iNNOVO-Blue
echo innovo > innovo.txt
s3cmd -c .s3cfg put innovo.txt s3://iNNOVO-Blue/innovo.txt
AWS_ACCESS_KEY_ID=$access AWS_SECRET_ACCESS_KEY=$secret python3 - <<END
import boto3
s3 = boto3.client("s3", endpoint_url="$ENDPOINT", region_name="us-east-1")
assert s3.get_object(Bucket="iNNOVO-Blue", Key="innovo.txt")["Body"].read() == b"innovo\n"
acl = s3.get_bucket_acl(Bucket="iNNOVO-Blue")
assert acl["Owner"]["ID"] == "$project", acl
END

# A login for a program: restricted, so it makes no keys.
openstack application credential create backup --secret hush-hush -f json > app.json
env -u OS_USERNAME -u OS_PASSWORD -u OS_PROJECT_ID -u OS_PROJECT_NAME -u OS_USER_DOMAIN_NAME \
  OS_AUTH_TYPE=v3applicationcredential OS_APPLICATION_CREDENTIAL_ID="$(jq -r .id app.json)" \
  OS_APPLICATION_CREDENTIAL_SECRET=hush-hush openstack token issue -f value -c project_id > out
[ "$(cat out)" = "$project" ] || fail "the program's project is $(cat out)"
openstack application credential list -f value -c Name | grep -qx backup || fail 'not listed'
openstack application credential delete backup

# The login of Swift's older clients gives the same account.
curl -sfS -D head -o /dev/null -H 'X-Auth-User: blue:alice' -H 'X-Auth-Key: alices-password' "$ENDPOINT/auth/v1.0"
grep -qi "^X-Storage-Url: $ENDPOINT/v1/AUTH_$project" head || fail "$(cat head)"

# Without the key, or the user, there is no way in.
openstack ec2 credentials delete "$access"
refused s3cmd -c .s3cfg ls
OLD=$(openstack token issue -f value -c id)
openstack user password set --original-password alices-password --password another-password
code=$(curl -s -o out -w '%{http_code}' -H "X-Auth-Token: $OLD" "$ENDPOINT/v3/auth/projects")
[ "$code" = 401 ] || fail "a token outlived its password: $code"
refused openstack token issue
OS_PASSWORD=another-password openstack token issue -f value -c id | grep -q .
