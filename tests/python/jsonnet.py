"""Evaluates Jsonnet on standard input as if it stood in the file that the argument names.

Prints its value as JSON. Exits 3 when there is none; any other failure is not a
judgement.
"""

import json
import sys

import _jsonnet

try:
    value = _jsonnet.evaluate_snippet(sys.argv[1], sys.stdin.buffer.read().decode())
except RuntimeError as refusal:
    print(refusal, file=sys.stderr)
    sys.exit(3)

# Numbers as short as they can be: Jsonnet writes 0.1 with 17 digits.
print(json.dumps(json.loads(value)))
