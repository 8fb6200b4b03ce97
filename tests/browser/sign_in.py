#!/usr/bin/env python3
"""Signing in by a device and by a browser, in a real Chromium without JavaScript, on a real `lyceum serve`.

    tests/browser/sign_in.py PATH-TO-LYCEUM [FOLDER-FOR-PICTURES]

Needs chromium and chromedriver (Debian: chromium, chromium-driver). Ends with 0 when everything was as it must be."""

import base64
import hashlib
import http.server
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request

from webdriver import Browser

PASSWORD = "correct horse battery"
GRANT = "urn:ietf:params:oauth:grant-type:device_code"
PICTURES = sys.argv[2] if len(sys.argv) > 2 else None


class Server:
    """A community on a folder of its own."""

    def __init__(self, binary):
        self.folder = tempfile.TemporaryDirectory(prefix="lyceum-serve-")
        environment = dict(os.environ, LYCEUM_HOME=self.folder.name, LYCEUM_LOG="info")
        self.log = open(os.path.join(self.folder.name, "log"), "w+")
        data = os.path.join(self.folder.name, "data")
        self.process = subprocess.Popen(
            [binary, "serve", "--listen", "127.0.0.1:0", "--data", data, "--demo-content"],
            stdout=subprocess.PIPE, stderr=self.log, env=environment, text=True,
        )
        self.url = self.process.stdout.readline().strip()
        assert self.url.startswith("http://127.0.0.1:") and not self.url.endswith(":0"), self.url
        policy = self.ask("/v1/community")[1]["policy_version"]
        account = {"username": "wren-t", "display_name": "Wren Tolliver", "password": PASSWORD, "accepted_policy_version": policy}
        status, answer = self.ask("/v1/accounts", account)
        assert status == 201, answer

    def ask(self, path, body=None, token=None):
        headers = {"content-type": "application/json"}
        if token:
            headers["authorization"] = f"Bearer {token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def device(self, name):
        status, codes = self.ask("/v1/oauth/device_authorization", {"client_id": "lyceum", "client_name": name})
        assert status == 200, codes
        return codes

    def poll(self, codes):
        return self.ask("/v1/oauth/token", {"grant_type": GRANT, "device_code": codes["device_code"]})

    def close(self):
        self.process.terminate()
        assert self.process.wait(timeout=60) == 0
        self.log.seek(0)
        return self.log.read()


class Program:
    """A program on this machine that waits for a browser to come back (RFC 8252 section 7.3)."""

    def __init__(self, server, host):
        answers = self.answers = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                path, _, query = self.path.partition("?")
                if path == "/callback":
                    answers.append(dict(urllib.parse.parse_qsl(query)))
                self.send_response(200)
                self.send_header("content-type", "text/plain")
                self.end_headers()
                self.wfile.write(b"Back at the program.")

            def log_message(self, *_):
                pass

        class Listener(http.server.HTTPServer):
            address_family = 10 if ":" in host else 2

        self.listener = Listener((host, 0), Handler)
        threading.Thread(target=self.listener.serve_forever, daemon=True).start()
        named = f"[{host}]" if ":" in host else host
        self.redirect = f"http://{named}:{self.listener.server_port}/callback"
        self.verifier = secrets.token_urlsafe(32)
        self.state = secrets.token_urlsafe(16)
        digest = hashlib.sha256(self.verifier.encode()).digest()
        query = {
            "response_type": "code", "client_id": "lyceum", "redirect_uri": self.redirect, "state": self.state,
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="), "code_challenge_method": "S256",
            "client_name": "lyceum on desktop",
        }
        self.address = f"{server.url}/authorize?{urllib.parse.urlencode(query)}"

    def exchange(self, server, code):
        return server.ask("/v1/oauth/token", {
            "grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect,
            "code_verifier": self.verifier, "client_id": "lyceum",
        })

    def close(self):
        self.listener.shutdown()
        self.listener.server_close()


def picture(browser, name):
    if PICTURES:
        browser.screenshot(os.path.join(PICTURES, f"{name}.png"))


def sign_in(browser):
    browser.type("#username", "wren-t")
    browser.type("#password", PASSWORD)
    browser.click("input[type=submit]")


def whose(server, tokens):
    return server.ask("/v1/me", token=tokens["access_token"])[1]["username"]


def a_device_is_approved(server, language, size, name, dark=False):
    done = {"en": "Let in", "zh-CN": "已批准"}[language]
    codes = server.device("lyceum on laptop")
    assert server.poll(codes)[1]["error"] == "authorization_pending"
    with Browser(language, size, dark) as browser:
        browser.open(server.url + "/activate")
        picture(browser, f"{name}-1-enter")
        browser.open(codes["verification_uri_complete"])
        browser.expect("main", codes["user_code"])
        picture(browser, f"{name}-2-sign-in")
        browser.type("#username", "wren-t")
        browser.type("#password", "wrong horse battery")
        browser.click("input[type=submit]")
        browser.find(".note")
        picture(browser, f"{name}-3-wrong")
        browser.type("#password", PASSWORD)
        browser.click("input[type=submit]")
        browser.expect(".compare", codes["user_code"])
        browser.expect("dl", "lyceum on laptop", "127.0.0.1", "wren-t")
        assert browser.style("main", "border-top-left-radius") == "12px", "the stylesheet holds against the policy"
        picture(browser, f"{name}-4-compare")
        browser.click("input[name=approve]")
        browser.expect("h1", done)
        assert browser.address() == server.url + "/activate", browser.address()
        picture(browser, f"{name}-5-done")
        [cookie] = browser.cookies()
        assert cookie["httpOnly"] and cookie["sameSite"] == "Strict", cookie
    status, tokens = server.poll(codes)
    assert status == 200, tokens
    assert whose(server, tokens) == "wren-t"
    return [tokens["access_token"], tokens["refresh_token"], codes["device_code"]]


