#!/usr/bin/env python3
"""Fills a community for measuring: many threads, and one of many posts. Uses the API as any client does.

    fill.py URL USERNAME THREADS POSTS < password
"""
import json, sys, uuid, urllib.request

def call(path, body, token=None, key=True):
    headers = {"content-type": "application/json"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    if key:
        headers["idempotency-key"] = str(uuid.uuid4())
    asked = urllib.request.Request(URL + path, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(asked) as answer:
        return json.load(answer)

URL, NAME, THREADS, POSTS = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
grant = {"grant_type": "password", "username": NAME, "password": sys.stdin.readline().strip()}
TOKEN = call("/v1/oauth/token", grant, key=False)["access_token"]
WORDS = "a stream of bytes through the layer below keeps its order while the queue drains and nobody waits for it".split()

def text(n, words):
    return " ".join(WORDS[(n * 7 + at * at) % len(WORDS)] for at in range(words))

def thread(n, title):
    new = {"space": "web", "kind": "discussion", "title": title, "body": text(n, 40), "tags": []}
    return call("/v1/threads", new, TOKEN)["thread"]

for n in range(THREADS):
    thread(n, f"{n}: {text(n, 8)}")
long = thread(0, "A thread of many posts")
for n in range(POSTS):
    body = f"{text(n, 30)}\n\n```rust\nlet n = {n}; // {text(n, 5)}\n```\n\n- {text(n, 12)}\n- *{text(n, 6)}*"
    call(f"/v1/threads/{long}/posts", {"body": body}, TOKEN)
print(long)
