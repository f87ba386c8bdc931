# What the hooks for ACME clients share. POSIX sh; needs curl. See docs/acme.md.
#
# Settings come from the environment, or from a file that only root can read, as certbot renews without anybody's environment:
#   ZONEFLEET_URL      such as https://panel.example.com:2087
#   ZONEFLEET_TOKEN    an API token with the privilege edit-dns
#   ZONEFLEET_CACERT   a file with the server's certificate, where no public authority has signed it
#   ZONEFLEET_WAIT     all (default), quorum or acknowledged
#   ZONEFLEET_TIMEOUT  seconds to wait until the nameservers serve the challenge (60; at most 300)
set -eu

config=${ZONEFLEET_ACME_CONFIG:-/etc/zonefleet/acme.conf}
# shellcheck disable=SC1090
if [ -r "$config" ]; then . "$config"; fi

fail() {
  printf 'zonefleet: %s\n' "$*" >&2
  exit 1
}

: "${ZONEFLEET_URL:?Set ZONEFLEET_URL, or write it into $config}"
: "${ZONEFLEET_TOKEN:?Set ZONEFLEET_TOKEN, or write it into $config}"
: "${CERTBOT_DOMAIN:?certbot sets CERTBOT_DOMAIN for its hooks}"
: "${CERTBOT_VALIDATION:?certbot sets CERTBOT_VALIDATION for its hooks}"
wait_for=${ZONEFLEET_WAIT:-all}
timeout=${ZONEFLEET_TIMEOUT:-60}
case $timeout in *[!0-9]*) fail "ZONEFLEET_TIMEOUT takes a number of seconds." ;; esac

# Both become part of an address or of JSON.
case $CERTBOT_DOMAIN in *[!A-Za-z0-9._-]*) fail "“$CERTBOT_DOMAIN” is not a domain name." ;; esac
case $CERTBOT_VALIDATION in *[!A-Za-z0-9_-]*) fail "The challenge is not of the form that ACME has." ;; esac
challenge=_acme-challenge.$CERTBOT_DOMAIN

answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

# call METHOD PATH [BODY]: leaves the body of the answer in the file $answer and the HTTP status in $status.
call() {
  method=$1 path=$2
  shift 2
  if [ $# -gt 0 ]; then set -- --header 'Content-Type: application/json' --data "$1"; fi
  status=$(curl_settings | curl --silent --show-error --config - --request "$method" --max-time $((timeout + 30)) \
    --output "$answer" --write-out '%{http_code}' "$@" "${ZONEFLEET_URL%/}/api/v1/$path") || fail "$ZONEFLEET_URL does not answer."
}

# On the standard input of curl, so that no list of processes shows the token.
curl_settings() {
  printf 'header = "Authorization: Bearer %s"\n' "$ZONEFLEET_TOKEN"
  if [ -n "${ZONEFLEET_CACERT:-}" ]; then printf 'cacert = "%s"\n' "$ZONEFLEET_CACERT"; fi
}

# What the server said to a call that it refused.
said() {
  sed -n 's/.*"message":"\(.*\)"}}.*/\1/p' "$answer"
}

# find_zone NAME: leaves the zone that holds NAME in $zone, the longest one there is.
find_zone() {
  zone=$1
  while :; do
    call GET "zones/$zone?type=SOA"
    case $status in
      200) return ;;
      404) ;;
      *) fail "HTTP $status: $(said)" ;;
    esac
    case $zone in
      *.*) zone=${zone#*.} ;;
      *) fail "There is no zone for $1 on $ZONEFLEET_URL, or the token is not for it." ;;
    esac
  done
}

# edit add|remove: changes the TXT record of the challenge and leaves the number of the change in $change. Other values of the same name stay: a certificate for example.com and
# *.example.com has two challenges there.
edit() {
  find_zone "$challenge"
  call PATCH "zones/$zone/rrsets" \
    "{\"edits\":[{\"op\":\"$1\",\"name\":\"$challenge\",\"type\":\"TXT\",\"ttl\":60,\"records\":[\"$CERTBOT_VALIDATION\"]}],\"reason\":\"ACME challenge\"}"
  [ "$status" = 200 ] || fail "The record of $challenge was not changed. HTTP $status: $(said)"
  change=$(sed -n 's/^{"change":{"id":\([0-9]*\),.*/\1/p' "$answer")
  [ -n "$change" ] || fail "What answers at $ZONEFLEET_URL is not a Zonefleet server."
}