def a_device_is_refused(server):
    codes = server.device("<script>document.title='x'</script>")
    with Browser() as browser:
        browser.open(codes["verification_uri"])
        browser.type("#code", codes["user_code"].lower().replace("-", ""))
        browser.click("input[type=submit]")
        sign_in(browser)
        browser.expect("dl", "<script>document.title='x'</script>")
        browser.click("input[name=refuse]")
        browser.expect("h1", "Refused")
    status, answer = server.poll(codes)
    assert (status, answer["error"]) == (400, "access_denied"), answer


def a_program_is_let_in(server, host):
    program = Program(server, host)
    with Browser() as browser:
        browser.open(program.address)
        sign_in(browser)
        browser.expect("dl", program.redirect, "lyceum on desktop")
        picture(browser, "program")
        browser.click("input[name=approve]")
        browser.expect("body", "Back at the program.")
        [answer] = program.answers
        assert answer["state"] == program.state and answer["iss"] == server.url, answer
        status, tokens = program.exchange(server, answer["code"])
        assert status == 200, tokens
        assert whose(server, tokens) == "wren-t"
        assert program.exchange(server, answer["code"])[1]["error"] == "invalid_grant"
        assert server.ask("/v1/me", token=tokens["access_token"])[0] == 401, "a second use ended the session"
    program.close()
    return [tokens["access_token"], answer["code"], program.verifier]


def a_program_is_refused(server):
    program = Program(server, "127.0.0.1")
    with Browser() as browser:
        browser.open(program.address)
        sign_in(browser)
        browser.click("input[name=refuse]")
        browser.expect("body", "Back at the program.")
        [answer] = program.answers
        assert answer == {"error": "access_denied", "state": program.state, "iss": server.url}, answer
        browser.open(program.address.replace("127.0.0.1%3A", "127.0.0.1.evil.example%3A"))
        browser.expect("h1", "This program cannot be let in")
        picture(browser, "refusal")
    program.close()


def another_site_presses_nothing(server):
    """A page of another origin that sends the form in the browser in which somebody is about to approve."""
    codes = server.device("victim")
    with Browser() as browser:
        browser.open(codes["verification_uri_complete"])
        sign_in(browser)
        browser.find("input[name=approve]")
        ticket = browser.source().split('name="ticket" value="')[1].split('"')[0]
        # Even with the ticket, which another site cannot read. `localhost` is another site than `127.0.0.1`.
        form = f"""<form method="post" action="{server.url}/activate">
            <input type="hidden" name="ticket" value="{ticket}"><input type="submit" name="approve" value="Win"></form>"""

        class Evil(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("content-type", "text/html")
                self.end_headers()
                self.wfile.write(form.encode())

            def log_message(self, *_):
                pass

        evil = http.server.HTTPServer(("127.0.0.1", 0), Evil)
        threading.Thread(target=evil.serve_forever, daemon=True).start()
        browser.open(f"http://localhost:{evil.server_port}/")
        browser.click("input[type=submit]")
        browser.expect("h1", "That did not work")
        evil.shutdown()
        evil.server_close()
    assert server.poll(codes)[1]["error"] == "authorization_pending"


def main():
    server = Server(os.path.abspath(sys.argv[1]))
    kept = [PASSWORD, "wrong horse battery"]
    looks = [("en", (1280, 800), "en-wide"), ("zh-CN", (390, 844), "zh-phone")]
    if PICTURES:
        looks += [("en", (390, 844), "en-phone"), ("zh-CN", (1280, 800), "zh-wide")]
    for language, size, name in looks:
        kept += a_device_is_approved(server, language, size, name)
        print(f"ok: a device is approved ({name})")
    if PICTURES:
        kept += a_device_is_approved(server, "en", (390, 844), "en-dark", dark=True)
    a_device_is_refused(server)
    print("ok: a device is refused")
    for host in ["127.0.0.1", "::1"]:
        kept += a_program_is_let_in(server, host)
        print(f"ok: a program is let in over {host}")
    a_program_is_refused(server)
    print("ok: a program is refused")
    another_site_presses_nothing(server)
    print("ok: another site presses nothing")
    log = server.close()
    assert "somebody signed in on a page" in log and "a device was decided on" in log, log
    for secret in kept:
        assert secret not in log, f"{secret} is in the log"
    print("ok: no secret is in the log")


main()
