"""Drives every operation of the OpenAPI document with made-up requests, good and bad (schemathesis, all checks).

    python tests/fuzz/run.py target/debug/lyceum [--examples N] [--seed N]

Run by the Python that has schemathesis; `.ci/run fuzz` makes one. Starts `lyceum serve` on a free port of the loopback
with demo content in a folder that goes away, and asks as nobody, as a member and as an owner. Fails when a check fails,
when the server logged a failure or is gone afterwards, or when there were fewer than 5,000 cases in all.

Clients are to put up with fields that they do not know; this run is not: the document is closed first, so that a field
that an answer has and the document has not is a fault.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
FEWEST = 5000
PASSWORD = "correct horse battery"

# Nothing here is to be refused for coming too often, and tokens last for the whole run.
CONFIG = """
[server]
security_contact = "security@guild.example"
[server.sessions]
access_seconds = 86400
[server.password_cost]
memory_kib = 8
passes = 1
[server.limits]
everybody = { burst = 100000000, seconds = 60 }
per_address = { burst = 100000000, seconds = 60 }
per_account = { burst = 100000000, seconds = 60 }
per_token = { burst = 100000000, seconds = 60 }
writes = { burst = 100000000, seconds = 60 }
sign_in_address = { burst = 100000000, seconds = 60 }
device_codes = { burst = 100000000, seconds = 60 }
user_codes = { burst = 100000000, seconds = 60 }
sign_in = { free = 1000000000, first_seconds = 1, most_seconds = 1 }
sign_in_account = { free = 1000000000, first_seconds = 1, most_seconds = 1 }
"""


def ask(base, path, body):
    data = json.dumps(body).encode()
    request = urllib.request.Request(base + path, data, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as reply:
        return json.load(reply)


def token(base, username):
    body = {"grant_type": "password", "username": username, "password": PASSWORD}
    return ask(base, "/v1/oauth/token", body)["access_token"]


def start(binary, home):
    """The server's process and address."""
    (home / "config").mkdir()
    (home / "config" / "config.toml").write_text(CONFIG)
    environment = {**os.environ, "LYCEUM_HOME": str(home), "LYCEUM_LANGUAGE": "en", "LYCEUM_LOG": "error"}
    data = str(home / "data")
    command = [binary, "serve", "--listen", "127.0.0.1:0", "--data", data, "--demo-content"]
    log = open(home / "log", "w")
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    line = server.stdout.readline()
    found = re.search(r"http://[0-9.]+:\d+", line)
    if not found:
        sys.exit(f"the server did not start: {line}{(home / 'log').read_text()}")
    # The owner of the demo has no password yet.
    command = [binary, "admin", "password", "octavia", "--data", data]
    subprocess.run(command, env=environment, input=PASSWORD + "\n", text=True, check=True)
    return server, found.group(0)


def close(base, path):
    """Writes the server's document with every object closed."""
    document = json.load(urllib.request.urlopen(base + "/v1/openapi.json"))
    for schema in document["components"]["schemas"].values():
        if "properties" in schema:
            schema.setdefault("additionalProperties", False)
    path.write_text(json.dumps(document))


def fuzz(who, base, bearer, options):
    """One run of schemathesis; whether it was clean, and its cases."""
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml"), "run"]
    command += [str(pathlib.Path(options.folder) / "openapi.json"), "--url", base, "--checks", "all", "--seed", str(options.seed)]
    command += ["--max-examples", str(options.examples), "--no-color", "--request-timeout", "20"]
    command += ["--generation-database", "none", "--warnings", "off"]
    # Streams without an end: a reader never gets to see the last of it.
    command += ["--exclude-path", "/v1/events"]
    if bearer:
        command += ["--header", f"Authorization: Bearer {bearer}"]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE), "LYCEUM_FUZZ_BASE": base}
    environment["LYCEUM_FUZZ_TOKEN"] = bearer or ""
    if options.report:
        command += ["--report", "ndjson", "--report-ndjson-path", f"{options.report}-{who.split()[-1]}.ndjson"]
    done = subprocess.run(command, env=environment, cwd=options.folder, capture_output=True, text=True)
    counted = re.search(r"(\d+) generated", done.stdout)
    cases = int(counted.group(1)) if counted else 0
    clean = done.returncode == 0
    if not clean or options.verbose:
        print(done.stdout, done.stderr)
    print(f"as {who}: {cases} cases, {'clean' if clean else 'NOT CLEAN'}", flush=True)
    return clean, cases


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--examples", type=int, default=30)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--only", choices=["nobody", "a member", "an owner"])
    parser.add_argument("--report", help="a path to write every exchange to, one file for each reader")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    binary = str(pathlib.Path(options.binary).resolve())
    with tempfile.TemporaryDirectory() as folder:
        options.folder = folder
        home = pathlib.Path(folder)
        server, base = start(binary, home)
        try:
            close(base, home / "openapi.json")
            policy = json.load(urllib.request.urlopen(base + "/v1/community"))["policy_version"]
            new = {"username": "fuzz", "display_name": "Fuzz", "password": PASSWORD, "accepted_policy_version": policy}
            ask(base, "/v1/accounts", new)
            readers = {"nobody": None, "a member": token(base, "fuzz"), "an owner": token(base, "octavia")}
            chosen = {who: bearer for who, bearer in readers.items() if options.only in (None, who)}
            results = [fuzz(who, base, bearer, options) for who, bearer in chosen.items()]
            alive = server.poll() is None
        finally:
            server.terminate()
            server.wait(30)
        log = (home / "log").read_text()
    cases = sum(cases for _, cases in results)
    print(f"{cases} cases in all, seed {options.seed}")
    if not alive:
        sys.exit("the server went away")
    if log.strip():
        sys.exit(f"the server logged failures:\n{log}")
    if not all(clean for clean, _ in results):
        sys.exit("not clean")
    if cases < FEWEST and not options.only:
        sys.exit(f"fewer than {FEWEST} cases")


main()
