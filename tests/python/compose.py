"""Judges a Compose file on standard input by a strict parser of the Compose specification.

Prints what it read as JSON. The parser refuses unknown keys, wrong types, bad
ports, mounts, images and durations, and networks, secrets and configs that
nobody defines; the references that it lets pass are followed here. It takes
every text as it stands: variables such as `${PORT}` are not replaced.

Exits 3 when the file is refused; any other failure is not a judgement.
"""

import json
import sys

from compose_spec import PyCompose

# The one name that stands where the parser expects an address of IP.
HOST = "host-gateway"


def volume(mount):
    """The named volume of a mount, if it is one."""
    if isinstance(mount, dict):
        return mount.get("source") if mount.get("type") == "volume" else None
    source, colon, _ = mount.partition(":")
    return source if colon and source[0] not in "./~" else None


def complaints(composition):
    services = composition.get("services") or {}
    volumes = composition.get("volumes") or {}
    if not services:
        yield "there is no service"
    for name, service in services.items():
        if "image" not in service and "build" not in service:
            yield f"service `{name}` has neither image nor build"
        for mount in service.get("volumes") or []:
            if (source := volume(mount)) and source not in volumes:
                yield f"service `{name}` mounts volume `{source}`, which is not defined"
        for other in service.get("depends_on") or []:
            if other not in services or other == name:
                yield f"service `{name}` depends on `{other}`, which is no other service"


try:
    text = sys.stdin.buffer.read().decode()
    parsed = PyCompose.from_yaml(text.replace(HOST, "127.0.0.1"))
    parsed.validate()
    composition = parsed.to_dict()
    found = list(complaints(composition))
except ValueError as refusal:
    found = [str(refusal)]

if found:
    print("\n".join(found), file=sys.stderr)
    sys.exit(3)

print(json.dumps(composition))
