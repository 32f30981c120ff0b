#!/usr/bin/env bash
# restic: a repository in a bucket: back up twice, check every byte, restore, forget and prune.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
export RESTIC_REPOSITORY=s3:$ENDPOINT/restic-test/repository RESTIC_PASSWORD=secret
tree tree "$FILES"
restic init
restic backup tree
echo changed > tree/changed
restic backup tree
restic check --read-data
restic restore latest --target restored
same_tree tree "restored/tree"
restic forget --keep-last 1 --prune
restic check
[ "$(restic snapshots --json | jq length)" = 1 ] || fail 'not one snapshot left'
