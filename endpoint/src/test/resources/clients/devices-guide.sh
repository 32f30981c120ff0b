#!/usr/bin/env bash
# The operator's guide to devices, every step as it is written there: a disk is replaced, a host
# added, a rack drained, and the health output read. What stands in the guide is what is run.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
GUIDE=$(dirname "${BASH_SOURCE[0]}")/../../../../../docs/operations/devices.md
export OS_AUTH_URL=$ENDPOINT/v3 OS_USERNAME=admin OS_PASSWORD=$AWS_SECRET_ACCESS_KEY
export OS_PROJECT_NAME=admin OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_NAME=Default
varve() { "$JAVA" $JAVA_FLAGS -cp "$JAVA_CLASS_PATH" io.varve.endpoint.cli.VarveMain "$@"; }

# steps SECTION: the commands under that heading, drives being below this directory
steps() {
  awk -v section="## $1" '$0 == section { on = 1; next } /^## / { on = 0 } on && /^    (\$ )?varve / {
    sub(/^    (\$ )?/, ""); sub(/ +#.*/, ""); print }' "$GUIDE" | sed "s,/mnt/,$PWD/mnt/,g"
}
# step N SECTION: the Nth of them, as it is written
step() {
  local command
  command=$(steps "$2" | sed -n "$1p")
  [ -n "$command" ] || fail "the guide has no step $1 under '$2'"
  echo "+ $command"
  eval "$command"
}

TOKEN=$(curl -sS -D - -o out -H 'Content-Type: application/json' "$OS_AUTH_URL/auth/tokens" -d "{\"auth\":
  {\"identity\": {\"methods\": [\"password\"], \"password\": {\"user\": {\"name\": \"admin\",
  \"domain\": {\"id\": \"default\"}, \"password\": \"$OS_PASSWORD\"}}},
  \"scope\": {\"project\": {\"name\": \"admin\", \"domain\": {\"id\": \"default\"}}}}}" |
  tr -d '\r' | sed -n 's/^X-Subject-Token: //ip')
STORE=$ENDPOINT/v1/AUTH_$(jq -r .token.project.id out)
store() { curl -sS --fail-with-body -H "X-Auth-Token: $TOKEN" "$@"; }
COUNT=0
objects() { # so many more of them
  local from=$((COUNT + 1))
  COUNT=$((COUNT + $1))
  store -T bytes "$STORE/guide/object-[$from-$COUNT]" > out
}
holds() { curl -sS -H "X-Auth-Token: $TOKEN" "$ENDPOINT/varve/v1/status" > status.json; jq -e "$1" status.json > out; }
await() { # CONDITION on the status
  local i
  for ((i = 0; i < 600; i++)); do
    if holds "$1"; then return; fi
    sleep 0.1
  done
  fail "not in a minute: $1 $(cat status.json)"
}
device() { echo "(.devices[] | select(.id == $1))"; }
WHOLE='.pools[0].health.whole'

# Disk 4 is gone: its files are, and what is there is not a device. Writes find out.
lose() { # DIRECTORY
  rm -rf "$1"
  local i
  for ((i = 0; i < 40; i++)); do
    objects 6
    if holds "$(device 4).state == \"down\""; then return; fi
  done
  fail "device 4 is not found to be gone"
}

head -c 400000 /dev/urandom > bytes
store -X PUT "$STORE/guide" > out
objects 12

step 1 'Read the health output' > health
for word in '^ready$' 'devices: 9, 9 up, 9 in' 'whole: true' 'degraded_copies: 0' 'lost_blobs: 0' 'available_bytes: '; do
  grep -q "$word" health || fail "the health output lacks $word: $(cat health)"
done

lose "$DATA/devices/host1/ssd"
mkdir "$DATA/devices/host1/ssd"
step 1 'Replace a disk'
await "$(device 4).state == \"up\" and $WHOLE"
lose "$DATA/devices/host1/ssd"
step 2 'Replace a disk'
await "$(device 4).state == \"up\" and $WHOLE"
[ -e mnt/new/label-0 ] || ls mnt/new | grep -q . || fail 'the new disk is empty'

step 1 'Add a device, add a host'
step 2 'Add a device, add a host'
await "(.devices | length) == 11 and $WHOLE and $(device 9).blobs > 0"
step 3 'Add a device, add a host'
step 4 'Add a device, add a host' | grep -q 'pool default: 0.00 %' || fail 'the same map moves something'

for n in 1 2 3; do step $n 'Drain a rack, take a device away'; done
await "$(device 6).blobs == 0 and $(device 7).blobs == 0 and $(device 8).blobs == 0 and $WHOLE"
step 4 'Drain a rack, take a device away' > list
[ "$(grep -c drained list)" = 3 ] || fail "not all say drained: $(cat list)"
for n in 5 6 7; do step $n 'Drain a rack, take a device away'; done
await '(.devices | length) == 8'

step 1 'A device is too full'
step 2 'A device is too full'
await "$(device 3).reweight < 0.91 and $(device 3).map_weight == 3.5 and $WHOLE"

step 2 'Read the health output' > audit || fail "something is lost: $(cat audit)"
grep -q 'pool default: clean' audit || fail "$(cat audit)"
store -o 'read-#1' "$STORE/guide/object-[1-$COUNT]"
for ((i = 1; i <= COUNT; i++)); do same bytes "read-$i"; done
