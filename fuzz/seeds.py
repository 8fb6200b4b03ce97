#!/usr/bin/env python3
"""What a fuzzer begins with: seeds.py TARGET FOLDER DICTIONARY. Inputs are written into the folder, words into the
dictionary; both are made from what the project has, so nothing here grows old by itself."""
import hashlib, json, pathlib, sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def markup():
    """The documents of the tests and the hostile texts, each with a width and a reader."""
    folder = ROOT / "tests/it/fixtures"
    texts = [path.read_bytes() for path in sorted((folder / "markup").glob("*.md"))]
    cases = (json.loads(line)["text"] for line in (folder / "hostile_text.jsonl").open(encoding="utf-8") if line.strip())
    texts += [case.encode("utf-8", "replace")[:2000] for case in cases if isinstance(case, str)]
    inputs = [bytes([20 + at % 100, at % 256]) + text for at, text in enumerate(texts)]
    words = ["# ", "> ", ">!", "- [ ] ", "1. ", "```", "~~~", "| ", "|-|", ":-:", "\\x0a\\x0a", "[^1]", "[^1]: ", "![", "](", "](https://",
             "||", "~~", "**", "__", "$$", "$", "<details>", "</details>", "<summary>", "</summary>", "<br>", "<img src=", "[quote=\\\"",
             "[/quote]", "[spoiler]", "[/spoiler]", "[details=", "[/details]", "> [!NOTE]", "@", "#", "---", "\\xe6\\x97\\xa5",
             "\\xe3\\x80\\x82", "\\xf0\\x9f\\x91\\xa9\\xe2\\x80\\x8d", "\\xd7\\xa9", "\\xcc\\x81", "\\xef\\xb8\\x8f", "&amp;", "&#", "<!--", "-->"]
    return inputs, words


def answers():
    """One body for every shape of the API's description, and the same as an event."""
    shapes = json.loads((ROOT / "docs/reference/openapi.json").read_text())["components"]["schemas"]

    def example(shape, depth=0):
        if "$ref" in shape:
            return example(shapes[shape["$ref"].rsplit("/", 1)[1]], depth + 1)
        for many in ("oneOf", "anyOf"):
            if many in shape:
                return example(shape[many][0 if depth > 6 else -1], depth + 1)
        if "allOf" in shape:
            parts = [example(part, depth + 1) for part in shape["allOf"]]
            return {k: v for part in parts if isinstance(part, dict) for k, v in part.items()}
        if "enum" in shape:
            return shape["enum"][0]
        kinds = shape.get("type", "object")
        kind = next((k for k in kinds if k != "null"), "null") if isinstance(kinds, list) else kinds
        if kind == "object":
            return {name: example(of, depth + 1) for name, of in shape.get("properties", {}).items()} if depth < 9 else {}
        if kind == "array":
            return [example(shape.get("items", {}), depth + 1)] if depth < 8 else []
        plain = {"integer": 1, "number": 1, "boolean": True, "null": None}
        return plain[kind] if kind in plain else {"date-time": "2026-03-01T12:00:00Z"}.get(shape.get("format"), "one")

    bodies = [json.dumps(example(shape)).encode() for shape in shapes.values()]
    inputs = bodies + [b"id: 1\ndata: " + body + b"\n\n" for body in bodies if b'"topic"' in body or b'"seq"' in body]
    names = {name for shape in shapes.values() for name in shape.get("properties", {})}
    enums = {word for shape in shapes.values() for word in shape.get("enum", []) if isinstance(word, str)}
    return inputs, [f'\\"{word}\\"' for word in sorted(names | enums)] + ["data: ", "\\x0a\\x0a", "null", "true", "{}", "[]", "\\\\u001b"]


target, folder, dictionary = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
inputs, words = {"markup": markup, "answers": answers}[target]()
for data in inputs:
    (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)
dictionary.write_text("".join(f'"{word}"\n' for word in words))
