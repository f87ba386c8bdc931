#!/bin/sh
# certbot --manual-auth-hook: publishes the challenge and returns when the nameservers serve it. See docs/acme.md.
# Ends with 1, and says who does not serve it and why, when they do not in time.
. "$(dirname "$0")/zonefleet-acme.sh"

edit add
call GET "changes/$change?wait=$wait_for&timeout=$timeout"
[ "$status" = 200 ] || fail "Change $change of $zone cannot be followed. HTTP $status: $(said)"
if grep -q '"reached":true,"targets":' "$answer"; then
  echo "$challenge is served (change $change of $zone)."
  exit 0
fi
missing=$(tr '{' '\n' <"$answer" | sed -n 's/^"name":"\([^"]*\)",.*"reached":false,"reason":"\([^"]*\)".*/  \1: \2/p')
fail "$challenge is not served everywhere after $timeout seconds (change $change of $zone):
$missing"
