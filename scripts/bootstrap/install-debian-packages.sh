#!/bin/sh
# Installs Debian packages without starting or enabling the services they bring. Run as root:
#   sudo sh scripts/bootstrap/install-debian-packages.sh knot knot-dnsutils bind9-dnsutils
set -eu

policy=/usr/sbin/policy-rc.d
export DEBIAN_FRONTEND=noninteractive

# A policy that is there belongs to the host. It has to forbid what we want forbidden; if it does not, nothing is installed.
if [ -e "$policy" ]; then
  for service in knot postgresql named; do
    code=0
    "$policy" "$service" start >/dev/null 2>&1 || code=$?
    if [ "$code" -ne 101 ]; then
      echo "$policy exists and lets packages start their services. Install these yourself: $*" >&2
      exit 1
    fi
  done
else
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM HUP
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

# Services of packages that are new here are not started at the next boot either; those that were installed before stay as they are.
fresh=""
for package in knot postgresql bind9; do
  case " $* " in *" $package "*) ;; *) continue ;; esac
  case "$package" in bind9) service=named ;; *) service=$package ;; esac
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || fresh="$fresh $service.service"
done

apt-get -q -o DPkg::Lock::Timeout=300 update
apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold install --no-install-recommends "$@"

if [ -n "$fresh" ] && command -v systemctl >/dev/null; then
  # shellcheck disable=SC2086
  systemctl disable $fresh
fi
