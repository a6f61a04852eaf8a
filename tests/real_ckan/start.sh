#!/usr/bin/env bash
# Brings up real CKANs on 127.0.0.1 for tests, each with its datasets, and writes what tests need to know of them.
#
#   tests/real_ckan/start.sh FOLDER COUNT VERSION [VERSION …]
#
# FOLDER keeps what was installed (about 700 MB for two versions) and is used again; FOLDER/sites.json lists the
# sites: [{version, url, api_key}]. tests/real_ckan/stop.sh FOLDER ends everything. Needs Python with venv, a JDK, Maven
# and PostgreSQL's programs. Ends with 1 and one line where a part cannot be had.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd) count=$2
shift 2
run="$folder/run"
rm -rf "$run"
mkdir -p "$run"

give_up() { echo "a real CKAN cannot be had: $1" >&2; exit 1; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
wait_for() { # what it is, seconds, command …
  local end=$((SECONDS + $2))
  until "${@:3}" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || give_up "$1 did not answer within $2 s"
    sleep 0.3
  done
}

command -v java >/dev/null && command -v mvn >/dev/null || give_up "Java or Maven is missing"
postgres_bin=$(dirname "$(ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null | tail -1)" 2>/dev/null)
[ -x "$postgres_bin/initdb" ] || give_up "PostgreSQL is missing"

# --- install, once; pip beside Maven
install_solr() {
  [ -f "$folder/solr/done" ] && return
  mkdir -p "$folder/solr"
  mvn -q -B -f "$here/pom.xml" dependency:copy-dependencies -DoutputDirectory="$folder/solr/jars" \
    >"$folder/solr/log" 2>&1 && touch "$folder/solr/done"
}
install_ckan() {
  local place="$folder/ckan-$1"
  [ -f "$place/done" ] && return
  python3 -m venv "$place" && "$place/bin/pip" install -q "ckan[requirements]==$1" ckanapi==4.11 gunicorn==23.0.0 \
    >"$place/log" 2>&1 && touch "$place/done"
}
install_solr & solr_job=$!
for version in "$@"; do install_ckan "$version" || give_up "CKAN $version could not be installed"; done
wait $solr_job || give_up "Solr could not be installed"

# --- PostgreSQL refuses to run as root
as_postgres() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"; else "$@"; fi; }
postgres_port=$(free_port)
mkdir "$run/postgres"
[ "$(id -u)" != 0 ] || chown postgres "$run/postgres"
chmod a+rx "$folder" "$run"
(
  cd "$run/postgres"
  as_postgres "$postgres_bin/initdb" -D data -A trust -U ckan >/dev/null
  as_postgres "$postgres_bin/pg_ctl" -D data -s -w -l log start \
    -o "-p $postgres_port -c listen_addresses=127.0.0.1 -c fsync=off -c unix_socket_directories=''"
) || give_up "PostgreSQL did not start"
head -1 "$run/postgres/data/postmaster.pid" >>"$run/pids"

# --- one Solr with a core for each version
solr_port=$(free_port)
mkdir "$run/solr"
echo '<solr><shardHandlerFactory name="shardHandlerFactory" class="HttpShardHandlerFactory"/></solr>' >"$run/solr/solr.xml"
for version in "$@"; do
  conf="$run/solr/ckan-$version/conf"
  mkdir -p "$conf"
  echo "name=ckan-$version" >"$conf/../core.properties"
  cp "$here/solrconfig.xml" "$conf/"
  cp "$(echo "$folder/ckan-$version"/lib/python3*/site-packages/ckan/config/solr/schema.xml)" "$conf/"
  touch "$conf/protwords.txt" "$conf/synonyms.txt"
done
java -Xmx512m -Dlog4j2.configurationFile="$here/log4j2.xml" -Dsolr.home="$run/solr" -cp "$folder/solr/jars/*" \
  "$here/SolrServer.java" "$run/solr" "$solr_port" >"$run/solr/log" 2>&1 &
echo $! >>"$run/pids"
for version in "$@"; do
  wait_for "Solr" 60 curl -sf "http://127.0.0.1:$solr_port/solr/ckan-$version/select?q=*:*"
done

# --- CKAN
sites=()
for version in "$@"; do
  place="$folder/ckan-$version" port=$(free_port)
  mkdir "$run/$version"
  ini="$run/$version/ckan.ini"
  "$postgres_bin/psql" -q -h 127.0.0.1 -p "$postgres_port" -U ckan -d postgres -c "create database \"ckan-$version\""
  {
    "$place/bin/ckan" generate config "$ini"
    sed -i -E \
      -e "s#^sqlalchemy.url *=.*#sqlalchemy.url = postgresql://ckan@127.0.0.1:$postgres_port/ckan-$version#" \
      -e "s#^ckan.site_url *=.*#ckan.site_url = http://127.0.0.1:$port#" \
      -e "s#^ckan.site_id *=.*#ckan.site_id = ckan-$version#" \
      -e "s#^\#?solr_url *=.*#solr_url = http://127.0.0.1:$solr_port/solr/ckan-$version#" \
      -e "s#^\#?ckan.redis.url *=.*#ckan.redis.url = redis://127.0.0.1:1/0#" \
      -e "s#^ckan.views.default_views *=.*#ckan.views.default_views =#" "$ini"
    grep -q '^solr_url' "$ini" || sed -i "/^sqlalchemy.url/a solr_url = http://127.0.0.1:$solr_port/solr/ckan-$version" "$ini"
    grep -q '^ckan.redis.url' "$ini" || sed -i "/^sqlalchemy.url/a ckan.redis.url = redis://127.0.0.1:1/0" "$ini"
    "$place/bin/ckan" -c "$ini" db init
    "$place/bin/ckan" -c "$ini" user add admin email=admin@example.org password=correct-horse-9
    "$place/bin/ckan" -c "$ini" sysadmin add admin
  } >"$run/$version/log" 2>&1 || give_up "CKAN $version could not be set up, see $run/$version/log"
  key=$("$place/bin/ckan" -c "$ini" user token add admin tests --quiet 2>>"$run/$version/log" | tail -1 | tr -d '[:space:]')
  CKAN_INI="$ini" "$place/bin/python" "$here/seed.py" "$count" >>"$run/$version/log" 2>&1 ||
    give_up "CKAN $version could not be filled, see $run/$version/log"
  CKAN_INI="$ini" "$place/bin/gunicorn" --chdir "$here" --bind "127.0.0.1:$port" --workers 2 serve:application \
    >>"$run/$version/log" 2>&1 &
  echo $! >>"$run/pids"
  sites+=("{\"version\": \"$version\", \"url\": \"http://127.0.0.1:$port\", \"api_key\": \"$key\", \"ckanapi\": \"$place/bin/ckanapi\", \"solr\": \"http://127.0.0.1:$solr_port/solr\"}")
  wait_for "CKAN $version" 60 curl -sf "http://127.0.0.1:$port/api/3/action/status_show"
done
(IFS=,; echo "[${sites[*]}]") >"$folder/sites.json"
echo "real CKANs: $* with $count datasets each, listed in $folder/sites.json" >&2
