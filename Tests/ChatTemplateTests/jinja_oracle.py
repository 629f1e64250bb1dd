"""What PyPI's jinja2 makes of templates, set up as model hubs set it up for chat templates.

    jinja_oracle.py golden FILE    makes the text of every case in FILE anew (Golden/cases.json; a new case needs its template only)
    jinja_oracle.py folder FOLDER IN OUT    every *.jinja below FOLDER with every conversation in IN

A text that could not be made is null, with the reason beside it.
"""
import datetime
import json
import pathlib
import sys

import jinja2
import jinja2.ext
import jinja2.nodes
import jinja2.sandbox


class Generation(jinja2.ext.Extension):
    """{% generation %} marks what the model wrote; rendered, it is its content."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_content"), [], [], body).set_lineno(line)

    def _content(self, caller):
        return caller()


def environment():
    env = jinja2.sandbox.SandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, "jinja2.ext.loopcontrols"]
    )

    def tojson(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(
            value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
        )

    def raise_exception(message):
        raise jinja2.exceptions.TemplateError(message)

    env.filters["tojson"] = tojson
    env.filters["from_json"] = json.loads
    env.globals["raise_exception"] = raise_exception
    return env


def render(env, source, variables, now, compiled={}):
    moment = datetime.datetime.fromtimestamp(now, datetime.timezone.utc)
    try:
        if source not in compiled:
            compiled[source] = env.from_string(source)
        template = compiled[source]
        text = template.render(strftime_now=lambda form: moment.replace(tzinfo=None).strftime(form), **variables)
        return {"text": text}
    except Exception as error:  # whatever Python raises is a refusal
        return {"text": None, "why": f"{type(error).__name__}: {error}"}


def golden(file_name):
    env = environment()
    file = pathlib.Path(file_name)
    table = json.loads(file.read_text(encoding="utf-8"))
    for case in table["cases"]:
        variables = json.loads(json.dumps(table["variables"]))
        case["text"] = render(env, case["template"], variables, table["now"])["text"]
    head = {"now": table["now"], "variables": table["variables"]}
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in table["cases"])
    start = json.dumps(head, ensure_ascii=False)[:-1]
    file.write_text(f'{start},\n"cases": [\n{lines}\n]}}\n', encoding="utf-8")


def folder(folder_name, in_file, out_file):
    env = environment()
    table = json.loads(pathlib.Path(in_file).read_text(encoding="utf-8"))
    results = []
    for path in sorted(pathlib.Path(folder_name).glob("*.jinja")):
        source = path.read_text(encoding="utf-8")
        for name, variables in table["conversations"].items():
            fresh = json.loads(json.dumps(variables))
            result = render(env, source, fresh, table["now"])
            results.append({"template": path.name, "conversation": name, **result})
    pathlib.Path(out_file).write_text(json.dumps(results, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    {"golden": golden, "folder": folder}[sys.argv[1]](*sys.argv[2:])
