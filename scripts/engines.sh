#!/usr/bin/env bash
# Installs the engines that tests of warehouses run against, where they are absent: a PostgreSQL server and Java 17 for
# Spark. What cannot be installed is told here, and fails its tests with the same remedy. ZHIBIAO_SKIP=spark,postgres
# leaves engines out.
set -euo pipefail

wanted() { [[ ",${ZHIBIAO_SKIP:-}," != *",$1,"* ]]; }
has_java() {
    local version
    version=$(java -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -1)
    [ "${version:-0}" -ge 17 ]
}

packages=()
if wanted postgres && ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && ! command -v initdb >/dev/null; then
    packages+=(postgresql)
fi
if wanted spark && ! has_java; then
    packages+=(openjdk-17-jre-headless)
fi
[ ${#packages[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${packages[@]}"; } >/dev/null && exit 0
fi
echo "not installed: ${packages[*]}; install them by hand, or leave them out with ZHIBIAO_SKIP=postgres,spark" >&2
