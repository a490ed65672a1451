"""Holds survey files to their JSON Schema (python3-jsonschema), and the schema to the program.

    schemas.py [TESSERA]

Every survey under surveys/ has to be right by the schema, and each of MISTAKES wrong; with the binary, the program has to
say the same, and to print the schemas that lie in schemas/.
"""
import json
import os
import subprocess
import sys
import tempfile

import jsonschema
import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# What both refuse: a survey each. What holds between two values, the schema cannot say.
MISTAKES = [
    "inputs: a.tif\ntittle: x\n",
    "title: no input\n",
    "inputs: []\n",
    "inputs: [a.tif, a.tif]\n",
    "inputs: ''\n",
    "inputs: a.tif\norder: 21\n",
    "inputs: a.tif\norder: 2.5\n",
    "inputs: a.tif\norder: three\n",
    "inputs: a.tif\nmoc_order: -1\n",
    "inputs: a.tif\nextent: [0, -90, 360]\n",
    "inputs: a.tif\nextent: [0, -91, 360, 90]\n",
    "inputs: a.tif\nextent: {west: 0, south: -90, east: 360}\n",
    "inputs: a.tif\nextent: {west: 0, south: -90, east: 360, north: 90, up: 1}\n",
    "inputs: a.tif\nregistration: corner\n",
    "inputs: a.tif\nlatitude_kind: geodetic\n",
    "inputs: a.tif\nlongitude_sense: left\n",
    "inputs: a.tif\nlongitude_system: {offset_to_iau: 150}\n",
    "inputs: a.tif\nlongitude_system: {name: Claudia, offset_to_iau: 361}\n",
    "inputs: a.tif\nvertical: {quantity: elevation}\n",
    "inputs: a.tif\nvertical: {reference: sphere}\n",
    "inputs: a.tif\nvertical: {reference: centre, quantity: elevation}\n",
    "inputs: a.tif\nvertical: {reference: areoid, quantity: radius}\n",
    "inputs: a.tif\nvertical: {reference: sphere, radius: -1}\n",
    "inputs: a.tif\nvertical: {reference: areoid, unit: feet}\n",
    "inputs: a.tif\nbands: 0\n",
    "inputs: a.tif\nbands: [1, 2]\n",
    "inputs: a.tif\nbands: [1, 2, 65537]\n",
    "inputs: a.tif\nbands: red\n",
    "inputs: a.tif\nnodata: zero\n",
    "inputs: a.tif\nnodata: {}\n",
    "inputs: a.tif\nnodata: {range: [0]}\n",
    "inputs: a.tif\nnodata: {erode_px: 65}\n",
    "inputs: a.tif\nnodata: {edge_connected: maybe}\n",
    "inputs: a.tif\nnodata: {values: []}\n",
    "inputs: a.tif\nformats: [gif]\n",
    "inputs: a.tif\nformats: []\n",
    "inputs: a.tif\nformats: [png, png]\n",
    "inputs: a.tif\ncut: [1]\n",
    "inputs: a.tif\ncut: {low: 1}\n",
    "inputs: a.tif\nstretch: cubic\n",
    "inputs: a.tif\nresampling: cubic\n",
    "inputs: a.tif\ncolormap: two words\n",
    "inputs: a.tif\nid: http://example.org/x\n",
    "inputs: a.tif\nid: ivo://example.org\n",
    "inputs: a.tif\nname: a/b\n",
    "inputs: a.tif\nlicence: CC0\nlicense: MIT\n",
    "inputs: a.tif\ntitle: [a, b]\n",
    "inputs: a.tif\ntitle:\n",
    "- a.tif\n",
]

BODIES_MISTAKES = [
    "planets: []\n",
    "bodies: {name: X}\n",
    "bodies: [{name: X, naif: 1}]\n",
    "bodies: [{name: X, naif: 120152830, radii_m: [1, 2]}]\n",
    "bodies: [{name: X, naif: 120152830, radii_m: [3, 2, 1], rotation: backwards}]\n",
    "bodies: [{name: X, naif: 120152830, radii_m: 10, colour: red}]\n",
    "bodies: [{name: X, naif: many, radii_m: 10}]\n",
]

BODIES = "bodies:\n  - {name: Selam, naif: 120152830, radii_m: [120, 110, 100], surface: radial projection}\n"


def main():
    tessera = sys.argv[1] if len(sys.argv) > 1 else None
    faults = []
    schemas = {}
    for name, flag in (("survey", []), ("bodies", ["--bodies"])):
        path = os.path.join(ROOT, "schemas", name + ".schema.json")
        text = open(path, encoding="utf-8").read()
        schema = json.loads(text)
        jsonschema.Draft7Validator.check_schema(schema)
        schemas[name] = jsonschema.Draft7Validator(schema)
        if tessera:
            printed = subprocess.run([tessera, "survey", "schema"] + flag, capture_output=True, text=True, check=True).stdout
            if printed != text:
                faults.append(f"{path} is not what the program prints; write it anew with: tessera survey schema")

    surveys = []
    for folder, _, names in os.walk(os.path.join(ROOT, "surveys")):
        surveys += [os.path.join(folder, name) for name in names if name.endswith((".yaml", ".yml"))]
    for path in sorted(surveys):
        for error in schemas["survey"].iter_errors(yaml.safe_load(open(path, encoding="utf-8"))):
            faults.append(f"{path}: {error.json_path}: {error.message}")
    for text in MISTAKES:
        if schemas["survey"].is_valid(yaml.safe_load(text)):
            faults.append(f"the schema accepts {text!r}")
    for text in BODIES_MISTAKES:
        if schemas["bodies"].is_valid(yaml.safe_load(text)):
            faults.append(f"the schema of bodies accepts {text!r}")
    if not schemas["bodies"].is_valid(yaml.safe_load(BODIES)):
        faults.append("the schema of bodies refuses a right file")

    if tessera:
        run = subprocess.run([tessera, "survey", "check"] + sorted(surveys), capture_output=True, text=True)
        if run.returncode != 0:
            faults.append(f"tessera survey check refuses shipped surveys:\n{run.stderr}")
        with tempfile.TemporaryDirectory() as folder:
            paths = []
            for index, text in enumerate(MISTAKES):
                paths.append(os.path.join(folder, f"wrong{index}.yaml"))
                open(paths[-1], "w", encoding="utf-8").write(text)
            run = subprocess.run([tessera, "survey", "check", "--json"] + paths, capture_output=True, text=True)
            for row in json.loads(run.stdout):
                if not row["mistakes"]:
                    faults.append(f"the program accepts {open(row['file']).read()!r}")
            for index, text in enumerate(BODIES_MISTAKES + [BODIES]):
                path = os.path.join(folder, f"bodies{index}.yaml")
                open(path, "w", encoding="utf-8").write(text)
                right = os.path.join(folder, "right.yaml")
                open(right, "w", encoding="utf-8").write("inputs: a.tif\n")
                run = subprocess.run([tessera, "survey", "check", "--bodies", path, right], capture_output=True, text=True)
                if (run.returncode == 0) != (text == BODIES):
                    faults.append(f"the program {'accepts' if run.returncode == 0 else 'refuses'} the bodies {text!r}")

    print(f"{len(surveys)} surveys right, {len(MISTAKES)} + {len(BODIES_MISTAKES)} mistakes refused"
          f"{' by both' if tessera else ''}" if not faults else "\n".join(faults))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
