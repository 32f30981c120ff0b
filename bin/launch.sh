# shellcheck shell=bash disable=SC2154
# Sourced by bin/varve, bin/varve-bench, bin/test and bin/format, which set $root to the top of the tree.
# Finds a JDK 25, builds a module's runtime layout when it is missing or older than its sources, starts it.

fail() { printf '%s\n' "$@" >&2; exit 1; }

# The release file answers without starting a JVM.
is_jdk_25() { grep -qs '^JAVA_VERSION="25[".]' "$1/release" && [ -x "$1/bin/java" ]; }

# Sets $jdk: JAVA_HOME, the java of PATH, then where packages and installers put JDKs.
find_jdk() {
  local candidate on_path
  on_path=$(command -v java) && on_path=$(readlink -f "$on_path") || on_path=
  for candidate in "${JAVA_HOME:-}" "${on_path%/bin/java}" /usr/lib/jvm/* /usr/java/* /opt/* \
      /opt/java/* ~/.sdkman/candidates/java/* ~/.jdks/* /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if is_jdk_25 "$candidate"; then jdk=$candidate; return; fi
  done
  fail 'Varve needs a JDK 25; none was found in JAVA_HOME, in PATH, or in the usual places.' \
    'Install one (Eclipse Temurin from https://adoptium.net, or your system'"'"'s package, such as' \
    'temurin-25-jdk or openjdk-25-jdk-headless), or set JAVA_HOME to where it is.'
}

# Runs Maven at the top of the tree. It may itself run on an older JVM: the build looks for the JDK
# to compile and test with in JAVA25_HOME too.
maven() {
  command -v mvn >/dev/null || fail 'Varve is built with Maven 3.8 or newer: install it (package maven).'
  (
    cd "$root" || exit
    command -v java >/dev/null || export JAVA_HOME="${JAVA_HOME:-$jdk}"
    JAVA25_HOME=$jdk mvn --batch-mode "$@"
  )
}

# Fresh means: nothing that goes into the layout has changed since its build began.
is_fresh() {
  [ -f "$layout/built" ] && [ -z "$(find "$root"/pom.xml "$root"/*/pom.xml "$root"/bin/jvm.options \
    "$root"/*/src/main -newer "$layout/built" -print -quit)" ]
}

build() {
  local log=$root/target/build.log
  echo 'building Varve (log: target/build.log)' >&2
  touch "$root/target/build-began"
  # Removed, not overwritten: a server that runs from it keeps the jars it has opened.
  rm -rf "$layout"
  if ! maven --projects "$module" --also-make -P "launch-$module" -Dmaven.test.skip=true package 2>&1 | tee "$log" | awk '
      /^\[INFO\] Building Varve/ { print "  " $3, $4, $NF; fflush() }
      /Downloaded from/ && ++files % 100 == 0 { print "  " files " files fetched"; fflush() }' >&2; then
    grep '^\[ERROR\]' "$log" | head -n 12 >&2
    fail 'the build failed: see target/build.log'
  fi
  if [ "$module" = endpoint ]; then remember_start; fi
  mv "$root/target/build-began" "$layout/built"
}

# Has the JVM remember what a server's start loads and links (JEP 483), which halves the time of every
# later one. It starts and stops one on an empty site; without the cache all works the same, but slower.
remember_start() {
  local site=$layout/first-site http=127.0.0.1:0 pid tries
  echo '  start-up cache' >&2
  VARVE_ROOT_ACCESS_KEY=cache VARVE_ROOT_SECRET_KEY=$RANDOM$RANDOM$RANDOM$RANDOM "$jdk/bin/java" \
    @"$layout/jvm.options" -cp "$layout/lib/*" -XX:AOTCacheOutput="$layout/start.aot" -Xmx512m \
    io.varve.endpoint.cli.VarveMain serve --data "$site" --http "$http" --https off \
    >"$root/target/start-up-cache.log" 2>&1 9>&- &
  pid=$!
  for ((tries = 0; tries < 300; tries++)); do
    if ! kill -0 "$pid" 2>/dev/null || grep -qs 'serving' "$root/target/start-up-cache.log"; then break; fi
    sleep 0.1
  done
  kill -TERM "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  rm -rf "$site"
}

# Sets $layout to the runtime layout of module $1, built when need be.
prepare() {
  module=$1 layout=$root/$1/target/varve
  find_jdk
  if is_fresh; then return; fi
  mkdir -p "$root/target"
  # Of several that start at once, one builds and the others wait for it.
  exec 9>"$root/target/build.lock"
  if command -v flock >/dev/null; then flock --nonblock 9 || { echo 'waiting for a build that has begun' >&2; flock 9; }; fi
  is_fresh || build
  exec 9>&-
}

# start MAIN-CLASS JVM-FLAG... -- ARGUMENT...: becomes the JVM that runs the prepared module.
start() {
  local main=$1 flags=(@"$layout/jvm.options" -cp "$layout/lib/*")
  shift
  while [ "$1" != -- ]; do flags+=("$1"); shift; done
  shift
  exec "$jdk/bin/java" "${flags[@]}" "$main" "$@"
}
