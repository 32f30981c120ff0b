#!/usr/bin/env bash
# The swift command: containers, objects, segments, versions, links; by Keystone's API, once by the old login.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
root=$AWS_SECRET_ACCESS_KEY
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
export OS_AUTH_URL=$ENDPOINT/v3 OS_USERNAME=admin OS_PASSWORD=$root OS_PROJECT_NAME=admin
export OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_NAME=Default OS_REGION_NAME=us-east-1
export OS_IDENTITY_API_VERSION=3 OS_INTERFACE=public
header() { curl -sfI -H "X-Auth-Token: $OS_AUTH_TOKEN" "$1" | tr -d '\r' | sed -n "s/^$2: //Ip"; }
api() { curl -sf -H "X-Auth-Token: $OS_AUTH_TOKEN" "$@"; }
refused() { if "$@" >out 2>&1; then fail "not refused: $*"; fi; }

# stat, post, upload, list, download, delete.
swift stat > stat
grep -q 'Account: AUTH_' stat || fail "stat: $(cat stat)"
swift -V 1 -A "$ENDPOINT/auth/v1.0" -U admin:admin -K "$root" stat >/dev/null || fail 'the old login'
tree files 40
swift post plain -m 'color: blue'
swift stat plain | grep -q 'Meta Color: blue' || fail 'the container has no metadata'
swift upload --object-name tree plain files >/dev/null
[ "$(swift list plain | wc -l)" -eq 40 ] || fail "listed: $(swift list plain)"
swift download plain --prefix tree/ --remove-prefix -D back >/dev/null
same_tree files back
swift post plain tree/d000/f000020 -m 'taste: sweet' -H 'X-Delete-After: 100000'
swift stat plain tree/d000/f000020 > stat
grep -q 'Meta Taste: sweet' stat && grep -q 'X-Delete-At' stat || fail "posted: $(cat stat)"
swift copy plain tree/d000/f000020 -d /plain/copy >/dev/null
swift download plain copy -o copied >/dev/null
same files/d000/f000020 copied
swift delete plain tree/d000/f000020 >/dev/null
refused swift stat plain tree/d000/f000020

# Segments, of both kinds.
large big
swift upload -S 20000000 plain big --object-name dynamic >/dev/null
swift upload -S 20000000 --use-slo plain big --object-name static >/dev/null
swift stat plain static | grep -q 'X-Static-Large-Object: True' || fail 'not a static large object'
for kind in dynamic static; do
  swift download plain $kind -o $kind >/dev/null
  same big $kind
done
swift delete plain static dynamic >/dev/null
[ -z "$(swift list plain_segments)" ] || fail "segments are left: $(swift list plain_segments)"

# Versions.
eval "$(swift auth | grep -E '^export OS_(STORAGE_URL|AUTH_TOKEN)=')"
url=$OS_STORAGE_URL
swift post kept -H 'X-Versions-Enabled: true'
swift stat kept | grep -q 'Versions-Enabled: True' || fail "not versioned: $(swift stat kept)"
for text in one two three; do
  echo $text > o
  swift upload kept o >/dev/null
done
swift list kept --versions > versions
[ "$(grep -c ' o$' versions)" -eq 3 ] || fail "versions: $(cat versions)"
first=$(api "$url/kept?versions" | jq -r '.[-1].version_id')
swift download kept o --version-id "$first" -o - | grep -qx one || fail 'the first version'
swift delete kept o >/dev/null
refused swift stat kept o
api "$url/kept?versions" | jq -e '.[0].content_type | startswith("application/x-deleted")' >/dev/null \
  || fail 'no delete marker'
api -X PUT -H 'Content-Length: 0' "$url/kept/o?version-id=$first" >/dev/null
swift download kept o -o - | grep -qx one || fail 'not restored'
[ "$(header "$url/kept/o" X-Object-Version-Id)" = "$first" ] || fail 'restored under another id'
swift delete --versions kept >/dev/null
refused swift stat kept

# The older way: a stack gives back what it has.
swift post older
swift post stack -H 'X-Versions-Location: older'
for text in one two; do
  echo $text > o
  swift upload stack o >/dev/null
done
swift list older | grep -qE '^001o/[0-9]{10}\.[0-9]{5}$' || fail "kept: $(swift list older)"
swift delete stack o >/dev/null
swift download stack o -o - | grep -qx one || fail 'the stack gave nothing back'

# Links.
echo target > t
swift upload plain t >/dev/null
api -X PUT -H 'X-Symlink-Target: plain/t' -H 'Content-Length: 0' "$url/plain/link" >/dev/null
swift download plain link -o - | grep -qx target || fail 'the link does not read'
[ "$(header "$url/plain/link" Content-Location)" = "${url#"$ENDPOINT"}/plain/t" ] || fail 'Content-Location'
[ "$(header "$url/plain/link?symlink=get" X-Symlink-Target)" = plain/t ] || fail 'the link is not shown'
api "$url/plain?format=json&prefix=link" | jq -e '.[0].symlink_path | endswith("/plain/t")' >/dev/null \
  || fail 'the listing says nothing of the link'
for container in plain stack older plain_segments; do swift delete $container >/dev/null; done
