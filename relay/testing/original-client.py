"""
Drives the original's WebSocket client, unchanged, as its example did: handshake, then receive for ever; here what to send comes from stdin.

usage: micropython original-client.py URL
stdin:  KIND BYTES, a message to send: `text 4096`, `binary 60000`
stdout: one JSON list a line: ["open"], ["refused"], ["failed", ERROR], ["text", BYTES, SHA256, START], ["binary", BYTES, SHA256], ["closed"]
"""
import binascii
import hashlib
import json
import sys
import time

import uasyncio as asyncio

try:
    import ussl
except ImportError:
    # The client imports it for wss:// only, and an engine may be built without TLS.
    sys.modules["ussl"] = None

from async_websocket_client import AsyncWebsocketClient

# The example's socket_delay_ms.
READ_DELAY_MS = 5
# The example tries again at once; this leaves the machine to others.
RETRY_MS = 50
START_CHARACTERS = 40


def tell(*event):
    print(json.dumps(event))


def digest(data):
    return binascii.hexlify(hashlib.sha256(data).digest()).decode()


def tell_message(data):
    if isinstance(data, str):
        encoded = data.encode()
        tell("text", len(encoded), digest(encoded), data[:START_CHARACTERS])
    else:
        tell("binary", len(data), digest(data))


async def connect(client, url):
    while True:
        try:
            if await client.handshake(url):
                return tell("open")
            tell("refused")
        except OSError as error:
            tell("failed", str(error))
        await asyncio.sleep_ms(RETRY_MS)


async def receive(client, url):
    while True:
        await connect(client, url)
        while await client.open():
            data = await client.recv()
            if data is not None:
                tell_message(data)
        tell("closed")


async def send(client):
    commands = asyncio.StreamReader(sys.stdin)
    while True:
        kind, length = (await commands.readline()).decode().split()
        data = bytes(32 + i % 90 for i in range(int(length)))
        try:
            await client.send(data.decode() if kind == "text" else data)
        except OSError:
            # The connection broke under the send, which leaves nothing for the receiver to notice, and the client would wait for ever.
            client.sock.close()


async def main(url):
    client = AsyncWebsocketClient(READ_DELAY_MS)
    await asyncio.gather(receive(client, url), send(client))


asyncio.run(main(sys.argv[1]))
