#!/bin/sh
# certbot --manual-cleanup-hook: takes the challenge away again. See docs/acme.md.
. "$(dirname "$0")/zonefleet-acme.sh"

edit remove
