"""Judges an OpenMetrics body on standard input by the strictest parser there is.

Prints the families as JSON, name to type, help, unit and number of samples.
With the argument `each` there are many bodies, one behind the other, and what
is printed is their number.

Exits 3 when a body is refused; any other failure is not a judgement.
"""

import json
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families

END = "# EOF\n"


def families(body):
    return list(text_string_to_metric_families(body))


def summary(body):
    return {
        family.name: {
            "type": family.type,
            "help": family.documentation,
            "unit": family.unit,
            "samples": len(family.samples),
        }
        for family in families(body)
    }


def number(bodies):
    *bodies, rest = bodies.split(END)
    if rest:
        raise ValueError("the last body has no end")
    for body in bodies:
        families(body + END)
    return len(bodies)


try:
    judge = number if sys.argv[1:] == ["each"] else summary
    verdict = judge(sys.stdin.buffer.read().decode())
except ValueError as refusal:
    print(refusal, file=sys.stderr)
    sys.exit(3)

print(json.dumps(verdict))
