#!/usr/bin/env bash
# The tutorial of the past, every command as it is written there, one after the other; and what it
# says of them is looked at.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
GUIDE=$(dirname "${BASH_SOURCE[0]}")/../../../../../docs/time-travel.md
export AWS_ENDPOINT_URL=$ENDPOINT
varve() {
  if [ "$1" = pitr ]; then
    case $2 in
      snapshot) set -- "$1" "$2" "$3" --url "$ENDPOINT" "${@:4}" ;;
      *) set -- "$1" "$2" --url "$ENDPOINT" "${@:3}" ;;
    esac
  fi
  "$JAVA" $JAVA_FLAGS -cp "$JAVA_CLASS_PATH" io.varve.endpoint.cli.VarveMain "$@"
}

# steps SECTION: the commands under that heading
steps() {
  awk -v section="## $1" '$0 == section { on = 1; next } /^## / { on = 0 }
    on && /^    (varve|aws|echo|mkdir|sleep|[A-Z]+=)/ { sub(/^    /, ""); print }' "$GUIDE"
}
# run SECTION: all of them, what they print in the file "out"
run() {
  local command
  : > out
  while IFS= read -r command; do
    echo "+ $command"
    eval "$command" >> out < /dev/null || fail "$command"
    RAN=$((RAN + 1))
  done < <(steps "$1")
  cat out
}
RAN=0
says() { grep -qF -- "$1" out || fail "not said: $1"; }

run 'Before'
says 'photos--snap-before-cleanup'
run 'A script goes wrong'
run 'What happened'
# The page shows what diff prints.
awk '/^    (removed|changed|added) / { sub(/^    /, ""); print }' "$GUIDE" > shown
head -n 4 out > printed
same shown printed
says 'DeleteObject'
run 'Look before you leap'
same album/spring/1.jpg was.jpg
same_tree album kept

says 'the sea'
run 'Bring it back'
says 'restored 1 ('
says 'removed 1, same 2, refused 0'
aws s3 sync --quiet s3://photos back
same_tree album back
run 'Beside it, and more than one'
same_tree album then
says 'restored 3 (30 bytes), removed 0, same 0, refused 0'
says 'photos brought back'
aws s3 sync --quiet s3://photos again
same_tree album again
[ "$RAN" = "$(grep -cE '^    (varve|aws|echo|mkdir|sleep|[A-Z]+=)' "$GUIDE")" ] || fail "only $RAN commands were run"
