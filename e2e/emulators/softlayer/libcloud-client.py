"""Drives the SoftLayer emulator with Apache Libcloud, whose driver has nothing to do with ours. Prints what it saw as one JSON object.

Arguments: port, file with the certificate, user name, API key. Exits with 1 and a line on stderr for credentials that are refused.
"""
import json
import sys

import libcloud.security
from libcloud.common.types import InvalidCredsError
from libcloud.dns.providers import get_driver
from libcloud.dns.types import Provider, RecordType

port, certificate, user, key = sys.argv[1:5]
libcloud.security.CA_CERTS_PATH = certificate
driver = get_driver(Provider.SOFTLAYER)(user, key, host="localhost", port=int(port), secure=True)
seen = {}

try:
    seen["zones at first"] = [zone.domain for zone in driver.list_zones()]
except InvalidCredsError as error:
    sys.exit("refused: %s" % error)

# Libcloud makes zones without records, which the service refuses.
try:
    driver.create_zone("empty.example")
except Exception as error:
    seen["zone without address"] = str(error)

template = {"name": "libcloud.example", "resourceRecords": [{"type": "a", "host": "@", "data": "192.0.2.1", "ttl": 900}]}
made = driver.connection.request("SoftLayer_Dns_Domain", "createObject", template).object
zone = driver.get_zone(made["id"])
seen["zones"] = [(known.domain, known.type) for known in driver.list_zones()]

driver.create_record("www", zone, RecordType.A, "192.0.2.2", extra={"ttl": 600})
driver.create_record("@", zone, RecordType.MX, "mail.example.net.", extra={"ttl": 600, "priority": 20})
text = driver.create_record("txt", zone, RecordType.TXT, "Case <stays> & so do signs", extra={"ttl": 600})
driver.update_record(text, data="CHANGED <text>", extra={"ttl": 700})
seen["records"] = sorted((record.name, record.type, record.data, record.ttl) for record in zone.list_records())

driver.delete_record(driver.get_record(zone.id, text.id))
seen["after deletion"] = sorted(record.name for record in zone.list_records() if record.type == "TXT")
own = next(record for record in zone.list_records() if record.type == "NS")
try:
    driver.delete_record(own)
except Exception as error:
    seen["own nameserver"] = str(error)

driver.delete_zone(zone)
seen["zones at last"] = [known.domain for known in driver.list_zones()]
json.dump(seen, sys.stdout)
