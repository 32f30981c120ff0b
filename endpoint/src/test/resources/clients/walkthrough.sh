#!/usr/bin/env bash
# The walkthrough of a public OpenStack cloud: keys by openstack, then s3cmd and swift on the same
# buckets, over HTTPS with the certificate the server made for itself.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
export OS_AUTH_URL=$HTTPS_ENDPOINT/v3 OS_IDENTITY_API_VERSION=3 OS_CACERT=$CA_CERTIFICATE
export OS_USERNAME=admin OS_PASSWORD=$AWS_SECRET_ACCESS_KEY OS_PROJECT_NAME=admin
export OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_NAME=Default
export OS_REGION_NAME=us-east-1 OS_INTERFACE=public

openstack token issue -f value -c project_id > project
openstack catalog list -f json > catalog
for service in object-store s3 identity; do
  jq -e --arg type "$service" 'any(.[]; .Type == $type)' catalog > out || fail "no $service in the catalog"
done

# A user of a project of their own.
openstack project create second -f value -c id > second
openstack user create --password 'pass word' --project second anna -f value -c id > anna
openstack role add --project second --user anna member
openstack project create third -f value -c id
openstack user create --password 'other word' --project third bert -f value -c id
openstack role add --project third --user bert member
OS_USERNAME=bert OS_PASSWORD='other word' OS_PROJECT_NAME=third openstack ec2 credentials create -f json > bert
export OS_USERNAME=anna OS_PASSWORD='pass word' OS_PROJECT_NAME=second

openstack ec2 credentials create -f json > made
openstack ec2 credentials list -f json -c Access -c Secret > listed
ACCESS=$(jq -r '.[0].Access' listed) SECRET=$(jq -r '.[0].Secret' listed)
[ "$ACCESS" = "$(jq -r .access made)" ] || fail 'the new key is not listed'
openstack ec2 credentials show "$ACCESS" -f value -c secret > out
grep -qxF -- "$SECRET" out || fail 'show tells another secret'

HOST=${HTTPS_ENDPOINT#https://}
cat > .s3cfg <<CFG
[default]
access_key = $ACCESS
secret_key = $SECRET
host_base = $HOST
host_bucket = $HOST
use_https = True
check_ssl_certificate = True
check_ssl_hostname = True
ca_certs_file = $CA_CERTIFICATE
CFG
s3cmd() { command s3cmd -c .s3cfg --no-progress "$@"; }
web() { curl -sS --cacert "$CA_CERTIFICATE" -o web.out -w '%{http_code}' "$@"; }

s3cmd mb s3://walk-Through
echo innovo > innovo.txt
s3cmd put innovo.txt s3://walk-Through/innovo.txt
[ "$(web "$HTTPS_ENDPOINT/walk-Through/innovo.txt")" = 403 ] || fail 'private and read by anybody'
s3cmd setacl s3://walk-Through/innovo.txt --acl-public
[ "$(web "$HTTPS_ENDPOINT/walk-Through/innovo.txt")" = 200 ] || fail 'public and not read'
same innovo.txt web.out
s3cmd setacl s3://walk-Through/innovo.txt --acl-private
[ "$(web "$HTTPS_ENDPOINT/walk-Through/innovo.txt")" = 403 ] || fail 'private again and read'

cat > policy <<'JSON'
{"Version": "2008-10-17", "Statement": [{"Sid": "read", "Effect": "Allow", "Principal": "*",
  "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::walk-Through/*"]}]}
JSON
s3cmd setpolicy policy s3://walk-Through
s3cmd info s3://walk-Through > out
grep -q 's3:GetObject' out || fail 'info does not show the policy'
[ "$(web "$HTTPS_ENDPOINT/walk-Through/innovo.txt")" = 200 ] || fail 'the policy allows and it is not read'
s3cmd delpolicy s3://walk-Through
[ "$(web "$HTTPS_ENDPOINT/walk-Through/innovo.txt")" = 403 ] || fail 'no policy any more and it is read'

# The same bucket by Swift.
swift stat > out
grep -q 'Containers: 1' out || fail 'the account has another number of containers'
swift list walk-Through > out
grep -qx innovo.txt out || fail 'swift does not list what s3cmd put'
swift download walk-Through innovo.txt --output back.txt
same innovo.txt back.txt
swift upload --object-name 'from/swift ü.txt' walk-Through innovo.txt
s3cmd get 's3://walk-Through/from/swift ü.txt' back2.txt
same innovo.txt back2.txt

# A web site.
swift post site
swift post -r '.r:*,.rlistings' site
echo '<h1>at home</h1>' > index.html
openstack object create site index.html
swift upload site innovo.txt
swift stat site > out
grep -q 'Read ACL: .r:\*,.rlistings' out || fail 'the read ACL is not shown'
swift download site index.html --output back.html
same index.html back.html

# Across projects: a policy without principal lets anybody who signs read, and another project's keys
# copy within the server.
cat > policy <<'JSON'
{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"],
  "Resource": ["arn:aws:s3:::walk-Through", "arn:aws:s3:::walk-Through/*"]}]}
JSON
s3cmd setpolicy policy s3://walk-Through
other() {
  command s3cmd -c .s3cfg --access_key="$(jq -r .access bert)" --secret_key="$(jq -r .secret bert)" --no-progress "$@"
}
other mb s3://walk-copy
# Without a word on the ACL, s3cmd would carry over the source's, owner and all, which no S3 allows.
other sync --acl-private s3://walk-Through s3://walk-copy
other get 's3://walk-copy/from/swift ü.txt' back3.txt
same innovo.txt back3.txt
if other put innovo.txt s3://walk-Through/foreign 2> err; then fail 'a reader writes'; fi
if swift post walk-copy 2> err; then fail 'a name of another project is taken over'; fi
grep -q 409 err || fail 'a taken name is not a conflict'

openstack ec2 credentials delete "$ACCESS"
if s3cmd ls s3://walk-Through 2> err; then fail 'a deleted key still opens'; fi
grep -q 403 err || fail 'a deleted key is refused in another way'
swift delete walk-Through
swift delete site
swift list > out
[ ! -s out ] || fail 'containers are left'
