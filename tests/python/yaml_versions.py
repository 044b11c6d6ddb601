"""Judges a YAML document on standard input: 1.1 and 1.2 must read the same from it.

Prints what both read as JSON. Exits 3 when one refuses the document or they
differ; any other failure is not a judgement.
"""

import json
import sys

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

try:
    text = sys.stdin.buffer.read().decode()
    as_1_1 = yaml.safe_load(text)
    as_1_2 = YAML(typ="safe", pure=True).load(text)
except (UnicodeDecodeError, yaml.YAMLError, YAMLError) as refusal:
    print(refusal, file=sys.stderr)
    sys.exit(3)

# Compared as written, since Python holds True, 1 and 1.0 to be equal.
if repr(as_1_1) != repr(as_1_2):
    print(f"YAML 1.1 reads {as_1_1!r}\nYAML 1.2 reads {as_1_2!r}", file=sys.stderr)
    sys.exit(3)

try:
    print(json.dumps(as_1_1, allow_nan=False))
except (TypeError, ValueError) as refusal:
    print(f"not plain data: {refusal}", file=sys.stderr)
    sys.exit(3)
