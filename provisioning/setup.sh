#!/usr/bin/env bash
# Sets up what this checkout needs on a Debian-like machine: `setup.sh run` for npm start, `setup.sh lab` for npm run lab too,
# `setup.sh test` for npm test, which takes all of it, `setup.sh deep` for npm run test:deep, which has one player more, and
# `setup.sh bench` for npm run bench, which loads it as well.
# Can be run any number of times; says what it installs before it does; changes no service that was there before.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

purpose=${1:-}
case $purpose in
  run | lab | test | deep | bench) ;;
  *)
    echo "usage: setup.sh run|lab|test|deep|bench" >&2
    exit 1
    ;;
esac

main() {
  local packages=() npm=no
  mapfile -t packages < <(missing_packages)
  npm_is_current || npm=yes
  if ((${#packages[@]} > 0)); then
    install_packages "${packages[@]}"
    refuse_still_missing
  fi
  if [[ $npm == yes ]]; then install_npm_packages; fi
  if [[ $purpose == test || $purpose == deep ]] && ! has_prometheus; then fetch_prometheus; fi
}

# One package name per line for each program or module that is not there.
missing_packages() {
  has nginx || echo nginx
  has_file /usr/lib/nginx/modules/ngx_rtmp_module.so /usr/share/nginx/modules/ngx_rtmp_module.so || echo libnginx-mod-rtmp
  has_file /usr/lib/nginx/modules/ngx_stream_module.so /usr/share/nginx/modules/ngx_stream_module.so || echo libnginx-mod-stream
  has ffmpeg || echo ffmpeg
  has mariadbd || echo mariadb-server-core
  has setpriv || echo util-linux
  if [[ $purpose != run ]]; then
    has ip || echo iproute2
    has nft || echo nftables
    has radvd || echo radvd
  fi
  if [[ $purpose == test || $purpose == deep || $purpose == bench ]]; then
    has chromium || echo chromium
    has mpv || echo mpv
  fi
  if [[ $purpose == deep ]]; then
    has cvlc || printf '%s\n' vlc-bin vlc-plugin-base
  fi
  if [[ $purpose == bench ]]; then
    has wrk || echo wrk
  fi
}

# The sbin folders are not in the PATH of an ordinary user.
has() {
  PATH=$PATH:/usr/sbin:/sbin type -P "$1" >/dev/null
}

has_file() {
  local file
  for file; do
    [[ -e $file ]] && return 0
  done
  return 1
}

install_packages() {
  local privileged=()
  if [[ $(id -u) != 0 ]]; then privileged=(sudo); fi
  if ! has apt-get; then cannot_install "this machine has no apt" "$@"; fi
  if [[ ${#privileged[@]} != 0 ]] && ! may_use_sudo; then cannot_install "you are not root and cannot use sudo" "$@"; fi

  echo "Installing from apt${privileged[0]:+ with sudo}: $*"
  "${privileged[@]}" env PACKAGES="$*" NEW_SERVICES="$(new_services "$@")" bash -s <<'PRIVILEGED' || cannot_install "apt could not install it" "$@"
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive
# We run our own copies of nginx, radvd and the rules of nft: their services must neither start because they are new nor restart
# if they were there before. policy-rc.d forbids both during the installation (unless the machine has rules of its own), disable
# the start at the next boot.
if [[ ! -e /usr/sbin/policy-rc.d ]]; then
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  printf '#!/bin/sh\ncase $1 in nginx* | radvd* | nftables*) exit 101 ;; esac\nexit 0\n' >/usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
fi
read -ra packages <<<"$PACKAGES"
log=$(mktemp)
install() { apt-get -o DPkg::Lock::Timeout=120 install --yes --no-install-recommends --quiet "${packages[@]}" >"$log" 2>&1; }
available() { apt-get install --simulate --no-install-recommends "${packages[@]}" >/dev/null 2>&1; }
{ available && install; } || { apt-get update --quiet >"$log" 2>&1 && install; } || { tail -n 15 "$log" >&2; rm -f "$log"; exit 1; }
rm -f "$log"
if [[ -d /run/systemd/system ]]; then
  for service in $NEW_SERVICES; do systemctl disable --now --quiet "$service.service" || true; done
fi
PRIVILEGED
}

# The services that come with these packages, which were not there before.
new_services() {
  local package
  for package; do
    case $package in
      nginx | nftables | radvd) echo "$package" ;;
    esac
  done
}

# apt may be content with packages whose files somebody has removed, or which are of another make.
refuse_still_missing() {
  local packages=()
  mapfile -t packages < <(missing_packages)
  if ((${#packages[@]} == 0)); then return; fi
  echo "apt says that it is installed, yet the programs or modules are not there: ${packages[*]}" >&2
  echo "Install it anew (on Debian or Ubuntu as root: apt-get install --reinstall ${packages[*]}) and try again." >&2
  exit 1
}

# A password may be typed, if somebody is there to type it.
may_use_sudo() {
  has sudo && { sudo -n true 2>/dev/null || [[ -t 0 && -t 2 ]]; }
}

cannot_install() {
  local reason=$1
  shift
  echo "Missing on this machine, and $reason: $*" >&2
  echo "Install it yourself (on Debian or Ubuntu as root: apt-get install $*) and try again." >&2
  exit 1
}

# npm ci takes seconds, so it runs only when the lock file is not the one that was installed from.
marker=node_modules/.sixcast-lock

npm_is_current() {
  cmp --silent package-lock.json "$marker" && [[ -x node_modules/.bin/node ]]
}

install_npm_packages() {
  local log
  if ! has npm; then
    echo "Missing on this machine: npm and any Node from 20 on (on Debian or Ubuntu as root: apt-get install npm)." >&2
    exit 1
  fi
  # Another setup in this checkout (npm test beside npm start) may be at it: two would tear each other's files away.
  exec 9<package-lock.json
  flock 9
  if npm_is_current; then return; fi
  echo "Installing npm packages"
  log=$(mktemp)
  # The Node that runs npm may be older than what some packages ask for: they run on the Node that comes with them.
  if ! npm ci --no-audit --no-fund --loglevel=error >"$log" 2>&1; then
    grep --invert-match -E 'EBADENGINE|nodedir' "$log" >&2
    echo "npm ci failed, see above." >&2
    rm -f "$log"
    exit 1
  fi
  rm -f "$log"
  if [[ ! -x node_modules/.bin/node ]]; then
    echo "npm brought no Node 24 for this machine ($(uname -s) $(uname -m)): Sixcast runs on Linux, x64 or arm64." >&2
    exit 1
  fi
  cp package-lock.json "$marker"
}

programs=node_modules/.bin

has_prometheus() {
  local program
  for program in prometheus promtool; do
    has "$program" || [[ -x $programs/$program ]] || return 1
  done
}

# Prometheus, and its judge of metrics. Of its package the two programs: the rest is a service. What needs them is skipped without.
fetch_prometheus() {
  local folder
  folder=$(mktemp -d)
  echo "Fetching prometheus from apt"
  if (cd "$folder" && download_prometheus && dpkg-deb --extract prometheus_*.deb .) >"$folder/log" 2>&1; then
    mv "$folder"/usr/bin/{prometheus,promtool} "$programs/"
  else
    tail -n 3 "$folder/log" >&2
    echo "Programs of the package prometheus could not be fetched: the tests of /metrics that use them are skipped." >&2
  fi
  rm -rf "$folder"
}

# The list of packages may be too old or not be there; who may not renew it does without.
download_prometheus() {
  local privileged=()
  if [[ $(id -u) != 0 ]]; then privileged=(sudo -n); fi
  apt-get download --quiet prometheus || { "${privileged[@]}" apt-get update --quiet && apt-get download --quiet prometheus; }
}

main
