# shellcheck shell=bash
# Sourced by the client scripts: strict mode, trees of files, comparisons.
set -euo pipefail

fail() { echo "FAILED: $*" >&2; exit 1; }

# tree DIR COUNT: that many small files of random bytes, some names that need encoding among them
tree() {
  mkdir -p "$1"
  python3 - "$1" "$2" <<'END'
import os, random, sys
root, count = sys.argv[1], int(sys.argv[2])
random.seed(count)
names = ["plus+sign", "per%2Fcent", "äöü", "emoji-😀", "space in name", "quote'd", "a&b=c"]
for i in range(count):
    folder = os.path.join(root, "d%03d" % (i // 100))
    os.makedirs(folder, exist_ok=True)
    name = names[i] if i < len(names) else "f%06d" % i
    with open(os.path.join(folder, name), "wb") as f:
        f.write(random.randbytes(random.choice([0, 1, 100, 4096, 10000])))
    # Or a sync within the same second takes them for newer than what was just put.
    os.utime(f.name, (1_700_000_000, 1_700_000_000))
END
}

# large FILE: LARGE_MIB MiB of bytes that do not repeat
large() {
  python3 - "$1" "$LARGE_MIB" <<'END'
import random, sys
random.seed(7)
with open(sys.argv[1], "wb") as f:
    for _ in range(int(sys.argv[2])):
        f.write(random.randbytes(1 << 20))
END
}

same() { cmp "$1" "$2" || fail "$1 and $2 differ"; }
same_tree() { diff -r "$1" "$2" || fail "$1 and $2 differ"; }
