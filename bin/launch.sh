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

# Has the JVM remember what a server's start loads, links and runs often (JEP 483 and 515), which makes
# every later one several times shorter; without the cache all works the same, but slower. The server that
# is remembered opens a site that has objects, and that has been stopped once and then killed, so that it
# does all that a start may have to: reads what a stop saved, and makes up for what it did not.
remember_start() {
  local site=$layout/first-site log=$root/target/start-up-cache
  echo '  start-up cache' >&2
  rm -rf "$site"
  remembered_server "$log.log" TERM
  remembered_server "$log-2.log" KILL
  remembered_server "$log-3.log" TERM -XX:AOTCacheOutput="$layout/start.aot"
  rm -rf "$site"
}

# remembered_server LOG SIGNAL JVM-FLAG...: starts a server on $site, sends requests, ends it.
remembered_server() {
  local log=$1 signal=$2 secret=remembered-start-remembered pid tries
  shift 2
  VARVE_ROOT_ACCESS_KEY=cache VARVE_ROOT_SECRET_KEY=$secret "$jdk/bin/java" \
    @"$layout/jvm.options" -cp "$layout/lib/*" "$@" -Xmx512m \
    io.varve.endpoint.cli.VarveMain serve --data "$site" --http 127.0.0.1:0 --https 127.0.0.1:0 \
    >"$log" 2>&1 9>&- &
  pid=$!
  for ((tries = 0; tries < 600; tries++)); do
    if ! kill -0 "$pid" 2>/dev/null || grep -qs 'serving' "$log"; then break; fi
    sleep 0.1
  done
  # Requests make the cache better, so what goes wrong with them does not matter.
  some_requests "$log" "cache:$secret" >/dev/null 2>&1 || true
  kill -"$signal" "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
}

# some_requests LOG ACCESS:SECRET: PUT, GET, list and a sign-in, by a curl that can sign, where there is one.
some_requests() {
  local address secure signed
  command -v curl || return 0
  address=$(sed -n 's/^  http  *\(http:[^ ]*\).*/\1/p' "$1" | head -n 1)
  secure=$(sed -n 's/^  https  *\(https:[^ ]*\).*/\1/p' "$1" | head -n 1)
  signed=(curl --silent --max-time 20 --aws-sigv4 aws:amz:us-east-1:s3 --user "$2")
  "${signed[@]}" -X PUT "$address/remembered" || return 0
  "${signed[@]}" --upload-file "$layout/jvm.options" "$address/remembered/o[1-400]"
  "${signed[@]}" "$address/remembered/o[1-400]"
  "${signed[@]}" "$address/remembered?list-type=2"
  curl --silent --max-time 5 "$address/health/ready"
  "${signed[@]}" --insecure "$secure/remembered/o1"
  curl --silent --max-time 5 -H 'Content-Type: application/json' -d "{\"auth\":{\"identity\":{\"methods\":[\"password\"],
    \"password\":{\"user\":{\"name\":\"nobody\",\"domain\":{\"id\":\"default\"},\"password\":\"$2\"}}}}}" \
    "$address/v3/auth/tokens"
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
