"""Judges an OpenMetrics body on standard input by the strictest parser there is.

Prints the families as JSON, name to type, help, unit and number of samples.
Exits 3 when the body is refused; any other failure is not a judgement.
"""

import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families

try:
    body = sys.stdin.buffer.read().decode()
    families = list(text_string_to_metric_families(body))
except ValueError as refusal:
    print(refusal, file=sys.stderr)
    sys.exit(3)

summary = {
    family.name: {
        "type": family.type,
        "help": family.documentation,
        "unit": family.unit,
        "samples": len(family.samples),
    }
    for family in families
}
print(json.dumps(summary))
